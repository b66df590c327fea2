"""Who and what is on screen over time: labels × time."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from .. import intervals
from ..job import Job, check_job
from . import style
from .arguments import check_kind, check_number
from .selection import seen_labels, span


def presence_heatmap(
    job: Job,
    ax: Axes | None = None,
    *,
    kind: str | None = None,
    top: int = 20,
    bins: int = 60,
    result_type: str | None = None,
) -> Axes:
    """Draw how much of each stretch of time each label is on screen.

    A cell is the deeper the more of its seconds the label is seen; labels are those seen longest,
    in the order in which they first appear.

    Parameters
    ----------
    job : Job
        An answer.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.
    kind : str, optional
        Only labels of this kind: ``"person"``, ``"tag"``…
    top : int
        How many labels to draw, at most: as many as the axes have room for.
    bins : int
        Into how many stretches the media is divided.
    result_type : str, optional
        The result type to take, in place of the one `Job.best` prefers.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    Raises
    ------
    InvalidArgument
        `top` or `bins` is below 1, or no label can be of that kind.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> ax = stag.plots.presence_heatmap(stag.samples.load("magazine"), kind="person")
    >>> [label.get_text() for label in ax.get_yticklabels()][:2]
    ['沈青禾', '顾明川']
    """
    check_job(job)
    check_kind(kind)
    check_number("top", top)
    check_number("bins", bins)
    first, last = span(job)
    labels, seen = seen_labels(job, first, last, kind, result_type)
    labels = labels[labels["seconds"] > 0]
    if ax is not None:
        top = style.rows_in(ax, top, len(labels))
    folded = max(0, len(labels) - top)
    labels = labels.nlargest(top, "seconds").sort_values("first_time", kind="stable")

    ax = style.axes(ax, 9.6, 1.1 + style.ROW * max(3, len(labels) + bool(folded)))
    edges = np.linspace(first, last, bins + 1)
    style.title(ax, f"On screen: share of each {edges[1] - edges[0]:.3g} s")
    if not len(labels):
        what = f"No {kind} with a time" if kind else "No label with a time"
        return style.nothing(ax, what, f"No {kind or 'label'} of the answer has time ranges.")

    cells = np.zeros((len(labels), bins, 4))
    for row, label in enumerate(labels.itertuples()):
        own = seen[seen["label_id"] == label.label_id]
        covered = intervals.coverage(own["start_time"], own["end_time"], edges)
        cells[row, :, :3] = to_rgb(style.colour(label.kind))
        cells[row, :, 3] = np.clip(covered / np.diff(edges), 0, 1)
    lanes = np.arange(len(labels) + 1) - 0.5
    style.image(ax, cells, (first, last, lanes[-1], lanes[0]), smooth=False, aspect="auto")
    style.bare(ax)
    style.times(ax, first, last)
    faint = style.inks(ax).faint
    ax.hlines(lanes, first, last, color=faint, linewidth=0.6, linestyle="-")
    names = labels["name"].tolist()
    if folded:
        names.append(f"{folded} more")
    style.row_names(ax, range(len(names)), names, soft=[len(labels)] if folded else [])
    ax.set_ylim(len(names) - 0.5, -0.5)
    kinds = list(dict.fromkeys(labels["kind"]))
    style.legend(ax, [style.swatch(style.colour(k)) for k in kinds], kinds)
    return ax
