"""Passages: sentences and lines as one row of characters each, with times, weights and grams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from .text import IDEOGRAPHIC, LETTER, Floats, Ints, Normaliser, Plain, plain


@dataclass(frozen=True, slots=True)
class Stream:
    """Texts one after the other as one row of characters.

    Attributes
    ----------
    codes : array of int64, (n,)
        Code point of each character.
    owner : array of int64, (n,)
        Which of the texts it stands in.
    times : array of float64, (n,)
        When (s) it is said or shown.
    begins : array of int64, (texts + 1,)
        Where each text begins; the last entry is n.
    weights : array of float64, (n + 1,)
        Weight of all characters before each.
    plains : list of Plain
        The texts.
    """

    codes: Ints
    owner: Ints
    times: Floats
    begins: Ints
    weights: Floats
    plains: list[Plain]

    def __len__(self) -> int:
        return len(self.codes)

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """Position in its own text, as it was given, of a part that lies within one text."""
        owner = int(self.owner[start])
        begin = int(self.begins[owner])
        return self.plains[owner].span(start - begin, stop - begin)

    def words(self, start: int, stop: int) -> list[str]:
        """Words of a part that lies within one text, the first one cut where the part begins."""
        owner = int(self.owner[start])
        begin = int(self.begins[owner])
        one, first, last = self.plains[owner], start - begin, stop - begin
        edges = [n for n in range(first + 1, last) if one.starts[n]]
        return [one.text[a:b] for a, b in pairwise([first, *edges, last])]

    def text(self, start: int, stop: int) -> str:
        """Characters from one position up to another."""
        return "".join(map(chr, self.codes[start:stop].tolist()))

    def weight(self, owner: int) -> float:
        """Weight of one of the texts."""
        return float(self.weights[self.begins[owner + 1]] - self.weights[self.begins[owner]])


@dataclass(frozen=True, slots=True)
class Passages:
    """Texts with the times they last, in order: sentences, or lines.

    Attributes
    ----------
    rows : array of int64
        Which rows of their table they are.
    start, end : array of float64
        When (s) each is said or shown; of texts that share a range, the part of it that they have
        by their length.
    first, last : array of float64
        The range (s) in which it is, as received.
    stream : Stream
        Their characters.
    """

    rows: Ints
    start: Floats
    end: Floats
    first: Floats
    last: Floats
    stream: Stream

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def lasting(self) -> Floats:
        """How long (s) the range lasts that each is in."""
        return self.last - self.first


def passages(
    plains: Sequence[Plain],
    rows: Ints,
    start: Floats,
    end: Floats,
    ranges: tuple[Floats, Floats] | None = None,
) -> Passages:
    """Put texts one after the other, their characters spread evenly over the time of each.

    Parameters
    ----------
    plains : sequence of Plain
        The texts, in order of time.
    rows : array of int64
        Which rows of their table they are.
    start, end : array of float64
        When (s) each is said or shown.
    ranges : (start, end), optional
        The ranges (s) in which they are, where several share one.

    Returns
    -------
    Passages
        The texts with all their characters.
    """
    lengths = np.array([len(one.text) for one in plains], dtype=np.int64)
    begins = np.concatenate(([0], np.cumsum(lengths)))
    text = "".join(one.text for one in plains)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)
    owner = np.repeat(np.arange(len(plains)), lengths)
    within = (np.arange(len(codes)) - begins[owner] + 0.5) / np.maximum(lengths, 1)[owner]
    times = start[owner] + within * (end - start)[owner]
    heavy = np.zeros(len(codes), dtype=bool)
    for low, high in IDEOGRAPHIC:
        heavy |= (codes >= low) & (codes <= high)
    weights = np.concatenate(([0.0], np.cumsum(np.where(heavy, 1.0, LETTER))))
    characters = Stream(codes, owner, times, begins, weights, list(plains))
    return Passages(rows, start, end, *(ranges or (start, end)), characters)


LONGEST = 360_000.0
"""No media is longer (s) than a hundred hours: a time beyond is none, and a clock over all of it
would take as long."""


def _told(start: Floats, end: Floats) -> npt.NDArray[np.bool_]:
    """Tell which ranges can be those of a text."""
    with np.errstate(invalid="ignore"):
        return (start <= end) & (np.abs(start) <= LONGEST) & (np.abs(end) <= LONGEST)


def of_speech(speech: pd.DataFrame, normaliser: Normaliser | None = None) -> Passages:
    """Take the sentences that can be aligned: those with text and times, in order of time.

    Sentences that share one range are given their parts of it, one after the other.

    Parameters
    ----------
    speech : pandas.DataFrame
        The contract table.
    normaliser : callable, optional
        What maps spellings onto one another first.

    Returns
    -------
    Passages
        The sentences.
    """
    start, end = speech["start_time"].to_numpy(), speech["end_time"].to_numpy()
    texts = [plain(text, normaliser) for text in speech["text"].fillna("")]
    usable = _told(start, end)
    usable &= np.array([bool(one.text) for one in texts], dtype=bool)
    rows = np.flatnonzero(usable)
    rows = rows[np.lexsort((end[rows], start[rows]))]
    start, end = start[rows], end[rows]
    shared = np.cumsum((np.diff(start, prepend=np.nan) != 0) | (np.diff(end, prepend=np.nan) != 0))
    weight = np.array([len(texts[row].text) for row in rows], dtype=float)
    before = np.cumsum(weight) - weight
    total = np.bincount(shared, weight)[shared] if len(rows) else weight
    first = np.searchsorted(shared, shared)
    within = (before - before[first]) / np.maximum(total, 1)
    until = within + weight / np.maximum(total, 1)
    length = end - start
    own = start + within * length, start + until * length
    return passages([texts[row] for row in rows], rows, *own, (start, end))


def of_lines(lines: pd.DataFrame, texts: Sequence[Plain], rows: Ints) -> Passages:
    """Take lines, in order of time and from top to bottom.

    Parameters
    ----------
    lines : pandas.DataFrame
        start_time, end_time (s), x1 and y1 (px) of all lines.
    texts : sequence of Plain
        Their texts.
    rows : array of int64
        Which of them to take; those without text or time are left out.

    Returns
    -------
    Passages
        The lines.
    """
    start, end = lines["start_time"].to_numpy(), lines["end_time"].to_numpy()
    rows = rows[np.array([bool(texts[row].text) for row in rows], dtype=bool)]
    rows = rows[_told(start[rows], end[rows])]
    rows = rows[np.lexsort((lines["x1"].to_numpy()[rows], start[rows]))]
    top = lines["y1"].to_numpy()
    rows = rows[np.lexsort((top[rows], _moments(start[rows], end[rows])))]
    return passages([texts[row] for row in rows], rows, start[rows], end[rows])


_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 2**64)


TOGETHER = 0.5
"""Lines that share so much of the shorter one's time are rows that are read one below the other,
whichever was seen first."""


def _moments(start: Floats, end: Floats) -> Ints:
    """Tell by number which lines appear together, in order of their starts."""
    moments = np.zeros(len(start), dtype=np.int64)
    for n in range(1, len(start)):
        shared = min(end[n], end[n - 1]) - start[n]
        shorter = min(end[n] - start[n], end[n - 1] - start[n - 1])
        moments[n] = moments[n - 1] + (not shared > TOGETHER * shorter)
    return moments


def grams(
    of: Stream, weight: float, within_texts: bool
) -> tuple[Ints, Ints, npt.NDArray[np.uint64]]:
    """Cut the grams of a weight: from each character on the fewest that weigh as much.

    Parameters
    ----------
    of : Stream
        The characters.
    weight : float
        What a gram weighs at least: 5 is five ideographs, or thirteen letters.
    within_texts : bool
        Whether a gram must lie within one text.

    Returns
    -------
    start, stop : array of int64
        Where each gram begins and ends.
    key : array of uint64
        Equal where the grams are.
    """
    n = len(of)
    if not n:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.uint64)
    start = np.arange(n)
    # The sums are of tenths, which floats do not hold exactly.
    stop = np.searchsorted(of.weights, of.weights[:-1] + weight - 1e-6)
    whole = stop <= n
    if within_texts:
        whole &= stop <= of.begins[of.owner + 1]
    start, stop = start[whole], stop[whole]
    # The hash of all before a place is the sum of code × power: a gram's is the difference of two,
    # brought back to the first power. An odd base has an inverse, so nothing is lost; the
    # arithmetic is modulo 2^64.
    terms = (of.codes.astype(np.uint64) + np.uint64(1)) * _powers(_BASE, n)
    before = np.concatenate((np.zeros(1, np.uint64), np.cumsum(terms)))
    return start, stop, (before[stop] - before[start]) * _powers(_INVERSE, n)[start]


def _powers(base: int, n: int) -> npt.NDArray[np.uint64]:
    factors = np.full(n, base, dtype=np.uint64)
    factors[0] = 1
    return np.cumprod(factors)
