"""Files written whole, or not at all: an older one stays until the new one is there."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from ..errors import InvalidArgument


def check_target(file: str | os.PathLike[str]) -> None:
    """Refuse what no file can take the place of.

    Raises
    ------
    IsADirectoryError
        It is a folder.
    InvalidArgument
        It is a device or a pipe: a whole file would take the place of /dev/stdout itself.
    """
    target = Path(file)
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(file))
    if target.exists() and not target.is_file():
        raise InvalidArgument("file", "a file to write, not a device or a pipe", os.fspath(file))


def write_whole(file: str | os.PathLike[str], content: bytes | Iterable[bytes]) -> None:
    """Write a file whole, or leave what was there.

    Parameters
    ----------
    file : path
        The file. A link stays one, and leads to what is new.
    content : bytes or iterable of bytes
        All that is to be in it, or its parts, of which none is held longer than it is written.

    Raises
    ------
    IsADirectoryError, InvalidArgument
        As `check_target` tells.
    OSError
        It cannot be written; the error names the file asked for.
    """
    check_target(file)
    target = Path(file).resolve()
    # Short, as the file's own name may be as long as names can be.
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("wb") as stream:
            stream.writelines([content] if isinstance(content, bytes) else content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, target)
    except OSError as error:
        # The hidden file is nobody's but ours: what could not be written is the one asked for.
        raise OSError(error.errno, error.strerror, os.fspath(file)) from None
    finally:
        # Where it could not be made, neither can it be removed.
        with contextlib.suppress(OSError):
            part.unlink()
