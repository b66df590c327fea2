"""The jobs that there are: saved answers by their file names, and what was submitted."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import msgspec

from .. import samples
from ..cloud.key import is_text
from ..errors import InvalidArgument
from .refusals import Refusal

_SAMPLE: Mapping[tuple[str, str], str] = {
    ("ice", "QuerySmarttagJob"): "smarttag",
    ("mts", "QuerySmarttagJob"): "mts",
    ("ice", "QueryVideoCognitionJob"): "cognition",
    ("ice", "GetSmartHandleJob"): "smart-handle-asr",
}
"""Which of a sample's answers is given under the sample's own name."""

_NEEDS = {"ASR": "NeedAsr", "OCR": "NeedOcr", "Process": "NeedProcess"}
"""Types of results that QueryVideoCognitionJob gives only where IncludeResults asks for them."""

_FOREIGN = {
    ("ice", "QuerySmarttagJob"): {"Input", "Params", "TemplateId"},
    ("mts", "QuerySmarttagJob"): {"Input", "Params", "TemplateId", "Usages"},
    ("ice", "QueryVideoCognitionJob"): {"Usages"},
}
"""Keys of the other dialects, left away where an answer is given in one that is not its own."""

_MOST_SUBMITTED = 10_000

Saved = Path | dict[str, Any]
Source = str | os.PathLike[str] | Mapping[str, Saved] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A saved answer, and the file that it stands in."""

    value: dict[str, Any]
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """A job that was submitted."""

    at: float
    answer: str
    user_data: str
    told: Mapping[str, Any]


class Jobs:
    """Jobs and the files that their answers point to.

    Parameters
    ----------
    source : path, mapping or None
        A folder whose ``JOB.json`` are answers, or each job's answer: a file, or an object as
        `json.loads` gives it. The samples where it is None: every answer under its own name, and
        under the sample's name the one that fits the operation.
    stages : (float, float)
        How long what is submitted is Submitted and then Processing, in seconds.
    clock : callable
        Gives the time in seconds.

    Raises
    ------
    InvalidArgument
        There is no such folder or it has no answer, or what is given is none.
    """

    def __init__(
        self,
        source: Source,
        stages: tuple[float, float],
        clock: Callable[[], float],
    ) -> None:
        self._clock = clock
        self._stages = stages
        self._samples = frozenset(samples.names() if source is None else ())
        self._answers = _samples() if source is None else _answers(source)
        self._submitted: OrderedDict[str, Submitted] = OrderedDict()
        self._files: dict[str, Path] = {}

    def names(self) -> list[str]:
        """List the jobs that can be asked for, those submitted last."""
        return [*sorted({*self._samples, *self._answers}), *self._submitted]

    def file(self, name: str) -> Path | None:
        """Give a file that an answer given before points to."""
        return self._files.get(name)

    def submit(self, given: Mapping[str, str]) -> str:
        """Accept a job and give its id.

        Its answer is the one named as its media, or else the first sample's, or the first one that
        is of a job of this kind.
        """
        media = given["Input"]
        told: dict[str, Any] = {"Params": given.get("Params", "")}
        if given.get("TemplateId"):
            told["TemplateId"] = given["TemplateId"]
        value = decoded(media)
        if isinstance(value, dict):
            told["Input"] = value
            media = str(value.get("Media") or value.get("Object") or "")
        stem = PurePosixPath(_file_name(media)).stem
        answer = stem if self._tells(stem) else self._usual()
        job_id = uuid.uuid4().hex
        at = self._clock()
        self._submitted[job_id] = Submitted(at, answer, given.get("UserData", ""), told)
        if len(self._submitted) > _MOST_SUBMITTED:
            self._submitted.popitem(last=False)
        return job_id

    def answer(
        self, product: str, operation: str, given: Mapping[str, str], base: str
    ) -> dict[str, Any]:
        """Give a job's answer as an operation gives it.

        Parameters
        ----------
        product, operation : str
            What is asked.
        given : mapping of str to str
            The parameters.
        base : str
            Where files are served.

        Raises
        ------
        Refusal
            There is no such job, or a parameter is wrong.
        """
        job_id = given["JobId"]
        wanted = _object(given, "Params").get("labelResultType")
        if wanted not in (None, "auto", "hmi"):
            raise Refusal("InvalidParameter", "Params: labelResultType is auto or hmi.")
        needs = _object(given, "IncludeResults")
        if operation == "GetSmartHandleJob":
            return {**self._find(job_id, product, operation, None).value, "JobId": job_id}
        submitted = self._submitted.get(job_id)
        if submitted is None:
            answer = self._find(job_id, product, operation, wanted)
            return self._dress(answer, product, operation, needs, base)
        if status := self._stage(submitted):
            return {"JobStatus": status, "UserData": submitted.user_data}
        answer = self._find(submitted.answer, product, operation, wanted)
        own = submitted.told if operation == "QueryVideoCognitionJob" else {}
        made = self._dress(answer, product, operation, needs, base)
        return {**made, **own, "UserData": submitted.user_data}

    def _stage(self, submitted: Submitted) -> str:
        age = self._clock() - submitted.at
        waiting, working = self._stages
        if age < waiting:
            return "Submitted"
        return "Processing" if age < waiting + working else ""

    def _usual(self) -> str:
        """Name the answer of what is submitted without a wish."""
        if self._samples:
            return min(self._samples)
        names = sorted(self._answers)
        return next(filter(self._tells, names), names[0])

    def _tells(self, name: str) -> bool:
        """Whether there is an answer of this name that a submitted job can have."""
        try:
            return "JobStatus" in self._find(name, "ice", "QuerySmarttagJob", None).value
        except Refusal:
            return False

    def _find(self, name: str, product: str, operation: str, wanted: str | None) -> Answer:
        if name in self._samples:
            # Of human and machine there are answers of tagging 2.0 only.
            tagged = wanted and operation == "QuerySmarttagJob"
            name = f"cpv-{wanted}" if tagged else _SAMPLE[product, operation]
        elif name not in self._answers and f"{name}-auto" in self._answers:
            name = f"{name}-auto"
        job = name.removesuffix("-auto").removesuffix("-hmi")
        if wanted and f"{job}-{wanted}" in self._answers:
            name = f"{job}-{wanted}"
        answer = self._read(name)
        if (operation == "GetSmartHandleJob") != _is_smart_handle(answer.value):
            raise Refusal("JobNotFound", "There is no such job of this operation.")
        return answer

    def _read(self, name: str) -> Answer:
        source = self._answers.get(name)
        if isinstance(source, dict):
            return Answer(source)
        try:
            value = decoded(source.read_bytes().removeprefix(b"\xef\xbb\xbf")) if source else None
        except OSError:
            value = None
        if not isinstance(value, dict):
            why = "There is no such job." if source is None else "The job's file is no answer."
            raise Refusal("JobNotFound", why)
        return Answer(value, source)

    def _dress(
        self,
        answer: Answer,
        product: str,
        operation: str,
        needs: Mapping[str, Any],
        base: str,
    ) -> dict[str, Any]:
        value = answer.value
        given = value.get("Results")
        cognition = operation == "QueryVideoCognitionJob"
        foreign = cognition != _is_cognition(value) or product == "mts"
        hidden = _FOREIGN[product, operation] if foreign else set()
        made = {key: own for key, own in value.items() if key not in hidden}
        results = given
        if isinstance(given, dict):
            results = given.get("Result", given.get("result"))
        if not isinstance(results, list):
            return made
        shown = [
            self._point_here(result, answer.file, base)
            for result in results
            if not cognition or _asked_for(result, needs)
        ]
        made["Results"] = {"result" if cognition else "Result": shown}
        return made

    def _point_here(self, result: Any, source: Path | None, base: str) -> Any:
        """Let a result's addresses point to the files beside its answer, where there are such."""
        if source is None or not isinstance(result, dict):
            return result
        kind, data = result.get("Type"), result.get("Data")
        if not isinstance(data, str):
            return result
        if kind == "Process" and data.strip().startswith(("http://", "https://")):
            return {**result, "Data": self._served(data, source, ".json", "process.json", base)}
        body = decoded(data) if kind == "Subtitle" else None
        if not isinstance(body, dict):
            return result
        details = body.get("details")
        rows = details if isinstance(details, list) else [details]
        moved = [
            {
                key: self._served(url, source, ".txt", "subtitles.txt", base)
                if key.lower().endswith("resulturl") and isinstance(url, str)
                else url
                for key, url in row.items()
            }
            if isinstance(row, dict)
            else row
            for row in rows
        ]
        details = moved if isinstance(details, list) else moved[0]
        return {**result, "Data": msgspec.json.encode({**body, "details": details}).decode()}

    def _served(self, url: str, source: Path, suffix: str, usual: str, base: str) -> str:
        """Give the address of a file, by its own name, the job's or the usual one."""
        for name in (_file_name(url), source.stem + suffix, usual):
            file = source.parent / name
            if is_text(name) and file != source and _is_file(file):
                # Folders may hold files of one name.
                folder = hashlib.sha256(os.fsencode(source.parent)).hexdigest()[:8]
                self._files[f"{folder}/{name}"] = file
                return f"{base}/files/{folder}/{quote(name)}"
        return url


def _is_smart_handle(value: Mapping[str, Any]) -> bool:
    """Tell whether an answer is one of GetSmartHandleJob."""
    return "State" in value and "JobStatus" not in value


def _is_cognition(value: Mapping[str, Any]) -> bool:
    results = value.get("Results")
    return "Input" in value or (isinstance(results, dict) and "result" in results)


def _asked_for(result: Any, needs: Mapping[str, Any]) -> bool:
    need = _NEEDS.get(result.get("Type", "")) if isinstance(result, dict) else None
    return need is None or needs.get(need) in (True, "true", "True")


def _object(given: Mapping[str, str], name: str) -> dict[str, Any]:
    text = given.get(name)
    value = decoded(text) if text else {}
    if not isinstance(value, dict):
        raise Refusal("InvalidParameter", f"{name}: expected an object in JSON.")
    return value


def decoded(text: str | bytes) -> Any:
    """Parse JSON; None where it is none."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def _file_name(url: str) -> str:
    """Give the name of the file that an address ends in; "" where it could lead elsewhere."""
    try:
        name = unquote(PurePosixPath(urlsplit(url).path).name)
    except ValueError:
        return ""
    # As this machine reads it: what separates folders, or names a drive, differs.
    return name if Path(name).name == name else ""


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        # A name that is too long.
        return False


def _samples() -> dict[str, Saved]:
    return {
        answer: samples.path(name, answer)
        for name in samples.names()
        for answer in samples.answers(name)
        if _holds_an_object(samples.path(name, answer))
    }


def _answers(source: str | os.PathLike[str] | Mapping[str, Saved]) -> dict[str, Saved]:
    if isinstance(source, Mapping):
        for job_id, given in source.items():
            if not (isinstance(given, Path) or (isinstance(given, dict) and _is_json(given))):
                raise InvalidArgument(
                    "jobs", "a pathlib.Path or a dict of JSON for each job", given
                )
            if not is_text(job_id):
                raise InvalidArgument("jobs", "texts as job ids", job_id)
        if not source:
            raise InvalidArgument("jobs", "at least one job", source)
        return dict(source)
    if not isinstance(source, (str, os.PathLike)):
        raise InvalidArgument("jobs", "a folder, or a mapping of job ids", source)
    folder = Path(source)
    if not folder.is_dir():
        raise InvalidArgument("jobs", "a folder with saved answers", str(folder))
    found = {
        file.stem: file
        for file in sorted(folder.glob("*.json"))
        # No request can ask for a name that is no UTF-8.
        if is_text(file.stem) and _holds_an_object(file)
    }
    if not found:
        raise InvalidArgument("jobs", "a folder with answers, JOB.json", str(folder))
    return dict(found)


def _holds_an_object(file: Path) -> bool:
    """Tell by its beginning; thousands of answers are not parsed before they are asked for."""
    try:
        # Opening a pipe would wait for whoever writes to it.
        if not file.is_file():
            return False
        with file.open("rb") as opened:
            return opened.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    except OSError:
        return False


def _is_json(value: dict[str, Any]) -> bool:
    try:
        return bool(msgspec.json.encode(value))
    except (TypeError, ValueError, OverflowError, RecursionError):
        return False
