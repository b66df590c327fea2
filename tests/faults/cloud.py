"""The emulator in a process of its own, so that nothing it does slows who asks it."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from smarttag_nb import emulator
from tests.cloud.canary import KEY

Plan = Sequence[str | None] | str
"""A fault for every request of a job, or one for each in turn."""


class Cloud:
    """An emulator that runs: where it is, and what it was asked."""

    def __init__(self, endpoint: str, line: Connection) -> None:
        self.endpoint = endpoint
        self._line = line

    def requests(self) -> list[emulator.Request]:
        self._line.send("requests")
        requests: list[emulator.Request] = self._line.recv()
        return requests


@contextmanager
def running(
    jobs: Mapping[str, Path | dict[str, Any]],
    plans: Mapping[str, Plan] | None = None,
    rate: int = 100,
) -> Iterator[Cloud]:
    """Run an emulator that knows the canary's key.

    `plans` tells what goes wrong with jobs and files by what their names begin with, up to a dot.
    Nothing does with NAME.fine, NAME.linked and NAME.txt.
    """
    # A forked process would inherit who asks, and its sockets.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs, jobs, plans or {}, rate), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Cloud(ours.recv(), ours)
    finally:
        ours.close()  # Which it takes for the end.
        process.join()


def _run(
    line: Connection,
    jobs: Mapping[str, Path | dict[str, Any]],
    plans: Mapping[str, Plan],
    rate: int,
) -> None:
    came: Counter[str] = Counter()

    def choose(request: emulator.Request) -> str | None:
        name, _, which = request.job_id.rpartition("/")[2].partition(".")
        plan = plans.get(name)
        if plan is None or which in ("fine", "linked", "txt"):
            return None
        if isinstance(plan, str):
            return plan
        came[request.job_id] += 1
        turn = came[request.job_id]
        return plan[turn - 1] if turn <= len(plan) else None

    key = (KEY.access_key_id, KEY.access_key_secret, str(KEY.security_token))
    with emulator.running(jobs, faults=choose, key=key, rate=rate) as endpoint:
        line.send(endpoint)
        try:
            while line.recv():
                line.send(endpoint.requests)
        except EOFError:
            pass
