"""The mind map of what was said, as a tidy tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from ..job import Job, check_job
from . import style

_MOST, _DEEPEST = 120, 8
"""Topics and levels that still read as a picture; what is beyond is counted where it would hang."""

_WIDEST = 18.0
"""Ems that a title may take."""

_GAP = 30.0
"""Points between two levels, for the branches."""


def mindmap(job: Job, ax: Axes | None = None) -> Axes:
    """Draw the mind map as a tree that grows to the right.

    Topics stand in the order received, each amid those below it. Of a large map the topics
    nearest to the root are drawn, and the others counted.

    Parameters
    ----------
    job : Job
        An answer with a mind map: NLP's summaries.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure, as large as the tree, unless given.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> ax = stag.plots.mindmap(stag.samples.load("magazine"))
    >>> ax.texts[0].get_text()
    '晨间手记'
    """
    check_job(job)
    topics = _plant(job["mindmap"], _MOST if ax is None else min(_MOST, style.lines_in(ax)))
    leaves = _place(topics)
    levels = 1 + max((topic.depth for topic in topics), default=0)
    widths = [0.0] * levels
    for topic in topics:
        topic.title = style.plain(topic.title, _WIDEST) or "(no title)"
        widths[topic.depth] = max(widths[topic.depth], style.LABEL * style.width(topic.title))
    if ax is not None:
        # Each level has its share of the room by what it needs.
        room = max(0.0, style.size(ax)[0] - (levels - 1) * _GAP - 6)
        share = min(1.0, room / (sum(widths) or 1.0))
        widths = [max(2 * style.LABEL, share * points) for points in widths]
        for topic in topics:
            topic.title = style.plain(topic.title, widths[topic.depth] / style.LABEL)
    starts = [sum(widths[:depth]) + depth * _GAP for depth in range(levels)]
    whole = starts[-1] + widths[-1]

    ax = style.axes(ax, max(5.0, whole / 72 + 0.4), 0.9 + style.ROW * max(3, leaves))
    style.title(ax, "Mind map")
    if not topics:
        return style.nothing(ax, "No mind map", "NLP brings one where it is asked for.")
    style.bare(ax)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_xlim(-6, max(whole, 1.0))
    ax.set_ylim(leaves - 0.5, -0.5)
    ink = style.inks(ax)
    for topic in topics:
        x = starts[topic.depth]
        ax.text(
            x,
            topic.row,
            topic.title,
            va="center",
            **style.text_style(ax, soft=topic.counts_others),
        )
        for below in topic.below:
            # From the end of the title to the beginning of the next, as a lying S.
            end = x + style.LABEL * style.width(topic.title) + 4
            to = starts[below.depth] - 4
            bend = to - _GAP / 2
            path = [(end, topic.row), (bend, topic.row), (bend, below.row), (to, below.row)]
            curve = Path(path, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
            ax.add_patch(PathPatch(curve, fill=False, edgecolor=ink.soft, linewidth=0.9))
    return ax


@dataclass(eq=False)
class _Topic:
    """A topic of the tree and its place."""

    title: Any
    depth: int
    below: list[_Topic] = field(default_factory=list)
    counts_others: bool = False
    row: float = 0.0


def _plant(table: pd.DataFrame, most: int) -> list[_Topic]:
    """Make the topics nearest to the root, parents before children, and count the others."""
    topics: list[_Topic] = []
    drawn: dict[int, _Topic] = {}
    holder: dict[int, int] = {}
    left: dict[int, int] = {}
    row: Any
    for row in table.sort_values("depth", kind="stable").itertuples():
        key, depth = int(row.topic_id), int(row.depth)
        parent = None if pd.isna(row.parent_id) else int(row.parent_id)
        if (parent is None or parent in drawn) and len(topics) < most and depth < _DEEPEST:
            drawn[key] = _Topic(row.title, depth)
            topics.append(drawn[key])
            if parent is not None:
                drawn[parent].below.append(drawn[key])
        else:
            # Counted at the nearest topic above that is drawn, if any is.
            above = -1 if parent is None else parent
            holder[key] = above if above in drawn else holder.get(above, -1)
            left[holder[key]] = left.get(holder[key], 0) + 1
    for key, number in left.items():
        depth = drawn[key].depth + 1 if key in drawn else 0
        more = _Topic(f"{number} more", depth, counts_others=True)
        topics.append(more)
        if key in drawn:
            drawn[key].below.append(more)
    return topics


def _place(topics: list[_Topic]) -> int:
    """Give each topic its row, and return how many rows there are."""
    rows = 0
    todo = [(topic, False) for topic in reversed(topics) if topic.depth == 0]
    while todo:
        topic, children_placed = todo.pop()
        if children_placed:
            topic.row = (topic.below[0].row + topic.below[-1].row) / 2
        elif topic.below:
            todo.append((topic, True))
            todo += [(below, False) for below in reversed(topic.below)]
        else:
            topic.row, rows = rows, rows + 1
    return rows
