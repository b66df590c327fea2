"""The lake: a Delta table for each table of the schema, in a folder or an object store.

What has to hold, whoever is killed when:

1. Files of rows are written first; nobody sees them.
2. A commit to each table makes its files part of it.
3. A commit to `jobs`, last, says which load of an answer counts. Whoever reads opens `jobs` first
   and keeps of all other tables only rows of the loads that it names (`snapshot`).

So there is no moment at which half a job shows. Rows of which `jobs` never came to tell are
nobody's, and are deleted in time (`upkeep`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pyarrow as pa
import pyarrow.fs
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.fs import DeltaStorageHandler
from deltalake.transaction import AddAction

from ..errors import InvalidArgument, LakeError
from .schema import MONTH, SCHEMAS


@dataclass(frozen=True, slots=True)
class Lake:
    """Where the tables are.

    Attributes
    ----------
    url : str
        An absolute path, or the URL of an object store.
    storage_options : dict of str to str
        How to get into the object store; never shown.
    """

    url: str
    storage_options: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def at(cls, path: str | os.PathLike[str], storage_options: Mapping[str, str] | None) -> Lake:
        """Take a folder or a URL as a user names it.

        Raises
        ------
        InvalidArgument
            It is neither.
        LakeError
            It is a file, a folder that holds something else, or one whose path has
            characters that it cannot have.
        """
        if not isinstance(path, (str, os.PathLike)) or not os.fspath(path):
            raise InvalidArgument("path", "a folder, or the URL of an object store", path)
        options = dict(storage_options or {})
        text = os.fspath(path)
        if text.startswith("file://"):
            text = url2pathname(urlsplit(text).path)
        if "://" in text:
            return cls(text.rstrip("/"), options)
        folder = Path(text).expanduser().resolve()
        if refused := _REFUSED.search(str(folder)):
            problem = (
                f"a corpus can be in no folder with {refused[0]!r} in its path. Name another one"
            )
            raise LakeError(str(folder), problem)
        _check_folder(folder)
        return cls(str(folder), options)

    @property
    def is_local(self) -> bool:
        """Whether the tables are in a folder of this machine."""
        return "://" not in self.url

    def address(self, name: str) -> str:
        """Where a table is."""
        return f"{self.url}/{name}"

    def open(self, name: str, version: int | None = None) -> DeltaTable | None:
        """Open a table as it is now; None where nothing was ever committed to it.

        Parameters
        ----------
        name : str
            The table.
        version : int, optional
            As it was then.

        Raises
        ------
        LakeError
            It cannot be read.
        """
        try:
            return DeltaTable(self.address(name), version, storage_options=self.storage_options)
        except TableNotFoundError:
            return None
        except (DeltaError, OSError, ValueError) as error:
            raise cannot_be_read(self.url, name, error) from None

    def filesystem(self, name: str) -> pyarrow.fs.FileSystem:
        """Give what reads and writes a table's files, by their paths within it."""
        if self.is_local:
            local = pyarrow.fs.LocalFileSystem()
            return pyarrow.fs.SubTreeFileSystem(self.address(name), local)
        handler = DeltaStorageHandler(self.address(name), self.storage_options)
        return pyarrow.fs.PyFileSystem(handler)

    def commit(self, name: str, actions: Sequence[AddAction]) -> None:
        """Make files part of a table, all at once.

        Raises
        ------
        LakeError
            It cannot be written, or was made by another version of this package.
        """
        for tries_left in reversed(range(_TRIES)):
            try:
                self._append(name, actions)
                break
            except (DeltaError, OSError) as error:
                # Of several who begin a lake at once, each makes the table, and those who opened
                # what another made find it changed: nothing was committed, and can be again.
                if isinstance(error, CommitFailedError) and tries_left:
                    continue
                problem = f"the table {name} cannot be written ({plain(error)})"
                raise LakeError(self.url, problem) from None

    def _append(self, name: str, actions: Sequence[AddAction]) -> None:
        table = self.open(name) or DeltaTable.create(
            self.address(name),
            SCHEMAS[name].append(pa.field(MONTH, pa.string())),
            mode="ignore",
            partition_by=[MONTH],
            storage_options=self.storage_options,
        )
        there = set(pa.schema(table.schema()).names)
        ours = {*SCHEMAS[name].names, MONTH}
        if there != ours:
            raise LakeError(
                self.url,
                f"the table {name} was made by another version of smarttag_nb, with other "
                f"columns ({', '.join(sorted(there ^ ours))}). Make a new lake",
            )
        table.create_write_transaction(
            list(actions), "append", table.schema(), partition_by=[MONTH]
        )


_TRIES = 20


def cannot_be_read(url: str, name: str, error: Exception) -> LakeError:
    """Make the error of a table that cannot be read."""
    return LakeError(url, f"the table {name} cannot be read ({plain(error)})")


def plain(error: Exception) -> str:
    """Give an error's text in one line: deltalake draws its as a tree in colours."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    return re.sub(r"\s+", " ", re.sub(r"\s*↳ *", ": ", text)).strip()


_REFUSED = re.compile(r"%[0-9A-Fa-f]{2}|[\[\]\\^|*?\x00-\x1f\x7f\ud800-\udfff]")
"""deltalake decodes percents, turns backslashes, and panics or fails at others; to DuckDB stars and
question marks are patterns."""


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise LakeError(str(folder), "this is a file. A lake is a folder")
    if folder.is_dir():
        others = sorted(entry.name for entry in folder.iterdir() if entry.name not in SCHEMAS)
        if others:
            problem = f"the folder holds something else ({others[0]}). Name an empty one, or none"
            raise LakeError(str(folder), problem)
