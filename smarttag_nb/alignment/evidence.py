"""What speaks for the speech and what for the screen, where the two differ.

Speech recognition errs by sound and text recognition by shape, so that of two readings one is
mostly right. The screen is believed, since many frames have been read of it, unless its own
readings, its look-alikes or the words used elsewhere in the video speak for the speech.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from .differences import Difference
from .found import Found
from .matching import Matching
from .text import Normaliser, is_ideographic, plain

FOR_THE_SCREEN = 2.0
"""By how much (natural log of the odds) the screen is believed beforehand: after a vote it has a
third to a fifth of the speech's errors."""

SURE_VOTE = 0.75
"""Share of the readings that must agree on a character for the screen to be believed in full."""

UNSURE = 1.5
"""What a character with fewer readings for it costs the screen, in log odds."""

READ_TOO = 2.0
"""What it costs the screen if some frame was read as the speech has it."""

LOOK_ALIKE = 2.5
"""What it costs the screen if the two look alike: the ear does not mix those up."""

CONTEXT = 0.7
"""How much the video's own bigrams count, in log odds per log of their ratio."""

UNKNOWN = 2.5
"""What it costs the screen if a word of it stands nowhere else in the video and is nearly the one
that was heard: readers of text make up words, recognisers of speech take them from a list."""

NEARLY = 0.34
"""Share of a word's letters that may differ for it to be nearly the same."""

KNOWN = 1.0
"""What it costs the screen besides if the word that was heard is said or written elsewhere."""

LONG_OMISSION = 3.0
"""Speech that weighs so much more than what the screen has instead is left in: subtitles shorten,
recognisers do not invent so much at once."""

NEIGHBOURS = 2
"""How many characters on either side must be read as well for a reading to tell one in between."""

MISREAD = 2
"""Readings that differ in more characters than this do not tell which is read for which."""


class Evidence:
    """What speaks for the speech or the screen where they differ.

    Parameters
    ----------
    matching : Matching
        What was said and what was written.
    found : Found
        How the lines were read, and how often.
    normaliser : callable, optional
        What maps spellings onto one another first.
    """

    def __init__(self, matching: Matching, found: Found, normaliser: Normaliser | None) -> None:
        self._speech, self._screen = matching.speech, matching.screen
        rows = matching.lines.rows.tolist()
        plains = matching.screen.plains
        self._shares = [
            found.shares[row][one.places] for row, one in zip(rows, plains, strict=True)
        ]
        self._read = [[text for text, _ in found.readings[row]] for row in rows]
        self._normaliser = normaliser
        # Of the sentence before each edge and the one after it, as if there were one at both ends.
        self._linked = np.zeros(len(matching.sentences) + 2, dtype=bool)
        self._linked[[0, -1]] = True
        self._linked[self._speech.owner[matching.equal] + 1] = True
        texts = [*self._speech.plains, *plains]
        self._bigrams = Counter(pair for one in texts for pair in pairwise(one.text))
        self._words = Counter(word for one in texts for word in one.words)
        self._misread = set(_misreadings(self._read))

    def for_the_screen(self, at: Difference) -> bool:
        """Tell whether to believe the screen where the two differ."""
        said, shown = self._speech.text(*at.said), self._screen.text(*at.shown)
        lacking = self._speech.weights[list(at.said)] @ [-1, 1]
        lacking -= self._screen.weights[list(at.shown)] @ [-1, 1]
        if not shown or lacking >= LONG_OMISSION:
            # Figures are shorter than the same number in words.
            return bool(lacking < LONG_OMISSION) or shown.isdecimal()
        if not said and -lacking >= LONG_OMISSION and self._is_the_neighbours(at.said[0]):
            return False
        begin = int(self._screen.begins[at.line])
        place = slice(at.shown[0] - begin, at.shown[1] - begin)
        odds = FOR_THE_SCREEN
        if self._shares[at.line][place].min() < SURE_VOTE:
            odds -= UNSURE
        if said and self._was_read(at.line, place, said):
            odds -= READ_TOO
        if said and self._look_alike(said, shown):
            odds -= LOOK_ALIKE
        if is_ideographic(shown):
            odds += CONTEXT * self._context(at.line, place, said, shown)
        elif said:
            odds -= self._doubt_of_words(at, said, shown)
        return odds > 0

    def _is_the_neighbours(self, place: int) -> bool:
        """Whether a place lies beside a sentence that has found no line of its own."""
        sentence = int(np.searchsorted(self._speech.begins, place))
        edge = self._speech.begins[sentence] == place
        return bool(edge and not self._linked[sentence : sentence + 2].all())

    def _was_read(self, line: int, place: slice, said: str) -> bool:
        """Whether some frame was read as the speech has it."""
        text = self._screen.plains[line].text
        before = text[max(0, place.start - NEIGHBOURS) : place.start]
        told = before + said + text[place.stop : place.stop + NEIGHBOURS]
        if len(told) == len(said):
            return False
        return any(told in plain(one, self._normaliser).text for one in self._read[line])

    def _look_alike(self, said: str, shown: str) -> bool:
        """Whether all that differs may be misread for one another."""
        for many, one in _AS_ONE:
            said, shown = said.replace(many, one), shown.replace(many, one)
        return len(said) == len(shown) and all(
            a == b or (a, b) in self._misread or (a, b) in _lookalikes()
            for a, b in zip(said, shown, strict=True)
        )

    def _context(self, line: int, place: slice, said: str, shown: str) -> float:
        """How much more often the video has the screen's characters beside their neighbours."""
        text = self._screen.plains[line].text
        left, right = text[: place.start][-1:], text[place.stop :][:1]
        # Both counts hold the place itself once.
        seen, heard = (
            sum(math.log(self._bigrams[pair] + 0.5) for pair in pairwise(left + one + right))
            for one in (shown, said)
        )
        longer = len(shown) - len(said)
        return seen - heard - longer * math.log(0.5 + 1)

    def _doubt_of_words(self, at: Difference, said: str, shown: str) -> float:
        """Weigh what speaks against words that are nearly those that were heard."""
        if any(c.isdigit() for c in shown):
            return 0.0
        words = self._screen.words(*at.shown)
        if min(self._words[word] for word in words) > 1:
            return 0.0
        if Levenshtein.normalized_distance(said, shown) > NEARLY:
            return 0.0
        heard = min(self._words[word] for word in self._speech.words(*at.said))
        return UNKNOWN + KNOWN * (heard > 1)


_AS_ONE = (("rn", "m"), ("vv", "w"), ("cl", "d"))
"""Letters that look like one other letter when they stand together."""


@functools.cache
def _lookalikes() -> frozenset[tuple[str, str]]:
    """Read the pairs of characters, both ways, that look alike and sound different.

    A line of the file is a character and those that look like it; how they were found stands in
    tests/alignment/lookalikes.py.
    """
    lines = Path(__file__).with_name("lookalikes.txt").read_text(encoding="utf-8").split()
    pairs = [(line[0], other) for line in lines for other in line[1:]]
    return frozenset((*pairs, *((b, a) for a, b in pairs)))


def _misreadings(readings: Iterable[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Go through the pairs of characters, both ways, of which one was read for the other."""
    for most, *others in readings:
        for text in others:
            if len(text) == len(most):
                pairs = {(a, b) for a, b in zip(most, text, strict=True) if a != b}
                if len(pairs) <= MISREAD:
                    for a, b in pairs:
                        one, other = plain(a).text, plain(b).text
                        yield from ((one, other), (other, one))
