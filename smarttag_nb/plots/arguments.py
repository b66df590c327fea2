"""What plots are asked for, checked before anything is drawn."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

import numpy as np

from ..errors import InvalidArgument
from ..tables import KINDS


def check_kind(kind: Any) -> None:
    """Refuse what is no kind of label."""
    if kind is not None and not (isinstance(kind, str) and kind in KINDS):
        raise InvalidArgument("kind", f"one of {', '.join(KINDS)}", kind)


def check_number(name: str, number: Any) -> None:
    """Refuse what is no whole number of things to draw."""
    if not isinstance(number, Integral) or isinstance(number, bool) or number < 1:
        raise InvalidArgument(name, "a whole number, 1 or more", number)


def check_time(name: str, time: Any) -> None:
    """Refuse what is no time."""
    if isinstance(time, bool) or not isinstance(time, Real) or not np.isfinite(float(time)):
        raise InvalidArgument(name, "a time in seconds", time)
