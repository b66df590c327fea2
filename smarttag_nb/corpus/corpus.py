"""Corpus: the answers of many jobs in one place."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal

import pandas as pd
import pyarrow as pa

from .. import cards
from ..errors import InvalidArgument, LakeError, SeveralAnswers, UnknownName, printable
from ..job import Duration, Job
from ..readers.notes import is_storable
from ..tables import TABLES, empty
from . import upkeep
from .comparison import CorpusComparison, compare_all
from .ingest import Added, ingest
from .lake import Lake
from .part import raw_of
from .schema import frame_of
from .snapshot import Snapshot
from .sql import run, select, stream
from .views import list_views


class Corpus:
    """Answers of many jobs as contract tables, in a folder or an object store.

    A Delta Lake table for each contract table, with the columns job_id and load_id before its own,
    and one of jobs. Spark, Trino, Polars and DuckDB read them too (see Notes).

    Parameters
    ----------
    path : path or str
        A folder, which need not be there yet, or the URL of an object store, such as
        ``s3://bucket/lake``.
    storage_options : dict of str to str, optional
        How to get into the object store, as deltalake takes it. Never shown, and kept nowhere.

    Attributes
    ----------
    path : str
        Where it is.

    Raises
    ------
    LakeError
        The path is a file, or a folder that holds something else.

    Notes
    -----
    Other engines: of each table only rows count whose load_id is that of the newest row of `jobs`
    for a product, region, operation, job_id and params, and not `removed`; the others are of loads
    that were broken off, replaced or removed (where named_by is ``file``, the source is part of
    that key, too).

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> answer = stag.samples.path("magazine", "smarttag")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     corpus = stag.Corpus(folder + "/lake")
    ...     print(corpus.add(answer))
    ...     corpus, corpus.job("smarttag") == stag.load(answer)
    1 added (700 rows), 0 unchanged
    (<Corpus lake: 1 answer>, True)
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        storage_options: Mapping[str, str] | None = None,
    ) -> None:
        self._lake = Lake.at(path, storage_options)
        self._last: Snapshot | None = None

    @property
    def path(self) -> str:
        """Where it is."""
        return self._lake.url

    def add(
        self,
        sources: Any,
        *,
        workers: int | None = None,
        on_error: Literal["record", "raise"] = "record",
        client: Any = None,
    ) -> Added:
        """Read answers into the corpus; those that it has are not read again.

        Parameters
        ----------
        sources : path, Store, Job, or iterable of them
            Files with an answer, folders of them, archives (.jsonl, .tar, .zip, also compressed),
            a client's store or its file, Jobs.
        workers : int, optional
            How many processes read. As many as processors, unless given; 1 starts none.
        on_error : {"record", "raise"}
            An answer that cannot be read becomes a row of the table ``failures``, or is raised.
        client : dask.distributed.Client, optional
            A cluster that reads, in place of processes here: each of its workers must reach the
            sources and the corpus under the same paths.

        Returns
        -------
        Added
            How many answers were added, unchanged, or could not be read.

        Raises
        ------
        InvalidArgument
            An argument is of the wrong kind.
        LakeError
            The corpus cannot be written. What was added before is whole.
        Exception
            With ``on_error="raise"``: an answer cannot be read. A note of it tells which.

        Notes
        -----
        An answer is known by the SHA-256 of what was received. One of the same product, region,
        operation, job_id and params as another takes its place. Answers in files do not tell what
        was asked for: where their labels are only machines' or only people's, that is taken. Where
        an answer does not tell its JobId, its file's name does, and where that is.

        What is committed, about every half minute, stays, whatever happens; adding the same again
        goes on from there. Several may add at once; of two answers of one job, that counts which
        was read later by the clock of the machine that read it.
        """
        return ingest(self._lake, sources, workers, on_error, client)

    def job(self, job_id: str, **which: str) -> Job:
        """Give a job back, equal to the one that went in.

        Parameters
        ----------
        job_id : str
            The job.
        **which : str
            What tells its answers apart, where the corpus has several: product, region, operation,
            params, source or load_id, as the table ``jobs`` has them.

        Returns
        -------
        Job
            The answer.

        Raises
        ------
        InvalidArgument
            `job_id` is no text.
        UnknownName
            There is no such job, or none of its answers is so.
        SeveralAnswers
            Several are.
        """
        if not is_storable(job_id):
            raise InvalidArgument("job_id", "a text", job_id)
        snapshot = self._snapshot()
        rows = snapshot.jobs(job_id)
        if not rows:
            raise snapshot.unknown_job(job_id)
        row = _only(job_id, which, rows)
        load_id, counts = row["load_id"], row["counts"]
        (received,) = snapshot.fetch("answers", load_id).to_pylist()
        tables = {
            name: frame_of(name, snapshot.fetch(name, load_id)) if counts[name] else empty(name)
            for name in TABLES
        }
        seconds = float("nan") if row["duration"] is None else row["duration"]
        return Job(
            status=row["status"],
            operation=row["answer_operation"],
            job_id=None if row["named_by"] == "digest" else row["job_id"],
            request_id=row["request_id"],
            user_data=None if row["user_data"] is None else json.loads(row["user_data"]),
            reason=row["reason"],
            duration=Duration(seconds, row["duration_source"]),
            raw=raw_of(received["form"], received["raw"]),
            tables=tables,
        )

    def table(
        self,
        name: str,
        columns: Sequence[str] | None = None,
        where: str | None = None,
        params: Mapping[str, Any] | Sequence[Any] | None = None,
    ) -> pd.DataFrame:
        """Give a table of all jobs.

        Parameters
        ----------
        name : str
            A contract table, ``"jobs"`` or ``"failures"``.
        columns : sequence of str, optional
            Which columns, in this order. Without it, all; of a contract table those are job_id,
            load_id and its own.
        where : str, optional
            Which rows: a condition in SQL, such as ``"kind = 'person' AND score > $least"``.
        params : mapping or sequence, optional
            Values for ``$name`` or ``?`` in the condition.

        Returns
        -------
        pandas.DataFrame
            Its rows, of the dtypes of the contract table.

        Raises
        ------
        UnknownName
            There is no such table or column.
        InvalidArgument
            The columns are no list, the condition is no text, or `params` no values.
        QueryError
            The condition is no SQL that can be run.
        """
        return select(self._snapshot(), name, columns, where, params)

    def dask(self, name: str, columns: Sequence[str] | None = None) -> Any:
        """Give a table of all jobs as a lazy frame, for more rows than memory holds.

        Parameters
        ----------
        name : str
            A contract table, or ``"jobs"``.
        columns : sequence of str, optional
            Which columns are read, in this order; without it, all. What is not named here is read
            even where Dask could tell that nothing needs it.

        Returns
        -------
        dask.dataframe.DataFrame
            The rows that count now, of the dtypes that `table` gives, a partition for each file.

        Raises
        ------
        UnknownName
            There is no such table or column.
        InvalidArgument
            The columns are no list of names.

        Notes
        -----
        It is computed by whatever Dask computes with. What others add meanwhile is not seen; what
        `compact` deletes after its grace is missed.

        Examples
        --------
        >>> import smarttag_nb as stag, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     corpus = stag.Corpus(folder)
        ...     _ = corpus.add(stag.samples.load("magazine"))
        ...     speech = corpus.dask("speech", ["job_id", "text"])
        ...     speech.groupby("job_id").text.count().compute().to_dict()
        {'cognition': 69}
        """
        from .dask import lazy_table

        return lazy_table(self._snapshot(), name, columns)

    def sql(
        self, query: str, params: Mapping[str, Any] | Sequence[Any] | None = None
    ) -> pd.DataFrame:
        """Ask all jobs at once, in DuckDB's SQL.

        Parameters
        ----------
        query : str
            One SELECT, over the contract tables, ``jobs``, ``failures`` and the views of
            `corpus.views`.
        params : mapping or sequence, optional
            Values for ``$name`` or ``?`` in it.

        Returns
        -------
        pandas.DataFrame
            What it selects. Whole numbers are Int64, texts of the explicit text dtype.

        Raises
        ------
        InvalidArgument
            The query is no text, or `params` no values.
        QueryError
            It cannot be run, or is no SELECT: nothing is ever written.
        """
        return run(self._snapshot(), query, params)

    def compare(self, *, tolerance: float = 0.25) -> CorpusComparison:
        """Compare the labels of machines with those of people, in every job that has both.

        Parameters
        ----------
        tolerance : float
            Seconds, 0 or more, that one of a pair may be told alone before it counts as retimed.

        Returns
        -------
        CorpusComparison
            Precision and recall of each kind, by job and over all, and every label changed.

        Raises
        ------
        InvalidArgument
            `tolerance` is no number of seconds.

        See Also
        --------
        smarttag_nb.measures.compare : For two jobs; it tells how labels are matched and counted.
        """
        return compare_all(self._snapshot(), tolerance)

    def counts(self) -> dict[str, int]:
        """Count the rows of each table.

        Returns
        -------
        dict of str to int
            Of jobs, failures and every contract table, whether it has rows or not.
        """
        sums = ", ".join(f"sum(counts.{name}) AS {name}" for name in TABLES)
        counted = "count(*) AS jobs, (SELECT count(*) FROM failures) AS failures"
        (row,) = self.sql(f"SELECT {counted}, {sums} FROM jobs").fillna(0).to_dict("records")  # noqa: S608
        return {str(name): int(rows) for name, rows in row.items()}

    def views(self) -> pd.DataFrame:
        """List what `sql` can ask besides the contract tables.

        Returns
        -------
        pandas.DataFrame
            A row a column of ``jobs``, ``failures`` and of each view: view; row, what a row of it
            is; column, unit and meaning.

        Examples
        --------
        >>> import smarttag_nb as stag, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     corpus = stag.Corpus(folder)
        ...     _ = corpus.add(stag.samples.load("magazine"))
        ...     there = corpus.views().view.unique().tolist()
        ...     seen = corpus.sql("SELECT count(*) AS n FROM appearances WHERE name = '沈青禾'")
        >>> there[-4:], seen.n.tolist()
        (['persons', 'appearances', 'stretches', 'ratios'], [2])
        """
        return list_views()

    def remove(self, job_ids: str | Iterable[str]) -> int:
        """Take jobs out, with all of their answers.

        Their rows are no longer seen at once, and deleted by `compact`. Adding them again brings
        them back.

        Parameters
        ----------
        job_ids : str or iterable of str
            The jobs.

        Returns
        -------
        int
            How many answers were taken out.

        Raises
        ------
        InvalidArgument
            A JobId is no text.
        UnknownName
            One of the jobs is not there; none is taken out.
        LakeError
            The corpus cannot be written.
        """
        single = isinstance(job_ids, str) or not isinstance(job_ids, Iterable)
        asked: list[Any] = [job_ids] if single else list(job_ids)
        for job_id in asked:
            if not is_storable(job_id):
                raise InvalidArgument("job_ids", "texts", job_id)
        return upkeep.remove(self._snapshot(), asked)

    def compact(self, grace: timedelta = timedelta(days=1)) -> None:
        """Delete the rows that no job needs any longer, and put small files together.

        Parameters
        ----------
        grace : datetime.timedelta
            What was needed within it stays, as somebody may be reading it or about to commit it:
            longer than any query, and than any `add` on a cluster.

        Raises
        ------
        InvalidArgument
            `grace` is no time of 0 or more.
        LakeError
            The corpus cannot be written, or others rewrite it all the while.
        """
        if not isinstance(grace, timedelta) or grace < timedelta(0):
            raise InvalidArgument("grace", "a datetime.timedelta, 0 or longer", grace)
        upkeep.compact(self._lake, grace)

    def check(self) -> pd.DataFrame:
        """Read everything, and compare it with what it should be.

        Returns
        -------
        pandas.DataFrame
            What is wrong, a row each: table, job_id, load_id, problem. None, where all is whole.

        Raises
        ------
        LakeError
            A table cannot even be opened.

        Notes
        -----
        Every file is compared with the SHA-256 that is its name, the rows of each table with those
        that each job should have and their ids with one another, and each answer with its SHA-256.
        Of files that `compact` put together no digest is known: in them a changed byte shows where
        it makes the file unreadable, or an answer, an id or a number of rows another one.
        """
        return upkeep.check(self._lake)

    def stream(self, query: str) -> pa.RecordBatchReader:
        """Ask as `sql` does, for answers that are too many for a frame.

        Parameters
        ----------
        query : str
            One SELECT.

        Returns
        -------
        pyarrow.RecordBatchReader
            Batches of up to 100,000 rows, of what counted when it was asked.

        Raises
        ------
        InvalidArgument
            The query is no text.
        QueryError
            It cannot be run, or is no SELECT.
        """
        return stream(Snapshot(self._lake), query)

    def _snapshot(self) -> Snapshot:
        if self._last is None or not self._last.is_newest():
            self._last = Snapshot(self._lake)
        return self._last

    def __len__(self) -> int:
        return self._snapshot().count("live")

    def __bool__(self) -> bool:
        # An empty corpus is one, too: `corpus or …` would drop it.
        return True

    def __repr__(self) -> str:
        try:
            number = len(self)
        except LakeError:
            return f"<{self._called()}: cannot be read>"
        return f"<{self._called()}: {number:,} answer{'' if number == 1 else 's'}>"

    def _called(self) -> str:
        return f"Corpus {printable(os.path.basename(self.path) or self.path)}"

    def _repr_html_(self) -> str:
        counts = self.counts()
        answers, failures = counts.pop("jobs"), counts.pop("failures")
        facts = [("answers", "none yet")]
        if answers:
            (told,) = self.sql(_CARD).to_dict("records")
            months = dict.fromkeys([told["first"], told["last"]])
            facts = [
                ("answers", f"{answers:,}, of {told['jobs']:,} jobs"),
                ("received", f"{told['bytes'] / 1e6:,.1f} MB"),
                ("answered", " to ".join(months)),
            ]
        plural = "" if failures == 1 else "s"
        return cards.render(
            self._called(),
            facts=facts,
            tables=[(name, rows, "") for name, rows in counts.items() if rows],
            marks=[(cards.BAD, f"{failures:,} failure{plural}")] if failures else [],
            marks_in='.table("failures")',
        )


_CARD = """
SELECT sum(bytes) AS bytes, count(DISTINCT job_id) AS jobs, min(month) AS first, max(month) AS last
FROM jobs
"""


def _only(job_id: str, which: Mapping[str, str], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Take the one answer that is meant."""
    for name, value in which.items():
        if name not in _TELLING:
            raise UnknownName("column that tells answers apart", name, _TELLING)
        there = sorted({row[name] or "" for row in rows})
        rows = [row for row in rows if (row[name] or "") == (value or "")]
        if not rows:
            raise UnknownName(f"{name} of an answer of job {job_id!r}", value, there)
    if len(rows) > 1:
        differ = [name for name in _TELLING if len({row[name] for row in rows}) > 1]
        told = (", ".join(f"{name}={row[name]!r}" for name in differ[:-1]) for row in rows)
        raise SeveralAnswers(job_id, told)
    return rows[0]


_TELLING = ("product", "region", "operation", "params", "source", "load_id")
