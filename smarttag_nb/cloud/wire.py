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

import http.client
import socket
import ssl
import threading
import time
import weakref
from collections.abc import Mapping
from functools import cached_property
from typing import Self

import requests
from requests.utils import DEFAULT_CA_BUNDLE_PATH, select_proxy
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from ..errors import BadAnswer, CloudError, InvalidArgument, SmarttagError, Timeout, Unreachable
from .connection import Check, Connection, Origin, Reply, TimedTls

__all__ = ["LARGEST", "Origin", "Reply", "Wire"]

LARGEST = 256 * 2**20
"""Bytes that a body may have, as sent and once decompressed."""


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

    def _connection(self, request: requests.PreparedRequest) -> Connection:
        origin = Origin.of(request.url)
        given = select_proxy(str(request.url), self.proxies) if self.proxies else None
        proxy = parse_url(given) if given else None
        connection = self._idle.take((origin, given))
        if connection is None:
            tls = self._tls if origin.scheme == "https" else None
            connection = Connection(origin, given, proxy, tls, self._check)
        return connection

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
        context.set_alpn_protocols(["http/1.1"])
        context.sslsocket_class = TimedTls
        return context


class _Idle:
    """Connections that wait for their next request."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._waiting: dict[tuple[Origin, str | None], list[Connection]] = {}
        self._closed = False

    def take(self, key: tuple[Origin, str | None]) -> Connection | None:
        """Take the connection that was used last; what the server has closed is dropped."""
        while True:
            with self._lock:
                waiting = self._waiting.get(key)
                connection = waiting.pop() if waiting else None
            if connection is None or not connection.is_stale:
                return connection
            connection.close()

    def put(self, connection: Connection) -> None:
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


def _told(error: Exception, connection: Connection) -> CloudError:
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
