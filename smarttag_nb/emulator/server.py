"""The emulator on a port of this machine."""

from __future__ import annotations

import contextlib
import logging
import math
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ..cloud.credentials import Credentials
from ..errors import InvalidArgument, MissingLibrary
from .calls import Log, Request
from .faults import Faults
from .jobs import Jobs, Source

try:
    import uvicorn
    from starlette.types import Receive, Scope, Send
    from uvicorn.protocols.http.h11_impl import H11Protocol

    from .app import TRANSPORT, Emulator
except ModuleNotFoundError as error:
    raise MissingLibrary(str(error.name), "The emulator", "smarttag-nb[cloud]") from None

HOST = "127.0.0.1"
KEY = ("testid", "testsecret")


class Endpoint(str):
    """Where an emulator is reached, "127.0.0.1:PORT", and what was asked there."""

    _log: Log

    @classmethod
    def of(cls, port: int, log: Log) -> Endpoint:
        """Make one."""
        made = cls(f"{HOST}:{port}")
        made._log = log
        return made

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        # Another process is told the address; the log stays where the emulator is.
        return str, (str(self),)

    @property
    def requests(self) -> list[Request]:
        """The requests so far, in the order of answering; of very many, the last 100,000."""
        return self._log.list()


class _Protocol(H11Protocol):
    """HTTP, with the connection itself at hand for faults that HTTP does not allow."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        # Bad requests are not worth a line; a failure of ours is. Outside of the tree of loggers,
        # whose settings are the user's.
        self.logger = logging.Logger("smarttag_nb.emulator", logging.ERROR)
        self.access_log = False
        app = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            scope["extensions"] = {TRANSPORT: self.transport}
            await app(scope, receive, send)

        self.app = with_transport


class _Server(uvicorn.Server):
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop at once: whoever is still connected is cut off, and slow faults end."""
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await super().shutdown(sockets)


@contextlib.contextmanager
def running(
    jobs: Source = None,
    *,
    faults: Faults = None,
    key: tuple[str, ...] = KEY,
    port: int = 0,
    rate: int = 100,
    stages: tuple[float, float] = (1.0, 2.0),
    clock: Callable[[], float] = time.time,
) -> Iterator[Endpoint]:
    """Run the cloud on this machine, in a thread, for as long as the block takes.

    Both products and all of their operations for smart tagging, plain HTTP. Requests have to be
    signed; what the gateway would refuse is refused as it would. What is submitted is a job that
    is Submitted, then Processing, then has the answer named as its media (``failed.mp4`` fails
    where there is an answer "failed"), or the first there is of a job that is submitted.

    Parameters
    ----------
    jobs : path, mapping or None
        A folder whose ``JOB.json`` are answers, or a `pathlib.Path` or a dict for each job id. A
        file ``JOB-auto.json`` with its ``JOB-hmi.json`` is one job, of which labelResultType
        chooses. Addresses of subtitle and Process files lead to those of their name beside the
        answer, or to ``JOB.txt``, ``subtitles.txt``, ``process.json``. By default the samples:
        "magazine" has the answer that fits the operation, and each answer is a job by its own
        name.
    faults : str, iterable, callable, mapping or None
        What goes wrong. A name (`FAULTS`): every request. Names and None: one for each request,
        while they last. A callable: is given the `Request` and gives a name or None; see `share`.
        A mapping: one of these for each operation, and for "file". Slow ones last 30 s, or as long
        as is said: ``"slow-body:2"``. A request may ask for one by the header
        ``x-emulator-fault`` as well. What has no right signature, or is throttled, uses none up.
    key : tuple of str
        Access key id, secret and, to be asked for, a security token.
    port : int
        A free one by default.
    rate : int
        Requests let in within any sliding second; a tenth more is, as jitter.
    stages : (float, float)
        How long a job is Submitted, and then Processing, in seconds.
    clock : callable
        Gives the time in seconds since 1970.

    Yields
    ------
    Endpoint
        "127.0.0.1:PORT", a str, whose ``requests`` tells what came.

    Raises
    ------
    InvalidArgument
        `jobs`, `faults`, `key`, `rate` or `stages` is nothing of the kind, or the port is taken.
    UnknownName
        There is no such fault or operation.
    MissingLibrary
        The extra "cloud" is not installed.

    Examples
    --------
    >>> import requests
    >>> with running() as endpoint:
    ...     answer = requests.get(f"http://{endpoint}/?Action=QuerySmarttagJob")
    >>> answer.json()["Message"]
    'The parameter AccessKeyId is missing.'
    >>> endpoint.requests[0].code
    'MissingParameter'
    """
    listening = _listen(port)
    try:
        endpoint, server = _made(listening, jobs, faults, key, rate, stages, clock)
        thread = threading.Thread(
            target=server.run, args=([listening],), name="smarttag emulator", daemon=True
        )
        thread.start()
        try:
            yield endpoint
        finally:
            server.should_exit = True
            thread.join()
    finally:
        listening.close()


def serve(jobs: Path | None, port: int, told: Callable[[str], None]) -> None:
    """Run the cloud on this machine until it is interrupted.

    Parameters
    ----------
    jobs : pathlib.Path or None
        As `running` takes it.
    port : int
        The port.
    told : callable
        Is given the endpoint once it can be reached.

    Raises
    ------
    InvalidArgument
        The folder has no answers, or the port is taken.
    """
    with contextlib.closing(_listen(port)) as listening:
        endpoint, server = _made(listening, jobs, None, KEY, 100, (1.0, 2.0), time.time)
        told(endpoint)
        server.run([listening])


def _listen(port: int) -> socket.socket:
    # Only a socket that is TCP's by name is told by asyncio to send at once: 40 ms an answer.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            # So that a port is free again at once; elsewhere this would share it with others.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        # From here on connections wait, so that nobody has to wait for the thread.
        listening.listen(1024)
    except (OSError, OverflowError, TypeError):
        listening.close()
        raise InvalidArgument("port", "a port that is free on this machine", port) from None
    return listening


def _made(
    listening: socket.socket,
    jobs: Source,
    faults: Faults,
    key: tuple[str, ...],
    rate: int,
    stages: tuple[float, float],
    clock: Callable[[], float],
) -> tuple[Endpoint, _Server]:
    if not isinstance(key, tuple) or len(key) not in (2, 3):
        # Without showing it: it may hold a secret.
        got = f"{len(key)} parts" if isinstance(key, tuple) else type(key)
        raise InvalidArgument("key", "an access key id, its secret and maybe a token", got)
    if not (isinstance(rate, int) and rate >= 1):
        raise InvalidArgument("rate", "requests a second, 1 or more", rate)
    if not (isinstance(stages, tuple) and len(stages) == 2 and all(map(_is_time, stages))):
        raise InvalidArgument("stages", "two times in seconds, 0 or more", stages)
    port = listening.getsockname()[1]
    emulator = Emulator(
        Jobs(jobs, stages, clock), Credentials(*key), rate, faults, clock, f"http://{HOST}:{port}"
    )
    config = uvicorn.Config(
        emulator.app,
        http=_Protocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=2,
    )
    return Endpoint.of(port, emulator.log), _Server(config)


def _is_time(seconds: object) -> bool:
    return isinstance(seconds, (int, float)) and 0 <= seconds < math.inf
