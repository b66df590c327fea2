"""Whatever is done to an answer, what is told of it is where it says, and told either way."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pandas as pd
import pytest
from hypothesis import given

from smarttag_nb.readers.document import Document
from smarttag_nb.readers.notes import without_surrogates
from tests.readers.mutations import as_text, load, mutated, own_key, thoroughly, wrap

STEP = re.compile(r" → \$|\.(\w+)|\[(\d+)\]|\['(.*?)'\]")


def follow(document: Any, path: str) -> Any:
    """The value at a path, as a user would look it up."""
    for step in STEP.finditer(path.removeprefix("$")):
        if step[0] == " → $":
            document = json.loads(document)
        else:
            key = int(step[2]) if step[2] else own_key(document, step[1] or step[3])
            document = document[key]
    return document


@thoroughly
@given(mutated())
def test_every_path_leads_to_where_the_problem_is(case: tuple[str, Any]) -> None:
    text = json.dumps(wrap(case[0], as_text(case[1], deep="[[]]")))
    job = load(text)
    assert job is not None
    for problem in job.problems.itertuples():
        value = follow(json.loads(text), str(problem.path))
        if problem.code in ("wrong-type", "unknown-key") and isinstance(value, (bool, str)):
            shown = without_surrogates(value) if isinstance(value, str) else json.dumps(value)
            assert problem.value == shown


@thoroughly
@given(mutated())
def test_both_ways_of_decoding_agree(case: tuple[str, Any]) -> None:
    kind, body = case
    text = as_text(body)
    try:
        msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return
    fast = load(json.dumps(wrap(kind, text)))

    def refuse(self: Document, kind: Any) -> Any:
        raise msgspec.ValidationError("refused")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Document, "typed", refuse)
        slow = load(json.dumps(wrap(kind, text)))
    assert fast is not None
    assert slow is not None
    found, again = dict(fast.items()), dict(slow.items())
    problems = [tables.pop("problems") for tables in (found, again)]
    for name, frame in found.items():
        # What tells where two frames differ takes ten times as long to find that they do not.
        if not frame.equals(again[name]):
            pd.testing.assert_frame_equal(frame, again[name])
    errors = [frame.loc[frame["severity"] == "error", "repeats"].sum() for frame in problems]
    assert errors[0] == errors[1]
