"""Trying again: what may be, how long to wait, and how often a client may."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal, TypeVar

from ..errors import BadAnswer, CloudError, ServerError, Throttled, Timeout, Unreachable

T = TypeVar("T")

_ATTEMPTS = 6
_BASE, _CEILING = 0.25, 20.0
"""Seconds: the first pause is up to the one, doubled for each further attempt up to the other."""
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
"""Seconds between two looks at what is waited for."""
_LONGEST = 60.0
"""Seconds: how much of what the cloud asks to wait is granted."""
_LEAST = 2.0
"""Seconds that an attempt gets where that many are left."""
_LASTING = frozenset({"TooLarge", "WrongType", "NoStatus", "Redirected", "HoldsCredentials"})
"""Codes of answers that would be the same again."""

Again = Literal["yes", "once", "no"]


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that failed.

    Attributes
    ----------
    error : CloudError
        Why.
    after : float
        Seconds that the cloud asks to wait, 0 where it asks nothing.
    """

    error: CloudError
    after: float = 0.0

    def again(self) -> Again:
        """Tell whether a question may be asked again."""
        if self.error.code == "SignatureNonceUsed":
            return "once"
        return "yes" if may_pass(self.error) else "no"

    def never_arrived(self) -> bool:
        """Tell whether the request surely reached nobody, so that even an order may be repeated."""
        # The word alone would not do: the cloud may use it for what lies behind it.
        is_ours = isinstance(self.error, (Unreachable, Timeout))
        return is_ours and self.error.code in ("ConnectionFailed", "ConnectTimeout")


def may_pass(error: CloudError) -> bool:
    """Tell whether the same question may find an answer a little later."""
    if isinstance(error, BadAnswer):
        return error.code not in _LASTING
    return isinstance(error, _PASSING)


def looks(seconds: float) -> Iterator[float]:
    """Pause between looks at what takes long: from one second, growing to half a minute.

    Parameters
    ----------
    seconds : float
        How long in all; the last pause ends with it.

    Yields
    ------
    float
        Seconds that are left, at the beginning and after each pause; the last time 0.
    """
    deadline = time.monotonic() + seconds
    pause = _FIRST_PAUSE
    while (left := deadline - time.monotonic()) > 0:
        yield left
        time.sleep(max(0.0, min(pause, deadline - time.monotonic())))
        pause = min(1.5 * pause, _LONGEST_PAUSE)
    yield 0.0


_PASSING = (Throttled, ServerError, Unreachable, Timeout)
_UNCERTAIN = (ServerError, Unreachable, Timeout, BadAnswer)


class Budget:
    """How many retries a client has left, over all its threads.

    A retry takes one, and a call that succeeds gives back those it took and a tenth: an outage
    uses the budget up, and then each call is tried once until calls succeed again.

    Parameters
    ----------
    size : int
        Retries in a full budget.
    """

    def __init__(self, size: int = 100) -> None:
        self._size = float(size)
        self._left = self._size
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Take a retry, if there is one."""
        with self._lock:
            if self._left < 1:
                return False
            self._left -= 1
            return True

    def give_back(self, taken: int) -> None:
        """Return what a call that succeeded took."""
        with self._lock:
            self._left = min(self._size, self._left + taken + 0.1)


def persist(
    attempt: Callable[[float], T | Failure],
    *,
    turn: Callable[[], object],
    deadline: float,
    budget: Budget,
    pause: Callable[[float], object],
    is_order: bool = False,
) -> T:
    """Try until there is an answer, or trying again is of no use.

    Parameters
    ----------
    attempt : callable
        Takes the moment by which it must be done and gives the answer, or why there is none.
    turn : callable
        Waits until an attempt may begin; what it takes counts for none of them.
    deadline : float
        When all must be done, by `time.monotonic`. An attempt gets half of what is left, so that
        one that hangs leaves time for another.
    budget : Budget
        What retries are taken from.
    pause : callable
        Waits for some seconds.
    is_order : bool
        Whether the request starts something: then it is repeated only where it surely reached
        nobody.

    Returns
    -------
    object
        What `attempt` gave.

    Raises
    ------
    CloudError
        The last attempt's error.
    """
    nonce_was_used = False
    count = 0
    while True:
        count += 1
        turn()
        left = deadline - time.monotonic()
        outcome = attempt(deadline - left / 2 if left > 2 * _LEAST else deadline)
        if not isinstance(outcome, Failure):
            budget.give_back(count - 1)
            return outcome
        again = outcome.again()
        may = outcome.never_arrived() if is_order else again == "yes" or not nonce_was_used
        seconds = wait_before(count, outcome.after)
        if (
            again == "no"
            or not may
            or count == _ATTEMPTS
            or time.monotonic() + seconds >= deadline
            or not budget.take()
        ):
            # Made anew: its traceback would lead through the frames that held the request.
            raise _told(outcome, count, is_order)
        nonce_was_used |= again == "once"
        pause(seconds)


def _told(failure: Failure, count: int, is_order: bool) -> CloudError:
    error = failure.error
    hints = [f"Tried {count} times."] if count > 1 else []
    if is_order and isinstance(error, _UNCERTAIN) and not failure.never_arrived():
        hints.append("The job may have been started: look for it before you submit it again.")
    hints.append(error.hint)
    if isinstance(error, Timeout) and not error.hint:
        hints.append("Allow it more time with timeout=.")
    hint = " ".join(hint for hint in hints if hint)
    return type(error)(error.code, error.message, hint, error.request_id, error.status)


def wait_before(count: int, after: float = 0.0) -> float:
    """Give the seconds to wait after an attempt: full jitter, and no less than the cloud asks."""
    jitter = random.uniform(0, min(_CEILING, _BASE * 2**count))  # noqa: S311
    return after + jitter if after else jitter


def asked_wait(headers: Mapping[str, str]) -> float:
    """Read how long the cloud asks to wait, in seconds, at most a minute.

    Parameters
    ----------
    headers : mapping
        Of a reply, by names in lower case: x-acs-retry-after (milliseconds) or Retry-After
        (seconds or a date).

    Returns
    -------
    float
        0 where it asks nothing, or nothing that can be read.
    """
    ours = _number(headers.get("x-acs-retry-after", ""))
    if ours is not None:
        return min(ours / 1000, _LONGEST)
    text = headers.get("retry-after", "")
    seconds = _number(text)
    if seconds is None:
        try:
            moment = parsedate_to_datetime(text)
            seconds = (moment - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError, OverflowError):
            # TypeError: a date without a zone.
            return 0.0
    return min(max(seconds, 0.0), _LONGEST)


def _number(text: str) -> float | None:
    text = text.strip()
    return float(text) if text.isascii() and text.replace(".", "", 1).isdigit() else None
