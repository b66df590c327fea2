"""From a document to the readers of what it holds: an answer, one result's Data, or a raw file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import NotAnAnswer
from . import process, smart_handle, subtitle
from .decode import decode
from .document import UNREADABLE, Document, NotJson
from .envelope import (
    Envelope,
    Given,
    add_beside,
    has_envelope,
    looks_like,
    looks_like_url,
    read_envelope,
    read_results,
    unwrap,
)
from .fitting import fitting
from .notes import Notes, Path
from .rows import Options, Result, Rows
from .source import parse


@dataclass(frozen=True, slots=True)
class Reader:
    """How results of one type are read: the type of their body, and what makes rows of it."""

    body: Any
    read: Callable[[Any, Result], None]


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Hands each part of a document to its reader, all into the same rows and notes."""

    readers: Mapping[str, Reader]
    rows: Rows
    notes: Notes
    options: Options

    def read(self, document: Document) -> Envelope:
        """Read a whole source.

        Raises
        ------
        NotAnAnswer
            It is neither an answer nor a file of one.
        """
        root = Path()
        text = document.text
        if text is not None and text[:1] in (b"[", "["):
            # What is a list of modules as documented is told from no other list by a second look,
            # which would cost a pass over all of it.
            modules = process.as_documented(document, root)
            if modules:
                process.read(modules, self._result("Process", 0, root))
                return Envelope()
        if isinstance(text, str) and subtitle.looks_like_cues(text):
            subtitle.read_cues(text, self._result("Subtitle", 0, root))
            return Envelope()
        value = parse(document, root, self.notes)
        if isinstance(value, str):
            # A JSON document within a JSON text, as Data is.
            return self.read(Document(text=value))
        if isinstance(value, list):
            return self._bare_list(value)
        if not isinstance(value, dict):
            raise NotAnAnswer(*looks_like(value))
        beside: dict[str, Any] = {}
        if not has_envelope(value):
            value, root, beside = unwrap(value, root)
        if has_envelope(value):
            envelope = read_envelope(value, root, self.notes)
        else:
            envelope = self._data_alone(value, root)
        add_beside(envelope, beside)
        for given in envelope.results:
            self._read_result(given)
        if envelope.smart is not None:
            self._read_smart(envelope.smart)
        _add_envelope(envelope, self.rows)
        return envelope

    def _result(self, kind: str, index: int | None, path: Path) -> Result:
        return Result(kind, index, path, self.rows, self.notes, self.options)

    def _data_alone(self, value: dict[str, Any], root: Path) -> Envelope:
        """Read a result, its Data without the result around it, or a module of algorithms."""
        body = Document(value=value)
        keys = {key.lower() for key in value}
        if {"name", "result"} <= keys:
            self._read_modules(body, 0, root)
            return Envelope()
        if ({"type", "data"} <= keys and "state" not in keys) or keys == {"result"}:
            return Envelope(results=list(read_results(value, root, self.notes)))
        kind = fitting(body, self._bodies(), declared=None)
        if kind is None:
            raise NotAnAnswer(*looks_like(value))
        self._read_body(body, kind, Given(kind, value, 0, root), root)
        return Envelope()

    def _bare_list(self, value: list[Any]) -> Envelope:
        """Read a list: of results, of algorithms' modules, or of sentences."""
        if self._read_list(value, Path()):
            return Envelope()
        raise NotAnAnswer(*looks_like(value))

    def _read_list(self, value: list[Any], path: Path) -> bool:
        """Read a list of results, of algorithms' modules, or of sentences, told by the keys."""
        keys = [{key.lower() for key in item} for item in value if isinstance(item, dict)]
        if any({"type", "data"} <= of_one for of_one in keys):
            for given in read_results(value, path, self.notes):
                self._read_result(given)
        elif any({"name", "result"} <= of_one for of_one in keys):
            self._read_modules(Document(value=value), 0, path)
        elif any("content" in of_one and of_one & {"from", "to"} for of_one in keys):
            smart_handle.read_list(value, self._result("AiResult", 0, path))
        elif any({"labellevel1", "detailinfo"} & of_one for of_one in keys):
            self._read_products("tag", value, path)
        elif any({"index", "timestamp"} <= of_one for of_one in keys):
            self._read_products("sbd", value, path)
        else:
            return False
        return True

    def _read_result(self, given: Given) -> None:
        declared = self._known_type(given.type)
        if given.type and declared is None:
            self.notes.add(
                "unknown-type",
                given.path / "Type",
                "a result of this type is not known; it is kept in job.raw",
                given.type,
                action="skipped",
            )
            return
        path = given.path / "Data"
        document = Document(value=given.data)
        if isinstance(given.data, str):
            path = path.inside()
            document = Document(text=given.data.strip() or None)
            if looks_like_url(given.data) and declared in (None, "Process"):
                self._add_address(given.data, "process", self._result("Process", given.index, path))
                return
        if document.text is None and not isinstance(document.value, (dict, list)):
            if document.value is None or document.value == "":
                self.notes.add(
                    "nothing-in-it", path, "a result without data", given.type, action="skipped"
                )
            else:
                self.notes.wrong(path, "an object or a list", document.value, action="skipped")
            return
        self._read_body(document, declared, given, path)

    def _read_body(
        self, document: Document, declared: str | None, given: Given, path: Path
    ) -> None:
        if declared is not None and self._read_as_declared(document, declared, given.index, path):
            return
        kind = fitting(document, self._bodies(), declared) or declared
        if kind is None:
            self.notes.add(
                "unknown-type",
                path,
                "keys of no result type that is known; kept in job.raw",
                _head(document),
                action="skipped",
            )
            return
        if declared is not None and kind != declared:
            self.notes.add(
                "type-mismatch", given.path / "Type", f"the keys are those of {kind}", given.type
            )
        if kind == "Process":
            self._read_modules(document, given.index, path)
            return
        body = decode(document, self.readers[kind].body, path, self.notes)
        if body is not None:
            self._read_decoded(kind, body, given.index, path)

    def _read_as_declared(
        self, document: Document, declared: str, index: int | None, path: Path
    ) -> bool:
        """Read what is as its Type says at full speed, and tell whether it was.

        It needs no second look, which would cost a pass over all of it.
        """
        if declared == "Process":
            modules = process.as_documented(document, path)
            if modules is None:
                return False
            process.read(modules, self._result("Process", index, path))
            return True
        if declared == "Meta":
            # Any object is one, so that only the keys can tell.
            return False
        try:
            body = document.typed(self.readers[declared].body)
        except UNREADABLE:
            return False
        self._read_decoded(declared, body, index, path)
        return True

    def _read_decoded(self, kind: str, body: Any, index: int | None, path: Path) -> None:
        result = self._result(kind, index, path)
        if getattr(body, "success", None) is False:
            self.notes.add(
                "body-failed", path / "success", "the result says it failed", body.message
            )
        self.readers[kind].read(body, result)

    def _read_products(self, module: str, data: list[Any], path: Path) -> None:
        """Read the data of one algorithm without the module around it."""
        result = self._result("Process", 0, path)
        process.read_data(module, Document(value=data), result)

    def _read_modules(self, document: Document, index: int | None, path: Path) -> None:
        try:
            modules = process.decode_modules(document, path, self.notes)
        except NotJson as error:
            self.notes.wrong(
                path, "JSON", _head(document), code="not-json", action="skipped", got=str(error)
            )
            return
        process.read(modules, self._result("Process", index, path))

    def _read_smart(self, given: Given) -> None:
        """AiResult: a list, an object, text with either, or prose."""
        value, path = given.data, given.path
        if value is None or value == "":
            return
        if isinstance(value, str):
            prose = self._result("AiResult", 0, path)
            if looks_like_url(value):
                self._add_address(value, "output", prose)
                return
            if value.lstrip()[:1] not in ("{", "["):
                smart_handle.read_prose(value, prose)
                return
            path = path.inside()
            try:
                value = Document(text=value.strip()).parse(path, self.notes)
            except NotJson as error:
                # Prose may begin with a bracket; what goes on as JSON was meant to be it.
                if _BEGINS_AS_JSON.match(value):
                    self.notes.wrong(
                        path, "JSON", value, code="not-json", action="kept", got=str(error)
                    )
                smart_handle.read_prose(value, prose)
                return
        if isinstance(value, list):
            if not self._read_list(value, path):
                smart_handle.read_list(value, self._result("AiResult", 0, path))
        elif isinstance(value, dict) and has_envelope(value):
            inner = read_envelope(value, path, self.notes)
            for result in inner.results:
                self._read_result(result)
        elif isinstance(value, dict):
            self._read_body(Document(value=value), None, Given(None, value, 0, path), path)
        else:
            self.notes.wrong(path, "a list, an object or text", value, action="skipped")

    def _add_address(self, url: str, kind: str, result: Result) -> None:
        result.add("files", 1, kind=kind, url=[url.strip()])

    def _known_type(self, given: str | None) -> str | None:
        names = {name.lower(): name for name in (*self.readers, "Process")}
        return names.get(given.lower()) if given else None

    def _bodies(self) -> dict[str, Any]:
        return {name: reader.body for name, reader in self.readers.items()}


_BEGINS_AS_JSON = re.compile(r"\s*[\[{]\s*[\[{\"]")


def _head(document: Document) -> Any:
    return document.value if document.text is None else str(document.text)[:200]


def _add_envelope(envelope: Envelope, rows: Rows) -> None:
    rows.add(
        "usages",
        len(envelope.usages),
        type=[kind for kind, _ in envelope.usages],
        quota=[quota for _, quota in envelope.usages],
    )
    rows.add(
        "files",
        len(envelope.files),
        kind=[kind for kind, _ in envelope.files],
        url=[url for _, url in envelope.files],
    )
    rows.add(
        "meta",
        len(envelope.facts),
        name=[name for name, _ in envelope.facts],
        value=[value for _, value in envelope.facts],
    )
