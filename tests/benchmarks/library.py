"""A library of answers as large as one likes, for corpus.py: sizes as in life, names of nobody.

An answer follows from its number alone, so that a library of 2,000 is the first tenth of one of
20,000. Run as ``python tests/benchmarks/library.py FOLDER 20000`` to have one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

SMALLEST, LARGEST = 2_000, 2_000_000
MEDIAN, SPREAD = 24_000, 1.35
"""Of the log-normal sizes in bytes, which then are 50 kB on average."""

PEOPLE = 3_000
"""Who appears; the first most often."""

SAID = """
今天 早晨 我们 来到 海边 的 小镇 看 渔船 回港 然后 去 茶园 听 老人 讲 故事 水温 九十二 度 正好
风 很大 但是 没有 人 想 回家 火箭 将 在 黎明 发射 记者 从 现场 报道 咖啡 香气 面包 图书馆 新书
the a morning light over quiet harbour people wait for rocket and then walk home with bread
"""
WORDS = SAID.split()
TAGS = ["咖啡杯", "话筒", "演播室", "海滨", "猫", "火箭", "茶园", "渔船", "图书馆", "星空", "集市"]
MAIN_TAGS = ["物体", "场景", "动作事件"]
SCENES = ["closeUp", "medium-closeUp", "medium", "medium-long"]
EXPRESSIONS = ["笑", "平静", "惊讶", "严肃"]

Row = dict[str, Any]
Numbers = npt.NDArray[np.float64]


class Maker:
    """What one answer is drawn from.

    Attributes
    ----------
    budget : float
        Bytes that it may have.
    seconds : float
        How long the video is.
    """

    def __init__(self, number: int) -> None:
        self.random = np.random.default_rng([7, number])
        size = self.random.lognormal(np.log(MEDIAN), SPREAD)
        self.budget = float(np.clip(size, SMALLEST, LARGEST))
        self.seconds = round(float(self.random.uniform(60, 5_400)), 2)

    def numbers(self, low: float, high: float, count: int, digits: int = 2) -> list[float]:
        return np.round(self.random.uniform(low, high, count), digits).tolist()  # type: ignore[no-any-return]

    def times(self, count: int) -> list[float]:
        """Moments in order."""
        return sorted(self.numbers(0, self.seconds - 15, count))

    def texts(self, count: int) -> list[str]:
        lengths = self.random.integers(4, 16, count).tolist()
        words = self.random.integers(0, len(WORDS), (count, 16)).tolist()
        return [
            "".join(WORDS[k] for k in row[:length])
            for row, length in zip(words, lengths, strict=True)
        ]

    def corners(self, count: int) -> list[list[int]]:
        return self.random.integers(0, (1_000, 500), (count, 2)).tolist()  # type: ignore[no-any-return]

    def people(self, count: int) -> list[str]:
        """Names without a double, a few of them known to everybody."""
        drawn = (PEOPLE * self.random.power(0.3, 2 * count)).astype(int).tolist()
        return [f"来宾{k}" for k in dict.fromkeys(drawn)][:count]


def _data(body: Any) -> str:
    return msgspec.json.encode(body).decode()


# --- Result types: each about as long as asked ------------------------------------------------


def video_label(made: Maker, size: float) -> Row:
    count = max(1, int(size / 190))
    people = made.people(min(60, 1 + count // 12))
    tags = TAGS[: 1 + count // 40]
    persons = []
    for name, own in zip(people, np.array_split(np.arange(count), len(people)), strict=True):
        n = len(own)
        rows = zip(
            made.times(n),
            made.numbers(1, 12, n),
            made.numbers(0.3, 1, n, 3),
            made.corners(n),
            made.random.integers(0, len(SCENES), n).tolist(),
            strict=True,
        )
        occurrences = [
            {
                "score": score,
                "from": start,
                "to": round(start + length, 2),
                "timestamp": round(start + length / 2, 2),
                "scene": SCENES[scene],
                "position": {"leftTop": [x, y], "rightBottom": [x + 113, y + 152]},
            }
            for start, length, score, (x, y), scene in rows
        ]
        persons.append(
            {
                "name": name,
                "category": "celebrity",
                "ratio": _ratio(occurrences, made.seconds),
                "occurrences": occurrences,
            }
        )
    seen = []
    for k, tag in enumerate(tags):
        n = 1 + count // 40
        occurrences = [
            {"score": score, "from": start, "to": round(start + length, 2)}
            for start, length, score in zip(
                made.times(n), made.numbers(1, 12, n), made.numbers(0.5, 1, n, 3), strict=True
            )
        ]
        seen.append(
            {
                "mainTagName": MAIN_TAGS[k % 3],
                "subTagName": tag,
                "ratio": _ratio(occurrences, made.seconds),
                "occurrences": occurrences,
            }
        )
    return {"persons": persons, "tags": seen, "classifications": [], "success": True}


def _ratio(occurrences: list[Row], seconds: float) -> float:
    """The share that ranges in the order of their starts cover, told to four digits."""
    total, end = 0.0, 0.0
    for row in occurrences:
        total += max(0.0, row["to"] - max(end, row["from"]))
        end = max(end, row["to"])
    return round(total / seconds, 4)


def asr(made: Maker, size: float) -> Row:
    n = max(1, int(size / 100))
    rows = zip(made.times(n), made.numbers(1, 6, n), made.texts(n), strict=True)
    return {
        "details": [
            {"from": start, "to": round(start + length, 2), "content": text}
            for start, length, text in rows
        ]
    }


def ocr(made: Maker, size: float) -> Row:
    n = max(1, int(size / 145))
    rows = list(zip(made.texts(n), made.numbers(0.6, 1, n, 3), made.corners(n), strict=True))
    times = made.times(1 + n // 4)
    return {
        "details": [
            {
                "timestamp": time,
                "info": [
                    {
                        "content": text,
                        "score": score,
                        "position": {"leftTop": [x, y], "rightBottom": [x + 240, y + 36]},
                    }
                    for text, score, (x, y) in rows[4 * k : 4 * k + 4]
                ],
            }
            for k, time in enumerate(times)
        ]
    }


def nlp(made: Maker, size: float) -> Row:
    n = max(1, int(size / 85))
    words = made.random.integers(0, len(WORDS), n).tolist()
    starts = (np.array(made.times(n)) * 1_000).astype(int).tolist()
    said = [
        {
            "id": k + 1,
            "sentenceId": 1 + k // 9,
            "start": start,
            "end": start + 240,
            "text": WORDS[word],
        }
        for k, (start, word) in enumerate(zip(starts, words, strict=True))
    ]
    paragraphs = [
        {"paragraphId": f"p{k:05}", "speakerId": str(1 + k // 90 % 3), "words": said[k : k + 90]}
        for k in range(0, n, 90)
    ]
    return {"transcription": {"paragraphs": paragraphs}}


def process(made: Maker, size: float) -> list[Row]:
    count = max(1, int(size / 215))
    people = made.people(1 + count // 400)
    labels = []
    for name, own in zip(people, np.array_split(np.arange(count), len(people)), strict=True):
        details = []
        for start in made.times(max(1, len(own) // 40)):
            n = min(40, len(own))
            rows = zip(
                made.numbers(0.5, 1, n, 4),
                made.corners(n),
                made.random.integers(0, len(EXPRESSIONS), n).tolist(),
                strict=True,
            )
            details.append(
                {
                    "score": 0.91,
                    "startTime": start,
                    "endTime": round(start + 0.2 * n, 2),
                    "source": "vision",
                    "subSource": "facemot",
                    "trackData": [
                        {
                            "score": score,
                            "bbox": [x, y, x + 113, y + 152],
                            "timestamp": round(start + 0.2 * k, 2),
                            "attributes": [
                                {"property": "表情", "value": EXPRESSIONS[face], "score": score}
                            ],
                        }
                        for k, (score, (x, y), face) in enumerate(rows)
                    ],
                }
            )
        labels.append(
            {
                "labelLevel1": "人脸",
                "labelLevel2": "自定义",
                "label": name,
                "labelId": name[2:],
                "isWhite": True,
                "knowledgeInfo": {},
                "detailInfo": details,
            }
        )
    return [{"name": "tag", "result": [{"content": {"data": labels}}]}]


def cpv_label(made: Maker, size: float) -> Row:
    count = max(1, int(size / 60))
    people = made.people(1 + count // 15)
    entities = []
    for name, own in zip(people, np.array_split(np.arange(count), len(people)), strict=True):
        n = len(own)
        rows = zip(made.times(n), made.numbers(1, 9, n), made.numbers(0.6, 1, n, 3), strict=True)
        entities.append(
            {
                "labelLevel1": "人物",
                "labelLevel2": "嘉宾",
                "label": name,
                "knowledgeInfo": "",
                "detailInfo": [
                    {"score": score, "startTime": start, "endTime": round(start + length, 2)}
                    for start, length, score in rows
                ],
            }
        )
    return {"entities": entities, "hotwords": [], "freeTags": [], "cates": []}


# --- Answers ----------------------------------------------------------------------------------


def _answer(made: Maker, results: dict[str, Any], key: str = "Result", **more: Any) -> Row:
    listed = [{"Type": kind, "Data": _data(body)} for kind, body in results.items()]
    return {
        "JobStatus": "Success",
        "RequestId": made.random.bytes(16).hex(),
        "Results": {key: listed},
        **more,
    }


def smarttag(made: Maker) -> Row:
    results = {
        "VideoLabel": video_label(made, 0.35 * made.budget),
        "ASR": asr(made, 0.2 * made.budget),
        "OCR": ocr(made, 0.35 * made.budget),
        "TextLabel": {"tags": [{"name": "关键词", "value": "咖啡,水温,海边"}]},
        "Meta": {"title": "晨间手记"},
    }
    return _answer(made, results, Usages={"Usage": [{"Type": "video", "Quota": 60}]})


def mts(made: Maker) -> Row:
    results = {
        "VideoLabel": video_label(made, 0.4 * made.budget),
        "OCR": ocr(made, 0.6 * made.budget),
    }
    return _answer(made, results, UserData="morning-notes / 12", Message="")


def cognition(made: Maker) -> Row:
    results = {
        "Process": process(made, 0.6 * made.budget),
        "NLP": nlp(made, 0.2 * made.budget),
        "ASR": asr(made, 0.1 * made.budget),
        "VideoLabel": video_label(made, 0.1 * made.budget),
    }
    media = {"Type": "OSS", "Media": "oss://footage.example/morning-notes.mp4"}
    return _answer(made, results, key="result", Input=media, UserData={"episode": 12})


def cpv(made: Maker) -> Row:
    results = {"CPVLabel": cpv_label(made, made.budget), "Meta": {"title": "晨间手记"}}
    return _answer(made, results)


def file_of_algorithm(made: Maker) -> Row | list[Row]:
    return asr(made, made.budget) if made.random.random() < 0.5 else process(made, made.budget)


def unfinished(made: Maker) -> Row:
    return {"JobStatus": "Processing", "RequestId": made.random.bytes(16).hex()}


DIALECTS: list[tuple[float, Callable[[Maker], Any]]] = [
    (0.40, smarttag),
    (0.20, mts),
    (0.20, cognition),
    (0.12, cpv),
    (0.06, file_of_algorithm),
    (0.02, unfinished),
]


def answer(number: int) -> bytes:
    """Make the answer of a number."""
    made = Maker(number)
    shares = np.cumsum([share for share, _ in DIALECTS])
    dialect = DIALECTS[int(np.searchsorted(shares, made.random.random() * shares[-1]))][1]
    return msgspec.json.encode(dialect(made))


def write(folder: Path, count: int) -> int:
    """Write a library of files, a hundred in a folder, and tell how many bytes it has."""
    size = 0
    for number in range(count):
        file = folder / f"{number // 100:04}" / f"job{number:07}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        content = answer(number)
        file.write_bytes(content)
        size += len(content)
    return size


if __name__ == "__main__":
    print(f"{write(Path(sys.argv[1]), int(sys.argv[2])):,} bytes")
