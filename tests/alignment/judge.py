"""How well an alignment tells the truth of a case, in counts that can be summed.

Lines are matched one to one: a found line may be a true one if their times overlap by half of the
shorter, their places by half of the lower and half of the narrower (what moves: anywhere on its
way), and their texts are alike by half; of several, the pair most alike in text and time is taken
first. What is left over is a *duplicate* where it could have been a true line that another one has
taken, and *spurious* otherwise; both count against precision. A ticker is matched by the part of it
that was found.

Links are pairs of a sentence and a true line, through the matching: a link is false if its line is
spurious, a duplicate, or matched to a line that the sentence does not write. A link of kind time
counts like any other. `links` holds translations too, `plain_links` only what is not a translation.

Character errors are Levenshtein distances over letters, digits and ideographs in one width and
case. A line's text is compared with what was written. What the fused transcript makes of a subtitle
is the stretch of the fused text of the sentences it truly writes that is nearest to it (any stretch
of them, ends free), compared with what was written or what was said, whichever is nearer: both are
right where a subtitle shortens. Lines of which the ASR heard no sentence are left out there.

>>> from .cases import make
>>> case = make("zh", "clean", seed=1, minutes=1)
>>> judge(case, oracle(case)).links.f1
1.0
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from .cases import Case

SUBTITLES = ("subtitle", "translation")


@dataclass
class Found:
    """How many were found rightly, found in all, and there to be found."""

    right: int = 0
    found: int = 0
    true: int = 0

    @property
    def precision(self) -> float:
        """Share of the found that is right; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the true that was found; 1 where there was nothing."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        both = self.found + self.true
        return 2 * self.right / both if both else 1.0

    def __add__(self, other: Found) -> Found:
        return Found(self.right + other.right, self.found + other.found, self.true + other.true)


@dataclass
class Errors:
    """Character errors and how many characters there are."""

    wrong: int = 0
    length: int = 0

    @property
    def rate(self) -> float:
        """Character error rate; NaN where there is nothing to read."""
        return self.wrong / self.length if self.length else math.nan

    def __add__(self, other: Errors) -> Errors:
        return Errors(self.wrong + other.wrong, self.length + other.length)


@dataclass
class Judgement:
    """Counts of one case, or the sum over several.

    Attributes
    ----------
    lines : Found
        Lines of all roles.
    duplicates : int
        Found lines of a true line that another one was matched to.
    roles : Found
        Matched lines of the right role, among those matched.
    subtitles : Found
        Lines found as subtitle or translation that are one of the two, and rightly which.
    links, plain_links : Found
        Links with those of translations, and without.
    clock : array
        How far (s) the clock is off at the start of each sentence; infinite without a clock.
    frame, voted, fused_lines : Errors
        Of subtitles: in one frame's reading, in the line's text, in the fused transcript.
    asr, fused : Errors
        Of the transcript, before and after.
    """

    lines: Found = field(default_factory=Found)
    duplicates: int = 0
    roles: Found = field(default_factory=Found)
    subtitles: Found = field(default_factory=Found)
    links: Found = field(default_factory=Found)
    plain_links: Found = field(default_factory=Found)
    clock: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    frame: Errors = field(default_factory=Errors)
    voted: Errors = field(default_factory=Errors)
    fused_lines: Errors = field(default_factory=Errors)
    asr: Errors = field(default_factory=Errors)
    fused: Errors = field(default_factory=Errors)

    @property
    def duplicated(self) -> float:
        """Share of the found lines that are duplicates."""
        return self.duplicates / self.lines.found if self.lines.found else 0.0

    def off(self, percentile: float) -> float:
        """Clock error (s) that so many per cent stay within; NaN where nothing was measured."""
        if not len(self.clock):
            return math.nan
        return float(np.percentile(self.clock, percentile, method="higher"))

    def __add__(self, other: Judgement) -> Judgement:
        added = {}
        for one in fields(self):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            added[one.name] = (
                np.concatenate([mine, theirs]) if one.name == "clock" else mine + theirs
            )
        return Judgement(**added)


def total(judgements: Iterable[Judgement]) -> Judgement:
    """Sum the counts of several cases."""
    return sum(judgements, start=Judgement())


def judge(case: Case, found: Any) -> Judgement:
    """Judge what was found in a case.

    Parameters
    ----------
    case : Case
        The case with its truth.
    found : Alignment or any object
        Has some of the attributes lines, links, clock and fused, as those of an Alignment. What is
        missing, or None, is not judged; of lines the columns line_id, start_time, end_time,
        text, x1, y1, x2, y2 are read, and role where it is there.

    Returns
    -------
    Judgement
        The counts.
    """
    made = Judgement()
    lines = getattr(found, "lines", None)
    if lines is not None:
        lines = lines.reset_index(drop=True)
        matched, duplicated = match(case, lines)
        true = case.truth.lines
        made.lines = Found(len(matched), len(lines), len(true))
        made.duplicates = len(duplicated)
        if "role" in lines:
            _judge_roles(made, true, lines, matched)
        made.frame = frame_errors(case)
        made.voted = _voted(case, lines, matched)
        links = getattr(found, "links", None)
        if links is not None:
            made.links, made.plain_links = judge_links(case, lines, links, matched)
    clock = getattr(found, "clock", None)
    if clock is not None and not case.negative:
        made.clock = clock_errors(case, clock)
    fused = getattr(found, "fused", None)
    if fused is not None:
        made.asr, made.fused = transcript_errors(case, fused)
        if not case.clock_only:
            made.fused_lines = fused_line_errors(case, fused)
    return made


def compared(case: Case, text: str) -> str:
    """What of a text is compared."""
    spelled = case.normaliser(text) if case.normaliser else text
    folded = unicodedata.normalize("NFKC", spelled).casefold()
    return "".join(c for c in folded if c.isalnum())


# --- Lines ---------------------------------------------------------------------------------------


def match(case: Case, lines: pd.DataFrame) -> tuple[dict[int, int], dict[int, int]]:
    """Match found lines to true ones.

    Returns
    -------
    matched, duplicated : dict of int to int
        Position of the found line → line_id of the true one.
    """
    true = case.truth.lines
    pairs = _candidates(case, true, lines)
    matched: dict[int, int] = {}
    taken: set[int] = set()
    duplicated: dict[int, int] = {}
    for _, f, t in pairs:
        if f not in matched and t not in taken:
            matched[f] = t
            taken.add(t)
    for _, f, t in pairs:
        if f not in matched and f not in duplicated:
            duplicated[f] = t
    return matched, duplicated


def band_lines(case: Case, lines: pd.DataFrame) -> tuple[Found, int]:
    """Judge the lines in the subtitles' band alone, as one would who crops the picture to it.

    Returns
    -------
    found : Found
        Of subtitles and translations; other texts that stand there for a while do not count.
    duplicates : int
        How many of the found are duplicates.
    """
    true = case.truth.lines
    subtitles = set(true.loc[true["role"].isin(SUBTITLES), "line_id"])
    lines = lines[in_band(case, lines)].reset_index(drop=True)
    matched, duplicated = match(case, lines)
    right = sum(t in subtitles for t in matched.values())
    twice = sum(t in subtitles for t in duplicated.values())
    others = len(matched) - right + len(duplicated) - twice
    return Found(right, len(lines) - others, len(subtitles)), twice


def in_band(case: Case, frame: pd.DataFrame) -> pd.Series:
    """Which boxes of a frame have their middle in the band of the subtitles."""
    true = case.truth.lines[case.truth.lines["role"].isin(SUBTITLES)]
    return ((frame["y1"] + frame["y2"]) / 2).between(true["y1"].min(), true["y2"].max())


def _candidates(
    case: Case, true: pd.DataFrame, lines: pd.DataFrame
) -> list[tuple[float, int, int]]:
    """Pairs that may be one line: how much alike, found, true; the most alike first."""
    if lines.empty or true.empty:
        return []
    columns = ["start_time", "end_time", "x1", "y1", "x2", "y2"]
    starts, ends, x1, y1, x2, y2 = (true[name].to_numpy(dtype=float) for name in columns)
    texts = [compared(case, text) for text in true["text"]]
    tickers = (true["role"] == "ticker").to_numpy()
    # What moves is somewhere else on each frame: anywhere along its way will do.
    moving = tickers | (true["role"] == "scene").to_numpy()
    seen = case.ocr.groupby(case.truth.rows)
    low, top = seen[["x1", "y1"]].min().to_numpy().T
    high, bottom = seen[["x2", "y2"]].max().to_numpy().T
    x1, y1 = np.where(moving, low, x1), np.where(moving, top, y1)
    x2, y2 = np.where(moving, high, x2), np.where(moving, bottom, y2)
    made = []
    for f, row in enumerate(lines[[*columns, "text"]].itertuples(index=False)):
        shared = np.minimum(ends, row.end_time) - np.maximum(starts, row.start_time)
        shorter = np.minimum(ends - starts, row.end_time - row.start_time)
        near = shared >= 0.5 * np.maximum(shorter, 1e-3)
        high = np.minimum(y2, row.y2) - np.maximum(y1, row.y1)
        wide = np.minimum(x2, row.x2) - np.maximum(x1, row.x1)
        near &= high >= np.where(moving, 0.0, 0.5 * np.minimum(y2 - y1, row.y2 - row.y1))
        near &= wide >= np.where(moving, 0.0, 0.5 * np.minimum(x2 - x1, row.x2 - row.x1))
        text = compared(case, row.text if isinstance(row.text, str) else "")
        for t in np.flatnonzero(near):
            alike = fuzz.partial_ratio if tickers[t] else fuzz.ratio
            likeness = _alike(alike, text, texts[t])
            part = _alike(fuzz.partial_ratio, text, texts[t])
            if max(likeness, part) < 0.5:
                continue
            union = max(ends[t], row.end_time) - min(starts[t], row.start_time)
            # A piece of a line is a candidate too, after all whole ones.
            score = likeness + shared[t] / max(union, 1e-3) - (10 if likeness < 0.5 else 0)
            made.append((score, f, int(t)))
    made.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    return [(score, f, int(true["line_id"].iloc[t])) for score, f, t in made]


def _alike(measure: Callable[..., float], a: str, b: str) -> float:
    """Likeness of two texts, also of two without any letter."""
    return 1.0 if a == b else measure(a, b) / 100 if a and b else 0.0


def _judge_roles(
    made: Judgement, true: pd.DataFrame, lines: pd.DataFrame, matched: dict[int, int]
) -> None:
    so, said = true["role"].tolist(), lines["role"].tolist()
    right = [f for f, t in matched.items() if said[f] == so[t]]
    made.roles = Found(len(right), len(matched), len(matched))
    made.subtitles = Found(
        sum(said[f] in SUBTITLES for f in right),
        sum(role in SUBTITLES for role in said),
        sum(role in SUBTITLES for role in so),
    )


# --- Links and clock -----------------------------------------------------------------------------


def judge_links(
    case: Case, lines: pd.DataFrame, links: pd.DataFrame, matched: dict[int, int]
) -> tuple[Found, Found]:
    """Judge links (speech_id, line_id): all of them, and those without translations."""
    matched_id = {int(lines["line_id"].iloc[f]): t for f, t in matched.items()}
    position = {one: k for k, one in enumerate(case.speech["speech_id"])}
    told: set[tuple[int, int]] = set()
    false = 0
    for sentence, line in zip(links["speech_id"], links["line_id"], strict=True):
        if line in matched_id:
            told.add((position[sentence], matched_id[line]))
        else:
            false += 1
    true = case.truth.links
    every = Found(len(told & true), len(told) + false, len(true))
    roles = case.truth.lines["role"].tolist()
    told = {link for link in told if roles[link[1]] != "translation"}
    true = frozenset(link for link in true if roles[link[1]] != "translation")
    return every, Found(len(told & true), len(told) + false, len(true))


def clock_errors(case: Case, clock: Callable[[Any], Any]) -> npt.NDArray[np.float64]:
    """How far (s) a clock is off where the sentences start and the picture shows them."""
    times = case.speech["start_time"].to_numpy(dtype=float)
    true = np.asarray(case.truth.clock(times))
    shown = ~np.isnan(true)
    off = np.abs(np.asarray(clock(times), dtype=float) - true)[shown]
    return np.nan_to_num(off, nan=np.inf)


# --- Character errors ----------------------------------------------------------------------------


def _errors(case: Case, found: str, true: str) -> Errors:
    reference = compared(case, true)
    return Errors(Levenshtein.distance(compared(case, found), reference), len(reference))


def frame_errors(case: Case) -> Errors:
    """Errors of one frame's reading of a subtitle, over all frames that read it in one box."""
    rows = pd.DataFrame({"line": case.truth.rows, "time": case.ocr["timestamp"]})
    rows["text"] = case.ocr["text"]
    roles = case.truth.lines["role"].to_numpy()
    rows = rows[np.isin(roles[rows["line"]], SUBTITLES)]
    rows = rows[~rows.duplicated(["line", "time"], keep=False) | rows["time"].isna()]
    true = case.truth.lines["text"].tolist()
    made = Errors()
    for (line, text), count in rows.groupby(["line", "text"]).size().items():
        one = _errors(case, text, true[line])
        made += Errors(one.wrong * count, one.length * count)
    return made


def _voted(case: Case, lines: pd.DataFrame, matched: dict[int, int]) -> Errors:
    """Errors of the texts of subtitles that were found."""
    true = case.truth.lines
    texts, roles = true["text"].tolist(), true["role"].tolist()
    found = lines["text"].fillna("").tolist()
    made = Errors()
    for f, t in matched.items():
        if roles[t] in SUBTITLES:
            made += _errors(case, found[f], texts[t])
    return made


def transcript_errors(case: Case, fused: pd.DataFrame) -> tuple[Errors, Errors]:
    """Errors of the transcript as the ASR gives it, and of the fused one."""
    in_order = fused.sort_values("start_time", kind="stable")["text"]
    heard = "".join(case.speech["text"].fillna(""))
    true = case.truth.transcript
    return _errors(case, heard, true), _errors(case, "".join(in_order.fillna("")), true)


def fused_line_errors(case: Case, fused: pd.DataFrame) -> Errors:
    """Errors of what the fused transcript makes of each subtitle."""
    told = fused[fused["speech_id"].notna()]
    ids = case.speech["speech_id"].tolist()
    by_id = dict(zip(told["speech_id"].astype(int), told["text"].fillna(""), strict=True))
    texts = [compared(case, by_id.get(one, "")) for one in ids]
    made = Errors()
    true = case.truth.lines
    rows = true[(true["role"] == "subtitle") & (true["speech"].str.len() > 0)]
    for written, spoken, speech in zip(rows["text"], rows["spoken"], rows["speech"], strict=True):
        text = "".join(texts[sentence] for sentence in speech)
        one = compared(case, written)
        wrong = min(infix_distance(one, text), infix_distance(compared(case, spoken), text))
        made += Errors(wrong, len(one))
    return made


def infix_distance(pattern: str, text: str) -> int:
    """Least Levenshtein distance of a pattern to any stretch of a text.

    >>> infix_distance("step two", "then stop two is")
    1
    """
    if pattern in text:
        return 0
    codes = np.array([ord(c) for c in text], dtype=np.int64)
    places = np.arange(len(text) + 1)
    # Row k: distance of the first k characters to the best stretch that ends there.
    row = np.zeros(len(text) + 1, dtype=np.int64)
    for k, one in enumerate(pattern, start=1):
        below = np.empty_like(row)
        below[0] = k
        below[1:] = np.minimum(row[:-1] + (codes != ord(one)), row[1:] + 1)
        row = np.minimum.accumulate(below - places) + places
    return int(row.min())


# --- The truth as a result -----------------------------------------------------------------------


def oracle(case: Case) -> Any:
    """The truth in the form of an alignment."""
    truth = case.truth
    links = pd.DataFrame(sorted(truth.links), columns=["speech_id", "line_id"])
    fused = case.speech[["speech_id", "start_time", "end_time"]].copy()
    fused["text"] = truth.sentences
    return SimpleNamespace(lines=truth.lines.copy(), links=links, clock=truth.clock, fused=fused)
