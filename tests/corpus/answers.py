"""Answers for a corpus: plain ones that can be told apart, and those anything was done to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from smarttag_nb import Corpus, Job
from smarttag_nb.tables import TABLES
from tests.readers.mutations import FORMS, as_text, load, mutated


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
    job = load(json.dumps(content).encode())
    assert job is not None
    return job


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

TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=8))


@st.composite
def jobs(draw: st.DrawFn) -> Job:
    """A job of an answer to which anything was done, in any form in which answers come."""
    kind, body = draw(mutated())
    form = draw(st.sampled_from(sorted(FORMS)))
    source = FORMS[form](kind, body)
    envelope = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "JobId": TEXTS,
                "UserData": st.one_of(TEXTS, st.dictionaries(TEXTS, st.floats())),
                "RequestId": TEXTS,
                "Message": TEXTS,
            },
        )
    )
    if form == "objects":
        source = json.loads(as_text({**source, **envelope}, deep="[" * 50 + "]" * 50))
    job = load(source)
    assume(job is not None)
    assert job is not None
    return job


def rows(job: Job) -> int:
    return sum(len(job[name]) for name in TABLES)
