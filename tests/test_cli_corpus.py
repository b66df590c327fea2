"""``smarttag corpus`` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import smarttag_nb as stag
from smarttag_nb.cli import main


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "lake"
    answers = [stag.samples.path("magazine", name) for name in ("smarttag", "cpv-hmi")]
    assert main(["corpus", "add", str(folder), *map(str, answers)]) == 0
    return folder


def test_adding_tells_what_became_of_everything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = tmp_path / "answers"
    answers.mkdir()
    (answers / "good.json").write_bytes(stag.samples.path("magazine", "image").read_bytes())
    (answers / "bad.json").write_text("{broken")
    (answers / "clip.mp4").write_bytes(b"")
    assert main(["corpus", "add", str(tmp_path / "lake"), str(answers), "--workers", "1"]) == 1
    told = capsys.readouterr()
    assert "1 added" in told.out
    assert "1 failed" in told.out
    assert "1 file of another kind ignored" in told.out
    assert "bad.json" in told.err
    assert "broken JSON" in told.err
    assert "1 answer could not be read" in told.err


def test_sql_prints_a_table(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = "SELECT job_id, counts.speech AS sentences FROM jobs WHERE job_id = $job"
    assert main(["corpus", "sql", str(lake), query, "--param", "job=smarttag"]) == 0
    speech = len(stag.load(stag.samples.path("magazine", "smarttag")).speech)
    assert capsys.readouterr().out.split() == ["job_id", "sentences", "smarttag", str(speech)]


def test_sql_shows_no_more_than_can_be_read(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = "SELECT i, repeat('长', 200) AS text FROM range(1000) AS t(i)"
    assert main(["corpus", "sql", str(lake), query]) == 0
    out = capsys.readouterr().out
    assert "100 of 1,000 rows" in out
    assert max(map(len, out.splitlines())) < 100


def test_sql_prints_nothing_that_a_terminal_obeys(
    lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    query = "SELECT chr(27) || '[2J' AS text, 'x' AS \"a\x1b[2Jb\""
    assert main(["corpus", "sql", str(lake), query]) == 0
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "json", "parquet"])
def test_sql_writes_all_rows(lake: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"labels.{suffix}"
    query = "SELECT name, ratio FROM labels ORDER BY load_id, label_id"
    assert main(["corpus", "sql", str(lake), query, "--out", str(out)]) == 0
    if suffix == "csv":
        read = pd.read_csv(out)
    elif suffix == "parquet":
        read = pd.read_parquet(out)
    else:
        read = pd.read_json(out, lines=suffix == "jsonl")
    expected = stag.Corpus(lake).sql(query)
    assert read["name"].tolist() == expected["name"].tolist()


def test_a_wrong_query_is_shown_where_it_is_wrong(
    lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["corpus", "sql", str(lake), "SELECT * FRM jobs"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert "syntax error" in lines[0]
    assert lines[-1].strip().endswith("^")


def test_what_would_write_is_refused(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["corpus", "sql", str(lake), "DROP TABLE jobs"]) == 1
    assert "Expected a SELECT" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--param", "novalue"], "NAME=VALUE"),
        (["--out", "labels.xls"], ".csv, .json"),
    ],
)
def test_called_wrongly(
    lake: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["corpus", "sql", str(lake), "SELECT 1", *arguments])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_info_counts_rows(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["corpus", "info", str(lake)]) == 0
    out = capsys.readouterr().out
    assert "2 answers" in out
    jobs = [stag.load(stag.samples.path("magazine", name)) for name in ("smarttag", "cpv-hmi")]
    assert f"labels {sum(len(job.labels) for job in jobs)} rows" in " ".join(out.split())


def test_check_tells_what_is_wrong(
    lake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["corpus", "check", str(lake)]) == 0
    assert "all is whole" in capsys.readouterr().out
    corpus = stag.Corpus(tmp_path / "lake")
    corpus.add(stag.samples.path("magazine", "image"))
    next((tmp_path / "lake" / "labels").rglob("*.parquet")).unlink()
    assert main(["corpus", "check", str(tmp_path / "lake")]) == 1
    assert "cannot be read" in capsys.readouterr().out


def test_a_slip_of_the_pen_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for action, *more in (["info"], ["check"], ["sql", "SELECT 1"]):
        assert main(["corpus", action, str(tmp_path / "lkae"), *more]) == 1
        told = capsys.readouterr()
        assert "no corpus is here" in told.err
        assert told.out == ""
    assert not (tmp_path / "lkae").exists()


def test_a_lake_of_failures_alone_is_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.json").write_text("{")
    assert main(["corpus", "add", str(tmp_path / "lake"), str(tmp_path / "broken.json")]) == 1
    assert main(["corpus", "info", str(tmp_path / "lake")]) == 0
    assert "0 answers" in capsys.readouterr().out


def test_a_folder_of_something_else_is_no_lake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.json").write_text(json.dumps({}))
    assert main(["corpus", "info", str(tmp_path)]) == 1
    assert "notes.json" in capsys.readouterr().err
