"""From JSON to structs: typed and strict first, item by item where that fails.

A result's body is described by msgspec structs that forbid unknown fields. A document that is as
described is decoded in one go. One that only has keys nobody described is decoded in one go as
well, by structs widened by those keys, which are then noted. Any other is parsed into plain values
and read item by item: what is as described is kept, and each deviation is a problem with its path.
"""

from __future__ import annotations

from typing import Any

import msgspec

from .document import UNREADABLE, Document, NotJson
from .item_by_item import Bad, reader_of
from .notes import Notes, Path
from .widened import decode_widened


def listed(value: Any, path: Path, notes: Notes) -> list[tuple[Path, Any]] | None:
    """List items and their places; one object may stand for a list, an empty one for none.

    None where it is neither.
    """
    if isinstance(value, dict):
        if not value:
            return []
        notes.one_for_a_list(path, value)
        return [(path, value)]
    if isinstance(value, list):
        return [(path / i, item) for i, item in enumerate(value)]
    return None


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
        widened = decode_widened(document, kind, str(error), path, notes)
        if widened is not None:
            return widened
    except UNREADABLE:
        pass
    try:
        value = document.parse(path, notes)
    except NotJson as error:
        notes.wrong(path, "JSON", document.text, code="not-json", action="skipped", got=str(error))
        return None
    made = reader_of(kind)(value, path, notes)
    if isinstance(made, Bad):
        notes.wrong(path, made.expected, value, code=made.code, action="skipped")
        return None
    return made
