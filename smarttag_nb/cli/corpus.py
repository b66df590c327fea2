"""``smarttag corpus``: many answers in one place."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import LakeError, QueryError, printable
from .console import Commands, fail

if TYPE_CHECKING:
    import pandas as pd

    from ..corpus import Corpus

_ROWS = 100
_WIDTH = 60
"""What of a result a terminal is shown: rows, and characters of a cell."""

_TOLD = 10
"""How many failures are told."""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "corpus",
        help="keep many answers in one place, and ask them in SQL",
        description="Keep the answers of many jobs in one place, a lake of Delta tables, and ask "
        "them in SQL.",
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")

    adding = _action(actions, "add", "read answers into it; those that it has are not read again")
    adding.add_argument("sources", nargs="+", metavar="SOURCE",
                        help="an answer, a folder or archive (.jsonl, .tar, .zip) of answers, or "
                        "a client's store (.sqlite)")  # fmt: skip
    adding.add_argument("--workers", type=int, metavar="N",
                        help="processes that read (default: as many as processors)")  # fmt: skip
    adding.set_defaults(run=_add)

    asking = _action(actions, "sql", "select from it")
    asking.add_argument("query", metavar="QUERY", help="a SELECT in DuckDB's SQL, or - for stdin")
    asking.add_argument("--param", action="append", default=[], metavar="NAME=VALUE",
                        help="a text for $NAME in the query; may be given again")  # fmt: skip
    asking.add_argument("--out", type=Path, metavar="FILE",
                        help="write all rows, as .csv, .json, .jsonl or .parquet")  # fmt: skip
    asking.set_defaults(run=_sql, refuse=asking.error)

    _action(actions, "info", "tell what it holds").set_defaults(run=_info)
    checking = _action(actions, "check", "read everything, and tell what is wrong")
    checking.set_defaults(run=_check)


def _action(actions: Commands, name: str, what: str) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=what, description=f"{what.capitalize()}.")
    parser.add_argument("lake", metavar="LAKE", help="its folder, or the URL of an object store")
    return parser


def _add(given: argparse.Namespace) -> int:
    from ..corpus import Corpus

    corpus = Corpus(given.lake)
    added = corpus.add(given.sources, workers=given.workers)
    print(added)
    if not added.failed:
        return 0
    failures = corpus.table("failures", ["source", "error"])
    for source, error in failures.tail(_TOLD).itertuples(index=False):
        fail(f"{source}: {error}")
    some = "answers" if added.failed > 1 else "answer"
    return fail(f"{added.failed:,} {some} could not be read; the table failures tells of all")


def _sql(given: argparse.Namespace) -> int:
    from ..exports.tabular import FORMATS
    from ..exports.whole import check_target, write_whole

    named = [param.partition("=") for param in given.param]
    if any(not name or not equals for name, equals, _ in named):
        given.refuse("--param: expected NAME=VALUE")
    form = None if given.out is None else given.out.suffix.removeprefix(".")
    if form is not None:
        if form not in FORMATS:
            given.refuse(f"--out: expected a file that ends in .{', .'.join(FORMATS)}")
        # Before the work: where nothing can be written it is in vain.
        check_target(given.out)
    query = sys.stdin.read() if given.query == "-" else given.query
    params = {name: value for name, _, value in named} or None
    try:
        result = _opened(given.lake).sql(query, params)
    except QueryError as error:
        # DuckDB points at the place, in a line below the query's.
        for line in str(error).splitlines():
            fail(line)
        return 1
    if form is None:
        _show(result)
    else:
        write_whole(given.out, FORMATS[form](result, "result"))
        print(f"{len(result):,} rows")
        print(given.out)
    return 0


def _info(given: argparse.Namespace) -> None:
    corpus = _opened(given.lake)
    print(corpus)
    for name, rows in corpus.counts().items():
        if rows:
            print(f"  {name:13}{rows:12,} rows")


def _check(given: argparse.Namespace) -> int:
    corpus = _opened(given.lake)
    problems = corpus.check()
    for row in problems.itertuples():
        job = "" if row.job_id != row.job_id else f", job {row.job_id}"
        print(printable(f"{row.table}{job}: {row.problem}"))
    if len(problems):
        return fail(f"{len(problems):,} {'problems' if len(problems) > 1 else 'problem'}")
    print(f"{corpus}: all is whole")
    return 0


def _opened(lake: str) -> Corpus:
    """Open what is there: where a slip of the pen points, all would be whole, and nothing found."""
    from ..corpus import Corpus
    from ..corpus.lake import Lake
    from ..corpus.sql import OF_JOBS

    there = Lake.at(lake, None)
    if all(there.open(name) is None for name in OF_JOBS):
        raise LakeError(there.url, "no corpus is here; smarttag corpus add makes one")
    return Corpus(lake)


def _show(frame: pd.DataFrame) -> None:
    """Print a frame, no more of it than can be read, and nothing that a terminal would obey."""
    shown = frame.head(_ROWS).astype(object).map(_cell)
    shown.columns = [printable(str(name)) for name in frame.columns]
    print(shown.to_string(index=False, max_colwidth=None) if len(shown) else "No rows.")
    if len(frame) > _ROWS:
        print(f"{_ROWS} of {len(frame):,} rows; --out FILE writes all.")


def _cell(value: Any) -> str:
    text = "" if value is None or value != value else printable(str(value))
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
