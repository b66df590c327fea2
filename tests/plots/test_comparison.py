"""The plot of a comparison, by what it draws."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

import smarttag_nb as stag
from smarttag_nb.plots import style
from tests.measures.test_comparison import Label, told
from tests.plots.test_timeline import names

Bounds = tuple[float, float, float, float]


def drawn(auto: list[Label], hmi: list[Label], **more: Any) -> Axes:
    comparison = stag.measures.compare(told(*auto, seconds=100.0), told(*hmi, seconds=100.0))
    return stag.plots.comparison(comparison, **more)


def bars(ax: Axes, hatch: str | None) -> list[Bounds]:
    """Left, right, top and bottom of the bars with a hatch, or of those without."""
    found = [c for c in ax.collections if isinstance(c, PolyCollection)]
    corners = [
        path.vertices[:4]
        for collection in found
        if (collection.get_hatch() or " ")[0] == (hatch or " ")
        for path in collection.get_paths()
    ]
    return sorted((*c[[0, 1], 0].tolist(), *c[[0, 2], 1].tolist()) for c in corners)


def test_what_both_tell_fills_two_lanes_and_what_one_tells_is_hatched_in_its_own() -> None:
    ax = drawn([Label("a", [(0, 10), (40, 50)])], [Label("a", [(5, 10), (60, 70)])])
    upper, lower = bars(ax, None)
    assert upper[:2] == lower[:2] == (5, 10)
    assert upper[3] == lower[2] == 0
    assert [bar[:2] for bar in bars(ax, "/")] == [(0, 5), (40, 50)]
    assert {bar[2:] for bar in bars(ax, "/")} == {upper[2:]}
    assert [bar[:2] for bar in bars(ax, "\\")] == [(60, 70)]
    assert {bar[2:] for bar in bars(ax, "\\")} == {lower[2:]}


def test_a_renamed_label_is_hatched_all_through() -> None:
    ax = drawn([Label("a", [(0, 10)])], [Label("b", [(0, 10)])])
    assert names(ax) == ["a → b"]
    assert not bars(ax, None)
    assert [bar[:2] for bar in bars(ax, "/")] == [bar[:2] for bar in bars(ax, "\\")] == [(0, 10)]


def test_rows_say_what_became_of_a_label_and_stand_by_kind_and_dispute() -> None:
    ax = drawn(
        [
            Label("same", [(0, 50)], kind="tag"),
            Label("shorter", [(0, 50)], kind="tag"),
            Label("gone", [(0, 3)], kind="person"),
        ],
        [
            Label("same", [(0, 50)], kind="tag"),
            Label("shorter", [(0, 30)], kind="tag"),
            Label("new", [(80, 90)], kind="person"),
        ],
    )
    assert names(ax) == ["+ new", "− gone", "shorter", "same"]


def test_both_names_of_a_renamed_label_are_readable() -> None:
    (name,) = names(drawn([Label("旧" * 40, [(0, 9)])], [Label("新" * 40, [(0, 9)])]))
    assert name.count("旧") == name.count("新") >= 7


def test_bars_have_their_kinds_colour_and_hatches_too() -> None:
    ax = drawn([Label("a", [(0, 10)], kind="person")], [Label("a", [(0, 5)], kind="person")])
    colour = mpl.colors.to_rgba(style.COLOURS["person"])
    plain, hatched, _ = (c for c in ax.collections if isinstance(c, PolyCollection))
    assert tuple(plain.get_facecolor()[0]) == colour
    assert tuple(hatched.get_hatchcolor()[0]) == tuple(hatched.get_edgecolor()[0]) == colour
    assert tuple(hatched.get_facecolor()[0][:3]) == tuple(style.ground(ax))


def test_the_legend_tells_hatches_that_are_there() -> None:
    def entries(ax: Axes) -> list[str]:
        return [text.get_text() for text in ax.get_legend().get_texts()]

    ax = drawn([Label("a", [(0, 10)])], [Label("a", [(0, 5)])])
    assert entries(ax) == ["tag", "only the machine"]
    handle = ax.get_legend().get_patches()[1]
    assert handle.get_hatch()[0] == "/"
    assert entries(drawn([], [Label("a", [(0, 5)])])) == ["tag", "only the human"]


def test_the_title_tells_precision_and_recall_of_what_is_drawn() -> None:
    auto = [Label("a", [(0, 10)]), Label("b", [(0, 10)], kind="person")]
    hmi = [Label("a", [(0, 5)])]
    assert drawn(auto, hmi).get_title(loc="left").endswith("by time, precision 25%, recall 100%")
    ax = drawn(auto, hmi, kind="tag")
    assert ax.get_title(loc="left").endswith("tag: by time, precision 50%, recall 100%")
    assert names(ax) == ["a"]
    # Nothing of the human's is a person: there is no recall.
    assert drawn(auto, hmi, kind="person").get_title(loc="left") == "Machine against human, person"


def test_labels_without_a_row_share_the_last() -> None:
    auto = [Label(f"t{k}", [(0, 50)]) for k in range(5)]
    hmi = [Label(f"t{k}", [(0, 50 - k)]) for k in range(5)]
    ax = drawn(auto, hmi, top=2)
    assert names(ax) == ["t4", "t3", "3 more"]
    shared = [bar for bar in bars(ax, None) if bar[2] > 1.5]
    assert [bar[:2] for bar in shared] == [(0, 50), (0, 50)]


def test_a_window_is_drawn_alone() -> None:
    auto = [Label("long before", [(0, 5)]), Label("a", [(20, 40)])]
    ax = drawn(auto, [Label("a", [(20, 60)])], start=30, end=50)
    assert ax.get_xlim() == (30, 50)
    assert names(ax) == ["a"]
    assert [bar[:2] for bar in bars(ax, "\\")] == [(40, 50)]


def test_images_have_no_lanes() -> None:
    image = stag.samples.load("magazine", "image")
    ax = stag.plots.comparison(stag.measures.compare(image, image))
    assert ax.texts[0].get_text() == "No label with a time"


def test_sixty_labels_have_rows_that_do_not_touch() -> None:
    auto = [Label(f"名字很长很长的人{k}", [(k, k + 9)]) for k in range(60)]
    ax = drawn(auto, auto[:30], top=60)
    ax.figure.canvas.draw()
    boxes = [label.get_window_extent() for label in ax.get_yticklabels()]
    assert len(boxes) == 60
    assert np.all(np.diff([box.y0 for box in boxes]) <= -boxes[0].height + 1)


def test_ten_thousand_occurrences_are_a_few_artists() -> None:
    auto = [Label(f"t{k}", [(s, s + 1) for s in range(0, 100, 2)]) for k in range(200)]
    hmi = [Label(f"t{k}", [(s, s + 1.5) for s in range(0, 100, 2)]) for k in range(200)]
    ax = drawn(auto, hmi, top=200)
    assert len(ax.collections) <= 4
    assert len(bars(ax, "\\")) == 10_000


def test_impossible_times_do_not_flatten_the_others() -> None:
    auto = told(Label("a", [(0, 5), (1, 1e300)]))
    comparison = stag.measures.compare(auto, told(Label("a", [(0, 4)])))
    ax = stag.plots.comparison(comparison)
    ax.figure.canvas.draw()
    assert ax.get_xlim() == (0, 4)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"top": 0}, "top: expected a whole number"),
        ({"kind": "x"}, "kind: expected one of person"),
        ({"start": 5, "end": 5}, "end: expected a time after 5 s"),
    ],
)
def test_arguments_out_of_range(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(stag.errors.InvalidArgument, match=said):
        drawn([], [], **arguments)


def test_the_hatch_does_not_depend_on_the_users_settings() -> None:
    with plt.rc_context({"hatch.color": "red", "hatch.linewidth": 9}):
        ax = drawn([Label("a", [(0, 10)])], [Label("a", [(0, 5)])])
        hatched = next(c for c in ax.collections if c.get_hatch())
        assert hatched.get_hatch_linewidth() == 1
        assert tuple(hatched.get_hatchcolor()[0]) == mpl.colors.to_rgba(style.COLOURS["tag"])
