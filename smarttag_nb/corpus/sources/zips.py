"""Zip archives, by their directory, which stands at the end and is read as it is gone through.

Python's own reader keeps all of it, some 700 bytes a member. The format is PKWARE's APPNOTE.TXT.
"""

from __future__ import annotations

import bz2
import os
import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO
from zipfile import BadZipFile

from ...errors import NotAnAnswer
from . import items
from .items import Ignored, Item, Unreadable, exactly
from .members import Members, microseconds

_HEAD = struct.Struct("<4s22x2H")
_ENTRY = struct.Struct("<4s4x4H3L3H6xHL")
_END = struct.Struct("<10xH2L2x")
_END_64 = struct.Struct("<32x3Q")
"""A member's head, the directory's entry of it, the archive's end, and that of a large one."""

_LOCATOR_64 = 20
"""Bytes between the end of a large archive and the end that all have."""

_STORED, _DEFLATED, _BZIP2 = 0, 8, 12
_ENCRYPTED, _UTF8 = 0x1, 0x800
_ZIP64, _UNIX_TIME = 0x1, 0x5455
_IN_EXTRA = 0xFFFFFFFF
"""What stands in the place of a number that is too large for it."""


def find_zip_members(path: str, status: os.stat_result) -> Iterator[Item | Unreadable | Ignored]:
    """Find an archive's members.

    Raises
    ------
    Exception
        The archive cannot be read any further.
    """
    members = Members(path)
    with open(path, "rb") as file:
        for entry in _directory(file):
            if entry.name.endswith("/"):
                continue
            source = members.source(entry.name, entry.offset)
            why = "a link to another" if entry.is_link else members.why_ignored(entry.name)
            if why:
                yield Ignored(source, why)
            elif error := _refusal(entry):
                yield Unreadable.by(source, error)
            else:
                place = Zipped(
                    path, entry.offset, entry.packed, entry.size, entry.method, entry.crc
                )
                stem = members.stem(entry.name)
                yield Item(source, entry.size, entry.answered, stem, None, place)


@dataclass(frozen=True, slots=True)
class Zipped:
    """A member: `offset` is its head's, `packed` and `size` are bytes in the archive and out."""

    path: str
    offset: int
    packed: int
    size: int
    method: int
    crc: int

    def read(self) -> bytes:
        """Read it."""
        with open(self.path, "rb", buffering=0) as file:
            mark, name, extra = _HEAD.unpack(exactly(file, self.offset, _HEAD.size))
            if mark != b"PK\3\4":
                raise NotAnAnswer("a zip archive without a member where its directory says one is")
            content = exactly(file, self.offset + _HEAD.size + name + extra, self.packed)
        try:
            if self.method == _DEFLATED:
                content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, self.size + 1)
            elif self.method == _BZIP2:
                content = bz2.BZ2Decompressor().decompress(content, self.size + 1)
        except (zlib.error, OSError) as error:
            raise NotAnAnswer(f"a zip archive's member that does not unpack: {error}") from None
        if len(content) != self.size or zlib.crc32(content) != self.crc:
            raise NotAnAnswer("a zip archive's member that is not what was packed")
        return content


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a directory tells of a member."""

    name: str
    offset: int
    packed: int
    size: int
    method: int
    crc: int
    is_encrypted: bool
    is_link: bool
    answered: int | None


def _refusal(entry: _Entry) -> NotAnAnswer | None:
    if entry.is_encrypted:
        return NotAnAnswer("an encrypted member of a zip archive", "Unpack it with its password.")
    if entry.method not in (_STORED, _DEFLATED, _BZIP2):
        return NotAnAnswer(
            f"a zip archive's member of compression method {entry.method}", "Unpack the archive."
        )
    return items.too_large() if max(entry.size, entry.packed) > items.LIMIT else None


def _directory(file: IO[bytes]) -> Iterator[_Entry]:
    count, start, end, shift = _find_directory(file)
    file.seek(start)
    while start < end:
        head = file.read(_ENTRY.size)
        if len(head) < _ENTRY.size or not head.startswith(b"PK\1\2"):
            raise BadZipFile("the archive's directory is damaged")
        _, flags, method, clock, day, crc, *sizes, named, extended, commented, unix, offset = (
            _ENTRY.unpack(head)
        )
        name, extra = file.read(named), _fields(file.read(extended))
        file.read(commented)
        start += _ENTRY.size + named + extended + commented
        count -= 1
        size, packed, offset = _in_full((*reversed(sizes), offset), extra.get(_ZIP64, b""))
        yield _Entry(
            name=_decoded(name, flags),
            offset=offset + shift,
            packed=packed,
            size=size,
            method=method,
            crc=crc,
            is_encrypted=bool(flags & _ENCRYPTED),
            is_link=stat.S_ISLNK(unix),
            answered=_time(day, clock, extra.get(_UNIX_TIME, b"")),
        )
    if count % 2**16:
        # Which is all that older archives hold of it.
        raise BadZipFile("the archive's directory has not as many members as it says")


def _find_directory(file: IO[bytes]) -> tuple[int, int, int, int]:
    """Find the directory: its members, its start and end, and what stands before the archive."""
    size = file.seek(0, os.SEEK_END)
    # Behind the end there may be a comment.
    tail_at = max(0, size - _END_64.size - _LOCATOR_64 - _END.size - 0xFFFF)
    file.seek(tail_at)
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise BadZipFile("no end of a zip archive: it is cut short, or something else")
    count, length, offset = _END.unpack_from(tail, at)
    end = tail_at + at
    before = at - _LOCATOR_64 - _END_64.size
    if before >= 0 and tail.startswith(b"PK\6\7", at - _LOCATOR_64):
        if not tail.startswith(b"PK\6\6", before):
            raise BadZipFile("the archive's end is damaged")
        count, length, offset = _END_64.unpack_from(tail, before)
        end = tail_at + before
    shift = end - length - offset
    if shift < 0:
        raise BadZipFile("the archive's directory is damaged, or its beginning is missing")
    return count, end - length, end, shift


def _fields(extra: bytes) -> dict[int, bytes]:
    fields = {}
    while len(extra) >= 4:
        number, length = struct.unpack_from("<2H", extra)
        fields[number] = extra[4 : 4 + length]
        extra = extra[4 + length :]
    return fields


def _in_full(numbers: tuple[int, ...], field: bytes) -> list[int]:
    """Take each number that is too large for its place from the field where they stand in turn."""
    long = iter(struct.unpack(f"<{len(field) // 8}Q", field[: len(field) // 8 * 8]))
    return [next(long, number) if number == _IN_EXTRA else number for number in numbers]


def _decoded(name: bytes, flags: int) -> str:
    """Decode a name: many that are UTF-8 do not say so."""
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("utf-8", "replace") if flags & _UTF8 else name.decode("cp437")


def _time(day: int, clock: int, field: bytes) -> int | None:
    """When a member was changed; without the field for it taken as UTC, which it may not be."""
    if len(field) >= 5 and field[0] & 1:
        return microseconds(*struct.unpack_from("<l", field, 1))
    date = ((day >> 9) + 1980, day >> 5 & 15, day & 31)
    time = (clock >> 11, clock >> 5 & 63, (clock & 31) * 2)
    try:
        return microseconds(datetime(*date, *time, tzinfo=UTC).timestamp())
    except ValueError:
        return None
