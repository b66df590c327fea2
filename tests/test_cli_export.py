"""smarttag export: every format, and what is told of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smarttag_nb import cli, exports, samples

ANSWER = str(samples.path("magazine", "smarttag"))
VIDEO = str(samples.video("magazine"))


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert cli.main(["export", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("form", "name", "options"),
    [
        ("coco", "boxes.json", ["--video", VIDEO]),
        ("cvat", "boxes.xml", ["--video", VIDEO, "--no-interpolate"]),
        ("label-studio", "task.json", ["--size", "640x360", "--fps", "25", "--max-gap", "2"]),
        ("fiftyone", "dataset", ["--video", VIDEO]),
        ("elan", "a.eaf", ["--video", VIDEO]),
        ("xlsx", "a.xlsx", []),
        ("csv", "tables", []),
        ("json", "tables", []),
        ("jsonl", "tables", []),
        ("parquet", "tables", []),
        ("srt", "a.srt", []),
        ("vtt", "a.vtt", []),
    ],
)
def test_every_format_is_written_and_names_its_files(
    form: str, name: str, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / name
    lines = told(capsys, ANSWER, "--to", form, "--out", str(out), *options)
    files = [line for line in lines if line.startswith(str(tmp_path))]
    assert sorted(files) == sorted(str(path) for path in tmp_path.rglob("*") if path.is_file())
    assert all(line.startswith(("left out: ", "changed: ")) for line in lines if line not in files)


def test_what_a_format_cannot_hold_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(capsys, ANSWER, "--to", "elan", "--out", str(tmp_path / "a.eaf"))
    assert "left out: 77 of ocr_frames (a moment without a text)" in lines
    assert "changed: 46 of occurrences (written without score, shot)" in lines
    lines = told(capsys, ANSWER, "--to", "csv", "--out", str(tmp_path / "tables"))
    assert not any(line.startswith(("left out", "changed")) for line in lines)


def test_subtitles_are_the_speech_of_one_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(capsys, ANSWER, "--to", "srt", "--out", str(tmp_path / "a.srt"))
    assert "left out: 23 of speech (another result tells it)" in lines
    assert "changed: 23 of speech (written without result_type, result_index)" in lines
    assert (tmp_path / "a.srt").read_text(encoding="utf-8-sig").count(" --> ") == 23
    answer = str(samples.path("magazine", "subtitles"))
    lines = told(capsys, answer, "--to", "vtt", "--out", str(tmp_path / "a.vtt"))
    assert "left out: 1 of files (no subtitles)" in lines
    assert "changed: 23 of cues (written without number)" in lines


def test_subtitles_without_a_time_are_counted_and_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = tmp_path / "a.json"
    details = [{"content": "a"}, {"from": 0, "to": 1, "content": " "}]
    answer.write_text(json.dumps({"details": details[:1]}), encoding="utf-8")
    lines = told(capsys, str(answer), "--to", "srt", "--out", str(tmp_path / "a.srt"))
    reason = "(no text, or no time to stand at)"
    assert lines == ["Nothing was written.", f"left out: 1 of speech {reason}"]
    details.append({"from": 1, "to": 2, "content": "b --> c"})
    answer.write_text(json.dumps({"details": details}), encoding="utf-8")
    lines = told(capsys, str(answer), "--to", "vtt", "--out", str(tmp_path / "a.vtt"))
    assert lines == [
        str(tmp_path / "a.vtt"),
        f"left out: 2 of speech {reason}",
        "changed: 1 of speech (written without result_type, result_index)",
    ]


def test_an_answer_with_nothing_in_it_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = str(samples.path("magazine", "failed"))
    first, *lines = told(capsys, answer, "--to", "jsonl", "--out", str(tmp_path / "tables"))
    assert first.startswith("<Job")
    assert "Fail" in first
    assert lines[-1] == "Nothing was written."


def test_tables_come_back_from_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, ANSWER, "--to", "jsonl", "--out", str(tmp_path))
    assert len(exports.read_tables(tmp_path)["words"]) == 165


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "docx"], "invalid choice: 'docx'"),
        (["--to", "coco", "--size", "640"], "expected WIDTHxHEIGHT, as 1920x1080, got '640'"),
        (["--to", "srt", "--fps", "25"], "--fps is for coco, cvat, label-studio, fiftyone, not"),
        (["--to", "elan", "--max-gap", "2"], "--max-gap is for coco, cvat, label-studio"),
        (["--to", "csv", "--no-interpolate"], "--no-interpolate is for coco"),
        (["--to", "xlsx", "--video", "a.mp4"], "--video is for coco, cvat, elan, label-studio"),
    ],
)
def test_wrong_calls_have_status_2(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["export", ANSWER, "--out", str(tmp_path / "a"), *arguments])
    assert caught.value.code == 2
    assert said in capsys.readouterr().err


def test_what_is_missing_is_one_line_and_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "a")]
    assert cli.main(["export", ANSWER, "--to", "coco", *out]) == 1
    assert "size" in capsys.readouterr().err
    assert cli.main(["export", ANSWER, "--to", "elan", "--video", "no.mp4", *out]) == 1
    assert "no.mp4: No such file" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
