"""Where on the frame each line stands, over time, and what it was taken for."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from ..alignment.result import ROLES, Alignment, check_alignment
from . import style
from .bars import corners_of, fill
from .selection import aligned_span, in_picture, timed


def roles(alignment: Alignment, ax: Axes | None = None) -> Axes:
    """Draw the height on the frame at which each line stands, over time, coloured by role.

    A bar is as long as its line is on screen and reaches from the upper to the lower edge of its
    text: subtitles are a band, a logo is a bar of its own, slides are blocks of rows.

    Parameters
    ----------
    alignment : Alignment
        What `align` returned.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given. Without the alignment's `size`, the frame ends
        where the boxes do.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    Raises
    ------
    InvalidArgument
        `alignment` is none.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> job = stag.samples.load("magazine")
    >>> ax = stag.plots.roles(stag.align(job, size=(640, 360)))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['0 px', '180 px', '360 px']
    """
    check_alignment(alignment)
    first, last = aligned_span(in_picture(alignment), alignment.lines)
    lines = timed(alignment.lines, first, last)
    edges = lines[["y1", "y2"]].to_numpy(dtype=np.float64)
    top, bottom = edges.min(axis=1), edges.max(axis=1)
    frame = _height(alignment, bottom)
    # NaN compares false.
    there = (top < frame) & (bottom >= 0)

    ax = style.axes(ax, 9.6, 3.8)
    style.title(ax, "Text on screen: height on the frame, by role")
    if not there.any():
        why = "No line on screen has a time and a box inside the frame."
        return style.nothing(ax, "No lines", why)
    style.bare(ax)
    style.times(ax, first, last)
    ax.set_ylim(frame * (1 + style.room_below(ax)), 0)
    ax.set_yticks([0, frame / 2, frame])
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0f} px")
    style.grid(ax, "y")

    # What stays longest lies below what comes and goes over it.
    start, end = lines["start_time"].to_numpy(), lines["end_time"].to_numpy()
    order = np.argsort(start - end, kind="stable")
    order = order[there[order]]
    corners = corners_of(start[order], end[order], top[order], (bottom - top)[order])
    drawn = lines["role"].iloc[order]
    fill(ax, corners, [style.role_colour(role) for role in drawn])

    left_out = len(alignment.lines) - len(order)
    if left_out:
        style.note(ax, f"{left_out} more have no time, or no box inside the frame")
    shown = [role for role in ROLES if (drawn == role).any()]
    counts = drawn.value_counts()
    names = [f"{role} ({counts[role]})" for role in shown]
    style.legend(ax, [style.swatch(style.role_colour(role)) for role in shown], names)
    return ax


def _height(alignment: Alignment, bottom: np.ndarray) -> float:
    """Tell the frame's height: as given, or the lowest edge of any box."""
    if alignment.size is not None:
        return float(alignment.size[1])
    possible = bottom[np.isfinite(bottom) & (bottom > 0)]
    return float(possible.max(initial=1.0))
