"""Speech beside screen: how much of the truth is found, by ours and by what one would use instead.

Run from the repository's root as ``python -m tests.benchmarks.alignment``; ``--quick`` takes two
seeds and the three levels, ``--only "en hard"`` the cases whose name has that in it.

The cases are made (tests/alignment/cases.py), ten minutes each, with known truth; another seed is
another video. Counts are summed over the seeds, only link F1 is their mean. The other ways to link
are given the subtitles that ours has found, so that they differ in the linking alone. meeteval is
of this benchmark only: ``pip install meeteval``; without it its column stays empty.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import math
import multiprocessing
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any

import numpy as np
import pandas as pd

from smarttag_nb import alignment
from tests.alignment.cases import CHINESE_ONLY, NEGATIVE, STRESSES, Case, make
from tests.alignment.judge import (
    SUBTITLES,
    Found,
    Judgement,
    band_lines,
    clock_errors,
    in_band,
    judge,
    judge_links,
    match,
    total,
)
from tests.benchmarks import rivals

LEVELS = {"easy": 0.99, "mid": 0.985, "hard": 0.97}
"""Least link F1 of each level."""
STRESSED = dict.fromkeys(STRESSES, 0.96) | dict.fromkeys(("offset", "cut", "rate", "shared"), 0.98)
"""Least link F1 of each stress case; where nothing is to be linked, no link may be found."""
STEPS = (0.2, 1.0)
"""Sampling steps (s) beside the usual half second."""
LINES = {"easy": 0.99, "mid": 0.99, "hard": 0.985}
DUPLICATED, ROLES, CLOCK = 0.01, 0.97, 0.2
FUSED_LINES, FUSED = 0.5, 0.4
"""Most errors, as a share of one frame's and of the ASR's."""
SECONDS, MEGABYTES, DOUBLED = 5.0, 150.0, 2.2
"""Most for two hours; and for four hours, as a multiple of two."""
MINUTES = 10


@dataclass(frozen=True)
class Kind:
    """A kind of case: what `make` is given beside the seed, and the least link F1."""

    language: str
    level: str
    stress: str | None = None
    step: float = 0.5
    bar: float = math.nan

    @property
    def name(self) -> str:
        """What it is called in the tables."""
        if self.step != 0.5:
            return f"{self.language} step {self.step}"
        return f"{self.language} {self.stress or self.level}"

    def make(self, seed: int, minutes: float = MINUTES) -> Case:
        """Make a case of the kind."""
        return make(self.language, self.level, self.stress, seed, minutes, self.step)


def kinds() -> list[Kind]:
    """All kinds: the levels, the sampling steps, then the stress cases."""
    made = [Kind(lang, level, bar=bar) for lang in ("zh", "en") for level, bar in LEVELS.items()]
    made += [Kind(lang, "mid", step=step, bar=0.96) for step in STEPS for lang in ("zh", "en")]
    made += [
        Kind(language, "mid", stress, bar=bar)
        for stress, bar in STRESSED.items()
        for language in ("zh", "en")
        if language == "zh" or stress not in CHINESE_ONLY
    ]
    return made


@dataclass
class Outcome:
    """What came of one case."""

    kind: Kind
    judgement: Judgement
    linked: int
    """Links found."""
    clocked: bool
    """Whether a clock was found."""
    seconds: float
    links: dict[str, Found] = field(default_factory=dict)
    """Of the other ways, on the lines ours found."""
    clock: Any = None
    """How far (s) the clock of the FFT is off."""
    band: dict[str, tuple[Found, int]] = field(default_factory=dict)
    """Lines in the subtitles' band, and duplicates, by way."""


def align(case: Case) -> alignment.Alignment:
    """Align a case as a user would."""
    return alignment.align(
        speech=case.speech, ocr=case.ocr, size=case.size, normaliser=case.normaliser
    )


def measure(task: tuple[Kind, int, bool]) -> Outcome | str:
    """Make a case, align it and judge what came out, beside the other ways; or say what failed."""
    kind, seed, others = task
    case = kind.make(seed)
    begun = time.perf_counter()
    try:
        made = align(case)
    except Exception as error:  # One case that fails must not lose the run.
        return f"{case.name}: {error!r}"
    seconds = time.perf_counter() - begun
    outcome = Outcome(kind, judge(case, made), len(made.links), made.clock.ok, seconds)
    if others:
        compare(case, made, outcome)
    return outcome


def compare(case: Case, made: alignment.Alignment, outcome: Outcome) -> None:
    """Judge the other ways on the same case."""
    lines = made.lines[made.lines["role"].isin(SUBTITLES)].reset_index(drop=True)
    matched, _ = match(case, made.lines)
    pairs = {name: link(case.speech, lines) for name, link in ways().items()}
    pairs["true clock"] = rivals.time_overlap(case.speech, lines, case.truth.clock)
    for name, found in pairs.items():
        links = pd.DataFrame(sorted(found), columns=["speech_id", "line_id"])
        outcome.links[name], _ = judge_links(case, made.lines, links, matched)
    if not case.negative:
        outcome.clock = clock_errors(case, rivals.correlation_clock(case.speech, lines))
    if case.ocr["timestamp"].notna().all() and (case.truth.lines["role"] == "subtitle").any():
        outcome.band["ours"] = band_lines(case, made.lines)
        ripped = rivals.consecutive_lines(case.ocr[in_band(case, case.ocr)])
        outcome.band["consecutive ratio"] = band_lines(case, ripped)


def ways() -> dict[str, Callable[[pd.DataFrame, pd.DataFrame], rivals.Pairs]]:
    """The other ways to link that are installed."""
    there = dict(rivals.LINKS)
    if importlib.util.find_spec("meeteval") is None:
        del there["meeteval tcpWER"]
    else:
        # It warns of each pair of sentences that lie in one another.
        logging.getLogger("preprocess").setLevel(logging.ERROR)
    return there


# --- The tables --------------------------------------------------------------------------------


def print_ours(outcomes: list[Outcome], wanted: list[Kind]) -> None:
    """Print what ours finds, and how that stands to what is asked."""
    print(f"{'':16}{'link F1':>8}{'least':>7}{'asked':>7}{'lines':>7}{'twice':>7}{'roles':>7}"
          f"{'subt.':>7}{'clock P50':>11}{'P95':>6}{'frame':>8}{'vote':>6}{'fused':>7}"
          f"{'ASR':>7}{'fused':>7}{'s':>6}")  # fmt: skip
    for kind in wanted:
        own = [outcome for outcome in outcomes if outcome.kind == kind]
        summed = total(outcome.judgement for outcome in own)
        each = [outcome.judgement.links.f1 for outcome in own]
        if kind.stress in NEGATIVE:
            linked = sum(outcome.linked for outcome in own)
            link = f"{linked:>8}{'':7}{'0':>7}"
        elif kind.stress == "foreign":
            clocks = sum(outcome.clocked for outcome in own)
            link = f"{f'{clocks}/{len(own)} clocks':>22}"
        else:
            flag = "" if fmean(each) >= kind.bar else "!"
            link = f"{flag + f'{fmean(each):.3f}':>8}{min(each):7.3f}{kind.bar:7.3f}"
        rates = [summed.frame, summed.voted, summed.fused_lines, summed.asr, summed.fused]
        frame, vote, fused_lines, asr, fused = (_rate(one.rate) for one in rates)
        print(f"{kind.name:16}{link}{summed.lines.f1:7.3f}{summed.duplicated:7.3f}"
              f"{summed.roles.f1:7.3f}{summed.subtitles.f1:7.3f}{_rate(summed.off(50), 2):>11}"
              f"{_rate(summed.off(95), 2):>6}{frame:>8}{vote:>6}{fused_lines:>7}{asr:>7}{fused:>7}"
              f"{median(outcome.seconds for outcome in own):6.2f}")  # fmt: skip


def _rate(value: float, digits: int = 3) -> str:
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def print_bars(outcomes: list[Outcome]) -> None:
    """Print what is asked over the levels, over the stress cases, and whether it is met."""
    levels = [outcome for outcome in outcomes if outcome.kind.stress is None]
    levels = [outcome for outcome in levels if outcome.kind.step == 0.5]
    if not levels:
        return
    rows: list[tuple[str, float, str, float]] = []
    for level in LEVELS:
        own = [outcome.judgement for outcome in levels if outcome.kind.level == level]
        if own:
            rows.append((f"link F1, {level}", fmean(one.links.f1 for one in own), "≥",
                         LEVELS[level]))  # fmt: skip
            rows.append((f"line F1, {level}", total(own).lines.f1, "≥", LINES[level]))
    summed = total(outcome.judgement for outcome in levels)
    rows += [
        ("duplicated lines", summed.duplicated, "≤", DUPLICATED),
        ("roles", summed.roles.f1, "≥", ROLES),
        ("clock P95 (s)", summed.off(95), "≤", CLOCK),
        ("line CER, vote ÷ one frame", summed.voted.rate / summed.frame.rate, "", math.nan),
        ("line CER, fused ÷ one frame", summed.fused_lines.rate / summed.frame.rate, "≤",
         FUSED_LINES),
        ("transcript CER, fused ÷ ASR", summed.fused.rate / summed.asr.rate, "≤", FUSED),
    ]  # fmt: skip
    print("\nOver the three levels in both languages")
    print(f"{'':32}{'is':>8}{'asked':>10}")
    for name, value, sign, bar in rows:
        met = value >= bar if sign == "≥" else value <= bar
        asked = f"{sign} {bar:g}" if sign else ""
        print(f"{name:32}{value:8.3f}{asked:>10}{'' if met or not sign else '  missed'}")


def print_others(outcomes: list[Outcome], wanted: list[Kind]) -> None:
    """Print link F1 of the other ways beside ours, and lines in the subtitles' band."""
    names = [*ways(), "true clock"]
    print("\nLink F1 on the lines ours found (true clock: time overlap, were the clock known)")
    print(f"{'':16}{'ours':>8}" + "".join(f"{name:>20}" for name in names) + f"{'FFT P95, s':>12}")
    for kind in wanted:
        own = [outcome for outcome in outcomes if outcome.kind == kind]
        if kind.stress in (*NEGATIVE, "foreign"):
            continue
        found = [fmean(outcome.links[name].f1 for outcome in own) for name in names]
        ours = fmean(outcome.judgement.links.f1 for outcome in own)
        off = np.percentile(np.concatenate([outcome.clock for outcome in own]), 95)
        shown = "".join(f"{value:20.3f}" for value in found)
        print(f"{kind.name:16}{ours:8.3f}{shown}{off:12.2f}")
    negative = [kind for kind in wanted if kind.stress in NEGATIVE]
    if negative:
        print("\nLinks found where there is none to be found")
        for kind in negative:
            own = [outcome for outcome in outcomes if outcome.kind == kind]
            counts = [sum(outcome.links[name].found for outcome in own) for name in names]
            ours = sum(outcome.linked for outcome in own)
            print(f"{kind.name:16}{ours:8}" + "".join(f"{count:20}" for count in counts))

    print("\nLines in the subtitles' band (F1, share of duplicates)")
    print(f"{'':16}{'ours':>16}{'consecutive ratio':>24}")
    for kind in wanted:
        own = [o.band for o in outcomes if o.kind == kind and o.band]
        if own:
            shown = []
            for way in ("ours", "consecutive ratio"):
                summed = sum((band[way][0] for band in own), start=Found())
                twice = sum(band[way][1] for band in own) / max(summed.found, 1)
                shown.append(f"{summed.f1:.3f}, {twice:.3f}")
            print(f"{kind.name:16}{shown[0]:>16}{shown[1]:>24}")


# --- Long videos -------------------------------------------------------------------------------


def long_case(minutes: float) -> Case:
    """Two hours of it have 50,000 boxes and 2,500 sentences."""
    return Kind("zh", "mid", step=0.39).make(5, minutes)


def one(way: str, minutes: float, times: int) -> None:
    """Measure one way in this process: median seconds, then the peak of what it holds."""
    case = long_case(minutes)
    true = case.truth.lines
    lines = true[true["role"].isin(SUBTITLES)]

    def run(case: Case, lines: pd.DataFrame) -> None:
        if way == "ours":
            align(case)
        else:
            ways()[way](case.speech, lines)

    # What is imported on first use is not part of it.
    run(Kind("zh", "easy").make(1, 1), lines[:10])
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        run(case, lines)
        taken.append(time.perf_counter() - begun)
    tracemalloc.start()
    run(case, lines)
    print(median(taken), tracemalloc.get_traced_memory()[1] / 1e6, len(case.ocr), len(case.speech))


def print_long(times: int, others: bool) -> None:
    """Print what long videos take."""

    def run(way: str, minutes: float) -> tuple[float, float, int, int]:
        arguments = ["-m", "tests.benchmarks.alignment", "--one", way, str(minutes), str(times)]
        done = subprocess.run(
            [sys.executable, *arguments], check=True, capture_output=True, text=True
        )
        seconds, peak, boxes, sentences = done.stdout.split()
        return float(seconds), float(peak), int(boxes), int(sentences)

    two, four = run("ours", 120), run("ours", 240)
    print(f"\nTwo hours: {two[2]:,} boxes, {two[3]:,} sentences")
    print(f"{'':34}{'seconds':>9}{'÷ ours':>8}{'peak, MB':>10}{'asked':>24}")
    asked = f"≤ {SECONDS:g} s, ≤ {MEGABYTES:g} MB"
    print(f"{'ours, all of align':34}{two[0]:9.2f}{1:8.2f}{two[1]:10.0f}{asked:>24}")
    print(f"{'ours, 4 h ÷ 2 h':34}{four[0] / two[0]:9.2f}{'':18}{f'≤ {DOUBLED:g}':>24}")
    for way in ways() if others else ():
        seconds, peak, *_ = run(way, 120)
        print(f"{way + ', links alone':34}{seconds:9.2f}{seconds / two[0]:8.2f}{peak:10.0f}")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10, help="videos of each (default: 10)")
    parser.add_argument("--quick", action="store_true", help="two seeds of the levels alone")
    parser.add_argument("--only", default="", help="cases whose name has this in it")
    parser.add_argument("--no-rivals", action="store_true", help="ours alone")
    parser.add_argument("--no-long", action="store_true", help="without the long videos")
    parser.add_argument("--jobs", type=int, default=1, help="processes for the seeds (default: 1)")
    parser.add_argument("--times", type=int, default=3, help="runs of a long video (default: 3)")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one(given.one[0], float(given.one[1]), int(given.one[2]))
        return

    wanted = [kind for kind in kinds() if given.only in kind.name]
    if given.quick:
        wanted = [kind for kind in wanted if kind.stress is None and kind.step == 0.5]
    seeds = 2 if given.quick else given.seeds
    tasks = [(kind, seed, not given.no_rivals) for kind in wanted for seed in range(seeds)]
    results = list(run_all(tasks, given.jobs))
    outcomes = [result for result in results if isinstance(result, Outcome)]
    failures = [result for result in results if isinstance(result, str)]
    wanted = [kind for kind in wanted if any(outcome.kind == kind for outcome in outcomes)]
    print(f"Ours, {seeds} videos of {MINUTES} minutes each\n")
    print_ours(outcomes, wanted)
    print_bars(outcomes)
    if not given.no_rivals:
        print_others(outcomes, wanted)
    if not (given.no_long or given.quick or given.only):
        print_long(given.times, not given.no_rivals)
    if failures:
        sys.exit("\nFailed, and not in the tables:\n" + "\n".join(failures))


def run_all(tasks: list[tuple[Kind, int, bool]], jobs: int) -> Iterable[Outcome | str]:
    """Measure all cases, in so many processes."""
    if jobs == 1:
        return [measure(task) for task in tasks]
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        return pool.map(measure, tasks, chunksize=2)


if __name__ == "__main__":
    main()
