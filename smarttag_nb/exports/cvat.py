"""CVAT: boxes as tracks of a video, or as shapes on an image."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pandas as pd

from ..job import Job
from .characters import clean
from .export import Export
from .media import Media
from .names import unique
from .on_frames import Placed, place
from .whole import write_whole

if TYPE_CHECKING:
    from .media import Medium

_HELD = {
    "labels": {"name", "origin"},
    "boxes": {"timestamp", "x1", "y1", "x2", "y2", "score"},
    "attributes": {"property", "value"},
}
_IDS = ("label_id", "occurrence_id")
_OWN = (*_IDS, "box_id", "score")
"""Attributes that tell where a box comes from, besides the properties of the answer."""


def cvat(
    job: Job,
    file: str | os.PathLike[str],
    *,
    video: Medium | None = None,
    size: tuple[float, float] | None = None,
    fps: float | None = None,
    interpolate: bool = True,
    max_gap: float = 1.0,
) -> Export:
    """Write the boxes of an answer as CVAT for video 1.1, or of an image as CVAT for images 1.1.

    Parameters
    ----------
    job : Job
        An answer.
    file : path
        Where to write, XML; an older file is replaced once the new one is whole.
    video, size, fps, interpolate, max_gap
        As for `coco`; `fps` numbers the frames of CVAT's task, which are the file's own.

    Returns
    -------
    Export
        The file, and what CVAT cannot hold.

    Raises
    ------
    InvalidArgument, NotMedia, MediaError, OSError
        As for `coco`.

    Notes
    -----
    The format of https://docs.cvat.ai/docs/dataset_management/formats/xml_format/: make a task with
    the labels of the file's ``meta``, and upload the file as its annotations. Tracks are those of
    `coco`, frames count from 0. A box of the answer is a keyframe; one drawn is none, and CVAT,
    which draws its own in the same way, passes it over. Where a track ends or pauses, its last box
    stands on the next frame once more with ``outside="1"``.

    A box tells label_id, occurrence_id, box_id and score beside its own properties as attributes;
    one drawn tells none.
    The source of a machine's track is ``auto``, of one that people went over ``semi-auto``. CVAT
    takes no label's name longer than 64 characters.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> job = stag.samples.load("magazine")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export = cvat(job, f"{folder}/annotations.xml", video=stag.samples.video("magazine"))
    ...     tracks = export.files[0].read_text(encoding="utf-8").count("<track ")
    >>> tracks > 0
    True
    """
    placed = place(
        job,
        "CVAT",
        video=video,
        size=size,
        fps=fps,
        interpolate=interpolate,
        max_gap=max_gap,
        held=_HELD,
    )
    write_whole(file, _parts(placed))
    return Export("CVAT", (Path(file),), placed.left_out, placed.changed)


def _parts(placed: Placed) -> Iterator[bytes]:
    """Write the document, a track at a time."""
    names = _names(placed)
    boxes = _Boxes(placed, names)
    yield b"<?xml version='1.0' encoding='utf-8'?>\n<annotations>\n  <version>1.1</version>"
    yield _part(_meta(placed, names))
    rows = placed.boxes.itertuples(index=False)
    if placed.media.is_image:
        width, height = placed.media.size
        facts = {"id": "0", "name": placed.media.name, "width": str(width), "height": str(height)}
        image = ElementTree.Element("image", {name: clean(fact) for name, fact in facts.items()})
        for row in rows:
            boxes.add(image, row, label=row.name, source=boxes.source(row))
        yield _part(image)
    else:
        for track, of in groupby(rows, key=lambda row: row.track):
            yield _part(_track(track, list(of), boxes, placed.media))
    yield b"\n</annotations>"


def _part(element: ElementTree.Element) -> bytes:
    ElementTree.indent(element, level=1)
    written: bytes = ElementTree.tostring(element, encoding="utf-8")
    return b"\n  " + written


def _add(
    parent: ElementTree.Element, tag: str, text: str | None = None, **facts: str
) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, tag, facts)
    made.text = text
    return made


def _names(placed: Placed) -> dict[str, str]:
    """Name the answer's properties so that none is taken for one of ours."""
    names: dict[str, str] = {}
    for name in placed.attributes["property"].unique().tolist():
        names[name] = unique(name, {*_OWN, *names.values()})
    return names


def _properties_of(placed: Placed) -> dict[str, list[str]]:
    """List the properties that the boxes of each label have."""
    told = placed.attributes.merge(placed.boxes[["box_id", "name"]], on="box_id")
    pairs = told[["name", "property"]].drop_duplicates()
    return {str(name): list(of["property"]) for name, of in pairs.groupby("name")}


def _meta(placed: Placed, names: dict[str, str]) -> ElementTree.Element:
    media = placed.media
    meta = ElementTree.Element("meta")
    task = _add(meta, "task")
    _add(task, "name", clean(media.name))
    _add(task, "size", str(media.frames))
    _add(task, "mode", "annotation" if media.is_image else "interpolation")
    _add(task, "overlap", "0")
    _add(task, "start_frame", "0")
    _add(task, "stop_frame", str(media.frames - 1))
    labels = _add(task, "labels")
    properties = _properties_of(placed)
    for label in placed.labels["name"].drop_duplicates().tolist():
        made = _add(labels, "label")
        _add(made, "name", label)
        attributes = _add(made, "attributes")
        for name in (*_OWN, *(names[p] for p in properties.get(label, ()))):
            attribute = _add(attributes, "attribute")
            _add(attribute, "name", name)
            _add(attribute, "mutable", str(name not in _IDS))
            _add(attribute, "input_type", "text")
            _add(attribute, "default_value", "")
            _add(attribute, "values", "")
    if not media.is_image:
        frame = _add(task, "original_size")
        _add(frame, "width", str(media.size[0]))
        _add(frame, "height", str(media.size[1]))
        _add(task, "source", clean(media.name))
    return meta


def _track(track: int, rows: list[Any], boxes: _Boxes, media: Media) -> ElementTree.Element:
    first = rows[0]
    facts = {"id": str(track), "label": first.name, "source": boxes.source(first)}
    made = ElementTree.Element("track", facts)
    for row, behind in _with_next(rows):
        on = {"frame": str(row.frame), "keyframe": str(int(not row.interpolated)), "outside": "0"}
        boxes.add(made, row, **on)
        is_last = behind is None or behind.segment != row.segment
        if is_last and row.frame + 1 < media.frames:
            boxes.add(made, row, frame=str(row.frame + 1), keyframe="1", outside="1")
    return made


def _with_next(rows: list[Any]) -> Iterator[tuple[Any, Any]]:
    return zip(rows, [*rows[1:], None], strict=True)


class _Boxes:
    """Writes boxes with their attributes."""

    def __init__(self, placed: Placed, names: dict[str, str]) -> None:
        self._names = names
        self._properties = placed.properties()
        by_hand = placed.labels["origin"] == "hmi"
        self._by_hand = set(placed.labels.loc[by_hand, "label_id"])
        # CVAT keeps a value until the next keyframe that has one: what is not told is told empty.
        self._of_label = _properties_of(placed)

    def source(self, row: Any) -> str:
        """Tell who made a box."""
        return "semi-auto" if row.label_id in self._by_hand else "auto"

    def add(self, parent: ElementTree.Element, row: Any, **facts: str) -> None:
        """Write a box."""
        corners = {"xtl": row.x1, "ytl": row.y1, "xbr": row.x2, "ybr": row.y2}
        edges = {name: repr(float(edge)) for name, edge in corners.items()}
        box = _add(parent, "box", **facts, occluded="0", **edges, z_order="0")
        if row.interpolated:
            return
        for name in _OWN:
            value = getattr(row, name)
            is_told = value is not pd.NA and not (name == "score" and math.isnan(value))
            _add(box, "attribute", str(value) if is_told else "", name=name)
        properties = self._properties.get(row.box_id, {})
        for name in self._of_label.get(row.name, ()):
            _add(box, "attribute", properties.get(name, ""), name=self._names[name])
