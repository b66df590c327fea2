"""The explorer in Notebook 7 and in Voila: it shows and seeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.explorer import Explorer
from tests.browser.pages import Notebooks, write
from tests.browser.servers import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

BEGIN = """
import smarttag_nb as stag
job, clip = stag.samples.load("magazine"), stag.samples.video("magazine")
explorer = stag.explore(job, clip)
"""


def assert_it_shows_and_seeks(explorer: Explorer) -> None:
    explorer.press_timeline(30)
    explorer.wait_for_time(29.5, 30.5)
    row = explorer.row(explorer.tab("Transcript"), "好咖啡不怕等")
    row.get_by_role("button", name="0:18").click()
    explorer.wait_for_time(17.6, 17.8)
    explorer.wait_for_frame(17.68)


def test_in_notebook_7(page: Page, notebooks: Notebooks) -> None:
    notebooks.write("seven", BEGIN, "explorer")
    notebooks.in_notebook("seven")
    notebooks.run()
    explorer = Explorer(page)
    assert_it_shows_and_seeks(explorer)
    notebooks.ask("explorer.seek(42)")
    explorer.wait_for_time(42)
    notebooks.wait_until("explorer.time == 42")


def test_in_voila(page: Page, voila: Server) -> None:
    # What Python hears is shown by a widget of its own: there is no cell to ask in.
    told = "import ipywidgets\ntold = ipywidgets.Label()\n"
    hears = "explorer.on_select(lambda chosen: setattr(told, 'value', ' '.join(sorted(chosen))))"
    write(voila.folder / "shown.ipynb", BEGIN, told + hears, "display(explorer, told)")
    page.goto(f"{voila.url}/voila/render/shown.ipynb")
    explorer = Explorer(page)
    assert_it_shows_and_seeks(explorer)
    explorer.row(explorer.tab("Labels"), "顾明川").click()
    page.get_by_text("attributes boxes labels occurrences", exact=True).wait_for()
