"""The judge, on the truth and on damaged copies of it."""

from __future__ import annotations

import doctest
import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from . import cases
from . import judge as judging
from .cases import STRESSES, make
from .judge import Errors, Found, compared, infix_distance, judge, oracle, total

CASE = make("zh", "mid", seed=1, minutes=4)


def damaged(**changed: object) -> SimpleNamespace:
    return SimpleNamespace(**{**vars(oracle(CASE)), **changed})


@pytest.mark.parametrize("stress", [None, *STRESSES])
def test_the_truth_is_judged_to_be_true(stress: str | None) -> None:
    case = make("zh", "mid", stress, seed=2, minutes=3)
    made = judge(case, oracle(case))
    for found in (made.lines, made.roles, made.subtitles, made.links, made.plain_links):
        assert found.precision == found.recall == found.f1 == 1
    assert made.duplicates == 0
    assert made.voted.wrong == 0
    assert case.negative or made.off(100) == 0


def test_the_clean_truth_has_no_character_errors() -> None:
    case = make("en", "clean", seed=1, minutes=3)
    made = judge(case, oracle(case))
    rates = [made.frame.rate, made.voted.rate, made.fused_lines.rate, made.asr.rate]
    assert [*rates, made.fused.rate] == [0] * 5


def test_without_half_the_links_recall_is_half() -> None:
    links = oracle(CASE).links[::2]
    made = judge(CASE, damaged(links=links)).links
    assert made.precision == 1
    assert made.recall == pytest.approx(0.5, abs=0.01)


def test_a_link_to_another_line_is_false() -> None:
    links = oracle(CASE).links
    links["line_id"] = np.roll(links["line_id"], 40)
    assert judge(CASE, damaged(links=links)).links.right == 0


def test_a_link_to_a_spurious_line_is_false() -> None:
    lines = oracle(CASE).lines
    lines["y1"] += 3000
    lines["y2"] += 3000
    made = judge(CASE, damaged(lines=lines))
    assert made.lines == Found(0, len(lines), len(lines))
    assert made.links.precision == 0
    assert made.links.found == len(CASE.truth.links)


def test_lines_cut_in_two_are_half_duplicates() -> None:
    lines = oracle(CASE).lines
    later = lines.assign(line_id=lines["line_id"] + 1000)
    middle = (lines["start_time"] + lines["end_time"]) / 2
    lines["end_time"] = later["start_time"] = middle
    made = judge(CASE, damaged(lines=pd.concat([lines, later])))
    assert made.lines.recall == 1
    assert made.lines.precision == made.duplicated == 0.5


def test_neighbours_merged_to_one_line_lose_one() -> None:
    lines = oracle(CASE).lines
    pair = lines[lines["role"] == "subtitle"].index[:2]
    lines.loc[pair[0], "end_time"] = lines.loc[pair[1], "end_time"]
    made = judge(CASE, damaged(lines=lines.drop(pair[1]), links=None))
    assert made.lines == Found(len(lines) - 1, len(lines) - 1, len(lines))


def test_a_wrong_role_counts_against_role_and_subtitles() -> None:
    lines = oracle(CASE).lines
    subtitle = lines[lines["role"] == "subtitle"].index
    lines.loc[subtitle[::2], "role"] = "caption"
    made = judge(CASE, damaged(lines=lines))
    assert made.roles.precision == pytest.approx(1 - len(subtitle[::2]) / len(lines))
    assert made.subtitles.precision == 1
    assert made.subtitles.recall == pytest.approx(0.5, abs=0.01)


def test_links_of_translations_are_told_apart() -> None:
    case = make("en", "mid", "bilingual", seed=1, minutes=3)
    truth = oracle(case)
    second = set(truth.lines.loc[truth.lines["role"] == "translation", "line_id"])
    truth.links = truth.links[~truth.links["line_id"].isin(second)]
    made = judge(case, truth)
    assert made.plain_links.f1 == 1
    assert made.links.precision == 1
    assert made.links.recall == pytest.approx(0.5, abs=0.05)


def test_a_clock_that_is_off_is_told() -> None:
    made = judge(CASE, damaged(clock=lambda time: CASE.truth.clock(time) + 0.3))
    assert made.off(50) == pytest.approx(0.3)
    none = judge(CASE, damaged(clock=lambda time: np.full(np.shape(time), np.nan)))
    assert math.isinf(none.off(50))


def test_a_fused_transcript_is_as_wrong_as_its_text() -> None:
    heard = CASE.speech[["speech_id", "start_time", "end_time", "text"]]
    made = judge(CASE, SimpleNamespace(fused=heard))
    assert made.asr == made.fused
    assert made.fused_lines.rate == pytest.approx(made.asr.rate, rel=0.3)


def test_counts_are_summed() -> None:
    made = judge(CASE, oracle(CASE))
    twice = total([made, made])
    assert twice.links == Found(*(2 * count for count in vars(made.links).values()))
    assert twice.frame == Errors(2 * made.frame.wrong, 2 * made.frame.length)
    assert len(twice.clock) == 2 * len(made.clock)
    assert total([]).lines.f1 == 1


def test_marks_width_and_case_are_not_compared() -> None:
    assert compared(CASE, "Ｈi， 第２步！") == "hi第2步"


@given(st.text("abc", max_size=6), st.text("abc", max_size=8))
def test_the_infix_distance_is_that_to_the_nearest_stretch(pattern: str, text: str) -> None:
    stretches = (text[a:b] for a in range(len(text) + 1) for b in range(a, len(text) + 1))
    nearest = min(Levenshtein.distance(pattern, stretch) for stretch in stretches)
    assert infix_distance(pattern, text) == nearest


@pytest.mark.parametrize("module", [cases, judging])
def test_the_examples_run(module: object) -> None:
    failed, tried = doctest.testmod(module)
    assert (failed, tried > 0) == (0, True)
