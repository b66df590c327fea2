"""From answers to contract tables: ours beside pandas, orjson and the limit of a typed decode.

Run as ``python tests/benchmarks/decode.py``; ``--full`` goes on to 300 MB.

Each way runs in a process of its own, several times in turn with the others, so that neither
memory nor the machine's mood of the moment favours one; medians are printed, and ratios of them.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

FLAWS = ("clean", "unknown key", "wrong value")


def process_answer(points: int, flaw: str = "clean") -> str:
    """A QueryVideoCognitionJob answer whose Process result has that many track points."""
    random.seed(7)
    labels = []
    per_label = 2_000
    for label in range(max(1, points // per_label)):
        details = []
        count = min(points, per_label) // 20
        for occurrence in range(20):
            start = occurrence * 300.0
            track = []
            for k in range(count):
                x, y = random.randint(0, 1000), random.randint(0, 500)
                point = {
                    "score": random.random(),
                    "bbox": [float(x), float(y), x + 113.0, y + 152.0],
                    "attributes": [{"property": "表情", "value": "笑", "score": 0.8765}],
                    "landmark": [float(x + i) for i in range(10)],
                    "timestamp": round(start + 0.2 * k, 3),
                }
                if flaw == "unknown key":
                    point["blur"] = 0.25
                if flaw == "wrong value":
                    point["score"] = "high"
                track.append(point)
            details.append(
                {
                    "score": 0.91,
                    "trackData": track,
                    "startTime": start,
                    "endTime": start + 0.2 * count,
                    "source": "vision",
                    "subSource": "facemot",
                    "metaData": {"sampleUrl": "", "group": "guests"},
                }
            )
        labels.append(
            {
                "labelLevel1": "人脸",
                "labelLevel2": "自定义",
                "label": f"来宾{label}",
                "appearanceProbability": 0.3547,
                "isWhite": True,
                "labelId": f"{label:010}",
                "knowledgeInfo": {},
                "detailInfo": details,
            }
        )
    modules = [{"name": "tag", "result": [{"content": {"data": labels}}]}]
    data = json.dumps(modules, ensure_ascii=False)
    return json.dumps(
        {"JobStatus": "Success", "Results": {"result": [{"Type": "Process", "Data": data}]}},
        ensure_ascii=False,
    )


def video_label_answer(hours: float = 2.0) -> str:
    """A QuerySmarttagJob answer whose VideoLabel result covers that many hours."""
    random.seed(7)
    seconds = hours * 3600
    persons = []
    for person in range(60):
        occurrences = []
        for _ in range(300):
            start = round(random.uniform(0, seconds - 20), 2)
            x, y = random.randint(0, 1000), random.randint(0, 500)
            occurrences.append(
                {
                    "from": start,
                    "to": round(start + 4.2, 2),
                    "score": round(random.random(), 3),
                    "timestamp": round(start + 2, 2),
                    "scene": "medium-closeUp",
                    "position": {"leftTop": [x, y], "rightBottom": [x + 113, y + 152]},
                }
            )
        persons.append(
            {
                "name": f"来宾{person}",
                "category": "celebrity",
                "ratio": 0.163,
                "occurrences": occurrences,
            }
        )
    data = json.dumps({"persons": persons, "tags": []}, ensure_ascii=False)
    return json.dumps(
        {"JobStatus": "Success", "Results": {"Result": [{"Type": "VideoLabel", "Data": data}]}},
        ensure_ascii=False,
    )


# --- The ways --------------------------------------------------------------------------------


def ours(text: bytes) -> None:
    """All contract tables."""
    import smarttag_nb

    smarttag_nb.load(text)


def pandas_normalize(text: bytes) -> None:
    """json.loads twice, then json_normalize into the one main table."""
    _normalize(json.loads)(text)


def orjson_normalize(text: bytes) -> None:
    """orjson twice, then json_normalize into the one main table."""
    import orjson

    _normalize(orjson.loads)(text)


def _normalize(loads: Callable[..., object]) -> Callable[[bytes], None]:
    import pandas as pd

    def run(text: bytes) -> None:
        results = loads(text)["Results"]  # type: ignore[index]
        (result,) = results.get("result") or results["Result"]
        data = loads(result["Data"])
        if result["Type"] == "Process":
            records = data[0]["result"][0]["content"]["data"]  # type: ignore[index]
            pd.json_normalize(
                records,
                ["detailInfo", "trackData"],
                ["label", ["detailInfo", "startTime"]],
                record_prefix="point.",
                errors="ignore",
            )
        else:
            pd.json_normalize(
                data["persons"],
                "occurrences",
                ["name", "ratio"],  # type: ignore[index]
            )

    return run


def orjson_only(text: bytes) -> None:
    """orjson twice, into Python objects and no further."""
    import orjson

    results = orjson.loads(text)["Results"]
    (result,) = results.get("result") or results["Result"]
    orjson.loads(result["Data"])


def typed_decode(text: bytes) -> None:
    """msgspec into typed structs, and no further: the limit. Ours pauses the collector as well."""
    import gc

    import msgspec

    from smarttag_nb.readers import process, video_label

    gc.disable()
    results = msgspec.json.decode(text)["Results"]
    (result,) = results.get("result") or results["Result"]
    if result["Type"] == "Process":
        msgspec.json.decode(result["Data"], type=process.DOCUMENTED)
    else:
        msgspec.json.decode(result["Data"], type=video_label.VideoLabel)


WAYS: dict[str, Callable[[bytes], None]] = {
    "ours": ours,
    "json + json_normalize": pandas_normalize,
    "orjson + json_normalize": orjson_normalize,
    "orjson alone": orjson_only,
    "typed decode alone": typed_decode,
}


# --- Measuring -------------------------------------------------------------------------------


def measure(way: str, file: Path) -> tuple[float, float]:
    """Seconds of the second run in a fresh process, and the bytes its peak rose by."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", way, str(file)],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, rise = done.stdout.split()
    return float(seconds), float(rise)


def one(way: str, file: Path) -> None:
    """Measure one way in this process: first a small warm-up, which pays for the imports."""
    run = WAYS[way]
    import warnings

    warnings.simplefilter("ignore")
    run(process_answer(2_000).encode())
    text = file.read_bytes()
    before = peak()
    begun = time.perf_counter()
    run(text)
    seconds = time.perf_counter() - begun
    print(seconds, peak() - before)


def peak() -> int:
    """Most bytes this process has held; rusage would tell of the process it was forked from."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.split("VmHWM:")[1].split()[0])


def rounds(cases: list[tuple[str, Path]], times: int) -> list[tuple[float, float]]:
    """Median seconds and median rise of each case, measured in turn."""
    runs: list[list[tuple[float, float]]] = [[] for _ in cases]
    for _ in range(times):
        for case, (way, file) in enumerate(cases):
            runs[case].append(measure(way, file))
    return [(median(s for s, _ in run), median(b for _, b in run)) for run in runs]


def table(title: str, file: Path, times: int) -> None:
    """Print every way beside ours."""
    size = file.stat().st_size
    print(f"\n{title} ({size / 1e6:.1f} MB)")
    print(f"{'way':28}{'seconds':>9}{'÷ ours':>9}{'peak ÷ bytes':>14}")
    measured = rounds([(way, file) for way in WAYS], times)
    base = measured[0][0]
    for way, (seconds, rise) in zip(WAYS, measured, strict=True):
        print(f"{way:28}{seconds:9.3f}{seconds / base:9.2f}{rise / size:14.1f}")
    print(f"ours ÷ typed decode alone: {base / measured[-1][0]:.2f}")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="grow to 300 MB")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--one", nargs=2, metavar=("WAY", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one(given.one[0], Path(given.one[1]))
        return
    with tempfile.TemporaryDirectory() as folder:

        def write(name: str, text: str) -> Path:
            file = Path(folder) / name
            file.write_text(text, encoding="utf-8")
            return file

        table(
            "Process, 100,000 track points",
            write("process.json", process_answer(100_000)),
            given.times,
        )
        table("VideoLabel, 2 h", write("video.json", video_label_answer()), given.times)

        print("\nOurs on flawed answers, 100,000 track points")
        files = [write(f"{flaw}.json", process_answer(100_000, flaw)) for flaw in FLAWS]
        measured = rounds([("ours", file) for file in files], given.times)
        for flaw, (seconds, _) in zip(FLAWS, measured, strict=True):
            print(f"{flaw:28}{seconds:9.3f}{seconds / measured[0][0]:9.2f} × clean")

        print("\nOurs by size, beside the limit")
        for points in (4_000, 30_000, 100_000, *((300_000, 1_100_000) if given.full else ())):
            file = write("size.json", process_answer(points))
            (seconds, rise), (limit, _) = rounds(
                [("ours", file), ("typed decode alone", file)], given.times
            )
            size = file.stat().st_size
            print(
                f"{size / 1e6:8.1f} MB{seconds:9.3f} s{seconds / size * 1e9:9.1f} ms/MB"
                f"{seconds / limit:8.2f} × typed decode{rise / size:8.1f} × bytes peak"
            )
            file.unlink()


if __name__ == "__main__":
    main()
