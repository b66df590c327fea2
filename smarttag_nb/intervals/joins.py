"""The rows of two frames that lie together in time."""

from __future__ import annotations

from numbers import Real
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..errors import InvalidArgument
from .ranges import Floats

Positions = npt.NDArray[np.int64]


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


def most_shared(a: pd.DataFrame, b: pd.DataFrame) -> Positions:
    """Find for each row of a frame the row of another that it shares the most time with.

    Parameters
    ----------
    a, b : pandas.DataFrame, n and m rows
        Rows with times as `bounds` reads them.

    Returns
    -------
    ndarray of int, shape (n,)
        Position in `b`, of equal ones the first; -1 where no row shares time, more than a touch.

    Raises
    ------
    InvalidArgument
        A frame lacks times.

    Examples
    --------
    >>> a = pd.DataFrame({"start_time": [0.0, 5.0, 9.0], "end_time": [4.0, 8.0, 9.5]})
    >>> b = pd.DataFrame({"start_time": [0.0, 3.0], "end_time": [3.0, 8.0]})
    >>> most_shared(a, b).tolist()
    [0, 1, -1]
    """
    starts_a, ends_a = _bounds(a, "a")
    starts_b, ends_b = _bounds(b, "b")
    rows_a, rows_b = np.flatnonzero(starts_a < ends_a), np.flatnonzero(starts_b < ends_b)
    left, right = _overlapping(starts_a[rows_a], ends_a[rows_a], starts_b[rows_b], ends_b[rows_b])
    left, right = rows_a[left], rows_b[right]
    shared = np.minimum(ends_a[left], ends_b[right]) - np.maximum(starts_a[left], starts_b[right])
    order = np.lexsort((right, -shared, left))
    order = order[shared[order] > 0]
    found = np.full(len(starts_a), -1, dtype=np.int64)
    # Of several, the last one written stays: the best goes last.
    found[left[order[::-1]]] = right[order[::-1]]
    return found


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
