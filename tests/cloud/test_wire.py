"""An exchange gives a whole answer by its deadline, or one of our errors that tells no secret."""

from __future__ import annotations

import datetime
import gzip
import io
import ipaddress
import logging
import math
import os
import socket
import ssl
import threading
import time
import traceback
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from smarttag_nb.cloud import sockets
from smarttag_nb.cloud.sockets import Origin
from smarttag_nb.cloud.wire import Reply, Wire
from smarttag_nb.errors import (
    BadAnswer,
    CloudError,
    InvalidArgument,
    RefusedAddress,
    SmarttagError,
    Timeout,
    Unreachable,
)

from .player import Do, Player, Script, Slowly, answer, chunked

SECRET = "canary"
LONG = 20.0
"""Seconds; nothing here takes them."""
SHORT = 0.3


@pytest.fixture
def wire() -> Iterator[Wire]:
    with Wire(limit=100_000) as made:
        yield made


def ask(url: str, method: str = "GET") -> requests.PreparedRequest:
    headers = {"Authorization": SECRET}
    return requests.Request(method, url, params={"q": SECRET}, headers=headers).prepare()


def send(wire: Wire, player: Player, seconds: float = LONG, method: str = "GET") -> Reply:
    return wire.send(ask(player.url(), method), time.monotonic() + seconds)


def failure(wire: Wire, url: str, seconds: float = LONG) -> SmarttagError:
    with pytest.raises(SmarttagError) as caught:
        wire.send(ask(url), time.monotonic() + seconds)
    return caught.value


def all_of(error: BaseException) -> str:
    """All that can be read of an error: its chain, and its frames but the caller's."""
    assert error.__traceback__ is not None
    frames = traceback.StackSummary.extract(
        traceback.walk_tb(error.__traceback__.tb_next), capture_locals=True
    )
    chain = [error.__cause__, error.__context__]
    return f"{error} {error!r} {vars(error)} {chain} {''.join(frames.format())}"


def test_an_answer_comes_whole(wire: Wire) -> None:
    with Player([answer(b'{"a": 1}', "X-One: 1", "x-one: 2")]) as player:
        reply = send(wire, player, method="POST")
    assert reply.status == 200
    assert reply.body == b'{"a": 1}'
    assert reply.headers == {"content-length": "8", "x-one": "1, 2"}
    head = player.requests[0].decode()
    assert head.startswith(f"POST /?q={SECRET} HTTP/1.1\r\n")
    assert "Accept-Encoding: gzip, deflate\r\n" in head
    assert f"Host: 127.0.0.1:{player.port}\r\n" in head


@pytest.mark.parametrize(
    ("status", "code"), [("307 Moved", 307), ("404 None", 404), ("503 No", 503)]
)
def test_an_answer_of_any_status_is_one_and_a_redirect_is_not_followed(
    wire: Wire, status: str, code: int
) -> None:
    with Player([answer(b"{}", "Location: /elsewhere", status=status)]) as player:
        assert send(wire, player).status == code
    assert len(player.requests) == 1


def raw_deflate(content: bytes) -> bytes:
    made = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return made.compress(content) + made.flush()


@pytest.mark.parametrize(
    ("coding", "compressed"),
    [
        ("gzip", gzip.compress(b"content")),
        ("x-gzip", gzip.compress(b"con") + gzip.compress(b"tent")),
        ("deflate", zlib.compress(b"content")),
        ("deflate", raw_deflate(b"content")),
        ("identity", b"content"),
    ],
    ids=["gzip", "members", "deflate", "raw deflate", "identity"],
)
def test_a_compressed_body_is_read(wire: Wire, coding: str, compressed: bytes) -> None:
    header = f"Content-Encoding: {coding}"
    with Player([answer(compressed, header), Do.READ, chunked(compressed, header)]) as player:
        assert send(wire, player).body == b"content"
        assert send(wire, player).body == b"content"
    assert player.connections == 1


def test_a_body_without_a_length_ends_with_the_connection(wire: Wire) -> None:
    with Player([b'HTTP/1.1 200 OK\r\n\r\n{"a": ', b"1}"]) as player:
        assert send(wire, player).body == b'{"a": 1}'


GZIP = "Content-Encoding: gzip"
ZIPPED = gzip.compress(b"x" * 1_000)

CUT: dict[str, tuple[Script, type[CloudError], str]] = {
    "nothing": ([], Unreachable, "ConnectionBroke"),
    "reset at once": ([Do.READ, Do.RESET], Unreachable, "ConnectionBroke"),
    "reset in mid-body": ([answer(b"x" * 99)[:-9], Do.RESET], Unreachable, "ConnectionBroke"),
    "an end in the status": ([b"HTTP/1.1 20"], BadAnswer, "ShortBody"),
    "an end among headers": ([b"HTTP/1.1 200 OK\r\nX: y\r\n"], BadAnswer, "ShortBody"),
    "an end in a header": ([b"HTTP/1.1 200 OK\r\nContent-Length: 2"], BadAnswer, "ShortBody"),
    "a short body": ([answer(b"x" * 99)[:-1]], BadAnswer, "ShortBody"),
    "no body": ([answer(b"x" * 99)[:-99]], BadAnswer, "ShortBody"),
    "a cut chunk": ([chunked(b"x" * 99)[:-20]], BadAnswer, "ShortBody"),
    "no last chunk": ([chunked(b"x" * 7)[:-5]], BadAnswer, "ShortBody"),
    "no end of the last chunk": ([chunked(b"x" * 7)[:-2]], BadAnswer, "ShortBody"),
    "a truncated gzip": ([answer(ZIPPED[:-9], GZIP)], BadAnswer, "TruncatedGzip"),
    "a gzip without its sum": ([chunked(ZIPPED[:-1], GZIP)], BadAnswer, "TruncatedGzip"),
    "a gzip ended by closing": (
        [b"HTTP/1.1 200 OK\r\n" + GZIP.encode() + b"\r\n\r\n" + ZIPPED[:-1]],
        BadAnswer,
        "TruncatedGzip",
    ),
}

WRONG: dict[str, tuple[Script, type[CloudError], str]] = {
    "no gzip": ([answer(b"{}", GZIP)], BadAnswer, "BrokenGzip"),
    "a gzip of a wrong sum": (
        [answer(ZIPPED[:-8] + b"\0" * 8, GZIP)],
        BadAnswer,
        "BrokenGzip",
    ),
    "a gzip and more": ([answer(ZIPPED + b"more", GZIP)], BadAnswer, "TrailingGarbage"),
    "a gzip and zeros": ([answer(ZIPPED + b"\0\0", GZIP)], BadAnswer, "TrailingGarbage"),
    "two codings": (
        [answer(gzip.compress(ZIPPED), "Content-Encoding: gzip, gzip")],
        BadAnswer,
        "UnknownEncoding",
    ),
    "an unknown coding": ([answer(b"x", "Content-Encoding: br")], BadAnswer, "UnknownEncoding"),
    "an unknown transfer": (
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"],
        BadAnswer,
        "UnknownEncoding",
    ),
    "a bomb": ([answer(gzip.compress(b"x" * 100_001), GZIP)], BadAnswer, "TooLarge"),
    "a length beyond the limit": (
        [b"HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n", Do.HANG],
        BadAnswer,
        "TooLarge",
    ),
    "chunks without end": ([chunked(b"x" * 100_001, size=9_999)], BadAnswer, "TooLarge"),
    "a body without end": ([b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_001], BadAnswer, "TooLarge"),
    "two transfers": (
        [b"HTTP/1.1 200 OK\r\n" + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n0\r\n\r\n"],
        BadAnswer,
        "UnknownEncoding",
    ),
    "two lengths": ([answer(b"x", "Content-Length: 2")], BadAnswer, "BadLength"),
    "a length in words": (
        [b"HTTP/1.1 200 OK\r\nContent-Length: one\r\n\r\nx"],
        BadAnswer,
        "BadLength",
    ),
    "a negative chunk": (
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nxxxx"],
        BadAnswer,
        "BadLength",
    ),
    "a chunk of words": (
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\nxxxx"],
        BadAnswer,
        "ShortBody",
    ),
    "no HTTP": ([b"SSH-2.0-OpenSSH\r\n"], BadAnswer, "NotHttp"),
    "too many headers": (
        [b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1_000 + b"\r\n"],
        BadAnswer,
        "NotHttp",
    ),
    "too long a header": (
        [b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n"],
        BadAnswer,
        "NotHttp",
    ),
    "hints before the answer": ([b"HTTP/1.1 103 Early Hints\r\n\r\n"], BadAnswer, "NotHttp"),
}

SLOW: dict[str, tuple[Script, type[CloudError], str]] = {
    "silence": ([Do.READ, Do.HANG], Timeout, "Timeout"),
    "slow headers": ([Slowly(b"HTTP/1.1 200 OK\r\n" + b"X" * 9_999)], Timeout, "Timeout"),
    "a slow body": ([answer(b"x" * 9_999)[:-9_999], Slowly(b"x" * 9_999)], Timeout, "Timeout"),
    "slow chunks": ([chunked(b"")[:-5], Slowly(b"1\r\nx\r\n" * 999)], Timeout, "Timeout"),
}


@pytest.mark.parametrize("fault", [*CUT, *WRONG])
def test_what_is_no_whole_answer_is_an_error_that_tells_no_secret(
    wire: Wire, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    script, kind, code = {**CUT, **WRONG}[fault]
    with Player([*script]) as player:
        error = failure(wire, player.url())
    assert type(error) is kind
    assert isinstance(error, CloudError)
    assert error.code == code
    assert SECRET not in all_of(error)
    assert caplog.text == ""


@pytest.mark.parametrize("fault", SLOW)
def test_a_deadline_holds_for_all_of_an_exchange(wire: Wire, fault: str) -> None:
    script, kind, code = SLOW[fault]
    with Player([*script]) as player:
        error = failure(wire, player.url(), SHORT)
    assert type(error) is kind
    assert isinstance(error, CloudError)
    assert error.code == code
    assert SECRET not in all_of(error)


@pytest.mark.parametrize("over_tls", [False, True])
def test_an_answer_that_nobody_waits_for_any_more_is_left(
    trusted: ssl.SSLContext, wire: Wire, over_tls: bool
) -> None:
    script: Script = [Do.TLS, Do.READ, Do.HANG] if over_tls else [Do.READ, Do.HANG]
    stop, deadline = threading.Event(), time.monotonic() + LONG
    with Player(script, tls=trusted) as player, ThreadPoolExecutor(1) as pool:
        url = player.url(scheme="https" if over_tls else "http")
        waiting = pool.submit(wire.send, ask(url), deadline, stop)
        player.heard.get(timeout=LONG)
        stop.set()
        assert isinstance(waiting.exception(), Timeout)
    assert time.monotonic() < deadline


def test_a_deadline_that_has_passed_sends_nothing(wire: Wire) -> None:
    with Player([answer()]) as player:
        error = failure(wire, player.url(), -1.0)
        assert player.connections == 0
    assert isinstance(error, Timeout)
    assert error.code == "ConnectTimeout"


def test_a_deadline_holds_while_connecting(wire: Wire) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, socket.socket() as first:
        first.connect(listener.getsockname())  # The only one that there is room for.
        error = failure(wire, f"http://127.0.0.1:{listener.getsockname()[1]}/", SHORT)
    assert isinstance(error, Timeout)
    assert error.code == "ConnectTimeout"


def test_a_deadline_holds_while_tls_begins(wire: Wire) -> None:
    with Player([Do.HANG]) as player:
        error = failure(wire, player.url(scheme="https"), SHORT)
    assert isinstance(error, Timeout)
    assert error.code == "ConnectTimeout"


def test_a_deadline_holds_while_a_name_is_looked_up(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait() and [])
    error = failure(wire, "http://slow.invalid/", SHORT)
    over.set()
    assert isinstance(error, Timeout)
    assert error.code == "ConnectTimeout"


def test_nobody_listening_and_nobody_there_are_told_apart_from_a_broken_connection(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    refused = failure(wire, f"http://127.0.0.1:{port}/")
    unknown = failure(wire, "http://nobody.invalid/")
    impossible = failure(wire, f"http://{'x' * 64}.invalid/")
    for error in (refused, unknown, impossible):
        assert isinstance(error, Unreachable)
        assert error.code == "ConnectionFailed"
        assert SECRET not in all_of(error)
    assert "Connection refused" in str(refused)
    assert "no address is known for nobody.invalid:80" in str(unknown)
    assert caplog.text == ""


def test_an_address_that_does_not_answer_leaves_time_for_the_next(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        Player([answer()]) as player,
        socket.create_server(("127.0.0.1", 0), backlog=0) as full,
        socket.socket() as first,
    ):
        first.connect(full.getsockname())
        to = [
            (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port))
            for port in (full.getsockname()[1], player.port)
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: to)
        assert send(wire, player, 2 * SHORT).body == b"{}"


@pytest.mark.parametrize("value", ["line\r\nbreak", "汉字"])
def test_a_header_that_cannot_be_sent_is_not_told(wire: Wire, value: str) -> None:
    request = ask("http://127.0.0.1/")
    with Player([answer()]) as player:
        request.url = player.url()
        request.headers["X-Token"] = SECRET + value
        with pytest.raises(InvalidArgument, match="headers of Latin-1 text") as caught:
            wire.send(request, time.monotonic() + LONG)
    assert SECRET not in all_of(caught.value)


@pytest.mark.parametrize("url", ["ftp://h/", "https:///path", "nothing", "http://[::1", None])
def test_what_is_no_address_is_refused(url: str | None) -> None:
    with pytest.raises(InvalidArgument, match="expected http:// or https:// and a host"):
        Origin.of(url)


def test_an_origin_is_told_in_one_spelling() -> None:
    assert Origin.of("HTTPS://ICE.Aliyuncs.com./?a=b") == Origin("https", "ice.aliyuncs.com", 443)
    assert str(Origin.of("http://[::1]:8080/")) == "[::1]:8080"


# Connections that are kept


def test_a_connection_is_used_again(wire: Wire) -> None:
    again: Script = [chunked(b"1"), Do.READ, answer(b"2"), Do.READ, answer(b""), Do.READ, answer()]
    with Player(again) as player:
        assert [send(wire, player).body for _ in range(4)] == [b"1", b"2", b"", b"{}"]
    assert player.connections == 1


def test_a_connection_that_the_server_closed_meanwhile_is_not_used(wire: Wire) -> None:
    with Player([answer(b"1")], [answer(b"2")]) as player:
        assert send(wire, player).body == b"1"
        player.closed.get(timeout=LONG)
        assert send(wire, player).body == b"2"


@pytest.mark.parametrize(
    "more",
    [answer(b"1") + answer(b"not asked for"), chunked(b"1") + answer(b"not asked for")],
    ids=["length", "chunks"],
)
def test_what_comes_after_an_answer_is_not_taken_for_the_next(wire: Wire, more: bytes) -> None:
    with Player([more, Do.HANG], [answer(b"2")]) as player:
        assert send(wire, player).body == b"1"
        assert send(wire, player).body == b"2"


def full(size: int, more: bytes = b"") -> bytes:
    """An answer that fills a buffer of reading exactly, and more."""
    body = b"x" * (size - len(answer(b"x" * size)) + size)
    return answer(body) + more


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_what_comes_after_an_answer_is_seen_behind_any_buffer(
    trusted: ssl.SSLContext, wire: Wire, scheme: str
) -> None:
    begin: Script = [Do.TLS, Do.READ] if scheme == "https" else [Do.READ]
    more = full(io.DEFAULT_BUFFER_SIZE, answer(b"not asked for"))
    with Player([*begin, more, Do.HANG], [*begin, answer(b"2")], tls=trusted) as player:
        request = ask(player.url(scheme=scheme))
        assert set(wire.send(request, time.monotonic() + LONG).body) == set(b"x")
        assert wire.send(request, time.monotonic() + LONG).body == b"2"


def test_a_connection_is_not_used_after_a_long_time(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Player([answer(b"1"), Do.READ, answer(b"2")]) as player:
        send(wire, player)
        monkeypatch.setattr(sockets, "_KEPT", -1.0)
        assert send(wire, player).body == b"1"


def test_a_deadline_may_be_far_away(wire: Wire) -> None:
    with Player([answer()]) as player:
        assert send(wire, player, math.inf).body == b"{}"


def test_a_connection_is_not_used_after_an_answer_that_was_not_whole(wire: Wire) -> None:
    with Player([chunked(b"x" * 100_001, size=50_001), Do.HANG], [answer(b"2")]) as player:
        failure(wire, player.url())
        assert send(wire, player).body == b"2"


def test_a_connection_is_not_used_after_an_answer_that_did_not_come(wire: Wire) -> None:
    with Player([answer(b"1"), Do.READ, Do.HANG], [answer(b"2")]) as player:
        send(wire, player)
        failure(wire, player.url(), SHORT)
        assert send(wire, player).body == b"2"


def test_a_forked_process_does_not_use_its_parents_connection(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Player([answer(b"1"), Do.READ, answer(b"parent's")], [answer(b"2")]) as player:
        send(wire, player)
        monkeypatch.setattr(os, "getpid", lambda: -1)
        assert send(wire, player).body == b"2"


def test_who_is_stopped_does_not_wait_for_the_answer(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stop(threading.Event):
        looks = 0

        def is_set(self) -> bool:
            self.looks += 1
            return self.looks > 50

    monkeypatch.setattr(sockets, "_LOOK", 1e-3)
    stop = Stop()
    with Player([Do.READ, Do.HANG]) as player, pytest.raises(Timeout):
        wire.send(ask(player.url()), time.monotonic() + LONG, stop)
    assert stop.looks > 50


def test_an_answer_that_takes_several_looks_comes_whole(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "_LOOK", 1e-3)
    with Player([Slowly(answer(b"1"), 5e-3)]) as player:
        assert send(wire, player).body == b"1"


def test_an_interrupt_shows_nothing_of_the_request(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(request: requests.PreparedRequest, **_: object) -> None:
        headers = dict(request.headers)
        raise KeyboardInterrupt(len(headers))

    monkeypatch.setattr(wire._adapter, "send", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        wire.send(ask("http://nobody.invalid/"), time.monotonic() + LONG)
    assert SECRET not in all_of(caught.value)


def test_many_threads_share_a_wire(wire: Wire) -> None:
    again: Script = [step for _ in range(20) for step in (Do.READ, answer(b"1"))]
    with Player(again) as player, ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(lambda _: send(wire, player).body, range(20)))
    assert bodies == [b"1"] * 20
    assert player.connections <= 8


def test_a_wire_that_is_closed_keeps_nothing() -> None:
    with Player([answer(), Do.READ, answer()]) as player:
        with Wire() as wire:
            send(wire, player)
        send(wire, player)
        assert player.connections == 2


def test_a_wire_that_is_forgotten_leaves_no_socket_behind() -> None:
    with Player([answer()]) as player:
        send(Wire(), player)  # A socket left open would be a warning, and that an error.


# Proxies and TLS


def test_a_check_sees_where_a_name_leads_and_can_refuse() -> None:
    seen = []

    def check(origin: Origin, addresses: list[str]) -> None:
        seen.append((origin.host, addresses))
        raise RefusedAddress(origin.host, "not wanted")

    with Player([answer()]) as player, Wire(check=check) as wire:
        error = failure(wire, player.url())
        assert player.connections == 0
    assert isinstance(error, RefusedAddress)
    assert seen == [("127.0.0.1", ["127.0.0.1"])]


def test_a_plain_request_goes_to_its_proxy() -> None:
    with Player([answer(b"by proxy")]) as player:
        proxy = f"http://user:p%40ss@127.0.0.1:{player.port}"
        with Wire(proxies={"http": proxy}) as wire:
            reply = wire.send(ask("http://nobody.invalid/there"), time.monotonic() + LONG)
    assert reply.body == b"by proxy"
    head = player.requests[0].decode()
    assert head.startswith(f"GET http://nobody.invalid/there?q={SECRET} HTTP/1.1\r\n")
    assert "Host: nobody.invalid\r\n" in head
    assert "Proxy-Authorization: Basic dXNlcjpwQHNz\r\n" in head


@pytest.mark.parametrize("url", ["socks5://proxy", "proxy", "http://[::", "https://p"])
def test_a_proxy_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(InvalidArgument, match="expected addresses such as http://proxy:3128"):
        Wire(proxies={"https": url})


def test_a_proxy_that_refuses_is_told_without_its_words() -> None:
    refusal = f"HTTP/1.1 407 {SECRET}\r\nX: {SECRET}\r\n\r\n".encode()
    with Player([refusal]) as player:
        proxies = {"https": f"http://u:{SECRET}@127.0.0.1:{player.port}"}
        with Wire(proxies=proxies) as wire:
            error = failure(wire, "https://nobody.invalid/")
    assert isinstance(error, Unreachable)
    assert error.code == "ConnectionFailed"
    assert "through the proxy" in str(error)
    assert "407" in str(error)
    assert SECRET not in all_of(error)
    assert player.requests[0].startswith(b"CONNECT nobody.invalid:443 HTTP/1.")


def test_a_deadline_holds_while_a_proxy_makes_a_tunnel() -> None:
    with Player([Slowly(b"HTTP/1.1 200 OK\r\n" + b"X" * 9_999)]) as player:
        proxies = {"https": player.url()}
        with Wire(proxies=proxies) as wire:
            error = failure(wire, "https://nobody.invalid/", SHORT)
    assert isinstance(error, Timeout)
    assert error.code == "ConnectTimeout"


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS for cloud.test, and the certificate to trust."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "cloud.test")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("cloud.test"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context, folder / "cert.pem"


@pytest.fixture
def trusted(tls: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    monkeypatch.setattr(sockets, "DEFAULT_CA_BUNDLE_PATH", str(tls[1]))
    return tls[0]


def test_an_exchange_goes_over_tls(trusted: ssl.SSLContext, wire: Wire) -> None:
    script: Script = [Do.TLS, Do.READ, answer(b"1"), Do.READ, chunked(ZIPPED, GZIP)]
    with Player(script, tls=trusted) as player:
        url = player.url(scheme="https")
        assert wire.send(ask(url), time.monotonic() + LONG).body == b"1"
        assert wire.send(ask(url), time.monotonic() + LONG).body == b"x" * 1_000
    assert player.connections == 1


def test_a_deadline_holds_over_tls(trusted: ssl.SSLContext, wire: Wire) -> None:
    slow = Slowly(b"HTTP/1.1 200 OK\r\n" + b"X" * 9_999)
    with Player([Do.TLS, Do.READ, slow], tls=trusted) as player:
        error = failure(wire, player.url(scheme="https"), SHORT)
    assert isinstance(error, Timeout)
    assert error.code == "Timeout"


def test_a_tunnel_leads_through_a_proxy(trusted: ssl.SSLContext) -> None:
    script: Script = [b"HTTP/1.1 200 OK\r\n\r\n", Do.TLS, Do.READ, answer(b"1"), Do.READ, answer()]
    with Player(script, tls=trusted) as player:
        proxies = {"https": f"http://user:word@127.0.0.1:{player.port}"}
        with Wire(proxies=proxies) as wire:
            for body in (b"1", b"{}"):
                reply = wire.send(ask("https://cloud.test/"), time.monotonic() + LONG)
                assert reply.body == body
    tunnel, request, _ = player.requests
    assert b"Proxy-Authorization: Basic dXNlcjp3b3Jk\r\n" in tunnel
    assert SECRET.encode() not in tunnel
    assert b"Host: cloud.test\r\n" in request
    assert b"Proxy-Authorization" not in request


def test_a_certificate_that_is_not_trusted_ends_it(
    wire: Wire, tls: tuple[ssl.SSLContext, Path]
) -> None:
    with Player([Do.TLS, Do.READ, answer()], tls=tls[0]) as player:
        error = failure(wire, player.url(scheme="https"))
        assert player.requests == []
    assert isinstance(error, Unreachable)
    assert error.code == "ConnectionFailed"
    assert "a certificate that is not trusted" in str(error)


# Any cut


BODY = b'{"JobStatus": "Success", "Results": [1, 2, 3]}'
ANSWERS = {
    "length": (answer(BODY), BODY),
    "chunks": (chunked(BODY), BODY),
    "gzip": (answer(gzip.compress(BODY, mtime=0), GZIP), BODY),
    "gzip in chunks": (chunked(gzip.compress(BODY, mtime=0), GZIP), BODY),
}


@settings(max_examples=60)
@given(kind=st.sampled_from(sorted(ANSWERS)), data=st.data())
def test_an_answer_cut_anywhere_is_an_error(kind: str, data: st.DataObject) -> None:
    sent, _ = ANSWERS[kind]
    cut = data.draw(st.integers(0, len(sent) - 1))
    reset = data.draw(st.booleans())
    script: Script = [sent[:cut], *([Do.RESET] if reset else [])]
    with Player(script) as player, Wire() as wire, pytest.raises((BadAnswer, Unreachable)):
        send(wire, player)
