"""A library of jobs: adding it beside reading it, asking it beside pandas, and ten million jobs.

Run from the repository's root as ``python -m tests.benchmarks.corpus``, or with ``--quick``, which
takes a twentieth of the answers and a tenth of the rows. Each figure is of a process of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import pyarrow as pa

import smarttag_nb as stag
from smarttag_nb.corpus.lake import Lake
from smarttag_nb.corpus.part import known_digests, write_file
from smarttag_nb.corpus.schema import SCHEMAS
from smarttag_nb.corpus.snapshot import Snapshot

from . import asking, library

WARM = 20
"""Answers that a process reads before it is measured: for its imports."""
MANY = 10_000_000
"""Jobs that all is projected to."""


# --- Adding: each takes the answers' folder and one of its own, and tells what it will ----------


def add(answers: Path, lake: Path, workers: int) -> dict[str, float]:
    """Corpus.add."""
    added = stag.Corpus(lake).add(answers, workers=workers)
    return {"jobs": added.added, "rows": added.rows, "unchanged": added.unchanged}


def read(answers: Path, lake: Path, workers: int) -> dict[str, float]:
    """Every answer as contract tables, and no further."""
    for content in _contents(answers):
        stag.load(content)
    return {}


def keep(answers: Path, lake: Path, workers: int) -> dict[str, float]:
    """The least that is to be done: digest and compress the bytes, and decode their JSON."""
    lake.mkdir(exist_ok=True)
    with open(lake / "kept", "wb") as file:
        for content in _contents(answers):
            hashlib.sha256(content).digest()
            file.write(pa.compress(content, "zstd", asbytes=True))
            answer = msgspec.json.decode(content)
            for results in answer.get("Results", {}).values() if isinstance(answer, dict) else ():
                for result in results:
                    msgspec.json.decode(result["Data"])
    return {}


def _contents(answers: Path) -> Iterable[bytes]:
    return (file.read_bytes() for file in sorted(answers.glob("*/*.json")))


ADDING: dict[str, Callable[[Path, Path, int], dict[str, float]]] = {
    "add": add,
    "read": read,
    "keep": keep,
}


# --- Opening: a lake of as many jobs as one likes, without their rows ---------------------------


def write_jobs(folder: Path, jobs: int) -> None:
    """Write the table jobs of a lake with so many, 100,000 a file."""
    lake = Lake.at(folder, None)
    files = []
    for first in range(0, jobs, 100_000):
        ids = [f"{number:032x}" for number in range(first, min(jobs, first + 100_000))]
        digests = [hashlib.sha256(one.encode()).hexdigest() for one in ids]
        told: dict[str, Any] = {
            "job_id": digests,
            "load_id": [
                f"{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}" for one in ids
            ],
            "source": [f"/data/answers/{one[-6:-2]}/{one}.json" for one in ids],
            "digest": digests,
            "removed": [False] * len(ids),
            **{name: [""] * len(ids) for name in ("product", "region", "params")},
            "operation": ["QuerySmarttagJob"] * len(ids),
            "named_by": ["file"] * len(ids),
        }
        schema = SCHEMAS["jobs"]
        columns = [
            pa.array(told[field.name], field.type)
            if field.name in told
            else pa.nulls(len(ids), field.type)
            for field in schema
        ]
        files.append(write_file(lake, "jobs", pa.Table.from_arrays(columns, schema=schema)))
    lake.commit("jobs", files)


# --- Measuring ----------------------------------------------------------------------------------


def in_process(*arguments: object) -> dict[str, Any]:
    """Measure something in a fresh process."""
    command = [sys.executable, "-m", "tests.benchmarks.corpus", "--one", *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def one(what: str, *arguments: str) -> None:
    """Measure something in this process, and print it."""
    if what in ADDING:
        told = one_adding(what, Path(arguments[0]), Path(arguments[1]), int(arguments[2]))
    elif what == "ask":
        told = one_asking(arguments[0], Path(arguments[1]), int(arguments[2]))
    else:
        told = one_opening(Path(arguments[0]))
    print(json.dumps(told))


def one_adding(way: str, answers: Path, lake: Path, workers: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        warm = Path(folder) / "answers"
        library.write(warm, WARM)
        ADDING[way](warm, Path(folder) / "lake", 1)
    before = peak()
    with Watched() as watched:
        begun, used = time.perf_counter(), cpu()
        told = ADDING[way](answers, lake, workers)
        seconds, used = time.perf_counter() - begun, cpu() - used
    rise = peak() - before + watched.others
    return {"seconds": seconds, "cpu": used, "rise": rise, **told}


def cpu() -> float:
    """Seconds of processors that this process has used, and those that it waited for."""
    return sum(os.times()[:4])


def one_asking(way: str, lake: Path, times: int) -> dict[str, Any]:
    ask = asking.WAYS[way](lake)
    begun = time.perf_counter()
    ask("who with whom")
    told: dict[str, Any] = {"first": time.perf_counter() - begun, "seconds": {}, "rows": {}}
    for question in asking.QUESTIONS:
        taken = []
        for _ in range(times):
            begun = time.perf_counter()
            rows = ask(question)
            taken.append(time.perf_counter() - begun)
        told["seconds"][question] = median(taken)
        told["rows"][question] = [[_plain(value) for value in row] for row in rows]
    return {**told, "peak": peak()}


def _plain(value: Any) -> Any:
    """A value as two libraries give it alike, but for the order in which they add."""
    return value if isinstance(value, str) else float(f"{float(value):.9g}")


def one_opening(lake: Path) -> dict[str, Any]:
    before = peak()
    begun = time.perf_counter()
    snapshot = Snapshot(Lake.at(lake, None))
    opened = time.perf_counter() - begun
    rise = peak() - before
    begun = time.perf_counter()
    known = known_digests(snapshot)
    digests = time.perf_counter() - begun
    return {"opened": opened, "rise": rise, "digests": digests, "held": known.nbytes}


class Watched(threading.Thread):
    """The most memory that processes which this one begins have held, together.

    Attributes
    ----------
    others : int
        Bytes.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._most: dict[str, int] = {}
        self._ended = threading.Event()
        self.others = 0

    def __enter__(self) -> Watched:
        self.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._ended.set()
        self.join()
        self.others = sum(self._most.values())

    def run(self) -> None:
        while not self._ended.wait(0.05):
            for task in Path("/proc/self/task").iterdir():
                with suppress(OSError):
                    for child in (task / "children").read_text().split():
                        self._most[child] = max(peak(child), self._most.get(child, 0))


def peak(process: str = "self") -> int:
    """Most bytes a process has held; rusage would tell of the process it was forked from.

    0 of one that has ended.
    """
    with suppress(OSError, IndexError):
        status = Path(f"/proc/{process}/status").read_text()
        return 1024 * int(status.split("VmHWM:")[1].split()[0])
    return 0


# --- Tables ---------------------------------------------------------------------------------


def adding(answers: Path, lakes: Path, jobs: int, rounds: int) -> dict[str, float]:
    """Print how fast a library is added, and give what the projection needs of it."""
    library.write(answers, jobs)
    sizes = [file.stat().st_size for file in answers.glob("*/*.json")]
    size = sum(sizes)
    print(
        f"{jobs:,} answers, {size / 1e6:,.0f} MB, of {min(sizes) / 1e3:.1f} to "
        f"{max(sizes) / 1e3:,.0f} kB, the median {median(sizes) / 1e3:.0f}"
    )
    ways = {
        "add, 1 worker": ("add", 1),
        "add, 2 workers": ("add", 2),
        "read alone": ("read", 1),
        "keep alone": ("keep", 1),
    }
    runs: dict[str, list[dict[str, Any]]] = {way: [] for way in ways}
    again = []
    for turn in range(rounds):
        for way, (what, workers) in ways.items():
            lake = lakes / f"{turn} {way}"
            runs[way].append(in_process(what, answers, lake, workers))
        again.append(in_process("add", answers, lakes / f"{turn} add, 1 worker", 1))
    assert all(run["jobs"] == jobs for way in ways if "add" in way for run in runs[way])
    assert all(run["unchanged"] == jobs for run in again)
    figures = {
        way: {name: median(run[name] for run in own) for name in ("seconds", "cpu", "rise")}
        for way, own in runs.items()
    }
    reading = figures["read alone"]["cpu"]
    print(
        f"{'':16}{'seconds':>9}{'of CPU':>9}{'read ÷':>8}{'MB/s':>8}{'jobs/s':>8}{'peak, MB':>10}"
    )
    for way, figure in figures.items():
        taken, used = figure["seconds"], figure["cpu"]
        print(
            f"{way:16}{taken:9.1f}{used:9.1f}{reading / used:8.2f}{size / taken / 1e6:8.1f}"
            f"{jobs / taken:8.0f}{figure['rise'] / 1e6:10.0f}"
        )
    first, both = figures["add, 1 worker"], figures["add, 2 workers"]["seconds"]
    same = median(run["seconds"] for run in again)
    print(f"two workers ÷ one  {first['seconds'] / both:6.2f}")
    print(f"again ÷ first time {same / first['seconds']:6.1%}  ({same:.1f} s)")
    lake = lakes / "0 add, 1 worker"
    files = {file: file.stat().st_size for file in lake.rglob("*.parquet")}
    held = sum(files.values())
    received = sum(size for file, size in files.items() if file.is_relative_to(lake / "answers"))
    print(f"lake ÷ answers     {held / size:6.2f}  ({held / 1e6:,.0f} MB in {len(files)} files)")
    print(f"as received        {received / held:6.0%}  of it")
    return {
        **first,
        "jobs": jobs,
        "bytes": size,
        "held": held,
        "files": len(files),
        "rows": runs["add, 1 worker"][0]["rows"],
    }


def growing(answers: Path, lakes: Path, jobs: Iterable[int], whole: dict[str, float]) -> None:
    """Print what memory adding takes as the library grows, to the whole of it."""
    print("\nPeak memory by the number of jobs, 1 worker")
    runs = []
    for count in jobs:
        some = answers.parent / f"first {count}"
        some.mkdir()
        for folder in sorted(answers.iterdir())[: count // 100]:
            (some / folder.name).symlink_to(folder)
        runs.append(in_process("add", some, lakes / f"first {count}", 1))
    for run in [*runs, whole]:
        print(f"{run['jobs']:10,} jobs{run['rise'] / 1e6:8.0f} MB")


def questions(lake: Path, occurrences: int, times: int) -> None:
    """Print five questions, ours beside pandas and DuckDB without the rows that count."""
    asking.write_lake(lake, occurrences)
    told = {way: in_process("ask", way, lake, times) for way in asking.WAYS}
    assert told["ours"]["rows"] == told["pandas"]["rows"], "they answer otherwise"
    print(f"\nFive questions over {occurrences:,} occurrences, seconds")
    print(
        f"{'':26}" + "".join(f"{way:>14}" for way in told) + f"{'pandas ÷ ours':>16}"
        f"{'ours ÷ bare':>14}"
    )
    for question in asking.QUESTIONS:
        own, pandas, bare = (told[way]["seconds"][question] for way in told)
        print(
            f"{question:26}{own:14.2f}{pandas:14.2f}{bare:14.2f}"
            f"{pandas / own:16.1f}{own / bare:14.2f}"
        )
    print(
        f"{'opening, and the first':26}" + "".join(f"{run['first']:14.2f}" for run in told.values())
    )
    print(f"{'peak, MB':26}" + "".join(f"{run['peak'] / 1e6:14.0f}" for run in told.values()))


def opening(lakes: Path, jobs: Iterable[int]) -> dict[str, float]:
    """Print what opening a lake takes, and give what it takes for each job."""
    print("\nOpening a lake, and the digests of what it has, which each worker holds")
    print(f"{'jobs':>12}{'opening, s':>12}{'peak, MB':>10}{'digests, s':>12}{'MB':>6}")
    for count in jobs:
        lake = lakes / f"jobs {count}"
        write_jobs(lake, count)
        told = in_process("open", lake)
        print(
            f"{count:12,}{told['opened']:12.2f}{told['rise'] / 1e6:10.0f}"
            f"{told['digests']:12.2f}{told['held'] / 1e6:6.0f}"
        )
    return {name: value / count for name, value in told.items()}


def projection(added: dict[str, float], to_open: dict[str, float]) -> None:
    """Print what ten million jobs take, as so many times what one took."""
    print(f"\n{MANY:,} jobs, so many times what one took")
    jobs = added["jobs"]
    for what, each, factor, unit, total, of_total in [
        ("answers", added["bytes"] / jobs, 1e3, "kB", 1e9, "GB"),
        ("lake", added["held"] / jobs, 1e3, "kB", 1e9, "GB"),
        ("rows", added["rows"] / jobs, 1, "", 1e9, "thousand million"),
        ("files", added["files"] / jobs, 1, "", 1e3, "thousand, before compact"),
        ("CPU to add", added["cpu"] / jobs, 1e-3, "ms", 3600, "hours"),
        ("on 64 cores", added["cpu"] / jobs / 64, 1e-3, "ms", 3600, "hours"),
        ("opening", to_open["opened"], 1e-6, "µs", 1, "s"),
        ("memory for it", to_open["rise"], 1, "B", 1e9, "GB"),
        ("digests", to_open["digests"], 1e-6, "µs", 1, "s"),
        ("of each worker", to_open["held"], 1, "B", 1e6, "MB"),
    ]:
        print(f"{what:16}{each / factor:12,.3g} {unit:4}{MANY * each / total:12,.1f} {of_total}")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="1,000 answers, 1,000,000 occurrences")
    parser.add_argument("--rounds", type=int, default=1, help="of adding (default: %(default)s)")
    parser.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one(*given.one)
        return
    scale = 20 if given.quick else 1
    with tempfile.TemporaryDirectory() as folder:
        answers, lakes = Path(folder) / "answers", Path(folder) / "lakes"
        lakes.mkdir()
        added = adding(answers, lakes, 20_000 // scale, given.rounds)
        growing(answers, lakes, (2_000 // scale, 6_000 // scale), added)
        questions(lakes / "asked", 1_000_000 if given.quick else 10_000_000, 3)
        to_open = opening(lakes, (100_000,) if given.quick else (100_000, 1_000_000))
        projection(added, to_open)


if __name__ == "__main__":
    main()
