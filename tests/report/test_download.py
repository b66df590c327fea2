from __future__ import annotations

import base64
import io
import zipfile

import pandas as pd

import smarttag_nb as stag
from smarttag_nb.report.download import Archive, pack
from smarttag_nb.report.gather import all_tables


def opened(archive: Archive) -> zipfile.ZipFile:
    content = base64.b64decode(archive.uri.partition(",")[2])
    assert len(content) == archive.size
    return zipfile.ZipFile(io.BytesIO(content))


def test_every_table_with_rows_is_in_it() -> None:
    job = stag.samples.load("magazine", answer="cognition")
    alignment = stag.align(job)
    with opened(pack(all_tables(job, alignment))) as archive:
        names = set(archive.namelist())
        there = {f"{name}.csv" for name in job if len(job[name])}
        aligned = {
            f"alignment/{name}.csv" for name, frame in alignment.tables.items() if len(frame)
        }
        assert names == there | aligned | {"columns.csv"}
        speech = pd.read_csv(archive.open("speech.csv"))
        assert speech["text"].tolist() == job.speech["text"].tolist()
        columns = pd.read_csv(archive.open("columns.csv"))
        assert set(columns.loc[columns["column"] == "start_time", "unit"]) == {"s"}


def test_the_same_tables_make_the_same_bytes() -> None:
    tables = {"speech": stag.samples.load("magazine").speech}
    assert pack(tables) == pack(tables)


def test_a_formula_is_inert() -> None:
    frame = pd.DataFrame({"text": ["=HYPERLINK(1)", "fine"]})
    with opened(pack({"alignment/lines": frame})) as archive:
        assert archive.read("alignment/lines.csv").decode("utf-8-sig") == (
            "text\n'=HYPERLINK(1)\nfine\n"
        )
