"""Measures: a Job in, a frame out; `compare` takes two. They load nothing and draw nothing."""

from .co_appearance import co_appearance
from .comparison import Comparison, compare
from .precision_recall import precision_recall
from .presence import presence
from .search import search
from .shot_pace import shot_pace
from .speaking_time import speaking_time
from .tracks import tracks

__all__ = [
    "Comparison",
    "co_appearance",
    "compare",
    "precision_recall",
    "presence",
    "search",
    "shot_pace",
    "speaking_time",
    "tracks",
]
