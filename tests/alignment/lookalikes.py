"""Make smarttag_nb/alignment/lookalikes.txt: characters that look alike and sound different.

    pip install pypinyin && python -m tests.alignment.lookalikes

Each of the 3,755 common characters of GB 2312 is drawn in Noto Sans SC, small and blurred as in a
video; two look alike if the pictures correlate. Those that sound alike are left out, since the ear
mixes them up as well. A line of the file is a character and those that look like it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import smarttag_nb

FILE = Path(smarttag_nb.__file__).parent / "alignment" / "lookalikes.txt"
ALIKE = 0.83

BY_EYE = (
    "日曰 人入 木本 小少 衣农 北比 白自 目且 市巾 田由甲申 体休 大犬 口囗 刀力 几九 七匕 王玉主 "
    "未末 己已巳 土士 0oq 1lij 5s 8b 6b 2z 9gq ce co eo uv nh ft vw yv ao 工i 一1 口o 〇o0"
)
"""Pairs that readers of text know and a correlation of whole pictures misses."""


def main() -> None:
    """Write the file."""
    from pypinyin import Style, pinyin  # Needed here alone.

    alike: dict[str, set[str]] = defaultdict(set)
    for one, other in _by_picture():
        sounds = [set(pinyin(c, style=Style.NORMAL, heteronym=True)[0]) for c in (one, other)]
        if not sounds[0] & sounds[1]:
            alike[min(one, other)].add(max(one, other))
    for group in BY_EYE.split():
        for one in group:
            alike[one] |= {other for other in group if other > one}
    lines = [key + "".join(sorted(others)) for key, others in sorted(alike.items()) if others]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _by_picture() -> Iterator[tuple[str, str]]:
    common = [
        bytes([row + 160, cell + 160]).decode("gb2312")
        for row in range(16, 56)
        for cell in range(1, 95)
        if (row, cell) < (55, 90)
    ]
    (folder,) = find_spec("zhplot").submodule_search_locations
    font = ImageFont.truetype(Path(folder, "fonts", "NotoSansSC-Regular.ttf"), 48)
    pictures = np.array([_draw(character, font) for character in common])
    pictures -= pictures.mean(axis=1, keepdims=True)
    pictures /= np.linalg.norm(pictures, axis=1, keepdims=True)
    for a, b in zip(*np.nonzero(np.triu(pictures @ pictures.T, 1) > ALIKE), strict=True):
        yield common[a], common[b]


def _draw(character: str, font: ImageFont.FreeTypeFont) -> np.ndarray:
    image = Image.new("L", (56, 60))
    ImageDraw.Draw(image).text((4, 2), character, font=font, fill=255)
    # Twice smaller twice over, and back: as blurred as a small subtitle in a compressed video.
    small = image.resize((28, 30), Image.Resampling.BOX).resize((16, 17), Image.Resampling.BILINEAR)
    return np.asarray(small, dtype=float).ravel()


if __name__ == "__main__":
    main()
