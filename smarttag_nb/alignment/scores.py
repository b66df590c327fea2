"""Scores: how far what was said and what was written agree, in counts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from rapidfuzz.distance import Levenshtein

from .matching import Matching
from .passages import Stream
from .result import Scores
from .text import Plain

_OPERATIONS = {"equal": "equal", "replace": "substitute", "delete": "delete", "insert": "insert"}


def diff(a: str, b: str) -> pd.DataFrame:
    """Tell by which operations on characters one text becomes another.

    Parameters
    ----------
    a, b : str
        Two texts. They are compared as they are: nothing is normalised.

    Returns
    -------
    pandas.DataFrame
        A row per operation, in order: operation (equal, substitute, delete, insert), start_a,
        stop_a, start_b, stop_b (positions), a and b (the two pieces). The pieces put together are
        the texts, and the operations are the fewest that do it (Levenshtein).

    Examples
    --------
    >>> diff("水温比时间重要", "水温必时间更重要").query("operation != 'equal'")[
    ...     ["operation", "a", "b"]
    ... ].values.tolist()
    [['substitute', '比', '必'], ['insert', '', '更']]
    """
    rows = [
        (
            _OPERATIONS[op.tag],
            op.src_start,
            op.src_end,
            op.dest_start,
            op.dest_end,
            a[op.src_start : op.src_end],
            b[op.dest_start : op.dest_end],
        )
        for op in Levenshtein.opcodes(a, b)
    ]
    columns = ["operation", "start_a", "stop_a", "start_b", "stop_b", "a", "b"]
    return pd.DataFrame(rows, columns=columns)


def score(
    matching: Matching,
    left: Matching,
    links: pd.DataFrame,
    lines: pd.DataFrame,
    speech: pd.DataFrame,
    true: float,
) -> Scores:
    """Count what is equal and what differs between the subtitles and what was said for them.

    Parameters
    ----------
    matching, left : Matching
        Which character is which, in what runs forward and in what was left of that.
    links : pandas.DataFrame
        As `Alignment.links` has them.
    lines, speech : pandas.DataFrame
        All lines, with roles, and all sentences; a RangeIndex each.
    true : float
        Estimate of the speech recognition's own character error rate.

    Returns
    -------
    Scores
        Per line and in total.
    """
    linked = links.loc[links["kind"] == "text", "line_id"].drop_duplicates()
    extents = [*_extents(left), *_extents(matching)]
    said = {int(matching.lines.rows[line]): (line, part) for line, part in extents}
    row_of = dict(zip(lines["line_id"].tolist(), range(len(lines)), strict=True))
    rows = []
    for line_id in sorted(linked.tolist()):
        line, part = said[row_of[line_id]]
        counts = _count(matching.screen.plains[line], _words(matching.speech, *part))
        rows.append((line_id, *counts))
    per_line = pd.DataFrame(rows, columns=["line_id", *_COUNTS]).astype(dict.fromkeys(
        ["line_id", *_COUNTS], "Int64"))  # fmt: skip
    wrong = per_line[["substitutions", "deletions", "insertions"]].sum(axis=1)
    length = per_line[["hits", "substitutions", "deletions"]].sum(axis=1)
    per_line["CER"] = (wrong / length).astype("float64")
    per_line["WER"] = (per_line["word_errors"] / per_line["words"]).astype("float64")
    return Scores(
        lines=per_line,
        **{name: int(per_line[name].sum()) for name in _COUNTS},
        matched=len(per_line),
        missed=int((lines["role"] == "subtitle").sum()) - len(per_line),
        extra=len(speech) - links["speech_id"].nunique(),
        true_CER=true,
    )


_COUNTS = ("hits", "substitutions", "deletions", "insertions", "words", "word_errors")


def _extents(matching: Matching) -> Iterator[tuple[int, tuple[int, int]]]:
    """Find for each matched line the speech from its first to its last matched character."""
    said = np.flatnonzero(matching.partner >= 0)
    owner = matching.screen.owner[matching.partner[said]]
    order = np.argsort(owner, kind="stable")
    edges = np.flatnonzero(np.diff(owner[order])) + 1
    for own in np.split(order, edges) if len(order) else []:
        yield int(owner[own[0]]), (int(said[own[0]]), int(said[own[-1]]) + 1)


def _words(speech: Stream, first: int, last: int) -> list[str]:
    """Words of a part of the speech, over the sentences it is in."""
    words = []
    for owner in range(int(speech.owner[first]), int(speech.owner[last - 1]) + 1):
        start, stop = speech.begins[owner : owner + 2].tolist()
        words += speech.words(max(first, start), min(last, stop))
    return words


def _count(written: Plain, said: list[str]) -> tuple[int, int, int, int, int, int]:
    """Hits, substitutions, deletions, insertions; words and their errors."""
    kinds = [op.tag for op in Levenshtein.editops(written.text, "".join(said))]
    substitutions, deletions = kinds.count("replace"), kinds.count("delete")
    hits = len(written.text) - substitutions - deletions
    words = written.words
    errors = Levenshtein.distance(words, said)
    return hits, substitutions, deletions, kinds.count("insert"), len(words), errors
