"""The clock from anchors that are known, and from none."""

from __future__ import annotations

import numpy as np
import pytest

from smarttag_nb.alignment import clock as clocks
from smarttag_nb.alignment.anchors import Anchors
from smarttag_nb.alignment.passages import Passages, passages
from smarttag_nb.alignment.result import Clock
from smarttag_nb.alignment.text import plain

RANDOM = np.random.default_rng(11)


def anchors_of(said: np.ndarray, shown: np.ndarray, weight: float = 8.0) -> Anchors:
    n = len(said)
    places = np.arange(n)
    texts = [f"text{k}" for k in range(n)]
    return Anchors(said, shown, np.full(n, 1.5), places, np.full(n, weight), texts)


def with_chance(said: np.ndarray, shown: np.ndarray, count: int) -> Anchors:
    """Anchors, and so many more that are texts found twice by chance."""
    said = np.concatenate((said, RANDOM.uniform(0, 1000, count)))
    shown = np.concatenate((shown, RANDOM.uniform(0, 1000, count)))
    order = np.argsort(said)
    return anchors_of(said[order], shown[order])


SAID = np.sort(RANDOM.uniform(0, 1000, 120))
NO_ANCHORS = anchors_of(np.empty(0), np.empty(0))
NOISE = RANDOM.normal(0, 0.3, 120)
ASKED = np.linspace(0, 1000, 101)


@pytest.mark.parametrize("offset", [0.0, -2.7, 600.0, -95.0])
@pytest.mark.parametrize("ratio", [1.0, 1.0007, 25 / 24, 23.976 / 25])
def test_offset_and_drift_are_found_among_chance_pairs(offset: float, ratio: float) -> None:
    made = clocks.from_anchors(with_chance(SAID, SAID * ratio + offset + NOISE, 60))
    assert made.method == "anchors"
    assert np.abs(made(ASKED) - (ASKED * ratio + offset)).max() < 0.2
    assert len(made.pieces) == 1
    assert made.inliers == made.anchors["inlier"].sum() >= 118


def test_a_plain_ratio_is_kept_where_nothing_speaks_against_it() -> None:
    made = clocks.from_anchors(anchors_of(SAID, SAID * 25 / 24 + NOISE))
    assert made.pieces["drift"].tolist() == [25 / 24 - 1]


@pytest.mark.parametrize("jump", [40.0, -40.0, 6.0])
def test_a_cut_is_found_where_it_is(jump: float) -> None:
    shown = SAID + np.where(SAID > 420, jump, 0.0) + 1.5 + NOISE
    made = clocks.from_anchors(with_chance(SAID, shown, 30))
    assert len(made.pieces) == 2
    before, after = SAID[SAID <= 420].max(), SAID[SAID > 420].min()
    assert before <= made.pieces["start_time"].iloc[1] <= after
    assert made(100.0) == pytest.approx(101.5, abs=0.2)
    assert made(900.0) == pytest.approx(901.5 + jump, abs=0.2)


def test_pairs_by_chance_make_no_clock() -> None:
    for seed in range(20):
        random = np.random.default_rng(seed)
        said, shown = np.sort(random.uniform(0, 600, 40)), random.uniform(0, 600, 40)
        made = clocks.from_anchors(anchors_of(said, shown, 3.2))
        assert not made.ok
        assert "chance" in made.reason
        assert len(made.anchors) == 40
        assert np.isnan(made(5.0))


def test_one_long_text_at_about_its_time_is_proof_enough() -> None:
    assert clocks.from_anchors(anchors_of(np.array([4.0]), np.array([4.6]))).ok
    assert not clocks.from_anchors(anchors_of(np.array([4.0]), np.array([94.6]))).ok
    assert not clocks.from_anchors(anchors_of(np.array([4.0]), np.array([4.6]), 2.0)).ok


def test_without_anchors_there_is_no_clock() -> None:
    made = clocks.from_anchors(anchors_of(np.empty(0), np.empty(0)))
    assert (made.ok, made.method) == (False, "none")
    assert "no text" in made.reason


def ranges(start: np.ndarray, end: np.ndarray) -> Passages:
    return passages([plain("x")] * len(start), np.arange(len(start)), start, end)


def talk(seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    start = np.cumsum(random.uniform(1.5, 8.0, 120))
    return start, start + random.uniform(0.8, 1.4, 120)


@pytest.mark.parametrize(("offset", "ratio"), [(0.4, 1.0), (37.0, 1.0), (-8.0, 25 / 24)])
def test_speech_and_subtitles_that_come_and_go_together_make_a_clock(
    offset: float, ratio: float
) -> None:
    start, end = talk(3)
    shown = ranges(start * ratio + offset, end * ratio + offset + 0.2)
    made = clocks.from_activity(ranges(start, end), shown, NO_ANCHORS, "no text")
    assert made.method == "activity"
    assert np.abs(made(ASKED[:60]) - (ASKED[:60] * ratio + offset)).max() < 0.3


def test_another_videos_subtitles_make_none() -> None:
    for seed in range(10):
        made = clocks.from_activity(
            ranges(*talk(seed)), ranges(*talk(100 + seed)), NO_ANCHORS, "no text"
        )
        assert not made.ok
        assert "come and go" in made.reason


def test_beginnings_set_right_what_middles_are_late_by() -> None:
    late = anchors_of(SAID, SAID + 0.2 + NOISE)
    made = clocks.by_beginnings(clocks.from_anchors(late), late, SAID, SAID + NOISE / 3)
    assert made.pieces["offset"].iloc[0] == pytest.approx(0.0, abs=0.05)
    few = clocks.by_beginnings(clocks.from_anchors(late), late, SAID[:4], SAID[:4])
    assert few.pieces["offset"].iloc[0] == pytest.approx(0.2, abs=0.1)


def test_a_clock_takes_times_and_arrays_of_them() -> None:
    made: Clock = clocks.from_anchors(anchors_of(SAID, SAID + 2.0))
    assert isinstance(made(1.0), float)
    assert made([1.0, 2.0]).tolist() == pytest.approx([3.0, 4.0])
    assert str(made) == "offset +2.00 s by anchors"
