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
    """

    def __init__(self, what: str, name: object, known: Iterable[str]) -> None:
        self.what = what
        self.name = name
        self.known = tuple(known)
        super().__init__(what, name, self.known)

    def __str__(self) -> str:
        close = get_close_matches(str(self.name), self.known, n=1)
        guess = f" Did you mean {close[0]!r}?" if close else ""
        known = ", ".join(self.known) or "none"
        return f"No {self.what} is called {self.name!r}.{guess} There are: {known}."


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
        return f"{self.argument}: expected {self.expected}, got {self.got!r}."


def printable(text: str) -> str:
    """Escape what a terminal would obey, in one line: an answer's text may hold anything."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
