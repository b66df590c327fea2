"""One exchange over HTTP: a request out and a whole answer back by a deadline, or an error.

Requests are those of `requests`; they are exchanged over `http.client`, because above it

- a timeout is one of each read, so that a server which sends a byte now and then holds a caller as
  long as it likes: here every wait of an exchange ends at the same deadline;
- a body cut short passes as whole where it is compressed or its length is not looked at;
- DEBUG logs and exceptions carry the URL, and with it what was signed: nothing is logged here, and
  an error's text is made of what is known of the connection, never of what went over it.

Nothing is read from the environment (proxies, netrc, certificates), no cookie is kept, and no
redirect is followed: it is an answer like any other.
"""

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
import weakref
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self
from urllib.parse import unquote

import requests
from requests.utils import DEFAULT_CA_BUNDLE_PATH, select_proxy
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url, wait_for_read

from ..errors import BadAnswer, CloudError, InvalidArgument, SmarttagError, Timeout, Unreachable

LARGEST = 256 * 2**20
"""Bytes that a body may have, as sent and once decompressed."""

_PORTS = {"http": 80, "https": 443}
_BLOCK = 2**16
_COMPRESSED_BLOCK = 2**12
"""Of a bomb, 4 MB come out of it at the most before the deadline is looked at."""

_KEPT = 15.0
"""Seconds that an idle connection is kept: a server drops it after as many or more."""

_LONGEST_WAIT = 86_400.0
"""Seconds; sockets refuse to wait without end."""

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


class Wire:
    """Exchanges requests for answers, from any number of threads, over connections it keeps.

    Parameters
    ----------
    proxies : mapping of str to str, optional
        As `requests` takes them: ``{"https": "http://user:password@proxy:3128"}``. Only proxies
        that are spoken to over plain HTTP.
    connections : int
        How many idle connections to keep for each host.
    limit : int
        Bytes that a body may have, as sent and once decompressed.
    check : callable, optional
        Called before a connection is made, with the `Origin` it is for and the IP addresses that
        the host's name stands for, of which one is then connected to. Raises to refuse. Through a
        proxy, which looks names up itself, the addresses are none.

    Examples
    --------
    >>> with Wire() as wire:
    ...     wire.send(requests.Request("GET", "http://nobody.invalid").prepare(), 0.0)
    Traceback (most recent call last):
    smarttag_nb.errors.Timeout: ConnectTimeout: nobody.invalid:80 gave no connection in time.
    """

    def __init__(
        self,
        *,
        proxies: Mapping[str, str] | None = None,
        connections: int = 32,
        limit: int = LARGEST,
        check: Check | None = None,
    ) -> None:
        self.proxies = {name: _checked_proxy(url) for name, url in (proxies or {}).items()}
        self.limit = limit
        self._check = check
        self._idle = _Idle(connections)
        # Who forgets to close leaves no sockets behind.
        self._finalizer = weakref.finalize(self, self._idle.close)

    def send(self, request: requests.PreparedRequest, deadline: float) -> Reply:
        """Exchange a request for an answer.

        Parameters
        ----------
        request : requests.PreparedRequest
            The request, signed where it must be. It is sent as it is, with an Accept-Encoding
            where it has none.
        deadline : float
            By when the whole answer must be there, as `time.monotonic` counts.

        Returns
        -------
        Reply
            Of any status, redirects too.

        Raises
        ------
        Unreachable
            Code ConnectionFailed: there was no connection, and nothing was sent.
            ConnectionBroke: the server may have received the request.
        Timeout
            ConnectTimeout: nothing was sent. Timeout: the server may have received the request.
        BadAnswer
            ShortBody, TruncatedGzip, BrokenGzip, TrailingGarbage, TooLarge, UnknownEncoding,
            BadLength or NotHttp. The server may have received the request.
        InvalidArgument
            The request cannot be sent.
        """
        failure: SmarttagError
        connection = self._connection(request)
        try:
            reply = connection.exchange(request, deadline, self.limit)
        except SmarttagError as error:
            # Without the traceback, whose frames hold what was sent and received.
            failure = type(error)(*error.args)
        except (OSError, ValueError, http.client.HTTPException) as error:
            failure = _told(error, connection)
        else:
            return reply
        finally:
            self._idle.put(connection)
        raise failure

    def close(self) -> None:
        """Close the connections that are kept."""
        self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _connection(self, request: requests.PreparedRequest) -> _Connection:
        origin = Origin.of(request.url)
        given = select_proxy(str(request.url), self.proxies) if self.proxies else None
        proxy = parse_url(given) if given else None
        connection = self._idle.take((origin, given))
        if connection is None:
            tls = self._tls if origin.scheme == "https" else None
            connection = _Connection(origin, given, proxy, tls, self._check)
        return connection

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
        context.set_alpn_protocols(["http/1.1"])
        context.sslsocket_class = _TimedTls
        return context


class _Idle:
    """Connections that wait for their next request."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._waiting: dict[tuple[Origin, str | None], list[_Connection]] = {}
        self._closed = False

    def take(self, key: tuple[Origin, str | None]) -> _Connection | None:
        """Take the connection that was used last; what the server has closed is dropped."""
        while True:
            with self._lock:
                waiting = self._waiting.get(key)
                connection = waiting.pop() if waiting else None
            if connection is None or not connection.is_stale:
                return connection
            connection.close()

    def put(self, connection: _Connection) -> None:
        """Keep a connection, or close it where it is of no further use."""
        with self._lock:
            waiting = self._waiting.get(connection.key, [])
            keep = connection.is_reusable and not self._closed and len(waiting) < self._most
            if keep:
                connection.idle_since = time.monotonic()
                self._waiting[connection.key] = [*waiting, connection]
        if not keep:
            connection.close()

    def close(self) -> None:
        """Close all, and keep none from now on."""
        with self._lock:
            self._closed = True
            waiting = [connection for held in self._waiting.values() for connection in held]
            self._waiting.clear()
        for connection in waiting:
            connection.close()


class _TimedSocket(socket.socket):
    """A socket whose every wait ends at the same deadline."""

    deadline = math.inf
    received = 0
    reader: _Reader

    def recv_into(self, *args: Any) -> int:
        self.settimeout(_left(self.deadline))
        count = super().recv_into(*args)
        self.received += count
        return count

    def send(self, *args: Any) -> int:
        self.settimeout(_left(self.deadline))
        return super().send(*args)

    def sendall(self, *args: Any) -> None:
        self.settimeout(_left(self.deadline))
        super().sendall(*args)

    def makefile(self, *_: Any, **__: Any) -> Any:
        self.received = 0
        self.reader = _Reader(super().makefile("rb", buffering=0))
        return self.reader


class _TimedTls(_TimedSocket, ssl.SSLSocket):
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


class _Connection(http.client.HTTPConnection):
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
        unread = line.pending() if isinstance(line, _TimedTls) else 0
        return unread > 0 or wait_for_read(line, timeout=0.0)

    def exchange(self, request: requests.PreparedRequest, deadline: float, limit: int) -> Reply:
        """Send a request and read its whole answer."""
        self.has_sent = self.is_reusable = False
        _left(deadline)
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
            target = f"http://{self.origin}{target}"
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
            body = _read(response, limit)
            self.is_reusable = not response.will_close and line.received == line.reader.taken
        told = {
            name.lower(): ", ".join(response.headers.get_all(name, [])) for name in response.headers
        }
        return Reply(response.status, told, _decoded(body, told, limit, deadline))

    def open(self, deadline: float) -> None:
        """Connect, through the proxy where there is one, and begin TLS where it is spoken."""
        line = self._connected(deadline)
        try:
            line.deadline = deadline
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls is not None:
                if self.proxy is not None:
                    self._tunnel_through(line, self.proxy)
                line.settimeout(_left(deadline))
                made = self.tls.wrap_socket(line, server_hostname=self.origin.host)
                assert isinstance(made, _TimedTls)
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
                line.settimeout(_left(deadline) / (len(addresses) - tried))
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
        found = done.get(timeout=_left(deadline))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(found, OSError):
        raise found
    return found


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return min(left, _LONGEST_WAIT)


def _read(response: http.client.HTTPResponse, limit: int) -> bytes:
    """Read a body as it was sent, whole."""
    if response.status < 200:
        raise BadAnswer("NotHttp", f"an answer of status {response.status} before the answer")
    codings = response.headers.get_all("Transfer-Encoding", [])
    lengths = set(response.headers.get_all("Content-Length", []))
    if codings and (len(codings) > 1 or codings[0].strip().lower() != "chunked"):
        raise BadAnswer("UnknownEncoding", "a transfer encoding that was not asked for")
    if not codings and (len(lengths) > 1 or not all(length.isdecimal() for length in lengths)):
        raise BadAnswer("BadLength", "a Content-Length that is no number", status=response.status)
    expected = response.length
    if (expected or 0) > limit:
        raise _too_large(limit, response.status)
    parts = []
    count = 0
    while part := response.read(_BLOCK):
        parts.append(part)
        count += len(part)
        if count > limit:
            raise _too_large(limit, response.status)
    if expected is not None and count != expected:
        raise BadAnswer(
            "ShortBody",
            f"expected a body of {expected:,} bytes, got {count:,}",
            status=response.status,
        )
    return b"".join(parts)


def _decoded(body: bytes, headers: Mapping[str, str], limit: int, deadline: float) -> bytes:
    coding = headers.get("content-encoding", "").strip().lower()
    if coding in ("", "identity") or not body:
        return body
    if coding in ("gzip", "x-gzip"):
        return decompress(body, limit, deadline)
    if coding == "deflate":
        # Meant to be wrapped by zlib's header, and often not.
        wrapped = body[0] & 15 == zlib.DEFLATED and not int.from_bytes(body[:2], "big") % 31
        return decompress(body, limit, deadline, bits=zlib.MAX_WBITS * (1 if wrapped else -1))
    raise BadAnswer("UnknownEncoding", "a content encoding that was not asked for")


def decompress(
    body: bytes, limit: int, deadline: float = math.inf, *, bits: int = zlib.MAX_WBITS + 16
) -> bytes:
    """Decompress gzip, whole and no more than `limit` bytes.

    Parameters
    ----------
    body : bytes
        One or more members of gzip.
    limit : int
        Bytes that may come of it.
    deadline : float
        By when, as `time.monotonic` counts.
    bits : int
        What zlib calls wbits, for other formats than gzip.

    Raises
    ------
    BadAnswer
        TruncatedGzip, BrokenGzip, TrailingGarbage or TooLarge.
    TimeoutError
        It took longer.
    """
    made = bytearray()
    stream = zlib.decompressobj(bits)
    for start in range(0, len(body), _COMPRESSED_BLOCK):
        block = body[start : start + _COMPRESSED_BLOCK]
        while block:
            _left(deadline)
            if stream.eof:
                if bits != zlib.MAX_WBITS + 16 or block[0] != 0x1F:
                    raise BadAnswer("TrailingGarbage", "more bytes after the end of the gzip data")
                stream = zlib.decompressobj(bits)
            try:
                made += stream.decompress(block, limit + 1 - len(made))
            except zlib.error:
                raise BadAnswer("BrokenGzip", "gzip data that does not unpack") from None
            if len(made) > limit:
                raise _too_large(limit)
            block = stream.unused_data
    if not stream.eof:
        raise BadAnswer("TruncatedGzip", "gzip data that ends too soon")
    return bytes(made)


def _too_large(limit: int, status: int | None = None) -> BadAnswer:
    return BadAnswer("TooLarge", f"more than {limit:,} bytes", status=status)


def _told(error: Exception, connection: _Connection) -> CloudError:
    """Tell what went wrong without anything that went over the connection."""
    where = str(connection.origin)
    sent = connection.has_sent
    if isinstance(error, TimeoutError):
        if sent:
            return Timeout("Timeout", f"{where} gave no whole answer in time")
        return Timeout("ConnectTimeout", f"{where} gave no connection in time")
    if not sent:
        if isinstance(error, ssl.SSLCertVerificationError):
            return Unreachable(
                "ConnectionFailed",
                f"{where} has a certificate that is not trusted: {error.verify_message}",
                "Something between here and the cloud may be reading along.",
            )
        if isinstance(error, socket.gaierror):
            hint = "Check the region, the endpoint and this machine's network."
            return Unreachable("ConnectionFailed", f"no address is known for {where}", hint)
        reason = error.strerror if isinstance(error, OSError) else None
        by = "" if connection.proxy is None else " through the proxy"
        return Unreachable(
            "ConnectionFailed",
            f"no connection to {where}{by}" + (f": {reason}" if reason else ""),
            "Check the endpoint, the proxy if there is one, and this machine's network.",
        )
    if isinstance(error, http.client.IncompleteRead):
        return BadAnswer("ShortBody", f"the answer of {where} ended before its end")
    if isinstance(error, OSError):
        return Unreachable("ConnectionBroke", f"the connection to {where} broke")
    return BadAnswer("NotHttp", f"{where} answered what is not HTTP")


def _checked_proxy(url: str) -> str:
    try:
        parts = parse_url(url)
    except LocationParseError:
        parts = Url()
    if parts.scheme != "http" or not parts.host:
        # Not the address itself: it may hold a password.
        raise InvalidArgument("proxies", "addresses such as http://proxy:3128", parts.scheme)
    return url


def _proxy_headers(proxy: Url) -> dict[str, str]:
    if not proxy.auth:
        return {}
    token = base64.b64encode(unquote(proxy.auth).encode()).decode()
    return {"Proxy-Authorization": f"Basic {token}"}


def _as_text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
