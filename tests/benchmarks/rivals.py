"""What one would use otherwise to bring speech and screen together, for alignment.py.

Ways to link take the sentences and the subtitles (frames with an id, start_time, end_time and
text) and give pairs of ids; the way to find lines takes OCR rows and gives lines. Each is as its
users run it, on the same input as ours; none of it is part of the package.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from smarttag_nb import intervals

Pairs = set[tuple[int, int]]
Clock = Callable[[Any], Any]

RATE = 10
"""Activity is looked at so many times a second."""
SHARED = 0.3
"""Time that must be in common, or characters that must be equal, as a share of the shorter."""
COLLAR = 5.0
"""How far (s) meeteval lets two words be apart, as its users set it."""
ALIKE = 60.0
"""rapidfuzz's score from which on two texts belong together."""


def time_overlap(speech: pd.DataFrame, lines: pd.DataFrame, clock: Clock | None = None) -> Pairs:
    """What is said and shown at the same time, by a given clock or as the times stand."""
    said = speech[["start_time", "end_time"]].astype(float)
    if clock is not None:
        said = said.apply(clock).dropna()
    shown = lines[["start_time", "end_time"]].astype(float)
    if said.empty or shown.empty:
        return set()
    pairs = intervals.join(said, shown, "overlaps")
    row_a, row_b = pairs["row_a"].to_numpy(), pairs["row_b"].to_numpy()
    shorter = np.minimum(
        (said["end_time"] - said["start_time"]).loc[row_a].to_numpy(),
        (shown["end_time"] - shown["start_time"]).loc[row_b].to_numpy(),
    )
    shared = (pairs["end_time"] - pairs["start_time"]).to_numpy() >= SHARED * shorter
    speech_id, line_id = speech["speech_id"], lines["line_id"]
    return set(
        zip(speech_id.loc[row_a[shared]].tolist(), line_id.loc[row_b[shared]].tolist(), strict=True)
    )


def activity(frame: pd.DataFrame, length: float) -> npt.NDArray[np.float64]:
    """When something is said or shown: 1, otherwise -1."""
    active = -np.ones(int(length * RATE) + 1)
    for start, end in zip(frame["start_time"], frame["end_time"], strict=True):
        active[int(start * RATE) : int(end * RATE) + 1] = 1
    return active


def correlation_clock(speech: pd.DataFrame, lines: pd.DataFrame) -> Clock:
    """The offset at which speech and subtitles come and go together most, by FFT."""
    if speech.empty or lines.empty:
        return lambda time: np.asarray(time, dtype=float)
    length = float(max(speech["end_time"].max(), lines["end_time"].max()))
    said, shown = activity(speech, length), activity(lines, length)
    size = 2 ** int(np.ceil(np.log2(2 * len(said))))
    spectrum = np.conj(np.fft.rfft(said - said.mean(), size)) * np.fft.rfft(
        shown - shown.mean(), size
    )
    shift = int(np.argmax(np.fft.irfft(spectrum, size)))
    offset = (shift - size if shift > size // 2 else shift) / RATE
    return lambda time: np.asarray(time, dtype=float) + offset


def correlation(speech: pd.DataFrame, lines: pd.DataFrame) -> Pairs:
    """Time overlap after the offset of the FFT."""
    return time_overlap(speech, lines, correlation_clock(speech, lines))


def greedy_fuzzy(speech: pd.DataFrame, lines: pd.DataFrame) -> Pairs:
    """Each line to one sentence, a sentence to several lines, in the order of the score."""
    scores = process.cdist(
        lines["text"].tolist(),
        speech["text"].tolist(),
        scorer=fuzz.partial_ratio,
        score_cutoff=ALIKE,
        dtype=np.uint8,
    )
    taken: set[int] = set()
    pairs: Pairs = set()
    room = speech["text"].str.len().to_numpy(dtype=float) * 1.2 + 4
    order = np.argsort(scores, axis=None, kind="stable")[::-1]
    long = lines["text"].str.len().to_numpy(dtype=float)
    for line, sentence in zip(*np.unravel_index(order, scores.shape), strict=True):
        if not scores[line, sentence]:
            break
        # A sentence has room for lines of its length only.
        if line not in taken and long[line] <= room[sentence]:
            taken.add(line)
            room[sentence] -= long[line]
            pairs.add((int(speech["speech_id"].iloc[sentence]), int(lines["line_id"].iloc[line])))
    return pairs


def words(text: str) -> str:
    """A text as words for an error rate: a Chinese character is one."""
    parted = re.sub(r"([\u3400-\u9fff])", r" \1 ", text.lower())
    return " ".join(re.findall(r"[\w']+", parted))


def meeteval_links(speech: pd.DataFrame, lines: pd.DataFrame) -> Pairs:
    """The word alignment of meeteval's time-constrained word error rate."""
    from meeteval.io.seglst import SegLST
    from meeteval.wer.wer import time_constrained

    def segments(frame: pd.DataFrame, key: str) -> Any:
        columns = zip(
            frame[key], frame["start_time"], frame["end_time"], frame["text"], strict=True
        )
        made = [
            {
                "words": words(text),
                "start_time": float(start),
                "end_time": max(float(end), float(start) + 0.01),
                "speaker": "one",
                "session_id": "one",
                "row": int(row),
            }
            for row, start, end, text in columns
        ]
        return SegLST([one for one in made if one["words"]])

    shown, said = segments(lines, "line_id"), segments(speech, "speech_id")
    if not len(shown) or not len(said):
        return set()
    aligned = time_constrained.align(shown, said, collar=COLLAR, style="seglst")
    long = {("line", one["row"]): len(one["words"].split()) for one in shown}
    long |= {("speech", one["row"]): len(one["words"].split()) for one in said}
    equal: dict[tuple[int, int], int] = {}
    for line, sentence in aligned:
        if line is not None and sentence is not None and line["words"] == sentence["words"]:
            pair = int(sentence["row"]), int(line["row"])
            equal[pair] = equal.get(pair, 0) + 1
    return {
        (sentence, line)
        for (sentence, line), count in equal.items()
        if count >= SHARED * min(long["speech", sentence], long["line", line])
    }


LINKS: dict[str, Callable[[pd.DataFrame, pd.DataFrame], Pairs]] = {
    "time overlap": time_overlap,
    "FFT + time overlap": correlation,
    "greedy fuzzy": greedy_fuzzy,
    "meeteval tcpWER": meeteval_links,
}
"""Ways that know no clock; with the true one, `time_overlap` is the best that time can do."""


def consecutive_lines(ocr: pd.DataFrame) -> pd.DataFrame:
    """Lines as subtitle rippers make them: frames in a row whose texts are alike are one line.

    What stands side by side on a frame is one text. It goes on with the line at the same height
    whose text is most alike, from a ratio of 80 on, where that was away for one frame at most; the
    surest reading stays. To be given the subtitles' band only.
    """
    frames = np.unique(ocr["timestamp"])
    step = float(np.median(np.diff(frames))) if len(frames) > 1 else 0.5
    done: list[dict[str, Any]] = []
    open_lines: list[dict[str, Any]] = []
    for time, frame in ocr.groupby("timestamp", sort=True):
        done += [line for line in open_lines if time - line["last"] > 2.2 * step]
        open_lines = [line for line in open_lines if time - line["last"] <= 2.2 * step]
        for box in _rows(frame):
            near = [
                (fuzz.ratio(box["text"], line["text"]), k)
                for k, line in enumerate(open_lines)
                if abs(box["y1"] - line["y1"]) < 0.5 * (box["y2"] - box["y1"])
            ]
            alike, k = max(near, default=(0.0, -1))
            if alike < 80:
                open_lines.append({**box, "first": time, "last": time})
                continue
            open_lines[k]["last"] = time
            if box["score"] > open_lines[k]["score"]:
                open_lines[k].update(text=box["text"], score=box["score"])
    columns = ["text", "score", "x1", "y1", "x2", "y2", "first", "last"]
    made = pd.DataFrame(done + open_lines, columns=columns)
    made["start_time"], made["end_time"] = made["first"] - step / 2, made["last"] + step / 2
    made.insert(0, "line_id", np.arange(len(made)))
    return made


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The texts of a frame, each row from left to right."""
    made: list[dict[str, Any]] = []
    names = ["text", "score", "x1", "y1", "x2", "y2"]
    for values in sorted(frame[names].itertuples(index=False), key=lambda box: box.x1):
        box = dict(zip(names, values, strict=True))
        beside = [one for one in made if abs(one["y1"] - box["y1"]) < 0.5 * (box["y2"] - box["y1"])]
        # The same box twice is no second text.
        if not beside:
            made.append(box)
        elif box["x1"] > beside[0]["x2"] - 0.5 * (box["y2"] - box["y1"]):
            beside[0].update(text=f"{beside[0]['text']} {box['text']}", x2=box["x2"])
    return made
