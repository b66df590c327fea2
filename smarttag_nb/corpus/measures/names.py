"""How much names appear over all jobs, alone, together and month by month."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ...errors import InvalidArgument
from ...measures.co_appearance import check_kinds
from ...tables import KINDS
from ..corpus import Corpus
from .arguments import check_corpus


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
