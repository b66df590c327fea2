"""Notebooks read well where nothing runs: their outputs are there, small, and of this code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
WIDGET = "application/vnd.jupyter.widget-view+json"
BAR = r"\d%\||\d\d:\d\d$|/\w+\]$"
"""How a progress bar reads."""


def shown(cell: nbformat.NotebookNode) -> list[tuple[str, ...]]:
    """What a cell's outputs say: text as it is, pictures by their presence."""
    outputs = []
    for output in cell.outputs:
        assert output.output_type != "error", output.get("evalue")
        if output.output_type == "stream":
            outputs.append(("stream", output.text))
        elif WIDGET in output.data and re.search(BAR, output.data["text/plain"]):
            continue  # It is there only where something took long.
        else:
            # The explorer's page is compressed, which differs from library to library.
            html = re.sub(r'srcdoc="[^"]*"', "srcdoc", output.data.get("text/html", ""))
            # Addresses and ids differ from run to run; a figure's size from font to font.
            text = re.sub(r"size \d+x\d+", "size", output.data.get("text/plain", ""))
            outputs.append((*sorted(output.data), text, html))
    return outputs


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_committed_outputs_are_of_this_code(path: Path) -> None:
    committed = nbformat.read(path, as_version=4)
    executed = nbformat.read(path, as_version=4)
    # What is printed at intervals comes in one piece or in several.
    NotebookClient(executed, timeout=120, kernel_name="python3", coalesce_streams=True).execute()
    cells = zip(committed.cells, executed.cells, strict=True)
    for before, after in (pair for pair in cells if pair[0].cell_type == "code"):
        assert before.execution_count, "run the notebook and commit its outputs"
        assert shown(before) == shown(after), before.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_thin(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert notebook.cells[0].cell_type == "markdown"
    assert notebook.cells[0].source.startswith("# ")
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    tree = ast.parse("\n".join(code))
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    assert not any(isinstance(node, defined) for node in ast.walk(tree))
    assert any(isinstance(node, ast.Assert) for node in ast.walk(tree))
    assert any("# NBVAL_CHECK_OUTPUT" in source for source in code)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_widget_state_is_stored(path: Path) -> None:
    # It would win over the explorer's page in an export, and show nothing there.
    assert "widgets" not in nbformat.read(path, as_version=4).metadata


def test_notebooks_are_small() -> None:
    assert len(NOTEBOOKS) >= 2
    assert sum(path.stat().st_size for path in NOTEBOOKS) <= 3e6
    assert all(path.stat().st_size <= 600e3 for path in NOTEBOOKS)
