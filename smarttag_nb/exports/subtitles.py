"""SRT and WebVTT: texts with times as subtitles, of one table or of two in two languages."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pysubs2

from .. import intervals
from ..errors import InvalidArgument
from .whole import write_whole

Milliseconds = npt.NDArray[np.int64]


def srt(
    frame: pd.DataFrame,
    file: str | os.PathLike[str] | None = None,
    *,
    second: pd.DataFrame | None = None,
) -> str:
    r"""Write texts with times as SubRip subtitles, which every player and editor reads.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows with start_time and end_time (s) and text, written as given: ``job.best("speech")``,
        ``job.translations``, ``job.cues``, an alignment's ``fused``, or of its lines those of a
        role, ``lines[lines.role == "subtitle"]``.
    file : path, optional
        Where to write; an older file is replaced once the new one is whole. It is UTF-8 with the
        mark: SubRip names no encoding, and without the mark players on a Chinese Windows take
        it for GBK.
    second : pandas.DataFrame, optional
        Rows of another language, each to stand below the one it belongs to: the row of its
        sentence_id (and paragraph_id), where both tables have that; otherwise the row with which
        it shares most time, and at least half of the shorter of both. One that belongs to none
        is a subtitle of its own.

    Returns
    -------
    str
        What is, or would be, in the file, without the mark.

    Raises
    ------
    InvalidArgument
        A table is none, lacks one of the three columns, or has times that are no seconds.
    OSError
        The file cannot be written; an older one is as it was.

    Warns
    -----
    UserWarning
        Rows are left out: they have no start, end before 0 or start at 100 hours or later. Or an
        end is made up: where it is missing or not after the start, a subtitle stands for two
        seconds.

    Notes
    -----
    Subtitles stand by their start; those that overlap are kept, as the format allows. Times are
    rounded to milliseconds; what begins before 0 begins at 0. Rows without text make none. Lines
    of a text stay lines, without the empty ones, which would end the subtitle; control characters
    become U+FFFD.

    SubRip has no way to say that ``<i>``, ``\N`` or ``&amp;`` is text and no markup, and players
    obey it or hide it. A word joiner (U+2060), which nobody sees, breaks up what would be obeyed,
    and braces become full-width ones, since many players show nothing that stands in braces.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> said = stag.samples.load("magazine").best("speech")
    >>> print(srt(said).split("\n\n")[1])
    2
    00:00:06,790 --> 00:00:09,150
    今天我们从一杯咖啡说起。

    In two languages:

    >>> job = stag.samples.load("magazine", answer="cognition")
    >>> both = srt(job.best("speech", "NLP"), second=job.translations)
    >>> print(both.split("\n\n")[1])
    2
    00:00:06,830 --> 00:00:09,130
    今天我们从一杯咖啡说起。
    Today we begin with a cup of coffee.
    """
    cues = _cues(frame, second)
    text = _write(cues, "srt", _inert_in_srt)
    if file is not None:
        write_whole(file, text.encode("utf-8-sig"))
    return text


def webvtt(
    frame: pd.DataFrame,
    file: str | os.PathLike[str] | None = None,
    *,
    second: pd.DataFrame | None = None,
) -> str:
    r"""Write texts with times as WebVTT, the subtitles of browsers.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows with start_time and end_time (s) and text, written as given, as for `srt`.
    file : path, optional
        Where to write, in UTF-8; an older file is replaced once the new one is whole.
    second : pandas.DataFrame, optional
        Rows of another language, each to stand below the one it belongs to, as for `srt`.

    Returns
    -------
    str
        What is, or would be, in the file.

    Raises
    ------
    InvalidArgument
        A table is none, lacks one of the three columns, or has times that are no seconds.
    OSError
        The file cannot be written; an older one is as it was.

    Warns
    -----
    UserWarning
        Rows are left out, or an end had to be made up, as for `srt`.

    Notes
    -----
    ``&``, ``<`` and ``>`` are escaped as WebVTT: The Web Video Text Tracks Format (W3C) asks, so
    that any text reads back as it was, but for empty lines and control characters (see `srt`).

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> said = stag.samples.load("magazine").best("speech")
    >>> print(webvtt(said).split("\n\n")[1])
    1
    00:00:03.650 --> 00:00:06.560
    大家早上好，欢迎收看晨间手记。
    """
    cues = _cues(frame, second)
    text = _write(cues, "vtt", _escaped_for_webvtt)
    if file is not None:
        write_whole(file, text.encode())
    return text


def subtitled(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the rows that `srt` and `webvtt` make subtitles of: with a text, and a time to stand at.

    Examples
    --------
    >>> rows = pd.DataFrame({"start_time": [0, 1], "end_time": [1, 2], "text": [" ", "Hello"]})
    >>> subtitled(rows)["text"].tolist()
    ['Hello']
    """
    return _read(frame, "frame", []).frame


_LASTING = 2000
"""Milliseconds that a subtitle without an end stands: enough to read a line."""

_LATEST = 100 * 3_600_000 - 1
"""The last millisecond that SubRip can write, having two digits for the hours."""

_SHARED = 0.5
"""Share of the shorter of two rows that they have in common where one translates the other. Less
is how a row touches those before and after."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a table that can be subtitles, with times (ms) that these can have."""

    start: Milliseconds
    end: Milliseconds
    texts: list[str]
    frame: pd.DataFrame


def _cues(frame: Any, second: Any) -> list[tuple[int, int, str]]:
    """List start, end (ms) and text of each subtitle, by start."""
    notes: list[str] = []
    first = _read(frame, "frame", notes)
    stacks = [[text] for text in first.texts]
    alone = []
    if second is not None:
        below = _read(second, "second", notes)
        partners = _partners(first, below)
        for row in np.argsort(below.start, kind="stable"):
            if partners[row] >= 0:
                stacks[partners[row]].append(below.texts[row])
            else:
                alone.append((int(below.start[row]), int(below.end[row]), below.texts[row]))
    if notes:
        warnings.warn(f"Subtitles: {'; '.join(notes)}.", UserWarning, stacklevel=3)
    cues = [
        (int(first.start[row]), int(first.end[row]), "\n".join(stack))
        for row, stack in enumerate(stacks)
    ]
    return sorted(cues + alone, key=lambda cue: cue[0])


def _read(frame: Any, argument: str, notes: list[str]) -> _Rows:
    """Take the rows that can be subtitles, and note what is left out and what is made up."""
    if not isinstance(frame, pd.DataFrame):
        raise InvalidArgument(argument, "a DataFrame with times and texts", type(frame).__name__)
    if not {"start_time", "end_time", "text"} <= set(frame.columns):
        expected = "a table with start_time, end_time and text"
        raise InvalidArgument(argument, expected, list(frame.columns))
    texts = [_lines_of(text) for text in frame["text"]]
    written = np.array([bool(text) for text in texts], dtype=bool)
    seconds = [_seconds(frame[name], argument) for name in ("start_time", "end_time")]
    with np.errstate(over="ignore"):
        start, end = (np.round(1000 * times) for times in seconds)
    # NaN compares false. What lasts some time, but no millisecond, lasts one.
    lasts = np.isfinite(end) & (seconds[1] > seconds[0])
    end = np.where(lasts, np.maximum(end, start + 1), start + _LASTING)
    kept = written & np.isfinite(start) & (start < _LATEST) & (end > 0)
    of = "" if argument == "frame" else f" of {argument}"
    left_out, endless = int((written & ~kept).sum()), int((kept & ~lasts).sum())
    if left_out:
        notes.append(f"{left_out} of {len(frame)} rows{of} left out, without a time to stand at")
    if endless:
        standing = _LASTING // 1000
        notes.append(f"{endless} of {len(frame)} rows{of} without an end stand for {standing} s")
    rows = np.flatnonzero(kept)
    return _Rows(
        np.maximum(start[rows], 0).astype(np.int64),
        np.minimum(end[rows], _LATEST).astype(np.int64),
        [texts[row] for row in rows],
        frame.iloc[rows],
    )


def _seconds(times: pd.Series[Any], argument: str) -> npt.NDArray[np.float64]:
    try:
        return np.asarray(times.to_numpy(dtype=np.float64, na_value=np.nan))
    except (TypeError, ValueError):
        expected = f"a table with seconds in {times.name}"
        raise InvalidArgument(argument, expected, times.tolist()[:3]) from None


def _partners(first: _Rows, second: _Rows) -> Milliseconds:
    """Find the row of the first table that each of the second stands below, or −1."""
    # Of sentences that stand there twice, the first.
    rows_of = {key: row for row, key in reversed(list(enumerate(_sentences(first, second))))}
    rows_of.pop(None, None)
    asked = _sentences(second, first)
    partners = np.array([rows_of.get(key, -1) for key in asked], dtype=np.int64)
    # Where sentences are known, one that is not there has no partner, whatever else is said then.
    are_known = bool((partners >= 0).any())
    undecided = np.array([key is None or not are_known for key in asked], dtype=bool)

    ranges = [
        pd.DataFrame({"start_time": rows.start, "end_time": rows.end}) for rows in (first, second)
    ]
    pairs = intervals.join(ranges[0], ranges[1][undecided])
    shared = (pairs["end_time"] - pairs["start_time"]).to_numpy()
    one, other = pairs["row_a"].to_numpy(), pairs["row_b"].to_numpy()
    shorter = np.minimum((first.end - first.start)[one], (second.end - second.start)[other])
    order = np.lexsort((other, one, -shared))
    order = order[shared[order] >= _SHARED * shorter[order]]
    taken = set(partners.tolist())
    # Sentences that share one time go in turn; what is left over is one more line below.
    for row, below in zip(one[order].tolist(), other[order].tolist(), strict=True):
        if partners[below] < 0 and row not in taken:
            partners[below] = row
            taken.add(row)
    for row, below in zip(one[order].tolist(), other[order].tolist(), strict=True):
        if partners[below] < 0:
            partners[below] = row
    return partners


def _sentences(rows: _Rows, others: _Rows) -> list[Any]:
    """Give each row the API's ids of its sentence, where both tables have them, or else None."""
    names = [
        name
        for name in ("paragraph_id", "sentence_id")
        if name in rows.frame and name in others.frame
    ]
    if "sentence_id" not in names:
        return [None] * len(rows.texts)
    ids = [rows.frame[name].astype(object).where(rows.frame[name].notna(), None) for name in names]
    return [key if key[-1] is not None else None for key in zip(*ids, strict=True)]


_BREAK = re.compile(r"\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What is no character to see, noncharacters among it."""


def _lines_of(text: Any) -> str:
    """Take the lines of a text that hold something."""
    if not isinstance(text, str):
        return ""
    lines = (_CONTROL.sub("\ufffd", line).strip() for line in _BREAK.split(text))
    return "\n".join(line for line in lines if line)


_MARKUP_IN_SRT = re.compile(
    r"<(?= *[\w/!?])|\\(?=[Nnh])|&(?=#?\w+;)|--(?=>)|\d:(?=\d\d?:\d\d?[,.]\d)"
    r"|^-?\d+\.?\d*(?=\n\d+[,.:，．。：]\d+[,.:，．。：]\d)|\n(?=\d+\Z)",
    re.MULTILINE,
)
"""Where players and editors find a tag, a line break, an entity, times, or the next subtitle's
number: in one over what could be times, or at the end."""

_BRACES = str.maketrans("{}", "｛｝")


def _inert_in_srt(text: str) -> str:
    return _MARKUP_IN_SRT.sub("\\g<0>\u2060", text.translate(_BRACES))


def _escaped_for_webvtt(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# pysubs2 takes backslashes and braces for commands, and knows no way to write them: until the text
# is written, noncharacters stand for them, which no text has (`_CONTROL`).
_SHIELD = str.maketrans("\\{}", "\ufdd0\ufdd1\ufdd2")
_UNSHIELD = str.maketrans("\ufdd0\ufdd1\ufdd2", "\\{}")


def _write(cues: list[tuple[int, int, str]], format: str, escape: Callable[[str], str]) -> str:
    subtitles = pysubs2.SSAFile()
    subtitles.events = [
        pysubs2.SSAEvent(start=start, end=end, text=escape(text).translate(_SHIELD))
        for start, end, text in cues
    ]
    return subtitles.to_string(format).translate(_UNSHIELD)
