"""JSON Lines: an answer a line."""

from __future__ import annotations

import gzip
import io
import os
from codecs import BOM_UTF8
from collections.abc import Iterator

from . import items
from .items import GZIP, Content, Held, Item, Slice, Unreadable
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
        is_packed = file.peek(len(GZIP)).startswith(GZIP)
        stream = gzip.GzipFile(fileobj=file) if is_packed else file
        for number, offset, length, line in _lines(stream, keep=is_packed):
            here = f"{source}:{number}"
            if length > items.LIMIT:
                yield Unreadable.by(here, items.too_large())
                continue
            content: Content = Held(line) if is_packed else Slice(path, offset, length)
            yield Item(here, length, answered, f"{stem}:{number}", None, content)


def _lines(stream: io.BufferedIOBase, *, keep: bool) -> Iterator[tuple[int, int, int, bytes]]:
    """Give each line's number, offset, length and, with `keep`, content, all without its end.

    A line is read in pieces: it may be longer than memory, and then is not kept.
    """
    number = offset = 0
    while piece := stream.readline(_BLOCK):
        number += 1
        mark = len(BOM_UTF8) if number == 1 and piece.startswith(BOM_UTF8) else 0
        offset, piece = offset + mark, piece[mark:]
        length, end, is_empty, kept = 0, b"", True, bytearray()
        while piece:
            length += len(piece)
            end = (end + piece[-2:])[-2:]
            is_empty = is_empty and piece.isspace()
            if keep and length <= items.LIMIT:
                kept += piece
            piece = b"" if end.endswith(b"\n") else stream.readline(_BLOCK)
        bare = length - (2 if end == b"\r\n" else end.endswith(b"\n"))
        if not is_empty:
            yield number, offset, bare, bytes(kept[:bare])
        offset += length
