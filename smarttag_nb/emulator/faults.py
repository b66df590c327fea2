"""Faults: what goes wrong on purpose, in the gateway or on the wire."""

from __future__ import annotations

import functools
import gzip
import itertools
import math
import random
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from http import HTTPStatus
from typing import Any

from ..cloud.operations import OPERATIONS
from ..errors import InvalidArgument, UnknownName
from .calls import Request
from .refusals import REFUSALS

Chooser = Callable[[Request], str | None]
Plan = str | Iterable[str | None] | Chooser
Faults = Plan | Mapping[str, Plan] | None

_BOMB = 200 * 2**20
_SLOW = 30.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before it goes out."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def head(self, **headers: str) -> bytes:
        """Write the status line and the headers, as they go over the wire."""
        told = {**self.headers, **headers, "connection": "close"}
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in told.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


class Ending(Enum):
    """How a connection ends, where it does not just close."""

    RESET = "reset"


Step = bytes | float | Ending
"""What happens on the wire next: bytes go out, seconds pass, or the connection ends."""


def _reset(reply: Reply) -> Iterator[Step]:
    yield reply.head(content_length=str(len(reply.body)))
    yield reply.body[: len(reply.body) // 2]
    # What was sent has to arrive first: a reset throws away what waits.
    yield 0.02
    yield Ending.RESET


def _reset_at_once(reply: Reply) -> Iterator[Step]:
    yield Ending.RESET


def _close_at_once(reply: Reply) -> Iterator[Step]:
    yield b""


def _short_body(reply: Reply) -> Iterator[Step]:
    yield reply.head(content_length=str(len(reply.body)))
    yield reply.body[: len(reply.body) // 2]


def _cut_chunks(reply: Reply) -> Iterator[Step]:
    half = reply.body[: len(reply.body) // 2]
    yield reply.head(transfer_encoding="chunked")
    yield b"%x\r\n%b\r\n" % (len(half), half)


def _no_length(reply: Reply) -> Iterator[Step]:
    yield reply.head()
    yield reply.body[: len(reply.body) // 2]


def _cut_json(reply: Reply) -> Iterator[Step]:
    half = reply.body[: len(reply.body) // 2]
    yield reply.head(content_length=str(len(half))) + half


def _empty(reply: Reply) -> Iterator[Step]:
    yield reply.head(content_length="0")


def _truncated_gzip(reply: Reply) -> Iterator[Step]:
    packed = gzip.compress(reply.body)
    cut = packed[: len(packed) * 2 // 3]
    yield reply.head(content_encoding="gzip", content_length=str(len(cut))) + cut


def _gzip_without_end(reply: Reply) -> Iterator[Step]:
    # All of the data, but neither checksum nor length.
    cut = gzip.compress(reply.body)[:-8]
    yield reply.head(content_encoding="gzip", content_length=str(len(cut))) + cut


def _gzip_and_more(reply: Reply) -> Iterator[Step]:
    packed = gzip.compress(reply.body) + b"\0trailing"
    yield reply.head(content_encoding="gzip", content_length=str(len(packed))) + packed


def _flipped_gzip(reply: Reply) -> Iterator[Step]:
    packed = bytearray(gzip.compress(reply.body))
    packed[-5] ^= 1
    yield reply.head(content_encoding="gzip", content_length=str(len(packed))) + bytes(packed)


def _bomb(reply: Reply) -> Iterator[Step]:
    packed = gzip.compress(_zeros(_BOMB), mtime=0)
    yield reply.head(content_encoding="gzip, gzip", content_length=str(len(packed))) + packed


def _single_bomb(reply: Reply) -> Iterator[Step]:
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
    page = b"<html><body><h1>Welcome</h1><p>Log in to use this network.</p></body></html>"
    html = replace(reply, status=200, headers={"content-type": "text/html; charset=utf-8"})
    yield html.head(content_length=str(len(page))) + page


def _no_http(reply: Reply) -> Iterator[Step]:
    yield b"\x16\x03\x01 this is not HTTP\r\n\r\n"


def _error_in_200(reply: Reply) -> Iterator[Step]:
    body = b'{"Code":"InternalError","Message":"The request failed."}'
    yield replace(reply, status=200).head(content_length=str(len(body))) + body


def _redirect(reply: Reply) -> Iterator[Step]:
    yield replace(reply, status=307).head(content_length="0")


def _slow_headers(reply: Reply, seconds: float) -> Iterator[Step]:
    head = reply.head(content_length=str(len(reply.body)))
    for byte in head:
        yield bytes([byte])
        yield seconds / len(head)
    yield reply.body


def _slow_body(reply: Reply, seconds: float) -> Iterator[Step]:
    yield reply.head(content_length=str(len(reply.body)))
    size = max(1, math.ceil(len(reply.body) / 100))
    for start in range(0, len(reply.body), size):
        yield reply.body[start : start + size]
        yield seconds * size / len(reply.body)


def _silence(reply: Reply, seconds: float) -> Iterator[Step]:
    yield seconds


_SPOILED: Mapping[str, Callable[[Reply], Iterator[Step]]] = {
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
}

_SLOWED: Mapping[str, Callable[[Reply, float], Iterator[Step]]] = {
    "slow-headers": _slow_headers,
    "slow-body": _slow_body,
    "silence": _silence,
}

_CODES = {"500": "InternalError", "503": "ServiceUnavailable"} | {code: code for code in REFUSALS}

FAULTS = (*_SPOILED, *_SLOWED, *_CODES)
"""Names of all faults: on the wire, slow ones, and errors of the gateway."""


def code_of(fault: str | None) -> str | None:
    """Give the code of the error that a fault is; None where it is one on the wire."""
    return _CODES.get(fault or "")


def steps(fault: str, reply: Reply) -> Iterator[Step]:
    """Give what happens on the wire in place of an answer."""
    name, _, seconds = fault.partition(":")
    if name in _SLOWED:
        return _SLOWED[name](reply, float(seconds) if seconds else _SLOW)
    return _SPOILED[name](reply)


def check(fault: Any) -> str | None:
    """Refuse what is no fault.

    Raises
    ------
    UnknownName
        There is no fault of this name.
    """
    name, colon, seconds = str(fault).partition(":")
    if fault is None or fault in FAULTS:
        return None if fault is None else str(fault)
    if colon and name in _SLOWED:
        try:
            if 0 <= float(seconds) < math.inf:
                return str(fault)
        except ValueError:
            pass
    raise UnknownName("fault", fault, FAULTS)


class Script:
    """What goes wrong when, request by request.

    Parameters
    ----------
    faults : str, iterable, callable, mapping or None
        As `smarttag_nb.emulator.running` takes them.

    Raises
    ------
    UnknownName
        It names a fault or an operation that does not exist.
    InvalidArgument
        It is nothing of the kind.
    """

    def __init__(self, faults: Faults) -> None:
        self._every: Chooser | None = None
        self._of: dict[str, Chooser] = {}
        if isinstance(faults, Mapping):
            for operation, plan in faults.items():
                if operation not in {*OPERATIONS, "file"}:
                    raise UnknownName("operation", operation, [*OPERATIONS, "file"])
                self._of[operation] = _chooser(plan)
        elif faults is not None:
            self._every = _chooser(faults)

    def choose(self, request: Request) -> str | None:
        """Choose what happens to a request."""
        chooser = self._every or self._of.get(request.operation)
        return check(chooser(request)) if chooser else None


def _chooser(plan: Any) -> Chooser:
    if callable(plan):
        return plan  # type: ignore[no-any-return]
    if isinstance(plan, str):
        check(plan)
        plan = itertools.repeat(plan)
    elif isinstance(plan, Sequence):
        for fault in plan:
            check(fault)
    elif not isinstance(plan, Iterable):
        raise InvalidArgument("faults", "names of faults, or a callable that gives them", plan)
    left = iter(plan)
    return lambda request: next(left, None)


def share(fraction: float, faults: Sequence[str], seed: int = 0) -> Chooser:
    """Choose faults for a random share of the requests, the same ones for the same seed.

    Parameters
    ----------
    fraction : float
        How many of the requests fail, 0 to 1.
    faults : sequence of str
        One of these happens.
    seed : int
        What the choice is made from.

    Returns
    -------
    callable
        For the argument ``faults`` of `running`.

    Raises
    ------
    InvalidArgument
        The fraction is out of its range, or there are no faults.
    UnknownName
        There is no fault of this name.

    Examples
    --------
    >>> choose = share(0.5, ["503", "reset"], seed=1)
    >>> [choose(Request(number, 0.0, "QuerySmarttagJob")) for number in range(1, 5)]
    ['503', 'reset', '503', None]
    """
    if not 0 <= fraction <= 1:
        raise InvalidArgument("fraction", "a number from 0 to 1", fraction)
    if not faults:
        raise InvalidArgument("faults", "at least one name", faults)
    for fault in faults:
        check(fault)

    def choose(request: Request) -> str | None:
        # Of its number alone, whatever order answers come in.
        chance = random.Random(f"{seed}/{request.number}")  # noqa: S311
        return chance.choice(faults) if chance.random() < fraction else None

    return choose
