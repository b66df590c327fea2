"""A Job as the explorer's page takes it: numbers in typed arrays, texts in lists.

The bytes are the length of a JSON header (4 bytes, little-endian), the header, padding up to a
multiple of 8, and columns of numbers one after the other. The header names each table's rows and
columns; a column is a list of values, or ``{"type": "f8", "at": 0}``: its numbers' type and where
they begin after the padding. js/data.js reads it.

What refers to a row of another table does so by its position there, -1 for none; `id` is the row's
own id in the job's table. Positions within a text count UTF-16 units, as JavaScript does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from .. import alignment as align_text
from .. import measures
from ..alignment import Alignment
from ..alignment.result import on_media
from ..alignment.variants import Edit, edits
from ..intervals import bounds, most_shared
from ..job import Job
from ..measures.sentences import sentence_starts, speakers
from ..tables import TABLES

VERSION = 1

MAX_GAP = 1.0
"""Most seconds between two boxes of a track for a box to be drawn between them."""

_CORNERS = ["x1", "y1", "x2", "y2"]
_LARGEST = 1e5
"""No frame has more pixels a side: what is beyond is no place on one."""

_ALIKE = 75
"""From this similarity (0 to 100) on, a topic is told by a chapter or a sentence."""

Ints = npt.NDArray[np.int64]
Columns = dict[str, Any]


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
    labels = _labels(job)
    row_of_label = _rows(labels["label_id"])
    occurrences = job["occurrences"]
    occurrences = occurrences[occurrences["label_id"].isin(labels["label_id"])]
    row_of_occurrence = _rows(occurrences["occurrence_id"])
    found = _boxes(job, labels)
    tracks, points = _tracks(found, row_of_occurrence)
    spoken, speech = speech_of(job, alignment)
    lines = alignment.lines if alignment is not None else align_text.lines(job.best("ocr"))
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
            "id": _ids(lines, "line_id"),
            **_times(lines),
            **_texts(lines, "text", "role"),
            **{name: lines[name].astype("float32") for name in _CORNERS},
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
        # The last ones, so that `without_boxes` has but to stop before them.
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
        "size": _size(found, lines, alignment),
    }
    return _bytes(header, tables)


def without_boxes(packed: bytes) -> bytes:
    """Take the boxes out of a payload; they are most of its bytes."""
    begin = 4 + int.from_bytes(packed[:4], "little")
    header = msgspec.json.decode(packed[4:begin])
    stop = header["tables"]["tracks"]["columns"]["label"]["at"]
    for name in ("tracks", "boxes"):
        columns = header["tables"][name]["columns"]
        none = {column: {**told, "at": 0} for column, told in columns.items()}
        header["tables"][name] = {"rows": 0, "columns": none}
    return _joined(header, [packed[begin : begin + stop]])


def speech_of(job: Job, alignment: Alignment | None) -> tuple[str, pd.DataFrame]:
    """Give what is said and the table it is from: that of subtitle files where no other is."""
    own = job.best("speech")
    speech = own if alignment is None else on_media(alignment, own)
    if speech.empty and len(job["cues"]):
        return "cues", job["cues"]
    return "speech", speech


def _bytes(header: dict[str, Any], tables: Mapping[str, Columns]) -> bytes:
    numbers: list[bytes] = []
    told: dict[str, Any] = {}
    at = 0
    for name, columns in tables.items():
        placed: dict[str, Any] = {}
        rows = 0
        for column, values in columns.items():
            rows = len(values)
            if isinstance(values, list):
                placed[column] = values
                continue
            array = np.ascontiguousarray(values)
            if array.dtype == np.int64:
                array = array.astype("<i4")
            array = array.astype(array.dtype.newbyteorder("<"), copy=False)
            raw = array.tobytes()
            placed[column] = {"type": array.dtype.str[1:], "at": at}
            numbers.append(raw + b"\0" * (-len(raw) % 8))
            at += len(numbers[-1])
        told[name] = {"rows": rows, "columns": placed}
    return _joined({**header, "tables": told}, numbers)


def _joined(header: dict[str, Any], numbers: Sequence[bytes]) -> bytes:
    # NaN becomes null, which is what JSON has for it.
    text = msgspec.json.encode(header, enc_hook=str)
    text += b" " * (-(len(text) + 4) % 8)
    return b"".join([len(text).to_bytes(4, "little"), text, *numbers])


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


def _labels(job: Job) -> pd.DataFrame:
    """List the best labels, and those of the best boxes that have none of these names."""
    best, boxes = job.best("labels"), job.best("boxes")
    every = job["labels"]
    boxed = every[every["label_id"].isin(boxes["label_id"])]
    known = set(zip(best["kind"], best["name"], strict=True))
    new = [
        pair not in known and not missing
        for pair, missing in zip(
            zip(boxed["kind"], boxed["name"], strict=True),
            boxed["label_id"].isin(best["label_id"]),
            strict=True,
        )
    ]
    return pd.concat([best, boxed[new]], ignore_index=True) if any(new) else best


def _label_columns(job: Job, labels: pd.DataFrame) -> Columns:
    measured = measures.presence(job).set_index("label_id").reindex(labels["label_id"])
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


def boxes_of(job: Job, label_ids: Sequence[int]) -> pd.DataFrame:
    """Give the boxes that are drawn for labels; those of labels that are not shown are their own.

    Where results tell the same label twice, the one that follows it best tells its boxes.
    """
    boxes, labels = job["boxes"], _labels(job)
    drawn = _boxes(job, labels)
    shown = labels["label_id"].isin(label_ids)
    ids = drawn.loc[drawn["label"].isin(np.flatnonzero(shown)), "box_id"]
    other = set(label_ids) - set(labels.loc[shown, "label_id"])
    found: pd.DataFrame = boxes[boxes["box_id"].isin(ids) | boxes["label_id"].isin(other)]
    return found


def _boxes(job: Job, labels: pd.DataFrame) -> pd.DataFrame:
    """List the best boxes, with the row of each one's label: by its id, else by its name.

    A label that has none of these falls back on those of its own.
    """
    every = job["boxes"]
    # Comparing is false for what is missing too.
    every = every[(every[_CORNERS].abs() <= _LARGEST).all(axis=1)]
    owner = job["labels"].set_index("label_id")[["kind", "name"]]
    names = owner.reindex(every["label_id"]).reset_index(drop=True)
    shown = pd.MultiIndex.from_frame(labels[["kind", "name"]])
    first = ~shown.duplicated()
    by_name = shown[first].get_indexer(pd.MultiIndex.from_frame(names))
    by_name = np.where(by_name >= 0, np.flatnonzero(first)[by_name], -1)
    by_id = _position(every["label_id"], _rows(labels["label_id"]))
    every = every.assign(label=np.where(by_id >= 0, by_id, by_name))
    every = every[every["label"] >= 0]
    best = every["box_id"].isin(job.best("boxes")["box_id"])
    has_best = set(every.loc[best, "label"])
    kept: pd.DataFrame = every[best | ~every["label"].isin(has_best)]
    return kept


def _tracks(boxes: pd.DataFrame, row_of_occurrence: pd.Index[Any]) -> tuple[Columns, Columns]:
    """Gather boxes into tracks, one for each label and occurrence, in the order of time."""
    label = boxes["label"].to_numpy(dtype=np.int64)
    own = boxes["occurrence_id"].fillna(-1).to_numpy(dtype=np.int64)
    timestamp = boxes["timestamp"].to_numpy()
    # Times that are missing, as in an image, stand last and are shown at any time.
    order = np.lexsort((timestamp, own, label))
    label, own, timestamp = label[order], own[order], timestamp[order]
    corners = boxes[_CORNERS].to_numpy(dtype=np.float32)[order]
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
        **{name: corners[:, k] for k, name in enumerate(_CORNERS)},
        "score": boxes["score"].to_numpy(dtype=np.float32)[order],
    }
    return tracks, points


def _size(
    boxes: pd.DataFrame, lines: pd.DataFrame, alignment: Alignment | None
) -> tuple[float, float] | None:
    """Tell a frame's size, estimated from what lies on it where nothing tells it."""
    if alignment is not None and alignment.size is not None:
        return alignment.size
    corners = pd.concat([boxes[_CORNERS], lines[_CORNERS].dropna()])
    corners = corners[(corners.abs() <= _LARGEST).all(axis=1)]
    if not len(corners):
        return None
    right, bottom = float(corners["x2"].max()), float(corners["y2"].max())
    usual = ((640, 360), (1280, 720), (1920, 1080), (3840, 2160), (720, 1280), (1080, 1920))
    fits = ((w, h) for w, h in usual if right <= w + 1 and bottom <= h + 1)
    return next(fits, (max(right, 1.0), max(bottom, 1.0)))


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
