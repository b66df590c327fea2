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
from .items import Held, Ignored, Item, Slice, Unreadable, within_limit
from .members import Members, microseconds

_PACKED: Mapping[bytes, Callable[[IO[bytes]], Any]] = {
    items.GZIP: lambda file: gzip.GzipFile(fileobj=file),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ": lzma.LZMAFile,
}


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
        head = file.peek(6)
        packed = next((open_ for mark, open_ in _PACKED.items() if head.startswith(mark)), None)
        size = os.fstat(file.fileno()).st_size
        with tarfile.open(
            fileobj=packed(file) if packed else file, mode="r:", tarinfo=_Member, encoding="utf-8"
        ) as tar:
            end = 0
            while (member := tar.next()) is not None:
                # It would keep them all.
                tar.members.clear()  # type: ignore[attr-defined]
                if tar.offset <= end:
                    raise tarfile.ReadError("a member that ends before it begins")
                end = tar.offset
                if member.isdir():
                    continue
                source = members.source(member.name, member.offset)
                why = _why_ignored(member) or members.why_ignored(member.name)
                if why:
                    yield Ignored(source, why)
                    continue
                if member.size > items.LIMIT:
                    yield Unreadable.by(source, items.too_large())
                    continue
                place: Slice | Held
                if packed or member.issparse():
                    stream = tar.extractfile(member)
                    assert stream is not None
                    place = Held(within_limit(stream))
                elif member.offset_data + member.size > size:
                    raise tarfile.ReadError(f"the archive ends within {source}")
                else:
                    place = Slice(path, member.offset_data, member.size)
                answered = microseconds(member.mtime)
                yield Item(source, member.size, answered, members.stem(member.name), None, place)


class _Member(tarfile.TarInfo):
    """A member's head, and no silence where there is none.

    What is damaged, and what ends without an archive's end, looks to `tarfile` like the end.
    """

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(f"no member's head, and no end: {error}") from None

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        made = super().frombuf(buf, encoding, errors)
        # The name of the next member, or what else is told of it, is read at once.
        longest = _LONGEST if made.type in _TELLING else float("inf")
        if not 0 <= made.size <= longest:
            raise tarfile.HeaderError(f"a size of {made.size:,} bytes")
        return made


_TELLING = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)

_LONGEST = 2**20


def _why_ignored(member: tarfile.TarInfo) -> str | None:
    if member.issym() or member.islnk():
        return "a link to another"
    return None if member.isreg() else "neither a file nor a folder"
