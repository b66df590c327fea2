"""Excel workbooks, read back by openpyxl."""

from __future__ import annotations

import importlib.util
import json
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from openpyxl import load_workbook

import smarttag_nb as stag
from smarttag_nb import exports
from smarttag_nb.exports.characters import CLEANED, clean
from smarttag_nb.tables import TABLES
from tests.exports.hostile import TEXTS, frames, job_of


def sheets(file: Path) -> dict[str, list[dict[str, Any]]]:
    """Each sheet's rows, by the heads of their columns."""
    read = {}
    for sheet in load_workbook(file).worksheets[1:]:
        head, *rows = sheet.iter_rows(values_only=True)
        read[sheet.title] = [dict(zip(map(str, head), row, strict=True)) for row in rows]
    return read


def test_the_sample_opens_in_another_reader(tmp_path: Path) -> None:
    job = stag.samples.load("magazine")
    done = exports.excel(job, tmp_path / "a.xlsx")
    assert len(done.left_out) == len(done.changed) == 0
    read = sheets(tmp_path / "a.xlsx")
    assert {name: len(rows) for name, rows in read.items()} == {
        name: len(frame) for name, frame in job.items() if len(frame)
    }
    assert [row["text"] for row in read["speech"]] == job.speech["text"].tolist()
    assert read["speech"][0]["end_time"] == 6.56
    assert read["speech"][0]["end_time (clock)"] == "0:06.56"
    assert [*read["mindmap"][0]] == [column.name for column in TABLES["mindmap"].columns]
    told = json.loads(next(row["knowledge"] for row in read["labels"] if row["knowledge"]))
    assert told == job.labels["knowledge"].dropna().iloc[0]


@given(labels=frames("labels"), speech=frames("speech"))
@settings(max_examples=15)
def test_every_row_is_in_its_sheet(labels: pd.DataFrame, speech: pd.DataFrame) -> None:
    job = job_of(labels=labels, speech=speech)
    with TemporaryDirectory() as folder:
        done = exports.excel(job, Path(folder) / "a.xlsx")
        read = sheets(Path(folder) / "a.xlsx")
    assert len(done.left_out) == 0
    for name, frame in job.items():
        assert len(read.get(name, [])) == len(frame)
    # 16 digits of a number are written.
    scores = [row["score"] for row in read.get("labels", [])]
    assert scores == [
        None if pd.isna(score) else float(f"{score:.16G}") for score in job.labels["score"]
    ]


def decoded(text: str | None) -> str:
    """What Excel shows of a text that openpyxl leaves as it is written."""
    return (text or "").replace("_x005F_", "_")


def test_no_text_is_a_formula_a_link_or_markup(tmp_path: Path) -> None:
    texts = [*TEXTS, "<r></t><evil/></r>", "<r>_x0041_\x00</r>", "<r></r>", "external:a.xlsx#b"]
    exports.excel(job_of(texts={"text": texts}), tmp_path / "a.xlsx")
    read = sheets(tmp_path / "a.xlsx")["texts"]
    expected = [clean(text) for text in texts]
    assert [decoded(row["text"]) for row in read] == expected
    cells = [row[1] for row in load_workbook(tmp_path / "a.xlsx")["texts"].iter_rows()]
    assert {cell.data_type for cell in cells[1:]} <= {"s", "n", "inlineStr"}
    assert {cell.number_format for cell in cells[1:]} == {"@"}
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert not any(b"<f>" in part or b"<hyperlink" in part for part in parts.values())
    assert not any("rels" in name and "sheets" in name for name in parts)


def test_a_text_beyond_a_cell_is_cut_and_told(tmp_path: Path) -> None:
    texts = ["长" * 100_000, "👍" * 20_000, "a" * 32_767, "a\x00"]
    done = exports.excel(job_of(texts={"text": texts}), tmp_path / "a.xlsx")
    read = [row["text"] for row in sheets(tmp_path / "a.xlsx")["texts"]]
    assert all(len(text.encode("utf-16-le")) <= 2 * 32_767 for text in read)
    assert read[0].endswith("长 […] (100,000 characters)")
    assert read[1].endswith("👍 […] (20,000 characters)")
    assert read[2] == texts[2]
    assert sorted(done.changed.values.tolist()) == [
        ["texts", 1, CLEANED],
        ["texts", 2, "a text beyond 32,767 characters is cut"],
    ]
    about = [row for row in load_workbook(tmp_path / "a.xlsx")["about"].iter_rows(values_only=True)]
    assert ("texts", 2, "changed: a text beyond 32,767 characters is cut") in about


def test_rows_beyond_a_sheet_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["smarttag_nb.exports.excel"], "_ROWS", 4)
    done = exports.excel(job_of(texts={"text": list("abcde")}), tmp_path / "a.xlsx")
    assert [row["text"] for row in sheets(tmp_path / "a.xlsx")["texts"]] == ["a", "b", "c"]
    assert done.left_out.values.tolist() == [["texts", 2, "more rows than a sheet holds"]]


def test_numbers_keep_their_digits(tmp_path: Path) -> None:
    shots = {"number": [2**53 + 1, None, 7], "start_time": [1e308, -5.0, None]}
    exports.excel(job_of(shots=shots, labels={"listed": [True, False, None]}), tmp_path / "a.xlsx")
    read = sheets(tmp_path / "a.xlsx")
    assert [row["number"] for row in read["shots"]] == ["9007199254740993", None, 7]
    assert [row["start_time"] for row in read["shots"]] == [1e308, -5, None]
    assert [row["start_time (clock)"] for row in read["shots"]] == ["1e+308 s", "-0:05.00", None]
    assert "end_time (clock)" not in read["shots"][0]
    assert [row["listed"] for row in read["labels"]] == [True, False, None]


def test_headers_stay_in_sight_and_columns_fit(tmp_path: Path) -> None:
    said = {"text": ["长" * 500], "start_time": [1.0]}
    exports.excel(job_of(speech=said), tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx")["speech"]
    assert sheet.freeze_panes == "B2"
    widths = {
        cell.value: sheet.column_dimensions[cell.column_letter].width for cell in next(sheet.rows)
    }
    assert widths["speech_id"] < 20 < widths["text"] < 70


def test_an_answer_without_rows_is_a_workbook_too(tmp_path: Path) -> None:
    exports.excel(stag.samples.load("magazine", answer="pending"), tmp_path / "a.xlsx")
    assert load_workbook(tmp_path / "a.xlsx").sheetnames == ["about"]


def test_without_its_library_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "xlsxwriter" else find(name)
    )
    with pytest.raises(stag.errors.MissingLibrary, match=r"pip install 'smarttag-nb\[excel\]'"):
        exports.excel(job_of(), tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())
