"""The console: what commands read from it, and how they tell that they failed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TextIO, TypeAlias

from ..errors import printable

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""Where a command adds its parser, with ``run`` among its defaults."""


def read(answer: str) -> bytes | Path:
    """Take what the argument ANSWER stands for: ``-`` is standard input, all else a file."""
    return sys.stdin.buffer.read() if answer == "-" else Path(answer)


def fail(message: str) -> int:
    """Say why nothing came of it, and return the exit status 1."""
    print(printable(f"smarttag: {message}"), file=sys.stderr)
    return 1


def warn(message: Warning | str, *_: object, **__: object) -> None:
    """Show a warning in a line, in the place of `warnings.showwarning`."""
    print(printable(f"smarttag: warning: {message}"), file=sys.stderr)


def encode_leniently(stream: TextIO) -> None:
    """Let a stream escape what its encoding lacks.

    Names in an answer may be in any script; a terminal that lacks it gets escapes, not an end.
    """
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
