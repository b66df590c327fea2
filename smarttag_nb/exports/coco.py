"""COCO: boxes on images, and on the frames of a video."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pandas import NA

from ..job import Job
from .characters import clean
from .export import Export
from .json_document import as_json_list
from .on_frames import place
from .whole import write_whole

if TYPE_CHECKING:
    from .media import Medium

_HELD = {
    "labels": {"kind", "name"},
    "boxes": {"timestamp", "x1", "y1", "x2", "y2", "score"},
    "attributes": {"property", "value"},
}


def coco(
    job: Job,
    file: str | os.PathLike[str],
    *,
    video: Medium | None = None,
    size: tuple[float, float] | None = None,
    fps: float | None = None,
    interpolate: bool = True,
    max_gap: float = 1.0,
) -> Export:
    """Write the boxes of an answer as COCO annotations, which most of object detection reads.

    Parameters
    ----------
    job : Job
        An answer.
    file : path
        Where to write, JSON; an older file is replaced once the new one is whole.
    video : path, binary file, Video, Still or array, optional
        The media, a video or an image: tells `size` and `fps` where they are not given, and how
        many frames there are.
    size : (float, float), optional
        Width and height of the frame in pixels. Needed without `video`.
    fps : float, optional
        Frames a second to number, not those of the file where fewer images will do. Needed for
        a video whose file is not given or does not tell it.
    interpolate : bool
        Whether boxes are drawn on the frames between two of a track.
    max_gap : float
        Most seconds between two boxes for others to be drawn between them.

    Returns
    -------
    Export
        The file, and what COCO cannot hold.

    Raises
    ------
    InvalidArgument
        An argument is out of its range, or the size or the frames a second are not told.
    NotMedia, MediaError
        The video cannot serve.
    OSError
        The file cannot be written; an older one is as it was.

    Notes
    -----
    The format of https://cocodataset.org/#format-data: a label is a category, its kind the
    supercategory; boxes are x, y, width, height in pixels, cut at the frame's edges. An annotation
    also tells label_id, occurrence_id, box_id (none of a box drawn), interpolated and, where the
    answer has them, score and attributes.

    The frames that have a box are the images; frame n, from 0, is ``frame_00000n.jpg``, as
    ``ffmpeg -i FILE -vf fps=FPS -start_number 0 frame_%06d.jpg`` makes them. The video extension
    of CocoVID and TAO stands beside: videos, tracks, and video_id, frame_id, track_id and
    instance_id (the same) in images and annotations. Numbers count from 1, frames from 0.

    A box stands on the frame nearest to its time. A track is a label's boxes in one occurrence,
    as in `measures.tracks`; of several on one frame, each but the first has a track of its own.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> job = stag.samples.load("magazine")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export = coco(job, f"{folder}/boxes.json", video=stag.samples.video("magazine"))
    >>> export.left_out.loc[export.left_out.table == "speech", "why"].tolist()
    ['COCO holds labels, boxes and attributes only']
    """
    placed = place(
        job,
        "COCO",
        video=video,
        size=size,
        fps=fps,
        interpolate=interpolate,
        max_gap=max_gap,
        held=_HELD,
    )
    media, boxes = placed.media, placed.boxes
    width, height = media.size
    frames = [0] if media.is_image else sorted(boxes["frame"].unique().tolist())
    image_of = {frame: number for number, frame in enumerate(frames, 1)}
    side = {"width": width, "height": height}
    document: dict[str, Any] = {
        "info": {"description": job.title or "", "version": "1.0"},
        "licenses": [],
        "categories": [
            {"id": int(row.category) + 1, "name": row.name, "supercategory": clean(row.kind)}
            for row in placed.labels.drop_duplicates("category")
            .fillna({"kind": ""})[["category", "name", "kind"]]
            .itertuples(index=False)
        ],
    }
    if media.is_image:
        document["images"] = [{"id": 1, "file_name": media.name, **side}]
    else:
        told = {"fps": media.fps, "length": media.frames}
        document["videos"] = [{"id": 1, "name": media.name, **side, **told}]
        document["images"] = [
            {
                "id": number,
                "file_name": f"frame_{frame:06d}.jpg",
                **side,
                "video_id": 1,
                "frame_id": frame,
                "timestamp": frame / media.fps,
            }
            for frame, number in image_of.items()
        ]
        document["tracks"] = [
            {"id": track + 1, "category_id": category + 1, "video_id": 1}
            for track, category in boxes.drop_duplicates("track")[["track", "category"]].itertuples(
                index=False, name=None
            )
        ]
    properties = placed.properties()
    sized = boxes.assign(width=boxes["x2"] - boxes["x1"], height=boxes["y2"] - boxes["y1"])
    annotations = (
        {
            "id": number,
            "image_id": image_of[row.frame],
            "category_id": row.category + 1,
            "bbox": [row.x1, row.y1, row.width, row.height],
            "area": row.width * row.height,
            "iscrowd": 0,
            "segmentation": [],
            **({} if media.is_image else _in_video(row.track)),
            **_facts(row),
            "attributes": {} if row.interpolated else properties.get(row.box_id, {}),
        }
        for number, row in enumerate(sized.itertuples(index=False), 1)
    )
    write_whole(file, as_json_list(document, "annotations", annotations))
    return Export("COCO", (Path(file),), placed.left_out, placed.changed)


def _in_video(track: int) -> dict[str, int]:
    return {"video_id": 1, "track_id": track + 1, "instance_id": track + 1}


def _facts(row: Any) -> dict[str, Any]:
    """Tell where a box comes from, and its score."""
    ids = {name: getattr(row, name) for name in ("label_id", "occurrence_id", "box_id")}
    facts: dict[str, Any] = {name: int(value) for name, value in ids.items() if value is not NA}
    if math.isfinite(row.score):
        facts["score"] = row.score
    return {**facts, "interpolated": bool(row.interpolated)}
