"""Which label of one answer is which of another: one to one, by key, by name and by time."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import intervals
from ..job import Job
from .spans import BOTH, ONE, OTHER, Floats, Positions, Spans

SAME_TIME = 0.5
"""The least IoU at which labels of different names are one that was renamed: the share at which
object and action detection count a place or a time as found (PASCAL VOC, ActivityNet)."""

_STEPS = (
    ("key", ["kind", "key"]),
    ("name", ["kind", "name", "level1"]),
    ("name", ["kind", "name"]),
    ("time", ["kind", "level1"]),
)
"""What labels are matched by, from the surest on, and what must be equal for it. A name that
stands twice is matched in its own first level before another. A thing in the same shots but of
another first level is another thing: no prop becomes a scene."""


@dataclass(frozen=True)
class Side:
    """The labels of one answer that are compared, and when each is told.

    Attributes
    ----------
    labels : pandas.DataFrame, n rows
        Rows of the contract table.
    score : ndarray of float, shape (n,)
        The label's score, else the mean of its occurrences' scores.
    start, end : ndarray of float, shape (m,)
        Times (s) in which a label is told: by label, disjoint and ascending.
    owner : ndarray of int, shape (m,)
        Position in `labels`.
    """

    labels: pd.DataFrame
    score: Floats
    start: Floats
    end: Floats
    owner: Positions

    @classmethod
    def of(cls, job: Job, labels: pd.DataFrame) -> Side:
        """Take the occurrences of these labels of a job, merged."""
        seen = job["occurrences"]
        rows = pd.Index(labels["label_id"]).get_indexer(pd.Index(seen["label_id"]))
        seen, rows = seen[rows >= 0], rows[rows >= 0]
        score, scores = labels["score"].to_numpy(), seen["score"].to_numpy()
        scored = ~np.isnan(scores)
        summed = np.bincount(rows[scored], scores[scored], len(labels))
        with np.errstate(invalid="ignore"):
            mean = summed / np.bincount(rows[scored], minlength=len(labels))
        merged = intervals.merge_groups(seen["start_time"], seen["end_time"], rows)
        return cls(labels, np.where(np.isnan(score), mean, score), *merged)

    @property
    def timed(self) -> npt.NDArray[np.bool_]:
        """Whether each label has a time."""
        return np.bincount(self.owner, minlength=len(self.labels)) > 0

    @property
    def seconds(self) -> Floats:
        """How long each label is told."""
        lengths = self.end - self.start
        return np.bincount(self.owner, lengths, len(self.labels)).astype(np.float64)

    def texts(self) -> dict[str, list[str]]:
        """Give what labels are matched by; what is missing is empty."""
        told = {name: normal(self.labels[name]) for name in ("kind", "name", "level1")}
        return {**told, "key": self.labels["key"].fillna("").tolist()}


def normal(texts: pd.Series[str]) -> list[str]:
    """Bring texts into the form in which they are compared: whatever their width, case, spaces."""
    return [
        " ".join(unicodedata.normalize("NFKC", text).casefold().split())
        if isinstance(text, str)
        else ""
        for text in texts.tolist()
    ]


def pair_labels(auto: Side, hmi: Side) -> tuple[Positions, Positions, list[str]]:
    """Match labels of two answers one to one, within each kind.

    Returns
    -------
    auto, hmi : ndarray of int, shape (n,)
        Positions of the two labels of each pair.
    matched_by : list of str, n long
        "key", "name" or "time".
    """
    texts = (auto.texts(), hmi.texts())
    free = (np.ones(len(auto.labels), dtype=bool), np.ones(len(hmi.labels), dtype=bool))
    pairs: list[tuple[Positions, Positions]] = []
    matched_by: list[str] = []
    for by, columns in _STEPS:
        groups = _groups(texts, columns, free, needed=None if by == "time" else by)
        if by == "time":
            left, right = _closest(auto, hmi, *_similar(auto, hmi, *groups), SAME_TIME)
        else:
            left, right = _closest(auto, hmi, *_sharing(auto, hmi, *groups), 0.0)
            groups[0][left] = groups[1][right] = -1
            more_left, more_right = _in_order(*groups)
            left, right = np.append(left, more_left), np.append(right, more_right)
        free[0][left] = free[1][right] = False
        pairs.append((left, right))
        matched_by += [by] * len(left)
    lefts, rights = zip(*pairs, strict=True)
    return np.concatenate(lefts), np.concatenate(rights), matched_by


def _groups(
    texts: Sequence[dict[str, list[str]]],
    columns: Sequence[str],
    free: Sequence[npt.NDArray[np.bool_]],
    needed: str | None,
) -> tuple[Positions, Positions]:
    """Group labels by what must be equal: a number, −1 where a label is no longer free.

    Nor has one a group that lacks what is needed.
    """
    numbers: dict[tuple[str, ...], int] = {}
    groups = []
    for own, is_free in zip(texts, free, strict=True):
        keys = zip(*(own[column] for column in columns), strict=True)
        codes = np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
        if needed is not None:
            is_free = is_free & (np.array(own[needed], dtype=object) != "")
        groups.append(np.where(is_free, codes, -1))
    return groups[0], groups[1]


def _closest(
    auto: Side, hmi: Side, left: Positions, right: Positions, shared: Floats, least: float
) -> tuple[Positions, Positions]:
    """Match labels that share time: what is most alike first, of equals the first."""
    with np.errstate(over="ignore", invalid="ignore"):
        iou = shared / (auto.seconds[left] + hmi.seconds[right] - shared)
    order = np.lexsort((right, left, -iou))
    order = order[iou[order] >= least]
    taken: tuple[set[int], set[int]] = (set(), set())
    kept = []
    for pair, one, other in zip(
        order.tolist(), left[order].tolist(), right[order].tolist(), strict=True
    ):
        if one not in taken[0] and other not in taken[1]:
            taken[0].add(one)
            taken[1].add(other)
            kept.append(pair)
    return left[kept], right[kept]


def _similar(
    auto: Side, hmi: Side, group_auto: Positions, group_hmi: Positions
) -> tuple[Positions, Positions, Floats]:
    """List the labels of one group whose IoU may be `SAME_TIME`, and for how long they share time.

    In a stretch of time, two labels that are told for a and b seconds of it share min(a, b) at
    most, and that is √a√b at most. Summed over all stretches that is a product of matrices, which
    leaves hardly more than those that are alike, and looks at no pair of ranges.
    """
    nothing = np.empty(0, dtype=np.int64)
    edges = np.unique(np.concatenate([auto.start, auto.end, hmi.start, hmi.end]))
    common = np.intersect1d(group_auto[group_auto >= 0], group_hmi)
    if len(edges) < 2 or not len(common):
        return nothing, nothing, np.empty(0)
    # Where ranges are dense, stretches are short.
    edges = edges[np.unique(np.linspace(0, len(edges) - 1, _STRETCHES + 1).astype(np.int64))]
    among = (np.isin(group_auto, common), np.isin(group_hmi, common))
    roots = [
        np.sqrt(_seconds_within(side, edges, own))
        for side, own in zip((auto, hmi), among, strict=True)
    ]
    lengths = (auto.seconds, hmi.seconds)
    lefts, rights = [nothing], [nothing]
    members = (_members(group_auto, common), _members(group_hmi, common))
    for own, others in zip(*members, strict=True):
        block = max(1, _AT_ONCE // len(others))
        for first in range(0, len(own), block):
            some = own[first : first + block]
            most = roots[0][some] @ roots[1][others].T
            # shared / (one + other - shared) ≥ least, solved for what is shared; products round.
            needed = (lengths[0][some][:, None] + lengths[1][others]) * _NEEDED
            one, other = np.nonzero((most >= needed) & (needed > 0))
            lefts.append(some[one])
            rights.append(others[other])
    left, right = np.concatenate(lefts), np.concatenate(rights)
    return left, right, _shared(auto, hmi, left, right)


_STRETCHES = 64
_AT_ONCE = 1 << 22
_NEEDED = SAME_TIME / (1 + SAME_TIME) * (1 - 1e-9)


def _seconds_within(side: Side, edges: Floats, among: npt.NDArray[np.bool_]) -> Floats:
    """Measure how long labels among those asked for are told between every two edges."""
    kept = among[side.owner]
    start, end = side.start[kept, None], side.end[kept, None]
    within = np.maximum(np.minimum(end, edges[1:]) - np.maximum(start, edges[:-1]), 0.0)
    owners, first = np.unique(side.owner[kept], return_index=True)
    seconds = np.zeros((len(side.labels), len(edges) - 1))
    if len(owners):
        seconds[owners] = np.add.reduceat(within, first)
    return seconds


def _members(group: Positions, common: Positions) -> list[Positions]:
    """List the labels of each of these groups."""
    order = np.argsort(group, kind="stable")
    first, stop = (np.searchsorted(group[order], common, side) for side in ("left", "right"))
    return [order[one:other] for one, other in zip(first, stop, strict=True)]


def _shared(auto: Side, hmi: Side, left: Positions, right: Positions) -> Floats:
    """Measure for how long the two labels of each pair are both told."""
    parts = []
    for side, at in ((auto, left), (hmi, right)):
        first, stop = (np.searchsorted(side.owner, at, edge) for edge in ("left", "right"))
        pair = np.repeat(np.arange(len(at)), stop - first)
        skipped = first - (np.cumsum(stop - first) - (stop - first))
        own = np.arange(len(pair)) + skipped[pair]
        parts.append((pair, side.start[own], side.end[own]))
    pair, start, end = (np.append(one, other) for one, other in zip(*parts, strict=True))
    sides = np.repeat([ONE, OTHER], [len(parts[0][0]), len(parts[1][0])])
    return Spans.of(pair, start, end, sides, len(left)).seconds(BOTH)


def _sharing(
    auto: Side, hmi: Side, group_auto: Positions, group_hmi: Positions
) -> tuple[Positions, Positions, Floats]:
    """List the labels of one group that share time, and for how many seconds."""
    moments = np.unique(np.concatenate([auto.start, auto.end, hmi.start, hmi.end]))
    common = np.intersect1d(group_auto[group_auto >= 0], group_hmi)
    if not len(common):
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing, np.empty(0)
    lifted = []
    for side, group in ((auto, group_auto), (hmi, group_hmi)):
        own = group[side.owner]
        kept = np.flatnonzero(np.isin(own, common))
        # Times by their order, each group above the last: only what is of one group overlaps.
        lift = own[kept] * len(moments)
        start, end = (np.searchsorted(moments, t[kept]) + lift for t in (side.start, side.end))
        lifted.append(pd.DataFrame({"start_time": start, "end_time": end}, index=kept))
    found = intervals.join(*lifted)
    one, other = found["row_a"].to_numpy(), found["row_b"].to_numpy()
    seconds = np.minimum(auto.end[one], hmi.end[other])
    seconds -= np.maximum(auto.start[one], hmi.start[other])
    one, other, seconds = one[seconds > 0], other[seconds > 0], seconds[seconds > 0]
    width = max(1, len(hmi.labels))
    pair, place = np.unique(auto.owner[one] * width + hmi.owner[other], return_inverse=True)
    left, right = np.divmod(pair, width)
    return left, right, np.bincount(place, seconds, len(pair)).astype(np.float64)


def _in_order(group_auto: Positions, group_hmi: Positions) -> tuple[Positions, Positions]:
    """Match labels of one group in the order in which they stand."""
    turns = []
    for group in (group_auto, group_hmi):
        at = np.flatnonzero(group >= 0)
        at = at[np.argsort(group[at], kind="stable")]
        own = group[at]
        turn = np.arange(len(own)) - np.searchsorted(own, own)
        turns.append((at, own * (len(group_auto) + len(group_hmi)) + turn))
    (left, one), (right, other) = turns
    _, first, second = np.intersect1d(one, other, assume_unique=True, return_indices=True)
    return left[first], right[second]
