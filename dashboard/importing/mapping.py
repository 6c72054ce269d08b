"""What a foreign file means, declared in TOML, so that an existing export loads unedited.

A file without a mapping is recognised by its headers: the table whose required columns are all there. `data/README.md`
documents the keys; `data/mappings/` holds worked examples. An unknown key or table is an error that names the nearest.
"""

import difflib
import fnmatch
import functools
import math
import re
import tomllib
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboard.importing.problems import Problem
from dashboard.importing.reading import Sheet
from dashboard.schema import PERIOD, TABLES, YEAR_TO_DATE, Column, Kind, Table, normalised

REPEATED = ("refuse", "keep", "last", "average")
BAD_ROWS = ("refuse", "set_aside")


class MappingError(Exception):
    """A mapping file that cannot be used; the message says where and what to write."""


@dataclass(frozen=True)
class Source:
    """Where a column's values come from: a source column, a constant, or both with codes between."""

    header: str = ""
    value: str | None = None
    codes: Dict[str, str] = field(default_factory=dict)
    pattern: str = ""  # a regular expression; its first group is the value, no match is an empty cell


@dataclass(frozen=True)
class TableMapping:
    table: Table
    columns: Dict[str, Source]
    file: str = "*"
    sheet: str = "*"
    where: Dict[str, tuple[str, ...]] = field(default_factory=dict)  # keep rows whose column is one of these
    pivot_value: str = ""  # long files: the column that holds the number …
    pivot: Dict[str, Dict[str, str]] = field(default_factory=dict)  # … and which rows feed which of our columns
    totals: Dict[str, str] = field(default_factory=dict)  # rows that are sums of others: audited, never added
    scale: tuple[float, float] = (0.0, 100.0)
    scale_declared: bool = False
    repeated: str = "refuse"
    out_of_scale: str = "refuse"
    undated: str = "refuse"
    basis: str = PERIOD
    basis_column: str = ""  # a column that says which rows are cumulative …
    basis_ytd: tuple[str, ...] = ()  # … by one of these words
    new_values: tuple[str, ...] = ()  # columns whose vocabulary grows by what occurs

    def applies_to(self, sheet: Sheet) -> bool:
        name = sheet.file.replace("\\", "/").rsplit("/", 1)[-1]
        return fnmatch.fnmatch(name, self.file) and fnmatch.fnmatch(sheet.sheet, self.sheet)


@dataclass(frozen=True)
class Mapping:
    name: str = ""
    region: str = ""
    regions: Dict[str, str] = field(default_factory=dict)  # region_id → name
    ignore: tuple[str, ...] = ()
    derive_departments: str = ""  # the category of departments derived from the codes that occur
    tables: tuple[TableMapping, ...] = ()

    def ignores(self, sheet: Sheet) -> bool:
        name = sheet.file.replace("\\", "/").rsplit("/", 1)[-1]
        return any(fnmatch.fnmatch(name, pattern) for pattern in self.ignore)


def load_mapping(path: Path) -> Mapping:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MappingError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path}: {error}") from None
    _only(content, ("name", "region", "regions", "ignore", "derive_departments", "tables"), str(path))
    tables = tuple(
        _table_mapping(entry, f"{path}, [[tables]] {number}")
        for number, entry in enumerate(content.get("tables", []), start=1)
    )
    return Mapping(
        name=content.get("name", path.stem),
        region=content.get("region", ""),
        regions=content.get("regions", {}),
        ignore=tuple(content.get("ignore", ())),
        derive_departments=content.get("derive_departments", ""),
        tables=tables,
    )


def _table_mapping(entry: dict[str, Any], where: str) -> TableMapping:
    keys = "to file sheet columns where pivot totals scale repeated out_of_scale undated basis new_values"
    _only(entry, keys.split(), where)
    table = TABLES.get(entry.get("to", ""))
    if table is None:
        raise MappingError(f"{where}: to = {entry.get('to')!r} is no table.{_near(entry.get('to', ''), TABLES)}")
    pivot = dict(entry.get("pivot", {}))
    value = pivot.pop("value", "")
    totals = entry.get("totals", {})
    columns = {name: _source(given, f"{where}, columns.{name}") for name, given in entry.get("columns", {}).items()}
    _only({**columns, **pivot}, (*table.names, "region_id"), where)
    _only(dict.fromkeys((*totals, *entry.get("new_values", ()))), table.names, where)
    for name in totals:
        if name not in columns:
            raise MappingError(f"{where}, totals: {name!r} has no entry in columns.")
    basis = entry.get("basis", PERIOD)
    by_column = basis if isinstance(basis, dict) else {}
    mapping = TableMapping(
        table=table,
        columns=columns,
        file=entry.get("file", "*"),
        sheet=entry.get("sheet", "*"),
        where={name: tuple(_texts(given)) for name, given in entry.get("where", {}).items()},
        pivot_value=value,
        pivot=pivot,
        totals=totals,
        scale=_scale(entry.get("scale", (0, 100)), f"{where}, scale"),
        scale_declared="scale" in entry,
        repeated=_one_of(entry.get("repeated", "refuse"), REPEATED, f"{where}, repeated"),
        out_of_scale=_one_of(entry.get("out_of_scale", "refuse"), BAD_ROWS, f"{where}, out_of_scale"),
        undated=_one_of(entry.get("undated", "refuse"), BAD_ROWS, f"{where}, undated"),
        basis=PERIOD if by_column else _one_of(basis, (PERIOD, YEAR_TO_DATE), f"{where}, basis"),
        basis_column=by_column.get("column", ""),
        basis_ytd=tuple(_texts(by_column.get("ytd", ()))),
        new_values=tuple(entry.get("new_values", ())),
    )
    if mapping.repeated == "keep" and "ballot_id" not in table.names:
        raise MappingError(f"{where}, repeated: only ballots can be kept twice; {table.name} has no ballot_id.")
    if mapping.repeated == "average" and any(column.kind is Kind.COUNT for column in table.columns):
        raise MappingError(f"{where}, repeated: counts cannot be averaged; {table.name} holds counts.")
    if basis != PERIOD and not table.flows:
        raise MappingError(f"{where}, basis: {table.name} holds no figures that add up over the year.")
    if by_column and pivot:
        raise MappingError(f"{where}, basis: a column cannot say the basis where rows are pivoted; use `where`.")
    return mapping


def _scale(given: object, where: str) -> tuple[float, float]:
    try:
        low, high = map(float, given)
    except (TypeError, ValueError):
        low = high = 0.0
    if not -math.inf < low < high < math.inf:
        raise MappingError(f"{where}: expected [lowest, highest], such as [1, 5].")
    return low, high


def _source(given: str | dict[str, Any], where: str) -> Source:
    if isinstance(given, str):
        return Source(header=given)
    _only(given, ("from", "value", "codes", "pattern"), where)
    if pattern := given.get("pattern", ""):
        try:
            groups = re.compile(pattern).groups
        except re.error as error:
            raise MappingError(f"{where}, pattern: {error}") from None
        if groups < 1:
            raise MappingError(f"{where}, pattern: put the wanted part in brackets.")
    value = given.get("value")
    return Source(
        header=given.get("from", ""),
        value=None if value is None else str(value).lower() if isinstance(value, bool) else str(value),
        codes={str(key): str(code) for key, code in given.get("codes", {}).items()},
        pattern=pattern,
    )


def _texts(given: object) -> list[str]:
    return [str(item) for item in given] if isinstance(given, list | tuple) else [str(given)]


def _one_of(given: object, allowed: tuple[str, ...], where: str) -> str:
    if given not in allowed:
        raise MappingError(f"{where}: {given!r} is not known; expected one of {', '.join(allowed)}.")
    return str(given)


def _only(given: Dict[str, Any], allowed: tuple[str, ...] | list[str], where: str) -> None:
    for key in given:
        if key not in allowed:
            raise MappingError(f"{where}: {key!r} is not known.{_near(key, allowed)}")


def _near(word: str, known: object) -> str:
    close = difflib.get_close_matches(str(word), list(known), n=1, cutoff=0.5)
    return f" Did you mean {close[0]!r}?" if close else f" Known are {', '.join(known)}."


# --- recognition by content ------------------------------------------------------------------------------------
def recognise(sheet: Sheet) -> TableMapping | Problem:
    """The table that a sheet's headers fit: all required columns there, then the most columns matched."""
    # A quarter can be told from a month, so a monthly file needs no quarter column.
    said = {given: normalised(given) for given in sheet.header}
    fits = [(table, *_match(table, said)) for table in TABLES.values()]
    whole = [fit for fit in fits if not fit[2]]
    if not whole:
        table, matched, missing = max(fits, key=lambda fit: (len(fit[1]) - len(fit[2]), -len(fit[2])))
        if len(matched) < 2:
            return Problem("unknown_table", sheet.file, sheet.sheet, found="、".join(sheet.header)[:80])
        close = difflib.get_close_matches(missing[0].name, sheet.header, n=1, cutoff=0.6)
        wanted = "、".join(f"{c.headers[0]} ({c.name})" if c.headers else c.name for c in missing)
        return Problem(
            "missing_columns",
            sheet.file,
            sheet.sheet,
            row=1,
            found=f"{table.headers[0]} ({table.name})",
            expected=wanted,
            nearest=close[0] if close else "",
        )
    table, matched, _ = max(whole, key=lambda fit: (len(fit[1]), len(fit[0].key), -len(fit[0].columns)))
    if twice := _claimed_twice(table, matched, said):
        column, first, second = twice
        shown = f"{column.headers[0]} ({column.name})" if column.headers else column.name
        return Problem("ambiguous_column", sheet.file, sheet.sheet, row=1, column=second, found=first, expected=shown)
    return TableMapping(table=table, columns={name: Source(header) for name, header in matched.items()})


@functools.cache
def _ours(name: str) -> str:
    """A name that a column may have, `normalised`: the same for every file."""
    return normalised(name)


def _claimed_twice(table: Table, matched: Dict[str, str], said: Dict[str, str]) -> tuple[Column, str, str] | None:
    """A column that a second header of the file could be as well: 收到 beside 受理. Which one counts is not guessed.

    An id and a name of a department may stand side by side.
    """
    free = [given for given in said if given and given not in matched.values()]
    for column in table.columns:
        names = {_ours(alias) for alias in (column.name, *column.headers)}
        for given in free:
            if column.kind is not Kind.DEPARTMENT and column.name in matched and said[given] in names:
                return column, matched[column.name], given
    return None


def _match(table: Table, said: Dict[str, str]) -> tuple[dict[str, str], list[Column]]:
    """(our column → the file's header, required columns that are not there). `said`: each header, `normalised` too."""
    matched: dict[str, str] = {}
    taken: set[str] = set()
    # English names first: a column's own name is never an alias of another column.
    for by_name in (True, False):
        for column in table.columns:
            names = {_ours(alias) for alias in ((column.name,) if by_name else column.headers)}
            for given, name in said.items():
                if column.name not in matched and given not in taken and name in names:
                    matched[column.name] = given
                    taken.add(given)
    missing = [column for column in table.columns if column.required and column.name not in matched]
    if "month" in matched:
        missing = [column for column in missing if column.name != "quarter"]
    return matched, missing
