"""Text that moves through its place: which observations are a ticker's, and all that it said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from .observations import Flags, Floats, Ints, Observations, components
from .tracking import GAP_STEPS, HEADS, RANGE_GAP, next_in_band, similarity

SHIFT = 0.3
"""From one frame to the next, a ticker moves by at least this, times its height."""

SCROLLS = 3
"""So many moves to the left make a ticker; two can be chance."""

STEADY = 0.5
"""In a ticker, at least this share of what follows from frame to frame moves to the left."""

OVERLAP = 5
"""From one range to the next, a ticker keeps at least so many characters of what it shows."""

TRAVEL = 5.0
"""Text that only moves, with none coming after it, must get this far, times its height."""

PAUSE = 3.0
"""A ticker goes on after a gap (s) of this, or of four frames: it is missed as others are."""

IN_BAND = 0.35
"""A ticker keeps its height: its middle strays by less than this, times its height."""

EDGES = 4
"""How often over a ticker may be continued at its ends by what was too badly read to tell."""

MOVED_ON = 4
"""From one range to the next a ticker moves by this many characters: one is a misreading."""

CONTINUED = 0.6
"""What a range shares with the end of the one before is alike by this."""

EDGE_WEIGHT = 0.3
"""What the first and last character of a reading weigh: they may be cut in half."""

SEED = 8
"""So many characters found again tell where a text comes back."""


def gather(seen: Observations, tracks: list[Ints]) -> tuple[list[Ints], Flags]:
    """Put all of a ticker's observations into one track.

    Parameters
    ----------
    seen : Observations
        What was seen.
    tracks : list of ndarray of int
        The observations of each track, in order.

    Returns
    -------
    tracks : list of ndarray of int
        The tracks, tickers joined, by their first observations.
    is_ticker : ndarray of bool
        Which of them are tickers.
    """
    a, b = _moves(seen)
    links = [(a, b)] + [(members[:-1], members[1:]) for members in tracks if len(members) > 1]
    stream = components(len(seen), *(np.concatenate(side) for side in zip(*links, strict=True)))
    follows = np.bincount(
        stream[np.concatenate([seen_twice for seen_twice, _ in links[1:]] + [a[:0]])],
        minlength=len(seen),
    )
    moved = np.bincount(stream[a], minlength=len(seen))
    track_of = np.empty(len(seen), dtype=np.int64)
    for k, members in enumerate(tracks):
        track_of[members] = k
    middle, height = _middles(seen), seen.box[:, 3] - seen.box[:, 1]
    claimed = np.full(len(seen), -1, dtype=np.int64)
    for root in np.flatnonzero(moved >= SCROLLS).tolist():
        members = np.flatnonzero(stream == root)
        if moved[root] < STEADY * follows[root] or not _travels(seen, members):
            continue
        claimed[members] = root
    streams = np.unique(claimed[claimed >= 0])
    if not len(streams):
        return tracks, np.zeros(len(tracks), dtype=bool)
    tickers = _joined(seen, claimed, streams, middle, height)
    owner = np.full(len(seen), -1, dtype=np.int64)
    for number, members in enumerate(tickers):
        owner[_absorbed(seen, members, tracks, track_of, middle, height)] = number
    rest = [members[owner[members] < 0] for members in tracks]
    rest = [members for members in rest if len(members)]
    joined = [np.flatnonzero(owner == number) for number in range(len(tickers))]
    marked = [(members, False) for members in rest]
    marked += [(members, True) for members in joined if len(members)]
    marked.sort(key=lambda pair: int(pair[0][0]))
    return [members for members, _ in marked], np.array([flag for _, flag in marked], dtype=bool)


def _middles(seen: Observations) -> Floats:
    return (seen.box[:, 1] + seen.box[:, 3]) / 2


def _moves(seen: Observations) -> tuple[Ints, Ints]:
    """Pairs of observations on neighbouring frames whose text moved to the left."""
    a, b = (
        np.concatenate(pair) for pair in zip(next_in_band(seen), _next_range(seen), strict=True)
    )
    boxed = np.isfinite(seen.box[a, 0]) & np.isfinite(seen.box[b, 0])
    a, b = a[boxed], b[boxed]
    first, then = seen.box[a], seen.box[b]
    height = np.minimum(first[:, 3] - first[:, 1], then[:, 3] - then[:, 1])
    left, right = (then[:, 0] - first[:, 0]) / height, (then[:, 2] - first[:, 2]) / height
    rise = np.abs(_middles(seen)[b] - _middles(seen)[a]) / height
    # The ends of what is cut off by an edge jump by a character.
    level = (rise <= IN_BAND) & (left < 1.3) & (right < 1.3)
    whole = level & (left < -SHIFT) & (right < -SHIFT)
    changed = level & (seen.code[a] != seen.code[b])
    at = np.flatnonzero(whole | changed)
    alike = np.zeros(len(a))
    alike[at] = similarity(seen, a[at], b[at])
    moves = whole & (alike >= 0.75)
    # A few characters misread in one place are no move.
    for k in np.flatnonzero(changed & ~moves & (alike > 0.1)).tolist():
        before, after = seen.text[a[k]], seen.text[b[k]]
        if min(len(before), len(after)) >= 3:
            moves[k] = scrolled(before, after, enters=left[k] < -SHIFT, leaves=right[k] < -SHIFT)
            moves[k] |= not seen.sampled[a[k]] and _continues(before, after)
    return a[moves], b[moves]


def _next_range(seen: Observations) -> tuple[Ints, Ints]:
    """Pairs of ranges of which the second begins where the first ends, in one band."""
    ranged = np.flatnonzero(~seen.sampled & np.isfinite(seen.start) & np.isfinite(seen.box[:, 0]))
    first = np.searchsorted(seen.start[ranged], seen.end[ranged] - RANGE_GAP)
    stop = np.searchsorted(seen.start[ranged], seen.end[ranged] + RANGE_GAP)
    count = np.minimum(stop - first, HEADS)
    a = np.repeat(ranged, count)
    within = np.arange(len(a)) - np.repeat(np.cumsum(count) - count, count)
    b = ranged[np.repeat(first, count) + within]
    follows = seen.start[b] > seen.start[a]
    return a[follows], b[follows]


def scrolled(before: str, after: str, *, enters: bool, leaves: bool, least: float = STEADY) -> bool:
    """Tell whether a text lost characters at its beginning and won others at its end.

    Parameters
    ----------
    before, after : str
        Two readings, one frame apart.
    enters : bool
        Whether the left edge moved to the left: then it may have lost none.
    leaves : bool
        Whether the right edge moved to the left: then it may have won none.

    Examples
    --------
    >>> scrolled("ticker runs", "ker runs on", enters=False, leaves=False)
    True
    >>> scrolled("ticker runs", "tickcr runs", enters=False, leaves=False)
    False
    """
    blocks = [b for b in Levenshtein.opcodes(before, after).as_matching_blocks() if b.size]
    kept = sum(block.size for block in blocks)
    if kept < max(2, STEADY * min(len(before), len(after))):
        return False
    # By how many characters most of what both have moved to the left.
    moved = sorted((block.a - block.b, block.size) for block in blocks)
    reached, by = 0, 0
    for shift, size in moved:
        reached += size
        if reached > kept / 2:
            by = shift
            break
    won = len(after) - (len(before) - by)
    if by == 0:
        return enters and won > 0
    return by > 0 and (won > 0 or leaves)


def _continues(before: str, after: str) -> bool:
    """Tell whether a text begins with what is the end of the one before, badly read or not."""
    for k in range(0, 2 * SEED, SEED // 4):
        at = before.rfind(after[k : k + SEED // 2]) - k
        shared = len(before) - at
        if at >= MOVED_ON and OVERLAP <= shared <= len(after):
            alike = Levenshtein.normalized_similarity(before[at:], after[:shared])
            if alike >= CONTINUED:
                return True
    return False


def _travels(seen: Observations, members: Ints) -> bool:
    """Whether new text came in, or the text got far."""
    box = seen.box[members]
    height = float(np.median(box[:, 3] - box[:, 1]))
    far = np.ptp(box[:, [0, 2]], axis=0).max() >= TRAVEL * height
    # In a place of its own that is full, nothing moves but what is read.
    return bool(far or (np.diff(seen.code[members]) != 0).mean() >= STEADY)


def _joined(
    seen: Observations, claimed: Ints, streams: Ints, middle: Floats, height: Floats
) -> list[Ints]:
    """Streams one above another's place and time, such as its single items, as one."""
    parts = [np.flatnonzero(claimed == root) for root in streams.tolist()]
    parts.sort(key=lambda members: float(seen.start[members[0]]))
    reach = max(PAUSE, 4 * np.nan_to_num(seen.step))
    made: list[list[Ints]] = []
    until: list[float] = []
    for members in parts:
        y, h = float(np.median(middle[members])), float(np.median(height[members]))
        end = float(seen.end[members].max())
        for k, group in enumerate(made):
            same = abs(float(np.median(middle[group[0]])) - y) <= IN_BAND * h
            if same and seen.start[members[0]] - until[k] <= reach:
                group.append(members)
                until[k] = max(until[k], end)
                break
        else:
            made.append([members])
            until.append(end)
    return [np.sort(np.concatenate(group)) for group in made]


def _absorbed(
    seen: Observations,
    members: Ints,
    tracks: list[Ints],
    track_of: Ints,
    middle: Floats,
    height: Floats,
) -> Ints:
    """Add what stands between a ticker's observations and about them, badly read."""
    box = seen.box[members]
    low, high = float(box[:, 0].min()), float(box[:, 2].max())
    y, h = float(np.median(middle[members])), float(np.median(height[members]))
    lasts = float((seen.end[members] - seen.start[members]).max())
    reach = max(GAP_STEPS * float(np.nan_to_num(seen.step)), RANGE_GAP + lasts)
    first, last = int(members[0]), int(members[np.argmax(seen.start[members])])
    begin, end = seen.start[first], seen.start[last]
    around = reach * EDGES
    near = np.arange(
        np.searchsorted(seen.start, begin - around, side="left"),
        np.searchsorted(seen.start, end + around, side="right"),
    )
    inside = np.minimum(seen.box[near, 2], high) - np.maximum(seen.box[near, 0], low)
    inside = inside >= 0.5 * (seen.box[near, 2] - seen.box[near, 0])
    fits = inside & (np.abs(middle[near] - y) <= IN_BAND * h) & (height[near] <= 1.5 * h)
    taken = set(members.tolist())
    free: list[int] = []
    for i in near[fits].tolist():
        own = tracks[int(track_of[i])]
        # What stands still beside or in the place of a ticker is something else.
        still = len(own) >= 3 and np.ptp(seen.box[own, 0]) < h and np.ptp(seen.box[own, 2]) < h
        still &= len(np.unique(seen.code[own])) < 0.6 * len(own)
        if i not in taken and not still:
            free.append(i)
    taken |= {i for i in free if begin <= seen.start[i] <= end}
    # It enters in pieces at the right, leaves in pieces at the left, and shares text with both.
    for i in reversed([i for i in free if seen.start[i] < begin]):
        joins = seen.box[i, 2] >= high - 2 * h or _shares(seen.key[i], seen.key[first])
        if joins and seen.start[first] - seen.start[i] <= reach:
            taken.add(i)
            first = i
    for i in [i for i in free if seen.start[i] > end]:
        joins = seen.box[i, 0] <= low + 2 * h or _shares(seen.key[i], seen.key[last])
        if joins and seen.start[i] - seen.start[last] <= reach:
            taken.add(i)
            last = i
    return np.array(sorted(taken), dtype=np.int64)


def _shares(one: str, other: str) -> bool:
    return bool(fuzz.partial_ratio(one, other) >= 70)


def stitch(readings: Sequence[str], weights: Sequence[float]) -> tuple[str, Floats]:
    """Put together what moved by from what was read of it, frame by frame.

    Parameters
    ----------
    readings : sequence of str
        What stood there on each frame, in order.
    weights : sequence of float
        What each weighs.

    Returns
    -------
    text : str
        All of it once: text that comes round again is left out.
    share : ndarray of float
        Of each character the share (0–1) of the readings that agree.

    Examples
    --------
    >>> stitch(["good morn", "od mornin", "morning all"], [1.0, 1.0, 1.0])[0]
    'good morning all'
    """
    said: list[str] = list(readings[0])
    # Votes for what was read first, as differences from place to place; those against it.
    agree: list[float] = [0.0] * (len(said) + 1)
    ballots: dict[int, dict[str, float]] = {}
    _count(agree, 0, len(said), weights[0])
    begin = 0
    for reading, weight in zip(readings[1:], weights[1:], strict=True):
        window = "".join(said[begin:])
        steps = _steps(window, reading, 0)
        kept = sum(j - i for tag, i, j, _, _ in steps if tag == "equal")
        if kept < max(1, 0.3 * min(len(window), len(reading))):
            at = _found_again(window, reading)
            if at is None:
                begin = len(said) + 1
                said += [" ", *reading]
                agree += [0.0] * (len(reading) + 1)
                _count(agree, begin, len(said), weight)
                continue
            steps = _steps(window, reading, at)
        origin, last = begin, len(window)
        for number, (tag, i, j, k, m) in enumerate(steps):
            place = origin + i
            if tag == "equal":
                _count(agree, place, origin + j, weight)
            elif number == 0 and tag != "insert":
                begin = origin + j - (m - k)
                begin = max(begin, origin)
            elif j == last and (m - k) > (j - i):
                for offset in range(j - i):
                    _against(
                        ballots, 2 * (place + offset) + 1, reading[k + offset], EDGE_WEIGHT * weight
                    )
                added = reading[k + j - i : m]
                start = len(said)
                said += added
                agree += [0.0] * len(added)
                _count(agree, start, len(said), weight)
                _count(agree, len(said) - 1, len(said), (EDGE_WEIGHT - 1) * weight)
            elif tag == "replace":
                for offset in range(max(j - i, m - k)):
                    if offset < j - i:
                        other = reading[k + offset] if offset < m - k else ""
                        _against(ballots, 2 * (place + offset) + 1, other, weight)
            elif tag == "delete" and j < last:
                for offset in range(j - i):
                    _against(ballots, 2 * (place + offset) + 1, "", weight)
            elif tag == "insert" and 0 < i < last:
                _against(ballots, 2 * place, reading[k:m], weight)
    return _counted(said, agree, ballots)


def _steps(window: str, reading: str, at: int) -> list[tuple[str, int, int, int, int]]:
    """Tell how a reading differs from what the window shows from a place on."""
    return [
        (step.tag, step.src_start + at, step.src_end + at, step.dest_start, step.dest_end)
        for step in Levenshtein.opcodes(window[at:], reading)
    ]


def _count(agree: list[float], start: int, stop: int, weight: float) -> None:
    agree[start] += weight
    agree[stop] -= weight


def _against(ballots: dict[int, dict[str, float]], place: int, other: str, weight: float) -> None:
    ballot = ballots.setdefault(place, {})
    ballot[other] = ballot.get(other, 0.0) + weight


def _found_again(window: str, reading: str) -> int | None:
    for k in range(0, min(len(reading), 4 * SEED), SEED // 2):
        at = window.rfind(reading[k : k + SEED // 2])
        if len(reading) >= k + SEED // 2 and at >= k:
            return at - k
    return None


def _counted(
    said: list[str], agree: list[float], ballots: dict[int, dict[str, float]]
) -> tuple[str, Floats]:
    votes = np.cumsum(agree[:-1])
    text: list[str] = []
    share: list[float] = []
    for i, char in enumerate(said):
        own = float(votes[i])
        missed = ballots.get(2 * i)
        if missed:
            extra = max(sorted(missed), key=lambda c: missed[c])
            if missed[extra] > own / 2 and i:
                text.append(extra)
                share += [missed[extra] / (missed[extra] + own)] * len(extra)
        against = ballots.get(2 * i + 1, {})
        total = own + sum(against.values())
        for other in sorted(against):
            if against[other] > own:
                char, own = other, against[other]
        text.append(char)
        share += [own / total if total > 0 else 1.0] * len(char)
    whole = "".join(text)
    until = _period(whole)
    return whole[:until].strip() or whole, np.array(share[:until])


def _period(text: str) -> int:
    """After how many characters a text begins again; its length where it does not."""
    for k in range(0, min(len(text) - SEED, 6 * SEED), SEED // 2):
        again = text.find(text[k : k + SEED], k + 2 * SEED)
        if again < 0:
            continue
        period = again - k
        length = min(len(text) - period, period, 200)
        if Levenshtein.normalized_similarity(text[:length], text[period : period + length]) >= 0.8:
            return period
    return len(text)
