from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb.alignment.text import plain
from smarttag_nb.report.transcript import PASSAGE, compare, on_screen, transcribe
from smarttag_nb.tables import build
from tests.report.test_gather import job_of

TEXTS = st.text(st.sampled_from("水温比时间更重要，。 abcÉ①ﬁ你\u202e"), max_size=20)


@pytest.fixture(scope="module")
def job() -> stag.Job:
    return stag.samples.load("magazine", answer="cognition")


@given(TEXTS, TEXTS)
def test_pieces_are_the_texts_and_agree_where_they_are_not_marked(a: str, b: str) -> None:
    said, shown = compare(a, b)
    for text, pieces in ((a, said), (b, shown)):
        assert "".join(piece.text for piece in pieces) == text
        assert all(piece.text for piece in pieces)
    if plain(a).text and plain(b).text:
        kept = [
            plain("".join(piece.text for piece in pieces if not piece.mark)).text
            for pieces in (said, shown)
        ]
        # A character that is compared as several may agree in part only.
        if not set(a + b) & set("①ﬁ"):
            assert kept[0] == kept[1]


def test_width_case_and_marks_make_no_difference() -> None:
    said, shown = compare("Ｈello，world", "hello world!")
    assert not any(piece.mark for piece in (*said, *shown))


def test_what_only_one_has_is_told_from_what_differs() -> None:
    said, shown = compare("我真的很喜欢茶", "我很喜欢花")
    assert [(piece.text, piece.mark) for piece in said if piece.mark] == [
        ("真的", "only"),
        ("茶", "other"),
    ]
    assert [(piece.text, piece.mark) for piece in shown if piece.mark] == [("花", "other")]


def test_sentences_stand_beside_their_subtitles(job: stag.Job) -> None:
    told = transcribe(job, stag.align(job))
    assert told is not None
    assert [passage.title for passage in told.passages] == job.chapters["headline"].tolist()
    rows = [row for passage in told.passages for row in passage.rows]
    assert len(rows) == told.rows == 23
    wrong = next(row for row in rows if any(piece.mark for piece in row.said))
    assert [piece.text for piece in wrong.said if piece.mark] == ["纸"]
    assert [piece.text for piece in wrong.shown if piece.mark] == ["脂"]
    assert wrong.translation.startswith("Freshly made coffee")
    assert wrong.speaker == "沈青禾"
    assert told.agreement is not None
    assert told.agreement.matched == 23


def test_a_translation_that_stands_there_already_is_not_told_again(job: stag.Job) -> None:
    told = transcribe(job, stag.align(job))
    assert told is not None
    rows = [row for passage in told.passages for row in passage.rows]
    (english,) = [row for row in rows if row.said[0].text.startswith("A good cup")]
    assert english.translation == ""
    assert english.below == "一杯好咖啡，始于耐心。"


def test_a_line_of_two_sentences_is_cut_between_them() -> None:
    lines = ["今天天气真好", "我们出去走走吧", "晚上再回来吃饭"]
    speech = build(
        "speech",
        {
            "start_time": [0.0, 2.0, 4.0],
            "end_time": [1.9, 3.9, 5.9],
            "text": ["今天天气真好", "我们出去走走吧", "晚上再回来吃饭"],
            "result_type": "ASR",
        },
        3,
    )
    shown = [(0.0, f"{lines[0]} {lines[1]}"), (4.0, lines[2])]
    ocr = build(
        "ocr",
        {
            "timestamp": [at + step / 2 for at, _ in shown for step in range(8 if at == 0 else 4)],
            "text": [text for at, text in shown for _ in range(8 if at == 0 else 4)],
            "x1": 100.0, "y1": 320.0, "x2": 540.0, "y2": 345.0,
            "result_type": "OCR",
        },
        12,
    )  # fmt: skip
    job = job_of(speech=speech, ocr=ocr)
    told = transcribe(job, stag.align(job, size=(640, 360)))
    assert told is not None
    rows = [row for passage in told.passages for row in passage.rows]
    beside = ["".join(piece.text for piece in row.shown).strip() for row in rows]
    assert beside == lines


def test_without_an_alignment_there_is_nothing_beside(job: stag.Job) -> None:
    told = transcribe(job, None)
    assert told is not None
    assert told.agreement is None
    assert not any(row.shown for passage in told.passages for row in passage.rows)


def test_where_nothing_ties_them_together_it_says_why() -> None:
    job = stag.samples.load("magazine", answer="cognition")
    tables = dict(job.items())
    tables["ocr"] = build("ocr", {"timestamp": [1.0], "text": ["出口"], "result_type": "OCR"}, 1)
    alone = job_of(**tables)
    told = transcribe(alone, stag.align(alone))
    assert told is not None
    assert told.agreement is None
    assert told.why_none


def test_without_chapters_a_passage_is_ten_minutes() -> None:
    starts = [10.0, 300.0, 650.0, 1300.0, math.nan]
    rows = {"start_time": starts, "text": list("abcde"), "result_type": "ASR"}
    told = transcribe(job_of(speech=build("speech", rows, 5)), None)
    assert told is not None
    texts = [[row.said[0].text for row in passage.rows] for passage in told.passages]
    assert texts == [["a", "b"], ["c"], ["d"], ["e"]]
    assert told.passages[1].start // PASSAGE == 1


def test_subtitles_of_a_file_are_read_as_speech() -> None:
    job = stag.samples.load("magazine", answer="subtitles")
    told = transcribe(job, None)
    assert told is not None
    assert told.rows == len(job.cues)


def test_text_on_screen_is_all_but_subtitles(job: stag.Job) -> None:
    told = on_screen(job, stag.align(job))
    assert told is not None
    assert {line.role for line in told.lines} == {"caption", "fixed", "scene", "slide", "ticker"}


def test_text_that_was_not_aligned_is_told_once() -> None:
    rows = {"timestamp": [1.0, 2.0, 3.0], "text": ["出口", "出口", None], "result_type": "OCR"}
    told = on_screen(job_of(ocr=build("ocr", rows, 3)), None)
    assert told is not None
    assert [(line.start, line.text) for line in told.lines] == [(1.0, "出口")]


def test_a_job_without_speech_or_text_has_neither() -> None:
    assert transcribe(job_of(), None) is None
    assert on_screen(job_of(), None) is None


def test_times_are_those_of_the_picture(job: stag.Job) -> None:
    late = job.best("speech").assign(
        start_time=lambda speech: speech["start_time"] + 95,
        end_time=lambda speech: speech["end_time"] + 95,
    )
    moved = stag.align(speech=pd.DataFrame(late), ocr=job.best("ocr"))
    told = transcribe(job, moved)
    assert told is not None
    assert told.passages[0].rows[0].start == pytest.approx(3.6, abs=0.3)
