"""One question to the gateway of a product: signed, let go in turn, tried again, answered."""

from __future__ import annotations

import ipaddress
import re
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

from ..errors import CloudError, InvalidArgument, Unreachable
from . import credentials as keys
from .credentials import Credentials
from .operations import REGIONS, VERSIONS, Operation, Product
from .rate import Rate
from .replies import Answer, Asked, judge
from .retry import Budget, Failure, persist
from .signature import Signature
from .wire import Wire

_HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+")


class Stopped(Exception):
    """Nobody waits for the answer any more."""


class Gateway:
    """Where a product's operations are asked for in a region.

    Parameters
    ----------
    product : {"ice", "mts"}
        The product.
    region : str
        The region.
    url : str
        Where it is, without a path.
    credentials : Credentials or None
        An access key; None to look for one at each attempt.
    wire : Wire
        What requests go over.
    rate : Rate
        What lets them go.

    Attributes
    ----------
    url : str
        As it was given.
    """

    def __init__(
        self,
        product: Product,
        region: str,
        url: str,
        credentials: Credentials | None,
        wire: Wire,
        rate: Rate,
    ) -> None:
        self.url = url
        self._product: Product = product
        self._region = region
        self._credentials = credentials
        self._wire = wire
        self._rate = rate
        self._budget = Budget()

    def ask(
        self,
        operation: Operation,
        parameters: Mapping[str, str],
        timeout: float,
        stop: threading.Event,
    ) -> Answer:
        """Exchange a question for an answer, with as many attempts as help.

        Parameters
        ----------
        operation : Operation
            What is asked.
        parameters : mapping of str to str
            Its parameters.
        timeout : float
            Seconds for all attempts together.
        stop : threading.Event
            Once it is set, no further attempt begins, and the answer is not waited for.

        Returns
        -------
        Answer
            An answer, of a job in whatever state.

        Raises
        ------
        CloudError, MissingCredentials, MissingLibrary, StoreError
            As for `Client.query`.
        Stopped
            `stop` was set.
        """
        deadline = time.monotonic() + timeout
        # In the order and the encoding of the official SDKs.
        url = f"{self.url}/?{urlencode(sorted(parameters.items()))}"
        headers = {
            "accept": "application/json",
            "user-agent": "smarttag-nb",
            "x-acs-action": operation.name,
            "x-acs-version": VERSIONS[self._product],
        }

        def turn() -> None:
            self._rate.take(deadline, pause)
            if stop.is_set():
                raise Stopped

        def attempt(until: float) -> Answer | Failure:
            key = self._credentials or keys.find()
            request = requests.Request("POST", url, headers=headers, auth=Signature(key)).prepare()
            try:
                reply = self._wire.send(request, until, stop)
            except CloudError as error:
                return Failure(self._with_regions(error))
            return judge(reply, Asked(operation, self._product, self._region, key))

        def pause(seconds: float) -> None:
            if stop.wait(seconds):
                raise Stopped

        return persist(
            attempt,
            turn=turn,
            deadline=deadline,
            budget=self._budget,
            pause=pause,
            is_order=operation.status == "JobId",
        )

    def _with_regions(self, error: CloudError) -> CloudError:
        """Say where smart tagging runs, if it may be that it does not here."""
        if not isinstance(error, Unreachable) or self._region in REGIONS:
            return error
        hint = f"{error.hint} Smart tagging runs in {', '.join(REGIONS)}.".lstrip()
        return Unreachable(error.code, error.message, hint, error.request_id, error.status)


def url_of(endpoint: Any) -> str:
    """Write an endpoint as a URL without a path.

    Raises
    ------
    InvalidArgument
        It is more or less than a host, or a host and a port.

    Examples
    --------
    >>> url_of("127.0.0.1:8765"), url_of("ice.aliyuncs.com"), url_of("http://proxy.example")
    ('http://127.0.0.1:8765', 'https://ice.aliyuncs.com', 'http://proxy.example')
    """
    expected = "a host such as ice.cn-shanghai.aliyuncs.com or 127.0.0.1:8765"
    if not isinstance(endpoint, str):
        raise InvalidArgument("endpoint", expected, endpoint)
    scheme, _, rest = endpoint.rpartition("://")
    try:
        parts = urlsplit(f"//{rest}")
        host, port = parts.hostname or "", parts.port
    except ValueError:  # A port that is no number, a bracket that is not closed.
        host, port = "", None
    if not _HOST.fullmatch(host) or parts.netloc != rest or "@" in rest:
        # A key in an address would show itself wherever the address does.
        raise InvalidArgument("endpoint", expected, "a user's name" if "@" in rest else endpoint)
    if scheme not in ("", "http", "https"):
        raise InvalidArgument("endpoint", "http:// or https:// before the host", endpoint)
    if not scheme:
        scheme = "http" if _is_this_machine(host) else "https"
    named = f"[{host}]" if ":" in host else host
    return f"{scheme}://{named}" + ("" if port is None else f":{port}")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
