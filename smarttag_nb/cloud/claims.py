"""Who is asking the cloud for what, so that no two processes ask for the same."""

from __future__ import annotations

import os
import socket
import sqlite3
import time

Columns = tuple[str, str, str, str, str]


def claim(connection: sqlite3.Connection, where: Columns, owner: str, seconds: float) -> bool:
    """Claim a key, in a transaction, unless it is stored or claimed.

    Parameters
    ----------
    connection : sqlite3.Connection
        Of the store's file.
    where : tuple of str
        `Key.columns`.
    owner : str
        Who claims.
    seconds : float
        For how long.

    Returns
    -------
    bool
        Whether it was.
    """
    if not is_free(connection, where):
        return False
    now = time.monotonic()
    mine = (owner, socket.gethostname(), os.getpid(), now, now + seconds)
    connection.execute(_CLAIM, (*where, *mine))
    return True


def is_free(connection: sqlite3.Connection, where: Columns) -> bool:
    """Whether a key is neither stored nor claimed by anybody who is still there."""
    if connection.execute(_IS_STORED, where).fetchone()[0]:
        return False
    claim = connection.execute(_CLAIMED, where).fetchone()
    if claim is None:
        return True
    host, pid, since, until = claim
    if not (isinstance(since, float) and isinstance(until, float)):
        return True
    # A beginning that lies ahead is of before this machine's start, when its clock began anew.
    if not since <= time.monotonic() < until:
        return True
    return bool(host == socket.gethostname() and not _is_running(pid))


def _is_running(pid: object) -> bool:
    if os.name == "nt":
        # There signal 0 ends a process; a claim ends by its time alone.
        return True
    try:
        os.kill(pid if isinstance(pid, int) else 0, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        # It is another user's.
        return True
    return True


def fulfil(connection: sqlite3.Connection, where: Columns) -> None:
    """Give back whatever claim there is on a key that is stored."""
    connection.execute(_FULFIL, where)


def release(connection: sqlite3.Connection, where: Columns, owner: str) -> None:
    """Give back one claim of an owner."""
    connection.execute(_RELEASE, (*where, owner, os.getpid()))


def release_all(connection: sqlite3.Connection, owner: str) -> None:
    """Give back all claims of an owner in this process; one forked from it has none."""
    connection.execute("DELETE FROM claims WHERE owner = ? AND pid = ?", (owner, os.getpid()))


_IS_STORED = """
SELECT EXISTS (
    SELECT 1 FROM answers
    WHERE job_id = ? AND product = ? AND region = ? AND operation = ? AND params = ?
)
"""

_CLAIMED = """
SELECT host, pid, since, until FROM claims
WHERE job_id = ? AND product = ? AND region = ? AND operation = ? AND params = ?
"""

_CLAIM = "INSERT OR REPLACE INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

_FULFIL = """
DELETE FROM claims
WHERE job_id = ? AND product = ? AND region = ? AND operation = ? AND params = ?
"""

_RELEASE = f"{_FULFIL} AND owner = ? AND pid = ?"
