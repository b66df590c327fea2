from __future__ import annotations

import csv
import errno
import importlib.util
import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow.parquet import read_schema

import smarttag_nb as stag
from smarttag_nb import exports, tables
from smarttag_nb.job import _same
from smarttag_nb.tables import TABLES
from tests.exports.hostile import frames

TEXTS = ["=1+1", "+a", "-5°C", "@x", "'quoted", "plain", "a\nb", '"q",', "", "NA", "007"]


@pytest.fixture
def job() -> stag.Job:
    details = [{"from": -1.5, "to": k, "content": text} for k, text in enumerate(TEXTS)]
    return stag.load(json.dumps({"details": details}))


def test_csv_holds_no_formula_and_can_be_undone(job: stag.Job, tmp_path: Path) -> None:
    exports.write_tables(job, tmp_path / "new" / "folder")
    file = tmp_path / "new" / "folder" / "speech.csv"
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    read = pd.read_csv(file, dtype={"text": "str"}, keep_default_na=False)
    assert not read["text"].str.match(r"[=+\-@]").any()
    assert read["text"].str.replace(r"^'", "", regex=True).tolist() == TEXTS
    assert read["start_time"].tolist() == [-1.5] * len(TEXTS)


def test_json_keeps_texts_numbers_and_dicts(tmp_path: Path) -> None:
    job = stag.samples.load("magazine")
    exports.write_tables(job, tmp_path, "json")
    labels = json.loads((tmp_path / "labels.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in labels] == job.labels["name"].tolist()
    assert labels[0]["score"] is None
    process = [row for row in labels if row["result_type"] == "Process"]
    assert process[0]["knowledge"]["occupation"] == "主持人"


def test_parquet_reads_back(tmp_path: Path) -> None:
    job = stag.samples.load("magazine")
    files = exports.write_tables(job, tmp_path, "parquet")
    assert [file.stem for file in files] == [name for name, frame in job.items() if len(frame)]
    boxes = pd.read_parquet(tmp_path / "boxes.parquet")
    assert boxes["x1"].tolist() == job.boxes["x1"].tolist()
    landmarks = [json.loads(text) for text in boxes["landmarks"].dropna()]
    assert landmarks == job.boxes["landmarks"].dropna().tolist()


def test_parquet_without_its_library_says_what_to_install(
    job: stag.Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "pyarrow" else find(name)
    )
    with pytest.raises(stag.errors.MissingLibrary, match=r"pip install 'smarttag-nb\[parquet\]'"):
        exports.write_tables(job, tmp_path, "parquet")
    assert not list(tmp_path.iterdir())


def test_an_unknown_format_is_told(job: stag.Job, tmp_path: Path) -> None:
    with pytest.raises(stag.errors.UnknownName, match="There are: csv, json, jsonl, parquet"):
        exports.write_tables(job, tmp_path, "xlsx")
    with pytest.raises(stag.errors.UnknownName):
        exports.write_tables(job, tmp_path, ["csv"])  # type: ignore[arg-type]


@pytest.mark.parametrize("form", exports.FORMATS)
@given(data=st.data())
@settings(max_examples=25)
def test_every_table_comes_back_equal(form: str, data: st.DataObject) -> None:
    # A table a time, of those that between them have every kind of column.
    name = data.draw(st.sampled_from(["labels", "boxes", "ocr", "speech", "mindmap", "problems"]))
    frame = data.draw(frames(name))
    with TemporaryDirectory() as folder:
        exports.write_tables({name: frame}, folder, form)
        read = exports.read_tables(folder)
    assert list(read) == list(TABLES)
    assert _same(read[name], frame)
    assert read[name].dtypes.equals(frame.dtypes)


@pytest.mark.parametrize("form", exports.FORMATS)
def test_whole_answers_come_back_equal_also_those_without_rows(form: str, tmp_path: Path) -> None:
    for answer in stag.samples.answers("magazine"):
        job = stag.samples.load("magazine", answer)
        exports.write_tables(job, tmp_path / answer, form)
        read = exports.read_tables(tmp_path / answer)
        assert [name for name in job if not _same(read[name], job[name])] == []


@pytest.mark.parametrize("given_", [None, "labels", {"labels": 3}, pd.DataFrame({"a": [1]})])
def test_what_are_no_tables_is_told_in_a_line(given_: Any, tmp_path: Path) -> None:
    with pytest.raises(stag.errors.InvalidArgument, match=r"^tables: expected a Job.*\.$"):
        exports.write_tables(given_, tmp_path)
    assert not list(tmp_path.iterdir())


def test_csv_keeps_a_text_of_any_length(tmp_path: Path) -> None:
    texts = tables.conform(pd.DataFrame({"text": ["你" * 200_000]}), "texts")
    exports.write_tables({"texts": texts}, tmp_path)
    assert exports.read_tables(tmp_path)["texts"].equals(texts)


def test_csv_is_what_other_readers_read(tmp_path: Path) -> None:
    said = tables.conform(pd.DataFrame({"text": ["a\rb", "c\nd", 'e "f", g', "h"]}), "speech")
    exports.write_tables({"speech": said}, tmp_path)
    with (tmp_path / "speech.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["text"] for row in rows] == said["text"].tolist()
    read = duckdb.read_csv(str(tmp_path / "speech.csv"), header=True).fetchdf()
    assert read["text"].tolist() == said["text"].tolist()


def test_json_lines_are_what_other_readers_read(tmp_path: Path) -> None:
    job = stag.samples.load("magazine")
    exports.write_tables(job, tmp_path, "jsonl")
    file = str(tmp_path / "labels.jsonl")
    assert pd.read_json(file, lines=True)["name"].tolist() == job.labels["name"].tolist()
    assert duckdb.read_json(file).fetchdf()["name"].tolist() == job.labels["name"].tolist()


def test_parquet_has_the_tables_types_also_where_all_is_missing(tmp_path: Path) -> None:
    labels = tables.build("labels", {}, 1)
    exports.write_tables({"labels": labels}, tmp_path, "parquet")
    types = {field.name: str(field.type) for field in read_schema(tmp_path / "labels.parquet")}
    assert types["label_id"] == "int64"
    assert types["name"] == types["knowledge"] == "string"
    assert types["score"] == "double"
    assert types["listed"] == "bool"


def test_parquet_takes_columns_of_a_table_and_other_tables(job: stag.Job, tmp_path: Path) -> None:
    other = pd.DataFrame({"text": ["a"], "mood": [[1]]})
    exports.write_tables({"speech": job.speech[["text"]], "words": other}, tmp_path, "parquet")
    assert pd.read_parquet(tmp_path / "speech.parquet")["text"].tolist() == TEXTS
    assert pd.read_parquet(tmp_path / "words.parquet")["mood"].tolist() == ["[1]"]


def test_a_folder_named_like_a_partition_adds_no_column(tmp_path: Path) -> None:
    folder = tmp_path / "job_id=1"
    texts = tables.build("texts", {"text": "a"}, 1)
    exports.write_tables({"texts": texts}, folder, "parquet")
    assert exports.read_tables(folder)["texts"].equals(texts)


def test_a_table_in_two_formats_is_told(job: stag.Job, tmp_path: Path) -> None:
    exports.write_tables(job, tmp_path)
    exports.write_tables(job, tmp_path, "json")
    with pytest.raises(stag.errors.InvalidArgument, match=r"speech\.csv and speech\.json"):
        exports.read_tables(tmp_path)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("speech.csv", "speech_id,start_time\n0,soon\n", "speech.csv is not as write_tables"),
        ("labels.csv", "label_id,listed\n0,yes\n", "expected True or False, got 'yes'"),
        ("speech.csv", "speech_id,mood\n0,good\n", "has no such column"),
        ("speech.csv", "speech_id,text\n0,a\n0,b\n", "ids must be unique"),
        ("speech.csv", "", "No columns to parse"),
        ("speech.json", "[1]", "expected an object a row"),
        ("speech.jsonl", '{"text": 1', "speech.jsonl is not as write_tables"),
        ("speech.parquet", "PAR1", "speech.parquet is not as write_tables"),
    ],
)
def test_a_file_changed_by_hand_is_told(file: str, content: str, said: str, tmp_path: Path) -> None:
    (tmp_path / file).write_text(content, encoding="utf-8")
    with pytest.raises(stag.errors.ContractError, match=re.escape(said)):
        exports.read_tables(tmp_path)


def test_csv_that_a_spreadsheet_has_saved_is_read(tmp_path: Path) -> None:
    content = "label_id,name,listed,ratio\r\n0,'=1+1,TRUE,0.5\r\n1,',,\r\n"
    (tmp_path / "labels.csv").write_bytes(content.encode("utf-8-sig"))
    labels = exports.read_tables(tmp_path)["labels"]
    assert labels["name"].tolist() == ["=1+1", ""]
    assert labels["listed"].tolist() == [True, pd.NA]
    assert labels["ratio"].fillna(-1).tolist() == [0.5, -1]


def test_other_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text("a\n1\n", encoding="utf-8")
    assert len(exports.read_tables(tmp_path)["speech"]) == 0


def test_an_older_file_stays_where_the_new_one_cannot_be_written(
    job: stag.Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports.write_tables(job, tmp_path)
    before = (tmp_path / "speech.csv").read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match=r"No space left.*speech\.csv"):
        exports.write_tables({"speech": job.speech[:1]}, tmp_path)
    assert (tmp_path / "speech.csv").read_bytes() == before
