"""VideoLabel: persons with faces' boxes, tags and categories over time."""

from __future__ import annotations

import msgspec

from . import checks
from .fields import Flag, Item, Number, Text
from .position import Position
from .rows import Ids, Items, Result


class PersonOccurrence(Item):
    """When a person is seen, and where at one moment of it."""

    score: Number = None
    start: Number = msgspec.field(default=None, name="from")
    end: Number = msgspec.field(default=None, name="to")
    position: Position | None = None
    timestamp: Number = None
    scene: Text = None


class Person(Item):
    """A person."""

    name: Text = None
    category: Text = None
    ratio: Number = None
    occurrences: list[PersonOccurrence] | None = None


class TagOccurrence(Item):
    """When a tag applies."""

    score: Number = None
    start: Number = msgspec.field(default=None, name="from")
    end: Number = msgspec.field(default=None, name="to")


class Tag(Item):
    """An object, a scene, an action or a logo."""

    mainTagName: Text = None
    subTagName: Text = None
    ratio: Number = None
    occurrences: list[TagOccurrence] | None = None


class Classification(Item):
    """A category of the whole video."""

    score: Number = None
    category1: Text = None
    category2: Text = None


class VideoLabel(Item):
    """The body of a VideoLabel result."""

    persons: list[Person] | None = None
    tags: list[Tag] | None = None
    classifications: list[Classification] | None = None
    success: Flag = None
    message: Text = None


def read(body: VideoLabel, result: Result) -> None:
    """Fill labels, occurrences and boxes."""
    persons = result.items(body, "persons")
    person_ids = result.add(
        "labels",
        len(persons),
        kind="person",
        name=persons.column("name"),
        category=persons.column("category"),
        ratio=checks.ratios(result, persons, "ratio"),
    )
    seen = persons.below("occurrences")
    start, end = seen.numbers("start"), seen.numbers("end")
    occurrence_ids = _add_occurrences(
        result, seen, person_ids, start, end, shot=seen.column("scene")
    )
    boxed, has_box, boxes = checks.corner_boxes(result, seen, seen.column("position"), faces=True)
    timestamp = boxed.numbers("timestamp")
    checks.moments(result, boxed, timestamp, start[has_box], end[has_box], "timestamp")
    result.add(
        "boxes",
        len(boxed),
        label_id=person_ids[boxed.parent],
        occurrence_id=occurrence_ids[has_box],
        timestamp=timestamp,
        **checks.edges(boxes),
    )

    tags = result.items(body, "tags")
    tag_ids = result.add(
        "labels",
        len(tags),
        kind="tag",
        name=tags.column("subTagName"),
        level1=tags.column("mainTagName"),
        ratio=checks.ratios(result, tags, "ratio"),
    )
    seen = tags.below("occurrences")
    _add_occurrences(result, seen, tag_ids, seen.numbers("start"), seen.numbers("end"))

    classes = result.items(body, "classifications")
    result.add(
        "labels",
        len(classes),
        kind="category",
        name=[c.category2 or c.category1 or None for c in classes.items],
        level1=classes.column("category1"),
        level2=classes.column("category2"),
        score=checks.scores(result, classes),
    )


def _add_occurrences(
    result: Result,
    items: Items,
    label_ids: Ids,
    start: checks.Floats,
    end: checks.Floats,
    shot: list[str | None] | None = None,
) -> Ids:
    checks.ranges(result, items, start, end, ("from", "to"))
    return result.add(
        "occurrences",
        len(items),
        label_id=label_ids[items.parent],
        start_time=start,
        end_time=end,
        score=checks.scores(result, items),
        shot=shot,
    )
