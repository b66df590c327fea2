"""The explorer in a notebook of JupyterLab: it shows, it plays, and Python has what is chosen."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

import smarttag_nb as stag
from tests.browser.explorer import READY, Explorer
from tests.browser.pages import Notebooks

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed").expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

BEGIN = """
import smarttag_nb as stag
job = stag.samples.load("magazine")
clip = stag.samples.video("magazine")
"""


@pytest.fixture
def explorer(page: Page, notebooks: Notebooks) -> Explorer:
    """The sample's, which the kernel knows as `explorer`."""
    notebooks.write("one", BEGIN, "explorer = stag.explore(job, clip)\nexplorer")
    notebooks.in_lab("one")
    notebooks.run()
    return Explorer(page)


def test_it_shows_plays_and_seeks(explorer: Explorer) -> None:
    video = explorer.video
    explorer.wait_for_frame(0)
    assert video.evaluate("one => [one.videoWidth, one.src.slice(0, 5)]") == [640, "blob:"]
    explorer.button("Play").click()
    explorer.wait_for_time(0.5, 20)
    explorer.button("Pause").click()
    assert video.evaluate("one => one.paused")

    explorer.press_timeline(30)
    explorer.wait_for_time(29.5, 30.5)
    row = explorer.row(explorer.tab("Transcript"), "好咖啡不怕等")
    row.get_by_role("button", name="0:18").click()
    explorer.wait_for_time(17.6, 17.8)
    explorer.wait_for_frame(17.68)
    expect(row).to_have_attribute("aria-current", "true")
    explorer.tab("Chapters & notes").get_by_role("button", name="黎明的火箭").click()
    explorer.wait_for_time(42, 44)


def test_python_seeks_and_is_told_the_time(explorer: Explorer, notebooks: Notebooks) -> None:
    notebooks.ask("explorer.seek(42)")
    explorer.wait_for_time(42)
    explorer.root.press("ArrowRight")
    explorer.wait_for_time(47)
    notebooks.wait_until("explorer.time == 47")
    # A second time to the same moment, from which the page has gone on.
    explorer.button("Play").click()
    explorer.wait_for_time(47.2, 60)
    explorer.button("Pause").click()
    notebooks.ask("explorer.seek(47)")
    explorer.wait_for_time(47)


def test_what_is_chosen_reaches_python_and_back(explorer: Explorer, notebooks: Notebooks) -> None:
    notebooks.ask(
        "heard = []\nend = explorer.on_select(lambda chosen: heard.append(sorted(chosen)))"
    )
    labels = explorer.tab("Labels")
    explorer.row(labels, "顾明川").click()
    notebooks.wait_until("'labels' in explorer.selection")
    assert notebooks.ask("explorer.selection['labels'].name.tolist()") == ["顾明川"]
    assert notebooks.ask(
        "len(explorer.selection['occurrences']), explorer.selection['boxes'].label_id.nunique()"
    ) == (2, 1)
    assert notebooks.ask("heard[-1]") == ["attributes", "boxes", "labels", "occurrences"]
    expect(labels.locator(".card")).to_contain_text("顾明川")

    explorer.press_timeline(20, until=24)
    # Told while the mouse still moves: what counts is where it was let go.
    notebooks.wait_until("explorer.range is not None and abs(explorer.range[1] - 24) < 0.3")
    assert notebooks.ask("explorer.range[0]") == pytest.approx(20, abs=0.3)
    assert notebooks.ask("explorer.selection['boxes'].timestamp.between(19.5, 24.5).all().item()")
    chosen = explorer.root.locator(".chosen .chip")
    expect(chosen).to_have_count(2)

    notebooks.ask("explorer.range = None\nexplorer.selection = 'Mara Ellison'")
    expect(chosen).to_contain_text("Mara Ellison")
    notebooks.ask("explorer.selection = job.speech.head(1)")
    expect(chosen).to_contain_text("大家早上好")
    chosen.get_by_role("button").click()
    notebooks.wait_until("explorer.selection == {}")


def test_filters_are_those_of_python(explorer: Explorer, notebooks: Notebooks) -> None:
    labels = explorer.tab("Labels")
    rows = explorer.rows(labels)
    persons = set(stag.samples.load("magazine").best("labels").query("kind == 'person'")["name"])
    labels.get_by_role("button", name=re.compile("^Persons")).click()
    notebooks.wait_until("explorer.filters.get('kinds') == ['person']")
    expect(rows).to_have_count(len(persons))
    assert set(rows.locator(".name").all_inner_texts()) == persons

    labels.get_by_label("Filter by name").fill("mara")
    notebooks.wait_until("explorer.filters.get('name') == 'mara'")
    expect(rows).to_have_count(1)
    notebooks.ask("explorer.filters = {'ratio': 0.3}")
    expect(labels.get_by_label("Filter by name")).to_have_value("")
    expect(rows.locator(".value").last).to_have_text(re.compile(r"^[3-9]\d.?%"))


def test_two_on_one_page_keep_apart_and_two_views_of_one_do_not(
    page: Page, notebooks: Notebooks
) -> None:
    notebooks.write(
        "two", BEGIN, "one = stag.explore(job, clip)\none", "two = stag.explore(job)\ntwo", "one"
    )
    notebooks.in_lab("two")
    notebooks.run()
    expect(page.locator(READY)).to_have_count(3)
    one, two, again = (Explorer(notebooks.output(cell)) for cell in (1, 2, 3))
    notebooks.ask("one.seek(30)\ntwo.seek(60)")
    one.wait_for_time(30)
    again.wait_for_time(30)
    two.wait_for_time(60)
    one.row(one.tab("Labels"), "顾明川").click()
    expect(again.root.locator(".chosen .chip")).to_have_text("顾明川")
    expect(two.root.locator(".chosen .chip")).to_have_count(0)
    notebooks.wait_until("'labels' in one.selection and two.selection == {}")
    two.root.press("ArrowLeft")
    two.wait_for_time(55)
    assert (one.time, again.time) == (30, 30)


def test_a_large_video_is_played_from_the_server(page: Page, notebooks: Notebooks) -> None:
    shutil.copyfile(stag.samples.video("magazine"), notebooks.folder / "第 1#集.mp4")
    notebooks.write(
        "large", BEGIN, "explorer = stag.explore(job, '第 1#集.mp4', embed=False)\nexplorer"
    )
    notebooks.in_lab("large")
    notebooks.run()
    explorer = Explorer(page)
    notebooks.ask("explorer.seek(70)")
    explorer.wait_for_time(70)
    page.wait_for_function("() => document.querySelector('video').currentTime > 69.9")
    assert "/files/" in explorer.video.evaluate("one => one.src")


def test_it_follows_the_theme_and_keeps_its_keys(explorer: Explorer, page: Page) -> None:
    expect(explorer.root).to_have_attribute("data-theme", "light")
    theme = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
    page.evaluate(theme, "JupyterLab Dark")
    expect(explorer.root).to_have_attribute("data-theme", "dark")
    page.evaluate(theme, "JupyterLab Light")
    cells = page.locator(".jp-CodeCell").count()
    explorer.root.focus()
    # In JupyterLab these would add a cell, delete one, and make one a heading.
    for key in ("a", "d", "d", "1", "k"):
        page.keyboard.press(key)
    page.keyboard.press(".")
    explorer.wait_for_time(0.01, 0.1)
    page.keyboard.press("/")
    expect(explorer.query).to_be_focused()
    page.keyboard.type("咖啡")
    expect(
        explorer.root.get_by_role("tabpanel", name="Results").locator("mark").first
    ).to_have_text("咖啡")
    assert page.locator(".jp-CodeCell").count() == cells
