"""How much of each month's media names appear in."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from ...plots import style
from ...plots.arguments import check_kind, check_number
from ...plots.bars import corners_of, fill
from .. import measures
from ..corpus import Corpus


def trends(corpus: Corpus, ax: Axes | None = None, *, kind: str = "person", top: int = 12) -> Axes:
    """Draw how much of each month's media the names seen longest appear in.

    Each name has a row, and each month a column in it: the share of the duration of all jobs of
    the month. All rows are to one scale. Months without a job have no ground line.

    Parameters
    ----------
    corpus : Corpus
        The jobs.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.
    kind : str
        The kind of label: ``"person"``, ``"tag"``…
    top : int
        How many names to draw, at most: as many as the axes have room for.

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
    ...     ax = stag.corpus.plots.trends(corpus, top=3)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['柳迎岚', '林疏桐', '邵棠梨']
    """
    check_kind(kind)
    check_number("top", top)
    there = measures.presence(corpus, kind=kind)
    there = there[there["ratio"] > 0].sort_values("seconds", ascending=False, kind="stable")
    if ax is not None:
        top = max(1, min(top, int(style.lines_in(ax) / _LINES) - 1))
    names = there["name"].head(top).tolist()
    ax = style.axes(ax, 8.4, 1.4 + _LINES * style.ROW * max(3, len(names)))
    style.title(ax, "Appearance by month, share of the month's media")
    if not names:
        why = f"No job of the corpus has a {kind} with a name, times and a duration."
        return style.nothing(ax, f"No {kind} over time", why)

    table = measures.trends(corpus, kind=kind, names=names)
    held = corpus.sql("SELECT month, sum(duration) AS seconds FROM best_jobs GROUP BY month")
    held = held[held["seconds"] > 0]
    first = min(map(_number, held["month"]))
    last = max(map(_number, held["month"]))
    column = np.array([_number(month) - first for month in table["month"]], dtype=np.int64)
    row = np.array([names.index(name) for name in table["name"]], dtype=np.int64)
    shares = np.zeros((len(names), last - first + 1))
    shares[row, column] = table["ratio"].fillna(0)
    scale = 0.82 / shares.max()

    style.bare(ax)
    ink = style.inks(ax)
    rows, columns = np.nonzero(shares)
    heights = shares[rows, columns] * scale
    left = columns.astype(np.float64) - 0.4
    fill(ax, corners_of(left, left + 0.8, rows + 1 - heights, heights), style.colour(kind))
    months = np.array(sorted(_number(month) - first for month in held["month"]))
    for k in range(len(names)):
        ax.hlines(
            [k + 1.0] * len(months), months - 0.5, months + 0.5, color=ink.soft, linewidth=0.6,
            linestyle="-",
        )  # fmt: skip
    room = 5.2 * style.SMALL / style.size(ax)[0] * (last - first + 1)
    for k, most in enumerate(shares.max(axis=1)):
        text = f"max {most:.0%}" if most >= 0.01 else "max <1%"
        ax.text(
            last - first + 0.7, k + 0.95, text, va="bottom",
            **style.text_style(ax, style.SMALL, soft=True),
        )  # fmt: skip
    ax.set_xlim(-0.6, last - first + 0.7 + room)
    ax.set_ylim(len(names) + 0.1, 0)
    style.row_names(ax, [k + 0.8 for k in range(len(names))], names)
    # As many months as have room for their names.
    step = int(np.ceil(4.6 * style.SMALL / (style.size(ax)[0] * 0.8 / (last - first + 1))))
    ticks = range(0, last - first + 1, max(1, step))
    ax.set_xticks(ticks, [_month(first + k) for k in ticks])
    folded = len(there) - len(names)
    if folded:
        style.note(ax, f"{folded} more are seen for less time")
    return ax


_LINES = 1.5
"""Lines of names that a row is high."""


def _number(month: str) -> int:
    """Count months from the year 0 on."""
    return 12 * int(month[:4]) + int(month[5:]) - 1


def _month(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"
