"""How long the media is, as an answer's tables tell it, and which ratios contradict that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from .. import intervals
from ..job import Duration
from .notes import Notes, Path


def judge_ratios(
    tables: dict[str, pd.DataFrame],
    given: float | None,
    places: Mapping[int, Path],
    notes: Notes,
) -> Duration:
    """Tell the duration, and note the ratios that their own occurrences contradict.

    Parameters
    ----------
    tables : dict of str to DataFrame
        The contract tables.
    given : float or None
        The duration that the caller knows, in seconds.
    places : mapping of int to Path
        Where the ratio of each label stands, by label_id.
    notes : Notes
        Takes the problems.
    """
    covered, ratio, rounding = _coverage(tables)
    duration = _duration(tables, given, intervals.infer_duration(covered, ratio, rounding))
    if duration.source in ("given", "ratios"):
        off = intervals.ratio_is_off(covered, ratio, rounding, duration.seconds)
        for row in np.flatnonzero(off):
            notes.add(
                "ratio-off",
                places[int(row)],
                f"occurrences cover {covered[row]:.2f} s of {duration.seconds:.2f} s",
                float(ratio[row]),
            )
    return duration


def _duration(tables: dict[str, pd.DataFrame], given: float | None, inferred: float) -> Duration:
    if given is not None:
        return Duration(float(given), "given")
    last = _last_end(tables)
    # A time past the inferred end by more than snapping to frames refutes it.
    if np.isfinite(inferred) and not last > inferred * 1.01 + 1:
        return Duration(inferred, "ratios")
    return Duration(last, "last end" if np.isfinite(last) else "unknown")


def _coverage(tables: dict[str, pd.DataFrame]) -> tuple[Any, Any, Any]:
    """Of each label: seconds covered, reported ratio, and the ratio's rounding."""
    labels, seen = tables["labels"], tables["occurrences"]
    ratio = labels["ratio"].to_numpy()
    rounding = np.zeros(len(labels))
    if np.isnan(ratio).all():
        return np.zeros(len(labels)), ratio, rounding
    covered = intervals.union_by(
        seen["label_id"].to_numpy(dtype="int64"),
        seen["start_time"].to_numpy(),
        seen["end_time"].to_numpy(),
        len(labels),
    )
    for index in labels["result_index"].dropna().unique():
        rows = (labels["result_index"] == index).fillna(False).to_numpy(dtype=bool)
        rounding[rows] = intervals.ratio_rounding(ratio[rows])
    return covered, ratio, rounding


def _last_end(tables: dict[str, pd.DataFrame]) -> float:
    last = np.nan
    for frame in tables.values():
        for column in ("end_time", "timestamp"):
            if len(frame) and column in frame:
                last = np.fmax(last, np.fmax.reduce(frame[column].to_numpy(), initial=np.nan))
    return float(last)
