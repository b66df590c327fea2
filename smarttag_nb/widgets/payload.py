"""A Job as the explorer's page takes it: its tables, packed as packing.py describes.

What refers to a row of another table does so by its position there, -1 for none; `id` is the row's
own id in the job's table. Positions within a text count UTF-16 units, as JavaScript does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from ..alignment import Alignment, lines
from ..alignment.result import on_media
from ..alignment.variants import Edit, edits
from ..intervals import bounds, most_shared
from ..job import Job
from ..measures import presence
from ..measures.sentences import sentence_starts, speakers
from ..tables import TABLES
from .drawn import CORNERS, drawn_boxes, frame_size, listed_labels
from .packing import Columns, emptied, packed

VERSION = 1

MAX_GAP = 1.0
"""Most seconds between two boxes of a track for a box to be drawn between them."""

_ALIKE = 75
"""From this similarity (0 to 100) on, a topic is told by a chapter or a sentence."""

Ints = npt.NDArray[np.int64]


def pack(job: Job, alignment: Alignment | None = None, title: str | None = None) -> bytes:
    """Pack what the explorer shows of a job.

    Parameters
    ----------
    job : Job
        An answer.
    alignment : Alignment, optional
        Its speech beside its text on screen.
    title : str, optional
        In place of the job's.

    Returns
    -------
    bytes
        As the module describes.
    """
    labels = listed_labels(job)
    row_of_label = _rows(labels["label_id"])
    occurrences = job["occurrences"]
    occurrences = occurrences[occurrences["label_id"].isin(labels["label_id"])]
    row_of_occurrence = _rows(occurrences["occurrence_id"])
    boxes = drawn_boxes(job, labels)
    tracks, points = _tracks(boxes, row_of_occurrence)
    spoken, speech = speech_of(job, alignment)
    on_screen = lines(job.best("ocr")) if alignment is None else alignment.lines
    chapters = job["chapters"]
    tables: dict[str, Columns] = {
        "labels": _label_columns(job, labels),
        "occurrences": {
            "id": _ids(occurrences, "occurrence_id"),
            "label": _position(occurrences["label_id"], row_of_label),
            **_times(occurrences),
            "score": occurrences["score"],
            **_texts(occurrences, "shot", "source", "sub_source"),
        },
        "speech": {
            "id": _ids(speech, TABLES[spoken].key),
            **_times(speech),
            "text": _texts(speech, "text")["text"],
            "speaker": speakers(job, speech),
        },
        "words": _word_columns(job, speech),
        "lines": {
            "id": _ids(on_screen, "line_id"),
            **_times(on_screen),
            **_texts(on_screen, "text", "role"),
            **{name: on_screen[name].astype("float32") for name in CORNERS},
        },
        "links": _link_columns(alignment),
        "translations": _translation_columns(job, speech),
        "shots": {"id": _ids(job["shots"], "shot_id"), **_times(job["shots"])},
        "chapters": {
            "id": _ids(chapters, "chapter_id"),
            **_times(chapters),
            **_texts(chapters, "headline", "summary"),
        },
        "summaries": _summary_columns(job),
        "mindmap": _topic_columns(job, speech),
        "highlights": _highlight_columns(job, speech),
        "texts": {"id": _ids(job["texts"], "text_id"), **_texts(job["texts"], "text")},
        # These stay the last ones, so that `without_boxes` has but to stop before them.
        "tracks": tracks,
        "boxes": points,
    }
    header = {
        "version": VERSION,
        "title": job.title if title is None else title,
        "status": job.status,
        "reason": job.reason,
        "duration": job.duration.seconds,
        "maxGap": MAX_GAP,
        "size": frame_size(boxes, on_screen, alignment),
    }
    return packed(header, tables)


def without_boxes(made: bytes) -> bytes:
    """Take the boxes out of a payload; they are most of its bytes."""
    return emptied(made, ("tracks", "boxes"))


def speech_of(job: Job, alignment: Alignment | None) -> tuple[str, pd.DataFrame]:
    """Give what is said and the table it is from: that of subtitle files where no other is."""
    own = job.best("speech")
    speech = own if alignment is None else on_media(alignment, own)
    if speech.empty and len(job["cues"]):
        return "cues", job["cues"]
    return "speech", speech


def _rows(ids: pd.Series[Any]) -> pd.Index[Any]:
    return pd.Index(ids.astype("Int64"))


def _position(ids: pd.Series[Any], of: pd.Index[Any]) -> Ints:
    """Row of each id in a table, -1 where it is missing or not there."""
    rows = np.asarray(of.get_indexer(pd.Index(ids.astype("Int64"))), dtype=np.int64)
    return np.where(ids.isna(), -1, rows)


def _ids(frame: pd.DataFrame, key: str) -> Ints:
    return np.asarray(frame[key], dtype=np.int64)


def _times(frame: pd.DataFrame) -> Columns:
    start, end = bounds(frame)
    return {"start": start, "end": end}


def _texts(frame: pd.DataFrame, *names: str) -> dict[str, list[str | None]]:
    return {
        name: [value if isinstance(value, str) else None for value in frame[name].tolist()]
        for name in names
    }


def _label_columns(job: Job, labels: pd.DataFrame) -> Columns:
    measured = presence(job).set_index("label_id").reindex(labels["label_id"])
    return {
        "id": _ids(labels, "label_id"),
        **_texts(labels, "kind", "name", "level1", "level2", "category"),
        "score": labels["score"],
        "ratio": labels["ratio"],
        "measured": measured["ratio_measured"],
        "seconds": measured["seconds"],
        "knowledge": [
            _fields(value) if isinstance(value, dict) else None
            for value in labels["knowledge"].tolist()
        ],
    }


def _fields(knowledge: Mapping[Any, Any], under: str = "") -> list[tuple[str, str]]:
    """Flatten nested fields into names and texts to read."""
    made: list[tuple[str, str]] = []
    for key, value in knowledge.items():
        name = f"{under}{key}"
        if isinstance(value, dict):
            made += _fields(value, f"{name}.")
        elif isinstance(value, list):
            made.append((name, ", ".join(str(one) for one in value)))
        elif value is not None and value != "":
            made.append((name, str(value)))
    return made


def _tracks(boxes: pd.DataFrame, row_of_occurrence: pd.Index[Any]) -> tuple[Columns, Columns]:
    """Gather boxes into tracks, one for each label and occurrence, in the order of time."""
    label = boxes["label"].to_numpy(dtype=np.int64)
    own = boxes["occurrence_id"].fillna(-1).to_numpy(dtype=np.int64)
    timestamp = boxes["timestamp"].to_numpy()
    # Times that are missing, as in an image, stand last and are shown at any time.
    order = np.lexsort((timestamp, own, label))
    label, own, timestamp = label[order], own[order], timestamp[order]
    corners = boxes[CORNERS].to_numpy(dtype=np.float32)[order]
    begins = np.flatnonzero(
        np.append(True, (label[1:] != label[:-1]) | (own[1:] != own[:-1]))[: len(label)]
    )
    occurrence = pd.Series(own[begins], dtype="Int64")
    tracks = {
        "label": label[begins],
        "occurrence": _position(occurrence, row_of_occurrence),
        "first": begins,
        "stop": np.append(begins[1:], len(label)) if len(label) else begins,
    }
    points = {
        "time": timestamp,
        **{name: corners[:, k] for k, name in enumerate(CORNERS)},
        "score": boxes["score"].to_numpy(dtype=np.float32)[order],
    }
    return tracks, points


def _word_columns(job: Job, speech: pd.DataFrame) -> Columns:
    """Find each spoken word in the sentence that is being said: where it begins and ends there."""
    words = job["words"]
    start, end = bounds(speech)
    begin = words["start_time"].to_numpy()
    middle = (begin + words["end_time"].to_numpy()) / 2
    by_start = np.argsort(start, kind="stable")
    at = np.searchsorted(start[by_start], middle, side="right") - 1
    sentence = np.where(at >= 0, by_start[at] if len(by_start) else -1, -1)
    texts, spoken = speech["text"].tolist(), words["text"].tolist()
    units = {
        row: _units(texts[row])
        for row in set(sentence.tolist())
        if row >= 0 and isinstance(texts[row], str)
    }
    kept, spans = [], []
    read: dict[int, int] = {}
    for place in np.lexsort((begin, sentence)).tolist():
        row, word = int(sentence[place]), spoken[place]
        if row not in units or not isinstance(word, str) or not end[row] >= middle[place]:
            continue
        found = texts[row].find(word.strip(), read.get(row, 0))
        if found < 0 or not word.strip():
            continue
        stop = found + len(word.strip())
        read[row] = stop
        kept.append(place)
        spans.append((row, int(units[row][found]), int(units[row][stop])))
    told = np.array(spans, dtype=np.int64).reshape(-1, 3)
    return {
        "id": _ids(words, "word_id")[kept],
        "start": begin[kept],
        "end": words["end_time"].to_numpy()[kept],
        "speech": told[:, 0],
        "from": told[:, 1],
        "to": told[:, 2],
    }


def _units(text: str) -> Ints:
    """UTF-16 units before each character of a text, and in all of it."""
    wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4") > 0xFFFF
    return np.append(0, np.cumsum(1 + wide.astype(np.int64)))


def _edits(a: str, b: str, of_a: tuple[int, int], of_b: tuple[int, int]) -> list[Edit]:
    """Tell what turns a part of one text into a part of the other, in UTF-16 units of the whole."""
    units_a, units_b = _units(a), _units(b)
    made = []
    for operation, from_a, to_a, from_b, to_b in edits(a[slice(*of_a)], b[slice(*of_b)]):
        in_a = units_a[[of_a[0] + from_a, of_a[0] + to_a]].tolist()
        in_b = units_b[[of_b[0] + from_b, of_b[0] + to_b]].tolist()
        made.append((operation, *in_a, *in_b))
    return made


def _link_columns(alignment: Alignment | None) -> Columns:
    """Which sentence and line belong together, and by which operations one becomes the other.

    An operation is its name, and where in the sentence and in the line it begins and ends.
    """
    if alignment is None or alignment.links.empty:
        return {"speech": [], "line": [], "kind": [], "differences": []}
    links, speech, lines = alignment.links, alignment.speech, alignment.lines
    said = _position(links["speech_id"], _rows(speech["speech_id"]))
    shown = _position(links["line_id"], _rows(lines["line_id"]))
    texts, written = speech["text"].tolist(), lines["text"].tolist()
    # What begins or ends otherwise is no part of what was matched: where a sentence and a line
    # are each other's alone, all of both is compared.
    matched = links["kind"].eq("text")
    alone = matched & ~links[matched].duplicated("speech_id", keep=False)
    alone &= ~links[matched].duplicated("line_id", keep=False)
    differences: list[Any] = []
    for one, other, span, line_span, whole in zip(
        *(said.tolist(), shown.tolist(), links["speech_span"], links["line_span"], alone),
        strict=True,
    ):
        if span is None or line_span is None:
            differences.append(None)
            continue
        if whole:
            span, line_span = (0, len(texts[one])), (0, len(written[other]))
        differences.append(_edits(texts[one], written[other], span, line_span))
    return {
        "speech": said,
        "line": shown,
        "kind": links["kind"].tolist(),
        "differences": differences,
    }


def _translation_columns(job: Job, speech: pd.DataFrame) -> Columns:
    """Put each translation beside the sentence that it shares the most time with."""
    frame = job["translations"]
    return {
        "id": _ids(frame, "translation_id"),
        **_times(frame),
        "speech": most_shared(frame, speech),
        **_texts(frame, "text", "language"),
    }


def _summary_columns(job: Job) -> Columns:
    """Summaries, each with the time of its question, or else of its speaker's first words."""
    summaries = job["summaries"]
    asked, answered = (
        sentence_starts(job, summaries, column)
        for column in ("question_sentences", "answer_sentences")
    )
    speaker = ["result_type", "speaker_id"]
    first = job["speech"].groupby(speaker)["start_time"].min()
    begins = first.reindex(pd.MultiIndex.from_frame(summaries[speaker])).to_numpy()
    start = np.fmin(asked, answered)
    return {
        "id": _ids(summaries, "summary_id"),
        "start": np.where(np.isnan(start), begins, start),
        **_texts(summaries, "kind", "speaker", "question", "text"),
    }


def _topic_columns(job: Job, speech: pd.DataFrame) -> Columns:
    """Topics of the mind map, each with the time of the chapter or sentence that tells it best."""
    topics, chapters = job["mindmap"], job["chapters"]
    titles = [title if isinstance(title, str) else "" for title in topics["title"].tolist()]
    told = [
        *zip(chapters["headline"], chapters["start_time"], strict=True),
        *zip(chapters["summary"], chapters["start_time"], strict=True),
        *zip(speech["text"], speech["start_time"], strict=True),
    ]
    told = [(text, time) for text, time in told if isinstance(text, str) and time == time]
    return {
        "id": _ids(topics, "topic_id"),
        "parent": _position(topics["parent_id"], _rows(topics["topic_id"])),
        "depth": topics["depth"].fillna(0).to_numpy(dtype=np.int64),
        "start": _best_told(titles, told),
        **_texts(topics, "title"),
    }


def _best_told(titles: Sequence[str], told: Sequence[tuple[str, float]]) -> npt.NDArray[np.float64]:
    """When each title is told: by the first of the texts that are most like it."""
    made = np.full(len(titles), np.nan)
    texts = [text.casefold() for text, _ in told]
    for row, title in enumerate(titles):
        # A text shorter than the title would be found in it: that is not to tell it.
        fitting = [text if len(text) >= len(title) else "" for text in texts]
        wanted = title.casefold()
        found = process.extractOne(wanted, fitting, scorer=fuzz.partial_ratio, score_cutoff=_ALIKE)
        if len(title) > 1 and found is not None:
            made[row] = told[found[2]][1]
    return made


def _highlight_columns(job: Job, speech: pd.DataFrame) -> Columns:
    """Highlights without a time have that of their sentence, or of the first that tells them."""
    frame = job["highlights"]
    start, end = bounds(frame)
    start = np.where(np.isnan(start), sentence_starts(job, frame, "sentence_id"), start)
    begin, texts = bounds(speech)[0].tolist(), speech["text"].fillna("").tolist()
    words = frame["text"].tolist()
    for row in np.flatnonzero(np.isnan(start)).tolist():
        word = words[row]
        if isinstance(word, str) and word:
            start[row] = next((begin[k] for k, text in enumerate(texts) if word in text), np.nan)
    return {
        "id": _ids(frame, "highlight_id"),
        "start": start,
        "end": end,
        **_texts(frame, "kind", "text"),
    }
