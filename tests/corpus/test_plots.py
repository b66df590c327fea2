from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text

import smarttag_nb as stag
from smarttag_nb.corpus import plots
from smarttag_nb.corpus.plots.layout import place, spread
from tests.plots.test_hostile import SEEDS

PLOTS: dict[str, Callable[..., Axes]] = {
    "coverage": plots.coverage,
    "matrix": plots.matrix,
    "network": plots.network,
    "trends": plots.trends,
}


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> stag.Corpus:
    folder = tmp_path_factory.mktemp("library")
    corpus = stag.Corpus(folder / "lake")
    corpus.add(stag.samples.library(folder / "answers", jobs=24), workers=1)
    return corpus


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> stag.Corpus:
    """Three jobs, in all of which everybody has a name that no plot should obey."""
    persons = [
        {"name": name, "occurrences": [{"from": k, "to": k + 9, "score": 0.9}]}
        for k, name in enumerate(SEEDS)
    ]
    label = {"Type": "VideoLabel", "Data": json.dumps({"persons": persons})}
    answer = {"JobStatus": "Success", "Results": {"Result": [label]}}
    corpus = stag.Corpus(tmp_path_factory.mktemp("hostile") / "lake")
    corpus.add([stag.load(answer, job_id=f"$j{k}_", duration=100) for k in range(3)], workers=1)
    return corpus


def texts_of(ax: Axes) -> list[Text]:
    figure = ax.get_figure(root=True)
    assert figure is not None
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


@pytest.mark.parametrize("plot", sorted(PLOTS))
def test_it_draws_into_the_axes_given_and_changes_nothing_global(
    plot: str, library: stag.Corpus
) -> None:
    PLOTS[plot](library)
    before = dict(mpl.rcParams), plt.get_fignums()
    figure, ax = plt.subplots()
    assert PLOTS[plot](library, ax) is ax
    figure.canvas.draw()
    assert dict(mpl.rcParams) == before[0]
    assert len(plt.get_fignums()) == len(before[1]) + 1


@pytest.mark.parametrize("plot", sorted(PLOTS))
def test_where_nothing_is_it_draws_what_is_missing(plot: str, tmp_path: Path) -> None:
    ax = PLOTS[plot](stag.Corpus(tmp_path / "lake"))
    what, why = (text.get_text() for text in ax.texts)
    assert what
    assert why.endswith(".")
    assert not ax.collections
    assert not ax.images


@pytest.mark.parametrize("plot", sorted(PLOTS))
def test_names_are_drawn_as_they_are_and_stay_on_the_figure(
    plot: str, hostile: stag.Corpus
) -> None:
    ax = PLOTS[plot](hostile)
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.canvas.draw()
    texts = texts_of(ax)
    for text in texts:
        box = text.get_window_extent()
        assert box.x0 >= -1, text.get_text()
        assert box.x1 <= figure.bbox.x1 + 1, text.get_text()
    if plot in ("matrix", "network"):
        assert "US$5 and $6" in {text.get_text() for text in texts}
        assert not any(text.get_parse_math() for text in texts if "$" in text.get_text())


@pytest.mark.parametrize("plot", sorted(PLOTS))
def test_on_a_dark_ground_text_is_light(plot: str, library: stag.Corpus) -> None:
    with plt.style.context("dark_background"):
        ax = PLOTS[plot](library)
    on_colours = ax.texts if plot in ("coverage", "matrix") else []
    for text in texts_of(ax):
        if text not in on_colours:
            assert np.mean(mpl.colors.to_rgb(text.get_color())) > 0.5, text


@pytest.mark.parametrize("plot", sorted(PLOTS))
def test_what_is_nothing_to_draw_is_refused(plot: str, library: stag.Corpus) -> None:
    with pytest.raises(stag.errors.InvalidArgument, match="corpus: expected a Corpus"):
        PLOTS[plot]("lake")
    with pytest.raises(stag.errors.InvalidArgument, match="top: expected a whole number"):
        PLOTS[plot](library, top=0)


def test_names_in_a_network_cover_neither_one_another_nor_discs(library: stag.Corpus) -> None:
    ax = plots.network(library)
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.canvas.draw()
    assert len(ax.texts) == len(ax.collections[-1].get_offsets())
    boxes = [text.get_window_extent() for text in ax.texts]
    for k, one in enumerate(boxes):
        assert not any(one.padded(-1.5).overlaps(other.padded(-1.5)) for other in boxes[k + 1 :])
    discs = ax.transData.transform(ax.collections[-1].get_offsets())
    assert not any(box.padded(-1).contains(x, y) for box in boxes for x, y in discs)


def test_the_same_corpus_gives_the_same_network(library: stag.Corpus) -> None:
    one, other = (plots.network(library).collections[-1] for _ in range(2))
    assert np.array_equal(one.get_offsets(), other.get_offsets())


def test_rows_of_a_small_trend_are_folded_and_told(library: stag.Corpus) -> None:
    _, ax = plt.subplots(figsize=(5, 2))
    plots.trends(library, ax)
    drawn = len(ax.get_yticks())
    names = stag.corpus.measures.presence(library, kind="person")
    assert ax.get_xlabel() == f"{len(names) - drawn} more are seen for less time"


def test_a_matrix_holds_the_share_of_jobs(library: stag.Corpus) -> None:
    ax = plots.matrix(library, top=4)
    names = [label.get_text() for label in ax.get_yticklabels()]
    pairs = stag.corpus.measures.co_appearance(library, names=names)
    shown = sorted(int(text.get_text()) for text in ax.texts)
    assert shown == sorted((pairs["jobs_jaccard"] * 100).round().astype(int))


def two_groups(number: int) -> Any:
    group = np.arange(number) % 2
    return np.where(group[:, None] == group, 0.8, 0.0) * (1 - np.eye(number))


def test_who_is_tied_stands_close() -> None:
    places = place(two_groups(12))
    apart = np.linalg.norm(places[:, None] - places, axis=2) + 1e9 * np.eye(12)
    nearest = np.argsort(apart, axis=1)[:, :2]
    assert (nearest % 2 == np.arange(12)[:, None] % 2).all()


@pytest.mark.parametrize("number", [1, 2, 3, 60])
def test_discs_stay_in_the_picture_and_apart(number: int) -> None:
    reach = np.linspace(4, 9, number)
    there = spread(place(two_groups(number)), reach, (500, 400))
    assert there.shape == (number, 2)
    assert (there >= reach[:, None] - 1e-9).all()
    assert (there <= np.array([500, 400]) - reach[:, None] + 1e-9).all()
    apart = np.linalg.norm(there[:, None] - there, axis=2) + 1e9 * np.eye(number)
    assert (apart >= reach[:, None] + reach - 2).all()
