"""The fused transcript: what was said, corrected by what stood on screen.

What the two differ in is decided one by one (`Evidence`); what a line has that is not matched well
enough to be the same sentence is left alone, and marked for review.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from rapidfuzz.distance import Levenshtein

from .. import intervals
from ..tables import TEXT
from .differences import Difference, differences
from .evidence import Evidence
from .found import Found
from .matching import Matching
from .passages import Stream
from .text import Floats, Normaliser, Plain, is_ideographic, plain

TRUSTED, CERTAIN = 0.45, 0.6
"""Only a line of which so much is matched corrects a sentence: less is another wording. Below the
second share the correction is marked for review."""

MUCH_CHANGED = 0.4
"""A sentence of which so much was changed is marked for review."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the fused transcript.

    Attributes
    ----------
    text : str
        Its text.
    changes : list of tuple
        Position in the sentence as it was, what stood there, and what stands there now.
    review : bool
        Whether it is worth a look.
    """

    text: str
    changes: list[tuple[int, str, str]]
    review: bool


def fuse(
    sentence: int,
    raw: str,
    screen_raw: Sequence[str],
    matching: Matching,
    heard: Floats,
    evidence: Evidence,
    alone: bool,
) -> Sentence:
    """Correct a sentence by the lines that are matched with it.

    Parameters
    ----------
    sentence : int
        Which of the speech's texts.
    raw : str
        Its text as received.
    screen_raw : sequence of str
        The lines' texts as received.
    matching : Matching
        Which character is which.
    heard : array of float64
        For each line the share of its characters that are matched.
    evidence : Evidence
        What to believe.
    alone : bool
        Whether no other sentence has a part in its lines.

    Returns
    -------
    Sentence
        The corrected sentence.
    """
    speech, screen = matching.speech, matching.screen
    changes, doubts, changed = [], False, 0.0
    for at in differences(sentence, matching, alone):
        doubts |= bool(heard[at.line] < CERTAIN)
        if heard[at.line] < TRUSTED:
            continue
        if _has_symbols(at, raw, screen_raw[at.line], sentence, speech, screen):
            doubts = True
            continue
        if not evidence.for_the_screen(at):
            # Long omissions are the subtitle's; all else that was kept may be an error.
            doubts |= at.shown[0] < at.shown[1]
            continue
        changes.append(_change(at, raw, screen_raw[at.line], sentence, speech, screen))
        changed += max(
            speech.weights[at.said[1]] - speech.weights[at.said[0]],
            screen.weights[at.shown[1]] - screen.weights[at.shown[0]],
        )
    text = raw
    for place, before, after in reversed(changes):
        text = text[:place] + after + text[place + len(before) :]
    much = changed > MUCH_CHANGED * speech.weight(sentence)
    return Sentence(text, changes, doubts or much)


def _has_symbols(
    at: Difference, raw: str, screen_raw: str, sentence: int, speech: Stream, screen: Stream
) -> bool:
    """Whether there are signs in or beside a difference that would be torn from their words."""
    said = _around(raw, speech.plains[sentence], at.said, int(speech.begins[sentence]))
    shown = _around(screen_raw, screen.plains[at.line], at.shown, int(screen.begins[at.line]))
    return any(SIGNS.search(told) for told in (said, shown))


def _around(raw: str, text: Plain, part: tuple[int, int], begin: int) -> str:
    """Tell what stands from the compared character before a part to the one after it."""
    first, stop = part[0] - begin, part[1] - begin
    start = text.places[first - 1] if first else 0
    end = text.places[stop] + 1 if stop < len(text.places) else len(raw)
    return raw[start:end]


def _change(
    at: Difference, raw: str, screen_raw: str, sentence: int, speech: Stream, screen: Stream
) -> tuple[int, str, str]:
    """Tell where the sentence changes, what stood there, and what the line has there."""
    places = speech.plains[sentence].places
    screen_places = screen.plains[at.line].places
    begin, screen_begin = int(speech.begins[sentence]), int(screen.begins[at.line])
    first, stop = at.said[0] - begin, at.said[1] - begin
    screen_first, screen_stop = at.shown[0] - screen_begin, at.shown[1] - screen_begin
    text = ""
    if screen_stop > screen_first:
        text = screen_raw[screen_places[screen_first] : screen_places[screen_stop - 1] + 1]
    if stop > first:
        place, end = places[first], places[stop - 1] + 1
        # A word that goes takes along the comma after it, and one of the spaces around it.
        if not text:
            before, after = raw[:place].rstrip(), raw[end:]
            if not before or before[-1] in COMMAS:
                end += len(after) - len(after.lstrip(COMMAS))
            if (place == 0 or raw[place - 1].isspace()) and raw[end : end + 1].isspace():
                end += 1
        return place, raw[place:end], text
    # Something is put in between: as a word of its own where it is one on screen.
    place = places[first - 1] + 1 if first else 0
    starts = [*screen.plains[at.line].starts, True]
    if first and starts[screen_first] and not is_ideographic(text):
        text = " " + text
    if (
        starts[screen_stop]
        and not is_ideographic(text.strip())
        and raw[place : place + 1].isalnum()
    ):
        text += " "
    return place, "", text


COMMAS = ",，、"
"""Of two of these, with nothing left between, one is enough."""

SIGNS = re.compile(
    r"""\w['’]\w            # he'll
    | \d\s?[%‰°℃℉]        # 25%, 10 °C
    | [$¥￥€£₩]\s?\d       # $40
    | [-−–+±]\d            # −10
    | \w[#&@/*_\\]|[#@]\w # C#, AT&T, info@example.com
    | \w[:：](?:\s|$)     # a speaker's name before what is said
    """,
    re.VERBOSE,
)
"""Signs that belong to the words beside them. What they stand for may be spelled out in the speech,
so that where one is in or next to a difference the sentence stays as it was heard."""

SPOKEN_OVER = 0.2
"""A subtitle over which so much of its time is spoken is no sentence that the speech lacks."""


def transcript(
    matching: Matching,
    left: Matching,
    links: pd.DataFrame,
    shown: pd.DataFrame,
    lines: pd.DataFrame,
    speech: pd.DataFrame,
    found: Found,
    normaliser: Normaliser | None = None,
) -> tuple[pd.DataFrame, float]:
    """Correct all sentences by the lines that are linked with them.

    Parameters
    ----------
    matching, left : Matching
        Which character is which, in what runs forward and in what was left of that.
    links : pandas.DataFrame
        As `Alignment.links` has them.
    shown : pandas.DataFrame
        start_time and end_time (s of the picture) by row of `speech`.
    lines, speech : pandas.DataFrame
        All lines, with roles, and all sentences; a RangeIndex each.
    found : Found
        The lines' readings.
    normaliser : callable, optional
        What maps spellings onto one another first.

    Returns
    -------
    fused : pandas.DataFrame
        As `Alignment.fused` has it, in order of time.
    error_rate : float
        Share of the corrected characters that the speech recognition had wrong.
    """
    texts, spoken = lines["text"].tolist(), speech["text"].tolist()
    screen_raw = [texts[row] for row in matching.lines.rows.tolist()]
    if normaliser is not None and all(normaliser(text) == text for text in spoken if text == text):
        # What is put into the speech is spelled as the speech is.
        spelled = [normaliser(text) for text in screen_raw]
        screen_raw = [
            new if len(new) == len(old) else old
            for new, old in zip(spelled, screen_raw, strict=True)
        ]
    evidence = Evidence(matching, found, normaliser)
    heard = np.bincount(
        matching.screen.owner[matching.partner[matching.equal]], minlength=len(matching.lines)
    ) / np.diff(matching.screen.begins)
    kinds = links.groupby("speech_id")["kind"].agg(set).to_dict()
    rows: list[tuple[Any, ...]] = []
    edits = length = 0
    alone = {*left.speech.owner[left.equal].tolist()} - {
        *matching.speech.owner[matching.equal].tolist()
    }
    position = {row: n for n, row in enumerate(matching.sentences.rows.tolist())}
    # Without a clock, what there is: the speech's own times.
    starts, ends = (
        shown[name].fillna(speech[name]).tolist() for name in ("start_time", "end_time")
    )
    for row, speech_id in enumerate(speech["speech_id"].tolist()):
        linked = kinds.get(speech_id, set())
        if "text" in linked:
            sentence = position[row]
            of = left if sentence in alone else matching
            fused = fuse(sentence, spoken[row], screen_raw, of, heard, evidence, sentence in alone)
            before = after = matching.speech.plains[sentence].text
            if fused.changes:
                after = plain(fused.text, normaliser).text
                edits += Levenshtein.distance(before, after)
            length += len(after)
        else:
            # What the clock alone ties to a line, the line may contradict.
            fused = Sentence(spoken[row], [], "time" in linked)
        source = "both" if "text" in linked else "speech"
        rows.append((speech_id, starts[row], ends[row], fused.text, source, fused.changes,
                     fused.review))  # fmt: skip
    rows += _unspoken(links, shown, lines) if matching.equal.any() else []
    made = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    # In the order of the speech, also where a cut has the picture's time stand still or go back.
    spoken_order = np.argsort(speech["start_time"].to_numpy(), kind="stable")
    at = np.full(len(made), np.nan)
    at[spoken_order] = np.fmax.accumulate(made["start_time"].to_numpy()[spoken_order])
    at[len(speech) :] = made["start_time"].to_numpy()[len(speech) :]
    made = made.iloc[np.argsort(at, kind="stable")].reset_index(drop=True)
    return made, edits / length if length else float("nan")


COLUMNS: dict[str, Any] = {
    "speech_id": "Int64",
    "start_time": "float64",
    "end_time": "float64",
    "text": TEXT,
    "source": TEXT,
    "changes": "object",
    "review": "boolean",
}
"""Columns of the fused transcript with their dtypes."""


def _unspoken(
    links: pd.DataFrame, shown: pd.DataFrame, lines: pd.DataFrame
) -> list[tuple[Any, ...]]:
    """Take the subtitles of sentences that the speech recognition has left out."""
    subtitles = lines[(lines["role"] == "subtitle") & ~lines["line_id"].isin(links["line_id"])]
    over = intervals.join(subtitles, shown)
    seconds = (over["end_time"] - over["start_time"]).groupby(over["row_a"]).sum()
    lasting = subtitles["end_time"] - subtitles["start_time"]
    alone = seconds.reindex(subtitles.index, fill_value=0.0) <= SPOKEN_OVER * lasting
    return [
        (pd.NA, line.start_time, line.end_time, line.text, "screen", [], True)
        for line in subtitles[alone].itertuples()
    ]
