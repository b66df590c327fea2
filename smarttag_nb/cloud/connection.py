"""A connection whose every wait ends at a deadline, and which tells a whole answer from a part."""

from __future__ import annotations

import base64
import errno
import http.client
import io
import math
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import requests
from requests.utils import urldefragauth
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url, wait_for_read

from ..errors import BadAnswer, InvalidArgument
from .body import decoded, read_body
from .deadline import left

_PORTS = {"http": 80, "https": 443}

_KEPT = 15.0
"""Seconds that an idle connection is kept: a server drops it after as many or more."""

Address = tuple[int, int, int, Any]
"""Family, type and protocol of a socket, and what to connect it to."""

Check = Callable[["Origin", list[str]], None]
"""Raises where an origin, or one of the IP addresses that its name stands for, is not gone to."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer.

    Attributes
    ----------
    status : int
        The HTTP status, 200 or above.
    headers : mapping of str to str
        By names in lower case; those that came several times are joined by commas.
    body : bytes
        As it was before it was compressed for its way.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a URL leads: scheme (http or https), host and port."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str | None) -> Origin:
        """Read a URL's origin.

        Raises
        ------
        InvalidArgument
            It is no URL of http or https.
        """
        try:
            parts = parse_url(url or "")
        except LocationParseError:
            parts = Url()
        if parts.scheme not in _PORTS or not parts.host:
            # Not the URL itself: its query may be signed.
            raise InvalidArgument("url", "http:// or https:// and a host", parts.scheme)
        host = parts.host.strip("[]").rstrip(".").lower()
        return cls(parts.scheme, host, parts.port or _PORTS[parts.scheme])

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


class _TimedSocket(socket.socket):
    """A socket whose every wait ends at the same deadline."""

    deadline = math.inf
    received = 0
    reader: _Reader

    def recv_into(self, *args: Any) -> int:
        self.settimeout(left(self.deadline))
        count = super().recv_into(*args)
        self.received += count
        return count

    def send(self, *args: Any) -> int:
        self.settimeout(left(self.deadline))
        return super().send(*args)

    def sendall(self, *args: Any) -> None:
        self.settimeout(left(self.deadline))
        super().sendall(*args)

    def makefile(self, *_: Any, **__: Any) -> Any:
        self.received = 0
        self.reader = _Reader(super().makefile("rb", buffering=0))
        return self.reader


class TimedTls(_TimedSocket, ssl.SSLSocket):
    """The same, over TLS."""


class _Reader(io.BufferedReader):
    """What http.client reads an answer from: tells an end from an end that came too soon.

    It counts what was taken of it. Where that is less than the socket received, the server sent
    more than its answer, and what is left would be read as the next one.
    """

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            # http.client takes the length of a chunk as it comes.
            raise BadAnswer("BadLength", "a part of the answer has a negative length")
        data = super().read(size)
        self.taken += len(data)
        return data

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        self.taken += len(line)
        if self.taken and not line.endswith(b"\n") and len(line) != size:
            raise http.client.IncompleteRead(b"")
        return line


class Connection(http.client.HTTPConnection):
    """A connection to an origin, straight or through a proxy."""

    auto_open = 0  # A connection that was lost is not made again without a word.
    sock: _TimedSocket | None

    def __init__(
        self,
        origin: Origin,
        proxy_url: str | None,
        proxy: Url | None,
        tls: ssl.SSLContext | None,
        check: Check | None,
    ) -> None:
        super().__init__(origin.host, origin.port)
        self.default_port = _PORTS[origin.scheme]  # The Host header names any other.
        self.key = (origin, proxy_url)
        self.origin = origin
        self.proxy = proxy
        self.tls = tls
        self.check = check
        self.has_sent = False
        self.is_reusable = False
        self.idle_since = 0.0

    @property
    def is_stale(self) -> bool:
        """Whether the server has or may have closed it, or sent what nobody asked for."""
        line = self.sock
        if line is None or time.monotonic() - self.idle_since > _KEPT:
            return True
        unread = line.pending() if isinstance(line, TimedTls) else 0
        return unread > 0 or wait_for_read(line, timeout=0.0)

    def exchange(self, request: requests.PreparedRequest, deadline: float, limit: int) -> Reply:
        """Send a request and read its whole answer."""
        self.has_sent = self.is_reusable = False
        left(deadline)
        if self.sock is None:
            self.open(deadline)
        assert self.sock is not None
        line = self.sock
        line.deadline = deadline
        target = request.path_url
        headers = {str(name): _as_text(value) for name, value in request.headers.items()}
        if "accept-encoding" not in {name.lower() for name in headers}:
            headers["Accept-Encoding"] = "gzip, deflate"
        if self.proxy is not None and self.tls is None:
            target = urldefragauth(str(request.url))
            headers |= _proxy_headers(self.proxy)
        self.has_sent = True
        try:
            self.request(request.method or "GET", target, request.body, headers)
        except ValueError:
            # Before anything was sent; its text holds the header.
            raise InvalidArgument(
                "request", "a URL and headers of Latin-1 text in one line", "other characters"
            ) from None
        with self.getresponse() as response:
            body = read_body(response, limit)
            self.is_reusable = not response.will_close and line.received == line.reader.taken
        told = {
            name.lower(): ", ".join(response.headers.get_all(name, [])) for name in response.headers
        }
        return Reply(response.status, told, decoded(body, told, limit, deadline))

    def open(self, deadline: float) -> None:
        """Connect, through the proxy where there is one, and begin TLS where it is spoken."""
        line = self._connected(deadline)
        try:
            line.deadline = deadline
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls is not None:
                if self.proxy is not None:
                    self._tunnel_through(line, self.proxy)
                line.settimeout(left(deadline))
                made = self.tls.wrap_socket(line, server_hostname=self.origin.host)
                assert isinstance(made, TimedTls)
                line = made
        except BaseException:
            line.close()
            raise
        self.sock = line

    def _connected(self, deadline: float) -> _TimedSocket:
        host, port = self.origin.host, self.origin.port
        if self.proxy is not None:
            host, port = str(self.proxy.host).strip("[]"), self.proxy.port or _PORTS["http"]
        addresses = look_up(host, port, deadline)
        if self.check is not None:
            self.check(self.origin, [] if self.proxy else [str(to[0]) for *_, to in addresses])
        failure: OSError = OSError("no address")
        for tried, (family, kind, protocol, address) in enumerate(addresses):
            line = _TimedSocket(family, kind, protocol)
            try:
                # One address that does not answer leaves time for the others.
                line.settimeout(left(deadline) / (len(addresses) - tried))
                line.connect(address)
            except OSError as error:
                line.close()
                failure = error
            except BaseException:
                line.close()
                raise
            else:
                return line
        raise failure

    def _tunnel_through(self, line: _TimedSocket, proxy: Url) -> None:
        headers = {"Host": str(self.origin), **_proxy_headers(proxy)}
        lines = [
            f"CONNECT {self.origin} HTTP/1.1",
            *(f"{name}: {headers[name]}" for name in headers),
        ]
        line.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        with http.client.HTTPResponse(line, method="CONNECT") as response:
            response.begin()
            if response.status != 200:
                told = f"it answered with status {response.status}"
                raise ConnectionRefusedError(errno.ECONNREFUSED, told)


def look_up(host: str, port: int, deadline: float) -> list[Address]:
    """Find the addresses that a host's name stands for.

    Raises
    ------
    OSError
        There is none.
    TimeoutError
        There was no answer by the deadline.
    """
    done: queue.SimpleQueue[list[Address] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            done.put([(family, kind, protocol, to) for family, kind, protocol, _, to in found])
        except OSError as error:
            done.put(error)
        except UnicodeError:
            done.put(socket.gaierror(socket.EAI_NONAME, "no name of a host"))

    # Nothing bounds the time that a lookup takes but going on without it.
    threading.Thread(target=ask, name=f"look up {host}", daemon=True).start()
    try:
        found = done.get(timeout=left(deadline))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(found, OSError):
        raise found
    return found


def _proxy_headers(proxy: Url) -> dict[str, str]:
    if not proxy.auth:
        return {}
    token = base64.b64encode(unquote(proxy.auth).encode()).decode()
    return {"Proxy-Authorization": f"Basic {token}"}


def _as_text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
