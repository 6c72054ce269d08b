"""Control charts: which points of a series tell of a change, and which are its ordinary ups and downs.

Every function takes arrays of shape (..., T), one series along the last axis, and many series at once; NaN is a period
without a value. `segment`, integers of shape (..., T) or (T,), numbers the stretches that may be compared; a new one
begins wherever the number changes (a rebase, a changed definition). No moving range and no run crosses such a border or
a missing period. To judge a series as of period t, pass `values[..., : t + 1]`.

Sources: NHSRplotthedots (NHS England, Making Data Count) for the limits and the rules; Nelson 1982, Journal of
Quality Technology 14(3), for the screening; Montgomery, Introduction to Statistical Quality Control, for u and p
charts; Laney 2002, Quality Engineering 14(4), for u' and p'; qicharts2 for the t chart; Anhøj and Olesen 2014, PLoS ONE
9:e113825, for the run chart.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

FEWEST_POINTS = 6  # with fewer there are no limits, only a run chart (Wheeler)
FIRM_POINTS = 12  # with fewer the limits are on trial
LIMIT_OF_RANGES = 2.66  # 3 / 1.128: from the mean moving range of two to three standard deviations
RANGE_LIMIT = 3.267  # D4 for moving ranges of two
NEAR = 2 / 3
RANGE_TO_SD = 1.128  # d2 for moving ranges of two
RUN = 7  # points of a trend or a shift
BY_CHANCE = 0.00135  # of a normal value to lie beyond one limit of three standard deviations
TO_NORMAL = 3.6  # its root makes exponential waiting times nearly normal (Nelson 1994)
CROSSINGS_LEVEL = 0.05
SLACK = 1e-12  # of the largest value: what rounding may put between a point and a line that it stands on

BETTER = {"higher": 1, "lower": -1, "neither": 0}
TYPES = np.array(("", "common", "shift", "two_of_three", "trend", "astronomical"))

Floats = NDArray[np.float64]
Integers = NDArray[np.int_]
Booleans = NDArray[np.bool_]
Strings = NDArray[np.str_]


@dataclass(frozen=True)
class Chart:
    """What is drawn, each of shape (..., T) and in the unit of `values`; limits are NaN below `FEWEST_POINTS`."""

    values: Floats
    mean: Floats
    lower: Floats
    upper: Floats
    near_lower: Floats
    near_upper: Floats
    n: Integers  # values in the segment

    @property
    def trial(self) -> Booleans:
        """Where the limits rest on so few points that each new one will move them."""
        return (self.n >= FEWEST_POINTS) & (self.n < FIRM_POINTS)


@dataclass(frozen=True)
class XmR(Chart):
    moving_range: Floats
    mean_range: Floats
    range_limit: Floats


@dataclass(frozen=True)
class CountChart(Chart):
    sigma_z: Floats  # Laney's spread between periods as a multiple of chance; 1 where it is not asked for


@dataclass(frozen=True)
class RunRules:
    """What the run chart says, each of shape (...); `signal` where one of the two limits is broken."""

    median: Floats
    n_useful: Integers
    longest_run: Integers
    longest_run_max: Integers
    crossings: Integers
    crossings_min: Integers
    signal: Booleans


def xmr(values: ArrayLike, segment: ArrayLike | None = None, screen: bool = True) -> XmR:
    """Mean and natural process limits, mean ± 2.66 mean moving ranges, of each segment (NHSRplotthedots).

    `screen` leaves out, once, moving ranges of 3.267 mean ranges and more (Nelson 1982). Where that would leave ranges
    of zero only, nothing is left out: limits without any width would make every point a signal. Where values differ
    and yet no range does, and where missing values leave fewer than five ranges, there are no limits.
    """
    values = np.asarray(values, dtype=float)
    number = _segment_numbers(segment, values.shape)
    n = _segment_sum(~np.isnan(values), number).astype(int)
    mean = _segment_mean(values, number)
    moving_range = _moving_range(values, number)
    mean_range = _segment_mean(moving_range, number)
    if screen:
        screened = _segment_mean(np.where(moving_range < RANGE_LIMIT * mean_range, moving_range, np.nan), number)
        mean_range = np.where(screened > 0, screened, mean_range)
    is_blind = (mean_range == 0) & (_segment_sum(np.abs(values - mean) > SLACK * np.abs(mean), number) > 0)
    is_short = _segment_sum(~np.isnan(moving_range), number) < FEWEST_POINTS - 1
    mean_range = np.where(is_blind | is_short, np.nan, mean_range)
    reach = LIMIT_OF_RANGES * mean_range
    return XmR(
        values=values,
        mean=mean,
        lower=mean - reach,
        upper=mean + reach,
        near_lower=mean - NEAR * reach,
        near_upper=mean + NEAR * reach,
        n=n,
        moving_range=moving_range,
        mean_range=mean_range,
        range_limit=RANGE_LIMIT * mean_range,
    )


def u_chart(count: ArrayLike, size: ArrayLike, segment: ArrayLike | None = None, laney: bool = False) -> CountChart:
    """Events per unit of `size` (> 0): centre Σcount/Σsize ± 3 √(centre/size), not below 0; `laney` makes it u'."""
    return _count_chart(count, size, segment, laney, lambda centre: centre, np.inf)


def p_chart(count: ArrayLike, size: ArrayLike, segment: ArrayLike | None = None, laney: bool = False) -> CountChart:
    """Shares count/size: centre Σcount/Σsize ± 3 √(centre(1 − centre)/size), within 0 and 1; `laney` makes it p'."""
    return _count_chart(count, size, segment, laney, lambda centre: centre * (1 - centre), 1.0)


def _count_chart(
    count: ArrayLike,
    size: ArrayLike,
    segment: ArrayLike | None,
    laney: bool,
    variance: Callable[[Floats], Floats],
    most: float,
) -> CountChart:
    count, size = np.broadcast_arrays(np.asarray(count, dtype=float), np.asarray(size, dtype=float))
    known = ~np.isnan(count) & (size > 0)
    number = _segment_numbers(segment, count.shape)
    n = _segment_sum(known, number).astype(int)
    size = np.where(known, size, np.nan)
    values = count / size
    with np.errstate(invalid="ignore"):
        mean = _segment_sum(np.where(known, count, 0), number) / _segment_sum(size, number)
        sd = np.sqrt(variance(mean) / size)
    sigma_z = np.ones_like(mean)
    if laney:
        z = np.divide(values - mean, sd, out=values - mean, where=sd > 0)
        sigma_z = _segment_mean(_moving_range(z, number), number) / RANGE_TO_SD
    reach = np.where(n >= FEWEST_POINTS, 3 * sd * sigma_z, np.nan)
    return CountChart(
        values=values,
        mean=mean,
        lower=np.maximum(mean - reach, 0),
        upper=np.minimum(mean + reach, most),
        near_lower=np.maximum(mean - NEAR * reach, 0),
        near_upper=np.minimum(mean + NEAR * reach, most),
        n=n,
        sigma_z=sigma_z,
    )


def chance_limits(mean: ArrayLike, size: ArrayLike, is_share: ArrayLike) -> tuple[Floats, Floats]:
    """What counting alone puts between a count/size and its mean: exact limits, as improbable as three sigma ones.

    Of the Poisson distribution, or where `is_share` of the binomial one; all arguments broadcast. NaN where mean or
    size is, where the size is none, and for shares above 1. (Montgomery, probability limits of charts for attributes.)
    """
    mean, size, is_share = np.broadcast_arrays(np.asarray(mean, float), np.asarray(size, float), is_share)
    known = (mean >= 0) & (size > 0) & ~(is_share & (mean > 1 + SLACK))
    mean, size = np.where(known, mean, np.nan), np.where(known, size, np.nan)
    whole, part = np.round(size), np.minimum(mean, 1)
    low, high = (
        np.where(is_share, scipy.stats.binom.ppf(tail, whole, part), scipy.stats.poisson.ppf(tail, mean * size)) / size
        for tail in (BY_CHANCE, 1 - BY_CHANCE)
    )
    return np.maximum(low, 0), high


def t_chart(gaps: ArrayLike, segment: ArrayLike | None = None) -> Chart:
    """Times between rare events: the unscreened XmR of their 3.6th roots, taken back (qicharts2, `qic.t`).

    `gaps` are times in any unit, one for each event; `ValueError` for a negative one.
    """
    gaps = np.asarray(gaps, dtype=float)
    if (gaps < 0).any():
        raise ValueError("a time between events is negative")
    roots = xmr(gaps ** (1 / TO_NORMAL), segment, screen=False)
    lines = (roots.mean, roots.lower, roots.upper, roots.near_lower, roots.near_upper)
    return Chart(gaps, *(np.maximum(line, 0) ** TO_NORMAL for line in lines), n=roots.n)


def point_types(
    values: ArrayLike,
    mean: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    near_lower: ArrayLike,
    near_upper: ArrayLike,
    segment: ArrayLike | None = None,
) -> tuple[Strings, Integers]:
    """Why each point is special, and on which side, both of shape (..., T); NHSRplotthedots, in its priority.

    Types: "astronomical" outside a limit; "trend", of seven points that rise or that fall; "two_of_three" near a limit
    while all three are on one side of the mean; "shift", of seven points on one side; else "common"; "" without a value
    or without limits. All points of a trend and of a shift are marked, of two in three the near ones.
    Sides: +1 above the mean or rising, −1 below or falling, 0 for "common" and "". The lines may differ by point.
    """
    values = np.asarray(values, dtype=float)
    number = _segment_numbers(segment, values.shape)
    joined = np.zeros(values.shape, dtype=bool)
    joined[..., 1:] = number[..., 1:] == number[..., :-1]
    slack = SLACK * np.fmax.reduce(np.abs(values), axis=-1, keepdims=True, initial=0)

    def side_of(line: ArrayLike) -> Integers:
        distance = values - np.asarray(line, dtype=float)
        return (distance > slack).astype(int) - (distance < -slack)

    side = side_of(mean)
    outside = np.maximum(side_of(upper), 0) + np.minimum(side_of(lower), 0)
    near = (outside == 0) & ((side_of(near_upper) > 0) | (side_of(near_lower) < 0))
    trend = _trend(values, joined)
    two_of_three = near & _filled(_closes_two_of_three(near, side, joined), 3)
    shift = _filled(_closes_shift(side, joined), RUN)
    judged = ~np.isnan(values) & ~np.isnan(lower) & ~np.isnan(upper)
    found = (outside != 0, trend != 0, two_of_three, shift, judged)
    code = np.select(found, (5, 4, 3, 2, 1), 0)
    return TYPES[code], np.select(found, (outside, trend, side, side, 0), 0)


def variation(point_type: ArrayLike, side: ArrayLike, better: ArrayLike) -> Strings:
    """The NHS variation icon of a point: "improvement" | "concern", or "high" | "low" where neither side is better.

    "common" and "" stay. `better` is "higher" | "lower" | "neither", one for all or an array that broadcasts.
    """
    point_type, side = np.asarray(point_type), np.asarray(side)
    good = side * _sign_of(better)
    conditions = (point_type == "", point_type == "common", good > 0, good < 0, side > 0)
    return np.select(conditions, ("", "common", "improvement", "concern", "high"), "low")


def assurance(lower: ArrayLike, upper: ArrayLike, target: ArrayLike, better: ArrayLike) -> Strings:
    """The NHS assurance icon: does ordinary variation always meet the target? "pass" | "fail" | "hit_or_miss" | "".

    `lower` and `upper` are the limits at the last point; all arguments broadcast. "" where a limit or the target is NaN
    or `better` is "neither".
    """
    lower, upper, target = (np.asarray(part, dtype=float) for part in (lower, upper, target))
    sign = _sign_of(better)
    unknown = np.isnan(lower) | np.isnan(upper) | np.isnan(target) | (sign == 0)
    reached = np.where(target > upper, -sign, np.where(target < lower, sign, 0))
    return np.select((unknown, reached > 0, reached < 0), ("", "pass", "fail"), "hit_or_miss")


def run_rules(values: ArrayLike) -> RunRules:
    """Anhøj's rules on the run around the median, free of any standard deviation.

    A signal is a run longer than round(log2 n) + 3, or fewer crossings than the 5% quantile of Binomial(n − 1, ½), for
    n points off the median. Points on it and missing ones are passed over, as in qicharts2.
    """
    values = np.asarray(values, dtype=float)
    empty = np.isnan(values).all(axis=-1, keepdims=True)
    median = np.nanmedian(np.where(empty, 0, values), axis=-1, keepdims=True)
    side = (values > median).astype(int) - (values < median)
    before = np.zeros(side.shape[:-1], dtype=int)
    run, longest, crossings = before, before, before
    for now in np.moveaxis(side, -1, 0):
        crossings = crossings + (now * before < 0)
        run = np.where(now == 0, run, np.where(now == before, run + 1, 1))
        longest = np.maximum(longest, run)
        before = np.where(now == 0, before, now)
    n = np.count_nonzero(side, axis=-1)
    longest_max = np.round(np.log2(np.maximum(n, 1))).astype(int) + 3
    crossings_min = scipy.stats.binom.ppf(CROSSINGS_LEVEL, np.maximum(n - 1, 0), 0.5).astype(int)
    return RunRules(
        median=np.where(empty, np.nan, median)[..., 0],
        n_useful=n,
        longest_run=longest,
        longest_run_max=longest_max,
        crossings=crossings,
        crossings_min=crossings_min,
        signal=(longest > longest_max) | (crossings < crossings_min),
    )


def _segment_numbers(segment: ArrayLike | None, shape: tuple[int, ...]) -> Integers:
    """0, 1, 2 … for the successive segments of each series."""
    number = np.zeros(shape, dtype=int)
    if segment is not None:
        segment = np.broadcast_to(np.asarray(segment), shape)
        number[..., 1:] = np.cumsum(segment[..., 1:] != segment[..., :-1], axis=-1)
    return number


def _segment_sum(x: NDArray, number: Integers) -> Floats:
    """The sum over each segment without its NaN, at every point of the segment."""
    key = np.arange(x.size).reshape(x.shape) // x.shape[-1] * x.shape[-1] + number
    return np.bincount(key.ravel(), weights=np.where(np.isnan(x), 0, x).ravel(), minlength=x.size)[key]


def _segment_mean(x: Floats, number: Integers) -> Floats:
    with np.errstate(invalid="ignore"):
        return _segment_sum(x, number) / _segment_sum(~np.isnan(x), number)


def _moving_range(values: Floats, number: Integers) -> Floats:
    """|x_t − x_{t−1}| within a segment; NaN at its first point and beside a missing value."""
    moving_range = np.full(values.shape, np.nan)
    within = number[..., 1:] == number[..., :-1]
    moving_range[..., 1:] = np.where(within, np.abs(np.diff(values, axis=-1)), np.nan)
    return moving_range


def _trend(values: Floats, joined: Booleans) -> Integers:
    """+1 at each of seven points that rise strictly, −1 at each of seven that fall; the later where they meet."""
    step = np.zeros(values.shape)
    step[..., 1:] = np.diff(values, axis=-1)
    rising = _filled(_closes_run(joined & (step > 0), RUN), RUN)
    falling = _filled(_closes_run(joined & (step < 0), RUN), RUN)
    falls_next = np.zeros(values.shape, dtype=bool)
    falls_next[..., :-1] = step[..., 1:] < 0
    return np.where(rising & falling, np.where(falls_next, -1, 1), rising.astype(int) - falling)


def _closes_shift(side: Integers, joined: Booleans) -> Booleans:
    """The last of any seven points that are strictly on one side of the mean."""
    return _closes_run(_stays(side, joined), RUN)


def _closes_two_of_three(near: Booleans, side: Integers, joined: Booleans) -> Booleans:
    """The last of any three points on one side of the mean, of which two or three are near the limit."""
    closes = _closes_run(_stays(side, joined), 3)
    closes[..., 2:] &= near[..., 2:].astype(int) + near[..., 1:-1] + near[..., :-2] >= 2
    return closes


def _stays(side: Integers, joined: Booleans) -> Booleans:
    """Where a point is on the same side as the one before it."""
    stays = joined & (side != 0)
    stays[..., 1:] &= side[..., 1:] == side[..., :-1]
    return stays


def _closes_run(linked: Booleans, points: int) -> Booleans:
    """The last of any `points` in a row of which each but the first is linked to the one before it."""
    closes = np.zeros(linked.shape, dtype=bool)
    windows = linked.shape[-1] - points + 1
    if windows > 0:
        closes[..., points - 1 :] = True
        for first in range(1, points):
            closes[..., points - 1 :] &= linked[..., first : first + windows]
    return closes


def _filled(closes: Booleans, points: int) -> Booleans:
    """All `points` of each run whose last is marked."""
    filled = closes.copy()
    for back in range(1, points):
        filled[..., :-back] |= closes[..., back:]
    return filled


def _sign_of(better: ArrayLike) -> Integers:
    better = np.asarray(better)
    if not np.isin(better, list(BETTER)).all():
        raise ValueError(f"not one of {', '.join(BETTER)}: {better}")
    return np.select([better == name for name in BETTER], list(BETTER.values()))
