"""CPVLabel: categories, entities with knowledge, hotwords and free tags (tagging 2.0)."""

from __future__ import annotations

from . import checks
from .fields import Corners, Item, Json, Number, Text
from .knowledge import read_knowledge
from .rows import Result


class TrackPoint(Item):
    """Where an entity is at one moment."""

    score: Number = None
    bbox: Corners | None = None
    timestamp: Number = None


class Detail(Item):
    """When a label applies."""

    score: Number = None
    startTime: Number = None
    endTime: Number = None
    trackData: list[TrackPoint] | None = None


class Label(Item):
    """A category, entity, hotword or free tag."""

    labelLevel1: Text = None
    labelLevel2: Text = None
    label: Text = None
    appearanceProbability: Number = None
    knowledgeInfo: Json = None
    detailInfo: list[Detail] | None = None


class CPVLabel(Item):
    """The body of a CPVLabel result."""

    type: Text = None
    cates: list[Label] | None = None
    entities: list[Label] | None = None
    hotwords: list[Label] | None = None
    freeTags: list[Label] | None = None


_KINDS = {"cates": "category", "entities": "entity", "hotwords": "hotword", "freeTags": "keyword"}
_ORIGINS = {"auto": "auto", "autp": "auto", "hmi": "hmi"}


def read(body: CPVLabel, result: Result) -> None:
    """Fill labels, occurrences and boxes."""
    origin = _read_origin(body.type, result)
    for key, kind in _KINDS.items():
        labels = result.items(body, key)
        names = labels.column("label")
        if kind == "category":
            names = [c.label or c.labelLevel2 or c.labelLevel1 or None for c in labels.items]
        label_ids = result.add(
            "labels",
            len(labels),
            kind=kind,
            name=names,
            level1=labels.column("labelLevel1"),
            level2=labels.column("labelLevel2"),
            ratio=checks.ratios(result, labels, "appearanceProbability"),
            knowledge=read_knowledge(labels, result),
            origin=origin,
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
        )
        points = details.below("trackData")
        checks.add_track(result, points, label_ids[details.parent], occurrence_ids, (start, end))


def _read_origin(given: str | None, result: Result) -> str | None:
    if not given:
        return None
    origin = _ORIGINS.get(given.lower())
    if origin is None:
        result.notes.add("unknown-value", result.path / "type", "neither auto nor hmi", given)
        return given
    if origin != given:
        result.notes.add(
            "spelling", result.path / "type", f"read as {origin}", given, action="changed"
        )
    return origin
