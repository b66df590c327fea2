"""The pictures of the explorer that README and notebooks show; run as ``python -m``…``pictures``.

They need Playwright and an installed Chromium, and are made anew after its looks change.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

import smarttag_nb as stag
from tests.browser import launch

IMAGES = Path(__file__).parent.parent.parent / "notebooks" / "images"


def picture(at: float) -> bytes:
    """The explorer of the sample in mid-play, as a PNG."""
    job = stag.samples.load("magazine", answer="cognition")
    with tempfile.TemporaryDirectory() as folder, launch.launched() as browser:
        explorer = stag.explore(job, stag.samples.video("magazine"))
        file = explorer.to_html(Path(folder) / "a.html")
        page = browser.new_page(viewport={"width": 1216, "height": 900}, device_scale_factor=1.5)
        page.goto(f"{file.as_uri()}#t={at}")
        shown = page.locator(".smarttag-explorer[data-ready]")
        shown.press("Space")
        # The page's policy forbids to evaluate anything in it; its own clock tells the time.
        expect(shown.locator(".clock .now")).to_contain_text("0:20")
        return shown.screenshot()


if __name__ == "__main__":
    with Image.open(io.BytesIO(picture(at=19.6))) as shown:
        shown.convert("RGB").save(IMAGES / "explorer.jpg", quality=88, optimize=True)
