"""Progress of what takes long, in a notebook or a terminal."""

from __future__ import annotations

from typing import Any

from tqdm.auto import tqdm

_LONG = 1.0
"""Seconds before anything is shown."""


class Bar(tqdm):  # type: ignore[misc]
    """A progress bar that starts no thread of its own, and none for others."""

    monitor_interval = 0

    def __init__(self, **options: Any) -> None:
        super().__init__(delay=_LONG, leave=False, **options)
