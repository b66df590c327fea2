"""Answers made up for plots: every table that a plot draws from, full of the names given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text

import smarttag_nb as stag
from tests.alignment.made import alignment_of, empty

SECONDS = 100
WIDTH, HEIGHT = 320, 180

FRAME = np.full((HEIGHT, WIDTH, 3), 200, dtype=np.uint8)
"""A frame that needs no decoder."""


def job_of(names: Sequence[str], kind: str = "人脸") -> stag.Job:
    """A job in which each name is a label with boxes, a chapter, a speaker, a word and a topic."""
    results = {
        "Process": [
            {"name": "tag", "result": [{"content": {"data": _labels(names, kind)}}]},
            {"name": "sbd", "result": [{"content": {"data": _shots()}}]},
        ],
        "NLP": _minutes(names),
        "OCR": {
            "details": [
                {
                    "timestamp": k,
                    "info": [
                        {
                            "content": name,
                            "score": 0.9,
                            "position": {"leftTop": [1, 1], "rightBottom": [50, 20]},
                        }
                    ],
                }
                for k, name in enumerate(names)
            ]
        },
    }
    answer = {
        "JobStatus": "Success",
        "Results": {"Result": [{"Type": kind, "Data": data} for kind, data in results.items()]},
    }
    job = stag.load(answer, duration=SECONDS)
    assert set(job.problems["code"]) <= {"surrogate"}, job.problems.to_dict("records")
    return job


def _labels(names: Sequence[str], kind: str) -> list[dict[str, Any]]:
    labels = []
    for k, name in enumerate(names):
        start, left = 4.0 * (k % 20), 10.0 + 12 * (k % 20)
        track = [
            {
                "score": 0.9,
                "timestamp": start + step,
                "bbox": [left + step, 40.0 + 2 * k, left + step + 40, 80.0 + 2 * k],
            }
            for step in range(5)
        ]
        labels.append(
            {
                "labelLevel1": kind,
                "label": name,
                "appearanceProbability": 0.1,
                "detailInfo": [{"startTime": start, "endTime": start + 10, "trackData": track}],
            }
        )
    return labels


def _shots() -> list[dict[str, Any]]:
    return [{"index": k, "score": 0.9, "timestamp": 10.0 * k} for k in range(10)]


def _minutes(names: Sequence[str]) -> dict[str, Any]:
    said = [
        {
            "paragraphId": f"p{k}",
            "speakerId": str(k),
            "words": [
                {"id": k, "sentenceId": k, "start": 4000 * k, "end": 4000 * k + 900, "text": name}
            ],
        }
        for k, name in enumerate(names)
    ]
    return {
        "transcription": {"paragraphs": said},
        "autoChapters": [
            {"id": k, "start": 4000 * k, "end": 4000 * k + 4000, "headline": name}
            for k, name in enumerate(names)
        ],
        "summarization": {
            "conversationalSummary": [
                {"speakerId": str(k), "speakerName": name} for k, name in enumerate(names)
            ],
            "mindMapSummary": [{"title": "root", "topic": [{"title": name} for name in names]}],
        },
        "meetingAssistance": {"keywords": [name for name in names if name.strip()]},
    }


OF_ALIGNMENTS = ("alignment", "clock", "roles", "text_agreement")
"""Plots of an Alignment; all others but `comparison` are of a Job."""


def drawn_from(plot: str, names: Sequence[str]) -> Any:
    """What a plot draws, full of names."""
    if plot == "comparison":
        # The first label is renamed, the second removed, one added, and the others are retimed.
        return stag.measures.compare(job_of(names), job_of([f"{names[0]}?", *names[2:], "new"]))
    return alignment_of(names) if plot in OF_ALIGNMENTS else job_of(names)


def without_anything(plot: str) -> Any:
    """What a plot draws, empty."""
    pending = stag.samples.load("magazine", answer="pending")
    if plot == "comparison":
        return stag.measures.compare(pending, pending)
    return empty() if plot in OF_ALIGNMENTS else pending


NAMED_ROWS = (
    *("alignment", "co_appearance", "comparison", "presence_heatmap", "ratios", "speaking_time"),
    *("timeline", "words"),
)
"""Plots with names at the left."""


def texts_of(ax: Axes, plot: str) -> list[Text]:
    """List the texts that a plot shows, but for the numbers on its axes."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    scales = [scale for axes in figure.axes for scale in (axes.xaxis, axes.yaxis)]
    ticks = [tick for scale in scales for tick in (*scale.majorTicks, *scale.minorTicks)]
    numbers = {id(label) for tick in ticks for label in (tick.label1, tick.label2)}
    found = [text for text in figure.findobj(Text) if id(text) not in numbers]
    found += ax.get_yticklabels() if plot in NAMED_ROWS else []
    found += ax.get_xticklabels() if plot == "co_appearance" else []
    return [text for text in found if text.get_visible() and text.get_text().strip()]
