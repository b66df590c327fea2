"""ELAN documents, read back by pympi-ling."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from pympi import Eaf

import smarttag_nb as stag
from smarttag_nb import exports
from smarttag_nb.exports.characters import CLEANED
from smarttag_nb.tables import TABLES
from tests.exports.hostile import job_of, jobs

TOLD = (
    *("occurrences", "speech", "words", "ocr", "shots"),
    *("chapters", "translations", "highlights", "cues"),
)


def written(job: stag.Job, folder: Path, **more: Any) -> tuple[Eaf, exports.Export]:
    done = exports.elan(job, folder / "a.eaf", **more)
    return Eaf(folder / "a.eaf"), done


def annotations(read: Eaf) -> dict[str, list[tuple[int, int, str]]]:
    return {name: read.get_annotation_data_for_tier(name) for name in read.get_tier_names()}


def test_the_sample_opens_in_another_reader(tmp_path: Path) -> None:
    job = stag.samples.load("magazine", answer="smarttag")
    read, done = written(job, tmp_path)
    told = annotations(read)
    persons = job.labels.query("kind == 'person'")["label_id"]
    there = sum(len(told[name]) for name in told if name.startswith("person"))
    assert there == job.occurrences["label_id"].isin(persons).sum()
    first = job.speech.query("result_type == 'ASR'").iloc[0]
    assert told["speech ASR"][0] == (3630, 6460, first.text)
    assert told["chapters"][0][2] == "一杯咖啡\n主持人从一杯刚做好的咖啡说起，介绍闻香与搅动。"
    assert read.get_parameters_for_tier("words@1")["PARTICIPANT"] == "1"
    assert set(read.get_linguistic_type_names()) <= {*TOLD}
    assert done.files == (tmp_path / "a.eaf",)
    assert ["boxes", 11, "ELAN holds no boxes"] in done.left_out.values.tolist()
    changed = done.changed.groupby("table")["why"].agg(list)
    assert changed["occurrences"] == [
        "written without score, shot",
        "written without result_type, result_index",
    ]
    # The tiers of speech are named by its results' types, which tell them apart.
    assert changed["speech"] == [
        "written without paragraph_id, sentence_id",
        "written without result_index",
    ]


@given(jobs("labels", "occurrences", "speech", "ocr", "ocr_frames", "chapters", "cues"))
@settings(max_examples=25)
def test_every_row_is_written_or_told_and_no_annotation_overlaps(job: stag.Job) -> None:
    with TemporaryDirectory() as folder:
        read, done = written(job, Path(folder))
    left_out = done.left_out.groupby("table")["rows"].sum()
    for table in TABLES:
        if table in TOLD:
            names = read.get_tier_ids_for_linguistic_type(table) if read.tiers else []
            there = sum(len(read.get_annotation_data_for_tier(name)) for name in names)
            assert there + left_out.get(table, 0) == len(job[table])
        elif table != "labels":
            assert left_out.get(table, 0) == len(job[table])
    assert left_out.get("labels", 0) <= len(job.labels)
    for rows in annotations(read).values():
        assert all(0 <= start < end < 2**32 for start, end, _ in rows)
        assert all(one[1] <= other[0] for one, other in pairwise(sorted(rows)))
    slots = list(read.timeslots.values())
    assert slots == sorted(slots)


def test_what_overlaps_stands_on_more_tiers(tmp_path: Path) -> None:
    job = job_of(
        labels={"kind": ["person"] * 3, "name": ["A", "B", "C"]},
        occurrences={"label_id": [0, 1, 2], "start_time": [0, 1, 2.0], "end_time": [2, 3, 4.0]},
    )
    read, _ = written(job, tmp_path)
    assert annotations(read) == {
        "person": [(0, 2000, "A"), (2000, 4000, "C")],
        "person (2)": [(1000, 3000, "B")],
    }


def test_a_speaker_is_a_tiers_participant_whatever_its_name(tmp_path: Path) -> None:
    speakers = ["甲", "a\nb", "x" * 200, "x" * 100, None]
    said = {"start_time": [0.0] * 5, "end_time": [1.0] * 5, "speaker_id": speakers}
    read, _ = written(job_of(speech=said), tmp_path)
    names = ["speech@甲", "speech@a b", f"speech@{'x' * 73}", f"speech@{'x' * 73} (2)", "speech"]
    assert list(annotations(read)) == names
    participants = [read.get_parameters_for_tier(name).get("PARTICIPANT") for name in names]
    assert participants == speakers


def test_a_text_seen_at_a_moment_lasts_until_the_next_look(tmp_path: Path) -> None:
    ocr = {"timestamp": [1.0, 1.5, 3.0], "text": ["a", "b", "c"], "result_index": [0] * 3}
    looks = {"timestamp": [1.0, 1.5, 2.0, 3.0], "result_index": [0] * 4}
    read, done = written(job_of(ocr=ocr, ocr_frames=looks), tmp_path)
    assert annotations(read) == {"ocr": [(1000, 1500, "a"), (1500, 2000, "b"), (3000, 3500, "c")]}
    assert ["ocr", 3, "a moment: lasts to the next look"] in done.changed.values.tolist()


@pytest.mark.parametrize(
    ("start", "end", "there", "why"),
    [
        (None, None, [], "no time"),
        (-5.0, -1.0, [], "before the media begins"),
        (-5.0, None, [], "before the media begins"),
        (1e308, None, [], "after the 49 days that ELAN's clock goes"),
        (-5.0, 1.0, [(0, 1000, "a")], "starts before the media: cut"),
        (1.0, 1e308, [(1000, 2**32 - 1, "a")], "ends after ELAN's clock: cut"),
        (2.0, 1.0, [(2000, 2001, "a")], "no end after its start: lasts a millisecond"),
        (2.0, None, [(2000, 2001, "a")], "no end after its start: lasts a millisecond"),
        (2.0, 2.0001, [(2000, 2001, "a")], None),
    ],
)
def test_a_time_that_elan_cannot_hold_is_told(
    start: float | None, end: float | None, there: list[Any], why: str | None, tmp_path: Path
) -> None:
    said = {"start_time": [start], "end_time": [end], "text": ["a"]}
    read, done = written(job_of(speech=said), tmp_path)
    assert annotations(read).get("speech", []) == there
    told = done.changed if there else done.left_out
    assert told.values.tolist() == ([["speech", 1, why]] if why else [])


def test_texts_come_back_as_far_as_xml_can_hold_them(tmp_path: Path) -> None:
    texts = ["<a> & ]]> \"'", "a\nb", "  ", "", "=1+1", "a\x00b\x1f\ufffe", "a\rb", "长" * 100_000]
    times = [float(place) for place in range(len(texts))]
    said = {"start_time": times, "end_time": [time + 1 for time in times], "text": texts}
    read, done = written(job_of(speech=said), tmp_path)
    held = [text for _, _, text in read.get_annotation_data_for_tier("speech")]
    assert held == [*texts[:5], "a\ufffdb\ufffd\ufffd", "a\nb", texts[7]]
    assert done.changed.values.tolist() == [["speech", 2, CLEANED]]


def test_the_video_is_named_by_its_place_and_the_way_there(tmp_path: Path) -> None:
    video = tmp_path / "视频 & 100%.mp4"
    video.touch()
    (tmp_path / "out").mkdir()
    read, _ = written(job_of(), tmp_path / "out", video=video)
    assert read.media_descriptors == [
        {
            "MEDIA_URL": f"file://{video.resolve().as_posix()}",
            "RELATIVE_MEDIA_URL": "../视频 & 100%.mp4",
            "MIME_TYPE": "video/mp4",
        }
    ]
    read, _ = written(job_of(), tmp_path, video="https://example.com/a.mp4?b=c&d")
    assert read.media_descriptors == [
        {"MEDIA_URL": "https://example.com/a.mp4?b=c&d", "MIME_TYPE": "unknown"}
    ]


def test_a_video_that_is_not_there_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no\.mp4"):
        exports.elan(job_of(), tmp_path / "a.eaf", video=tmp_path / "no.mp4")
    with pytest.raises(stag.errors.InvalidArgument, match="video: expected a path or a URL"):
        exports.elan(job_of(), tmp_path / "a.eaf", video=7)  # type: ignore[arg-type]
    with pytest.raises(stag.errors.InvalidArgument, match="a URL that XML can hold"):
        exports.elan(job_of(), tmp_path / "a.eaf", video="https://example.com/\x01.mp4")
    with pytest.raises(IsADirectoryError):
        exports.elan(job_of(), tmp_path / "a.eaf", video=tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_document_keeps_the_order_of_the_format(tmp_path: Path) -> None:
    exports.elan(stag.samples.load("magazine"), tmp_path / "a.eaf")
    root = ET.parse(tmp_path / "a.eaf").getroot()
    order = ["HEADER", "TIME_ORDER", "TIER", "LINGUISTIC_TYPE"]
    assert list(dict.fromkeys(element.tag for element in root)) == order
    ids = [element.get("ANNOTATION_ID") for element in root.iter("ALIGNABLE_ANNOTATION")]
    assert len(set(ids)) == len(ids)
    assert root.find("HEADER/PROPERTY").text == str(len(ids))  # type: ignore[union-attr]
    names = [element.get("TIER_ID") for element in root.iter("TIER")]
    assert len(set(names)) == len(names)
    assert root.get("FORMAT") == root.get("VERSION") == "3.0"
