"""Bodies of answers: whole, within a limit, or an error."""

from __future__ import annotations

import http.client
import math
import zlib
from collections.abc import Mapping

from ..errors import BadAnswer
from .deadline import left

_BLOCK = 2**16
_COMPRESSED_BLOCK = 2**12
"""Of a bomb, 4 MB come out of it at the most before the deadline is looked at."""


def read_body(response: http.client.HTTPResponse, limit: int) -> bytes:
    """Read a body as it was sent, whole."""
    if response.status < 200:
        raise BadAnswer("NotHttp", f"an answer of status {response.status} before the answer")
    codings = response.headers.get_all("Transfer-Encoding", [])
    lengths = set(response.headers.get_all("Content-Length", []))
    if codings and (len(codings) > 1 or codings[0].strip().lower() != "chunked"):
        raise BadAnswer("UnknownEncoding", "a transfer encoding that was not asked for")
    if not codings and (len(lengths) > 1 or not all(length.isdecimal() for length in lengths)):
        raise BadAnswer("BadLength", "a Content-Length that is no number", status=response.status)
    expected = response.length
    if (expected or 0) > limit:
        raise _too_large(limit, response.status)
    parts = []
    count = 0
    while part := response.read(_BLOCK):
        parts.append(part)
        count += len(part)
        if count > limit:
            raise _too_large(limit, response.status)
    if expected is not None and count != expected:
        raise BadAnswer(
            "ShortBody",
            f"expected a body of {expected:,} bytes, got {count:,}",
            status=response.status,
        )
    return b"".join(parts)


def decoded(body: bytes, headers: Mapping[str, str], limit: int, deadline: float) -> bytes:
    """Undo a body's content encoding, as `decompress` does."""
    coding = headers.get("content-encoding", "").strip().lower()
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
                raise _too_large(limit)
            block = stream.unused_data
    if not stream.eof:
        raise BadAnswer("TruncatedGzip", "gzip data that ends too soon")
    return bytes(made)


def _too_large(limit: int, status: int | None = None) -> BadAnswer:
    return BadAnswer("TooLarge", f"more than {limit:,} bytes", status=status)
