"""The page as a whole."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import smarttag_nb as stag
from smarttag_nb.errors import InvalidArgument, NotMedia
from tests.report.reading import Page
from tests.widgets.test_payload import packed_in

CLIP = stag.samples.video("magazine")


@pytest.fixture(scope="module")
def job() -> stag.Job:
    return stag.samples.load("magazine", answer="cognition")


@pytest.fixture(scope="module")
def small() -> stag.Job:
    """A job whose page is made at once."""
    return stag.samples.load("magazine", answer="smart-handle-tags")


@pytest.fixture(scope="module")
def written(job: stag.Job, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stag.report(job, tmp_path_factory.mktemp("report") / "report.html", video=CLIP)


@pytest.fixture(scope="module")
def page(written: Path) -> Page:
    return Page(written.read_text(encoding="utf-8"))


def test_the_samples_page_is_whole_and_small(written: Path, page: Page) -> None:
    assert written.stat().st_size <= 6e6
    assert [section["id"] for section in page.all("section")] == [
        "explorer", "summary", "chapters", "people", "sheet", "ratios", "timeline", "transcript",
        "screen", "questions", "highlights", "mindmap", "entities", "problems", "tables",
    ]  # fmt: skip
    assert "主持人从一杯刚做好的咖啡说起" in page.text
    assert "137 times" in page.text


def test_nothing_is_fetched_from_anywhere(page: Page) -> None:
    for tag, attributes in page.elements:
        for name in ("src", "srcset", "href", "poster", "action", "data", "background"):
            if name in attributes:
                assert attributes[name].startswith(("data:", "#")), (tag, attributes[name][:80])


def test_the_policy_names_what_is_in_the_page(page: Page) -> None:
    (policy,) = [
        meta["content"]
        for meta in page.all("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    ]
    told = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}
    assert told["default-src"] == ["'none'"]
    assert told["require-trusted-types-for"] == ["'script'"]
    assert "data:" in told["img-src"]
    assert set(told["media-src"]) == {"data:", "blob:"}
    modules = [
        text
        for text, script in zip(page.within["script"], page.all("script"), strict=True)
        if script.get("type") == "module"
    ]
    for directive, texts in (("script-src", modules), ("style-src", page.within["style"])):
        hashes = (base64.b64encode(hashlib.sha256(text.encode()).digest()) for text in texts)
        assert told[directive] == [f"'sha256-{digest.decode()}'" for digest in hashes]
    # It has to come before what it is about.
    tags = [tag for tag, _ in page.elements]
    assert tags.index("meta") < tags.index("style")


def test_no_element_has_style_or_script_in_its_attributes(page: Page) -> None:
    for tag, attributes in page.elements:
        assert not any(name == "style" or name.startswith("on") for name in attributes), tag


def test_links_within_the_page_have_their_places(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {link["href"] for link in page.all("a") if link["href"].startswith("#")}
    assert {link[1:] for link in links if not link.startswith("#t=")} <= set(ids)
    assert any(link.startswith("#t=") for link in links)


def test_pictures_have_their_size_and_say_what_they_are(page: Page) -> None:
    for picture in page.all("img"):
        assert int(picture["width"]) > 0 < int(picture["height"])
        assert "alt" in picture
    alts = [picture["alt"] for picture in page.all("img") if picture["alt"]]
    assert any("晨间手记 91.6%" in alt for alt in alts)


def test_the_same_answer_makes_the_same_page(small: stag.Job, tmp_path: Path) -> None:
    one, other = (stag.report(small, tmp_path / name) for name in ("a.html", "b.html"))
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("answer", stag.samples.answers("magazine"))
def test_every_answer_has_a_page(answer: str, tmp_path: Path) -> None:
    job = stag.samples.load("magazine", answer=answer)
    text = stag.report(job, tmp_path / "r.html", lang="zh").read_text(encoding="utf-8")
    page = Page(text)
    assert page.all("html") == [{"lang": "zh-CN"}]
    assert job.status is None or job.status in page.text
    assert "智能标签报告" in page.text
    assert "The explorer needs JavaScript." not in page.text
    assert len(text) < 2e6


def test_an_image_stands_in_the_place_of_a_video(tmp_path: Path) -> None:
    job = stag.samples.load("magazine", answer="image")
    pixels = np.full((360, 640, 3), 180, np.uint8)
    page = Page(stag.report(job, tmp_path / "r.html", video=pixels).read_text(encoding="utf-8"))
    sections = [section["id"] for section in page.all("section")]
    assert sections == ["explorer", "picture", "people", "tables"]
    assert "The picture with the boxes of its labels." in {img["alt"] for img in page.all("img")}


def linked(page: Path) -> str:
    text = page.read_text(encoding="utf-8")
    (found,) = re.findall(r'data-link="([^"]*)"', text)
    assert "media-src data: blob: " in text.replace("&#39;", "'")
    return str(found)


def test_a_large_video_is_linked_from_the_pages_folder(
    small: stag.Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "影片 #1"
    folder.mkdir()
    clip = folder / "a:b.mp4"
    clip.write_bytes(CLIP.read_bytes())
    monkeypatch.setattr(sys.modules["smarttag_nb.report"], "EMBED", 1000)
    page = stag.report(small, tmp_path / "r.html", video=clip)
    assert page.stat().st_size < 1e6
    assert linked(page) == "./%E5%BD%B1%E7%89%87%20%231/a%3Ab.mp4"
    assert page.stat().st_size < stag.report(small, page, video=clip, embed=True).stat().st_size


def test_embed_false_links_whatever_the_size(small: stag.Job, tmp_path: Path) -> None:
    there = tmp_path / "reports"
    page = stag.report(small, there / "r.html", video=CLIP, embed=False)
    assert (there / linked(page)).resolve() == CLIP.resolve()
    assert "looked for at" in page.read_text(encoding="utf-8")


def test_a_video_on_the_web_is_linked_and_not_fetched(small: stag.Job, tmp_path: Path) -> None:
    url = "https://media.example/clip.mp4?a=1&b=2"
    page = stag.report(small, tmp_path / "r.html", video=url)
    assert linked(page) == "https://media.example/clip.mp4?a=1&amp;b=2"
    text = page.read_text(encoding="utf-8")
    assert "media-src data: blob: https://media.example;" in text
    assert "Nothing in this page is fetched" not in text


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        ({"embed": "yes"}, InvalidArgument, "embed: expected True, False or 'auto', got 'yes'"),
        (
            {"video": "https://x.example/a.mp4", "embed": True},
            InvalidArgument,
            "nothing is fetched",
        ),
        ({"video": np.zeros((9, 9, 3), np.uint8), "embed": False}, InvalidArgument, "to link it"),
        ({"video": __file__}, NotMedia, "test_report.py"),
        ({"video": "no such.mp4"}, FileNotFoundError, "no such.mp4"),
        ({"lang": "fr"}, InvalidArgument, "lang: expected one of en, zh, got 'fr'"),
        ({"title": 7}, InvalidArgument, "title: expected a text, got 7"),
        ({"alignment": "no"}, InvalidArgument, "alignment: expected an Alignment"),
    ],
)
def test_what_cannot_be_says_why(
    given: dict[str, Any], error: type[Exception], told: str, small: stag.Job, tmp_path: Path
) -> None:
    with pytest.raises(error, match=re.escape(told)):
        stag.report(small, tmp_path / "r.html", **given)
    assert list(tmp_path.iterdir()) == []


def test_a_job_and_a_file_are_needed(small: stag.Job, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="job: expected a Job"):
        stag.report({}, tmp_path / "r.html")  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="not a folder"):
        stag.report(small, tmp_path)
    with pytest.raises(InvalidArgument, match="path: expected the file to write"):
        stag.report(small, None)  # type: ignore[arg-type]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_what_is_no_file_is_not_replaced_by_one(small: stag.Job, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InvalidArgument, match="not a device or a pipe"):
        stag.report(small, pipe)
    assert pipe.is_fifo()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_stays_and_leads_to_the_new_page(small: stag.Job, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link, page = tmp_path / "r.html", tmp_path / "there" / "r.html"
    link.symlink_to(page)
    assert stag.report(small, link) == link
    assert link.is_symlink()
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_folder_that_is_not_ours_to_write_in_is_told_before_the_work(
    small: stag.Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.delattr(sys.modules["smarttag_nb.report"], "gather")
    with pytest.raises(PermissionError, match=re.escape(str(tmp_path / "r.html"))):
        stag.report(small, tmp_path / "r.html")


def test_a_page_is_written_whole_or_not_at_all(
    small: stag.Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "r.html"
    target.write_text("before", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        stag.report(small, target)
    assert [file.name for file in tmp_path.iterdir()] == ["r.html"]
    assert target.read_text(encoding="utf-8") == "before"


def test_the_explorer_within_has_the_title_of_the_page(small: stag.Job, tmp_path: Path) -> None:
    for given, shown in [(None, "Morning Notes 12"), (" ", "Morning Notes 12"), ("a\ud800", "a?")]:
        file = stag.report(small, tmp_path / "r.html", title=given, video=CLIP, embed=False)
        assert packed_in(file)["title"] == shown


def test_a_title_of_any_characters_is_written(small: stag.Job, tmp_path: Path) -> None:
    title = "</title><script>\ud800"
    text = stag.report(small, tmp_path / "r.html", title=title).read_text(encoding="utf-8")
    page = Page(text)
    assert page.text.count("</title><script>?") == 2


@pytest.mark.parametrize(
    "imported",
    [
        "import smarttag_nb.report",
        "from smarttag_nb import report",
        "from smarttag_nb.report import html",
        "import smarttag_nb; smarttag_nb.report; import smarttag_nb.report.pdf",
    ],
)
def test_the_name_is_the_functions_whatever_is_imported(imported: str) -> None:
    code = (
        f"{imported}\nimport smarttag_nb as stag\nfrom smarttag_nb.report import report\n"
        "print(stag.report is report, callable(stag.report))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["True", "True"]
