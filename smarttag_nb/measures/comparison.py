"""What a human changed in a machine's labels, and how right the machine was."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import cards
from ..errors import InvalidArgument, printable
from ..intervals import clock
from ..job import Job
from ..tables import KINDS, TEXT
from .label_pairs import pair_labels
from .precision_recall import RATIOS, precision_recall, share
from .sides import Side, normal
from .spans import BOTH, ONE, OTHER, Floats, Positions, Spans

CHANGES = ("same", "renamed", "removed", "added")
"""What can have become of a label's name."""

_SCORE_ROUNDING = 0.0005
"""Scores are written with three decimals."""


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """A machine's labels beside those of a human.

    Attributes
    ----------
    labels : pandas.DataFrame
        A row per pair of labels, or per label that is alone: pair_id; kind; change (same, renamed,
        removed, added); matched_by (key, name or time; missing where it is alone); name_auto,
        name_hmi; label_id_auto, label_id_hmi; seconds_auto, seconds_hmi in which each is told, NaN
        without a time; seconds_both; iou, that divided by the seconds in which either is; disputed
        (in s), the longest time in a row that only one of a pair has; retimed (flag); score_auto,
        score_hmi; score_difference, hmi − auto; and rescored (flag). The machine's labels come
        first, in their order, then those added.
    spans : pandas.DataFrame
        A row per time in which it stays the same who tells a label: pair_id, start_time, end_time
        (in s), told_by (auto, hmi or both).
    counts : pandas.DataFrame
        A row per kind: kind; true_positives, false_positives, false_negatives; the same in
        seconds: true_positive_seconds, …; and how many labels were added, removed, renamed,
        retimed and rescored. Sums over many comparisons are those of all their labels.
    duration : float
        Of the media (s), the longer one of what the two answers tell; NaN where neither does.
    """

    labels: pd.DataFrame
    spans: pd.DataFrame
    counts: pd.DataFrame
    duration: float

    @property
    def ratios(self) -> pd.DataFrame:
        """The counts, and the precision and recall of each kind (`precision_recall`)."""
        return precision_recall(self.counts)

    @property
    def label_precision(self) -> float:
        """Share of the machine's labels that the human has too."""
        return self._of_all("label_precision")

    @property
    def label_recall(self) -> float:
        """Share of the human's labels that the machine has too."""
        return self._of_all("label_recall")

    @property
    def time_precision(self) -> float:
        """Share of the seconds of the machine's labels in which the human tells the same."""
        return self._of_all("time_precision")

    @property
    def time_recall(self) -> float:
        """Share of the seconds of the human's labels in which the machine tells the same."""
        return self._of_all("time_recall")

    def _of_all(self, ratio: str) -> float:
        hits, misses = (float(self.counts[name].sum()) for name in RATIOS[ratio])
        return float(share(hits, misses))

    def __repr__(self) -> str:
        told = self._changes()
        return printable(f"<Comparison {told or 'without labels'}; {self._by('label')}>")

    def _repr_html_(self) -> str:
        disputed = self.spans[self.spans["told_by"] != "both"]
        length = float((disputed["end_time"] - disputed["start_time"]).sum())
        kinds = ", ".join(str(kind) for kind in self.counts["kind"].dropna())
        more = [
            f"{int(self.counts[name].sum()):,} {name}"
            for name in ("retimed", "rescored")
            if self.counts[name].any()
        ]
        return cards.render(
            "Machine against human",
            facts=[("by label", self._by("label")), ("by time", self._by("time"))],
            tables=[
                ("labels", len(self.labels), self._changes()),
                ("spans", len(self.spans), f"{clock(length, 1)} told by one of both"),
                ("counts", len(self.counts), kinds),
            ],
            marks=[(cards.PLAIN, one) for one in more],
            marks_in=".labels",
        )

    def _changes(self) -> str:
        number = self.labels["change"].value_counts()
        return ", ".join(f"{number[change]:,} {change}" for change in CHANGES if change in number)

    def _by(self, what: str) -> str:
        precision, recall = self._of_all(f"{what}_precision"), self._of_all(f"{what}_recall")
        return f"precision {_percent(precision)}, recall {_percent(recall)}"


def _percent(ratio: float) -> str:
    return "–" if np.isnan(ratio) else f"{ratio:.1%}"


def compare(
    auto: Job, hmi: Job | None = None, *, tolerance: float = 0.25, result_type: str | None = None
) -> Comparison:
    """Compare a machine's labels with those that a human made of them.

    Parameters
    ----------
    auto : Job
        The machine's answer, or one that holds labels of both origins.
    hmi : Job, optional
        The human's answer, the reference. Without it, `auto`'s own labels of origin hmi.
    tolerance : float
        Seconds, 0 or more, that one of a pair may be told alone before it counts as retimed.
    result_type : str, optional
        The result type to take of either, in place of the one `Job.best` prefers.

    Returns
    -------
    Comparison
        Its frames tell each label, each span of time, and the counts of each kind.

    Raises
    ------
    InvalidArgument
        `auto` or `hmi` is no Job, `hmi` is missing and `auto` does not hold labels of both
        origins, or `tolerance` is no number of seconds.
    UnknownName
        No label is of that result type.

    Notes
    -----
    Labels are matched one to one within their kind: those of one key (the API's own id); then
    those of one name, whatever its width, case and spaces, of several the two whose times are most
    alike (IoU), in their own first level before another; then those of different names and one
    first level whose times have an IoU of 0.5 or more, the highest first. The last were *renamed*,
    as are those of one key whose names differ. What is left was *removed* or *added*. Labels
    without times cannot be seen to be renamed, and of many that all last as long, which was
    renamed to which is a guess; no precision or recall depends on it.

    IoU (intersection over union, the Jaccard index) is that of merged ranges: the seconds in which
    both labels of a pair are told, divided by those in which either is. A pair is *retimed* where
    only one of it is told for longer than `tolerance` in a row; a quarter of a second around a
    boundary is what the NIST evaluations of speech leave unjudged, there called a collar. It is
    *rescored* where the scores differ in their third decimal; a label without a score has the mean
    of its occurrences'.

    The human is the reference. By label, a pair with one name is a true positive, any other label
    of the machine a false positive, and any other of the human a false negative: a renamed one is
    both. By time, the same is counted in seconds: those in which both tell a label of one name,
    those in which only the machine does, and those in which only the human does, summed over
    labels. That is the duration-weighted precision and recall of pyannote.metrics' detection and
    of mir_eval's and sed_eval's frame- and segment-based measures, with exact times in place of
    frames. Nothing is forgiven there: the tolerance plays no part in it.

    Of labels that share a name, or seconds by half, every two are looked at: 3,000 on each side
    that all do take a gigabyte.

    Where an answer holds labels of both origins, those of its own side are taken; of one answer
    that is compared within itself, no others.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> auto, hmi = (stag.samples.load("magazine", name) for name in ("cpv-auto", "cpv-hmi"))
    >>> comparison = stag.measures.compare(auto, hmi)
    >>> comparison.labels.query("change == 'renamed'")[["name_auto", "name_hmi"]].values.tolist()
    [['美食', '咖啡'], ['刀具', '勺子']]
    >>> round(comparison.label_precision, 2), round(comparison.time_recall, 2)
    (0.88, 0.76)
    """
    for name, job in (("auto", auto), ("hmi", auto if hmi is None else hmi)):
        if not isinstance(job, Job):
            raise InvalidArgument(name, "a Job, as load returns", job)
    if not isinstance(tolerance, Real) or not 0 <= tolerance < np.inf:
        raise InvalidArgument("tolerance", "a number of seconds, 0 or more", tolerance)
    other = auto if hmi is None else hmi
    machine = Side.of(auto, _labels(auto, "auto", hmi is None, result_type))
    human = Side.of(other, _labels(other, "hmi", hmi is None, result_type))
    pairs = _Pairs.of(machine, human)
    spans = pairs.spans()
    labels = _told(pairs, spans, float(tolerance))
    return Comparison(
        labels,
        pd.DataFrame(
            {
                "pair_id": pd.array(spans.row, dtype="Int64"),
                "start_time": spans.start,
                "end_time": spans.end,
                "told_by": _texts(np.array(["", "auto", "hmi", "both"])[spans.teller]),
            }
        ),
        _counted(labels, spans),
        float(np.fmax(auto.duration.seconds, other.duration.seconds)),
    )


def _labels(job: Job, origin: str, alone: bool, result_type: str | None) -> pd.DataFrame:
    """Choose the labels of a side, where an answer may hold those of both."""
    labels = job["labels"]
    own, others = labels["origin"] == origin, labels["origin"].isin({"auto", "hmi"} - {origin})
    if alone and not (own.any() and others.any()):
        told = labels["origin"].dropna().unique().tolist()
        expected = "a second Job, where the first does not hold labels of origin auto and hmi both"
        raise InvalidArgument("hmi", expected, f"none, and labels of origin {told}")
    if alone or (own.any() and others.any()):
        kept = labels[own if alone else ~others].reset_index(drop=True)
        job = dataclasses.replace(job, tables={**job.tables, "labels": kept})
    return job.best("labels", result_type)


@dataclass(frozen=True)
class _Pairs:
    """The rows of what is compared: the position of each side's label, −1 where it has none.

    The machine's labels come first, as they stand; `row_of_human` leads back.
    """

    machine: Side
    human: Side
    auto: Positions
    hmi: Positions
    row_of_human: Positions
    matched_by: npt.NDArray[Any]

    @classmethod
    def of(cls, machine: Side, human: Side) -> _Pairs:
        left, right, by = pair_labels(machine, human)
        autos = len(machine.labels)
        row_of_human = np.full(len(human.labels), -1, dtype=np.int64)
        row_of_human[right] = left
        added = np.flatnonzero(row_of_human < 0)
        row_of_human[added] = autos + np.arange(len(added))
        row = np.arange(autos + len(added))
        hmi = np.full(len(row), -1, dtype=np.int64)
        hmi[row_of_human] = np.arange(len(row_of_human))
        matched_by = np.full(len(row), None, dtype=object)
        matched_by[left] = by
        auto = np.where(row < autos, row, -1)
        return cls(machine, human, auto, hmi, row_of_human, matched_by)

    def spans(self) -> Spans:
        """Cut the time of each row where a label of it begins or ends."""
        one, other = self.machine, self.human
        return Spans.of(
            np.append(one.owner, self.row_of_human[other.owner]),
            np.append(one.start, other.start),
            np.append(one.end, other.end),
            np.repeat([ONE, OTHER], [len(one.start), len(other.start)]),
            len(self.auto),
        )


def _told(pairs: _Pairs, spans: Spans, tolerance: float) -> pd.DataFrame:
    """Tell of each pair, or label that is alone, what it is and what was changed."""
    sides = ((pairs.machine, pairs.auto), (pairs.human, pairs.hmi))
    paired = (pairs.auto >= 0) & (pairs.hmi >= 0)
    alone = [spans.seconds(ONE), spans.seconds(OTHER)]
    shared = spans.seconds(BOTH)
    with np.errstate(invalid="ignore"):
        iou = np.where(paired, shared / (alone[0] + alone[1] + shared), np.nan)
    disputed = np.where(paired, spans.longest_alone(), np.nan)
    names = [np.array([*normal(side.labels["name"]), ""], dtype=object)[at] for side, at in sides]
    change = np.where(names[0] == names[1], "same", "renamed")
    change = np.where(paired, change, np.where(pairs.auto >= 0, "removed", "added"))
    kinds = [side.labels["kind"] for side, _ in sides]
    added = pairs.hmi[len(pairs.machine.labels) :]
    seconds = [
        np.where(np.append(side.timed, False)[at], own + shared, np.nan)
        for (side, at), own in zip(sides, alone, strict=True)
    ]
    scores = [np.append(side.score, np.nan)[at] for side, at in sides]
    return pd.DataFrame(
        {
            "pair_id": pd.array(np.arange(len(paired)), dtype="Int64"),
            "kind": pd.concat([kinds[0], kinds[1].iloc[added]]).array,
            "change": _texts(change),
            "matched_by": _texts(pairs.matched_by),
            "name_auto": _taken(*sides[0], "name"),
            "name_hmi": _taken(*sides[1], "name"),
            "label_id_auto": _taken(*sides[0], "label_id"),
            "label_id_hmi": _taken(*sides[1], "label_id"),
            "seconds_auto": seconds[0],
            "seconds_hmi": seconds[1],
            "seconds_both": np.where(np.isnan(iou), np.nan, shared),
            "iou": iou,
            "disputed": disputed,
            # NaN compares false.
            "retimed": pd.array(disputed > tolerance, dtype="boolean"),
            "score_auto": scores[0],
            "score_hmi": scores[1],
            "score_difference": scores[1] - scores[0],
            "rescored": pd.array(np.abs(scores[1] - scores[0]) > _SCORE_ROUNDING, dtype="boolean"),
        }
    )


def _counted(labels: pd.DataFrame, spans: Spans) -> pd.DataFrame:
    """Count hits, misses and changes of each kind."""
    order = {kind: place for place, kind in enumerate(KINDS)}
    kinds = labels["kind"].drop_duplicates()
    kinds = kinds.sort_values(key=lambda column: column.map(order), kind="stable")
    code = pd.Index(kinds).get_indexer(pd.Index(labels["kind"]))
    change = labels["change"]
    right = (change == "same").to_numpy()
    shared = spans.seconds(BOTH)
    mistaken = np.where(right, 0.0, shared)

    def number(flags: pd.Series[bool]) -> Any:
        return pd.array(np.bincount(code[flags.to_numpy(bool)], minlength=len(kinds)), "Int64")

    def total(lengths: Floats) -> Floats:
        return np.bincount(code, lengths, len(kinds)).astype(np.float64)

    return pd.DataFrame(
        {
            "kind": kinds.array,
            "true_positives": number(change == "same"),
            "false_positives": number(change.isin(["renamed", "removed"])),
            "false_negatives": number(change.isin(["renamed", "added"])),
            "true_positive_seconds": total(shared - mistaken),
            "false_positive_seconds": total(spans.seconds(ONE) + mistaken),
            "false_negative_seconds": total(spans.seconds(OTHER) + mistaken),
            **{name: number(change == name) for name in ("added", "removed", "renamed")},
            **{name: number(labels[name]) for name in ("retimed", "rescored")},
        }
    )


def _taken(side: Side, at: Positions, column: str) -> Any:
    """Take a column at positions, and what is missing at −1."""
    return side.labels[column].array.take(at, allow_fill=True)


def _texts(values: npt.NDArray[Any]) -> Any:
    return pd.array(values.astype(object), dtype=TEXT)
