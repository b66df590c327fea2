"""Keys in the explorer: what has the focus keeps those that are its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import smarttag_nb as stag
from tests.browser.explorer import Explorer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def explorer(page: Page, tmp_path: Path) -> Explorer:
    job = stag.samples.load("magazine", answer="cognition")
    file = stag.explore(job, stag.samples.video("magazine")).to_html(tmp_path / "a.html")
    page.goto(file.as_uri())
    explorer = Explorer(page)
    explorer.button("Mute").wait_for()
    return explorer


def test_arrows_move_the_slider_that_has_the_focus_and_not_the_time(explorer: Explorer) -> None:
    from playwright.sync_api import expect

    volume, score = explorer.root.get_by_label("Volume"), explorer.root.get_by_label("Score from")
    volume.press("ArrowLeft")
    expect(volume).to_have_value("0.95")
    explorer.tab("Labels")
    score.press("ArrowRight")
    expect(score).to_have_value("0.01")
    score.press("End")
    expect(score).to_have_value("1")
    assert explorer.time == 0


def test_j_plays_backward_from_where_it_stood_still(explorer: Explorer) -> None:
    explorer.root.press("End")
    explorer.wait_for_time(77.7, 78)
    explorer.root.press("j")
    explorer.wait_for_time(70, 77.5)
    explorer.root.press("k")
    explorer.root.get_by_role("button", name="Play", exact=True).wait_for()
    assert explorer.root.get_by_label("Speed").input_value() == "1"


def test_a_word_that_is_being_written_is_not_gone_to(explorer: Explorer) -> None:
    explorer.query.fill("咖啡")
    explorer.tab("Results").locator(".row").first.wait_for()
    enter = {"key": "Enter", "bubbles": True, "cancelable": True}
    explorer.query.dispatch_event("keydown", {**enter, "isComposing": True})
    assert explorer.time == 0
    explorer.query.dispatch_event("keydown", enter)
    explorer.wait_for_time(0.1, 78)


def test_moments_sought_near_each_other_do_not_blur_the_next(explorer: Explorer) -> None:
    page = explorer.root.page
    for time in (10, 10.16, 10.32, 12.34):
        page.goto(f"{page.url.split('#')[0]}#t={time}")
        # The first frame from there on, of 25 a second.
        explorer.wait_for_time(time - 0.001, time + 0.039)


def test_a_step_on_the_way_to_a_moment_is_taken_from_there(explorer: Explorer) -> None:
    explorer.root.evaluate(
        """root => {
            for (const key of ['End', ',']) {
                root.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
            }
        }"""
    )
    # The last but one of 1,945 frames, 25 a second.
    explorer.wait_for_time(77.719, 77.721)
