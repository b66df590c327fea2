from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarttag_nb import intervals
from smarttag_nb.intervals.ratios import TIME_ROUNDING


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
    best = float(np.min(rounding / ratio + TIME_ROUNDING / covered))
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
