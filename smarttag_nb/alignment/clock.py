"""The clock: which time of the picture a time of the speech is.

A line through the anchors, by a vote over drifts and offsets, cut where the picture was cut. Where
no text ties the two together, whether speech and subtitles come and go together; and where that
tells nothing either, no clock: a guess would be worse.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import intervals
from ..tables import TEXT
from .anchors import Anchors
from .passages import Passages
from .result import Clock
from .text import Floats, Ints

RATIOS = (1.0, 24 / 23.976, 23.976 / 24, 25 / 24, 24 / 25, 25 / 23.976, 23.976 / 25)
"""By what a picture is faster or slower than its speech where frame rates were converted, the
plainest first."""

DRIFT = 0.002
"""How far recorders' clocks run apart at most, as a share of the time."""

WINDOW = 1.5
"""Half the width (s) of the offsets that vote together."""

CUT = 5.0
"""What a cut costs, in anchors: fewer than that by chance lie on a line of their own."""

SURE = 2.0
"""For how many anchors a long text counts, at most."""

MOST_CUTS = 12
"""How many offsets are tried as pieces."""

SHORTEST = 60.0
"""Shorter videos (s) are taken for one so long: offsets could be any of its length."""

CHANCE = 1e-4
"""How likely a clock may be by chance."""

NEAR = 3.0
"""Offsets (s) below this need little proof: an answer's speech and text come from one file."""

CERTAIN = 5.0
"""Weight of a text that alone is proof enough for a clock that is nearly right as it is."""


FEW, MAJORITY = 3, 0.6
"""So many long texts, and this share of all, are proof at any offset: chance pairs scatter."""


def from_anchors(anchors: Anchors) -> Clock:
    """Fit a clock to anchors.

    Parameters
    ----------
    anchors : Anchors
        Texts found once on either side.

    Returns
    -------
    Clock
        With method ``"anchors"``, or ``"none"`` and the reason.
    """
    if not len(anchors):
        return none("no text of the speech is found on screen")
    drift, offsets = max(
        (_vote(anchors, drift) for drift in _drifts(anchors)), key=lambda voted: voted[0]
    )[1:]
    piece = _path(anchors, drift, offsets)
    if (reason := _doubt(anchors, piece)) is not None:
        return none(reason, anchors)
    return _fit(anchors, drift, piece)


def none(reason: str, anchors: Anchors | None = None) -> Clock:
    """Make the clock that tells no time, and why.

    Parameters
    ----------
    reason : str
        Why there is none.
    anchors : Anchors, optional
        What was found and is not enough.

    Returns
    -------
    Clock
        With method ``"none"``.
    """
    pieces = pd.DataFrame({"start_time": [], "offset": [], "drift": []}, dtype=float)
    table = _table(anchors, np.zeros(len(anchors), bool)) if anchors is not None else _no_anchors()
    return Clock(pieces, table, 0, float("nan"), "none", reason)


def _no_anchors() -> pd.DataFrame:
    times, places = np.empty(0), np.empty(0, np.int64)
    return _table(Anchors(times, times, times, places, times, []), np.zeros(0, bool))


def _table(anchors: Anchors, inlier: npt.NDArray[np.bool_]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "speech_time": anchors.said,
            "line_time": anchors.shown,
            "text": pd.array(anchors.texts, dtype=TEXT),
            "inlier": inlier,
        }
    )


def _drifts(anchors: Anchors) -> Floats:
    """Drifts to try, the plainest first: so close that none between them is missed."""
    span = max(float(np.ptp(anchors.said)), SHORTEST)
    steps = int(np.ceil(DRIFT * span / WINDOW))
    around = np.linspace(-DRIFT, DRIFT, 2 * steps + 1)
    around = around[np.argsort(np.abs(around), kind="stable")]
    return np.concatenate([ratio * (1 + around) - 1 for ratio in RATIOS])


def _vote(anchors: Anchors, drift: float) -> tuple[float, float, Floats]:
    """Let anchors vote for offsets at a drift: what they say, and the offsets that were found."""
    offsets = anchors.shown - anchors.said * (1 + drift)
    order = np.argsort(offsets, kind="stable")
    left, votes = offsets[order], _votes(anchors)[order]
    found: list[float] = []
    score = 0.0
    while len(left) and len(found) < MOST_CUTS:
        stop = np.searchsorted(left, left + 2 * WINDOW, side="right")
        sums = np.concatenate(([0.0], np.cumsum(votes)))
        counts = sums[stop] - sums[:-1]
        best = int(np.argmax(counts))
        if found and counts[best] < CUT:
            break
        score += float(counts[best]) - (CUT if found else 0.0)
        found.append(float(np.median(left[best : stop[best]])))
        left = np.concatenate((left[:best], left[stop[best] :]))
        votes = np.concatenate((votes[:best], votes[stop[best] :]))
    return score, drift, np.array(found)


def _votes(anchors: Anchors) -> Floats:
    """Weigh anchors: a long text is not the same by chance."""
    return np.clip(anchors.weight / CERTAIN, 1.0, SURE)


def _path(anchors: Anchors, drift: float, offsets: Floats) -> Ints:
    """Give each anchor the piece it lies on, or −1, with as few cuts as explain them (Viterbi)."""
    away = anchors.shown[:, None] - anchors.said[:, None] * (1 + drift) - offsets
    # An outlier costs its vote; an inlier less, the nearer it is: ties go to the nearer.
    near = np.minimum((away / (WINDOW + anchors.slack[:, None])) ** 2, 1.0)
    costs = near * _votes(anchors)[:, None]
    total = costs[0].copy()
    came = np.empty(costs.shape, dtype=np.int64)
    states = np.arange(len(offsets))
    for n in range(1, len(costs)):
        cheapest = int(np.argmin(total))
        switched = total[cheapest] + CUT < total
        came[n] = np.where(switched, cheapest, states)
        total = np.where(switched, total[cheapest] + CUT, total) + costs[n]
    state = int(np.argmin(total))
    piece = np.empty(len(costs), dtype=np.int64)
    for n in range(len(costs) - 1, -1, -1):
        piece[n] = state if near[n, state] < 1.0 else -1
        if n:
            state = int(came[n, state])
    return piece


def _doubt(anchors: Anchors, piece: Ints) -> str | None:
    """Tell why anchors do not make a clock, if they may lie on it by chance."""
    inside = piece >= 0
    count, total = int(inside.sum()), len(anchors)
    offset = anchors.shown - anchors.said
    near = inside & (np.abs(offset) <= NEAR)
    if near.sum() * 2 >= total and anchors.weight[near].sum() >= CERTAIN:
        return None
    if count >= FEW and count >= MAJORITY * total and anchors.weight[inside].sum() >= FEW * CERTAIN:
        return None
    # All other anchors fall anywhere: how likely do so many fall into a window of some tried?
    extent = max(float(np.ptp(offset)), SHORTEST)
    share = min(1.0, 2 * (WINDOW + float(np.median(anchors.slack))) / extent)
    trials = extent / WINDOW * len(RATIOS)
    pieces = len(np.unique(piece[inside]))
    expected = total * share * max(1, pieces)
    log_chance = np.log(trials) + count * (1 + np.log(expected / max(count, 1))) - expected
    if count < FEW or count <= expected or log_chance > np.log(CHANCE):
        return (
            f"{count} of {total} texts found on both sides agree on a time, which chance would do "
            "as well"
        )
    return None


SPREAD = 0.97
"""The share of the anchors on the clock that its spread tells of."""

SNAP = 2.0
"""How many standard errors a drift must be away from a plain ratio to be believed."""


def _fit(anchors: Anchors, drift: float, piece: Ints) -> Clock:
    """Fit offsets of the pieces and one drift to the anchors that lie on them."""
    inside = piece >= 0
    said, shown, slack = anchors.said[inside], anchors.shown[inside], anchors.slack[inside]
    number = np.cumsum(np.diff(piece[inside], prepend=piece[inside][:1]) != 0)
    cuts = np.flatnonzero(np.diff(number)) + 1
    # Halfway between the last anchor before a cut and the first after it.
    start = np.concatenate(([0.0], (said[cuts - 1] + said[cuts]) / 2))
    return _made(_pieces(said, shown, slack, number, start, drift), anchors)


def _pieces(
    said: Floats, shown: Floats, slack: Floats, number: Ints, start: Floats, drift: float
) -> pd.DataFrame:
    """Fit one drift, and an offset for each piece, robustly."""
    slope, error = _slope(said, shown, slack, number, drift)
    # The plainest ratio that the anchors do not refute; a vote would take any nearby.
    plain = next((r - 1 for r in RATIOS if abs(slope - (r - 1)) <= SNAP * error), None)
    if plain is not None:
        slope = plain
    else:
        nearest = min(RATIOS, key=lambda ratio: abs(ratio - 1 - slope)) - 1
        slope = float(np.clip(slope, nearest - DRIFT, nearest + DRIFT))
    away = shown - said * (1 + slope)
    offset = [
        _middle(away[number == n], slack[number == n]) + slope * first
        for n, first in enumerate(start.tolist())
    ]
    return pd.DataFrame({"start_time": start, "offset": offset, "drift": slope})


def _made(pieces: pd.DataFrame, anchors: Anchors) -> Clock:
    """Make the clock of some pieces, and see which anchors lie on it."""
    away = np.abs(anchors.shown - Clock(pieces, _no_anchors(), 0, 0.0, "anchors")(anchors.said))
    inlier = away <= WINDOW + anchors.slack
    spread = float(np.quantile(away[inlier], SPREAD)) if inlier.any() else float("nan")
    return Clock(pieces, _table(anchors, inlier), int(inlier.sum()), spread, "anchors")


LEAST_BEGINNINGS = 5
"""So many beginnings in each piece make a better clock than its anchors do."""


def by_beginnings(clock: Clock, anchors: Anchors, said: Floats, shown: Floats) -> Clock:
    """Set a clock right by when sentences and the lines with the same words begin.

    Subtitles come on time and stay on for a while: where a text stands in a line is told too late
    by as much as anchors are late in the middle, and is set right too.

    Parameters
    ----------
    clock : Clock
        Fitted to anchors.
    anchors : Anchors
        What it was fitted to.
    said, shown : array of float64
        Beginnings (s) of sentences and of their lines.

    Returns
    -------
    Clock
        The better one; the same where there are too few beginnings.
    """
    late = shown - clock(said)
    near = np.abs(late - np.median(late)) <= WINDOW if len(late) else late > 0
    said, shown = said[near], shown[near]
    start, drift = clock.pieces["start_time"].to_numpy(), float(clock.pieces["drift"].iloc[0])
    number = np.maximum(np.searchsorted(start, said, side="right") - 1, 0)
    if np.bincount(number, minlength=len(start)).min() < LEAST_BEGINNINGS:
        return clock
    pieces = _pieces(said, shown, np.ones(len(said)), number, start, drift)
    late = anchors.shown - _made(pieces, anchors)(anchors.said)
    late = late[np.abs(late) <= WINDOW + anchors.slack]
    if len(late):
        anchors = replace(anchors, shown=anchors.shown - float(np.median(late)))
    return _made(pieces, anchors)


def _middle(values: Floats, slack: Floats) -> float:
    """Weighted median: what is surer counts more."""
    order = np.argsort(values, kind="stable")
    sums = np.cumsum(1 / slack[order])
    return float(values[order][np.searchsorted(sums, sums[-1] / 2)])


ROUNDS, NORMAL, HUBER, PRECISION = 10, 1.4826, 1.5, 0.02
"""Of the robust fit: rounds, after which nothing moves; the standard deviation of a normal in its
median deviations; Huber's usual bound, in standard deviations; and the least of these (s), for
times that are given to hundredths."""


def _slope(
    said: Floats, shown: Floats, slack: Floats, runs: Ints, drift: float
) -> tuple[float, float]:
    """Slope of the anchors in all pieces together, by iteratively reweighted least squares."""
    away = shown - said * (1 + drift)
    weight = 1 / slack**2
    correction, error = 0.0, np.inf
    for _ in range(ROUNDS):
        sums = np.bincount(runs, weight)
        x = said - (np.bincount(runs, weight * said) / sums)[runs]
        y = away - (np.bincount(runs, weight * away) / sums)[runs]
        power = float((weight * x * x).sum())
        if power <= 0 or len(said) < 3:
            return drift, np.inf
        correction = float((weight * x * y).sum() / power)
        rest = np.abs(y - correction * x)
        scale = max(NORMAL * float(np.median(rest)), PRECISION)
        error = scale * float(np.sqrt((weight**2 * x * x).sum())) / power
        weight = np.minimum(1.0, HUBER * scale / np.maximum(rest, 1e-9)) / slack**2
    return drift + correction, error


STEP = 0.1
"""Seconds of a step of the activity that is compared."""

LEAST_TEXTS = 5
"""Fewer sentences or subtitles than this come and go together by chance."""

PAUSE, LEAST_PAUSES = 0.5, 12
"""Without so many pauses of this length (s) on both sides, nothing comes and goes."""

CLEAR, ASIDE = 0.75, 4.0
"""Another offset, farther off than this (s), may correlate no better than by this share: what
repeats itself in equal steps fits in many places."""

PLAIN = 0.1
"""By how much another frame rate must correlate better to be believed."""

LEAST_CORRELATION, LEAST_Z = 0.25, 5.0
"""How much activities must correlate, and how far that must stand out of all other offsets:
what two videos that have nothing in common do not reach."""


def from_activity(sentences: Passages, subtitles: Passages, anchors: Anchors, why: str) -> Clock:
    """Find a clock by whether speech and subtitles come and go together.

    Parameters
    ----------
    sentences, subtitles : Passages
        What was said, and the subtitles.
    anchors : Anchors
        What was found of anchors and was not enough, for the record.
    why : str
        Why it was not.

    Returns
    -------
    Clock
        With method ``"activity"``, or ``"none"`` and the reason.
    """
    if min(len(sentences), len(subtitles)) < LEAST_TEXTS:
        return none(f"{why}; nor are there sentences and subtitles enough to compare", anchors)
    if min(_pauses(sentences), _pauses(subtitles)) < LEAST_PAUSES:
        return none(f"{why}; nor are there pauses enough to compare", anchors)
    tried = [_correlate(sentences, subtitles, ratio) for ratio in RATIOS]
    # Frame rates are what they are unless another ratio tells more, as it does in long videos.
    best = max(tried, key=lambda found: found[0] - PLAIN * (found[3] != 1.0))
    correlation, z, offset, ratio = best
    if correlation < LEAST_CORRELATION or z < LEAST_Z:
        return none(
            f"{why}; nor do speech and subtitles come and go together at one offset alone "
            f"(correlation {correlation:.2f}, z {z:.1f})",
            anchors,
        )
    pieces = pd.DataFrame({"start_time": [0.0], "offset": [offset], "drift": [ratio - 1]})
    table = _table(anchors, np.zeros(len(anchors), bool))
    return Clock(pieces, table, 0, float("nan"), "activity")


def _correlate(
    sentences: Passages, subtitles: Passages, ratio: float
) -> tuple[float, float, float, float]:
    """Best correlation of the activities over all offsets, its z, the offset and the ratio."""
    spoken = _activity(sentences.start * ratio, sentences.end * ratio)
    written = _activity(subtitles.start, subtitles.end)
    size = 1 << int(len(spoken) + len(written)).bit_length()
    spread = float(np.sqrt((spoken**2).sum() * (written**2).sum()))
    if spread <= 0:
        return 0.0, 0.0, 0.0, ratio
    product = np.fft.rfft(written, size) * np.conj(np.fft.rfft(spoken, size))
    around = np.fft.irfft(product, size) / spread
    lags = np.concatenate((around[-len(spoken) + 1 :], around[: len(written)]))
    peak = int(np.argmax(lags))
    aside = np.abs(np.arange(len(lags)) - peak) > ASIDE / STEP
    if not aside.any() or lags[aside].max() > CLEAR * lags[peak]:
        return 0.0, 0.0, 0.0, ratio
    z = (lags[peak] - lags.mean()) / lags.std()
    return float(lags[peak]), float(z), (peak - len(spoken) + 1) * STEP, ratio


def _pauses(of: Passages) -> int:
    """Count the pauses between texts."""
    start, end = intervals.merge(of.start, of.end)
    return int((start[1:] - end[:-1] >= PAUSE).sum())


def _activity(start: Floats, end: Floats) -> Floats:
    """Whether anything is said or shown, in steps, less its mean."""
    length = int(np.ceil(end.max() / STEP)) + 1
    change = np.zeros(length + 1)
    np.add.at(change, np.clip((start / STEP).round().astype(int), 0, length), 1)
    np.add.at(change, np.clip((end / STEP).round().astype(int), 0, length), -1)
    active = (np.cumsum(change[:-1]) > 0).astype(float)
    return np.asarray(active - active.mean())
