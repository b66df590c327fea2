"""A Job and its Alignment as the data of a report. No HTML and no pictures are made here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from .. import measures
from ..alignment import Alignment
from ..job import Job
from ..measures.sentences import sentence_starts
from .data import (
    Chapter,
    Cover,
    Entity,
    Example,
    Excerpt,
    Highlights,
    Person,
    Problem,
    Question,
    Report,
    Said,
    Share,
    Summary,
    Topic,
)
from .transcript import on_screen, transcribe

PEOPLE, ENTITIES, TOPICS, EXAMPLES, ROWS = 60, 200, 400, 3, 10
"""Most that is shown of each, of a code's problems, and of a table; the tables hold the rest."""

LONGEST = 600
"""Most characters of a fact."""

DEEPEST = 8
"""Most levels by which a topic is indented."""


def gather(job: Job, alignment: Alignment | None = None, title: str | None = None) -> Report:
    """Gather what a report tells.

    Parameters
    ----------
    job : Job
        An answer.
    alignment : Alignment, optional
        Of its speech with its text on screen.
    title : str, optional
        In place of the job's.

    Returns
    -------
    Report
        Frozen data.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> made = gather(stag.samples.load("magazine"))
    >>> made.people[0].name, made.questions[0].question
    ('沈青禾', '合适的水温是多少？')
    """
    presence = measures.presence(job)
    people, entities, topics = (
        _people(job, presence),
        _entities(job["labels"]),
        _topics(job["mindmap"]),
    )
    return Report(
        title=title if title and title.strip() else job.title or "",
        cover=_cover(job, alignment),
        problems=_problems(job["problems"]),
        summary=_summary(job),
        chapters=_chapters(job["chapters"]),
        people=people[:PEOPLE],
        ratios=_ratios(presence),
        is_timed=_is_timed(job),
        transcript=transcribe(job, alignment),
        screen=on_screen(job, alignment),
        questions=_questions(job),
        mindmap=topics[:TOPICS],
        highlights=_highlights(job),
        entities=entities[:ENTITIES],
        tables=excerpts(all_tables(job, alignment)),
        left_out={
            "people": max(0, len(people) - PEOPLE),
            "entities": max(0, len(entities) - ENTITIES),
            "mindmap": max(0, len(topics) - TOPICS),
        },
    )


def all_tables(job: Job, alignment: Alignment | None) -> dict[str, pd.DataFrame]:
    """List the tables with rows: the job's by name, the alignment's after ``alignment/``."""
    named = dict(job.items())
    if alignment is not None:
        named |= {f"alignment/{name}": frame for name, frame in alignment.tables.items()}
    return {name: frame for name, frame in named.items() if len(frame)}


def _cover(job: Job, alignment: Alignment | None) -> Cover:
    labels = job.best("labels")
    counts = {
        "people": int((labels["kind"] == "person").sum()),
        "labels": int((labels["kind"] != "person").sum()),
        "sentences": len(job.best("speech")),
        "lines": len(job.best("ocr")) if alignment is None else len(alignment.lines),
        "shots": len(job["shots"]),
        "chapters": len(job["chapters"]),
        "boxes": len(job.best("boxes")),
    }
    meta = job["meta"]
    facts = [(str(name), value) for name, value in zip(meta["name"], meta["value"], strict=True)]
    if job.user_data is not None:
        facts.append(("UserData", job.user_data))
    return Cover(
        operation=job.operation,
        status=job.status,
        reason=job.reason,
        job_id=job.job_id,
        duration=job.duration,
        counts=tuple((name, count) for name, count in counts.items() if count),
        facts=tuple((name, as_text(value, LONGEST)) for name, value in facts),
    )


def _problems(problems: pd.DataFrame) -> tuple[Problem, ...]:
    rank = {"error": 0, "warning": 1, "info": 2}
    made = []
    key: Any
    for key, own in problems.groupby(["severity", "code", "action"], sort=False, dropna=False):
        severity, code, action = key
        examples = own.head(EXAMPLES)[["path", "message", "value"]].fillna("")
        made.append(
            Problem(
                code=code,
                severity=severity,
                action=action,
                times=int(own["repeats"].fillna(1).sum()),
                examples=tuple(Example(*row) for row in examples.itertuples(index=False)),
            )
        )
    return tuple(sorted(made, key=lambda one: (rank.get(one.severity, 3), -one.times)))


def _summary(job: Job) -> Summary | None:
    rows = job["summaries"]
    texts = [*rows.loc[rows["kind"] == "text", "text"], *job["texts"]["text"]]
    of_speakers = rows[(rows["kind"] == "speaker") & rows["text"].notna()]
    ids = "– " + of_speakers["speaker_id"].fillna("")
    names = of_speakers["speaker"].fillna(ids)
    scenes = job["scene_scores"].dropna().sort_values("score", ascending=False, kind="stable")
    made = Summary(
        texts=tuple(text for text in texts if _is_text(text)),
        speakers=tuple(Said(*row) for row in zip(of_speakers["text"], names, strict=True)),
        scenes=tuple(zip(scenes["scene"], scenes["score"], strict=True)),
    )
    return made if made.texts or made.speakers or made.scenes else None


def _chapters(chapters: pd.DataFrame) -> tuple[Chapter, ...]:
    texts = chapters[["headline", "summary"]].fillna("")
    return tuple(
        Chapter(start, end, headline, summary)
        for start, end, headline, summary in zip(
            chapters["start_time"], chapters["end_time"], texts["headline"], texts["summary"],
            strict=True,
        )
    )  # fmt: skip


def _people(job: Job, presence: pd.DataFrame) -> tuple[Person, ...]:
    people = presence[presence["kind"] == "person"]
    people = people.sort_values("seconds", ascending=False, kind="stable")
    categories = job["labels"].set_index("label_id")["category"].fillna("")
    share = people["ratio_reported"].fillna(people["ratio_measured"])
    columns = (
        people["label_id"],
        people["name"].fillna(""),
        categories.reindex(people["label_id"]),
        people["seconds"],
        share,
        people["first_time"],
        people["number"],
    )
    return tuple(Person(*row) for row in zip(*columns, strict=True))


def _ratios(presence: pd.DataFrame) -> tuple[Share, ...]:
    share = presence["ratio_reported"].fillna(presence["ratio_measured"])
    known = presence.assign(share=share)
    known = known[known["share"] > 0]
    known = known.sort_values("share", ascending=False, kind="stable")
    columns = (known["name"].fillna(""), known["kind"].fillna(""), known["share"])
    return tuple(Share(*row) for row in zip(*columns, strict=True))


_TIMED = ("occurrences", "speech", "ocr", "shots", "chapters")


def _is_timed(job: Job) -> bool:
    columns = ("start_time", "timestamp")
    return any(job[name][c].notna().any() for name in _TIMED for c in columns if c in job[name])


def _questions(job: Job) -> tuple[Question, ...]:
    rows = job["summaries"]
    rows = rows[rows["kind"] == "question"]
    columns = (
        rows["question"].fillna(""),
        rows["text"].fillna(""),
        sentence_starts(job, rows, "question_sentences").tolist(),
        sentence_starts(job, rows, "answer_sentences").tolist(),
    )
    return tuple(Question(*row) for row in zip(*columns, strict=True))


def _topics(mindmap: pd.DataFrame) -> tuple[Topic, ...]:
    """Bring topics, which may come in any order, into that in which a tree is read."""
    below: dict[Any, list[Any]] = {}
    titles = dict(zip(mindmap["topic_id"], mindmap["title"].fillna(""), strict=True))
    for topic, parent in zip(mindmap["topic_id"], mindmap["parent_id"], strict=True):
        below.setdefault(None if pd.isna(parent) else parent, []).append(topic)
    made: list[Topic] = []
    todo = [(topic, 0) for topic in reversed(below.get(None, []))]
    while todo:
        topic, depth = todo.pop()
        made.append(Topic(titles[topic], min(depth, DEEPEST)))
        todo += [(child, depth + 1) for child in reversed(below.get(topic, []))]
    return tuple(made)


def _highlights(job: Job) -> Highlights | None:
    rows = job["highlights"].dropna(subset="text")
    own = rows["start_time"]
    rows["start_time"] = own.where(own.notna(), sentence_starts(job, rows, "sentence_id"))
    kinds = {kind: own for kind, own in rows.groupby("kind")}

    def moments(kind: str) -> tuple[Said, ...]:
        own = kinds.get(kind, rows.iloc[:0])
        pairs = zip(own["text"], own["start_time"], strict=True)
        return tuple(Said(text, start=start) for text, start in pairs)

    made = Highlights(
        keywords=tuple(dict.fromkeys(one.text for one in moments("keyword"))),
        sentences=moments("sentence"),
        actions=moments("action"),
    )
    return made if made.keywords or made.sentences or made.actions else None


def _entities(labels: pd.DataFrame) -> tuple[Entity, ...]:
    # Whichever result tells it: the preferred one may know less.
    told = labels[labels["knowledge"].map(bool).astype(bool)]
    rows = told.drop_duplicates(["kind", "name"])
    made = []
    for name, kind, knowledge in zip(
        rows["name"].fillna(""), rows["kind"].fillna(""), rows["knowledge"], strict=True
    ):
        fields = knowledge if isinstance(knowledge, Mapping) else {"": knowledge}
        facts = ((str(key), as_text(value, LONGEST)) for key, value in fields.items())
        made.append(
            Entity(name, kind, tuple(fact for fact in facts if fact[1] and fact[1] != name))
        )
    return tuple(made)


def excerpts(frames: Mapping[str, pd.DataFrame]) -> tuple[Excerpt, ...]:
    """Take the first rows of each table, as text."""
    made = []
    for name, frame in frames.items():
        first = frame.head(ROWS)
        columns = [column for column in first if first[column].notna().any()]
        texts = [[as_text(value, 90) for value in first[column]] for column in columns]
        rows = tuple(zip(*texts, strict=True))
        made.append(Excerpt(name, tuple(map(str, columns)), rows, len(frame), frame.shape[1]))
    return tuple(made)


def as_text(value: Any, longest: int) -> str:
    """Write any value of a table as text, shortened; a missing one is empty.

    Examples
    --------
    >>> as_text(0.1 + 0.2, 20), as_text([1, 2], 20), as_text(None, 20), as_text("too long", 5)
    ('0.3', '[1, 2]', '', 'too …')
    """
    if isinstance(value, str):
        text = value
    elif isinstance(value, (list, tuple, dict, np.ndarray)):
        try:
            text = json.dumps(value, ensure_ascii=False, default=str)
        except RecursionError:
            text = "…"
    elif pd.isna(value):
        text = ""
    elif isinstance(value, (float, np.floating)):
        text = f"{float(value):.7g}"
    else:
        text = str(value)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + " …"


def _is_text(text: Any) -> bool:
    return isinstance(text, str) and bool(text.strip())
