"""Jobs of tables made up for a test."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
from hypothesis import settings

import smarttag_nb as stag

# A measure of a job costs a hundred times what its arithmetic does.
on_whole_jobs = settings(max_examples=max(60, settings().max_examples // 15))

EMPTY = stag.samples.load("magazine", "pending")

TWO_RESULTS: dict[str, dict[str, Any]] = {
    "speech": {
        "start_time": [11.0, 12.0, 13.0, 14.0, 1.0, 2.0],
        "end_time": [12.0, 13.0, 14.0, 15.0, 2.0, 3.0],
        "text": list("abcdef"),
        "speaker_id": ["1", "1", "2", "2", "1", "2"],
        "sentence_id": [1, 2, 3, 4, 1, 2],
        "result_type": ["NLP"] * 4 + ["AiResult"] * 2,
        "result_index": [0] * 4 + [1] * 2,
    },
    "summaries": {
        "kind": ["question", "question", "speaker"],
        "speaker_id": [None, None, "1"],
        "speaker": [None, None, "Ann"],
        "question": ["?", "?", None],
        "text": ["!", "!", "says"],
        "question_sentences": [[3], [], None],
        "answer_sentences": [[9, 4], [4, 2], None],
        "result_type": ["NLP", "NLP", "AiResult"],
        "result_index": [0, 0, 1],
    },
    "highlights": {
        "kind": ["action", "sentence", "action"],
        "start_time": [None, 13.0, None],
        "text": ["x", "y", "z"],
        "sentence_id": [1, 1, 2],
        "result_type": ["NLP", "NLP", "AiResult"],
        "result_index": [0, 0, 1],
    },
}
"""What two results tell, each of which has a first and a second sentence, and speakers 1 and 2."""


def job_of(seconds: float = float("nan"), **tables: dict[str, Any]) -> stag.Job:
    """A job of that duration with these tables, given by columns."""
    made = {
        name: stag.tables.conform(pd.DataFrame(columns), name) for name, columns in tables.items()
    }
    duration = dataclasses.replace(EMPTY.duration, seconds=seconds)
    return dataclasses.replace(EMPTY, duration=duration, tables={**EMPTY.tables, **made})


def same_form(frame: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two frames have the same columns and dtypes."""
    return bool(frame.dtypes.equals(other.dtypes))
