"""Tables as bytes: numbers in typed arrays, all else in a JSON header.

The bytes are the length of the header (4 bytes, little-endian), the header, padding up to a
multiple of 8, and columns of numbers one after the other. The header names each table's rows and
columns; a column is a list of values, or ``{"type": "f8", "at": 0}``: its numbers' type and where
they begin after the padding. js/data.js reads it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

Columns = Mapping[str, Any]
"""Columns of one length by name: lists of values for JSON, or arrays or Series of numbers."""


def packed(header: Mapping[str, Any], tables: Mapping[str, Columns]) -> bytes:
    """Pack tables behind a header.

    Parameters
    ----------
    header : mapping of str
        What is told besides, as JSON; NaN becomes null. ``"tables"`` is added to it.
    tables : mapping of str to mapping
        Columns by table. Integers are packed in 4 bytes.

    Returns
    -------
    bytes
        As the module describes.

    Examples
    --------
    >>> made = packed({"version": 1}, {"shots": {"id": np.array([7]), "name": ["a"]}})
    >>> made[4:-8].decode().rstrip()
    '{"version":1,"tables":{"shots":{"rows":1,"columns":{"id":{"type":"i4","at":0},"name":["a"]}}}}'
    >>> np.frombuffer(made, "<i4", 1, len(made) - 8).tolist()
    [7]
    """
    numbers: list[bytes] = []
    told: dict[str, Any] = {}
    at = 0
    for name, columns in tables.items():
        placed: dict[str, Any] = {}
        rows = 0
        for column, values in columns.items():
            rows = len(values)
            if isinstance(values, list):
                placed[column] = values
                continue
            array = np.ascontiguousarray(values)
            if array.dtype == np.int64:
                array = array.astype("<i4")
            array = array.astype(array.dtype.newbyteorder("<"), copy=False)
            raw = array.tobytes()
            placed[column] = {"type": array.dtype.str[1:], "at": at}
            numbers.append(raw + b"\0" * (-len(raw) % 8))
            at += len(numbers[-1])
        told[name] = {"rows": rows, "columns": placed}
    return _joined({**header, "tables": told}, numbers)


def emptied(made: bytes, last: Collection[str]) -> bytes:
    """Take the rows out of the last tables, whose columns are numbers alone."""
    begin = 4 + int.from_bytes(made[:4], "little")
    header = msgspec.json.decode(made[4:begin])
    tables = header["tables"]
    stop = min(one["at"] for name in last for one in tables[name]["columns"].values())
    for name in last:
        columns = tables[name]["columns"]
        none = {column: {**told, "at": 0} for column, told in columns.items()}
        tables[name] = {"rows": 0, "columns": none}
    return _joined(header, [made[begin : begin + stop]])


def _joined(header: dict[str, Any], numbers: Sequence[bytes]) -> bytes:
    # NaN becomes null, which is what JSON has for it.
    text = msgspec.json.encode(header, enc_hook=str)
    text += b" " * (-(len(text) + 4) % 8)
    return b"".join([len(text).to_bytes(4, "little"), text, *numbers])
