"""The body of each result type, as the service would give it for the clip."""

from __future__ import annotations

import json

from .programme import plan
from .recogniser import Recogniser, Row

ENGLISH = {
    "人脸": "Person", "物体": "Object", "场景": "Scene", "人物角色": "Character", "标识": "Logo",
    "动作事件": "Action", "咖啡杯": "Cup", "茶碟": "Saucer", "勺子": "Spoon", "猫": "Cat",
    "火箭": "Rocket", "塔架": "Tower", "话筒": "Microphone", "演播室": "Studio", "咖啡馆": "Café",
    "海滨": "Waterfront", "发射场": "Launch pad", "星空": "Starry sky", "主持人": "Host",
    "记者": "Reporter", "咖啡师": "Barista", "讲话": "Talking", "晨间手记": "Morning Notes",
    "生活": "Lifestyle", "美食": "Food", "科技": "Technology", "航天": "Space flight",
}  # fmt: skip
CATEGORIES = {"沈青禾": "celebrity", "Mara Ellison": "celebrity", "Tobias Renn": "celebrity",
              "顾明川": "a3c1f09e5b7d4c2e"}  # fmt: skip
CHAPTERS = (
    ("studio", "spoon", "一杯咖啡", "主持人从一杯刚做好的咖啡说起，介绍闻香与搅动。"),
    ("interview", "writer", "水温与耐心", "咖啡师与科普作者谈水温、等待与分享。"),
    ("cat", "slide", "猫与三件事", "店里的猫喜欢阳光；记住水温、时间和耐心。"),
    ("rocket", "closing", "黎明的火箭", "海岸记者报道发射前的等候，节目在星空中结束。"),
)
TEXT_TYPES = {"subtitle": 0, "translation": 0, "ticker": 1}


def video_label(r: Recogniser, english: bool) -> Row:
    """VideoLabel."""
    persons, tags = [], []
    for label in r.labels:
        if label["kind"] == "category":
            continue
        seen = r.occurrences(label, keep=0.9)
        if label["kind"] == "person":
            unknown = label["category"] == "unknown"
            occurrences = []
            for row in seen:
                boxes = r.boxes(label, row)
                box = boxes[len(boxes) // 2]
                occurrences.append(
                    {
                        "score": -1.0 if unknown else r.score(),
                        "from": row["from"],
                        "to": row["to"],
                        "position": r.position(box),
                        "timestamp": box["timestamp"],
                        "scene": row["shot"],
                    }
                )
            persons.append(
                {
                    "name": label["name"],
                    "category": CATEGORIES.get(label["name"], "unknown"),
                    "ratio": r.ratio(seen),
                    "occurrences": occurrences,
                }
            )
        else:
            name, main = label["name"], label["level1"]
            tags.append(
                {
                    "mainTagName": ENGLISH[main] if english else main,
                    "subTagName": ENGLISH[name] if english else name,
                    "ratio": r.ratio(seen),
                    "occurrences": [
                        {"score": r.score(0.55), "from": row["from"], "to": row["to"]}
                        for row in seen
                    ],
                }
            )
    return {
        "classifications": [
            {
                "score": score,
                "category1": ENGLISH[level1] if english else level1,
                "category2": ENGLISH[level2] if english else level2,
            }
            for level1, level2, score in (("生活", "美食", 0.731), ("科技", "航天", 0.462))
        ],
        "persons": persons,
        "tags": tags,
        "success": True,
        "message": "SUCCESS",
    }


def text_label(english: bool) -> Row:
    """TextLabel."""
    tags = (
        {
            "Person": "沈青禾,顾明川,Mara Ellison,Tobias Renn",
            "Keyword": "咖啡,水温,耐心,rocket,launch,galaxy",
            "Organization": "城市图书馆",
        }
        if english
        else {
            "人物": "沈青禾,顾明川,Mara Ellison,Tobias Renn",
            "关键词": "咖啡,水温,油脂，耐心、星系",
            "组织机构": "城市图书馆",
        }
    )
    return {
        "success": True,
        "message": "SUCCESS",
        "tags": [{"name": name, "value": value} for name, value in tags.items()],
    }


def asr(r: Recogniser) -> Row:
    """ASR."""
    return {
        "details": [{"from": s["from"], "to": s["to"], "content": s["content"]} for s in r.heard()]
    }


def ocr(r: Recogniser, step: float, text_type: bool) -> Row:
    """OCR, sampled at every step."""
    details = []
    for k in range(int(r.duration / step)):
        moment = round(k * step, 3)
        info = []
        for row in [] if r.random.random() < 0.04 else r.texts_at(moment):
            seen = {"score": row["score"], "position": r.position(row), "content": row["content"]}
            if text_type:
                seen["textType"] = str(TEXT_TYPES.get(row["role"], 2))
            info.append(seen)
        details.append({"timestamp": moment, "info": info})
    return {"details": details}


def nlp(r: Recogniser) -> Row:
    """NLP, with times in milliseconds."""
    sentences = r.truth["speech"]
    speakers = list(dict.fromkeys(row["speaker"] for row in sentences))
    programme = plan()
    paragraphs: list[Row] = []
    translated: list[Row] = []
    word_id = 1
    last = None
    for sentence, planned in zip(sentences, programme.sentences, strict=True):
        key = (planned.line.shot, sentence["speaker"])
        if key != last:
            name = f"{r.random.getrandbits(48):012x}"
            speaker = str(speakers.index(sentence["speaker"]) + 1)
            paragraphs.append({"paragraphId": name, "speakerId": speaker, "words": []})
            translated.append({"paragraphId": name, "sentences": []})
            last = key
        for word in r.words(sentence):
            paragraphs[-1]["words"].append(
                {"id": word_id, "sentenceId": sentence["speech_id"] + 1, **word}
            )
            word_id += 1
        # English is the translation's language; what is English already stays as it is.
        english = planned.line.translation if planned.line.language == "zh" else planned.line.text
        translated[-1]["sentences"].append({**_span(sentence), "text": english})
    shots = {shot.key: shot for shot in programme.shots}
    return {
        "transcription": {"paragraphs": paragraphs},
        "autoChapters": [
            {
                "id": i + 1,
                "start": round(1000 * shots[first].start),
                "end": round(1000 * shots[last].end),
                "headline": headline,
                "summary": summary,
            }
            for i, (first, last, headline, summary) in enumerate(CHAPTERS)
        ],
        "summarization": {
            "paragraphSummary": "节目从一杯咖啡谈到水温与耐心，再到海岸边等待黎明的火箭，最后以星空收尾。",
            "conversationalSummary": [
                {"speakerId": str(i + 1), "speakerName": name, "summary": summary}
                for i, (name, summary) in enumerate(
                    zip(
                        speakers,
                        (
                            "主持节目，介绍咖啡与猫。",
                            "强调水温比时间更重要，九十二度最合适。",
                            "询问水温，认为好咖啡始于耐心，并讲解星系。",
                            "在海岸报道火箭发射前的等候。",
                        ),
                        strict=True,
                    )
                )
            ],
            "questionsAnsweringSummary": [
                {
                    "question": "合适的水温是多少？",
                    "sentenceIdsOfQuestion": [6],
                    "answer": "九十二度，每天都要试三次。",
                    "sentenceIdsOfAnswer": [7],
                },
                {
                    "question": "那边冷吗？",
                    "sentenceIdsOfQuestion": [18],
                    "answer": "有一点，但没有人想回家。",
                    "sentenceIdsOfAnswer": [19],
                },
            ],
            "mindMapSummary": [
                {
                    "title": "晨间手记",
                    "topic": [
                        {
                            "title": "咖啡",
                            "topic": [
                                {"title": "水温：九十二度", "topic": []},
                                {"title": "时间：二十五秒", "topic": []},
                                {"title": "耐心", "topic": [{"title": "与朋友分享", "topic": []}]},
                            ],
                        },
                        {"title": "店里的猫", "topic": []},
                        {
                            "title": "火箭",
                            "topic": [
                                {"title": "星期二早晨发射", "topic": []},
                                {"title": "人们从午夜等候", "topic": []},
                            ],
                        },
                    ],
                }
            ],
        },
        "translation": {"paragraphs": translated},
        "meetingAssistance": {
            "keywords": ["咖啡", "水温", "耐心", "火箭", "星系"],
            "keySentences": [
                {"id": i + 1, **_span(sentences[k]), "text": sentences[k]["text"]}
                for i, k in enumerate((4, 7, 14, 19))
            ],
            "actions": [{"id": 1, **_span(sentences[6]), "text": "每天试三次水温"}],
            "classifications": {"interview": 0.71, "lecture": 0.18, "meeting": 0.11},
        },
    }


def _span(sentence: Row) -> Row:
    return {
        "sentenceId": sentence["speech_id"] + 1,
        "start": round(1000 * sentence["start_time"]),
        "end": round(1000 * sentence["end_time"]),
    }


def subtitle_urls(job: str) -> Row:
    """Subtitle."""
    base = f"https://subtitles.example/{job}"
    return {
        "details": {
            "allResultUrl": f"{base}/all.txt",
            "chResultUrl": f"{base}/zh.txt",
            "engResultUrl": f"{base}/en.txt",
        }
    }


KNOWLEDGE = {
    "咖啡杯": {"brandName": "", "finegrainName": "浓缩咖啡杯"},
    "猫": {"brandName": "", "finegrainName": "虎斑猫"},
    "火箭": {"finegrainName": "运载火箭", "brandName": ""},
}
PERSON_KNOWLEDGE = {
    "沈青禾": {"name": "沈青禾", "gender": "女", "occupation": "主持人", "description": "晨间手记主持人（虚构）"},
    "Mara Ellison": {"name": "Mara Ellison", "alias": "玛拉", "occupation": "科普作者"},
}  # fmt: skip


def cpv_label(r: Recogniser, human: bool) -> Row:
    """CPVLabel: what the machine made of it, and what an editor made of that."""
    entities = []
    for label in r.labels:
        name = label["name"]
        if name.startswith("未知") or label["kind"] == "category":
            continue
        if not human and name == "勺子":
            name = "刀具"  # The machine takes the spoon for a knife; the editor corrects it.
        if human and name == "塔架":
            continue  # Of no use to the editor.
        if not human and name == "海滨":
            continue  # Missed by the machine.
        seen = r.occurrences(label, keep=1.0 if human else 0.85)
        if human and name == "猫":
            seen = [{**row, "from": row["from"], "to": round(row["to"] - 1.2, 2)} for row in seen]
        person = label["kind"] == "person"
        details = []
        for row in seen:
            detail: Row = {
                "score": 1.0 if human else r.score(0.6),
                "startTime": row["from"],
                "endTime": row["to"],
            }
            track = r.boxes(label, row)[::25]
            if track:
                detail["trackData"] = [
                    {
                        "score": r.score(0.6),
                        "bbox": [round(edge) for edge in r.box(box)],
                        "timestamp": box["timestamp"],
                    }
                    for box in track
                ]
            details.append(detail)
        knowledge = (PERSON_KNOWLEDGE if person else KNOWLEDGE).get(name)
        entities.append(
            {
                "labelLevel1": "人物" if person else label["level1"],
                "labelLevel2": "主持人与嘉宾" if person else "",
                "label": name,
                "appearanceProbability": r.ratio(seen),
                "knowledgeInfo": json.dumps(knowledge, ensure_ascii=False) if knowledge else "",
                "detailInfo": details,
            }
        )
    whole = {"from": 0.0, "to": r.duration}

    def plain(level1: str, level2: str, name: str, row: Row, score: float) -> Row:
        return {
            "labelLevel1": level1,
            "labelLevel2": level2,
            "label": name,
            "appearanceProbability": r.ratio([row]),
            "detailInfo": [{"score": score, "startTime": row["from"], "endTime": row["to"]}],
        }

    shots = {shot.key: shot for shot in plan().shots}
    coffee = {"from": shots["cup"].start, "to": shots["slide"].end}
    launch = {"from": shots["rocket"].start, "to": shots["link"].end}
    return {
        "type": "hmi" if human else "autp",
        "cates": [
            plain("生活", "美食", "" if not human else "咖啡", coffee, 0.83),
            *([plain("科技", "航天", "", launch, 1.0)] if human else []),
        ],
        "entities": entities,
        "hotwords": [plain("关键词", "", "发射", launch, 1.0)],
        "freeTags": [
            plain("关键词", "", name, whole if name == "晨间手记" else coffee, r.score(0.5))
            for name in (("晨间手记", "咖啡", "水温") if human else ("晨间手记", "咖啡"))
        ],
    }


def image_label(r: Recogniser) -> Row:
    """ImageLabel of one frame of the clip."""
    moment = r.facts["image_time"]
    boxes = {b["label_id"]: b for b in r.truth["boxes"] if abs(b["timestamp"] - moment) < 0.01}
    return {
        "persons": [
            {
                "name": label["name"],
                "category": CATEGORIES.get(label["name"], "unknown"),
                "score": r.score(),
                "position": r.position(boxes[label["label_id"]]),
                "scene": "medium",
            }
            for label in r.labels
            if label["label_id"] in boxes and label["kind"] == "person"
        ],
        "tags": [
            {"mainTagName": "场景", "subTagName": "咖啡馆", "score": 0.913},
            {"mainTagName": "物体", "subTagName": "咖啡杯", "score": 0.642},
        ],
    }


def process(r: Recogniser, inputs: float = 0.2) -> list[Row]:
    """The raw output of the algorithms."""
    modules = {
        "tag": _process_tags(r, inputs),
        "sbd": [
            {"index": i, "score": r.score(0.9, 0.999, 6), "timestamp": shot["end_time"]}
            for i, shot in enumerate(r.truth["shots"])
        ],
        "ocr": [
            {
                "startTime": float(k),
                "endTime": float(k),
                "timestamp": float(k),
                "detailInfo": [
                    {
                        "score": round(100 * row["score"]),
                        "bbox": [round(edge) for edge in r.box(row)],
                        "char_probs": [r.score(0.8, 1.0, 2) for _ in row["content"]],
                        "text": row["content"],
                    }
                    for row in r.texts_at(float(k))
                ],
            }
            for k in range(0, int(r.duration), 2)
        ],
        "video_ocr": [_video_ocr(r, row) for row in r.truth["lines"]],
        "asr": [
            {"text": s["content"], "startTime": s["from"], "endTime": s["to"]} for s in r.heard()
        ],
    }
    return [
        {"name": name, "result": [{"content": {"data": data}}]} for name, data in modules.items()
    ]


def _video_ocr(r: Recogniser, row: Row) -> Row:
    x1, y1, x2, y2 = (round(edge) for edge in r.box(row))
    corners = ((x1, y1), (x2, y1), (x2, y2), (x1, y2))
    return {
        "startTime": r.jitter(row["start_time"]),
        "endTime": r.jitter(row["end_time"]),
        "detailInfo": [
            {
                "score": r.score(0.9),
                "bbox": [x1, y1, x2, y2],
                "pos": [{"x": x, "y": y} for x, y in corners],
                "text": r.read(row["text"], 0.01),
                "text_type": TEXT_TYPES.get(row["role"], 2),
            }
        ],
    }


GROUPS = {"沈青禾": "名人", "Mara Ellison": "名人", "Tobias Renn": "名人", "顾明川": "自定义,名人"}


def _process_tags(r: Recogniser, step: float) -> list[Row]:
    data = []
    for label in (label for label in r.labels if label["kind"] != "category"):
        person = label["kind"] == "person"
        seen = r.occurrences(label, keep=0.92)
        details = []
        for row in seen:
            every = round(step * r.facts["fps"])
            score = -1.0 if label["category"] == "unknown" else r.score(0.7, 0.99, 4)
            details.append(
                {
                    "score": score,
                    "trackData": [
                        _track_point(r, box, person) for box in r.boxes(label, row)[::every]
                    ],
                    "startTime": row["from"],
                    "endTime": row["to"],
                    "source": "vision",
                    "subSource": "facemot" if person else "object",
                    "metaData": {"sampleUrl": "", "group": "guests" if person else ""},
                }
            )
        data.append(
            {
                "labelLevel1": "人脸" if person else label["level1"],
                "labelLevel2": GROUPS.get(label["name"], "未知人脸") if person else "",
                "label": label["name"],
                "appearanceProbability": r.ratio(seen),
                "isWhite": label["name"] == "顾明川",
                "labelId": f"{10_014_000 + 7 * label['label_id']:010}",
                "knowledgeInfo": PERSON_KNOWLEDGE.get(label["name"], {}) if person else {},
                "detailInfo": details,
            }
        )
    data.append(
        {
            "labelLevel1": "视频分类",
            "labelLevel2": "生活",
            "label": "美食",
            "labelId": "0100252",
            "detailInfo": [
                {
                    "score": 0.8313,
                    "bboxes": {},
                    "trackData": [],
                    "startTime": 0,
                    "endTime": r.duration,
                    "source": source,
                    "subSource": sub_source,
                    "metaData": {"sampleUrl": "", "group": ""},
                }
                for source, sub_source in (("vision", "cate"), ("text", "ocr_nlp"))
            ],
        }
    )
    for name, shots in (("咖啡", ("cup", "spoon")), ("发射", ("rocket",))):
        ranges = [shot for shot in plan().shots if shot.key in shots]
        data.append(
            {
                "labelLevel1": "关键词",
                "labelLevel2": "",
                "label": name,
                "detailInfo": [
                    {
                        "score": r.score(0.5),
                        "trackData": [],
                        "startTime": shot.start,
                        "endTime": shot.end,
                        "source": "audio",
                        "subSource": "asr_nlp",
                    }
                    for shot in ranges
                ],
            }
        )
    return data


POINTS = ((0.31, 0.45), (0.69, 0.45), (0.53, 0.64), (0.38, 0.77), (0.62, 0.77))
"""Eyes, nose and corners of the mouth, as shares of a face's box."""


def _track_point(r: Recogniser, box: Row, person: bool) -> Row:
    x1, y1, x2, y2 = (round(edge, 1) for edge in r.box(box))
    point: Row = {"score": r.score(0.85, 0.999, 4), "bbox": [x1, y1, x2, y2]}
    if person:
        point["attributes"] = [
            {
                "property": "表情",
                "value": r.random.choice(("平静", "平静", "笑")),
                "score": r.score(),
            }
        ]
        point["landmark"] = [
            round(value, 1) for u, v in POINTS for value in (x1 + u * (x2 - x1), y1 + v * (y2 - y1))
        ]
    point["timestamp"] = box["timestamp"]
    return point
