"""Measures: a Job in, a frame out. They load nothing and draw nothing."""

from .presence import presence
from .search import search
from .tracks import tracks

__all__ = ["presence", "search", "tracks"]
