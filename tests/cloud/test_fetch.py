"""Files are fetched into their tables, from nowhere but where they may be."""

from __future__ import annotations

import dataclasses
import gzip
import json
import re
import socket
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import smarttag_nb as stag
from smarttag_nb.cloud import fetch
from smarttag_nb.cloud.fetch import fetch_files, is_public
from smarttag_nb.cloud.wire import Wire
from smarttag_nb.errors import InvalidArgument

from .player import Do, Player, Script, answer, chunked

LOCAL = ["127.0.0.1"]
CUES = stag.samples.path("magazine", "subtitles").read_bytes()
PROCESS = stag.samples.path("magazine", "process").read_bytes()
NOTHING = "http://nobody.aliyuncs.com/"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_PAUSES", (0.0, 0.0))


@pytest.fixture
def wire() -> Iterator[Wire]:
    with Wire(limit=2_000_000) as made:
        yield made


def job_with(*results: tuple[str, Any]) -> stag.Job:
    given = [{"Type": kind, "Data": data} for kind, data in results]
    return stag.load({"JobId": "a", "JobStatus": "Success", "Results": {"Result": given}})


def subtitles(*urls: str) -> tuple[str, Any]:
    keys = ("allResultUrl", "chResultUrl", "engResultUrl")
    return "Subtitle", json.dumps({"details": dict(zip(keys, urls, strict=False))})


def process(url: str) -> tuple[str, Any]:
    return "Process", url


def failure(job: stag.Job, wire: Wire, **options: Any) -> str:
    """The only problem of a job whose only file cannot be had."""
    with pytest.warns(UserWarning, match="1 of 1 files could not be had, see job.problems"):
        made = fetch_files(job, wire, **options)
    (problem,) = made.problems.to_dict("records")
    assert problem["code"] == "not-fetched"
    assert (problem["severity"], problem["action"]) == ("error", "skipped")
    assert problem["path"] == "job.files[0].url"
    rows = {name for name, frame in made.items() if len(frame)}
    assert rows == {"files", "problems"}
    return str(problem["message"])


# What is in the files


def test_a_subtitle_file_becomes_cues(wire: Wire) -> None:
    with Player([answer(CUES)]) as player:
        job = job_with(("ASR", '{"details": []}'), subtitles(player.url("/all.txt?Signature=a")))
        made = fetch_files(job, wire, LOCAL)
    expected = stag.samples.load("magazine", "subtitles").cues
    columns = ["cue_id", "number", "start_time", "end_time", "text"]
    assert made.cues[columns].equals(expected[columns])
    assert set(made.cues.file_id) == {0}
    assert set(made.cues.result_index) == {1}
    assert made.cues.dtypes.equals(expected.dtypes)
    assert made.files.equals(job.files)
    assert made.problems.empty
    assert player.requests[0].startswith(b"GET /all.txt?Signature=a HTTP/1.1\r\n")
    assert b"authorization" not in player.requests[0].lower()
    assert job.cues.empty


def test_each_subtitle_file_has_its_own_cues(wire: Wire) -> None:
    with Player([answer(CUES)]) as one, Player([chunked(b"1 00:00:01,0 --> 00:00:02,0 A")]) as two:
        job = job_with(subtitles(one.url("/all"), one.url("/zh"), two.url("/en")))
        made = fetch_files(job, wire, LOCAL)
    counts = made.cues.groupby("file_id").size().tolist()
    assert counts == [counts[0], counts[0], 1]
    assert made.cues.cue_id.tolist() == list(range(len(made.cues)))


def test_a_process_file_becomes_the_tables_of_the_algorithms(wire: Wire) -> None:
    with Player([answer(gzip.compress(PROCESS), "Content-Encoding: gzip")]) as player:
        made = fetch_files(job_with(process(player.url())), wire, LOCAL)
    expected = stag.load(PROCESS)
    for name in set(stag.tables.TABLES) - {"files", "problems"}:
        assert made[name].equals(expected[name]), name
    assert made.duration == expected.duration
    assert made.files.kind.tolist() == ["process"]
    assert made.job_id == "a"


def test_ids_go_on_from_those_that_are_there(wire: Wire) -> None:
    inline = PROCESS.decode()
    with Player([answer(PROCESS)]) as player:
        job = job_with(("Process", inline), process(player.url()))
        made = fetch_files(job, wire, LOCAL)
    expected = job_with(("Process", inline), ("Process", inline))
    for name in set(stag.tables.TABLES) - {"files", "problems"}:
        assert made[name].equals(expected[name]), name


def test_topics_find_those_above_them_among_what_is_there(wire: Wire) -> None:
    topics = {
        "summarization": {
            "mindMapSummary": [{"title": "a", "topic": [{"title": "b", "topic": []}]}]
        }
    }
    nlp = json.dumps(topics)
    with Player([answer(nlp.encode())]) as player:
        made = fetch_files(job_with(("NLP", nlp), process(player.url())), wire, LOCAL)
    assert made.mindmap.title.tolist() == ["a", "b"] * 2
    assert made.mindmap.topic_id.tolist() == [0, 1, 2, 3]
    assert made.mindmap.parent_id.fillna(-1).tolist() == [-1, 0, -1, 2]


def test_a_duration_that_is_given_judges_the_ratios_of_a_file(wire: Wire) -> None:
    with Player([answer(PROCESS)]) as player:
        given = {"Results": [{"Type": "Process", "Data": player.url()}]}
        made = fetch_files(stag.load(given, duration=1_000), wire, LOCAL)
    assert str(made.duration) == "16:40.0 (given)"
    assert "ratio-off" in set(made.problems.code)


def test_the_last_end_is_that_of_all(wire: Wire) -> None:
    late = ("ASR", '{"details": [{"from": 0, "to": 5000, "content": "a"}]}')
    with Player([answer(CUES)]) as player:
        url = player.url()
        assert fetch_files(job_with(late, subtitles(url)), wire, LOCAL).duration.seconds == 5_000
        cues = fetch_files(job_with(subtitles(url)), wire, LOCAL)
    assert cues.duration.seconds == cues.cues.end_time.max()


def test_a_file_without_an_address_is_none_to_fetch(wire: Wire) -> None:
    job = job_with(subtitles(NOTHING))
    files = job.files.assign(url=None)
    job = dataclasses.replace(job, tables={**job, "files": stag.tables.conform(files, "files")})
    assert fetch_files(job, wire) is job


def test_what_was_fetched_is_not_fetched_again(wire: Wire) -> None:
    with Player([answer(CUES)]) as cues, Player([answer(PROCESS)]) as output:
        job = job_with(subtitles(cues.url()), process(output.url()))
        made = fetch_files(job, wire, LOCAL)
        assert fetch_files(made, wire, LOCAL) is made
        assert cues.connections == output.connections == 1


def test_a_job_without_files_stays_as_it_is(wire: Wire) -> None:
    job = job_with(("ASR", '{"details": []}'))
    assert fetch_files(job, wire) is job


def test_a_file_that_cannot_be_had_keeps_none_of_the_others(wire: Wire) -> None:
    missing = answer(b"<Error/>", status="404 Not Found")
    with Player([missing]) as none, Player([answer(CUES)]) as there:
        job = job_with(subtitles(none.url("/?Signature=canary"), there.url()))
        with pytest.warns(UserWarning, match="1 of 2 files could not be had") as caught:
            made = fetch_files(job, wire, LOCAL)
    assert set(made.cues.file_id) == {1}
    (problem,) = made.problems.to_dict("records")
    assert "NoFile (HTTP 404): the server gave no file" in problem["message"]
    assert problem["value"] == none.url()
    assert "canary" not in str(made.problems.to_dict()) + str(caught[0].message)


def test_a_file_that_is_there_at_last_takes_its_problem_with_it(wire: Wire) -> None:
    with Player([answer(b"", status="404 Not Found")], [answer(CUES)]) as player:
        job = job_with(subtitles(player.url()))
        with pytest.warns(UserWarning, match="HTTP 404"):
            made = fetch_files(job, wire, LOCAL)
        made = fetch_files(made, wire, LOCAL)
    assert len(made.cues)
    assert made.problems.empty


def test_problems_in_a_file_are_the_jobs(wire: Wire) -> None:
    body = (
        b'[{"name": "asr", "result": [{"content": {"data": [{"text": "a", "startTime": "x"}]}}]}]'
    )
    with Player([answer(body)]) as player, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        job = job_with(("Other", {"a": 1}), process(player.url()))
        made = fetch_files(job, wire, LOCAL)
    assert made.speech.text.tolist() == ["a"]
    assert made.problems.problem_id.tolist() == [0, 1]
    first, second = made.problems.to_dict("records")
    assert first["code"] == "unknown-type"
    assert second["code"] == "wrong-type"
    path = "job.files[0].url → $[0].result[0].content.data[0].startTime"
    assert second["path"] == path


@pytest.mark.parametrize(
    "fault",
    [
        [Do.READ, Do.RESET],
        [answer(CUES)[:-1]],
        [answer(b"", "Connection: close", status="503 Slow Down")],
        [answer(b"", "Connection: close", status="429 Too Many")],
    ],
)
def test_what_may_pass_is_tried_again(wire: Wire, fault: Script) -> None:
    with Player(fault, fault, [answer(CUES)]) as player:
        assert len(fetch_files(job_with(subtitles(player.url())), wire, LOCAL).cues)
        assert player.connections == 3
    with Player(fault) as player:
        failure(job_with(subtitles(player.url())), wire, hosts=LOCAL)
        assert player.connections == 3


def test_a_pause_does_not_reach_past_the_time(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_PAUSES", (3_600.0,))
    with Player([Do.READ, Do.RESET]) as player:
        failure(job_with(subtitles(player.url())), wire, hosts=LOCAL)
        assert player.connections == 1


def test_what_does_not_pass_is_not_tried_again(wire: Wire) -> None:
    with Player([answer(b"", status="404 Not Found")]) as player:
        failure(job_with(subtitles(player.url())), wire, hosts=LOCAL)
        assert player.connections == 1


def test_an_empty_subtitle_file_is_told(wire: Wire) -> None:
    with Player([answer(b" \r\n")]) as player:
        made = fetch_files(job_with(subtitles(player.url())), wire, LOCAL)
    assert made.problems.code.tolist() == ["nothing-in-it"]


BOMB = gzip.compress(b" " * 2_000_001)

NO_FILE: dict[str, tuple[Script, str]] = {
    "gone": ([answer(b"", status="403 Forbidden")], r"NoFile \(HTTP 403\).*query the job again"),
    "moved without a place": ([answer(b"", status="302 Found")], r"NoFile \(HTTP 302\)"),
    "a part": ([answer(CUES, status="206 Partial")], r"NoFile \(HTTP 206\)"),
    "short": ([answer(CUES)[:-1]], "ShortBody"),
    "without a length": ([b"HTTP/1.1 200 OK\r\n\r\n" + CUES], "NoLength.*without its length"),
    "a bomb": ([answer(BOMB, "Content-Encoding: gzip")], "TooLarge"),
    "a bomb of a file": ([answer(BOMB)], "TooLarge"),
    "a bomb in a file": (
        [answer(gzip.compress(BOMB), "Content-Encoding: gzip")],
        "TooLarge",
    ),
    "a file in a file in a file": (
        [answer(gzip.compress(gzip.compress(CUES)))],
        "UnknownEncoding: a file that is compressed more than once",
    ),
    # Announced, since it is tried again: a connection that ends without a word is another fault.
    "a truncated file": (
        [answer(gzip.compress(CUES)[:-1], "Connection: close")],
        "TruncatedGzip",
    ),
    "a page": ([answer(b"<html><body>Hello</body></html>")], "got an HTML page"),
    "an answer": (
        [answer(b'{"JobStatus": "Success", "Results": {}}')],
        "WrongFile: expected a subtitle file, got something else",
    ),
    "the algorithms' output": ([answer(PROCESS)], "WrongFile: expected a subtitle file"),
}


@pytest.mark.parametrize("case", NO_FILE)
def test_what_is_no_whole_subtitle_file_is_a_problem(wire: Wire, case: str) -> None:
    script, message = NO_FILE[case]
    with Player([*script]) as player:
        told = failure(job_with(subtitles(player.url())), wire, hosts=LOCAL)
    assert re.search(message, told)


@pytest.mark.parametrize(
    "content", [CUES, b'{"JobStatus": "Success", "Results": {}}'], ids=["cues", "answer"]
)
def test_what_is_no_output_of_algorithms_is_a_problem(wire: Wire, content: bytes) -> None:
    with Player([answer(content)]) as player:
        told = failure(job_with(process(player.url())), wire, hosts=LOCAL)
    assert "WrongFile: expected the algorithms' output" in told


def test_a_file_stored_compressed_is_read(wire: Wire) -> None:
    with Player([answer(gzip.compress(CUES))]) as player:
        assert len(fetch_files(job_with(subtitles(player.url())), wire, LOCAL).cues)


def test_the_time_is_one_of_all_files(wire: Wire) -> None:
    with Player([Do.READ, Do.HANG]) as player:
        job = job_with(subtitles(player.url()))
        assert "Timeout" in failure(job, wire, hosts=LOCAL, timeout=0.2)


def test_who_interrupts_leaves_nothing_under_way(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(threading.enumerate())

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with Player([answer(PROCESS)]) as quick, Player([Do.READ, Do.HANG]) as slow:
        monkeypatch.setattr(fetch, "_content", interrupted)
        job = job_with(process(quick.url()), process(slow.url()))
        with pytest.raises(KeyboardInterrupt):
            fetch_files(job, wire, hosts=LOCAL, timeout=60)
        fetching = {t for t in threading.enumerate() if t.name.startswith("ThreadPool")} - before
        for thread in fetching:
            thread.join(20)
        assert not any(thread.is_alive() for thread in fetching)


# Where they may be


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://127.0.0.1:PORT/", "127.0.0.1: its host is not under aliyuncs.com"),
        ("http://localhost:PORT/", "not under aliyuncs.com"),
        ("http://2130706433:PORT/", "not under aliyuncs.com"),
        ("http://[::ffff:127.0.0.1]:PORT/", "not under aliyuncs.com"),
        ("http://notaliyuncs.com:PORT/", "not under aliyuncs.com"),
        ("http://127.0.0.1%2f.aliyuncs.com:PORT/", "not under aliyuncs.com"),
        ("http://127.0.0.1;.aliyuncs.com:PORT/", "not under aliyuncs.com"),
        ("http://aliyuncs.com.evil.example:PORT/", "not under aliyuncs.com"),
        ("http://oss.aliyuncs.com@127.0.0.1:PORT/", "127.0.0.1: its host is not under"),
        ("http://127.0.0.1:PORT\\@oss.aliyuncs.com/", "127.0.0.1: its host is not under"),
        ("http://127.0.0.1:PORT#@oss.aliyuncs.com/", "127.0.0.1: its host is not under"),
        ("http://user:word@oss.aliyuncs.com:PORT/", "a user's name in it"),
        ("oss://bucket.aliyuncs.com/", "expected http:// or https:// and a host, got 'oss'"),
        ("http://oss.aliyuncs.com:99999/", "expected"),
        ("http://", "expected"),
    ],
)
def test_an_answer_sends_us_nowhere_else(wire: Wire, url: str, message: str) -> None:
    with Player([answer(PROCESS)]) as player:
        job = job_with(process(url.replace("PORT", str(player.port))))
        assert message in failure(job, wire)
        assert player.connections == 0


def leads_to(monkeypatch: pytest.MonkeyPatch, *addresses: str, port: int) -> list[str]:
    """Let each look-up give the next of these addresses; returns the names that are asked for."""
    asked: list[str] = []

    def answers(host: str, *_: Any, **__: Any) -> list[Any]:
        address = addresses[min(len(asked), len(addresses) - 1)]
        asked.append(host)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 0, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    return asked


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "100.100.100.200", "::1"])
def test_a_name_that_stands_for_no_public_address_is_not_gone_to(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    with Player([answer(PROCESS)]) as player:
        leads_to(monkeypatch, address, port=player.port)
        told = failure(job_with(process(NOTHING)), wire)
        assert player.connections == 0
    assert "its name stands for an address that is not public" in told


def test_one_address_that_is_not_public_is_enough(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = [(socket.AF_INET, 1, 0, "", (address, 80)) for address in ("8.8.8.8", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: to)
    assert "not public" in failure(job_with(process(NOTHING)), wire)


def test_the_address_that_was_judged_is_the_one_connected_to(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []

    def judge(address: str) -> bool:
        judged.append(address)
        return True

    monkeypatch.setattr(fetch, "is_public", judge)
    with Player([answer(CUES)]) as player:
        asked = leads_to(monkeypatch, "127.0.0.1", "127.0.0.2", port=player.port)
        assert len(fetch_files(job_with(subtitles(NOTHING)), wire).cues)
    assert asked == ["nobody.aliyuncs.com"]
    assert judged == ["127.0.0.1"]


@pytest.mark.parametrize(
    "hosts", [["127.0.0.1"], ["127.0.0.1:PORT"], ["elsewhere.example", "127.0.0.1"]]
)
def test_a_host_that_is_named_is_gone_to(wire: Wire, hosts: list[str]) -> None:
    with Player([answer(CUES)]) as player:
        named = [host.replace("PORT", str(player.port)) for host in hosts]
        assert len(fetch_files(job_with(subtitles(player.url())), wire, named).cues)


@pytest.mark.parametrize("hosts", [["127.0.0.1:1"], ["0.0.1"], ["example"]])
def test_another_host_that_is_named_changes_nothing(wire: Wire, hosts: list[str]) -> None:
    with Player([answer(CUES)]) as player:
        assert "not under" in failure(job_with(subtitles(player.url())), wire, hosts=hosts)


def moved(to: str) -> bytes:
    return answer(b"", f"Location: {to}", status="302 Found")


def test_a_redirect_is_followed_within_the_rules(wire: Wire) -> None:
    script: Script = [moved("/next"), Do.READ, answer(CUES)]
    with Player(script) as player:
        assert len(fetch_files(job_with(subtitles(player.url())), wire, LOCAL).cues)
    assert player.requests[1].startswith(b"GET /next HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("to", "message"),
    [
        ("http://localhost/", "localhost: its host is not under aliyuncs.com"),
        ("//169.254.169.254/", "169.254.169.254: its host is not under aliyuncs.com"),
        ("file:///etc/passwd", "expected"),
        ("http://user@127.0.0.1/", "a user's name in it"),
    ],
)
def test_a_redirect_elsewhere_is_not_followed(wire: Wire, to: str, message: str) -> None:
    with Player([moved(to)]) as player:
        assert message in failure(job_with(subtitles(player.url())), wire, hosts=LOCAL)


def test_redirects_end(wire: Wire) -> None:
    with Player([moved("/"), Do.READ] * 9) as player:
        told = failure(job_with(subtitles(player.url())), wire, hosts=LOCAL)
    assert "more than 3 redirects" in told
    assert len(player.requests) == 4


def test_files_come_through_a_proxy_that_looks_names_up(wire: Wire) -> None:
    with Player([answer(CUES)]) as player, Wire(proxies={"http": player.url()}) as proxied:
        assert len(fetch_files(job_with(subtitles(NOTHING)), proxied).cues)
        job = job_with(subtitles("http://127.0.0.1/"))
        assert "not under" in failure(job, proxied)
    assert player.requests[0].startswith(b"GET http://nobody.aliyuncs.com/ HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("0.0.0.0", False),
        ("127.255.0.1", False),
        ("10.0.0.1", False),
        ("172.31.0.1", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("198.18.0.1", False),
        ("224.0.0.251", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::1", False),
        ("2002:7f00:1::", False),
        ("2001:0:7f00:1::", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("fd00::1", False),
        ("ff02::fb", False),
        ("2001:db8::1", False),
    ],
)
def test_public_is_what_one_host_on_the_internet_has(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda wire: fetch_files({}, wire), "job: expected a Job"),
        (lambda wire: fetch_files(job_with(), wire, "a.example"), "hosts: expected a list"),
        (lambda wire: fetch_files(job_with(), wire, ["http://a"]), "hosts: expected a list"),
        (lambda wire: fetch_files(job_with(), wire, [1]), "hosts: expected a list"),
        (lambda wire: fetch_files(job_with(), wire, None), "hosts: expected a list"),
        (lambda wire: fetch_files(job_with(), wire, timeout=0), "timeout: expected seconds"),
        (lambda wire: fetch_files(job_with(), wire, timeout=float("nan")), "timeout: expected"),
    ],
)
def test_an_argument_of_the_wrong_kind_is_refused(
    wire: Wire, change: Callable[[Wire], stag.Job], message: str
) -> None:
    with pytest.raises(InvalidArgument, match=message):
        change(wire)
