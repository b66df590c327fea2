"""Where a lake is, and what becomes of what several write at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dask
import pandas as pd
import pytest

import smarttag_nb as stag
from smarttag_nb.corpus.lake import Lake, plain
from smarttag_nb.corpus.loads import new_load_id
from smarttag_nb.corpus.part import write_file
from smarttag_nb.corpus.schema import SCHEMAS, table_of
from smarttag_nb.errors import LakeError

SECRET = "CANARY-0123456789"
UNREACHABLE = {
    "AWS_ACCESS_KEY_ID": "id",
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_SESSION_TOKEN": SECRET,
    "AWS_REGION": "us-east-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_ALLOW_HTTP": "true",
    "max_retries": "0",
}


def ordered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(list(frame.columns[:3])).reset_index(drop=True)


def as_object_store(folder: Path) -> stag.Corpus:
    """Make a corpus in a folder that goes the way of an object store: by deltalake's file system.

    An object store has no folders that would have to be made; here they have.
    """
    for name in SCHEMAS:
        (folder / name).mkdir(parents=True)
    corpus = stag.Corpus(folder)
    corpus._lake = Lake(f"file://{folder}")
    assert not corpus._lake.is_local
    return corpus


def test_the_url_of_a_folder_is_the_folder(tmp_path: Path) -> None:
    assert stag.Corpus(f"file://{tmp_path}/a%20lake").path == str(tmp_path.resolve() / "a lake")


def test_an_object_store_is_read_and_written_as_a_folder_is(tmp_path: Path) -> None:
    job = stag.samples.load("magazine", answer="smarttag")
    other = stag.samples.load("magazine", answer="cpv-auto")
    here, there = stag.Corpus(tmp_path / "here"), as_object_store(tmp_path / "there")
    for corpus in (here, there):
        corpus.add(job, workers=1)
        corpus.add([job, other], workers=1)
    assert there.job("smarttag") == job
    assert len(there) == 2
    counted = "SELECT kind, count(*) AS number FROM labels GROUP BY kind ORDER BY kind"
    pd.testing.assert_frame_equal(there.sql(counted), here.sql(counted))
    columns = ["job_id", "occurrence_id", "start_time", "details"]
    table = ordered(there.table("occurrences", columns))
    pd.testing.assert_frame_equal(table, ordered(here.table("occurrences", columns)))
    lazy = there.dask("occurrences", columns)
    with dask.config.set(scheduler="sync"):
        pd.testing.assert_frame_equal(ordered(lazy.compute()), table)
    there.remove("smarttag")
    there.compact(timedelta(0))
    assert list(there.table("labels").job_id.unique()) == ["cpv-auto"]
    assert there.check().empty


def test_of_several_who_begin_a_lake_at_once_all_are_heard(tmp_path: Path) -> None:
    lake, together = Lake.at(tmp_path / "lake", None), threading.Barrier(8)

    def write(number: int) -> None:
        told = {"source": f"file {number}", "load_id": new_load_id(), "ingested": datetime.now(UTC)}
        action = write_file(lake, "failures", table_of("failures", [told]))
        together.wait()
        lake.commit("failures", [action])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(8)))
    table = lake.open("failures")
    assert table is not None
    assert len(table.file_uris()) == 8


def test_a_store_out_of_reach_is_told_in_one_line_and_without_its_secret() -> None:
    corpus = stag.Corpus("s3://bucket/lake", storage_options=UNREACHABLE)
    assert repr(corpus) == "<Corpus lake: cannot be read>"
    for call in (
        lambda: len(corpus),
        lambda: corpus.sql("SELECT 1"),
        lambda: corpus.add([]),
        lambda: corpus.check(),
        lambda: corpus.compact(),
        lambda: corpus.dask("labels"),
    ):
        with pytest.raises(LakeError, match=r"the table jobs cannot be read \(") as told:
            call()
        assert told.value.url == "s3://bucket/lake"
        assert "\\" not in str(told.value)
        assert SECRET not in str(told.value) + repr(told.value) + repr(vars(corpus))


def test_an_error_drawn_as_a_tree_becomes_a_line() -> None:
    tree = "Generic error\n    \x1b[31m↳\x1b[0m in the middle\n      \x1b[31m↳\x1b[0m at the end"
    assert plain(OSError(tree)) == "Generic error: in the middle: at the end"
