"""Machine against human over a library: the sums of what each pair of answers gives."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import smarttag_nb as stag
from smarttag_nb.errors import InvalidArgument


def answer(name: str) -> dict[str, Any]:
    return json.loads(stag.samples.path("magazine", name).read_bytes())


def with_half_the_results(document: dict[str, Any], share: slice) -> dict[str, Any]:
    """Take some labels out, so that pairs differ from one another."""
    made = json.loads(json.dumps(document))
    for result in made["Results"]["Result"]:
        if result["Type"] == "CPVLabel":
            body = json.loads(result["Data"])
            for key, value in body.items():
                if isinstance(value, list):
                    body[key] = value[share]
            result["Data"] = json.dumps(body)
    return made


@pytest.fixture
def library(tmp_path: Path) -> tuple[stag.Corpus, list[tuple[stag.Job, stag.Job]]]:
    auto, hmi = answer("cpv-auto"), answer("cpv-hmi")
    corpus = stag.Corpus(tmp_path / "lake")
    pairs = []
    for number, share in enumerate((slice(None), slice(1, None), slice(0, 9, 2))):
        pair = []
        for document in (with_half_the_results(auto, share), hmi):
            pair.append(stag.load({**document, "JobId": f"job-{number}"}))
        pairs.append((pair[0], pair[1]))
        corpus.add(pair)
    # Of these there is nothing to compare.
    corpus.add([stag.load({**auto, "JobId": "only-auto"}), stag.samples.load("magazine")])
    return corpus, pairs


def test_counts_are_the_sums_of_every_pair(
    library: tuple[stag.Corpus, list[tuple[stag.Job, stag.Job]]],
) -> None:
    corpus, pairs = library
    made = corpus.compare()
    alone = [stag.measures.compare(*pair) for pair in pairs]
    summed = pd.concat([one.counts for one in alone]).groupby("kind").sum()
    counts = made.counts.set_index("kind")
    pd.testing.assert_frame_equal(counts[summed.columns].sort_index(), summed, check_exact=False)
    assert counts["jobs"].max() == len(pairs)
    assert made.jobs["job_id"].unique().tolist() == ["job-0", "job-1", "job-2"]
    ratios = made.ratios.set_index("kind")
    expected = stag.measures.precision_recall(summed.reset_index()).set_index("kind")
    assert ratios["label_recall"].to_dict() == pytest.approx(expected["label_recall"].to_dict())


def test_every_change_is_told_with_its_job(
    library: tuple[stag.Corpus, list[tuple[stag.Job, stag.Job]]],
) -> None:
    corpus, pairs = library
    changes = corpus.compare().changes
    for number, pair in enumerate(pairs):
        labels = stag.measures.compare(*pair).labels
        changed = labels[(labels["change"] != "same") | labels["retimed"] | labels["rescored"]]
        own = changes[changes["job_id"] == f"job-{number}"].drop(columns="job_id")
        pd.testing.assert_frame_equal(
            own.reset_index(drop=True), changed.reset_index(drop=True), check_dtype=False
        )


def test_only_the_newest_answers_are_compared(
    library: tuple[stag.Corpus, list[tuple[stag.Job, stag.Job]]],
) -> None:
    corpus, pairs = library
    corpus.add(dataclasses.replace(pairs[1][0], job_id="job-0"))
    again = corpus.compare()
    assert len(again.jobs["load_id_auto"].unique()) == len(pairs)
    first, second = (again.jobs[again.jobs["job_id"] == name] for name in ("job-0", "job-1"))
    assert first["true_positives"].tolist() == second["true_positives"].tolist()


def test_without_pairs_there_is_a_table_without_rows(tmp_path: Path) -> None:
    made = stag.Corpus(tmp_path / "lake").compare()
    assert len(made.jobs) == len(made.changes) == len(made.counts) == 0
    assert {"job_id", "load_id_auto", "load_id_hmi", "kind", "label_recall"} <= set(made.jobs)
    assert "none has answers" in repr(made)
    assert "0" in made._repr_html_()


def test_a_tolerance_is_a_number_of_seconds(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="tolerance"):
        stag.Corpus(tmp_path / "lake").compare(tolerance=-1)
