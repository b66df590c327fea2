"""An explorer in a page, as its reader has it: what it shows, and what is done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Locator, Page

READY = ".smarttag-explorer[data-ready=true]"

TEXTS = """element => [element, ...element.querySelectorAll('*')].flatMap(
    one => ['title', 'aria-label', 'placeholder', 'alt'].map(name => one.getAttribute(name))
).concat(element.textContent).filter(Boolean).join('\\n')"""
"""All text of an element, that of tooltips and of names for screen readers too."""


class Explorer:
    """An explorer in a page or in a frame of it.

    Attributes
    ----------
    root : Locator
        Its outermost element.
    """

    def __init__(self, within: Page | FrameLocator | Locator) -> None:
        self.root = within.locator(READY)
        self.root.wait_for()
        self.position = self.root.get_by_label("Position")
        self.timeline = self.root.locator(".timeline .field")
        self.query = self.root.get_by_label("Search everything")

    @property
    def time(self) -> float:
        """The moment shown."""
        return float(self.position.input_value())

    @property
    def video(self) -> Locator:
        return self.root.locator("video")

    def tab(self, name: str) -> Locator:
        """Open a tab, and give its panel."""
        self.root.get_by_role("tab", name=name).click()
        return self.root.get_by_role("tabpanel", name=name)

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def rows(self, panel: Locator) -> Locator:
        """The rows of a panel's list that are in the page: those in view, and some more."""
        return panel.locator(".list .row")

    def row(self, panel: Locator, text: str) -> Locator:
        """Scroll a panel's list to the first row with a text."""
        panel.evaluate(_SCROLL, text)
        return self.rows(panel).filter(has_text=text).first

    def wait_for_time(self, low: float, high: float | None = None) -> None:
        """Wait until the moment shown is this one, or in between."""
        from playwright.sync_api import expect

        if high is None:
            expect(self.root.locator(".clock .now")).to_have_text(_clock(low))
        else:
            self.position.evaluate(_BETWEEN, [low, high])

    def wait_for_frame(self, time: float) -> None:
        """Wait until the video shows the frame of a moment."""
        self.video.evaluate(_SHOWN, time)

    def press_timeline(self, time: float, until: float | None = None) -> None:
        """Click the timeline at a moment, above all lanes; or drag from there to another."""
        self.timeline.scroll_into_view_if_needed()
        box = self.timeline.bounding_box()
        assert box
        gutter = min(200, max(140, round(box["width"] * 0.14)))
        second = (box["width"] - gutter - 12) / float(self.position.get_attribute("max") or 0)
        mouse = self.timeline.page.mouse
        # Below the axis, where a drag marks a range, or on it, where a click goes to its moment.
        y = box["y"] + (38 if until is None else box["height"] - 4)
        mouse.move(box["x"] + gutter + second * time, y)
        mouse.down()
        if until is not None:
            mouse.move(box["x"] + gutter + second * until, y, steps=4)
        mouse.up()

    def read(self, panel: Locator, pages: int = 500) -> str:
        """All text of a panel, from the first row of its list on."""
        return panel.evaluate(_READ, pages)

    def look_at_labels(self, number: int) -> str:
        """Choose one label after the other, and give what their cards tell."""
        return self.tab("Labels").evaluate(_CARDS, number)

    def point_at_timeline(self, steps: int) -> str:
        """Go over the timeline with the pointer, and give what its tooltips tell."""
        self.root.scroll_into_view_if_needed()
        box = self.timeline.bounding_box()
        assert box
        told = []
        for step in range(steps):
            x = box["x"] + 210 + (box["width"] - 230) * step / steps
            y = box["y"] + 50 + (step * 17) % (box["height"] - 55)
            self.timeline.page.mouse.move(x, y)
            told.append(self.root.locator(".timeline-tip").evaluate(_PAINTED))
        return "\n".join(told)


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"


# Chromium may paint a sandboxed frame no more, and then what waits for its frames waits for ever.
FRAME = """const frame = () => new Promise(done => {
        requestAnimationFrame(done);
        setTimeout(done, 500);
    });"""

# Also in frames of the page, where Playwright's own waiting does not reach: for a minute.
_UNTIL = f"""{FRAME}
    const end = performance.now() + 60_000;
    while (!is() && performance.now() < end) await frame();
    if (!is()) throw new Error(told());"""

# What follows the pointer is painted with the next frame.
_PAINTED = f"""async element => {{
    {FRAME}
    await frame();
    await frame();
    return ({TEXTS})(element);
}}"""

_BETWEEN = f"""async (input, [low, high]) => {{
    const is = () => low <= Number(input.value) && Number(input.value) <= high;
    const told = () => `at ${{input.value}} s`;
    {_UNTIL}
}}"""

_SHOWN = f"""async (video, time) => {{
    const has = () => video.readyState >= video.HAVE_CURRENT_DATA && !video.seeking;
    const is = () => has() && Math.abs(video.currentTime - time) < 0.05;
    const told = () => `at ${{video.currentTime}} s, state ${{video.readyState}}`;
    {_UNTIL}
}}"""

_READ = f"""async (panel, pages) => {{
    {FRAME}
    const told = {TEXTS};
    for (const more of panel.querySelectorAll('ul + button.more')) {{
        for (let k = 0; k < 20 && more.isConnected; k++) more.click();
    }}
    const list = panel.querySelector('.list');
    if (!list) return told(panel);
    const rows = new Map();
    list.scrollTop = 0;
    for (let k = 0, top = -1; k < pages && top !== list.scrollTop; k++) {{
        await frame();
        await frame();
        for (const row of list.querySelectorAll('.row')) rows.set(row.dataset.row, told(row));
        top = list.scrollTop;
        list.scrollTop += list.clientHeight;
    }}
    return [...rows.values()].join('\\n');
}}"""

_SCROLL = f"""async (panel, text) => {{
    {FRAME}
    const list = panel.querySelector('.list');
    list.scrollTop = 0;
    for (let k = 0; k < 500; k++) {{
        await frame();
        await frame();
        const rows = [...list.querySelectorAll('.row')];
        const row = rows.find(one => one.textContent.includes(text));
        if (row) return row.scrollIntoView({{block: 'center'}});
        list.scrollTop += list.clientHeight;
    }}
}}"""

_CARDS = f"""async (panel, number) => {{
    {FRAME}
    const told = {TEXTS};
    const found = [];
    const list = panel.querySelector('.list');
    list.scrollTop = 0;
    await frame();
    await frame();
    for (let row = 0; row < number; row++) {{
        const element = list.querySelector(`.row[data-row="${{row}}"]`);
        if (!element) break;
        element.scrollIntoView();
        element.click();
        await frame();
        found.push(told(panel.querySelector('.card')));
    }}
    return found.join('\\n');
}}"""
