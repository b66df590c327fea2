"""An access key: what signs a request, and never shows itself."""

from __future__ import annotations

import functools
import importlib
import logging
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

from ..errors import InvalidArgument, MissingCredentials, MissingLibrary

_ID, _SECRET, _TOKEN = (
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "ALIBABA_CLOUD_SECURITY_TOKEN",
)
_LOGS = ("credentials", "alibabacloud-tea", "urllib3.connectionpool")
"""Where alibabacloud-credentials, its transport, and what that is built on write."""
_building = threading.Lock()
_VISIBLE = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True, init=False)
class Credentials:
    """An access key, with a security token where it is one of STS.

    It shows nothing of itself when printed, and refuses to be pickled.

    Parameters
    ----------
    access_key_id : str
        Its id.
    access_key_secret : str
        Its secret.
    security_token : str, optional
        STS's token.

    Raises
    ------
    InvalidArgument
        One of them is no text of visible ASCII characters.

    Examples
    --------
    >>> Credentials("testid", "testsecret")
    Credentials(<hidden>)
    """

    access_key_id: str = field(repr=False)
    access_key_secret: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)

    def __init__(
        self, access_key_id: str, access_key_secret: str, security_token: str | None = None
    ) -> None:
        object.__setattr__(self, "access_key_id", access_key_id)
        object.__setattr__(self, "access_key_secret", access_key_secret)
        object.__setattr__(self, "security_token", security_token)
        # A traceback can show what a frame holds.
        del access_key_id, access_key_secret, security_token
        # What no header can hold would be shown by the error of whoever writes the header.
        for name in ("access_key_id", "access_key_secret", "security_token"):
            got = _flaw(getattr(self, name))
            if got is not None and (name, got) != ("security_token", type(None)):
                raise InvalidArgument(name, "visible ASCII characters", got)

    def __repr__(self) -> str:
        return "Credentials(<hidden>)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("Credentials are not pickled: what is written down can be read.")


def _flaw(value: object) -> str | type | None:
    """Say what a part of a key is instead of visible characters, without showing it."""
    if not isinstance(value, str):
        return type(value)
    return None if _VISIBLE.fullmatch(value) else "a text with other characters"


def checked(credentials: Any) -> Credentials | None:
    """Take the credentials that a user gave.

    Parameters
    ----------
    credentials : Credentials, (str, str), (str, str, str) or None
        An id, its secret and, with STS, a token.

    Returns
    -------
    Credentials or None
        None where none were given.

    Raises
    ------
    InvalidArgument
        They are of another form. The message does not show them.
    """
    if credentials is None or isinstance(credentials, Credentials):
        return credentials
    try:
        if isinstance(credentials, (tuple, list)) and len(credentials) in (2, 3):
            return Credentials(*credentials)
        expected = "Credentials, (id, secret) or (id, secret, token)"
        raise InvalidArgument("credentials", expected, type(credentials))
    finally:
        # A traceback can show what a frame holds.
        del credentials


def find() -> Credentials:
    """Find credentials as the official SDKs do, at this moment.

    The environment's variables are looked at first, then what alibabacloud-credentials' default
    chain knows: OIDC, the profiles of the CLI and of credentials.ini, an ECS instance's role, a
    credentials URI. Tokens are those of now: the chain renews them.

    Returns
    -------
    Credentials
        An access key.

    Raises
    ------
    MissingCredentials
        There is none.
    MissingLibrary
        The environment has none, and alibabacloud-credentials is not installed.
    """
    return _of_environment() or _of_chain()


def _of_environment() -> Credentials | None:
    if not (os.environ.get(_ID) and os.environ.get(_SECRET)):
        return None
    return Credentials(os.environ[_ID], os.environ[_SECRET], os.environ.get(_TOKEN) or None)


def _of_chain() -> Credentials:
    settings = sorted(
        item
        for item in os.environ.items()
        if item[0].startswith("ALIBABA_CLOUD_") and item[0] not in (_ID, _SECRET, _TOKEN)
    )
    found: Any = None
    is_installed = True
    with _quiet():
        try:
            with _building:
                chain = _chain(tuple(settings))
            found = chain.get_credentials()
        except ImportError:
            is_installed = False
        except Exception:  # noqa: S110
            # Of any kind, as each provider of the chain has its own; what it says may hold what a
            # profile or a metadata service holds, so nothing of it is passed on.
            pass
    # Raised out here, these errors have no context that could hold any of it.
    if not is_installed:
        raise MissingLibrary(
            "alibabacloud-credentials",
            f"Expected credentials=(id, secret), or {_ID} and {_SECRET} to be set; looking further",
            "smarttag-nb[cloud]",
        )
    if found is None or not (found.get_access_key_id() and found.get_access_key_secret()):
        raise MissingCredentials("the environment, profiles, OIDC or the instance's role")
    return Credentials(
        found.get_access_key_id(), found.get_access_key_secret(), found.get_security_token() or None
    )


@functools.lru_cache(maxsize=1)
def _chain(settings: tuple[tuple[str, str], ...]) -> Any:
    """Build the default chain for the settings of the environment as they are now."""
    from alibabacloud_credentials.provider import DefaultCredentialsProvider
    from alibabacloud_credentials.utils import auth_util

    # It reads the environment when it is imported: once more, for variables set in a later cell.
    importlib.reload(auth_util)
    return DefaultCredentialsProvider()


@contextmanager
def _quiet() -> Iterator[None]:
    """Drop what is logged in this thread: tracebacks of providers, and addresses with a token."""
    thread = threading.get_ident()

    def is_elsewhere(record: logging.LogRecord) -> bool:
        return record.thread != thread

    logs = [logging.getLogger(name) for name in _LOGS]
    for log in logs:
        log.addFilter(is_elsewhere)
    try:
        yield
    finally:
        for log in logs:
            log.removeFilter(is_elsewhere)
