"""The quarter in a few sentences and four figures, as the first page and the meeting say it."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from dashboard.filters import COMPOSITE
from dashboard.findings import Figure, Finding, figure, findings
from dashboard.pages._gaps import Gaps, change
from dashboard.pages._ranking import compared_with, ranking_of
from dashboard.pages._scene import YEAR, Scene, before

HEADLINES = (COMPOSITE, "complaints_received", "rectification_on_time", "cases_filed")
QUARTERS_OF_LINE = 12


@dataclass(frozen=True)
class Quarter:
    """The gaps of a view with its ranking, its figures and what is said of them first, each asked for once."""

    gaps: Gaps

    @property
    def now(self) -> Scene:
        return self.gaps.now

    @cached_property
    def ranking(self) -> pd.DataFrame:
        return ranking_of(self.now, COMPOSITE)

    @cached_property
    def figures(self) -> list[Figure]:
        return headline_figures(self.now)

    @cached_property
    def findings(self) -> list[Finding]:
        now = self.now
        rates = ranking_of(now, "complaint_rate", "", True, window=int(YEAR))
        received = next((shown for shown in self.figures if shown.indicator == "complaints_received"), None)
        whom = compared_with(now, self.ranking)
        return findings(now.t, now.quarter, whom, self.ranking, received, rates, gaps_of(self.gaps))

    @cached_property
    def worst(self) -> pd.DataFrame:
        """A row a department with a flag: alert, watch; the most alerts first."""
        rows = self.gaps.rows
        counts = rows.assign(alert=rows["status"] == "alert", watch=rows["status"] == "watch")
        who = ["department_id", "label", "full_name", "name_order"]
        counts = counts.groupby(who)[["alert", "watch"]].sum().reset_index()
        counts = counts[counts["alert"] + counts["watch"] > 0]
        return counts.sort_values(["alert", "watch", "name_order"], ascending=[False, False, True])


def gaps_of(gaps: Gaps) -> pd.DataFrame:
    """What the gap rules say of the departments of the view, and of the region as a whole."""
    rows = gaps.now.run("gap_changes")
    names = gaps.now.departments.set_index("department_id")["label"]
    rows = rows[rows["department_id"].isin(names.index) | (rows["department_id"] == "*")]
    headers = {name: rule.header for name, rule in gaps.rules.items()}
    return rows.assign(
        label=rows["department_id"].map(names),
        change=[change(status, previous) for status, previous in zip(rows["status"], rows["previous"])],
        rule_order=rows["rule"].map({name: header["order"] for name, header in headers.items()}),
        rule=rows["rule"].map({name: header["title"][gaps.now.lang] for name, header in headers.items()}),
    )


def headline_figures(now: Scene) -> list[Figure]:
    there = [name for name in HEADLINES if name in now.snapshot.indicators]
    rows, verdicts = now.run("headlines", indicators=there), now.run("verdicts")
    until = quarters_until(now)
    return [figure(name, now.snapshot.indicators[name].header, rows, until, verdicts) for name in there]


def quarters_until(now: Scene) -> list[str]:
    """The calendar's quarters that a figure's line covers, up to the one shown; one without data is a gap in it."""
    until = [now.quarter]
    while len(until) < QUARTERS_OF_LINE and until[0] > now.quarters[0]:
        until.insert(0, before(until[0]))
    return until
