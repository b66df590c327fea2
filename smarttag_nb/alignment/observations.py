"""OCR rows → observations: one text in one place on one frame, duplicates and pieces joined.

Everything is done on arrays of all rows at once; neighbours on a frame are found in sorted order,
so that a frame with thousands of rows costs no more than its share.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz.distance import Levenshtein

from ..tables import TEXT

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FAR = 1e7
"""A coordinate (px) or time (s) beyond this is no measurement, and treated as missing."""

FLAT = 0.5
"""A box less wide or high (px) than this holds no text, and is treated as missing."""

SAME_MOMENT = 0.002
"""Frames are further apart (s) than this, even at 240 a second; rounded times are nearer."""

PIECE_GAP = 0.9
"""Two boxes of a row are pieces of one text if the gap between is below this times their height.

A space is a quarter to a half of the height wide, a full-width one a whole.
"""

SAME_ROW = 0.35
"""Boxes whose middles differ by less than this, times the height, stand in one row."""

NEIGHBOURS = 24
"""On a frame, a box is compared with so many that follow it from top to bottom, at most."""


@dataclass(frozen=True, eq=False)
class Observations:
    """What OCR saw: n texts, each in one place on one frame or over one range.

    Attributes
    ----------
    start, end : ndarray of float, shape (n,)
        When (s): equal for a frame; NaN where no time is told. Ascending by start, NaN last.
    sampled : ndarray of bool, shape (n,)
        Whether it was seen on a frame; otherwise it has a range, or no time.
    frame : ndarray of int, shape (n,)
        Position in `moments`; −1 where it was not seen on a frame.
    box : ndarray of float, shape (n, 4)
        x1, y1, x2, y2 (px), all NaN where there is no usable box.
    text : list of str
        As read.
    key : list of str
        For comparing: without case, width and spaces, and as the normaliser makes it.
    code : ndarray of int, shape (n,)
        Equal where keys are equal.
    score : ndarray of float, shape (n,)
        0–1; NaN where there is none.
    row : ndarray of int, shape (r,)
        Positions of all rows with text in the table,
    owner : ndarray of int, shape (r,)
        and the observation that each belongs to.
    moments : ndarray of float, shape (m,)
        The frames' times (s), ascending, also where nothing was seen.
    step : float
        The usual time (s) from one frame to the next; NaN where there are no two.
    """

    start: Floats
    end: Floats
    sampled: Flags
    frame: Ints
    box: Floats
    text: list[str]
    key: list[str]
    code: Ints
    score: Floats
    row: Ints
    owner: Ints
    moments: Floats
    step: float

    def __len__(self) -> int:
        return len(self.text)


def observe(
    ocr: pd.DataFrame,
    moments: npt.ArrayLike | None = None,
    normaliser: Callable[[str], str] | None = None,
) -> Observations:
    """Read observations out of OCR rows.

    Parameters
    ----------
    ocr : pandas.DataFrame
        The contract table. Rows without text, or with nothing but spaces, are left out.
    moments : array_like of float, optional
        The times (s) at which OCR looked, also where it saw nothing; those of the rows otherwise.
    normaliser : callable, optional
        Maps a text to the one it is compared by.

    Returns
    -------
    Observations
        Whatever order the rows come in, the same.
    """
    texts = [text.strip() if isinstance(text, str) else "" for text in ocr["text"].to_numpy(object)]
    kept = np.flatnonzero([bool(text) for text in texts])
    start, end, sampled = _times(ocr, kept)
    box = _boxes(ocr, kept)
    score = ocr["score"].to_numpy(np.float64)[kept]
    score = np.where((score >= 0) & (score <= 1), score, np.nan)
    text_code, distinct = pd.factorize(np.array([texts[i] for i in kept], dtype=object))
    # Texts are ranked, so that the order of rows has no say in ties.
    ranked = np.argsort(np.array(list(distinct), dtype=object), kind="stable")
    rank = np.empty(len(distinct), dtype=np.int64)
    rank[ranked] = np.arange(len(distinct))
    keys = [comparable(distinct[i], normaliser) for i in ranked]
    names = [str(distinct[i]) for i in ranked]
    text_code = rank[text_code] if len(distinct) else np.zeros(0, dtype=np.int64)

    looked, frame = _frames(start, sampled, moments)
    ids = ocr["ocr_id"].to_numpy(dtype=np.int64, na_value=0)[kept]
    order = np.lexsort((ids, score, text_code, box[:, 2], box[:, 0], box[:, 1], end, start))
    kept, start, end = kept[order], start[order], end[order]
    sampled, frame = sampled[order], frame[order]
    box, score, text_code = box[order], score[order], text_code[order]
    step = float(np.median(np.diff(looked))) if len(looked) > 1 else np.nan

    key_of = {key: number for number, key in enumerate(sorted(set(keys)))}
    key_code = np.array([key_of[key] for key in keys], dtype=np.int64)[text_code]
    group = _joined(start, end, frame, box, key_code, keys, text_code, score)
    return _gathered(
        group, kept, start, end, sampled, frame, box, score, text_code, names, keys, looked, step
    )


def comparable(text: str, normaliser: Callable[[str], str] | None = None) -> str:
    """Reduce a text to what is compared: no case, width or spaces.

    Examples
    --------
    >>> comparable("Ｈello  World")
    'helloworld'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if normaliser is not None:
        text = normaliser(text)
    return "".join(text.casefold().split()) or text


def _times(ocr: pd.DataFrame, kept: Ints) -> tuple[Floats, Floats, Flags]:
    start, end, at = (
        _finite(ocr[name].to_numpy(np.float64)[kept])
        for name in ("start_time", "end_time", "timestamp")
    )
    ranged = end > start
    at = np.where(np.isnan(at), np.where(np.isnan(start), end, start), at)
    sampled = ~ranged & np.isfinite(at)
    return np.where(ranged, start, at), np.where(ranged, end, at), sampled


def _boxes(ocr: pd.DataFrame, kept: Ints) -> Floats:
    corners = _finite(ocr[["x1", "y1", "x2", "y2"]].to_numpy(np.float64)[kept])
    box = np.column_stack(
        (
            np.minimum(corners[:, 0], corners[:, 2]),
            np.minimum(corners[:, 1], corners[:, 3]),
            np.maximum(corners[:, 0], corners[:, 2]),
            np.maximum(corners[:, 1], corners[:, 3]),
        )
    )
    usable = (box[:, 2] - box[:, 0] >= FLAT) & (box[:, 3] - box[:, 1] >= FLAT)
    box[~usable] = np.nan
    return box


def _finite(values: Floats) -> Floats:
    return np.where(np.abs(values) <= FAR, values, np.nan)


def _frames(start: Floats, sampled: Flags, moments: npt.ArrayLike | None) -> tuple[Floats, Ints]:
    """List the frames' times, those nearer than rounding as one, and each row's frame."""
    times = start[sampled]
    if moments is not None:
        given = _finite(np.asarray(moments, dtype=np.float64).ravel())
        times = np.concatenate((times, given[np.isfinite(given)]))
    times = np.unique(times)
    opens = np.diff(times, prepend=-np.inf) > SAME_MOMENT
    number = np.cumsum(opens) - 1
    frame = np.full(len(start), -1, dtype=np.int64)
    frame[sampled] = number[np.searchsorted(times, start[sampled])]
    return times[opens], frame


def _joined(
    start: Floats,
    end: Floats,
    frame: Ints,
    box: Floats,
    key_code: Ints,
    keys: list[str],
    text_code: Ints,
    score: Floats,
) -> tuple[Ints, Ints]:
    """For each row the text it is a duplicate of, and the row of text that this is a piece of."""
    n = len(start)
    # Rows of one range, and rows without a time, share a moment as those of a frame do.
    ranges = np.unique(np.column_stack((start, end)), axis=0, return_inverse=True)[1].ravel()
    scene = np.where(frame >= 0, frame, ranges + len(frame) + frame.max(initial=0))
    middle, height = (box[:, 1] + box[:, 3]) / 2, box[:, 3] - box[:, 1]
    has_box = np.isfinite(middle)

    bare = np.flatnonzero(~has_box)
    by = bare[np.lexsort((key_code[bare], scene[bare]))]
    twin = (scene[by][1:] == scene[by][:-1]) & (key_code[by][1:] == key_code[by][:-1])
    pairs = [(by[:-1][twin], by[1:][twin])]

    boxed = np.flatnonzero(has_box)
    a, b = neighbours(scene[boxed], middle[boxed], 0.5 * height[boxed])
    a, b = boxed[a], boxed[b]
    overlap = _overlap(box[a], box[b])
    area = (box[:, 2] - box[:, 0]) * height
    union = area[a] + area[b] - overlap
    smaller = np.minimum(area[a], area[b])
    iou = overlap / np.where(union > 0, union, 1.0)
    same = (key_code[a] == key_code[b]) & (iou > 0.3)
    # Two detectors on one text: boxes that hardly differ, or one inside the other.
    same |= iou > 0.6
    doubt = np.flatnonzero(~same & (iou > 0.35))
    for i in doubt.tolist():
        one, other = keys[text_code[a[i]]], keys[text_code[b[i]]]
        same[i] = Levenshtein.normalized_similarity(one, other) >= 0.5
    inside = ~same & (overlap > 0.85 * smaller)
    for i in np.flatnonzero(inside).tolist():
        short, long = sorted((keys[text_code[a[i]]], keys[text_code[b[i]]]), key=len)
        inside[i] = short in long
    same |= inside
    pairs.append((a[same], b[same]))
    twin_of = components(n, *(np.concatenate(side) for side in zip(*pairs, strict=True)))

    # The one that speaks for its duplicates: the widest of the best scored.
    value = np.where(np.isnan(score), 0.5, score) + 1e-3 * np.fmax(np.nan_to_num(area), 0) / (
        1 + np.nanmax(area, initial=0)
    )
    best = np.lexsort((-value, twin_of))
    head = best[np.flatnonzero(np.diff(twin_of[best], prepend=-1))]
    speaker = np.empty(n, dtype=np.int64)
    speaker[twin_of[head]] = head
    speaker = speaker[twin_of] if n else speaker

    chosen = np.unique(speaker[has_box]) if n else speaker
    a, b = neighbours(scene[chosen], middle[chosen], SAME_ROW * height[chosen])
    a, b = chosen[a], chosen[b]
    left = np.where(box[a, 0] <= box[b, 0], a, b)
    right = np.where(box[a, 0] <= box[b, 0], b, a)
    low = np.minimum(height[left], height[right])
    gap = box[right, 0] - box[left, 2]
    piece = (gap < PIECE_GAP * low) & (gap > -0.3 * low)
    piece &= np.maximum(height[left], height[right]) < 1.5 * low
    line_of = components(n, left[piece], right[piece])
    return speaker, line_of[speaker] if n else line_of


def _gathered(
    group: tuple[Ints, Ints],
    kept: Ints,
    start: Floats,
    end: Floats,
    sampled: Flags,
    frame: Ints,
    box: Floats,
    score: Floats,
    text_code: Ints,
    names: list[str],
    keys: list[str],
    looked: Floats,
    step: float,
) -> Observations:
    speaker, line = group
    first, owner = np.unique(line, return_inverse=True)
    heads = np.unique(speaker)
    count = np.bincount(owner[heads], minlength=len(first))
    alone = np.empty(len(first), dtype=np.int64)
    alone[owner[heads]] = heads
    text = [names[code] for code in text_code[alone]]
    key = [keys[code] for code in text_code[alone]]
    whole, scores = box[alone], score[alone]
    several = heads[count[owner[heads]] > 1]
    pieces: dict[int, list[int]] = {}
    for i in several[np.lexsort((box[several, 0], owner[several]))].tolist():
        pieces.setdefault(int(owner[i]), []).append(i)
    for number, parts in pieces.items():
        text[number] = spaced([names[text_code[i]] for i in parts])
        key[number] = "".join(keys[text_code[i]] for i in parts)
        whole[number, :2] = box[parts, :2].min(axis=0)
        whole[number, 2:] = box[parts, 2:].max(axis=0)
        told = score[parts][np.isfinite(score[parts])]
        scores[number] = told.mean() if len(told) else np.nan
    code = np.unique(np.array(key, dtype=object), return_inverse=True)[1] if key else first
    return Observations(
        start=start[alone],
        end=end[alone],
        sampled=sampled[alone],
        frame=frame[alone],
        box=whole,
        text=text,
        key=key,
        code=code.astype(np.int64),
        score=scores,
        row=kept,
        owner=owner,
        moments=looked,
        step=step,
    )


def spaced(parts: list[str]) -> str:
    """Join pieces of a row: with a space, but not between Chinese characters.

    Examples
    --------
    >>> spaced(["你好", "世界"]), spaced(["good", "morning"])
    ('你好世界', 'good morning')
    """
    joined = parts[0]
    for part in parts[1:]:
        wide = unicodedata.east_asian_width(joined[-1]) + unicodedata.east_asian_width(part[0])
        joined += part if set(wide) & set("WF") else f" {part}"
    return joined


def _overlap(a: Floats, b: Floats) -> Floats:
    width = np.minimum(a[:, 2], b[:, 2]) - np.maximum(a[:, 0], b[:, 0])
    height = np.minimum(a[:, 3], b[:, 3]) - np.maximum(a[:, 1], b[:, 1])
    return np.asarray(np.maximum(width, 0.0) * np.maximum(height, 0.0))


def neighbours(
    group: Ints, place: Floats, reach: Floats, most: int = NEIGHBOURS
) -> tuple[Ints, Ints]:
    """Pair what is near each other within its group.

    Parameters
    ----------
    group : ndarray of int, shape (n,)
        Only members of one group are paired.
    place : ndarray of float, shape (n,)
        Where each is; finite.
    reach : ndarray of float, shape (n,)
        How far each looks ahead.
    most : int
        How many that follow it each is paired with, at most.

    Returns
    -------
    a, b : ndarray of int, shape (p,)
        Positions, each pair once, b not before a in place.

    Examples
    --------
    >>> a, b = neighbours(np.array([0, 0, 1]), np.array([1.0, 2.0, 2.0]), np.full(3, 1.5))
    >>> a.tolist(), b.tolist()
    ([0], [1])
    """
    order = np.lexsort((place, group))
    near = np.arange(len(order))
    found: list[tuple[Ints, Ints]] = [(order[:0], order[:0])]
    for ahead in range(1, most + 1):
        near = near[near + ahead < len(order)]
        a, b = order[near], order[near + ahead]
        holds = (group[a] == group[b]) & (place[b] - place[a] <= reach[a])
        near = near[holds]
        if not len(near):
            break
        found.append((a[holds], b[holds]))
    left, right = zip(*found, strict=True)
    return np.concatenate(left), np.concatenate(right)


def components(n: int, a: Ints, b: Ints) -> Ints:
    """Name the connected parts of a graph, each by its lowest member.

    Parameters
    ----------
    n : int
        Number of members.
    a, b : ndarray of int, shape (p,)
        Pairs that are connected.

    Returns
    -------
    ndarray of int, shape (n,)
        The lowest member that each is connected to.

    Examples
    --------
    >>> components(4, np.array([1, 3]), np.array([3, 2])).tolist()
    [0, 1, 1, 1]
    """
    root = np.arange(n)
    while len(a):
        low, high = np.minimum(root[a], root[b]), np.maximum(root[a], root[b])
        apart = low < high
        if not apart.any():
            break
        a, b = a[apart], b[apart]
        np.minimum.at(root, high[apart], low[apart])
        while True:
            further = root[root]
            if np.array_equal(further, root):
                break
            root = further
    return root


def rows_apart(ocr: pd.DataFrame) -> pd.DataFrame:
    """Part texts of several rows whose rows are in two scripts, as in files of subtitles.

    Rows of one script stay one text: that is how a long subtitle is wrapped.

    Parameters
    ----------
    ocr : pandas.DataFrame
        The contract table.

    Returns
    -------
    pandas.DataFrame
        The table, with a row for each script in place of such a text, its box shared evenly, and
        the ocr_id in both.
    """
    parts = [_by_script(text) for text in ocr["text"].to_numpy(object)]
    count = np.array([len(part) for part in parts])
    if not (count > 1).any():
        return ocr
    made = ocr.loc[np.repeat(ocr.index, count)].reset_index(drop=True)
    nth = np.concatenate([np.arange(n) for n in count.tolist()])
    whole = np.repeat(count, count)
    height = (made["y2"] - made["y1"]) / whole
    return made.assign(
        text=pd.Series([text for part in parts for text in part], dtype=TEXT),
        y1=made["y1"] + nth * height,
        y2=made["y1"] + (nth + 1) * height,
    )


def _by_script(text: object) -> list[object]:
    """Join neighbouring rows of one script; a text of one script stays as it is."""
    if not isinstance(text, str) or "\n" not in text:
        return [text]
    joined: list[tuple[bool, str]] = []
    for row in filter(str.strip, text.splitlines()):
        letters = [c for c in row if c.isalpha()]
        wide = sum(unicodedata.east_asian_width(c) in "WF" for c in letters) * 2 > len(letters)
        if joined and joined[-1][0] == wide:
            joined[-1] = wide, f"{joined[-1][1]}\n{row}"
        else:
            joined.append((wide, row))
    return [row for _, row in joined] if len(joined) > 1 else [text]
