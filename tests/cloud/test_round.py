"""The client against the emulator, which verifies signatures by itself."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smarttag_nb import Job, cloud, emulator
from smarttag_nb.cloud import retry
from smarttag_nb.errors import BadSignature, SmarttagError

KEY = ("testid", "testsecret")
EMPTY = {"JobStatus": "Success", "RequestId": "R1", "Results": {"Result": []}}


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "_BASE", 1e-4)
    monkeypatch.setattr(retry, "_FIRST_PAUSE", 1e-3)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with emulator.running(stages=(0.01, 0.01)) as running:
        yield running


def test_a_job_is_submitted_and_waited_for_and_its_files_fetched(endpoint: str) -> None:
    with cloud.Client(credentials=KEY, endpoint=endpoint) as client:
        job_id = client.submit(
            "oss://bucket/smarttag.mp4", "片名 ~+", params={"needAsrData": True}, user_data="mine"
        )
        job = client.wait(job_id, timeout=60)
        assert (job.status, job.job_id) == ("Success", job_id)
        fetched = client.fetch(job, hosts=[endpoint])
    assert len(job.cues) == 0 < len(fetched.cues)


@pytest.mark.parametrize("operation", ["QuerySmarttagJob", "QueryVideoCognitionJob"])
def test_a_token_of_sts_is_signed_with(operation: Any) -> None:
    with (
        emulator.running(key=("STS.testid", "testsecret", "to+ken/==")) as endpoint,
        cloud.Client(
            credentials=("STS.testid", "testsecret", "to+ken/=="), endpoint=endpoint
        ) as client,
    ):
        assert client.wait("magazine", operation=operation).status == "Success"


def test_a_wrong_secret_is_told_and_not_shown(endpoint: str) -> None:
    with (
        cloud.Client(credentials=("testid", "canary-secret"), endpoint=endpoint) as client,
        pytest.raises(BadSignature, match="check the secret") as e,
    ):
        client.query("magazine")
    assert "canary" not in f"{e.value!r}"
    assert "testid" not in f"{e.value!r}"


class Asked:
    """Counts what an emulator is asked for, by job."""

    def __init__(self) -> None:
        self.jobs: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, request: Any) -> None:
        with self._lock:
            self.jobs[request.job_id] += 1


def test_clients_on_one_store_ask_for_each_id_once(tmp_path: Path) -> None:
    ids = [f"job{n}" for n in range(40)]
    asked, found = Asked(), []
    with emulator.running(dict.fromkeys(ids, EMPTY), faults=asked) as endpoint:

        def ask() -> None:
            with cloud.Client(
                credentials=KEY, endpoint=endpoint, store=tmp_path / "jobs.sqlite"
            ) as client:
                found.append({i: job.status for i, job in client.query_many(ids, workers=4)})  # type: ignore[union-attr]

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [dict.fromkeys(ids, "Success")] * 4
    assert asked.jobs == Counter(ids)


def test_an_answer_that_was_damaged_is_told_and_asked_for_again(tmp_path: Path) -> None:
    path, asked = tmp_path / "jobs.sqlite", Asked()
    with (
        emulator.running({"a": EMPTY, "b": EMPTY}, faults=asked) as endpoint,
        cloud.Client(credentials=KEY, endpoint=endpoint, store=path) as client,
    ):
        first = dict(client.query_many(["a", "b"]))
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE answers SET raw = x'00' WHERE job_id = 'a'")
        connection.close()
        with pytest.warns(UserWarning, match="jobs.sqlite"):
            again = dict(client.query_many(["a", "b"]))
        assert dict(client.query_many(["a", "b"])) == again
    assert again["b"] == first["b"]
    assert asked.jobs == Counter({"a": 2, "b": 1})


LAST_LONG = ("slow", "stalled", "silence", "bomb", "single-bomb")
ON_THE_WIRE = [n for n in emulator.FAULTS if n[0].islower() and not n.startswith(LAST_LONG)]


@pytest.mark.parametrize("fault", [*ON_THE_WIRE, "500", "Throttling.User", "SignatureNonceUsed"])
def test_many_have_the_right_data_or_an_error_of_ours(fault: str, tmp_path: Path) -> None:
    ids = [f"job{n}" for n in range(6)]
    with (
        emulator.running(dict.fromkeys(ids, EMPTY), faults=[fault, None, fault]) as endpoint,
        cloud.Client(
            credentials=KEY, endpoint=endpoint, store=tmp_path / "jobs.sqlite", timeout=20
        ) as client,
    ):
        found = dict(client.query_many(ids, workers=3))
        whole = dict(client.query_many(ids, workers=3))
    assert set(found) == set(whole) == set(ids)
    for job_id, job in found.items():
        assert isinstance(job, SmarttagError) or job == whole[job_id]
    assert all(isinstance(job, Job) and job.status == "Success" for job in whole.values())
