"""A report as PDF, printed by a Chromium that is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ..errors import MissingProgram, SmarttagError

_NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "msedge", "brave-browser"),
)

_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
"""Where installers put it without a name on the search path."""

SECONDS = 300
"""Most that printing may take."""


def print_pdf(page: str | os.PathLike[str], path: str | os.PathLike[str]) -> Path:
    """Print a page into a PDF file.

    Parameters
    ----------
    page : path
        An HTML file.
    path : path
        The PDF file to write; one that is there is replaced.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    MissingProgram
        No Chromium, Chrome or Edge is installed.
    SmarttagError
        It could not print.
    """
    browser = find_browser()
    target = Path(path).expanduser()
    target.parent.mkdir(parents=True, exist_ok=True)
    # A folder of its own: a browser that is open keeps the usual one to itself. Beside the target:
    # one that is confined (a snap) does not see the system's temporary files.
    with tempfile.TemporaryDirectory(
        prefix="printing-", dir=target.parent, ignore_cleanup_errors=True
    ) as folder:
        draft = Path(folder).resolve() / "page.pdf"
        # Nothing in the page is fetched, and nothing of the browser's own is either.
        arguments = [
            browser,
            "--headless",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--no-default-browser-check",
            "--no-pdf-header-footer",
            f"--user-data-dir={Path(folder).resolve() / 'profile'}",
            f"--print-to-pdf={draft}",
            Path(page).expanduser().resolve().as_uri(),
        ]
        if sys.platform == "linux" and os.geteuid() == 0:
            # As root, as in containers, it refuses to start with its sandbox.
            arguments.insert(1, "--no-sandbox")
        try:
            done = subprocess.run(  # noqa: S603  the browser found, and a file of ours
                arguments, capture_output=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise SmarttagError(f"{browser}: printing took more than {SECONDS} s.") from None
        if not draft.is_file():
            last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            told = f": {last[0]}" if last else "."
            raise SmarttagError(
                f"{browser} ended with status {done.returncode} and printed nothing{told} "
                "Open the page in a browser and print it there."
            )
        os.replace(draft, target)
    return target


def find_browser() -> str:
    """Find a browser that prints without a window.

    Raises
    ------
    MissingProgram
        There is none.
    """
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    found = found or next((place for place in _PLACES if Path(place).is_file()), None)
    if found is None:
        raise MissingProgram(
            "Chromium, Chrome or Edge", "A PDF", "print the page from any browser, or install one"
        )
    return found
