"""Members of an archive: what is told of each, and which are taken."""

from __future__ import annotations

import hashlib
import struct
from mmap import mmap

from .names import OTHER_KIND, kind_of, shown, stem_of, why_ignored


class Members:
    """An archive's members. A name is what its maker wrote: it never becomes a path here.

    Parameters
    ----------
    path : str
        The archive's.
    """

    def __init__(self, path: str) -> None:
        self._archive = shown(path)
        self._names = _Names()

    def source(self, name: str, offset: int) -> str:
        """Tell where a member is, with its place where the name alone would not tell."""
        source = f"{self._archive}!/{shown(name).removeprefix('./').lstrip('/')}"
        return f"{source}@{offset}" if self._names.add(source) else source

    def why_ignored(self, name: str) -> str | None:
        """Tell why a member of that name is passed over; None if it is not."""
        why = next(filter(None, map(why_ignored, name.split("/"))), None)
        if why:
            return why
        kind = kind_of(name)
        if kind == "answer":
            return None
        return OTHER_KIND if kind is None else "an archive within an archive, to be unpacked first"

    def stem(self, name: str) -> str:
        """Give what serves as the JobId where an answer tells none."""
        return stem_of(name.rpartition("/")[2])


def microseconds(seconds: float) -> int | None:
    """Give a member's time in microseconds; None where it is none that a table takes."""
    return int(seconds * 1_000_000) if 0 <= seconds < _YEAR_10000 else None


_YEAR_10000 = 253_402_300_800
_BYTES = 2**22


class _Names:
    """The names of an archive's members, in constant memory, to tell those that come again.

    A Bloom filter: of a million names it takes some hundred for repeated that are not, which does
    them no harm.
    """

    def __init__(self) -> None:
        # Of anonymous memory there is only what was touched: most archives are small.
        self._bits = mmap(-1, _BYTES)

    def add(self, name: str) -> bool:
        """Add a name, and tell whether it was there already."""
        digest = hashlib.blake2b(name.encode(), digest_size=16).digest()
        known = True
        for number in struct.unpack("<4L", digest):
            place, bit = (number >> 3) % _BYTES, 1 << (number & 7)
            known = known and bool(self._bits[place] & bit)
            self._bits[place] |= bit
        return known
