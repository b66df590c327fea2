"""JSON Lines: an answer a line."""

from __future__ import annotations

import gzip
import io
import os
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import NamedTuple

from . import items
from .items import GZIP, Held, Item, Slice, Unreadable
from .names import shown, stem_of

_BLOCK = 2**20


def find_lines(path: str, status: os.stat_result) -> Iterator[Item | Unreadable]:
    """Find a file's lines that are not empty.

    Those of a plain file are read where they are; gzip can only be read in order.

    Raises
    ------
    Exception
        The file cannot be read any further.
    """
    source, stem = shown(path), stem_of(os.path.basename(path))
    answered = status.st_mtime_ns // 1_000
    with open(path, "rb") as file:
        packed = file.peek(len(GZIP)).startswith(GZIP)
        opened = gzip.GzipFile(fileobj=file) if packed else file
        for line in _lines(opened, keep=packed):
            here = f"{source}:{line.number}"
            if line.length > items.LIMIT:
                yield Unreadable.by(here, items.too_large())
                continue
            place = Slice(path, line.offset, line.length) if line.held is None else Held(line.held)
            yield Item(here, line.length, answered, f"{stem}:{line.number}", None, place)


class _Line(NamedTuple):
    """A line without its end; `held` where its bytes were to be kept."""

    number: int
    offset: int
    length: int
    held: bytes | None


def _lines(file: io.BufferedIOBase, *, keep: bool) -> Iterator[_Line]:
    number = offset = 0
    while piece := file.readline(_BLOCK):
        number += 1
        start = len(BOM_UTF8) if number == 1 and piece.startswith(BOM_UTF8) else 0
        length, empty, end, held = 0, True, b"", []
        while piece:
            # In pieces: a line may be longer than memory.
            empty = empty and not piece[start if not length else 0 :].strip()
            length += len(piece)
            end = (end + piece[-2:])[-2:]
            if keep and length <= items.LIMIT:
                held.append(piece)
            piece = b"" if end.endswith(b"\n") else file.readline(_BLOCK)
        after = 2 if end == b"\r\n" else int(end.endswith(b"\n"))
        if not empty:
            kept = b"".join(held)[start : length - after] if keep else None
            yield _Line(number, offset + start, length - start - after, kept)
        offset += length
