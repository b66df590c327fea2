from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from smarttag_nb.cloud.credentials import Credentials
from smarttag_nb.emulator.calls import Call
from smarttag_nb.emulator.gate import Gate, rpc_sign, rpc_string_to_sign
from smarttag_nb.emulator.refusals import Refusal
from tests.emulator.asking import signed, stamp

NOW = 1_790_000_000.0
KEY = Credentials("testid", "testsecret")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def gate(rate: int = 100, key: Credentials = KEY, clock: Any = lambda: NOW) -> Gate:
    return Gate(key, rate, clock)


def call(method: str = "POST", form: bytes = b"", **how: Any) -> Call:
    parameters = how.pop("parameters", {"JobId": "雪 ~/+*%&=é"})
    operation = how.pop("operation", "QuerySmarttagJob")
    path, headers = signed(
        "here", operation, parameters, method=method, body=form, **{"at": NOW, **how}
    )
    return Call.read(method, headers, path[2:].encode(), form)


def rpc(method: str = "GET", form: bool = False, **changed: str) -> Call:
    given = {
        "Action": "QuerySmarttagJob",
        "Version": "2014-06-18",
        "JobId": "雪 ~/+*%&=é",
        "AccessKeyId": "testid",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid.uuid4().hex,
        "Timestamp": stamp(NOW),
        **changed,
    }
    given["Signature"] = rpc_sign("testsecret", rpc_string_to_sign(method, given.items()))
    encoded = urlencode(given).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"} if form else {}
    return Call.read(method, headers, b"" if form else encoded, encoded if form else b"")


def refusal(call: Call, at: Gate) -> Refusal:
    with pytest.raises(Refusal) as caught:
        at.admit(call)
    return caught.value


def changed(call: Call, **headers: str) -> Call:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Call(call.method, {**call.headers, **named}, call.query, call.form, call.body)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_both_kinds_of_signature_are_let_in(method: str) -> None:
    door = gate()
    door.admit(call(method))
    door.admit(rpc(method))
    door.admit(rpc("POST", form=True))


def test_the_published_string_of_the_older_kind_is_reproduced() -> None:
    given = parse_qsl("Action=A&Format=JSON&Name=a b*c~/é&Signature=left+away")
    assert rpc_string_to_sign("GET", given) == (
        "GET&%2F&Action%3DA%26Format%3DJSON%26Name%3Da%2520b%252Ac~%252F%25C3%25A9"
    )


def test_a_signed_form_is_let_in_and_a_changed_one_is_not() -> None:
    beside = {"content-type": "application/x-www-form-urlencoded"}
    whole = call(form=b"JobId=magazine", beside=beside)
    gate().admit(whole)
    assert whole.parameters["JobId"] == "magazine"
    other = Call.read("POST", whole.headers, b"", b"JobId=other")
    assert refusal(other, gate()).code == "SignatureDoesNotMatch"


def test_a_wrong_secret_is_told_what_was_to_sign() -> None:
    made = call(key=("testid", "wrong"), nonce="n1")
    told = refusal(made, gate())
    assert told.code == "SignatureDoesNotMatch"
    assert "server StringToSign is [ACS3-HMAC-SHA256\n" in told.message
    assert "x-acs-signature-nonce:n1\n" in told.message
    told = refusal(rpc(), gate(key=Credentials("testid", "other")))
    assert "server string to sign is:GET&%2F&AccessKeyId%3Dtestid%26" in told.message


@pytest.mark.parametrize(
    "header", ["x-acs-action", "x-acs-version", "host", "x-acs-content-sha256"]
)
def test_whatever_is_changed_after_signing_is_seen(header: str) -> None:
    other = changed(call(), **{header: "QueryVideoCognitionJob"})
    assert refusal(other, gate()).code == "SignatureDoesNotMatch"


def test_a_header_of_the_protocol_that_is_not_signed_is_seen() -> None:
    assert refusal(changed(call(), x_acs_more="1"), gate()).code == "SignatureDoesNotMatch"


def test_a_content_type_that_is_sent_has_to_be_signed() -> None:
    other = changed(call(), content_type="application/json")
    assert refusal(other, gate()).code == "SignatureDoesNotMatch"
    gate().admit(call(beside={"content-type": "application/json"}))


def test_a_digest_that_is_not_the_bodys_is_seen() -> None:
    made = call(beside={"x-acs-content-sha256": "0" * 64})
    assert refusal(made, gate()).code == "SignatureDoesNotMatch"


@pytest.mark.parametrize("name", ["host", "x-acs-action", "x-acs-date", "x-acs-version"])
def test_a_signature_over_too_few_headers_is_refused(name: str) -> None:
    made = call(unsigned=name)
    assert name in made.headers
    assert refusal(made, gate()).code == "SignatureDoesNotMatch"


@pytest.mark.parametrize("place", ["before", "after", "body"])
@pytest.mark.parametrize("value", ["other", "雪 ~/+*%&=é"])
def test_a_parameter_added_to_the_older_kind_is_seen(place: str, value: str) -> None:
    made = rpc("POST")
    added = (("JobId", value),)
    query = {"before": added + made.query, "after": made.query + added, "body": made.query}[place]
    form = added if place == "body" else ()
    other = Call(made.method, made.headers, query, form, made.body)
    assert refusal(other, gate()).code == "SignatureDoesNotMatch"


def test_the_older_kind_may_stand_in_query_and_body() -> None:
    made = rpc("POST")
    gate().admit(Call(made.method, made.headers, made.query[:4], made.query[4:], b""))


def test_a_nonce_serves_once_in_whichever_kind() -> None:
    door = gate()
    door.admit(call(nonce="one"))
    assert refusal(call(nonce="one"), door).code == "SignatureNonceUsed"
    assert refusal(rpc(SignatureNonce="one"), door).code == "SignatureNonceUsed"


def test_a_nonce_that_was_not_signed_rightly_is_not_used_up() -> None:
    door = gate()
    refusal(call(nonce="one", key=("testid", "wrong")), door)
    door.admit(call(nonce="one"))


def test_a_nonce_is_remembered_for_as_long_as_its_time_is_taken() -> None:
    clock = Clock()
    door = gate(clock=clock)
    # Of a clock that is ahead, so that it is taken for twice as long.
    first = call(at=NOW + 899)
    door.admit(first)
    for clock.now in (NOW + 1, NOW + 1798):
        door.admit(call(at=clock.now))
        assert refusal(first, door).code == "SignatureNonceUsed"


def test_nonces_are_forgotten_when_their_time_is_refused_anyway() -> None:
    clock = Clock()
    door = gate(clock=clock)
    for _ in range(50):
        door.admit(call(at=clock.now))
        clock.now += 60
    assert len(door._nonces) <= 31


@pytest.mark.parametrize("off", [-901, 901])
def test_a_clock_that_is_off_is_refused(off: float) -> None:
    assert refusal(call(at=NOW + off), gate()).code == "InvalidTimeStamp.Expired"
    assert refusal(rpc(Timestamp=stamp(NOW + off)), gate()).code == "InvalidTimeStamp.Expired"


@pytest.mark.parametrize("off", [-899, 899])
def test_a_clock_a_little_off_is_let_in(off: float) -> None:
    gate().admit(call(at=NOW + off))


@pytest.mark.parametrize("text", ["now", "2026-01-01", "0000-00-00T00:00:00Z"])
def test_a_time_that_is_none_is_refused(text: str) -> None:
    assert refusal(rpc(Timestamp=text), gate()).code == "InvalidTimeStamp.Format"
    assert refusal(changed(call(), x_acs_date=text), gate()).code == "InvalidTimeStamp.Format"


def test_an_unknown_key_is_refused() -> None:
    made = call(key=("nobody", "testsecret"))
    assert refusal(made, gate()).code == "InvalidAccessKeyId.NotFound"
    assert refusal(rpc(AccessKeyId="nobody"), gate()).code == "InvalidAccessKeyId.NotFound"


def test_a_security_token_is_asked_for_where_the_key_has_one() -> None:
    beside = {"x-acs-accesskey-id": "testid", "x-acs-security-token": "token"}
    door = gate(key=Credentials("testid", "testsecret", "token"))
    door.admit(call(beside=beside))
    door.admit(rpc(SecurityToken="token"))
    assert refusal(call(), door).code == "InvalidSecurityToken.Mismatch"
    assert refusal(call(beside=beside), gate()).code == "InvalidSecurityToken.Mismatch"


@pytest.mark.parametrize(
    ("name", "value"), [("SignatureMethod", "HMAC-SHA256"), ("SignatureVersion", "2.0")]
)
def test_other_methods_of_the_older_kind_are_refused(name: str, value: str) -> None:
    assert refusal(rpc(**{name: value}), gate()).code == "InvalidParameter"


def test_what_is_not_signed_is_told_what_is_missing() -> None:
    told = refusal(Call.read("GET", {}, b"Action=QuerySmarttagJob", b""), gate())
    assert (told.code, told.message) == (
        "MissingParameter",
        "The parameter AccessKeyId is missing.",
    )
    told = refusal(Call.read("GET", {"x-acs-action": "QuerySmarttagJob"}, b"", b""), gate())
    assert told.code == "MissingParameter"


def test_a_tenth_more_than_the_limit_is_let_in_within_a_sliding_second() -> None:
    clock = Clock()
    door = gate(rate=100, clock=clock)
    for number in range(110):
        clock.now = NOW + number / 1000
        door.admit(call())
    told = refusal(call(), door)
    assert told.code == "Throttling.User"
    # The first of them leaves the window one second after it came, .109 s ago.
    assert int(told.headers["x-acs-retry-after"]) in (891, 892)
    clock.now = NOW + 1.0001
    door.admit(call())
    assert refusal(call(), door).code == "Throttling.User"


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    clock = Clock()
    door = gate(rate=10, clock=clock)
    for _ in range(11):
        door.admit(call())
    clock.now -= 600
    door.admit(call(at=clock.now))


def test_what_is_refused_does_not_count() -> None:
    door = gate(rate=10)
    for _ in range(50):
        refusal(call(key=("testid", "wrong")), door)
    for _ in range(11):
        door.admit(call())


def test_the_envelope_is_the_gateways() -> None:
    told = json.loads(Refusal("JobNotFound").body("ID", "mts.cn-shanghai.aliyuncs.com"))
    assert list(told) == ["RequestId", "Message", "Recommend", "HostId", "Code"]
    assert (told["Code"], told["RequestId"]) == ("JobNotFound", "ID")
