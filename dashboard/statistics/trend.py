"""The recent trend: do the last five points go up or down by more than their uncertainty?

Source: Fingertips (England's Office for Health Improvement and Disparities), recent trends of indicators other than
proportions; TrendMarkerCalculator.cs in github.com/dhsc-govuk/FingertipsNext.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

POINTS = 5
WIDTH_OF_95 = 3.92  # standard errors in the width of a 95% interval, as the source has it
LEAST_CHI2 = 9.54953570608324  # 99.8% of chi-squared with one degree of freedom
SLACK = 1e-12  # of the largest difference of values: a slope below it is a rounded zero

# all five points first, then each left out in turn
KEPT = np.vstack([np.ones(POINTS, dtype=bool), ~np.eye(POINTS, dtype=bool)])


@dataclass(frozen=True)
class RecentTrend:
    """Each of shape (...): `slope` in units per period; `chi2`; `code` "increasing" | "decreasing" | "none" | ""."""

    slope: NDArray[np.float64]
    chi2: NDArray[np.float64]
    code: NDArray[np.str_]


def recent_trend(values: ArrayLike, low: ArrayLike, high: ArrayLike) -> RecentTrend:
    """The weighted straight line through the last five of T points, all arguments of shape (..., T).

    `low` and `high` bound the 95% interval of each value and give its weight. A trend needs (slope / its standard
    error)² over 9.55 and slopes of one sign when any one point is left out; a slope of zero counts as positive there.
    "" and NaN where it cannot be computed: fewer than five points, one missing, an interval missing or without width.
    """
    values, low, high = (np.asarray(part, dtype=float)[..., -POINTS:] for part in (values, low, high))
    shape = np.broadcast_shapes(values.shape, low.shape, high.shape)
    if shape[-1] < POINTS:
        nothing = np.full(shape[:-1], np.nan)
        return RecentTrend(nothing, nothing, np.full(shape[:-1], "", dtype="<U10"))
    computable = (~np.isnan(values) & (high > low)).all(axis=-1)
    width = np.where(computable[..., None], high - low, np.nan)
    y = values - values[..., -1:]
    weight = KEPT * ((WIDTH_OF_95 / width) ** 2)[..., None, :]
    x = np.arange(1, POINTS + 1) - (weight @ np.arange(1, POINTS + 1) / weight.sum(axis=-1))[..., None]
    information = (weight * x**2).sum(axis=-1)
    slopes = (weight * x * y[..., None, :]).sum(axis=-1) / information
    slopes = np.where(np.abs(slopes) > SLACK * np.abs(y).max(axis=-1, keepdims=True), slopes, 0 * slopes)
    slope = slopes[..., 0]
    chi2 = slope**2 * information[..., 0]
    falls = slopes < 0
    steady = falls.all(axis=-1) | ~falls.any(axis=-1)
    conditions = (~computable, ~steady | ~(chi2 > LEAST_CHI2), slope > 0)
    return RecentTrend(slope, chi2, np.select(conditions, ("", "none", "increasing"), "decreasing"))
