"""SQL over a lake, or over the tables of one job."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from ..errors import InvalidArgument, QueryError, UnknownName
from ..job import Job, check_job
from ..readers.notes import is_storable
from ..tables import TABLES
from .schema import rows_of, values_of
from .snapshot import Snapshot, connect, counting
from .views import VIEWS

Params = Mapping[str, Any] | Sequence[Any] | None
"""Values for ``$name``, or for ``?`` in turn."""

OF_JOBS = ("jobs", "failures")
"""The tables of a corpus besides the contract tables."""


def run(snapshot: Snapshot, query: str, params: Params = None) -> pd.DataFrame:
    """Select from a lake. `Corpus.sql` tells of the parameters and errors."""
    _prepare(snapshot, query)
    return frame_of(_selected(snapshot.connection, query, params))


def stream(snapshot: Snapshot, query: str) -> pa.RecordBatchReader:
    """Select from a lake, some rows at a time. `Corpus.stream` tells of parameters and errors.

    The snapshot is of no other use from then on: what is read lasts as long as its transaction.
    """
    _prepare(snapshot, query)
    snapshot.connection.execute(_READING)
    try:
        return snapshot.connection.sql(query).to_arrow_reader(_BATCH)
    except duckdb.Error as error:
        raise QueryError(str(error)) from None


_BATCH = 100_000
"""Rows that are in memory at a time."""


def _prepare(snapshot: Snapshot, query: str) -> None:
    """Check a query, and make the views that it asks for."""
    _check(snapshot.connection, query)
    asked = set(re.findall(r"\w+", query.lower()))
    views: list[str] = []
    # From the last to the first, as each is made of earlier ones.
    for name in reversed(list(VIEWS)):
        if name in asked:
            views.insert(0, name)
            asked.update(re.findall(r"\w+", VIEWS[name].query))
    snapshot.show(name for name in (*TABLES, *OF_JOBS) if name in asked)
    for name in views:
        snapshot.connection.execute(f"CREATE OR REPLACE VIEW {name} AS {VIEWS[name].query}")


def sql(job: Job, query: str, params: Params = None) -> pd.DataFrame:
    """Ask the tables of one job, in DuckDB's SQL.

    Parameters
    ----------
    job : Job
        An answer.
    query : str
        One SELECT over the contract tables. Dicts and lists are JSON texts in them.
    params : mapping or sequence, optional
        Values for ``$name`` or ``?`` in it.

    Returns
    -------
    pandas.DataFrame
        What it selects. Whole numbers are Int64, texts of the explicit text dtype.

    Raises
    ------
    InvalidArgument
        `job` is no Job, the query no text, or `params` no values.
    QueryError
        It cannot be run, or is no SELECT.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> job = stag.samples.load("magazine")
    >>> stag.sql(job, "SELECT count(*) AS n FROM labels WHERE kind = $kind", {"kind": "person"})
        n
    0  12
    """
    check_job(job)
    with connect() as connection:
        for name, frame in job.items():
            connection.register(name, pa.Table.from_batches([rows_of(name, frame)]))
        _check(connection, query)
        return frame_of(_selected(connection, query, params))


def select(
    snapshot: Snapshot,
    name: str,
    columns: Sequence[str] | None,
    where: str | None,
    params: Params,
) -> pd.DataFrame:
    """Give a table of a lake. `Corpus.table` tells of the parameters and errors."""
    if name not in TABLES and name not in OF_JOBS:
        raise UnknownName("table of a corpus", name, [*TABLES, *OF_JOBS])
    if isinstance(columns, str) or (columns is not None and not len(columns)):
        raise InvalidArgument("columns", "a list of columns, one or more", columns)
    if where is not None and not is_storable(where):
        raise InvalidArgument("where", "a condition in SQL", where)
    snapshot.show([name])
    known = [row[0] for row in snapshot.connection.execute(f"DESCRIBE {name}").fetchall()]
    chosen = known if columns is None else list(columns)
    for column in chosen:
        if column not in known:
            raise UnknownName(f"column of {name}", column, known)
    query = f"SELECT {', '.join(chosen)} FROM {name}"  # noqa: S608
    if where is not None:
        query += f" WHERE ({where}\n)"
    _check(snapshot.connection, query)
    return frame_of(_selected(snapshot.connection, query, params), _kinds(name))


def select_of(rows: pa.Table, name: str, columns: Sequence[str], live: pa.Array) -> pd.DataFrame:
    """Give a table as `select` does, of some of its rows and of the loads that count."""
    connection = connect()
    connection.register("read_rows", rows)
    connection.register("live", pa.table({"load_id": live}))
    query = f"SELECT {', '.join(columns)} FROM ({counting(name, 'read_rows')})"  # noqa: S608
    return frame_of(_selected(connection, query, None), _kinds(name))


def _check(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Refuse what is not one query that reads."""
    if not is_storable(query):
        raise InvalidArgument("query", "SQL text", query)
    try:
        statements = connection.extract_statements(query)
    except duckdb.Error as error:
        raise QueryError(str(error)) from None
    if len(statements) != 1:
        raise QueryError(f"Expected one SELECT, got {len(statements)} statements.")
    if statements[0].type is not duckdb.StatementType.SELECT:
        got = statements[0].type.name
        raise QueryError(f"Expected a SELECT, got {got}: nothing can be written here.")


def _selected(connection: duckdb.DuckDBPyConnection, query: str, params: Params) -> pa.Table:
    if isinstance(params, str) or not isinstance(params, (Mapping, Sequence, type(None))):
        raise InvalidArgument("params", "a mapping of names to values, or a sequence", params)
    connection.execute(_READING)
    try:
        return connection.sql(query, params=params).to_arrow_table()
    except duckdb.Error as error:
        raise QueryError(str(error)) from None
    finally:
        connection.execute("ROLLBACK")


_READING = "BEGIN TRANSACTION READ ONLY"
"""A SELECT may delete what other ones read: WITH gone AS (DELETE …)."""


def _kinds(name: str) -> dict[str, str]:
    return {column.name: column.kind for column in TABLES[name].columns} if name in TABLES else {}


def frame_of(table: pa.Table, kinds: Mapping[str, str] = {}) -> pd.DataFrame:
    """Turn a result into a frame with the dtypes of the vocabulary."""
    columns = []
    for field, column in zip(table.schema, table.columns, strict=True):
        kind = kinds.get(field.name) or _kind(field.type)
        if kind is None:
            columns.append(pd.Series(column.to_pandas()))
            continue
        if pa.types.is_decimal(field.type):
            column = _from_decimal(column)
            kind = _kind(column.type)
        columns.append(pd.Series(values_of(str(kind), column)))
    frame = pd.concat(columns, axis=1) if columns else pd.DataFrame()
    frame.columns = pd.Index([field.name for field in table.schema], dtype="str")
    return frame


def _kind(type_: pa.DataType) -> str | None:
    if pa.types.is_integer(type_):
        return "integer"
    if pa.types.is_floating(type_):
        return "number"
    if pa.types.is_decimal(type_):
        return "decimal"
    if pa.types.is_boolean(type_):
        return "flag"
    return "text" if pa.types.is_string(type_) or pa.types.is_large_string(type_) else None


def _from_decimal(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Narrow a sum of whole numbers to one; what is not whole becomes a float."""
    if column.type.scale == 0:
        try:
            return column.cast(pa.int64())
        except pa.ArrowInvalid:
            pass
    return column.cast(pa.float64())
