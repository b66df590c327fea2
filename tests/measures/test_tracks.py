from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb.measures import tracks
from tests.measures.jobs import job_of, on_whole_jobs, same_form

CORNERS = ["x1", "y1", "x2", "y2"]
quarter = st.integers(0, 24).map(lambda k: k / 4)
seldom = st.sampled_from([False] * 9 + [True])
seen = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from([0, None]),
        st.builds(lambda t, lost: np.nan if lost else t, quarter, seldom),
        st.builds(lambda x, lost: np.nan if lost else float(x), st.integers(0, 9), seldom),
    ),
    min_size=1,
    max_size=12,
)


def tracked(rows: list[tuple[int, int | None, float, float]]) -> stag.Job:
    """Boxes of (label, occurrence, timestamp, left edge), each 10 × 20."""
    label, occurrence, timestamp, left = zip(*rows, strict=True)
    x1 = np.array(left, dtype=float)
    return job_of(
        labels={"kind": ["person", "person"], "name": ["甲", "乙"]},
        boxes={
            "label_id": label,
            "occurrence_id": pd.array(occurrence, dtype="Int64"),
            "timestamp": timestamp,
            "x1": x1,
            "y1": np.zeros(len(x1)),
            "x2": x1 + 10,
            "y2": np.full(len(x1), 20.0),
            "score": np.full(len(x1), 0.5),
        },
    )


def facts(table: pd.DataFrame) -> list[list[Any]]:
    """What a table of tracks tells, but for the boxes' ids."""
    return table.drop(columns="box_id").astype(object).fillna("–").to_numpy().tolist()


@on_whole_jobs
@given(seen)
def test_at_their_own_times_boxes_are_as_they_are(
    rows: list[tuple[int, int | None, float, float]],
) -> None:
    job = tracked(rows)
    table = tracks(job)
    whole = job.boxes[["timestamp", *CORNERS]].notna().all(axis=1)
    told = job.boxes[whole].drop_duplicates(["label_id", "occurrence_id", "timestamp", "x1"])
    assert sorted(table["box_id"]) == sorted(told["box_id"])
    assert not table["interpolated"].any()
    again = tracks(job, told["timestamp"])
    assert facts(again[~again["interpolated"]]) == facts(table)


@on_whole_jobs
@given(seen, st.lists(quarter.map(lambda t: t + 0.125), max_size=6), st.sampled_from([0.5, 2.0]))
def test_what_is_drawn_lies_between_two_boxes_that_are_close(
    rows: list[tuple[int, int | None, float, float]], times: list[float], max_gap: float
) -> None:
    table = tracks(tracked(rows), times, max_gap=max_gap)
    assert table["interpolated"].all()
    assert table[["score", "box_id"]].isna().to_numpy().all()
    assert not table.duplicated(["label_id", "occurrence_id", "timestamp"]).any()
    for made in table.itertuples():
        own = {
            (t, left)
            for label, occurrence, t, left in rows
            if (label, occurrence) == (made.label_id, _or_none(made.occurrence_id))
            and not np.isnan(left)
        }
        before = max(t for t, _ in own if t < made.timestamp)
        after = min(t for t, _ in own if t > made.timestamp)
        (start,) = [left for t, left in own if t == before]
        (end,) = [left for t, left in own if t == after]
        assert after - before <= max_gap
        assert made.x1 == pytest.approx(np.interp(made.timestamp, [before, after], [start, end]))
        assert (made.x2, made.y1, made.y2) == (pytest.approx(made.x1 + 10), 0, 20)


def _or_none(value: Any) -> Any:
    return None if value is pd.NA else value


@on_whole_jobs
@given(seen, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(
    rows: list[tuple[int, int | None, float, float]], random: Any
) -> None:
    job = tracked(rows)
    order = list(range(len(rows)))
    random.shuffle(order)
    shuffled = job.boxes.iloc[order].reset_index(drop=True)
    other = dataclasses.replace(job, tables={**job.tables, "boxes": shuffled})
    times = np.arange(0, 6, 0.125)
    assert tracks(other, times).equals(tracks(job, times))


def test_times_outside_a_track_and_over_a_gap_give_nothing() -> None:
    job = tracked([(0, 0, 1.0, 0), (0, 0, 2.0, 4), (0, 0, 4.0, 8)])
    assert tracks(job, [0.5, 3.0, 4.5]).empty
    assert tracks(job, 3.0, max_gap=2)["x1"].tolist() == [6]
    assert tracks(job, 1.5, max_gap=0.5).empty


def test_boxes_without_an_occurrence_are_one_track_for_each_label() -> None:
    job = tracked([(0, None, 1.0, 0), (1, None, 1.25, 9), (0, None, 2.0, 4)])
    table = tracks(job, 1.5)
    assert table[["name", "x1"]].to_numpy().tolist() == [["甲", 2.0]]


def test_two_faces_at_one_moment_are_not_mixed() -> None:
    job = tracked([(0, None, 1.0, 0), (0, None, 1.5, 1), (0, None, 1.5, 9), (0, None, 2.0, 2)])
    table = tracks(job, [1.0, 1.25, 1.5, 1.75, 2.0])
    assert table["timestamp"].tolist() == [1.0, 1.5, 1.5, 2.0]
    assert not table["interpolated"].any()


def test_a_box_told_twice_is_one() -> None:
    job = tracked([(0, 0, 1.0, 0), (0, 0, 1.0, 0), (0, 0, 2.0, 4)])
    table = tracks(job, [1.0, 1.5])
    assert table["x1"].tolist() == [0, 2]
    assert table["box_id"].fillna(-1).tolist() == [0, -1]


def test_rows_are_told_by_label_occurrence_and_time() -> None:
    job = stag.samples.load("magazine", "cognition")
    table = tracks(job, np.arange(3, 30, 0.1), result_type="Process")
    assert set(table["label_id"]) <= set(job.best("labels", "Process")["label_id"])
    order = table.sort_values(["label_id", "occurrence_id", "timestamp"], kind="stable").index
    assert order.equals(table.index)
    assert table["name"].notna().all()


@pytest.mark.parametrize("answer", ["image", "pending"])
def test_without_times_there_are_no_rows(answer: str) -> None:
    job = stag.samples.load("magazine", answer)
    some = tracks(stag.samples.load("magazine", "process"), [4.0, 4.1])
    assert len(some)
    for table in (tracks(job), tracks(job, [1.0])):
        assert table.empty
        assert same_form(table, some)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"times": [1.0, np.nan]}, "times: expected a number of seconds or a sequence of them"),
        ({"times": "now"}, "times: expected a number of seconds or a sequence of them"),
        ({"times": [[1.0]]}, "times: expected a number of seconds or a sequence of them"),
        ({"max_gap": -1}, "max_gap: expected a number of seconds, 0 or more, got -1"),
        ({"max_gap": np.nan}, "max_gap: expected a number of seconds, 0 or more, got nan"),
        ({"max_gap": "1"}, "max_gap: expected a number of seconds, 0 or more, got '1'"),
    ],
)
def test_arguments_are_checked(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(stag.errors.InvalidArgument, match=message):
        tracks(tracked([(0, 0, 1.0, 0)]), **arguments)
