"""A few of each kind; all of them: tests/faults/run.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smarttag_nb.cloud import fetch, retry

from . import flipped, lake, notebook, processes
from .scenarios import CALLS, SCENARIOS, Cases, Scenario, cases

SOME = [
    scenario
    for scenario in SCENARIOS
    if scenario.slug in {"reset", "gzip-without-end", "cut-json", "wrong-type", "hang-up"}
    or scenario.slug in {"several-in-turn", "two-lengths", "all-that-was-asked-as-an-error"}
]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cases]:
    with cases(tmp_path_factory.mktemp("faults"), SOME) as made:
        yield made


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("scenario", SOME, ids=lambda scenario: scenario.slug)
def test_a_call_gives_the_right_data_or_an_error_of_ours_and_leaves_no_key(
    ready: Cases, scenario: Scenario, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "_BASE", 1e-4)
    monkeypatch.setattr(fetch, "_PAUSES", (1e-4, 1e-4))
    assert ready.run(scenario, call).wrong == []


def test_there_are_as_many_scenarios_as_names() -> None:
    assert len(SCENARIOS) >= 40
    assert len({scenario.slug for scenario in SCENARIOS}) == len(SCENARIOS)


def test_no_key_is_in_a_notebook(ready: Cases, tmp_path: Path) -> None:
    failed, found = notebook.traces(ready, tmp_path, SOME[:2])
    assert failed > 0
    assert found == 0


def test_what_was_acknowledged_outlives_a_kill_and_is_not_asked_again() -> None:
    counted = processes.run("kill", 5, 120)
    assert counted["kills"] == 5
    assert counted["asked though stored"] == 0


def test_eight_processes_ask_for_each_id_once() -> None:
    assert processes.run("eight", 20)["asked"] == 20


def test_a_full_disk_keeps_what_it_has_and_work_goes_on_when_there_is_room() -> None:
    for counted in processes.run("full").values():
        assert counted["stored"] + counted["then"] == 60


def test_a_flipped_byte_makes_no_wrong_answer() -> None:
    assert flipped.count(6)["bytes flipped"] == 6


@pytest.mark.parametrize("workers", [1, 2])
def test_a_corpus_has_nothing_half_and_loses_nothing_when_who_adds_is_killed(workers: int) -> None:
    assert lake.run("kill", 3, 60, workers)["kills"] == 3


def test_two_who_add_the_same_to_a_corpus_add_it_once() -> None:
    assert lake.run("two", 30)["jobs"] == 30


def test_a_corpus_shows_whole_jobs_alone_while_others_add_and_compact() -> None:
    assert lake.run("busy", 30)["looks"] > 0


def test_a_corpus_on_a_full_disk_keeps_what_it_has_and_work_goes_on_when_there_is_room() -> None:
    if not (counted := lake.run("full")):
        pytest.skip("a small disk cannot be mounted here")
    assert 0 < counted["before it was full"] < counted["jobs"]


def test_archives_that_end_anywhere_give_what_comes_before() -> None:
    assert lake.run("cut", 1)["archives cut"] == 6
