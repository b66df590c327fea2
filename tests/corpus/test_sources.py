"""What a corpus is given: each answer is found once, and what is not one is told."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import pickle
import random
import sqlite3
import struct
import subprocess
import sys
import tarfile
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb.cloud.key import Key
from smarttag_nb.cloud.store import Store
from smarttag_nb.corpus.sources import Ignored, Item, Unreadable, find, items
from smarttag_nb.corpus.sources.names import stem_of
from smarttag_nb.errors import DamagedEntry, InvalidArgument, NotAnAnswer

ANSWER = stag.samples.path("magazine", "smarttag").read_bytes()
MOMENT = 1_750_000_000
Named = Iterable[tuple[str, bytes]]


def items_of(*sources: Any) -> list[Item]:
    """Find answers where there is nothing else."""
    found = list(find(sources))
    assert all(isinstance(one, Item) for one in found), found
    return [one for one in found if isinstance(one, Item)]


def contents(*sources: Any) -> list[Any]:
    return [item.read() for item in items_of(*sources)]


def told(*sources: Any) -> list[tuple[str, str, str]]:
    """Tell what was found: the class, the file's or member's name, and what is said of it."""
    said = {Item: "stem", Ignored: "why", Unreadable: "kind"}
    return [
        (type(found).__name__, found.source.rpartition("/")[2], getattr(found, said[type(found)]))
        for found in find(sources)
    ]


def errors_of(source: Any) -> list[str]:
    return [found.error for found in find(source) if isinstance(found, Unreadable)]


def make_tar(members: Named, packed: Callable[[bytes], bytes] = bytes, **kwargs: Any) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", **kwargs) as tar:
        for name, content in members:
            head = tarfile.TarInfo(name)
            head.size, head.mtime = len(content), MOMENT
            tar.addfile(head, io.BytesIO(content))
    return packed(file.getvalue())


def make_zip(members: Named, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", method) as made:
        # Names that come again are meant.
        warnings.simplefilter("ignore", UserWarning)
        for name, content in members:
            made.writestr(zipfile.ZipInfo(name, (2025, 6, 15, 15, 6, 40)), content, method)
    return file.getvalue()


def written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    # File systems flush what is written over at once, and properties write often.
    path.unlink(missing_ok=True)
    path.write_bytes(content)
    return path


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(items, "LIMIT", 1_000)
    return 1_000


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that each example of a property writes anew."""
    return tmp_path_factory.mktemp("scratch")


# Files and folders


def test_a_file_is_one_item_with_its_size_time_and_stem(tmp_path: Path) -> None:
    file = written(tmp_path / "88e6.json", ANSWER)
    os.utime(file, ns=(0, 1_750_000_000_123_456_789))
    (item,) = items_of(file)
    assert (item.source, item.size, item.stem) == (str(file), len(ANSWER), "88e6")
    assert item.answered == 1_750_000_000_123_456
    assert item.read() == ANSWER


@pytest.mark.parametrize("given_as", [str, Path, lambda path: [path], lambda path: iter([path])])
def test_a_path_may_be_given_alone_or_among_others(
    tmp_path: Path, given_as: Callable[[str], Any]
) -> None:
    file = written(tmp_path / "a.json", b"{}")
    assert [found.source for found in find(given_as(str(file)))] == [str(file)]


def test_a_relative_path_is_found_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "a.json", b"{}")
    monkeypatch.chdir(tmp_path)
    (item,) = items_of("a.json")
    monkeypatch.chdir("/")
    assert item.read() == b"{}"


def test_gzip_is_unpacked(tmp_path: Path) -> None:
    (item,) = items_of(written(tmp_path / "88e6.json.gz", gzip.compress(ANSWER)))
    assert (item.stem, item.read()) == ("88e6", ANSWER)


def test_a_folder_is_walked_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.json", "a/z.xml", "a/b.txt", "c/d/e.json.gz", "A.JSON", "c.srt"):
        written(tmp_path / name, b"")
    found = [Path(item.source).relative_to(tmp_path).as_posix() for item in items_of(tmp_path)]
    assert found == ["A.JSON", "a/b.txt", "a/z.xml", "b.json", "c/d/e.json.gz", "c.srt"]


def test_what_a_folder_holds_besides_is_told(tmp_path: Path) -> None:
    for name in (".x.json", ".git/x.json", "a.json.part", "b.mp4", "j.sqlite-wal", "lake/x.json"):
        written(tmp_path / name, b"{}")
    (tmp_path / "lake/_delta_log").mkdir()
    os.mkfifo(tmp_path / "pipe.json")
    assert told(tmp_path) == [
        ("Ignored", ".git", "hidden"),
        ("Ignored", ".x.json", "hidden"),
        ("Ignored", "a.json.part", "unfinished, as its ending says"),
        ("Ignored", "b.mp4", "of another kind, as its name tells"),
        ("Ignored", "j.sqlite-wal", "a part of the store beside it"),
        ("Ignored", "lake", "a Delta Lake table"),
        ("Ignored", "pipe.json", "neither a file nor a folder"),
    ]


def test_a_file_of_any_name_is_tried_where_it_is_given_by_itself(tmp_path: Path) -> None:
    assert contents(written(tmp_path / ".answer", b"{}")) == [b"{}"]


def test_links_to_folders_are_followed_and_not_in_circles(tmp_path: Path) -> None:
    written(tmp_path / "elsewhere/a.json", b"{}")
    (tmp_path / "week/x").mkdir(parents=True)
    (tmp_path / "week/x/up").symlink_to(tmp_path / "week")
    (tmp_path / "week/y").symlink_to(tmp_path / "elsewhere")
    assert told(tmp_path / "week") == [
        ("Ignored", "up", "a link to a folder that was walked already"),
        ("Item", "a.json", "a"),
    ]


def test_what_is_not_there_is_unreadable_and_stops_nothing(tmp_path: Path) -> None:
    file = written(tmp_path / "a.json", b"{}")
    (tmp_path / "b.json").symlink_to("b.json")
    assert told(tmp_path / "none", tmp_path, "a\0b", "\ud800", file) == [
        ("Unreadable", "none", "FileNotFoundError"),
        ("Item", "a.json", "a"),
        ("Unreadable", "b.json", "OSError"),
        ("Unreadable", "a\0b", "ValueError"),
        ("Unreadable", "\\ud800", "UnicodeEncodeError"),
        ("Item", "a.json", "a"),
    ]


def test_a_folder_that_may_not_be_read_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "a/x.json", b"{}")
    written(tmp_path / "b.json", b"{}")
    listdir = os.listdir

    def refuse(path: str) -> list[str]:
        if path.endswith("a"):
            raise PermissionError(13, "Permission denied", path)
        return listdir(path)

    monkeypatch.setattr(os, "listdir", refuse)
    assert told(tmp_path) == [("Unreadable", "a", "PermissionError"), ("Item", "b.json", "b")]


def test_a_file_that_vanishes_before_it_is_read_says_so(tmp_path: Path) -> None:
    file = written(tmp_path / "a.json", b"{}")
    (item,) = items_of(file)
    file.unlink()
    with pytest.raises(FileNotFoundError):
        item.read()


def test_a_name_that_is_no_utf_8_is_written_out(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/\xff.json", "wb") as file:
        file.write(b"{}")
    (item,) = items_of(tmp_path)
    assert (item.source, item.stem) == (f"{tmp_path}/\\udcff.json", "\ufffd")
    assert item.read() == b"{}"


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "got neither a file nor a folder" in errors_of(tmp_path / "pipe")[0]


@settings(max_examples=20)
@given(st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1, max_size=9))
def test_the_stem_is_the_one_that_load_takes(scratch: Path, name: str) -> None:
    name = f"x{name}.json.gz"
    file = written(scratch / name, gzip.compress(b'{"details": []}'))
    try:
        job = stag.load(file)
    finally:
        file.unlink()
    assert stem_of(name) == job.job_id


@pytest.mark.parametrize("wrong", [7, None, b"a.json", {"a.json": 1}, [b"a.json"], [["a.json"]]])
def test_what_is_no_source_is_an_invalid_argument(wrong: Any) -> None:
    with pytest.raises(InvalidArgument, match=r"^sources: expected paths, Stores or Jobs, got"):
        list(find(wrong))


# In any process


def test_an_item_is_plain_data_and_read_in_another_process(tmp_path: Path) -> None:
    lines = written(tmp_path / "a.jsonl", b'{"a": 1}\n{"b": 2}\n')
    zipped = written(tmp_path / "b.zip", make_zip([("x.json", ANSWER)]))
    tar = written(tmp_path / "c.tar", make_tar([("x.json", ANSWER)]))
    with Store(tmp_path / "d.sqlite") as store:
        store.put(Key("ice", "cn-shanghai", "QuerySmarttagJob", "88e6"), ANSWER, "Success")
    found = items_of(lines, zipped, tar, store)
    assert len(pickle.dumps(found)) < 3_000
    (tmp_path / "found").write_bytes(pickle.dumps(found))
    code = (
        "import pickle, sys; from hashlib import sha256; from pathlib import Path\n"
        "for item in pickle.loads(Path(sys.argv[1]).read_bytes()):\n"
        "    print(sha256(item.read()).hexdigest())"
    )
    package = Path(stag.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "found")],
        env={**os.environ, "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=True,
    )
    expected = [
        sha256(content).hexdigest() for content in (b'{"a": 1}', b'{"b": 2}', *[ANSWER] * 3)
    ]
    assert done.stdout.split() == expected


def test_a_job_is_held(tmp_path: Path) -> None:
    job = stag.load(ANSWER, job_id="88e6")
    nameless = stag.load({"details": []})
    first, second = items_of(job, nameless)
    assert (first.source, first.size) == ("Job 88e6", len(ANSWER))
    assert (second.source, second.size) == ("Job without id, number 2", 0)
    assert (first.read() is job, second.stem, second.answered) == (True, None, None)


# Lines


def test_lines_are_numbered_as_an_editor_does(tmp_path: Path) -> None:
    file = written(tmp_path / "week.jsonl", b'\xef\xbb\xbf{"a": 1}\r\n\n  \r\n{"b": 2}\n{"c": 3}')
    found = items_of(file)
    assert [item.source for item in found] == [f"{file}:{number}" for number in (1, 4, 5)]
    assert [item.stem for item in found] == ["week:1", "week:4", "week:5"]
    assert [item.read() for item in found] == [b'{"a": 1}', b'{"b": 2}', b'{"c": 3}']


LINES = st.lists(
    st.tuples(
        st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"").strip()),
        st.sampled_from([b"\n", b"\r\n"]),
    ),
    max_size=8,
)


@pytest.mark.parametrize("packed", [bytes, gzip.compress])
@pytest.mark.parametrize("block", [1, 2, 3, 2**20])
def test_any_lines_come_back(
    scratch: Path, packed: Callable[[bytes], bytes], block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smarttag_nb.corpus.sources.lines._BLOCK", block)

    @settings(max_examples=40)
    @given(LINES, st.booleans())
    def check(lines: list[tuple[bytes, bytes]], is_open: bool) -> None:
        content = b"".join(line + end for line, end in lines)
        content = content.rstrip(b"\r\n") if is_open else content
        if content.startswith((items.GZIP, b"\xef\xbb\xbf")):
            return
        file = written(scratch / "lines.jsonl.gz", packed(content))
        read = [item.content.read() for item in items_of(file)]
        assert read == [line for line, _ in lines if line]

    check()


@pytest.mark.parametrize("packed", [bytes, gzip.compress])
def test_a_line_longer_than_any_answer_is_passed_over(
    tmp_path: Path, packed: Callable[[bytes], bytes], small_limit: int
) -> None:
    content = b"x" * small_limit + b"\n" + b"y" * (small_limit + 1) + b"\nz\n"
    file = written(tmp_path / "week.ndjson", packed(content))
    assert told(file) == [
        ("Item", "week.ndjson:1", "week:1"),
        ("Unreadable", "week.ndjson:2", "NotAnAnswer"),
        ("Item", "week.ndjson:3", "week:3"),
    ]


def test_a_truncated_file_of_lines_gives_what_came_before(tmp_path: Path) -> None:
    noise = random.Random(1)
    lines = [noise.randbytes(500).hex().encode() for _ in range(100)]
    whole = gzip.compress(b"\n".join(lines))
    file = written(tmp_path / "week.jsonl.gz", whole[: len(whole) // 2])
    *before, last = find(file)
    assert [item.read() for item in before] == lines[: len(before)]  # type: ignore[union-attr]
    assert 30 < len(before) < 60
    assert isinstance(last, Unreadable)
    assert (last.source, last.kind) == (str(file), "EOFError")


def test_a_file_cut_short_since_it_was_found_is_told(tmp_path: Path) -> None:
    file = written(tmp_path / "week.jsonl", b'{"a": 1}\n{"b": 2}\n')
    _, item = items_of(file)
    file.write_bytes(b'{"a": 1}\n')
    with pytest.raises(OSError, match="ends sooner than when it was found"):
        item.read()


# Archives

NAMES = st.lists(
    st.lists(st.text("aé人 ", min_size=1), max_size=9).map(
        lambda parts: "/".join([*parts, "x.json"])
    ),
    max_size=5,
)
MEMBERS = NAMES.flatmap(
    lambda names: st.tuples(*(st.tuples(st.just(name), st.binary(max_size=600)) for name in names))
)

ARCHIVES: dict[str, Callable[[Named], bytes]] = {
    "ustar.tar": lambda members: make_tar(members, format=tarfile.GNU_FORMAT),
    "pax.tar": lambda members: make_tar(members, format=tarfile.PAX_FORMAT),
    "a.tar.gz": lambda members: make_tar(members, gzip.compress),
    "a.tgz": lambda members: make_tar(members, gzip.compress),
    "a.tar.bz2": lambda members: make_tar(members, bz2.compress),
    "a.tar.xz": lambda members: make_tar(members, lzma.compress),
    "stored.zip": lambda members: make_zip(members, zipfile.ZIP_STORED),
    "deflated.zip": lambda members: make_zip(members, zipfile.ZIP_DEFLATED),
    "bzip2.zip": lambda members: make_zip(members, zipfile.ZIP_BZIP2),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_any_members_come_back_each_by_a_name_of_its_own(scratch: Path, name: str) -> None:
    @settings(max_examples=20)
    @given(MEMBERS)
    def check(members: tuple[tuple[str, bytes], ...]) -> None:
        file = written(scratch / name, ARCHIVES[name](members))
        found = items_of(file)
        assert [item.content.read() for item in found] == [content for _, content in members]
        assert [item.size for item in found] == [len(content) for _, content in members]
        assert len({item.source for item in found}) == len(members)
        for item, (member, _) in zip(found, members, strict=True):
            assert item.source.partition("@")[0] == f"{file}!/{member}"

    check()


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_member_has_a_time_and_a_stem(tmp_path: Path, name: str) -> None:
    (item,) = items_of(written(tmp_path / name, ARCHIVES[name]([("x/88e6.json", ANSWER)])))
    assert (item.stem, item.answered) == ("88e6", MOMENT * 1_000_000)
    assert item.read() == ANSWER


@pytest.mark.parametrize("name", ["pax.tar", "a.tar.gz", "stored.zip"])
def test_what_an_archive_holds_besides_is_told(tmp_path: Path, name: str) -> None:
    names = ["./a.json", "b.mp4", "__MACOSX/._a.json", "c.jsonl", "../../d.json", "/etc/e.json"]
    file = written(tmp_path / name, ARCHIVES[name]([(member, b"{}") for member in names]))
    found = list(find(tmp_path))
    assert [one.source.removeprefix(f"{file}!/") for one in found] == [
        *("a.json", "b.mp4", "__MACOSX/._a.json", "c.jsonl", "../../d.json", "etc/e.json")
    ]
    assert [one.why if isinstance(one, Ignored) else "" for one in found] == [
        "",
        "of another kind, as its name tells",
        "hidden",
        "an archive within an archive, to be unpacked first",
        "",
        "",
    ]


@pytest.mark.parametrize("name", ["pax.tar", "a.tar.gz", "stored.zip"])
def test_members_of_one_name_are_told_apart_by_their_place(tmp_path: Path, name: str) -> None:
    members = [("a.json", b"1"), ("a.json", b"2"), ("./a.json", b"3")]
    found = items_of(written(tmp_path / name, ARCHIVES[name](members)))
    assert [item.read() for item in found] == [b"1", b"2", b"3"]
    first, *others = [item.source.rpartition("/")[2] for item in found]
    assert first == "a.json"
    assert all(other.startswith("a.json@") for other in others)


def cut_everywhere(file: Path) -> Iterator[tuple[int, list[bytes], list[Unreadable]]]:
    """Cut a file after each byte; give its length, what is read of it then, and what is said."""
    for length in reversed(range(file.stat().st_size)):
        os.truncate(file, length)
        found = list(find(file))
        before = [one.read() for one in found if isinstance(one, Item)]
        yield length, before, [one for one in found if isinstance(one, Unreadable)]  # type: ignore[misc]


SOME = [(f"{n}.json", random.Random(n).randbytes(600 * (n % 2) + 50)) for n in range(3)]


def test_a_tar_cut_anywhere_gives_the_whole_members_before_and_says_so(tmp_path: Path) -> None:
    expected = [content for _, content in SOME]
    # Heads and contents fill blocks of 512 bytes; one of zeros is the end, and all after it.
    whole = make_tar(SOME)[: 2 * 512 + 3 * 512 + 2 * 512 + 512]
    ends = [512 + 50, 3 * 512 + 650, 6 * 512 + 50]
    file = written(tmp_path / "a.tar", whole)
    assert contents(file) == expected
    for length, before, rest in cut_everywhere(file):
        assert before == expected[: sum(end <= length for end in ends)]
        assert [one.kind for one in rest] == ["ReadError"]


@pytest.mark.parametrize("name", ["a.tar.gz", "deflated.zip"])
def test_what_is_cut_anywhere_gives_whole_members_before_and_says_so(
    tmp_path: Path, name: str
) -> None:
    expected = [content for _, content in SOME]
    for _, before, rest in cut_everywhere(written(tmp_path / name, ARCHIVES[name](SOME))):
        assert before == expected[: len(before)]
        assert len(rest) == 1 or before == expected


@pytest.mark.parametrize("name", ["pax.tar", "a.tar.gz", "deflated.zip"])
def test_a_damaged_archive_stops_nothing(tmp_path: Path, name: str) -> None:
    noise = random.Random(7)
    whole = ARCHIVES[name]([("x" * 120 + ".json", b"1" * 700), *SOME])
    for _ in range(120):
        damaged = bytearray(whole)
        for _ in range(noise.randint(1, 4)):
            damaged[noise.randrange(len(damaged))] = noise.randrange(256)
        for found in find(written(tmp_path / name, bytes(damaged))):
            if isinstance(found, Item):
                with suppress(OSError, NotAnAnswer):
                    found.read()


def test_a_tar_with_a_damaged_head_is_not_taken_for_one_that_ends(tmp_path: Path) -> None:
    whole = bytearray(make_tar(SOME))
    whole[1024] ^= 0xFF
    *before, last = find(written(tmp_path / "a.tar", bytes(whole)))
    assert len(before) == 1
    assert isinstance(last, Unreadable)
    assert last.error == "expected a member's head or the archive's end; got bad checksum"


def with_head(change: Callable[[tarfile.TarInfo], None], content: bytes = b"") -> bytes:
    """Make a tar whose second member has a head that was changed, and then a third."""
    first, second, third = (tarfile.TarInfo(f"{n}.json") for n in "123")
    change(second)
    heads = [head.tobuf(tarfile.GNU_FORMAT) for head in (first, second, third)]
    return heads[0] + heads[1] + content + heads[2] + bytes(1024)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"type": tarfile.SYMTYPE, "linkname": "1.json"}, "a link to another"),
        ({"type": tarfile.LNKTYPE, "linkname": "1.json"}, "a link to another"),
        ({"type": tarfile.FIFOTYPE}, "neither a file nor a folder"),
        ({"type": tarfile.DIRTYPE}, None),
    ],
)
def test_a_member_that_is_no_file_is_ignored(
    tmp_path: Path, change: dict[str, Any], expected: str | None
) -> None:
    made = with_head(lambda head: [setattr(head, *one) for one in change.items()] and None)
    found = list(find(written(tmp_path / "a.tar", made)))
    assert [one.why for one in found if isinstance(one, Ignored)] == [expected] * bool(expected)
    assert len([one for one in found if isinstance(one, Item)]) == 2


@pytest.mark.parametrize("size", [-512, -(2**40)])
def test_a_member_of_negative_size_ends_the_search(tmp_path: Path, size: int) -> None:
    made = with_head(lambda head: setattr(head, "size", size))
    assert [name for name, *_ in told(written(tmp_path / "a.tar", made))] == ["Item", "Unreadable"]


@pytest.mark.parametrize("size", ["-512", "-1024", "-99999"])
def test_a_negative_size_in_an_extended_head_ends_the_search(tmp_path: Path, size: str) -> None:
    head = tarfile.TarInfo("2.json")
    head.pax_headers = {"size": size}
    made = make_tar([("1.json", b"1")])[:1024] + head.tobuf(tarfile.PAX_FORMAT) + bytes(1024)
    file = written(tmp_path / "a.tar", made)
    assert [kind for kind, *_ in told(file)] == ["Item", "Unreadable"]


def test_a_head_that_claims_to_be_endless_is_not_read(tmp_path: Path) -> None:
    def long_name(head: tarfile.TarInfo) -> None:
        head.type, head.size = tarfile.GNUTYPE_LONGNAME, 2**40

    file = written(tmp_path / "a.tar", with_head(long_name))
    assert "a size of 1,099,511,627,776 bytes" in errors_of(file)[0]


def test_a_sparse_member_is_read_with_its_holes(tmp_path: Path) -> None:
    plain = tmp_path / "plain.json"
    with plain.open("wb") as file:
        file.write(b"{}")
        file.seek(2**20)
        file.write(b"{}")
    subprocess.run(
        ["tar", "-C", tmp_path, "--sparse", "-cf", tmp_path / "a.tar", plain.name], check=True
    )
    (item,) = items_of(tmp_path / "a.tar")
    assert item.read() == plain.read_bytes()
    assert (tmp_path / "a.tar").stat().st_size < 2**20


@pytest.mark.parametrize("name", ["pax.tar", "a.tar.gz", "stored.zip", "deflated.zip"])
def test_a_member_larger_than_any_answer_is_passed_over(
    tmp_path: Path, name: str, small_limit: int
) -> None:
    members = [("1.json", b"x" * (small_limit + 1)), ("2.json", b"x" * small_limit)]
    found = told(written(tmp_path / name, ARCHIVES[name](members)))
    assert found == [("Unreadable", "1.json", "NotAnAnswer"), ("Item", "2.json", "2")]


def test_a_zip_that_unpacks_to_more_than_it_says_is_no_answer(tmp_path: Path) -> None:
    made = make_zip([("a.json", b"x" * 100_000)])
    bomb = made.replace(struct.pack("<L", 100_000), struct.pack("<L", 100))
    (item,) = items_of(written(tmp_path / "a.zip", bomb))
    with pytest.raises(NotAnAnswer, match="member that is not what was packed"):
        item.read()


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (gzip.compress(b"x" * 1_001), "more than 1,000 bytes"),
        (gzip.compress(gzip.compress(b"{}")), "a gzip file within a gzip file"),
        (gzip.compress(b"{}")[:-9], "a gzip file that does not unpack"),
        (items.GZIP + b"?" * 20, "a gzip file that does not unpack"),
    ],
    ids=["too-large", "within-gzip", "cut-short", "no-gzip"],
)
def test_gzip_is_never_unpacked_without_a_limit(
    tmp_path: Path, made: bytes, told: str, small_limit: int
) -> None:
    for item in items_of(
        written(tmp_path / "a.json.gz", made),
        written(tmp_path / "a.tar", make_tar([("a.json.gz", made)])),
        written(tmp_path / "a.zip", make_zip([("a.json.gz", made)])),
    ):
        with pytest.raises(NotAnAnswer, match=told):
            item.read()


def test_a_zip_with_a_password_is_told(tmp_path: Path) -> None:
    made = make_zip([("a.json", b"{}"), ("b.json", b"{}")])
    at = made.index(b"PK\1\2") + 8
    file = written(tmp_path / "a.zip", made[:at] + b"\1" + made[at + 1 :])
    assert [name for _, name, _ in told(file)] == ["a.json", "b.json"]
    assert (
        "an encrypted member of a zip archive. Unpack it with its password." in errors_of(file)[0]
    )


def test_a_compression_that_is_not_known_is_told(tmp_path: Path) -> None:
    file = written(tmp_path / "a.zip", make_zip([("a.json", b"{}")], zipfile.ZIP_LZMA))
    assert "a zip archive's member of compression method 14" in errors_of(file)[0]


def test_a_link_in_a_zip_is_ignored(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        link = zipfile.ZipInfo("a.json")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
        made.mkdir("x")
    assert told(tmp_path / "a.zip") == [("Ignored", "a.json", "a link to another")]


def test_a_zip_may_stand_behind_something_else_and_have_a_comment(tmp_path: Path) -> None:
    made = io.BytesIO(make_zip([("a.json", ANSWER)]))
    with zipfile.ZipFile(made, "a") as archive:
        archive.comment = b"of a week"
    assert contents(written(tmp_path / "a.zip", b"#!/bin/sh\n" + made.getvalue())) == [ANSWER]


def test_a_large_zip_is_read_by_its_long_fields(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    file = written(tmp_path / "a.zip", make_zip(SOME))
    assert b"PK\6\6" in file.read_bytes()
    assert contents(file) == [content for _, content in SOME]


def test_names_in_a_zip_are_utf_8_where_they_can_be(tmp_path: Path) -> None:
    made = make_zip([("xxx.json", b"{}"), ("xx.json", b"{}")])
    # As a tool writes them that does not say it is UTF-8, or writes another code.
    made = made.replace(b"xxx.json", "人.json".encode()).replace(b"xx.json", b"\x80x.json")
    assert [item.stem for item in items_of(written(tmp_path / "a.zip", made))] == ["人", "Çx"]


def test_a_replaced_archive_is_told(tmp_path: Path) -> None:
    file = written(tmp_path / "a.zip", make_zip(SOME, zipfile.ZIP_STORED))
    *_, item = items_of(file)
    file.write_bytes(b"x" * file.stat().st_size)
    with pytest.raises(NotAnAnswer, match="without a member where its directory says one is"):
        item.read()


@pytest.mark.parametrize("name", ["pax.tar", "stored.zip", "a.tar.gz"])
def test_memory_does_not_grow_with_an_archive(tmp_path: Path, name: str) -> None:
    file = written(tmp_path / name, ARCHIVES[name]((f"{n}.json", b"{}") for n in range(1_000)))
    for _ in find(file):
        break
    tracemalloc.start()
    try:
        assert sum(1 for _ in find(file)) == 1_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Python's own readers would keep 500 to 1,000 bytes a member.
    assert peak < 200_000


# Stores


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "jobs.sqlite") as made:
        yield made


def key(job_id: str = "88e6", params: str = "") -> Key:
    return Key("ice", "cn-shanghai", "QuerySmarttagJob", job_id, params)


def test_a_store_gives_its_answers_with_their_keys(tmp_path: Path, store: Store) -> None:
    keys = [key(), key("99"), key(params='{"a": 1}')]
    for number, one in enumerate(keys):
        store.put(one, b"%d" % number, "Success")
    for given_as in (store, store.path, tmp_path):
        found = [one for one in find(given_as) if isinstance(one, Item)]
        assert [item.key for item in found] == keys
        assert [item.stem for item in found] == ["88e6", "99", "88e6"]
        assert [item.read() for item in found] == [b"0", b"1", b"2"]
        names = [item.source.removeprefix(f"{store.path}!/") for item in found]
        assert names == ["88e6", "99", "88e6@2"]
    stored = store.jobs()["stored"].astype("datetime64[us, UTC]").astype("int64")
    assert [item.answered for item in found] == stored.tolist()


def test_a_damaged_entry_is_told_when_it_is_read(store: Store) -> None:
    store.put(key(), ANSWER, "Success")
    store.close()
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE answers SET raw = x'00'")
    connection.close()
    (item,) = items_of(store)
    with pytest.raises(DamagedEntry):
        item.read()
    with pytest.raises(FileNotFoundError, match="not in the store any longer"):
        item.read()


def test_an_entry_whose_key_is_damaged_stops_nothing(store: Store) -> None:
    store.put(key("1"), b"1", "Success")
    store.put(key("2"), b"2", "Success")
    store.close()
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE answers SET region = x'ff', stored = 'x', bytes = 'x'")
        connection.execute("UPDATE answers SET region = 'cn-beijing' WHERE job_id = '2'")
    connection.close()
    first, second = find(store)
    assert isinstance(first, Unreadable)
    assert (first.source, first.kind) == (f"{store.path}!/1", "InvalidArgument")
    assert isinstance(second, Item)
    assert (second.answered, second.size) == (None, 0)


@pytest.mark.parametrize("content", [b"", b"no store" * 100])
def test_what_is_no_store_is_told_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    file = written(tmp_path / "jobs.sqlite", content)
    assert told(file) == [("Unreadable", "jobs.sqlite", "StoreError")]
    assert file.read_bytes() == content
