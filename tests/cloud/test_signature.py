"""Signature version 3: the published example, and what the official SDKs put on the wire."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
from alibabacloud_ice20201109 import models as ice
from alibabacloud_ice20201109.client import Client as Ice
from alibabacloud_mts20140618 import models as mts
from alibabacloud_mts20140618.client import Client as Mts
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_openapi.utils import Utils
from hypothesis import given
from hypothesis import strategies as st

from smarttag_nb import cloud
from smarttag_nb.cloud import signature
from smarttag_nb.cloud.signature import Signature, canonical_query
from tests.cloud.loopback import Request, Server, answer, serving

DATE, NONCE = "2026-11-21T03:04:05Z", "a1b2c3"
ODD = "a b~+/%'\"&=*!()<>\\中文，😀\t?#%20"
KEYS = [("testid", "testsecret"), ("STS.testid", "testsecret", "to+ken/==")]


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signature, "_date", lambda: DATE)
    monkeypatch.setattr(signature, "_nonce", lambda: NONCE)
    monkeypatch.setattr(Utils, "get_timestamp", lambda: DATE)
    monkeypatch.setattr(Utils, "get_nonce", lambda: NONCE)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def test_the_published_example_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signature, "_date", lambda: "2023-10-26T10:22:32Z")
    monkeypatch.setattr(signature, "_nonce", lambda: "3156853299f313e23d1673dc12e1703d")
    signed = requests.Request(
        "POST",
        "https://ecs.cn-shanghai.aliyuncs.com/?RegionId=cn-shanghai"
        "&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
        headers={"x-acs-action": "RunInstances", "x-acs-version": "2014-05-26"},
        auth=Signature(cloud.Credentials("YourAccessKeyId", "YourAccessKeySecret")),
    ).prepare()
    assert signed.headers["Authorization"] == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
        "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


Call = Callable[[Any], object]

OPERATIONS: dict[str, tuple[Any, Call, Call]] = {
    "ice QuerySmarttagJob": (
        Ice,
        lambda sdk: sdk.query_smarttag_job(
            ice.QuerySmarttagJobRequest(job_id=ODD, params='{"labelResultType":"hmi"}')
        ),
        lambda client: client.query(ODD, "hmi"),
    ),
    "ice QueryVideoCognitionJob": (
        Ice,
        lambda sdk: sdk.query_video_cognition_job(
            ice.QueryVideoCognitionJobRequest(
                job_id=ODD,
                params='{"odd":"中 ~"}',
                include_results=ice.QueryVideoCognitionJobRequestIncludeResults(
                    need_asr=True, need_ocr=False, need_process=True
                ),
            )
        ),
        lambda client: client.query_cognition(ODD, ocr=False, process=True, params={"odd": "中 ~"}),
    ),
    "ice GetSmartHandleJob": (
        Ice,
        lambda sdk: sdk.get_smart_handle_job(ice.GetSmartHandleJobRequest(job_id=ODD)),
        lambda client: client.query_smart_handle(ODD),
    ),
    "ice SubmitSmarttagJob": (
        Ice,
        lambda sdk: sdk.submit_smarttag_job(
            ice.SubmitSmarttagJobRequest(
                title=ODD,
                input=ice.SubmitSmarttagJobRequestInput(type="OSS", media="oss://b/" + ODD),
                params='{"needAsrData":true,"nlpParams":{"sourceLanguage":"cn"}}',
                schedule_config=ice.SubmitSmarttagJobRequestScheduleConfig(
                    pipeline_id="p 1", priority="6"
                ),
                notify_url="https://a.example/?b=c&d",
                template_id="t",
                template_config='{"FaceCategoryIds":"a,b"}',
                user_data=ODD,
            )
        ),
        lambda client: client.submit(
            "oss://b/" + ODD,
            ODD,
            params={"needAsrData": True, "nlpParams": {"sourceLanguage": "cn"}},
            pipeline="p 1",
            priority=6,
            notify_url="https://a.example/?b=c&d",
            template="t",
            template_config={"FaceCategoryIds": "a,b"},
            user_data=ODD,
        ),
    ),
    "ice SubmitVideoCognitionJob": (
        Ice,
        lambda sdk: sdk.submit_video_cognition_job(
            ice.SubmitVideoCognitionJobRequest(
                title=ODD,
                input=ice.SubmitVideoCognitionJobRequestInput(type="Media", media="c5c62d8f"),
                user_data='{"a":"é"}',
            )
        ),
        lambda client: client.submit(
            "c5c62d8f", ODD, operation="SubmitVideoCognitionJob", user_data={"a": "é"}
        ),
    ),
    "mts QuerySmarttagJob": (
        Mts,
        lambda sdk: sdk.query_smarttag_job(mts.QuerySmarttagJobRequest(job_id=ODD)),
        lambda client: client.query(ODD),
    ),
    "mts SubmitSmarttagJob": (
        Mts,
        lambda sdk: sdk.submit_smarttag_job(
            mts.SubmitSmarttagJobRequest(
                title=ODD, input=ODD, pipeline_id="p", priority="0", params='{"needOcrData":true}'
            )
        ),
        lambda client: client.submit(
            ODD, ODD, pipeline="p", priority=0, params={"needOcrData": True}
        ),
    ),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    def script(request: Request) -> Any:
        return answer(JobStatus="Fail", State="Failed", JobId="88e6", RequestId="1")

    with serving(script) as running:
        yield running


@pytest.mark.parametrize("key", KEYS, ids=["key", "sts"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_the_official_sdk_sends_the_same(name: str, key: Any, server: Server) -> None:
    product = name.split()[0]
    sdk, ask_sdk, ask_ours = OPERATIONS[name]
    ask_sdk(
        sdk(
            Config(
                **dict(zip(("access_key_id", "access_key_secret", "security_token"), key)),  # noqa: B905
                endpoint=server.endpoint,
                protocol="HTTP",
                region_id="cn-shanghai",
            )
        )
    )
    theirs = server.requests[-1]
    with cloud.Client(product, credentials=key, endpoint=server.endpoint) as client:  # type: ignore[arg-type]
        ask_ours(client)
    ours = server.requests[-1]
    assert (ours.method, ours.target) == (theirs.method, theirs.target)

    # What the SDK says of itself is signed as well: with it, all is the same to the last byte.
    names = re.search("SignedHeaders=(.*?),", theirs.headers["authorization"])[1].split(";")  # type: ignore[index]
    own = {"user-agent", "x-acs-credentials-provider"}
    assert {n: ours.headers.get(n) for n in names if n not in own} == {
        n: theirs.headers[n] for n in names if n not in own
    }
    signed = requests.Request(
        ours.method,
        f"http://{server.endpoint}{ours.target}",
        headers={n: theirs.headers[n] for n in own}
        | {n: ours.headers[n] for n in set(names) - own},
        auth=Signature(cloud.Credentials(*key)),
    ).prepare()
    assert signed.path_url == theirs.target
    assert {n: signed.headers[n] for n in names} == {n: theirs.headers[n] for n in names}
    assert signed.headers["Authorization"] == theirs.headers["authorization"]


def test_every_call_has_a_nonce_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    request = requests.Request("POST", "http://a.example/?b=c")
    sign = Signature(cloud.Credentials("testid", "testsecret"))
    prepared = request.prepare()
    seen = [sign(prepared).headers["x-acs-signature-nonce"] for _ in range(100)]
    assert len(set(seen)) == 100


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=4))
def test_what_is_signed_is_what_a_gateway_reads_back(parameters: list[tuple[str, str]]) -> None:
    url = requests.Request("POST", "http://a.example/", params=parameters).prepare().url or ""
    read = parse_qsl(url.partition("?")[2], keep_blank_values=True)
    assert canonical_query(read) == canonical_query(parameters)
    assert re.fullmatch(r"[A-Za-z0-9._~%=&-]*", canonical_query(read))


def test_a_port_is_part_of_the_host() -> None:
    prepared = requests.Request(
        "POST", "http://127.0.0.1:8765/", auth=Signature(cloud.Credentials("testid", "testsecret"))
    ).prepare()
    assert prepared.headers["host"] == "127.0.0.1:8765"


def test_a_body_is_covered_by_its_digest() -> None:
    prepared = requests.Request(
        "POST",
        "http://a.example/",
        data={"a": "b"},
        auth=Signature(cloud.Credentials("testid", "testsecret")),
    ).prepare()
    assert prepared.headers["x-acs-content-sha256"].startswith("42144f39")
    assert "content-type" in prepared.headers["Authorization"]
