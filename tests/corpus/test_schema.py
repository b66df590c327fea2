from __future__ import annotations

import io
import math
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarttag_nb import Job, errors
from smarttag_nb.corpus.schema import MONTH, SCHEMAS, as_json, frame_of, owned, rows_of
from smarttag_nb.tables import TABLES, conform
from tests.corpus.anything import jobs


def kept(name: str, *frames: pd.DataFrame) -> pa.Table:
    """Rows as they come back from a file."""
    rows = [(f"job {i}", f"load {i}", rows_of(name, frame)) for i, frame in enumerate(frames)]
    file = io.BytesIO()
    pq.write_table(owned(name, rows), file)
    return pq.read_table(file)


@settings(max_examples=30)
@given(jobs())
def test_every_table_comes_back_equal(job: Job) -> None:
    back = {name: frame_of(name, kept(name, frame)) for name, frame in job.items()}
    assert job.tables == Job(**{**vars_of(job), "tables": back}).tables


def vars_of(job: Job) -> dict[str, Any]:
    return {name: getattr(job, name) for name in Job.__dataclass_fields__}


@settings(max_examples=5)
@given(jobs(), jobs())
def test_rows_of_several_jobs_keep_apart(one: Job, other: Job) -> None:
    for name in TABLES:
        table = kept(name, one[name], other[name])
        for i, job in enumerate((one, other)):
            mine = table.filter(pa.compute.field("load_id") == f"load {i}")
            assert set(mine["job_id"].to_pylist()) <= {f"job {i}"}
            assert frame_of(name, mine).equals(frame_of(name, kept(name, job[name])))


@settings(max_examples=100)
@given(st.integers(-(2**63), 2**63 - 1), st.floats())
def test_large_whole_numbers_and_odd_floats_keep_every_digit(number: int, quota: float) -> None:
    cues = conform(pd.DataFrame({"number": pd.array([number, None], dtype="Int64")}), "cues")
    assert frame_of("cues", kept("cues", cues)).equals(cues)
    usages = conform(pd.DataFrame({"quota": [quota]}), "usages")
    (back,) = frame_of("usages", kept("usages", usages))["quota"]
    assert back == quota or (math.isnan(back) and math.isnan(quota))


def test_missing_is_null_and_not_nan() -> None:
    speech = conform(pd.DataFrame({"text": ["a"]}), "speech")
    table = kept("speech", speech)
    assert table["start_time"].null_count == table["speaker_id"].null_count == 1


def test_lists_and_dicts_are_json_texts() -> None:
    details = {"metaData": {"名": [1, None, "x"]}}
    occurrences = conform(pd.DataFrame({"details": [details, None]}), "occurrences")
    table = kept("occurrences", occurrences)
    assert table["details"].to_pylist() == ['{"metaData":{"名":[1,null,"x"]}}', None]
    assert frame_of("occurrences", table)["details"].tolist() == [details, None]


def test_what_is_nested_too_deep_is_told() -> None:
    deep: Any = []
    for _ in range(200_000):
        deep = [deep]
    with pytest.raises(errors.InvalidArgument, match="JSON of some hundred levels"):
        as_json(deep)


def test_every_contract_table_has_its_columns_after_those_that_say_whose_a_row_is() -> None:
    for name, table in TABLES.items():
        own = [column.name for column in table.columns]
        assert SCHEMAS[name].names == ["job_id", "load_id", *own]
    assert all(MONTH not in schema.names for schema in SCHEMAS.values())
    assert list(SCHEMAS)[-1] == "jobs"
