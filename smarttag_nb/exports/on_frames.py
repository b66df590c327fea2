"""Boxes on a video's numbered frames, or on an image: what annotation tools ask for.

An answer tells times, an annotation tool frames. A box stands on the frame whose time is nearest to
its own: detectors look at frames, and answers round their times. A track is a label's boxes in one
occurrence; where several of them stand on one frame, each but the first makes a track of its own.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import boxes as geometry
from ..errors import InvalidArgument
from ..job import Job, check_job
from ..tables import TEXT
from .account import Account
from .characters import CLEANED, clean
from .media import Media, media_of
from .names import unique

if TYPE_CHECKING:
    from .media import Medium

_CORNERS = ["x1", "y1", "x2", "y2"]


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
    account = Account(job, format, held)
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


def _standing(job: Job, media: Media, account: Account) -> pd.DataFrame:
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


def _ranges(job: Job, media: Media, account: Account) -> pd.DataFrame:
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


def _labels(job: Job, boxes: pd.DataFrame, times: pd.DataFrame, account: Account) -> pd.DataFrame:
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
    account.change("labels", (shown != plain).sum(), CLEANED)
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


def _attributes(job: Job, boxes: pd.DataFrame, account: Account) -> pd.DataFrame:
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
    account.change("attributes", (~same.all(axis=1)).sum(), CLEANED)
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
