"""The made cases keep what they promise."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pandas as pd
import pytest

from smarttag_nb import tables

from . import wording_en, wording_zh
from .cases import CHINESE_ONLY, NEGATIVE, STRESSES, Case, make
from .judge import frame_errors, oracle, total, transcript_errors
from .levels import LEVELS
from .talk import chinese_number, english_number

STRESSED = [
    (language, stress)
    for stress in STRESSES
    for language in ("zh", "en")
    if language == "zh" or stress not in CHINESE_ONLY
]


def lines_of(case: Case, *roles: str) -> pd.DataFrame:
    return case.truth.lines[case.truth.lines["role"].isin(roles)]


def test_the_same_arguments_make_the_same_case() -> None:
    one, again, other = (make("en", "hard", seed=seed, minutes=2) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one.ocr, again.ocr)
    pd.testing.assert_frame_equal(one.speech, again.speech)
    pd.testing.assert_frame_equal(one.truth.lines, again.truth.lines)
    assert one.truth.links == again.truth.links
    assert one.speech["text"].tolist() != other.speech["text"].tolist()


@pytest.mark.parametrize(("language", "stress"), STRESSED)
def test_the_truth_of_every_stress_is_consistent(language: str, stress: str) -> None:
    case = make(language, "mid", stress, seed=3, minutes=3)
    truth, lines = case.truth, case.truth.lines
    for frame, name in ((case.speech, "speech"), (case.ocr, "ocr")):
        pd.testing.assert_frame_equal(tables.conform(frame, name), frame)
    assert lines["line_id"].tolist() == list(range(len(lines)))
    assert set(truth.rows) == set(lines["line_id"])
    assert len(truth.sentences) == len(case.speech)
    pairs = {
        (s, k) for k, many in zip(lines["line_id"], lines["speech"], strict=True) for s in many
    }
    assert pairs == truth.links
    assert case.negative == (stress in NEGATIVE) == (not truth.links)
    assert set(lines_of(case, "fixed", "scene", "slide", "caption", "ticker")["spoken"]) <= {""}


@pytest.mark.parametrize("step", [0.2, 0.5, 1.0])
def test_readings_lie_where_and_when_their_line_is(step: float) -> None:
    case = make("zh", "mid", seed=4, minutes=4, step=step)
    true = case.truth.lines.iloc[case.truth.rows].reset_index(drop=True)
    frames = case.ocr["timestamp"] / step
    assert np.allclose(frames, frames.round())
    assert (case.ocr["timestamp"] >= true["start_time"] - 0.001).all()
    assert (case.ocr["timestamp"] < true["end_time"]).all()
    still = true["role"].isin(["subtitle", "slide", "caption", "fixed"])
    assert (case.ocr["y1"] - true["y1"])[still].abs().max() < 5 * LEVELS["mid"].jitter
    assert (case.ocr["x1"] >= true["x1"] - 10)[still].all()
    assert case.ocr["timestamp"].is_monotonic_increasing


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("level", ["easy", "mid", "hard"])
def test_error_rates_are_those_of_the_level(language: str, level: str) -> None:
    cases = [make(language, level, seed=seed) for seed in (1, 2)]
    read = sum((frame_errors(case) for case in cases), start=total([]).frame)
    heard = sum(
        (transcript_errors(case, oracle(case).fused)[0] for case in cases), start=total([]).asr
    )
    assert read.rate == pytest.approx(LEVELS[level].ocr_error, rel=0.25)
    assert heard.rate == pytest.approx(LEVELS[level].asr_error, rel=0.35)


def test_a_clean_case_has_no_errors() -> None:
    case = make("zh", "clean", seed=1, minutes=3)
    assert case.speech["text"].str.len().gt(0).all()
    assert frame_errors(case).wrong == 0
    assert transcript_errors(case, oracle(case).fused)[0].wrong == 0
    assert case.truth.clock(100.0) == 100.0


def test_words_are_many() -> None:
    chinese = {
        c for text in map(str, vars(wording_zh).values()) for c in re.findall("[一-鿿]", text)
    }
    english = {
        w for text in map(str, vars(wording_en).values()) for w in re.findall("[a-z]+", text)
    }
    assert len(chinese) > 1000
    assert len(english) > 1100


def test_common_words_are_common_and_most_are_rare() -> None:
    said = " ".join(make("en", "clean", seed=1).truth.sentences).lower()
    counts = pd.Series(re.findall("[a-z']+", said)).value_counts()
    assert counts.iloc[:10].sum() > 0.2 * counts.sum()
    assert (counts <= 3).mean() > 0.4


def test_repeats_and_near_repeats_happen() -> None:
    case = make("zh", "clean", seed=2)
    texts = lines_of(case, "subtitle")["text"].tolist()
    assert any(a == b for a, b in itertools.pairwise(texts))
    digits = re.compile("[0-9一二三四五六七八九]")
    assert any(
        a != b and len(a) > 4 and digits.sub("#", a) == digits.sub("#", b)
        for a, b in itertools.pairwise(texts)
    )


def test_sentences_and_subtitles_are_split_and_merged() -> None:
    case = make("en", "mid", seed=2)
    pairs = pd.DataFrame(sorted(case.truth.links), columns=["speech", "line"])
    assert pairs["speech"].duplicated().sum() > 10
    assert pairs["line"].duplicated().sum() > 3


def test_the_clock_is_off_as_the_stress_says() -> None:
    late, slow = (make("zh", "mid", stress, seed=5, minutes=3) for stress in ("offset", "rate"))
    assert late.truth.clock(0.0) == pytest.approx(600, abs=3)
    assert slow.truth.clock(48.0) - slow.truth.clock(24.0) == pytest.approx(25)
    jumps = set()
    for seed in range(6):
        clock = make("zh", "mid", "cut", seed=seed, minutes=3).truth.clock
        jumps.add(round(clock(170.0) - clock(10.0) - 160))
        lacking = np.isnan(clock(np.arange(180.0))).sum()
        assert lacking == (40 if jumps and clock(170.0) - clock(10.0) < 160 else 0)
    assert jumps == {40, -40}


def test_sentences_are_timed_as_the_stress_says() -> None:
    shared = make("en", "mid", "shared", seed=1, minutes=3).speech
    assert shared.duplicated(["start_time", "end_time"]).sum() > len(shared) / 3
    merged = make("en", "mid", "merged", seed=1, minutes=3).speech
    assert (merged["end_time"] - merged["start_time"]).between(15, 31).sum() > len(merged) / 2


def test_few_sentences_are_subtitled_in_a_sparse_case() -> None:
    cases = [make("zh", "mid", "sparse", seed=seed) for seed in range(3)]
    linked = sum(len({sentence for sentence, _ in case.truth.links}) for case in cases)
    assert linked / sum(len(case.speech) for case in cases) == pytest.approx(0.2, abs=0.1)


def test_revealed_subtitles_grow_from_a_fixed_left_edge() -> None:
    case = make("en", "mid", "reveals", seed=1, minutes=3)
    readings = case.ocr.groupby(case.truth.rows)
    grown = 0
    for line in lines_of(case, "subtitle")["line_id"]:
        rows = readings.get_group(line)
        grown += rows["text"].str.len().iloc[-1] > 1.5 * rows["text"].str.len().iloc[0]
        left = rows.groupby("timestamp")["x1"].min()
        assert left.max() - left.min() < 60
    assert grown > len(lines_of(case, "subtitle")) / 2


def test_second_rows_stand_below_the_first() -> None:
    double = make("zh", "mid", "bilingual", seed=1, minutes=3)
    first, second = lines_of(double, "subtitle"), lines_of(double, "translation")
    assert len(second) >= 0.95 * len(first)
    assert second["text"].str.isascii().all()
    assert second["y1"].min() > first["y2"].max() - 1
    wrapped = lines_of(make("zh", "mid", "wrapped", seed=1, minutes=3), "subtitle")
    assert wrapped.duplicated(["start_time", "end_time"], keep=False).mean() > 0.4
    assert wrapped["y1"].nunique() == 2


def test_traditional_subtitles_are_spelled_simplified_by_the_normaliser() -> None:
    case = make("zh", "clean", "traditional", seed=1, minutes=3)
    assert case.normaliser is not None
    texts = lines_of(case, "subtitle")["text"]
    assert (texts.map(case.normaliser) != texts).mean() > 0.5
    said = case.truth.transcript
    assert case.normaliser(said) == said


def test_ranges_have_no_timestamp() -> None:
    case = make("zh", "mid", "ranges", seed=1, minutes=3)
    assert case.ocr["timestamp"].isna().all()
    assert (case.ocr["end_time"] > case.ocr["start_time"]).all()


def test_a_ticker_moves_left_and_shows_new_text_at_the_right() -> None:
    case = next(
        case
        for seed in range(20)
        for case in [make("en", "clean", seed=seed, minutes=1), make("en", "easy", seed=seed)]
        if len(lines_of(case, "ticker"))
    )
    line = lines_of(case, "ticker")["line_id"].iloc[0]
    rows = case.ocr[case.truth.rows == line].drop_duplicates("timestamp")
    assert rows["x2"].iloc[3:-3].median() > 0.9 * case.size[0]
    assert rows["text"].iloc[5][:4] != rows["text"].iloc[-5][:4]


def test_there_is_no_case_of_another_language_level_or_stress() -> None:
    for arguments in (("fr",), ("zh", "harder"), ("zh", "easy", "speed")):
        with pytest.raises(ValueError, match="no such case"):
            make(*arguments)
    with pytest.raises(ValueError, match="of Chinese only"):
        make("en", "easy", "traditional")


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (3, "三", "three"),
        (10, "十", "ten"),
        (17, "十七", "seventeen"),
        (40, "四十", "forty"),
        (42, "四十二", "forty-two"),
        (105, "一百零五", "105"),
        (110, "一百一十", "110"),
        (2024, "二千零二十四", "2024"),
    ],
)
def test_numbers_are_spelled(value: int, chinese: str, english: str) -> None:
    assert chinese_number(value) == chinese
    assert english_number(value) == english
