"""``smarttag tables``: an answer's tables as files."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import printable
from .console import Commands, read


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("tables", help="write an answer's tables")
    parser.add_argument("answer", metavar="ANSWER", help="a file with an answer, or - for stdin")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write")
    parser.add_argument("--format", choices=("csv", "json", "jsonl", "parquet"), default="csv",
                        help="how to write (default: %(default)s)")  # fmt: skip
    parser.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> None:
    from .. import exports
    from ..readers import load

    job = load(read(given.answer))
    written = exports.write_tables(job, given.out, given.format)
    print(job)
    if job.reason:
        print(printable(f"The job says: {job.reason}"))
    for path in written:
        print(path)
    if not written:
        print("No table has rows; nothing was written.")
