"""The files that an answer points to: subtitles, and the algorithms' raw output, into their tables.

An answer's text is hostile, and an address in it must not send us anywhere: not to what only this
machine or its network can reach, and not with anything that is ours. So an address is gone to only
over http(s), only where its host is of Alibaba Cloud or named by the caller, only at addresses of
the public internet unless so named, each time anew for every redirect, and without credentials.
The addresses that are looked at are the ones connected to.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import math
import re
import threading
import time
import warnings
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import pandas as pd
import requests
from urllib3.util import parse_url

from .. import readers
from ..errors import (
    BadAnswer,
    InvalidArgument,
    RefusedAddress,
    SmarttagError,
    Timeout,
    Unreachable,
)
from ..job import Duration, Job, check_job
from ..readers.notes import shown
from ..tables import PROBLEM_CODES, TABLES, conform
from .sockets import Origin
from .unpack import decompress
from .wire import Reply, Wire

CLOUD = "aliyuncs.com"
"""The domain that addresses must be under unless their hosts are named."""

_UNDER_CLOUD = re.compile(rf"([a-z0-9_-]+\.)*{re.escape(CLOUD)}")
"""Of no other characters: a proxy may take an escaped slash for the end of the name."""

_KINDS = ("subtitles", "process")
_CODE = "not-fetched"
_MOST_REDIRECTS = 3
_AT_ONCE = 8
_PAUSES = (0.2, 1.0)
"""Seconds before a file is tried again, where it may be there then."""
_CUT_SHORT = ("ShortBody", "TruncatedGzip")
_GZIP = b"\x1f\x8b"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def fetch_files(job: Job, wire: Wire, hosts: Iterable[str] = (), timeout: float = 60.0) -> Job:
    """Fetch an answer's subtitle and Process files into their tables.

    Parameters
    ----------
    job : Job
        A job whose table `files` may have rows of kind subtitles or process. Files that were
        fetched before are not fetched again.
    wire : Wire
        Whose proxies and limit of size hold here too; its connections are not used.
    hosts : iterable of str
        Hosts to go to besides those under aliyuncs.com, as "host" or "host:port". One that is
        named may be on this machine or in its network.
    timeout : float
        Seconds for all files together.

    Returns
    -------
    Job
        A new one, with a subtitle file's rows in `cues`, and a Process file's in the tables that
        an answer's own output fills; `result_index` is that of the file's row. A file that could
        not be had or read is a problem of the code not-fetched, and keeps none of the others.

    Raises
    ------
    InvalidArgument
        An argument is of the wrong kind.

    Warns
    -----
    UserWarning
        Once, in one line, where files could not be had or read; and by `readers.load` where one
        was read with problems of severity error.

    Notes
    -----
    Through a proxy, which looks names up itself, only hosts are judged, not their addresses.
    """
    check_job(job)
    rules = _Rules(_checked_hosts(hosts))
    if not isinstance(timeout, (int, float)) or not 0 < timeout < math.inf:
        raise InvalidArgument("timeout", "seconds above 0", timeout)
    files = _wanted(job)
    if files.empty:
        return job
    deadline = time.monotonic() + timeout
    stop = threading.Event()
    pool = ThreadPoolExecutor(_AT_ONCE)
    with Wire(proxies=wire.proxies, limit=wire.limit, check=rules.check) as careful:
        urls = files["url"].unique()
        tasks = {url: pool.submit(_fetched, url, careful, rules, deadline, stop) for url in urls}
        try:
            contents = {url: task.result() for url, task in tasks.items()}
        finally:
            # Who interrupts does not wait for what is under way, which soon ends.
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
    made = _Filled(job)
    for file in files.to_dict("records"):
        made.add(file, contents[file["url"]])
    if made.failures:
        warnings.warn(
            f"{len(made.failures)} of {len(files)} files could not be had, see job.problems; "
            f"first: {made.failures[0]}",
            UserWarning,
            stacklevel=3,  # Where the client was asked.
        )
    return made.job()


def _checked_hosts(hosts: Any) -> frozenset[str]:
    # One host as text would be taken for a list of letters.
    given = None if isinstance(hosts, str) or not isinstance(hosts, Iterable) else list(hosts)
    expected = 'a list of hosts, such as ["cdn.example.com", "127.0.0.1:8765"]'
    if given is None:
        raise InvalidArgument("hosts", expected, hosts)
    for host in given:
        if not isinstance(host, str) or not host or not set(host).isdisjoint("/@?#\\ "):
            raise InvalidArgument("hosts", expected, host)
    return frozenset(host.lower().rstrip(".") for host in given)


def _wanted(job: Job) -> pd.DataFrame:
    """List the files to fetch: those of our kinds whose rows are not there yet."""
    files = job["files"]
    files = files[files["kind"].isin(_KINDS) & files["url"].notna()]
    filled = [
        index
        for name, frame in job.items()
        if name != "files" and "result_index" in frame
        for index in frame["result_index"].dropna().unique()
    ]
    # A result that is an address has no other rows than of its file.
    is_there = files["file_id"].isin(job["cues"]["file_id"].dropna())
    is_there |= (files["kind"] == "process") & files["result_index"].isin(filled)
    return files[~is_there]


# Where to go


@dataclass(frozen=True, slots=True)
class _Rules:
    """Where may be gone to."""

    hosts: frozenset[str]

    def judge(self, origin: Origin) -> None:
        """Refuse an origin by its host's name."""
        if not (self._names(origin) or _UNDER_CLOUD.fullmatch(origin.host)):
            raise RefusedAddress(origin.host, f"its host is not under {CLOUD}")

    def check(self, origin: Origin, addresses: list[str]) -> None:
        """Refuse an origin by what its name stands for."""
        if not self._names(origin) and not all(map(is_public, addresses)):
            raise RefusedAddress(origin.host, "its name stands for an address that is not public")

    def _names(self, origin: Origin) -> bool:
        return not self.hosts.isdisjoint((origin.host, str(origin)))


def is_public(address: str) -> bool:
    """Tell whether an IP address is one host's on the public internet.

    One that stands for an IPv4 address (IPv4-mapped, NAT64) is judged by that.

    >>> [is_public(a) for a in ("8.8.8.8", "10.0.0.1", "100.100.100.200", "::ffff:127.0.0.1")]
    [True, False, False, False]
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found in _NAT64:
            found = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        elif found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif found.sixtofour is not None or found.teredo is not None or found.is_site_local:
            # Who is at the other end of a tunnel is not known from here.
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


# Going there


def _fetched(
    url: str, wire: Wire, rules: _Rules, deadline: float, stop: threading.Event
) -> bytes | SmarttagError:
    """Fetch a file's content, trying again what may pass, or tell what kept us from it."""
    for pause in (*_PAUSES, None):
        try:
            reply = _followed(url, wire, rules, deadline, stop)
            return _content(reply, wire.limit, deadline)
        except SmarttagError as error:
            failure = error
        if pause is None or not _may_pass(failure) or time.monotonic() + pause > deadline:
            break
        stop.wait(pause)
    return failure


def _may_pass(error: SmarttagError) -> bool:
    if isinstance(error, BadAnswer):
        return error.code in _CUT_SHORT or (error.status or 0) >= 500 or error.status == 429
    return isinstance(error, Unreachable)


def _followed(url: str, wire: Wire, rules: _Rules, deadline: float, stop: threading.Event) -> Reply:
    for _ in range(1 + _MOST_REDIRECTS):
        reply = wire.send(_request(url, rules), deadline, stop)
        if not (300 <= reply.status < 400 and "location" in reply.headers):
            return reply
        url = urljoin(url, reply.headers["location"])
    raise BadAnswer("TooManyRedirects", f"more than {_MOST_REDIRECTS} redirects")


def _request(url: str, rules: _Rules) -> requests.PreparedRequest:
    try:
        request = requests.Request("GET", url.strip()).prepare()
    except (requests.RequestException, ValueError):
        raise InvalidArgument("url", "an address of http or https", "another text") from None
    # Of the very text that is sent: what two parsers read differently must not matter.
    origin = Origin.of(request.url)
    rules.judge(origin)
    if parse_url(str(request.url)).auth is not None:
        raise RefusedAddress(origin.host, "its address has a user's name in it")
    return request


def _content(reply: Reply, limit: int, deadline: float) -> bytes:
    if reply.status != 200:
        hint = "Addresses of results end after months, and some after hours: query the job again."
        raise BadAnswer("NoFile", "the server gave no file", hint, status=reply.status)
    if not reply.headers.keys() & {"content-length", "transfer-encoding", "content-encoding"}:
        raise BadAnswer("NoLength", "a file without its length, which may be cut short")
    if not reply.body.startswith(_GZIP):
        return reply.body
    # A file that is stored compressed. Readers would unpack it too, and know no limit.
    try:
        body = decompress(reply.body, limit, deadline)
    except TimeoutError:
        raise Timeout("Timeout", "the file did not unpack in time") from None
    if body.startswith(_GZIP):
        raise BadAnswer("UnknownEncoding", "a file that is compressed more than once")
    return body


# What is in them


class _Filled:
    """A job's tables, on their way to those of the job with its files."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._tables = dict(job)
        self._duration = job.duration
        self._problems: list[dict[str, Any]] = []
        self._tried: list[str] = []
        self.failures: list[str] = []

    def add(self, file: Mapping[Any, Any], content: bytes | SmarttagError) -> None:
        """Read a file's content into the tables, or note why there is none."""
        place = f"job.files[{file['file_id']}].url"
        self._tried.append(place)
        if isinstance(content, bytes):
            try:
                self._read(file, content, place)
            except SmarttagError as error:
                content = error
            else:
                return
        self.failures.append(f"{place}: {content}")
        # The address without its query, which may be signed.
        self._note(_CODE, place, str(content), str(file["url"]).partition("?")[0])

    def job(self) -> Job:
        """Make the new job."""
        before = self._tables["problems"]
        # What was tried again is told anew.
        before = before[~((before["code"] == _CODE) & before["path"].isin(self._tried))]
        self._tables["problems"] = _joined("problems", before, pd.DataFrame(self._problems))
        return dataclasses.replace(self._job, tables=self._tables, duration=self._duration)

    def _known_duration(self) -> float | None:
        return self._duration.seconds if self._duration.source in ("given", "ratios") else None

    def _note(self, code: str, place: str, message: str, value: str | None = None) -> None:
        self._problems.append(
            {
                "severity": PROBLEM_CODES[code].severity,
                "action": "skipped",
                "code": code,
                "path": place,
                "message": message,
                "value": shown(value),
                "repeats": 1,
            }
        )

    def _read(self, file: Mapping[Any, Any], content: bytes, place: str) -> None:
        is_subtitles = file["kind"] == "subtitles"
        if is_subtitles and not content.strip():
            self._note("nothing-in-it", place, "a subtitle file without a cue")
            return
        read = readers.load(content, duration=self._known_duration())
        if read.operation is not None or read["cues"].empty == is_subtitles:
            expected = "a subtitle file" if is_subtitles else "the algorithms' output"
            raise BadAnswer("WrongFile", f"expected {expected}, got something else")
        for problem in read["problems"].drop(columns="problem_id").to_dict("records"):
            told = {str(column): value for column, value in problem.items()}
            self._problems.append(told | {"path": f"{place} → {problem['path']}"})
        self._merge(file, read, {"cues"} if is_subtitles else set(read) - {"problems"})
        self._duration = _better(self._duration, read.duration)

    def _merge(self, file: Mapping[Any, Any], read: Job, names: set[str]) -> None:
        moved = {TABLES[name].key: _next_id(self._tables[name], name) for name in names}
        moved["parent_id"] = moved.get("topic_id", 0)
        for name in names:
            rows = read[name]
            for column, first in moved.items():
                if column in rows:
                    rows[column] = rows[column] + first
            if name == "cues":
                rows["file_id"] = file["file_id"]
            if "result_index" in rows:
                rows["result_index"] = file["result_index"]
            self._tables[name] = _joined(name, self._tables[name], rows)


def _next_id(frame: pd.DataFrame, name: str) -> int:
    return 0 if frame.empty else int(frame[TABLES[name].key].max()) + 1


def _joined(name: str, frame: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Rows of both, those without ids numbered on."""
    if more.empty:
        return frame.reset_index(drop=True)
    key = TABLES[name].key
    if key not in more:
        first = _next_id(frame, name)
        more = more.assign(**{key: range(first, first + len(more))})
    more = conform(more, name)
    return more if frame.empty else conform(pd.concat([frame, more], ignore_index=True), name)


def _better(one: Duration, other: Duration) -> Duration:
    """Choose what is known better: the last end is only the least that it can be."""
    order = ("given", "ratios", "last end", "unknown")
    if one.source == other.source == "last end":
        return max(one, other, key=lambda duration: duration.seconds)
    return min(one, other, key=lambda duration: order.index(duration.source))
