"""Find the SQL files under queries/, read the header at the top of each, and complain by file and line.

A header is TOML between `/* +++` and `+++ */`. The folder says what a header must hold (`queries/README.md`).
DuckDB's own parser says which parameters a statement takes; no statement is ever put together from text.
"""

import difflib
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
        "numerator": dict,
        "caveats": dict,
        "source": str,
        "group": str,
        "order": int,
        "better": str,
        "kind": str,
        "decimals": int,
        "tables": list,
    },
}
# What it may hold beside that.
OPTIONAL: dict[str, dict[str, type]] = {"indicators": {"denominator": dict, "formula": dict, "stock": bool}}
RATIOS = ("share", "rate")  # kinds that are divided by something, which their header must name
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
    sql: str  # the statement, without the comments above it
    line: int  # of the file, on which the statement begins
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
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = 1 + error.object[: error.start].count(b"\n")
        raise QueryFileError(f"{path}:{line}: not UTF-8 text.") from None
    header = _header(path, text)
    _check_header(path, name.split("/")[0], header)
    try:
        statements = duckdb.extract_statements(text)
    except duckdb.Error as error:
        raise _broken(path, 1, error) from None
    if len(statements) != 1:
        raise QueryFileError(f"{path}:1: {len(statements)} statements; one question a file: keep one.")
    # DuckDB counts lines from the statement, and only where nothing stands before it: so that is what is run.
    sql = statements[0].query
    line = 1 + text.count("\n", 0, text.index(sql))
    return Query(name, path, sql, line, header, frozenset(statements[0].named_parameters))


def _header(path: Path, text: str) -> dict[str, Any]:
    found = HEADER.match(text)
    if not found:
        raise QueryFileError(f"{path}:1: no header; begin the file with a line '/* +++' and close it by '+++ */'.")
    try:
        return tomllib.loads(found["toml"])
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        line = 1 + int(at[1]) if at else 1
        raise QueryFileError(f"{path}:{line}: {error}") from None


def _check_header(path: Path, folder: str, header: dict[str, Any]) -> None:
    if folder not in CONTRACT:
        raise QueryFileError(f"{path}:1: {folder!r} is no folder of queries; expected one of {', '.join(CONTRACT)}.")
    wanted, allowed = CONTRACT[folder], OPTIONAL.get(folder, {})
    needed = wanted | {"denominator": dict} if header.get("kind") in RATIOS else wanted
    for key, kind in (allowed | needed).items():
        if key not in header and key in needed:
            example = '{ zh = "…", en = "…" }' if kind is dict else {str: '"…"', int: "1", list: "[]"}[kind]
            raise QueryFileError(f"{path}:1: the header lacks {key}; add a line such as '{key} = {example}'.")
        if key in header:
            _check_value(path, key, kind, header[key])
    for key in header:
        if key not in wanted and key not in allowed:
            near = difflib.get_close_matches(key, [*wanted, *allowed], n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join([*wanted, *allowed])}."
            raise QueryFileError(f"{path}:{_line_of_key(path, key)}: {key} is no key of this header; {hint}")


def _check_value(path: Path, key: str, kind: type, value: object) -> None:
    if not _is_a(value, kind):
        expected = "one text for zh and one for en" if kind is dict else f"a {kind.__name__}"
        raise QueryFileError(f"{path}:{_line_of_key(path, key)}: {key} = {value!r}; expected {expected}.")
    if key in ALLOWED and value not in ALLOWED[key]:
        expected = ", ".join(ALLOWED[key])
        raise QueryFileError(f"{path}:{_line_of_key(path, key)}: {key} = {value!r}; expected one of {expected}.")


def _is_a(value: object, kind: type) -> bool:
    if kind is dict:
        return isinstance(value, dict) and set(value) == set(LANGUAGES) and all(_is_a(v, str) for v in value.values())
    if kind is str:
        return isinstance(value, str) and bool(value.strip())
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def _line_of_key(path: Path, key: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((i for i, line in enumerate(lines, start=1) if re.match(rf"{key}\b", line)), 1)


def broken(query: Query, error: duckdb.Error) -> QueryFileError:
    """The error of a statement that parses but cannot be answered, by file and line."""
    return _broken(query.path, query.line, error)


def _broken(path: Path, first_line: int, error: duckdb.Error) -> QueryFileError:
    found = re.search(r"LINE (\d+):", str(error))
    line = first_line + int(found[1]) - 1 if found else first_line
    return QueryFileError(f"{path}:{line}: {str(error).strip().splitlines()[0]}")
