"""Folders: the files below one, in the order of their names."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from .items import Ignored, Unreadable
from .names import shown, why_ignored


def walk(folder: str) -> Iterator[tuple[str, os.stat_result] | Unreadable | Ignored]:
    """Walk a folder and those below it.

    Parameters
    ----------
    folder : str
        An absolute path.

    Yields
    ------
    (str, os.stat_result)
        A file's path and what the system tells of it.
    Unreadable, Ignored
        Files and folders that are not gone into.
    """
    walked: set[tuple[int, int]] = set()
    todo = [iter([(folder, "")])]
    while todo:
        path, name = next(todo[-1], ("", ""))
        if not path:
            todo.pop()
            continue
        why = why_ignored(name)
        if why:
            yield Ignored(shown(path), why)
            continue
        try:
            status = os.stat(path)
            if stat.S_ISREG(status.st_mode):
                yield path, status
                continue
            if not stat.S_ISDIR(status.st_mode):
                yield Ignored(shown(path), "neither a file nor a folder")
                continue
            names = sorted(os.listdir(path))
        except OSError as error:
            yield Unreadable.by(shown(path), error)
            continue
        identity = (status.st_dev, status.st_ino)
        if identity in walked:
            yield Ignored(shown(path), "a link to a folder that was walked already")
        elif "_delta_log" in names:
            yield Ignored(shown(path), "a Delta Lake table")
        else:
            walked.add(identity)
            todo.append(_joined(path, names))


def _joined(folder: str, names: list[str]) -> Iterator[tuple[str, str]]:
    start = os.path.join(folder, "")
    return ((start + name, name) for name in names)
