from __future__ import annotations

import math

import pandas as pd
import pytest

import smarttag_nb as stag
from smarttag_nb.job import Duration, Job
from smarttag_nb.report.data import Report
from smarttag_nb.report.gather import PEOPLE, ROWS, as_text, excerpts, gather
from smarttag_nb.tables import TABLES, build, empty
from tests.measures import jobs


def job_of(**tables: pd.DataFrame) -> Job:
    """A job with these tables, and all others empty."""
    every = {name: tables.get(name, empty(name)) for name in TABLES}
    duration = Duration(60.0, "given")
    return Job("Success", None, "j", None, None, None, duration, None, every)


@pytest.fixture(scope="module")
def sample() -> Report:
    return gather(stag.samples.load("magazine", answer="cognition"))


def test_the_sample_is_told(sample: Report) -> None:
    assert dict(sample.cover.counts)["people"] == len(sample.people) == 6
    assert [chapter.headline for chapter in sample.chapters][:2] == ["一杯咖啡", "水温与耐心"]
    assert sample.ratios[0].name == "晨间手记"
    assert sample.highlights is not None
    assert sample.highlights.actions[0].text == "每天试三次水温"
    assert sample.summary is not None
    assert sample.summary.speakers[0].name == "沈青禾"
    assert sample.summary.scenes[0] == ("interview", 0.71)


def test_questions_are_where_their_sentences_are(sample: Report) -> None:
    job = stag.samples.load("magazine", answer="cognition")
    asked = sample.questions[0]
    spoken = job.speech[job.speech["start_time"] == asked.asked]
    assert spoken["text"].tolist() == ["So what is the right temperature?"]
    assert asked.answered > asked.asked


def test_what_has_no_time_has_that_of_its_own_results_sentence() -> None:
    told = gather(jobs.job_of(**jobs.TWO_RESULTS))
    assert [(one.asked, one.answered) for one in told.questions[:1]] == [(13.0, 14.0)]
    assert math.isnan(told.questions[1].asked)
    assert told.questions[1].answered == 12.0
    assert told.highlights is not None
    assert [one.start for one in told.highlights.actions] == [11.0, 2.0]
    assert [one.start for one in told.highlights.sentences] == [13.0]


def test_people_stand_by_the_time_they_are_seen(sample: Report) -> None:
    seconds = [person.seconds for person in sample.people]
    assert seconds == sorted(seconds, reverse=True)


def test_knowledge_is_told_by_whichever_result_has_it(sample: Report) -> None:
    assert [(one.name, dict(one.facts)["occupation"]) for one in sample.entities] == [
        ("沈青禾", "主持人"),
        ("Mara Ellison", "科普作者"),
    ]


def test_problems_are_counted_by_code(sample: Report) -> None:
    (problem,) = sample.problems
    assert (problem.code, problem.severity, problem.times) == ("score-scale", "info", 137)
    assert problem.examples[0].value == "98.0"


def test_the_worst_problems_come_first() -> None:
    rows = {
        "severity": ["info", "error", "warning", "error"],
        "action": "kept",
        "code": ["shape", "not-json", "ratio-off", "wrong-type"],
        "repeats": [9, 1, 2, 5],
    }
    told = gather(job_of(problems=build("problems", rows, 4))).problems
    assert [one.code for one in told] == ["wrong-type", "not-json", "ratio-off", "shape"]


@pytest.mark.parametrize("answer", stag.samples.answers("magazine"))
def test_parts_are_there_where_the_answer_has_their_rows(answer: str) -> None:
    job = stag.samples.load("magazine", answer=answer)
    told = gather(job)
    assert bool(told.chapters) == bool(len(job.chapters))
    assert bool(told.mindmap) == bool(len(job.mindmap))
    assert (told.highlights is not None) == bool(len(job.highlights))
    assert (told.transcript is not None) == bool(len(job.speech) or len(job.cues))
    assert {table.name for table in told.tables} == {name for name in job if len(job[name])}


@pytest.mark.parametrize("answer", ["failed", "pending"])
def test_an_answer_without_results_has_a_cover_alone(answer: str) -> None:
    told = gather(stag.samples.load("magazine", answer=answer))
    assert told.cover.status in ("Fail", "Processing")
    parts = (told.summary, told.people, told.ratios, told.transcript, told.tables)
    assert not any(parts)
    assert not told.is_timed


def test_a_title_is_the_one_given_or_told_or_the_id() -> None:
    told = build("meta", {"name": ["title"], "value": ["told"]}, 1)
    assert gather(job_of(meta=told), title="given").title == "given"
    assert gather(job_of(meta=told), title=" ").title == "told"
    assert gather(job_of(meta=told)).title == "told"
    assert gather(job_of()).title == "j"


def test_topics_come_in_reading_order() -> None:
    rows = {
        "topic_id": [0, 1, 2, 3],
        "parent_id": pd.array([None, 0, 0, 1], dtype="Int64"),
        "depth": [0, 1, 1, 2],
        "title": ["root", "a", "b", "a1"],
    }
    told = gather(job_of(mindmap=build("mindmap", rows, 4))).mindmap
    assert [(one.title, one.depth) for one in told] == [
        ("root", 0), ("a", 1), ("a1", 2), ("b", 1),
    ]  # fmt: skip


def test_what_is_cut_short_is_counted() -> None:
    number = PEOPLE + 7
    rows = {"kind": "person", "name": [f"p{k}" for k in range(number)]}
    told = gather(job_of(labels=build("labels", rows, number)))
    assert len(told.people) == PEOPLE
    assert told.left_out["people"] == 7


def test_knowledge_of_any_shape_is_told() -> None:
    knowledge = [{"a": [1, {"b": None}], "c": ""}, ["x", "y"], "plain", {}]
    rows = {"kind": "entity", "name": list("wxyz"), "knowledge": knowledge}
    told = gather(job_of(labels=build("labels", rows, 4))).entities
    assert [one.facts for one in told] == [
        (("a", '[1, {"b": null}]'),),
        (("", '["x", "y"]'),),
        (("", "plain"),),
    ]


def test_an_excerpt_leaves_out_columns_without_values() -> None:
    frame = pd.DataFrame({"a": [1.5, math.nan] * 20, "b": math.nan, "c": [["x"]] * 40})
    (told,) = excerpts({"t": frame})
    assert told.columns == ("a", "c")
    assert told.rows[:2] == (("1.5", '["x"]'), ("", '["x"]'))
    assert (len(told.rows), told.total, told.width) == (ROWS, 40, 3)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3723.45, "3723.45"),
        (1e300, "1e+300"),
        (7, "7"),
        (True, "True"),
        (pd.NA, ""),
        ("x" * 30, "x" * 19 + " …"),
        ({"k": "值"}, '{"k": "值"}'),
    ],
)
def test_any_value_becomes_a_short_text(value: object, text: str) -> None:
    assert as_text(value, 20) == text
