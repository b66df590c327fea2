"""ELAN: what is told with times, as the tiers of an annotation document."""

from __future__ import annotations

import errno
import mimetypes
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import intervals
from ..errors import InvalidArgument
from ..job import Job, check_job
from .account import Line, without
from .characters import CLEANED, clean
from .eaf import LATEST, Tier, document
from .export import Export, counted
from .names import unique
from .whole import write_whole

Floats = npt.NDArray[np.float64]


def elan(
    job: Job,
    file: str | os.PathLike[str],
    *,
    video: str | os.PathLike[str] | None = None,
) -> Export:
    """Write an answer as an annotation document of ELAN.

    Parameters
    ----------
    job : Job
        The answer.
    file : path
        Where to write, such as ``answer.eaf``; an older file is replaced once the new one is
        whole.
    video : path or str, optional
        The video or audio, or the URL of it, that the document is to open with. Of a path, both
        the absolute place and the one relative to `file` are written, so that the two can move
        together.

    Returns
    -------
    Export
        The file, and what it does not hold: rows without a time, boxes, columns such as scores.

    Raises
    ------
    InvalidArgument
        `job` is no Job, or `video` neither a path nor a URL, or one that no XML file can hold.
    OSError
        There is no such video, or the file cannot be written; an older one is as it was.

    Notes
    -----
    There are tiers for occurrences (one a label's kind, each annotation saying the label's name),
    speech and words (one a speaker, who is the tier's participant), OCR (one a text type), shots,
    chapters, translations, highlights and cues; a tier's linguistic type is the table's name.
    Where a table has rows of several results, each has tiers of its own: ``speech NLP@1`` is what
    speaker 1 says in the result NLP. Annotations of one tier must not overlap in ELAN: those that
    would stand on more tiers, ``person (2)``, ``person (3)``.

    Times are rounded to milliseconds, and an annotation lasts one at least. A text seen at a
    moment lasts until text is looked for again.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     done = elan(stag.samples.load("magazine"), f"{folder}/magazine.eaf")
    >>> done.left_out.values.tolist()[2]
    ['boxes', 1158, 'ELAN holds no boxes']
    """
    check_job(job)
    media = None if video is None else _media(video, Path(file))
    left_out: list[Line] = []
    changed: list[Line] = []
    tiers: list[Tier] = []
    used: set[str] = set()
    for table, told in _TOLD.items():
        rows, tells_result = _rows(job, table)
        span = _Span.of(rows)
        left_out += [(table, count, why) for count, why in span.left_out]
        changed += [(table, count, why) for count, why in span.changed]
        rows = rows[span.kept].reset_index(drop=True)
        texts = _texts(rows, told.said)
        of_tier = [name for name in (told.by, told.who) if name]
        unheld = sum(clean(text) != text for text in _texts(rows, (*told.said, *of_tier)))
        changed.append((table, unheld, CLEANED))
        changed += without(rows, table, (*told.held, *tells_result))
        if table == "occurrences":
            for count, why in _unseen(job, rows["label_id"]):
                left_out.append(("labels", count, why))
            seen = job["labels"][job["labels"]["label_id"].isin(rows["label_id"])]
            changed += without(seen, "labels", ("kind", "name", "origin", *tells_result))
        tiers += _tiers(table, told, rows, span, texts, used)
    left_out += [(table, len(job[table]), why) for table, why in _UNTOLD.items()]
    write_whole(file, document(tiers, media))
    return Export("ELAN", (Path(file),), counted(left_out), counted(changed))


@dataclass(frozen=True, slots=True)
class _Told:
    """How a table's rows become annotations.

    A tier is named by `name`, the value of the column `by`, and that of `who` after an @; an
    annotation says the columns `said`, a line each.
    """

    name: str
    said: tuple[str, ...] = ("text",)
    by: str | None = None
    who: str | None = None

    @property
    def held(self) -> tuple[str | None, ...]:
        """The columns that are in the file."""
        return "start_time", "end_time", "timestamp", self.by, self.who, *self.said


_TOLD: Mapping[str, _Told] = {
    "occurrences": _Told("", ("name",), by="kind"),
    "speech": _Told("speech", who="speaker_id"),
    "words": _Told("words", who="speaker_id"),
    "ocr": _Told("ocr", by="text_type"),
    "shots": _Told("shots", ("number",)),
    "chapters": _Told("chapters", ("headline", "summary")),
    "translations": _Told("translations", by="language"),
    "highlights": _Told("highlights", by="kind"),
    "cues": _Told("cues", by="language"),
}

_NO_TIME = "no time"
_NO_BOX = "ELAN holds no boxes"
_UNTOLD: Mapping[str, str] = {
    "boxes": _NO_BOX,
    "attributes": _NO_BOX,
    "ocr_frames": "a moment without a text",
    "summaries": _NO_TIME,
    "mindmap": _NO_TIME,
    "scene_scores": _NO_TIME,
    "texts": _NO_TIME,
    "files": _NO_TIME,
    "meta": _NO_TIME,
    "usages": _NO_TIME,
    "problems": _NO_TIME,
}
"""Why the other tables are not written."""


def _rows(job: Job, table: str) -> tuple[pd.DataFrame, list[str]]:
    """Take a table's rows, with what tells their tiers apart, and the columns it is made of."""
    rows = job[table]
    result = ["result_type"]
    if table == "occurrences":
        labels = job["labels"].set_index("label_id")[["kind", "name", "origin"]]
        rows = rows.join(labels, on="label_id")
        rows["kind"] = rows["kind"].fillna("label")
        result += ["origin"] if rows["origin"].nunique() > 1 else []
    elif table == "cues":
        rows = rows.join(job["files"].set_index("file_id")["language"], on="file_id")
    elif table == "ocr":
        rows = _lasting(rows, job["ocr_frames"])
    if rows.groupby("result_type", dropna=False)["result_index"].nunique().gt(1).any():
        result.append("result_index")
    parts = rows[result]
    if len(parts.drop_duplicates()) < 2:
        return rows.assign(result=""), []
    said = [" ".join(_said(part)) for part in parts.itertuples(index=False)]
    return rows.assign(result=said), result


def _said(values: tuple[object, ...]) -> Iterator[str]:
    return (str(value) for value in values if not pd.isna(value))


def _lasting(ocr: pd.DataFrame, looks: pd.DataFrame) -> pd.DataFrame:
    """Let a text that was seen at a moment last until its result looks again.

    That is until the next of its moments, but not longer than between most of them.
    """
    start, end = (ocr[name].to_numpy(copy=True) for name in ("start_time", "end_time"))
    momentary = ocr["timestamp"].notna().to_numpy() & ~(end > start)
    start = np.where(momentary & np.isnan(start), ocr["timestamp"], start)
    for index, places in ocr.groupby("result_index", dropna=False).indices.items():
        own = places[momentary[places]]
        moments = looks["timestamp"][looks["result_index"].isin([index])].to_numpy()
        moments = np.unique(moments[np.isfinite(moments)])
        if len(moments) > 1:
            until = np.append(moments, np.inf)[np.searchsorted(moments, start[own], side="right")]
            end[own] = np.minimum(until, start[own] + np.median(np.diff(moments)))
    return ocr.assign(start_time=start, end_time=end, momentary=momentary)


@dataclass(frozen=True, slots=True)
class _Span:
    """Where the rows of a table stand, in milliseconds."""

    kept: npt.NDArray[np.bool_]
    start: Floats
    end: Floats
    left_out: tuple[tuple[int, str], ...]
    changed: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> _Span:
        with np.errstate(over="ignore"):
            start, end = (
                np.round(1000 * rows[name].to_numpy()) for name in ("start_time", "end_time")
            )
        ranges = np.asarray(rows["end_time"] > rows["start_time"])
        timeless = np.isnan(start)
        late = start >= LATEST
        early = np.where(ranges, end <= 0, start < 0)
        kept = ~(timeless | late | early)
        momentary = rows["momentary"].to_numpy() if "momentary" in rows else np.zeros(len(rows))
        left_out = (
            (int(timeless.sum()), _NO_TIME),
            (int((early & ~timeless).sum()), "before the media begins"),
            (int(late.sum()), "after the 49 days that ELAN's clock goes"),
        )
        changed = (
            (int((kept & (start < 0)).sum()), "starts before the media: cut"),
            (int((kept & ranges & (end > LATEST)).sum()), "ends after ELAN's clock: cut"),
            (int((kept & ~ranges).sum()), "no end after its start: lasts a millisecond"),
            (int((kept & ranges & (momentary == 1)).sum()), "a moment: lasts to the next look"),
        )
        first = np.maximum(start[kept], 0)
        last = np.minimum(np.where(ranges, end, 0)[kept], LATEST)
        return cls(kept, first, np.maximum(last, first + 1), left_out, changed)


def _texts(rows: pd.DataFrame, columns: tuple[str, ...]) -> list[str]:
    return ["\n".join(_said(row)) for row in rows[list(columns)].itertuples(index=False)]


def _unseen(job: Job, seen: pd.Series[int]) -> list[tuple[int, str]]:
    """Tell which labels have no annotation."""
    ids = job["labels"]["label_id"]
    without = ~ids.isin(job["occurrences"]["label_id"])
    unplaced = ~ids.isin(seen) & ~without
    return [
        (int(without.sum()), _NO_TIME),
        (int(unplaced.sum()), "none of its occurrences is written"),
    ]


def _tiers(
    table: str, told: _Told, rows: pd.DataFrame, span: _Span, texts: list[str], used: set[str]
) -> Iterator[Tier]:
    by, who = (
        rows[name].fillna("").tolist() if name else [""] * len(rows) for name in (told.by, told.who)
    )
    places: dict[tuple[str, str, str], list[int]] = {}
    for place, key in enumerate(zip(by, rows["result"].tolist(), who, strict=True)):
        places.setdefault(key, []).append(place)
    for (kind, result, speaker), there in places.items():
        at = np.array(there)
        lanes = intervals.pack(span.start[at], span.end[at])
        name = " ".join(filter(None, (told.name, kind, result)))
        name = _name(f"{name}@{speaker}" if speaker else name) or table
        for lane in range(int(lanes.max()) + 1):
            own = at[lanes == lane]
            own = own[np.argsort(span.start[own], kind="stable")]
            said = [texts[place] for place in own.tolist()]
            used.add(own_name := unique(name, used))
            yield Tier(own_name, table, speaker, span.start[own], span.end[own], said)


_LONGEST = 80
"""Characters of a tier's name."""


def _name(text: str) -> str:
    return " ".join(clean(text).split())[:_LONGEST]


def _media(video: str | os.PathLike[str], file: Path) -> dict[str, str]:
    """Describe the media, as ELAN does: a place as it is, without percent signs."""
    if not isinstance(video, (str, os.PathLike)):
        raise InvalidArgument("video", "a path or a URL", video)
    told = os.fspath(video)
    kind = mimetypes.guess_type(told)[0] or "unknown"
    if clean(told) != told:
        raise InvalidArgument("video", "a path or a URL that XML can hold", told)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", told):
        return {"MEDIA_URL": told, "MIME_TYPE": kind}
    place = Path(told).expanduser().resolve(strict=True)
    if place.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), told)
    made = {"MEDIA_URL": f"file:///{place.as_posix().removeprefix('/')}", "MIME_TYPE": kind}
    folder = file.expanduser().resolve().parent
    # On Windows, nothing leads from one drive to another.
    if place.anchor == folder.anchor:
        relative = Path(os.path.relpath(place, folder)).as_posix()
        made["RELATIVE_MEDIA_URL"] = relative if relative.startswith("..") else f"./{relative}"
    return made
