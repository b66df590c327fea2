"""What is given to `align` and `lines` is what they need, or they say what they need."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import InvalidArgument
from .text import Normaliser


def check_size(size: Any) -> None:
    """Refuse what is no size of a frame.

    Raises
    ------
    InvalidArgument
        It is not two numbers above 0.
    """
    if size is None:
        return
    told = isinstance(size, (Sequence, np.ndarray)) and not isinstance(size, str)
    if not (
        told
        and len(size) == 2
        and all(isinstance(n, (int, float, np.number)) and 0 < n < math.inf for n in size)
    ):
        raise InvalidArgument("size", "width and height in pixels, two numbers above 0", size)


def checked(normaliser: Any) -> Normaliser | None:
    """Give a normaliser that is sure to return texts.

    Raises
    ------
    InvalidArgument
        It cannot be called; or, once it is, it returns something else.
    """
    if normaliser is None:
        return None
    if not callable(normaliser):
        raise InvalidArgument("normaliser", "a function from a text to a text", normaliser)

    def normalise(text: str) -> str:
        made = normaliser(text)
        if not isinstance(made, str):
            raise InvalidArgument("normaliser", "a function that returns a text", made)
        return made

    return normalise
