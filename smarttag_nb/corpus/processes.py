"""Parts made by processes of this machine."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, wait

import loky
from loky.process_executor import BrokenProcessPool

from ..errors import LakeError
from .ahead import Items, made_ahead
from .lake import Lake
from .part import Digests, Part, make_part


def made_by_processes(
    lake: Lake, parts: Iterator[Items], known: Digests, on_error: str, workers: int
) -> Generator[Part]:
    """Have parts made by processes, which need no ``if __name__ == "__main__"`` in a script.

    Raises
    ------
    LakeError
        A process was killed.
    """
    pool = loky.ProcessPoolExecutor(
        workers,
        initializer=_begin,
        initargs=(lake, known, os.getpid()),
        env={"LOKY_MAX_MEMORY_LEAK_SIZE": _MUCH},
    )
    try:
        yield from made_ahead(
            parts,
            lambda part: pool.submit(_make, part, on_error),
            lambda pending: wait(pending, return_when=FIRST_COMPLETED).done,
            lambda: 2 * workers + 1,
        )
    except BrokenProcessPool:
        problem = (
            "a process that read answers was killed, as for want of memory. Give fewer workers; "
            "what was added before is whole"
        )
        raise LakeError(lake.url, problem) from None
    finally:
        pool.shutdown(wait=True, kill_workers=True)


_MUCH = str(2**40)
"""Bytes by which a worker may grow before loky takes it for a leak, and warns: answers differ."""

_here: tuple[Lake, Digests] | None = None


def _begin(lake: Lake, known: Digests, parent: int) -> None:
    """Keep in a worker what all of its parts need: the digests may be many."""
    # Ctrl-C comes to all processes of a terminal; who began them ends them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_after, args=(parent,), daemon=True).start()
    global _here
    _here = lake, known


def _end_after(parent: int) -> None:
    """End with who began this process: one that is killed cannot end others."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _make(part: Items, on_error: str) -> Part:
    assert _here is not None, "a worker begins by remembering"
    lake, known = _here
    return make_part(lake, part, known, on_error)
