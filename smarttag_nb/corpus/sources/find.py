"""From what is given to single answers."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from ...cloud.store import Store
from ...errors import InvalidArgument, NotAnAnswer
from ...job import Job
from .folders import walk
from .items import File, Held, Ignored, Item, Unreadable
from .lines import find_lines
from .names import OTHER_KIND, Kind, kind_of, shown, stem_of
from .stores import find_entries
from .tars import find_tar_members
from .zips import find_zip_members

Source: TypeAlias = str | os.PathLike[str] | Store | Job
Found: TypeAlias = Item | Unreadable | Ignored


def find(sources: Source | Iterable[Source]) -> Iterator[Found]:
    """Find the answers in what is given, one after another, whatever is the matter with one.

    Parameters
    ----------
    sources : path, Store, Job, or iterable of those
        Files (JSON, XML, subtitles, each also as .gz), folders with all that is below them,
        archives (.jsonl, .ndjson, also as .gz; .tar, .tar.gz, .tar.bz2, .tar.xz; .zip), also in
        folders, and stores (.sqlite). A file of another name is tried as an answer where it is
        given by itself.

    Yields
    ------
    Item
        An answer, not read yet.
    Unreadable
        A file, or the rest of an archive after what came before.
    Ignored
        What is in a folder or an archive and was passed over. Folders within archives are not
        told.

    Raises
    ------
    InvalidArgument
        One of the sources is something else.

    Notes
    -----
    Folders come in the order of their names, and everything else in its own order. A link to a
    folder is followed, unless that one was walked already. Memory does not grow with an archive;
    it does with the names in a single folder and with a store's list.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> (item,) = find(stag.samples.path("magazine", "smarttag"))
    >>> stag.load(item.read()).operation
    'QuerySmarttagJob'
    """
    if isinstance(sources, (str, os.PathLike, Store, Job)):
        sources = [sources]
    if isinstance(sources, (bytes, Mapping)) or not isinstance(sources, Iterable):
        raise InvalidArgument("sources", _EXPECTED, sources)
    for number, source in enumerate(sources, start=1):
        if isinstance(source, Job):
            yield _held(source, number)
        elif isinstance(source, Store):
            yield from _at(os.fspath(source.path), kind="store")
        elif isinstance(source, (str, os.PathLike)):
            yield from _at(_absolute(source))
        else:
            raise InvalidArgument("sources", _EXPECTED, source)


_EXPECTED = "paths, Stores or Jobs"


def _held(job: Job, number: int) -> Item:
    source = f"Job {job.job_id}" if job.job_id else f"Job without id, number {number}"
    size = len(job.raw) if isinstance(job.raw, (bytes, str)) else 0
    return Item(shown(source), size, None, None, None, Held(job))


def _absolute(source: str | os.PathLike[str]) -> str:
    path = os.fspath(source)
    if not isinstance(path, str):
        raise InvalidArgument("sources", _EXPECTED, source)
    return os.path.abspath(os.path.expanduser(path))


def _at(path: str, kind: Kind | None = None) -> Iterator[Found]:
    """Find what is at a path that was given."""
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        yield Unreadable.by(shown(path), error)
        return
    if stat.S_ISREG(status.st_mode):
        yield from _in_file(path, status, kind or kind_of(os.path.basename(path)) or "answer")
    elif stat.S_ISDIR(status.st_mode):
        yield from _below(path)
    else:
        # A pipe cannot be read in another process, nor twice.
        yield Unreadable.by(shown(path), NotAnAnswer("neither a file nor a folder"))


def _below(folder: str) -> Iterator[Found]:
    for found in walk(folder):
        if isinstance(found, (Unreadable, Ignored)):
            yield found
            continue
        path, status = found
        kind = kind_of(path)
        if kind is None:
            yield Ignored(shown(path), OTHER_KIND)
        else:
            yield from _in_file(path, status, kind)


def _in_file(path: str, status: os.stat_result, kind: Kind) -> Iterator[Found]:
    try:
        yield from _FINDERS[kind](path, status)
    except Exception as error:
        # A damaged or hostile archive may make what reads it raise anything.
        yield Unreadable.by(shown(path), error)


def _whole(path: str, status: os.stat_result) -> Iterator[Found]:
    stem = stem_of(os.path.basename(path))
    answered = status.st_mtime_ns // 1_000
    yield Item(shown(path), status.st_size, answered, stem, None, File(path))


_FINDERS: Mapping[Kind, Callable[[str, os.stat_result], Iterator[Found]]] = {
    "answer": _whole,
    "lines": find_lines,
    "tar": find_tar_members,
    "zip": find_zip_members,
    "store": find_entries,
}
