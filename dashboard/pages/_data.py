"""The data page's view: what is loaded, who reported, what adds up, what was restated, each asked for once."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard import audit
from dashboard.catalog import Query, audits
from dashboard.components.sheet import Sheet
from dashboard.i18n.text import Text, known, quarter_name
from dashboard.pages._scene import Scene, before

PATH = "/data"
ALL_QUARTERS = "all"  # the window that the address does not name
WHOLE_REGION = "*"
RESTATED, MISSING_REPORTS = "restated", "missing"  # values of `view` that choose another file than the audit's
QUARTERS_SHOWN = 8


@dataclass(frozen=True)
class Data:
    """The scene with what this page needs of it."""

    now: Scene

    @property
    def t(self) -> Text:
        return self.now.t

    # --- what was asked for ------------------------------------------------------------------------------------
    @property
    def window(self) -> str:
        return self.now.filters.window or ALL_QUARTERS

    @property
    def quarters(self) -> list[str] | None:
        """The quarters whose figures are audited; None for all, and for figures of no quarter."""
        if self.window == ALL_QUARTERS or self.now.quarter is None:
            return None
        found = [self.now.quarter]
        while len(found) < int(self.window):
            found.append(before(found[-1]))
        return found

    @cached_property
    def selected(self) -> Any:
        """The row of the department that the page is narrowed to; None for all."""
        rows = self.now.departments if self.now.quarter else pd.DataFrame(columns=["department_id"])
        return next(rows[rows["department_id"] == self.now.filters.department].itertuples(), None)

    @property
    def department(self) -> str | None:
        return self.selected.department_id if self.selected is not None else None

    @property
    def check(self) -> str | None:
        """The check that the list is narrowed to; None for all."""
        return self.now.filters.view if self.now.filters.view in self.checks else None

    def _asked(self, query: str, **more: Any) -> pd.DataFrame:
        return self.now.run(query, department=self.department, quarters=self.quarters, **more)

    # --- the audit ---------------------------------------------------------------------------------------------
    @cached_property
    def checks(self) -> dict[str, Query]:
        return audits(self.now.snapshot.queries)

    @cached_property
    def counts(self) -> pd.DataFrame:
        """check → compared, disagrees, look, unread; 0 compared where there was nothing to compare."""
        found = self._asked("audit_checks").set_index("check").reindex(list(self.checks))
        return found.fillna(0).astype(int)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The comparisons that do not agree, are worth a look or could not be made."""
        return self._asked("audit_rows", check=self.check, verdicts=None)

    @cached_property
    def words(self) -> dict[tuple[str, str], str]:
        found = self.now.run("words")
        return dict(zip(zip(found["vocabulary"], found["code"]), found[self.now.lang]))

    def item(self, row: Any) -> str:
        return audit.item_words(self.checks[row.check], row.table, row.item, self.now.lang)

    def detail(self, row: Any) -> str:
        return audit.detail_words(row.detail, self.words)

    def whose(self, row: Any) -> str:
        """A department by its name, a region as a whole by its own."""
        if known(row.department_id) and row.department_id != WHOLE_REGION:
            return self.name(row)
        place = getattr(row, f"region_{self.now.lang}", None)
        if place in (None, row.region_id) and row.region_id not in dict(self.now.regions):
            return self.t("data.audit.nowhere") if row.table == "stated_figures" else str(row.region_id)
        return str(place)

    def name(self, row: Any) -> str:
        names = (row.name_en, row.short_name, row.name) if self.now.lang == "en" else (row.short_name, row.name)
        return next((str(name) for name in names if known(name) and name), str(row.department_id))

    # --- who reported ------------------------------------------------------------------------------------------
    @cached_property
    def completeness(self) -> pd.DataFrame:
        """table, quarter, standing, reported, of the last quarters up to the one shown."""
        if self.now.quarter is None:
            return pd.DataFrame(columns=["table", "quarter", "standing", "reported"])
        found = self._asked("completeness")
        return found[found["quarter"].isin(self.columns)]

    @cached_property
    def columns(self) -> list[str]:
        """The quarters of the grid, oldest first."""
        return [quarter for quarter in self.now.quarters if quarter <= self.now.quarter][-QUARTERS_SHOWN:]

    @cached_property
    def missing(self) -> pd.DataFrame:
        """table, department and the last quarter that it reported, of the quarter shown."""
        if self.now.quarter is None:
            return pd.DataFrame(columns=["table", "department_id", "last_quarter"])
        return self._asked("missing_reports")

    # --- what was restated, what is loaded ---------------------------------------------------------------------
    @cached_property
    def restated(self) -> pd.DataFrame:
        found = self._asked("restated")
        imports = {one["id"]: one for one in self.now.snapshot.manifest.imports}
        return found.assign(
            at=[_day(imports.get(one, {}).get("at")) for one in found["import_id"]],
            who=[imports.get(one, {}).get("who", "") for one in found["import_id"]],
            note=[imports.get(one, {}).get("note", "") for one in found["import_id"]],
        )

    def restated_row(self, row: Any) -> str:
        """Which row of the table it was, without its department and its period."""
        key = {name: value for name, value in json.loads(row.key).items() if name not in ("department_id", "quarter")}
        by_code = {code: word for (_, code), word in self.words.items()}
        return " · ".join(by_code.get(value, value) for value in key.values() if value and value != "all")

    @cached_property
    def quality(self) -> pd.DataFrame:
        """item, n, total and the departments or rows that it is about."""
        if self.now.quarter is None:
            return pd.DataFrame(columns=["item", "n", "total", "examples"])
        return self._asked("quality")

    @cached_property
    def loaded(self) -> pd.DataFrame:
        """table, rows, first_quarter, last_quarter, and file, at, who of the last import that changed it."""
        last: dict[str, Mapping[str, Any]] = {}
        for one in self.now.snapshot.manifest.imports:
            for table, done in one["tables"].items():
                if any(done.get(name) for name in ("added", "changed", "removed")):
                    last[table] = {"file": ", ".join(done["files"]), "at": _day(one["at"]), "who": one["who"]}
        found = self.now.run("loaded")
        more = [last.get(table, {}) for table in found["table"]]
        return found.assign(**{name: [one.get(name, "") for one in more] for name in ("file", "at", "who")})


def _day(moment: str | None) -> str:
    return f"{datetime.datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}" if moment else ""


# --- the file --------------------------------------------------------------------------------------------------
def sheet_of(view: Data) -> Sheet:
    """What `view` in the address names: the audit's rows (of one check), the restated cells, or the missing reports."""
    now, t = view.now, view.t
    asked = now.filters.view
    columns, lines = {RESTATED: _restated, MISSING_REPORTS: _missing}.get(asked, _audited)(view)
    kind = t("sheet.kind.demonstration" if now.snapshot.demonstration else "sheet.kind.office")
    about = t(f"data.sheet.{asked if asked in (RESTATED, MISSING_REPORTS) else 'audit'}")
    name = "_".join([t("app.name"), about, *([t("app.demonstration")] if now.snapshot.demonstration else [])])
    compared = view.counts.sum()
    notes = (
        (t("sheet.title"), f"{t('app.name')} · {about}"),
        (t("sheet.kind"), kind),
        *([(t("sheet.quarter"), quarter_name(t, now.quarter))] if now.quarter else []),
        (t("filter.window"), t(f"data.window.{view.window}")),
        *([(t("sheet.region"), dict(now.regions)[now.region])] if now.region else []),
        (t("sheet.name"), view.selected.full_name if view.selected is not None else t("sheet.all")),
        (t("sheet.content"), t("data.sheet.listed", n=len(lines))),
        (t("data.sheet.compared"), t("data.sheet.compared.body", **compared.astype(int))),
        (t("sheet.snapshot"), f"{now.snapshot.number} · {now.snapshot.id}"),
        *([(t("sheet.known"), f"{now.filters.known}")] if now.filters.known else []),
        (t("sheet.time"), f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M %z}"),
        (t("sheet.page"), f"{PATH}{now.filters.to_search()}"),
        (t("sheet.principle"), t("foot.principle")),
    )
    ends = (now.snapshot.id, kind)
    heads = (*columns, t("sheet.snapshot"), t("sheet.kind"))
    return Sheet(name, heads, tuple((*line, *ends) for line in lines), notes)


Lines = list[tuple[Any, ...]]


def _audited(view: Data) -> tuple[tuple[str, ...], Lines]:
    t = view.t
    names = ("check", "verdict", "whose", "quarter", "table", "item", "detail", "stated", "relation", "computed")
    heads = tuple(t(f"data.table.{name}") for name in (*names, "difference", "tolerance", "source"))
    lines = [
        (
            view.checks[row.check].header["title"][view.now.lang],
            t(f"data.verdict.{row.verdict}"),
            view.whose(row),
            row.quarter if known(row.quarter) else "",
            t(f"table.{row.table}"),
            view.item(row),
            view.detail(row),
            row.stated,
            row.relation,
            *(value if known(value) else None for value in (row.computed, row.difference)),
            row.tolerance,
            row.source if known(row.source) else "",
        )
        for row in view.rows.itertuples()
    ]
    return heads, lines


def _restated(view: Data) -> tuple[tuple[str, ...], Lines]:
    t = view.t
    names = ("at", "who", "note", "table", "quarter", "whose", "detail", "column", "old", "new")
    lines = [
        (
            row.at,
            row.who,
            row.note,
            t(f"table.{row.table}"),
            row.period,
            view.name(row) if known(row.department_id) else "",
            view.restated_row(row),
            audit.column_words(row.table, row.column, view.now.lang),
            row.old,
            row.new,
        )
        for row in view.restated.itertuples()
    ]
    return tuple(t(f"data.table.{name}") for name in names), lines


def _missing(view: Data) -> tuple[tuple[str, ...], Lines]:
    t = view.t
    lines = [
        (
            view.now.quarter,
            t(f"table.{row.table}"),
            row.department_id,
            view.name(row),
            row.last_quarter if known(row.last_quarter) else t("data.never"),
        )
        for row in view.missing.itertuples()
    ]
    return tuple(t(f"data.table.{name}") for name in ("quarter", "table", "id", "whose", "last_quarter")), lines
