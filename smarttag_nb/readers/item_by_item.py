"""Reading a body item by item: what is as described is kept, each deviation noted with its path."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from typing import Any, get_args, get_origin

import msgspec

from .fields import (
    Corner,
    Corners,
    Integer,
    Kept,
    Whole,
    fields_by_case,
    is_struct,
    list_item,
    without_none,
)
from .notes import Notes, Path, kind_of, shown

Reader = Callable[[Any, Path, Notes], Any]


class Bad:
    """Stands for a value that cannot be read as what is expected."""

    __slots__ = ("code", "expected")

    def __init__(self, expected: str, code: str = "wrong-type") -> None:
        self.expected = expected
        self.code = code


@functools.cache
def reader_of(kind: Any) -> Reader:
    """Make the reader of a type: value, path and notes in; a value, None or `Bad` out."""
    optional = without_none(kind)
    if optional in _SCALARS:
        return _SCALARS[optional]
    if optional is Any:
        return _anything
    if (item := list_item(optional)) is not None:
        return _number_list_reader(item) if item is float else _list_reader(item, kind)
    if get_origin(optional) is dict:
        return _dict_reader(get_args(optional)[1])
    if is_struct(optional):
        return _whole_reader(optional) if issubclass(optional, Whole) else _struct_reader(optional)
    return _value_reader(kind)


_REFUSALS = (msgspec.ValidationError, RecursionError)
_FIELD_AT_FAULT = re.compile(r" - at `\$\.(\w+)[^`]*`$")


def _struct_reader(kind: type[msgspec.Struct]) -> Reader:
    readers = {
        field.encode_name: (field.name, reader_of(field.type))
        for field in msgspec.structs.fields(kind)
    }

    def read(value: Any, path: Path, notes: Notes) -> Any:
        try:
            return msgspec.convert(value, kind)
        except _REFUSALS as error:
            # As text: kept, the error would hold this frame, and all of it for the collector.
            refusal = str(error)
        if value is None:
            return None
        if not isinstance(value, dict):
            return Bad("an object")
        known, spelled = _match_keys(value, kind, path, notes)
        made, at_fault = _set_faults_aside(known, kind, refusal if known is value else "")
        for key in at_fault:
            name, reader = readers[key]
            place = path / spelled.get(key, key)
            got = reader(known[key], place, notes)
            if isinstance(got, Bad):
                notes.wrong(place, got.expected, known[key], code=got.code)
            else:
                setattr(made, name, got)
        return made

    return read


def _set_faults_aside(known: dict[str, Any], kind: Any, refusal: str) -> tuple[Any, list[str]]:
    """Convert all fields of an object that are as described; list the keys of the others.

    Converting a whole struct again is several times faster than each of its fields alone.
    """
    left = known
    at_fault: list[str] = []
    while True:
        if refusal:
            told = _FIELD_AT_FAULT.search(refusal)
            at_fault += [told[1]] if told is not None else left
            left = {key: value for key, value in left.items() if key not in at_fault}
        try:
            return msgspec.convert(left, kind), at_fault
        except _REFUSALS as error:
            refusal = str(error)


def _wanted(kind: Any) -> str:
    """Name what a list's item should be."""
    if not is_struct(kind):
        return "a value"
    described = kind.__doc__ if issubclass(kind, Whole) else None
    return described[:1].lower() + described[1:].rstrip(".") if described else "an object"


def _whole_reader(kind: type[msgspec.Struct]) -> Reader:
    wanted = _wanted(kind)

    def read(value: Any, path: Path, notes: Notes) -> Any:
        if isinstance(value, dict):
            value, _ = _match_keys(value, kind, path, notes)
        if value is None or value == {}:
            return None
        try:
            return msgspec.convert(value, kind)
        except _REFUSALS:
            return Bad(wanted)

    return read


def _number_list_reader(item_kind: Any) -> Reader:
    """Make the reader of numbers that belong to places: an unreadable one is missing at its own."""
    reader = reader_of(item_kind)

    def read(value: Any, path: Path, notes: Notes) -> Any:
        if value is None:
            return None
        if not isinstance(value, list):
            return Bad("a list of numbers")
        numbers = []
        for position, given in enumerate(value):
            place = Path(path, position)
            got = reader(given, place, notes)
            if isinstance(got, Bad):
                notes.wrong(place, got.expected, given, code=got.code)
                got = math.nan
            numbers.append(got)
        return numbers

    return read


def _list_reader(item_kind: Any, kind: Any) -> Reader:
    reader = reader_of(item_kind)
    one_is_documented = get_origin(without_none(kind)) is not list
    of_structs = is_struct(without_none(item_kind))
    wanted = _wanted(without_none(item_kind))

    def read(value: Any, path: Path, notes: Notes) -> Any:
        try:
            return msgspec.convert(value, kind)
        except _REFUSALS:
            pass
        if value is None:
            return None
        if isinstance(value, dict) and of_structs:
            if not value:
                return []
            if not one_is_documented:
                notes.one_for_a_list(path, value)
            return Kept([reader(value, path, notes)], [None])
        if not isinstance(value, list):
            return Bad("a list")
        items, positions = [], []
        for position, given in enumerate(value):
            place = Path(path, position)
            got = reader(given, place, notes)
            if got is None:
                got = Bad(wanted)
            if isinstance(got, Bad):
                notes.wrong(place, got.expected, given, code=got.code, action="skipped")
                continue
            items.append(got)
            positions.append(position)
        return Kept(items, positions)

    return read


def _dict_reader(value_kind: Any) -> Reader:
    reader = reader_of(value_kind)

    def read(value: Any, path: Path, notes: Notes) -> Any:
        if not isinstance(value, dict):
            return Bad("an object")
        made = {}
        for key, given in value.items():
            got = None if given is None else reader(given, path / key, notes)
            if isinstance(got, Bad):
                notes.wrong(path / key, got.expected, given, code=got.code)
                got = None
            made[key] = got
        return made

    return read


def _value_reader(kind: Any) -> Reader:
    """Make the reader of a type that is taken as it is or not at all."""
    expected = _EXPECTED.get(kind, "a value of another kind")

    def read(value: Any, path: Path, notes: Notes) -> Any:
        try:
            return msgspec.convert(value, kind)
        except _REFUSALS:
            return Bad(expected)

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
        return value if abs(value) != float("inf") else Bad("a finite number", "out-of-range")
    if isinstance(value, bool) or not isinstance(value, int):
        return Bad("a number")
    try:
        return float(value)
    except OverflowError:
        return Bad("a number within 64 bits", "out-of-range")


def _read_integer(value: Any, path: Path, notes: Notes) -> Any:
    if type(value) is not int:
        number = _read_number(value, path, notes)
        if isinstance(number, Bad) or not number.is_integer():
            return Bad("a whole number")
        value = int(number)
    if not -(2**63) <= value < 2**63:
        return Bad("a number within 64 bits", "out-of-range")
    return value


def _read_text(value: Any, path: Path, notes: Notes) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, int, float)):
        notes.add("spelling", path, f"text written as {kind_of(value)}", value, action="changed")
        return shown(value)
    return Bad("text")


def _read_ident(value: Any, path: Path, notes: Notes) -> Any:
    return value if type(value) is int and abs(value) < 2**64 else _read_text(value, path, notes)


_FLAGS = {"true": True, "false": False, "1": True, "0": False}


def _read_flag(value: Any, path: Path, notes: Notes) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, (str, int)) and (flag := _FLAGS.get(str(value)[:6].lower())) is not None:
        notes.add("spelling", path, "true or false written otherwise", value, action="changed")
        return flag
    return Bad("true or false")


_SCALARS: dict[Any, Reader] = {
    float: _read_number,
    get_args(Integer)[0]: _read_integer,
    str: _read_text,
    bool: _read_flag,
    int | str: _read_ident,
}


def _match_keys(
    value: dict[str, Any], kind: type[msgspec.Struct], path: Path, notes: Notes
) -> tuple[dict[str, Any], dict[str, str]]:
    """Match keys with a struct's fields, without case where need be; note the others.

    Returns the fields by the keys that describe them, and the spelling of those spelled otherwise.
    """
    by_case = fields_by_case(kind)
    exact = frozenset(by_case.values())
    if value.keys() <= exact:
        return value, {}
    spelled = {}
    known = {key: given for key, given in value.items() if key in exact}
    for key, given in value.items():
        if key in exact:
            continue
        field = by_case.get(key.lower())
        if field is None or field in known:
            notes.unknown_key(path / key, given)
        else:
            notes.add("key-case", path / key, f"read as {field}", key)
            known[field] = given
            spelled[field] = key
    return known, spelled
