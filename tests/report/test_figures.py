from __future__ import annotations

import base64
import io

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from PIL import Image

import smarttag_nb as stag
from smarttag_nb.plots import style
from smarttag_nb.report import figures
from smarttag_nb.report.gather import gather
from smarttag_nb.report.words import Words
from tests.plots.jobs import job_of

EN = Words("en")


def pixels(uri: str) -> np.ndarray:
    head, _, content = uri.partition(",")
    assert head == "data:image/webp;base64"
    with Image.open(io.BytesIO(base64.b64decode(content))) as image:
        return np.asarray(image.convert("RGBA"))


@pytest.fixture(scope="module")
def job() -> stag.Job:
    return stag.samples.load("magazine", answer="cognition")


def test_a_plot_is_drawn_for_light_and_for_dark(job: stag.Job) -> None:
    made = figures.figure(lambda: stag.plots.speaking_time(job), EN)
    light, dark = pixels(made.light), pixels(made.dark)
    assert light.shape == dark.shape
    assert light.shape[1] == pytest.approx(made.width * figures.DPI / 96, abs=2)
    assert (light[0, :, 3] == 0).all(), "the ground is the page's"
    ink = [image[image[..., 3] > 250][:, :3].astype(int) for image in (light, dark)]
    grey = [tones[np.ptp(tones, axis=1) < 20].mean(axis=1) for tones in ink]
    assert grey[0].min() < 60 < 200 < grey[1].max()


def test_the_users_settings_change_nothing(job: stag.Job) -> None:
    plain = figures.figure(lambda: stag.plots.speaking_time(job), EN)
    with mpl.rc_context({"figure.facecolor": "black", "axes.facecolor": "red"}):
        assert figures.figure(lambda: stag.plots.speaking_time(job), EN) == plain
        assert mpl.rcParams["axes.facecolor"] == "red"


def test_no_figure_stays_open(job: stag.Job) -> None:
    before = plt.get_fignums()
    figures.figure(lambda: stag.plots.speaking_time(job), EN)
    assert plt.get_fignums() == before


def test_only_plots_with_something_to_show_are_drawn(job: stag.Job) -> None:
    every = figures.plotted(gather(job), job, stag.align(job))
    assert list(every) == ["ratios", "timeline", "agreement"]
    image = stag.samples.load("magazine", answer="image")
    assert figures.plotted(gather(image), image, None) == {}


def test_people_are_cut_out_of_the_video(job: stag.Job) -> None:
    made = figures.people(job, stag.samples.video("magazine"))
    assert [one.name for one in made.values()][:2] == ["沈青禾", "Mara Ellison"]
    assert all(one.label_id == key and one.at is not None for key, one in made.items())
    face = next(iter(made.values()))
    assert pixels(face.uri).shape[:2] == (face.height, face.width)
    assert max(face.width, face.height) <= 256


def test_moments_show_the_labels_box_in_its_colour(job: stag.Job) -> None:
    made = figures.sheet(job, stag.samples.video("magazine"))
    tower = next(one for one in made if one.name == "塔架")
    colour = 255 * np.array(to_rgb(style.colour(tower.kind)))
    near = np.abs(pixels(tower.uri)[..., :3] - colour).max(axis=2) < 60
    # Two upright edges, each most of a column.
    assert (near.mean(axis=0) > 0.5).sum() >= 2


def test_an_image_is_shown_with_its_boxes() -> None:
    job = stag.samples.load("magazine", answer="image")
    with stag.frames.Still(np.full((360, 640, 3), 200, np.uint8)) as still:
        made = figures.picture(job, still, EN)
        people = figures.people(job, still)
    assert (pixels(made.light)[..., 2].astype(int) - pixels(made.light)[..., 0] > 80).any()
    assert all(one.at is None for one in people.values())


def test_what_a_plot_says_of_its_own_is_translated_and_names_are_not() -> None:
    drawn = []

    def draw() -> Axes:
        drawn.append(stag.plots.timeline(job_of(["speech", "more", "沈青禾"]), top=2))
        return drawn[-1]

    figures.figure(draw, Words("zh"))
    rows = [label.get_text() for label in drawn[0].get_yticklabels()]
    assert rows == ["章节", "镜头", "speech", "more", "另有 1 项", "语音", "文字"]
    legend = drawn[0].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["人物"]
