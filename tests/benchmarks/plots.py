"""A timeline of 10,000 occurrences, beside a naive broken_barh for each label.

Run as ``python tests/benchmarks/plots.py``. Each way is drawn to a PNG of the same size, in turn.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable
from statistics import median

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

import smarttag_nb as stag


def made_job(labels: int, occurrences: int) -> stag.Job:
    """Two hours in which each label appears equally often, at random."""
    random = np.random.default_rng(7)
    each = occurrences // labels
    body = {
        "tags": [
            {
                "mainTagName": "物体",
                "subTagName": f"label {k:04}",
                "occurrences": [
                    {"from": float(start), "to": float(start + random.uniform(0.2, 8))}
                    for start in np.sort(random.uniform(0, 7190, each)).round(2)
                ],
            }
            for k in range(labels)
        ]
    }
    return stag.load(body, duration=7200)


def naive(job: stag.Job, ax: Axes) -> None:
    """Draw as one would by hand: a lane for each label, a call for each lane."""
    for row, label in enumerate(job.labels.itertuples()):
        own = job.occurrences[job.occurrences["label_id"] == label.label_id]
        ranges = [(o.start_time, o.end_time - o.start_time) for o in own.itertuples()]
        ax.broken_barh(ranges, (row - 0.4, 0.8))
    ax.set_yticks(range(len(job.labels)), job.labels["name"])
    ax.set_xlim(0, 7200)


def seconds_of(draw: Callable[[Axes], object], height: float) -> float:
    """Time a drawing, from the empty figure to the PNG."""
    begun = time.perf_counter()
    figure, ax = plt.subplots(figsize=(9.6, height), layout="constrained")
    draw(ax)
    figure.savefig(io.BytesIO(), format="png")
    taken = time.perf_counter() - begun
    plt.close(figure)
    return taken


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=5, help="runs of each (default: %(default)s)")
    times = parser.parse_args().times
    mpl.use("agg")
    print("10,000 occurrences of         lanes   seconds   ÷ ours")
    for labels in (20, 100, 200, 500, 2000):
        job = made_job(labels, 10_000)
        height = 1.1 + 0.29 * labels
        ways: dict[str, tuple[Callable[[Axes], object], float]] = {
            "ours": (lambda ax, job=job: stag.plots.timeline(job, ax), 7.5),
            "ours, a lane each": (
                lambda ax, job=job, top=labels: stag.plots.timeline(job, ax, top=top),
                height,
            ),
            "broken_barh": (lambda ax, job=job: naive(job, ax), height),
        }
        if labels > 500:
            # Taller than a picture can be.
            ways = {
                "ours": ways["ours"],
                "broken_barh": (ways["broken_barh"][0], 7.5),
            }
        found: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(times):
            for name, (draw, tall) in ways.items():
                found[name].append(seconds_of(draw, tall))
        ours = median(found["ours"])
        for name, seconds in found.items():
            lanes = min(labels, 20) if name == "ours" else labels
            taken = median(seconds)
            print(f"{labels:5} labels, {name:18}{lanes:5}{taken:10.3f}{taken / ours:9.2f}")


if __name__ == "__main__":
    main()
