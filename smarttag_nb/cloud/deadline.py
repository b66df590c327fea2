"""How long may still be waited."""

from __future__ import annotations

import time

_LONGEST_WAIT = 86_400.0
"""Seconds; sockets refuse to wait without end."""


def left(deadline: float) -> float:
    """Tell the seconds left until a deadline, as `time.monotonic` counts.

    Raises
    ------
    TimeoutError
        There are none.
    """
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return min(seconds, _LONGEST_WAIT)
