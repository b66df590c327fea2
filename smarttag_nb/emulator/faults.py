"""Faults: what goes wrong on purpose, and when."""

from __future__ import annotations

import contextlib
import math
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..cloud.operations import OPERATIONS
from ..errors import InvalidArgument, UnknownName
from .calls import Request
from .refusals import REFUSALS
from .wire import SLOWED, SPOILED, Reply, Step

Chooser = Callable[[Request], str | None]
Plan = str | Iterable[str | None] | Chooser
Faults = Plan | Mapping[str, Plan] | None

_SLOW = 30.0

_CODES = {"500": "InternalError", "503": "ServiceUnavailable"} | {code: code for code in REFUSALS}

FAULTS: Mapping[str, str] = {
    **{name: spoil.__doc__ or "" for name, spoil in (*SPOILED.items(), *SLOWED.items())},
    **{name: REFUSALS[code][1] for name, code in _CODES.items()},
}
"""All faults and what they are: those on the wire, slow ones, and errors of the gateway."""


def code_of(fault: str | None) -> str | None:
    """Give the code of the error that a fault is; None where it is one on the wire."""
    return _CODES.get(fault or "")


def steps(fault: str, reply: Reply) -> Iterator[Step]:
    """Give what happens on the wire in place of an answer."""
    name, _, seconds = fault.partition(":")
    if name in SLOWED:
        return SLOWED[name](reply, float(seconds) if seconds else _SLOW)
    return SPOILED[name](reply)


def check(fault: Any) -> str | None:
    """Refuse what is no fault.

    Raises
    ------
    UnknownName
        There is no fault of this name.
    """
    if fault is None:
        return None
    name, colon, seconds = str(fault).partition(":")
    if str(fault) in FAULTS:
        return str(fault)
    if colon and name in SLOWED:
        with contextlib.suppress(ValueError):
            if 0 <= float(seconds) < math.inf:
                return str(fault)
    raise UnknownName("fault", fault, FAULTS)


class Script:
    """What goes wrong when, request by request.

    Parameters
    ----------
    faults : str, iterable, callable, mapping or None
        As `smarttag_nb.emulator.running` takes them.

    Raises
    ------
    UnknownName
        It names a fault or an operation that does not exist.
    InvalidArgument
        It is nothing of the kind.
    """

    def __init__(self, faults: Faults) -> None:
        self._every: Chooser | None = None
        self._of: dict[str, Chooser] = {}
        if isinstance(faults, Mapping):
            for operation, plan in faults.items():
                if operation not in {*OPERATIONS, "file"}:
                    raise UnknownName("operation", operation, [*OPERATIONS, "file"])
                self._of[operation] = _chooser(plan)
        elif faults is not None:
            self._every = _chooser(faults)

    def choose(self, request: Request) -> str | None:
        """Choose what happens to a request."""
        chooser = self._every or self._of.get(request.operation)
        return check(chooser(request)) if chooser else None


def _chooser(plan: Plan) -> Chooser:
    if isinstance(plan, str):
        check(plan)
        return lambda request: plan
    if isinstance(plan, Iterable):
        if isinstance(plan, Sequence):
            for fault in plan:
                check(fault)
        left = iter(plan)
        return lambda request: next(left, None)
    if not callable(plan):
        raise InvalidArgument("faults", "names of faults, or a callable that gives them", plan)
    return plan


def share(fraction: float, faults: Sequence[str], seed: int = 0) -> Chooser:
    """Choose faults for a random share of the requests, the same ones for the same seed.

    Parameters
    ----------
    fraction : float
        How many of the requests fail, 0 to 1.
    faults : sequence of str
        One of these happens.
    seed : int
        What the choice is made from.

    Returns
    -------
    callable
        For the argument ``faults`` of `running`.

    Raises
    ------
    InvalidArgument
        The fraction is out of its range, or there are no faults.
    UnknownName
        There is no fault of this name.

    Examples
    --------
    >>> choose = share(0.5, ["503", "reset"], seed=1)
    >>> [choose(Request(number, 0.0, "QuerySmarttagJob")) for number in range(1, 5)]
    ['503', 'reset', '503', None]
    """
    if not 0 <= fraction <= 1:
        raise InvalidArgument("fraction", "a number from 0 to 1", fraction)
    if not faults:
        raise InvalidArgument("faults", "at least one name", faults)
    for fault in faults:
        check(fault)

    def choose(request: Request) -> str | None:
        # Of its number alone, whatever order answers come in.
        chance = random.Random(f"{seed}/{request.number}")  # noqa: S311
        return chance.choice(faults) if chance.random() < fraction else None

    return choose
