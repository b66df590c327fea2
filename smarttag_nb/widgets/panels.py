"""Panels: measures and plots with sliders, in plain ipywidgets.

A panel is a container: it shows in a cell, its controls are attributes whose ``.value`` is read and
set from Python, and `shown` is what its picture shows, as a frame to continue with. `shown` can be
observed: ``panel.observe(function, "shown")``.

Pictures are on a card of the colour that matplotlib's own settings have for figures: a kernel
cannot know whether the page is light or dark, and a card is read well on both. Text of an answer
is in pictures, options and text fields alone, none of which obeys it.
"""

from __future__ import annotations

import dataclasses
import io
import math
import unicodedata
import warnings
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

import ipywidgets
import numpy as np
import pandas as pd
import traitlets
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from .. import intervals, plots
from ..alignment import diff
from ..alignment.result import Alignment, check_alignment
from ..alignment.text import plain
from ..errors import MediaError, NoSuchTime
from ..frames import Still
from ..frames import open as open_media
from ..intervals import clock
from ..job import Job, check_job
from ..measures.presence import presence
from ..measures.tracks import tracks
from ..plots import stage, style
from ..plots.selection import aligned_span, in_picture, timed
from ..tables import KINDS


def ratios(job: Job, *, result_type: str | None = None) -> RatiosPanel:
    """Show appearance ratios, with thresholds to set by sliders.

    Parameters
    ----------
    job : Job
        An answer.
    result_type : str, optional
        The result type to take, in place of the one `Job.best` prefers.

    Returns
    -------
    RatiosPanel
        A container to show in a cell.

    Raises
    ------
    InvalidArgument
        `job` is none.
    UnknownName
        The answer has no labels of that result type.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> panel = stag.panels.ratios(stag.samples.load("magazine"))
    >>> panel.ratio.value = 0.3
    >>> panel.shown.name.tolist()
    ['晨间手记', '讲话', '咖啡杯']
    """
    check_job(job)
    return RatiosPanel(job, result_type)


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


def alignment(alignment: Alignment) -> AlignmentPanel:
    """Show an alignment through a window that slides over it, and what differs there as text.

    Parameters
    ----------
    alignment : Alignment
        What `align` returned.

    Returns
    -------
    AlignmentPanel
        A container to show in a cell.

    Raises
    ------
    InvalidArgument
        `alignment` is none.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> panel = stag.panels.alignment(stag.align(stag.samples.load("magazine")))
    >>> panel.length.value = 20
    >>> panel.shown[["said", "written"]].values.tolist()
    [['纸', '脂'], ['清清', '轻轻']]
    """
    check_alignment(alignment)
    return AlignmentPanel(alignment)


class _Panel(ipywidgets.VBox):  # type: ignore[misc]
    """What panels share: controls, a line that tells, and a picture drawn anew where it changes."""

    shown = traitlets.Instance(pd.DataFrame, help="What the picture shows.")

    def __init__(self, *controls: Any, texts: Sequence[Any] = ()) -> None:
        self.told = ipywidgets.Label()
        self.picture = ipywidgets.Image(format="png")
        self.picture.layout.max_width = "100%"
        self._state: Hashable = None
        super().__init__([*controls, self.told, *texts, self.picture])

    def _is_new(self, *state: Hashable) -> bool:
        """Tell whether there is something else to draw: one change of a control leads to others."""
        if state == self._state:
            return False
        self._state = state
        return True

    def _draw(self, size: tuple[float, float], dpi: int, draw: Callable[[Axes], object]) -> None:
        """Draw a picture of a size in inches, and tell what it met."""
        self.picture.value, met = _png(size, dpi, draw)
        self.picture.layout.width = f"{round(size[0] * _PIXELS)}px"
        self.told.value = "; ".join([self.told.value, *met])

    def _draw_nothing(self, what: str, why: str) -> None:
        """Draw an empty picture that tells why it is.

        It may quote the answer, whose mathematics a label would typeset and a picture does not.
        """
        self._draw(
            (7.2, 2.4),
            _SHARP,
            lambda ax: style.nothing(ax, what, style.wrapped(ax, why, style.LABEL)),
        )


_PIXELS = 100
"""Pixels of the page that an inch of a picture takes, as of a plot in a notebook."""

_SHARP, _PHOTOGRAPH = 200, 150
"""Dots an inch: a dense display shows those of a drawing; a frame has no more to show."""


def _png(
    size: tuple[float, float], dpi: int, draw: Callable[[Axes], object]
) -> tuple[bytes, list[str]]:
    """Draw into a figure that no one else knows of, whatever backend is in use."""
    figure = Figure(size, dpi=dpi, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    red, green, blue, alpha = to_rgba(figure.get_facecolor())
    white = 1 - alpha
    figure.set_facecolor((alpha * red + white, alpha * green + white, alpha * blue + white))
    # As in a plot's own figure: these margins stand for the layout until it is made.
    ax = figure.subplots(gridspec_kw={"left": 0.01, "right": 0.99, "bottom": 0.05, "top": 0.95})
    png = io.BytesIO()
    with warnings.catch_warnings(record=True) as met:
        warnings.simplefilter("always", UserWarning)
        draw(ax)
        canvas.print_png(png)  # type: ignore[no-untyped-call]
    return png.getvalue(), list(dict.fromkeys(str(one.message) for one in met))


def _why_without(job: Job, what: str) -> str:
    """Tell why an answer has nothing of some sort."""
    if any(len(job[table]) for table in ("labels", "occurrences", "boxes")) or not job.status:
        return f"The answer holds no {what}."
    reason = f": {job.reason}" if job.reason else "."
    return f"The answer holds no {what}; its status is {job.status}{reason}"


def _slider(kind: Any, description: str, tooltip: str, **more: Any) -> Any:
    """Make a slider that tells its value when it is let go: each value is a picture."""
    return kind(
        description=description,
        tooltip=tooltip,
        continuous_update=False,
        layout=ipywidgets.Layout(width="340px", max_width="100%"),
        **more,
    )


def _kind_of(labels: pd.DataFrame) -> Any:
    """Make the choice of a kind, with how many labels there are of each."""
    counts = labels["kind"].value_counts()
    there = [kind for kind in KINDS if kind in counts]
    return ipywidgets.Dropdown(
        options=[(f"all ({len(labels):,})", None), *((f"{k} ({counts[k]:,})", k) for k in there)],
        description="kind",
        layout=ipywidgets.Layout(width="220px"),
    )


def _search() -> Any:
    return ipywidgets.Text(
        description="name",
        placeholder="part of a name",
        continuous_update=False,
        layout=ipywidgets.Layout(width="260px"),
    )


def _across(*widgets: Any) -> Any:
    """Put widgets side by side, as far as there is room."""
    return ipywidgets.HBox(widgets, layout=ipywidgets.Layout(flex_flow="row wrap"))


def _folded(text: Any) -> str:
    return unicodedata.normalize("NFKC", text).casefold() if isinstance(text, str) else ""


def _chosen(labels: pd.DataFrame, kind: str | None, part: str) -> pd.DataFrame:
    """List the labels of a kind whose names have a part, whatever its width and case."""
    if kind is not None:
        labels = labels[labels["kind"] == kind]
    part = _folded(part.strip())
    has_part = np.array([part in _folded(name) for name in labels["name"]], dtype=bool)
    return labels[has_part]


class RatiosPanel(_Panel):
    """Appearance ratios over two thresholds; `ratios` makes it.

    Attributes
    ----------
    kind, name : ipywidgets.Dropdown, ipywidgets.Text
        Only labels of this kind (None: all), with this part in their names.
    score : ipywidgets.FloatSlider
        Occurrences with a lower score (0–1) are not counted: the measured ratio is of those left,
        and a label without any is left out. An occurrence without a score has its label's; where
        neither has one, it counts at 0 alone.
    ratio : ipywidgets.FloatSlider
        Labels with a lower ratio (0–1; the reported one, else the measured) are left out.
    top : ipywidgets.IntSlider
        How many labels to draw, at most.
    shown : pandas.DataFrame
        As `measures.presence` has them, the labels that pass, drawn or folded, longest first.
    """

    def __init__(self, job: Job, result_type: str | None) -> None:
        labels = job.best("labels", result_type)
        seen = job["occurrences"]
        seen = seen[seen["label_id"].isin(labels["label_id"])]
        own = seen["label_id"].map(labels.set_index("label_id")["score"]).to_numpy()
        self._job, self._labels = job, labels
        self._seen = seen.assign(certain=seen["score"].fillna(pd.Series(own, seen.index)))
        self._scored: tuple[float, pd.DataFrame] = (0.0, self._measured(0.0))
        known = self._scored[1]
        self._total = len(known)
        longest = float(known["bar"].max()) if self._total else 0.0
        most = math.ceil(100 * min(1.0, longest)) / 100 or 1.0
        self.kind, self.name = _kind_of(known), _search()
        self.score = _slider(
            ipywidgets.FloatSlider,
            "score ≥",
            "Occurrences with a lower score are not counted",
            max=1.0,
            step=0.01,
            readout_format=".0%",
            disabled=not self._seen["certain"].notna().any(),
        )
        self.ratio = _slider(
            ipywidgets.FloatSlider,
            "ratio ≥",
            "Labels with a lower ratio are left out",
            max=most,
            step=0.005 if most > 0.1 else 0.001,
            readout_format=".1%",
            disabled=not self._total,
        )
        self.top = _slider(
            ipywidgets.IntSlider,
            "rows",
            "How many labels to draw, at most",
            min=1,
            max=max(1, min(_MOST_ROWS, self._total)),
            value=20,
            disabled=self._total < 2,
        )
        super().__init__(
            _across(self.kind, self.name),
            _across(self.score, self.ratio),
            _across(self.top),
        )
        for control in (self.kind, self.name, self.score, self.ratio, self.top):
            control.observe(self._redraw, "value")
        self._redraw()

    def _measured(self, score: float) -> pd.DataFrame:
        """Measure the labels with a ratio, counting only occurrences of that score."""
        table = presence(self._narrowed(score))
        bar = table["ratio_reported"].fillna(table["ratio_measured"])
        table = table.assign(bar=bar)[bar > 0]
        return table.sort_values("bar", ascending=False, kind="stable")

    def _narrowed(self, score: float, labels: Iterable[int] | None = None) -> Job:
        """Give the job with the occurrences of that score, and the labels that have any."""
        seen, kept = self._seen, self._labels
        if score > 0:
            seen = seen[seen["certain"] >= score - _ROUNDING]
            kept = kept[kept["label_id"].isin(seen["label_id"])]
        if labels is not None:
            kept = kept[kept["label_id"].isin(labels)]
        tables = {**self._job.tables, "labels": kept, "occurrences": seen.drop(columns="certain")}
        return dataclasses.replace(self._job, tables=tables)

    def _redraw(self, _: object = None) -> None:
        score, ratio, top = self.score.value, self.ratio.value, self.top.value
        if not self._is_new(self.kind.value, self.name.value, score, ratio, top):
            return
        if self._scored[0] != score:
            self._scored = score, self._measured(score)
        scored = self._scored[1]
        shown = _chosen(scored, self.kind.value, self.name.value)
        shown = shown[shown["bar"] >= ratio - _ROUNDING].drop(columns="bar")
        self.told.value = f"{len(shown):,} of {self._total:,} labels with a ratio"
        if len(shown):
            job = self._narrowed(score, shown["label_id"])
            rows = min(top, len(shown)) + (len(shown) > top)
            size = (7.2, 1.6 + style.ROW * max(3, rows))
            self._draw(size, _SHARP, lambda ax: plots.ratios(job, ax, top=top))
        elif self._total:
            asked = [f"a score of {score:.0%} or more"] * (score > 0)
            asked += [f"a ratio of {ratio:.1%} or more"] * (ratio > 0)
            asked += ["that name"] * bool(self.name.value.strip())
            why = f"No {self.kind.value or 'label'} has {' and '.join(asked) or 'a ratio'}."
            self._draw_nothing("No label is left", why)
        else:
            why = _why_without(self._job, "labels with ratios or time ranges")
            self._draw_nothing("No label with a ratio", why)
        self.shown = shown.reset_index(drop=True)


_MOST_ROWS = 60
"""Rows of a picture that is still looked at as one."""

_ROUNDING = 1e-9
"""What a slider's steps may differ by from the numbers that they are compared with."""


class FramesPanel(_Panel):
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
        self.kind, self.name = _kind_of(self._labels), _search()
        self.label = ipywidgets.Select(
            description="label", rows=6, layout=ipywidgets.Layout(width="480px", max_width="100%")
        )
        self._count = ipywidgets.Label()
        self.moment = _slider(
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
            _across(self.kind, self.name, self._count),
            self.label,
            _across(self.moment, ipywidgets.HBox(self._buttons), self.alone),
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
        found = _chosen(self._labels, self.kind.value, self.name.value)
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
                _PHOTOGRAPH,
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
        return _why_without(self._job, "boxes")


_MOST_OPTIONS = 200
"""Labels offered at once: a longer list is searched, not read."""

_WIDEST = 24.0
"""Ems that a name takes in a list."""

_LONGEST_GAP = 1.0
"""Seconds between two boxes for one to be drawn between them, as in `plots.boxes`."""


def _told_label(name: str, kind: Any, seconds: float) -> str:
    told = [name, *([kind] if isinstance(kind, str) else [])]
    return " · ".join(told if math.isnan(seconds) else [*told, f"{seconds:.1f} s"])


class AlignmentPanel(_Panel):
    """A window over an alignment; `alignment` makes it.

    Attributes
    ----------
    start, length : ipywidgets.FloatSlider
        The window in seconds of the picture.
    differences : ipywidgets.Textarea
        What differs in the window, sentence by sentence: ``[said → written]``, ``[−said]`` where
        it is not written, ``[+written]`` where it is not said.
    shown : pandas.DataFrame
        A row per difference in the window: start_time and end_time (s) of the line it is in,
        group_id, speech_id, line_id, said and written, one of them empty where the other has
        more, and text, the sentence with its differences marked.
    """

    def __init__(self, alignment: Alignment) -> None:
        self._alignment = alignment
        self._all = _differences(alignment)
        said = in_picture(alignment) if alignment.clock.ok else alignment.speech
        _, last = aligned_span(said, alignment.lines)
        self._said = said
        self._last = max(_SHORTEST, math.ceil(last))
        is_long = self._last > _SHORTEST
        self.length = _slider(
            ipywidgets.FloatSlider,
            "length (s)",
            "How many seconds are shown",
            min=_SHORTEST,
            max=min(self._last, _LONGEST_WINDOW),
            value=30.0,
            step=1.0,
            readout_format=".0f",
            disabled=not is_long,
        )
        self.start = _slider(
            ipywidgets.FloatSlider,
            "start (s)",
            "Where the window begins",
            max=self._last - self.length.value,
            step=1.0,
            readout_format=".0f",
            disabled=not is_long,
        )
        self._buttons = [
            ipywidgets.Button(
                description=f"difference {which}",
                icon=icon,
                tooltip=f"Go to where speech and screen differ {which} this window",
                layout=ipywidgets.Layout(width="160px"),
            )
            for which, icon in (("before", "arrow-left"), ("after", "arrow-right"))
        ]
        self.differences = ipywidgets.Textarea(
            disabled=True,
            rows=6,
            placeholder="Nothing differs in this window.",
            layout=ipywidgets.Layout(width="960px", max_width="100%"),
        )
        super().__init__(
            _across(self.start, self.length), _across(*self._buttons), texts=[self.differences]
        )
        self._buttons[0].on_click(lambda _: self._go(self._earlier()))
        self._buttons[1].on_click(lambda _: self._go(self._later()))
        self.start.observe(self._redraw, "value")
        self.length.observe(self._stretch, "value")
        self._redraw()

    def _earlier(self) -> float:
        """Tell when the last difference before the window is; −infinity where there is none."""
        begins = self._all["start_time"].to_numpy()
        return float(begins[begins < self.start.value].max(initial=-math.inf))

    def _later(self) -> float:
        """Tell when the first difference after the window is; infinity where there is none."""
        begins = self._all["start_time"].to_numpy()
        end = self.start.value + self.length.value
        return float(begins[begins >= end].min(initial=math.inf))

    def _go(self, time: float) -> None:
        """Let the window begin at a difference."""
        if math.isfinite(time):
            self.start.value = min(max(0.0, math.floor(time)), self.start.max)

    def _stretch(self, _: object = None) -> None:
        # The window never reaches beyond the end: a later start moves back.
        self.start.max = max(0.0, self._last - self.length.value)
        self._redraw()

    def _redraw(self, _: object = None) -> None:
        start, length = self.start.value, self.length.value
        if not self._is_new(start, length):
            return
        end = start + length
        inside = (self._all["start_time"] < end) & (self._all["end_time"] > start)
        self.shown = self._all[inside].reset_index(drop=True)
        found = f"{len(self.shown):,} of {len(self._all):,} differences"
        self.told.value = f"{clock(start)} to {clock(end)} · {found}, [said → written]"
        lanes = _lanes(timed(self._said, start, end), timed(self._alignment.lines, start, end))
        self._draw(
            (9.6, 1.2 + style.ROW * lanes),
            _SHARP,
            lambda ax: plots.alignment(self._alignment, ax, start=start, end=end),
        )
        sentences = self.shown.drop_duplicates("group_id")
        self.differences.value = "\n".join(
            f"{clock(time, 1)}  {style.plain(text)}"
            for time, text in zip(sentences["start_time"], sentences["text"], strict=True)
        )
        self._buttons[0].disabled = not math.isfinite(self._earlier())
        self._buttons[1].disabled = not math.isfinite(self._later())


_SHORTEST, _LONGEST_WINDOW = 5.0, 600.0
"""Seconds of the shortest and the longest window."""


def _lanes(speech: pd.DataFrame, lines: pd.DataFrame) -> float:
    """Count the lanes that a picture of these has, and what is between them."""
    lanes = 2.4
    for _, own in [("speech", speech), *lines.groupby("role", dropna=False)]:
        packed = intervals.pack(own["start_time"], own["end_time"])
        lanes += 0.12 + min(3, int(packed.max(initial=0)) + 1)
    return max(4.0, lanes)


def _differences(alignment: Alignment) -> pd.DataFrame:
    """List where sentences and the subtitles that tell them differ, in the order of the picture."""
    lines = alignment.lines.set_index("line_id")
    links = alignment.links[alignment.links["kind"] == "text"]
    links = links[links["line_id"].map(lines["role"]) == "subtitle"]
    links = links.assign(begins=links["line_id"].map(lines["start_time"])).sort_values("begins")
    heard = alignment.speech.set_index("speech_id")["text"].to_dict()
    read: dict[Any, str] = lines["text"].to_dict()
    # What hangs together is compared as a whole: a sentence may be told by two lines.
    groups: dict[Any, tuple[dict[Any, str], dict[Any, str]]] = {}
    for group_id, speech_id, line_id in zip(
        links["group_id"], links["speech_id"], links["line_id"], strict=True
    ):
        said, written = groups.setdefault(group_id, ({}, {}))
        said[speech_id], written[line_id] = heard[speech_id], read[line_id]
    rows = []
    for group_id, (said, written) in groups.items():
        said = dict(sorted(said.items()))
        found, text = _compared("".join(said.values()), "".join(written.values()))
        for place_said, place_written, a, b in found:
            owners = _owner(said, place_said), _owner(written, place_written)
            rows.append((group_id, *owners, a, b, text))
    columns = ["group_id", "speech_id", "line_id", "said", "written", "text"]
    made = pd.DataFrame(rows, columns=columns)
    start, end = (made["line_id"].map(lines[time]) for time in ("start_time", "end_time"))
    made.insert(0, "start_time", start.astype("float64"))
    made.insert(1, "end_time", end.astype("float64"))
    return made


def _owner(texts: Mapping[Any, str], place: int) -> Any:
    """Tell whose of the texts that are put together a place is."""
    ends = np.cumsum([len(text) for text in texts.values()])
    return [*texts][min(int(np.searchsorted(ends, place, side="right")), len(texts) - 1)]


def _compared(said: str, written: str) -> tuple[list[tuple[int, int, str, str]], str]:
    """Find where two texts differ, but for marks, width and case; and mark it in the first."""
    a, b = plain(said), plain(written)
    if a.text == b.text:
        return [], said
    found, marked, told = [], [], 0
    row: Any
    for row in diff(a.text, b.text).query("operation != 'equal'").itertuples():
        start, stop = a.span(row.start_a, row.stop_a)
        start_b, stop_b = b.span(row.start_b, row.stop_b)
        one, other = said[start:stop], written[start_b:stop_b]
        found.append((start, start_b, one, other))
        mark = f"[{one} → {other}]" if one and other else f"[−{one}]" if one else f"[+{other}]"
        marked += [said[told:start], mark]
        told = stop
    return found, "".join([*marked, said[told:]])
