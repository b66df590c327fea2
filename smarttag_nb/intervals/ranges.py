"""Time ranges merged, measured, packed into lanes, and times as a clock shows them."""

from __future__ import annotations

import heapq
import math
from typing import Any

import numpy as np
import numpy.typing as npt

Times = npt.ArrayLike
Floats = npt.NDArray[np.float64]


def merge(start: Times, end: Times) -> tuple[Floats, Floats]:
    """Merge ranges that overlap or touch.

    Parameters
    ----------
    start, end : array_like of float, shape (n,)
        Ranges in seconds, in any order. Ranges with a missing time or a reversed end are left out.

    Returns
    -------
    start, end : ndarray of float, shape (m,)
        Disjoint ranges in ascending order, m ≤ n.

    Examples
    --------
    >>> starts, ends = merge([5, 0, 1], [6, 2, 3])
    >>> starts.tolist(), ends.tolist()
    ([0.0, 5.0], [3.0, 6.0])
    """
    starts, ends, _ = merge_groups(start, end, np.zeros(np.size(start), dtype=np.int64))
    return starts, ends


def union(start: Times, end: Times) -> float:
    """Measure how long at least one of the ranges lasts.

    Parameters
    ----------
    start, end : array_like of float, shape (n,)
        Ranges in seconds, in any order.

    Returns
    -------
    float
        Seconds covered.

    Examples
    --------
    >>> union([0, 1, 5], [2, 3, 6])
    4.0
    """
    starts, ends = merge(start, end)
    return float((ends - starts).sum())


def union_by(group: npt.ArrayLike, start: Times, end: Times, groups: int) -> Floats:
    """Measure the union of ranges for each of many groups at once.

    Parameters
    ----------
    group : array_like of int, shape (n,)
        The group of each range, 0 to `groups` − 1.
    start, end : array_like of float, shape (n,)
        Ranges in seconds.
    groups : int
        Number of groups.

    Returns
    -------
    ndarray of float, shape (groups,)
        Seconds covered in each group.

    Examples
    --------
    >>> union_by([0, 0, 1], [0, 1, 0], [2, 3, 5], groups=2).tolist()
    [3.0, 5.0]
    """
    starts, ends, owners = merge_groups(start, end, group)
    return np.bincount(owners, weights=ends - starts, minlength=groups).astype(np.float64)


def merge_groups(
    start: Times, end: Times, group: npt.ArrayLike
) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    """Merge ranges that overlap or touch within each group.

    Parameters
    ----------
    start, end : array_like of float, shape (n,)
        Ranges in seconds.
    group : array_like of int, shape (n,)
        The group of each range, 0 or more.

    Returns
    -------
    start, end : ndarray of float, shape (m,)
        Disjoint ranges, by group and then ascending.
    group : ndarray of int, shape (m,)
        The group of each.

    Examples
    --------
    >>> merge_groups([0, 1, 0], [2, 3, 5], [0, 0, 1])[2].tolist()
    [0, 1]
    """
    starts, ends, owners = _valid(start, end, group)
    if not len(starts):
        return starts, ends, owners
    order = np.lexsort((starts, owners))
    starts, ends, owners = starts[order], ends[order], owners[order]
    first = np.flatnonzero(np.diff(owners, prepend=owners[0] - 1))
    # A running maximum that starts anew in each group: positions in the sorted order of all ends
    # (ranks), lifted by the group, keep both the order in a group and the groups apart, exactly.
    rank = np.empty(len(ends), dtype=np.int64)
    by_end = np.argsort(ends, kind="stable")
    rank[by_end] = np.arange(len(ends))
    lift = np.repeat(np.arange(len(first)), np.diff(first, append=len(ends))) * len(ends)
    reached = ends[by_end[np.maximum.accumulate(rank + lift) - lift]]
    opens = np.ones(len(starts), dtype=bool)
    opens[1:] = (starts[1:] > reached[:-1]) | (owners[1:] != owners[:-1])
    heads = np.flatnonzero(opens)
    tails = np.append(heads[1:], len(starts)) - 1
    return starts[heads], reached[tails], owners[heads]


def _valid(start: Any, end: Any, group: Any) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    starts = np.asarray(start, dtype=np.float64)
    ends = np.asarray(end, dtype=np.float64)
    owners = np.asarray(group, dtype=np.int64)
    valid = np.isfinite(starts) & np.isfinite(ends) & (ends >= starts)
    return starts[valid], ends[valid], owners[valid]


def coverage(start: Times, end: Times, edges: Times) -> Floats:
    """Measure how much of each bin at least one of the ranges covers.

    Parameters
    ----------
    start, end : array_like of float, shape (n,)
        Ranges in seconds, in any order.
    edges : array_like of float, shape (b + 1,)
        The bins' edges in seconds, ascending.

    Returns
    -------
    ndarray of float, shape (b,)
        Seconds covered in each bin.

    Examples
    --------
    >>> coverage([0, 1, 5], [2, 3, 6], edges=[0, 2, 4, 6]).tolist()
    [2.0, 1.0, 1.0]
    """
    starts, ends = merge(start, end)
    before = np.concatenate(([0.0], np.cumsum(ends - starts)))
    at = np.asarray(edges, dtype=np.float64)
    begun = np.searchsorted(starts, at)
    # What the last range begun covers beyond the edge is not before it.
    beyond = np.maximum(np.concatenate(([-np.inf], ends))[begun] - at, 0.0)
    return np.asarray(np.diff(before[begun] - beyond))


def pack(start: Times, end: Times) -> npt.NDArray[np.int64]:
    """Put ranges into lanes in which none overlaps another: as few lanes as can be.

    Parameters
    ----------
    start, end : array_like of float, shape (n,)
        Ranges in seconds, in any order. One that only touches another may share its lane.

    Returns
    -------
    ndarray of int, shape (n,)
        The lane of each range, from 0; the lowest that is free when it starts.

    Examples
    --------
    >>> pack([0, 1, 2, 5], [2, 4, 3, 6]).tolist()
    [0, 1, 0, 0]
    """
    starts = np.asarray(start, dtype=np.float64)
    ends = np.asarray(end, dtype=np.float64)
    lanes = np.zeros(len(starts), dtype=np.int64)
    busy: list[tuple[float, int]] = []
    free: list[int] = []
    opened = 0
    for row in np.argsort(starts, kind="stable").tolist():
        while busy and busy[0][0] <= starts[row]:
            heapq.heappush(free, heapq.heappop(busy)[1])
        if free:
            lane = heapq.heappop(free)
        else:
            lane, opened = opened, opened + 1
        heapq.heappush(busy, (float(ends[row]), lane))
        lanes[row] = lane
    return lanes


def clock(seconds: float, decimals: int = 0) -> str:
    """Write a time as m:ss, or as h:mm:ss from an hour on.

    Parameters
    ----------
    seconds : float
        A time in seconds.
    decimals : int
        Decimals of the seconds.

    Returns
    -------
    str
        The time; a year and more stays a number of seconds, and a missing one is a dash.

    Examples
    --------
    >>> clock(77.8, 1), clock(3600)
    ('1:17.8', '1:00:00')
    """
    if math.isnan(seconds):
        return "–"
    if abs(seconds) >= 3e7:
        return f"{seconds:.3g} s"
    # Rounded before it is split, so that no minute has 60 seconds.
    minutes, rest = divmod(round(abs(seconds), decimals), 60)
    hours, minutes = divmod(int(minutes), 60)
    whole = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    width = decimals + 3 if decimals else 2
    sign = "-" if seconds < 0 and (hours or minutes or rest) else ""
    return f"{sign}{whole}:{rest:0{width}.{decimals}f}"
