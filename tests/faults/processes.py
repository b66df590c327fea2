"""Processes that share a store and the cloud: killed ones, eight at once, one whose disk is full.

``python -m tests.faults.processes kill ROUNDS IDS``, ``eight IDS`` and ``full`` each print what was
counted as JSON, or fail. They are run as processes of their own since they fork, which is cheap
and safe only where there are no threads.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from smarttag_nb import Client, Job
from smarttag_nb.cloud.store import Key, Store
from smarttag_nb.errors import StoreError
from tests.cloud.canary import KEY
from tests.cloud.crowd import forked
from tests.faults.cloud import running


def answer(job_id: str) -> dict[str, Any]:
    """An answer that can be told from all others."""
    return {"JobStatus": "Success", "UserData": f"of {job_id}", "Results": {"Result": []}}


def is_of(raw: bytes | None, job_id: str) -> bool:
    return raw is not None and json.loads(raw)["UserData"] == f"of {job_id}"


def key(job_id: str) -> Key:
    return Key("ice", "cn-shanghai", "QuerySmarttagJob", job_id)


def ask(endpoint: str, path: Path, ids: list[str], told: int) -> None:
    """Ask for all ids, and tell of each once it was given."""
    with (
        contextlib.redirect_stderr(io.StringIO()),  # Where the progress would be.
        Client(credentials=KEY, endpoint=endpoint, store=path) as client,
    ):
        for job_id, job in client.query_many(ids):
            assert isinstance(job, Job), job
            assert job.user_data == f"of {job_id}"
            os.write(told, f"{job_id}\n".encode())


def kill(rounds: int, number: int) -> dict[str, Any]:
    """Kill who asks again and again, at whatever moment, and look at the store each time."""
    chance = random.Random(6)
    ids = [f"job-{i}" for i in range(number)]
    # Of what is new, so many are told in a life, and some more are asked for.
    each = number // rounds // 2
    known: dict[str, float] = {}
    given = 0
    with tempfile.TemporaryDirectory() as folder, running({i: answer(i) for i in ids}) as cloud:
        path = Path(folder) / "jobs.sqlite"
        for _ in range(rounds):
            reader, writer = os.pipe()
            child = forked(lambda to=writer: ask(cloud.endpoint, path, ids, to))
            os.close(writer)
            with open(reader) as lines:
                told = set()
                fresh = chance.randrange(2 * each + 1)
                while fresh and (line := lines.readline()):
                    told.add(line.strip())
                    fresh -= line.strip() not in known
                # A moment longer, so that the end comes anywhere.
                for _ in range(chance.randrange(300_000)):
                    pass
                os.kill(child, signal.SIGKILL)
                assert os.waitpid(child, 0)[1] == signal.SIGKILL, "it was done before it was killed"
                told |= set(lines.read().split())
            with Store(path) as store:
                stored = set(store)
                assert told <= stored, f"lost: {told - stored}"
                assert stored >= known.keys(), f"lost: {known.keys() - stored}"
                assert all(is_of(store.get(key(i)), i) for i in stored)
            now = time.monotonic()
            known |= {i: now for i in stored - known.keys()}
            given += len(told)
        assert len(known) < number, "all was stored before the last was killed"
        with Path(os.devnull).open("wb") as nowhere:
            ask(cloud.endpoint, path, ids, nowhere.fileno())
        with Store(path) as store:
            assert all(is_of(store.get(key(i)), i) for i in ids)
        requests = cloud.requests()
        again = [r for r in requests if r.arrived > known.get(r.job_id, float("inf"))]
        assert not again, f"asked again: {again}"
    return {
        "kills": rounds,
        "ids": number,
        "told by processes that were killed": given,
        "stored when the last was killed": len(known),
        "asked": len(requests),
        "asked though stored": len(again),
    }


def eight(number: int) -> dict[str, Any]:
    """Have eight processes ask for the same at once."""
    ids = [f"job-{i}" for i in range(number)]
    with tempfile.TemporaryDirectory() as folder, running({i: answer(i) for i in ids}) as cloud:
        path = Path(folder) / "jobs.sqlite"
        start = time.monotonic()
        children = {}
        for child in range(8):
            told = os.open(Path(folder) / f"{child}.txt", os.O_CREAT | os.O_WRONLY)
            children[child] = forked(lambda to=told: ask(cloud.endpoint, path, ids, to))
            os.close(told)
        ended = [os.waitpid(pid, 0)[1] for pid in children.values()]
        assert not any(ended), f"processes failed: {ended}"
        seconds = time.monotonic() - start
        for child in children:
            assert sorted((Path(folder) / f"{child}.txt").read_text().split()) == sorted(ids)
        asked = Counter(request.job_id for request in cloud.requests())
        refused = sum(request.code != "" for request in cloud.requests())
    assert asked == Counter(ids), asked.most_common(3)
    assert not refused
    return {"processes": 8, "ids": number, "asked": asked.total(), "seconds": round(seconds, 1)}


def full() -> dict[str, Any]:
    """Fill a disk, make room, and go on."""
    # Random, so that it does not become small.
    filling = random.Random(6).randbytes(15_000).hex()
    ids = [f"job-{i}" for i in range(60)]
    jobs = {i: answer(i) | {"Message": filling[int(i[4:]) :]} for i in ids}
    with running(jobs, rate=1_000) as cloud:
        counts = {}
        for name, disk in {"a small disk": _small_disk, "a limit of size": _limited}.items():
            with tempfile.TemporaryDirectory() as folder, disk(Path(folder)) as make_room:
                if make_room is None:
                    continue
                before = len(cloud.requests())
                path = Path(folder) / "jobs.sqlite"
                given, failure = set(), ""
                with (
                    contextlib.redirect_stderr(io.StringIO()),
                    Client(credentials=KEY, endpoint=cloud.endpoint, store=path) as client,
                ):
                    try:
                        for job_id, job in client.query_many(ids, workers=4):
                            assert isinstance(job, Job), job
                            given.add(job_id)
                    except StoreError as error:
                        failure = str(error)
                    assert "What was stored before is intact" in failure, "it was not full"
                    with Store(path) as store:
                        stored = set(store)
                        assert given <= stored
                        assert all(is_of(store.get(key(i)), i) for i in stored)
                    asked = len(cloud.requests())
                    make_room()
                    found = dict(client.query_many(ids, workers=4))
                    assert all(found[i].user_data == f"of {i}" for i in ids)
                again = {request.job_id for request in cloud.requests()[asked:]}
                assert again == set(ids) - stored
                counts[name] = {"stored": len(stored), "asked": asked - before, "then": len(again)}
    return counts


@contextmanager
def _small_disk(folder: Path) -> Iterator[Any]:
    def mount(*options: str) -> bool:
        command = ["mount", "-t", "tmpfs", "-o", *options, "tmpfs", str(folder)]
        return subprocess.run(command, capture_output=True).returncode == 0

    if not mount("size=512k"):
        yield None  # Only root may.
        return
    try:
        yield lambda: mount("remount,size=64m")
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def _limited(_: Path) -> Iterator[Any]:
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, unlimited[1]))
    try:
        yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)


def run(*arguments: object) -> dict[str, Any]:
    """Run one of these in a process of its own."""
    command = [sys.executable, "-m", __name__, *map(str, arguments)]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(command, cwd=root, env=environment, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    counted: dict[str, Any] = json.loads(done.stdout)
    return counted


if __name__ == "__main__":
    named: dict[str, Callable[..., dict[str, Any]]] = {"kill": kill, "eight": eight, "full": full}
    print(json.dumps(named[sys.argv[1]](*map(int, sys.argv[2:]))))
