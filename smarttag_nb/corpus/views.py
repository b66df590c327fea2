"""Views of a lake: the questions that many have, asked once and well.

They are SQL over the tables of a snapshot and over one another, each over those above it alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ..job import PREFERENCE
from ..tables import TABLES, TEXT


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a view."""

    name: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A view: what a row is, its columns in order, and the SQL that makes them."""

    row: str
    columns: tuple[Column, ...]
    query: str


_JOB = Column("job_id", "the job")
_LOAD = Column("load_id", "the load of its answer: row ids are unique in one")
_MONTH = Column("month", "when it was answered, or else ingested, as in 2026-11")
_KIND = Column("kind", "person, tag, category, entity, hotword, keyword or text")
_NAME = Column("name", "the label itself, the most specific name it has")
_START = Column("start_time", "start", "s")
_END = Column("end_time", "end", "s")

_JOBS = (
    _JOB,
    _LOAD,
    Column("product", "ice or mts, where a client's store tells it"),
    Column("region", "where it ran, where a client's store tells it"),
    Column("operation", "the operation that answered"),
    Column("params", "what else was asked for, as JSON"),
    Column("status", "the API's word: Success, Processing, Finished…"),
    Column("reason", "why it failed"),
    Column("title", "what to call it"),
    Column("request_id", "the id of the request"),
    Column("user_data", "the user's own data, as JSON"),
    Column("duration", "of the media", "s"),
    Column("duration_source", "given, ratios, last end or unknown"),
    Column("source", "where the answer was found"),
    Column("answered", "when the answer came: the time of its file or store's entry", "UTC"),
    Column("ingested", "when it was added", "UTC"),
    _MONTH,
    Column("bytes", "size of the answer as received", "B"),
    Column("digest", "of the answer and what names it, SHA-256"),
    Column("named_by", "who tells the job_id: the answer, its file's name, or its digest"),
    Column("counts", "rows of each contract table: counts.labels, counts.speech…"),
)

_FAILURES = (
    Column("source", "where the answer was found"),
    Column("kind", "the class of the error"),
    Column("error", "what it said"),
    Column("ingested", "when it was met", "UTC"),
    Column("load_id", "of the attempt"),
    Column("digest", "of the source and the error, SHA-256"),
)


def _owned(table: str) -> tuple[Column, ...]:
    own = (Column(column.name, column.meaning, column.unit) for column in TABLES[table].columns)
    return (_JOB, _LOAD, *own)


def _taken(table: str, *names: str) -> tuple[Column, ...]:
    return tuple(column for column in _owned(table) if column.name in names)


def _rank(table: str) -> str:
    """Give SQL that says how much a row's result type is believed, 0 being most."""
    told = " ".join(f"WHEN '{kind}' THEN {k}" for k, kind in enumerate(PREFERENCE[table]))
    return f"CASE result_type {told} END"


def _best(table: str) -> str:
    """Give SQL for the rows of the best result type of each answer."""
    return f"""
SELECT rows.* EXCLUDE (trust)
FROM (SELECT *, {_rank(table)} AS trust FROM {table} SEMI JOIN best_jobs USING (load_id)) AS rows
JOIN (SELECT load_id, min({_rank(table)}) AS most FROM {table} GROUP BY load_id) USING (load_id)
WHERE most IS NULL OR trust = most
"""  # noqa: S608


_BEST_JOBS = """
FROM jobs SEMI JOIN (
    SELECT load_id
    FROM (
        SELECT *, coalesce(contains(params, '"labelResultType":"hmi"'), false) AS hmi FROM jobs
    )
    QUALIFY
        rank() OVER (PARTITION BY job_id, operation ORDER BY hmi DESC, named_by = 'file') = 1
        AND row_number() OVER (
            PARTITION BY job_id, operation, hmi, named_by = 'file',
                CASE named_by WHEN 'file' THEN source END
            ORDER BY load_id DESC
        ) = 1
) USING (load_id)
"""
"""Where only files tell the JobId, the same name in two folders is two jobs."""

_BEST_LABELS = f"""
SELECT rows.* EXCLUDE (trust)
FROM (
    SELECT *, {_rank("labels")} AS trust FROM labels SEMI JOIN best_jobs USING (load_id)
) AS rows
JOIN (
    SELECT load_id, min({_rank("labels")}) AS most,
        coalesce(bool_or(origin = 'hmi'), false) AS has_hmi
    FROM labels GROUP BY load_id
) USING (load_id)
WHERE most IS NULL OR result_type = 'TextLabel'
    OR trust = most AND (result_type <> 'CPVLabel' OR NOT has_hmi OR origin = 'hmi')
"""  # noqa: S608

_BEST_OCCURRENCES = "FROM occurrences SEMI JOIN best_labels USING (load_id, label_id)"

_PERSONS = """
SELECT job_id, load_id, label_id, name, category, ratio, score, month
FROM best_labels JOIN (SELECT load_id, month FROM best_jobs) USING (load_id)
WHERE kind = 'person'
"""

_APPEARANCES = """
SELECT job_id, load_id, occurrence_id, label_id, name, start_time, end_time, seen.score, shot,
    source, month
FROM occurrences AS seen
JOIN (SELECT load_id, label_id, name, month FROM persons) USING (load_id, label_id)
"""

_STRETCHES = """
SELECT job_id, load_id, kind, name, min(start_time) AS start_time, max(end_time) AS end_time
FROM (
    SELECT *, count_if(opens) OVER (earlier ROWS UNBOUNDED PRECEDING) AS stretch
    FROM (
        SELECT job_id, load_id, kind, name, start_time, end_time,
            coalesce(start_time > max(end_time) OVER (
                earlier ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), true) AS opens
        FROM occurrences
        JOIN (SELECT load_id, label_id, kind, name FROM best_labels) USING (load_id, label_id)
        WHERE kind IS NOT NULL AND name IS NOT NULL
            AND start_time <= end_time AND isfinite(start_time) AND isfinite(end_time)
        WINDOW earlier AS (PARTITION BY load_id, kind, name ORDER BY start_time, end_time)
    )
    WINDOW earlier AS (PARTITION BY load_id, kind, name ORDER BY start_time, end_time)
)
GROUP BY job_id, load_id, kind, name, stretch
"""

_RATIOS = """
SELECT job_id, load_id, kind, name, month, seconds,
    seconds / nullif(duration, 0) AS ratio_measured, ratio_reported
FROM (
    SELECT load_id, kind, name, max(ratio) AS ratio_reported
    FROM best_labels WHERE kind IS NOT NULL AND name IS NOT NULL GROUP BY load_id, kind, name
)
LEFT JOIN (
    SELECT load_id, kind, name, sum(end_time - start_time) AS seconds
    FROM stretches GROUP BY load_id, kind, name
) USING (load_id, kind, name)
JOIN (SELECT job_id, load_id, month, duration FROM best_jobs) USING (load_id)
"""

VIEWS: Mapping[str, View] = {
    "best_jobs": View(
        "a job, with the answer to believe: human-made labels before machine-made, then the newest",
        _JOBS,
        _BEST_JOBS,
    ),
    "best_labels": View(
        'a label of the best result type of a best job, as job.best("labels") has it',
        _owned("labels"),
        _BEST_LABELS,
    ),
    "best_occurrences": View(
        "a time range of a best label", _owned("occurrences"), _BEST_OCCURRENCES
    ),
    "best_speech": View(
        'a spoken sentence, as job.best("speech") has it',
        _owned("speech"),
        _best("speech"),
    ),
    "best_ocr": View(
        'a text seen on screen, as job.best("ocr") has it',
        _owned("ocr"),
        _best("ocr"),
    ),
    "persons": View(
        "a person in a job: a best label of that kind",
        (*_taken("labels", "job_id", "load_id", "label_id", "name", "category", "ratio", "score"),
         _MONTH),
        _PERSONS,
    ),
    "appearances": View(
        "a time range in which a person appears",
        (
            *_taken("occurrences", "job_id", "load_id", "label_id", "occurrence_id"),
            _NAME,
            *_taken("occurrences", "start_time", "end_time", "score", "shot", "source"),
            _MONTH,
        ),
        _APPEARANCES,
    ),
    "stretches": View(
        "a time range in which a name appears in a job; those of one name neither overlap nor "
        "touch",
        (_JOB, _LOAD, _KIND, _NAME, _START, _END),
        _STRETCHES,
    ),
    "ratios": View(
        "a name in a job",
        (
            _JOB,
            _LOAD,
            _KIND,
            _NAME,
            _MONTH,
            Column("seconds", "union of its occurrences", "s"),
            Column("ratio_measured", "seconds by the duration", "0–1"),
            Column("ratio_reported", "as reported; of several labels the greatest", "0–1"),
        ),
        _RATIOS,
    ),
}  # fmt: skip
"""What `Corpus.sql` has besides the tables. Labels without a name are in no stretch or ratio."""


def list_views() -> pd.DataFrame:
    """List what `Corpus.sql` has besides contract tables. `Corpus.views` tells more."""
    told = {
        "jobs": ("an answer", _JOBS),
        "failures": ("an answer that could not be read", _FAILURES),
        **{name: (view.row, view.columns) for name, view in VIEWS.items()},
    }
    rows = [
        (name, row, column.name, column.unit, column.meaning)
        for name, (row, columns) in told.items()
        for column in columns
    ]
    return pd.DataFrame(rows, columns=["view", "row", "column", "unit", "meaning"], dtype=TEXT)
