from __future__ import annotations

import numpy as np
import pytest

import smarttag_nb as stag
from smarttag_nb.measures.sentences import sentence_starts, speakers
from tests.measures.jobs import EMPTY, TWO_RESULTS, job_of


@pytest.mark.parametrize(
    ("table", "column", "starts"),
    [
        ("highlights", "sentence_id", [11, 11, 2]),
        ("summaries", "question_sentences", [13, np.nan, np.nan]),
        ("summaries", "answer_sentences", [14, 12, np.nan]),
    ],
)
def test_sentences_of_two_results_with_one_number_stay_apart(
    table: str, column: str, starts: list[float]
) -> None:
    job = job_of(**TWO_RESULTS)
    np.testing.assert_array_equal(sentence_starts(job, job[table], column), starts)


def test_two_results_of_one_type_stay_apart() -> None:
    made = {
        name: {**columns, "result_type": ["NLP"] * len(columns["result_type"])}
        for name, columns in TWO_RESULTS.items()
    }
    job = job_of(**made)
    assert sentence_starts(job, job.highlights, "sentence_id").tolist() == [11, 11, 2]


def test_a_sentence_told_in_parts_begins_with_the_first_that_has_a_time() -> None:
    speech = {"start_time": [None, 5.0, 4.0], "sentence_id": [1, 1, 1], "text": list("abc")}
    job = job_of(speech=speech, highlights={"sentence_id": [1, None, 2], "text": list("xyz")})
    starts = sentence_starts(job, job.highlights, "sentence_id")
    np.testing.assert_array_equal(starts, [4, np.nan, np.nan])


def test_what_is_no_number_of_a_sentence_has_no_time() -> None:
    job = job_of(**TWO_RESULTS)
    asked = [[["1"], {}, "1", None, 1.5]] * 3
    rows = job.summaries.assign(question_sentences=asked)
    assert np.isnan(sentence_starts(job, rows, "question_sentences")).all()
    assert sentence_starts(EMPTY, EMPTY.highlights, "sentence_id").shape == (0,)


def test_speakers_have_the_names_of_their_own_results_summaries() -> None:
    job = job_of(**TWO_RESULTS)
    assert speakers(job, job.best("speech", "NLP")) == ["1", "1", "2", "2"]
    assert speakers(job, job.best("speech", "AiResult")) == ["Ann", "2"]


def test_sentences_without_speakers_have_those_of_the_same_time() -> None:
    job = stag.samples.load("magazine", answer="cognition")
    assert job.best("speech")["speaker_id"].isna().all()
    assert speakers(job, job.best("speech"))[0] == "沈青禾"
