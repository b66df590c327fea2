"""The page in a real browser, from its file: it reads, plays, prints and fetches nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import smarttag_nb as stag
from tests.browser import launch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WORDS = ("主持人从一杯刚做好的咖啡说起", "合适的水温是多少？", "油脂", "科普作者", "start_time")
"""Of a chapter, a question, the screen's text, knowledge, and a table."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if launch.found() is None:
        pytest.skip(f"no browser: none of {', '.join(launch.NAMES)} is installed")
    with launch.launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    job, clip = stag.samples.load("magazine"), stag.samples.video("magazine")
    shutil.copyfile(clip, folder / "clip.mp4")
    failed = stag.samples.load("magazine", answer="failed")
    return {
        "embedded": stag.report(job, folder / "embedded.html", video=clip),
        "linked": stag.report(job, folder / "linked.html", video=folder / "clip.mp4", embed=False),
        "failed": stag.report(failed, folder / "failed.html"),
    }


class Opened:
    """A page that is open, and what happened in it."""

    def __init__(self, browser: Browser, file: Path, **context: Any) -> None:
        self.page: Page = browser.new_context(**context).new_page()
        self.requests: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(file.as_uri())

    def elsewhere(self) -> list[str]:
        """Addresses asked for that are neither the page nor in it."""
        return [
            url
            for url in self.requests
            if not url.startswith(("data:", "blob:")) and not url.endswith(".html")
        ]


@pytest.mark.parametrize("name", ["embedded", "linked", "failed"])
def test_nothing_is_fetched_and_nothing_refused(
    name: str, files: dict[str, Path], browser: Browser
) -> None:
    opened = Opened(browser, files[name])
    if name != "failed":
        opened.page.wait_for_function("() => document.querySelector('video')?.readyState >= 1")
    opened.page.wait_for_load_state("networkidle")
    if name != "failed":
        opened.page.wait_for_function("() => document.querySelector('video')?.readyState >= 1")
    wanted = [(files[name].parent / "clip.mp4").as_uri()] if name == "linked" else []
    assert sorted(set(opened.elsewhere())) == wanted
    # A policy that refuses something says so in the console.
    assert opened.said == []
    opened.page.context.close()


@pytest.mark.parametrize("name", ["embedded", "linked"])
def test_the_video_is_there_and_times_seek_in_it(
    name: str, files: dict[str, Path], browser: Browser
) -> None:
    opened = Opened(browser, files[name])
    page = opened.page
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 1")
    assert page.evaluate("document.querySelector('video').duration") == pytest.approx(77.8, abs=0.2)
    link = page.locator("#questions a.time").first
    link.click()
    asked = float((link.get_attribute("href") or "")[3:])
    page.wait_for_function(
        "time => Math.abs(document.querySelector('video').currentTime - time) < 0.2", arg=asked
    )
    page.context.close()


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (480, 700)])
def test_a_time_brings_the_player_into_view_however_often_it_is_followed(
    width: int, height: int, files: dict[str, Path], browser: Browser
) -> None:
    opened = Opened(browser, files["embedded"], viewport={"width": width, "height": height})
    page = opened.page
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 1")
    link = page.locator("#questions a.time").first
    for _ in range(2):
        link.click()
        page.wait_for_function("() => document.querySelector('video').currentTime > 10")
        page.wait_for_function(
            "() => { const at = document.querySelector('video').getBoundingClientRect();"
            " return at.top >= 0 && at.bottom <= innerHeight; }"
        )
        assert page.evaluate("document.activeElement.classList.contains('smarttag-explorer')")
        page.evaluate("document.querySelector('video').currentTime = 1")
    page.context.close()


def test_it_reads_without_javascript(files: dict[str, Path], browser: Browser) -> None:
    page = Opened(browser, files["embedded"], java_script_enabled=False).page
    text = page.locator("body").text_content() or ""
    assert all(word in text for word in WORDS)
    assert "The explorer needs JavaScript." in text
    page.locator("#table-1 summary").click()
    assert page.locator("#table-1 td").first.is_visible()
    page.context.close()


@pytest.mark.parametrize("width", [480, 800, 1280, 1920])
def test_it_fits_any_width(width: int, files: dict[str, Path], browser: Browser) -> None:
    page = Opened(browser, files["embedded"], viewport={"width": width, "height": 900}).page
    for table in page.locator("details.table").all():
        table.evaluate("table => { table.open = true; }")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = page.locator(".told p, .told li, .told h1, .told h2, .told h3").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth)"
        ".map(e => e.outerHTML.slice(0, 90))"
    )
    assert cut == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_follows_light_and_dark(scheme: Any, files: dict[str, Path], browser: Browser) -> None:
    page = Opened(browser, files["embedded"], color_scheme=scheme).page
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 25, 29)"}[scheme]
    picture = page.locator("#ratios picture")
    shown = picture.locator("img").evaluate("img => img.currentSrc")
    light = picture.locator("img").get_attribute("src")
    assert (shown == light) == (scheme == "light")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.context.close()


def test_on_paper_all_is_open_and_the_player_is_not_there(
    files: dict[str, Path], browser: Browser
) -> None:
    page = Opened(browser, files["embedded"]).page
    page.emulate_media(media="print")
    assert page.locator("#explorer").is_hidden()
    assert page.locator("#table-1 td").first.is_visible()
    page.context.close()


def test_all_tables_come_in_one_download(
    files: dict[str, Path], browser: Browser, tmp_path: Path
) -> None:
    page = Opened(browser, files["embedded"]).page
    with page.expect_download() as download:
        page.locator(".download a").click()
    assert download.value.suggested_filename == "tables.zip"
    download.value.save_as(tmp_path / "tables.zip")
    shutil.unpack_archive(tmp_path / "tables.zip", tmp_path)
    assert (tmp_path / "speech.csv").is_file()
    page.context.close()
