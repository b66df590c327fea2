"""Characters tied to one another, and what is read off them."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb.alignment import links, matching
from smarttag_nb.alignment.differences import differences
from smarttag_nb.alignment.matching import Matching
from smarttag_nb.alignment.passages import Passages, of_lines, passages
from smarttag_nb.alignment.text import plain


def put(*rows: tuple[float, float, str]) -> Passages:
    start, end = np.array([row[:2] for row in rows], dtype=float).reshape(-1, 2).T
    return passages([plain(text) for *_, text in rows], np.arange(len(rows)), start, end)


def matched(said: Passages, written: Passages, collar: float = 3.0) -> Matching:
    return matching.match(said, said.stream.times, written, collar)


def linked(of: Matching) -> list[tuple[int, int]]:
    return [(link.sentence, link.line) for link in links.by_text(of)]


RUNS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(1, 4)), max_size=8, unique=True
)


@settings(max_examples=max(300, settings.get_profile("thorough").max_examples // 5))
@given(RUNS)
def test_the_chain_is_the_heaviest_of_all(runs: list[tuple[int, int, int]]) -> None:
    start, screen, length = (np.array(column, dtype=int) for column in zip(*runs, strict=True)) if (
        runs
    ) else (np.empty(0, dtype=int),) * 3  # fmt: skip
    weight = length + np.arange(len(runs)) / 100
    chain = matching._chain(start, screen, length, weight)
    known = {run: w for run, w in zip(runs, weight.tolist(), strict=True)}

    def follow(taken: tuple[tuple[int, int, int], ...]) -> bool:
        return all(a[0] + a[2] <= b[0] and a[1] + a[2] <= b[1] for a, b in pairwise(taken))

    assert follow(tuple(chain))
    best = max(
        sum(known[run] for run in taken)
        for size in range(len(runs) + 1)
        for taken in combinations(sorted(runs), size)
        if follow(taken)
    )
    assert sum(known[run] for run in chain) == pytest.approx(best)


TEXTS = st.lists(st.text(alphabet="今天去看海ab ", max_size=9), max_size=6)


@settings(max_examples=max(300, settings.get_profile("thorough").max_examples // 5))
@given(TEXTS, TEXTS)
def test_partners_go_forward_and_are_near(said: list[str], written: list[str]) -> None:
    one = put(*((2.0 * k, 2.0 * k + 1.5, text) for k, text in enumerate(said)))
    other = put(*((2.0 * k, 2.0 * k + 1.5, text) for k, text in enumerate(written)))
    made = matched(one, other)
    partner = made.partner[made.partner >= 0]
    assert np.all(np.diff(partner) > 0)
    away = made.said[made.partner >= 0] - other.stream.times[partner]
    assert np.all(np.abs(away) <= 4.5)  # A run may reach a little over the collar.


def test_of_equal_utterances_the_nearer_is_meant() -> None:
    said = put((0, 1, "好的好的"), (9, 10, "好的好的"))
    written = put((9.2, 10.2, "好的好的"))
    assert linked(matched(said, written, collar=12.0)) == [(1, 0)]


def test_sentences_and_lines_are_linked_n_to_m() -> None:
    said = put((0, 4, "今天我们去看海边的灯塔"), (4, 6, "灯塔已经"), (6, 9, "有一百二十年的历史"))
    written = put(
        (0, 2, "今天我们去看"), (2, 4, "海边的灯塔"), (4, 9, "灯塔已经有一百二十年的历史")
    )
    assert linked(matched(said, written)) == [(0, 0), (0, 1), (1, 2), (2, 2)]


def test_a_few_common_characters_are_no_link() -> None:
    said = put((0, 4, "我们的船在海上走了三天三夜"))
    written = put((0, 4, "他的猫在窗边睡着了不想起来"))
    assert linked(matched(said, written)) == []


def test_spans_hold_the_matched_part_alone() -> None:
    said = put((0, 6, "那个就是说，今天去看海边的灯塔"))
    (link,) = links.by_text(matched(said, put((3, 6, "今天去看海边的灯塔！"))))
    assert said.stream.span(*link.said) == (6, 15)
    assert (link.matched, link.purity) == (9, 1.0)


def test_what_a_line_shows_on_while_it_is_said_again_is_linked_too() -> None:
    said = put((0, 2, "记者听说十分默契"), (2, 4, "记者听说十分默契"))
    written = put((0, 4, "记者听说十分默契"))
    forward = matched(said, written)
    first = links.by_text(forward)
    assert len(first) == 1
    shown = pd.DataFrame({"start_time": said.start, "end_time": said.end})
    left = links.of_the_left(links.keep(forward, first), first, shown)
    assert {*linked(forward), *linked(left)} == {(0, 0), (1, 0)}


def test_rows_of_one_subtitle_are_read_from_top_to_bottom() -> None:
    lines = pd.DataFrame(
        {
            "start_time": [0.5, 0.0, 3.0],
            "end_time": [3.0, 3.0, 4.0],
            "x1": 0.0,
            "y1": [600, 650, 600],
        }
    )
    texts = [plain(text) for text in ("上面一行", "下面一行", "后来的")]
    assert of_lines(lines, texts, np.arange(3)).rows.tolist() == [0, 1, 2]


def told(said: str, written: str) -> list[tuple[str, str]]:
    made = matched(put((0, 4, said)), put((0, 4, written)))
    return [
        (made.speech.text(*one.said), made.screen.text(*one.shown)) for one in differences(0, made)
    ]


@pytest.mark.parametrize(
    ("said", "written", "differing"),
    [
        ("先闻一闻再轻轻搅动", "先闻一闻再清清搅动", [("轻轻", "清清")]),
        ("wait for the count down", "wait for tne count down", [("the", "tne")]),
        ("wait for the count down", "wait for te count down", [("the", "te")]),
        ("wait for count down now", "wait for the count down now", [("", "the")]),
        ("so uh wait for the count", "so wait for the count", [("uh", "")]),
        ("wait for the count down", "Wait for the count down!", []),
        ("他说今天去看海", "今天去看海", [("他说", "")]),
    ],
)
def test_differences_are_of_whole_words(
    said: str, written: str, differing: list[tuple[str, str]]
) -> None:
    assert told(said, written) == differing


@pytest.mark.parametrize(
    ("a", "b", "operations"),
    [
        ("", "", []),
        ("abc", "abc", ["equal"]),
        ("水温比时间", "水温必时间", ["equal", "substitute", "equal"]),
        ("今天", "今天好", ["equal", "insert"]),
        ("今天好", "今天", ["equal", "delete"]),
    ],
)
def test_diff_tells_the_operations(a: str, b: str, operations: list[str]) -> None:
    made = stag.alignment.diff(a, b)
    assert made["operation"].tolist() == operations
    assert "".join(made["a"]) == a
    assert "".join(made["b"]) == b
    for row in made.itertuples():
        assert a[row.start_a : row.stop_a] == row.a
        assert b[row.start_b : row.stop_b] == row.b
