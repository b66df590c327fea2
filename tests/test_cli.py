from __future__ import annotations

import json
import subprocess
import sys
import webbrowser
from pathlib import Path

import pandas as pd
import pytest

from smarttag_nb import cli, samples
from smarttag_nb.report import pdf


def test_demo_writes_a_report_and_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["demo", "--out", str(tmp_path / "demo")]) == 0
    told = capsys.readouterr().out
    page = tmp_path / "demo" / "report.html"
    assert told.startswith(f"Wrote {page}: open it in a browser.")
    assert "data-smarttag-explorer" in page.read_text(encoding="utf-8")
    assert "QueryVideoCognitionJob" in told
    assert "沈青禾: 11.5 s, 15% of the clip" in told
    assert "smarttag report YOUR_ANSWER.json" in told
    labels = pd.read_csv(tmp_path / "demo" / "tables" / "labels.csv")
    assert len(labels) == 61


def test_demo_opens_what_it_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    assert cli.main(["demo", "--out", str(tmp_path), "--open"]) == 0
    assert opened == [(tmp_path / "report.html").as_uri()]


def test_report_is_written_where_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = str(samples.path("magazine", "smart-handle-prose"))
    out = tmp_path / "new" / "page.html"
    given = ["report", answer, "--out", str(out), "--title", "早安", "--lang", "zh"]
    assert cli.main(given) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(out)
    text = out.read_text(encoding="utf-8")
    assert "<title>早安</title>" in text
    assert '<html lang="zh-CN">' in text


def test_report_takes_a_video(tmp_path: Path) -> None:
    answer = str(samples.path("magazine", "smart-handle-tags"))
    out = tmp_path / "page.html"
    given = ["report", answer, "--video", str(samples.video("magazine")), "--out", str(out)]
    assert cli.main(given) == 0
    assert out.stat().st_size > samples.video("magazine").stat().st_size


def test_report_says_at_once_that_no_browser_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(pdf, "_PLACES", ())
    answer = str(samples.path("magazine", "smart-handle-tags"))
    assert cli.main(["report", answer, "--out", str(tmp_path / "a.html"), "--pdf"]) == 1
    assert capsys.readouterr().err.startswith("smarttag: A PDF needs Chromium")
    assert not (tmp_path / "a.html").exists()


def test_report_does_not_print_over_its_own_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = str(samples.path("magazine", "smart-handle-tags"))
    with pytest.raises(SystemExit):
        cli.main(["report", answer, "--out", str(tmp_path / "a.pdf"), "--pdf"])
    assert "--out names the page, as report.html" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_report_names_a_video_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = str(samples.path("magazine", "smart-handle-tags"))
    given = ["report", answer, "--video", answer, "--out", str(tmp_path / "a.html")]
    assert cli.main(given) == 1
    assert "smart-handle-tags.json: expected a video" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "parquet"])
def test_tables_of_ones_own_answer(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = tmp_path / "00123.json"
    answer.write_text('{"details": [{"from": 0, "to": 1, "content": "你好"}]}', encoding="utf-8")
    out = tmp_path / "out"
    assert cli.main(["tables", str(answer), "--out", str(out), "--format", form]) == 0
    assert [file.name for file in out.iterdir()] == [f"speech.{form}"]
    assert capsys.readouterr().out.splitlines() == [
        "<Job 00123: 1 speech>",
        str(out / f"speech.{form}"),
    ]


def test_a_failed_job_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = tmp_path / "a.json"
    answer.write_text('{"JobStatus": "Fail", "Message": "no media"}', encoding="utf-8")
    assert cli.main(["tables", str(answer), "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().out
    assert "The job says: no media" in told
    assert "nothing was written" in told


def test_errors_within_an_answer_are_warned_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = tmp_path / "a.json"
    answer.write_text('{"details": [7, {"content": "a"}]}', encoding="utf-8")
    assert cli.main(["tables", str(answer), "--out", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().err.startswith("smarttag: warning: 1 error in this answer")


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "broken JSON"), ("", "the source is empty"), ("hello", "text that begins with 'hello'")],
)
def test_bad_input_is_one_line_and_status_1(
    content: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = tmp_path / "a.json"
    answer.write_text(content, encoding="utf-8")
    assert cli.main(["tables", str(answer), "--out", str(tmp_path / "out")]) == 1
    told = capsys.readouterr().err
    assert told.startswith("smarttag: ")
    assert said in told
    assert len(told.splitlines()) == 1


def test_a_missing_file_and_a_folder_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["tables", str(tmp_path / "no.json"), "--out", str(tmp_path)]) == 1
    assert "No such file" in capsys.readouterr().err
    answer = tmp_path / "a.json"
    answer.write_text('{"details": [{"content": "a"}]}', encoding="utf-8")
    assert cli.main(["tables", str(answer), "--out", str(answer)]) == 1
    assert "a.json: File exists" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["tables"],
        ["tables", "a", "--format", "x"],
        ["align", "a", "--srt", "-", "--vtt", "-"],
        ["report", "a", "--lang", "fr"],
    ],
)
def test_wrong_calls_have_status_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2


def test_notebooks_are_copied_and_never_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "00_quickstart.ipynb"
    mine.write_text("mine", encoding="utf-8")
    assert cli.main(["notebooks", str(tmp_path)]) == 0
    assert mine.read_text(encoding="utf-8") == "mine"
    assert "was left as it is" in capsys.readouterr().out
    copied = json.loads((tmp_path / "01_appearance_ratios.ipynb").read_text(encoding="utf-8"))
    assert copied["nbformat"] == 4
    # The picture that the text shows comes along.
    assert (tmp_path / "images" / "explorer.jpg").is_file()


COMMAND = [sys.executable, "-c", "from smarttag_nb.cli import main; raise SystemExit(main())"]


def run(arguments: list[str], **more: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, check=False, **more)  # type: ignore[call-overload]


def test_standard_input_and_a_narrow_terminal(tmp_path: Path) -> None:
    done = run(
        ["tables", "-", "--out", str(tmp_path)],
        input='{"JobStatus": "Fail", "Message": "无法解码"}'.encode(),
        env={"PYTHONIOENCODING": "ascii", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0
    assert rb"The job says: \u65e0" in done.stdout


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    answer = tmp_path / "answer.json"
    answer.write_text('{"details": [{"from": 0, "to": 1, "content": "x"}]}', encoding="utf-8")
    started = subprocess.Popen(
        [*COMMAND, "tables", str(answer), "--out", str(tmp_path / "out")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert started.stdout is not None
    started.stdout.close()
    _, said = started.communicate(timeout=60)
    assert (started.returncode, said) == (0, b"")
    assert (tmp_path / "out" / "speech.csv").exists()


def test_what_a_terminal_would_obey_is_escaped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = tmp_path / "answer.json"
    answer.write_text(
        json.dumps({"JobStatus": "Fail", "JobId": "a\x1b[31m", "Message": "\x1b]0;owned\x07"}),
        encoding="utf-8",
    )
    assert cli.main(["tables", str(answer), "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "\\x1b[31m" in said


def test_a_folder_never_tells_of_two_answers(tmp_path: Path) -> None:
    for data in ('{"details": [{"from": 0, "to": 1, "content": "x"}]}', '{"title": "t"}'):
        answer = tmp_path / "answer.json"
        answer.write_text(data, encoding="utf-8")
        assert cli.main(["tables", str(answer), "--out", str(tmp_path / "out")]) == 0
    assert len(pd.read_csv(tmp_path / "out" / "speech.csv")) == 0
    assert len(pd.read_csv(tmp_path / "out" / "meta.csv")) == 1


SAMPLE = str(samples.path("magazine", "cognition"))


def test_align_tells_how_far_speech_and_screen_agree(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["align", SAMPLE]) == 0
    told = capsys.readouterr().out
    assert told.startswith("<Alignment 23 sentences, ")
    assert "by anchors" in told
    assert "estimated at" in told


def test_align_writes_subtitles_and_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    srt, vtt, folder = tmp_path / "a.srt", tmp_path / "a.vtt", tmp_path / "tables"
    given = ["align", SAMPLE, "--srt", str(srt), "--vtt", str(vtt), "--csv", str(folder)]
    assert cli.main(given) == 0
    assert "刚做好的咖啡，表面有一层细腻的油脂" in srt.read_text(encoding="utf-8-sig")
    assert vtt.read_text(encoding="utf-8").startswith("WEBVTT")
    assert sorted(file.name for file in folder.iterdir()) == [
        "anchors.csv", "fused.csv", "lines.csv", "links.csv", "pieces.csv", "scores.csv",
    ]  # fmt: skip
    told = capsys.readouterr().out.splitlines()
    assert {str(srt), str(vtt), str(folder / "links.csv")} <= set(told)
    links = pd.read_csv(folder / "links.csv")
    assert json.loads(links["speech_span"][0])[0] == 0


@pytest.mark.parametrize("fused", [[], ["--fused"]])
@pytest.mark.parametrize("form", ["srt", "vtt"])
def test_align_writes_subtitles_alone_to_standard_output(
    form: str, fused: list[str], tmp_path: Path
) -> None:
    file = tmp_path / f"a.{form}"
    assert cli.main(["align", SAMPLE, f"--{form}", str(file), *fused]) == 0
    done = run(
        ["align", SAMPLE, f"--{form}", "-", "--csv", str(tmp_path / "tables"), *fused],
        env={"PYTHONIOENCODING": "ascii", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0
    # A pipe needs no mark.
    assert done.stdout == file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    assert done.stderr.startswith(b"<Alignment 23 sentences, ")
    assert b"links.csv" in done.stderr


IMAGE = {"details": [{"info": [{"content": "你好", "position": {"leftTop": [1, 1],
         "rightBottom": [50, 20]}}]}]}  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "also"),
    [
        ({"JobStatus": "Processing"}, "nothing was written"),
        (IMAGE, "only tables were written"),
        ({"details": [{"from": 0, "to": 1, "content": "你好"}]}, "only tables were written"),
    ],
    ids=["pending", "image", "speech alone"],
)
def test_align_writes_no_file_without_subtitles(
    answer: object, also: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, srt, folder = tmp_path / "a.json", tmp_path / "a.srt", tmp_path / "tables"
    source.write_text(json.dumps(answer), encoding="utf-8")
    assert cli.main(["align", str(source), "--srt", str(srt), "--vtt", "-"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines()[-1] == "No subtitles; nothing was written."
    assert cli.main(["align", str(source), "--srt", str(srt), "--csv", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"No subtitles; {also}."
    assert not srt.exists()


def test_align_names_the_file_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file, why in ((tmp_path / "no" / "a.srt", "No such file"), (tmp_path, "Is a directory")):
        assert cli.main(["align", SAMPLE, "--srt", str(file)]) == 1
        assert capsys.readouterr().err.startswith(f"smarttag: {file}: {why}")


def test_align_prints_the_fused_transcript(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["align", SAMPLE, "--fused"]) == 0
    told = capsys.readouterr().out
    assert "刚做好的咖啡，表面有一层细腻的油脂" in told
    assert "油纸" not in told


def test_align_says_why_there_is_nothing_to_align(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = tmp_path / "a.json"
    answer.write_text('{"details": [{"from": 0, "to": 1, "content": "你好"}]}', encoding="utf-8")
    assert cli.main(["align", str(answer), "--srt", str(tmp_path / "a.srt")]) == 0
    assert "clock none: no text on screen" in capsys.readouterr().out
