"""Panels: measures and plots with sliders, in plain ipywidgets.

A panel is a container: it shows in a cell, its controls are attributes whose ``.value`` is read and
set from Python, and `shown` is what its picture shows, as a frame to continue with. `shown` can be
observed: ``panel.observe(function, "shown")``.

Pictures are on a card of the colour that matplotlib's own settings have for figures: a kernel
cannot know whether the page is light or dark, and a card is read well on both. Text of an answer
is in pictures, options and text fields alone, none of which obeys it.
"""

from .alignment import AlignmentPanel, alignment
from .frames import FramesPanel, frames
from .ratios import RatiosPanel, ratios

__all__ = ["AlignmentPanel", "FramesPanel", "RatiosPanel", "alignment", "frames", "ratios"]
