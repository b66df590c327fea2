from __future__ import annotations

import json
from pathlib import Path

import pytest

from smarttag_nb import Corpus, errors
from smarttag_nb.corpus import Added, ingest
from smarttag_nb.corpus.lake import Lake
from smarttag_nb.corpus.schema import SCHEMAS
from tests.corpus.answers import answer, save


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for i in range(6):
        save(tmp_path / "in" / f"{i}.json", answer(f"j{i}"))
    (tmp_path / "in" / "3.json").write_text("{")
    (tmp_path / "in" / "notes.md").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"workers": 0}, "1 or more"),
        ({"workers": 1.5}, "1 or more"),
        ({"on_error": "ignore"}, '"record" or "raise"'),
        ({"sources": 3}, "paths, Stores or Jobs"),
    ],
)
def test_arguments_of_the_wrong_kind_are_told(tmp_path: Path, arguments, message) -> None:
    with pytest.raises(errors.InvalidArgument, match=message):
        Corpus(tmp_path / "lake").add(**{"sources": [], "workers": 1, **arguments})


def test_what_became_of_each_is_counted(folder: Path) -> None:
    added = Corpus(folder / "lake").add(folder / "in", workers=1)
    assert added == Added(added=5, unchanged=0, failed=1, ignored=1, rows=15)
    told = "5 added (15 rows), 0 unchanged, 1 failed, 1 file of another kind ignored"
    assert str(added) == told
    assert str(Added(1_000, 2)) == "1,000 added (0 rows), 2 unchanged"


def test_raising_keeps_what_was_committed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "_PART_ITEMS", 2)
    corpus = Corpus(folder / "lake")
    with pytest.raises(errors.NotAnAnswer) as caught:
        corpus.add(folder / "in", workers=1, on_error="raise")
    assert caught.value.__notes__ == [f"It is of {folder / 'in' / '3.json'}."]
    assert len(corpus) == 2
    assert corpus.table("failures").empty
    assert corpus.check().empty
    assert corpus.add(folder / "in", workers=1).added == 3


def test_raising_tells_of_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(errors.NotAnAnswer, match=r"nowhere\.json, which cannot be read \("):
        Corpus(tmp_path / "lake").add(tmp_path / "nowhere.json", workers=1, on_error="raise")


def test_jobs_are_committed_last(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed: list[str] = []
    commit = Lake.commit

    def listing(lake: Lake, name: str, actions: object) -> None:
        commit(lake, name, actions)  # type: ignore[arg-type]
        committed.append(name)

    monkeypatch.setattr(Lake, "commit", listing)
    Corpus(folder / "lake").add(folder / "in", workers=1)
    assert committed[-1] == "jobs"
    assert set(committed) <= set(SCHEMAS)


@pytest.mark.parametrize("last", ["labels", "answers", "jobs"])
def test_nothing_shows_of_what_was_broken_off_between_commits(
    folder: Path, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    commit = Lake.commit

    def breaking(lake: Lake, name: str, actions: object) -> None:
        if name == last:
            raise errors.LakeError(lake.url, "nothing can be written")
        commit(lake, name, actions)  # type: ignore[arg-type]

    corpus = Corpus(folder / "lake")
    with monkeypatch.context() as patch:
        patch.setattr(Lake, "commit", breaking)
        with pytest.raises(errors.LakeError, match="nothing can be written"):
            corpus.add(folder / "in", workers=1)
    assert len(corpus) == 0
    assert corpus.table("speech").empty
    assert corpus.check().empty
    assert corpus.add(folder / "in", workers=1).added == 5
    assert len(corpus.table("speech")) == 5
    assert corpus.check().empty


def test_an_error_s_text_is_kept_short_and_printable(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps("\x1b[31m" + "x" * 10_000))
    corpus = Corpus(tmp_path / "lake")
    corpus.add(tmp_path / "x.json", workers=1)
    (error,) = corpus.table("failures").error
    assert len(error) <= 2_000
    assert "\x1b" not in error
