"""Every field that the API's pages name lands in a column.

Each leaf of these bodies has a value of its own, which must be found again in some table: numbers
as they are, NLP's milliseconds as seconds, and the few coded values as what they stand for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import smarttag_nb as stag

KNOWLEDGE = {
    "film": "name alias chnl country language image doubanRating genre releaseDate releaseYear "
    "epsLen epsNum director author actor",
    "person": "name alias description ambiguityDes url picture gender resume citizenship "
    "occupation title position classification nationality birthPlace birthDate "
    "appointmentAndRemoval graduateInstitution achievement productions nativePlace",
    "landmark": "name nameEn description address addressEn longitude latitude",
    "object": "brandName finegrainName",
    "music": "songName duration artistName artistAlias artistArea artistType "
    "briefDesc introduction albumName releaseTime albumSize albumType albumSubType albumSongs",
}

LABEL = {"labelLevel1": "l1", "labelLevel2": "l2", "appearanceProbability": 0.0672}
DETAIL = {"score": 0.3329, "startTime": 6.021, "endTime": 8.021}

BODIES: dict[str, Any] = {
    "VideoLabel": {
        "persons": [{
            "name": "person's name", "category": "celebrity", "ratio": 0.2521,
            "occurrences": [{
                "score": 0.9721, "from": 2.441, "to": 5.321, "timestamp": 4.561, "scene": "closeUp",
                "position": {"leftTop": [51, 52], "rightBottom": [117, 139]}}]}],
        "tags": [{"mainTagName": "main", "subTagName": "sub", "ratio": 0.0471,
                  "occurrences": [{"score": 0.7761, "from": 40.21, "to": 42.44}]}],
        "classifications": [{"score": 0.6881, "category1": "first", "category2": "second"}],
    },
    "ImageLabel": {
        "persons": [{"name": "person's name", "category": "sensitive", "score": 0.8881,
                     "position": {"leftTop": [51, 52], "rightBottom": [117, 139]},
                     "scene": "medium-long"}],
        "tags": [{"mainTagName": "main", "subTagName": "sub", "score": 0.4441}],
    },
    "TextLabel": {"tags": [{"name": "tag's name", "value": "tag's value"}]},
    "CPVLabel": {
        "type": "hmi",
        **{
            key: [{**LABEL, "label": f"{key} label", "detailInfo": [DETAIL]}]
            for key in ("cates", "hotwords", "freeTags")
        },
        "entities": [{
            **LABEL, "label": "entity", "knowledgeInfo": json.dumps({"name": "known"}),
            "detailInfo": [{**DETAIL, "trackData": [
                {"score": 0.3211, "bbox": [23, 43, 45, 67], "timestamp": 7.911}]}]}],
    },
    "ASR": {"details": [{"from": 1.011, "to": 2.022, "content": "said"}]},
    "OCR": {"details": [{"timestamp": 3.033, "info": [
        {"score": 0.9191, "position": {"leftTop": [11, 12], "rightBottom": [113, 114]},
         "content": "written", "textType": "0"}]}]},
    "Meta": {"title": "the title", "other": 17},
    "Subtitle": {"details": {"allResultUrl": "https://s.example/all",
                             "chResultUrl": "https://s.example/zh",
                             "engResultUrl": "https://s.example/en"}},
    "NLP": {
        "transcription": {"paragraphs": [{"paragraphId": "p7", "speakerId": "s3", "words": [
            {"id": 71, "sentenceId": 72, "start": 7300, "end": 7400, "text": "word"}]}]},
        "summarization": {
            "paragraphSummary": "summary of all",
            "conversationalSummary": [
                {"speakerId": "s4", "speakerName": "speaker", "summary": "said in short"}],
            "questionsAnsweringSummary": [
                {"question": "why", "sentenceIdsOfQuestion": [81], "answer": "because",
                 "sentenceIdsOfAnswer": [82, 83]}],
            "mindMapSummary": [{"title": "root", "topic": [{"title": "branch", "topic": []}]}]},
        "translation": {"paragraphs": [{"paragraphId": "p8", "sentences": [
            {"sentenceId": 91, "start": 9200, "end": 9300, "text": "translated"}]}]},
        "autoChapters": [
            {"id": 94, "start": 9500, "end": 9600, "headline": "headline", "summary": "chapter"}],
        "meetingAssistance": {
            "keywords": ["keyword"],
            "keySentences": [
                {"id": 97, "sentenceId": 98, "start": 9900, "end": 10100, "text": "key sentence"}],
            "actions": [
                {"id": 102, "sentenceId": 103, "start": 10400, "end": 10500, "text": "to do"}],
            "classifications": {"interview": 0.7111, "lecture": 0.1811, "meeting": 0.1101}},
    },
    "Process": [
        {"name": "tag", "result": [{"content": {"data": [{
            "labelLevel1": "人脸", "labelLevel2": "名人", "label": "face", "isWhite": True,
            "appearanceProbability": 0.3547, "labelId": "0010014169",
            "knowledgeInfo": {"name": "known"},
            "detailInfo": [{
                "score": 0.8579, "startTime": 35.01, "endTime": 36.02, "source": "vision",
                "subSource": "facemot", "bboxes": {},
                "metaData": {"sampleUrl": "su", "feature": "fe", "group": "gr", "itemUrl": "iu",
                             "finegrainName": "fn"},
                "mediaData": {"entityInfo": "ei"},
                "trackData": [{
                    "score": 0.9124, "bbox": [205.5, 95.5, 318.5, 247.5],
                    "landmark": [1.125, 2.125], "timestamp": 35.333,
                    "attributes": [{"property": "pr", "value": "va", "score": 0.8765}]}]}]}]}}]},
        {"name": "sbd", "result": [{"content": {"data": [
            {"index": 41, "score": 0.9675, "timestamp": 10.16}]}}]},
        {"name": "ocr", "result": [{"content": {"data": [{
            "startTime": 11.5, "endTime": 11.75, "timestamp": 11.625, "detailInfo": [
                {"score": 0.9901, "bbox": [434, 31, 464, 43], "text": "seen",
                 "char_probs": [0.5151, 0.6161]}]}]}}]},
        {"name": "video_ocr", "result": [{"content": {"data": [{
            "startTime": 12.5, "endTime": 12.75, "detailInfo": [
                {"score": 0.9902, "bbox": [166, 660, 822, 682], "text": "seen too", "text_type": 2,
                 "pos": [{"x": 166, "y": 660}, {"x": 822, "y": 661},
                         {"x": 823, "y": 682}, {"x": 167, "y": 683}]}]}]}}]},
        {"name": "asr", "result": [{"content": {"data": [
            {"text": "heard", "startTime": 108.77, "endTime": 110.79}]}}]},
    ],
}  # fmt: skip

STANDS_FOR = {("OCR", "0"): "subtitle", ("Process", 2): "caption"}
"""What coded values become; the rest must be found as it is."""

STRUCTURE = {"tag", "sbd", "ocr", "video_ocr", "asr"}
"""Names of modules are told by result types and tables."""


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for below in value.values():
            yield from leaves(below)
    elif isinstance(value, list):
        for below in value:
            yield from leaves(below)
    elif isinstance(value, str) and value.startswith("{"):
        yield from leaves(json.loads(value))
    else:
        yield value


def found_in(job: stag.Job) -> set[Any]:
    """Every value in every table but the problems, also within dicts and lists."""
    values: set[Any] = set()
    for name, frame in job.items():
        if name != "problems":
            for column in frame.columns:
                values.update(leaves(frame[column].astype(object).dropna().tolist()))
    return values


def answer(kind: str) -> stag.Job:
    data = json.dumps(BODIES[kind])
    given = {"JobStatus": "Success", "Results": {"Result": [{"Type": kind, "Data": data}]}}
    return stag.load(json.dumps(given))


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_every_documented_field_lands_in_a_column(kind: str) -> None:
    job = answer(kind)
    assert set(job.problems["code"]) <= {"ratio-off"}
    found = found_in(job)
    for leaf in leaves(BODIES[kind]):
        if leaf in STRUCTURE:
            continue
        wanted = STANDS_FOR.get((kind, leaf), leaf)
        allowed = {wanted, str(wanted)}
        if kind == "NLP" and isinstance(leaf, int) and leaf >= 1000:
            allowed = {leaf / 1000}
        assert allowed & found, leaf


@pytest.mark.parametrize("graph", sorted(KNOWLEDGE))
def test_every_field_of_the_knowledge_graph_is_kept(graph: str) -> None:
    given = {field: f"value of {field}" for field in KNOWLEDGE[graph].split()}
    entity = {"label": "x", "knowledgeInfo": json.dumps(given)}
    job = stag.load({"JobStatus": "Success", "Results": {"Result": [
        {"Type": "CPVLabel", "Data": json.dumps({"entities": [entity]})}]}})  # fmt: skip
    assert job.labels["knowledge"].tolist() == [given]
    assert job.problems.empty


def test_the_envelope_of_a_query() -> None:
    job = stag.load(
        {
            "JobStatus": "Success",
            "RequestId": "R-1",
            "UserData": "mine",
            "Input": {"Type": "OSS", "Media": "oss://b/o"},
            "Params": '{"a": 1}',
            "TemplateId": "T-1",
            "Results": {"result": []},
            "Usages": {"Usage": [{"Type": "video", "Quota": 84}, {"Type": "", "Quota": 0}]},
        }
    )
    assert (job.status, job.operation) == ("Success", "QueryVideoCognitionJob")
    assert (job.request_id, job.user_data) == ("R-1", "mine")
    assert dict(job.meta[["name", "value"]].values.tolist()) == {
        "Input.Type": "OSS",
        "Input.Media": "oss://b/o",
        "Params": '{"a": 1}',
        "TemplateId": "T-1",
    }
    assert job.usages["quota"].tolist() == [84, 0]
    assert job.problems.empty


def test_the_envelope_of_a_smart_handle_job() -> None:
    job = stag.load(
        {
            "RequestId": "R-2",
            "JobId": "J-2",
            "State": "Finished",
            "Output": '{"o": 1}',
            "UserData": '{"user": "data"}',
            "JobResult": {
                "MediaId": "M-2",
                "MediaUrl": "https://m.example/a.mp3",
                "AiResult": "prose",
                "Usage": '{"total_tokens": 100}',
            },
            "SmartJobInfo": {
                "Title": "title",
                "Description": "description",
                "UserId": "1974",
                "JobType": "TextToSpeech",
                "CreateTime": "2020-12-26T04:11:10Z",
                "ModifiedTime": "2020-12-26T04:11:11Z",
                "InputConfig": {"InputFile": "input", "JobParameters": '{"d": 2}'},
                "EditingConfig": '{"e": 3}',
                "OutputConfig": {"Bucket": "bucket", "Object": "object"},
            },
        }
    )
    assert (job.operation, job.job_id, job.status) == ("GetSmartHandleJob", "J-2", "Finished")
    assert (job.request_id, job.user_data) == ("R-2", '{"user": "data"}')
    facts = dict(job.meta[["name", "value"]].values.tolist())
    assert facts == {
        "JobResult.MediaId": "M-2",
        "Output": '{"o": 1}',
        "SmartJobInfo.Title": "title",
        "SmartJobInfo.Description": "description",
        "SmartJobInfo.UserId": "1974",
        "SmartJobInfo.JobType": "TextToSpeech",
        "SmartJobInfo.CreateTime": "2020-12-26T04:11:10Z",
        "SmartJobInfo.ModifiedTime": "2020-12-26T04:11:11Z",
        "SmartJobInfo.InputConfig.InputFile": "input",
        "SmartJobInfo.InputConfig.JobParameters": '{"d": 2}',
        "SmartJobInfo.EditingConfig": '{"e": 3}',
    }
    assert job.files[["kind", "url"]].values.tolist() == [
        ["media", "https://m.example/a.mp3"],
        ["output", "oss://bucket/object"],
    ]
    assert job.usages[["type", "quota"]].values.tolist() == [["total_tokens", 100]]
    assert job.problems.empty


def test_keys_that_no_page_names_are_reported() -> None:
    job = stag.load(
        {
            "JobStatus": "Success",
            "Surprise": 1,
            "Results": {
                "Result": [{"Type": "ASR", "Data": '{"details": [], "odd": 2}', "Extra": 3}]
            },
        }
    )
    assert set(job.problems["code"]) == {"unknown-key"}
    assert set(job.problems["action"]) == {"kept"}
    assert dict(job.problems[["path", "value"]].values.tolist()) == {
        "$.Surprise": "1",
        "$.Results.Result[0].Extra": "3",
        "$.Results.Result[0].Data → $.odd": "2",
    }
