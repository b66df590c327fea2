from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import smarttag_nb as stag
from smarttag_nb.measures import Comparison, compare, label_pairs, likeness
from tests.measures.jobs import EMPTY, job_of, on_whole_jobs, same_form

NAN = float("nan")


class Label(NamedTuple):
    """A label with the ranges in which it is told."""

    name: str | None
    ranges: list[tuple[float, float]] = []  # noqa: RUF012
    kind: str = "tag"
    level1: str | None = None
    key: str | None = None
    origin: str | None = None
    result_type: str = "CPVLabel"
    score: float = NAN
    scores: float = NAN

    @property
    def steps(self) -> set[int]:
        """The whole seconds in which it is told, for ranges of such."""
        told = [range(int(s), int(e)) for s, e in self.ranges if s <= e]
        return {step for one in told for step in one}


def told(*labels: Label, **more: Any) -> stag.Job:
    """A job of these labels."""
    if not labels:
        return EMPTY
    ranges = [(row, s, e, one.scores) for row, one in enumerate(labels) for s, e in one.ranges]
    own = ("kind", "name", "level1", "key", "origin", "result_type", "score")
    tables: dict[str, Any] = {
        "labels": {
            **{c: pd.array([getattr(one, c) for one in labels], dtype=object) for c in own[:-1]},
            "score": [one.score for one in labels],
        }
    }
    if ranges:
        columns = ("label_id", "start_time", "end_time", "score")
        tables["occurrences"] = dict(zip(columns, zip(*ranges, strict=True), strict=True))
    return job_of(**tables, **more)


whole = st.one_of(st.integers(0, 12).map(float), st.just(NAN))
labels = st.lists(
    st.builds(
        Label,
        name=st.sampled_from(["a", "A", "b", "c", None]),
        ranges=st.lists(st.tuples(whole, whole), max_size=3),
        kind=st.sampled_from(["tag", "entity"]),
        level1=st.sampled_from([None, None, "x"]),
        key=st.sampled_from([None, None, None, "1", "2"]),
        origin=st.none(),
        result_type=st.just("CPVLabel"),
        score=st.just(NAN),
        scores=st.just(NAN),
    ),
    max_size=6,
)


def iou(one: Label, other: Label) -> Fraction:
    either = one.steps | other.steps
    return Fraction(len(one.steps & other.steps), len(either)) if either else Fraction(0)


def folded(text: str | None) -> str:
    return (text or "").lower()


STEPS: tuple[tuple[Callable[[Label], tuple[str, ...] | None], Fraction | None], ...] = (
    (lambda one: one.key and (one.kind, one.key), None),
    (lambda one: one.name and (one.kind, folded(one.name), folded(one.level1)), None),
    (lambda one: one.name and (one.kind, folded(one.name)), None),
    (lambda one: (one.kind, folded(one.level1)), Fraction(1, 2)),
)


def matched(auto: list[Label], hmi: list[Label]) -> dict[int, int]:
    """Match labels as documented, one pair of all after another."""
    pairs: dict[int, int] = {}
    for group, least in STEPS:
        possible = [
            (-iou(one, other), a, h)
            for a, one in enumerate(auto)
            for h, other in enumerate(hmi)
            if group(one) and group(one) == group(other)
        ]
        alike = [p for p in possible if (p[0] < 0 if least is None else -p[0] >= least)]
        for _, a, h in sorted(alike):
            if a not in pairs and h not in pairs.values():
                pairs[a] = h
        for _, a, h in sorted(possible, key=lambda p: p[1:]) if least is None else []:
            if a not in pairs and h not in pairs.values():
                pairs[a] = h
    return pairs


def share(hits: int, misses: int) -> float:
    return hits / (hits + misses) if hits + misses else NAN


@on_whole_jobs
@given(labels, labels)
@example([Label("a", [(0, 4)]), Label("a", [(5, 9)])], [Label("a", [(5, 9)])])
@example([Label("a", [(0, 4)])], [Label("b", [(0, 8)])])
@example([Label("a", [(0, 4), (2, 2)])], [Label("a", [(2, 2)]), Label("b", [(3, 3)])])
def test_all_figures_are_those_of_pairs_and_seconds_taken_one_by_one(
    auto: list[Label], hmi: list[Label]
) -> None:
    result = compare(told(*auto), told(*hmi))
    pairs = matched(auto, hmi)
    rows: list[tuple[int | None, int | None]] = [(a, pairs.get(a)) for a in range(len(auto))]
    rows += [(None, h) for h in range(len(hmi)) if h not in pairs.values()]
    ids = result.labels[["label_id_auto", "label_id_hmi"]].astype(object)
    assert ids.where(ids.notna(), None).to_numpy().tolist() == [list(row) for row in rows]

    counts: dict[str, list[int]] = {}
    for (a, h), row in zip(rows, result.labels.itertuples(), strict=True):
        one, other = (auto[a] if a is not None else None), (hmi[h] if h is not None else None)
        machine, human = (side.steps if side else set() for side in (one, other))
        own = result.spans[result.spans["pair_id"] == row.pair_id]
        for teller, steps in (
            ("auto", machine - human),
            ("hmi", human - machine),
            ("both", machine & human),
        ):
            assert steps_of(own[own["told_by"] == teller]) == steps
        right = False
        if one and other:
            right = folded(one.name) == folded(other.name)
            assert row.change == ("same" if right else "renamed")
            if machine | human:
                assert row.iou == float(iou(one, other))
                assert row.seconds_both == len(machine & human)
                assert row.retimed == (machine != human)
            else:
                assert np.isnan([row.iou, row.seconds_both]).all()
        else:
            assert row.change == ("removed" if one else "added")
            assert np.isnan([row.iou, row.disputed]).all()
        hit = len(machine & human) if right else 0
        kind = counts.setdefault(row.kind, [0] * 6)
        figures = [
            right, bool(one) and not right, bool(other) and not right,
            hit, len(machine) - hit, len(human) - hit,
        ]  # fmt: skip
        counts[row.kind] = [old + int(new) for old, new in zip(kind, figures, strict=True)]

    table = result.ratios.set_index("kind")
    assert set(table.index) == set(counts)
    for kind, (tp, fp, fn, *seconds) in counts.items():
        row = table.loc[kind]
        assert row.iloc[:6].tolist() == [tp, fp, fn, *seconds]
        expected = [share(tp, fp), share(tp, fn)]
        expected += [share(seconds[0], seconds[1]), share(seconds[0], seconds[2])]
        ratios = ["label_precision", "label_recall", "time_precision", "time_recall"]
        assert row[ratios].to_numpy(float) == pytest.approx(expected, nan_ok=True)
    summed = np.sum(list(counts.values()), axis=0) if counts else np.zeros(6)
    assert result.time_recall == pytest.approx(share(summed[3], summed[5]), nan_ok=True)
    assert result.label_precision == pytest.approx(share(summed[0], summed[1]), nan_ok=True)


def steps_of(spans: pd.DataFrame) -> set[int]:
    """The whole seconds of spans, which are not empty and do not overlap."""
    found = [
        step
        for start, end in zip(spans["start_time"], spans["end_time"], strict=True)
        for step in range(int(start), int(end))
    ]
    assert (spans["start_time"] < spans["end_time"]).all()
    assert len(found) == len(set(found))
    return set(found)


def changes(result: Comparison) -> list[str]:
    return result.labels["change"].tolist()


def flags(result: Comparison, name: str) -> list[bool]:
    return [bool(flag) for flag in result.labels[name]]


def test_an_answer_compared_with_itself_is_the_same() -> None:
    job = stag.samples.load("magazine", "cpv-hmi")
    result = compare(job, job)
    assert set(changes(result)) == {"same"}
    assert (result.labels["iou"] == 1).all()
    assert set(result.spans["told_by"]) == {"both"}
    assert not result.labels[["retimed", "rescored"]].to_numpy().any()
    assert (result.label_precision, result.label_recall) == (1, 1)
    assert (result.time_precision, result.time_recall) == (1, 1)


def test_in_the_sample_what_the_human_changed_is_found() -> None:
    result = compare(*(stag.samples.load("magazine", answer) for answer in ("cpv-auto", "cpv-hmi")))
    labels = result.labels
    renamed = labels[labels["change"] == "renamed"][["name_auto", "name_hmi"]]
    assert renamed.to_numpy().tolist() == [["美食", "咖啡"], ["刀具", "勺子"]]
    assert labels.loc[labels["change"] == "removed", "name_auto"].tolist() == ["塔架"]
    assert labels.loc[labels["change"] == "added", "name_hmi"].tolist() == ["航天", "海滨", "水温"]
    retimed = ["Mara Ellison", "咖啡杯", "猫", "主持人", "讲话"]
    assert labels.loc[labels["retimed"], "name_hmi"].tolist() == retimed
    assert (labels["matched_by"].isna() == labels["change"].isin(["added", "removed"])).all()


def test_names_are_compared_whatever_their_width_case_and_spaces() -> None:
    result = compare(told(Label("ＡＢＣ  d"), Label("㎏")), told(Label(" kg"), Label("abc D")))
    assert changes(result) == ["same", "same"]
    assert result.labels["name_auto"].tolist() == ["ＡＢＣ  d", "㎏"]
    assert result.labels["name_hmi"].tolist() == ["abc D", " kg"]


def test_a_key_goes_before_a_name() -> None:
    auto = told(Label("a", key="1"), Label("b", key="2"))
    result = compare(auto, told(Label("b", key="1"), Label("a", key=None)))
    assert result.labels["matched_by"].fillna("–").tolist() == ["key", "–", "–"]
    assert changes(result) == ["renamed", "removed", "added"]
    assert result.counts[["false_positives", "false_negatives"]].to_numpy().tolist() == [[2, 2]]


def test_labels_of_one_name_go_with_those_of_their_time_and_first_level() -> None:
    auto = told(Label("a", [(0, 5)]), Label("a", [(10, 15)]), Label("a", [(20, 25)], level1="x"))
    hmi = told(Label("a", [(0, 5)], level1="x"), Label("a", [(11, 15)]), Label("a", [(1, 5)]))
    result = compare(auto, hmi)
    assert result.labels["label_id_hmi"].tolist() == [2, 1, 0]


def test_without_times_labels_of_one_name_go_in_order() -> None:
    result = compare(told(*[Label("a")] * 3), told(*[Label("a")] * 2))
    assert result.labels["label_id_hmi"].fillna(-1).tolist() == [0, 1, -1]
    assert changes(result) == ["same", "same", "removed"]


def test_a_thing_of_another_kind_or_first_level_is_not_a_renamed_one() -> None:
    when = [(0.0, 5.0)]
    result = compare(
        told(Label("a", when), Label("b", when, level1="x")),
        told(Label("c", when, kind="person"), Label("d", when, level1="y")),
    )
    assert changes(result) == ["removed", "removed", "added", "added"]


def test_the_label_that_is_most_alike_in_time_is_the_renamed_one() -> None:
    auto = told(Label("a", [(0, 10)]), Label("b", [(0, 8)]))
    hmi = told(Label("c", [(0, 8)]), Label("d", [(0, 6)]))
    result = compare(auto, hmi)
    assert result.labels["name_hmi"].tolist() == ["d", "c"]
    assert result.labels["iou"].tolist() == [0.6, 1.0]


def test_a_nameless_label_stays_one_or_is_named() -> None:
    when = [(0.0, 5.0)]
    auto = told(Label(None, when, kind="person"), Label("", [(20, 25)], kind="person"))
    hmi = told(Label("沈青禾", when, kind="person"), Label(None, [(20, 25)], kind="person"))
    result = compare(auto, hmi)
    assert changes(result) == ["renamed", "same"]
    assert result.labels["matched_by"].tolist() == ["time", "time"]


def test_a_pair_is_retimed_where_one_is_alone_for_longer_than_the_tolerance() -> None:
    auto, hmi = told(Label("a", [(0, 5), (7, 9)])), told(Label("a", [(0.2, 5.25), (7, 9)]))
    assert flags(compare(auto, hmi), "retimed") == [False]
    assert flags(compare(auto, hmi, tolerance=0.2), "retimed") == [True]
    assert compare(auto, hmi).labels["disputed"].tolist() == [0.25]


def test_ranges_that_are_cut_in_two_are_the_same_time() -> None:
    result = compare(told(Label("a", [(0, 3), (3, 5), (1, 4)])), told(Label("a", [(0, 5)])))
    assert result.labels["iou"].tolist() == [1]
    assert result.spans[["start_time", "end_time"]].to_numpy().tolist() == [[0, 5]]


def test_a_label_that_only_one_side_gives_a_time_is_retimed() -> None:
    result = compare(told(Label("a")), told(Label("a", [(0, 5)])))
    assert (changes(result), flags(result, "retimed")) == (["same"], [True])
    assert result.labels[["seconds_hmi", "seconds_both", "iou"]].to_numpy().tolist() == [[5, 0, 0]]
    assert np.isnan(result.labels["seconds_auto"]).all()
    assert result.time_recall == 0
    assert np.isnan(result.time_precision)


def test_a_label_is_rescored_where_scores_differ_in_the_third_decimal() -> None:
    auto = told(Label("a", score=0.8), Label("b", [(0, 1), (2, 3)], scores=0.5), Label("c"))
    hmi = told(Label("a", score=0.8004), Label("b", score=0.502), Label("c", score=1.0))
    result = compare(auto, hmi)
    assert flags(result, "rescored") == [False, True, False]
    assert result.labels["score_difference"].round(4).tolist()[:2] == [0.0004, 0.002]


def test_images_have_figures_by_label_and_none_by_time() -> None:
    image = stag.samples.load("magazine", "image")
    fewer = image.labels.iloc[1:].reset_index(drop=True)
    human = dataclasses.replace(image, tables={**image.tables, "labels": fewer})
    result = compare(image, human)
    assert result.label_precision == 0.75
    assert result.label_recall == 1
    assert np.isnan([result.time_precision, result.time_recall]).all()
    assert result.spans.empty


@pytest.mark.parametrize(
    ("auto", "hmi", "expected"),
    [((), ("a",), [NAN, 0]), (("a",), (), [0, NAN]), ((), (), [NAN, NAN])],
)
def test_a_side_without_labels_has_nothing_to_divide_by(
    auto: Iterable[str], hmi: Iterable[str], expected: list[float]
) -> None:
    result = compare(told(*map(Label, auto)), told(*map(Label, hmi)))
    assert [result.label_precision, result.label_recall] == pytest.approx(expected, nan_ok=True)
    full = compare(stag.samples.load("magazine", "cpv-auto"), EMPTY)
    for name in ("labels", "spans", "counts", "ratios"):
        assert same_form(getattr(result, name), getattr(full, name))


def test_an_answer_of_both_origins_is_compared_within_itself() -> None:
    both = told(
        Label("a", [(0, 4)], origin="auto"),
        Label("b", origin="auto"),
        Label("a", [(0, 5)], origin="hmi"),
        Label("neither", kind="text", result_type="TextLabel"),
    )
    result = compare(both)
    assert changes(result) == ["same", "removed"]
    assert result.labels["label_id_hmi"].fillna(-1).tolist() == [2, -1]
    other = compare(told(Label("a", [(0, 4)]), Label("b")), both)
    assert changes(other) == ["same", "removed", "added"]
    assert other.labels["name_hmi"].fillna("–").tolist() == ["a", "–", "neither"]


def test_an_answer_of_one_origin_needs_another() -> None:
    job = stag.samples.load("magazine", "cpv-auto")
    with pytest.raises(
        stag.errors.InvalidArgument, match=r"hmi: expected a second Job.*origin \['auto'\]"
    ):
        compare(job)


def test_two_humans_can_be_compared() -> None:
    job = stag.samples.load("magazine", "cpv-hmi")
    assert len(compare(job, job).labels) == len(job.labels)


def test_the_result_type_can_be_chosen() -> None:
    job = stag.samples.load("magazine", "cognition")
    result = compare(job, job, result_type="Process")
    assert result.labels["label_id_hmi"].tolist() == job.best("labels", "Process").label_id.tolist()
    with pytest.raises(stag.errors.UnknownName, match="Did you mean 'Process'"):
        compare(job, job, result_type="Proces")


def test_kinds_stand_in_their_order() -> None:
    job = told(Label("a", kind="text"), Label("b", kind="keyword"), Label("c", kind="person"))
    assert compare(job, EMPTY).counts["kind"].tolist() == ["person", "keyword", "text"]


def test_the_duration_is_the_longer_one() -> None:
    auto, hmi = told(Label("a"), seconds=50.0), told(Label("a"))
    assert compare(auto, hmi).duration == compare(hmi, auto).duration == 50
    assert np.isnan(compare(hmi, hmi).duration)


def test_a_comparison_tells_its_figures() -> None:
    result = compare(*(stag.samples.load("magazine", answer) for answer in ("cpv-auto", "cpv-hmi")))
    expected = "21 same, 2 renamed, 1 removed, 3 added; precision 87.5%, recall 80.8%"
    assert repr(result) == f"<Comparison {expected}>"
    card = result._repr_html_()
    assert "precision 87.7%, recall 76.4%" in card
    assert "5 retimed" in card


def test_the_card_of_a_hostile_answer_is_harmless() -> None:
    hostile = "<script>alert(1)</script>"
    card = compare(told(Label(hostile, kind=hostile)), told(Label(hostile)))._repr_html_()
    assert "<script" not in card


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"auto": "answer.json"}, "auto: expected a Job"),
        ({"hmi": "answer.json"}, "hmi: expected a Job"),
        ({"tolerance": NAN}, "tolerance: expected a number of seconds, 0 or more, got nan"),
        ({"tolerance": -1}, "tolerance: expected a number of seconds, 0 or more, got -1"),
        ({"tolerance": "1"}, "tolerance: expected a number of seconds, 0 or more, got '1'"),
    ],
)
def test_arguments_are_checked(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(stag.errors.InvalidArgument, match=message):
        compare(**{"auto": EMPTY, "hmi": EMPTY, **arguments})


@pytest.mark.parametrize("at_once", [1, 5, 40])
def test_how_many_pairs_are_looked_at_at_once_makes_no_difference(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    auto, hmi = (stag.samples.load("magazine", answer) for answer in ("cpv-auto", "cpv-hmi"))
    # All of one name, so that each is beside each, and told only by the time that they share.
    nameless = [
        dataclasses.replace(job, tables={**job.tables, "labels": job.labels.assign(name=name)})
        for job, name in ((auto, "a"), (hmi, "a"), (auto, "b"))
    ]
    pairs = [(auto, hmi), (nameless[0], nameless[1]), (nameless[2], nameless[1])]
    whole = [compare(*pair) for pair in pairs]
    monkeypatch.setattr(likeness, "_AT_ONCE", at_once)
    monkeypatch.setattr(label_pairs, "_AT_ONCE", at_once)
    for pair, expected in zip(pairs, whole, strict=True):
        parted = compare(*pair)
        pd.testing.assert_frame_equal(parted.labels, expected.labels)
        pd.testing.assert_frame_equal(parted.spans, expected.spans)
