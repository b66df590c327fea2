"""Subtitles, read back by parsers that know nothing of how they were written."""

from __future__ import annotations

import errno
import html
import os
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pysubs2
import pytest
import srt as srt_parser
import webvtt as webvtt_parser
from hypothesis import given, settings
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb import exports
from tests.alignment import made

Cue = tuple[int, int, str]

# Two files are written and parsed for each example.
on_whole_files = settings(max_examples=max(300, settings().max_examples // 5))


def table(*rows: tuple[Any, Any, Any], **columns: Any) -> pd.DataFrame:
    names = ["start_time", "end_time", "text"]
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    frame = frame.astype({"start_time": float, "end_time": float})
    return frame.assign(**columns)


def read_srt(text: str) -> list[Cue]:
    return [
        (
            round(cue.start.total_seconds() * 1000),
            round(cue.end.total_seconds() * 1000),
            cue.content,
        )
        for cue in srt_parser.parse(text)
    ]


def read_webvtt(text: str) -> list[Cue]:
    def milliseconds(stamp: str) -> int:
        hours, minutes, seconds = stamp.split(":")
        return round(1000 * (3600 * int(hours) + 60 * int(minutes) + float(seconds)))

    return [
        (milliseconds(cue.start), milliseconds(cue.end), html.unescape(cue.raw_text))
        for cue in webvtt_parser.from_string(text)
    ]


def seen(text: str) -> str:
    """What a viewer sees of a text in SRT."""
    return text.replace("\u2060", "").replace("｛", "{").replace("｝", "}")


def texts(text: str) -> list[str]:
    return [cue[2] for cue in read_srt(text)]


HOSTILE = [
    "plain", "<i>x</i>", "</i>", "< b >bold", "a < b > c", "<3 you", "<br>", "{\\an8}top",
    "{y:i}slanted", "{a comment}", "{\\p1}m 0 0 l 1 1", "{open", "C:\\new\\Nice\\home", "\\",
    "&amp;", "&", "&lt;i&gt;", "&nbsp;", "-->", "a --> b", "00:00:01,000 --> 00:00:02,000",
    "00:00:01.000 --> 00:00:02.000", "5\n12:30:00", "12:30:00", "1", "2\n3\n4", "NOTE this",
    "WEBVTT", "STYLE", "REGION", "a\u200fb", "\u202bשלום\u202c", "עברית", "😀", "e\u0301", "𠀀",
    "a\nb", "::cue", "<v Anna>hi", "<c.red>", "<00:00:01.000>", "100%",
    "5\n1,234,567", "TC 01:02:03.04 01:02:05.06",
    "大家好，欢迎", "tab\there", "--", "<!-- x -->", "]]>", "US$5 and $6", "\ufeffmark",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_reads_back_as_it_is(text: str) -> None:
    frame = table((1, 2, "before"), (2, 3, text), (3, 4, "after"))
    expected = [(1000, 2000, "before"), (2000, 3000, text), (3000, 4000, "after")]
    assert read_webvtt(exports.webvtt(frame)) == expected
    read = [(start, end, seen(shown)) for start, end, shown in read_srt(exports.srt(frame))]
    assert read == expected


@pytest.mark.parametrize("text", HOSTILE)
def test_an_editor_finds_no_markup_in_it(text: str) -> None:
    written = exports.srt(table((1, 2, text)))
    (event,) = pysubs2.SSAFile.from_string(written, "srt")
    shown = event.text.replace(r"\N", "\n")
    assert seen(shown) == text
    assert "{" not in shown


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\n\nb", "a\nb"),
        ("\r\n a \r\n \u3000\r\nb\r", "a\nb"),
        ("a\u2028b\u0085c\vd\x1ce", "a\nb\nc\nd\ne"),
        ("a\0b\x1b[31m\x7f", "a\ufffdb\ufffd[31m\ufffd"),
        ("\ud800\ufffe\ufdd0\ufdd1", "\ufffd" * 4),
    ],
)
def test_what_would_end_a_subtitle_or_is_no_character_is_put_right(text: str, lines: str) -> None:
    frame = table((0, 1, text))
    assert read_srt(exports.srt(frame)) == [(0, 1000, lines)]
    assert read_webvtt(exports.webvtt(frame)) == [(0, 1000, lines)]


PIECES = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(codec="utf-8"), max_size=5),
    st.text("<>/i{}\\NnhAan8&;#-: 0,.12\n\r\t", max_size=12),
)
TEXTS = st.lists(PIECES, max_size=4).map("".join)
TIMES = st.floats(0, 3e5) | st.integers(0, 50).map(lambda n: n / 4)


def as_lines(text: str) -> str:
    parts = re.split("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]", text)
    control = "[\0-\x08\x0e-\x1b\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]"
    return "\n".join(filter(None, (re.sub(control, "\ufffd", part).strip() for part in parts)))


@on_whole_files
@given(st.lists(st.tuples(TIMES, st.floats(0.001, 100), TEXTS), max_size=4))
def test_any_table_reads_back(rows: list[tuple[float, float, str]]) -> None:
    frame = table(*((start, start + length, text) for start, length, text in rows))
    expected = sorted(
        (round(1000 * start), as_lines(text))
        for start, text in zip(frame["start_time"], frame["text"], strict=True)
        if as_lines(text)
    )
    vtt = read_webvtt(exports.webvtt(frame))
    srt = read_srt(exports.srt(frame))
    assert sorted((start, text) for start, _, text in vtt) == expected
    plain = str.maketrans("｛｝", "{}", "\u2060")
    assert sorted((start, text.translate(plain)) for start, _, text in srt) == sorted(
        (start, text.translate(plain)) for start, text in expected
    )
    assert [cue[0] for cue in srt] == sorted(cue[0] for cue in srt)
    assert [cue[:2] for cue in srt] == [cue[:2] for cue in vtt]
    assert all(start < end for start, end, _ in srt)


@on_whole_files
@given(
    st.lists(st.tuples(TIMES, st.floats(0.1, 9)), max_size=5),
    st.lists(st.tuples(TIMES, st.floats(0.1, 9)), max_size=5),
)
def test_nothing_of_two_tables_is_lost_or_told_twice(
    first: list[tuple[float, float]], second: list[tuple[float, float]]
) -> None:
    one = table(*((s, s + n, f"a{k}") for k, (s, n) in enumerate(first)))
    other = table(*((s, s + n, f"b{k}") for k, (s, n) in enumerate(second)))
    written = [line for cue in texts(exports.srt(one, second=other)) for line in cue.splitlines()]
    assert sorted(written) == sorted([*one["text"], *other["text"]])


def test_times_are_rounded_and_last_a_millisecond_at_least() -> None:
    frame = table((1.23449, 1.2355, "a"), (2.0001, 2.0002, "b"), (3599.9996, 3600.5, "c"))
    expected = [(1234, 1236), (2000, 2001), (3_600_000, 3_600_500)]
    assert [cue[:2] for cue in read_srt(exports.srt(frame))] == expected
    assert "01:00:00.000 --> 01:00:00.500" in exports.webvtt(frame)


def test_subtitles_that_overlap_are_kept_and_stand_by_their_start() -> None:
    frame = table((5, 9, "b"), (1, 8, "a"), (5, 6, "c"))
    assert texts(exports.srt(frame)) == ["a", "b", "c"]


def test_rows_without_a_time_are_left_out_and_told() -> None:
    frame = table(
        *((np.nan, 2, "a"), (-5, -1, "b"), (400_000, 400_001, "c"), (np.inf, np.inf, "d")),
        *((np.nan, np.nan, "e"), (1, 2, "f"), (3, 4, np.nan), (5, 6, " "), (1e306, 1e307, "g")),
    )
    with pytest.warns(UserWarning, match=r"^Subtitles: 6 of 9 rows left out, without a time"):
        assert texts(exports.srt(frame)) == ["f"]


def test_a_missing_or_reversed_end_is_made_up_and_told() -> None:
    frame = table((1, np.nan, "a"), (4, 3, "b"), (5, 5, "c"), (6, np.inf, "d"))
    with pytest.warns(UserWarning, match="4 of 4 rows without an end stand for 2 s") as told:
        cues = read_srt(exports.srt(frame))
    assert [cue[1] - cue[0] for cue in cues] == [2000] * 4
    assert told[0].filename == __file__


def test_what_begins_before_the_media_begins_with_it() -> None:
    assert read_srt(exports.srt(table((-0.4, 2, "a")))) == [(0, 2000, "a")]


def test_rows_of_the_second_table_are_told_as_such() -> None:
    with pytest.warns(UserWarning, match="1 of 1 rows of second left out"):
        exports.webvtt(table((1, 2, "a")), second=table((np.nan, 2, "b")))


def test_translations_stand_below_their_sentences() -> None:
    job = stag.samples.load("magazine", answer="cognition")
    sentences = job.best("speech", "NLP")
    cues = texts(exports.srt(sentences, second=job.translations))
    below = dict(zip(job.translations["sentence_id"], job.translations["text"], strict=True))
    assert len(cues) == len(sentences)
    for cue, text, sentence in zip(cues, sentences["text"], sentences["sentence_id"], strict=True):
        assert cue == f"{text}\n{below[sentence]}"


def test_a_sentence_is_found_by_its_id_wherever_it_is() -> None:
    first = table((0, 1, "a"), (1, 2, "b"), sentence_id=pd.array([1, 2], dtype="Int64"))
    second = table((50, 51, "B"), (0, 1, "A"), (1, 2, "C"), sentence_id=[2, 1, 3])
    assert texts(exports.srt(first, second=second)) == ["a\nA", "b\nB", "C"]


def test_sentences_of_one_number_in_two_paragraphs_stay_apart() -> None:
    first = table((0, 1, "a"), (1, 2, "b"), sentence_id=[1, 1], paragraph_id=["p", "q"])
    second = table((0, 1, "B"), (1, 2, "A"), sentence_id=[1, 1], paragraph_id=["q", "p"])
    assert texts(exports.srt(first, second=second)) == ["a\nA", "b\nB"]


def test_without_ids_the_greatest_overlap_decides() -> None:
    first = table((0, 4, "a"), (4, 8, "b"), (10, 12, "c"))
    second = table((0.2, 4.3, "A"), (3.8, 8.1, "B"), (20, 21, "D"), (11.8, 14, "E"))
    assert texts(exports.srt(first, second=second)) == ["a\nA", "b\nB", "c", "E", "D"]


def test_a_sentence_that_is_not_there_is_looked_for_nowhere_else() -> None:
    first = table((0, 4, "a"), sentence_id=[1])
    second = table((0, 2, "A"), (0, 4, "B"), sentence_id=[1, 2])
    assert texts(exports.srt(first, second=second)) == ["a\nA", "B"]


def test_missing_ids_fall_back_to_time() -> None:
    missing = pd.array([pd.NA, pd.NA], dtype="Int64")
    first = table((0, 4, "a"), (4, 8, "b"), sentence_id=missing)
    second = table((0, 4, "A"), (4, 8, "B"), sentence_id=[7, 8])
    assert texts(exports.srt(first, second=second)) == ["a\nA", "b\nB"]


def test_sentences_that_share_one_time_are_taken_in_turn() -> None:
    first = table((0, 4, "a"), (0, 4, "b"))
    second = table((0, 4, "A"), (0, 4, "B"))
    assert texts(exports.srt(first, second=second)) == ["a\nA", "b\nB"]


def test_a_translation_in_two_rows_is_two_lines_below() -> None:
    second = table((3, 6, "A2"), (0, 3, "A1"))
    assert texts(exports.srt(table((0, 6, "a")), second=second)) == ["a\nA1\nA2"]


@pytest.mark.parametrize("what", ["speech", "lines", "fused"])
def test_what_an_alignment_gives_can_be_written(what: str) -> None:
    alignment = made.alignment_of(made.spoken(40), bilingual=True)
    frame = getattr(alignment, what)
    cues = texts(exports.srt(frame))
    assert sorted(cues) == sorted(frame["text"])
    assert texts(exports.srt(frame[:0])) == []


def test_the_two_rows_of_a_bilingual_subtitle_are_one_again() -> None:
    lines = made.alignment_of(["你好", "再见"], bilingual=True).lines
    upper, lower = (lines[lines["role"] == role] for role in ("subtitle", "translation"))
    assert texts(exports.srt(upper, second=lower)) == [
        "你好\ntranslation of sentence 0",
        "再见\ntranslation of sentence 1",
    ]


def test_every_table_with_times_and_texts_can_be_written() -> None:
    job = stag.samples.load("magazine", answer="cognition")
    for frame in job.values():
        if {"start_time", "end_time", "text"} <= set(frame):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                assert len(read_webvtt(exports.webvtt(frame))) == len(read_srt(exports.srt(frame)))


def test_the_file_is_what_is_returned(tmp_path: Path) -> None:
    frame = table((1, 2, "你好\nthere"))
    srt = exports.srt(frame, tmp_path / "a.srt")
    vtt = exports.webvtt(frame, str(tmp_path / "a.vtt"))
    assert (tmp_path / "a.srt").read_bytes() == b"\xef\xbb\xbf" + srt.encode()
    assert (tmp_path / "a.vtt").read_bytes() == vtt.encode()
    assert texts((tmp_path / "a.srt").read_text(encoding="utf-8")) == ["你好\nthere"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.srt", "a.vtt"]


def test_a_failed_write_leaves_the_older_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ("很长的名字" * 16 + ".srt")
    exports.srt(table((1, 2, "old")), file)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space") as caught:
        exports.srt(table((1, 2, "new")), file)
    assert caught.value.filename == str(file)
    assert texts(file.read_text(encoding="utf-8-sig")) == ["old"]
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("write", [exports.srt, exports.webvtt])
@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("no folder/a.srt", FileNotFoundError),
        ("file/a.srt", NotADirectoryError),
        ("folder", IsADirectoryError),
        (".", IsADirectoryError),
        ("", IsADirectoryError),
    ],
)
def test_an_error_names_the_file_asked_for(
    write: Any, place: str, kind: type[OSError], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(kind) as caught:
        write(table((1, 2, "a")), place)
    assert caught.value.filename == place
    assert str(caught.value).endswith(f": {place!r}")
    assert caught.value.filename2 is None
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["file", "folder"]


@pytest.mark.parametrize("write", [exports.srt, exports.webvtt])
def test_what_has_no_times_and_texts_is_refused(write: Any) -> None:
    good = table((1, 2, "a"))
    with pytest.raises(stag.errors.InvalidArgument, match="frame: expected a DataFrame"):
        write(stag.samples.load("magazine"))
    with pytest.raises(stag.errors.InvalidArgument, match="second: expected a table with start"):
        write(good, second=good[["text"]])
    clock_times = good.astype(object).assign(end_time="0:02")
    with pytest.raises(stag.errors.InvalidArgument, match=r"seconds in end_time, got \['0:02'\]"):
        write(clock_times)


def test_times_may_be_of_any_numeric_type() -> None:
    frame = table((1, 2, "a"), (3, 4, "b"))
    for dtype in ("Int64", "Float64", "float32", object):
        assert exports.srt(frame.astype({"start_time": dtype})) == exports.srt(frame)
    with pytest.warns(UserWarning, match="1 of 2 rows left out"):
        exports.srt(frame.assign(start_time=pd.array([1, pd.NA], dtype="Int64")))
