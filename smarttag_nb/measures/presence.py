"""How long each label is on screen, measured and as reported."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .. import intervals
from ..job import Job, check_job


def presence(job: Job, *, result_type: str | None = None) -> pd.DataFrame:
    """Measure each label's presence, beside the ratio that the answer reports for it.

    Parameters
    ----------
    job : Job
        An answer.
    result_type : str, optional
        The result type to take, in place of the one `Job.best` prefers.

    Returns
    -------
    pandas.DataFrame
        A row per label of ``job.best("labels")``, in its order: label_id, kind, name, level1;
        seconds (union of its occurrences, in s); ratio_measured (of the duration) and
        ratio_reported, and ratio_difference, measured − reported; first_time and last_time (in
        s); number of occurrences; longest (in s); mean_score. NaN where nothing tells.

    Notes
    -----
    The appearance ratio as QuerySmarttagJob describes it: the union of a label's time ranges,
    divided by the duration of the media.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> job = stag.samples.load("magazine")
    >>> table = stag.measures.presence(job)
    >>> bool(table.ratio_difference.abs().max() < 0.01)
    True
    """
    check_job(job)
    labels = job.best("labels", result_type)
    seen = job["occurrences"]
    rows = pd.Index(labels["label_id"]).get_indexer(pd.Index(seen["label_id"]))
    known = rows >= 0
    rows, seen = rows[known], seen[known]
    start, end = seen["start_time"].to_numpy(), seen["end_time"].to_numpy()
    timed = np.isfinite(start) & np.isfinite(end) & (end >= start)

    seconds = np.full(len(labels), np.nan)
    has_time = np.zeros(len(labels), dtype=bool)
    has_time[rows[timed]] = True
    covered = intervals.union_by(rows[timed], start[timed], end[timed], len(labels))
    seconds[has_time] = covered[has_time]

    by_label = seen.assign(longest=np.where(timed, end - start, np.nan)).groupby(rows)
    figures = by_label.agg(
        first_time=("start_time", "min"),
        last_time=("end_time", "max"),
        longest=("longest", "max"),
        mean_score=("score", "mean"),
    ).reindex(range(len(labels)))
    measured = seconds / job.duration.seconds
    reported = labels["ratio"].to_numpy()
    return pd.DataFrame(
        {
            "label_id": labels["label_id"],
            "kind": labels["kind"],
            "name": labels["name"],
            "level1": labels["level1"],
            "seconds": seconds,
            "ratio_measured": measured,
            "ratio_reported": reported,
            "ratio_difference": measured - reported,
            "first_time": figures["first_time"],
            "last_time": figures["last_time"],
            "number": pd.array(np.bincount(rows, minlength=len(labels)), dtype="Int64"),
            "longest": figures["longest"],
            "mean_score": figures["mean_score"],
        }
    )
