"""Adding by processes of this machine, from a plain script."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import smarttag_nb as stag

SCRIPT = Path(__file__).with_name("script.py")


def begin(lake: Path, what: str) -> subprocess.Popen[str]:
    """Run the script as a terminal would: Ctrl-C would come to it and all that it begins."""
    return subprocess.Popen(
        [sys.executable, SCRIPT, lake, what],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_a_script_without_a_main_guard_adds_with_several_processes(tmp_path: Path) -> None:
    told, errors = begin(tmp_path / "lake", "end").communicate()
    assert "7 added" in told
    assert errors == ""
    assert len(stag.Corpus(tmp_path / "lake")) == 7


def test_a_killed_process_is_an_error_and_what_was_made_stays(tmp_path: Path) -> None:
    told, errors = begin(tmp_path / "lake", "die").communicate()
    assert "a process that read answers was killed" in told
    assert errors == ""
    corpus = stag.Corpus(tmp_path / "lake")
    assert 1 <= len(corpus) <= 6
    assert corpus.check().empty


def test_ctrl_c_ends_all_processes_and_what_was_made_stays(tmp_path: Path) -> None:
    script = begin(tmp_path / "lake", "wait")
    assert script.stdout is not None
    assert script.stdout.readline() == "begun\n"
    os.killpg(script.pid, signal.SIGINT)
    # It is over once nobody has its output open, the processes that it began among them.
    told, errors = script.communicate(timeout=120)
    assert told == ""
    assert errors.count("Traceback") == 1
    assert errors.endswith("KeyboardInterrupt\n")
    corpus = stag.Corpus(tmp_path / "lake")
    assert list(corpus.table("jobs").job_id) == ["job-0"]
    assert corpus.check().empty
