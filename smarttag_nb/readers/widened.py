"""Decoding bodies with keys that nobody described, without giving up speed.

The struct is widened by each unknown key as it is met, and the document decoded again in one go.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from types import GenericAlias
from typing import Any, get_args, get_origin

import msgspec
from msgspec import UNSET, UnsetType

from .document import UNREADABLE, Document
from .fields import Whole, fields_by_case, is_struct, without_none
from .notes import Notes, Path

_UNKNOWN = re.compile(r"Object contains unknown field `(.*?)`(?: - at `(.*)`)?", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[[^\]]*\]")
_MOST_UNKNOWN = 8
"""So many unknown keys are learnt one by one, each at the price of a decode up to its first use;
documents with more are read by hand."""


def decode_widened(document: Document, kind: Any, error: str, path: Path, notes: Notes) -> Any:
    """Decode a document that has unknown keys and is as described otherwise; note the keys.

    Parameters
    ----------
    document : Document
        What to decode.
    kind : type
        A struct, or a list of structs.
    error : str
        What msgspec said when it was decoded as that type.
    path : Path
        Where the document stands.
    notes : Notes
        Takes the problems.

    Returns
    -------
    object
        A value like one of that type, or None where more is wrong than unknown keys.
    """
    extras: dict[tuple[str, ...], list[str]] = {}
    for _ in range(_MOST_UNKNOWN):
        met = _UNKNOWN.fullmatch(error)
        if met is None:
            return None
        key = met[1]
        steps = tuple(step[1] or "[]" for step in _STEP.finditer(met[2] or ""))
        owner = _struct_at(kind, steps)
        # A known key in another case: only reading by hand can match it.
        if owner is None or issubclass(owner, Whole) or key.lower() in fields_by_case(owner):
            return None
        extras.setdefault(steps, []).append(key)
        try:
            made = document.typed(_widened(kind, (), extras))
        except msgspec.ValidationError as again:
            error = str(again)
            continue
        except UNREADABLE:
            return None
        for steps, keys in extras.items():
            for place, in_array, holders in _holders_at(made, steps, path):
                _note_extras(place, in_array, holders, keys, notes)
        return made
    return None


def _struct_at(kind: Any, steps: tuple[str, ...]) -> type[msgspec.Struct] | None:
    for step in steps:
        kind = without_none(kind)
        if step == "[]":
            if get_origin(kind) is not list:
                return None
            kind = get_args(kind)[0]
        else:
            if not is_struct(kind):
                return None
            fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
            if step not in fields:
                return None
            kind = fields[step]
    kind = without_none(kind)
    return kind if is_struct(kind) else None


def _widened(kind: Any, here: tuple[str, ...], extras: Mapping[tuple[str, ...], list[str]]) -> Any:
    """Make the type with a field for each extra key, at the steps each was met at."""
    if not any(steps[: len(here)] == here for steps in extras):
        return kind
    bare = without_none(kind)
    optional = bare is not kind
    if get_origin(bare) is list:
        made: Any = GenericAlias(list, _widened(get_args(bare)[0], (*here, "[]"), extras))
    else:
        fields: list[Any] = []
        names = {}
        for field in msgspec.structs.fields(bare):
            inner = _widened(field.type, (*here, field.encode_name), extras)
            fields.append((field.name, inner, field.default))
            names[field.name] = field.encode_name
        for i, key in enumerate(extras.get(here, ())):
            fields.append((f"extra_{i}", msgspec.Raw | UnsetType, UNSET))
            names[f"extra_{i}"] = key
        made = msgspec.defstruct(
            bare.__name__, fields, rename=names, forbid_unknown_fields=True, gc=False
        )
    return made | None if optional else made


def _holders_at(
    made: Any, steps: tuple[str, ...], path: Path
) -> Iterator[tuple[Path, bool, list[Any]]]:
    """Find the structs that the steps lead to, those of an array at once.

    Yields the place of the array, or of the struct where it stands in none; which of both; structs.
    """
    level: list[tuple[Path, Any]] = [(path, made)]
    for i, step in enumerate(steps):
        if step == "[]" and i == len(steps) - 1:
            yield from ((place, True, items) for place, items in level)
            return
        if step == "[]":
            level = [(place / j, item) for place, items in level for j, item in enumerate(items)]
        else:
            level = [
                (place / step, below)
                for place, item in level
                if (below := getattr(item, _attribute(item.__class__, step))) is not None
            ]
    yield from ((place, False, [item]) for place, item in level)


def _note_extras(
    place: Path, in_array: bool, holders: list[Any], keys: list[str], notes: Notes
) -> None:
    for i, key in enumerate(keys):
        name = f"extra_{i}"
        found = [j for j, holder in enumerate(holders) if getattr(holder, name) is not UNSET]
        if found:
            where = place / found[0] if in_array else place
            value = _shown(getattr(holders[found[0]], name))
            notes.unknown_key(where / key, value, repeats=len(found))


def _shown(raw: msgspec.Raw) -> Any:
    try:
        return msgspec.json.decode(raw)
    except UNREADABLE:
        return bytes(raw).decode("utf-8", errors="replace")


@functools.cache
def _attribute(kind: type, encoded: str) -> str:
    return next(f.name for f in msgspec.structs.fields(kind) if f.encode_name == encoded)
