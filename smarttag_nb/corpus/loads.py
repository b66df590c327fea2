"""Load ids: one for each attempt to load an answer, the newer the greater."""

from __future__ import annotations

import threading
import time
import uuid

_lock = threading.Lock()
_last = 0


def new_load_id(after: str | None = None) -> str:
    """Make an id that is greater than every one that was made here before it.

    UUID version 7 (RFC 9562, 6.2, method 3): milliseconds since 1970, twelve bits of their
    fraction, then chance. As text they stand in the order of time, between machines as far as
    their clocks agree.

    Parameters
    ----------
    after : str, optional
        An id that it must be greater than too, though a clock that is ahead of ours made it.

    Returns
    -------
    str
        32 hexadecimal digits in five groups.

    Examples
    --------
    >>> new_load_id() < new_load_id()
    True
    """
    global _last
    with _lock:
        # A clock has steps, and may be set back.
        moment = _last = max(time.time_ns(), _last + _TICK)
    if after is not None:
        moment = max(moment, _moment_of(after) + _TICK)
    return _id_at(moment, uuid.uuid4().int & _CHANCE)


def first_load_id(moment: int) -> str:
    """Return what every id made at or after a moment is no less than.

    Parameters
    ----------
    moment : int
        Nanoseconds since 1970.

    Returns
    -------
    str
        As `new_load_id` makes them.
    """
    return _id_at(moment, 0)


_TICK = 1_000_000 // 4096 + 1
"""Nanoseconds after which twelve bits of a millisecond tell two moments apart."""

_CHANCE = (1 << 62) - 1


def _moment_of(load_id: str) -> int:
    """Return the nanosecond at which an id's moment begins."""
    number = uuid.UUID(load_id).int
    fraction = number >> 64 & 0xFFF
    return (number >> 80) * 1_000_000 + -(-fraction * 1_000_000 // 4096)


def _id_at(moment: int, chance: int) -> str:
    milliseconds, rest = divmod(moment, 1_000_000)
    fraction = rest * 4096 // 1_000_000
    number = milliseconds << 80 | 7 << 76 | fraction << 64 | 2 << 62 | chance
    return str(uuid.UUID(int=number))
