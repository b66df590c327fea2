"""smarttag query, against the emulator."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from smarttag_nb import cli, cloud, emulator, load, samples

DONE = {"JobStatus": "Success", "Results": {"Result": []}}
JOBS = {
    "plain": DONE,
    "../Odd/ name": DONE,
    "failed": {"JobStatus": "Fail", "Message": "no media"},
    "pending": {"JobStatus": "Processing"},
}


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "testid")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "testsecret")
    monkeypatch.setattr("smarttag_nb.cloud.retry._FIRST_PAUSE", 0.01)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[emulator.Endpoint]:
    with emulator.running(JOBS) as running:
        yield running


def test_a_job_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with emulator.running() as endpoint:
        assert cli.main(["query", "magazine", "--endpoint", endpoint]) == 0
        given = ["query", "cognition", "--operation", "QueryVideoCognitionJob"]
        assert cli.main([*given, "--endpoint", endpoint]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("<Job QuerySmarttagJob magazine Success: 36 labels")
    assert second.startswith("<Job QueryVideoCognitionJob cognition Success: 35 labels")


def test_answers_are_written_as_they_came(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "answers"
    with emulator.running() as endpoint:
        given = ["query", "smarttag", "--product", "mts", "--endpoint", endpoint]
        assert cli.main([*given, "--out", str(out)]) == 0
        with cloud.Client("mts", credentials=("testid", "testsecret"), endpoint=endpoint) as client:
            asked = client.query("smarttag")
    assert capsys.readouterr().out == f"{out / 'smarttag.json'}\n"
    written = load(out / "smarttag.json")
    assert (written.job_id, written.tables) == (asked.job_id, asked.tables)


def test_files_stay_in_their_folder(
    endpoint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["query", "plain", "../Odd/ name", "--endpoint", endpoint, "--out", str(tmp_path)]
    assert cli.main(given) == 0
    written = sorted(file.name for file in tmp_path.iterdir())
    assert written[1] == "plain.json"
    assert re.fullmatch(r"_Odd_name\.[0-9a-f]{16}\.json", written[0])
    assert sorted(capsys.readouterr().out.splitlines()) == sorted(
        str(tmp_path / name) for name in written
    )


def test_what_failed_is_summed_up(
    endpoint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = [f"nobody{k}" for k in range(7)]
    given = ["query", "plain", "failed", "pending", *nobody, "", "--endpoint", endpoint]
    assert cli.main([*given, "--out", str(tmp_path)]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "smarttag: 10 of 11 jobs did not come, failed or are not finished:"
    said = "\n".join(told[1:])
    assert "  failed: Fail: no media" in said
    assert "  pending: Processing, not finished." in said
    assert re.search(r"  (nobody\d, ){4}nobody\d and 2 more: JobNotFound", said)
    assert ": job_id: expected a text" in said
    assert len(told) == 5
    # What is not finished would pass for an answer.
    assert {file.name for file in tmp_path.iterdir()} == {"plain.json", "failed.json"}


def test_ids_are_read_from_a_file_and_from_standard_input(
    endpoint: emulator.Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(endpoint.requests)
    ids = tmp_path / "ids.txt"
    ids.write_bytes(b"\xef\xbb\xbfplain\r\n\r\n  failed \r\nplain\r\n")
    assert cli.main(["query", "failed", "--ids", str(ids), "--endpoint", endpoint]) == 1
    # Each is asked for once.
    asked = sorted(request.job_id for request in endpoint.requests[before:])
    assert asked == ["failed", "plain"]
    piped = SimpleNamespace(buffer=io.BytesIO(b"plain"))
    monkeypatch.setattr("sys.stdin", piped)
    assert cli.main(["query", "--ids", "-", "--endpoint", endpoint]) == 0


def test_what_is_in_the_store_is_not_asked_again(
    endpoint: emulator.Endpoint, tmp_path: Path
) -> None:
    given = ["query", "plain", "pending", "--endpoint", endpoint]
    given += ["--store", str(tmp_path / "jobs.sqlite")]
    assert cli.main(given) == 1
    before = len(endpoint.requests)
    assert cli.main(given) == 1
    assert [request.job_id for request in endpoint.requests[before:]] == ["pending"]


def test_it_waits_until_all_are_finished(capsys: pytest.CaptureFixture[str]) -> None:
    with emulator.running(stages=(0.05, 0.05)) as endpoint:
        with cloud.Client(credentials=("testid", "testsecret"), endpoint=endpoint) as client:
            ids = [client.submit("oss://bucket/smarttag.mp4") for _ in range(3)]
        assert cli.main(["query", *ids, "--wait", "--endpoint", endpoint]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 3
    assert all("Success" in line for line in told)


def test_waiting_ends(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.query, "_WAIT", 0.05)
    assert cli.main(["query", "plain", "pending", "--wait", "--endpoint", endpoint]) == 1


def test_an_outage_does_not_end_the_wait_for_a_job_that_is_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("smarttag_nb.cloud.retry._BASE", 1e-4)
    with emulator.running(
        {"a": DONE}, stages=(0.05, 0), faults={"QuerySmarttagJob": [None, *["503"] * 8]}
    ) as endpoint:
        with cloud.Client(credentials=("testid", "testsecret"), endpoint=endpoint) as client:
            job_id = client.submit("oss://bucket/a.mp4")
        assert cli.main(["query", job_id, "--wait", "--endpoint", endpoint]) == 0
    assert "Success" in capsys.readouterr().out


def test_without_a_key_it_is_told_what_to_set(
    endpoint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
    for name in ("ECS_METADATA", "CLI_PROFILE"):
        monkeypatch.setenv(f"ALIBABA_CLOUD_{name}_DISABLED", "true")
    monkeypatch.setenv("ALIBABA_CLOUD_CREDENTIALS_FILE", str(tmp_path / "credentials.ini"))
    assert cli.main(["query", "plain"]) == 1
    assert "smarttag: Expected an access key" in (told := capsys.readouterr().err)
    assert told.endswith("try without an account what smarttag emulate serves.\n")
    assert cli.main(["query", "plain", "--endpoint", endpoint]) == 1
    assert "testid and testsecret, where smarttag emulate serves." in capsys.readouterr().err


def test_a_key_is_no_argument_which_others_on_the_machine_would_see(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        cli.main(["query", "--help"])
    options = set(re.findall(r"--\w+", capsys.readouterr().out))
    assert options == {
        "--help", "--ids", "--store", "--out", "--wait",
        "--product", "--region", "--endpoint", "--operation",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no JOB is given"),
        (["a", "--product", "oss"], "invalid choice"),
        (["a", "--product", "mts", "--operation", "GetSmartHandleJob"], "product: expected"),
        (["a", "--endpoint", "user:secret@host"], "endpoint: expected a host"),
        (["--ids", str(samples.video("magazine"))], "--ids: expected a text file"),
    ],
)
def test_wrong_calls_have_status_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["query", *arguments])
    assert caught.value.code == 2
    assert said in (told := capsys.readouterr().err)
    assert "secret" not in told


def test_what_a_terminal_would_obey_is_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    with emulator.running({"a\x1b[31m": {"JobStatus": "Fail", "Message": "\x1b]0;x\x07"}}) as there:
        assert cli.main(["query", "a\x1b[31m", "b\x1b[31m", "--endpoint", there]) == 1
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err


def test_a_store_that_is_none_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "jobs.sqlite"
    store.write_bytes(b"no database" * 100)
    assert cli.main(["query", "plain", "--store", str(store)]) == 1
    assert capsys.readouterr().err.startswith(f"smarttag: {store}: ")


def test_no_bar_is_drawn_where_there_is_no_terminal(
    endpoint: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("smarttag_nb.cloud.progress._LONG", 0.0)
    assert cli.main(["query", "plain", "--endpoint", endpoint]) == 0
    assert capsys.readouterr().err == ""


def test_a_product_that_lacks_the_operation_leaves_no_store(tmp_path: Path) -> None:
    given = ["query", "a", "--product", "mts", "--operation", "GetSmartHandleJob"]
    with pytest.raises(SystemExit):
        cli.main([*given, "--store", str(tmp_path / "s")])
    assert not list(tmp_path.iterdir())
