"""The official SDKs take the emulator for the cloud."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smarttag_nb import emulator, load, samples

# What the SDKs and their parts warn of is theirs.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def config(endpoint: str, **key: str) -> Any:
    from alibabacloud_tea_openapi.utils_models import Config

    given = {"access_key_id": "testid", "access_key_secret": "testsecret", **key}
    return Config(endpoint=endpoint, protocol="HTTP", **given)


def ice(endpoint: str, **key: str) -> Any:
    from alibabacloud_ice20201109.client import Client

    return Client(config(endpoint, **key))


def mts(endpoint: str) -> Any:
    from alibabacloud_mts20140618.client import Client

    return Client(config(endpoint))


def core(
    endpoint: str, request: Any, method: str, secret: str = "testsecret", sts: Any = None
) -> Any:
    from aliyunsdkcore.client import AcsClient

    request.set_endpoint(endpoint)
    request.set_method(method)
    request.set_protocol_type("http")
    client = AcsClient(credential=sts) if sts else AcsClient("testid", secret)
    return json.loads(client.do_action_with_exception(request))


def test_ice_gets_a_tagging_job(endpoint: emulator.Endpoint) -> None:
    from alibabacloud_ice20201109 import models

    request = models.QuerySmarttagJobRequest(job_id="magazine")
    body = ice(endpoint).query_smarttag_job(request).body
    assert isinstance(body, models.QuerySmarttagJobResponseBody)
    assert body.job_status == "Success"
    saved = samples.load("magazine", "smarttag")
    assert load(body).labels.equals(saved.labels)
    assert load(body).speech.equals(saved.speech)
    request = models.QuerySmarttagJobRequest(job_id="magazine", params='{"labelResultType":"hmi"}')
    body = ice(endpoint).query_smarttag_job(request).body
    assert body.results.result[0].data.startswith('{"type":"hmi"')


def test_ice_gets_a_cognition_job(endpoint: emulator.Endpoint) -> None:
    from alibabacloud_ice20201109 import models

    needs = models.QueryVideoCognitionJobRequestIncludeResults(need_asr=True, need_ocr=True)
    request = models.QueryVideoCognitionJobRequest(job_id="magazine", include_results=needs)
    body = ice(endpoint).query_video_cognition_job(request).body
    assert [result.type for result in body.results.result] == [
        *("VideoLabel", "TextLabel", "ASR", "OCR", "NLP")
    ]
    assert body.input.media == "oss://footage.example/morning-notes.mp4"


def test_ice_gets_a_smart_handle_job(endpoint: emulator.Endpoint) -> None:
    from alibabacloud_ice20201109 import models

    request = models.GetSmartHandleJobRequest(job_id="magazine")
    body = ice(endpoint).get_smart_handle_job(request).body
    assert (body.state, body.job_id) == ("Finished", "magazine")
    assert body.smart_job_info.job_type == "ASR"


def test_ice_submits_both_kinds_of_jobs(endpoint: emulator.Endpoint) -> None:
    from alibabacloud_ice20201109 import models

    media = models.SubmitSmarttagJobRequestInput(type="OSS", media="oss://b/晨间 ~*+.mp4")
    request = models.SubmitSmarttagJobRequest(title="晨 &=%", input=media, user_data="我们")
    job_id = ice(endpoint).submit_smarttag_job(request).body.job_id
    query = models.QuerySmarttagJobRequest(job_id=job_id)
    body = ice(endpoint).query_smarttag_job(query).body
    assert (body.job_status, body.user_data) == ("Submitted", "我们")
    given = models.SubmitVideoCognitionJobRequestInput(type="URL", media="https://b/a.mp4")
    request = models.SubmitVideoCognitionJobRequest(title="a", input=given)
    assert len(ice(endpoint).submit_video_cognition_job(request).body.job_id) == 32


def test_mts_gets_and_submits(endpoint: emulator.Endpoint) -> None:
    from alibabacloud_mts20140618 import models

    request = models.QuerySmarttagJobRequest(job_id="magazine")
    body = mts(endpoint).query_smarttag_job(request).body
    assert isinstance(body, models.QuerySmarttagJobResponseBody)
    assert load(body).labels.equals(samples.load("magazine", "mts").labels)
    request = models.SubmitSmarttagJobRequest(
        input='{"Bucket":"b","Location":"l","Object":"failed.mp4"}', pipeline_id="p", title="t"
    )
    assert len(mts(endpoint).submit_smarttag_job(request).body.job_id) == 32


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_older_sdk_gets_and_submits(endpoint: emulator.Endpoint, method: str) -> None:
    from aliyunsdkmts.request.v20140618 import QuerySmarttagJobRequest as query
    from aliyunsdkmts.request.v20140618 import SubmitSmarttagJobRequest as submit

    request = query.QuerySmarttagJobRequest()
    request.set_JobId("magazine")
    answer = core(endpoint, request, method)
    assert load(answer).labels.equals(samples.load("magazine", "mts").labels)
    request = submit.SubmitSmarttagJobRequest()
    request.set_Input("oss://b/晨间 ~*+.mp4")
    request.set_PipelineId("p")
    request.set_Title("晨 &=%~")
    assert len(core(endpoint, request, method)["JobId"]) == 32


def test_the_older_sdk_may_send_a_form(endpoint: emulator.Endpoint) -> None:
    from aliyunsdkcore.request import CommonRequest

    request = CommonRequest(version="2020-11-09", action_name="QueryVideoCognitionJob")
    request.add_body_params("JobId", "magazine")
    request.add_body_params("IncludeResults", '{"NeedAsr":true}')
    assert core(endpoint, request, "POST")["JobStatus"] == "Success"


def test_errors_are_read_as_the_clouds(endpoint: emulator.Endpoint) -> None:
    from alibabacloud_ice20201109 import models
    from alibabacloud_tea_openapi.exceptions import ClientException, ThrottlingException
    from aliyunsdkcore.acs_exception.exceptions import ServerException
    from aliyunsdkmts.request.v20140618 import QuerySmarttagJobRequest as query

    request = models.QuerySmarttagJobRequest(job_id="nobody")
    with pytest.raises(ClientException) as error:
        ice(endpoint).query_smarttag_job(request)
    assert (error.value.code, error.value.status_code) == ("JobNotFound", 404)
    with pytest.raises(ClientException) as error:
        ice(endpoint, access_key_secret="wrong").query_smarttag_job(request)
    assert error.value.code == "SignatureDoesNotMatch"
    asked = query.QuerySmarttagJobRequest()
    asked.set_JobId("magazine")
    with pytest.raises(ServerException) as told:
        core(endpoint, asked, "GET", secret="wrong")
    # The SDK compares what was to sign with its own, and finds only the secret wrong.
    assert told.value.get_error_code() in ("SignatureDoesNotMatch", "InvalidAccessKeySecret")
    with emulator.running(faults="Throttling.User") as throttling:
        with pytest.raises(ThrottlingException) as late:
            ice(throttling).query_smarttag_job(request)
        assert late.value.retry_after == 50


def test_a_token_is_taken_from_the_sdk() -> None:
    from alibabacloud_ice20201109 import models

    with emulator.running(key=("STS.id", "secret", "token+/=")) as endpoint:
        client = ice(
            endpoint,
            access_key_id="STS.id",
            access_key_secret="secret",
            security_token="token+/=",
        )
        request = models.QuerySmarttagJobRequest(job_id="magazine")
        assert client.query_smarttag_job(request).body.job_status == "Success"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_token_is_taken_from_the_older_sdk(method: str) -> None:
    from aliyunsdkcore.auth.credentials import StsTokenCredential
    from aliyunsdkmts.request.v20140618 import QuerySmarttagJobRequest as query

    with emulator.running(key=("STS.id", "secret", "token+/=")) as endpoint:
        request = query.QuerySmarttagJobRequest()
        request.set_JobId("magazine")
        sts = StsTokenCredential("STS.id", "secret", "token+/=")
        assert core(endpoint, request, method, sts=sts)["JobStatus"] == "Success"
