from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarttag_nb import boxes


@st.composite
def faces(draw: st.DrawFn) -> np.ndarray:
    """Faces on a frame of 1280 × 720, none of them close to its left-top corner."""
    made = []
    for _ in range(draw(st.integers(1, 12))):
        height = draw(st.integers(60, 300))
        width = round(height * draw(st.floats(0.6, 0.95)))
        x = draw(st.integers(200, 1280 - width))
        y = draw(st.integers(20, min(720 - height, round(0.2 * x))))
        made.append([x, y, x + width, y + height])
    return np.array(made, dtype=float)


@given(faces())
def test_the_corner_sum_is_undone(real: np.ndarray) -> None:
    summed = real.copy()
    summed[:, 2:] += summed[:, :2]
    assert (boxes.undo_corner_sum(summed) == real).all()
    # Faces far from the left are too wide when summed.
    wide = (summed[:, 2] - summed[:, 0]) > 1.25 * (summed[:, 3] - summed[:, 1])
    found = boxes.corner_sum_evidence(summed, faces=True)
    assert (found is not None) == (2 * wide.sum() > len(real))


@given(faces())
def test_real_faces_are_left_alone(real: np.ndarray) -> None:
    assert boxes.corner_sum_evidence(real, faces=True) is None
    assert boxes.corner_sum_evidence(real, faces=True, size=(1280, 720)) is None


@given(faces())
def test_the_frame_decides_for_any_box(real: np.ndarray) -> None:
    summed = real.copy()
    summed[:, 2:] += summed[:, :2]
    outside = boxes.is_outside(summed, (1280, 720)).any()
    found = boxes.corner_sum_evidence(summed, faces=False, size=(1280, 720))
    assert (found is not None) == bool(outside)


def test_one_unlikely_reading_keeps_the_documented_one() -> None:
    wide = [[400, 50, 1000, 360]] * 3
    assert boxes.corner_sum_evidence(wide, faces=True) is not None
    # Its corner-sum reading is no face: 700 wide, 10 high.
    assert boxes.corner_sum_evidence([*wide, [0, 0, 700, 10]], faces=True) is None
    assert boxes.corner_sum_evidence(wide, faces=False) is None
    assert boxes.corner_sum_evidence(np.empty((0, 4)), faces=True) is None


def test_reversed_boxes_are_told_from_moments() -> None:
    given_ = [[5, 5, 1, 9], [5, 5, 9, 1], [1, 1, 1, 1], [np.nan, 0, 0, 0]]
    assert boxes.is_reversed(given_).tolist() == [True, True, False, False]


@given(
    st.lists(
        st.tuples(*[st.floats(-1e6, 1e6) for _ in range(2)], *[st.floats(0, 1e6)] * 2), max_size=9
    )
)
def test_width_and_height_round_trip(rows: list[tuple[float, ...]]) -> None:
    given_ = np.array(rows).reshape(-1, 4)
    assert boxes.to_xywh(boxes.from_xywh(given_)) == pytest.approx(given_, abs=1e-6)


def test_an_edge_a_pixel_outside_is_rounding() -> None:
    inside = [[-1, -1, 641, 361], [0, 0, 640, 360], [np.nan, 0, 1, 1]]
    assert not boxes.is_outside(inside, (640, 360)).any()
    assert boxes.is_outside([[-2, 0, 9, 9], [0, 0, 9, 363]], (640, 360)).all()


@st.composite
def tracked(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tracks, moments and boxes; some at one moment of one track, some with a number missing."""
    moment = st.tuples(st.integers(0, 1), st.integers(0, 12), st.integers(-50, 50))
    rows = draw(st.lists(moment, max_size=14))
    made = np.array([(k, t / 2, x, -x, 2 * x, 7) for k, t, x in rows], dtype=float).reshape(-1, 6)
    for row, column in draw(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 5)), max_size=3)):
        if row < len(made):
            made[row, column] = np.nan
    return made[:, 0].astype(int), made[:, 1], made[:, 2:]


asked = st.lists(st.integers(-2, 28).map(lambda k: k / 4), max_size=12)


@given(tracked(), asked, st.sampled_from([0.0, 0.5, 1.0, 3.0]))
def test_a_box_drawn_lies_on_the_line_between_its_neighbours(
    boxed: tuple[np.ndarray, np.ndarray, np.ndarray], times: list[float], max_gap: float
) -> None:
    track, at, corners = boxed
    before, time, made = boxes.interpolate(track, at, corners, times, max_gap)
    drawn = {}
    for start, position, box in zip(before, time, made, strict=True):
        drawn[int(track[start]), position] = box
    assert len(drawn) == len(made)
    whole = np.isfinite(at) & np.isfinite(corners).all(axis=1)
    for one in range(2):
        own = np.flatnonzero(whole & (track == one))
        for position, t in enumerate(times):
            earlier, later = own[at[own] < t], own[at[own] > t]
            has_line = len(earlier) and len(later) and t not in at[own]
            if has_line:
                starts = earlier[at[earlier] == at[earlier].max()]
                ends = later[at[later] == at[later].min()]
                has_line = len(starts) == len(ends) == 1
                has_line &= at[ends[0]] - at[starts[0]] <= max_gap
            assert ((one, position) in drawn) == bool(has_line)
            if has_line:
                a, b = starts[0], ends[0]
                expected = [np.interp(t, at[[a, b]], corners[[a, b], k]) for k in range(4)]
                assert drawn[one, position] == pytest.approx(expected)


@given(tracked(), asked, st.randoms())
def test_the_order_of_boxes_and_times_changes_no_box_drawn(
    boxed: tuple[np.ndarray, np.ndarray, np.ndarray], times: list[float], random: Random
) -> None:
    def drawn(rows: list[int], moments: list[float]) -> list[list[float]]:
        before, time, made = boxes.interpolate(*(column[rows] for column in boxed), moments, 2.0)
        owner = boxed[0][rows][before]
        return sorted(np.column_stack([owner, np.array(moments)[time], made]).tolist())

    rows = list(range(len(boxed[0])))
    given_ = drawn(rows, times)
    random.shuffle(rows)
    assert drawn(rows, times[::-1]) == given_
