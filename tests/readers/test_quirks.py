"""Each group of quirks that answers are known to have, with what becomes of it."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

import smarttag_nb as stag
from smarttag_nb import Job


def answer(*results: tuple[str, Any], key: str = "Result", **envelope: Any) -> dict[str, Any]:
    return {
        "JobStatus": "Success",
        **envelope,
        "Results": {key: [{"Type": kind, "Data": data} for kind, data in results]},
    }


def body(kind: str, data: Any, **more: Any) -> Job:
    """A job of one result, its Data as JSON text."""
    return stag.load(json.dumps(answer((kind, json.dumps(data)))), **more)


def codes(job: Job) -> list[tuple[str, str, int]]:
    problems = job.problems
    return list(zip(problems["code"], problems["action"], problems["repeats"], strict=True))


SPEECH = '{"details": [{"from": 0, "to": 1, "content": "好"}]}'
RESULT = {"Type": "ASR", "Data": SPEECH}


@pytest.mark.parametrize(
    ("results", "rows"),
    [
        ({"Result": [RESULT]}, 1),
        ({"result": [RESULT]}, 1),
        ([RESULT], 1),
        (RESULT, 1),
        ({"Result": RESULT}, 1),
        (None, 0),
        ({}, 0),
        ("", 0),
        ([], 0),
    ],
)
def test_01_results_in_any_form(results: Any, rows: int) -> None:
    job = stag.load({"JobStatus": "Success", "Results": results})
    assert len(job.speech) == rows
    assert job.problems.empty


def test_01_results_as_flat_xml_or_absent() -> None:
    xml = (
        "<QuerySmarttagJobResponse><JobStatus>Success</JobStatus><RequestId>R</RequestId>"
        f"<Results><Type>ASR</Type><Data>{SPEECH}</Data></Results></QuerySmarttagJobResponse>"
    )
    job = stag.load(xml)
    assert job.speech["text"].tolist() == ["好"]
    assert (job.status, job.request_id) == ("Success", "R")
    pending = stag.load({"JobStatus": "Processing", "RequestId": "R"})
    assert pending.status == "Processing"
    assert all(frame.empty for frame in pending.values())


def test_01_results_within_media_info() -> None:
    wrapped = {"StandardSmartTagJob": {"AiJobId": "j1", "Status": "Success", "Results": [RESULT]}}
    job = stag.load({"MediaInfo": {"AiRoughData": wrapped}})
    assert (job.job_id, len(job.speech)) == ("j1", 1)


@pytest.mark.parametrize("data", [SPEECH, json.loads(SPEECH), SPEECH + "\t\n"])
def test_02_data_as_text_object_or_with_space_behind(data: Any) -> None:
    job = stag.load(json.dumps(answer(("ASR", data))))
    assert job.speech["text"].tolist() == ["好"]
    assert job.problems.empty


def test_02_data_as_a_failures_reason_or_an_address() -> None:
    failed = stag.load({**answer(("VideoLabel", "cannot be decoded")), "JobStatus": "Fail"})
    assert (failed.status, failed.reason) == ("Fail", "cannot be decoded")
    assert failed.problems.empty
    job = stag.load(answer(("Process", "https://results.example/p.json\n")))
    assert job.files[["kind", "url"]].values.tolist() == [
        ["process", "https://results.example/p.json"]
    ]


@pytest.mark.parametrize("user_data", ['{"a": 1}', "plain ****", {"a": 1}, None])
def test_03_user_data_is_kept_as_received(user_data: Any) -> None:
    job = stag.load(json.dumps(answer(UserData=user_data, RequestId="R-1\n")))
    assert job.user_data == user_data
    assert job.request_id == "R-1"


def test_04_keys_decide_where_type_and_body_contradict() -> None:
    job = body("ASR", {"title": "t"})
    assert job.meta[["name", "value", "result_type"]].values.tolist() == [["title", "t", "Meta"]]
    assert codes(job) == [("type-mismatch", "kept", 1)]
    assert job.problems["path"].tolist() == ["$.Results.Result[0].Type"]


@pytest.mark.parametrize("kind", ["EventSplit", "SomethingNew"])
def test_04_an_unknown_type_passes_through(kind: str) -> None:
    job = body(kind, {"events": [1]})
    assert codes(job) == [("unknown-type", "skipped", 1)]
    assert "events" in str(job.raw)
    assert all(frame.empty for name, frame in job.items() if name != "problems")


def test_05_success_and_message_in_a_body() -> None:
    assert body("TextLabel", {"success": True, "message": "SUCCESS", "tags": []}).problems.empty
    failed = body("TextLabel", {"success": False, "message": "busy", "tags": []})
    assert codes(failed) == [("body-failed", "kept", 1)]
    assert failed.problems["value"].tolist() == ["busy"]


def person(**more: Any) -> dict[str, Any]:
    return {"name": "甲", "occurrences": [{"from": 0, "to": 4, **more}]}


def test_06_score_minus_one_is_none() -> None:
    job = body("VideoLabel", {"persons": [person(score=-1.0)]})
    assert job.occurrences["score"].isna().all()
    assert job.problems.empty


@pytest.mark.parametrize("category", ["celebrity", "unknown", "custom", "a3c1f09e5b7d"])
def test_07_category_may_be_a_librarys_id(category: str) -> None:
    job = body("VideoLabel", {"persons": [{"name": "甲", "category": category}]})
    assert job.labels["category"].tolist() == [category]


def summed(corners: list[list[int]]) -> dict[str, Any]:
    """Persons whose second corner is the sum of both."""
    return {
        "persons": [
            person(position={"leftTop": [x1, y1], "rightBottom": [x1 + x2, y1 + y2]}, timestamp=1)
            for x1, y1, x2, y2 in corners
        ]
    }


FACES = [[455, 51, 662, 338], [363, 222, 470, 342], [622, 106, 700, 211]]


def test_08_the_sum_of_corners_is_corrected_and_told() -> None:
    job = body("VideoLabel", summed(FACES))
    assert job.boxes[["x1", "y1", "x2", "y2"]].values.tolist() == FACES
    assert codes(job) == [("boxes-corner-sum", "changed", 3)]


def test_08_boxes_are_read_by_hand_where_asked() -> None:
    job = body("VideoLabel", summed(FACES), boxes="documented")
    assert job.boxes["x2"].tolist() == [x1 + x2 for x1, _, x2, _ in FACES]
    small = [[10, 10, 60, 80]]
    assert body("VideoLabel", summed(small)).boxes["x2"].tolist() == [70]
    assert body("VideoLabel", summed(small), boxes="corner-sum").boxes["x2"].tolist() == [60]


def test_08_the_frames_size_decides_for_any_box() -> None:
    info = [{"content": "字", "position": {"leftTop": [500, 300], "rightBottom": [1100, 640]}}]
    data = {"details": [{"timestamp": 0, "info": info}]}
    assert body("OCR", data).ocr["x2"].tolist() == [1100]
    assert body("OCR", data, size=(640, 360)).ocr["x2"].tolist() == [600]
    outside = {"details": [{"timestamp": 0, "info": [
        {"content": "字", "position": {"leftTop": [5, 5], "rightBottom": [700, 30]}},
        {"content": "字", "position": {"leftTop": [600, 5], "rightBottom": [620, 30]}},
    ]}]}  # fmt: skip
    job = body("OCR", outside, size=(640, 360))
    assert codes(job) == [("box-outside", "kept", 1)]
    assert job.ocr["x2"].tolist() == [700, 620]


def test_09_duration_is_inferred_and_a_wrong_ratio_told() -> None:
    ranges = [("甲", 0.250, 15), ("乙", 0.5, 30), ("丙", 0.9, 6)]
    persons = [
        {"name": name, "ratio": ratio, "occurrences": [{"from": 0, "to": end}]}
        for name, ratio, end in ranges
    ]
    job = body("VideoLabel", {"persons": persons})
    assert job.duration.source == "ratios"
    assert job.duration.seconds == pytest.approx(60, rel=0.01)
    assert codes(job) == [("ratio-off", "kept", 1)]
    assert job.problems["path"].iloc[0].endswith("$.persons[2].ratio")
    assert job.labels["ratio"].tolist() == [0.25, 0.5, 0.9]
    given = body("VideoLabel", {"persons": persons}, duration=61)
    assert (given.duration.seconds, given.duration.source) == (61, "given")


def test_09_without_ratios_the_last_end_stands() -> None:
    job = body("VideoLabel", {"persons": [person()]})
    assert (job.duration.seconds, job.duration.source) == (4, "last end")
    assert np.isnan(body("Meta", {"title": "t"}).duration.seconds)


@pytest.mark.parametrize("main", ["场景", "scene", "Scene", "人物角色", "logo"])
def test_10_main_tag_names_are_free_text(main: str) -> None:
    job = body("VideoLabel", {"tags": [{"mainTagName": main, "subTagName": "x", "ratio": 0.1}]})
    assert job.labels[["kind", "name", "level1"]].values.tolist() == [["tag", "x", main]]


def test_11_text_labels_are_split_at_any_comma() -> None:
    job = body("TextLabel", {"tags": [{"name": "关键词", "value": "a,b，c、d, ,"}, {"name": "空"}]})
    assert job.labels["name"].tolist() == ["a", "b", "c", "d"]
    assert job.labels["level1"].tolist() == ["关键词"] * 4
    assert job.labels["kind"].unique().tolist() == ["text"]
    assert codes(job) == [("nothing-in-it", "skipped", 1)]


@pytest.mark.parametrize(
    ("given", "origin", "told"),
    [("hmi", "hmi", 0), ("auto", "auto", 0), ("autp", "auto", 1), ("robot", "robot", 1)],
)
def test_12_type_of_a_cpv_label(given: str, origin: str, told: int) -> None:
    job = body("CPVLabel", {"type": given, "freeTags": [{"label": "x"}]})
    assert job.labels["origin"].tolist() == [origin]
    assert len(job.problems) == told


@pytest.mark.parametrize(
    ("given", "read"),
    [('{"name": "x", "gender": "女"}', {"name": "x", "gender": "女"}), ({"a": 1}, {"a": 1}),
     ("", None), ({}, None), ("{}", None), (None, None)],
)  # fmt: skip
def test_13_knowledge_as_text_object_or_nothing(given: Any, read: Any) -> None:
    job = body("CPVLabel", {"entities": [{"label": "x", "knowledgeInfo": given}]})
    assert job.labels["knowledge"].tolist() == [read]
    assert job.problems.empty


def test_13_knowledge_that_is_none() -> None:
    with pytest.warns(UserWarning, match="1 error in"):
        job = body("CPVLabel", {"entities": [{"label": "x", "knowledgeInfo": "no json"}]})
    assert job.labels[["name", "knowledge"]].values.tolist() == [["x", None]]
    assert job.problems["path"].str.endswith("$.entities[0].knowledgeInfo").all()


def test_14_an_empty_label_is_named_by_its_level() -> None:
    cates = [{"labelLevel1": "旅游", "labelLevel2": "风光", "label": ""}, {"labelLevel1": "旅游"}]
    assert body("CPVLabel", {"cates": cates}).labels["name"].tolist() == ["风光", "旅游"]


def test_15_tracks_of_entities() -> None:
    track = [{"score": 0.32, "bbox": [23, 43, 45, 67], "timestamp": 7.9}]
    detail = {"score": 0.3, "startTime": 6, "endTime": 8, "trackData": track}
    job = body("CPVLabel", {"entities": [{"label": "x", "detailInfo": [detail]}]})
    assert job.boxes[["occurrence_id", "timestamp", "x1", "y2", "score"]].values.tolist() == [
        [0, 7.9, 23, 67, 0.32]
    ]


def modules(**data: list[Any]) -> list[Any]:
    return [
        {"name": name, "result": [{"content": {"data": items}}]} for name, items in data.items()
    ]


def test_16_process_with_comments_as_the_page_shows_it() -> None:
    text = (
        '[ {"name": "sbd", // the cut\n "result": [{"content": {"data": ['
        '{"index": 0, "score": 0.9, "timestamp": 10.16 # where it ends\n}]}}]},\n'
        '{"name": "asr", "result": [{"content": {"data": [{"text": "http://x # y", '
        '"startTime": 0, "endTime": 1}]}}]} /* done */ ]'
    )
    for job in (stag.load(text), stag.load(answer(("Process", text)))):
        assert job.shots["end_time"].tolist() == [10.16]
        assert job.speech["text"].tolist() == ["http://x # y"]


def test_16_a_module_of_an_unknown_name() -> None:
    job = stag.load(modules(asr=[{"text": "a"}], gesture=[1]))
    assert len(job.speech) == 1
    assert codes(job) == [("unknown-type", "skipped", 1)]
    assert job.problems["path"].tolist() == ["$[1]"]


def tag(**detail: Any) -> dict[str, Any]:
    return {"labelLevel1": "人脸", "labelLevel2": "名人", "label": "甲", "detailInfo": [detail]}


def test_17_deprecated_boxes_only_where_there_is_no_track() -> None:
    point = {"bbox": [1, 2, 3, 4], "timestamp": 1}
    job = stag.load(
        modules(
            tag=[
                tag(bboxes=[10, 20, 30, 40], trackData=[]),
                tag(bboxes=[10, 20, 30, 40], trackData=[point]),
                tag(bboxes={}, trackData=[]),
            ]
        )
    )
    assert job.boxes[["label_id", "x1", "y1", "x2", "y2"]].values.tolist() == [
        [1, 1, 2, 3, 4],
        [0, 10, 20, 40, 60],
    ]
    assert codes(job) == [("superseded", "skipped", 1)]


def test_17_quadrilaterals_and_landmarks() -> None:
    pos = [{"x": x, "y": y} for x, y in ((1, 2), (9, 2), (9, 5), (1, 5))]
    clip = {"startTime": 0, "endTime": 2, "detailInfo": [{"text": "字", "pos": pos}]}
    point = {"bbox": [1, 2, 3, 4], "timestamp": 1, "landmark": [1.0, 2.0]}
    job = stag.load(modules(video_ocr=[clip], tag=[tag(trackData=[point])]))
    assert job.ocr["quad"].tolist() == [[[1, 2], [9, 2], [9, 5], [1, 5]]]
    assert job.ocr[["x1", "y1", "x2", "y2"]].values.tolist() == [[1, 2, 9, 5]]
    assert job.boxes["landmarks"].tolist() == [[1.0, 2.0]]


def test_18_a_timestamp_past_its_range_by_rounding_is_none() -> None:
    points = [{"bbox": [1, 2, 3, 4], "timestamp": t} for t in (35.333, 35.466)]
    detail = {"startTime": 35.0, "endTime": 35.465999603271484, "trackData": points}
    assert stag.load(modules(tag=[tag(**detail)])).problems.empty
    detail["endTime"] = 35.4
    assert codes(stag.load(modules(tag=[tag(**detail)]))) == [("timestamp-outside", "kept", 1)]


def test_19_scores_of_every_scale() -> None:
    seen = [{"score": 99, "text": "a", "bbox": [0, 0, 1, 1]}, {"score": 1, "text": "b"}]
    job = stag.load(
        modules(
            ocr=[{"startTime": 0, "endTime": 0, "detailInfo": seen}],
            video_ocr=[{"detailInfo": [{"score": 0.99, "text": "c"}]}],
            tag=[tag(score=-1)],
        )
    )
    assert job.ocr["score"].tolist() == [0.99, 0.01, 0.99]
    assert job.occurrences["score"].isna().all()
    assert codes(job) == [("score-scale", "changed", 2)]


def test_19_several_groups_of_a_person() -> None:
    label = {**tag(), "labelLevel2": "政治人物,自定义"}
    job = stag.load(modules(tag=[label]))
    assert job.labels[["category", "level2"]].values.tolist() == [
        ["politician,custom", "政治人物,自定义"]
    ]


def test_20_segments_begin_where_the_last_one_ends() -> None:
    cuts = [{"index": i, "score": 0.9, "timestamp": t} for i, t in enumerate((10.16, 12.64, 20))]
    job = stag.load(modules(sbd=cuts))
    assert job.shots[["number", "start_time", "end_time"]].values.tolist() == [
        [0, 0, 10.16],
        [1, 10.16, 12.64],
        [2, 12.64, 20],
    ]


def test_20_shared_times_entity_info_and_absent_fields() -> None:
    said = [{"text": t, "startTime": 108.77, "endTime": 110.79} for t in "ab"]
    label = tag(mediaData={"entityInfo": {"k": "v"}}, metaData={"group": "g"})
    job = stag.load(modules(asr=said, tag=[label]))
    assert job.speech["start_time"].tolist() == [108.77, 108.77]
    assert job.occurrences["details"].tolist() == [
        {"metaData": {"group": "g"}, "mediaData": {"entityInfo": {"k": "v"}}}
    ]
    assert job.labels[["ratio", "listed", "key"]].isna().all(axis=None)
    assert job.problems.empty


def smart(ai_result: Any, **more: Any) -> Job:
    return stag.load(
        {"JobId": "j", "State": "Finished", "JobResult": {"AiResult": ai_result, **more}}
    )


def test_21_ai_result_in_every_form() -> None:
    said = smart('[{"content": "a", "from": 0.0, "to": 0.8}]')
    assert said.speech[["text", "end_time", "result_type"]].values.tolist() == [
        ["a", 0.8, "AiResult"]
    ]
    assert smart('["one ", "two"]').texts["text"].tolist() == ["one ", "two"]
    assert smart("prose\n").texts["text"].tolist() == ["prose"]
    assert smart('{"tags": [{"name": "n", "value": "v"}]}').labels["name"].tolist() == ["v"]
    usages = smart("x", Usage='{"total_tokens":100}').usages
    assert usages[["type", "quota"]].values.tolist() == [["total_tokens", 100]]


def test_21_a_failed_smart_handle_job() -> None:
    job = stag.load({"JobId": "j", "State": "Failed", "ErrorCode": "E1", "ErrorMessage": "bad"})
    assert (job.status, job.reason) == ("Failed", "E1: bad")


@pytest.mark.parametrize(
    ("given", "read", "told"),
    [("0", "subtitle", 0), ("1", "scrolling", 0), (2, "caption", 0), ("7", "7", 1)],
)
def test_22_text_types(given: Any, read: str, told: int) -> None:
    job = body(
        "OCR", {"details": [{"timestamp": 0, "info": [{"content": "x", "textType": given}]}]}
    )
    assert job.ocr["text_type"].tolist() == [read]
    assert len(job.problems) == told


@pytest.mark.parametrize("as_list", [True, False])
def test_23_subtitle_details_as_list_or_object(as_list: bool) -> None:
    files = {"allResultUrl": "https://s.example/a", "engResultUrl": "https://s.example/e"}
    job = body("Subtitle", {"details": [files] if as_list else files})
    assert job.files[["kind", "language"]].values.tolist() == [
        ["subtitles", "all"],
        ["subtitles", "en"],
    ]
    assert job.problems.empty


CUES = [[1, 1.0, 3.2, "你好 world"], [2, 3.5, 5.0, "再见"]]


@pytest.mark.parametrize(
    "text",
    [
        "1 00:00:01,000 --> 00:00:03,200 你好 world\n2 00:00:03.500 --> 00:00:05 再见\n",
        "1\n00:00:01,000 --> 00:00:03,200\n你好 world\n\n2\n00:00:03,500 --> 00:00:05,000\n再见\n",
        "\ufeff1\t00:01.0-00:03.2\t你好 world\r\n2\t00:03.5-00:05.0\t再见\r\n",
        "1, 0:00:01.0 ~ 0:00:03.2, 你好 world\n2, 0:00:03.5 ~ 0:00:05.0, 再见",
    ],
)
def test_23_the_subtitle_files_own_format(text: str) -> None:
    job = stag.load(text)
    assert job.cues[["number", "start_time", "end_time", "text"]].values.tolist() == CUES
    assert job.cues["file_id"].tolist() == [0, 0]
    assert len(job.files) == 1


def test_24_nlp_in_milliseconds_and_any_case() -> None:
    job = body(
        "NLP",
        {
            "Transcription": {"Paragraphs": [{"ParagraphId": "p", "SpeakerId": 2, "Words": [
                {"Id": 1, "SentenceId": 3, "Start": 100, "End": 400, "Text": "Good"},
                {"Id": 2, "SentenceId": 3, "Start": 400, "End": 900, "Text": "day"}]}]},
            "autoChapters": {"id": 1, "start": 0, "end": 900, "headline": "h", "summary": "s"},
            "translation": {"paragraphs": [{"paragraphId": "p", "sentences": [
                {"sentenctId": 3, "start": 100, "end": 900, "text": "你好"}]}]},
        },
    )  # fmt: skip
    assert job.speech[
        ["start_time", "end_time", "text", "speaker_id", "sentence_id"]
    ].values.tolist() == [[0.1, 0.9, "Good day", "2", 3]]
    assert job.chapters[["end_time", "headline"]].values.tolist() == [[0.9, "h"]]
    assert job.translations["sentence_id"].tolist() == [3]
    assert set(job.problems["code"]) == {"key-case", "shape"}


def test_24_a_mind_map_nests_without_limit() -> None:
    deep: dict[str, Any] = {"title": "end"}
    for level in range(200):
        deep = {"title": str(level), "topic": [deep]}
    job = body("NLP", {"summarization": {"mindMapSummary": [deep, {"title": "b"}]}})
    assert job.mindmap["depth"].tolist() == [*range(201), 0]
    assert job.mindmap["parent_id"].isna().tolist() == [True, *[False] * 200, True]
    assert job.mindmap["parent_id"].dropna().tolist() == list(range(200))


MESSAGE = {"Type": "smarttag", "JobId": "00123", "State": "Success", "UserData": "mine"}
EVENT = {"EventType": "SmarttagJobComplete", "UserId": 7, "EventTime": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    "given",
    [
        MESSAGE,
        json.dumps(MESSAGE),
        json.dumps(MESSAGE).encode(),
        base64.b64encode(json.dumps(MESSAGE).encode()),
        base64.b64encode(json.dumps(MESSAGE).encode()).decode() + "\n",
    ],
)
def test_25_callback_messages(given: Any) -> None:
    message = stag.read_callback(given)
    assert (message.job_id, message.state, message.user_data) == ("00123", "Success", "mine")
    assert message.event_type is None


@pytest.mark.parametrize("inner", [MESSAGE, json.dumps(MESSAGE)])
def test_25_a_callback_within_an_event(inner: Any) -> None:
    message = stag.read_callback({**EVENT, "MessageBody": inner})
    assert (message.job_id, message.event_type, message.user_id) == (
        "00123",
        "SmarttagJobComplete",
        "7",
    )
    assert message.event_time == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("nonsense", "text that begins with 'nonsense'"),
        (b"\xff\xfe", "text that begins"),
        ("[1]", "text that begins"),
        ({"a": 1}, "the keys a"),
        (17, "a number"),
        ("{", "broken JSON"),
    ],
)
def test_25_what_is_no_callback(given: Any, said: str) -> None:
    with pytest.raises(stag.errors.NotACallback, match=said):
        stag.read_callback(given)
