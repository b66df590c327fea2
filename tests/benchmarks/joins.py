"""Pairs of ranges that lie together in time: ours beside DuckDB, pandas and the limit of sorting.

Run as ``python tests/benchmarks/joins.py``; ``--full`` goes on to 1,000,000 ranges on either side.

Each way runs in a process of its own, several times in turn with the others, so that neither
memory nor the machine's mood of the moment favours one; medians are printed, and ratios of them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

import numpy as np
import pandas as pd

RANGES = 100_000
SAMPLE = 50
"""Rows of one side that a way quadratic in them is tried on; its time is scaled up to all."""


def ranges(count: int, seed: int, shape: str = "spread") -> pd.DataFrame:
    """So many ranges, of which each meets ten of another such frame."""
    random = np.random.default_rng(seed)
    start = np.round(random.uniform(0, count, count), 3)
    end = np.round(start + random.uniform(0, 10, count), 3)
    if shape == "one over all":
        # The others are shorter by a fifth, so that there are as many pairs.
        end = np.round(start + (end - start) * 0.8, 3)
        start[0], end[0] = 0, 2 * count
    if shape == "all over all":
        # Nearly every two overlap, and none lies in another.
        start = np.arange(count) + 0.25 * seed
        end = start + count - seed
    return pd.DataFrame({"start_time": start, "end_time": end})


# --- The ways: each takes two frames and returns the number of pairs ---------------------------


def ours(a: pd.DataFrame, b: pd.DataFrame, how: str) -> int:
    """intervals.join."""
    from smarttag_nb import intervals

    within = 2.0 if how == "within" else 0.0
    return len(intervals.join(a, b, how, within))  # type: ignore[arg-type]


CONDITIONS = {
    "overlaps": "a.start_time <= b.end_time and b.start_time <= a.end_time",
    "during": "b.start_time <= a.start_time and a.end_time <= b.end_time",
    "within": "a.start_time <= b.end_time + 2 and b.start_time <= a.end_time + 2",
}


def duckdb(a: pd.DataFrame, b: pd.DataFrame, how: str) -> int:
    """An inequality join of both frames, its pairs and their shared time as a frame."""
    import duckdb

    named = {"a": a.rename_axis("row_id").reset_index(), "b": b.rename_axis("row_id").reset_index()}
    with duckdb.connect() as database:
        for name, frame in named.items():
            database.register(name, frame)
        query = (
            "select a.row_id as row_a, b.row_id as row_b, "
            "greatest(a.start_time, b.start_time) as s, "
            f"least(a.end_time, b.end_time) as e from a join b on {CONDITIONS[how]}"
        )
        return len(database.sql(query).df())


def interval_index(a: pd.DataFrame, b: pd.DataFrame, how: str) -> int:
    """IntervalIndex.overlaps, for each row of a."""
    index = pd.IntervalIndex.from_arrays(b["start_time"], b["end_time"], closed="both")
    return sum(
        len(np.flatnonzero(index.overlaps(pd.Interval(start, end, closed="both"))))
        for start, end in zip(a["start_time"], a["end_time"], strict=True)
    )


def cross_merge(a: pd.DataFrame, b: pd.DataFrame, how: str) -> int:
    """pandas' cross product of both frames, then a query."""
    every = a.merge(b, how="cross", suffixes=("_a", "_b"))
    return len(every.query("start_time_a <= end_time_b and start_time_b <= end_time_a"))


def limit(a: pd.DataFrame, b: pd.DataFrame, how: str) -> int:
    """Sort the ranges of both by start and write a frame for as many pairs, nothing between."""
    for frame in (a, b):
        order = np.argsort(frame["start_time"].to_numpy())
        frame["start_time"].to_numpy()[order]
    pairs = 10 * len(a)
    columns = ("row_a", "row_b", "start_time", "end_time", "gap")
    return len(pd.DataFrame({name: np.arange(pairs) for name in columns}))


WAYS: dict[str, Callable[[pd.DataFrame, pd.DataFrame, str], int]] = {
    "ours": ours,
    "DuckDB": duckdb,
    "IntervalIndex.overlaps": interval_index,
    "cross merge": cross_merge,
    "sort and write": limit,
}
SCALED = ("IntervalIndex.overlaps", "cross merge")


# --- Measuring -------------------------------------------------------------------------------


def measure(way: str, how: str, count: int, shape: str) -> tuple[float, float, int]:
    """Seconds in a fresh process, the bytes its peak rose by, and the pairs found."""
    arguments = ["--one", way, how, str(count), shape]
    done = subprocess.run(
        [sys.executable, __file__, *arguments], check=True, capture_output=True, text=True
    )
    seconds, rise, pairs = done.stdout.split()
    return float(seconds), float(rise), int(pairs)


def one(way: str, how: str, count: int, shape: str) -> None:
    """Measure one way in this process: first a small warm-up, which pays for the imports."""
    WAYS[way](ranges(1_000, 1), ranges(1_000, 2), how)
    a, b = ranges(count, 1, shape), ranges(count, 2, shape)
    part = a[:SAMPLE] if way in SCALED else a
    before = peak()
    begun = time.perf_counter()
    pairs = WAYS[way](part, b, how)
    scale = len(a) / len(part)
    print((time.perf_counter() - begun) * scale, peak() - before, round(pairs * scale))


def peak() -> int:
    """Most bytes this process has held; rusage would tell of the process it was forked from."""
    with open("/proc/self/status") as status:
        return 1024 * int(status.read().split("VmHWM:")[1].split()[0])


Case = tuple[str, str, int, str]


def rounds(cases: list[Case], times: int) -> list[tuple[float, float, int]]:
    """Median seconds and median rise of each case, measured in turn, and its pairs."""
    runs: list[list[tuple[float, float, int]]] = [[] for _ in cases]
    for _ in range(times):
        for number, case in enumerate(cases):
            runs[number].append(measure(*case))
    return [(median(r[0] for r in run), median(r[1] for r in run), run[0][2]) for run in runs]


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="grow to 1,000,000 ranges")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        way, how, count, shape = given.one
        one(way, how, int(count), shape)
        return

    print(f"overlaps, {RANGES:,} × {RANGES:,} ranges")
    print(f"{'way':28}{'seconds':>10}{'÷ ours':>9}{'peak, MB':>10}{'pairs':>12}")
    measured = rounds([(way, "overlaps", RANGES, "spread") for way in WAYS], given.times)
    base = measured[0][0]
    for way, (seconds, rise, pairs) in zip(WAYS, measured, strict=True):
        found = f"{pairs:>12,}" if way not in (*SCALED, "sort and write") else ""
        note = f"  from {SAMPLE} rows, scaled up" if way in SCALED else ""
        memory = "" if way in SCALED else f"{rise / 1e6:.0f}"
        print(f"{way:28}{seconds:10.3f}{seconds / base:9.2f}{memory:>10}{found}{note}")

    print(f"\nEach question, {RANGES:,} × {RANGES:,} ranges")
    print(f"{'how':10}{'shape':16}{'seconds':>10}{'DuckDB ÷ ours':>16}{'pairs':>12}")
    questions = [(how, "spread") for how in CONDITIONS]
    questions += [("overlaps", "one over all"), ("during", "one over all")]
    for how, shape in questions:
        (seconds, _, pairs), (other, _, others) = rounds(
            [(way, how, RANGES, shape) for way in ("ours", "DuckDB")], given.times
        )
        assert pairs == others, f"{how}, {shape}: {pairs} pairs, DuckDB finds {others}"
        print(f"{how:10}{shape:16}{seconds:10.3f}{other / seconds:16.1f}{pairs:12,}")
    ((seconds, _, pairs),) = rounds([("ours", "during", RANGES, "all over all")], given.times)
    print(f"{'during':10}{'all over all':16}{seconds:10.3f}{'':16}{pairs:12,}")

    print("\nOurs by size, overlaps")
    for count in (1_000, 10_000, RANGES, *((1_000_000,) if given.full else ())):
        ((seconds, rise, pairs),) = rounds([("ours", "overlaps", count, "spread")], given.times)
        print(f"{count:12,} × {count:9,}{seconds:9.3f} s{seconds / pairs * 1e9:9.0f} ns a pair")


if __name__ == "__main__":
    main()
