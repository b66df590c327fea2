"""Alignments put together by hand, as `align` would give them: of any texts, and of any length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from smarttag_nb.alignment.result import Alignment, Clock, Scores
from smarttag_nb.tables import TEXT, conform

SIZE = (1280.0, 720.0)
PACE = 4.0
"""Seconds from one sentence to the next."""

_DTYPES = {
    "line_id": "Int64", "speech_id": "Int64", "group_id": "Int64", "frames": "Int64",
    "matched": "Int64", "hits": "Int64", "substitutions": "Int64", "deletions": "Int64",
    "insertions": "Int64", "words": "Int64", "word_errors": "Int64",
    "text": TEXT, "role": TEXT, "kind": TEXT, "source": TEXT, "review": "boolean",
    "rows": object, "speech_span": object, "line_span": object, "changes": object, "inlier": bool,
}  # fmt: skip
_COLUMNS = {
    "lines": "line_id start_time end_time text role x1 y1 x2 y2 rows frames vote_share "
    "speech_support",
    "links": "speech_id line_id group_id kind matched purity overlap delay speech_span line_span",
    "pieces": "start_time offset drift",
    "anchors": "speech_time line_time text inlier",
    "scores": "line_id hits substitutions deletions insertions words word_errors CER WER",
    "fused": "speech_id start_time end_time text source changes review",
}


def frame_of(name: str, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """A table of the contract from rows, with the dtypes that it has."""
    columns = _COLUMNS[name].split()
    frame = pd.DataFrame(list(rows), columns=columns, dtype=object)
    return frame.astype({column: _DTYPES.get(column, float) for column in columns})


def scores_of(lines: pd.DataFrame, missed: int = 0, extra: int = 0) -> Scores:
    """Totals of the scores of lines."""
    names = ("hits", "substitutions", "deletions", "insertions", "words", "word_errors")
    totals = {name: int(lines[name].sum()) for name in names}
    return Scores(
        lines, **totals, matched=len(lines), missed=missed, extra=extra, true_CER=float("nan")
    )


def empty(reason: str = "no speech", *, size: tuple[float, float] | None = None) -> Alignment:
    """An alignment of nothing with nothing."""
    clock = Clock(frame_of("pieces", []), frame_of("anchors", []), 0, float("nan"), "none", reason)
    return Alignment(
        frame_of("lines", []),
        frame_of("links", []),
        clock,
        scores_of(frame_of("scores", [])),
        frame_of("fused", []),
        speech_of([]),
        size,
    )


def speech_of(rows: Sequence[tuple[float, float, str]]) -> pd.DataFrame:
    """Sentences as in the contract table."""
    frame = pd.DataFrame(rows, columns=["start_time", "end_time", "text"], dtype=object)
    frame.insert(0, "speech_id", range(len(frame)))
    return conform(frame, "speech")


class _Lines:
    """Rows of the lines, as they are put together."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def add(self, start: float, end: float, text: str, role: str, box: tuple[float, ...]) -> int:
        self.rows.append(
            {
                "line_id": len(self.rows), "start_time": start, "end_time": end, "text": text,
                "role": role, **dict(zip(("x1", "y1", "x2", "y2"), box, strict=True)),
                "rows": [len(self.rows)], "frames": max(1, round(2 * (end - start))),
                "vote_share": 0.95, "speech_support": 0.9 if role == "subtitle" else 0.1,
            }
        )  # fmt: skip
        return len(self.rows) - 1


def alignment_of(
    texts: Sequence[str],
    *,
    offset: float = 0.4,
    drift: float = 0.0,
    cut: tuple[float, float] | None = None,
    method: str = "anchors",
    noise: float = 0.1,
    scenery: bool = True,
    bilingual: bool = False,
    pause: tuple[float, float] = (-1.0, -1.0),
    size: tuple[float, float] | None = SIZE,
    seed: int = 7,
) -> Alignment:
    """An alignment in which each text is a sentence and the subtitle that tells it.

    Of every 11 one has no subtitle, of every 13 one is linked by time alone, of every 7 one is
    told by two lines, and of every 9 one is a subtitle that nobody speaks. In `pause` (speech
    times) there is nothing.

    Parameters
    ----------
    texts : sequence of str
        What is said.
    offset, drift : float
        Of the clock.
    cut : (float, float), optional
        A time of the speech at which so many seconds are cut out of the picture.
    method : str
        How the clock is known.
    noise : float
        Share of characters that are heard wrongly, on average.
    scenery : bool
        Whether there are captions, a ticker, slides, a logo and scene text.
    bilingual : bool
        Whether each subtitle has its translation below.
    """
    random = np.random.default_rng(seed)
    jump = (lambda t: -cut[1] if t >= cut[0] else 0.0) if cut else (lambda t: 0.0)
    shown = lambda t: t + offset + drift * t + jump(t)  # noqa: E731
    lines, sentences = _Lines(), []
    links: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []
    anchors: list[dict[str, Any]] = []
    fused: list[dict[str, Any]] = []
    missed = extra = 0
    for k, text in enumerate(texts):
        start = PACE * k + 0.1 * random.random()
        end = start + PACE * (0.6 + 0.35 * random.random())
        if pause[0] <= start < pause[1]:
            continue
        at, until = shown(start) + random.normal(0, 0.06), shown(end) + random.normal(0, 0.1)
        until = max(until, at + 0.2)
        half = min(560.0, 14.0 * len(text) + 10)
        box = (640 - half, 640.0, 640 + half, 684.0)
        if k % 9 == 4:
            missed += 1
            lines.add(at, until, text, "subtitle", box)
            fused.append(_told(None, at, until, text, "screen"))
            continue
        speech_id = len(sentences)
        sentences.append((start, end, text))
        fused.append(_told(speech_id, at, until, text, "both" if k % 11 != 5 else "speech"))
        if k % 11 == 5:
            extra += 1
            continue
        by_time = k % 13 == 6
        middle = len(text) // 2
        halves = [(0, middle), (middle, len(text))] if k % 7 == 3 and middle > 1 else [
            (0, len(text))
        ]  # fmt: skip
        for first, stop in halves:
            share = np.array([first, stop]) / max(1, len(text))
            begins, ends = at + share * (until - at)
            line_id = lines.add(begins, ends, text[first:stop], "subtitle", box)
            length = stop - first
            wrong = min(length, int(random.poisson(noise * length)))
            links.append(
                {
                    "speech_id": speech_id, "line_id": line_id, "group_id": speech_id,
                    "kind": "time" if by_time else "text",
                    "matched": 0 if by_time else length - wrong,
                    "purity": np.nan if by_time else (length - wrong) / max(1, length),
                    "overlap": ends - begins, "delay": random.normal(0, 0.06),
                    "speech_span": None if by_time else (first, stop),
                    "line_span": None if by_time else (0, length),
                }
            )  # fmt: skip
            if not by_time:
                added = int(random.poisson(noise * length / 4))
                lost = wrong // 3
                scores.append(
                    {
                        "line_id": line_id, "hits": length - wrong,
                        "substitutions": wrong - lost, "deletions": lost, "insertions": added,
                        "words": length, "word_errors": wrong + added,
                        "CER": (wrong + added) / max(1, length),
                        "WER": (wrong + added) / max(1, length),
                    }
                )  # fmt: skip
                anchors.append(
                    {"speech_time": start, "line_time": begins, "text": text, "inlier": not first}
                )
        if bilingual:
            low = (box[0], 690.0, box[2], 716.0)
            lines.add(at, until, f"translation of sentence {k}", "translation", low)
    last = max([end for _, end, _ in sentences], default=0.0) + offset
    for at in np.arange(7.0, last, 60.0):
        anchors.append(
            {"speech_time": at, "line_time": at + 9 * random.normal(), "text": "x", "inlier": False}
        )
    if scenery:
        _add_scenery(lines, texts, last)
    pieces = [{"start_time": 0.0, "offset": offset, "drift": drift}]
    if cut:
        pieces.append(
            {
                "start_time": cut[0],
                "offset": offset + drift * cut[0] - cut[1],
                "drift": drift,
            }
        )
    known = frame_of("anchors", anchors if method == "anchors" else [])
    clock = Clock(frame_of("pieces", pieces), known, int(known["inlier"].sum()), 0.12, method)
    return Alignment(
        frame_of("lines", lines.rows),
        frame_of("links", links),
        clock,
        scores_of(frame_of("scores", scores), missed, extra),
        frame_of("fused", fused),
        speech_of(sentences),
        size,
    )


def _told(speech_id: int | None, start: float, end: float, text: str, source: str) -> Any:
    return {
        "speech_id": speech_id, "start_time": start, "end_time": end, "text": text,
        "source": source, "changes": [], "review": source == "screen",
    }  # fmt: skip


def _add_scenery(lines: _Lines, texts: Sequence[str], last: float) -> None:
    lines.add(0.0, max(1.0, last), "LOGO 5", "fixed", (1120, 30, 1240, 70))
    for k, at in enumerate(np.arange(3.0, last, 45.0)):
        lines.add(at, at + 5, f"{texts[k % len(texts)]}", "caption", (80, 540, 420, 580))
    for at in np.arange(20.0, last, 120.0):
        lines.add(at, at + 40, "news of the day ++ and more of it", "ticker", (0, 700, 1280, 720))
    for at in np.arange(60.0, last, 180.0):
        for row in range(4):
            y = 140.0 + 70 * row
            lines.add(at, at + 15, f"point {row}", "slide", (160, y, 700, y + 40))
    for k, at in enumerate(np.arange(11.0, last, 23.0)):
        x, y = 100 + (k * 173) % 900, 150 + (k * 97) % 350
        lines.add(at, at + 2, "shop", "scene", (x, y, x + 120, y + 34))


CHINESE = (
    "大家好欢迎收看今天的节目", "水温比时间更重要", "我们先从选豆子说起", "好咖啡不怕等",
    "这一杯要慢慢地喝", "下面请看记者从现场发回的报道", "其实最难的是耐心", "谢谢各位再见",
)  # fmt: skip
ENGLISH = (
    "Good evening and welcome to the show", "Patience is what the water needs",
    "We begin with the beans", "A good cup is worth the wait", "Thank you and good night",
)  # fmt: skip


def spoken(number: int, texts: Sequence[str] = CHINESE) -> list[str]:
    """As many sentences as asked for, each of them another."""
    return [f"{texts[k % len(texts)]}{k}" for k in range(number)]
