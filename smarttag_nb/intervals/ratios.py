"""What appearance ratios and the ranges they are made of tell about each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .ranges import Times

TIME_ROUNDING = 0.04
"""Seconds by which a union of ranges may be off: services snap ranges to frames."""


def ratio_rounding(ratio: Times) -> float:
    """Tell by how much rounding may have moved ratios, from the decimals they are written with.

    Parameters
    ----------
    ratio : array_like of float, shape (n,)
        Ratios of one result, as received: they are rounded alike.

    Returns
    -------
    float
        Half a unit of the last decimal in use, between two decimals and six.

    Examples
    --------
    >>> ratio_rounding([0.5, 0.252])
    0.0005
    """
    shares = np.asarray(ratio, dtype=np.float64)
    shares = shares[np.isfinite(shares) & (np.abs(shares) <= 1)]
    for decimals in (2, 3, 4, 5):
        if (np.abs(shares - np.round(shares, decimals)) < 1e-9).all():
            return float(0.5 * 10.0**-decimals)
    return 0.5e-6


def infer_duration(covered: Times, ratio: Times, rounding: Times) -> float:
    """Infer how long the media is from labels' appearance ratios.

    A label's ratio is the time it covers divided by the duration, rounded; each label therefore
    allows a span of durations. The estimate is the mean of the labels' durations, weighted by the
    precision of each, over those labels whose spans have a duration in common with the most others.

    Parameters
    ----------
    covered : array_like of float, shape (n,)
        Seconds each label covers (`union_by`).
    ratio : array_like of float, shape (n,)
        The ratio reported for each, 0 to 1.
    rounding : array_like of float, shape (n,)
        By how much rounding may have moved each ratio (`ratio_rounding`).

    Returns
    -------
    float
        Seconds, or NaN where there is no ground for an estimate: no label has both, or no more
        than half of those that have agree.

    Examples
    --------
    >>> round(infer_duration([12.0, 4.5, 3.0], [0.252, 0.094, 0.5], [0.0005] * 3), 1)
    47.7
    """
    seconds = np.asarray(covered, dtype=np.float64)
    shares = np.asarray(ratio, dtype=np.float64)
    usable = np.isfinite(seconds) & (seconds > 0) & (shares > 0) & (shares <= 1)
    seconds, shares = seconds[usable], shares[usable]
    with np.errstate(over="ignore"):
        estimate = seconds / shares
        spread = np.asarray(rounding, dtype=np.float64)[usable] / shares + TIME_ROUNDING / seconds
        weight = spread**-2.0
    usable = np.isfinite(estimate) & np.isfinite(weight) & (weight > 0)
    estimate, spread, weight = estimate[usable], spread[usable], weight[usable]
    if not len(estimate):
        return float("nan")
    low, high = estimate * (1 - spread), estimate * (1 + spread)
    # How many spans hold each span's beginning: those begun by then, less those ended before.
    begun = np.searchsorted(np.sort(low), low, side="right")
    ended = np.searchsorted(np.sort(high), low, side="left")
    common = low[np.argmax(begun - ended)]
    agrees = (low <= common) & (common <= high)
    if len(estimate) > 1 and 2 * agrees.sum() <= len(estimate):
        return float("nan")
    return float(np.average(estimate[agrees], weights=weight[agrees]))


def ratio_is_off(
    covered: Times, ratio: Times, rounding: Times, duration: float
) -> npt.NDArray[np.bool_]:
    """Tell which reported ratios their own ranges contradict by more than rounding.

    Parameters
    ----------
    covered, ratio, rounding : array_like of float, shape (n,)
        As for `infer_duration`.
    duration : float
        How long the media is, in seconds.

    Returns
    -------
    ndarray of bool, shape (n,)
        False where a ratio or its ranges are missing.

    Examples
    --------
    >>> ratio_is_off([12.0, 3.0], [0.252, 0.5], [0.0005, 0.0005], duration=47.6).tolist()
    [False, True]
    """
    seconds = np.asarray(covered, dtype=np.float64)
    shares = np.asarray(ratio, dtype=np.float64)
    # Twice the rounding: the duration itself carries as much.
    allowed = 2 * np.asarray(rounding, dtype=np.float64) + 2 * TIME_ROUNDING / duration
    return np.asarray((seconds > 0) & (np.abs(seconds / duration - shares) > allowed))
