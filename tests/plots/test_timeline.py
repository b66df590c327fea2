from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.collections import LineCollection, PolyCollection

import smarttag_nb as stag
from smarttag_nb.plots import style


def names(ax: mpl.axes.Axes) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


def bars(ax: mpl.axes.Axes) -> list[tuple[float, float, float, float]]:
    """Start, end, top and bottom of each bar of the lanes."""
    collection = next(c for c in ax.collections if isinstance(c, PolyCollection))
    made = []
    for path in collection.get_paths():
        x, y = path.vertices[:4].T
        made.append((x.min(), x.max(), y.min(), y.max()))
    return made


def job_of(persons: dict[str, list[Any]], tags: dict[str, list[Any]], **results: Any) -> stag.Job:
    def listed(labels: dict[str, list[Any]], name: str) -> list[dict[str, Any]]:
        return [
            {name: label, "occurrences": [{"from": s, "to": e} for s, e in ranges]}
            for label, ranges in labels.items()
        ]

    body = {"persons": listed(persons, "name"), "tags": listed(tags, "subTagName")}
    given = [{"Type": kind, "Data": data} for kind, data in {"VideoLabel": body, **results}.items()]
    return stag.load({"JobStatus": "Success", "Results": {"Result": given}}, duration=100)


def test_labels_have_lanes_by_kind_and_then_by_seconds() -> None:
    job = job_of({"p": [(0, 5)], "q": [(0, 9)]}, {"t": [(0, 90)]})
    assert names(stag.plots.timeline(job)) == ["q", "p", "t"]


def test_each_occurrence_is_a_bar_in_its_lane_and_its_kinds_colour() -> None:
    job = job_of({"p": [(0, 5), (20, 30)]}, {"t": [(1, 2)]})
    ax = stag.plots.timeline(job)
    assert [bar[:2] for bar in bars(ax)] == [(0, 5), (20, 30), (1, 2)]
    assert [round((bar[2] + bar[3]) / 2) for bar in bars(ax)] == [0, 0, 1]
    colours = ax.collections[0].get_facecolor()
    assert tuple(colours[0]) == mpl.colors.to_rgba(style.COLOURS["person"])
    assert tuple(colours[2]) == mpl.colors.to_rgba(style.COLOURS["tag"])


def test_occurrences_that_overlap_are_stacked() -> None:
    ax = stag.plots.timeline(job_of({"p": [(0, 10), (5, 15), (20, 30)]}, {}))
    one, other, alone = bars(ax)
    assert one[3] == pytest.approx(other[2])
    assert alone[2:] == pytest.approx((one[2], other[3]))


def test_labels_without_a_lane_share_the_last() -> None:
    tags = {f"t{k}": [(k, k + 10 - k / 10)] for k in range(6)}
    ax = stag.plots.timeline(job_of({}, tags), top=2)
    assert names(ax) == ["t0", "t1", "4 more"]
    shared = [bar for bar in bars(ax) if round((bar[2] + bar[3]) / 2) == 2]
    assert [bar[:2] for bar in shared] == [(2.0, pytest.approx(14.5))]


def test_chapters_shots_speech_and_text_are_bands() -> None:
    ax = stag.plots.timeline(stag.samples.load("magazine", answer="cognition"), top=3)
    assert names(ax)[:2] == ["chapters", "shots"]
    assert names(ax)[-2:] == ["speech", "text"]
    assert [text.get_text() for text in ax.texts][:2] == ["一杯咖啡", "水温与耐心"]


def test_the_density_of_speech_counts_sentences_at_once() -> None:
    said = [{"from": 0, "to": 50, "content": "a"}, {"from": 25, "to": 50, "content": "b"}]
    ax = stag.plots.timeline(job_of({}, {}, ASR={"details": said}))
    (steps,) = (patch for patch in ax.patches if hasattr(patch, "get_data"))
    values, _, baseline = steps.get_data()
    height = np.round((baseline - values) / 0.84, 6)
    assert set(height[:59]) == {0.5}
    assert set(height[61:119]) == {1.0}
    assert set(height[121:]) == {0.0}


def test_a_window_is_drawn_alone() -> None:
    ax = stag.plots.timeline(job_of({"p": [(0, 5), (20, 40)]}, {}), start=10, end=30)
    assert ax.get_xlim() == (10, 30)
    assert [bar[:2] for bar in bars(ax)] == [(20, 30)]


def test_what_began_before_a_window_begins_not_at_its_edge() -> None:
    ax = stag.plots.timeline(stag.samples.load("magazine", answer="cognition"), start=10, end=30)
    shots, chapters = (
        [segment[0][0] for segment in c.get_segments()]
        for c in sorted(
            (c for c in ax.collections if isinstance(c, LineCollection)),
            key=lambda c: -len(c.get_segments()),
        )
    )
    assert min(shots) > 10
    assert chapters == [pytest.approx(17.24)]


def test_labels_of_a_window_are_those_seen_in_it() -> None:
    job = job_of({}, {"long before": [(0, 50)], "now": [(60, 62)], "also now": [(60, 61)]})
    assert names(stag.plots.timeline(job, start=55, end=70, top=1)) == ["now", "1 more"]


def test_ten_thousand_occurrences_are_one_artist() -> None:
    tags = {f"t{k}": [(s, s + 1) for s in range(0, 100, 2)] for k in range(200)}
    ax = stag.plots.timeline(job_of({}, tags), top=200)
    assert sum(isinstance(c, PolyCollection) for c in ax.collections) == 1
    assert len(bars(ax)) == 10_000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"top": 0}, "top: expected a whole number"),
        ({"kind": "x"}, "kind: expected one of person"),
        ({"start": 5, "end": 5}, "end: expected a time after 5 s"),
        ({"start": float("nan")}, "start: expected a time in seconds"),
    ],
)
def test_arguments_out_of_range(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(stag.errors.InvalidArgument, match=said):
        stag.plots.timeline(job_of({}, {}), **arguments)


@pytest.mark.filterwarnings("ignore:.*problem.* in this answer")
def test_times_beyond_reason_do_not_flatten_the_others() -> None:
    body = {
        "persons": [{"name": "p", "occurrences": [{"from": 0, "to": 5}, {"from": 1, "to": 1e300}]}]
    }
    ax = stag.plots.timeline(stag.load(body))
    assert ax.get_xlim() == (0, 5)
    ax.figure.canvas.draw()
