"""What is given as video, and whether a page holds it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from smarttag_nb.errors import InvalidArgument
from smarttag_nb.widgets.media import Media, embeds

FILE = Media("video", "video/mp4", 1000, path=Path("a.mp4"))
BYTES = Media("image", "image/png", 1000, content=bytes(1000))
URL = Media("video", "video/mp4", None, url="https://media.example/a.mp4")


@pytest.mark.parametrize(
    ("media", "embed", "most", "embedded"),
    [
        (FILE, "auto", 1000, True),
        (FILE, "auto", 999, False),
        (FILE, True, 999, True),
        (FILE, False, 1000, False),
        (BYTES, "auto", 1000, True),
        (BYTES, "auto", 999, True),
        (BYTES, True, 999, True),
        (URL, "auto", 1000, False),
        (URL, False, 1000, False),
        (None, "auto", 1000, False),
        (None, True, 1000, False),
    ],
)
def test_a_page_holds_what_is_small_or_nowhere_else_and_what_it_is_told_to(
    media: Media | None, embed: Any, most: int, embedded: bool
) -> None:
    assert embeds(media, embed, most) is embedded


@pytest.mark.parametrize(
    ("media", "embed", "told"),
    [
        (URL, True, "embed: expected 'auto' or False for media on the web, since nothing is"),
        (BYTES, False, "embed: expected 'auto' or True for media without a path or URL"),
        *(
            (media, wrong, "embed: expected True, False or 'auto', got ")
            for media in (FILE, None)
            for wrong in ("yes", None, 1, np.array([True, False]))
        ),
    ],
)
def test_what_cannot_be_is_told(media: Media | None, embed: Any, told: str) -> None:
    with pytest.raises(InvalidArgument, match=re.escape(told)):
        embeds(media, embed, 1000)
