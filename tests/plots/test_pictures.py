"""A few plots as pictures, compared with those that were looked at and found good.

After a change that is meant, make them anew and look at each:
``pytest tests/plots/test_pictures.py --mpl-generate-path=tests/plots/baseline``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.testing.compare import compare_images

import smarttag_nb as stag
from tests.alignment.made import ENGLISH, alignment_of, spoken
from tests.plots.jobs import FRAME, drawn_from, job_of

# Plain letters: they are in the font that matplotlib brings, whatever else is installed.
NAMES = ["Anna", "Ben", "Carla", "Dora with a long name", "Emil"]
JOB = job_of(NAMES)
ALIGNMENT = alignment_of(spoken(60, ENGLISH), cut=(120.0, 8.0), bilingual=True, pause=(60.0, 80.0))
BASELINE = Path(__file__).parent / "baseline"
TOLERANCE = 4.0

PICTURES: dict[str, Callable[[], Axes]] = {
    "alignment": lambda: stag.plots.alignment(ALIGNMENT, start=105, end=145),
    "boxes": lambda: stag.plots.boxes(JOB, FRAME, at=4.5),
    "clock": lambda: stag.plots.clock(ALIGNMENT),
    "co_appearance": lambda: stag.plots.co_appearance(JOB),
    "comparison": lambda: stag.plots.comparison(drawn_from("comparison", NAMES)),
    "contact_sheet": lambda: stag.plots.contact_sheet(JOB, FRAME),
    "mindmap": lambda: stag.plots.mindmap(JOB),
    "position_heatmap": lambda: stag.plots.position_heatmap(JOB, size=(320, 180)),
    "presence_heatmap": lambda: stag.plots.presence_heatmap(JOB),
    "ratios": lambda: stag.plots.ratios(JOB),
    "roles": lambda: stag.plots.roles(ALIGNMENT),
    "shot_pace": lambda: stag.plots.shot_pace(JOB),
    "speaking_time": lambda: stag.plots.speaking_time(JOB),
    "text_agreement": lambda: stag.plots.text_agreement(ALIGNMENT),
    "timeline": lambda: stag.plots.timeline(JOB),
}


@pytest.mark.mpl_image_compare(
    baseline_dir="baseline", style="default", tolerance=TOLERANCE, savefig_kwargs={"dpi": 60}
)
@pytest.mark.parametrize("plot", sorted(PICTURES))
def test_picture(plot: str) -> plt.Figure:
    figure = PICTURES[plot]().get_figure(root=True)
    assert figure is not None
    return figure


def test_a_recoloured_bar_is_seen(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    assert request.config.getoption("--mpl"), "without --mpl the pictures are not compared"
    with plt.style.context("default", after_reset=True):
        ax = stag.plots.ratios(JOB)
        figure = ax.get_figure(root=True)
        assert figure is not None
        actual = tmp_path / "ratios.png"
        baseline = str(BASELINE / "test_picture_ratios.png")
        figure.savefig(actual, dpi=60)
        assert compare_images(baseline, str(actual), TOLERANCE) is None
        bar = ax.patches[0]
        bar.set_color([0.8 * part for part in to_rgb(bar.get_facecolor())])
        figure.savefig(actual, dpi=60)
    assert "Error: Image files did not match" in compare_images(baseline, str(actual), TOLERANCE)
