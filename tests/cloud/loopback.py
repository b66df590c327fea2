"""A server on this machine that answers as a test says, and keeps what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """What came: the headers by names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


@dataclass(frozen=True)
class Response:
    """What goes back. With `cut`, the connection breaks after that many bytes of the body."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None


Script = Callable[[Request], Response]


def answer(status: int = 200, /, headers: Mapping[str, str] | None = None, **body: Any) -> Response:
    """JSON."""
    return Response(status, json.dumps(body).encode(), headers or {})


@dataclass
class Server:
    endpoint: str
    requests: list[Request] = field(default_factory=list)

    def actions(self) -> list[str]:
        return [request.headers["x-acs-action"] for request in self.requests]


@contextmanager
def serving(script: Script) -> Iterator[Server]:
    """Answer each request by a function of it, which is called in threads."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def handle_one(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, headers)
            server.requests.append(request)
            response = script(request)
            self.send_response(response.status)
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(response.body)))
            self.end_headers()
            # In one piece with the headers: two wait for each other's acknowledgement.
            self.wfile.write(response.body[: response.cut])
            self.wfile.flush()
            self.close_connection = self.close_connection or response.cut is not None

        do_GET = do_POST = handle_one

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            pass  # A client that goes away is part of some tests.

    httpd = Quiet(("127.0.0.1", 0), Handler)
    server = Server(f"127.0.0.1:{httpd.server_port}")
    # It is told to stop by looking: the less it sleeps between two looks, the sooner.
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


def in_turn(*responses: Response) -> Script:
    """Answer with each in turn, and go on with the last."""
    left = list(responses)

    def script(_: Request) -> Response:
        return left.pop(0) if len(left) > 1 else left[0]

    return script
