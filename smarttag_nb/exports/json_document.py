"""JSON documents, also those that are too large to be held whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def as_json(document: Any) -> bytes:
    """Write a document as JSON, in which half of a character pair becomes a question mark."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def as_json_list(document: Mapping[str, Any], name: str, members: Iterable[Any]) -> Iterator[bytes]:
    """Write an object, of which one more member is a list that is never held whole.

    Parameters
    ----------
    document : mapping
        The other members; at least one.
    name : str
        What the list is called.
    members : iterable
        What is in it.

    Yields
    ------
    bytes
        A part of the document.

    Examples
    --------
    >>> b"".join(as_json_list({"info": {}}, "images", iter([1, 2])))
    b'{"info": {}, "images": [1, 2]}'
    """
    yield from _opened(document, name, b"[", map(as_json, members), b"]}")


def as_json_object(
    document: Mapping[str, Any], name: str, members: Iterable[tuple[str, Any]]
) -> Iterator[bytes]:
    """Write an object, of which one more member is an object that is never held whole.

    Examples
    --------
    >>> b"".join(as_json_object({"a": 1}, "frames", iter([("1", {}), ("2", {})])))
    b'{"a": 1, "frames": {"1": {}, "2": {}}}'
    """
    parts = (as_json(key) + b": " + as_json(value) for key, value in members)
    yield from _opened(document, name, b"{", parts, b"}}")


def _opened(
    document: Mapping[str, Any], name: str, start: bytes, parts: Iterable[bytes], end: bytes
) -> Iterator[bytes]:
    yield as_json(document)[:-1] + b", " + as_json(name) + b": " + start
    for number, part in enumerate(parts):
        yield b", " + part if number else part
    yield end
