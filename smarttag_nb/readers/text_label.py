"""TextLabel: what the speech and the text on screen are about, several values in one text."""

from __future__ import annotations

import re

from .fields import Flag, Item, Text
from .rows import Result

_COMMAS = re.compile("[,，、]")


class Tag(Item):
    """A category and its values."""

    name: Text = None
    value: Text = None


class TextLabel(Item):
    """The body of a TextLabel result."""

    tags: list[Tag] | None = None
    success: Flag = None
    message: Text = None


def read(body: TextLabel, result: Result) -> None:
    """Fill labels, one row a value."""
    tags = result.items(body, "tags")
    names: list[str] = []
    levels: list[str | None] = []
    for row, tag in enumerate(tags.items):
        values = [value.strip() for value in _COMMAS.split(tag.value or "")]
        values = [value for value in values if value]
        if not values:
            result.notes.add(
                "nothing-in-it", tags.path(row), "a tag without a value", tag.name, action="skipped"
            )
        names += values
        levels += [tag.name] * len(values)
    result.add("labels", len(names), kind="text", name=names, level1=levels)
