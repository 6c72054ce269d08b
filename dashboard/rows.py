"""The rows of a table one by one, as pages and charts read them.

pandas makes a class and a copy of every column for each table whose rows are asked for; a page reads some forty tables
and few of their columns.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd


class Row:
    """Its values by the names of the columns, and `Index`: `row.value`, or `row["value"]` as of a mapping."""

    __slots__ = ("_columns", "_at")

    def __init__(self, columns: "_Columns", at: int):
        self._columns, self._at = columns, at

    def __getattr__(self, name: str) -> Any:
        """`AttributeError` where the table has no such column."""
        return self._columns[name][self._at]

    __getitem__ = __getattr__


class _Columns(dict[str, list[Any]]):
    """The columns of a table that were asked for, as lists."""

    def __init__(self, table: pd.DataFrame):
        self._table = table

    def __missing__(self, name: str) -> list[Any]:
        if name != "Index" and name not in self._table.columns:
            raise AttributeError(name)
        self[name] = found = _plain(self._table.index if name == "Index" else self._table[name])
        return found


def rows_of(table: pd.DataFrame) -> Iterator[Row]:
    columns = _Columns(table)
    return (Row(columns, at) for at in range(len(table)))


def tuples_of(table: pd.DataFrame, *names: str) -> Iterator[tuple[Any, ...]]:
    """Each row as the values of the columns of these names; of all, in their order, where none is named."""
    return zip(*(_plain(table[name]) for name in names or table))


def _plain(values: pd.Series | pd.Index) -> list[Any]:
    """Through an array of objects: `tolist` asks a column of texts for each of them by itself."""
    return values.to_numpy(dtype=object).tolist()
