"""Who and what is on screen together, as a matrix."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .. import measures
from ..job import Job, check_job
from . import matrix
from .arguments import check_kind, check_number


def co_appearance(
    job: Job,
    ax: Axes | None = None,
    *,
    kind: str | None = None,
    top: int = 20,
    result_type: str | None = None,
) -> Axes:
    """Draw how much of their time every two labels are on screen together.

    A cell holds the Jaccard index in percent: seconds in which both appear, of those in which
    either does. Labels that appear together stand together.

    Parameters
    ----------
    job : Job
        An answer.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.
    kind : str, optional
        Only labels of this kind: ``"person"``, ``"tag"``…
    top : int
        How many labels to draw, those seen longest, at most: as many as the axes have room for.
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
    >>> ax = stag.plots.co_appearance(stag.samples.load("magazine"), kind="person")
    >>> sorted(text.get_text() for text in ax.texts)
    ['1', '43', '58', '77', '78']
    """
    check_job(job)
    check_kind(kind)
    check_number("top", top)
    labels = measures.presence(job, result_type=result_type)
    labels = labels[labels["seconds"] > 0]
    if kind is not None:
        labels = labels[labels["kind"] == kind]
    top = matrix.labels_in(ax, top, len(labels))
    folded = max(0, len(labels) - top)
    labels = labels.nlargest(top, "seconds")
    index = pd.Index(labels["label_id"])
    pairs = measures.co_appearance(job, kind=kind, result_type=result_type)
    rows, columns = (index.get_indexer(pd.Index(pairs[f"label_id_{side}"])) for side in "ab")
    both = (rows >= 0) & (columns >= 0)
    shares = np.zeros((len(labels), len(labels)))
    shares[rows[both], columns[both]] = shares[columns[both], rows[both]] = pairs["jaccard"][both]
    return matrix.draw(
        ax,
        labels,
        shares,
        title="On screen together, % of the time of either",
        nothing=(
            f"Fewer than two of kind {kind}" if kind else "Fewer than two labels",
            "A pair needs two labels with time ranges.",
        ),
        note=f"{folded} more are seen for less time" if folded else None,
    )
