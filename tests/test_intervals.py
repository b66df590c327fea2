from __future__ import annotations

import re
import tracemalloc
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarttag_nb import intervals
from smarttag_nb.errors import InvalidArgument

MOMENT = pd.DataFrame({"timestamp": [1.0]})
whole = st.integers(0, 40)
ranges = st.lists(st.tuples(whole, whole, st.integers(0, 2)), max_size=20)


def ticks(pairs: list[tuple[int, int]]) -> set[int]:
    """The unit steps that ranges of whole numbers cover."""
    return {tick for start, end in pairs for tick in range(start, end)}


@given(ranges)
def test_union_counts_every_step_once(rows: list[tuple[int, int, int]]) -> None:
    start, end = [r[0] for r in rows], [r[1] for r in rows]
    assert intervals.union(start, end) == len(ticks([r[:2] for r in rows]))


@given(ranges)
def test_merged_ranges_are_disjoint_and_cover_the_same(rows: list[tuple[int, int, int]]) -> None:
    starts, ends = intervals.merge([r[0] for r in rows], [r[1] for r in rows])
    merged = [(int(s), int(e)) for s, e in zip(starts, ends, strict=True)]
    assert ticks(merged) == ticks([r[:2] for r in rows])
    assert all(a[1] < b[0] for a, b in pairwise(merged))


@given(ranges)
def test_groups_are_merged_apart(rows: list[tuple[int, int, int]]) -> None:
    columns = ([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])
    starts, ends, groups = intervals.merge_groups(*columns)
    for group in range(3):
        own = [r[:2] for r in rows if r[2] == group]
        merged = intervals.merge([s for s, _ in own], [e for _, e in own])
        assert starts[groups == group].tolist() == merged[0].tolist()
        assert ends[groups == group].tolist() == merged[1].tolist()
    by = intervals.union_by(columns[2], columns[0], columns[1], groups=4)
    assert by.tolist() == [len(ticks([r[:2] for r in rows if r[2] == g])) for g in range(4)]


def test_missing_and_reversed_ranges_cover_nothing() -> None:
    assert intervals.union([0, np.nan, 5], [1, 3, 4]) == 1.0
    assert intervals.merge([], [])[0].tolist() == []


@given(
    st.floats(20, 10_000),
    st.lists(st.floats(0.01, 0.95), min_size=3, max_size=30),
    st.sampled_from([3, 4]),
)
def test_duration_is_inferred_from_rounded_ratios(
    duration: float, shares: list[float], decimals: int
) -> None:
    covered = np.array(shares) * duration
    ratio = np.round(shares, decimals)
    rounding = np.full(len(ratio), 0.5 * 10.0**-decimals)
    found = intervals.infer_duration(covered, ratio, rounding)
    best = float(np.min(rounding / ratio + intervals.TIME_ROUNDING / covered))
    assert found == pytest.approx(duration, rel=2.5 * best + 1e-9)
    assert not intervals.ratio_is_off(covered, ratio, rounding, duration).any()


@given(st.floats(60, 5_000), st.integers(0, 3))
def test_a_ratio_out_of_line_is_found(duration: float, odd: int) -> None:
    shares = np.array([0.31, 0.12, 0.55, 0.08])
    ratio = np.round(shares, 3)
    ratio[odd] += 0.2
    rounding = np.full(4, 0.0005)
    found = intervals.infer_duration(shares * duration, ratio, rounding)
    assert found == pytest.approx(duration, rel=0.03)
    off = intervals.ratio_is_off(shares * duration, ratio, rounding, found)
    assert np.flatnonzero(off).tolist() == [odd]


@pytest.mark.parametrize(
    ("covered", "ratio"),
    [
        ([], []),
        ([5.0], [np.nan]),
        ([0.0], [0.5]),
        ([5.0], [0.0]),
        ([5.0], [1.5]),
        ([np.nan], [0.5]),
    ],
)
def test_no_ground_for_a_duration(covered: list[float], ratio: list[float]) -> None:
    assert np.isnan(intervals.infer_duration(covered, ratio, [0.0005] * len(ratio)))


def test_ratios_that_contradict_each_other_give_no_duration() -> None:
    found = intervals.infer_duration([10, 10, 10, 10, 10], [0.9, 0.5, 0.3, 0.2, 0.1], [0.0005] * 5)
    assert np.isnan(found)


@pytest.mark.parametrize(
    ("ratios", "rounding"),
    [([0.5, 0.25], 0.005), ([0.5, 0.252], 0.0005), ([0.3547, 0.1], 0.00005), ([0.33292606], 5e-7)],
)
def test_rounding_is_read_from_the_decimals(ratios: list[float], rounding: float) -> None:
    assert intervals.ratio_rounding(ratios) == pytest.approx(rounding)


edges = st.one_of(st.integers(-4, 12).map(float), st.sampled_from([np.nan, np.inf, -np.inf]))
frames = st.lists(st.tuples(edges, edges), max_size=15).map(
    lambda rows: pd.DataFrame(rows, columns=["start_time", "end_time"], dtype=float)
)


Range = tuple[float, float]


def together(how: str, within: float, a: Range, b: Range) -> bool:
    """The definition of a pair."""
    if not (a[0] <= a[1] and b[0] <= b[1]):
        return False
    if how == "during":
        return b[0] <= a[0] and a[1] <= b[1]
    slack = within if how == "within" else 0.0
    return a[0] <= b[1] + slack and b[0] <= a[1] + slack


@given(frames, frames, st.sampled_from(["overlaps", "during", "within"]), st.integers(0, 3))
def test_a_join_finds_what_comparing_every_two_rows_finds(
    a: pd.DataFrame, b: pd.DataFrame, how: str, seconds: int
) -> None:
    within = float(seconds) if how == "within" else 0.0
    pairs = intervals.join(a, b, how, within)  # type: ignore[arg-type]
    expected = [
        (i, j)
        for i, one in enumerate(a.to_numpy().tolist())
        for j, other in enumerate(b.to_numpy().tolist())
        if together(how, within, one, other)
    ]
    assert list(zip(pairs["row_a"], pairs["row_b"], strict=True)) == expected


@given(frames, frames)
def test_a_pair_tells_the_time_shared_or_the_time_between(a: pd.DataFrame, b: pd.DataFrame) -> None:
    pairs = intervals.join(a, b, "within", 5)
    one, other = a.loc[pairs["row_a"]].to_numpy(), b.loc[pairs["row_b"]].to_numpy()
    latest, first = np.maximum(one[:, 0], other[:, 0]), np.minimum(one[:, 1], other[:, 1])
    shares = latest <= first
    assert (pairs["gap"] == 0)[shares].all()
    assert pairs["gap"].between(0, 5).all()
    assert (pairs["start_time"] == np.where(shares, latest, first)).all()
    assert (pairs["end_time"] == np.where(shares, first, latest)).all()
    assert (pairs["gap"] == pairs["end_time"] - pairs["start_time"])[~shares].all()


def test_a_join_speaks_of_rows_by_their_labels() -> None:
    a = pd.DataFrame({"start_time": [0, 5], "end_time": [2, 6]}, index=["x", "y"])
    b = pd.DataFrame({"start_time": [5, 1], "end_time": [9, 1], "text": ["b", "c"]}, index=[7, 3])
    pairs = intervals.join(a, b)
    assert pairs[["row_a", "row_b"]].to_numpy().tolist() == [["x", 3], ["y", 7]]
    assert pairs.join(b["text"], on="row_b")["text"].tolist() == ["c", "b"]
    assert intervals.join(a[:0], b).dtypes.equals(pairs.dtypes)


def test_a_row_of_one_frame_lasts_for_the_moment_of_it() -> None:
    ocr = pd.DataFrame({"timestamp": [1.0, 4.0], "start_time": [np.nan, 0], "end_time": [2, 2]})
    start, end = intervals.bounds(ocr)
    assert (start.tolist(), end.tolist()) == ([1, 0], [1, 2])
    moment = pd.DataFrame({"timestamp": [1.0]})
    assert intervals.join(moment, ocr)["row_b"].tolist() == [0, 1]
    assert intervals.join(moment, ocr, "during")["row_b"].tolist() == [0, 1]


@pytest.mark.parametrize("how", ["overlaps", "during"])
def test_what_does_not_match_takes_no_memory(how: str) -> None:
    n = 20_000
    if how == "overlaps":  # One range holds all of the others, which hold none.
        a = pd.DataFrame({"start_time": np.arange(n) + 0.0, "end_time": np.arange(n) + 0.1})
        b = a + 0.5
        a.loc[0] = b.loc[0] = [-1.0, n]
    else:  # All overlap, and none lies in another.
        a = pd.DataFrame({"start_time": np.arange(n), "end_time": np.arange(n) + n + 0.5})
        b = pd.DataFrame({"start_time": np.arange(n), "end_time": np.arange(n) + n})
    tracemalloc.start()
    try:
        pairs = intervals.join(a, b, how)  # type: ignore[arg-type]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(pairs) == (2 * n - 1 if how == "overlaps" else 0)
    assert peak < 1_000 * n


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("speech",), "b: expected a DataFrame with times, got 'str'."),
        ((pd.DataFrame({"from": [1]}),), "start_time and end_time, or timestamp, got ['from']."),
        (
            (pd.DataFrame({"timestamp": [1, 2]}, index=[4, 4]),),
            "with no index label twice (reset_index makes one), got [4].",
        ),
        ((MOMENT, "touches"), "how: expected 'overlaps', 'during' or 'within', got 'touches'."),
        ((MOMENT, "within", -1), "within: expected a number of seconds, 0 or more, got -1."),
        ((MOMENT, "within", np.inf), "got inf."),
        ((MOMENT, "within", None), "got None."),
        ((MOMENT, "during", 2), "within: expected nothing with how='during', only with how="),
    ],
)
def test_a_join_says_what_it_cannot_take(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(InvalidArgument, match=re.escape(message)):
        intervals.join(MOMENT, *arguments)


@given(ranges, st.lists(whole, min_size=2, max_size=8, unique=True).map(sorted))
def test_coverage_is_the_union_in_each_bin(
    rows: list[tuple[int, int, int]], edges: list[int]
) -> None:
    pairs = [row[:2] for row in rows]
    covered = intervals.coverage([s for s, _ in pairs], [e for _, e in pairs], edges)
    steps = ticks(pairs)
    assert covered.tolist() == [len(steps & set(range(low, high))) for low, high in pairwise(edges)]


@given(ranges)
def test_packed_ranges_share_no_time_and_take_few_lanes(rows: list[tuple[int, int, int]]) -> None:
    pairs = [(min(s, e), max(s, e)) for s, e, _ in rows]
    lanes = intervals.pack([s for s, _ in pairs], [e for _, e in pairs])
    for lane in set(lanes.tolist()):
        own = [ticks([pair]) for pair, at in zip(pairs, lanes, strict=True) if at == lane]
        assert sum(map(len, own)) == len(set().union(*own))
    at_once = max((sum(s <= t < e for s, e in pairs) for t in range(41)), default=0)
    moments = sum(s == e for s, e in pairs)
    assert at_once <= len(set(lanes.tolist())) <= at_once + moments


@pytest.mark.parametrize(
    ("seconds", "decimals", "shown"),
    [
        (0, 0, "0:00"),
        (59.6, 0, "1:00"),
        (3599.96, 1, "1:00:00.0"),
        (77.84, 2, "1:17.84"),
        (-5, 0, "-0:05"),
        (-0.2, 0, "0:00"),
        (1e300, 0, "1e+300 s"),
        (float("nan"), 1, "–"),
    ],
)
def test_a_clock_rounds_before_it_splits(seconds: float, decimals: int, shown: str) -> None:
    assert intervals.clock(seconds, decimals) == shown
