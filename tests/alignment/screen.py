"""The texts of a made video on screen: where each stands, from when to when."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

from .levels import Level
from .talk import Speaker, spelled

LONGEST = {"zh": 18, "en": 42}
"""Characters of a row of subtitles."""


@dataclass
class Line:
    """A text on screen while it is made."""

    start: float
    end: float
    text: str
    role: str
    x1: float
    y1: float
    x2: float
    y2: float
    words: tuple[int, int] = (0, 0)
    spoken: str = ""
    velocity: tuple[float, float] = (0.0, 0.0)
    missed: float = 1.0
    error: float = 1.0
    revealed: float = 0.0
    """Time (s) until all of it is there."""

    def box(self) -> tuple[float, float, float, float]:
        """Where it stands, halfway; a ticker in its whole row."""
        half = 0.0 if self.role == "ticker" else (self.end - self.start) / 2
        dx, dy = (half * speed for speed in self.velocity)
        return self.x1 + dx, self.y1 + dy, self.x2 + dx, self.y2 + dy


class Screen:
    """A video's frame with all the texts it ever shows.

    `rows` is how many rows of subtitles there may be at a time.
    """

    def __init__(
        self, speaker: Speaker, level: Level, random: Random, size: tuple[int, int], rows: int
    ) -> None:
        self.speaker, self.level, self.random = speaker, level, random
        self.width, self.height = map(float, size)
        self.lines: list[Line] = []
        # Sizes of letters and the band of subtitles, the same all through a video.
        self.letter = min(0.055 * self.height, 0.86 * self.width / LONGEST["zh"])
        self.gap = 1.35 * self.letter
        lowest = random.uniform(0.86, 0.95) * self.height - 1.15 * self.letter
        ticker = level.clutter > 0 and random.random() < 0.5
        low = ticker and random.random() < 0.7
        self.crawl: float | None = None
        """Top of the ticker (px); None without one."""
        if low:
            self.crawl = 0.995 * self.height - 0.92 * self.letter
            lowest = min(lowest, self.crawl - 1.6 * self.letter)
        elif ticker:
            self.crawl = 0.105 * self.height
        self.band = lowest - (rows - 1) * self.gap
        """Top of the first row of subtitles (px)."""

    def centred(self, text: str, y: float, start: float, end: float, scale: float = 1.0) -> Line:
        """Add a row in the middle of the band."""
        letter = scale * self.letter * (0.9 if text.isascii() else 1.0)
        wide = letter * width(text)
        letter *= min(1.0, 0.94 * self.width / max(wide, 1.0))
        half = letter * width(text) / 2
        middle, tall = self.width / 2, 1.15 * letter
        return self.add(start, end, text, "subtitle", middle - half, y, middle + half, y + tall)

    def add(
        self,
        start: float,
        end: float,
        text: str,
        role: str,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        **more: Any,
    ) -> Line:
        """Add a line."""
        self.lines.append(Line(start, end, text, role, x1, y1, x2, y2, **more))
        return self.lines[-1]

    def left(
        self, start: float, end: float, text: str, role: str, x: float, y: float, letter: float,
        **more: Any,
    ) -> Line:  # fmt: skip
        """Add a row from a left edge on."""
        letter *= min(1.0, 0.96 * (self.width - x) / max(letter * width(text), 1.0))
        x2 = x + letter * width(text)
        return self.add(start, end, text, role, x, y, x2, y + 1.15 * letter, **more)

    def clutter(self, length: float) -> None:
        """Write all the texts that nobody says."""
        if not self.level.clutter:
            return
        self.logos(length)
        busy = self.slides(length)
        self.captions(length, busy)
        self.scene(length, busy)
        self.tickers(length)

    def several(self, length: float, each: float) -> int:
        """How many there are of what comes so often (a minute)."""
        count = each * self.level.clutter * length / 60
        return int(count + self.random.random())

    def logos(self, length: float) -> None:
        """Put one or two texts into the corners."""
        random = self.random
        brands = self.speaker.wording.BRANDS
        brands = brands.split("|") if "|" in brands else brands.split()
        letter = 0.75 * self.letter
        faint = random.random() < 0.4 * self.level.clutter
        self.left(0, length, random.choice(brands), "fixed", 0.04 * self.width, 0.04 * self.height,
                  letter, missed=8.0 if faint else 0.5, error=1.5 if faint else 0.5)  # fmt: skip
        if random.random() < 0.5:
            start = random.uniform(0, 0.4) * length
            end = start + random.uniform(0.35, 0.6) * length
            self.left(start, end, self.speaker.headline()[:10].strip(), "fixed",
                      0.7 * self.width, 0.04 * self.height, letter)  # fmt: skip

    def slides(self, length: float) -> list[tuple[float, float]]:
        """Show slides of several rows, and tell when."""
        random, language = self.random, self.speaker.language
        busy: list[tuple[float, float]] = []
        for _ in range(self.several(length, 0.15)):
            start = random.uniform(2, max(3.0, length - 45))
            end = start + random.uniform(10, 40)
            if any(a < end and start < b for a, b in busy):
                continue
            busy.append((start, end))
            x, y = self.width * random.uniform(0.08, 0.3), self.height * 0.16
            title = spelled(self.speaker.sentence(), language, marks=False)
            self.left(start, end, title, "slide", x, y, 1.2 * self.letter)
            gap = random.uniform(1.5, 1.9) * self.letter
            # What is below would stand among the subtitles.
            room = int((self.band - 2.2 * self.letter - y) / gap)
            for row in range(min(random.randint(3, 6), room)):
                text = spelled(self.speaker.sentence(), language, random.random() < 0.3)
                bullet = random.choice(("", "", f"{row + 1}. ", "• "))
                self.left(start, end, bullet + text, "slide", x,
                          y + 0.5 * self.letter + (row + 1) * gap, 0.85 * self.letter)  # fmt: skip
        return busy

    def captions(self, length: float, busy: list[tuple[float, float]]) -> None:
        """Name those who talk; at times where subtitles stand, while there is none."""
        random, wording = self.random, self.speaker.wording
        apart = None if "|" not in wording.NAMES else "|"
        names, titles = wording.NAMES.split(apart), wording.TITLES.split(apart)
        band = sorted((line.start, line.end) for line in self.lines if line.role == "subtitle")
        free = [(a, b) for (_, a), (b, _) in itertools.pairwise(band) if b - a > 3.5]
        for _ in range(self.several(length, 0.4)):
            x, letter = 0.07 * self.width, self.letter
            if free and random.random() < 0.3:
                a, b = free.pop(random.randrange(len(free)))
                start, end, y = a + 0.6, min(b - 0.6, a + 6), self.band
                self.left(start, end, random.choice(names), "caption", x, y, letter)
                continue
            start = random.uniform(1, max(2.0, length - 9))
            end = start + random.uniform(3.5, 8)
            if any(a < end and start < b for a, b in busy):
                continue
            busy.append((start, end))
            y = self.band - 3.6 * letter
            self.left(start, end, random.choice(names), "caption", x, y, letter)
            self.left(start, end, random.choice(titles), "caption", x, y + 1.3 * letter,
                      0.75 * letter)  # fmt: skip

    def scene(self, length: float, busy: Iterable[tuple[float, float]]) -> None:
        """Show signs that move with the camera."""
        random = self.random
        signs = self.speaker.wording.SIGNS
        texts = signs.split("|" if "|" in signs else None)
        taken = list(busy)
        for _ in range(self.several(length, 1.2)):
            start = random.uniform(0, max(1.0, length - 8))
            end = start + random.uniform(1.2, 6)
            if any(a < end and start < b for a, b in taken):
                continue
            taken.append((start, end))
            letter = self.letter * random.uniform(0.5, 1.2)
            speed = 0.0 if random.random() < 0.4 else 0.03 * self.width
            x, y = random.uniform(0.2, 0.6) * self.width, random.uniform(0.2, 0.55) * self.height
            text = random.choice(texts)
            if random.random() < 0.3:
                text = f"{random.randint(2, 999)}"
            self.left(start, end, text, "scene", x, y, letter, missed=4.0, error=1.5,
                      velocity=(random.uniform(-speed, speed),
                                random.uniform(-speed, speed) / 2))  # fmt: skip

    def tickers(self, length: float) -> None:
        """Let headlines crawl to the left, below the subtitles or at the top."""
        random = self.random
        at = random.uniform(0, 0.3) * length
        letter, y = 0.8 * self.letter, self.crawl
        if y is None:
            return
        sign = random.choice(("  ", " | ", " · "))
        while at < length - 30:
            end = min(at + random.uniform(30, 120), length)
            speed = self.width * random.uniform(0.06, 0.12)
            text, wide = "", 0.0
            while wide < speed * (end - at) - self.width:
                text += (sign if text else "") + self.speaker.headline()
                wide = letter * width(text)
            if text:
                end = at + (self.width + wide) / speed
                self.add(at, end, text, "ticker", 0, y, self.width, y + 1.15 * letter,
                         velocity=(-speed, 0))  # fmt: skip
            at = end + random.uniform(20, 90)


def advance(character: str) -> float:
    """How wide a character is, in letters of the size."""
    if character == " ":
        return 0.28
    return 0.52 if character.isascii() else 1.0


def width(text: str) -> float:
    """How wide a text is, in letters."""
    return sum(map(advance, text))


@functools.lru_cache(maxsize=64)
def edges(text: str) -> list[float]:
    """Where each character of a text begins, and where the last ends, in letters."""
    return [0.0, *itertools.accumulate(map(advance, text))]


def share(text: str, count: int) -> float:
    """Share of a text's width that its first characters take."""
    at = edges(text)
    return at[min(count, len(text))] / (at[-1] or 1.0)
