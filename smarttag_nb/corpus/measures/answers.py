"""What the answers tell, and what the readers met in them."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from ...errors import InvalidArgument
from ...tables import TABLES, TEXT
from ..corpus import Corpus
from .arguments import check_corpus

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
