"""The programme as a plan: shots and sentences on one clock, and the frames drawn from it."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
import skia

from . import captions, scenes
from .captions import Box
from .scenes import Moment, Seen
from .speech import RATE, SCRIPT, Line, Samples, music, speak

FPS = 25
LEAD, GAP, TAIL = 0.44, 0.32, 0.48
"""Silence in a shot before, between and after its sentences, in seconds."""

SILENT = {"title": 3.6, "closing": 3.2}
NAME_FROM, NAME_FOR = 0.8, 3.4


@dataclass(frozen=True)
class Shot:
    """A shot, from its first frame up to the next shot's."""

    key: str
    first: int
    after: int

    @property
    def start(self) -> float:
        """Seconds into the clip."""
        return self.first / FPS

    @property
    def end(self) -> float:
        """Seconds into the clip."""
        return self.after / FPS


@dataclass(frozen=True)
class Sentence:
    """A sentence on the clip's clock, and the frames that its subtitle is on."""

    line: Line
    start: float
    end: float
    first: int
    after: int

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The subtitle's rows as role and text: Chinese above English."""
        spoken = ("subtitle", self.line.text)
        if not self.line.translation:
            return [spoken]
        translated = ("translation", self.line.translation)
        return [spoken, translated] if self.line.language == "zh" else [translated, spoken]


@dataclass(frozen=True)
class Programme:
    """The plan of the clip."""

    shots: list[Shot]
    sentences: list[Sentence]
    sound: Samples

    @property
    def frames(self) -> int:
        """How many frames the clip has."""
        return self.shots[-1].after

    @property
    def duration(self) -> float:
        """How long the clip is, in seconds."""
        return self.frames / FPS

    def shot_at(self, frame: int) -> Shot:
        """The shot that a frame is of."""
        return next(shot for shot in self.shots if shot.first <= frame < shot.after)

    def ticker_start(self) -> float:
        """When the ticker begins to run, in seconds."""
        return next(shot.start for shot in self.shots if shot.key == scenes.TICKER_SHOTS[0])


@functools.cache
def plan() -> Programme:
    """Lay shots and sentences on one clock."""
    shots: list[Shot] = []
    sentences: list[Sentence] = []
    sounds: list[tuple[float, Samples]] = []
    frame = 0
    for key in scenes.SHOTS:
        clock = frame / FPS + LEAD
        said = [speak(line) for line in SCRIPT if line.shot == key]
        for spoken in said:
            start, end = clock, clock + spoken.seconds
            first, after = round((start - 0.08) * FPS), round((end + 0.2) * FPS)
            sentences.append(Sentence(spoken.line, start, end, first, after))
            sounds.append((start, spoken.sound))
            clock = end + GAP
        seconds = SILENT[key] if not said else clock - GAP + TAIL - frame / FPS
        after = frame + math.ceil(seconds * FPS)
        shots.append(Shot(key, frame, after))
        frame = after
    sound = music(frame / FPS)
    for start, said_sound in sounds:
        at = round(start * RATE)
        sound[at : at + len(said_sound)] += said_sound
    return Programme(shots, sentences, sound)


@dataclass
class Frame:
    """A frame: its picture, and what it shows."""

    picture: np.typing.NDArray[np.uint8]
    seen: Seen
    lines: dict[str, Box]


def draw_frame(programme: Programme, number: int) -> Frame:
    """Draw a frame with all its captions."""
    surface = skia.Surface(*scenes.SIZE)
    canvas = surface.getCanvas()
    shot = programme.shot_at(number)
    clock = number / FPS
    moment = Moment(
        clock - shot.start,
        (number - shot.first) / max(1, shot.after - shot.first - 1),
        clock,
        _mouths(programme, number),
    )
    seen = scenes.SHOTS[shot.key](canvas, moment)
    lines: dict[str, Box] = {}
    plain = shot.key in SILENT
    if shot.key == "slide":
        for i, box in enumerate(captions.draw_slide(canvas, moment.seconds)):
            lines[f"slide{i}"] = box
    if not plain:
        lines["logo"] = captions.draw_logo(canvas)
    if shot.key in scenes.TICKER_SHOTS:
        lines["ticker"] = captions.draw_ticker(canvas, clock - programme.ticker_start())
    since = moment.seconds - NAME_FROM
    if shot.key in scenes.NAMES and 0 <= since < min(NAME_FOR, shot.end - shot.start - 1.0):
        person = scenes.NAMES[shot.key]
        for i, box in enumerate(captions.draw_name(canvas, person.name, person.title, since)):
            lines[f"name{i}:{shot.key}"] = box
    for k, sentence in enumerate(programme.sentences):
        if sentence.first <= number < sentence.after:
            lifted = shot.key in scenes.TICKER_SHOTS
            boxes = captions.draw_subtitle(canvas, [text for _, text in sentence.rows], lifted)
            for (role, _), box in zip(sentence.rows, boxes, strict=True):
                lines[f"{role}:{k}"] = box
    picture = surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType)[:, :, :3]
    return Frame(np.ascontiguousarray(picture), seen, lines)


def _mouths(programme: Programme, number: int) -> dict[str, float]:
    """How far each speaker's mouth is open: as loud as the frame."""
    for sentence in programme.sentences:
        if sentence.start <= number / FPS < sentence.end:
            at = round(number / FPS * RATE)
            heard = programme.sound[at : at + RATE // FPS]
            loud = float(np.sqrt(np.mean(heard**2))) if len(heard) else 0.0
            return {sentence.line.person.name: min(1.0, loud * 6.0)}
    return {}
