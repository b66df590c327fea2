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
from .spans import Floats, Positions

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
        left, right = _closest(auto, hmi, *groups, least=SAME_TIME if by == "time" else 0.0)
        if by != "time":
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
    auto: Side, hmi: Side, group_auto: Positions, group_hmi: Positions, least: float
) -> tuple[Positions, Positions]:
    """Match labels of one group that share time: what is most alike first, of equals the first."""
    left, right, shared = _sharing(auto, hmi, group_auto, group_hmi)
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
