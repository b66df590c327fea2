"""``smarttag notebooks``: the notebooks, to run and change."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from .console import Commands


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("notebooks", help="copy the notebooks into a folder")
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to copy them")
    parser.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> None:
    package = Path(__file__).parent.parent
    # Beside the package in a checkout, inside of it once installed.
    folders = (package / "notebooks", package.parent / "notebooks")
    source = next(folder for folder in folders if folder.is_dir())
    given.folder.mkdir(parents=True, exist_ok=True)
    for notebook in sorted(source.glob("*.ipynb")):
        target = given.folder / notebook.name
        if target.exists():
            print(f"{target} is there already and was left as it is")
            continue
        shutil.copyfile(notebook, target)
        print(target)
    # The pictures that their text shows.
    shutil.copytree(source / "images", given.folder / "images", dirs_exist_ok=True)
