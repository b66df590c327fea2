"""Which label of one answer is which of another: one to one, by key, by name and by time."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import intervals
from ..job import Job
from .spans import Floats, Positions

SAME_TIME = 0.5
"""The least IoU at which labels of different names are one that was renamed: the share at which
object and action detection count a place or a time as found (PASCAL VOC, ActivityNet)."""

_STEPS = (
    ("key", ["kind", "key"]),
    ("name", ["kind", "name", "level1"]),
    ("name", ["kind", "name"]),
    ("time", ["kind", "level1"]),
)
"""What labels are matched by, from the surest on, and what must be equal for it. A name that
stands twice is matched in its own first level before another. A thing in the same shots but of
another first level is another thing: no prop becomes a scene."""


@dataclass(frozen=True)
class Side:
    """The labels of one answer that are compared, and when each is told.

    Attributes
    ----------
    labels : pandas.DataFrame, n rows
        Rows of the contract table.
    score : ndarray of float, shape (n,)
        The label's score, else the mean of its occurrences' scores.
    start, end : ndarray of float, shape (m,)
        Times (s) in which a label is told: by label, disjoint and ascending.
    owner : ndarray of int, shape (m,)
        Position in `labels`.
    """

    labels: pd.DataFrame
    score: Floats
    start: Floats
    end: Floats
    owner: Positions

    @classmethod
    def of(cls, job: Job, labels: pd.DataFrame) -> Side:
        """Take the occurrences of these labels of a job, merged."""
        seen = job["occurrences"]
        rows = pd.Index(labels["label_id"]).get_indexer(pd.Index(seen["label_id"]))
        seen, rows = seen[rows >= 0], rows[rows >= 0]
        mean = seen["score"].groupby(rows).mean().reindex(range(len(labels))).to_numpy()
        score = labels["score"].to_numpy()
        merged = intervals.merge_groups(seen["start_time"], seen["end_time"], rows)
        return cls(labels, np.where(np.isnan(score), mean, score), *merged)

    @property
    def timed(self) -> npt.NDArray[np.bool_]:
        """Whether each label has a time."""
        return np.bincount(self.owner, minlength=len(self.labels)) > 0

    @property
    def seconds(self) -> Floats:
        """How long each label is told."""
        lengths = self.end - self.start
        return np.bincount(self.owner, lengths, len(self.labels)).astype(np.float64)

    def texts(self) -> pd.DataFrame:
        """Give what labels are matched by; what is missing is empty."""
        key = self.labels["key"].fillna("")
        told = {name: normal(self.labels[name]) for name in ("kind", "name", "level1")}
        return pd.DataFrame({**told, "key": key.to_numpy(dtype=object)})


def normal(texts: pd.Series[str]) -> npt.NDArray[Any]:
    """Bring texts into the form in which they are compared: whatever their width, case, spaces."""
    forms = [
        " ".join(unicodedata.normalize("NFKC", text).casefold().split())
        if isinstance(text, str)
        else ""
        for text in texts.tolist()
    ]
    return np.array(forms, dtype=object)


def pair_labels(auto: Side, hmi: Side) -> tuple[Positions, Positions, list[str]]:
    """Match labels of two answers one to one, within each kind.

    Returns
    -------
    auto, hmi : ndarray of int, shape (n,)
        Positions of the two labels of each pair.
    matched_by : list of str, n long
        "key", "name" or "time".
    """
    texts = [auto.texts(), hmi.texts()]
    free = [np.ones(len(one), dtype=bool) for one in texts]
    pairs: list[tuple[Positions, Positions]] = []
    matched_by: list[str] = []
    for by, columns in _STEPS:
        groups = _groups(texts, columns, free)
        if by != "time":
            for one, own in zip(groups, texts, strict=True):
                one[(own[by] == "").to_numpy()] = -1
        left, right = _closest(auto, hmi, *groups, least=SAME_TIME if by == "time" else 0.0)
        if by != "time":
            groups[0][left] = groups[1][right] = -1
            more_left, more_right = _in_order(*groups)
            left, right = np.append(left, more_left), np.append(right, more_right)
        free[0][left] = free[1][right] = False
        pairs.append((left, right))
        matched_by += [by] * len(left)
    lefts, rights = zip(*pairs, strict=True)
    return np.concatenate(lefts), np.concatenate(rights), matched_by


def _groups(
    texts: list[pd.DataFrame], columns: list[str], free: list[npt.NDArray[np.bool_]]
) -> tuple[Positions, Positions]:
    """Group labels by what must be equal: a number, −1 where a label is no longer free."""
    codes = pd.concat([own[columns] for own in texts]).groupby(columns, sort=False).ngroup()
    numbered = np.where(np.concatenate(free), codes.to_numpy(), -1)
    return numbered[: len(texts[0])], numbered[len(texts[0]) :]


def _closest(
    auto: Side, hmi: Side, group_auto: Positions, group_hmi: Positions, least: float
) -> tuple[Positions, Positions]:
    """Match labels of one group that share time: what is most alike first, of equals the first."""
    left, right, shared = _sharing(auto, hmi, group_auto, group_hmi)
    with np.errstate(over="ignore", invalid="ignore"):
        iou = shared / (auto.seconds[left] + hmi.seconds[right] - shared)
    order = np.lexsort((right, left, -iou))
    order = order[iou[order] >= least]
    taken: tuple[set[int], set[int]] = (set(), set())
    kept = []
    for pair, one, other in zip(
        order.tolist(), left[order].tolist(), right[order].tolist(), strict=True
    ):
        if one not in taken[0] and other not in taken[1]:
            taken[0].add(one)
            taken[1].add(other)
            kept.append(pair)
    return left[kept], right[kept]


def _sharing(
    auto: Side, hmi: Side, group_auto: Positions, group_hmi: Positions
) -> tuple[Positions, Positions, Floats]:
    """List the labels of one group that share time, and for how many seconds."""
    moments = np.unique(np.concatenate([auto.start, auto.end, hmi.start, hmi.end]))
    common = np.intersect1d(group_auto, group_hmi)
    lifted = []
    for side, group in ((auto, group_auto), (hmi, group_hmi)):
        own = group[side.owner]
        kept = np.flatnonzero((own >= 0) & np.isin(own, common))
        # Times by their order, each group above the last: only what is of one group overlaps.
        lift = own[kept] * len(moments)
        start, end = (np.searchsorted(moments, t[kept]) + lift for t in (side.start, side.end))
        lifted.append(pd.DataFrame({"start_time": start, "end_time": end}, index=kept))
    found = intervals.join(*lifted)
    one, other = found["row_a"].to_numpy(), found["row_b"].to_numpy()
    seconds = np.minimum(auto.end[one], hmi.end[other])
    seconds -= np.maximum(auto.start[one], hmi.start[other])
    one, other, seconds = one[seconds > 0], other[seconds > 0], seconds[seconds > 0]
    width = max(1, len(hmi.labels))
    pair, place = np.unique(auto.owner[one] * width + hmi.owner[other], return_inverse=True)
    left, right = np.divmod(pair, width)
    return left, right, np.bincount(place, seconds, len(pair)).astype(np.float64)


def _in_order(group_auto: Positions, group_hmi: Positions) -> tuple[Positions, Positions]:
    """Match labels of one group in the order in which they stand."""
    numbered = []
    for group in (group_auto, group_hmi):
        at = np.flatnonzero(group >= 0)
        own = pd.DataFrame({"group": group[at], "at": at})
        numbered.append(own.assign(turn=own.groupby("group").cumcount()))
    found = numbered[0].merge(numbered[1], on=["group", "turn"])
    return found["at_x"].to_numpy(), found["at_y"].to_numpy()
