from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb import intervals
from smarttag_nb.measures import speaking_time
from tests.measures.jobs import job_of, on_whole_jobs, same_form

whole = st.one_of(st.integers(0, 30).map(float), st.just(np.nan))
sentences = st.lists(
    st.tuples(st.sampled_from(["1", "2", "", None]), whole, whole), min_size=1, max_size=16
)


def talk(rows: list[tuple[str | None, float, float]], **tables: dict[str, list[str]]) -> stag.Job:
    """Sentences of (speaker, start, end)."""
    speaker, start, end = zip(*rows, strict=True)
    said = {"speaker_id": speaker, "start_time": start, "end_time": end}
    return job_of(speech={**said, "result_type": ["NLP"] * len(rows)}, **tables)


@on_whole_jobs
@given(sentences)
def test_each_speaker_has_the_time_of_their_own_sentences(
    rows: list[tuple[str | None, float, float]],
) -> None:
    table = speaking_time(talk(rows))
    keys = [None if isinstance(one, float) else one for one in table["speaker_id"]]
    assert sorted(map(str, keys)) == sorted({str(row[0]) for row in rows})
    assert None not in keys[:-1]
    anybody = intervals.union([row[1] for row in rows], [row[2] for row in rows])
    for key, row in zip(keys, table.itertuples(), strict=True):
        own = [one[1:] for one in rows if one[0] == key]
        lengths = [end - start for start, end in own if start <= end]
        assert row.sentences == len(own)
        if not lengths:
            assert np.isnan([row.seconds, row.share, row.longest]).all()
            continue
        assert row.seconds == intervals.union([s for s, _ in own], [e for _, e in own])
        assert row.longest == max(lengths)
        if anybody:
            assert row.share == pytest.approx(row.seconds / anybody)


def test_who_speaks_longest_comes_first_and_nobody_last() -> None:
    table = speaking_time(talk([(None, 0, 50), ("2", 50, 51), ("1", 51, 60)]))
    assert table["speaker_id"].tolist()[:2] == ["1", "2"]
    assert table["speaker_id"].isna().tolist() == [False, False, True]
    assert table["share"].sum() == pytest.approx(1)


def test_shares_of_those_who_talk_at_once_add_up_to_more_than_one() -> None:
    table = speaking_time(talk([("1", 0, 10), ("2", 5, 10)]))
    assert table["share"].tolist() == [1.0, 0.5]


def test_names_come_from_the_summaries_of_the_same_result() -> None:
    summaries = {
        "kind": ["speaker", "speaker", "speaker", "question"],
        "speaker_id": ["1", "1", "2", "2"],
        "speaker": ["甲", "乙", "丙", "丁"],
        "result_type": ["NLP", "NLP", "Other", "NLP"],
    }
    table = speaking_time(talk([("1", 0, 9), ("2", 9, 12)], summaries=summaries))
    assert table["speaker"].fillna("").tolist() == ["甲", ""]


def test_a_result_that_tells_speakers_is_preferred() -> None:
    job = stag.samples.load("magazine", "cognition")
    assert set(job.best("speech")["result_type"]) == {"ASR"}
    assert speaking_time(job).equals(speaking_time(job, result_type="NLP"))
    told = speaking_time(job, result_type="ASR")
    assert told["speaker_id"].isna().tolist() == [True]
    assert told["sentences"].tolist() == [23]


@pytest.mark.parametrize("answer", ["image", "pending"])
def test_without_speech_there_are_no_rows(answer: str) -> None:
    table = speaking_time(stag.samples.load("magazine", answer))
    assert table.empty
    assert same_form(table, speaking_time(stag.samples.load("magazine", "cognition")))
