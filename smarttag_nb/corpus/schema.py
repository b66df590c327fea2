"""What stands in the lake's Parquet files, and how frames become it and come back.

Each contract table has its own columns, after the job_id and the load_id. Dicts and lists are JSON
texts. Missing is null, so that SQL leaves it out of sums and means, where NaN would spoil them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from ..errors import InvalidArgument
from ..tables import TABLES, TEXT, build

OWNER = ("job_id", "load_id")
"""The columns that say whose a row is."""

MONTH = "month"
"""What each table is partitioned by: the month in which rows were loaded, as in "2026-11"."""

_TYPES = {
    "number": pa.float64(),
    "integer": pa.int64(),
    "flag": pa.bool_(),
    "text": pa.string(),
    "object": pa.string(),
}

_MOMENT = pa.timestamp("us", "UTC")

KEY = ("product", "region", "operation", "job_id", "params")
"""What tells two answers apart."""

_JOBS = pa.schema(
    [
        ("job_id", pa.string()),
        ("load_id", pa.string()),
        # "answer", "file" or "digest": who tells the job_id.
        ("named_by", pa.string()),
        ("product", pa.string()),
        ("region", pa.string()),
        ("operation", pa.string()),
        ("params", pa.string()),
        ("status", pa.string()),
        ("reason", pa.string()),
        ("title", pa.string()),
        ("request_id", pa.string()),
        ("user_data", pa.string()),
        ("duration", pa.float64()),
        ("duration_source", pa.string()),
        ("answer_operation", pa.string()),
        ("source", pa.string()),
        ("answered", _MOMENT),
        ("ingested", _MOMENT),
        ("bytes", pa.int64()),
        ("digest", pa.string()),
        ("removed", pa.bool_()),
        ("counts", pa.struct([(name, pa.int64()) for name in TABLES])),
    ]
)

_ANSWERS = pa.schema(
    [
        ("job_id", pa.string()),
        ("load_id", pa.string()),
        # What was received: "bytes", "text" or, of an object, its "json".
        ("form", pa.string()),
        ("raw", pa.binary()),
        ("sha256", pa.string()),
    ]
)

_FAILURES = pa.schema(
    [
        ("load_id", pa.string()),
        ("source", pa.string()),
        ("kind", pa.string()),
        ("error", pa.string()),
        ("digest", pa.string()),
        ("ingested", _MOMENT),
    ]
)


def _contract(name: str) -> pa.Schema:
    own = [(column.name, _TYPES[column.kind]) for column in TABLES[name].columns]
    return pa.schema([*((owner, pa.string()) for owner in OWNER), *own])


SCHEMAS: Mapping[str, pa.Schema] = {
    **{name: _contract(name) for name in TABLES},
    "answers": _ANSWERS,
    "failures": _FAILURES,
    "jobs": _JOBS,
}
"""Every table of a lake, in the order in which they are committed: jobs last."""


def with_json(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Write a contract table's dicts and lists as JSON.

    Raises
    ------
    InvalidArgument
        One is nested too deep.
    """
    return frame.assign(
        **{
            column.name: [None if value is None else as_json(value) for value in frame[column.name]]
            for column in TABLES[name].columns
            if column.kind == "object"
        }
    )


def rows_of(name: str, frames: Sequence[tuple[str, str, pd.DataFrame]]) -> pa.Table:
    """Put frames of one contract table below one another.

    Parameters
    ----------
    name : str
        The contract table.
    frames : sequence of (str, str, pandas.DataFrame)
        job_id, load_id and rows of each job, as `with_json` gives them; at least one.

    Returns
    -------
    pyarrow.Table
        All rows, of the lake's schema.
    """
    lengths = [len(frame) for _, _, frame in frames]
    row_of = np.repeat(np.arange(len(frames)), lengths)
    arrays = [pa.array([owner[i] for owner in frames]).take(row_of) for i in range(len(OWNER))]
    frame = pd.concat([frame for _, _, frame in frames], ignore_index=True)
    for column in TABLES[name].columns:
        values: Any = frame[column.name]
        if column.kind in ("text", "object"):
            values = values.to_numpy(dtype=object)
        arrays.append(pa.array(values, type=_TYPES[column.kind], from_pandas=True))
    return pa.Table.from_arrays(arrays, schema=SCHEMAS[name])


def frame_of(name: str, table: pa.Table) -> pd.DataFrame:
    """Turn rows back into a frame of a contract table.

    Parameters
    ----------
    name : str
        The contract table.
    table : pyarrow.Table
        Rows with all of its columns; others are left out.

    Returns
    -------
    pandas.DataFrame
        The contract table.
    """
    columns = {
        column.name: values_of(column.kind, table[column.name]) for column in TABLES[name].columns
    }
    return build(name, columns, table.num_rows)


def values_of(kind: str, column: pa.ChunkedArray) -> Any:
    """Turn a column back into values of a kind of the vocabulary."""
    if kind in ("integer", "flag"):
        # By way of floats, which pandas would take, large ids would lose their last digits.
        missing = column.is_null().to_numpy()
        if kind == "integer":
            held = column.fill_null(0).to_numpy()
            return pd.arrays.IntegerArray(held.astype("int64"), missing)
        held = column.fill_null(False).to_numpy()
        return pd.arrays.BooleanArray(held.astype(bool), missing)
    if kind == "text":
        values = column.to_numpy()
        return TEXT.construct_array_type()._from_sequence(values, dtype=TEXT)
    if kind == "object":
        return [None if text is None else json.loads(text) for text in column.to_pylist()]
    return column.to_numpy()


def as_json(value: Any) -> str:
    """Write what JSON gave as JSON again.

    Raises
    ------
    InvalidArgument
        It is nested too deep.
    """
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        raise InvalidArgument("value", "JSON of some hundred levels", "deeper ones") from None


def table_of(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Make a table of rows that are dicts: of jobs, answers or failures."""
    return pa.Table.from_pylist(list(rows), schema=SCHEMAS[name])
