"""``smarttag report``: a page that tells all of an answer."""

from __future__ import annotations

import argparse
from pathlib import Path

from .console import Commands, read


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("report", help="write a page that tells all of an answer")
    parser.add_argument("answer", metavar="ANSWER", help="a file with an answer, or - for stdin")
    parser.add_argument("--video", metavar="FILE", help="its video or image, or the URL of that")
    parser.add_argument("--out", type=Path, default=Path("report.html"), metavar="FILE",
                        help="where to write (default: %(default)s)")  # fmt: skip
    parser.add_argument("--title", metavar="TEXT", help="a title, in place of the answer's own")
    parser.add_argument("--lang", choices=("en", "zh"), default="en",
                        help="the page's language (default: %(default)s)")  # fmt: skip
    parser.add_argument("--pdf", action="store_true", help="print it too, beside the page")
    parser.set_defaults(run=_run, refuse=parser.error)


def _run(given: argparse.Namespace) -> None:
    import matplotlib as mpl

    from ..readers import load
    from ..report import report
    from ..report.pdf import find_browser, print_pdf

    mpl.use("agg")
    printed = given.out.with_suffix(".pdf")
    if given.pdf:
        if printed == given.out:
            given.refuse("--out names the page, as report.html; the PDF is written beside it")
        # Before the work: without a browser it is in vain.
        find_browser()
    job = load(read(given.answer))
    page = report(job, given.out, given.video, title=given.title, lang=given.lang)
    print(job)
    print(page)
    if given.pdf:
        print(print_pdf(page, printed))
