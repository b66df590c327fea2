from __future__ import annotations

import json
import os
import random
import shutil
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake

from smarttag_nb import Corpus, errors
from tests.corpus.answers import answer, labelled, read, says

NOW = timedelta(0)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    corpus = Corpus(tmp_path_factory.mktemp("made") / "lake")
    for start in range(0, 12, 4):
        corpus.add([read(answer(f"j{i}", sentences=3)) for i in range(start, start + 4)], workers=1)
    return Path(corpus.path)


@pytest.fixture
def corpus(made: Path, tmp_path: Path) -> Corpus:
    """Twelve jobs of three sentences each, in three files a table."""
    return Corpus(shutil.copytree(made, tmp_path / "lake"))


def files(corpus: Corpus, name: str) -> list[Path]:
    return sorted(Path(corpus.path, name).glob("month=*/*.parquet"))


def rows(corpus: Corpus, name: str) -> int:
    """All rows of a table, also of those that nobody needs."""
    return DeltaTable(f"{corpus.path}/{name}").count()


# Compacting


def test_compacting_deletes_what_was_removed_and_replaced_and_keeps_the_rest(
    corpus: Corpus,
) -> None:
    corpus.remove(["j0", "j1"])
    corpus.add(read(answer("j2", "other", 5)), workers=1)
    assert rows(corpus, "speech") == 3 * 12 + 5
    corpus.compact(NOW)
    assert rows(corpus, "speech") == len(corpus.table("speech")) == 3 * 9 + 5
    assert rows(corpus, "answers") == len(corpus) == 10
    for name in ("speech", "labels", "answers", "jobs"):
        assert len(files(corpus, name)) == 1
    assert corpus.check().empty
    assert corpus.job("j2") == read(answer("j2", "other", 5))
    assert corpus.job("j11") == read(answer("j11", sentences=3))
    # By the rows of jobs an answer is known, also one that was replaced.
    assert corpus.add(read(answer("j2", sentences=3)), workers=1).unchanged == 1
    assert corpus.add(read(answer("j0", sentences=3)), workers=1).added == 1


def test_compacting_leaves_what_somebody_may_still_read(corpus: Corpus) -> None:
    reader = Corpus(corpus.path)
    snapshot = reader._snapshot()
    corpus.remove("j0")
    corpus.compact()
    assert rows(corpus, "speech") == 36
    snapshot.show(["speech"])
    assert snapshot.count("speech") == 36
    assert len(corpus.table("speech")) == 33


def test_compacting_deletes_what_was_broken_off(corpus: Corpus, tmp_path: Path) -> None:
    lost = Path(corpus.path, "speech", "month=2020-01")
    lost.mkdir()
    shutil.copy(files(corpus, "speech")[0], lost / "nobody.parquet")
    orphan = Corpus(tmp_path / "other")
    orphan.add(read(answer("never committed", sentences=2)), workers=1)
    write_deltalake(
        f"{corpus.path}/speech",
        DeltaTable(f"{orphan.path}/speech").to_pyarrow_table(),
        mode="append",
    )
    assert corpus.check().empty
    assert len(corpus.table("speech")) == 36
    assert rows(corpus, "speech") == 38
    os.utime(lost / "nobody.parquet", (0, 0))
    corpus.compact(NOW)
    assert rows(corpus, "speech") == 36
    assert not list(lost.glob("*"))


def test_compacting_twice_changes_nothing(corpus: Corpus) -> None:
    corpus.compact(NOW)
    before = {name: files(corpus, name) for name in ("speech", "answers", "jobs")}
    corpus.compact(NOW)
    assert before == {name: files(corpus, name) for name in before}


def test_failures_that_are_over_are_deleted_and_others_stay(corpus: Corpus, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_text("{")
        corpus.add(tmp_path / f"{name}.json", workers=1)
    (tmp_path / "a.json").write_text(json.dumps(answer("a")))
    corpus.add(tmp_path / "a.json", workers=1)
    corpus.compact(NOW)
    assert rows(corpus, "failures") == 1
    assert corpus.table("failures").source.tolist() == [str(tmp_path / "b.json")]


@pytest.mark.parametrize("grace", [timedelta(-1), 3, None])
def test_a_grace_that_is_no_time_is_refused(tmp_path: Path, grace: object) -> None:
    with pytest.raises(errors.InvalidArgument, match="grace"):
        Corpus(tmp_path / "lake").compact(grace)  # type: ignore[arg-type]


# Checking


def told(corpus: Corpus) -> list[str]:
    """What `check` finds, or that it cannot even begin."""
    try:
        found = Corpus(corpus.path).check()
    except errors.LakeError as error:
        return [str(error)]
    return [f"{row.table}: {row.problem}" for row in found.itertuples()]


@pytest.mark.parametrize("name", ["speech", "labels", "answers", "jobs"])
def test_a_flipped_byte_is_told(corpus: Corpus, name: str) -> None:
    # Of many more: tests/faults/run.py.
    (file, *_) = files(corpus, name)
    whole = file.read_bytes()
    place = random.Random(name).randrange(len(whole))
    file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    assert told(corpus)
    file.write_bytes(whole)
    assert told(corpus) == []


@pytest.mark.parametrize("name", ["speech", "answers", "jobs"])
def test_a_file_that_is_gone_is_told(corpus: Corpus, name: str) -> None:
    files(corpus, name)[0].unlink()
    assert told(corpus)


def test_a_file_that_was_cut_is_told(corpus: Corpus) -> None:
    (file, *_) = files(corpus, "labels")
    file.write_bytes(file.read_bytes()[:-9])
    assert any("labels" in each and file.name in each for each in told(corpus))


@pytest.mark.parametrize("name", ["speech", "answers", "jobs"])
def test_rows_that_stand_twice_are_told(corpus: Corpus, name: str) -> None:
    first = pq.read_table(files(corpus, name)[0], partitioning=None)
    folder = files(corpus, name)[0].parent.name
    again = first.append_column("month", [[folder.partition("=")[2]] * first.num_rows])
    write_deltalake(f"{corpus.path}/{name}", again, mode="append")
    found = Corpus(corpus.path).check()
    assert set(found.table) == {name}
    assert set(found.job_id) == set(first["job_id"].to_pylist())


def test_rows_that_are_missing_are_told(corpus: Corpus) -> None:
    table = DeltaTable(f"{corpus.path}/speech")
    table.delete("job_id = 'j3' AND speech_id = 1")
    found = corpus.check()
    assert found.job_id.tolist() == ["j3"]
    assert found.problem.tolist() == ["2 rows with 2 ids, and should be 3"]
    DeltaTable(f"{corpus.path}/answers").delete("job_id = 'j4'")
    assert corpus.check().table.tolist() == ["speech", "answers"]


def test_an_answer_that_was_changed_is_told(corpus: Corpus) -> None:
    DeltaTable(f"{corpus.path}/answers").update({"raw": "X'7B7D'"}, predicate="job_id = 'j5'")
    found = corpus.check()
    assert found.job_id.tolist() == ["j5"]
    assert found.problem.tolist() == ["the answer is not what was received"]


def test_a_file_whose_rows_are_others_than_the_log_says_is_told(corpus: Corpus) -> None:
    one, other, *_ = files(corpus, "speech")
    shutil.copy(one, other)
    assert told(corpus)


def test_both_kinds_of_labels_survive_compacting(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path / "lake")
    auto, hmi = read(labelled("j", "auto", "a")), read(labelled("j", "hmi", "b"))
    corpus.add([auto], workers=1)
    corpus.add([hmi], workers=1)
    corpus.compact(NOW)
    assert corpus.job("j", params='{"labelResultType":"auto"}') == auto
    assert corpus.job("j", params='{"labelResultType":"hmi"}') == hmi
    assert corpus.remove("j") == 2
    corpus.compact(NOW)
    assert rows(corpus, "boxes") == 0
    assert says(Corpus(corpus.path), "j") if len(corpus) else corpus.check().empty
