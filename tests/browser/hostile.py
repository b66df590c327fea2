"""An answer in which every text, at any depth, is a hostile one; all else is as it should be."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import smarttag_nb as stag
from smarttag_nb.job import Duration
from smarttag_nb.tables import KINDS, TABLES
from tests.browser.payloads import PAYLOADS

SECONDS = 0.6
"""From one row to the next of its table: all are within the sample's clip."""

_FEW = {
    ("labels", "kind"): KINDS,
    ("labels", "origin"): ("auto",),
    ("summaries", "kind"): ("text", "speaker", "question"),
    ("highlights", "kind"): ("keyword", "sentence", "action"),
    ("meta", "name"): ("title",),
    ("problems", "action"): ("kept", "changed", "skipped"),
}
"""What readers choose from a list of their own, and views do by what they find there."""

OF_ONE_SOURCE = [
    (table, "result_type")
    for table in ("labels", "occurrences", "boxes", "attributes", "speech", "ocr", "ocr_frames")
]
"""Columns with one payload in all rows: a view takes the rows of one result type."""

SPARED = [*OF_ONE_SOURCE, ("problems", "severity")]
"""Columns of text in which not every payload stands."""


def job(witness: str, *, lawless: bool = False) -> stag.Job:
    """A job whose requests would go to a witness.

    Each table has a row for each payload, and each payload stands in every column of text; where
    it is `lawless`, also in those for which readers have a list of their own. A problem's severity
    alone never is: it is said by us, not by an answer.
    """
    texts = [payload.aimed(witness) for payload in PAYLOADS]
    tables = {name: _table(name, texts, {} if lawless else _FEW) for name in TABLES}
    seconds = len(texts) * SECONDS
    facts = texts[:5]
    return stag.Job(
        *facts[:4], {texts[5]: [texts[6]]}, facts[4], Duration(seconds, "given"), texts, tables
    )


def alignment(witness: str) -> stag.alignment.Alignment:
    """Its speech beside its text on screen, now and then with a letter more."""
    return stag.align(job(witness))


def cards(witness: str) -> list[str]:
    """What a job and an alignment show of themselves, for each payload in all that they tell."""
    empty = stag.samples.load("magazine", "pending")
    silent = stag.align(empty)
    made = []
    for payload in PAYLOADS:
        text = payload.aimed(witness)
        rows = {
            "meta": {"name": ["title"], "value": [text], "result_type": [text]},
            "labels": {"name": [text] * 2, "result_type": [text, "CPVLabel"], "origin": [text] * 2},
        }
        tables = {
            name: stag.tables.conform(pd.DataFrame(columns), name) for name, columns in rows.items()
        }
        told = dict.fromkeys(("status", "operation", "job_id", "request_id", "reason"), text)
        filled = dataclasses.replace(empty, **told, tables={**empty.tables, **tables})
        clock = dataclasses.replace(silent.clock, reason=text)
        made += [filled._repr_html_(), dataclasses.replace(silent, clock=clock)._repr_html_()]
    return made


def video(witness: str, folder: str | Path = ".") -> Path:
    """A clip whose file has a hostile name."""
    (named,) = [payload for payload in PAYLOADS if payload.name == "half-open img"]
    file = Path(folder) / f"{named.aimed(witness)}.mp4"
    shutil.copyfile(stag.samples.video("magazine"), file)
    return file


def _table(name: str, texts: list[str], few: Mapping[Any, Sequence[str]]) -> pd.DataFrame:
    rows = len(texts)
    columns = {}
    shift = 0
    for column in TABLES[name].columns[1:]:
        if column.kind == "text":
            columns[column.name] = _words(name, column.name, texts, shift)
            known = few.get((name, column.name))
            if known:
                columns[column.name] = [known[row % len(known)] for row in range(rows)]
            shift += 1
        elif column.kind == "object":
            columns[column.name] = _objects(column.name, texts)
        elif column.kind == "number":
            columns[column.name] = _numbers(column.name, rows)
        else:
            columns[column.name] = _integers(name, column.name, rows)
    return stag.tables.conform(pd.DataFrame(columns), name)


def _words(table: str, column: str, texts: list[str], shift: int) -> list[str]:
    if (table, column) == ("problems", "severity"):
        return [("error", "warning", "info")[row % 3] for row in range(len(texts))]
    if (table, column) in OF_ONE_SOURCE:
        return texts[:1] * len(texts)
    # The first text of each table is that of the same row in all: speech and screen agree.
    said = [texts[(row + shift) % len(texts)] for row in range(len(texts))]
    if table == "ocr" and column == "text":
        said[::2] = [f"{text}ж" for text in said[::2]]
    return said


def _objects(column: str, texts: list[str]) -> list[Any]:
    """Dicts and lists, hostile where a reader takes any JSON."""
    rows = range(len(texts))
    if column in ("knowledge", "details"):
        return [_nested(texts, row) for row in rows]
    made: dict[str, Any] = {
        "landmarks": [100.0, 100.0, 140.0, 140.0],
        "quad": [[20, 300], [220, 300], [220, 330], [20, 330]],
        "char_scores": [0.5, 0.9],
    }
    return [made.get(column, [row, row + 1]) for row in rows]


def _nested(texts: list[str], row: int) -> dict[str, Any]:
    a, b, c = (texts[(row + step) % len(texts)] for step in range(3))
    return {a: b, "metaData": {b: [c, {c: a}]}, "mediaData": [a, [b]], "url": c, "name": a}


def _numbers(column: str, rows: int) -> Any:
    start = np.arange(rows) * SECONDS
    left = np.arange(rows) % 10 * 40.0
    return {
        "start_time": start,
        "end_time": start + 0.9 * SECONDS,
        "timestamp": start,
        "x1": left + 20,
        "x2": left + 220,
        "y1": np.full(rows, 300.0),
        "y2": np.full(rows, 330.0),
        "ratio": np.linspace(1, 0.01, rows),
    }.get(column, np.full(rows, 0.9))


def _integers(table: str, column: str, rows: int) -> Any:
    ids = np.arange(rows)
    if column == "parent_id":
        return pd.array([pd.NA if row % 10 == 0 else row - 1 for row in ids], dtype="Int64")
    if column == "depth":
        return ids % 10
    if column == "listed":
        return ids % 2 == 0
    if column in ("result_index", "file_id", "repeats"):
        return np.ones(rows, dtype=int)
    return ids
