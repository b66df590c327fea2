"""OCR: texts seen on screen, moment by moment."""

from __future__ import annotations

import numpy as np

from . import checks
from .fields import Flag, Ident, Item, Number, Text
from .position import Position
from .rows import Items, Result


class Info(Item):
    """A text seen."""

    score: Number = None
    position: Position | None = None
    content: Text = None
    textType: Ident = None


class Moment(Item):
    """A moment at which text was looked for."""

    timestamp: Number = None
    info: list[Info] | None = None


class OCR(Item):
    """The body of an OCR result."""

    details: list[Moment] | None = None
    success: Flag = None
    message: Text = None


_TEXT_TYPES = {"0": "subtitle", "1": "scrolling", "2": "caption"}


def read(body: OCR, result: Result) -> None:
    """Fill ocr and ocr_frames."""
    moments = result.items(body, "details")
    timestamp = moments.numbers("timestamp")
    result.note_rows(
        "time-negative",
        moments,
        timestamp < 0,
        "before the start of the media",
        key="timestamp",
        values=timestamp,
    )
    result.add("ocr_frames", len(moments), timestamp=timestamp)
    seen = moments.below("info")
    _, has_box, found = checks.corner_boxes(result, seen, seen.column("position"), faces=False)
    boxes = np.full((len(seen), 4), np.nan)
    boxes[has_box] = found
    result.add(
        "ocr",
        len(seen),
        timestamp=timestamp[seen.parent],
        text=seen.column("content"),
        score=checks.scores(result, seen),
        text_type=text_types(result, seen, "textType"),
        **checks.edges(boxes),
    )


def text_types(result: Result, items: Items, key: str) -> list[str | None]:
    """Read text types: 0 subtitle, 1 scrolling, 2 caption; others stay as received."""
    given = items.column(key)
    read = [None if value is None else _TEXT_TYPES.get(str(value), str(value)) for value in given]
    unknown = np.array(
        [text is not None and text not in _TEXT_TYPES.values() for text in read], dtype=bool
    )
    result.note_rows("unknown-value", items, unknown, "neither 0, 1 nor 2", key=key, values=given)
    return read
