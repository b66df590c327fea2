"""Who appears in the same jobs, as a network."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.lines import Line2D
from matplotlib.patheffects import AbstractPathEffect, withStroke

from ...plots import style
from ...plots.arguments import check_kind, check_number
from ..corpus import Corpus
from . import layout
from .pairs import shared

Floats = npt.NDArray[np.float64]


def network(corpus: Corpus, ax: Axes | None = None, *, kind: str = "person", top: int = 40) -> Axes:
    """Draw names as discs, tied where they appear in the same jobs.

    A disc is the larger the more jobs a name appears in, and a tie the broader the more jobs both
    do. Those stand close that share most of their jobs.

    Parameters
    ----------
    corpus : Corpus
        The jobs.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.
    kind : str
        The kind of label: ``"person"``, ``"tag"``…
    top : int
        How many names to draw, those of the most jobs, at most. Up to 200 are a picture.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into, in points.

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
    ...     ax = stag.corpus.plots.network(corpus)
    >>> len(ax.texts)
    30
    """
    check_kind(kind)
    check_number("top", top)
    names, jobs, folded = shared(corpus, kind, lambda _: top, "jobs")
    side = float(np.interp(len(names), [5, 40, 200], [5, 8, 12]))
    ax = style.axes(ax, 1.25 * side, side)
    style.title(ax, "In the same jobs")
    if not len(names):
        return style.nothing(ax, f"No {kind}", f"No job of the corpus has a {kind} with a name.")
    style.bare(ax)
    ax.set(xticks=[], yticks=[])
    width, height = _room(ax)
    ax.set_xlim(0, width)
    ax.set_ylim(height, 0)

    own = names["jobs"].to_numpy(dtype=np.float64)
    # In a smaller picture, or a fuller one, everything is smaller.
    largest = float(np.clip(np.sqrt(width * height / len(names)) / 6, 3, 22))
    radii = np.maximum(largest * np.sqrt(own / own.max()), 2)
    either = own[:, None] + own[None] - jobs
    # Names at the left and the right edge have room, too.
    edge = np.array([min(0.08 * width, 0.5 * _WIDEST * style.SMALL), style.SMALL])
    inner = np.array([width, height]) - 2 * edge
    places = edge + layout.spread(
        layout.place(jobs / either), radii + _FREE, (float(inner[0]), float(inner[1]))
    )
    _draw_ties(ax, places, jobs)
    _draw_discs(ax, places, radii, kind)
    unnamed = _draw_names(ax, names["name"], places, radii, jobs)

    told = []
    if folded:
        told.append(f"{folded} more are in fewer jobs")
    if unnamed:
        told.append(f"{unnamed} {'name has' if unnamed == 1 else 'names have'} no room")
    if told:
        style.note(ax, "; ".join(told))
    _add_legend(ax, kind, own, jobs)
    return ax


_FREE = 2.0
"""Points between two discs and more, so that each is seen."""

_BROADEST = 5.0
"""Points of the broadest tie."""


def _room(ax: Axes) -> tuple[float, float]:
    """Measure the axes in points, as they will be once title and legend have their room."""
    width, height = style.size(ax)
    figure = ax.get_figure(root=True)
    assert figure is not None
    return width, max(height / 2, height - (72 if figure.get_layout_engine() else 0))


def _draw_ties(ax: Axes, places: Floats, jobs: Floats) -> None:
    one, other = np.nonzero(np.triu(jobs, 1))
    order = np.argsort(jobs[one, other], kind="stable")
    one, other = one[order], other[order]
    if not len(one):
        return
    shared_jobs = jobs[one, other]
    strength = shared_jobs / shared_jobs.max()
    colours = np.tile(to_rgba(style.inks(ax).soft), (len(one), 1))
    # Where there are many, the weak ones are a haze, through which the strong ones are seen.
    faintest = float(np.interp(len(one), [50, 1000], [0.3, 0.06]))
    colours[:, 3] = faintest + (0.75 - faintest) * strength
    ties = LineCollection(
        list(np.stack([places[one], places[other]], axis=1)),
        colors=colours,
        linewidths=np.maximum(_BROADEST * strength, 0.4),
        linestyles="-",
        capstyle="round",
        zorder=1,
    )
    ax.add_collection(ties, autolim=False)


def _draw_discs(ax: Axes, places: Floats, radii: Floats, kind: str) -> None:
    ax.scatter(
        places[:, 0],
        places[:, 1],
        s=(2 * radii) ** 2,
        c=[style.colour(kind)],
        marker="o",
        edgecolors=[to_rgb(tuple(style.ground(ax)))],
        linewidths=0.8,
        zorder=2,
        clip_on=False,
    )


def _draw_names(
    ax: Axes, names: pd.Series[str], places: Floats, radii: Floats, jobs: Floats
) -> int:
    """Write each name beside its disc where it covers least; tell how many have no room."""
    room = np.array([ax.get_xlim()[1], ax.get_ylim()[0]])
    taken = np.column_stack([places - radii[:, None], places + radii[:, None]])
    dots, ink = _dots(places, jobs)
    around: list[AbstractPathEffect] = [
        withStroke(linewidth=2.5, foreground=to_rgb(tuple(style.ground(ax))))
    ]
    unnamed = 0
    for name, place, radius in zip(names, places, radii, strict=True):
        shown = style.plain(name, _WIDEST) or "(no name)"
        size = style.LABEL if radius >= _SMALL_DISC else style.SMALL
        half = np.array([size * style.width(shown) + 2, 1.25 * size]) / 2
        centres = place + _ASIDE * (half + np.array([radius + 1.5, radius + 0.5]))
        boxes = np.column_stack([centres - half, centres + half])
        inside = (boxes[:, :2] >= 0).all(axis=1) & (boxes[:, 2:] <= room).all(axis=1)
        free = np.flatnonzero(inside & ~_cover(boxes, taken))
        if not len(free):
            unnamed += 1
            continue
        near = (np.abs(dots - place) <= 2 * (half + radius + 1.5)).all(axis=1)
        beneath = (dots[near] >= boxes[free, None, :2]) & (dots[near] <= boxes[free, None, 2:])
        best = free[np.argmin(np.matmul(beneath.all(axis=2), ink[near]))]
        taken = np.vstack([taken, boxes[best]])
        x, y = centres[best]
        written = ax.text(
            x, y, shown, ha="center", va="center", zorder=3, **style.text_style(ax, size)
        )  # fmt: skip
        written.set_path_effects(around)
    return unnamed


def _cover(boxes: Floats, others: Floats) -> npt.NDArray[np.bool_]:
    """Tell which boxes cover any of the others."""
    begins, ends = boxes[:, None, :2], boxes[:, None, 2:]
    meets = (begins < others[:, 2:]) & (ends > others[:, :2])
    covering: npt.NDArray[np.bool_] = np.any(np.all(meets, axis=2), axis=1)
    return covering


def _dots(places: Floats, jobs: Floats) -> tuple[Floats, Floats]:
    """Give points along all ties, and how much of them each stands for."""
    one, other = np.nonzero(np.triu(jobs, 1))
    along = np.linspace(0, 1, _DOTS)[:, None]
    dots = (places[one, None] * along + places[other, None] * (1 - along)).reshape(-1, 2)
    return dots, np.repeat(jobs[one, other], _DOTS)


_DOTS = 24

_ASIDE = np.array(
    [(1, 0), (-1, 0), (0, 1), (0, -1)]
    + [(x, y) for x, y in ((0.9, 0.9), (1, 0.5), (0.5, 1)) for x in (x, -x) for y in (y, -y)]
)
"""Where a name may stand, as seen from its disc."""

_WIDEST = 9.0
"""Ems that a name may take."""

_SMALL_DISC = 7.0
"""Points of the radius below which a disc's name is in small type."""


def _add_legend(ax: Axes, kind: str, own: Floats, jobs: Floats) -> None:
    """Tell what the smallest and the greatest are."""
    handles = [
        Line2D([], [], linestyle="", marker="o", markersize=8, color=style.colour(kind), mew=0)
    ]
    told = [f"{kind}, in {_counted(own)}"]
    ties = jobs[jobs > 0]
    if len(ties):
        ink = style.inks(ax, outside=True).soft
        handles.append(Line2D([], [], color=ink, linewidth=2.5, linestyle="-", marker=""))
        told.append(f"both in {_counted(ties)}")
    style.legend(ax, handles, told)


def _counted(jobs: Floats) -> str:
    least, most = int(jobs.min()), int(jobs.max())
    number = f"{least:,} to {most:,}" if least < most else f"{most:,}"
    return f"{number} job{'' if most == 1 else 's'}"
