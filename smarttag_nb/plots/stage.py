"""What plots over frames share: the media, boxes in its size, name tags, sheets of pictures."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from .. import frames
from ..boxes import is_outside
from ..errors import InvalidArgument
from ..job import Job
from . import style
from .selection import find_label

CORNERS = ["x1", "y1", "x2", "y2"]
Media = frames.Video | frames.Still
Size = tuple[float, float]


@contextmanager
def opened(video: Any) -> Iterator[Media]:
    """Open what is given as video, and close it again unless it was open before."""
    media = frames.open(video)
    try:
        yield media
    finally:
        if media is not video:
            media.close()


def pictures(media: Media, moments: Sequence[float | None]) -> Iterator[frames.Frame]:
    """Give the frames at moments; an image serves at any, and at none.

    Raises
    ------
    InvalidArgument
        The media is a video, and a moment is missing.
    """
    if isinstance(media, frames.Still):
        return media.many(moments)
    times = [moment for moment in moments if moment is not None]
    if len(times) < len(moments):
        raise InvalidArgument("video", "an image: the answer's boxes have no times", media)
    return media.many(times)


def fit_boxes(
    boxes: pd.DataFrame, media: Media, size: Size | None, stacklevel: int = 3
) -> pd.DataFrame:
    """Scale boxes from the frame they were made for to the media's, and tell those that do not fit.

    Warnings point `stacklevel` calls up: to whoever called the plot.

    Warns
    -----
    UserWarning
        Boxes have times that the media does not have, and are left out. Boxes reach outside the
        media's frame; those so far that they are no places at all are left out.
    """
    if media.duration is not None:
        beyond = ~boxes["timestamp"].isna() & ~boxes["timestamp"].between(0, media.duration)
        if beyond.any():
            warnings.warn(
                f"{beyond.sum()} of {len(boxes)} boxes have times outside the video's "
                f"{media.duration:g} s and are left out. Is it the video of this answer?",
                UserWarning,
                stacklevel=stacklevel,
            )
            boxes = boxes[~beyond]
    if size is not None:
        boxes = scale_boxes(boxes, size, media.size)
    outside = int(is_outside(boxes[CORNERS].to_numpy(), media.size).sum())
    if outside:
        made_for = (
            "they were made for another. Pass size=(width, height) of that frame to scale them."
            if size is None
            else f"was {size} the size of the frame that they were made for?"
        )
        width, height = media.size
        warnings.warn(
            f"{outside} of {len(boxes)} boxes reach outside the frame of {width} × {height}: "
            f"{made_for}",
            UserWarning,
            stacklevel=stacklevel,
        )
    return places(boxes)


def places(boxes: pd.DataFrame) -> pd.DataFrame:
    """Leave out boxes whose numbers are no places on any frame: drawing them fails."""
    kept: pd.DataFrame = boxes[(boxes[CORNERS].abs() <= _LARGEST).all(axis=1)]
    return kept


_LARGEST = 1e5
"""No frame has more pixels a side."""


def scale_boxes(boxes: pd.DataFrame, size: Any, to: Size) -> pd.DataFrame:
    """Scale boxes from one size of frame to another.

    Raises
    ------
    InvalidArgument
        The size is not two numbers above 0.
    """
    sides = check_size(size)
    factors = [to[0] / sides[0], to[1] / sides[1]] * 2
    return boxes.assign(
        **{name: boxes[name] * factor for name, factor in zip(CORNERS, factors, strict=True)}
    )


def check_size(size: Any) -> Size:
    """Refuse what is no size of a frame."""
    try:
        width, height = (float(side) for side in ("" if isinstance(size, str) else size))
    except (TypeError, ValueError):
        width = height = math.nan
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise InvalidArgument("size", "width and height in pixels", size)
    return width, height


def drawable_boxes(job: Job, result_type: str | None = None) -> pd.DataFrame:
    """List the boxes that can be drawn, with names and kinds.

    Those of `Job.best` are marked `is_best`; a label that has none of these may have others.

    Raises
    ------
    UnknownName
        No label is of the result type asked for.
    """
    best = job.best("boxes", result_type)["box_id"]
    found = job["boxes"] if result_type is None else job.best("boxes", result_type)
    found = found.dropna(subset=CORNERS)
    found = found.merge(job["labels"][["label_id", "kind", "name"]], on="label_id")
    return found.assign(is_best=found["box_id"].isin(best))


def own_boxes(boxes: pd.DataFrame, label: Any) -> pd.DataFrame:
    """List a label's boxes: the best of those by its id and, from other results, by its name."""
    own = boxes["label_id"] == label.label_id
    if isinstance(label.name, str):
        own |= (boxes["kind"] == label.kind) & (boxes["name"] == label.name)
    found: pd.DataFrame = boxes[own]
    return found[found["is_best"]] if found["is_best"].any() else found


def find_boxes(job: Job, boxes: pd.DataFrame, label: Any) -> pd.DataFrame:
    """List the boxes of a label that is given by its name or label_id.

    Raises
    ------
    UnknownName
        There is no such label.
    InvalidArgument
        It has no box here.
    """
    row: Any
    for row in find_label(job["labels"], label).itertuples():
        found = own_boxes(boxes, row)
        if len(found):
            return found
    raise InvalidArgument("label", "a label with a box that can be drawn here", label)


def show(ax: Axes, image: Any) -> None:
    """Show a frame, and nothing around it."""
    height, width = image.shape[:2]
    style.image(ax, image, aspect="equal")
    ax.set_xlim(-0.5, width - 0.5)
    ax.set_ylim(height - 0.5, -0.5)
    ax.set_axis_off()


def frame_axes(ax: Axes | None, size: Size) -> Axes:
    """Return the axes given, or those of a new figure in the shape of a frame."""
    width, height = size
    return style.axes(ax, 8.0, max(1.5, min(12.0, 8.0 * height / width)) + 0.4)


def draw_boxes(ax: Axes, boxes: pd.DataFrame, size: Size) -> None:
    """Draw boxes with their names and scores, dashed where they are interpolated."""
    unit = max(size[0] / style.size(ax)[0], size[1] / style.size(ax)[1])
    taken: list[tuple[float, float, float, float]] = []
    box: Any
    for box in boxes.itertuples():
        colour = style.colour(box.kind)
        ax.add_patch(
            Rectangle(
                (box.x1 - 0.5, box.y1 - 0.5),
                box.x2 - box.x1,
                box.y2 - box.y1,
                fill=False,
                edgecolor=colour,
                linewidth=1.8,
                linestyle=(0, (3, 2)) if box.interpolated else "solid",
            )
        )
        score = "" if math.isnan(box.score) else f"  {box.score:.2f}"
        widest = size[0] / unit / style.SMALL - style.width(score) - 1
        text = (style.plain(box.name, max(2.5, widest)) or "(no name)") + score
        width = (style.SMALL * style.width(text) + 6) * unit
        height = (1.2 * style.SMALL + 5) * unit
        x, y = _free_place(box, width, height, size, taken)
        taken.append((x, y, x + width, y + height))
        ax.text(
            x + 3 * unit,
            y + height / 2,
            text,
            va="center",
            clip_on=True,
            bbox={"facecolor": colour, "edgecolor": "none", "boxstyle": "square,pad=0.25"},
            **{**style.text_style(ax, style.SMALL), "color": style.ink_on(colour)},
        )


def _free_place(
    box: Any, width: float, height: float, size: Size, taken: Sequence[tuple[float, ...]]
) -> tuple[float, float]:
    """Choose where a tag stands: above its box, else at another edge, on no other tag."""
    left = min(max(box.x1, 0.0), max(0.0, size[0] - width))
    right = min(max(box.x2 - width, 0.0), max(0.0, size[0] - width))
    edges = (box.y1 - height, box.y2, box.y1, box.y2 - height)
    places = [(x, y) for y in edges for x in (left, right) if 0 <= y <= size[1] - height]
    places += [(left, k * height) for k in range(int(size[1] / height))]
    free = (
        (x, y)
        for x, y in places
        if not any(
            x < x2 and x1 < x + width and y < y2 and y1 < y + height for x1, y1, x2, y2 in taken
        )
    )
    return next(free, (left, min(max(edges[0], 0.0), size[1] - height)))


def best_of(boxes: pd.DataFrame, size: Size) -> pd.DataFrame:
    """Order boxes from the best seen: by score × area, without a score as if certain.

    Only what lies inside a frame of that size counts; boxes with nothing there are left out.
    """
    wide = boxes["x2"].clip(0, size[0]) - boxes["x1"].clip(0, size[0])
    high = boxes["y2"].clip(0, size[1]) - boxes["y1"].clip(0, size[1])
    quality = wide.clip(lower=0) * high.clip(lower=0) * boxes["score"].fillna(1.0)
    ordered = quality[quality > 0].sort_values(ascending=False, kind="stable")
    return boxes.loc[ordered.index]


@dataclass(frozen=True)
class Cell:
    """A picture on a sheet, and what stands below it.

    Attributes
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        The picture.
    label : named tuple
        The label that is seen there, a row of `measures.presence`.
    at : float or None
        When (s); None on an image.
    note : str
        What stands below the label's name.
    box : tuple of float or None
        The label's box in the picture.
    """

    image: npt.NDArray[np.uint8]
    label: Any
    at: float | None
    note: str
    box: tuple[float, ...] | None = None


_GAP = 8.0
"""Points between the pictures of a sheet."""

_CAPTION = 2.9 * style.SMALL
"""Points that two lines below a picture take."""


def draw_sheet(ax: Axes | None, cells: Sequence[Cell], shape: Size, title: str) -> Axes:
    """Draw pictures in rows, each with its caption; `shape` is what each has room for."""
    if ax is None:
        across = min(len(cells), 6 if shape[0] <= shape[1] else 4)
        width = across * (120.0 if shape[0] <= shape[1] else 170.0)
        down = math.ceil(len(cells) / across)
    else:
        width, height = style.size(ax)
        across = next(
            n
            for n in range(1, len(cells) + 1)
            if n == len(cells)
            or math.ceil(len(cells) / n) * (width / n * shape[1] / shape[0] + _CAPTION + _GAP)
            <= height
        )
        down = math.ceil(len(cells) / across)
    each = width / across - _GAP
    tall = each * shape[1] / shape[0]
    ax = style.axes(ax, width / 72 + 0.2, (tall + _CAPTION + _GAP) * down / 72 + 0.5)
    style.title(ax, title)
    for place, cell in enumerate(cells):
        x = place % across * (each + _GAP)
        y = place // across * (tall + _CAPTION + _GAP)
        _draw_cell(ax, cell, x, y, each, tall)
    ax.set_xlim(0, across * (each + _GAP) - _GAP)
    ax.set_ylim(down * (tall + _CAPTION + _GAP) - _GAP, 0)
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax


def _draw_cell(ax: Axes, cell: Cell, x: float, y: float, each: float, tall: float) -> None:
    height, width = cell.image.shape[:2]
    scale = min(each / width, tall / height)
    left, top = x + (each - width * scale) / 2, y + (tall - height * scale) / 2
    # A thumbnail needs no more pixels than it shows.
    step = max(1, int(width / (3 * each)))
    extent = (left, left + width * scale, top + height * scale, top)
    style.image(ax, cell.image[::step, ::step], extent)
    if cell.box is not None:
        x1, y1, x2, y2 = (edge * scale for edge in cell.box)
        colour = style.colour(cell.label.kind)
        box = Rectangle(
            (left + x1, top + y1), x2 - x1, y2 - y1, fill=False, ec=colour, linewidth=1.4
        )
        ax.add_patch(box)
        edges = Rectangle((left, top), width * scale, height * scale, transform=ax.transData)
        box.set_clip_path(edges)
    name = style.plain(cell.label.name, max(2.0, each / style.SMALL)) or "(no name)"
    line = 1.25 * style.SMALL
    below = y + tall + 2
    ax.text(x, below, name, va="top", **style.text_style(ax, style.SMALL, outside=True))
    ax.text(
        x, below + line, cell.note, va="top",
        **style.text_style(ax, style.SMALL - 1, soft=True, outside=True),
    )  # fmt: skip
