"""What the gap matrix shows of a view: which rules and departments, in which order, and what can be said of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from dashboard.catalog import GAP_GROUPS, Query
from dashboard.components.gap_matrix import Cell, DepartmentRow, RuleColumn
from dashboard.components.links import addresses, rule_address
from dashboard.filters import Filters
from dashboard.gaps import FLAGS, STATUSES
from dashboard.i18n.text import number
from dashboard.pages._follow_up import Records
from dashboard.pages._gaps import PATH, Gaps
from dashboard.pages._scene import Scene
from dashboard.rows import Row, rows_of, tuples_of
from dashboard.statistics.concentration import gini, gini_by_chance, top_share

CHANGES = ("new", "worse", "persisting", "eased", "closed", "lost")
STATES = ("flagged", *STATUSES, *CHANGES)
ALERT, WATCH = FLAGS
FEW = 5  # departments whose share of the alerts is told
# below these a share of few departments says nothing
FEWEST_DEPARTMENTS, FEWEST_ALERTS = 20, 20


@dataclass(frozen=True)
class View:
    """The scene with what the matrix shows of its gaps, each computed once."""

    now: Scene

    @cached_property
    def gaps(self) -> Gaps:
        return Gaps(self.now)

    @cached_property
    def records(self) -> Records:
        return Records(self.gaps)

    @property
    def group(self) -> str | None:
        return self.now.filters.group if self.now.filters.group in GAP_GROUPS else None

    @property
    def status(self) -> str | None:
        return self.now.filters.status if self.now.filters.status in STATES else None

    @property
    def rule(self) -> str | None:
        """The rule of the drawer; None where there is none of that name."""
        return self.now.filters.rule if self.now.filters.rule in self.gaps.rules else None

    @cached_property
    def department(self) -> str | None:
        """The department of the drawer; None where it is not of this view."""
        asked = self.now.filters.department
        return asked if asked in set(self.now.departments["department_id"]) else None

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The gaps of the rules of the chosen group, with `is_hit`: whether the chosen state is theirs."""
        found = self.gaps.rows
        if self.group:
            of_group = [name for name, rule in self.gaps.rules.items() if rule.header["group"] == self.group]
            found = found[found["rule"].isin(of_group)]
        return found.assign(is_hit=self._is_hit(found))

    def _is_hit(self, found: pd.DataFrame) -> pd.Series:
        if self.status is None:
            return pd.Series(True, index=found.index)
        if self.status == "flagged":
            return found["status"].isin(FLAGS)
        return found["change" if self.status in CHANGES else "status"] == self.status

    @cached_property
    def found(self) -> pd.DataFrame:
        """Of `rows` those that the search leaves: what title, legend and changes speak of."""
        return self._searched(self.rows)

    @cached_property
    def shown(self) -> pd.DataFrame:
        """Of those found, what the state leaves: whole rows and columns, never single cells."""
        found = self.found
        hits = found[found["is_hit"]]
        if self.status is None:
            return found
        return found[found["rule"].isin(hits["rule"]) & found["department_id"].isin(hits["department_id"])]

    def _searched(self, found: pd.DataFrame) -> pd.DataFrame:
        """Departments of that name; where there is none, rules of that name."""
        words = (self.now.filters.q or "").casefold()
        if not words:
            return found
        names = found[["label", "full_name", "department_id"]].apply(lambda column: column.str.casefold())
        named = names.apply(lambda column: column.str.contains(words, regex=False)).any(axis=1)
        if named.any():
            return found[named]
        header = {name: rule.header for name, rule in self.gaps.rules.items()}
        of_rule = [
            name
            for name, one in header.items()
            if any(words in one[key][self.now.lang].casefold() for key in ("title", "label"))
        ]
        return found[found["rule"].isin(of_rule)]

    @cached_property
    def rules(self) -> list[str]:
        """The rules shown, group by group; in each, those that fire in more departments come first."""
        order = {name: at for at, name in enumerate(self.gaps.rules)}

        def place(name: str) -> tuple[int, int, int]:
            group = GAP_GROUPS.index(self.gaps.rules[name].header["group"])
            return group, -self.gaps.prevalence(name)[0], order[name]

        return sorted(set(self.shown["rule"]), key=place)

    @cached_property
    def departments(self) -> dict[str, tuple[Row, int, int]]:
        """Department shown → a row of it, its alerts and its watches by the rules shown; the most first."""
        rows = dict(zip(self.shown["department_id"], rows_of(self.shown)))
        states = Counter(zip(self.shown["department_id"], self.shown["status"]))
        found = {name: (row, states[name, ALERT], states[name, WATCH]) for name, row in rows.items()}

        def place(one: tuple[str, tuple[Row, int, int]]) -> tuple[int, int, int]:
            row, alerts, watches = one[1]
            return -alerts, -watches, row.name_order

        return dict(sorted(found.items(), key=place))

    @cached_property
    def columns(self) -> list[RuleColumn]:
        return [self._column(name, self.gaps.rules[name]) for name in self.rules]

    def _column(self, name: str, rule: Query) -> RuleColumn:
        lang, header = self.now.lang, rule.header
        fires, judged = self.gaps.prevalence(name)
        return RuleColumn(
            name,
            header["label"][lang],
            header["title"][lang],
            header["group"],
            fires,
            judged,
            self.gaps.is_too_often(name),
            rule_address(self.now.filters, name),
        )

    @cached_property
    def lines(self) -> list[DepartmentRow]:
        closed = replace(self.now.filters, rule=None, department=None)
        return [
            DepartmentRow(
                department,
                row.label,
                row.full_name,
                alerts,
                watches,
                PATH + replace(closed, department=department).to_search(),
            )
            for department, (row, alerts, watches) in self.departments.items()
        ]

    @cached_property
    def cells(self) -> dict[tuple[str, str], Cell]:
        t = self.now.t
        said = {status: t(f"gaps.status.{status}") for status in STATUSES}
        titles = {name: rule.header["title"][self.now.lang] for name, rule in self.gaps.rules.items()}
        cells, places = {}, self.shown[["rule", "department_id", "label", "status", "is_hit"]]
        for (rule, department, label, status, is_hit), row in zip(tuples_of(places), rows_of(self.shown)):
            if status in FLAGS:
                words = self.gaps.sentence(row)
            else:
                words = t("matrix.cell", name=label, rule=titles[rule], state=said[status])
            cells[rule, department] = Cell(status, words, is_hit)
        return cells

    @cached_property
    def flags(self) -> list[tuple[str, str]]:
        """(rule, department) of the flags shown, as one reads: row by row, from the left."""
        row = {department: at for at, department in enumerate(self.departments)}
        column = {rule: at for at, rule in enumerate(self.rules)}
        found = self.shown[self.shown["status"].isin(FLAGS) & self.shown["is_hit"]]
        places = list(tuples_of(found, "rule", "department_id"))
        return sorted(places, key=lambda place: (row[place[1]], column[place[0]]))

    def beside(self, place: tuple[str, str]) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
        """The flags before and after a cell, which need not be a flag itself."""
        row = {department: at for at, department in enumerate(self.departments)}
        column = {rule: at for at, rule in enumerate(self.rules)}
        here = (row.get(place[1], -1), column.get(place[0], -1))
        before = [flag for flag in self.flags if (row[flag[1]], column[flag[0]]) < here]
        after = [flag for flag in self.flags if (row[flag[1]], column[flag[0]]) > here]
        return (before[-1] if before else None, after[0] if after else None)

    @property
    def cell_address(self) -> Callable[[str, str], str]:
        """(rule, department) → the view with its evidence open."""
        return addresses(PATH, replace(self.now.filters, rule=None, department=None), "rule")

    def with_cell(self, rule: str | None, department: str | None) -> Filters:
        return replace(self.now.filters, rule=rule, department=department)

    def count(self, state: str) -> int:
        return self._counts["change" if state in CHANGES else "status"][state]

    @cached_property
    def _counts(self) -> dict[str, Counter[str]]:
        return {column: Counter(self.found[column]) for column in ("change", "status")}

    def state_words(self, state: str) -> str:
        if state == "flagged":
            return self.now.t("matrix.flagged")
        return self.now.t(f"gaps.{'change' if state in CHANGES else 'status'}.{state}")

    @property
    def has_previous(self) -> bool:
        return bool(self.found["previous"].notna().any())

    @property
    def finding(self) -> str:
        """What the matrix shows in one clause: a share of few departments only where chance does not explain it."""
        return self.now.t("matrix.chosen", finding=self._finding) if self.now.is_chosen else self._finding

    @cached_property
    def _finding(self) -> str:
        t, rows = self.now.t, self.found
        alerts = (rows["status"] == ALERT).groupby(rows["department_id"]).sum()
        total, flagged = int(alerts.sum()), int((alerts > 0).sum())
        watches = self.count(WATCH)
        if not total and not watches:
            unknown = self.count("no_data")
            key = "matrix.finding.none.unknown" if unknown else "matrix.finding.none"
            return t(key, n=len(alerts), unknown=number(unknown, 0))
        if not total:
            watched = rows.loc[rows["status"] == WATCH, "department_id"].nunique()
            return t("matrix.finding.watch", n=watched, of=len(alerts), watches=number(watches, 0))
        if is_concentrated(rows):
            share = number(100 * top_share(alerts, FEW), 0)
            return t("matrix.finding.few", few=FEW, share=share, total=number(total, 0))
        most = rows[rows["department_id"] == alerts.idxmax()].iloc[0]
        words = {"n": flagged, "of": len(alerts), "total": number(total, 0)}
        if alerts.max() > 1 and int((alerts == alerts.max()).sum()) == 1:
            return t("matrix.finding.most", name=most["label"], most=number(alerts.max(), 0), **words)
        return t("matrix.finding", **words)

    @property
    def notices(self) -> tuple[str, ...]:
        t, asked = self.now.t, self.now.filters
        found = []
        if asked.rule and not self.rule:
            found.append(t("matrix.notice.rule", asked=asked.rule))
        if asked.department and not self.department:
            found.append(t("matrix.notice.department", asked=asked.department))
        if asked.group and not self.group:
            found.append(t("matrix.notice.group", asked=asked.group))
        return tuple(found)


def is_concentrated(rows: pd.DataFrame) -> bool:
    """Whether alerts lie on fewer departments than they would if each judgement were as likely to be one."""
    alerts = (rows["status"] == ALERT).groupby(rows["department_id"]).sum()
    judged = (rows["status"] != "no_data").groupby(rows["department_id"]).sum()
    if len(alerts) < FEWEST_DEPARTMENTS or alerts.sum() < FEWEST_ALERTS:
        return False
    _, chance = gini_by_chance(int(alerts.sum()), judged)
    return bool(np.isfinite(chance) and gini(alerts) > chance)
