"""What hostile text must not do, and that it can be read all the same."""

from __future__ import annotations

from tests.browser.explorer import READY, Explorer
from tests.browser.pages import Seen
from tests.browser.payloads import PAYLOADS, Payload

MARKED = PAYLOADS[40].mark
MARKS = {payload.mark for payload in PAYLOADS}


def named(name: str) -> Payload:
    return next(payload for payload in PAYLOADS if payload.name == name)


def marks_in(text: str) -> set[str]:
    return {mark for mark in MARKS if mark in text}


def assert_nothing_happened(seen: Seen, *expected: str) -> None:
    """Nothing has run, and nothing has been asked for but what is expected."""
    assert seen.ran == set()
    assert seen.clobbered() == set()
    assert seen.witness.paths == []
    assert seen.witness.connections == 0
    assert seen.elsewhere(*expected) == []


def assert_explored(explorer: Explorer, seen: Seen, *expected: str) -> None:
    """All of it has been read, pointed at and clicked, and nothing has happened."""
    from playwright.sync_api import expect

    transcript = explorer.tab("Transcript")
    assert marks_in(explorer.read(transcript)) == MARKS
    explorer.row(transcript, MARKED).click()
    expect(transcript.locator(".list ins").first).to_be_visible()
    expect(explorer.root.locator(".stage .told")).to_contain_text("mark")
    assert marks_in(explorer.read(explorer.tab("Chapters & notes"))) == MARKS
    assert marks_in(explorer.read(explorer.tab("Labels"))) == MARKS
    assert marks_in(explorer.look_at_labels(len(PAYLOADS))) == MARKS
    assert len(marks_in(explorer.point_at_timeline(48))) > 5
    for query in (named("img onerror"), named("breaker of double quotes")):
        explorer.query.fill(query.aimed(seen.witness.url))
        expect(explorer.root.locator(".list .row mark").first).to_be_visible()
    explorer.query.fill("mark")
    results = explorer.root.get_by_role("tabpanel", name="Results")
    assert len(marks_in(explorer.read(results, pages=20))) > 5
    explorer.query.fill("no <b>such</b> text")
    expect(results).to_contain_text("no <b>such</b> text")
    explorer.query.fill("")
    seen.provoke(READY)
    assert_nothing_happened(seen, *expected)
    assert seen.alive(explorer.root) == []
