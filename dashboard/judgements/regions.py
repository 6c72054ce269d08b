"""Figures of several regions against one another: intervals, funnel limits, what lies outside, uncertain places.

Counts, shares and rates alone: whoever rated one county's departments did not rate another's, so scores of two of them
are on two scales, and nothing here takes any.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.judgements.values import JUDGED, REGION, WHOLE_REGION, YEAR, judged_together, with_intervals
from dashboard.statistics import dispersion, ranks

FEWEST = 8  # that are compared: limits of fewer would be their own noise
MOST_PLACED = 60  # places of more are as good as unknown, and take long to find out
SILENT = 7.0  # events that are expected where not one is told: chance makes that once in a thousand times
RATIOS = ("share", "rate")
LIMITS = ("limit_low_95", "limit_high_95", "limit_low_998", "limit_high_998")
LINE = ["indicator", "exposure", "low_95", "high_95", "low_998", "high_998", "benchmark", "tau2", "phi", "n"]
# The key of the funnels, which are told apart by the indicator alone.
KEY = {"variant": "", "region_id": "", "period": "", "window_quarters": YEAR, "scope": REGION, "peer_set": WHOLE_REGION}


def compared(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with value, interval and what is said of each among all of its indicator; and the limits to draw.

    `rows`: indicator, kind, numerator, denominator, takes_part (whether it is one of those compared), and others that
    are kept. Fewer than FEWEST are shown and not judged, and counts never are. Who tells not a single event where
    SILENT or more are expected, `is_silent`, has more likely not reported than been the best: it is shown, moves no
    limit and has no place.
    """
    up, down = rows["numerator"].to_numpy(float), rows["denominator"].to_numpy(float)
    is_ratio = rows["kind"].isin(RATIOS).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(is_ratio, np.where(down > 0, 100 * up / down, np.nan), up)
    valued = with_intervals(rows.assign(value=value, numerator=up, denominator=down))
    is_possible = (rows["kind"] != "share").to_numpy() | (up <= down)  # 120 % is told, and compared with nobody
    is_compared = is_ratio & rows["takes_part"].to_numpy(bool) & ~np.isnan(value) & is_possible
    is_silent = _silent(rows, is_compared)
    is_compared &= ~is_silent
    n_compared = valued["indicator"].map(valued["indicator"][is_compared].value_counts()).fillna(0)
    is_judged = is_compared & (n_compared >= FEWEST).to_numpy()
    judged, lines = judged_together(valued[is_judged].assign(**KEY))
    found = valued.join(judged[list(JUDGED)]).assign(n_compared=n_compared.astype(int), is_silent=is_silent)
    return found, lines.reindex(columns=LINE)


def _silent(rows: pd.DataFrame, is_compared: NDArray[np.bool_]) -> NDArray[np.bool_]:
    is_rate = is_compared & (rows["kind"] == "rate").to_numpy()
    up, down = rows["numerator"].to_numpy(float), rows["denominator"].to_numpy(float)
    of = pd.factorize(rows["indicator"])[0]
    events, exposure = (np.bincount(of, np.where(is_rate, part, 0.0)) for part in (up, down))
    rate = np.divide(events, exposure, out=np.zeros(len(events)), where=exposure > 0)
    return is_rate & (up == 0) & (down * rate[of] >= SILENT)


def placed(rows: pd.DataFrame, quarters: pd.DataFrame, better: str) -> pd.DataFrame:
    """The first and the last place that each may have, `place_low` and `place_high`: simultaneous 95 % sets.

    `rows` of one indicator as `compared` gives them, `quarters` the same regions' numerators and denominators quarter
    by quarter: they tell how much more than chance a region's own figures change, and so much wider are the errors.
    Place 1 is the best; where neither direction is better, where fewer than FEWEST or more than MOST_PLACED are
    compared, and without quarters to compare, there are none.
    """
    among = rows[rows["z_adjusted"].notna()]
    empty = among.iloc[:0].assign(place_low=0, place_high=0)
    if better == "neither" or not FEWEST <= len(among) <= MOST_PLACED:
        return empty
    is_share = among["kind"].iloc[0] == "share"
    spread = _by_quarter(quarters[quarters["region_id"].isin(among["region_id"])])
    phi = (dispersion.of_shares if is_share else dispersion.of_counts)(*spread)
    if np.isnan(phi):
        return empty
    up, down = among["numerator"].to_numpy(float), among["denominator"].to_numpy(float)
    # Anscombe's forms, whose error does not depend on what is estimated
    if is_share:
        mean, variance = np.arcsin(np.sqrt((up + 0.375) / (down + 0.75))), 1 / (4 * down + 2)
    else:
        mean, variance = np.sqrt((up + 0.375) / down), 1 / (4 * down)
    sets = ranks.confidence_sets(mean if better == "higher" else -mean, np.diag(phi * variance))
    return among.assign(place_low=sets.low, place_high=sets.high)


def _by_quarter(quarters: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    wide = [quarters.pivot(index="region_id", columns="quarter", values=name) for name in ("numerator", "denominator")]
    return tuple(one.to_numpy(float) for one in wide)
