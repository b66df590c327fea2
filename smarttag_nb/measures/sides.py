"""One side of a comparison: its labels, their scores, and when each is told."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import intervals
from ..job import Job
from .spans import Floats, Positions


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
        score, scores = labels["score"].to_numpy(), seen["score"].to_numpy()
        scored = ~np.isnan(scores)
        summed = np.bincount(rows[scored], scores[scored], len(labels))
        with np.errstate(invalid="ignore"):
            mean = summed / np.bincount(rows[scored], minlength=len(labels))
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

    def texts(self) -> dict[str, list[str]]:
        """Give what labels are matched by; what is missing is empty."""
        told = {name: normal(self.labels[name]) for name in ("kind", "name", "level1")}
        return {**told, "key": self.labels["key"].fillna("").tolist()}


def normal(texts: pd.Series[str]) -> list[str]:
    """Bring texts into the form in which they are compared: whatever their width, case, spaces."""
    return [
        " ".join(unicodedata.normalize("NFKC", text).casefold().split())
        if isinstance(text, str)
        else ""
        for text in texts.tolist()
    ]
