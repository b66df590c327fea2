"""Stores of the client: an answer an entry."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ...cloud.key import Key
from ...cloud.store import Store
from ...errors import InvalidArgument, StoreError
from .items import Item, Unreadable
from .names import shown


def find_entries(path: str, status: os.stat_result) -> Iterator[Item | Unreadable]:
    """Find a store's answers, in the order stored.

    Raises
    ------
    StoreError
        It cannot be read, or is none.
    """
    if not status.st_size:
        # Opening it would make a store of it.
        raise StoreError(path, "expected a store of smarttag-nb; got an empty file")
    jobs = _opened(path, status.st_dev, status.st_ino).jobs()
    jobs["again"] = jobs["job_id"].duplicated()
    # A time that damage made missing becomes a number far below 0.
    jobs["stored"] = jobs["stored"].to_numpy("datetime64[us]").astype("int64")
    jobs["bytes"] = jobs["bytes"].fillna(0)
    for row in jobs.itertuples():
        source = f"{shown(path)}!/{row.job_id}" + (f"@{row.Index}" if row.again else "")
        try:
            key = Key(row.product, row.region, row.operation, row.job_id, row.params)
        except InvalidArgument as error:
            yield Unreadable.by(source, error)
            continue
        answered = row.stored if row.stored >= 0 else None
        yield Item(source, row.bytes, answered, key.job_id, key, Entry(path, key))


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer in a store."""

    path: str
    key: Key

    def read(self) -> bytes:
        """Read it."""
        status = os.stat(self.path)
        content = _opened(self.path, status.st_dev, status.st_ino).get(self.key)
        if content is None:
            raise FileNotFoundError(
                errno.ENOENT, "The answer is not in the store any longer", self.path
            )
        return content


@lru_cache(maxsize=8)
def _opened(path: str, device: int, inode: int) -> Store:
    """Open a store, once in a process; a file of the same name that is another one, anew."""
    return Store(path)
