from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from typing import Any

import pytest

import smarttag_nb as stag
from smarttag_nb import Job, errors
from smarttag_nb.tables import TABLES


def make(*results: tuple[str, Any], **envelope: Any) -> Job:
    given = [{"Type": kind, "Data": json.dumps(data)} for kind, data in results]
    return stag.load(json.dumps({"JobStatus": "Success", **envelope, "Results": {"Result": given}}))


def asr(text: str) -> tuple[str, Any]:
    return "ASR", {"details": [{"from": 0, "to": 1, "content": text}]}


def nlp(text: str) -> tuple[str, Any]:
    words = [{"sentenceId": 1, "start": 0, "end": 1, "text": text}]
    return "NLP", {"transcription": {"paragraphs": [{"words": words}]}}


def cpv(origin: str, name: str) -> tuple[str, Any]:
    detail = [{"startTime": 0, "endTime": 1, "trackData": [{"bbox": [1, 2, 3, 4]}]}]
    return "CPVLabel", {"type": origin, "entities": [{"label": name, "detailInfo": detail}]}


VIDEO = ("VideoLabel", {"persons": [{"name": "v", "occurrences": [{"from": 0, "to": 2}]}]})
TEXT = ("TextLabel", {"tags": [{"name": "k", "value": "t"}]})


def test_tables_stand_as_attributes_and_as_a_mapping() -> None:
    job = make(asr("a"))
    assert list(job) == list(job.tables) == list(TABLES)
    assert len(job) == len(TABLES)
    for name in TABLES:
        assert getattr(job, name).equals(job[name])
        assert job.tables[name].equals(job[name])
    assert {"speech", "labels", "status"} <= set(dir(job))


def test_unknown_tables_are_told() -> None:
    job = make()
    with pytest.raises(errors.UnknownName, match="Did you mean 'speech'"):
        job["speach"]
    with pytest.raises(AttributeError, match="its tables are labels, occurrences"):
        _ = job.speach
    assert "speach" not in job


def test_a_job_is_frozen_and_frames_are_views() -> None:
    job = make(asr("a"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        job.status = "Fail"
    frame = job.speech
    frame.loc[0, "text"] = "changed"
    frame["more"] = 1
    assert job.speech["text"].tolist() == ["a"]
    assert "more" not in job.speech


def test_a_job_pickles_copies_and_compares() -> None:
    job = make(asr("a"), cpv("hmi", "x"), UserData={"a": float("nan")})
    for other in (pickle.loads(pickle.dumps(job)), copy.copy(job), copy.deepcopy(job)):
        assert other == job
        assert hash(other) == hash(job)
        assert other.speech.equals(job.speech)
    assert make(asr("a")) == make(asr("a"))
    assert make(asr("a")) != make(asr("b"))
    assert make(cpv("hmi", "x")) != make(cpv("auto", "x"))
    assert make(asr("a"), UserData="1") != make(asr("a"), UserData="2")
    assert job != "a job"


@pytest.mark.parametrize("name", ["title", "SmartJobInfo.Title"])
def test_its_title_is_the_one_told_else_its_id_else_its_operation(name: str) -> None:
    job = make(("Meta", {name: "told", "more": "1"}), JobId="i")
    assert job.title == "told"
    assert ">title</span> told<" in job._repr_html_()
    untold = make(("Meta", {name: " "}), JobId="i")
    assert untold.title == "i"
    assert ">title<" not in untold._repr_html_()
    assert make().title == "QuerySmarttagJob"
    assert stag.load({"details": []}).title is None


@pytest.mark.parametrize(
    ("results", "texts"),
    [([nlp("n"), asr("a")], ["a"]), ([nlp("n")], ["n"]), ([asr("a"), asr("b")], ["a", "b"])],
)
def test_best_takes_one_source_of_speech(results: list[Any], texts: list[str]) -> None:
    assert make(*results).best("speech")["text"].tolist() == texts


@pytest.mark.parametrize(
    ("results", "names"),
    [
        ([VIDEO, TEXT], ["v", "t"]),
        ([VIDEO, cpv("auto", "c"), TEXT], ["c", "t"]),
        ([cpv("auto", "c"), cpv("hmi", "h")], ["h"]),
        ([TEXT], ["t"]),
    ],
)
def test_best_labels(results: list[Any], names: list[str]) -> None:
    job = make(*results)
    best = job.best("labels")
    assert best["name"].tolist() == names
    for table in ("occurrences", "boxes"):
        assert set(job.best(table)["label_id"]) <= set(best["label_id"])
    assert len(job.best("occurrences")) == (0 if names == ["t"] else 1)


def test_best_boxes_are_tracks_before_single_positions() -> None:
    job = stag.samples.load("magazine", answer="cognition")
    assert set(job.boxes["result_type"]) == {"VideoLabel", "Process"}
    assert set(job.best("boxes")["result_type"]) == {"Process"}
    assert set(job.best("boxes", "VideoLabel")["result_type"]) == {"VideoLabel"}
    assert len(stag.samples.load("magazine", answer="pending").best("boxes")) == 0


def test_best_of_a_source_asked_for() -> None:
    job = make(nlp("n"), asr("a"), VIDEO, cpv("auto", "c"))
    assert job.best("speech", "NLP")["text"].tolist() == ["n"]
    assert job.best("labels", "VideoLabel")["name"].tolist() == ["v"]
    assert job.best("occurrences", "VideoLabel")["end_time"].tolist() == [2.0]
    with pytest.raises(errors.UnknownName, match="There are: NLP, ASR"):
        job.best("speech", "OCR")
    assert job.best("problems").empty


def test_repr_is_one_line() -> None:
    job = stag.load({"JobStatus": "Success\nX", "JobId": "a\nb", "Results": None})
    assert repr(job) == r"<Job QuerySmarttagJob a\nb Success\nX: no rows>"
    assert "2 speech" in repr(make(asr("a"), asr("b")))


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(59.96, "1:00.0 (given)"), (3599.99, "1:00:00.0 (given)"), (1.7e307, "1.7e+307 s (given)")],
)
def test_a_duration_reads_as_a_clock(seconds: float, shown: str) -> None:
    assert str(stag.load({"JobStatus": "Success"}, duration=seconds).duration) == shown


HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}"


def test_the_card_escapes_whatever_it_shows() -> None:
    given = {"JobStatus": HOSTILE, "JobId": HOSTILE, "Message": HOSTILE, "Results": {"Result": [
        {"Type": "Meta", "Data": json.dumps({"title": HOSTILE})}]}}  # fmt: skip
    html = stag.load(given)._repr_html_()
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 4
    assert "{{7*7}}" in html


def test_the_card_tells_what_is_in_it() -> None:
    job = stag.samples.load("magazine")
    html = job._repr_html_()
    assert "QueryVideoCognitionJob" in html
    assert "Success" in html
    assert "1:17.8 (ratios)" in html
    assert "ASR 23, NLP 23, Process 23; best: ASR" in html
    assert "1 info" in html
    assert "cues" not in html
    assert "<style" not in html
    hmi = make(cpv("auto", "c"), cpv("hmi", "h"))._repr_html_()
    assert "CPVLabel auto 1, CPVLabel hmi 1; best: CPVLabel hmi" in hmi
    assert "No rows in any table." in make()._repr_html_()


def test_a_job_needs_every_table() -> None:
    job = make()
    with pytest.raises(errors.ContractError, match="the job lacks the table"):
        dataclasses.replace(job, tables={})
    assert dataclasses.replace(job, status="Fail").status == "Fail"
