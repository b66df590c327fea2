"""The report's page of the sample with its video and of two hours, beside papermill and nbconvert.

Run from the repository's root as ``python -m tests.benchmarks.report``. Each way is a process of
its own, in turn. papermill runs notebooks/08_report.ipynb on the same answer, nbconvert makes a
page of it with its pictures embedded; that has no video in its explorer, no transcript beside the
screen and no tables to download, and fetches its scripts from elsewhere.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

import smarttag_nb as stag
from tests.alignment.cases import make

ROOT = Path(__file__).parent.parent.parent
NOTEBOOK = ROOT / "notebooks" / "08_report.ipynb"
SECONDS, LABELS, OCCURRENCES, BOXES, CHAPTERS = 7200, 300, 10_000, 100_000, 24

LIMITS = {"sample": (6.0, 6.0), "2 h": (20.0, 15.0)}
"""Most seconds and MB."""

REPORT = """
import sys
import matplotlib
matplotlib.use("agg")
import smarttag_nb as stag
stag.report(stag.load(sys.argv[1]), sys.argv[2], video=sys.argv[3] or None)
"""


def two_hours() -> dict[str, Any]:
    """Make an answer of two hours: labels with tracks, speech, text on screen, chapters."""
    random = np.random.default_rng(5)
    case = make("zh", "mid", seed=5, minutes=SECONDS / 60)
    starts = np.sort(random.uniform(0, SECONDS - 20, OCCURRENCES)).round(2)
    lengths = random.uniform(1, 12, OCCURRENCES).round(2)
    each = BOXES // OCCURRENCES
    labels: list[dict[str, Any]] = [
        {"labelLevel1": kind, "label": f"{kind} {k}", "detailInfo": []}
        for k in range(LABELS)
        for kind in ("人脸" if k < LABELS // 6 else "物体",)
    ]
    for start, length, owner in zip(
        starts.tolist(), lengths.tolist(), random.integers(0, LABELS, OCCURRENCES), strict=True
    ):
        left, top = random.integers(10, 500), random.integers(10, 200)
        track = [
            {
                "score": 0.9,
                "timestamp": round(start + length * step / each, 2),
                "bbox": [int(left + step), int(top), int(left + step + 90), int(top + 110)],
            }
            for step in range(each)
        ]
        labels[owner]["detailInfo"].append(
            {"score": 0.9, "startTime": start, "endTime": start + length, "trackData": track}
        )
    shots = [
        {"index": k, "score": 0.9, "timestamp": float(at)}
        for k, at in enumerate(np.sort(random.uniform(0, SECONDS, 1500)).round(2))
    ]
    process = [
        {"name": "tag", "result": [{"content": {"data": labels}}]},
        {"name": "sbd", "result": [{"content": {"data": shots}}]},
    ]
    results = {
        "Process": process,
        "ASR": {"details": _sentences(case.speech)},
        "OCR": {"details": _readings(case.ocr)},
        "NLP": {"autoChapters": _chapters()},
    }
    return {
        "JobStatus": "Success",
        "JobId": "two-hours",
        "Results": {
            "Result": [{"Type": kind, "Data": json.dumps(data)} for kind, data in results.items()]
        },
    }


def _sentences(speech: pd.DataFrame) -> list[dict[str, Any]]:
    columns = (speech[name].tolist() for name in ("start_time", "end_time", "text"))
    return [
        {"from": start, "to": end, "content": text}
        for start, end, text in zip(*columns, strict=True)
    ]


def _readings(ocr: pd.DataFrame) -> list[dict[str, Any]]:
    made = []
    for timestamp, own in ocr.groupby("timestamp"):
        info = [
            {
                "content": row.text,
                "score": row.score,
                "position": {
                    "leftTop": [round(row.x1), round(row.y1)],
                    "rightBottom": [round(row.x2), round(row.y2)],
                },
            }
            for row in own.itertuples()
        ]
        made.append({"timestamp": timestamp, "info": info})
    return made


def _chapters() -> list[dict[str, Any]]:
    length = 1000 * SECONDS // CHAPTERS
    return [
        {
            "id": k,
            "start": k * length,
            "end": (k + 1) * length,
            "headline": f"第{k + 1}章",
            "summary": "这一章讲了很多事情。" * 3,
        }
        for k in range(CHAPTERS)
    ]


def ours(answer: Path, video: str, folder: Path) -> Path:
    """Write the report."""
    page = folder / "report.html"
    run([sys.executable, "-c", REPORT, str(answer), str(page), video])
    return page


def notebook(answer: Path, video: str, folder: Path) -> Path:
    """Run the notebook of the same figures, and make a page of it."""
    ran = folder / "ran.ipynb"
    given = ["-p", "answer", str(answer), "-p", "video", video]
    run([sys.executable, "-m", "papermill", str(NOTEBOOK), str(ran), *given])
    run(
        [
            sys.executable,
            "-m",
            "nbconvert",
            "--to",
            "html",
            "--no-input",
            "--embed-images",
            str(ran),
        ]
    )
    return folder / "ran.html"


def run(command: list[str]) -> None:
    """Run a command from the repository's root, and tell what it said where it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=3, help="runs of each (default: %(default)s)")
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        long = folder / "two_hours.json"
        long.write_text(json.dumps(two_hours()), encoding="utf-8")
        cases = {
            "sample": (
                stag.samples.path("magazine", "cognition"),
                str(stag.samples.video("magazine")),
            ),
            "2 h": (long, ""),
        }
        print("                            seconds  ÷ ours     MB      asked")
        for name, (answer, video) in cases.items():
            ways = {"ours": ours, "papermill + nbconvert": notebook}
            taken: dict[str, list[float]] = {way: [] for way in ways}
            size = dict.fromkeys(ways, 0.0)
            for _ in range(times):
                for way, make_page in ways.items():
                    begun = time.perf_counter()
                    page = make_page(answer, video, folder)
                    taken[way].append(time.perf_counter() - begun)
                    size[way] = page.stat().st_size / 1e6
            seconds, megabytes = LIMITS[name]
            for way, figures in taken.items():
                middle = median(figures)
                asked = f"≤ {seconds:.0f} s, ≤ {megabytes:.0f} MB" if way == "ours" else ""
                ratio = middle / median(taken["ours"])
                print(f"{name:7}{way:22}{middle:6.2f}{ratio:8.2f}{size[way]:7.1f}  {asked}")


if __name__ == "__main__":
    main()
