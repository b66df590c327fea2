"""Names that a video may show: every plot draws each as it is, in every format."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib.axes import Axes

import smarttag_nb as stag
from smarttag_nb.plots import style
from tests.plots.jobs import FRAME, drawn_from, job_of, texts_of

SEEDS = (
    *("_x", "$", "US$5 and $6", r"$\frac{1}{2}$", r"\alpha^2_3", r"\frac", "%s{}%"),
    *("😀🫠", "שלום", "عربي", "\u202ertl", "a\u200fb", "e\u0301", "𠀀", "\U000f0000"),
    *("a\nb", "a\0b", "a\ud800b", "\x1b[31m", "\ufeffbom", "tab\tbed", " ", ""),
    *("<b>&amp;", "<script>alert(1)</script>", "\"'><img src=x onerror=1>", "]]>", "--"),
    *("x" * 300, "很长的名字" * 60, "沈青禾", "=1+1", "{{7*7}}", "None", "nan", "0"),
)
NAMES = [seed if k < len(SEEDS) else f"{seed}{k}" for k, seed in enumerate(SEEDS * 6)][:200]
BATCHES = [NAMES[k : k + 20] for k in range(0, 200, 20)]


def wide() -> Axes:
    """Axes with room for texts in bars."""
    return plt.subplots(figsize=(30, 4), layout="constrained")[1]


PLOTS: dict[str, Callable[[Any], Axes]] = {
    "alignment": lambda alignment: stag.plots.alignment(alignment, wide()),
    "boxes": lambda job: stag.plots.boxes(job, FRAME, at=40.5),
    "clock": lambda alignment: stag.plots.clock(alignment),
    "co_appearance": lambda job: stag.plots.co_appearance(job),
    "comparison": lambda comparison: stag.plots.comparison(comparison),
    "contact_sheet": lambda job: stag.plots.contact_sheet(job, FRAME, n=20),
    "gallery": lambda job: stag.plots.gallery(job, FRAME),
    "mindmap": lambda job: stag.plots.mindmap(job),
    "position_heatmap": lambda job: stag.plots.position_heatmap(job, label=0),
    "presence_heatmap": lambda job: stag.plots.presence_heatmap(job),
    "ratios": lambda job: stag.plots.ratios(job),
    "roles": lambda alignment: stag.plots.roles(alignment),
    "shot_pace": lambda job: stag.plots.shot_pace(job),
    "speaking_time": lambda job: stag.plots.speaking_time(job),
    "text_agreement": lambda alignment: stag.plots.text_agreement(alignment),
    "timeline": lambda job: stag.plots.timeline(job),
    "track": lambda job: stag.plots.track(job, FRAME, 0),
    "words": lambda job: stag.plots.words(job),
}

WITHOUT_NAMES = ("clock", "roles", "shot_pace", "text_agreement")
"""Plots that show no text of an answer."""

ROWS = ("co_appearance", "presence_heatmap", "ratios", "timeline")
"""Plots with a row for each label."""


def test_there_are_two_hundred_and_every_plot_is_here() -> None:
    assert len(NAMES) == 200
    assert sorted(PLOTS) == sorted(stag.plots.__all__)


@pytest.mark.parametrize("batch", range(10))
@pytest.mark.parametrize("plot", sorted(PLOTS))
def test_no_name_breaks_a_plot_in_any_format(plot: str, batch: int) -> None:
    ax = PLOTS[plot](drawn_from(plot, BATCHES[batch]))
    figure = ax.get_figure(root=True)
    saved = {form: io.BytesIO() for form in ("png", "pdf", "svg")}
    with mpl.rc_context({"svg.fonttype": "none", "savefig.dpi": 40}):
        for form, stream in saved.items():
            figure.savefig(stream, format=form)
    kept = {text.text for text in ElementTree.fromstring(saved["svg"].getvalue()).iter()}
    drawn = texts_of(ax, plot)
    assert not any(text.get_parse_math() or text.get_usetex() for text in drawn)
    assert {text.get_text() for text in drawn} <= kept
    if plot not in WITHOUT_NAMES:
        starts = {style.plain(name)[:8] for name in BATCHES[batch] if style.plain(name)}
        assert any(text and start in text for text in kept for start in starts)


@pytest.mark.parametrize("plot", ROWS)
def test_names_are_shown_as_they_are(plot: str) -> None:
    short = [name for name in SEEDS if name.strip() and len(name) < 30]
    for batch in (short[:18], short[18:]):
        ax = PLOTS[plot](job_of(batch))
        shown = [label.get_text() for label in ax.get_yticklabels()]
        for name in batch:
            plain = "".join("\ufffd" if c in "\0\x1b\u202e\ud800\ufeff" else c for c in name)
            assert " ".join(plain.splitlines()).replace("\t", " ") in shown


@pytest.mark.parametrize("plot", ROWS)
def test_labels_of_one_name_stay_apart(plot: str) -> None:
    ax = PLOTS[plot](job_of(["same"] * 3 + ["other"]))
    assert [label.get_text() for label in ax.get_yticklabels()].count("same") == 3
