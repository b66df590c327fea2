"""Access keys: where they are found, and that they show nothing."""

from __future__ import annotations

import copy
import logging
import pickle
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from smarttag_nb import cloud
from smarttag_nb.cloud import credentials
from smarttag_nb.errors import InvalidArgument, MissingCredentials, MissingLibrary
from tests.cloud.loopback import answer, in_turn, serving

ID, SECRET, TOKEN = (
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "ALIBABA_CLOUD_SECURITY_TOKEN",
)


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (ID, SECRET, TOKEN, "ALIBABA_CLOUD_PROFILE", "ALIBABA_CLOUD_CREDENTIALS_URI"):
        monkeypatch.delenv(name, raising=False)
    # Not a machine's own: no metadata service is asked, and no file of a home is read.
    monkeypatch.setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
    monkeypatch.setenv("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true")
    monkeypatch.setenv("ALIBABA_CLOUD_CREDENTIALS_FILE", str(tmp_path / "credentials.ini"))


def test_a_variable_set_in_a_later_cell_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingCredentials):
        credentials.find()
    monkeypatch.setenv(ID, "lateid")
    monkeypatch.setenv(SECRET, "latesecret")
    assert credentials.find() == cloud.Credentials("lateid", "latesecret")
    monkeypatch.setenv(TOKEN, "latetoken")
    assert credentials.find().security_token == "latetoken"


def test_a_profile_made_in_a_later_cell_is_read(tmp_path: Path) -> None:
    with pytest.raises(MissingCredentials):
        credentials.find()
    (tmp_path / "credentials.ini").write_text(
        "[default]\ntype=access_key\naccess_key_id=fileid\naccess_key_secret=filesecret\n"
    )
    assert credentials.find() == cloud.Credentials("fileid", "filesecret")


def test_a_profile_chosen_in_a_later_cell_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "credentials.ini").write_text(
        "[default]\ntype=access_key\naccess_key_id=a\naccess_key_secret=b\n"
        "[other]\ntype=access_key\naccess_key_id=c\naccess_key_secret=d\n"
    )
    assert credentials.find() == cloud.Credentials("a", "b")
    monkeypatch.setenv("ALIBABA_CLOUD_PROFILE", "other")
    assert credentials.find() == cloud.Credentials("c", "d")


def test_tokens_are_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Model:
        token = 0

        def get_credentials(self) -> Model:
            self.token += 1
            return self

        def get_access_key_id(self) -> str:
            return "STS.id"

        def get_access_key_secret(self) -> str:
            return "secret"

        def get_security_token(self) -> str:
            return f"token{self.token}"

    model = Model()
    monkeypatch.setattr(credentials, "_chain", lambda _: model)
    assert [credentials.find().security_token for _ in range(2)] == ["token1", "token2"]


def test_missing_credentials_say_what_to_do_and_nothing_else(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(MissingCredentials, match=rf"credentials=\(id, secret\), or set {ID}") as e:
        credentials.find()
    assert (e.value.__cause__, e.value.__context__) == (None, None)
    assert (capfd.readouterr(), caplog.text) == (("", ""), "")


def test_a_missing_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "alibabacloud_credentials.provider", None)
    monkeypatch.setenv("ALIBABA_CLOUD_ROLE_SESSION_NAME", "one that no chain was built for")
    with pytest.raises(MissingLibrary, match=r"pip install 'smarttag-nb\[cloud\]'") as e:
        credentials.find()
    assert e.value.__context__ is None


def test_what_the_chain_asks_for_is_not_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    later = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    key = {"AccessKeyId": "uriid", "AccessKeySecret": "urisecret", "SecurityToken": "uritoken"}
    caplog.set_level(logging.DEBUG)
    with serving(in_turn(answer(Code="Success", Expiration=later, **key))) as server:
        # As STS is asked: with a token in the address.
        uri = f"http://{server.endpoint}/?SecurityToken=canary"
        monkeypatch.setenv("ALIBABA_CLOUD_CREDENTIALS_URI", uri)
        assert credentials.find().security_token == "uritoken"
        assert server.requests[0].query == {"SecurityToken": "canary"}
        assert "canary" not in caplog.text
        requests.get(uri, timeout=10)
    assert "canary" in caplog.text  # What others ask for is logged as before.


@pytest.mark.parametrize("given", [("id", "secret"), ["id", "secret", "token"], ("i", "s", None)])
def test_a_key_is_given_as_a_tuple(given: tuple[str, ...]) -> None:
    assert credentials.checked(given) == cloud.Credentials(*given)


@pytest.mark.parametrize(
    "given", ["id:canary", ("canary",), ("a", "canary\n"), ("a", "ca nary"), ("", "canary"), 1]
)
def test_what_is_no_key_is_refused_without_showing_it(given: object) -> None:
    with pytest.raises(InvalidArgument) as e:
        credentials.checked(given)
    assert "canary" not in f"{e.value} {e.value!r} {e.value.args}"


def test_a_key_is_neither_shown_nor_pickled_nor_copied() -> None:
    key = cloud.Credentials("canary", "canary", "canary")
    assert "canary" not in f"{key} {key!r} {[key]} {key.__class__!r}"
    for write in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            write(key)  # type: ignore[operator]
