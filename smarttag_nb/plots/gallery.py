"""Faces: the best crops of each person."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ..job import Job, check_job
from ..measures.presence import presence
from . import stage, style
from .arguments import check_kind, check_number


def gallery(
    job: Job,
    video: Any,
    ax: Axes | None = None,
    *,
    kind: str | None = "person",
    n: int = 24,
    size: tuple[float, float] | None = None,
    result_type: str | None = None,
) -> Axes:
    """Draw the best crop of each person, with the seconds on screen.

    Parameters
    ----------
    job : Job
        An answer with boxes.
    video : path, binary file, Video, Still or array
        The media; an image serves too.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.
    kind : str, optional
        Only labels of this kind; None for all.
    n : int
        How many to draw, at most: those seen longest.
    size : (float, float), optional
        Width and height of the frame that the boxes were made for, in pixels: they are scaled
        from it to the video's.
    result_type : str, optional
        The result type whose labels to take, in place of the one `Job.best` prefers.

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
        `n` is below 1, or no label can be of that kind.

    Notes
    -----
    The best crop is that of the box with the highest score × area: a square around it, half as
    large again as its longer side.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> ax = stag.plots.gallery(stag.samples.load("magazine"), stag.samples.video("magazine"))
    >>> ax.texts[0].get_text(), ax.texts[1].get_text()
    ('沈青禾', '11.5 s')
    """
    check_job(job)
    check_kind(kind)
    check_number("n", n)
    cells = crops(job, video, kind=kind, n=n, size=size, result_type=result_type)
    title = "People" if kind == "person" else "Best crops"
    if cells:
        return stage.draw_sheet(ax, cells, (1, 1), title)
    ax = style.axes(ax, 7.2, 2.4)
    style.title(ax, title)
    what = kind or "label"
    why = f"No {what} of the answer has a box inside the frame."
    return style.nothing(ax, f"No {what} with a box", why)


def crops(
    job: Job,
    video: Any,
    *,
    kind: str | None,
    n: int,
    size: tuple[float, float] | None = None,
    result_type: str | None = None,
) -> list[stage.Cell]:
    """Cut out the best crop of each label, those seen longest first, as `gallery` draws them."""
    labels = presence(job, result_type=result_type)
    if kind is not None:
        labels = labels[labels["kind"] == kind]
    with stage.opened(video) as media:
        boxes = stage.fit_boxes(stage.drawable_boxes(job), media, size, stacklevel=4)
        best: list[tuple[Any, Any]] = []
        label: Any
        for label in labels.sort_values("seconds", ascending=False, kind="stable").itertuples():
            own = stage.best_of(stage.own_boxes(boxes, label), media.size).head(1)
            if len(own) and len(best) < n:
                best.append((label, next(own.itertuples())))
        times = [None if math.isnan(box.timestamp) else box.timestamp for _, box in best]
        return [
            stage.Cell(
                image=_cut(picture, box),
                label=label,
                at=None if media.duration is None else time,
                note="" if math.isnan(label.seconds) else f"{label.seconds:.1f} s",
            )
            for picture, time, (label, box) in zip(
                stage.pictures(media, times), times, best, strict=True
            )
        ]


_MARGIN = 0.25
"""The share of a box's longer side that is shown around it."""


def _cut(image: Any, box: Any) -> Any:
    """Cut a square around a box out of a frame; less where the frame ends, but at least a pixel."""
    height, width = image.shape[:2]
    half = (0.5 + _MARGIN) * max(box.x2 - box.x1, box.y2 - box.y1)
    x, y = (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2
    left, right = np.clip([x - half, x + half], 0, width).astype(int)
    top, bottom = np.clip([y - half, y + half], 0, height).astype(int)
    left, top = min(left, width - 1), min(top, height - 1)
    return image[top : max(bottom, top + 1), left : max(right, left + 1)]
