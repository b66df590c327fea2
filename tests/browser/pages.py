"""What tests do with pages: watch what runs in them, and open notebooks."""

from __future__ import annotations

import ast
import contextlib
import inspect
import json
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from tests.browser.servers import TOKEN, Server, Witness

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Request

INSIDE = ("data:", "blob:", "about:", "chrome:")


class Seen:
    """What happens in a page and in all frames of it, from now on.

    Attributes
    ----------
    ran : set of int
        Numbers of the payloads that ran.
    requests : list of str
        Addresses asked for, also those that a policy refused, but for what is in the page itself.
    in_frames : list of str
        Those of them that frames of the page asked for.
    errors : list of str
        What scripts failed on.
    """

    def __init__(self, page: Page, witness: Witness) -> None:
        self.page = page
        self.witness = witness
        self.ran: set[int] = set()
        self.requests: list[str] = []
        self.in_frames: list[str] = []
        self.errors: list[str] = []
        page.context.expose_function("__ran", lambda number: self.ran.add(number))
        page.context.on("request", self._request)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _request(self, request: Request) -> None:
        if not request.url.startswith(INSIDE):
            self.requests.append(request.url)
            if request.frame.parent_frame is not None:
                self.in_frames.append(request.url)

    def elsewhere(self, *expected: str) -> list[str]:
        """Addresses asked for but the page's own, and those that begin as expected."""
        own = self.page.url.split("#")[0]
        others = (url for url in self.requests if url.split("#")[0] != own)
        return [url for url in others if not url.startswith(expected)]

    def provoke(self, within: str = "html") -> None:
        """Do with every element, in every frame, what a reader could do with it.

        Parameters
        ----------
        within : str
            The element of the page itself to stay in; frames are provoked as a whole.
        """
        from playwright.sync_api import Error

        for frame in self.page.frames:
            # A frame that goes away meanwhile has been sent away: that counts as a request.
            with contextlib.suppress(Error):
                frame.evaluate(_PROVOKE, within if frame == self.page.main_frame else "html")

    def clobbered(self) -> set[int]:
        """Numbers of the payloads that have put a name of theirs into a frame."""
        return {number for frame in self.page.frames for number in frame.evaluate(_CLOBBERED)}

    def alive(self, within: Locator) -> list[str]:
        """Elements that could run or fetch something, as HTML."""
        return within.evaluate_all(_ALIVE)

    def wait_for(self, ran: set[int], reached: set[int]) -> None:
        """Wait until payloads have run and have reached the witness."""
        self.page.context.expose_function(
            "__all", lambda: ran <= self.ran and reached <= self.witness.reached_by
        )
        self.page.wait_for_function("async () => await __all()")


_PROVOKE = """within => {
    const events = {
        PointerEvent: ['pointerenter', 'pointerdown', 'pointerup', 'auxclick'],
        MouseEvent: ['mouseenter', 'mousemove', 'contextmenu', 'dblclick'],
        KeyboardEvent: ['keydown', 'keyup'],
        FocusEvent: ['focus', 'focusin', 'blur'],
        Event: ['input', 'change', 'select', 'copy', 'cut', 'paste', 'toggle', 'scroll'],
    };
    const pressed = 'a, button, input[type=submit], [onclick], [data-commandlinker-command]';
    // A hostile page may have put elements where its own members were.
    const dispatch = EventTarget.prototype.dispatchEvent;
    const click = HTMLElement.prototype.click;
    const roots = [...Document.prototype.querySelectorAll.call(document, within)];
    for (const root of roots) {
        const all = (root instanceof Element ? Element : DocumentFragment).prototype;
        for (const element of all.querySelectorAll.call(root, '*')) {
            if (element.shadowRoot) roots.push(element.shadowRoot);
            for (const [kind, names] of Object.entries(events)) {
                for (const name of names) dispatch.call(element, new window[kind](name));
            }
            // Only these bubble: a host has much to do for each.
            dispatch.call(element, new PointerEvent('pointerover', {bubbles: true}));
            dispatch.call(element, new MouseEvent('mouseover', {bubbles: true}));
            if (element.matches(pressed)) {
                if (element instanceof HTMLElement) click.call(element);
                else dispatch.call(element, new MouseEvent('click', {bubbles: true}));
            }
        }
    }
}"""

_ALIVE = """roots => {
    const elements = 'script, style, link, meta, base, iframe, object, embed, form, svg, math, '
        + '[srcset], [srcdoc], [ping], [background], [data-commandlinker-command]';
    // Icons and bars, what a page has in itself, and links that say what they are.
    const ours = 'svg.icon, svg.icon *, svg.bar, svg.bar *, [src^="blob:"], [src^="data:image/"], '
        + 'source[srcset^="data:image/"], a[download][href^="data:"], '
        + 'a[rel~=noreferrer][target=_blank]';
    const told = /^(title|alt|placeholder|aria-.*)$/;
    const live = ({name, value}) => name.startsWith('on')
        || (name === 'style' ? /url[(]/.test(value) : !told.test(name) && /:|[/][/]/.test(value));
    return roots.flatMap(root => [...root.querySelectorAll('*')])
        .filter(one => !one.matches(ours))
        .filter(one => one.matches(elements) || [...one.attributes].some(live))
        .map(one => one.outerHTML);
}"""

_CLOBBERED = """() => [...Array(1000).keys()].filter(k => window[`clobbered${k}`])"""


class Notebooks:
    """Notebooks in a server's folder, opened in a page.

    Attributes
    ----------
    url : str
        Of the server.
    """

    def __init__(self, server: Server, page: Page) -> None:
        self.page = page
        self.url = server.url
        self.folder = server.folder

    def write(self, name: str, *cells: str) -> None:
        """Put a notebook with these cells of code into the folder."""
        write(self.folder / f"{name}.ipynb", *cells)

    def in_lab(self, name: str) -> None:
        """Open a notebook in JupyterLab, with no tab of another test."""
        self._open(f"lab/tree/{name}.ipynb?reset&token={TOKEN}")

    def in_notebook(self, name: str) -> None:
        """Open a notebook in Notebook 7."""
        self._open(f"notebooks/{name}.ipynb?token={TOKEN}")

    def _open(self, path: str) -> None:
        self.page.goto(f"{self.url}/{path}")
        self.page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()

    def run(self) -> None:
        """Run all cells, and wait until the last has run without an error."""
        self.page.evaluate(_RUN)
        self.page.wait_for_function(_DONE)
        failed = self.page.locator(_FAILED)
        assert not failed.count(), failed.first.inner_text()

    def output(self, cell: int) -> Locator:
        """The output of a cell, counted from 0."""
        return self.page.locator(".jp-CodeCell").nth(cell).locator(".jp-Cell-outputArea")

    def ask(self, code: str) -> Any:
        """Run code in the notebook's kernel, and give what its last line is."""
        told = self.page.evaluate(_ASK, inspect.cleandoc(code))
        return ast.literal_eval(told) if told else None

    def wait_until(self, code: str) -> None:
        """Wait until the kernel finds an expression to be true."""
        self.page.wait_for_function(f"async code => await ({_ASK})(code) === 'True'", arg=code)

    def end(self) -> None:
        """End all kernels."""
        for session in self._ask("GET", "sessions"):
            self._ask("DELETE", f"sessions/{session['id']}")

    def _ask(self, method: str, path: str) -> Any:
        request = urllib.request.Request(
            f"{self.url}/api/{path}", method=method, headers={"Authorization": f"token {TOKEN}"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or "null")


_RUN = """async () => {
    const app = window.jupyterapp;
    await app.restored;
    const context = app.shell.currentWidget.context;
    await context.ready;
    await context.sessionContext.ready;
    void app.commands.execute('notebook:run-all-cells');
}"""

_ASK = """async code => {
    const {context} = window.jupyterapp.shell.currentWidget;
    const future = context.sessionContext.session.kernel.requestExecute({code});
    let told = '';
    let failure = null;
    future.onIOPub = ({header, content}) => {
        if (header.msg_type === 'execute_result') told = content.data['text/plain'];
        if (header.msg_type === 'error') failure = content.traceback.join('\\n');
    };
    await future.done;
    if (failure) throw new Error(failure);
    return told;
}"""

_FAILED = ":is([data-mime-type$='jupyter.error'], [data-mime-type$='jupyter.stderr'])"
_DONE = f"""() => {{
    const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')];
    return document.querySelector("{_FAILED}") || /[0-9]/.test(prompts.pop().textContent);
}}"""


def write(path: Path, *cells: str) -> None:
    """Write a notebook of cells of code."""
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(inspect.cleandoc(cell)) for cell in cells]
    )
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(made, path)
