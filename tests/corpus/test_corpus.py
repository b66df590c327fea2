from __future__ import annotations

import json
import pickle
import tarfile
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb import Corpus, Job, errors
from smarttag_nb.cloud.key import Key
from smarttag_nb.cloud.store import Store
from smarttag_nb.corpus import ingest, loads
from smarttag_nb.tables import TABLES, TEXT
from tests.corpus.answers import HOSTILE, answer, labelled, read, rows, save, says
from tests.corpus.anything import jobs


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return Corpus(tmp_path / "lake")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """A corpus of 300 answers that differ, of which nothing is changed."""
    folder = tmp_path_factory.mktemp("many")
    for i in range(300):
        save(folder / "answers" / f"{i % 7}" / f"{i}.json", answer(f"job-{i}", f"{i}", i % 5))
    corpus = Corpus(folder / "lake")
    corpus.add(folder / "answers", workers=1)
    return corpus


# What goes in comes back


@settings(max_examples=3)
@given(st.lists(jobs(), min_size=10, max_size=30))
def test_any_job_comes_back_equal(given_jobs: list[Job]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus(Path(folder) / "lake")
        added = corpus.add(given_jobs, workers=1)
        assert added.added + added.unchanged == len(given_jobs)
        assert corpus.check().empty
        there = corpus.table("jobs")
        back = [corpus.job(row.job_id, load_id=row.load_id) for row in there.itertuples()]
        assert all(any(job == one for one in given_jobs) for job in back)
        for i, job in enumerate(given_jobs):
            # A later one of the same id may have taken its place.
            later = [one for one in given_jobs[i:] if one.job_id == job.job_id is not None]
            assert any(one == other for one in (job, *later) for other in back)


def test_hundreds_come_back_equal(many: Corpus) -> None:
    assert len(many) == 300
    for i in range(0, 300, 17):
        assert many.job(f"job-{i}").tables == read(answer(f"job-{i}", f"{i}", i % 5)).tables
    counts = many.sql("SELECT job_id, count(*) AS n FROM speech GROUP BY ALL").set_index("job_id")
    assert all(counts.n.get(f"job-{i}", 0) == i % 5 for i in range(300))


@pytest.mark.parametrize("name", stag.samples.answers("magazine"))
def test_a_sample_s_answers_come_back_equal(corpus: Corpus, name: str) -> None:
    job = stag.samples.load("magazine", answer=name)
    added = corpus.add(job, workers=1)
    assert (added.added, added.rows) == (1, rows(job))
    (job_id,) = corpus.table("jobs").job_id
    assert corpus.job(job_id) == job


@pytest.mark.parametrize(
    "source",
    [
        json.dumps(answer("j")).encode(),
        json.dumps(answer("j")),
        answer("j"),
        {**answer("j"), "UserData": "\ud800", "more": float("nan")},
    ],
    ids=["bytes", "text", "object", "what is no strict JSON"],
)
def test_what_was_received_comes_back(corpus: Corpus, source: bytes | str | dict) -> None:
    job = stag.load(source)
    corpus.add(job, workers=1)
    assert corpus.job("j") == job
    assert type(corpus.job("j").raw) is type(source)


def test_processes_add_the_same_as_one(
    tmp_path: Path, many: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "_PART_ITEMS", 60)
    both = Corpus(tmp_path / "lake")
    added = both.add(Path(many.path).parent / "answers", workers=2)
    assert (added.added, added.failed, len(both)) == (300, 0, 300)
    assert len(list(Path(both.path, "speech").glob("month=*/*"))) == 5
    for name in ("speech", "labels", "occurrences"):
        query = f"SELECT * EXCLUDE load_id FROM {name} ORDER BY ALL"
        pd.testing.assert_frame_equal(both.sql(query), many.sql(query))
    assert both.check().empty


# Which answer is whose


def test_an_answer_is_known_by_what_was_received(corpus: Corpus, tmp_path: Path) -> None:
    save(tmp_path / "a" / "one.json", answer("j"))
    assert corpus.add(tmp_path / "a", workers=1).added == 1
    save(tmp_path / "b" / "other name.json", answer("j"))
    again = corpus.add([tmp_path / "a", tmp_path / "b"], workers=1)
    assert (again.added, again.unchanged, len(corpus)) == (0, 2, 1)


def test_what_is_twice_in_one_add_counts_once(corpus: Corpus, tmp_path: Path) -> None:
    files = [save(tmp_path / f"{i}.json", answer("j")) for i in range(3)]
    corpus.add([*files, files[0]], workers=1)
    assert len(corpus) == 1
    assert len(corpus.table("speech")) == 1
    assert corpus.check().empty


def test_the_newer_of_two_answers_wins_and_adding_both_again_turns_nothing_round(
    corpus: Corpus, tmp_path: Path
) -> None:
    file = save(tmp_path / "1.json", answer("j", "first"))
    corpus.add(file, workers=1)
    newer = save(tmp_path / "2.json", answer("j", "second", 3))
    assert corpus.add(newer, workers=1).added == 1
    assert says(corpus, "j") == ["second 0", "second 1", "second 2"]
    assert corpus.add([newer, file], workers=1).unchanged == 2
    assert says(corpus, "j") == ["second 0", "second 1", "second 2"]
    assert len(corpus.table("speech")) == 3
    assert corpus.check().empty


def test_machines_and_people_s_labels_are_two_answers_of_one_job(corpus: Corpus) -> None:
    auto, hmi = read(labelled("j", "auto", "a", "b")), read(labelled("j", "hmi", "a"))
    corpus.add([auto, hmi], workers=1)
    assert len(corpus) == 2
    with pytest.raises(errors.SeveralAnswers, match=r"params=.*hmi") as caught:
        corpus.job("j")
    assert len(caught.value.choices) == 2
    assert corpus.job("j", params='{"labelResultType":"hmi"}') == hmi
    assert corpus.job("j", params='{"labelResultType":"auto"}') == auto
    corpus.add(read(labelled("j", "hmi", "a", "c")), workers=1)
    names = corpus.sql("SELECT origin, name FROM labels ORDER BY ALL")
    assert names.values.tolist() == [["auto", "a"], ["auto", "b"], ["hmi", "a"], ["hmi", "c"]]


def test_a_file_names_the_job_where_the_answer_does_not(corpus: Corpus, tmp_path: Path) -> None:
    for name in ("88e6", "00123"):
        save(tmp_path / f"{name}.json", answer(None))
    corpus.add([tmp_path / "88e6.json", tmp_path / "00123.json"], workers=1)
    assert corpus.table("jobs", ["job_id"]).job_id.tolist() == ["88e6", "00123"]
    assert corpus.job("00123") == stag.load(tmp_path / "00123.json")


def test_files_of_one_name_in_two_folders_are_two_jobs(corpus: Corpus, tmp_path: Path) -> None:
    one = save(tmp_path / "a" / "x.json", answer(None, "in a"))
    other = save(tmp_path / "b" / "x.json", answer(None, "in b"))
    corpus.add([one, other], workers=1)
    assert says(corpus, "x", source=str(one)) == ["in a 0"]
    assert says(corpus, "x", source=str(other)) == ["in b 0"]
    with pytest.raises(errors.SeveralAnswers, match="source="):
        corpus.job("x")


def test_a_store_tells_what_was_asked_for(corpus: Corpus, tmp_path: Path) -> None:
    with Store(tmp_path / "jobs.sqlite") as store:
        for region in ("cn-shanghai", "ap-southeast-1"):
            key = Key("ice", region, "QuerySmarttagJob", "j")
            assert store.claim(key)
            store.put(key, json.dumps(answer("j", region)).encode(), "Success")
        assert corpus.add(store, workers=1).added == 2
    assert corpus.add(tmp_path / "jobs.sqlite", workers=1).unchanged == 2
    assert says(corpus, "j", region="cn-shanghai") == ["cn-shanghai 0"]
    assert says(corpus, "j", product="ice", region="ap-southeast-1") == ["ap-southeast-1 0"]


def test_a_job_without_any_id_is_named_by_its_digest(corpus: Corpus) -> None:
    corpus.add(read(answer(None)), workers=1)
    (job_id,) = corpus.table("jobs").job_id
    assert len(job_id) == 32
    assert corpus.job(job_id) == read(answer(None))
    assert corpus.add(read(answer(None)), workers=1).unchanged == 1


# What cannot be read


def test_a_failure_is_told_once_until_the_source_can_be_read(
    corpus: Corpus, tmp_path: Path
) -> None:
    whole = save(tmp_path / "in" / "whole.json", answer("w"))
    broken = tmp_path / "in" / "broken.json"
    broken.write_text('{"JobStatus": ')
    for _ in range(3):
        assert corpus.add(tmp_path / "in", workers=1).failed == 1
    failures = corpus.table("failures")
    assert failures.source.tolist() == [str(broken)]
    assert failures.kind.tolist() == ["NotAnAnswer"]
    assert says(corpus, "w")
    save(broken, answer("b"))
    assert corpus.add(tmp_path / "in", workers=1).added == 1
    assert corpus.table("failures").empty
    broken.write_text('{"JobStatus": ')
    corpus.add(broken, workers=1)
    assert corpus.table("failures").source.tolist() == [str(broken)]
    assert str(whole) not in corpus.table("failures").error.iloc[0]


def test_another_error_of_a_source_takes_the_place_of_the_last(
    corpus: Corpus, tmp_path: Path
) -> None:
    file = tmp_path / "x.json"
    corpus.add(file, workers=1)
    file.write_text("nothing of ours")
    corpus.add(file, workers=1)
    assert corpus.table("failures").kind.tolist() == ["NotAnAnswer"]


def test_a_source_that_heals_to_what_is_known_is_no_failure_any_longer(
    corpus: Corpus, tmp_path: Path
) -> None:
    file = save(tmp_path / "x.json", answer("x"))
    corpus.add(file, workers=1)
    whole = file.read_bytes()
    file.write_bytes(whole[:40])
    corpus.add(file, workers=1)
    assert len(corpus.table("failures")) == 1
    assert says(corpus, "x")
    file.write_bytes(whole)
    corpus.add(file, workers=1)
    assert corpus.table("failures").empty


def test_a_source_that_healed_stays_so_whatever_becomes_of_its_answer(
    corpus: Corpus, tmp_path: Path
) -> None:
    file = tmp_path / "x.json"
    corpus.add(file, workers=1)
    corpus.add(save(file, answer("x")), workers=1)
    corpus.add(save(tmp_path / "newer.json", answer("x", "newer")), workers=1)
    assert corpus.table("failures").empty
    corpus.remove("x")
    assert corpus.table("failures").empty
    file.write_text("{")
    corpus.add(file, workers=1)
    assert corpus.table("failures").source.tolist() == [str(file)]


def test_a_truncated_archive_gives_what_comes_before_its_end(
    corpus: Corpus, tmp_path: Path
) -> None:
    for i in range(4):
        save(tmp_path / f"{i}.json", answer(f"job-{i}"))
    with tarfile.open(tmp_path / "all.tar", "w") as archive:
        for i in range(4):
            archive.add(tmp_path / f"{i}.json", f"{i}.json")
            ends = archive.offset
    whole = (tmp_path / "all.tar").read_bytes()
    (tmp_path / "all.tar").write_bytes(whole[: ends - 700])
    added = corpus.add(tmp_path / "all.tar", workers=1)
    assert (added.added, added.failed) == (3, 1)
    assert corpus.table("failures").source.tolist() == [str(tmp_path / "all.tar")]
    (tmp_path / "all.tar").write_bytes(whole)
    again = corpus.add(tmp_path / "all.tar", workers=1)
    assert (again.added, again.unchanged, again.failed) == (1, 3, 0)
    assert corpus.table("failures").empty


# Taking jobs out


def test_what_was_removed_is_gone_and_comes_back_when_it_is_added_again(corpus: Corpus) -> None:
    auto, hmi = read(labelled("j", "auto", "a")), read(labelled("j", "hmi", "a"))
    other = read(answer("other"))
    corpus.add([auto, hmi, other], workers=1)
    assert corpus.remove("j") == 2
    assert len(corpus) == 1
    assert corpus.table("jobs").job_id.tolist() == ["other"]
    assert corpus.table("labels").job_id.unique().tolist() == ["other"]
    with pytest.raises(errors.UnknownName, match=r"called 'j'\. There are: other\."):
        corpus.job("j")
    assert corpus.check().empty
    assert corpus.add([auto, hmi, other], workers=1).added == 2
    assert corpus.job("j", params='{"labelResultType":"hmi"}') == hmi
    assert corpus.remove(["j", "other"]) == 3
    assert len(corpus) == 0
    assert corpus


def test_what_a_clock_that_is_ahead_has_added_is_removed_too(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Put back when all is over: no later test makes ids by that clock.
    monkeypatch.setattr(loads, "_last", 0)
    with monkeypatch.context() as patched:
        ahead = time.time_ns() + 10**15
        patched.setattr(loads.time, "time_ns", lambda: ahead)
        corpus.add(read(answer("j")), workers=1)
    loads._last = 0
    assert corpus.remove("j") == 1
    assert len(corpus) == 0


def test_removing_takes_nothing_where_one_job_is_not_there(corpus: Corpus) -> None:
    corpus.add(read(answer("j")), workers=1)
    with pytest.raises(errors.UnknownName, match="'nobody'"):
        corpus.remove(["j", "nobody"])
    assert len(corpus) == 1
    assert corpus.remove([]) == 0


def test_what_was_replaced_comes_back_too_once_its_job_was_removed(corpus: Corpus) -> None:
    corpus.add([read(answer("j", "first")), read(answer("j", "second"))], workers=1)
    assert says(corpus, "j") == ["second 0"]
    corpus.remove("j")
    assert corpus.add(read(answer("j", "first")), workers=1).added == 1
    assert says(corpus, "j") == ["first 0"]
    assert corpus.add(read(answer("j", "second")), workers=1).added == 1
    assert says(corpus, "j") == ["second 0"]


# Texts that mean something elsewhere


def test_hostile_ids_texts_and_file_names_are_texts(corpus: Corpus, tmp_path: Path) -> None:
    folder = tmp_path / "in'); DROP TABLE jobs; --"
    for i, text in enumerate(HOSTILE):
        save(folder / f"{i}.json", {**answer(text, text), "UserData": text, "RequestId": text})
    named = [text for text in HOSTILE if "/" not in text and "\0" not in text]
    for text in named:
        save(folder / "named" / f"{text}.json", answer(None, f"of {text}"))
    lake = Corpus(tmp_path / "job_id=1" / "100% '; -- é #")
    added = lake.add(folder, workers=1)
    assert (added.added, added.failed) == (len(HOSTILE) + len(named), 0)
    for i in range(len(HOSTILE)):
        source = str(folder / f"{i}.json")
        job = stag.load(source)
        assert lake.job(job.job_id, source=source) == job
        found = lake.table("speech", ["text"], "job_id = $job AND text = $text", {
            "job": job.job_id, "text": job.speech.text[0]
        })  # fmt: skip
        assert len(found) == 1
    assert lake.check().empty
    repr(lake).encode()
    assert lake.remove(HOSTILE[0]) == 2
    assert len(lake) == added.added - 2


def test_a_folder_that_is_no_utf_8_is_told_and_read(corpus: Corpus, tmp_path: Path) -> None:
    folder = tmp_path / "\udcff"
    save(folder / "j.json", answer("j"))
    corpus.add(folder, workers=1)
    assert corpus.table("jobs").source.tolist() == [f"{tmp_path}/\\udcff/j.json"]


# What is asked of it


def test_a_table_has_the_dtypes_of_the_vocabulary(many: Corpus) -> None:
    for name, table in TABLES.items():
        frame = many.table(name)
        own = {column.name: column.dtype for column in table.columns}
        assert frame.dtypes.to_dict() == {"job_id": TEXT, "load_id": TEXT, **own}
    assert "raw" not in many.table("jobs")
    assert list(many.table("failures")) == [
        *("source", "kind", "error", "ingested", "load_id", "digest"),
    ]


def test_an_empty_corpus_has_every_table(corpus: Corpus) -> None:
    assert not Path(corpus.path).exists()
    for name in (*TABLES, "jobs", "failures"):
        assert corpus.table(name).empty
    assert (len(corpus), bool(corpus)) == (0, True)
    assert corpus.check().empty
    corpus.compact()
    assert corpus.add([], workers=1).added == 0
    assert not Path(corpus.path).exists()


def test_columns_rows_and_values_are_chosen(many: Corpus) -> None:
    where, params = "job_id = $job AND start_time >= $from", {"job": "job-4", "from": 2}
    found = many.table("speech", ["text", "start_time"], where, params)
    assert found.values.tolist() == [["4 2", 2.0], ["4 3", 3.0]]
    (counts,) = many.table("jobs", ["counts"], "job_id = ?", ["job-4"]).counts
    assert counts["speech"] == 4


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("answers",), errors.UnknownName, "table of a corpus"),
        (("speech", ["txt"]), errors.UnknownName, "Did you mean 'text'"),
        (("speech", None, "true) UNION (SELECT 1"), errors.QueryError, "same number of result"),
        (("speech", None, "nothing = 1"), errors.QueryError, "nothing"),
        (("speech", None, "true; DROP TABLE loads"), errors.QueryError, "syntax error"),
    ],
)
def test_what_a_table_has_not_is_told(many: Corpus, arguments, error, message) -> None:
    with pytest.raises(error, match=message):
        many.table(*arguments)


def test_what_tells_answers_apart_is_told(many: Corpus) -> None:
    with pytest.raises(errors.UnknownName, match="product, region, operation, params, source"):
        many.job("job-1", status="Success")
    with pytest.raises(errors.UnknownName):
        many.job("job-1", region="mars")


def test_a_corpus_tells_how_many_answers_it_has(corpus: Corpus) -> None:
    assert repr(corpus) == "<Corpus lake: 0 answers>"
    corpus.add(read(answer("j")), workers=1)
    assert repr(corpus) == "<Corpus lake: 1 answer>"
    assert repr(Corpus(corpus.path)) == "<Corpus lake: 1 answer>"


def test_what_another_commits_is_seen_at_once(corpus: Corpus) -> None:
    corpus.add(read(answer("a")), workers=1)
    assert len(corpus) == 1
    Corpus(corpus.path).add(read(answer("b")), workers=1)
    assert len(corpus) == 2
    assert says(corpus, "b") == ["你好 0"]


def test_months_are_those_in_which_the_answer_came(corpus: Corpus, tmp_path: Path) -> None:
    import os

    file = save(tmp_path / "j.json", answer("j"))
    os.utime(file, (0, 1_700_000_000))
    corpus.add([file, read(answer("held"))], workers=1)
    jobs = corpus.table("jobs").set_index("job_id")
    assert jobs.month["j"] == "2023-11"
    assert jobs.answered["j"] == pd.Timestamp(1_700_000_000, unit="s")
    assert jobs.month["held"] == jobs.ingested["held"].strftime("%Y-%m")


def test_durations_that_nobody_knows_are_missing(corpus: Corpus) -> None:
    corpus.add(stag.load({"JobId": "p", "JobStatus": "Processing"}), workers=1)
    assert np.isnan(corpus.job("p").duration.seconds)
    assert corpus.table("jobs").duration.isna().all()


def test_a_corpus_cannot_be_pickled_with_its_key(tmp_path: Path) -> None:
    corpus = Corpus("s3://bucket/lake", storage_options={"AWS_SECRET_ACCESS_KEY": "CANARY"})
    assert "CANARY" not in repr(corpus._lake)
    assert corpus.path == "s3://bucket/lake"
    assert pickle.loads(pickle.dumps(corpus._lake)) == corpus._lake
