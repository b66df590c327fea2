"""A box as v1 results give it: two corners."""

from __future__ import annotations

from .fields import Corner, Whole


class Position(Whole):
    """Two corners of two numbers each."""

    leftTop: Corner
    rightBottom: Corner
