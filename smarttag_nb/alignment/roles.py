"""What each line on screen is: its role, from where and how it stands, and from the speech.

In this order: what moves is a ticker; what stays, or comes again and again in one place, is fixed;
rows that stand together for long are a slide; a band of rows that come and go, and that the speech
supports, are subtitles, and rows beside them in the other script translations; of the rest, what
stands still is a caption, and what does not belongs to the scene.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .. import intervals
from .found import Found
from .observations import Flags, Floats, Ints, components, neighbours

FIXED_SHARE = 0.2
"""What stands in one place for this share of the time is fixed ..."""

MOSTLY = 0.6
"""No slide stands for this share of the time; what does is fixed, whatever it stands beside."""

FIXED_SECONDS = 10.0
"""... if it does so for as long as this (s): in a short clip, a caption may take a fifth."""

SLIDE_ROWS = 3
"""So many left-aligned rows at a time are a slide: captions and subtitles have one or two ..."""

SLIDE_SECONDS = 5.0
"""... if they stand for as long as this (s) together."""

SLIDE_GOES = 1.5
"""The rows of a slide go within this (s)."""

SUPPORTED = 0.3
"""A band of subtitles has at least this share of its characters in the speech.

What speech and other texts have in common by chance is a tenth.
"""

MOSTLY_SAID = 0.5
"""Of texts without boxes, all are subtitles if the speech has this share of their characters."""

SPOKEN = 0.5
"""A single line is a subtitle, wherever it stands, if the speech has this share of it ..."""

SPOKEN_LENGTH = 6
"""... and it has so many characters: a name or a date is said, too."""

SPOKEN_SECONDS = 30.0
"""... and stands no longer than this (s), as a refrain does that is sung again and again."""

CENTRED = 0.8
"""Middles, or left edges, that differ by less than this, times the height, are aligned."""

OFTEN = 0.2
"""Subtitles take more of the time than this share; names and titles do not."""

ASIDE = 0.06
"""Subtitles stand in the middle, or no further aside than this share of the width."""

LONGEST_SUBTITLE = 12.0
"""Subtitles stand no longer than this (s), but for songs and sloppy ones."""

TOGETHER = 0.6
"""Rows of one subtitle share at least this of the time of the longer one."""

OVERFULL = 1.5
"""A text that needs this times the width it has moves through it."""

TICKER_SECONDS = 3.0
"""No ticker is through sooner (s)."""

STRAYS = 0.25
"""A box that strays so far from its place, times its height, is painted on something that moves."""

DRIFTS = 0.2
"""So is one that moves by this, times its height, while it is seen."""

GLIMPSE = 1.2
"""What is seen on one frame, for no longer than this (s), is hardly meant to be read."""

DOUBTFUL = 0.7
"""What is drawn over a picture is read with more than this score, and so much alike."""


@dataclass(frozen=True, eq=False)
class _Lines:
    """What roles are told from, an array each."""

    start: Floats
    end: Floats
    text: list[str]
    left: Floats
    top: Floats
    right: Floats
    bottom: Floats
    middle: Floats
    height: Floats
    wide: Floats
    length: Ints
    support: Floats
    kind: list[str]
    size: tuple[float, float]
    span: float

    @property
    def seconds(self) -> Floats:
        return self.end - self.start

    @property
    def centre(self) -> Floats:
        return (self.left + self.right) / 2


def assign(
    found: Found, size: tuple[float, float] | None = None, support: Floats | None = None
) -> npt.NDArray[np.object_]:
    """Tell the role of each line.

    Parameters
    ----------
    found : Found
        n lines.
    size : (float, float), optional
        Width and height of the frame (px); estimated from the boxes otherwise.
    support : ndarray of float, shape (n,), optional
        Of each line, the share (0–1) of its characters that the speech has in runs. Without it,
        geometry tells alone.

    Returns
    -------
    ndarray of str, shape (n,)
        One of subtitle, translation, ticker, caption, slide, fixed, scene.
    """
    lines = _lines(found, size, support)
    n = len(lines.text)
    role = np.full(n, "", dtype=object)
    role[found.ticker | _overfull(found, lines)] = "ticker"
    free = (role == "") & ~_said(lines)
    role[_fixed(lines, free, MOSTLY)] = "fixed"
    role[_slides(lines, role == "")] = "slide"
    role[_fixed(lines, free & (role == ""), FIXED_SHARE)] = "fixed"
    role[_subtitles(lines, role == "")] = "subtitle"
    role[_translations(lines, role)] = "translation"
    role[_in_translations(lines, role)] = "translation"
    role[_placeless_translations(lines, role)] = "translation"
    role[_beside_slides(lines, role)] = "slide"
    rest = role == ""
    role[rest] = np.where(_in_scene(found, lines, role)[rest], "scene", "caption")
    return role


def _lines(found: Found, size: tuple[float, float] | None, support: Floats | None) -> _Lines:
    frame = found.frame
    box = frame[["x1", "y1", "x2", "y2"]].to_numpy(np.float64)
    texts = [str(text) for text in frame["text"]]
    return _Lines(
        start=frame["start_time"].to_numpy(np.float64),
        end=frame["end_time"].to_numpy(np.float64),
        text=texts,
        left=box[:, 0],
        top=box[:, 1],
        right=box[:, 2],
        bottom=box[:, 3],
        middle=(box[:, 1] + box[:, 3]) / 2,
        height=box[:, 3] - box[:, 1],
        wide=np.array([wide_share(text) for text in texts], dtype=np.float64),
        length=np.array([sum(c.isalnum() for c in text) for text in texts], dtype=np.int64),
        support=np.full(len(frame), np.nan) if support is None else np.asarray(support),
        kind=found.text_type,
        size=extent(box, size),
        span=found.span,
    )


def extent(box: Floats, size: tuple[float, float] | None = None) -> tuple[float, float]:
    """Estimate a frame's width and height (px) from the boxes on it.

    Margins left and right are taken to be alike. What is seen at the bottom alone still belongs
    to a frame of 16 by 9, upright or not.

    Examples
    --------
    >>> extent(np.array([[160.0, 640.0, 1120.0, 690.0]]))
    (1280.0, 720.0)
    """
    if size is not None:
        return size
    told = box[np.isfinite(box[:, 0])]
    if not len(told):
        return 1.0, 1.0
    right, bottom = float(told[:, 2].max()), float(told[:, 3].max())
    width = right + max(float(told[:, 0].min()), 0.0)
    height = next((w for w in (width * 9 / 16, width * 3 / 4, width * 16 / 9) if w >= bottom), 0.0)
    return max(width, 1.0), max(height, bottom, 1.0)


def wide_share(text: str) -> float:
    """Measure which share of a text's letters and digits is Chinese, Japanese or Korean.

    Examples
    --------
    >>> wide_share("第3步"), wide_share("Step 3")
    (0.6666666666666666, 0.0)
    """
    told = [c for c in text if c.isalnum()]
    if not told:
        return 0.0
    return sum(unicodedata.east_asian_width(c) in "WF" for c in told) / len(told)


def _overfull(found: Found, lines: _Lines) -> Flags:
    """Texts that are wider than their place, and ranges that the answer says are scrolling."""
    needed = (
        np.array(
            [
                sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.45 for c in text)
                for text in lines.text
            ]
        )
        * lines.height
    )
    width = lines.right - lines.left
    crowded = (needed > OVERFULL * width) & (width > 8 * lines.height)
    scrolling = np.array([kind == "scrolling" for kind in lines.kind], dtype=bool)
    once = found.frame["frames"].to_numpy(np.int64) == 1
    # Seen on many frames, it would have been seen to move.
    said = scrolling & (once | np.isnan(lines.height)) & (lines.seconds > TICKER_SECONDS)
    return np.asarray(said | (crowded & once & (lines.seconds > TICKER_SECONDS)))


def _fixed(lines: _Lines, free: Flags, share: float) -> Flags:
    """Lines that stand, or come back, in one place with one text, digits aside."""
    found = np.zeros(len(free), dtype=bool)
    groups: dict[str, list[int]] = {}
    for k in np.flatnonzero(free & np.isfinite(lines.start)).tolist():
        groups.setdefault(re.sub(r"\d", "0", lines.text[k].casefold()), []).append(k)
    least = max(FIXED_SECONDS, share * lines.span)
    for members in groups.values():
        at = np.array(members)
        if lines.seconds[at].sum() < least:
            continue
        for place in _places(lines, at):
            if intervals.union(lines.start[place], lines.end[place]) >= least:
                found[place] = True
    return found


def _places(lines: _Lines, at: Ints) -> Iterator[Ints]:
    """Members that stand in one place, largest group first."""
    while len(at):
        longest = at[np.argmax(lines.seconds[at])]
        height = lines.height[longest]
        if np.isfinite(height):
            near = np.abs(lines.middle[at] - lines.middle[longest]) <= height
            near &= np.abs(lines.centre[at] - lines.centre[longest]) <= 2 * height
        else:
            near = np.isnan(lines.height[at])
        yield at[near]
        at = at[~near]


def _slides(lines: _Lines, free: Flags) -> Flags:
    """Rows that stand one below another, left-aligned, and long."""
    found = np.zeros(len(free), dtype=bool)
    at = np.flatnonzero(free & np.isfinite(lines.height) & np.isfinite(lines.start))
    a, b = neighbours(np.zeros(len(at), dtype=np.int64), lines.start[at], lines.seconds[at], 64)
    a, b = at[a], at[b]
    height = np.maximum(lines.height[a], lines.height[b])
    shared = np.minimum(lines.end[a], lines.end[b]) - np.maximum(lines.start[a], lines.start[b])
    apart = np.abs(lines.middle[a] - lines.middle[b])
    # Rows come one by one, and go together.
    longer = np.maximum(lines.seconds[a], lines.seconds[b])
    row = (shared >= TOGETHER * longer) | (np.abs(lines.end[a] - lines.end[b]) <= SLIDE_GOES)
    row &= (shared >= TOGETHER * SLIDE_SECONDS) & (np.abs(lines.left[a] - lines.left[b]) <= height)
    row &= (apart > 0.6 * height) & (apart <= 4.5 * height)
    # What is said may stand on a slide too, if it stands as long as the others do.
    said = _said(lines)
    stays = (shared >= TOGETHER * longer) & (longer >= SLIDE_SECONDS)
    row &= stays | ~(said[a] | said[b])
    block = components(len(free), a[row], b[row])
    for root, count in zip(*np.unique(block[at], return_counts=True), strict=True):
        if count < SLIDE_ROWS:
            continue
        members = at[block[at] == root]
        if _seconds_of(lines.start[members], lines.end[members], SLIDE_ROWS) >= SLIDE_SECONDS:
            found[members] = True
    return found


def _seconds_of(start: Floats, end: Floats, rows: int) -> float:
    """For how long at least so many of the ranges last at a time."""
    times = np.concatenate((start, end))
    steps = np.repeat((1, -1), len(start))
    order = np.lexsort((steps, times))
    standing = np.cumsum(steps[order])[:-1]
    return float(np.diff(times[order])[standing >= rows].sum())


def _said(lines: _Lines) -> Flags:
    """Tell which lines the speech has for the most part, and not by chance."""
    spoken = np.nan_to_num(lines.support, nan=0.0) >= SPOKEN
    return spoken & (lines.length >= SPOKEN_LENGTH) & (lines.seconds <= SPOKEN_SECONDS)


def _subtitles(lines: _Lines, free: Flags) -> Flags:
    """Tell which lines are of a band that the speech supports, or that looks like subtitles."""
    taken = np.zeros(len(free), dtype=bool)
    spoken = np.nan_to_num(lines.support, nan=0.0)
    length = lines.length
    called = np.array([kind == "subtitle" for kind in lines.kind], dtype=bool)
    captioned = np.array([kind == "caption" for kind in lines.kind], dtype=bool)
    brief = lines.seconds <= LONGEST_SUBTITLE
    bare = free & np.isnan(lines.height)
    if bare.any():
        told = np.isfinite(lines.support[bare]).any()
        # Texts without a place that are mostly said are a file of subtitles.
        subtitled = not told or np.average(spoken[bare], weights=length[bare] + 1) >= MOSTLY_SAID
        taken[bare] = (spoken[bare] >= SUPPORTED) | (
            ~captioned[bare] & brief[bare] if subtitled else called[bare]
        )
    at = np.flatnonzero(free & np.isfinite(lines.height) & brief & np.isfinite(lines.start))
    bands = list(_bands(lines, at))
    weight = np.maximum(length, 1)
    said = [np.average(spoken[band], weights=weight[band]) >= SUPPORTED for band in bands]
    for band, supported in zip(bands, said, strict=True):
        # Where the speech tells which band is said, the others are not.
        if supported or (not any(said) and _like_subtitles(lines, band, called, captioned)):
            taken[band] = _aligned(lines, band, spoken, length)
    aside = free & _said(lines) & ~taken
    band = np.flatnonzero(taken & (spoken >= SUPPORTED))
    for k in np.flatnonzero(aside).tolist() if len(band) else []:
        # What is said while a subtitle says it is a catchword that pops up beside it.
        shared = np.minimum(lines.end[band], lines.end[k]) - np.maximum(
            lines.start[band], lines.start[k]
        )
        shorter = np.minimum(lines.seconds[band], lines.seconds[k])
        aside[k] = not (shared >= TOGETHER * shorter).any()
    return taken | aside


def _bands(lines: _Lines, at: Ints) -> Iterator[Ints]:
    """Lines about as high as each other and about as tall, the most first."""
    while len(at) >= 2:
        order = at[np.argsort(lines.middle[at], kind="stable")]
        middle, height = lines.middle[order], lines.height[order]
        usual = np.median(height)
        first = np.searchsorted(middle, middle - 0.5 * usual, side="left")
        stop = np.searchsorted(middle, middle + 0.5 * usual, side="right")
        best = int(np.argmax(stop - first))
        if stop[best] - first[best] < 2:
            return
        band = order[first[best] : stop[best]]
        tall = np.median(lines.height[band])
        fits = np.abs(np.log(lines.height[band] / tall)) <= 0.35
        if fits.sum() >= 2:
            yield np.sort(band[fits])
        at = np.setdiff1d(at, band[fits] if fits.any() else band)


def _like_subtitles(lines: _Lines, band: Ints, called: Flags, captioned: Flags) -> bool:
    """Whether a band looks like subtitles, where the speech tells nothing."""
    if len(band) < 3:
        return False
    aligned = _aligned_share(lines, band, lines.centre)
    middle = float(np.median(lines.middle[band])) / lines.size[1]
    covered = intervals.union(lines.start[band], lines.end[band]) / max(lines.span, 1e-9)
    aside = abs(float(np.median(lines.centre[band])) - lines.size[0] / 2)
    if aligned < 0.5 or aside > ASIDE * lines.size[0]:
        # Subtitles that stand aside are rarer than captions, but there all the time.
        if covered < OFTEN:
            return False
        aligned = 0.8 * _aligned_share(lines, band, lines.left)
    evidence = 2.0 * (aligned - 0.6) + min(covered, 0.5) + 0.05 * min(len(band), 10)
    evidence += 0.5 * (middle > 0.7) - 0.5 * (0.25 < middle < 0.6)
    evidence += 0.8 * (called[band].mean() - captioned[band].mean())
    return bool(evidence > 0.8)


def _axis(lines: _Lines, band: Ints) -> tuple[Floats, float]:
    """Tell what a band's lines are aligned by, their centres or left edges, and where."""
    slack = CENTRED * float(np.median(lines.height[band]))
    best: tuple[int, Floats, float] | None = None
    for values in (lines.centre, lines.left):
        ordered = np.sort(values[band])
        count = np.searchsorted(ordered, ordered + 2 * slack, side="right") - np.arange(
            len(ordered)
        )
        k = int(np.argmax(count))
        if best is None or count[k] > best[0]:
            best = int(count[k]), values, float(np.median(ordered[k : k + count[k]]))
    assert best is not None
    return best[1], best[2]


def _aligned_share(lines: _Lines, band: Ints, values: Floats) -> float:
    slack = CENTRED * float(np.median(lines.height[band]))
    place = float(np.median(values[band]))
    return float((np.abs(values[band] - place) <= slack).mean())


def _aligned(lines: _Lines, band: Ints, spoken: Floats, length: Ints) -> Flags:
    """Those of a band that stand as the others do, or that are said."""
    values, place = _axis(lines, band)
    slack = CENTRED * lines.height[band]
    fits = np.abs(values[band] - place) <= slack
    return fits | ((spoken[band] >= SPOKEN) & (length[band] >= 4))


def _translations(lines: _Lines, role: npt.NDArray[np.object_]) -> Flags:
    """Of two rows of a subtitle in two scripts, the one that the speech does not have."""
    found = np.zeros(len(role), dtype=bool)
    at = np.flatnonzero(
        ((role == "subtitle") | (role == ""))
        & np.isfinite(lines.height)
        & np.isfinite(lines.start)
        & (lines.seconds <= LONGEST_SUBTITLE)
    )
    a, b = neighbours(np.zeros(len(at), dtype=np.int64), lines.start[at], lines.seconds[at], 64)
    a, b = at[a], at[b]
    shared = np.minimum(lines.end[a], lines.end[b]) - np.maximum(lines.start[a], lines.start[b])
    height = np.maximum(lines.height[a], lines.height[b])
    apart = np.abs(lines.middle[a] - lines.middle[b])
    pair = shared >= TOGETHER * np.maximum(lines.seconds[a], lines.seconds[b])
    pair &= (apart > 0.5 * height) & (apart <= 2.5 * height)
    pair &= np.abs(lines.wide[a] - lines.wide[b]) > 0.5
    aligned = np.abs(lines.centre[a] - lines.centre[b]) <= 1.5 * height
    aligned |= np.abs(lines.left[a] - lines.left[b]) <= height
    pair &= aligned & ((role[a] == "subtitle") | (role[b] == "subtitle"))
    spoken = np.nan_to_num(lines.support, nan=0.0)
    # Two rows that are both said are one subtitle, wrapped.
    pair &= (spoken[a] < SUPPORTED) | (spoken[b] < SUPPORTED)
    a, b = a[pair], b[pair]
    said_wide = _said_wide(lines, a, b, spoken, role)
    for i, j in zip(a.tolist(), b.tolist(), strict=True):
        wide, narrow = (i, j) if lines.wide[i] > lines.wide[j] else (j, i)
        lead = spoken[wide] - spoken[narrow]
        if role[wide] != role[narrow]:
            lead = 1.0 if role[wide] == "subtitle" else -1.0
        if abs(lead) < 0.15:
            lead = said_wide
        found[narrow if lead > 0 else wide] = True
    return found


def _placeless_translations(lines: _Lines, role: npt.NDArray[np.object_]) -> Flags:
    """Tell of texts without boxes which stand for the time of a subtitle in the other script."""
    found = np.zeros(len(role), dtype=bool)
    at = np.flatnonzero(
        np.isnan(lines.height) & np.isfinite(lines.start) & np.isin(role, ("", "subtitle"))
    )
    a, b = neighbours(np.zeros(len(at), dtype=np.int64), lines.start[at], lines.seconds[at], 8)
    a, b = at[a], at[b]
    shared = np.minimum(lines.end[a], lines.end[b]) - np.maximum(lines.start[a], lines.start[b])
    pair = shared >= TOGETHER * np.maximum(lines.seconds[a], lines.seconds[b])
    pair &= np.abs(lines.wide[a] - lines.wide[b]) > 0.5
    found[a[pair & (role[a] == "") & (role[b] == "subtitle")]] = True
    found[b[pair & (role[b] == "") & (role[a] == "subtitle")]] = True
    return found


def _in_translations(lines: _Lines, role: npt.NDArray[np.object_]) -> Flags:
    """Tell which lines stand where translations do, while the row they translate was not read."""
    found = np.zeros(len(role), dtype=bool)
    known = np.flatnonzero(role == "translation")
    free = (role == "") & (lines.seconds <= LONGEST_SUBTITLE)
    for wide in (True, False):
        band = known[(lines.wide[known] > 0.5) == wide]
        if len(band) < 3:
            continue
        height = float(np.median(lines.height[band]))
        near = np.abs(lines.middle - float(np.median(lines.middle[band]))) <= 0.5 * height
        near &= np.abs(lines.centre - float(np.median(lines.centre[band]))) <= CENTRED * height
        found |= free & near & ((lines.wide > 0.5) == wide)
    return found


def _said_wide(
    lines: _Lines, a: Ints, b: Ints, spoken: Floats, role: npt.NDArray[np.object_]
) -> float:
    """Which script the speech, or else the lines that stand alone, or the larger rows are in."""
    lead = 0.0
    paired = np.unique(np.concatenate((a, b)))
    side = np.where(lines.wide > 0.5, 1.0, -1.0)
    if len(paired):
        lead = float((spoken[paired] * side[paired]).sum())
    if abs(lead) < 0.5:
        alone = role == "subtitle"
        alone[paired] = False
        lead = float(side[alone].sum())
    if abs(lead) < 0.5 and len(paired):
        lead = float((np.where(lines.height[a] >= lines.height[b], side[a], side[b])).sum())
    return lead or 1.0


def _beside_slides(lines: _Lines, role: npt.NDArray[np.object_]) -> Flags:
    """Tell what else stands on a slide: its title, a second column, a centred row."""
    found = np.zeros(len(role), dtype=bool)
    slides, free = np.flatnonzero(role == "slide"), np.flatnonzero(role == "")
    if not len(slides):
        return found
    order = slides[np.argsort(lines.start[slides], kind="stable")]
    for k in free.tolist():
        if np.isnan(lines.height[k]) or lines.seconds[k] < 0.6 * SLIDE_SECONDS:
            continue
        near = order[: np.searchsorted(lines.start[order], lines.end[k])][-64:]
        shared = np.minimum(lines.end[near], lines.end[k]) - np.maximum(
            lines.start[near], lines.start[k]
        )
        near = near[shared >= 0.7 * lines.seconds[k]]
        if len(near) < SLIDE_ROWS:
            continue
        high = float(np.median(lines.height[near]))
        beside = lines.top[near].min() - 5 * high <= lines.middle[k]
        found[k] = beside and lines.middle[k] <= lines.bottom[near].max() + 3 * high
    return found


def _in_scene(found: Found, lines: _Lines, role: npt.NDArray[np.object_]) -> Flags:
    """Tell which of what is left is painted on things, not drawn over the picture.

    Such text moves as they do. What stands still is told by signs of a layout: captions come in
    rows, come again in the same place, and keep to margins, the middle or the lower third.
    """
    width, high = lines.size
    frames = found.frame["frames"].to_numpy(np.int64)
    share = found.frame["vote_share"].to_numpy(np.float64)
    captioned = np.array([kind == "caption" for kind in lines.kind], dtype=bool)
    rest = role == ""
    layout = 2.0 * _in_rows(lines, rest) + 2.0 * _comes_again(lines, rest) + 1.0 * captioned
    layout += np.where(lines.middle > 0.62 * high, 1.5, 0.0) + (lines.middle < 0.15 * high)
    layout += (lines.left < 0.12 * width) | (lines.right > 0.88 * width)
    layout += np.where(np.abs(lines.centre - width / 2) < 0.02 * width, 1.5, 0.0)
    layout -= (frames == 1) & (lines.seconds < GLIMPSE)
    layout -= (found.score < DOUBTFUL) | (share < DOUBTFUL)
    return _moves(found, lines) | (np.isfinite(lines.height) & (layout < 1))


def _moves(found: Found, lines: _Lines) -> Flags:
    """Tell which lines get further than the jitter of their boxes explains."""
    frames = found.frame["frames"].to_numpy(np.int64)
    often = frames >= 4
    told = found.wander[often & np.isfinite(found.wander)]
    jitter = max(float(np.median(told)) if len(told) else 0.0, 0.3)
    travel = np.hypot(found.motion[:, 0], found.motion[:, 1]) * lines.seconds
    # What a straight line through points that only jitter travels, from end to end.
    chance = jitter * np.sqrt(12.0 / np.maximum(frames, 1))
    strays = found.wander > np.maximum(STRAYS * found.height, 3 * jitter)
    return np.asarray((travel > np.maximum(DRIFTS * found.height, 3 * chance)) | strays)


def _in_rows(lines: _Lines, free: Flags) -> Flags:
    """Tell which lines have another right above or below, aligned, at the same time."""
    found = np.zeros(len(free), dtype=bool)
    at = np.flatnonzero(free & np.isfinite(lines.height) & np.isfinite(lines.start))
    a, b = neighbours(np.zeros(len(at), dtype=np.int64), lines.start[at], lines.seconds[at], 64)
    a, b = at[a], at[b]
    shared = np.minimum(lines.end[a], lines.end[b]) - np.maximum(lines.start[a], lines.start[b])
    height = np.maximum(lines.height[a], lines.height[b])
    apart = np.abs(lines.middle[a] - lines.middle[b])
    rows = (shared >= TOGETHER * np.maximum(lines.seconds[a], lines.seconds[b])) & (
        apart <= 2.5 * height
    )
    rows &= (np.abs(lines.left[a] - lines.left[b]) <= 0.5 * height) | (
        np.abs(lines.centre[a] - lines.centre[b]) <= 0.5 * height
    )
    found[a[rows]] = found[b[rows]] = True
    return found


def _comes_again(lines: _Lines, free: Flags) -> Flags:
    """Tell which lines stand where another has stood or will, from the same edge on."""
    found = np.zeros(len(free), dtype=bool)
    at = np.flatnonzero(free & np.isfinite(lines.height))
    a, b = neighbours(
        np.zeros(len(at), dtype=np.int64), lines.middle[at], 0.3 * lines.height[at], 64
    )
    a, b = at[a], at[b]
    height = np.minimum(lines.height[a], lines.height[b])
    again = (np.abs(lines.left[a] - lines.left[b]) <= 0.3 * height) & (
        np.maximum(lines.height[a], lines.height[b]) <= 1.3 * height
    )
    found[a[again]] = found[b[again]] = True
    return found
