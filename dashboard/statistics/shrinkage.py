"""Empirical Bayes: draws small departments towards their peers. For display and forecast, never for score or flag.

A department without exposure, expectation or variance takes no part: NaN.
"""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from dashboard.statistics.funnel import between_variance

Array = NDArray[np.float64]

TOLERANCE, MOST_ROUNDS = 1e-5, 1000
NO_VARIANCE = 1e-12  # of the squared mean; below it, rounding is all that is left


@dataclass(frozen=True)
class Shrunk:
    """estimate: (departments,), between what was observed and `centre`. reliability: 0 all centre, 1 all own value.

    variance: between departments, in squared units of the estimate.
    """

    estimate: Array
    reliability: Array
    centre: float
    variance: float


@dataclass(frozen=True)
class PoissonGamma:
    """estimate, low, high: posterior mean and equal-tailed interval of each relative risk, (departments,).

    nu, alpha: shape and rate of the prior; both infinite, and the interval NaN, where the risks show no spread of
    their own, so that every estimate is their mean.
    """

    estimate: Array
    low: Array
    high: Array
    nu: float
    alpha: float


def marshall(events: ArrayLike, exposure: ArrayLike) -> Shrunk:
    """Global empirical Bayes rates by moments, events per unit of exposure, both (departments,).

    Source: Marshall 1991 Appl. Statist. 40:283; as spdep::EBest.
    """
    events, exposure = np.asarray(events, float), np.asarray(exposure, float)
    known = (exposure > 0) & (events >= 0)
    n, x = events[known], exposure[known]
    if not n.size:
        return _shrunk(known, n, n, np.nan, np.nan)
    rate = n / x
    centre = float(n.sum() / x.sum())
    variance = max(0.0, float(np.sum(x * (rate - centre) ** 2) / x.sum()) - centre / float(x.mean()))
    reliability = variance * x / (variance * x + centre) if variance else np.zeros_like(x)
    return _shrunk(known, rate, reliability, centre, variance)


def normal_normal(mean: ArrayLike, variance: ArrayLike) -> Shrunk:
    """Empirical Bayes means with sampling variances known, both (departments,); centre: the random-effects mean.

    Source: DerSimonian & Laird 1986 for the variance between; Efron & Morris 1975 JASA 70:311 for the shrinkage.
    """
    mean, variance = np.asarray(mean, float), np.asarray(variance, float)
    known = (variance > 0) & np.isfinite(mean)
    y, v = mean[known], variance[known]
    if not y.size:
        return _shrunk(known, y, y, np.nan, np.nan)
    between = between_variance((y - np.average(y, weights=1 / v)) / np.sqrt(v), 1 / v)
    centre = float(np.average(y, weights=1 / (v + between)))
    return _shrunk(known, y, between / (between + v), centre, between)


def poisson_gamma(observed: ArrayLike, expected: ArrayLike, level: float = 0.95) -> PoissonGamma:
    """Relative risks O/E shrunk by a gamma prior that is estimated from all of them, counts (departments,).

    Source: Clayton & Kaldor 1987 Biometrics 43:671; as DCluster::empbaysmooth.
    """
    observed, expected = np.asarray(observed, float), np.asarray(expected, float)
    known = (expected > 0) & (observed >= 0)
    o, e = observed[known], expected[known]
    risk = o / e
    nu, alpha = _gamma_prior(o, e) if o.size > 1 else (np.inf, np.inf)
    if np.isinf(nu):
        centre = risk.mean() if o.size else np.nan
        return PoissonGamma(np.where(known, centre, np.nan), *np.full((2, known.size), np.nan), nu, alpha)
    low, high = (
        scipy.stats.gamma.ppf(tail, o + nu, scale=1 / (e + alpha)) for tail in ((1 - level) / 2, (1 + level) / 2)
    )
    estimate = (o + nu) / (e + alpha)
    return PoissonGamma(*(_spread(known, values) for values in (estimate, low, high)), nu, alpha)


def _gamma_prior(o: Array, e: Array) -> tuple[float, float]:
    """Shape and rate with which the shrunk risks keep their mean and variance; infinite where there are none."""
    mean, variance = float(np.mean(o / e)), float(np.var(o / e, ddof=1))
    for _ in range(MOST_ROUNDS):
        if variance <= NO_VARIANCE * mean**2:
            break
        nu, alpha = mean**2 / variance, mean / variance
        risk = (o + nu) / (e + alpha)
        before = np.array((mean, variance))
        mean = float(risk.mean())
        variance = float(np.sum((1 + alpha / e) * (risk - mean) ** 2) / (o.size - 1))
        after = np.array((mean, variance))
        if np.all(np.abs(after - before) <= TOLERANCE * (after + before)):
            return nu, alpha
    return np.inf, np.inf


def _shrunk(known: NDArray[np.bool_], own: Array, reliability: Array, centre: float, variance: float) -> Shrunk:
    estimate = centre + (own - centre) * reliability
    return Shrunk(_spread(known, estimate), _spread(known, reliability), centre, variance)


def _spread(known: NDArray[np.bool_], values: Array) -> Array:
    """`values` at the places that are known, NaN elsewhere."""
    spread = np.full(known.shape, np.nan)
    spread[known] = values
    return spread
