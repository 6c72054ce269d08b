"""Counts, shares and rates → judgement rows: windows, intervals, funnel limits and what lies outside them.

A department is judged among its peers and in the whole region; the drawn limit and the flag are the same number.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.statistics import concentration, funnel, intervals, shrinkage

Array = NDArray[np.float64]

METHODS = {"rate": "funnel_counts", "share": "funnel_shares", "count": "poisson", "mean": ""}
METHOD_VERSION = "1"
YEAR = 4  # quarters
REGION, PEERS = "region", "peers"
WHOLE_REGION = "*"
FEW = 3  # events: a rate on fewer, where no more were to be expected, is not ranked
TOP = 5  # departments whose share of all events is told
CHANCE_DRAWS = 500
GRID = 48  # points of a drawn limit
SERIES = ["indicator", "variant", "region_id", "department_id"]
FUNNEL = ["indicator", "variant", "region_id", "period", "window_quarters"]


def windowed(values: pd.DataFrame, standing: pd.DataFrame) -> pd.DataFrame:
    """Each quarter's rows, and beside those of counts, shares and rates the same over the trailing four quarters.

    `values`: SERIES, period, kind, better, value, numerator, denominator, n, note. `standing`: region_id, quarter and
    department_id of who stood when: a department without a row in the last quarter has a year all the same.
    Numerators add up; so do the denominators of shares, while those of rates (staff) are a stock: a quarter of each
    makes staff-years, so that a short window is judged by what it covers. A window that lacks quarters says so.
    """
    single = values.assign(window_quarters=1)
    flows = values[(values["kind"] != "mean") & (values["period"] != "all")]
    if flows.empty:
        return single
    quarters = calendar(flows["period"])
    heads = flows.drop_duplicates(SERIES)[[*SERIES, "kind", "better"]].reset_index(drop=True)
    number = pd.MultiIndex.from_frame(heads[SERIES]).get_indexer(pd.MultiIndex.from_frame(flows[SERIES]))
    at = (number, pd.Index(quarters).get_indexer(flows["period"]))

    def dense(column: NDArray, empty: object = np.nan) -> NDArray:
        spread = np.full((len(heads), len(quarters)), empty)
        spread[at] = column
        return spread

    is_count = (heads["kind"] == "count").to_numpy()[:, None]
    value = dense(flows["value"].to_numpy(float))
    up = np.where(is_count, value, dense(flows["numerator"].to_numpy(float)))
    down = dense(flows["denominator"].to_numpy(float))
    note = dense(flows["note"].to_numpy(object), None)
    known = ~np.isnan(up) & (is_count | ~np.isnan(down))
    n_known = _trailing(known)
    total = np.where(n_known > 0, _trailing(np.where(known, up, 0.0)), np.nan)
    base = _trailing(np.where(known, np.nan_to_num(down), 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        base = np.where((heads["kind"] == "rate").to_numpy()[:, None], base / YEAR, base)
        year = np.where(is_count, total, np.where(base > 0, 100 * total / base, np.nan))
    # who had no leads in a quarter lacks nothing: a share is short only where nobody of the region has any
    of_region = heads.groupby(["indicator", "variant", "region_id"], sort=False).ngroup().to_numpy()
    anybody = np.zeros((of_region.max() + 1, len(quarters)), dtype=bool)
    np.logical_or.at(anybody, of_region, known)
    is_share = (heads["kind"] == "share").to_numpy()[:, None]
    is_short = np.where(is_share, _trailing(anybody)[of_region], n_known) < YEAR
    is_partial = _trailing(note == "partial_quarter") > 0
    said = np.where(is_partial, "partial_quarter", np.where(is_short, "short_window", note))
    said = np.where(np.isnan(year) & (note != None), note, said)  # noqa: E711

    is_row = np.zeros(year.shape, dtype=bool)
    is_row[at] = True
    stood = pd.MultiIndex.from_frame(standing[["region_id", "department_id", "quarter"]])
    for t, quarter in enumerate(quarters):
        here = heads[["region_id", "department_id"]].assign(quarter=quarter)
        is_row[:, t] |= (n_known[:, t] > 0) & pd.MultiIndex.from_frame(here).isin(stood)
    which, when = np.nonzero(is_row)
    n = _trailing(np.where(known, np.nan_to_num(dense(flows["n"].to_numpy(float, na_value=np.nan))), 0.0))
    summed = heads.iloc[which].assign(
        period=np.array(quarters)[when],
        window_quarters=YEAR,
        value=year[is_row],
        numerator=total[is_row],
        denominator=np.where(is_count | (n_known == 0), np.nan, base)[is_row],
        n=pd.array(np.round(n[is_row]), dtype="Int64"),
        note=said[is_row],
    )
    return pd.concat([single, summed], ignore_index=True)


def _trailing(column: NDArray) -> Array:
    """Sums over the last four columns up to each."""
    summed = np.cumsum(np.pad(column.astype(float), ((0, 0), (YEAR, 0))), axis=1)
    return summed[:, YEAR:] - summed[:, :-YEAR]


def with_intervals(rows: pd.DataFrame) -> pd.DataFrame:
    """`low` and `high`, 95 %: Wilson for shares, Poisson for rates and counts; a share above 100 % is none."""
    kind = rows["kind"].to_numpy()
    up, down = rows["numerator"].to_numpy(float), rows["denominator"].to_numpy(float)
    low, high = np.full((2, len(rows)), np.nan)
    is_share, is_rate, is_count = kind == "share", (kind == "rate") & (down > 0), kind == "count"
    proper = is_share & (up <= down)
    low[proper], high[proper] = (100 * end for end in intervals.wilson(up[proper], down[proper]))
    for chosen, base in ((is_rate, down / 100), (is_count, np.ones(len(rows)))):
        counts = np.where(kind == "count", rows["value"], up)[chosen]
        low[chosen], high[chosen] = (end / base[chosen] for end in intervals.poisson_interval(counts))
    return rows.assign(low=low, high=high)


def judged_among(rows: pd.DataFrame, peer_sets: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows once for each scope, with benchmark, limits and outcome; and the limits as lines to draw."""
    is_whole = (rows["department_id"] == WHOLE_REGION).to_numpy()
    own = rows[~is_whole].merge(
        peer_sets[["region_id", "quarter", "department_id", "peer_set"]].rename(columns={"quarter": "period"}),
        how="left",
        on=["region_id", "period", "department_id"],
    )
    sets = own["peer_set"].fillna(WHOLE_REGION).to_numpy(str)
    in_region, region_lines = judged_together(own.assign(scope=REGION, peer_set=WHOLE_REGION))
    among_peers, peer_lines = judged_together(own.assign(scope=PEERS, peer_set=sets))
    # who has too few peers is judged in the whole region, those of other kinds included
    has_none = sets == WHOLE_REGION
    among_peers.loc[has_none, list(JUDGED)] = in_region.loc[has_none, list(JUDGED)]
    peer_lines = peer_lines[peer_lines["peer_set"] != WHOLE_REGION]
    whole = rows[is_whole].assign(scope=REGION, peer_set=WHOLE_REGION)
    return (
        pd.concat([in_region, among_peers, whole], ignore_index=True),
        pd.concat([region_lines, peer_lines], ignore_index=True),
    )


# What judging adds to a row.
JUDGED = {
    "benchmark": "float64",
    "limit_low_95": "float64",
    "limit_high_95": "float64",
    "limit_low_998": "float64",
    "limit_high_998": "float64",
    "z_adjusted": "float64",
    "eb": "float64",
    "outcome": "object",
    "is_few": "bool",
}
LINE_KEY = [*FUNNEL, "scope", "peer_set"]


def judged_together(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each row compared with those of its key and peer set; and a line for each funnel."""
    group = rows.groupby(LINE_KEY, sort=False).ngroup().to_numpy()
    blank = {"float64": np.nan, "object": None, "bool": False}
    judged = {name: np.full(len(rows), blank[kind], dtype=kind) for name, kind in JUDGED.items()}
    means = rows["value"].groupby(group).transform("mean")
    judged["benchmark"][:] = means
    lines = []
    for kind in ("rate", "share"):
        at = np.flatnonzero((rows["kind"] == kind).to_numpy())
        if not len(at):
            continue
        up, down = (rows[name].to_numpy(float)[at] for name in ("numerator", "denominator"))
        number = pd.factorize(group[at])[0]
        found = (funnel.count_funnel if kind == "rate" else funnel.share_funnel)(up, down, number)
        known = np.isfinite(found.z)
        is_alone = np.bincount(number, known)[number] < 2
        # limits of counts are counts; those of shares are shares
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = 100 / down if kind == "rate" else np.full(len(at), 100.0)
        expected = found.expected if kind == "rate" else found.expected * down
        judged["benchmark"][at] = np.where(known, 100 * found.target, np.nan)
        for name in ("low_95", "high_95", "low_998", "high_998"):
            judged[f"limit_{name}"][at] = getattr(found, name) * scale
        judged["z_adjusted"][at] = found.z_adjusted
        is_few = known & (up < FEW) & (expected < FEW)
        judged["outcome"][at] = np.where(known & ~is_alone & ~is_few, found.flag.astype(object), None)
        judged["is_few"][at] = is_few
        if kind == "rate":
            for members in _groups(number):
                own = members[known[members]]
                judged["eb"][at[own]] = 100 * shrinkage.marshall(up[own], down[own]).estimate
        lines.append(_lines(kind, rows.iloc[at][LINE_KEY], number, down, found, known & ~is_alone))
    empty = pd.DataFrame(columns=LINE_KEY)
    return rows.assign(**judged), pd.concat([empty, *lines], ignore_index=True)


def _groups(number: NDArray) -> list[NDArray]:
    """The places of each group's members."""
    order = np.argsort(number, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(number[order])) + 1)


def concentrated(judged: pd.DataFrame) -> pd.DataFrame:
    """How far the events of each rate pile up in few departments, beside what their exposures alone would make."""
    rates = judged[(judged["kind"] == "rate") & judged["z_adjusted"].notna()]
    rows = []
    for key, group in rates.groupby(LINE_KEY, sort=True):
        counts, exposure = group["numerator"].to_numpy(float), group["denominator"].to_numpy(float)
        if len(group) <= TOP or not counts.sum():
            continue
        shares = exposure / exposure.sum()
        by_chance, chance_high = concentration.gini_by_chance(int(counts.sum()), shares, CHANCE_DRAWS)
        first = np.argsort(-counts, kind="stable")[:TOP]
        rows.append(
            dict(zip(LINE_KEY, key))
            | {
                "n": len(group),
                "total": counts.sum(),
                "top_share": concentration.top_share(counts, TOP),
                "top_expected": shares[first].sum(),
                "gini": concentration.gini(counts),
                "gini_by_chance": by_chance,
                "gini_chance_high": chance_high,
            }
        )
    return pd.DataFrame(rows)


def _lines(
    kind: str, keys: pd.DataFrame, number: NDArray, down: Array, found: funnel.Funnel, takes_part: NDArray
) -> pd.DataFrame:
    """The limits of each funnel over its exposures, at points that are evenly spread on a square-root scale."""
    of = pd.DataFrame({"number": number, "down": down, "target": found.target, "tau2": found.tau2, "phi": found.phi})
    each = (
        of[takes_part]
        .groupby("number")
        .agg(
            least=("down", "min"),
            most=("down", "max"),
            target=("target", "first"),
            tau2=("tau2", "first"),
            phi=("phi", "first"),
            n=("down", "size"),
        )
    )
    share = np.linspace(0, 1, GRID)
    first, last = np.sqrt(each["least"].to_numpy() * 0.8), np.sqrt(each["most"].to_numpy() * 1.05)
    grid = (first[:, None] + (last - first)[:, None] * share) ** 2
    if kind == "share":
        grid = np.maximum(np.round(grid), 1)  # of whole numbers, as the shares are
    target, tau2 = (np.repeat(each[name].to_numpy(), GRID).reshape(grid.shape) for name in ("target", "tau2"))
    line = {"exposure": grid.ravel()}
    for name, level in funnel.LEVELS.items():
        if kind == "rate":
            ends = [end * 100 / grid for end in funnel.count_limits(grid * target, tau2, level)]
        else:
            ends = [end * 100 for end in funnel.share_limits(grid, target, tau2, level)]
        line |= {f"low_{name}": ends[0].ravel(), f"high_{name}": ends[1].ravel()}
    heads = keys.iloc[pd.Series(range(len(number))).groupby(number).first().loc[each.index]]
    repeated = heads.reset_index(drop=True).loc[np.repeat(np.arange(len(each)), GRID)].reset_index(drop=True)
    rest = {name: np.repeat(each[name].to_numpy(), GRID) for name in ("tau2", "phi", "n")}
    drawn = repeated.assign(**line, benchmark=100 * target.ravel(), **rest)
    return drawn.drop_duplicates([*LINE_KEY, "exposure"])


def calendar(periods: pd.Series) -> list[str]:
    """Every quarter from the first to the last, also those without a figure."""
    if periods.empty:
        return []
    first, last = periods.min(), periods.max()
    at = range(int(first[:4]) * 4 + int(first[5]) - 1, int(last[:4]) * 4 + int(last[5]))
    return [f"{i // 4}Q{i % 4 + 1}" for i in at]
