"""The fused transcript: what was said, corrected by what stood on screen.

Speech recognition errs by sound and text recognition by shape, so that where they differ one of
them is mostly right. The screen is believed, since many frames have been read of it, unless its own
readings, its look-alikes or the words used elsewhere in the video speak for the speech.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz.distance import Levenshtein

from .. import intervals
from ..tables import TEXT
from .lines import Found
from .matching import Matching
from .passages import Stream
from .text import Normaliser, Plain, is_ideographic, plain

TRUSTED = 0.6
"""Only a line of which so much is matched corrects a sentence: less is another wording."""

FOR_THE_SCREEN = 2.0
"""By how much (natural log of the odds) the screen is believed beforehand: after a vote it has a
third to a fifth of the speech's errors."""

SURE_VOTE = 0.75
"""Share of the readings that must agree on a character for the screen to be believed in full."""

UNSURE = 2.5
"""What a character with fewer readings for it costs the screen, in log odds."""

READ_TOO = 2.0
"""What it costs the screen if some frame was read as the speech has it."""

LOOK_ALIKE = 2.5
"""What it costs the screen if the two characters look alike: the ear does not mix those up."""

CONTEXT = 1.0
"""How much the video's own bigrams count, in log odds per log of their ratio."""

LONG_OMISSION = 3.0
"""Speech of this weight that the screen lacks is left in: subtitles shorten, recognisers do not
invent so much at once."""

MISREAD = 2
"""Readings that differ in more characters than this do not tell which is read for which."""

MUCH_CHANGED = 0.4
"""A sentence of which so much was changed is marked for review."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where sentence and line differ, between characters in which they agree.

    Attributes
    ----------
    said, shown : tuple of int
        The differing parts (start, stop) in the streams; either may be empty, not both.
    line : int
        Which of the screen's texts.
    """

    said: tuple[int, int]
    shown: tuple[int, int]
    line: int


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


class Evidence:
    """What speaks for the speech or the screen where they differ.

    Parameters
    ----------
    matching : Matching
        What was said and what was written.
    found : Found
        How the lines were read, and how often.
    normaliser : callable, optional
        What maps spellings onto one another first.
    """

    def __init__(self, matching: Matching, found: Found, normaliser: Normaliser | None) -> None:
        self._speech, self._screen = matching.speech, matching.screen
        rows = matching.lines.rows.tolist()
        plains = matching.screen.plains
        self._shares = [
            found.shares[row][one.places] for row, one in zip(rows, plains, strict=True)
        ]
        self._readings = [
            {plain(text, normaliser).text for text, _ in found.readings[row]} for row in rows
        ]
        texts = [one.text for one in (*self._speech.plains, *plains)]
        self._bigrams = Counter(pair for text in texts for pair in _bigrams(text))
        self._misread = set(_misreadings(plains, self._readings))

    def for_the_screen(self, at: Difference) -> bool:
        """Tell whether to believe the screen where the two differ."""
        said, shown = self._speech.text(*at.said), self._screen.text(*at.shown)
        if not shown:
            weight = self._speech.weights[at.said[1]] - self._speech.weights[at.said[0]]
            return bool(weight < LONG_OMISSION)
        begin = int(self._screen.begins[at.line])
        place = slice(at.shown[0] - begin, at.shown[1] - begin)
        odds = FOR_THE_SCREEN
        if len(self._shares[at.line]) and self._shares[at.line][place].min() < SURE_VOTE:
            odds -= UNSURE
        if said and self._was_read(at.line, place, said):
            odds -= READ_TOO
        if len(said) == len(shown) and all(
            one == other or self._look_alike(one, other)
            for one, other in zip(said, shown, strict=True)
        ):
            odds -= LOOK_ALIKE
        odds += CONTEXT * self._context(at, said, shown)
        return odds > 0

    def _was_read(self, line: int, place: slice, said: str) -> bool:
        text = self._screen.plains[line].text
        return text[: place.start] + said + text[place.stop :] in self._readings[line]

    def _look_alike(self, one: str, other: str) -> bool:
        return (one, other) in self._misread or (one, other) in _lookalikes()

    def _context(self, at: Difference, said: str, shown: str) -> float:
        """How much more often the video has the screen's characters beside their neighbours."""
        text = self._screen.plains[at.line].text
        begin = int(self._screen.begins[at.line])
        left = (
            text[at.shown[0] - begin - 1 : at.shown[0] - begin][:1] if at.shown[0] > begin else ""
        )
        right = text[at.shown[1] - begin : at.shown[1] - begin + 1]
        # Both counts hold the place itself once.
        return math.log(self._seen(left + shown + right) / self._seen(left + said + right))

    def _seen(self, text: str) -> float:
        return float(np.mean([self._bigrams[pair] for pair in _bigrams(text)] or [0])) + 0.5


@functools.cache
def _lookalikes() -> frozenset[tuple[str, str]]:
    """Read the pairs of characters, both ways, that look alike and sound different.

    A line of the file is a character and those that look like it; how they were found stands in
    tests/alignment/lookalikes.py.
    """
    lines = Path(__file__).with_name("lookalikes.txt").read_text(encoding="utf-8").split()
    pairs = [(line[0], other) for line in lines for other in line[1:]]
    return frozenset((*pairs, *((b, a) for a, b in pairs)))


def _bigrams(text: str) -> Iterator[str]:
    return (text[n : n + 2] for n in range(len(text) - 1))


def _misreadings(
    plains: Sequence[Plain], readings: Sequence[set[str]]
) -> Iterator[tuple[str, str]]:
    """Go through the pairs of characters, both ways, of which one was read for the other."""
    for one, alternatives in zip(plains, readings, strict=True):
        for text in alternatives:
            if text != one.text and len(text) == len(one.text):
                pairs = [(a, b) for a, b in zip(one.text, text, strict=True) if a != b]
                if len(pairs) <= MISREAD:
                    yield from pairs
                    yield from ((b, a) for a, b in pairs)


def fuse(
    sentence: int,
    raw: str,
    screen_raw: Sequence[str],
    matching: Matching,
    trusted: npt.NDArray[np.bool_],
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
    trusted : array of bool
        For each line whether it may correct.
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
        if not trusted[at.line]:
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
    return Sentence(" ".join(text.split()) if changes else raw, changes, doubts or much)


def differences(sentence: int, matching: Matching, alone: bool = False) -> Iterator[Difference]:
    """Go through the places where a sentence and the lines matched with it differ.

    Parameters
    ----------
    sentence : int
        Which of the speech's texts.
    matching : Matching
        Which character is which.
    alone : bool
        Whether no other sentence has a part in its lines.

    Yields
    ------
    Difference
        In order; each within one line.
    """
    speech, screen, partner = matching.speech, matching.screen, matching.partner
    begin, end = int(speech.begins[sentence]), int(speech.begins[sentence + 1])
    equal = (begin + np.flatnonzero(matching.equal[begin:end])).tolist()
    if not equal:
        return
    # Before the first equal character: what no earlier sentence has of its line.
    first, j = equal[0], int(partner[equal[0]])
    line = int(screen.owner[j])
    line_begin = int(screen.begins[line])
    low = line_begin if alone else max(line_begin, int(matching.taken[begin]))
    if first > begin or (j > low == line_begin):
        yield Difference((begin, first), (low, j), line)
    for i, after in pairwise(equal):
        yield from _between(i, after, matching)
    # After the last: what no later sentence has of its line.
    last, j = equal[-1], int(partner[equal[-1]])
    line = int(screen.owner[j])
    line_end = int(screen.begins[line + 1])
    high = line_end if alone else min(line_end, int(matching.free[end]))
    if end - 1 > last or (j + 1 < high == line_end):
        yield Difference((last + 1, end), (j + 1, high), line)


def _between(i: int, after: int, matching: Matching) -> Iterator[Difference]:
    """Tell what differs between two equal characters, line by line."""
    screen, partner = matching.screen, matching.partner
    j, screen_after = int(partner[i]), int(partner[after])
    line, next_line = int(screen.owner[j]), int(screen.owner[screen_after])
    if line == next_line:
        if after - i > 1 or screen_after - j > 1:
            yield Difference((i + 1, after), (j + 1, screen_after), line)
        return
    stop, start = int(screen.begins[line + 1]), int(screen.begins[next_line])
    read = i + 1 + np.flatnonzero(partner[i + 1 : after] >= 0)
    if len(read):
        split = int(read[partner[read] < start].max(initial=i)) + 1
    else:
        # Nothing tells whose the speech in between is: the line's that lacks text.
        split = after if stop > j + 1 or screen_after == start else i + 1
    if split > i + 1 or stop > j + 1:
        yield Difference((i + 1, split), (j + 1, stop), line)
    if after > split or screen_after > start:
        yield Difference((split, after), (start, screen_after), next_line)


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
        return places[first], raw[places[first] : places[stop - 1] + 1], text
    # Something is put in between: with the spaces that it has around it on screen.
    place = places[first - 1] + 1 if first else 0
    if not is_ideographic(text[0]):
        if first and _spaced(screen_raw, screen_places, screen_first):
            text = " " + text
        if _spaced(screen_raw, screen_places, screen_stop) and not raw[place : place + 1].isspace():
            text = text + " "
    return place, "", text


def _spaced(raw: str, places: list[int], at: int) -> bool:
    """Whether there is a space before the character at a place of the compared text."""
    if not 0 < at < len(places):
        return at == len(places)
    return any(c.isspace() for c in raw[places[at - 1] + 1 : places[at]])


SPOKEN_OVER = 0.2
"""A subtitle over which so much of its time is spoken is no sentence that the speech lacks."""


def transcript(
    matching: Matching,
    repeated: Matching,
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
    matching, repeated : Matching
        Which character is which, and which in sentences that repeat a line.
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
    evidence = Evidence(matching, found, normaliser)
    heard = np.bincount(
        matching.screen.owner[matching.partner[matching.equal]], minlength=len(matching.lines)
    )
    trusted = heard >= TRUSTED * np.diff(matching.screen.begins)
    kinds = links.groupby("speech_id")["kind"].agg(set).to_dict()
    rows: list[tuple[Any, ...]] = []
    edits = length = 0
    again = set(repeated.speech.owner[repeated.equal].tolist())
    position = {row: n for n, row in enumerate(matching.sentences.rows.tolist())}
    # Without a clock, what there is: the speech's own times.
    starts, ends = (
        shown[name].fillna(speech[name]).tolist() for name in ("start_time", "end_time")
    )
    for row, speech_id in enumerate(speech["speech_id"].tolist()):
        linked = kinds.get(speech_id, set())
        if "text" in linked:
            sentence = position[row]
            alone = sentence in again
            of = repeated if alone else matching
            fused = fuse(sentence, spoken[row], screen_raw, of, trusted, evidence, alone)
            before, after = plain(spoken[row]).text, plain(fused.text).text
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
    made = made.sort_values("start_time", kind="stable", ignore_index=True)
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
