"""The explorer's Python: what it is given, what is read from it, what it sends."""

from __future__ import annotations

import base64
import gc
import io
import json
import re
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import smarttag_nb as stag
from smarttag_nb.errors import InvalidArgument, NotMedia, SmarttagError, UnknownName
from smarttag_nb.widgets import Explorer, page
from smarttag_nb.widgets import explorer as module
from tests.widgets.test_payload import packed_in, unpack


@pytest.fixture(scope="module")
def job() -> stag.Job:
    return stag.samples.load("magazine", answer="cognition")


@pytest.fixture(scope="module")
def alignment(job: stag.Job) -> stag.alignment.Alignment:
    return stag.align(job)


@pytest.fixture
def explorer(job: stag.Job, alignment: stag.alignment.Alignment) -> Explorer:
    return stag.explore(job, stag.samples.video("magazine"), alignment)


class Page:
    """The other end: what the widget sends, and what a page would send back."""

    def __init__(self, explorer: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
        self.explorer, self.received = explorer, []

        def send(content: Any, buffers: Any = None) -> None:
            self.received.append((content, buffers))

        monkeypatch.setattr(explorer, "send", send)

    def says(self, **content: Any) -> list[tuple[Any, Any]]:
        self.received.clear()
        self.explorer._handle_custom_msg(content, [])
        return self.received


def test_a_page_that_is_ready_gets_the_payload_and_the_clip(
    explorer: Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = Path(stag.samples.video("magazine")).read_bytes()
    (payload, (data,)), (media, (bytes_,)) = Page(explorer, monkeypatch).says(
        type="ready", view="a"
    )
    assert payload == {"type": "payload", "view": "a"}
    length = int.from_bytes(data[:4], "little")
    assert json.loads(data[4 : 4 + length])["version"] == 1
    assert media == {"type": "media", "view": "a", "kind": "video", "mime": "video/mp4"}
    assert bytes_ == clip


def test_a_page_that_gets_no_bytes_is_given_text(
    explorer: Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (payload, buffers), _ = Page(explorer, monkeypatch).says(type="ready", view="a", base64=True)
    assert buffers is None
    assert base64.b64decode(payload["base64"]) == explorer._payload


def test_neither_payload_nor_clip_is_ever_part_of_the_state(explorer: Explorer) -> None:
    state = explorer.get_state()
    own = {k: v for k, v in state.items() if k not in ("_esm", "_css")}
    assert len(json.dumps(own, default=repr)) < 4000
    assert not any(isinstance(value, bytes) for value in state.values())


def test_what_pages_say_besides_is_not_answered(
    explorer: Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(explorer, monkeypatch)
    assert page.says(type="else") == []
    explorer._handle_custom_msg("ready", [])
    assert page.received == []


def test_a_clip_that_is_too_large_is_played_from_the_notebooks_server(
    job: stag.Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime, root = tmp_path / "runtime", tmp_path / "root"
    runtime.mkdir()
    (root / "a folder").mkdir(parents=True)
    clip = root / "a folder" / "第 1#集.mp4"
    clip.write_bytes(Path(stag.samples.video("magazine")).read_bytes())
    server = {"root_dir": str(root), "base_url": "/user/ann/"}
    (runtime / "jpserver-4711.json").write_text(json.dumps(server))
    monkeypatch.setenv("JPY_PARENT_PID", "4711")
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(runtime))
    monkeypatch.setattr(module, "EMBED", 1000)
    _, (media, buffers) = Page(stag.explore(job, clip), monkeypatch).says(type="ready")
    assert buffers is None
    assert media["url"] == "/user/ann/files/a%20folder/%E7%AC%AC%201%23%E9%9B%86.mp4"

    outside = stag.explore(job, stag.samples.video("magazine"))
    _, (media, _) = Page(outside, monkeypatch).says(type="ready")
    assert media["problem"] == "unreachable"


def test_without_a_server_that_is_known_a_large_clip_is_told_to_be_too_large(
    job: stag.Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JPY_PARENT_PID", raising=False)
    explorer = stag.explore(job, stag.samples.video("magazine"), embed=False)
    _, (media, _) = Page(explorer, monkeypatch).says(type="ready")
    assert media["problem"] == "unreachable"


def test_a_url_is_handed_on_as_it_is(job: stag.Job, monkeypatch: pytest.MonkeyPatch) -> None:
    explorer = stag.explore(job, "https://media.example/a%20b.mp4?x=1")
    _, (media, _) = Page(explorer, monkeypatch).says(type="ready")
    assert media["url"] == "https://media.example/a%20b.mp4?x=1"


def test_a_clip_that_is_gone_is_told_to_the_page(
    job: stag.Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(Path(stag.samples.video("magazine")).read_bytes())
    explorer = stag.explore(job, clip)
    clip.unlink()
    _, (media, _) = Page(explorer, monkeypatch).says(type="ready")
    assert (media["problem"], media["why"]) == ("unreadable", "No such file or directory")


@pytest.mark.parametrize("form", ["array", "still", "file", "path", "tiff"])
def test_an_image_serves_too(job: stag.Job, tmp_path: Path, form: str) -> None:
    from PIL import Image

    pixels = np.zeros((90, 160, 3), np.uint8)
    file = tmp_path / f"a.{'tiff' if form == 'tiff' else 'png'}"
    Image.fromarray(pixels).save(file)
    given: Any = {
        "array": pixels,
        "still": stag.frames.Still(file),
        "file": io.BytesIO(file.read_bytes()),
    }.get(form, file)
    media = stag.explore(job, given, None)._media
    assert media is not None
    assert (media.kind, media.mime) == ("image", "image/png")
    assert Image.open(io.BytesIO(media.data())).size == (160, 90)


def test_what_is_no_video_is_refused_at_once(job: stag.Job, tmp_path: Path) -> None:
    text = tmp_path / "a.mp4"
    text.write_text("no video")
    with pytest.raises(NotMedia):
        stag.explore(job, text)
    with (
        stag.frames.Video(stag.samples.video("magazine")) as clip,
        pytest.raises(InvalidArgument, match="a path, a binary file or a URL"),
    ):
        stag.explore(job, clip)
    with pytest.raises(FileNotFoundError):
        stag.explore(job, tmp_path / "none.mp4")


@pytest.mark.parametrize(
    "arguments",
    [
        {"job": 1},
        {"alignment": 1},
        {"lang": "fr"},
        {"embed": "no"},
        {"embed": True, "video": "https://media.example/a.mp4"},
    ],
)
def test_wrong_arguments_are_told(job: stag.Job, arguments: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument, match=next(iter(arguments))):
        stag.explore(**{"job": job, **arguments})


def test_a_choice_in_the_page_becomes_rows(explorer: Explorer, job: stag.Job) -> None:
    label = job.best("labels").iloc[0]
    explorer.set_state({"_selected": {"table": "labels", "ids": [int(label["label_id"])]}})
    found = explorer.selection
    assert found["labels"]["name"].tolist() == [label["name"]]
    assert set(found["occurrences"]["label_id"]) == {label["label_id"]}
    assert list(found["occurrences"].columns) == list(job.occurrences.columns)


@pytest.mark.parametrize("answer", ["cognition", "cpv-auto", "smarttag", "image"])
def test_a_chosen_label_brings_the_boxes_that_are_drawn_for_it(answer: str) -> None:
    job = stag.samples.load("magazine", answer=answer)
    explorer = stag.explore(job, None, None)
    tables = unpack(explorer._payload)["tables"]
    tracks = tables["tracks"]
    drawn = tracks["stop"] - tracks["first"]
    for row, label_id in enumerate(tables["labels"]["id"].tolist()):
        explorer.set_state({"_selected": {"table": "labels", "ids": [label_id]}})
        boxes = explorer.selection.get("boxes", [])
        assert len(boxes) == drawn[tracks["label"] == row].sum()


def test_a_chosen_line_brings_the_rows_it_was_read_from(
    explorer: Explorer, alignment: stag.alignment.Alignment
) -> None:
    line = alignment.lines.iloc[[3]]
    explorer.selection = line
    assert explorer.selection["ocr"]["ocr_id"].tolist() == line["rows"].iloc[0]


@pytest.mark.parametrize("table", ["speech", "chapters", "translations", "mindmap", "highlights"])
def test_rows_of_every_table_can_be_chosen_and_read_back(
    explorer: Explorer, job: stag.Job, table: str
) -> None:
    rows = job.best(table).iloc[1:3]
    explorer.selection = rows
    pd.testing.assert_frame_equal(explorer.selection[table], rows.reset_index(drop=True))


def test_what_subtitle_files_say_is_chosen_as_cues() -> None:
    job = stag.samples.load("magazine", answer="subtitles")
    explorer = stag.explore(job)
    explorer.selection = job.cues.iloc[2:4]
    assert explorer._selected == {"table": "speech", "ids": [2, 3]}
    assert explorer.selection["cues"]["text"].tolist() == job.cues["text"].tolist()[2:4]


def test_a_name_chooses_its_label_and_none_lets_go(explorer: Explorer) -> None:
    explorer.selection = "沈青禾"
    assert set(explorer.selection["labels"]["name"]) == {"沈青禾"}
    explorer.selection = None
    assert explorer.selection == {}


def test_what_cannot_be_chosen_is_told(explorer: Explorer, job: stag.Job) -> None:
    with pytest.raises(UnknownName, match="沈青禾"):
        explorer.selection = "沈青和"
    with pytest.raises(InvalidArgument, match="rows of labels"):
        explorer.selection = pd.DataFrame({"a": [1]})
    strange = job.best("speech").assign(speech_id=10_000)
    with pytest.raises(InvalidArgument, match="speech_id 10000"):
        explorer.selection = strange


def test_a_range_alone_chooses_all_that_touches_it(explorer: Explorer) -> None:
    explorer.range = (20.0, 10.0)
    assert explorer.range == (10.0, 20.0)
    found = explorer.selection
    assert (found["speech"]["start_time"] <= 20).all()
    assert (found["speech"]["end_time"] >= 10).all()
    assert set(found["labels"]["label_id"]) == set(found["occurrences"]["label_id"])
    assert "problems" not in found


def test_a_range_narrows_what_is_chosen(explorer: Explorer) -> None:
    explorer.selection = "沈青禾"
    whole = len(explorer.selection["occurrences"])
    explorer.range = (0.0, 10.0)
    assert 0 < len(explorer.selection["occurrences"]) < whole
    found = explorer.selection
    assert set(found["attributes"]["box_id"]) <= set(found["boxes"]["box_id"])
    assert set(explorer.selection["labels"]["name"]) == {"沈青禾"}


def test_whoever_listens_is_told_of_each_choice_until_no_more(explorer: Explorer) -> None:
    heard: list[list[str]] = []
    stop = explorer.on_select(lambda rows: heard.append(sorted(rows)))
    explorer.selection = "沈青禾"
    explorer.selection = None
    stop()
    explorer.selection = "沈青禾"
    assert len(heard) == 2
    assert "occurrences" in heard[0]
    assert heard[1] == []


def test_filters_are_completed_and_checked(explorer: Explorer) -> None:
    explorer.filters = {"kinds": ["person"]}
    assert explorer.filters == {"kinds": ["person"], "score": 0.0, "ratio": 0.0, "name": ""}
    wrong: list[tuple[dict[str, Any], type[SmarttagError]]] = [
        ({"kind": "person"}, UnknownName),
        ({"kinds": "person"}, InvalidArgument),
        ({"score": 2}, InvalidArgument),
        ({"name": 1}, InvalidArgument),
    ]
    for filters, error in wrong:
        with pytest.raises(error):
            explorer.filters = filters


def test_seeking_sets_the_time_and_tells_the_page(
    explorer: Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(explorer, monkeypatch)
    explorer.seek(12.4)
    assert explorer.time == 12.4
    assert page.received == [({"type": "seek", "time": 12.4}, None)]
    for wrong in (float("nan"), "12", None):
        with pytest.raises(InvalidArgument, match="seconds"):
            explorer.seek(wrong)
        with pytest.raises(InvalidArgument, match="time: expected seconds"):
            explorer.time = wrong
        with pytest.raises(InvalidArgument, match="range: expected seconds"):
            explorer.range = (wrong, 1.0)


def test_moments_as_numpy_and_pandas_give_them_are_taken(explorer: Explorer) -> None:
    explorer.time = np.int64(3)
    explorer.range = (np.int32(4), np.float32(2))
    assert (explorer.time, explorer.range) == (3.0, (2.0, 4.0))
    assert type(explorer.time) is float


def test_the_page_has_everything_in_it(explorer: Explorer, tmp_path: Path) -> None:
    file = explorer.to_html(tmp_path / "a.html")
    html = file.read_text(encoding="utf-8")
    assert "http://" not in html.replace("http://www.w3.org/", "")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    assert policy[1].startswith("default-src &#39;none&#39;; script-src &#39;sha256-")
    assert "require-trusted-types-for" in policy[1]
    assert "file:" not in policy[1]
    assert "data-smarttag-media" in html
    assert [one.name for one in tmp_path.iterdir()] == ["a.html"]


def test_a_page_that_cannot_be_written_leaves_the_older_one(
    explorer: Explorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.html"
    file.write_text("before", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        explorer.to_html(file, video=None)
    assert file.read_text(encoding="utf-8") == "before"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_linked_clip_is_found_from_the_page(job: stag.Job, tmp_path: Path) -> None:
    clip = tmp_path / "clips" / "a:b #1.mp4"
    clip.parent.mkdir()
    clip.write_bytes(Path(stag.samples.video("magazine")).read_bytes())
    (tmp_path / "pages").mkdir()
    file = stag.explore(job, clip).to_html(tmp_path / "pages" / "a.html", video="link")
    html = file.read_text(encoding="utf-8")
    assert 'data-link="./../clips/a%3Ab%20%231.mp4"' in html
    assert "media-src data: blob: file: &#39;self&#39;;" in html
    assert "img-src data: blob:;" in html
    assert '<script type="text/plain" data-smarttag-media>' not in html


def test_a_linked_url_is_the_only_place_the_page_may_load_from(
    job: stag.Job, tmp_path: Path
) -> None:
    explorer = stag.explore(job, "https://media.example/a.mp4", None)
    html = explorer.to_html(tmp_path / "a.html", video="link").read_text(encoding="utf-8")
    assert "media-src data: blob: https://media.example;" in html
    strange = stag.explore(job, "https://ann:word@media.example; img-src */a.mp4", None)
    html = strange.to_html(tmp_path / "a.html", video="link").read_text(encoding="utf-8")
    assert "media-src data: blob: https://media.example%3B%20img-src%20%2A;" in html
    image = stag.explore(job, "https://media.example/a.png", None)
    html = image.to_html(tmp_path / "a.html", video="link").read_text(encoding="utf-8")
    assert "img-src data: blob: https://media.example; media-src data: blob:;" in html
    with pytest.raises(InvalidArgument, match="on this machine"):
        explorer.to_html(tmp_path / "b.html")
    assert not (tmp_path / "b.html").exists()


def test_a_page_without_the_clip_is_small(explorer: Explorer, tmp_path: Path) -> None:
    file = explorer.to_html(tmp_path / "a.html", video=None)
    assert file.stat().st_size < 400_000
    with pytest.raises(InvalidArgument, match="'embed', 'link' or None"):
        explorer.to_html(tmp_path / "a.html", video="no")  # type: ignore[arg-type]


def test_the_static_explorer_stands_in_a_sandbox(explorer: Explorer) -> None:
    shown = explorer.static()._repr_html_()
    assert shown.startswith("<iframe")
    assert 'sandbox="allow-scripts' in shown
    assert "allow-same-origin" not in shown
    # All of the page is one attribute's text.
    assert shown.count("<") == 2


def test_the_fallback_is_the_page_without_the_clip(
    explorer: Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fallback() -> str:
        bundle = explorer._repr_mimebundle_()
        return (bundle[0] if isinstance(bundle, tuple) else bundle).get("text/html", "")

    shown = fallback()
    assert "data-smarttag-payload" in shown
    assert "data-smarttag-media&gt;" not in shown
    # Boxes are what is left out first.
    monkeypatch.setattr(module, "FALLBACK", len(explorer._payload) - 1)
    monkeypatch.setattr(page.Static, "_repr_html_", lambda self: self._page[:1000])
    assert 0 < len(fallback()) < len(shown)
    monkeypatch.setattr(module, "FALLBACK", 999)
    assert fallback() == ""


def test_its_repr_tells_what_it_shows(explorer: Explorer) -> None:
    assert repr(explorer) == "<Explorer of cognition: 35 labels, 23 speech, 1,149 boxes>"
    assert "selection" in dir(explorer)


def test_its_page_and_its_repr_have_the_title_of_the_job(tmp_path: Path) -> None:
    titled = stag.explore(stag.samples.load("magazine", answer="smarttag"), None, None)
    assert repr(titled).startswith("<Explorer of Morning Notes 12: ")
    html = titled.to_html(tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<title>Morning Notes 12</title>" in html
    raw = stag.explore(stag.load({"details": []}), None, None)
    assert repr(raw) == "<Explorer of a raw result: 0 labels, 0 speech, 0 boxes>"


@pytest.mark.parametrize("answer", stag.samples.answers("magazine"))
def test_every_answer_can_be_explored(answer: str, tmp_path: Path) -> None:
    job = stag.samples.load("magazine", answer=answer)
    explorer = stag.explore(job)
    assert explorer.selection == {}
    shown = packed_in(explorer.to_html(tmp_path / "a.html", video=None))
    assert (shown["title"], shown["status"]) == (job.title, job.status)
    tables = shown["tables"]
    for name in ("shots", "chapters", "summaries", "mindmap", "highlights", "texts"):
        assert list(tables[name]["id"]) == job[name][stag.tables.TABLES[name].key].tolist()
    best = job.best("labels")
    assert list(tables["labels"]["id"])[: len(best)] == best["label_id"].tolist()
    speech = job.best("speech") if len(job.speech) else job.cues
    assert tables["speech"]["text"] == speech["text"].tolist()
    assert (len(tables["lines"]["id"]) > 0) == (len(job.ocr) > 0)


def test_a_closed_explorer_is_let_go(job: stag.Job) -> None:
    explorer = stag.explore(job, None, None)
    gone = weakref.ref(explorer)
    listeners = list(explorer._msg_callbacks.callbacks)
    explorer.close()
    del explorer
    gc.collect()
    assert gone() is None
    # A page may still ask.
    assert [listener(None, {"type": "ready"}, []) for listener in listeners] == [None]
