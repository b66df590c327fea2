from __future__ import annotations

import re
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from smarttag_nb import errors, tables
from smarttag_nb.tables import TABLES, TEXT

DESIGN = {
    "labels": "kind name level1 level2 category ratio score key listed knowledge origin",
    "occurrences": "label_id start_time end_time score shot source sub_source details",
    "boxes": "label_id occurrence_id timestamp x1 y1 x2 y2 score landmarks",
    "attributes": "box_id property value score",
    "speech": "start_time end_time text speaker_id paragraph_id sentence_id",
    "words": "start_time end_time text speaker_id paragraph_id sentence_id key",
    "ocr": "start_time end_time timestamp text score x1 y1 x2 y2 text_type quad char_scores",
    "ocr_frames": "timestamp",
    "shots": "number start_time end_time score",
    "chapters": "start_time end_time headline summary key",
    "summaries": "kind speaker_id speaker question text question_sentences answer_sentences",
    "mindmap": "parent_id depth title",
    "translations": "start_time end_time text paragraph_id sentence_id language",
    "highlights": "kind start_time end_time text sentence_id key",
    "scene_scores": "scene score",
    "texts": "text",
    "files": "kind language url",
    "cues": "file_id number start_time end_time text",
    "meta": "name value",
    "usages": "type quota",
    "problems": "severity action code path message value repeats",
}


@pytest.mark.parametrize("name", DESIGN)
def test_columns_are_those_of_the_contract(name: str) -> None:
    first, *rest = tables.empty(name).columns
    result = [] if name in ("usages", "problems") else ["result_type", "result_index"]
    assert first.endswith("_id")
    assert rest == DESIGN[name].split() + result


def test_there_are_no_other_tables() -> None:
    assert list(TABLES) == list(DESIGN)


@pytest.mark.parametrize("name", TABLES)
def test_dtypes_stand_whether_or_not_there_are_rows(name: str) -> None:
    empty = tables.empty(name)
    one = tables.build(name, {}, 1)
    assert empty.dtypes.tolist() == one.dtypes.tolist()
    for column in TABLES[name].columns:
        assert one[column.name].isna().all() or column.name == TABLES[name].key
        if column.kind == "text":
            assert one[column.name].dtype.storage == "python"
            assert np.isnan(one[column.name].dtype.na_value)


@pytest.mark.parametrize("name", TABLES)
def test_no_column_needs_quoting_or_hides_a_method(name: str) -> None:
    t = tables.empty(name)
    for column in t.columns:
        assert not hasattr(pd.DataFrame(), column), column
        plain = t[[column]].astype(object)
        assert duckdb.sql(f"select {column} from plain").columns == [column]
        del plain


def test_empty_gives_a_frame_of_ones_own() -> None:
    frame = tables.empty("speech")
    frame["more"] = 1
    assert "more" not in tables.empty("speech")


@pytest.mark.parametrize("call", [tables.empty, lambda name: tables.conform(pd.DataFrame(), name)])
def test_an_unknown_table_is_told_with_a_guess(call: Any) -> None:
    with pytest.raises(errors.UnknownName, match="Did you mean 'speech'"):
        call("speach")


def test_conform_fills_orders_and_converts() -> None:
    given = pd.DataFrame({"text": ["a", None], "start_time": [1, 2]}, index=[5, 9])
    made = tables.conform(given, "speech")
    assert made.columns.tolist() == tables.empty("speech").columns.tolist()
    assert made.dtypes.tolist() == tables.empty("speech").dtypes.tolist()
    assert made["speech_id"].tolist() == [0, 1]
    assert made["start_time"].tolist() == [1.0, 2.0]
    assert made["text"].isna().tolist() == [False, True]
    assert made.index.tolist() == [0, 1]
    assert tables.conform(made, "speech").equals(made)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.DataFrame({"odd": [1]}), "'odd': the table has no such column"),
        (pd.DataFrame({"text": [3]}), "'text': expected values of dtype str: got a int"),
        (pd.DataFrame({"start_time": ["soon"]}), "'start_time': expected values of dtype float64"),
        (pd.DataFrame({"speech_id": [1, 1]}), "'speech_id': ids must be unique"),
        (pd.DataFrame({"speech_id": [1, None]}), "'speech_id': ids must be unique"),
        (pd.DataFrame([[1, 2]], columns=["text", "text"]), "more than once"),
        ([1], "expected a DataFrame, got list"),
    ],
)
def test_conform_says_what_does_not_fit(frame: Any, message: str) -> None:
    with pytest.raises(errors.ContractError, match=re.escape(message)):
        tables.conform(frame, "speech")


def test_describe_tells_tables_and_columns() -> None:
    assert tables.describe()["table"].tolist() == list(TABLES)
    told = tables.describe("boxes").set_index("column")
    assert told.loc["x1", "unit"] == "px"
    assert told.loc["landmarks", "dtype"] == "object"
    assert told.loc["score", "meaning"]
    assert (tables.describe("labels")["meaning"].str.len() > 3).all()


def test_problem_codes_have_severities_and_meanings() -> None:
    codes = tables.problem_codes()
    assert set(codes["severity"]) == {"info", "warning", "error"}
    assert codes["code"].is_unique
    assert (codes["meaning"].str.len() > 10).all()
    assert codes["meaning"].dtype == TEXT
