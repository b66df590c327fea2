"""A request as it arrived, and what the emulator keeps of it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from ..cloud.operations import VERSIONS
from .refusals import Refusal

_MOST_PARAMETERS = 200


@dataclass(frozen=True, slots=True)
class Call:
    """A request to the API.

    Attributes
    ----------
    method : str
        GET or POST.
    headers : mapping of str to str
        By their names in lower case.
    query, form : tuple of (str, str)
        The parameters of the URL and those of the body, decoded.
    body : bytes
        The body.
    """

    method: str
    headers: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    form: tuple[tuple[str, str], ...]
    body: bytes

    @classmethod
    def read(cls, method: str, headers: Mapping[str, str], query: bytes, body: bytes) -> Call:
        """Read what stands in a request.

        Raises
        ------
        Refusal
            Its parameters cannot be read.
        """
        form = headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        return cls(method, headers, _pairs(query), _pairs(body) if form else (), body)

    @property
    def parameters(self) -> dict[str, str]:
        """Parameters of URL and body by name."""
        return dict(self.query + self.form)

    @property
    def signed_by_header(self) -> bool:
        """Whether it is of signature version 3, with its action and version in headers."""
        # Older SDKs send such headers as well, beside a signature among the parameters.
        named = "x-acs-action" in self.headers and "Signature" not in self.parameters
        return "authorization" in self.headers or named

    @property
    def action(self) -> str:
        """Name of the operation asked for."""
        return self._named("x-acs-action", "Action")

    @property
    def product(self) -> str:
        """Product asked for, told by the version; "" where there is none such."""
        version = self._named("x-acs-version", "Version")
        return next((name for name, known in VERSIONS.items() if known == version), "")

    def _named(self, header: str, parameter: str) -> str:
        if self.signed_by_header:
            return self.headers.get(header, "")
        return self.parameters.get(parameter, "")


def _pairs(encoded: bytes) -> tuple[tuple[str, str], ...]:
    try:
        pairs = parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except ValueError:
        raise Refusal("InvalidParameter", "The parameters are not URL-encoded UTF-8.") from None
    return tuple(pairs)


@dataclass(frozen=True, slots=True)
class Request:
    """A request that came, as a witness tells of it.

    Attributes
    ----------
    number : int
        The how-manieth it was, from 1.
    arrived : float
        When, in seconds of `time.monotonic`, which all processes of a machine share.
    operation : str
        The operation; "file" for a file that an answer points to; "elsewhere" for where the
        fault "redirect" leads.
    product : str
        "ice", "mts", or "".
    job_id : str
        The job, or the file.
    status : int or None
        HTTP status of the answer; None until there is one.
    code : str
        The error's code, or "".
    fault : str or None
        The fault that was injected.
    request_id : str
        The id that the answer carries.
    """

    number: int
    arrived: float
    operation: str
    product: str = ""
    job_id: str = ""
    status: int | None = None
    code: str = ""
    fault: str | None = None
    request_id: str = ""


class Log:
    """The last requests, which another thread may read meanwhile."""

    def __init__(self, most: int = 100_000) -> None:
        self._lock = threading.Lock()
        self._kept: deque[Request] = deque(maxlen=most)

    def add(self, request: Request) -> None:
        """Keep a request."""
        with self._lock:
            self._kept.append(request)

    def list(self) -> list[Request]:
        """List what is kept, in the order of answering."""
        with self._lock:
            return list(self._kept)
