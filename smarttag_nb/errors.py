"""Every error that this package raises on purpose.

::

    SmarttagError
    ├── NotAnAnswer          what was given is no answer of smart tagging
    ├── NotACallback         what was given is no callback message
    ├── AnswerProblem        strict=True met a problem of severity error
    ├── ContractError        a frame does not fit its contract table
    ├── UnknownName          a table, sample, answer or result type that does not exist
    ├── MissingLibrary       a library is needed that is not installed
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
