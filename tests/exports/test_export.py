from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smarttag_nb.exports.export import Export, counted
from smarttag_nb.exports.whole import write_whole

HOSTILE = "<script>alert(1)</script>\x1b[31m\n"


def test_reasons_are_added_up_and_none_is_told_without_rows() -> None:
    told = counted([("ocr", 2, "no time"), ("speech", 0, "no text"), ("ocr", 1, "no time")])
    assert told.to_numpy().tolist() == [["ocr", 3, "no time"]]
    empty = counted([])
    assert empty.columns.tolist() == ["table", "rows", "why"]
    assert empty.dtypes.tolist() == told.dtypes.tolist()


def test_it_shows_its_files_and_what_they_do_not_hold() -> None:
    left_out = counted([("ocr", 1200, "no box"), ("speech", 3, "no box"), ("boxes", 1, "no time")])
    changed = counted([("labels", 2, "written without key")])
    export = Export("COCO", (Path("a.json"), Path("b.xml")), left_out, changed)
    assert repr(export) == (
        "<Export COCO: a.json, b.xml; left out 1,200 of ocr, 3 of speech (no box); "
        "left out 1 of boxes (no time); changed 2 of labels (written without key)>"
    )
    card = export._repr_html_()
    for text in ("COCO", "a.json", "b.xml", "1,200", "left out: no time", "changed: written"):
        assert text in card


def test_an_export_that_lacks_nothing_says_so() -> None:
    export = Export("JSON", (Path("a.json"),), counted([]))
    assert repr(export) == "<Export JSON: a.json>"
    assert "every row is written as it is" in export._repr_html_()


def test_what_it_shows_is_harmless() -> None:
    export = Export("COCO", (Path(HOSTILE),), counted([("boxes", 1, HOSTILE)]))
    assert "<script" not in export._repr_html_()
    assert "\x1b" not in repr(export)
    assert "\n" not in repr(export)


def test_parts_that_end_in_an_error_leave_the_older_file_alone(tmp_path: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield b"new"
        raise RecursionError("too deep")

    write_whole(tmp_path / "a.json", iter([b"ol", b"der"]))
    with pytest.raises(RecursionError, match="too deep"):
        write_whole(tmp_path / "a.json", parts())
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"older"]
