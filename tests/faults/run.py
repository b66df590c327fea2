"""What the client, its store, its key and a corpus have to bear, and what becomes of it.

``python tests/faults/run.py --full`` runs all and prints what stands in README.md; without
``--full`` a little of each kind.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# It is run as a script, and its rooms are the package's tests.
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.faults import flipped, lake, notebook, processes
from tests.faults.scenarios import CALLS, SCENARIOS, Cases, Scenario, cases


def faults(ready: Cases, scenarios: list[Scenario]) -> list[str]:
    """Print a row for each scenario, and give what is not as it should be."""
    print("| fault | query | bulk | fetch | longest ÷ timeout |")
    print("|---|---|---|---|---|")
    wrong = []
    for scenario in scenarios:
        outcomes = {call: ready.run(scenario, call) for call in CALLS}
        longest = max(outcome.seconds for outcome in outcomes.values()) / scenario.timeout
        cells = " | ".join(outcome.what for outcome in outcomes.values())
        print(f"| {scenario.name} | {cells} | {longest:.2f} |", flush=True)
        for call, outcome in outcomes.items():
            # Told here and not by the tests: a machine that does other things is late by itself.
            late = [f"{outcome.seconds:.2f} s of {scenario.timeout:g} s"] * outcome.is_late
            wrong += [f"{scenario.name}, {call}: {each}" for each in (*outcome.wrong, *late)]
    return wrong


def row(what: str, counted: dict[str, Any], start: float) -> None:
    """Print what was counted."""
    told = "; ".join(f"{name}: {_flat(number)}" for name, number in counted.items())
    print(f"| {what} | {told} | {time.monotonic() - start:.0f} s |", flush=True)


def _flat(counted: Any) -> str:
    if not isinstance(counted, dict):
        return str(counted)
    return ", ".join(f"{name} {number}" for name, number in counted.items())


def main(full: bool) -> list[str]:
    """Run all kinds, and give what is not as it should be."""
    scenarios = list(SCENARIOS if full else SCENARIOS[::8])
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, cases(Path(folder), scenarios) as ready:
        wrong = faults(ready, scenarios)
        print("\n| kind | counted | took |\n|---|---|---|")
        counted = {"faults": len(scenarios), "calls": len(CALLS) * len(scenarios)}
        row("faults on the wire", {**counted, "not as they should be": len(wrong)}, start)
        start = time.monotonic()
        failed, found = notebook.traces(ready, Path(folder), scenarios)
        wrong += ["the key is in the notebook"] * found
        row("a notebook", {"cells that failed": failed, "traces of the key": found}, start)
    kills = (200, 2000) if full else (5, 200)
    count_all(
        {
            "SIGKILL in `query_many`": lambda: processes.run("kill", *kills),
            "eight processes, one store": lambda: processes.run("eight", 2000 if full else 100),
            "a full disk": lambda: processes.run("full"),
            "flipped bytes": lambda: flipped.count(200 if full else 10),
        }
    )
    count_all(of_a_corpus(full))
    return wrong


def of_a_corpus(full: bool) -> dict[str, Callable[[], dict[str, Any]]]:
    """What a corpus has to bear."""
    return {
        "a corpus: SIGKILL in `add`": lambda: lake.run(
            "kill", *((100, 1000) if full else (5, 100)), 1
        ),
        "SIGKILL in `add` by two processes": lambda: lake.run(
            "kill", *((100, 1000) if full else (2, 100)), 2
        ),
        "two add the same": lambda: lake.run("two", 400 if full else 40),
        "two add, one compacts, one reads": lambda: lake.run("busy", 400 if full else 40),
        "a full disk under a corpus": lambda: lake.run("full"),
        "archives that end anywhere": lambda: lake.run("cut", 20 if full else 1),
        "flipped bytes in a corpus": lambda: lake.run("flip", 50 if full else 2),
    }


def count_all(counts: dict[str, Callable[[], dict[str, Any]]]) -> None:
    """Print a row for each."""
    for what, count in counts.items():
        start = time.monotonic()
        row(what, count(), start)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="all, in half an hour")
    parser.add_argument("--corpus", action="store_true", help="only what a corpus has to bear")
    asked = parser.parse_args()
    if asked.corpus:
        count_all(of_a_corpus(asked.full))
        sys.exit()
    wrong = main(asked.full)
    print("", *wrong, sep="\n")
    sys.exit(bool(wrong))
