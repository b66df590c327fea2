from __future__ import annotations

import gzip
import http.client
import itertools
import json
import zlib
from typing import Any

import pytest

from smarttag_nb import emulator
from smarttag_nb.emulator.calls import Request
from smarttag_nb.emulator.faults import FAULTS, Script, share
from smarttag_nb.errors import InvalidArgument, UnknownName
from tests.emulator.asking import ask, send, signed, wire

JOB = {"JobId": "smart-handle-prose"}


def request(number: int = 1, operation: str = "QuerySmarttagJob") -> Request:
    return Request(number, 0.0, operation)


def chosen(script: Script, count: int, operation: str = "QuerySmarttagJob") -> list[str | None]:
    return [script.choose(request(number, operation)) for number in range(1, count + 1)]


def parted(received: bytes) -> tuple[str, dict[str, str], bytes]:
    """Status line, headers and body."""
    head, _, body = received.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    return status, dict(line.split(": ", 1) for line in lines), body


def test_a_script_is_used_up_request_by_request() -> None:
    assert chosen(Script(["503", None, "reset"]), 4) == ["503", None, "reset", None]


def test_one_name_is_for_every_request() -> None:
    assert chosen(Script("reset"), 3) == ["reset"] * 3
    assert chosen(Script(itertools.cycle(["500", None])), 3) == ["500", None, "500"]


def test_each_operation_has_its_own_script() -> None:
    script = Script({"QuerySmarttagJob": ["503"], "file": "reset"})
    assert chosen(script, 1, "GetSmartHandleJob") == [None]
    assert chosen(script, 2) == ["503", None]
    assert chosen(script, 2, "file") == ["reset", "reset"]


def test_a_callable_decides_by_the_request() -> None:
    assert chosen(Script(lambda came: "500" if came.number > 2 else None), 3) == [None, None, "500"]


def test_a_share_is_the_same_for_the_same_seed() -> None:
    first, again = (chosen(Script(share(0.3, ["500", "503"], seed=7)), 1000) for _ in range(2))
    assert first == again
    assert first != chosen(Script(share(0.3, ["500", "503"], seed=8)), 1000)
    failed = [fault for fault in first if fault]
    assert 240 < len(failed) < 360
    assert set(failed) == {"500", "503"}


@pytest.mark.parametrize("faults", [["50"], "rest", {"file": ["no"]}, "reset:2", "slow-body:x"])
def test_a_fault_that_does_not_exist_is_told(faults: Any) -> None:
    with pytest.raises(UnknownName, match="No fault is called"):
        Script(faults)


def test_an_operation_that_does_not_exist_is_told() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'QuerySmarttagJob'"):
        Script({"QuerySmartTagJob": "500"})


def test_what_is_no_script_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="faults: expected"):
        Script(3)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="fraction"):
        share(1.5, ["500"])
    with pytest.raises(InvalidArgument, match="at least one"):
        share(0.5, [])
    with pytest.raises(UnknownName):
        share(0.5, ["50"])


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("500", 500, "InternalError"),
        ("503", 503, "ServiceUnavailable"),
        ("Throttling.User", 400, "Throttling.User"),
        ("Throttling.Api", 429, "Throttling.Api"),
        ("Forbidden.RAM", 403, "Forbidden.RAM"),
    ],
)
def test_errors_of_the_gateway_come_in_its_envelope(
    endpoint: emulator.Endpoint, fault: str, status: int, code: str
) -> None:
    got, told = ask(endpoint, "GetSmartHandleJob", JOB, fault)
    assert (got, told["Code"]) == (status, code)
    assert told["RequestId"] == endpoint.requests[-1].request_id


def test_throttling_says_when_to_come_again(endpoint: emulator.Endpoint) -> None:
    path, headers = signed(endpoint, "GetSmartHandleJob", JOB)
    _, told, _ = send(endpoint, path, {**headers, "x-emulator-fault": "Throttling"})
    assert told["x-acs-retry-after"] == "50"


def test_an_unknown_fault_in_the_header_is_told(endpoint: emulator.Endpoint) -> None:
    status, told = ask(endpoint, "GetSmartHandleJob", JOB, "rest")
    assert status == 400
    assert "Did you mean 'reset'" in told["Message"]


def test_an_error_may_come_as_a_success(endpoint: emulator.Endpoint) -> None:
    assert ask(endpoint, "GetSmartHandleJob", JOB, "error-in-200") == (
        200,
        {"Code": "InternalError", "Message": "The request failed."},
    )


def test_a_reset_in_mid_body_is_one_on_the_wire(endpoint: emulator.Endpoint) -> None:
    received, reset = wire(endpoint, "reset")
    _, headers, body = parted(received)
    assert reset
    assert 0 < len(body) < int(headers["content-length"])


def test_a_reset_at_once_brings_nothing(endpoint: emulator.Endpoint) -> None:
    assert wire(endpoint, "reset-at-once") == (b"", True)


def test_a_close_at_once_brings_nothing(endpoint: emulator.Endpoint) -> None:
    assert wire(endpoint, "close-at-once") == (b"", False)


def test_a_body_is_shorter_than_said(endpoint: emulator.Endpoint) -> None:
    received, reset = wire(endpoint, "short-body")
    _, headers, body = parted(received)
    assert not reset
    assert len(body) == int(headers["content-length"]) // 2


def test_chunks_end_without_the_last(endpoint: emulator.Endpoint) -> None:
    path, headers = signed(endpoint, "GetSmartHandleJob", JOB)
    with pytest.raises(http.client.IncompleteRead):
        send(endpoint, path, {**headers, "x-emulator-fault": "cut-chunks"})


@pytest.mark.parametrize("fault", ["no-length", "cut-json"])
def test_half_an_answer_comes_without_a_sign_in_http(
    endpoint: emulator.Endpoint, fault: str
) -> None:
    path, headers = signed(endpoint, "GetSmartHandleJob", JOB)
    status, _, body = send(endpoint, path, {**headers, "x-emulator-fault": fault})
    assert status == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


@pytest.mark.parametrize("fault", ["truncated-gzip", "gzip-without-end", "flipped-gzip"])
def test_a_damaged_gzip_is_of_the_length_said(endpoint: emulator.Endpoint, fault: str) -> None:
    _, headers, body = parted(wire(endpoint, fault)[0])
    assert len(body) == int(headers["content-length"])
    with pytest.raises((EOFError, OSError)):
        gzip.decompress(body)
    assert zlib.decompressobj(31).decompress(body[:-8])


def test_something_follows_the_gzip(endpoint: emulator.Endpoint) -> None:
    _, _, body = parted(wire(endpoint, "gzip-and-more")[0])
    unpacker = zlib.decompressobj(31)
    assert json.loads(unpacker.decompress(body))["State"] == "Finished"
    assert unpacker.unused_data == b"\0trailing"


def test_a_bomb_is_small_and_opens_to_much(endpoint: emulator.Endpoint) -> None:
    _, headers, body = parted(wire(endpoint, "bomb")[0])
    assert headers["content-encoding"] == "gzip, gzip"
    assert len(body) < 2000
    inner = gzip.decompress(body)
    _, headers, single = parted(wire(endpoint, "single-bomb")[0])
    assert headers["content-encoding"] == "gzip"
    assert single == inner
    assert zlib.decompressobj(31).decompress(inner, 2**20) == bytes(2**20)
    assert int.from_bytes(inner[-4:], "little") == 512 * 2**20


def test_a_page_comes_in_place_of_an_answer(endpoint: emulator.Endpoint) -> None:
    status, headers, body = parted(wire(endpoint, "wrong-type")[0])
    assert (status, headers["content-type"]) == ("HTTP/1.1 200 OK", "text/html; charset=utf-8")
    assert body.startswith(b"<html>")


def test_something_comes_that_is_no_http(endpoint: emulator.Endpoint) -> None:
    path, headers = signed(endpoint, "GetSmartHandleJob", JOB)
    with pytest.raises(http.client.BadStatusLine):
        send(endpoint, path, {**headers, "x-emulator-fault": "no-http"})


def test_a_connection_is_closed_without_a_word_after_a_good_answer(
    endpoint: emulator.Endpoint,
) -> None:
    _, headers, body = parted(wire(endpoint, "hang-up")[0])
    assert headers["connection"] == "keep-alive"
    assert json.loads(body)["State"] == "Finished"


def test_json_comes_that_is_no_object(endpoint: emulator.Endpoint) -> None:
    assert ask(endpoint, "GetSmartHandleJob", JOB, "no-object") == (200, [])


def test_a_body_without_end_comes_for_as_long_as_it_is_read(endpoint: emulator.Endpoint) -> None:
    path, headers = signed(endpoint, "GetSmartHandleJob", JOB)
    connection = http.client.HTTPConnection(endpoint, timeout=20)
    connection.request("POST", path, None, {**headers, "x-emulator-fault": "endless"})
    answer = connection.getresponse()
    assert len(answer.read(5 * 2**20)) == 5 * 2**20
    # Meanwhile others are served.
    assert ask(endpoint, "GetSmartHandleJob", JOB)[0] == 200
    answer.close()
    connection.close()


def test_every_fault_says_what_it_is() -> None:
    assert all(meaning.endswith(".") for meaning in FAULTS.values())


def test_an_empty_success_is_one(endpoint: emulator.Endpoint) -> None:
    status, headers, body = parted(wire(endpoint, "empty")[0])
    assert (status, headers["content-length"], body) == ("HTTP/1.1 200 OK", "0", b"")


def test_a_redirect_leads_where_the_log_tells_who_followed(endpoint: emulator.Endpoint) -> None:
    status, headers, _ = parted(wire(endpoint, "redirect")[0])
    assert status.startswith("HTTP/1.1 307 ")
    host, path = headers["location"].removeprefix("http://").split("/", 1)
    assert host.startswith("localhost:")
    assert not [came for came in endpoint.requests if came.operation == "elsewhere"]
    assert send(endpoint, f"/{path}", {})[0] == 404
    assert endpoint.requests[-1].operation == "elsewhere"


@pytest.mark.parametrize("fault", ["slow-headers:0.05", "slow-body:0.05", "stalled-body:0.01"])
def test_what_is_slow_is_whole_in_the_end(endpoint: emulator.Endpoint, fault: str) -> None:
    _, headers, body = parted(wire(endpoint, fault)[0])
    assert len(body) == int(headers["content-length"])
    assert json.loads(body)["State"] == "Finished"


def test_silence_ends_without_a_word(endpoint: emulator.Endpoint) -> None:
    assert wire(endpoint, "silence:0.01") == (b"", False)


def test_each_fault_is_told_by_the_log_with_the_job(endpoint: emulator.Endpoint) -> None:
    slow = {"slow-headers", "slow-body", "stalled-body", "silence"}
    for fault in FAULTS.keys() - {"endless"}:
        asked = f"{fault}:0.01" if fault in slow else fault
        wire(endpoint, asked)
        last = endpoint.requests[-1]
        assert (last.fault, last.job_id) == (asked, "smart-handle-prose")
        assert last.status is not None


def test_a_script_spoils_requests_in_turn_and_files_too() -> None:
    faults = {"QuerySmarttagJob": ["503", None, "reset"], "file": ["500"]}
    with emulator.running(faults=faults) as endpoint:
        path = f"/files/{'0' * 8}/subtitles.txt"
        assert send(endpoint, path, {}, "GET")[0] == 500
        assert send(endpoint, path, {}, "GET")[0] == 404
        assert ask(endpoint, "QuerySmarttagJob", {"JobId": "failed"})[0] == 503
        assert ask(endpoint, "QuerySmarttagJob", {"JobId": "failed"})[0] == 200
        with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
            ask(endpoint, "QuerySmarttagJob", {"JobId": "failed"})
        assert ask(endpoint, "QuerySmarttagJob", {"JobId": "failed"})[0] == 200
        told = [came.fault for came in endpoint.requests]
    assert told == ["500", None, "503", None, "reset", None]


def test_what_was_submitted_before_a_reset_is_there() -> None:
    with emulator.running(faults={"SubmitSmarttagJob": ["reset-at-once"]}) as endpoint:
        given = {"Input": '{"Type":"OSS","Media":"oss://a/b.mp4"}'}
        with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
            ask(endpoint, "SubmitSmarttagJob", given)
        job_id = endpoint.requests[-1].job_id
        assert ask(endpoint, "QuerySmarttagJob", {"JobId": job_id})[1]["JobStatus"] == "Submitted"


def test_a_refused_request_uses_no_fault_up() -> None:
    with emulator.running(faults=["503"]) as endpoint:
        given = {"JobId": "failed"}
        _, told = ask(endpoint, "QuerySmarttagJob", given, key=("testid", "wrong"))
        assert told["Code"] == "SignatureDoesNotMatch"
        assert ask(endpoint, "QuerySmarttagJob", given)[0] == 503
