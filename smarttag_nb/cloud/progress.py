"""Progress of what takes long, in a notebook or a terminal."""

from __future__ import annotations

from typing import Any

from tqdm.asyncio import tqdm as terminal_tqdm
from tqdm.auto import tqdm

_LONG = 1.0
"""Seconds before anything is shown."""


class Bar(tqdm):  # type: ignore[misc]
    """A progress bar that starts no thread of its own, and none for others.

    Outside of a notebook it is one for a terminal: in a log it would be lines without end.
    """

    monitor_interval = 0

    def __init__(self, **options: Any) -> None:
        disable = None if tqdm is terminal_tqdm else False
        super().__init__(delay=_LONG, leave=False, disable=disable, **options)
