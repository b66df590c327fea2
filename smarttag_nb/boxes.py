"""Boxes: x1, y1, x2, y2 in pixels, y down.

The service documents a face's position as its left-top and right-bottom corners. Some of its
answers carry, in place of the right-bottom corner, the sum of both corners (the "corner-sum"
reading); `corner_sum_evidence` tells from the boxes alone which of the two an answer holds.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[np.float64]

WIDEST_FACE = 1.25
"""A face's box is hardly ever wider than this times its height."""

NARROWEST_FACE = 0.4
"""A face's box is hardly ever narrower than this times its height."""


def from_xywh(boxes: npt.ArrayLike) -> Boxes:
    """Convert left, top, width, height into corners.

    Parameters
    ----------
    boxes : array_like of float, shape (n, 4)
        x, y, width, height in pixels.

    Returns
    -------
    ndarray of float, shape (n, 4)
        x1, y1, x2, y2 in pixels.

    Examples
    --------
    >>> from_xywh([[10, 20, 30, 40]]).tolist()
    [[10.0, 20.0, 40.0, 60.0]]
    """
    made = np.array(boxes, dtype=np.float64).reshape(-1, 4)
    made[:, 2:] += made[:, :2]
    return made


def to_xywh(boxes: npt.ArrayLike) -> Boxes:
    """Convert corners into left, top, width, height.

    Parameters
    ----------
    boxes : array_like of float, shape (n, 4)
        x1, y1, x2, y2 in pixels.

    Returns
    -------
    ndarray of float, shape (n, 4)
        x, y, width, height in pixels.

    Examples
    --------
    >>> to_xywh([[10, 20, 40, 60]]).tolist()
    [[10.0, 20.0, 30.0, 40.0]]
    """
    made = np.array(boxes, dtype=np.float64).reshape(-1, 4)
    made[:, 2:] -= made[:, :2]
    return made


def is_reversed(boxes: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Tell which boxes end, to the right or at the bottom, before they begin.

    Parameters
    ----------
    boxes : array_like of float, shape (n, 4)
        x1, y1, x2, y2 in pixels.

    Returns
    -------
    ndarray of bool, shape (n,)
        False also where a number is missing.

    Examples
    --------
    >>> is_reversed([[0, 0, 9, 9], [5, 0, 1, 9]]).tolist()
    [False, True]
    """
    made = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    return np.asarray((made[:, 2] < made[:, 0]) | (made[:, 3] < made[:, 1]))


def is_outside(boxes: npt.ArrayLike, size: tuple[float, float]) -> npt.NDArray[np.bool_]:
    """Tell which boxes reach outside a frame.

    Parameters
    ----------
    boxes : array_like of float, shape (n, 4)
        x1, y1, x2, y2 in pixels.
    size : (float, float)
        Width and height of the frame in pixels.

    Returns
    -------
    ndarray of bool, shape (n,)
        True where an edge is more than one pixel outside: detectors round.

    Examples
    --------
    >>> is_outside([[0, 0, 640, 360], [0, 0, 900, 10]], size=(640, 360)).tolist()
    [False, True]
    """
    made = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    width, height = size
    return np.asarray(
        (made < -1).any(axis=1)
        | (made[:, [0, 2]] > width + 1).any(axis=1)
        | (made[:, [1, 3]] > height + 1).any(axis=1)
    )


def undo_corner_sum(boxes: npt.ArrayLike) -> Boxes:
    """Read boxes whose second corner is the sum of both corners.

    Parameters
    ----------
    boxes : array_like of float, shape (n, 4)
        x1, y1, x1 + x2, y1 + y2 in pixels.

    Returns
    -------
    ndarray of float, shape (n, 4)
        x1, y1, x2, y2 in pixels.

    Examples
    --------
    >>> undo_corner_sum([[100, 50, 260, 180]]).tolist()
    [[100.0, 50.0, 160.0, 130.0]]
    """
    return to_xywh(boxes)


def interpolate(
    track: npt.ArrayLike,
    timestamp: npt.ArrayLike,
    boxes: npt.ArrayLike,
    times: npt.ArrayLike,
    max_gap: float,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Boxes]:
    """Draw boxes on the straight line between each two neighbours of a track.

    Parameters
    ----------
    track : array_like of int, shape (n,)
        The track of each box.
    timestamp : array_like of float, shape (n,)
        The moment of each box in seconds, in any order.
    boxes : array_like of float, shape (n, 4)
        x1, y1, x2, y2 in pixels.
    times : array_like of float, shape (m,)
        The moments asked for, in seconds, in any order.
    max_gap : float
        Most seconds between two neighbours.

    Returns
    -------
    before : ndarray of int, shape (k,)
        Position of the box that each line starts from; its successor in time is where it leads.
    time : ndarray of int, shape (k,)
        Position in `times` of each box made, strictly between its two neighbours.
    made : ndarray of float, shape (k, 4)
        x1, y1, x2, y2 in pixels.

    Notes
    -----
    A box with a missing number is passed over. Where a track has several boxes at one moment,
    nothing tells which of them goes on to which: no line starts, ends or passes there.

    Examples
    --------
    >>> before, time, made = interpolate(
    ...     [0, 0], [1.0, 2.0], [[0, 0, 10, 10], [40, 0, 50, 10]], [1.25, 3.0], max_gap=1.0
    ... )
    >>> time.tolist(), made.tolist()
    ([0], [[10.0, 0.0, 20.0, 10.0]])
    """
    tracks, moments = np.asarray(track), np.asarray(timestamp, dtype=np.float64)
    corners = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    asked = np.asarray(times, dtype=np.float64)
    usable = np.flatnonzero(np.isfinite(moments) & np.isfinite(corners).all(axis=1))
    order = usable[np.lexsort((moments[usable], tracks[usable]))]
    owner, at = tracks[order], moments[order]
    follows = (owner[1:] == owner[:-1]) & (at[1:] - at[:-1] <= max_gap)
    together = (owner[1:] == owner[:-1]) & (at[1:] == at[:-1])
    shared = np.append(False, together) | np.append(together, False)
    head = np.flatnonzero(follows & ~shared[1:] & ~shared[:-1])

    by_time = np.argsort(asked, kind="stable")
    first = np.searchsorted(asked[by_time], at[head], side="right")
    stop = np.searchsorted(asked[by_time], at[head + 1], side="left")
    count = stop - first
    head = np.repeat(head, count)
    time = by_time[np.arange(len(head)) + np.repeat(first - (np.cumsum(count) - count), count)]
    share = ((asked[time] - at[head]) / (at[head + 1] - at[head]))[:, np.newaxis]
    start, end = corners[order[head]], corners[order[head + 1]]
    return order[head], time, start + share * (end - start)


def corner_sum_evidence(
    boxes: npt.ArrayLike, *, faces: bool, size: tuple[float, float] | None = None
) -> str | None:
    """Look for evidence that boxes hold the sum of their corners.

    Parameters
    ----------
    boxes : array_like of float, shape (n, 4)
        Boxes of one result, as documented: x1, y1, x2, y2.
    faces : bool
        Whether they are faces, whose shape is evidence too.
    size : (float, float), optional
        Width and height of the frame in pixels. Where given, it decides alone once a box of
        either reading lies outside the frame.

    Returns
    -------
    str or None
        The evidence in words, or None where the documented reading stands.

    Examples
    --------
    >>> corner_sum_evidence([[400, 50, 1000, 360]], faces=True)
    '1 of 1 boxes are too wide for a face or reversed, and with the corner-sum reading none is'
    """
    documented = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    documented = documented[np.isfinite(documented).all(axis=1)]
    if not len(documented):
        return None
    summed = undo_corner_sum(documented)
    if size is not None:
        out_documented = int(is_outside(documented, size).sum())
        out_summed = int((is_outside(summed, size) | is_reversed(summed)).sum())
        if out_documented or out_summed:
            if out_summed >= out_documented:
                return None
            return (
                f"{out_documented} of {len(documented)} boxes lie outside the frame, "
                f"and with the corner-sum reading {out_summed or 'none'} does"
            )
    if not faces:
        return None
    sides = to_xywh(documented)[:, 2:]
    odd = (sides[:, 0] > WIDEST_FACE * sides[:, 1]) | is_reversed(documented)
    face_sides = to_xywh(summed)[:, 2:]
    face_like = (
        (face_sides > 0).all(axis=1)
        & (face_sides[:, 0] >= NARROWEST_FACE * face_sides[:, 1])
        & (face_sides[:, 0] <= WIDEST_FACE * face_sides[:, 1])
    )
    if 2 * int(odd.sum()) > len(documented) and bool(face_like.all()):
        return (
            f"{int(odd.sum())} of {len(documented)} boxes are too wide for a face or reversed, "
            "and with the corner-sum reading none is"
        )
    return None
