"""Sockets whose every wait ends at one deadline, and connections of urllib3 made of them."""

from __future__ import annotations

import io
import logging
import math
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.util import Url, parse_url

from ..errors import BadAnswer, InvalidArgument

PORTS = {"http": 80, "https": 443}

_KEPT = 15.0
"""Seconds for which a connection that is not used is good: others close them without a word."""

_LOOK = 0.2
"""Seconds between two looks whether anybody still waits for an answer."""

_LONGEST_WAIT = 86_400.0
"""Seconds; sockets refuse to wait without end."""

Address = tuple[int, int, int, Any]
"""Family, type and protocol of a socket, and what to connect it to."""


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
        except urllib3.exceptions.LocationParseError:
            parts = Url()
        if parts.scheme not in PORTS or not parts.host:
            # Not the URL itself: its query may be signed.
            raise InvalidArgument("url", "http:// or https:// and a host", parts.scheme)
        host = parts.host.strip("[]").rstrip(".").lower()
        return cls(parts.scheme, host, parts.port or PORTS[parts.scheme])

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


Check = Callable[[Origin, list[str]], None]
"""Raises where an origin, or one of the IP addresses that its name stands for, is not gone to."""


@dataclass(slots=True)
class Exchange:
    """The exchange that a thread is at."""

    origin: Origin
    deadline: float
    check: Check | None
    stop: threading.Event | None = None
    may_have_sent: bool = False

    def left(self) -> float:
        """Seconds until its deadline; none once nobody waits for its answer."""
        return left(-math.inf if self.stop is not None and self.stop.is_set() else self.deadline)


EXCHANGE: ContextVar[Exchange] = ContextVar("exchange")
"""Sockets are made and used deep inside of urllib3, always by the thread whose exchange it is."""


def is_not_ours(_: logging.LogRecord) -> bool:
    """Let a log record pass, unless it is of an exchange."""
    return EXCHANGE.get(None) is None


class _TimedSocket(socket.socket):
    """A socket whose every wait ends at the deadline of the exchange it is used for."""

    received = 0
    used = 0.0
    reader: _Reader | None = None

    def recv_into(self, *args: Any) -> int:
        exchange = EXCHANGE.get()
        while True:
            self.settimeout(min(exchange.left(), _LOOK))
            try:
                count = super().recv_into(*args)
            except TimeoutError:
                continue
            break
        self.received += count
        self.used = time.monotonic()
        return count

    def send(self, *args: Any) -> int:
        self._before_sending()
        return super().send(*args)

    def sendall(self, *args: Any) -> None:
        self._before_sending()
        super().sendall(*args)

    def makefile(self, *_: Any, **__: Any) -> Any:
        self.received = 0
        self.reader = _Reader(super().makefile("rb", buffering=0))
        return self.reader

    def may_be_used_again(self) -> bool:
        """Tell whether all of the last answer was taken, and that not too long ago.

        What a server sent beyond its answer would be read as the next one.
        """
        taken = 0 if self.reader is None else self.reader.taken
        return self.received == taken and time.monotonic() - self.used < _KEPT

    def _before_sending(self) -> None:
        exchange = EXCHANGE.get()
        self.settimeout(exchange.left())
        exchange.may_have_sent = True


class _TimedTls(_TimedSocket, ssl.SSLSocket):
    """The same, over TLS."""

    def may_be_used_again(self) -> bool:
        return super().may_be_used_again() and not self.pending()


class _Reader(io.BufferedReader):
    """What http.client reads from; it would take the end of a connection for that of headers."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            # The length of a chunk is taken as it comes, and would be all there is.
            raise bad_length("a part of negative length")
        data = super().read(size)
        self.taken += len(data)
        return data

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if (self.taken or line) and not line.endswith(b"\n") and len(line) != size:
            raise cut_short()
        self.taken += len(line)
        return line


class _Timed:
    """A connection of urllib3, made by a deadline, and used again only where it is clean."""

    host: str
    port: int
    sock: Any

    def _new_conn(self) -> socket.socket:
        return _connected(self.host, self.port)

    def connect(self) -> None:
        try:
            super().connect()  # type: ignore[misc]
        finally:
            # Until here, a proxy was asked for a way at most.
            EXCHANGE.get().may_have_sent = False

    @property
    def is_connected(self) -> bool:
        is_open: bool = super().is_connected  # type: ignore[misc]
        return is_open and bool(self.sock.may_be_used_again())


class _Connection(_Timed, urllib3.connection.HTTPConnection):
    pass


class _TlsConnection(_Timed, urllib3.connection.HTTPSConnection):
    pass


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS = {"http": _Pool, "https": _TlsPool}


class Adapter(HTTPAdapter):
    """What makes connections for requests, of the classes above."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pool of connections that go straight to a host."""
        super().init_poolmanager(*args, **kwargs, ssl_context=_tls())
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Make, or find, the pool of connections through a proxy."""
        manager = super().proxy_manager_for(proxy, **kwargs, ssl_context=_tls())
        manager.pool_classes_by_scheme = _POOLS
        return manager


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
    context.sslsocket_class = _TimedTls
    return context


def _connected(host: str, port: int) -> socket.socket:
    """Connect to a host: the exchange's, or the proxy on the way to it."""
    exchange = EXCHANGE.get()
    addresses = look_up(host.strip("[]"), port, exchange.deadline)
    if exchange.check is not None:
        exchange.check(exchange.origin, [str(to[0]) for *_, to in addresses])
    failure = OSError("no address")
    for tried, (family, kind, protocol, address) in enumerate(addresses):
        line = _TimedSocket(family, kind, protocol)
        try:
            # One address that does not answer leaves time for the others.
            line.settimeout(exchange.left() / (len(addresses) - tried))
            line.connect(address)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # For the handshake of TLS, which is one wait.
            line.settimeout(exchange.left())
        except OSError as error:
            line.close()
            failure = error
        else:
            return line
    raise failure


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


def left(deadline: float) -> float:
    """Tell the seconds until a deadline.

    Raises
    ------
    TimeoutError
        It has passed.
    """
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return min(seconds, _LONGEST_WAIT)


def cut_short() -> BadAnswer:
    """Make the error of an answer without its end."""
    return BadAnswer("ShortBody", "the connection ended before the answer did")


def bad_length(what: str) -> BadAnswer:
    """Make the error of an answer whose length cannot be known."""
    return BadAnswer("BadLength", f"expected the length of the answer, got {what}")
