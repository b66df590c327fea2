"""Subtitle: where the subtitle files are; and the files' own format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np

from . import checks
from .fields import Flag, Item, Kept, Text
from .notes import Notes, Path
from .rows import Items, Result


class Files(Item):
    """Where the subtitle files are."""

    allResultUrl: Text = None
    chResultUrl: Text = None
    engResultUrl: Text = None


class Subtitle(Item):
    """The body of a Subtitle result: the page calls details an array and describes an object."""

    details: list[Files] | Files | None = None
    success: Flag = None
    message: Text = None


_LANGUAGES = {"allResultUrl": "all", "chResultUrl": "zh", "engResultUrl": "en"}


def read(body: Subtitle, result: Result) -> None:
    """Fill files."""
    if isinstance(body.details, Files):
        body.details = Kept([body.details], [None])
    details = result.items(body, "details")
    for row, files in enumerate(details.items):
        found = [(_LANGUAGES[key], url) for key in _LANGUAGES if (url := getattr(files, key))]
        if not found:
            result.notes.add(
                "nothing-in-it", details.path(row), "no file's address", action="skipped"
            )
        result.add(
            "files",
            len(found),
            kind="subtitles",
            language=[language for language, _ in found],
            url=[url for _, url in found],
        )


_CLOCK = r"(?:\d+:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,6})?"
_SECONDS = r"\d+(?:[.,]\d{1,6})?"
_RANGE = (
    rf"(?P<start>{_CLOCK})[ \t]*(?:-+>|[-–—~～,])[ \t]*(?P<end>{_CLOCK})"
    rf"|(?P<start_seconds>{_SECONDS})[ \t]*-+>[ \t]*(?P<end_seconds>{_SECONDS})"
)
"""Bare seconds only with an arrow: a sentence may be two numbers and a dash."""
_CUE = re.compile(
    rf"^[ \t]*(?:(?P<number>\d+)[.)、:]?[ \t,;|]+|(?P<above>\d+)[ \t]*\n[ \t]*)?"
    rf"[\[(]?(?:{_RANGE})[\])]?"
    r"(?:[ \t,;|:]+(?P<text>\S.*)|[ \t]*)$",
    re.MULTILINE,
)
"""A cue's head: number, time range and, on the same line or on those below, the text."""


def looks_like_cues(text: str) -> bool:
    """Tell whether a text is a subtitle file: its first line that is not empty opens a cue."""
    head = text.lstrip("\ufeff \t\r\n")[:2000].replace("\r\n", "\n")
    return _CUE.match(head) is not None


def read_cues(text: str, result: Result) -> None:
    """Read a subtitle file into files and cues: number, time range, text, one cue a line.

    Cues of several lines (SRT) are read as well. Text that belongs to no cue is reported.
    """
    file_id = result.add("files", 1, kind="subtitles")
    cues = list(_split(text, result.path, result.notes))
    items = Items.of_list(cues, result.path)
    start = _seconds(cue[1] for cue in cues)
    end = _seconds(cue[2] for cue in cues)
    checks.ranges(result, items, start, end, ("start", "end"))
    result.add(
        "cues",
        len(cues),
        file_id=file_id.repeat(len(cues)),
        number=[cue[0] for cue in cues],
        start_time=start,
        end_time=end,
        text=[cue[3] for cue in cues],
    )


def _split(text: str, path: Path, notes: Notes) -> Iterator[tuple[int | None, str, str, str]]:
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    heads = list(_CUE.finditer(text))
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        rest = text[head.end() : after.start() if after else None].strip("\n")
        number = head["number"] or head["above"]
        if number is not None and len(number) > 18:
            notes.wrong(path / "number", "a number within 64 bits", number, code="out-of-range")
            number = None
        lines = [line.strip() for line in [head["text"] or "", *rest.split("\n")]]
        yield (
            None if number is None else int(number),
            head["start"] or head["start_seconds"],
            head["end"] or head["end_seconds"],
            "\n".join(line for line in lines if line),
        )
    before = text[: heads[0].start()].strip() if heads else ""
    if before:
        notes.wrong(path, "a number, a time range and a text", before, action="skipped")


def _seconds(times: Iterable[str]) -> checks.Floats:
    return np.array([_read_time(time) for time in times], dtype=np.float64)


def _read_time(time: str) -> float:
    seconds = 0.0
    for part in time.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
