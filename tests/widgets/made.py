"""A job as large as the explorer has to be quick with: two hours, as contract tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import smarttag_nb as stag
from smarttag_nb import intervals, tables
from smarttag_nb.job import Duration
from smarttag_nb.tables import TABLES
from tests.alignment.cases import make

WIDTH, HEIGHT = 1280.0, 720.0

_KINDS = {"person": 40, "tag": 160, "category": 20, "entity": 40, "keyword": 40}
"""How many labels of each kind."""

_PACE = 0.25
"""Seconds from one box of a track to the next."""

_TALK = 3
"""A talk on a frame of the size above, with texts of every role beside it."""


def two_hours(
    seconds: float = 7200.0,
    occurrences: int = 10_000,
    boxes: int = 100_000,
    sentences: int = 2_500,
    seed: int = 5,
) -> stag.Job:
    """Make a job of so many rows, with speech, subtitles, shots, chapters and all that belongs.

    Labels appear as often as words do in a text: a few of them in nearly every scene, most now and
    then. People have tracks of boxes that wander over the frame. What is said is heard with errors,
    and written below in two languages, among slides, captions and signs.

    Parameters
    ----------
    seconds : float
        How long the media is.
    occurrences, boxes, sentences : int
        How many there are.
    seed : int
        Of the random numbers.
    """
    random = np.random.default_rng(seed)
    label_of, start, end = _occurrences(random, seconds, occurrences)
    labels = sum(_KINDS.values())
    kinds = np.repeat(list(_KINDS), list(_KINDS.values()))
    covered = intervals.union_by(label_of, start, end, labels)
    made: dict[str, Mapping[str, Any]] = {
        "labels": {
            "kind": kinds,
            "name": [f"{kind} {k:03}" for k, kind in enumerate(kinds)],
            "level1": kinds,
            "ratio": covered / seconds,
            "score": random.uniform(0.5, 1, labels),
            "knowledge": [{"nation": "X", "born": 1900 + k} for k in range(labels)],
        },
        "occurrences": {
            "label_id": label_of,
            "start_time": start,
            "end_time": end,
            "score": random.uniform(0.3, 1, occurrences),
            "source": "vision",
        },
        "boxes": _boxes(random, label_of, start, end, boxes),
        **_told(seconds, sentences),
        **_structure(random, seconds),
    }
    frames = {name: _frame(name, made.get(name, {})) for name in TABLES}
    return stag.Job(
        status="Success",
        operation="QueryVideoCognitionJob",
        job_id="two-hours",
        request_id=None,
        user_data=None,
        reason=None,
        duration=Duration(seconds, "given"),
        raw=None,
        tables=frames,
    )


def _frame(name: str, columns: Mapping[str, Any]) -> Any:
    rows = max(
        (len(values) for values in columns.values() if not isinstance(values, str)), default=0
    )
    given = {"result_type": "VideoLabel", "result_index": 0, **columns}
    known = {column.name for column in TABLES[name].columns}
    return tables.build(name, {key: given[key] for key in given if key in known}, rows)


def _occurrences(
    random: np.random.Generator, seconds: float, number: int
) -> tuple[np.ndarray[Any, Any], ...]:
    labels = sum(_KINDS.values())
    share = 1 / random.permutation(np.arange(3, labels + 3))
    label_of = np.sort(random.choice(labels, number, p=share / share.sum()))
    start = random.uniform(0, seconds - 61, number)
    start = start[np.lexsort((start, label_of))].round(2)
    length = np.clip(random.exponential(6, number), 0.4, 60)
    return label_of, start, (start + length).round(2)


def _boxes(
    random: np.random.Generator,
    label_of: np.ndarray[Any, Any],
    start: np.ndarray[Any, Any],
    end: np.ndarray[Any, Any],
    number: int,
) -> dict[str, Any]:
    """Tracks over occurrences, people's first, until there are so many boxes."""
    people = label_of < _KINDS["person"]
    order = np.lexsort((random.random(len(start)), ~people))
    length = np.maximum(2, ((end - start)[order] / _PACE).astype(int))
    stop = np.cumsum(length)
    order, length = order[: np.searchsorted(stop, number) + 1], length[: len(order)]
    length = length[: len(order)]
    length[-1] -= length.sum() - number
    kept = np.argsort(order)
    order, length = order[kept], length[kept]
    occurrence = np.repeat(order, length)
    step = np.arange(number) - np.repeat(np.cumsum(length) - length, length)
    turn = np.repeat(random.uniform(0, 6.28, (len(order), 2)), length, axis=0)
    speed = np.repeat(random.uniform(0.2, 0.9, (len(order), 2)), length, axis=0)
    size = np.repeat(random.uniform(60, 320, len(order)), length)
    centre = np.array([WIDTH, HEIGHT]) * (0.5 + 0.25 * np.sin(turn + speed * _PACE * step[:, None]))
    corner = centre - size[:, None] / 2
    return {
        "label_id": label_of[occurrence],
        "occurrence_id": occurrence,
        "timestamp": (start[occurrence] + _PACE * step).round(3),
        "x1": corner[:, 0].round(1),
        "y1": corner[:, 1].round(1),
        "x2": (corner[:, 0] + size).round(1),
        "y2": (corner[:, 1] + 1.2 * size).round(1),
        "score": random.uniform(0.5, 1, number).round(4),
    }


def _told(seconds: float, number: int) -> dict[str, dict[str, Any]]:
    """What is said, word by word, what is read on screen, and the translations there."""
    # So many sentences take a little less; their clock is then stretched to the whole length.
    case = make("zh", "mid", "bilingual", seed=_TALK, minutes=number / 19.6)
    speech = case.speech.iloc[:number]
    stretch = (seconds - 5) / speech["end_time"].iloc[-1]
    start, end = (speech[name].to_numpy() * stretch for name in ("start_time", "end_time"))
    paragraph = np.arange(number) // 4
    told = {
        "paragraph_id": paragraph.astype(str),
        "sentence_id": np.arange(number),
        "speaker_id": (paragraph % 5 + 1).astype(str),
        "result_type": "NLP",
    }
    spoken = [re.findall(r"\w{1,2}", text) for text in speech["text"]]
    words = np.array([len(one) for one in spoken])
    # Words are spread evenly over their sentence.
    of = np.repeat(np.arange(number), words)
    place = np.arange(len(of)) - np.repeat(np.cumsum(words) - words, words)
    each = ((end - start) / np.maximum(words, 1))[of]
    ocr = case.ocr[case.ocr["timestamp"] * stretch < seconds]
    return {
        "speech": {"start_time": start, "end_time": end, "text": speech["text"].tolist(), **told},
        "words": {
            "start_time": (start[of] + place * each).round(3),
            "end_time": (start[of] + (place + 1) * each).round(3),
            "text": [word for one in spoken for word in one],
            **{name: told[name][of] for name in ("paragraph_id", "sentence_id", "speaker_id")},
            "result_type": "NLP",
        },
        "translations": _translations(case.truth.lines, speech, start, end),
        "ocr": {
            "timestamp": (ocr["timestamp"] * stretch).round(3),
            **{name: ocr[name] for name in ("text", "score", "x1", "y1", "x2", "y2")},
            "result_type": "OCR",
        },
    }


def _translations(
    lines: pd.DataFrame, speech: pd.DataFrame, start: Any, end: Any
) -> dict[str, Any]:
    """What the second row of the subtitles says, a row for each sentence that has it."""
    second = lines[lines["role"] == "translation"].explode("speech").dropna(subset=["speech"])
    texts = second.groupby("speech")["text"].agg(" ".join)
    rows = np.flatnonzero(speech["speech_id"].isin(texts.index))
    return {
        "start_time": start[rows],
        "end_time": end[rows],
        "text": texts.reindex(speech["speech_id"].iloc[rows]).tolist(),
        "sentence_id": rows,
        "language": "en",
        "result_type": "NLP",
    }


def _structure(random: np.random.Generator, seconds: float) -> dict[str, dict[str, Any]]:
    """Shots of 5 seconds on average, chapters of 5 minutes, and what is told of the whole."""
    cuts = np.sort(random.uniform(0, seconds, int(seconds / 5))).round(2)
    shots = np.r_[0.0, cuts], np.r_[cuts, seconds]
    edges = np.linspace(0, seconds, int(seconds / 300) + 1)
    chapters = len(edges) - 1
    topics = np.arange(4 * chapters)
    return {
        "shots": {
            "number": np.arange(len(cuts) + 1), "start_time": shots[0], "end_time": shots[1],
        },
        "chapters": {
            "start_time": edges[:-1],
            "end_time": edges[1:],
            "headline": [f"Chapter {k + 1}" for k in range(chapters)],
            "summary": [f"What chapter {k + 1} is about, in a sentence." for k in range(chapters)],
        },
        "summaries": {"kind": ["text"], "text": ["What all of it is about."]},
        "mindmap": {
            "parent_id": [None if k % 4 == 0 else int(k - k % 4) for k in topics],
            "depth": np.minimum(topics % 4, 1),
            "title": [f"topic {k}" for k in topics],
        },
        "highlights": {
            "kind": ["action"] * chapters,
            "start_time": edges[:-1] + 60,
            "end_time": edges[:-1] + 70,
            "text": [f"To do after chapter {k + 1}" for k in range(chapters)],
        },
        "meta": {"name": ["title"], "value": ["Two hours"]},
    }  # fmt: skip
