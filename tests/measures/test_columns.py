"""What the measures' frames have in common."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

import smarttag_nb as stag

JOB = stag.samples.load("magazine", "cognition")
OF_A_JOB = sorted(set(stag.measures.__all__) - {"Comparison", "compare", "precision_recall"})
COMPARISON = stag.measures.compare(
    *(stag.samples.load("magazine", answer) for answer in ("cpv-auto", "cpv-hmi"))
)
FRAMES = {
    **{name: getattr(stag.measures, name)(JOB) for name in OF_A_JOB if name != "search"},
    **{f"comparison.{name}": getattr(COMPARISON, name) for name in ("labels", "spans", "ratios")},
    "search": stag.measures.search(JOB, "水温"),
    "join": stag.intervals.join(JOB.best("occurrences"), JOB.best("speech")),
}


@pytest.mark.parametrize("name", FRAMES)
def test_columns_need_no_quoting_and_hide_nothing(name: str) -> None:
    frame = FRAMES[name]
    assert len(frame)
    for column in frame:
        assert not hasattr(pd.DataFrame, column)
        assert len(duckdb.sql(f"select {column} from frame").fetchall()) == len(frame)


@pytest.mark.parametrize("name", FRAMES)
def test_text_is_of_the_contract_s_dtype(name: str) -> None:
    for column, dtype in FRAMES[name].dtypes.items():
        assert not pd.api.types.is_object_dtype(dtype), column
        if isinstance(dtype, pd.StringDtype):
            assert dtype == stag.tables.TEXT
            assert dtype.storage == "python"


@pytest.mark.parametrize("name", FRAMES)
def test_rows_are_counted_from_0(name: str) -> None:
    assert FRAMES[name].index.equals(pd.RangeIndex(len(FRAMES[name])))


@pytest.mark.parametrize("name", OF_A_JOB)
def test_what_is_no_job_is_refused(name: str) -> None:
    more = ["x"] if name == "search" else []
    with pytest.raises(stag.errors.InvalidArgument, match="job: expected a Job"):
        getattr(stag.measures, name)("answer.json", *more)
