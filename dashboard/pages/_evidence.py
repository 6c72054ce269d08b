"""The rows behind a gap: what the imported tables hold of its department in the rule's window, for eye and file."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.catalog import Query
from dashboard.components.sheet import Sheet
from dashboard.gaps.sentences import column_name, period
from dashboard.i18n.text import MISSING, known, number, quarter_name
from dashboard.pages._gaps import PATH, Gaps, evidence
from dashboard.pages._scene import Scene
from dashboard.rows import tuples_of
from dashboard.schema import TABLES, Column, Kind

MOST_SHOWN = 200  # rows of a table on the page; the file has all
NEVER_LISTED = "evaluations"  # ballots


@dataclass(frozen=True)
class Behind:
    """The rows of one table, those that the rule points at first."""

    table: str
    columns: tuple[Column, ...]
    rows: pd.DataFrame
    marked: int  # how many of the first rows the rule points at


def listable(now: Scene, rule: Query) -> list[str]:
    """The tables of a rule whose rows can be shown, each once."""
    tables = dict.fromkeys(name.partition(".")[0] for name in rule.header["tables"])
    allowed = now.snapshot.queries
    return [table for table in tables if f"rows/{table}" in allowed]


def behind(now: Scene, rule: Query, row: Mapping[str, Any]) -> list[Behind]:
    """The rows of each table that the rule looks at; `row`: of the gaps."""
    pointed = frozenset(map(str, evidence(row).get("ids") or ()))
    window = rule.header["window"]
    return [table_rows(now, table, window, row["department_id"], pointed) for table in listable(now, rule)]


def table_rows(now: Scene, table: str, window: int, department: str, pointed: frozenset[str] = frozenset()) -> Behind:
    """The rows of one table of a department in the quarters of a window; `pointed`: ids of those that come first."""
    asked = {"region": now.region, "quarter": now.quarter, "department": department}
    rows = now.snapshot.run(f"rows/{table}", window=window, **asked)
    is_pointed = rows[_id_column(table)].astype(str).isin(pointed) if _id_column(table) else _none(rows)
    ordered = pd.concat([rows[is_pointed], rows[~is_pointed]], ignore_index=True)
    columns = tuple(TABLES[table].column(name) for name in rows.columns)
    if rows["department_id"].nunique() < 2:
        columns = tuple(column for column in columns if column.kind is not Kind.DEPARTMENT)
    return Behind(table, columns, ordered, int(is_pointed.sum()))


def _id_column(table: str) -> str | None:
    """The column that names a row by itself, such as task_id."""
    first = TABLES[table].key[0]
    return first if first.endswith("_id") and TABLES[table].column(first).kind is Kind.TEXT else None


def _none(rows: pd.DataFrame) -> pd.Series:
    return pd.Series(False, index=rows.index)


def heads(now: Scene, part: Behind) -> list[str]:
    """What the columns are called in the viewer's language."""
    return [
        now.t("sheet.name") if column.kind is Kind.DEPARTMENT else column_name(now.lang, part.table, column.name)
        for column in part.columns
    ]


def texts(gaps: Gaps, part: Behind) -> list[list[str]]:
    """The first rows as texts, codes in words; at most MOST_SHOWN."""
    return [
        [_text(gaps, column, value) for column, value in zip(part.columns, row)]
        for row in values(gaps, part, MOST_SHOWN)
    ]


def values(gaps: Gaps, part: Behind, most: int | None = None) -> list[list[Any]]:
    """The rows as they go into a file, with codes and departments in words, and nothing where there is nothing."""
    names = _department_names(gaps.now) if any(c.kind is Kind.DEPARTMENT for c in part.columns) else {}
    rows = part.rows[[column.name for column in part.columns]].head(len(part.rows) if most is None else most)
    return [
        [_value(gaps, names, column, value) for column, value in zip(part.columns, row)]
        for row in tuples_of(rows.astype(object))
    ]


def _value(gaps: Gaps, names: Mapping[str, str], column: Column, value: Any) -> Any:
    if not known(value) or value == "":
        return None
    match column.kind:
        case Kind.CODE:
            return gaps.words.get((column.vocabulary, value), value)
        case Kind.DEPARTMENT:
            return names.get(value, value)
        case Kind.BOOL:
            return gaps.now.t("matrix.yes" if value else "matrix.no")
        case Kind.DATE:
            return f"{value:%Y-%m-%d}"
        case Kind.COUNT | Kind.YEAR:
            return int(value)
        case Kind.NUMBER | Kind.SCORE | Kind.SIGNED:
            return float(value)
    return value


def _text(gaps: Gaps, column: Column, value: Any) -> str:
    if value is None:
        return MISSING
    if isinstance(value, float):
        return number(value, 0 if value.is_integer() and column.kind is not Kind.SCORE else 1)
    return number(value, 0) if column.kind is Kind.COUNT else str(value)


def _department_names(now: Scene) -> dict[str, str]:
    found = now.run("known_departments")
    found = found[found["region_id"] == now.region]
    own = found["name_en"].where(found["name_en"].notna(), found["name"]) if now.lang == "en" else found["name"]
    return dict(zip(found["department_id"], own))


def evidence_sheet(gaps: Gaps, rule: Query, row: Mapping[str, Any]) -> Sheet:
    """Every row behind one gap: several tables under one head, the first column says which."""
    now, t = gaps.now, gaps.now.t
    parts = behind(now, rule, row)
    columns = list(dict.fromkeys(name for part in parts for name in heads(now, part)))
    lines = []
    for part in parts:
        own = heads(now, part)
        for at, cells in enumerate(values(gaps, part)):
            by_head = dict(zip(own, cells))
            pointed = t("matrix.rows.pointed") if at < part.marked else ""
            lines.append((t(f"table.{part.table}"), pointed, *(by_head.get(name) for name in columns)))
    first = (t("matrix.sheet.table"), t("matrix.sheet.mark"))
    title = rule.header["title"][now.lang]
    notes = [
        (t("matrix.sheet.rule"), t("matrix.sheet.rule.named", number=rule.header["order"], title=title)),
        (t("sheet.name"), row["full_name"]),
        (t("matrix.sheet.sentence"), gaps.sentence(row, row["full_name"])),
        (t("matrix.sheet.period"), period(t, rule.header["window"], row["covered_quarters"])),
        (t("sheet.source"), rule.header["source"]),
    ]
    name = (t("matrix.rows.title"), title, row["label"])
    return Sheet(file_name(now, *name), (*first, *columns), tuple(lines), (*notes, *common_notes(now, len(lines))))


def file_name(now: Scene, *parts: str) -> str:
    mark = [now.t("app.demonstration")] if now.snapshot.demonstration else []
    # what an office called a department may hold signs that no file name can
    plain = ["".join("-" if sign in '\\/:*?"<>|' else sign for sign in part) for part in parts]
    return "_".join([now.t("app.name"), *plain, quarter_name(now.t, now.quarter), *mark])


def common_notes(now: Scene, listed: int, path: str = PATH) -> tuple[tuple[str, str], ...]:
    """What a reader needs who has only the file; `path`: of the page that it was taken from."""
    t = now.t
    kind = t("sheet.kind.demonstration" if now.snapshot.demonstration else "sheet.kind.office")
    return (
        (t("sheet.quarter"), quarter_name(t, now.quarter)),
        *([] if now.is_across else [(t("sheet.region"), dict(now.regions)[now.region])]),
        (t("sheet.content"), t("matrix.rows.count", n=number(listed, 0))),
        (t("sheet.kind"), kind),
        (t("sheet.snapshot"), f"{now.snapshot.number} · {now.snapshot.id}"),
        *([(t("sheet.known"), f"{now.filters.known}")] if now.filters.known else []),
        *(
            [(t("sheet.fell_back"), t("notice.fell_back", number=now.snapshot.number))]
            if now.snapshot.fell_back
            else []
        ),
        (t("sheet.time"), f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M %z}"),
        (t("sheet.page"), path + now.filters.to_search()),
        (t("sheet.principle"), t("foot.principle")),
    )
