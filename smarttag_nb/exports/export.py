"""Export: what was written for another tool, and what its format could not hold."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from .. import cards
from ..errors import printable
from ..tables import TEXT


@dataclass(frozen=True, eq=False, repr=False)
class Export:
    """The files of an export, and what they do not hold.

    Attributes
    ----------
    format : str
        The format's name.
    files : tuple of pathlib.Path
        The files written.
    left_out : pandas.DataFrame
        table, rows, why: how many rows of a contract table are in no file, and for what reason.
        Each row of the job is either written or counted here, once.
    changed : pandas.DataFrame
        table, rows, why: how many of the rows written are not quite as they are in the job: cut,
        or without a column that the format has no place for. A row may be counted several times.

    Examples
    --------
    >>> Export("SubRip", (Path("a.srt"),), counted([("boxes", 12, "SubRip holds no boxes")]))
    <Export SubRip: a.srt; left out 12 of boxes (SubRip holds no boxes)>
    """

    format: str
    files: tuple[Path, ...]
    left_out: pd.DataFrame
    changed: pd.DataFrame = field(default_factory=lambda: counted([]))

    def __repr__(self) -> str:
        files = ", ".join(os.fspath(file) for file in self.files)
        told: dict[tuple[str, str], list[str]] = {}
        for what, table, rows, why in self:
            told.setdefault((what, why), []).append(f"{rows:,} of {table}")
        lines = (f"; {what} {', '.join(of)} ({why})" for (what, why), of in told.items())
        return printable(f"<Export {self.format}: {files}{''.join(lines)}>")

    def __iter__(self) -> Iterator[tuple[str, str, int, str]]:
        """Tell what is not as it was: left out or changed, and the table, rows and why of each."""
        for what, frame in (("left out", self.left_out), ("changed", self.changed)):
            for table, rows, why in frame.itertuples(index=False, name=None):
                yield what, table, rows, why

    def _repr_html_(self) -> str:
        lines = [(table, rows, f"{what}: {why}") for what, table, rows, why in self]
        return cards.render(
            self.format,
            "export",
            facts=[("file", os.fspath(file)) for file in self.files],
            tables=lines or [("left out", 0, "every row is written as it is")],
        )


def counted(lines: Iterable[tuple[str, int, str]]) -> pd.DataFrame:
    """Make a frame of what was left out or changed.

    Parameters
    ----------
    lines : iterable of (str, int, str)
        A table, how many of its rows, and why. Lines without rows are passed over; those of one
        table and reason are added up.

    Returns
    -------
    pandas.DataFrame
        table, rows, why; in the order given.

    Examples
    --------
    >>> told = counted([("ocr", 2, "no time"), ("ocr", 0, "no text"), ("ocr", 1, "no time")])
    >>> told.values.tolist()
    [['ocr', 3, 'no time']]
    """
    sums: dict[tuple[str, str], int] = {}
    for table, rows, why in lines:
        if rows:
            sums[table, why] = sums.get((table, why), 0) + rows
    return pd.DataFrame(
        {
            "table": pd.array([table for table, _ in sums], dtype=TEXT),
            "rows": pd.array(list(sums.values()), dtype="Int64"),
            "why": pd.array([why for _, why in sums], dtype=TEXT),
        }
    )
