from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import smarttag_nb as stag


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    one, other = (stag.samples.library(tmp_path / name, jobs=8) for name in ("a", "b"))
    assert [file.read_bytes() for file in one] == [file.read_bytes() for file in other]
    assert [file.name for file in one] == [file.name for file in other]
    third = stag.samples.library(tmp_path / "c", jobs=8, seed=1)
    assert one[0].read_bytes() != third[0].read_bytes()


def test_answers_are_read_without_a_problem_and_ratios_fit(tmp_path: Path) -> None:
    files = stag.samples.library(tmp_path, jobs=62)
    for file in files[:24]:
        job = stag.load(file)
        assert job.problems.empty
        assert job.status == ("Fail" if file.stem.endswith("23") else "Success")
        if job.status == "Success":
            assert stag.measures.presence(job)["ratio_difference"].abs().max() < 0.01
    with pytest.raises(stag.errors.NotAnAnswer):
        stag.load(files[61])


def test_files_are_as_old_as_their_answers_would_be(tmp_path: Path) -> None:
    files = stag.samples.library(tmp_path, jobs=24)
    months = [datetime.fromtimestamp(file.stat().st_mtime, UTC).strftime("%Y-%m") for file in files]
    assert months == sorted(months)
    assert (months[0], months[-1], len(set(months))) == ("2025-10", "2026-09", 12)


@pytest.mark.parametrize("wrong", [{"jobs": 0}, {"jobs": "3"}, {"seed": 0.5}])
def test_what_is_no_number_is_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(stag.errors.InvalidArgument, match="expected a whole number"):
        stag.samples.library(tmp_path, **wrong)  # type: ignore[arg-type]
