"""Parts that others make, some ahead of what is waited for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator
from typing import Any, TypeAlias

from .part import Healed, Part
from .sources import Item, Unreadable
from .sources.items import Held

Wanted: TypeAlias = Item | Unreadable | Healed
Items: TypeAlias = list[Wanted]

_HELD = 256 * 2**20
"""Bytes of answers on their way to workers at a time: of those that had to be read to be found."""


def made_ahead(
    parts: Iterator[Items],
    submit: Callable[[Items], Any],
    wait: Callable[[Collection[Any]], Collection[Any]],
    room: Callable[[], int],
) -> Generator[Part]:
    """Have parts made, and give each as soon as it is.

    Parameters
    ----------
    parts : iterator of list of Item, Unreadable or Healed
        What to make parts of; taken as there is room.
    submit : callable
        Has one made, and gives its future.
    wait : callable
        Waits until one of the futures is done, and gives those that are.
    room : callable
        Tells how many may be on their way.

    Yields
    ------
    Part
        In the order in which they are made.
    """
    pending: dict[Any, int] = {}
    try:
        for part in parts:
            while pending and (len(pending) >= room() or sum(pending.values()) >= _HELD):
                yield from _taken(pending, wait)
            pending[submit(part)] = sum(map(_held, part))
        while pending:
            yield from _taken(pending, wait)
    finally:
        # Where it is broken off: what nobody waits for any longer, a cluster leaves undone.
        pending.clear()


def _taken(
    pending: dict[Any, int], wait: Callable[[Collection[Any]], Collection[Any]]
) -> Iterator[Part]:
    failed = None
    for future in wait(pending):
        del pending[future]
        try:
            part = future.result()
        except Exception as error:
            # The others that are made need not be made again.
            failed = failed or error
        else:
            yield part
    if failed is not None:
        raise failed


def _held(item: Wanted) -> int:
    return item.size if isinstance(item, Item) and isinstance(item.content, Held) else 0
