"""Measures of many jobs: a Corpus in, a frame out.

All look at the best answer of each job, as the view ``best_jobs`` chooses it, and tell of a name
in all of its jobs; `coverage` and `problems` look at every answer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa

from ..errors import InvalidArgument, UnknownName
from ..measures.co_appearance import check_kinds
from ..tables import KINDS, TABLES, TEXT
from .corpus import Corpus
from .sql import frame_of


def presence(corpus: Corpus, *, kind: str | Iterable[str] | None = None) -> pd.DataFrame:
    """Measure in how many jobs each name appears, and for how long.

    Parameters
    ----------
    corpus : Corpus
        The jobs.
    kind : str or iterable of str, optional
        Only labels of this kind or these: ``"person"``, ``"tag"``… Without it, all.

    Returns
    -------
    pandas.DataFrame
        A row a kind and name, that of the most jobs first: kind, name; jobs in which it appears;
        seconds (union of its occurrences in each, in s); ratio, that divided by the duration of
        these jobs, where it is told; first_month and last_month in which it appears.

    Raises
    ------
    InvalidArgument
        `corpus` is none, or no label can be of that kind.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     corpus = stag.Corpus(folder)
    ...     _ = corpus.add(stag.samples.path("magazine", a) for a in ("cognition", "mts"))
    ...     seen = stag.corpus.measures.presence(corpus, kind="person")
    >>> seen.name[0], int(seen.jobs[0])
    ('沈青禾', 2)
    """
    check_corpus(corpus)
    return corpus.sql(_PRESENCE, {"kinds": _kinds(kind)})


def co_appearance(
    corpus: Corpus,
    *,
    kind: str | Iterable[str] | None = "person",
    names: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Measure in how many jobs every two names appear, and for how long at once.

    Parameters
    ----------
    corpus : Corpus
        The jobs.
    kind : str or iterable of str, optional
        Only labels of this kind or these; None for all, which may be very many pairs.
    names : iterable of str, optional
        Only pairs of these names.

    Returns
    -------
    pandas.DataFrame
        A row per two names that appear in one job, those of the most jobs first: kind_a, name_a,
        kind_b, name_b, in the order of text; jobs in which both appear; jobs_jaccard, that divided
        by the jobs in which either does; seconds in which both appear at once; and jaccard, that
        divided by the seconds in which either does, NaN where none is known.

    Raises
    ------
    InvalidArgument
        `corpus` or `names` is none, or no label can be of that kind.

    Notes
    -----
    The seconds of a single job are those of `smarttag_nb.measures.co_appearance`, where no two of
    its labels have one kind and name: here these are one.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     corpus = stag.Corpus(folder)
    ...     _ = corpus.add(stag.samples.path("magazine", a) for a in ("cognition", "mts"))
    ...     together = stag.corpus.measures.co_appearance(corpus)
    >>> together.name_a[0], together.name_b[0], int(together.jobs[0])
    ('Tobias Renn', '未知人脸2', 2)
    """
    check_corpus(corpus)
    return corpus.sql(_CO_APPEARANCE, {"kinds": _kinds(kind), "names": _names(names)})


def trends(
    corpus: Corpus,
    *,
    kind: str | Iterable[str] | None = None,
    names: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Measure how much of each month's media each name appears in.

    Parameters
    ----------
    corpus : Corpus
        The jobs.
    kind : str or iterable of str, optional
        Only labels of this kind or these. Without it, all.
    names : iterable of str, optional
        Only these names.

    Returns
    -------
    pandas.DataFrame
        A row a kind, name and month in which it appears, by month and then by name: kind, name,
        month; jobs of that month in which it appears; seconds (union of its occurrences in each,
        in s); ratio, that divided by the duration of all jobs of that month.

    Raises
    ------
    InvalidArgument
        `corpus` or `names` is none, or no label can be of that kind.

    Notes
    -----
    A job belongs to the month in which it was answered, or else ingested. One whose duration
    nothing tells counts among the jobs and adds no seconds.
    """
    check_corpus(corpus)
    return corpus.sql(_TRENDS, {"kinds": _kinds(kind), "names": _names(names)})


def phrases(
    corpus: Corpus,
    what: str,
    *,
    how: Literal["phrase", "words"] = "phrase",
    tables: str | Iterable[str] = ("speech", "ocr"),
) -> pd.DataFrame:
    """Find what is said and shown in any job, whatever its width and case.

    Parameters
    ----------
    corpus : Corpus
        The jobs.
    what : str
        Text to find.
    how : {"phrase", "words"}
        Find it as it stands, or all of its words, parted by spaces, in any order.
    tables : str or iterable of str
        Where to look: speech, ocr or both.

    Returns
    -------
    pandas.DataFrame
        A row a sentence or text seen that holds it, by job and time: job_id, load_id; table_name;
        row_id, the id of the row there; start_time and end_time (in s), for a text seen on one
        frame both its timestamp; text.

    Raises
    ------
    InvalidArgument
        `corpus` is none, `what` is no text or empty, or `how` is neither.
    UnknownName
        No such table is searched.

    Notes
    -----
    Texts are compared as `smarttag_nb.measures.search` compares them: in Unicode's compatibility
    form (NFKC), and case-folded. They are read once and only what is found is kept in memory.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     corpus = stag.Corpus(folder)
    ...     _ = corpus.add(stag.samples.path("magazine", a) for a in ("cognition", "mts"))
    ...     found = stag.corpus.measures.phrases(corpus, "水温 时间", how="words", tables="speech")
    >>> found[["job_id", "start_time"]].values.tolist()[0]
    ['cognition', 17.68]
    """
    check_corpus(corpus)
    wanted = _wanted(what, how)
    chosen = [tables] if isinstance(tables, str) else list(tables)
    for name in chosen:
        if name not in _SEARCHED:
            raise UnknownName("searched table", name, _SEARCHED)
    if not chosen:
        raise InvalidArgument("tables", "speech, ocr or both", tables)
    reader = corpus.stream(" UNION ALL ".join(_SEARCHED[name] for name in dict.fromkeys(chosen)))
    held = [batch.filter(_holds(batch["text"].to_pylist(), wanted)) for batch in reader]
    found = frame_of(pa.Table.from_batches(held, reader.schema))
    order = ["job_id", "load_id", "start_time", "table_name", "row_id"]
    return found.sort_values(order, ignore_index=True)


By = Literal["operation", "month", "source"]
"""What answers are put together by; a source is a folder, an archive or a client's store."""


def coverage(corpus: Corpus, *, by: By = "operation") -> pd.DataFrame:
    """Count what the answers tell: of which tables they have rows.

    Parameters
    ----------
    corpus : Corpus
        The jobs.
    by : {"operation", "month", "source"}
        What answers are put together by; a source is a folder, an archive or a client's store.

    Returns
    -------
    pandas.DataFrame
        A row for each of them and each contract table, in the tables' order: the one that `by`
        names; table_name; answers there; answers with rows of the table; share, that divided by
        all; rows.

    Raises
    ------
    InvalidArgument
        `corpus` is none, or `by` is none of the three.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     corpus = stag.Corpus(folder)
    ...     _ = corpus.add(stag.samples.path("magazine", a) for a in ("cognition", "mts"))
    ...     there = stag.corpus.measures.coverage(corpus, by="operation")
    >>> there.query("table_name == 'chapters'")[["operation", "share"]].values.tolist()
    [['QuerySmarttagJob', 0.0], ['QueryVideoCognitionJob', 1.0]]
    """
    check_corpus(corpus)
    counted = ", ".join(
        f"count_if(counts.{name} > 0) AS with_{name}, sum(counts.{name}) AS rows_{name}"
        for name in TABLES
    )
    order = "month" if by == "month" else f"answers DESC, {by} NULLS LAST"
    wide = corpus.sql(
        f"SELECT {_put_together(by)}, count(*) AS answers, {counted} "  # noqa: S608
        f"FROM jobs GROUP BY ALL ORDER BY {order}"
    )
    names = pd.array(np.tile(list(TABLES), len(wide)), dtype=TEXT)
    long = wide[[by, "answers"]].loc[wide.index.repeat(len(TABLES))].reset_index(drop=True)
    there, rows = (
        pd.array(wide[[f"{what}_{name}" for name in TABLES]].to_numpy().ravel(), dtype="Int64")
        for what in ("with", "rows")
    )
    long = long.assign(table_name=names, with_rows=there)
    share = (long["with_rows"] / long["answers"]).astype("float64")
    return long.assign(share=share, rows=rows)[
        [by, "table_name", "answers", "with_rows", "share", "rows"]
    ]


def problems(corpus: Corpus, *, by: By = "source") -> pd.DataFrame:
    """Count what the readers met in the answers.

    Parameters
    ----------
    corpus : Corpus
        The jobs.
    by : {"operation", "month", "source"}
        What answers are put together by; a source is a folder, an archive or a client's store.

    Returns
    -------
    pandas.DataFrame
        A row for each of them and each sort of problem, the worst and most frequent first: the one
        that `by` names; severity, action and code, as in the table `problems`; answers with such;
        items that it was met in.

    Raises
    ------
    InvalidArgument
        `corpus` is none, or `by` is none of the three.
    """
    check_corpus(corpus)
    return corpus.sql(f"""
SELECT {by}, severity, action, code, count(DISTINCT load_id) AS answers, sum(repeats) AS items
FROM problems JOIN (SELECT load_id, {_put_together(by)} FROM jobs) USING (load_id)
GROUP BY {by}, severity, action, code
ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END,
    items DESC, code, action, {by} NULLS LAST
""")  # noqa: S608


def check_corpus(corpus: Any) -> None:
    """Refuse what is no Corpus.

    Raises
    ------
    InvalidArgument
        It is something else.
    """
    if not isinstance(corpus, Corpus):
        raise InvalidArgument("corpus", "a Corpus", corpus)


def _kinds(kind: str | Iterable[str] | None) -> list[str]:
    return list(KINDS) if kind is None else check_kinds(kind)


def _names(names: Iterable[str] | None) -> list[str] | None:
    if names is None:
        return None
    listed = [names] if isinstance(names, str) else list(names)
    for name in listed:
        if not isinstance(name, str):
            raise InvalidArgument("names", "names of labels", name)
    return listed


_PRESENCE = """
SELECT kind, name, count(*) AS jobs, sum(seconds) AS seconds,
    sum(seconds) / nullif(sum(duration) FILTER (seconds IS NOT NULL), 0) AS ratio,
    min(month) AS first_month, max(month) AS last_month
FROM ratios JOIN (SELECT load_id, duration FROM best_jobs) USING (load_id)
WHERE list_contains($kinds, kind)
GROUP BY kind, name
ORDER BY jobs DESC, seconds DESC NULLS LAST, kind, name
"""

_CO_APPEARANCE = """
WITH named AS (
    SELECT load_id, kind, name, seconds FROM ratios
    WHERE list_contains($kinds, kind) AND ($names IS NULL OR list_contains($names, name))
),
alone AS (SELECT kind, name, count(*) AS jobs, sum(seconds) AS seconds FROM named GROUP BY ALL),
both_in AS (
    SELECT a.kind AS kind_a, a.name AS name_a, b.kind AS kind_b, b.name AS name_b, count(*) AS jobs
    FROM named AS a JOIN named AS b
        ON a.load_id = b.load_id AND (a.kind, a.name) < (b.kind, b.name)
    GROUP BY ALL
),
timed AS (FROM stretches SEMI JOIN named USING (load_id, kind, name)),
at_once AS (
    SELECT a.kind AS kind_a, a.name AS name_a, b.kind AS kind_b, b.name AS name_b,
        sum(least(a.end_time, b.end_time) - greatest(a.start_time, b.start_time)) AS seconds
    FROM timed AS a JOIN timed AS b
        ON a.load_id = b.load_id AND (a.kind, a.name) < (b.kind, b.name)
        AND a.start_time < b.end_time AND b.start_time < a.end_time
    GROUP BY ALL
)
SELECT kind_a, name_a, kind_b, name_b, both_in.jobs,
    both_in.jobs / (a.jobs + b.jobs - both_in.jobs) AS jobs_jaccard,
    coalesce(at_once.seconds, 0.0) AS seconds,
    -- Sums of the same seconds in another order may round to a hair above the whole.
    least(1.0, coalesce(at_once.seconds, 0.0) / nullif(
        coalesce(a.seconds, 0) + coalesce(b.seconds, 0) - coalesce(at_once.seconds, 0), 0
    )) AS jaccard
FROM both_in
LEFT JOIN at_once USING (kind_a, name_a, kind_b, name_b)
JOIN alone AS a ON a.kind = kind_a AND a.name = name_a
JOIN alone AS b ON b.kind = kind_b AND b.name = name_b
ORDER BY both_in.jobs DESC, at_once.seconds DESC NULLS LAST, kind_a, name_a, kind_b, name_b
"""

_TRENDS = """
SELECT kind, name, month, count(*) AS jobs, sum(seconds) AS seconds,
    sum(seconds) / nullif(any_value(of_month), 0) AS ratio
FROM ratios
JOIN (SELECT month, sum(duration) AS of_month FROM best_jobs GROUP BY month) USING (month)
WHERE list_contains($kinds, kind) AND ($names IS NULL OR list_contains($names, name))
GROUP BY kind, name, month
ORDER BY month, seconds DESC NULLS LAST, kind, name
"""

_SEARCHED = {
    "speech": """
SELECT job_id, load_id, 'speech' AS table_name, speech_id AS row_id, start_time, end_time, text
FROM best_speech
""",
    "ocr": """
SELECT job_id, load_id, 'ocr' AS table_name, ocr_id AS row_id,
    CASE WHEN lasts THEN start_time ELSE coalesce(timestamp, start_time) END AS start_time,
    CASE WHEN lasts THEN end_time ELSE coalesce(timestamp, end_time) END AS end_time, text
FROM (SELECT *, start_time IS NOT NULL AND end_time IS NOT NULL AS lasts FROM best_ocr)
""",
}
"""The tables that are searched, with times as `intervals.bounds` has them."""


def _wanted(what: Any, how: Any) -> list[str]:
    if how not in ("phrase", "words"):
        raise InvalidArgument("how", '"phrase" or "words"', how)
    wanted = _folded(what) if isinstance(what, str) else ""
    if not wanted.strip():
        raise InvalidArgument("what", "text that is not empty", what)
    return wanted.split() if how == "words" else [wanted]


def _holds(texts: list[str | None], wanted: list[str]) -> list[bool]:
    folded = ("" if text is None else _folded(text) for text in texts)
    return [all(part in text for part in wanted) for text in folded]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


_GROUPS = {
    "operation": "operation",
    "month": "month",
    # A member of an archive, a line of one, a Job, or else a file in a folder.
    "source": r"""
CASE
    WHEN contains(source, '!/') THEN split_part(source, '!/', 1)
    WHEN regexp_matches(source, '\.(jsonl|ndjson)(\.gz)?:\d+$')
        THEN regexp_replace(source, ':\d+$', '')
    WHEN starts_with(source, 'Job ') THEN 'Job'
    ELSE regexp_replace(source, '[/\\][^/\\]*$', '')
END AS source
""",
}


def _put_together(by: Any) -> str:
    """Give SQL for what answers are put together by, a column of that name."""
    if by not in tuple(_GROUPS):
        raise InvalidArgument("by", f"one of {', '.join(_GROUPS)}", by)
    return _GROUPS[by]
