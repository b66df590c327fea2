from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from smarttag_nb.errors import MissingProgram, SmarttagError
from smarttag_nb.report import pdf

PAGE = "<!doctype html><title>t</title><p>你好</p>"


def browser(folder: Path, script: str) -> None:
    """Put a program that is called chromium into a folder."""
    program = folder / "chromium"
    program.write_text(f"#!{sys.executable}\nimport sys\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are found."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(pdf, "_PLACES", ())
    return tmp_path


def test_without_a_browser_it_says_what_is_missing(path: Path) -> None:
    with pytest.raises(MissingProgram, match="A PDF needs Chromium, Chrome or Edge"):
        pdf.print_pdf(path / "a.html", path / "a.pdf")


@pytest.mark.skipif(sys.platform == "win32", reason="programs are no scripts there")
def test_a_browser_that_prints_nothing_is_told(path: Path) -> None:
    browser(path, "sys.exit('cannot open display')")
    with pytest.raises(SmarttagError, match="status 1 and printed nothing: cannot open display"):
        pdf.print_pdf(path / "a.html", path / "a.pdf")
    assert not (path / "a.pdf").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="programs are no scripts there")
def test_the_page_is_printed_where_asked(path: Path) -> None:
    browser(
        path,
        "(out,) = [a.split('=')[1] for a in sys.argv if a.startswith('--print-to-pdf=')]\n"
        "open(out, 'w').write(sys.argv[-1])",
    )
    made = pdf.print_pdf(path / "a b.html", path / "new" / "a.pdf")
    assert made == path / "new" / "a.pdf"
    assert made.read_text() == (path / "a b.html").as_uri()


@pytest.mark.browser
def test_a_real_browser_prints_a_pdf(tmp_path: Path) -> None:
    if not any(map(shutil.which, pdf._NAMES)):
        pytest.skip("no browser that prints is installed")
    page = tmp_path / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    assert pdf.print_pdf(page, tmp_path / "page.pdf").read_bytes().startswith(b"%PDF-")
