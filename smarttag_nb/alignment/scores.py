"""Scores: how far what was said and what was written agree, in counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from rapidfuzz.distance import Levenshtein

from .matching import Matching
from .result import Scores
from .text import is_ideographic, plain

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
    matching: Matching, links: pd.DataFrame, lines: pd.DataFrame, speech: pd.DataFrame, true: float
) -> Scores:
    """Count what is equal and what differs between the subtitles and what was said for them.

    Parameters
    ----------
    matching : Matching
        Which character is which.
    links : pandas.DataFrame
        Links as positions of rows: sentence, line, kind.
    lines, speech : pandas.DataFrame
        All lines, with roles, and all sentences; a RangeIndex each.
    true : float
        Estimate of the speech recognition's own character error rate.

    Returns
    -------
    Scores
        Per line and in total.
    """
    linked = set(links.loc[links["kind"] == "text", "line_id"])
    texts, spoken = lines["text"].tolist(), speech["text"].tolist()
    ids = lines["line_id"].tolist()
    rows = []
    for line, row in enumerate(matching.lines.rows.tolist()):
        if ids[row] in linked:
            counts = _count(texts[row], _said_for(line, matching, spoken))
            rows.append((ids[row], *counts))
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


def _said_for(line: int, matching: Matching, spoken: Sequence[str]) -> str:
    """Speech from the first to the last character that stands in a line, as received."""
    begin, end = matching.screen.begins[line : line + 2]
    first, last = np.searchsorted(matching.taken[1:], [begin + 1, end + 1])
    owners = range(matching.speech.owner[first], matching.speech.owner[last - 1] + 1)
    pieces = []
    for owner in owners:
        start, stop = matching.speech.begins[owner : owner + 2]
        span = matching.speech.span(max(first, start), min(last, stop))
        pieces.append(spoken[matching.sentences.rows[owner]][slice(*span)])
    return " ".join(pieces)


def _count(written: str, said: str) -> tuple[int, int, int, int, int, int]:
    """Hits, substitutions, deletions, insertions; words and their errors."""
    reference, words = plain(written).text, _words(written)
    kinds = [op.tag for op in Levenshtein.editops(reference, plain(said).text)]
    substitutions, deletions = kinds.count("replace"), kinds.count("delete")
    hits = len(reference) - substitutions - deletions
    errors = Levenshtein.distance(words, _words(said))
    return hits, substitutions, deletions, kinds.count("insert"), len(words), errors


def _words(text: str) -> list[str]:
    """Words of a text as compared; an ideograph is a word."""
    return list(_split(text))


def _split(text: str) -> Iterator[str]:
    for piece in text.split():
        word = ""
        for character in plain(piece).text:
            if is_ideographic(character):
                if word:
                    yield word
                    word = ""
                yield character
            else:
                word += character
        if word:
            yield word
