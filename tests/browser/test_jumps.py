"""While a video is on its way, or cannot go: what is told is what is shown."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import smarttag_nb as stag
from tests.browser.explorer import FRAME, Explorer

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


def test_boxes_are_those_of_the_frame_until_the_next_is_there(page: Page, tmp_path: Path) -> None:
    explorer = stag.explore(
        stag.samples.load("magazine", answer="cognition"), stag.samples.video("magazine")
    )
    page.add_init_script(
        """
        const place = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'currentTime');
        const set = value => window.sent = value;
        Object.defineProperty(HTMLMediaElement.prototype, 'currentTime', {...place, set});
        window.go = () => place.set.call(document.querySelector('video'), window.sent);
        """
    )
    file = explorer.to_html(tmp_path / "a.html")
    page.goto(file.as_uri())
    shown = Explorer(page)
    shown.button("Mute").wait_for()
    page.goto(f"{file.as_uri()}#t=4.04")
    shown.wait_for_time(4.04)
    assert shown.root.evaluate(_DRAWN) == 0
    page.evaluate("() => window.go()")
    page.wait_for_function(f"async () => await ({_DRAWN})(document) > 0")


_DRAWN = f"""async root => {{
    {FRAME}
    await frame();
    await frame();
    const canvas = root.querySelector('.overlay canvas');
    const {{ data }} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((_, k) => k % 4 === 3 && data[k] > 0).length;
}}"""
"""How much is drawn over the picture."""
