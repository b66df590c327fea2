"""COCO, CVAT, Label Studio and FiftyOne, read back by what knows not how they are written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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
on_every_format = settings(max_examples=max(15, settings().max_examples // 40))


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
    "a.b", "9", "label", "score (2)", "字" * 70, "沈青禾", "tags", "$", "None",
]  # fmt: skip
texts = st.sampled_from(HOSTILE) | st.text(max_size=4)
ids = st.sampled_from([0, 0, 0, 1, 1, 2, 9, None])
moments = st.one_of(
    st.integers(0, 24).map(lambda k: k / 8),
    st.sampled_from([NAN, np.inf, -0.01, -3.0, 2.99, 1e9, 1e308]),
)
edges = st.one_of(
    st.integers(0, 60).map(float), st.sampled_from([NAN, np.inf, -1e308, 1e308, -0.5, 64.5, 90])
)


@st.composite
def answers(draw: st.DrawFn) -> stag.Job:
    """An answer in which anything may be wrong, but for the ids of its rows."""

    def column(values: st.SearchStrategy[Any], length: int) -> list[Any]:
        return draw(st.lists(values, min_size=length, max_size=length))

    types = st.sampled_from(["CPVLabel", "VideoLabel", "VideoLabel"])
    labels, boxes, times, told = (draw(st.integers(0, most)) for most in (3, 12, 4, 5))
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
            **{name: column(edges.map(lambda x: x + 9), boxes) for name in ("x2", "y2")},
            "score": column(st.sampled_from([NAN, 0.5, 1.0]), boxes),
            "result_type": column(types, boxes),
        },
        "attributes": {
            "box_id": column(st.integers(0, 14) | st.none(), told),
            "property": column(texts | st.none(), told),
            "value": column(texts.map(lambda text: text + "!") | st.none(), told),
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
        jsonschema.validate(document, schema)
    if export.format == "FiftyOne":
        jsonschema.validate(json.loads(export.files[1].read_bytes()), schemas.MANIFEST)
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
    assert export.changed.to_numpy().tolist() == [["boxes", 1, "cut at the frame's edges"]]
