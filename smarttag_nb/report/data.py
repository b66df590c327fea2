"""What a report tells, as frozen data; a part of which an answer holds nothing is None."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ..job import Duration
from .transcript import Screen, Transcript


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands at the top.

    Attributes
    ----------
    operation, status, reason, job_id : str or None
        As the job has them.
    duration : Duration
        Of the media.
    counts : tuple of (str, int)
        How many there are of what: people, labels, sentences, lines, shots, chapters, boxes.
    facts : tuple of (str, str)
        Names and values from the table `meta`, and the user's own data.
    """

    operation: str | None
    status: str | None
    reason: str | None
    job_id: str | None
    duration: Duration
    counts: tuple[tuple[str, int], ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A problem met at one place."""

    path: str
    message: str
    value: str


@dataclass(frozen=True, slots=True)
class Problem:
    """All problems of one code that were dealt with in one way.

    Attributes
    ----------
    code, severity, action : str
        As in the table `problems`.
    times : int
        For how many items it stands.
    examples : tuple of Example
        The first of them.
    """

    code: str
    severity: str
    action: str
    times: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on screen.

    Attributes
    ----------
    label_id : int
        The label's.
    name, category : str
        Empty where nobody tells.
    seconds, share, first_time : float
        How long on screen (s), that as a share of the duration, and when first (s); NaN where
        nobody tells.
    appearances : int
        Number of time ranges.
    """

    label_id: int
    name: str
    category: str
    seconds: float
    share: float
    first_time: float
    appearances: int


@dataclass(frozen=True, slots=True)
class Share:
    """A label and the share of the duration in which it is seen."""

    name: str
    kind: str
    share: float


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter, times in seconds."""

    start: float
    end: float
    headline: str
    summary: str


@dataclass(frozen=True, slots=True)
class Said:
    """A text, who it is of or where it is said (s; NaN where nobody tells)."""

    text: str
    name: str = ""
    start: float = math.nan


@dataclass(frozen=True, slots=True)
class Summary:
    """What it is about: summaries, those of each speaker, generated texts, and the sort of talk."""

    texts: tuple[str, ...]
    speakers: tuple[Said, ...]
    scenes: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its answer, and where they are said (s)."""

    question: str
    answer: str
    asked: float
    answered: float


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of the mind map; topics come in reading order, depth 0 at a root."""

    title: str
    depth: int


@dataclass(frozen=True, slots=True)
class Highlights:
    """Keywords, key sentences and actions."""

    keywords: tuple[str, ...]
    sentences: tuple[Said, ...]
    actions: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """What is known of a label: names of fields and their values."""

    name: str
    kind: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The first rows of a table as text.

    Attributes
    ----------
    name : str
        The table's name; of an alignment's, after ``alignment/``.
    columns : tuple of str
        Its columns that have a value in these rows.
    rows : tuple of tuple of str
        Their values, shortened.
    total, width : int
        How many rows and columns the table has.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int
    width: int


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report tells; None, or nothing in it, where the answer tells nothing.

    `left_out` tells of how many people, entities and topics only the tables tell.
    """

    title: str
    cover: Cover
    problems: tuple[Problem, ...]
    summary: Summary | None
    chapters: tuple[Chapter, ...]
    people: tuple[Person, ...]
    ratios: tuple[Share, ...]
    is_timed: bool
    transcript: Transcript | None
    screen: Screen | None
    questions: tuple[Question, ...]
    mindmap: tuple[Topic, ...]
    highlights: Highlights | None
    entities: tuple[Entity, ...]
    tables: tuple[Excerpt, ...]
    left_out: Mapping[str, int]
