"""The marts that a cluster made beside those that DuckDB makes of the same files."""

import math
import operator
from pathlib import Path

import duckdb

from dashboard import catalog, warehouse

MARTS = {name: query for name, query in catalog.load_catalog().items() if name.startswith("marts/")}


def by_duckdb(files: list[str]) -> dict[str, duckdb.DuckDBPyRelation]:
    connection = duckdb.connect()
    for mart in MARTS.values():
        warehouse.run(connection, mart, files=files)
    return {mart.short_name: connection.table(mart.short_name) for mart in MARTS.values()}


def require_same_marts(made: dict[str, Path], expected: dict[str, duckdb.DuckDBPyRelation]) -> int:
    """How many cells were compared: columns, types, rows and their order must be the same, fractions to a billionth."""
    assert made.keys() == expected.keys()
    return sum(_require_same(name, duckdb.read_parquet(str(made[name])), mart) for name, mart in expected.items())


def _require_same(mart: str, found: duckdb.DuckDBPyRelation, expected: duckdb.DuckDBPyRelation) -> int:
    assert list(zip(found.columns, found.types)) == list(zip(expected.columns, expected.types)), mart
    kinds, rows, others = list(map(str, expected.types)), expected.fetchall(), found.fetchall()
    assert len(others) == len(rows), mart
    for name, kind, one, other in zip(expected.columns, kinds, zip(*rows), zip(*others)):
        same = _alike if kind == "DOUBLE" else operator.eq
        assert [pair for pair in zip(one, other) if not same(*pair)] == [], f"{mart}.{name}"
    return len(rows) * len(kinds)


def _alike(one: float | None, other: float | None) -> bool:
    return one == other or None not in (one, other) and math.isclose(one, other, rel_tol=1e-9)
