"""ImageLabel: persons with faces' boxes and tags of one image; its times are missing."""

from __future__ import annotations

from . import checks
from .fields import Flag, Item, Number, Text
from .position import Position
from .rows import Result


class Person(Item):
    """A person."""

    name: Text = None
    category: Text = None
    score: Number = None
    position: Position | None = None
    scene: Text = None


class Tag(Item):
    """An object, a scene, an action or a logo."""

    mainTagName: Text = None
    subTagName: Text = None
    score: Number = None


class ImageLabel(Item):
    """The body of an ImageLabel result."""

    persons: list[Person] | None = None
    tags: list[Tag] | None = None
    success: Flag = None
    message: Text = None


def read(body: ImageLabel, result: Result) -> None:
    """Fill labels, occurrences and boxes."""
    persons = result.items(body, "persons")
    scores = checks.scores(result, persons)
    person_ids = result.add(
        "labels",
        len(persons),
        kind="person",
        name=persons.column("name"),
        category=persons.column("category"),
        score=scores,
    )
    occurrence_ids = result.add(
        "occurrences",
        len(persons),
        label_id=person_ids,
        score=scores,
        shot=persons.column("scene"),
    )
    boxed, has_box, boxes = checks.corner_boxes(
        result, persons, persons.column("position"), faces=True
    )
    result.add(
        "boxes",
        len(boxed),
        label_id=person_ids[has_box],
        occurrence_id=occurrence_ids[has_box],
        **checks.edges(boxes),
    )

    tags = result.items(body, "tags")
    scores = checks.scores(result, tags)
    tag_ids = result.add(
        "labels",
        len(tags),
        kind="tag",
        name=tags.column("subTagName"),
        level1=tags.column("mainTagName"),
        score=scores,
    )
    result.add("occurrences", len(tags), label_id=tag_ids, score=scores)
