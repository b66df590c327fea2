"""Ten million occurrences in a lake, and five questions about them, for corpus.py.

The rows are drawn as columns and written as `Corpus.add` writes them, a file for every thousand
jobs; a twentieth of the jobs was added twice, so that rows of theirs no longer count.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from deltalake import DeltaTable

from smarttag_nb import Corpus, tables
from smarttag_nb.corpus.lake import Lake
from smarttag_nb.corpus.loads import new_load_id
from smarttag_nb.corpus.part import write_file
from smarttag_nb.corpus.schema import owned, rows_of, table_of

LABELS = 20
"""Of a job; the first 12 are persons."""
OCCURRENCES = 500
"""Of a job."""
JOBS = 1_000
"""Of a file."""
AGAIN = 20
"""Each of so many jobs was added twice."""

Rows = list[tuple[Any, ...]]


def write_lake(folder: Path, occurrences: int) -> None:
    """Write a lake with so many occurrences that count."""
    lake = Lake.at(folder, None)
    random = np.random.default_rng(7)
    numbers = np.arange(occurrences // OCCURRENCES)
    parts = [numbers[::AGAIN], *np.array_split(numbers, -(-len(numbers) // JOBS))]
    made = zip(*_parts(lake, parts, random), strict=True)
    for name, files in zip(("labels", "occurrences", "jobs"), made, strict=True):
        lake.commit(name, list(files))


def _parts(lake: Lake, parts: list[Any], random: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    for numbers in parts:
        owners = [(f"job{number:07}", new_load_id()) for number in numbers.tolist()]
        drawn = {
            "labels": (LABELS, _labels(len(owners), random)),
            "occurrences": (OCCURRENCES, _occurrences(len(owners), random)),
        }
        files = []
        for name, (each, columns) in drawn.items():
            rows = rows_of(name, tables.build(name, columns, each * len(owners)))
            of_jobs = [(*owner, rows.slice(each * k, each)) for k, owner in enumerate(owners)]
            files.append(write_file(lake, name, owned(name, of_jobs)))
        jobs = [_job(int(number), *owner) for number, owner in zip(numbers, owners, strict=True)]
        yield *files, write_file(lake, "jobs", table_of("jobs", jobs))


def _labels(jobs: int, random: np.random.Generator) -> dict[str, Any]:
    count = LABELS * jobs
    label_id = np.tile(np.arange(LABELS), jobs)
    people = (3_000 * random.power(0.3, count)).astype(int).tolist()
    is_person = label_id < 12
    return {
        "label_id": label_id,
        "kind": np.where(is_person, "person", "tag").astype(object),
        "name": [
            f"来宾{someone}" if person else f"标签{number}"
            for someone, person, number in zip(people, is_person, label_id, strict=True)
        ],
        "ratio": random.uniform(0, 0.4, count).round(4),
        "result_type": "VideoLabel",
        "result_index": 0,
    }


def _occurrences(jobs: int, random: np.random.Generator) -> dict[str, Any]:
    count = OCCURRENCES * jobs
    start = random.uniform(0, 3_600, count).round(2)
    shots = np.array(["closeUp", "medium-closeUp", "medium", "medium-long"], dtype=object)
    return {
        "occurrence_id": np.tile(np.arange(OCCURRENCES), jobs),
        "label_id": np.sort(random.integers(0, LABELS, (jobs, OCCURRENCES))).ravel(),
        "start_time": start,
        "end_time": (start + random.uniform(1, 12, count)).round(2),
        "score": random.uniform(0.3, 1, count).round(3),
        "shot": shots[random.integers(0, len(shots), count)],
        "result_type": "VideoLabel",
        "result_index": 0,
    }


def _job(number: int, job_id: str, load_id: str) -> dict[str, Any]:
    return {
        "job_id": job_id,
        "load_id": load_id,
        "named_by": "answer",
        "product": "",
        "region": "",
        "operation": "QuerySmarttagJob",
        "params": "",
        "status": "Success",
        "duration": 3_600.0,
        "duration_source": "last end",
        "source": f"/data/answers/{job_id}.json",
        "answered": datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=number * 17_000 // 20_000),
        "ingested": datetime.now(UTC),
        "bytes": 50_000,
        "digest": uuid.uuid4().hex * 2,
        "removed": False,
        "counts": {"labels": LABELS, "occurrences": OCCURRENCES},
    }


# --- The questions, in SQL ---------------------------------------------------------------------

QUESTIONS = {
    "shots of the surest": """
        SELECT shot, count(*) AS n, avg(end_time - start_time) AS length
        FROM occurrences WHERE score > 0.9 GROUP BY shot ORDER BY shot
    """,
    "seconds of each person": """
        SELECT name, count(*) AS n, count(DISTINCT load_id) AS jobs,
            sum(end_time - start_time) AS seconds
        FROM occurrences JOIN labels USING (load_id, label_id)
        WHERE kind = 'person' GROUP BY name ORDER BY n DESC, name LIMIT 20
    """,
    "tags by month": """
        SELECT month, name, sum(end_time - start_time) AS seconds
        FROM occurrences JOIN labels USING (load_id, label_id) JOIN jobs USING (load_id)
        WHERE kind = 'tag' GROUP BY month, name ORDER BY month, name
    """,
    "who with whom": """
        SELECT a.name AS one, b.name AS other, count(DISTINCT load_id) AS jobs
        FROM labels AS a JOIN labels AS b USING (load_id)
        WHERE a.kind = 'person' AND b.kind = 'person' AND a.name < b.name
        GROUP BY one, other ORDER BY jobs DESC, one, other LIMIT 20
    """,
    "seconds without overlap": """
        SELECT name, sum(greatest(0, end_time - greatest(start_time, reached))) AS seconds
        FROM (
            SELECT name, start_time, end_time, coalesce(max(end_time) OVER (
                PARTITION BY load_id, label_id ORDER BY start_time
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), 0) AS reached
            FROM occurrences JOIN labels USING (load_id, label_id) WHERE kind = 'person'
        )
        GROUP BY name ORDER BY name LIMIT 20
    """,
}


# --- The ways: each opens a lake and gives a function that answers a question -------------------


def ours(folder: Path) -> Callable[[str], Rows]:
    """Corpus.sql."""
    corpus = Corpus(folder)
    return lambda question: list(corpus.sql(QUESTIONS[question]).itertuples(index=False, name=None))


def bare_duckdb(folder: Path) -> Callable[[str], Rows]:
    """The same SQL over the Parquet files, and no thought of which rows count: the limit."""
    connection = duckdb.connect()
    month = "strftime(make_timestamp(epoch_us(answered)), '%Y-%m') AS month"
    for name in ("labels", "occurrences", "jobs"):
        columns = f"load_id, {month}" if name == "jobs" else "*"
        connection.execute(
            f"CREATE VIEW {name} AS SELECT {columns} "
            f"FROM read_parquet({_files(folder, name)}, hive_partitioning = false)"
        )
    return lambda question: connection.sql(QUESTIONS[question]).fetchall()


def with_pandas(folder: Path) -> Callable[[str], Rows]:
    """The columns of a question by read_parquet, the rows that count, then merge and groupby."""
    jobs = pd.read_parquet(_files(folder, "jobs"), columns=["job_id", "load_id", "answered"])
    jobs = jobs.sort_values("load_id").drop_duplicates("job_id", keep="last")

    def rows(name: str, columns: list[str]) -> pd.DataFrame:
        frame = pd.read_parquet(_files(folder, name), columns=["load_id", *columns])
        return frame[frame["load_id"].isin(jobs["load_id"])]

    def seen(kind: str) -> pd.DataFrame:
        labels = rows("labels", ["label_id", "kind", "name"])
        occurrences = rows("occurrences", ["label_id", "start_time", "end_time"])
        return occurrences.merge(
            labels.loc[labels["kind"] == kind, ["load_id", "label_id", "name"]],
            on=["load_id", "label_id"],
        )

    def shots() -> pd.DataFrame:
        frame = rows("occurrences", ["start_time", "end_time", "score", "shot"])
        frame = frame[frame["score"] > 0.9]
        frame["length"] = frame["end_time"] - frame["start_time"]
        return frame.groupby("shot")["length"].agg(["count", "mean"]).reset_index()

    def seconds() -> pd.DataFrame:
        frame = seen("person")
        frame["seconds"] = frame["end_time"] - frame["start_time"]
        made = frame.groupby("name").agg(
            n=("seconds", "size"), jobs=("load_id", "nunique"), seconds=("seconds", "sum")
        )
        return made.reset_index().sort_values(["n", "name"], ascending=[False, True])[:20]

    def by_month() -> pd.DataFrame:
        frame = seen("tag").merge(jobs, on="load_id")
        frame["seconds"] = frame["end_time"] - frame["start_time"]
        frame["month"] = frame["answered"].dt.strftime("%Y-%m")
        return frame.groupby(["month", "name"])["seconds"].sum().reset_index()

    def pairs() -> pd.DataFrame:
        frame = rows("labels", ["kind", "name"])
        frame = frame.loc[frame["kind"] == "person", ["load_id", "name"]].drop_duplicates()
        both = frame.merge(frame, on="load_id")
        both = both[both["name_x"] < both["name_y"]]
        made = both.groupby(["name_x", "name_y"]).size().reset_index(name="jobs")
        return made.sort_values(["jobs", "name_x", "name_y"], ascending=[False, True, True])[:20]

    def union() -> pd.DataFrame:
        frame = seen("person").sort_values(["load_id", "label_id", "start_time"])
        label = [frame["load_id"], frame["label_id"]]
        reached = frame.groupby(["load_id", "label_id"])["end_time"].cummax()
        reached = reached.groupby(label).shift().fillna(0)
        begun = np.maximum(frame["start_time"], reached)
        frame["seconds"] = np.maximum(0, frame["end_time"] - begun)
        return frame.groupby("name")["seconds"].sum().reset_index()[:20]

    answers = dict(zip(QUESTIONS, (shots, seconds, by_month, pairs, union), strict=True))
    return lambda question: list(answers[question]().itertuples(index=False, name=None))


def _files(folder: Path, name: str) -> list[str]:
    return DeltaTable(str(folder / name)).file_uris()


WAYS: dict[str, Callable[[Path], Callable[[str], Rows]]] = {
    "ours": ours,
    "pandas": with_pandas,
    "bare DuckDB": bare_duckdb,
}
