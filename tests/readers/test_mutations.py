"""Whatever is done to an answer, nothing of it vanishes and nothing unexpected is raised."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import smarttag_nb as stag
from tests.readers.mutations import (
    BODIES,
    FORMS,
    VALUES,
    as_text,
    check_contract,
    expected,
    load,
    mutated,
    thoroughly,
    wrap,
)


@thoroughly
@given(mutated(), st.sampled_from(sorted(FORMS)))
def test_every_mutation_ends_in_a_job_or_in_our_error(case: tuple[str, Any], form: str) -> None:
    job = load(FORMS[form](*case))
    if job is None:
        assert form.startswith("Data alone")
        return
    check_contract(job)
    job._repr_html_().encode()
    assert pickle.loads(pickle.dumps(job)) == job


@thoroughly
@given(mutated())
def test_every_item_has_a_row_or_exactly_one_skipped_problem(case: tuple[str, Any]) -> None:
    kind, body = case
    text = as_text(body)
    job = load(json.dumps(wrap(kind, text)))
    assert job is not None
    if (job.problems["code"] == "type-mismatch").any():
        return
    rows, others = expected(kind, json.loads(as_text(body, deep="[[]]")))
    for table, count in rows.items():
        assert len(job[table]) == count, (table, job.problems.to_dict("records"))
    skipped = job.problems[job.problems["action"] == "skipped"]
    no_objects = skipped[skipped["message"].str.startswith("expected an object, got")]
    assert no_objects["repeats"].sum() == others, job.problems.to_dict("records")


@thoroughly
@given(st.sampled_from(sorted(BODIES)), st.data())
def test_a_truncated_document_is_told(kind: str, data: st.DataObject) -> None:
    text = json.dumps(BODIES[kind], ensure_ascii=False)
    cut = data.draw(st.integers(1, len(text) - 1))
    job = load(json.dumps(wrap(kind, text[:cut])))
    assert job is not None
    assert job.problems["code"].tolist() == ["not-json"]
    assert job.problems["action"].tolist() == ["skipped"]
    with pytest.raises(stag.errors.NotAnAnswer, match="broken JSON"):
        stag.load(text[:cut])


@thoroughly
@given(st.binary(max_size=60) | st.text(max_size=60) | st.recursive(VALUES, st.lists, max_leaves=4))
def test_what_is_no_answer_is_refused_in_our_words(source: Any) -> None:
    job = load(source)
    if job is not None:
        check_contract(job)


@pytest.mark.parametrize("depth", [900, 5_000])
@pytest.mark.parametrize("opening", ["[", '{"a":', '{"topic":['])
def test_nesting_of_any_depth(depth: int, opening: str) -> None:
    closing = {"[": "]", '{"a":': "}", '{"topic":[': "]}"}[opening]
    deep = opening * depth + ("0" if opening == '{"a":' else "") + closing * depth
    for text in (deep, json.dumps(wrap("NLP", deep)), f'{{"details": {deep}}}',
                 f'{{"title": {deep}}}'):  # fmt: skip
        job = load(text)
        if job is not None:
            repr(job), job._repr_html_()
    mindmap = f'{{"summarization": {{"mindMapSummary": [{deep}]}}}}'
    job = load(json.dumps(wrap("NLP", mindmap)))
    assert job is not None
    if opening == '{"topic":[':
        assert job.mindmap["depth"].tolist() == list(range(depth))


@pytest.mark.parametrize("extra", [True, False])
def test_duplicate_keys_the_last_wins(extra: bool) -> None:
    more = ', "odd": 1' if extra else ""
    job = load('{"details": [{"from": 1, "from": 2, "to": 3, "content": "x"' + more + "}]}")
    assert job is not None
    assert job.speech["start_time"].tolist() == [2.0]
