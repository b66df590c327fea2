from __future__ import annotations

import re
import tracemalloc
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarttag_nb import intervals
from smarttag_nb.errors import InvalidArgument

MOMENT = pd.DataFrame({"timestamp": [1.0]})

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


@given(frames, frames)
def test_the_most_shared_is_what_a_look_at_each_pair_finds(
    a: pd.DataFrame, b: pd.DataFrame
) -> None:
    found = intervals.most_shared(a, b)
    for row, (start, end) in enumerate(zip(a["start_time"], a["end_time"], strict=True)):
        shares = [
            min(end, other_end) - max(start, other_start)
            if start < end and other_start < other_end
            else 0.0
            for other_start, other_end in zip(b["start_time"], b["end_time"], strict=True)
        ]
        best = max(shares, default=0.0)
        assert found[row] == (shares.index(best) if best > 0 else -1)
