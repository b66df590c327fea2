"""Words over time: when they are said, and when they stand on screen."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from .. import intervals
from ..errors import InvalidArgument
from ..job import Job, check_job
from ..measures.search import search
from . import style
from .arguments import check_number
from .bars import corners_of, fill
from .selection import sample_step, span, timed


def words(
    job: Job, ax: Axes | None = None, *, words: Iterable[str] | None = None, top: int = 20
) -> Axes:
    """Draw when words are said and when they stand on screen.

    Parameters
    ----------
    job : Job
        An answer.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.
    words : iterable of str, optional
        The words, in their order. Unless given, the answer's keywords and then the words said
        most often: those of two Chinese characters or five letters and more.
    top : int
        How many words to draw where none are given, at most: as many as the axes have room for.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    Raises
    ------
    InvalidArgument
        `words` holds an empty text, or something else than text; `top` is below 1.

    Notes
    -----
    A word is said at its own time where the answer has words with times, and else at the start of
    its sentence. Words are found whatever their width and case (`measures.search`).

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> ax = stag.plots.words(stag.samples.load("magazine"), words=["咖啡", "patience"])
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['咖啡', 'patience']
    """
    check_job(job)
    check_number("top", top)
    if isinstance(words, str) or not (words is None or isinstance(words, Iterable)):
        raise InvalidArgument("words", "a list of words", words)
    if ax is not None:
        top = min(top, style.lines_in(ax))
    chosen = _frequent(job, top) if words is None else list(words)
    first, last = span(job)
    hits = [search(job, word, tables=("words", "speech", "ocr")) for word in chosen]

    ax = style.axes(ax, 9.6, 1.1 + style.ROW * max(3, len(chosen)))
    style.title(ax, "Words over time")
    if not any(map(len, hits)):
        why = "Neither speech nor text on screen holds any." if chosen else "Nothing is said."
        return style.nothing(ax, "No words", why)
    style.bare(ax)
    style.times(ax, first, last)
    ink = style.inks(ax)
    ax.hlines(range(len(chosen)), first, last, color=ink.faint, linewidth=0.6, linestyle="-")
    step = sample_step(job)
    for row, found in enumerate(hits):
        ocr = found[found["table_name"] == "ocr"]
        sampled = ocr["end_time"] == ocr["start_time"]
        seen = timed(ocr.assign(end_time=ocr["end_time"] + step * sampled), first, last)
        starts, ends = intervals.merge(seen["start_time"], seen["end_time"])
        fill(ax, corners_of(starts, ends, row - 0.2, 0.4), ink.faint)
        said = found[found["table_name"] == "words"].dropna(subset="start_time")
        said = said if len(said) else found[found["table_name"] == "speech"]
        ax.vlines(
            said["start_time"],
            row - 0.34,
            row + 0.34,
            color=ink.strong,
            linewidth=1.2,
            linestyle="-",
        )
    style.row_names(ax, range(len(chosen)), chosen)
    ax.set_ylim(len(chosen) - 0.4, -0.6)
    out = style.inks(ax, outside=True)
    tick = Line2D([], [], color=out.strong, marker="|", linestyle="", ms=9, mew=1.2)
    style.legend(ax, [tick, style.swatch(ink.faint)], ["said", "on screen"])
    return ax


_LETTERS = re.compile(r"[^\W\d_]+")


def _frequent(job: Job, top: int) -> list[str]:
    """Choose the keywords, and then what is said most often."""
    highlights = job["highlights"]
    keywords = highlights["text"][highlights["kind"] == "keyword"].dropna().tolist()
    # Without words of their own, sentences give those that spaces part, and the labels' names.
    cut = len(job["words"]) > 0
    spoken = job["words"]["text"] if cut else job.best("speech")["text"]
    said = [unicodedata.normalize("NFKC", text).casefold() for text in spoken.dropna()]
    counts: Counter[str] = Counter()
    for text in said:
        for word in _LETTERS.findall(text):
            is_wide = unicodedata.east_asian_width(word[0]) in "WF"
            if (cut and len(word) >= 2) if is_wide else len(word) >= 5:
                counts[word] += 1
    if not cut:
        for name in job["labels"]["name"].dropna().unique():
            if 2 <= len(name) <= 12:
                counts[name] += sum(text.count(name.casefold()) for text in said)
    often = [word for word, number in counts.most_common(top) if number]
    return list(dict.fromkeys(keywords + often))[:top]
