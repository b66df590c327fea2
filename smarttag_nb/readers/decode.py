"""From JSON to structs: typed and strict first, item by item where that fails.

A result's body is described by msgspec structs that forbid unknown fields. A document that is as
described is decoded in one go. One that only has keys nobody described is decoded in one go as
well, by structs widened by those keys, which are then noted. Any other is parsed into plain values
and read item by item: what is as described is kept, and each deviation is a problem with its path.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from msgspec import UNSET, UnsetType

from .document import Document, NotJson
from .notes import Notes, Path, kind_of, shown

Number = float | None
Text = str | None
Flag = bool | None
Integer = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)] | None
Ident = int | str | None
"""An id of the API's own: a number or a text."""
Corner = tuple[float, float]
Corners = tuple[float, float, float, float]
Json = Any


class Item(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """Base of what the readers decode: all fields optional, unknown ones told."""


class Whole(Item):
    """Base of an object that is one value, such as a position: all of it can be read, or none."""


class Kept(list[Any]):
    """A list from which unreadable items were left out: `positions` are those of the rest."""

    __slots__ = ("positions",)

    def __init__(self, items: Iterable[Any], positions: list[int]) -> None:
        super().__init__(items)
        self.positions = positions


class _Bad:
    """Stands for a value that cannot be read as what is expected."""

    __slots__ = ("code", "expected")

    def __init__(self, expected: str, code: str = "wrong-type") -> None:
        self.expected = expected
        self.code = code


Reader = Callable[[Any, Path, Notes], Any]


def decode(document: Document, kind: Any, path: Path, notes: Notes) -> Any:
    """Decode a document into a described type, noting every deviation.

    Parameters
    ----------
    document : Document
        What to decode.
    kind : type
        A struct, or a list of structs.
    path : Path
        Where the document stands.
    notes : Notes
        Takes the problems.

    Returns
    -------
    object
        A value of that type, or None where nothing of the document can be read.
    """
    try:
        return document.typed(kind)
    except msgspec.ValidationError as error:
        widened = _decode_widened(document, kind, str(error), path, notes)
        if widened is not None:
            return widened
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        pass
    try:
        value = document.parse(path, notes)
    except NotJson as error:
        notes.wrong(path, "JSON", document.text, code="not-json", action="skipped", got=str(error))
        return None
    made = _reader(kind)(value, path, notes)
    if isinstance(made, _Bad):
        notes.wrong(path, made.expected, value, code=made.code, action="skipped")
        return None
    return made


# --- Unknown keys, without giving up speed ---------------------------------------------------

_UNKNOWN = re.compile(r"Object contains unknown field `(.*?)`(?: - at `(.*)`)?", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[[^\]]*\]")
_MOST_UNKNOWN = 8
"""So many unknown keys are learnt one by one, each at the price of a decode up to its first use;
documents with more are read by hand."""


def _decode_widened(document: Document, kind: Any, error: str, path: Path, notes: Notes) -> Any:
    extras: dict[tuple[str, ...], list[str]] = {}
    for _ in range(_MOST_UNKNOWN):
        met = _UNKNOWN.fullmatch(error)
        if met is None:
            return None
        key = met[1]
        steps = tuple(step[1] or "[]" for step in _STEP.finditer(met[2] or ""))
        owner = _struct_at(kind, steps)
        # A known key in another case: only reading by hand can match it.
        if owner is None or issubclass(owner, Whole) or key.lower() in _fields_by_case(owner):
            return None
        extras.setdefault(steps, []).append(key)
        try:
            made = document.typed(_widened(kind, (), extras))
        except msgspec.ValidationError as again:
            error = str(again)
            continue
        except (msgspec.DecodeError, RecursionError, UnicodeError):
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
            if not _is_struct(kind):
                return None
            fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
            if step not in fields:
                return None
            kind = fields[step]
    kind = without_none(kind)
    return kind if _is_struct(kind) else None


def _widened(kind: Any, here: tuple[str, ...], extras: Mapping[tuple[str, ...], list[str]]) -> Any:
    """Make the type with a field for each extra key, at the steps each was met at."""
    if not any(steps[: len(here)] == here for steps in extras):
        return kind
    bare = without_none(kind)
    optional = bare is not kind
    if get_origin(bare) is list:
        made: Any = list[_widened(get_args(bare)[0], (*here, "[]"), extras)]  # type: ignore[misc]
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
            value = bytes(getattr(holders[found[0]], name))[:200].decode("utf-8", errors="replace")
            where = place / found[0] if in_array else place
            _unknown_key(where / key, value, notes, repeats=len(found))


def _unknown_key(path: Path, value: Any, notes: Notes, *, repeats: int = 1) -> None:
    notes.add("unknown-key", path, "no page names this key", value, repeats=repeats)


@functools.cache
def _attribute(kind: type, encoded: str) -> str:
    return next(f.name for f in msgspec.structs.fields(kind) if f.encode_name == encoded)


# --- Item by item ----------------------------------------------------------------------------


@functools.cache
def _reader(kind: Any) -> Reader:
    """Make the reader of a type: value, path and notes in; a value, None or `_Bad` out."""
    optional = without_none(kind)
    if optional in _SCALARS:
        return _SCALARS[optional]
    if optional is Any:
        return _anything
    if get_origin(optional) is list:
        return _list_reader(get_args(optional)[0])
    if get_origin(optional) is dict:
        return _dict_reader(get_args(optional)[1])
    if _is_struct(optional):
        return _whole_reader(optional) if issubclass(optional, Whole) else _struct_reader(optional)
    return _value_reader(kind)


_EXACT = {float: float, str: str, bool: bool}
"""Values of these types are what such fields expect, without a look at them."""


def _struct_reader(kind: type[msgspec.Struct]) -> Reader:
    fields = [
        (field.name, field.encode_name, _reader(field.type), _EXACT.get(without_none(field.type)))
        for field in msgspec.structs.fields(kind)
    ]

    def read(value: Any, path: Path, notes: Notes) -> Any:
        try:
            return msgspec.convert(value, kind)
        except (msgspec.ValidationError, RecursionError):
            pass
        if value is None:
            return None
        if not isinstance(value, dict):
            return _Bad("an object")
        known = _match_keys(value, kind, path, notes)
        made = {}
        for name, key, reader, exact in fields:
            given = known.get(key)
            if given is None:
                continue
            if type(given) is not exact:
                got = reader(given, path / key, notes)
                if isinstance(got, _Bad):
                    notes.wrong(path / key, got.expected, given, code=got.code)
                    continue
                given = got
            made[name] = given
        return kind(**made)

    return read


def _whole_reader(kind: type[msgspec.Struct]) -> Reader:
    wanted = kind.__doc__ or ""

    def read(value: Any, path: Path, notes: Notes) -> Any:
        if isinstance(value, dict):
            value = _match_keys(value, kind, path, notes)
        if value is None or value == {}:
            return None
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError:
            return _Bad(wanted[:1].lower() + wanted[1:].rstrip("."))

    return read


def _list_reader(item_kind: Any) -> Reader:
    reader = _reader(item_kind)
    whole = list[item_kind]
    of_structs = _is_struct(without_none(item_kind))

    def read(value: Any, path: Path, notes: Notes) -> Any:
        try:
            return msgspec.convert(value, whole)
        except (msgspec.ValidationError, RecursionError):
            pass
        if value is None:
            return None
        if isinstance(value, dict) and of_structs:
            if not value:
                return []
            notes.add("shape", path, "one object where a list is expected", value)
            value = [value]
        if not isinstance(value, list):
            return _Bad("a list")
        items, positions = [], []
        for position, given in enumerate(value):
            place = Path(path, position)
            got = reader(given, place, notes)
            if got is None:
                got = _Bad("an object" if of_structs else "a value")
            if isinstance(got, _Bad):
                notes.wrong(place, got.expected, given, code=got.code, action="skipped")
                continue
            items.append(got)
            positions.append(position)
        return Kept(items, positions)

    return read


def _dict_reader(value_kind: Any) -> Reader:
    reader = _reader(value_kind)

    def read(value: Any, path: Path, notes: Notes) -> Any:
        if not isinstance(value, dict):
            return _Bad("an object")
        made = {}
        for key, given in value.items():
            got = reader(given, path / key, notes) if given is not None else None
            if isinstance(got, _Bad):
                notes.wrong(path / key, got.expected, given, code=got.code)
                got = None
            made[key] = got
        return made

    return read


def _value_reader(kind: Any) -> Reader:
    """Make the reader of a type that is taken as it is or not at all."""

    def read(value: Any, path: Path, notes: Notes) -> Any:
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError:
            return _Bad(_EXPECTED.get(kind, "a value of another kind"))

    return read


_EXPECTED = {
    Corners: "four numbers",
    Corners | None: "four numbers",
    Corner: "two numbers",
    Corners | dict[str, Any] | None: "four numbers",
    dict[str, Any] | str | None: "an object",
}


def _anything(value: Any, path: Path, notes: Notes) -> Any:
    return value


_NUMERIC = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)


def _read_number(value: Any, path: Path, notes: Notes) -> Any:
    if type(value) is float:
        return value
    if isinstance(value, str) and len(value) < 400 and _NUMERIC.fullmatch(value):
        notes.add("spelling", path, "a number written as text", value, action="changed")
        value = float(value)
        return value if abs(value) != float("inf") else _Bad("a finite number", "out-of-range")
    if isinstance(value, bool) or not isinstance(value, int):
        return _Bad("a number")
    try:
        return float(value)
    except OverflowError:
        return _Bad("a number within 64 bits", "out-of-range")


def _read_integer(value: Any, path: Path, notes: Notes) -> Any:
    if type(value) is not int:
        number = _read_number(value, path, notes)
        if isinstance(number, _Bad) or not number.is_integer():
            return _Bad("a whole number")
        value = int(number)
    if not -(2**63) <= value < 2**63:
        return _Bad("a number within 64 bits", "out-of-range")
    return value


def _read_text(value: Any, path: Path, notes: Notes) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, int, float)):
        notes.add("spelling", path, f"text written as {kind_of(value)}", value, action="changed")
        return shown(value)
    return _Bad("text")


def _read_ident(value: Any, path: Path, notes: Notes) -> Any:
    return value if type(value) is int and abs(value) < 2**64 else _read_text(value, path, notes)


_FLAGS = {"true": True, "false": False, "1": True, "0": False}


def _read_flag(value: Any, path: Path, notes: Notes) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, (str, int)) and (flag := _FLAGS.get(str(value)[:6].lower())) is not None:
        notes.add("spelling", path, "true or false written otherwise", value, action="changed")
        return flag
    return _Bad("true or false")


_SCALARS: dict[Any, Reader] = {
    float: _read_number,
    get_args(Integer)[0]: _read_integer,
    str: _read_text,
    bool: _read_flag,
    int | str: _read_ident,
}


def _match_keys(
    value: dict[str, Any], kind: type[msgspec.Struct], path: Path, notes: Notes
) -> dict[str, Any]:
    """Match keys with a struct's fields, without case where need be; note the others."""
    by_case = _fields_by_case(kind)
    exact = frozenset(by_case.values())
    if value.keys() <= exact:
        return value
    known = {key: given for key, given in value.items() if key in exact}
    for key, given in value.items():
        if key in exact:
            continue
        field = by_case.get(key.lower())
        if field is None or field in known:
            _unknown_key(path / key, given, notes)
        else:
            notes.add("key-case", path / key, f"read as {field}", key)
            known[field] = given
    return known


@functools.cache
def _fields_by_case(kind: type[msgspec.Struct]) -> dict[str, str]:
    return {field.encode_name.lower(): field.encode_name for field in msgspec.structs.fields(kind)}


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def without_none(kind: Any) -> Any:
    """Take None off a type."""
    if get_origin(kind) not in (Union, UnionType):
        return kind
    rest = [part for part in get_args(kind) if part is not type(None)]
    return rest[0] if len(rest) == 1 else Union[tuple(rest)]  # noqa: UP007
