"""How unevenly a total falls on departments. Unknown values are left out; nothing to share out gives NaN."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def gini(counts: ArrayLike, corrected: bool = False) -> float:
    """Gini index of values ≥ 0, (departments,): 0 when all are equal, below 1; corrected: × n/(n−1), NaN for one.

    Source: Gini 1914; as ineq::Gini in R.
    """
    known = _known(counts)
    if known.size == 0 or (corrected and known.size == 1):
        return np.nan
    factor = known.size / (known.size - 1) if corrected else 1
    return float(_gini_of_rows(known[np.newaxis])[0] * factor)


def hhi(counts: ArrayLike, normalised: bool = False) -> float:
    """Herfindahl–Hirschman index Σ share², (departments,): 1/n when equal, 1 when one has all.

    normalised: 0 when equal, (HHI − 1/n)/(1 − 1/n), NaN for one. Source: US DOJ & FTC Horizontal Merger Guidelines.
    """
    known = _known(counts)
    if known.sum() == 0 or (normalised and known.size == 1):
        return np.nan
    index = float(np.sum((known / known.sum()) ** 2))
    return (index - 1 / known.size) / (1 - 1 / known.size) if normalised else index


def effective_number(counts: ArrayLike) -> float:
    """How many equal departments would be as concentrated: 1/HHI. Source: Laakso & Taagepera 1979."""
    return 1 / hhi(counts)


def top_share(counts: ArrayLike, k: int) -> float:
    """The share, 0..1, of the k departments that have most."""
    known = _known(counts)
    return float(np.sort(known)[::-1][:k].sum() / known.sum()) if known.sum() else np.nan


def gini_by_chance(total: int, shares: ArrayLike, draws: int = 2000, seed: int = 0) -> tuple[float, float]:
    """Mean and 95 % quantile of the Gini index if `total` cases fell by chance, `shares` (departments,) expected.

    Small totals look concentrated by chance alone; shares need not add up to 1. NaN for no cases.
    """
    expected = _known(shares)
    if total == 0 or expected.sum() == 0:
        return np.nan, np.nan
    found = _gini_of_rows(np.random.default_rng(seed).multinomial(total, expected / expected.sum(), size=draws))
    return float(found.mean()), float(np.quantile(found, 0.95))


def upper_fence(values: ArrayLike) -> float:
    """Q3 + 1.5 (Q3 − Q1), in the unit of the values; quantiles of type 7. What reaches it stands apart.

    Source: Tukey 1977, Exploratory Data Analysis; Cardinal R038.
    """
    known = _known(values)
    if not known.size:
        return np.nan
    q1, q3 = np.quantile(known, (0.25, 0.75))
    return float(q3 + 1.5 * (q3 - q1))


def _known(values: ArrayLike) -> Array:
    values = np.asarray(values, float)
    return values[~np.isnan(values)]


def _gini_of_rows(counts: NDArray) -> Array:
    """Gini index of each row of (rows, departments)."""
    ordered = np.sort(counts, axis=1)
    n = ordered.shape[1]
    totals = ordered.sum(axis=1)
    weighted = ordered @ (2 * np.arange(1, n + 1) - n - 1)
    return np.divide(weighted, n * totals, out=np.full(len(ordered), np.nan), where=totals > 0)
