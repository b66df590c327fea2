"""A key with recognisable text: it is looked for wherever a call can leave something behind."""

from __future__ import annotations

import http.client
import logging
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from smarttag_nb import cloud
from smarttag_nb.cloud import retry
from smarttag_nb.errors import SmarttagError
from tests.cloud.canary import KEY, told
from tests.cloud.loopback import Request, Response, answer, serving


def echo(status: int, code: str) -> Callable[[Request], Response]:
    """An error that tells all that came: headers, target and the string to sign."""

    def script(request: Request) -> Response:
        came = " ".join(f"{name}: {value}" for name, value in request.headers.items())
        signed = f"string to sign is:POST\n/\n{request.target}\n{came}"
        # Once each by itself too, as no marker stands before it then.
        alone = f"{KEY.access_key_id} {KEY.security_token} {urlencode({'t': KEY.security_token})}"
        return answer(
            status,
            {"x-acs-request-id": KEY.access_key_id, "date": str(KEY.security_token)},
            Code=code,
            Message=f"{alone} {KEY.access_key_secret} {signed}",
            RequestId=f"R {KEY.security_token}",
            AccessDeniedDetail={"AuthAction": KEY.access_key_id, "x": KEY.security_token},
        )

    return script


def always(response: Response) -> Callable[[Request], Response]:
    return lambda _: response


FAULTS: dict[str, Callable[[Request], Response]] = {
    **{code: echo(400, code) for code in ("SignatureDoesNotMatch", "MissingParameter")},
    "InvalidTimeStamp.Expired": echo(400, "InvalidTimeStamp.Expired"),
    "SignatureNonceUsed": echo(400, "SignatureNonceUsed"),
    "NoPermission": echo(403, "NoPermission"),
    "JobNotFound": echo(404, "JobNotFound"),
    "Throttling": echo(429, "Throttling.User"),
    "InternalError": echo(500, "InternalError"),
    "a code that is the key": echo(400, KEY.access_key_secret),
    "200 that is an error": echo(200, "Odd"),
    "an answer that holds the token": always(
        answer(JobStatus="Success", UserData=KEY.security_token)
    ),
    "a page": always(Response(502, f"<title>{KEY.security_token}</title>".encode())),
    "XML": always(Response(400, f"<Code>A</Code><Message>{KEY.access_key_id}".encode())),
    "a redirect": always(Response(302, b"", {"Location": f"http://a/?{KEY.security_token}"})),
    "no JSON": always(Response(200, str(KEY.security_token).encode())),
    "broken JSON": always(Response(200, b'{"JobStatus":"' + str(KEY.security_token).encode())),
    "short": always(Response(200, str(KEY.security_token).encode(), cut=3)),
    "reset": always(Response(200, b"{}", cut=0)),
    "gzip cut": always(Response(200, b"\x1f\x8b\x08", {"Content-Encoding": "gzip"})),
    "odd coding": always(Response(200, b"CANARY", {"Content-Encoding": str(KEY.security_token)})),
    "success": always(answer(JobStatus="Success", Results={"Result": []})),
}

CALLS: dict[str, Callable[[cloud.Client], Any]] = {
    "query": lambda c: c.query("88e6"),
    "cognition": lambda c: c.query_cognition("88e6"),
    "many": lambda c: list(c.query_many(["88e6", "88e7"], workers=2)),
    "wait": lambda c: c.wait("88e6", timeout=5),
    "submit": lambda c: c.submit("oss://bucket/object", "title"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_byte_of_a_key_is_left_behind(
    fault: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(retry, "_BASE", 1e-5)
    monkeypatch.setattr(retry, "_FIRST_PAUSE", 1e-3)
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    for name in (None, "urllib3", "requests", "http.client", "smarttag_nb"):
        caplog.set_level(logging.DEBUG, logger=name)
    left: list[str] = []
    with (
        warnings.catch_warnings(record=True) as warned,
        serving(FAULTS[fault]) as server,
        cloud.Client(
            credentials=KEY, endpoint=server.endpoint, store=tmp_path / "jobs.sqlite", timeout=20
        ) as client,
    ):
        warnings.simplefilter("always")
        for call in CALLS.values():
            try:
                found = call(client)
            except SmarttagError as error:
                left.append(told(error, __file__))
            else:
                left.append(repr(found))
                if isinstance(found, list):
                    left += [
                        told(error, __file__)
                        for _, error in found
                        if isinstance(error, SmarttagError)
                    ]
        left += [repr(client), str(client), f"{vars(client)}"]
        stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        sent = {request.headers["x-acs-security-token"] for request in server.requests}
    stored += b"".join(file.read_bytes() for file in tmp_path.iterdir())
    left += [caplog.text, *(repr(vars(record)) for record in caplog.records)]
    left += [str(warning.message) for warning in warned]
    left += capfd.readouterr()
    assert sent == {KEY.security_token}  # What is looked for was there to be found.
    assert [text for text in left if "CANARY" in text.upper()] == []
    assert b"CANARY" not in stored.upper()


@pytest.mark.parametrize(
    "given",
    [
        {"product": "oss"},
        {"rate": 0},
        {"timeout": 0},
        {"endpoint": "a b"},
        {"store": "/nowhere/at/all"},
        {"credentials": "CANARYid:CANARYsecret"},
        {"credentials": ("CANARYid", "CANARYsecret", "CANARYtoken", "CANARY")},
        {"credentials": ("CANARYid", "CANARYsecret\n")},
        {"credentials": ("CANARY id", "CANARYsecret", "CANARYtoken")},
    ],
)
def test_a_refused_argument_shows_nothing_of_a_key(given: dict[str, Any]) -> None:
    key = (KEY.access_key_id, KEY.access_key_secret, KEY.security_token)
    with pytest.raises(SmarttagError) as e:
        cloud.Client(**{"credentials": key, **given})
    assert "CANARY" not in told(e.value, __file__)


def test_a_variable_that_is_no_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "CANARYid")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "CANARYsecret\n")
    with pytest.raises(SmarttagError) as e:
        cloud.Client().query("88e6")
    assert "CANARY" not in told(e.value, __file__)


def test_the_canary_would_be_seen(caplog: pytest.LogCaptureFixture) -> None:
    def leaking() -> None:
        secret = KEY.access_key_secret
        raise ValueError(len(secret))

    leaking.__code__ = leaking.__code__.replace(co_filename="elsewhere.py")
    with pytest.raises(ValueError, match="18") as e:
        leaking()
    assert "CANARYsecret" in told(e.value, __file__)
    logging.getLogger("urllib3").warning("%s", KEY.access_key_id)
    assert "CANARYid" in caplog.text
