"""Tables as hostile as an answer can make them."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import strategies as st

from smarttag_nb import Job, tables
from smarttag_nb.job import Duration
from smarttag_nb.tables import TABLES, Column

TEXTS = [
    *("", "NA", "None", "nan", "null", "007", "1e5", "True", "'", "''", "=1+1", "@SUM(1)", "＝1"),
    *("a\nb", "\n", "\r", "a\rb", "\r\n", '"', '",', "a,b", " a ", "\t", "\x00", "a\x0bb", "\x1f"),
    *("\ufffe", "\uffff", "\ufeff", "\u2028", "\x85", "_x0041_", "<r>a</r>", "]]>", "&amp;"),
    *("http://example.com/", "mailto:a@b", "internal:a!A1", "你好", "👍🏽", "\u202egnp.exe"),
]
"""Texts that formats and spreadsheets are known to take for something else."""

texts = st.sampled_from(TEXTS) | st.text(max_size=8)

numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)

times = st.sampled_from([None, -5.0, -0.0, 0.0, 0.0004, 1.0, 1.5, 2.0, 4e6, 5e6, 1e308]) | numbers

_values: dict[str, st.SearchStrategy[Any]] = {
    "number": numbers,
    "integer": st.none() | st.integers(-(2**63), 2**63 - 1),
    "flag": st.sampled_from([None, True, False]),
    "text": st.none() | texts,
    "object": st.none()
    | st.dictionaries(texts, texts | st.integers() | st.none() | st.lists(numbers, max_size=2))
    | st.lists(st.lists(numbers, max_size=2) | texts, max_size=3),
}


_few: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from([None, "person", "tag", "highlights"]),
    "origin": st.sampled_from([None, "auto", "hmi"]),
    "result_type": st.sampled_from([None, "ASR", "NLP"]),
    "result_index": st.integers(0, 1),
    **dict.fromkeys(
        ["label_id", "occurrence_id", "box_id", "file_id"], st.none() | st.integers(0, 2)
    ),
}
"""Columns whose values are to meet those of other rows."""


def _cells(column: Column) -> st.SearchStrategy[Any]:
    if column.name in _few:
        return _few[column.name]
    return times if column.unit == "s" else _values[column.kind]


@st.composite
def frames(draw: st.DrawFn, name: str, most: int = 4) -> pd.DataFrame:
    """A contract table of any values, its ids counting from 0."""
    rows = draw(st.integers(0, most))
    columns = {
        column.name: pd.Series([draw(_cells(column)) for _ in range(rows)], dtype=object)
        for column in TABLES[name].columns[1:]
    }
    return tables.build(name, columns, rows)


@st.composite
def jobs(draw: st.DrawFn, *names: str) -> Job:
    """An answer: the tables named of any values, the others with a row in which all is missing."""
    made = {
        name: draw(frames(name, most=3)) if name in names else tables.build(name, {}, 1)
        for name in TABLES
    }
    return _job(made)


def _job(made: dict[str, pd.DataFrame]) -> Job:
    unknown = Duration(float("nan"), "unknown")
    return Job(None, None, None, None, None, None, unknown, b"", made)


def job_of(**columns: dict[str, list[Any]] | pd.DataFrame) -> Job:
    """An answer of these tables alone."""
    made = {name: tables.empty(name) for name in TABLES}
    given = {
        # As objects: a whole number beside None would become a float, and lose digits.
        name: tables.conform(pd.DataFrame(of, dtype=object), name)
        for name, of in columns.items()
    }
    return _job({**made, **given})
