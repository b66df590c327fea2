"""A sheet of moments: the best of each label, or several of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .. import intervals
from ..intervals import clock
from ..job import Job, check_job
from ..measures.presence import presence
from . import stage, style
from .arguments import check_kind, check_number
from .bars import Floats
from .selection import find_label, timed


def contact_sheet(
    job: Job,
    video: Any,
    ax: Axes | None = None,
    *,
    label: str | int | None = None,
    kind: str | None = None,
    n: int = 12,
    size: tuple[float, float] | None = None,
    result_type: str | None = None,
) -> Axes:
    """Draw the best moment of each label, or the best moments of one label.

    Parameters
    ----------
    job : Job
        An answer with boxes or time ranges.
    video : path, binary file, Video, Still or array
        The media.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.
    label : str or int, optional
        A label's name or label_id: moments of this one, in order of time.
    kind : str, optional
        Only labels of this kind: ``"person"``, ``"tag"``…
    n : int
        How many pictures to draw, at most: labels seen longest come first.
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
    UnknownName
        There is no such label.

    Notes
    -----
    A label's best moment is that of its box with the highest score × area; a label without boxes
    is shown in the middle of the occurrence with the highest score.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> clip = stag.samples.video("magazine")
    >>> ax = stag.plots.contact_sheet(stag.samples.load("magazine"), clip, kind="person", n=4)
    >>> len(ax.images)
    4
    """
    check_job(job)
    check_kind(kind)
    check_number("n", n)
    cells, shape, named = moments(
        job, video, label=label, kind=kind, n=n, size=size, result_type=result_type
    )
    what = "Best moments"
    if label is not None:
        what = f"Moments of {style.plain(named, 24) or '(no name)'}"
    if cells:
        return stage.draw_sheet(ax, cells, shape, what)
    ax = style.axes(ax, 7.2, 2.4)
    style.title(ax, what)
    why = f"No {kind or 'label'} of the answer has a box or a time range within the media."
    return style.nothing(ax, "No moment", why)


def moments(
    job: Job,
    video: Any,
    *,
    label: str | int | None = None,
    kind: str | None = None,
    n: int,
    size: tuple[float, float] | None = None,
    result_type: str | None = None,
) -> tuple[list[stage.Cell], tuple[float, float], Any]:
    """Find the moments that `contact_sheet` draws, the size of a frame, and the label's name."""
    labels = presence(job, result_type=result_type)
    labels = labels[labels["kind"] == kind] if kind is not None else labels
    if label is not None:
        labels = find_label(labels, label).head(1)
    with stage.opened(video) as media:
        boxes = stage.fit_boxes(stage.drawable_boxes(job), media, size, stacklevel=4)
        last = np.inf if media.duration is None else media.duration
        occurrences = timed(job["occurrences"], 0.0, last)
        found: list[_Moment] = []
        row: Any
        for row in labels.sort_values("seconds", ascending=False, kind="stable").itertuples():
            own = stage.best_of(stage.own_boxes(boxes, row), media.size)
            seen = occurrences[occurrences["label_id"] == row.label_id]
            if label is not None:
                found = _several(row, own, seen, n)
            elif len(found) < n:
                found += _several(row, own, seen, 1)
        pictures = stage.pictures(media, [moment.at for moment in found])
        cells = [
            stage.Cell(
                image=picture,
                label=moment.label,
                at=None if media.duration is None else moment.at,
                note="" if moment.at is None or media.duration is None else clock(moment.at, 1),
                box=moment.box,
            )
            for picture, moment in zip(pictures, found, strict=True)
        ]
        return cells, media.size, labels["name"].iloc[0] if label is not None else None


@dataclass(frozen=True)
class _Moment:
    """A label at a time; None on an image."""

    label: Any
    at: float | None
    box: tuple[float, ...] | None = None


def _several(label: Any, boxes: pd.DataFrame, seen: pd.DataFrame, n: int) -> list[_Moment]:
    """Choose a label's best moments, apart from each other, in order of time.

    Its boxes come best first.
    """
    if len(boxes):
        first, last = boxes["timestamp"].min(), boxes["timestamp"].max()
        chosen: list[Any] = []
        box: Any
        for box in boxes.itertuples():
            near = (abs(box.timestamp - other.timestamp) for other in chosen)
            if all(distance > (last - first) / (2 * n) for distance in near):
                chosen.append(box)
            if len(chosen) == n:
                break
        chosen.sort(key=lambda box: box.timestamp)
        return [
            _Moment(
                label,
                None if np.isnan(box.timestamp) else float(box.timestamp),
                (box.x1, box.y1, box.x2, box.y2),
            )
            for box in chosen
        ]
    if n == 1:
        seen = seen.sort_values("score", ascending=False, kind="stable").head(1)
    starts, ends = intervals.merge(seen["start_time"], seen["end_time"])
    return [_Moment(label, at) for at in _within(starts, ends, n)]


def _within(starts: Floats, ends: Floats, n: int) -> list[float]:
    """Spread times evenly over ranges."""
    if not len(starts):
        return []
    before = np.concatenate(([0.0], np.cumsum(ends - starts)))
    passed = (np.arange(n) + 0.5) / n * before[-1]
    piece = np.clip(np.searchsorted(before, passed, side="right") - 1, 0, len(starts) - 1)
    return list((starts[piece] + passed - before[piece]).tolist())
