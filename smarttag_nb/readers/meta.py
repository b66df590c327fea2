"""Meta: facts such as the title that was given with the job."""

from __future__ import annotations

import json
from typing import Any

from .fields import Json
from .rows import Result

Meta = dict[str, Json]
"""The body of a Meta result: any keys."""


def read(body: Meta, result: Result) -> None:
    """Fill meta, one row a key."""
    facts = [(name, as_text(value)) for name, value in body.items()]
    add_facts(facts, result)


def add_facts(facts: list[tuple[str, str | None]], result: Result) -> None:
    """Add a row of meta for each fact."""
    result.add(
        "meta", len(facts), name=[name for name, _ in facts], value=[value for _, value in facts]
    )


def as_text(value: Any) -> str | None:
    """Text as it is, anything else as JSON."""
    if value is None or isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "nested too deep to show; it stands in job.raw"
