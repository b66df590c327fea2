"""Where labels are on the frames, at any time."""

from __future__ import annotations

from numbers import Real

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import boxes as geometry
from ..errors import InvalidArgument
from ..job import Job, check_job

_CORNERS = ["x1", "y1", "x2", "y2"]


def tracks(
    job: Job,
    times: npt.ArrayLike | None = None,
    *,
    max_gap: float = 1.0,
    result_type: str | None = None,
) -> pd.DataFrame:
    """Follow each label's box through each occurrence, also between the frames looked at.

    Parameters
    ----------
    job : Job
        An answer.
    times : float or array_like of float, shape (m,), optional
        Moments in seconds, in any order; repeated ones count once. Without them, the moments of
        the boxes themselves.
    max_gap : float
        Most seconds between two boxes for a box to be drawn between them.
    result_type : str, optional
        The result type to take, in place of the one `Job.best` prefers.

    Returns
    -------
    pandas.DataFrame
        A row per box, by label, occurrence and time: label_id, occurrence_id, kind, name;
        timestamp (in s); x1, y1, x2, y2 (in px); score; interpolated, whether the box was drawn
        between two others; and box_id. A box drawn has no score and no box_id.

    Raises
    ------
    InvalidArgument
        `times` are no finite numbers, or `max_gap` is no number of seconds, 0 or more.
    UnknownName
        No label is of that result type.

    Notes
    -----
    A box at a moment asked for is given as it is. Between two boxes of one label and occurrence,
    the corners go straight and evenly from one to the other; before the first and after the last
    there is none. Boxes without a time or with a missing corner are left out. Where an occurrence
    has several boxes at one moment (two faces under one name), nothing tells which goes on to
    which: all are given at that moment, and none is drawn right before or after it.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> job = stag.samples.load("magazine", answer="cognition")
    >>> table = stag.measures.tracks(job, [4.04, 4.1])
    >>> table.loc[table.kind == "person", ["name", "x1", "interpolated"]].values.tolist()
    [['沈青禾', 177.6, False], ['沈青禾', 177.75, True]]
    """
    check_job(job)
    if not isinstance(max_gap, Real) or not 0 <= max_gap < np.inf:
        raise InvalidArgument("max_gap", "a number of seconds, 0 or more", max_gap)
    asked = None if times is None else _moments(times)
    found = job.best("boxes", result_type)
    found = found[np.isfinite(found[["timestamp", *_CORNERS]].to_numpy()).all(axis=1)]
    # A second row that says the same is no second box.
    identity = ["label_id", "occurrence_id", "timestamp", *_CORNERS]
    found = found.sort_values("box_id").drop_duplicates(identity, ignore_index=True)
    made = found.assign(interpolated=pd.array(np.zeros(len(found), dtype=bool), dtype="boolean"))
    if asked is not None:
        track = found.groupby(["label_id", "occurrence_id"], dropna=False).ngroup().to_numpy()
        before, time, corners = geometry.interpolate(
            track, found["timestamp"], found[_CORNERS], asked, max_gap
        )
        drawn = made.iloc[before].assign(
            timestamp=asked[time],
            score=np.nan,
            box_id=pd.array([pd.NA] * len(time), dtype="Int64"),
            interpolated=pd.array(np.ones(len(time), dtype=bool), dtype="boolean"),
            **dict(zip(_CORNERS, corners.T, strict=True)),
        )
        made = pd.concat([made[made["timestamp"].isin(asked)], drawn])
    made = made.merge(job["labels"][["label_id", "kind", "name"]], on="label_id", how="left")
    made = made.sort_values(["label_id", "occurrence_id", "timestamp"], kind="stable")
    columns = ["label_id", "occurrence_id", "kind", "name", "timestamp", *_CORNERS, "score"]
    return made[[*columns, "interpolated", "box_id"]].reset_index(drop=True)


def _moments(times: npt.ArrayLike) -> npt.NDArray[np.float64]:
    try:
        moments = np.atleast_1d(np.asarray(times, dtype=np.float64))
    except (TypeError, ValueError):
        moments = np.array([np.nan])
    if moments.ndim != 1 or not np.isfinite(moments).all():
        raise InvalidArgument("times", "a number of seconds or a sequence of them", times)
    return np.unique(moments)
