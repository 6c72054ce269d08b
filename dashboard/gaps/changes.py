"""Two snapshots' gaps → which flags differ, and by what: thresholds, data, method, or the day of the build."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from dashboard.gaps.evaluation import FLAGS, WHOLE_REGION

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
    for table in dict.fromkeys([*after, *before]):
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
