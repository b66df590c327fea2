"""From sentences and OCR rows to an Alignment: the steps in their order."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from .. import tables
from ..errors import InvalidArgument
from ..job import Job, check_job
from . import anchors, fusion, links, matching, passages, roles, scores
from . import clock as clocks
from .anchors import Anchors
from .arguments import check_size, checked
from .found import find
from .lines import with_roles
from .matching import Matching
from .passages import Passages
from .result import Alignment, Clock
from .text import Floats, Normaliser, plain

NEVER_SPOKEN = ("ticker",)
"""Roles by geometry that no speech is looked for in: a ticker says so much that some is said."""

LONG_SENTENCE = 12.0
"""Ranges longer (s) than this are timed anew by the anchors within: nobody knows when in them a
word is said."""

COLLAR = 3.0, 12.0
"""How far (s) what belongs together may be apart, at least and at most."""

COLLAR_MARGIN = 1.0
"""What the collar has over the spread of the anchors (s)."""


def align(
    job: Job | None = None,
    *,
    speech: pd.DataFrame | None = None,
    ocr: pd.DataFrame | None = None,
    size: tuple[float, float] | None = None,
    normaliser: Normaliser | None = None,
) -> Alignment:
    """Align what was said with what was written on screen.

    Every character of the speech that stands in a subtitle is tied to it. From that the links of
    sentences and lines are read, the clock between the two, how far they agree, and the transcript
    as the screen corrects it. Offsets of any length, drift, frame rates that were converted and
    cuts are found. Where nothing ties speech and screen together, there are no links, and
    ``clock.reason`` says why.

    Parameters
    ----------
    job : Job, optional
        An answer, of which the best speech and OCR are taken.
    speech, ocr : pandas.DataFrame, optional
        In place of a job: contract tables. OCR may be sampled (timestamp) or have ranges
        (start_time, end_time).
    size : (width, height), optional
        Of the frame, in pixels. Without it, the extent of all boxes is taken for it.
    normaliser : callable, optional
        What maps spellings onto one another before they are compared, such as traditional
        characters onto simplified ones. It takes a text and returns one.

    Returns
    -------
    Alignment
        Lines, links, clock, scores and the fused transcript.

    Raises
    ------
    InvalidArgument
        Neither a job, nor both tables are given, or both are; the size is none, or the normaliser
        is no function that returns a text.
    ContractError
        A frame is no such contract table.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> alignment = stag.align(stag.samples.load("magazine"))
    >>> alignment.clock.ok
    True
    >>> first = alignment.links.iloc[0]
    >>> alignment.lines.set_index("line_id").loc[first.line_id, "text"]
    '大家早上好，欢迎收看晨间手记。'
    """
    speech, rows, moments = _inputs(job, speech, ocr)
    check_size(size)
    normaliser = checked(normaliser)
    found = find(rows, moments, normaliser)
    lines = found.frame
    sentences = passages.of_speech(speech, normaliser)
    texts = [plain(text, normaliser) for text in lines["text"]]
    silent = np.isin(roles.assign(found, size), NEVER_SPOKEN)
    candidates = passages.of_lines(lines, texts, np.flatnonzero(~silent))

    pairs = anchors.find(sentences, candidates)
    missing = _missing(sentences, candidates)
    clock = clocks.none(missing) if missing else clocks.from_anchors(pairs)
    collar = float(np.clip(clock.spread + COLLAR_MARGIN, *COLLAR))
    said = _said(sentences, clock, pairs)
    support = np.full(len(lines), np.nan)
    if clock.ok:
        support[candidates.rows] = matching.support(sentences, said, candidates, collar)
        support[silent] = 0.0
    role = roles.assign(found, size, support if clock.ok else None)
    subtitles = passages.of_lines(lines, texts, np.flatnonzero(role == "subtitle"))
    if clock.ok:
        matched = matching.match(sentences, said, subtitles, collar)
        clock = clocks.by_beginnings(clock, pairs, *_beginnings(speech, matched))
    else:
        if not missing:
            clock = clocks.from_activity(sentences, subtitles, pairs, clock.reason)
        said = clock(sentences.stream.times)
        matched = matching.nothing(sentences, said, subtitles)

    lines = with_roles(found, role, support)
    shown = _shown(speech, clock, matched)
    by_text = links.by_text(matched)
    matched = links.keep(matched, by_text)
    left = links.of_the_left(matched, by_text, shown)
    linked = links.table([*by_text, *links.by_text(left)], matched, shown, lines, speech)
    fused, error_rate = fusion.transcript(
        matched, left, linked, shown, lines, speech, found, normaliser
    )
    scored = scores.score(matched, left, linked, lines, speech, error_rate)
    return Alignment(lines, linked, clock, scored, fused, speech, size)


def _inputs(
    job: Job | None, speech: pd.DataFrame | None, ocr: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame, Floats | None]:
    """Take the sentences, the OCR rows and the moments at which OCR looked."""
    if job is not None:
        if speech is not None or ocr is not None:
            raise InvalidArgument("job", "a job, or speech and ocr, not both", job)
        check_job(job)
        rows = job.best("ocr")
        looked = job["ocr_frames"]
        looked = looked[looked["result_type"].isin(rows["result_type"])]
        moments = looked["timestamp"].to_numpy() if len(looked) else None
        return job.best("speech"), rows, moments
    if speech is None or ocr is None:
        raise InvalidArgument("speech" if speech is None else "ocr", "a job, or both tables", None)
    made = [tables.conform(frame, name) for frame, name in ((speech, "speech"), (ocr, "ocr"))]
    return made[0].reset_index(drop=True), made[1].reset_index(drop=True), None


def _missing(sentences: Passages, lines: Passages) -> str:
    """Tell what is missing for an alignment; an empty text if nothing is."""
    if not len(sentences):
        return "no sentence has text and times"
    return "" if len(lines) else "no text on screen has letters and times"


def _said(sentences: Passages, clock: Clock, pairs: Anchors) -> Floats:
    """Tell when in the picture each character is said, in long sentences by their anchors."""
    speech = sentences.stream
    said = np.asarray(clock(speech.times))
    if not clock.ok:
        return said
    inlier = clock.anchors["inlier"].to_numpy()
    place, shown = pairs.place[inlier], pairs.shown[inlier]
    order = np.argsort(place, kind="stable")
    place, shown = place[order], shown[order]
    shares = (np.diff(sentences.first) != 0) | (np.diff(sentences.last) != 0)
    edges = np.concatenate(([0], np.flatnonzero(shares) + 1, [len(sentences)])).tolist()
    for one, after in pairwise(edges if len(sentences) else []):
        if sentences.lasting[one] <= LONG_SENTENCE:
            continue
        begin, end = speech.begins[[one, after]]
        own = slice(*np.searchsorted(place, [begin, end]))
        knots = np.concatenate(([begin - 0.5], place[own], [end - 0.5]))
        limits = clock([sentences.first[one], sentences.last[one]])
        times = np.concatenate((limits[:1], np.clip(shown[own], *limits), limits[1:]))
        said[begin:end] = np.interp(np.arange(begin, end), knots, np.maximum.accumulate(times))
    return said


def _beginnings(speech: pd.DataFrame, matched: Matching) -> tuple[Floats, Floats]:
    """Find sentences and lines that begin with the same character, and when they begin."""
    sentences, lines = matched.sentences, matched.lines
    first = sentences.stream.begins[:-1]
    partner = matched.partner[first]
    own = np.flatnonzero((partner >= 0) & matched.equal[first])
    line = lines.stream.owner[partner[own]]
    # Where sentences share a range, only the first is known to begin with it.
    begins = partner[own] == lines.stream.begins[line]
    begins &= sentences.start[own] == speech["start_time"].to_numpy()[sentences.rows[own]]
    return sentences.start[own[begins]], lines.start[line[begins]]


def _shown(speech: pd.DataFrame, clock: Clock, matched: Matching) -> pd.DataFrame:
    """Tell when in the picture each sentence is said; those that share a range, their part."""
    start, end = np.full((2, len(speech)), np.nan)
    start[matched.sentences.rows] = matched.sentences.start
    end[matched.sentences.rows] = matched.sentences.end
    return pd.DataFrame({"start_time": clock(start), "end_time": clock(end)})
