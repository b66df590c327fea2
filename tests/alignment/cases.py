"""Made videos for the alignment of speech and screen, with the truth of each.

A talk (talk.py) is said, heard by an ASR, written as subtitles among the other texts of a video,
and read by an OCR (noise.py) some times a second. What belongs together is known throughout, since
sentences, subtitles and what was heard are all ranges of the talk's words.

>>> case = make("zh", "clean", seed=1, minutes=1)
>>> case.truth.clock(10.0), len(case.speech) == len(case.truth.sentences)
(10.0, True)
"""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarttag_nb import tables

from .levels import LEVELS, Level
from .noise import TO_TRADITIONAL, mishear, simplified
from .reading import Reader
from .screen import LONGEST, Line, Screen
from .talk import PACE, WORDINGS, Speaker, Word, spelled, talk

Floats = npt.NDArray[np.float64]


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
SHORTEST = 0.6
"""A subtitle is shown at least so long (s)."""


@dataclass(frozen=True, eq=False)
class Truth:
    """What is so.

    Attributes
    ----------
    lines : pandas.DataFrame
        A row per text that was read at least once: line_id, start_time, end_time (s of the
        picture, as it was shown), text, role, x1, y1, x2, y2 (px; halfway, of a sign that moves;
        the whole row, of a ticker), speech (list of the speech_id
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
    if step != 0.5:
        name += f" each {step} s"
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
        self.speaker = Speaker(language, random, mixed=stress == "mixed")
        self.foreigner = Speaker(self.other, random)
        self.said = talk(self.speaker, seconds)
        self.words: list[Word] = [word for one in self.said for word in one.words]
        self.starts = [time for one in self.said for time in one.starts]
        self.ends = [time for one in self.said for time in one.ends]
        bounds = np.cumsum([0, *(len(one.words) for one in self.said)]).tolist()
        self.sentences = list(itertools.pairwise(bounds))
        self.clock = self.make_clock()
        rows = 2 if stress in ("bilingual", "wrapped") else 1
        self.screen = Screen(self.speaker, level, random, self.size, rows)
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
            start, end = some[0][0], max(row[1] for row in some)
            for row in some:
                row[:2] = start, end
            at += len(some)

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
        # One stretch in five has subtitles; a stretch is some sentences long.
        long = self.random.randint(4, 8)
        first = self.random.randrange(5)
        return [k // long % 5 != first for k in range(len(self.sentences))]

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
                for row in self.screen.lines[-2:]:
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
        screen = self.screen
        spoken = spelled(self.words[words[0] : words[1]], self.language)
        if self.stress == "foreign":
            text = self.translation(text)
        if self.stress == "wrapped":
            # Two rows are usual from half a row's length on.
            cut = self.halves(*words) if len(text) > LONGEST[self.language] * 0.5 else []
            if len(cut) == 2:
                for row, (a, b) in enumerate(cut):
                    line = screen.centred(
                        self.written(a, b), screen.band + row * screen.gap, start, end
                    )
                    line.words, line.spoken = (a, b), spelled(self.words[a:b], self.language)
                return screen.lines[-2]
        line = screen.centred(text, screen.band, start, end)
        line.words, line.spoken = words, spoken
        if self.stress == "reveals":
            line.revealed = 0.6 * (end - start)
        if self.stress == "bilingual":
            second = screen.centred(
                self.translation(text), screen.band + screen.gap, start, end, 0.8
            )
            second.role, second.words = "translation", words
        return line

    def translation(self, text: str) -> str:
        """A sentence of about as much in the other language."""
        wanted = len(text) * PACE[self.other] / PACE[self.language]
        sentences = [self.foreigner.sentence() for _ in range(3)]
        texts = [spelled(words, self.other, self.other == "en") for words in sentences]
        best = min(texts, key=lambda made: abs(len(made) - wanted))
        return best if self.other == "en" else best[: LONGEST["zh"]]

    # --- All of it ---------------------------------------------------------------------------

    def case(self, name: str) -> Case:
        """Make the case."""
        speech, spoken, parts = self.speech()
        if self.stress != "none":
            self.subtitles()
        last = self.clock(self.ends[-1]) if self.ends else 0.0
        length = max(float(last) + 3, self.seconds)
        self.screen.clutter(length)
        for line in self.screen.lines:
            line.end = min(line.end, length)
        transcript = spelled(self.words, self.language)
        if self.stress == "mismatched":
            other = _Maker(
                self.language, self.level, None, Random(f"{name} other"), self.seconds, self.step
            )
            speech, spoken, _ = other.speech()
            transcript = spelled(other.words, self.language)
            parts = [(0, 0)] * len(speech)
        reader = Reader(self.level, self.random, self.size, self.step, self.stress == "ranges")
        ocr, rows = reader.read(self.screen.lines, length)
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
        all_lines = self.screen.lines
        seen = np.bincount(rows, minlength=len(all_lines)) > 0
        order = [k for k in np.argsort([line.start for line in all_lines], kind="stable")
                 if seen[k]]  # fmt: skip
        numbers = np.full(len(all_lines), -1, dtype=np.int64)
        numbers[order] = np.arange(len(order))
        first = [a for a, _ in parts]
        links: set[tuple[int, int]] = set()
        made = []
        for number, k in enumerate(order):
            line = all_lines[k]
            linked = []
            a, b = line.words
            at = max(0, bisect.bisect_right(first, a) - 2) if b > a else len(parts)
            while at < len(parts) and parts[at][0] < b:
                if self.belong((a, b), parts[at]):
                    linked.append(at)
                at += 1
            links |= {(sentence, number) for sentence in linked}
            start = max(line.start, 0.0)
            made.append((number, start, line.end, line.text, line.role, *line.box(),
                         linked, line.spoken))  # fmt: skip
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
