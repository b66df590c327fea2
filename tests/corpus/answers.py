"""Answers for a corpus, which can be told apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import smarttag_nb as stag
from smarttag_nb import Corpus, Job
from smarttag_nb.tables import TABLES


def answer(job_id: str | None, said: str = "你好", sentences: int = 1) -> dict[str, Any]:
    """An answer with so many sentences, and a person."""
    details = [{"from": i, "to": i + 1, "content": f"{said} {i}"} for i in range(sentences)]
    persons = [{"name": f"of {job_id}", "occurrences": [{"from": 0, "to": 2, "score": 0.5}]}]
    return {
        **({} if job_id is None else {"JobId": job_id}),
        "JobStatus": "Success",
        "Results": {
            "Result": [
                {"Type": "ASR", "Data": json.dumps({"details": details})},
                {"Type": "VideoLabel", "Data": json.dumps({"persons": persons})},
            ]
        },
    }


def labelled(job_id: str, origin: str, *names: str) -> dict[str, Any]:
    """The answer that comes when machines' (auto) or people's (hmi) labels are asked for."""
    detail = [{"startTime": 0, "endTime": 1, "trackData": [{"bbox": [1, 2, 3, 4]}]}]
    entities = [{"label": name, "detailInfo": detail} for name in names]
    body = json.dumps({"type": origin, "entities": entities})
    result = [{"Type": "CPVLabel", "Data": body}]
    return {"JobId": job_id, "JobStatus": "Success", "Results": {"Result": result}}


def save(path: Path, content: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
    return path


def read(content: dict[str, Any]) -> Job:
    return stag.load(json.dumps(content).encode())


def says(corpus: Corpus, job_id: str, **which: str) -> list[str]:
    """What is said in a job."""
    texts: list[str] = corpus.job(job_id, **which).speech.text.tolist()
    return texts


HOSTILE = (
    "'; DROP TABLE jobs; --",
    '"quoted"',
    "../../etc/passwd",
    "/absolute",
    "a b\tc\nd",
    "%2e%2e%2f%25",
    "<script>alert(1)</script>",
    "$1 ? :name {x}",
    "month=2026-11",
    "\\",
    "é e\u0301",
    "\u202egnp.exe",
    "\x00\x01",
    "𝄞" * 40,
    "=1+1",
    "NULL",
    " ",
)
"""Texts that mean something elsewhere."""


def rows(job: Job) -> int:
    return sum(len(job[name]) for name in TABLES)
