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
from tests.browser.explorer import READY, Explorer
from tests.browser.pages import Notebooks, Seen
from tests.browser.payloads import CLOBBERS, PAYLOADS, REQUESTS, RUNS, Payload, control
from tests.browser.servers import Witness

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed").expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

MARKS = {payload.mark for payload in PAYLOADS}


def those_that(do: str) -> set[int]:
    return {payload.number for payload in PAYLOADS if do in payload.does}


def named(name: str) -> Payload:
    return next(payload for payload in PAYLOADS if payload.name == name)


def marks_in(text: str) -> set[str]:
    return {mark for mark in MARKS if mark in text}


def assert_nothing_happened(seen: Seen, home: str = "file:") -> None:
    """Nothing has run, nobody has been asked for anything."""
    assert seen.ran == set()
    assert seen.clobbered() == set()
    assert seen.witness.paths == []
    assert seen.witness.connections == 0
    assert seen.elsewhere(home) == []


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
        if column.kind == "text" and (table, column.name) not in hostile.OF_ONE_SOURCE:
            assert marks_in("\n".join(frame[column.name])) == MARKS, column.name


def test_a_naive_page_runs_them(page: Page, seen: Seen, witness: Witness, tmp_path: Path) -> None:
    file = tmp_path / "control.html"
    file.write_text(control(witness.url), encoding="utf-8")
    page.goto(file.as_uri())
    seen.provoke()
    seen.wait_for(those_that(RUNS), those_that(REQUESTS))
    assert seen.clobbered() == those_that(CLOBBERS)
    assert len({payload.number for payload in PAYLOADS if payload.does}) >= 80


def test_a_naive_cell_runs_them(page: Page, seen: Seen, notebooks: Notebooks) -> None:
    run, linked = named("img onerror"), named("command linker")
    texts = "".join(payload.aimed(seen.witness.url) for payload in (run, linked))
    notebooks.write("naive", "from IPython.display import HTML", f"HTML({texts!r})")
    notebooks.in_lab("naive")
    notebooks.run()
    page.get_by_role("button", name=linked.mark).click()
    seen.wait_for({run.number}, {linked.number})
    assert len(seen.alive(page.locator(".jp-RenderedHTML"))) == 2


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


def test_cards_in_jupyterlab(page: Page, seen: Seen, notebooks: Notebooks) -> None:
    notebooks.write(
        "cards",
        f"from tests.browser import hostile\nwitness = {seen.witness.url!r}",
        "from IPython.display import HTML, display\nHTML(''.join(hostile.cards(witness)))",
        "display(hostile.job(witness), hostile.alignment(witness))",
    )
    notebooks.in_lab("cards")
    notebooks.run()
    seen.provoke(".jp-OutputArea-output")
    page.wait_for_load_state("networkidle")
    assert_nothing_happened(seen, notebooks.url)
    assert seen.alive(page.locator(".jp-RenderedHTML")) == []
    assert marks_in(notebooks.output(1).inner_text()) == MARKS
    assert marks_in(notebooks.output(2).inner_text())


def test_panels_in_jupyterlab(page: Page, seen: Seen, notebooks: Notebooks) -> None:
    notebooks.write(
        "panels",
        f"""
        from smarttag_nb.widgets import panels
        from tests.browser import hostile
        witness = {seen.witness.url!r}
        job = hostile.job(witness)
        """,
        "panels.ratios(job)",
        "panels.frames(job, hostile.video(witness))",
        "panel = panels.alignment(hostile.alignment(witness))\npanel.length.value = 600\npanel",
    )
    notebooks.in_lab("panels")
    notebooks.run()
    expect(page.locator(".jp-OutputArea-output img")).to_have_count(3)
    seen.provoke(".jp-OutputArea-output")
    page.wait_for_load_state("networkidle")
    assert_nothing_happened(seen, notebooks.url)
    assert len(marks_in("".join(notebooks.output(2).locator("option").all_inner_texts()))) > 5
    assert marks_in(notebooks.output(3).locator("textarea").input_value())


def assert_explored(explorer: Explorer, seen: Seen, home: str = "file:") -> None:
    """All of it has been read, pointed at and clicked, and nothing has happened."""
    assert marks_in(explorer.read(explorer.tab("Transcript"))) == MARKS
    assert marks_in(explorer.read(explorer.tab("Chapters & notes"))) == MARKS
    assert marks_in(explorer.read(explorer.tab("Labels"))) == MARKS
    assert marks_in(explorer.look_at_labels(len(PAYLOADS))) == MARKS
    assert len(marks_in(explorer.point_at_timeline(24))) > 5
    for query in (named("img onerror"), named("breaker of double quotes")):
        explorer.query.fill(query.aimed(seen.witness.url))
        expect(explorer.root.locator(".list .row mark").first).to_be_visible()
    explorer.query.fill("mark")
    results = explorer.root.get_by_role("tabpanel", name="Results")
    assert len(marks_in(explorer.read(results, pages=20))) > 5
    explorer.query.fill("no <b>such</b> text")
    expect(results).to_contain_text("no <b>such</b> text")
    explorer.query.fill("")
    seen.provoke(READY)
    assert_nothing_happened(seen, home)
    assert seen.alive(explorer.root) == []


def test_the_explorer_in_a_cell(page: Page, seen: Seen, notebooks: Notebooks) -> None:
    notebooks.write(
        "explorer",
        f"""
        import smarttag_nb as stag
        from tests.browser import hostile
        witness = {seen.witness.url!r}
        stag.explore(hostile.job(witness), hostile.video(witness))
        """,
    )
    notebooks.in_lab("explorer")
    notebooks.run()
    assert_explored(Explorer(page), seen, notebooks.url)


@pytest.mark.parametrize("video", ["embed", "link"])
def test_the_explorer_as_a_page(
    page: Page, seen: Seen, witness: Witness, tmp_path: Path, video: Any
) -> None:
    clip = hostile.video(witness.url, tmp_path)
    made = stag.explore(hostile.job(witness.url), clip)
    page.goto(made.to_html(tmp_path / "explorer.html", video).as_uri())
    assert_explored(Explorer(page), seen)


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
