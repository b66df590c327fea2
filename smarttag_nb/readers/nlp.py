"""NLP: transcript with words, chapters, summaries, mind map, translation and minutes.

Times are milliseconds here, and nowhere else in an answer.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from . import checks
from .decode import decode, listed
from .document import Document
from .fields import Flag, Ident, Integer, Item, Json, Number, Text
from .notes import Path
from .rows import Items, Result, texts


class Word(Item):
    """A spoken word."""

    id: Ident = None
    sentenceId: Integer = None
    start: Number = None
    end: Number = None
    text: Text = None


class Sentence(Item):
    """A spoken or translated sentence; one page spells its id sentenctId."""

    sentenceId: Integer = None
    sentenctId: Integer = None
    start: Number = None
    end: Number = None
    text: Text = None


class Paragraph(Item):
    """A paragraph of what was said."""

    paragraphId: Ident = None
    speakerId: Ident = None
    words: list[Word] | None = None
    sentences: list[Sentence] | None = None


class Transcription(Item):
    """What was said."""

    paragraphs: list[Paragraph] | None = None


class Chapter(Item):
    """A chapter."""

    id: Ident = None
    start: Number = None
    end: Number = None
    headline: Text = None
    summary: Text = None


class SpeakerSummary(Item):
    """What a speaker said, in short."""

    speakerId: Ident = None
    speakerName: Text = None
    summary: Text = None


class Question(Item):
    """A question and its answer."""

    question: Text = None
    sentenceIdsOfQuestion: list[Integer] | None = None
    answer: Text = None
    sentenceIdsOfAnswer: list[Integer] | None = None


class Summarization(Item):
    """Summaries of several kinds. The mind map nests without limit and is walked as it is."""

    paragraphSummary: Text = None
    conversationalSummary: list[SpeakerSummary] | None = None
    questionsAnsweringSummary: list[Question] | None = None
    mindMapSummary: Json = None


class TranslatedParagraph(Item):
    """A paragraph of the translation."""

    paragraphId: Ident = None
    sentences: list[Sentence] | None = None


class Translation(Item):
    """The translation."""

    paragraphs: list[TranslatedParagraph] | None = None


class Highlight(Item):
    """A key sentence or an action item."""

    id: Ident = None
    sentenceId: Integer = None
    start: Number = None
    end: Number = None
    text: Text = None


class MeetingAssistance(Item):
    """Minutes."""

    keywords: list[str] | None = None
    keySentences: list[Highlight] | None = None
    actions: list[Highlight] | None = None
    classifications: dict[str, Number] | None = None


class NLP(Item):
    """The body of an NLP result."""

    transcription: Transcription | None = None
    autoChapters: list[Chapter] | None = None
    summarization: Summarization | None = None
    translation: Translation | None = None
    meetingAssistance: MeetingAssistance | None = None
    success: Flag = None
    message: Text = None


def read(body: NLP, result: Result) -> None:
    """Fill words, speech, chapters, summaries, mindmap, translations, highlights, scene_scores."""
    if body.transcription is not None:
        _add_transcript(result.items(body, "transcription.paragraphs"), result)
    _add_chapters(result.items(body, "autoChapters"), result)
    if body.summarization is not None:
        _add_summaries(body, result)
    if body.translation is not None:
        _add_translations(result.items(body, "translation.paragraphs"), result)
    if body.meetingAssistance is not None:
        _add_minutes(body, result)


def _seconds(items: Items, result: Result) -> dict[str, checks.Floats]:
    start, end = items.numbers("start") / 1000, items.numbers("end") / 1000
    checks.ranges(result, items, start, end, ("start", "end"))
    return {"start_time": start, "end_time": end}


def _add_transcript(paragraphs: Items, result: Result) -> None:
    paragraph_ids = texts(paragraphs.column("paragraphId"))
    speakers = texts(paragraphs.column("speakerId"))
    empty = np.array([not (p.words or p.sentences) for p in paragraphs.items], dtype=bool)
    result.note_rows(
        "nothing-in-it", paragraphs, empty, "a paragraph without words", action="skipped"
    )
    words = paragraphs.below("words")
    times = _seconds(words, result)
    above = words.parent.tolist()
    sentence_ids = words.column("sentenceId")
    result.add(
        "words",
        len(words),
        **times,
        text=words.column("text"),
        speaker_id=[speakers[row] for row in above],
        paragraph_id=[paragraph_ids[row] for row in above],
        sentence_id=sentence_ids,
        key=texts(words.column("id")),
    )
    # A paragraph that brings its sentences needs none made of its words.
    has_sentences = [bool(p.sentences) for p in paragraphs.items]
    groups: dict[tuple[int, int | None], list[int]] = {}
    for row, key in enumerate(zip(above, sentence_ids, strict=True)):
        if not has_sentences[key[0]]:
            groups.setdefault(key, []).append(row)
    spoken = words.column("text")
    result.add(
        "speech",
        len(groups),
        start_time=[_extreme(np.fmin, times["start_time"][rows]) for rows in groups.values()],
        end_time=[_extreme(np.fmax, times["end_time"][rows]) for rows in groups.values()],
        text=[join_words([spoken[row] for row in rows]) for rows in groups.values()],
        speaker_id=[speakers[row] for row, _ in groups],
        paragraph_id=[paragraph_ids[row] for row, _ in groups],
        sentence_id=[sentence for _, sentence in groups],
    )
    _add_sentences(paragraphs, result, "speech", speaker_id=speakers)


def _extreme(choose: np.ufunc, values: checks.Floats) -> float:
    return float(choose.reduce(values))


def join_words(words: list[str | None]) -> str | None:
    """Join words into a sentence: spaces between words of scripts that use them.

    Examples
    --------
    >>> join_words(["你", "好", "，", "smart", "tag", "!"])
    '你好，smart tag!'
    """
    said = [word for word in words if word]
    if not said:
        return None
    parts = said[:1]
    for before, word in pairwise(said):
        spaced = _spaced(before[-1]) and _spaced(word[0])
        if spaced and word[0] not in _CLOSING and before[-1] not in _OPENING:
            parts.append(" ")
        parts.append(word)
    return "".join(parts)


_CLOSING = set(".,!?;:)]}%…'’”")
_OPENING = set("([{‘“¿¡$")


def _spaced(character: str) -> bool:
    """Whether a character's script puts spaces between words: CJK does not, nor do its marks."""
    return not character.isspace() and (character < "\u2e80" or "\uac00" <= character <= "\ud7a3")


def _add_sentences(
    paragraphs: Items, result: Result, table: str, **by_paragraph: list[str | None]
) -> None:
    sentences = paragraphs.below("sentences")
    above = sentences.parent.tolist()
    paragraph_ids = texts(paragraphs.column("paragraphId"))
    result.add(
        table,
        len(sentences),
        **_seconds(sentences, result),
        text=sentences.column("text"),
        paragraph_id=[paragraph_ids[row] for row in above],
        sentence_id=[
            s.sentenctId if s.sentenceId is None else s.sentenceId for s in sentences.items
        ],
        **{name: [values[row] for row in above] for name, values in by_paragraph.items()},
    )


def _add_translations(paragraphs: Items, result: Result) -> None:
    empty = np.array([not p.sentences for p in paragraphs.items], dtype=bool)
    result.note_rows(
        "nothing-in-it", paragraphs, empty, "a paragraph without sentences", action="skipped"
    )
    _add_sentences(paragraphs, result, "translations")


def _add_chapters(chapters: Items, result: Result) -> None:
    result.add(
        "chapters",
        len(chapters),
        **_seconds(chapters, result),
        headline=chapters.column("headline"),
        summary=chapters.column("summary"),
        key=texts(chapters.column("id")),
    )


def _add_summaries(body: Any, result: Result) -> None:
    summarization = body.summarization
    if summarization.paragraphSummary is not None:
        result.add("summaries", 1, kind="text", text=[summarization.paragraphSummary])
    speakers = result.items(body, "summarization.conversationalSummary")
    result.add(
        "summaries",
        len(speakers),
        kind="speaker",
        speaker_id=texts(speakers.column("speakerId")),
        speaker=speakers.column("speakerName"),
        text=speakers.column("summary"),
    )
    questions = result.items(body, "summarization.questionsAnsweringSummary")
    result.add(
        "summaries",
        len(questions),
        kind="question",
        question=questions.column("question"),
        text=questions.column("answer"),
        question_sentences=_lists(questions.column("sentenceIdsOfQuestion")),
        answer_sentences=_lists(questions.column("sentenceIdsOfAnswer")),
    )
    _add_mindmap(summarization.mindMapSummary, result)


def _lists(values: list[Any]) -> list[list[int] | None]:
    return [None if value is None else list(value) for value in values]


def _add_mindmap(given: Any, result: Result) -> None:
    path = result.path / "summarization" / "mindMapSummary"
    first = result.rows.count("mindmap")
    titles: list[str | None] = []
    parents: list[int | None] = []
    depths: list[int] = []
    todo = _topics(given, path, None, 0, result)
    while todo:
        topic, place, parent, depth = todo.pop()
        if not isinstance(topic, dict):
            result.notes.wrong(place, "an object", topic, action="skipped")
            continue
        read = decode(Document(value=topic), _Topic, place, result.notes)
        todo += _topics(read.topic, place / "topic", first + len(titles), depth + 1, result)
        titles.append(read.title)
        parents.append(parent)
        depths.append(depth)
    result.add("mindmap", len(titles), parent_id=parents, depth=np.array(depths), title=titles)


class _Topic(Item):
    """A topic; what is below it is walked by hand, since it nests without limit."""

    title: Text = None
    topic: Json = None


def _topics(
    given: Any, path: Path, parent: int | None, depth: int, result: Result
) -> list[tuple[Any, Path, int | None, int]]:
    """List topics to walk, last first: the walk takes from the end."""
    items = listed(given, path, result.notes)
    if items is None:
        if given is not None:
            result.notes.wrong(path, "a list", given)
        return []
    return [(topic, place, parent, depth) for place, topic in reversed(items)]


def _add_minutes(body: Any, result: Result) -> None:
    minutes = body.meetingAssistance
    keywords = result.items(body, "meetingAssistance.keywords")
    result.add("highlights", len(keywords), kind="keyword", text=list(keywords.items))
    for key, kind in (("keySentences", "sentence"), ("actions", "action")):
        items = result.items(body, f"meetingAssistance.{key}")
        result.add(
            "highlights",
            len(items),
            kind=kind,
            **_seconds(items, result),
            text=items.column("text"),
            sentence_id=items.column("sentenceId"),
            key=texts(items.column("id")),
        )
    scenes = minutes.classifications or {}
    result.add(
        "scene_scores",
        len(scenes),
        scene=list(scenes),
        score=_scene_scores(scenes, result),
    )


def _scene_scores(scenes: dict[str, float | None], result: Result) -> checks.Floats:
    path = result.path / "meetingAssistance" / "classifications"
    return checks.rescale(
        np.array(list(scenes.values()), dtype=np.float64),
        lambda row: path / list(scenes)[row],
        result,
    )
