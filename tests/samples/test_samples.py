"""The sample: what its answers say lies on what its clip shows."""

from __future__ import annotations

import json
from typing import Any

import av
import numpy as np
import pandas as pd
import pytest

import smarttag_nb as stag
from smarttag_nb import samples

ANSWERS = ["cognition", "cpv-auto", "cpv-hmi", "failed", "image", "mts", "pending", "process",
           "smart-handle-asr", "smart-handle-prose", "smart-handle-tags", "smart-handle-text",
           "smart-handle-tts", "smarttag", "subtitles"]  # fmt: skip


@pytest.fixture(scope="module")
def truth() -> dict[str, pd.DataFrame]:
    return samples.truth("magazine")


def test_names_and_answers() -> None:
    assert samples.names() == ["magazine"]
    assert samples.answers("magazine") == ANSWERS


@pytest.mark.parametrize(
    "call",
    [lambda: samples.load("magasine"), lambda: samples.video("magasine"),
     lambda: samples.load("magazine", "cognitoin"), lambda: samples.truth("x")],
)  # fmt: skip
def test_unknown_names_are_told(call: Any) -> None:
    with pytest.raises(stag.errors.UnknownName, match="There are: "):
        call()


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_answer_loads_without_an_error(answer: str) -> None:
    job = samples.load("magazine", answer)
    assert set(job.problems["severity"]) <= {"info"}
    if answer not in ("failed", "pending"):
        assert sum(map(len, job.values())) > 0
        assert job.status in (None, "Success", "Finished")


def test_every_table_is_filled_by_some_answer() -> None:
    jobs = [samples.load("magazine", answer) for answer in ANSWERS]
    assert [name for name in stag.tables.TABLES if not any(len(job[name]) for job in jobs)] == []


def test_every_result_type_is_there() -> None:
    kinds = {
        kind
        for answer in ANSWERS
        for frame in samples.load("magazine", answer).values()
        if "result_type" in frame
        for kind in frame["result_type"].dropna()
    }
    assert kinds == set(
        [
            "VideoLabel",
            "ImageLabel",
            "TextLabel",
            "CPVLabel",
            "ASR",
            "OCR",
            "NLP",
            "Meta",
            "Subtitle",
            "Process",
            "video_ocr",
            "ocr",
            "AiResult",
        ]
    )


def test_the_clip_is_what_it_is_said_to_be(truth: dict[str, pd.DataFrame]) -> None:
    file = samples.video("magazine")
    facts = truth["facts"].iloc[0]
    assert file.stat().st_size <= 2.5e6
    with av.open(str(file)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, audio.codec_context.name) == ("h264", "aac")
        assert (video.width, video.height, video.average_rate) == (640, 360, 25)
        assert sum(1 for _ in container.decode(video=0)) == facts["frames"]
    assert 60 <= facts["duration"] <= 90
    assert len(truth["shots"]) >= 8


def test_hard_cuts_are_where_the_truth_has_them(truth: dict[str, pd.DataFrame]) -> None:
    with av.open(str(samples.video("magazine"))) as container:
        small = [
            f.to_ndarray(width=64, height=36, format="gray") for f in container.decode(video=0)
        ]
    change = np.array(
        [
            np.abs(np.subtract(a, b, dtype=float)).mean()
            for a, b in zip(small[1:], small, strict=False)
        ]
    )
    cuts = np.rint(truth["shots"]["start_time"].to_numpy()[1:] * 25).astype(int)
    assert (change[cuts - 1] > 10).all()
    quiet = np.delete(change, cuts - 1)
    assert np.quantile(quiet, 0.99) < 6


def overlap(job: stag.Job, truth: dict[str, pd.DataFrame]) -> pd.Series:
    """IoU of each box of an answer with the true box of the label of that name and moment."""
    real = truth["boxes"].merge(truth["labels"], on="label_id")
    real["frame"] = (real["timestamp"] * 25).round().astype(int)
    seen = job.boxes.merge(job.labels[["label_id", "name"]], on="label_id")
    seen["frame"] = (seen["timestamp"] * 25).round().astype(int)
    both = seen.merge(real, on=["name", "frame"], suffixes=("", "_true"))
    assert len(both) == len(seen)
    wide = np.minimum(both["x2"], both["x2_true"]) - np.maximum(both["x1"], both["x1_true"])
    high = np.minimum(both["y2"], both["y2_true"]) - np.maximum(both["y1"], both["y1_true"])
    shared = wide.clip(0) * high.clip(0)
    area = (both["x2"] - both["x1"]) * (both["y2"] - both["y1"])
    true = (both["x2_true"] - both["x1_true"]) * (both["y2_true"] - both["y1_true"])
    return shared / (area + true - shared)


@pytest.mark.parametrize("answer", ["cognition", "process", "smarttag", "mts", "cpv-hmi"])
def test_boxes_lie_on_what_is_seen(answer: str, truth: dict[str, pd.DataFrame]) -> None:
    assert overlap(samples.load("magazine", answer), truth).min() > 0.7


@pytest.mark.parametrize("answer", ["cognition", "smarttag", "mts"])
def test_sentences_lie_on_what_is_heard(answer: str, truth: dict[str, pd.DataFrame]) -> None:
    said, real = samples.load("magazine", answer).best("speech"), truth["speech"]
    assert len(said) == len(real)
    assert (said["start_time"] - real["start_time"]).abs().max() < 0.1
    same = [
        a.strip("。.") == b.strip("。.") for a, b in zip(said["text"], real["text"], strict=True)
    ]
    assert 0.5 < np.mean(same) < 1, "noise, but not only noise"


def test_sound_is_where_the_sentences_are(truth: dict[str, pd.DataFrame]) -> None:
    with av.open(str(samples.video("magazine"))) as container:
        rate = container.streams.audio[0].rate
        sound = np.concatenate([f.to_ndarray()[0] for f in container.decode(audio=0)])
    loud = np.abs(sound)
    inside = np.zeros(len(loud), dtype=bool)
    for row in truth["speech"].itertuples():
        inside[round(row.start_time * rate) : round(row.end_time * rate)] = True
    assert loud[inside].mean() > 4 * loud[~inside].mean()


def test_texts_on_screen_have_every_role(truth: dict[str, pd.DataFrame]) -> None:
    roles = set(truth["lines"]["role"])
    assert {"subtitle", "translation", "ticker", "caption", "slide", "fixed"} <= roles
    lines = truth["lines"]
    assert lines[["x1", "y1"]].min().min() >= 0
    assert lines["x2"].max() <= 640
    assert lines["y2"].max() <= 360


def test_the_editors_answer_differs_as_an_editor_would_make_it() -> None:
    auto, hmi = (samples.load("magazine", f"cpv-{kind}").labels for kind in ("auto", "hmi"))
    assert set(auto["name"]) - set(hmi["name"]) == {"刀具", "塔架", "美食"}
    assert set(hmi["name"]) - set(auto["name"]) == {"勺子", "海滨", "水温", "航天"}


def test_the_callback_is_of_a_job() -> None:
    message = stag.read_callback(samples.callback("magazine"))
    assert (message.type, message.state) == ("smarttag", "Success")
    assert json.loads(message.user_data) == {"programme": "morning-notes", "episode": 12}


def test_ratios_are_those_of_the_ranges() -> None:
    table = stag.measures.presence(samples.load("magazine"))
    assert table["ratio_difference"].abs().max() < 0.002
