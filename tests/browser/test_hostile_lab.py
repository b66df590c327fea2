"""Hostile text in every field, in JupyterLab: nothing of it runs or reaches out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.explorer import Explorer
from tests.browser.harmless import MARKS, assert_explored, assert_nothing_happened, marks_in, named
from tests.browser.pages import Notebooks, Seen

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed").expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_a_naive_cell_runs_them(page: Page, seen: Seen, notebooks: Notebooks) -> None:
    run, linked = named("img onerror"), named("command linker")
    texts = "".join(payload.aimed(seen.witness.url) for payload in (run, linked))
    notebooks.write("naive", "from IPython.display import HTML", f"HTML({texts!r})")
    notebooks.in_lab("naive")
    notebooks.run()
    page.get_by_role("button", name=linked.mark).click()
    seen.wait_for({run.number}, {linked.number})
    assert len(seen.alive(page.locator(".jp-RenderedHTML"))) == 2


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
        from smarttag_nb import panels
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
