"""Many questions at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import count, islice

import pytest

from smarttag_nb.cloud.bulk import as_they_come


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def double(item: int, _: threading.Event) -> int:
    return 2 * item


def test_each_is_answered_once() -> None:
    assert sorted(as_they_come(double, range(100), 4)) == [(n, 2 * n) for n in range(100)]


def test_what_is_answered_first_comes_first() -> None:
    others_are_done = threading.Event()

    def ask(item: int, _: threading.Event) -> int:
        if item == 0:
            assert others_are_done.wait(30)
        return item

    seen = []
    for item, _ in as_they_come(ask, range(10), 3):
        seen.append(item)
        if len(seen) == 9:
            others_are_done.set()
    assert seen[-1] == 0


def test_items_are_taken_as_they_are_needed() -> None:
    items = count()
    answers = as_they_come(double, items, 4)
    given = list(islice(answers, 100))
    assert len(given) == 100
    assert next(items) <= 100 + 2 * 4
    answers.close()


def test_items_that_come_slowly_do_not_hold_up_answers() -> None:
    first_is_done, is_answered, over = (threading.Event() for _ in range(3))

    def items() -> Iterator[int]:
        try:
            yield from range(4)
            assert first_is_done.wait(30)
            yield 4
            assert is_answered.is_set()
        finally:
            over.set()

    def ask(item: int, _: threading.Event) -> int:
        if item == 3:  # The fourth, in one of three threads.
            first_is_done.set()
        assert item == 0 or over.wait(30)
        return item

    for _ in as_they_come(ask, items(), 3):
        is_answered.set()


def test_closing_early_stops_those_that_wait() -> None:
    def ask(item: int, stop: threading.Event) -> int:
        if item:
            assert stop.wait(30)
        return item

    answers = as_they_come(ask, range(100), 4)
    assert next(answers) == (0, 0)
    answers.close()


@pytest.mark.parametrize("kind", [KeyboardInterrupt, ValueError])
def test_what_interrupts_the_consumer_leaves_nothing(kind: type[BaseException]) -> None:
    def interrupted() -> Iterator[int]:
        yield from range(5)
        raise kind

    with pytest.raises(kind):
        list(as_they_come(double, interrupted(), 4))


def test_what_is_raised_for_an_item_is_raised() -> None:
    def ask(item: int, _: threading.Event) -> float:
        return 1 / item

    with pytest.raises(ZeroDivisionError):
        list(as_they_come(ask, [1, 0, 1], 2))
