from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarttag_nb.alignment.text import plain
from smarttag_nb.alignment.variants import COLUMNS, compare, variants
from tests.alignment.made import alignment_of, empty


@pytest.mark.parametrize(
    ("said", "written", "found", "text"),
    [
        ("好，的", "好的。", [], "好，的"),
        ("Ａ cafe", "a CAFÉ", [], "Ａ cafe"),
        ("水温比时间重要", "水温比时间更重要", [(5, 5, "", "更")], "水温比时间[+更]重要"),
        ("嗯水温，重要", "水温重要", [(0, 0, "嗯", "")], "[−嗯]水温，重要"),
        ("一二", "三四", [(0, 0, "一二", "三四")], "[一二 → 三四]"),
    ],
)
def test_marks_width_and_case_are_no_difference(
    said: str, written: str, found: Any, text: str
) -> None:
    assert compare(said, written) == (found, text)


WORDING = st.text("水温比时间重要Ａb1，。 ").filter(lambda text: plain(text).text)


@given(WORDING, WORDING)
def test_each_text_can_be_read_off_what_is_marked(said: str, written: str) -> None:
    _, marked = compare(said, written)
    heard = re.sub(r"\[\+.*?\]", "", re.sub(r"\[−(.*?)\]|\[([^+].*?) → .*?\]", r"\1\2", marked))
    read = re.sub(r"\[−.*?\]", "", re.sub(r"\[\+(.*?)\]|\[[^−].*? → (.*?)\]", r"\1\2", marked))
    assert heard == said
    assert plain(read).text == plain(written).text


@given(WORDING, WORDING)
def test_a_difference_tells_where_it_is(said: str, written: str) -> None:
    for start, start_written, one, other in compare(said, written)[0]:
        assert one or other
        assert said[start:].startswith(one)
        assert written[start_written:].startswith(other)


def test_a_difference_names_the_line_it_is_in() -> None:
    made = alignment_of(["一二三四五六七八"] * 4, scenery=False)
    lines = made.lines.assign(text=made.lines["text"].replace("五六七八", "五六七九"))
    two = made.links[made.links["speech_id"] == 3]
    assert len(two) == 2
    found = variants(dataclasses.replace(made, lines=lines))
    assert found[["speech_id", "said", "written"]].values.tolist() == [[3, "八", "九"]]
    assert found["line_id"].tolist() == [two["line_id"].max()]
    line = lines.set_index("line_id").loc[found["line_id"].iloc[0]]
    assert found["start_time"].tolist() == [line["start_time"]]


def test_sentences_of_a_group_are_parted_as_their_script_does() -> None:
    made = alignment_of(["warm the cup", "then pour it", "再闻一闻", "慢慢倒"], scenery=False)
    lines = made.lines.assign(text=made.lines["text"].str.replace("pour", "poor"))
    together = made.links.assign(group_id=0)
    found = variants(dataclasses.replace(made, lines=lines, links=together))
    assert found["text"].tolist() == ["warm the cup then po[u → o]r it 再闻一闻慢慢倒"]
    assert found["speech_id"].tolist() == [1]


def test_only_subtitles_linked_by_text_are_compared() -> None:
    made = alignment_of(["一二三四"], scenery=False)
    lines = made.lines.assign(text="一二三五")
    assert len(variants(dataclasses.replace(made, lines=lines))) == 1
    by_time = made.links.assign(kind="time")
    assert variants(dataclasses.replace(made, lines=lines, links=by_time)).empty
    captions = lines.assign(role="caption")
    assert variants(dataclasses.replace(made, lines=captions)).empty


def test_an_alignment_of_nothing_has_the_columns() -> None:
    assert dict(variants(empty()).dtypes) == dict(variants(alignment_of(["一"])).dtypes)
    assert list(variants(empty())) == list(COLUMNS)
