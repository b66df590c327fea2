"""All that the cloud's client has to bear, and what it makes of it: prints README.md's tables.

``python tests/faults/run.py --full`` runs all; without ``--full`` a few of each kind.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.faults.scenarios import CALLS, SCENARIOS, cases


def faults(full: bool) -> bool:
    """Print a row for each scenario; tell whether all are as they should be."""
    scenarios = SCENARIOS if full else SCENARIOS[::8]
    print("| fault | query | bulk | fetch | longest ÷ timeout |")
    print("|---|---|---|---|---|")
    wrong = []
    with tempfile.TemporaryDirectory() as folder, cases(Path(folder), scenarios) as ready:
        for scenario in scenarios:
            outcomes = {call: ready.run(scenario, call) for call in CALLS}
            longest = max(outcome.seconds for outcome in outcomes.values()) / scenario.timeout
            cells = " | ".join(outcome.what for outcome in outcomes.values())
            print(f"| {scenario.name} | {cells} | {longest:.2f} |", flush=True)
            wrong += [f"{scenario.name}, {c}: {w}" for c, o in outcomes.items() for w in o.wrong]
    print("\n".join(["", f"{len(scenarios)} faults, {len(CALLS) * len(scenarios)} calls", *wrong]))
    return not wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="all, in about ten minutes")
    arguments = parser.parse_args()
    sys.exit(not faults(arguments.full))
