"""Intervals of a share and of a count: Wilson, Byar, exact Poisson. A missing value gives a missing interval."""

import functools

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

Ends = tuple[NDArray[np.float64], NDArray[np.float64]]

FIRST_BYAR_COUNT = 10


@functools.cache
def two_sided_z(level: float) -> float:
    """The normal quantile z with P(|Z| ≤ z) = level."""
    return float(scipy.special.ndtri((1 + level) / 2))


Z_95, Z_998 = two_sided_z(0.95), two_sided_z(0.998)


def wilson(numerator: ArrayLike, denominator: ArrayLike, level: float = 0.95) -> Ends:
    """Wilson score interval of a share, low and high in 0..1, any shape that broadcasts.

    NaN where the denominator is not positive or the numerator is not within 0..denominator.
    Source: Wilson 1927 JASA 22:209; as in PHEindicatormethods.
    """
    x, n = np.asarray(numerator, float), np.asarray(denominator, float)
    n = np.where((n > 0) & (x >= 0) & (x <= n), n, np.nan)
    z = two_sided_z(level)
    half = z * np.sqrt(z**2 + 4 * x * (1 - x / n))
    low, high = (2 * x + z**2 - half) / (2 * (n + z**2)), (2 * x + z**2 + half) / (2 * (n + z**2))
    # rounding must not leave the observed share outside, nor an end beyond 0 or 1
    return np.clip(low, 0, x / n), np.clip(high, x / n, 1)


def byar(count: ArrayLike, level: float = 0.95) -> Ends:
    """Byar's approximate interval of a Poisson mean, in counts; the lower end is never below 0.

    NaN where the count is negative. Source: Breslow & Day 1987, IARC Sci. Publ. 82, p. 69; as in PHEindicatormethods.
    """
    x = _counts(count)
    z = two_sided_z(level)
    above_zero = np.where(x == 0, np.nan, x)
    low = above_zero * (1 - 1 / (9 * above_zero) - z / (3 * np.sqrt(above_zero))) ** 3
    high = (x + 1) * (1 - 1 / (9 * (x + 1)) + z / (3 * np.sqrt(x + 1))) ** 3
    return np.where(x == 0, 0.0, np.maximum(low, 0)), high


def poisson_interval(count: ArrayLike, level: float = 0.95) -> Ends:
    """Interval of a Poisson mean, in counts: exact (chi-square) below 10, Byar from 10. Zero has the lower end 0.

    NaN where the count is negative. Source: Garwood 1936 Biometrika 28:437; the change at 10 as in Fingertips.
    """
    x = _counts(count)
    tail = (1 - level) / 2
    # chi-square with no degrees of freedom has no quantile
    low = np.where(x == 0, 0.0, scipy.stats.chi2.ppf(tail, 2 * np.where(x == 0, np.nan, x)) / 2)
    high = scipy.stats.chi2.ppf(1 - tail, 2 * (x + 1)) / 2
    byar_low, byar_high = byar(x, level)
    exact = x < FIRST_BYAR_COUNT
    return np.where(exact, low, byar_low), np.where(exact, high, byar_high)


def _counts(count: ArrayLike) -> NDArray[np.float64]:
    x = np.asarray(count, float)
    return np.where(x >= 0, x, np.nan)
