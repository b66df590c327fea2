"""``smarttag align``: what was said beside what was on screen."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import printable
from .console import Commands, read


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("align", help="align what was said with what was on screen")
    parser.add_argument("answer", metavar="ANSWER", help="a file with an answer, or - for stdin")
    parser.add_argument("--srt", metavar="FILE", help="write the subtitles as SubRip; - for stdout")
    parser.add_argument("--vtt", metavar="FILE", help="write the subtitles as WebVTT; - for stdout")
    parser.add_argument("--csv", type=Path, metavar="DIR", help="write lines, links and all else")
    parser.add_argument("--fused", action="store_true",
                        help="take the speech as the screen corrects it, not the lines on screen; "
                        "without a file, print it")  # fmt: skip
    parser.set_defaults(run=_run, refuse=parser.error)


def _run(given: argparse.Namespace) -> None:
    from .. import exports
    from ..alignment import align
    from ..intervals import clock
    from ..readers import load

    if given.srt == given.vtt == "-":
        given.refuse("--srt - and --vtt -: only one can be written to stdout")
    alignment = align(load(read(given.answer)))
    lines, scores = alignment.lines, alignment.scores
    subtitles = alignment.fused if given.fused else lines[lines["role"] == "subtitle"]
    asked = [(exports.srt, given.srt), (exports.webvtt, given.vtt)]
    asked = [(write, file) for write, file in asked if file is not None]
    # Whoever reads subtitles from stdout wants nothing else there.
    told = sys.stderr if any(file == "-" for _, file in asked) else sys.stdout
    print(alignment, file=told)
    if scores.matched:
        print(f"Against what is written, the speech has a character error rate of "
              f"{scores.CER:.1%} and a word error rate of {scores.WER:.1%}; its own character "
              f"error rate is estimated at {scores.true_CER:.1%}.", file=told)  # fmt: skip
    if given.fused and not asked:
        columns = (subtitles[name].tolist() for name in ("start_time", "text", "review"))
        for start, text, review in zip(*columns, strict=True):
            print(printable(f"{clock(start, 2)}  {text}{'  (to review)' if review else ''}"))
    tables = exports.write_tables(alignment.tables, given.csv) if given.csv is not None else []
    for path in tables:
        print(path, file=told)
    if asked and not subtitles["start_time"].notna().any():
        what = "nothing was" if not tables else "only tables were"
        print(f"No subtitles; {what} written.", file=told)
        return
    for write, file in asked:
        if file == "-":
            # As in a file, UTF-8 with plain line ends, whatever this machine prefers.
            sys.stdout.buffer.write(write(subtitles).encode())
        else:
            write(subtitles, file)
            print(file, file=told)
