"""Counts finer than a department's quarter: below five they may tell who complained, and are not for every eye."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from dashboard.catalog import Query
from dashboard.i18n.text import known

SMALL = 5
WITHHELD = f"<{SMALL}"
OWN = ("value", "n")  # columns of the gaps table itself; all others of a rule stand in its evidence


def without_small(rows: pd.DataFrame, rules: Mapping[str, Query]) -> pd.DataFrame:
    """Rows of the gaps table with `WITHHELD` in the evidence in place of each count below `SMALL` that its rule's
    header names as `fine`; value and n are empty then."""
    finer = {name: rule.header["fine"] for name, rule in rules.items() if "fine" in rule.header}
    if not {"rule", "evidence"} <= set(rows) or not rows["rule"].isin(list(finer)).any():
        return rows
    found = rows.copy()
    for at, rule in zip(found.index, found["rule"]):
        if rule not in finer:
            continue
        own = {name: found.at[at, name] for name in OWN if name in finer[rule] and name in found}
        evidence = json.loads(found.at[at, "evidence"])
        hidden = [*_small(own, own), *_small(evidence, finer[rule])]
        found.at[at, "evidence"] = json.dumps(evidence | dict.fromkeys(hidden, WITHHELD), ensure_ascii=False)
        for name in set(hidden) & set(own):
            found.at[at, name] = None
    return found


def _small(values: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    return [name for name in names if known(values.get(name)) and 0 < values[name] < SMALL]
