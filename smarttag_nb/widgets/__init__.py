"""Widgets: what answers are looked around with in a notebook cell."""

from . import panels

__all__ = ["panels"]
