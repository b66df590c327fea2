"""An answer in every dialect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .recogniser import Recogniser, Row, Truth
from .results import (
    asr,
    cpv_label,
    image_label,
    nlp,
    ocr,
    process,
    subtitle_urls,
    text_label,
    video_label,
)
from .script import SCRIPT

USER_DATA = {"programme": "morning-notes", "episode": 12}


def _data(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _results(bodies: dict[str, Any], key: str = "Result") -> Row:
    return {key: [{"Type": kind, "Data": _data(body)} for kind, body in bodies.items()]}


def _smart(r: Recogniser, kind: str, ai_result: str, **more: Any) -> Row:
    config: Row = {"InputFile": "oss://footage.example/morning-notes.mp4"}
    return {
        "RequestId": r.request_id(),
        "JobId": r.id(),
        "State": "Finished",
        "UserData": _data(USER_DATA),
        "SmartJobInfo": {
            "Title": "Morning Notes 12",
            "JobType": kind,
            "CreateTime": "2026-03-02T06:15:02Z",
            "ModifiedTime": "2026-03-02T06:15:08Z",
            "InputConfig": config,
            **more.pop("info", {}),
        },
        "JobResult": {"AiResult": ai_result, **more},
    }


def make(truth: Truth) -> dict[str, Any]:
    """Every answer by its file name."""
    return {
        "smarttag.json": _smarttag(Recogniser(truth, 1)),
        "mts.json": _mts(Recogniser(truth, 2)),
        "cognition.json": _cognition(Recogniser(truth, 3)),
        "cpv-auto.json": _cpv(Recogniser(truth, 4), human=False),
        "cpv-hmi.json": _cpv(Recogniser(truth, 4), human=True),
        "process.json": process(Recogniser(truth, 5)),
        "image.json": _image(Recogniser(truth, 6)),
        **_smart_handle(Recogniser(truth, 7)),
        "subtitles.txt": _subtitles(Recogniser(truth, 8)),
        **_unfinished(Recogniser(truth, 9)),
    }


def _smarttag(r: Recogniser) -> Row:
    return {
        "JobStatus": "Success",
        "RequestId": r.request_id(),
        "UserData": _data(USER_DATA),
        "Results": _results(
            {
                "VideoLabel": video_label(r, english=True),
                "TextLabel": text_label(english=True),
                "ASR": asr(r),
                "OCR": ocr(r, 1.0, text_type=False),
                "NLP": nlp(r),
                "Meta": {"title": "Morning Notes 12"},
                "Subtitle": subtitle_urls(r.id()),
            }
        ),
        "Usages": {"Usage": [{"Type": "video", "Quota": round(r.duration)}]},
    }


def _mts(r: Recogniser) -> Row:
    job = r.id()
    results = _results(
        {
            "VideoLabel": video_label(r, english=False),
            "TextLabel": text_label(english=False),
            "ASR": asr(r),
            "OCR": ocr(r, 1.0, text_type=True),
        }
    )
    results["Result"].append({"Type": "Process", "Data": f"https://results.example/{job}.json"})
    return {
        "JobStatus": "Success",
        "RequestId": r.request_id(),
        "UserData": "morning-notes / 12",
        "Message": "",
        "Results": results,
    }


def _cognition(r: Recogniser) -> Row:
    return {
        "JobStatus": "Success",
        "RequestId": r.request_id() + "\n",
        "UserData": USER_DATA,
        "Input": {"Type": "OSS", "Media": "oss://footage.example/morning-notes.mp4"},
        "Params": _data({"nlpParams": {"sourceLanguage": "fspk", "diarizationEnabled": True}}),
        "TemplateId": "S00000101-300080",
        "Results": _results(
            {
                "VideoLabel": video_label(r, english=False),
                "TextLabel": text_label(english=False),
                "ASR": asr(r),
                "OCR": ocr(r, 0.5, text_type=False),
                "NLP": nlp(r),
                "Process": process(r),
            },
            key="result",
        ),
    }


def _cpv(r: Recogniser, human: bool) -> Row:
    return {
        "JobStatus": "Success",
        "RequestId": r.request_id(),
        "UserData": _data(USER_DATA),
        "Results": _results(
            {"CPVLabel": cpv_label(r, human), "Meta": {"title": "晨间手记 第12期"}}
        ),
    }


def _image(r: Recogniser) -> Row:
    return {
        "JobStatus": "Success",
        "RequestId": r.request_id(),
        "UserData": "",
        "Results": _results({"ImageLabel": image_label(r)}),
    }


def _smart_handle(r: Recogniser) -> dict[str, Row]:
    heard = [{"content": s["content"], "from": s["from"], "to": s["to"]} for s in r.heard()]
    written = [
        "清晨的第一杯咖啡，水温九十二度，香气刚刚好。",
        "给自己二十五秒，也给一杯咖啡多一点耐心。",
        "与朋友分享的咖啡，总是更香一点。",
    ]
    tags = {"tags": [{"name": "关键词", "value": "咖啡,水温,耐心"}]}
    return {
        "smart-handle-asr.json": _smart(r, "ASR", _data(heard)),
        "smart-handle-tts.json": _smart(
            r,
            "TextToSpeech",
            _data(heard[:5]),
            MediaId=r.id(),
            MediaUrl="https://media.example/voice.mp3",
            info={
                "EditingConfig": _data({"format": "MP3", "voice": "example", "volume": 50}),
                "OutputConfig": {"Bucket": "voices", "Object": "morning-notes"},
            },
        ),
        "smart-handle-text.json": _smart(
            r, "TextGenerate", _data(written), Usage=_data({"total_tokens": 212})
        ),
        "smart-handle-tags.json": _smart(r, "Tagging", _data(tags)),
        "smart-handle-prose.json": _smart(r, "Abstract", "一期关于咖啡、猫与火箭的晨间节目。\n"),
    }


def _subtitles(r: Recogniser) -> str:
    cues = [
        f"{i + 1} {_clock(s['from'])} --> {_clock(s['to'])} {both}\n"
        for i, (s, line) in enumerate(zip(r.heard(), SCRIPT, strict=True))
        for both in [f"{s['text']} {line.translation}" if line.shown else s["text"]]
    ]
    return "".join(cues)


def _clock(seconds: float) -> str:
    whole, milliseconds = divmod(round(1000 * seconds), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02},{milliseconds:03}"


def _unfinished(r: Recogniser) -> dict[str, Row]:
    return {
        "pending.json": {
            "JobStatus": "Processing",
            "RequestId": r.request_id(),
            "UserData": _data(USER_DATA),
        },
        "failed.json": {
            "JobStatus": "Fail",
            "RequestId": r.request_id(),
            "UserData": _data(USER_DATA),
            "Message": "InvalidParameter.ResourceContentBad",
            "Results": {
                "Result": [
                    {"Type": "VideoLabel", "Data": "The resource operated cannot be decoded"}
                ]
            },
        },
    }


def write(truth: Truth, folder: Path) -> None:
    """Write every answer, and the callback message of one."""
    target = folder / "answers"
    target.mkdir(exist_ok=True)
    for name, answer in make(truth).items():
        text = (
            answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False, indent=1)
        )
        if name == "process.json":
            text = json.dumps(answer, ensure_ascii=False)
        (target / name).write_text(text, encoding="utf-8")
    message = {
        "Type": "smarttag",
        "JobId": Recogniser(truth, 10).id(),
        "State": "Success",
        "UserData": _data(USER_DATA),
    }
    (folder / "callback.json").write_text(_data(message), encoding="utf-8")
