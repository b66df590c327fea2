"""The store: what the cloud answered, byte for byte, in one SQLite file.

Several processes may work on one store. Each claims a key before it asks the cloud for it, so that
no two ask for the same:

1. `Store.get` gives what is stored: nothing to ask.
2. `Store.claim` says whether to ask. Where it says no, somebody else is asking: go on with others,
   and begin again at 1 for this one a little later.
3. `Store.put` stores the answer, and with it gives the claim back; `Store.release` gives it back
   where there is nothing to store.

The claims of a process that was killed are void at once, and any claim is after its time.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import uuid
import zlib
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import pandas as pd

from ..errors import DamagedEntry, InvalidArgument, StoreError, UnknownName
from ..job import Job
from ..readers import load
from ..tables import TEXT
from . import claims
from .database import Database
from .key import Key, is_text
from .operations import FINAL

__all__ = ["Key", "Store"]


class Store:
    """Final answers of the cloud, kept in a file for all threads and processes that open it.

    Parameters
    ----------
    path : path
        The file, by custom ``.sqlite``; made where it is missing, on a local disk. Only its owner
        may read it. Two files beside it, ``-wal`` and ``-shm``, are part of it while it is open.

    Attributes
    ----------
    path : pathlib.Path
        The file.

    Raises
    ------
    StoreError
        The file is something else, damaged, or cannot be made, read or written. So do all methods.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> answer = stag.samples.path("magazine", "smarttag").read_bytes()
    >>> with tempfile.TemporaryDirectory() as folder, Store(f"{folder}/jobs.sqlite") as store:
    ...     key = Key("ice", "cn-shanghai", "QuerySmarttagJob", "88e6")
    ...     store.put(key, answer, "Success")
    ...     store, store["88e6"].status, store.get(key) == answer
    (<Store jobs.sqlite: 1 answer>, 'Success', True)
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._database = Database(path)
        self.path = self._database.path
        self._owner = uuid.uuid4().hex
        # Claims that could not be given back, where a disk is full, and hold up nobody here.
        self._void: set[tuple[str, ...]] = set()

    def put(self, key: Key, raw: bytes, status: str, request_id: str = "") -> None:
        """Store an answer, in place of one under the same key, and give back a claim on it.

        When it returns, the answer outlives this process, however that ends. Only a loss of power
        may take the last ones, which are then asked for again.

        Parameters
        ----------
        key : Key
            What was asked.
        raw : bytes
            The answer, as it came.
        status : str
            The job's: a final one, since any other answer is worth nothing later.
        request_id : str
            The cloud's id of the request.

        Raises
        ------
        InvalidArgument
            The status is not final, or an argument is of the wrong kind.
        StoreError
            It could not be stored: what was stored before is as it was.
        """
        if status not in FINAL:
            expected = f"a final status ({', '.join(sorted(FINAL))})"
            raise InvalidArgument("status", expected, status)
        if not isinstance(raw, bytes):
            raise InvalidArgument("raw", "the answer's bytes", type(raw).__name__)
        if request_id and not is_text(request_id):
            raise InvalidArgument("request_id", "a text that UTF-8 can hold", request_id)
        where = _checked(key).columns
        stored = time.time_ns() // 1_000
        digest = _digest(where, status, request_id, stored, raw)
        row = (*where, status, request_id, stored, len(raw), digest, zlib.compress(raw))
        with self._database.writing() as connection:
            connection.execute(_DELETE, where)
            connection.execute(_INSERT, row)
            claims.fulfil(connection, where)

    def get(self, key: Key) -> bytes | None:
        """Give the answer that is stored under a key.

        Parameters
        ----------
        key : Key
            What would be asked.

        Returns
        -------
        bytes or None
            The answer as it came; None where none is stored.

        Raises
        ------
        DamagedEntry
            It is not what was stored. It was set aside, and is not there any longer.
        """
        where = _checked(key).columns
        with self._database.reading() as connection:
            row = connection.execute(_SELECT, where).fetchone()
        return None if row is None else self._opened(row, where)

    def claim(self, key: Key, seconds: float = 60.0) -> bool:
        """Tell whether to ask for a key, and if so, keep all others from it for a while.

        Parameters
        ----------
        key : Key
            What would be asked.
        seconds : float
            How long the others wait at most: longer than asking can take, retries included.

        Returns
        -------
        bool
            False where the answer is stored by now, or somebody else, or another thread of this
            process, is asking.

        Raises
        ------
        InvalidArgument
            `seconds` is no number above 0.
        """
        if not isinstance(seconds, (int, float)) or not 0 < seconds < float("inf"):
            raise InvalidArgument("seconds", "a number of seconds above 0", seconds)
        where = _checked(key).columns
        if where in self._void:
            self.release(key)
        with self._database.reading() as connection:
            # Most of those who come in vain need not hold up who writes.
            if not claims.is_free(connection, where):
                return False
        with self._database.writing() as connection:
            return claims.claim(connection, where, self._owner, seconds)

    def release(self, key: Key) -> None:
        """Give back a claim of this store, so that the next who comes may ask.

        Parameters
        ----------
        key : Key
            What was not asked, or brought nothing to store. Without a claim nothing happens.
        """
        where = _checked(key).columns
        try:
            with self._database.writing() as connection:
                claims.release(connection, where, self._owner)
        except StoreError:
            self._void.add(where)
            raise
        self._void.discard(where)

    def jobs(self) -> pd.DataFrame:
        """List what is stored.

        Returns
        -------
        pandas.DataFrame
            A row per answer, in the order stored: product, region, operation, job_id, params,
            status, request_id, stored (when, UTC), bytes (of the answer as it came).
        """
        with self._database.reading() as connection:
            rows = connection.execute(_LIST).fetchall()
        # What damage made of a text or a number is missing; the answers tell of it themselves.
        kinds = (*(str for _ in _LISTED), int, int)
        whole = (
            [v if isinstance(v, kind) else None for v, kind in zip(row, kinds, strict=True)]
            for row in rows
        )
        frame = pd.DataFrame(list(whole), columns=[*_LISTED, "stored", "bytes"], dtype=object)
        dtypes: dict[str, Any] = dict.fromkeys(_LISTED, TEXT)
        frame = frame.astype({**dtypes, "stored": "Int64", "bytes": "Int64"})
        stored = pd.to_datetime(frame["stored"], unit="us", utc=True, errors="coerce")
        return frame.assign(stored=stored.astype("datetime64[us, UTC]"))

    def close(self) -> None:
        """Give back this store's claims and close the file; again is no error."""
        if not self._database.closed:
            # They end by themselves: no reason not to close.
            with suppress(StoreError), self._database.writing() as connection:
                claims.release_all(connection, self._owner)
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __getitem__(self, job_id: str) -> Job:
        """Read a job's newest answer.

        Parameters
        ----------
        job_id : str
            The job.

        Returns
        -------
        Job
            Its tables.

        Raises
        ------
        UnknownName
            The job is not in the store.
        DamagedEntry
            Its answer is not what was stored. It was set aside.
        NotAnAnswer
            What was stored is no answer.
        """
        row = None
        if is_text(job_id):
            with self._database.reading() as connection:
                row = connection.execute(_NEWEST, (job_id,)).fetchone()
        if row is None:
            ids = list(self)
            if len(ids) > _TOLD:
                ids = [*ids[-_TOLD:], f"{len(ids) - _TOLD:,} more"]
            raise UnknownName("job in the store", job_id, ids)
        # By the id that was asked for: one of another job, by damage, must not pass for it.
        return load(self._opened(row, (job_id, *row[2:6])), job_id=job_id)

    def __contains__(self, job_id: object) -> bool:
        if not is_text(job_id):
            return False
        with self._database.reading() as connection:
            query = "SELECT EXISTS (SELECT 1 FROM answers WHERE job_id = ?)"
            return bool(connection.execute(query, (job_id,)).fetchone()[0])

    def __iter__(self) -> Iterator[str]:
        """Job ids, each once, in the order in which they came."""
        query = "SELECT job_id FROM answers GROUP BY job_id ORDER BY min(entry)"
        with self._database.reading() as connection:
            rows = connection.execute(query).fetchall()
        return iter([job_id for (job_id,) in rows])

    def __len__(self) -> int:
        return self._count("count(DISTINCT job_id) FROM answers")

    def __bool__(self) -> bool:
        # An empty store is one, too: `store or …` would drop it.
        return True

    def __repr__(self) -> str:
        if not hasattr(self, "path"):
            # As a traceback with locals shows it, where the file could not be opened.
            return "<Store, not open>"
        name = self.path.name
        if self._database.closed:
            return f"<Store {name}, closed>"
        try:
            answers = self._count("count(*) FROM answers")
            damaged = self._count("count(*) FROM damaged")
        except StoreError:
            return f"<Store {name}, which cannot be read>"
        aside = f", {damaged:,} damaged and set aside" if damaged else ""
        return f"<Store {name}: {answers:,} answer{'' if answers == 1 else 's'}{aside}>"

    def _count(self, what: str) -> int:
        with self._database.reading() as connection:
            (number,) = connection.execute(f"SELECT {what}").fetchone()
        return int(number)

    def _opened(self, row: tuple[Any, ...], where: tuple[str, ...]) -> bytes:
        """Unpack a row's answer and compare it with its digest; set it aside where it differs."""
        entry, *_, status, request_id, stored, size, digest, packed = row
        raw = _unpacked(packed, size)
        if raw is not None and _digest(where, status, request_id, stored, raw) == digest:
            return raw
        with self._database.writing() as connection:
            for statement in _SET_ASIDE:
                connection.execute(statement, (entry,))
        raise DamagedEntry(
            os.fspath(self.path),
            f"the answer of job {where[0]:.80} is not what was stored, and was set aside. "
            "Ask for it again",
        )


_TOLD = 10
"""How many ids an error names."""

_LISTED = ("product", "region", "operation", "job_id", "params", "status", "request_id")

_LIST = """
SELECT product, region, operation, job_id, params, status, request_id, stored, bytes
FROM answers ORDER BY entry
"""

_SELECT = """
SELECT * FROM answers
WHERE job_id = ? AND product = ? AND region = ? AND operation = ? AND params = ?
"""

_NEWEST = "SELECT * FROM answers WHERE job_id = ? ORDER BY entry DESC LIMIT 1"

_DELETE = """
DELETE FROM answers
WHERE job_id = ? AND product = ? AND region = ? AND operation = ? AND params = ?
"""

_SET_ASIDE = (
    "INSERT INTO damaged SELECT * FROM answers WHERE entry = ?",
    "DELETE FROM answers WHERE entry = ?",
)

_INSERT = "INSERT INTO answers VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def _checked(key: Key) -> Key:
    if not isinstance(key, Key):
        raise InvalidArgument("key", "a Key", key)
    return key


def _digest(
    where: tuple[str, ...], status: object, request_id: object, stored: object, raw: bytes
) -> bytes:
    """SHA-256 of the answer and all that is told of it, so that none can change unseen.

    The head ends where its JSON does: no other head and answer make the same bytes.
    """
    head = json.dumps([*where, status, request_id, stored], default=repr)
    return hashlib.sha256(head.encode() + raw).digest()


def _unpacked(packed: object, size: object) -> bytes | None:
    """Unpack an answer, of that size and no larger; None where damage let none of it come."""
    if not isinstance(packed, bytes) or not isinstance(size, int) or not 0 <= size < 2**31:
        return None
    stream = zlib.decompressobj()
    try:
        raw = stream.decompress(packed, size + 1)
    except zlib.error:
        return None
    return raw if len(raw) == size else None
