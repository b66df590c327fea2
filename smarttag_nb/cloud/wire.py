"""One exchange over HTTP: a request out and a whole answer back by a deadline, or an error.

The transport is `requests`. What is added to it is what it leaves open:

- its timeout is one of each read, so that a server which sends a byte now and then holds a caller
  as long as it likes: here every wait of an exchange ends at the same deadline;
- a body whose compression ends too soon passes as whole, and one that unpacks to gigabytes is
  unpacked: here both are errors;
- its logs and exceptions carry the URL, and with it what was signed: an error's text is made here
  of what is known of the connection, never of what went over it.

Nothing is read from the environment (proxies, netrc), no cookie is kept, and no redirect is
followed: it is an answer like any other.
"""

from __future__ import annotations

import http.client
import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import requests
import urllib3
from requests.utils import select_proxy
from urllib3.util import Url, parse_url

from ..errors import BadAnswer, InvalidArgument, SmarttagError, Timeout, Unreachable
from .sockets import (
    EXCHANGE,
    PORTS,
    Adapter,
    Check,
    Exchange,
    Origin,
    bad_length,
    cut_short,
    is_not_ours,
)
from .unpack import too_large, unpack

LARGEST = 256 * 2**20
"""Bytes that a body may have, as sent and once decompressed."""

_BLOCK = 2**16


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


class Wire:
    """Exchanges requests for answers, from any number of threads, over connections it keeps.

    Parameters
    ----------
    proxies : mapping of str to str, optional
        As `requests` takes them: ``{"https": "http://user:password@proxy:3128"}``.
    connections : int
        How many idle connections to keep for each host.
    limit : int
        Bytes that a body may have, as sent and once decompressed.
    check : callable, optional
        Called before a connection is made, with the `Origin` it is for and the IP addresses that
        the host's name stands for, of which one is then connected to. Raises to refuse. Through a
        proxy, which looks names up itself, the addresses are none.

    Attributes
    ----------
    proxies : dict of str to str
    limit : int
        As they were given.

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
        # A session would read the environment, keep cookies and follow redirects.
        self._adapter = Adapter(pool_connections=8, pool_maxsize=connections)
        # urllib3 logs every URL; it goes on doing so for everybody else.
        logging.getLogger("urllib3.connectionpool").addFilter(is_not_ours)

    def send(
        self,
        request: requests.PreparedRequest,
        deadline: float,
        stop: threading.Event | None = None,
    ) -> Reply:
        """Exchange a request for an answer.

        Parameters
        ----------
        request : requests.PreparedRequest
            The request, signed where it must be. It is sent as it is, with an Accept-Encoding
            where it has none.
        deadline : float
            By when the whole answer must be there, as `time.monotonic` counts.
        stop : threading.Event, optional
            Once it is set, the answer is not waited for any longer, as if the deadline had passed.

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
            BadLength or NotHttp.
        InvalidArgument
            The request cannot be sent.
        """
        origin = Origin.of(request.url)
        proxied = bool(select_proxy(str(request.url), self.proxies))
        if proxied and self._check is not None:
            self._check(origin, [])
        exchange = Exchange(origin, deadline, None if proxied else self._check, stop)
        request.headers.setdefault("Accept-Encoding", "gzip, deflate")
        token = EXCHANGE.set(exchange)
        failure: SmarttagError
        try:
            return self._received(request, exchange)
        except SmarttagError as error:
            # Without the traceback, whose frames hold what was sent and received.
            failure = type(error)(*error.args)
        except (OSError, ValueError, urllib3.exceptions.HTTPError) as error:
            failure = _told(error, exchange, proxied)
        finally:
            EXCHANGE.reset(token)
        raise failure

    def _received(self, request: requests.PreparedRequest, exchange: Exchange) -> Reply:
        exchange.left()
        with self._adapter.send(request, stream=True, proxies=self.proxies) as response:
            sent = response.raw
            body = _read(sent, self.limit)
            coding = sent.headers.get("content-encoding", "").strip().lower()
            headers = {name.lower(): sent.headers[name] for name in sent.headers}
        return Reply(
            response.status_code, headers, unpack(body, coding, self.limit, exchange.deadline)
        )

    def close(self) -> None:
        """Close the connections that are kept."""
        self._adapter.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _read(sent: Any, limit: int) -> bytes:
    """Read a body as it was sent, whole: urllib3 raises where it is not as long as it was to be."""
    codings = sent.headers.getlist("Transfer-Encoding")
    lengths = sent.headers.getlist("Content-Length")
    if sent.status < 200:
        raise _not_http("what comes before an answer")
    if codings and (len(codings) > 1 or codings[0].strip().lower() != "chunked"):
        raise BadAnswer("UnknownEncoding", "a transfer encoding that was not asked for")
    if not all(length.isdecimal() for length in lengths):
        raise bad_length("a length that is no number")
    if (sent.length_remaining or 0) > limit:
        raise too_large(limit)
    parts = []
    count = 0
    for part in sent.stream(_BLOCK, decode_content=False):
        parts.append(part)
        count += len(part)
        if count > limit:
            raise too_large(limit)
    return b"".join(parts)


def _not_http(what: str) -> BadAnswer:
    return BadAnswer("NotHttp", f"expected an answer of HTTP, got {what}")


def _told(error: Exception, exchange: Exchange, proxied: bool) -> SmarttagError:
    """Tell what went wrong without anything that went over the connection."""
    where = str(exchange.origin)
    causes = list(_causes(error))

    def among(*kinds: type[BaseException]) -> bool:
        return any(isinstance(one, kinds) for one in causes)

    if time.monotonic() >= exchange.deadline or among(TimeoutError):
        if exchange.may_have_sent:
            return Timeout("Timeout", f"{where} gave no whole answer in time")
        return Timeout("ConnectTimeout", f"{where} gave no connection in time")
    for one in causes:
        if isinstance(one, ssl.SSLCertVerificationError):
            return Unreachable(
                "ConnectionFailed",
                f"{where} has a certificate that is not trusted: {one.verify_message}",
                "Something between here and the cloud may be reading along.",
            )
    if among(socket.gaierror):
        hint = "Check the region, the endpoint and this machine's network."
        return Unreachable("ConnectionFailed", f"no address is known for {where}", hint)
    if not exchange.may_have_sent:
        if not among(OSError):
            # Before anything was sent; its text holds the header.
            expected = "a URL and headers of Latin-1 text in one line"
            return InvalidArgument("request", expected, "other characters")
        reasons = [f": {why}" for one in causes if (why := getattr(one, "strerror", None))]
        reasons += [
            f": it answered {told[1]}" for one in causes if (told := _TUNNEL.match(str(one)))
        ]
        return Unreachable(
            "ConnectionFailed",
            f"no connection to {where}{' through the proxy' * proxied}{''.join(reasons[-1:])}",
            "Check the endpoint, the proxy if there is one, and this machine's network.",
        )
    if among(ConnectionError):
        return Unreachable("ConnectionBroke", f"the connection to {where} broke")
    if among(urllib3.exceptions.InvalidHeader):
        return bad_length("several")
    if among(http.client.IncompleteRead):
        return cut_short()
    return _not_http("something else")


_TUNNEL = re.compile(r"Tunnel connection failed: (\d+)")
"""How http.client says that a proxy refused; the proxy's own words follow."""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Go through an error and all that it was made of."""
    yield error
    inner = (*error.args, getattr(error, "reason", None), error.__cause__, error.__context__)
    for one in inner:
        if isinstance(one, BaseException):
            yield from _causes(one)


def _checked_proxy(url: str) -> str:
    try:
        parts = parse_url(url)
    except urllib3.exceptions.LocationParseError:
        parts = Url()
    if parts.scheme not in PORTS or not parts.host:
        # Not the address itself: it may hold a password.
        raise InvalidArgument("proxies", "addresses such as http://proxy:3128", parts.scheme)
    return url
