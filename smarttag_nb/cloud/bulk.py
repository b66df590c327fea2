"""Many questions at a time, in threads, with no more of them in memory than under way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def as_they_come(
    ask: Callable[[T, threading.Event], R], items: Iterable[T], workers: int
) -> Generator[tuple[T, R]]:
    """Ask for each item in threads, and give what was answered as it comes.

    Items are taken from their iterable in the caller's thread, two for each worker ahead. However
    the iterator ends, also by being closed or by Ctrl-C, it tells those that ask to stop, and
    leaves when all its threads have ended.

    Parameters
    ----------
    ask : callable
        Takes an item and an event, at which it should stop soon. What it raises is raised here.
    items : iterable
        What to ask for.
    workers : int
        How many threads.

    Yields
    ------
    (item, object)
        In the order of the answers.
    """
    stop = threading.Event()
    pending: dict[Future[R], T] = {}
    pool = ThreadPoolExecutor(workers, thread_name_prefix="smarttag")
    try:
        for item in items:
            pending[pool.submit(ask, item, stop)] = item
            # Items that come slowly do not hold up the answers to those before.
            yield from _answered(pending, 0 if len(pending) < 2 * workers else None)
        while pending:
            yield from _answered(pending, None)
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _answered(pending: dict[Future[R], T], patience: float | None) -> Generator[tuple[T, R]]:
    """Take what is answered out of what is pending, or will be within some seconds."""
    done, _ = wait(pending, patience, FIRST_COMPLETED)
    while done:
        future = done.pop()
        item = pending.pop(future)
        yield item, future.result()
