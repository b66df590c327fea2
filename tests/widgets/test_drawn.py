"""Which labels are listed, and which boxes are drawn for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from smarttag_nb.widgets.drawn import boxes_of, drawn_boxes, frame_size, listed_labels
from tests.measures.jobs import EMPTY, job_of

NAMES: list[Any] = ["Ann", "Bob", "Ann", "Eve", None, None]
TYPES = ["CPVLabel", "CPVLabel", "VideoLabel", "VideoLabel", "VideoLabel", "CPVLabel"]


def boxed(*label_ids: int, x2: float = 10.0) -> dict[str, Any]:
    """Boxes of the labels, all of them of one result."""
    rows = len(label_ids)
    corners = {"x1": [0.0] * rows, "y1": [0.0] * rows, "x2": [x2] * rows, "y2": [10.0] * rows}
    return {
        "label_id": label_ids,
        "timestamp": [float(k) for k in range(rows)],
        **corners,
        "result_type": [TYPES[k] for k in label_ids],
    }


LABELS = {
    "kind": ["person"] * 6,
    "name": NAMES,
    "result_type": TYPES,
    "origin": ["auto"] * 6,
}


def test_labels_that_only_another_result_has_boxes_of_are_listed_once() -> None:
    # The nameless one is the nameless one that is there.
    job = job_of(labels=LABELS, boxes=boxed(2, 3, 4))
    assert listed_labels(job)["label_id"].tolist() == [0, 1, 5, 3]
    assert listed_labels(job_of(labels=LABELS))["label_id"].tolist() == [0, 1, 5]
    assert listed_labels(EMPTY).empty


def test_a_box_belongs_to_the_label_of_its_id_or_else_of_its_name() -> None:
    job = job_of(labels=LABELS, boxes=boxed(2, 2, 3, 1))
    labels = listed_labels(job)
    drawn = drawn_boxes(job, labels)
    told = zip(drawn["box_id"], labels["name"].iloc[drawn["label"]], strict=True)
    # Bob has none in the result that has the most, so that his own is drawn.
    assert list(told) == [(0, "Ann"), (1, "Ann"), (2, "Eve"), (3, "Bob")]


@pytest.mark.parametrize(
    ("label_id", "box_ids"), [(0, [0, 1]), (1, [3]), (2, [0, 1]), (3, [2]), (5, [])]
)
def test_boxes_of_a_label_are_those_drawn_or_its_own(label_id: int, box_ids: list[int]) -> None:
    job = job_of(labels=LABELS, boxes=boxed(2, 2, 3, 1))
    assert boxes_of(job, [label_id])["box_id"].tolist() == box_ids


@pytest.mark.parametrize(
    ("x2", "size"), [(600.0, (640, 360)), (4000.0, (4000.0, 10.0)), (2e5, None), (np.nan, None)]
)
def test_a_frame_is_as_large_as_what_lies_on_it_asks_for(x2: float, size: Any) -> None:
    job = job_of(labels=LABELS, boxes=boxed(0, x2=x2))
    assert frame_size(job["boxes"], EMPTY["ocr"], None) == size
