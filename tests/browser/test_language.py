"""The interface's language, changed by the kernel while the explorer is shown."""

from __future__ import annotations

import pytest

from tests.browser.explorer import Explorer
from tests.browser.pages import Notebooks

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed").expect

pytestmark = pytest.mark.browser


def test_every_view_changes_its_language_and_keeps_what_is_chosen(notebooks: Notebooks) -> None:
    notebooks.write(
        "language",
        """
        import smarttag_nb as stag
        explorer = stag.explore(stag.samples.load("magazine", answer="cognition"))
        stop = explorer.on_select(lambda rows: explorer.set_trait("lang", "zh"))
        explorer
        """,
        "explorer",
    )
    notebooks.in_lab("language")
    notebooks.run()
    first, second = (Explorer(notebooks.output(cell)) for cell in (0, 1))
    first.rows(first.tab("Labels")).first.click()
    for view in (first, second):
        expect(view.root.get_by_role("tab", name="标签")).to_be_visible()
        expect(view.root.locator(".chosen")).to_contain_text("晨间手记")
    assert not notebooks.page.locator(".smarttag-explorer [role=tab]", has_text="Labels").count()
