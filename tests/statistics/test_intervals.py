"""Intervals of shares and counts, against published numbers and their own definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from dashboard.statistics.intervals import Z_95, Z_998, byar, poisson_interval, two_sided_z, wilson
from tests.statistics.vectors import load

LEVELS = {"95%": 0.95, "99.8%": 0.998}
PHE = load("ci_byar_wilson_phe")


@pytest.mark.parametrize("row", range(len(PHE["inputs"]["x"])))
def test_byar_and_wilson_are_those_of_phe(row):
    x, n, level, method = (PHE["inputs"][name][row] for name in ("x", "n", "confidence", "method"))
    low, high = wilson(x, n, LEVELS[level]) if method == "Wilson" else byar(x, LEVELS[level])
    published = PHE["expected"]["lower"][row]
    # the formula goes below zero there, and the package prints nothing
    assert low == pytest.approx(0 if published is None else published, abs=PHE["tolerance"])
    assert high == pytest.approx(PHE["expected"]["upper"][row], abs=PHE["tolerance"])


def test_quantiles_are_the_published_ones():
    assert pytest.approx((1.959964, 3.090232), abs=1e-6) == (Z_95, Z_998)


def test_a_missing_or_impossible_value_has_no_interval():
    nothing = [np.nan, 3, 0, 1.2, -1]
    of = [10, np.nan, 0, 1, 10]
    assert np.isnan(wilson(nothing, of)).all()
    for interval in (byar, poisson_interval):
        assert np.isnan(interval([np.nan, -1])).all()


def test_nothing_counted_has_a_lower_end_of_zero():
    low, high = poisson_interval([0])
    assert low[0] == 0 and high[0] == pytest.approx(3.688879, abs=1e-6)  # −ln 0.025
    assert byar(0)[0] == 0
    assert wilson(0, 12)[0] == 0 and wilson(12, 12)[1] == 1


def test_one_numerator_stands_for_many_denominators():
    low, _ = wilson(3, [10, 20])
    assert low.shape == (2,) and low[0] > low[1]


@given(st.integers(1, 9), st.sampled_from(list(LEVELS.values())))
def test_below_ten_each_end_leaves_its_tail(count, level):
    low, high = poisson_interval(count, level)
    assert poisson.sf(count - 1, low) == pytest.approx((1 - level) / 2)
    assert poisson.cdf(count, high) == pytest.approx((1 - level) / 2)


@given(st.integers(10, 5000), st.sampled_from(list(LEVELS.values())))
def test_from_ten_the_interval_is_byars(count, level):
    assert poisson_interval(count, level) == byar(count, level)


@given(st.integers(1, 100_000), st.floats(0, 1), st.floats(0.5, 0.999))
def test_wilson_stays_within_zero_and_one_around_what_was_seen(n, part, level):
    x = round(part * n)
    low, high = wilson(x, n, level)
    assert 0 <= low <= x / n <= high <= 1
    wide_low, wide_high = wilson(x, n, 0.9999)
    assert wide_low <= low and high <= wide_high


@given(st.integers(1, 1000), st.floats(0.01, 0.99), st.sampled_from(list(LEVELS.values())))
def test_wilson_holds_the_shares_that_a_score_test_does_not_reject(n, part, level):
    x = round(part * n)
    for end in wilson(x, n, level):
        if 0 < end < 1:
            assert abs(x / n - end) == pytest.approx(two_sided_z(level) * np.sqrt(end * (1 - end) / n))


def test_reference_a_verbal_scale_that_starts_at_fifty_is_no_satisfaction_rate():
    vector = load("satisfaction_scale_floor_kaixian")  # 开县, as reported by 重庆商报
    ballots = np.array(vector["inputs"]["ballots"])
    share = ballots / ballots.sum(axis=1, keepdims=True)
    index = share @ (100, 90, 70, 50)
    assert index == pytest.approx(vector["expected"]["index"])
    assert (index - 50) / 50 * 100 == pytest.approx(vector["expected"]["rescaled"])
    assert share[:, :2].sum(axis=1) == pytest.approx(vector["expected"]["top2_rate"])
