"""Which type of result a body is, told from its keys."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import msgspec

from .document import UNREADABLE, Document, NotJson
from .fields import is_struct, list_item, without_none
from .notes import Notes, Path


def fitting(document: Document, bodies: Mapping[str, Any], declared: str | None) -> str | None:
    """Choose the type whose fields name the most of a body's keys, the declared one if as good.

    Types and bodies are seen to contradict each other, so the keys decide: those of the body, and
    those of the first item of each of its arrays.

    Parameters
    ----------
    document : Document
        A result's body.
    bodies : mapping of str to type
        What bodies of each type of result are described by.
    declared : str or None
        The type that the answer says it is.

    Returns
    -------
    str or None
        A type of result; None where no key is known.
    """
    keys = _keys(document)
    if keys is None:
        return "Process"
    if not keys:
        return declared
    best: tuple[int, int, bool] | None = None
    chosen = None
    for name, body in bodies.items():
        known = _known_keys(body)
        hits = len(keys & known)
        if not hits:
            continue
        rank = (hits - len(keys - known), hits, name == declared)
        if best is None or rank > best:
            best, chosen = rank, name
    if chosen is None:
        return "Meta" if declared == "Meta" else None
    if declared is None and best is not None and best[0] < 0 and best[1] < 2:
        return None
    if declared == "Meta" and best is not None and best[1] < 2:
        # Facts may have any names, also those of another type's array.
        return declared
    return chosen


_ANYWHERE = {"success", "message"}
"""Keys that any body may have, and which tell nothing of its type."""

_SHALLOW = dict[str, msgspec.Raw] | list[msgspec.Raw]


def _keys(document: Document) -> frozenset[str] | None:
    """List a body's keys and `array.key` of first items, lower-case; None for a list."""
    value: Any = document.value
    if document.text is not None:
        if document.text[:1] in ("[", b"["):
            return None
        try:
            value = document.typed(_SHALLOW)
        except UNREADABLE:
            try:
                value = document.parse(Path(), Notes())
            except NotJson:
                return frozenset()
    if isinstance(value, list):
        return None
    if not isinstance(value, dict):
        return frozenset()
    keys = set()
    for key, given in value.items():
        if key.lower() not in _ANYWHERE:
            keys.add(key.lower())
            keys.update(f"{key}.{inner}".lower() for inner in _first_keys(given))
    return frozenset(keys)


def _first_keys(given: Any) -> list[str]:
    if isinstance(given, msgspec.Raw):
        try:
            given = msgspec.json.decode(given, type=_SHALLOW)
        except UNREADABLE:
            return []
    if isinstance(given, dict):
        return list(given)
    if not isinstance(given, list):
        return []
    for item in given[:3]:
        if isinstance(item, msgspec.Raw):
            try:
                item = msgspec.json.decode(item)
            except UNREADABLE:
                continue
        if isinstance(item, dict):
            return list(item)
    return []


@functools.cache
def _known_keys(body: Any) -> frozenset[str]:
    if not is_struct(body):
        # Facts under names of their own; one name is known from the pages.
        return frozenset({"title"})
    keys = set()
    for field in msgspec.structs.fields(body):
        if field.encode_name in _ANYWHERE:
            continue
        keys.add(field.encode_name.lower())
        kind = without_none(field.type)
        inner = list_item(kind) or kind
        if is_struct(inner):
            keys.update(
                f"{field.encode_name}.{below.encode_name}".lower()
                for below in msgspec.structs.fields(inner)
            )
    return frozenset(keys)
