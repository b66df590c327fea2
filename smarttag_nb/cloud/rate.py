"""How many requests are let go in a second, over all threads, and all processes on one store."""

from __future__ import annotations

import math
import os
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from ..errors import InvalidArgument, Timeout
from .database import Database

_WINDOW = 1.005
"""Seconds in which at most that many are let go: a caller runs on a little after it was let go."""

_BEHIND = 0.2
"""Seconds by which the plan may lie back: what a pause of the machine cost is made up for, as far
as it needs no more than a fifth of the limit at once."""


class Rate:
    """Lets requests go, evenly spread, and never too many in any second.

    Parameters
    ----------
    per_second : int
        How many are let go in any sliding second, at most.
    store_path : path, optional
        A store's file: what is let go is then counted over all processes that name it. Without it,
        over the threads of this process.

    Raises
    ------
    InvalidArgument
        `per_second` is no whole number above 0.
    StoreError
        The store cannot be opened.

    Notes
    -----
    A sliding-window log of the moments at which requests were really let go, behind an even plan.
    The log makes it strict. The plan spreads requests out, since those let go in one burst and the
    next burst a second later may arrive together: the network delays one more than another.

    Examples
    --------
    >>> with Rate(100) as rate:
    ...     rate.take(deadline=time.monotonic() + 10)
    """

    def __init__(
        self, per_second: int = 100, store_path: str | os.PathLike[str] | None = None
    ) -> None:
        if not isinstance(per_second, int) or isinstance(per_second, bool) or per_second < 1:
            raise InvalidArgument("per_second", "a whole number above 0", per_second)
        self.per_second = per_second
        self._pid, self._gate = os.getpid(), threading.Lock()
        self._turns = _Turns()
        self._database = None if store_path is None else Database(store_path)

    def take(self, deadline: float, pause: Callable[[float], object] | None = None) -> None:
        """Wait until one more request may be let go.

        Parameters
        ----------
        deadline : float
            Until when, by `time.monotonic`, in seconds.
        pause : callable, optional
            What waits for some seconds, in place of `time.sleep`. It may raise, to wait no longer.

        Raises
        ------
        Timeout
            None may be let go until then. That is told at once where it is known.
        StoreError
            The store is damaged, closed, or its disk is full.
        """
        if self._pid != os.getpid():
            # Forked while another thread stood at the gate, it would stay shut.
            self._pid, self._gate = os.getpid(), threading.Lock()
        with self._waiting(deadline):
            while True:
                now = time.monotonic()
                wait = max(0.0, self._look(now))
                if now + wait > deadline:
                    raise self._too_late()
                if wait > 0:
                    (pause or time.sleep)(wait)
                elif self._let_go(deadline):
                    return

    def close(self) -> None:
        """Close the store's file; again is no error."""
        if self._database is not None:
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        shared = "" if self._database is None else f", {os.fspath(self._database.path)!r}"
        return f"Rate({self.per_second}{shared})"

    @contextmanager
    def _waiting(self, deadline: float) -> Iterator[None]:
        """Stand first in this process's line.

        One thread of each process looks at the store and sleeps; the others wait for the gate,
        which the system opens, so that a thousand of them cost nothing.
        """
        patience = min(max(0.0, deadline - time.monotonic()), threading.TIMEOUT_MAX)
        if not self._gate.acquire(timeout=patience):
            raise self._too_late()
        try:
            yield
        finally:
            self._gate.release()

    def _look(self, now: float) -> float:
        """Seconds until one may be let go, as far as can be seen without holding up others."""
        if self._database is None:
            return self._turns.wait(now, self.per_second)
        with self._database.reading() as connection:
            row = connection.execute(_SELECT).fetchone()
        return _Turns.unpack(row).wait(now, self.per_second)

    def _let_go(self, deadline: float) -> bool:
        """Let one go, unless another process was faster."""
        if self._database is None:
            self._turns = self._turns.after(time.monotonic(), self.per_second)
            return True
        with self._database.writing(max(0.0, deadline - time.monotonic())) as connection:
            turns = _Turns.unpack(connection.execute(_SELECT).fetchone())
            now = time.monotonic()
            if turns.wait(now, self.per_second) > 0:
                return False
            connection.execute(
                "INSERT OR REPLACE INTO rate VALUES (1, ?, ?)",
                turns.after(now, self.per_second).pack(),
            )
        return True

    def _too_late(self) -> Timeout:
        return Timeout(
            "Timeout",
            f"no request may be let go within the time given: {self.per_second} a second are",
            "Give more time, or ask for less at once.",
        )


_SELECT = "SELECT planned, gone FROM rate WHERE only = 1"


@dataclass(frozen=True, slots=True)
class _Turns:
    """When the last request was due, and when those of the last second were let go.

    By `time.monotonic`, which all processes of a machine share. It begins anew when the machine
    does: what lies in the future was told before that, and counts no longer.
    """

    planned: float = -math.inf
    gone: tuple[float, ...] = ()

    def wait(self, now: float, per_second: int) -> float:
        """Seconds until the next may be let go, 0 or less for now."""
        due = self._due(now, per_second)
        recent = self._recent(now)
        if len(recent) >= per_second:
            due = max(due, recent[-per_second] + _WINDOW)
        return due - now

    def after(self, now: float, per_second: int) -> _Turns:
        """Tell what stands once one was let go now."""
        return _Turns(self._due(now, per_second), (*self._recent(now), now))

    def _due(self, now: float, per_second: int) -> float:
        if not -math.inf < self.planned <= now:
            return now
        return max(self.planned + _WINDOW / per_second, now - _BEHIND)

    def _recent(self, now: float) -> tuple[float, ...]:
        return tuple(at for at in self.gone if 0 <= now - at < _WINDOW)

    def pack(self) -> tuple[float, bytes]:
        return self.planned, struct.pack(f"<{len(self.gone)}d", *self.gone)

    @classmethod
    def unpack(cls, row: tuple[float, bytes] | None) -> _Turns:
        """Read a row; what damage made of it is left out."""
        if row is None or not isinstance(row[0], float) or not isinstance(row[1], bytes):
            return cls()
        return cls(row[0], struct.unpack(f"<{len(row[1]) // 8}d", row[1][: len(row[1]) // 8 * 8]))
