"""Boxes on a video's numbered frames, or on an image: what annotation tools ask for.

An answer tells times, an annotation tool frames. A box stands on the frame whose time is nearest to
its own: detectors look at frames, and answers round their times. A track is a label's boxes in one
occurrence; where several of them stand on one frame, each but the first makes a track of its own.
"""

from __future__ import annotations

import dataclasses
import json
import os
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import boxes as geometry
from ..errors import InvalidArgument
from ..job import Job, check_job
from ..tables import TABLES, TEXT
from .characters import clean
from .export import counted
from .names import answer_file, unique

if TYPE_CHECKING:
    from ..frames import Frame, Still, Video
    from ..frames.sources import Source

    Medium = Source | Frame | Video | Still

_CORNERS = ["x1", "y1", "x2", "y2"]
_FASTEST = 1000
"""Frames a second; what is above is no rate."""

_LAST_FRAME = 2**31 - 2
"""The last frame that a tool's 32-bit number can name, also where frames count from 1."""


@dataclass(frozen=True, slots=True)
class Media:
    """The video or image that boxes stand on.

    Attributes
    ----------
    name : str
        Its file's name; of a path that was given, otherwise made of the job's id.
    path : Path or None
        Where it is, if a path was given.
    size : (int, int)
        Width and height in pixels.
    fps : float
        Frames a second; NaN of an image.
    frames : int
        How many frames it has; 1 of an image.
    is_measured : bool
        Whether the file tells how many. What an answer tells is no limit: boxes may lie behind it.
    """

    name: str
    path: Path | None
    size: tuple[int, int]
    fps: float
    frames: int
    is_measured: bool

    @property
    def is_image(self) -> bool:
        """Whether it is an image."""
        return bool(np.isnan(self.fps))

    @property
    def last_frame(self) -> int:
        """The last frame that anything can stand on."""
        return self.frames - 1 if self.is_measured else _LAST_FRAME


@dataclass(frozen=True, slots=True)
class Placed:
    """What an answer has on frames, and what of it finds no place.

    Attributes
    ----------
    media : Media
        What the boxes stand on; its `frames` reach to the last box at least.
    labels : pandas.DataFrame
        The labels written, as in the job, and name, never empty, without control characters, and
        of one kind only; category, the number of that name from 0.
    boxes : pandas.DataFrame
        By track and frame: track, segment (within a track the boxes between which the label is
        there all the time), label_id, occurrence_id, name, category, frame (from 0), x1, y1, x2,
        y2 (within the frame), score, interpolated, box_id.
    occurrences : pandas.DataFrame
        Those written: occurrence_id, label_id, name, category, first and last frame, score.
    attributes : pandas.DataFrame
        Those of the boxes written, one of each property a box: box_id, property, value, score.
    left_out, changed : pandas.DataFrame
        As `Export` has them.
    """

    media: Media
    labels: pd.DataFrame
    boxes: pd.DataFrame
    occurrences: pd.DataFrame
    attributes: pd.DataFrame
    left_out: pd.DataFrame
    changed: pd.DataFrame

    def properties(self) -> dict[int, dict[str, str]]:
        """Give the properties of each box that has any, by box_id."""
        found: dict[int, dict[str, str]] = {}
        columns = self.attributes[["box_id", "property", "value"]].itertuples(index=False)
        for box_id, name, value in columns:
            found.setdefault(int(box_id), {})[name] = value
        return found


def place(
    job: Job,
    format: str,
    *,
    video: Medium | None,
    size: tuple[float, float] | None,
    fps: float | None,
    interpolate: bool,
    max_gap: float,
    held: dict[str, set[str]],
) -> Placed:
    """Put an answer's boxes on frames, and tell what finds no place there.

    Parameters
    ----------
    job : Job
        An answer.
    format : str
        The name of the format, for the reasons.
    video : path, binary file, Video, Still or array, optional
        The media; gives what `size` and `fps` do not.
    size : (float, float), optional
        Width and height of the frame in pixels.
    fps : float, optional
        Frames a second.
    interpolate : bool
        Whether boxes are drawn on the frames between two of a track.
    max_gap : float
        Most seconds between two boxes for others to be drawn between them.
    held : dict of str to set of str
        The tables that the format holds, and of each the columns besides its ids. Those of the
        tables labels, boxes, occurrences and attributes are given.

    Returns
    -------
    Placed
        What is to be written.

    Raises
    ------
    InvalidArgument
        An argument is out of its range, or nothing tells the size, or the frames a second.
    """
    check_job(job)
    if isinstance(max_gap, bool) or not isinstance(max_gap, Real) or not 0 <= max_gap < np.inf:
        raise InvalidArgument("max_gap", "a number of seconds, 0 or more", max_gap)
    media = media_of(job, video=video, size=size, fps=fps)
    account = _Account(job, format, held)
    boxes = _standing(job, media, account)
    times = _ranges(job, media, account)
    labels = _labels(job, boxes, times, account)
    attributes = _attributes(job, boxes, account)
    boxes = _tracked(boxes, media, interpolate=interpolate, max_gap=max_gap)
    reach = 1 + max([*boxes["frame"], *times["last"], 0])
    media = dataclasses.replace(media, frames=max(media.frames, reach))
    names = labels[["label_id", "name", "category"]]
    columns = ["track", "segment", "label_id", "occurrence_id", "name", "category", "frame"]
    return Placed(
        media,
        labels,
        boxes.merge(names, on="label_id")[[*columns, *_CORNERS, "score", "interpolated", "box_id"]]
        .sort_values(["track", "frame"], kind="stable")
        .reset_index(drop=True),
        times.merge(names, on="label_id"),
        attributes,
        *account.told(),
    )


def media_of(
    job: Job,
    *,
    video: Medium | None,
    size: tuple[float, float] | None,
    fps: float | None,
) -> Media:
    """Tell what the boxes of a job stand on, from what is given.

    Parameters
    ----------
    job : Job
        An answer.
    video, size, fps
        As for `place`.

    Returns
    -------
    Media
        An image, where one is given, or neither a video nor fps, and no box has a time.

    Raises
    ------
    InvalidArgument
        `size` or `fps` is out of its range, or missing where no video tells it.
    """
    sides = None if size is None else _checked_size(size)
    if fps is not None and (
        isinstance(fps, bool) or not isinstance(fps, Real) or not 0 < fps <= _FASTEST
    ):
        raise InvalidArgument("fps", f"frames a second, up to {_FASTEST}", fps)
    has_times = any(
        np.isfinite(times.to_numpy()).any()
        for times in (job["boxes"]["timestamp"], job["occurrences"]["start_time"])
    )
    is_image = video is None and fps is None and not has_times
    seconds, is_measured = job.duration.seconds, False
    if video is not None:
        # Here, because it loads the libraries of video, and only who gives one needs them.
        from .. import frames

        media = frames.open(video)
        is_image = isinstance(media, frames.Still)
        sides = sides or media.size
        if isinstance(media, frames.Video):
            seconds, is_measured = media.duration, True
            fps = media.rate if fps is None and np.isfinite(media.rate) else fps
        if media is not video:
            media.close()
    if sides is None:
        raise InvalidArgument("size", "(width, height) of the frame in pixels, or video=", size)
    path = Path(video) if isinstance(video, (str, os.PathLike)) else None
    # Not the job's id as it is: what comes from an answer could lead to any file.
    stem = answer_file(job.job_id).removesuffix(".json") if job.job_id else "media"
    if is_image:
        return Media(path.name if path else f"{stem}.jpg", path, sides, np.nan, 1, True)
    if fps is None:
        raise InvalidArgument("fps", "frames a second, or a video= that tells them", fps)
    count = np.nan_to_num(np.clip(seconds * fps, 1, _LAST_FRAME), nan=1)
    name = path.name if path else f"{stem}.mp4"
    return Media(name, path, sides, float(fps), round(float(count)), is_measured)


def as_json(document: Any) -> bytes:
    """Write a document as JSON, in which half of a character pair becomes a question mark."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


class _Account:
    """Counts, for each row of each table, whether it is written or why it is not."""

    def __init__(self, job: Job, format: str, held: dict[str, set[str]]) -> None:
        self._job = job
        self._format = format
        self._held = held
        # The position of a row's reason among those given so far, or −1 while it is written.
        self._reasons: list[str] = []
        self._reason = {name: np.full(len(job[name]), -1) for name in held}
        self._changes: list[tuple[str, int, str]] = []

    def holds(self, table: str) -> bool:
        """Tell whether the format holds a table."""
        return table in self._held

    def leave_out(self, table: str, rows: npt.ArrayLike, why: str) -> None:
        """Leave rows out; the first reason of a row counts."""
        reason = self._reason[table]
        reason[np.asarray(rows, dtype=bool) & (reason < 0)] = len(self._reasons)
        self._reasons.append(why)

    def kept(self, table: str) -> npt.NDArray[np.bool_]:
        """Tell which rows of a table are not left out so far."""
        return np.asarray(self._reason[table] < 0)

    def change(self, table: str, rows: Any, why: str) -> None:
        """Tell that rows are written otherwise than they are."""
        self._changes.append((table, int(rows), why))

    def told(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Sum up: what is left out, and what is changed."""
        *most, last = self._held
        only = f"{self._format} holds {', '.join(most)} and {last} only"
        left_out, lost = [], []
        for name, frame in self._job.items():
            if name in self._held:
                given = self._reason[name][~self.kept(name)]
                rows = np.bincount(given, minlength=len(self._reasons)).tolist()
                left_out += [(name, *line) for line in zip(rows, self._reasons, strict=True)]
                lost.append(self._without(name))
            else:
                left_out.append((name, len(frame), only))
        return counted(left_out), counted([*self._changes, *lost])

    def _without(self, table: str) -> tuple[str, int, str]:
        """Tell which columns of the rows written have no place, and how many rows have them."""
        columns = [
            column.name
            for column in TABLES[table].columns
            if column.name not in self._held[table]
            and not column.name.startswith("result_")
            and not column.name.endswith("_id")
        ]
        told = self._job[table].loc[self.kept(table), columns].notna()
        lost = [name for name in columns if told[name].any()]
        return table, int(told.any(axis=1).sum()), f"written without {', '.join(lost)}"


def _checked_size(size: Any) -> tuple[int, int]:
    try:
        sides = np.asarray(size, dtype=np.float64)
    except (TypeError, ValueError):
        sides = np.empty(0)
    if sides.shape != (2,) or not ((sides >= 1) & (sides <= 2**31 - 1)).all():
        raise InvalidArgument("size", "(width, height) of the frame in pixels", size)
    return round(float(sides[0])), round(float(sides[1]))


def _standing(job: Job, media: Media, account: _Account) -> pd.DataFrame:
    """Give the boxes that stand on a frame, cut at its edges, with the frame of each."""
    boxes = job["boxes"]
    best = job.best("boxes")
    types = " and ".join(sorted(best["result_type"].dropna().unique()))
    account.leave_out(
        "boxes",
        ~boxes["box_id"].isin(best["box_id"]),
        f"of another result; Job.best takes those of {types or 'another'}",
    )
    account.leave_out("boxes", ~boxes["label_id"].isin(job["labels"]["label_id"]), "of no label")
    corners = boxes[_CORNERS].to_numpy()
    account.leave_out("boxes", ~np.isfinite(corners).all(axis=1), "a number is missing")
    account.leave_out("boxes", geometry.is_reversed(corners), "reversed")
    flat = (corners[:, 0] == corners[:, 2]) | (corners[:, 1] == corners[:, 3])
    account.leave_out("boxes", flat, "no area")
    at = boxes["timestamp"].to_numpy()
    frame = np.zeros(len(boxes))
    if media.is_image:
        account.leave_out("boxes", np.isfinite(at), "an image has no times")
    else:
        account.leave_out("boxes", ~np.isfinite(at), "no time")
        frame = _frame_at(at, media)
        # At the very end, a time rounds to the frame behind the last.
        frame = np.where(frame == media.last_frame + 1, media.last_frame, frame)
        account.leave_out("boxes", frame < 0, "before the video begins")
        account.leave_out("boxes", frame > media.last_frame, "after the video ends")

    limits = np.array([*media.size, *media.size], dtype=np.float64)
    inside = np.clip(corners, 0, limits)
    outside = (inside[:, 0] >= inside[:, 2]) | (inside[:, 1] >= inside[:, 3])
    account.leave_out("boxes", outside, "outside the frame")
    identity = ["label_id", "occurrence_id", "timestamp", *_CORNERS]
    kept = account.kept("boxes")
    twice = boxes[kept].sort_values("box_id").duplicated(identity).reindex(boxes.index)
    account.leave_out("boxes", twice.fillna(False).to_numpy(dtype=bool), "the same box twice")

    kept = account.kept("boxes")
    found = boxes[kept].assign(
        frame=frame[kept].astype(np.int64), **dict(zip(_CORNERS, inside[kept].T, strict=True))
    )
    if not media.is_image:
        # Of one track and frame, the moment nearest to the frame; an earlier one of two as near.
        owner = ["label_id", "occurrence_id", "frame"]
        away = (found["timestamp"] - found["frame"] / media.fps).abs()
        order = found.assign(away=away).sort_values(["away", "timestamp", "box_id"])
        nearest = order.groupby(owner, dropna=False)["timestamp"].transform("first")
        other = (order["timestamp"] != nearest).reindex(boxes.index)
        why = "another box of its track is nearer to the frame"
        account.leave_out("boxes", other.fillna(False).to_numpy(dtype=bool), why)
        found = found[account.kept("boxes")[found.index]]
    cut = geometry.is_outside(corners[found.index], media.size)
    account.change("boxes", cut.sum(), "cut at the frame's edges")
    return found


def _frame_at(times: npt.NDArray[np.float64], media: Media) -> npt.NDArray[np.float64]:
    """Tell the frame that begins nearest to each time."""
    with np.errstate(over="ignore"):
        return np.asarray(np.floor(times * media.fps + 0.5))


def _ranges(job: Job, media: Media, account: _Account) -> pd.DataFrame:
    """Give the occurrences that have times, with the first and the last frame of each."""
    seen = job["occurrences"]
    if not account.holds("occurrences"):
        return seen[:0].assign(first=0, last=0)
    best = job.best("occurrences")
    why = "of another result than Job.best takes"
    account.leave_out("occurrences", ~seen["occurrence_id"].isin(best["occurrence_id"]), why)
    known = seen["label_id"].isin(job["labels"]["label_id"])
    account.leave_out("occurrences", ~known, "of no label")
    start, end = seen["start_time"].to_numpy(), seen["end_time"].to_numpy()
    if media.is_image:
        account.leave_out("occurrences", np.ones(len(seen), dtype=bool), "an image has no times")
    account.leave_out("occurrences", ~(np.isfinite(start) & np.isfinite(end)), "no time")
    account.leave_out("occurrences", end < start, "reversed")
    # A frame that begins where the range ends is no longer in it.
    first, behind = _frame_at(start, media), _frame_at(end, media)
    account.leave_out("occurrences", behind < 0, "before the video begins")
    account.leave_out("occurrences", first > media.last_frame, "after the video ends")
    kept = account.kept("occurrences")
    first = np.clip(first[kept], 0, media.last_frame).astype(np.int64)
    last = np.clip(behind[kept] - 1, first, media.last_frame).astype(np.int64)
    found = seen.loc[kept, ["occurrence_id", "label_id", "score"]]
    return found.assign(first=first, last=last).reset_index(drop=True)


def _labels(job: Job, boxes: pd.DataFrame, times: pd.DataFrame, account: _Account) -> pd.DataFrame:
    """Give the labels that boxes or occurrences are written of, each with a name to show."""
    labels = job["labels"]
    is_used = labels["label_id"].isin([*boxes["label_id"], *times["label_id"]])
    with_boxes = labels["label_id"].isin(job["boxes"]["label_id"])
    account.leave_out("labels", ~is_used & with_boxes, "its boxes are left out")
    account.leave_out(
        "labels", ~is_used, "no box and no time" if account.holds("occurrences") else "no box"
    )
    used = labels[is_used]
    plain = used["name"].fillna("")
    shown = plain.map(clean).astype(TEXT)
    account.change("labels", (shown != plain).sum(), "control characters became U+FFFD")
    is_blank = shown.str.strip() == ""
    account.change("labels", is_blank.sum(), "without a name: called by its kind")
    kinds = used["kind"].fillna("").map(lambda kind: clean(kind).strip() or "label")
    shown = shown.where(~is_blank, kinds)
    # Labels of one kind and name are one category; a name that two kinds share gets a number.
    keys = list(zip(used["kind"].fillna(""), plain, shown, strict=True))
    names: dict[tuple[str, str, str], str] = {}
    taken: set[str] = set()
    for key in keys:
        if key not in names:
            names[key] = unique(key[2], taken)
            taken.add(names[key])
    given = [names[key] for key in keys]
    renamed = sum(names[key] != key[2] for key in keys)
    account.change("labels", renamed, "a number tells it from another label of that name")
    order = {name: number for number, name in enumerate(names.values())}
    made = used.assign(name=given, category=[order[name] for name in given])
    return made.reset_index(drop=True)


def _attributes(job: Job, boxes: pd.DataFrame, account: _Account) -> pd.DataFrame:
    """Give the attributes of the boxes written, one value for each property of a box."""
    found = job["attributes"]
    if not account.holds("attributes"):
        return found[:0]
    account.leave_out("attributes", ~found["box_id"].isin(boxes["box_id"]), "of no box written")
    nameless = found["property"].isna() | found["value"].isna()
    account.leave_out("attributes", nameless, "no property or no value")
    kept = account.kept("attributes")
    shown = found[kept].assign(
        property=found.loc[kept, "property"].map(clean), value=found.loc[kept, "value"].map(clean)
    )
    again = shown.duplicated(["box_id", "property"]).reindex(found.index)
    why = "another value of a property that its box has"
    account.leave_out("attributes", again.fillna(False).to_numpy(dtype=bool), why)
    shown = shown[account.kept("attributes")[shown.index]]
    same = shown[["property", "value"]] == found.loc[shown.index, ["property", "value"]]
    account.change("attributes", (~same.all(axis=1)).sum(), "control characters became U+FFFD")
    return shown.reset_index(drop=True)


def _tracked(
    boxes: pd.DataFrame, media: Media, *, interpolate: bool, max_gap: float
) -> pd.DataFrame:
    """Tell tracks and segments apart, and draw the boxes between those of a segment."""
    boxes = boxes.sort_values(["label_id", "occurrence_id", "frame", "box_id"], kind="stable")
    owner = ["label_id", "occurrence_id"]
    moment = boxes.groupby([*owner, "frame"], dropna=False)
    place_on_frame = moment.cumcount()
    is_shared = (moment["box_id"].transform("size") > 1).to_numpy(dtype=bool)
    boxes = boxes.assign(
        turn=place_on_frame, interpolated=np.zeros(len(boxes), dtype=bool), is_shared=is_shared
    )
    track = boxes.groupby([*owner, "turn"], dropna=False).ngroup()
    boxes = boxes.assign(track=track).sort_values(["track", "frame"], kind="stable")

    track, frame = boxes["track"].to_numpy(), boxes["frame"].to_numpy()
    shared, at = boxes["is_shared"].to_numpy(), boxes["timestamp"].to_numpy()
    goes_on = frame[1:] == frame[:-1] + 1
    if interpolate:
        # Where several boxes stand, nothing tells which of them goes on to which.
        goes_on |= (at[1:] - at[:-1] <= max_gap) & ~shared[1:] & ~shared[:-1]
    goes_on &= track[1:] == track[:-1]
    boxes["segment"] = np.cumsum(np.append(True, ~goes_on)[: len(boxes)])
    spans = zip(frame[:-1][goes_on].tolist(), frame[1:][goes_on].tolist(), strict=True)
    between = [np.arange(start + 1, end) for start, end in spans if end - start > 1]
    if not between:
        return boxes
    asked = np.unique(np.concatenate(between))
    before, time, made = geometry.interpolate(
        boxes["segment"].to_numpy(), frame, boxes[_CORNERS].to_numpy(), asked, np.inf
    )
    drawn = boxes.iloc[before].assign(
        frame=asked[time],
        interpolated=True,
        score=np.nan,
        box_id=pd.array([pd.NA] * len(time), dtype="Int64"),
        **dict(zip(_CORNERS, _rounded(made).T, strict=True)),
    )
    return pd.concat([boxes, drawn]).sort_values(["track", "frame"], kind="stable")


def _rounded(corners: geometry.Boxes) -> geometry.Boxes:
    """Round to a millionth of a pixel, unless no area is left."""
    rounded = np.round(corners, 6)
    has_area = np.all(rounded[:, :2] < rounded[:, 2:], axis=1, keepdims=True)
    return np.where(has_area, rounded, corners)
