"""The programme as a plan: shots and sentences on one clock, and the frames drawn from it."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import skia

from . import captions, music, scenes
from .captions import Subtitle, Text
from .scenes import Moment, Mouth, Seen
from .script import SCRIPT, Line
from .speech import RATE, Samples, Spoken, speak

FPS = 25
LEAD, GAP, TAIL = 0.40, 0.34, 0.46
"""Silence in a shot before, between and after its sentences, in seconds."""

EARLY, LATE = 0.08, 0.20
"""How much earlier a subtitle comes, and how much later it goes, than its sentence, in seconds."""

NAME_FROM = 0.6
"""When a name caption comes, in seconds into its shot."""


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

    number: int
    spoken: Spoken
    start: float
    first: int
    after: int

    @property
    def line(self) -> Line:
        """The sentence as the script has it."""
        return self.spoken.line

    @property
    def end(self) -> float:
        """Seconds into the clip."""
        return self.start + self.spoken.seconds

    @property
    def subtitle(self) -> Subtitle:
        """What its subtitle shows: Chinese above English."""
        rows = [("subtitle", self.line.text)]
        if self.line.shown:
            rows.insert(self.line.language == "zh", ("translation", self.line.translation))
        return Subtitle(tuple(rows), self.number)


@dataclass(frozen=True)
class Programme:
    """The plan of the clip."""

    shots: list[Shot]
    sentences: list[Sentence]
    voices: Samples
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

    def speakers_at(self, frame: int) -> set[str]:
        """Who speaks during a frame."""
        moment = frame / FPS
        return {s.line.person.name for s in self.sentences if s.start <= moment < s.end}

    @property
    def ticker_start(self) -> float:
        """When the ticker begins to run, in seconds."""
        return next(shot.start for shot in self.shots if shot.key in scenes.TICKER_SHOTS)


@functools.cache
def plan() -> Programme:
    """Lay shots and sentences on one clock."""
    shots: list[Shot] = []
    sentences: list[Sentence] = []
    frame = 0
    for key in scenes.SHOTS:
        clock = frame / FPS + LEAD
        for line in (line for line in SCRIPT if line.shot == key):
            spoken = speak(line)
            end = clock + spoken.seconds
            first, after = round((clock - EARLY) * FPS), round((end + LATE) * FPS)
            sentences.append(Sentence(len(sentences), spoken, clock, first, after))
            clock = end + GAP
        seconds = scenes.SILENT.get(key, clock - GAP + TAIL - frame / FPS)
        shots.append(Shot(key, frame, frame + math.ceil(seconds * FPS)))
        frame = shots[-1].after
    bed = music.bed(frame / FPS, [(sentence.start, sentence.end) for sentence in sentences])
    voices = np.zeros_like(bed)
    for sentence in sentences:
        at = round(sentence.start * RATE)
        voices[at : at + len(sentence.spoken.sound)] += sentence.spoken.sound
    return Programme(shots, sentences, voices, np.clip(bed + voices, -1, 1))


@dataclass(frozen=True)
class Frame:
    """What a frame shows."""

    seen: Seen
    texts: list[Text]


def draw_frame(programme: Programme, number: int) -> tuple[npt.NDArray[np.uint8], Frame]:
    """Draw a frame with all its captions: its picture, and what it shows."""
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
    texts = list(seen.texts)
    ticker = shot.key in scenes.TICKER_SHOTS
    if shot.key == "slide":
        texts += captions.draw_slide(canvas, moment.seconds)
    if shot.key not in scenes.SILENT:
        captions.draw_scrim(canvas)
        logo, mark = captions.draw_logo(canvas)
        texts.append(logo)
        seen.add(captions.LOGO, mark)
    since = moment.seconds - NAME_FROM
    if 0 <= since < captions.NAME_SECONDS:
        for person, left in scenes.NAMES.get(shot.key, ()):
            texts += captions.draw_name(canvas, person.name, person.title, left, since)
    if ticker:
        texts += captions.draw_ticker(canvas, clock - programme.ticker_start)
    for sentence in programme.sentences:
        if sentence.first <= number < sentence.after:
            stood = number - sentence.first
            texts += captions.draw_subtitle(canvas, sentence.subtitle, stood, ticker)
    picture = surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType)[:, :, :3]
    return np.ascontiguousarray(picture), Frame(seen, texts)


def _mouths(programme: Programme, number: int) -> dict[str, Mouth]:
    """The speaker's mouth: as open as the frame is loud, as round as its sound is dark."""
    speakers = programme.speakers_at(number)
    at = round(number / FPS * RATE)
    heard = programme.voices[at : at + RATE // FPS].astype(np.float64)
    if not speakers or not len(heard):
        return dict.fromkeys(speakers, Mouth(0.0, 0.0))
    loud = float(np.sqrt(np.mean(heard**2)))
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    pitch = np.fft.rfftfreq(len(heard), 1 / RATE)
    centre = float((spectrum * pitch).sum() / max(spectrum.sum(), 1e-9))
    mouth = Mouth(round(min(1.0, loud * 5.2), 3), round(min(1.0, max(0.0, 1.5 - centre / 900)), 3))
    return dict.fromkeys(speakers, mouth)
