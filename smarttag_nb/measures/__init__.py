"""Measures: a Job in, a frame out. They load nothing and draw nothing."""

from .co_appearance import co_appearance
from .presence import presence
from .search import search
from .shot_pace import shot_pace
from .speaking_time import speaking_time
from .tracks import tracks

__all__ = ["co_appearance", "presence", "search", "shot_pace", "speaking_time", "tracks"]
