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
    result.add("meta", len(body), name=list(body), value=[as_text(v) for v in body.values()])


def as_text(value: Any) -> str | None:
    """Text as it is, anything else as JSON."""
    if value is None or isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "nested too deep to show; it stands in job.raw"
