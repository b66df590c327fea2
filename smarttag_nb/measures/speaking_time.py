"""How long each speaker speaks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .. import intervals
from ..job import Job, check_job
from .sentences import speaker_names


def speaking_time(job: Job, *, result_type: str | None = None) -> pd.DataFrame:
    """Measure each speaker's time and share of what is spoken.

    Parameters
    ----------
    job : Job
        An answer.
    result_type : str, optional
        The result type to take. Without it, the one `Job.best` prefers; where that tells no
        speakers but another does (ASR beside NLP), the other.

    Returns
    -------
    pandas.DataFrame
        A row per speaker, who speaks longest first: speaker_id; speaker, the name, where the
        summaries of the same result type tell it; number of sentences; seconds (union of them);
        share of the seconds in which anybody speaks, 0 to 1; longest sentence (in s). Sentences
        without a speaker are one row without a speaker_id, the last.

    Raises
    ------
    UnknownName
        No speech is of that result type.

    Notes
    -----
    Shares add up to 1, and to more where speakers talk at once.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> talk = stag.measures.speaking_time(stag.samples.load("magazine", answer="cognition"))
    >>> talk.speaker.tolist(), talk.share.round(2).tolist()
    (['沈青禾', 'Tobias Renn', 'Mara Ellison', '顾明川'], [0.51, 0.23, 0.16, 0.09])
    """
    check_job(job)
    speech = job.best("speech", result_type)
    if result_type is None and speech["speaker_id"].isna().all():
        told = job["speech"].dropna(subset=["speaker_id", "result_type"])
        if len(told):
            speech = job.best("speech", told["result_type"].iloc[0])
    codes, _ = pd.factorize(speech["speaker_id"])
    ids = speech["speaker_id"].drop_duplicates().sort_values(key=pd.isna, kind="stable")
    codes = np.where(codes < 0, len(ids) - 1, codes)
    start, end = speech["start_time"].to_numpy(), speech["end_time"].to_numpy()
    timed = np.isfinite(start) & np.isfinite(end) & (end >= start)
    seconds = intervals.union_by(codes, start, end, len(ids))
    seconds[np.bincount(codes[timed], minlength=len(ids)) == 0] = np.nan
    longest = np.full(len(ids), np.nan)
    np.fmax.at(longest, codes[timed], (end - start)[timed])
    anybody = intervals.union(start, end)

    names = speaker_names(job, speech)
    made = pd.DataFrame(
        {
            "speaker_id": ids.array,
            "speaker": names.reindex(ids).array,
            "sentences": pd.array(np.bincount(codes, minlength=len(ids)), dtype="Int64"),
            "seconds": seconds,
            "share": seconds / anybody if anybody else np.full(len(ids), np.nan),
            "longest": longest,
        }
    )
    order = np.lexsort((-seconds, ids.isna()))
    return made.iloc[order].reset_index(drop=True)
