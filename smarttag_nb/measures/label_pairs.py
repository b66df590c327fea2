"""Which label of one answer is which of another: one to one, by key, by name and by time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .likeness import sharing, similar
from .sides import Side
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


_AT_ONCE = 1 << 14
"""How many pairs are gone through before those that are taken are left out of the next."""


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
            left, right = _closest(auto, hmi, *similar(auto, hmi, *groups, SAME_TIME), SAME_TIME)
        else:
            left, right = _closest(auto, hmi, *sharing(auto, hmi, *groups), 0.0)
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
    free = (np.ones(len(auto.labels), dtype=bool), np.ones(len(hmi.labels), dtype=bool))
    kept = []
    for first in range(0, len(order), _AT_ONCE):
        some = order[first : first + _AT_ONCE]
        # Most of what comes late is taken, and need not be gone through one by one.
        some = some[free[0][left[some]] & free[1][right[some]]]
        for pair, one, other in zip(
            some.tolist(), left[some].tolist(), right[some].tolist(), strict=True
        ):
            if free[0][one] and free[1][other]:
                free[0][one] = free[1][other] = False
                kept.append(pair)
    return left[kept], right[kept]


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
