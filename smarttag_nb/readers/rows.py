"""From decoded items to rows: levels of arrays, columns, and the tables they fill."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import tables
from .notes import Notes, Path

Ids = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Items:
    """The items of one level of arrays, across all of their parents, in the order received.

    An answer is a tree of arrays; a table is one level of it. A level keeps, for each item, the
    row of its parent in the level above, so that foreign keys and paths can be told for any row.
    """

    def __init__(self, items: Sequence[Any], path: Path | None = None) -> None:
        self.items = items
        self.parent = np.zeros(0, dtype=np.int64)
        self._path = path
        self._above: Items | None = None
        self._key = ""
        self._lists: list[Any] = []
        self._arrays: dict[int, Path] = {}

    @classmethod
    def of_list(cls, items: Sequence[Any], path: Path) -> Items:
        """Make a level of the items of a body that is a list itself."""
        root = cls([items], path)
        level = cls(items)
        level.parent = np.zeros(len(items), dtype=np.int64)
        level._above, level._lists = root, [items]
        return level

    def below(self, attribute: str) -> Items:
        """Go down to the items of each item's array.

        Parameters
        ----------
        attribute : str
            Dotted attribute that holds the array, or None where there is none; its key as well.
        """
        get = attrgetter(attribute)
        lists = list(map(get, self.items))
        if None in lists:
            lists = [items or () for items in lists]
        level = Items(list(chain.from_iterable(lists)))
        level.parent = np.repeat(
            np.arange(len(lists)), np.fromiter(map(len, lists), dtype=np.int64, count=len(lists))
        )
        level._above, level._key, level._lists = self, attribute, lists
        return level

    def __len__(self) -> int:
        return len(self.items)

    def column(self, attribute: str) -> list[Any]:
        """List an attribute of each item."""
        return list(map(attrgetter(attribute), self.items))

    def numbers(self, attribute: str) -> npt.NDArray[np.float64]:
        """Return an attribute of each item as numbers, NaN where missing."""
        try:
            column = map(attrgetter(attribute), self.items)
            return np.fromiter(column, dtype=np.float64, count=len(self.items))
        except TypeError:
            # Where some are missing; the way above makes no list of all.
            return np.array(self.column(attribute), dtype=np.float64)

    def where(self, mask: Mask) -> Items:
        """Only some of the items, still knowing where they stand."""
        if mask.all():
            return self
        rows = np.flatnonzero(mask)
        level = _Picked([self.items[row] for row in rows.tolist()])
        level.source, level.rows = self, rows
        level.parent = self.parent[rows] if self._above is not None else self.parent
        return level

    def path(self, row: int) -> Path:
        """Where an item stands."""
        if self._above is None:
            return self._path or Path()
        above = int(self.parent[row])
        array = self._arrays.get(above)
        if array is None:
            array = self._arrays[above] = _descend(self._above.path(above), self._key)
        position = row - int(np.searchsorted(self.parent, above))
        told = getattr(self._lists[above], "positions", range(position + 1))[position]
        return array if told is None else array / told


class _Picked(Items):
    source: Items
    rows: npt.NDArray[np.intp]

    def path(self, row: int) -> Path:
        return self.source.path(int(self.rows[row]))


def _descend(path: Path, key: str) -> Path:
    for part in key.split(".") if key else ():
        path = path / part
    return path


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller of `load` said about the answer."""

    boxes: Literal["auto", "documented", "corner-sum"] = "auto"
    size: tuple[float, float] | None = None


class Rows:
    """Columns of rows for each table, in the making."""

    def __init__(self) -> None:
        self._chunks: dict[str, list[tuple[int, dict[str, Any]]]] = {}
        self.ratios: dict[int, Path] = {}
        """Where the ratio of each label stands, by label_id: it is judged once all are there."""

    def add(self, table: str, length: int, **columns: Any) -> Ids:
        """Add rows; a single text stands for all of them. Returns the new rows' ids."""
        first = self.count(table)
        if length:
            self._chunks.setdefault(table, []).append((length, columns))
        return np.arange(first, first + length)

    def count(self, table: str) -> int:
        """How many rows a table has so far: the next row's id."""
        return sum(rows for rows, _ in self._chunks.get(table, ()))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every contract table."""
        return {name: self._table(name) for name in tables.TABLES}

    def _table(self, name: str) -> pd.DataFrame:
        chunks = self._chunks.get(name, [])
        length = sum(rows for rows, _ in chunks)
        columns = {}
        for column in tables.TABLES[name].columns:
            if len(chunks) == 1:
                columns[column.name] = chunks[0][1].get(column.name)
                continue
            parts = [_spread(given.get(column.name), rows) for rows, given in chunks]
            if all(part is None for part in parts):
                continue
            if all(isinstance(part, np.ndarray) for part in parts):
                columns[column.name] = np.concatenate(parts)
            else:
                columns[column.name] = list(
                    chain.from_iterable(
                        [None] * rows if part is None else part
                        for part, (rows, _) in zip(parts, chunks, strict=True)
                    )
                )
        return tables.build(name, columns, length)


def _spread(values: Any, rows: int) -> Any:
    if values is None or isinstance(values, (list, np.ndarray)):
        return values
    if isinstance(values, int):
        return np.full(rows, values)
    return [values] * rows


@dataclass(frozen=True, slots=True)
class Result:
    """One result of an answer on its way into the tables: where it stands, where its rows go."""

    type: str
    index: int | None
    path: Path
    rows: Rows
    notes: Notes
    options: Options = Options()

    def add(self, table: str, length: int, **columns: Any) -> Ids:
        """Add rows that this result tells of."""
        columns.setdefault("result_type", self.type)
        return self.rows.add(table, length, result_index=self.index, **columns)

    def items(self, body: Any, attribute: str) -> Items:
        """Go down to the items of an array of the body."""
        return Items([body], self.path).below(attribute)

    def note_rows(
        self,
        code: str,
        items: Items,
        rows: Mask,
        message: str,
        *,
        key: str = "",
        values: Sequence[Any] | npt.NDArray[Any] | None = None,
        action: str = "kept",
    ) -> None:
        """Note a problem of some rows, once for each array they stand in."""
        at = np.flatnonzero(rows)
        if not len(at):
            return
        parents = items.parent[at] if len(items.parent) else np.zeros(len(at), dtype=np.int64)
        if code == "unknown-value" and values is not None:
            # Each value is a problem of its own: it names what is unknown.
            names = np.unique([str(values[row]) for row in at.tolist()], return_inverse=True)[1]
            parents = parents * (int(names.max()) + 1) + names
        _, first, counts = np.unique(parents, return_index=True, return_counts=True)
        for i, count in zip(first, counts, strict=True):
            row = int(at[i])
            path = _descend(items.path(row), key)
            value = None if values is None else _plain(values[row])
            self.notes.add(code, path, message, value, action=action, repeats=int(count))


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, (np.generic, np.ndarray)) else value


def texts(values: Iterable[Any]) -> list[str | None]:
    """Ids of the API's own as text."""
    return [None if value is None else str(value) for value in values]
