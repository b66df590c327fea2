from __future__ import annotations

import json
import pickle
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from smarttag_nb import cli, emulator, load, samples
from smarttag_nb.errors import InvalidArgument
from tests.emulator.asking import ask, send, signed, written

INPUT = '{"Type":"OSS","Media":"oss://bucket/talk.mp4"}'


def code(endpoint: str, operation: str, parameters: dict[str, str], **how: Any) -> str:
    _, told = ask(endpoint, operation, parameters, **how)
    return str(told.get("Code", ""))


def test_the_round_of_a_job_can_be_played() -> None:
    clock = [1_790_000_000.0]
    with emulator.running(clock=lambda: clock[0], stages=(5, 5)) as endpoint:
        _, made = ask(endpoint, "SubmitSmarttagJob", {"Input": INPUT}, at=clock[0])
        seen = []
        for _ in range(3):
            _, told = ask(endpoint, "QuerySmarttagJob", {"JobId": made["JobId"]}, at=clock[0])
            seen.append(told["JobStatus"])
            clock[0] += 5
    assert seen == ["Submitted", "Processing", "Success"]


def test_an_answer_is_what_the_sample_is(endpoint: emulator.Endpoint) -> None:
    _, told = ask(endpoint, "QuerySmarttagJob", {"JobId": "failed"})
    saved = json.loads(samples.path("magazine", "failed").read_bytes())
    assert {**told, "RequestId": saved["RequestId"]} == saved


def test_each_answer_has_its_own_request_id_that_the_log_tells(
    endpoint: emulator.Endpoint,
) -> None:
    ids = [ask(endpoint, "QuerySmarttagJob", {"JobId": "failed"})[1]["RequestId"] for _ in "12"]
    assert ids == [came.request_id for came in endpoint.requests[-2:]]
    assert ids[0] != ids[1]


@pytest.mark.parametrize(
    ("operation", "parameters", "how", "expected"),
    [
        ("QuerySmarttagJob", {"JobId": "failed"}, {"method": "GET"}, ""),
        ("QuerySmarttagJob", {"JobId": "failed"}, {"product": "mts"}, ""),
        ("GetSmartHandleJob", {"JobId": "magazine"}, {"method": "GET"}, ""),
        ("QueryVideoCognitionJob", {"JobId": "magazine"}, {}, ""),
        ("QueryVideoCognitionJob", {"JobId": "magazine"}, {"method": "GET"},
         "UnsupportedHTTPMethod"),
        ("QueryVideoCognitionJob", {"JobId": "a"}, {"product": "mts"}, "InvalidAction.NotFound"),
        ("DescribeInstances", {"JobId": "magazine"}, {}, "InvalidAction.NotFound"),
        ("QuerySmarttagJob", {}, {}, "MissingParameter"),
        ("QuerySmarttagJob", {"JobId": ""}, {}, "MissingParameter"),
        ("QuerySmarttagJob", {"JobId": "nobody"}, {}, "JobNotFound"),
        ("SubmitSmarttagJob", {"Input": INPUT}, {}, ""),
        ("SubmitVideoCognitionJob", {"Input": INPUT}, {}, ""),
        ("SubmitSmarttagJob", {"Input": "oss://a"}, {}, "InvalidParameter"),
        ("SubmitSmarttagJob", {"Input": '{"Type":"FTP","Media":"a"}'}, {}, "InvalidParameter"),
        ("SubmitSmarttagJob", {}, {}, "MissingParameter"),
        ("SubmitSmarttagJob", {"Input": "oss://a"}, {"product": "mts"}, "MissingParameter"),
        ("SubmitSmarttagJob", {"Input": "oss://a", "PipelineId": "p", "Title": "t"},
         {"product": "mts"}, ""),
    ],
)  # fmt: skip
def test_operations_answer_or_refuse_as_the_pages_say(
    endpoint: emulator.Endpoint,
    operation: str,
    parameters: dict[str, str],
    how: dict[str, Any],
    expected: str,
) -> None:
    assert code(endpoint, operation, parameters, **how) == expected


def test_another_version_is_refused(endpoint: emulator.Endpoint) -> None:
    beside = {"x-acs-version": "2020-01-01"}
    assert code(endpoint, "QuerySmarttagJob", {"JobId": "a"}, beside=beside) == "InvalidVersion"


@pytest.mark.parametrize("first", [True, False])
def test_a_header_added_to_a_signed_one_is_seen(endpoint: emulator.Endpoint, first: bool) -> None:
    path, headers = signed(endpoint, "QuerySmarttagJob", {"JobId": "failed"})
    given, added = list(headers.items()), [("x-acs-action", "GetSmartHandleJob")]
    given = [*added, *given] if first else [*given, *added]
    host, port = endpoint.split(":")
    with socket.create_connection((host, int(port)), timeout=20) as opened:
        opened.sendall(written(path, [*given, ("connection", "close")]))
        received = b"".join(iter(lambda: opened.recv(65536), b""))
    assert b'"Code":"SignatureDoesNotMatch"' in received


def test_files_are_served_with_their_type(endpoint: emulator.Endpoint) -> None:
    _, told = ask(endpoint, "QuerySmarttagJob", {"JobId": "magazine"})
    _, raw = ask(endpoint, "QuerySmarttagJob", {"JobId": "magazine"}, product="mts")
    for answer, name, kind in (
        (told, "subtitles", "text/plain;charset=utf-8"),
        (raw, "process", "application/json;charset=utf-8"),
    ):
        url = load(answer).files["url"].iloc[0]
        path = url.removeprefix(f"http://{endpoint}")
        status, headers, body = send(endpoint, path, {}, "GET")
        assert (status, headers["content-type"]) == (200, kind)
        assert headers["x-content-type-options"] == "nosniff"
        assert body == samples.path("magazine", name).read_bytes()
        assert endpoint.requests[-1].operation == "file"


@pytest.mark.parametrize("path", ["/files/nothing", "/files/../cli.py", "/favicon.ico"])
def test_other_paths_are_not_found(endpoint: emulator.Endpoint, path: str) -> None:
    status, _, body = send(endpoint, path, {}, "GET")
    assert (status, json.loads(body)["Code"]) == (404, "NotFound")


def test_other_methods_are_refused(endpoint: emulator.Endpoint) -> None:
    status, _, body = send(endpoint, "/", {}, "DELETE")
    assert (status, json.loads(body)["Code"]) == (405, "UnsupportedHTTPMethod")


def test_a_body_beyond_a_mebibyte_is_refused(endpoint: emulator.Endpoint) -> None:
    status, _, body = send(endpoint, "/", {}, body=bytes(2**20 + 1))
    assert (status, json.loads(body)["Code"]) == (413, "RequestTooLarge")


def test_the_page_for_a_browser_lists_the_jobs_and_runs_nothing() -> None:
    jobs = {"<script>alert(1)</script>": {"JobStatus": "Success"}, "a&b": {}}
    with emulator.running(jobs) as endpoint:
        status, headers, body = send(endpoint, "/", {}, "GET")
        assert not endpoint.requests
    page = body.decode()
    assert status == 200
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "<script" not in page
    assert "<li><code>&lt;script&gt;alert(1)&lt;/script&gt;</code>" in page
    assert "a&amp;b" in page
    assert str(endpoint) in page


def test_the_limit_is_kept_and_told() -> None:
    now = 1_790_000_000.0
    with emulator.running(rate=10, clock=lambda: now) as endpoint:
        given = {"JobId": "failed"}
        codes = [code(endpoint, "QuerySmarttagJob", given, at=now) for _ in range(12)]
    assert codes[:11] == [""] * 11
    assert codes[11] == "Throttling.User"


def test_the_log_is_a_witness(endpoint: emulator.Endpoint) -> None:
    before = len(endpoint.requests)
    ask(endpoint, "QuerySmarttagJob", {"JobId": "failed"}, product="mts")
    ask(endpoint, "GetSmartHandleJob", {"JobId": "nobody"})
    first, second = endpoint.requests[before:]
    assert (first.operation, first.product, first.job_id) == ("QuerySmarttagJob", "mts", "failed")
    assert (first.status, first.code, first.fault) == (200, "", None)
    assert (second.status, second.code, second.job_id) == (404, "JobNotFound", "nobody")
    assert second.arrived > first.arrived
    assert second.number == first.number + 1


def test_another_process_gets_the_address_alone(endpoint: emulator.Endpoint) -> None:
    sent = pickle.loads(pickle.dumps(endpoint))
    assert (type(sent), sent) == (str, str(endpoint))


def test_the_log_keeps_names_short(endpoint: emulator.Endpoint) -> None:
    ask(endpoint, "QuerySmarttagJob", {"JobId": "x" * 10_000})
    assert endpoint.requests[-1].job_id == "x" * 200


def test_the_log_is_bounded() -> None:
    from smarttag_nb.emulator.calls import Log, Request

    log = Log(most=3)
    for number in range(5):
        log.add(Request(number, 0.0, ""))
    assert [came.number for came in log.list()] == [2, 3, 4]


def test_many_threads_are_answered(endpoint: emulator.Endpoint) -> None:
    statuses: list[int] = []

    def work() -> None:
        for _ in range(10):
            statuses.append(ask(endpoint, "QuerySmarttagJob", {"JobId": "failed"})[0])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 80


def test_nothing_is_left_when_the_block_ends(capfd: pytest.CaptureFixture[str]) -> None:
    before = set(threading.enumerate())
    with emulator.running() as endpoint:
        host, port = endpoint.split(":")
        idle = socket.create_connection((host, int(port)))
        waiting = socket.create_connection((host, int(port)))
        path, headers = signed(endpoint, "GetSmartHandleJob", {"JobId": "magazine"})
        headers["x-emulator-fault"] = "silence"
        waiting.sendall(written(path, headers.items()))
        ask(endpoint, "QuerySmarttagJob", {"JobId": "failed"})
    # Whoever was still connected is cut off, even where the emulator was to be silent.
    with idle, waiting:
        assert idle.recv(1) == b""
        assert waiting.recv(1) == b""
    # Nor was there a wait, after which the server would say what it cancels.
    assert capfd.readouterr().err == ""
    assert set(threading.enumerate()) == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)))


def test_an_error_in_the_block_ends_the_emulator_too() -> None:
    before = set(threading.enumerate())
    with pytest.raises(ZeroDivisionError), emulator.running():
        raise ZeroDivisionError
    assert set(threading.enumerate()) == before


def test_another_key_may_be_set_with_a_token() -> None:
    token = {"x-acs-accesskey-id": "AK", "x-acs-security-token": "T"}
    with emulator.running(key=("AK", "SK", "T")) as endpoint:
        given = {"JobId": "failed"}
        assert code(endpoint, "QuerySmarttagJob", given, key=("AK", "SK"), beside=token) == ""
        assert code(endpoint, "QuerySmarttagJob", given) == "InvalidAccessKeyId.NotFound"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"jobs": "nowhere"}, "jobs: expected a folder with saved answers, got 'nowhere'"),
        ({"stages": (1,)}, "stages: expected two times"),
        ({"stages": (1, -1)}, "stages: expected two times"),
        ({"stages": None}, "stages: expected two times"),
        ({"stages": (1, float("inf"))}, "stages: expected two times"),
        ({"port": 99999}, "port: expected a port that is free"),
        ({"port": "8765"}, "port: expected a port that is free"),
        ({"rate": 0}, "rate: expected requests a second"),
        ({"rate": "100"}, "rate: expected requests a second"),
        ({"key": "id"}, "key: expected an access key id"),
    ],
)
def test_arguments_that_cannot_be_are_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidArgument, match=told), emulator.running(**given):
        pass


def test_a_wrong_key_is_refused_without_being_shown() -> None:
    with pytest.raises(InvalidArgument) as error, emulator.running(key=("secret",)):
        pass
    assert "secret'" not in str(error.value)


def test_what_fails_is_answered_told_and_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with emulator.running(faults=lambda came: str(1 / 0)) as endpoint:
        status, told = ask(endpoint, "QuerySmarttagJob", {"JobId": "failed"})
        last = endpoint.requests[-1]
        assert (last.status, last.code, last.request_id) == (500, told["Code"], told["RequestId"])
    assert (status, told["Code"]) == (500, "InternalError")
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_a_taken_port_is_told() -> None:
    with emulator.running() as endpoint:
        port = int(endpoint.split(":")[1])
        with pytest.raises(InvalidArgument, match="port"), emulator.running(port=port):
            pass


def test_the_command_serves_a_folder_until_interrupted(tmp_path: Path) -> None:
    (tmp_path / "ours.json").write_text('{"JobStatus":"Success"}', encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from smarttag_nb import cli; sys.exit(cli.main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "emulate", "--port", str(port), "--jobs", str(tmp_path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == (
            f"The cloud on this machine: http://127.0.0.1:{port} (Ctrl-C ends it)\n"
        )
        assert run.stdout.readline() == "Access key id testid, secret testsecret.\n"
        endpoint = f"127.0.0.1:{port}"
        assert f"smarttag query JOB --endpoint {endpoint}," in run.stdout.readline()
        assert ask(endpoint, "QuerySmarttagJob", {"JobId": "ours"})[1]["JobStatus"] == "Success"
        run.send_signal(2)
        out, err = run.communicate(timeout=20)
    assert (run.returncode, out, err) == (130, "", "")


def test_the_command_says_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["emulate", "--jobs", "nowhere"]) == 1
    assert "smarttag: jobs: expected a folder" in capsys.readouterr().err


def test_without_the_extra_it_is_told_what_to_install() -> None:
    code = (
        "import sys; sys.modules['uvicorn'] = None\n"
        "import smarttag_nb as stag\n"
        "stag.emulator.FAULTS\n"
        "try: stag.emulator.running\n"
        "except stag.errors.MissingLibrary as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "The emulator needs uvicorn: pip install 'smarttag-nb[cloud]'.\n"


def test_importing_the_emulators_room_loads_no_server() -> None:
    code = "import smarttag_nb as stag, sys; stag.emulator; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"starlette", "uvicorn"} & set(done.stdout.split())
