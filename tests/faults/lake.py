"""Corpora whose writers are killed, whose disk is full, and that many use at once.

``python -m tests.faults.lake kill ROUNDS JOBS WORKERS``, ``two JOBS``, ``busy JOBS``, ``full``,
``cut TIMES`` and ``flip TIMES`` each print what was counted as JSON, or fail. Who adds is a process
of its own, forked from one that has no threads.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import multiprocessing
import os
import random
import select
import signal
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

from smarttag_nb import Corpus
from smarttag_nb.corpus import ingest
from smarttag_nb.corpus.lake import Lake
from smarttag_nb.errors import LakeError
from tests.corpus.answers import answer

_PART = 5
"""Answers in a part, each of which is committed: so little, that there is always something on its
way when a process is killed."""

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["tests.corpus.answers", "smarttag_nb.corpus.ingest"])


def sentences(number: int) -> int:
    return number % 4


def write(folder: Path, number: int) -> dict[str, int]:
    """Write answers into files, and tell how many rows of speech each of them has."""
    folder.mkdir()
    for i in range(number):
        content = answer(f"job-{i}", f"of {i}:", sentences(i))
        (folder / f"{i}.json").write_text(json.dumps(content))
    return {f"job-{i}": sentences(i) for i in range(number)}


def add(lake: str, sources: str, workers: int, told: Connection | None = None) -> None:
    """Add, and tell of each commit before and after it."""
    ingest._PART_ITEMS, ingest._PATIENCE = _PART, 0
    if told is not None:
        os.setpgid(0, 0)
        commit = Lake.commit

        def telling(self: Lake, name: str, actions: Any) -> None:
            told.send(name)
            commit(self, name, actions)
            told.send(name)

        Lake.commit = telling  # type: ignore[method-assign]
        told.send("begun")
    with contextlib.redirect_stderr(io.StringIO()):  # Where the progress would be.
        Corpus(lake).add(sources, workers=workers)


def started(target: Callable[..., None], *arguments: Any) -> BaseProcess:
    process = _SERVER.Process(target=target, args=arguments)
    process.start()
    return process


def shown(corpus: Corpus, truth: dict[str, int]) -> set[str]:
    """The jobs that show; each must be there once, with all of its rows and no other's."""
    found = corpus.sql(_SHOWN)
    for row in found.itertuples():
        assert row.spoken == row.told == truth[row.job_id], row
        assert row.others == 0, row
        assert row.labels == 1, row
    assert found.job_id.is_unique
    return set(found.job_id)


_SHOWN = """
SELECT job_id, counts.speech AS told, coalesce(spoken, 0) AS spoken, coalesce(others, 0) AS others,
    coalesce(labels, 0) AS labels
FROM jobs
LEFT JOIN (
    SELECT load_id, count(*) AS spoken,
        count(*) FILTER (text NOT LIKE 'of ' || job_id[5:] || ': %') AS others
    FROM speech GROUP BY load_id
) USING (load_id)
LEFT JOIN (SELECT load_id, count(*) AS labels FROM labels GROUP BY load_id) USING (load_id)
"""


def settled(corpus: Corpus, truth: dict[str, int]) -> dict[str, int]:
    """Compact, and count what is left: what shows, and not a row more."""
    assert shown(corpus, truth) == truth.keys()
    before = DeltaTable(f"{corpus.path}/speech").count()
    corpus.compact(timedelta(0))
    assert corpus.check().empty
    assert shown(corpus, truth) == truth.keys()
    there = DeltaTable(f"{corpus.path}/speech").count()
    assert there == sum(truth.values())
    named = {Path(path).name for path in DeltaTable(f"{corpus.path}/speech").file_uris()}
    assert {path.name for path in Path(corpus.path, "speech").glob("month=*/*")} == named
    return {"rows of nobody, deleted": before - there}


def orphans(group: int) -> list[int]:
    """The processes that outlive who began them, once they had time to end."""
    members = [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/stat")
        if _group_of(path) == group
    ]
    left = []
    for pid in members:
        with contextlib.suppress(ProcessLookupError):
            descriptor = os.pidfd_open(pid)
            if not select.select([descriptor], [], [], 30)[0]:
                left.append(pid)
            os.close(descriptor)
    return left


def _group_of(path: Path) -> int | None:
    try:
        state, _, group = path.read_text().rpartition(")")[2].split()[:3]
    except OSError:
        return None  # It ended meanwhile.
    return None if state == "Z" else int(group)


def kill(rounds: int, number: int, workers: int) -> dict[str, Any]:
    """Kill who adds again and again, at whatever moment, and look at the corpus each time."""
    chance = random.Random(7)
    known: set[str] = set()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        truth = write(folder / "answers", number)
        corpus = Corpus(folder / "lake")
        # Five tables are committed for each part, with a word before and after; in a life, some
        # of one part or two.
        most = 20
        for _ in range(rounds):
            ours, theirs = _SERVER.Pipe(duplex=False)
            child = started(add, corpus.path, str(folder / "answers"), workers, theirs)
            theirs.close()
            with contextlib.suppress(EOFError):
                for _ in range(chance.randrange(1, most)):
                    ours.recv()
            # A moment longer, so that the end comes anywhere.
            for _ in range(chance.randrange(300_000)):
                pass
            child.kill()
            child.join()
            assert child.exitcode == -signal.SIGKILL, "it was done before it was killed"
            assert child.pid is not None
            assert not orphans(child.pid), "its processes go on"
            assert corpus.check().empty
            there = shown(corpus, truth)
            assert there >= known, f"lost: {known - there}"
            known = there
        assert len(known) < number, "all was there before the last was killed"
        rest = corpus.add(folder / "answers", workers=1)
        assert (rest.added, rest.unchanged) == (number - len(known), len(known))
        assert corpus.check().empty
        return {"kills": rounds, "jobs": number, "before the last": len(known)} | settled(
            corpus, truth
        )


def two(number: int) -> dict[str, Any]:
    """Have two processes add the same at once, and each something else."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        truth = write(folder / "answers", number)
        corpus = Corpus(folder / "lake")
        children = [started(add, corpus.path, str(folder / "answers"), 1) for _ in range(2)]
        for child in children:
            child.join()
        assert [child.exitcode for child in children] == [0, 0]
        assert corpus.check().empty
        assert corpus.add(folder / "answers", workers=1).unchanged == number
        return {"processes": 2, "jobs": number} | settled(corpus, truth)


def compact(lake: str, stop: Any) -> None:
    """Compact all the while."""
    while not stop.is_set():
        with contextlib.suppress(LakeError):
            Corpus(lake).compact(timedelta(minutes=1))


def busy(number: int) -> dict[str, Any]:
    """Read all the while that one adds, one adds the same in other words, and one compacts."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        truth = write(folder / "answers", number)
        corpus = Corpus(folder / "lake")
        stop = _SERVER.Event()
        compacting = started(compact, corpus.path, stop)
        adding = [started(add, corpus.path, str(folder / "answers"), 1) for _ in range(2)]
        looks, sizes, known = 0, set(), set[str]()
        while any(child.is_alive() for child in adding):
            there = shown(corpus if looks % 2 else Corpus(corpus.path), truth)
            assert there >= known, f"lost: {known - there}"
            known = there
            sizes.add(len(known))
            looks += 1
        stop.set()
        for child in (*adding, compacting):
            child.join()
            assert child.exitcode == 0
        assert corpus.check().empty
        counted = {"jobs": number, "looks": looks, "that differ": len(sizes)}
        return counted | settled(corpus, truth)


def full() -> dict[str, Any]:
    """Fill a disk, make room, and go on."""
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as disk:
        truth = write(Path(made) / "answers", 80)
        if not _mounted(disk, "size=400k"):
            return {}  # Only root may.
        try:
            ingest._PART_ITEMS, ingest._PATIENCE = _PART, 0
            corpus = Corpus(Path(disk) / "lake")
            for _ in range(2):
                failure = ""
                try:
                    corpus.add(Path(made) / "answers", workers=1)
                except LakeError as error:
                    failure = str(error)
                assert "cannot be written" in failure, "it was not full"
                assert corpus.check().empty
            there = shown(corpus, truth)
            assert 0 < len(there) < len(truth)
            assert _mounted(disk, "remount,size=64m")
            rest = corpus.add(Path(made) / "answers", workers=1)
            assert (rest.added, rest.unchanged) == (len(truth) - len(there), len(there))
            assert corpus.check().empty
            counted = {"jobs": len(truth), "before it was full": len(there)}
            return counted | settled(corpus, truth)
        finally:
            subprocess.run(["umount", "-l", disk], check=True)


def _mounted(folder: str, options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder]
    return subprocess.run(command, capture_output=True).returncode == 0


def archives(folder: Path) -> Iterator[Path]:
    """Archives of each kind, of all answers in a folder."""
    files = sorted((folder / "answers").iterdir())
    for ending in ("tar", "tar.gz", "tar.xz"):
        path = folder / f"all.{ending}"
        with tarfile.open(path, f"w:{ending[4:]}") as tar:
            for file in files:
                tar.add(file, file.name)
        yield path
    with zipfile.ZipFile(folder / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    yield folder / "all.zip"
    lines = b"".join(file.read_bytes() + b"\n" for file in files)
    (folder / "all.jsonl").write_bytes(lines)
    yield folder / "all.jsonl"
    (folder / "all.jsonl.gz").write_bytes(gzip.compress(lines))
    yield folder / "all.jsonl.gz"


def cut(times: int) -> dict[str, Any]:
    """Add archives that end anywhere, then whole."""
    chance = random.Random(7)
    counted = {"archives cut": 0, "jobs in what was left": 0, "jobs in all": 0}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        truth = write(folder / "answers", 40)
        for path in list(archives(folder)):
            whole = path.read_bytes()
            for i in range(times):
                corpus = Corpus(folder / f"{path.name} {i}")
                path.write_bytes(whole[: chance.randrange(1, len(whole) * 9 // 10)])
                first = corpus.add(path, workers=1)
                assert len(shown(corpus, truth)) == first.added < len(truth)
                assert first.failed >= 1 or path.suffix == ".jsonl"
                assert len(corpus.table("failures")) == first.failed
                path.write_bytes(whole)
                then = corpus.add(path, workers=1)
                assert (then.added, then.unchanged) == (len(truth) - first.added, first.added)
                assert corpus.table("failures").empty
                assert corpus.check().empty
                assert shown(corpus, truth) == truth.keys()
                counted["archives cut"] += 1
                counted["jobs in what was left"] += first.added
                counted["jobs in all"] += len(truth)
    return counted


def flip(times: int) -> dict[str, Any]:
    """Flip a byte at a time in files of several tables."""
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write(folder / "answers", 40)
        corpus = Corpus(folder / "lake")
        corpus.add(folder / "answers", workers=1)
        tables = ("speech", "labels", "answers", "jobs")
        for name in tables:
            (path,) = Path(corpus.path, name).glob("month=*/*")
            whole = path.read_bytes()
            for _ in range(times):
                place = chance.randrange(len(whole))
                path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
                # A table that cannot even be opened is told, too.
                with contextlib.suppress(LakeError):
                    assert len(Corpus(corpus.path).check()), f"byte {place} of {path}"
            path.write_bytes(whole)
        assert corpus.check().empty
    return {"bytes flipped": times * len(tables), "told": times * len(tables)}


def run(*arguments: object) -> dict[str, Any]:
    """Run one of these in a process of its own."""
    command = [sys.executable, "-m", __name__, *map(str, arguments)]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(command, cwd=root, env=environment, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    counted: dict[str, Any] = json.loads(done.stdout)
    return counted


if __name__ == "__main__":
    named = {"kill": kill, "two": two, "busy": busy, "full": full, "cut": cut, "flip": flip}
    print(json.dumps(named[sys.argv[1]](*map(int, sys.argv[2:]))))
