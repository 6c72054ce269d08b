"""Ranks and what can be said of them: intervals, confidence sets, bands, evidence that is still missing.

Rank 1 is the highest value. Departments are the last axis; one without a value (NaN) is left out of everything and
gets NaN, or -1 where ranks are whole numbers.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

TIE = 1e-12  # of the largest value: what arithmetic on equal scores can differ by
LEFT_OUT = -1
BOUND_GROUPS = 16


class Sets(NamedTuple):
    """The best and the worst rank that each department may have, (J,)."""

    low: Whole
    high: Whole


class Bands(NamedTuple):
    """Each department against the mean of its peers, (J,): see `bands`."""

    difference: Array
    low: Array
    high: Array
    code: NDArray[np.str_]  # "above", "none", "below"; "" where there is nobody to compare with
    critical: float


def ranks(values: ArrayLike, omega: float = 0.0) -> Array:
    """ω·#{x_k ≥ x_j} + (1 − ω)·#{x_k > x_j} + 1 − ω: ties get the best (0), middle (½) or worst (1) rank.

    Mogstad, Romano, Shaikh & Wilhelm 2024 (Rev. Econ. Stud. 91:476), as in csranks::irank.
    """
    values = np.asarray(values, dtype=float)
    order = np.argsort(-values, axis=-1)
    ordered = np.take_along_axis(values, order, axis=-1)
    n = values.shape[-1]
    if not n:
        return values.copy()
    largest = np.abs(np.where(np.isnan(values), 0, values)).max(axis=-1, keepdims=True)
    first = np.ones(values.shape, dtype=bool)
    first[..., 1:] = ~(ordered[..., :-1] - ordered[..., 1:] <= TIE * largest)
    last = np.ones(values.shape, dtype=bool)
    last[..., :-1] = first[..., 1:]
    place = np.arange(1, n + 1)
    best = np.maximum.accumulate(np.where(first, place, 0), axis=-1)
    worst = np.minimum.accumulate(np.where(last, place, n)[..., ::-1], axis=-1)[..., ::-1]
    found = np.empty(values.shape)
    np.put_along_axis(found, order, omega * worst + (1 - omega) * best, axis=-1)
    found[np.isnan(values)] = np.nan
    return found


def rank_interval(draws: ArrayLike, level: float = 0.95) -> Sets:
    """Percentile interval of the ranks over draws (B, J), as whole ranks: quantiles are of type 1 (inverted cdf).

    Goldstein & Spiegelhalter 1996 (J. R. Stat. Soc. A 159:385). Near-ties make it too short: what names winners and
    losers uses `confidence_sets`.
    """
    found = np.sort(ranks(draws), axis=0)
    n = np.count_nonzero(~np.isnan(found), axis=0)
    outside = (1 - level) / 2
    ends = []
    for share in (outside, 1 - outside):
        place = np.ceil(np.round(share * n, 6)).astype(int).clip(min=1) - 1
        at = np.take_along_axis(found, place[None], axis=0)[0]
        ends.append(np.where(n > 0, at, LEFT_OUT).astype(np.int64))
    return Sets(*ends)


def chance_of_top(draws: ArrayLike, k: int) -> Array:
    """Share of the draws (B, J) in which a department is among the best k, (J,)."""
    found = ranks(draws)
    present = np.count_nonzero(~np.isnan(found), axis=0)
    among = np.count_nonzero(found <= k, axis=0)
    return np.divide(among, present, out=np.full(present.shape, np.nan), where=present > 0)


def chance_of_bottom(draws: ArrayLike, k: int) -> Array:
    """Share of the draws (B, J) in which a department is among the worst k of that draw, (J,)."""
    return chance_of_top(-np.asarray(draws, dtype=float), k)


def expected_rank(mean: ArrayLike, covariance: ArrayLike) -> Array:
    """1 + Σ_k Φ((θ_k − θ_j) / σ_jk), (J,), for estimates that are jointly normal (Goldstein & Spiegelhalter 1996)."""
    mean, covariance, kept = _present(mean, covariance)
    error = _errors_of_differences(covariance)
    difference = mean[:, None] - mean
    above = np.where(
        error > 0, scipy.special.ndtr(difference * _inverse(error)), (difference > 0) + (difference == 0) / 2
    )
    found = np.full(kept.size, np.nan)
    found[kept] = 0.5 + above.sum(axis=0)
    return found


def confidence_sets(
    mean: ArrayLike,
    covariance: ArrayLike,
    level: float = 0.95,
    draws: int = 20_000,
    seed: int = 0,
    df: float | None = None,
    noise: NDArray[np.float32] | None = None,
) -> Sets:
    """Simultaneous confidence sets for all ranks: stepdown over all differences of two departments.

    Mogstad et al. 2024 (Rev. Econ. Stud. 91:476), algorithm 3.2; `df` makes it multivariate t. The chance that any
    true rank lies outside its set is at most 1 − level. `noise`, (J, draws) of `joint_errors`, spares drawing anew.
    """
    mean, covariance, kept = _present(mean, covariance)
    if not mean.size:
        return _filled(mean, mean, kept)
    error = _errors_of_differences(covariance)
    noise = joint_errors(covariance, draws, seed, df) if noise is None else noise[kept]
    weight = _inverse(error).astype(np.float32)
    bound = _bound(noise, weight)

    def quantile(left: Mask) -> float:
        nonlocal bound
        bound = _resolved(bound, noise, np.where(left, weight, 0), level)
        return float(np.quantile(bound, level))

    rejected = _stepdown(_studentised(mean, error), quantile)
    return _filled(1 + rejected.sum(axis=0), mean.size - rejected.sum(axis=1), kept)


def marginal_sets(
    mean: ArrayLike,
    covariance: ArrayLike,
    level: float = 0.95,
    draws: int = 20_000,
    seed: int = 0,
    df: float | None = None,
) -> Sets:
    """Confidence sets for the rank of one department at a time: shorter, and not for statements about several."""
    mean, covariance, kept = _present(mean, covariance)
    error = _errors_of_differences(covariance)
    statistic, weight = _studentised(mean, error), _inverse(error).astype(np.float32)
    noise = joint_errors(covariance, draws, seed, df)
    better, worse = np.zeros(mean.size, dtype=int), np.zeros(mean.size, dtype=int)
    for j in range(mean.size):
        difference = (noise[j] - noise) * weight[j, :, None]

        def quantile(left: Mask, difference: NDArray[np.float32] = difference) -> float:
            higher, lower = difference[left[0]], difference[left[1]]
            largest = np.maximum(higher.max(axis=0, initial=0), -lower.min(axis=0, initial=0))
            return float(np.quantile(largest, level))

        worse[j], better[j] = _stepdown(np.stack([statistic[j], -statistic[j]]), quantile).sum(axis=1)
    return _filled(1 + better, mean.size - worse, kept)


def multinomial_sets(counts: ArrayLike, level: float = 0.95) -> Sets:
    """Simultaneous sets for the ranks of counts of one total, exact: binomial tests of all pairs, Holm correction.

    Bazylik, Mogstad, Romano, Shaikh & Wilhelm 2021 (NBER w29519). Rank 1 is the largest count; `counts` (J,).
    """
    counts = np.asarray(counts, dtype=float)
    kept = ~np.isnan(counts)
    x = counts[kept]
    pairs = ~np.eye(x.size, dtype=bool)
    tail = scipy.stats.binom.sf(x[:, None] - 1, x[:, None] + x, 0.5)[pairs]
    order = np.argsort(tail)
    passed = tail[order] <= (1 - level) / (tail.size - np.arange(tail.size))
    holds = np.zeros(tail.size, dtype=bool)
    holds[order] = np.logical_and.accumulate(passed)
    rejected = np.zeros(pairs.shape, dtype=bool)
    rejected[pairs] = holds
    return _filled(1 + rejected.sum(axis=0), x.size - rejected.sum(axis=1), kept)


def top_set(sets: Sets, k: int) -> Mask:
    """Departments that may be among the best k, (J,); every one that is, is in it with the level of the sets."""
    return (sets.low != LEFT_OUT) & (sets.low <= k)


def bottom_set(sets: Sets, k: int) -> Mask:
    """Departments that may be among the worst k, (J,)."""
    ranked = sets.high != LEFT_OUT
    return ranked & (sets.high > np.count_nonzero(ranked) - k)


def bands(
    mean: ArrayLike,
    covariance: ArrayLike,
    peers: ArrayLike,
    level: float = 0.95,
    draws: int = 20_000,
    seed: int = 0,
    df: float | None = None,
    noise: NDArray[np.float32] | None = None,
) -> Bands:
    """Which departments lie clearly above or below the mean of their peers, with simultaneous intervals.

    Row j of `peers` (J, J) says whom j is compared with, itself included. The critical value is the level quantile of
    the largest |difference| / standard error over all departments, drawn from their joint distribution (maximum
    modulus; Hothorn, Bretz & Westfall 2008, Biom. J. 50:346): without true differences the chance of any band is at
    most 1 − level.
    """
    mean, covariance, kept = _present(mean, covariance)
    among = np.asarray(peers, dtype=float)[np.ix_(kept, kept)]
    contrast = np.eye(mean.size) - among / among.sum(axis=1, keepdims=True).clip(min=1)
    contrast[among.sum(axis=1) == 0] = 0
    variance = np.einsum("jk,kl,jl->j", contrast, covariance, contrast, optimize=True)
    compared = variance > TIE * np.diag(covariance)
    contrast, error = contrast[compared], np.sqrt(variance[compared])
    critical = np.nan
    if error.size:
        scaled = (contrast / error[:, None]).astype(np.float32)
        noise = joint_errors(covariance, draws, seed, df) if noise is None else noise[kept]
        largest = np.abs(scaled @ noise).max(axis=0)
        critical = float(np.quantile(largest, level))

    judged = np.flatnonzero(kept)[compared]
    difference, low, high = (np.full(kept.size, np.nan) for _ in range(3))
    difference[judged] = contrast @ mean
    low[judged], high[judged] = difference[judged] - critical * error, difference[judged] + critical * error
    code = np.select([low > 0, high < 0, ~np.isnan(difference)], ["above", "below", "none"], "")
    return Bands(difference, low, high, code, critical)


def evidence_needed(
    difference: ArrayLike, standard_error: ArrayLike, n: ArrayLike, critical: float = 1.959964
) -> tuple[Array, Array]:
    """Ballots a department, and quarters like this one, that would tell two departments apart at the spread seen.

    The standard error falls with the root of the ballots, so both grow by (critical · error / difference)²; infinite
    where there is no difference. `n` is the ballots of a department now.
    """
    difference, error = np.abs(np.asarray(difference, dtype=float)), np.asarray(standard_error, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(difference == 0, np.inf, (critical * error / difference) ** 2)
    return np.ceil(np.round(factor * n, 9)), np.ceil(np.round(factor, 9)).clip(min=1)


def joint_errors(covariance: ArrayLike, draws: int, seed: int, df: float | None) -> NDArray[np.float32]:
    """Draws from N(0, covariance), or with `df` from multivariate t, (J, draws); the same for the same seed."""
    value, vector = np.linalg.eigh(np.asarray(covariance, dtype=float))
    factor = (vector * np.sqrt(value.clip(min=0))).astype(np.float32)
    noise = factor @ _standard_normal(value.size, draws, seed)
    if df is not None:
        noise /= np.sqrt(np.random.default_rng([seed, 1]).chisquare(df, draws) / df).astype(np.float32)
    return noise


@lru_cache(maxsize=2)
def _standard_normal(rows: int, draws: int, seed: int) -> NDArray[np.float32]:
    """Kept between calls: the rankings of a quarter are all judged by the same draws."""
    return np.random.default_rng(seed).standard_normal((rows, draws), dtype=np.float32)


def _present(mean: ArrayLike, covariance: ArrayLike) -> tuple[Array, Array, Mask]:
    mean, covariance = np.asarray(mean, dtype=float), np.asarray(covariance, dtype=float)
    kept = ~np.isnan(mean) & ~np.isnan(np.diag(covariance))
    return mean[kept], covariance[np.ix_(kept, kept)], kept


def _filled(low: Whole, high: Whole, kept: Mask) -> Sets:
    ends = np.full((2, kept.size), LEFT_OUT, dtype=np.int64)
    ends[:, kept] = low, high
    return Sets(*ends)


def _errors_of_differences(covariance: Array) -> Array:
    variance = np.diag(covariance)
    squared = variance[:, None] + variance - 2 * covariance
    return np.sqrt(np.where(squared > TIE * (variance[:, None] + variance), squared, 0))


def _inverse(error: Array) -> Array:
    return np.divide(1, error, out=np.zeros_like(error), where=error > 0)


def _studentised(mean: Array, error: Array) -> Array:
    """(θ_j − θ_k) / σ_jk; a difference without error is beyond doubt."""
    difference = mean[:, None] - mean
    certain = np.where(difference == 0, 0, np.copysign(np.inf, difference))
    return np.where(error > 0, difference * _inverse(error), certain)


def _stepdown(statistic: Array, quantile: Callable[[Mask], float]) -> Mask:
    """The hypotheses that are rejected; `quantile` gives the critical value for those that are left.

    Romano & Wolf 2005 (J. Am. Stat. Assoc. 100:94).
    """
    left = np.ones(statistic.shape, dtype=bool)
    while True:
        beyond = left & (statistic > quantile(left))
        if not beyond.any():
            return ~left
        left &= ~beyond


def _bound(noise: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """No less than the largest weighted difference of each draw, (B,): from groups of departments that err alike."""
    order = np.argsort(weight.max(axis=1, initial=0))
    starts = np.unique(np.linspace(0, order.size, BOUND_GROUPS, endpoint=False).astype(int))
    highest = np.maximum.reduceat(noise[order], starts, axis=0)
    lowest = np.minimum.reduceat(noise[order], starts, axis=0)
    by_row = np.maximum.reduceat(weight[np.ix_(order, order)], starts, axis=0)
    heaviest = np.maximum.reduceat(by_row, starts, axis=1)
    bound = np.zeros(noise.shape[1], dtype=np.float32)
    for top, row in zip(highest, heaviest):
        np.maximum(bound, ((top - lowest) * row[:, None]).max(axis=0), out=bound)
    return bound


def _resolved(
    bound: NDArray[np.float32], noise: NDArray[np.float32], weight: NDArray[np.float32], level: float
) -> NDArray[np.float32]:
    """Bounds of which all that can decide the quantile are made exact: the order statistics from the quantile up."""
    deciding = bound.size - int(np.floor((bound.size - 1) * level))
    bound, exact = bound.copy(), np.zeros(bound.size, dtype=bool)
    candidates = np.argpartition(bound, -deciding)[-deciding:]
    while candidates.size:
        bound[candidates] = _largest(noise[:, candidates], weight)
        exact[candidates] = True
        reached = np.partition(bound[exact], -deciding)[-deciding]
        candidates = np.flatnonzero(~exact & (bound > reached))
        candidates = candidates[np.argsort(-bound[candidates])[:deciding]]
    return bound


def _largest(noise: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """Largest weighted difference of each draw, (n,)."""
    largest = np.zeros(noise.shape[1], dtype=np.float32)
    for j, row in enumerate(weight):
        other = np.flatnonzero(row)
        if other.size:
            # picking rows costs a copy, which pays only where few are left
            chosen = other if 2 * other.size < row.size else slice(None)
            difference = noise[j] - noise[chosen]
            difference *= row[chosen, None]
            np.maximum(largest, difference.max(axis=0), out=largest)
    return largest
