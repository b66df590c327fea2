"""A server on loopback that plays scripts of bytes, whatever it is asked."""

from __future__ import annotations

import json
import queue
import socket
import ssl
import struct
import threading
from dataclasses import dataclass
from enum import Enum
from typing import Self


class Do(Enum):
    """What a script does besides sending bytes."""

    READ = "read a request"
    RESET = "break the connection"
    ECHO = "answer with an error that tells all of the last request"
    HANG = "say nothing more, and stay"
    TLS = "go on over TLS"


@dataclass(frozen=True)
class Slowly:
    """Bytes one by one, so that each arrives long before a timeout of a read would end."""

    content: bytes
    pause: float = 0.02


Script = list[bytes | Slowly | Do]


class Player:
    """Plays a script to each connection, the last script to all that follow.

    A connection begins with reading a request unless its script begins with `Do`.
    """

    def __init__(self, *scripts: Script, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.closed: queue.SimpleQueue[int] = queue.SimpleQueue()
        """Gets an item when a connection has been closed from this side."""
        self.heard: queue.SimpleQueue[int] = queue.SimpleQueue()
        """Gets an item when a request has been read."""
        self._scripts = scripts
        self._tls = tls
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        # Accepting ends with the listener where it is shut down, and not where it is closed.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            script = self._scripts[min(self.connections, len(self._scripts) - 1)]
            self.connections += 1
            thread = threading.Thread(target=self._play, args=(line, script))
            self._threads.append(thread)
            thread.start()

    def _play(self, line: socket.socket, script: Script) -> None:
        if not (script and isinstance(script[0], Do)):
            script = [Do.READ, *script]
        try:
            for step in script:
                line = self._step(line, step)
        except OSError:
            pass  # The client has gone.
        finally:
            line.close()
            self.closed.put(1)

    def _step(self, line: socket.socket, step: bytes | Slowly | Do) -> socket.socket:
        if isinstance(step, bytes):
            line.sendall(step)
        elif isinstance(step, Slowly):
            for byte in step.content:
                line.sendall(bytes([byte]))
                if self._over.wait(step.pause):
                    break
        elif step is Do.READ:
            self.requests.append(self._read(line))
            self.heard.put(1)
        elif step is Do.RESET:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif step is Do.ECHO:
            told = {"Code": "SignatureDoesNotMatch", "Message": self.requests[-1].decode()}
            line.sendall(answer(json.dumps(told).encode(), status="400 Bad Request"))
        elif step is Do.HANG:
            self._over.wait()
        elif step is Do.TLS:
            assert self._tls is not None
            return self._tls.wrap_socket(line, server_side=True)
        return line

    def _read(self, line: socket.socket) -> bytes:
        line.settimeout(0.05)
        request = b""
        while b"\r\n\r\n" not in request and not self._over.is_set():
            try:
                part = line.recv(65536)
            except TimeoutError:
                continue
            if not part:
                raise ConnectionResetError
            request += part
        line.settimeout(5)
        return request


def answer(body: bytes = b"{}", *headers: str, status: str = "200 OK") -> bytes:
    """A whole answer with its length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def chunked(body: bytes, *headers: str, size: int = 7) -> bytes:
    """A whole answer in chunks."""
    lines = ["HTTP/1.1 200 OK", "Transfer-Encoding: chunked", *headers, "", ""]
    parts = [body[i : i + size] for i in range(0, len(body), size)]
    chunks = [f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in parts]
    return "\r\n".join(lines).encode() + b"".join(chunks) + b"0\r\n\r\n"
