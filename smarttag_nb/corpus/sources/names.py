"""What the name of a file or of an archive's member tells."""

from __future__ import annotations

import re
from typing import Literal

from ...readers.notes import without_surrogates

Kind = Literal["answer", "lines", "tar", "zip", "store"]

_ENDINGS: dict[Kind, tuple[str, ...]] = {
    "answer": (".json", ".json.gz", ".xml", ".xml.gz", ".txt", ".txt.gz", ".srt", ".srt.gz"),
    "lines": (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz"),
    "tar": (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz"),
    "zip": (".zip",),
    "store": (".sqlite",),
}

_PARTS_OF_STORE = (".sqlite-wal", ".sqlite-shm", ".sqlite-journal")


def kind_of(name: str) -> Kind | None:
    """Tell what a file of that name is read as, if at all."""
    lowered = name.lower()
    return next((kind for kind, ends in _ENDINGS.items() if lowered.endswith(ends)), None)


def why_ignored(name: str) -> str | None:
    """Tell why a file or folder of that name is passed over, whatever it holds; None if not."""
    if name.startswith(".") and name not in (".", ".."):
        return "hidden"
    if name.endswith(".part"):
        return "unfinished, as its ending says"
    if name.endswith(_PARTS_OF_STORE):
        return "a part of the store beside it"
    return None


OTHER_KIND = "of another kind, as its name tells"
"""Why what `kind_of` does not know is passed over."""


def stem_of(name: str) -> str:
    """Give what serves as the JobId where an answer tells none, as `load` takes it."""
    name = re.sub(r"\.gz$", "", name, flags=re.IGNORECASE)
    dot = name.rfind(".")
    return without_surrogates(name[:dot] if 0 < dot < len(name) - 1 else name)


def shown(text: str) -> str:
    r"""Write out what is no UTF-8: a name may be any bytes, and no table takes those.

    Examples
    --------
    >>> shown("x\udcff.json")
    'x\\udcff.json'
    """
    return text.encode("utf-8", "backslashreplace").decode()
