"""The envelope: what stands around the results, in each operation's spelling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from ..errors import NotAnAnswer
from .document import Document, NotJson
from .item_by_item import Bad, reader_of
from .meta import as_text
from .notes import Notes, Path, kind_of, shown


@dataclass(frozen=True, slots=True)
class Given:
    """A result as it stands in an answer: its Type, its Data, and where both are."""

    type: str | None
    data: Any
    index: int
    path: Path


@dataclass(slots=True)
class Envelope:
    """What an answer says of itself, and its results."""

    operation: str | None = None
    status: str | None = None
    job_id: str | None = None
    request_id: str | None = None
    user_data: Any = None
    reason: str | None = None
    results: list[Given] = field(default_factory=list)
    smart: Given | None = None
    usages: list[tuple[str | None, float | None]] = field(default_factory=list)
    facts: list[tuple[str, str | None]] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)


class Keys:
    """An object's keys, read without case; those not asked for are told in the end."""

    def __init__(self, value: dict[str, Any], path: Path, notes: Notes) -> None:
        self.path = path
        self.notes = notes
        self._left = dict(value)
        self._keys = frozenset(value)
        self._by_case = {key.lower(): key for key in reversed(value)}

    def take(self, name: str) -> Any:
        """Take a key's value, or None."""
        return self._left.pop(self._spelled(name), None)

    def place(self, name: str) -> Path:
        """Where a key's value stands, in the key's own spelling."""
        return self.path / self._spelled(name)

    def _spelled(self, name: str) -> str:
        return name if name in self._keys else self._by_case.get(name.lower(), name)

    def text(self, name: str) -> str | None:
        """Take a key's value as text without surrounding space, or None."""
        value = self.take(name)
        if value is None or isinstance(value, str):
            return value.strip() or None if value else None
        if isinstance(value, (dict, list)):
            self.notes.wrong(self.place(name), "text", value)
            return None
        return shown(value)

    def object(self, name: str) -> Keys:
        """Take a key's value as an object; an empty one where there is none."""
        value = self.take(name)
        if value is not None and value != "" and not isinstance(value, dict):
            self.notes.wrong(self.place(name), "an object", value)
        return Keys(value if isinstance(value, dict) else {}, self.place(name), self.notes)

    def rest(self) -> dict[str, Any]:
        """Return what was not asked for."""
        return self._left

    def tell_rest(self) -> None:
        """Note what was not asked for."""
        for key, value in self._left.items():
            self.notes.unknown_key(self.path / key, value)


def unwrap(value: dict[str, Any], path: Path) -> tuple[dict[str, Any], Path, dict[str, Any]]:
    """Step into what an answer may be wrapped in.

    That is an SDK's response map, {headers, statusCode, body}, or an answer of GetMediaInfo,
    {RequestId, MediaInfo: {…, AiRoughData: {…, StandardSmartTagJob}}}.

    Returns
    -------
    value : dict
        The answer.
    path : Path
        Where it stands.
    beside : dict of str to object
        What stands around it, by dotted names. Headers and status code are the transport's.
    """
    beside: dict[str, Any] = {}
    if isinstance(value.get("body"), dict) and value.keys() <= {"headers", "statusCode", "body"}:
        value, path = value["body"], path / "body"
    names: list[str] = []
    for name in ("MediaInfo", "AiRoughData", "StandardSmartTagJob"):
        inner = value.get(name)
        if not isinstance(inner, dict):
            continue
        for key, given in value.items():
            if key != name:
                beside[".".join([*names, key])] = given
        names.append(name)
        value, path = inner, path / name
    return value, path, beside


def has_envelope(value: dict[str, Any]) -> bool:
    """Tell whether an object is an answer of one of the operations."""
    keys = {key.lower() for key in value}
    return bool(
        keys & {"jobstatus", "results", "jobresult", "smartjobinfo"}
        # A callback message has State and JobId as well, and a Type besides.
        or ({"state", "jobid"} <= keys and "type" not in keys)
    )


def looks_like(value: Any) -> tuple[str, str]:
    """Say what a value that is no answer looks like, and what to do about it."""
    if not isinstance(value, dict):
        return f"{kind_of(value)} ({shown(value)})", ""
    keys = {key.lower(): value[key] for key in reversed(value)}
    if "code" in keys and "message" in keys:
        # Not its Message: the gateway echoes what was signed.
        return f"an error of the service, {shown(keys['code'])!r}", "The query itself failed."
    if ("state" in keys and "jobid" in keys) or "messagebody" in keys:
        return "a callback message", "Use smarttag_nb.read_callback for it."
    names = ", ".join(list(value)[:6])
    return f"an object with the keys {shown(names) or '(none)'}", ""


def read_envelope(value: dict[str, Any], path: Path, notes: Notes) -> Envelope:
    """Read the envelope of any operation."""
    keys = Keys(value, path, notes)
    lower = {key.lower() for key in value}
    if lower & {"jobresult", "smartjobinfo"} or ("state" in lower and "jobstatus" not in lower):
        return _read_smart_handle(keys)
    return _read_query(keys, notes)


def _read_query(keys: Keys, notes: Notes) -> Envelope:
    value = dict(keys.rest())
    results = value.get("Results")
    made = Envelope(
        operation="QueryVideoCognitionJob"
        if (isinstance(results, dict) and "result" in results)
        or any(name in value for name in ("Input", "TemplateId"))
        else "QuerySmarttagJob",
        status=keys.text("JobStatus") or keys.text("Status"),
        job_id=keys.text("JobId") or keys.text("AiJobId"),
        request_id=keys.text("RequestId"),
        user_data=keys.take("UserData"),
    )
    given = keys.take("Results")
    if given is None and (url := keys.text("ResultUrl")):
        made.files.append(("output", url))
    made.results = list(read_results(given, keys.place("Results"), notes))
    made.usages = list(_read_usages(keys.take("Usages"), keys.place("Usages"), notes))
    for name in ("Input", "Params", "TemplateId", "ResultUrl"):
        add_facts(made, name, keys.take(name))
    code, message = keys.text("Code"), keys.text("Message")
    if made.status is None and not made.results and given is None:
        raise NotAnAnswer(*looks_like(value))
    status = (made.status or "").lower()
    if status in ("success", "finished"):
        add_facts(made, "Code", code)
        add_facts(made, "Message", message)
    else:
        told = [part for part in (code, message) if part]
        if status.startswith("fail"):
            told += _take_texts(made)
        made.reason = ": ".join(dict.fromkeys(told)) or None
    keys.tell_rest()
    return made


def read_results(given: Any, path: Path, notes: Notes) -> Iterator[Given]:
    """Read Results in any of its forms: wrapped, bare, single, XML's, or none."""
    if isinstance(given, dict):
        names = {key.lower(): key for key in reversed(given)}
        if "result" in names:
            key = names["result"]
            for other in given:
                if other != key:
                    notes.unknown_key(path / other, given[other])
            given, path = given[key], path / key
    if not given and given != 0:
        return
    # A single object stands for a list of it, as XML has it.
    places = [path] if isinstance(given, dict) else None
    if isinstance(given, list):
        places = [path / i for i in range(len(given))]
    if places is None:
        notes.wrong(path, "a list of results", given, action="skipped")
        return
    for index, place in enumerate(places):
        result = given if isinstance(given, dict) else given[index]
        if not isinstance(result, dict):
            notes.wrong(place, "an object with Type and Data", result, action="skipped")
            continue
        keys = Keys(result, place, notes)
        kind, data = keys.take("Type"), keys.take("Data")
        if kind is not None and not isinstance(kind, str):
            notes.wrong(place / "Type", "text", kind)
            kind = None
        keys.tell_rest()
        yield Given(kind.strip() if kind else None, data, index, place)


def _read_usages(given: Any, path: Path, notes: Notes) -> Iterator[tuple[str | None, float | None]]:
    if isinstance(given, dict):
        names = {key.lower(): key for key in reversed(given)}
        if "usage" in names:
            path, given = path / names["usage"], given[names["usage"]]
        if isinstance(given, dict):
            given = [given] if given else []
    if given is None or given == "":
        return
    if not isinstance(given, list):
        notes.wrong(path, "a list of usages", given, action="skipped")
        return
    for index, usage in enumerate(given):
        if not isinstance(usage, dict):
            notes.wrong(path / index, "an object", usage, action="skipped")
            continue
        keys = Keys(usage, path / index, notes)
        yield keys.text("Type"), _as_quota(keys.take("Quota"), keys.place("Quota"), notes)
        keys.tell_rest()


def _as_quota(value: Any, path: Path, notes: Notes) -> float | None:
    """Read a quota as a number."""
    if value is None:
        return None
    read = reader_of(float)(value, path, notes)
    if isinstance(read, Bad):
        notes.wrong(path, read.expected, value, code=read.code)
        return None
    return float(read)


def _take_texts(made: Envelope) -> list[str]:
    """Take why a job failed, which may stand as plain text where a result's data would."""
    told = []
    for given in list(made.results):
        text = given.data.strip() if isinstance(given.data, str) else ""
        if text and text[0] not in "{[" and not looks_like_url(text):
            told.append(text)
            made.results.remove(given)
    return told


def looks_like_url(text: str) -> bool:
    """Tell whether a text is an address and nothing else."""
    text = text.strip()
    return text[:12].lower().startswith(("http://", "https://", "oss://")) and "\n" not in text


def _read_smart_handle(keys: Keys) -> Envelope:
    made = Envelope(
        operation="GetSmartHandleJob",
        status=keys.text("State"),
        job_id=keys.text("JobId"),
        request_id=keys.text("RequestId"),
        user_data=keys.take("UserData"),
    )
    code, message = keys.text("ErrorCode"), keys.text("ErrorMessage")
    made.reason = ": ".join(part for part in (code, message) if part) or None
    result = keys.object("JobResult")
    made.smart = Given(None, result.take("AiResult"), 0, result.place("AiResult"))
    add_facts(made, "JobResult.MediaId", result.take("MediaId"))
    if url := result.text("MediaUrl"):
        made.files.append(("media", url))
    made.usages = list(_read_token_usage(result.take("Usage"), result.place("Usage"), result))
    result.tell_rest()
    info = keys.object("SmartJobInfo")
    output = info.object("OutputConfig")
    bucket, name = output.text("Bucket"), output.text("Object")
    if bucket and name:
        made.files.append(("output", f"oss://{bucket}/{name}"))
    else:
        add_facts(made, "SmartJobInfo.OutputConfig.Bucket", bucket)
        add_facts(made, "SmartJobInfo.OutputConfig.Object", name)
    for key, value in output.rest().items():
        add_facts(made, f"SmartJobInfo.OutputConfig.{key}", value)
    for key, value in info.rest().items():
        add_facts(made, f"SmartJobInfo.{key}", value)
    add_facts(made, "Output", keys.take("Output"))
    keys.tell_rest()
    return made


def _read_token_usage(
    given: Any, path: Path, keys: Keys
) -> Iterator[tuple[str | None, float | None]]:
    notes = keys.notes
    if given is None or given == "":
        return
    if isinstance(given, str):
        with suppress(NotJson):
            given = Document(text=given).parse(path.inside(), notes)
    if not isinstance(given, dict):
        notes.wrong(path, "an object of counts", given)
        return
    for name, quota in given.items():
        yield name, _as_quota(quota, path / name, notes)


def add_beside(made: Envelope, beside: Mapping[str, Any]) -> None:
    """Add what stands around a wrapped answer."""
    for name, value in beside.items():
        if name == "RequestId" and made.request_id is None and isinstance(value, str):
            made.request_id = value
        else:
            add_facts(made, name, value)


def add_facts(made: Envelope, name: str, value: Any) -> None:
    """Add facts of the job, nested objects under dotted names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            text = as_text(inner)
            if text:
                made.facts.append((f"{name}.{key}", text))
    elif (text := as_text(value)) and text != "{}":
        made.facts.append((name, text))
