"""Which tables the answers of each operation, month or source have rows of."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from ...plots import style
from ...plots.arguments import check_number
from ...tables import TABLES
from .. import measures
from ..corpus import Corpus
from ..measures.answers import By


def coverage(
    corpus: Corpus, ax: Axes | None = None, *, by: By = "operation", top: int = 24
) -> Axes:
    """Draw the share of answers that have rows of each table.

    Parameters
    ----------
    corpus : Corpus
        The jobs.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.
    by : {"operation", "month", "source"}
        What answers are put together by, a row each.
    top : int
        How many rows to draw, at most: as many as the axes have room for.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    Raises
    ------
    InvalidArgument
        `corpus` is none, `by` is none of the three, or `top` is below 1.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     corpus = stag.Corpus(folder + "/lake")
    ...     _ = corpus.add(stag.samples.library(folder + "/answers", jobs=24), workers=1)
    ...     ax = stag.corpus.plots.coverage(corpus, by="month")
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['labels', 'occurrences', 'speech', 'ocr', 'ocr_frames', 'meta']
    """
    check_number("top", top)
    told = measures.coverage(corpus, by=by)
    groups = told.drop_duplicates(by)
    shares = told["share"].to_numpy().reshape(len(groups), len(TABLES))
    there = (shares > 0).any(axis=0)
    tables = np.array(list(TABLES))[there]
    drawn = top if ax is None else style.rows_in(ax, top, len(groups))
    # Of months the last ones are drawn, of all else those with the most answers.
    kept = slice(max(0, len(groups) - drawn), None) if by == "month" else slice(drawn)
    folded = max(0, len(groups) - drawn)
    groups, shares = groups.iloc[kept], shares[kept][:, there]

    names = [
        f"{name}  ({number:,})"
        for name, number in zip(_short(groups[by].tolist()), groups["answers"], strict=True)
    ]
    longest = max((style.width(style.plain(name, style.WIDEST)) for name in names), default=0)
    ax = style.axes(
        ax,
        style.LABEL * longest / 72 + max(4.4, 0.42 * len(tables)),
        2.0 + style.ROW * max(3, len(groups)),
    )
    style.title(ax, "Answers with rows of each table, %")
    if not there.any():
        return style.nothing(ax, "No rows", "No answer of the corpus has a row of any table.")
    cells = np.zeros((*shares.shape, 4))
    cells[..., :3] = to_rgb(style.COLOURS["person"])
    cells[..., 3] = (0.1 + 0.9 * shares) * (shares > 0)
    style.image(ax, cells, smooth=False, aspect="auto")
    style.bare(ax)
    ink = style.inks(ax)
    has_room = style.size(ax)[0] / len(tables) >= 2.2 * style.SMALL
    for row, column in zip(*np.nonzero(shares if has_room else np.zeros_like(shares)), strict=True):
        share = shares[row, column]
        *colour, alpha = cells[row, column]
        text = ax.text(
            column, row, f"{share * 100:.0f}" if share >= 0.005 else "<1",
            ha="center", va="center", **style.text_style(ax, style.SMALL),
        )  # fmt: skip
        text.set_color(style.ink_on(alpha * np.array(colour) + (1 - alpha) * style.ground(ax)))
    ax.hlines(
        np.arange(len(groups) + 1) - 0.5, -0.5, len(tables) - 0.5, color=ink.faint, linewidth=0.6,
        linestyle="-",
    )  # fmt: skip
    style.row_names(ax, range(len(names)), names)
    ax.set_xticks(range(len(tables)), tables, rotation=90, **style.text_style(ax, outside=True))
    if folded:
        style.note(ax, f"{folded} {'earlier' if by == 'month' else 'more with fewer answers'}")
    return ax


def _short(names: list[object]) -> list[str]:
    """Take off the folder that all are in: names are cut at their ends, by which they differ."""
    told = [name if isinstance(name, str) else "not told" for name in names]
    parts = [name.split("/") for name in told]
    shortest = min(map(len, parts), default=1) - 1
    common = next((k for k in range(shortest) if len({p[k] for p in parts}) > 1), shortest)
    return ["/".join(p[common:]) for p in parts]
