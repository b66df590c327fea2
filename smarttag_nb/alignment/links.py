"""Links: which sentences and lines belong together, n to m."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from rapidfuzz.distance import Levenshtein

from .. import intervals
from ..tables import TEXT
from .matching import RUN_WEIGHT, Matching
from .passages import Stream
from .text import Ints

LEAST_SHARE, LEAST_PURITY = 0.3, 0.45
"""A link by text needs equal characters for this share of the shorter side, and this share of
the matched part must be equal: below, it is the same few common words. Or it needs a run that tells
by itself, which is what is left of a sentence at the edge of a line."""

GAP = 0.8
"""What an unequal character costs a matched part, where an equal one brings 1: so little that two
misread characters in a row do not end it, so much that scattered equal ones do not make it."""


@dataclass(frozen=True, slots=True)
class TextLink:
    """A sentence and a line that share text.

    Attributes
    ----------
    sentence, line : int
        Which of the streams' texts.
    matched : int
        Equal characters.
    purity : float
        Their share of the matched part.
    said, shown : tuple of int
        The matched part (start, stop) in the streams.
    """

    sentence: int
    line: int
    matched: int
    purity: float
    said: tuple[int, int]
    shown: tuple[int, int]


def by_text(matching: Matching) -> list[TextLink]:
    """Read the links off an alignment of characters.

    Parameters
    ----------
    matching : Matching
        Which character is which.

    Returns
    -------
    list of TextLink
        In order of the speech.
    """
    speech, screen = matching.speech, matching.screen
    said = np.flatnonzero(matching.equal)
    shown = matching.partner[said]
    pair = np.stack((speech.owner[said], screen.owner[shown]))
    changes = np.flatnonzero(np.any(np.diff(pair, axis=1) != 0, axis=0)) + 1
    links = []
    for first, last in pairwise([0, *changes.tolist(), len(said)] if len(said) else []):
        link = _link(speech, screen, said[first:last].tolist(), shown[first:last].tolist())
        if link is not None:
            links.append(link)
    return links


def keep(matching: Matching, links: Sequence[TextLink]) -> Matching:
    """Leave of an alignment of characters what the links have taken.

    Parameters
    ----------
    matching : Matching
        Which character is which.
    links : sequence of TextLink
        Which sentences and lines belong together.

    Returns
    -------
    Matching
        Characters that no link goes over, or on from, have no partner.
    """
    many = len(matching.lines)
    linked = np.array([link.sentence * many + link.line for link in links], dtype=np.int64)
    partner = matching.partner.copy()
    said = np.flatnonzero(partner >= 0)
    pair = matching.speech.owner[said] * many + matching.screen.owner[partner[said]]
    # A sentence may end a word after its line does: what goes on from a link without a break
    # belongs to it, though it is too little for a link of its own.
    run = np.cumsum((np.diff(said, prepend=-2) != 1) | (np.diff(partner[said], prepend=-2) != 1))
    taken = np.isin(run, run[np.isin(pair, linked)])
    partner[said[~taken]] = -1
    return replace(matching, partner=partner)


def _link(speech: Stream, screen: Stream, said: list[int], shown: list[int]) -> TextLink | None:
    """Make a link of the equal characters of a sentence and a line, if they are enough."""
    first, last = _densest(said, shown)
    sentence, line = int(speech.owner[said[0]]), int(screen.owner[shown[0]])
    at, screen_at = said[first : last + 1], shown[first : last + 1]
    extent = sum(
        max(b - a, d - c) for a, b, c, d in zip(at, at[1:], screen_at, screen_at[1:], strict=False)
    )
    purity = len(at) / (extent + 1)
    weights = [float(speech.weights[i + 1] - speech.weights[i]) for i in at]
    shorter = min(speech.weight(sentence), screen.weight(line))
    enough = sum(weights) >= LEAST_SHARE * shorter - 1e-6 and purity >= LEAST_PURITY
    if not enough and _longest_run(at, screen_at, weights) < RUN_WEIGHT - 1e-6:
        return None
    return TextLink(
        sentence, line, len(at), purity, (at[0], at[-1] + 1), (screen_at[0], screen_at[-1] + 1)
    )


LEFT_SHARE = 0.6
"""How much of a sentence or line without a link another one must have that is already linked."""


def of_the_left(matching: Matching, links: Sequence[TextLink], shown: pd.DataFrame) -> Matching:
    """Match the sentences and lines without a link with those of the same time.

    An alignment of characters only runs forward: where a line stays while its words are said again,
    or two rows stand in the order in which they are not said, it takes one and leaves the other.

    Parameters
    ----------
    matching : Matching
        Which character is which.
    links : sequence of TextLink
        What was read off it.
    shown : pandas.DataFrame
        start_time and end_time (s of the picture) by row of the speech.

    Returns
    -------
    Matching
        Of what was left alone.
    """
    speech, screen = matching.speech, matching.screen
    sentences = {link.sentence for link in links}
    lines = {link.line for link in links}
    said = shown.iloc[matching.sentences.rows].reset_index(drop=True)
    written = pd.DataFrame({"start_time": matching.lines.start, "end_time": matching.lines.end})
    pairs = [
        _simultaneous(said[~said.index.isin(sentences)], written),
        _simultaneous(said[said.index.isin(sentences)], written[~written.index.isin(lines)]),
    ]
    partner = np.full(len(speech), -1, dtype=np.int64)
    weights = np.diff(speech.weights)
    best = np.zeros(len(speech))
    for sentence, line in pd.concat(pairs)[["sentence", "line"]].itertuples(index=False):
        begin, screen_begin = int(speech.begins[sentence]), int(screen.begins[line])
        places, others = _equal(speech.plains[sentence].text, screen.plains[line].text)
        places, others = places + begin, others + screen_begin
        weight = float(weights[places].sum())
        whole = screen.weight(line) if sentence in sentences else speech.weight(sentence)
        if len(places) and weight >= LEFT_SHARE * whole - 1e-6 and weight > best[places].max():
            if sentence not in sentences:
                partner[begin : begin + len(speech.plains[sentence].text)] = -1
            partner[places], best[places] = others, weight
    return replace(matching, partner=partner)


def _equal(a: str, b: str) -> tuple[Ints, Ints]:
    """Places of the characters in which two texts agree."""
    blocks = [op for op in Levenshtein.opcodes(a, b) if op.tag == "equal"]
    empty = np.empty(0, dtype=np.int64)
    return (
        np.concatenate([empty, *(np.arange(op.src_start, op.src_end) for op in blocks)]),
        np.concatenate([empty, *(np.arange(op.dest_start, op.dest_end) for op in blocks)]),
    )


def _densest(said: list[int], shown: list[int]) -> tuple[int, int]:
    """First and last of the equal characters of which most stand together (Kadane)."""
    best, span = 1.0, (0, 0)
    total, start = 1.0, 0
    for n in range(1, len(said)):
        total += 1 - GAP * (max(said[n] - said[n - 1], shown[n] - shown[n - 1]) - 1)
        if total < 1:
            total, start = 1.0, n
        if total > best:
            best, span = total, (start, n)
    return span


def _longest_run(said: list[int], shown: list[int], weights: list[float]) -> float:
    best = run = weights[0]
    for n in range(1, len(said)):
        goes_on = said[n] == said[n - 1] + 1 and shown[n] == shown[n - 1] + 1
        run = run + weights[n] if goes_on else weights[n]
        best = max(best, run)
    return best


LEAST_OVERLAP = 0.5
"""A link by time needs this share of the shorter of the two in common."""


REACH = 30.0
"""A line is linked by time only if one is linked by text within this (s), where any is: a clock is
known where its anchors are."""


def table(
    texts: Sequence[TextLink],
    matching: Matching,
    shown: pd.DataFrame,
    lines: pd.DataFrame,
    speech: pd.DataFrame,
) -> pd.DataFrame:
    """Make the table of links: by text, and by time for subtitles that have none by text.

    Parameters
    ----------
    texts : sequence of TextLink
        Links by text.
    matching : Matching
        What they were read off.
    shown : pandas.DataFrame
        start_time and end_time (s of the picture) by row of `speech`.
    lines, speech : pandas.DataFrame
        All lines, with roles, and all sentences; a RangeIndex each.

    Returns
    -------
    pandas.DataFrame
        As `Alignment.links` has it, in order of sentences and lines.
    """
    sentence_rows, line_rows = matching.sentences.rows, matching.lines.rows
    by_text = pd.DataFrame(
        {
            "sentence": [int(sentence_rows[link.sentence]) for link in texts],
            "line": [int(line_rows[link.line]) for link in texts],
            "kind": "text",
            "matched": [link.matched for link in texts],
            "purity": [link.purity for link in texts],
            "delay": [
                matching.screen.times[link.shown[0]] - matching.said[link.said[0]] for link in texts
            ],
            "speech_span": [matching.speech.span(*link.said) for link in texts],
            "line_span": [matching.screen.span(*link.shown) for link in texts],
        }
    )
    made = pd.concat([by_text, *_by_time(by_text, shown, lines)], ignore_index=True)
    made = made.sort_values(["sentence", "line"], ignore_index=True)
    said, written = shown.loc[made["sentence"]], lines.loc[made["line"]]
    until = np.minimum(said["end_time"].to_numpy(), written["end_time"].to_numpy())
    since = np.maximum(said["start_time"].to_numpy(), written["start_time"].to_numpy())
    return made.assign(
        speech_id=speech["speech_id"].loc[made["sentence"]].to_numpy(),
        line_id=lines["line_id"].loc[made["line"]].to_numpy(),
        group_id=_groups(made["sentence"], made["line"]),
        overlap=np.maximum(until - since, 0.0),
    )[list(COLUMNS)].astype(COLUMNS)


COLUMNS: dict[str, Any] = {
    "speech_id": "Int64",
    "line_id": "Int64",
    "group_id": "Int64",
    "kind": TEXT,
    "matched": "Int64",
    "purity": "float64",
    "overlap": "float64",
    "delay": "float64",
    "speech_span": "object",
    "line_span": "object",
}
"""Columns of the links with their dtypes."""


def _by_time(
    by_text: pd.DataFrame, shown: pd.DataFrame, lines: pd.DataFrame
) -> Iterator[pd.DataFrame]:
    """Link by time what text cannot: translations, and subtitles and sentences left over.

    A subtitle that has no text in common with a sentence that has its own subtitle is something
    else, such as a name in the subtitles' place.
    """
    waiting = lines[~lines.index.isin(by_text["line"])]
    if len(by_text):
        near = intervals.join(waiting, lines.loc[by_text["line"].unique()], "within", REACH)
        waiting = waiting[waiting.index.isin(near["row_a"])]
    yield _simultaneous(shown, waiting[waiting["role"] == "translation"])
    unsaid = shown[~shown.index.isin(by_text["sentence"])]
    yield _simultaneous(unsaid, waiting[waiting["role"] == "subtitle"])


def _simultaneous(shown: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Link what is said to what is shown for most of the same time."""
    pairs = intervals.join(shown, lines)
    sentence, line = pairs["row_a"].to_numpy(), pairs["row_b"].to_numpy()
    begin = shown["start_time"].loc[sentence].to_numpy()
    line_begin = lines["start_time"].loc[line].to_numpy()
    shorter = np.minimum(
        shown["end_time"].loc[sentence].to_numpy() - begin,
        lines["end_time"].loc[line].to_numpy() - line_begin,
    )
    overlap = (pairs["end_time"] - pairs["start_time"]).to_numpy()
    enough = (overlap > 0) & (overlap >= LEAST_OVERLAP * shorter)
    return pd.DataFrame(
        {
            "sentence": sentence[enough],
            "line": line[enough],
            "kind": "time",
            "matched": 0,
            "purity": np.nan,
            "delay": (line_begin - begin)[enough],
            "speech_span": None,
            "line_span": None,
        }
    )


def _groups(sentences: Iterable[int], lines: Iterable[int]) -> list[int]:
    """Tell by number which links hang together, in order of the links."""
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    nodes = [("sentence", one) for one in sentences]
    for node, line in zip(nodes, lines, strict=True):
        parent[root(("line", line))] = root(node)
    numbers: dict[tuple[str, int], int] = {}
    return [numbers.setdefault(root(node), len(numbers)) for node in nodes]
