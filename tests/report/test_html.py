"""Each component alone: what it says, and that no text of an answer becomes anything but text."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import smarttag_nb as stag
from smarttag_nb.errors import InvalidArgument, UnknownName
from smarttag_nb.job import Duration
from smarttag_nb.plots import style
from smarttag_nb.report import data, html
from smarttag_nb.report.data import Excerpt, Topic
from smarttag_nb.report.download import Archive
from smarttag_nb.report.figures import Figure, Picture
from smarttag_nb.report.gather import gather
from smarttag_nb.report.transcript import (
    Agreement,
    Line,
    Passage,
    Piece,
    Row,
    Screen,
    Transcript,
)
from smarttag_nb.report.words import LANGUAGES, Words, texts
from smarttag_nb.tables import PROBLEM_CODES, TABLES
from tests.report.reading import Page

EN, ZH = Words("en"), Words("zh")
FOLDER = Path(html.__file__).parent
PIXEL = "data:image/webp;base64,AAAA"
FIGURE = Figure(PIXEL, PIXEL + "D", 600, 400)

Texts = Callable[[], str]


def made(text: Texts) -> dict[str, dict[str, Any]]:
    """What each template is given, with a text in every place that an answer's text can have."""
    pieces = (Piece(text()), Piece(text(), "other"), Piece(text(), "only"))
    row = Row(1.5, text(), pieces, pieces, text(), text(), True)
    agreement = Agreement(0.1, 0.2, 0.05, 3, 1, 2, 95.0, 1)
    cover = data.Cover(
        text(), text(), text(), text(), Duration(61.0, "ratios"),
        (("people", 1), ("labels", 2)), ((text(), text()),),
    )  # fmt: skip
    problem = data.Problem(
        "score-scale", "info", "changed", 3, (data.Example(text(), text(), text()),)
    )
    person = data.Person(7, text(), "celebrity", 12.0, 0.2, 3.0, 2)
    face = Picture(PIXEL, 20, 20, "", "person", 7, 4.0)
    picture = Picture(PIXEL, 20, 10, text(), "person", 7, 4.0)
    return {
        "cover": {
            "title": text(),
            "cover": cover,
            "media": text(),
            "met": [("info", 1)],
            "is_empty": True,
        },
        "contents": {"names": ["summary", "tables"]},
        "explorer": {"mount": "", "link": text()},
        "summary": {
            "summary": data.Summary((text(),), (data.Said(text(), text()),), ((text(), 0.5),))
        },
        "chapters": {"chapters": [data.Chapter(1.0, 2.0, text(), text())]},
        "people": {"people": [person], "pictures": {7: face}, "left_out": 3},
        "sheet": {"sheet": [picture]},
        "plot": {"name": "ratios", "figure": FIGURE, "alt": text(), "about": text()},
        "transcript": {
            "transcript": Transcript((Passage(text(), 0.0, 9.0, (row, row)),), agreement),
            "figure": FIGURE,
            "alt": text(),
            "folded": True,
        },
        "screen": {"screen": Screen((Line(1.0, text(), text()),) * 50, 90)},
        "questions": {"questions": [data.Question(text(), text(), 1.0, math.nan)]},
        "highlights": {
            "highlights": data.Highlights(
                (text(),), (data.Said(text(), start=1.0),), (data.Said(text()),)
            )
        },
        "mindmap": {
            "topics": [Topic(text(), 0), Topic(text(), 1), Topic(text(), 2), Topic(text(), 0)],
            "left_out": 0,
        },
        "entities": {
            "entities": [data.Entity(text(), "person", ((text(), text()),))],
            "left_out": 0,
        },
        "problems": {"problems": [problem]},
        "tables": {
            "tables": [Excerpt(text(), (text(),), ((text(),),), 30, 4)],
            "archive": Archive("tables.zip", "data:application/zip;base64,AAAA", 3),
        },
    }


TEMPLATES = sorted(made(lambda: "x"))
HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</title></style></textarea><svg onload=alert(1)>",
    "<!--<script>",
    "]]><math href=javascript:alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "\u202egnp.exe\u2066",
    "a\u200bb\0c",
    "http://x.example/\" onclick=alert(1) x=\"",
)  # fmt: skip


def test_every_template_is_here() -> None:
    files = {file.stem for file in (FOLDER / "templates").iterdir()}
    assert files == {*TEMPLATES, "macros", "page"}


@pytest.mark.parametrize("words", [EN, ZH], ids=["en", "zh"])
@pytest.mark.parametrize("seekable", [True, False])
@pytest.mark.parametrize("name", TEMPLATES)
def test_each_component_stands_alone(name: str, seekable: bool, words: Words) -> None:
    marks = iter(range(1000))

    def text() -> str:
        return f"said{next(marks)}."

    given = made(text)[name]
    own = re.findall(r"said\d+\.", repr(given))
    page = Page(html.render(name, words, seekable, **given))
    told = page.text + "".join(picture.get("alt", "") for picture in page.all("img"))
    assert [mark for mark in own if mark not in told] == []
    links = [link["href"] for link in page.all("a") if link.get("class") == "time"]
    assert all(re.fullmatch(r"#t=\d+\.\d\d", link) for link in links)
    assert seekable or not links


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("name", TEMPLATES)
def test_text_of_an_answer_is_nothing_but_text(name: str, hostile: str) -> None:
    plain = Page(html.render(name, EN, True, **made(lambda: "x")[name]))
    page = Page(html.render(name, EN, True, **made(lambda: hostile)[name]))
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    for (_, attributes), (_, usual) in zip(page.elements, plain.elements, strict=True):
        assert {*attributes} - {"lang"} == {*usual} - {"lang"}
        assert attributes.get("href") == usual.get("href")
        assert attributes.get("class") == usual.get("class")
    if name not in ("contents", "plot"):
        assert hostile.replace("\0", "") in page.text.replace("\0", "").replace("\ufffd", "")


def test_an_address_of_an_answer_is_a_link_only_where_it_is_one() -> None:
    facts = (
        ("good", "https://example.com/a?b=c"),
        ("script", "javascript:alert(1)"),
        ("data", "data:text/html,x"),
        ("broken", 'https://example.com/" onclick="x'),
        ("space", "https://example.com/ x"),
        ("file", "file:///etc/passwd"),
        ("none", "https://"),
        ("port", "http://[bad"),
    )
    entities = [data.Entity("e", "entity", facts)]
    page = Page(html.render("entities", EN, entities=entities, left_out=0))
    (link,) = page.all("a")
    assert link["href"] == "https://example.com/a?b=c"
    assert set(link["rel"].split()) == {"noreferrer", "noopener"}
    assert all(value in page.text for _, value in facts)


def test_a_kind_that_is_none_chooses_no_class() -> None:
    picture = Picture(PIXEL, 20, 10, "x", 'x" smarttag-explorer', 7, None)
    page = Page(html.render("sheet", EN, sheet=[picture]))
    assert {dot["class"] for dot in page.all("i")} == {"dot"}


def test_differences_are_marked_by_elements_of_their_meaning() -> None:
    said = (Piece("a"), Piece("b", "other"), Piece("c", "only"))
    shown = (Piece("a"), Piece("d", "other"), Piece("e", "only"))
    row = Row(1.0, "", said, shown)
    agreement = Agreement(0.1, 0.1, 0.1, 1, 0, 0, 0.0, 0)
    told = Transcript((Passage("", 1.0, 1.0, (row,)),), agreement)
    made = html.render("transcript", EN, transcript=told, figure=None, alt="", folded=False)
    assert "a<mark>b</mark><del>c</del>" in made
    assert "a<mark>d</mark><ins>e</ins>" in made
    assert "The picture" not in made


def test_the_scores_are_error_rates_which_may_be_above_one() -> None:
    row = Row(1.0, "", (Piece("a"),), (Piece("b"),))
    told = Transcript((Passage("", 1.0, 1.0, (row,)),), Agreement(1.2, 0.25, 0.05, 1, 0, 0, 0.0, 0))
    page = Page(html.render("transcript", EN, transcript=told, figure=None, alt="", folded=False))
    shown = [part for part in page.text.split("\n") if "%" in part]
    assert [part.split()[0] for part in shown] == ["120.0%", "25.0%", "5.0%"]
    assert "(CER)" in shown[0]
    assert "(WER)" in shown[1]


def test_a_table_that_is_shown_whole_needs_no_note() -> None:
    page = Page(
        html.render("tables", EN, archive=None, tables=[Excerpt("a", ("b",), (("c",),), 1, 1)])
    )
    assert page.all("p") == []


def test_a_speaker_is_named_once_until_another_speaks() -> None:
    names = ["ann", "ann", "ben", "ann"]
    rows = tuple(Row(float(k), name, (Piece("x"),), ()) for k, name in enumerate(names))
    told = Transcript((Passage("", 0.0, 3.0, rows),), None)
    page = Page(html.render("transcript", EN, transcript=told, folded=False))
    assert re.findall("ann|ben", page.text) == ["ann", "ben", "ann"]


def test_a_mind_map_is_a_list_of_lists() -> None:
    topics = [Topic("a", 0), Topic("b", 1), Topic("c", 2), Topic("d", 1), Topic("e", 0)]
    made = html.render("mindmap", EN, topics=topics, left_out=0)
    bare = re.sub(r"<span[^>]*>(\w)</span>", r"\1", made)
    tree = re.sub(r"\s+", "", bare[bare.index("<ul>") : bare.rindex("</ul>") + 5])
    assert tree == ("<ul><li>a<ul><li>b<ul><li>c</li></ul></li><li>d</li></ul></li><li>e</li></ul>")


def test_sections_without_data_vanish() -> None:
    told = gather(stag.samples.load("magazine", answer="failed"))
    assert html.sections(told, html.Pictures(), EN) == {}
    told = gather(stag.samples.load("magazine", answer="smart-handle-prose"))
    assert list(html.sections(told, html.Pictures(), EN)) == ["summary", "tables"]


def test_what_is_empty_or_failed_is_told_on_the_cover() -> None:
    told = gather(stag.samples.load("magazine", answer="failed"))
    page = Page(html.page(told, html.Pictures(), EN))
    assert "InvalidParameter.ResourceContentBad" in page.text
    assert "The answer holds no results." in page.text
    assert not page.all("nav")


def test_languages_are_marked() -> None:
    assert html.lang("水温") == ' lang="zh-CN"'
    assert html.lang("コーヒー豆") == ' lang="ja"'
    assert html.lang("커피") == ' lang="ko"'
    assert html.lang("coffee") == ""
    made = html.render("chapters", EN, chapters=[data.Chapter(1.0, 2.0, "一杯咖啡", "A cup")])
    assert '<h3 dir="auto" lang="zh-CN">一杯咖啡</h3>' in made
    assert '<p dir="auto">A cup</p>' in made


def test_every_text_is_there_in_every_language() -> None:
    for key, pair in texts().items():
        english, chinese = (pair[language] for language in LANGUAGES)
        told_elsewhere = key.split(".")[0] == "problem" or key.removeprefix("table.") in TABLES
        told_elsewhere = told_elsewhere and "." in key
        assert bool(english) != told_elsewhere, key
        assert chinese, key
        assert "{" not in english.replace("{}", ""), key
        if not told_elsewhere:
            assert english.split("|")[-1].count("{}") == chinese.count("{}"), key


def test_all_codes_and_tables_are_told_in_both_languages() -> None:
    for code, known in PROBLEM_CODES.items():
        assert EN.meaning(code) == known.meaning
        assert ZH.meaning(code) not in (code, known.meaning)
    for name, table in TABLES.items():
        assert EN.row(name) == table.row
        assert ZH.row(name) not in (name, table.row)


def test_numbers_choose_their_form() -> None:
    assert [EN("sentences", n) for n in (0, 1, 2)] == ["0 sentences", "1 sentence", "2 sentences"]
    assert ZH("sentences", 1) == "1 句"
    assert EN.form("counts.boxes", 2) == "boxes"


def test_a_text_or_language_that_does_not_exist_says_so() -> None:
    with pytest.raises(UnknownName, match="No text of a report is called 'chapter'"):
        EN("chapter")
    with pytest.raises(InvalidArgument, match="lang: expected one of en, zh, got 'fr'"):
        Words("fr")


def test_templates_leave_escaping_on_and_styles_out() -> None:
    for file in (FOLDER / "templates").iterdir():
        source = file.read_text(encoding="utf-8")
        assert "|safe" not in source.replace(" ", "")
        assert "autoescape" not in source
        assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", source)


def test_the_style_fetches_nothing_and_has_the_plots_colours() -> None:
    css = html.stylesheet()
    assert not re.search(r"url\(|@import|https?:|</", css)
    assert css.count("{") == css.count("}")
    for kind, colour in style.COLOURS.items():
        assert f".dot.{kind}{{background:{colour}}}" in css


def test_words_are_a_tidy_file() -> None:
    source = (FOLDER / "words.json").read_text(encoding="utf-8")
    pairs = json.loads(source)
    assert source.count('": [') == len(pairs)
