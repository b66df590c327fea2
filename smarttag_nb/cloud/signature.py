"""Signature version 3 of Alibaba Cloud's gateway, ACS3-HMAC-SHA256."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"


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
