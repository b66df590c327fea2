"""Answers to which anything was done, and what is expected of them."""

from __future__ import annotations

import copy
import json
import math
import warnings
from typing import Any

import pandas as pd
from hypothesis import settings
from hypothesis import strategies as st

import smarttag_nb as stag
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
    # A job gives a copy of a table each time.
    tables = dict(job.items())
    assert list(tables) == list(TABLES)
    for name, frame in tables.items():
        assert frame.dtypes.to_dict() == DTYPES[name]
        assert isinstance(frame.index, pd.RangeIndex)
        if len(frame):
            assert list(frame.columns) == list(DTYPES[name])
            assert frame[TABLES[name].key].tolist() == list(range(len(frame)))
            for column, dtype in DTYPES[name].items():
                if dtype == stag.tables.TEXT:
                    "".join(text for text in frame[column].tolist() if text == text).encode()
    for name, key, parent in (
        ("occurrences", "label_id", "labels"),
        ("boxes", "label_id", "labels"),
        ("boxes", "occurrence_id", "occurrences"),
        ("attributes", "box_id", "boxes"),
        ("mindmap", "parent_id", "mindmap"),
        ("cues", "file_id", "files"),
    ):
        found = tables[name][key]
        if len(found):
            assert set(found.dropna().tolist()) <= set(range(len(tables[parent])))
    assert set(tables["problems"]["code"]) <= set(stag.tables.PROBLEM_CODES)
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
