"""Who says each sentence, and when the sentences are said that an answer refers to."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import intervals
from ..job import Job


def speakers(job: Job, speech: pd.DataFrame) -> list[str | None]:
    """Tell who says each sentence: by name where a summary of speakers has one, else by id.

    Parameters
    ----------
    job : Job
        An answer.
    speech : pandas.DataFrame
        Sentences of it, or cues of its subtitle files.

    Returns
    -------
    list of str or None
        A speaker per sentence, None where nothing tells. Where the sentences tell no speakers,
        those of another result at the same time do.
    """
    told = job["speech"].dropna(subset=["speaker_id"])
    if "speaker_id" in speech and speech["speaker_id"].notna().any():
        told = told[told["result_type"].isin(speech["result_type"])]
        ids = speech["speaker_id"].tolist()
    else:
        told = told[told["result_type"] == told["result_type"].head(1).squeeze()]
        other = [*told["speaker_id"].tolist(), None]
        ids = [other[row] for row in intervals.most_shared(speech, told).tolist()]
    names = speaker_names(job, told).to_dict()
    return [names.get(one, one) if isinstance(one, str) else None for one in ids]


def speaker_names(job: Job, speech: pd.DataFrame) -> pd.Series[str]:
    """Names of speakers by their id, as the summaries of the same results tell them."""
    summaries = job["summaries"]
    named = summaries[
        (summaries["kind"] == "speaker") & summaries["result_type"].isin(speech["result_type"])
    ].dropna(subset=["speaker_id", "speaker"])
    return named.drop_duplicates("speaker_id").set_index("speaker_id")["speaker"]


def sentence_starts(job: Job, rows: pd.DataFrame, column: str) -> npt.NDArray[np.float64]:
    """Tell when the sentences begin that rows refer to by the API's own ids.

    Parameters
    ----------
    job : Job
        An answer.
    rows : pandas.DataFrame
        Rows of a table of it, such as ``job.summaries``.
    column : str
        The column that refers to them: ``"sentence_id"``, or ``"question_sentences"`` and
        ``"answer_sentences"``, which hold lists.

    Returns
    -------
    numpy.ndarray, shape (n,)
        Seconds, a moment per row: of several sentences the earliest; NaN where no sentence of the
        row's own result has such an id and a time. Each result numbers its sentences by itself:
        the same number in another is another sentence.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> job = stag.samples.load("magazine", answer="cognition")
    >>> asked = job.summaries[job.summaries.kind == "question"]
    >>> sentence_starts(job, asked, "question_sentences").tolist()
    [20.95, 56.31]
    """
    speech = job["speech"].dropna(subset=["sentence_id", "start_time"])
    starts: dict[Any, float] = {}
    told = zip(_results(speech), speech["sentence_id"], speech["start_time"], strict=True)
    for result, sentence, start in told:
        starts[result, sentence] = min(start, starts.get((result, sentence), math.inf))
    made = []
    for result, value in zip(_results(rows), rows[column].tolist(), strict=True):
        ids = value if isinstance(value, list) else [value]
        known = (starts.get((result, one)) for one in ids if isinstance(one, int))
        made.append(min((start for start in known if start is not None), default=math.nan))
    return np.array(made, dtype=np.float64)


def _results(rows: pd.DataFrame) -> list[tuple[str, int]]:
    """Which result each row is from."""
    types, places = rows["result_type"].fillna(""), rows["result_index"].fillna(-1)
    return list(zip(types.tolist(), places.tolist(), strict=True))
