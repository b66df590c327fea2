"""What the cloud replied: an answer or which error, and what the error says."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, quote_plus

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarttag_nb import cloud
from smarttag_nb.cloud.operations import OPERATIONS
from smarttag_nb.cloud.replies import Answer, Asked, judge, redacted
from smarttag_nb.cloud.retry import Failure
from smarttag_nb.cloud.wire import Reply
from smarttag_nb.errors import (
    AccessDenied,
    BadAnswer,
    BadRequest,
    BadSignature,
    CloudError,
    NotFound,
    ServerError,
    Throttled,
)
from smarttag_nb.readers.document import CUT

KEY = cloud.Credentials("LTAI5tCanaryId", "Canary+Secret/1==", "Canary+Token/2==")


def asked(name: str = "QuerySmarttagJob") -> Asked:
    return Asked(OPERATIONS[name], "ice", "cn-shanghai", KEY)


def error_of(body: Any, status: int = 400, **headers: str) -> CloudError:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    failure = judge(Reply(status, headers, raw), asked())
    assert isinstance(failure, Failure)
    return failure.error


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "Throttling", Throttled),
        (400, "Throttling.User", Throttled),
        (429, "Throttling.Api", Throttled),
        (200, "Throttling.User", Throttled),
        (500, "InternalError", ServerError),
        (503, "ServiceUnavailable", ServerError),
        (503, "SomethingNew", ServerError),
        (400, "SignatureDoesNotMatch", BadSignature),
        (400, "InvalidTimeStamp.Expired", BadSignature),
        (400, "SignatureNonceUsed", BadSignature),
        (404, "InvalidAccessKeyId.NotFound", BadSignature),
        (403, "InvalidAccessKeyId.Inactive", BadSignature),
        (400, "InvalidSecurityToken.Expired", BadSignature),
        (400, "MissingParameter", BadRequest),
        (400, "MissingJobId", BadRequest),
        (400, "InvalidParameter.JobId", BadRequest),
        (404, "InvalidAction.NotFound", BadRequest),
        (404, "JobNotFound", NotFound),
        (400, "JobNotFound", NotFound),
        (400, "InvalidJob.NotFound", NotFound),
        (403, "Forbidden.RAM", AccessDenied),
        (403, "NoPermission", AccessDenied),
        (400, "OperationDenied.Suspended", AccessDenied),
        (403, "SomethingNew", AccessDenied),
        (418, "SomethingNew", BadRequest),
        (200, "SomethingNew", CloudError),
    ],
)
def test_the_code_tells_the_error_and_the_status_where_it_is_new(
    status: int, code: str, kind: type[CloudError]
) -> None:
    error = error_of({"RequestId": "R1", "Code": code, "Message": "Why."}, status)
    assert type(error) is kind
    assert (error.code, error.message, error.request_id, error.status) == (
        code,
        "Why.",
        "R1",
        status,
    )


def test_an_envelope_may_be_in_lower_case() -> None:
    error = error_of({"requestId": "R1", "code": "JobNotFound", "message": "none"}, 404)
    assert isinstance(error, NotFound)
    assert (error.request_id, error.message) == ("R1", "none")


def test_a_success_without_a_status_is_an_error() -> None:
    assert isinstance(error_of({"Code": "JobNotFound", "Message": "none"}, 200), NotFound)
    assert error_of({"RequestId": "R1"}, 200).code == "NoStatus"
    assert error_of({"JobStatus": 7}, 200).code == "NoStatus"


@pytest.mark.parametrize("key", ["JobStatus", "jobStatus"])
def test_an_answer_has_its_status(key: str) -> None:
    body = json.dumps({key: "Processing", "Code": "200", "Message": "OK"}).encode()
    assert judge(Reply(200, {}, body), asked()) == Answer(body, "Processing")


def test_an_answer_may_hold_what_json_does_not_allow() -> None:
    body = b'\xef\xbb\xbf{"JobStatus": "Success", "UserData": "\\ud800\t\xff", "n": NaN}'
    assert judge(Reply(200, {}, body), asked()) == Answer(body, "Success")


@pytest.mark.parametrize(
    ("body", "status", "code", "message"),
    [
        (b'{"JobStatus": "Success", "Results": {"Result": [', 200, "CutShort", "breaks off"),
        (b"<html><title>Login</title></html>", 200, "WrongType", "a page of HTML"),
        (b"<QuerySmarttagJobResponse/>", 200, "WrongType", "XML"),
        (b"[1]", 200, "WrongType", "a list"),
        (b"", 200, "CutShort", "breaks off"),
        (b" \n", 200, "CutShort", "breaks off"),
        (b"hello", 200, "WrongType", "something else"),
        (b"[" * 100_000, 200, "WrongType", "a list"),
        (b'{"JobStatus":' * 100_000, 200, "CutShort", "broken"),
        (b"", 302, "Redirected", "not followed"),
    ],
)
def test_what_is_no_answer_is_told(body: bytes, status: int, code: str, message: str) -> None:
    error = error_of(body, status)
    assert isinstance(error, BadAnswer)
    assert error.code == code
    assert message in error.message


def test_an_error_in_xml_is_read() -> None:
    page = (
        b"<?xml version='1.0'?><Error><RequestId>R1</RequestId><HostId>h</HostId>"
        b"<Code>Throttling.User</Code><Message>Slow &amp; steady</Message></Error>"
    )
    error = error_of(page)
    assert isinstance(error, Throttled)
    assert (error.message, error.request_id) == ("Slow & steady", "R1")


def test_an_error_page_is_told_by_its_title() -> None:
    error = error_of(b"<html><head><title>502 Bad Gateway</title></head></html>", 502)
    assert isinstance(error, ServerError)
    assert str(error) == ("HTTP502 (HTTP 502): a page of HTML, '502 Bad Gateway'. Ask again later.")


def test_the_request_id_may_stand_in_a_header() -> None:
    assert error_of(b"", 503, **{"x-acs-request-id": "R2"}).request_id == "R2"


@pytest.mark.parametrize(
    ("operation", "code", "hint"),
    [
        ("QuerySmarttagJob", "NoPermission", "Grant the key's user the RAM action ice:QuerySmart"),
        ("SubmitVideoCognitionJob", "NoPermission", "action ice:SubmitVideoCognitionJob."),
        ("QuerySmarttagJob", "JobNotFound", "180 days"),
        ("GetSmartHandleJob", "JobNotFound", "one year"),
        ("QuerySmarttagJob", "JobNotFound", "runs in cn-beijing, cn-hangzhou, cn-shanghai"),
        ("QuerySmarttagJob", "Throttling.User", "lower rate="),
        ("QuerySmarttagJob", "SignatureDoesNotMatch", "check the secret"),
        ("QuerySmarttagJob", "InvalidAccessKeyId.NotFound", "Check the access key's id"),
        ("QuerySmarttagJob", "InvalidSecurityToken.Expired", "get a new one"),
        ("QuerySmarttagJob", "InvalidTimeStamp.Expired", "Set this machine's clock"),
    ],
)
def test_a_hint_says_what_helps(operation: str, code: str, hint: str) -> None:
    body = json.dumps({"Code": code, "Message": "no"}).encode()
    failure = judge(Reply(403, {}, body), asked(operation))
    assert isinstance(failure, Failure)
    assert hint in str(failure.error)


def test_the_action_that_the_cloud_names_is_the_one_to_grant() -> None:
    detail = {"AuthAction": "ice:Other", "AuthPrincipalDisplayName": "1234"}
    body = {"Code": "NoPermission", "Message": "no", "AccessDeniedDetail": detail}
    assert "RAM action ice:Other." in error_of(body, 403).hint
    detail["AuthAction"] = "\x1b[31m anything"
    assert "RAM action ice:QuerySmarttagJob." in error_of(body, 403).hint


def test_a_clock_that_is_off_is_told_by_how_much() -> None:
    body = {"Code": "InvalidTimeStamp.Expired", "Message": "no"}
    error = error_of(body, 400, date="Wed, 21 Oct 2015 07:28:00 GMT")
    assert "minutes fast; 15 minutes are tolerated" in error.hint


FORMS = [
    lambda part: part,
    lambda part: quote(part, safe=""),
    lambda part: quote(part, safe="").lower(),
    quote_plus,
    lambda part: quote(quote(part, safe=""), safe=""),
    str.upper,
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("where", ["Code", "Message", "RequestId"])
def test_a_key_that_is_echoed_is_taken_out(where: str, form: Any) -> None:
    for part in (KEY.access_key_id, KEY.access_key_secret, str(KEY.security_token)):
        told = {"Code": "Odd", "Message": "m", where: f"<{form(part)}> and {form(part)}"}
        error = error_of(told)
        assert form(part) not in f"{error} {error!r} {error.args}"
        assert "hidden" in str(error)


@pytest.mark.parametrize(
    "echo",
    [
        "Specified signature is not matched with our calculation. server string to sign is:{}",
        "The signature does not match. StringToSign: {}",
        "CanonicalRequest is {}",
    ],
)
def test_the_string_to_sign_is_taken_out(echo: str) -> None:
    signed = "ACS3-HMAC-SHA256\n" + "7ea06492" * 8 + "\nx-acs-security-token:abc"
    told = error_of({"Code": "SignatureDoesNotMatch", "Message": echo.format(signed)}).message
    assert "7ea06492" not in told
    assert "abc" not in told
    assert told.endswith(": <hidden>")


def test_a_digest_anywhere_is_taken_out() -> None:
    assert redacted("got 06563a9e1b43f5dfe96b81484da74bceab24a1d8, why", KEY) == (
        "got <hidden>, why"
    )


def test_a_long_message_is_cut() -> None:
    assert len(error_of({"Code": "Odd", "Message": "m" * 9_000}).message) == 500


def test_an_answer_that_holds_the_secret_is_kept_nowhere() -> None:
    for part in (KEY.access_key_secret, KEY.security_token):
        error = error_of({"JobStatus": "Success", "UserData": part}, 200)
        assert error.code == "HoldsCredentials"
        assert str(part) not in repr(error)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(
    st.integers(200, 599),
    st.binary()
    | st.dictionaries(
        st.sampled_from(["Code", "Message", "RequestId", "JobStatus", "AccessDeniedDetail"]),
        anything,
    ).map(lambda told: json.dumps(told).encode()),
)
def test_whatever_comes_is_an_answer_or_an_error(status: int, body: bytes) -> None:
    outcome = judge(Reply(status, {"date": "no"}, body), asked())
    assert isinstance(outcome, (Answer, Failure))
    if isinstance(outcome, Failure):
        assert str(outcome.error).isprintable()


def test_what_breaks_off_is_told_by_these_words() -> None:
    with pytest.raises(msgspec.DecodeError, match=f"^{CUT}$"):
        msgspec.json.decode(b'{"JobStatus": "Success", "Results": [')
