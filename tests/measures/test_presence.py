from __future__ import annotations

import json

import numpy as np
import pytest

import smarttag_nb as stag

BODY = {
    "persons": [
        {"name": "甲", "ratio": 0.12, "occurrences": [
            {"from": 0, "to": 5, "score": 0.8}, {"from": 3, "to": 8, "score": 0.6},
            {"from": 50, "to": 54, "score": -1}]},
        {"name": "乙", "ratio": 0.5, "occurrences": []},
    ],
    "tags": [{"mainTagName": "场景", "subTagName": "海",
              "occurrences": [{"from": 9, "to": 4}, {"from": 1, "to": 2}]}],
}  # fmt: skip


def test_a_row_per_label_with_what_is_measured_and_reported() -> None:
    table = stag.measures.presence(stag.load(json.dumps(BODY), duration=100)).set_index("name")
    assert list(table.index) == ["甲", "乙", "海"]
    person = table.loc["甲"]
    assert person["seconds"] == 12
    assert person["ratio_measured"] == pytest.approx(0.12)
    assert person["ratio_difference"] == pytest.approx(0)
    assert (person["first_time"], person["last_time"]) == (0, 54)
    assert (person["number"], person["longest"]) == (3, 5)
    assert person["mean_score"] == pytest.approx(0.7)
    nowhere = table.loc["乙"]
    assert nowhere["number"] == 0
    assert np.isnan(nowhere["seconds"])
    assert np.isnan(nowhere["ratio_difference"])
    # A reversed range covers nothing, but is an occurrence all the same.
    assert (table.loc["海", "seconds"], table.loc["海", "number"]) == (1, 2)


def test_without_a_duration_nothing_is_measured_against_it() -> None:
    image = stag.samples.load("magazine", "image")
    table = stag.measures.presence(image)
    assert table["seconds"].isna().all()
    assert table["ratio_measured"].isna().all()
    assert table["mean_score"].notna().all()


def test_only_the_best_labels_or_those_asked_for() -> None:
    job = stag.samples.load("magazine")
    best = stag.measures.presence(job)
    raw = stag.measures.presence(job, result_type="Process")
    assert best["label_id"].tolist() == job.best("labels")["label_id"].tolist()
    assert set(best["label_id"]).isdisjoint(raw["label_id"])
    assert (raw["kind"] == "keyword").any()


def test_an_empty_job_has_an_empty_table() -> None:
    table = stag.measures.presence(stag.samples.load("magazine", "pending"))
    assert table.empty
    assert table["number"].dtype == "Int64"
