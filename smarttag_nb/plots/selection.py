"""What of an answer is drawn: the label meant, the seconds shown, what lies in them."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from ..alignment.result import Alignment
from ..errors import InvalidArgument, UnknownName
from ..intervals import union_by
from ..job import Job
from ..measures.comparison import Comparison
from ..measures.presence import presence
from .arguments import check_time


def find_label(labels: pd.DataFrame, label: Any) -> pd.DataFrame:
    """Find a label by its id or its name; a name may belong to several.

    Raises
    ------
    InvalidArgument
        It is neither.
    UnknownName
        There is no such label.
    """
    if not isinstance(label, (str, Integral)) or isinstance(label, bool):
        raise InvalidArgument("label", "a label's name or label_id", label)
    known = labels["name" if isinstance(label, str) else "label_id"]
    found: pd.DataFrame = labels[(known == label).fillna(False).astype(bool)]
    if not len(found):
        raise UnknownName("label", str(label), labels["name"].dropna().unique().tolist())
    return found


LONGEST = 1e7
"""No media lasts 115 days: times beyond are faults, and would flatten all others."""


def span(job: Job, start: Any = None, end: Any = None) -> tuple[float, float]:
    """Choose the seconds to draw: those asked for, or all of the media.

    Raises
    ------
    InvalidArgument
        They are no times, or the end is not after the start.
    """
    seconds = job.duration.seconds
    return _limits(seconds if 0 < seconds <= LONGEST else _last(job.values()), start, end)


def in_picture(alignment: Alignment) -> pd.DataFrame:
    """Give sentences the times at which the clock puts them in the picture; NaN without a clock."""
    said = alignment.speech[["start_time", "end_time"]].to_numpy(dtype=np.float64)
    # Times that can be none are sorted out where they are drawn.
    with np.errstate(invalid="ignore", over="ignore"):
        start, end = alignment.clock(said).T
        lasting = said[:, 1] - said[:, 0]
        # A cut within a sentence may put its end before its start: it lasts as long as it is said.
        end = np.where((lasting >= 0) & (end < start), start + lasting, end)
    return alignment.speech.assign(start_time=start, end_time=end)


def aligned_span(
    speech: pd.DataFrame, lines: pd.DataFrame, start: Any = None, end: Any = None
) -> tuple[float, float]:
    """Choose the seconds to draw of sentences and lines: those asked for, or all from 0 on.

    Raises
    ------
    InvalidArgument
        They are no times, or the end is not after the start.
    """
    return _limits(_last((speech, lines)), start, end)


def compared_span(
    comparison: Comparison, start: Any = None, end: Any = None
) -> tuple[float, float]:
    """Choose the seconds to draw of a comparison: those asked for, or all of the media.

    Raises
    ------
    InvalidArgument
        They are no times, or the end is not after the start.
    """
    seconds = comparison.duration
    return _limits(seconds if 0 < seconds <= LONGEST else _last([comparison.spans]), start, end)


def _last(frames: Iterable[pd.DataFrame]) -> float:
    """Find the latest time in any frame that can be one."""
    columns = ("start_time", "end_time", "timestamp")
    ends = [frame[c] for frame in frames for c in columns if c in frame]
    return max((v[v <= LONGEST].max() for v in ends if (v <= LONGEST).any()), default=0.0)


def _limits(seconds: float, start: Any, end: Any) -> tuple[float, float]:
    for name, value in (("start", start), ("end", end)):
        if value is not None:
            check_time(name, value)
    first = 0.0 if start is None else float(start)
    last = max(seconds, first + 1e-3) if end is None else float(end)
    if not last > first:
        raise InvalidArgument("end", f"a time after {first:g} s", end)
    return first, last


def timed(frame: pd.DataFrame, first: float, last: float) -> pd.DataFrame:
    """Keep the ranges that can be drawn in a span: with one end missing they are moments."""
    start = frame["start_time"].to_numpy(dtype=np.float64)
    end = frame["end_time"].to_numpy(dtype=np.float64)
    start, end = np.where(np.isnan(start), end, start), np.where(np.isnan(end), start, end)
    shown = (start <= end) & (start < last) & (end >= first)
    clipped = {"start_time": np.clip(start, first, last), "end_time": np.clip(end, first, last)}
    return frame.assign(**clipped)[shown]


def seen_labels(
    job: Job, first: float, last: float, kind: str | None, result_type: str | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """List the labels with an occurrence in a span, and these occurrences.

    Returns
    -------
    labels : pandas.DataFrame
        As `measures.presence` has them, with the seconds and first_time of this span.
    seen : pandas.DataFrame
        The occurrences, cut to the span, and the `row` that each one's label has in `labels`.
    """
    labels = presence(job, result_type=result_type)
    if kind is not None:
        labels = labels[labels["kind"] == kind]
    seen = timed(job["occurrences"], first, last)
    labels = labels[labels["label_id"].isin(seen["label_id"])].reset_index(drop=True)
    seen = seen.assign(row=pd.Index(labels["label_id"]).get_indexer(pd.Index(seen["label_id"])))
    seen = seen[seen["row"] >= 0].reset_index(drop=True)
    return (
        labels.assign(
            seconds=union_by(seen["row"], seen["start_time"], seen["end_time"], len(labels)),
            first_time=seen.groupby("row")["start_time"].min(),
        ),
        seen,
    )


def sample_step(job: Job) -> float:
    """Tell how many seconds lie between two frames on which text was looked for."""
    looked = job.best("ocr_frames")["timestamp"]
    moments = np.unique((looked if len(looked) else job.best("ocr")["timestamp"]).dropna())
    return float(np.median(np.diff(moments))) if len(moments) > 1 else 0.0
