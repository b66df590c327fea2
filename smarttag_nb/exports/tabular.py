"""CSV, JSON and Parquet: one file a table."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import MissingLibrary, UnknownName


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
    format : {"csv", "json", "parquet"}
        CSV is UTF-8 with the mark that spreadsheets need. A text that a spreadsheet would take
        for a formula has an apostrophe before it, and so has a text that begins with one. Dicts
        and lists are JSON in CSV and Parquet.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    UnknownName
        There is no such format.
    MissingLibrary
        Parquet needs pyarrow.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = write_tables(stag.samples.load("magazine"), folder)
    >>> files[0].name
    'labels.csv'
    """
    if format not in FORMATS:
        raise UnknownName("format of tables", format, FORMATS)
    if format == "parquet" and importlib.util.find_spec("pyarrow") is None:
        raise MissingLibrary("pyarrow", "Parquet", "smarttag-nb[parquet]")
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for name, frame in tables.items():
        file = target / f"{name}.{format}"
        if len(frame) or file.exists():
            FORMATS[format](frame, file)
            written.append(file)
    return written


def _write_csv(frame: pd.DataFrame, file: Path) -> None:
    inert = _with_json(frame)
    for name in inert:
        if inert[name].dtype != object and pd.api.types.is_string_dtype(inert[name].dtype):
            inert[name] = inert[name].map(_inert, na_action="ignore")
    inert.to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\n")


_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


def _inert(text: str) -> str:
    return "'" + text if text.startswith(_LIVE) else text


def _write_json(frame: pd.DataFrame, file: Path) -> None:
    records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    with file.open("w", encoding="utf-8") as stream:
        stream.write("[")
        for i, record in enumerate(records):
            stream.write(",\n" if i else "\n")
            stream.write(_as_json(record))
        stream.write("\n]\n")


def _write_parquet(frame: pd.DataFrame, file: Path) -> None:
    _with_json(frame).to_parquet(file, index=False)


def _with_json(frame: pd.DataFrame) -> pd.DataFrame:
    made = frame.copy(deep=False)
    for name in made:
        if made[name].dtype == object:
            texts = [None if value is None else _as_json(value) for value in made[name]]
            made[name] = pd.Series(texts, dtype=pd.StringDtype("python"), index=made.index)
    return made


def _as_json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except RecursionError:
        return json.dumps("nested too deep to write; it stands in job.raw")


FORMATS: dict[str, Callable[[pd.DataFrame, Path], None]] = {
    "csv": _write_csv,
    "json": _write_json,
    "parquet": _write_parquet,
}
"""How each format writes a frame."""
