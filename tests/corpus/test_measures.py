from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb.corpus import measures
from smarttag_nb.measures.search import search
from tests.measures.jobs import job_of


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> stag.Corpus:
    """Jobs of a year, one of them failed."""
    folder = tmp_path_factory.mktemp("library")
    corpus = stag.Corpus(folder / "lake")
    corpus.add(stag.samples.library(folder / "answers", jobs=24), workers=1)
    return corpus


def corpus_of(folder: Path, **jobs: stag.Job) -> stag.Corpus:
    corpus = stag.Corpus(folder / "lake")
    named = [dataclasses.replace(job, job_id=name) for name, job in jobs.items()]
    corpus.add(named, workers=1)
    return corpus


def seen(seconds: float, *rows: tuple[str, float, float]) -> stag.Job:
    """A job of that duration with persons seen from a second to another."""
    names, starts, ends = zip(*rows, strict=True)
    return job_of(
        seconds,
        labels={"kind": ["person"] * len(rows), "name": names},
        occurrences={"label_id": range(len(rows)), "start_time": starts, "end_time": ends},
    )


def test_presence_counts_jobs_and_measures_their_media(tmp_path: Path) -> None:
    corpus = corpus_of(
        tmp_path,
        one=seen(10, ("甲", 0, 4), ("甲", 2, 5), ("乙", 0, 1)),
        two=seen(30, ("甲", 0, 5)),
        untimed=job_of(labels={"kind": ["person"], "name": ["乙"]}),
    )
    table = measures.presence(corpus, kind="person")
    assert table[["name", "jobs", "seconds", "ratio"]].to_numpy().tolist() == [
        ["甲", 2, 10, 0.25],
        ["乙", 2, 1, 0.1],
    ]
    assert measures.presence(corpus, kind="tag").empty


def test_pairs_are_of_jobs_and_of_seconds(tmp_path: Path) -> None:
    corpus = corpus_of(
        tmp_path,
        together=seen(10, ("b", 0, 4), ("a", 2, 6)),
        apart=seen(10, ("b", 0, 4), ("a", 4, 6)),
        alone=seen(10, ("b", 0, 2)),
    )
    (pair,) = measures.co_appearance(corpus).to_dict("records")
    assert (pair["name_a"], pair["name_b"], pair["jobs"], pair["seconds"]) == ("a", "b", 2, 2)
    assert pair["jobs_jaccard"] == pytest.approx(2 / 3)
    assert pair["jaccard"] == pytest.approx(2 / (6 + 10 - 2))
    assert measures.co_appearance(corpus, names=["a"]).empty


def test_a_month_is_measured_by_all_of_its_media(library: stag.Corpus) -> None:
    table = measures.trends(library, kind="person")
    jobs = library.sql("SELECT month, sum(duration) AS seconds FROM jobs GROUP BY month")
    held = table["month"].map(jobs.set_index("month")["seconds"])
    assert (table["ratio"] * held).to_numpy() == pytest.approx(table["seconds"].to_numpy())
    assert table["month"].is_monotonic_increasing
    name = table["name"].iloc[0]
    only = measures.trends(library, names=[name])
    assert only["name"].unique().tolist() == [name]
    assert len(only) == (table["name"] == name).sum()


texts = st.lists(st.sampled_from(["ＡＢＣ water", "水温", "straße", "㎏ x", "", None]), max_size=4)


@settings(max_examples=2, phases=[Phase.generate])
@given(st.lists(st.tuples(texts, texts), min_size=5, max_size=9),
       st.sampled_from(["abc", "水", "STRASSE", "g x"]))  # fmt: skip
def test_phrases_are_found_where_search_finds_them(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[Any, Any]], what: str
) -> None:
    made = {
        f"j{k}": job_of(
            speech={"text": said, "start_time": range(len(said))},
            ocr={"text": shown, "timestamp": range(len(shown)), "start_time": [0.5] * len(shown)},
        )
        for k, (said, shown) in enumerate(told)
    }
    corpus = corpus_of(tmp_path_factory.mktemp("phrases"), **made)
    found = measures.phrases(corpus, what)
    for name, job in made.items():
        expected = search(job, what, tables=["speech", "ocr"])
        columns = ["table_name", "row_id", "start_time", "end_time", "text"]
        expected = expected[columns].drop_duplicates().sort_values(columns, ignore_index=True)
        ours = found.loc[found["job_id"] == name, columns]
        pd.testing.assert_frame_equal(ours.sort_values(columns, ignore_index=True), expected)


def test_all_words_may_stand_in_any_order(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, a=job_of(speech={"text": ["时间比 Ｗater 更重要", "water"]}))
    assert measures.phrases(corpus, "WATER 时间", how="words")["row_id"].tolist() == [0]
    assert measures.phrases(corpus, "WATER 时间").empty
    assert measures.phrases(corpus, "water", tables="ocr").empty


def test_nothing_found_has_the_same_columns(library: stag.Corpus) -> None:
    some, none = measures.phrases(library, "a"), measures.phrases(library, "nobody says this")
    assert none.empty
    assert list(none.columns) == list(some.columns)


def test_coverage_counts_answers_with_rows(tmp_path: Path) -> None:
    for folder, names in {"a": ["smarttag", "cpv-auto"], "b": ["image"]}.items():
        (tmp_path / folder).mkdir()
        for name in names:
            answer = stag.samples.path("magazine", name)
            (tmp_path / folder / answer.name).write_bytes(answer.read_bytes())
    lines = [json.dumps(json.loads(stag.samples.path("magazine", name).read_bytes()))
             for name in ("mts", "failed")]  # fmt: skip
    (tmp_path / "c.jsonl").write_text("\n".join(lines), encoding="utf-8")
    corpus = stag.Corpus(tmp_path / "lake")
    corpus.add([tmp_path / "a", tmp_path / "b", tmp_path / "c.jsonl"], workers=1)
    corpus.add(stag.samples.load("magazine", "pending"), workers=1)
    table = measures.coverage(corpus, by="source")
    assert {name.rpartition("/")[2] for name in table["source"]} == {"a", "b", "c.jsonl", "Job"}
    speech = table[table["table_name"] == "speech"].set_index("source")
    assert speech.loc[str(tmp_path / "a"), ["answers", "with_rows", "share"]].tolist() == [
        2,
        1,
        0.5,
    ]
    counts = corpus.counts()
    assert table["rows"].sum() == sum(counts[name] for name in stag.tables.TABLES)
    months = measures.coverage(corpus, by="month")
    assert months.drop_duplicates("month")["answers"].sum() == 6


def test_problems_are_counted_with_what_they_stand_for(tmp_path: Path) -> None:
    corpus = stag.Corpus(tmp_path / "lake")
    corpus.add([stag.samples.path("magazine", name) for name in ("cognition", "process")],
               workers=1)  # fmt: skip
    table = measures.problems(corpus, by="operation")
    every = corpus.table("problems")
    assert table["items"].sum() == every["repeats"].sum()
    assert set(table["code"]) == set(every["code"])
    assert measures.problems(corpus)["answers"].max() == 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda c: measures.presence("lake"), "corpus: expected a Corpus"),
        (lambda c: measures.presence(c, kind="persons"), "kind: expected one or more of person"),
        (lambda c: measures.co_appearance(c, names=[3]), "names: expected names of labels, got 3"),
        (lambda c: measures.phrases(c, " "), "what: expected text that is not empty"),
        (lambda c: measures.phrases(c, "a", how="all"), 'how: expected "phrase" or "words"'),
        (lambda c: measures.phrases(c, "a", tables=[]), "tables: expected speech, ocr or both"),
        (lambda c: measures.phrases(c, "a", tables="words"), "searched table"),
        (lambda c: measures.coverage(c, by="job"), "by: expected one of operation, month, source"),
    ],
)
def test_what_cannot_be_meant_is_refused(library: stag.Corpus, call: Any, message: str) -> None:
    with pytest.raises((stag.errors.InvalidArgument, stag.errors.UnknownName), match=message):
        call(library)


def test_an_empty_corpus_has_empty_measures(tmp_path: Path) -> None:
    corpus = stag.Corpus(tmp_path / "lake")
    for table in (
        measures.presence(corpus),
        measures.co_appearance(corpus),
        measures.trends(corpus),
        measures.phrases(corpus, "a"),
        measures.coverage(corpus),
        measures.problems(corpus),
    ):
        assert table.empty
        assert len(table.columns)


def test_more_rows_than_a_frame_should_hold_come_in_batches(library: stag.Corpus) -> None:
    reader = library.stream("SELECT job_id, text FROM best_speech")
    assert sum(batch.num_rows for batch in reader) == library.counts()["speech"]
    with pytest.raises(stag.errors.QueryError, match="Expected a SELECT"):
        library.stream("DELETE FROM jobs")


def test_its_card_tells_what_it_holds(library: stag.Corpus, tmp_path: Path) -> None:
    card = library._repr_html_()
    assert "24, of 24 jobs" in card
    assert "2025-10 to 2026-09" in card
    empty = stag.Corpus(tmp_path / "<b>lake")._repr_html_()
    assert "none yet" in empty
    assert "&lt;b&gt;lake" in empty
    (tmp_path / "broken.json").write_text("{")
    broken = stag.Corpus(tmp_path / "lake")
    broken.add(tmp_path / "broken.json", workers=1)
    assert "1 failure<" in broken._repr_html_()


def test_tab_completion_shows_measures_plots_and_methods(library: stag.Corpus) -> None:
    assert {"Corpus", "measures", "plots", "sql"} <= set(dir(stag.corpus))
    assert {"add", "sql", "stream", "table", "views", "job", "counts"} <= set(dir(library))
    assert {"network", "matrix", "trends", "coverage"} <= set(dir(stag.corpus.plots))
