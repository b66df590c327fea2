"""The exact truth about the clip, as tables of columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from . import captions, scenes
from .cast import CAST, UNKNOWN
from .geometry import Box
from .programme import FPS, Frame, Programme

Columns = dict[str, list[Any]]
Truth = dict[str, Columns]

IMAGE_SHOT = "interview"
"""The shot whose middle frame the image's answer is about."""

SPEAKING = "讲话"
CATEGORIES = (("生活", "美食"), ("科技", "航天"))


@dataclass(frozen=True)
class Label:
    """Something on screen: what it is, and on which frames."""

    kind: str
    name: str
    level1: str
    category: str | None
    frames: list[int]


def gather(programme: Programme, frames: list[Frame]) -> Truth:
    """Gather the tables of what the clip shows and says."""
    labels = _labels(programme, frames)
    middle = next(shot for shot in programme.shots if shot.key == IMAGE_SHOT)
    return {
        "facts": {
            "duration": [programme.duration],
            "width": [scenes.SIZE[0]],
            "height": [scenes.SIZE[1]],
            "fps": [FPS],
            "frames": [programme.frames],
            "box_step": [1],
            "image_time": [(middle.first + middle.after) // 2 / FPS],
        },
        "labels": {
            "label_id": list(range(len(labels))),
            "kind": [label.kind for label in labels],
            "name": [label.name for label in labels],
            "level1": [label.level1 for label in labels],
            "category": [label.category for label in labels],
        },
        **_seen(programme, frames, labels),
        "shots": {
            "shot_id": list(range(len(programme.shots))),
            "number": list(range(1, len(programme.shots) + 1)),
            "key": [shot.key for shot in programme.shots],
            "start_time": [shot.start for shot in programme.shots],
            "end_time": [shot.end for shot in programme.shots],
        },
        **_said(programme),
        "lines": _lines(frames),
    }


def _labels(programme: Programme, frames: list[Frame]) -> list[Label]:
    faces: dict[str, list[int]] = defaultdict(list)
    things: dict[str, list[int]] = defaultdict(list)
    places: dict[str, list[int]] = defaultdict(list)
    roles: dict[str, list[int]] = defaultdict(list)
    speaking: list[int] = []
    for number, frame in enumerate(frames):
        place = scenes.PLACES.get(programme.shot_at(number).key)
        if place:
            places[place].append(number)
        for name in frame.seen.faces:
            faces[name].append(number)
            if name in scenes.ROLES:
                roles[scenes.ROLES[name]].append(number)
        for name in frame.seen.objects:
            things[name].append(number)
        if programme.speakers_at(number) & set(frame.seen.faces):
            speaking.append(number)
    logo = things.pop(captions.LOGO)
    everything = list(range(programme.frames))
    return [
        *(Label("person", person.name, "人脸", "custom", faces[person.name]) for person in CAST),
        *(Label("person", name, "人脸", "unknown", faces[name]) for name in UNKNOWN),
        *(Label("tag", name, "物体", None, seen) for name, seen in things.items()),
        *(Label("tag", name, "场景", None, seen) for name, seen in places.items()),
        *(Label("tag", name, "人物角色", None, seen) for name, seen in roles.items()),
        Label("tag", SPEAKING, "动作事件", None, speaking),
        Label("tag", captions.LOGO, "标识", None, logo),
        *(Label("category", name, level1, None, everything) for level1, name in CATEGORIES),
    ]


def _seen(programme: Programme, frames: list[Frame], labels: Sequence[Label]) -> Truth:
    occurrences: Columns = defaultdict(list)
    boxes: Columns = defaultdict(list)
    cuts = {shot.first for shot in programme.shots}
    for label_id, label in enumerate(labels):
        person = label.kind == "person"
        for first, after in _stretches(label.frames, cuts if person else set()):
            occurrence = len(occurrences["occurrence_id"])
            shot = programme.shot_at(first).key
            size = "medium-long" if label.name in UNKNOWN else scenes.SHOT_SIZES.get(shot)
            _append(
                occurrences,
                occurrence_id=occurrence,
                label_id=label_id,
                start_time=first / FPS,
                end_time=after / FPS,
                shot=size if person else None,
            )
            for number in range(first, after):
                seen = frames[number].seen
                # A name can be a person's, a thing's or a role's: only the first two have boxes.
                box = (seen.faces if person else seen.objects).get(label.name)
                if box:
                    _append(
                        boxes,
                        box_id=len(boxes["box_id"]),
                        label_id=label_id,
                        occurrence_id=occurrence,
                        timestamp=number / FPS,
                        **_edges(box),
                    )
    return {"occurrences": dict(occurrences), "boxes": dict(boxes)}


def _said(programme: Programme) -> Truth:
    speech: Columns = defaultdict(list)
    words: Columns = defaultdict(list)
    for sentence in programme.sentences:
        _append(
            speech,
            speech_id=sentence.number,
            start_time=round(sentence.start, 3),
            end_time=round(sentence.end, 3),
            text=sentence.line.text,
            speaker=sentence.line.person.name,
            language=sentence.line.language,
        )
        for (start, end), text in zip(sentence.spoken.words, sentence.line.parts, strict=True):
            _append(
                words,
                word_id=len(words["word_id"]),
                speech_id=sentence.number,
                start_time=round(sentence.start + start, 3),
                end_time=round(sentence.start + end, 3),
                text=text,
            )
    return {"speech": dict(speech), "words": dict(words)}


def _lines(frames: list[Frame]) -> Columns:
    """The texts on screen; one that stays over a cut is one line."""
    shown: dict[tuple[str, str, int | None], list[int]] = defaultdict(list)
    for number, frame in enumerate(frames):
        for text in frame.texts:
            shown[text.role, text.text, text.speech].append(number)
    stretches = [
        (first, after, key) for key in shown for first, after in _stretches(shown[key], set())
    ]
    lines: Columns = defaultdict(list)
    for first, after, key in sorted(stretches, key=lambda stretch: stretch[:2]):
        role, words, speech = key
        middle = frames[(first + after) // 2]
        text = next(text for text in middle.texts if (text.role, text.text, text.speech) == key)
        _append(
            lines,
            line_id=len(lines["line_id"]),
            start_time=first / FPS,
            end_time=after / FPS,
            text=words,
            role=role,
            **_edges(text.box),
            speech_id=speech,
        )
    return dict(lines)


def _stretches(numbers: list[int], cuts: set[int]) -> Iterator[tuple[int, int]]:
    """Runs of consecutive frames that no cut parts, as first and one after the last."""
    first = 0
    for i, number in enumerate(numbers):
        following = numbers[i + 1] if i + 1 < len(numbers) else None
        if following != number + 1 or following in cuts:
            yield numbers[first], number + 1
            first = i + 1


def _edges(box: Box) -> dict[str, float]:
    names = ("x1", "y1", "x2", "y2")
    return {name: round(value, 2) for name, value in zip(names, box, strict=True)}


def _append(columns: Columns, **row: Any) -> None:
    for name, value in row.items():
        columns[name].append(value)
