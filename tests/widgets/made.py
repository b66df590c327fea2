"""A job as large as the explorer has to be quick with: two hours, as contract tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import smarttag_nb as stag
from smarttag_nb import intervals, tables
from smarttag_nb.job import Duration
from smarttag_nb.tables import TABLES

WIDTH, HEIGHT = 1920.0, 1080.0

_KINDS = {"person": 40, "tag": 160, "category": 20, "entity": 40, "keyword": 40}
"""How many labels of each kind."""

_PACE = 0.25
"""Seconds from one box of a track to the next."""

_SYLLABLES = np.array(
    list("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动")
)


def two_hours(
    seconds: float = 7200.0,
    occurrences: int = 10_000,
    boxes: int = 100_000,
    sentences: int = 2_500,
    seed: int = 5,
) -> stag.Job:
    """Make a job of so many rows, with speech, subtitles, shots, chapters and all that belongs.

    Labels appear as often as words do in a text: a few of them in nearly every scene, most now and
    then. People have tracks of boxes that wander over the frame. What is said is written below.

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
        **_told(random, seconds, sentences),
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


def _told(random: np.random.Generator, seconds: float, number: int) -> dict[str, dict[str, Any]]:
    """What is said, word by word, translated and written below."""
    pace = seconds / number
    start = (np.arange(number) * pace + random.uniform(0, 0.15 * pace, number)).round(3)
    end = (start + random.uniform(0.6, 0.8, number) * pace).round(3)
    length = random.integers(8, 25, number)
    letters = random.choice(_SYLLABLES, length.sum())
    stops = np.cumsum(length)
    text = ["".join(letters[stop - n : stop]) for stop, n in zip(stops, length, strict=True)]
    speaker = random.integers(1, 6, number).astype(str)
    # Words of two characters, evenly over their sentence.
    words = (length + 1) // 2
    of = np.repeat(np.arange(number), words)
    place = np.arange(len(of)) - np.repeat(np.cumsum(words) - words, words)
    each = ((end - start) / words)[of]
    paragraph = (np.arange(number) // 4).astype(str)
    sentence = {"paragraph_id": paragraph, "sentence_id": np.arange(number), "result_type": "NLP"}
    spoken = {"start_time": start, "end_time": end, "text": text, "speaker_id": speaker}
    translated = [f"sentence {k} in another language" for k in range(number)]
    below = WIDTH / 2 - 22.0 * length
    return {
        "speech": {**spoken, **sentence},
        "words": {
            "start_time": (start[of] + place * each).round(3),
            "end_time": (start[of] + (place + 1) * each).round(3),
            "text": [text[k][2 * n : 2 * n + 2] for k, n in zip(of, place, strict=True)],
            "speaker_id": speaker[of],
            "paragraph_id": paragraph[of],
            "sentence_id": of,
            "result_type": "NLP",
        },
        "translations": {
            "start_time": start, "end_time": end, "text": translated, "language": "en", **sentence,
        },
        "ocr": {
            "start_time": start + 0.2,
            "end_time": end + 0.2,
            "text": text,
            "score": random.uniform(0.8, 1, number),
            "x1": below,
            "y1": np.full(number, 940.0),
            "x2": WIDTH - below,
            "y2": np.full(number, 1000.0),
            "result_type": "OCR",
        },
    }  # fmt: skip


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
