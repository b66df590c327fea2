"""Where a text stands: in what is spoken, seen, recognised and told."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

import numpy as np
import pandas as pd

from .. import intervals
from ..errors import InvalidArgument, UnknownName
from ..job import Job, check_job
from ..tables import TABLES, TEXT

SEARCHED: Mapping[str, tuple[str, ...]] = {
    "speech": ("text",),
    "words": ("text",),
    "ocr": ("text",),
    "labels": ("name",),
    "chapters": ("headline", "summary"),
    "translations": ("text",),
}
"""The tables that are searched, and the fields in each."""


def search(
    job: Job,
    what: str | re.Pattern[str],
    *,
    tables: str | Iterable[str] | None = None,
    result_type: str | None = None,
) -> pd.DataFrame:
    r"""Find a text wherever the answer holds it, whatever its width and case.

    Parameters
    ----------
    job : Job
        An answer.
    what : str or re.Pattern
        Text to find as it is, or a compiled pattern.
    tables : str or iterable of str, optional
        Where to look: speech, words, ocr, labels, chapters, translations. Without it, in all.
    result_type : str, optional
        The result type to take in every table, in place of the one `Job.best` prefers.

    Returns
    -------
    pandas.DataFrame
        A row per hit, by time and then by table: table_name; row_id, the id of the row there;
        field, the column it stands in; start_time and end_time (in s), for a text seen on one
        frame both its timestamp; text, all of that field; text_start and text_stop, where in it
        the hit stands: ``text[text_start:text_stop]``. A label is a hit once for each of its
        occurrences, with their times, and once without a time where it has none.

    Raises
    ------
    InvalidArgument
        `what` is empty, or neither text nor a compiled pattern of text.
    UnknownName
        No such table is searched, or none of them has rows of that result type.

    Notes
    -----
    Texts are compared in Unicode's compatibility form (NFKC) and case-folded: ＡＢＣ is abc, ㎏ is
    kg, ß is ss, and a half-width kana is its full-width one. A hit that begins or ends within a
    character takes in all of it: g is found in ㎏ as the one character that is there.

    A pattern is searched in the compatibility form, ignoring case besides what its own flags say;
    so it is best written in half-width characters. Empty matches are no hits.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> job = stag.samples.load("magazine", answer="cognition")
    >>> hits = search(job, "ｍａｒａ", tables=["ocr", "labels"])
    >>> hits.groupby("table_name").start_time.agg(["min", "size"]).values.tolist()
    [[17.16, 3.0], [18.0, 5.0]]
    >>> search(job, re.compile(r"\bstars?\b|galax"), tables="speech").text.tolist()
    ['Each point of light here is a galaxy.']
    """
    check_job(job)
    pattern, case_folded = _pattern(what)
    found = [
        _search_table(job, table, result_type, pattern, case_folded).assign(place=place)
        for place, table in enumerate(_chosen(job, tables, result_type))
    ]
    made = pd.concat(found, ignore_index=True)
    order = ["start_time", "place", "end_time", "row_id", "field", "text_start"]
    return made.sort_values(order, ignore_index=True).drop(columns="place")


def _pattern(what: str | re.Pattern[str]) -> tuple[re.Pattern[str], bool]:
    """Make the pattern to look for, and tell whether to look in case-folded text."""
    if isinstance(what, re.Pattern) and isinstance(what.pattern, str):
        return re.compile(what.pattern, what.flags | re.IGNORECASE), False
    if not isinstance(what, str) or not what:
        raise InvalidArgument("what", "text that is not empty, or a compiled pattern of text", what)
    return re.compile(re.escape(_normal(what).casefold())), True


def _chosen(job: Job, tables: str | Iterable[str] | None, result_type: str | None) -> list[str]:
    if tables is None:
        tables = SEARCHED
    elif isinstance(tables, str) or not isinstance(tables, Iterable):
        tables = [tables]
    names = list(tables)
    if not names:
        raise InvalidArgument("tables", f"one or more of {', '.join(SEARCHED)}", tables)
    for name in names:
        if name not in tuple(SEARCHED):
            raise UnknownName("searched table", name, SEARCHED)
    chosen = [table for table in SEARCHED if table in names]
    if result_type is None:
        return chosen
    types = {table: job[table]["result_type"].dropna().unique().tolist() for table in chosen}
    if not any(result_type in there for there in types.values()):
        known = dict.fromkeys(one for there in types.values() for one in there)
        raise UnknownName(f"result type with {', '.join(chosen)}", result_type, known)
    return [table for table, there in types.items() if result_type in there]


def _search_table(
    job: Job, table: str, result_type: str | None, pattern: re.Pattern[str], case_folded: bool
) -> pd.DataFrame:
    frame = job.best(table, result_type)
    hits = [
        (row, field, text, start, stop)
        for field in SEARCHED[table]
        for row, text in enumerate(frame[field].tolist())
        if isinstance(text, str)
        for start, stop in _hits(text, pattern, case_folded)
    ]
    found, fields, texts, starts, stops = zip(*hits, strict=True) if hits else ((),) * 5
    rows = np.array(found, dtype=np.int64)
    made = pd.DataFrame(
        {
            "table_name": pd.array([table] * len(hits), dtype=TEXT),
            "row_id": frame[TABLES[table].key].iloc[rows].array,
            "field": pd.array(list(fields), dtype=TEXT),
            "start_time": np.nan,
            "end_time": np.nan,
            "text": pd.array(list(texts), dtype=TEXT),
            "text_start": pd.array(starts, dtype="Int64"),
            "text_stop": pd.array(stops, dtype="Int64"),
        }
    )
    if table == "labels":
        times = job["occurrences"][["label_id", "start_time", "end_time"]]
        timed = made.drop(columns=["start_time", "end_time"])
        timed = timed.merge(times, how="left", left_on="row_id", right_on="label_id")
        return timed[made.columns]
    start, end = intervals.bounds(frame)
    return made.assign(start_time=start[rows], end_time=end[rows])


def _hits(text: str, pattern: re.Pattern[str], case_folded: bool) -> Iterator[tuple[int, int]]:
    """Where in a text its hits start and stop."""
    normal = _normal(text)
    searched = normal.casefold() if case_folded else normal
    spans = [match.span() for match in pattern.finditer(searched) if match.end() > match.start()]
    if not spans:
        return
    pieces = _pieces(text, normal)
    own_stops = list(accumulate(len(piece) for piece, _ in pieces))
    stops = list(accumulate(len(made.casefold() if case_folded else made) for _, made in pieces))
    previous = None
    for start, stop in spans:
        first, last = bisect_right(stops, start), bisect_left(stops, stop)
        span = (own_stops[first - 1] if first else 0, own_stops[last])
        if span != previous:
            yield span
        previous = span


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _pieces(text: str, normal: str) -> list[tuple[str, str]]:
    """Cut a text into pieces that normalise each on its own, beside what each becomes.

    Normalising can join characters (a letter and its accent, parts of a Korean syllable), order
    accents and lengthen characters. Mostly it does none of the first two, and each character is a
    piece.
    """
    pieces = [(character, _normal(character)) for character in text]
    if "".join(made for _, made in pieces) == normal:
        return pieces
    clusters = list(_clusters(text))
    if len(clusters) == 1:
        return [(text, normal)]
    return [piece for cluster in clusters for piece in _pieces(cluster, _normal(cluster))]


def _clusters(text: str) -> Iterator[str]:
    """Cut a text wherever what follows neither combines with what stands before nor joins it."""
    begin = 0
    for i in range(1, len(text)):
        if unicodedata.combining(unicodedata.normalize("NFKD", text[i])[0]):
            continue
        cluster = text[begin:i]
        if _normal(cluster + text[i]) == _normal(cluster) + _normal(text[i]):
            yield cluster
            begin = i
    yield text[begin:]
