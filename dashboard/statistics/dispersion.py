"""How much more counts change from quarter to quarter than chance alone would make them."""

import numpy as np
from numpy.typing import ArrayLike


def of_counts(observed: ArrayLike, exposure: ArrayLike) -> float:
    """Pooled dispersion of counts about each row's own rate, both (rows, quarters) with NaN where there is none.

    Σ (O − E)² / E over all rows, divided by its degrees of freedom, with E = exposure · ΣO / Σexposure of the row; at
    least 1, NaN without any. Source: McCullagh & Nelder 1989, Generalized Linear Models, 4.5 (Pearson's estimate).
    """
    observed, exposure = _known(observed, exposure)
    rate = _ratio(np.nansum(observed, axis=1), np.nansum(exposure, axis=1))[:, None]
    return _pooled(observed, exposure * rate, np.ones_like(observed))


def of_shares(numerator: ArrayLike, denominator: ArrayLike) -> float:
    """As `of_counts`, of shares: the variance of a count is n p (1 − p) with p = Σr / Σn of the row."""
    r, n = _known(numerator, denominator)
    share = _ratio(np.nansum(r, axis=1), np.nansum(n, axis=1))[:, None]
    return _pooled(r, n * share, np.broadcast_to(1 - share, r.shape))


def _known(count: ArrayLike, base: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    count, base = np.asarray(count, float), np.asarray(base, float)
    there = (base > 0) & ~np.isnan(count)
    return np.where(there, count, np.nan), np.where(there, base, np.nan)


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)


def _pooled(observed: np.ndarray, expected: np.ndarray, share_of_variance: np.ndarray) -> float:
    variance = expected * share_of_variance
    tells = variance > 0  # of a row without any event, or with nothing but events, nothing can be told
    squares = np.divide((observed - expected) ** 2, variance, out=np.zeros_like(observed), where=tells)
    freedom = float(np.clip(tells.sum(axis=1) - 1, 0, None).sum())
    return max(1.0, float(squares.sum()) / freedom) if freedom else float("nan")
