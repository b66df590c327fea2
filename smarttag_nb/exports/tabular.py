"""CSV, JSON, JSON Lines and Parquet: one file a table, written and read back."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import ContractError, InvalidArgument, MissingLibrary, UnknownName
from ..tables import TABLES, TEXT, Kind, conform, empty
from .whole import write_whole


def write_tables(
    tables: Mapping[str, pd.DataFrame], folder: str | os.PathLike[str], format: str = "csv"
) -> list[Path]:
    """Write tables, a file for each that has rows.

    A table without rows is written only over a file that an earlier job has left in its place, so
    that a folder never tells of two jobs.

    Parameters
    ----------
    tables : Job or mapping of str to pandas.DataFrame
        An answer, or tables by name, such as those of ``Alignment.tables``.
    folder : path
        Where to write; made where it is missing.
    format : {"csv", "json", "jsonl", "parquet"}
        CSV is UTF-8 with the mark that spreadsheets need. A text that a spreadsheet would take
        for a formula has an apostrophe before it, and so has a text that begins with one; the
        empty text is an apostrophe alone, as nothing stands for what is missing. JSON Lines is an
        object a row, a file a table: rows of one shape, as DuckDB, pandas and Spark read them.
        Dicts and lists are JSON in CSV and Parquet.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    InvalidArgument
        `tables` is no Job, and no mapping to DataFrames.
    UnknownName
        There is no such format.
    MissingLibrary
        Parquet needs pyarrow.
    OSError
        A file cannot be written; an older one is as it was.

    See Also
    --------
    read_tables : The way back.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = write_tables(stag.samples.load("magazine"), folder)
    >>> files[0].name
    'labels.csv'
    """
    if not isinstance(tables, Mapping) or not all(
        isinstance(frame, pd.DataFrame) for _, frame in tables.items()
    ):
        raise InvalidArgument("tables", "a Job, or DataFrames by name", tables)
    if format not in [*FORMATS]:
        raise UnknownName("format of tables", format, FORMATS)
    if format == "parquet":
        _check_pyarrow()
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for name, frame in tables.items():
        file = target / f"{name}.{format}"
        if len(frame) or file.exists():
            write_whole(file, FORMATS[format](frame, name))
            written.append(file)
    return written


def read_tables(folder: str | os.PathLike[str]) -> dict[str, pd.DataFrame]:
    """Read contract tables that `write_tables` has written, equal to what they were.

    Parameters
    ----------
    folder : path
        Where they are, each in one of the formats. Files that are named after no contract table
        are passed over.

    Returns
    -------
    dict of str to pandas.DataFrame
        Every contract table; those without a file have no rows.

    Raises
    ------
    InvalidArgument
        A table stands there in two formats.
    ContractError
        A file does not hold the table it is named after, as when it was changed by hand.
    MissingLibrary
        Parquet needs pyarrow.
    OSError
        There is no such folder, or a file cannot be read.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> job = stag.samples.load("magazine")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = write_tables(job, folder)
    ...     read = read_tables(folder)
    >>> read["labels"]["name"].equals(job.labels["name"])
    True
    """
    there = {file.name for file in Path(folder).iterdir()}
    read = {}
    for name in TABLES:
        found = [form for form in FORMATS if f"{name}.{form}" in there]
        if len(found) > 1:
            files = " and ".join(f"{name}.{form}" for form in found)
            raise InvalidArgument("folder", "each table in one format", files)
        if not found:
            read[name] = empty(name)
            continue
        file = Path(folder) / f"{name}.{found[0]}"
        try:
            columns = _READERS[found[0]](file, name)
        except ValueError as error:
            why = f"{file.name} is not as write_tables writes it: {error}."
            raise ContractError(name, TABLES[name].key, why) from error
        read[name] = conform(pd.DataFrame(columns), name)
    return read


def _check_pyarrow() -> None:
    if importlib.util.find_spec("pyarrow") is None:
        raise MissingLibrary("pyarrow", "Parquet", "smarttag-nb[parquet]")


_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
_QUOTED = re.compile(r'[",\r\n]')


def _csv(frame: pd.DataFrame, name: str) -> bytes:
    columns = [_cells(frame[column]) for column in frame]
    rows = [",".join(map(_quoted, frame)), *map(",".join, zip(*columns, strict=True)), ""]
    return "\n".join(rows).encode("utf-8-sig")


def _cells(column: pd.Series[Any]) -> list[str]:
    missing = column.isna()
    held = zip(column.tolist(), missing.tolist(), strict=True)
    if column.dtype == object:
        texts = ("" if gone else as_json(value) for value, gone in held)
    elif pd.api.types.is_string_dtype(column.dtype):
        texts = ("" if gone else _inert(value) for value, gone in held)
    else:
        texts = ("" if gone else str(value) for value, gone in held)
    return [_quoted(text) for text in texts]


def _inert(text: str) -> str:
    return "'" + text if not text or text.startswith(_LIVE) else text


def _quoted(text: str) -> str:
    # Carriage returns too: Python's own writer leaves them bare, and readers end a row there.
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _read_csv(file: Path, name: str) -> dict[str, Any]:
    read = pd.read_csv(
        file, dtype=object, na_filter=False, encoding="utf-8-sig", skip_blank_lines=False
    )
    kinds = {column.name: column.kind for column in TABLES[name].columns}
    columns = {}
    for column in read:
        # What is no column of the table is for `conform` to refuse.
        parse = _PARSERS[kinds.get(column, "text")]
        columns[column] = pd.Series(
            [parse(cell) if cell else None for cell in read[column]], dtype=object
        )
    return columns


def _flag(cell: str) -> bool:
    # In capitals where a spreadsheet has saved the file.
    if cell.lower() not in ("true", "false"):
        raise ValueError(f"expected True or False, got {cell!r:.40}")
    return cell.lower() == "true"


_PARSERS: Mapping[Kind, Callable[[str], Any]] = {
    "number": float,
    "integer": int,
    "flag": _flag,
    "text": lambda cell: cell.removeprefix("'"),
    "object": json.loads,
}


def _json(frame: pd.DataFrame, name: str) -> bytes:
    rows = ",\n".join(_rows(frame))
    return f"[\n{rows}\n]\n".encode() if rows else b"[]\n"


def _jsonl(frame: pd.DataFrame, name: str) -> bytes:
    return "".join(f"{row}\n" for row in _rows(frame)).encode()


def _rows(frame: pd.DataFrame) -> Iterator[str]:
    records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return map(as_json, records)


def _read_json(file: Path, name: str) -> dict[str, Any]:
    return _columns(json.loads(file.read_bytes()))


def _read_jsonl(file: Path, name: str) -> dict[str, Any]:
    # A line ends at \n alone: a text may hold what else Python takes for the end of one.
    lines = file.read_bytes().split(b"\n")
    return _columns([json.loads(line) for line in lines if line])


def _columns(records: Any) -> dict[str, Any]:
    if not (isinstance(records, list) and all(isinstance(record, dict) for record in records)):
        raise ValueError("expected an object a row")
    names = dict.fromkeys(key for record in records for key in record)
    return {key: pd.Series([record.get(key) for record in records], dtype=object) for key in names}


def _parquet(frame: pd.DataFrame, name: str) -> bytes:
    made = frame.copy(deep=False)
    for column in made:
        if made[column].dtype == object:
            texts = [None if value is None else as_json(value) for value in made[column]]
            made[column] = pd.Series(texts, dtype=TEXT, index=made.index)
    stream = io.BytesIO()
    made.to_parquet(stream, index=False, schema=_schema(frame, name))
    return stream.getvalue()


def _schema(frame: pd.DataFrame, name: str) -> Any:
    """Give a contract table's columns their types, also one in which all is missing."""
    import pyarrow as pa

    types = {"number": pa.float64(), "integer": pa.int64(), "flag": pa.bool_()}
    kinds = {column.name: column.kind for column in TABLES[name].columns} if name in TABLES else {}
    if not set(frame) <= set(kinds):
        return None
    return pa.schema([(column, types.get(kinds[column], pa.string())) for column in frame])


def _read_parquet(file: Path, name: str) -> dict[str, Any]:
    _check_pyarrow()
    from pyarrow.parquet import ParquetFile

    # Its one file alone: a path with "=" in it would be read for partitions, and add columns.
    with ParquetFile(file) as opened:
        table = opened.read()
    columns = {key: pd.Series(table[key].to_pylist(), dtype=object) for key in table.column_names}
    for column in TABLES[name].columns:
        if column.kind == "object" and column.name in columns:
            columns[column.name] = columns[column.name].map(json.loads, na_action="ignore")
    return columns


def as_json(value: Any) -> str:
    """Write a value, such as a dict of a table, as JSON."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except RecursionError:
        return json.dumps("nested too deep to write; it stands in job.raw")


FORMATS: Mapping[str, Callable[[pd.DataFrame, str], bytes]] = {
    "csv": _csv,
    "json": _json,
    "jsonl": _jsonl,
    "parquet": _parquet,
}
"""How each format writes a frame and its name."""

_READERS: Mapping[str, Callable[[Path, str], dict[str, Any]]] = {
    "csv": _read_csv,
    "json": _read_json,
    "jsonl": _read_jsonl,
    "parquet": _read_parquet,
}
