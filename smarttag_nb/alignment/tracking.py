"""Observations → tracks: which of them show one and the same line.

Three passes, each over arrays of candidate pairs: from a frame to the next; over gaps, where OCR
missed a line; and over a frame or two of misreading between two stretches of the same text.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from .observations import Flags, Floats, Ints, Observations, components

SAME_BAND = 0.5
"""A line stays in its place: its middle moves up or down by less than this times its height."""

DRIFT = 0.9
"""From one frame to the next, text on a thing that moves is no further up or down than this."""

DRIFT_STEPS = 4
"""Over a gap, it gets further by as much again for so many frames ..."""

DRIFT_FRAMES = 24
"""... if it is there for no more than so many: what lasts does not drift."""

UNMOVED = 0.25
"""Edges that moved by less than this, times the height, did not move ..."""

STILL = 0.5
"""... by less than this, hardly: detectors jitter so far ..."""

NEARLY_STILL = 1.5
"""... and by less than this, they may have lost or won a character at an end."""

HARDLY_ALIKE = 0.4
"""Texts that have nothing to do with each other share a tenth (Chinese) to a quarter (English) of
their characters. Of edges that did not move, any more than that makes one line ..."""

ALIKE = 0.5
"""... of edges that hardly moved, more than this ..."""

RATHER_ALIKE = 0.6
"""... of edges that moved by a character, more than this ..."""

MOVED_ALIKE = 0.75
"""... of a box that moved sideways and kept its width, this ..."""

MORE_ALIKE = 0.8
"""... of one that moved up or down, or that was gone for a while, this ..."""

MOST_ALIKE = 0.93
"""... and this where only the text tells that it is the same."""

MISREAD_PART = 0.34
"""Of a text and its beginning, read on two frames, no more than this share differs."""

GAP_STEPS = 2.2
"""A line missed on one frame goes on; 2 steps and some jitter."""

GAP_SECONDS = 2.0
"""A line goes on after a gap (s) of this where the text is alike and nothing took its place."""

LONG_RANGE = 10.0
"""A range so long (s) is no subtitle: in its place, another text hardly differs by a character."""

UNLIKELY = 1e-4
"""A line that is missed on as many frames as it is goes on after a gap at least so likely, ..."""

GAP_SHARE = 0.1
"""... or one of this share of the time for which it is there before and after it ..."""

LONGEST_GAP = 15.0
"""... but not after one longer than this (s): what is hidden for so long comes as a new one."""

PRIOR_FRAMES = 6.0
"""A line is taken to be missed on a twentieth of its frames, with the weight of so many."""

FAINT = 0.85
"""A text that is read in one place on 15 % of the frames is there all the time, but faint ..."""

FAINT_FRAMES = 20
"""... if it was read on so many."""

MISREAD_FRAMES = 2
"""What stands for so many frames in the place of a line that goes on after them is misread."""

MISREAD_SHARE = 0.1
"""So is what stands there for less than this share of the frames that the line is read on."""

GAP_ROUNDS = 4
"""Gaps are bridged so many times at most: what was joined tells more about what it is missed on."""

RANGE_GAP = 0.6
"""Two ranges of one text are apart by no more than this (s): an answer's own sampling."""

AHEAD = 8
"""On the next frame, a box is compared with so many above and below it, at most."""

HEADS = 96
"""Over a gap, a track's end is compared with so many beginnings, at most."""

GROWTH_PAUSE = 1.2
"""A text that stood still so long (s) and then is longer is another one, not a reveal."""

Pairs = tuple[Ints, Ints]


def similarity(seen: Observations, a: Ints, b: Ints) -> Floats:
    """Measure how alike two readings are: 1 − their edit distance by the longer one's length."""
    alike = np.asarray(seen.code[a] == seen.code[b], dtype=np.float64)
    differ = np.flatnonzero(alike == 0)
    if len(differ):
        alike[differ] = process.cpdist(
            [seen.key[i] for i in a[differ].tolist()],
            [seen.key[i] for i in b[differ].tolist()],
            scorer=Levenshtein.normalized_similarity,
            dtype=np.float64,
        )
    return alike


def track(seen: Observations) -> Ints:
    """Tell which observations belong to one line.

    Parameters
    ----------
    seen : Observations
        n observations.

    Returns
    -------
    ndarray of int, shape (n,)
        The first observation of the track that each belongs to.
    """
    n = len(seen)
    a, b = _next_frame(seen)
    linked = [(a, b)]
    for _ in range(GAP_ROUNDS):
        found = _over_gaps(seen, _all(linked))
        if not len(found[0]):
            break
        linked.append(found)
    linked.append(_parallel(seen, _all(linked)))
    linked.append(_misread(seen, _all(linked)))
    return components(n, *_all(linked))


def _all(pairs: list[Pairs]) -> Pairs:
    left, right = zip(*pairs, strict=True)
    return np.concatenate(left), np.concatenate(right)


def _next_frame(seen: Observations) -> Pairs:
    on_frame = np.flatnonzero(seen.frame >= 0)
    same_a, same_b = _same_text(seen.frame[on_frame], seen.code[on_frame], _near(seen))
    a, b = next_in_band(seen, DRIFT)
    a, b = np.concatenate((a, on_frame[same_a])), np.concatenate((b, on_frame[same_b]))
    pair = np.unique(a * len(seen) + b)
    a, b = pair // len(seen), pair % len(seen)
    ok, merit, grows = _goes_on(seen, a, b, seen.box[a], seen.box[b])
    a, b, merit, grows = a[ok], b[ok], merit[ok], grows[ok]
    chosen = _one_to_one(a, b, merit)
    a, b, grows = a[chosen], b[chosen], grows[chosen]
    held = _held_before(seen, a, b, grows)
    return a[held], b[held]


def _near(seen: Observations) -> Flags:
    """After which frames the next one comes soon."""
    return np.append(np.diff(seen.moments) <= GAP_STEPS * seen.step, False)


def next_in_band(seen: Observations, reach: float = SAME_BAND) -> Pairs:
    """Pair each observation with those about as high on the next frame.

    Parameters
    ----------
    seen : Observations
        What was seen; without boxes, all stands at one height.
    reach : float
        How far their middles may be apart, times the height.

    Returns
    -------
    a, b : ndarray of int
        Observations on one frame and on the next.
    """
    on_frame = np.flatnonzero(seen.frame >= 0)
    box = seen.box[on_frame]
    middle = np.nan_to_num((box[:, 1] + box[:, 3]) / 2, nan=0.0)
    height = np.nan_to_num(box[:, 3] - box[:, 1], nan=1.0)
    a, b = _in_band(seen.frame[on_frame], middle, reach * height, _near(seen))
    return on_frame[a], on_frame[b]


def _in_band(frame: Ints, middle: Floats, reach: Floats, near: Flags) -> Pairs:
    """Pair each with those about as high on the next frame."""
    n = len(frame)
    if not n:
        return frame, frame
    order = np.lexsort((middle, frame))
    low = float(middle.min())
    # One ascending number for frame and height: frames lie further apart than any two heights.
    apart = 2.0 * (float(middle.max()) - low + float(reach.max())) + 1.0
    place = frame * apart + (middle - low)
    ordered = place[order]
    source = np.flatnonzero(near[frame])
    at = place[source] + apart
    first = np.searchsorted(ordered, at - reach[source], side="left")
    stop = np.searchsorted(ordered, at + reach[source], side="right")
    centre = np.searchsorted(ordered, at)
    first = np.maximum(first, centre - AHEAD)
    stop = np.minimum(stop, centre + AHEAD)
    count = np.maximum(stop - first, 0)
    a = np.repeat(source, count)
    within = np.arange(len(a)) - np.repeat(np.cumsum(count) - count, count)
    b = order[np.repeat(first, count) + within]
    fits = frame[b] == frame[a] + 1
    return a[fits], b[fits]


def _same_text(frame: Ints, code: Ints, near: Flags) -> Pairs:
    """Pair each with those of the same text on the next frame, the n-th with the n-th."""
    if not len(frame):
        return frame, frame
    order = np.lexsort((frame, code))
    span = int(frame.max()) + 2
    key = (code * span + frame)[order]
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    sizes = np.diff(starts, append=len(key))
    nth = np.arange(len(key)) - np.repeat(starts, sizes)
    group = np.repeat(np.arange(len(starts)), sizes)
    follows = np.append(key[starts][1:] == key[starts][:-1] + 1, False)
    other = np.minimum(group + 1, len(starts) - 1)
    usable = follows[group] & near[frame[order]] & (nth < sizes[other])
    return order[usable], order[(starts[other] + nth)[usable]]


def _goes_on(
    seen: Observations, a: Ints, b: Ints, first: Floats, then: Floats
) -> tuple[Flags, Floats, Flags]:
    """Tell which pairs can be one line, how well they fit, and which of them grow."""
    alike = similarity(seen, a, b)
    height = np.minimum(first[:, 3] - first[:, 1], then[:, 3] - then[:, 1])
    taller = np.maximum(first[:, 3] - first[:, 1], then[:, 3] - then[:, 1])
    boxed = np.isfinite(height)
    height = np.where(boxed, height, 1.0)
    left = np.where(boxed, then[:, 0] - first[:, 0], 0.0) / height
    right = np.where(boxed, then[:, 2] - first[:, 2], 0.0) / height
    rise = np.where(boxed, then[:, 1] + then[:, 3] - first[:, 1] - first[:, 3], 0.0) / 2 / height
    moved = np.maximum(np.abs(left), np.abs(right))
    length = np.array([len(key) for key in seen.key], dtype=np.int64)
    long = np.minimum(length[a], length[b]) >= 4
    flatter = np.where(boxed, height / taller, 1.0)
    in_band = (np.abs(rise) <= SAME_BAND) & (flatter >= np.where(alike >= RATHER_ALIKE, 0.4, 0.55))

    ok = (alike >= HARDLY_ALIKE) & (moved <= UNMOVED)
    ok |= (alike >= ALIKE) & (moved <= STILL)
    ok |= (alike >= RATHER_ALIKE) & (moved <= NEARLY_STILL)
    ok |= (alike >= MOST_ALIKE) & long
    ok |= (alike >= MOVED_ALIKE) & long & (np.abs(right - left) <= STILL) & (moved <= 12)
    ok &= in_band
    # What is painted on a thing that moves keeps its size; rows of a list are further apart.
    drifts = (alike >= RATHER_ALIKE) & (np.abs(right - left) <= STILL) & (moved <= 1.5)
    ok |= drifts & (np.abs(rise) <= DRIFT) & (flatter >= 0.55)
    rolls = (alike >= MORE_ALIKE) & long & (moved <= STILL) & (np.abs(rise) <= 3)
    ok |= rolls
    grows = np.zeros(len(a), dtype=bool)
    maybe = np.flatnonzero(~ok & in_band & (length[a] != length[b]) & (alike > 0))
    if len(maybe):
        grows[maybe] = _grows(seen, a[maybe], b[maybe], left[maybe], right[maybe])
    # Without a box, the text alone has to tell.
    ok &= boxed | (alike >= 0.6)
    merit = alike - 0.1 * np.minimum(moved + np.abs(rise), 5.0)
    return ok | grows, merit, grows


def _grows(seen: Observations, a: Ints, b: Ints, left: Floats, right: Floats) -> Flags:
    """Tell where a text is the beginning of the next, or the next is what is left of it.

    Growing from a fixed left edge or from the middle is a reveal; growing at a fixed right edge is
    a ticker that enters, and its end at a fixed left edge one that leaves.
    """
    found = np.zeros(len(a), dtype=bool)
    for k, (i, j) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        before, after = seen.key[i], seen.key[j]
        if len(before) < len(after):
            # Its first character may be missed.
            fixed = abs(left[k]) <= NEARLY_STILL or (right[k] > -STILL and left[k] < STILL)
        else:
            fixed = abs(left[k]) <= STILL and right[k] < 0
            before, after = after[::-1], before[::-1]
        if fixed:
            found[k] = begins_with(after, before)
    return found


def begins_with(text: str, part: str) -> bool:
    """Tell whether a text begins with another, both perhaps misread.

    Examples
    --------
    >>> begins_with("这里的每一个光点", "这里的母一")
    True
    """
    most = max(int(len(part) * MISREAD_PART), int(len(part) == 2))
    return any(
        Levenshtein.distance(part, text[: len(part) + more], score_cutoff=most) <= most
        for more in (0, 1, -1)
    )


def _held_before(seen: Observations, a: Ints, b: Ints, grows: Flags) -> Flags:
    """Keep all but those that grow in one leap after they had stood still for long."""
    kept = np.ones(len(a), dtype=bool)
    if not grows.any():
        return kept
    before = dict(zip(b.tolist(), a.tolist(), strict=True))
    for k in np.flatnonzero(grows):
        i, length = int(a[k]), len(seen.key[a[k]])
        if abs(len(seen.key[b[k]]) - length) <= 2:
            continue
        first = i
        while first in before and abs(len(seen.key[before[first]]) - length) <= 1:
            first = before[first]
            if seen.start[i] - seen.start[first] >= GROWTH_PAUSE:
                kept[k] = False
                break
    return kept


def _one_to_one(a: Ints, b: Ints, merit: Floats) -> Ints:
    """Choose pairs, the best first, so that each member is in one at most."""
    chosen: list[Ints] = []
    left = np.lexsort((b, a, -merit))
    while len(left):
        # In the order of merit, the first pair of both its members is settled.
        _, first_a = np.unique(a[left], return_index=True)
        _, first_b = np.unique(b[left], return_index=True)
        settled = np.intersect1d(first_a, first_b)
        chosen.append(left[settled])
        taken_a, taken_b = a[left[settled]], b[left[settled]]
        left = left[~(np.isin(a[left], taken_a) | np.isin(b[left], taken_b))]
    return np.sort(np.concatenate(chosen)) if chosen else left


def _over_gaps(seen: Observations, linked: Pairs) -> Pairs:
    """Pair the ends of tracks with beginnings that they go on to after a while."""
    n = len(seen)
    tracks = components(n, *linked)
    tail, head = np.isfinite(seen.end), np.isfinite(seen.start)
    tail[linked[0]] = False
    head[linked[1]] = False
    ends, begins = np.flatnonzero(tail), np.flatnonzero(head)
    usual, place = _usual(seen, tracks), _mean_box(seen, tracks)
    missed, frames = _missed(seen, tracks)
    _pool(seen, tracks, usual, missed, frames)
    step = seen.step if np.isfinite(seen.step) else 0.0
    # A range may begin before the one that it goes on from has ended.
    back = np.where(seen.sampled[ends], 0.0, seen.end[ends] - seen.start[ends])
    reach = np.maximum(_patience(missed[ends], frames[ends], step), GAP_STEPS * step)
    reach = np.maximum(reach, np.minimum(2 * GAP_SHARE * frames[ends] * step, LONGEST_GAP))
    first = np.searchsorted(seen.start[begins], seen.end[ends] - back, side="left")
    stop = np.searchsorted(seen.start[begins], seen.end[ends] + reach, side="right")
    count = np.minimum(np.maximum(stop - first, 0), HEADS)
    a = np.repeat(ends, count)
    within = np.arange(len(a)) - np.repeat(np.cumsum(count) - count, count)
    b = begins[np.repeat(first, count) + within]
    sampled = seen.sampled[a] & seen.sampled[b]
    # On one frame, both may be readings of the line that goes on.
    fits = (seen.start[b] >= seen.end[a]) & (tracks[a] != tracks[b])
    fits |= ~sampled & (b > a)
    boxed = np.isfinite(seen.box[:, 0])
    fits &= ~(boxed[a] & boxed[b]) | (_rise(seen, a, b) <= 3)
    a, b, sampled = a[fits], b[fits], sampled[fits]

    # One reading may be bad: what the tracks read most often is compared as well.
    ok, merit, grows = _goes_on(seen, a, b, seen.box[a], seen.box[b])
    often, often_merit, often_grows = _goes_on(seen, usual[a], usual[b], place[a], place[b])
    # A text goes on growing over a gap where it had not stood still before it.
    length = np.array([len(key) for key in seen.key], dtype=np.int64)
    moving = (seen.start[a] - seen.start[tracks[a]] < GROWTH_PAUSE) | (
        length[tracks[a]] < 0.8 * length[a]
    )
    ok &= ~grows | moving
    ok |= often & ~often_grows
    drifts = sampled & _drifts(seen, a, b, usual) & (frames[a] + frames[b] <= DRIFT_FRAMES)
    ok |= drifts
    merit = np.maximum(merit, often_merit)
    a, b, sampled, merit, grows = a[ok], b[ok], sampled[ok], merit[ok], grows[ok]
    drifts = drifts[ok]
    gap = seen.start[b] - seen.end[a]
    alike = similarity(seen, usual[a], usual[b])
    edges = np.abs(place[a] - place[b]).max(axis=1)
    unmoved = edges <= UNMOVED * (place[a, 3] - place[a, 1])
    near = sampled & (gap > 0) & (gap <= GAP_STEPS * step)
    near |= sampled & (gap == 0) & unmoved & (alike >= MORE_ALIKE)
    far = (
        sampled
        & (gap > GAP_STEPS * step)
        & ((alike >= MORE_ALIKE) | (unmoved & (alike >= RATHER_ALIKE)))
    )
    patience = _patience(missed[a] + missed[b], frames[a] + frames[b], step)
    lasts = (frames[a] + frames[b]) * step
    far &= gap <= np.maximum(patience, np.minimum(GAP_SHARE * lasts, LONGEST_GAP))
    if far.any():
        at = np.flatnonzero(far)
        size = np.bincount(tracks, minlength=n)[tracks]
        far[at] = ~_replaced(seen, a[at], b[at], size)
    long = np.minimum(seen.end[a] - seen.start[a], seen.end[b] - seen.start[b]) >= LONG_RANGE
    same = _same_words(seen, a, b, alike) | (long & unmoved & (alike >= RATHER_ALIKE))
    ranges = ~sampled & (gap <= RANGE_GAP) & same
    ok = near | far | ranges
    a, b, merit, gap = a[ok], b[ok], merit[ok], gap[ok]
    chosen = _one_to_one(a, b, merit - 0.05 * np.maximum(gap, 0.0))
    return a[chosen], b[chosen]


def _drifts(seen: Observations, a: Ints, b: Ints, usual: Ints) -> Flags:
    """Tell where a text of one size moved on while it was not read."""
    first, then = seen.box[a], seen.box[b]
    height = first[:, 3] - first[:, 1]
    gap = seen.start[b] - seen.end[a]
    lapse = np.minimum(gap / seen.step, DRIFT_STEPS)
    moved = np.abs(then - first) / height[:, np.newaxis]
    wider = np.abs((then[:, 2] - then[:, 0]) - (first[:, 2] - first[:, 0])) / height
    found = (gap > 0) & (gap <= GAP_SECONDS) & (wider <= STILL)
    found &= (moved[:, [0, 2]].max(axis=1) <= DRIFT * lapse) & (
        moved[:, [1, 3]].max(axis=1) <= 0.5 * DRIFT * lapse + STILL
    )
    at = np.flatnonzero(found)
    found[at] = similarity(seen, usual[a[at]], usual[b[at]]) >= RATHER_ALIKE
    return found


def _rise(seen: Observations, a: Ints, b: Ints) -> Floats:
    """How far the second is above or below the first, in heights of the first."""
    middle = seen.box[:, 1] + seen.box[:, 3]
    return np.asarray(np.abs(middle[b] - middle[a]) / 2 / (seen.box[a, 3] - seen.box[a, 1]))


def _usual(seen: Observations, tracks: Ints) -> Ints:
    """For each observation, one of its track that reads what the track reads most often."""
    order = np.lexsort((np.arange(len(tracks)), seen.code, tracks))
    opens = np.flatnonzero(
        (np.diff(tracks[order], prepend=-1) != 0) | (np.diff(seen.code[order], prepend=-1) != 0)
    )
    times = np.diff(opens, append=len(order))
    sure = -np.nan_to_num(seen.score[order[opens]])
    best = np.lexsort((order[opens], sure, -times, tracks[order[opens]]))
    chosen = order[opens[best]]
    heads = np.flatnonzero(np.diff(tracks[chosen], prepend=-1) != 0)
    usual = np.zeros(len(tracks), dtype=np.int64)
    usual[tracks[chosen[heads]]] = chosen[heads]
    return usual[tracks]


def _mean_box(seen: Observations, tracks: Ints) -> Floats:
    """For each observation the mean box of its track, whose edges jitter less."""
    n = len(tracks)
    told = np.isfinite(seen.box[:, 0])
    count = np.bincount(tracks[told], minlength=n)
    mean = np.column_stack([np.bincount(tracks[told], edge[told], n) for edge in seen.box.T])
    per_track = mean / np.where(count > 0, count, np.nan)[:, np.newaxis]
    return np.asarray(per_track[tracks])


def _missed(seen: Observations, tracks: Ints) -> tuple[Floats, Floats]:
    """Count, for each observation's track, the frames it was missed on, and all it lasts for."""
    n = len(tracks)
    on = np.flatnonzero(seen.frame >= 0)
    size = np.bincount(tracks[on], minlength=n)
    first, last = np.full(n, np.iinfo(np.int64).max), np.full(n, -1)
    np.minimum.at(first, tracks[on], seen.frame[on])
    np.maximum.at(last, tracks[on], seen.frame[on])
    frames = np.where(size > 0, last - first + 1, 0)
    return (frames - size)[tracks].astype(np.float64), frames[tracks].astype(np.float64)


def _pool(seen: Observations, tracks: Ints, usual: Ints, missed: Floats, frames: Floats) -> None:
    """Count together the tracks of one text in one place, if most of the time it is there.

    What is faint is missed so often that none of its tracks alone tells how often.
    """
    heads = np.unique(tracks[seen.frame >= 0])
    if not len(heads):
        return
    one = usual[heads]
    middle = np.nan_to_num(seen.box[one, 1] + seen.box[one, 3]) / 2
    height = np.nan_to_num(seen.box[one, 3] - seen.box[one, 1], nan=1.0)
    order = np.lexsort((middle, seen.code[one]))
    apart = np.diff(seen.code[one][order], prepend=-1) != 0
    apart |= np.diff(middle[order], prepend=-np.inf) > SAME_BAND * height[order]
    group = np.empty(len(heads), dtype=np.int64)
    group[order] = np.cumsum(apart) - 1
    number = np.full(len(tracks), -1, dtype=np.int64)
    number[heads] = group
    of = number[tracks]
    on = np.flatnonzero(of >= 0)
    size = np.bincount(of[on])
    first, last = np.full(len(size), np.iinfo(np.int64).max), np.zeros(len(size), dtype=np.int64)
    np.minimum.at(first, of[on], seen.frame[on])
    np.maximum.at(last, of[on], seen.frame[on])
    lasts = last - first + 1
    faint = (size >= FAINT_FRAMES) & (lasts - size <= FAINT * lasts)
    told = on[faint[of[on]]]
    missed[told], frames[told] = (lasts - size)[of[told]], lasts[of[told]]


def _patience(missed: Floats, frames: Floats, step: float) -> Floats:
    """Tell how long (s) what is missed so often may be missed on end."""
    share = (np.maximum(missed, 0.0) + 0.05 * PRIOR_FRAMES) / (frames + PRIOR_FRAMES)
    likely = np.log(UNLIKELY) / np.log(np.clip(share, 0.001, 0.999))
    return np.asarray(np.maximum(GAP_SECONDS, np.minimum(likely * step, LONGEST_GAP)))


NUMERALS = frozenset("0123456789一二三四五六七八九十百千万两零〇")
"""What tells a step, a score or a chapter from the next: one is not taken for another misread."""


def _same_words(seen: Observations, a: Ints, b: Ints, alike: Floats) -> Flags:
    """Tell where two whole readings differ by misreading alone: rarely, and in no numeral."""
    same = alike >= 0.85
    for k in np.flatnonzero(same & (alike < 1)):
        one, other = seen.key[a[k]], seen.key[b[k]]
        for step in Levenshtein.editops(one, other):
            tag, i, j = step.tag, step.src_pos, step.dest_pos
            # A numeral may be misread as something else, but not as another numeral.
            changed = [text[k] for text, k in ((one, i), (other, j)) if k < len(text)]
            kept = changed if tag == "replace" else changed[tag == "insert" :][:1]
            if NUMERALS.issuperset(kept):
                same[k] = False
                break
    return same


def _replaced(seen: Observations, a: Ints, b: Ints, size: Ints) -> Flags:
    """Tell where, between two sightings, something that lasted stood in their place."""
    found = np.zeros(len(a), dtype=bool)
    for k, (i, j) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        first = np.searchsorted(seen.start, seen.end[i], side="right")
        stop = np.searchsorted(seen.start, seen.start[j], side="left")
        if first >= stop:
            continue
        box, place = seen.box[first:stop], seen.box[i]
        if np.isnan(place[0]):
            continue
        height = np.minimum(box[:, 3], place[3]) - np.maximum(box[:, 1], place[1])
        width = np.minimum(box[:, 2], place[2]) - np.maximum(box[:, 0], place[0])
        lasts = size[first:stop] > _brief(size[i] + size[j])
        found[k] = bool((lasts & (height > 0.5 * (place[3] - place[1])) & (width > 0)).any())
    return found


def _brief(frames: npt.ArrayLike) -> Floats:
    """On how many frames something may be misread that stands for so many."""
    return np.asarray(np.maximum(MISREAD_FRAMES, MISREAD_SHARE * np.asarray(frames)))


def _parallel(seen: Observations, linked: Pairs) -> Pairs:
    """Join tracks of one text in one place at one time: some frames were read twice."""
    tracks = components(len(seen), *linked)
    usual, place = _usual(seen, tracks), _mean_box(seen, tracks)
    root = np.unique(tracks[seen.frame >= 0])
    last = np.zeros(len(seen), dtype=np.int64)
    np.maximum.at(last, tracks, np.arange(len(seen)))
    order = root[np.lexsort((root, place[root, 1], seen.code[usual[root]]))]
    a, b = order[:-1], order[1:]
    same = seen.code[usual[a]] == seen.code[usual[b]]
    same &= np.abs(place[a] - place[b]).max(axis=1) <= UNMOVED * (place[a, 3] - place[a, 1])
    same &= (seen.start[b] <= seen.end[last[a]]) & (seen.start[a] <= seen.end[last[b]])
    return a[same], b[same]


def _misread(seen: Observations, linked: Pairs) -> Pairs:
    """Give a line the frame or two, amid its own, on which something else was read in its place."""
    tracks = components(len(seen), *linked)
    size = np.bincount(tracks, minlength=len(tracks))
    one: list[int] = []
    other: list[int] = []
    size = size[tracks]
    last = np.zeros(len(tracks), dtype=np.int64)
    np.maximum.at(last, tracks, np.arange(len(tracks)))
    brief = (size <= _brief(size.max(initial=0))) & (tracks == np.arange(len(tracks)))
    brief &= (seen.frame >= 0) & np.isfinite(seen.box[:, 0])
    for k in np.flatnonzero(brief).tolist():
        begin, end = seen.start[k], seen.end[last[k]]
        first, at = np.searchsorted(seen.start, (begin - LONGEST_GAP, begin), side="left")
        until, stop = np.searchsorted(seen.start, (begin, end + LONGEST_GAP), side="right")
        least = max(2 * MISREAD_FRAMES, 2 * size[k] + 1)
        before, after = (
            i + np.flatnonzero((size[i:j] >= least) & _holds(seen.box[i:j], seen.box[k]))
            for i, j in ((first, at), (until, stop))
        )
        beside = _beside(seen, size, k)
        if beside is not None:
            one.append(beside)
            other.append(k)
            continue
        if not len(before) or not len(after) or tracks[before[-1]] != tracks[after[0]]:
            continue
        if size[k] <= _brief(size[before[-1]]):
            one.append(int(before[-1]))
            other.append(k)
    return np.array(one, dtype=np.int64), np.array(other, dtype=np.int64)


def _beside(seen: Observations, size: Ints, k: int) -> int | None:
    """Find a line on the same frame in whose place a brief reading lies: it is a piece of it."""
    first, stop = np.searchsorted(seen.start, seen.start[k] + np.array([-1e-9, 1e-9]))
    around = np.arange(first, stop)
    around = around[(size[around] > size[k]) & _holds(seen.box[around], seen.box[k])]
    return int(around[0]) if len(around) else None


def _holds(place: Floats, box: Floats) -> Flags:
    """Tell which places a box lies in."""
    height = place[:, 3] - place[:, 1]
    slack = STILL * height
    inside = (box[0] >= place[:, 0] - slack) & (box[2] <= place[:, 2] + slack)
    inside &= np.abs(box[1] + box[3] - place[:, 1] - place[:, 3]) <= 2 * SAME_BAND * height
    flatter = (box[3] - box[1]) / height
    return np.asarray(inside & (flatter >= 0.4) & (flatter <= 2.5))


def bounds(seen: Observations, first: npt.ArrayLike, last: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Tell when lines begin and end, from their first and last observations.

    What is sampled begins on average half way from the frame before, and ends half way to the
    next; over a stretch without frames it is half a usual step.
    """
    first, last = np.asarray(first), np.asarray(last)
    start, end = seen.start[first].copy(), seen.end[last].copy()
    if len(seen.moments) < 2:
        return start, end
    gap = np.diff(seen.moments)
    usual = np.where(gap <= 1.5 * seen.step, gap, seen.step)
    before = np.append(seen.step, usual) / 2
    after = np.append(usual, seen.step) / 2
    on = seen.sampled[first]
    start[on] -= before[seen.frame[first[on]]]
    on = seen.sampled[last]
    end[on] += after[seen.frame[last[on]]]
    return np.where(start < 0, np.minimum(0.0, seen.start[first]), start), end
