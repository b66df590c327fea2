"""Hostile text in every field: nothing of it runs or reaches out, and all of it can be read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbconvert import HTMLExporter

import smarttag_nb as stag
from smarttag_nb.tables import TABLES
from tests.browser import hostile
from tests.browser.explorer import Explorer
from tests.browser.harmless import MARKS, assert_explored, assert_nothing_happened, marks_in
from tests.browser.pages import Seen
from tests.browser.payloads import CLOBBERS, PAYLOADS, REQUESTS, RUNS, control
from tests.browser.servers import Witness

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def those_that(do: str) -> set[int]:
    return {payload.number for payload in PAYLOADS if do in payload.does}


def test_payloads_are_many_and_told_apart() -> None:
    texts = [payload.aimed("http://witness") for payload in PAYLOADS]
    assert len(PAYLOADS) >= 60
    assert len(set(texts)) == len({payload.name for payload in PAYLOADS}) == len(PAYLOADS)
    for payload, text in zip(PAYLOADS, texts, strict=True):
        assert marks_in(text) == {payload.mark}


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_payload_is_in_every_text_of_every_table(table: str) -> None:
    frame = hostile.job("http://witness", lawless=True)[table]
    for column in TABLES[table].columns:
        if column.kind == "text" and (table, column.name) not in hostile.SPARED:
            assert marks_in("\n".join(frame[column.name])) == MARKS, column.name


def test_a_naive_page_runs_them(page: Page, seen: Seen, witness: Witness, tmp_path: Path) -> None:
    file = tmp_path / "control.html"
    file.write_text(control(witness.url), encoding="utf-8")
    page.goto(file.as_uri())
    seen.provoke()
    seen.wait_for(those_that(RUNS), those_that(REQUESTS))
    assert seen.clobbered() == those_that(CLOBBERS)
    assert len({payload.number for payload in PAYLOADS if payload.does}) >= 80


def test_cards_in_a_page(page: Page, seen: Seen, witness: Witness, tmp_path: Path) -> None:
    file = tmp_path / "cards.html"
    html = "\n".join(hostile.cards(witness.url))
    file.write_text(f"<!DOCTYPE html><meta charset=utf-8><body>{html}", encoding="utf-8")
    page.goto(file.as_uri())
    seen.provoke()
    page.wait_for_load_state("networkidle")
    assert_nothing_happened(seen)
    assert seen.alive(page.locator("body")) == []
    assert marks_in(page.locator("body").inner_text()) == MARKS


@pytest.mark.parametrize("video", ["embed", "link"])
def test_the_explorer_as_a_page(
    page: Page, seen: Seen, witness: Witness, tmp_path: Path, video: Any
) -> None:
    clip = hostile.video(witness.url, tmp_path)
    made = stag.explore(hostile.job(witness.url), clip)
    page.goto(made.to_html(tmp_path / "explorer.html", video).as_uri())
    assert_explored(Explorer(page), seen, *[clip.as_uri()] * (video == "link"))


def test_the_explorer_of_kinds_that_no_reader_gives(
    page: Page, seen: Seen, witness: Witness, tmp_path: Path
) -> None:
    made = stag.explore(hostile.job(witness.url, lawless=True))
    page.goto(made.to_html(tmp_path / "explorer.html").as_uri())
    explorer = Explorer(page)
    assert marks_in(explorer.tab("Labels").text_content() or "") == MARKS
    seen.provoke()
    assert_nothing_happened(seen)
    assert seen.alive(explorer.root) == []


@pytest.mark.parametrize("form", ["static", "fallback"])
def test_the_explorer_in_an_exported_notebook(
    page: Page, seen: Seen, witness: Witness, tmp_path: Path, form: str
) -> None:
    made = stag.explore(hostile.job(witness.url), hostile.video(witness.url, tmp_path))
    if form == "static":
        data = {"text/html": made.static("embed")._repr_html_()}
    else:
        data, _ = made._repr_mimebundle_()
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", data)])
    exported, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    file = tmp_path / "exported.html"
    file.write_text(exported, encoding="utf-8")
    # The notebook's own page asks for scripts of others, and does not get them.
    page.route(re.compile("^https:"), lambda route: route.abort())
    page.goto(file.as_uri())
    assert_explored(Explorer(page.frame_locator("iframe")), seen, "https:")
    assert seen.in_frames == []


@pytest.mark.parametrize("lawless", [False, True])
def test_the_report(
    page: Page, seen: Seen, witness: Witness, tmp_path: Path, lawless: bool
) -> None:
    job, clip = hostile.job(witness.url, lawless=lawless), hostile.video(witness.url, tmp_path)
    page.goto(stag.report(job, tmp_path / "report.html", clip).as_uri())
    Explorer(page)
    seen.provoke()
    page.wait_for_load_state("networkidle")
    assert_nothing_happened(seen)
    assert seen.alive(page.locator("main")) == []
    assert marks_in(page.locator("body").text_content() or "") == MARKS
