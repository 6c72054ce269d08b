"""The coverage calendar's view of the data: who was supervised when and how, and who for how long was not."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard.components.sheet import Sheet
from dashboard.gaps.sentences import period
from dashboard.i18n.text import Text, known, number, quarter_name
from dashboard.pages._ranking import found
from dashboard.pages._scene import Scene
from dashboard.pages._supervision import count_words, notes_of, whole
from dashboard.rows import rows_of

PATH = "/coverage"
YEAR = 4  # quarters
QUARTERS_SHOWN, QUARTERS_OF_METHODS = 12, 8
MOST_NAMED = 5
# What can be asked for by one name; any method of the vocabulary can be asked for by its own.
GROUPS = {
    "talks": ("reminder_talk", "warning_talk", "admonition_talk"),
    "inspections": ("inspection", "spot_check", "file_check"),
    "audits": ("audit",),
    "visits": ("home_visit", "return_visit"),
    "external": ("deputies_meeting", "outside_visit"),
    "attending": ("sit_in", "case_follow"),
    "from_below": ("staff_congress",),
}
# view → months a column, columns
VIEWS = {"quarters": (3, QUARTERS_SHOWN), "months": (1, 12), "two_years": (1, 24)}
SORTS = ("name", "key", "year", "complaints")
OTHER = "other"


@dataclass(frozen=True)
class Coverage:
    """The scene with what this page needs of it, each asked for once."""

    now: Scene

    @property
    def t(self) -> Text:
        return self.now.t

    # --- what was asked for ------------------------------------------------------------------------------------
    @property
    def kind(self) -> str:
        """A key of VIEWS."""
        return self.now.filters.view if self.now.filters.view in VIEWS else next(iter(VIEWS))

    @cached_property
    def method_words(self) -> dict[str, str]:
        """Every method of the vocabulary, and any other that was registered → its word."""
        return dict(zip(self.used["method"], self.used[self.now.lang]))

    @cached_property
    def choices(self) -> list[tuple[str, str]]:
        """What can be asked for: groups, then single methods that no group stands for alone."""
        alone = {methods[0] for methods in GROUPS.values() if len(methods) == 1}
        groups = [(group, self.t(f"coverage.method.{group}")) for group in GROUPS]
        return groups + [(code, word) for code, word in self.method_words.items() if code not in alone]

    @property
    def method(self) -> str | None:
        """The group or the method that is shown; None for all supervision."""
        asked = self.now.filters.method
        # a method that a group stands for alone is asked for by the group's name
        asked = next((group for group, methods in GROUPS.items() if methods == (asked,)), asked)
        return asked if asked in GROUPS or asked in self.method_words else None

    @property
    def methods(self) -> list[str] | None:
        if self.method is None:
            return None
        return list(GROUPS.get(self.method, (self.method,)))

    @property
    def what(self) -> str:
        """What the cells count, inside a sentence."""
        if self.method is None:
            return self.t("coverage.any")
        return self.t(f"coverage.method.{self.method}") if self.method in GROUPS else self.method_words[self.method]

    @cached_property
    def selected(self) -> Any:
        rows = self.now.departments
        return next(rows_of(rows[rows["department_id"] == self.now.filters.department]), None)

    @cached_property
    def period(self) -> str | None:
        """The column of the chosen cell; None where a department alone is chosen, or nothing."""
        asked = self.now.filters.period
        return asked if self.selected is not None and asked in set(self.cells["period"]) else None

    @cached_property
    def notices(self) -> list[str]:
        """What was asked for and is not there."""
        filters, said = self.now.filters, []
        if filters.department and self.selected is None:
            said.append(self.t("coverage.notice.department"))
        if filters.method and self.method is None:
            said.append(self.t("coverage.notice.method", asked=filters.method))
        return said

    # --- the calendar ------------------------------------------------------------------------------------------
    @cached_property
    def cells(self) -> pd.DataFrame:
        """A row a department and column: activities, or None where there was no department or no register."""
        step, periods = VIEWS[self.kind]
        return self.now.run("calendar", step=step, periods=periods, methods=self.methods)

    @cached_property
    def columns(self) -> pd.DataFrame:
        return self.cells.drop_duplicates("period")[["period", "quarter", "is_kept"]].sort_values("period")

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Every department: how long without, how much in a year, key list, complaints; in the order shown."""
        names = self.now.departments[["department_id", "label", "full_name", "name_order", "group"]]
        rows = self.now.run("calendar_rows", methods=self.methods).merge(names, on="department_id")
        by, ascending = {
            None: (["idle_quarters", "complaints", "name_order"], [False, False, True]),
            "name": (["name_order"], [True]),
            "key": (["key_supervision", "idle_quarters", "name_order"], [False, False, True]),
            "year": (["year_activities", "name_order"], [True, True]),
            "complaints": (["complaints", "idle_quarters", "name_order"], [False, False, True]),
        }[self.sort]
        return rows.sort_values(by, ascending=ascending, na_position="last", ignore_index=True)

    @property
    def sort(self) -> str | None:
        return self.now.filters.sort if self.now.filters.sort in SORTS else None

    @cached_property
    def listed(self) -> pd.DataFrame:
        """Those that the typed words find."""
        if not self.now.filters.q:
            return self.rows
        hits = found(self.now.departments, self.now.filters.q)["department_id"]
        return self.rows[self.rows["department_id"].isin(hits)]

    @property
    def has_register(self) -> bool:
        return bool(self.used["activities"].notna().any())

    @cached_property
    def without(self) -> pd.DataFrame:
        """Departments without any in the trailing year, in the default order."""
        rows = self.rows[(self.rows["year_quarters"] > 0) & (self.rows["year_activities"] == 0)]
        return rows.sort_values(
            ["idle_quarters", "complaints", "name_order"], ascending=[False, False, True], na_position="last"
        )

    @property
    def kept_in_year(self) -> int:
        """Quarters of the trailing year in which the region's register was kept."""
        return int(self.rows["year_quarters"].max()) if len(self.rows) else 0

    @property
    def year(self) -> str:
        return period(self.t, YEAR, self.kept_in_year)

    # --- methods -----------------------------------------------------------------------------------------------
    @cached_property
    def used(self) -> pd.DataFrame:
        """Methods of the whole region by quarter."""
        return self.now.run("methods_used", periods=QUARTERS_OF_METHODS)

    @cached_property
    def never(self) -> list[str]:
        """The words of methods that nobody registered in any of the quarters shown."""
        sums = self.used.groupby("method")["activities"].sum()
        return [word for code, word in self.method_words.items() if code != OTHER and not sums[code]]

    # --- the rows behind a cell --------------------------------------------------------------------------------
    @property
    def span(self) -> tuple[datetime.date, datetime.date]:
        """The days of the chosen cell, or of the trailing year of a chosen department."""
        if self.period:
            return days_of(self.period)
        last = days_of(self.now.quarter)[1]
        return (pd.Timestamp(last) - pd.DateOffset(months=12) + pd.Timedelta(days=1)).date(), last

    @cached_property
    def activities(self) -> pd.DataFrame:
        first, last = self.span
        return self.now.run(
            "activities",
            department=self.selected.department_id,
            first_day=first.isoformat(),
            last_day=last.isoformat(),
            methods=self.methods,
        )

    @cached_property
    def words(self) -> dict[tuple[str, str], str]:
        rows = self.now.run("words")
        return dict(zip(zip(rows["vocabulary"], rows["code"]), rows[self.now.lang]))

    def word(self, vocabulary: str, code: Any) -> str:
        if not known(code):
            return self.t("coverage.not_stated")
        return self.words.get((vocabulary, code), str(code))


def days_of(period: str) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of '2026Q3' or '2026-07'."""
    found = pd.Period(period, freq="Q" if "Q" in period else "M")
    return found.start_time.date(), found.end_time.date()


def period_name(t: Text, period: str) -> str:
    """'2026年第三季度', '2026年7月'."""
    if "Q" in period:
        return quarter_name(t, period)
    return t("coverage.month", year=period[:4], month=int(period[5:]))


# --- sentences -------------------------------------------------------------------------------------------------
def heading(view: Coverage) -> str:
    """Who had none in a year, by name; or who went without the longest."""
    t, rows = view.t, view.without
    if len(rows):
        words = {"count": count_words(t, len(rows)), "period": view.year, "what": view.what}
        names = named(t, rows["label"])
        said = t("coverage.title.method" if view.method else "coverage.title.without", names=names, **words)
        return said[:1].upper() + said[1:]
    longest = view.rows["idle_quarters"].max()
    if not known(longest) or longest == 0:
        return t("coverage.title.all", period=view.year, what=view.what)
    names = named(t, view.rows.loc[view.rows["idle_quarters"] == longest, "label"])
    return t("coverage.title.longest", period=view.year, what=view.what, n=number(longest, 0), names=names)


def vacuum(view: Coverage) -> str:
    """Who of those draws complaints all the same and is on no list; '' where nobody does."""
    rows = view.without
    rows = rows[(rows["complaints"] > 0) & rows["key_supervision"].eq(False)]
    names = [view.t("coverage.vacuum.one", name=row.label, n=number(row.complaints, 0)) for row in rows_of(rows)]
    return view.t("coverage.vacuum", names=named(view.t, names)) if names else ""


def named(t: Text, names: Iterable[str]) -> str:
    """'档案局、燃气公司', at most five."""
    names = list(names)
    words = t("list.separator").join(names[:MOST_NAMED])
    return words if len(names) <= MOST_NAMED else t("coverage.named.more", names=words, n=len(names))


def idle_words(view: Coverage, row: Any) -> str:
    """'6', or '12+' where none was ever registered."""
    if not known(row.idle_quarters):
        return view.t("chart.no_data")
    n = number(row.idle_quarters, 0)
    return n if known(row.last_date) else view.t("coverage.idle.ever", n=n)


# --- the file --------------------------------------------------------------------------------------------------
def sheet_of(view: Coverage) -> Sheet:
    """A row a department as shown: its cells, and what stands behind them."""
    now, t = view.now, view.t
    kind = t("sheet.kind.demonstration" if now.snapshot.demonstration else "sheet.kind.office")
    cells = {(cell.department_id, cell.period): cell for cell in rows_of(view.cells)}
    periods = view.columns["period"].tolist()
    columns = (
        *(t(key) for key in ("sheet.quarter", "sheet.id", "sheet.name", "sheet.category")),
        *(t(f"coverage.sheet.{name}") for name in ("idle", "last", "year", "key", "complaints")),
        *periods,
        *(t(key) for key in ("sheet.snapshot", "sheet.kind")),
    )
    lines = tuple(
        (
            now.quarter,
            row.department_id,
            row.full_name,
            row.group if known(row.group) else "",
            whole(row.idle_quarters),
            row.last_date.date().isoformat() if known(row.last_date) else "",
            whole(row.year_activities),
            t(f"coverage.key.{bool(row.key_supervision)}".lower()) if known(row.key_supervision) else "",
            whole(row.complaints),
            *(_cell(t, cells[row.department_id, one]) for one in periods),
            now.snapshot.id,
            kind,
        )
        for row in rows_of(view.listed)
    )
    name = "_".join(
        [t("app.name"), t("nav.coverage"), quarter_name(t, now.quarter)]
        + ([t("app.demonstration")] if now.snapshot.demonstration else [])
    )
    notes = (
        *notes_of(now, t("nav.coverage"), PATH, kind, "supervision · D4 §3, D1 §1.3"),
        (t("coverage.method"), view.what),
    )
    return Sheet(name, columns, lines, notes)


def _cell(t: Text, cell: Any) -> Any:
    if known(cell.activities):
        return int(cell.activities)
    return t("calendar.unborn") if not cell.is_standing else t("calendar.unkept")
