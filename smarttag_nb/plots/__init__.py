"""Plots: each takes a Job and an Axes, draws into it and returns it.

They never show a figure, set no global style, and never read text of an answer as mathematics.
"""

from .ratios import ratios
from .timeline import timeline

__all__ = ["ratios", "timeline"]
