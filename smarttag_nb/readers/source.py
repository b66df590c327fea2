"""What a user has in hand: a path, bytes, text, an object, a file, a response."""

from __future__ import annotations

import gzip
import json
import os
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any
from xml.etree import ElementTree

from ..errors import NotAnAnswer
from .document import Document, NotJson, as_utf8, clean
from .notes import Notes, Path, shown, without_surrogates


@dataclass(frozen=True, slots=True)
class Source:
    """What was received: as it came, as a document, and the file's stem."""

    raw: Any
    document: Document
    stem: str | None = None


_MAGIC = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "an SQLite database",
    b"\x1aE\xdf\xa3": "a WebM or Matroska video",
}


_TIME_RANGE = re.compile(rb"\[\s*\d+:")
"""How a line of a subtitle file may begin, and no JSON does."""

_CONTROL = re.compile(r"^[^{\[]*?[\0-\x08\x0e-\x1f]")
"""A control character before anything that JSON begins with."""


def open_source(source: Any, notes: Notes) -> Source:
    """Find out what a source holds.

    Raises
    ------
    NotAnAnswer
        It is of no type that can hold an answer, there is no such file, or it holds no text.
    """
    if isinstance(source, os.PathLike):
        return _open_file(FilePath(source), notes)
    if isinstance(source, str):
        file = _existing_file(source)
        if file is not None:
            return _open_file(file, notes)
        return Source(source, _from_text(source, notes))
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _from_bytes(bytes(source), notes)
    if isinstance(source, (dict, list)):
        return Source(source, Document(value=clean(source, Path(), notes)))
    mapped = _sdk_map(source)
    if mapped is not None:
        return Source(mapped, Document(value=clean(mapped, Path(), notes)))
    content = _asked(lambda: getattr(source, "content", None))
    if isinstance(content, bytes):
        return _from_bytes(content, notes)
    if callable(getattr(source, "read", None)):
        return _open_stream(source, notes)
    raise NotAnAnswer(
        f"an object of type {type(source).__name__}",
        "Give a path, text, bytes, a dict or list, an open file, or a response.",
    )


def _asked(ask: Callable[[], Any]) -> Any:
    """Ask an object that is not ours, which may raise anything.

    The error's text stays out of ours: a connection's names its address, with all that is in it.
    """
    try:
        return ask()
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except Exception as error:
        reason = type(error).__name__
    raise NotAnAnswer(f"an object that cannot be read: {reason}")


def _existing_file(text: str) -> FilePath | None:
    if len(text) > 4096 or "\n" in text or "\0" in text:
        return None
    try:
        path = FilePath(text).expanduser()
        return path if path.is_file() else None
    except (OSError, RuntimeError, ValueError):
        return None


def _open_file(path: FilePath, notes: Notes) -> Source:
    try:
        content = path.read_bytes()
    except IsADirectoryError:
        raise NotAnAnswer(f"the folder {path}", "Load its files one by one.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise NotAnAnswer(f"the path {str(path)!r}, which cannot be read: {reason}") from None
    made = _from_bytes(content, notes)
    return Source(made.raw, made.document, _stem(path.name))


def _stem(name: str) -> str:
    return without_surrogates(FilePath(re.sub(r"\.gz$", "", name, flags=re.IGNORECASE)).stem)


def _open_stream(stream: Any, notes: Notes) -> Source:
    content = _asked(stream.read)
    if isinstance(content, str):
        made = Source(content, _from_text(content, notes))
    elif isinstance(content, bytes):
        made = _from_bytes(content, notes)
    else:
        raise NotAnAnswer(f"an object whose read() gives {type(content).__name__}")
    name = getattr(stream, "name", None)
    # Streams without a file call themselves <stdin>, or by a number.
    stem = _stem(name) if isinstance(name, str) and not name.startswith("<") else None
    return Source(made.raw, made.document, stem)


def _sdk_map(source: Any) -> Any:
    """Return the dict of an official SDK's response, or of its body."""
    for part in (source, getattr(source, "body", None)):
        to_map = getattr(part, "to_map", None)
        if callable(to_map) and not isinstance(part, type):
            mapped = _asked(to_map)
            return mapped if isinstance(mapped, dict) else None
    return None


def _from_bytes(content: bytes, notes: Notes) -> Source:
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise NotAnAnswer(f"a gzip file that does not unpack: {error}") from None
    for magic, what in _MAGIC.items():
        if content.startswith(magic):
            raise NotAnAnswer(what)
    if content[4:8] == b"ftyp":
        raise NotAnAnswer("an MP4 video")
    # Fast for what is nearly always there; only what starts otherwise is decoded and looked at.
    if content[:1] in (b"{", b"[") and content[1:2] != b"\0" and not _TIME_RANGE.match(content):
        return Source(content, Document(text=content))
    try:
        text = content.decode(json.detect_encoding(content))
    except UnicodeError:
        text = as_utf8(content, Path(), notes)
    if _CONTROL.search(text[:1000]):
        raise NotAnAnswer("binary data")
    return Source(content, _from_text(text, notes))


def _from_text(text: str, notes: Notes) -> Document:
    start = text.lstrip("\ufeff \t\r\n")
    if not start:
        raise NotAnAnswer("nothing: the source is empty")
    if start[0] not in '{["' and (told := without_surrogates(start)) != start:
        # JSON's own are told text by text.
        notes.add("surrogate", Path(), "a lone surrogate became U+FFFD", told, action="changed")
        start = told
    if start[0] == "<":
        return Document(value=_from_xml(start, notes))
    return Document(text=start)


def _from_xml(text: str, notes: Notes) -> Any:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise NotAnAnswer("XML with a document type, which may hold anything")
    try:
        # Without a document type there is nothing to expand or to fetch.
        root = ElementTree.fromstring(text.encode())  # noqa: S314
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise NotAnAnswer(f"{_markup(text)} ({error})") from None
    if root.tag.lower() == "html":
        raise NotAnAnswer("an HTML page")
    holder: dict[str, Any] = {}
    todo = [(root, holder, Path())]
    while todo:
        element, above, path = todo.pop()
        name = element.tag.rpartition("}")[2]
        for attribute, given in element.items():
            notes.unknown_key(path / name / f"@{attribute}", given)
        if len(element) and (mixed := _text_among(element)):
            notes.unknown_key(path / name / "text()", mixed)
        value: Any = (element.text or "") if not len(element) else {}
        if isinstance(value, dict):
            todo.extend((child, value, path / name) for child in reversed(element))
        if name in above:
            if not isinstance(above[name], list):
                above[name] = [above[name]]
            above[name].append(value)
        else:
            above[name] = value
    (value,) = holder.values()
    return clean(value, Path(), notes)


def _text_among(element: ElementTree.Element) -> str:
    """Text that stands between an element's children."""
    return "".join([element.text or "", *(child.tail or "" for child in element)]).strip()


def _markup(text: str) -> str:
    return "an HTML page" if "<html" in text[:2000].lower() else "XML that cannot be read"


def parse(document: Document, path: Path, notes: Notes) -> Any:
    """Parse a whole source.

    Raises
    ------
    NotAnAnswer
        It is no JSON.
    """
    try:
        return document.parse(path, notes)
    except NotJson as error:
        text = document.text
        head = text if isinstance(text, str) else bytes(text or b"")[:400].decode(errors="replace")
        if head[:1] in "{[":
            raise NotAnAnswer(f"broken JSON: {error}") from None
        raise NotAnAnswer(
            f"text that begins with {shown(head[:60])!r}",
            "If that is meant to be a path, there is no such file.",
        ) from None
