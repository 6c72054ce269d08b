"""The gaps of a view as several pages read them: rules, rows of the quarter, sentences, how often a rule fires."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard.catalog import GAP_GROUPS, Query, gaps
from dashboard.filters import Filters
from dashboard.gaps import FLAGS
from dashboard.gaps.sentences import sentence
from dashboard.pages._scene import Scene
from dashboard.rows import rows_of

PATH = "/gaps"
TOO_OFTEN = 0.15  # share of the departments judged beyond which a threshold may be too loose


@dataclass(frozen=True)
class Gaps:
    """The scene with what the gap rules say of it, each asked for once."""

    now: Scene

    @cached_property
    def rules(self) -> dict[str, Query]:
        """Every rule, group by group, each group in the order of its numbers."""
        found = gaps(self.now.snapshot.queries)
        order = {group: at for at, group in enumerate(GAP_GROUPS)}
        return dict(sorted(found.items(), key=lambda item: (order[item[1].header["group"]], item[1].header["order"])))

    @cached_property
    def rows(self) -> pd.DataFrame:
        """What each rule says of each department of the view in its quarter, with `label` and `full_name`."""
        names = self.now.departments[["department_id", "label", "full_name", "name_order"]]
        found = self.now.run("gaps", department=None, rule=None, statuses=None)
        found = found.merge(names, on="department_id")
        return found.assign(change=list(map(change, found["status"].tolist(), found["previous"].tolist())))

    def series(self, rule: str, department: str | None = None) -> pd.DataFrame:
        """What a rule said in every quarter up to the one shown, of one department or of all that ever stood."""
        found = self.now.run("gaps", quarter=None, rule=rule, department=department, statuses=None)
        return found[found["quarter"] <= self.now.quarter]

    @cached_property
    def words(self) -> dict[tuple[str, str], str]:
        found = self.now.run("words")
        return dict(zip(zip(found["vocabulary"], found["code"]), found[self.now.lang]))

    @cached_property
    def thresholds(self) -> dict[str, dict[str, float]]:
        """rule → threshold → value, as they were when the snapshot was built."""
        found = self.now.run("thresholds")
        return {rule: dict(zip(part["name"], part["value"])) for rule, part in found.groupby("rule")}

    def sentence(self, row: Mapping[str, Any], name: str | None = None) -> str:
        """What is said of one of `rows`; `name`: how the department is called, its label if not given."""
        rule = self.rules[row["rule"]]
        return sentence(self.now.t, self.now.lang, rule, row, name or row["label"], self.words)

    def prevalence(self, rule: str) -> tuple[int, int]:
        """How many departments of the view the rule flags, and how many it could judge, whoever was chosen."""
        return self._prevalence.get(rule, (0, 0))

    @cached_property
    def whole(self) -> "Gaps":
        """The same of all departments of the view: how often a rule fires is no matter of who was chosen."""
        return Gaps(self.now.whole) if self.now.is_chosen else self

    @cached_property
    def _prevalence(self) -> dict[str, tuple[int, int]]:
        rows = self.whole.rows
        status = rows["status"]
        counts = pd.DataFrame({"flagged": status.isin(FLAGS), "judged": status != "no_data"})
        sums = counts.groupby(rows["rule"]).sum()
        return {row.Index: (int(row.flagged), int(row.judged)) for row in rows_of(sums)}

    def is_too_often(self, rule: str) -> bool:
        flagged, judged = self.prevalence(rule)
        return judged > 0 and flagged / judged > TOO_OFTEN


def evidence(row: Mapping[str, Any]) -> dict[str, Any]:
    return json.loads(row["evidence"])


def change(status: str, previous: str | None) -> str:
    """What became of a state since last quarter: 'new', 'worse', 'eased', 'persisting', 'closed', 'lost', or ''."""
    was, is_flag = previous in FLAGS, status in FLAGS
    if is_flag and not was:
        return "new"
    if is_flag:
        return "persisting" if status == previous else "worse" if status == "alert" else "eased"
    # a flag that can no longer be judged is not closed
    return ("lost" if status == "no_data" else "closed") if was else ""


def gap_address(filters: Filters, rule: str, department: str) -> str:
    """The evidence of one gap: the matrix with its cell opened."""
    own = filters.without_row().changed({"rule": rule, "department": department})
    return PATH + own.to_search()


def flags_of(statuses: pd.DataFrame, rules: Mapping[str, Query]) -> dict[str, list[dict[str, Any]]]:
    """The flags of each department that has some, alerts first, in the order of the rules."""
    order = {name: i for i, name in enumerate(rules)}
    rows = statuses[statuses["status"].isin(FLAGS)].to_dict("records")  # once: each call costs milliseconds
    found: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: (FLAGS.index(row["status"]), order[row["rule"]])):
        found.setdefault(row["department_id"], []).append(row)
    return found
