from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarttag_nb.alignment.passages import grams, of_speech, passages
from smarttag_nb.alignment.text import plain
from smarttag_nb.tables import conform


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("Ｈｅｌｌｏ，World!", "helloworld"),
        ("第１２期　《咖啡》", "第12期咖啡"),
        ("Crème brûlée", "cremebrulee"),
        ("ガギ", "ガギ"),
        ("한국어 자막", "한국어자막"),
        ("… — ！？", ""),
        ("ﬁne ½", "fine12"),
    ],
)
def test_what_is_compared_has_no_width_case_mark_or_space(text: str, compared: str) -> None:
    assert plain(text).text == compared


@given(st.text())
def test_every_compared_character_knows_its_place(text: str) -> None:
    made = plain(text)
    assert len(made.places) == len(made.text)
    assert made.places == sorted(made.places)
    for character, place in zip(made.text, made.places, strict=True):
        assert character in plain(text[place]).text


@given(st.text(alphabet="万事如意發财头绪", max_size=20))
def test_a_normaliser_may_change_the_length(text: str) -> None:
    made = plain(text, lambda given: given.replace("萬", "万").replace("發", "发财"))
    assert len(made.places) == len(made.text)
    assert all(0 <= place < len(text) for place in made.places)
    for character, place in zip(made.text, made.places, strict=True):
        assert character == text[place] or text[place] == "發" or "發" in text


def test_a_span_is_that_of_the_text_as_it_was_given() -> None:
    text = "好，Ｃafé！"
    assert plain(text).span(1, 5) == (2, 6)
    assert plain(text).span(5, 5) == (6, 6)


def test_equal_grams_have_equal_keys_wherever_they_stand() -> None:
    first = passages([plain("先闻一闻"), plain("now stir it")], np.arange(2), *np.zeros((2, 2)))
    second = passages([plain("他说先闻一闻 now stir")], np.arange(1), *np.zeros((2, 1)))
    keys = {}
    for name, one in (("first", first), ("second", second)):
        start, stop, key = grams(one.stream, 2.0, within_texts=True)
        keys[name] = {
            int(k): one.stream.text(i, j) for i, j, k in zip(start, stop, key, strict=True)
        }
    common = keys["first"].keys() & keys["second"].keys()
    assert {keys["first"][k] for k in common} == {
        "先闻", "闻一", "一闻", "nowst", "owsti", "wstir",
    }  # fmt: skip
    assert all(keys["first"][k] == keys["second"][k] for k in common)


@given(st.lists(st.text(alphabet="ab你好", max_size=8), max_size=6))
def test_grams_are_equal_if_and_only_if_their_keys_are(texts: list[str]) -> None:
    one = passages(
        [plain(text) for text in texts], np.arange(len(texts)), *np.zeros((2, len(texts)))
    )
    start, stop, key = grams(one.stream, 1.2, within_texts=False)
    known = [one.stream.text(i, j) for i, j in zip(start, stop, strict=True)]
    assert len(set(known)) == len(set(key.tolist()))
    assert len(set(zip(known, key.tolist(), strict=True))) == len(set(known))


def test_sentences_that_share_one_range_get_their_parts_of_it() -> None:
    rows = [(0, 4, "一二三"), (0, 4, "四"), (4, 5, "五六"), (9, 8, "逆"), (1, None, "无")]
    speech = conform(pd.DataFrame(rows, columns=["start_time", "end_time", "text"]), "speech")
    sentences = of_speech(speech)
    assert sentences.rows.tolist() == [0, 1, 2]
    assert sentences.start.tolist() == [0.0, 3.0, 4.0]
    assert sentences.end.tolist() == [3.0, 4.0, 5.0]
    assert np.all(np.diff(sentences.stream.times) > 0)
