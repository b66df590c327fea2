from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb.measures import shot_pace
from tests.measures.jobs import job_of, on_whole_jobs, same_form

NAN = float("nan")


def cut_at(*times: float, seconds: float = NAN) -> stag.Job:
    """Shots that each last from one time to the next."""
    return job_of(seconds, shots={"start_time": times[:-1], "end_time": times[1:]})


def test_an_even_cut_has_an_even_pace() -> None:
    pace = shot_pace(cut_at(*np.arange(0, 601, 4.0)), window=60)
    assert pace["length"].eq(4).all()
    assert pace["mean_length"].eq(4).all()
    # Fifteen shots a minute; at either end the first cut is yet to come.
    assert pace["cuts_per_minute"].iloc[8:-8].eq(15).all()
    assert pace["cuts_per_minute"].between(13, 15.1).all()


@on_whole_jobs
@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=12),
    st.sampled_from([5.0, 20.0, 60.0, 1_000.0]),
)
def test_running_figures_count_the_cuts_and_shots_in_the_window(
    lengths: list[int], window: float
) -> None:
    times = np.append(0.0, np.cumsum(lengths))
    end = times[-1] + 3
    pace = shot_pace(cut_at(*times, seconds=end), window=window)
    for row in pace.itertuples():
        middle = (row.start_time + row.end_time) / 2
        low, high = middle - window / 2, middle + window / 2
        cuts = sum(low <= t < high for t in times[1:-1])
        inside = min(high, end) - max(low, 0)
        assert row.cuts_per_minute == pytest.approx(60 * cuts / inside)
        near = [b - a for a, b in pairwise(times) if low <= (a + b) / 2 <= high]
        assert row.mean_length == pytest.approx(np.mean(near))


def test_a_window_over_all_tells_the_figures_of_the_whole() -> None:
    job = stag.samples.load("magazine", "cognition")
    pace = shot_pace(job, window=1e6)
    per_minute = 60 * (len(pace) - 1) / job.duration.seconds
    # The duration is inferred, and the last shot ends a few hundredths later.
    assert pace["cuts_per_minute"].to_numpy() == pytest.approx(per_minute, rel=1e-3)
    assert pace["mean_length"].to_numpy() == pytest.approx(pace["length"].mean())


def test_missing_times_come_from_the_neighbours() -> None:
    job = job_of(
        20,
        shots={
            "number": [3, 1, 2, 4],
            "start_time": [9, NAN, 5, 14],
            "end_time": [NAN, 5, NAN, NAN],
        },
    )
    pace = shot_pace(job)
    assert pace["number"].tolist() == [1, 2, 3, 4]
    assert pace["start_time"].tolist() == [0, 5, 9, 14]
    assert pace["end_time"].tolist() == [5, 9, 14, 20]


def test_shots_without_a_time_or_with_a_reversed_one_are_left_out() -> None:
    job = job_of(shots={"start_time": [0, NAN, 8, 6], "end_time": [4, NAN, 2, 9]})
    pace = shot_pace(job)
    assert pace["shot_id"].tolist() == [0, 3]
    assert pace.notna()[["cuts_per_minute", "mean_length"]].to_numpy().all()


def test_a_media_without_length_has_no_pace() -> None:
    pace = shot_pace(cut_at(0, 0))
    assert pace["length"].tolist() == [0]
    assert pace["cuts_per_minute"].isna().all()


@pytest.mark.parametrize("answer", ["image", "pending", "smarttag"])
def test_without_shots_there_are_no_rows(answer: str) -> None:
    pace = shot_pace(stag.samples.load("magazine", answer))
    assert pace.empty
    assert same_form(pace, shot_pace(stag.samples.load("magazine", "process")))


@pytest.mark.parametrize("window", [0, -1, NAN, float("inf"), "60"])
def test_a_window_has_a_length(window: object) -> None:
    with pytest.raises(stag.errors.InvalidArgument, match="window: expected a number of seconds"):
        shot_pace(cut_at(0, 1), window=window)  # type: ignore[arg-type]
