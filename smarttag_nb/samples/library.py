"""A made-up library: the answers of many jobs over a year, to try a corpus on."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ..errors import InvalidArgument
from ..intervals import union

_BEGINS = datetime(2025, 10, 1, 12, tzinfo=UTC)
_DAYS = 365

_PEOPLE = (
    *("沈青禾", "陆栖梧", "苏听澜", "江晚樵", "叶知舟", "温如砚", "林疏桐", "程野渡", "许星垂"),
    *("纪春茗", "孟远岫", "宋问渠", "韩拾光", "唐雪汀", "方木樨", "何照川", "秦霁月", "柳迎岚"),
    *("顾明川", "Mara Ellison", "Tobias Renn", "Ines Halvorn", "Jonas Quillby", "Petra Ostrand"),
    *("Elio Marvane", "Nadia Fenwright", "Owen Tarrask", "Livia Brandel", "Caspar Yorne"),
    *("姚鹿鸣", "邵棠梨", "阮溪亭", "岑松籁", "郁南枝", "薛墨池", "贺云岫"),
)
"""Nobody of these lives."""

_RISING = "贺云岫"
"""Who is nowhere in the first month, and nearly everywhere in the last."""


@dataclass(frozen=True, slots=True)
class _Programme:
    folder: str
    title: str
    cast: Sequence[str]
    scene: str
    sentences: Sequence[str]


_PROGRAMMES = (
    _Programme("morning-notes", "晨间手记", _PEOPLE[:7], "咖啡馆", (
        "大家早上好，欢迎收看晨间手记", "水温比时间更重要", "一杯好咖啡不怕等",
        "图书馆的灯还亮着", "Then we share it with a friend.")),
    _Programme("night-voyage", "夜航", _PEOPLE[6:13], "星空", (
        "今晚的天空格外清澈", "火箭发射推迟到了周五", "Each point of light is a galaxy.",
        "我们离目标还有三天航程")),
    _Programme("river-city", "江城故事", _PEOPLE[12:18], "江边", (
        "桥修好的那天下着小雨", "他在码头开了一家书店", "老城的图书馆搬家了")),
    _Programme("open-table", "Open Table", _PEOPLE[17:25], "厨房", (
        "The water temperature matters more than the time.", "Welcome back to the open table.",
        "这道菜的水温要刚刚好", "Taste it before you add the salt.")),
    _Programme("field-notes", "Field Notes", _PEOPLE[24:31], "森林", (
        "The rocket launch scared every bird away.", "这片森林有三百年了",
        "Listen, and you can hear the river.")),
    _Programme("workshop", "工坊", _PEOPLE[30:35], "车间", (
        "先量三次，再下刀", "木头记得水的方向", "Measure three times, then cut.")),
)  # fmt: skip


def library(folder: str | os.PathLike[str], jobs: int = 300, seed: int = 0) -> list[Path]:
    """Write the answers of a made-up library: six programmes, over a year.

    Everybody in it is invented. Persons, scenes, speech and captions are there, hosts and guests;
    files are as old as their answers would be. Somebody comes more and more often as the year goes
    on. One job in fifty failed, and one file in a hundred is cut short.

    Parameters
    ----------
    folder : path
        Where to write; made where it is missing.
    jobs : int
        How many jobs.
    seed : int
        What chance begins with: the same gives the same files.

    Returns
    -------
    list of pathlib.Path
        The files written: JSON answers, named by their jobs.

    Raises
    ------
    InvalidArgument
        `jobs` or `seed` is no whole number, or `jobs` is below 1.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = library(folder, jobs=12)
    ...     job = stag.load(files[0])
    >>> len(files), job.title, job.labels.kind.unique().tolist()
    (12, '晨间手记 1', ['person', 'tag'])
    """
    for name, value, least in (("jobs", jobs, 1), ("seed", seed, None)):
        if not isinstance(value, int) or (least is not None and value < least):
            raise InvalidArgument(name, "a whole number" + (", 1 or more" if least else ""), value)
    chance = random.Random(seed)  # noqa: S311
    written = []
    for number in range(jobs):
        programme = _PROGRAMMES[number % len(_PROGRAMMES)]
        when = _BEGINS + timedelta(days=_DAYS * number / jobs)
        answer = _answer(chance, programme, number, number / jobs)
        text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
        if number % 100 == 61:
            text = text[: len(text) // 2]
        file = Path(folder) / programme.folder / f"{programme.folder}-{number:05}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        os.utime(file, (when.timestamp(), when.timestamp()))
        written.append(file)
    return written


def _answer(
    chance: random.Random, programme: _Programme, number: int, of_year: float
) -> dict[str, Any]:
    """Make an answer as QuerySmarttagJob gives it."""
    if number % 50 == 23:
        why = {"Type": "VideoLabel", "Data": "The resource operated cannot be decoded"}
        return {
            "JobStatus": "Fail",
            "Message": "InvalidParameter.ResourceContentBad",
            "Results": {"Result": [why]},
        }
    length = round(chance.uniform(60, 900), 2)
    host, *others = programme.cast
    seen = [host] if chance.random() < 0.95 else []
    # Regulars come more often than those who stand last, who are other programmes' people too.
    seen += [name for k, name in enumerate(others) if chance.random() < 0.75 / (1 + 0.5 * k)]
    if chance.random() < of_year - 0.08:
        seen.append(_RISING)
    persons = [
        {"name": name, **_seen(chance, length, 0.5 if name == host else 0.2)} for name in seen
    ]
    tags = [{"mainTagName": "场景", "subTagName": programme.scene, **_seen(chance, length, 0.7)}]
    said = [
        {"from": start, "to": end, "content": chance.choice(programme.sentences)}
        for start, end in _ranges(chance, length, 0.6)
    ]
    captions = [
        {"timestamp": round(person["occurrences"][0]["from"] + 1), "info": [_caption(person)]}
        for person in persons
    ]
    results = {
        "VideoLabel": {"persons": persons, "tags": tags},
        "ASR": {"details": said},
        "OCR": {"details": sorted(captions, key=lambda caption: caption["timestamp"])},
        "Meta": {"title": f"{programme.title} {number // len(_PROGRAMMES) + 1}"},
    }
    return {
        "JobStatus": "Success",
        "Results": {
            "Result": [
                {"Type": kind, "Data": json.dumps(body, ensure_ascii=False)}
                for kind, body in results.items()
            ]
        },
    }


def _seen(chance: random.Random, length: float, share: float) -> dict[str, Any]:
    """Make up when somebody is seen, and the ratio of it."""
    ranges = list(_ranges(chance, length, share * chance.uniform(0.4, 1.0)))
    starts, ends = zip(*ranges, strict=True)
    return {
        "ratio": round(union(starts, ends) / length, 3),
        "occurrences": [
            {"from": start, "to": end, "score": round(chance.uniform(0.7, 1), 3)}
            for start, end in ranges
        ],
    }


def _ranges(chance: random.Random, length: float, share: float) -> Iterator[tuple[float, float]]:
    """Make up one to six ranges, one after another, that cover about a share of the length."""
    number = chance.randint(1, 6)
    for k in range(number):
        begin, room = length * k / number, length / number
        lasting = room * min(0.95, share * chance.uniform(0.6, 1.4))
        start = begin + chance.uniform(0, room - lasting)
        yield round(start, 2), round(start + lasting, 2)


def _caption(person: dict[str, Any]) -> dict[str, Any]:
    where = {"leftTop": [60, 300], "rightBottom": [240, 330]}
    return {"content": person["name"], "score": 0.97, "position": where}
