"""The vocabulary: each contract table's columns, with dtype, unit and meaning.

Every `Job` has every one of these tables, with the same columns, order and dtypes, whichever
dialect its answer came in, and whether it has rows or not. Column names are spelled here alone.

Conventions: times are float seconds from the start of the media; boxes are x1, y1, x2, y2 in
pixels of the source frame, y down; scores and ratios go from 0 to 1. Numbers are float64 with NaN
for missing; ids and counts Int64; flags boolean; text `StringDtype("python", na_value=nan)`; dicts
and lists object, with None for missing. Rows stand in the order received, with a RangeIndex.

>>> list(empty("speech").columns)[:4]
['speech_id', 'start_time', 'end_time', 'text']
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from pandas.api.types import infer_dtype

from .errors import ContractError, UnknownName

Kind = Literal["number", "integer", "flag", "text", "object"]

# Spelled out because pandas would store "str" by pyarrow where that is installed and by Python
# where it is not: the same frame would differ from one machine to the next.
TEXT = pd.StringDtype("python", na_value=np.nan)

_DTYPES: dict[Kind, Any] = {
    "number": np.dtype("float64"),
    "integer": pd.Int64Dtype(),
    "flag": pd.BooleanDtype(),
    "text": TEXT,
    "object": np.dtype("object"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a contract table."""

    name: str
    kind: Kind
    meaning: str
    unit: str = ""

    @property
    def dtype(self) -> Any:
        """The pandas dtype of the column."""
        return _DTYPES[self.kind]


@dataclass(frozen=True, slots=True)
class Table:
    """A contract table: what a row is, and its columns in order."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> str:
        """Name of the row id, the first column."""
        return self.columns[0].name


def _number(name: str, meaning: str, unit: str = "") -> Column:
    return Column(name, "number", meaning, unit)


def _integer(name: str, meaning: str) -> Column:
    return Column(name, "integer", meaning)


def _text(name: str, meaning: str) -> Column:
    return Column(name, "text", meaning)


def _object(name: str, meaning: str) -> Column:
    return Column(name, "object", meaning)


KINDS = ("person", "tag", "category", "entity", "hotword", "keyword", "text")
"""What a label can be."""

_START = _number("start_time", "start", "s")
_END = _number("end_time", "end", "s")
_TIMESTAMP = _number("timestamp", "moment of the frame", "s")
_SCORE = _number("score", "confidence; NaN where the API says there is none", "0–1")
_BOX = (
    _number("x1", "left edge", "px"),
    _number("y1", "top edge", "px"),
    _number("x2", "right edge", "px"),
    _number("y2", "bottom edge", "px"),
)
_TEXT = _text("text", "the text")
_KEY = _text("key", "the API's own id of the row")
_SPEAKER = _text("speaker_id", "the API's id of the speaker")
_SENTENCE = _integer("sentence_id", "the API's id of the sentence")
_PARAGRAPH = _text("paragraph_id", "the API's id of the paragraph")
_LABEL = _integer("label_id", "the label it belongs to")
_RESULT = (
    _text("result_type", "type of the result the row came from"),
    _integer("result_index", "position of that result in Results"),
)


def _table(
    name: str, row: str, key: str, *columns: Column, result: bool = True
) -> tuple[str, Table]:
    own = _integer(key, "the row's id")
    return name, Table(name, row, (own, *columns, *(_RESULT if result else ())))


TABLES: Mapping[str, Table] = dict(
    [
        _table(
            "labels",
            "a person, tag, category, entity, keyword",
            "label_id",
            _text("kind", f"{', '.join(KINDS[:-1])} or {KINDS[-1]}"),
            _text("name", "the label itself, the most specific name it has"),
            _text("level1", "first level: main tag, category, a text label's name"),
            _text("level2", "second level, as received"),
            _text("category", "of a person: celebrity, politician, sensitive, unknown, custom…"),
            _number("ratio", "share of the media in which it appears, as reported", "0–1"),
            _SCORE,
            _KEY,
            Column("listed", "flag", "whether it is on the user's own list (isWhite)"),
            _object("knowledge", "dict of the knowledge graph's fields"),
            _text("origin", "auto (machine) or hmi (machine and human)"),
        ),
        _table(
            "occurrences",
            "a time range in which a label appears",
            "occurrence_id",
            _LABEL,
            _START,
            _END,
            _SCORE,
            _text("shot", "closeUp, medium-closeUp, medium or medium-long"),
            _text("source", "vision, audio or text"),
            _text("sub_source", "the algorithm it comes from"),
            _object("details", "dict with metaData and mediaData"),
        ),
        _table(
            "boxes",
            "a label's box on one frame",
            "box_id",
            _LABEL,
            _integer("occurrence_id", "the occurrence it belongs to"),
            _TIMESTAMP,
            *_BOX,
            _SCORE,
            _object("landmarks", "flat list of key points: x, y, x, y…"),
        ),
        _table(
            "attributes",
            "a property of what a box shows, such as an expression",
            "attribute_id",
            _integer("box_id", "the box it belongs to"),
            _text("property", "what is told"),
            _text("value", "what it is"),
            _SCORE,
        ),
        _table(
            "speech",
            "a spoken sentence",
            "speech_id",
            _START,
            _END,
            _TEXT,
            _SPEAKER,
            _PARAGRAPH,
            _SENTENCE,
        ),
        _table(
            "words",
            "a spoken word",
            "word_id",
            _START,
            _END,
            _TEXT,
            _SPEAKER,
            _PARAGRAPH,
            _SENTENCE,
            _KEY,
        ),
        _table(
            "ocr",
            "a text seen on screen",
            "ocr_id",
            _START,
            _END,
            _TIMESTAMP,
            _TEXT,
            _SCORE,
            *_BOX,
            _text("text_type", "subtitle, scrolling or caption"),
            _object("quad", "list of four corner points [x, y]"),
            _object("char_scores", "list of each character's score"),
        ),
        _table(
            "ocr_frames",
            "a moment at which text was looked for, also where none was seen",
            "ocr_frame_id",
            _TIMESTAMP,
        ),
        _table(
            "shots",
            "a segment of the cut",
            "shot_id",
            _integer("number", "number of the segment, as received"),
            _START,
            _END,
            _SCORE,
        ),
        _table(
            "chapters",
            "a chapter",
            "chapter_id",
            _START,
            _END,
            _text("headline", "its headline"),
            _text("summary", "its summary"),
            _KEY,
        ),
        _table(
            "summaries",
            "a summary",
            "summary_id",
            _text("kind", "text, speaker or question"),
            _SPEAKER,
            _text("speaker", "the speaker's name"),
            _text("question", "the question it answers"),
            _TEXT,
            _object("question_sentences", "list of sentence_id the question stands in"),
            _object("answer_sentences", "list of sentence_id the answer stands in"),
        ),
        _table(
            "mindmap",
            "a topic of the mind map",
            "topic_id",
            _integer("parent_id", "topic_id of the topic above; NA at a root"),
            _integer("depth", "0 at a root"),
            _text("title", "its title"),
        ),
        _table(
            "translations",
            "a translated sentence",
            "translation_id",
            _START,
            _END,
            _TEXT,
            _PARAGRAPH,
            _SENTENCE,
            _text("language", "language of the translation, where it is told"),
        ),
        _table(
            "highlights",
            "a keyword, key sentence or action item",
            "highlight_id",
            _text("kind", "keyword, sentence or action"),
            _START,
            _END,
            _TEXT,
            _SENTENCE,
            _KEY,
        ),
        _table(
            "scene_scores",
            "how much the talk is an interview, a lecture, a meeting",
            "scene_score_id",
            _text("scene", "interview, lecture or meeting"),
            _SCORE,
        ),
        _table("texts", "a generated text, or prose", "text_id", _TEXT),
        _table(
            "files",
            "a file that the answer points to",
            "file_id",
            _text("kind", "subtitles, process, output or media"),
            _text("language", "of subtitles: all, zh or en"),
            _text("url", "where it is; untrusted"),
        ),
        _table(
            "cues",
            "a subtitle of a subtitle file",
            "cue_id",
            _integer("file_id", "the file it stands in"),
            _integer("number", "its number in the file"),
            _START,
            _END,
            _TEXT,
        ),
        _table(
            "meta",
            "a fact of the job without a better place",
            "meta_id",
            _text("name", "dotted path, such as title or SmartJobInfo.Title"),
            _text("value", "its value; JSON where it is no text"),
        ),
        _table(
            "usages",
            "a line of what the job used",
            "usage_id",
            _text("type", "what was used"),
            _number("quota", "how much of it"),
            result=False,
        ),
        _table(
            "problems",
            "something the reader met",
            "problem_id",
            _text("severity", "info, warning or error"),
            _text("action", "kept, changed or skipped"),
            _text("code", "what kind of problem (`problem_codes`)"),
            _text("path", "where: JSON path, → into a JSON string"),
            _text("message", "what was expected, what was got"),
            _text("value", "the value met, shortened"),
            _integer("repeats", "how many items of the same array it stands for, 1 or more"),
            result=False,
        ),
    ]
)


@dataclass(frozen=True, slots=True)
class ProblemCode:
    """A kind of problem: how bad it is, and what it means."""

    severity: str
    meaning: str


PROBLEM_CODES: Mapping[str, ProblemCode] = {
    "key-case": ProblemCode("info", "A key was spelled in another case and read all the same."),
    "spelling": ProblemCode("info", "A value was spelled in another way and read all the same."),
    "score-scale": ProblemCode("info", "Scores above 1 stand in a list: it was read as 0 to 100."),
    "surrogate": ProblemCode("info", "A lone surrogate, which is no character, became U+FFFD."),
    "not-strict-json": ProblemCode(
        "info", "Comments, NaN or raw control characters, which JSON does not allow."
    ),
    "encoding": ProblemCode("warning", "Bytes that are no UTF-8, which became U+FFFD."),
    "superseded": ProblemCode(
        "info", "A deprecated field beside the one that replaced it; in job.raw only."
    ),
    "nothing-in-it": ProblemCode("info", "An item that holds nothing to make a row of."),
    "shape": ProblemCode("info", "A list where an object was expected, or the other way round."),
    "unknown-key": ProblemCode(
        "warning", "A key that no page names; its value is in job.raw only."
    ),
    "unknown-type": ProblemCode("warning", "A result of a type not known; it is in job.raw only."),
    "type-mismatch": ProblemCode(
        "warning", "A result's keys are those of another type than its Type."
    ),
    "unknown-value": ProblemCode(
        "warning", "A value outside its documented list, kept as received."
    ),
    "range-reversed": ProblemCode("warning", "A range ends before it starts; kept as received."),
    "time-negative": ProblemCode("warning", "A time before the start of the media; kept."),
    "timestamp-outside": ProblemCode(
        "warning", "A timestamp outside its range by more than rounding."
    ),
    "ratio-range": ProblemCode("warning", "A ratio below 0 or above 1; kept as received."),
    "ratio-off": ProblemCode(
        "warning", "A reported ratio that its own occurrences contradict by more than rounding."
    ),
    "score-range": ProblemCode("warning", "A score outside its scale; kept as received."),
    "box-reversed": ProblemCode("warning", "A box whose right or bottom edge comes first; kept."),
    "box-outside": ProblemCode("warning", "A box that reaches outside the frame; kept."),
    "boxes-corner-sum": ProblemCode(
        "warning", "The second corner was the sum of both corners, and was corrected."
    ),
    "body-failed": ProblemCode("warning", "A result that says of itself that it did not succeed."),
    "wrong-type": ProblemCode("error", "A value of another type than documented; left out."),
    "out-of-range": ProblemCode("error", "A number no 64-bit number can hold; left out."),
    "not-json": ProblemCode("error", "Text where JSON was expected, or broken JSON; left out."),
    "not-fetched": ProblemCode(
        "error", "A file that the answer points to could not be fetched or read; left out."
    ),
}
"""What `problems.code` can be."""


def _lookup(name: str) -> Table:
    try:
        return TABLES[name]
    except (KeyError, TypeError):
        raise UnknownName("contract table", name, TABLES) from None


def empty(name: str) -> pd.DataFrame:
    """Return a contract table without rows.

    Parameters
    ----------
    name : str
        A table's name, such as ``"speech"``.

    Returns
    -------
    pandas.DataFrame
        0 rows, with the table's columns in order and of its dtypes.

    Raises
    ------
    UnknownName
        There is no such table.

    Examples
    --------
    >>> len(empty("labels"))
    0
    """
    return _empty(_lookup(name).name).copy(deep=False)


@functools.cache
def _empty(name: str) -> pd.DataFrame:
    frame = pd.DataFrame({c.name: pd.Series([], dtype=c.dtype) for c in TABLES[name].columns})
    frame.columns = _header(name).view()
    return frame


@functools.cache
def _header(name: str) -> pd.Index[str]:
    # Of the explicit text dtype too: see TEXT.
    return pd.Index([column.name for column in TABLES[name].columns], dtype=TEXT)


def conform(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Bring a frame into the form of a contract table, or say why it can't be.

    Missing columns are filled with missing values, a missing id counts from 0, and the columns
    are put in order. Nothing is dropped: a column that the table does not have is an error.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows, with at least one column of the table.
    name : str
        The table's name.

    Returns
    -------
    pandas.DataFrame
        A new frame of the table's columns and dtypes, with a RangeIndex.

    Raises
    ------
    UnknownName
        There is no such table.
    ContractError
        A column is not of the table, is not convertible to its dtype, or ids repeat.

    Examples
    --------
    >>> speech = conform(pd.DataFrame({"text": ["你好"]}), "speech")
    >>> speech.speech_id.tolist(), speech.start_time.isna().tolist()
    ([0], [True])
    """
    table = _lookup(name)
    if not isinstance(frame, pd.DataFrame):
        raise ContractError(name, table.key, f"expected a DataFrame, got {type(frame).__name__}.")
    known = [column.name for column in table.columns]
    for column in frame.columns:
        if column not in known:
            raise ContractError(
                name, str(column), f"the table has no such column, only {', '.join(known)}."
            )
    if not frame.columns.is_unique:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise ContractError(name, str(twice), "the column stands in the frame more than once.")
    made = build(name, {str(column): frame[column] for column in frame.columns}, len(frame))
    key = made[table.key]
    if key.isna().any() or not key.is_unique:
        raise ContractError(name, table.key, "ids must be unique, and none may be missing.")
    return made


def build(name: str, columns: Mapping[str, Any], length: int) -> pd.DataFrame:
    """Build a contract table from columns of values, filling what is not given.

    Parameters
    ----------
    name : str
        The table's name.
    columns : mapping of str to sequence, str or int
        Values by column, each `length` long, or one that stands in all rows. None is missing.
    length : int
        Number of rows.

    Returns
    -------
    pandas.DataFrame
        The contract table.

    Raises
    ------
    ContractError
        A column's values can't be of its dtype.
    """
    if not length:
        return empty(name)
    table = _lookup(name)
    arrays: dict[str, Any] = {}
    for column in table.columns:
        values = columns.get(column.name)
        if values is None and column.name == table.key:
            values = np.arange(length)
        try:
            arrays[column.name] = _ARRAYS[column.kind](values, length)
        except (TypeError, ValueError, OverflowError) as error:
            raise ContractError(
                name, column.name, f"expected values of dtype {column.dtype}: {error}."
            ) from error
    frame = pd.DataFrame(arrays, copy=False)
    frame.columns = _header(name).view()
    return frame


def _numbers(values: Any, length: int) -> Any:
    if values is None:
        return np.full(length, np.nan)
    if getattr(getattr(values, "dtype", None), "kind", "") in ("m", "M", "c"):
        # NumPy would take their parts, such as nanoseconds, for the numbers asked for.
        raise TypeError(f"got {values.dtype}")
    if isinstance(values, pd.Series):
        return values.to_numpy(dtype="float64", na_value=np.nan, copy=True)
    return np.asarray(values, dtype="float64")


def _integers(values: Any, length: int) -> Any:
    if values is None or isinstance(values, int):
        held = np.full(length, values or 0, dtype="int64")
        return pd.arrays.IntegerArray(held, np.full(length, values is None))
    if isinstance(values, np.ndarray) and values.dtype.kind == "i":
        return pd.arrays.IntegerArray(values.astype("int64"), np.zeros(length, bool))
    return pd.array(values, dtype=pd.Int64Dtype())


def _flags(values: Any, length: int) -> Any:
    return pd.array([None] * length if values is None else values, dtype=pd.BooleanDtype())


def _texts(values: Any, length: int) -> Any:
    array: Any = TEXT.construct_array_type()
    if values is None or isinstance(values, str):
        one = array._from_sequence([np.nan if values is None else values], dtype=TEXT)
        return one.take(np.zeros(length, dtype=np.intp))
    if isinstance(values, (list, np.ndarray)):
        held = np.empty(length, dtype=object)
        held[:] = values
    else:
        held = np.asarray(values, dtype=object)
    if infer_dtype(held, skipna=True) not in ("string", "empty"):
        odd = next(v for v in held if not (isinstance(v, str) or pd.isna(v) is True))
        raise TypeError(f"got a {type(odd).__name__} ({odd!r:.40})")
    return array._from_sequence(held, dtype=TEXT)


def _objects(values: Any, length: int) -> Any:
    if values is None:
        return np.full(length, None, dtype=object)
    held = np.fromiter(values, dtype=object, count=length)
    if isinstance(values, pd.Series):
        held[values.isna().to_numpy()] = None
    return held


_ARRAYS = {
    "number": _numbers,
    "integer": _integers,
    "flag": _flags,
    "text": _texts,
    "object": _objects,
}


def describe(name: str | None = None) -> pd.DataFrame:
    """Tell what the contract tables are, or what the columns of one are.

    Parameters
    ----------
    name : str, optional
        A table's name. Without it, all tables are told.

    Returns
    -------
    pandas.DataFrame
        A row per table (table, row, columns), or per column (column, dtype, unit, meaning).

    Raises
    ------
    UnknownName
        There is no such table.

    Examples
    --------
    >>> describe("shots").column.tolist()[1]
    'number'
    """
    if name is None:
        return _frame(
            ("table", "row", "columns"),
            ((t.name, t.row, ", ".join(c.name for c in t.columns)) for t in TABLES.values()),
        )
    return _frame(
        ("column", "dtype", "unit", "meaning"),
        ((c.name, _dtype_name(c), c.unit, c.meaning) for c in _lookup(name).columns),
    )


def problem_codes() -> pd.DataFrame:
    """List the codes of problems with what each means.

    Returns
    -------
    pandas.DataFrame
        A row per code: code, severity, meaning.

    Examples
    --------
    >>> "unknown-key" in problem_codes().code.tolist()
    True
    """
    return _frame(
        ("code", "severity", "meaning"),
        ((code, known.severity, known.meaning) for code, known in PROBLEM_CODES.items()),
    )


def _frame(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns), dtype=TEXT)


def _dtype_name(column: Column) -> str:
    return {"text": "string", "flag": "boolean"}.get(column.kind, str(column.dtype))
