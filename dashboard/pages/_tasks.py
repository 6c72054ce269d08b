"""Tracked tasks as the decisions page shows them: overdue by the calendar, open, closed in time, plans by phase."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard.catalog import Query
from dashboard.components.sheet import Sheet
from dashboard.i18n.text import Text, known
from dashboard.pages._cases import Share
from dashboard.pages._decisions import (
    Decisions,
    place_of,
    rules_reading,
    selected_row,
    sheet_name,
    sheet_notes,
)
from dashboard.pages._gaps import Gaps, flags_of
from dashboard.pages._scene import Scene
from dashboard.rows import rows_of

KINDS = ("task", "plan")
PLAN = "plan"
STATES = ("in_time", "late", "open", "overdue")
# How long a task is overdue, in days: the last reaches as far as it may.
BUCKETS = ((1, 30), (31, 90), (91, None))


@dataclass(frozen=True)
class Tasks:
    """The scene with what this view needs of it, each asked for once."""

    now: Scene

    @property
    def t(self) -> Text:
        return self.now.t

    @cached_property
    def gaps(self) -> Gaps:
        return Gaps(self.now)

    @cached_property
    def rules(self) -> dict[str, Query]:
        return rules_reading(self.gaps, "tasks")

    @property
    def window(self) -> int:
        return self.now.window()

    @property
    def period(self) -> str:
        return Decisions(self.now).period

    @property
    def kind(self) -> str | None:
        return self.now.filters.kind if self.now.filters.kind in KINDS else None

    def word(self, kind: str) -> str:
        return self.gaps.words.get(("task_kind", kind), kind)

    @cached_property
    def selected(self) -> Any:
        return selected_row(self.now)

    @property
    def place(self) -> str:
        return place_of(self.now, self.selected)

    @cached_property
    def is_known(self) -> bool:
        """Whether the files say when a task was closed: without that nobody knows which are overdue."""
        return "closed_on" in set(self.now.run("table_columns", table="tasks")["column"])

    @cached_property
    def notices(self) -> list[str]:
        t, filters, said = self.t, self.now.filters, []
        if filters.department and self.selected is None:
            said.append(t("decisions.notice.department"))
        if filters.kind and not self.kind:
            said.append(t("decisions.notice.task_kind", asked=filters.kind))
        return said

    @cached_property
    def every(self) -> pd.DataFrame:
        """Every task given by the end of the quarter, of the view's departments, with `label`."""
        names = self.now.departments[["department_id", "label", "full_name", "name_order"]]
        rows = self.now.run("tasks", window=self.window).merge(names, on="department_id")
        return rows.sort_values(["days_late", "due_on", "task_id"], ascending=[False, True, True], ignore_index=True)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Those of the department and the kind that the page is narrowed to."""
        rows = self.every
        if self.selected is not None:
            rows = rows[rows["department_id"] == self.selected.department_id]
        return rows[rows["kind"] == self.kind] if self.kind else rows

    @cached_property
    def overdue(self) -> pd.DataFrame:
        """Not closed and past their date, the longest overdue first."""
        return self.rows[self.rows["state"] == "overdue"]

    @property
    def open(self) -> pd.DataFrame:
        """Not closed and not yet due."""
        return self.rows[self.rows["state"] == "open"]

    @property
    def due(self) -> pd.DataFrame:
        """Whose date fell in the window."""
        return self.rows[self.rows["is_due_in_window"]]

    @property
    def in_time(self) -> Share:
        """Closed by their date, of all that were due in the window: those still open count against it."""
        return Share(float((self.due["state"] == "in_time").sum()), float(len(self.due)))

    @property
    def standing(self) -> pd.DataFrame:
        """Not closed, or due in the window: what the public could want to look up now."""
        return self.rows[self.rows["state"].isin(["open", "overdue"]) | self.rows["is_due_in_window"]]

    @property
    def published(self) -> Share:
        stated = self.standing["published"].dropna().astype(bool)
        return Share(float(stated.sum()), float(len(stated)))

    @cached_property
    def buckets(self) -> list[tuple[int, int | None, int]]:
        """From, to, how many of the overdue tasks."""
        days = self.overdue["days_late"]
        return [(low, high, int(((days >= low) & (days <= (high or days.max()))).sum())) for low, high in BUCKETS]

    @cached_property
    def phases(self) -> pd.DataFrame:
        """Phase → how many tasks of plans stand in each state."""
        plans = self.rows[(self.rows["kind"] == PLAN) & self.rows["phase"].notna() & (self.rows["phase"] != "")]
        return pd.crosstab(plans["phase"], plans["state"]).reindex(columns=list(STATES)).fillna(0).astype(int)

    # --- departments -------------------------------------------------------------------------------------------
    @cached_property
    def statuses(self) -> pd.DataFrame:
        return self.gaps.rows[self.gaps.rows["rule"].isin(self.rules)]

    @cached_property
    def flags(self) -> dict[str, list[dict[str, Any]]]:
        return flags_of(self.statuses, self.rules)

    @cached_property
    def departments(self) -> pd.DataFrame:
        """A row a department with tasks: overdue, the longest, not closed, due in the window, closed in time."""
        rows = self.rows.assign(
            is_overdue=self.rows["state"] == "overdue",
            is_unclosed=self.rows["state"].isin(["open", "overdue"]),
            is_in_time=self.rows["is_due_in_window"] & (self.rows["state"] == "in_time"),
        )
        table = rows.groupby(["department_id", "label", "full_name", "name_order"], as_index=False).agg(
            overdue=("is_overdue", "sum"),
            unclosed=("is_unclosed", "sum"),
            due=("is_due_in_window", "sum"),
            in_time=("is_in_time", "sum"),
        )
        longest = self.overdue.groupby("department_id")["days_late"].max()
        table = table.assign(longest=table["department_id"].map(longest).fillna(0).astype(int))
        return table.sort_values(["overdue", "longest", "name_order"], ascending=[False, False, True])


# --- the file --------------------------------------------------------------------------------------------------
def sheet_of(view: Tasks) -> Sheet:
    """Every task that is shown, the longest overdue first."""
    now, t = view.now, view.t
    kind_of_data = t("sheet.kind.demonstration" if now.snapshot.demonstration else "sheet.kind.office")
    names = ("task_id", "title", "kind", "phase", "issued_on", "due_on", "closed_on", "state", "days_late", "published")
    columns = (
        *(t(f"sheet.{name}") for name in ("quarter", "id", "name")),
        *(t(f"decisions.task.column.{name}") for name in names),
        *(t(f"sheet.{name}") for name in ("snapshot", "kind")),
    )
    lines = tuple(
        (
            now.quarter,
            row.department_id,
            row.full_name,
            *(_cell(view, name, getattr(row, name)) for name in names),
            now.snapshot.id,
            kind_of_data,
        )
        for row in rows_of(view.rows)
    )
    method = [(t("sheet.method"), t("decisions.task.sheet.method"))]
    heading = t("decisions.task.sheet.title")
    notes = sheet_notes(now, heading, view.period, view.place, kind_of_data, method, view.notices)
    return Sheet(sheet_name(now, heading), columns, lines, notes)


def _cell(view: Tasks, name: str, value: Any) -> Any:
    if name in ("state", "days_late") and not view.is_known:
        return None
    if not known(value):
        return None
    match name:
        case "kind":
            return view.word(value)
        case "state":
            return view.t(f"decisions.task.state.{value}")
        case "published":
            return view.t(f"decisions.flag.{'yes' if value else 'no'}")
        case "issued_on" | "due_on" | "closed_on":
            return f"{value:%Y-%m-%d}"
    return value.item() if hasattr(value, "item") else value
