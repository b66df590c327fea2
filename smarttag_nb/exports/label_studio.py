"""Label Studio: a task with boxes and time ranges, and the labelling config that shows it."""

from __future__ import annotations

import math
import os
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd

from ..errors import InvalidArgument
from ..job import Job
from .export import Export, counted
from .json_document import as_json
from .media import Media
from .on_frames import Placed, place
from .whole import check_target, write_whole

if TYPE_CHECKING:
    from .media import Medium

_HELD = {
    "labels": {"name"},
    "boxes": {"timestamp", "x1", "y1", "x2", "y2", "score"},
    "occurrences": {"start_time", "end_time", "score"},
}


def label_studio(
    job: Job,
    file: str | os.PathLike[str],
    *,
    video: Medium | None = None,
    size: tuple[float, float] | None = None,
    fps: float | None = None,
    interpolate: bool = True,
    max_gap: float = 1.0,
) -> Export:
    """Write an answer's boxes and time ranges as pre-annotations of a Label Studio task.

    Parameters
    ----------
    job : Job
        An answer.
    file : path
        Where to write the task, JSON. The labelling config stands beside it, named the same but
        for its suffix .xml. Older files are replaced once the new ones are whole.
    video, size, fps, interpolate, max_gap
        As for `coco`; `fps` is what Label Studio counts frames by.

    Returns
    -------
    Export
        The task and the config, and what Label Studio cannot hold.

    Raises
    ------
    InvalidArgument, NotMedia, MediaError, OSError
        As for `coco`; the file is also refused where it is named .xml.

    Notes
    -----
    Make a project with the config, then import the task. Its ``data`` names the media's file alone:
    set it to the address at which your Label Studio reads the media.

    A track (as in `coco`) is a VideoRectangle: its sequence holds the boxes of the answer, with
    frames from 1 and percent of the frame, https://labelstud.io/tags/videorectangle. Label Studio
    draws those between itself, along the same line; ``enabled`` is false where a track ends or
    pauses. Occurrences are TimelineLabels, from the first to the last frame of each. An image's
    boxes are RectangleLabels. A region's id tells label_id and occurrence_id.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> job = stag.samples.load("magazine")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export = label_studio(job, f"{folder}/task.json", video=stag.samples.video("magazine"))
    >>> [file.name for file in export.files]
    ['task.json', 'task.xml']
    """
    config = Path(file).with_suffix(".xml")
    if config == Path(file):
        raise InvalidArgument(
            "file", "a name that leaves .xml to the labelling config", os.fspath(file)
        )
    placed = place(
        job,
        "Label Studio",
        video=video,
        size=size,
        fps=fps,
        interpolate=interpolate,
        max_gap=max_gap,
        held=_HELD,
    )
    media = placed.media
    if media.is_image:
        regions = [_rectangle(row, media) for row in placed.boxes.itertuples(index=False)]
    else:
        by_track = groupby(placed.boxes.itertuples(index=False), key=lambda row: row.track)
        regions = [
            *(_track(list(rows), media) for _, rows in by_track),
            *(_range(row) for row in placed.occurrences.itertuples(index=False)),
        ]
    task = {
        "data": {"image" if media.is_image else "video": media.name},
        "predictions": [{"model_version": job.operation or "smart tagging", "result": regions}],
    }
    for target in (file, config):
        check_target(target)
    write_whole(config, _config(placed))
    write_whole(file, as_json([task]))
    changed = placed.changed
    if not media.is_image:
        scored = int(placed.boxes["score"].notna().sum())
        why = "the score is told for the whole track, as the mean"
        changed = pd.concat([changed, counted([("boxes", scored, why)])], ignore_index=True)
    return Export("Label Studio", (Path(file), config), placed.left_out, changed)


def _percent(row: Any, media: Media) -> dict[str, float]:
    width, height = media.size
    x, y = 100 * row.x1 / width, 100 * row.y1 / height
    # Rounding must not lead out of the frame.
    return {
        "x": x,
        "y": y,
        "width": min(100 * (row.x2 - row.x1) / width, 100 - x),
        "height": min(100 * (row.y2 - row.y1) / height, 100 - y),
        "rotation": 0,
    }


def _id(kind: str, row: Any, *more: Any) -> str:
    ids = (row.label_id, row.occurrence_id, *more)
    return "-".join([kind, *("none" if value is pd.NA else str(value) for value in ids)])


def _rectangle(row: Any, media: Media) -> dict[str, Any]:
    return {
        "id": _id("box", row, row.box_id),
        "type": "rectanglelabels",
        "from_name": "boxes",
        "to_name": "image",
        "original_width": media.size[0],
        "original_height": media.size[1],
        "image_rotation": 0,
        "value": {**_percent(row, media), "rectanglelabels": [row.name]},
        **_score([row.score]),
    }


def _track(rows: list[Any], media: Media) -> dict[str, Any]:
    measured = [row for row in rows if not row.interpolated]
    following = [*measured[1:], None]
    sequence = [
        {
            "frame": row.frame + 1,
            "enabled": behind is not None and behind.segment == row.segment,
            **_percent(row, media),
            "time": (row.frame + 1) / media.fps,
        }
        for row, behind in zip(measured, following, strict=True)
    ]
    first = rows[0]
    return {
        "id": _id("track", first, first.track),
        "type": "videorectangle",
        "from_name": "boxes",
        "to_name": "video",
        "value": {
            "framesCount": media.frames,
            "duration": media.frames / media.fps,
            "sequence": sequence,
            "labels": [first.name],
        },
        **_score([row.score for row in measured]),
    }


def _range(row: Any) -> dict[str, Any]:
    return {
        "id": _id("range", row),
        "type": "timelinelabels",
        "from_name": "times",
        "to_name": "video",
        "value": {
            "ranges": [{"start": row.first + 1, "end": row.last + 1}],
            "timelinelabels": [row.name],
        },
        **_score([row.score]),
    }


def _score(scores: list[float]) -> dict[str, float]:
    told = [score for score in scores if math.isfinite(score)]
    return {"score": float(np.mean(told))} if told else {}


def _config(placed: Placed) -> bytes:
    media = placed.media
    boxed = placed.boxes["name"].drop_duplicates().tolist()
    view = ElementTree.Element("View")
    if media.is_image:
        ElementTree.SubElement(view, "Image", {"name": "image", "value": "$image"})
        _add_labels(view, "RectangleLabels", {"name": "boxes", "toName": "image"}, boxed)
    else:
        timed = placed.occurrences["name"].drop_duplicates().tolist()
        _add_labels(view, "TimelineLabels", {"name": "times", "toName": "video"}, timed)
        ElementTree.SubElement(
            view, "Video", {"name": "video", "value": "$video", "frameRate": f"{media.fps!r}"}
        )
        ElementTree.SubElement(view, "VideoRectangle", {"name": "boxes", "toName": "video"})
        _add_labels(view, "Labels", {"name": "labels", "toName": "video"}, boxed)
    ElementTree.indent(view)
    written: bytes = ElementTree.tostring(view, encoding="utf-8")
    return written


def _add_labels(
    view: ElementTree.Element, tag: str, facts: dict[str, str], labels: list[str]
) -> None:
    parent = ElementTree.SubElement(view, tag, facts)
    for label in labels:
        ElementTree.SubElement(parent, "Label", {"value": label})
