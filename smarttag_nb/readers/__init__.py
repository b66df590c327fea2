"""From an answer to a Job: which reader reads what.

To add a result type:

1. Write a module beside this one: msgspec structs (`Item`) that name every field of the result's
   body, and ``read(body, result)``, which adds columns of rows (``result.add``) and notes what is
   doubtful (``result.note_rows``). `asr` is the shortest example.
2. Add it to the table of readers below, under the Type that answers give it.
3. Add ``tests/readers/test_<module>.py``: an answer, its rows, and each quirk it has.

New columns belong into `smarttag_nb.tables` first. Nothing else needs to change: the readers are
told apart by the keys that their structs name.
"""

from __future__ import annotations

import functools
import gc
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Literal

import msgspec
import numpy as np
import pandas as pd

from .. import intervals
from ..errors import InvalidArgument, NotAnAnswer
from ..job import Duration, Job
from ..tables import build
from . import (
    asr,
    cpv_label,
    image_label,
    meta,
    nlp,
    ocr,
    process,
    smart_handle,
    subtitle,
    text_label,
    video_label,
)
from .callback import Callback, read_callback
from .decode import decode, without_none
from .document import Document, NotJson
from .envelope import (
    Envelope,
    Given,
    has_envelope,
    looks_like,
    read_envelope,
    read_results,
    unwrap,
)
from .notes import Notes, Path
from .rows import Options, Result, Rows
from .source import open_source, parse

__all__ = ["Callback", "load", "read_callback"]


@dataclass(frozen=True, slots=True)
class Reader:
    """How results of one type are read: the type of their body, and what makes rows of it."""

    body: Any
    read: Callable[[Any, Result], None]


READERS: Mapping[str, Reader] = {
    "VideoLabel": Reader(video_label.VideoLabel, video_label.read),
    "ImageLabel": Reader(image_label.ImageLabel, image_label.read),
    "TextLabel": Reader(text_label.TextLabel, text_label.read),
    "CPVLabel": Reader(cpv_label.CPVLabel, cpv_label.read),
    "ASR": Reader(asr.ASR, asr.read),
    "OCR": Reader(ocr.OCR, ocr.read),
    "NLP": Reader(nlp.NLP, nlp.read),
    "Subtitle": Reader(subtitle.Subtitle, subtitle.read),
    "Meta": Reader(meta.Meta, meta.read),
}
"""The readers of results that are objects; Process is a list, and `_read_list` reads it."""

_TYPES = {name.lower(): name for name in (*READERS, "Process")}


def load(
    source: str | bytes | os.PathLike[str] | dict[str, Any] | list[Any] | IO[Any] | Any,
    *,
    job_id: str | None = None,
    duration: float | None = None,
    size: tuple[float, float] | None = None,
    boxes: Literal["auto", "documented", "corner-sum"] = "auto",
    strict: bool = False,
) -> Job:
    """Read an answer of smart tagging, in any dialect, into contract tables.

    Parameters
    ----------
    source : path, str, bytes, dict, list, file or response
        A whole answer, one result's Data, a raw algorithm file or a subtitle file; as JSON, XML or
        objects; a path may be to a .json.gz. A response of `requests` or of an official SDK.
    job_id : str, optional
        The job's id, where neither the answer nor the file's name tells it.
    duration : float, optional
        How long the media is, in seconds. Inferred unless given (`Job.duration`).
    size : (float, float), optional
        Width and height of the frame in pixels. Boxes are checked against it.
    boxes : {"auto", "documented", "corner-sum"}
        How persons' positions are read: as documented, or with the second corner as the sum of
        both, which some answers hold. "auto" decides from the boxes of each result.
    strict : bool
        Raise on the first problem of severity error, in place of noting it.

    Returns
    -------
    Job
        The tables, and in `Job.problems` all that was read in another way than it was written.

    Raises
    ------
    NotAnAnswer
        The source is neither an answer nor a file of one.
    AnswerProblem
        With `strict`, something in it cannot be read.
    InvalidArgument
        An argument is out of its range.

    Warns
    -----
    UserWarning
        Once, in one line, where there are problems of severity error.

    Notes
    -----
    API pages: QuerySmarttagJob (ICE and MTS), QueryVideoCognitionJob, GetSmartHandleJob.

    Examples
    --------
    >>> job = load({"details": [{"from": 0.5, "to": 2.0, "content": "大家好"}]})
    >>> job.speech[["start_time", "text"]].values.tolist()
    [[0.5, '大家好']]
    """
    options = _checked(job_id, duration, size, boxes)
    notes = Notes(strict=strict)
    # Numbers near the end of what a float holds are doubtful, and no reason to warn of overflow.
    with _collector_paused(), np.errstate(over="ignore", invalid="ignore"):
        received = open_source(source, notes)
        envelope, tables, length = _fill(received.document, duration, notes, options)
    job = Job(
        status=envelope.status,
        operation=envelope.operation,
        job_id=job_id or envelope.job_id or received.stem,
        request_id=envelope.request_id,
        user_data=envelope.user_data,
        reason=envelope.reason,
        duration=length,
        raw=received.raw,
        tables=tables,
    )
    _warn(job)
    return job


def _fill(
    document: Document, duration: float | None, notes: Notes, options: Options
) -> tuple[Envelope, dict[str, pd.DataFrame], Duration]:
    """Read a document into tables, and judge its duration and ratios."""
    rows = Rows()
    envelope = _read(document, rows, notes, options)
    tables = rows.tables()
    length = _judge_ratios(tables, duration, notes)
    columns, count = notes.columns()
    tables["problems"] = build("problems", columns, count)
    return envelope, tables, length


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the cyclic garbage collector.

    A decoded answer is a tree of up to millions of objects and holds no cycles, but each of the
    collector's passes would walk all of it.
    """
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


def _checked(job_id: object, duration: object, size: Any, boxes: Any) -> Options:
    if job_id is not None and not isinstance(job_id, str):
        raise InvalidArgument("job_id", "text", job_id)
    if duration is not None and not (
        isinstance(duration, (int, float)) and np.isfinite(duration) and duration > 0
    ):
        raise InvalidArgument("duration", "seconds above 0", duration)
    if boxes not in ("auto", "documented", "corner-sum"):
        raise InvalidArgument("boxes", '"auto", "documented" or "corner-sum"', boxes)
    if size is None:
        return Options(boxes=boxes)
    try:
        width, height = (float(side) for side in size)
    except (TypeError, ValueError):
        raise InvalidArgument("size", "(width, height) in pixels", size) from None
    if not (width > 0 and height > 0):
        raise InvalidArgument("size", "a width and a height above 0", size)
    return Options(boxes=boxes, size=(width, height))


def _warn(job: Job) -> None:
    problems = job["problems"]
    errors = problems[problems["severity"] == "error"]
    if len(errors):
        first = errors.iloc[0]
        warnings.warn(
            f"{len(errors)} error{'s' * (len(errors) > 1)} in this answer, see job.problems; "
            f"first: {first['path']}: {first['message']}",
            UserWarning,
            stacklevel=3,
        )


# --- What a source is ------------------------------------------------------------------------


def _read(document: Document, rows: Rows, notes: Notes, options: Options) -> Envelope:
    root = Path()

    def result(kind: str, index: int | None, path: Path) -> Result:
        return Result(kind, index, path, rows, notes, options)

    modules = _modules(document)
    if modules is not None:
        process.read(modules, result("Process", 0, root))
        return Envelope()
    if isinstance(document.text, str) and subtitle.looks_like_cues(document.text):
        subtitle.read_cues(document.text, result("Subtitle", 0, root))
        return Envelope()
    value = parse(document, root, notes)
    if isinstance(value, str):
        # A JSON document within a JSON text, as Data is.
        return _read(Document(text=value), rows, notes, options)
    if isinstance(value, list):
        return _read_bare_list(value, result)
    if not isinstance(value, dict):
        raise NotAnAnswer(*looks_like(value))
    value, root = unwrap(value, root)
    if has_envelope(value):
        envelope = read_envelope(value, root, notes)
    else:
        envelope = _read_alone(value, result, root)
    for given in envelope.results:
        _read_result(given, result)
    if envelope.smart is not None:
        _read_smart(envelope.smart, result)
    _add_envelope(envelope, rows)
    return envelope


def _read_alone(value: dict[str, Any], result: Callable[..., Result], root: Path) -> Envelope:
    """Read a result's Data without the result around it, or a single module of algorithms."""
    body = Document(value=value)
    if {"name", "result"} <= {key.lower() for key in value}:
        made = result("Process", 0, root)
        process.read(process.split_modules(body, root, made.notes), made)
        return Envelope()
    kind = _fitting(body, declared=None)
    if kind is None:
        raise NotAnAnswer(*looks_like(value))
    _read_body(body, kind, Given(kind, value, 0, root), root, result)
    return Envelope()


def _modules(document: Document) -> list[tuple[Any, Document]] | None:
    """Split a raw algorithm file that is as documented into modules: fast, for large ones."""
    if not isinstance(document.text, (bytes, str)) or document.text[:1] not in (b"[", "["):
        return None
    try:
        modules = document.typed(list[process.Module])
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return None
    return [((i, m.name), Document(text=m.result)) for i, m in enumerate(modules)] or None


def _read_bare_list(value: list[Any], result: Callable[..., Result]) -> Envelope:
    """Read a list: of results, of algorithms' modules, or of sentences."""
    first = next((item for item in value if isinstance(item, dict)), {})
    keys = {key.lower() for key in first}
    if "data" in keys and "type" in keys:
        for given in read_results(value, Path(), result("", None, Path()).notes):
            _read_result(given, result)
        return Envelope()
    if {"name", "result"} <= keys:
        made = result("Process", 0, Path())
        process.read(process.split_modules(Document(value=value), made.path, made.notes), made)
        return Envelope()
    if "content" in keys and keys & {"from", "to"}:
        smart_handle.read_list(value, result("AiResult", 0, Path()))
        return Envelope()
    raise NotAnAnswer(*looks_like(value))


def _read_result(given: Given, result: Callable[..., Result]) -> None:
    declared = _TYPES.get(given.type.lower()) if given.type else None
    notes = result("", None, given.path).notes
    if given.type and declared is None:
        notes.add(
            "unknown-type",
            given.path / "Type",
            "a result of this type is not known; it is kept in job.raw",
            given.type,
            action="skipped",
        )
        return
    path = given.path / "Data"
    document = Document(value=given.data)
    if isinstance(given.data, str):
        path = path.inside()
        document = Document(text=given.data.strip())
        if not document.text:
            document = Document(value=None)
        elif process.looks_like_url(given.data) and declared in (None, "Process"):
            process.read_url(given.data, result("Process", given.index, path))
            return
    if document.text is None and document.value is None:
        notes.add("nothing-in-it", path, "a result without data", given.type, action="skipped")
        return
    _read_body(document, declared, given, path, result)


def _read_body(
    document: Document,
    declared: str | None,
    given: Given,
    path: Path,
    result: Callable[..., Result],
) -> None:
    notes = result("", None, path).notes
    # What is as its Type says needs no second look, which would cost a pass over all of it.
    if declared is not None and declared in READERS and declared != "Meta":
        reader = READERS[declared]
        try:
            body = document.typed(reader.body)
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            pass
        else:
            _read_as(reader, body, result(declared, given.index, path))
            return
    fitting = _fitting(document, declared)
    kind = fitting or declared
    if kind is None:
        notes.add(
            "unknown-type",
            path,
            "keys of no result type that is known; kept in job.raw",
            _head(document),
            action="skipped",
        )
        return
    if declared is not None and kind != declared:
        notes.add("type-mismatch", given.path / "Type", f"the keys are those of {kind}", given.type)
    made = result(kind, given.index, path)
    if kind == "Process":
        try:
            modules = process.split_modules(document, path, notes)
        except NotJson as error:
            notes.wrong(
                path, "JSON", _head(document), code="not-json", action="skipped", got=str(error)
            )
            return
        process.read(modules, made)
        return
    body = decode(document, READERS[kind].body, path, notes)
    if body is not None:
        _read_as(READERS[kind], body, made)


def _head(document: Document) -> Any:
    return document.value if document.text is None else str(document.text)[:200]


def _read_as(reader: Reader, body: Any, result: Result) -> None:
    if getattr(body, "success", None) is False:
        result.notes.add(
            "body-failed", result.path / "success", "the result says it failed", body.message
        )
    reader.read(body, result)


def _read_smart(given: Given, result: Callable[..., Result]) -> None:
    """AiResult: a list, an object, text with either, or prose."""
    value, path = given.data, given.path
    made = result("AiResult", 0, path)
    if value is None or value == "":
        return
    if isinstance(value, str):
        if value.lstrip()[:1] not in ("{", "["):
            smart_handle.read_prose(value, made)
            return
        path = path.inside()
        made = result("AiResult", 0, path)
        try:
            value = Document(text=value.strip()).parse(path, made.notes)
        except NotJson:
            smart_handle.read_prose(given.data, made)
            return
    if isinstance(value, list):
        first = next((item for item in value if isinstance(item, dict)), {})
        if "name" in first and "result" in first:
            modules = process.split_modules(Document(value=value), path, made.notes)
            process.read(modules, result("Process", 0, path))
        else:
            smart_handle.read_list(value, made)
        return
    if isinstance(value, dict):
        inner = Given(None, value, 0, path)
        _read_body(Document(value=value), None, inner, path, result)
        return
    made.notes.wrong(path, "a list, an object or text", value, action="skipped")


def _add_envelope(envelope: Envelope, rows: Rows) -> None:
    rows.add(
        "usages",
        len(envelope.usages),
        type=[kind for kind, _ in envelope.usages],
        quota=[quota for _, quota in envelope.usages],
    )
    rows.add(
        "files",
        len(envelope.files),
        kind=[kind for kind, _ in envelope.files],
        url=[url for _, url in envelope.files],
    )
    if envelope.facts:
        rows.add(
            "meta",
            len(envelope.facts),
            name=[name for name, _ in envelope.facts],
            value=[value for _, value in envelope.facts],
        )


# --- Which reader fits -----------------------------------------------------------------------


def _fitting(document: Document, declared: str | None) -> str | None:
    """Choose the reader whose fields name the most of a body's keys, the declared one if as good.

    Types and bodies are seen to contradict each other, so the keys decide: those of the body, and
    those of the first item of each of its arrays.
    """
    keys = _keys(document)
    if keys is None:
        return "Process"
    if not keys:
        return declared
    best: tuple[int, int, bool] | None = None
    chosen = None
    for name in READERS:
        known = _known_keys(name)
        hits = len(keys & known)
        if not hits:
            continue
        rank = (hits - len(keys - known), hits, name == declared)
        if best is None or rank > best:
            best, chosen = rank, name
    if chosen is None:
        return "Meta" if declared == "Meta" else None
    if declared is None and best is not None and best[0] < 0:
        return None
    return chosen


_ANYWHERE = {"success", "message"}
"""Keys that any body may have, and which tell nothing of its type."""


_SHALLOW = dict[str, msgspec.Raw] | list[msgspec.Raw]


def _keys(document: Document) -> frozenset[str] | None:
    """List a body's keys and `array.key` of first items, lower-case; None for a list."""
    value: Any = document.value
    if document.text is not None:
        try:
            value = msgspec.json.decode(
                document.text, type=dict[str, msgspec.Raw] | list[msgspec.Raw]
            )
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            try:
                value = document.parse(Path(), Notes())
            except NotJson:
                return frozenset()
    if isinstance(value, list):
        return None
    if not isinstance(value, dict):
        return frozenset()
    keys = set()
    for key, given in value.items():
        if key.lower() not in _ANYWHERE:
            keys.add(key.lower())
            keys.update(f"{key}.{inner}".lower() for inner in _first_keys(given))
    return frozenset(keys)


def _first_keys(given: Any) -> list[str]:
    if isinstance(given, msgspec.Raw):
        try:
            given = msgspec.json.decode(given, type=list[msgspec.Raw] | Any)
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            return []
    if not isinstance(given, list):
        return []
    for item in given[:3]:
        if isinstance(item, msgspec.Raw):
            try:
                item = msgspec.json.decode(item)
            except (msgspec.DecodeError, RecursionError, UnicodeError):
                continue
        if isinstance(item, dict):
            return list(item)
    return []


@functools.cache
def _known_keys(name: str) -> frozenset[str]:
    body = READERS[name].body
    if name == "Meta":
        return frozenset({"title"})
    keys = set()
    for field in msgspec.structs.fields(body):
        if field.encode_name in _ANYWHERE:
            continue
        keys.add(field.encode_name.lower())
        item = without_none(field.type)
        inner = getattr(item, "__args__", (None,))[0]
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            keys.update(
                f"{field.encode_name}.{below.encode_name}".lower()
                for below in msgspec.structs.fields(inner)
            )
    return frozenset(keys)


# --- How long the media is -------------------------------------------------------------------


def _judge_ratios(tables: dict[str, pd.DataFrame], given: float | None, notes: Notes) -> Duration:
    """Tell the duration, and note the ratios that their own occurrences contradict."""
    covered, ratio, rounding = _coverage(tables)
    duration = _duration(tables, given, intervals.infer_duration(covered, ratio, rounding))
    if duration.source in ("given", "ratios"):
        labels = tables["labels"]
        off = intervals.ratio_is_off(covered, ratio, rounding, duration.seconds)
        for row in np.flatnonzero(off):
            kind, index = labels["result_type"].iloc[row], labels["result_index"].iloc[row]
            notes.add(
                "ratio-off",
                Path() / "labels" / int(row),
                f"reported {ratio[row]:.4g}, but its occurrences cover "
                f"{covered[row]:.2f} s of {duration.seconds:.2f} s",
                f"{kind}[{index}] {labels['name'].iloc[row]}",
            )
    return duration


def _duration(tables: dict[str, pd.DataFrame], given: float | None, inferred: float) -> Duration:
    if given is not None:
        return Duration(float(given), "given")
    last = _last_end(tables)
    # A time past the inferred end by more than snapping to frames refutes it.
    if np.isfinite(inferred) and not last > inferred * 1.01 + 1:
        return Duration(inferred, "ratios")
    return Duration(last, "last end" if np.isfinite(last) else "unknown")


def _coverage(tables: dict[str, pd.DataFrame]) -> tuple[Any, Any, Any]:
    """Of each label: seconds covered, reported ratio, and the ratio's rounding."""
    labels, seen = tables["labels"], tables["occurrences"]
    ratio = labels["ratio"].to_numpy()
    rounding = np.zeros(len(labels))
    if np.isnan(ratio).all():
        return np.zeros(len(labels)), ratio, rounding
    covered = intervals.union_by(
        seen["label_id"].to_numpy(dtype="int64"),
        seen["start_time"].to_numpy(),
        seen["end_time"].to_numpy(),
        len(labels),
    )
    for index in labels["result_index"].dropna().unique():
        rows = (labels["result_index"] == index).fillna(False).to_numpy(dtype=bool)
        rounding[rows] = intervals.ratio_rounding(ratio[rows])
    return covered, ratio, rounding


def _last_end(tables: dict[str, pd.DataFrame]) -> float:
    last = np.nan
    for frame in tables.values():
        for column in ("end_time", "timestamp"):
            if len(frame) and column in frame:
                last = np.fmax(last, np.fmax.reduce(frame[column].to_numpy(), initial=np.nan))
    return float(last)
