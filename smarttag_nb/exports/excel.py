"""Excel: a workbook with a sheet for each table, in which nothing is a formula or a link."""

from __future__ import annotations

import importlib.util
import io
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..errors import MissingLibrary
from ..intervals import clock
from ..job import Job, check_job
from ..tables import TABLES, Column
from .characters import CLEANED, clean
from .export import Export, counted
from .tabular import as_json
from .whole import check_target, write_whole

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_ROWS = 1_048_576
"""Rows of a sheet, the header among them."""
_CHARACTERS = 32_767
"""What a cell holds, in units of UTF-16."""
_DIGITS = 10**15
"""From here on, Excel forgets the last digits of a number."""
_WIDEST = 60
_MEASURED = 200
"""How many rows a column's width is taken from."""


def excel(job: Job, file: str | os.PathLike[str]) -> Export:
    """Write an answer as an Excel workbook: a sheet for each table with rows, and one about it.

    Parameters
    ----------
    job : Job
        The answer.
    file : path
        Where to write, such as ``answer.xlsx``; an older file is replaced once the new one is
        whole.

    Returns
    -------
    Export
        The file, and what it does not hold: rows beyond the 1,048,576 of a sheet, texts beyond
        the 32,767 characters of a cell.

    Raises
    ------
    InvalidArgument
        `job` is no Job.
    MissingLibrary
        XlsxWriter is needed.
    OSError
        The file cannot be written; an older one is as it was.

    Notes
    -----
    A text is a text, whatever it begins with: no cell is a formula or a link, also after it was
    edited. Columns are those of the contract tables; beside each time in seconds stands the same
    as a clock shows it. Dicts and lists are JSON. An id of 16 digits or more is a text, since
    Excel would forget the last. What is missing is an empty cell.

    A text that is too long is cut, and ends in […] and how many characters it has.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     excel(stag.samples.load("magazine", answer="cpv-hmi"), f"{folder}/a.xlsx").format
    'Excel'
    """
    check_job(job)
    check_target(file)
    if importlib.util.find_spec("xlsxwriter") is None:
        raise MissingLibrary("XlsxWriter", "An Excel workbook", "smarttag-nb[excel]")
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    left_out: list[tuple[str, int, str]] = []
    changed: list[tuple[str, int, str]] = []
    # Each row goes to a temporary file at once.
    with Workbook(stream, {"constant_memory": True}) as book:
        about = book.add_worksheet("about")
        for name, frame in job.items():
            if len(frame):
                told = _write_table(book, name, frame[: _ROWS - 1])
                changed += [(name, rows, why) for why, rows in told.items()]
                left_out.append(
                    (name, max(len(frame) - _ROWS + 1, 0), "more rows than a sheet holds")
                )
        done = Export("Excel", (Path(file),), counted(left_out), counted(changed))
        _tell(book, about, job, done)
    write_whole(file, stream.getvalue())
    return done


def _write_table(book: Workbook, name: str, frame: pd.DataFrame) -> Counter[str]:
    """Write a table's sheet, and tell of how many rows something was changed."""
    sheet = book.add_worksheet(name)
    # As text also once it is edited: otherwise "=1+1" would become a formula then.
    as_text = book.add_format({"num_format": "@", "valign": "top"})
    plain = book.add_format({"valign": "top"})
    bold = book.add_format({"bold": True, "bottom": 1})
    columns = [*_columns(name, frame)]
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(frame), len(columns) - 1)
    for place, (head, values) in enumerate(columns):
        shown = max((_width(value) for value in islice(values, _MEASURED)), default=0)
        sheet.set_column(place, place, min(max(shown, _width(head) + 3), _WIDEST) + 1)
        sheet.write_string(0, place, head, bold)
    changed: Counter[str] = Counter()
    for row, cells in enumerate(zip(*(values for _, values in columns), strict=True), 1):
        changes: set[str] = set()
        for place, value in enumerate(cells):
            if isinstance(value, str):
                text, why = _fitting(value)
                changes |= why
                _write_text(sheet, row, place, text, as_text)
            elif isinstance(value, bool):
                sheet.write_boolean(row, place, value, plain)
            elif value is not None:
                sheet.write_number(row, place, value, plain)
        changed.update(changes)
    return changed


Cell = str | float | bool | None


def _columns(name: str, frame: pd.DataFrame) -> Iterator[tuple[str, list[Cell]]]:
    for column in TABLES[name].columns:
        values = frame[column.name]
        yield column.name, [_cell(value, column) for value in _plain(values)]
        if column.unit == "s" and values.notna().any():
            told = (None if value is None else clock(value, 2) for value in _plain(values))
            yield f"{column.name} (clock)", [*told]


def _plain(values: pd.Series[Any]) -> list[Any]:
    held: list[Any] = values.astype(object).where(values.notna(), None).tolist()
    return held


def _cell(value: Any, column: Column) -> Cell:
    cell: Cell = value
    if value is None:
        return None
    if column.kind == "object":
        return as_json(value)
    if column.kind == "integer" and abs(value) >= _DIGITS:
        return str(value)
    return cell


def _fitting(text: str) -> tuple[str, set[str]]:
    """Make a text one that a cell holds, and tell what had to be changed."""
    why = set()
    # A carriage return would show as what it is escaped to.
    held = clean(text)
    if held != text:
        why.add(CLEANED)
    if _length(held) > _CHARACTERS:
        mark = f" […] ({len(text):,} characters)"
        room = 2 * (_CHARACTERS - len(mark))
        held = held.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + mark
        why.add(f"a text beyond {_CHARACTERS:,} characters is cut")
    return held, why


def _length(text: str) -> int:
    return len(text) if len(text) <= _CHARACTERS // 2 else len(text.encode("utf-16-le")) // 2


_ESCAPE = re.compile(r"(?<=_)(?=x[0-9A-Fa-f]{4}_)")


def _write_text(sheet: Worksheet, row: int, column: int, text: str, form: Format) -> None:
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter takes this for a rich text in XML and writes it as it stands: it is given in
        # parts. They are escaped twice then, and so an escape is not to be whole in any.
        sheet.write_rich_string(row, column, "<", *_ESCAPE.split(text[1:-1]), ">", form)
    else:
        sheet.write_string(row, column, text, form)


def _width(value: Cell) -> int:
    """Measure a value in digits, of which a wide character takes two."""
    if value is None:
        return 0
    line = max(str(value)[: 2 * _WIDEST].split("\n"), key=len)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def _tell(book: Workbook, sheet: Worksheet, job: Job, done: Export) -> None:
    """Tell what the workbook is of, what is in it, and what it does not hold."""
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    facts: Mapping[str, str | None] = {
        "title": job.title,
        "operation": job.operation,
        "job": job.job_id,
        "status": job.status,
        "duration": str(job.duration),
        "reason": job.reason,
    }
    lines: list[tuple[str | int, ...]] = [(name, told) for name, told in facts.items() if told]
    lines += [(), ("sheet", "rows", "a row is")]
    heads = {len(lines) - 1}
    lines += [(name, len(frame), TABLES[name].row) for name, frame in job.items() if len(frame)]
    if told := [(table, rows, f"{what}: {why}") for what, table, rows, why in done]:
        lines += [(), ("sheet", "rows", "not as in the answer")]
        heads.add(len(lines) - 1)
        lines += told
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, _WIDEST)
    for row, line in enumerate(lines):
        for place, value in enumerate(line):
            if isinstance(value, str):
                form = bold if row in heads or place == 0 else text
                _write_text(sheet, row, place, _fitting(value)[0], form)
            else:
                sheet.write_number(row, place, value)
