"""What is public, and what importing costs."""

from __future__ import annotations

import subprocess
import sys
from statistics import median

import smarttag_nb as stag

PUBLIC = [
    "Client",
    "Corpus",
    "Job",
    "align",
    "alignment",
    "cloud",
    "corpus",
    "emulator",
    "errors",
    "explore",
    "exports",
    "frames",
    "intervals",
    "load",
    "measures",
    "panels",
    "plots",
    "read_callback",
    "report",
    "samples",
    "sql",
    "tables",
]

HEAVY = [
    *("pandas", "matplotlib", "ipywidgets", "requests", "av", "PIL", "numpy", "msgspec"),
    *("starlette", "uvicorn", "alibabacloud_credentials"),
]


def run(code: str) -> str:
    """Run code in a fresh interpreter."""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_the_public_names_are_these() -> None:
    assert stag.__all__ == PUBLIC
    for name in PUBLIC:
        assert getattr(stag, name) is not None


def test_tab_completion_shows_every_public_name() -> None:
    shown = run("import smarttag_nb; print(*dir(smarttag_nb))").split()
    assert set(PUBLIC) <= set(shown)


def test_importing_loads_no_library() -> None:
    loaded = run("import smarttag_nb, sys; print(*sys.modules)").split()
    assert set(HEAVY) & set(loaded) == set()


def test_only_the_feature_used_is_paid_for() -> None:
    loaded = run("import smarttag_nb, sys; smarttag_nb.load; print(*sys.modules)").split()
    assert "pandas" in loaded
    assert {"matplotlib", "ipywidgets", "requests", "av"} & set(loaded) == set()


def test_importing_takes_a_fraction_of_importing_pandas() -> None:
    def seconds(module: str) -> float:
        code = f"import time; t = time.perf_counter(); import {module}; "
        return float(run(code + "print(time.perf_counter() - t)"))

    # In turn, so that both meet the same machine.
    pairs = [(seconds("smarttag_nb"), seconds("pandas")) for _ in range(5)]
    assert median(ours for ours, _ in pairs) <= 0.4 * median(pandas for _, pandas in pairs)


def test_importing_changes_nothing() -> None:
    state = run(
        "import os, matplotlib as mpl\n"
        "before = dict(mpl.rcParams), set(mpl.colormaps), sorted(os.listdir('.'))\n"
        "import smarttag_nb as stag\n"
        "[getattr(stag, name) for name in stag.__all__]\n"
        "print(before == (dict(mpl.rcParams), set(mpl.colormaps), sorted(os.listdir('.'))))"
    )
    assert state == "True"
