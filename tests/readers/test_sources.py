"""Every kind of source, and what is said of one that holds no answer."""

from __future__ import annotations

import gzip
import io
import json
import warnings
from pathlib import Path
from typing import Any

import pytest
import requests

import smarttag_nb as stag
from smarttag_nb.errors import AnswerProblem, InvalidArgument, NotAnAnswer

BODY = {"details": [{"from": 0, "to": 1, "content": "你好"}]}
ANSWER = {
    "JobStatus": "Success",
    "Results": {"Result": [{"Type": "ASR", "Data": json.dumps(BODY)}]},
}
TEXT = json.dumps(ANSWER, ensure_ascii=False)


class Body:
    """What an official SDK hands out: a model with to_map."""

    def to_map(self) -> dict[str, Any]:
        return ANSWER


class Response:
    """An official SDK's response, which holds its body."""

    def __init__(self) -> None:
        self.body = Body()

    def to_map(self) -> dict[str, Any]:
        return {"headers": {}, "statusCode": 200, "body": self.body.to_map()}


class Holder:
    body = Body()


def response() -> requests.Response:
    made = requests.Response()
    made._content = TEXT.encode()
    return made


@pytest.mark.parametrize(
    "source",
    [
        TEXT,
        "\ufeff  \n" + TEXT,
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        bytearray(TEXT.encode()),
        memoryview(TEXT.encode()),
        gzip.compress(TEXT.encode()),
        ANSWER,
        ANSWER["Results"]["Result"],
        BODY,
        json.dumps(TEXT),
        json.dumps([{"content": "你好", "from": 0, "to": 1}]),
        [{"name": "asr", "result": [{"content": {"data": [{"text": "你好"}]}}]}],
        {"name": "asr", "result": [{"content": {"data": [{"text": "你好"}]}}]},
        io.StringIO(TEXT),
        io.BytesIO(TEXT.encode()),
        response(),
        Body(),
        Response(),
        Holder(),
    ],
    ids=lambda source: type(source).__name__,
)
def test_a_source_of_any_kind(source: Any) -> None:
    assert stag.load(source).speech["text"].tolist() == ["你好"]


def test_files_and_the_jobs_id(tmp_path: Path) -> None:
    (tmp_path / "00123.json").write_text(TEXT, encoding="utf-8")
    (tmp_path / "88e6.json.gz").write_bytes(gzip.compress(TEXT.encode()))
    own = {**ANSWER, "JobId": "own"}
    (tmp_path / "file.json").write_text(json.dumps(own), encoding="utf-8")
    assert stag.load(tmp_path / "00123.json").job_id == "00123"
    assert stag.load(str(tmp_path / "88e6.json.gz")).job_id == "88e6"
    assert stag.load(tmp_path / "file.json").job_id == "own"
    assert stag.load(tmp_path / "file.json", job_id="given").job_id == "given"
    assert stag.load(TEXT).job_id is None
    with (tmp_path / "00123.json").open("rb") as file:
        assert stag.load(file).job_id == "00123"


def test_raw_is_what_was_received(tmp_path: Path) -> None:
    assert stag.load(TEXT).raw == TEXT
    assert stag.load(TEXT.encode()).raw == TEXT.encode()
    assert stag.load(ANSWER).raw == ANSWER
    (tmp_path / "a.json").write_text(TEXT, encoding="utf-8")
    assert stag.load(tmp_path / "a.json").raw == TEXT.encode()


def test_a_whole_xml_answer() -> None:
    job = stag.load(
        "<?xml version='1.0' encoding='UTF-8'?><QuerySmarttagJobResponse>"
        "<JobStatus>Success</JobStatus><Results>"
        '<Result><Type>Meta</Type><Data>{"title": "a &lt; b"}</Data></Result>'
        f"<Result><Type>ASR</Type><Data>{json.dumps(BODY)}</Data></Result>"
        "</Results></QuerySmarttagJobResponse>"
    )
    assert job.meta["value"].tolist() == ["a < b"]
    assert len(job.speech) == 1


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "the source is empty"),
        ("   \n", "the source is empty"),
        ("no/such/file.json", "there is no such file"),
        ("{", "broken JSON: the text ends at line 1, column 2"),
        ('{"details": [1,}', "broken JSON: an unexpected } at line 1, column 16"),
        ("<html><body>login</body></html>", "an HTML page"),
        ("<!DOCTYPE html><html></html>", "a document type"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "a document type"),
        ("<a><b></a>", "XML that cannot be read"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"\xff\xd8\xff\xe0", "a JPEG picture"),
        (b"%PDF-1.7", "a PDF document"),
        (b"PK\x03\x04rest", "a ZIP archive"),
        (b"\0\0\0\x20ftypisom", "an MP4 video"),
        (b"\x1f\x8bnot gzip", "a gzip file that does not unpack"),
        (b"\0\1\2\3\4\5\6\7", "binary data"),
        (17, "an object of type int"),
        (None, "an object of type NoneType"),
        (json, "an object of type module"),
        ("17", "a number"),
        ("[]", "a list"),
        ("[1, 2]", "a list"),
        ({}, "an object with the keys (none)"),
        ({"cells": [], "nbformat": 4}, "the keys cells, nbformat"),
        ({"title": "x", "version": 1, "dependencies": {}}, "the keys title, version"),
        ({"Code": "Throttling", "Message": "secret-key-id"}, "an error of the service"),
        ({"Type": "smarttag", "JobId": "1", "State": "Success"}, "a callback message"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_told(source: Any, said: str) -> None:
    with pytest.raises(NotAnAnswer) as caught:
        stag.load(source)
    assert said in str(caught.value)
    assert "secret-key-id" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(NotAnAnswer, match="the folder"):
        stag.load(tmp_path)
    with pytest.raises(NotAnAnswer, match="cannot be read: No such file"):
        stag.load(tmp_path / "missing.json")


WRONG = {"details": [{"from": "soon", "to": 1, "content": "a"}, 7, {"from": [], "content": "b"}]}


def test_errors_are_warned_of_once_in_one_line() -> None:
    with pytest.warns(UserWarning, match="3 errors") as caught:
        job = stag.load(WRONG)
    (warning,) = caught
    assert str(warning.message) == (
        "3 errors in this answer, see job.problems; first: $.details[0].from: "
        "expected a number, got text"
    )
    assert warning.filename == __file__
    assert job.speech["text"].tolist() == ["a", "b"]
    assert job.problems[["action", "code", "path", "value"]].values.tolist() == [
        ["changed", "wrong-type", "$.details[0].from", "soon"],
        ["skipped", "wrong-type", "$.details[1]", "7"],
        ["changed", "wrong-type", "$.details[2].from", "[]"],
    ]


def test_strict_raises_on_the_first_error() -> None:
    with pytest.raises(AnswerProblem) as caught:
        stag.load(WRONG, strict=True)
    problem = caught.value
    assert (problem.code, problem.path) == ("wrong-type", "$.details[0].from")
    assert (problem.expected, problem.got) == ("a number", "text (soon)")
    assert str(problem).startswith("$.details[0].from: expected a number, got text (soon)")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        stag.load(ANSWER, strict=True)


def test_equal_problems_of_one_array_are_one_row() -> None:
    items = [{"from": k, "to": k + 1, "content": "x", "odd": k} for k in range(50)]
    job = stag.load(json.dumps({"details": items}))
    assert job.problems[["code", "repeats", "path", "value"]].values.tolist() == [
        ["unknown-key", 50, "$.details[0].odd", "0"]
    ]
    items[3]["from"] = "?"
    with pytest.warns(UserWarning, match="1 error in"):
        job = stag.load(json.dumps({"details": items}))
    assert job.problems[["code", "repeats"]].values.tolist() == [
        ["unknown-key", 50],
        ["wrong-type", 1],
    ]


def test_many_unknown_keys_are_all_told() -> None:
    items = [{f"odd{k}": 1, "content": "x"} for k in range(30)]
    job = stag.load(json.dumps({"details": items}))
    assert job.problems["path"].tolist() == [f"$.details[{k}].odd{k}" for k in range(30)]
    assert len(job.speech) == 30


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"duration": 0}, "duration: expected seconds above 0, got 0"),
        ({"duration": float("nan")}, "duration: expected seconds above 0"),
        ({"boxes": "both"}, 'boxes: expected "auto", "documented" or "corner-sum"'),
        ({"size": 640}, "size: expected (width, height)"),
        ({"size": (0, 5)}, "size: expected a width and a height above 0"),
        ({"job_id": 7}, "job_id: expected text, got 7"),
    ],
)
def test_arguments_out_of_range(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        stag.load(ANSWER, **arguments)
    assert said in str(caught.value)


def test_surrogates_become_readable_and_are_told() -> None:
    for source in (
        '{"details": [{"content": "a\\ud800b"}]}',
        {"details": [{"content": "a\ud800b"}]},
    ):
        job = stag.load(source)
        assert job.speech["text"].tolist() == ["a\ufffdb"]
        assert job.problems["code"].tolist() == ["surrogate"]
        assert job.problems["path"].tolist() == ["$.details[0].content"]


def test_numbers_that_json_does_not_have() -> None:
    text = '{"details": [{"from": NaN, "to": Infinity, "content": "a"}, {"from": 1e999}]}'
    with pytest.warns(UserWarning, match="2 errors in"):
        job = stag.load(text)
    assert job.speech["start_time"].isna().all()
    assert sorted(job.problems["code"]) == ["not-strict-json", "out-of-range", "out-of-range"]


def test_paths_of_bare_lists() -> None:
    with pytest.warns(UserWarning, match="1 error in"):
        job = stag.load([{"Type": "ASR", "Data": '{"details": [7]}'}])
    assert job.problems["path"].tolist() == ["$[0].Data → $.details[0]"]
    mixed = ["one", {"content": "a", "from": 5, "to": 1}, "two"]
    job = stag.load({"State": "Finished", "JobId": "j", "JobResult": {"AiResult": mixed}})
    assert job.texts["text"].tolist() == ["one", "two"]
    assert job.problems["path"].tolist() == ["$.JobResult.AiResult[1].to"]
