"""Find the SQL files under queries/, read the header at the top of each, and complain by file and line.

A header is TOML between `/* +++` and `+++ */`. The folder says what a header must hold (`queries/README.md`).
DuckDB's own parser says which parameters a statement takes; no statement is ever put together from text.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

FOLDER = Path(__file__).parent.parent / "queries"
HEADER = re.compile(r"\A/\* \+\+\+\n(?P<toml>.*?)\n\+\+\+ \*/\n", re.DOTALL)
LANGUAGES = ("zh", "en")

# What the header of each folder must hold, with the type of each value; a dict is one text a language.
CONTRACT: dict[str, dict[str, type]] = {
    "tables": {"answers": str},
    "marts": {"answers": str},
    "build": {"answers": str},
    "pages": {"answers": str},
    "indicators": {
        "title": dict,
        "label": dict,
        "unit": dict,
        "why": dict,
        "source": str,
        "group": str,
        "order": int,
        "better": str,
        "kind": str,
        "decimals": int,
        "tables": list,
    },
}
ALLOWED = {
    "better": ("higher", "lower", "neither"),
    "kind": ("mean", "share", "rate", "count"),
}


class QueryFileError(Exception):
    """A broken file under queries/; the message names file and line and says what to write."""


@dataclass(frozen=True)
class Query:
    name: str  # the path under queries/ without .sql
    path: Path
    sql: str
    header: dict[str, Any]
    parameters: frozenset[str]

    @property
    def short_name(self) -> str:
        return self.path.stem


@cache
def load_catalog(folder: Path = FOLDER) -> dict[str, Query]:
    """Every query by name. Raises `QueryFileError` on the first broken file."""
    return {query.name: query for query in _queries(folder)}


def indicators(queries: dict[str, Query]) -> dict[str, Query]:
    """The indicators by their short name, in the order that their headers give."""
    found = [query for query in queries.values() if query.name.startswith("indicators/")]
    return {query.short_name: query for query in sorted(found, key=lambda q: (q.header["order"], q.name))}


def _queries(folder: Path) -> Iterator[Query]:
    for path in sorted(folder.rglob("*.sql")):
        yield load_query(path, str(path.relative_to(folder).with_suffix("")).replace("\\", "/"))


def load_query(path: Path, name: str) -> Query:
    sql = path.read_text(encoding="utf-8")
    header = _header(path, sql)
    _check_header(path, name.split("/")[0], header)
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryFileError(f"{path}:{line_of(error)}: {_first_line(error)}") from None
    if len(statements) != 1:
        raise QueryFileError(f"{path}:1: {len(statements)} statements; one question a file: keep one.")
    return Query(name, path, sql, header, frozenset(statements[0].named_parameters))


def _header(path: Path, sql: str) -> dict[str, Any]:
    found = HEADER.match(sql)
    if not found:
        raise QueryFileError(f"{path}:1: no header; begin the file with a line '/* +++' and close it by '+++ */'.")
    try:
        return tomllib.loads(found["toml"])
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        line = 1 + int(at[1]) if at else 1
        raise QueryFileError(f"{path}:{line}: {error}") from None


def _check_header(path: Path, folder: str, header: dict[str, Any]) -> None:
    for key, kind in CONTRACT.get(folder, {}).items():
        if key not in header:
            example = '{ zh = "…", en = "…" }' if kind is dict else {str: '"…"', int: "1", list: "[]"}[kind]
            raise QueryFileError(f"{path}:1: the header lacks {key}; add a line such as '{key} = {example}'.")
        if not isinstance(header[key], kind) or (kind is dict and set(header[key]) != set(LANGUAGES)):
            wanted = "one text for zh and one for en" if kind is dict else f"a {kind.__name__}"
            raise QueryFileError(f"{path}:{_line_of_key(path, key)}: {key} = {header[key]!r}; expected {wanted}.")
        if key in ALLOWED and header[key] not in ALLOWED[key]:
            allowed = ", ".join(ALLOWED[key])
            raise QueryFileError(
                f"{path}:{_line_of_key(path, key)}: {key} = {header[key]!r}; expected one of {allowed}."
            )


def _line_of_key(path: Path, key: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((i for i, line in enumerate(lines, start=1) if line.startswith(key)), 1)


def line_of(error: duckdb.Error) -> int:
    """The line of the file at which DuckDB stopped reading."""
    found = re.search(r"LINE (\d+):", str(error))
    return int(found[1]) if found else 1


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]


def broken(query: Query, error: duckdb.Error) -> QueryFileError:
    """The error of a statement that parses but does not run, by file and line."""
    return QueryFileError(f"{query.path}:{line_of(error)}: {_first_line(error)}")
