"""A part of what is added: answers read, and written as files that no table knows of yet.

Parts are made by any process on any machine; who adds commits them (`ingest`).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake.transaction import AddAction

from ..errors import InvalidArgument, LakeError, NotAnAnswer, printable
from ..job import Job, alike
from ..readers import read
from ..tables import TABLES
from .lake import Lake
from .loads import new_load_id
from .schema import MONTH, as_json, owned, rows_of, table_of
from .snapshot import Snapshot
from .sources import Item, Unreadable

Digests = npt.NDArray[np.void]
"""Digests of answers and failures that are in the lake, sorted; 16 bytes of each."""

_CHUNK = 64 * 2**20
"""Bytes of answers after which rows are written, so that no more of them are in memory."""

_GROUP = 8 * 2**20
"""Bytes of answers in a row group: to get one of them, a group is read."""


@dataclass(slots=True)
class Part:
    """What became of some items.

    Attributes
    ----------
    actions : dict of str to list of AddAction
        The files written, by table.
    added, unchanged, failed : int
        Answers read and written; left, since the lake has them; that could not be read.
    rows : int
        Rows written, of all contract tables.
    """

    actions: dict[str, list[AddAction]] = field(default_factory=dict)
    added: int = 0
    unchanged: int = 0
    failed: int = 0
    rows: int = 0


def known_digests(snapshot: Snapshot) -> Digests:
    """List the digests of what need not be read or told again, sorted, so that one is found."""
    failed = map(failed_digest, snapshot.failed())
    packed = b"".join(digest[:_SHORT] for digest in chain(snapshot.digests(), failed))
    return np.unique(np.frombuffer(packed, dtype=f"V{_SHORT}"))


_SHORT = 16
_TOLD = 2_000
"""Characters of an error that are kept."""


@dataclass(frozen=True, slots=True)
class Healed:
    """A source that can be read again, whole."""

    source: str


def make_part(
    lake: Lake, items: Iterable[Item | Unreadable | Healed], known: Digests, on_error: str
) -> Part:
    """Read answers and write their rows as files.

    Parameters
    ----------
    lake : Lake
        Where to write.
    items : iterable of Item, Unreadable or Healed
        What to read, or to tell.
    known : Digests
        Of answers not to be read again, of failures not to be told again, and of sources that
        failed.
    on_error : {"record", "raise"}
        What to do with an answer that cannot be read.

    Returns
    -------
    Part
        What is to be committed.
    """
    part = Part()
    chunk = _Chunk()
    for item in items:
        try:
            if isinstance(item, Healed):
                chunk.heal(item.source)
                continue
            if isinstance(item, Unreadable):
                if on_error == "raise":
                    raise NotAnAnswer(f"{item.source}, which cannot be read ({item.error})")
                part.failed += 1
                chunk.fail(item.source, item.kind, item.error, known)
                continue
            received = item.read()
            content = _digest_of(received)
            if _is_known(item, content, known):
                part.unchanged += 1
                if has_failed(item.source, known):
                    chunk.heal(item.source)
                continue
            chunk.take(*_read(item, received, content))
            part.added += 1
        except Exception as error:
            if on_error == "raise":
                error.add_note(f"It is of {printable(item.source)}.")
                raise
            part.failed += 1
            chunk.fail(item.source, type(error).__name__, str(error), known)
        if chunk.bytes >= _CHUNK:
            chunk.write(lake, part)
            chunk = _Chunk()
    chunk.write(lake, part)
    return part


class _Chunk:
    """Rows of some answers, on their way into one file for each table."""

    def __init__(self) -> None:
        self.bytes = 0
        self._tables: dict[str, list[tuple[str, str, pa.RecordBatch]]] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {"answers": [], "failures": [], "jobs": []}

    def fail(self, source: str, kind: str, error: str, known: Digests) -> None:
        error = printable(error)[:_TOLD]
        digest = _failure_digest(source, error)
        if not _is_in(digest, known):
            self._tell(source, kind, error, digest)

    def heal(self, source: str) -> None:
        self._tell(source, None, None, failed_digest(source))

    def _tell(self, source: str, kind: str | None, error: str | None, digest: bytes) -> None:
        self._rows["failures"].append(
            {
                "load_id": new_load_id(),
                "source": source,
                "kind": kind,
                "error": error,
                "digest": digest.hex(),
                "ingested": datetime.now(UTC),
            }
        )

    def take(self, job: Job, facts: dict[str, Any]) -> None:
        form, raw = _received(job.raw)
        owner = {"job_id": facts["job_id"], "load_id": new_load_id()}
        tables = dict(job)
        told = {
            **facts,
            **owner,
            "status": job.status,
            "reason": job.reason,
            "title": job.title,
            "request_id": job.request_id,
            "user_data": None if job.user_data is None else as_json(job.user_data),
            "duration": None if np.isnan(job.duration.seconds) else job.duration.seconds,
            "duration_source": job.duration.source,
            "answer_operation": job.operation,
            "ingested": datetime.now(UTC),
            "bytes": len(raw),
            "removed": False,
            "counts": {name: len(frame) for name, frame in tables.items()},
        }
        # All that can fail comes before anything is taken: a job is taken whole or not at all.
        taken = {name: rows_of(name, frame) for name, frame in tables.items() if len(frame)}
        for name, rows in taken.items():
            self._tables.setdefault(name, []).append((*owner.values(), rows))
        received = {"form": form, "raw": raw, "sha256": hashlib.sha256(raw).hexdigest()}
        self._rows["answers"].append({**owner, **received})
        self._rows["jobs"].append(told)
        self.bytes += len(raw)

    def write(self, lake: Lake, part: Part) -> None:
        """Write what was taken, and tell the part of it."""
        contract = ((name, owned(name, rows)) for name, rows in self._tables.items())
        told = ((name, table_of(name, rows)) for name, rows in self._rows.items() if rows)
        # Made one after the other: together they are several times the answers.
        for name, table in chain(contract, told):
            part.actions.setdefault(name, []).append(write_file(lake, name, table))
            part.rows += table.num_rows if name in TABLES else 0


def write_file(lake: Lake, name: str, table: pa.Table) -> AddAction:
    """Write rows as a file of a table, which knows nothing of it until it is committed.

    Raises
    ------
    LakeError
        It cannot be written; nothing of it stays.
    """
    month = datetime.now(UTC).strftime("%Y-%m")
    folder = f"{MONTH}={month}"
    sink = pa.BufferOutputStream()
    _write_rows(sink, table)
    content = sink.getvalue()
    # By its name a file is known to be whole (`upkeep`); load ids make each another one.
    path = f"{folder}/{hashlib.sha256(content).hexdigest()}.parquet"
    files = lake.filesystem(name)
    try:
        files.create_dir(folder, recursive=True)
        # With a buffer, as deltalake takes bytes alone, and would be handed arrow's own buffers.
        with files.open_output_stream(path, buffer_size=content.size + 1) as stream:
            stream.write(content)
    except OSError as error:
        with suppress(OSError):
            files.delete_file(path)
        problem = f"the table {name} cannot be written ({error}). What was added before is whole"
        raise LakeError(lake.url, problem) from None
    # Which loads a file has rows of, so that whoever looks for one opens no other.
    loads = table["load_id"]
    stats = {
        "numRecords": table.num_rows,
        "minValues": {"load_id": pc.min(loads).as_py()},
        "maxValues": {"load_id": pc.max(loads).as_py()},
        "nullCount": {"load_id": 0},
    }
    now = time.time_ns() // 1_000_000
    return AddAction(path, content.size, {MONTH: month}, now, True, json.dumps(stats))


def _write_rows(sink: pa.NativeFile, table: pa.Table) -> None:
    writer = pq.ParquetWriter(sink, table.schema, compression="zstd", store_schema=False)
    with writer:
        if "raw" not in table.column_names:
            writer.write_table(table)
            return
        ends = np.cumsum(pc.binary_length(table["raw"]).to_numpy()) // _GROUP
        starts = [0, *(np.flatnonzero(np.diff(ends)) + 1).tolist(), table.num_rows]
        for start, end in pairwise(starts):
            writer.write_table(table.slice(start, end - start))


def _read(item: Item, received: bytes | Job, content: bytes) -> tuple[Job, dict[str, Any]]:
    """Read an answer, and say what it is called and where it comes from."""
    if isinstance(received, Job):
        job = received
    else:
        job = read(received, job_id=item.key.job_id if item.key else None)
    named_by = "answer"
    digest = _identified(content, _key_text(item))
    if job.job_id is None and item.stem:
        job = dataclasses.replace(job, job_id=item.stem)
        named_by, digest = "file", _identified(content, _place_text(item))
    elif job.job_id is None:
        named_by = "digest"
    facts = {
        "product": item.key.product if item.key else "",
        "region": item.key.region if item.key else "",
        "operation": item.key.operation if item.key else job.operation or "",
        "params": item.key.params if item.key else _asked_for(job),
        "job_id": digest.hex()[:32] if named_by == "digest" else job.job_id,
        "named_by": named_by,
        "source": item.source,
        "answered": item.answered,
        "digest": digest.hex(),
    }
    return job, facts


def _asked_for(job: Job) -> str:
    """Tell by its labels whether machines' or people's were asked for: two answers of one JobId."""
    origins = job["labels"]["origin"].dropna().unique().tolist()
    return as_json({"labelResultType": origins[0]}) if len(origins) == 1 else ""


def _received(raw: Any) -> tuple[str, bytes]:
    """Give what was received as bytes, and what it was."""
    if isinstance(raw, bytes):
        return "bytes", raw
    if isinstance(raw, str):
        return "text", raw.encode("utf-8", "surrogatepass")
    try:
        text = json.dumps(raw)
    except (TypeError, ValueError, RecursionError):
        text = "null"
    if not alike(json.loads(text), raw):
        raise InvalidArgument("raw", "what JSON can hold, so that it can be kept", type(raw))
    return "json", text.encode()


def raw_of(form: str, raw: bytes) -> Any:
    """Give back what was received."""
    if form == "bytes":
        return raw
    return json.loads(raw) if form == "json" else raw.decode("utf-8", "surrogatepass")


def _digest_of(received: bytes | Job) -> bytes:
    """SHA-256 of what was received; of a Job, of all that it holds."""
    if isinstance(received, bytes):
        return hashlib.sha256(received).digest()
    digest = hashlib.sha256()
    job = received
    facts = [job.status, job.operation, job.job_id, job.request_id, job.user_data, job.reason]
    digest.update(json.dumps([*facts, job.duration.seconds, job.duration.source]).encode())
    form, raw = _received(job.raw)
    digest.update(form.encode() + raw)
    for name, frame in job.items():
        if len(frame):
            rows = rows_of(name, frame)
            stream = pa.BufferOutputStream()
            with pa.ipc.new_stream(stream, rows.schema) as writer:
                writer.write_batch(rows)
            digest.update(stream.getvalue())
    return digest.digest()


def _key_text(item: Item) -> str:
    return "" if item.key is None else json.dumps(item.key.columns)


def _place_text(item: Item) -> str:
    return f"in {item.source}"


def _identified(content: bytes, identity: str) -> bytes:
    """Digest what was received with what else says which answer it is.

    The same bytes are two answers where only where they are tells two jobs apart: of a silent
    video, speech is the same empty list as of the next.
    """
    return hashlib.sha256(content + identity.encode("utf-8", "surrogatepass")).digest()


def _failure_digest(source: str, error: str) -> bytes:
    """Digest a failure, so that one that is known is not told again."""
    return _identified(error.encode(), source)


def failed_digest(source: str) -> bytes:
    """Digest a source that failed."""
    return _identified(b"failed", source)


def has_failed(source: str, known: Digests) -> bool:
    """Tell whether a source could not be read when it was tried last."""
    return _is_in(failed_digest(source), known)


def _is_known(item: Item, content: bytes, known: Digests) -> bool:
    identities = {_key_text(item)} if item.key else {"", _place_text(item)}
    return any(_is_in(_identified(content, identity), known) for identity in identities)


def _is_in(digest: bytes, known: Digests) -> bool:
    short = np.void(digest[:_SHORT])
    place = int(np.searchsorted(known, short))
    return place < len(known) and bool(known[place] == short)
