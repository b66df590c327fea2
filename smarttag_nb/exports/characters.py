"""Characters that no XML file can hold, a workbook's among them."""

from __future__ import annotations

import re

_NO_CHARACTER = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold in any way (section 2.2): control characters, halves of pairs."""

_LINE_END = re.compile(r"\r\n?")
"""What XML 1.0 reads as a line feed (section 2.11)."""

CLEANED = "control characters became U+FFFD, carriage returns line feeds"
"""What is told of a text that is not as it was."""


def clean(text: str) -> str:
    r"""Make a text one that an XML file gives back as it is.

    What none can hold, and no tool shows, becomes U+FFFD, and every end of a line a line feed.

    Examples
    --------
    >>> clean("a\x00b]]>\r\nc\rd")
    'a\ufffdb]]>\nc\nd'
    """
    return _LINE_END.sub("\n", _NO_CHARACTER.sub("\ufffd", text))
