"""How fast the media is cut, over its time."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from .. import measures
from ..job import Job, check_job
from . import style
from .bars import corners_of, fill
from .selection import LONGEST, span


def shot_pace(
    job: Job, ax: Axes | None = None, *, window: float = 60.0, result_type: str | None = None
) -> Axes:
    """Draw each shot's length and the cuts a minute over time.

    A column is as wide and as high as its shot is long: low and narrow ones are a fast cut. The
    line, with its scale at the right, is the number of cuts a minute around each shot.

    Parameters
    ----------
    job : Job
        An answer with shots: Process's sbd.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.
    window : float
        Seconds around a shot in which cuts are counted.
    result_type : str, optional
        The result type to take, in place of all.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into. The line has axes of its own over these.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> ax = stag.plots.shot_pace(stag.samples.load("magazine"))
    >>> ax.get_title(loc="left")
    'Shot lengths: 15 shots, 5.2 s on average, 10.8 cuts a minute'
    """
    check_job(job)
    pace = measures.shot_pace(job, window=window, result_type=result_type)
    impossible = pace["end_time"] > LONGEST
    pace = pace[~impossible]
    first, last = span(job)
    last = max(last, pace["end_time"].max()) if len(pace) else last
    ax = style.axes(ax, 9.6, 3.4)
    if not len(pace):
        style.title(ax, "Shot lengths")
        return style.nothing(ax, "No shots", "Process's shot detection (sbd) brings them.")
    mean = pace["length"].mean()
    cuts = 60 * (pace["start_time"].nunique() - 1) / (last - first)
    style.title(
        ax,
        f"Shot lengths: {len(pace)} shots, {mean:.1f} s on average, {cuts:.1f} cuts a minute",
    )
    style.bare(ax)
    style.times(ax, first, last)
    ink = style.inks(ax)
    start, end = pace["start_time"].to_numpy(), pace["end_time"].to_numpy()
    length = pace["length"].to_numpy()
    corners = corners_of(start, end, 0.0, 1.0)
    corners[:, 2:, 1] = length[:, None]
    # The ground between two columns parts them.
    gap = min(0.0024 * (last - first), 0.2 * float(np.median(length)))
    corners[:, 1:3, 0] -= np.minimum(gap, length / 2)[:, None]
    fill(ax, corners, style.colour("keyword"))
    ax.axhline(mean, color=ink.soft, linewidth=0.9, linestyle=(0, (4, 3)), marker="")
    ax.set_ylim(0, max(float(length.max()), 1e-3) * 1.08)
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:g} s" if value else "")
    style.grid(ax, "y")

    # Cuts a minute have a scale of their own, at the right.
    right = ax.twinx()
    style.bare(right)
    right.plot(
        start + length / 2, pace["cuts_per_minute"], "-", color=ink.strong, linewidth=1.4, marker=""
    )
    right.set_ylim(0, max(float(pace["cuts_per_minute"].max()), 1.0) * 1.08)
    right.yaxis.set_major_formatter(lambda value, _: f"{value:g}/min" if value else "")

    out = style.inks(ax, outside=True)
    handles = [
        style.swatch(style.colour("keyword")),
        Line2D([], [], color=out.soft, linewidth=0.9, linestyle=(0, (4, 3)), marker=""),
        Line2D([], [], color=out.strong, linewidth=1.4, linestyle="-", marker=""),
    ]
    told = ["shot", "average length", f"cuts a minute, over {window:g} s (right)"]
    if impossible.any():
        style.note(ax, f"{impossible.sum()} more with impossible times")
    style.legend(ax, handles, told)
    return ax
