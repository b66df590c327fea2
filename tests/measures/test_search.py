from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb.measures import search
from tests.measures.jobs import job_of, on_whole_jobs, same_form

NAN = float("nan")
COLUMNS = [
    "table_name",
    "row_id",
    "field",
    "start_time",
    "end_time",
    "text",
    "text_start",
    "text_stop",
]
# Characters that normalising lengthens, joins, orders or folds, among plain ones.
texts = st.one_of(
    st.text("abA ßSſﬁfi㎏kgＡｋ①１가가각각ｶﾞガé\u0301\u0323\u0327e\u0390ι\u0308İΣς", max_size=12),
    st.text(max_size=12).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)),
)


def fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def said(text: str) -> stag.Job:
    return job_of(speech={"text": [text], "start_time": [1.0], "end_time": [2.0]})


@given(texts, texts.filter(bool))
@example("x\u0327\u0301a\u0327\u0301", "\u00e1\u0327")
@example("각", "각")
@example("ι\u0308\u0301", "ι")
def test_hits_stand_where_the_text_says_the_same(text: str, what: str) -> None:
    hits = search(said(text), what, tables="speech")
    assert bool(len(hits)) == (fold(what) in fold(text))
    spans = list(zip(hits["text_start"], hits["text_stop"], strict=True))
    assert spans == sorted(set(spans))
    for start, stop in spans:
        assert 0 <= start < stop <= len(text)
        assert fold(what) in fold(text[start:stop])
        # Nothing before or after that is needed: without its ends, the hit is none.
        if unicodedata.is_normalized("NFKC", text):
            assert fold(what) not in fold(text[start + 1 : stop])
            assert fold(what) not in fold(text[start : stop - 1])


@on_whole_jobs
@given(texts, st.text("abcｋ①가", min_size=1, max_size=3))
def test_a_text_is_found_in_what_contains_it(text: str, what: str) -> None:
    hits = search(said(f"{text} {what} {text}"), what, tables="speech")
    assert (len(text) + 1, len(text) + 1 + len(what)) in set(
        zip(hits["text_start"], hits["text_stop"], strict=True)
    )


@pytest.mark.parametrize(
    ("text", "what", "spans"),
    [
        ("ＡＢＣ公司, abc", "Abc", [(0, 3), (7, 10)]),
        ("约１２㎏重", "kg", [(3, 4)]),
        ("约12kg重", "㎏", [(3, 5)]),
        ("der Eﬀekt", "ff", [(5, 6)]),
        ("STRASSE Straße", "straße", [(0, 7), (8, 14)]),
        ("cafe\u0301!", "café", [(0, 5)]),
        ("ｶﾞｿﾘﾝ", "ガソリン", [(0, 5)]),
        ("ß", "s", [(0, 1)]),
        ("aaaa", "aa", [(0, 2), (2, 4)]),
        ("1+1=2", "1+1", [(0, 3)]),
        ("水温", "温水", []),
    ],
)
def test_width_and_case_make_no_difference(
    text: str, what: str, spans: list[tuple[int, int]]
) -> None:
    hits = search(said(text), what)
    assert list(zip(hits["text_start"], hits["text_stop"], strict=True)) == spans


def test_a_pattern_keeps_its_flags_and_ignores_case_and_width() -> None:
    text = "ＮＡＳＡ\nnasa"
    assert len(search(said(text), re.compile("^nasa$"))) == 0
    assert len(search(said(text), re.compile("^nasa$", re.MULTILINE))) == 2
    assert len(search(said(text), re.compile("N A S A", re.VERBOSE))) == 2
    assert len(search(said(text), re.compile("(?-i:NASA)"))) == 1
    assert search(said("重１２㎏"), re.compile(r"\d+kg"))["text_start"].tolist() == [1]
    assert search(said("aab"), re.compile("a*"))["text_stop"].tolist() == [2]


def test_every_table_is_searched_with_its_times() -> None:
    job = job_of(
        speech={"text": ["咖啡", "茶"], "start_time": [5, 0], "end_time": [6, 1]},
        words={"text": ["咖啡"], "start_time": [5.5], "end_time": [NAN]},
        ocr={"text": ["咖啡馆", "咖啡"], "timestamp": [5, 9], "start_time": [NAN, 3]}
        | {"end_time": [NAN, 4]},
        labels={"kind": ["tag", "tag"], "name": ["咖啡杯", "咖啡豆"]},
        occurrences={"label_id": [0, 0], "start_time": [8, 2], "end_time": [9, 3]},
        chapters={"headline": ["一杯咖啡"], "summary": ["咖啡！"], "start_time": [0]}
        | {"end_time": [7]},
        translations={"text": ["咖啡"], "start_time": [5], "end_time": [6]},
    )
    hits = search(job, "咖啡")
    assert hits.columns.tolist() == COLUMNS
    told = hits[["table_name", "row_id", "field", "start_time", "end_time"]]
    assert told.fillna(-1).to_numpy().tolist() == [
        ["chapters", 0, "headline", 0, 7],
        ["chapters", 0, "summary", 0, 7],
        ["labels", 0, "name", 2, 3],
        ["ocr", 1, "text", 3, 4],
        ["speech", 0, "text", 5, 6],
        ["ocr", 0, "text", 5, 5],
        ["translations", 0, "text", 5, 6],
        ["words", 0, "text", 5.5, -1],
        ["labels", 0, "name", 8, 9],
        ["labels", 1, "name", -1, -1],
    ]
    only = search(job, "咖啡", tables=["words", "speech"])
    assert only["table_name"].tolist() == ["speech", "words"]
    assert search(job, "咖啡", tables="words")["table_name"].tolist() == ["words"]


def test_the_result_type_can_be_chosen() -> None:
    job = stag.samples.load("magazine", "cognition")
    best = search(job, "水温", tables="speech")
    assert set(best["row_id"]) <= set(job.best("speech")["speech_id"])
    other = search(job, "水温", result_type="NLP")
    assert {"speech", "words", "chapters"} <= set(other["table_name"])
    assert not {"ocr", "labels"} & set(other["table_name"])
    with pytest.raises(stag.errors.UnknownName, match="No result type with speech, ocr is called"):
        search(job, "水温", tables=["ocr", "speech"], result_type="CPVLabel")


@pytest.mark.parametrize("answer", ["image", "pending"])
def test_no_hit_is_an_empty_table_of_the_same_form(answer: str) -> None:
    none = search(stag.samples.load("magazine", answer), "不存在")
    assert none.empty
    assert same_form(none, search(stag.samples.load("magazine", "cognition"), "水温"))


def test_names_in_an_image_are_found_without_a_time() -> None:
    hits = search(stag.samples.load("magazine", "image"), "mara")
    assert hits["table_name"].tolist() == ["labels"]
    assert hits["start_time"].isna().all()


@pytest.mark.parametrize("what", ["", None, 7, re.compile(b"a")])
def test_something_is_searched_for(what: object) -> None:
    with pytest.raises(stag.errors.InvalidArgument, match="what: expected text that is not empty"):
        search(said("a"), what)  # type: ignore[arg-type]


def test_a_table_that_is_not_searched_is_refused() -> None:
    with pytest.raises(stag.errors.UnknownName, match="There are: speech, words, ocr, labels"):
        search(said("a"), "a", tables="boxes")
    with pytest.raises(stag.errors.UnknownName, match="searched table is called 3"):
        search(said("a"), "a", tables=3)  # type: ignore[arg-type]
    with pytest.raises(stag.errors.InvalidArgument, match="tables: expected one or more of speech"):
        search(said("a"), "a", tables=[])
