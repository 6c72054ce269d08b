"""Leads, cases and what became of them, counted in the quarter in which each thing happened.

Every lead is a row while the table is made; the columns of the file are sums over those rows.
"""

import numpy as np
import pandas as pd

from dashboard.demo import quarters
from dashboard.demo.names import DEPARTMENTS, REGION, Department
from dashboard.demo.plan import planted

SOURCES = (
    "petitions_reports",
    "supervision_findings",
    "inspection_transfer",
    "audit_transfer",
    "judicial_transfer",
    "assigned_from_above",
    "media",
    "self_report",
)
_SOURCE_SHARES = (0.34, 0.2, 0.12, 0.1, 0.07, 0.09, 0.04, 0.04)
DOMAINS = ("people", "money", "assets", "authority")

_BURN_IN = 4  # quarters before the first one, so that it already has cases to close
_FILED = 0.4  # share of leads that are filed as a case
# Leads a quarter where the plan needs another number than the department's weight gives.
_LEADS = {
    "公安局": 20,
    "市场监管局": 10,
    "商务局": 8,
    "林业局": 6,
    "教育局": 8,
    "发改局": 8,
    "税务局": 8,
    "法院": 10,
    "卫健局": 10,
    "龙湾镇": 2,
    "住建局": 9,
    "财政局": 9,
    "自然资源局": 1,
    "医保局": 4,
    "档案局": 0,
}
_FEWER_FILED = {"龙湾镇": 0.3}
_FLOWS = [
    "leads",
    "leads_dismissed",
    "leads_inquired",
    "leads_in_verification",
    "leads_pending",
    "filed",
    "open_overdue",
    "closed",
    "exempted",
    "withdrawn",
    "cases_sanctioned",
    "people_sanctioned",
    "party_sanctions",
    "administrative_sanctions",
    "first_form",
    "second_form",
    "third_form",
    "fourth_form",
    "transferred",
    "leaders_accountable",
    "revisit_due",
    "revisited",
]


def generate(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """The table `cases`."""
    events = pd.concat([_events(department, rng) for department in DEPARTMENTS], ignore_index=True)
    events = events[(events["quarter"] >= 0) & (events["quarter"] <= quarters.LAST)]
    key = ["quarter", "department_id", "source", "domain", "found_at"]
    rows = events.groupby([*key, "flow"]).size().unstack("flow", fill_value=0)
    rows = rows.reindex(columns=_FLOWS, fill_value=0).reset_index()
    rows["quarter"] = np.array(quarters.QUARTERS)[rows["quarter"]]
    rows.insert(0, "region_id", REGION)
    rows.insert(6, "rank_band", "all")
    rows.columns.name = None
    return {"cases": rows}


def _events(department: Department, rng: np.random.Generator) -> pd.DataFrame:
    """What happened, one row an event: quarter, flow, and source, domain, found_at of its lead."""
    name = department.short_name
    usual = _LEADS.get(name, round(1.4 + 6 * department.power))
    span = np.arange(-_BURN_IN, len(quarters.QUARTERS))
    # One more or one fewer than usual; never fewer where a plan counts on the number.
    change = rng.integers(-1, 2, len(span)) if usual > 1 and name not in _LEADS else 0
    quarter = np.repeat(span, usual + change)
    count = len(quarter)
    leads = pd.DataFrame(
        {
            "quarter": quarter,
            "department_id": department.department_id,
            "source": rng.choice(SOURCES, count, p=_SOURCE_SHARES),
            "domain": rng.choice(DOMAINS, count, p=[0.25, 0.35, 0.15, 0.25]),
            "found_at": rng.choice(["before", "during", "after"], count, p=[0.2, 0.35, 0.45]),
        }
    )
    if plant := planted("single_source_of_leads", name):
        only = "petitions_reports" if plant.level == "alert" else "assigned_from_above"
        leads.loc[quarter >= plant.start(), "source"] = only

    share = np.full(count, _FEWER_FILED.get(name, _FILED))
    deterrence = planted("weak_deterrence", name)
    if deterrence and name != "教育局":
        share[quarter >= deterrence.start()] = 0.04 if deterrence.level == "alert" else 0.16
    filed = _every(share)
    # Of ten leads that are not filed, six are inquired about, three dismissed, one kept on file.
    other = (np.cumsum(~filed) + rng.integers(10)) % 10
    inquired = ~filed & (other < 6)
    flows = {
        "leads": (leads, 0),
        "leads_inquired": (leads[inquired], 0),
        "first_form": (leads[inquired], 0),
        "leads_dismissed": (leads[~filed & (other >= 6) & (other < 9)], 0),
        "leads_pending": (leads[~filed & (other == 9)], 0),
        "leads_in_verification": (leads[filed], 0),
        "filed": (leads[filed], 0),
    }
    flows |= _after_filing(name, leads[filed], rng)
    return pd.concat(
        [rows.assign(flow=flow, quarter=rows["quarter"].to_numpy() + delay) for flow, (rows, delay) in flows.items()]
    )


def _after_filing(
    name: str, cases: pd.DataFrame, rng: np.random.Generator
) -> dict[str, tuple[pd.DataFrame, np.ndarray]]:
    """Closing, sanctions, forms, accountability and return visits: rows of cases and quarters of delay."""
    count = len(cases)
    order = np.arange(count)
    delay = rng.integers(1, 3, count)
    closing = cases["quarter"].to_numpy() + delay
    by_closing = np.argsort(closing, kind="stable")
    turn = np.empty(count, int)
    turn[by_closing] = order  # 0 for the case closed first

    outcome = turn % 10  # of ten closed cases eight are sanctioned, one exempted, one withdrawn
    sanctioned = ~np.isin(outcome, (4, 9))
    # Forms of those sanctioned, in turn: about half second, a third third, the rest fourth.
    form = np.array([2, 3, 2, 3, 2, 4, 3, 2])[turn % 8]
    plant = planted("weak_deterrence", name)
    if plant and name == "教育局":
        form[closing >= plant.start()] = 2
    # Of three sanctioned cases running, one holds a leader to account.
    turn_sanctioned = np.empty(count, int)
    turn_sanctioned[by_closing] = np.cumsum(sanctioned[by_closing]) - 1
    accountable = sanctioned & (turn_sanctioned % 3 == 0)
    if plant := planted("leaders_not_accountable", name):
        accountable &= closing < plant.start(8)
    revisited = turn % 16 != 15
    if plant := planted("no_return_visit", name):
        missed = turn % 12 != 0 if plant.level == "alert" else turn % 2 == 0
        revisited &= ~((closing >= plant.start()) & missed)
    overdue = turn % 9 == 5

    def part(mask: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
        return cases[mask], delay[mask]

    return {
        "closed": part(order >= 0),
        "open_overdue": (cases[overdue], np.maximum(delay[overdue] - 1, 0)),
        "exempted": part(outcome == 4),
        "withdrawn": part(outcome == 9),
        "cases_sanctioned": part(sanctioned),
        "people_sanctioned": part(sanctioned),
        # Some people receive both: the two kinds are not to be added.
        "party_sanctions": part(sanctioned & (turn % 5 != 3)),
        "administrative_sanctions": part(sanctioned & (turn % 5 >= 2)),
        "second_form": part(sanctioned & (form == 2)),
        "third_form": part(sanctioned & (form == 3)),
        "fourth_form": part(sanctioned & (form == 4)),
        "transferred": part(sanctioned & (form == 4)),
        "leaders_accountable": part(accountable),
        "revisit_due": part(order >= 0),
        "revisited": part(revisited),
    }


def _every(share: np.ndarray) -> np.ndarray:
    """Mark rows so that any stretch holds its share of marks: no cluster and no lack by chance."""
    return np.diff(np.floor(np.cumsum(share) + 0.5), prepend=0) > 0
