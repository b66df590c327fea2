"""``smarttag demo``: the bundled sample, its report and its tables."""

from __future__ import annotations

import argparse
import webbrowser
from pathlib import Path

from .console import Commands


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "demo", help="read the bundled sample; write its report and tables"
    )
    parser.add_argument("--out", type=Path, default=Path("smarttag-demo"), metavar="DIR",
                        help="where to write (default: %(default)s)")  # fmt: skip
    parser.add_argument("--open", action="store_true", help="open what was written")
    parser.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> None:
    import matplotlib as mpl

    from .. import exports, measures, samples
    from ..report import report

    mpl.use("agg")
    folder: Path = given.out
    job = samples.load("magazine", answer="cognition")
    title = "晨间手记 · Morning Notes"
    page = report(job, folder / "report.html", samples.video("magazine"), title=title)
    print(f"Wrote {page}: open it in a browser. It plays, and needs nothing else.")
    written = exports.write_tables(job, folder / "tables")
    print(f"Wrote {len(written)} tables to {folder / 'tables'}.")

    print(f"\nIt is of {job.operation}, for a clip of {job.duration.seconds:.1f} s:\n")
    for name, frame in job.tables.items():
        if len(frame):
            print(f"  {name:13}{len(frame):6} rows")
    shown = measures.presence(job).query("kind == 'person'").nlargest(3, "seconds")
    print("\nLongest on screen:")
    for row in shown.itertuples():
        print(f"  {row.name}: {row.seconds:.1f} s, {row.ratio_measured:.0%} of the clip")
    print(
        "\nNext:\n"
        "  smarttag report YOUR_ANSWER.json --video CLIP.mp4  the report of your own answer\n"
        "  smarttag tables YOUR_ANSWER.json --out tables      its tables\n"
        "  smarttag notebooks notebooks                       the notebooks, to run and change\n"
    )
    if given.open:
        webbrowser.open(page.resolve().as_uri())
