"""Variants: where what was said and the subtitles that tell it differ, in all that is linked.

The fused transcript has the changes that the screen is believed in; here is every place, as whole
sentences and whole lines are compared with one another, and not only their matched parts.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

import pandas as pd
from rapidfuzz.distance import Levenshtein

from ..tables import TEXT
from .result import Alignment
from .text import plain


def variants(alignment: Alignment) -> pd.DataFrame:
    """List where sentences and the subtitles that are linked with them by text differ.

    Marks, spaces, width and case are no difference.

    Parameters
    ----------
    alignment : Alignment
        What `align` returned.

    Returns
    -------
    pandas.DataFrame
        A row per difference, in the order of the picture: start_time and end_time (s) of the line
        it is in, group_id, speech_id, line_id, said and written (either may be empty, not both),
        and text, all that the group says, with its differences marked: ``[said → written]``,
        ``[−said]`` where it is not written, ``[+written]`` where it is not said.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> found = variants(stag.align(stag.samples.load("magazine")))
    >>> found.loc[0, ["said", "written", "text"]].tolist()
    ['纸', '脂', '刚做好的咖啡，表面有一层细腻的油[纸 → 脂]']
    """
    links, lines = alignment.links, alignment.lines
    subtitles = lines.loc[lines["role"] == "subtitle", ["line_id", "start_time", "end_time"]]
    linked = links[links["kind"] == "text"].merge(subtitles, on="line_id")
    linked = linked.sort_values("start_time", kind="stable")
    heard = dict(zip(alignment.speech["speech_id"], alignment.speech["text"], strict=True))
    read = dict(zip(lines["line_id"], lines["text"], strict=True))
    # What hangs together is compared as a whole: a sentence may be told by two lines.
    groups: dict[Any, tuple[dict[Any, str], dict[Any, str]]] = {}
    for group_id, speech_id, line_id in zip(
        linked["group_id"], linked["speech_id"], linked["line_id"], strict=True
    ):
        said, written = groups.setdefault(group_id, ({}, {}))
        said[speech_id], written[line_id] = _spaced(heard[speech_id]), _spaced(read[line_id])
    shown = subtitles.set_index("line_id").T.to_dict("list")
    rows = []
    for group_id, (said, written) in groups.items():
        said = dict(sorted(said.items()))
        found, text = compare("".join(said.values()), "".join(written.values()))
        for place_said, place_written, a, b in found:
            line_id = _owner(written, place_written)
            speech_id = _owner(said, place_said)
            rows.append((*shown[line_id], group_id, speech_id, line_id, a, b, text.rstrip()))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


COLUMNS: dict[str, Any] = {
    "start_time": "float64",
    "end_time": "float64",
    "group_id": "Int64",
    "speech_id": "Int64",
    "line_id": "Int64",
    "said": TEXT,
    "written": TEXT,
    "text": TEXT,
}
"""Columns of the variants with their dtypes."""


def _spaced(text: str) -> str:
    """Add the space that parts a text from the next one, where its script has any."""
    return text if unicodedata.east_asian_width(text[-1:] or " ") in "WF" else f"{text} "


def _owner(texts: Mapping[Any, str], place: int) -> Any:
    """Tell whose of the texts that are put together a place is; the last one's, at their end."""
    ends = list(accumulate(map(len, texts.values())))
    return list(texts)[min(bisect_right(ends, place), len(texts) - 1)]


Edit = tuple[str, int, int, int, int]


def edits(said: str, written: str) -> list[Edit]:
    """Tell what turns one text into another; marks, spaces, width and case do not count.

    Parameters
    ----------
    said, written : str
        Two texts.

    Returns
    -------
    list of tuple
        In order: substitute, delete or insert; where in the one text it begins and ends, and
        where in the other. None where one of them has nothing to compare.

    Examples
    --------
    >>> edits("水温，比时间重要。", "水温必时间更重要")
    [('substitute', 3, 4, 2, 3), ('insert', 6, 6, 5, 6)]
    """
    a, b = plain(said), plain(written)
    if not a.text or not b.text:
        return []
    return [
        (_EDITS[op.tag], *a.span(op.src_start, op.src_end), *b.span(op.dest_start, op.dest_end))
        for op in Levenshtein.opcodes(a.text, b.text)
        if op.tag != "equal"
    ]


_EDITS = {"replace": "substitute", "delete": "delete", "insert": "insert"}


def compare(said: str, written: str) -> tuple[list[tuple[int, int, str, str]], str]:
    """Find where two texts differ, but for marks, spaces, width and case.

    Parameters
    ----------
    said, written : str
        Two texts, each with something to compare.

    Returns
    -------
    found : list of tuple
        Position in the one, position in the other, and what stands there in each.
    marked : str
        The first text, with the differences marked as in `variants`.

    Examples
    --------
    >>> compare("水温，比时间重要。", "水温必时间更重要")
    ([(3, 2, '比', '必'), (6, 5, '', '更')], '水温，[比 → 必]时间[+更]重要。')
    """
    found, marked, told = [], [], 0
    for _, start, stop, start_b, stop_b in edits(said, written):
        one, other = said[start:stop], written[start_b:stop_b]
        found.append((start, start_b, one, other))
        mark = f"[{one} → {other}]" if one and other else f"[−{one}]" if one else f"[+{other}]"
        marked += [said[told:start], mark]
        told = stop
    return found, "".join([*marked, said[told:]])
