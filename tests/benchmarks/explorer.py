"""The explorer of two hours, beside a page with an element for each row.

Run from the repository's root as ``python -m tests.benchmarks.explorer``. Told are the bytes sent,
the seconds until it can be seen, and for each way to use it, what a frame costs of script and of
the main thread, and how many frames were dropped, from traces of headless Chromium. Milliseconds
are the thread's own: what else runs on the machine takes none of them, though it does drop frames;
the dot, which does nothing but move, tells how many.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

import smarttag_nb as stag
from smarttag_nb.widgets.payload import pack
from tests.benchmarks import elements
from tests.browser import servers
from tests.browser.conftest import FLAGS
from tests.browser.pages import Notebooks
from tests.widgets.made import HEIGHT, WIDTH, two_hours

SCRIPT_MS, DROPPED, SECONDS, MEGABYTES = 8.0, 2.0, 2.0, 5.0
"""The bars: script a frame (p95), frames dropped (%), until visible, payload."""

CATEGORIES = [
    "devtools.timeline",
    "disabled-by-default-devtools.timeline",
    "disabled-by-default-devtools.timeline.frame",
    "blink.user_timing",
]
SCRIPT = {
    *("FunctionCall", "EventDispatch", "FireAnimationFrame", "TimerFire", "EvaluateScript"),
    *("RunMicrotasks", "FireIdleCallback", "V8.HandleInterrupts"),
}

VISIBLE = """new MutationObserver((_, watch) => {
    if (!document.querySelector('[data-ready=true]')) return;
    watch.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => {
        window.visible = [performance.now(), Date.now()];
    }));
}).observe(document, {subtree: true, attributes: true, attributeFilter: ['data-ready']});"""
"""Says when what is ready has been painted: after the frame that follows."""

DOT = """<!doctype html><p data-ready="true" style="position:absolute">•</p><script>
const dot = document.querySelector('p');
requestAnimationFrame(function move(at) {
    dot.style.left = at / 10 % 500 + 'px';
    requestAnimationFrame(move);
});</script>"""

NOTEBOOK = """
    import time
    import smarttag_nb as stag
    from tests.widgets.made import two_hours
    job = two_hours()
    alignment = stag.align(job)
    ---
    begun = time.time()
    explorer = stag.explore(job, None, alignment)
    bundle = explorer._repr_mimebundle_()
    print(time.time() - begun)
    ---
    print(time.time())
    explorer
"""


@dataclass(frozen=True)
class Cost:
    """What frames cost.

    Attributes
    ----------
    script, busy : array of float
        Milliseconds of script, and of all that the main thread does, for each of its frames.
    dropped : float
        Percent of the frames that had something new to show, and did not.
    """

    script: np.ndarray[Any, Any]
    busy: np.ndarray[Any, Any]
    dropped: float


def cost_of(trace: bytes) -> Cost:
    """Read what frames cost from a trace."""
    events = json.loads(trace)["traceEvents"]
    frames = [one for one in events if one["name"] == "BeginMainThreadFrame"]
    (pid, tid), _ = Counter((one["pid"], one["tid"]) for one in frames).most_common(1)[0]
    own = [one for one in events if one["pid"] == pid]
    begins = np.sort([one["ts"] for one in frames if one["pid"] == pid])
    work = [one for one in own if one["tid"] == tid and one["ph"] == "X"]
    reports = [
        (one["frame_sequence"], one["state"], one["affects_smoothness"])
        for one in (event["args"].get("frame_reporter", {}) for event in own)
        if one
    ]
    wanted = {frame for frame, state, _ in reports if state != "STATE_NO_UPDATE_DESIRED"}
    lost = {frame for frame, state, matters in reports if state == "STATE_DROPPED" and matters}
    return Cost(
        script=_by_frame([one for one in work if one["name"] in SCRIPT], begins),
        busy=_by_frame([one for one in work if one["name"] == "RunTask"], begins),
        dropped=100 * len(lost) / max(1, len(wanted)),
    )


def _by_frame(work: list[dict[str, Any]], begins: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Sum the milliseconds of what is within nothing else, from one frame's begin to the next."""
    spent = np.zeros(len(begins))
    until = -np.inf
    for one in sorted(work, key=lambda one: (one["ts"], -one["dur"])):
        if one["ts"] < until:
            continue
        until = one["ts"] + one["dur"]
        frame = np.searchsorted(begins, one["ts"], side="right") - 1
        if frame >= 0:
            spent[frame] += one.get("tdur", one["dur"]) / 1000
    return spent


# What is done. Input is the browser's own, and nothing is asked of the page meanwhile.

Act = Callable[[Page], Callable[[], None]]
"""Gets a page ready, and gives what is traced."""


def scrolling(selector: str, x: int = 0, y: int = 0, zooms: int = 0) -> Act:
    """Turn the wheel over an element, by so many pixels in all, 3,000 a second."""

    def ready(page: Page) -> Callable[[], None]:
        zoom_in(page, zooms)
        at = middle(page, selector)
        turn = {"xDistance": -x, "yDistance": -y, "speed": 3000, "gestureSourceType": "mouse"}
        session = page.context.new_cdp_session(page)
        return lambda: session.send("Input.synthesizeScrollGesture", {**at, **turn})

    return ready


def zooming(selector: str) -> Act:
    """Zoom in by forty turns of the wheel, and out again."""

    def ready(page: Page) -> Callable[[], None]:
        at = middle(page, selector)

        def act() -> None:
            page.mouse.move(at["x"], at["y"])
            page.keyboard.down("Control")
            for turn in [-20] * 40 + [20] * 40:
                page.mouse.wheel(0, turn)
                time.sleep(0.012)
            page.keyboard.up("Control")

        return act

    return ready


def playing(button: str, zooms: int = 0) -> Act:
    """Play for six seconds, a part of the time in view that goes along."""

    def ready(page: Page) -> Callable[[], None]:
        zoom_in(page, zooms)
        at = middle(page, button)

        def act() -> None:
            page.mouse.click(at["x"], at["y"])
            time.sleep(6)

        return act

    return ready


def choosing(page: Page) -> Callable[[], None]:
    """Choose eight labels one after the other."""
    page.get_by_role("tab", name="Labels").click()
    box = page.locator(".labels .list").bounding_box()
    assert box

    def act() -> None:
        for row in range(8):
            page.mouse.click(box["x"] + 60, box["y"] + 22 + 44 * (row % 4))
            time.sleep(0.25)

    return act


def labels(page: Page) -> Callable[[], None]:
    """Scroll through the labels."""
    page.get_by_role("tab", name="Labels").click()
    return scrolling(".labels .list", y=9000)(page)


def zoom_in(page: Page, times: int) -> None:
    """See less of the time, half as much each time."""
    for _ in range(times):
        page.get_by_role("button", name="Zoom in").click()
    page.wait_for_timeout(200)


def middle(page: Page, selector: str) -> dict[str, float]:
    """Where an element is."""
    box = page.locator(selector).first.bounding_box()
    assert box
    return {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}


def waiting(page: Page) -> Callable[[], None]:
    """Do nothing for a while."""
    return lambda: time.sleep(3)


PLAY = ".controls .timed button"
OURS: dict[str, Act] = {
    "transcript, scrolled": scrolling(".transcript .list", y=9000),
    "labels, scrolled": labels,
    "a label chosen": choosing,
    "lanes, scrolled": scrolling(".timeline .scroller", y=3000),
    "zoomed": zooming(".timeline .scroller"),
    "panned": scrolling(".timeline .scroller", x=9000, zooms=5),
    "played, on the clock": playing(PLAY, zooms=6),
}
ELEMENTS: dict[str, Act] = {
    "transcript, scrolled": scrolling(".transcript", y=9000),
    "lanes, scrolled": scrolling(".timeline", y=3000),
    "zoomed": zooming(".timeline"),
    "panned": scrolling(".timeline", x=9000, zooms=5),
    "played, on the clock": playing(".play", zooms=6),
}


class Pages:
    """Pages in a browser, each of a profile of its own."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def opened(self, file: Path, width: int) -> tuple[Page, float]:
        """Open a file and wait until all is there; tell the seconds until it was visible."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 1080}, bypass_csp=True
        )
        context.add_init_script(VISIBLE)
        page = context.new_page()
        page.goto(f"{file.as_uri()}#t=600")
        page.wait_for_function("window.visible", timeout=300_000)
        return page, page.evaluate("window.visible[0]") / 1000

    def cost(self, file: Path, width: int, act: Act) -> Cost:
        """Trace what is done in a page."""
        page, _ = self.opened(file, width)
        page.wait_for_timeout(500)
        run = act(page)
        self.browser.start_tracing(page=page, categories=CATEGORIES)
        run()
        trace = self.browser.stop_tracing()
        page.context.close()
        return cost_of(trace)

    def in_jupyter(self, folder: Path) -> tuple[float, float]:
        """Show it in JupyterLab: seconds that Python takes, and from the display until visible."""
        folder.mkdir()
        with servers.jupyter(folder) as server:
            context = self.browser.new_context(viewport={"width": 1280, "height": 1080})
            context.add_init_script(VISIBLE)
            page = context.new_page()
            notebooks = Notebooks(server, page)
            notebooks.write("long", *NOTEBOOK.split("---"))
            notebooks.in_lab("long")
            notebooks.run()
            page.wait_for_function("window.visible", timeout=60_000)
            seen = page.evaluate("window.visible[1]") / 1000
            taken, begun = (
                float(notebooks.output(cell).inner_text().split()[0]) for cell in (1, 2)
            )
            notebooks.end()
            context.close()
        return taken, seen - begun


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=3, help="runs of each (default: %(default)s)")
    parser.add_argument("--full", action="store_true", help="at 900 and 1600 pixels too")
    parser.add_argument("--only", default="", help="only what has this in its name")
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        pages = Pages(playwright.chromium.launch(executable_path=chromium, args=FLAGS))
        folder = Path(place)
        files = _files(folder)
        if not given.only:
            _tell_sizes(files, folder)
            _tell_visible(pages, files, folder, given.times)
        for width in (900, 1280, 1600) if given.full else (1280,):
            _tell_frames(pages, files, width, given.times, given.only)


def _files(folder: Path) -> dict[str, Path]:
    job = two_hours()
    alignment = stag.align(job)
    clip = stag.samples.video("magazine")
    files = {name: folder / f"{name}.html" for name in ("ours", "video", "elements", "dot")}
    stag.explore(job, None, alignment).to_html(files["ours"])
    stag.explore(job, clip, alignment).to_html(files["video"])
    (folder / "ours.bin").write_bytes(pack(job, alignment))
    rows = elements.records(job, alignment)
    (folder / "elements.json").write_text(rows, encoding="utf-8")
    size = (int(WIDTH), int(HEIGHT))
    files["elements"].write_text(elements.page(rows, size, job.duration.seconds), encoding="utf-8")
    files["dot"].write_text(DOT.replace("data-ready", "id").replace("</script>", READY))
    counts = ((len(job[name]), name) for name in ("boxes", "occurrences", "speech"))
    print("Two hours: " + ", ".join(f"{rows:,} {name}" for rows, name in counts))
    return files


READY = "document.body.dataset.ready = 'true';</script>"


def _tell_sizes(files: dict[str, Path], folder: Path) -> None:
    ours, other = (folder / "ours.bin").read_bytes(), (folder / "elements.json").read_bytes()
    print(f"{'':32}{'ours':>8}{'elements':>10}{'÷ ours':>8}   asked")
    _tell("payload, MB", len(ours) / 1e6, len(other) / 1e6, f"≤ {MEGABYTES:.0f}")
    packed = (len(gzip.compress(one, 6)) / 1e6 for one in (ours, other))
    _tell("payload, gzip MB", *packed, "")


def _tell_visible(pages: Pages, files: dict[str, Path], folder: Path, times: int) -> None:
    taken: dict[str, list[float]] = {"ours": [], "elements": []}
    for _ in range(times):
        for name, found in taken.items():
            page, seconds = pages.opened(files[name], 1280)
            page.context.close()
            found.append(seconds)
    ours, other = (median(found) for found in taken.values())
    _tell("visible, page from file://, s", ours, other, f"< {SECONDS:.0f}")
    python, shown = pages.in_jupyter(folder / "jupyter")
    _tell("visible, JupyterLab, s", shown, None, f"< {SECONDS:.0f}")
    _tell("explore and display, Python, s", python, None, "")


def _tell(what: str, ours: float, other: float | None, asked: str) -> None:
    beside = f"{other:10.2f}{other / ours:8.1f}" if other is not None else " " * 18
    print(f"{what:32}{ours:8.2f}{beside}   {asked}", flush=True)


def _tell_frames(pages: Pages, files: dict[str, Path], width: int, times: int, only: str) -> None:
    print(f"\n{f'{width} pixels wide':32}script, ms      main thread, ms   dropped, %   load")
    print(f"{'':32}p95    most        p95  ÷ ours")
    ways: dict[tuple[str, str], Act] = {("dot", "dot"): waiting}
    for name, act in OURS.items():
        ways[(name, "ours")] = act
        if name in ELEMENTS:
            ways[(name, "elements")] = ELEMENTS[name]
    ways[("played, with a video", "video")] = playing(PLAY, zooms=2)
    found: dict[tuple[str, str], list[Cost]] = {
        way: [] for way in ways if only in way[0] or way[0] == "dot"
    }
    for _ in range(times):
        for way in found:
            found[way].append(pages.cost(files[way[1]], width, ways[way]))
    beside: dict[str, float] = {}
    for (name, page), costs in found.items():
        told = name if page != "elements" else "  as elements"
        script, most, busy, dropped = (
            median(values)
            for values in (
                [float(np.percentile(one.script, 95)) for one in costs],
                [float(one.script.max()) for one in costs],
                [float(np.percentile(one.busy, 95)) for one in costs],
                [one.dropped for one in costs],
            )
        )
        ours = beside.setdefault(name, busy)
        ratio = f"{busy / ours:8.1f}" if page == "elements" else " " * 8
        load = f"{os.getloadavg()[0]:.1f}"
        print(
            f"{told:27}{script:8.1f}{most:8.1f}{busy:11.1f}{ratio}{dropped:13.1f}   {load}",
            flush=True,
        )
    print(f"{'asked':27}{f'≤ {SCRIPT_MS:.0f}':>8}{f'≤ {DROPPED:.0f}':>40}")


if __name__ == "__main__":
    main()
