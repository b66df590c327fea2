"""Trying again: how often, how long, and what never."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarttag_nb.cloud import retry as module
from smarttag_nb.cloud.retry import Budget, Failure, asked_wait, persist, wait_before
from smarttag_nb.errors import (
    AccessDenied,
    BadAnswer,
    BadRequest,
    BadSignature,
    CloudError,
    NotFound,
    ServerError,
    Throttled,
    Timeout,
    Unreachable,
)

FOREVER = math.inf
AT_ONCE: Any = {"turn": lambda: None, "pause": lambda _: None}


def tried(
    *outcomes: str | Failure,
    deadline: float = FOREVER,
    budget: Budget | None = None,
    is_order: bool = False,
) -> tuple[str | CloudError, list[float]]:
    """What comes of these outcomes in turn, and the pauses made."""
    left = list(outcomes)
    pauses: list[float] = []

    def attempt(_: float) -> str | Failure:
        return left.pop(0) if len(left) > 1 else left[0]

    try:
        given = persist(
            attempt,
            turn=lambda: None,
            deadline=deadline,
            budget=budget or Budget(),
            pause=pauses.append,
            is_order=is_order,
        )
    except CloudError as error:
        return error, pauses
    assert isinstance(given, str)
    return given, pauses


def failure(kind: type[CloudError], code: str = "", after: float = 0.0) -> Failure:
    return Failure(kind(code, "no"), after)


PASSING = [
    failure(Throttled, "Throttling.User"),
    failure(ServerError, "InternalError"),
    failure(Unreachable, "ConnectionBroke"),
    failure(Unreachable, "ConnectionFailed"),
    failure(Timeout, "Timeout"),
    failure(BadAnswer, "ShortBody"),
    failure(BadAnswer, "TruncatedGzip"),
    failure(BadAnswer, "CutShort"),
]
LASTING = [
    failure(NotFound, "JobNotFound"),
    failure(AccessDenied, "NoPermission"),
    failure(BadRequest, "MissingParameter"),
    failure(BadSignature, "SignatureDoesNotMatch"),
    failure(BadSignature, "InvalidTimeStamp.Expired"),
    failure(BadAnswer, "TooLarge"),
    failure(BadAnswer, "WrongType"),
    failure(BadAnswer, "Redirected"),
    failure(CloudError, "Odd"),
]


@pytest.mark.parametrize("fails", PASSING, ids=lambda f: f.error.code)
def test_what_passes_is_tried_again(fails: Failure) -> None:
    given, pauses = tried(fails, fails, "there")
    assert (given, len(pauses)) == ("there", 2)


@pytest.mark.parametrize("fails", LASTING, ids=lambda f: f.error.code)
def test_what_lasts_is_told_at_once(fails: Failure) -> None:
    given, pauses = tried(fails, "never asked")
    assert isinstance(given, type(fails.error))
    assert pauses == []


def test_a_nonce_that_was_used_is_replaced_once() -> None:
    used = failure(BadSignature, "SignatureNonceUsed")
    assert tried(used, "there")[0] == "there"
    given, pauses = tried(used, used, "never asked")
    assert isinstance(given, BadSignature)
    assert len(pauses) == 1


@pytest.mark.parametrize("fails", [*PASSING, *LASTING], ids=lambda f: f.error.code)
def test_an_order_is_repeated_only_where_nobody_has_it(fails: Failure) -> None:
    given, pauses = tried(fails, "there", is_order=True)
    assert (given == "there") == (fails.error.code == "ConnectionFailed") == bool(pauses)


@pytest.mark.parametrize("code", ["ConnectionFailed", "ConnectTimeout"])
def test_an_order_is_not_repeated_for_a_word_of_the_clouds(code: str) -> None:
    error, _ = tried(failure(ServerError, code), "there", is_order=True)
    assert "may have been started" in str(error)


@pytest.mark.parametrize(
    "fails", [PASSING[1], PASSING[2], PASSING[4], PASSING[5]], ids=lambda f: f.error.code
)
def test_an_order_that_may_have_arrived_says_so(fails: Failure) -> None:
    error, _ = tried(fails, is_order=True)
    assert "may have been started" in str(error)


def test_it_gives_up_and_says_how_often_it_tried() -> None:
    error, pauses = tried(failure(ServerError, "InternalError"))
    assert (len(pauses), "Tried 6 times." in str(error)) == (5, True)
    assert isinstance(error, ServerError)
    assert (error.__cause__, error.__context__) == (None, None)


def test_pauses_are_full_jitter_and_grow() -> None:
    for count in range(1, 12):
        waits = [wait_before(count) for _ in range(400)]
        ceiling = min(20.0, 0.25 * 2**count)
        assert 0 <= min(waits) < 0.1 * ceiling
        assert 0.9 * ceiling < max(waits) <= ceiling


def test_what_the_cloud_asks_is_waited_at_least() -> None:
    _, pauses = tried(failure(Throttled, after=7.0), "there")
    assert pauses[0] >= 7.0


def test_a_pause_past_the_deadline_is_not_begun() -> None:
    error, pauses = tried(failure(Throttled, after=9.0), "late", deadline=time.monotonic() + 5)
    assert isinstance(error, Throttled)
    assert pauses == []


def test_an_attempt_that_hangs_leaves_time_for_another() -> None:
    until: list[float] = []

    def attempt(deadline: float) -> str:
        until.append(deadline)
        return "there"

    now = time.monotonic()
    persist(attempt, deadline=now + 60, budget=Budget(), **AT_ONCE)
    persist(attempt, deadline=now + 4, budget=Budget(), **AT_ONCE)
    assert until == [pytest.approx(now + 30, abs=5), now + 4]


def test_waiting_for_a_turn_takes_no_time_of_the_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0

    def turn() -> None:
        nonlocal now
        now += 40

    monkeypatch.setattr(module.time, "monotonic", lambda: now)
    until = persist(
        lambda until: until, turn=turn, deadline=now + 60, budget=Budget(), pause=lambda _: None
    )
    assert until == now + 10


def test_an_outage_is_not_hammered() -> None:
    budget, asked = Budget(), 0

    def attempt(_: float) -> Failure:
        nonlocal asked
        asked += 1
        return failure(ServerError, "ServiceUnavailable")

    def call(attempt: Callable[[float], str | Failure]) -> str | Failure:
        return persist(attempt, deadline=FOREVER, budget=budget, **AT_ONCE)

    for _ in range(1000):
        with pytest.raises(ServerError):
            call(attempt)
    assert asked == 1000 + 100  # Each once, and the budget's retries.
    for _ in range(11):
        call(lambda _: "there")
    with pytest.raises(ServerError):
        call(attempt)
    assert asked == 1000 + 100 + 2  # What succeeds gives retries back.


def test_retries_that_help_cost_nothing() -> None:
    budget = Budget(size=2)
    fails = failure(ServerError, "InternalError")
    for _ in range(50):
        assert tried(fails, fails, "there", budget=budget)[0] == "there"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0.0),
        ({"x-acs-retry-after": "1500"}, 1.5),
        ({"x-acs-retry-after": "1500", "retry-after": "9"}, 1.5),
        ({"x-acs-retry-after": "99999999"}, 60.0),
        ({"x-acs-retry-after": "-5"}, 0.0),
        ({"x-acs-retry-after": "nan"}, 0.0),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "1e99"}, 0.0),
        ({"retry-after": "9" * 400}, 60.0),
        ({"retry-after": "soon"}, 0.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00"}, 0.0),
    ],
)
def test_how_long_to_wait_is_read_within_bounds(headers: dict[str, str], seconds: float) -> None:
    assert asked_wait(headers) == seconds


def test_how_long_to_wait_may_be_a_date() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert asked_wait({"retry-after": soon}) == pytest.approx(29, abs=3)


@given(st.dictionaries(st.sampled_from(["x-acs-retry-after", "retry-after"]), st.text()))
def test_whatever_the_header_holds_the_wait_is_bounded(headers: dict[str, str]) -> None:
    assert 0 <= asked_wait(headers) <= 60
