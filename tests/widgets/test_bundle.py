"""The explorer's JavaScript: its types, its unit tests, and that the bundle is made of it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import smarttag_nb as stag
from smarttag_nb.plots import style
from smarttag_nb.widgets import page
from smarttag_nb.widgets.payload import pack

WIDGETS = Path(page.__file__).parent
SOURCES = WIDGETS / "js"

node = pytest.mark.skipif(
    shutil.which("node") is None or not (SOURCES / "node_modules" / "esbuild").is_dir(),
    reason="no node, or no tools: run npm ci in smarttag_nb/widgets/js",
)


def run(*command: str | Path) -> None:
    done = subprocess.run(command, cwd=SOURCES, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


@node
@pytest.mark.parametrize("name", ["explorer.js", "explorer.css"])
def test_the_bundle_is_what_the_sources_make(name: str, tmp_path: Path) -> None:
    run("node", "build.js", f"{tmp_path}/")
    committed = (WIDGETS / "static" / name).read_bytes()
    assert (tmp_path / name).read_bytes() == committed, "run npm run build in widgets/js"


@node
def test_the_sources_are_well_typed() -> None:
    run("node", "node_modules/typescript/bin/tsc", "--project", "tsconfig.json")


@node
def test_the_modules_pass_their_own_tests() -> None:
    tests = sorted((Path(__file__).parent / "js").glob("*.test.js"))
    assert tests
    run("node", "--test", *tests)


@node
def test_boxes_at_any_moment_are_those_of_the_measure(tmp_path: Path) -> None:
    job = stag.samples.load("magazine", answer="process")
    (tmp_path / "payload").write_bytes(pack(job))
    times = [round(0.07 * k, 2) for k in range(1100)]
    (tmp_path / "look.mjs").write_text(
        f"""
        import {{ readFileSync, writeFileSync }} from "node:fs";
        import {{ Data }} from {json.dumps((SOURCES / "data.js").as_uri())};
        const raw = readFileSync("payload");
        const data = new Data(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
        const found = {json.dumps(times)}.map((time) => data.boxesAt(time, 1e-9).map((box) =>
            [data.tables.labels.name[box.label], box.x1, box.y1, box.x2, box.y2, box.drawn]));
        writeFileSync("found.json", JSON.stringify(found));
        """
    )
    subprocess.run(["node", "look.mjs"], cwd=tmp_path, check=True, timeout=60)
    found = json.loads((tmp_path / "found.json").read_text())
    table = stag.measures.tracks(job, times)
    columns = ["name", "x1", "y1", "x2", "y2", "interpolated"]
    by_time = {time: rows[columns].values.tolist() for time, rows in table.groupby("timestamp")}
    assert len(by_time) > 500
    for time, shown in zip(times, found, strict=True):
        expected = by_time.get(time, [])
        near = {(name, drawn): corners for name, *corners, drawn in shown}
        for name, *corners, interpolated in expected:
            assert near[name, interpolated] == pytest.approx(corners, abs=1e-3)


def test_every_style_is_part_of_the_bundle() -> None:
    bundled = re.search(r"styles = \[([^\]]*)\]", (SOURCES / "build.js").read_text())
    assert bundled is not None
    names = re.findall(r'"(\w+)"', bundled[1])
    assert sorted(names) == sorted(file.stem for file in (SOURCES / "css").glob("*.css"))


def test_nothing_in_the_sources_makes_markup_of_text() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|srcdoc"
        r"|DOMParser|createContextualFragment|setHTMLUnsafe"
    )
    for file in SOURCES.glob("*.js"):
        assert not forbidden.search(file.read_text(encoding="utf-8")), file.name


def test_the_bundle_can_stand_in_a_script_element() -> None:
    for name in ("explorer.js", "explorer.css"):
        assert not re.search(r"</(script|style)|<!--", page.bundle(name), re.IGNORECASE)


def test_kinds_and_roles_have_the_plots_colours() -> None:
    css = (SOURCES / "css" / "explorer.css").read_text(encoding="utf-8")
    light = css[: css.index("[data-theme")]
    for prefix, colours in (("kind", style.COLOURS), ("role", style.ROLES)):
        told = dict(re.findall(rf"--{prefix}-(\w+): (#\w+);", light))
        assert told == dict(colours)


def test_both_languages_have_the_same_words() -> None:
    words = (SOURCES / "words.js").read_text(encoding="utf-8")
    english, chinese = words.split("const CHINESE =")
    names = [set(re.findall(r"^  (\w+):", part, re.MULTILINE)) for part in (english, chinese)]
    assert names[0] == names[1]
    assert len(names[0]) > 10
