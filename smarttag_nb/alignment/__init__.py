"""Alignment: what was said (ASR) with what was written on screen (OCR).

From OCR rows to lines with roles, from texts that both have to a clock, from there to links, scores
and a transcript that the screen has corrected. Nothing is guessed: where no text and no rhythm
ties the two together, there are no links.
"""

from .engine import align
from .lines import lines
from .result import Alignment, Clock, Scores
from .scores import diff

__all__ = ["Alignment", "Clock", "Scores", "align", "diff", "lines"]
