"""The format, read back as the page reads it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from smarttag_nb.widgets.packing import emptied, packed
from tests.widgets.test_payload import unpack

TABLES: dict[str, dict[str, Any]] = {
    "a": {
        "id": np.array([1, 2, 3]),
        "text": ["x", None, "名"],
        "score": pd.Series([0.5, np.nan, 1.0]),
    },
    "none": {"id": np.array([], dtype=np.int64), "text": []},
    "b": {"x": np.array([1.5], dtype=np.float32), "id": np.array([-1])},
    "c": {"y": np.array([2.5, 3.5])},
}


@pytest.mark.parametrize("title", ["", "x", "xy", "名", "🙂"])
def test_tables_are_read_back_whatever_the_header_is_long(title: str) -> None:
    read = unpack(packed({"title": title, "size": float("nan")}, TABLES))
    assert (read["title"], read["size"]) == (title, None)
    assert list(read["tables"]) == list(TABLES)
    for name, columns in TABLES.items():
        assert list(read["tables"][name]) == list(columns)
        for column, values in columns.items():
            np.testing.assert_array_equal(read["tables"][name][column], values)
    types = [read["tables"]["a"][name].dtype.str for name in ("id", "score")]
    assert types == ["<i4", "<f8"]
    assert read["tables"]["b"]["x"].dtype.str == "<f4"


def test_the_last_tables_are_emptied_and_the_others_stay() -> None:
    made = packed({"title": "t"}, TABLES)
    read = unpack(emptied(made, ["b", "c"]))
    assert [len(column) for name in "bc" for column in read["tables"][name].values()] == [0, 0, 0]
    for name in ("a", "none"):
        for column, values in TABLES[name].items():
            np.testing.assert_array_equal(read["tables"][name][column], values)
    assert len(emptied(made, ["b", "c"])) < len(made)
