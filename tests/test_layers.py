"""The floors of the house: a module imports from lower floors only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "smarttag_nb"

FLOORS = {
    "errors": 0,
    "cards": 1,
    "tables": 1,
    "intervals": 1,
    "boxes": 1,
    "job": 2,
    "readers": 3,
    "measures": 3,
    "alignment": 3,
    "frames": 3,
    "plots": 4,
    "exports": 4,
    "cloud": 4,
    "samples": 4,
    "widgets": 5,
    "corpus": 5,
    "emulator": 5,
    "report": 6,
    "cli": 7,
    "__init__": 8,
}


def room_of(path: Path) -> str:
    """The room a file is in: the module or package right below smarttag_nb."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported_rooms(path: Path, source: str) -> Iterator[tuple[int, str]]:
    """Line and room of every import from within the package, wherever it stands in the file."""
    here = ("smarttag_nb", *path.relative_to(PACKAGE).with_suffix("").parts)
    package = here[:-1]
    for node in ast.walk(ast.parse(source)):
        targets: list[tuple[str, ...]] = []
        if isinstance(node, ast.Import):
            targets = [tuple(alias.name.split(".")) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = (*base, *(node.module or "").split(".")) if node.module else base
            targets = [(*module, alias.name) for alias in node.names]
        for target in targets:
            if target[:1] == ("smarttag_nb",):
                yield node.lineno, target[1] if len(target) > 1 else "__init__"


def violations(path: Path, source: str) -> list[str]:
    room = room_of(path)
    return [
        f"{path.relative_to(PACKAGE)}:{line} ({room}, floor {FLOORS[room]}) imports {other}"
        for line, other in imported_rooms(path, source)
        if other != room and not FLOORS.get(other, 99) < FLOORS[room]
    ]


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_imports_go_down_a_floor(path: Path) -> None:
    assert room_of(path) in FLOORS, f"{room_of(path)} has no floor yet"
    assert violations(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("tables.py", "from .readers import load"),
        ("tables.py", "from . import intervals"),
        ("readers/asr.py", "import smarttag_nb.plots"),
        ("readers/asr.py", "def f():\n    from ..measures import presence"),
        ("job.py", "from smarttag_nb import load"),
        ("job.py", "import smarttag_nb"),
    ],
)
def test_an_import_upward_or_sideways_is_seen(room: str, source: str) -> None:
    assert len(violations(PACKAGE / room, source)) == 1


def test_its_own_package_and_lower_floors_are_free() -> None:
    source = "from . import checks\nfrom .notes import Path\nfrom ..job import Job\nimport json"
    assert violations(PACKAGE / "readers" / "asr.py", source) == []
