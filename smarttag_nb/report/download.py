"""All tables in one zip that the page itself holds."""

from __future__ import annotations

import base64
import io
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from .. import tables
from ..exports import write_tables


@dataclass(frozen=True, slots=True)
class Archive:
    """A file to download: its name, its bytes as a data: URI, and how many there are."""

    name: str
    uri: str
    size: int


def pack(frames: Mapping[str, pd.DataFrame], name: str = "tables.zip") -> Archive:
    """Pack tables as CSV, with a file that tells what the columns mean.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        Tables by name; ``alignment/lines`` goes into a folder.
    name : str
        What the file is called.

    Returns
    -------
    Archive
        The same bytes for the same tables.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> made = pack({"speech": stag.samples.load("magazine").speech})
    >>> made.uri[:28]
    'data:application/zip;base64,'
    """
    stream = io.BytesIO()
    with (
        tempfile.TemporaryDirectory() as folder,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        root = Path(folder)
        for group in sorted({str(Path(table).parent) for table in frames}):
            own = {Path(t).name: f for t, f in frames.items() if str(Path(t).parent) == group}
            write_tables(own, root / group)
        known = [table for table in frames if table in tables.TABLES]
        told = [tables.describe(table).assign(table=table) for table in known]
        if told:
            meaning = pd.concat(told)[["table", "column", "dtype", "unit", "meaning"]]
            write_tables({"columns": meaning}, root)
        for file in sorted(root.rglob("*.csv")):
            # Without the time of day, so that the same tables make the same page.
            entry = zipfile.ZipInfo(file.relative_to(root).as_posix())
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    content = stream.getvalue()
    uri = f"data:application/zip;base64,{base64.b64encode(content).decode()}"
    return Archive(name, uri, len(content))
