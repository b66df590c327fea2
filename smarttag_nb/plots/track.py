"""The path of a label's box over its frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from ..errors import InvalidArgument
from ..intervals import clock
from ..job import Job, check_job
from . import stage, style
from .arguments import check_time


def track(
    job: Job,
    video: Any,
    label: str | int,
    ax: Axes | None = None,
    *,
    at: float | None = None,
    size: tuple[float, float] | None = None,
    max_gap: float = 1.0,
    result_type: str | None = None,
) -> Axes:
    """Draw the way of a label's box through one occurrence, over the frame amid it.

    The line runs through the boxes' centres from faint to strong; up to eight boxes show how its
    size changes.

    Parameters
    ----------
    job : Job
        An answer with tracks: Process, or CPVLabel with trackData.
    video : path, binary file, Video, Still or array
        The media.
    label : str or int
        A label's name or label_id.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.
    at : float, optional
        A moment in seconds: the occurrence nearest to it is drawn, in place of the one with the
        most boxes.
    size : (float, float), optional
        Width and height of the frame that the boxes were made for, in pixels: they are scaled
        from it to the video's.
    max_gap : float
        Most seconds between two boxes for the line to go on.
    result_type : str, optional
        The result type to take, in place of the one that has the most boxes.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    Warns
    -----
    UserWarning
        Boxes reach outside the frame, and no `size` is given.

    Raises
    ------
    InvalidArgument
        The label has no box with a time in the video.
    UnknownName
        There is no such label.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> clip = stag.samples.video("magazine")
    >>> ax = stag.plots.track(stag.samples.load("magazine"), clip, "沈青禾")
    >>> ax.get_title(loc="left")
    '沈青禾, 1:06.4 to 1:14.4'
    """
    check_job(job)
    if at is not None:
        check_time("at", at)
    found = stage.drawable_boxes(job, result_type)
    with stage.opened(video) as media:
        found = stage.find_boxes(job, stage.fit_boxes(found, media, size), label)
        found = found.dropna(subset="timestamp")
        if not len(found):
            raise InvalidArgument("label", "a label whose boxes have times", label)
        path = _occurrence(found, at)
        times = path["timestamp"].to_numpy()
        ax = stage.frame_axes(ax, media.size)
        (frame,) = stage.pictures(media, [float(times[len(times) // 2])])
        stage.show(ax, frame)
    colour = style.colour(path["kind"].iloc[0])
    strength = np.linspace(0.25, 1.0, len(path))
    rgba = np.column_stack([np.tile(to_rgb(colour), (len(path), 1)), strength])
    centres = np.column_stack(
        [(path["x1"] + path["x2"]) / 2 - 0.5, (path["y1"] + path["y2"]) / 2 - 0.5]
    )
    for k in np.unique(np.linspace(0, len(path) - 1, 8).astype(int)):
        box = path.iloc[k]
        ax.add_patch(
            Rectangle(
                (box["x1"] - 0.5, box["y1"] - 0.5),
                box["x2"] - box["x1"],
                box["y2"] - box["y1"],
                fill=False,
                edgecolor=rgba[k],
                linewidth=1.0,
            )
        )
    # Nothing tells which of two boxes of one moment goes on, nor the way through a long gap.
    apart = np.diff(times)
    steps = np.stack([centres[:-1], centres[1:]], axis=1)
    alone = ~path["timestamp"].duplicated(keep=False).to_numpy()
    known = (apart > 0) & (apart <= max_gap) & alone[:-1] & alone[1:]
    # White below keeps the line in sight on any picture.
    for colours, width, alpha in (("white", 4.5, 0.7), (rgba[1:][known], 2.5, None)):
        lines = LineCollection(list(steps[known]), colors=colours, linewidths=width, alpha=alpha)
        lines.set_capstyle("round")
        ax.add_collection(lines, autolim=False)
    for place, face in ((0, "white"), (-1, colour)):
        ax.plot(*centres[place], "o", ms=7, mfc=face, mec=colour, mew=1.6)
    name = style.plain(path["name"].iloc[0], 24) or "(no name)"
    when = "" if media.duration is None else f", {clock(times[0], 1)} to {clock(times[-1], 1)}"
    style.title(ax, name + when)
    return ax


def _occurrence(found: pd.DataFrame, at: float | None) -> pd.DataFrame:
    """Choose one occurrence's boxes, in order of time."""
    groups = found.groupby(["label_id", "occurrence_id"], dropna=False)["timestamp"]
    ends = groups.agg(["min", "max", "size"])
    if at is None:
        chosen = ends["size"].idxmax()
    else:
        away = (ends["min"] - at).clip(lower=at - ends["max"]).clip(lower=0.0)
        chosen = away.idxmin()
    number = groups.ngroup()
    own = found[number == list(ends.index).index(chosen)]
    return own.sort_values("timestamp", kind="stable")
