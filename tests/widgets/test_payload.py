"""The payload, read back as the page reads it."""

from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import smarttag_nb as stag
from smarttag_nb.widgets.payload import pack, without_boxes
from tests.measures.jobs import TWO_RESULTS, job_of

NUMBERS = {"f8": np.float64, "f4": np.float32, "i4": np.int32}


def unpack(payload: bytes) -> dict[str, Any]:
    """Header and tables: columns as arrays or lists."""
    length = int.from_bytes(payload[:4], "little")
    header = json.loads(payload[4 : 4 + length])
    for table in header["tables"].values():
        for name, told in table["columns"].items():
            if isinstance(told, dict):
                at = 4 + length + told["at"]
                assert at % np.dtype(told["type"]).itemsize == 0
                table["columns"][name] = np.frombuffer(
                    payload, NUMBERS[told["type"]], table["rows"], at
                )
            assert len(table["columns"][name]) == table["rows"]
    header["tables"] = {name: table["columns"] for name, table in header["tables"].items()}
    return header


def packed_in(page: Path) -> dict[str, Any]:
    """Header and tables of the payload that a page holds."""
    html = page.read_text(encoding="utf-8")
    (block,) = re.findall(r"<script [^>]*data-smarttag-payload>([^<]*)</script>", html)
    return unpack(gzip.decompress(base64.b64decode(block)))


@pytest.fixture(scope="module")
def job() -> stag.Job:
    return stag.samples.load("magazine", answer="cognition")


@pytest.fixture(scope="module")
def packed(job: stag.Job) -> dict[str, Any]:
    return unpack(pack(job, stag.align(job)))


@pytest.mark.parametrize("answer", stag.samples.answers("magazine"))
def test_every_answer_can_be_packed_and_read_back(answer: str) -> None:
    header = unpack(pack(stag.samples.load("magazine", answer=answer)))
    for name in ("occurrences", "tracks"):
        labels = header["tables"][name]["label"]
        assert ((np.asarray(labels) >= 0) & (np.asarray(labels) < 10_000)).all()


def test_rows_keep_their_ids_and_refer_by_position(job: stag.Job, packed: dict[str, Any]) -> None:
    tables = packed["tables"]
    names = np.array(tables["labels"]["name"], dtype=object)
    for row, occurrence_id in enumerate(tables["occurrences"]["id"]):
        own = job.occurrences.set_index("occurrence_id").loc[occurrence_id]
        told = job.labels.set_index("label_id").loc[own["label_id"], "name"]
        assert names[tables["occurrences"]["label"][row]] == told
        assert tables["occurrences"]["start"][row] == own["start_time"]


def test_boxes_of_a_moment_are_those_of_the_measure(job: stag.Job, packed: dict[str, Any]) -> None:
    tracks, boxes = packed["tables"]["tracks"], packed["tables"]["boxes"]
    names = packed["tables"]["labels"]["name"]
    found = set()
    for label, first, stop in zip(tracks["label"], tracks["first"], tracks["stop"], strict=True):
        times = boxes["time"][first:stop]
        assert (np.diff(times) >= 0).all()
        for k in np.flatnonzero(times == 20.24):
            found.add((names[label], float(boxes["x1"][first + k])))
    expected = stag.measures.tracks(job, [20.24]).query("not interpolated")
    told = {
        (n, float(np.float32(x))) for n, x in zip(expected["name"], expected["x1"], strict=True)
    }
    assert told <= found
    assert told


def test_a_label_that_only_other_results_have_boxes_of_comes_along() -> None:
    job = stag.samples.load("magazine", answer="cognition")
    best = set(zip(job.best("labels")["kind"], job.best("labels")["name"], strict=True))
    boxed = job.labels[job.labels["label_id"].isin(job.best("boxes")["label_id"])]
    labels = unpack(pack(job))["tables"]["labels"]
    shown = set(zip(labels["kind"], labels["name"], strict=True))
    assert best | set(zip(boxed["kind"], boxed["name"], strict=True)) <= shown


def test_words_stand_where_they_are_in_their_sentence(
    job: stag.Job, packed: dict[str, Any]
) -> None:
    words, speech = packed["tables"]["words"], packed["tables"]["speech"]
    assert len(words["id"]) > 0.9 * len(job.words)
    by_id = job.words.set_index("word_id")["text"]
    for row, word_id in enumerate(words["id"]):
        sentence = speech["text"][words["speech"][row]]
        assert sentence[words["from"][row] : words["to"][row]] == by_id[word_id].strip()


def test_positions_count_as_javascript_does() -> None:
    data = {"details": [{"from": 0, "to": 2, "content": "😀好 好"}]}
    job = stag.load({"JobStatus": "Success", "Results": {"Result": [
        {"Type": "ASR", "Data": json.dumps(data)}]}})  # fmt: skip
    words = pd.DataFrame({"start_time": [0.1, 1.2], "end_time": [0.9, 1.9], "text": ["好", "好"]})
    tables = {**job.tables, "words": stag.tables.conform(words, "words")}
    told = unpack(pack(stag.Job(**{**_facts(job), "tables": tables})))["tables"]["words"]
    # A smiling face takes two units.
    assert told["from"].tolist() == [2, 4]
    assert told["to"].tolist() == [3, 5]


def _facts(job: stag.Job) -> dict[str, Any]:
    names = (
        "status",
        "operation",
        "job_id",
        "request_id",
        "user_data",
        "reason",
        "duration",
        "raw",
    )
    return {name: getattr(job, name) for name in names}


def test_speakers_have_the_names_of_their_summaries(packed: dict[str, Any]) -> None:
    speech = packed["tables"]["speech"]
    assert speech["speaker"][0] == "沈青禾"
    assert "Mara Ellison" in speech["speaker"]


def test_what_subtitle_files_say_is_speech_where_no_other_is() -> None:
    job = stag.samples.load("magazine", answer="subtitles")
    speech = unpack(pack(job))["tables"]["speech"]
    assert speech["text"] == job.cues["text"].tolist()
    assert len(speech["text"]) > 10


def test_differences_turn_the_sentence_into_the_line(packed: dict[str, Any]) -> None:
    links, speech, lines = (packed["tables"][name] for name in ("links", "speech", "lines"))
    turned = 0
    for said, shown, kind, differences in zip(
        links["speech"], links["line"], links["kind"], links["differences"], strict=True
    ):
        if kind != "text":
            assert differences is None
            continue
        for operation, a_from, a_to, b_from, b_to in differences:
            a, b = speech["text"][said][a_from:a_to], lines["text"][shown][b_from:b_to]
            assert a != b
            assert {"insert": not a, "delete": not b, "substitute": a and b}[operation]
            turned += 1
    assert turned > 2


def test_notes_that_have_no_time_are_given_that_of_what_they_are_about(
    job: stag.Job, packed: dict[str, Any]
) -> None:
    topics = packed["tables"]["mindmap"]
    at = dict(zip(topics["title"], topics["start"], strict=True))
    assert at["咖啡"] == job.chapters["start_time"].iloc[0]
    highlights = packed["tables"]["highlights"]
    unknown = np.isnan(highlights["start"])
    # What nobody says has no time.
    said = "".join(packed["tables"]["speech"]["text"])
    assert [text for text, none in zip(highlights["text"], unknown, strict=True) if none] == [
        text for text in highlights["text"][:5] if text not in said
    ]
    summaries = packed["tables"]["summaries"]
    questions = [kind == "question" for kind in summaries["kind"]]
    assert np.isfinite(np.asarray(summaries["start"])[questions]).all()


def test_sentences_of_two_results_with_one_number_stay_apart() -> None:
    tables = unpack(pack(job_of(**TWO_RESULTS)))["tables"]
    assert tables["highlights"]["start"].tolist() == [11.0, 13.0, 2.0]
    assert tables["summaries"]["start"].tolist() == [13.0, 12.0, 1.0]


def test_its_title_is_the_jobs_unless_another_is_given() -> None:
    for answer, title in [("smart-handle-tags", "Morning Notes 12"), ("process", "process")]:
        job = stag.samples.load("magazine", answer=answer)
        assert unpack(pack(job))["title"] == job.title == title
    assert unpack(pack(job, title="given"))["title"] == "given"


def test_the_size_of_the_frame_is_that_of_the_clip(packed: dict[str, Any]) -> None:
    assert packed["size"] == [640, 360]


def test_without_boxes_all_else_stays(job: stag.Job, packed: dict[str, Any]) -> None:
    without = unpack(without_boxes(pack(job)))
    assert len(without["tables"]["boxes"]["time"]) == 0
    assert without["tables"]["labels"]["name"] == packed["tables"]["labels"]["name"]


def test_sentences_from_elsewhere_are_on_the_time_of_the_picture(job: stag.Job) -> None:
    own = job.best("speech")
    later = own.assign(start_time=own["start_time"] + 600, end_time=own["end_time"] + 600)
    elsewhere = stag.align(speech=later, ocr=job.best("ocr"))
    start = unpack(pack(job, elsewhere))["tables"]["speech"]["start"]
    assert np.abs(start - own["start_time"]).max() < 0.5
    same = unpack(pack(job, stag.align(job)))["tables"]["speech"]["start"]
    assert same.tolist() == own["start_time"].tolist()
