"""A video whose server sends it from the start only: what is told is what is shown."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import smarttag_nb as stag
from tests.browser.explorer import Explorer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


class _Whole(SimpleHTTPRequestHandler):
    """Answers no range requests."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    clip = Path(stag.samples.video("magazine"))
    answer = functools.partial(_Whole, directory=str(clip.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/{clip.name}"
        server.shutdown()
        thread.join()


def test_the_time_stays_that_of_the_frame_shown(page: Page, url: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    explorer = stag.explore(stag.samples.load("magazine", answer="cognition"), url)
    page.goto(explorer.to_html(tmp_path / "a.html", video="link").as_uri())
    shown = Explorer(page)
    shown.button("Mute").wait_for()
    shown.root.press("ArrowRight")
    expect(shown.root.locator(".telling")).to_contain_text("range requests")
    shown.wait_for_time(0)
