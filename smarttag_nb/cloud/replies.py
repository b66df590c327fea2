"""What the cloud replied: an answer, or which error and what to do about it."""

from __future__ import annotations

import codecs
import html
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, quote_plus

import msgspec

from ..errors import (
    AccessDenied,
    BadAnswer,
    BadRequest,
    BadSignature,
    CloudError,
    NotFound,
    ServerError,
    Throttled,
)
from ..readers.document import CUT
from .credentials import Credentials
from .operations import REGIONS, Operation, Product
from .retry import Failure, asked_wait
from .wire import Reply

_LONGEST = 500
"""Characters of a message that are kept."""

_REAL = 8
"""Characters that a secret and a token have at least; the cloud's have 30 and more."""

_ECHO = re.compile(r"((?:string|str)[\s_-]*to[\s_-]*sign|canonical[\s_-]*request)\b.*", re.I | re.S)
_DIGEST = re.compile(r"\b[0-9a-fA-F]{40,}\b")

_BY_CODE: tuple[tuple[str, type[CloudError]], ...] = (
    ("Throttling", Throttled),
    ("SignatureDoesNotMatch", BadSignature),
    ("SignatureNonceUsed", BadSignature),
    ("IncompleteSignature", BadSignature),
    ("InvalidSignature", BadSignature),
    ("InvalidAccessKey", BadSignature),
    ("InvalidTimeStamp", BadSignature),
    ("InvalidSecurityToken", BadSignature),
    ("MissingSecurityToken", BadSignature),
    ("Forbidden", AccessDenied),
    ("NoPermission", AccessDenied),
    ("OperationDenied", AccessDenied),
    ("JobNotFound", NotFound),
    ("InvalidAction", BadRequest),
    ("InvalidVersion", BadRequest),
    ("InternalError", ServerError),
    ("ServiceUnavailable", ServerError),
    ("Missing", BadRequest),
)
"""The first beginning of a code that fits decides."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the cloud: its bytes, and what its status key says."""

    body: bytes
    status: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, for an error to say what helps.

    Attributes
    ----------
    operation : Operation
        Which.
    product, region : str
        Where.
    credentials : Credentials
        With what: none of it may come back in an error.
    """

    operation: Operation
    product: Product
    region: str
    credentials: Credentials


def judge(reply: Reply, asked: Asked) -> Answer | Failure:
    """Take a reply for an answer, or say which error it is.

    Parameters
    ----------
    reply : Reply
        What came.
    asked : Asked
        What was asked.

    Returns
    -------
    Answer or Failure
        An answer is a whole JSON object with the operation's status key. All else is an error,
        also where HTTP calls it a success.
    """
    document = _decoded(reply.body)
    is_success = 200 <= reply.status < 300
    if document is not None and is_success:
        status = document.get(asked.operation.status.lower())
        if isinstance(status, str) and status:
            if _holds(reply.body, asked.credentials):
                return _bad("HoldsCredentials", "The answer holds the key's secret or token", reply)
            return Answer(reply.body, status)
    if document is not None and (document.get("code") or not is_success):
        return _told(reply, document, asked)
    if 300 <= reply.status < 400:
        # With the request its signature would go to wherever the reply says.
        return _bad("Redirected", "The cloud sent elsewhere, which is not followed", reply)
    if not is_success:
        return _told(reply, _of_page(reply.body), asked)
    if document is not None:
        what = f"Expected {asked.operation.status} in the answer; it has none"
        return _bad("NoStatus", what, reply)
    if _begins(reply.body) in (b"{", b""):
        return _bad("CutShort", "Expected a JSON object; what came breaks off or is broken", reply)
    return _bad("WrongType", f"Expected a JSON object; got {_kind(reply.body)}", reply)


def redacted(text: str, credentials: Credentials) -> str:
    """Take out of a text what belongs to a key, and what the gateway echoes of a signature.

    Parameters
    ----------
    text : str
        From the cloud.
    credentials : Credentials
        The key that the request was signed with.

    Returns
    -------
    str
        The text, cut to some length.
    """
    text = _ECHO.sub(r"\1: <hidden>", text)
    for part in _parts(credentials):
        # As it is, and as it stands in a URL, a URL in a URL, a page and a JSON string.
        forms = {part, quote(part, safe=""), quote_plus(part), html.escape(part)}
        forms |= {quote(quote(part, safe=""), safe=""), json.dumps(part)[1:-1]}
        for form in sorted(forms, key=len, reverse=True):
            text = re.sub(re.escape(form), "<hidden>", text, flags=re.I)
    text = _DIGEST.sub("<hidden>", text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _parts(credentials: Credentials) -> list[str]:
    key = credentials
    return [part for part in (key.security_token, key.access_key_secret, key.access_key_id) if part]


def _holds(body: bytes, credentials: Credentials) -> bool:
    """Whether a body holds what no answer ever does. A key's id may stand in a signed URL."""
    parts = (credentials.access_key_secret, credentials.security_token)
    # A shorter one is made up, for a test, and may be a word of the answer.
    return any(part.encode() in body for part in parts if part and len(part) >= _REAL)


def _decoded(body: bytes) -> dict[str, Any] | None:
    """Read an object's keys, in lower case, if it is one and whole."""
    if _begins(body) != b"{":
        return None
    try:
        read = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
        values = {key: _value(raw) for key, raw in read.items()}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        if str(error) == CUT:
            # To look again would take long where much came.
            return None
        # NaN, control characters and lone surrogates are no JSON, and yet come.
        try:
            read = json.loads(body.decode("utf-8-sig", "replace"), strict=False)
        except (ValueError, RecursionError):
            return None
        values = read
    return {key.lower(): value for key, value in values.items()}


def _value(raw: msgspec.Raw) -> Any:
    # Results can be megabytes, and only the readers look at them.
    text = bytes(raw)
    return None if len(text) > 10_000 else msgspec.json.decode(text)


def _of_page(body: bytes) -> dict[str, Any]:
    """Find what an error in XML says; of a page of HTML, its title."""
    text = body[:20_000].decode("utf-8", "replace")
    found = {
        name.lower(): html.unescape(match[1]).strip()
        for name in ("Code", "Message", "RequestId")
        if (match := re.search(rf"<{name}>([^<]*)</{name}>", text))
    }
    title = re.search(r"<title>([^<]*)</title>", text, re.I)
    if "code" not in found:
        found["message"] = f"{_kind(body)}, {title[1].strip()!r}" if title else _kind(body)
    return found


def _begins(body: bytes) -> bytes:
    """Give the first byte that says something; none where none of the first thousand does."""
    return body[:1000].removeprefix(codecs.BOM_UTF8).lstrip()[:1]


def _kind(body: bytes) -> str:
    start = body[:1000].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "a page of HTML"
    if start.startswith(b"<"):
        return "XML"
    if not start:
        return "an empty body"
    return "a list" if start.startswith(b"[") else "something else"


def _told(reply: Reply, document: dict[str, Any], asked: Asked) -> Failure:
    """Take an error as the cloud tells it."""

    def text(key: str) -> str:
        value = document.get(key)
        return redacted(value, asked.credentials).strip() if isinstance(value, str) else ""

    code = text("code") or f"HTTP{reply.status}"
    kind = _class_of(code, reply.status)
    detail = document.get("accessdenieddetail")
    hint = _hint(kind, code, reply, asked, detail if isinstance(detail, dict) else {})
    request_id = text("requestid") or redacted(
        reply.headers.get("x-acs-request-id", ""), asked.credentials
    )
    return Failure(
        kind(code, text("message"), hint, request_id, reply.status), asked_wait(reply.headers)
    )


def _bad(code: str, message: str, reply: Reply) -> Failure:
    hint = "If it lasts, look for a proxy between this machine and the cloud."
    return Failure(BadAnswer(code, message, hint, status=reply.status), asked_wait(reply.headers))


def _class_of(code: str, status: int) -> type[CloudError]:
    for beginning, kind in _BY_CODE:
        if code.startswith(beginning):
            return kind
    if "NotFound" in code:
        return NotFound
    if code.startswith("Invalid"):
        return BadRequest
    if status >= 500:
        return ServerError
    by_status = {401: BadSignature, 403: AccessDenied, 404: NotFound, 429: Throttled}
    return by_status.get(status, BadRequest if 400 <= status < 500 else CloudError)


def _hint(
    kind: type[CloudError], code: str, reply: Reply, asked: Asked, detail: dict[str, Any]
) -> str:
    """Say what can be done about an error."""
    if kind is Throttled:
        return "A user has 100 queries a second over all programs: lower rate=, or wait."
    if kind is NotFound:
        kept = "one year" if asked.operation.name == "GetSmartHandleJob" else "180 days"
        return (
            f"This client asks {asked.product} in {asked.region}: a job is found only in the "
            f"product and region it was submitted in, and its results are kept {kept}. "
            f"Smart tagging runs in {', '.join(REGIONS)}."
        )
    if kind is AccessDenied:
        missing = detail.get("AuthAction")
        action = f"{asked.product}:{asked.operation.name}"
        if isinstance(missing, str) and re.fullmatch(r"[a-z]+:\w+", missing):
            action = missing
        return f"Grant the key's user the RAM action {action}."
    if kind is BadSignature:
        return _hint_of_signature(code, reply)
    if kind is ServerError:
        return "Ask again later."
    return ""


def _hint_of_signature(code: str, reply: Reply) -> str:
    if code.startswith("InvalidTimeStamp"):
        return f"Set this machine's clock{_how_far_off(reply)}; 15 minutes are tolerated."
    if code.startswith("InvalidAccessKey"):
        return "Check the access key's id; a deleted or disabled key is not found either."
    if "SecurityToken" in code:
        return "The security token is not, or no longer, valid: get a new one."
    if code == "SignatureNonceUsed":
        return "The request arrived twice: look for a proxy that repeats requests."
    return "The access key's id is known and its secret does not fit: check the secret."


def _how_far_off(reply: Reply) -> str:
    try:
        told = parsedate_to_datetime(reply.headers.get("date", ""))
        seconds = (datetime.now(UTC) - told).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return ""
    if abs(seconds) < 60:  # It has been set since, or is not what is wrong.
        return ""
    return f": it is {abs(seconds) / 60:.0f} minutes {'fast' if seconds > 0 else 'slow'}"
