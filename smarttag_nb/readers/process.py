"""Process: the raw output of the algorithms, given inline or as the address of a file.

A list of modules, told apart by name: tag (labels with tracks), sbd (the cut), ocr and video_ocr
(text on screen), asr (speech).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Union

import msgspec
import numpy as np

from .. import boxes
from . import checks
from .decode import decode, listed
from .document import UNREADABLE, Document, is_deep
from .fields import Corners, Flag, Ident, Integer, Item, Json, Kept, Number, Text, Whole
from .knowledge import read_knowledge
from .notes import Notes, Path
from .ocr import text_types
from .rows import Ids, Items, Result, texts


class Attribute(Item):
    """A property of what a box shows."""

    property: Text = None
    value: Text = None
    score: Number = None


class TrackPoint(Item):
    """Where a label is at one moment."""

    score: Number = None
    bbox: Corners | None = None
    attributes: list[Attribute] | None = None
    landmark: list[float] | None = None
    timestamp: Number = None


class Detail(Item):
    """When a label applies, where, and how it is known."""

    score: Number = None
    bboxes: Corners | dict[str, Any] | None = None
    trackData: list[TrackPoint] | None = None
    startTime: Number = None
    endTime: Number = None
    source: Text = None
    subSource: Text = None
    metaData: Json = None
    mediaData: Json = None


class Label(Item):
    """A label."""

    labelLevel1: Text = None
    labelLevel2: Text = None
    label: Text = None
    appearanceProbability: Number = None
    isWhite: Flag = None
    labelId: Ident = None
    knowledgeInfo: Json = None
    detailInfo: list[Detail] | None = None


class Cut(Item):
    """The end of a segment."""

    index: Integer = None
    score: Number = None
    timestamp: Number = None


class Corner(Whole):
    """A corner of two numbers."""

    x: float
    y: float


class SeenText(Item):
    """A text on screen."""

    score: Number = None
    char_probs: list[float] | None = None
    text: Text = None
    bbox: Corners | None = None
    pos: list[Corner] | None = None
    text_type: Ident = None
    timestamp: Number = None


class SeenTexts(Item):
    """The texts of one frame (ocr) or clip (video_ocr)."""

    startTime: Number = None
    endTime: Number = None
    timestamp: Number = None
    detailInfo: list[SeenText] | None = None


class Sentence(Item):
    """A spoken sentence."""

    startTime: Number = None
    endTime: Number = None
    text: Text = None


def read(modules: list[Decoded], result: Result) -> None:
    """Fill labels, occurrences, boxes, attributes, shots, ocr, ocr_frames and speech."""
    for place, name, products in modules:
        contents = Items.of_list(products, place / "result")
        filled = np.array([bool(p.content and p.content.data is not None) for p in products], bool)
        result.note_rows(
            "nothing-in-it", contents, ~filled, "a product without data", action="skipped"
        )
        _MODULES[name].add(contents.where(filled).below("content.data"), result)


def read_data(name: str, document: Document, result: Result) -> None:
    """Fill the tables of one module from its data alone."""
    module = _MODULES[name]
    data = decode(document, module.data, result.path, result.notes)
    if data is not None:
        module.add(Items.of_list(data, result.path), result)


_PERSON_GROUPS = {
    "政治人物": "politician",
    "名人": "celebrity",
    "敏感人物": "sensitive",
    "未知人脸": "unknown",
    "自定义": "custom",
}
_KINDS = {"人脸": "person", "face": "person", "视频分类": "category", "关键词": "keyword"}


def _add_tags(labels: Items, result: Result) -> None:
    kinds = [_KINDS.get((level1 or "").lower(), "tag") for level1 in labels.column("labelLevel1")]
    names = [
        label.label or label.labelLevel2 or label.labelLevel1 or None
        if kind == "category"
        else label.label
        for kind, label in zip(kinds, labels.items, strict=True)
    ]
    label_ids = result.add(
        "labels",
        len(labels),
        kind=kinds,
        name=names,
        level1=labels.column("labelLevel1"),
        level2=labels.column("labelLevel2"),
        category=[
            _person_category(label.labelLevel2) if kind == "person" else None
            for kind, label in zip(kinds, labels.items, strict=True)
        ],
        ratio=checks.ratios(result, labels, "appearanceProbability"),
        key=texts(labels.column("labelId")),
        listed=labels.column("isWhite"),
        knowledge=read_knowledge(labels, result),
    )
    details = labels.below("detailInfo")
    start, end = details.numbers("startTime"), details.numbers("endTime")
    checks.ranges(result, details, start, end, ("startTime", "endTime"))
    occurrence_ids = result.add(
        "occurrences",
        len(details),
        label_id=label_ids[details.parent],
        start_time=start,
        end_time=end,
        score=checks.scores(result, details),
        source=details.column("source"),
        sub_source=details.column("subSource"),
        details=_free_form(details, result),
    )
    points = details.below("trackData")
    box_ids = checks.add_track(
        result,
        points,
        label_ids[details.parent],
        occurrence_ids,
        (start, end),
        landmarks=points.column("landmark"),
    )
    attributes = points.below("attributes")
    result.add(
        "attributes",
        len(attributes),
        box_id=box_ids[attributes.parent],
        property=attributes.column("property"),
        value=attributes.column("value"),
        score=checks.scores(result, attributes),
    )
    _add_deprecated_boxes(details, result, label_ids, occurrence_ids)


def _add_deprecated_boxes(
    details: Items, result: Result, label_ids: Ids, occurrence_ids: Ids
) -> None:
    """Boxes given as x, y, width, height, only where there is no track."""
    given = np.array([bool(detail.bboxes) for detail in details.items], dtype=bool)
    alone = given & np.array([not detail.trackData for detail in details.items], dtype=bool)
    result.note_rows(
        "superseded",
        details,
        given & ~alone,
        "trackData is read in its place",
        key="bboxes",
        values=details.column("bboxes"),
        action="skipped",
    )
    if not alone.any():
        return
    boxed = details.where(alone)
    found = boxed.column("bboxes")
    read = boxes.from_xywh(
        checks.corners([box if isinstance(box, tuple) else None for box in found])
    )
    odd = np.array([isinstance(box, dict) for box in found], dtype=bool)
    result.note_rows(
        "unknown-value", boxed, odd, "neither four numbers nor {}", key="bboxes", values=found
    )
    checks.plausible(result, boxed, read, "bboxes")
    result.add(
        "boxes",
        len(boxed),
        label_id=label_ids[details.parent[alone]],
        occurrence_id=occurrence_ids[alone],
        **checks.edges(read),
    )


def _person_category(level2: str | None) -> str | None:
    if not level2:
        return None
    groups = [group.strip() for group in level2.replace("，", ",").split(",")]
    return ",".join(_PERSON_GROUPS.get(group, group) for group in groups if group)


def _free_form(details: Items, result: Result) -> list[dict[str, Any] | None]:
    """Read what each occurrence tells in objects that no page describes."""
    made: list[dict[str, Any] | None] = []
    for row, detail in enumerate(details.items):
        told = {"metaData": detail.metaData, "mediaData": detail.mediaData}
        for key, value in list(told.items()):
            if is_deep(value):
                result.notes.wrong(details.path(row) / key, "values nested less deep", value)
                told[key] = None
        made.append({key: value for key, value in told.items() if value} or None)
    return made


def _add_shots(cuts: Items, result: Result) -> None:
    end = cuts.numbers("timestamp")
    # Only the end of each segment is given: it starts where the one before it ends.
    first = np.r_[True, cuts.parent[1:] != cuts.parent[:-1]][: len(end)]
    start = np.where(first, 0.0, np.roll(end, 1)) if len(end) else end
    checks.ranges(result, cuts, start, end, ("timestamp", "timestamp"))
    result.add(
        "shots",
        len(cuts),
        number=cuts.column("index"),
        start_time=start,
        end_time=end,
        score=checks.scores(result, cuts),
    )


def _add_speech(sentences: Items, result: Result) -> None:
    start, end = sentences.numbers("startTime"), sentences.numbers("endTime")
    checks.ranges(result, sentences, start, end, ("startTime", "endTime"))
    result.add(
        "speech", len(sentences), start_time=start, end_time=end, text=sentences.column("text")
    )


def _add_frame_texts(frames: Items, result: Result) -> None:
    moment = frames.numbers("timestamp")
    moment = np.where(np.isnan(moment), frames.numbers("startTime"), moment)
    result.add("ocr_frames", len(frames), timestamp=moment, result_type="ocr")
    _add_texts(frames, moment, result, "ocr")


def _add_clip_texts(clips: Items, result: Result) -> None:
    empty = np.array([not clip.detailInfo for clip in clips.items], dtype=bool)
    result.note_rows("nothing-in-it", clips, empty, "a clip without texts", action="skipped")
    _add_texts(clips, clips.numbers("timestamp"), result, "video_ocr")


def _add_texts(frames: Items, moment: checks.Floats, result: Result, result_type: str) -> None:
    start, end = frames.numbers("startTime"), frames.numbers("endTime")
    checks.ranges(result, frames, start, end, ("startTime", "endTime"))
    seen = frames.below("detailInfo")
    above = seen.parent
    own = seen.numbers("timestamp")
    timestamp = np.where(np.isnan(own), moment[above], own)
    checks.moments(result, seen, own, start[above], end[above], "timestamp")
    quads = [_quad(pos) for pos in seen.column("pos")]
    found = checks.corners(seen.column("bbox"))
    for row in np.flatnonzero(np.isnan(found[:, 0])):
        if quad := quads[row]:
            points = np.array(quad)
            found[row] = [*points.min(axis=0), *points.max(axis=0)]
    checks.plausible(result, seen, found, "bbox")
    result.add(
        "ocr",
        len(seen),
        start_time=start[above],
        end_time=end[above],
        timestamp=timestamp,
        text=seen.column("text"),
        score=checks.scores(result, seen),
        **checks.edges(found),
        text_type=text_types(result, seen, "text_type"),
        quad=quads,
        char_scores=checks.score_lists(result, seen, "char_probs"),
        result_type=result_type,
    )


def _quad(pos: list[Corner] | None) -> list[list[float]] | None:
    # Of what is left of a list, nobody can tell which corners they were.
    if not pos or isinstance(pos, Kept):
        return None
    return [[corner.x, corner.y] for corner in pos]


@dataclass(frozen=True)
class Module:
    """How a module is read: the type of its data, and what makes rows of it."""

    data: Any
    add: Callable[[Items, Result], None]

    @functools.cached_property
    def result(self) -> Any:
        """The type of the module's result: a list of products, each with a content with data."""
        content: Any = msgspec.defstruct(
            "Content", [("data", self.data | None, None)], bases=(Item,)
        )
        product: Any = msgspec.defstruct(
            "Product", [("content", content | None, None)], bases=(Item,)
        )
        return list.__class_getitem__(product)


_MODULES: Mapping[str, Module] = {
    "tag": Module(list[Label], _add_tags),
    "sbd": Module(list[Cut], _add_shots),
    "ocr": Module(list[SeenTexts], _add_frame_texts),
    "video_ocr": Module(list[SeenTexts], _add_clip_texts),
    "asr": Module(list[Sentence], _add_speech),
}


def _documented() -> Any:
    """Make the type of a whole list of modules, told apart by their names."""
    modules: list[Any] = [
        msgspec.defstruct(
            name, [("result", module.result)], bases=(Item,), tag_field="name", tag=name
        )
        for name, module in _MODULES.items()
    ]
    return list.__class_getitem__(Union[tuple(modules)])  # noqa: UP007


DOCUMENTED = _documented()
"""The type of a whole list of modules as documented."""


class _Shell(Item):
    """A module read leniently, its result not yet."""

    name: Text = None
    result: Json = None


class _RawShell(Item):
    """A module whose result is not yet decoded."""

    name: str
    result: msgspec.Raw


Decoded = tuple[Path, str, list[Any]]
"""A module: its place, its name, and its result as structs."""


def as_documented(document: Document, path: Path) -> list[Decoded] | None:
    """Decode modules at full speed; None where anything is not as documented."""
    try:
        modules = document.typed(DOCUMENTED)
    except UNREADABLE:
        return None
    return [(path / i, type(module).__name__, module.result) for i, module in enumerate(modules)]


def decode_modules(document: Document, path: Path, notes: Notes) -> list[Decoded]:
    """Decode modules one by one, noting every deviation.

    Raises
    ------
    NotJson
        The document is no JSON.
    """
    decoded = []
    for place, name, result in _split(document, path, notes):
        if name not in _MODULES:
            notes.add(
                "unknown-type", place, "a module of this name is not known", name, action="skipped"
            )
            continue
        products = decode(result, _MODULES[name].result, place / "result", notes)
        if products is not None:
            decoded.append((place, name, products))
    return decoded


def _split(document: Document, path: Path, notes: Notes) -> Iterator[tuple[Path, str, Document]]:
    """Split a list of modules into places, names and results; note what is no module."""
    try:
        shells = document.typed(list[_RawShell])
    except UNREADABLE:
        value = document.parse(path, notes)
    else:
        for i, shell in enumerate(shells):
            yield path / i, shell.name, Document(text=shell.result)
        return
    items = listed(value, path, notes)
    if items is None:
        notes.wrong(path, "a list of modules", value, action="skipped")
        return
    for place, given in items:
        shell = _Shell()
        if isinstance(given, dict):
            shell = decode(Document(value=given), _Shell, place, notes)
        if shell.name is None:
            notes.wrong(place, "an object with name and result", given, action="skipped")
        else:
            yield place, shell.name, Document(value=shell.result)
