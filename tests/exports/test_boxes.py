"""COCO, CVAT, Label Studio and FiftyOne, read back by what knows not how they are written."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from lxml import etree

import smarttag_nb as stag
from smarttag_nb import exports
from smarttag_nb.exports import Export
from tests.exports import schemas
from tests.exports.reading import Read, read
from tests.measures.jobs import job_of

Writer = Callable[..., Export]
SIZE = (64, 48)
NAN = float("nan")
CORNERS = ["x1", "y1", "x2", "y2"]
FORMATS: list[Writer] = [exports.coco, exports.cvat, exports.label_studio, exports.fiftyone]
every_format = pytest.mark.parametrize("write", FORMATS, ids=lambda write: write.__name__)

# Four formats are written, checked and read for each example.
on_every_format = settings(max_examples=max(20, settings().max_examples // 25))


def written(job: stag.Job, write: Writer, folder: Path, **options: Any) -> Export:
    return write(job, folder / f"{write.__name__}.json", **{"size": SIZE, **options})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


def boxes_at(*rows: tuple[float, float], **columns: Any) -> dict[str, Any]:
    """Boxes of (timestamp, left edge), each 10 × 20, of label and occurrence 0."""
    at, left = np.array(rows, dtype=float).reshape(-1, 2).T
    made: dict[str, Any] = {
        "label_id": [0] * len(at),
        "occurrence_id": [0] * len(at),
        "timestamp": at,
        "x1": left,
        "y1": np.zeros(len(at)),
        "x2": left + 10,
        "y2": np.full(len(at), 20.0),
        "result_type": ["VideoLabel"] * len(at),
    }
    return {**made, **columns}


ANNA: dict[str, Any] = {"kind": ["person"], "name": ["Anna"], "result_type": ["VideoLabel"]}

HOSTILE = [
    "Anna", "\x00\x1b[31m", "]]>", "<b>&amp;\"'", "../../etc/passwd", "C:\\x", "=1+1", "$video",
    "", " ", "\n", "a\tb", "\uffff", "😀", "\u202eabc", "score", "label_id", "id", "_id",
    "a.b", "9", "label", "score (2)", "字" * 70, "沈青禾", "tags", "$", "None", "a\rb", "a\r\nb",
]  # fmt: skip
texts = st.sampled_from(HOSTILE) | st.text(max_size=4)


def seldom(plain: st.SearchStrategy[Any], *odd: Any) -> st.SearchStrategy[Any]:
    """Mostly plain, so that much of what is drawn finds its place."""
    return st.integers(0, 14).flatmap(lambda k: plain if k else st.sampled_from(odd))


ids = seldom(st.sampled_from([0, 0, 1, 2]), 9, None)
moments = seldom(
    st.integers(0, 24).map(lambda k: k / 8), NAN, np.inf, -0.01, -3.0, 2.99, 1e9, 1e308
)
edges = seldom(st.integers(0, 40).map(float), NAN, np.inf, -1e308, 1e308, -0.5, 64.5, 90.0)


@st.composite
def answers(draw: st.DrawFn) -> stag.Job:
    """An answer in which anything may be wrong, but for the ids of its rows."""

    def column(values: st.SearchStrategy[Any], length: int) -> list[Any]:
        return draw(st.lists(values, min_size=length, max_size=length))

    types = seldom(st.just("VideoLabel"), "CPVLabel", None)
    boxes, times, told = (draw(st.integers(0, most)) for most in (12, 4, 5))
    labels = draw(seldom(st.just(3), 0, 1))
    tables: dict[str, dict[str, Any]] = {
        "labels": {
            "kind": column(st.sampled_from(["person", "tag", None]), labels),
            "name": column(texts | st.none(), labels),
            "origin": column(st.sampled_from(["auto", "hmi", None]), labels),
            "result_type": column(types, labels),
        },
        "occurrences": {
            "label_id": column(ids, times),
            "start_time": column(moments, times),
            "end_time": column(moments, times),
            "result_type": column(types, times),
        },
        "boxes": {
            "label_id": column(ids, boxes),
            "occurrence_id": column(ids, boxes),
            "timestamp": column(moments, boxes),
            **{name: column(edges, boxes) for name in ("x1", "y1")},
            **{name: column(edges.map(lambda x: x + 20), boxes) for name in ("x2", "y2")},
            "score": column(st.sampled_from([NAN, 0.5, 1.0]), boxes),
            "result_type": column(types, boxes),
        },
        "attributes": {
            "box_id": column(seldom(st.integers(0, 6), 14, None), told),
            "property": column(seldom(texts, None), told),
            "value": column(seldom(texts.map(lambda text: text + "!"), None), told),
            "result_type": column(types, told),
        },
        "speech": {"text": ["x"]},
    }
    return job_of(**{name: columns for name, columns in tables.items() if any(columns.values())})


def checked(export: Export, *, is_image: bool) -> Read:
    """What an export says, after the formats' schemas have passed it."""
    file = export.files[0]
    if export.format == "CVAT":
        schemas.CVAT.assertValid(etree.parse(file))
    else:
        document = json.loads(file.read_bytes())
        schema = {
            "COCO": schemas.COCO if is_image else schemas.COCO_VIDEO,
            "Label Studio": schemas.LABEL_STUDIO,
            "FiftyOne": schemas.IMAGE_LABELS if is_image else schemas.VIDEO_LABELS,
        }[export.format]
        Draft202012Validator(schema).validate(document)
    if export.format == "FiftyOne":
        Draft202012Validator(schemas.MANIFEST).validate(json.loads(export.files[1].read_bytes()))
    return read(export, SIZE)


@on_every_format
@given(answers(), st.sampled_from([3.0, 8.0, 25.0, None]), st.booleans())
def test_every_row_is_written_or_told_whatever_the_answer(
    folder: Path, job: stag.Job, fps: float | None, interpolate: bool
) -> None:
    video = None if fps else np.zeros((*SIZE[::-1], 3), np.uint8)
    found = []
    for write in FORMATS:
        export = written(job, write, folder, fps=fps, video=video, interpolate=interpolate)
        said = checked(export, is_image=fps is None)
        left_out = export.left_out.groupby("table")["rows"].sum()
        for name, frame in job.items():
            assert said.rows[name] + left_out.get(name, 0) == len(frame), (export, name)
        assert (export.left_out["rows"] > 0).all()
        assert all(said.names.values())
        assert set(export.changed["table"]) <= {"labels", "boxes", "occurrences", "attributes"}
        for corners in said.boxes.values():
            assert all(-1e-9 <= x <= side + 1e-9 for x, side in zip(corners, SIZE * 2, strict=True))
        found.append(said)
    one, *others = [by_frame(said) for said in found]
    for other in others:
        assert [place for place, _ in other] == [place for place, _ in one]
        corners = [[of for _, of in boxes] for boxes in (other, one)]
        assert np.allclose(*corners, rtol=0, atol=1e-5)


def by_frame(said: Read) -> list[tuple[tuple[int, int], tuple[float, ...]]]:
    """The boxes on each frame, of tracks that each format numbers in its own way."""
    return sorted(
        ((frame, label), tuple(np.round(corners, 4)))
        for (label, _, frame), corners in said.boxes.items()
    )


on_the_grid = st.lists(
    st.tuples(st.sampled_from([0, 0, 1]), st.integers(0, 20), st.integers(0, 50)), max_size=9
)


@on_every_format
@given(on_the_grid, st.sampled_from([0.0, 0.25, 1.0, 9.0]))
def test_the_boxes_are_those_of_tracks(
    folder: Path, rows: list[tuple[int, int, int]], max_gap: float
) -> None:
    label = [label for label, _, _ in rows]
    made = boxes_at(*[(at / 8, left) for _, at, left in rows], label_id=label)
    job = job_of(labels={key: value * 2 for key, value in ANNA.items()}, boxes=made)
    tracks = stag.measures.tracks(job, np.arange(0, 3, 1 / 8), max_gap=max_gap)
    expected = [
        ((round(row.timestamp * 8), row.label_id), (row.x1, row.y1, row.x2, row.y2))
        for row in tracks.itertuples()
    ]
    said = read(written(job, exports.coco, folder, fps=8, max_gap=max_gap), SIZE)
    found = by_frame(said)
    assert [place for place, _ in found] == sorted(place for place, _ in expected)
    corners = [[of for _, of in sorted(boxes)] for boxes in (found, expected)]
    assert np.allclose(*corners, rtol=0, atol=1e-3)


@given(st.lists(st.integers(0, 3000), max_size=9), st.sampled_from([1.0, 7.0, 24000 / 1001, 50.0]))
@settings(max_examples=on_every_format.max_examples)
def test_a_box_stands_on_the_frame_nearest_to_its_time(
    folder: Path, milliseconds: list[int], fps: float
) -> None:
    at = np.array(milliseconds) / 1000
    job = job_of(labels=ANNA, boxes=boxes_at(*[(t, k) for k, t in enumerate(at)]))
    export = written(job, exports.coco, folder, fps=fps, interpolate=False)
    document = json.loads(export.files[0].read_bytes())
    frames = {image["id"]: image["frame_id"] for image in document["images"]}
    standing: dict[int, set[float]] = {}
    for made in document["annotations"]:
        standing.setdefault(frames[made["image_id"]], set()).add(at[made["box_id"]])
    for frame, times in standing.items():
        (time,) = times
        rivals = [abs(t * fps - frame) for t in at if np.floor(t * fps + 0.5) == frame]
        assert abs(time * fps - frame) == pytest.approx(min(rivals))
        assert abs(time * fps - frame) <= 0.5 + 1e-9
    assert set(standing) == set(np.floor(at * fps + 0.5).tolist())


def test_what_finds_no_place_is_told_with_its_reason(tmp_path: Path) -> None:
    rows = [
        *[(0, 1), (0, 1), (0.01, 5), (NAN, 1), (-1, 1), (1, 200), (1, NAN), (1, 3), (1, 3)],
        *[(0.5, 1), (0.5, 60), (9, 1)],
    ]
    made = boxes_at(*rows)
    made["x2"][7] = 2
    made["x2"][8] = 3
    made["label_id"][9] = None
    made["result_type"][11] = "Process"
    attributes = {
        "box_id": [0, 0, 0, 1, 0],
        "property": ["mood", "mood", "age", "mood", None],
        "value": ["glad", "sad", "9", "x", "y"],
    }
    labels = {"kind": ["person"] * 3, "name": ["Anna", "Bo", "Cy"]}
    job = job_of(labels=labels, boxes={**made}, attributes=attributes)
    export = exports.coco(job, tmp_path / "a.json", size=SIZE, fps=25)
    assert export.left_out.to_numpy().tolist() == [
        ["labels", 2, "no box"],
        ["boxes", 1, "of another result; Job.best takes those of VideoLabel"],
        ["boxes", 1, "of no label"],
        ["boxes", 1, "a number is missing"],
        ["boxes", 1, "reversed"],
        ["boxes", 1, "no area"],
        ["boxes", 1, "no time"],
        ["boxes", 1, "before the video begins"],
        ["boxes", 1, "outside the frame"],
        ["boxes", 1, "the same box twice"],
        ["boxes", 1, "another box of its track is nearer to the frame"],
        ["attributes", 1, "of no box written"],
        ["attributes", 1, "no property or no value"],
        ["attributes", 1, "another value of a property that its box has"],
    ]
    assert export.changed.to_numpy().tolist() == [
        ["boxes", 1, "cut at the frame's edges"],
        ["boxes", 2, "written without result_type"],
    ]


def shown(box: etree._Element) -> str:
    frame, keyframe, outside = (box.get(name) for name in ("frame", "keyframe", "outside"))
    return f"{frame}{'' if keyframe == '1' else ' drawn'}{' outside' if outside == '1' else ''}"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["1", "2 drawn", "3", "4 outside", "8", "9 drawn", "10"]),
        ({"interpolate": False}, ["1", "2 outside", "3", "4 outside", "8", "9 outside", "10"]),
        ({"max_gap": 5.0, "fps": 2.0}, ["1", "2", "3 drawn", "4", "5"]),
    ],
)
def test_a_track_of_cvat_says_where_it_pauses_and_what_is_drawn(
    options: dict[str, Any], expected: list[str], tmp_path: Path
) -> None:
    job = job_of(labels=ANNA, boxes=boxes_at((0.25, 0), (0.75, 4), (2, 8), (2.5, 8)))
    export = written(job, exports.cvat, tmp_path, **{"fps": 4.0, **options})
    (track,) = etree.parse(export.files[0]).getroot().iter("track")
    assert [shown(box) for box in track] == expected
    assert (track.get("label"), track.get("source")) == ("Anna", "auto")


def test_labels_and_values_of_cvat_are_of_one_spelling_whatever_ends_their_lines(
    tmp_path: Path,
) -> None:
    told = {"box_id": [0], "property": ["m\ro"], "value": ["b\r\nc"]}
    labels = {**ANNA, "name": ["An\rna"]}
    job = job_of(labels=labels, boxes=boxes_at((0, 0)), attributes=told)
    root = etree.parse(written(job, exports.cvat, tmp_path, fps=1).files[0]).getroot()
    assert root.findtext("meta/task/labels/label/name") == root.find("track").get("label")
    (attribute,) = root.findall("track/box/attribute[last()]")
    names = [name.text for name in root.iter("name")]
    assert (attribute.get("name"), attribute.text) == (names[-1], "b\nc") == ("m\no", "b\nc")


def test_what_people_went_over_is_semi_automatic_in_cvat(tmp_path: Path) -> None:
    job = job_of(labels={**ANNA, "origin": ["hmi"]}, boxes=boxes_at((0, 0)))
    export = written(job, exports.cvat, tmp_path, fps=1)
    assert etree.parse(export.files[0]).find("track").get("source") == "semi-auto"


def test_a_track_of_label_studio_is_switched_off_where_it_pauses(tmp_path: Path) -> None:
    made = boxes_at((0.25, 0), (0.75, 4), (2, 8), (2.5, 8), score=[0.5, 1.0, NAN, NAN])
    job = job_of(labels=ANNA, boxes=made)
    export = written(job, exports.label_studio, tmp_path, fps=4)
    (region,) = json.loads(export.files[0].read_bytes())[0]["predictions"][0]["result"]
    sequence = region["value"]["sequence"]
    assert [(key["frame"], key["time"], key["enabled"]) for key in sequence] == [
        (2, 0.5, True),
        (4, 1.0, False),
        (9, 2.25, True),
        (11, 2.75, False),
    ]
    assert (region["score"], region["value"]["framesCount"]) == (0.75, 11)
    told = ["boxes", 2, "the score is told for the whole track, as the mean"]
    assert told in export.changed.to_numpy().tolist()


@every_format
def test_of_several_boxes_under_one_name_none_goes_on(write: Writer, tmp_path: Path) -> None:
    rows = [(0, 0), (0, 30), (0.5, 4), (0.5, 34), (1, 40)]
    job = job_of(labels=ANNA, boxes=boxes_at(*rows))
    said = read(written(job, write, tmp_path, fps=8), SIZE)
    places = sorted(place for place, _ in by_frame(said))
    assert places == [(0, 0), (0, 0), (4, 0), (4, 0), (8, 0)]
    assert len({track for _, track, _ in said.boxes}) == 2


@every_format
def test_labels_of_one_name_are_one_and_of_two_kinds_two(write: Writer, tmp_path: Path) -> None:
    labels = {
        "kind": ["person", "person", "tag", "tag", None, "person"],
        "name": ["Anna", "Anna", "Anna", "a\x00", None, "  "],
    }
    boxes = boxes_at(*[(0, k) for k in range(6)], label_id=range(6))
    export = written(job_of(labels=labels, boxes=boxes), write, tmp_path, fps=1)
    said = read(export, SIZE)
    assert said.names == {
        0: "Anna",
        1: "Anna",
        2: "Anna (2)",
        3: "a\ufffd",
        4: "label",
        5: "person",
    }
    changed = export.changed[export.changed["table"] == "labels"]
    assert changed["rows"].head(3).tolist() == [1, 2, 1]


@pytest.mark.parametrize("answer", ["cognition", "mts"])
def test_the_formats_agree_on_the_sample_and_its_video(answer: str, tmp_path: Path) -> None:
    job = stag.samples.load("magazine", answer)
    with stag.frames.Video(stag.samples.video("magazine")) as clip:
        found = []
        for write in FORMATS:
            export = write(job, tmp_path / f"{write.__name__}.json", video=clip)
            found.append(sorted(map(key_of, read(export, clip.size).boxes.items())))
        last = round(clip.duration * clip.rate) - 1
        assert clip.at(0).shape[:2][::-1] == clip.size  # It is left open.
    assert min(found[0])[0] >= 0
    assert max(found[0])[0] <= last
    for other in found[1:]:
        assert np.allclose(other, found[0], rtol=0, atol=1e-3)


def key_of(box: tuple[tuple[int, Any, int], tuple[float, ...]]) -> tuple[float, ...]:
    (label, _, frame), corners = box
    return (frame, label, *np.round(corners, 3).tolist())


@every_format
def test_an_image_has_no_frames(write: Writer, tmp_path: Path) -> None:
    job = stag.samples.load("magazine", "image")
    export = write(job, tmp_path / "image.json", size=(640, 360))
    said = read(export, (640, 360))
    own = job.boxes.set_index("label_id")[CORNERS]
    assert {label: pytest.approx(of) for (label, _, _), of in said.boxes.items()} == {
        label: tuple(own.loc[label]) for label in own.index
    }
    with_times = job_of(labels=ANNA, boxes=boxes_at((NAN, 1), (2.0, 1)))
    picture = np.zeros((48, 64, 3), np.uint8)
    export = write(with_times, tmp_path / "mixed.json", video=picture)
    assert ["boxes", 1, "an image has no times"] in export.left_out.to_numpy().tolist()


@every_format
def test_what_is_past_the_end_of_the_file_is_told(write: Writer, tmp_path: Path) -> None:
    clip = stag.samples.video("magazine")
    job = job_of(labels=ANNA, boxes=boxes_at((77.8, 1), (78.5, 1), (1e308, 1)))
    export = write(job, tmp_path / "a.json", video=clip)
    (key,) = read(export, (640, 360)).boxes
    assert key[2] == 1944
    assert ["boxes", 2, "after the video ends"] in export.left_out.to_numpy().tolist()


@every_format
def test_nothing_of_an_answer_leads_out_of_the_folder(write: Writer, tmp_path: Path) -> None:
    job = job_of(labels={**ANNA, "name": ["../../evil"]}, boxes=boxes_at((0, 1)))
    hostile = dataclasses.replace(job, job_id="../../\ud800evil", operation="\ud800")
    (tmp_path / "in").mkdir()
    export = written(hostile, write, tmp_path / "in", fps=1)
    assert {file for file in tmp_path.rglob("*") if file.is_file()} == set(export.files)
    if write is exports.fiftyone:
        (entry,) = json.loads(export.files[1].read_bytes())["index"]
        assert entry["data"].count("/") == entry["labels"].count("/") == 1
        assert ".." not in entry["data"] + entry["labels"]


def test_fiftyone_is_led_to_the_media_where_it_is(tmp_path: Path) -> None:
    job, clip = stag.samples.load("magazine", "mts"), stag.samples.video("magazine")
    export = exports.fiftyone(job, tmp_path / "new" / "folder", video=clip)
    manifest = json.loads(export.files[1].read_bytes())
    Draft202012Validator(schemas.MANIFEST).validate(manifest)
    (entry,) = manifest["index"]
    assert os.path.samefile(tmp_path / "new" / "folder" / entry["data"], clip)
    assert tmp_path / "new" / "folder" / entry["labels"] == export.files[0]


def test_a_property_takes_no_name_that_a_detection_of_fiftyone_has(tmp_path: Path) -> None:
    properties = ["tags", "label", "_id", "box_id", "a.b", "a b", "9", "表情"]
    told = {"box_id": [0] * 8, "property": properties, "value": ["x"] * 8}
    job = job_of(labels=ANNA, boxes=boxes_at((0, 1)), attributes=told)
    export = written(job, exports.fiftyone, tmp_path, fps=1)
    (made,) = json.loads(export.files[0].read_bytes())["frames"]["1"]["objects"]["objects"]
    assert [attr["name"] for attr in made["attrs"]["attrs"] if attr["value"] == "x"] == [
        "tags_2",
        "label_2",
        "id_2",
        "box_id_2",
        "a_b",
        "a_b_2",
        "property",
        "表情",
    ]


def test_label_studios_own_reader_takes_task_and_config(tmp_path: Path) -> None:
    interface = pytest.importorskip("label_studio_sdk.label_interface")
    clip = stag.samples.video("magazine")
    for answer, given_ in (("cognition", {"video": clip}), ("image", {"size": (640, 360)})):
        job = stag.samples.load("magazine", answer)
        task, config = exports.label_studio(job, tmp_path / "task.json", **given_).files
        reader = interface.LabelInterface(config.read_text(encoding="utf-8"))
        reader.validate()
        (prediction,) = json.loads(task.read_bytes())[0]["predictions"]
        assert reader.validate_prediction(prediction, return_errors=True) == []


def test_the_labelling_config_is_not_written_over_the_task(tmp_path: Path) -> None:
    with pytest.raises(stag.errors.InvalidArgument, match=r"leaves \.xml to the labelling config"):
        exports.label_studio(job_of(), tmp_path / "a.xml", size=SIZE)
    assert not list(tmp_path.iterdir())


@every_format
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "size: expected .* or video=, got None"),
        ({"size": (64,)}, r"size: expected \(width, height\)"),
        ({"size": ("a", 3)}, r"size: expected \(width, height\)"),
        ({"size": (0, 48)}, r"size: expected \(width, height\)"),
        ({"size": (NAN, 48)}, r"size: expected \(width, height\)"),
        ({"size": SIZE}, "fps: expected frames a second, or a video= that tells them"),
        ({"size": SIZE, "fps": 0}, "fps: expected frames a second, up to 1000"),
        ({"size": SIZE, "fps": "25"}, "fps: expected frames a second"),
        ({"size": SIZE, "fps": True}, "fps: expected frames a second"),
        ({"size": SIZE, "fps": 25, "max_gap": -1}, "max_gap: expected a number of seconds"),
        ({"size": SIZE, "fps": 25, "max_gap": NAN}, "max_gap: expected a number of seconds"),
    ],
)
def test_what_is_missing_or_out_of_range_is_told(
    write: Writer, options: dict[str, Any], message: str, tmp_path: Path
) -> None:
    job = job_of(labels=ANNA, boxes=boxes_at((0, 1)))
    with pytest.raises(stag.errors.InvalidArgument, match=message):
        write(job, tmp_path / "a.json", **options)
    with pytest.raises(stag.errors.InvalidArgument, match="job: expected a Job"):
        write(job.boxes, tmp_path / "a.json", size=SIZE)
    assert not list(tmp_path.iterdir())


@every_format
def test_a_failed_write_leaves_the_older_files(
    write: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_of(labels=ANNA, boxes=boxes_at((0, 1)))
    older = {file: file.read_bytes() for file in written(job, write, tmp_path, fps=1).files}

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        written(job, write, tmp_path, fps=2)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == older


@every_format
def test_an_answer_without_boxes_is_a_file_without_boxes(write: Writer, tmp_path: Path) -> None:
    for fps in (25.0, None):
        export = written(job_of(labels=ANNA), write, tmp_path, fps=fps)
        assert checked(export, is_image=fps is None).boxes == {}
        assert export.left_out["rows"].tolist() == [1]
