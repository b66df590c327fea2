"""Frames on which a label is, with the boxes of each moment."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import ipywidgets
import numpy as np
import pandas as pd

from ... import plots
from ...errors import MediaError, NoSuchTime
from ...frames import Still
from ...frames import open as open_media
from ...intervals import clock
from ...job import Job, check_job
from ...measures.presence import presence
from ...measures.tracks import tracks
from ...plots import stage, style
from .panel import (
    PHOTOGRAPH,
    Panel,
    across,
    chosen_labels,
    kind_of,
    search_field,
    slider,
    why_without,
)


def frames(
    job: Job,
    video: Any,
    *,
    size: tuple[float, float] | None = None,
    result_type: str | None = None,
) -> FramesPanel:
    """Browse the frames on which a label is, with the boxes of each moment.

    Parameters
    ----------
    job : Job
        An answer.
    video : path, binary file, Video, Still or array
        The media; an image serves too.
    size : (float, float), optional
        Width and height of the frame that the boxes were made for, in pixels: they are scaled
        from it to the video's.
    result_type : str, optional
        The result type to take, in place of the one `Job.best` prefers.

    Returns
    -------
    FramesPanel
        A container to show in a cell.

    Raises
    ------
    InvalidArgument
        `job` is none, or `size` is no size.
    UnknownName
        The answer has no labels of that result type.
    NotMedia, MediaError, OSError
        As for `frames.open`.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> panel = stag.panels.frames(stag.samples.load("magazine"), stag.samples.video("magazine"))
    >>> panel.name.value = "mara"
    >>> panel.moment.value = 3
    >>> panel.time, panel.shown.name.tolist()
    (17.64, ['顾明川', 'Mara Ellison', '咖啡杯', '晨间手记'])
    """
    check_job(job)
    if size is not None:
        stage.check_size(size)
    job.best("labels", result_type)
    return FramesPanel(job, open_media(video), size, result_type, video)


class FramesPanel(Panel):
    """Frames on which a label is, one at a time; `frames` makes it.

    Attributes
    ----------
    kind, name : ipywidgets.Dropdown, ipywidgets.Text
        Only labels of this kind (None: all), with this part in their names, are offered.
    label : ipywidgets.Select
        The label; its value is a label_id. The longest seen come first, 200 at most.
    moment : ipywidgets.IntSlider
        Which of the label's moments is shown, from 1: each time at which it has a box, or for a
        label without boxes the middle of each of its occurrences.
    alone : ipywidgets.Checkbox
        Whether to draw this label's boxes only.
    time : float or None
        The moment shown, in seconds; None for an image's.
    shown : pandas.DataFrame
        The boxes of the moment, as `measures.tracks` has them.
    """

    def __init__(
        self,
        job: Job,
        media: stage.Media,
        size: tuple[float, float] | None,
        result_type: str | None,
        video: Any,
    ) -> None:
        self._media, self._is_own = media, media is not video
        self._job, self._size = job, size
        self._boxes = stage.drawable_boxes(job, result_type)
        self._labels = self._offered(presence(job, result_type=result_type))
        self._moments = pd.DataFrame({"timestamp": [], "occurrence": [], "has_box": []})
        self.kind, self.name = kind_of(self._labels), search_field()
        self.label = ipywidgets.Select(
            description="label", rows=6, layout=ipywidgets.Layout(width="480px", max_width="100%")
        )
        self._count = ipywidgets.Label()
        self.moment = slider(
            ipywidgets.IntSlider, "moment", "Which of the label's moments is shown", min=1, max=1
        )
        self.alone = ipywidgets.Checkbox(
            description="only this label", indent=False, layout=ipywidgets.Layout(width="auto")
        )
        self.time: float | None = None
        steps = ("fast-backward", "step-backward", "step-forward", "fast-forward")
        tips = ("Occurrence before", "Moment before", "Moment after", "Occurrence after")
        self._buttons = [
            ipywidgets.Button(icon=icon, tooltip=tip, layout=ipywidgets.Layout(width="40px"))
            for icon, tip in zip(steps, tips, strict=True)
        ]
        super().__init__(
            across(self.kind, self.name, self._count),
            self.label,
            across(self.moment, ipywidgets.HBox(self._buttons), self.alone),
        )
        for button, place in zip(self._buttons, range(4), strict=True):
            button.on_click(lambda _, place=place: self._step(place))
        self.kind.observe(self._offer, "value")
        self.name.observe(self._offer, "value")
        self.label.observe(self._choose, "value")
        self.moment.observe(self._redraw, "value")
        self.alone.observe(self._redraw, "value")
        self._offer()

    def close(self) -> None:
        """Close the panel, and the media unless it was open before."""
        super().close()
        if self._is_own:
            self._media.close()

    def _offered(self, labels: pd.DataFrame) -> pd.DataFrame:
        """List the labels that are on a frame, the longest seen first."""
        boxes, seen = self._boxes, self._job["occurrences"]
        if isinstance(self._media, Still):
            seen = seen.iloc[:0]
        else:
            boxes = boxes[boxes["timestamp"].between(0, self._media.duration)]
            middle = (seen["start_time"] + seen["end_time"]) / 2
            seen = seen[middle.between(0, self._media.duration)]
        named = pd.MultiIndex.from_frame(boxes[["kind", "name"]].dropna().drop_duplicates())
        with_name = pd.MultiIndex.from_frame(labels[["kind", "name"]]).isin(named)
        ids = {*boxes["label_id"], *seen["label_id"]}
        there = labels["label_id"].isin(ids) | with_name
        return labels[there].sort_values("seconds", ascending=False, kind="stable")

    def _offer(self, _: object = None) -> None:
        """Offer the labels that are searched for, and keep the one chosen if it is among them."""
        found = chosen_labels(self._labels, self.kind.value, self.name.value)
        offered = found.head(_MOST_OPTIONS)
        chosen = self.label.value
        ids = offered["label_id"].tolist()
        names = [style.plain(name, _WIDEST) or "(no name)" for name in offered["name"]]
        # One change, not three: the list's own first choice is none of the reader's.
        self.label.unobserve(self._choose, "value")
        self.label.options = [
            (_told_label(name, kind, seconds), label)
            for name, kind, seconds, label in zip(
                names, offered["kind"], offered["seconds"], ids, strict=True
            )
        ]
        self.label.value = chosen if chosen in ids else next(iter(ids), None)
        self.label.observe(self._choose, "value")
        more = f"{len(offered)} of {len(found):,}: search for a name"
        self._count.value = more if len(found) > len(offered) else f"{len(found)} offered"
        self._choose()

    def _choose(self, _: object = None) -> None:
        """Go to the first moment of the label chosen."""
        if self.label.value is None:
            self._own, self._moments = self._boxes.iloc[:0], self._moments.iloc[:0]
        else:
            chosen = self._labels[self._labels["label_id"] == self.label.value]
            self._own = stage.own_boxes(self._boxes, next(chosen.itertuples()))
            self._moments = self._moments_of(self.label.value)
        number = max(1, len(self._moments))
        with self.moment.hold_trait_notifications():
            self.moment.max = number
            self.moment.value = 1
        self.moment.disabled = number < 2
        self._redraw()

    def _moments_of(self, label_id: int) -> pd.DataFrame:
        """List when the label is on a frame: timestamp, number of the occurrence, whether boxed."""
        own = self._own
        if not isinstance(self._media, Still):
            own = own[own["timestamp"].between(0, self._media.duration)]
        if len(own):
            own = own.sort_values("timestamp", kind="stable").drop_duplicates("timestamp")
            # Numbered in the order in which they come; a box without one is none of its own.
            number, _ = pd.factorize(own["occurrence_id"].fillna(-1))
            return pd.DataFrame(
                {"timestamp": own["timestamp"], "occurrence": number + 1, "has_box": True}
            )
        seen = self._job["occurrences"]
        seen = seen[seen["label_id"] == label_id]
        middle = ((seen["start_time"] + seen["end_time"]) / 2).dropna().sort_values()
        middle = middle[middle.between(0, self._media.duration or 0.0)]
        return pd.DataFrame(
            {"timestamp": middle, "occurrence": np.arange(len(middle)) + 1, "has_box": False}
        )

    def _step(self, button: int) -> None:
        """Go one moment, or to where an occurrence begins, before or after."""
        self.moment.value = self._targets()[button]

    def _targets(self) -> list[int]:
        """Tell where each of the four buttons leads."""
        now, number = self.moment.value, len(self._moments)
        occurrence = self._moments["occurrence"].to_numpy()
        begins = np.flatnonzero(np.diff(occurrence, prepend=-1)) + 1
        before, after = begins[begins < now], begins[begins > now]
        return [
            int(before[-1]) if len(before) else now,
            max(1, now - 1),
            min(max(1, number), now + 1),
            int(after[0]) if len(after) else now,
        ]

    def _redraw(self, _: object = None) -> None:
        if not self._is_new(self.label.value, self.moment.value, self.alone.value):
            return
        for button, target in zip(self._buttons, self._targets(), strict=True):
            button.disabled = target == self.moment.value
        if not len(self._moments):
            self.time = None
            self.told.value = "no frame"
            self._draw_nothing("No frame to show", self._why_empty())
            self.shown = tracks(self._narrowed(self._boxes.iloc[:0]))
            return
        place = self._moments.iloc[self.moment.value - 1]
        self.time = None if math.isnan(place["timestamp"]) else float(place["timestamp"])
        near = self._near()
        job, media = self._narrowed(near), self._media
        size = (8.0, max(1.5, min(12.0, 8.0 * media.size[1] / media.size[0])) + 0.4)
        self.told.value = self._told(place)
        try:
            self._draw(
                size,
                PHOTOGRAPH,
                lambda ax: plots.boxes(job, media, ax, at=self.time, size=self._size),
            )
        except (MediaError, NoSuchTime) as error:
            self._draw_nothing("No frame", str(error))
        self.shown = self._boxes_at(job, near)

    def _near(self) -> pd.DataFrame:
        """List the boxes that the frame shown may have: of one source, around its moment."""
        boxes = self._boxes
        if self.alone.value:
            boxes = self._own
        elif len(self._own) and not self._own["is_best"].any():
            boxes = boxes[boxes["result_type"] == self._own["result_type"].iloc[0]]
        else:
            boxes = boxes[boxes["is_best"]]
        if self.time is None:
            return boxes[boxes["timestamp"].isna()]
        return boxes[(boxes["timestamp"] - self.time).abs() <= _LONGEST_GAP]

    def _narrowed(self, boxes: pd.DataFrame) -> Job:
        """Give the job with these boxes only."""
        kept = self._job["boxes"]
        kept = kept[kept["box_id"].isin(boxes["box_id"])]
        return dataclasses.replace(self._job, tables={**self._job.tables, "boxes": kept})

    def _boxes_at(self, job: Job, near: pd.DataFrame) -> pd.DataFrame:
        if self.time is not None:
            return tracks(job, [self.time], max_gap=_LONGEST_GAP)
        # An image's boxes have no time to follow them through.
        untimed = near.assign(interpolated=pd.array([False] * len(near), dtype="boolean"))
        return untimed[tracks(job).columns].reset_index(drop=True)

    def _told(self, place: Any) -> str:
        number, occurrences = len(self._moments), int(self._moments["occurrence"].max())
        told = [] if self.time is None else [clock(self.time, 2)]
        told.append(f"{'box' if place['has_box'] else 'moment'} {self.moment.value} of {number}")
        told.append(f"occurrence {place['occurrence']} of {occurrences}")
        if not place["has_box"]:
            told.append("the label has no boxes")
        return " · ".join(told)

    def _why_empty(self) -> str:
        if len(self._labels) and self.label.value is None:
            return "No label has that name."
        if len(self._boxes) and isinstance(self._media, Still):
            return "None of the answer's boxes can be drawn."
        if len(self._boxes) and self._boxes["timestamp"].isna().all():
            return "The boxes of the answer have no times: give its image in place of the video."
        if len(self._boxes):
            return "The video has no time at which there is a box. Is it the video of this answer?"
        return why_without(self._job, "boxes")


_MOST_OPTIONS = 200
"""Labels offered at once: a longer list is searched, not read."""

_WIDEST = 24.0
"""Ems that a name takes in a list."""

_LONGEST_GAP = 1.0
"""Seconds between two boxes for one to be drawn between them, as in `plots.boxes`."""


def _told_label(name: str, kind: Any, seconds: float) -> str:
    told = [name, *([kind] if isinstance(kind, str) else [])]
    return " · ".join(told if math.isnan(seconds) else [*told, f"{seconds:.1f} s"])
