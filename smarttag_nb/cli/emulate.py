"""``smarttag emulate``: the cloud on this machine."""

from __future__ import annotations

import argparse
from pathlib import Path

from .console import Commands


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("emulate", help="stand in for the cloud on this machine")
    parser.add_argument("--port", type=int, default=8765, metavar="PORT",
                        help="where it is reached (default: %(default)s)")  # fmt: skip
    parser.add_argument("--jobs", type=Path, metavar="DIR",
                        help="a folder of answers, JOB.json (default: the sample's)")  # fmt: skip
    parser.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> None:
    from ..emulator.server import KEY, serve

    def told(endpoint: str) -> None:
        print(f"The cloud on this machine: http://{endpoint} (Ctrl-C ends it)")
        print(f"Access key id {KEY[0]}, secret {KEY[1]}.")
        variables = "ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET"
        print(f"Ask it: smarttag query JOB --endpoint {endpoint}, the key in {variables}.",
              flush=True)  # fmt: skip

    serve(given.jobs, given.port, told)
