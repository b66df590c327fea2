"""From an answer to a Job: which reader reads what.

To add a result type:

1. Write a module beside this one: msgspec structs (`Item`) that name every field of the result's
   body, and ``read(body, result)``, which adds columns of rows (``result.add``) and notes what is
   doubtful (``result.note_rows``). `asr` is the shortest example.
2. Add it to the table of readers below, under the Type that answers give it.
3. Add a body to ``tests/readers/test_fields.py`` with where each of its fields lands, one to
   ``mutations.py`` with its levels, and a test to ``test_quirks.py`` for each quirk it has.

New columns belong into `smarttag_nb.tables` first. Nothing else needs to change: the readers are
told apart by the keys that their structs name.
"""

from __future__ import annotations

import gc
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any, Literal

import numpy as np
import pandas as pd

from ..errors import InvalidArgument
from ..job import Duration, Job
from ..tables import build
from . import asr, cpv_label, image_label, meta, nlp, ocr, subtitle, text_label, video_label
from .callback import Callback, read_callback
from .dispatch import Dispatch, Reader
from .document import Document
from .duration import judge_ratios
from .envelope import Envelope
from .notes import Notes, is_storable
from .rows import Options, Rows
from .source import open_source

__all__ = ["Callback", "load", "read_callback"]


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
"""The readers of results that are objects. Process is a list of modules: `process._MODULES`."""


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

    Of a key that stands twice in an object, the last counts, as in every JSON reader.

    Examples
    --------
    >>> job = load({"details": [{"from": 0.5, "to": 2.0, "content": "大家好"}]})
    >>> job.speech[["start_time", "text"]].values.tolist()
    [[0.5, '大家好']]
    """
    job = read(source, job_id=job_id, duration=duration, size=size, boxes=boxes, strict=strict)
    _warn(job)
    return job


def read(
    source: Any,
    *,
    job_id: str | None = None,
    duration: float | None = None,
    size: tuple[float, float] | None = None,
    boxes: Literal["auto", "documented", "corner-sum"] = "auto",
    strict: bool = False,
) -> Job:
    """Read as `load` does, and warn of nothing: for many answers at a time, in any thread."""
    options = _checked(job_id, duration, size, boxes)
    notes = Notes(strict=strict)
    # Numbers near the end of what a float holds are doubtful, and no reason to warn of overflow.
    with _collector_paused(), np.errstate(over="ignore", invalid="ignore"):
        received = open_source(source, notes)
        envelope, tables, length = _fill(received.document, duration, notes, options)
    return Job(
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


def _fill(
    document: Document, duration: float | None, notes: Notes, options: Options
) -> tuple[Envelope, dict[str, pd.DataFrame], Duration]:
    """Read a document into tables, and judge its duration and ratios."""
    rows = Rows()
    envelope = Dispatch(READERS, rows, notes, options).read(document)
    tables = rows.tables()
    length = judge_ratios(tables, duration, rows.ratios, notes)
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
    if job_id is not None and not is_storable(job_id):
        raise InvalidArgument("job_id", "text", job_id)
    if duration is not None and not _is_length(duration):
        raise InvalidArgument("duration", "seconds above 0", duration)
    given: Any = boxes  # Of any type: an array would be compared item by item.
    if not (isinstance(given, str) and given in ("auto", "documented", "corner-sum")):
        raise InvalidArgument("boxes", '"auto", "documented" or "corner-sum"', boxes)
    if size is None:
        return Options(boxes=boxes)
    try:
        width, height = size
    except (TypeError, ValueError):
        raise InvalidArgument("size", "(width, height) in pixels", size) from None
    if not (_is_length(width) and _is_length(height)):
        raise InvalidArgument("size", "a width and a height above 0", size)
    return Options(boxes=boxes, size=(float(width), float(height)))


def _is_length(value: object) -> bool:
    if not isinstance(value, (int, float, np.number)) or isinstance(value, bool):
        return False
    try:
        return bool(0 < float(value) < np.inf)
    except OverflowError:
        return False


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
