from __future__ import annotations

import dataclasses
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb.corpus import measures
from smarttag_nb.corpus.views import VIEWS
from tests.measures.jobs import job_of

TYPES = ["CPVLabel", "VideoLabel", "ImageLabel", "Process", "TextLabel", "Other", None]
whole = st.one_of(st.integers(0, 20).map(float), st.just(np.nan))
names = st.sampled_from(["甲", "乙", "Ａbc", "abc ß", None])


@st.composite
def jobs(draw: st.DrawFn) -> stag.Job:
    """A job whose tables several result types tell, with names twice and times reversed."""
    number = draw(st.integers(0, 6))
    labels = {
        "kind": draw(st.lists(st.sampled_from(["person", "tag"]), min_size=number,
                              max_size=number)),
        "name": draw(st.lists(names, min_size=number, max_size=number)),
        "ratio": draw(st.lists(st.sampled_from([0.25, np.nan]), min_size=number, max_size=number)),
        "origin": draw(st.lists(st.sampled_from(["auto", "hmi", None]), min_size=number,
                                max_size=number)),
        "result_type": draw(st.lists(st.sampled_from(TYPES), min_size=number, max_size=number)),
    }  # fmt: skip
    seen = draw(st.lists(st.tuples(st.integers(0, max(0, number - 1)), whole, whole), max_size=12))
    said = draw(st.lists(st.tuples(names, st.sampled_from(["ASR", "NLP", "Other"])), max_size=4))
    shown = draw(st.lists(st.tuples(names, whole, whole, st.sampled_from(["OCR", "ocr", None])),
                          max_size=4))  # fmt: skip
    tables: dict[str, dict[str, Any]] = {"labels": labels}
    if number:
        tables["occurrences"] = dict(
            zip(["label_id", "start_time", "end_time"], zip(*seen, strict=True), strict=False)
        ) or {"label_id": []}
    tables["speech"] = {"text": [text for text, _ in said], "result_type": [t for _, t in said]}
    tables["ocr"] = {
        "text": [text for text, *_ in shown],
        "start_time": [start for _, start, _, _ in shown],
        "timestamp": [moment for *_, moment, _ in shown],
        "result_type": [kind for *_, kind in shown],
    }
    return job_of(draw(st.sampled_from([100.0, np.nan])), **tables)


def corpus_of(made: list[stag.Job], folder: str) -> stag.Corpus:
    corpus = stag.Corpus(f"{folder}/lake")
    corpus.add(made, workers=1)
    return corpus


def named(made: list[stag.Job]) -> list[stag.Job]:
    return [dataclasses.replace(job, job_id=f"j{k}") for k, job in enumerate(made)]


def sample() -> list[stag.Job]:
    every = [stag.samples.load("magazine", name) for name in stag.samples.answers("magazine")]
    return named(every)


def rows(frame: pd.DataFrame, job: stag.Job, key: str) -> list[int]:
    return sorted(frame.loc[frame["job_id"] == job.job_id, key])


def agree(corpus: stag.Corpus, made: list[stag.Job]) -> None:
    """Each view and measure of the corpus tells what those of the single jobs do."""
    views = {name: corpus.sql(f"SELECT * FROM {name}") for name in VIEWS}
    ratios = views["ratios"].set_index(["job_id", "kind", "name"])
    pairs: dict[tuple[str, ...], list[float]] = {}
    for job in made:
        labels = job.best("labels")
        for view, table in (("best_labels", "labels"), ("best_occurrences", "occurrences"),
                            ("best_speech", "speech"), ("best_ocr", "ocr")):  # fmt: skip
            key = stag.tables.TABLES[table].key
            assert rows(views[view], job, key) == job.best(table)[key].tolist(), view
        persons = labels[labels["kind"] == "person"]
        assert rows(views["persons"], job, "label_id") == persons["label_id"].tolist()
        seen = job["occurrences"]
        seen = seen[seen["label_id"].isin(persons["label_id"])]
        assert rows(views["appearances"], job, "occurrence_id") == seen["occurrence_id"].tolist()
        one = merged(job)
        presence = stag.measures.presence(one)
        for told in presence.itertuples():
            ours = ratios.loc[(job.job_id, told.kind, told.name)]
            same = (told.seconds, told.ratio_reported)
            assert (ours["seconds"], ours["ratio_reported"]) == pytest.approx(same, nan_ok=True)
            assert ours["ratio_measured"] == pytest.approx(told.ratio_measured, nan_ok=True)
        assert len(presence) == (views["ratios"]["job_id"] == job.job_id).sum()
        for pair in both(presence):
            pairs.setdefault(pair, [0, 0.0])[0] += 1
        for told in stag.measures.co_appearance(one).itertuples():
            a, b = sorted([(told.kind_a, told.name_a), (told.kind_b, told.name_b)])
            pairs[(*a, *b)][1] += told.seconds
    table = measures.co_appearance(corpus, kind=None)
    ours = table.set_index(["kind_a", "name_a", "kind_b", "name_b"])[["jobs", "seconds"]]
    assert {key: [jobs, pytest.approx(seconds)] for key, (jobs, seconds) in pairs.items()} == {
        tuple(key): [int(jobs), seconds]
        for key, jobs, seconds in zip(ours.index, ours["jobs"], ours["seconds"], strict=True)
    }


def merged(job: stag.Job) -> stag.Job:
    """The job with its best labels, those of one kind and name being one."""
    labels = job.best("labels").dropna(subset=["kind", "name"])
    by_name = labels.groupby(["kind", "name"], sort=False)
    first = by_name["label_id"].transform("first")
    to = dict(zip(labels["label_id"], first, strict=True))
    kept = labels.assign(ratio=by_name["ratio"].transform("max"), result_type=None, origin=None)
    seen = job["occurrences"]
    seen = seen[seen["label_id"].isin(list(to))]
    tables = {
        **job.tables,
        "labels": kept[kept["label_id"] == first].reset_index(drop=True),
        "occurrences": seen.assign(label_id=seen["label_id"].map(to).astype("Int64")),
    }
    return dataclasses.replace(job, tables=tables)


def both(presence: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    there = sorted(zip(presence["kind"], presence["name"], strict=True))
    yield from ((*a, *b) for k, a in enumerate(there) for b in there[k + 1 :])


def test_views_agree_with_the_measures_of_the_samples_jobs(tmp_path: Path) -> None:
    agree(corpus_of(sample(), str(tmp_path)), sample())


# A corpus is made of many jobs at once: to find the one that fails, look at the message.
@settings(max_examples=2, phases=[Phase.generate])
@given(st.lists(jobs(), min_size=10, max_size=16))
def test_views_agree_with_the_measures_of_any_jobs(made: list[stag.Job]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        agree(corpus_of(named(made), folder), named(made))


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """A folder with two answers of one job: its labels by machine and by people."""
    for origin in ("auto", "hmi"):
        (tmp_path / "answers" / origin).mkdir(parents=True)
        answer = stag.samples.path("magazine", f"cpv-{origin}")
        shutil.copy(answer, tmp_path / "answers" / origin / "88e6.json")
    return tmp_path / "answers"


def test_labels_by_people_come_before_those_by_machine(tmp_path: Path, answers: Path) -> None:
    corpus = stag.Corpus(tmp_path / "lake")
    corpus.add([answers / "hmi", answers / "auto"], workers=1)
    assert len(corpus) == 2
    assert corpus.sql("SELECT DISTINCT origin FROM best_labels").origin.tolist() == ["hmi"]


def test_one_name_in_two_folders_is_two_jobs(tmp_path: Path, answers: Path) -> None:
    shutil.copytree(answers / "auto", answers / "other")
    corpus = stag.Corpus(tmp_path / "lake")
    corpus.add([answers / "auto", answers / "other"], workers=1)
    # The same bytes twice are one answer; of others, both stay.
    (answers / "other" / "88e6.json").write_bytes(stag.samples.path("magazine", "mts").read_bytes())
    corpus.add(answers / "other", workers=1)
    assert len(corpus.sql("FROM best_jobs WHERE job_id = '88e6'")) == 2


def test_an_answer_that_tells_its_job_comes_before_a_file_named_so(tmp_path: Path) -> None:
    file = tmp_path / "smarttag-1.json"
    shutil.copy(stag.samples.path("magazine", "smarttag"), file)
    known = stag.load(stag.samples.path("magazine", "smarttag"), job_id="smarttag-1", duration=99)
    corpus = stag.Corpus(tmp_path / "lake")
    corpus.add([known, file], workers=1)
    assert corpus.sql("SELECT duration FROM best_jobs").duration.tolist() == [99]


@pytest.mark.parametrize("filled", [False, True])
def test_columns_are_those_that_are_told(tmp_path: Path, filled: bool) -> None:
    corpus = stag.Corpus(tmp_path / "lake")
    if filled:
        corpus.add(stag.samples.load("magazine"), workers=1)
    told = corpus.views()
    assert told["meaning"].notna().all()
    for view, columns in told.groupby("view"):
        found = corpus.sql(f"FROM {view} LIMIT 1")
        assert list(found.columns) == columns["column"].tolist()
        if not filled:
            assert found.empty


def test_stretches_of_a_name_neither_overlap_nor_touch(tmp_path: Path) -> None:
    job = job_of(
        10,
        labels={"kind": ["person", "person"], "name": ["甲", "甲"]},
        occurrences={
            "label_id": [0, 1, 0, 0, 1, 1],
            "start_time": [0.0, 1, 2, 8, 7, 5],
            "end_time": [1.0, 2, 3, 9, 6, 5],
        },
    )
    corpus = corpus_of([job], str(tmp_path))
    found = corpus.sql("SELECT start_time, end_time FROM stretches ORDER BY ALL")
    assert found.to_numpy().tolist() == [[0, 3], [5, 5], [8, 9]]
