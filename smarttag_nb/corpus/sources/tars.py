"""Tar archives, also compressed."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import tarfile
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any, Self

from . import items
from .items import Content, Held, Ignored, Item, Slice, Unreadable
from .members import Members, microseconds

_UNPACKERS: Mapping[bytes, Callable[[IO[bytes]], Any]] = {
    items.GZIP: lambda file: gzip.GzipFile(fileobj=file),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ": lzma.LZMAFile,
}
"""What reads a compressed archive, by what that begins with."""


def find_tar_members(path: str, status: os.stat_result) -> Iterator[Item | Unreadable | Ignored]:
    """Find an archive's members.

    Those of a plain archive are read where they are; others can only be read in order.

    Raises
    ------
    Exception
        The archive cannot be read any further.
    """
    members = Members(path)
    with open(path, "rb") as file:
        head = file.peek(max(map(len, _UNPACKERS)))
        unpacker = next((made for mark, made in _UNPACKERS.items() if head.startswith(mark)), None)
        stream = unpacker(file) if unpacker else file
        with tarfile.open(fileobj=stream, mode="r:", tarinfo=_Member, encoding="utf-8") as tar:
            for member in _each(tar):
                source = members.source(member.name, member.offset)
                why = _why_ignored(member) or members.why_ignored(member.name)
                if why:
                    yield Ignored(source, why)
                    continue
                if member.size > items.LIMIT:
                    yield Unreadable.by(source, items.too_large())
                    continue
                content = _held(tar, member) if unpacker else _in_place(tar, member, file)
                stem, answered = members.stem(member.name), microseconds(member.mtime)
                yield Item(source, member.size, answered, stem, None, content)


def _each(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Go through the members that are no folders, and keep none."""
    end = 0
    while (member := tar.next()) is not None:
        tar.members.clear()  # type: ignore[attr-defined]
        # A size below 0 in an extended head would lead back.
        if member.size < 0 or tar.offset <= end:
            raise tarfile.ReadError(f"a member of {member.size:,} bytes")
        end = tar.offset
        if not member.isdir():
            yield member


def _why_ignored(member: tarfile.TarInfo) -> str | None:
    if member.issym() or member.islnk():
        return "a link to another"
    return None if member.isreg() else "neither a file nor a folder"


def _held(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Content:
    stream = tar.extractfile(member)
    assert stream is not None, "a regular member has content"
    return Held(stream.read())


def _in_place(tar: tarfile.TarFile, member: tarfile.TarInfo, file: IO[bytes]) -> Content:
    if member.issparse():
        # Its holes are not in the archive.
        return _held(tar, member)
    if member.offset_data + member.size > os.fstat(file.fileno()).st_size:
        raise tarfile.ReadError("the archive ends within a member")
    return Slice(file.name, member.offset_data, member.size)


class _Member(tarfile.TarInfo):
    """A member's head, and no silence where there is none.

    What is damaged, and what is cut off before the archive's end, looks to `tarfile` like the end.
    """

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile)
        except _END:
            raise
        except _NO_HEAD as error:
            raise _DAMAGED(f"expected a member's head or the archive's end; got {error}") from None

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        made = super().frombuf(buf, encoding, errors)
        # What tells more of the next member is read at once.
        if made.size < 0 or (made.type in _TELLING and made.size > _LONGEST):
            raise _NO_HEAD(f"a size of {made.size:,} bytes")
        return made


_DAMAGED, _NO_HEAD = tarfile.ReadError, tarfile.HeaderError
_END: type[Exception] = tarfile.EOFHeaderError  # type: ignore[attr-defined]

_TELLING = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)
_LONGEST = 2**20
