"""Keeping a lake: jobs are taken out, what nobody needs is deleted, and all is checked."""

from __future__ import annotations

import hashlib
import math
import re
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake.exceptions import CommitFailedError, DeltaError

from ..cloud.progress import Bar
from ..errors import LakeError
from ..tables import TABLES, TEXT
from .lake import Lake, plain
from .loads import first_load_id, new_load_id
from .part import write_file
from .schema import KEY, SCHEMAS, table_of
from .snapshot import Snapshot


def remove(snapshot: Snapshot, job_ids: Sequence[str]) -> int:
    """Take jobs out: a row of `jobs` for each answer says so. `Corpus.remove` tells more."""
    asked = pa.table({"job_id": pa.array(job_ids, pa.string())})
    snapshot.connection.register("asked", asked)
    columns = [*KEY, "named_by", "source", "digest", "load_id"]
    found = snapshot.connection.execute(
        f"SELECT {', '.join(columns)} FROM loads SEMI JOIN live USING (load_id) "  # noqa: S608
        "SEMI JOIN asked USING (job_id)"
    ).fetchall()
    now = datetime.now(UTC)
    rows = [
        {
            **dict(zip(columns, row, strict=True)),
            # Also where who added it has a clock that is ahead.
            "load_id": new_load_id(after=row[-1]),
            "removed": True,
            "ingested": now,
        }
        for row in found
    ]
    missing = set(job_ids) - {row["job_id"] for row in rows}
    if missing:
        raise snapshot.unknown_job(min(missing))
    if rows:
        snapshot.lake.commit("jobs", [write_file(snapshot.lake, "jobs", table_of("jobs", rows))])
    return len(rows)


def compact(lake: Lake, grace: timedelta) -> None:
    """Delete what no load needs, and put small files together. `Corpus.compact` tells more."""
    before = first_load_id(time.time_ns() - int(grace.total_seconds() * 1e9))
    snapshot = Snapshot(lake)
    for name in SCHEMAS:
        for _ in range(_TRIES):
            try:
                _compact(snapshot, name, before, grace)
                break
            except CommitFailedError:
                # Somebody else rewrote the same files meanwhile: begin with what is there now.
                continue
            except (DeltaError, OSError) as error:
                problem = f"the table {name} cannot be compacted ({plain(error)})"
                raise LakeError(lake.url, problem) from None
        else:
            problem = f"the table {name} is being rewritten by others. Compact again later"
            raise LakeError(lake.url, problem)


_TRIES = 5

_AT_ONCE = 1_000
"""How many loads are deleted in one pass."""


def _compact(snapshot: Snapshot, name: str, before: str, grace: timedelta) -> None:
    table = snapshot.lake.open(name)
    if table is None:
        return
    # `jobs` keeps all its rows: by them an answer is known that was added once.
    dead = [] if name == "jobs" else snapshot.dead(name, before)
    for first in range(0, len(dead), _AT_ONCE):
        listed = ", ".join(f"'{load_id}'" for load_id in dead[first : first + _AT_ONCE])
        table.delete(f"load_id IN ({listed})")
    table.optimize.compact()
    # Also of files that no commit ever named.
    table.vacuum(
        retention_hours=math.ceil(grace.total_seconds() / 3600),
        dry_run=False,
        enforce_retention_duration=False,
        full=True,
    )


def check(lake: Lake) -> pd.DataFrame:
    """Read everything and compare it with what `jobs` tells. `Corpus.check` tells more."""
    snapshot = Snapshot(lake)
    snapshot.show(["jobs"])
    # A row that stands twice there shows its job twice, whatever else there is of it.
    found: list[tuple[str, str | None, str | None, str]] = [
        ("jobs", *row) for row in snapshot.repeated()
    ]
    with Bar(total=len(SCHEMAS), unit="table", desc="Checking") as bar:
        for name in SCHEMAS:
            damaged = [(name, None, None, problem) for problem in _damage(lake, name)]
            found += damaged
            if not damaged and (name in TABLES or name == "answers"):
                found += [(name, *row) for row in snapshot.miscounted(name)]
            if not damaged and name == "answers":
                found += [(name, *row) for row in _changed(snapshot)]
            bar.update()
    return pd.DataFrame(found, columns=["table", "job_id", "load_id", "problem"], dtype=TEXT)


def _damage(lake: Lake, name: str) -> Iterator[str]:
    """Read all of a table's files, and compare them with the digests that are their names."""
    table = lake.open(name)
    if table is None:
        return
    files = lake.filesystem(name)
    actions = pa.table(table.get_add_actions(flatten=True))
    for path, told in zip(
        actions["path"].to_pylist(), actions["num_records"].to_pylist(), strict=True
    ):
        digest = _OF_DIGEST.search(path)
        try:
            with files.open_input_file(unquote(path)) as stream:
                if digest and hashlib.file_digest(stream, "sha256").hexdigest() != digest[1]:
                    yield f"the file {path} is not as it was written"
                    continue
                stream.seek(0)
                file = pq.ParquetFile(stream)
                there = file.metadata.num_rows
                if not digest:
                    there = sum(batch.num_rows for batch in file.iter_batches())
        except (OSError, pa.ArrowException) as error:
            yield f"the file {path} cannot be read: {error}"
            continue
        if set(file.schema_arrow.names) != set(SCHEMAS[name].names):
            yield f"the file {path} has other columns than the table"
        elif told is not None and there != told:
            yield f"the file {path} has {there:,} rows, and should have {told:,}"


_OF_DIGEST = re.compile(r"/([0-9a-f]{64})\.parquet$")
"""Files that were written by `write_file`. Those that were put together are of other names."""


def _changed(snapshot: Snapshot) -> Iterator[tuple[str, str, str]]:
    """Compare what was received with its digest."""
    for batch in snapshot.batches("answers"):
        for row in batch.to_pylist():
            if hashlib.sha256(row["raw"]).hexdigest() != row["sha256"]:
                yield row["job_id"], row["load_id"], "the answer is not what was received"
