"""What bodies of results are described by: kinds of fields, and structs that forbid others."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from types import UnionType
from typing import Annotated, Any, TypeGuard, Union, get_args, get_origin

import msgspec

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
    """A list from which unreadable items were left out.

    `positions` are those of the rest; None is that of an object that stands in place of a list.
    """

    __slots__ = ("positions",)

    def __init__(self, items: Iterable[Any], positions: Sequence[int | None]) -> None:
        super().__init__(items)
        self.positions: Sequence[int | None] = positions


@functools.cache
def fields_by_case(kind: type[msgspec.Struct]) -> dict[str, str]:
    """Return the keys that a struct describes, by their lower-case spelling."""
    return {field.encode_name.lower(): field.encode_name for field in msgspec.structs.fields(kind)}


def is_struct(kind: Any) -> TypeGuard[type[msgspec.Struct]]:
    """Tell whether a type is a struct."""
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def list_item(kind: Any) -> Any:
    """Return what a type is a list of, also where one item may stand for it; None for others."""
    kinds = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    return next((get_args(part)[0] for part in kinds if get_origin(part) is list), None)


def without_none(kind: Any) -> Any:
    """Take None off a type."""
    if get_origin(kind) not in (Union, UnionType):
        return kind
    rest = [part for part in get_args(kind) if part is not type(None)]
    return rest[0] if len(rest) == 1 else Union[tuple(rest)]  # noqa: UP007
