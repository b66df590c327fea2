"""Time ranges: `(start, end)` pairs in seconds, merged, measured, compared and joined.

A range runs from its start up to its end. One with a missing or reversed end covers nothing, and
one that ends where it starts is a moment: it is merged, and covers no time.
"""

from __future__ import annotations

import heapq
import math
from numbers import Real
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from .errors import InvalidArgument

Times = npt.ArrayLike
Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]


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


def bounds(frame: pd.DataFrame) -> tuple[Floats, Floats]:
    """Tell from when to when each row of a frame lasts.

    Parameters
    ----------
    frame : pandas.DataFrame, n rows
        With start_time and end_time, or timestamp, or all three, in seconds.

    Returns
    -------
    start, end : ndarray of float, shape (n,)
        start_time and end_time as they are; where one of them is missing and the row has a
        timestamp, the moment of that.

    Raises
    ------
    InvalidArgument
        `frame` is no frame with such columns.

    Examples
    --------
    >>> seen = pd.DataFrame(
    ...     {"start_time": [2.0, np.nan], "end_time": [3.0, np.nan], "timestamp": [2.5, 8.0]}
    ... )
    >>> start, end = bounds(seen)
    >>> start.tolist(), end.tolist()
    ([2.0, 8.0], [3.0, 8.0])
    """
    return _bounds(frame, "frame")


def join(
    a: pd.DataFrame,
    b: pd.DataFrame,
    how: Literal["overlaps", "during", "within"] = "overlaps",
    within: float = 0.0,
) -> pd.DataFrame:
    """Find the pairs of rows, one of each frame, that lie together in time.

    Ranges are closed: those that touch overlap, and a moment overlaps the range it lies in, also
    at its edge. Rows with a missing or reversed time are in no pair.

    Parameters
    ----------
    a, b : pandas.DataFrame
        Rows with times as `bounds` reads them, and an index that tells them apart: contract
        tables, any selection of their rows, hits of `measures.search`, or what `join` returned.
    how : {"overlaps", "during", "within"}
        Which pairs: those that share time; those where the row of `a` lies in that of `b`; or
        those with at most `within` seconds between them.
    within : float
        Seconds, 0 or more. Only for ``how="within"``.

    Returns
    -------
    pandas.DataFrame
        A row per pair, in the order of `a` and then of `b`: row_a and row_b, the index labels of
        the two rows in their frames; start_time and end_time of the time they share, or else of the
        time between them; gap, how long that is between them (in s), 0 where they share time.

    Raises
    ------
    InvalidArgument
        A frame lacks times or has repeated index labels, `how` is none of the three, or `within`
        is no number of seconds or given without ``how="within"``.

    Notes
    -----
    It takes as long as sorting both frames and writing the pairs, whatever the ranges are, and
    ranges that do not match cost nothing: of two that overlap, one starts in the other, and the
    starts in a range are neighbours once sorted.

    Examples
    --------
    This person on screen while the name stands in the picture, and the temperature of water is
    spoken of within two seconds:

    >>> import smarttag_nb as stag
    >>> job = stag.samples.load("magazine", answer="cognition")
    >>> name, topic = (stag.measures.search(job, what) for what in ("顾明川", "水温"))
    >>> seen, shown = name[name.table_name == "labels"], name[name.table_name == "ocr"]
    >>> captioned = join(seen, shown)
    >>> found = join(captioned, topic[topic.table_name == "speech"], how="within", within=2)
    >>> float(found.start_time.min()), float(found.end_time.max())
    (18.0, 21.0)

    Other columns come by the labels:

    >>> found.join(topic.text, on="row_b").text.unique().tolist()
    ['好咖啡不怕等，水温比时间更重要']
    """
    starts_a, ends_a = _bounds(a, "a", labelled=True)
    starts_b, ends_b = _bounds(b, "b", labelled=True)
    if not isinstance(within, Real) or not 0 <= within < np.inf:
        raise InvalidArgument("within", "a number of seconds, 0 or more", within)
    if within and how != "within":
        raise InvalidArgument("within", f'nothing with how={how!r}, only with how="within"', within)
    # NaN compares false, so that this leaves out both what is missing and what is reversed.
    rows_a, rows_b = np.flatnonzero(starts_a <= ends_a), np.flatnonzero(starts_b <= ends_b)
    ranges = (starts_a[rows_a], ends_a[rows_a], starts_b[rows_b], ends_b[rows_b])
    if how == "overlaps":
        left, right = _overlapping(*ranges)
    elif how == "within":
        left, right = _overlapping(ranges[0], ranges[1] + within, ranges[2], ranges[3] + within)
    elif how == "during":
        left, right = _contained(*ranges)
    else:
        raise InvalidArgument("how", "'overlaps', 'during' or 'within'", how)
    # Sorting one number for each pair is much faster than sorting by two keys.
    left, right = np.divmod(np.sort(left * max(1, len(rows_b)) + right), max(1, len(rows_b)))
    left, right = rows_a[left], rows_b[right]
    latest_start = np.maximum(starts_a[left], starts_b[right])
    first_end = np.minimum(ends_a[left], ends_b[right])
    start, end = np.minimum(latest_start, first_end), np.maximum(latest_start, first_end)
    apart = latest_start > first_end
    return pd.DataFrame(
        {
            "row_a": a.index.take(left),
            "row_b": b.index.take(right),
            "start_time": start,
            "end_time": end,
            "gap": np.subtract(end, start, out=np.zeros(len(left)), where=apart),
        }
    )


def _bounds(frame: pd.DataFrame, argument: str, *, labelled: bool = False) -> tuple[Floats, Floats]:
    if not isinstance(frame, pd.DataFrame):
        raise InvalidArgument(argument, "a DataFrame with times", type(frame).__name__)
    if labelled and not frame.index.is_unique:
        twice = frame.index[frame.index.duplicated()].unique().tolist()
        expected = "a frame with no index label twice (reset_index makes one)"
        raise InvalidArgument(argument, expected, twice[:3])
    columns = [c for c in ("start_time", "end_time", "timestamp") if c in frame]
    if "timestamp" not in columns and len(columns) < 2:
        expected = "a frame with start_time and end_time, or timestamp"
        raise InvalidArgument(argument, expected, list(frame.columns))
    start, end, timestamp = (
        frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
        if name in columns
        else np.full(len(frame), np.nan)
        for name in ("start_time", "end_time", "timestamp")
    )
    momentary = (np.isnan(start) | np.isnan(end)) & ~np.isnan(timestamp)
    return np.where(momentary, timestamp, start), np.where(momentary, timestamp, end)


def _overlapping(
    starts_a: Floats, ends_a: Floats, starts_b: Floats, ends_b: Floats
) -> tuple[Positions, Positions]:
    """Pairs that share time: b starts in a, or a starts in b, and later."""
    by_start_a, by_start_b = np.argsort(starts_a), np.argsort(starts_b)
    # Looked up in order, neighbours are found in the same part of memory: several times faster.
    starts_a, ends_a = starts_a[by_start_a], ends_a[by_start_a]
    starts_b, ends_b = starts_b[by_start_b], ends_b[by_start_b]
    left, right = _expand(
        np.searchsorted(starts_b, starts_a, side="left"),
        np.searchsorted(starts_b, ends_a, side="right"),
    )
    later_right, later_left = _expand(
        np.searchsorted(starts_a, starts_b, side="right"),
        np.searchsorted(starts_a, ends_b, side="right"),
    )
    return (
        by_start_a[np.append(left, later_left)],
        by_start_b[np.append(right, later_right)],
    )


def _contained(
    starts_a: Floats, ends_a: Floats, starts_b: Floats, ends_b: Floats
) -> tuple[Positions, Positions]:
    """Pairs where a lies in b: it starts no earlier and ends no later.

    Sorted by start, those that start no earlier are all from some position on. A binary tree over
    them knows the first end below each node, and all of b walk down it together, a level at a
    time, only to where there is such an end: what overlaps but is not contained costs nothing.
    """
    by_start = np.argsort(starts_a)
    levels = [ends_a[by_start]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = np.append(below, np.inf) if len(below) % 2 else below
        levels.append(pairs.reshape(-1, 2).min(axis=1))
    first = np.searchsorted(starts_a[by_start], starts_b, side="left")
    right = np.flatnonzero(first < len(starts_a))
    node = np.zeros(len(right), dtype=np.int64)
    for height in range(len(levels) - 1, -1, -1):
        if height < len(levels) - 1:
            right, node = np.repeat(right, 2), np.repeat(2 * node, 2)
            node[1::2] += 1
        there = node < len(levels[height])
        right, node = right[there], node[there]
        holds = (levels[height][node] <= ends_b[right]) & ((node + 1) << height > first[right])
        right, node = right[holds], node[holds]
    return by_start[node], right


def _expand(first: Positions, stop: Positions) -> tuple[Positions, Positions]:
    """Every position of many slices, beside the number of the slice it is in."""
    lengths = stop - first
    owner = np.repeat(np.arange(len(first)), lengths)
    skipped = first - (np.cumsum(lengths) - lengths)
    return owner, np.arange(len(owner)) + skipped[owner]


TIME_ROUNDING = 0.04
"""Seconds by which a union of ranges may be off: services snap ranges to frames."""


def ratio_rounding(ratio: Times) -> float:
    """Tell by how much rounding may have moved ratios, from the decimals they are written with.

    Parameters
    ----------
    ratio : array_like of float, shape (n,)
        Ratios of one result, as received: they are rounded alike.

    Returns
    -------
    float
        Half a unit of the last decimal in use, between two decimals and six.

    Examples
    --------
    >>> ratio_rounding([0.5, 0.252])
    0.0005
    """
    shares = np.asarray(ratio, dtype=np.float64)
    shares = shares[np.isfinite(shares) & (np.abs(shares) <= 1)]
    for decimals in (2, 3, 4, 5):
        if (np.abs(shares - np.round(shares, decimals)) < 1e-9).all():
            return float(0.5 * 10.0**-decimals)
    return 0.5e-6


def infer_duration(covered: Times, ratio: Times, rounding: Times) -> float:
    """Infer how long the media is from labels' appearance ratios.

    A label's ratio is the time it covers divided by the duration, rounded; each label therefore
    allows a span of durations. The estimate is the mean of the labels' durations, weighted by the
    precision of each, over those labels whose spans have a duration in common with the most others.

    Parameters
    ----------
    covered : array_like of float, shape (n,)
        Seconds each label covers (`union_by`).
    ratio : array_like of float, shape (n,)
        The ratio reported for each, 0 to 1.
    rounding : array_like of float, shape (n,)
        By how much rounding may have moved each ratio (`ratio_rounding`).

    Returns
    -------
    float
        Seconds, or NaN where there is no ground for an estimate: no label has both, or no more
        than half of those that have agree.

    Examples
    --------
    >>> round(infer_duration([12.0, 4.5, 3.0], [0.252, 0.094, 0.5], [0.0005] * 3), 1)
    47.7
    """
    seconds = np.asarray(covered, dtype=np.float64)
    shares = np.asarray(ratio, dtype=np.float64)
    usable = np.isfinite(seconds) & (seconds > 0) & (shares > 0) & (shares <= 1)
    seconds, shares = seconds[usable], shares[usable]
    with np.errstate(over="ignore"):
        estimate = seconds / shares
        spread = np.asarray(rounding, dtype=np.float64)[usable] / shares + TIME_ROUNDING / seconds
        weight = spread**-2.0
    usable = np.isfinite(estimate) & np.isfinite(weight) & (weight > 0)
    estimate, spread, weight = estimate[usable], spread[usable], weight[usable]
    if not len(estimate):
        return float("nan")
    low, high = estimate * (1 - spread), estimate * (1 + spread)
    # How many spans hold each span's beginning: those begun by then, less those ended before.
    begun = np.searchsorted(np.sort(low), low, side="right")
    ended = np.searchsorted(np.sort(high), low, side="left")
    common = low[np.argmax(begun - ended)]
    agrees = (low <= common) & (common <= high)
    if len(estimate) > 1 and 2 * agrees.sum() <= len(estimate):
        return float("nan")
    return float(np.average(estimate[agrees], weights=weight[agrees]))


def ratio_is_off(
    covered: Times, ratio: Times, rounding: Times, duration: float
) -> npt.NDArray[np.bool_]:
    """Tell which reported ratios their own ranges contradict by more than rounding.

    Parameters
    ----------
    covered, ratio, rounding : array_like of float, shape (n,)
        As for `infer_duration`.
    duration : float
        How long the media is, in seconds.

    Returns
    -------
    ndarray of bool, shape (n,)
        False where a ratio or its ranges are missing.

    Examples
    --------
    >>> ratio_is_off([12.0, 3.0], [0.252, 0.5], [0.0005, 0.0005], duration=47.6).tolist()
    [False, True]
    """
    seconds = np.asarray(covered, dtype=np.float64)
    shares = np.asarray(ratio, dtype=np.float64)
    # Twice the rounding: the duration itself carries as much.
    allowed = 2 * np.asarray(rounding, dtype=np.float64) + 2 * TIME_ROUNDING / duration
    return np.asarray((seconds > 0) & (np.abs(seconds / duration - shares) > allowed))


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
