"""The clip's file and the exact truth about it, from one pass over its frames."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from tqdm import tqdm

from . import captions, scenes
from .cast import CAST
from .programme import FPS, Frame, Programme, draw_frame
from .speech import RATE, word_times

Columns = dict[str, list[Any]]

IMAGE_SHOT = "interview"
"""The shot whose middle frame the image's answer is about."""


def write_clip(programme: Programme, file: Path) -> dict[str, Columns]:
    """Draw and encode every frame; return the truth, gathered on the way."""
    frames: list[Frame] = []
    with av.open(str(file), "w", options={"movflags": "+faststart"}) as container:
        video = container.add_stream("libx264", rate=FPS)
        video.width, video.height = scenes.SIZE
        video.pix_fmt = "yuv420p"
        # One thread: more would make the bytes differ from run to run.
        video.options = {"crf": "25.5", "preset": "veryslow", "g": "50", "threads": "1"}
        video.codec_context.thread_count = 1
        audio = container.add_stream("aac", rate=RATE, layout="mono")
        audio.bit_rate = 48_000
        sound = programme.sound
        for number in tqdm(range(programme.frames), desc="frames", unit="frame"):
            frame = draw_frame(programme, number)
            # Sound and picture in turn, as players want them to stand in the file.
            for at in range(*_blocks(number)):
                container.mux(audio.encode(_sound_frame(sound, at)))
            container.mux(video.encode(av.VideoFrame.from_ndarray(frame.picture, "rgb24")))
            frame.picture = np.empty(0, dtype=np.uint8)
            frames.append(frame)
        container.mux(video.encode())
        container.mux(audio.encode())
    return gather_truth(programme, frames)


BLOCK = 1024
"""Samples of a frame of AAC."""


def _blocks(number: int) -> tuple[int, int, int]:
    """Where the blocks of sound start that belong to a frame of the picture."""
    per_frame = RATE // FPS
    first = -(-number * per_frame // BLOCK) * BLOCK
    return first, (number + 1) * per_frame, BLOCK


def _sound_frame(sound: Any, at: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(sound[None, at : at + BLOCK], "fltp", "mono")
    frame.sample_rate, frame.pts = RATE, at
    return frame


def gather_truth(programme: Programme, frames: list[Frame]) -> dict[str, Columns]:
    """Tables of what the clip shows and says."""
    people = [person.name for person in CAST] + ["未知人脸1", "未知人脸2"]
    objects = list(dict.fromkeys(name for frame in frames for name in frame.seen.objects))
    places = list(dict.fromkeys(scenes.SCENE.values()))
    labels = [
        *(
            ("person", name, "人脸", "unknown" if name.startswith("未知") else "")
            for name in people
        ),
        *(("tag", name, "物体", "") for name in objects),
        *(("tag", name, "场景", "") for name in places),
    ]
    ids = {name: i for i, (_, name, _, _) in enumerate(labels)}
    on_screen: dict[str, list[int]] = defaultdict(list)
    for number, frame in enumerate(frames):
        shot = programme.shot_at(number).key
        for name in (*frame.seen.faces, *frame.seen.objects):
            on_screen[name].append(number)
        if shot in scenes.SCENE:
            on_screen[scenes.SCENE[shot]].append(number)
    occurrences: Columns = defaultdict(list)
    boxes: Columns = defaultdict(list)
    for kind, name, _, _ in labels:
        for first, after in _stretches(on_screen[name]):
            shot = programme.shot_at(first).key
            occurrence = len(occurrences["occurrence_id"])
            _append(
                occurrences,
                occurrence_id=occurrence,
                label_id=ids[name],
                start_time=first / FPS,
                end_time=after / FPS,
                shot=_shot_size(name, shot) if kind == "person" else None,
            )
            for number in range(first, after):
                seen = frames[number].seen
                box = {**seen.faces, **seen.objects}.get(name)
                if box is not None:
                    _append(
                        boxes,
                        box_id=len(boxes["box_id"]),
                        label_id=ids[name],
                        occurrence_id=occurrence,
                        timestamp=number / FPS,
                        **_edges(box),
                    )
    image = next(shot for shot in programme.shots if shot.key == IMAGE_SHOT)
    return {
        "facts": {
            "duration": [programme.duration],
            "width": [scenes.SIZE[0]],
            "height": [scenes.SIZE[1]],
            "fps": [FPS],
            "frames": [programme.frames],
            "image_time": [(image.first + image.after) // 2 / FPS],
        },
        "labels": {
            "label_id": list(range(len(labels))),
            "kind": [kind for kind, *_ in labels],
            "name": [name for _, name, *_ in labels],
            "level1": [level1 for *_, level1, _ in labels],
            "category": [category or None for *_, category in labels],
        },
        "occurrences": dict(occurrences),
        "boxes": dict(boxes),
        "shots": {
            "shot_id": list(range(len(programme.shots))),
            "number": list(range(len(programme.shots))),
            "start_time": [shot.start for shot in programme.shots],
            "end_time": [shot.end for shot in programme.shots],
        },
        **_speech(programme),
        "lines": _lines(programme, frames),
    }


def _shot_size(name: str, shot: str) -> str:
    return "medium-long" if name.startswith("未知") else scenes.SHOT_SIZE[shot]


def _speech(programme: Programme) -> dict[str, Columns]:
    speech: Columns = defaultdict(list)
    words: Columns = defaultdict(list)
    for number, sentence in enumerate(programme.sentences):
        _append(
            speech,
            speech_id=number,
            start_time=round(sentence.start, 3),
            end_time=round(sentence.end, 3),
            text=sentence.line.text,
            speaker=sentence.line.person.name,
            language=sentence.line.language,
        )
        for start, end, text in word_times(sentence.line, sentence.start, sentence.end):
            _append(
                words,
                word_id=len(words["word_id"]),
                speech_id=number,
                start_time=round(start, 3),
                end_time=round(end, 3),
                text=text,
            )
    return {"speech": dict(speech), "words": dict(words)}


def _lines(programme: Programme, frames: list[Frame]) -> Columns:
    seen: dict[str, list[int]] = defaultdict(list)
    for number, frame in enumerate(frames):
        for key in (*frame.lines, *(f"scene:{text}" for text in frame.seen.texts)):
            seen[key].append(number)
    lines: Columns = defaultdict(list)
    stretches = [(first, after, key) for key in seen for first, after in _stretches(seen[key])]
    for first, after, key in sorted(stretches):
        frame = frames[after - 1]
        kind, _, rest = key.partition(":")
        role, text, speech = kind, rest, None
        if kind in ("subtitle", "translation"):
            speech = int(rest)
            text = dict(programme.sentences[speech].rows)[kind]
        elif kind == "logo":
            role, text = "fixed", captions.LOGO
        elif kind == "ticker":
            text = captions.TICKER
        elif kind.startswith("slide"):
            role, text = "slide", captions.SLIDE[int(kind[5:])]
        elif kind.startswith("name"):
            person = scenes.NAMES[rest]
            role, text = "caption", (person.name, person.title)[int(kind[4:])]
        box = frame.seen.texts[rest] if kind == "scene" else frame.lines[key]
        _append(
            lines,
            line_id=len(lines["line_id"]),
            start_time=first / FPS,
            end_time=after / FPS,
            text=text,
            role=role,
            **_edges(box),
            speech_id=speech,
        )
    return dict(lines)


def _stretches(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Runs of consecutive frames, as first and one after the last."""
    first = 0
    for i, number in enumerate(numbers):
        if i + 1 == len(numbers) or numbers[i + 1] != number + 1:
            yield numbers[first], number + 1
            first = i + 1


def _edges(box: tuple[float, float, float, float]) -> dict[str, float]:
    return {
        name: round(value, 1) for name, value in zip(("x1", "y1", "x2", "y2"), box, strict=True)
    }


def _append(columns: Columns, **row: Any) -> None:
    for name, value in row.items():
        columns[name].append(value)
