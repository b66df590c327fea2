"""Who is let in: signatures of both kinds, fresh nonces, a clock that is right, not too many."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from urllib.parse import quote

from ..cloud.credentials import Credentials
from ..cloud.signature import ALGORITHM, canonical_query, canonical_request, sign, string_to_sign
from .calls import Call
from .refusals import Refusal

SKEW = 15 * 60
"""How far a request's clock may be off, in seconds."""

JITTER = 1.1
"""How much above the limit is let in: what was let go evenly does not arrive evenly."""

_SIGNED = ("host", "x-acs-action", "x-acs-content-sha256", "x-acs-date",
           "x-acs-signature-nonce", "x-acs-version")  # fmt: skip
"""What signature version 3 must cover."""


class Gate:
    """Lets requests in, or refuses them as the gateway does.

    Parameters
    ----------
    key : Credentials
        The one key that is known.
    rate : int
        Requests in any sliding second, beside the jitter allowed.
    clock : callable
        Gives the time in seconds since 1970.
    """

    def __init__(self, key: Credentials, rate: int, clock: Callable[[], float]) -> None:
        self._key = key
        self._most = math.floor(rate * JITTER)
        self._clock = clock
        self._nonces: OrderedDict[str, float] = OrderedDict()
        self._let_in: deque[float] = deque()

    def admit(self, call: Call) -> None:
        """Let a request in.

        Raises
        ------
        Refusal
            It is not signed rightly, comes from another time, came before, or is one too many.
        """
        verify = self._verify_headers if call.signed_by_header else self._verify_parameters
        nonce = verify(call)
        now = self._clock()
        self._use(nonce, now)
        self._count(now)

    def _verify_headers(self, call: Call) -> str:
        """Verify signature version 3 and give the nonce."""
        algorithm, _, rest = call.headers.get("authorization", "").partition(" ")
        parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
        names = [name for name in parts.get("SignedHeaders", "").split(";") if name]
        if algorithm != ALGORITHM or not parts.get("Signature"):
            raise Refusal("MissingParameter", f"Authorization: expected {ALGORITHM}.")
        self._know(parts.get("Credential", ""), call.headers.get("x-acs-security-token"))
        for name in _SIGNED:
            if not call.headers.get(name):
                raise Refusal("MissingParameter", f"The header {name} is missing.")
        self._check_time(call.headers["x-acs-date"])
        digest = hashlib.sha256(call.body).hexdigest()
        canonical = canonical_request(
            call.method,
            canonical_query(call.query),
            {name: call.headers.get(name, "") for name in names},
            names,
            digest,
        )
        text = string_to_sign(canonical)
        calculated = sign(self._key.access_key_secret, text)
        sent = {n for n in call.headers if n.startswith("x-acs-") or n == "content-type"}
        covered = sent | set(_SIGNED) <= set(names)
        told = call.headers["x-acs-content-sha256"] == digest
        if not (covered and told and _same(calculated, parts["Signature"])):
            raise Refusal(
                "SignatureDoesNotMatch",
                "The signature is not the one that was calculated. server StringToSign is "
                f"[{text}], server CanonicalRequest is [{canonical}]",
            )
        return call.headers["x-acs-signature-nonce"]

    def _verify_parameters(self, call: Call) -> str:
        """Verify the RPC signature, HMAC-SHA1 over all parameters, and give the nonce."""
        given = call.parameters
        for name in ("AccessKeyId", "Signature", "SignatureNonce", "Timestamp"):
            if not given.get(name):
                raise Refusal("MissingParameter", f"The parameter {name} is missing.")
        if (given.get("SignatureMethod"), given.get("SignatureVersion")) != ("HMAC-SHA1", "1.0"):
            raise Refusal("InvalidParameter", "SignatureMethod: expected HMAC-SHA1, version 1.0.")
        self._know(given["AccessKeyId"], given.get("SecurityToken"))
        self._check_time(given["Timestamp"])
        # Of all that came: what stands there twice is not signed by standing there once.
        text = rpc_string_to_sign(call.method, call.query + call.form)
        if not _same(rpc_sign(self._key.access_key_secret, text), given["Signature"]):
            raise Refusal(
                "SignatureDoesNotMatch",
                "The signature is not the one that was calculated. server string to sign is:"
                + text,
            )
        return given["SignatureNonce"]

    def _know(self, access_key_id: str, token: str | None) -> None:
        if access_key_id != self._key.access_key_id:
            raise Refusal("InvalidAccessKeyId.NotFound")
        if (token or None) != self._key.security_token:
            raise Refusal("InvalidSecurityToken.Mismatch")

    def _check_time(self, text: str) -> None:
        try:
            then = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
        except (ValueError, OverflowError):
            raise Refusal("InvalidTimeStamp.Format") from None
        if abs(self._clock() - then) > SKEW:
            raise Refusal("InvalidTimeStamp.Expired")

    def _use(self, nonce: str, now: float) -> None:
        # Older ones need no remembering: their requests' own time is refused by then.
        while self._nonces and next(iter(self._nonces.values())) < now - 2 * SKEW:
            self._nonces.popitem(last=False)
        if nonce in self._nonces:
            raise Refusal("SignatureNonceUsed")
        self._nonces[nonce] = now

    def _count(self, now: float) -> None:
        # Those of later come from before this machine's clock was set back.
        while self._let_in and not now - 1 < self._let_in[0] <= now:
            self._let_in.popleft()
        if len(self._let_in) >= self._most:
            free = self._let_in[0] + 1 - now
            after = {"x-acs-retry-after": str(max(1, math.ceil(free * 1000)))}
            raise Refusal("Throttling.User", headers=after)
        self._let_in.append(now)


def rpc_string_to_sign(method: str, parameters: Iterable[tuple[str, str]]) -> str:
    """Give the text that a signature of the older kind is made of."""
    query = canonical_query((k, v) for k, v in parameters if k != "Signature")
    return f"{method}&%2F&{quote(query, safe='~')}"


def rpc_sign(secret: str, text: str) -> str:
    """Give the signature of the older kind: HMAC-SHA1, in base64."""
    # SHA-1 is what this protocol is made of; nothing here is kept safe by it.
    made = hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1)
    return base64.b64encode(made.digest()).decode()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
