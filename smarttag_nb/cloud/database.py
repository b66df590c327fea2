"""The SQLite file that answers, claims and the rate share: opened, checked, and its errors told.

In WAL mode readers never wait, a process that is killed leaves what it had committed, and several
processes write one after another. A loss of power may take the last commits, and never a part of
one. All of a process's threads use one connection in turn.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import InvalidArgument, StoreError

BUSY = 30.0
"""Seconds to wait for another process that writes: each of its writes takes milliseconds."""

VERSION = 1
"""Of the tables below. A change of theirs needs the next number, here and in no other place."""

_APPLICATION = 0x53544147
"""What tells a store from other SQLite files: its application_id, "STAG"."""

_ANSWER = """
    entry INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id TEXT NOT NULL,
    product TEXT NOT NULL,
    region TEXT NOT NULL,
    operation TEXT NOT NULL,
    params TEXT NOT NULL,
    status TEXT NOT NULL,
    request_id TEXT NOT NULL,
    stored INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    raw BLOB NOT NULL
"""

# An entry's number is never used again, so that the largest is the newest whatever the clock says.
# The answer's bytes come last: what is read without them costs no walk over their pages.
_TABLES = f"""
CREATE TABLE answers ({_ANSWER}, UNIQUE (job_id, product, region, operation, params));
CREATE TABLE damaged ({_ANSWER});
CREATE TABLE claims (
    job_id TEXT NOT NULL,
    product TEXT NOT NULL,
    region TEXT NOT NULL,
    operation TEXT NOT NULL,
    params TEXT NOT NULL,
    owner TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    since REAL NOT NULL,
    until REAL NOT NULL,
    PRIMARY KEY (job_id, product, region, operation, params)
);
CREATE TABLE rate (only INTEGER PRIMARY KEY, planned REAL NOT NULL, gone BLOB NOT NULL)
"""


class Database:
    """A store's file, open.

    Parameters
    ----------
    path : path
        The file; made where it is missing, readable by its owner alone.

    Attributes
    ----------
    path : pathlib.Path
        The file.

    Raises
    ------
    InvalidArgument
        `path` is none.
    StoreError
        It cannot be opened, or is something else.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        try:
            # Absolute: the process may go to another folder before the file is opened again.
            self.path = Path(path).expanduser().resolve()
        except (TypeError, ValueError, RuntimeError, OSError):
            raise InvalidArgument("path", "a file's path", path) from None
        self._connection: sqlite3.Connection | None = None
        self._inherited: list[sqlite3.Connection] = []
        self._open()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection to one thread, to read in single statements.

        Raises
        ------
        StoreError
            The file is damaged, closed or out of reach.
        """
        connection, lock = self._here()
        with lock, self._told():
            yield connection

    @contextmanager
    def writing(self, patience: float = BUSY) -> Iterator[sqlite3.Connection]:
        """Give the connection to one thread, in a transaction that comes whole or not at all.

        Parameters
        ----------
        patience : float
            Seconds to wait, `BUSY` at most, for another process that writes.

        Raises
        ------
        StoreError
            The disk is full, the file is damaged, closed or out of reach.
        """
        connection, lock = self._here()
        with lock, self._told():
            _wait_for_others(connection, min(patience, BUSY))
            try:
                connection.execute("BEGIN IMMEDIATE")
            finally:
                _wait_for_others(connection, BUSY)
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                # What failed may have ended the transaction already, or be unable to.
                if connection.in_transaction:
                    with suppress(sqlite3.Error):
                        connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file; again is no error."""
        with self._lock:
            if self._connection is not None and self._pid == os.getpid():
                self._connection.close()
            self._connection = None

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._connection is None

    def error(self, problem: str) -> StoreError:
        """Make an error that names this file."""
        return StoreError(os.fspath(self.path), problem)

    def _here(self) -> tuple[sqlite3.Connection, threading.RLock]:
        if self._connection is not None and self._pid != os.getpid():
            # A forked process must not touch its parent's connection, not even to close it.
            self._inherited.append(self._connection)
            self._open()
        if self._connection is None:
            raise self.error("it is closed. Open the store again")
        return self._connection, self._lock

    def _open(self) -> None:
        self._pid, self._lock = os.getpid(), threading.RLock()
        self._connection = None
        self._make()
        with self._told():
            connection = sqlite3.connect(
                self.path, timeout=BUSY, isolation_level=None, check_same_thread=False
            )
            try:
                # Text that damage made undecodable is told by the digest, not by an error.
                connection.text_factory = _as_text
                # A commit outlives the process. To make it outlive a loss of power, too, all other
                # processes would have to wait each time until the disk is done.
                connection.execute("PRAGMA synchronous = NORMAL")
                # Nothing that a foreign file may bring with it is run.
                connection.execute("PRAGMA trusted_schema = OFF")
                self._prepare(connection)
                self._make_private()
            except BaseException:
                connection.close()
                raise
            self._connection = connection

    def _make(self) -> None:
        """Make a file that is missing, for its owner alone.

        A file that is there is never opened here: closing it would take away the locks that this
        process has on it by another connection.
        """
        try:
            with suppress(FileExistsError):
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
                # Whatever the umask left of it.
                self.path.chmod(0o600)
            if not stat.S_ISREG(self.path.stat().st_mode):
                raise self.error("expected a file; got a folder or a device")
        except OSError as error:
            reason = error.strerror or type(error).__name__
            advice = "Give the path of a file in a folder that exists and can be written"
            raise self.error(f"cannot be made: {reason}. {advice}") from None

    def _make_private(self) -> None:
        """Let a store's owner alone read it, whatever it was before.

        SQLite gives the files beside it the same mode.
        """
        for part in (self.path, *(Path(f"{self.path}{end}") for end in ("-wal", "-shm"))):
            # Another user's, or one that another process has just done away with.
            with suppress(OSError):
                if stat.S_IMODE(part.stat().st_mode) != 0o600:
                    part.chmod(0o600)

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Make the tables of a new file, or make sure that they are ours.

        Of several processes at once one makes them. Changing to WAL does not wait for others by
        itself, so that it is tried until they are done.
        """
        end = time.monotonic() + BUSY
        while True:
            try:
                # As it is at one moment: another process may be making it.
                connection.execute("BEGIN")
                is_new = self._is_new(connection)
                connection.execute("COMMIT")
                if is_new:
                    connection.execute("BEGIN IMMEDIATE")
                    if self._is_new(connection):
                        for statement in _TABLES.split(";"):
                            connection.execute(statement)
                        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
                        connection.execute(f"PRAGMA user_version = {VERSION}")
                    connection.execute("COMMIT")
                (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
                break
            except sqlite3.OperationalError as error:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                if _primary(error) not in _WAITING or time.monotonic() > end:
                    raise
                time.sleep(0.01)
        if mode != "wal":
            raise self.error(
                "the file system lacks what several processes need (shared memory). Give a path "
                "on a local disk"
            )

    def _is_new(self, connection: sqlite3.Connection) -> bool:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if application == _APPLICATION and version == VERSION:
            return False
        if application == _APPLICATION:
            whose, advice = (
                ("an older", "its answers are asked again")
                if version < VERSION
                else ("a newer", "or upgrade smarttag-nb")
            )
            raise self.error(
                f"expected a store of version {VERSION}; got {whose} one, of version {version}. "
                f"Give another path: {advice}"
            )
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if application or version or tables:
            raise self.error(
                "expected a store of smarttag-nb; got an SQLite database of something else. Give "
                "another path"
            )
        return True

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell SQLite's errors as ours."""
        try:
            yield
        except sqlite3.Error as error:
            raise self.error(_explain(error)) from error


def _wait_for_others(connection: sqlite3.Connection, seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout = {1_000 * seconds:.0f}")


def _as_text(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _primary(error: sqlite3.Error) -> int:
    """SQLite's result code without its details; Python's own errors have none."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


_WAITING = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

_INTACT = "What was stored before is intact"

_EXPLAINED = {
    **dict.fromkeys(
        _WAITING, "another process is writing, and did not end in time. End it, or try again"
    ),
    sqlite3.SQLITE_FULL: f"the disk is full. {_INTACT}; free some space and try again",
    sqlite3.SQLITE_IOERR: f"the disk gave an error. {_INTACT}; see that it has space and works",
    sqlite3.SQLITE_READONLY: "the file or its folder cannot be written. Change that, or copy the "
    "file to a folder of your own",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened. See that it and its folder can be read "
    "and written",
    sqlite3.SQLITE_CORRUPT: "the file is damaged. Move it away (its answers are then asked again), "
    "or save what is whole with `sqlite3 FILE .recover | sqlite3 NEW`",
    sqlite3.SQLITE_NOTADB: "expected a store of smarttag-nb; got a file that is no SQLite "
    "database, or one whose beginning is damaged. Move it away, or give another path",
    sqlite3.SQLITE_TOOBIG: "the answer is larger than a store can hold",
}


def _explain(error: sqlite3.Error) -> str:
    known = _EXPLAINED.get(_primary(error))
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return f"{known} ({name})" if known else f"SQLite says: {error} ({name})"
