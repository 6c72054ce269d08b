"""Whether two departments really differ in a score, a share or a rate, and by how much; many pairs at once by Holm.

Every test is of two sides and alike in both: exchanging the departments turns the difference round and leaves p.
What is missing or impossible gives NaN, which is no comparison.
"""

from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from dashboard.statistics.intervals import wilson

Array = NDArray[np.float64]

NO_ERROR = 1e-4  # points: what the rounding of stored draws of equal ballots can differ by
AS_RARE = 1 + 1e-7  # outcomes as rare as the one seen count as such in spite of rounding, as in R
FEWEST_DRAWS = 100
FEWEST_RATERS = 10  # of either: from fewer even their own spread is hardly known
REAL = 0.05  # how often a comparison of departments that are all alike may show any difference as real


class Difference(NamedTuple):
    """The first department against the second: a difference, or of rates the ratio, with its interval and p."""

    value: float
    low: float
    high: float
    p: float


NOTHING = Difference(np.nan, np.nan, np.nan, np.nan)


def of_scores(
    first: float,
    second: float,
    first_draws: ArrayLike,
    second_draws: ArrayLike,
    raters: int,
    groups: int,
    level: float = 0.95,
) -> Difference:
    """Two scores by the same raters: each draw (B,) resamples raters for both, so what raters share cancels out.

    `raters`: of the department that fewer rated; `groups`: within how many they were drawn. Draws within a group of m
    spread too little by (m − 1) / m, which is put back over all as raters / (raters − groups); the interval and p are
    Student's with raters − groups degrees of freedom (paired cluster bootstrap: Cameron, Gelbach & Miller 2008, Rev.
    Econ. Stat. 90:414; Davison & Hinkley 1997, Bootstrap Methods, §3.2). Raters all of one mind show no error, which
    is no certainty.
    """
    drawn = np.asarray(first_draws, dtype=float) - np.asarray(second_draws, dtype=float)
    drawn = drawn[~np.isnan(drawn)]
    difference, df = first - second, raters - groups
    if np.isnan(difference) or drawn.size < FEWEST_DRAWS or not (raters >= FEWEST_RATERS and df >= 1):
        return NOTHING
    spread = float(drawn.std(ddof=1))
    if spread <= NO_ERROR:
        return NOTHING
    error = spread * np.sqrt(raters / df)
    half = float(scipy.stats.t.isf((1 - level) / 2, df) * error)
    p = float(2 * scipy.stats.t.sf(abs(difference) / error, df))
    return Difference(difference, difference - half, difference + half, p)


def of_shares(first: float, of_first: float, second: float, of_second: float, level: float = 0.95) -> Difference:
    """Two shares in 0..1: Newcombe's hybrid score interval of their difference, p by Fisher's exact test.

    Newcombe 1998 (Stat. Med. 17:873), method 10; Fisher 1935 (J. R. Stat. Soc. 98:39), the outcomes no likelier than
    the one seen added up, as R's fisher.test. The exact test decides, since the interval is too short on few cases.
    """
    counts = np.array([first, of_first, second, of_second], dtype=float)
    if np.isnan(counts).any() or not (0 <= first <= of_first and 0 <= second <= of_second and of_first and of_second):
        return NOTHING
    shares = np.array([first / of_first, second / of_second])
    low, high = wilson([first, second], [of_first, of_second], level)
    difference = float(shares[0] - shares[1])
    below = np.hypot(shares[0] - low[0], high[1] - shares[1])
    above = np.hypot(high[0] - shares[0], shares[1] - low[1])
    return Difference(difference, float(difference - below), float(difference + above), _fisher(*np.rint(counts)))


def of_rates(first: float, exposure: float, second: float, other_exposure: float, level: float = 0.95) -> Difference:
    """Two counts by exposure: the ratio of their rates, exact given the sum of the counts.

    That of the first is binomial with the share of its exposure (Przyborowski & Wilenski 1940, Biometrika 31:313), the
    interval Clopper & Pearson's, as R's poisson.test. A ratio without events in the second is infinite.
    """
    given = np.array([first, exposure, second, other_exposure], dtype=float)
    if np.isnan(given).any() or first < 0 or second < 0 or exposure <= 0 or other_exposure <= 0 or not first + second:
        return NOTHING
    count, total = int(round(first)), int(round(first + second))
    test = scipy.stats.binomtest(count, total, exposure / (exposure + other_exposure))
    ends = test.proportion_ci(level, method="exact")
    low, high = (
        share / (1 - share) * other_exposure / exposure if share < 1 else np.inf for share in (ends.low, ends.high)
    )
    ratio = first / exposure / (second / other_exposure) if second else np.inf
    return Difference(float(ratio), float(low), float(high), float(min(test.pvalue, 1.0)))


def holm(p: ArrayLike) -> Array:
    """Adjusted p-values, (m,): below α, they are wrong of even one pair at most as often as α, however many pairs.

    Holm 1979 (Scand. J. Stat. 6:65). What was not compared (NaN) does not count.
    """
    p = np.asarray(p, dtype=float)
    adjusted = np.full(p.shape, np.nan)
    compared = np.flatnonzero(~np.isnan(p))
    order = compared[np.argsort(p[compared], kind="stable")]
    left = np.arange(order.size, 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * left), 1)
    return adjusted


def _fisher(first: float, of_first: float, second: float, of_second: float) -> float:
    cases, total = first + second, of_first + of_second
    possible = np.arange(max(0, cases - of_second), min(cases, of_first) + 1)
    log = _log_binomial(of_first, possible) + _log_binomial(of_second, cases - possible) - _log_binomial(total, cases)
    chance = np.exp(log)
    seen = chance[possible == first][0]
    return float(min(chance[chance <= seen * AS_RARE].sum(), 1.0))


def _log_binomial(n: float, k: ArrayLike) -> Array:
    k = np.asarray(k, dtype=float)
    return scipy.special.gammaln(n + 1) - scipy.special.gammaln(k + 1) - scipy.special.gammaln(n - k + 1)
