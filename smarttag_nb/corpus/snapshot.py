"""What a lake holds at one moment: which loads count, and the rows of them.

`jobs` is opened first, as it is at that moment. Of every other table only rows of the loads that it
names count: what others commit meanwhile is not seen, and what nobody's load is never shows.
"""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

import duckdb
import pyarrow as pa
import pyarrow.dataset
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from ..errors import UnknownName
from ..tables import TABLES
from .lake import Lake, cannot_be_read
from .schema import KEY, SCHEMAS


class Snapshot:
    """A lake at one moment, in a DuckDB connection of its own.

    Parameters
    ----------
    lake : Lake
        The lake.
    version : int, optional
        Of the table jobs; the newest, unless given.

    Attributes
    ----------
    lake : Lake
        The lake.
    version : int
        Of the table jobs; −1 where there is none yet.
    connection : duckdb.DuckDBPyConnection
        Has two tables. `loads`: a row for every load there ever was, with the columns of the key,
        named_by, source, load_id, digest, removed; newer, the load_id that took its place; and
        gone, whether it or a later one is a removal. `live`: the load_ids that count. Views of the
        tables come with `show`.
    """

    def __init__(self, lake: Lake, version: int | None = None) -> None:
        self.lake = lake
        self._jobs = lake.open("jobs", version)
        self.version = -1 if self._jobs is None else self._jobs.version()
        self.connection = connect(lake.url if lake.is_local else None)
        with self._reading("jobs"):
            source = self._rows("jobs", self._jobs)
            self.connection.execute(f"CREATE TABLE loads AS {_LOADS.format(jobs=source)}")
            self.connection.execute(_LIVE)

    def is_newest(self) -> bool:
        """Tell whether nothing was committed to jobs since.

        Raises
        ------
        LakeError
            It cannot be read.
        """
        if self._jobs is None:
            return self.lake.open("jobs") is None
        with self._reading("jobs"):
            self._jobs.update_incremental()
        return bool(self._jobs.version() == self.version)

    def digests(self) -> Iterator[bytes]:
        """Give the digest of every answer that need not be read again, and of every failure.

        Also of those that a newer one took the place of: where files of both are there, adding
        them again must not turn them round. But not of what a job had before it was removed.
        """
        self.show(["failures"])
        with self._reading("failures"):
            found = self.connection.execute(_DIGESTS)
            while rows := found.fetchmany(100_000):
                yield from (bytes.fromhex(digest) for (digest,) in rows)

    def failed(self) -> list[str]:
        """List the sources that could not be read when they were tried last."""
        self.show(["failures"])
        return [source for (source,) in self.connection.execute(_FAILED).fetchall()]

    def show(self, names: Iterable[str]) -> None:
        """Make a view of each table named, of the rows that count, and ``all_…`` of all there are.

        Raises
        ------
        LakeError
            A table cannot be read.
        """
        for name in names:
            with self._reading(name):
                rows = self._rows(name, self._jobs if name == "jobs" else self.lake.open(name))
                self.connection.execute(f"CREATE OR REPLACE VIEW all_{name} AS {rows}")
                query = counting(name, f"all_{name}")
                self.connection.execute(f"CREATE OR REPLACE VIEW {name} AS {query}")

    def files(self, name: str) -> list[str]:
        """List the paths of a table's files within it."""
        table = self._jobs if name == "jobs" else self.lake.open(name)
        return [] if table is None else _paths(table)

    def count(self, name: str) -> int:
        """Count the rows of a table that the connection has."""
        (number,) = self.connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0]  # noqa: S608
        return int(number)

    def jobs(self, job_id: str) -> list[dict[str, Any]]:
        """Give the rows of `jobs` that count of a JobId."""
        found = self.connection.execute(
            f"SELECT load_id {_OF_LIVE} WHERE job_id = $job_id",
            {"job_id": job_id},
        ).fetchall()
        return [row for (load,) in found for row in self.fetch("jobs", load).to_pylist()]

    def unknown_job(self, job_id: str) -> UnknownName:
        """Make the error of a JobId that is not there, which tells some that are like it."""
        found = self.connection.execute(_NEAR, {"job_id": job_id}).fetchall()
        others = found[0][1] - len(found) if found else 0
        return UnknownName("job in the corpus", job_id, [near for near, _ in found], others)

    def fetch(self, name: str, load_id: str) -> pa.Table:
        """Give the rows of one load, and read no file that has none of them."""
        table = self.lake.open(name)
        if table is None:
            return SCHEMAS[name].empty_table()
        wanted = pyarrow.dataset.field("load_id") == load_id
        with self._reading(name):
            return self._dataset(table, name).to_table(list(SCHEMAS[name].names), filter=wanted)

    def batches(self, name: str) -> Iterator[pa.RecordBatch]:
        """Give a table's rows that count, some at a time."""
        self.show([name])
        with self._reading(name):
            reader: Any = self.connection.sql(f"FROM {name}").to_arrow_reader(_BATCH)
            yield from reader

    def dead(self, name: str, before: str) -> list[str]:
        """List the loads whose rows of a table nobody needs any longer.

        Parameters
        ----------
        name : str
            The table.
        before : str
            Whoever reads may have begun at this load id or later, and needs what counted then.

        Returns
        -------
        list of str
            Loads older than that which no longer count, or never came to.
        """
        self.show([name])
        needed = "FROM loads WHERE NOT removed AND (newer IS NULL OR newer >= $before)"
        if name == "failures":
            needed = "FROM failures"
        query = (
            f"SELECT DISTINCT load_id FROM all_{name} "  # noqa: S608
            f"WHERE load_id < $before AND load_id NOT IN (SELECT load_id {needed})"
        )
        with self._reading(name):
            found = self.connection.execute(query, {"before": before}).fetchall()
        return [load_id for (load_id,) in found]

    def miscounted(self, name: str) -> list[tuple[str, str, str]]:
        """List jobs that have other rows of a table than they should: job_id, load_id, what.

        With `show` the view of jobs was made.
        """
        self.show([name])
        told, key = (f"counts.{name}", TABLES[name].key) if name in TABLES else ("1", "load_id")
        query = f"""
            SELECT job_id, load_id, coalesce(n, 0), {told}, coalesce(d, 0)
            FROM jobs LEFT JOIN (
                SELECT load_id, count(*) AS n, count(DISTINCT {key}) AS d
                FROM {name} GROUP BY load_id
            ) AS there USING (load_id)
            WHERE coalesce(n, 0) <> {told} OR coalesce(d, 0) <> coalesce(n, 0)
        """  # noqa: S608
        with self._reading(name):
            found = self.connection.execute(query).fetchall()
        return [
            (job_id, load_id, f"{there:,} rows with {ids:,} ids, and should be {told:,}")
            for job_id, load_id, there, told, ids in found
        ]

    def repeated(self) -> list[tuple[str, str, str]]:
        """List jobs whose row stands more than once: job_id, load_id, what."""
        found = self.connection.execute(
            "SELECT job_id, load_id, count(*) FROM loads GROUP BY ALL HAVING count(*) > 1"
        ).fetchall()
        return [(job, load, f"{there:,} rows, and should be 1") for job, load, there in found]

    @contextmanager
    def _reading(self, name: str) -> Iterator[None]:
        try:
            yield
        except (DeltaError, OSError, duckdb.Error, pa.ArrowException) as error:
            raise cannot_be_read(self.lake.url, name, error) from None

    def _dataset(self, table: DeltaTable, name: str) -> pyarrow.dataset.Dataset:
        return table.to_pyarrow_dataset(filesystem=self.lake.filesystem(name))

    def _rows(self, name: str, table: DeltaTable | None) -> str:
        """Give SQL that selects all rows of a table, also of those that nobody has written to."""
        columns = ", ".join(SCHEMAS[name].names)
        if table is None:
            self.connection.register(f"no_{name}", SCHEMAS[name].empty_table())
            return f"SELECT {columns} FROM no_{name}"  # noqa: S608
        if not self.lake.is_local:
            self.connection.register(f"remote_{name}", self._dataset(table, name))
            return f"SELECT {columns} FROM remote_{name}"  # noqa: S608
        # By its own reader DuckDB is several times faster than over an arrow dataset.
        paths = _paths(table)
        if not paths:
            return self._rows(name, None)
        files = (_literal(f"{self.lake.address(name)}/{path}") for path in paths)
        read = f"read_parquet([{', '.join(files)}], hive_partitioning = false)"
        return f"SELECT {columns} FROM {read}"  # noqa: S608


def _paths(table: DeltaTable) -> list[str]:
    """List the paths of a table's files within it."""
    # Not by `file_uris`, which tells addresses: percents in place of blanks and Chinese.
    return [unquote(path) for path in pa.table(table.get_add_actions())["path"].to_pylist()]


def _literal(text: str) -> str:
    """Write a text in SQL."""
    return "'" + text.replace("'", "''") + "'"


def counting(name: str, rows: str) -> str:
    """Give SQL that selects those of a table's rows that count, where `live` is."""
    return _VIEWS.get(name, _VIEW).format(rows=rows)


def connect(folder: str | None = None) -> duckdb.DuckDBPyConnection:
    """Open DuckDB so that it gets at nothing but what it is given, and a folder."""
    # What is too much for memory goes there, and is gone with the connection.
    spill = os.path.join(tempfile.gettempdir(), f"smarttag-{uuid.uuid4().hex}")
    connection = duckdb.connect(":memory:", config={**_CONFIG, "temp_directory": spill})
    if folder is not None:
        # Nothing is bound in a SET.
        connection.execute(f"SET allowed_directories = [{_literal(f'{folder}/')}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


_BATCH = 1_000
"""Rows of a batch: of answers, few enough to be in memory."""

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    # What is not in DuckDB itself would be downloaded; variables of the caller are no tables.
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}

_LOADS = f"""
SELECT {", ".join(KEY)}, named_by, source, load_id, digest, removed,
    lead(load_id) OVER newest AS newer,
    bool_or(removed) OVER (newest ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS gone
FROM ({{jobs}})
WINDOW newest AS (
    PARTITION BY {", ".join(KEY)}, CASE named_by WHEN 'file' THEN source ELSE '' END
    ORDER BY load_id
)
"""  # noqa: S608
"""Where only a file's name tells a job, the same name elsewhere tells another."""

_OF_LIVE = "FROM loads SEMI JOIN live USING (load_id)"

_NEAR = f"""
SELECT job_id, count(*) OVER () FROM (SELECT DISTINCT job_id {_OF_LIVE})
ORDER BY jaro_winkler_similarity(job_id, $job_id) DESC, job_id LIMIT 5
"""  # noqa: S608

_LIVE = "CREATE TABLE live AS SELECT load_id FROM loads WHERE newer IS NULL AND NOT removed"

_DIGESTS = """
SELECT DISTINCT digest FROM loads WHERE NOT gone UNION ALL
SELECT digest FROM failures
"""

_FAILED = "SELECT source FROM failures"

_VIEW = "FROM {rows} SEMI JOIN live USING (load_id)"

_VIEWS = {
    "jobs": """
SELECT job_id, load_id, nullif(product, '') AS product, nullif(region, '') AS region,
    nullif(operation, '') AS operation, nullif(params, '') AS params, status, reason, title,
    request_id, user_data, duration, duration_source, source,
    make_timestamp(epoch_us(answered)) AS answered,
    make_timestamp(epoch_us(ingested)) AS ingested,
    strftime(make_timestamp(epoch_us(coalesce(answered, ingested))), '%Y-%m') AS month,
    bytes, digest, named_by, counts
FROM {rows} SEMI JOIN live USING (load_id)
""",
    "failures": """
SELECT source, kind, error, make_timestamp(epoch_us(ingested)) AS ingested, load_id, digest
FROM (
    SELECT *, row_number() OVER (PARTITION BY source ORDER BY load_id DESC) AS place FROM {rows}
) AS failed
WHERE place = 1 AND error IS NOT NULL AND NOT EXISTS (
    FROM loads
    WHERE loads.source = failed.source AND loads.load_id > failed.load_id AND NOT loads.removed
)
""",
}
"""Times are of UTC, without saying so: DuckDB gives others to pandas only where pytz is installed.
The last failure of a source counts, unless it was read since, whatever became of that answer; a
row without an error says that it was, and held nothing new."""
