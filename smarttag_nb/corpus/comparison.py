"""Machine against human, over all the jobs that have answers of both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from .. import cards
from ..cloud.progress import Bar
from ..errors import printable
from ..job import Duration, Job
from ..measures import compare, precision_recall
from ..measures.comparison import Comparison
from ..tables import KINDS, TABLES, TEXT, empty
from .schema import frame_of
from .snapshot import Snapshot

_AT_ONCE = 200
"""How many pairs of answers are in memory."""


@dataclass(frozen=True, eq=False, repr=False)
class CorpusComparison:
    """The labels of machines beside those of people, over many jobs.

    Attributes
    ----------
    jobs : pandas.DataFrame
        A row per job and kind: job_id, load_id_auto, load_id_hmi (of the answers compared, the
        same where one holds both), and the columns of ``Comparison.ratios``.
    changes : pandas.DataFrame
        A row per label that people changed: job_id, and the columns of ``Comparison.labels``.
    counts : pandas.DataFrame
        A row per kind: number of jobs, and the sums of their counts.
    """

    jobs: pd.DataFrame
    changes: pd.DataFrame
    counts: pd.DataFrame

    @property
    def ratios(self) -> pd.DataFrame:
        """The counts, with the precision and recall of each kind over all jobs."""
        return precision_recall(self.counts)

    def __repr__(self) -> str:
        kinds = (
            f"{row.kind} precision {row.label_precision:.1%}, recall {row.label_recall:.1%}"
            for row in self.ratios.itertuples()
        )
        told = "; ".join(kinds) or "none has answers of machine and human"
        return printable(f"<CorpusComparison of {self._number():,} jobs: {told}>")

    def _repr_html_(self) -> str:
        tables = [
            (
                str(row.kind),
                int(row.jobs),
                f"jobs; by label precision {row.label_precision:.1%}, recall "
                f"{row.label_recall:.1%}; by time {row.time_precision:.1%}, {row.time_recall:.1%}",
            )
            for row in self.ratios.itertuples()
        ]
        facts = [("jobs", f"{self._number():,}"), ("labels changed", f"{len(self.changes):,}")]
        return cards.render("Machine against human", facts=facts, tables=tables)

    def _number(self) -> int:
        return int(self.jobs["load_id_hmi"].nunique())


def compare_all(snapshot: Snapshot, tolerance: float) -> CorpusComparison:
    """Compare every pair of answers. `Corpus.compare` tells of the parameters."""
    # Its tables have all columns, also where there is no pair; and a wrong tolerance is told first.
    nothing = compare(_job("", {}, np.nan), _job("", {}, np.nan), tolerance=tolerance)
    pairs = _pairs(snapshot)
    jobs, changes = [], []
    with Bar(total=len(pairs), unit="job", desc="Comparing") as bar:
        for first in range(0, len(pairs), _AT_ONCE):
            some = pairs.iloc[first : first + _AT_ONCE]
            for pair, comparison in _compared(snapshot, some, tolerance):
                jobs.append(comparison.ratios.assign(**pair))
                labels = comparison.labels
                changed = (labels["change"] != "same") | labels["retimed"] | labels["rescored"]
                changes.append(labels[changed].assign(job_id=pair["job_id"]))
                bar.update()
    all_jobs = _stacked([nothing.ratios.assign(**dict.fromkeys(_PAIR, "")), *jobs], _PAIR)
    all_changes = _stacked([nothing.labels.assign(job_id=""), *changes], ("job_id",))
    return CorpusComparison(all_jobs, all_changes, _summed(all_jobs, nothing.counts))


_PAIR = ("job_id", "load_id_auto", "load_id_hmi")


def _pairs(snapshot: Snapshot) -> pd.DataFrame:
    """Pair the newest answers of a job: of machines' labels and of people's, or one with both."""
    snapshot.show(["labels"])
    return snapshot.connection.sql("""
        WITH told AS (
            SELECT load_id, bool_or(origin = 'auto') AS by_auto, bool_or(origin = 'hmi') AS by_hmi
            FROM labels WHERE origin IS NOT NULL GROUP BY load_id
        )
        SELECT job_id,
            max(load_id) FILTER (by_auto AND by_hmi) AS alone,
            coalesce(alone, max(load_id) FILTER (by_auto)) AS load_id_auto,
            coalesce(alone, max(load_id) FILTER (by_hmi)) AS load_id_hmi
        FROM loads JOIN told USING (load_id)
        GROUP BY product, region, operation, job_id,
            CASE named_by WHEN 'file' THEN source ELSE '' END
        HAVING load_id_auto IS NOT NULL AND load_id_hmi IS NOT NULL
        ORDER BY load_id_hmi
    """).df()


def _compared(
    snapshot: Snapshot, pairs: pd.DataFrame, tolerance: float
) -> Iterator[tuple[dict[str, str], Comparison]]:
    loads = pd.unique(pairs[["load_id_auto", "load_id_hmi"]].to_numpy().ravel())
    tables = {name: _by_load(snapshot, name, loads) for name in ("labels", "occurrences")}
    durations = _durations(snapshot, loads)
    for row in pairs[list(_PAIR)].to_dict("records"):
        pair = {str(name): str(value) for name, value in row.items()}
        sides = [
            _job(
                pair["job_id"],
                {name: rows[pair[load]] for name, rows in tables.items() if pair[load] in rows},
                durations[pair[load]],
            )
            for load in _PAIR[1:]
        ]
        human = None if pair["load_id_auto"] == pair["load_id_hmi"] else sides[1]
        comparison = compare(sides[0], human, tolerance=tolerance)
        yield pair, comparison


def _by_load(snapshot: Snapshot, name: str, loads: Any) -> dict[str, pd.DataFrame]:
    """Give the rows of a table, by load, but for what a comparison has no use for."""
    unused = [column.name for column in TABLES[name].columns if column.kind == "object"]
    empty_columns = ", ".join(f"NULL::VARCHAR AS {column}" for column in unused)
    snapshot.show([name])
    snapshot.connection.register("asked", pa.table({"load_id": loads}))
    rows = snapshot.connection.sql(
        f"SELECT * REPLACE ({empty_columns}) FROM {name} "  # noqa: S608
        f"SEMI JOIN asked USING (load_id) ORDER BY load_id, {TABLES[name].key}"
    ).to_arrow_table()
    frame = frame_of(name, rows)
    there, first = np.unique(rows["load_id"].to_numpy(), return_index=True)
    ends = [*first[1:], len(frame)]
    return {
        load: frame.iloc[start:end].reset_index(drop=True)
        for load, start, end in zip(there, first, ends, strict=True)
    }


def _durations(snapshot: Snapshot, loads: Any) -> dict[str, float]:
    snapshot.show(["jobs"])
    snapshot.connection.register("asked", pa.table({"load_id": loads}))
    found = snapshot.connection.execute(
        "SELECT load_id, duration FROM jobs SEMI JOIN asked USING (load_id)"
    ).fetchall()
    return {load: np.nan if seconds is None else seconds for load, seconds in found}


def _job(job_id: str, tables: dict[str, pd.DataFrame], seconds: float) -> Job:
    """Make a job of what is compared of one."""
    return Job(
        status=None,
        operation=None,
        job_id=job_id,
        request_id=None,
        user_data=None,
        reason=None,
        duration=Duration(seconds, "unknown"),
        raw=None,
        tables={name: tables.get(name, empty(name)) for name in TABLES},
    )


def _stacked(frames: list[pd.DataFrame], first: Sequence[str]) -> pd.DataFrame:
    """Put frames below one another, with these columns of text in front."""
    stacked = pd.concat(frames, ignore_index=True).astype(dict.fromkeys(first, TEXT))
    return stacked[[*first, *stacked.columns.drop(list(first))]]


def _summed(jobs: pd.DataFrame, none: pd.DataFrame) -> pd.DataFrame:
    """Sum the counts of all jobs, kind by kind."""
    sums = jobs.groupby("kind", as_index=False)[list(none.columns[1:])].sum()
    sums.insert(1, "jobs", jobs.groupby("kind")["load_id_hmi"].nunique().to_numpy())
    order = sums["kind"].map({kind: place for place, kind in enumerate(KINDS)})
    return sums.iloc[order.argsort(kind="stable")].reset_index(drop=True)
