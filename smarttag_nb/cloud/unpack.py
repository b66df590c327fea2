"""Compressed bodies: whole or not at all, and never more than a limit."""

from __future__ import annotations

import math
import zlib

from ..errors import BadAnswer
from .sockets import left

_COMPRESSED_BLOCK = 2**12
"""Of a bomb, 4 MB come out of it at the most before the deadline is looked at."""


def unpack(body: bytes, coding: str, limit: int, deadline: float) -> bytes:
    """Unpack a body of a Content-Encoding; raises as `decompress` does."""
    if coding in ("", "identity") or not body:
        return body
    if coding in ("gzip", "x-gzip"):
        return decompress(body, limit, deadline)
    if coding == "deflate":
        # Meant to be wrapped by zlib's header, and often not.
        wrapped = body[0] & 15 == zlib.DEFLATED and not int.from_bytes(body[:2], "big") % 31
        return decompress(body, limit, deadline, bits=zlib.MAX_WBITS * (1 if wrapped else -1))
    raise BadAnswer("UnknownEncoding", "a content encoding that was not asked for")


def decompress(
    body: bytes, limit: int, deadline: float = math.inf, *, bits: int = zlib.MAX_WBITS + 16
) -> bytes:
    """Decompress gzip, whole and no more than `limit` bytes.

    Parameters
    ----------
    body : bytes
        One or more members of gzip.
    limit : int
        Bytes that may come of it.
    deadline : float
        By when, as `time.monotonic` counts.
    bits : int
        What zlib calls wbits, for other formats than gzip.

    Raises
    ------
    BadAnswer
        TruncatedGzip, BrokenGzip, TrailingGarbage or TooLarge.
    TimeoutError
        It took longer.
    """
    made = bytearray()
    stream = zlib.decompressobj(bits)
    for start in range(0, len(body), _COMPRESSED_BLOCK):
        block = body[start : start + _COMPRESSED_BLOCK]
        while block:
            left(deadline)
            if stream.eof:
                if bits != zlib.MAX_WBITS + 16 or block[0] != 0x1F:
                    raise BadAnswer("TrailingGarbage", "more bytes after the end of the gzip data")
                stream = zlib.decompressobj(bits)
            try:
                made += stream.decompress(block, limit + 1 - len(made))
            except zlib.error:
                raise BadAnswer("BrokenGzip", "gzip data that does not unpack") from None
            if len(made) > limit:
                raise too_large(limit)
            block = stream.unused_data
    if not stream.eof:
        raise BadAnswer("TruncatedGzip", "gzip data that ends too soon")
    return bytes(made)


def too_large(limit: int) -> BadAnswer:
    """Make the error of a body beyond a limit."""
    return BadAnswer("TooLarge", f"more than {limit:,} bytes")
