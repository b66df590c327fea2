"""Lines out of OCR rows: what is one line, and what is not."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb import tables
from smarttag_nb.alignment.found import find
from smarttag_nb.alignment.lines import lines
from smarttag_nb.alignment.result import ROLES

Row = tuple[float, str, float, float, float, float]


def sampled(rows: list[Row], **columns: Any) -> pd.DataFrame:
    """OCR rows of time, text, left, top, right, bottom."""
    names = ["timestamp", "text", "x1", "y1", "x2", "y2"]
    return tables.conform(pd.DataFrame(rows, columns=names).assign(**columns), "ocr")


def shown(text: str, start: float, stop: float, top: float = 620, step: float = 0.5) -> list[Row]:
    """A subtitle on each frame from a time up to another."""
    half = 20.0 * len(text)
    times = np.arange(start, stop - 1e-9, step).tolist()
    return [(time, text, 640 - half, top, 640 + half, top + 40) for time in times]


def texts(ocr: pd.DataFrame) -> list[str]:
    return lines(ocr)["text"].tolist()


def test_the_sample_has_the_lines_that_its_truth_tells() -> None:
    truth = pd.DataFrame(stag.samples.truth("magazine")["lines"])
    found = lines(stag.samples.load("magazine").best("ocr", "OCR"))
    assert len(found) == len(truth)
    for line in truth.itertuples():
        near = found[(found.start_time - line.start_time).abs() <= 1]
        near = near[(near.end_time - line.end_time).abs() <= 1]
        heads, tails = near["text"].str[:3], near["text"].str[3:]
        assert heads.eq(line.text[:3]).any() or tails.eq(line.text[3:]).any(), line.text


def test_ranges_that_are_whole_lines_stay_what_they_are() -> None:
    ocr = stag.samples.load("magazine").best("ocr", "video_ocr")
    found = lines(ocr)
    assert found["rows"].str.len().eq(1).all()
    assert sorted(found["start_time"]) == sorted(ocr["start_time"])


def test_ranges_of_one_text_back_to_back_are_one_line() -> None:
    ocr = tables.conform(
        pd.DataFrame(
            {
                "start_time": [1.0, 3.02, 5.0],
                "end_time": [3.0, 5.0, 7.0],
                "text": ["第一步是打开盖子", "第一步是打开益子", "第二步是打开盖子"],
            }
        ),
        "ocr",
    )
    found = lines(ocr)
    assert found["rows"].tolist() == [[0, 1], [2]]
    assert found[["start_time", "end_time"]].to_numpy().tolist() == [[1.0, 5.0], [5.0, 7.0]]


def test_a_line_starts_and_ends_half_a_step_around_its_frames() -> None:
    found = lines(sampled(shown("大家早上好", 2.0, 4.0)))
    assert found[["start_time", "end_time"]].to_numpy().tolist() == [[1.75, 3.75]]


def test_a_misread_character_is_outvoted_and_its_share_told() -> None:
    rows = shown("大家早上好", 0, 2.5)
    rows[2] = (rows[2][0], "大家旱上好", *rows[2][2:])
    found = find(sampled(rows))
    assert found.frame["text"].tolist() == ["大家早上好"]
    assert found.shares[0].tolist() == [1, 1, 0.8, 1, 1]
    assert found.readings[0] == [("大家早上好", 4), ("大家旱上好", 1)]
    assert found.frame["vote_share"].tolist() == pytest.approx([0.96])


def test_votes_are_weighted_by_the_score() -> None:
    rows = shown("早上", 0, 1.0)
    rows[1] = (rows[1][0], "旱上", *rows[1][2:])
    assert texts(sampled(rows, score=[0.5, 0.9])) == ["旱上"]
    assert texts(sampled(rows, score=[0.9, 0.5])) == ["早上"]


def test_near_identical_neighbours_are_two_lines() -> None:
    ocr = sampled(shown("第一步", 0, 2.5) + shown("第二步", 2.5, 5))
    assert texts(ocr) == ["第一步", "第二步"]


def test_counting_makes_a_line_of_each_number() -> None:
    rows = [row for k in range(4) for row in shown(f"Step {k + 1} of 4", 2 * k, 2 * k + 2)]
    assert texts(sampled(rows)) == [f"Step {k + 1} of 4" for k in range(4)]


def test_noise_does_not_split() -> None:
    rows = shown("今天我们从一杯咖啡说起", 0, 6)
    for k, wrong in (
        (1, "令天我们从一杯咖啡说起"),
        (2, "令天我们从一杯咖啡说起"),
        (7, "今天我们从二杯咖啡说起"),
    ):
        rows[k] = (rows[k][0], wrong, *rows[k][2:])
    assert texts(sampled(rows)) == ["今天我们从一杯咖啡说起"]


def test_garbage_on_one_frame_is_part_of_the_line() -> None:
    rows = shown("今天我们从一杯咖啡说起", 0, 4)
    rows[3] = (rows[3][0], "###", *rows[3][2:])
    found = lines(sampled(rows))
    assert found["text"].tolist() == ["今天我们从一杯咖啡说起"]
    assert found["rows"].tolist() == [list(range(8))]


def test_a_frame_missed_is_no_new_line() -> None:
    rows = shown("今天我们从一杯咖啡说起", 0, 4)
    assert len(lines(sampled(rows[:3] + rows[4:]))) == 1


def test_the_same_text_after_another_is_a_new_line() -> None:
    rows = shown("好的", 0, 2) + shown("我们走吧", 2, 4) + shown("好的", 4, 6)
    assert texts(sampled(rows)) == ["好的", "我们走吧", "好的"]


def test_the_same_text_in_two_places_is_two_lines() -> None:
    rows = shown("晨间手记", 0, 3) + shown("晨间手记", 0, 3, top=100)
    assert len(lines(sampled(rows))) == 2


def test_two_rows_stay_two_lines() -> None:
    rows = shown("好咖啡不怕等", 0, 3, top=570) + shown("Good coffee can wait", 0, 3)
    found = lines(sampled(rows), size=(1280, 720))
    assert sorted(found["text"]) == ["Good coffee can wait", "好咖啡不怕等"]


def test_duplicate_boxes_are_counted_once() -> None:
    rows = shown("大家早上好", 0, 2)
    found = lines(sampled([row for row in rows for _ in range(3)]))
    assert found["frames"].tolist() == [4]
    assert found["rows"].tolist() == [list(range(12))]


def test_pieces_side_by_side_are_one_text() -> None:
    rows: list[Row] = []
    for time in (0.0, 0.5, 1.0):
        rows += [(time, "good", 100, 600, 200, 640), (time, "morning", 215, 601, 390, 641)]
    assert texts(sampled(rows)) == ["good morning"]


@pytest.mark.parametrize("left", [100.0, None], ids=["from the left", "from the middle"])
def test_a_reveal_is_one_line_from_its_first_letter_on(left: float | None) -> None:
    whole = "这里的每一个光点都是一个星系"
    rows: list[Row] = []
    for k in range(12):
        text = whole[: 2 * k + 2]
        start = left if left is not None else 640 - 20 * len(text)
        rows.append((k / 2, text, start, 600, start + 40 * len(text), 640))
    found = lines(sampled(rows))
    assert found["text"].tolist() == [whole]
    assert found["start_time"].tolist() == [0.0]


def test_a_longer_text_after_one_that_stood_still_is_another() -> None:
    assert texts(sampled(shown("好的", 0, 3) + shown("好的我们走吧", 3, 6))) == [
        "好的",
        "好的我们走吧",
    ]


def test_a_ticker_is_one_line_with_all_it_said() -> None:
    said = "海岸发射场今晨天气晴朗，能见度良好。城市图书馆本周末延长开放至晚上十点。"
    rows: list[Row] = []
    for k in range(len(said) + 15):
        # A character each half second, in a place of sixteen.
        first, stop = max(0, k - 15), min(len(said), k + 1)
        left = 100 + 30 * (first - k + 15)
        text = said[first:stop]
        rows.append((k / 2, text, left, 680, left + 30 * len(text), 710))
    found = lines(sampled(rows), size=(640, 720))
    assert found["text"].tolist() == [said]
    assert found["role"].tolist() == ["ticker"]


def test_what_a_ticker_says_again_is_told_once() -> None:
    said = "海岸发射场今晨天气晴朗，能见度良好。城市图书馆本周末延长开放。"
    rows = [
        (k / 2, (said * 5)[k : k + 16], 100.0, 680.0, 580.0, 710.0) for k in range(3 * len(said))
    ]
    assert texts(sampled(rows)) == [said]


def test_lines_are_found_by_text_and_time_alone() -> None:
    rows = [(row[0], row[1]) for row in shown("大家早上好", 0, 2) + shown("我们走吧", 2, 4)]
    ocr = tables.conform(pd.DataFrame(rows, columns=["timestamp", "text"]), "ocr")
    found = lines(ocr)
    assert found["text"].tolist() == ["大家早上好", "我们走吧"]
    assert found["role"].isin(ROLES).all()


def test_a_normaliser_only_compares() -> None:
    rows = shown("說話", 0, 1) + shown("说话", 1, 3)
    simple = str.maketrans("說話", "说话")
    found = lines(sampled(rows), normaliser=lambda text: text.translate(simple))
    assert found["text"].tolist() == ["说话"]
    assert texts(sampled(rows)) != ["说话"]


def test_a_faint_logo_is_one_line() -> None:
    rows = [row for row in shown("晨间手记", 0, 120, top=30) if row[0] * 2 % 7 in (0, 3)]
    found = find(sampled(rows), moments=np.arange(0, 120, 0.5))
    assert len(found.frame) == 1


def test_moments_without_text_tell_when_a_line_ended() -> None:
    rows = shown("大家早上好", 0, 2) + shown("大家早上好", 12, 14)
    found = find(sampled(rows), moments=np.arange(0, 20, 0.5))
    assert found.frame["end_time"].tolist() == [1.75, 13.75]


def test_rows_without_any_text_make_no_line() -> None:
    ocr = tables.conform(
        pd.DataFrame({"timestamp": [0.0, 1.0, 2.0], "text": ["", " \n", None]}), "ocr"
    )
    assert lines(ocr).empty
    assert list(lines(ocr).columns) == list(lines(tables.empty("ocr")).columns)


def test_an_image_has_lines_without_time() -> None:
    ocr = tables.conform(pd.DataFrame({"text": ["出口", "入口"]}), "ocr")
    found = lines(ocr)
    assert sorted(found["text"]) == ["入口", "出口"]
    assert found["start_time"].isna().all()


def test_a_frame_with_thousands_of_rows_is_no_trouble() -> None:
    rows: list[Row] = [
        (
            time,
            f"row {k}",
            10 + 60 * (k % 70),
            12 * (k // 70),
            60 + 60 * (k % 70),
            10 + 12 * (k // 70),
        )
        for time in (0.0, 0.5)
        for k in range(3000)
    ]
    found = lines(sampled(rows))
    assert found["rows"].str.len().sum() == 6000


numbers = st.one_of(
    st.none(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(-10, 2000),
    st.sampled_from([0.0, 0.5, 1.0, 1.5, 100.0, 140.0, 1e308, -1e308]),
)
words = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        ["第一步", "第二步", "大家早上好", "Good morning", "", " ", "\x00", "a\nb", "١٠"]
    ),
)
tables_of_rows = st.lists(
    st.fixed_dictionaries(
        {
            "timestamp": numbers,
            "start_time": numbers,
            "end_time": numbers,
            "text": words,
            "score": numbers,
            "x1": numbers,
            "y1": numbers,
            "x2": numbers,
            "y2": numbers,
            "text_type": st.sampled_from([None, "subtitle", "scrolling", "caption", "?"]),
        }
    ),
    max_size=14,
)


@settings(deadline=None, max_examples=150)
@given(rows=tables_of_rows, order=st.randoms(use_true_random=False), given_size=st.booleans())
def test_any_table_at_all_gives_lines(
    rows: list[dict[str, Any]], order: Any, given_size: bool
) -> None:
    frame = pd.DataFrame(rows, columns=list(tables.empty("ocr").columns[1:-2])).assign(
        ocr_id=range(len(rows))
    )
    frame["text"] = frame["text"].astype(object)
    ocr = tables.conform(frame[["ocr_id", *frame.columns[:-1]]], "ocr")
    size = (1280.0, 720.0) if given_size else None
    found = lines(ocr, size)
    with_text = [k for k, text in enumerate(ocr["text"]) if isinstance(text, str) and text.strip()]
    assert sorted(row for part in found["rows"] for row in part) == with_text
    assert found["role"].isin(ROLES).all()
    assert found["vote_share"].between(0, 1).all()
    assert found["text"].str.strip().ne("").all()
    assert not (found["end_time"] < found["start_time"]).any()
    assert found["line_id"].tolist() == list(range(len(found)))

    shuffled = list(range(len(rows)))
    order.shuffle(shuffled)
    again = lines(ocr.iloc[shuffled].reset_index(drop=True), size)
    pd.testing.assert_frame_equal(found, again)


def test_shares_and_readings_go_with_the_lines() -> None:
    found = find(stag.samples.load("magazine").best("ocr"))
    for text, shares, readings in zip(
        found.frame["text"], found.shares, found.readings, strict=True
    ):
        assert len(shares) == len(text)
        assert math.isclose(float(shares.max()), 1) or (shares <= 1).all()
        assert readings == sorted(readings, key=lambda one: (-one[1], one[0]))
