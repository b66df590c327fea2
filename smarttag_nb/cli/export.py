"""``smarttag export``: an answer in the formats of other tools."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import printable
from .console import Commands, read

if TYPE_CHECKING:
    from ..exports import Export
    from ..job import Job

_BOXES = ("video", "fps", "size", "max_gap", "interpolate")
_FORMATS: dict[str, tuple[str, ...]] = {
    "coco": _BOXES,
    "cvat": _BOXES,
    "elan": ("video",),
    "label-studio": _BOXES,
    "fiftyone": _BOXES,
    **dict.fromkeys(("xlsx", "csv", "json", "parquet", "jsonl", "srt", "vtt"), ()),
}
"""Which options each format takes."""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "export",
        help="write an answer for another tool",
        description="Write an answer for another tool, and tell what its format cannot hold.",
        epilog="Boxes (coco, cvat, label-studio, fiftyone) need the frames' size and rate: of the "
        "video, or given. fiftyone, csv, json, jsonl and parquet write a folder.",
    )
    parser.add_argument("answer", metavar="ANSWER", help="a file with an answer, or - for stdin")
    parser.add_argument("--to", choices=_FORMATS, required=True, help="the format")
    parser.add_argument("--out", type=Path, required=True, metavar="PATH",
                        help="the file or folder to write")  # fmt: skip
    parser.add_argument("--video", metavar="FILE", help="its video or image")
    parser.add_argument("--fps", type=float, metavar="N", help="frames a second to number")
    parser.add_argument("--size", type=_size, metavar="WxH", help="a frame's pixels, as 1920x1080")
    parser.add_argument("--max-gap", type=float, metavar="S",
                        help="most seconds between two boxes for others to be drawn between them "
                        "(default: 1)")  # fmt: skip
    parser.add_argument("--no-interpolate", dest="interpolate", action="store_false", default=None,
                        help="draw no boxes between those of the answer")  # fmt: skip
    parser.set_defaults(run=_run, refuse=parser.error)


def _size(text: str) -> tuple[int, int]:
    if not (sides := re.fullmatch(r"([0-9]{1,6})[xX×]([0-9]{1,6})", text)):
        raise argparse.ArgumentTypeError(f"expected WIDTHxHEIGHT, as 1920x1080, got {text!r}")
    return int(sides[1]), int(sides[2])


def _run(given: argparse.Namespace) -> None:
    from .. import exports
    from ..exports.export import counted
    from ..readers import load

    taken = _FORMATS[given.to]
    options = {name: getattr(given, name) for name in _BOXES if getattr(given, name) is not None}
    for name in options:
        if name not in taken:
            option = "no-interpolate" if name == "interpolate" else name.replace("_", "-")
            formats = ", ".join(form for form, names in _FORMATS.items() if name in names)
            given.refuse(f"--{option} is for {formats}, not for {given.to}")
    job = load(read(given.answer))
    if given.to in exports.FORMATS:
        files = exports.write_tables(job, given.out, given.to)
        done = exports.Export(given.to, tuple(files), counted([]))
    elif given.to in ("srt", "vtt"):
        done = _subtitles(job, given.out, given.to)
    else:
        name = {"label-studio": "label_studio", "xlsx": "excel"}.get(given.to, given.to)
        write: Any = getattr(exports, name)
        done = write(job, given.out, **options)
    if not any(map(len, job.tables.values())):
        # It has failed, or is not finished: it, and not the format, is why there is nothing.
        print(job)
    if job.reason:
        print(printable(f"The job says: {job.reason}"))
    for file in done.files:
        print(file)
    if not done.files:
        print("Nothing was written.")
    for what, table, rows, why in done:
        print(printable(f"{what}: {rows:,} of {table} ({why})"))


def _subtitles(job: Job, file: Path, form: str) -> Export:
    """Write what was said; of an answer that holds none of it, the subtitles it came with."""
    from .. import exports
    from ..exports.account import without
    from ..exports.export import counted
    from ..exports.subtitles import subtitled

    write = exports.srt if form == "srt" else exports.webvtt
    table = "speech" if len(job.speech) else "cues"
    frame = job.best(table)
    rows = subtitled(frame)
    files = (file,) if len(rows) else ()
    write(frame, *files)
    left_out = [
        (table, len(job[table]) - len(frame), "another result tells it"),
        (table, len(frame) - len(rows), "no text, or no time to stand at"),
        *((name, len(other), "no subtitles") for name, other in job.items() if name != table),
    ]
    changed = without(rows, table, ("start_time", "end_time", "text"))
    return exports.Export(form, files, counted(left_out), counted(changed))
