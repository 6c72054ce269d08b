"""Find the SQL files under queries/, read the header at the top of each, and complain by file and line.

A header is TOML between `/* +++` and `+++ */`. The folder says what a header must hold (`queries/README.md`).
DuckDB's own parser says which parameters a statement takes; no statement is ever put together from text. The files of
store/ are SQLite's, whose parser tells nothing: there `$name` is looked for.
"""

import difflib
import math
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

FOLDER = Path(__file__).parent.parent / "queries"
SQLITE_FOLDER = "store"
SILENT = re.compile(r"--[^\n]*|/\*.*?\*/|'[^']*'", re.DOTALL)  # comments and texts
HEADER = re.compile(r"\A/\* \+\+\+\n(?P<toml>.*?)\n\+\+\+ \*/\n", re.DOTALL)
LANGUAGES = ("zh", "en")


class Thresholds(dict):
    """In a header: name → value, what it decides in each language, and between which values it makes sense."""


class Sentences(dict):
    """In a header: one text a language, or several by the query's column `reason`."""


class Axis(dict):
    """In a header: where a share stands on the balance page, and what its two sides are called."""


class Words(dict):
    """In a header: column of codes → the vocabulary that has its words."""


class Evidence(dict):
    """In a header: column of the query → what it is called beside its value, in each language."""


class Notes(dict):
    """In a header: a code of one of the query's columns (`note`, `item`) → what it says, in each language."""


# What the header of each folder must hold, with the type of each value; a dict is one text a language.
CONTRACT: dict[str, dict[str, type]] = {
    **{folder: {"answers": str} for folder in ("tables", "marts", "macros", "build", "store")},
    **{folder: {"answers": str, "needs": str} for folder in ("pages", "rows")},
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
    "gaps": {
        "title": dict,
        "label": dict,
        "group": str,
        "order": int,
        "kind": str,
        "source": str,
        "tables": list,
        "unit": dict,
        "decimals": int,
        "window": int,
        "why": dict,
        "formula": dict,
        "example": dict,
        "exclusions": dict,
        "assumptions": dict,
        "remedy": dict,
        "sentence": Sentences,
    },
    "audit": {"title": dict, "why": dict, "order": int, "tables": list},
}
# What it may hold beside that.
OPTIONAL: dict[str, dict[str, type]] = {
    "indicators": {"denominator": dict, "formula": dict, "stock": bool, "fine": bool, "across": bool, "due": bool},
    "gaps": {
        "thresholds": Thresholds,
        "axis": Axis,
        "vocabularies": Words,
        "notes": Notes,
        "evidence": Evidence,
        "fine": list,
    },
    "audit": {"items": Notes},
    "pages": {"peers": str, "fine": str, "across": bool},
}
RATIOS = ("share", "rate")  # kinds of indicators that are divided by something, which their header must name
GAP_GROUPS = ("coverage", "balance", "powers", "decisions", "accountability", "appraisal")
# What whoever asks must be allowed to see: actions of access/roles.toml.
NEEDS = ("words", "region", "departments", "small_counts", "rows", "data")
ALLOWED: dict[str, dict[str, tuple[Any, ...]]] = {
    "indicators": {"better": ("higher", "lower", "neither"), "kind": ("mean", "share", "rate", "count")},
    "gaps": {
        "group": GAP_GROUPS,
        "kind": ("deterministic", "share", "funnel", "chart", "composite"),
        "window": (1, 2, 4, 8),
    },
    "pages": {"needs": NEEDS, "peers": ("unnamed",), "fine": ("month",)},
    "rows": {"needs": NEEDS},
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

    @property
    def is_across_regions(self) -> bool:
        """Whether it asks the rows of all regions at once; of any other each region's own database is asked."""
        is_read = self.name.startswith(("pages/", "rows/"))
        return is_read and ("region" not in self.parameters or self.header.get("across", False))


def load_catalog(folder: Path | None = None) -> dict[str, Query]:
    """Every query of `folder` (none: the product's own) by name. Raises `QueryFileError` on the first broken file."""
    return _loaded(folder or FOLDER)


@cache
def _loaded(folder: Path) -> dict[str, Query]:
    return {query.name: query for query in _queries(folder)}


def indicators(queries: dict[str, Query]) -> dict[str, Query]:
    """The indicators by their short name, in the order that their headers give."""
    found = [query for query in queries.values() if query.name.startswith("indicators/")]
    return {query.short_name: query for query in sorted(found, key=lambda q: (q.header["order"], q.name))}


def gaps(queries: dict[str, Query]) -> dict[str, Query]:
    """The gap rules by their short name, in the order that their headers give."""
    found = [query for query in queries.values() if query.name.startswith("gaps/")]
    return {query.short_name: query for query in sorted(found, key=lambda q: (q.header["order"], q.name))}


def audits(queries: dict[str, Query]) -> dict[str, Query]:
    """The checks of the arithmetic audit by their short name, in the order that their headers give."""
    found = [query for query in queries.values() if query.name.startswith("audit/")]
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
    folder = name.split("/")[0]
    _check_header(path, folder, header)
    if folder == SQLITE_FOLDER:
        sql = HEADER.sub("", text).strip()
        line = 1 + text.count("\n", 0, text.index(sql))
        return Query(name, path, sql, line, header, frozenset(re.findall(r"\$(\w+)", SILENT.sub(" ", sql))))
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
    is_ratio = folder == "indicators" and header.get("kind") in RATIOS
    needed = wanted | {"denominator": dict} if is_ratio else wanted
    for key, kind in (allowed | needed).items():
        if key not in header and key in needed:
            example = {str: '"…"', int: "1", list: "[]"}.get(kind, '{ zh = "…", en = "…" }')
            raise QueryFileError(f"{path}:1: the header lacks {key}; add a line such as '{key} = {example}'.")
        if key in header:
            _check_value(path, folder, key, kind, header[key])
    for key in header:
        if key not in wanted and key not in allowed:
            near = difflib.get_close_matches(key, [*wanted, *allowed], n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join([*wanted, *allowed])}."
            raise QueryFileError(f"{path}:{_line_of_key(path, key)}: {key} is no key of this header; {hint}")


def _check_value(path: Path, folder: str, key: str, kind: type, value: object) -> None:
    check, expected = KINDS[kind]
    if not check(value):
        raise QueryFileError(f"{path}:{_line_of_key(path, key)}: {key} = {value!r}; expected {expected}.")
    allowed = ALLOWED.get(folder, {}).get(key, (value,))
    if value not in allowed:
        expected = ", ".join(map(str, allowed))
        raise QueryFileError(f"{path}:{_line_of_key(path, key)}: {key} = {value!r}; expected one of {expected}.")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_words(value: object) -> bool:
    return isinstance(value, dict) and set(value) == set(LANGUAGES) and all(map(_is_text, value.values()))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _are_thresholds(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_threshold, value.values()))


def _is_threshold(one: object) -> bool:
    if not isinstance(one, dict) or "value" not in one:
        return False
    numbers = {name: one[name] for name in ("value", "least", "most") if name in one}
    words = {name: text for name, text in one.items() if name not in numbers}
    if not (all(map(_is_number, numbers.values())) and _is_words(words)):
        return False
    return numbers.get("least", 0) <= numbers["value"] <= numbers.get("most", math.inf)


def _is_axis(value: object) -> bool:
    keys = {"position", "heavy", "light"}
    return (
        isinstance(value, dict)
        and set(value) == keys
        and isinstance(value["position"], int)
        and all(map(_is_words, _without(value, "position").values()))
    )


def _without(table: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in table.items() if name != key}


# How each kind of a header's value is recognised, and what a message says is expected.
KINDS: dict[type, tuple[Callable[[object], bool], str]] = {
    str: (_is_text, "a str"),
    int: (lambda value: isinstance(value, int) and not isinstance(value, bool), "an int"),
    bool: (lambda value: isinstance(value, bool), "a bool"),
    list: (lambda value: isinstance(value, list) and all(map(_is_text, value)), "a list of texts"),
    dict: (_is_words, "one text for zh and one for en"),
    Thresholds: (_are_thresholds, "a table for each threshold with value, zh and en, and value between least and most"),
    Sentences: (
        lambda value: (
            _is_words(value) or isinstance(value, dict) and bool(value) and all(map(_is_words, value.values()))
        ),
        "one text for zh and one for en, or such a pair for each reason",
    ),
    Notes: (
        lambda value: isinstance(value, dict) and all(map(_is_words, value.values())),
        "one text for zh and one for en for each code",
    ),
    Evidence: (
        lambda value: isinstance(value, dict) and all(map(_is_words, value.values())),
        "one text for zh and one for en for each column",
    ),
    Axis: (_is_axis, "position, and heavy and light with one text for zh and one for en"),
    Words: (
        lambda value: isinstance(value, dict) and all(map(_is_text, value.values())),
        "a vocabulary for each column of codes",
    ),
}


def _line_of_key(path: Path, key: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((i for i, line in enumerate(lines, start=1) if re.match(rf"\[?{key}\b", line)), 1)


def broken(query: Query, error: duckdb.Error) -> QueryFileError:
    """The error of a statement that parses but cannot be answered, by file and line."""
    return _broken(query.path, query.line, error)


def _broken(path: Path, first_line: int, error: duckdb.Error) -> QueryFileError:
    found = re.search(r"LINE (\d+):", str(error))
    line = first_line + int(found[1]) - 1 if found else first_line
    return QueryFileError(f"{path}:{line}: {str(error).strip().splitlines()[0]}")
