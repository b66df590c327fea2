"""Whatever comes, the emulator answers or hangs up; it neither fails nor hangs."""

from __future__ import annotations

import gzip
import http.client
import json
import random
import select
import socket
import time
from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import settings

from smarttag_nb import emulator
from smarttag_nb.cloud.operations import OPERATIONS, VERSIONS, Product
from smarttag_nb.emulator.gate import rpc_sign, rpc_string_to_sign
from tests.emulator.asking import signed, stamp, written

COUNT = max(1_000, settings.get_profile("thorough").max_examples // 2)
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
    '{"Type":"URL","Media":["//[bad"]}',
    '{"Type":"URL","Media":"http://[bad/failed.mp4"}',
    '{"Object":"//[bad"}',
    "http://[bad",
    "magazine",
    "cpv",
    "failed",
    "process",
    "smart-handle-tts",
]
MEDIA = [odd for odd in ODD if "Type" in odd or "Object" in odd or "//" in odd]
BAD_FAULTS = ["", "nothing", "slow-body:-1", "slow-body:nan", "silence:x", "a:b:c", "500:1"]
ODD_TIMES = ["", "now", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
FORM = "application/x-www-form-urlencoded"
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
    codes: Counter[str] = Counter()
    known = ["magazine", "cpv", "failed", "process", "smart-handle-tts"]
    for _ in range(COUNT):
        operation = random_.choice([*OPERATIONS, "Nothing"])
        product: Product = random_.choice(["ice", "ice", "mts"])
        method = random_.choice(["GET", "POST", "POST", "POST", "PUT"])
        given = {name: random_.choice(ODD) for name in random_.sample(NAMES, random_.randrange(5))}
        # Mostly what gets far.
        if random_.random() < 0.8:
            given["JobId"] = random_.choice(known)
        if operation.startswith("Submit") and random_.random() < 0.8:
            given |= {"Input": random_.choice(MEDIA), "PipelineId": "p", "Title": "t"}
        sign = random_.choice([of_headers, of_parameters])
        path, headers, body = sign(fuzzed, random_, operation, product, method, given)
        if random_.random() < 0.1:
            headers[random_.choice(list(headers))] = random_.choice(["", ",;=", "é", "0" * 500])
        if random_.random() < 0.1:
            headers["x-emulator-fault"] = random_.choice(BAD_FAULTS)
        if random_.random() < 0.1:
            path = random_.choice(["/files/", "/files/a/b", "/x", "/elsewhere"]) + path[1:]
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        received = answer.read()
        if answer.getheader("content-encoding") == "gzip":
            received = gzip.decompress(received)
        told = json.loads(received)
        assert answer.status < 500, told
        codes[told.get("Code", "")] += 1
        known += [told["JobId"]] if "JobId" in told else []
    connection.close()
    # It is looked behind the gate, not only at it.
    assert codes[""] > COUNT / 10
    assert codes["InvalidParameter"] > COUNT / 50
    assert codes.keys() >= {
        *("InvalidAction.NotFound", "JobNotFound", "MissingParameter", "SignatureDoesNotMatch"),
        *("NotFound", "UnsupportedHTTPMethod", "InvalidAccessKeyId.NotFound"),
    }


def of_headers(
    endpoint: str,
    random_: random.Random,
    operation: str,
    product: Product,
    method: str,
    given: dict[str, str],
) -> tuple[str, dict[str, str], bytes]:
    """Path, headers and body of a request of signature version 3, some with a form."""
    body = random_.choice([b"", b"", b"", b"JobId=magazine", b"a=%ff", b"x" * 100])
    beside = {"content-type": random_.choice([FORM, "text/plain"])} if body else {}
    if random_.random() < 0.05:
        beside["x-acs-date"] = random_.choice(ODD_TIMES)
    path, headers = signed(
        endpoint, operation, given, product=product, method=method, beside=beside, body=body
    )
    return path, headers, body


def of_parameters(
    endpoint: str,
    random_: random.Random,
    operation: str,
    product: Product,
    method: str,
    given: dict[str, str],
) -> tuple[str, dict[str, str], bytes]:
    """Path, headers and body of a request of the older signature, some parts left out or odd."""
    whole = {
        "Action": operation,
        "Version": VERSIONS[product],
        "AccessKeyId": "testid",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": str(random_.random()),
        "Timestamp": stamp(time.time()),
        **given,
    }
    if random_.random() < 0.1:
        name = random_.choice(list(whole))
        whole[name] = random_.choice([*ODD, *ODD_TIMES])
    whole["Signature"] = rpc_sign("testsecret", rpc_string_to_sign(method, whole.items()))
    if random_.random() < 0.1:
        del whole[random_.choice(list(whole))]
    encoded = urlencode(whole)
    if random_.random() < 0.05:
        encoded += random_.choice(["&%ff", "&=&&", "&a" * 300, "&JobId=%00"])
    if method == "POST" and random_.random() < 0.5:
        return "/", {"content-type": FORM}, encoded.encode()
    return f"/?{encoded}", {"accept": "*/*"}, b""


def test_raw_bytes_are_answered_or_hung_up_on(fuzzed: emulator.Endpoint) -> None:
    random_ = random.Random(7)
    host, port = fuzzed.split(":")
    answered = 0
    for _ in range(COUNT):
        path, headers = signed(fuzzed, "QuerySmarttagJob", {"JobId": "failed"})
        raw = bytearray(written(path, [*headers.items(), ("connection", "close")]))
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
