"""What once got lost, or was read as something else, without a word."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import requests

import smarttag_nb as stag
from smarttag_nb import Job

SENTENCE = {"from": 0, "to": 1, "content": "好"}


def load(source: Any, **more: Any) -> Job:
    return stag.load(source, **more)


def answer(kind: str | None, data: Any, status: str = "Success", **more: Any) -> dict[str, Any]:
    result = {"Type": kind, "Data": data}
    return {"JobStatus": status, "Results": {"Result": [result]}, **more}


def codes(job: Job) -> list[str]:
    return job.problems["code"].tolist()


# --- The envelope ----------------------------------------------------------------------------


def test_every_reason_of_a_failure_is_kept() -> None:
    results = [{"Type": "ASR", "Data": "disk full"}, {"Type": "OCR", "Data": "no frames"}]
    job = load({"JobStatus": "Fail", "Code": "Bad", "Message": "m", "Results": {"Result": results}})
    assert job.reason == "Bad: m: disk full: no frames"


def test_an_address_is_no_reason() -> None:
    job = load(answer("Process", "https://x/y.json", status="Fail"))
    assert job.reason is None
    assert job.files["url"].tolist() == ["https://x/y.json"]


def test_a_message_of_success_is_a_fact_and_no_reason() -> None:
    job = load({"JobStatus": "Success", "Message": "ok", "Results": {}})
    assert job.reason is None
    assert job.meta[["name", "value"]].values.tolist() == [["Message", "ok"]]


def test_what_stands_around_a_wrapped_answer_is_kept() -> None:
    inner = answer("ASR", json.dumps({"details": [SENTENCE]}))
    given = {
        "RequestId": "R",
        "MediaInfo": {
            "MediaId": "m1",
            "AiRoughData": {"AiCategory": "c", "StandardSmartTagJob": inner},
        },
    }
    job = load(given)
    assert (len(job.speech), job.request_id) == (1, "R")
    facts = dict(zip(job.meta["name"], job.meta["value"], strict=True))
    assert facts == {"MediaInfo.MediaId": "m1", "MediaInfo.AiRoughData.AiCategory": "c"}


@pytest.mark.parametrize("beside", [{"foo": 1}, {"JobStatus": "Fail"}])
def test_a_key_called_body_does_not_replace_the_answer(beside: dict[str, Any]) -> None:
    job = load({**answer("ASR", json.dumps({"details": [SENTENCE]})), "body": beside})
    assert (job.status, len(job.speech)) == ("Success", 1)
    assert codes(job) == ["unknown-key"]


@pytest.mark.parametrize(
    ("quota", "read", "told"),
    [("5", 5.0, ["spelling"]), ("1_000", None, ["wrong-type"]), ("nan", None, ["wrong-type"])],
)
@pytest.mark.filterwarnings("ignore:1 error in this answer")
def test_quotas(quota: str, read: float | None, told: list[str]) -> None:
    job = load({"JobStatus": "Success", "Usages": {"Usage": [{"Type": "t", "Quota": quota}]}})
    assert job.usages["quota"].replace({np.nan: None}).tolist() == [read]
    assert codes(job) == told


def test_the_paths_of_an_envelope_are_in_its_own_spelling() -> None:
    job = load({"jobStatus": "Success", "results": {"RESULT": [{"type": "Odd", "data": "{}"}]}})
    assert job.problems["path"].tolist() == ["$.results.RESULT[0].Type"]


# --- Text and numbers ------------------------------------------------------------------------


def test_bytes_that_are_no_utf8_are_told() -> None:
    job = load(b'{"details":[{"from":0,"to":1,"content":"\xc4\xe3"}]}')
    assert job.speech["text"].tolist() == ["\ufffd\ufffd"]
    assert codes(job) == ["encoding"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"details": []} // why', "a comment, at line 1, column 17"),
        ('# why\n{"details": []}', "a comment, at line 1, column 1"),
        ('{"details": [{"content": "a\tb"}]}', "a control character, at line 1, column 28"),
    ],
)
def test_what_strict_json_forbids_is_told(text: str, told: str) -> None:
    job = load(json.dumps(answer("ASR", text)))
    assert job.problems[["code", "message"]].values.tolist() == [["not-strict-json", told]]


def test_surrogates_outside_of_json_are_told(tmp_path: Path) -> None:
    job = load("1\n00:00:01,000 --> 00:00:02,000\nhi \ud800\n")
    assert job.cues["text"].tolist() == ["hi \ufffd"]
    assert codes(job) == ["surrogate"]
    assert load("<Q><JobStatus>Suc\ud800cess</JobStatus></Q>").status == "Suc\ufffdcess"
    file = tmp_path / "\udcff.json"
    file.write_text('{"title": "t"}', encoding="utf-8")
    assert load(file).job_id == "\ufffd"
    with pytest.raises(stag.errors.InvalidArgument):
        load({"title": "t"}, job_id="\ud800")


@pytest.mark.filterwarnings("ignore:1 error in this answer")
def test_integers_too_long_to_write() -> None:
    job = load({"title": 10**5000})
    assert codes(job) == ["out-of-range"]


@pytest.mark.filterwarnings("ignore:1 error in this answer")
def test_an_object_that_holds_itself() -> None:
    given: dict[str, Any] = {"title": "t"}
    given["self"] = given
    job = load(given)
    assert job.problems["message"].tolist() == [
        "expected a JSON value, got an object that holds itself"
    ]


@pytest.mark.filterwarnings("ignore:1 error in this answer")
def test_what_nests_too_deep_is_left_out() -> None:
    deep = '{"a":' * 400 + "1" + "}" * 400
    label = f'{{"labelLevel1": "l", "label": "x", "knowledgeInfo": {deep}}}'
    job = load(f'[{{"name": "tag", "result": [{{"content": {{"data": [{label}]}}}}]}}]')
    assert job.labels["knowledge"].tolist() == [None]
    assert codes(job) == ["wrong-type"]
    assert pickle.loads(pickle.dumps(job)) == job


def test_attributes_and_text_among_elements_of_xml_are_told() -> None:
    job = load('<Q><JobStatus a="b">Success</JobStatus><Results/>also</Q>')
    assert job.problems["path"].tolist() == ["$.Q['text()']", "$.Q.JobStatus['@a']"]


# --- Results ---------------------------------------------------------------------------------


def test_each_unknown_type_is_named() -> None:
    results = [{"Type": name, "Data": "{}"} for name in ("EventSplit", "NewThing", "NewThing")]
    job = load({"JobStatus": "Success", "Results": {"Result": results}})
    told = job.problems[["value", "repeats"]].values.tolist()
    assert told == [["EventSplit", 1], ["NewThing", 2]]


def test_each_unknown_value_is_named() -> None:
    info = [{"content": "x", "textType": kind} for kind in ("9", "foo", "9")]
    job = load({"details": [{"timestamp": 0, "info": info}]})
    told = job.problems[["value", "repeats"]].values.tolist()
    assert told == [["9", 2], ["foo", 1]]


def test_products_without_data_are_told() -> None:
    job = load([{"name": "tag", "result": [{"content": None}, {}, {"content": {"data": []}}]}])
    assert job.problems[["code", "repeats"]].values.tolist() == [["nothing-in-it", 2]]


def seen(**more: Any) -> list[Any]:
    data = [{"timestamp": 1, "detailInfo": [{"text": "字", **more}]}]
    return [{"name": "ocr", "result": [{"content": {"data": data}}]}]


@pytest.mark.filterwarnings("ignore:1 error in this answer")
def test_an_unreadable_number_of_a_list_is_missing_at_its_place() -> None:
    job = load(seen(char_probs=[0.9, None, 0.8]))
    (scores,) = job.ocr["char_scores"]
    np.testing.assert_array_equal(scores, [0.9, np.nan, 0.8])
    assert type(scores) is list
    corners = [{"x": 1, "y": 1}, {"x": 5, "y": 1}, {"x": 5}, {"x": 1, "y": 4}]
    job = load(seen(pos=corners))
    assert job.ocr["quad"].tolist() == [None]
    assert job.ocr["x1"].isna().all()


def test_scores_of_characters_and_scenes_have_the_scale_of_all_others() -> None:
    job = load(seen(char_probs=[99, -1, 50]))
    (scores,) = job.ocr["char_scores"]
    np.testing.assert_allclose(scores, [0.99, np.nan, 0.5])
    scenes = {"interview": 95, "lecture": 3, "meeting": -1}
    job = load({"meetingAssistance": {"classifications": scenes}})
    np.testing.assert_allclose(job.scene_scores["score"], [0.95, 0.03, np.nan])
    assert codes(job) == ["score-scale"]


@pytest.mark.parametrize(
    "files",
    [{"ALLRESULTURL": "https://a"}, {"allResultUrl": "https://a", "jpResultUrl": "https://b"}],
)
def test_an_odd_key_costs_no_other_address(files: dict[str, str]) -> None:
    job = load(answer("Subtitle", json.dumps({"details": [files, {"chResultUrl": "https://c"}]})))
    assert job.files["url"].tolist() == ["https://a", "https://c"]
    assert len(job.problems) == 1


def test_subtitle_data_alone_as_one_object() -> None:
    details = {"allResultUrl": "https://a", "chResultUrl": "https://c", "engResultUrl": "https://e"}
    job = load({"details": details})
    assert job.files["language"].tolist() == ["all", "zh", "en"]
    assert len(job.speech) == len(job.problems) == 0


@pytest.mark.parametrize("shape", ["one", "list", "Result"])
def test_results_without_the_answer_around_them(shape: str) -> None:
    result = {"Type": "ASR", "Data": json.dumps({"details": [SENTENCE]})}
    given = {"one": result, "list": [{"odd": 1}, result], "Result": {"Result": [result]}}[shape]
    job = load(given)
    assert job.speech["result_type"].tolist() == ["ASR"]


def test_many_unknown_keys_do_not_make_data_unknown() -> None:
    more = {"speaker": "a", "words": [], "emotion": "q", "lang": "z", "conf": 0.5}
    job = load({"details": [{**SENTENCE, **more}]})
    assert len(job.speech) == 1
    assert codes(job) == ["unknown-key"] * 5


def test_facts_of_any_name_stay_facts() -> None:
    job = load(answer("Meta", json.dumps({"description": "d", "tags": "a,b", "details": "e"})))
    assert job.meta["name"].tolist() == ["description", "tags", "details"]
    assert job.problems.empty


# --- GetSmartHandleJob -----------------------------------------------------------------------


def smart(result: Any) -> Job:
    return load({"State": "Finished", "JobId": "j", "JobResult": {"AiResult": result}})


@pytest.mark.filterwarnings("ignore:1 error in this answer")
def test_a_truncated_ai_result_is_told() -> None:
    job = smart('[{"content":"a","from":0,"to":1},{"conte')
    assert len(job.texts) == 1
    assert codes(job) == ["not-json"]
    prose = smart("[Title] and so on")
    assert (prose.texts["text"].tolist(), codes(prose)) == (["[Title] and so on"], [])


def test_an_ai_result_that_is_an_address() -> None:
    job = smart("https://x/y.json")
    assert job.files[["kind", "url"]].values.tolist() == [["output", "https://x/y.json"]]
    assert len(job.texts) == 0


@pytest.mark.parametrize(
    ("items", "table"),
    [
        ([{"labelLevel1": "l", "label": "x", "detailInfo": [{"startTime": 0}]}], "occurrences"),
        ([{"index": 0, "timestamp": 3.5}, {"index": 1, "timestamp": 7}], "shots"),
        ([{"Type": "ASR", "Data": {"details": [SENTENCE]}}], "speech"),
    ],
)
def test_tagging_and_segmentation_as_lists(items: list[Any], table: str) -> None:
    job = smart(json.dumps(items))
    assert len(job[table]) == len(items)
    assert job.problems.empty


def test_a_whole_answer_as_ai_result() -> None:
    job = smart(json.dumps(answer("ASR", {"details": [SENTENCE]})))
    assert len(job.speech) == 1


# --- Subtitle files and messages -------------------------------------------------------------


def test_two_numbers_in_a_subtitle_are_no_cue() -> None:
    lines = ["2020-2021", "Score\n3 - 2", "5, 6", "1 2-3"]
    text = "".join(
        f"{i}\n00:00:0{i},000 --> 00:00:0{i},900\n{line}\n\n" for i, line in enumerate(lines, 1)
    )
    job = load(text)
    assert job.cues["text"].tolist() == lines
    assert job.duration.seconds == 4.9


def test_a_bracketed_subtitle_file_as_bytes() -> None:
    job = load(b"[00:01 - 00:02] hi\n[00:02 - 00:03] ho\n")
    assert job.cues["text"].tolist() == ["hi", "ho"]


def test_a_callback_in_any_packing() -> None:
    import base64

    plain = '{"JobId": "j", "State": "Success", "UserData": "??>>"}'
    packed = base64.urlsafe_b64encode(b"\xef\xbb\xbf" + plain.encode()).decode().rstrip("=")
    for body in (plain, packed, json.dumps(plain), {"MessageBody": packed}):
        assert stag.read_callback(body).job_id == "j"
    event = {"MessageBody": plain, "EventType": "E"}
    beside = {"MessageBody": json.dumps({**json.loads(plain), "EventType": "E"})}
    assert stag.read_callback(event).event_type == "E"
    assert stag.read_callback(beside).event_type == "E"


# --- Sources that break ----------------------------------------------------------------------


def test_a_response_that_broke_midway() -> None:
    class Broken(requests.Response):
        @property
        def content(self) -> bytes:
            raise requests.exceptions.ChunkedEncodingError("https://x/?Signature=secret")

    with pytest.raises(stag.errors.NotAnAnswer) as caught:
        load(Broken())
    assert "ChunkedEncodingError" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_an_object_of_others_that_raises() -> None:
    class Odd:
        def read(self) -> bytes:
            raise RuntimeError("consumed")

    with pytest.raises(stag.errors.NotAnAnswer, match="RuntimeError"):
        load(Odd())


def test_names_of_open_files(tmp_path: Path) -> None:
    import gzip

    file = tmp_path / "abc.json.gz"
    file.write_bytes(gzip.compress(b'{"title": "t"}'))
    with file.open("rb") as stream:
        assert load(stream).job_id == "abc"
    with gzip.open(file) as unpacked:
        assert load(unpacked).job_id == "abc"


@pytest.mark.parametrize(
    "arguments",
    [
        {"duration": 10**400},
        {"duration": True},
        {"boxes": np.array(["auto", "auto"])},
        {"size": (float("inf"), 1)},
        {"size": (True, True)},
    ],
)
def test_arguments_of_odd_types(arguments: dict[str, Any]) -> None:
    with pytest.raises(stag.errors.InvalidArgument):
        load({"title": "t"}, **arguments)
