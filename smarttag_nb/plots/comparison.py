"""A machine's labels over those of a human, with what is disputed marked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Patch

from .. import intervals
from ..errors import InvalidArgument
from ..intervals import clock
from ..measures.comparison import Comparison
from ..tables import KINDS
from . import style
from .arguments import check_kind, check_number
from .bars import Floats, corners_of, fill
from .selection import compared_span, timed


def comparison(
    comparison: Comparison,
    ax: Axes | None = None,
    *,
    kind: str | None = None,
    top: int = 20,
    start: float | None = None,
    end: float | None = None,
) -> Axes:
    """Draw when machine and human tell each label, and mark where they do not agree.

    A label has a row of two lanes, the machine's above the human's. What both tell is plain; what
    only one tells is hatched, one way for the machine and the other for the human. A renamed label
    is hatched all through, since neither has the other's name. Rows stand by kind, and within a
    kind by the seconds that are disputed; those without a row of their own share the last,
    "n more". The title tells precision and recall of all the media, whatever part is drawn.

    Parameters
    ----------
    comparison : Comparison
        What `measures.compare` returned.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given. Names need room at its left, which a figure with
        ``layout="constrained"`` makes.
    kind : str, optional
        Only labels of this kind: ``"person"``, ``"tag"``…
    top : int
        How many labels get a row, at most: as many as the axes have room for.
    start, end : float, optional
        The seconds to draw; all of the media unless given.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    Raises
    ------
    InvalidArgument
        `comparison` is none, `top` is below 1, no label can be of that kind, or the end is not
        after the start.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> auto, hmi = (stag.samples.load("magazine", name) for name in ("cpv-auto", "cpv-hmi"))
    >>> ax = stag.plots.comparison(stag.measures.compare(auto, hmi))
    >>> [label.get_text() for label in ax.get_yticklabels()][:2]
    ['美食 → 咖啡', '+ 航天']
    """
    if not isinstance(comparison, Comparison):
        raise InvalidArgument("comparison", "a Comparison, as measures.compare returns", comparison)
    check_kind(kind)
    check_number("top", top)
    first, last = compared_span(comparison, start, end)
    labels, spans = _shown(comparison, kind, first, last)
    if ax is not None:
        top = style.rows_in(ax, top, len(labels))
    chosen = _choose(labels, top)
    folded = len(labels) - len(chosen)

    ax = style.axes(ax, 9.6, 1.3 + style.ROW * max(3, len(chosen) + bool(folded)))
    style.title(ax, _title(comparison, kind))
    if not len(labels):
        what = f"No {kind} with a time" if kind else "No label with a time"
        why = f"No {kind or 'label'} of either has a time between {clock(first)} and {clock(last)}."
        return style.nothing(ax, what, why)
    style.bare(ax)
    style.times(ax, first, last)
    names = [_name(row) for row in chosen.itertuples()]
    if folded:
        names.append(f"{folded} more")
    ax.set_ylim(len(names) - 0.4, -0.6)
    style.row_names(ax, range(len(names)), names, soft=[len(chosen)] if folded else [])
    style.grid(ax, "x")
    place = pd.Series(np.arange(len(chosen)), index=chosen.index)
    told = _draw_rows(ax, spans, chosen, place)
    if folded:
        _draw_folded(ax, spans[~spans["pair_id"].isin(chosen["pair_id"])], len(chosen))
    style.note(ax, "upper lane: machine; lower lane: human")
    _add_legend(ax, list(dict.fromkeys(chosen["kind"].dropna())), told)
    return ax


_LANE = 0.37
"""The share of a row that one of its two lanes fills."""

_HATCH = {"auto": "/////", "hmi": "\\\\\\\\\\"}
"""How what only one of both tells is hatched."""

_NAME = {"auto": "only the machine", "hmi": "only the human"}


def _shown(
    comparison: Comparison, kind: str | None, first: float, last: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """List the labels that are told in a span, and when: there, who tells them in dispute."""
    labels = comparison.labels
    if kind is not None:
        labels = labels[labels["kind"] == kind]
    spans = timed(comparison.spans, first, last)
    spans = spans[spans["pair_id"].isin(labels["pair_id"])]
    labels = labels[labels["pair_id"].isin(spans["pair_id"])].reset_index(drop=True)
    row = pd.Index(labels["pair_id"]).get_indexer(pd.Index(spans["pair_id"]))
    renamed = (labels["change"] == "renamed").to_numpy()[row]
    lengths = (spans["end_time"] - spans["start_time"]).to_numpy()
    agreed = (spans["told_by"] == "both").to_numpy() & ~renamed
    disputed = np.bincount(row, np.where(agreed, 0.0, lengths), len(labels))
    return labels.assign(seconds_disputed=disputed), spans.assign(row=row, agreed=agreed)


def _choose(labels: pd.DataFrame, top: int) -> pd.DataFrame:
    """Choose the labels with rows, those most disputed, and order them by kind."""
    order = {kind: place for place, kind in enumerate(KINDS)}
    most = labels.sort_values("seconds_disputed", ascending=False, kind="stable")[:top]
    return most.sort_values("kind", key=lambda kinds: kinds.map(order), kind="stable")


def _name(label: Any) -> str:
    """Name a row by its label, and by what became of it."""
    if label.change == "added":
        return f"+ {style.plain(label.name_hmi, style.WIDEST)}"
    if label.change == "removed":
        return f"− {style.plain(label.name_auto, style.WIDEST)}"
    if label.change == "same":
        return style.plain(label.name_hmi)
    # So much of each name that the second is not cut off by the first.
    half = style.WIDEST / 2 - 1
    return f"{style.plain(label.name_auto, half)} → {style.plain(label.name_hmi, half)}"


def _draw_rows(
    ax: Axes, spans: pd.DataFrame, chosen: pd.DataFrame, place: pd.Series[int]
) -> list[str]:
    """Draw the lanes of all rows, and return who is alone anywhere."""
    own = spans[spans["row"].isin(chosen.index)]
    kinds = chosen["kind"].to_dict()
    alone = []
    for who, top in (("auto", -_LANE), ("hmi", 0.0)):
        told = own[own["told_by"].isin([who, "both"])]
        tops = place.loc[told["row"]].to_numpy() + top
        corners = corners_of(
            told["start_time"].to_numpy(), told["end_time"].to_numpy(), tops, _LANE
        )
        colours = np.array([to_rgb(style.colour(kinds[row])) for row in told["row"]]).reshape(-1, 3)
        agreed = told["agreed"].to_numpy()
        fill(ax, corners[agreed], colours[agreed])
        if not agreed.all():
            alone.append(who)
            _hatch(ax, corners[~agreed], colours[~agreed], who)
    return alone


def _hatch(ax: Axes, corners: Floats, colours: Floats, who: str) -> None:
    """Draw bars hatched by who tells them."""
    bars = PolyCollection(
        list(corners), facecolors=[tuple(style.ground(ax))], edgecolors=colours,
        hatchcolors=colours, linewidths=0.9, hatch=_HATCH[who],
    )  # fmt: skip
    bars.set_hatch_linewidth(1.0)
    ax.add_collection(bars, autolim=False)


def _draw_folded(ax: Axes, spans: pd.DataFrame, place: int) -> None:
    """Draw what all others tell as two faint lanes."""
    for who, top in (("auto", -_LANE), ("hmi", 0.0)):
        told = spans[spans["told_by"].isin([who, "both"])]
        start, end = intervals.merge(told["start_time"], told["end_time"])
        fill(ax, corners_of(start, end, place + top, _LANE), style.inks(ax).faint)


def _title(comparison: Comparison, kind: str | None) -> str:
    told = [comparison.time_precision, comparison.time_recall]
    who = "Machine against human"
    if kind is not None:
        own = comparison.ratios[(comparison.ratios["kind"] == kind).to_numpy()]
        told = own[["time_precision", "time_recall"]].to_numpy().ravel().tolist()
        who = f"{who}, {kind}"
    if not told or np.isnan(told).any():
        return who
    return f"{who}: by time, precision {told[0]:.0%}, recall {told[1]:.0%}"


def _add_legend(ax: Axes, kinds: list[str], alone: list[str]) -> None:
    ink = style.inks(ax, outside=True)
    handles = [style.swatch(style.colour(kind)) for kind in kinds]
    for who in alone:
        marked = Patch(
            facecolor="none", edgecolor=ink.soft, linewidth=0.9, hatch=_HATCH[who],
            hatchcolor=ink.soft,
        )  # fmt: skip
        marked.set_hatch_linewidth(1.0)
        handles.append(marked)
    style.legend(ax, handles, [*kinds, *(_NAME[who] for who in alone)])
