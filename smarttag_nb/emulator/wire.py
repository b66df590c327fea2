"""What goes wrong on the wire: an answer as bytes, waits and endings that HTTP does not allow.

A fault is a generator of steps. A new one is a function here and its name in `SPOILED`, or in
`SLOWED` where it takes its time.
"""

from __future__ import annotations

import functools
import gzip
import math
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from http import HTTPStatus

_BOMB = 512 * 2**20


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before it goes out."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def head(self, **headers: str) -> bytes:
        """Write the status line and the headers, as they go over the wire."""
        told = {**self.headers, "connection": "close", **headers}
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in told.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


class Ending(Enum):
    """How a connection ends, where it does not just close."""

    RESET = "reset"


Step = bytes | float | Ending
"""What happens on the wire next: bytes go out, seconds pass, or the connection ends."""


def _reset(reply: Reply) -> Iterator[Step]:
    """Reset the connection in the middle of the body."""
    yield reply.head(content_length=str(len(reply.body)))
    yield reply.body[: len(reply.body) // 2]
    # What was sent has to arrive first: a reset throws away what waits.
    yield 0.02
    yield Ending.RESET


def _reset_at_once(reply: Reply) -> Iterator[Step]:
    """Reset the connection before anything is sent."""
    yield Ending.RESET


def _close_at_once(reply: Reply) -> Iterator[Step]:
    """Close the connection before anything is sent."""
    yield b""


def _short_body(reply: Reply) -> Iterator[Step]:
    """Close the connection in the middle of a body whose length was told."""
    yield reply.head(content_length=str(len(reply.body)))
    yield reply.body[: len(reply.body) // 2]


def _cut_chunks(reply: Reply) -> Iterator[Step]:
    """End a chunked body without its last chunk."""
    half = reply.body[: len(reply.body) // 2]
    yield reply.head(transfer_encoding="chunked")
    yield b"%x\r\n%b\r\n" % (len(half), half)


def _no_length(reply: Reply) -> Iterator[Step]:
    """Send half a body, and tell no length."""
    yield reply.head()
    yield reply.body[: len(reply.body) // 2]


def _cut_json(reply: Reply) -> Iterator[Step]:
    """Send half a body, and tell the length of the half."""
    half = reply.body[: len(reply.body) // 2]
    yield reply.head(content_length=str(len(half))) + half


def _empty(reply: Reply) -> Iterator[Step]:
    """Send an empty body."""
    yield reply.head(content_length="0")


def _truncated_gzip(reply: Reply) -> Iterator[Step]:
    """Cut a gzip body, and tell the length of what is left."""
    packed = gzip.compress(reply.body)
    cut = packed[: len(packed) * 2 // 3]
    yield reply.head(content_encoding="gzip", content_length=str(len(cut))) + cut


def _gzip_without_end(reply: Reply) -> Iterator[Step]:
    """Leave away only the checksum and the length of a gzip body."""
    cut = gzip.compress(reply.body)[:-8]
    yield reply.head(content_encoding="gzip", content_length=str(len(cut))) + cut


def _gzip_and_more(reply: Reply) -> Iterator[Step]:
    """Send something after a gzip body."""
    packed = gzip.compress(reply.body) + b"\0trailing"
    yield reply.head(content_encoding="gzip", content_length=str(len(packed))) + packed


def _flipped_gzip(reply: Reply) -> Iterator[Step]:
    """Flip a bit of a gzip body's checksum."""
    packed = bytearray(gzip.compress(reply.body))
    packed[-5] ^= 1
    yield reply.head(content_encoding="gzip", content_length=str(len(packed))) + bytes(packed)


def _bomb(reply: Reply) -> Iterator[Step]:
    """Send a kilobyte, gzip within gzip, that opens to 512 MiB."""
    packed = gzip.compress(_zeros(_BOMB), mtime=0)
    yield reply.head(content_encoding="gzip, gzip", content_length=str(len(packed))) + packed


def _single_bomb(reply: Reply) -> Iterator[Step]:
    """Send 500 KiB of gzip that opens to 512 MiB."""
    packed = _zeros(_BOMB)
    yield reply.head(content_encoding="gzip", content_length=str(len(packed))) + packed


@functools.cache
def _zeros(size: int) -> bytes:
    """Give a gzip file that opens to so many bytes, without making as many."""
    block = bytes(2**20)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    # After a full flush nothing refers to what was before: the same block can follow itself.
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    count = size // len(block)
    checksum = 0
    for _ in range(count):
        checksum = zlib.crc32(block, checksum)
    head = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    return head + packed * count + packer.flush() + struct.pack("<II", checksum, count * len(block))


def _wrong_type(reply: Reply) -> Iterator[Step]:
    """Send an HTML page, as a network does that wants a login."""
    page = b"<html><body><h1>Welcome</h1><p>Log in to use this network.</p></body></html>"
    html = replace(reply, status=200, headers={"content-type": "text/html; charset=utf-8"})
    yield html.head(content_length=str(len(page))) + page


def _no_http(reply: Reply) -> Iterator[Step]:
    """Send something that is no HTTP."""
    yield b"\x16\x03\x01 this is not HTTP\r\n\r\n"


def _error_in_200(reply: Reply) -> Iterator[Step]:
    """Send an error with status 200."""
    body = b'{"Code":"InternalError","Message":"The request failed."}'
    yield replace(reply, status=200).head(content_length=str(len(body))) + body


def _redirect(reply: Reply) -> Iterator[Step]:
    """Redirect to another host, status 307."""
    yield replace(reply, status=307).head(content_length="0")


def _hang_up(reply: Reply) -> Iterator[Step]:
    """Answer well, and then close the connection unannounced."""
    yield reply.head(content_length=str(len(reply.body)), connection="keep-alive") + reply.body


def _no_object(reply: Reply) -> Iterator[Step]:
    """Send JSON that is no object."""
    yield reply.head(content_length="2") + b"[]"


def _endless(reply: Reply) -> Iterator[Step]:
    """Send a body that never ends."""
    yield reply.head(transfer_encoding="chunked")
    yield b"%x\r\n%b\r\n" % (len(reply.body), reply.body)
    while True:
        yield b"10000\r\n%b\r\n" % (b" " * 0x10000)


def _slow_headers(reply: Reply, seconds: float) -> Iterator[Step]:
    """Send status line and headers byte by byte."""
    head = reply.head(content_length=str(len(reply.body)))
    for byte in head:
        yield bytes([byte])
        yield seconds / len(head)
    yield reply.body


def _slow_body(reply: Reply, seconds: float) -> Iterator[Step]:
    """Send the body little by little."""
    yield reply.head(content_length=str(len(reply.body)))
    size = max(1, math.ceil(len(reply.body) / 100))
    for start in range(0, len(reply.body), size):
        yield reply.body[start : start + size]
        yield seconds * size / len(reply.body)


def _stalled_body(reply: Reply, seconds: float) -> Iterator[Step]:
    """Send half the body, then nothing, and then the rest."""
    half = len(reply.body) // 2
    yield reply.head(content_length=str(len(reply.body))) + reply.body[:half]
    yield seconds
    yield reply.body[half:]


def _silence(reply: Reply, seconds: float) -> Iterator[Step]:
    """Send nothing, and then close the connection."""
    yield seconds


SPOILED: Mapping[str, Callable[[Reply], Iterator[Step]]] = {
    "reset": _reset,
    "reset-at-once": _reset_at_once,
    "close-at-once": _close_at_once,
    "short-body": _short_body,
    "cut-chunks": _cut_chunks,
    "no-length": _no_length,
    "cut-json": _cut_json,
    "empty": _empty,
    "truncated-gzip": _truncated_gzip,
    "gzip-without-end": _gzip_without_end,
    "gzip-and-more": _gzip_and_more,
    "flipped-gzip": _flipped_gzip,
    "bomb": _bomb,
    "single-bomb": _single_bomb,
    "wrong-type": _wrong_type,
    "no-http": _no_http,
    "error-in-200": _error_in_200,
    "redirect": _redirect,
    "hang-up": _hang_up,
    "no-object": _no_object,
    "endless": _endless,
}
"""What goes wrong on the wire, by name."""

SLOWED: Mapping[str, Callable[[Reply, float], Iterator[Step]]] = {
    "slow-headers": _slow_headers,
    "slow-body": _slow_body,
    "stalled-body": _stalled_body,
    "silence": _silence,
}
"""What goes slowly, by name; the seconds it takes are given."""
