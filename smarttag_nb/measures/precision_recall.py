"""Precision and recall, from counts that can be added up first."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..errors import InvalidArgument

RATIOS: Mapping[str, tuple[str, str]] = {
    "label_precision": ("true_positives", "false_positives"),
    "label_recall": ("true_positives", "false_negatives"),
    "time_precision": ("true_positive_seconds", "false_positive_seconds"),
    "time_recall": ("true_positive_seconds", "false_negative_seconds"),
}
"""Each ratio, and the counts of what hits and of what misses that it is made of."""


def precision_recall(counts: pd.DataFrame) -> pd.DataFrame:
    """Turn counts of hits and misses into precision and recall.

    Precision is the share of what was told that is right, recall the share of what is right that
    was told: hits / (hits + misses), where misses are false positives or false negatives.

    Parameters
    ----------
    counts : pandas.DataFrame, n rows
        Counts as ``Comparison.counts`` has them, or sums of such: true_positives,
        false_positives, false_negatives, and the same of time (true_positive_seconds, …, in s).
        Other columns stay.

    Returns
    -------
    pandas.DataFrame, n rows
        The same, and label_precision, label_recall, time_precision, time_recall, 0 to 1; NaN
        where there is nothing to divide by.

    Raises
    ------
    InvalidArgument
        `counts` is no frame with such columns.

    Notes
    -----
    Of many comparisons, sum the counts and divide once (the micro average). A mean of ratios would
    give the answer with one label the same weight as the one with a thousand.

    Examples
    --------
    >>> import pandas as pd
    >>> import smarttag_nb as stag
    >>> job, human = (stag.samples.load("magazine", name) for name in ("cpv-auto", "cpv-hmi"))
    >>> pair = stag.measures.compare(job, human)
    >>> library = pd.concat([pair.counts, pair.counts]).groupby("kind", as_index=False).sum()
    >>> table = stag.measures.precision_recall(library).set_index("kind")
    >>> int(table.true_positives["entity"]), round(float(table.label_precision["entity"]), 2)
    (36, 0.9)
    """
    needed = list(dict.fromkeys(name for parts in RATIOS.values() for name in parts))
    if not isinstance(counts, pd.DataFrame) or not set(needed) <= set(counts.columns):
        got = list(counts.columns) if isinstance(counts, pd.DataFrame) else counts
        raise InvalidArgument("counts", f"a frame with {', '.join(needed)}", got)
    number = {name: counts[name].to_numpy(np.float64, na_value=np.nan) for name in needed}
    return counts.assign(
        **{name: share(number[hits], number[misses]) for name, (hits, misses) in RATIOS.items()}
    )


def share(hits: npt.ArrayLike, misses: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Divide hits by hits and misses; NaN where there are neither."""
    hit, miss = np.asarray(hits, dtype=np.float64), np.asarray(misses, dtype=np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(hit / (hit + miss))
