"""Signature version 3 of Alibaba Cloud's gateway, ACS3-HMAC-SHA256."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import requests
from requests.auth import AuthBase

from .credentials import Credentials

ALGORITHM = "ACS3-HMAC-SHA256"

_SIGNED = frozenset({"host", "accept", "content-type", "user-agent"})
"""Headers that are signed besides x-acs-*."""


def canonical_query(parameters: Iterable[tuple[str, str]]) -> str:
    """Sort and encode parameters as the gateway does: RFC 3986, a space as %20, ~ as it is."""
    encoded = sorted((quote(name, safe="~"), quote(value, safe="~")) for name, value in parameters)
    return "&".join(f"{name}={value}" for name, value in encoded)


def canonical_request(
    method: str, query: str, headers: Mapping[str, str], names: Iterable[str], body_digest: str
) -> str:
    """Write what is signed of a request to "/".

    Parameters
    ----------
    method : str
        GET or POST.
    query : str
        As `canonical_query` gives it.
    headers : mapping
        At least the headers to sign, by their names in lower case.
    names : iterable of str
        The headers to sign, in lower case.
    body_digest : str
        Hexadecimal SHA-256 of the body.

    Returns
    -------
    str
        The canonical request.
    """
    ordered = sorted(names)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in ordered)
    return "\n".join([method, "/", query, lines, ";".join(ordered), body_digest])


def string_to_sign(canonical: str) -> str:
    """Give the text whose HMAC is the signature of a canonical request."""
    return f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"


def sign(secret: str, text: str) -> str:
    """Give the signature of a text, in hexadecimal digits."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


class Signature(AuthBase):
    """Sign requests: an auth object of `requests`.

    Each call gives the request a date and a nonce of its own, so a request that is sent again has
    to be prepared again: the gateway takes a nonce once, and a date for 15 minutes.

    Parameters
    ----------
    credentials : Credentials
        What to sign with.

    Notes
    -----
    Signed are host, accept, content-type, user-agent and every x-acs-* header, of those the
    request has: what the official SDKs sign.

    Examples
    --------
    >>> import requests
    >>> from smarttag_nb.cloud import Credentials
    >>> request = requests.Request(
    ...     "POST",
    ...     "https://ice.cn-shanghai.aliyuncs.com/?JobId=88e6",
    ...     headers={"x-acs-action": "QuerySmarttagJob", "x-acs-version": "2020-11-09"},
    ...     auth=Signature(Credentials("testid", "testsecret")),
    ... ).prepare()
    >>> request.headers["Authorization"].split(",")[0]
    'ACS3-HMAC-SHA256 Credential=testid'
    """

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the signature into a request, and what it covers."""
        key = self._credentials
        address = urlsplit(request.url or "")
        body: Any = request.body or b""
        digest = hashlib.sha256(body if isinstance(body, bytes) else body.encode()).hexdigest()
        request.headers["host"] = address.netloc
        request.headers["x-acs-date"] = _date()
        request.headers["x-acs-signature-nonce"] = _nonce()
        request.headers["x-acs-content-sha256"] = digest
        if key.security_token is not None:
            request.headers["x-acs-accesskey-id"] = key.access_key_id
            request.headers["x-acs-security-token"] = key.security_token
        headers: Mapping[str, Any] = request.headers
        lowered = {name.lower(): value for name, value in headers.items()}
        names = sorted(name for name in lowered if name in _SIGNED or name.startswith("x-acs-"))
        query = canonical_query(parse_qsl(address.query, keep_blank_values=True))
        text = canonical_request(request.method or "POST", query, lowered, names, digest)
        request.headers["Authorization"] = (
            f"{ALGORITHM} Credential={key.access_key_id},SignedHeaders={';'.join(names)},"
            f"Signature={sign(key.access_key_secret, string_to_sign(text))}"
        )
        return request


def _date() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _nonce() -> str:
    return secrets.token_hex(16)
