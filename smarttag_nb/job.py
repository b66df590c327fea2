"""Job: the contract tables of one answer, and what the readers met in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from . import cards
from .errors import ContractError, InvalidArgument, UnknownName, printable
from .intervals import clock
from .tables import TABLES

PREFERENCE: Mapping[str, tuple[str, ...]] = {
    "speech": ("ASR", "NLP", "Process", "AiResult"),
    "ocr": ("OCR", "video_ocr", "ocr"),
    "ocr_frames": ("OCR", "ocr"),
    "labels": ("CPVLabel", "VideoLabel", "ImageLabel", "Process"),
}
"""Which result type to believe where several tell the same: the first that has rows."""

_SEVERITIES = (
    ("error", cards.BAD, "s"),
    ("warning", cards.DOUBTFUL, "s"),
    ("info", cards.PLAIN, ""),
)

_PARENT = {"occurrences": "label_id", "boxes": "label_id", "attributes": "box_id"}


@dataclass(frozen=True, slots=True)
class Duration:
    """How long the media is, and how that is known.

    Attributes
    ----------
    seconds : float
        NaN where nothing tells it.
    source : str
        ``"given"``, ``"ratios"`` (inferred from appearance ratios), ``"last end"`` (the latest
        time in any table, which is a lower bound) or ``"unknown"``.
    """

    seconds: float
    source: str

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Duration):
            return NotImplemented
        same = self.seconds == other.seconds or (np.isnan(self.seconds) and np.isnan(other.seconds))
        return bool(same) and self.source == other.source

    def __hash__(self) -> int:
        return hash(self.source)

    def __str__(self) -> str:
        if np.isnan(self.seconds):
            return "unknown"
        return f"{clock(self.seconds, 1)} ({self.source})"


@dataclass(frozen=True, eq=False, repr=False)
class Job(Mapping[str, pd.DataFrame]):
    """One answer as contract tables: a mapping of table names to frames.

    Every table stands as an attribute too (``job.speech``). A frame is handed out as a view that
    copies on write: what pandas does to it never changes the job. Dicts and lists in it, and `raw`,
    are the job's own: copy them before you change them.

    Attributes
    ----------
    status : str or None
        The API's word (Success, Processing, Finished…); None for a raw file.
    operation : str or None
        The operation that answered, where the answer tells.
    job_id, request_id, reason : str or None
        Ids; why the job failed.
    user_data : object
        The user's own data, as received.
    duration : Duration
        Of the media.
    raw : object
        What was received: bytes or text of a document, the object itself otherwise.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> job = stag.load({"JobStatus": "Success", "Results": {"Result": [
    ...     {"Type": "ASR", "Data": '{"details": [{"from": 0, "to": 2, "content": "你好"}]}'}]}})
    >>> job.speech.text.tolist()
    ['你好']
    """

    status: str | None
    operation: str | None
    job_id: str | None
    request_id: str | None
    user_data: Any
    reason: str | None
    duration: Duration
    raw: Any
    tables: Mapping[str, pd.DataFrame] = field(repr=False)

    def __post_init__(self) -> None:
        if isinstance(self.tables, _Tables):
            # Another job's, which has them all and hands them out as views.
            return
        missing = [name for name in TABLES if name not in self.tables]
        if missing:
            raise ContractError(missing[0], TABLES[missing[0]].key, "the job lacks the table.")
        object.__setattr__(self, "tables", _Tables({name: self.tables[name] for name in TABLES}))

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)

    def __getattr__(self, name: str) -> pd.DataFrame:
        # Only for names not found otherwise; not for the dataclass's own before they are set.
        if name in TABLES:
            return self.tables[name]
        raise AttributeError(
            f"A Job has no {name!r}; its tables are {', '.join(TABLES)}.", name=name, obj=self
        )

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *TABLES})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Job):
            return NotImplemented
        return alike(self._facts(), other._facts()) and self.tables == other.tables

    def __hash__(self) -> int:
        return hash((self.operation, self.job_id, self.request_id, self.status))

    def _facts(self) -> tuple[Any, ...]:
        return (
            self.status,
            self.operation,
            self.job_id,
            self.request_id,
            self.user_data,
            self.reason,
            self.duration,
            self.raw,
        )

    @property
    def title(self) -> str | None:
        """What to call it: the title that the answer tells, else the job's id, else the operation.

        Answers tell it in Meta or in SmartJobInfo, as rows ``title`` and ``SmartJobInfo.Title`` of
        the table `meta`. None where there is nothing to call it by.
        """
        return self._told_title() or self.job_id or self.operation

    def _told_title(self) -> str | None:
        meta = self["meta"]
        for name, value in zip(meta["name"], meta["value"], strict=True):
            if name in ("title", "SmartJobInfo.Title") and isinstance(value, str) and value.strip():
                return value
        return None

    def best(self, table: str, result_type: str | None = None) -> pd.DataFrame:
        """Rows of one source, where several results of an answer tell the same.

        Parameters
        ----------
        table : str
            A table's name.
        result_type : str, optional
            The result type to take, in place of the preferred one.

        Returns
        -------
        pandas.DataFrame
            The rows of the preferred result type that has any: for speech ASR, NLP, Process,
            AiResult; for ocr OCR, video_ocr, ocr; for labels CPVLabel (hmi before auto),
            VideoLabel, ImageLabel, Process, and TextLabel's always besides. Occurrences are those
            of the best labels. Boxes are those of the result type that has the most, since a
            track tells more than a single position; attributes are theirs. Other tables come
            whole.

        Raises
        ------
        UnknownName
            There is no such table, or it, or the labels that its rows belong to, has no rows of
            that result type.
        """
        frame = self[table]
        if table == "boxes" and result_type is None:
            return self._most_boxes()
        if table in _PARENT:
            foreign = _PARENT[table]
            parents = self.best("labels" if foreign == "label_id" else "boxes", result_type)
            return frame[frame[foreign].isin(parents[foreign])].reset_index(drop=True)
        if "result_type" not in frame:
            return frame
        if result_type is not None:
            there = frame["result_type"].dropna().unique().tolist()
            if result_type not in there:
                raise UnknownName(f"result type with {table}", result_type, there)
            return frame[frame["result_type"] == result_type].reset_index(drop=True)
        chosen = self._chosen(table)
        if chosen is None:
            return frame
        taken = frame["result_type"] == chosen
        if table == "labels":
            if chosen == "CPVLabel" and (frame["origin"] == "hmi").any():
                taken &= frame["origin"] == "hmi"
            taken |= frame["result_type"] == "TextLabel"
        return frame[taken].reset_index(drop=True)

    def _most_boxes(self) -> pd.DataFrame:
        boxes, labels = self["boxes"], self["labels"]
        counts = boxes["result_type"].value_counts()
        if not len(counts):
            return self["boxes"]
        taken = boxes["result_type"] == counts.index[0]
        of_hmi = boxes["label_id"].isin(labels["label_id"][labels["origin"] == "hmi"])
        if (taken & of_hmi).any():
            taken &= of_hmi
        best: pd.DataFrame = boxes[taken].reset_index(drop=True)
        return best

    def _chosen(self, table: str) -> str | None:
        there = set(self[table]["result_type"].dropna())
        return next((kind for kind in PREFERENCE.get(table, ()) if kind in there), None)

    def __repr__(self) -> str:
        rows = ", ".join(
            f"{len(frame)} {name}" for name, frame in self.tables.items() if len(frame)
        )
        facts = [self.operation, self.job_id, self.status]
        head = " ".join(str(fact) for fact in facts if fact)
        return printable(f"<Job {head or 'without id'}: {rows or 'no rows'}>")

    def _repr_html_(self) -> str:
        problems = self["problems"]
        counts = problems["severity"].value_counts()
        return cards.render(
            self.operation or "Raw result",
            self.status,
            facts=[(name, value) for name, value in self._card_facts() if value],
            tables=[
                (name, len(frame), self._card_note(name))
                for name, frame in self.tables.items()
                if len(frame) and name != "problems"
            ],
            marks=[
                (colour, f"{counts[severity]:,} {severity}{plural if counts[severity] > 1 else ''}")
                for severity, colour, plural in _SEVERITIES
                if severity in counts
            ],
            marks_in=".problems",
        )

    def _card_facts(self) -> list[tuple[str, str | None]]:
        return [
            ("title", self._told_title()),
            ("job", self.job_id),
            ("duration", str(self.duration) if self.duration.source != "unknown" else None),
            ("reason", self.reason),
        ]

    def _card_note(self, table: str) -> str:
        """Which results a table's rows come from, and which of them `best` takes."""
        frame = self[table]
        if "result_type" not in frame:
            return ""
        counts = frame["result_type"].value_counts(sort=False)
        if table == "labels" and frame["origin"].nunique() > 1:
            counts = (frame["result_type"] + " " + frame["origin"].fillna("")).value_counts()
        if len(counts) < 2:
            return " ".join(counts.index)
        told = ", ".join(f"{str(kind).strip()} {count}" for kind, count in counts.items())
        chosen = self._chosen(table)
        if chosen == "CPVLabel" and (frame["origin"] == "hmi").any():
            chosen = "CPVLabel hmi"
        return f"{told}; best: {chosen}" if chosen else told


class _Tables(Mapping[str, pd.DataFrame]):
    """Contract tables by name, each handed out as a view that copies on write."""

    def __init__(self, frames: dict[str, pd.DataFrame]) -> None:
        self._frames = MappingProxyType(frames)

    def __getitem__(self, name: str) -> pd.DataFrame:
        try:
            return self._frames[name].copy(deep=False)
        except (KeyError, TypeError):
            raise UnknownName("contract table", name, self._frames) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Tables):
            return NotImplemented
        return all(_same(frame, other._frames[name]) for name, frame in self._frames.items())

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{len(self)} tables: {', '.join(self)}>"

    def __getstate__(self) -> dict[str, pd.DataFrame]:
        return dict(self._frames)

    def __setstate__(self, frames: dict[str, pd.DataFrame]) -> None:
        self._frames = MappingProxyType(frames)


def check_job(job: Any) -> None:
    """Refuse what is no Job.

    Raises
    ------
    InvalidArgument
        It is something else.
    """
    if not isinstance(job, Job):
        raise InvalidArgument("job", "a Job, as load returns", job)


def alike(a: Any, b: Any) -> bool:
    """Equality of plain values in which NaN equals itself, at any depth of nesting."""
    todo = [(a, b)]
    while todo:
        one, other = todo.pop()
        if one is other:
            continue
        if isinstance(one, dict) and isinstance(other, dict):
            if one.keys() != other.keys():
                return False
            todo.extend((one[key], other[key]) for key in one)
        elif isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
            if len(one) != len(other):
                return False
            todo.extend(zip(one, other, strict=True))
        elif isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
            if not np.array_equal(one, other):
                return False
        elif one != other and not (one != one and other != other):
            return False
    return True


def _same(a: pd.DataFrame, b: pd.DataFrame) -> bool:
    """Equality of two contract tables of one name, whose columns are the same."""
    if len(a) != len(b) or not len(a):
        return len(a) == len(b)
    # DataFrame.equals compares lists and dicts in object columns by identity or raises.
    for column in a:
        if a[column].dtype == object:
            if not alike(a[column].tolist(), b[column].tolist()):
                return False
        elif not a[column].equals(b[column]):
            return False
    return True
