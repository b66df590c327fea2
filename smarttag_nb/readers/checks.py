"""What is doubtful in numbers: scores, ratios, ranges, moments and boxes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import boxes as box_algebra
from .notes import Path
from .rows import Ids, Items, Mask, Result

Floats = npt.NDArray[np.float64]

_CORNERS = attrgetter("leftTop", "rightBottom")

NO_SCORE = -1.0
"""What the API writes where there is no score, as for unknown faces."""

ROUNDING = 1e-6
"""By how much a 32-bit number near 1 is off."""


def scores(result: Result, items: Items, attribute: str = "score") -> Floats:
    """Read scores, from 0 to 1: a list with any score above 1 is 0 to 100.

    Parameters
    ----------
    result : Result
        Takes the problems.
    items : Items
        The level that holds them.
    attribute : str
        Attribute of the items, and its key in the answer.

    Returns
    -------
    ndarray of float, shape (n,)
        Scores, NaN where there is none.
    """
    read = rescale(items.numbers(attribute), lambda row: items.path(row) / attribute, result)
    with np.errstate(invalid="ignore"):
        doubtful = (read < 0) | (read > 1 + ROUNDING)
    result.note_rows(
        "score-range", items, doubtful, "score off its scale", key=attribute, values=read
    )
    return read


def rescale(read: Floats, place: Callable[[int], Path], result: Result) -> Floats:
    """Bring a list of scores to 0 to 1, noting where it was 0 to 100; NaN where there is none.

    A list is a field's values in all of a result: one item of it alone tells no scale.
    """
    read[read == NO_SCORE] = np.nan
    if not len(read) or not np.nanmax(read, initial=0.0) > 1 + ROUNDING:
        return read
    at = int(np.argmax(read > 1 + ROUNDING))
    result.notes.add(
        "score-scale",
        place(at),
        "scores above 1: the list was read as 0 to 100",
        float(read[at]),
        action="changed",
        repeats=int(np.isfinite(read).sum()),
    )
    return read / 100


def score_lists(result: Result, items: Items, attribute: str) -> list[list[float] | None]:
    """Read lists of scores, one for each item, as `scores` reads single ones."""
    lists = items.column(attribute)
    lengths = [len(found) if found else 0 for found in lists]
    starts = np.cumsum([0, *lengths])
    flat = np.fromiter(chain.from_iterable(found or () for found in lists), dtype=np.float64)

    def place(at: int) -> Path:
        row = int(np.searchsorted(starts, at, side="right")) - 1
        return items.path(row) / attribute / (at - int(starts[row]))

    read = rescale(flat.copy(), place, result)
    if np.array_equal(read, flat, equal_nan=True):
        return lists
    return [
        None if found is None else read[start : start + length].tolist()
        for found, start, length in zip(lists, starts[:-1], lengths, strict=True)
    ]


def ratios(result: Result, items: Items, attribute: str) -> Floats:
    """Read the appearance ratios of labels that are added next, noting those that are none."""
    read = items.numbers(attribute)
    first = result.rows.count("labels")
    for row in np.flatnonzero(np.isfinite(read)).tolist():
        result.rows.ratios[first + row] = items.path(row) / attribute
    with np.errstate(invalid="ignore"):
        doubtful = (read < 0) | (read > 1 + ROUNDING)
    result.note_rows("ratio-range", items, doubtful, "not from 0 to 1", key=attribute, values=read)
    return read


def ranges(result: Result, items: Items, start: Floats, end: Floats, keys: tuple[str, str]) -> None:
    """Note reversed ranges and negative times, kept as they are."""
    result.note_rows(
        "range-reversed", items, end < start, "ends before it starts", key=keys[1], values=end
    )
    for key, times, at_fault in (
        (keys[0], start, start < 0),
        (keys[1], end, ~(start < 0) & (end < 0)),
    ):
        result.note_rows(
            "time-negative", items, at_fault, "before the start of the media", key=key, values=times
        )


def moments(
    result: Result, items: Items, timestamp: Floats, start: Floats, end: Floats, key: str
) -> None:
    """Note timestamps past their range by more than 32-bit and millisecond rounding."""
    slack = 0.001 + ROUNDING * np.abs(timestamp)
    # A reversed range is a problem of its own; which of its ends is right nobody knows.
    low, high = np.fmin(start, end), np.fmax(start, end)
    outside = (timestamp < low - slack) | (timestamp > high + slack)
    result.note_rows(
        "timestamp-outside", items, outside, "outside its range", key=key, values=timestamp
    )
    result.note_rows(
        "time-negative",
        items,
        timestamp < 0,
        "before the start of the media",
        key=key,
        values=timestamp,
    )


def corner_boxes(
    result: Result, items: Items, positions: list[Any], *, faces: bool
) -> tuple[Items, Mask, Floats]:
    """Read boxes given as two corners, as documented or with the second as the sum of both.

    Returns
    -------
    items : Items
        The items that have a box, m of them.
    has_box : ndarray of bool, shape (n,)
        Which items those are.
    boxes : ndarray of float, shape (m, 4)
        x1, y1, x2, y2 in pixels.
    """
    has_box = np.array([position is not None for position in positions], dtype=bool)
    pairs = map(_CORNERS, (position for position in positions if position is not None))
    numbers = chain.from_iterable(chain.from_iterable(pairs))
    read = np.fromiter(numbers, dtype=np.float64).reshape(-1, 4)
    boxed = items.where(has_box)
    how, size = result.options.boxes, result.options.size
    evidence = None
    if how == "auto":
        evidence = box_algebra.corner_sum_evidence(read, faces=faces, size=size)
    elif how == "corner-sum" and faces and len(read):
        evidence = "asked for by boxes='corner-sum'"
    if evidence is not None:
        result.notes.add(
            "boxes-corner-sum",
            boxed.path(0) / "position",
            f"second corners were read as the sum of both: {evidence}",
            read[0].tolist(),
            action="changed",
            repeats=len(read),
        )
        read = box_algebra.undo_corner_sum(read)
    plausible(result, boxed, read, "position")
    return boxed, has_box, read


def plausible(result: Result, items: Items, read: Floats, key: str) -> None:
    """Note boxes that are reversed or reach outside the frame, kept as they are."""
    result.note_rows(
        "box-reversed",
        items,
        box_algebra.is_reversed(read),
        "ends before it begins",
        key=key,
        values=read,
    )
    if result.options.size is not None:
        outside = box_algebra.is_outside(read, result.options.size)
        result.note_rows(
            "box-outside", items, outside, "reaches outside the frame", key=key, values=read
        )


def edges(read: Floats) -> dict[str, Floats]:
    """Boxes as the four columns of a table."""
    return {name: read[:, i] for i, name in enumerate(("x1", "y1", "x2", "y2"))}


def add_track(
    result: Result,
    points: Items,
    label_ids: Ids,
    occurrence_ids: Ids,
    times: tuple[Floats, Floats],
    landmarks: list[Any] | None = None,
) -> Ids:
    """Add the boxes of tracks: a row for each track point, whether or not it has a box.

    Parameters
    ----------
    result : Result
        Takes the rows and the problems.
    points : Items
        The level of track points (`bbox`, `score`, `timestamp`), below the occurrences.
    label_ids, occurrence_ids : ndarray of int, shape (n,)
        Of each occurrence.
    times : pair of ndarray of float, shape (n,)
        Start and end of each occurrence, in seconds.
    landmarks : list, optional
        Of each track point.

    Returns
    -------
    ndarray of int
        The rows' ids.
    """
    timestamp = points.numbers("timestamp")
    above = points.parent
    moments(result, points, timestamp, times[0][above], times[1][above], "timestamp")
    read = corners(points.column("bbox"))
    plausible(result, points, read, "bbox")
    return result.add(
        "boxes",
        len(points),
        label_id=label_ids[above],
        occurrence_id=occurrence_ids[above],
        timestamp=timestamp,
        score=scores(result, points),
        landmarks=landmarks,
        **edges(read),
    )


def corners(read: list[Any]) -> Floats:
    """Boxes of four numbers each as an array of shape (n, 4), NaN where there is none."""
    missing = (np.nan,) * 4
    numbers = chain.from_iterable([box or missing for box in read])
    return np.fromiter(numbers, dtype=np.float64, count=4 * len(read)).reshape(-1, 4)
