"""Where things stand in an answer, and what the readers met there."""

from __future__ import annotations

import json
import re
import reprlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from ..errors import AnswerProblem
from ..tables import PROBLEM_CODES

_PLAIN_KEY = re.compile(r"\w+", re.ASCII)
_LONGEST_VALUE = 160
_NAMING = ("unknown-type", "unknown-value")
"""Problems that differ by their value, which names what is unknown."""
_SURROGATES = re.compile("[\ud800-\udfff]")


class Path:
    """A place in an answer: a key or position below a parent.

    Paths are made for every list that is read by hand and rendered only where a problem is, so
    they are chains of small objects and not strings.
    """

    __slots__ = ("key", "parent")

    def __init__(self, parent: Path | None = None, key: str | int | None = None) -> None:
        self.parent = parent
        self.key = key

    def __truediv__(self, key: str | int) -> Path:
        return Path(self, key)

    def inside(self) -> Path:
        """Return the root of the JSON document that the text at this place holds."""
        return Path(self, None)

    def array_and_trail(self) -> tuple[Path | None, tuple[Any, ...]]:
        """Find the array of the nearest item around this place, and the way from item to place."""
        trail = []
        place: Path | None = self
        while place is not None and not isinstance(place.key, int):
            trail.append(place.key)
            place = place.parent
        return (place.parent if place is not None else None), tuple(trail)

    def __str__(self) -> str:
        parts: list[str] = []
        place: Path | None = self
        while place is not None:
            if place.key is None:
                parts.append("$" if place.parent is None else " → $")
            elif isinstance(place.key, int):
                parts.append(f"[{place.key}]")
            elif _PLAIN_KEY.fullmatch(place.key):
                parts.append(f".{place.key}")
            else:
                parts.append(f"[{shown(place.key)!r}]")
            place = place.parent
        return "".join(reversed(parts))


class Notes:
    """The problems met while an answer is read.

    Equal problems in one array are one row, with `repeats`. Paths are compared by identity: a
    reader makes one `Path` for an array and derives its items' paths from it.
    """

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict
        self._rows: dict[Any, dict[str, Any]] = {}

    def add(
        self,
        code: str,
        path: Path,
        message: str,
        value: Any = None,
        *,
        action: str = "kept",
        repeats: int = 1,
    ) -> None:
        """Note a problem that is not an error."""
        array, trail = path.array_and_trail()
        key = (code, action, message, array, trail, shown(value) if code in _NAMING else None)
        known = self._rows.get(key)
        if known is not None:
            known["repeats"] += repeats
            return
        self._rows[key] = {
            "severity": PROBLEM_CODES[code].severity,
            "action": action,
            "code": code,
            "path": str(path),
            "message": message,
            "value": shown(value),
            "repeats": repeats,
        }

    def wrong(
        self,
        path: Path,
        expected: str,
        value: Any,
        *,
        code: str = "wrong-type",
        action: str = "changed",
        got: str | None = None,
        repeats: int = 1,
    ) -> None:
        """Note something that cannot be read, or raise it where strictness was asked for."""
        got = got or kind_of(value)
        if self._strict and PROBLEM_CODES[code].severity == "error":
            raise AnswerProblem(code, str(path), expected, f"{got} ({shown(value)})")
        self.add(
            code, path, f"expected {expected}, got {got}", value, action=action, repeats=repeats
        )

    def unknown_key(self, path: Path, value: Any, *, repeats: int = 1) -> None:
        """Note a key that no page names, and no reader reads."""
        self.add("unknown-key", path, "no page names this key", value, repeats=repeats)

    def one_for_a_list(self, path: Path, value: Any) -> None:
        """Note an object that stands where a list of such objects is expected."""
        self.add("shape", path, "one object where a list is expected", value)

    def columns(self) -> tuple[dict[str, list[Any]], int]:
        """Return the problems as columns of the table `problems`, and their number."""
        rows = list(self._rows.values())
        return {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}, len(rows)


def kind_of(value: Any) -> str:
    """Name a JSON value's kind, as an error message would."""
    if value is None:
        return "null"
    for kinds, name in (
        (bool, "true or false"),
        ((int, float), "a number"),
        (str, "text"),
        (Mapping, "an object"),
        (Sequence, "a list"),
    ):
        if isinstance(value, kinds):
            return name
    return type(value).__name__


def shown(value: Any) -> str | None:
    """Shorten a value for people to read; None stays None."""
    if value is None:
        return None
    if isinstance(value, str):
        text = value
    elif isinstance(value, (bool, float)):
        text = json.dumps(value)
    elif isinstance(value, int) and value.bit_length() > 1024:
        text = f"an integer of {value.bit_length()} bits"
    else:
        try:
            text = reprlib.repr(value)
        except (ValueError, RecursionError):
            text = kind_of(value)
    if len(text) > _LONGEST_VALUE:
        text = text[: _LONGEST_VALUE - 1] + "…"
    return without_surrogates(text)


def without_surrogates(text: str) -> str:
    """Replace lone surrogates, which no encoder and no pandas column takes."""
    return _SURROGATES.sub("\ufffd", text)


def is_storable(value: object) -> TypeGuard[str]:
    """Tell whether a value is a text without lone surrogates."""
    return isinstance(value, str) and not _SURROGATES.search(value)
