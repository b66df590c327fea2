"""What can go wrong with an answer, and what each of three calls makes of it.

A scenario is a fault of the emulator, or a script of bytes that a server plays. What is expected of
it is "data", which then must equal what was served, or the code of one of our errors: of `query`
and of `query_many` the same, and of `fetch` for one of two files, while the other one is there.
"""

from __future__ import annotations

import contextlib
import functools
import gzip
import io
import json
import logging
import socket
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import smarttag_nb as stag
from smarttag_nb import Job
from smarttag_nb.cloud.store import Store
from smarttag_nb.errors import SmarttagError
from tests.cloud.canary import KEY, told
from tests.cloud.player import Do, Player, Script, Slowly, answer, chunked
from tests.faults.cloud import Cloud, Plan, running

ANSWER = stag.samples.path("magazine", "smarttag")
PROCESS = stag.samples.path("magazine", "process")
SUBTITLES = ANSWER.with_name("subtitles.txt")

Served = Callable[[bytes], AbstractContextManager[str]]
"""Serves some content, or fails to, at the host and port that it gives."""


def plays(*scripts: Callable[[bytes], Script]) -> Served:
    """Serve by scripts, one for each connection, the last for all that follow."""

    @contextmanager
    def serve(content: bytes) -> Iterator[str]:
        with Player(*(script(content) for script in scripts)) as player:
            yield f"127.0.0.1:{player.port}"

    return serve


@contextmanager
def nobody(_: bytes) -> Iterator[str]:
    """A port that refuses."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    yield f"127.0.0.1:{port}"


@contextmanager
def full(_: bytes) -> Iterator[str]:
    """A port whose queue is full, so that connecting does not end."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, socket.socket() as first:
        first.connect(listener.getsockname())
        yield f"127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def silent_tls(_: bytes) -> Iterator[str]:
    """A port that says nothing when TLS is to begin."""
    with Player([Do.HANG]) as player:
        yield f"https://127.0.0.1:{player.port}"


@contextmanager
def unknown(_: bytes) -> Iterator[str]:
    yield "http://nobody.invalid"


def head(*headers: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode()


CHUNKED = head("Transfer-Encoding: chunked")
GZIP = "Content-Encoding: gzip"


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


@functools.cache
def heavy(_: bytes) -> Script:
    """Little that is 20 MB of JSON without its end."""
    packed = gzip.compress(b'{"JobStatus":"Success","Results":[' + b"[0]," * 5_000_000, 1)
    return [answer(packed, GZIP)]


@dataclass(frozen=True)
class Scenario:
    """A fault, and what is expected of a query and of a file that is fetched."""

    name: str
    fault: Plan | Served
    query: str
    fetch: str
    timeout: float = 2.0

    @property
    def slug(self) -> str:
        """The name, for ids and files."""
        return self.name.replace(",", "").replace(" ", "-")


S = Scenario
SCENARIOS = (
    # Every time
    S("reset", "reset", "ConnectionBroke", "ConnectionBroke"),
    S("reset-at-once", "reset-at-once", "ConnectionBroke", "ConnectionBroke"),
    S("close-at-once", "close-at-once", "ConnectionBroke", "ConnectionBroke"),
    S("short-body", "short-body", "ShortBody", "ShortBody"),
    S("cut-chunks", "cut-chunks", "ShortBody", "ShortBody"),
    S("no-length", "no-length", "CutShort", "NoLength"),
    S("cut-json", "cut-json", "CutShort", "NotAnAnswer"),
    S("empty", "empty", "CutShort", "NotAnAnswer"),
    S("truncated-gzip", "truncated-gzip", "TruncatedGzip", "TruncatedGzip"),
    S("gzip-without-end", "gzip-without-end", "TruncatedGzip", "TruncatedGzip"),
    S("gzip-and-more", "gzip-and-more", "TrailingGarbage", "TrailingGarbage"),
    S("flipped-gzip", "flipped-gzip", "BrokenGzip", "BrokenGzip"),
    S("bomb", "bomb", "UnknownEncoding", "UnknownEncoding"),
    S("single-bomb", "single-bomb", "TooLarge", "TooLarge"),
    S("endless", "endless", "TooLarge", "TooLarge"),
    S("wrong-type", "wrong-type", "WrongType", "NotAnAnswer"),
    S("no-object", "no-object", "WrongType", "NotAnAnswer"),
    S("no-http", "no-http", "NotHttp", "NotHttp"),
    S("error-in-200", "error-in-200", "InternalError", "NotAnAnswer"),
    S("redirect", "redirect", "Redirected", "RefusedAddress"),
    S("hang-up", "hang-up", "data", "data"),
    S("slow-headers", "slow-headers", "Timeout", "Timeout"),
    S("slow-body", "slow-body", "Timeout", "Timeout"),
    S("stalled-body", "stalled-body", "Timeout", "Timeout"),
    S("silence", "silence", "Timeout", "Timeout"),
    S("500", "500", "InternalError", "NoFile"),
    S("503", "503", "ServiceUnavailable", "NoFile"),
    S("throttled", "Throttling.User", "Throttling.User", "NoFile"),
    S("forbidden", "Forbidden.RAM", "Forbidden.RAM", "NoFile"),
    S("nonce-used", "SignatureNonceUsed", "SignatureNonceUsed", "NoFile"),
    # Once or twice, or not for too long
    S("reset, once", ["reset"], "data", "data", 20),
    S("short-body, once", ["short-body"], "data", "data", 20),
    S("truncated-gzip, once", ["truncated-gzip"], "data", "data", 20),
    S("503, twice", ["503", "503"], "data", "data", 20),
    S("several, in turn", ["close-at-once", "cut-chunks"], "data", "data", 20),
    S("throttled, twice", ["Throttling.Api"] * 2, "data", "data", 20),
    S("nonce-used, once", ["SignatureNonceUsed"], "data", "NoFile", 20),
    S("silence, once", ["silence"], "data", "Timeout", 5),
    S("slow-body, a little", "slow-body:0.5", "data", "data"),
    # What no emulator does
    S("nobody listens", nobody, "ConnectionFailed", "ConnectionFailed"),
    S("a full queue", full, "ConnectTimeout", "ConnectTimeout"),
    S("silence before TLS", silent_tls, "ConnectTimeout", "ConnectTimeout"),
    S("an unknown name", unknown, "ConnectionFailed", "ConnectionFailed"),
    S("two lengths", plays(lambda b: [head("Content-Length: 9", f"Content-Length: {len(b)}") + b]),
      "BadLength", "BadLength"),
    S("a length in words", plays(lambda b: [head("Content-Length: many") + b]),
      "BadLength", "BadLength"),
    S("a negative chunk", plays(lambda b: [CHUNKED + b"-1\r\n" + b]),
      "BadLength", "BadLength"),
    S("an unknown coding", plays(lambda b: [answer(b, "Content-Encoding: br")]),
      "UnknownEncoding", "UnknownEncoding"),
    S("headers without end", plays(lambda b: [b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 9_999]),
      "NotHttp", "NotHttp"),
    S("hints without end", plays(lambda b: [head(status="100 Continue") * 9_999, Do.HANG]),
      "Timeout", "Timeout"),
    S("slow chunks", plays(lambda b: [CHUNKED, Slowly(b"1\r\n \r\n" * 999)]),
      "Timeout", "Timeout"),
    S("half, as partial content", plays(lambda b: [answer(half(b), status="206 Partial Content")]),
      "CutShort", "NoFile"),
    S("an answer and another", plays(lambda b: [answer(b) + answer(b"{}"), Do.HANG]),
      "data", "data"),
    S("small chunks of gzip", plays(lambda b: [chunked(gzip.compress(b), GZIP)]),
      "data", "data"),
    S("all that was asked, as an error", plays(lambda b: [Do.READ, Do.ECHO]),
      "SignatureDoesNotMatch", "NoFile"),
    S("heavy", plays(heavy), "CutShort", "NotAnAnswer"),
)  # fmt: skip
"""All of them; see `Scenario`."""

CALLS = ("query", "bulk", "fetch")


@dataclass
class Outcome:
    """What a call made of a scenario.

    Attributes
    ----------
    what : str
        "data", or the code of the error.
    seconds : float
        How long it took.
    is_late : bool
        Whether that was more than 1.2 of its timeout.
    wrong : list of str
        What should not be: data that is not what was served, a key's traces.
    """

    what: str = ""
    seconds: float = 0.0
    is_late: bool = False
    wrong: list[str] = field(default_factory=list)


class Cases:
    """All scenarios, with an emulator for those that are its faults."""

    def __init__(self, cloud: Cloud, folder: Path) -> None:
        self._cloud = cloud
        self.endpoint = cloud.endpoint
        self._folder = folder
        with self._client(cloud.endpoint, 20) as client:
            self._linked = client.query("whole.linked")
            self._fetched = client.fetch(self._linked, hosts=[cloud.endpoint])
        # What is compared with must be what was served, itself.
        assert self._fetched["cues"]["text"].equals(stag.load(SUBTITLES)["cues"]["text"])
        assert self._fetched["boxes"]["x1"].equals(stag.load(PROCESS)["boxes"]["x1"])

    def run(self, scenario: Scenario, call: str) -> Outcome:
        """Make a call, and look at all that it left behind."""
        content = (PROCESS if call == "fetch" else ANSWER).read_bytes()
        served = scenario.fault if callable(scenario.fault) else self._emulated
        with tempfile.TemporaryDirectory(dir=self._folder) as made:
            folder = Path(made)
            with Traces(folder) as left, served(content) as endpoint:
                calls = {"query": self._query, "bulk": self._bulk, "fetch": self._fetch}
                outcome = calls[call](scenario, endpoint, left)
        expected = scenario.fetch if call == "fetch" else scenario.query
        # Who tries again until the time is over may be told so.
        allowed = {expected} if expected == "data" else {expected, "Timeout", "ConnectTimeout"}
        if not allowed.issuperset(outcome.what.split("/")):
            outcome.wrong.append(f"{outcome.what} and not {expected}")
        outcome.is_late = outcome.seconds > 1.2 * scenario.timeout
        outcome.wrong += left.of_the_key()
        return outcome

    @contextmanager
    def _emulated(self, _: bytes) -> Iterator[str]:
        yield self._cloud.endpoint

    def _client(self, endpoint: str, timeout: float, store: Path | None = None) -> stag.Client:
        return stag.Client(credentials=KEY, endpoint=endpoint, timeout=timeout, store=store)

    def _query(self, scenario: Scenario, endpoint: str, left: Traces) -> Outcome:
        with self._client(endpoint, scenario.timeout) as client:
            start = time.monotonic()
            try:
                came: Job | SmarttagError = client.query(f"{scenario.slug}.query")
            except SmarttagError as error:
                came = error
            outcome = Outcome(code_of(came), time.monotonic() - start)
            left.add(repr(client), str(vars(client)), shown(came))
        outcome.wrong += amiss(came)
        return outcome

    def _bulk(self, scenario: Scenario, endpoint: str, left: Traces) -> Outcome:
        ids = [f"{scenario.slug}.{i}" for i in range(3)]
        fine = [] if callable(scenario.fault) else [f"{scenario.slug}.fine"]
        with Store(left.folder / "jobs.sqlite") as store:
            with stag.Client(
                credentials=KEY, endpoint=endpoint, timeout=scenario.timeout, store=store
            ) as client:
                start = time.monotonic()
                found = dict(client.query_many([*ids, *fine], workers=4))
                outcome = Outcome("", time.monotonic() - start)
                left.add(repr(client), str(vars(client)), *map(shown, found.values()))
            left.add_files()
            if set(store) != {i for i, came in found.items() if isinstance(came, Job)}:
                outcome.wrong.append("what is stored is not what was given")
            outcome.wrong += [each for i in store for each in amiss(store[i])]
        outcome.what = "/".join(sorted({code_of(found[i]) for i in ids}))
        outcome.wrong += [each for came in found.values() for each in amiss(came)]
        if any(code_of(found[i]) != "data" for i in fine):
            outcome.wrong.append("the job that nothing is wrong with has no data")
        return outcome

    def _fetch(self, scenario: Scenario, endpoint: str, left: Traces) -> Outcome:
        with self._client(self._cloud.endpoint, scenario.timeout) as client:
            if callable(scenario.fault):
                url = endpoint if "://" in endpoint else f"http://{endpoint}"
                job = stag.load(linked(f"{url}/a.json", self._linked["files"]["url"].iloc[-1]))
            else:
                job = client.query(f"{scenario.slug}.linked")
            hosts = [self._cloud.endpoint, endpoint.rpartition("/")[2]]
            start = time.monotonic()
            came = client.fetch(job, hosts=hosts)
            outcome = Outcome("data", time.monotonic() - start)
            left.add(shown(came))
        problems = came["problems"]
        missing = problems.loc[problems["code"] == "not-fetched", "message"]
        if len(missing):
            outcome.what = "/".join(sorted(map(code_in, missing)))
        for name, frame in came.items():
            if name in ("files", "problems"):
                continue
            # Of two files one is always there.
            whole = self._fetched if name == "cues" or not len(missing) else job
            if not frame.equals(whole[name]):
                outcome.wrong.append(f"{name} is not what was served")
        return outcome


class Traces:
    """All that calls leave behind: logs, warnings, what is printed, exceptions and files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: list[str] = []
        self._files: list[bytes] = []
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        handler = logging.Handler(logging.DEBUG)
        handler.emit = lambda record: self.add(record.getMessage(), repr(vars(record)))  # type: ignore[method-assign]
        root = logging.getLogger()
        level = root.level
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        self._stack.callback(root.removeHandler, handler)
        self._stack.callback(root.setLevel, level)
        self._printed = io.StringIO()
        self._stack.enter_context(contextlib.redirect_stdout(self._printed))
        self._stack.enter_context(contextlib.redirect_stderr(self._printed))
        self._warned = self._stack.enter_context(warnings.catch_warnings(record=True))
        warnings.simplefilter("always")
        return self

    def __exit__(self, *_: object) -> None:
        self.add_files()
        self._stack.close()
        self.add(self._printed.getvalue(), *(str(warning.message) for warning in self._warned))

    def add(self, *texts: str) -> None:
        self._kept += texts

    def add_files(self) -> None:
        self._files += [file.read_bytes() for file in self.folder.iterdir()]

    def of_the_key(self) -> list[str]:
        """Tell where the key is found."""
        found = [text for text in self._kept if "CANARY" in text.upper()]
        if any(b"CANARY" in content.upper() for content in self._files):
            found.append("a file")
        return [f"the key, in {text[:80]!r}" for text in found]


def linked(process: str, subtitles: str) -> dict[str, Any]:
    """An answer whose results are two addresses."""
    details = {"details": {"allResultUrl": subtitles}}
    results = [
        {"Type": "Process", "Data": process},
        {"Type": "Subtitle", "Data": json.dumps(details)},
    ]
    return {"JobStatus": "Success", "RequestId": "R1", "Results": {"Result": results}}


def shown(came: Job | SmarttagError) -> str:
    return repr(came) if isinstance(came, Job) else told(came, but=__file__)


def code_of(came: Job | SmarttagError) -> str:
    return "data" if isinstance(came, Job) else str(getattr(came, "code", type(came).__name__))


def code_in(message: str) -> str:
    """The code that a problem's message begins with, or a word for it."""
    if message.startswith("Expected an answer of"):
        return "NotAnAnswer"
    if "its host is not under" in message:
        return "RefusedAddress"
    return message.partition(":")[0].partition(" ")[0]


TRUTH = stag.load(ANSWER)


def amiss(came: Job | SmarttagError) -> list[str]:
    """Compare data with what was served."""
    if isinstance(came, Job) and came.tables != TRUTH.tables:
        return ["data that was not served"]
    return []


@contextmanager
def cases(folder: Path, scenarios: Iterable[Scenario] = SCENARIOS) -> Iterator[Cases]:
    """Make an emulator ready for scenarios."""
    whole = json.loads(ANSWER.read_bytes())
    jobs: dict[str, Path | dict[str, Any]] = {}
    plans: dict[str, Plan] = {}
    for name, scenario in {"whole": None, **{each.slug: each for each in scenarios}}.items():
        file = folder / f"{name}.json"
        host = "https://results.example"
        file.write_text(json.dumps(linked(f"{host}/{name}.process.json", f"{host}/{name}.txt")))
        (folder / f"{name}.process.json").write_bytes(PROCESS.read_bytes())
        (folder / f"{name}.txt").write_bytes(SUBTITLES.read_bytes())
        jobs[f"{name}.linked"] = file
        jobs |= {f"{name}.{which}": whole for which in ("fine", "query", "0", "1", "2")}
        if scenario is not None and not callable(scenario.fault):
            plans[name] = scenario.fault
    with running(jobs, plans) as cloud:
        yield Cases(cloud, folder)
