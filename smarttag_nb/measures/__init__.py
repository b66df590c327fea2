"""Measures: a Job in, a frame out. They load nothing and draw nothing."""

from .co_appearance import co_appearance
from .presence import presence
from .search import search
from .tracks import tracks

__all__ = ["co_appearance", "presence", "search", "tracks"]
