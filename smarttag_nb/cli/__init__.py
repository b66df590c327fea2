"""The command line, ``smarttag``: a module for each command, its parser and what it does.

A new command is a module with ``add(commands)``, and a place among `_COMMANDS`. What it does, it
imports when it runs, so that ``smarttag --help`` waits for nothing.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import sys
import warnings
from collections.abc import Callable, Sequence

from ..errors import SmarttagError
from . import align, corpus, demo, emulate, export, notebooks, query, report, tables
from .console import encode_leniently, fail, warn

_COMMANDS = (demo, report, tables, export, align, query, corpus, emulate, notebooks)
"""In the order in which ``smarttag --help`` tells them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done, 1 failed, 2 called wrongly."""
    encode_leniently(sys.stdout)
    encode_leniently(sys.stderr)
    given = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int | None] = given.run
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", UserWarning)
            warnings.showwarning = warn
            status = run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has read enough; nothing must be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except SmarttagError as error:
        return fail(str(error))
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        return fail(f"{what}{error.strerror or error}")
    return status or 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="smarttag",
        description="Answers of Alibaba Cloud's smart tagging as tables and pictures.",
    )
    version = importlib.metadata.version("smarttag-nb")
    parser.add_argument("--version", action="version", version=f"%(prog)s {version}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add(commands)
    return parser
