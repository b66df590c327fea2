"""How long each speaker speaks, as horizontal bars."""

from __future__ import annotations

from matplotlib.axes import Axes

from .. import measures
from ..intervals import clock
from ..job import Job, check_job
from . import style
from .selection import LONGEST


def speaking_time(job: Job, ax: Axes | None = None, *, result_type: str | None = None) -> Axes:
    """Draw how long each speaker speaks, the longest first.

    Parameters
    ----------
    job : Job
        An answer that tells speakers apart: NLP.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.
    result_type : str, optional
        The result type whose speech to take, in place of the one that tells speakers.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> ax = stag.plots.speaking_time(stag.samples.load("magazine"))
    >>> [label.get_text() for label in ax.get_yticklabels()][:2]
    ['沈青禾', 'Tobias Renn']
    """
    check_job(job)
    talk = measures.speaking_time(job, result_type=result_type)
    impossible = talk["seconds"] > LONGEST
    talk = talk[(talk["seconds"] > 0) & ~impossible]
    most = len(talk) if ax is None else style.rows_in(ax, len(talk), len(talk))
    drawn, folded = talk.head(most), len(talk) - most
    ax = style.axes(ax, 7.2, 1.1 + style.ROW * max(3, len(drawn) + (folded > 0)))
    style.title(ax, "Speaking time")
    if not len(drawn):
        return style.nothing(ax, "Nobody speaks", "The answer holds no sentences with times.")
    style.bare(ax)
    known = drawn["speaker_id"].notna()
    ink = style.inks(ax)
    ax.barh(
        range(len(drawn)),
        drawn["seconds"],
        height=0.62,
        color=[style.colour("person") if told else ink.faint for told in known],
        edgecolor="none",
        linewidth=0,
    )
    for row, (seconds, share) in enumerate(zip(drawn["seconds"], drawn["share"], strict=True)):
        ax.annotate(
            f"{clock(seconds, 0 if seconds >= 10 else 1)}  {share:.0%}",
            (seconds, row),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            **style.text_style(ax, style.SMALL, soft=True),
        )
    ids = "speaker " + drawn["speaker_id"].fillna("")
    names = drawn["speaker"].fillna(ids).where(known, "speaker not told").tolist()
    soft = [row for row, told in enumerate(known) if not told]
    if folded > 0:
        soft.append(len(names))
        names.append(f"{folded} more")
    style.row_names(ax, range(len(names)), names, soft)
    ax.set_ylim(len(names) - 0.4, -0.6)
    style.times(ax, 0, drawn["seconds"].max() / (1 - min(0.5, 64 / style.size(ax)[0])))
    style.grid(ax, "x")
    if impossible.any():
        style.note(ax, f"{impossible.sum()} more with impossible times")
    return ax
