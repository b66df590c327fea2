"""Views of a lake: the questions that many have."""

from __future__ import annotations

from collections.abc import Mapping

VIEWS: Mapping[str, str] = {}
