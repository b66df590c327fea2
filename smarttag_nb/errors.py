"""Every error that this package raises on purpose.

::

    SmarttagError
    ├── NotAnAnswer          what was given is no answer of smart tagging
    ├── NotACallback         what was given is no callback message
    ├── AnswerProblem        strict=True met a problem of severity error
    ├── ContractError        a frame does not fit its contract table
    ├── UnknownName          a table, sample, answer or result type that does not exist
    ├── MissingLibrary       a library is needed that is not installed
    ├── MissingProgram       a program is needed that is not installed
    ├── MediaError           a video or an image that cannot serve
    │   ├── NotMedia         what was given is no video, or no image
    │   └── TruncatedMedia   a file that ends before the time asked for
    ├── NoSuchTime           a time that a video does not have
    ├── CloudError           the cloud gave an error, or no answer that can be trusted
    │   ├── Throttled        more requests than the cloud takes
    │   ├── NotFound         no such job, or one whose results are no longer kept
    │   ├── AccessDenied     the key may not do this
    │   ├── BadSignature     the key, its secret or this machine's clock is wrong
    │   ├── BadRequest       a parameter that the cloud refuses
    │   ├── ServerError      the cloud failed
    │   ├── BadAnswer        an answer cut short, too large or of the wrong type
    │   ├── Unreachable      no connection, or one that broke
    │   ├── Timeout          no answer within the time given
    │   └── JobFailed        the job itself failed, and check=True was asked for
    ├── MissingCredentials   no access key was given, and none was found
    ├── RefusedAddress       a file's address that is not gone to
    ├── StoreError           a store that cannot be read or written
    │   └── DamagedEntry     a stored answer that is not what was stored
    ├── LakeError            a corpus that cannot be read or written
    ├── QueryError           SQL that cannot be run, or that would write
    ├── SeveralAnswers       one answer was asked for, and the corpus has several
    └── InvalidArgument      an argument that is of the wrong kind or out of range

Each says what was expected, what was got and what to do, and carries the same as attributes.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class SmarttagError(Exception):
    """Base of every error of this package."""


class NotAnAnswer(SmarttagError):
    """What was given to `load` is neither an answer nor a file of one.

    Attributes
    ----------
    looked_like : str
        What the source looked like instead.
    """

    def __init__(self, looked_like: str, hint: str = "") -> None:
        self.looked_like = looked_like
        self.hint = hint
        super().__init__(looked_like, hint)

    def __str__(self) -> str:
        expected = (
            "Expected an answer of QuerySmarttagJob, QueryVideoCognitionJob or GetSmartHandleJob, "
            "one of its results, or a raw algorithm file"
        )
        return f"{expected}; got {self.looked_like}." + (f" {self.hint}" if self.hint else "")


class NotACallback(SmarttagError):
    """What was given to `read_callback` is no callback message.

    Attributes
    ----------
    looked_like : str
        What it looked like instead.
    """

    def __init__(self, looked_like: str) -> None:
        self.looked_like = looked_like
        super().__init__(looked_like)

    def __str__(self) -> str:
        return (
            "Expected a callback message (JSON with JobId and State, plain or base64-encoded, or "
            f"an event with MessageBody); got {self.looked_like}."
        )


class AnswerProblem(SmarttagError):
    """An answer has a problem of severity error, and ``strict=True`` was asked for.

    Attributes
    ----------
    code, path, expected, got : str
        The problem's code (`tables.problem_codes`), where it is, what should stand there, and
        what stands there.
    """

    def __init__(self, code: str, path: str, expected: str, got: str) -> None:
        self.code = code
        self.path = path
        self.expected = expected
        self.got = got
        super().__init__(code, path, expected, got)

    def __str__(self) -> str:
        return (
            f"{self.path}: expected {self.expected}, got {self.got} ({self.code}). "
            "Load without strict=True to keep the rest and list such places in job.problems."
        )


class ContractError(SmarttagError):
    """A frame cannot be made to fit its contract table.

    Attributes
    ----------
    table : str
        Name of the contract table.
    column : str
        The column at fault.
    """

    def __init__(self, table: str, column: str, message: str) -> None:
        self.table = table
        self.column = column
        self.message = message
        super().__init__(table, column, message)

    def __str__(self) -> str:
        return f"Table {self.table!r}, column {self.column!r}: {self.message}"


class UnknownName(SmarttagError, KeyError):
    """A name that stands for nothing here; the message lists those that do.

    Attributes
    ----------
    what : str
        The kind of thing that was asked for.
    name : object
        The name that was given.
    known : tuple of str
        The names that exist.
    others : int
        How many more there are.
    """

    def __init__(self, what: str, name: object, known: Iterable[str], others: int = 0) -> None:
        self.what = what
        self.name = name
        self.known = tuple(known)
        self.others = others
        super().__init__(what, name, self.known, others)

    def __str__(self) -> str:
        close = get_close_matches(str(self.name), self.known, n=1)
        guess = f" Did you mean {close[0]!r}?" if close else ""
        known = ", ".join(self.known) or "none"
        others = f" and {self.others:,} more" if self.others else ""
        return f"No {self.what} is called {self.name!r}.{guess} There are: {known}{others}."


class MissingLibrary(SmarttagError, ImportError):
    """A library is needed that is not installed.

    Attributes
    ----------
    library : str
        Its name.
    """

    def __init__(self, library: str, purpose: str, install: str) -> None:
        self.library = library
        self.purpose = purpose
        self.install = install
        super().__init__(library, purpose, install)

    def __str__(self) -> str:
        return f"{self.purpose} needs {self.library}: pip install '{self.install}'."


class MissingProgram(SmarttagError):
    """A program is needed that is not installed.

    Attributes
    ----------
    program, purpose, instead : str
        Its name, what needs it, and what can be done.
    """

    def __init__(self, program: str, purpose: str, instead: str) -> None:
        self.program = program
        self.purpose = purpose
        self.instead = instead
        super().__init__(program, purpose, instead)

    def __str__(self) -> str:
        return f"{self.purpose} needs {self.program}, and none was found: {self.instead}."


class MediaError(SmarttagError):
    """A video or an image cannot serve.

    Attributes
    ----------
    source : str
        What it is called: a file's name, or the type of what was given.
    """

    def __init__(self, source: str, problem: str) -> None:
        self.source = source
        self.problem = problem
        super().__init__(source, problem)

    def __str__(self) -> str:
        return f"{printable(self.source)}: {self.problem}."


class NotMedia(MediaError):
    """What was given is no video, or no image.

    Attributes
    ----------
    expected, looked_like : str
        What was asked for, and what it looked like instead.
    """

    def __init__(self, source: str, expected: str, looked_like: str) -> None:
        self.expected = expected
        self.looked_like = looked_like
        super().__init__(source, f"expected {expected}; got {looked_like}")
        self.args = (source, expected, looked_like)


class TruncatedMedia(MediaError):
    """A file ends before the time that was asked for.

    Attributes
    ----------
    time, end : float
        The time asked for, and where the frames end, in seconds.
    """

    def __init__(self, source: str, time: float, end: float) -> None:
        self.time = time
        self.end = end
        super().__init__(
            source,
            f"expected a frame at {time:.2f} s; the file is truncated and its frames end at "
            f"{end:.2f} s. Fetch the file again, or ask for earlier times",
        )
        self.args = (source, time, end)


class NoSuchTime(SmarttagError, ValueError):
    """A time that a video does not have.

    Attributes
    ----------
    source : str
        What the video is called.
    time, duration : float
        The time asked for, and the video's last, in seconds.
    """

    def __init__(self, source: str, time: float, duration: float) -> None:
        self.source = source
        self.time = time
        self.duration = duration
        super().__init__(source, time, duration)

    def __str__(self) -> str:
        return (
            f"{printable(self.source)}: expected a time from 0 to {self.duration:g} s, "
            f"got {self.time}."
        )


class CloudError(SmarttagError):
    """The cloud gave an error, or no answer that can be trusted.

    Attributes
    ----------
    code : str
        The cloud's code, such as "Throttling.User", or a word of ours where none came.
    message : str
        What the cloud said, without anything secret.
    hint : str
        What can be done.
    request_id : str
        The cloud's id of the request, to ask its support with; empty where none came.
    status : int or None
        The HTTP status, if there was an answer.
    """

    def __init__(
        self,
        code: str,
        message: str,
        hint: str = "",
        request_id: str = "",
        status: int | None = None,
    ) -> None:
        self.code = code
        self.message = message
        self.hint = hint
        self.request_id = request_id
        self.status = status
        super().__init__(code, message, hint, request_id, status)

    def __str__(self) -> str:
        status = "" if self.status is None else f" (HTTP {self.status})"
        told = f"{self.code}{status}: {self.message.rstrip('.') or 'no message'}."
        hint = f" {self.hint}" if self.hint else ""
        request = f" Request id: {self.request_id}." if self.request_id else ""
        return printable(told + hint + request)


class Throttled(CloudError):
    """More requests came than the cloud takes, and trying again did not help."""


class NotFound(CloudError):
    """There is no such job here, or its results are no longer kept."""


class AccessDenied(CloudError):
    """The key is known and may not do this."""


class BadSignature(CloudError):
    """The access key, its secret or this machine's clock is wrong."""


class BadRequest(CloudError):
    """The cloud refuses a parameter."""


class ServerError(CloudError):
    """The cloud failed, and trying again did not help."""


class BadAnswer(CloudError):
    """An answer was cut short, too large, or of the wrong type; half of one is none."""


class Unreachable(CloudError):
    """There was no connection, or it broke."""


class Timeout(CloudError, TimeoutError):
    """No answer, or no finished job, within the time given."""


class JobFailed(CloudError):
    """The job itself failed, and ``check=True`` was asked for."""


class MissingCredentials(SmarttagError):
    """No access key was given, and none was found.

    Attributes
    ----------
    looked : str
        Where it was looked for.
    """

    def __init__(self, looked: str) -> None:
        self.looked = looked
        super().__init__(looked)

    def __str__(self) -> str:
        return (
            f"Expected an access key; found none in {self.looked}. Give credentials=(id, secret), "
            "or set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET."
        )


class RefusedAddress(SmarttagError):
    """A file's address is not gone to: an answer must not send us anywhere.

    Attributes
    ----------
    host, reason : str
        The address's host, and why it is refused.
    """

    def __init__(self, host: str, reason: str) -> None:
        self.host = host
        self.reason = reason
        super().__init__(host, reason)

    def __str__(self) -> str:
        return (
            f"{printable(self.host)}: {self.reason}. Give hosts= to allow more than aliyuncs.com."
        )


class StoreError(SmarttagError):
    """A store cannot be read or written.

    Attributes
    ----------
    file, problem : str
        The store's file, and what is the matter.
    """

    def __init__(self, file: str, problem: str) -> None:
        self.file = file
        self.problem = problem
        super().__init__(file, problem)

    def __str__(self) -> str:
        return f"{printable(self.file)}: {self.problem}."


class DamagedEntry(StoreError):
    """A stored answer is not what was stored: its digest does not fit."""


class LakeError(SmarttagError):
    """A corpus cannot be read or written.

    Attributes
    ----------
    url, problem : str
        Where it is, and what is the matter.
    """

    def __init__(self, url: str, problem: str) -> None:
        self.url = url
        self.problem = problem
        super().__init__(url, problem)

    def __str__(self) -> str:
        return f"{printable(self.url)}: {printable(self.problem)}."


class QueryError(SmarttagError, ValueError):
    """SQL that cannot be run, or that would write.

    Attributes
    ----------
    problem : str
        What is wrong with it.
    """

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)

    def __str__(self) -> str:
        return self.problem


class SeveralAnswers(SmarttagError, LookupError):
    """One answer was asked for, and the corpus has several of that JobId.

    Attributes
    ----------
    job_id : str
        The job.
    choices : tuple of str
        What tells them apart.
    """

    def __init__(self, job_id: str, choices: Iterable[str]) -> None:
        self.job_id = job_id
        self.choices = tuple(choices)
        super().__init__(job_id, self.choices)

    def __str__(self) -> str:
        return printable(
            f"Expected one answer of job {self.job_id!r}, got {len(self.choices)}. Say which, by "
            f"what tells them apart: {'; '.join(self.choices)}."
        )


class InvalidArgument(SmarttagError, ValueError):
    """An argument of the wrong kind or out of its range.

    Attributes
    ----------
    argument : str
        The argument's name.
    """

    def __init__(self, argument: str, expected: str, got: object) -> None:
        self.argument = argument
        self.expected = expected
        self.got = got
        super().__init__(argument, expected, got)

    def __str__(self) -> str:
        return f"{self.argument}: expected {self.expected}, got {_shown(self.got)}."


_LONGEST = 200
"""Characters of what was got that a message repeats."""


def _shown(value: object) -> str:
    """Show a value in a line; what takes several, such as a table, by its type."""
    text = repr(value)
    if "\n" in text:
        return f"an object of type {type(value).__name__}"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def printable(text: str) -> str:
    """Escape what a terminal would obey, in one line: an answer's text may hold anything."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
