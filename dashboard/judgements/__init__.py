"""Indicator values and statistics as the one table of judgements that screen, export, API and bulletin read.

Each row is one value with all that is said of it, once for each scope and window. `scores` turns ballots into
standings, `values` judges counts, shares and rates, `changes` tells change from noise.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.catalog import Query
from dashboard.judgements import changes, regions, scores, values
from dashboard.judgements.changes import Baseline
from dashboard.judgements.scores import APPRAISED, Appraisal, Rules, appraised, reweighted

__all__ = [
    "APPRAISED",
    "Appraisal",
    "COLUMNS",
    "INDICATOR_COLUMNS",
    "Baseline",
    "Judged",
    "Rules",
    "appraised",
    "judged",
    "regions",
    "reweighted",
    "typed",
]

# What the SQL file of an indicator returns.
INDICATOR_COLUMNS = frozenset(
    ("region_id", "department_id", "quarter", "variant", "value", "numerator", "denominator", "n", "note")
)
TEXT, NUMBER = "str", "float64"
COLUMNS: dict[str, str] = {
    "indicator": TEXT,
    "variant": TEXT,
    "region_id": TEXT,
    "department_id": TEXT,
    "period": TEXT,
    "scope": TEXT,
    "window_quarters": "int64",
    "peer_set": TEXT,
    "value": NUMBER,
    "numerator": NUMBER,
    "denominator": NUMBER,
    "n": "Int64",
    "unit": TEXT,
    "low": NUMBER,
    "high": NUMBER,
    "benchmark": NUMBER,
    "limit_low_95": NUMBER,
    "limit_high_95": NUMBER,
    "limit_low_998": NUMBER,
    "limit_high_998": NUMBER,
    "z_adjusted": NUMBER,
    "eb": NUMBER,
    "outcome": TEXT,
    "variation": TEXT,
    "assurance": TEXT,
    "trend": TEXT,
    "method": TEXT,
    "method_version": TEXT,
    "is_few": "bool",
    "note": TEXT,
}
FUNNEL_COLUMNS = {
    **dict.fromkeys(("indicator", "variant", "region_id", "period"), TEXT),
    "window_quarters": "int64",
    **dict.fromkeys(("scope", "peer_set"), TEXT),
    **dict.fromkeys(("exposure", "low_95", "high_95", "low_998", "high_998", "benchmark", "tau2", "phi"), NUMBER),
    "n": "int64",
}
CONCENTRATION_COLUMNS = {
    **dict.fromkeys(("indicator", "variant", "region_id", "period"), TEXT),
    "window_quarters": "int64",
    **dict.fromkeys(("scope", "peer_set"), TEXT),
    "n": "int64",
    **dict.fromkeys(("total", "top_share", "top_expected", "gini", "gini_by_chance", "gini_chance_high"), NUMBER),
}
POINT_COLUMNS = {
    **dict.fromkeys(changes.POINT_COLUMNS, TEXT),
    **dict.fromkeys(("value", "mean", "lower", "upper"), NUMBER),
    **dict.fromkeys(("segment", "n"), "int64"),
    "is_trial": "bool",
}
KEY = ["indicator", "variant", "region_id", "department_id", "period"]
FEW = "few"


@dataclass(frozen=True)
class Judged:
    """The judgement table, the limits of its funnels as lines, the points of its control charts, concentrations."""

    rows: pd.DataFrame
    funnels: pd.DataFrame
    points: pd.DataFrame
    concentrations: pd.DataFrame


def typed(frame: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    """The frame with exactly these columns and types, also where it has no rows."""
    return frame.reindex(columns=list(columns)).astype(columns)


def judged(
    found: dict[str, tuple[Query, pd.DataFrame]],
    standings: pd.DataFrame,
    peer_sets: pd.DataFrame,
    months: pd.DataFrame,
    targets: dict[str, float],
    baselines: Sequence[Baseline],
) -> Judged:
    """Everything that is said of the values of all indicators (name → its query and that query's rows).

    `standings`: what the ballots say, in the columns of queries/build/standings.sql. `peer_sets`: region_id, quarter,
    department_id, category, peer_set. `months`: monthly counts in an indicator's columns, `quarter` being '2026-08'.
    """
    rows = _stacked(found)
    if rows.empty:
        kept = (COLUMNS, FUNNEL_COLUMNS, POINT_COLUMNS, CONCENTRATION_COLUMNS)
        return Judged(*(typed(pd.DataFrame(), columns) for columns in kept))
    stocks = {name for name, (query, _) in found.items() if query.header.get("stock")}
    is_stock = rows["indicator"].isin(stocks)
    # what stands at the end of a quarter would be counted four times in a year
    windows = [values.windowed(rows[~is_stock], peer_sets), rows[is_stock].assign(window_quarters=1)]
    by_window = values.with_intervals(pd.concat([part for part in windows if len(part)] or windows, ignore_index=True))
    by_scope, funnels = values.judged_among(by_window, peer_sets)
    concentrations = values.concentrated(by_scope)
    by_scope = _with_standings(by_scope, standings)
    breaks = [*baselines, *_changed_yardsticks(standings)]
    decimals = {name: query.header["decimals"] for name, (query, _) in found.items()}
    charted, points = _charted(by_scope, peer_sets, months, targets, breaks, stocks, decimals)
    by_scope = by_scope.merge(charted, how="left", on=[*KEY, "window_quarters"])
    few = by_scope["is_few"].fillna(False).astype(bool)
    is_mean = by_scope["unit"] == "mean"
    has_no_method = is_mean & by_scope["low"].isna()
    by_scope = by_scope.assign(
        outcome=by_scope["outcome"].where(by_scope["value"].notna()),
        is_few=few,
        note=by_scope["note"].mask(few & by_scope["note"].isna(), FEW),
        method=by_scope["unit"].map(values.METHODS).mask(is_mean, scores.METHOD).mask(has_no_method),
        method_version=pd.Series(values.METHOD_VERSION, by_scope.index).mask(has_no_method),
    )
    return Judged(
        typed(by_scope, COLUMNS),
        typed(funnels, FUNNEL_COLUMNS),
        typed(points, POINT_COLUMNS),
        typed(concentrations, CONCENTRATION_COLUMNS),
    )


def _changed_yardsticks(standings: pd.DataFrame) -> list[Baseline]:
    """A composite of other dimensions is another figure: its chart begins anew where they change."""
    single = standings[~standings["variant"].isin((scores.COMPOSITE, scores.POOLED)) & (standings["quarter"] != "all")]
    found = []
    for region, rows in single.groupby("region_id"):
        of_quarter = rows.groupby("quarter")["variant"].agg(frozenset).sort_index()
        for before, quarter in zip(of_quarter.index, of_quarter.index[1:]):
            if of_quarter[before] != of_quarter[quarter]:
                found.append(Baseline("composite_score", "", quarter, "", "", "dimensions", region))
    return found


def _stacked(found: dict[str, tuple[Query, pd.DataFrame]]) -> pd.DataFrame:
    columns = {
        **dict.fromkeys(("indicator", "variant", "region_id", "department_id", "period", "kind", "better"), TEXT),
        **dict.fromkeys(("value", "numerator", "denominator"), NUMBER),
        "n": "Int64",
        "note": "object",
    }
    parts = [
        rows.rename(columns={"quarter": "period"}).assign(
            indicator=name, kind=query.header["kind"], better=query.header["better"]
        )
        for name, (query, rows) in found.items()
        if len(rows)
    ]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    rows = rows.reindex(columns=list(columns)).astype(columns)
    return rows.assign(note=rows["note"].where(rows["note"].notna(), None))


def _with_standings(rows: pd.DataFrame, standings: pd.DataFrame) -> pd.DataFrame:
    """Scores are judged by what the ballots carry: their interval, and the simultaneous band."""
    indicator = np.where(standings["variant"] == scores.COMPOSITE, "composite_score", "dimension_score")
    # a band is a simultaneous statement; z says how far beyond one department's own error the difference lies
    half = (standings["difference_high"] - standings["difference_low"]) / 2
    ballots = standings.assign(
        indicator=indicator,
        period=standings["quarter"],
        ballot_outcome=standings["band"],
        ballot_benchmark=standings["benchmark"],
        ballot_low=standings["low"],
        ballot_high=standings["high"],
        ballot_z=standings["difference"] / half.where(half > 0) * standings["critical"],
    )
    added = ["ballot_outcome", "ballot_benchmark", "ballot_low", "ballot_high", "ballot_z"]
    rows = rows.rename(columns={"kind": "unit"})
    rows = rows.merge(ballots[[*KEY, "scope", *added]], how="left", on=[*KEY, "scope"])
    is_score = rows["indicator"].isin(("composite_score", "dimension_score")) & rows["ballot_low"].notna()
    for name, own in (("outcome", 0), ("benchmark", 1), ("low", 2), ("high", 3), ("z_adjusted", 4)):
        rows[name] = rows[name].astype(object if name == "outcome" else NUMBER).mask(is_score, rows[added[own]])
    return rows.drop(columns=added)


def _charted(
    by_scope: pd.DataFrame,
    peer_sets: pd.DataFrame,
    months: pd.DataFrame,
    targets: dict[str, float],
    baselines: Sequence[Baseline],
    stocks: set[str],
    decimals: dict[str, int],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The verdicts of the quarterly charts, by KEY and window; and the points of these and of the monthly ones."""
    needed = [*KEY, "kind", "better", "value", "numerator", "denominator", "low", "high", "note"]
    is_series = (by_scope["scope"] == values.REGION) & (by_scope["window_quarters"] == 1)
    rows = by_scope[is_series].rename(columns={"unit": "kind"})[needed]
    periods = values.calendar(rows["period"])
    every = _and_totals(rows, peer_sets)
    points, said = changes.charted(every, periods, dict(zip(periods, periods)), targets, baselines, stocks, decimals)
    verdicts = said.assign(window_quarters=1)
    for name in ("variation", "assurance", "trend"):
        verdicts[name] = verdicts[name].astype(object).where(verdicts[name] != "", None)
    if months.empty:
        return verdicts, points
    by_month = values.with_intervals(months.rename(columns={"quarter": "period"}))
    named = sorted(by_month["period"].unique())
    quarters = pd.DataFrame({"month": named, "quarter": map(changes.quarter_of, named)}, dtype=TEXT)
    of_month = peer_sets.astype({"quarter": TEXT}).merge(quarters, on="quarter")
    every = _and_totals(by_month[needed], of_month.drop(columns="quarter").rename(columns={"month": "quarter"}))
    as_of = {month: changes.quarter_of(month) for month in named}
    last = {month: quarter for month, quarter in as_of.items() if month == max(m for m in as_of if as_of[m] == quarter)}
    monthly, _ = changes.charted(every, changes.months_between(named), last, {}, baselines, (), decimals)
    return verdicts, pd.concat([points, monthly], ignore_index=True)


def _and_totals(rows: pd.DataFrame, peer_sets: pd.DataFrame) -> pd.DataFrame:
    summed = values.with_intervals(changes.totals(rows, peer_sets))
    return pd.concat([rows[rows["department_id"] != values.WHOLE_REGION], summed], ignore_index=True)
