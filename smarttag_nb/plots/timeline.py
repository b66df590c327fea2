"""What is in the media, when: lanes of labels under the chapters, over speech and text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .. import intervals
from ..intervals import clock
from ..job import Job, check_job
from ..tables import KINDS
from . import style
from .arguments import check_kind, check_number
from .bars import Floats, corners_of, fill, stacked
from .selection import sample_step, seen_labels, span, timed


def timeline(
    job: Job,
    ax: Axes | None = None,
    *,
    kind: str | None = None,
    top: int = 20,
    start: float | None = None,
    end: float | None = None,
    result_type: str | None = None,
) -> Axes:
    """Draw when each label appears, with chapters, shots, speech and text on screen.

    A label has a lane, in which occurrences that overlap are stacked. Labels stand by kind, and
    within a kind by the seconds they are seen in the time that is drawn. Those without a lane of
    their own share the last, "n more".

    Parameters
    ----------
    job : Job
        An answer.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.
    kind : str, optional
        Only labels of this kind: ``"person"``, ``"tag"``…
    top : int
        How many labels get a lane, at most: as many as the axes have room for.
    start, end : float, optional
        The seconds to draw; all of the media unless given.
    result_type : str, optional
        The result type whose labels to take, in place of the one `Job.best` prefers.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    Raises
    ------
    InvalidArgument
        `top` is below 1, no label can be of that kind, or the end is not after the start.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> ax = stag.plots.timeline(stag.samples.load("magazine"), kind="person")
    >>> [label.get_text() for label in ax.get_yticklabels()][:3]
    ['chapters', 'shots', '沈青禾']
    """
    check_job(job)
    check_kind(kind)
    check_number("top", top)
    first, last = span(job, start, end)
    labels, seen = seen_labels(job, first, last, kind, result_type)
    bands = {
        "chapters": timed(job["chapters"], first, last),
        "shots": job["shots"][job["shots"]["start_time"].between(first, last)],
        "speech": timed(job.best("speech"), first, last),
        "text": timed(_as_ranges(job), first, last),
    }
    bands = {name: frame for name, frame in bands.items() if len(frame)}

    if ax is not None:
        # Where there is no room for all, the bands go first.
        fitting = style.lines_in(ax)
        bands = dict(list(bands.items())[: max(0, fitting - 3)])
        top = max(1, style.rows_in(ax, top + len(bands), len(labels) + len(bands)) - len(bands))
    lanes = _choose(labels, top)
    folded = len(labels) - len(lanes)
    rows = _Rows()
    for name in ("chapters", "shots"):
        if name in bands:
            rows.add(name, name, soft=True)
    for row in lanes:
        rows.add(row, labels["name"].iloc[row])
    if folded:
        rows.add("more", f"{folded} more", soft=True)
    for name in ("speech", "text"):
        if name in bands:
            rows.add(name, name, soft=True)

    ax = style.axes(ax, 9.6, 1.1 + style.ROW * max(3, len(rows.names)))
    style.title(ax, f"Timeline, {kind}" if kind else "Timeline")
    if not rows.names:
        what = f"No {kind} with a time" if kind else "Nothing with a time"
        why = f"No {kind or 'label'} of the answer has a time between {{}} and {{}}."
        return style.nothing(ax, what, why.format(clock(first), clock(last)))
    style.bare(ax)
    style.times(ax, first, last)
    ax.set_ylim(len(rows.names) - 0.4, -0.6)
    style.row_names(ax, range(len(rows.names)), rows.names, rows.soft)
    style.grid(ax, "x")

    lane_of = {row: rows.place[row] for row in lanes}
    kinds = _draw_lanes(ax, seen, labels["kind"].to_numpy(), lane_of, rows.place.get("more"))
    if "chapters" in bands:
        begins = job["chapters"]["start_time"].between(first, last)
        _draw_chapters(ax, bands["chapters"], begins, rows.place["chapters"])
    if "shots" in bands:
        ink, place = style.inks(ax).soft, rows.place["shots"]
        ax.vlines(
            bands["shots"]["start_time"],
            place - 0.3,
            place + 0.3,
            color=ink,
            linewidth=0.9,
            linestyle="-",
        )
    for name in ("speech", "text"):
        if name in bands:
            _draw_density(ax, bands[name], rows.place[name], (first, last))
    style.legend(ax, [style.swatch(style.colour(k)) for k in kinds], kinds)
    return ax


class _Rows:
    """The rows from top to bottom: what each is of, and its name."""

    def __init__(self) -> None:
        self.place: dict[Any, int] = {}
        self.names: list[Any] = []
        self.soft: list[int] = []

    def add(self, key: Any, name: Any, *, soft: bool = False) -> None:
        self.place[key] = len(self.names)
        if soft:
            self.soft.append(len(self.names))
        self.names.append(name)


def _as_ranges(job: Job) -> pd.DataFrame:
    """Give a text that was seen on a sampled frame the time until the next sample as its range."""
    ocr = job.best("ocr")
    start = ocr["start_time"].fillna(ocr["timestamp"])
    return ocr.assign(start_time=start, end_time=ocr["end_time"].fillna(start + sample_step(job)))


def _choose(labels: pd.DataFrame, top: int) -> list[int]:
    """Choose the labels with lanes, those seen longest, and order them by kind."""
    order = {kind: k for k, kind in enumerate(KINDS)}
    kinds = labels["kind"].tolist()
    longest = labels["seconds"].sort_values(ascending=False, kind="stable").index[:top].tolist()
    return sorted(longest, key=lambda row: order.get(kinds[row], len(order)))


_LANE = 0.72
"""The share of a row that is filled."""


def _draw_lanes(
    ax: Axes, seen: pd.DataFrame, kinds: Any, lane_of: dict[int, int], more: int | None
) -> list[str]:
    """Draw all occurrences at once, and return the kinds that have a lane."""
    rows = seen["row"].to_numpy()
    start, end = seen["start_time"].to_numpy(), seen["end_time"].to_numpy()
    corners: list[Any] = []
    colours: list[str] = []
    for row, place in lane_of.items():
        own = rows == row
        lanes, depths = stacked(start[own], end[own])
        height = _LANE / depths
        corners += [corners_of(start[own], end[own], place - _LANE / 2 + lanes * height, height)]
        colours += [style.colour(kinds[row])] * len(lanes)
    if more is not None:
        others = ~np.isin(rows, list(lane_of))
        starts, ends = intervals.merge(start[others], end[others])
        corners += [corners_of(starts, ends, more - _LANE / 2, _LANE)]
        colours += [style.inks(ax).faint] * len(starts)
    if corners:
        fill(ax, np.concatenate(corners), colours)
    return list(dict.fromkeys(str(kinds[row]) for row in lane_of))


def _draw_chapters(ax: Axes, chapters: pd.DataFrame, begins: pd.Series[bool], place: int) -> None:
    """Draw chapters with their headlines, and a line where one begins in what is drawn."""
    ink = style.inks(ax)
    start, end = chapters["start_time"].to_numpy(), chapters["end_time"].to_numpy()
    fill(ax, corners_of(start, end, place - 0.42, 0.84), ink.faint)
    lines = start[begins[chapters.index]]
    ax.vlines(lines, place - 0.42, place + 0.42, color=ink.soft, linewidth=1.2, linestyle="-")
    low, high = ax.get_xlim()
    points = (end - start) / (high - low) * style.size(ax)[0]
    for left, width, headline in zip(start, points, chapters["headline"], strict=True):
        ems = (width - 8) / style.SMALL
        if ems >= 2 and isinstance(headline, str):
            ax.annotate(
                style.plain(headline, ems),
                (left, place),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                **style.text_style(ax, style.SMALL),
            )


_BINS = 240


def _draw_density(ax: Axes, rows: pd.DataFrame, place: int, shown: tuple[float, float]) -> None:
    """Draw how many sentences or texts there are at a time, as a strip of columns."""
    edges = np.linspace(*shown, _BINS + 1)
    start, end = rows["start_time"].to_numpy(), rows["end_time"].to_numpy()
    passed = _seconds_since(start, edges) - _seconds_since(end, edges)
    number = np.diff(passed) / np.diff(edges)
    height = number / max(1.0, number.max()) * 0.84
    base, ink = place + 0.42, style.inks(ax).soft
    ax.stairs(base - height, edges, baseline=base, fill=True, color=ink, linewidth=0)


def _seconds_since(times: Floats, at: Floats) -> Floats:
    """Sum up, over all times before a moment, how long they are past."""
    ordered = np.sort(times)
    before = np.searchsorted(ordered, at)
    return np.asarray(before * at - np.concatenate(([0.0], np.cumsum(ordered)))[before])
