"""The deterministic rules and the rules on shares, stated once more in plain pandas.

Each finds in the last quarter exactly the departments in which it was planted. The rules that need funnels,
control charts or adjusted scores are tried where the product computes these.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

END = pd.Timestamp("2026-09-30")
LAST_FOUR = ["2025Q4", "2026Q1", "2026Q2", "2026Q3"]
LAST_EIGHT = ["2024Q4", "2025Q1", "2025Q2", "2025Q3", *LAST_FOUR]
LAST_TWO = LAST_FOUR[-2:]
TALKS = ["reminder_talk", "warning_talk", "admonition_talk"]

Levels = dict[str, str]  # department: watch or alert
RULES: dict[str, Callable[["County"], Levels]] = {}


class County:
    """The tables with a quarter in each, and the departments of today."""

    def __init__(self, tables: dict[str, pd.DataFrame]):
        departments = tables["departments"]
        successor = departments.dropna(subset=["successor"]).set_index("department_id")["successor"].to_dict()
        self.ids = departments.loc[departments["valid_to"].isna(), "department_id"].tolist()
        self.tables = {name: rows.copy() for name, rows in tables.items()}
        for name, rows in self.tables.items():
            if name != "departments" and "department_id" in rows:
                rows["department_id"] = rows["department_id"].replace(successor)
        for name, column in (("supervision", "date"), ("notices", "due_on")):
            day = pd.to_datetime(self.tables[name][column])
            self.tables[name]["quarter"] = day.dt.year.astype(str) + "Q" + day.dt.quarter.astype(str)
        powers = self.tables["powers"]
        self.powers = powers[powers["valid_to"].isna()]

    def window(self, table: str, quarters: list[str] = LAST_FOUR) -> pd.DataFrame:
        rows = self.tables[table]
        return rows[rows["quarter"].isin(quarters)]

    def count(self, rows: pd.DataFrame) -> pd.Series:
        return rows.groupby("department_id").size().reindex(self.ids, fill_value=0)

    def sums(self, table: str, quarters: list[str] = LAST_FOUR) -> pd.DataFrame:
        rows = self.window(table, quarters).groupby("department_id").sum(numeric_only=True)
        return rows.reindex(self.ids, fill_value=0)


@pytest.fixture(scope="module")
def tables(county) -> County:
    return County(county)


def rule(function: Callable[[County], Levels]) -> Callable[[County], Levels]:
    RULES[function.__name__] = function
    return function


def wilson(part: pd.Series, whole: pd.Series, z: float) -> tuple[pd.Series, pd.Series]:
    share = part / whole
    centre = (share + z**2 / (2 * whole)) / (1 + z**2 / whole)
    half = z * np.sqrt(share * (1 - share) / whole + z**2 / (4 * whole**2)) / (1 + z**2 / whole)
    return centre - half, centre + half


def below(part: pd.Series, whole: pd.Series, watch: float, alert: float, at_least: int = 5) -> Levels:
    """Departments whose share lies below a line, its interval too: 80 % for watch, 95 % for alert."""
    part, whole = part[whole >= at_least], whole[whole >= at_least]
    watched = (part / whole < watch) & (wilson(part, whole, 1.2816)[1] < watch)
    alerted = wilson(part, whole, 1.96)[1] < alert
    return levels(watched, alerted)


def above(part: pd.Series, whole: pd.Series, watch: float, alert: float, at_least: int = 5) -> Levels:
    return below(whole - part, whole, 1 - watch, 1 - alert, at_least)


def levels(watch: pd.Series, alert: pd.Series) -> Levels:
    return dict.fromkeys(watch.index[watch], "watch") | dict.fromkeys(alert.index[alert], "alert")


def worse(*found: Levels) -> Levels:
    result: Levels = {}
    for some in found:
        result |= {i: level for i, level in some.items() if result.get(i) != "alert"}
    return result


def activity_share(column: str, *values: str) -> Callable[[County], tuple[pd.Series, pd.Series]]:
    def share(county: County) -> tuple[pd.Series, pd.Series]:
        rows = county.window("supervision")
        return county.count(rows[rows[column].isin(values)]), county.count(rows)

    return share


@rule
def top_down_only(county):
    return below(*activity_share("direction", "bottom_up")(county), 0.15, 0.05)


@rule
def leaders_unsupervised(county):
    return below(*activity_share("focus", "leader_conduct")(county), 0.2, 0.1)


@rule
def form_over_substance(county):
    rows = county.window("supervision")
    found = above(county.count(rows[rows["findings"] == 0]), county.count(rows), 0.8, 0.95)
    substantiated = county.sums("complaints")["substantiated"]
    return {i: level for i, level in found.items() if substantiated[i] > 0}


@rule
def micro_over_macro(county):
    return below(*activity_share("level", "macro")(county), 0.15, 0.05)


@rule
def individual_over_organisation(county):
    return below(*activity_share("object", "organisation")(county), 0.25, 0.1)


@rule
def reactive_over_proactive(county):
    return below(*activity_share("trigger", "proactive")(county), 0.5, 0.25)


@rule
def after_the_fact(county):
    return below(*activity_share("stage", "before", "during")(county), 0.5, 0.3)


@rule
def key_domain_unwatched(county):
    high = county.powers[county.powers["risk_level"] == "A"].groupby("department_id")["domain"].agg(set)
    watched = county.window("supervision").groupby("department_id")["domain"].agg(set)
    missing = pd.Series({i: len(domains - watched.get(i, set())) for i, domains in high.items()})
    return levels(missing == 1, missing >= 2)


@rule
def below_standard_two_years(county):
    rows = county.tables["assessments"].query("kind == 'comprehensive'")
    means = rows.pivot_table(index="department_id", columns="year", values="score")
    return levels(means[2026] < 60, (means[2026] < 60) & (means[2025] < 60))


@rule
def tasks_overdue(county):
    tasks = county.tables["tasks"]
    still_open = tasks[tasks["closed_on"].isna()]
    days = (END - pd.to_datetime(still_open["due_on"])).dt.days
    overdue = still_open.assign(days=days)[days > 0].groupby("department_id")["days"].agg(["size", "max"])
    share = overdue["size"] / county.count(still_open)[overdue.index]
    return levels(overdue["size"] > 0, (overdue["max"] > 90) | (share > 0.25))


@rule
def findings_not_rectified(county):
    due = county.window("notices")
    found = below(county.count(due[due["rectified_on"] <= due["due_on"]]), county.count(due), 0.9, 0.7)
    notices = county.tables["notices"].sort_values("issued_on")
    before = notices.groupby(["department_id", "finding_type"])["rectified_on"].shift()
    days = (pd.to_datetime(notices["issued_on"]) - pd.to_datetime(before)).dt.days
    again = notices[days.between(1, 366) & (notices["issued_on"] > "2025-09-30")]
    return worse(dict.fromkeys(again["department_id"], "watch"), found)


@rule
def leaders_not_accountable(county):
    sums = county.sums("cases", LAST_EIGHT)
    nobody = sums["leaders_accountable"] == 0
    return levels(nobody & (sums["cases_sanctioned"] >= 3), nobody & (sums["cases_sanctioned"] >= 6))


@rule
def powers_not_published(county):
    share = county.powers.groupby("department_id")["published"].mean()
    return levels(share < 0.95, share < 0.8)


@rule
def decisions_unattended(county):
    sums = county.sums("decisions")
    return below(sums["attended"], sums["total"], 0.9, 0.6, at_least=8)


@rule
def money_unaudited(county):
    money = county.powers[county.powers["domain"] == "money"]["department_id"].unique()
    audits = {
        n: county.window("supervision", quarters).query("method == 'audit'")["department_id"].unique()
        for n, quarters in ((4, LAST_FOUR), (8, LAST_EIGHT))
    }
    return {i: "watch" if i in audits[8] else "alert" for i in money if i not in audits[4]}


@rule
def one_pen(county):
    sums = county.sums("decisions")
    return above(sums["single_signature"], sums["total"], 0.1, 0.25, at_least=8)


@rule
def power_without_basis(county):
    missing = county.powers[county.powers["basis"].isna()]
    number = missing.groupby("department_id").size()
    share = number / county.count(county.powers)[number.index]
    high = missing.groupby("department_id")["risk_level"].agg(lambda grades: "A" in set(grades))
    return levels(number > 0, high | (share > 0.1))


def unseen(county: County, column: str, wanted: set[str]) -> Levels:
    seen = county.window("supervision").groupby("department_id")[column].agg(set)
    missing = pd.Series({i: len(wanted - seen.get(i, set())) for i in county.ids})
    return levels(missing == 1, missing >= 2)


@rule
def stage_unwatched(county):
    return unseen(county, "power_stage", {"grant", "exercise", "result"})


@rule
def point_line_area(county):
    return unseen(county, "sphere", {"individual", "process", "society"})


@rule
def single_source_of_leads(county):
    by_source = county.window("cases").groupby(["department_id", "source"])["leads"].sum().unstack(fill_value=0)
    return above(by_source.max(axis=1), by_source.sum(axis=1), 0.8, 0.95, at_least=10)


@rule
def powers_not_separated(county):
    links = county.powers.groupby(["department_id", "domain", "holder"])["link"].nunique()
    most = links.groupby("department_id").max()
    return levels(most == 2, most == 3)


@rule
def decisions_not_collective(county):
    sums = county.sums("decisions")
    return worse(
        below(sums["collective"], sums["total"], 0.95, 0.8, at_least=8),
        below(sums["voted"], sums["total"], 0.8, 0.5, at_least=8),
    )


def worst_grade(rows: pd.DataFrame) -> Levels:
    """B: watch, A: alert."""
    grades = rows.groupby("department_id")["risk_level"].agg(set)
    return {i: "alert" if "A" in some else "watch" for i, some in grades.items() if some & {"A", "B"}}


@rule
def a_risk_without_measure(county):
    return worst_grade(county.powers[county.powers["measure"].isna()])


@rule
def flow_without_check(county):
    return worst_grade(county.powers[~(county.powers["has_check_step"] & county.powers["has_complaint_route"])])


@rule
def a_risk_not_led_from_top(county):
    number = county.count(county.powers.query("risk_level == 'A' and managed_by_level != 'top'"))
    return levels(number == 1, number >= 2)


@rule
def rotation_overdue(county):
    days = (END - pd.to_datetime(county.powers["rotation_due"])).dt.days
    overdue = county.powers.assign(days=days)[days > 0].groupby("department_id")
    grades = overdue["risk_level"].agg(set)
    high = grades.map(lambda some: "A" in some) | (overdue["days"].max() > 365)
    return levels(~high, high)


@rule
def no_power_catalogue(county):
    number = county.count(county.powers)
    return levels(number.between(1, 2), number == 0)


@rule
def no_return_visit(county):
    sums = county.sums("cases")
    return below(sums["revisited"].clip(upper=sums["closed"]), sums["closed"], 0.8, 0.5)


@rule
def no_outside_eyes(county):
    external, every = activity_share("direction", "external")(county)
    return worse(below(external, every, 0.1, 0.0), levels(external < 0, external == 0))


@rule
def one_form_of_inspection(county):
    rows = county.window("supervision").query("method == 'inspection'")
    forms = (rows["form"] + " " + rows["scope"]).groupby(rows["department_id"]).nunique()
    forms = forms[county.count(rows)[forms.index] >= 5]
    return levels(forms == 2, forms == 1)


@rule
def listed_but_unsupervised(county):
    facts = county.window("department_facts", LAST_FOUR[-1:]).set_index("department_id")
    listed = facts["key_supervision"].reindex(county.ids)
    year, half = (county.count(county.window("supervision", quarters)) for quarters in (LAST_FOUR, LAST_TWO))
    return levels(listed & (half == 0), listed & (year == 0))


@rule
def not_reported(county):
    rows = county.window("submissions", LAST_TWO)
    missed = rows[rows["received_on"].isna()].groupby(["department_id", "table"])["quarter"].agg(set)
    now = missed[missed.map(lambda quarters: LAST_FOUR[-1] in quarters)]
    return worse(*({i: "alert" if len(q) == 2 else "watch"} for (i, _), q in now.items()))


@pytest.mark.parametrize("name", RULES)
def test_a_rule_finds_the_departments_it_was_planted_in_and_no_other(tables, name):
    planted = tables.tables["planted"].query("rule == @name")
    assert RULES[name](tables) == dict(zip(planted["department_id"], planted["level"]))


def test_self_scores_and_straight_ballots_show_where_planted(tables):
    assessed = tables.tables["assessments"].query("kind == 'comprehensive' and year == 2026")
    gap = (assessed["self_score"] - assessed["score"]).groupby(assessed["department_id"]).mean()
    scores = tables.window("evaluations")
    ballots = scores.groupby(["quarter", "department_id", "rater_id"])["score"].agg(["nunique", "size"])
    ballots = ballots[ballots["size"] == 6].reset_index()
    straight = above(
        tables.count(ballots[ballots["nunique"] == 1]), tables.count(ballots), watch=0.3, alert=0.5, at_least=20
    )
    planted = tables.tables["planted"].query("rule == 'weak_self_awareness'")
    found = worse(levels(gap > 10, gap > 20), straight)
    assert found == dict(zip(planted["department_id"], planted["level"]))


def test_departments_without_a_planted_gap_were_talked_to_in_every_half_year(tables):
    talks = tables.window("supervision", LAST_TWO)
    talked_to = set(talks[talks["method"].isin(TALKS)]["department_id"])
    planted = set(tables.tables["planted"].query("rule == 'early_signs_without_talk'")["department_id"])
    several = tables.sums("complaints", LAST_TWO)["substantiated"] >= 3
    assert {i for i in several.index[several] if i not in talked_to} == planted
