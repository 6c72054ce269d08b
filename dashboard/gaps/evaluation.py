"""The rows that a rule's query returns → one row a rule, department and quarter, with the numbers behind it."""

import difflib
import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dashboard.catalog import Query, QueryFileError
from dashboard.schema import TABLES
from dashboard.settings import SettingsError

ALERT, WATCH, OK, NO_DATA = STATUSES = ("alert", "watch", "ok", "no_data")
FLAGS = (ALERT, WATCH)
WHOLE_REGION = "*"

# What the SQL file of a rule returns beside its evidence.
KEY = ("region_id", "department_id", "quarter")
RETURNED = (*KEY, "value", "threshold", "n", "level", "note")
OPTIONAL = ("covered_quarters",)
# the notes of a department of which the rule's query says nothing
NO_ROW, PASSED_ON = "no_row", "passed_on"

TEXT, NUMBER = "str", "float64"
COLUMNS: dict[str, str] = {
    "rule": TEXT,
    "region_id": TEXT,
    "department_id": TEXT,
    "quarter": TEXT,
    "status": TEXT,
    "value": NUMBER,
    "threshold": NUMBER,
    "n": "Int64",
    "note": "object",  # why there is no judgement
    "missing": "object",  # tables and columns that the rule needs and the office has not, parted by commas
    "covered_quarters": "int64",  # of the rule's window: those that the rule could read
    "previous": "object",  # status in the quarter before; None where the department did not stand
    "since": "object",  # first quarter of the spell in which it has been flagged without a break
    "spell_quarters": "int64",  # how many quarters that is; 0 where it is not flagged
    "evidence": TEXT,  # the other columns of the query, as a JSON object
}
THRESHOLD_COLUMNS = {"rule": TEXT, "name": TEXT, "value": NUMBER, "default_value": NUMBER}


@dataclass(frozen=True)
class Ground:
    """What the rules stand on, each as a table of the snapshot.

    `quarters`: region_id, quarter. `standing`: region_id, quarter, department_id. `present`: region_id, table of those
    that have a row. `given`: region_id, table, period, column of the office's own files.
    `answering`: region_id, quarter, department_id of those that answer for records, their own or a former department's.
    """

    quarters: pd.DataFrame
    standing: pd.DataFrame
    present: pd.DataFrame
    given: pd.DataFrame
    answering: pd.DataFrame


def in_force(rule: Query, own: Mapping[str, float]) -> dict[str, float]:
    """The rule's thresholds by name: the header's, with the office's `own` in their place."""
    return {name: float(own.get(name, given["value"])) for name, given in rule.header.get("thresholds", {}).items()}


def thresholds_table(rules: Mapping[str, Query], own: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Every threshold with the value in force and the header's default, in THRESHOLD_COLUMNS."""
    rows = [
        (name, threshold, value, float(rule.header["thresholds"][threshold]["value"]))
        for name, rule in rules.items()
        for threshold, value in in_force(rule, own.get(name, {})).items()
    ]
    return pd.DataFrame(rows, columns=list(THRESHOLD_COLUMNS)).astype(THRESHOLD_COLUMNS)


@dataclass(frozen=True)
class Contradiction:
    """A threshold that cannot be meant: beyond what its unit allows, or an alert that comes before its watch."""

    name: str
    value: float
    least: float
    most: float  # infinite where nothing bounds it
    against: str = ""  # the other line of the pair, where that sets the bound


def contradiction(rule: Query, values: Mapping[str, float], own: Collection[str]) -> Contradiction | None:
    """The first of the rule's thresholds that contradicts its header or its pair; of a pair one of the `own` is named.

    Whether an alert lies above or below its watch is read from the defaults; on the same line there is no watch.
    """
    given = rule.header.get("thresholds", {})
    for name, value in values.items():
        least, most = float(given[name].get("least", 0)), float(given[name].get("most", math.inf))
        if not (math.isfinite(value) and least <= value <= most):
            return Contradiction(name, value, least, most)
    for watch in (name for name in given if WATCH in name.split("_")):
        alert = "_".join(ALERT if part == WATCH else part for part in watch.split("_"))
        if not {watch, alert} <= values.keys() or given[alert]["value"] == given[watch]["value"]:
            continue
        rises = given[alert]["value"] > given[watch]["value"]
        if (values[alert] < values[watch]) if rises else (values[alert] > values[watch]):
            name, against = (watch, alert) if watch in own and alert not in own else (alert, watch)
            is_floor = rises == (name == alert)
            least, most = (values[against], math.inf) if is_floor else (0.0, values[against])
            return Contradiction(name, values[name], least, most, against)
    return None


def require_known(rules: Mapping[str, Query], own: Mapping[str, Mapping[str, float]]) -> None:
    """A threshold of the settings that no rule has would be silently without effect; one that contradicts, wrong."""
    for name, values in own.items():
        if name not in rules:
            raise SettingsError(f"settings.toml: thresholds: {name!r} is no gap rule.{_near(name, rules)}")
        known = rules[name].header.get("thresholds", {})
        for threshold in values:
            if threshold not in known:
                place = f"settings.toml: thresholds.{name}"
                raise SettingsError(f"{place}: {threshold!r} is no threshold of the rule.{_near(threshold, known)}")
        if wrong := contradiction(rules[name], in_force(rules[name], values), values):
            raise SettingsError(_refusal(name, wrong))


def _refusal(rule: str, wrong: Contradiction) -> str:
    if wrong.against:
        bound = f"at least {wrong.least:.10g}" if math.isinf(wrong.most) else f"at most {wrong.most:.10g}"
        expected = f"{bound}, the rule's {wrong.against}: an alert is the worse of the two"
    elif math.isinf(wrong.most):
        expected = f"a number of at least {wrong.least:.10g}"
    else:
        expected = f"a number from {wrong.least:.10g} to {wrong.most:.10g}"
    return f"settings.toml: thresholds.{rule}.{wrong.name} = {wrong.value:.10g}; expected {expected}."


def _near(given: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(given, known, n=1)
    return f" Did you mean {near[0]!r}?" if near else f" Known are {', '.join(known)}."


def evaluated(answers: Mapping[str, tuple[Query, pd.DataFrame]], ground: Ground) -> pd.DataFrame:
    """What the rules say of every department that stood, quarter by quarter, in COLUMNS, in the order of the rules.

    `answers`: each rule and what its query returned, by name. Rows of a region as a whole ('*') are kept beside those
    of departments.
    """
    if not answers:
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    for rule, rows in answers.values():
        _check_columns(rule, rows)
    # of a small office most rules return nothing, and an empty frame takes as long to make as a full one
    returned = {name: rows for name, (_, rows) in answers.items()}
    told = {name: rows for name, rows in returned.items() if len(rows)} or returned
    said = pd.concat([_said(name, rows) for name, rows in told.items()], ignore_index=True)
    standing = ground.standing[list(KEY)].merge(pd.DataFrame({"rule": list(answers)}), how="cross")
    whole = said.loc[said["department_id"] == WHOLE_REGION, [*KEY, "rule"]]
    every = pd.concat([standing, whole], ignore_index=True).drop_duplicates()
    if every.empty:
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    place = dict(zip(answers, range(len(answers))))
    found = every.merge(said, how="left", on=["rule", *KEY]).assign(place=every["rule"].map(place))
    found = found.sort_values(["place", *KEY], ignore_index=True)
    where = pd.MultiIndex.from_frame(found[["rule", "region_id", "quarter"]])
    lacks = pd.Series(where.map(_missing(answers, ground)), found.index)
    level = found["level"].astype(object).where(found["level"].notna() & (lacks == ""), None)
    is_found = found["is_found"].eq(True)
    answering = pd.MultiIndex.from_frame(ground.answering[list(KEY)])
    silence = pd.Series(
        np.where(pd.MultiIndex.from_frame(found[list(KEY)]).isin(answering), NO_ROW, PASSED_ON), found.index
    )
    of_region = pd.Series(where.map(_covered(answers, ground.quarters)), found.index).astype("Float64")
    found = found.assign(
        status=level.where(level.notna(), NO_DATA),
        note=found["note"].where(is_found, silence).where(level.isna() & (lacks == ""), None),
        missing=lacks.astype(object).where(lacks != "", None),
        evidence=found["evidence"].where(is_found, "{}"),
        covered_quarters=found["covered_quarters"].fillna(of_region),
        n=found["n"].round(),
    )
    return _with_spells(found)[list(COLUMNS)].astype(COLUMNS)


def _said(rule: str, rows: pd.DataFrame) -> pd.DataFrame:
    """What its query returned under names that are the same for all rules; the evidence as JSON."""
    covered = rows["covered_quarters"] if "covered_quarters" in rows else pd.Series(np.nan, rows.index)
    columns = {
        **{name: rows[name].astype(TEXT) for name in KEY},
        **{name: pd.to_numeric(rows[name]).astype("Float64") for name in ("value", "threshold", "n")},
        "level": rows["level"].astype(object),
        "note": rows["note"].astype(object),
        "covered_quarters": pd.to_numeric(covered).astype("Float64"),
        "evidence": pd.Series(
            _evidence(rows.drop(columns=[*RETURNED, *OPTIONAL], errors="ignore")), rows.index, dtype=object
        ),
        "rule": rule,
        "is_found": True,
    }
    return pd.DataFrame(columns, index=rows.index)


def _check_columns(rule: Query, rows: pd.DataFrame) -> None:
    if absent := [name for name in RETURNED if name not in rows.columns]:
        raise QueryFileError(
            f"{rule.path}:{rule.line}: a gap rule returns {', '.join(RETURNED)}; {absent[0]} is absent."
        )
    strange = set(rows["level"].dropna()) - {ALERT, WATCH, OK}
    if strange:
        expected = f"{ALERT}, {WATCH}, {OK} or null"
        raise QueryFileError(f"{rule.path}:{rule.line}: level = {min(strange)!r}; expected {expected}.")
    if rows.duplicated(list(KEY)).any():
        twice = rows.loc[rows.duplicated(list(KEY)), list(KEY)].iloc[0].to_dict()
        raise QueryFileError(f"{rule.path}:{rule.line}: two rows for {twice}; expected one a department and quarter.")


def _missing(answers: Mapping[str, tuple[Query, pd.DataFrame]], ground: Ground) -> dict[tuple[str, str, str], str]:
    """(rule, region, quarter) → the tables and columns of its header that the region has not, parted by commas.

    A table is there if the region has any row of it. A column is there if the files that the quarter stands on have it,
    every one of them: of a table by the quarter those of the rule's window, or where its figures are carried forward
    the last one; of a register all there are. So a column that came into use is judged by from then on, and one that
    was dropped does not live on in what was imported before.
    """
    present = {region: set(rows["table"]) for region, rows in ground.present.groupby("region_id")}
    given: dict[tuple[str, str], dict[str, set[str]]] = {}
    for region, table, period, column in ground.given[["region_id", "table", "period", "column"]].itertuples(False):
        given.setdefault((region, table), {}).setdefault(period, set()).add(column)
    found = {}
    for name, (rule, _) in answers.items():
        for region, quarter in zip(ground.quarters["region_id"], ground.quarters["quarter"]):
            lacks: list[str] = []
            for need in rule.header["tables"]:
                table, _, column = need.partition(".")
                if not column and table not in present.get(region, ()):
                    lacks.append(table)
                # a column of a table that is not there needs no mention of its own
                if column and table in present.get(region, ()):
                    parts = given.get((region, table), {})
                    asked = _asked(table, sorted(parts), quarter, rule.header["window"])
                    if not parts or any(column not in parts[period] for period in asked):
                        lacks.append(need)
            found[name, region, quarter] = ",".join(lacks)
    return found


def _asked(table: str, periods: list[str], quarter: str, window: int) -> list[str]:
    """The periods of the table's files that a rule stands on in the quarter; `periods` is in order."""
    if TABLES[table].partition != "quarter":
        return periods
    known = [period for period in periods if period <= quarter]
    if not TABLES[table].flows:
        return known[-1:]
    last = _ordinal_of(quarter)
    return [period for period in known if _ordinal_of(period) > last - window]


def _covered(
    answers: Mapping[str, tuple[Query, pd.DataFrame]], quarters: pd.DataFrame
) -> dict[tuple[str, str, str], int]:
    """(rule, region, quarter) → how many quarters of its window the region has: what was read, where no query says."""
    places = list(zip(quarters["region_id"], quarters["quarter"], _ordinal(quarters["quarter"])))
    there = {(region, at) for region, _, at in places}
    return {
        (name, region, quarter): sum((region, last - back) in there for back in range(rule.header["window"]))
        for name, (rule, _) in answers.items()
        for region, quarter, last in places
    }


def _ordinal(quarter: pd.Series) -> pd.Series:
    return quarter.str[:4].astype(int) * 4 + quarter.str[5].astype(int)


def _ordinal_of(quarter: str) -> int:
    return int(quarter[:4]) * 4 + int(quarter[5])


def _with_spells(found: pd.DataFrame) -> pd.DataFrame:
    """`found` is ordered by its key. A spell is broken by a quarter without a flag, without data or without figures."""
    who = [found["rule"], found["region_id"], found["department_id"]]
    at = _ordinal(found["quarter"])
    follows = at.groupby(who).diff() == 1
    is_flag = found["status"].isin(FLAGS)
    begins = is_flag & ~(is_flag.groupby(who).shift(fill_value=False) & follows)
    spell = begins.groupby(who).cumsum()
    since = found["quarter"].where(begins).groupby([*who, spell]).transform("first")
    return found.assign(
        previous=found["status"].groupby(who).shift().astype(object).where(follows, None),
        since=since.astype(object).where(is_flag, None),
        spell_quarters=is_flag.astype(int).groupby([*who, spell]).cumsum().where(is_flag, 0),
    )


def _evidence(rows: pd.DataFrame) -> list[str]:
    columns = [_plain_column(rows[name]) for name in rows.columns]
    lines = zip(*columns) if columns else ((),) * len(rows)
    return [json.dumps(dict(zip(rows.columns, line)), ensure_ascii=False) for line in lines]


def _plain_column(column: pd.Series) -> list[Any]:
    """The values as JSON has them; numbers, the most of them, all at once."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.astype(object).where(column.notna(), None).tolist()
    return [_plain(value) for value in column]


def _plain(value: Any) -> Any:
    """As JSON has it: lists stay lists, days become texts, what is not known is null."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or value is pd.NaT or (not isinstance(value, str) and pd.isna(value)):
        return None
    return value.isoformat()[:10] if hasattr(value, "isoformat") else value
