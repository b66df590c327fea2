"""Where on the frame labels are."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from ..errors import InvalidArgument
from ..job import Job, check_job
from . import stage, style
from .arguments import check_kind

_ACROSS = 96
"""Cells from left to right."""


def position_heatmap(
    job: Job,
    ax: Axes | None = None,
    *,
    label: str | int | None = None,
    kind: str | None = None,
    video: Any = None,
    size: tuple[float, float] | None = None,
    result_type: str | None = None,
) -> Axes:
    """Draw where on the frame a label, or all labels of a kind, have their boxes.

    A place is the deeper the more of the boxes cover it.

    Parameters
    ----------
    job : Job
        An answer with boxes.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.
    label : str or int, optional
        A label's name or label_id.
    kind : str, optional
        Only labels of this kind: ``"person"``, ``"tag"``…
    video : path, binary file, Video, Still or array, optional
        The media: gives the frame's size, and the frame amid the boxes' moments stands in
        grey below the map.
    size : (float, float), optional
        Width and height of the frame that the boxes were made for, in pixels. With neither video
        nor size, the frame ends where the boxes do.
    result_type : str, optional
        The result type to take, in place of the one that has the most boxes.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    Warns
    -----
    UserWarning
        Boxes reach outside the video's frame, and no `size` is given.

    Raises
    ------
    InvalidArgument
        A label and a kind are given, the label has no box, or no label can be of that kind.
    UnknownName
        There is no such label.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> job = stag.samples.load("magazine")
    >>> ax = stag.plots.position_heatmap(job, label="晨间手记", size=(640, 360))
    >>> ax.xaxis.label.get_text()
    '357 boxes; at most 100% of them on one place'
    """
    check_job(job)
    check_kind(kind)
    if label is not None and kind is not None:
        raise InvalidArgument("kind", "a label or a kind, not both", kind)
    found = stage.drawable_boxes(job, result_type)
    what = "all labels" if kind is None else f"labels of kind {kind}"
    if kind is not None:
        found = found[found["kind"] == kind]
    ground = None
    frame: tuple[float, float] | None = None if size is None else stage.check_size(size)
    if video is not None:
        with stage.opened(video) as media:
            found = stage.fit_boxes(found, media, size)
            frame = media.size
            own = _chosen(job, found, label)
            if len(own):
                moment = own["timestamp"].quantile(0.5, interpolation="nearest")
                (ground,) = stage.pictures(media, [None if np.isnan(moment) else float(moment)])
    own = _chosen(job, found, label)
    if label is not None:
        what = style.plain(own["name"].iloc[0], 24) or "(no name)"
    if frame is None:
        furthest = stage.places(own)[["x2", "y2"]].max().fillna(1.0).clip(lower=1.0)
        frame = (float(furthest["x2"]), float(furthest["y2"]))
    share, beyond = _density(own, frame)

    ax = stage.frame_axes(ax, frame)
    style.title(ax, f"Where {what} {'is' if label is not None else 'are'}")
    if not share.any():
        why = f"The answer holds none of {what} inside the frame."
        return style.nothing(ax, "No boxes", why)
    style.bare(ax)
    extent = (0, frame[0], frame[1], 0)
    if ground is not None:
        grey = ground.mean(axis=2)
        style.image(ax, grey, extent, cmap="gray", vmin=0, vmax=255, alpha=0.45)
    kinds = own["kind"].unique()
    cells = np.empty((*share.shape, 4))
    cells[..., :3] = to_rgb(style.colour(kinds[0] if len(kinds) == 1 else "hotword"))
    cells[..., 3] = 0.85 * np.sqrt(share / share.max())
    style.image(ax, cells, extent, interpolation="bilinear", aspect="equal")
    outline = Rectangle((0, 0), *frame, fill=False, ec=style.inks(ax).soft, lw=1, clip_on=False)
    ax.add_patch(outline)
    ax.set_xlim(0, frame[0])
    ax.set_ylim(frame[1], 0)
    ax.set_xticks([0, frame[0]])
    ax.set_yticks([0, frame[1]])
    inside = len(own) - beyond
    told = f"{inside} boxes; at most {share.max() / inside:.0%} of them on one place"
    style.note(ax, told + (f"; {beyond} more lie outside the frame" if beyond else ""))
    return ax


def _chosen(job: Job, found: pd.DataFrame, label: str | int | None) -> pd.DataFrame:
    """List the boxes of a label, or without one those of the best result."""
    if label is not None:
        return stage.find_boxes(job, found, label)
    best: pd.DataFrame = found[found["is_best"]]
    return best


def _density(
    boxes: pd.DataFrame, frame: tuple[float, float]
) -> tuple[npt.NDArray[np.float64], int]:
    """Count the boxes over each cell of a grid, and those that lie wholly outside the frame."""
    down = int(np.clip(round(_ACROSS * frame[1] / frame[0]), 1, 4 * _ACROSS))
    corners = boxes[stage.CORNERS].to_numpy()
    corners = np.hstack(
        [np.fmin(corners[:, :2], corners[:, 2:]), np.fmax(corners[:, :2], corners[:, 2:])]
    )
    inside = (corners[:, 2:] >= 0).all(axis=1) & (corners[:, :2] < frame).all(axis=1)
    corners = corners[inside] * np.tile([_ACROSS / frame[0], down / frame[1]], 2)
    # A box without an area still covers the cell it is in.
    low = np.clip(np.floor(corners[:, :2]), 0, [_ACROSS - 1, down - 1]).astype(np.int64)
    high = np.clip(np.ceil(corners[:, 2:]), low + 1, [_ACROSS, down]).astype(np.int64)
    # A box adds one from its first corner on and takes it away past its last: sums do the rest.
    change = np.zeros((down + 1, _ACROSS + 1))
    for x, y, sign in ((low, low, 1), (high, high, 1), (low, high, -1), (high, low, -1)):
        np.add.at(change, (y[:, 1], x[:, 0]), sign)
    count = np.cumsum(np.cumsum(change, axis=0), axis=1)[:down, :_ACROSS]
    return count, int((~inside).sum())
