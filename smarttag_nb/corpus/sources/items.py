"""An answer that was found, where its bytes are, and what was found besides."""

from __future__ import annotations

import errno
import gzip
import io
import os
import zlib
from dataclasses import dataclass
from typing import IO, Protocol, Self

from ...cloud.key import Key
from ...errors import NotAnAnswer
from ...job import Job
from .names import shown

LIMIT = 2**30
"""Bytes that an answer may have, unpacked. No job's has a tenth of it; a bomb has more."""

GZIP = b"\x1f\x8b"
"""What gzip data begins with."""

_BLOCK = 2**20


class Content(Protocol):
    """Where an answer's bytes are: plain data, to be read in whatever process it comes to."""

    def read(self) -> bytes | Job:
        """Read it; raises as `Item.read` does."""


@dataclass(frozen=True, slots=True)
class Item:
    """An answer that was found.

    Attributes
    ----------
    source : str
        Where, absolute: ``/data/88e6.json``; a member ``/data/week.tar!/x/88e6.json``, and
        ``/data/week.tar!/x/88e6.json@1536``, its place in the archive, where an earlier one has
        the same name; a line ``/data/week.jsonl:17``; an entry ``/data/jobs.sqlite!/88e6``; or
        ``Job 88e6``.
    size : int
        Bytes to be read, as far as that is known beforehand.
    answered : int or None
        When it came, in microseconds since 1970 in UTC: the time of the file, the member or the
        store's entry. A line has its file's.
    stem : str or None
        What serves as the JobId where the answer tells none: the file's or member's name without
        its endings; for a line with its number, so that no two have the same.
    key : Key or None
        What was asked for it, where a store tells.
    content : Content
        Where its bytes are.
    """

    source: str
    size: int
    answered: int | None
    stem: str | None
    key: Key | None
    content: Content

    def read(self) -> bytes | Job:
        """Read it.

        Returns
        -------
        bytes or Job
            The answer, unpacked where it is gzip; or the Job that was given.

        Raises
        ------
        OSError
            It is not there any longer, may not be read, or is not as it was when it was found.
        NotAnAnswer
            It does not unpack, or is more than `LIMIT`.
        StoreError
            Its store cannot be read; `DamagedEntry` where it is not what was stored.
        """
        content = self.content.read()
        return unpacked(content) if isinstance(content, bytes) else content


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A source, or the rest of one, that no answers can be had from.

    Attributes
    ----------
    source : str
        Where, as `Item.source` tells it.
    error, kind : str
        The error's text, and its class's name.
    """

    source: str
    error: str
    kind: str

    @classmethod
    def by(cls, source: str, error: BaseException) -> Self:
        """Tell an error as data."""
        kind = type(error).__name__
        return cls(source, shown(str(error)) or kind, kind)


@dataclass(frozen=True, slots=True)
class Ignored:
    """What is in a folder or an archive and was not taken for an answer.

    Attributes
    ----------
    source : str
        Where, as `Item.source` tells it.
    why : str
        The reason, as part of a sentence.
    """

    source: str
    why: str


@dataclass(frozen=True, slots=True)
class File:
    """A whole file."""

    path: str

    def read(self) -> bytes:
        """Read it."""
        with open(self.path, "rb", buffering=0) as file:
            if os.fstat(file.fileno()).st_size > LIMIT:
                raise too_large()
            return file.readall()


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a file: a line, or a member of a tar archive."""

    path: str
    offset: int
    length: int

    def read(self) -> bytes:
        """Read it."""
        with open(self.path, "rb", buffering=0) as file:
            return exactly(file, self.offset, self.length)


@dataclass(frozen=True, slots=True)
class Held:
    """What had to be read to be found, and a Job."""

    content: bytes | Job

    def read(self) -> bytes | Job:
        """Give it."""
        return self.content


def exactly(file: IO[bytes], offset: int, length: int) -> bytes:
    """Read a part of a file that was there when it was found.

    Raises
    ------
    OSError
        It is not there any longer.
    """
    # The length may be an archive's claim: nothing is set aside for it before it is there.
    if offset + length > os.fstat(file.fileno()).st_size:
        raise OSError(errno.EIO, "The file ends sooner than when it was found", file.name)
    file.seek(offset)
    parts = []
    while length and (part := file.read(length)):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def within_limit(stream: IO[bytes] | io.BufferedIOBase) -> bytes:
    """Read a stream to its end, and no more than `LIMIT`.

    Raises
    ------
    NotAnAnswer
        There is more.
    """
    made = bytearray()
    while block := stream.read(_BLOCK):
        made += block
        if len(made) > LIMIT:
            raise too_large()
    return bytes(made)


def unpacked(content: bytes) -> bytes:
    """Unpack gzip; anything else is given back as it is.

    Raises
    ------
    NotAnAnswer
        It is damaged, more than `LIMIT`, or gzip within gzip.
    """
    if not content.startswith(GZIP):
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            made = within_limit(stream)
    except (OSError, EOFError, zlib.error) as error:
        raise NotAnAnswer(f"a gzip file that does not unpack: {error}") from None
    if made.startswith(GZIP):
        # A reader would unpack it once more, and without a limit.
        raise NotAnAnswer("a gzip file within a gzip file")
    return made


def too_large() -> NotAnAnswer:
    """Make the error of what is larger than any answer."""
    return NotAnAnswer(f"more than {LIMIT:,} bytes")
