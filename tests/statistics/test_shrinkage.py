"""Empirical Bayes, against published numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gamma

from dashboard.statistics.shrinkage import marshall, normal_normal, poisson_gamma
from tests.statistics.vectors import load

COUNTS = st.lists(st.tuples(st.integers(0, 300), st.floats(0.5, 500)), min_size=2, max_size=30)
MEANS = st.lists(st.tuples(st.floats(0, 100), st.floats(0.01, 50)), min_size=2, max_size=30)


def test_child_deaths_in_auckland():
    vector = load("eb_marshall_auckland167")  # Marshall 1991, by spdep::EBest
    shrunk = marshall(vector["inputs"]["events"], vector["inputs"]["exposure"])
    published, close = vector["expected"], vector["tolerance"]
    assert (shrunk.variance, shrunk.centre) == pytest.approx((published["a"], published["b"]), abs=close)
    assert shrunk.variance == pytest.approx(published["a"], rel=1e-6)
    assert shrunk.estimate == pytest.approx(np.array(published["estmm"]), abs=close)


def test_infant_deaths_in_north_carolina():
    vector = load("eb_clayton_kaldor_nc_sids74")  # Clayton & Kaldor 1987, by DCluster::empbaysmooth
    observed, expected = np.array(vector["inputs"]["observed"]), np.array(vector["inputs"]["expected"])
    risks, published = poisson_gamma(observed, expected), vector["expected"]
    assert (risks.nu, risks.alpha) == pytest.approx((published["nu"], published["alpha"]), abs=vector["tolerance"])
    assert risks.estimate == pytest.approx(np.array(published["smoothed_rr"]), abs=vector["tolerance"])
    posterior = gamma(observed + risks.nu, scale=1 / (expected + risks.alpha))
    assert posterior.cdf(risks.low) == pytest.approx(0.025) and posterior.sf(risks.high) == pytest.approx(0.025)


def james_stein(y: np.ndarray, variance: float) -> tuple[np.ndarray, float]:
    """Reference: estimates around the mean for equal variances, and the factor that is left of each deviation."""
    deviation = y - y.mean()
    factor = 1 - (y.size - 3) * variance / np.sum(deviation**2)
    return y.mean() + factor * deviation, factor


def test_reference_eighteen_batters():
    vector = load("eb_james_stein_efron_morris_1977")  # Scientific American 236(5)
    n, published, close = vector["inputs"]["at_bats"], vector["expected"], vector["tolerance"]
    average = np.array(vector["inputs"]["hits"]) / n
    estimate, factor = james_stein(average, average.mean() * (1 - average.mean()) / n)
    assert (average.mean(), factor) == pytest.approx((published["grand_mean"], published["c"]), abs=close)
    assert estimate == pytest.approx(np.array(published["js"]), abs=close)
    assert estimate[0] == pytest.approx(0.294, abs=close)
    arcsine, factor = james_stein(np.arcsin(np.sqrt(average)), 1 / (4 * n))
    assert factor == pytest.approx(published["arcsine_c"], abs=close)
    assert np.sin(arcsine) ** 2 == pytest.approx(np.array(published["js_arcsine_backtransformed"]), abs=close)


def test_with_equal_variances_normal_normal_is_james_stein_with_one_more_department():
    y = np.array([70.0, 75, 81, 84, 90, 92])
    shrunk = normal_normal(y, np.full(6, 9.0))
    # moments divide by I − 1 where James and Stein, for the least loss, divide by I − 3
    assert shrunk.reliability == pytest.approx(1 - 5 * 9 / np.sum((y - y.mean()) ** 2))
    assert shrunk.centre == pytest.approx(y.mean())


def test_the_centre_of_means_counts_the_variance_between_too():
    shrunk = normal_normal([0, 6, 9], [1, 2, 2])
    # weights 1, ½, ½: mean 3.75, Q = 14.0625 + 2.53125 + 13.78125, so τ² = (Q − 2) / (2 − 1.5/2)
    assert shrunk.variance == pytest.approx(28.375 / 1.25)
    weights = 1 / (np.array([1, 2, 2]) + 22.7)
    assert shrunk.centre == pytest.approx(15 * weights[1] / weights.sum())
    assert shrunk.estimate == pytest.approx(shrunk.centre + (np.array([0, 6, 9]) - shrunk.centre) * 22.7 * weights)


@pytest.mark.parametrize("method", [marshall, lambda o, e: poisson_gamma(o, e)])
@given(rows=COUNTS)
def test_a_rate_is_drawn_towards_the_others(method, rows):
    observed, exposure = map(np.array, zip(*rows))
    raw, shrunk = observed / exposure, method(observed, exposure).estimate
    # the centre of a gamma prior need not be the mean, but it lies among the raw rates
    assert (shrunk >= raw.min() - 1e-9).all() and (shrunk <= raw.max() + 1e-9).all()
    assert np.ptp(shrunk) <= np.ptp(raw) + 1e-9


@given(COUNTS)
def test_marshalls_rate_lies_between_the_own_and_the_common_one(rows):
    observed, exposure = map(np.array, zip(*rows))
    shrunk = marshall(observed, exposure)
    assert between(shrunk.estimate, observed / exposure, shrunk.centre)
    assert ((shrunk.reliability >= 0) & (shrunk.reliability < 1)).all()


@given(MEANS)
def test_a_mean_is_drawn_to_the_common_one_the_more_the_less_is_known_of_it(rows):
    mean, variance = map(np.array, zip(*rows))
    shrunk = normal_normal(mean, variance)
    assert between(shrunk.estimate, mean, shrunk.centre)
    assert (np.diff(shrunk.reliability[np.argsort(variance, kind="stable")]) <= 1e-12).all()


def between(estimate: np.ndarray, own: np.ndarray, centre: float) -> bool:
    return bool(np.all((np.minimum(own, centre) - 1e-9 <= estimate) & (estimate <= np.maximum(own, centre) + 1e-9)))


def test_a_department_without_exposure_takes_no_part():
    for method in (marshall, poisson_gamma, normal_normal):
        whole, parted = method([10, 30, 4], [9, 11, 8]), method([10, 5, np.nan, 30, 4], [9, 0, 3, 11, 8])
        assert np.isnan(parted.estimate[[1, 2]]).all()
        assert parted.estimate[[0, 3, 4]] == pytest.approx(whole.estimate)


def test_a_department_alone_keeps_its_value():
    assert marshall([3], [100]).estimate == pytest.approx(0.03)
    assert normal_normal([80], [4]).estimate == pytest.approx(80)
    assert poisson_gamma([3], [2]).estimate == pytest.approx(1.5)


@pytest.mark.parametrize("count", [0, 5])
def test_equal_rates_are_left_and_no_interval_is_made_up(count):
    for method in (marshall, poisson_gamma):
        shrunk = method([count] * 3, [10] * 3)
        assert shrunk.estimate == pytest.approx(np.full(3, count / 10))
    assert np.isnan((shrunk.low, shrunk.high)).all()


def test_rates_that_differ_less_than_chance_would_have_it_become_their_mean():
    risks = poisson_gamma([19, 20, 21], [20, 20, 20])
    assert risks.estimate == pytest.approx(1) and np.isinf(risks.nu) and np.isnan(risks.low).all()


def test_nobody_gives_nothing():
    for method in (marshall, poisson_gamma, normal_normal):
        assert np.isnan(method([np.nan, 1], [1, np.nan]).estimate).all()
