"""Series → what is change and what is noise: control charts as each quarter would have drawn them.

A quarter is judged by what was known up to it: its chart ends with it, and what came later moves no limit of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.judgements.values import FEW
from dashboard.statistics import control_chart, trend

Array = NDArray[np.float64]

SERIES = ["indicator", "variant", "region_id", "department_id"]
MOST_MEMBERS = 0.9  # of the usual number of departments: with fewer a sum is of part of the region
FEW_IN_RUNS = 5  # events: below it, expected and seen, a share's points are steps of one event and no run of them tells
MOST_DECIMALS = 9  # of a count, which is exact, and where nothing says with how many a value is written
LARGE = 1_000  # a denominator from which binomial and Poisson limits are too narrow to be true: Laney's widen them
POINT_COLUMNS = (
    *SERIES,
    "grain",
    "as_of",
    "period",
    "value",
    "mean",
    "lower",
    "upper",
    "point_type",
    "direction",
    "segment",
    "n",
    "is_trial",
    "method",
    "trend",
)


@dataclass(frozen=True)
class Baseline:
    """A person's decision that a series begins anew: a changed process or a changed definition."""

    indicator: str  # '' for every indicator
    department: str  # '' for every department of the region
    start: str  # the first quarter of the new stretch
    on: str  # the day of the decision
    by: str
    reason: str
    region: str = ""  # '' for every region
    note: int = 0  # number of the note in the store that decided it; 0: the settings did

    def concerns(self, series: pd.DataFrame) -> NDArray[np.bool_]:
        is_named = (series["department_id"] == self.department) | (self.department == "")
        is_here = (series["region_id"] == self.region) | (self.region == "")
        is_meant = (series["indicator"] == self.indicator) | (self.indicator == "")
        return (is_meant & is_named & is_here).to_numpy()


def charted(
    rows: pd.DataFrame,
    periods: Sequence[str],
    as_of: dict[str, str],
    targets: dict[str, float],
    baselines: Sequence[Baseline],
    stocks: Collection[str] = (),
    decimals: Mapping[str, int] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The points of every chart, and of each chart's last point what is said of it.

    `rows`: SERIES, period, kind, better, value, numerator, denominator, low, high, note; one row a period of a series.
    `periods`: the calendar without gaps; `as_of`: the last period of each chart → the quarter that draws it.
    `stocks`: indicators of what stands at the end of a period, not of what happened in it. `decimals` of an indicator:
    a point that is as high as its limit where both are written with so many is not beyond it.
    Answers POINT_COLUMNS, and SERIES, period, variation, assurance, trend.
    """
    series = rows[[*SERIES, "kind", "better"]].drop_duplicates(SERIES).reset_index(drop=True)
    number = pd.MultiIndex.from_frame(series[SERIES]).get_indexer(pd.MultiIndex.from_frame(rows[SERIES]))
    at = (number, pd.Index(periods).get_indexer(rows["period"]))

    def dense(column: Array) -> Array:
        spread = np.full((len(series), len(periods)), np.nan)
        spread[at] = column
        return spread

    # part of a quarter is no quarter: a chart would show a fall
    whole = (rows["note"] != "partial_quarter").to_numpy()
    value, up, down, low, high = (
        dense(np.where(whole, rows[name].to_numpy(float), np.nan))
        for name in ("value", "numerator", "denominator", "low", "high")
    )
    quarters = np.array([quarter_of(period) for period in periods], dtype=str)
    segment = np.zeros(value.shape, dtype=int)
    for baseline in baselines:
        segment[np.ix_(baseline.concerns(series), quarters >= baseline.start)] += 1
    target = series["indicator"].map(targets).to_numpy(float)
    kind = series["kind"].to_numpy()
    written = series["indicator"].map(decimals or {}).where(kind != "count").fillna(MOST_DECIMALS).to_numpy(int)
    points = [pd.DataFrame(columns=POINT_COLUMNS, dtype=object)]
    said = [pd.DataFrame(columns=[*SERIES, "period", "variation", "assurance", "trend"], dtype=object)]
    for last, quarter in as_of.items():
        t = periods.index(last) + 1
        drawn = ~np.isnan(value[:, t - 1])
        if not drawn.any():
            continue
        cut = (value[drawn, :t], up[drawn, :t], down[drawn, :t], segment[drawn, :t])
        methods = _methods(kind[drawn], cut[1], cut[2])
        count = _Count.of(kind[drawn], *cut[:3])
        is_census = (series["indicator"][drawn].isin(stocks) & (series["kind"][drawn] == "share")).to_numpy()
        chart = _no_narrower_than_chance(_chart(methods, *cut), count, is_census)
        lines = (chart.mean, chart.lower, chart.upper, chart.near_lower, chart.near_upper)
        kinds, sides = control_chart.point_types(chart.values, *lines, segment=cut[3])
        kinds = count.judged(kinds, chart, is_census)
        kinds = np.where((kinds == "astronomical") & ~_is_seen(chart, written[drawn]), "common", kinds)
        own = series[drawn].reset_index(drop=True)
        direction = control_chart.variation(kinds, sides, own["better"].to_numpy()[:, None])
        recent = trend.recent_trend(cut[0], low[drawn, :t], high[drawn, :t]).code
        said.append(
            own[SERIES].assign(
                period=last,
                variation=direction[:, -1],
                assurance=control_chart.assurance(
                    chart.lower[:, -1], chart.upper[:, -1], target[drawn], own["better"].to_numpy()
                ),
                trend=recent,
            )
        )
        points.append(_points(own, periods[:t], quarter, chart, kinds, direction, cut[3], methods, recent))
    return pd.concat(points, ignore_index=True), pd.concat(said, ignore_index=True)


@dataclass(frozen=True)
class _Count:
    """What stands behind values that count something: value = scale · events / size; NaN where they count nothing."""

    is_share: NDArray[np.bool_]
    scale: Array
    events: Array
    size: Array

    @classmethod
    def of(cls, kind: NDArray, value: Array, up: Array, down: Array) -> "_Count":
        kind = kind[:, None]
        is_share = kind == "share"
        events = np.where(kind == "count", value, up)
        size = np.select(
            (kind == "count", kind == "rate", is_share),
            (np.where(np.isnan(value), np.nan, 1), down / 100, down),
            np.nan,
        )
        return cls(is_share, np.where(is_share, 100.0, 1.0), events, size)

    def judged(self, kinds: NDArray, chart: control_chart.Chart, is_census: NDArray[np.bool_]) -> NDArray:
        """The types of the points, with less said where few events happened and no more were to be expected.

        There a run is no signal, since the mean of so few divides them unevenly; and nothing is said of counts, nor of
        shares whose limits leave no value outside. Of a share, the events that it misses must not be few either: after
        quarters of 100 % two or three of a thousand are below any mean. A point beyond the exact limits stays a signal;
        a share of all that stands has none such, and where it hardly ever moved its own limits have no width.
        """
        expected = chart.mean / self.scale * self.size
        fewest = np.where(self.is_share, FEW_IN_RUNS, FEW)
        met = np.maximum(self.events, expected) < fewest
        missed = np.maximum(self.size - self.events, self.size - expected) < fewest
        is_few = met | (self.is_share & (self.events <= self.size) & missed)
        is_blind = is_few & (~self.is_share | ((chart.lower <= 0) & (chart.upper >= self.scale)))
        is_beyond = (kinds == "astronomical") & ~is_census[:, None]
        return np.select((is_blind, is_few & (kinds != "") & ~is_beyond), ("", "common"), kinds)


def _is_seen(chart: control_chart.Chart, decimals: NDArray[np.int_]) -> NDArray[np.bool_]:
    """Whether a point is beyond a limit also as the two are written."""
    scale = 10.0 ** decimals[:, None]
    value, lower, upper = (np.round(line * scale) for line in (chart.values, chart.lower, chart.upper))
    return (value < lower) | (value > upper)


def _no_narrower_than_chance(
    chart: control_chart.Chart, count: _Count, is_census: NDArray[np.bool_]
) -> control_chart.Chart:
    """Moving ranges of small counts understate what chance does; in a share of all that stands it has no part."""
    size = np.where(is_census[:, None], np.nan, count.size)
    low, high = control_chart.chance_limits(chart.mean / count.scale, size, count.is_share)
    lower, upper = chart.lower, chart.upper
    lower = np.where(np.isnan(lower), lower, np.fmin(lower, low * count.scale))
    upper = np.where(np.isnan(upper), upper, np.fmax(upper, high * count.scale))
    return replace(
        chart,
        lower=lower,
        upper=upper,
        near_lower=chart.mean - control_chart.NEAR * (chart.mean - lower),
        near_upper=chart.mean + control_chart.NEAR * (upper - chart.mean),
    )


def _methods(kind: NDArray, up: Array, down: Array) -> NDArray:
    """Which chart suits each series; shares above 100 % are no shares, and fit the plain chart only."""
    seen = ~np.isnan(down).all(axis=1)
    middle = np.zeros(len(down))
    middle[seen] = np.nanmedian(down[seen], axis=1)
    is_large = (middle >= LARGE) & np.isin(kind, ("share", "rate"))
    is_proper = ~(up > down).any(axis=1) & ~(np.isnan(up) ^ np.isnan(down)).any(axis=1)
    return np.where(is_large & is_proper & (kind == "share"), "p", np.where(is_large & (kind == "rate"), "u", "xmr"))


def _chart(methods: NDArray, value: Array, up: Array, down: Array, segment: NDArray) -> control_chart.Chart:
    """The charts of all series together, in the unit of their values."""
    names = ("values", "mean", "lower", "upper", "near_lower", "near_upper", "n")
    whole = {name: np.full(value.shape, np.nan) for name in names}
    for method in np.unique(methods):
        own = methods == method
        size = np.where(np.isnan(value[own]) | (down[own] <= 0), np.nan, down[own])
        count = np.where(np.isnan(size), np.nan, up[own])
        match method:
            case "xmr":
                chart, scale = control_chart.xmr(value[own], segment[own]), 1.0
            case "p":
                chart, scale = control_chart.p_chart(count, size, segment[own], laney=True), 100.0
            case _:
                chart, scale = control_chart.u_chart(count, size / 100, segment[own], laney=True), 1.0
        for name in names:
            whole[name][own] = getattr(chart, name) * (1 if name == "n" else scale)
    return control_chart.Chart(**{name: part.astype(int) if name == "n" else part for name, part in whole.items()})


def _points(
    own: pd.DataFrame,
    periods: Sequence[str],
    quarter: str,
    chart: control_chart.Chart,
    kinds: NDArray,
    direction: NDArray,
    segment: NDArray,
    methods: NDArray,
    recent: NDArray,
) -> pd.DataFrame:
    """One row a period of each chart, from its first value on; a period without one stays, as the gap it is.

    The last row of a chart that has no limits yet carries what the last five points say instead.
    """
    n, t = chart.values.shape
    instead = np.full((n, t), "", dtype=recent.dtype)
    instead[:, -1] = np.where(chart.n[:, -1] < control_chart.FEWEST_POINTS, recent, "")
    repeated = own[SERIES].iloc[np.repeat(np.arange(n), t)].reset_index(drop=True)
    begun = np.maximum.accumulate(~np.isnan(chart.values), axis=1).ravel()
    return repeated.assign(
        grain="month" if "-" in periods[0] else "quarter",
        as_of=quarter,
        period=np.tile(np.array(periods), n),
        value=chart.values.ravel(),
        mean=chart.mean.ravel(),
        lower=chart.lower.ravel(),
        upper=chart.upper.ravel(),
        point_type=kinds.ravel(),
        direction=direction.ravel(),
        segment=segment.ravel(),
        n=chart.n.ravel(),
        is_trial=chart.trial.ravel(),
        method=np.repeat(methods, t),
        trend=instead.ravel(),
    )[begun]


def totals(rows: pd.DataFrame, peer_sets: pd.DataFrame) -> pd.DataFrame:
    """The region as a whole ('*') and each kind of department ('*party') as series of their own.

    Counts add up, shares and rates divide their sums, means are averaged. A region's own total row stands for it.
    """
    single = rows[rows["department_id"] != "*"]
    named = peer_sets.rename(columns={"quarter": "period"})[["region_id", "period", "department_id", "category"]]
    of_kind = single.merge(named, on=["region_id", "period", "department_id"])
    of_kind = of_kind[of_kind["category"] != ""]
    parts = [single.assign(department_id="*"), of_kind.assign(department_id="*" + of_kind["category"])]
    summed = pd.concat(parts, ignore_index=True)
    summed = summed[summed["value"].notna()].assign(is_partial=summed["note"] == "partial_quarter")
    by = summed.groupby([*SERIES, "period", "kind", "better"], sort=False)
    found = by.agg(
        total=("value", "sum"), middle=("value", "mean"), is_partial=("is_partial", "any"), members=("value", "size")
    )
    found = found.join(by[["numerator", "denominator"]].sum(min_count=1)).reset_index()
    # a total over half of the departments is no total: its fall would be theirs who did not report
    usual = found.groupby(SERIES)["members"].transform("median")
    is_part = (found["kind"] == "count") & (found["members"] < MOST_MEMBERS * usual)
    found["is_partial"] |= is_part
    with np.errstate(invalid="ignore", divide="ignore"):
        share = 100 * found["numerator"] / found["denominator"].where(found["denominator"] > 0)
    kind = found["kind"]
    value = share.where(kind.isin(("share", "rate")), found["middle"]).where(kind != "count", found["total"])
    found = found.assign(value=value, note=np.where(found["is_partial"], "partial_quarter", None))
    own = rows[rows["department_id"] == "*"]
    stated = pd.MultiIndex.from_frame(own[[*SERIES, "period"]])
    found = found[~pd.MultiIndex.from_frame(found[[*SERIES, "period"]]).isin(stated)]
    return pd.concat([found.drop(columns=["total", "middle", "is_partial", "members"]), own], ignore_index=True)


def quarter_of(period: str) -> str:
    """'2026Q3' of '2026-08'; a quarter is its own."""
    return period if "Q" in period else f"{period[:4]}Q{(int(period[5:7]) + 2) // 3}"


def months_between(months: Sequence[str]) -> list[str]:
    """Every month from the first to the last, in order."""
    if not months:
        return []
    first, last = ((int(month[:4]), int(month[5:7])) for month in (min(months), max(months)))
    at = range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1])
    return [f"{i // 12}-{i % 12 + 1:02}" for i in at]
