"""How much of what is written is said, over time."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from ..alignment.result import Alignment, check_alignment
from . import style
from .bars import Floats, corners_of, fill
from .selection import aligned_span, in_picture


def text_agreement(alignment: Alignment, ax: Axes | None = None) -> Axes:
    """Draw how much of the subtitles' text is said, minute by minute of the picture.

    A column is a minute, less where the media is short and more where it is very long. From below
    it holds the shares of its subtitles' characters that are said, said otherwise (substitutions),
    left out (deletions), and in subtitles that no sentence tells; below the axis stands what is
    said besides (insertions), by the same measure. A pale grey column has no subtitles.

    Parameters
    ----------
    alignment : Alignment
        What `align` returned.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    Raises
    ------
    InvalidArgument
        `alignment` is none.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> job = stag.samples.load("magazine")
    >>> ax = stag.plots.text_agreement(stag.align(job))
    >>> [text.get_text() for text in ax.get_legend().get_texts()][:2]
    ['said', 'said otherwise']
    """
    check_alignment(alignment)
    first, last = aligned_span(in_picture(alignment), alignment.lines)
    ax = style.axes(ax, 9.6, 3.4)
    step = _step(last - first)
    per = f"{step // 60} min" if step > 60 else "minute" if step == 60 else f"{step} s"
    edges = _edges(first, last, step)
    columns = _columns(alignment, edges)
    written = columns[:, :_BESIDES].sum(axis=1)
    if not written.any():
        style.title(ax, "Speech and subtitles")
        return style.nothing(ax, "No subtitles", "No line with a time on screen is a subtitle.")
    style.title(ax, f"Speech and subtitles: {_told(alignment)}, per {per}")
    style.bare(ax)
    style.times(ax, first, last)
    ink = style.inks(ax)
    colours = [*(style.AGREEMENT[k][1] for k in (0, 2, 3)), ink.soft, style.COLOURS["category"]]
    names = ["said", "said otherwise", "left out", "in subtitles not said", "said besides"]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.nan_to_num(columns / written[:, None], posinf=0.0)
    start, end = edges[:-1], edges[1:].copy()
    # The ground between two columns parts them.
    end -= np.minimum(0.0024 * (last - first), 0.2 * step)
    empty = written == 0
    fill(ax, corners_of(start[empty], end[empty], 0.0, 1.0), ink.faint)
    handles, shown = [], []
    levels = np.cumsum(shares[:, :_BESIDES], axis=1)
    for part in range(_BESIDES + 1):
        share = shares[:, part]
        filled = (share > 0) & ~empty
        if not filled.any():
            continue
        base = levels[:, part] - share if part < _BESIDES else -share
        corners = corners_of(start[filled], end[filled], base[filled], share[filled])
        fill(ax, corners, colours[part])
        handles.append(style.swatch(colours[part]))
        shown.append(names[part])
    ax.axhline(0, color=ink.soft, linewidth=0.8, linestyle="-", marker="")
    deepest = min(float(shares[:, _BESIDES].max()), _DEEPEST)
    ax.set_ylim(-deepest - (0.03 if deepest else 0.0), 1)
    number = 5 if style.lines_in(ax) > 9 else 3
    ax.set_yticks(np.linspace(0, 1, number))
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    if empty.any():
        out = style.inks(ax, outside=True)
        handles.append(Patch(facecolor=out.faint, edgecolor="none", linewidth=0))
        shown.append("no subtitles")
    beyond = int((shares[:, _BESIDES] > _DEEPEST).sum())
    notes = [] if alignment.clock.ok else [f"no clock: {alignment.clock.reason}"]
    if alignment.clock.ok and not alignment.scores.matched:
        notes.append("no subtitle has a text in common with the speech")
    if beyond:
        notes.append(f"{beyond} columns go on below, at most to {-shares[:, _BESIDES].max():.0%}")
    if notes:
        style.note(ax, style.wrapped(ax, "; ".join(notes), style.SMALL))
    style.legend(ax, handles, shown)
    return ax


_BESIDES = 4
"""The column of `_columns` that counts what is said besides; what is written stands before it."""

_DEEPEST = 0.5
"""Share of what is said besides at which its bar is cut: more says no more."""


def _step(seconds: float) -> int:
    """Choose the seconds of a column: a minute, unless there would be a handful or hundreds."""
    if seconds < 10 * 60:
        return next((step for step in (30, 10) if seconds >= 10 * step), 5)
    return next((step for step in (60, 300, 900, 3600) if seconds <= 240 * step), 36_000)


def _edges(first: float, last: float, step: int) -> Floats:
    """Part the time into columns; a rest of less than half a column belongs to the last."""
    edges = np.arange(first, last, step, dtype=np.float64)
    if len(edges) > 1 and last - edges[-1] < step / 2:
        edges = edges[:-1]
    return np.append(edges, last)


def _columns(alignment: Alignment, edges: Floats) -> Floats:
    """Sum up, for each column: hits, substitutions, deletions, characters not said, insertions."""
    lines = alignment.lines
    middle = (lines["start_time"] + lines["end_time"]).to_numpy(dtype=np.float64) / 2
    at = np.clip(np.searchsorted(edges, middle, side="right") - 1, 0, len(edges) - 2)
    # NaN compares false.
    timed = middle <= edges[-1]
    scored = pd.Index(lines["line_id"]).get_indexer(pd.Index(alignment.scores.lines["line_id"]))
    counts = np.zeros((len(lines), _BESIDES + 1))
    names = ["hits", "substitutions", "deletions", "insertions"]
    known = alignment.scores.lines[names].to_numpy(dtype=np.float64, na_value=0)
    counts[scored[scored >= 0]] = np.insert(known[scored >= 0], 3, 0, axis=1)
    unsaid = (lines["role"] == "subtitle").to_numpy(copy=True)
    unsaid[scored[scored >= 0]] = False
    counts[unsaid, 3] = [_characters(text) for text in lines["text"][unsaid]]
    summed = np.zeros((len(edges) - 1, _BESIDES + 1))
    np.add.at(summed, at[timed], counts[timed])
    return summed


def _characters(text: object) -> int:
    """Count what is compared of a text: its letters, digits and ideographs."""
    return sum(map(str.isalnum, text)) if isinstance(text, str) else 0


def _told(alignment: Alignment) -> str:
    scores = alignment.scores
    told = f"{scores.matched} of {scores.matched + scores.missed} subtitles said"
    return told if np.isnan(scores.CER) else f"CER {scores.CER:.1%}, {told}"
