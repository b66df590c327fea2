"""Requests to an emulator, signed as a client would."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import socket
import time
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from smarttag_nb.cloud.operations import VERSIONS, Product
from smarttag_nb.cloud.signature import canonical_query, canonical_request, sign, string_to_sign


def stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def signed(
    host: str,
    operation: str,
    parameters: Mapping[str, str],
    *,
    product: Product = "ice",
    method: str = "POST",
    key: tuple[str, str] = ("testid", "testsecret"),
    at: float | None = None,
    nonce: str | None = None,
    beside: Mapping[str, str] | None = None,
    body: bytes = b"",
    unsigned: str = "",
) -> tuple[str, dict[str, str]]:
    """Path and headers of a request of signature version 3, one of them not signed if named."""
    digest = hashlib.sha256(body).hexdigest()
    headers = {
        "host": host,
        "x-acs-action": operation,
        "x-acs-version": VERSIONS[product],
        "x-acs-date": stamp(time.time() if at is None else at),
        "x-acs-signature-nonce": uuid.uuid4().hex if nonce is None else nonce,
        "x-acs-content-sha256": digest,
        **(beside or {}),
    }
    query = canonical_query(parameters.items())
    names = sorted(headers.keys() - {unsigned})
    canonical = canonical_request(method, query, headers, names, digest)
    headers["authorization"] = (
        f"ACS3-HMAC-SHA256 Credential={key[0]},SignedHeaders={';'.join(names)},"
        f"Signature={sign(key[1], string_to_sign(canonical))}"
    )
    return f"/?{query}", headers


def send(
    endpoint: str, path: str, headers: Mapping[str, str], method: str = "POST", body: bytes = b""
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of what comes."""
    connection = http.client.HTTPConnection(endpoint, timeout=20)
    try:
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, told, answer.read()
    finally:
        connection.close()


def ask(
    endpoint: str, operation: str, parameters: Mapping[str, str], fault: str = "", **how: Any
) -> tuple[int, dict[str, Any]]:
    """Status and answer of an operation."""
    path, headers = signed(endpoint, operation, parameters, **how)
    if fault:
        headers["x-emulator-fault"] = fault
    status, told, body = send(endpoint, path, headers, how.get("method", "POST"))
    if told.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    return status, json.loads(body)


def written(path: str, headers: Iterable[tuple[str, str]], method: str = "POST") -> bytes:
    """A request without a body as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode()


def wire(endpoint: str, fault: str, job: str = "smart-handle-prose") -> tuple[bytes, bool]:
    """All bytes that come with a fault, and whether the connection was reset."""
    path, headers = signed(endpoint, "GetSmartHandleJob", {"JobId": job})
    headers |= {"x-emulator-fault": fault, "content-length": "0", "connection": "close"}
    received = b""
    host, port = endpoint.split(":")
    with socket.create_connection((host, int(port)), timeout=20) as opened:
        opened.sendall(written(path, headers.items()))
        try:
            while part := opened.recv(65536):
                received += part
        except ConnectionResetError:
            return received, True
    return received, False
