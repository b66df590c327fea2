"""Stores with one byte flipped, and what `query_many` makes of them."""

from __future__ import annotations

import contextlib
import io
import random
import sqlite3
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from smarttag_nb import Client, Job
from smarttag_nb.errors import StoreError
from tests.cloud.canary import KEY
from tests.faults.cloud import Cloud, running

_NUMBER = 12


def answer(job_id: str) -> dict[str, Any]:
    # Random, so that it fills pages though it is compressed.
    filling = random.Random(job_id).randbytes(3_000).hex()
    results = {"Result": [{"Type": "Meta", "Data": f'{{"title": "{filling}"}}'}]}
    return {"JobStatus": "Success", "UserData": f"of {job_id}", "Results": results}


def ask(cloud: Cloud, path: Path) -> dict[str, Job]:
    """Ask for all ids with a store; tell whether each has the data that was served."""
    found = {}
    with (
        contextlib.redirect_stderr(io.StringIO()),
        Client(credentials=KEY, endpoint=cloud.endpoint, store=path) as client,
    ):
        for job_id, job in client.query_many([f"job-{i}" for i in range(_NUMBER)]):
            assert isinstance(job, Job), job
            title = random.Random(job_id).randbytes(3_000).hex()
            assert job.user_data == f"of {job_id}"
            assert job["meta"].set_index("name")["value"]["title"] == title
            found[job_id] = job
    return found


def count(places: int) -> dict[str, int]:
    """Flip a byte at each of so many places, and count what came of it."""
    jobs = {f"job-{i}": answer(f"job-{i}") for i in range(_NUMBER)}
    came: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, running(jobs, rate=10_000) as cloud:
        path = Path(folder) / "jobs.sqlite"
        ask(cloud, path)
        whole = path.read_bytes()
        for place in chosen(len(whole), places):
            for file in Path(folder).iterdir():
                file.unlink()
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            before = len(cloud.requests())
            with warnings.catch_warnings(record=True) as warned:
                warnings.simplefilter("always")
                found, failure = {}, ""
                try:
                    found = ask(cloud, path)
                except StoreError as error:
                    failure = str(error)
            if failure:
                assert "damaged" in failure or "expected a store" in failure, failure
                came["the file was told to be damaged"] += 1
                continue
            assert len(found) == _NUMBER
            asked = {request.job_id for request in cloud.requests()[before:]}
            texts = " ".join(str(each.message) for each in warned)
            told = {job_id for job_id in jobs if f"answer of job {job_id} is" in texts}
            assert told <= asked
            aside = _set_aside(path)
            if told:
                assert told <= aside
                came["answers told, set aside and asked for again"] += 1
            elif asked:
                came["answers not found, and asked for again"] += 1
            else:
                came["nothing changed"] += 1
            before = len(cloud.requests())
            ask(cloud, path)
            assert len(cloud.requests()) == before
    return {"bytes flipped": places, **dict(sorted(came.items()))}


def chosen(size: int, places: int) -> Iterable[int]:
    """Places all over a file; the beginnings of pages, with their structure, more often."""
    chance = random.Random(6)
    for i in range(places):
        page = chance.randrange(0, size, 4096)
        yield min(page + chance.randrange(4096 if i % 2 else 60), size - 1)


def _set_aside(path: Path) -> set[str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return {job_id for (job_id,) in connection.execute("SELECT job_id FROM damaged")}
