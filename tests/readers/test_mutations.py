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
from hypothesis import given
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb.readers.document import Document
from smarttag_nb.tables import TABLES

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
            {"title": "t", "topic": [{"title": "u", "topic": []}]}]},
        "translation": {"paragraphs": [{"paragraphId": "p", "sentences": [
            {"sentenceId": 1, "start": 0, "end": 900, "text": "hi"}]}]},
        "meetingAssistance": {"keywords": ["k"], "actions": [
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
        {"name": "video_ocr", "result": [{"content": {"data": [
            {"startTime": 0.0, "endTime": 2.0, "detailInfo": [
                {"score": 0.9, "bbox": [1, 2, 3, 4], "text": "x", "text_type": 2}]}]}}]},
        {"name": "asr", "result": [{"content": {"data": [
            {"text": "一", "startTime": 0.0, "endTime": 1.0}]}}]},
    ],
}  # fmt: skip

VALUES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(
        [None, True, "", "x", "0.5", -1, 0, 99, -3.5, 1e300, 10**400, math.nan, math.inf, [], {},
         [1], {"a": 1}, "\ud800", "a\0b", [[]], "1e999", "NaN", 2**70, -(2**63) - 1]
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
        what = draw(st.sampled_from(["value", "delete", "extra", "case", "twice"]))
        if what == "value":
            holder[key] = draw(VALUES)
        elif what == "delete":
            del holder[key]
        elif what == "twice" and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        elif what == "case" and isinstance(key, str):
            holder[key[:1].upper() + key[1:]] = holder.pop(key)
        elif isinstance(holder, dict):
            holder[draw(st.sampled_from(["extra", "新", "a.b", "$x"]))] = draw(VALUES)
    return kind, body


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


LEAVES = {
    # Table: the arrays whose items have a row each, as patterns over places.
    "occurrences": [
        r"VideoLabel/(persons|tags)/\d+/occurrences/\d+",
        r"CPVLabel/(cates|entities)/\d+/detailInfo/\d+",
        r"Process/\d+/result/\d+/content/data/\d+/detailInfo/\d+/tag",
        r"ImageLabel/(persons|tags)/\d+",
    ],
    "labels": [
        r"VideoLabel/(persons|tags|classifications)/\d+",
        r"CPVLabel/(cates|entities)/\d+",
        r"ImageLabel/(persons|tags)/\d+",
        r"Process/\d+/result/\d+/content/data/\d+/tag",
    ],
    "boxes": [r"CPVLabel/(cates|entities)/\d+/detailInfo/\d+/trackData/\d+"],
    "speech": [r"ASR/details/\d+", r"Process/\d+/result/\d+/content/data/\d+/asr"],
    "ocr": [
        r"OCR/details/\d+/info/\d+",
        r"Process/\d+/result/\d+/content/data/\d+/detailInfo/\d+/video_ocr",
    ],
    "ocr_frames": [r"OCR/details/\d+"],
    "words": [r"NLP/transcription/paragraphs/\d+/words/\d+"],
    "shots": [r"Process/\d+/result/\d+/content/data/\d+/sbd"],
    "chapters": [r"NLP/autoChapters/\d+"],
}


def expected_rows(kind: str, body: Any, table: str) -> tuple[int, int]:
    """Objects among the leaf items of a table, and items that are none: rows, and skips."""
    objects = others = 0
    for at in places(body):
        if not isinstance(at[-1], int):
            continue
        name = "/".join((kind, *map(str, at)))
        if kind == "Process":
            name += f"/{body[at[0]]['name']}"
        if not any(re.fullmatch(pattern, name) for pattern in LEAVES[table]):
            continue
        if isinstance(parent_of(body, at)[at[-1]], dict):
            objects += 1
        else:
            others += 1
    return objects, others


FORMS = {
    "Data as text": lambda kind, body: json.dumps(wrap(kind, json.dumps(body))),
    "Data as object": lambda kind, body: json.dumps(wrap(kind, body)),
    "objects": wrap,
    "Data alone": lambda kind, body: json.dumps(body),
    "Data alone, as object": lambda kind, body: body,
}


@given(mutated(), st.sampled_from(sorted(FORMS)))
def test_every_mutation_ends_in_a_job_or_in_our_error(case: tuple[str, Any], form: str) -> None:
    job = load(FORMS[form](*case))
    if job is None:
        assert form.startswith("Data alone")
        return
    check_contract(job)
    job._repr_html_().encode()
    assert pickle.loads(pickle.dumps(job)) == job


@given(st.sampled_from(sorted(BODIES)), st.data())
def test_every_leaf_item_has_a_row_or_one_skipped_problem(kind: str, data: st.DataObject) -> None:
    body = copy.deepcopy(BODIES[kind])
    # Only items and fields of leaves change, so that which arrays there are stays known.
    leaves = [at for at in places(body) if isinstance(at[-1], int)]
    leaves = [
        at for at in leaves
        if any(expected_rows(kind, body, table)[0] for table in LEAVES)
        and not any(at == other[: len(at)] and at != other for other in leaves)
    ]  # fmt: skip
    for at in data.draw(st.lists(st.sampled_from(leaves or [()]), max_size=2)):
        if not at:
            continue
        holder = parent_of(body, at)
        if isinstance(holder[at[-1]], dict) and data.draw(st.booleans()):
            keys = sorted(holder[at[-1]])
            if keys:
                holder[at[-1]][data.draw(st.sampled_from(keys))] = data.draw(VALUES)
        else:
            holder[at[-1]] = data.draw(st.sampled_from([None, 7, "x", True, [1]]))
    job = load(json.dumps(wrap(kind, json.dumps(body))))
    assert job is not None
    skipped = job.problems[job.problems["action"] == "skipped"]
    for table in LEAVES:
        objects, others = expected_rows(kind, body, table)
        if objects or others:
            rows = len(job[table])
            assert rows >= objects, (table, job.problems.to_dict("records"))
            assert rows + skipped["repeats"].sum() >= objects + others


@given(mutated())
def test_both_ways_of_decoding_agree(case: tuple[str, Any]) -> None:
    kind, body = case
    try:
        text = json.dumps(body, allow_nan=False)
        msgspec.json.decode(text)
    except (ValueError, msgspec.MsgspecError):
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
