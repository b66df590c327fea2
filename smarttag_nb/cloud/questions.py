"""What each operation is asked with: a user's arguments as its parameters."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

from ..errors import InvalidArgument
from .key import is_text
from .operations import OPERATIONS, Operation, Product

Query = Literal["QuerySmarttagJob", "QueryVideoCognitionJob", "GetSmartHandleJob"]
Submission = Literal["SubmitSmarttagJob", "SubmitVideoCognitionJob"]


class NlpParams(TypedDict, total=False):
    """What is made of the speech: `Params.nlpParams`.

    Attributes
    ----------
    sourceLanguage : {"cn", "en", "yue", "fspk"}
        The language that is spoken.
    diarizationEnabled, speakerCount
        Whether speakers are told apart, and how many there are.
    summarizationEnabled, summarizationTypes
        Whether there are summaries, and of which types.
    translationEnabled, targetLanguages
        Whether sentences are translated, and into which languages.
    autoChaptersEnabled, meetingAssistanceEnabled : bool
        Whether there are chapters; key sentences, keywords and actions.
    """

    sourceLanguage: Literal["cn", "en", "yue", "fspk"]
    diarizationEnabled: bool
    speakerCount: int
    summarizationEnabled: bool
    summarizationTypes: Any
    translationEnabled: bool
    targetLanguages: Any
    autoChaptersEnabled: bool
    meetingAssistanceEnabled: bool


class Params(TypedDict, total=False):
    """What a job's answer shall hold besides its labels: `Client.submit`.

    Attributes
    ----------
    needAsrData, needOcrData, needMetaData : bool
        Speech; text on screen; title and facts of the media.
    nlpParams : NlpParams
        What is made of the speech. Nothing, where it is left out.
    """

    needAsrData: bool
    needOcrData: bool
    needMetaData: bool
    nlpParams: NlpParams


@dataclass(frozen=True, slots=True)
class Question:
    """An operation and its parameters, but for the job's id.

    Attributes
    ----------
    operation : Operation
        Which.
    parameters : mapping of str to str
        As they are sent.
    """

    operation: Operation
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def params(self) -> str:
        """A query's parameters, objects all of them, as one text: a store keeps answers by it."""
        given = {name: json.loads(text) for name, text in self.parameters.items()}
        return as_json(given) if given else ""


def about_smarttag(result: Literal["auto", "hmi"] | None = None) -> Question:
    """Ask QuerySmarttagJob, for the labels of machines, of people, or both."""
    if result is not None and result not in ("auto", "hmi"):
        raise InvalidArgument("result", '"auto", "hmi" or None', result)
    parameters = {} if result is None else {"Params": as_json({"labelResultType": result})}
    return Question(OPERATIONS["QuerySmarttagJob"], parameters)


def about_cognition(
    asr: bool = True,
    ocr: bool = True,
    process: bool = False,
    params: Mapping[str, Any] | None = None,
) -> Question:
    """Ask QueryVideoCognitionJob."""
    include = {"NeedAsr": bool(asr), "NeedOcr": bool(ocr), "NeedProcess": bool(process)}
    parameters = {"IncludeResults": as_json(include)}
    if params is not None:
        parameters["Params"] = _object("params", params)
    return Question(OPERATIONS["QueryVideoCognitionJob"], parameters)


def about_smart_handle() -> Question:
    """Ask GetSmartHandleJob."""
    return Question(OPERATIONS["GetSmartHandleJob"])


_ABOUT = {
    "QuerySmarttagJob": about_smarttag,
    "QueryVideoCognitionJob": about_cognition,
    "GetSmartHandleJob": about_smart_handle,
}


def about(operation: str, options: Mapping[str, Any]) -> Question:
    """Ask any of these operations, with what its own method takes.

    Raises
    ------
    InvalidArgument
        There is no such query, or it does not take such an option.
    """
    if operation not in _ABOUT:
        raise InvalidArgument("operation", " or ".join(_ABOUT), operation)
    make: Any = _ABOUT[operation]
    unknown = set(options) - set(make.__code__.co_varnames[: make.__code__.co_argcount])
    if unknown:
        raise InvalidArgument("options", f"what {operation} takes", ", ".join(sorted(unknown)))
    question: Question = make(**options)
    return question


def order(
    product: Product,
    operation: str,
    media: str,
    title: str | None = None,
    *,
    params: Mapping[str, Any] | None = None,
    template: str | None = None,
    template_config: Mapping[str, Any] | None = None,
    pipeline: str | None = None,
    priority: int | None = None,
    notify_url: str | None = None,
    user_data: str | Mapping[str, Any] | None = None,
) -> Question:
    """Word the submission of a job, as the product's operation takes it.

    Raises
    ------
    InvalidArgument
        An argument is of the wrong kind, or the operation does not take it, or lacks it.
    """
    if operation not in ("SubmitSmarttagJob", "SubmitVideoCognitionJob"):
        raise InvalidArgument(
            "operation", '"SubmitSmarttagJob" or "SubmitVideoCognitionJob"', operation
        )
    check_product(product, operation)
    is_mts = product == "mts"
    if priority is not None and (
        isinstance(priority, bool) or not isinstance(priority, int) or not 0 <= priority <= 9
    ):
        raise InvalidArgument("priority", "a number from 0 to 9", priority)
    named = {
        "Title": ("title", title),
        "TemplateId": ("template", template),
        "NotifyUrl": ("notify_url", notify_url),
    }
    parameters = {key: checked_text(*value) for key, value in named.items() if value[1] is not None}
    scheduled = {"PipelineId": pipeline, "Priority": None if priority is None else str(priority)}
    schedule = {
        key: checked_text("pipeline", value)
        for key, value in scheduled.items()
        if value is not None
    }
    if operation == "SubmitVideoCognitionJob" and (schedule or notify_url is not None):
        name = "notify_url" if notify_url is not None else "pipeline and priority"
        raise InvalidArgument(name, f"nothing, as {operation} does not take it", "a value")
    if is_mts:
        for name, value in (("title", title), ("pipeline", pipeline)):
            if value is None:
                raise InvalidArgument(name, "a text, as MTS requires it", None)
        parameters |= schedule
        parameters["Input"] = checked_text("media", media)
    else:
        parameters["Input"] = as_json(_media(media))
        if schedule:
            parameters["ScheduleConfig"] = as_json(schedule)
    if params is not None:
        parameters["Params"] = _object("params", params)
    if template_config is not None:
        parameters["TemplateConfig"] = _object("template_config", template_config)
    if user_data is not None:
        parameters["UserData"] = (
            checked_text("user_data", user_data)
            if isinstance(user_data, str)
            else _object("user_data", user_data)
        )
    return Question(OPERATIONS[operation], parameters)


def _media(media: Any) -> dict[str, str]:
    text = checked_text("media", media)
    scheme = text.partition("://")[0].lower() if "://" in text else ""
    if scheme == "oss":
        return {"Media": text, "Type": "OSS"}
    if scheme in ("http", "https"):
        return {"Media": text, "Type": "URL"}
    if re.fullmatch(r"[0-9A-Za-z_-]+", text):
        return {"Media": text, "Type": "Media"}
    expected = (
        "oss://bucket/object, an http(s) URL or a media id; put a file of this machine on OSS"
    )
    raise InvalidArgument("media", expected, media)


def check_product(product: Product, operation: str) -> None:
    """Refuse an operation that a product does not have.

    Raises
    ------
    InvalidArgument
        Only the other product has it.
    """
    if product not in OPERATIONS[operation].products:
        raise InvalidArgument("product", f'"ice", which alone has {operation}', product)


def checked_text(argument: str, value: Any) -> str:
    """Take a text that can be sent.

    Raises
    ------
    InvalidArgument
        It is no text, or empty, or holds a lone surrogate.
    """
    if not is_text(value):
        raise InvalidArgument(argument, "a text that is not empty", value)
    return str(value)


def _object(argument: str, value: Any) -> str:
    if not isinstance(value, Mapping):
        raise InvalidArgument(argument, "a dict", value)
    try:
        text = json.dumps(dict(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        text.encode()
    except (TypeError, ValueError, RecursionError):
        # A UnicodeEncodeError, of a lone surrogate, is a ValueError.
        raise InvalidArgument(argument, "a dict that JSON can hold", value) from None
    return text


def as_json(value: Mapping[str, Any]) -> str:
    """Write a parameter as the official SDKs do: no spaces, no escapes beyond JSON's own."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
