"""Adding by the workers of a Dask cluster."""

from __future__ import annotations

import io
import json
import os
import signal
import tarfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from distributed import Client, LocalCluster

import smarttag_nb as stag
from smarttag_nb.corpus import cluster, ingest
from smarttag_nb.corpus.lake import Lake
from smarttag_nb.corpus.part import Part, make_part
from smarttag_nb.errors import InvalidArgument, LakeError

ANSWER = json.loads(stag.samples.path("magazine", "smart-handle-text").read_bytes())


@contextmanager
def cluster_of(**options: Any) -> Iterator[Client]:
    """Begin a cluster, which does not become the default of others."""
    with (
        LocalCluster(dashboard_address=":0", **options) as made,
        Client(made, set_as_default=False) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def threads() -> Iterator[Client]:
    with cluster_of(processes=False, n_workers=1, threads_per_worker=2) as client:
        yield client


@pytest.fixture(scope="module")
def processes() -> Iterator[Client]:
    with cluster_of(n_workers=2, threads_per_worker=1) as client:
        yield client


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "_PART_ITEMS", 3)


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """Ten answers of ten jobs, one of them no answer, and five more in an archive."""
    folder = tmp_path / "answers"
    folder.mkdir()
    for number in range(9):
        (folder / f"{number}.json").write_bytes(answer_of(f"job-{number}"))
    (folder / "9.json").write_bytes(b"[")
    with tarfile.open(folder / "more.tar.gz", "w:gz") as archive:
        for number in range(10, 15):
            content = answer_of(f"job-{number}")
            member = tarfile.TarInfo(f"{number}.json")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return folder


def answer_of(job_id: str, **more: Any) -> bytes:
    return json.dumps({**ANSWER, "JobId": job_id, **more}).encode()


def rows(corpus: stag.Corpus, name: str) -> pd.DataFrame:
    frame = corpus.table(name).drop(columns=["load_id", "ingested"], errors="ignore")
    return frame.sort_values(list(frame.columns[:2])).reset_index(drop=True)


def commits(corpus: stag.Corpus) -> int:
    table = Lake.at(corpus.path, None).open("jobs")
    assert table is not None
    return sum(entry["operation"] == "WRITE" for entry in table.history())


def files_of(corpus: stag.Corpus) -> set[str]:
    """Every file of rows that is there, whether a table knows of it or not."""
    return {str(path) for path in Path(corpus.path).rglob("*.parquet")}


def known_files(corpus: stag.Corpus) -> set[str]:
    lake = Lake.at(corpus.path, None)
    tables = [lake.open(name) for name in sorted(os.listdir(corpus.path))]
    return {file for table in tables if table is not None for file in table.file_uris()}


def test_a_cluster_adds_what_one_process_adds_and_in_one_commit(
    threads: Client, answers: Path, tmp_path: Path
) -> None:
    here, there = stag.Corpus(tmp_path / "here"), stag.Corpus(tmp_path / "there")
    assert there.add(answers, client=threads) == here.add(answers, workers=1)
    assert len(there) == 14
    for name in ("texts", "meta", "labels", "failures"):
        pd.testing.assert_frame_equal(rows(there, name), rows(here, name))
    assert commits(there) == 1
    assert there.check().empty


def test_what_the_lake_has_is_not_read_again(
    threads: Client, answers: Path, tmp_path: Path
) -> None:
    corpus = stag.Corpus(tmp_path / "lake")
    first = corpus.add(answers, client=threads)
    files = files_of(corpus)
    again = corpus.add(answers, client=threads)
    assert (again.added, again.unchanged, again.failed) == (0, first.added, first.failed)
    assert files_of(corpus) == files


def test_jobs_and_large_answers_of_archives_travel_to_the_workers(
    threads: Client, tmp_path: Path
) -> None:
    large = answer_of("large", UserData="x" * 11_000_000)
    with tarfile.open(tmp_path / "large.tar.gz", "w:gz", compresslevel=1) as archive:
        member = tarfile.TarInfo("large.json")
        member.size = len(large)
        archive.addfile(member, io.BytesIO(large))
    job = stag.samples.load("magazine", answer="smarttag")
    corpus = stag.Corpus(tmp_path / "lake")
    corpus.add([job, tmp_path / "large.tar.gz"], client=threads)
    assert corpus.job("smarttag") == job
    assert corpus.job("large").raw == large


def make_part_and_die_once(*arguments: Any) -> Part:
    """Make a part, and have the worker killed before it is told."""
    part = make_part(*arguments)
    lake: Lake = arguments[0]
    try:
        (Path(lake.url) / ".." / "died").resolve().touch(exist_ok=False)
    except FileExistsError:
        return part
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("it was killed")


def test_a_part_that_was_written_twice_is_committed_once(
    processes: Client, answers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = stag.Corpus(tmp_path / "lake")
    monkeypatch.setattr(cluster, "make_part", make_part_and_die_once)
    assert corpus.add(answers, client=processes).added == 14
    assert (tmp_path / "died").exists()
    assert len(corpus) == corpus.table("texts").job_id.nunique() == 14
    assert len(corpus.table("texts")) == 14 * len(stag.load(answer_of("one")).texts)
    assert corpus.check().empty
    nobodys = files_of(corpus) - known_files(corpus)
    assert nobodys
    corpus.compact(timedelta(0))
    assert files_of(corpus) == known_files(corpus)
    assert (len(corpus), len(corpus.check())) == (14, 0)


def make_part_or_die(*arguments: Any) -> Part:
    lake, items = arguments[:2]
    if any(item.source.endswith("9.json") for item in items):
        os.kill(os.getpid(), signal.SIGKILL)
    return make_part(lake, *arguments[1:])


def test_a_part_that_kills_its_workers_is_an_error_and_the_others_stay(
    processes: Client, answers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = stag.Corpus(tmp_path / "lake")
    monkeypatch.setattr(cluster, "make_part", make_part_or_die)
    monkeypatch.setattr(processes.cluster.scheduler, "allowed_failures", 0)
    monkeypatch.setattr(ingest, "_PART_ITEMS", 1)
    with pytest.raises(LakeError, match=r"one worker of the cluster after another was killed"):
        corpus.add(answers, client=processes)
    assert corpus.check().empty
    monkeypatch.undo()
    there = len(corpus)
    assert corpus.add(answers, workers=1).added + there == len(corpus) == 14


def test_threads_leave_the_warning_filters_of_their_process_alone(
    threads: Client, answers: Path, tmp_path: Path
) -> None:
    (answers / "9.json").write_text('{"details": [{"from": "no", "to": 2, "content": "a"}]}')
    filters = list(warnings.filters)
    corpus = stag.Corpus(tmp_path / "lake")
    assert corpus.add(answers, client=threads).added == 15
    assert "error" in set(corpus.table("problems").severity)
    assert warnings.filters == filters


def test_what_is_no_client_of_a_running_cluster_is_refused(threads: Client, tmp_path: Path) -> None:
    corpus = stag.Corpus(tmp_path / "lake")
    with pytest.raises(InvalidArgument, match=r"client: expected a dask.distributed.Client"):
        corpus.add([], client="tcp://127.0.0.1:8786")
    closed = Client(threads.cluster.scheduler_address, set_as_default=False)
    closed.close()
    with pytest.raises(InvalidArgument, match="that is connected"):
        corpus.add([], client=closed)


def test_workers_with_another_version_are_refused(
    threads: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def theirs(*_: Any, **__: Any) -> dict[str, str]:
        return {"tcp://10.0.0.7:1": "0.0.1"}

    monkeypatch.setattr(threads, "run", theirs)
    with pytest.raises(InvalidArgument, match=r"all have smarttag-nb .*, got .*'0\.0\.1'"):
        stag.Corpus(tmp_path / "lake").add([], client=threads)
