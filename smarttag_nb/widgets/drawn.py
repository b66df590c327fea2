"""Which labels the explorer lists, which boxes it draws for them, and in what frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..alignment import Alignment
from ..job import Job

CORNERS = ["x1", "y1", "x2", "y2"]

_NAMED = ["kind", "name"]
"""What tells a label of one result to be that of another."""

_LARGEST = 1e5
"""No frame has more pixels a side: what is beyond is no place on one."""


def listed_labels(job: Job) -> pd.DataFrame:
    """List the best labels, then those that the best boxes belong to and none of these names."""
    best, every = job.best("labels"), job["labels"]
    boxed = every[every["label_id"].isin(job.best("boxes")["label_id"])]
    known = pd.MultiIndex.from_frame(boxed[_NAMED]).isin(pd.MultiIndex.from_frame(best[_NAMED]))
    return best if known.all() else pd.concat([best, boxed[~known]], ignore_index=True)


def drawn_boxes(job: Job, labels: pd.DataFrame) -> pd.DataFrame:
    """List the boxes to draw, with a column `label`: the row of each one's label among `labels`.

    A box belongs to the label of its id, or else of its name. The best boxes are drawn, and for a
    label that has none of them, its own.
    """
    every = job["boxes"]
    # Comparing is false for what is missing too.
    every = every[(every[CORNERS].abs() <= _LARGEST).all(axis=1)]
    owner = job["labels"].set_index("label_id")[_NAMED]
    names = owner.reindex(every["label_id"]).reset_index(drop=True)
    listed = pd.MultiIndex.from_frame(labels[_NAMED])
    first = ~listed.duplicated()
    by_name = listed[first].get_indexer(pd.MultiIndex.from_frame(names))
    by_name = np.where(by_name >= 0, np.flatnonzero(first)[by_name], -1)
    by_id = pd.Index(labels["label_id"]).get_indexer(pd.Index(every["label_id"]))
    every = every.assign(label=np.where(by_id >= 0, by_id, by_name))
    every = every[every["label"] >= 0]
    best = every["box_id"].isin(job.best("boxes")["box_id"])
    has_best = set(every.loc[best, "label"])
    kept: pd.DataFrame = every[best | ~every["label"].isin(has_best)]
    return kept


def boxes_of(job: Job, label_ids: Sequence[int]) -> pd.DataFrame:
    """Give the boxes that are drawn for labels; those of labels that are not listed are their own.

    Where results tell the same label twice, the one that follows it best tells its boxes.
    """
    boxes, labels = job["boxes"], listed_labels(job)
    drawn = drawn_boxes(job, labels)
    asked = labels["label_id"].isin(label_ids)
    ids = drawn.loc[drawn["label"].isin(np.flatnonzero(asked)), "box_id"]
    other = set(label_ids) - set(labels.loc[asked, "label_id"])
    found: pd.DataFrame = boxes[boxes["box_id"].isin(ids) | boxes["label_id"].isin(other)]
    return found


def frame_size(
    boxes: pd.DataFrame, lines: pd.DataFrame, alignment: Alignment | None
) -> tuple[float, float] | None:
    """Tell a frame's size, estimated from what lies on it where nothing tells it."""
    if alignment is not None and alignment.size is not None:
        return alignment.size
    corners = pd.concat([boxes[CORNERS], lines[CORNERS].dropna()])
    corners = corners[(corners.abs() <= _LARGEST).all(axis=1)]
    if not len(corners):
        return None
    right, bottom = float(corners["x2"].max()), float(corners["y2"].max())
    usual = ((640, 360), (1280, 720), (1920, 1080), (3840, 2160), (720, 1280), (1080, 1920))
    fits = ((w, h) for w, h in usual if right <= w + 1 and bottom <= h + 1)
    return next(fits, (max(right, 1.0), max(bottom, 1.0)))
