"""Appearance ratios as horizontal bars."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from ..job import Job, check_job
from ..measures.presence import presence
from . import style
from .arguments import check_kind, check_number


def ratios(
    job: Job,
    ax: Axes | None = None,
    *,
    kind: str | None = None,
    top: int = 20,
    result_type: str | None = None,
) -> Axes:
    """Draw how much of the media each label appears in, longest first.

    A bar is as long as the ratio that the answer reports, and a tick stands at the ratio measured
    from the label's time ranges. Where nothing is reported the bar is the measured ratio, in
    outline. The rest is folded into one line, "n more".

    Parameters
    ----------
    job : Job
        An answer.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given. Names need room at its left, which a figure with
        ``layout="constrained"`` makes.
    kind : str, optional
        Only labels of this kind: ``"person"``, ``"tag"``…
    top : int
        How many labels to draw, at most: as many as the axes have room for.
    result_type : str, optional
        The result type to take, in place of the one `Job.best` prefers.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    Raises
    ------
    InvalidArgument
        `top` is below 1, or no label can be of that kind.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> ax = stag.plots.ratios(stag.samples.load("magazine"), kind="person")
    >>> ax.get_title(loc="left")
    'Appearance ratios, share of the duration'
    """
    check_job(job)
    check_number("top", top)
    check_kind(kind)
    shown = presence(job, result_type=result_type)
    if kind is not None:
        shown = shown[shown["kind"] == kind]
    reported = shown["ratio_reported"].to_numpy()
    measured = shown["ratio_measured"].to_numpy()
    length = np.where(np.isnan(reported), measured, reported)
    order = np.argsort(-np.nan_to_num(length, nan=-1.0), kind="stable")
    order = order[np.isfinite(length[order]) & (length[order] > 0)]
    if ax is not None:
        top = style.rows_in(ax, top, len(order))
    drawn, folded = order[:top], len(order) - len(order[:top])

    ax = style.axes(ax, 7.2, 1.6 + style.ROW * max(3, len(drawn) + bool(folded)))
    style.title(ax, "Appearance ratios, share of the duration")
    if not len(drawn):
        what = f"No {kind} with a ratio" if kind else "No label with a ratio"
        why = f"No {kind or 'label'} of the answer has a ratio or time ranges."
        return style.nothing(ax, what, why)

    rows = np.arange(len(drawn))
    colours = [style.colour(k) for k in shown["kind"].iloc[drawn]]
    is_reported = np.isfinite(reported[drawn])
    ax.barh(
        rows,
        np.fmin(length[drawn], _LONGEST),
        height=0.62,
        color=[c if whole else "none" for c, whole in zip(colours, is_reported, strict=True)],
        edgecolor=colours,
        linewidth=0.8,
    )
    ink = style.inks(ax)
    both = is_reported & np.isfinite(measured[drawn])
    ticks = np.fmin(measured[drawn], _LONGEST)
    ax.vlines(
        ticks[both],
        rows[both] - 0.42,
        rows[both] + 0.42,
        color=ink.strong,
        linewidth=1.6,
        linestyle="-",
    )
    ends = np.fmin(np.fmax(length[drawn], np.where(both, ticks, 0)), _LONGEST)
    room = 0.0
    for row, end in zip(rows, ends, strict=True):
        text = _percent(length[drawn[row]])
        if both[row] and measured[drawn[row]] > _LONGEST:
            text += f", measured {_percent(measured[drawn[row]])}"
        room = max(room, style.SMALL * style.width(text) + 14)
        ax.annotate(
            text,
            (end, row),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            **style.text_style(ax, style.SMALL, soft=True),
        )
    style.bare(ax)
    names = shown["name"].iloc[drawn].tolist()
    if folded:
        names.append(f"{folded} more")
    style.row_names(ax, range(len(names)), names, soft=[len(drawn)] if folded else [])
    ax.set_ylim(len(names) - 0.4, -0.6)
    # The longest bar leaves room for the longest text.
    ax.set_xlim(0, float(np.max(ends)) / (1 - min(0.6, room / style.size(ax)[0])))
    ax.xaxis.set_major_formatter(PercentFormatter(1.0))
    style.grid(ax, "x")
    _add_legend(ax, list(dict.fromkeys(shown["kind"].iloc[drawn])), is_reported, both)
    return ax


_LONGEST = 1.2
"""A ratio above 1 is wrong: its bar ends where that is seen, and its number tells the rest."""


def _percent(ratio: float) -> str:
    if ratio < 0.0005:
        return f"{ratio * 100:.2g}%" if ratio > 1e-5 else "<0.001%"
    return f"{ratio:.1%}" if ratio < 10 else ">999%"


Flags = npt.NDArray[np.bool_]


def _add_legend(ax: Axes, kinds: list[str], is_reported: Flags, both: Flags) -> None:
    ink = style.inks(ax, outside=True)
    handles: list[Patch | Line2D] = [style.swatch(style.colour(k)) for k in kinds]
    labels = list(kinds)
    if is_reported.any():
        handles.append(style.swatch(ink.soft))
        labels.append("bar: reported")
    if not is_reported.all():
        handles.append(Patch(facecolor="none", edgecolor=ink.soft, linewidth=0.8))
        labels.append("outline: measured, nothing reported")
    if both.any():
        handles.append(
            Line2D([], [], color=ink.strong, marker="|", linestyle="", markersize=9, mew=1.6)
        )
        labels.append("tick: measured")
    style.legend(ax, handles, labels)
