from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pandas as pd
import pytest

import smarttag_nb as stag
from smarttag_nb import exports

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
    with pytest.raises(stag.errors.UnknownName, match="There are: csv, json, parquet"):
        exports.write_tables(job, tmp_path, "xlsx")
