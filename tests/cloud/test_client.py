"""The client, against a server on this machine."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import smarttag_nb as stag
from smarttag_nb import cloud, samples
from smarttag_nb.cloud import credentials, retry
from smarttag_nb.errors import (
    BadAnswer,
    InvalidArgument,
    JobFailed,
    MissingCredentials,
    NotFound,
    ServerError,
    Throttled,
    Timeout,
    Unreachable,
)
from tests.cloud.loopback import Request, Response, Server, answer, in_turn, serving

KEY = ("testid", "testsecret")
DONE = answer(JobStatus="Success", RequestId="R1", Results={"Result": []})
BUSY = answer(JobStatus="Processing", RequestId="R1")
AGAIN = answer(503, Code="ServiceUnavailable", Message="later")


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "_BASE", 1e-4)
    monkeypatch.setattr(retry, "_FIRST_PAUSE", 1e-3)


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = {thread.name for thread in threading.enumerate()}
    yield
    left = {thread.name for thread in threading.enumerate()} - before
    assert not {name for name in left if name.startswith(("smarttag", "tqdm"))}


def client_of(server: Server, **given: Any) -> cloud.Client:
    return cloud.Client(**{"credentials": KEY, "endpoint": server.endpoint, **given})


def test_a_job_is_read_as_from_a_file() -> None:
    body = samples.path("magazine", "smarttag").read_bytes()
    with serving(in_turn(Response(200, body))) as server, client_of(server) as client:
        job = client.query("88e6")
    assert job == stag.load(body, job_id="88e6")
    assert len(job.speech) > 0


@pytest.mark.parametrize(
    ("product", "ask", "action", "query"),
    [
        ("ice", lambda c: c.query("j"), "QuerySmarttagJob", {}),
        (
            "ice",
            lambda c: c.query("j", "auto"),
            "QuerySmarttagJob",
            {"Params": '{"labelResultType":"auto"}'},
        ),
        (
            "ice",
            lambda c: c.query_cognition("j", asr=False),
            "QueryVideoCognitionJob",
            {"IncludeResults": '{"NeedAsr":false,"NeedOcr":true,"NeedProcess":false}'},
        ),
        ("ice", lambda c: c.query_smart_handle("j"), "GetSmartHandleJob", {}),
        ("mts", lambda c: c.query("j"), "QuerySmarttagJob", {}),
    ],
)
def test_each_operation_is_asked_by_its_name(
    product: Any, ask: Any, action: str, query: dict[str, str]
) -> None:
    done = answer(JobStatus="Success", State="Finished")
    with serving(in_turn(done)) as server, client_of(server, product=product) as client:
        assert ask(client).job_id == "j"
        (request,) = server.requests
    assert request.method == "POST"
    assert request.query == {"JobId": "j", **query}
    assert request.headers["x-acs-action"] == action
    assert request.headers["x-acs-version"] == {"ice": "2020-11-09", "mts": "2014-06-18"}[product]


def test_every_attempt_is_signed_anew() -> None:
    with serving(in_turn(AGAIN, AGAIN, DONE)) as server, client_of(server) as client:
        assert client.query("j").status == "Success"
        nonces = {request.headers["x-acs-signature-nonce"] for request in server.requests}
    assert len(nonces) == 3


@pytest.mark.parametrize(
    "fault",
    [
        AGAIN,
        answer(500, Code="InternalError", Message="no"),
        answer(400, {"x-acs-retry-after": "1"}, Code="Throttling.User", Message="no"),
        answer(400, Code="SignatureNonceUsed", Message="no"),
        answer(200, Code="Throttling.User", Message="no"),
        Response(200, DONE.body, cut=0),
        Response(200, DONE.body, cut=20),
        Response(200, DONE.body[:20]),
        Response(200, b"\x1f\x8b\x08", {"Content-Encoding": "gzip"}),
        Response(502, b"<html>bad gateway"),
    ],
)
def test_a_fault_that_passes_leaves_the_right_data(fault: Response) -> None:
    with serving(in_turn(fault, DONE)) as server, client_of(server) as client:
        assert client.query("j") == stag.load(DONE.body, job_id="j")
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (answer(404, Code="JobNotFound", Message="no"), NotFound),
        (Response(200, b"<html>log in"), BadAnswer),
        (Response(302, b"", {"Location": "http://127.0.0.1:9/"}), BadAnswer),
    ],
)
def test_a_fault_that_lasts_is_told_at_once(fault: Response, kind: type[Exception]) -> None:
    with serving(in_turn(fault, DONE)) as server, client_of(server) as client:
        with pytest.raises(kind):
            client.query("j")
        assert len(server.requests) == 1


def test_nobody_listening_is_told() -> None:
    with serving(in_turn(DONE)) as server:
        pass
    with client_of(server) as client, pytest.raises(Unreachable, match="Tried 6 times"):
        client.query("j")


def test_a_region_without_smart_tagging_is_told() -> None:
    with serving(in_turn(DONE)) as server:
        pass
    told = pytest.raises(Unreachable, match="runs in cn-beijing, cn-hangzhou, cn-shanghai")
    with client_of(server, region="us-west-1") as client, told:
        client.query("j")


def test_an_order_is_not_repeated_once_it_may_have_arrived() -> None:
    for fault in (AGAIN, Response(200, b"{", cut=0), answer(400, Code="Throttling", Message="")):
        with serving(in_turn(fault)) as server, client_of(server) as client:
            with pytest.raises((ServerError, Unreachable, BadAnswer, Throttled)):
                client.submit("oss://b/o")
            assert server.actions() == ["SubmitSmarttagJob"]


def test_an_order_gives_the_jobs_id() -> None:
    with serving(in_turn(answer(JobId="88e6", RequestId="R"))) as server:
        with client_of(server) as client:
            assert client.submit("oss://b/o", "title") == "88e6"
        assert server.requests[0].query["Title"] == "title"


def test_waiting_ends_with_the_job() -> None:
    with serving(in_turn(BUSY, AGAIN, BUSY, DONE)) as server, client_of(server) as client:
        assert client.wait("j").status == "Success"
        assert len(server.requests) == 4


def test_a_job_that_failed_raises_only_where_asked() -> None:
    fail = answer(JobStatus="Fail", RequestId="R9", Message="no such file")
    with serving(in_turn(fail)) as server, client_of(server, product="mts") as client:
        assert client.wait("j").status == "Fail"
        with pytest.raises(JobFailed, match="no such file") as e:
            client.wait("j", check=True)
    assert (e.value.code, e.value.request_id) == ("Fail", "R9")


def test_waiting_has_an_end() -> None:
    message = r"Job j is Processing after 0\.2 s"
    with (
        serving(in_turn(BUSY)) as server,
        client_of(server) as client,
        pytest.raises(Timeout, match=message),
    ):
        client.wait("j", timeout=0.2)


def test_waiting_for_a_job_that_is_not_there_does_not_wait() -> None:
    missing = answer(404, Code="JobNotFound", Message="no")
    with serving(in_turn(missing)) as server, client_of(server) as client:
        with pytest.raises(NotFound):
            client.wait("j")
        assert len(server.requests) == 1


def per_job(request: Request) -> Response:
    """Success, but for ids that say otherwise."""
    if "missing" in request.query["JobId"]:
        return answer(404, Code="JobNotFound", Message="no")
    return BUSY if "busy" in request.query["JobId"] else DONE


def test_many_give_a_job_or_an_error_each() -> None:
    ids = ["a", "missing", "busy", "b", ""]
    with serving(per_job) as server, client_of(server) as client:
        found = dict(client.query_many(iter(ids), workers=3))
    assert set(found) == set(ids)
    assert isinstance(found["missing"], NotFound)
    assert isinstance(found[""], InvalidArgument)
    assert [found[i].status for i in ("a", "b", "busy")] == [  # type: ignore[union-attr]
        "Success",
        "Success",
        "Processing",
    ]


def test_many_go_on_from_the_store(tmp_path: Path) -> None:
    ids = [f"job{n}" for n in range(20)] + ["busy1"]
    with serving(per_job) as server:
        with client_of(server, store=tmp_path / "jobs.sqlite") as client:
            first = dict(islice(client.query_many(ids[:10]), 10))
        with client_of(server, store=tmp_path / "jobs.sqlite") as client:
            second = dict(client.query_many(ids))
            again = client.query("job3")
        asked = [request.query["JobId"] for request in server.requests]
    assert sorted(asked) == sorted(ids)
    assert set(second) == set(ids)
    assert second["job3"] == first["job3"] == again


def test_what_is_asked_otherwise_is_stored_apart(tmp_path: Path) -> None:
    with serving(in_turn(DONE)) as server:
        with client_of(server, store=tmp_path / "jobs.sqlite") as client:
            client.query("j")
            client.query("j", "hmi")
            client.query("j", "hmi")
        assert len(server.requests) == 2


def test_closing_many_early_leaves_no_thread() -> None:
    with serving(per_job) as server, client_of(server) as client:
        many = client.query_many((str(n) for n in range(10_000)), workers=4)
        next(many)
        many.close()
        assert len(server.requests) <= 16


def test_missing_credentials_end_many(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise MissingCredentials("nowhere")

    monkeypatch.setattr(credentials, "find", none)
    with serving(per_job) as server, client_of(server, credentials=None) as client:
        with pytest.raises(MissingCredentials):
            list(client.query_many(["a", "b", "c"]))
        assert server.requests == []


def test_a_client_serves_many_threads() -> None:
    with serving(per_job) as server, client_of(server) as client:
        found: list[str | None] = []
        threads = [
            threading.Thread(target=lambda n=n: found.append(client.query(f"t{n}").job_id))
            for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(map(str, found)) == [f"t{n}" for n in range(8)]


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, "https://ice.cn-shanghai.aliyuncs.com"),
        ({"product": "mts", "region": "cn-beijing"}, "https://mts.cn-beijing.aliyuncs.com"),
        ({"endpoint": "127.0.0.1:8765"}, "http://127.0.0.1:8765"),
        ({"endpoint": "localhost"}, "http://localhost"),
        ({"endpoint": "[::1]:80"}, "http://[::1]:80"),
        ({"endpoint": "https://127.0.0.1:8765"}, "https://127.0.0.1:8765"),
        ({"endpoint": "http://ice.example"}, "http://ice.example"),
        ({"endpoint": "ice.aliyuncs.com"}, "https://ice.aliyuncs.com"),
        ({"endpoint": "127.example"}, "https://127.example"),
    ],
)
def test_where_a_client_asks(given: Any, url: str) -> None:
    shown = repr(cloud.Client(credentials=KEY, **given))
    assert shown.endswith(f" at {url}>")
    assert "test" not in shown


@pytest.mark.parametrize(
    ("given", "argument"),
    [
        ({"product": "oss"}, "product"),
        ({"product": ["ice"]}, "product"),
        ({"region": "a/b"}, "region"),
        ({"credentials": "id:secret"}, "credentials"),
        ({"endpoint": "http://a/b"}, "endpoint"),
        ({"endpoint": "a?b"}, "endpoint"),
        ({"endpoint": "canary:canary@a"}, "endpoint"),
        ({"endpoint": "ftp://a"}, "endpoint"),
        ({"endpoint": "a:port"}, "endpoint"),
        ({"endpoint": 5}, "endpoint"),
        ({"endpoint": "a b"}, "endpoint"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": float("nan")}, "timeout"),
        ({"timeout": 10**400}, "timeout"),
        ({"endpoint": ""}, "endpoint"),
        ({"endpoint": "[::1"}, "endpoint"),
        ({"rate": -1}, "rate"),
        ({"rate": True}, "rate"),
        ({"rate": 0.5}, "rate"),
    ],
)
def test_an_argument_of_the_wrong_kind_is_refused(given: Any, argument: str) -> None:
    with pytest.raises(InvalidArgument) as e:
        cloud.Client(**given)
    assert e.value.argument == argument
    assert "canary" not in str(e.value)


def test_a_client_that_is_refused_leaves_no_store(tmp_path: Path) -> None:
    for wrong in ({"endpoint": "a b"}, {"rate": 0}, {"proxies": {"https": "nowhere"}}):
        with pytest.raises(InvalidArgument):
            cloud.Client(**{"credentials": KEY, "store": tmp_path / "jobs.sqlite", **wrong})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: c.query_cognition("j"),
        lambda c: c.query_smart_handle("j"),
        lambda c: c.submit("m", operation="SubmitVideoCognitionJob"),
        lambda c: c.query_many(["j"], operation="GetSmartHandleJob"),
    ],
)
def test_mts_has_not_all_operations(ask: Any) -> None:
    client = cloud.Client("mts", credentials=KEY)
    with pytest.raises(InvalidArgument, match='"ice", which alone has'):
        ask(client)


@pytest.mark.parametrize("ids", ["88e6", b"88e6", 88, None])
def test_an_id_is_no_list_of_ids(ids: Any) -> None:
    with pytest.raises(InvalidArgument, match="an iterable of ids"):
        cloud.Client(credentials=KEY).query_many(ids)


def test_a_client_is_not_pickled() -> None:
    with pytest.raises(TypeError, match="make one in each process"):
        pickle.dumps(cloud.Client(credentials=KEY))


def test_tab_completion_shows_what_it_can() -> None:
    shown = {name for name in dir(cloud.Client(credentials=KEY)) if not name.startswith("_")}
    assert shown == {
        "close",
        "fetch",
        "product",
        "query",
        "query_cognition",
        "query_many",
        "query_smart_handle",
        "region",
        "submit",
        "wait",
    }


def test_the_room_shows_what_is_in_it_and_loads_none_of_it() -> None:
    code = (
        "import sys, json, smarttag_nb.cloud as cloud; "
        "print(json.dumps([dir(cloud), sorted(sys.modules)]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    shown, loaded = json.loads(done.stdout)
    assert shown == ["Client", "Credentials", "Store"]
    assert not {"requests", "pandas", "starlette", "uvicorn"} & set(loaded)
    assert not [name for name in loaded if name.startswith("alibabacloud")]


def test_making_a_client_loads_no_sdk() -> None:
    code = (
        "import sys, smarttag_nb as stag; stag.Client(credentials=('a', 'b')); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    loaded = done.stdout.split()
    assert not [name for name in loaded if name.startswith(("alibabacloud", "matplotlib"))]
    assert not {"starlette", "uvicorn"} & set(loaded)
