"""Made videos for the alignment of speech and screen, with the truth of each.

A talk (talk.py) is said, heard by an ASR, written as subtitles among the other texts of a video,
and read by an OCR (noise.py) some times a second. What belongs together is known throughout, since
sentences, subtitles and what was heard are all ranges of the talk's words.

>>> case = make("en", "mid", seed=1, minutes=1)
>>> sorted(case.truth.links)[:2]
[(0, 0), (1, 1)]
"""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarttag_nb import tables

from .noise import TO_TRADITIONAL, mishear, misread, simplified
from .talk import PACE, WORDINGS, Speaker, Word, spelled, talk

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Level:
    """How hard a case is."""

    ocr_error: float
    """Characters that OCR misreads."""
    asr_error: float
    """Characters (Chinese) or words (English) that ASR mishears."""
    missed: float
    """Frames on which OCR misses a text."""
    jitter: float
    """Deviation of a box edge (px at 720 rows)."""
    broken: float
    """Readings split into two boxes side by side; half as many come twice."""
    offset: float
    """Largest offset of the picture's clock (s)."""
    drift: float
    """Largest drift of it."""
    lead: float
    """Deviation of a subtitle's start from the speech's (s)."""
    loose: float
    """Sentences that ASR splits, and that it joins to the next one."""
    paraphrased: float
    """Subtitles that leave out or replace a word."""
    bare: float
    """Sentences without a subtitle."""
    lost: float
    """Sentences that ASR does not hear at all; half as many are heard where nothing is said."""
    clutter: float
    """Other texts, as a factor."""


LEVELS = {
    "clean": Level(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    "easy": Level(0.02, 0.05, 0.01, 0.8, 0.01, 1.5, 2e-4, 0.08, 0.06, 0.02, 0.03, 0, 0.6),
    "mid": Level(0.05, 0.10, 0.03, 1.5, 0.02, 3.0, 5e-4, 0.12, 0.10, 0.04, 0.06, 0.005, 1.0),
    "hard": Level(0.10, 0.15, 0.06, 2.5, 0.04, 3.0, 1e-3, 0.18, 0.15, 0.08, 0.12, 0.02, 1.5),
}

SYSTEMATIC = 0.3
"""Share of the OCR's errors that are the same on every frame of a line."""

STRESSES = {
    "offset": "the picture is 600 s late",
    "cut": "the picture lacks 40 s, or has 40 s more, in the middle",
    "rate": "the picture is slower by 25/24",
    "shared": "several sentences of the ASR share one time range",
    "merged": "the ASR's sentences are up to 30 s long",
    "sparse": "80 % is not subtitled",
    "reveals": "subtitles appear letter by letter",
    "bilingual": "a second row in the other language",
    "wrapped": "long subtitles in two rows of one language",
    "traditional": "subtitles in traditional characters, speech in simplified ones (zh)",
    "mixed": "speech with words of the other language in it (zh)",
    "foreign": "subtitles in the other language only: the clock alone can be told",
    "ranges": "OCR with start and end (video_ocr) in place of frames",
    "none": "no subtitles, only other texts: there is nothing to link",
    "mismatched": "the speech of another video: there is nothing to link",
}
CHINESE_ONLY = frozenset({"traditional", "mixed"})
NEGATIVE = frozenset({"none", "mismatched"})

SIZES = ((1280, 720), (1920, 1080), (1280, 720), (720, 1280), (640, 360))
LONGEST = {"zh": 18, "en": 42}
"""Characters of a row of subtitles."""
SHORTEST = 0.6
"""A subtitle is shown at least so long (s)."""


@dataclass(frozen=True, eq=False)
class Truth:
    """What is so.

    Attributes
    ----------
    lines : pandas.DataFrame
        A row per text that was read at least once: line_id, start_time, end_time (s of the
        picture, as it was shown), text, role, x1, y1, x2, y2 (px), speech (list of the speech_id
        whose sentences it writes or translates), spoken (what was said of them, empty for others).
    links : set of (int, int)
        Pairs of speech_id and line_id, translations too.
    clock : callable
        Time of the speech (s) → time of the picture; NaN where the picture lacks it.
    sentences : list of str
        What was really said in each row of the speech.
    transcript : str
        All that was said, also what the ASR did not hear.
    rows : array of int
        For each row of the OCR, the line it is of.
    """

    lines: pd.DataFrame
    links: frozenset[tuple[int, int]]
    clock: Callable[[Any], Any]
    sentences: list[str]
    transcript: str
    rows: npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Case:
    """A made video: what ASR and OCR say of it, and the truth.

    `negative` where nothing may be linked; `clock_only` where text cannot tell what belongs
    together; `normaliser` maps spellings onto one another, where the case needs it.
    """

    name: str
    language: str
    speech: pd.DataFrame
    ocr: pd.DataFrame
    size: tuple[int, int]
    step: float
    truth: Truth
    negative: bool = False
    clock_only: bool = False
    normaliser: Callable[[str], str] | None = None


@dataclass(frozen=True)
class TrueClock:
    """Pieces: from `starts` (s of the speech) on, picture = offset + rate × speech."""

    starts: tuple[float, ...]
    offsets: tuple[float, ...]
    rate: float
    lacks: tuple[float, float] = (math.inf, math.inf)

    def __call__(self, time: Any) -> Any:
        times = np.asarray(time, dtype=float)
        piece = np.maximum(np.searchsorted(self.starts, times, side="right") - 1, 0)
        shown = np.asarray(self.offsets)[piece] + self.rate * times
        shown = np.where((times >= self.lacks[0]) & (times < self.lacks[1]), np.nan, shown)
        return shown if np.ndim(time) else float(shown)


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
    seen: str = field(default="")
    """As it is read when no frame adds an error of its own."""


def make(
    language: str = "zh",
    level: str = "easy",
    stress: str | None = None,
    seed: int = 0,
    minutes: float = 10,
    step: float = 0.5,
) -> Case:
    """Make a case; the same arguments make the same one.

    Parameters
    ----------
    language : {"zh", "en"}
        What is spoken.
    level : {"clean", "easy", "mid", "hard"}
        How many errors there are.
    stress : str, optional
        One of `STRESSES`.
    seed : int
        Another video for another seed.
    minutes : float
        How long it is.
    step : float
        Time (s) from one frame that OCR reads to the next.

    Returns
    -------
    Case
        The case.

    Raises
    ------
    ValueError
        There is no such language, level or stress, or not in this language.
    """
    if language not in WORDINGS or level not in LEVELS or stress not in (None, *STRESSES):
        raise ValueError(f"no such case: {language}, {level}, {stress}")
    if stress in CHINESE_ONLY and language != "zh":
        raise ValueError(f"stress {stress!r} is of Chinese only")
    name = " ".join(part for part in (language, level, stress, f"#{seed}") if part)
    random = Random(f"{language} {level} {stress} {seed}")
    made = _Maker(language, LEVELS[level], stress, random, minutes * 60, step)
    return made.case(name)


class _Maker:
    """Makes one case, from the talk to the readings."""

    def __init__(
        self,
        language: str,
        level: Level,
        stress: str | None,
        random: Random,
        seconds: float,
        step: float,
    ) -> None:
        self.language, self.level, self.stress = language, level, stress
        self.random, self.seconds, self.step = random, seconds, step
        self.other = "en" if language == "zh" else "zh"
        self.size = random.choice(SIZES)
        self.width, self.height = map(float, self.size)
        self.speaker = Speaker(language, random, mixed=stress == "mixed")
        self.foreigner = Speaker(self.other, random)
        self.said = talk(self.speaker, seconds)
        self.words: list[Word] = [word for one in self.said for word in one.words]
        self.starts = [time for one in self.said for time in one.starts]
        self.ends = [time for one in self.said for time in one.ends]
        bounds = np.cumsum([0, *(len(one.words) for one in self.said)]).tolist()
        self.sentences = list(itertools.pairwise(bounds))
        self.clock = self.make_clock()
        self.lines: list[Line] = []
        # Sizes of letters and the band of subtitles, the same all through a video.
        self.letter = min(0.055 * self.height, 0.86 * self.width / LONGEST["zh"])
        low = random.uniform(0.86, 0.9)
        self.band = self.height * (low - 0.05 if stress in ("bilingual", "wrapped") else low)
        self.marks = language == "en" or random.random() < 0.3
        self.capitals = language == "en" and random.random() < 0.1

    # --- The clock ---------------------------------------------------------------------------

    def make_clock(self) -> TrueClock:
        """Set the picture's clock."""
        random, level = self.random, self.level
        offset = random.uniform(-level.offset, level.offset)
        rate = 1 + random.uniform(-level.drift, level.drift)
        if self.stress == "offset":
            offset += 600
        if self.stress == "rate":
            rate = 25 / 24
        if self.stress != "cut":
            return TrueClock((0.0,), (offset,), rate)
        at = self.seconds * random.uniform(0.4, 0.6)
        if random.random() < 0.5:
            return TrueClock((0.0, at), (offset, offset + 40), rate)
        return TrueClock((0.0, at), (offset, offset - 40), rate, (at, at + 40 / rate))

    # --- Speech ------------------------------------------------------------------------------

    def speech(self) -> tuple[pd.DataFrame, list[str], list[tuple[int, int]]]:
        """What the ASR hears: its rows, what was really said in each, and of which words it is."""
        random, level = self.random, self.level
        parts: list[tuple[int, int]] = []
        for first, last in self.sentences:
            pieces = [(first, last)]
            if random.random() < level.loose:
                pieces = self.halves(first, last)
            joined = (
                parts
                and random.random() < level.loose
                and self.starts[first] - self.ends[parts[-1][1] - 1] < 0.8
            )
            if joined:
                parts[-1] = (parts[-1][0], pieces[0][1])
                pieces = pieces[1:]
            parts += pieces
        if self.stress == "merged":
            parts = self.merged(parts, 30.0)
        heard = [part for part in parts if random.random() >= level.lost]
        spoken = [spelled(self.words[a:b], self.language) for a, b in heard]
        shown = random.random() < 0.8  # Whether this ASR writes marks.
        rows = []
        for a, b in heard:
            start = self.starts[a] + random.gauss(0, level.lead / 2)
            end = max(self.ends[b - 1] + random.gauss(0, level.lead / 2), start + 0.1)
            rows.append([start, end, self.heard(a, b, shown)])
        if self.stress == "shared":
            self.share(rows)
        self.hallucinate(rows, heard, spoken)
        frame = pd.DataFrame(rows, columns=["start_time", "end_time", "text"])
        times = ["start_time", "end_time"]
        frame[times] = frame[times].clip(lower=0).round(2)
        frame["sentence_id"] = np.arange(len(frame))
        frame["result_type"] = "ASR"
        return tables.conform(frame, "speech"), spoken, heard

    def heard(self, first: int, last: int, marks: bool) -> str:
        """A range of words as the ASR writes it."""
        random, language = self.random, self.language
        words = self.words[first:last]
        texts = [
            w.other if w.other and random.random() < 0.15 and self.level.asr_error else w.text
            for w in words
        ]
        texts = mishear(texts, language, self.level.asr_error, random)
        made = [
            w._replace(text=text, mark=w.mark if marks else "")
            for w, text in zip(words, texts, strict=True)
            if text
        ]
        text = spelled(made, language) or self.words[first].text
        if language == "en":
            text = text[:1].upper() + text[1:] if marks else text.lower()
        return text

    def halves(self, first: int, last: int) -> list[tuple[int, int]]:
        """Cut a range of words in two, at a mark where there is one, near the middle."""
        lengths = np.cumsum([len(w.text) for w in self.words[first:last]])
        least = 3 if self.language == "zh" else 8
        best, cut = math.inf, None
        for k in range(1, last - first):
            before, after = lengths[k - 1], lengths[-1] - lengths[k - 1]
            if min(before, after) < least:
                continue
            far = abs(before - after) - (0.6 * lengths[-1] if self.words[first + k - 1].mark else 0)
            if far < best:
                best, cut = far, first + k
        return [(first, last)] if cut is None else [(first, cut), (cut, last)]

    def merged(self, parts: list[tuple[int, int]], longest: float) -> list[tuple[int, int]]:
        """Join ranges to long ones (s)."""
        made = parts[:1]
        for first, last in parts[1:]:
            if self.ends[last - 1] - self.starts[made[-1][0]] <= longest:
                made[-1] = (made[-1][0], last)
            else:
                made.append((first, last))
        return made

    def share(self, rows: list[list[Any]]) -> None:
        """Give two to four rows one time range."""
        at = 0
        while at < len(rows):
            some = rows[at : at + self.random.randint(2, 4)]
            for row in some:
                row[0], row[1] = some[0][0], max(r[1] for r in some)
                row[1] = max(row[1], row[0] + 0.1)
            at += len(some)
            for row in some[1:]:
                row[0] = some[0][0]

    def hallucinate(
        self, rows: list[list[Any]], heard: list[tuple[int, int]], spoken: list[str]
    ) -> None:
        """Hear something in long pauses where nothing is said."""
        wrong = self.speaker.wording.HALLUCINATIONS
        for k in range(len(rows) - 2, -1, -1):
            pause = rows[k + 1][0] - rows[k][1]
            if pause > 3 and self.random.random() < 10 * self.level.lost:
                start = rows[k][1] + 0.5
                rows.insert(k + 1, [start, start + 1.5, self.random.choice(wrong)])
                heard.insert(k + 1, (heard[k][1], heard[k][1]))
                spoken.insert(k + 1, "")

    # --- Subtitles ---------------------------------------------------------------------------

    def chunks(self) -> list[tuple[int, int]]:
        """Ranges of words that are shown together."""
        random = self.random
        longest = LONGEST[self.language] * (1.9 if self.stress == "wrapped" else 1.0)
        made: list[tuple[int, int]] = []
        for (first, last), bare in zip(self.sentences, self.bare(), strict=True):
            if bare:
                continue
            waiting, pieces = [(first, last)], []
            while waiting:
                a, b = waiting.pop(0)
                long = len(spelled(self.words[a:b], self.language, self.marks)) > longest
                cut = self.halves(a, b) if long or (random.random() < self.level.loose / 3) else []
                if len(cut) == 2:
                    waiting[:0] = cut
                else:
                    pieces.append((a, b))
            if made and made[-1][1] == first and len(pieces) == 1 and self.level.loose:
                together = len(spelled(self.words[made[-1][0] : last], self.language))
                near = self.starts[first] - self.ends[first - 1] < 0.6
                if near and together <= 0.7 * longest and random.random() < 0.3:
                    made[-1] = (made[-1][0], last)
                    continue
            made += pieces
        return made

    def bare(self) -> list[bool]:
        """For each sentence whether it has no subtitle."""
        if self.stress != "sparse":
            return [self.random.random() < self.level.bare for _ in self.sentences]
        made: list[bool] = []
        while len(made) < len(self.sentences):
            run = self.random.randint(4, 10)
            made += [self.random.random() < 0.8] * run
        return made[: len(self.sentences)]

    def subtitles(self) -> None:
        """Write the subtitles."""
        random, level = self.random, self.level
        shown: list[tuple[float, float, tuple[int, int]]] = []
        hold = random.choice((0.0, 0.3, 0.8))
        for a, b in self.chunks():
            start = float(self.clock(self.starts[a])) + random.gauss(0, level.lead)
            end = float(self.clock(self.ends[b - 1])) + random.uniform(0, 3 * level.lead)
            if not (math.isfinite(start) and math.isfinite(end)):
                continue
            if end - start > self.ends[b - 1] - self.starts[a] + 20:
                end = start + self.ends[b - 1] - self.starts[a]
            if shown:
                before, until, words = shown[-1]
                start = max(start, before + SHORTEST)
                until = min(until, start)
                if start - until < hold and random.random() < 0.7:
                    until = start
                shown[-1] = before, until, words
            shown.append((start, max(end, start + SHORTEST), (a, b)))
        previous: Line | None = None
        for start, end, (a, b) in shown:
            text = self.written(a, b)
            again = previous is not None and previous.text == text
            if previous is not None and again and start - previous.end < 2.5 * self.step:
                # Nobody can tell on screen that the same text was written anew.
                previous.end = end
                previous.words = (previous.words[0], b)
                previous.spoken = spelled(self.words[previous.words[0] : b], self.language)
                for row in self.lines[-2:]:
                    if row.start == previous.start:
                        row.end, row.words = end, previous.words
                continue
            previous = self.subtitle(start, end, text, (a, b))

    def written(self, first: int, last: int) -> str:
        """A range of words as the subtitle writes it."""
        random = self.random
        words = list(self.words[first:last])
        if len(words) > 3 and random.random() < self.level.paraphrased:
            places = [k for k, w in enumerate(words) if w.spare or w.like]
            if places:
                k = random.choice(places)
                if words[k].like:
                    words[k] = words[k]._replace(text=words[k].like)
                else:
                    del words[k]
        elif random.random() < self.level.paraphrased:
            words = [w._replace(text=w.other) if w.other else w for w in words]
        if not self.marks:
            words[-1] = words[-1]._replace(mark="")
        text = spelled(words, self.language, self.marks)
        if self.stress == "traditional":
            text = text.translate(TO_TRADITIONAL)
        return text.upper() if self.capitals else text

    def subtitle(self, start: float, end: float, text: str, words: tuple[int, int]) -> Line:
        """Place a subtitle, with a row of another language or a second one of its own."""
        gap = 1.35 * self.letter
        spoken = spelled(self.words[words[0] : words[1]], self.language)
        if self.stress == "foreign":
            text = self.translation(text)
        if self.stress == "wrapped":
            # Two rows are usual from half a row's length on.
            cut = self.halves(*words) if len(text) > LONGEST[self.language] * 0.5 else []
            if len(cut) == 2:
                for row, (a, b) in enumerate(cut):
                    line = self.centred(self.written(a, b), self.band + row * gap, start, end)
                    line.words, line.spoken = (a, b), spelled(self.words[a:b], self.language)
                return self.lines[-2]
        line = self.centred(text, self.band, start, end)
        line.words, line.spoken = words, spoken
        if self.stress == "reveals":
            line.revealed = 0.6 * (end - start)
        if self.stress == "bilingual":
            second = self.centred(self.translation(text), self.band + gap, start, end, 0.8)
            second.role, second.words = "translation", words
        return line

    def translation(self, text: str) -> str:
        """A sentence of about as much in the other language."""
        wanted = len(text) * PACE[self.other] / PACE[self.language]
        sentences = [self.foreigner.sentence() for _ in range(3)]
        texts = [spelled(words, self.other, self.other == "en") for words in sentences]
        best = min(texts, key=lambda made: abs(len(made) - wanted))
        return best if self.other == "en" else best[: LONGEST["zh"]]

    def wide(self, text: str, letter: float) -> float:
        """How wide a text is (px)."""
        return letter * sum(_advance(c) for c in text)

    def centred(self, text: str, y: float, start: float, end: float, scale: float = 1.0) -> Line:
        """Add a row in the middle of the band."""
        letter = scale * self.letter * (0.9 if text.isascii() else 1.0)
        wide = self.wide(text, letter)
        letter *= min(1.0, 0.94 * self.width / max(wide, 1.0))
        half = self.wide(text, letter) / 2
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
        letter *= min(1.0, 0.96 * (self.width - x) / max(self.wide(text, letter), 1.0))
        x2 = x + self.wide(text, letter)
        return self.add(start, end, text, role, x, y, x2, y + 1.15 * letter, **more)

    # --- Other texts -------------------------------------------------------------------------

    def clutter(self, length: float) -> None:
        """Write all the texts that nobody says."""
        if not self.level.clutter:
            return
        self.logos(length)
        busy = self.slides(length)
        self.captions(length, busy)
        self.scene(length, busy)
        if self.random.random() < 0.5:
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
                  letter, missed=12.0 if faint else 0.5, error=1.8 if faint else 0.5)  # fmt: skip
        if random.random() < 0.5:
            start = random.uniform(0, 0.4) * length
            end = start + random.uniform(0.35, 0.6) * length
            self.left(start, end, self.speaker.headline()[:10].strip(), "fixed",
                      0.7 * self.width, 0.04 * self.height, letter)  # fmt: skip

    def slides(self, length: float) -> list[tuple[float, float]]:
        """Show slides of several rows, and tell when."""
        random = self.random
        busy: list[tuple[float, float]] = []
        for _ in range(self.several(length, 0.15)):
            start = random.uniform(2, max(3.0, length - 45))
            end = start + random.uniform(10, 40)
            if any(a < end and start < b for a, b in busy):
                continue
            busy.append((start, end))
            x, y = self.width * random.uniform(0.08, 0.3), self.height * 0.16
            title = spelled(self.speaker.sentence(), self.language, marks=False)
            self.left(start, end, title, "slide", x, y, 1.2 * self.letter)
            gap = random.uniform(1.5, 1.9) * self.letter
            for row in range(random.randint(3, 6)):
                text = spelled(self.speaker.sentence(), self.language, random.random() < 0.3)
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
        low = self.stress not in ("bilingual", "wrapped") and random.random() < 0.7
        letter = 0.8 * self.letter
        y = 0.995 * self.height - 1.15 * letter if low else 0.12 * self.height
        if low and y < self.band + 1.5 * self.letter:
            self.raise_band(y - 1.6 * self.letter)
        sign = random.choice(("  ", " | ", " · "))
        while at < length - 30:
            end = min(at + random.uniform(30, 120), length)
            speed = self.width * random.uniform(0.06, 0.12)
            text, wide = "", 0.0
            while wide < speed * (end - at) - self.width:
                text += (sign if text else "") + self.speaker.headline()
                wide = self.wide(text, letter)
            if text:
                end = at + (self.width + wide) / speed
                self.add(at, end, text, "ticker", 0, y, self.width, y + 1.15 * letter,
                         velocity=(-speed, 0))  # fmt: skip
            at = end + random.uniform(20, 90)

    def raise_band(self, y: float) -> None:
        """Move subtitles up, so that a ticker has room below."""
        by = self.band - y
        for line in self.lines:
            if line.role in ("subtitle", "translation") or abs(line.y1 - self.band) < 1:
                line.y1, line.y2 = line.y1 - by, line.y2 - by
        self.band = y

    # --- Readings ----------------------------------------------------------------------------

    def ocr(self, length: float) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:
        """What OCR reads, and the line each row is of."""
        rows: list[tuple[Any, ...]] = []
        read = self.clips if self.stress == "ranges" else self.frames
        prior = self.random.random() < 0.5
        for number, line in enumerate(self.lines):
            rate = min(0.3, self.level.ocr_error * line.error)
            line.seen = misread(line.text, SYSTEMATIC * rate, self.random)
            for row in read(line, rate * (1 - SYSTEMATIC), length):
                rows.append((*row, self.kind(line) if prior else None, number))
        order = self.random.random
        keyed = sorted(
            ((row[1] if row[0] is None else row[0], order(), row) for row in rows),
            key=lambda entry: entry[:2],
        )
        columns = ["timestamp", "start_time", "end_time", "text", "score"]
        columns += ["x1", "y1", "x2", "y2", "text_type", "line"]
        frame = pd.DataFrame([row for _, _, row in keyed], columns=columns)
        lines = frame.pop("line").to_numpy(dtype=np.int64)
        frame["result_type"] = "video_ocr" if self.stress == "ranges" else "OCR"
        return tables.conform(frame, "ocr"), lines

    def kind(self, line: Line) -> str | None:
        """The API's own opinion of a text, which is often wrong."""
        right = {"subtitle": "subtitle", "translation": "subtitle", "ticker": "scrolling"}
        kind = right.get(line.role, "caption" if line.end - line.start > 3 else None)
        if self.random.random() < 0.15:
            return self.random.choice(("subtitle", "scrolling", "caption", None))
        return kind

    def frames(self, line: Line, rate: float, length: float) -> Iterable[tuple[Any, ...]]:
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
            for text, *box in self.reading(line, time, rate):
                yield (time, None, None, text, self.score(line, text), *box)

    def clips(self, line: Line, rate: float, length: float) -> Iterable[tuple[Any, ...]]:
        """Read a line once for as long as it is there, at times in two parts."""
        random = self.random
        longest = 2.0 if line.velocity[0] else 60.0
        start, end = max(line.start, 0.0), min(line.end, length)
        if self.level.broken and random.random() < 3 * self.level.broken and end - start > 1:
            longest = min(longest, 0.6 * (end - start))
        while start < end:
            until = min(end, start + longest)
            until = end if end - until < 0.3 else until
            for text, *box in self.reading(line, start, rate)[:1]:
                times = (max(0.0, t + random.gauss(0, 0.02) * (rate > 0)) for t in (start, until))
                yield (None, *(round(t, 3) for t in times), text, self.score(line, text), *box)
            start = until

    def reading(self, line: Line, time: float, rate: float) -> list[tuple[Any, ...]]:
        """The boxes of a line on one frame: text, x1, y1, x2, y2."""
        random = self.random
        text, x1, x2 = line.seen, line.x1, line.x2
        passed = time - line.start
        if line.role == "ticker":
            text, x1, x2 = self.window(line, passed)
        elif line.revealed and passed < line.revealed:
            shown = max(1, math.ceil(len(text) * passed / line.revealed))
            x2 = x1 + (x2 - x1) * _share(text, shown)
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
            at = x1 + (x2 - x1) * _share(read, cut)
            apart = 0.15 * (line.y2 - line.y1)
            boxes = [(read[:cut].strip(), x1, whole[2], at - apart, whole[4]),
                     (read[cut:].strip(), at + apart, whole[2], x2, whole[4])]  # fmt: skip
        elif chance < 1.5 * self.level.broken:
            boxes.append((misread(text, rate, random), *whole[1:]))
        jitter = self.level.jitter * self.height / 720
        return [
            (text, *(round(edge + random.gauss(0, jitter), 1) for edge in box))
            for text, *box in boxes
            if text
        ]

    def window(self, line: Line, passed: float) -> tuple[str, float, float]:
        """The part of a ticker that is on screen, and where."""
        letter = (line.y2 - line.y1) / 1.15
        edges = _edges(line.text if len(line.seen) != len(line.text) else line.seen)
        shift = self.width + line.velocity[0] * passed
        left = bisect.bisect_left(edges, -shift / letter)
        right = bisect.bisect_right(edges, (self.width - shift) / letter) - 1
        if right <= left:
            return "", 0.0, 0.0
        text = line.seen if len(line.seen) == len(line.text) else line.text
        return text[left:right], shift + edges[left] * letter, shift + edges[right] * letter

    def score(self, line: Line, text: str) -> float:
        """How sure OCR is: less so of what it misreads, on the whole."""
        sure = self.random.uniform(0.93, 0.995)
        if text != line.text:
            sure -= self.random.uniform(0.0, 0.25)
        return round(sure, 3)

    # --- All of it ---------------------------------------------------------------------------

    def case(self, name: str) -> Case:
        """Make the case."""
        speech, spoken, parts = self.speech()
        if self.stress != "none":
            self.subtitles()
        last = self.clock(self.ends[-1]) if self.ends else 0.0
        length = max(float(last) + 3, self.seconds)
        self.clutter(length)
        for line in self.lines:
            line.end = min(line.end, length)
        transcript = spelled(self.words, self.language)
        if self.stress == "mismatched":
            other = _Maker(
                self.language, self.level, None, Random(f"{name} other"), self.seconds, self.step
            )
            speech, spoken, _ = other.speech()
            transcript = spelled(other.words, self.language)
            parts = [(0, 0)] * len(speech)
        ocr, rows = self.ocr(length)
        lines, links, numbers = self.truth(rows, parts)
        normaliser = simplified if self.stress == "traditional" else None
        truth = Truth(lines, links, self.clock, spoken, transcript, numbers[rows])
        return Case(
            name,
            self.language,
            speech,
            ocr,
            self.size,
            self.step,
            truth,
            negative=self.stress in NEGATIVE,
            clock_only=self.stress == "foreign",
            normaliser=normaliser,
        )

    def truth(
        self, rows: npt.NDArray[np.int64], parts: list[tuple[int, int]]
    ) -> tuple[pd.DataFrame, frozenset[tuple[int, int]], npt.NDArray[np.int64]]:
        """The lines that were read at least once, and what they are linked to."""
        seen = np.bincount(rows, minlength=len(self.lines)) > 0
        order = [k for k in np.argsort([line.start for line in self.lines], kind="stable")
                 if seen[k]]  # fmt: skip
        numbers = np.full(len(self.lines), -1, dtype=np.int64)
        numbers[order] = np.arange(len(order))
        first = [a for a, _ in parts]
        links: set[tuple[int, int]] = set()
        made = []
        for number, k in enumerate(order):
            line = self.lines[k]
            linked = []
            a, b = line.words
            at = max(0, bisect.bisect_right(first, a) - 2) if b > a else len(parts)
            while at < len(parts) and parts[at][0] < b:
                if self.belong((a, b), parts[at]):
                    linked.append(at)
                at += 1
            links |= {(sentence, number) for sentence in linked}
            made.append((number, max(line.start, 0.0), line.end, line.text, line.role, line.x1,
                         line.y1, line.x2, line.y2, linked, line.spoken))  # fmt: skip
        columns = ["line_id", "start_time", "end_time", "text", "role", "x1", "y1", "x2", "y2"]
        return pd.DataFrame(made, columns=[*columns, "speech", "spoken"]), frozenset(links), numbers

    def belong(self, a: tuple[int, int], b: tuple[int, int]) -> bool:
        """Whether two ranges of words share more than a scrap."""
        shared = self.long(max(a[0], b[0]), min(a[1], b[1]))
        scrap = 2 if self.language == "zh" else 5
        return shared > 0 and (shared >= scrap or shared >= min(self.long(*a), self.long(*b)))

    def long(self, first: int, last: int) -> int:
        """Characters of a range of words."""
        return sum(len(word.text) for word in self.words[first:last])


def _advance(character: str) -> float:
    """How wide a character is, in letters of the size."""
    if character == " ":
        return 0.28
    return 0.52 if character.isascii() else 1.0


def _edges(text: str) -> list[float]:
    """Where each character of a text begins, and where the last ends."""
    return [0.0, *np.cumsum([_advance(c) for c in text]).tolist()]


def _share(text: str, count: int) -> float:
    """Share of a text's width that its first characters take."""
    edges = _edges(text)
    return edges[min(count, len(text))] / (edges[-1] or 1.0)
