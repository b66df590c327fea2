"""What an alignment gives: lines, links, the clock, scores and the fused transcript."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .. import cards
from ..errors import InvalidArgument, printable

ROLES = ("subtitle", "translation", "ticker", "caption", "slide", "fixed", "scene")
"""What a line on screen can be."""


@dataclass(frozen=True, eq=False)
class Clock:
    """How times of the speech become times of the picture.

    Called with a time, or an array of times, of the speech in seconds, it gives those of the
    picture; NaN where there is no clock.

    Attributes
    ----------
    pieces : pandas.DataFrame
        A row per piece between two cuts: start_time (s of the speech from which it holds), offset
        (s to add there) and drift (s to add for each further second).
    anchors : pandas.DataFrame
        A row per text found once in the speech and once on screen: speech_time, line_time (s),
        text, and inlier (whether it lies on the clock).
    inliers : int
        How many anchors lie on the clock.
    spread : float
        How far (s) they lie from it, by their 97th percentile; NaN without anchors.
    method : str
        ``"anchors"``, ``"activity"`` (speech and subtitles come and go together) or ``"none"``.
    reason : str
        Why there is no clock; empty where there is one.
    """

    pieces: pd.DataFrame
    anchors: pd.DataFrame
    inliers: int
    spread: float
    method: str
    reason: str = ""

    @property
    def ok(self) -> bool:
        """Whether there is a clock."""
        return self.method != "none"

    def __call__(self, time: Any) -> Any:
        """Turn times of the speech (s), one or an array, into those of the picture."""
        times = np.asarray(time, dtype=float)
        if not self.ok:
            shown = np.full(times.shape, np.nan)
        else:
            start = self.pieces["start_time"].to_numpy()
            piece = np.maximum(np.searchsorted(start, times, side="right") - 1, 0)
            offset, drift = self.pieces["offset"].to_numpy(), self.pieces["drift"].to_numpy()
            shown = times + offset[piece] + drift[piece] * (times - start[piece])
        return shown if np.ndim(time) else float(shown)

    def __repr__(self) -> str:
        return f"<Clock {self}>"

    def __str__(self) -> str:
        if not self.ok:
            return f"none: {self.reason}"
        first = self.pieces.iloc[0]
        told = f"offset {first['offset']:+.2f} s"
        if abs(first["drift"]) >= 5e-6:
            told += f", drift {first['drift']:+.3%}"
        cuts = len(self.pieces) - 1
        if cuts:
            told += f", {cuts} cut{'s' if cuts > 1 else ''}"
        return f"{told} by {self.method}"


@dataclass(frozen=True, eq=False)
class Scores:
    """How well the speech says what is written: counts of characters, and of words.

    What is written is the reference. Counts are summed; a rate is always that of the sums.

    Attributes
    ----------
    lines : pandas.DataFrame
        A row per subtitle with a text link: line_id, hits, substitutions, deletions, insertions
        (characters), words, word_errors, CER, WER.
    hits, substitutions, deletions, insertions : int
        Characters in total.
    words, word_errors : int
        Words in total; a Chinese character or a kana counts as a word.
    matched, missed, extra : int
        Subtitles with a text link, subtitles without one, sentences without a subtitle.
    true_CER : float
        Estimate of the speech recognition's own character error rate: the errors that remain
        where the fusion has found the screen to be misread are not counted.
    """

    lines: pd.DataFrame
    hits: int
    substitutions: int
    deletions: int
    insertions: int
    words: int
    word_errors: int
    matched: int
    missed: int
    extra: int
    true_CER: float

    @property
    def CER(self) -> float:
        """Character error rate; NaN where nothing is matched."""
        length = self.hits + self.substitutions + self.deletions
        wrong = self.substitutions + self.deletions + self.insertions
        return wrong / length if length else float("nan")

    @property
    def WER(self) -> float:
        """Word error rate; NaN where nothing is matched."""
        return self.word_errors / self.words if self.words else float("nan")


@dataclass(frozen=True, eq=False, repr=False)
class Alignment:
    """What was said beside what was written on screen.

    Attributes
    ----------
    lines : pandas.DataFrame
        A row per text on screen, however many frames it was read on: line_id, start_time, end_time
        (s), text, role (one of subtitle, translation, ticker, caption, slide, fixed, scene), x1,
        y1, x2, y2 (px), rows (list of the ocr_id it was made of), frames (how many frames it was
        read on), vote_share (0–1, how far they agree) and speech_support (0–1, the share of its
        characters that the speech has in runs; NaN without speech).
    links : pandas.DataFrame
        A row per sentence and line that belong together: speech_id, line_id, group_id (sentences
        and lines that hang together), kind (text; or time, where only the clock says so), matched
        (equal characters), purity (their share of the matched part), overlap (s in common),
        delay (s from the speech to the line, after the clock), speech_span and line_span
        (positions (start, stop) of the matched part in the two texts; None for kind time).
    clock : Clock
        From times of the speech to times of the picture.
    scores : Scores
        How far they agree.
    fused : pandas.DataFrame
        The transcript corrected by what was on screen, a row per sentence: speech_id (NA for a
        subtitle that no sentence tells), start_time, end_time (s of the picture where there is a
        clock), text, source (speech, screen or both), changes (list of (position in the sentence,
        what stood there, what stands there now)) and review (flag: worth a look).
    speech : pandas.DataFrame
        The sentences that were aligned, as in the contract table.
    size : tuple of float or None
        Width and height of the frame (px), where they are known.
    """

    lines: pd.DataFrame
    links: pd.DataFrame
    clock: Clock
    scores: Scores
    fused: pd.DataFrame
    speech: pd.DataFrame
    size: tuple[float, float] | None = None

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name: lines, links, fused, scores, pieces and anchors of the clock."""
        return {
            "lines": self.lines,
            "links": self.links,
            "fused": self.fused,
            "scores": self.scores.lines,
            "pieces": self.clock.pieces,
            "anchors": self.clock.anchors,
        }

    def __repr__(self) -> str:
        return printable(f"<Alignment {self._counts()}; clock {self.clock}>")

    def _counts(self) -> str:
        told = [
            (len(self.speech), "sentence"),
            (len(self.lines), "line"),
            (len(self.links), "link"),
        ]
        return ", ".join(f"{count:,} {what}{'s' * (count != 1)}" for count, what in told)

    def _repr_html_(self) -> str:
        scores = self.scores
        facts = [("clock", str(self.clock))]
        if scores.matched:
            facts += [
                ("agreement", f"CER {scores.CER:.1%}, WER {scores.WER:.1%} of what is written"),
                ("speech recognition", f"CER {scores.true_CER:.1%}, estimated"),
            ]
        roles = self.lines["role"].value_counts()
        kinds = self.links["kind"].value_counts()
        review = int(self.fused["review"].sum())
        return cards.render(
            "Alignment of speech and text on screen",
            None if self.clock.ok else "no clock",
            facts,
            [
                ("speech", len(self.speech), f"{scores.extra:,} without a subtitle"),
                ("lines", len(self.lines), _told(roles.reindex(ROLES).dropna().astype(int))),
                ("links", len(self.links), _told(kinds)),
                ("fused", len(self.fused), f"{int(self.fused['changes'].str.len().gt(0).sum()):,} "
                 "corrected"),
            ],
            [(cards.DOUBTFUL, f"{review:,} to review")] if review else (),
            ".fused",
        )  # fmt: skip


def _told(counts: pd.Series[int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def check_alignment(alignment: Any) -> None:
    """Refuse what is no Alignment.

    Raises
    ------
    InvalidArgument
        It is something else.
    """
    if not isinstance(alignment, Alignment):
        raise InvalidArgument("alignment", "an Alignment, as align returns", alignment)


def on_media(alignment: Alignment, own: pd.DataFrame) -> pd.DataFrame:
    """Give the sentences that were aligned with times of the media.

    Parameters
    ----------
    alignment : Alignment
        What `align` returned.
    own : pandas.DataFrame
        The sentences of the answer that the text on screen is from.

    Returns
    -------
    pandas.DataFrame
        The sentences. Those of that answer are on the media's time already: what the clock tells
        of them is how late their subtitles are. Those from elsewhere are put on it by the clock.
    """
    speech = alignment.speech
    times = ["start_time", "end_time"]
    if not alignment.clock.ok or speech[times].equals(own[times]):
        return speech
    return speech.assign(**{name: alignment.clock(speech[name].to_numpy()) for name in times})
