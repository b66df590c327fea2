"""What was said above what was written, with ribbons between what belongs together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb, to_rgba

from ..alignment.result import ROLES, Alignment, check_alignment
from ..intervals import clock
from . import style
from .bars import Floats, corners_of, fill, stacked
from .selection import aligned_span, in_picture, timed


def alignment(
    alignment: Alignment,
    ax: Axes | None = None,
    *,
    start: float | None = None,
    end: float | None = None,
) -> Axes:
    """Draw speech above the lines on screen, and ribbons between what belongs together.

    A ribbon joins the matched part of a sentence to that of a line, in the colour of how alike the
    two parts are; grey ones are linked by the clock alone. Sentences stand where the clock puts
    them in the picture, so that a ribbon slants by the delay that remains; without a clock they
    stand at the speech's own times. Lines have a row per role; what is at one time is stacked.
    Texts are shown where a typical one has room.

    Parameters
    ----------
    alignment : Alignment
        What `align` returned.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given. Names need room at its left, which a figure with
        ``layout="constrained"`` makes.
    start, end : float, optional
        The seconds of the picture to draw; all from 0 on unless given. Half a minute is good to
        read.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    Raises
    ------
    InvalidArgument
        `alignment` is none, or the end is not after the start.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> job = stag.samples.load("magazine")
    >>> ax = stag.plots.alignment(stag.align(job), start=0, end=30)
    >>> [label.get_text() for label in ax.get_yticklabels()][:3]
    ['speech', 'subtitle', 'translation']
    """
    check_alignment(alignment)
    said = in_picture(alignment) if alignment.clock.ok else alignment.speech
    first, last = aligned_span(said, alignment.lines, start, end)
    speech = timed(said, first, last)
    lines = timed(alignment.lines, first, last)
    rows = _rows(ax, speech, lines)
    height = rows[-1].top + rows[-1].height + _MARGIN

    ax = style.axes(ax, 9.6, 1.2 + style.ROW * max(4.0, height))
    state = alignment.clock if alignment.clock.ok else "no clock"
    style.title(ax, f"Speech and text on screen: {state}")
    if not len(speech) and not len(lines):
        why = f"No sentence and no line has a time between {clock(first)} and {clock(last)}."
        return style.nothing(ax, "Nothing said, nothing written", why)
    style.bare(ax)
    style.times(ax, first, last)
    ax.set_ylim(height, 0)
    middles = [row.top + row.height / 2 for row in rows]
    style.row_names(ax, middles, [row.name for row in rows], range(len(rows)))
    style.grid(ax, "x")

    ink = style.inks(ax)
    steps = _draw_ribbons(ax, alignment.links, said, alignment.lines, rows)
    linked = set(alignment.links["line_id"])
    # A row of short sentences shows their rhythm, and none of their texts.
    widths = [row.corners[:, 1, 0] - row.corners[:, 0, 0] for row in rows[:2]]
    typical = np.median(np.concatenate(widths)) / (last - first) * _across(ax, rows)
    for row in rows:
        colours: list[Any] = [ink.faint] * len(row.texts)
        if row is not rows[0]:
            # A row that nothing said belongs to is there, and steps back.
            strength = 1.0 if linked.intersection(row.texts["line_id"]) else 0.45
            own = [to_rgb(style.role_colour(role)) for role in row.texts["role"]]
            colours = [_mixed(colour, style.ground(ax), strength) for colour in own]
        # The ground between two bars parts them.
        bars = row.corners.copy()
        lengths = bars[:, 1, 0] - bars[:, 0, 0]
        bars[:, 1:3, 0] -= np.minimum(0.0024 * (last - first), 0.2 * lengths)[:, None]
        fill(ax, bars, colours)
        if typical >= _READABLE * style.SMALL:
            _write(ax, row, colours, _across(ax, rows))
    told = _BY_THE_CLOCK if alignment.clock.ok else alignment.clock.reason
    style.note(ax, style.wrapped(ax, told, style.SMALL))
    _add_legend(ax, steps)
    return ax


_BY_THE_CLOCK = "speech stands where the clock puts it; ribbons slant by the delay that remains"
"""What is told of the times where there is a clock."""

_MARGIN = 0.15
"""Rows above the first, and below the last."""

_GAP = 1.8
"""Rows that the ribbons have between speech and lines."""

_DEEPEST = 3
"""Lanes of a row that each get the height of a text; more of them share that of three."""

_READABLE = 3.5
"""Ems that a typical bar must have for texts to be read in it."""

_BY_TIME = len(style.AGREEMENT)
"""The step of links that have no text in common."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the plot: its name, its place, its sentences or lines and their bars' corners."""

    name: str
    top: float
    height: float
    texts: pd.DataFrame
    corners: Floats


def _rows(ax: Axes | None, speech: pd.DataFrame, lines: pd.DataFrame) -> list[_Row]:
    """Place speech on top, and a row per role below."""
    parts = [("speech", speech)]
    parts += [(role, own) for role in ROLES if len(own := lines[lines["role"] == role])]
    others = lines[~lines["role"].isin(ROLES)]
    parts += [("other", others)] if len(others) else []
    fitting = np.inf if ax is None else style.lines_in(ax)
    # Speech, the gap and one role are always there; roles that have no room share the last row.
    kept = max(2, int(min(fitting, len(parts) + 2)) - 2)
    if len(parts) + 1 > fitting and len(parts) > kept:
        folded = pd.concat([own for _, own in parts[kept:]])
        parts = [*parts[:kept], (f"{len(parts) - kept} more", folded)]
    lanes = [stacked(own["start_time"].to_numpy(), own["end_time"].to_numpy()) for _, own in parts]
    heights = [float(np.clip(depths.max(initial=1), 1, _DEEPEST)) for _, depths in lanes]
    gap = _GAP
    if sum(heights) + gap > fitting:
        heights, gap = [1.0] * len(parts), 1.0
    rows = []
    top = _MARGIN
    for (name, own), height, (lane, depth) in zip(parts, heights, lanes, strict=True):
        each = height / np.maximum(depth, 1)
        start, end = own["start_time"].to_numpy(), own["end_time"].to_numpy()
        corners = corners_of(start, end, top + (lane + 0.08) * each, 0.84 * each)
        rows.append(_Row(name, top, height, own, corners))
        top += height + (gap if name == "speech" else 0.12)
    return rows


def _draw_ribbons(
    ax: Axes, links: pd.DataFrame, speech: pd.DataFrame, lines: pd.DataFrame, rows: list[_Row]
) -> set[int]:
    """Draw the links that reach into what is shown, and return their steps of agreement."""
    said = _matched_times(links["speech_id"], links["speech_span"], speech)
    seen = _matched_times(links["line_id"], links["line_span"], lines)
    # What lies outside of what is shown has no bar to begin or end at, but a row.
    floor = rows[0].top + rows[0].height
    ceiling = rows[1].top if len(rows) > 1 else floor + _GAP
    upper = _edges(links["speech_id"], rows[:1], floor, lowest=True)
    lower = _edges(links["line_id"], rows[1:], ceiling, lowest=False)
    corners = np.stack(
        [
            np.column_stack([said[:, 0], upper]),
            np.column_stack([said[:, 1], upper]),
            np.column_stack([seen[:, 1], lower]),
            np.column_stack([seen[:, 0], lower]),
        ],
        axis=1,
    )
    x = corners[:, :, 0]
    # NaN compares false: a link whose times are missing is not drawn.
    first, last = ax.get_xlim()
    there = (x.max(axis=1) >= first) & (x.min(axis=1) <= last)
    by_time = (links["kind"] == "time").to_numpy()
    purity = links["purity"].to_numpy(dtype=np.float64)
    steps = np.where(by_time, _BY_TIME, style.agreement_step(purity))
    # What agrees least is drawn last, over the others.
    order = np.argsort(np.where(by_time, -1, steps), kind="stable")
    order = order[there[order]]
    colours = [*(colour for _, colour, _ in style.AGREEMENT), style.inks(ax).soft]
    faces = np.array([to_rgba(colour, 0.55) for colour in colours])
    faces[_BY_TIME, 3] = 0.18
    painted = faces[steps[order]]
    ribbons = PolyCollection(
        corners[order], facecolors=painted, edgecolors=painted, linewidths=0.4, zorder=0.9
    )
    ax.add_collection(ribbons, autolim=False)
    return set(steps[order].tolist())


def _matched_times(ids: pd.Series[Any], spans: pd.Series[Any], table: pd.DataFrame) -> Floats:
    """Tell from when to when the matched part of each text lasts, shape (n, 2).

    A text is taken to run evenly over its time. Without a span, all of it is the matched part.
    """
    at = _rows_of(ids, table[ids.name])
    known = at >= 0
    lengths = table["text"].str.len().fillna(0).to_numpy(dtype=np.float64)
    times = table[["start_time", "end_time"]].to_numpy(dtype=np.float64)
    parts = np.array([span or (0, np.inf) for span in spans], dtype=np.float64).reshape(-1, 2)
    found = np.full((len(ids), 2), np.nan)
    share = np.clip(parts[known] / np.maximum(lengths[at[known], None], 1), 0, 1)
    start, end = times[at[known]].T
    found[known] = start[:, None] + share * (end - start)[:, None]
    return found


def _edges(ids: pd.Series[Any], rows: list[_Row], default: float, *, lowest: bool) -> Floats:
    """Find the height of the lower or upper edges of the bars that the ids are of."""
    if not rows:
        return np.full(len(ids), default)
    drawn = pd.concat([row.texts[ids.name] for row in rows])
    heights = np.concatenate([row.corners[:, 2 if lowest else 0, 1] for row in rows])
    at = _rows_of(ids, drawn)
    return np.where(at >= 0, np.append(heights, default)[at], default)


def _rows_of(ids: pd.Series[Any], own: pd.Series[Any]) -> Any:
    wanted, there = (one.to_numpy(dtype=np.float64, na_value=np.nan) for one in (ids, own))
    return pd.Index(there).get_indexer(pd.Index(wanted))


def _mixed(colour: Any, ground: Floats, strength: float) -> Any:
    return tuple(strength * np.asarray(colour) + (1 - strength) * ground)


def _across(ax: Axes, rows: list[_Row]) -> float:
    """Measure how wide the rows are, in points, once names stand at their left."""
    figure = ax.get_figure(root=True)
    width = style.size(ax)[0]
    if figure is not None and figure.get_layout_engine() is not None:
        # The layout will take their room when the figure is drawn.
        width -= style.LABEL * (max(style.width(row.name) for row in rows) + 1)
    return width


def _write(ax: Axes, row: _Row, colours: list[Any], across: float) -> None:
    """Write texts into the bars that have room."""
    low, high = ax.get_xlim()
    bottom, _ = ax.get_ylim()
    up = style.size(ax)[1]
    for corners, text, colour in zip(row.corners, row.texts["text"], colours, strict=True):
        width, tall = corners[2] - corners[0]
        ems = (width / (high - low) * across - 6) / style.SMALL
        if tall / bottom * up < 1.15 * style.SMALL or not isinstance(text, str):
            continue
        # A character or two and an ellipsis tell nothing.
        if ems < min(3.0, style.width(style.plain(text))):
            continue
        shown = ax.annotate(
            style.plain(text, ems),
            (corners[0, 0], corners[0, 1] + tall / 2),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            **style.text_style(ax, style.SMALL),
        )
        shown.set_color(style.ink_on(colour))


def _add_legend(ax: Axes, steps: set[int]) -> None:
    named = [(colour, name) for _, colour, name in style.AGREEMENT]
    named.append((style.inks(ax).faint, "linked by time alone"))
    shown = [pair for step, pair in enumerate(named) if step in steps]
    if shown:
        handles = [style.swatch(colour) for colour, _ in shown]
        style.legend(ax, handles, [name for _, name in shown])
