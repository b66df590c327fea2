"""What the files of an export say, read as the tools read them."""

from __future__ import annotations

import contextlib
import io
import json
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from lxml import etree
from pycocotools.coco import COCO

from smarttag_nb.exports import Export

Corners = tuple[float, ...]
OWN = ("label_id", "occurrence_id", "box_id", "score")


@dataclass
class Read:
    """Boxes by (label_id, track, frame from 0), and how many rows of each table there are."""

    boxes: dict[tuple[int, Any, int], Corners] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)


def read(export: Export, size: tuple[int, int]) -> Read:
    return READERS[export.format](export.files[0], size)


def _coco(file: Path, size: tuple[int, int]) -> Read:
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(file))
    found = Read()
    for image in coco.loadImgs(coco.getImgIds()):
        for made in coco.loadAnns(coco.getAnnIds(imgIds=[image["id"]])):
            x, y, width, height = made["bbox"]
            track = made.get("track_id", made["id"])
            key = made["label_id"], track, image.get("frame_id", 0)
            assert key not in found.boxes
            found.boxes[key] = (x, y, x + width, y + height)
            found.names[made["label_id"]] = coco.cats[made["category_id"]]["name"]
            found.rows["boxes"] += "box_id" in made
            found.rows["attributes"] += len(made["attributes"])
    found.rows["labels"] = len(found.names)
    return found


def _cvat(file: Path, size: tuple[int, int]) -> Read:
    found = Read()
    root = etree.parse(file).getroot()
    stop = int(root.findtext("meta/task/stop_frame"))
    for number, track in enumerate([*root.iter("track"), *root.iter("image")]):
        keys = [box for box in track if box.get("keyframe", "1") == "1"]
        for box, behind in [*pairwise(keys), *((box, None) for box in keys[-1:])]:
            if box.get("outside") == "1":
                continue
            told = {made.get("name"): made.text or "" for made in box}
            label = int(told["label_id"])
            found.names[label] = track.get("label", box.get("label"))
            found.rows["boxes"] += 1
            found.rows["attributes"] += sum(bool(told[name]) for name in told if name not in OWN)
            if track.tag == "image":
                found.boxes[label, told["box_id"], 0] = _edges(box)
                continue
            start = int(box.get("frame"))
            end = stop + 1 if behind is None else int(behind.get("frame"))
            other = box if behind is None or behind.get("outside") == "1" else behind
            for frame in range(start, end):
                key = label, number, frame
                assert key not in found.boxes
                share = (frame - start) / (end - start)
                found.boxes[key] = _between(_edges(box), _edges(other), share)
    found.rows["labels"] = len(found.names)
    return found


def _edges(box: Any) -> Corners:
    return tuple(float(box.get(name)) for name in ("xtl", "ytl", "xbr", "ybr"))


def _between(one: Corners, other: Corners, share: float) -> Corners:
    return tuple(a + share * (b - a) for a, b in zip(one, other, strict=True))


def _label_studio(file: Path, size: tuple[int, int]) -> Read:
    found = Read()
    (task,) = json.loads(file.read_text(encoding="utf-8"))
    config = etree.parse(file.with_suffix(".xml")).getroot()
    for region in task["predictions"][0]["result"]:
        value = region["value"]
        label = int(region["id"].split("-")[1])
        (name,) = next(of for key, of in value.items() if key.endswith("labels"))
        found.names[label] = name
        control = {"videorectangle": "Labels", "timelinelabels": "TimelineLabels"}
        tag = control.get(region["type"], "RectangleLabels")
        assert name in [made.get("value") for made in config.find(tag)]
        if region["type"] == "timelinelabels":
            found.rows["occurrences"] += 1
            continue
        keys = value.get("sequence", [value])
        found.rows["boxes"] += len(keys)
        for key, behind in zip(keys, [*keys[1:], None], strict=True):
            start = key.get("frame", 1) - 1
            goes_on = key.get("enabled", False)
            end = behind["frame"] - 1 if behind and goes_on else start + 1
            for frame in range(start, end):
                one, other = (_corners(of, size) for of in (key, behind or key))
                share = (frame - start) / (end - start)
                place = label, region["id"], frame
                assert place not in found.boxes
                found.boxes[place] = _between(one, other, share)
    found.rows["labels"] = len(found.names)
    return found


def _corners(place: dict[str, float], size: tuple[int, int]) -> Corners:
    width, height = size
    x, y = place["x"] * width / 100, place["y"] * height / 100
    return (x, y, x + place["width"] * width / 100, y + place["height"] * height / 100)


def _fiftyone(file: Path, size: tuple[int, int]) -> Read:
    found = Read()
    labels = json.loads(file.read_text(encoding="utf-8"))
    frames = labels.get("frames", {"1": labels})
    for number, frame in frames.items():
        for made in frame["objects"]["objects"]:
            told = {attr["name"]: attr["value"] for attr in made["attrs"]["attrs"]}
            found.names[told["label_id"]] = made["label"]
            box = made["bounding_box"]
            points = [box[end][axis] for end in ("top_left", "bottom_right") for axis in "xy"]
            scaled = tuple(share * side for share, side in zip(points, size * 2, strict=True))
            key = told["label_id"], made["index"], int(number) - 1
            assert key not in found.boxes
            found.boxes[key] = scaled
            found.rows["boxes"] += "box_id" in told
            more = told.keys() - {"kind", "interpolated", *OWN}
            assert len(told) == len(made["attrs"]["attrs"])
            found.rows["attributes"] += len(more)
    for event in labels.get("events", {}).get("events", []):
        told = {attr["name"]: attr["value"] for attr in event["attrs"]["attrs"]}
        found.names[told["label_id"]] = event["label"]
        found.rows["occurrences"] += 1
    found.rows["labels"] = len(found.names)
    return found


READERS = {
    "COCO": _coco,
    "CVAT": _cvat,
    "Label Studio": _label_studio,
    "FiftyOne": _fiftyone,
}
