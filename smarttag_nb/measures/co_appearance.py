"""Which labels appear together, and for how long."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from .. import intervals
from ..errors import InvalidArgument
from ..job import Job, check_job
from ..tables import KINDS


def co_appearance(
    job: Job, *, kind: str | Iterable[str] | None = None, result_type: str | None = None
) -> pd.DataFrame:
    """Measure how long every two labels appear at once.

    Parameters
    ----------
    job : Job
        An answer.
    kind : str or iterable of str, optional
        Only labels of this kind or these: ``"person"``, ``"tag"``… Without it, all.
    result_type : str, optional
        The result type to take, in place of the one `Job.best` prefers.

    Returns
    -------
    pandas.DataFrame
        A row per two labels of ``job.best("labels")`` that share time, the longest first:
        label_id_a, kind_a, name_a of the label that comes first in that table, label_id_b, kind_b,
        name_b of the other; seconds in which both appear; and jaccard, that divided by the
        seconds in which either does, 0 to 1.

    Raises
    ------
    InvalidArgument
        No label can be of that kind.
    UnknownName
        No label is of that result type.

    Notes
    -----
    Labels of one name but different label_id stay apart: two results or levels told of them.
    A label's own occurrences are merged first, so that time in which they overlap counts once.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> job = stag.samples.load("magazine", answer="cognition")
    >>> together = stag.measures.co_appearance(job, kind="person")
    >>> together.loc[0, ["name_a", "name_b"]].tolist(), round(float(together.jaccard[0]), 2)
    (['顾明川', 'Mara Ellison'], 0.43)
    """
    check_job(job)
    labels = job.best("labels", result_type)
    if kind is not None:
        labels = labels[labels["kind"].isin(check_kinds(kind))].reset_index(drop=True)
    seen = job["occurrences"]
    rows = pd.Index(labels["label_id"]).get_indexer(pd.Index(seen["label_id"]))
    seen, rows = seen[rows >= 0], rows[rows >= 0]
    start, end, owner = intervals.merge_groups(seen["start_time"], seen["end_time"], rows)
    alone = np.bincount(owner, weights=end - start, minlength=len(labels))

    ranges = pd.DataFrame({"start_time": start, "end_time": end})
    pairs = intervals.join(ranges, ranges)
    first, second = owner[pairs["row_a"]], owner[pairs["row_b"]]
    shared = (pairs["end_time"] - pairs["start_time"]).to_numpy()
    # Each pair comes both ways round, a label meets itself, and ranges that touch share no time.
    once = (first < second) & (shared > 0)
    pair, position = np.unique(first[once] * len(labels) + second[once], return_inverse=True)
    # Of nothing, bincount makes integers, whatever the weights.
    seconds = np.bincount(position, weights=shared[once]).astype(np.float64)
    longest = np.argsort(-seconds, kind="stable")
    seconds = seconds[longest]
    a, b = np.divmod(pair[longest], max(1, len(labels)))
    one, other = labels.take(a).reset_index(drop=True), labels.take(b).reset_index(drop=True)
    return pd.DataFrame(
        {
            "label_id_a": one["label_id"],
            "kind_a": one["kind"],
            "name_a": one["name"],
            "label_id_b": other["label_id"],
            "kind_b": other["kind"],
            "name_b": other["name"],
            "seconds": seconds,
            # Sums of the same seconds in another order may round to a hair above the whole.
            "jaccard": np.minimum(seconds / (alone[a] + alone[b] - seconds), 1.0),
        }
    )


def check_kinds(kind: str | Iterable[str]) -> list[str]:
    """List the kinds asked for; refuse what is none."""
    kinds = [kind] if isinstance(kind, str) or not isinstance(kind, Iterable) else list(kind)
    if not kinds or any(one not in KINDS for one in kinds):
        raise InvalidArgument("kind", f"one or more of {', '.join(KINDS)}", kind)
    return kinds
