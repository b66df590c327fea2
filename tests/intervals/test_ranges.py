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
