"""What stands at the root says the same as the code."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import smarttag_nb
from tests.readme import README, filled

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def ranges(lines: list[str]) -> dict[str, str]:
    found = [Requirement(line) for line in lines]
    return {canonicalize_name(one.name): str(one.specifier) for one in found}


def test_environment_and_project_ask_for_the_same() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *conda, pip = environment["dependencies"]
    assert pip["pip"][-1] == "."
    asked = ranges([*conda, *pip["pip"][:-1]])
    assert asked.pop("python") == PROJECT["requires-python"]
    assert asked.pop("pip") == ""
    extras = PROJECT["optional-dependencies"]
    (own,) = [one for one in map(Requirement, extras["all"]) if one.name == "smarttag-nb"]
    needed = [line for extra in sorted(own.extras) for line in extras[extra]]
    assert asked == ranges(PROJECT["dependencies"] + needed)


def test_all_extras_are_in_all_and_tested() -> None:
    extras = PROJECT["optional-dependencies"]
    features = set(extras) - {"all", "test"}
    for extra in ("all", "test"):
        (own,) = [one for one in map(Requirement, extras[extra]) if one.name == "smarttag-nb"]
        assert own.extras == features


def test_constraints_pin_what_is_asked_for() -> None:
    lines = (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = ranges([line for line in lines if line and not line.startswith("#")])
    assert all(pin.startswith("==") for pin in pinned.values())
    wanted = ranges(PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"])
    wanted.pop("smarttag-nb")
    for name, specifier in wanted.items():
        assert Requirement(f"{name}{specifier}").specifier.contains(pinned[name][2:])


def test_readme_shows_the_tables_as_they_are() -> None:
    text = README.read_text(encoding="utf-8")
    assert filled(text) == text, "run: python -m tests.readme"
    assert "| `speech` |" in text


def test_readme_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # It writes a report.
    text = README.read_text(encoding="utf-8")
    code = text.split("```python\n")[1].split("```")[0]
    assert len(code.strip().splitlines()) <= 11
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert isinstance(names["job"], smarttag_nb.Job)


def test_every_file_that_readme_names_is_there() -> None:
    text = README.read_text(encoding="utf-8")
    for name in (
        "notebooks/images/explorer.jpg",
        "notebooks/00_quickstart.ipynb",
        "notebooks/01_appearance_ratios.ipynb",
        "notebooks/04_chapters_and_minutes.ipynb",
        "notebooks/05_machine_vs_human.ipynb",
        "notebooks/06_cloud_jobs.ipynb",
        "notebooks/07_many_jobs.ipynb",
        "notebooks/08_report.ipynb",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "smarttag_nb/samples/magazine/LICENSES.md",
    ):
        assert name in text
        assert (ROOT / name).is_file()


MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(smarttag_nb.__path__, "smarttag_nb.")
    if ".notebooks" not in module.name
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name: str) -> None:
    import matplotlib.pyplot as plt

    failed, _ = doctest.testmod(importlib.import_module(name))
    plt.close("all")
    assert not failed


@pytest.mark.parametrize(
    "public",
    [
        "smarttag_nb.load",
        "smarttag_nb.read_callback",
        "smarttag_nb.Job",
        "smarttag_nb.tables.empty",
        "smarttag_nb.tables.conform",
        "smarttag_nb.tables.describe",
        "smarttag_nb.measures.presence",
        "smarttag_nb.plots.ratios",
        "smarttag_nb.samples.load",
        "smarttag_nb.samples.truth",
    ],
)
def test_public_names_are_documented_with_an_example(public: str) -> None:
    module, name = public.rsplit(".", 1)
    documented = getattr(importlib.import_module(module), name).__doc__
    for part in ("Examples\n", ">>>", "Returns\n" if name != "Job" else "Attributes\n"):
        assert part in documented
