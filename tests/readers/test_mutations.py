"""Whatever is done to an answer, nothing of it vanishes and nothing unexpected is raised."""

from __future__ import annotations

import copy
import json
import math
import pickle
import re
import warnings
from typing import Any

import msgspec
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb.readers.document import Document
from smarttag_nb.readers.notes import without_surrogates
from smarttag_nb.tables import TABLES

thoroughly = settings.get_profile("thorough")

POSITION = {"leftTop": [10, 20], "rightBottom": [60, 90]}
BODIES: dict[str, Any] = {
    "VideoLabel": {
        "persons": [
            {
                "name": "甲",
                "category": "celebrity",
                "ratio": 0.5,
                "occurrences": [
                    {"score": 0.9, "from": 0.0, "to": 5.0, "position": POSITION, "timestamp": 1.0,
                     "scene": "closeUp"},
                    {"score": -1.0, "from": 6.0, "to": 8.0, "position": POSITION, "timestamp": 7.0},
                ],
            },
        ],
        "tags": [
            {"mainTagName": "场景", "subTagName": "海", "ratio": 0.1,
             "occurrences": [{"score": 0.5, "from": 1.0, "to": 2.0}]},
        ],
        "classifications": [{"score": 0.7, "category1": "生活", "category2": "美食"}],
        "success": True,
    },
    "Subtitle": {"details": [{"allResultUrl": "https://x/a", "chResultUrl": "https://x/c"}]},
    "Meta": {"title": "t", "more": {"a": 1}},
    "TextLabel": {"tags": [{"name": "关键词", "value": "a,b、c"}]},
    "ImageLabel": {
        "persons": [{"name": "乙", "category": "sensitive", "score": 0.8, "position": POSITION}],
        "tags": [{"mainTagName": "物体", "subTagName": "杯", "score": 0.4}],
    },
    "CPVLabel": {
        "type": "hmi",
        "cates": [{"labelLevel1": "旅游", "labelLevel2": "风光", "label": "",
                   "appearanceProbability": 0.9,
                   "detailInfo": [{"score": 0.9, "startTime": 0.0, "endTime": 9.0}]}],
        "entities": [{"labelLevel1": "地域", "label": "瀑布", "knowledgeInfo": '{"name": "x"}',
                      "detailInfo": [{"score": 0.3, "startTime": 6.0, "endTime": 8.0, "trackData": [
                          {"score": 0.3, "bbox": [2, 4, 30, 50], "timestamp": 7.0},
                          {"score": 0.4, "bbox": [3, 5, 31, 51], "timestamp": 7.5}]}]}],
    },
    "ASR": {"details": [{"from": 0.0, "to": 1.0, "content": "你好"},
                        {"from": 1.0, "to": 2.0, "content": "hello"}]},
    "OCR": {"details": [
        {"timestamp": 0.0, "info": [{"score": 0.9, "position": POSITION, "content": "字",
                                     "textType": "0"}]},
        {"timestamp": 1.0, "info": []}]},
    "NLP": {
        "transcription": {"paragraphs": [{"paragraphId": "p", "speakerId": "1", "words": [
            {"id": 1, "sentenceId": 1, "start": 0, "end": 400, "text": "你"},
            {"id": 2, "sentenceId": 1, "start": 400, "end": 900, "text": "好"}]}]},
        "autoChapters": [{"id": 1, "start": 0, "end": 900, "headline": "h", "summary": "s"}],
        "summarization": {"paragraphSummary": "s", "mindMapSummary": [
            {"title": "t", "topic": [{"title": "u", "topic": []}]}],
            "conversationalSummary": [{"speakerId": "1", "summary": "s"}],
            "questionsAnsweringSummary": [{"question": "q", "answer": "a",
                                           "sentenceIdsOfQuestion": [1]}]},
        "translation": {"paragraphs": [{"paragraphId": "p", "sentences": [
            {"sentenceId": 1, "start": 0, "end": 900, "text": "hi"}]}]},
        "meetingAssistance": {"keySentences": [
            {"id": 1, "sentenceId": 1, "start": 0, "end": 400, "text": "key"}], "actions": [
            {"id": 1, "sentenceId": 1, "start": 0, "end": 900, "text": "do"}],
            "classifications": {"interview": 0.5}},
    },
    "Process": [
        {"name": "tag", "result": [{"content": {"data": [
            {"labelLevel1": "人脸", "labelLevel2": "名人", "label": "丙",
             "appearanceProbability": 0.4, "isWhite": True, "labelId": "7", "knowledgeInfo": {},
             "detailInfo": [{"score": 0.8, "trackData": [
                 {"score": 0.9, "bbox": [1.0, 2.0, 30.0, 40.0], "landmark": [1.0, 2.0],
                  "attributes": [{"property": "表情", "value": "笑", "score": 0.8}],
                  "timestamp": 1.0}],
                 "startTime": 0.0, "endTime": 4.0, "source": "vision", "subSource": "m",
                 "metaData": {"group": "g"}}]}]}}]},
        {"name": "sbd", "result": [{"content": {"data": [
            {"index": 0, "score": 0.9, "timestamp": 4.0},
            {"index": 1, "score": 0.9, "timestamp": 8.0}]}}]},
        {"name": "ocr", "result": [{"content": {"data": [
            {"timestamp": 1.0, "detailInfo": [
                {"score": 0.9, "text": "字", "char_probs": [0.9], "timestamp": 1.0,
                 "pos": [{"x": 1, "y": 2}, {"x": 3, "y": 2}, {"x": 3, "y": 4}, {"x": 1, "y": 4}]}
            ]}]}}]},
        {"name": "video_ocr", "result": [{"content": {"data": [
            {"startTime": 0.0, "endTime": 2.0, "detailInfo": [
                {"score": 0.9, "bbox": [1, 2, 3, 4], "text": "x", "text_type": 2}]}]}}]},
        {"name": "asr", "result": [{"content": {"data": [
            {"text": "一", "startTime": 0.0, "endTime": 1.0}]}}]},
    ],
}  # fmt: skip

DEEP = "@deep@"
"""Stands for lists 5,000 deep, which json.dumps cannot write."""
AGAIN = "@again"
"""Marks a key that stands twice, which no dict can hold."""

VALUES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(
        [None, True, "", "x", "0.5", -1, 0, 99, -3.5, 1e300, 10**400, math.nan, math.inf, [], {},
         [1], {"a": 1}, "\ud800", "a\0b", [[]], DEEP, "1e999", "NaN", 2**70, -(2**63) - 1]
    ),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
).map(copy.deepcopy)  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    found = [at] if at else []
    if isinstance(value, dict):
        for key, below in value.items():
            found += places(below, (*at, key))
    elif isinstance(value, list):
        for i, below in enumerate(value):
            found += places(below, (*at, i))
    return found


def parent_of(document: Any, at: tuple[Any, ...]) -> Any:
    for step in at[:-1]:
        document = document[step]
    return document


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, Any]:
    """A result's type and a body with up to four things done to it."""
    kind = draw(st.sampled_from(sorted(BODIES)))
    body = copy.deepcopy(BODIES[kind])
    for _ in range(draw(st.integers(1, 4))):
        every = places(body)
        if not every:
            break
        at = draw(st.sampled_from(every))
        holder, key = parent_of(body, at), at[-1]
        what = draw(st.sampled_from(["value", "delete", "extra", "case", "again", "twice"]))
        if what == "value":
            holder[key] = draw(VALUES)
        elif what == "delete":
            del holder[key]
        elif what == "twice" and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        elif what == "case" and isinstance(key, str):
            holder[key[:1].upper() + key[1:]] = holder.pop(key)
        elif what == "again" and isinstance(key, str):
            holder[key + AGAIN] = draw(VALUES)
        elif isinstance(holder, dict):
            holder[draw(st.sampled_from(["extra", "新", "a.b", "$x"]))] = draw(VALUES)
    return kind, body


def as_text(value: Any, deep: str = "[" * 5_000 + "]" * 5_000) -> str:
    """A document as JSON, with what only text can hold."""
    return json.dumps(value).replace(json.dumps(DEEP), deep).replace(f'{AGAIN}": ', '": ')


def wrap(kind: str, data: Any) -> dict[str, Any]:
    return {"JobStatus": "Success", "Results": {"Result": [{"Type": kind, "Data": data}]}}


def load(source: Any, **more: Any) -> stag.Job | None:
    """The job, or None where the source is refused as no answer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        try:
            return stag.load(source, **more)
        except stag.errors.NotAnAnswer:
            return None


DTYPES = {
    name: {column.name: column.dtype for column in table.columns} for name, table in TABLES.items()
}


def check_contract(job: stag.Job) -> None:
    assert list(job) == list(TABLES)
    for name, frame in job.items():
        assert frame.dtypes.to_dict() == DTYPES[name]
        assert isinstance(frame.index, pd.RangeIndex)
        if len(frame):
            assert list(frame.columns) == list(DTYPES[name])
            assert frame[TABLES[name].key].tolist() == list(range(len(frame)))
            for column, dtype in DTYPES[name].items():
                if dtype == stag.tables.TEXT:
                    "".join(frame[column].dropna()).encode()
    for name, key, parent in (
        ("occurrences", "label_id", "labels"),
        ("boxes", "label_id", "labels"),
        ("boxes", "occurrence_id", "occurrences"),
        ("attributes", "box_id", "boxes"),
        ("mindmap", "parent_id", "mindmap"),
        ("cues", "file_id", "files"),
    ):
        found = job[name][key].dropna().tolist()
        assert set(found) <= set(range(len(job[parent])))
    assert set(job.problems["code"]) <= set(stag.tables.PROBLEM_CODES)
    repr(job).encode()


LEVELS: dict[str, dict[str, str | None]] = {
    # Type: its arrays of objects, and the table that has a row for each item.
    "VideoLabel": {
        "persons/*": "labels", "tags/*": "labels", "classifications/*": "labels",
        "persons/*/occurrences/*": "occurrences", "tags/*/occurrences/*": "occurrences",
    },
    "ImageLabel": {"persons/*": "labels", "tags/*": "labels"},
    "Subtitle": {"details/*": None},
    "Meta": {},
    "TextLabel": {"tags/*": None},
    "CPVLabel": {
        "cates/*": "labels", "cates/*/detailInfo/*": "occurrences",
        "entities/*": "labels", "entities/*/detailInfo/*": "occurrences",
        "cates/*/detailInfo/*/trackData/*": "boxes",
        "entities/*/detailInfo/*/trackData/*": "boxes",
    },
    "ASR": {"details/*": "speech"},
    "OCR": {"details/*": "ocr_frames", "details/*/info/*": "ocr"},
    "NLP": {
        "transcription/paragraphs/*": None,
        "transcription/paragraphs/*/words/*": "words",
        "transcription/paragraphs/*/sentences/*": None,
        "autoChapters/*": "chapters",
        "summarization/conversationalSummary/*": None,
        "summarization/questionsAnsweringSummary/*": None,
        **{f"summarization/mindMapSummary/*{depth * '/topic/*'}": "mindmap" for depth in range(4)},
        "translation/paragraphs/*": None,
        "translation/paragraphs/*/sentences/*": "translations",
        "meetingAssistance/actions/*": "highlights",
        "meetingAssistance/keySentences/*": "highlights",
    },
    "Process": {
        f"*/{name}:result/*{more}": table
        for name, more, table in (
            ("tag", "", None),
            ("tag", "/content/data/*", "labels"),
            ("tag", "/content/data/*/detailInfo/*", "occurrences"),
            ("tag", "/content/data/*/detailInfo/*/trackData/*", "boxes"),
            ("tag", "/content/data/*/detailInfo/*/trackData/*/attributes/*", "attributes"),
            ("sbd", "", None),
            ("sbd", "/content/data/*", "shots"),
            ("ocr", "", None),
            ("ocr", "/content/data/*", "ocr_frames"),
            ("ocr", "/content/data/*/detailInfo/*", "ocr"),
            ("video_ocr", "", None),
            ("video_ocr", "/content/data/*", None),
            ("video_ocr", "/content/data/*/detailInfo/*", "ocr"),
            ("asr", "", None),
            ("asr", "/content/data/*", "speech"),
        )
    },
}  # fmt: skip


def own_key(holder: dict[str, Any], name: str) -> str | None:
    """The key as which an object spells a field: as documented, or else in another case."""
    if name in holder:
        return name
    return next((key for key in holder if key.lower() == name.lower()), None)


def items_at(value: Any, steps: list[str]) -> list[Any]:
    """The items of an array, wherever it is in a body; one object stands for a list of it."""
    if not steps:
        return [value]
    step, *rest = steps
    if step == "*":
        items = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
        items = [] if items == [{}] and isinstance(value, dict) else items
        return [found for item in items for found in items_at(item, rest)]
    module, _, name = step.rpartition(":")
    if not isinstance(value, dict):
        return []
    if module and value.get(own_key(value, "name") or "") != module:
        return []
    key = own_key(value, name)
    return items_at(value[key], rest) if key is not None else []


def expected(kind: str, body: Any) -> tuple[dict[str, int], int]:
    """How many rows each table has for the objects in arrays, and how many items are no objects."""
    rows: dict[str, int] = {}
    others = 0
    for steps, table in LEVELS[kind].items():
        items = items_at(body, steps.split("/"))
        objects = sum(isinstance(item, dict) for item in items)
        others += len(items) - objects
        if table:
            rows[table] = rows.get(table, 0) + objects
    return rows, others


FORMS = {
    "Data as text": lambda kind, body: json.dumps(wrap(kind, as_text(body))),
    "Data as object": lambda kind, body: as_text(wrap(kind, body)),
    "objects": wrap,
    "Data alone": lambda kind, body: as_text(body),
    "Data alone, as object": lambda kind, body: body,
}


@thoroughly
@given(mutated(), st.sampled_from(sorted(FORMS)))
def test_every_mutation_ends_in_a_job_or_in_our_error(case: tuple[str, Any], form: str) -> None:
    job = load(FORMS[form](*case))
    if job is None:
        assert form.startswith("Data alone")
        return
    check_contract(job)
    job._repr_html_().encode()
    assert pickle.loads(pickle.dumps(job)) == job


@thoroughly
@given(mutated())
def test_every_item_has_a_row_or_exactly_one_skipped_problem(case: tuple[str, Any]) -> None:
    kind, body = case
    text = as_text(body)
    job = load(json.dumps(wrap(kind, text)))
    assert job is not None
    if (job.problems["code"] == "type-mismatch").any():
        return
    rows, others = expected(kind, json.loads(as_text(body, deep="[[]]")))
    for table, count in rows.items():
        assert len(job[table]) == count, (table, job.problems.to_dict("records"))
    skipped = job.problems[job.problems["action"] == "skipped"]
    no_objects = skipped[skipped["message"].str.startswith("expected an object, got")]
    assert no_objects["repeats"].sum() == others, job.problems.to_dict("records")


STEP = re.compile(r" → \$|\.(\w+)|\[(\d+)\]|\['(.*?)'\]")


def follow(document: Any, path: str) -> Any:
    """The value at a path, as a user would look it up."""
    for step in STEP.finditer(path.removeprefix("$")):
        if step[0] == " → $":
            document = json.loads(document)
        else:
            key = int(step[2]) if step[2] else own_key(document, step[1] or step[3])
            document = document[key]
    return document


@thoroughly
@given(mutated())
def test_every_path_leads_to_where_the_problem_is(case: tuple[str, Any]) -> None:
    text = json.dumps(wrap(case[0], as_text(case[1], deep="[[]]")))
    job = load(text)
    assert job is not None
    for problem in job.problems.itertuples():
        value = follow(json.loads(text), str(problem.path))
        if problem.code in ("wrong-type", "unknown-key") and isinstance(value, (bool, str)):
            shown = without_surrogates(value) if isinstance(value, str) else json.dumps(value)
            assert problem.value == shown


@thoroughly
@given(mutated())
def test_both_ways_of_decoding_agree(case: tuple[str, Any]) -> None:
    kind, body = case
    text = as_text(body)
    try:
        msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return
    fast = load(json.dumps(wrap(kind, text)))

    def refuse(self: Document, kind: Any) -> Any:
        raise msgspec.ValidationError("refused")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Document, "typed", refuse)
        slow = load(json.dumps(wrap(kind, text)))
    assert fast is not None
    assert slow is not None
    for name in TABLES:
        assert len(fast[name]) == len(slow[name]) or name == "problems"
        if len(fast[name]) and name != "problems":
            pd.testing.assert_frame_equal(fast[name], slow[name])
    errors = [job.problems.query("severity == 'error'")["repeats"].sum() for job in (fast, slow)]
    assert errors[0] == errors[1]


@thoroughly
@given(st.sampled_from(sorted(BODIES)), st.data())
def test_a_truncated_document_is_told(kind: str, data: st.DataObject) -> None:
    text = json.dumps(BODIES[kind], ensure_ascii=False)
    cut = data.draw(st.integers(1, len(text) - 1))
    job = load(json.dumps(wrap(kind, text[:cut])))
    assert job is not None
    assert job.problems["code"].tolist() == ["not-json"]
    assert job.problems["action"].tolist() == ["skipped"]
    with pytest.raises(stag.errors.NotAnAnswer, match="broken JSON"):
        stag.load(text[:cut])


@thoroughly
@given(st.binary(max_size=60) | st.text(max_size=60) | st.recursive(VALUES, st.lists, max_leaves=4))
def test_what_is_no_answer_is_refused_in_our_words(source: Any) -> None:
    job = load(source)
    if job is not None:
        check_contract(job)


@pytest.mark.parametrize("depth", [900, 5_000])
@pytest.mark.parametrize("opening", ["[", '{"a":', '{"topic":['])
def test_nesting_of_any_depth(depth: int, opening: str) -> None:
    closing = {"[": "]", '{"a":': "}", '{"topic":[': "]}"}[opening]
    deep = opening * depth + ("0" if opening == '{"a":' else "") + closing * depth
    for text in (deep, json.dumps(wrap("NLP", deep)), f'{{"details": {deep}}}',
                 f'{{"title": {deep}}}'):  # fmt: skip
        job = load(text)
        if job is not None:
            repr(job), job._repr_html_()
    mindmap = f'{{"summarization": {{"mindMapSummary": [{deep}]}}}}'
    job = load(json.dumps(wrap("NLP", mindmap)))
    assert job is not None
    if opening == '{"topic":[':
        assert job.mindmap["depth"].tolist() == list(range(depth))


@pytest.mark.parametrize("extra", [True, False])
def test_duplicate_keys_the_last_wins(extra: bool) -> None:
    more = ', "odd": 1' if extra else ""
    job = load('{"details": [{"from": 1, "from": 2, "to": 3, "content": "x"' + more + "}]}")
    assert job is not None
    assert job.speech["start_time"].tolist() == [2.0]
