"""How fast a video is cut, over its time."""

from __future__ import annotations

from numbers import Real

import numpy as np
import pandas as pd

from ..errors import InvalidArgument
from ..job import Job, check_job


def shot_pace(job: Job, *, window: float = 60.0, result_type: str | None = None) -> pd.DataFrame:
    """Measure each shot's length, and the pace of the cut around it.

    Parameters
    ----------
    job : Job
        An answer.
    window : float
        Seconds over which the running figures are taken, centred on the middle of a shot.
    result_type : str, optional
        The result type to take, in place of all.

    Returns
    -------
    pandas.DataFrame
        A row per shot, in order of time: shot_id, number; start_time, end_time and length (in s);
        cuts_per_minute, the cuts within the window divided by the part of it that lies inside the
        media; and mean_length, the average length (in s) of the shots whose middle lies within
        the window.

    Raises
    ------
    InvalidArgument
        `window` is no number of seconds above 0.
    UnknownName
        No shot is of that result type.

    Notes
    -----
    A shot without an end lasts to the start of the next one, the last to the end of the media; one
    without a start begins where the one before it ends, the first at 0. Shots that have no time
    even so, or a reversed one, are left out. A cut is where a shot starts, the first one excepted.

    The whole media's average shot length is ``pace.length.mean()``, and its cuts per minute are
    ``60 * (len(pace) - 1) / job.duration.seconds``.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> pace = stag.measures.shot_pace(stag.samples.load("magazine", answer="cognition"))
    >>> round(float(pace.length.mean()), 2), round(float(pace.cuts_per_minute.max()), 1)
    (5.19, 13.3)
    """
    check_job(job)
    if not isinstance(window, Real) or not 0 < window < np.inf:
        raise InvalidArgument("window", "a number of seconds above 0", window)
    shots = job.best("shots", result_type)
    start, end = shots["start_time"].to_numpy(), shots["end_time"].to_numpy()
    order = np.argsort(np.where(np.isnan(start), end, start), kind="stable")
    order = order[~(np.isnan(start) & np.isnan(end))[order]]
    start, end = start[order], end[order]
    media_start = np.fmin.reduce(start, initial=0.0)
    media_end = np.fmax.reduce(np.concatenate([[job.duration.seconds], start, end]))
    start, end = (
        np.where(np.isnan(start), np.append(0.0, end)[: len(end)], start),
        np.where(np.isnan(end), np.append(start, media_end)[1:], end),
    )
    cuts = np.unique(start[np.isfinite(start)])[1:]
    timed = np.isfinite(start) & np.isfinite(end) & (end >= start)
    start, end = start[timed], end[timed]
    length, middle = end - start, start + (end - start) / 2
    from_, to = middle - window / 2, middle + window / 2
    within = np.searchsorted(cuts, to) - np.searchsorted(cuts, from_)
    inside = np.minimum(to, media_end) - np.maximum(from_, media_start)
    by_middle = np.argsort(middle, kind="stable")
    total = np.append(0.0, np.cumsum(length[by_middle]))
    low = np.searchsorted(middle[by_middle], from_, side="left")
    high = np.searchsorted(middle[by_middle], to, side="right")
    kept = shots.iloc[order[timed]].reset_index(drop=True)
    return pd.DataFrame(
        {
            "shot_id": kept["shot_id"],
            "number": kept["number"],
            "start_time": start,
            "end_time": end,
            "length": length,
            "cuts_per_minute": np.divide(
                60 * within, inside, out=np.full(len(inside), np.nan), where=inside > 0
            ),
            "mean_length": (total[high] - total[low]) / (high - low),
        }
    )
