"""Who appears in the same jobs, as a matrix."""

from __future__ import annotations

from matplotlib.axes import Axes

from ...plots import matrix as drawing
from ...plots.arguments import check_kind, check_number
from ..corpus import Corpus
from .pairs import shared


def matrix(corpus: Corpus, ax: Axes | None = None, *, kind: str = "person", top: int = 20) -> Axes:
    """Draw how many of their jobs every two names share.

    A cell holds the Jaccard index in percent: jobs in which both appear, of those in which either
    does. Names that appear together stand together.

    Parameters
    ----------
    corpus : Corpus
        The jobs.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.
    kind : str
        The kind of label: ``"person"``, ``"tag"``…
    top : int
        How many names to draw, those of the most jobs, at most: as many as the axes have room for.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    Raises
    ------
    InvalidArgument
        `corpus` is none, `top` is below 1, or no label can be of that kind.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     corpus = stag.Corpus(folder + "/lake")
    ...     _ = corpus.add(stag.samples.library(folder + "/answers", jobs=24), workers=1)
    ...     ax = stag.corpus.plots.matrix(corpus, top=5)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['邵棠梨', '贺云岫', '柳迎岚', '韩拾光', '林疏桐']
    """
    check_kind(kind)
    check_number("top", top)
    names, shares, folded = shared(
        corpus, kind, lambda there: drawing.labels_in(ax, top, there), "jobs_jaccard"
    )
    return drawing.draw(
        ax,
        names,
        shares,
        title="In the same jobs, % of the jobs of either",
        nothing=(f"Fewer than two of kind {kind}", "A pair needs two names in the corpus."),
        note=f"{folded} more are in fewer jobs" if folded else None,
    )
