"""Funnels: does a count, share or mean stand out from what its exposure leads one to expect among its peers?

The line that is drawn and the flag that is given come from the same numbers. A department whose exposure is unknown
or zero takes no part: NaN in every array, "" as its flag.

Source: Spiegelhalter 2005 Stat. Med. 24:1185 (exact limits A.1.1, winsorising, additive over-dispersion).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from dashboard.statistics.intervals import Ends, two_sided_z

Array = NDArray[np.float64]

LEVELS = {"95": 0.95, "998": 0.998}
WINSORISED = (0.1, 0.9)
SMALL = 5  # an expected count below this bears no flag by the limits alone


@dataclass(frozen=True)
class Funnel:
    """One value a department, in the order given. `expected`, limits and observed values share one scale.

    flag: low_998, low_95, in, high_95, high_998, or "" for a department that took no part.
    p_high, p_low: one-sided probabilities of the observed value or a more extreme one, before over-dispersion.
    phi: mean squared winsorised z (NaN without departments). tau2: variance between departments, on the scale
    of the transformation. target: the peers' rate, share or mean. Each is one number, or one a department where
    several groups are judged together, each among its own.
    """

    expected: Array
    z: Array
    z_adjusted: Array
    low_95: Array
    high_95: Array
    low_998: Array
    high_998: Array
    flag: NDArray[np.str_]
    p_high: Array
    p_low: Array
    phi: float | Array
    tau2: float | Array
    target: float | Array


def count_funnel(observed: ArrayLike, exposure: ArrayLike, group: ArrayLike | None = None) -> Funnel:
    """Funnel of counts for exposures in any one unit, both (departments,); limits in counts, target a rate.

    `group`, integers from 0 (departments,), makes a funnel of its own of each group.

    Square-root form, Y = √(O/E), s = 1/(2√E), which bears zero counts. Below 5 expected an upper flag must also pass
    the exact Poisson tail, and a lower flag is not given. Source: Spiegelhalter 2005; the form is the CQC's.
    """
    observed, exposure = np.asarray(observed, float), np.asarray(exposure, float)
    known = (exposure > 0) & (observed >= 0)
    target = _ratio(observed, exposure, known, group)
    expected = np.where(known, exposure * target, np.nan)
    p_high, p_low = scipy.stats.poisson.sf(observed - 1, expected), scipy.stats.poisson.cdf(observed, expected)
    small = expected < SMALL
    return _funnel(
        value=observed,
        expected=expected,
        z=2 * (np.sqrt(observed) - np.sqrt(expected)),
        precision=4 * expected,
        tails=(p_high, p_low),
        must_pass=(np.where(small, p_high, 0), np.where(small, 1, 0)),
        limits=lambda tau2, level: count_limits(expected, tau2, level),
        target=target,
        group=group,
    )


def share_funnel(numerator: ArrayLike, denominator: ArrayLike, group: ArrayLike | None = None) -> Funnel:
    """Funnel of shares, both whole numbers (departments,); limits and target in 0..1. `group` as in `count_funnel`.

    Arcsine form, Y = asin√(r/n), s = 1/(2√n). Where fewer than 5 are expected inside or outside the numerator, a flag
    must also pass the exact binomial tail. A numerator outside 0..denominator takes no part.
    Source: Spiegelhalter 2005; FunnelPlotR type PR.
    """
    r, n = np.asarray(numerator, float), np.asarray(denominator, float)
    known = (n > 0) & (r >= 0) & (r <= n)
    target = _ratio(r, n, known, group)
    r, n = np.where(known, r, np.nan), np.where(known, n, np.nan)
    p_high, p_low = scipy.stats.binom.sf(r - 1, n, target), scipy.stats.binom.cdf(r, n, target)
    small = n * np.minimum(target, 1 - target) < SMALL
    return _funnel(
        value=r / n,
        expected=np.where(known, target, np.nan),
        z=2 * np.sqrt(n) * (np.arcsin(np.sqrt(r / n)) - np.arcsin(np.sqrt(target))),
        precision=4 * n,
        tails=(p_high, p_low),
        must_pass=(np.where(small, p_high, 0), np.where(small, p_low, 0)),
        limits=lambda tau2, level: share_limits(n, target, tau2, level),
        target=target,
        group=group,
    )


def mean_funnel(mean: ArrayLike, standard_error: ArrayLike, target: float) -> Funnel:
    """Funnel of means around `target`, both (departments,) in one unit; a standard error of 0 takes no part.

    Source: Spiegelhalter 2005, with the identity for a transformation.
    """
    mean, error = np.asarray(mean, float), np.asarray(standard_error, float)
    error = np.where(error > 0, error, np.nan)
    z = (mean - target) / error
    nothing = np.zeros_like(z)
    return _funnel(
        value=mean,
        expected=np.where(np.isfinite(z), target, np.nan),
        z=z,
        precision=error**-2.0,
        tails=(scipy.stats.norm.sf(z), scipy.stats.norm.cdf(z)),
        must_pass=(nothing, nothing),
        limits=lambda tau2, level: _around(target, two_sided_z(level) * np.sqrt(error**2 + tau2)),
        target=target,
    )


def count_limits(expected: ArrayLike, tau2: ArrayLike, level: float) -> Ends:
    """Low and high limit of a count; never below 0, never on the same side of expected. Both arguments broadcast.

    tau2 = 0: interpolated exact Poisson quantiles; else E (1 ∓ z√(1/4E + τ²))². Source: Spiegelhalter 2005.
    """
    expected, tau2 = np.broadcast_arrays(np.asarray(expected, float), np.asarray(tau2, float))
    # √E is taken inside, so that nothing is expected of no exposure
    low, high = _around(np.sqrt(expected), two_sided_z(level) * np.sqrt(0.25 + expected * tau2))
    low, high = np.maximum(low, 0) ** 2, np.atleast_1d(high**2)
    low = np.atleast_1d(low)
    exact = np.atleast_1d(tau2 == 0)
    if exact.any():
        mean = np.atleast_1d(expected)[exact]
        below, above = (_interpolated_quantile(scipy.stats.poisson, tail, mean) for tail in _tails(level))
        low[exact], high[exact] = np.maximum(below, 0), np.maximum(above, mean)
    return low.reshape(expected.shape), high.reshape(expected.shape)


def share_limits(n: ArrayLike, p0: ArrayLike, tau2: ArrayLike, level: float) -> Ends:
    """Low and high limit of a share in 0..1 around p0, for whole numbers n (NaN where 0). All arguments broadcast.

    tau2 = 0: interpolated exact binomial quantiles; else sin²(asin√p0 ∓ z√(1/4n + τ²)). Source: Spiegelhalter 2005.
    """
    n, p0, tau2 = np.broadcast_arrays(*(np.asarray(part, float) for part in (n, p0, tau2)))
    n = np.where(n > 0, n, np.nan)
    angles = _around(np.arcsin(np.sqrt(p0)), two_sided_z(level) * np.sqrt(0.25 / n + tau2))
    # the sine would fold back what lies beyond 0 or a right angle
    low, high = (np.atleast_1d(np.sin(np.clip(angle, 0, np.pi / 2)) ** 2) for angle in angles)
    exact = np.atleast_1d(tau2 == 0)
    if exact.any():
        m, p = np.atleast_1d(n)[exact], np.atleast_1d(p0)[exact]
        below, above = (_interpolated_quantile(scipy.stats.binom, tail, m, p) / m for tail in _tails(level))
        low[exact], high[exact] = np.clip(below, 0, p), np.clip(above, p, 1)
    return low.reshape(n.shape), high.reshape(n.shape)


def winsorise(z: Array) -> Array:
    """z drawn in to its own 10 % and 90 % quantiles, so that outliers do not hide themselves. Same shape."""
    return np.clip(z, *np.quantile(z, WINSORISED)) if z.size else z


def between_variance(z: Array, precision: Array) -> float:
    """Additive variance τ² between departments by moments, from z and 1/s² (departments,); 0 below two of them.

    τ² = (Σz² − (I−1)) / (Σw − Σw²/Σw), w = 1/s². Source: DerSimonian & Laird 1986 Contr. Clin. Trials 7:177.
    """
    excess = float(np.sum(z**2)) - (z.size - 1)
    if z.size < 2 or excess <= 0:
        return 0.0
    total = float(precision.sum())
    spread = total - float((precision**2).sum()) / total
    # one that is known beyond all others leaves nothing to tell a spread by
    return excess / spread if spread > 0 else 0.0


def _funnel(
    value: Array,
    expected: Array,
    z: Array,
    precision: Array,
    tails: tuple[Array, Array],
    must_pass: tuple[Array, Array],
    limits: Callable[[float | Array, float], Ends],
    target: float | Array,
    group: ArrayLike | None = None,
) -> Funnel:
    """`must_pass`: probabilities for a high and a low flag that must not exceed the level's tail, too."""
    known = np.isfinite(z)
    if group is None:
        phi, tau2 = _spread(z[known], precision[known])
    else:
        phi, tau2 = np.full(z.shape, np.nan), np.zeros(z.shape)
        number = np.asarray(group)
        order = np.argsort(number, kind="stable")
        for members in np.split(order, np.flatnonzero(np.diff(number[order])) + 1):
            own = members[known[members]]
            phi[members], tau2[members] = _spread(z[own], precision[own])
    flag = np.where(known, "in", "").astype("<U8")
    ends = {}
    for name, level in LEVELS.items():
        low, high = limits(tau2, level)
        tail, _ = _tails(level)
        flag[(value < low) & (must_pass[1] <= tail)] = f"low_{name}"
        flag[(value > high) & (must_pass[0] <= tail)] = f"high_{name}"
        ends |= {f"low_{name}": low, f"high_{name}": high}
    return Funnel(
        expected=expected,
        z=z,
        z_adjusted=z / np.sqrt(1 + tau2 * precision),
        flag=flag,
        p_high=tails[0],
        p_low=tails[1],
        phi=phi,
        tau2=tau2,
        target=target,
        **ends,
    )


def _interpolated_quantile(distribution: "scipy.stats.rv_discrete", tail: float, *shape: ArrayLike) -> Array:
    """r − (P(R ≤ r) − α) / P(R = r) with r the least whole number for which P(R ≤ r) ≥ α."""
    r = distribution.ppf(tail, *shape)
    return r - (distribution.cdf(r, *shape) - tail) / distribution.pmf(r, *shape)


def _tails(level: float) -> tuple[float, float]:
    return (1 - level) / 2, (1 + level) / 2


def _around(centre: Array | float, half: Array) -> Ends:
    return centre - half, centre + half


def _spread(z: Array, precision: Array) -> tuple[float, float]:
    """φ and τ² of one set of departments."""
    trimmed = winsorise(z)
    return float(np.mean(trimmed**2)) if z.size else np.nan, between_variance(trimmed, precision)


def _ratio(numerator: Array, denominator: Array, known: NDArray, group: ArrayLike | None) -> float | Array:
    """Σ numerator / Σ denominator over those that take part: of all, or for each department of its group."""
    if group is None:
        return float(numerator[known].sum() / denominator[known].sum()) if known.any() else np.nan
    number = np.asarray(group)
    above, below = (np.bincount(number, np.where(known, part, 0.0)) for part in (numerator, denominator))
    return np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)[number]
