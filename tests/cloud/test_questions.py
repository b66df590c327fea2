"""A user's arguments as an operation's parameters."""

from __future__ import annotations

from typing import Any

import pytest

from smarttag_nb.cloud.key import Key
from smarttag_nb.cloud.questions import about, order
from smarttag_nb.errors import InvalidArgument


def parameters_of(
    product: Any = "ice", operation: str = "SubmitSmarttagJob", media: Any = "m", **given: Any
) -> Any:
    return order(product, operation, media, **given).parameters


@pytest.mark.parametrize(
    ("media", "kind"),
    [
        ("oss://bucket/a video.mp4", "OSS"),
        ("OSS://bucket/影片.mp4", "OSS"),
        ("https://a.example/b.mp4?c=d", "URL"),
        ("http://a.example/b.mp4", "URL"),
        ("c5c62d8f0361337cab312dce8e77dc6d", "Media"),
    ],
)
def test_what_the_media_is_is_told_by_its_form(media: str, kind: str) -> None:
    assert parameters_of(media=media) == {"Input": f'{{"Media":"{media}","Type":"{kind}"}}'}


@pytest.mark.parametrize(
    "media", ["", "./clip.mp4", "C:\\clip.mp4", "ftp://a/b", 7, "oss://\ud800"]
)
def test_what_is_no_media_is_refused(media: object) -> None:
    with pytest.raises(InvalidArgument, match="media: expected"):
        parameters_of(media=media)


def test_mts_needs_a_title_and_a_pipeline() -> None:
    with pytest.raises(InvalidArgument, match="title"):
        parameters_of("mts", media="m", pipeline="p")
    with pytest.raises(InvalidArgument, match="pipeline"):
        parameters_of("mts", media="m", title="t")
    assert parameters_of("mts", media="m", title="t", pipeline="p", priority=9) == {
        "Input": "m",
        "Title": "t",
        "PipelineId": "p",
        "Priority": "9",
    }


@pytest.mark.parametrize(
    ("given", "argument"),
    [
        ({"params": "{}"}, "params"),
        ({"params": {"a": float("nan")}}, "params"),
        ({"params": {"a": {1, 2}}}, "params"),
        ({"params": {"a": "\ud800"}}, "params"),
        ({"priority": 10}, "priority"),
        ({"priority": True}, "priority"),
        ({"title": ""}, "title"),
        ({"template": 5}, "template"),
        ({"template_config": [1]}, "template_config"),
        ({"notify_url": 1}, "notify_url"),
        ({"user_data": 1}, "user_data"),
        ({"operation": "QuerySmarttagJob"}, "operation"),
        ({"operation": "SubmitVideoCognitionJob", "pipeline": "p"}, "pipeline"),
        ({"operation": "SubmitVideoCognitionJob", "notify_url": "u"}, "notify_url"),
    ],
)
def test_an_argument_of_the_wrong_kind_is_refused(given: Any, argument: str) -> None:
    with pytest.raises(InvalidArgument) as e:
        parameters_of(**given)
    assert argument in e.value.argument


def test_equal_questions_have_equal_params() -> None:
    one = about("QueryVideoCognitionJob", {"process": True, "params": {"a": 1}})
    other = about("QueryVideoCognitionJob", {"params": {"a": 1}, "ocr": True, "process": True})
    assert one.params == other.params != about("QueryVideoCognitionJob", {}).params
    assert about("QuerySmarttagJob", {}).params == ""


def test_params_in_another_order_are_stored_as_the_same() -> None:
    one, other = (
        about("QueryVideoCognitionJob", {"params": params}).params
        for params in ({"a": {"c": 1, "d": 2}, "b": 3}, {"b": 3, "a": {"d": 2, "c": 1}})
    )
    asked = ("ice", "cn-shanghai", "QueryVideoCognitionJob", "88e6")
    assert Key(*asked, one) == Key(*asked, other)


@pytest.mark.parametrize(
    ("operation", "options"),
    [
        ("SubmitSmarttagJob", {}),
        ("GetSmartHandleJob", {"result": "hmi"}),
        ("QuerySmarttagJob", {"result": "man"}),
        ("QueryVideoCognitionJob", {"params": "{}"}),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(operation: str, options: Any) -> None:
    with pytest.raises(InvalidArgument):
        about(operation, options)
