"""Which character of the speech is which on screen: one alignment, from which all else is read.

Seeds (short grams that both have within a collar of the clock) are put into the heaviest chain
that runs forward on both sides, and what lies between two links of the chain is aligned by its
edit distance.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from .passages import Passages, Stream, grams
from .text import LETTER, Floats, Ints

SEED_WEIGHT = 2.0
"""What a seed weighs: two ideographs, five letters."""

MOST_PAIRS = 40
"""With how many equal grams, the nearest in time, a gram is paired: a text of one character over
and over has no better pairs farther away."""

LATENESS = 0.5
"""Share of its weight that a seed loses where it is as far from the clock as the collar allows:
of two equal utterances the nearer one is meant."""


@dataclass(frozen=True)
class Matching:
    """Which character of the speech is which on screen.

    Attributes
    ----------
    sentences, lines : Passages
        What was said and what was written.
    said : array of float64
        When (s of the picture) each character of the speech is said; NaN without a clock.
    partner : array of int64
        For each character of the speech its partner on screen, equal or read in its place; −1
        where it has none. Partners only ever go forward.
    """

    sentences: Passages
    lines: Passages
    said: Floats
    partner: Ints

    @property
    def speech(self) -> Stream:
        """Characters of the sentences."""
        return self.sentences.stream

    @property
    def screen(self) -> Stream:
        """Characters of the lines."""
        return self.lines.stream

    @cached_property
    def equal(self) -> npt.NDArray[np.bool_]:
        """Whether each character of the speech has an equal partner."""
        same = self.partner >= 0
        same[same] = self.speech.codes[same] == self.screen.codes[self.partner[same]]
        return same

    @cached_property
    def taken(self) -> Ints:
        """For each place of the speech, and its end, how much of the screen is taken before it."""
        return np.concatenate(([0], np.maximum.accumulate(self.partner + 1)))

    @cached_property
    def free(self) -> Ints:
        """For each place of the speech, and its end, up to where the screen is free after it."""
        bound = np.where(self.partner >= 0, self.partner, len(self.screen))
        bound = np.concatenate((bound, [len(self.screen)]))
        return np.minimum.accumulate(bound[::-1])[::-1]


def nothing(sentences: Passages, said: Floats, lines: Passages) -> Matching:
    """Match nothing, where no text ties speech and screen together."""
    return Matching(sentences, lines, said, np.full(len(said), -1, dtype=np.int64))


def match(sentences: Passages, said: Floats, lines: Passages, collar: float) -> Matching:
    """Align the characters of speech and screen.

    Parameters
    ----------
    sentences, lines : Passages
        What was said and what was written.
    said : array of float64
        When (s of the picture) each character of the speech is said.
    collar : float
        How far (s) what belongs together may be apart.

    Returns
    -------
    Matching
        Which character is which.
    """
    speech, screen = sentences.stream, lines.stream
    partner = np.full(len(speech), -1, dtype=np.int64)
    runs = _seeds(speech, said, screen, collar)
    done, screen_done = 0, 0
    for start, screen_start, length in [*_chain(*runs), (len(speech), len(screen), 0)]:
        gap = slice(done, start), slice(screen_done, screen_start)
        _fill(partner, speech, said, screen, *gap, collar)
        partner[start : start + length] = np.arange(screen_start, screen_start + length)
        done, screen_done = start + length, screen_start + length
    return Matching(sentences, lines, said, partner)


RUN_WEIGHT = 2.4
"""Weight of a run of equal characters that tells by itself: three ideographs, six letters."""


def support(sentences: Passages, said: Floats, lines: Passages, collar: float) -> Floats:
    """Tell how much of each line the speech has, in runs, at about its time.

    Parameters
    ----------
    sentences, said, lines, collar
        As for `match`.

    Returns
    -------
    array of float64
        For each line a share of its weight, 0 to 1.
    """
    screen = lines.stream
    _, begin, length, _ = _seeds(sentences.stream, said, screen, collar)
    end = begin + length
    enough = screen.weights[end] - screen.weights[begin] >= RUN_WEIGHT - 1e-6
    change = np.zeros(len(screen) + 1, dtype=np.int64)
    np.add.at(change, begin[enough], 1)
    np.add.at(change, end[enough], -1)
    weight = np.diff(screen.weights)
    covered = np.where(np.cumsum(change[:-1]) > 0, weight, 0.0)
    total = np.bincount(screen.owner, weight, len(lines))
    return np.asarray(np.bincount(screen.owner, covered, len(lines)) / np.maximum(total, LETTER))


def _seeds(
    speech: Stream, said: Floats, screen: Stream, collar: float
) -> tuple[Ints, Ints, Ints, Floats]:
    """Find runs of equal characters within the collar: places, lengths and weights."""
    start, stop, key = grams(speech, SEED_WEIGHT, within_texts=True)
    screen_start, _, screen_key = grams(screen, SEED_WEIGHT, within_texts=True)
    ranks = np.unique(np.concatenate((key, screen_key)), return_inverse=True)[1]
    rank, screen_rank = ranks[: len(key)], ranks[len(key) :]
    # Ordered by gram, then by time: what is equal and near is a range of places.
    time, screen_time = said[start], screen.times[screen_start]
    first = min(time.min(initial=0), screen_time.min(initial=0)) - collar
    last = max(time.max(initial=0), screen_time.max(initial=0)) + collar
    order = np.lexsort((screen_time, screen_rank))
    sorted_by = screen_rank[order] * (last - first) + screen_time[order] - first
    at = rank * (last - first) + time - first
    middle = np.searchsorted(sorted_by, at)
    low = np.maximum(np.searchsorted(sorted_by, at - collar), middle - MOST_PAIRS // 2)
    high = np.minimum(np.searchsorted(sorted_by, at + collar), middle + MOST_PAIRS // 2)
    count = np.maximum(high - low, 0)
    left = np.repeat(np.arange(len(start)), count)
    nth = np.arange(len(left)) - np.repeat(np.cumsum(count) - count, count)
    right = order[np.repeat(low, count) + nth]
    same = rank[left] == screen_rank[right]
    left, right = left[same], right[same]
    away = np.abs(time[left] - screen_time[right])
    return _runs(speech, start[left], stop[left], screen_start[right], away / collar)


def _runs(
    speech: Stream, start: Ints, stop: Ints, screen_start: Ints, late: Floats
) -> tuple[Ints, Ints, Ints, Floats]:
    order = np.lexsort((start, screen_start - start))
    start, stop, screen_start, late = start[order], stop[order], screen_start[order], late[order]
    new = np.ones(len(start), dtype=bool)
    new[1:] = (np.diff(screen_start - start) != 0) | (start[1:] > stop[:-1])
    first = np.flatnonzero(new)
    if not len(first):
        return start, screen_start, start, late
    last = np.concatenate((first[1:], [len(start)])) - 1
    late = np.add.reduceat(late, first) / (last - first + 1)
    begin, end = start[first], stop[last]
    weight = (speech.weights[end] - speech.weights[begin]) * (1 - LATENESS * late)
    return begin, screen_start[first], end - begin, weight


def _chain(
    start: Ints, screen_start: Ints, length: Ints, weight: Floats
) -> list[tuple[int, int, int]]:
    """Take the heaviest runs that follow one another on both sides.

    Runs are taken up in order of the speech; of those that have ended, the best chain by each
    place on screen is kept, as a staircase: farther on screen only where it is heavier.
    """
    n = len(start)
    starts, screens = start.tolist(), screen_start.tolist()
    lengths, weights = length.tolist(), weight.tolist()
    best = [0.0] * n
    before = [-1] * n
    stairs_at: list[int] = [0]
    stairs_weight: list[float] = [0.0]
    stairs_run: list[int] = [-1]
    by_end = np.argsort(start + length, kind="stable").tolist()
    ended = 0
    for run in np.lexsort((screen_start, start)).tolist():
        while ended < n and starts[by_end[ended]] + lengths[by_end[ended]] <= starts[run]:
            _step(by_end[ended], screens, lengths, best, stairs_at, stairs_weight, stairs_run)
            ended += 1
        stair = bisect_right(stairs_at, screens[run]) - 1
        best[run] = stairs_weight[stair] + weights[run]
        before[run] = stairs_run[stair]
    for run in by_end[ended:]:
        _step(run, screens, lengths, best, stairs_at, stairs_weight, stairs_run)
    chain = []
    run = stairs_run[-1]
    while run >= 0:
        chain.append((starts[run], screens[run], lengths[run]))
        run = before[run]
    return chain[::-1]


def _step(
    run: int,
    screens: list[int],
    lengths: list[int],
    best: list[float],
    stairs_at: list[int],
    stairs_weight: list[float],
    stairs_run: list[int],
) -> None:
    """Put a chain that has ended on the staircase, and take off what it makes needless."""
    at, weight = screens[run] + lengths[run], best[run]
    place = bisect_right(stairs_at, at)
    if stairs_weight[place - 1] >= weight:
        return
    low = bisect_left(stairs_at, at)
    high = low
    while high < len(stairs_at) and stairs_weight[high] <= weight:
        high += 1
    stairs_at[low:high] = [at]
    stairs_weight[low:high] = [weight]
    stairs_run[low:high] = [run]


def _fill(
    partner: Ints,
    speech: Stream,
    said: Floats,
    screen: Stream,
    gap: slice,
    screen_gap: slice,
    collar: float,
) -> None:
    """Align what lies between two runs of the chain, as far as it is near in time."""
    if gap.start >= gap.stop or screen_gap.start >= screen_gap.stop:
        return
    times, screen_times = said[gap], screen.times[screen_gap]
    near = _near(times, screen_times, collar)
    screen_near = _near(screen_times, times, collar)
    if not (len(near) and len(screen_near)):
        return
    first, screen_first = gap.start + near[0], screen_gap.start + screen_near[0]
    left = speech.text(first, gap.start + near[-1] + 1)
    right = screen.text(screen_first, screen_gap.start + screen_near[-1] + 1)
    for op in Levenshtein.opcodes(left, right):
        if op.tag in ("equal", "replace"):
            places = np.arange(first + op.src_start, first + op.src_end)
            others = np.arange(screen_first + op.dest_start, screen_first + op.dest_end)
            close = np.abs(said[places] - screen.times[others]) <= collar
            partner[places[close]] = others[close]


def _near(times: Floats, others: Floats, collar: float) -> Ints:
    """Places of times that are within the collar of any of the others."""
    low, high = others.min() - collar, others.max() + collar
    return np.flatnonzero((times >= low) & (times <= high))
