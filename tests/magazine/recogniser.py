"""The truth with a recogniser's noise, from a fixed seed."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from . import captions
from .programme import plan

Row = dict[str, Any]
Truth = dict[str, dict[str, list[Any]]]

LOOK_ALIKES = {
    "己": "已", "未": "末", "日": "曰", "人": "入", "大": "太", "天": "夫", "今": "令", "间": "问",
    "师": "帅", "土": "士", "度": "庋", "二": "三", "待": "侍", "O": "0", "l": "1", "I": "l",
    "o": "c", "e": "c", "rn": "m",
}  # fmt: skip
MISHEARD = {
    "手记": "手机", "油脂": "油纸", "轻轻": "清清", "试": "是", "窗边": "床边", "一枚": "一没",
    "萃取": "翠取", "galaxy": "galaxies", "patience": "patients", "dawn": "dorm",
}  # fmt: skip


class Recogniser:
    """The truth with a recogniser's noise."""

    def __init__(self, truth: Truth, seed: int) -> None:
        self.truth = {name: _rows(columns) for name, columns in truth.items()}
        self.random = Random(seed)
        (self.facts,) = self.truth["facts"]
        self.duration: float = self.facts["duration"]
        self.labels = self.truth["labels"]

    def jitter(self, seconds: float, by: float = 0.06) -> float:
        """A time, a little off and within the clip."""
        moved = seconds + self.random.uniform(-by, by)
        return round(min(max(moved, 0.0), self.duration), 2)

    def id(self) -> str:
        """An id as the service makes them."""
        return f"{self.random.getrandbits(128):032x}"

    def request_id(self) -> str:
        """A request's id."""
        raw = self.id().upper()
        return "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:]))

    def score(self, low: float = 0.82, high: float = 0.99, digits: int = 3) -> float:
        """A confidence."""
        return round(self.random.uniform(low, high), digits)

    def box(self, row: Row, by: float = 1.5) -> list[float]:
        """A box, a pixel or two off."""
        edges = []
        for name, limit in (("x1", 640), ("y1", 360), ("x2", 640), ("y2", 360)):
            edges.append(min(max(row[name] + self.random.uniform(-by, by), 0.0), float(limit)))
        return edges

    def position(self, row: Row) -> dict[str, list[int]]:
        """A box as two corners of whole numbers."""
        x1, y1, x2, y2 = (round(edge) for edge in self.box(row))
        return {"leftTop": [x1, y1], "rightBottom": [x2, y2]}

    def occurrences(self, label: Row, keep: float = 1.0) -> list[Row]:
        """When a label was seen: a little off, and now and then missed."""
        seen = [row for row in self.truth["occurrences"] if row["label_id"] == label["label_id"]]
        made = []
        for row in seen:
            start, end = self.jitter(row["start_time"], 0.1), self.jitter(row["end_time"], 0.1)
            if len(seen) == 1 or self.random.random() < keep:
                made.append({**row, "from": start, "to": max(end, start + 0.2)})
        # Were all missed, the label would not be in the answer.
        return made or [
            {**row, "from": row["start_time"], "to": row["end_time"]} for row in seen[:1]
        ]

    def ratio(self, ranges: Sequence[Row]) -> float:
        """The appearance ratio: the union of the ranges by the duration."""
        covered, reached = 0.0, 0.0
        for row in sorted(ranges, key=lambda row: row["from"]):
            covered += max(0.0, row["to"] - max(row["from"], reached))
            reached = max(reached, row["to"])
        return round(covered / self.duration, 3)

    def boxes(self, label: Row, occurrence: Row) -> list[Row]:
        """The true boxes of a label within an occurrence."""
        return [
            row
            for row in self.truth["boxes"]
            if row["occurrence_id"] == occurrence["occurrence_id"]
            and occurrence["from"] <= row["timestamp"] <= occurrence["to"]
        ]

    def words(self, sentence: Row) -> list[Row]:
        """A sentence's words as a recogniser hears them, in milliseconds and in order."""
        made, reached = [], 0
        for row in self.truth["words"]:
            if row["speech_id"] != sentence["speech_id"]:
                continue
            text = row["text"]
            for right, wrong in MISHEARD.items():
                if right in text and self.random.random() < 0.4:
                    text = text.replace(right, wrong)
            start = max(round(1000 * self.jitter(row["start_time"], 0.03)), reached)
            reached = max(round(1000 * self.jitter(row["end_time"], 0.03)), start + 20)
            made.append({"start": start, "end": reached, "text": text})
        return made

    def heard(self) -> list[Row]:
        """The sentences as a recogniser hears them."""
        made = []
        for row in self.truth["speech"]:
            text = row["text"]
            for right, wrong in MISHEARD.items():
                if right in text and self.random.random() < 0.6:
                    text = text.replace(right, wrong)
            if self.random.random() < 0.35:
                text = text.rstrip("。.，,")
            start = self.jitter(row["start_time"])
            made.append(
                {
                    **row,
                    "from": start,
                    "to": max(self.jitter(row["end_time"]), start),
                    "content": text,
                }
            )
        return made

    def read(self, text: str, errors: float) -> str:
        """A text as a recogniser reads it."""
        return "".join(LOOK_ALIKES.get(c, c) if self.random.random() < errors else c for c in text)

    def texts_at(self, moment: float, errors: float = 0.05) -> list[Row]:
        """The texts on screen at a moment, as read."""
        made = []
        for row in self.truth["lines"]:
            if not row["start_time"] <= moment < row["end_time"] or self.random.random() < 0.03:
                continue
            line = row
            if row["role"] == "ticker":
                shown = captions.ticker_at(moment - plan().ticker_start)
                if not shown:
                    continue
                text, (left, right) = shown
                line = {**row, "text": text, "x1": left, "x2": right}
            read = self.read(line["text"], errors)
            made.append({**line, "content": read, "score": self.score(0.86)})
        return made


def _rows(columns: dict[str, list[Any]]) -> list[Row]:
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]
