"""A table of a lake as a lazy dask.dataframe, for more rows than one machine's memory holds."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import partial
from typing import Any

import dask
import dask.dataframe
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from dask.delayed import delayed

from ..errors import UnknownName
from ..tables import TABLES
from .lake import Lake, cannot_be_read
from .schema import SCHEMAS
from .snapshot import Snapshot
from .sql import select, select_of


def lazy_table(snapshot: Snapshot, name: str, columns: Sequence[str] | None) -> Any:
    """Make a lazy frame, a partition for each file. `Corpus.dask` tells more."""
    if name not in (known := [*TABLES, "jobs"]):
        raise UnknownName("lazy table of a corpus", name, known)
    empty = select(snapshot, name, columns, "false", None)
    # By way of a partial, as Dask would take a Lake apart, and show what is in it.
    read = delayed(partial(_read, snapshot.lake, name, list(empty.columns)))
    # Of millions of jobs it is much: once in the graph, and not in each task.
    live = delayed(partial(_live, snapshot.lake, snapshot.version))()
    files = snapshot.files(name)
    frames: Any = dask.dataframe
    # Dask would turn texts into another dtype than the contract's, and dicts into texts.
    with dask.config.set({"dataframe.convert-string": False}):
        if snapshot.version < 0 or not files:
            return frames.from_pandas(empty, npartitions=1)
        return frames.from_delayed([read(path, live) for path in files], meta=empty)


def _live(lake: Lake, version: int) -> pa.Array:
    """List the loads that count, sorted."""
    query = "SELECT load_id FROM live ORDER BY load_id"
    listed = Snapshot(lake, version).connection.sql(query).to_arrow_table()
    return pa.concat_arrays([pa.array([], pa.string()), *listed["load_id"].chunks])


def _read(lake: Lake, name: str, columns: list[str], path: str, live: pa.Array) -> pd.DataFrame:
    """Read those rows of a file that count."""
    needed = [*dict.fromkeys(("load_id", *columns))] if name in TABLES else SCHEMAS[name].names
    try:
        with lake.filesystem(name).open_input_file(path) as file:
            rows = pq.ParquetFile(file).read(needed)
    except (OSError, pa.ArrowException) as error:
        raise cannot_be_read(lake.url, name, error) from None
    # A file's loads stand close together: only those among all that count are joined with it.
    loads = pc.min_max(rows["load_id"])
    first = bisect_left(live, loads["min"].as_py(), key=pa.StringScalar.as_py)
    end = bisect_right(live, loads["max"].as_py(), key=pa.StringScalar.as_py)
    return select_of(rows, name, columns, live.slice(first, end - first))
