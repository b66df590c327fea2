from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import smarttag_nb as stag
from smarttag_nb import Corpus, errors
from smarttag_nb.tables import TABLES, TEXT
from tests.corpus.answers import HOSTILE, answer, read


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    corpus = Corpus(tmp_path_factory.mktemp("sql") / "lake")
    corpus.add([read(answer(f"j{i}", sentences=i)) for i in range(4)], workers=1)
    return corpus


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_csv('{outside}')",
        "SELECT * FROM read_blob('{lake}/../secret.txt')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM read_parquet('http://127.0.0.1:9/x.parquet')",
        "SELECT * FROM sniff_csv('{outside}')",
        "SELECT getenv('HOME')",
        "SELECT * FROM duckdb_secrets() UNION ALL SELECT * FROM which_secret('x', 's3')",
        "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')",
        "FROM asked_for_by_a_variable",
    ],
)
def test_no_query_reads_another_file(corpus: Corpus, tmp_path: Path, query: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("CANARY")
    asked_for_by_a_variable = stag.tables.empty("speech")
    with pytest.raises(errors.QueryError) as caught:
        corpus.sql(query.format(outside=secret, lake=corpus.path))
    assert "CANARY" not in str(caught.value)
    assert asked_for_by_a_variable.empty


@pytest.mark.parametrize(
    "query",
    [
        "COPY speech TO '{outside}'",
        "COPY speech TO '{lake}/speech/x.parquet'",
        "CREATE TABLE x AS SELECT 1",
        "INSERT INTO live VALUES ('x')",
        "DELETE FROM loads",
        "DROP TABLE live",
        "ATTACH '{outside}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "PRAGMA database_list",
        "EXPORT DATABASE '{outside}'",
        "CALL pragma_version()",
        "SELECT 1; SELECT 2",
        "SELECT 1; COPY speech TO '{outside}'",
        "WITH gone AS (DELETE FROM live RETURNING 1) SELECT * FROM gone",
        "EXPLAIN ANALYZE COPY speech TO '{outside}'",
        "EXPLAIN ANALYZE DELETE FROM live",
        "",
        "--",
    ],
)
def test_no_query_writes(corpus: Corpus, tmp_path: Path, query: str) -> None:
    before = {path for path in Path(corpus.path).rglob("*")}
    for ask in (corpus.sql, corpus.stream):
        with pytest.raises(errors.QueryError):
            ask(query.format(outside=tmp_path / "out", lake=corpus.path))
    assert {path for path in Path(corpus.path).rglob("*")} == before
    assert not (tmp_path / "out").exists()
    assert len(corpus) == 4
    assert len(corpus.sql("FROM speech")) == 6


def test_a_stream_lasts_while_other_questions_are_asked(corpus: Corpus) -> None:
    stream = corpus.stream("SELECT speech_id FROM speech, range(100_000)")
    assert corpus.sql("FROM speech").shape[0] == len(corpus.table("speech")) == 6
    assert sum(len(batch) for batch in stream) == 600_000


def test_values_are_bound_and_never_read_as_sql(corpus: Corpus) -> None:
    for text in HOSTILE:
        assert corpus.sql("SELECT $text AS t", {"text": text}).t.tolist() == [text]
        assert corpus.sql("FROM jobs WHERE job_id = ?", [text]).empty
    with pytest.raises(errors.QueryError):
        corpus.sql("SELECT $text", {})


def test_what_is_no_text_and_no_values_is_refused_by_its_name(corpus: Corpus) -> None:
    with pytest.raises(errors.InvalidArgument, match=r"^params: .* got 3\.$"):
        corpus.sql("SELECT 1", 3)  # type: ignore[arg-type]
    with pytest.raises(errors.InvalidArgument, match=r"^params: "):
        corpus.table("speech", where="text = ?", params="你")
    for columns in ("text", []):
        with pytest.raises(errors.InvalidArgument, match=r"^columns: "):
            corpus.table("speech", columns)
    with pytest.raises(errors.InvalidArgument, match=r"^where: .* got 3\.$"):
        corpus.table("speech", where=3)  # type: ignore[arg-type]
    with pytest.raises(errors.InvalidArgument, match=r"^job_id: .* got 3\.$"):
        corpus.job(3)  # type: ignore[arg-type]
    # A lone surrogate, which is in no file and no engine.
    for ask in (corpus.sql, corpus.stream, corpus.job, corpus.remove):
        with pytest.raises(errors.InvalidArgument, match=r"got '\\ud800'\.$"):
            ask("\ud800")
    for job_ids in (3, ["j0", 3]):
        with pytest.raises(errors.InvalidArgument, match=r"^job_ids: .* got 3\.$"):
            corpus.remove(job_ids)  # type: ignore[arg-type]


def test_results_have_the_dtypes_of_the_vocabulary(corpus: Corpus) -> None:
    found = corpus.sql("""
        SELECT count(*) AS n, sum(speech_id) AS ids, max(start_time) AS last, min(text) AS text,
            bool_or(text IS NULL) AS missing, 2::HUGEINT ** 80 AS huge, NULL::BIGINT AS nothing
        FROM speech
    """)
    kinds = [str(found[name].dtype) for name in ("n", "ids", "last", "missing", "nothing")]
    assert kinds == ["Int64", "Int64", "float64", "boolean", "Int64"]
    assert found.text.dtype == TEXT
    assert found.n.tolist() == [6]
    assert corpus.sql("SELECT count(*) AS n FROM speech WHERE false").n.tolist() == [0]


def test_large_whole_numbers_keep_every_digit(corpus: Corpus) -> None:
    found = corpus.sql("SELECT 9007199254740993::BIGINT AS n UNION ALL SELECT NULL ORDER BY n")
    assert found.n[0] == 9007199254740993
    assert found.n.isna().tolist() == [False, True]
    assert Decimal(int(found.n[0])) == 2**53 + 1


def test_columns_of_one_name_stay_apart(corpus: Corpus) -> None:
    assert corpus.sql("SELECT 1 AS a, 2 AS a").iloc[0].tolist() == [1, 2]


def test_every_table_of_one_job_is_asked_by_name() -> None:
    job = stag.samples.load("magazine")
    for name in TABLES:
        (rows,) = stag.sql(job, f"SELECT count(*) AS n FROM {name}").n
        assert rows == len(job[name])
    assert stag.sql(job, "SELECT text FROM speech").text.tolist() == job.speech.text.tolist()
    with pytest.raises(errors.QueryError):
        stag.sql(job, "SELECT * FROM read_text('/etc/passwd')")
    with pytest.raises(errors.InvalidArgument, match="a Job"):
        stag.sql("job", "SELECT 1")  # type: ignore[arg-type]
