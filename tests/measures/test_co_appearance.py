from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb.measures.co_appearance import KINDS, co_appearance
from smarttag_nb.plots import style
from tests.measures.jobs import job_of, on_whole_jobs, same_form

whole = st.one_of(st.integers(0, 20).map(float), st.just(np.nan))
occurrences = st.lists(st.tuples(st.integers(0, 3), whole, whole), min_size=1, max_size=16)


def people(rows: list[tuple[int, float, float]]) -> stag.Job:
    """Four persons with occurrences of (label, start, end); the last two have one name."""
    label, start, end = zip(*rows, strict=True)
    return job_of(
        labels={"kind": ["person"] * 4, "name": ["甲", "乙", "丙", "丙"]},
        occurrences={"label_id": label, "start_time": start, "end_time": end},
    )


@on_whole_jobs
@given(occurrences)
def test_seconds_and_jaccard_are_those_of_the_steps_both_cover(
    rows: list[tuple[int, float, float]],
) -> None:
    covered: list[set[int]] = [set() for _ in range(4)]
    for label, start, end in rows:
        if start <= end:
            covered[label].update(range(int(start), int(end)))
    expected = {
        (a, b): (len(covered[a] & covered[b]), len(covered[a] | covered[b]))
        for a in range(4)
        for b in range(a + 1, 4)
        if covered[a] & covered[b]
    }
    table = co_appearance(people(rows))
    pairs = list(zip(table["label_id_a"], table["label_id_b"], strict=True))
    assert sorted(pairs) == sorted(expected)
    assert table["seconds"].tolist() == [expected[pair][0] for pair in pairs]
    jaccard = [both / either for both, either in map(expected.__getitem__, pairs)]
    assert table["jaccard"].to_numpy() == pytest.approx(jaccard)
    assert table["seconds"].is_monotonic_decreasing


def test_labels_of_one_name_stay_apart() -> None:
    table = co_appearance(people([(2, 0, 4), (3, 1, 9)]))
    assert table[["name_a", "name_b", "seconds"]].to_numpy().tolist() == [["丙", "丙", 3.0]]


def test_only_labels_of_the_kinds_asked_for() -> None:
    job = stag.samples.load("magazine", "cognition")
    everything = co_appearance(job)
    assert {"person", "tag"} <= {*everything["kind_a"], *everything["kind_b"]}
    some = co_appearance(job, kind=["person", "tag"])
    assert {*some["kind_a"], *some["kind_b"]} == {"person", "tag"}
    one = co_appearance(job, kind="person")
    assert {*one["kind_a"], *one["kind_b"]} == {"person"}
    expected = some[(some["kind_a"] == "person") & (some["kind_b"] == "person")]
    assert one.equals(expected.reset_index(drop=True))


def test_the_result_type_can_be_chosen() -> None:
    job = stag.samples.load("magazine", "cognition")
    table = co_appearance(job, result_type="Process")
    assert set(table["label_id_a"]) <= set(job.best("labels", "Process")["label_id"])
    with pytest.raises(stag.errors.UnknownName, match="Did you mean 'Process'"):
        co_appearance(job, result_type="Proces")


@pytest.mark.parametrize("answer", ["image", "pending"])
def test_without_times_nothing_appears_together(answer: str) -> None:
    table = co_appearance(stag.samples.load("magazine", answer))
    assert table.empty
    assert same_form(table, co_appearance(stag.samples.load("magazine")))


@pytest.mark.parametrize("kind", ["persons", ["person", "face"], [], 3])
def test_a_kind_that_no_label_has_is_refused(kind: object) -> None:
    with pytest.raises(stag.errors.InvalidArgument, match="kind: expected one or more of person"):
        co_appearance(people([(0, 0, 1)]), kind=kind)  # type: ignore[arg-type]


def test_the_kinds_are_those_that_have_a_colour() -> None:
    assert set(KINDS) == set(style.COLOURS)
