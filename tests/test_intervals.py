from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarttag_nb import intervals

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
