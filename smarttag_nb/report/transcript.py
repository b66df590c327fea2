"""What was said beside what stood on screen: the rows of a report's transcript."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .. import intervals
from ..alignment import Alignment
from ..alignment.result import on_media
from ..alignment.text import plain
from ..alignment.variants import edits
from ..job import Job
from ..measures.sentences import speakers

PASSAGE = 600.0
"""Seconds of a passage where no chapters tell where one begins."""

LINES = 400
"""Most lines of other text on screen that are shown."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text and how it stands to the other one.

    Attributes
    ----------
    text : str
        The part.
    mark : str
        Empty where both have it; ``"other"`` where the other text has something else in its
        place, ``"only"`` where the other has nothing there.
    """

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence beside its subtitle.

    Attributes
    ----------
    start : float
        Seconds of the picture; NaN where nothing tells.
    speaker : str
        The speaker's name or id; empty where nobody tells.
    said, shown : tuple of Piece
        What was said, and what stood on screen for it; either may be empty.
    translation, below : str
        The sentence's translation, and that which stood on screen.
    review : bool
        Whether it is worth a look.
    """

    start: float
    speaker: str
    said: tuple[Piece, ...]
    shown: tuple[Piece, ...]
    translation: str = ""
    below: str = ""
    review: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Rows that stand together: a chapter's, or ten minutes'. The times (s) are its rows'."""

    title: str
    start: float
    end: float
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far speech and screen agree.

    Attributes
    ----------
    CER, WER, true_CER : float
        As in `alignment.Scores`.
    matched, missed, extra : int
        Subtitles that are said, subtitles that are not, sentences without a subtitle.
    offset : float
        Seconds from the speech to the picture at the beginning.
    cuts : int
        How often that changes.
    """

    CER: float
    WER: float
    true_CER: float
    matched: int
    missed: int
    extra: int
    offset: float
    cuts: int


@dataclass(frozen=True, slots=True)
class Transcript:
    """All that was said, in passages; with the screen beside it where the two were aligned."""

    passages: tuple[Passage, ...]
    agreement: Agreement | None
    why_none: str = ""

    @property
    def rows(self) -> int:
        """How many rows there are in all passages."""
        return sum(len(passage.rows) for passage in self.passages)


@dataclass(frozen=True, slots=True)
class Line:
    """A text on screen, when it stands there first (s), and its role."""

    start: float
    text: str
    role: str


@dataclass(frozen=True, slots=True)
class Screen:
    """What stands on screen besides subtitles, and how many lines there are of it."""

    lines: tuple[Line, ...]
    total: int


def transcribe(job: Job, alignment: Alignment | None) -> Transcript | None:
    """Put the sentences of an answer in passages, each beside its subtitle.

    Parameters
    ----------
    job : Job
        An answer. Where it holds no speech, the subtitles of a subtitle file are taken for it.
    alignment : Alignment, optional
        Of its speech with its text on screen.

    Returns
    -------
    Transcript or None
        None where nothing was said.
    """
    own = job.best("speech")
    speech = own if alignment is None else on_media(alignment, own)
    rows = list(_rows(job, speech, alignment))
    if not rows:
        cues = job["cues"].dropna(subset="text")
        pairs = zip(cues["start_time"], cues["text"], strict=True)
        rows = [Row(start, "", (Piece(text),), ()) for start, text in pairs]
    if not rows:
        return None
    rows.sort(key=lambda row: math.inf if math.isnan(row.start) else row.start)
    passages = tuple(_passages(rows, job["chapters"]))
    if alignment is None or not len(alignment.lines):
        return Transcript(passages, None)
    if not alignment.scores.matched:
        return Transcript(passages, None, alignment.clock.reason)
    scores, clock = alignment.scores, alignment.clock
    agreement = Agreement(
        CER=scores.CER,
        WER=scores.WER,
        true_CER=scores.true_CER,
        matched=scores.matched,
        missed=scores.missed,
        extra=scores.extra,
        offset=float(clock.pieces["offset"].iloc[0]) if clock.ok else math.nan,
        cuts=max(0, len(clock.pieces) - 1),
    )
    return Transcript(passages, agreement)


def _rows(job: Job, speech: pd.DataFrame, alignment: Alignment | None) -> Iterator[Row]:
    starts = speech["start_time"].to_numpy(dtype=np.float64)
    shown: dict[Any, str] = {}
    below: dict[Any, str] = {}
    review: set[Any] = set()
    if alignment is not None:
        shown, below = _beside(alignment)
        fused = alignment.fused
        review = set(fused.loc[fused["review"], "speech_id"].dropna())
    told = job["translations"].dropna(subset="text").reset_index(drop=True)
    translations = [*told["text"].tolist(), ""]
    nearest = intervals.most_shared(speech, told).tolist()
    texts = speech["text"].fillna("")
    for speech_id, start, text, speaker, near in zip(
        speech["speech_id"], starts, texts, speakers(job, speech), nearest, strict=True
    ):
        said, beside = compare(text, shown.get(speech_id, ""))
        translation, under = translations[near], below.get(speech_id, "")
        # One that tells nothing new is left out.
        there = (text, shown.get(speech_id, ""), under)
        if plain(translation).text in {plain(other).text for other in there}:
            translation = ""
        if said or beside:
            yield Row(
                start=float(start),
                speaker=speaker or "",
                said=said,
                shown=beside,
                translation=translation,
                below=under,
                review=speech_id in review,
            )
    if alignment is not None and len(speech):
        # Subtitles that no sentence tells.
        alone = fused[fused["speech_id"].isna() & fused["text"].notna()]
        for start, text in zip(alone["start_time"], alone["text"], strict=True):
            yield Row(float(start), "", (), (Piece(text),), review=True)


def _beside(alignment: Alignment) -> tuple[dict[Any, str], dict[Any, str]]:
    """Find for each sentence the text of its subtitles, and of the translations below them."""
    lines = alignment.lines.set_index("line_id")
    texts, role = lines["text"].fillna(""), lines["role"]
    shown: dict[Any, list[str]] = {}
    below: dict[Any, list[str]] = {}
    links = alignment.links
    by_text = links[links["kind"] == "text"]
    for line_id, own in by_text.groupby("line_id", sort=False):
        # A line that several sentences share is cut where each one's part of it begins.
        begins = [span[0] for span in own["line_span"]]
        order = np.argsort(begins, kind="stable").tolist()
        edges = [0, *(begins[k] for k in order[1:]), len(texts[line_id])]
        for place, k in enumerate(order):
            part = texts[line_id][edges[place] : edges[place + 1]]
            shown.setdefault(own["speech_id"].iloc[k], []).append(part)
    by_time = links[(links["kind"] == "time") & links["line_id"].map(role).eq("translation")]
    for speech_id, line_id in zip(by_time["speech_id"], by_time["line_id"], strict=True):
        below.setdefault(speech_id, []).append(texts[line_id])
    return _joined(shown), _joined(below)


def _joined(parts: dict[Any, list[str]]) -> dict[Any, str]:
    return {key: " ".join(text.strip() for text in texts) for key, texts in parts.items()}


def compare(said: str, shown: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Part two texts where they differ, character by character.

    Parameters
    ----------
    said, shown : str
        Two texts. Width, case, marks and spaces do not make a difference.

    Returns
    -------
    said, shown : tuple of Piece
        The pieces of each; put together they are the text. Unmarked where one of them is empty.

    Examples
    --------
    >>> said, shown = compare("水温比时间重要。", "水温必时间更重要")
    >>> [(piece.text, piece.mark) for piece in said]
    [('水温', ''), ('比', 'other'), ('时间重要。', '')]
    >>> [(piece.text, piece.mark) for piece in shown][3:]
    [('更', 'only'), ('重要', '')]
    """
    found = edits(said, shown)
    marks = [("other" if one == "substitute" else "only", places) for one, *places in found]
    return (
        _pieces(said, ((start, stop, mark) for mark, (start, stop, _, _) in marks)),
        _pieces(shown, ((start, stop, mark) for mark, (_, _, start, stop) in marks)),
    )


def _pieces(text: str, marks: Iterable[tuple[int, int, str]]) -> tuple[Piece, ...]:
    made = []
    place = 0
    for start, stop, mark in marks:
        # One character may be compared as several, and then be marked more than once.
        start = max(start, place)
        if stop <= start:
            continue
        made += [Piece(text[place:start]), Piece(text[start:stop], mark)]
        place = stop
    made.append(Piece(text[place:]))
    return tuple(piece for piece in made if piece.text)


def _passages(rows: Sequence[Row], chapters: pd.DataFrame) -> Iterator[Passage]:
    known = chapters.dropna(subset="start_time").sort_values("start_time", kind="stable")
    begins = known["start_time"].tolist()
    titles = known["headline"].fillna("").tolist()
    last = max((row.start for row in rows if not math.isnan(row.start)), default=0.0)
    if not begins and last > 1.5 * PASSAGE:
        begins = np.arange(0.0, last + PASSAGE, PASSAGE).tolist()
        titles = [""] * len(begins)
    parts: dict[int, list[Row]] = {}
    for row in rows:
        # What has no time is told last.
        at = len(begins) if math.isnan(row.start) else bisect_right(begins, row.start) - 1
        parts.setdefault(at, []).append(row)
    for at, own in parts.items():
        title = titles[at] if 0 <= at < len(titles) else ""
        yield Passage(title, own[0].start, own[-1].start, tuple(own))


def on_screen(job: Job, alignment: Alignment | None) -> Screen | None:
    """List what stands on screen: all but subtitles, which stand beside what is said.

    Parameters
    ----------
    job : Job
        An answer.
    alignment : Alignment, optional
        Whose lines are taken; without it each text that was read, once.

    Returns
    -------
    Screen or None
        None where there is nothing.
    """
    if alignment is not None and len(alignment.lines):
        lines = alignment.lines
        if alignment.scores.matched:
            lines = lines[~lines["role"].isin(["subtitle", "translation"])]
        roles = lines["role"].fillna("")
    else:
        rows = job.best("ocr")
        lines = rows.assign(start_time=rows["start_time"].fillna(rows["timestamp"]))
        lines = lines.dropna(subset="text").drop_duplicates("text")
        roles = lines["text_type"].fillna("")
    texts, starts = lines["text"].fillna(""), lines["start_time"]
    made = [Line(*row) for row in zip(starts, texts, roles, strict=True) if row[1].strip()]
    return Screen(tuple(made[:LINES]), len(made)) if made else None
