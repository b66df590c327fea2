"""The rate: never too many in any second, and hardly fewer."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
from bisect import bisect_left
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb.cloud import rate as module
from smarttag_nb.cloud.database import BUSY
from smarttag_nb.cloud.rate import Rate
from smarttag_nb.cloud.store import Key, Store
from smarttag_nb.errors import InvalidArgument, StoreError, Timeout

PACKAGE = Path(stag.__file__).parent.parent


class Clock:
    """A clock that sleeping moves on, by a little more than was asked for, as sleeping does."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.late: Iterator[float] = iter(())

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds + next(self.late, 0.0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


def let_go(rate: Rate, clock: Clock, number: int) -> list[float]:
    moments = []
    for _ in range(number):
        rate.take(clock.now + 1_000)
        moments.append(clock.now)
    return moments


def worst_second(moments: list[float]) -> int:
    moments = sorted(moments)
    return max(bisect_left(moments, at + 1) - i for i, at in enumerate(moments))


@pytest.mark.parametrize("per_second", [1, 2, 10, 100, 300])
def test_no_second_has_more_and_under_load_hardly_fewer(clock: Clock, per_second: int) -> None:
    moments = let_go(Rate(per_second), clock, per_second * 10)
    assert 0.99 * per_second <= worst_second(moments) <= per_second
    assert 10 / 0.98 > moments[-1] - moments[0] > 9


@given(
    late=st.lists(st.floats(0, 0.5), max_size=300),
    idle=st.lists(st.floats(0, 3), min_size=1, max_size=5),
    per_second=st.integers(1, 60),
)
def test_no_second_has_more_however_late_the_machine_is(
    late: list[float], idle: list[float], per_second: int
) -> None:
    clock = Clock()
    clock.late = iter(late)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "time", clock)
        rate, moments = Rate(per_second), []
        for pause in idle:
            clock.now += pause
            moments += let_go(rate, clock, per_second + 5)
    assert worst_second(moments) <= per_second


def test_short_pauses_of_the_machine_are_made_up_for(clock: Clock) -> None:
    # Every tenth time a thread wakes 30 ms late.
    clock.late = iter(([0.0] * 9 + [0.03]) * 100)
    moments = let_go(Rate(100), clock, 1_000)
    assert worst_second(moments) <= 100
    assert 1_000 / (moments[-1] - moments[0]) > 97


def test_requests_are_let_go_evenly(clock: Clock) -> None:
    moments = let_go(Rate(100), clock, 300)
    # No burst, not even at the beginning: two bursts a second apart may arrive together.
    assert max(bisect_left(moments, at + 0.1) - i for i, at in enumerate(moments)) <= 16


def test_a_turn_after_the_deadline_is_told_at_once(clock: Clock) -> None:
    rate = Rate(1)
    rate.take(clock.now + 1)
    before = clock.now
    with pytest.raises(Timeout, match=r"Timeout: no request may be let go .*: 1 a second are"):
        rate.take(clock.now + 0.5)
    assert clock.now == before
    rate.take(clock.now + 5)


@pytest.mark.parametrize("ago", [0.001, 1.0])
def test_a_deadline_that_has_passed_is_told(clock: Clock, ago: float) -> None:
    with pytest.raises(Timeout):
        Rate(100).take(clock.now - ago)


def test_who_waits_behind_others_waits_until_the_deadline() -> None:
    rate, now = Rate(1), module.time.monotonic()
    rate.take(now + 1)
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(rate.take, now + 0.2) for _ in range(4)]
        assert all(isinstance(one.exception(), Timeout) for one in waiting)


def test_a_deadline_may_be_far_away() -> None:
    Rate(100).take(float("inf"))


@pytest.mark.parametrize("wrong", [0, -1, 1.5, "100", True, None])
def test_a_rate_that_is_none_is_refused(wrong: object) -> None:
    with pytest.raises(InvalidArgument, match="per_second: expected a whole number above 0, got"):
        Rate(wrong)  # type: ignore[arg-type]


def test_threads_share_the_limit() -> None:
    rate, moments, lock = Rate(400), [], threading.Lock()

    def run(_: int) -> None:
        rate.take(module.time.monotonic() + 60)
        with lock:
            moments.append(module.time.monotonic())

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(run, range(600)))
    # What a thread does between its turn and looking at the clock is not the rate's.
    assert worst_second(moments) <= 440


def test_rates_on_one_store_share_the_limit(clock: Clock, tmp_path: Path) -> None:
    with Rate(10, tmp_path / "s") as one, Rate(10, tmp_path / "s") as other:
        moments = [moment for _ in range(20) for rate in (one, other)
                   for moment in let_go(rate, clock, 1)]  # fmt: skip
    assert worst_second(moments) == 10


def test_the_stricter_of_two_rates_counts_what_the_other_let_go(
    clock: Clock, tmp_path: Path
) -> None:
    with Rate(100, tmp_path / "s") as fast, Rate(5, tmp_path / "s") as slow:
        let_go(fast, clock, 50)
        before = clock.now
        let_go(slow, clock, 1)
        assert clock.now - before > 0.9


TAKING = """
import json, sys, time
from smarttag_nb.cloud.database import BUSY
from smarttag_nb.cloud.rate import Rate
with Rate(200, sys.argv[1]) as rate:
    print("ready", flush=True)
    sys.stdin.readline()
    moments = []
    for _ in range(60):
        rate.take(time.monotonic() + 60)
        moments.append(time.monotonic())
print(json.dumps(moments))
"""


def test_processes_on_one_store_share_the_limit(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    command = [sys.executable, "-c", TAKING, str(tmp_path / "s")]
    processes = [
        subprocess.Popen(command, env=environment, text=True, stdin=-1, stdout=-1) for _ in range(4)
    ]
    for process in processes:
        process.stdout.readline()
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    moments = [at for process in processes for at in json.loads(process.communicate()[0])]
    assert len(moments) == 240
    assert worst_second(moments) <= 220


def test_a_rate_and_answers_share_a_file(tmp_path: Path) -> None:
    key = Key("ice", "cn-shanghai", "QuerySmarttagJob", "88e6")
    with Store(tmp_path / "s") as store, Rate(100, store.path) as rate:
        rate.take(module.time.monotonic() + 10)
        store.put(key, b"{}", "Success")
        rate.take(module.time.monotonic() + 10)
        assert store.get(key) == b"{}"


def test_what_was_counted_before_the_machine_was_started_counts_no_longer(
    clock: Clock, tmp_path: Path
) -> None:
    with Rate(10, tmp_path / "s") as rate:
        let_go(rate, clock, 30)
        clock.now = 5.0
        assert let_go(rate, clock, 1) == [5.0]


@pytest.mark.parametrize(("planned", "gone"), [
    (float("inf"), b"\xff" * 24), ("text", b""), (1e308, b"1234567"), (-5.0, "text"),
])  # fmt: skip
def test_a_damaged_count_begins_anew(
    clock: Clock, tmp_path: Path, planned: object, gone: object
) -> None:
    with Rate(10, tmp_path / "s") as rate:
        with rate._database.writing() as connection:  # type: ignore[union-attr]
            connection.execute("INSERT INTO rate VALUES (1, ?, ?)", (planned, gone))
        assert worst_second(let_go(rate, clock, 30)) == 10


def test_another_process_that_writes_is_not_waited_for_beyond_the_deadline(tmp_path: Path) -> None:
    with Rate(100, tmp_path / "s") as rate, closing(sqlite3.connect(tmp_path / "s")) as other:
        other.execute("BEGIN IMMEDIATE")
        deadline = module.time.monotonic() + 0.05
        with pytest.raises(StoreError, match="another process is writing"):
            rate.take(deadline)
        assert module.time.monotonic() < deadline + BUSY / 2
        other.rollback()
        rate.take(module.time.monotonic() + 10)


def test_who_is_stopped_waits_no_longer(clock: Clock) -> None:
    def stopped(_: float) -> None:
        raise InterruptedError

    rate = Rate(1)
    rate.take(clock.now + 10)
    before = clock.now
    with pytest.raises(InterruptedError):
        rate.take(clock.now + 10, stopped)
    assert clock.now == before
    rate.take(clock.now + 10)


def test_a_rate_is_told_when_its_store_is_gone(tmp_path: Path) -> None:
    rate = Rate(10, tmp_path / "s")
    assert repr(rate) == f"Rate(10, '{tmp_path / 's'}')"
    rate.close()
    with pytest.raises(StoreError, match="is closed"):
        rate.take(module.time.monotonic() + 1)
