"""An account of rows: which are written, which are not and why, and what of them has no place."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..job import Job
from ..tables import TABLES
from .export import counted

Line: TypeAlias = tuple[str, int, str]
"""A table, how many of its rows, and why."""


class Account:
    """Counts, for each row of each table, whether it is written or why it is not."""

    def __init__(self, job: Job, format: str, held: dict[str, set[str]]) -> None:
        self._job = job
        self._format = format
        self._held = held
        # The position of a row's reason among those given so far, or −1 while it is written.
        self._reasons: list[str] = []
        self._reason = {name: np.full(len(job[name]), -1) for name in held}
        self._changes: list[tuple[str, int, str]] = []

    def holds(self, table: str) -> bool:
        """Tell whether the format holds a table."""
        return table in self._held

    def leave_out(self, table: str, rows: npt.ArrayLike, why: str) -> None:
        """Leave rows out; the first reason of a row counts."""
        reason = self._reason[table]
        reason[np.asarray(rows, dtype=bool) & (reason < 0)] = len(self._reasons)
        self._reasons.append(why)

    def kept(self, table: str) -> npt.NDArray[np.bool_]:
        """Tell which rows of a table are not left out so far."""
        return np.asarray(self._reason[table] < 0)

    def change(self, table: str, rows: Any, why: str) -> None:
        """Tell that rows are written otherwise than they are."""
        self._changes.append((table, int(rows), why))

    def told(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Sum up: what is left out, and what is changed."""
        *most, last = self._held
        only = f"{self._format} holds {', '.join(most)} and {last} only"
        left_out: list[Line] = []
        lost: list[Line] = []
        for name, frame in self._job.items():
            if name in self._held:
                given = self._reason[name][~self.kept(name)]
                rows = np.bincount(given, minlength=len(self._reasons)).tolist()
                left_out += [(name, *line) for line in zip(rows, self._reasons, strict=True)]
                lost += without(frame[self.kept(name)], name, self._held[name])
            else:
                left_out.append((name, len(frame), only))
        return counted(left_out), counted([*self._changes, *lost])


_OWN_IDS = {table.key for table in TABLES.values()}
"""Ids that rows have from this package, not from the answer."""

_OF_RESULT = ("result_type", "result_index")


def without(rows: pd.DataFrame, table: str, held: Collection[str | None]) -> Iterator[Line]:
    """Tell which columns of the rows written have no place, and how many rows have them.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of a contract table.
    table : str
        The table's name.
    held : collection of str
        The columns that the format holds.

    Yields
    ------
    (str, int, str)
        A line for `counted`: of what the answer tells, and of the result that told it.

    Examples
    --------
    >>> from smarttag_nb import samples
    >>> job = samples.load("magazine")
    >>> [*without(job.shots, "shots", {"start_time", "end_time", "number"})][0]
    ('shots', 15, 'written without score')
    """
    lost = [
        column.name
        for column in TABLES[table].columns
        if column.name not in held and column.name not in _OWN_IDS
    ]
    for names in (
        [name for name in lost if name not in _OF_RESULT],
        [name for name in lost if name in _OF_RESULT],
    ):
        told = rows[names].notna()
        of = ", ".join(name for name in names if told[name].any())
        yield table, int(told.any(axis=1).sum()), f"written without {of}"
