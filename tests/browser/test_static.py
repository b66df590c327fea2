"""The explorer without a kernel: from a file it shows, plays and seeks, and asks nobody."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import nbformat
import numpy as np
import pytest
from nbconvert import HTMLExporter

import smarttag_nb as stag
from tests.browser.explorer import Explorer
from tests.browser.pages import Seen

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed").expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def embedded(folder: Path) -> Path:
    return explored(folder).to_html(folder / "page.html")


def linked(folder: Path) -> Path:
    return explored(folder).to_html(folder / "page.html", video="link")


def report(folder: Path) -> Path:
    return stag.report(stag.samples.load("magazine"), folder / "report.html", clip_in(folder))


def explored(folder: Path, **given: Any) -> stag.widgets.Explorer:
    return stag.explore(stag.samples.load("magazine"), clip_in(folder), **given)


def clip_in(folder: Path) -> Path:
    return Path(shutil.copyfile(stag.samples.video("magazine"), folder / "clip.mp4"))


def assert_it_plays_and_seeks(explorer: Explorer) -> None:
    explorer.button("Play").click()
    explorer.wait_for_time(0.5, 20)
    explorer.button("Pause").click()
    explorer.press_timeline(30)
    explorer.wait_for_time(29.5, 30.5)
    row = explorer.row(explorer.tab("Transcript"), "好咖啡不怕等")
    row.get_by_role("button", name="0:18").click()
    explorer.wait_for_time(17.6, 17.8)
    explorer.wait_for_frame(17.68)


def assert_choosing_and_filtering_work(explorer: Explorer) -> None:
    labels = explorer.tab("Labels")
    labels.get_by_label("Filter by name").fill("mara")
    expect(explorer.rows(labels)).to_have_count(2)
    explorer.rows(labels).first.click()
    expect(labels.locator(".card")).to_contain_text("Mara Ellison")
    expect(explorer.root.locator(".chosen .chip")).to_have_text("Mara Ellison")
    explorer.press_timeline(20, until=24)
    expect(explorer.root.locator(".chosen .chip")).to_have_count(2)
    explorer.query.fill("咖啡")
    results = explorer.root.get_by_role("tabpanel", name="Results")
    expect(results.locator("mark").first).to_have_text("咖啡")


@pytest.mark.parametrize("made", [embedded, linked, report])
def test_from_a_file(made: Callable[[Path], Path], page: Page, seen: Seen, tmp_path: Path) -> None:
    page.goto(made(tmp_path).as_uri())
    explorer = Explorer(page)
    assert_it_plays_and_seeks(explorer)
    assert_choosing_and_filtering_work(explorer)
    clip = [(tmp_path / "clip.mp4").as_uri()] if made is linked else []
    assert seen.elsewhere(*clip) == []
    assert seen.errors == []


def test_in_an_exported_notebook(page: Page, seen: Seen, tmp_path: Path) -> None:
    static = explored(tmp_path).static("embed")
    data = {"text/html": static._repr_html_()}
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", data)])
    exported, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    file = tmp_path / "exported.html"
    file.write_text(exported, encoding="utf-8")
    # The notebook's own page asks for scripts of others, and does not get them.
    page.route(re.compile("^https:"), lambda route: route.abort())
    page.goto(file.as_uri())
    explorer = Explorer(page.frame_locator("iframe"))
    assert_it_plays_and_seeks(explorer)
    assert_choosing_and_filtering_work(explorer)
    assert seen.in_frames == []


def test_a_link_to_the_page_can_name_a_moment(page: Page, tmp_path: Path) -> None:
    page.goto(f"{embedded(tmp_path).as_uri()}#t=42.5")
    Explorer(page).wait_for_time(42.5)


def test_a_video_that_the_browser_cannot_play_is_told_and_all_else_works(
    page: Page, seen: Seen, tmp_path: Path
) -> None:
    clip = tmp_path / "old.mp4"
    with av.open(str(clip), "w") as container:
        stream = container.add_stream("mpeg4", rate=10, width=64, height=48, pix_fmt="yuv420p")
        picture = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
        for packet in [*stream.encode(picture), *stream.encode()]:
            container.mux(packet)
    made = stag.explore(stag.samples.load("magazine"), clip)
    page.goto(made.to_html(tmp_path / "page.html").as_uri())
    explorer = Explorer(page)
    expect(explorer.root.locator(".telling")).to_contain_text("cannot play")
    explorer.press_timeline(30)
    explorer.wait_for_time(29.5, 30.5)
    explorer.button("Play").click()
    explorer.wait_for_time(30.6, 60)
    explorer.button("Pause").click()
    assert_choosing_and_filtering_work(explorer)


def test_an_image_has_no_time(page: Page, tmp_path: Path) -> None:
    job = stag.samples.load("magazine", answer="image")
    still = stag.frames.Video(stag.samples.video("magazine")).at(5)
    page.goto(stag.explore(job, still).to_html(tmp_path / "page.html").as_uri())
    explorer = Explorer(page)
    expect(explorer.root.locator(".stage img")).to_be_visible()
    expect(explorer.button("Play")).to_be_hidden()
    expect(explorer.timeline).to_be_hidden()
    assert explorer.rows(explorer.tab("Labels")).count() > 3


def test_an_answer_of_nothing_says_so(page: Page, tmp_path: Path) -> None:
    job = stag.samples.load("magazine", answer="failed")
    page.goto(stag.explore(job).to_html(tmp_path / "page.html").as_uri())
    assert (job.reason or "") in Explorer(page).root.inner_text()


def test_in_chinese(page: Page, tmp_path: Path) -> None:
    page.goto(explored(tmp_path, lang="zh").to_html(tmp_path / "page.html").as_uri())
    root = page.locator(".smarttag-explorer[data-ready=true]")
    expect(root).to_have_attribute("lang", "zh-CN")
    assert root.get_by_role("tab").all_inner_texts()[:2] == ["文稿", "标签"]


@pytest.mark.parametrize("width", [480, 1920])
def test_it_fits_any_width(width: int, page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(embedded(tmp_path).as_uri())
    explorer = Explorer(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_choosing_and_filtering_work(explorer)
