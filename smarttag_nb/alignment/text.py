"""Text as characters that can be compared: normalised, weighed, cut into grams.

Speech and screen spell the same words in their own widths, cases, marks and spaces. What is
compared is what is left without them: letters, digits and ideographs, each with its place in the
text it comes from.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Normaliser = Callable[[str], str]

LETTER = 0.4
"""Weight of a letter or digit, where an ideograph weighs 1: what five letters tell, two
ideographs do. Lengths of grams and runs are weights, so that one threshold serves both scripts."""

IDEOGRAPHIC = (
    (0x1100, 0x11FF),  # Hangul jamo
    (0x2E80, 0x2FDF),  # radicals
    (0x3040, 0x31FF),  # kana, bopomofo
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7FF),  # Hangul
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


def is_ideographic(text: str) -> bool:
    """Tell whether a text begins with what stands for a syllable or a word, not for a sound."""
    code = ord(text[0])
    return any(low <= code <= high for low, high in IDEOGRAPHIC)


@functools.lru_cache(maxsize=65536)
def _fold(character: str) -> tuple[str, bool, bool]:
    """Reduce a character to what is compared: nothing, itself, or a few letters.

    Told besides: whether it is a word by itself, and whether it parts words.
    """
    bare = unicodedata.normalize("NFKD", character)
    # Accents are what OCR loses first; what they stand on in other scripts is another letter.
    if not bare[:1].isascii():
        bare = unicodedata.normalize("NFKC", character)
    folded = "".join(c for c in bare.casefold() if c.isalnum())
    alone = bool(folded) and is_ideographic(folded) and not _is_hangul(folded)
    return folded, alone, character.isspace()


def _is_hangul(text: str) -> bool:
    """Whether a text begins in the one of these scripts that has spaces between its words."""
    return 0xAC00 <= ord(text[0]) <= 0xD7FF or 0x1100 <= ord(text[0]) <= 0x11FF


@dataclass(frozen=True, slots=True)
class Plain:
    """A text as it is compared.

    Attributes
    ----------
    text : str
        Its letters, digits and ideographs, of one width and case.
    places : list of int
        For each of them its position in the text as it was given.
    starts : list of bool
        For each of them whether a word starts there; an ideograph or a kana is a word.
    """

    text: str
    places: list[int]
    starts: list[bool]

    @property
    def words(self) -> list[str]:
        """The words."""
        edges = [n for n, starts in enumerate(self.starts) if starts]
        return [self.text[a:b] for a, b in pairwise([*edges, len(self.text)])]

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """Position (start, stop) in the text as it was given of a part of what is compared."""
        if start == stop:
            place = self.places[start] if start < len(self.places) else self.places[-1] + 1
            return place, place
        return self.places[start], self.places[stop - 1] + 1


def plain(text: str, normaliser: Normaliser | None = None) -> Plain:
    """Reduce a text to what is compared.

    Parameters
    ----------
    text : str
        A text.
    normaliser : callable, optional
        What maps spellings onto one another first, such as traditional characters onto
        simplified ones. It may change the length.

    Returns
    -------
    Plain
        The characters and where they stood.

    Examples
    --------
    >>> made = plain("Ｂlack Ｃafé，９點！")
    >>> made.text, made.places[-3:], made.words
    ('blackcafe9點', [9, 11, 12], ['black', 'cafe9', '點'])
    """
    spelled = normaliser(text) if normaliser is not None else text
    made: list[str] = []
    places: list[int] = []
    starts: list[bool] = []
    anew = True
    for place, character in enumerate(spelled):
        folded, alone, parts = _fold(character)
        if folded:
            made.append(folded)
            places.extend([place] * len(folded))
            starts.extend([anew or alone, *(alone for _ in folded[1:])])
            anew = alone
        elif parts:
            anew = True
    if len(spelled) != len(text):
        back = _places_before(text, spelled)
        places = [back[place] for place in places]
    return Plain("".join(made), places, starts)


def _places_before(text: str, spelled: str) -> list[int]:
    """For each position of the normalised text the one in the text before it was normalised."""
    back = [0] * len(spelled)
    for op in Levenshtein.opcodes(text, spelled):
        length = op.src_end - op.src_start
        for k, place in enumerate(range(op.dest_start, op.dest_end)):
            back[place] = min(op.src_start + min(k, max(0, length - 1)), max(0, len(text) - 1))
    return back
