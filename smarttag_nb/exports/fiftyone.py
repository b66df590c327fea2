"""FiftyOne: a folder that it imports as a dataset of one video or one image."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..job import Job
from .characters import clean
from .export import Export
from .json_document import as_json, as_json_object
from .media import Media
from .names import unique
from .on_frames import Placed, place
from .whole import write_whole

if TYPE_CHECKING:
    from .media import Medium

_HELD = {
    "labels": {"kind", "name"},
    "boxes": {"timestamp", "x1", "y1", "x2", "y2", "score"},
    "occurrences": {"start_time", "end_time", "score"},
    "attributes": {"property", "value", "score"},
}
_OWN = ("kind", "label_id", "occurrence_id", "box_id", "interpolated")
_FIELDS = (
    *("id", "pk", "attributes", "bounding_box", "confidence", "index", "instance", "label"),
    *("mask", "mask_path", "support", "tags", *_OWN),
)
"""Names that a detection in FiftyOne has already, and ours."""


def fiftyone(
    job: Job,
    folder: str | os.PathLike[str],
    *,
    video: Medium | None = None,
    size: tuple[float, float] | None = None,
    fps: float | None = None,
    interpolate: bool = True,
    max_gap: float = 1.0,
) -> Export:
    """Write an answer's boxes and time ranges as a dataset that FiftyOne imports.

    Parameters
    ----------
    job : Job
        An answer.
    folder : path
        Where to write; made where it is missing. Older files of ours in it are replaced.
    video, size, fps, interpolate, max_gap
        As for `coco`; `fps` numbers the file's own frames.

    Returns
    -------
    Export
        The labels and the manifest, and what FiftyOne cannot hold.

    Raises
    ------
    InvalidArgument, NotMedia, MediaError, OSError
        As for `coco`.

    Notes
    -----
    FiftyOneVideoLabelsDataset, and of an image FiftyOneImageLabelsDataset, of
    https://docs.voxel51.com/user_guide/import_datasets.html::

        import fiftyone as fo
        kind = fo.types.FiftyOneVideoLabelsDataset
        dataset = fo.Dataset.from_dir(dataset_dir="FOLDER", dataset_type=kind)

    The manifest leads to the media where its path was given, which is not copied; otherwise to
    ``data/``, where it is to be put under the name that stands there. Boxes are detections of
    frames, which count from 1; the index is the track's (see `coco`). Occurrences are temporal
    detections in the field ``events``. Each tells kind, label_id and occurrence_id, a box also
    box_id, interpolated and its properties; what of a property's name is neither a letter, a digit
    nor _ becomes _.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> job = stag.samples.load("magazine")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export = fiftyone(job, folder, video=stag.samples.video("magazine"))
    >>> [file.name for file in export.files]
    ['clip.json', 'manifest.json']
    """
    placed = place(
        job,
        "FiftyOne",
        video=video,
        size=size,
        fps=fps,
        interpolate=interpolate,
        max_gap=max_gap,
        held=_HELD,
    )
    media, target = placed.media, Path(folder)
    labels = target / "labels" / f"{Path(media.name).stem}.json"
    labels.parent.mkdir(parents=True, exist_ok=True)
    write_whole(labels, _of_image(placed) if media.is_image else _of_video(placed))
    sort = "Image" if media.is_image else "Video"
    manifest = {
        "type": f"eta.core.datasets.Labeled{sort}Dataset",
        "description": "",
        "index": [{"data": _way_to(media, target), "labels": f"labels/{labels.name}"}],
    }
    # Last: it is what makes the folder a dataset.
    write_whole(target / "manifest.json", as_json(manifest))
    files = (labels, target / "manifest.json")
    return Export("FiftyOne", files, placed.left_out, placed.changed)


def _way_to(media: Media, folder: Path) -> str:
    if media.path is None:
        return f"data/{media.name}"
    try:
        return Path(os.path.relpath(media.path, folder)).as_posix()
    except ValueError:  # On another drive of Windows.
        return media.path.absolute().as_posix()


def _of_image(placed: Placed) -> bytes:
    found = [made for _, objects in _by_frame(placed) for made in objects]
    return as_json({"filename": placed.media.name, "objects": {"objects": found}})


def _of_video(placed: Placed) -> Iterator[bytes]:
    media = placed.media
    kinds = _kinds(placed)
    document = {
        "filename": media.name,
        "metadata": {
            "frame_size": list(media.size),
            "frame_rate": media.fps,
            "total_frame_count": media.frames,
            "duration": media.frames / media.fps,
        },
        "events": {
            "events": [
                {
                    "label": row.name,
                    "support": {"ranges": [[row.first + 1, row.last + 1]]},
                    **_confidence(row.score),
                    "attrs": _attributes(_origin(row, kinds)),
                }
                for row in placed.occurrences.itertuples(index=False)
            ]
        },
    }
    frames = (
        (str(frame), {"frame_number": frame, "objects": {"objects": found}})
        for frame, found in _by_frame(placed)
    )
    return as_json_object(document, "frames", frames)


def _by_frame(placed: Placed) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """List the detections on each frame, from 1."""
    width, height = placed.media.size
    kinds, properties = _kinds(placed), _properties(placed)
    boxes = placed.boxes.sort_values("frame", kind="stable")
    for frame, rows in groupby(boxes.itertuples(index=False), key=lambda row: row.frame + 1):
        found = []
        for row in rows:
            told = [*_origin(row, kinds), ("interpolated", bool(row.interpolated), math.nan)]
            if not row.interpolated:
                told += [("box_id", int(row.box_id), math.nan), *properties.get(row.box_id, [])]
            found.append(
                {
                    "label": row.name,
                    "bounding_box": {
                        "top_left": {"x": row.x1 / width, "y": row.y1 / height},
                        "bottom_right": {"x": row.x2 / width, "y": row.y2 / height},
                    },
                    **_confidence(row.score),
                    "index": row.track + 1,
                    **({} if placed.media.is_image else {"frame_number": frame}),
                    "attrs": _attributes(told),
                }
            )
        yield frame, found


def _properties(placed: Placed) -> dict[int, list[tuple[str, str, float]]]:
    """Give the properties of each box: a name that FiftyOne takes, value and score."""
    names: dict[str, str] = {}
    for name in placed.attributes["property"].unique().tolist():
        # A field's name may not begin with _ or a digit, and may have no dot or dollar in it.
        plain = re.sub(r"\W", "_", name).lstrip("_0123456789") or "property"
        names[name] = unique(plain, {*_FIELDS, *names.values()}).replace(" (", "_").rstrip(")")
    properties: dict[int, list[tuple[str, str, float]]] = {}
    columns = ["box_id", "property", "value", "score"]
    for box_id, name, value, score in placed.attributes[columns].itertuples(index=False, name=None):
        properties.setdefault(box_id, []).append((names[name], value, score))
    return properties


def _kinds(placed: Placed) -> dict[int, str]:
    told = placed.labels[["label_id", "kind"]].dropna().itertuples(index=False, name=None)
    return {label_id: clean(kind) for label_id, kind in told}


def _origin(row: Any, kinds: dict[int, str]) -> list[tuple[str, Any, float]]:
    kind = kinds.get(row.label_id)
    told: list[tuple[str, Any, float]] = [] if kind is None else [("kind", kind, math.nan)]
    for name in ("label_id", "occurrence_id"):
        value = getattr(row, name)
        told += [] if value is pd.NA else [(name, int(value), math.nan)]
    return told


def _attributes(told: Iterable[tuple[str, Any, float]]) -> dict[str, Any]:
    return {
        "attrs": [
            {
                "type": f"eta.core.data.{_type_of(value)}Attribute",
                "name": name,
                "value": value,
                **_confidence(score),
            }
            for name, value, score in told
        ]
    }


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "Boolean"
    return "Categorical" if isinstance(value, str) else "Numeric"


def _confidence(score: float) -> dict[str, float]:
    return {"confidence": float(score)} if math.isfinite(score) else {}
