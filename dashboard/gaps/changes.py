"""Two snapshots' gaps → which flags differ, and by what: thresholds, data, method, or the day of the build."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard.catalog import Query, QueryFileError
from dashboard.gaps.evaluation import ALERT, FLAGS, OK, WATCH, WHOLE_REGION
from dashboard.schema import TABLES

NEW, WORSE, BETTER, CLOSED, LOST = MOVES = ("new", "worse", "better", "closed", "no_data")
THRESHOLD, DATA, METHOD, DAY, UNKNOWN = CAUSES = ("threshold", "data", "method", "day", "unknown")
KEY = ["rule", "department_id", "quarter"]
Partitions = Mapping[str, Mapping[str, Mapping[str, object]]]  # table → "region|period" → {file, …}


@dataclass(frozen=True)
class Basis:
    """What differs between the two snapshots for one rule."""

    threshold: bool = False
    data: bool = False
    method: bool = False
    method_unknown: bool = False  # whether the method differs cannot be told
    other_data: bool = False  # of tables that the rule does not name: they may decide which quarters and who there is


def changed_flags(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """rule, department_id, quarter, was, becomes of every flag in a quarter that both know.

    A department that did not stand, or a rule that there was not, in one of them has None on its side.
    """
    both = set(before["quarter"]) & set(after["quarter"])
    sides = [
        rows.loc[rows["quarter"].isin(both) & (rows["department_id"] != WHOLE_REGION), [*KEY, "status"]]
        for rows in (before, after)
    ]
    found = sides[0].merge(sides[1], how="outer", on=KEY, suffixes=("_was", "_becomes"))
    found = found.rename(columns={"status_was": "was", "status_becomes": "becomes"}).astype(
        {"was": object, "becomes": object}
    )
    found = found.where(found.notna(), None)
    is_flag = found["was"].isin(FLAGS) | found["becomes"].isin(FLAGS)
    return found[is_flag & (found["was"] != found["becomes"])].reset_index(drop=True)


def causes(was: str | None, becomes: str | None, tried: str | None, basis: Basis) -> tuple[str, ...]:
    """By what a flag changed, as far as it can be proven.

    `tried`: what the newer snapshot says by the older thresholds, None where that cannot be told. Where that is the new
    state, the thresholds had no part in it. What several causes may have made together is not divided among them.
    """
    others = tuple(name for name in (DATA, METHOD) if getattr(basis, name))
    left = (DATA,) if basis.other_data else (DAY,)
    # by the old lines it would not be what it is: they were needed, and what else differs may have been needed, too
    is_threshold = basis.threshold and (tried is None or tried != becomes)
    if basis.method_unknown and METHOD not in others:
        # the method may have done it alone: neither figures that differ nor a later day can be named in its place
        return (THRESHOLD, UNKNOWN) if is_threshold and tried is not None else (UNKNOWN,)
    if is_threshold:
        is_whole = tried in (None, was)  # else the old lines do not give the old state: something more took part
        return (THRESHOLD, *(others or (() if is_whole else left)))
    return others or left


def changed_partitions(before: Partitions, after: Partitions, region: str) -> dict[str, list[str]]:
    """table → the periods whose raw files differ, '' where a table has none; of one region and of what all share."""
    found: dict[str, list[str]] = {}
    for table in TABLES:
        old, new = before.get(table, {}), after.get(table, {})
        periods = []
        for key in dict.fromkeys([*old, *new]):
            place, _, period = key.partition("|")
            is_other = old.get(key, {}).get("file") != new.get(key, {}).get("file")
            if is_other and place in ("", region.replace("|", "%7C")):
                periods.append(period)
        if periods:
            found[table] = sorted(set(periods))
    return found


def changed_thresholds(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """rule, name, old, new of the thresholds that differ; None where a snapshot does not have it."""
    columns = ["rule", "name", "value"]
    both = before[columns].merge(after[columns], how="outer", on=["rule", "name"], suffixes=("_old", "_new"))
    both = both.rename(columns={"value_old": "old", "value_new": "new"})
    return both[both["old"].ne(both["new"])].sort_values(["rule", "name"], ignore_index=True)


def needs(tables: Iterable[str]) -> set[str]:
    """The tables that a rule stands on: those of its header, and who stood when, who is listed, and who reported."""
    return {need.partition(".")[0] for need in tables} | {"departments", "department_facts", "submissions"}


def moved(was: str | None, becomes: str | None) -> str:
    """What became of a flag: only what is judged and not met is closed; what cannot be judged any more is not."""
    if becomes not in FLAGS:
        return CLOSED if becomes == OK else LOST
    if was not in FLAGS:
        return NEW
    return {(WATCH, ALERT): WORSE, (ALERT, WATCH): BETTER}[was, becomes]


@dataclass(frozen=True)
class Comparison:
    """Two snapshots of the same folder, in one region and up to a quarter, and by what their flags differ."""

    older: Any  # snapshots as dashboard.warehouse has them; `older` is the one that `newer` is compared with
    newer: Any
    region: str
    quarter: str
    rules: Mapping[str, Query]

    @cached_property
    def _sides(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The states of the region in both, every quarter up to the one asked for."""
        asked = {"region": self.region, "quarter": self.quarter}
        return tuple(snapshot.run("pages/gap_states", **asked) for snapshot in (self.older, self.newer))

    @cached_property
    def new_quarters(self) -> list[str]:
        """Those that the older snapshot does not know: what is said of them is no change."""
        old, new = self._sides
        return sorted(set(new["quarter"]) - set(old["quarter"]))

    @cached_property
    def partitions(self) -> dict[str, list[str]]:
        found = changed_partitions(self.older.manifest.partitions, self.newer.manifest.partitions, self.region)
        return {table: periods for table, periods in found.items() if table in TABLES}

    @cached_property
    def thresholds(self) -> pd.DataFrame:
        return changed_thresholds(self.older.run("pages/thresholds"), self.newer.run("pages/thresholds"))

    @cached_property
    def settings_differ(self) -> bool:
        """Other settings that a judgement stands on: weights, peers, coverage."""
        pairs = [(self.older.run(q), self.newer.run(q)) for q in ("pages/rules", "pages/weights")]
        return not all(old.equals(new) for old, new in pairs)

    @cached_property
    def baselines(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Where series begin anew by a person's decision: those that the older has alone, and the newer alone."""
        old, new = self.older.manifest.baselines, self.newer.manifest.baselines
        return [one for one in old if one not in new], [one for one in new if one not in old]

    @cached_property
    def method(self) -> str:
        """'same', 'other', or 'unknown' where an older snapshot did not keep it and the settings differ, too."""
        old, new = self.older.manifest, self.newer.manifest
        if old.method and new.method:
            return "same" if old.method == new.method else "other"
        if old.recipe == new.recipe:
            return "same"
        return "other" if self.thresholds.empty and not self.settings_differ else "unknown"

    def _basis(self, rule: str) -> Basis:
        return Basis(
            threshold=bool((self.thresholds["rule"] == rule).any()),
            data=bool(needs(self.rules[rule].header["tables"]) & set(self.partitions)),
            method=self.method == "other" or self.settings_differ or self._is_set_otherwise,
            method_unknown=self.method == "unknown",
            other_data=bool(self.partitions),
        )

    @property
    def _is_set_otherwise(self) -> bool:
        """Another setting than a threshold differs, such as where a series begins anew."""
        if any(self.baselines):
            return True
        is_other = self.older.manifest.recipe != self.newer.manifest.recipe
        return is_other and self.method == "same" and self.thresholds.empty

    @cached_property
    def flags(self) -> pd.DataFrame:
        """Each flag that differs: rule, department_id, quarter, was, becomes, causes, is_tried; the newest first."""
        found = changed_flags(*self._sides)
        found = found[found["rule"].isin(list(self.rules))]
        bases = {rule: self._basis(rule) for rule in found["rule"].unique()}
        tried = {rule: self._tried(rule) for rule, basis in bases.items() if basis.threshold}
        by_old = [tried.get(row.rule, {}).get((row.department_id, row.quarter)) for row in found.itertuples()]
        because = [causes(row.was, row.becomes, one, bases[row.rule]) for row, one in zip(found.itertuples(), by_old)]
        order = {rule: at for at, rule in enumerate(self.rules)}
        found = found.assign(
            causes=pd.Series(because, index=found.index, dtype=object),
            is_tried=[one is not None for one in by_old],
            order=found["rule"].map(order),
        )
        ordered = found.sort_values(["quarter", "order", "department_id"], ascending=[False, True, True])
        return ordered.drop(columns="order").reset_index(drop=True)

    def _tried(self, rule: str) -> dict[tuple[str, str], str]:
        """What the newer says by the older's thresholds; only where today's rule says what the snapshot says."""
        sides = []
        for thresholds in (self.older.run("pages/thresholds"), self.newer.run("pages/thresholds")):
            own = thresholds[thresholds["rule"] == rule]
            try:
                rows = self.newer.tried(rule, dict(zip(own["name"], own["value"])), self.region)
            except (QueryFileError, KeyError):
                return {}
            sides.append(dict(zip(zip(rows["department_id"], rows["quarter"]), rows["status"])))
        by_old, by_new = sides
        stored = self._sides[1]
        stored = stored[stored["rule"] == rule]
        said = dict(zip(zip(stored["department_id"], stored["quarter"]), stored["status"]))
        return {key: status for key, status in by_old.items() if by_new.get(key) == said.get(key)}
