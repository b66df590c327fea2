"""From sources to commits: the same way for one process, several, or a Dask cluster."""

from __future__ import annotations

import itertools
import time
from collections.abc import Collection, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import loky

from ..cloud.progress import Bar
from ..errors import InvalidArgument
from .ahead import Items, Wanted
from .lake import Lake
from .part import Healed, Part, known_digests, make_part
from .processes import made_by_processes
from .schema import SCHEMAS
from .snapshot import Snapshot
from .sources import Ignored, Item, Unreadable, find

_PART_BYTES = 32 * 2**20
_PART_ITEMS = 1_000
"""How much a worker reads at a time: much, so that there are few files, and not so much that the
last worker is long alone."""

_PATIENCE = 30.0
"""Seconds between commits: what is read in them is read again where all ends suddenly."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of what was to be added.

    Attributes
    ----------
    added : int
        Answers that are in the corpus now, and were not before.
    unchanged : int
        Answers that it had.
    failed : int
        What could not be read: ``corpus.table("failures")`` lists it.
    ignored : int
        Files in folders and archives that are of another kind.
    rows : int
        Rows of contract tables added.
    """

    added: int = 0
    unchanged: int = 0
    failed: int = 0
    ignored: int = 0
    rows: int = 0

    def __str__(self) -> str:
        told = [f"{self.added:,} added ({self.rows:,} rows)", f"{self.unchanged:,} unchanged"]
        if self.failed:
            told.append(f"{self.failed:,} failed")
        if self.ignored:
            files = "file of another kind" if self.ignored == 1 else "files of other kinds"
            told.append(f"{self.ignored:,} {files} ignored")
        return ", ".join(told)


def ingest(lake: Lake, sources: Any, workers: int | None, on_error: str, client: Any) -> Added:
    """Read sources into a lake. `Corpus.add` tells of the parameters and errors."""
    if on_error not in ("record", "raise"):
        raise InvalidArgument("on_error", '"record" or "raise"', on_error)
    if workers is not None and (not isinstance(workers, int) or workers < 1):
        raise InvalidArgument("workers", "a number of processes, 1 or more", workers)
    ignored = itertools.count()
    made = _made(lake, find(sources), ignored, on_error, workers, client)
    total = Added()
    commits = _Commits(lake)
    with Bar(unit="answer", desc="Adding") as bar, closing(made):
        try:
            for part in made:
                total = replace(
                    total,
                    added=total.added + part.added,
                    unchanged=total.unchanged + part.unchanged,
                    failed=total.failed + part.failed,
                    rows=total.rows + part.rows,
                )
                bar.update(part.added + part.unchanged + part.failed)
                commits.take(part)
        finally:
            # Also where it is broken off: what was read need not be read again.
            commits.flush()
    return replace(total, ignored=next(ignored))


class _Commits:
    """Parts on their way into the lake: many at a time, as each commit takes a while."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._parts: list[Part] = []
        self._since = time.monotonic()

    def take(self, part: Part) -> None:
        self._parts.append(part)
        if time.monotonic() - self._since > _PATIENCE:
            self.flush()

    def flush(self) -> None:
        parts, self._parts = self._parts, []
        actions = {
            name: [action for part in parts for action in part.actions.get(name, ())]
            for name in SCHEMAS
        }
        written = [name for name in SCHEMAS if actions[name]]
        # At once, as an object store lets one wait for each; but jobs last, and where none failed.
        with ThreadPoolExecutor(len(SCHEMAS)) as threads:
            others = (name for name in written if name != "jobs")
            list(threads.map(lambda name: self._lake.commit(name, actions[name]), others))
        if "jobs" in written:
            self._lake.commit("jobs", actions["jobs"])
        self._since = time.monotonic()


def _wanted(
    found: Iterable[Item | Unreadable | Ignored], failed: Collection[str], ignored: Iterator[int]
) -> Iterator[Wanted]:
    whole: dict[str, bool] = {}
    last = ""
    for one in found:
        if isinstance(one, Ignored):
            next(ignored)
            continue
        if isinstance(one, Unreadable):
            whole[one.source] = False
        elif (archive := _archive_of(one.source)) != last:
            last = archive
            if archive in failed:
                whole.setdefault(archive, True)
        yield one
    # Of an archive that was cut short, only its end tells that it no longer is.
    yield from (Healed(source) for source, is_whole in whole.items() if is_whole)


def _archive_of(source: str) -> str:
    archive, mark, _ = source.partition("!/")
    return archive if mark else source.rpartition(":")[0]


def _divided(items: Iterable[Wanted]) -> Iterator[Items]:
    part: Items = []
    size = 0
    for item in items:
        part.append(item)
        size += item.size if isinstance(item, Item) else 0
        if size >= _PART_BYTES or len(part) >= _PART_ITEMS:
            yield part
            part, size = [], 0
    if part:
        yield part


def _made(
    lake: Lake,
    found: Iterator[Item | Unreadable | Ignored],
    ignored: Iterator[int],
    on_error: str,
    workers: int | None,
    client: Any,
) -> Generator[Part]:
    # Not kept while parts are made: of many jobs it is large.
    snapshot = Snapshot(lake)
    parts = _divided(_wanted(found, set(snapshot.failed()), ignored))
    if client is not None:
        # Dask is for those who use it.
        from .cluster import made_by_cluster

        return made_by_cluster(lake, parts, on_error, client)
    known = known_digests(snapshot)
    processes = workers or loky.cpu_count()
    first = list(itertools.islice(parts, 2))
    parts = itertools.chain(first, parts)
    if processes == 1 or len(first) < 2:
        # What is one part is done before other processes have begun.
        return (make_part(lake, part, known, on_error) for part in parts)
    return made_by_processes(lake, parts, known, on_error, processes)
