"""What OCR reads of the texts on screen: row after row, frame after frame."""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterable
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz.distance import Levenshtein

from smarttag_nb import tables

from .levels import Level
from .noise import misread
from .screen import Line, edges, share

SYSTEMATIC = 0.3
"""Share of the OCR's errors that are the same on every frame of a line."""


class Reader:
    """An OCR that reads a frame each `step` (s), or, with `ranges`, gives start and end."""

    def __init__(
        self, level: Level, random: Random, size: tuple[int, int], step: float, ranges: bool
    ) -> None:
        self.level, self.random, self.size = level, random, size
        self.step, self.ranges = step, ranges

    def read(self, lines: list[Line], length: float) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:
        """What OCR reads, and the line each row is of."""
        rows: list[tuple[Any, ...]] = []
        look = self.clips if self.ranges else self.frames
        prior = self.random.random() < 0.5
        by_character = self.random.random() < 0.3
        for number, line in enumerate(lines):
            rate = min(0.3, self.level.ocr_error * line.error)
            seen = misread(line.text, SYSTEMATIC * rate, self.random)
            for row in look(line, seen, rate * (1 - SYSTEMATIC), length):
                rows.append((*row, self.kind(line) if prior else None, number))
        order = self.random.random
        keyed = sorted(
            ((row[1] if row[0] is None else row[0], order(), row) for row in rows),
            key=lambda entry: entry[:2],
        )
        columns = ["timestamp", "start_time", "end_time", "text", "score"]
        columns += ["x1", "y1", "x2", "y2", "text_type", "line"]
        frame = pd.DataFrame([row for _, _, row in keyed], columns=columns)
        numbers = frame.pop("line").to_numpy(dtype=np.int64)
        if by_character:
            frame["char_scores"] = [
                self.character_scores(text, lines[number].text)
                for text, number in zip(frame["text"], numbers, strict=True)
            ]
            frame["score"] = frame["char_scores"].map(np.mean).round(3)
        frame["result_type"] = "video_ocr" if self.ranges else "OCR"
        return tables.conform(frame, "ocr"), numbers

    def kind(self, line: Line) -> str | None:
        """The API's own opinion of a text, which is often wrong."""
        right = {"subtitle": "subtitle", "translation": "subtitle", "ticker": "scrolling"}
        kind = right.get(line.role, "caption" if line.end - line.start > 3 else None)
        if self.random.random() < 0.15:
            return self.random.choice(("subtitle", "scrolling", "caption", None))
        return kind

    def frames(
        self, line: Line, seen: str, rate: float, length: float
    ) -> Iterable[tuple[Any, ...]]:
        """Read a line on each frame that shows it."""
        random, level, step = self.random, self.level, self.step
        missed = min(0.6, level.missed * line.missed)
        first = math.ceil(max(line.start, 0.0) / step - 1e-9)
        last = math.ceil(min(line.end, length) / step - 1e-9)
        gone = 0
        for frame in range(first, last):
            if gone or random.random() < missed:
                # A text missed once is often missed on the next frame too.
                gone = gone - 1 if gone else int(random.random() < 0.15)
                continue
            time = round(frame * step, 3)
            for text, *box in self.boxes(line, seen, time, rate):
                yield (time, None, None, text, self.score(line, text), *box)

    def clips(self, line: Line, seen: str, rate: float, length: float) -> Iterable[tuple[Any, ...]]:
        """Read a line once for as long as it is there, at times in two parts."""
        random = self.random
        longest = 4.0 if line.velocity[0] else 60.0
        start, end = max(line.start, 0.0), min(line.end, length)
        if self.level.broken and random.random() < 3 * self.level.broken and end - start > 1:
            longest = min(longest, 0.6 * (end - start))
        while start < end:
            until = min(end, start + longest)
            until = end if end - until < 0.3 else until
            times = [max(0.0, t + random.gauss(0, 0.02) * (rate > 0)) for t in (start, until)]
            for text, *box in self.boxes(line, seen, start, rate):
                yield (None, *(round(t, 3) for t in times), text, self.score(line, text), *box)
            start = until

    def boxes(self, line: Line, seen: str, time: float, rate: float) -> list[tuple[Any, ...]]:
        """The boxes of a line on one frame: text, x1, y1, x2, y2."""
        random = self.random
        text, x1, x2 = seen, line.x1, line.x2
        passed = time - line.start
        if line.role == "ticker":
            text, x1, x2 = self.window(line, seen, passed)
        elif line.revealed and passed < line.revealed:
            shown = max(1, math.ceil(len(text) * passed / line.revealed))
            x2 = x1 + (x2 - x1) * share(text, shown)
            text = text[:shown]
        else:
            x1, x2 = x1 + line.velocity[0] * passed, x2 + line.velocity[0] * passed
        dy = line.velocity[1] * passed
        read = misread(text, rate, random).strip()
        if not read:
            return []
        if len(read) < len(text):
            # What is lost at an end is not in the box either.
            letter = (x2 - x1) / len(text)
            x1 += letter * (read[0] != text[0] and read[0] == text[1:2])
            x2 -= letter * (read[-1] != text[-1] and read[-1] == text[-2:-1])
        whole = (read, x1, line.y1 + dy, x2, line.y2 + dy)
        boxes = [whole]
        chance = random.random()
        if chance < self.level.broken and len(read) > 5:
            cut = random.randint(2, len(read) - 2)
            at = x1 + (x2 - x1) * share(read, cut)
            apart = 0.15 * (line.y2 - line.y1)
            boxes = [(read[:cut].strip(), x1, whole[2], at - apart, whole[4]),
                     (read[cut:].strip(), at + apart, whole[2], x2, whole[4])]  # fmt: skip
        elif chance < 1.5 * self.level.broken:
            boxes.append((misread(text, rate, random), *whole[1:]))
        jitter = self.level.jitter * self.size[1] / 720
        return [
            (text, *(round(edge + random.gauss(0, jitter), 1) for edge in box))
            for text, *box in boxes
            if text
        ]

    def window(self, line: Line, seen: str, passed: float) -> tuple[str, float, float]:
        """The part of a ticker that is on screen, and where."""
        letter = (line.y2 - line.y1) / 1.15
        at = edges(seen)
        shift = self.size[0] + line.velocity[0] * passed
        left = bisect.bisect_left(at, -shift / letter)
        right = bisect.bisect_right(at, (self.size[0] - shift) / letter) - 1
        if right <= left:
            return "", 0.0, 0.0
        return seen[left:right], shift + at[left] * letter, shift + at[right] * letter

    def score(self, line: Line, text: str) -> float:
        """How sure OCR is: less so of what it misreads, on the whole."""
        sure = self.random.uniform(0.93, 0.995)
        if text != line.text:
            sure -= self.random.uniform(0.0, 0.25)
        return round(sure, 3)

    def character_scores(self, text: str, true: str) -> list[float]:
        """How sure OCR is of each character: often, not always, less so of what it misreads."""
        random = self.random
        sure = [random.uniform(0.85, 0.999) for _ in text]
        if len(true) < 2 * len(text) + 4:  # Of a ticker, a small part is read at a time.
            for op in Levenshtein.opcodes(text, true):
                if op.tag != "equal":
                    for k in range(op.src_start, op.src_end):
                        sure[k] = random.uniform(0.3, 0.95)
        return [round(one, 3) for one in sure]
