"""A real browser, servers on loopback, and what a page made of hostile text has done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser import launch, servers
from tests.browser.pages import Notebooks, Seen

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PATIENCE = 60_000
"""Milliseconds that anything in a page may take."""


@pytest.fixture(scope="session")
def _chromium() -> None:
    """Skip what needs a browser where there is none, before anything is started for it."""
    pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if launch.found() is None:
        pytest.skip(f"no browser: none of {', '.join(launch.NAMES)} is installed")


# For a file, not for the session: while it runs, Playwright holds the event loop of the thread,
# and other files' tests run loops of their own.
@pytest.fixture(scope="module")
def browser(_chromium: None) -> Iterator[Browser]:
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    with launch.launched() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a profile of its own."""
    # High enough for the explorer's frame in an exported notebook to be in view as a whole.
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def seen(page: Page, witness: servers.Witness) -> Seen:
    """What happens in the page, from its beginning."""
    return Seen(page, witness)


@pytest.fixture(scope="session")
def _witness() -> Iterator[servers.Witness]:
    with servers.Witness().serving() as witness:
        yield witness


@pytest.fixture
def witness(_witness: servers.Witness) -> servers.Witness:
    """A server that counts who comes."""
    _witness.forget()
    return _witness


@pytest.fixture(scope="session")
def _jupyter(_chromium: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    with servers.jupyter(tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@pytest.fixture(scope="session")
def voila(_chromium: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    """A Voila server."""
    with servers.voila(tmp_path_factory.mktemp("voila")) as server:
        yield server


@pytest.fixture
def notebooks(_jupyter: servers.Server, page: Page) -> Iterator[Notebooks]:
    """Notebooks in JupyterLab and Notebook 7; their kernels end with the test."""
    notebooks = Notebooks(_jupyter, page)
    yield notebooks
    notebooks.end()
