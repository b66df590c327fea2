"""OCR rows → lines: each text on screen once, from when to when, before it has a role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import tables
from .consensus import UNSCORED, grown, split, vote
from .observations import Flags, Floats, Ints, Observations, observe, rows_apart
from .tickers import gather, stitch
from .tracking import bounds, track

FloatArray = Floats

MOVED = 0.5
"""A line whose opposite edges both moved by more than this, times its height, moves."""


@dataclass(frozen=True, eq=False)
class Found:
    """Lines as they were found, before they have roles.

    Attributes
    ----------
    frame : pandas.DataFrame
        A row per line, by start and place: line_id, start_time, end_time (s), text, x1, y1, x2,
        y2 (px), rows (list of ocr_id), frames and vote_share, as in `Alignment.lines`.
    shares : list of ndarray of float
        Of each character of a line's text, the share (0–1) of the frames that agree.
    readings : list of list of (str, int)
        A line's distinct readings and on how many frames each was read, most frequent first.
    motion : ndarray of float, shape (n, 2)
        How fast each line's box moves to the right and down (px/s); NaN where it was seen once.
    wander : ndarray of float, shape (n,)
        How far its box strays from that motion (px, root mean square); NaN likewise.
    height : ndarray of float, shape (n,)
        Mean height (px) of its boxes; NaN without any.
    ticker : ndarray of bool, shape (n,)
        Whether its text moves through its place.
    score : ndarray of float, shape (n,)
        Mean score of its rows (0–1); NaN without any.
    text_type : list of str
        What the answer calls most of its rows; empty where it says nothing.
    step : float
        The usual time (s) from one frame to the next; NaN where there are no two.
    span : float
        How much time (s) was looked at.
    """

    frame: pd.DataFrame
    shares: list[Floats]
    readings: list[list[tuple[str, int]]]
    motion: Floats
    wander: Floats
    height: Floats
    ticker: Flags
    score: Floats
    text_type: list[str]
    step: float
    span: float


def find(
    ocr: pd.DataFrame,
    moments: npt.ArrayLike | None = None,
    normaliser: Callable[[str], str] | None = None,
) -> Found:
    """Find lines in OCR rows.

    Parameters
    ----------
    ocr : pandas.DataFrame
        The contract table ``ocr``: sampled (timestamp), as ranges (start_time, end_time), or both.
    moments : array_like of float, optional
        The times (s) at which OCR looked, also where it saw nothing; those of the rows otherwise.
    normaliser : callable, optional
        Maps a text to the one it is compared by, such as traditional to simplified characters. It
        may change its length: texts are compared as wholes, and given out as they were read.

    Returns
    -------
    Found
        The lines. Each row with text belongs to exactly one; one that holds two rows in two
        scripts, to two.
    """
    ocr = rows_apart(ocr)
    seen = observe(ocr, moments, normaliser)
    tracks, ticker = gather(seen, _members(track(seen)))
    tracks, ticker = split(seen, tracks, ticker)
    told = [
        _stitched(seen, members) if moves else _read(seen, members)
        for members, moves in zip(tracks, ticker.tolist(), strict=True)
    ]
    # A text that is revealed stands where it stands in full.
    whole = [
        members if moves or len(members) == 1 else members[grown([seen.text[i] for i in members]) :]
        for members, moves in zip(tracks, ticker.tolist(), strict=True)
    ]
    first = np.array([members[0] for members in tracks], dtype=np.int64)
    last = np.array([members[np.argmax(seen.end[members])] for members in tracks], dtype=np.int64)
    start, end = bounds(seen, first, last)
    box = np.array(
        [
            _extent(seen.box[part]) if moves else _place(seen.box[part])
            for part, moves in zip(whole, ticker.tolist(), strict=True)
        ]
    ).reshape(-1, 4)
    order = np.lexsort((box[:, 0], box[:, 1], end, start))
    line_of = np.empty(len(seen), dtype=np.int64)
    for number, k in enumerate(order.tolist()):
        line_of[tracks[k]] = number
    ids = ocr["ocr_id"].to_numpy(dtype=np.int64, na_value=0)
    rows: list[list[int]] = [[] for _ in tracks]
    types: list[Counter[str]] = [Counter() for _ in tracks]
    called = ocr["text_type"].to_numpy(object)
    for row, owner in zip(seen.row.tolist(), line_of[seen.owner].tolist(), strict=True):
        rows[owner].append(int(ids[row]))
        if isinstance(called[row], str):
            types[owner][called[row]] += 1
    return _found(
        seen,
        [tracks[k] for k in order],
        [whole[k] for k in order],
        [told[k] for k in order],
        ticker[order],
        start[order],
        end[order],
        box[order],
        rows,
        types,
    )


def _found(
    seen: Observations,
    tracks: list[Ints],
    whole: list[Ints],
    told: list[tuple[str, Floats, list[tuple[str, int]]]],
    ticker: Flags,
    start: Floats,
    end: Floats,
    box: Floats,
    rows: list[list[int]],
    types: list[Counter[str]],
) -> Found:
    n = len(tracks)
    frame = pd.DataFrame(
        {
            "line_id": pd.array(np.arange(n), dtype="Int64"),
            "start_time": start,
            "end_time": end,
            "text": pd.array([text for text, _, _ in told], dtype=tables.TEXT),
            "x1": box[:, 0],
            "y1": box[:, 1],
            "x2": box[:, 2],
            "y2": box[:, 3],
            "rows": pd.Series([sorted(r) for r in rows], dtype=object),
            "frames": pd.array([len(members) for members in tracks], dtype="Int64"),
            "vote_share": np.array([share.mean() for _, share, _ in told], dtype=np.float64),
        }
    )
    motion, wander, height = _motion(seen, whole)
    score = np.full(n, np.nan)
    for k, members in enumerate(tracks):
        scores = seen.score[members]
        scores = scores[np.isfinite(scores)]
        score[k] = scores.mean() if len(scores) else np.nan
    times = np.concatenate((start, end, seen.moments))
    times = times[np.isfinite(times)]
    return Found(
        frame=frame,
        shares=[share for _, share, _ in told],
        readings=[readings for _, _, readings in told],
        motion=motion,
        wander=wander,
        height=height,
        ticker=ticker,
        score=score,
        text_type=[t.most_common(1)[0][0] if t else "" for t in types],
        step=seen.step,
        span=float(np.ptp(times)) if len(times) else 0.0,
    )


def _motion(seen: Observations, tracks: list[Ints]) -> tuple[Floats, Floats, Floats]:
    """Fit a steady motion to the middles of boxes; its speed, what strays, and the height."""
    n = len(tracks)
    member = np.concatenate(tracks) if n else np.zeros(0, dtype=np.int64)
    owner = np.repeat(np.arange(n), [len(t) for t in tracks])
    told = np.isfinite(seen.box[member, 0]) & np.isfinite(seen.start[member])
    member, owner = member[told], owner[told]
    count = np.bincount(owner, minlength=n)

    def centred(values: Floats) -> Floats:
        mean = np.bincount(owner, values, n) / np.maximum(count, 1)
        return np.asarray(values - mean[owner])

    box = seen.box[member]
    time = centred((seen.start[member] + seen.end[member]) / 2)
    height = np.bincount(owner, box[:, 3] - box[:, 1], n) / np.maximum(count, 1)
    spread = np.bincount(owner, time**2, n)
    still = (count < 2) | (spread <= 0)
    speeds, rest = [], np.zeros(n)
    for low, high in ((0, 2), (1, 3)):
        place = centred((box[:, low] + box[:, high]) / 2)
        speed = np.bincount(owner, time * place, n) / np.where(still, 1.0, spread)
        rest += np.bincount(owner, (place - speed[owner] * time) ** 2, n)
        speeds.append(np.where(still, np.nan, speed))
    wander = np.where(still, np.nan, np.sqrt(rest / np.maximum(count, 1)))
    return np.column_stack(speeds), wander, np.where(count > 0, height, np.nan)


def _members(tracks: Ints) -> list[Ints]:
    order = np.lexsort((np.arange(len(tracks)), tracks))
    return np.split(order, np.flatnonzero(np.diff(tracks[order])) + 1) if len(order) else []


def _read(seen: Observations, members: Ints) -> tuple[str, Floats, list[tuple[str, int]]]:
    if len(members) == 1:
        text = seen.text[members[0]]
        return text, np.ones(len(text)), [(text, 1)]
    texts = [seen.text[i] for i in members.tolist()]
    counts = Counter(texts)
    readings = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if len(counts) == 1:
        return texts[0], np.ones(len(texts[0])), readings
    weight = np.nan_to_num(seen.score[members], nan=UNSCORED) + 1e-3
    weights: dict[str, float] = {}
    votes: Counter[str] = Counter()
    for k in range(grown(texts), len(texts)):
        weights[texts[k]] = weights.get(texts[k], 0.0) + float(weight[k])
        votes[texts[k]] += 1
    distinct = sorted(weights)
    text, share = vote(
        distinct,
        np.array([weights[d] for d in distinct]),
        np.array([votes[d] for d in distinct]),
    )
    return text, share, readings


def _stitched(seen: Observations, members: Ints) -> tuple[str, Floats, list[tuple[str, int]]]:
    order = members[np.lexsort((seen.box[members, 0], seen.start[members]))]
    readings: list[str] = []
    weights: list[float] = []
    for part in np.split(order, np.flatnonzero(np.diff(seen.start[order])) + 1):
        readings.append(" ".join(seen.text[i] for i in part.tolist()))
        weights.append(float(np.nan_to_num(seen.score[part], nan=UNSCORED).mean()) + 1e-3)
    text, share = stitch(readings, weights)
    counts = Counter(readings)
    return text, share, sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _extent(box: Floats) -> Floats:
    """Tell the place that a ticker moves through."""
    told = box[np.isfinite(box[:, 0])]
    top, bottom = np.median(told[:, 1]), np.median(told[:, 3])
    return np.array([told[:, 0].min(), top, told[:, 2].max(), bottom])


def _median(box: Floats) -> Floats:
    # Ten times as fast as numpy's, of which there would be three a line.
    ordered = np.sort(box, axis=0)
    return np.asarray((ordered[(len(box) - 1) // 2] + ordered[len(box) // 2]) / 2)


def _place(box: Floats) -> Floats:
    """Tell where a line stands; of one that moves, all the places where it stood."""
    if len(box) == 1:
        return np.asarray(box[0])
    told = box[np.isfinite(box[:, 0])]
    if not len(told):
        return np.full(4, np.nan)
    place, first, last = _median(told), _median(told[:3]), _median(told[-3:])
    moved = np.abs(last - first).reshape(2, 2).min(axis=0)
    if len(told) > 2 and moved.max() > MOVED * (place[3] - place[1]):
        place[:2] = np.minimum(first, last)[:2]
        place[2:] = np.maximum(first, last)[2:]
    return place
