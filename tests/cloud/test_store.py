"""The store: what goes in comes out, for eight processes at once, killed ones and bad disks."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb.cloud import claims
from smarttag_nb.cloud.store import Key, Store
from smarttag_nb.errors import (
    DamagedEntry,
    InvalidArgument,
    NotAnAnswer,
    StoreError,
    UnknownName,
)

from . import crowd

ANSWER = stag.samples.path("magazine", "smarttag").read_bytes()

PACKAGE = Path(stag.__file__).parent.parent


def key(job_id: str = "88e6", params: str = "", operation: str = "QuerySmarttagJob") -> Key:
    return Key("ice", "cn-shanghai", operation, job_id, params)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "jobs.sqlite"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    with Store(file) as made:
        yield made


def run(*arguments: object) -> str:
    """Run Python in a process of its own, and give what it prints."""
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, env=environment, cwd=PACKAGE, text=True, capture_output=True)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.stdout.strip()


# What goes in comes out


def test_an_answer_comes_out_byte_for_byte(store: Store) -> None:
    store.put(key(), ANSWER, "Success", "R-1")
    assert store.get(key()) == ANSWER


def test_any_bytes_come_out_under_any_id(store: Store) -> None:
    texts = st.text(st.characters(codec="utf-8"), min_size=1)

    @settings(max_examples=100)
    @given(raw=st.binary(max_size=3_000), job_id=texts)
    def check(raw: bytes, job_id: str) -> None:
        store.put(key(job_id), raw, "Success")
        assert store.get(key(job_id)) == raw
        assert job_id in store

    check()


ODD = [
    "编号-1",
    "a'b\"c; DROP TABLE answers",
    "x" * 10_000,
    "%",
    "a\0b",
    "../../etc",
    "😀",
    " ",
    "007",
]


@pytest.mark.parametrize("job_id", ODD, ids=range(len(ODD)))
def test_odd_ids_are_ids(store: Store, job_id: str) -> None:
    store.put(key(job_id), ANSWER, "Success")
    assert store.get(key(job_id)) == ANSWER
    assert store[job_id].job_id == job_id
    assert list(store) == store.jobs()["job_id"].tolist() == [job_id]


def test_ids_that_differ_in_case_or_in_how_they_are_composed_are_different(store: Store) -> None:
    ids = ["job-a", "JOB-A", "caf\u00e9", "cafe\u0301", "7", "07"]
    for job_id in ids:
        store.put(key(job_id), job_id.encode(), "Success")
    assert [store.get(key(job_id)) for job_id in ids] == [job_id.encode() for job_id in ids]
    assert list(store) == ids


@pytest.mark.parametrize("other", [
    Key("mts", "cn-shanghai", "QuerySmarttagJob", "88e6"),
    Key("ice", "cn-beijing", "QuerySmarttagJob", "88e6"),
    key(operation="GetSmartHandleJob"),
    key(params='{"labelResultType": "hmi"}'),
])  # fmt: skip
def test_every_part_of_a_key_tells_answers_apart(store: Store, other: Key) -> None:
    store.put(key(), b"one", "Success")
    store.put(other, b"other", "Success")
    assert (store.get(key()), store.get(other)) == (b"one", b"other")
    assert len(store) == 1


def test_a_later_answer_takes_the_place_of_an_earlier(store: Store) -> None:
    store.put(key(), b"earlier", "Fail")
    store.put(key(), b"later", "Success")
    assert store.get(key()) == b"later"
    assert store.jobs()["status"].tolist() == ["Success"]


def test_a_job_is_its_newest_answer(store: Store) -> None:
    failed = stag.samples.path("magazine", "failed").read_bytes()
    store.put(key(), failed, "Fail")
    store.put(key(params='{"labelResultType": "auto"}'), ANSWER, "Success")
    assert store["88e6"].status == "Success"
    store.put(key(), failed, "Fail")
    assert store["88e6"].status == "Fail"


@pytest.mark.parametrize("status", ["Processing", "Submitted", "Executing", "", "success", None])
def test_only_final_answers_are_kept(store: Store, status: str) -> None:
    with pytest.raises(InvalidArgument, match=r"status: expected a final status .*Success"):
        store.put(key(), ANSWER, status)
    assert store.get(key()) is None


def test_what_is_stored_is_listed(store: Store) -> None:
    store.put(key("b", '{"labelResultType":"hmi"}'), ANSWER, "Success", "R-1")
    store.put(key("a", operation="GetSmartHandleJob"), b"{}", "Failed")
    frame = store.jobs()
    assert frame.drop(columns="stored").values.tolist() == [
        ["ice", "cn-shanghai", "QuerySmarttagJob", "b", '{"labelResultType":"hmi"}',
         "Success", "R-1", len(ANSWER)],
        ["ice", "cn-shanghai", "GetSmartHandleJob", "a", "", "Failed", "", 2],
    ]  # fmt: skip
    assert str(frame["stored"].dtype) == "datetime64[us, UTC]"
    assert frame["stored"].is_monotonic_increasing


def test_an_empty_store_lists_in_the_same_form(store: Store) -> None:
    empty = store.jobs()
    store.put(key(), ANSWER, "Success")
    assert empty.dtypes.equals(store.jobs().dtypes)
    assert (len(empty), len(store), bool(store)) == (0, 1, True)


def test_a_job_that_is_not_there_is_told_with_those_that_are(store: Store) -> None:
    for number in range(12):
        store.put(key(f"job-{number:02}"), ANSWER, "Success")
    with pytest.raises(UnknownName, match=r"'job-99'.* There are: job-02, .*job-11, 2 more"):
        store["job-99"]
    assert "job-99" not in store
    assert 7 not in store
    assert store.get(key("job-99")) is None


def test_what_is_no_answer_is_kept_and_told_when_read(store: Store) -> None:
    store.put(key(), b"no answer", "Success")
    with pytest.raises(NotAnAnswer):
        store["88e6"]


@pytest.mark.parametrize(("same", "text"), [
    ('{"b": 1, "a": [1, 2]}', '{"a":[1,2],"b":1}'), ("{}", ""), ('{"a": "é"}', '{"a":"\\u00e9"}'),
])  # fmt: skip
def test_parameters_are_the_same_however_they_are_written(same: str, text: str) -> None:
    assert key(params=same).params == text
    assert key(params=same) == key(params=text)


@pytest.mark.parametrize("wrong", [
    {"product": "oss"}, {"product": None}, {"operation": "Query"}, {"job_id": ""}, {"job_id": 7},
    {"job_id": "\ud800"}, {"region": ""}, {"params": "hmi"}, {"params": "[1]"}, {"params": None},
    {"params": '{"a": NaN}'}, {"params": '{"a":' * 5_000},
], ids=str)  # fmt: skip
def test_a_key_of_the_wrong_kind_is_refused(wrong: dict[str, object]) -> None:
    right = {"product": "ice", "region": "cn-shanghai", "operation": "QuerySmarttagJob"}
    with pytest.raises(InvalidArgument, match=f"{next(iter(wrong))}: expected"):
        Key(**{**right, "job_id": "88e6", **wrong})  # type: ignore[arg-type]


def test_other_arguments_of_the_wrong_kind_are_refused(store: Store) -> None:
    with pytest.raises(InvalidArgument, match="raw: expected the answer's bytes, got 'str'"):
        store.put(key(), "text", "Success")  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="key: expected a Key, got '88e6'"):
        store.get("88e6")  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="seconds: expected a number of seconds above 0"):
        store.claim(key(), 0)
    with pytest.raises(InvalidArgument, match="path: expected a file's path"):
        Store("a\0b")


def test_a_store_shows_what_it_holds(store: Store) -> None:
    assert repr(store) == "<Store jobs.sqlite: 0 answers>"
    store.put(key(), ANSWER, "Success")
    assert repr(store) == "<Store jobs.sqlite: 1 answer>"
    store.close()
    assert repr(store) == "<Store jobs.sqlite, closed>"


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreError, match=r"is closed\. Open the store again"):
        store.get(key())


# Claims


def test_a_claim_keeps_others_away_until_it_is_given_back(store: Store, file: Path) -> None:
    with Store(file) as other:
        assert store.claim(key())
        assert not other.claim(key())
        assert not store.claim(key())
        other.release(key())
        assert not other.claim(key())
        store.release(key())
        assert other.claim(key())


def test_storing_ends_a_claim_and_the_need_for_one(store: Store, file: Path) -> None:
    with Store(file) as other:
        assert store.claim(key())
        store.put(key(), ANSWER, "Success")
        assert not other.claim(key())
        assert other.get(key()) == ANSWER


def test_a_claim_ends_after_its_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.claim(key(), seconds=5)
    now = claims.time.monotonic()
    monkeypatch.setattr(claims.time, "monotonic", lambda: now + 4)
    assert not store.claim(key())
    monkeypatch.setattr(claims.time, "monotonic", lambda: now + 6)
    assert store.claim(key())
    # The machine was started anew, and its clock with it.
    monkeypatch.setattr(claims.time, "monotonic", lambda: 1.0)
    assert store.claim(key())


def test_closing_gives_claims_back(file: Path, store: Store) -> None:
    with Store(file) as other:
        assert other.claim(key())
    assert store.claim(key())


CLAIMING = """
import os, signal, sys
from smarttag_nb.cloud.store import Key, Store
key = Key("ice", "cn-shanghai", "QuerySmarttagJob", "88e6")
assert Store(sys.argv[1]).claim(key, seconds=1e6)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_claims_of_a_killed_process_are_void(store: Store, file: Path) -> None:
    run("-c", CLAIMING, file)
    assert count(file, "claims") == 1
    assert store.claim(key())


# Threads and processes


def test_eight_processes_ask_for_each_id_once(file: Path, tmp_path: Path) -> None:
    # They make the file, too, all at once.
    log, number = tmp_path / "asked", 60
    run("-m", "tests.cloud.crowd", "ask", file, log, number)
    assert sorted(log.read_text().split()) == sorted(f"job-{i}" for i in range(number))
    with Store(file) as store:
        assert all(store.get(crowd.key(i)) == crowd.answer(i) for i in range(number))
    assert count(file, "claims") == 0


def count(file: Path, table: str) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_many_threads_share_a_store(store: Store) -> None:
    def use(number: int) -> bool:
        mine = key(f"job-{number % 40}")
        if store.claim(mine):
            store.put(mine, ANSWER[: number + 1], "Success")
        return store.get(mine) is None or mine.job_id in store

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(use, range(160)))
    assert len(store) == 40


def test_nothing_acknowledged_is_lost_to_sigkill(file: Path) -> None:
    run("-m", "tests.cloud.crowd", "kill", file, 15)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_opens_the_file_for_itself(store: Store) -> None:
    store.put(key(), ANSWER, "Success")
    store.claim(key("parent's"))
    child = os.fork()
    if not child:
        done = store.get(key()) == ANSWER and not store.claim(key("parent's"))
        store.put(key("child's"), ANSWER, "Success")
        store.close()
        os._exit(0 if done else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert store.get(key("child's")) == ANSWER
    assert not store.claim(key("parent's"))


# Damage


def filled(file: Path, number: int = 12) -> dict[Key, bytes]:
    """A store with answers of many sizes, closed."""
    chance = random.Random(6)
    answers = {key(f"job-{i}"): chance.randbytes(i * 700 + 1) for i in range(number)}
    with Store(file) as store:
        for one, raw in answers.items():
            store.put(one, raw, "Success", f"R-{one.job_id}")
    return answers


def flip(file: Path, position: int, bit: int = 0) -> None:
    with file.open("r+b") as stream:
        stream.seek(position)
        byte = stream.read(1)[0]
        stream.seek(position)
        stream.write(bytes([byte ^ 1 << bit]))


def test_a_flipped_byte_in_an_answer_is_told_once_and_set_aside(file: Path) -> None:
    answers = filled(file)
    whole = file.read_bytes()
    bad = key("job-11")
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT raw FROM answers WHERE job_id = ?"
        (packed,) = connection.execute(query, (bad.job_id,)).fetchone()
    flip(file, whole.index(packed[100:200]) + 50)
    with Store(file) as store:
        with pytest.raises(DamagedEntry, match=r"jobs\.sqlite: the answer of job job-11 is not "
                           r"what was stored, and was set aside\. Ask for it again\."):  # fmt: skip
            store.get(bad)
        assert repr(store) == "<Store jobs.sqlite: 11 answers, 1 damaged and set aside>"
        assert store.get(bad) is None
        assert store.claim(bad)
        store.put(bad, answers[bad], "Success")
        assert {one: store.get(one) for one in answers} == answers


@pytest.mark.parametrize(("column", "value"), [
    ("status", "Fail"), ("job_id", "job-99"), ("stored", 5), ("request_id", "R-9"), ("bytes", 3),
    ("bytes", "many"), ("raw", "text"), ("raw", b""), ("sha256", b""),
])  # fmt: skip
def test_nothing_that_is_told_of_an_answer_changes_unseen(
    file: Path, column: str, value: object
) -> None:
    filled(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"UPDATE answers SET {column} = ? WHERE job_id = 'job-3'", (value,))
        connection.commit()
    with Store(file) as store, pytest.raises(DamagedEntry):
        store["job-99" if column == "job_id" else "job-3"]


def looked(file: Path, answers: dict[Key, bytes]) -> set[str]:
    """Use all of a store; tell what came of it."""
    came = set()
    try:
        with Store(file) as store:
            for use in (store.jobs, lambda: list(store), lambda: len(store), lambda: repr(store)):
                try:
                    use()
                except StoreError:
                    came.add("told")
            for one, raw in answers.items():
                try:
                    found = store.get(one)
                    assert found in (None, raw)
                    came.add("missing" if found is None else "whole")
                    if found is None:
                        store.put(one, raw, "Success")
                        assert store.get(one) == raw
                except StoreError as error:
                    came.add(type(error).__name__)
    except StoreError:
        came.add("told")
    return came


def test_no_flipped_byte_makes_a_wrong_answer(file: Path) -> None:
    answers = filled(file)
    whole, chance, came = file.read_bytes(), random.Random(6), set()
    # The beginnings of pages hold their structure, and are hit more often.
    places = [*range(0, 100, 3), *(chance.randrange(len(whole)) for _ in range(50)),
              *(page + chance.randrange(60) for page in range(0, len(whole), 4096))]  # fmt: skip
    for place in places:
        for beside in file.parent.iterdir():
            beside.unlink()
        file.write_bytes(whole)
        flip(file, place, chance.randrange(8))
        came |= looked(file, answers)
    assert came - {"missing"} == {"whole", "told", "DamagedEntry", "StoreError"}


@pytest.mark.parametrize("content", [b"no database, and long enough to see it" * 100, b"\0" * 8192])
def test_what_is_no_database_is_left_as_it_is(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(StoreError, match=r"expected a store .* Move it away, or give"):
        Store(file)
    assert file.read_bytes() == content


def test_another_database_is_left_as_it_is(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE answers (job_id TEXT)")
    file.chmod(0o664)
    before = file.read_bytes()
    with pytest.raises(StoreError, match=r"of something else\. Give another path"):
        Store(file)
    assert file.read_bytes() == before
    assert stat.S_IMODE(file.stat().st_mode) == 0o664


@pytest.mark.parametrize(("version", "whose"), [(0, "an older"), (2, "a newer")])
def test_a_store_of_another_version_is_told(file: Path, version: int, whose: str) -> None:
    filled(file, 1)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    expected = f"store of version 1; got {whose} one, of version {version}. Give another path"
    with pytest.raises(StoreError, match=expected):
        Store(file)


def test_a_truncated_file_is_told(file: Path) -> None:
    answers = filled(file)
    os.truncate(file, file.stat().st_size // 2)
    assert looked(file, answers) & {"told", "StoreError"}


def test_a_store_that_another_makes_meanwhile_is_a_store(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    class Slow(sqlite3.Connection):
        def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
            done = super().execute(sql, *given)
            if "application_id" in sql and not threads:
                monkeypatch.undo()
                threads.append(threading.Thread(target=lambda: Store(file).close()))
                threads[0].start()
                threads[0].join(0.5)  # It has to wait, or is done.
            return done

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **k, factory=Slow))
    with Store(file) as store:
        threads[0].join()
        store.put(key(), ANSWER, "Success")
        assert len(store) == 1


def test_an_empty_file_becomes_a_store(file: Path) -> None:
    file.touch()
    filled(file, 1)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


# Disks and folders

LIMITED = """
import resource, sys
from smarttag_nb.cloud.store import Key, Store
from smarttag_nb.errors import StoreError
import os
key = lambda i: Key("ice", "cn-shanghai", "QuerySmarttagJob", f"job-{i}")
with Store(sys.argv[1]) as store:
    for i in range(3):
        store.put(key(i), b"%d" % i * 100, "Success")
    size = os.path.getsize(sys.argv[1] + "-wal") + 4_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        store.put(key(1), os.urandom(100_000), "Success")
    except StoreError as error:
        print(error)
    print(*(store.get(key(i))[:1].decode() for i in range(3)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store.put(key(3), b"3", "Success")
    print(*(store.get(key(i))[:1].decode() for i in range(4)))
"""


def test_a_file_that_may_not_grow_keeps_what_it_has(file: Path) -> None:
    error, before, after = run("-c", LIMITED, file).splitlines()
    assert "the disk gave an error. What was stored before is intact" in error
    assert (before, after) == ("0 1 2", "0 1 2 3")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(disk)]
    if subprocess.run(mounting, capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_leaves_what_was_stored(small_disk: Path) -> None:
    raw, number = os.urandom(20_000), 0
    with Store(small_disk / "s") as store:

        def fill() -> None:
            nonlocal number
            while True:
                store.put(key(f"job-{number}"), raw, "Success")
                number += 1

        with pytest.raises(
            StoreError, match=r"the disk is full\. What was stored before is intact"
        ):
            fill()
        assert number > 3
        assert all(store.get(key(f"job-{i}")) == raw for i in range(number))
    with Store(small_disk / "s") as store:
        assert all(store.get(key(f"job-{i}")) == raw for i in range(number))


def test_claims_that_a_full_disk_kept_hold_up_nobody_here(small_disk: Path) -> None:
    held = [key(f"job-{i}") for i in range(20)]
    with Store(small_disk / "s") as store:
        assert all(store.claim(one) for one in held)
        filler = small_disk / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as stream:
            while stream.write(bytes(4096)):
                pass

        def give_back() -> None:
            for one in held:
                store.release(one)

        with pytest.raises(StoreError, match="the disk is full"):
            give_back()
        filler.unlink()
        assert store.claim(next(one for one in held if one.columns in store._void))


@pytest.mark.parametrize("umask", [0, 0o777])
def test_a_store_is_its_owners_alone(file: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with Store(file) as store:
            store.put(key(), ANSWER, "Success")
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    finally:
        os.umask(before)
    names = ["jobs.sqlite", "jobs.sqlite-shm", "jobs.sqlite-wal"]
    assert modes == dict.fromkeys(names, 0o600)


def test_a_store_that_others_could_read_is_made_private(file: Path) -> None:
    filled(file, 1)
    file.chmod(0o644)
    with Store(file):
        assert {stat.S_IMODE(p.stat().st_mode) for p in file.parent.iterdir()} == {0o600}


OPENING = """
import os, sys
from smarttag_nb.cloud.store import Store
from smarttag_nb.errors import StoreError
if not os.geteuid():
    # Root may write anywhere: nobody may not.
    os.setuid(65534)
try:
    Store(sys.argv[1])
except StoreError as error:
    print(error)
"""


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that anybody may look into, which pytest's are not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield folder
        folder.chmod(0o755)


def test_a_folder_that_cannot_be_written_is_told(public: Path) -> None:
    public.chmod(0o555)
    error = run("-c", OPENING, public / "jobs.sqlite")
    assert "cannot be made: Permission denied. Give the path of a file in a folder that" in error


def test_a_store_in_a_folder_that_cannot_be_written_is_told(public: Path) -> None:
    file = public / "jobs.sqlite"
    filled(file, 1)
    if not os.geteuid():
        os.chown(file, 65534, 65534)
    public.chmod(0o555)
    error = run("-c", OPENING, file)
    assert "the file or its folder cannot be written. Change that, or copy the file" in error


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot be made: No such file or directory\. Give"):
        Store(tmp_path / "missing" / "s")
    with pytest.raises(StoreError, match="expected a file; got a folder"):
        Store(tmp_path)
