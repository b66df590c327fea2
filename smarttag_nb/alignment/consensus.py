"""Readings of one line → its text: split where two lines hide in them, then voted."""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from .observations import Flags, Floats, Ints, Observations
from .tracking import NUMERALS, begins_with

MEDOID_OF = 24
"""The text that is nearest to all is looked for among so many of the heaviest readings."""

UNSCORED = 0.5
"""The weight of a reading without a score."""

FULL = 0.85
"""A text that grows is there from this share of its length on: some characters are overlooked."""

TWO_LINES = 6.0
"""How much evidence (nats) splits a track in two.

Texts that follow each other back to back in one place and differ by a character or two are rare:
one pair in some hundreds of lines.
"""

PRIOR_ERRORS = 20.0, 4.0, 2500.0
"""Before anything is counted: characters misread, misread again on the next frame, and read."""

ERRORS = 0.008, 0.2
"""Recognisers misread at least and at most such a share of the characters ..."""

REPEATED = 0.12, 0.7
"""... and such a share of those again on the next frame, which shows the same picture."""

ANOTHER = 0.25
"""What differs from a line by more than this share of its characters is no misreading of it."""

NUMERAL_EVIDENCE = 2.5
"""What it adds (nats) that the character which changes is a numeral: steps, scores and years do."""

PAUSES = 0.4
"""Between two subtitles, so often there is a frame without one: more often than one is missed."""

MOST_VALUES = 8
"""At one place, so many different readings are told apart."""

BOX_EVIDENCE = 5.0
"""What moved edges add (nats) at most: a camera moves them too."""

Edits = dict[int, str]
"""How a reading differs from another: position → what stands there.

Odd positions 2 i + 1 are the characters of the other, even ones 2 i the places before them.
"""


def edits(pivot: str, reading: str) -> Edits:
    """Tell how a reading differs from a pivot.

    Examples
    --------
    >>> edits("abc", "axcd")
    {3: 'x', 6: 'd'}
    """
    found: Edits = {}
    for step in Levenshtein.editops(pivot, reading):
        place = 2 * step.src_pos
        if step.tag == "insert":
            found[place] = found.get(place, "") + reading[step.dest_pos]
        else:
            found[place + 1] = reading[step.dest_pos] if step.tag == "replace" else ""
    return found


def medoid(readings: Sequence[str], weights: Floats) -> int:
    """Choose the reading that is nearest to all."""
    if len(readings) < 3:
        return int(np.argmax(weights))
    order = np.argsort(-weights, kind="stable")[:MEDOID_OF]
    heavy = [readings[i] for i in order.tolist()]
    near = process.cdist(heavy, heavy, scorer=Levenshtein.distance, dtype=np.int32)
    return int(order[np.argmin(near @ weights[order])])


def vote(readings: Sequence[str], weights: Floats, counts: Ints) -> tuple[str, Floats]:
    """Vote a text out of readings, character by character.

    Parameters
    ----------
    readings : sequence of str
        k distinct readings, at least one.
    weights : ndarray of float, shape (k,)
        The weight of each: the sum of its frames' scores.
    counts : ndarray of int, shape (k,)
        On how many frames each was read.

    Returns
    -------
    text : str
        The text.
    share : ndarray of float, shape (length of the text,)
        Of each character the share (0–1) of the frames that agree.

    Examples
    --------
    >>> text, share = vote(["晨间", "晨问"], np.array([2.0, 1.0]), np.array([2, 1]))
    >>> text, share.round(2).tolist()
    ('晨间', [1.0, 0.67])
    """
    if len(readings) == 1:
        return readings[0], np.ones(len(readings[0]))
    chosen = medoid(readings, weights)
    pivot = readings[chosen]
    total, frames = float(weights.sum()), int(counts.sum())
    ballots: dict[int, dict[str, list[float]]] = {}
    for k, reading in enumerate(readings):
        if k == chosen:
            continue
        for place, stands in edits(pivot, reading).items():
            ballot = ballots.setdefault(place, {}).setdefault(stands, [0.0, 0.0])
            ballot[0] += weights[k]
            ballot[1] += counts[k]
    if not ballots:
        return pivot, np.ones(len(pivot))
    text: list[str] = []
    share: list[float] = []
    done = 0
    for place in sorted(ballots):
        at = place // 2
        text.append(pivot[done:at])
        share += [1.0] * (at - done)
        stands = pivot[at] if place % 2 else ""
        against = ballots[place]
        kept = [total - sum(b[0] for b in against.values())]
        kept.append(frames - sum(b[1] for b in against.values()))
        for other in sorted(against):
            if against[other][0] > kept[0]:
                stands, kept = other, against[other]
        text.append(stands)
        share += [kept[1] / frames] * len(stands)
        done = at + place % 2
    text.append(pivot[done:])
    share += [1.0] * (len(pivot) - done)
    voted = "".join(text)
    if not voted.strip():
        return pivot, np.full(len(pivot), counts[chosen] / frames)
    return voted, np.array(share)


@dataclass(frozen=True)
class Noise:
    """How a recogniser errs: what a misread character costs (nats), and one that stays misread."""

    first: float
    again: float


def noise(sequences: Sequence[Sequence[Edits]], lengths: Sequence[int]) -> Noise:
    """Estimate how often characters are misread, and how often the next frame is misread alike.

    Only what comes and goes, with the same before and after it, is an error for certain: what
    lasts to the end of its track, or gives way to a third reading, may be another line.
    """
    wrong, repeated, read = PRIOR_ERRORS
    for frames, length in zip(sequences, lengths, strict=True):
        read += length * len(frames)
        for k, frame in enumerate(frames[1:-1], start=1):
            before = frames[k - 1]
            for place, stands in frame.items():
                if before.get(place) == stands:
                    continue
                stop = k + 1
                while stop < len(frames) and frames[stop].get(place) == stands:
                    stop += 1
                if stop < len(frames) and frames[stop].get(place) == before.get(place):
                    wrong += stop - k
                    repeated += stop - k - 1
    error = float(np.clip(wrong / read, *ERRORS))
    again = float(np.clip(repeated / wrong, *REPEATED))
    return Noise(-float(np.log(error)), -float(np.log(again)))


def grown(readings: Sequence[str]) -> int:
    """Tell from which reading on a text that is revealed is there as a whole; 0 for others.

    Examples
    --------
    >>> grown(["Go", "Good mo", "Good morning", "Good mornin"])
    2
    """
    lengths = [len(reading) for reading in readings]
    whole = FULL * sorted(lengths)[-1 - len(lengths) // 8]
    first = next(k for k, length in enumerate(lengths) if length >= whole)
    grows = all(one <= other + 1 for one, other in itertools.pairwise(lengths[: first + 1]))
    begins = all(begins_with(readings[first], part) for part in readings[:first])
    return first if grows and begins else 0


def pivoted(readings: Sequence[str]) -> tuple[str, list[Edits]]:
    """Write each of a track's readings as its differences from their medoid."""
    counted = Counter(readings)
    distinct = sorted(counted)
    weights = np.array([counted[reading] for reading in distinct], dtype=np.float64)
    pivot = distinct[medoid(distinct, weights)]
    differ = {reading: edits(pivot, reading) for reading in distinct}
    return pivot, [differ[reading] for reading in readings]


def segments(
    frames: Sequence[Edits], pivot: str, box: Floats, paused: Flags, noise: Noise
) -> list[int]:
    """Cut a track where one line turns into another.

    From single frames up, neighbours with the least evidence that they are two lines are joined,
    until there is enough between all that are left.

    Parameters
    ----------
    frames : sequence of Edits
        A track's m readings in order, as differences from the pivot.
    pivot : str
        What they differ from.
    box : ndarray of float, shape (m, 4)
        Their boxes.
    paused : ndarray of bool, shape (m,)
        Whether the line was not there just before.
    noise : Noise
        How the recogniser errs.

    Returns
    -------
    list of int
        Where lines begin; the first is 0.

    Examples
    --------
    >>> turns = [{}] * 4 + [{3: "二"}] * 4
    >>> nowhere = np.full((8, 4), np.nan), np.zeros(8, dtype=bool)
    >>> segments(turns, "第一步", *nowhere, Noise(4.0, 3.0))
    [0, 4]
    """
    values, numeral, empty = _columns(frames, pivot)
    if not len(values):
        return [0]
    price = float(np.log(len(pivot) + 1))
    # What is often missed pauses for no other reason.
    missed = (paused[1:].sum() + 0.3) / (len(frames) + 6.0)
    pause = max(float(np.log(PAUSES / missed)), 0.0)

    # More than all that is unusual at its places, no two lines can gain; edges double it at most.
    costs = _costs(values, noise)
    gains = costs - price + NUMERAL_EVIDENCE * numeral.any(axis=1)
    most = 2 * np.maximum(gains, 0.0).sum() + pause * bool(paused[1:].any())
    if most <= TWO_LINES:
        return [0]
    # Frames that agree with the one before belong to one piece from the start, and so does what is
    # read otherwise on a single frame.
    lasting = values.copy()
    single = (values[:, 1:-1] != values[:, :-2]) & (values[:, :-2] == values[:, 2:])
    lasting[:, 1:-1][single] = values[:, :-2][single]
    begins = np.flatnonzero(np.append(True, (lasting[:, 1:] != lasting[:, :-1]).any(axis=0)))
    pieces = [
        _Piece.of(values[:, i:j], i, j, noise)
        for i, j in itertools.pairwise([*begins.tolist(), len(frames)])
    ]

    def evidence(one: _Piece, other: _Piece) -> float:
        left, right = one.usual, other.usual
        rows = np.flatnonzero(left != right)
        if not len(rows):
            return -TWO_LINES
        costs = one.joined(other).costs - one.costs - other.costs
        gains = costs[rows] - price
        a, b = left[rows], right[rows]
        gains += NUMERAL_EVIDENCE * (numeral[rows, a] & numeral[rows, b])
        # One that is missed is no other: ends of a line fade, and small marks are overlooked.
        gains -= noise.first * (empty[rows, a] | empty[rows, b])
        saved = float(np.maximum(gains, 0.0).sum())
        saved += pause * bool(paused[other.first])
        if TWO_LINES / 2 < saved <= TWO_LINES:
            moved = _moved(box[one.first : other.stop], other.first - one.first)
            saved += min(moved, saved)
        return saved - TWO_LINES

    between = [evidence(one, other) for one, other in itertools.pairwise(pieces)]
    while between:
        k = int(np.argmin(between))
        if between[k] > 0:
            break
        pieces[k : k + 2] = [pieces[k].joined(pieces[k + 1])]
        del between[k]
        if k > 0:
            between[k - 1] = evidence(pieces[k - 1], pieces[k])
        if k < len(between):
            between[k] = evidence(pieces[k], pieces[k + 1])
    return [piece.first for piece in _unless_back(pieces, len(pivot))]


def _unless_back(pieces: list[_Piece], length: int) -> list[_Piece]:
    """Take for misread what is followed by the same as before it, and lasts less long."""
    k = 1
    while k < len(pieces) - 1:
        before, between, after = pieces[k - 1 : k + 2]
        same = (before.usual == after.usual).all()
        alike = (before.usual != between.usual).sum() <= max(1, ANOTHER * length)
        if same and alike and len(between) < min(len(before), len(after)):
            pieces[k - 1 : k + 2] = [before.joined(between).joined(after)]
            k = max(1, k - 1)
        else:
            k += 1
    return pieces


def _costs(values: Ints, noise: Noise) -> Floats:
    """Tell what the readings cost at each place, were they all of one line."""
    opens = np.ones(values.shape, dtype=bool)
    opens[:, 1:] = values[:, 1:] != values[:, :-1]
    cost = np.where(opens, noise.first, noise.again)
    by_value = np.stack([np.where(values == v, cost, 0.0).sum(1) for v in range(values.max() + 1)])
    return np.asarray(by_value.sum(axis=0) - by_value.max(axis=0))


@dataclass(frozen=True, eq=False)
class _Piece:
    """Consecutive readings of a track: at each place, how often and in how many runs each value."""

    first: int
    stop: int
    count: Floats
    runs: Floats
    begins: Ints
    ends: Ints
    noise: Noise

    @classmethod
    def of(cls, values: Ints, first: int, stop: int, noise: Noise) -> _Piece:
        opens = np.ones(values.shape, dtype=bool)
        opens[:, 1:] = values[:, 1:] != values[:, :-1]
        count = np.zeros((len(values), MOST_VALUES))
        runs = np.zeros((len(values), MOST_VALUES))
        for value in np.unique(values).tolist():
            stands = values == value
            count[:, value] = stands.sum(axis=1)
            runs[:, value] = (stands & opens).sum(axis=1)
        return cls(first, stop, count, runs, values[:, 0], values[:, -1], noise)

    def __len__(self) -> int:
        return self.stop - self.first

    def joined(self, other: _Piece) -> _Piece:
        runs = self.runs + other.runs
        goes_on = np.flatnonzero(self.ends == other.begins)
        runs[goes_on, self.ends[goes_on]] -= 1
        count = self.count + other.count
        return _Piece(self.first, other.stop, count, runs, self.begins, other.ends, self.noise)

    @functools.cached_property
    def weights(self) -> Floats:
        """What each value at each place would cost, were it misread."""
        return self.runs * self.noise.first + (self.count - self.runs) * self.noise.again

    @functools.cached_property
    def costs(self) -> Floats:
        """What the readings cost at each place, were they all of one line."""
        return np.asarray(self.weights.sum(axis=1) - self.weights.max(axis=1))

    @functools.cached_property
    def usual(self) -> Ints:
        """What stands at each place most likely."""
        return np.asarray(self.weights.argmax(axis=1))


def _columns(frames: Sequence[Edits], pivot: str) -> tuple[Ints, Flags, Flags]:
    """Places at which readings differ more than once, and what stands there on each frame."""
    at: dict[tuple[int, str], list[int]] = {}
    for k, frame in enumerate(frames):
        for entry in frame.items():
            at.setdefault(entry, []).append(k)
    few = len(frames) <= 3
    # A misreading comes here and there; a line's own character nearly every time.
    places = sorted(
        {
            place
            for (place, stands), seen in at.items()
            if (few or any(j - i <= 2 for i, j in itertools.pairwise(seen)))
            and any(c.isalnum() for c in stands + _stands(pivot, place))
        }
    )
    others: dict[int, list[str]] = {place: [] for place in places}
    for place, stands in sorted(at, key=lambda entry: (-len(at[entry]), entry)):
        if place in others:
            others[place].append(stands)
    rows, numeral, empty = [], [], []
    for place in places:
        default = _stands(pivot, place)
        known = [default, *others[place]][: MOST_VALUES - 1]
        number = {value: k for k, value in enumerate(known)}
        rows.append([number.get(frame.get(place, default), MOST_VALUES - 1) for frame in frames])
        known += ["?"] * (MOST_VALUES - len(known))
        numeral.append([bool(NUMERALS & set(value)) for value in known])
        # A mark may be overlooked on all frames, a piece of a word is not.
        mark = max(len(value) for value in known) <= 1
        empty.append([mark and not value for value in known])
    shape = len(places), MOST_VALUES
    return (
        np.array(rows, dtype=np.int64).reshape(len(places), len(frames)),
        np.array(numeral, dtype=bool).reshape(shape),
        np.array(empty, dtype=bool).reshape(shape),
    )


def _stands(pivot: str, place: int) -> str:
    return pivot[place // 2] if place % 2 else ""


def _moved(box: Floats, at: int) -> float:
    """Evidence that the edges stand elsewhere from a reading on: half the squared t value."""
    m = len(box)
    if m < 4 or not np.isfinite(box).all():
        return 0.0
    before, after = box[:at, [0, 2]], box[at:, [0, 2]]
    within = ((before - before.mean(axis=0)) ** 2).sum(axis=0)
    within = within + ((after - after.mean(axis=0)) ** 2).sum(axis=0)
    apart = before.mean(axis=0) - after.mean(axis=0)
    value = apart**2 / ((within / (m - 2) + 0.25) * (1 / at + 1 / (m - at)))
    return float(np.clip(value.sum() / 2 - 2.0, 0.0, BOX_EVIDENCE))


def split(seen: Observations, tracks: list[Ints], whole: Flags) -> tuple[list[Ints], Flags]:
    """Split tracks in which one line turns into another that is nearly the same.

    Parameters
    ----------
    seen : Observations
        What was seen.
    tracks : list of ndarray of int
        The observations of each track, in order.
    whole : ndarray of bool
        Which of them stay as they are.

    Returns
    -------
    tracks : list of ndarray of int
        The tracks, in order of their first observations.
    whole : ndarray of bool
        Which of them were to stay.
    """
    kept = {int(t[0]) for t, stays in zip(tracks, whole.tolist(), strict=True) if stays}
    mixed = [
        t
        for t in tracks
        if int(t[0]) not in kept and len(t) > 1 and (seen.code[t] != seen.code[t[0]]).any()
    ]
    apart = {int(t[0]) for t in mixed}
    done = [t for t in tracks if int(t[0]) not in apart]
    texts = [[seen.text[i] for i in t.tolist()] for t in mixed]
    whole_from = [grown(readings) for readings in texts]
    written = [pivoted(readings[first:]) for readings, first in zip(texts, whole_from, strict=True)]
    cost = noise([frames for _, frames in written], [len(pivot) for pivot, _ in written])
    for members, first, (pivot, frames) in zip(mixed, whole_from, written, strict=True):
        full = members[first:]
        wait = np.append(np.nan, seen.start[full[1:]] - seen.end[full[:-1]])
        begins = segments(frames, pivot, seen.box[full], wait > 1.5 * seen.step, cost)
        done += np.split(members, [first + begin for begin in begins[1:]])
    done.sort(key=lambda t: int(t[0]))
    return done, np.array([int(t[0]) in kept for t in done], dtype=bool)
