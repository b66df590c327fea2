"""Lazy frames of a corpus."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dask
import pandas as pd
import pytest

import smarttag_nb as stag
from smarttag_nb.errors import LakeError, UnknownName
from smarttag_nb.tables import TABLES


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    with dask.config.set(scheduler="sync"):
        yield


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> stag.Corpus:
    """The sample's answers in several files a table; one was removed, and one was replaced."""
    made = stag.Corpus(tmp_path_factory.mktemp("dask") / "lake")
    jobs = [stag.samples.load("magazine", answer=name) for name in stag.samples.answers("magazine")]
    for some in (jobs[:8], jobs[8:], stag.load(jobs[0].raw, duration=300)):
        made.add(some, workers=1)
    made.remove("smarttag")
    return made


def ordered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(list(frame.columns[:3])).reset_index(drop=True)


@pytest.mark.parametrize("name", [*TABLES, "jobs"])
def test_computed_it_is_the_table(corpus: stag.Corpus, name: str) -> None:
    lazy = corpus.dask(name)
    pd.testing.assert_frame_equal(ordered(lazy.compute()), ordered(corpus.table(name)))
    assert lazy.dtypes.to_dict() == corpus.table(name).dtypes.to_dict()


def test_there_is_a_partition_for_each_file(corpus: stag.Corpus) -> None:
    files = list((Path(corpus.path) / "labels").rglob("*.parquet"))
    assert corpus.dask("labels").npartitions == len(files) > 1


def test_columns_come_in_the_order_asked_for(corpus: stag.Corpus) -> None:
    columns = ["text", "job_id"]
    assert list(corpus.dask("speech", columns).columns) == columns
    lazy = corpus.dask("speech", columns).compute()
    assert sorted(lazy.text) == sorted(corpus.table("speech").text)


def test_dicts_and_large_ids_are_what_they_were(corpus: stag.Corpus) -> None:
    details = corpus.dask("occurrences", ["details"]).details.compute().dropna()
    assert {type(value) for value in details} <= {dict}
    grouped = corpus.dask("labels").groupby("job_id").label_id.count().compute()
    expected = corpus.table("labels").groupby("job_id").label_id.count()
    assert grouped.sort_index().to_dict() == expected.to_dict()


def test_the_loads_that_count_are_one_task(corpus: stag.Corpus) -> None:
    graph = corpus.dask("labels").optimize().dask
    assert sum(str(key).startswith("_live") for key in graph) == 1


def test_it_is_as_the_corpus_was_when_it_was_made(tmp_path: Path) -> None:
    corpus = stag.Corpus(tmp_path)
    corpus.add(stag.samples.load("magazine", answer="cpv-auto"))
    lazy, before = corpus.dask("labels"), corpus.table("labels")
    corpus.remove("cpv-auto")
    corpus.add(stag.samples.load("magazine", answer="cognition"))
    pd.testing.assert_frame_equal(ordered(lazy.compute()), ordered(before))
    corpus.compact(timedelta(0))
    with pytest.raises(LakeError, match=r"the table (labels|jobs) cannot be read"):
        lazy.compute()


def test_an_empty_corpus_has_lazy_tables_too(tmp_path: Path) -> None:
    corpus = stag.Corpus(tmp_path)
    for name in ("labels", "jobs"):
        lazy = corpus.dask(name).compute()
        pd.testing.assert_frame_equal(lazy, corpus.table(name))


def test_other_names_are_refused(corpus: stag.Corpus) -> None:
    with pytest.raises(UnknownName, match="No lazy table of a corpus is called 'failures'"):
        corpus.dask("failures")
    with pytest.raises(UnknownName, match="Did you mean 'speaker_id'"):
        corpus.dask("speech", ["speaker"])
