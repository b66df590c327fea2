"""ASR: spoken sentences with their times."""

from __future__ import annotations

import msgspec

from . import checks
from .fields import Flag, Item, Number, Text
from .rows import Items, Result


class Sentence(Item):
    """A spoken sentence."""

    start: Number = msgspec.field(default=None, name="from")
    end: Number = msgspec.field(default=None, name="to")
    content: Text = None


class ASR(Item):
    """The body of an ASR result."""

    details: list[Sentence] | None = None
    success: Flag = None
    message: Text = None


def read(body: ASR, result: Result) -> None:
    """Fill speech."""
    add_sentences(result.items(body, "details"), result)


def add_sentences(sentences: Items, result: Result) -> None:
    """Add a row of speech for each sentence."""
    start, end = sentences.numbers("start"), sentences.numbers("end")
    checks.ranges(result, sentences, start, end, ("from", "to"))
    result.add(
        "speech", len(sentences), start_time=start, end_time=end, text=sentences.column("content")
    )
