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


_ROWS: Mapping[str, pa.Schema] = {
    name: pa.schema([(column.name, _TYPES[column.kind]) for column in table.columns])
    for name, table in TABLES.items()
}
_OWNERS = [pa.field(owner, pa.string()) for owner in OWNER]

SCHEMAS: Mapping[str, pa.Schema] = {
    **{name: pa.schema([*_OWNERS, *rows]) for name, rows in _ROWS.items()},
    "answers": _ANSWERS,
    "failures": _FAILURES,
    "jobs": _JOBS,
}
"""Every table of a lake, in the order in which they are committed: jobs last."""


def rows_of(name: str, frame: pd.DataFrame) -> pa.RecordBatch:
    """Turn a frame of a contract table into rows, its dicts and lists into JSON.

    Raises
    ------
    InvalidArgument
        One of those is nested too deep.
    """
    # Asking a frame for a column by its name first builds an index of all names.
    columns: dict[str, Any] = dict(frame.items())
    arrays = []
    for column in TABLES[name].columns:
        values = columns[column.name]
        if column.kind == "text":
            values = values.to_numpy(dtype=object)
        elif column.kind == "object":
            values = [None if value is None else as_json(value) for value in values]
        arrays.append(pa.array(values, type=_TYPES[column.kind], from_pandas=True))
    return pa.RecordBatch.from_arrays(arrays, schema=_ROWS[name])


def owned(name: str, rows: Sequence[tuple[str, str, pa.RecordBatch]]) -> pa.Table:
    """Put rows of several jobs below one another, and say whose each is.

    Parameters
    ----------
    name : str
        The contract table.
    rows : sequence of (str, str, pyarrow.RecordBatch)
        job_id, load_id and rows of each job; at least one.

    Returns
    -------
    pyarrow.Table
        All rows, of the lake's schema.
    """
    row_of = np.repeat(np.arange(len(rows)), [len(batch) for _, _, batch in rows])
    owners = [pa.array([of[i] for of in rows]).take(row_of) for i in range(len(OWNER))]
    table = pa.Table.from_batches([batch for _, _, batch in rows]).combine_chunks()
    return pa.Table.from_arrays([*owners, *table.columns], schema=SCHEMAS[name])


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
        return _JSON.encode(value)
    except RecursionError:
        raise InvalidArgument("value", "JSON of some hundred levels", "deeper ones") from None


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def table_of(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Make a table of rows that are dicts: of jobs, answers or failures."""
    return pa.Table.from_pylist(list(rows), schema=SCHEMAS[name])
