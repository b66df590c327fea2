"""From sources to commits: the same way for one process, several, or a Dask cluster."""

from __future__ import annotations

import itertools
import os
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import loky

from ..cloud.progress import Bar
from ..errors import InvalidArgument, LakeError
from .lake import Lake
from .part import Digests, Healed, Part, failed_digest, has_failed, known_digests, make_part
from .schema import SCHEMAS
from .snapshot import Snapshot
from .sources import Ignored, Item, Unreadable, find

_PART_BYTES = 32 * 2**20
_PART_ITEMS = 1_000
"""How much a worker reads at a time: much, so that there are few files, and not so much that the
last worker is long alone."""

_PATIENCE = 30.0
"""Seconds between commits: what is read in them is read again where all ends suddenly."""


Wanted: TypeAlias = Item | Unreadable | Healed


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
    known = _known(lake)
    ignored = itertools.count()
    parts = _divided(_wanted(find(sources), known, ignored))
    if client is not None:
        made = _on_cluster(lake, parts, known, on_error, client)
    else:
        made = _on_this_machine(lake, parts, known, on_error, workers or os.cpu_count() or 1)
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
        for name in SCHEMAS:
            actions = [action for part in parts for action in part.actions.get(name, ())]
            if actions:
                self._lake.commit(name, actions)
        self._since = time.monotonic()


def _known(lake: Lake) -> Digests:
    snapshot = Snapshot(lake)
    failed = map(failed_digest, snapshot.failed())
    return known_digests(itertools.chain(snapshot.digests(), failed))


def _wanted(
    found: Iterable[Item | Unreadable | Ignored], known: Digests, ignored: Iterator[int]
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
            if has_failed(archive, known):
                whole.setdefault(archive, True)
        yield one
    # Of an archive that was cut short, only its end tells that it no longer is.
    yield from (Healed(source) for source, is_whole in whole.items() if is_whole)


def _archive_of(source: str) -> str:
    archive, mark, _ = source.partition("!/")
    return archive if mark else source.rpartition(":")[0]


def _divided(items: Iterable[Wanted]) -> Iterator[list[Wanted]]:
    part: list[Wanted] = []
    size = 0
    for item in items:
        part.append(item)
        size += item.size if isinstance(item, Item) else 0
        if size >= _PART_BYTES or len(part) >= _PART_ITEMS:
            yield part
            part, size = [], 0
    if part:
        yield part


def _on_this_machine(
    lake: Lake,
    parts: Iterator[list[Wanted]],
    known: Digests,
    on_error: str,
    workers: int,
) -> Generator[Part]:
    first = list(itertools.islice(parts, 2))
    parts = itertools.chain(first, parts)
    if workers == 1 or len(first) < 2:
        # What is one part is done before other processes have begun.
        for part in parts:
            yield make_part(lake, part, known, on_error)
        return
    pool = loky.ProcessPoolExecutor(workers, initializer=_remember, initargs=(lake, known))
    try:
        yield from _in_turn(lambda part: pool.submit(_make_here, part, on_error), parts, workers)
    except loky.process_executor.BrokenProcessPool:
        problem = (
            "a process that read answers was killed, as for want of memory. Give fewer workers"
        )
        raise LakeError(lake.url, f"{problem}; what was added before is whole") from None
    finally:
        pool.shutdown(wait=True, kill_workers=True)


def _on_cluster(
    lake: Lake,
    parts: Iterator[list[Wanted]],
    known: Digests,
    on_error: str,
    client: Any,
) -> Generator[Part]:
    there = client.scatter(known, broadcast=True)
    workers = sum(client.nthreads().values()) or 1

    def submit(part: list[Wanted]) -> Any:
        # Each attempt writes files of its own: a result is no pure function of its arguments.
        return client.submit(make_part, lake, part, there, on_error, pure=False)

    yield from _in_turn(submit, parts, workers)


def _in_turn(
    submit: Callable[[Any], Any], parts: Iterator[list[Wanted]], workers: int
) -> Generator[Part]:
    """Have parts made, some ahead of those that are waited for."""
    pending: deque[Any] = deque()
    try:
        for part in parts:
            pending.append(submit(part))
            if len(pending) > 2 * workers:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        for future in pending:
            future.cancel()


_here: tuple[Lake, Digests] | None = None


def _remember(lake: Lake, known: Digests) -> None:
    """Keep in a worker what all of its parts need: the digests may be many."""
    global _here
    _here = lake, known


def _make_here(part: list[Wanted], on_error: str) -> Part:
    assert _here is not None, "a worker begins by remembering"
    lake, known = _here
    return make_part(lake, part, known, on_error)
