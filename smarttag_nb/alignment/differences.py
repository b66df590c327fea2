"""Where sentences and the lines that are matched with them differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from .matching import Matching
from .text import Plain


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


def differences(sentence: int, matching: Matching, alone: bool = False) -> list[Difference]:
    """Find where a sentence and the lines matched with it differ, in whole words.

    Parameters
    ----------
    sentence : int
        Which of the speech's texts.
    matching : Matching
        Which character is which.
    alone : bool
        Whether no other sentence has a part in its lines.

    Returns
    -------
    list of Difference
        In order; each within one line.
    """
    made: list[Difference] = []
    for one in _by_character(sentence, matching, alone):
        whole = _whole_words(one, sentence, matching)
        last = made[-1] if made else None
        if last is not None and last.line == whole.line and whole.said[0] < last.said[1]:
            said, shown = (last.said[0], whole.said[1]), (last.shown[0], whole.shown[1])
            made[-1] = replace(last, said=said, shown=shown)
        else:
            made.append(whole)
    return made


def _whole_words(at: Difference, sentence: int, matching: Matching) -> Difference:
    """Extend a difference over the equal letters around it, to where a word begins and ends."""
    said, shown = matching.speech.plains[sentence], matching.screen.plains[at.line]
    begin, screen_begin = matching.speech.begins[sentence], matching.screen.begins[at.line]
    i, end = (int(place - begin) for place in at.said)
    j, screen_end = (int(place - screen_begin) for place in at.shown)
    # A part that is empty has no word of its own: the other one's edges count.
    spoken, written = i < end, j < screen_end
    while i and j and not (spoken and _begins(said, i)) and not (written and _begins(shown, j)):
        i, j = i - 1, j - 1
    while (
        end < len(said.text)
        and screen_end < len(shown.text)
        and not (spoken and _begins(said, end))
        and not (written and _begins(shown, screen_end))
    ):
        end, screen_end = end + 1, screen_end + 1
    return Difference(
        (int(begin) + i, int(begin) + end), (int(screen_begin) + j, int(screen_begin) + screen_end),
        at.line,
    )  # fmt: skip


def _begins(text: Plain, place: int) -> bool:
    return place >= len(text.starts) or text.starts[place]


def _by_character(sentence: int, matching: Matching, alone: bool) -> Iterator[Difference]:
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
