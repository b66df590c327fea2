"""Plots: each takes a Job, an Alignment or a Comparison and an Axes, draws and returns the axes.

They never show a figure, set no global style, and never read text of an answer as mathematics.
"""

from .alignment import alignment
from .boxes import boxes
from .clock import clock
from .co_appearance import co_appearance
from .comparison import comparison
from .contact_sheet import contact_sheet
from .gallery import gallery
from .mindmap import mindmap
from .position_heatmap import position_heatmap
from .presence_heatmap import presence_heatmap
from .ratios import ratios
from .roles import roles
from .shot_pace import shot_pace
from .speaking_time import speaking_time
from .text_agreement import text_agreement
from .timeline import timeline
from .track import track
from .words import words

__all__ = [
    "alignment",
    "boxes",
    "clock",
    "co_appearance",
    "comparison",
    "contact_sheet",
    "gallery",
    "mindmap",
    "position_heatmap",
    "presence_heatmap",
    "ratios",
    "roles",
    "shot_pace",
    "speaking_time",
    "text_agreement",
    "timeline",
    "track",
    "words",
]
