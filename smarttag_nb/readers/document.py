"""JSON as it comes: strict and fast first; comments, NaN, surrogates and any depth after."""

from __future__ import annotations

import datetime
import decimal
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

import msgspec
import numpy as np

from .notes import Notes, Path, kind_of, without_surrogates

UNREADABLE = (msgspec.DecodeError, RecursionError, UnicodeError)
"""What msgspec raises on text that the lenient parser may still read."""


CUT = "Input data was truncated"
"""What msgspec says of JSON without its end; so far it was strict, and no leniency helps."""


class NotJson(ValueError):
    """Text that is not JSON, even read leniently."""


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON document: text not parsed yet, or a plain value (`clean`) already there."""

    text: bytes | str | msgspec.Raw | None = None
    value: Any = None

    def typed(self, kind: Any) -> Any:
        """Decode into a msgspec type at full speed.

        Raises
        ------
        msgspec.ValidationError
            The document is not of that type.
        """
        if self.text is None:
            return msgspec.convert(self.value, kind)
        # Given text, msgspec would keep its UTF-8 beside it for as long as the text lives.
        text = self.text.encode() if isinstance(self.text, str) else self.text
        return msgspec.json.decode(text, type=kind)

    def parse(self, path: Path, notes: Notes) -> Any:
        """Decode into plain Python values, leniently where needed.

        Raises
        ------
        NotJson
            It is no JSON.
        """
        if self.text is None:
            return self.value
        try:
            return msgspec.json.decode(self.text)
        except UNREADABLE as error:
            is_cut = str(error) == CUT
        text = self.text
        if is_cut and isinstance(text, bytes):
            raise NotJson(f"the text ends at byte {len(text):,}")
        text = text if isinstance(text, str) else as_utf8(bytes(text), path, notes)
        value, oddities = parse_leniently(text)
        for what, where in oddities.items():
            notes.add("not-strict-json", path, f"{what}, {where}", action="changed")
        return clean(value, path, notes)


def as_utf8(content: bytes, path: Path, notes: Notes) -> str:
    """Decode bytes, noting those that are no UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        text = content.decode(errors="replace")
        notes.add(
            "encoding",
            path,
            f"{error.reason} at byte {error.start}: what is no UTF-8 became U+FFFD",
            text[max(0, text.find("\ufffd") - 20) :],
            action="changed",
            repeats=text.count("\ufffd"),
        )
        return text


_TOKEN = re.compile(
    r"""(?P<space>(?:[ \t\n\r]+|//[^\n]*|\#[^\n]*|/\*.*?\*/)+)
      | (?P<mark>[\[\]{},:])
      | (?P<quote>")
      | (?P<number>-?(?:Infinity|(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?))
      | (?P<word>true|false|null|NaN)""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_COMMENT = re.compile(r"[/#]")
_CONTROL = re.compile(r"[\0-\x1f]")
_WORDS = {"true": True, "false": False, "null": None, "NaN": math.nan}
_MOST_DIGITS = 4000
_MOST_BITS = 13_000
"""Python refuses to read or to write longer integers; no field holds them either."""


def parse_leniently(text: str) -> tuple[Any, dict[str, str]]:
    r"""Parse JSON with comments, NaN, control characters and surrogates, of any depth.

    Parameters
    ----------
    text : str
        The document.

    Returns
    -------
    value : object
        Plain Python values; of keys that stand twice in an object, the last.
    oddities : dict of str to str
        What strict JSON does not allow, and where it is first met.

    Raises
    ------
    NotJson
        Anything else is wrong with it; the message says where.

    Examples
    --------
    >>> parse_leniently('{"a": [1, NaN] // why not\n}')
    ({'a': [1, nan]}, {'a comment': 'at line 1, column 16'})
    """
    containers: list[Any] = []
    keys: list[str | None] = []  # The key that waits for its value, for each open container.
    at, end = 0, len(text)
    state = "value"  # What may come: value, first, key, first key, colon, comma.
    result: Any = None
    oddities: dict[str, str] = {}
    while True:
        token = _TOKEN.match(text, at)
        if token is None:
            if at >= end and state == "done":
                return result, oddities
            what = "the text ends" if at >= end else "an odd character"
            raise NotJson(f"{what} {_where(text, at)}")
        kind, at = token.lastgroup, token.end()
        mark = token.group()
        if kind == "space":
            if "a comment" not in oddities and (told := _COMMENT.search(mark)):
                oddities["a comment"] = _where(text, token.start() + told.start())
            continue
        if state == "done":
            raise NotJson(f"more text after the end {_where(text, token.start())}")
        if kind == "mark":
            if mark in "[{" and state in ("value", "first"):
                containers.append([] if mark == "[" else {})
                keys.append(None)
                state = "first" if mark == "[" else "first key"
                continue
            if mark == ":" and state == "colon":
                state = "value"
                continue
            if mark == "," and state == "comma":
                state = "value" if isinstance(containers[-1], list) else "key"
                continue
            closes = bool(containers) and mark == ("]" if isinstance(containers[-1], list) else "}")
            if not (closes and state in ("comma", "first", "first key")):
                raise NotJson(f"an unexpected {mark} {_where(text, token.start())}")
            value: Any = containers.pop()
            keys.pop()
        elif kind == "quote":
            try:
                value, at = scanstring(text, at, False)
            except ValueError:
                raise NotJson(f"a text without end {_where(text, token.start())}") from None
            if "a control character" not in oddities and _CONTROL.search(value):
                told = _CONTROL.search(text, token.end(), at)
                if told is not None:
                    oddities["a control character"] = _where(text, told.start())
            if state in ("key", "first key"):
                keys[-1] = value
                state = "colon"
                continue
        elif kind == "number":
            value = _number(mark)
        else:
            value = _WORDS[mark]
        if not containers:
            result, state = value, "done"
            continue
        if state not in ("value", "first", "comma", "first key") or (
            kind != "mark" and state in ("comma", "first key")
        ):
            raise NotJson(f"an unexpected {mark[:12]} {_where(text, token.start())}")
        holder = containers[-1]
        if isinstance(holder, list):
            holder.append(value)
        else:
            key = keys[-1]
            assert key is not None
            holder[key] = value
        state = "comma"


def _number(text: str) -> int | float:
    if text.lstrip("-").isdecimal() and len(text) <= _MOST_DIGITS:
        return int(text)
    return float(text)


def _where(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return f"at line {line}, column {column}"


def clean(value: Any, path: Path, notes: Notes) -> Any:
    """Make plain, storable JSON values of Python objects, noting what had to change.

    Lone surrogates become U+FFFD; NaN becomes null; what no JSON holds becomes null or text.
    Walks without recursion: nesting may be of any depth.
    """
    root: list[Any] = [None]
    todo: list[tuple[Any, Any, Any, Path]] = [(value, root, 0, path)]
    around: set[int] = set()  # The containers around an item: none may hold itself.
    while todo:
        item, holder, key, place = todo.pop()
        if holder is None:
            around.discard(key)
            continue
        if isinstance(item, (Mapping, list, tuple)):
            if id(item) in around:
                notes.wrong(place, "a JSON value", None, got="an object that holds itself")
                holder[key] = None
                continue
            around.add(id(item))
            todo.append((None, None, id(item), place))
        if isinstance(item, str):
            try:
                item.encode()
            except UnicodeEncodeError:
                item = without_surrogates(item)
                notes.add(
                    "surrogate", place, "a lone surrogate became U+FFFD", item, action="changed"
                )
            holder[key] = str(item)
        elif isinstance(item, Mapping):
            made: dict[str, Any] = {}
            holder[key] = made
            # All keys first: the order they came in, although values are filled from the back.
            for name, below in item.items():
                made[_key(name, place, notes)] = below
            todo.extend((below, made, name, place / name) for name, below in made.items())
        elif isinstance(item, (list, tuple, set, frozenset, np.ndarray)):
            members = list(item)
            holder[key] = members
            todo.extend((below, members, i, place / i) for i, below in enumerate(members))
        else:
            holder[key] = _scalar(item, place, notes)
    return root[0]


_MOST_LEVELS = 100


def is_deep(value: Any) -> bool:
    """Tell whether a value nests deeper than can be stored, compared and shown."""
    level = [value]
    for _ in range(_MOST_LEVELS):
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner += item.values()
            elif isinstance(item, list):
                inner += item
        if not inner:
            return False
        level = inner
    return True


def _key(name: Any, place: Path, notes: Notes) -> str:
    if isinstance(name, str):
        text = without_surrogates(name)
        if text != name:
            notes.add(
                "surrogate", place / text, "a lone surrogate became U+FFFD", text, action="changed"
            )
        return text
    return str(name)


def _scalar(item: Any, place: Path, notes: Notes) -> Any:
    if isinstance(item, np.generic):
        item = item.item()
    if isinstance(item, decimal.Decimal):
        item = float(item)
    if isinstance(item, int) and item.bit_length() > _MOST_BITS:
        notes.wrong(place, "a number within 64 bits", item, code="out-of-range")
        return None
    if item is None or isinstance(item, (bool, int)):
        return item
    if isinstance(item, float):
        if math.isfinite(item):
            return item
        if math.isnan(item):
            notes.add("not-strict-json", place, "NaN was read as missing", "NaN", action="changed")
        else:
            notes.wrong(place, "a finite number", item, code="out-of-range", got="infinity")
        return None
    if isinstance(item, (bytes, bytearray)):
        return item.decode("utf-8", errors="replace")
    if isinstance(item, (datetime.datetime, datetime.date)):
        return item.isoformat()
    notes.wrong(place, "a JSON value", item, got=kind_of(item))
    return None
