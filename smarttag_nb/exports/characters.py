"""Characters that no XML file can hold, a workbook's among them."""

from __future__ import annotations

import re

_NO_CHARACTER = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold in any way (section 2.2): control characters, halves of pairs."""


def clean(text: str) -> str:
    r"""Replace what no XML file can hold, and no tool shows, by U+FFFD.

    Examples
    --------
    >>> clean("a\x00b]]>")
    'a\ufffdb]]>'
    """
    return _NO_CHARACTER.sub("\ufffd", text)


def clean_lines(text: str) -> str:
    r"""Clean a text, and end its lines by line feeds: XML reads no other end.

    Examples
    --------
    >>> clean_lines("a\r\nb\rc")
    'a\nb\nc'
    """
    return clean(text).replace("\r\n", "\n").replace("\r", "\n")
