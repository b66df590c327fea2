"""JSON documents."""

from __future__ import annotations

import json
from typing import Any


def as_json(document: Any) -> bytes:
    """Write a document as JSON, in which half of a character pair becomes a question mark."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
