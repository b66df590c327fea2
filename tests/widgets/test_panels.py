"""Panels: what their controls do to the picture, to what it tells and to `shown`."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from PIL import Image

import smarttag_nb as stag
from smarttag_nb.widgets import panels
from tests.alignment.made import alignment_of, empty, spoken
from tests.measures.jobs import job_of
from tests.plots.jobs import FRAME
from tests.plots.jobs import job_of as job_named

CLIP = stag.samples.video("magazine")
HOSTILE = (
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</textarea><b>x", "&lt;i&gt;"),
    *(r"$\href{javascript:alert(1)}{x}$", r"$$\frac$$", "a\0b", "\u202ertl", "{{7*7}}", "沈青禾"),
)


@pytest.fixture
def job() -> stag.Job:
    return stag.samples.load("magazine")


@pytest.fixture(scope="module")
def aligned() -> Any:
    return stag.align(stag.samples.load("magazine"), size=(640, 360))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Axes]:
    """The axes that the panels' plots drew into, in order."""
    made: list[Axes] = []

    def kept(plot: Callable[..., Axes]) -> Callable[..., Axes]:
        def draw(*args: Any, **more: Any) -> Axes:
            made.append(plot(*args, **more))
            return made[-1]

        return draw

    for name in ("ratios", "boxes", "alignment"):
        monkeypatch.setattr(panels.plots, name, kept(getattr(stag.plots, name)))
    monkeypatch.setattr(panels.style, "nothing", kept(panels.style.nothing))
    return made


def parts(widget: Any) -> list[Any]:
    """A widget and all in it."""
    return [widget, *(part for child in getattr(widget, "children", ()) for part in parts(child))]


def pixels(panel: Any) -> Any:
    image = Image.open(io.BytesIO(panel.picture.value))
    assert image.format == "PNG"
    return np.asarray(image.convert("RGBA"))


def button(panel: Any, told: str) -> Any:
    return next(
        part
        for part in parts(panel)
        if isinstance(part, ipywidgets.Button) and told in f"{part.description} {part.tooltip}"
    )


def said(ax: Axes) -> str:
    return " ".join(" ".join(text.get_text() for text in ax.texts).split())


# Ratios.


def test_a_ratio_leaves_out_what_is_seen_for_less(job: stag.Job, drawn: list[Axes]) -> None:
    panel = stag.panels.ratios(job)
    assert panel.told.value == "23 of 23 labels with a ratio"
    panel.ratio.value = 0.3
    names = ["晨间手记", "讲话", "咖啡杯"]
    assert panel.shown["name"].tolist() == names
    assert [label.get_text() for label in drawn[-1].get_yticklabels()] == names
    assert panel.told.value == "3 of 23 labels with a ratio"


def test_a_ratio_equal_to_the_threshold_passes(job: stag.Job) -> None:
    panel = stag.panels.ratios(job)
    panel.ratio.value = 0.375
    assert panel.shown["ratio_reported"].tolist() == [0.916, 0.375]


def test_a_score_counts_only_the_occurrences_that_have_it(job: stag.Job, drawn: list[Axes]) -> None:
    panel = stag.panels.ratios(job)
    panel.kind.value = "tag"
    panel.score.value = 0.75
    cup = panel.shown.set_index("name").loc["咖啡杯"]
    kept = job.occurrences.query("label_id == @cup.label_id and score >= 0.75")
    assert 0 < len(kept) < len(job.occurrences.query("label_id == @cup.label_id"))
    assert cup["seconds"] == pytest.approx((kept["end_time"] - kept["start_time"]).sum())
    assert cup["ratio_reported"] == 0.355
    ticks = [line[0][0] for line in drawn[-1].collections[0].get_segments()]
    row = panel.shown["name"].tolist().index("咖啡杯")
    assert ticks[row] == pytest.approx(cup["ratio_measured"])


def test_what_has_no_score_counts_at_zero_alone_unless_its_label_has_one() -> None:
    panel = stag.panels.ratios(
        job_of(
            10.0,
            labels={"label_id": [0, 1], "kind": ["tag"] * 2, "name": ["own", "none"],
                    "score": [0.8, np.nan], "result_type": ["VideoLabel"] * 2},
            occurrences={"label_id": [0, 1], "start_time": [0.0, 0.0], "end_time": [5.0, 5.0],
                         "result_type": ["VideoLabel"] * 2},
        )
    )  # fmt: skip
    assert panel.shown["name"].tolist() == ["own", "none"]
    panel.score.value = 0.5
    assert panel.shown["name"].tolist() == ["own"]


def test_sliders_show_percent_and_answer_when_let_go(job: stag.Job) -> None:
    panel = stag.panels.ratios(job)
    assert (panel.score.readout_format, panel.ratio.readout_format) == (".0%", ".1%")
    assert panel.ratio.max == 0.92
    assert not any(
        part.continuous_update for part in parts(panel) if part.has_trait("continuous_update")
    )


def test_names_are_searched_whatever_their_width_and_case(job: stag.Job) -> None:
    panel = stag.panels.ratios(job)
    panel.name.value = " ｍＡＲＡ "
    assert panel.shown["name"].tolist() == ["Mara Ellison"]


def test_the_rest_is_folded_and_stays_in_what_is_shown(job: stag.Job, drawn: list[Axes]) -> None:
    panel = stag.panels.ratios(job)
    panel.top.value = 4
    assert drawn[-1].get_yticklabels()[-1].get_text() == "19 more"
    assert len(panel.shown) == 23


def test_the_browser_sets_what_python_reads(job: stag.Job) -> None:
    panel = stag.panels.ratios(job)
    told: list[int] = []
    panel.observe(lambda change: told.append(len(change["new"])), "shown")
    panel.ratio.set_state({"value": 0.3})
    assert panel.ratio.value == 0.3
    assert told == [3]


@pytest.mark.parametrize("ratio", [1e308, 1e-9, -0.5])
def test_a_ratio_that_can_be_none_breaks_no_slider(ratio: float) -> None:
    labels = {"kind": ["tag"], "name": ["a"], "ratio": [ratio], "result_type": ["VideoLabel"]}
    panel = stag.panels.ratios(job_of(10.0, labels=labels))
    assert 0.01 <= panel.ratio.max <= 1
    assert len(panel.shown) == (ratio > 0)


def test_only_what_changes_is_drawn(job: stag.Job, drawn: list[Axes]) -> None:
    panel = stag.panels.ratios(job)
    panel.ratio.value = 0.3
    panel.ratio.value = 0.3
    assert len(drawn) == 2


def test_why_no_label_is_left(job: stag.Job, drawn: list[Axes]) -> None:
    panel = stag.panels.ratios(job)
    panel.kind.value = "person"
    panel.score.value = 1.0
    assert said(drawn[-1]) == "No label is left No person has a score of 100% or more."
    assert len(panel.shown) == 0


def test_ratios_of_one_result_type(job: stag.Job) -> None:
    panel = stag.panels.ratios(job, result_type="Process")
    assert set(panel.shown["label_id"]) <= set(
        job.labels.query("result_type == 'Process'").label_id
    )
    with pytest.raises(stag.errors.UnknownName, match="result type with labels"):
        stag.panels.ratios(job, result_type="x")


# Frames.


def test_a_label_is_shown_on_the_frame_of_its_box(job: stag.Job, drawn: list[Axes]) -> None:
    panel = stag.panels.frames(job, CLIP)
    panel.name.value = "mara"
    panel.moment.value = 10
    assert panel.time == 19.04
    assert panel.told.value == "0:19.04 · box 10 of 54 · occurrence 1 of 2"
    (image,) = drawn[-1].images
    with stag.frames.Video(CLIP) as video:
        assert np.array_equal(image.get_array(), video.at(19.04))
    assert panel.shown["name"].tolist() == ["顾明川", "Mara Ellison", "咖啡杯", "晨间手记"]
    own = panel.shown.set_index("name").loc["Mara Ellison"]
    corner = own["x1"] - 0.5, own["y1"] - 0.5
    assert corner in [patch.get_xy() for patch in drawn[-1].patches]


def test_the_picture_shows_the_frame(job: stag.Job) -> None:
    panel = stag.panels.frames(job, FRAME)
    shown = pixels(panel)
    assert tuple(shown[len(shown) // 2 + 40, shown.shape[1] // 2, :3]) == (200, 200, 200)


def test_boxes_of_this_label_alone(job: stag.Job, drawn: list[Axes]) -> None:
    panel = stag.panels.frames(job, CLIP)
    panel.name.value = "mara"
    panel.moment.value = 10
    panel.alone.value = True
    assert panel.shown["name"].tolist() == ["Mara Ellison"]
    assert len(drawn[-1].patches) == 1


def test_steps_by_moment_and_by_occurrence(job: stag.Job) -> None:
    panel = stag.panels.frames(job, CLIP)
    panel.name.value = "mara"
    back, forth = button(panel, "Occurrence before"), button(panel, "Occurrence after")
    assert back.disabled
    assert not forth.disabled
    button(panel, "Moment after").click()
    assert panel.moment.value == 2
    forth.click()
    assert "occurrence 2 of 2" in panel.told.value
    first = panel.moment.value
    assert forth.disabled
    button(panel, "Moment after").click()
    back.click()
    assert panel.moment.value == first
    back.click()
    assert panel.moment.value == 1


def test_a_label_without_boxes_is_shown_amid_its_occurrences(job: stag.Job) -> None:
    panel = stag.panels.frames(job, CLIP)
    panel.name.value = "演播室"
    own = job.occurrences.query("label_id == @panel.label.value")
    middles = ((own["start_time"] + own["end_time"]) / 2).sort_values()
    assert panel.moment.max == 3
    assert panel.time == pytest.approx(middles.iloc[0])
    assert panel.told.value.endswith("moment 1 of 3 · occurrence 1 of 3 · the label has no boxes")


def test_the_label_chosen_stays_while_it_is_offered(job: stag.Job, drawn: list[Axes]) -> None:
    panel = stag.panels.frames(job, CLIP)
    mara = next(value for label, value in panel.label.options if label.startswith("Mara"))
    panel.label.value = mara
    before = len(drawn)
    panel.kind.value = "person"
    assert panel.label.value == mara
    assert len(drawn) == before
    panel.kind.value = "tag"
    assert panel.label.value != mara
    assert len(drawn) == before + 1
    panel.name.value = "no such name"
    assert panel.label.value is None
    assert "No label has that name." in said(drawn[-1])
    panel.name.value = ""
    assert panel.label.value is not None


def test_one_draw_for_another_label_with_fewer_moments(job: stag.Job, drawn: list[Axes]) -> None:
    panel = stag.panels.frames(job, CLIP)
    panel.moment.value = panel.moment.max
    before = len(drawn)
    panel.label.value = next(v for label, v in panel.label.options if label.startswith("Tobias"))
    assert panel.moment.value == 1
    assert len(drawn) == before + 1


def test_an_image_shows_the_boxes_of_an_images_answer(drawn: list[Axes]) -> None:
    job = stag.samples.load("magazine", "image")
    with stag.frames.Video(CLIP) as video:
        panel = stag.panels.frames(job, video.at(20.2))
    assert panel.time is None
    assert len(panel.shown) == len(job.boxes) == len(drawn[-1].patches)
    assert panel.told.value == "box 1 of 1 · occurrence 1 of 1"
    assert panel.moment.disabled
    panel.alone.value = True
    assert panel.shown["label_id"].tolist() == [panel.label.value]


def test_boxes_without_times_ask_for_an_image(drawn: list[Axes]) -> None:
    stag.panels.frames(stag.samples.load("magazine", "image"), CLIP)
    assert "give its image in place of the video" in said(drawn[-1])


def test_what_does_not_fit_the_frame_is_told(job: stag.Job) -> None:
    small = np.zeros((90, 160, 3), np.uint8)
    panel = stag.panels.frames(job, small)
    assert "reach outside the frame of 160 × 90" in panel.told.value
    fitted = stag.panels.frames(job, small, size=(640, 360))
    assert "outside" not in fitted.told.value
    with pytest.raises(stag.errors.InvalidArgument, match="size: expected width and height"):
        stag.panels.frames(job, small, size=(0, 1))


def test_a_file_that_ends_too_soon_says_so(
    job: stag.Job, drawn: list[Axes], tmp_path: Path
) -> None:
    short = tmp_path / "short.mp4"
    short.write_bytes(CLIP.read_bytes()[: CLIP.stat().st_size // 2])
    panel = stag.panels.frames(job, short)
    panel.moment.value = panel.moment.max
    assert "the file is truncated" in said(drawn[-1])
    panel.moment.value = 1
    assert drawn[-1].images
    panel.close()


def test_ten_thousand_labels_are_searched_not_listed() -> None:
    count = 10_000
    job = job_of(
        100.0,
        labels={"label_id": range(count), "name": [f"label {k}" for k in range(count)],
                "kind": ["tag"] * count, "result_type": ["VideoLabel"] * count},
        boxes={"label_id": range(count), "timestamp": np.arange(count) / 100.0, "x1": 1.0,
               "y1": 1.0, "x2": 9.0, "y2": 9.0, "result_type": ["VideoLabel"] * count},
    )  # fmt: skip
    panel = stag.panels.frames(job, FRAME)
    assert len(panel.label.options) == 200
    panel.name.value = "label 9999"
    assert [value for _, value in panel.label.options] == [9999]
    assert panel.time == 99.99


def test_closing_closes_what_the_panel_opened(job: stag.Job) -> None:
    video = stag.frames.Video(CLIP)
    stag.panels.frames(job, video).close()
    assert video.at(0).shape == (360, 640, 3)
    panel = stag.panels.frames(job, CLIP)
    panel.close()
    with pytest.raises(stag.errors.MediaError, match="closed"):
        panel._media.at(0)


# Alignment.


def test_the_window_slides_over_the_alignment(aligned: Any, drawn: list[Axes]) -> None:
    panel = stag.panels.alignment(aligned)
    assert drawn[-1].get_xlim() == (0, 30)
    panel.start.value = 20
    panel.length.value = 10
    assert drawn[-1].get_xlim() == (20, 30)
    assert panel.told.value.startswith("0:20 to 0:30 · 1 of 7 differences")


def test_the_window_ends_where_the_picture_ends(aligned: Any, drawn: list[Axes]) -> None:
    panel = stag.panels.alignment(aligned)
    panel.start.value = panel.start.max
    assert drawn[-1].get_xlim() == (48, 78)
    before = len(drawn)
    panel.length.value = 60
    assert drawn[-1].get_xlim() == (18, 78)
    assert len(drawn) == before + 1


def test_differences_are_text_and_rows(aligned: Any) -> None:
    panel = stag.panels.alignment(aligned)
    assert panel.differences.value.splitlines() == [
        "0:10.2  刚做好的咖啡，表面有一层细腻的油[纸 → 脂]",
        "0:13.8  先闻一闻，再用小勺[清清 → 轻轻]搅动。",
        "0:23.2  九十二度，我每天都要[是 → 试]三次。",
    ]
    assert panel.shown["speech_id"].tolist() == [2, 3, 6]
    assert panel.shown[["said", "written"]].values.tolist() == [
        ["纸", "脂"],
        ["清清", "轻轻"],
        ["是", "试"],
    ]


@pytest.mark.parametrize(
    ("said", "written", "found", "text"),
    [
        ("好，的", "好的。", [], "好，的"),
        ("Ａ cafe", "a CAFÉ", [], "Ａ cafe"),
        ("水温比时间重要", "水温比时间更重要", [(5, 5, "", "更")], "水温比时间[+更]重要"),
        ("嗯水温，重要", "水温重要", [(0, 0, "嗯", "")], "[−嗯]水温，重要"),
        ("一二", "三四", [(0, 0, "一二", "三四")], "[一二 → 三四]"),
    ],
)
def test_marks_width_and_case_are_no_difference(
    said: str, written: str, found: Any, text: str
) -> None:
    assert panels._compared(said, written) == (found, text)


def test_a_difference_names_the_line_it_is_in() -> None:
    made = alignment_of(["一二三四五六七八"] * 4, scenery=False)
    lines = made.lines.assign(text=made.lines["text"].replace("五六七八", "五六七九"))
    two = made.links[made.links["speech_id"] == 3]
    assert len(two) == 2
    altered = stag.alignment.Alignment(
        lines, made.links, made.clock, made.scores, made.fused, made.speech
    )
    found = panels._differences(altered)
    assert found[["speech_id", "said", "written"]].values.tolist() == [[3, "八", "九"]]
    assert found["line_id"].tolist() == [two["line_id"].max()]
    line = lines.set_index("line_id").loc[found["line_id"].iloc[0]]
    assert found["start_time"].tolist() == [line["start_time"]]


def test_buttons_lead_to_the_differences_before_and_after(aligned: Any) -> None:
    panel = stag.panels.alignment(aligned)
    panel.length.value = 10
    before, after = button(panel, "difference before"), button(panel, "difference after")
    assert before.disabled
    starts = panel._all["start_time"]
    seen = set(panel.shown["said"])
    while not after.disabled:
        after.click()
        seen |= set(panel.shown["said"])
    assert seen == set(panel._all["said"])
    while not before.disabled:
        before.click()
    assert panel.start.value <= starts.min()


def test_an_alignment_of_nothing_says_why(drawn: list[Axes]) -> None:
    panel = stag.panels.alignment(empty())
    assert "Nothing said, nothing written" in said(drawn[-1])
    assert panel.start.disabled
    assert panel.differences.value == ""
    assert list(panel.shown.columns)[:2] == ["start_time", "end_time"]


def test_two_hours_are_shown_by_windows() -> None:
    panel = stag.panels.alignment(alignment_of(spoken(1800)))
    assert panel.length.max == 600
    panel.start.value = panel.start.max
    assert panel.told.value.startswith("1:59:")


# All of them.


def all_of(names: tuple[str, ...] = HOSTILE) -> list[Any]:
    job = job_named(names)
    return [
        stag.panels.ratios(job),
        stag.panels.frames(job, FRAME),
        stag.panels.alignment(alignment_of(names, noise=0)),
    ]


def test_text_of_an_answer_is_only_where_it_is_not_obeyed() -> None:
    executing = (ipywidgets.HTML, ipywidgets.HTMLMath, ipywidgets.Output)
    for panel in all_of():
        for part in parts(panel):
            assert not isinstance(part, executing)
            assert not getattr(part, "description_allow_html", False)
            # What typesets its text shows only ours.
            told = getattr(part, "description", "")
            told += part.value if isinstance(part, ipywidgets.Label) else ""
            assert not any(name in told for name in HOSTILE)


def test_a_tooltip_stands_only_where_the_browser_can_show_it() -> None:
    # ipywidgets fails to show at all what has a tooltip and no description.
    for panel in all_of():
        for part in parts(panel):
            assert part.tooltip is None or hasattr(part, "description")


def test_hostile_names_are_there_to_choose() -> None:
    _, panel, _ = all_of()
    offered = [label.split(" · ")[0] for label, _ in panel.label.options]
    for name in HOSTILE:
        plain = name.replace("\0", "\ufffd").replace("\u202e", "\ufffd")
        # A long one is cut.
        assert any(plain.startswith(label.removesuffix("…")) for label in offered)
    for _, value in panel.label.options:
        panel.label.value = value
        assert panel.shown["label_id"].isin([value]).any()


@pytest.mark.parametrize("answer", ["pending", "failed", "smart-handle-prose", "subtitles"])
def test_an_empty_answer_tells_why(answer: str, drawn: list[Axes]) -> None:
    job = stag.samples.load("magazine", answer)
    for panel in (stag.panels.ratios(job), stag.panels.frames(job, CLIP)):
        assert "The answer holds no" in said(drawn[-1])
        assert (job.status or "") in said(drawn[-1])
        assert (job.reason or "") in said(drawn[-1])
        assert len(panel.shown) == 0


@pytest.mark.parametrize("answer", stag.samples.answers("magazine"))
def test_every_answer_has_its_panels(answer: str) -> None:
    job = stag.samples.load("magazine", answer)
    assert pixels(stag.panels.ratios(job)).size
    assert pixels(stag.panels.frames(job, CLIP)).size
    assert pixels(stag.panels.frames(job, FRAME, size=(640, 360))).size


def test_no_figure_is_left_and_nothing_global_is_set() -> None:
    mine = plt.figure()
    before = dict(mpl.rcParams)
    all_of()
    assert plt.get_fignums() == [mine.number]
    assert plt.gcf() is mine
    assert dict(mpl.rcParams) == before
    plt.close(mine)


@pytest.mark.parametrize(
    ("settings", "ground", "ink"),
    [
        ({}, (255, 255, 255, 255), "#1f2328"),
        ({"figure.facecolor": "none", "axes.facecolor": "none"}, (255, 255, 255, 255), "#1f2328"),
        ({"figure.facecolor": "#101010", "axes.facecolor": "none"}, (16, 16, 16, 255), "#e8eaed"),
        ({"savefig.transparent": True, "savefig.dpi": 20}, (255, 255, 255, 255), "#1f2328"),
    ],
)
def test_a_picture_is_a_card_of_the_figures_colour(
    settings: dict[str, Any], ground: Any, ink: str, job: stag.Job, drawn: list[Axes]
) -> None:
    with mpl.rc_context(settings):
        panel = stag.panels.ratios(job)
    corner = pixels(panel)[0, 0]
    assert tuple(corner) == ground
    assert drawn[-1].get_yticklabels()[0].get_color() == ink
    assert pixels(panel).shape[1] == 1440
    assert panel.picture.layout.width == "720px"


@pytest.mark.parametrize("make", [stag.panels.ratios, lambda x: stag.panels.frames(x, CLIP)])
def test_what_is_no_job_is_refused(make: Any) -> None:
    with pytest.raises(stag.errors.InvalidArgument, match="job: expected a Job"):
        make("answer.json")


def test_what_is_no_alignment_or_no_media_is_refused(job: stag.Job) -> None:
    with pytest.raises(stag.errors.InvalidArgument, match="alignment: expected an Alignment"):
        stag.panels.alignment(job)
    with pytest.raises(stag.errors.NotMedia, match="a video or an image"):
        stag.panels.frames(job, stag.samples.path("magazine", "cognition"))
