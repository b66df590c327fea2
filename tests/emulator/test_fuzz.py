"""Whatever comes, the emulator answers or hangs up; it neither fails nor hangs."""

from __future__ import annotations

import http.client
import random
import select
import socket
from typing import Any

import pytest
from hypothesis import settings

from smarttag_nb import emulator
from smarttag_nb.cloud.operations import OPERATIONS
from tests.emulator.asking import signed

COUNT = settings.get_profile("thorough").max_examples // 2
"""Of each kind: 10,000 together where CI looks, fewer elsewhere."""

ODD = [
    "",
    "\0",
    "../../etc/passwd",
    "雪" * 50,
    "é\u0301\u202e😀",
    "a&b=c",
    "%00%ff%zz",
    "true",
    "null",
    "[]",
    "{}",
    "1e999",
    "[" * 2000,
    '{"a":' * 500,
    '"\\ud800"',
    '{"labelResultType":"hmi"}',
    '{"labelResultType":[]}',
    '{"NeedAsr":true,"NeedOcr":"true","NeedProcess":1}',
    '{"Type":"OSS","Media":"oss://a/magazine.mp4"}',
    '{"Type":"OSS","Media":{"a":["//[::1"]}}',
    '{"Type":["OSS"],"Media":1}',
    '{"Object":"//[bad"}',
    "http://[bad",
    "magazine",
    "cpv",
    "failed",
    "process",
    "smart-handle-tts",
]
NAMES = ["JobId", "Params", "IncludeResults", "Input", "PipelineId", "Title", "UserData", "Format"]
PIECES = [
    b"\r\n", b"\r\n\r\n", b"\0", b"%", b"%ff", b"+", b"&&==", b"\xff\xfe", b" " * 50, b":",
    b"A" * 9000, b"Transfer-Encoding: chunked\r\n", b"Content-Length: -1\r\n",
    b"Content-Length: 99\r\n", b"Upgrade: websocket\r\nConnection: Upgrade\r\n",
    b"Expect: 100-continue\r\n", b"Accept-Encoding: gzip\r\n", b"Host: \r\n",
    b"x-acs-date: \xff\r\n", b"Authorization: ACS3-HMAC-SHA256 ,,==\r\n",
    b"content-type: application/x-www-form-urlencoded\r\n", b"GET /files/%2e%2e/x HTTP/1.1\r\n",
    b"5\r\nhello\r\n0\r\n\r\n", b"HTTP/9.9",
]  # fmt: skip


@pytest.fixture
def fuzzed(capfd: pytest.CaptureFixture[str]) -> Any:
    """An emulator that must not have failed by the end, whatever was seen of it."""
    with emulator.running(rate=1_000_000) as endpoint:
        yield endpoint
    assert capfd.readouterr().err == ""
    assert endpoint.requests
    assert all(came.status is not None and came.status < 500 for came in endpoint.requests)


def test_well_formed_requests_are_answered(fuzzed: emulator.Endpoint) -> None:
    random_ = random.Random(6)
    connection = http.client.HTTPConnection(fuzzed, timeout=20)
    statuses = set()
    for _ in range(COUNT):
        names = random_.sample(NAMES, random_.randrange(5))
        method = random_.choice(["GET", "POST", "POST", "PUT"])
        given = {name: random_.choice(ODD) for name in names}
        if random_.random() < 0.7:
            given["JobId"] = random_.choice(ODD[-5:])
        body = random_.choice([b"", b"", b"", b"a=%ff", b"x" * 100])
        path, headers = signed(
            fuzzed,
            random_.choice([*OPERATIONS, "Nothing"]),
            given,
            method=method,
            product=random_.choice(["ice", "mts"]),
            body=body,
        )
        if random_.random() < 0.2:
            headers[random_.choice(list(headers))] = random_.choice(["", ",;=", "é", "0" * 500])
        if random_.random() < 0.2:
            headers["x-emulator-fault"] = random_.choice(["", "nothing", "slow-body:-1", "a:b:c"])
        if random_.random() < 0.1:
            path = random_.choice(["/files/", "/files/a/b", "/x", "/elsewhere"]) + path[1:]
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        statuses.add(answer.status)
    connection.close()
    assert {200, 400, 404, 405} <= statuses
    assert max(statuses) < 500


def test_raw_bytes_are_answered_or_hung_up_on(fuzzed: emulator.Endpoint) -> None:
    random_ = random.Random(7)
    host, port = fuzzed.split(":")
    answered = 0
    for _ in range(COUNT):
        path, headers = signed(fuzzed, "QuerySmarttagJob", {"JobId": "failed"})
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        raw = bytearray("\r\n".join([*lines, "connection: close", "", ""]).encode())
        for _ in range(random_.randrange(6)):
            at = random_.randrange(len(raw) + 1)
            match random_.randrange(4):
                case 0:
                    raw[at:at] = random_.choice(PIECES)
                case 1:
                    del raw[at : at + random_.randrange(1, 60)]
                case 2:
                    raw[at : at + 1] = random_.randbytes(1)
                case 3:
                    raw[at:at] = raw[: random_.randrange(100)]
        with socket.create_connection((host, int(port)), timeout=20) as opened:
            received = exchange(opened, bytes(raw))
        answered += received.startswith(b"HTTP/1.1 ")
        assert not received.startswith(b"HTTP/1.1 5")
    assert answered > COUNT / 20


def exchange(opened: socket.socket, raw: bytes) -> bytes:
    """Send all, wait a moment for an answer, end, and read until the other side hangs up."""
    received = b""
    try:
        opened.sendall(raw)
        # What is unfinished is never answered; whoever ends too early loses only the answer.
        if select.select([opened], [], [], 0.003)[0]:
            received += opened.recv(65536)
        opened.shutdown(socket.SHUT_WR)
        while part := opened.recv(65536):
            received += part
    except (ConnectionResetError, BrokenPipeError):
        # It hung up before all was sent.
        pass
    return received
