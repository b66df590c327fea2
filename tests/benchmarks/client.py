"""The client: many jobs at the limit of the cloud, one request, and jobs that are stored.

Run from the repository's root as ``python -m tests.benchmarks.client``. The emulator is a process
of its own, and its log tells when requests came. One request is measured beside the official SDK
and beside bare `requests` that sends as much, signed alike, and parses the JSON.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import requests

import smarttag_nb as stag
from smarttag_nb.cloud.signature import Signature

KEY = ("testid", "testsecret")
RATE = 100
NO_LIMIT = 1_000_000
EACH = 20
"""Requests of each way in a turn."""
HEADERS = {"x-acs-action": "QuerySmarttagJob", "x-acs-version": "2020-11-09"}
SMALL = {
    "JobStatus": "Success",
    "Results": {
        "Result": [
            {"Type": "ASR", "Data": '{"details": [{"from": 0, "to": 2, "content": "大家早上好"}]}'}
        ]
    },
}

SERVE = """
import json, sys
import smarttag_nb as stag
given = json.loads(sys.stdin.readline())
jobs = dict.fromkeys(given["ids"], given["answer"])
with stag.emulator.running(jobs, rate=given["rate"]) as endpoint:
    print(endpoint, flush=True)
    sys.stdin.readline()
    print(json.dumps([(request.arrived, request.code) for request in endpoint.requests]))
"""


class Served:
    """An emulator in a process of its own.

    Attributes
    ----------
    endpoint : str
        Where it is.
    log : list of (float, str)
        When requests came and how they were refused, once it has ended.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.endpoint = process.stdout.readline().strip()
        self.log: list[tuple[float, str]] = []


@contextmanager
def serving(answer: dict[str, Any], ids: list[str], rate: int) -> Iterator[Served]:
    """Serve an answer under many ids."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps({"ids": ids, "answer": answer, "rate": rate}) + "\n")
        process.stdin.flush()
        served = Served(process)
        try:
            yield served
        finally:
            told, _ = process.communicate("\n")
            served.log = [(at, code) for at, code in json.loads(told)]


def in_bulk(answer: dict[str, Any], number: int, folder: Path) -> None:
    """Ask for many jobs at the limit, then again, when all are stored; print both."""
    ids = [f"job{n:05}" for n in range(number)]
    store = folder / "jobs.sqlite"
    with serving(answer, ids, RATE) as served:
        with stag.Client(credentials=KEY, endpoint=served.endpoint, store=store) as client:
            begun, used = time.perf_counter(), time.process_time()
            failed = sum(not isinstance(job, stag.Job) for _, job in client.query_many(ids))
            seconds, used = time.perf_counter() - begun, time.process_time() - used
        with stag.Client(credentials=KEY, endpoint=served.endpoint, store=store) as client:
            begun = time.perf_counter()
            kept = sum(isinstance(job, stag.Job) for _, job in client.query_many(ids))
            again = time.perf_counter() - begun
    raw = json.dumps(answer, ensure_ascii=False).encode()
    begun = time.perf_counter()
    for _ in ids:
        stag.load(raw)
    reading = time.perf_counter() - begun
    came = sorted(at for at, _ in served.log)
    worst = max(bisect_left(came, at + 1) - i for i, at in enumerate(came))
    share = (len(came) - 1) / (came[-1] - came[0]) / RATE
    refused = sum(code.startswith("Throttling") for _, code in served.log)
    print(f"{number:,} jobs of {len(raw) / 1e3:,.1f} kB, {RATE} a second allowed")
    print(f"seconds                                 {seconds:8.1f}")
    print(f"share of the limit used                 {share:8.1%}")
    print(f"most requests in any second             {worst:8}")
    print(f"requests, of which throttled    {len(came):8,}{refused:8,}")
    print(f"jobs that failed                        {failed:8,}")
    print(f"CPU for a job, ms                       {1000 * used / number:8.1f}")
    print(f"again, {kept:,} from the store, seconds     {again:8.2f}")
    print(f"reading those bytes alone, seconds      {reading:8.2f}")
    print(f"from the store ÷ reading alone          {again / reading:8.2f}\n")


def one_request(answer: dict[str, Any], rounds: int) -> None:
    """Time one request by each way, in turn, and print it."""
    from alibabacloud_ice20201109.client import Client as Official
    from alibabacloud_ice20201109.models import QuerySmarttagJobRequest
    from alibabacloud_tea_openapi.utils_models import Config

    raw = json.dumps(answer, ensure_ascii=False).encode()
    with (
        serving(answer, ["job"], NO_LIMIT) as served,
        requests.Session() as session,
        stag.Client(credentials=KEY, endpoint=served.endpoint, rate=NO_LIMIT) as client,
    ):
        config = Config(
            access_key_id=KEY[0],
            access_key_secret=KEY[1],
            endpoint=served.endpoint,
            protocol="HTTP",
        )
        official = Official(config)
        session.trust_env = False
        signature = Signature(stag.cloud.Credentials(*KEY))
        url = f"http://{served.endpoint}/?JobId=job"
        asked = QuerySmarttagJobRequest(job_id="job")
        ways: dict[str, Callable[[], Any]] = {
            "ours, a Job of tables": lambda: client.query("job"),
            "of it reading the answer": lambda: stag.load(raw),
            "official SDK, an object": lambda: official.query_smarttag_job(asked),
            "requests, signed, a dict": lambda: session.post(
                url, headers=HEADERS, auth=signature
            ).json(),
        }
        taken: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for turn in range(rounds + 1):
            for way, ask in ways.items():
                begun, used = time.perf_counter(), time.process_time()
                for _ in range(EACH):
                    ask()
                seconds, used = time.perf_counter() - begun, time.process_time() - used
                if turn:  # The first connects, and imports what is not.
                    taken[way].append((seconds, used))
    figures = {
        way: [1000 / EACH * median(column) for column in zip(*own, strict=True)]
        for way, own in taken.items()
    }
    ours, reading, _, bare = figures.values()
    figures["ours without reading"] = [a - b for a, b in zip(ours, reading, strict=True)]
    print(f"One request, an answer of {len(raw) / 1e3:,.1f} kB")
    print("way                             ms  ÷ requests  ms of CPU  ÷ requests")
    for way, (seconds, used) in figures.items():
        print(f"{way:26}{seconds:8.2f}{seconds / bare[0]:12.2f}{used:11.2f}{used / bare[1]:12.2f}")
    print()


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=5000, help="(default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=20, help="(default: %(default)s)")
    given = parser.parse_args()
    sample = json.loads(stag.samples.path("magazine", "smarttag").read_bytes())
    for answer in (SMALL, sample):
        one_request(answer, given.rounds)
        with tempfile.TemporaryDirectory() as folder:
            in_bulk(answer, given.jobs, Path(folder))


if __name__ == "__main__":
    main()
