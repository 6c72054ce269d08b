"""Composite indices: normalisation, weighted means with gaps, and how far the ranks hang on the weights.

Values are (J departments, D dimensions), a gap is NaN. OECD/JRC 2008, Handbook on Constructing Composite Indicators
(ISBN 978-92-64-04345-9); the formulas are those of COINr (Becker et al. 2022, J. Open Source Softw. 7:4567).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.statistics.ranks import Sets, rank_interval, ranks

Array = NDArray[np.float64]


def minmax(values: ArrayLike, direction: ArrayLike = 1, scale: float = 100) -> Array:
    """(d·x − min) / (max − min) · scale over departments (first axis); direction d is -1 where less is better.

    Every value moves when an extreme one does: for a series over quarters use `goalposts`. NaN where all are alike.
    """
    directed = np.asarray(direction) * np.asarray(values, dtype=float)
    low, high = np.fmin.reduce(directed, axis=0), np.fmax.reduce(directed, axis=0)
    return scale * (directed - low) / np.where(high > low, high - low, np.nan)


def goalposts(
    values: ArrayLike, low: ArrayLike, high: ArrayLike, direction: ArrayLike = 1, scale: float = 100
) -> Array:
    """Share of the way from `low` to `high`, kept within 0 and `scale`; counted from `high` where direction is -1."""
    share = np.clip((np.asarray(values, dtype=float) - low) / np.subtract(high, low), 0, 1)
    return scale * np.where(np.asarray(direction) < 0, 1 - share, share)


def zscore(values: ArrayLike) -> Array:
    """Distance from the mean of the departments (first axis) in standard deviations (n − 1)."""
    values = np.asarray(values, dtype=float)
    from_mean = values - _average(values, axis=0)
    n = np.count_nonzero(~np.isnan(values), axis=0)
    sd = np.sqrt(np.nansum(from_mean**2, axis=0) / np.where(n > 1, n - 1, np.nan))
    return from_mean / np.where(sd > 0, sd, np.nan)


def percentile_rank(values: ArrayLike) -> Array:
    """Share of the other departments (first axis) with a lower value, 0 to 1."""
    values = np.asarray(values, dtype=float)
    others = np.count_nonzero(~np.isnan(values), axis=0) - 1
    return (ranks(-values.T).T - 1) / np.where(others > 0, others, np.nan)


def distance_to_target(values: ArrayLike, target: ArrayLike) -> Array:
    """Share of the way from the lowest department (first axis) to `target`; above 1 beyond it."""
    values = np.asarray(values, dtype=float)
    low = np.fmin.reduce(values, axis=0)
    return (values - low) / (target - low)


def arithmetic(values: ArrayLike, weights: ArrayLike, coverage: float = 0) -> Array:
    """Σ w x / Σ w over the dimensions present (last axis); a deficit can be made up for elsewhere.

    NaN where less than `coverage` of the dimensions that bear weight is present. Weights broadcast against values.
    """
    return _mean(np.asarray(values, dtype=float), weights, coverage)


def geometric(values: ArrayLike, weights: ArrayLike, coverage: float = 0) -> Array:
    """exp(Σ w ln x / Σ w): a deficit can be made up for in part. One zero makes it zero, a negative value NaN."""
    values = np.asarray(values, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.exp(_mean(np.log(values), weights, coverage))
    return np.where((values < 0).any(axis=-1), np.nan, mean)


def harmonic(values: ArrayLike, weights: ArrayLike, coverage: float = 0) -> Array:
    """Σ w / Σ (w / x): a deficit weighs most. One zero makes it zero, a negative value NaN."""
    values = np.asarray(values, dtype=float)
    with np.errstate(divide="ignore"):
        mean = 1 / _mean(1 / values, weights, coverage)
    return np.where((values < 0).any(axis=-1), np.nan, mean)


def red_line(values: ArrayLike, floor: ArrayLike) -> NDArray[np.bool_]:
    """Whether any dimension present (last axis) is below its floor: a gate shown beside the index, no hidden weight."""
    return (np.asarray(values, dtype=float) < floor).any(axis=-1)


def one_at_a_time(values: ArrayLike, weights: ArrayLike, coverage: float = 0) -> Array:
    """Ranks with one weight halved or raised by half at a time, (D, 2, J)."""
    weights = np.asarray(weights, dtype=float)
    varied = np.where(np.eye(weights.size, dtype=bool)[:, None], np.array([0.5, 1.5])[:, None], 1) * weights
    return ranks(arithmetic(values, varied[:, :, None], coverage))


def leave_one_out(values: ArrayLike, weights: ArrayLike, coverage: float = 0) -> Array:
    """Ranks without one dimension at a time, (D, J)."""
    weights = np.asarray(weights, dtype=float)
    kept = weights * ~np.eye(weights.size, dtype=bool)
    return ranks(arithmetic(values, kept[:, None], coverage))


def weight_interval(
    values: ArrayLike,
    weights: ArrayLike,
    spread: float = 0.25,
    draws: int = 1_500,
    seed: int = 0,
    level: float = 0.95,
    coverage: float = 0,
) -> Sets:
    """Percentile interval of the ranks where each weight is multiplied by U(1 − spread, 1 + spread), (J,).

    Saisana, Saltelli & Tarantola 2005 (J. R. Stat. Soc. A 168:307). It says what hangs on the choice of weights, not
    on who was asked: shown beside the interval of sampling, never added to it.
    """
    weights = np.asarray(weights, dtype=float)
    factor = np.random.default_rng(seed).uniform(1 - spread, 1 + spread, size=(draws, weights.size))
    return rank_interval(arithmetic(values, (weights * factor)[:, None], coverage), level)


def mean_rank_shift(found: ArrayLike, reference: ArrayLike) -> Array:
    """R̄_S: the mean distance of ranks (…, J) from the reference ranks (J,), over the departments that have both."""
    return _average(np.abs(np.asarray(found, dtype=float) - reference), axis=-1)


def _average(values: Array, axis: int) -> Array:
    n = np.count_nonzero(~np.isnan(values), axis=axis)
    return np.nansum(values, axis=axis) / np.where(n > 0, n, np.nan)


def _mean(values: Array, weights: ArrayLike, coverage: float) -> Array:
    bears = np.asarray(weights, dtype=float) > 0
    values, weights, bears = np.broadcast_arrays(values, weights, bears)
    counted = bears & ~np.isnan(values)
    weight = np.where(counted, weights, 0)
    enough = counted.any(axis=-1) & (counted.sum(axis=-1) >= coverage * bears.sum(axis=-1) - 1e-9)
    weighted = (weight * np.where(counted, values, 0)).sum(axis=-1)
    return np.divide(weighted, weight.sum(axis=-1), out=np.full(enough.shape, np.nan), where=enough)
