"""Readings of one line → its text: split where two lines hide in them, then voted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from .observations import Flags, Floats, Ints, Observations
from .tracking import NUMERALS

MEDOID_OF = 24
"""The text that is nearest to all is looked for among so many of the heaviest readings."""

UNSCORED = 0.5
"""The weight of a reading without a score."""

FULL = 0.85
"""Of a text that grows, readings from this share of its full length on vote: the others lack an end."""

TWO_LINES = 6.0
"""How much evidence (nats) splits a track in two.

Texts that follow each other back to back in one place and differ by a character or two are rare:
one pair in some hundreds of lines.
"""

NUMERAL_EVIDENCE = 2.5
"""What it adds (nats) that the character which changes is a numeral: steps, scores and years do."""

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
    for tag, i, j in Levenshtein.editops(pivot, reading).as_list():
        if tag == "insert":
            found[2 * i] = found.get(2 * i, "") + reading[j]
        else:
            found[2 * i + 1] = reading[j] if tag == "replace" else ""
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

    Only errors that end within their track tell whether they persist: what lasts to its end may
    be another line.
    """
    wrong, repeated, read = 5.0, 0.5, 200.0
    for frames, length in zip(sequences, lengths, strict=True):
        read += length * len(frames)
        for k, frame in enumerate(frames):
            for place, stands in frame.items():
                inner = 0 < k < len(frames) - 1
                if not inner:
                    continue
                again = frames[k + 1].get(place) == stands
                if again and k + 2 == len(frames):
                    continue
                wrong += 1
                repeated += again
    error = min(max(wrong / read, 0.002), 0.2)
    return Noise(-float(np.log(error)), -float(np.log(min(max(repeated / wrong, error), 0.7))))


def pivoted(readings: Sequence[str]) -> tuple[str, list[Edits]]:
    """Write each of a track's readings as its differences from their medoid."""
    counted = Counter(readings)
    distinct = sorted(counted)
    weights = np.array([counted[reading] for reading in distinct], dtype=np.float64)
    pivot = distinct[medoid(distinct, weights)]
    differ = {reading: edits(pivot, reading) for reading in distinct}
    return pivot, [differ[reading] for reading in readings]


def change(frames: Sequence[Edits], pivot: str, box: Floats, noise: Noise) -> tuple[int, float]:
    """Find where a track most likely turns from one line into another.

    Parameters
    ----------
    frames : sequence of Edits
        A track's m readings in order, as differences from the pivot.
    pivot : str
        What they differ from.
    box : ndarray of float, shape (m, 4)
        Their boxes.
    noise : Noise
        How the recogniser errs.

    Returns
    -------
    at : int
        The first reading of the second line.
    evidence : float
        In nats, over what two lines in one track are expected to need; above 0 they are two.
    """
    m = len(frames)
    places = Counter(place for frame in frames for place in frame)
    evidence = np.zeros(m - 1)
    for place, times in sorted(places.items()):
        if times < 2 and m > 3:
            continue
        default = pivot[place // 2] if place % 2 else ""
        stands = [frame.get(place, default) for frame in frames]
        values = sorted(set(stands))
        if not any(c.isalnum() for value in values for c in value):
            continue
        number = {value: k for k, value in enumerate(values)}
        seen = np.zeros((len(values), m))
        seen[[number[s] for s in stands], np.arange(m)] = 1
        before = np.cumsum(seen, axis=1)[:, :-1]
        total = seen.sum(axis=1, keepdims=True)
        after = total - before
        explained = before.max(axis=0) + after.max(axis=0) - total.max()
        unexplained = m - total.max() - explained
        gain = noise.first + (explained - 1) * noise.again - np.log(len(pivot) + 1)
        left, right = before.argmax(axis=0), after.argmax(axis=0)
        numeral = np.array([bool(NUMERALS & set(value)) for value in values])
        gain += NUMERAL_EVIDENCE * (numeral[left] & numeral[right])
        # One that is missed is no other: ends of a line fade, and small marks are overlooked.
        empty = np.array([not value for value in values])
        gain -= noise.first * (empty[left] | empty[right])
        throughout = (explained >= 1) & (unexplained <= 0.2 * m)
        evidence += np.where(throughout, np.maximum(gain, -1.0), 0.0)
    if not evidence.any():
        return 1, -TWO_LINES
    evidence += np.where(evidence > 0, _moved(box), 0.0)
    at = int(np.argmax(evidence))
    return at + 1, float(evidence[at] - TWO_LINES)


def _moved(box: Floats) -> Floats:
    """Evidence that the edges stand elsewhere from each reading on: half the squared t value."""
    m = len(box)
    if m < 4 or not np.isfinite(box).all():
        return np.zeros(m - 1)
    edge = box[:, [0, 2]] - box[:, [0, 2]].mean(axis=0)
    count = np.arange(1, m)[:, None]
    before, after = np.cumsum(edge, axis=0)[:-1] / count, None
    after = -before * count / (m - count)
    squares = (edge**2).sum(axis=0)
    within = squares - count * before**2 - (m - count) * after**2
    spread = np.maximum(within, 0.0) / (m - 2) + 0.25
    value = (before - after) ** 2 / (spread * (1 / count + 1 / (m - count)))
    return np.minimum(np.maximum(value.sum(axis=1) / 2 - 2.0, 0.0), BOX_EVIDENCE)


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
    written = [pivoted([seen.text[i] for i in t.tolist()]) for t in mixed]
    cost = noise([frames for _, frames in written], [len(pivot) for pivot, _ in written])
    todo = list(zip(mixed, written, strict=True))
    while todo:
        members, (pivot, frames) = todo.pop()
        at, evidence = change(frames, pivot, seen.box[members], cost)
        if evidence <= 0:
            done.append(members)
            continue
        for part in (members[:at], members[at:]):
            if (seen.code[part] != seen.code[part[0]]).any():
                todo.append((part, pivoted([seen.text[i] for i in part.tolist()])))
            else:
                done.append(part)
    done.sort(key=lambda t: int(t[0]))
    return done, np.array([int(t[0]) in kept for t in done], dtype=bool)
