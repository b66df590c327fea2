"""Plots over frames."""

from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

import smarttag_nb as stag
from smarttag_nb.plots import stage
from tests.plots.jobs import FRAME, HEIGHT, WIDTH, job_of

MAGAZINE = stag.samples.load("magazine", answer="cognition")
CLIP = stag.samples.video("magazine")
JOB = job_of(["甲", "乙"])


def rectangles(ax: object) -> list[tuple[float, float, float, float]]:
    found = [p for p in ax.patches if isinstance(p, Rectangle)]  # type: ignore[attr-defined]
    return [
        (p.get_x() + 0.5, p.get_y() + 0.5, p.get_x() + p.get_width() + 0.5,
         p.get_y() + p.get_height() + 0.5)
        for p in found
    ]  # fmt: skip


def test_the_frame_of_the_moment_lies_below_its_boxes() -> None:
    ax = stag.plots.boxes(MAGAZINE, CLIP, at=20.2)
    (image,) = ax.images
    assert np.array_equal(image.get_array(), stag.frames.Video(CLIP).at(20.2))
    shown = stag.measures.tracks(MAGAZINE, [20.2])
    assert rectangles(ax) == [
        pytest.approx(row) for row in shown[["x1", "y1", "x2", "y2"]].values.tolist()
    ]


def test_interpolated_boxes_are_dashed_and_have_no_score() -> None:
    ax = stag.plots.boxes(JOB, FRAME, at=0.5)
    assert [patch.get_linestyle() for patch in ax.patches] == [(0, (3, 2))]
    assert ax.texts[0].get_text() == "甲"
    ax = stag.plots.boxes(JOB, FRAME, at=1)
    assert [patch.get_linestyle() for patch in ax.patches] == ["solid"]
    assert ax.texts[0].get_text() == "甲  0.90"


def test_a_labels_best_moment_is_that_of_its_largest_sure_box() -> None:
    ax = stag.plots.boxes(MAGAZINE, CLIP, label="沈青禾")
    found = MAGAZINE.best("boxes").merge(MAGAZINE.labels[["label_id", "name"]], on="label_id")
    found = found[found["name"] == "沈青禾"]
    area = (found["x2"] - found["x1"]) * (found["y2"] - found["y1"])
    best = found.loc[(area * found["score"]).idxmax()]
    assert ax.get_title(loc="left") == stag.intervals.clock(best["timestamp"], 2)


def test_without_a_time_the_moment_with_most_labels_is_drawn() -> None:
    both = job_of(["甲", "乙", *[f"t{k}" for k in range(19)]])
    ax = stag.plots.boxes(both, FRAME)
    assert ax.get_title(loc="left") == ""
    assert len(rectangles(ax)) == 3


def test_boxes_of_another_size_are_told_and_scaled_when_asked() -> None:
    small = np.zeros((HEIGHT // 2, WIDTH // 8, 3), dtype=np.uint8)
    with pytest.warns(UserWarning, match=r"boxes reach outside the frame of 40 × 90.*size="):
        as_they_are = stag.plots.boxes(JOB, small, at=1)
    scaled = stag.plots.boxes(JOB, small, at=1, size=(WIDTH, HEIGHT))
    (before,), (after,) = rectangles(as_they_are), rectangles(scaled)
    assert after == pytest.approx(np.array(before) / [8, 2, 8, 2])


@pytest.mark.parametrize("size", [(0, 9), "big", (1, 2, 3), (float("nan"), 1)])
def test_a_size_is_two_numbers(size: object) -> None:
    with pytest.raises(stag.errors.InvalidArgument, match="size: expected width and height"):
        stag.plots.boxes(JOB, FRAME, at=1, size=size)  # type: ignore[arg-type]


def test_an_image_shows_the_boxes_of_an_images_answer() -> None:
    persons = [
        {"name": name, "score": 0.9, "position": {"leftTop": [x, 9], "rightBottom": [x + 40, 60]}}
        for name, x in (("甲", 20), ("乙", 90))
    ]
    result = {"Type": "ImageLabel", "Data": json.dumps({"persons": persons})}
    job = stag.load({"JobStatus": "Success", "Results": {"Result": [result]}})
    assert rectangles(stag.plots.boxes(job, FRAME)) == [(20, 9, 60, 60), (90, 9, 130, 60)]
    assert len(stag.plots.gallery(job, FRAME).images) == 2
    sheet = stag.plots.contact_sheet(job, FRAME)
    assert [text.get_text() for text in sheet.texts] == ["甲", "", "乙", ""]


def test_tags_of_boxes_keep_apart_and_inside() -> None:
    size = (320.0, 180.0)
    figure_job = job_of(["一样的名字"] * 8)
    boxes = figure_job.boxes.drop_duplicates("label_id").assign(
        name="一样的名字", kind="person", interpolated=False, x1=100.0, y1=80.0, x2=140.0, y2=120.0
    )
    ax = stage.frame_axes(None, size)
    stage.show(ax, FRAME)
    stage.draw_boxes(ax, boxes, size)
    ax.figure.canvas.draw()
    places = [text.get_window_extent() for text in ax.texts]
    assert not any(one.overlaps(other) for one, other in combinations(places, 2))
    frame = ax.get_window_extent()
    assert all(frame.x0 <= place.x0 and place.x1 <= frame.x1 for place in places)


def test_a_label_or_a_time_but_not_both() -> None:
    with pytest.raises(stag.errors.InvalidArgument, match="a label or a time, not both"):
        stag.plots.boxes(JOB, FRAME, at=1, label="甲")
    with pytest.raises(stag.errors.UnknownName, match="No label is called '丙'"):
        stag.plots.boxes(JOB, FRAME, label="丙")
    with pytest.raises(stag.errors.NoSuchTime):
        stag.plots.boxes(MAGAZINE, CLIP, at=500)


def test_a_sheet_shows_each_labels_best_moment_longest_first() -> None:
    ax = stag.plots.contact_sheet(MAGAZINE, CLIP, n=5)
    longest = stag.measures.presence(MAGAZINE).nlargest(5, "seconds")["name"].tolist()
    assert [text.get_text() for text in ax.texts[::2]] == longest
    assert len(ax.images) == 5


def test_moments_of_one_label_stand_apart_in_order_of_time() -> None:
    ax = stag.plots.contact_sheet(MAGAZINE, CLIP, label="沈青禾", n=4)
    times = [text.get_text() for text in ax.texts[1::2]]
    assert times == sorted(times)
    assert len(set(times)) == len(times) > 2
    assert set(ax.texts[k].get_text() for k in range(0, len(ax.texts), 2)) == {"沈青禾"}


def test_a_label_without_boxes_is_shown_while_it_lasts() -> None:
    ax = stag.plots.contact_sheet(MAGAZINE, CLIP, label="咖啡馆", n=3)
    assert [text.get_text() for text in ax.texts[1::2]] == ["0:19.5", "0:24.1", "0:28.7"]


def test_the_gallery_cuts_squares_around_the_best_box() -> None:
    ax = stag.plots.gallery(MAGAZINE, CLIP, n=2)
    assert [text.get_text() for text in ax.texts] == ["沈青禾", "11.5 s", "Mara Ellison", "10.5 s"]
    for image in ax.images:
        height, width = image.get_array().shape[:2]
        assert abs(height - width) <= 1


def test_a_track_runs_through_the_centres_of_its_boxes() -> None:
    ax = stag.plots.track(JOB, FRAME, "甲")
    _, line = (c for c in ax.collections if isinstance(c, LineCollection))
    starts = [segment[0][0] for segment in line.get_segments()]
    assert starts == pytest.approx([29.5 + k for k in range(4)])
    assert ax.get_title(loc="left") == "甲"


def test_a_track_of_the_occurrence_at_a_time() -> None:
    ax = stag.plots.track(MAGAZINE, CLIP, "沈青禾", at=5)
    assert ax.get_title(loc="left").startswith("沈青禾, 0:03")


def test_the_heatmap_counts_the_boxes_over_a_place() -> None:
    ax = stag.plots.position_heatmap(JOB, label="甲", size=(WIDTH, HEIGHT))
    cells = np.asarray(ax.images[0].get_array())[..., 3]
    down, across = cells.shape
    middle = cells[int(60 / HEIGHT * down), int(30 / WIDTH * across)]
    assert middle == pytest.approx(cells.max())
    assert cells[0, 0] == 0
    assert ax.xaxis.label.get_text() == "5 boxes; at most 100% of them on one place"


def test_boxes_at_times_that_the_video_lacks_are_told_and_left_out() -> None:
    long = job_of([f"t{k}" for k in range(20)])
    with pytest.warns(UserWarning, match="of 100 boxes have times outside the video's 77.8 s"):
        stag.plots.gallery(long, CLIP)


def test_a_track_has_gaps_where_nothing_tells_the_way() -> None:
    ax = stag.plots.track(JOB, FRAME, "甲", max_gap=0.5)
    assert not any(len(c.get_segments()) for c in ax.collections if isinstance(c, LineCollection))


def test_a_label_without_a_track_keeps_its_single_box() -> None:
    position = {"leftTop": [10, 10], "rightBottom": [50, 60]}
    person = {
        "name": "Zoe",
        "occurrences": [{"from": 0, "to": 2, "timestamp": 1, "position": position}],
    }
    cup = {
        "labelLevel1": "物体", "label": "cup",
        "detailInfo": [{"startTime": 0, "endTime": 2, "trackData": [
            {"timestamp": k, "bbox": [100, 100, 120, 120], "score": 0.9} for k in range(3)]}],
    }  # fmt: skip
    results = [
        {"Type": "VideoLabel", "Data": {"persons": [person]}},
        {"Type": "Process", "Data": [{"name": "tag", "result": [{"content": {"data": [cup]}}]}]},
    ]
    job = stag.load({"JobStatus": "Success", "Results": {"Result": results}}, duration=2)
    assert rectangles(stag.plots.boxes(job, FRAME, label="Zoe"))[-1] == (10, 10, 50, 60)
    assert stag.plots.gallery(job, FRAME).texts[0].get_text() == "Zoe"
    zoe = int(job.labels.query("name == 'Zoe'")["label_id"].iloc[0])
    assert stag.plots.position_heatmap(job, label=zoe).images
    with pytest.raises(stag.errors.UnknownName, match="No label is called 'Bo'"):
        stag.plots.boxes(job, FRAME, label="Bo")


def test_a_box_outside_the_frame_is_no_picture_of_a_face() -> None:
    names = ["far", "reversed"]
    boxes = ([1000, 1000, 1100, 1100], [90, 90, 20, 20])
    labels = [
        {"labelLevel1": "人脸", "label": name, "detailInfo": [
            {"startTime": 0, "trackData": [{"timestamp": 1, "bbox": box, "score": 1}]}]}
        for name, box in zip(names, boxes, strict=True)
    ]  # fmt: skip
    module = {"name": "tag", "result": [{"content": {"data": labels}}]}
    job = stag.load([module], duration=2)
    told = pytest.warns(
        UserWarning, match=r"1 of 2 boxes reach outside .* was \(320, 180\) the size"
    )
    with told:
        ax = stag.plots.gallery(job, FRAME, size=(WIDTH, HEIGHT))
    assert ax.texts[1].get_text() == "No person of the answer has a box inside the frame."
    refused = pytest.raises(
        stag.errors.InvalidArgument, match="a label with a box inside the frame"
    )
    with told, refused:
        stag.plots.boxes(job, FRAME, label="far", size=(WIDTH, HEIGHT))
    ax = stag.plots.position_heatmap(job, size=(WIDTH, HEIGHT))
    assert ax.xaxis.label.get_text().endswith("1 more lie outside the frame")


def test_a_box_beyond_all_frames_is_told_and_breaks_nothing() -> None:
    track = [{"timestamp": 1, "bbox": [1, 1, 1e308, 1e308], "score": 1}]
    label = {
        "labelLevel1": "人脸",
        "label": "a",
        "detailInfo": [{"startTime": 0, "trackData": track}],
    }
    job = stag.load([{"name": "tag", "result": [{"content": {"data": [label]}}]}], duration=2)
    for draw in (stag.plots.boxes, stag.plots.gallery, stag.plots.contact_sheet):
        with pytest.warns(UserWarning, match="1 of 1 boxes reach outside"):
            draw(job, FRAME).figure.canvas.draw()  # type: ignore[operator]
    assert stag.plots.position_heatmap(job).texts[0].get_text() == "No boxes"


def test_no_boxes_with_a_video_is_an_honest_picture() -> None:
    ax = stag.plots.position_heatmap(MAGAZINE, kind="entity", video=CLIP)
    assert ax.texts[0].get_text() == "No boxes"


@pytest.mark.filterwarnings("ignore:.*problem.* in this answer")
def test_one_impossible_range_does_not_spoil_the_sheet() -> None:
    ranges = [{"from": 1, "to": 5, "score": 0.5}, {"from": 500, "to": 600, "score": 0.9}]
    before = [{"from": -50, "to": -10}]
    tags = [
        {"mainTagName": "m", "subTagName": name, "occurrences": own}
        for name, own in (("a", ranges), ("b", before))
    ]
    ax = stag.plots.contact_sheet(stag.load({"tags": tags}), CLIP)
    assert [text.get_text() for text in ax.texts] == ["a", "0:03.0"]


@pytest.mark.parametrize("at", [float("nan"), "x", True])
def test_a_time_is_a_number(at: object) -> None:
    for draw in (stag.plots.boxes, stag.plots.track):
        given = {"label": "甲"} if draw is stag.plots.track else {}
        with pytest.raises(stag.errors.InvalidArgument, match="at: expected a time in seconds"):
            draw(JOB, FRAME, at=at, **given)  # type: ignore[operator]
