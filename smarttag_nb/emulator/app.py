"""The emulator's HTTP side: what arrives becomes a call, what is answered goes out."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ..cloud.credentials import Credentials
from ..cloud.operations import OPERATIONS
from ..errors import UnknownName
from .calls import Call, Log, Request
from .faults import Faults, Script, check, code_of, steps
from .gate import Gate
from .jobs import Jobs, decoded
from .page import POLICY, page
from .refusals import Refusal
from .wire import Ending, Reply

TRANSPORT = "smarttag.transport"
"""Name of the ASGI extension that gives the connection itself, for what HTTP does not allow."""

FAULT_HEADER = "x-emulator-fault"
"""Header with which a request asks for a fault."""

_MOST_BYTES = 2**20
_WORTH_PACKING = 1024
_MOST_TOLD = 200

_REQUIRED = {
    ("ice", "SubmitSmarttagJob"): ("Input",),
    ("mts", "SubmitSmarttagJob"): ("Input", "PipelineId", "Title"),
    ("ice", "SubmitVideoCognitionJob"): ("Input",),
}


class Emulator:
    """The cloud's side of the API, as an ASGI application.

    Parameters
    ----------
    jobs : Jobs
        What can be asked for.
    key : Credentials
        The key that is known.
    rate : int
        Requests a second.
    faults : str, iterable, callable, mapping or None
        What goes wrong.
    clock : callable
        Gives the time in seconds since 1970.
    base : str
        Where it is reached.
    """

    def __init__(
        self,
        jobs: Jobs,
        key: Credentials,
        rate: int,
        faults: Faults,
        clock: Callable[[], float],
        base: str,
    ) -> None:
        self.log = Log()
        self._jobs = jobs
        self._gate = Gate(key, rate, clock)
        self._script = Script(faults)
        self._base = base
        self._arrived = 0
        self.app = Starlette(
            routes=[
                Route("/", self._api, methods=["GET", "POST"]),
                Route("/files/{name:path}", self._file, methods=["GET"]),
                Route("/elsewhere", self._elsewhere, methods=["GET", "POST"]),
            ],
            exception_handlers={HTTPException: self._off_the_map, Exception: self._failed},
        )

    async def _api(self, http: HttpRequest) -> Response:
        headers = _headers(http)
        if http.method == "GET" and not http.url.query and "x-acs-action" not in headers:
            return self._page()
        request = self._arrive("")
        try:
            body = await _body(http)
            call = Call.read(http.method, headers, http.scope["query_string"], body)
            request = replace(
                request,
                operation=call.action[:_MOST_TOLD],
                product=call.product,
                job_id=call.parameters.get("JobId", "")[:_MOST_TOLD],
            )
            self._gate.admit(call)
            fault = self._fault(request, headers)
            request = replace(request, fault=fault)
            if code := code_of(fault):
                raise Refusal(code, headers=_RETRY_AFTER if code.startswith("Throttling") else None)
            value = self._answer(call)
            reply = Reply(
                msgspec.json.encode({**value, "RequestId": request.request_id}), 200, _JSON
            )
            request = replace(request, job_id=request.job_id or value.get("JobId", ""))
        except Refusal as refusal:
            request = replace(request, code=refusal.code)
            reply = _refuse(refusal, request, headers)
        except ClientDisconnect:
            # Nobody is there any more to be answered.
            return Response()
        return self._send(request, reply, headers, http.url.query)

    def _answer(self, call: Call) -> dict[str, Any]:
        """Answer a call that was let in."""
        operation = OPERATIONS.get(call.action)
        if not call.product:
            raise Refusal("InvalidVersion")
        if operation is None or call.product not in operation.products:
            raise Refusal("InvalidAction.NotFound")
        if call.method not in operation.methods:
            raise Refusal("UnsupportedHTTPMethod")
        given = call.parameters
        for name in _REQUIRED.get((call.product, operation.name), ("JobId",)):
            if not given.get(name):
                raise Refusal("MissingParameter", f"The parameter {name} is missing.")
        if not operation.name.startswith("Submit"):
            return self._jobs.answer(call.product, operation.name, given, self._base)
        if call.product == "ice":
            media = decoded(given["Input"])
            kind = media.get("Type") if isinstance(media, dict) else None
            if kind not in ("OSS", "Media", "URL") or not media.get("Media"):
                raise Refusal("InvalidParameter", "Input: expected Type OSS, Media or URL; Media.")
        return {"JobId": self._jobs.submit(given)}

    async def _file(self, http: HttpRequest) -> Response:
        headers = _headers(http)
        name = http.path_params["name"]
        request = replace(self._arrive("file"), job_id=name[:_MOST_TOLD])
        try:
            request = replace(request, fault=self._fault(request, headers))
            if code := code_of(request.fault):
                raise Refusal(code)
            path = self._jobs.file(name)
            if path is None:
                raise Refusal("NotFound")
            reply = Reply(_read(path), 200, _JSON if path.suffix == ".json" else _TEXT)
        except Refusal as refusal:
            request = replace(request, code=refusal.code)
            reply = _refuse(refusal, request, headers)
        return self._send(request, reply, headers, http.url.query)

    async def _elsewhere(self, http: HttpRequest) -> Response:
        """Where a redirect leads; the log tells who followed."""
        request = self._arrive("elsewhere")
        return self._send(request, _refuse(Refusal("NotFound"), request, {}), {}, "")

    async def _off_the_map(self, http: HttpRequest, error: Exception) -> Response:
        known = isinstance(error, HTTPException) and error.status_code == HTTPStatus.NOT_FOUND
        refusal = Refusal("NotFound" if known else "UnsupportedHTTPMethod")
        request = replace(self._arrive(""), code=refusal.code)
        return self._send(request, _refuse(refusal, request, {}), {}, "")

    async def _failed(self, http: HttpRequest, error: Exception) -> Response:
        """Answer where something of ours failed, or what chooses faults; it is raised besides."""
        request = replace(self._arrive(""), code="InternalError")
        return self._send(request, _refuse(Refusal("InternalError"), request, {}), {}, "")

    def _arrive(self, operation: str) -> Request:
        self._arrived += 1
        request_id = str(uuid.uuid4()).upper()
        return Request(self._arrived, time.monotonic(), operation, request_id=request_id)

    def _fault(self, request: Request, headers: dict[str, str]) -> str | None:
        asked = headers.get(FAULT_HEADER)
        try:
            return check(asked) if asked else self._script.choose(request)
        except UnknownName as error:
            raise Refusal("InvalidParameter", str(error)) from None

    def _send(
        self, request: Request, reply: Reply, headers: dict[str, str], query: str
    ) -> Response:
        spoiled = request.fault if code_of(request.fault) is None else None
        if spoiled == "redirect":
            # Another name of this machine, so that it is another host.
            where = self._base.replace("127.0.0.1", "localhost")
            location = {"location": f"{where}/elsewhere?{query}"}
            reply = replace(reply, status=307, headers={**reply.headers, **location})
        # Before the answer is out, so that whoever has it finds it told.
        self.log.add(replace(request, status=reply.status))
        if spoiled:
            return Spoiled(spoiled, reply)
        if "gzip" in headers.get("accept-encoding", "") and len(reply.body) >= _WORTH_PACKING:
            packed = gzip.compress(reply.body, 1, mtime=0)
            told = {**reply.headers, "content-encoding": "gzip"}
            return Response(packed, reply.status, told)
        return Response(reply.body, reply.status, dict(reply.headers))

    def _page(self) -> Response:
        """Greet a browser."""
        told = page(self._base, self._jobs.names())
        return Response(told, headers={**_HTML, "content-security-policy": POLICY})


class Spoiled(Response):
    """An answer with a fault, written to the connection itself."""

    def __init__(self, fault: str, reply: Reply) -> None:
        super().__init__()
        self._fault = fault
        self._reply = reply

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write what the fault says, step by step, until the other side is gone."""
        transport: asyncio.Transport = scope["extensions"][TRANSPORT]
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            for step in steps(self._fault, self._reply):
                if isinstance(step, bytes):
                    transport.write(step)
                    # Others are to be served too, and what nobody reads is not to pile up.
                    await asyncio.sleep(0)
                    while transport.get_write_buffer_size() > _MOST_BYTES and not gone.done():
                        await asyncio.wait([gone], timeout=0.01)
                elif step is Ending.RESET:
                    _reset(transport)
                elif isinstance(step, float):
                    await asyncio.wait([gone], timeout=step)
                if gone.done() or transport.is_closing():
                    break
            transport.close()
            await gone
        finally:
            gone.cancel()
            transport.close()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _reset(transport: asyncio.Transport) -> None:
    # Without lingering, closing is a reset.
    opened = transport.get_extra_info("socket")
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _headers(http: HttpRequest) -> dict[str, str]:
    """Give the headers; of what came twice both, as HTTP has it, so that no signature fits."""
    told: dict[str, str] = {}
    for name, value in http.headers.items():
        told[name] = f"{told[name]}, {value}" if name in told else value
    return told


async def _body(http: HttpRequest) -> bytes:
    body = b""
    async for part in http.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise Refusal("RequestTooLarge")
    return body


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Refusal("NotFound") from None


def _refuse(refusal: Refusal, request: Request, headers: dict[str, str]) -> Reply:
    body = refusal.body(request.request_id, headers.get("host", ""))
    return Reply(body, refusal.status, {**_JSON, **refusal.headers})


# What answers and files hold is not to be taken for a page.
_AS_TOLD = {"x-content-type-options": "nosniff"}
_JSON = {"content-type": "application/json;charset=utf-8", **_AS_TOLD}
_TEXT = {"content-type": "text/plain;charset=utf-8", **_AS_TOLD}
_HTML = {"content-type": "text/html;charset=utf-8"}
_RETRY_AFTER = {"x-acs-retry-after": "50"}
