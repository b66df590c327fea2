from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from deltalake import DeltaTable

from smarttag_nb import Corpus, errors
from smarttag_nb.corpus.lake import Lake
from smarttag_nb.corpus.part import write_file
from smarttag_nb.corpus.schema import SCHEMAS
from tests.corpus.answers import answer, read


def test_a_folder_is_taken_as_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Lake.at("lake", None).url == str(tmp_path / "lake")
    assert Lake.at("~/lake", None) == Lake.at(tmp_path / "x" / ".." / "lake", None)
    assert Lake.at("s3://bucket/lake/", None).url == "s3://bucket/lake"


@pytest.mark.parametrize("path", ["", None, 3, b"lake"])
def test_what_is_no_folder_is_told(path: object) -> None:
    with pytest.raises(errors.InvalidArgument, match="a folder, or the URL"):
        Corpus(path)  # type: ignore[arg-type]


def test_a_file_and_a_folder_with_other_things_are_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(errors.LakeError, match="holds something else"):
        Corpus(tmp_path)
    with pytest.raises(errors.LakeError, match="this is a file"):
        Corpus(tmp_path / "notes.txt")


@pytest.mark.parametrize("name", ["a%41", "a%2Fb", "[a]", "a|b", "a^", "a\\b", "a\nb", "a*", "a?b"])
def test_a_folder_of_a_name_that_cannot_be_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(errors.LakeError, match="Name another one"):
        Corpus(tmp_path / name / "lake")


@pytest.mark.parametrize(
    "name", ["小 湖", "100% done", "a'b\"c", "#x", "{a}", "a:b", "job_id=1", "~", "; --"]
)
def test_a_folder_of_any_other_name_serves(tmp_path: Path, name: str) -> None:
    corpus = Corpus(tmp_path / name / "lake")
    corpus.add(read(answer("j")), workers=1)
    assert corpus.job("j") == read(answer("j"))
    corpus.compact()
    assert corpus.check().empty
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


def test_a_lake_that_another_version_made_is_refused(tmp_path: Path) -> None:
    other = SCHEMAS["speech"].remove(2)
    DeltaTable.create(str(tmp_path / "lake" / "speech"), other)
    with pytest.raises(errors.LakeError, match=r"another version of smarttag_nb.*speech_id"):
        Corpus(tmp_path / "lake").add(read(answer("j")), workers=1)
    assert len(Corpus(tmp_path / "lake")) == 0


def test_what_gets_into_an_object_store_is_never_shown() -> None:
    secret = {"AWS_SECRET_ACCESS_KEY": "CANARY"}
    corpus = Corpus("s3://bucket/lake", storage_options=secret)
    lake = Lake.at("s3://bucket/lake", secret)
    assert corpus.path == "s3://bucket/lake"
    assert "CANARY" not in repr(lake)
    assert pickle.loads(pickle.dumps(lake)) == lake


def test_a_damaged_log_is_told(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path / "lake")
    corpus.add(read(answer("j")), workers=1)
    for file in (tmp_path / "lake" / "speech" / "_delta_log").iterdir():
        file.write_text("{")
    with pytest.raises(errors.LakeError, match="the table speech cannot be read"):
        Corpus(tmp_path / "lake").table("speech")


def test_a_table_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    lake = Lake.at(tmp_path / "lake", None)
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "speech").touch()
    with pytest.raises(errors.LakeError, match=r"the table speech cannot be written.*is whole"):
        write_file(lake, "speech", SCHEMAS["speech"].empty_table())
