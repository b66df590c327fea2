"""What is said and shown in any job."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any, Literal

import pandas as pd
import pyarrow as pa

from ...errors import InvalidArgument, UnknownName
from ..corpus import Corpus
from ..sql import frame_of
from .arguments import check_corpus


def phrases(
    corpus: Corpus,
    what: str,
    *,
    how: Literal["phrase", "words"] = "phrase",
    tables: str | Iterable[str] = ("speech", "ocr"),
) -> pd.DataFrame:
    """Find what is said and shown in any job, whatever its width and case.

    Parameters
    ----------
    corpus : Corpus
        The jobs.
    what : str
        Text to find.
    how : {"phrase", "words"}
        Find it as it stands, or all of its words, parted by spaces, in any order.
    tables : str or iterable of str
        Where to look: speech, ocr or both.

    Returns
    -------
    pandas.DataFrame
        A row a sentence or text seen that holds it, by job and time: job_id, load_id; table_name;
        row_id, the id of the row there; start_time and end_time (in s), for a text seen on one
        frame both its timestamp; text.

    Raises
    ------
    InvalidArgument
        `corpus` is none, `what` is no text or empty, or `how` is neither.
    UnknownName
        No such table is searched.

    Notes
    -----
    Texts are compared as `smarttag_nb.measures.search` compares them: in Unicode's compatibility
    form (NFKC), and case-folded. They are read once and only what is found is kept in memory.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     corpus = stag.Corpus(folder)
    ...     _ = corpus.add(stag.samples.path("magazine", a) for a in ("cognition", "mts"))
    ...     found = stag.corpus.measures.phrases(corpus, "水温 时间", how="words", tables="speech")
    >>> found[["job_id", "start_time"]].values.tolist()[0]
    ['cognition', 17.68]
    """
    check_corpus(corpus)
    wanted = _wanted(what, how)
    chosen = [tables] if isinstance(tables, str) else list(tables)
    for name in chosen:
        if name not in _SEARCHED:
            raise UnknownName("searched table", name, _SEARCHED)
    if not chosen:
        raise InvalidArgument("tables", "speech, ocr or both", tables)
    reader = corpus.stream(" UNION ALL ".join(_SEARCHED[name] for name in dict.fromkeys(chosen)))
    held = [batch.filter(_holds(batch["text"], wanted)) for batch in reader]
    found = frame_of(pa.Table.from_batches(held, reader.schema))
    order = ["job_id", "load_id", "start_time", "table_name", "row_id"]
    return found.sort_values(order, ignore_index=True)


_SEARCHED = {
    "speech": """
SELECT job_id, load_id, 'speech' AS table_name, speech_id AS row_id, start_time, end_time, text
FROM best_speech
""",
    "ocr": """
SELECT job_id, load_id, 'ocr' AS table_name, ocr_id AS row_id,
    CASE WHEN lasts THEN start_time ELSE coalesce(timestamp, start_time) END AS start_time,
    CASE WHEN lasts THEN end_time ELSE coalesce(timestamp, end_time) END AS end_time, text
FROM (SELECT *, start_time IS NOT NULL AND end_time IS NOT NULL AS lasts FROM best_ocr)
""",
}
"""The tables that are searched, with times as `intervals.bounds` has them."""


def _wanted(what: Any, how: Any) -> list[str]:
    if how not in ("phrase", "words"):
        raise InvalidArgument("how", '"phrase" or "words"', how)
    wanted = _folded(what) if isinstance(what, str) else ""
    if not wanted.strip():
        raise InvalidArgument("what", "text that is not empty", what)
    return wanted.split() if how == "words" else [wanted]


def _holds(texts: pa.Array, wanted: list[str]) -> pa.Array:
    """Tell which texts hold all that is wanted; each once, as a logo is seen on every frame."""
    encoded = texts.dictionary_encode()
    folded = (_folded(text) for text in encoded.dictionary.to_pylist())
    holding = pa.array([all(part in text for part in wanted) for text in folded], pa.bool_())
    return holding.take(encoded.indices)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
