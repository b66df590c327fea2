"""Widgets: the explorer."""

from .explorer import Explorer, explore

__all__ = ["Explorer", "explore"]
