"""A matrix of what appears with what."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from . import style


def labels_in(ax: Axes | None, top: int, there: int) -> int:
    """Tell how many labels to draw: all asked for, or as many as the axes have room for."""
    if ax is None:
        return top
    across = int(style.size(ax)[0] / (1.3 * style.LABEL))
    return max(1, min(style.rows_in(ax, top, there), across))


def draw(
    ax: Axes | None,
    labels: pd.DataFrame,
    shares: npt.NDArray[np.float64],
    *,
    title: str,
    nothing: tuple[str, str],
    note: str | None,
) -> Axes:
    """Draw how much of all they have every two labels share.

    Parameters
    ----------
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.
    labels : pandas.DataFrame, n rows
        kind and name, the greatest first.
    shares : ndarray of float, shape (n, n)
        0 to 1, symmetric.
    title : str
        What a share is of.
    nothing : (str, str)
        What to say of fewer than two labels, and why there are.
    note : str, optional
        What to say below.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    Notes
    -----
    The order is that of the Fiedler vector of the matrix, as in J. E. Atkins, E. G. Boman and
    B. Hendrickson, "A spectral algorithm for seriation and the consecutive ones problem", SIAM
    Journal on Computing 28 (1998).
    """
    order = _by_similarity(shares)
    shares, labels = shares[np.ix_(order, order)], labels.iloc[order]

    # A square, and room for the names: at its left by their length, below it for nine ems.
    side = max(4.4, 0.36 * len(labels))
    longest = max(
        (style.width(style.plain(name, style.WIDEST)) for name in labels["name"]), default=0
    )
    ax = style.axes(ax, side + 0.4 + style.LABEL * longest / 72, side + 1.9)
    style.title(ax, title)
    if len(labels) < 2:
        return style.nothing(ax, *nothing)
    # A matrix says everything twice: its upper half makes room for nothing but names.
    kinds = labels["kind"].to_numpy()
    colours = np.array([to_rgb(style.colour(k)) for k in kinds])
    alike = kinds[:, None] == kinds[None]
    cells = np.zeros((*shares.shape, 4))
    cells[..., :3] = np.where(alike[..., None], colours[None], to_rgb(style.inks(ax).soft))
    cells[..., 3] = np.tril(0.12 + 0.88 * shares, -1) * (shares > 0)
    style.image(ax, cells, smooth=False, aspect="auto")
    style.bare(ax)
    ink = style.inks(ax)
    has_room = min(style.size(ax)) / len(labels) >= 2.2 * style.SMALL
    numbered = shares if has_room and len(labels) <= _NUMBERED else np.zeros_like(shares)
    for row, column in zip(*np.nonzero(np.tril(numbered, -1)), strict=True):
        share = shares[row, column]
        *colour, alpha = cells[row, column]
        text = ax.text(
            column,
            row,
            f"{share * 100:.0f}" if share >= 0.005 else "<1",
            ha="center",
            va="center",
            **style.text_style(ax, style.SMALL),
        )
        text.set_color(style.ink_on(alpha * np.array(colour) + (1 - alpha) * style.ground(ax)))
    edges = np.arange(len(labels))
    faint: dict[str, Any] = {"color": ink.faint, "linewidth": 0.6, "linestyle": "-"}
    ax.hlines(edges + 0.5, -0.5, edges + 0.5, **faint)
    ax.vlines(edges - 0.5, edges - 0.5, len(labels) - 0.5, **faint)
    names = labels["name"].tolist()
    style.row_names(ax, range(len(names)), names)
    shown = [style.plain(name, 9) if isinstance(name, str) else "" for name in names]
    ax.set_xticks(range(len(names)), shown, rotation=90, **style.text_style(ax, outside=True))
    shown_kinds = list(dict.fromkeys(kinds))
    handles = [style.swatch(style.colour(k)) for k in shown_kinds]
    if len(handles) > 1:
        shown_kinds.append("of two kinds")
        handles.append(style.swatch(ink.soft))
    style.legend(ax, handles, shown_kinds, inside=True)
    if note is not None:
        style.note(ax, note)
    return ax


_NUMBERED = 40
"""Labels up to which cells hold numbers: more are a picture, and no table to read."""


def _by_similarity(shares: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Order labels so that like stands by like."""
    if len(shares) < 3:
        return np.arange(len(shares))
    # A touch of everything with everything keeps groups that share nothing in one order.
    weights = shares + 1e-6 * (1 - np.eye(len(shares)))
    _, vectors = np.linalg.eigh(np.diag(weights.sum(axis=0)) - weights)
    fiedler = np.round(vectors[:, 1], 9)
    order = np.argsort(fiedler, kind="stable")
    # An eigenvector's sign says nothing: the label seen longest, the first, comes early.
    return order if np.flatnonzero(order == 0)[0] <= len(order) / 2 else order[::-1]
