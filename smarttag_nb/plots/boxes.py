"""One frame with its boxes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..errors import InvalidArgument
from ..intervals import clock
from ..job import Job, check_job
from ..measures.tracks import tracks
from . import stage, style
from .arguments import check_kind, check_time


def boxes(
    job: Job,
    video: Any,
    ax: Axes | None = None,
    *,
    at: float | None = None,
    label: str | int | None = None,
    kind: str | None = None,
    size: tuple[float, float] | None = None,
    max_gap: float = 1.0,
    result_type: str | None = None,
) -> Axes:
    """Draw a frame with the boxes of that moment, their names and scores.

    Parameters
    ----------
    job : Job
        An answer with boxes.
    video : path, binary file, Video, Still or array
        The media; an image serves too, and shows the boxes of an image's answer.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.
    at : float, optional
        The moment in seconds. Unless given, the label's best one (the highest score × area), or
        without a label the one at which the most labels have a box.
    label : str or int, optional
        A label's name or label_id, whose best moment is drawn.
    kind : str, optional
        Only labels of this kind: ``"person"``, ``"tag"``…
    size : (float, float), optional
        Width and height of the frame that the boxes were made for, in pixels: they are scaled
        from it to the video's. Without it they are drawn as they are.
    max_gap : float
        Most seconds between two boxes of a track for one to be drawn between them, dashed.
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
        A label and a time are given, the label has no box, or no label can be of that kind.
    UnknownName
        There is no such label.
    NoSuchTime
        The video has no such moment.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> job = stag.samples.load("magazine")
    >>> ax = stag.plots.boxes(job, stag.samples.video("magazine"), at=20.2)
    >>> sorted(text.get_text().split("  ")[0] for text in ax.texts)[:2]
    ['Mara Ellison', '咖啡杯']
    """
    check_job(job)
    check_kind(kind)
    if at is not None:
        check_time("at", at)
    if at is not None and label is not None:
        raise InvalidArgument("label", "a label or a time, not both", label)
    found = stage.drawable_boxes(job, result_type)
    if kind is not None:
        found = found[found["kind"] == kind]
    with stage.opened(video) as media:
        found = stage.fit_boxes(found, media, size)
        moment = at
        best = found.iloc[:0]
        if label is not None:
            best = stage.best_of(stage.find_boxes(job, found, label), media.size).head(1)
            if not len(best):
                raise InvalidArgument("label", "a label with a box inside the frame", label)
            moment = _time_of(best)
        elif at is None:
            moment = _busiest(found[found["is_best"]])
        shown = found[found["is_best"] & found["timestamp"].isna()].assign(interpolated=False)
        if moment is not None:
            shown = tracks(job, [moment], max_gap=max_gap, result_type=result_type)
            shown = shown if kind is None else shown[shown["kind"] == kind]
            shown = shown if size is None else stage.scale_boxes(shown, size, media.size)
            shown = stage.places(shown)
        # The label's own box, where it is not among those of the best result.
        other = best[~best["box_id"].isin(shown["box_id"])].assign(interpolated=False)
        shown = pd.concat([shown, other]) if len(other) else shown
        (image,) = stage.pictures(media, [moment])
        ax = stage.frame_axes(ax, media.size)
        stage.show(ax, image)
        stage.draw_boxes(ax, shown, media.size)
    # An image has no times, also where the answer has.
    style.title(ax, "" if media.duration is None or moment is None else clock(moment, 2))
    return ax


def _time_of(box: pd.DataFrame) -> float | None:
    """Tell a box's moment; a box on an image has none."""
    time = box["timestamp"].iloc[0]
    return None if np.isnan(time) else float(time)


def _busiest(found: pd.DataFrame) -> float | None:
    """Choose the moment at which the most labels have a box; None for the boxes of an image."""
    timed = found.dropna(subset="timestamp")
    if not len(timed):
        return None if len(found) else 0.0
    labels_at = timed.groupby("timestamp")["label_id"].nunique()
    return float(labels_at.index.to_numpy()[labels_at.argmax()])
