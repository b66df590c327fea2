"""How times of the speech become times of the picture: the anchors, and the clock through them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import AutoLocator

from ..alignment.result import Alignment, check_alignment
from . import style
from .bars import Floats
from .selection import LONGEST


def clock(alignment: Alignment, ax: Axes | None = None) -> Axes:
    """Draw how much later each text is written than said, and the clock fitted to that.

    A dot is an anchor: a text found once in the speech and once on screen. The line is the clock:
    its height is the offset, its slope the drift, and each step a cut.

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
    >>> ax = stag.plots.clock(stag.align(job))
    >>> [text.get_text() for text in ax.get_legend().get_texts()][-1]
    'the clock'
    """
    check_alignment(alignment)
    fitted = alignment.clock
    anchors = fitted.anchors
    x = anchors["speech_time"].to_numpy(dtype=np.float64)
    y = anchors["line_time"].to_numpy(dtype=np.float64) - x
    possible = (np.abs(x) <= LONGEST) & (np.abs(y) <= LONGEST)
    x, y = x[possible], y[possible]
    inlier = anchors["inlier"].to_numpy(dtype=bool)[possible]

    ax = style.axes(ax, 9.6, 3.4)
    style.title(ax, f"Clock: {fitted}" if fitted.ok else "No clock")
    if not fitted.ok and not len(x):
        return style.nothing(
            ax, "No clock", style.wrapped(ax, _sentence(fitted.reason), style.LABEL)
        )
    style.bare(ax)
    times = alignment.speech[["start_time", "end_time"]].to_numpy(dtype=np.float64)
    possible_times = np.append(times[np.abs(times) <= LONGEST], x)
    first = float(possible_times.min(initial=0.0))
    last = float(possible_times.max(initial=first + 1.0))
    style.times(ax, first, last + 0.01 * (last - first))
    pieces = _pieces(alignment, first, last)
    low, high = _limits(np.append(pieces[:, :, 1], y[inlier]) if fitted.ok else y)
    ax.set_ylim(low, high)
    ax.yaxis.set_major_locator(_OffsetLocator())
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:+g} s" if value else "0 s")
    style.grid(ax, "y")

    ink, out = style.inks(ax), style.inks(ax, outside=True)
    handles, names = [], []
    off, on = ~inlier & (y >= low) & (y <= high), inlier
    dots: dict[str, Any] = {"linestyle": "", "markeredgewidth": 0.9}
    cross: dict[str, Any] = {"marker": "x", "markersize": 4, "color": ink.soft}
    dot: dict[str, Any] = {"marker": "o", "markersize": 3.6, "color": style.COLOURS["person"]}
    for which, marker, mark in (
        (off, cross, "off the clock" if fitted.ok else "found in both"),
        (on, dot, "on the clock"),
    ):
        if which.any():
            ax.plot(x[which], y[which], **dots, **marker)
            handles.append(Line2D([], [], **dots, **marker))
            names.append(f"{_texts(which.sum())} {mark}")
    for number, ((begin, after), (until, later)) in enumerate(pieces):
        ax.plot([begin, until], [after, later], "-", color=ink.strong, linewidth=1.3, marker="")
        if number:
            ax.axvline(begin, color=ink.soft, linewidth=0.8, linestyle=(0, (4, 3)), marker="")
    if len(pieces):
        handles.append(Line2D([], [], color=out.strong, linewidth=1.3, linestyle="-", marker=""))
        names.append("the clock")
    if len(pieces) > 1:
        dashes = (0, (4, 3))
        handles.append(Line2D([], [], color=out.soft, linewidth=0.8, linestyle=dashes, marker=""))
        names.append("cut")
    _tell(ax, alignment, beyond=len(possible) - int((on | off).sum()))
    style.legend(ax, handles, names)
    return ax


class _OffsetLocator(AutoLocator):
    """Ticks at round offsets, but for one so low that its label would touch the first time."""

    def __call__(self) -> Any:
        axis: Any = self.axis
        low, high = axis.get_view_interval()
        ticks = np.asarray(super().__call__())
        return ticks[ticks >= low + style.room_below(axis.axes) * (high - low)]


def _sentence(reason: str) -> str:
    reason = reason.rstrip(".")
    return f"{reason[:1].upper()}{reason[1:]}."


def _texts(number: int) -> str:
    return f"{number} text{'' if number == 1 else 's'}"


def _pieces(alignment: Alignment, first: float, last: float) -> Floats:
    """Give time and offset where each piece of the clock begins and ends, shape (n, 2, 2)."""
    if not alignment.clock.ok:
        return np.empty((0, 2, 2))
    pieces = alignment.clock.pieces.sort_values("start_time")
    start, offset, drift = pieces[["start_time", "offset", "drift"]].to_numpy(dtype=np.float64).T
    # The first piece holds before its start too.
    begins = np.clip(np.append(first, start[1:]), first, last)
    times = np.stack([begins, np.append(begins[1:], last)], axis=1)
    offsets = offset[:, None] + drift[:, None] * (times - start[:, None])
    return np.stack([times, offsets], axis=2)


_NARROWEST = 1.0
"""Seconds from the lowest to the highest offset, at the least: hundredths are no slope to see."""


def _limits(offsets: Floats) -> tuple[float, float]:
    """Choose the offsets to show: those of the clock, since an outlier may be anywhere."""
    low, high = offsets.min(initial=np.inf), offsets.max(initial=-np.inf)
    if low > high:
        return -_NARROWEST, _NARROWEST
    margin = max(0.15 * (high - low), (_NARROWEST - (high - low)) / 2)
    return float(low - margin), float(high + margin)


def _tell(ax: Axes, alignment: Alignment, *, beyond: int) -> None:
    """Say below what the picture does not show."""
    fitted = alignment.clock
    told = []
    if not fitted.ok:
        told.append(fitted.reason)
    elif fitted.method == "activity":
        told.append("known by when speech and subtitles come and go, and not by their texts")
    elif np.isfinite(fitted.spread):
        told.append(f"97% of the texts on the clock lie within {fitted.spread:.2f} s of it")
    if beyond:
        told.append(f"{_texts(beyond)} beyond what is drawn")
    if told:
        style.note(ax, style.wrapped(ax, "; ".join(told), style.SMALL))
