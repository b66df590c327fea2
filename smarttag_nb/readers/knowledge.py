"""knowledgeInfo: the knowledge graph's fields, as an object or as its JSON."""

from __future__ import annotations

from typing import Any

from .document import Document, NotJson, is_deep
from .rows import Items, Result


def read_knowledge(labels: Items, result: Result) -> list[dict[str, Any] | None]:
    """Read the knowledge of each label: a dict of the graph's fields, or None."""
    made: list[dict[str, Any] | None] = []
    for row, given in enumerate(labels.column("knowledgeInfo")):
        if not given:
            made.append(None)
            continue
        path, value = labels.path(row) / "knowledgeInfo", given
        if isinstance(given, str):
            try:
                value = Document(text=given).parse(path.inside(), result.notes) or {}
            except NotJson:
                value = None
        if isinstance(value, dict) and not is_deep(value):
            made.append(value or None)
            continue
        result.notes.wrong(path, "an object, or the JSON of one", given)
        made.append(None)
    return made
