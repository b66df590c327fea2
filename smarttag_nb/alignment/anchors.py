"""Anchors: texts found once in the speech and once on screen, which tie two times together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .passages import Passages, Stream, grams
from .text import Floats, Ints

GRAM_WEIGHTS = (5.0, 4.0, 3.0)
"""What a gram must weigh to be an anchor, tried in turn: five ideographs (thirteen letters) are
hardly ever the same by chance, three (eight letters) sometimes are."""

ENOUGH = 24
"""With so many anchors no shorter, less certain grams are looked for."""

TOO_FEW, REFRAIN = 8, 4
"""With fewer anchors than this, texts are taken too that both have equally often, such as a
refrain, up to so many times."""

LONG_TEXT = 0.15
"""Where a character is said in a sentence is known to this share of the sentence's length: speech
is not even, and pauses are not told."""

SHORT_TEXT = 1.0
"""How far (s) an anchor may be off however short its texts are: subtitles lead and lag."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """Pairs of times that belong together, if their texts do.

    Attributes
    ----------
    said, shown : array of float64, (n,)
        When (s) the text is said and shown, in order of `said`.
    slack : array of float64, (n,)
        How far (s) the two may be off.
    place, screen_place : array of int64, (n,)
        Position of the text's middle in the streams of the speech and of the screen.
    weight : array of float64, (n,)
        Weight of the text.
    texts : list of str
        The texts.
    """

    said: Floats
    shown: Floats
    slack: Floats
    place: Ints
    weight: Floats
    texts: list[str]

    def __len__(self) -> int:
        return len(self.said)


def find(sentences: Passages, lines: Passages) -> Anchors:
    """Find the anchors of what was said and what was written.

    Parameters
    ----------
    sentences, lines : Passages
        What was said and what was written.

    Returns
    -------
    Anchors
        One for each run within a line that holds grams which both have once, or equally often.
    """
    speech, screen = sentences.stream, lines.stream
    for weight in GRAM_WEIGHTS:
        start, screen_start, stop = _runs(screen, *_pairs(speech, screen, weight, 1))
        if len(start) >= ENOUGH:
            break
    if len(start) < TOO_FEW:
        again = _runs(screen, *_pairs(speech, screen, GRAM_WEIGHTS[0], REFRAIN))
        start, screen_start, stop = max((start, screen_start, stop), again, key=lambda r: len(r[0]))
    middle = start + (stop - start) // 2
    screen_middle = middle - start + screen_start
    slack = SHORT_TEXT + LONG_TEXT * (
        sentences.lasting[speech.owner[middle]] + lines.lasting[screen.owner[screen_middle]]
    )
    order = np.argsort(speech.times[middle], kind="stable")
    start, stop, middle, screen_middle = (a[order] for a in (start, stop, middle, screen_middle))
    return Anchors(
        said=speech.times[middle],
        shown=screen.times[screen_middle],
        slack=slack[order],
        place=middle,
        weight=speech.weights[stop] - speech.weights[start],
        texts=[speech.text(i, j) for i, j in zip(start.tolist(), stop.tolist(), strict=True)],
    )


def _pairs(speech: Stream, screen: Stream, weight: float, most: int) -> tuple[Ints, Ints, Ints]:
    """Find grams that both have equally often, up to so often: where they begin, where they stop.

    The first is paired with the first, and so on.
    """
    start, stop, key = grams(speech, weight, within_texts=False)
    screen_start, _, screen_key = grams(screen, weight, within_texts=True)
    known, own, count = np.unique(key, return_inverse=True, return_counts=True)
    screen_known, other, screen_count = np.unique(
        screen_key, return_inverse=True, return_counts=True
    )
    _, a, b = np.intersect1d(known, screen_known, assume_unique=True, return_indices=True)
    same = (count[a] == screen_count[b]) & (count[a] <= most)
    first, second = _numbered(own, a[same], most), _numbered(other, b[same], most)
    _, i, j = np.intersect1d(first[0], second[0], assume_unique=True, return_indices=True)
    i, j = first[1][i], second[1][j]
    return start[i], screen_start[j], stop[i]


def _numbered(group: Ints, wanted: Ints, most: int) -> tuple[Ints, Ints]:
    """Give the members of the groups that are wanted numbers in turn, and find their places."""
    number = np.full(int(group.max(initial=-1)) + 1, -1, dtype=np.int64)
    number[wanted] = np.arange(len(wanted))
    places = np.flatnonzero(number[group] >= 0)
    places = places[np.argsort(number[group[places]], kind="stable")]
    own = number[group[places]]
    turn = np.arange(len(places)) - np.searchsorted(own, own)
    return own * most + turn, places


def _runs(screen: Stream, start: Ints, screen_start: Ints, stop: Ints) -> tuple[Ints, Ints, Ints]:
    """Join grams that go on from one another within a line: where they begin, where they stop."""
    order = np.lexsort((start, screen_start - start))
    start, screen_start, stop = start[order], screen_start[order], stop[order]
    new = np.ones(len(start), dtype=bool)
    new[1:] = (np.diff(screen_start - start) != 0) | (start[1:] > stop[:-1])
    new[1:] |= np.diff(screen.owner[screen_start]) != 0
    first = np.flatnonzero(new)
    last = np.concatenate((first[1:], [len(start)])) - 1 if len(first) else first
    return start[first], screen_start[first], stop[last]
