"""The decisions page's view of the data: how major matters were decided, by kind and department, with their intervals.

The matters of a quarter are looked at as a sample of how a department decides, hence Wilson's interval; whether a share
is past a line, the gap rules say, and nothing here says it a second time.
"""

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import pandas as pd

from dashboard.catalog import Query
from dashboard.components.share_axis import Mark
from dashboard.components.sheet import Sheet
from dashboard.gaps import FLAGS
from dashboard.i18n.text import Text, known, number, quarter_name
from dashboard.pages._cases import FEWEST_FOR_PERCENT, Share, interval_text
from dashboard.pages._gaps import Gaps, flags_of
from dashboard.pages._scene import Scene, before
from dashboard.pages._series import quarterly_shares
from dashboard.rows import rows_of, tuples_of

PATH = "/decisions"
EVERY = "all"  # of a control at its default
TASKS = "tasks"  # the other view of the page
KINDS = ("major_decision", "appointment", "project", "purchase", "large_payment")
MAIN = ("collective", "voted", "attended", "single_signature")
MEASURES = (*MAIN, "risk_assessed", "asked_in_writing", "open_tender", "published")
# Of which kinds a measure is asked at all.
ASKED_OF = {"asked_in_writing": ("appointment",), "open_tender": ("project", "purchase")}
FEWER_IS_BETTER = ("single_signature",)
# The rules that draw a line across a measure.
LINE_RULES = {
    "collective": "decisions_not_collective",
    "voted": "decisions_not_collective",
    "attended": "decisions_unattended",
    "single_signature": "one_pen",
}


def line_of(thresholds: Mapping[str, float], measure: str, level: str) -> float | None:
    """Where a rule flags a measure: its threshold of that name, or the one that it has for its only measure."""
    return thresholds.get(f"{measure}_{level}", thresholds.get(level))


COUNTED = ("measure", "kind", "department_id", "x", "n")  # of queries/pages/decision_counts.sql


@dataclass(frozen=True)
class Decisions:
    """The scene with what this page needs of it, each asked for once."""

    now: Scene

    # --- what was asked for ------------------------------------------------------------------------------------
    @property
    def t(self) -> Text:
        return self.now.t

    @cached_property
    def gaps(self) -> Gaps:
        return Gaps(self.now)

    @cached_property
    def rules(self) -> dict[str, Query]:
        """The rules that look at how matters are decided."""
        return rules_reading(self.gaps, "decisions")

    @property
    def window(self) -> int:
        return self.now.window()

    @property
    def period(self) -> str:
        """The window's quarters, as far as the data reach back."""
        first = last = self.now.quarter
        for _ in range(self.window - 1):
            first = before(first)
        first = max(first, self.now.quarters[0])
        names = quarter_name(self.t, first), quarter_name(self.t, last)
        return names[1] if first == last else self.t("decisions.period", first=names[0], last=names[1])

    def word(self, kind: str) -> str:
        return self.gaps.words.get(("decision_kind", kind), kind)

    @property
    def kind(self) -> str | None:
        return self.now.filters.kind if self.now.filters.kind in self.kinds else None

    @cached_property
    def kinds(self) -> list[str]:
        """Those that occur, the usual ones first."""
        there = set(self.every["kind"])
        return [kind for kind in (*KINDS, *sorted(there - set(KINDS))) if kind in there]

    @cached_property
    def selected(self) -> Any:
        return selected_row(self.now)

    @property
    def place(self) -> str:
        return place_of(self.now, self.selected)

    @cached_property
    def notices(self) -> list[str]:
        t, filters, said = self.t, self.now.filters, []
        if filters.department and self.selected is None:
            said.append(t("decisions.notice.department"))
        if filters.kind and not self.kind:
            said.append(t("decisions.notice.kind", asked=filters.kind))
        quarters = self.reports["quarters"].max() if len(self.reports) else 0
        if 0 < quarters < self.window:
            said.append(t("decisions.notice.window", quarters=quarters, window=self.window))
        return said

    # --- counts ------------------------------------------------------------------------------------------------
    @cached_property
    def every(self) -> pd.DataFrame:
        """Department, kind, measure, x, n of the view in the window."""
        return self.now.run("decision_counts", window=self.window)

    @cached_property
    def columns(self) -> frozenset[str]:
        return frozenset(self.now.run("table_columns", table="decisions")["column"])

    @cached_property
    def reports(self) -> pd.DataFrame:
        """Department → quarters of the window that it reported, and how many there are."""
        return self.now.run("decision_reports", window=self.window).set_index("department_id")

    @cached_property
    def _shares(self) -> dict[tuple[str, str | None, str | None], Share]:
        """(measure, kind, department) → the share; None stands for all of them."""
        sums: dict[tuple[str, str | None, str | None], list[float]] = {}
        for measure, kind, department, *counts in tuples_of(self.every, *COUNTED):
            for place in product((measure,), {kind, None}, {department, None}):
                total = sums.setdefault(place, [math.nan, math.nan])
                for i, count in enumerate(counts):
                    if known(count):
                        total[i] = count if math.isnan(total[i]) else total[i] + count
        return {place: Share(*map(float, total)) for place, total in sums.items()}

    def share(self, measure: str, kind: str | None = None, department: str | None = None) -> Share:
        """Of all or one kind, of the view or one department; without any row there is no share."""
        return self._shares.get((measure, kind or None, department or None), Share(math.nan, math.nan))

    def lines(self, measure: str) -> list[Mark]:
        return self._lines.get(measure, [])

    @cached_property
    def _lines(self) -> dict[str, list[Mark]]:
        found = {}
        for measure, rule in LINE_RULES.items():
            levels = {
                level: line_of(self.gaps.thresholds.get(rule, {}), measure, level) for level in ("watch", "alert")
            }
            found[measure] = [Mark(at, level) for level, at in levels.items() if at is not None]
        return found

    def is_asked(self, measure: str, kind: str | None) -> bool:
        """Whether the measure is asked of this kind of matter at all."""
        return kind is None or kind in ASKED_OF.get(measure, (kind,))

    # --- departments -------------------------------------------------------------------------------------------
    @cached_property
    def statuses(self) -> pd.DataFrame:
        return self.gaps.rows[self.gaps.rows["rule"].isin(self.rules)]

    @cached_property
    def flags(self) -> dict[str, list[dict[str, Any]]]:
        return flags_of(self.statuses, self.rules)

    @cached_property
    def departments(self) -> pd.DataFrame:
        """A row a department of the view: n, x and n of each main measure, flags; the most surely worst first.

        Where the rules are silent, the order is by how much of a measure fails even at the good end of its interval.
        """
        rows = self.every[self.every["kind"] == self.kind] if self.kind else self.every
        sums = rows.groupby(["department_id", "measure"])[["x", "n"]].sum()
        sums = dict(zip(sums.index, tuples_of(sums)))
        missing = (float("nan"), float("nan"))
        table = self.now.departments.set_index("department_id")
        flags = self.statuses.groupby(["department_id", "status"]).size().unstack()
        flags = flags.reindex(index=table.index, columns=list(FLAGS)).fillna(0).astype(int)
        shares = {
            department: {measure: Share(*sums.get((department, measure), missing)) for measure in MAIN}
            for department in table.index
        }
        surely = [max((_failing(m, s) for m, s in shares[key].items()), default=0.0) for key in table.index]
        matters = [max((s.n for s in shares[key].values() if known(s.n)), default=0.0) for key in table.index]
        table = table.assign(alert=flags["alert"], watch=flags["watch"], surely=surely, matters=matters)
        table = table.assign(shares=[shares[key] for key in table.index], is_silent=table["matters"] == 0)
        keys = ["alert", "watch", "is_silent", "surely", "matters", "name_order"]
        return table.sort_values(keys, ascending=[False, False, True, False, False, True]).reset_index()

    def silence(self, department: str) -> str:
        """Why there is no figure, or how much of the window there is; '' where all quarters were reported."""
        t = self.t
        reported, quarters = (int(self.reports.at[department, name]) for name in ("reported", "quarters"))
        if reported == 0:
            return t("decisions.silent.unreported")
        if reported < quarters:
            return t("decisions.silent.part", reported=reported, quarters=quarters)
        return ""

    # --- over time ---------------------------------------------------------------------------------------------
    @property
    def series(self) -> str:
        """Whose control charts are shown: the department's, the group's, or the region's."""
        return str(self.selected.department_id) if self.selected is not None else f"*{self.now.category or ''}"

    def chart(self, measure: str) -> pd.DataFrame:
        return quarterly_shares(self.now, f"{measure}_share", self.series)


def rules_reading(gaps: Gaps, table: str) -> dict[str, Query]:
    """The rules that need a table and no other, in their order."""
    return {
        name: rule
        for name, rule in gaps.rules.items()
        if {needed.split(".")[0] for needed in rule.header["tables"]} == {table}
    }


def selected_row(now: Scene) -> Any:
    """The row of the department that the page is narrowed to; None for all."""
    rows = now.departments
    return next(rows_of(rows[rows["department_id"] == now.filters.department]), None)


def place_of(now: Scene, selected: Any) -> str:
    """Whose figures are shown."""
    if selected is not None:
        return str(selected.full_name)
    return dict(now.groups)[now.category] if now.category else dict(now.regions).get(now.region, "")


def _failing(measure: str, share: Share) -> float:
    """The share that fails, at the end of its interval that is best for the department."""
    low, high = share.interval
    found = low if measure in FEWER_IS_BETTER else 100 - high
    return found if known(found) else 0.0


def short(t: Text, share: Share) -> str:
    """'97.2%', of fewer than 50 '12/31'; '' for none."""
    if not known(share.value):
        return ""
    return t("decisions.percent", value=number(share.value)) if share.n >= FEWEST_FOR_PERCENT else share.counts


def about(view: Decisions, what: str, share: Share) -> str:
    """A share in words, with its interval."""
    if not known(share.value):
        return ""
    words = {"what": what, "value": number(share.value), "counts": share.counts}
    return view.t("decisions.about", interval=interval_text(view.t, share), **words)


# --- the file --------------------------------------------------------------------------------------------------
def sheet_of(view: Decisions) -> Sheet:
    """Per department and kind: each measure with its x, n, share and interval; a row for all kinds first."""
    now, t = view.now, view.t
    kind_of_data = t("sheet.kind.demonstration" if now.snapshot.demonstration else "sheet.kind.office")
    listed = view.departments
    if view.selected is not None:
        listed = listed[listed["department_id"] == view.selected.department_id]
    parts = ("share", "x", "n", "low", "high")
    columns = (
        *(t(f"sheet.{name}") for name in ("quarter", "id", "name", "category")),
        t("decisions.sheet.kind"),
        *(
            t(f"decisions.sheet.{name}", measure=t(f"decisions.measure.{measure}"))
            for measure in MEASURES
            for name in parts
        ),
        t("decisions.sheet.flags"),
        *(t(f"sheet.{name}") for name in ("note", "snapshot", "kind")),
    )
    kinds = [view.kind] if view.kind else [None, *view.kinds]
    lines = tuple(
        (
            now.quarter,
            row.department_id,
            row.full_name,
            row.group if known(row.group) else "",
            view.word(kind) if kind else t("sheet.all"),
            *(cell for measure in MEASURES for cell in _cells(view, measure, kind, row.department_id)),
            t("list.separator").join(
                t("decisions.sheet.flag", level=t(f"gaps.status.{flag['status']}"), rule=_title(view, flag["rule"]))
                for flag in view.flags.get(row.department_id, [])
            ),
            view.silence(row.department_id),
            now.snapshot.id,
            kind_of_data,
        )
        for row in rows_of(listed)
        for kind in kinds
    )
    method = [(t("sheet.method"), t("decisions.sheet.method"))]
    return Sheet(
        sheet_name(now, t("decisions.sheet.title")),
        columns,
        lines,
        sheet_notes(now, t("decisions.sheet.title"), view.period, view.place, kind_of_data, method, view.notices),
    )


def _title(view: Decisions, rule: str) -> str:
    return str(view.rules[rule].header["title"][view.now.lang])


def _cells(view: Decisions, measure: str, kind: str | None, department: str) -> tuple[Any, ...]:
    share = view.share(measure, kind, department)
    if not known(share.value):
        return (None,) * 5
    return (round(share.value, 1), int(share.x), int(share.n), *(round(end, 1) for end in share.interval))


def sheet_name(now: Scene, heading: str) -> str:
    t = now.t
    parts = [t("app.name"), heading, quarter_name(t, now.quarter)]
    return "_".join(parts + ([t("app.demonstration")] if now.snapshot.demonstration else []))


def sheet_notes(
    now: Scene,
    heading: str,
    period: str,
    place: str,
    kind_of_data: str,
    method: list[tuple[str, str]],
    notices: list[str],
) -> tuple[tuple[str, str], ...]:
    """What a reader needs who has only the file."""
    t = now.t
    return (
        (t("sheet.title"), f"{t('app.name')} · {heading} · {period}"),
        (t("sheet.kind"), kind_of_data),
        (t("sheet.quarter"), quarter_name(t, now.quarter)),
        (t("decisions.sheet.window"), period),
        (t("sheet.region"), dict(now.regions)[now.region]),
        (t("sheet.category"), dict(now.groups)[now.category] if now.category else t("sheet.all")),
        (t("sheet.content"), place),
        *method,
        *((t("sheet.note"), notice) for notice in notices),
        (t("sheet.source"), "decisions, tasks · D1 §3.1.4, D2 §1.1, D4 §1, D5 §3.1, §4"),
        (t("sheet.snapshot"), f"{now.snapshot.number} · {now.snapshot.id}"),
        *([(t("sheet.known"), f"{now.filters.known}")] if now.filters.known else []),
        (t("sheet.time"), f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M %z}"),
        (t("sheet.page"), f"{PATH}{now.filters.to_search()}"),
        (t("sheet.principle"), t("foot.principle")),
    )
