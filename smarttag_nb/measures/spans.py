"""Who tells a label when: one of two sides, the other, or both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]

ONE, OTHER, BOTH = 1, 2, 3
"""Who tells: the sides add up."""


@dataclass(frozen=True)
class Spans:
    """Spans of time in which it stays the same who tells what a row is of.

    Attributes
    ----------
    row : ndarray of int, shape (n,)
        The row of each span, ascending.
    start, end : ndarray of float, shape (n,)
        From when to when (s); within a row ascending, and none empty.
    teller : ndarray of int, shape (n,)
        `ONE`, `OTHER` or `BOTH`.
    rows : int
        How many rows there are.
    """

    row: Positions
    start: Floats
    end: Floats
    teller: Positions
    rows: int

    @classmethod
    def of(cls, row: Positions, start: Floats, end: Floats, side: Positions, rows: int) -> Spans:
        """Cut time where a range begins or ends.

        Parameters
        ----------
        row : ndarray of int, shape (m,)
            What each range is of.
        start, end : ndarray of float, shape (m,)
            Ranges (s); those of one row and side are disjoint and do not touch.
        side : ndarray of int, shape (m,)
            Whether `ONE` or the `OTHER` tells it.
        rows : int
            How many rows there are.
        """
        # A moment covers no time, and would cut what it lies in.
        lasting = start < end
        row, start, end, side = row[lasting], start[lasting], end[lasting], side[lasting]
        row, times, steps = np.tile(row, 2), np.append(start, end), np.append(side, -side)
        order = np.lexsort((times, row))
        # At the end of a row's times nobody tells it any more: nothing goes on into the next.
        row, times, teller = row[order], times[order], np.cumsum(steps[order])
        kept = np.flatnonzero((teller[:-1] > 0) & (times[:-1] < times[1:]))
        return cls(row[kept], times[kept], times[kept + 1], teller[kept], rows)

    def seconds(self, teller: int) -> Floats:
        """Measure for how long each row is told by `ONE`, the `OTHER` or `BOTH`, shape (rows,)."""
        own = self.teller == teller
        lengths = (self.end - self.start)[own]
        return np.bincount(self.row[own], lengths, self.rows).astype(np.float64)

    def longest_alone(self) -> Floats:
        """Measure for how long at most only one side tells each row, shape (rows,)."""
        alone = self.teller != BOTH
        longest = np.zeros(self.rows)
        np.maximum.at(longest, self.row[alone], (self.end - self.start)[alone])
        return longest
