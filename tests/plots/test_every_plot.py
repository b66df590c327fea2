"""What holds for every plot."""

from __future__ import annotations

import inspect
from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

import smarttag_nb as stag
from tests.plots.jobs import (
    FRAME,
    OF_ALIGNMENTS,
    drawn_from,
    job_of,
    texts_of,
    without_anything,
)
from tests.plots.test_hostile import PLOTS


@pytest.mark.parametrize("plot", sorted(PLOTS))
def test_it_draws_into_the_axes_given_and_changes_nothing_global(plot: str) -> None:
    drawn = drawn_from(plot, ["甲", "b", "c"])
    PLOTS[plot](drawn)
    before = dict(mpl.rcParams), plt.get_fignums()
    figure, ax = plt.subplots()
    draw = getattr(stag.plots, plot)
    given = {"video": FRAME, "label": 0} if plot == "track" else {}
    if "video" in inspect.signature(draw).parameters and plot != "position_heatmap":
        given["video"] = FRAME
    assert draw(drawn, ax=ax, **given) is ax
    figure.canvas.draw()
    assert dict(mpl.rcParams) == before[0]
    assert len(plt.get_fignums()) == len(before[1]) + 1


@pytest.mark.parametrize("plot", sorted(set(PLOTS) - {"boxes", "track", "position_heatmap"}))
def test_where_nothing_is_it_draws_what_is_missing(plot: str) -> None:
    ax = PLOTS[plot](without_anything(plot))
    what, why = (text.get_text() for text in ax.texts)
    assert what
    assert why.endswith(".")
    assert not ax.patches
    assert not ax.images


def test_an_empty_job_has_a_frame_without_boxes() -> None:
    empty = without_anything("boxes")
    ax = stag.plots.boxes(empty, FRAME)
    assert (len(ax.images), len(ax.patches)) == (1, 0)
    ax = stag.plots.position_heatmap(empty)
    assert ax.texts[0].get_text() == "No boxes"
    with pytest.raises(stag.errors.UnknownName, match="label"):
        stag.plots.track(empty, FRAME, "x")


@pytest.mark.parametrize("plot", sorted(PLOTS))
def test_on_a_dark_ground_text_is_light(plot: str) -> None:
    with plt.style.context("dark_background"):
        ax = PLOTS[plot](drawn_from(plot, ["甲", "b", "c"]))
    on_colours = ax.texts if plot in ("alignment", "boxes", "co_appearance") else []
    for text in texts_of(ax, plot):
        if text not in on_colours:
            assert np.mean(mpl.colors.to_rgb(text.get_color())) > 0.5, text


@pytest.mark.parametrize("plot", sorted(PLOTS))
def test_text_stays_on_the_figure(plot: str) -> None:
    ax = PLOTS[plot](drawn_from(plot, ["很长的名字" * 20, "x" * 200, "short", *"abcdefgh"]))
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.canvas.draw()
    for text in texts_of(ax, plot):
        box = text.get_window_extent()
        assert box.x0 >= -1, text.get_text()
        assert box.x1 <= figure.bbox.x1 + 1, text.get_text()


SMALL = {
    "alone": {"nrows": 1, "figsize": (4, 2.5)},
    "in a column": {"nrows": 4, "figsize": (9, 8), "layout": "constrained"},
    "in a row": {"ncols": 3, "figsize": (12, 3)},
    "sharing names": {"ncols": 2, "figsize": (9, 4), "sharey": True},
}


@pytest.mark.parametrize("where", SMALL)
@pytest.mark.parametrize(
    "plot", ["alignment", "comparison", "ratios", "timeline", "presence_heatmap", "words"]
)
def test_rows_of_small_axes_do_not_touch(plot: str, where: str) -> None:
    figure, every = plt.subplots(**SMALL[where], squeeze=False)
    drawn = drawn_from(plot, [f"名字很长很长的人{k}" for k in range(40)])
    for ax in every.flat:
        getattr(stag.plots, plot)(drawn, ax=ax)
    figure.canvas.draw()
    ax = every.flat[-1]
    boxes = sorted(
        (label.get_window_extent() for label in ax.get_yticklabels()), key=lambda box: box.y0
    )
    assert all(one.y1 <= other.y0 + 1.5 for one, other in pairwise(boxes))
    before = every.flat[-2].get_window_extent().x1 if every.shape[1] > 1 else 0
    assert min(box.x0 for box in boxes) >= before - 1


def test_columns_of_a_narrow_matrix_do_not_touch() -> None:
    figure, ax = plt.subplots(figsize=(2.5, 8))
    stag.plots.co_appearance(job_of([f"n{k}" for k in range(20)]), ax)
    figure.canvas.draw()
    boxes = sorted(
        (label.get_window_extent() for label in ax.get_xticklabels()), key=lambda b: b.x0
    )
    assert all(one.x1 <= other.x0 + 1.5 for one, other in pairwise(boxes))


@pytest.mark.parametrize("plot", sorted(PLOTS))
def test_what_is_nothing_to_draw_is_refused(plot: str) -> None:
    what = "Alignment" if plot in OF_ALIGNMENTS else "Comparison" if plot == "comparison" else "Job"
    with pytest.raises(stag.errors.InvalidArgument, match=f"{what.lower()}: expected an? {what}"):
        PLOTS[plot]("answer.json")


SETTINGS = {
    "axes.axisbelow": False, "axes.grid": True, "axes.labelsize": 30, "axes.linewidth": 4,
    "axes.spines.top": True, "axes.titlelocation": "right", "axes.titlesize": 30,
    "axes.titleweight": "bold", "axes.xmargin": 0.4, "axes.ymargin": 0.4, "font.size": 22,
    "image.aspect": "auto", "image.interpolation": "bicubic", "image.origin": "lower",
    "legend.fontsize": 30, "legend.frameon": True, "legend.loc": "center", "lines.linestyle": ":",
    "lines.linewidth": 6, "lines.marker": "o", "patch.edgecolor": "red",
    "patch.force_edgecolor": True, "patch.linewidth": 5, "xtick.labelsize": 30,
    "xtick.minor.visible": True, "xtick.top": True, "ytick.labelsize": 30, "ytick.right": True,
}  # fmt: skip


@pytest.mark.parametrize("plot", sorted(PLOTS))
def test_the_users_settings_do_not_spoil_it(plot: str) -> None:
    drawn = drawn_from(plot, ["Anna", "Ben", "Carla"])
    pixels = []
    for settings in ({}, SETTINGS):
        with mpl.rc_context({**mpl.rcParamsDefault, **settings}):
            figure = PLOTS[plot](drawn).get_figure(root=True)
            figure.canvas.draw()
            pixels.append(np.asarray(figure.canvas.buffer_rgba()).astype(int))
    assert np.abs(pixels[0] - pixels[1]).mean() < 0.05
