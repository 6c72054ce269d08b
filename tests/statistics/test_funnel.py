"""Funnels, against published numbers; definitions that the product does not use are small `reference` functions here.

Sources: Spiegelhalter 2005; FunnelPlotR (logarithmic forms); PHEindicatormethods (limits inverted on expected).
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chi2, poisson, rankdata

from dashboard.statistics.funnel import (
    SMALL,
    between_variance,
    count_funnel,
    count_limits,
    mean_funnel,
    share_funnel,
    share_limits,
    winsorise,
)
from dashboard.statistics.intervals import poisson_interval, two_sided_z, wilson
from tests.statistics.vectors import load

LEVELS = {"95": 0.95, "998": 0.998}
ROUNDED_Z = 2e-7  # FunnelPlotR draws its limits with 1.959964 and 3.090232
SIDES = {"low_998": -2, "low_95": -1, "in": 0, "high_95": 1, "high_998": 2}

COUNTS = st.lists(st.tuples(st.integers(0, 200), st.floats(0.5, 500)), min_size=1, max_size=30)
SHARES = st.lists(
    st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=30
)


# --- the product's definitions ---
def test_exact_limits_are_spiegelhalters_interpolated_ones():
    vector = load("funnel_poisson_interpolated_exact")
    expected = np.array(vector["inputs"]["expected"])
    for level, low_tail, high_tail in ((0.95, "a0.025", "a0.975"), (0.998, "a0.001", "a0.999")):
        low, high = count_limits(expected, 0, level)
        limits = vector["expected"]["limits"]
        assert low / expected == pytest.approx(np.maximum(limits[low_tail], 0), abs=vector["tolerance"])
        assert high / expected == pytest.approx(np.array(limits[high_tail]), abs=vector["tolerance"])


def test_shares_of_twelve_hospitals():
    vector = load("funnel_proportion_arcsine_surgical12")  # OpenBUGS "Surgical", by FunnelPlotR
    deaths, n = vector["inputs"]["deaths"], np.array(vector["inputs"]["n"])
    published, close = vector["expected"], vector["tolerance"]
    funnel = share_funnel(deaths, n)
    assert funnel.target == pytest.approx(published["target"], abs=close)
    assert (funnel.phi, funnel.tau2) == pytest.approx((published["phi"], published["tau2"]), abs=close)
    assert funnel.z == pytest.approx(np.array(published["z_unadjusted"]), abs=close)
    assert winsorise(funnel.z) == pytest.approx(np.array(published["z_after_trim"]), abs=close)
    assert funnel.z_adjusted == pytest.approx(np.array(published["z_adjusted_additive"]), abs=close)
    for name, level in LEVELS.items():
        # as good as no variance between, in the arcsine form
        unadjusted = share_limits(n, funnel.target, 1e-20, level)
        overdispersed = getattr(funnel, f"low_{name}"), getattr(funnel, f"high_{name}")
        for found, kind in ((unadjusted, "unadjusted"), (overdispersed, "overdispersed")):
            for ends, end in zip(found, ("ll", "ul")):
                assert ends == pytest.approx(np.array(published[kind][f"{end}{name}"]), abs=ROUNDED_Z, rel=ROUNDED_Z)
    # A (0 of 47) is below the lower line at 99.8 %, but so few deaths are expected that its exact tail, 2.7 %, decides
    flags = dict(zip(vector["inputs"]["hospital"], funnel.flag))
    assert funnel.low_998[0] > 0
    assert {name: flag for name, flag in flags.items() if flag != "in"} == {"H": "high_95"}


def test_the_square_root_form_leaves_two_of_54_hospitals():
    inputs = load("funnel_medpar54_sr_shmi")["inputs"]
    funnel = count_funnel(inputs["observed"], inputs["expected"])
    outside = np.abs(funnel.z_adjusted) > two_sided_z(0.998)
    assert outside.tolist() == [flag in ("low_998", "high_998") for flag in funnel.flag]
    assert outside.sum() == 2


@given(st.floats(0.01, 1000), st.floats(1e-6, 0.5), st.sampled_from(list(LEVELS.values())))
def test_the_adjusted_z_of_a_limit_is_the_quantile(expected, tau2, level):
    low, high = count_limits(expected, tau2, level)
    z_low, z_high = ((np.sqrt(end / expected) - 1) / np.sqrt(1 / (4 * expected) + tau2) for end in (low, high))
    assert z_high == pytest.approx(two_sided_z(level))
    assert low == 0 or z_low == pytest.approx(-two_sided_z(level))


# --- reference: the logarithmic forms of FunnelPlotR ---
def truncated(z: np.ndarray) -> np.ndarray:
    """Reference: which z the SHMI keeps, without the lowest and highest tenth."""
    tenth = np.floor(rankdata(z) * 10 / (z.size + 1))
    return (tenth > 0) & (tenth < 9)


@pytest.mark.parametrize(
    "name, observed, expected",
    [
        ("funnel_small6_sr_shmi", "numerator", "denominator"),
        ("funnel_medpar54_sr_shmi", "observed", "expected"),
    ],
)
def test_reference_shmi_form(name, observed, expected):
    vector = load(name)  # FunnelPlotR; medpar: lengths of stay in 54 hospitals
    published, close = vector["expected"], vector["tolerance"]
    observed, expected = np.array(vector["inputs"][observed]), np.array(vector["inputs"][expected])
    z = np.sqrt(expected) * np.log(observed / expected)
    kept = truncated(z)
    tau2 = between_variance(z[kept], expected[kept])
    assert z == pytest.approx(np.array(published["z_unadjusted"]), abs=close)
    assert kept.tolist() == [value is not None for value in published["z_after_trim"]]
    assert kept.sum() == published["n_used"]
    assert (np.mean(z[kept] ** 2), tau2) == pytest.approx((published["phi"], published["tau2"]), abs=close)
    adjusted = z / np.sqrt(1 + tau2 * expected)
    assert adjusted == pytest.approx(np.array(published["z_adjusted_additive"]), abs=close)
    for name, level in LEVELS.items():
        half = two_sided_z(level) * np.sqrt(1 / expected + tau2)
        for end, found in (("ll", np.exp(-half)), ("ul", np.exp(half))):
            assert found == pytest.approx(
                np.array(published["overdispersed"][f"{end}{name}"]), abs=ROUNDED_Z, rel=ROUNDED_Z
            )
    outliers = np.array(published["group"])[np.abs(adjusted) > two_sided_z(0.998)]
    assert outliers.tolist() == published.get("outlier_998_overdispersed", [])


def test_reference_ratio_of_two_counts():
    vector = load("funnel_small6_rc")  # FunnelPlotR; its limits are a known defect
    published, close = vector["expected"], vector["tolerance"]
    a, b = np.array(vector["inputs"]["numerator"]), np.array(vector["inputs"]["denominator"])
    precision = 1 / (a / (a + 0.5) ** 2 + b / (b + 0.5) ** 2)
    z = (np.log((a + 0.5) / (b + 0.5)) - np.log(a.sum() / b.sum())) * np.sqrt(precision)
    trimmed = winsorise(z)
    tau2 = between_variance(trimmed, precision)
    assert trimmed == pytest.approx(np.array(published["z_after_trim"]), abs=close)
    assert (np.mean(trimmed**2), tau2) == pytest.approx((published["phi"], published["tau2"]), abs=close)
    adjusted = z / np.sqrt(1 + tau2 * precision)
    assert adjusted == pytest.approx(np.array(published["z_adjusted_additive"]), abs=close)


def test_one_that_is_known_beyond_all_others_leaves_no_spread_to_tell():
    assert between_variance(np.array([50.0, 0.0, 80.0]), np.array([6.0, 1e29, 7.0])) == 0


# --- reference: other definitions of the exact limits ---
def test_reference_limits_by_chi_square_at_the_expected_count():
    vector = load("funnel_poisson_exact_limits")  # FunnelPlotR, definition 2
    expected = np.array(vector["inputs"]["expected_counts"])
    for name, level in LEVELS.items():
        tail = (1 - level) / 2
        low = chi2.ppf(tail, 2 * expected) / (2 * expected)
        high = chi2.ppf(1 - tail, 2 * (expected + 1)) / (2 * expected)
        assert low == pytest.approx(np.array(vector["expected"][f"ll{name}"]), abs=vector["tolerance"])
        assert high == pytest.approx(np.array(vector["expected"][f"ul{name}"]), abs=vector["tolerance"])


def test_reference_limits_inverted_on_the_expected_count():
    vector = load("funnel_phe_ratio_limits")  # PHEindicatormethods, definition 3
    observed, published = np.array(vector["inputs"]["observed"]), vector["expected"]
    for name, tail in (("2s", 0.025), ("3s", 0.001)):
        most = chi2.ppf(1 - tail, 2 * (observed + 1)) / 2
        least = chi2.ppf(tail, 2 * observed) / 2
        for end, events in (("lower", most), ("upper", least)):
            for column, found in (("exp_events", events), ("isr", 100 * observed / events)):
                assert found == pytest.approx(np.array(published[f"{end}_{name}_{column}"]), rel=vector["tolerance"])


def phe_label(low: dict[str, np.ndarray], high: dict[str, np.ndarray], target: float) -> np.ndarray:
    """Reference: significance by whether the interval of each level holds the target."""
    return np.select(
        [low["998"] > target, high["998"] < target, low["95"] > target, high["95"] < target],
        ["High (0.001)", "Low (0.001)", "High (0.025)", "Low (0.025)"],
        "Not significant",
    )


def test_reference_significance_of_ratios():
    vector = load("funnel_phe_ratio_significance")
    observed, expected = np.array(vector["inputs"]["obs"]), np.array(vector["inputs"]["expected"])
    low, high = {}, {}
    for name, level in LEVELS.items():
        low[name], high[name] = (ends / expected for ends in poisson_interval(observed, level))
    assert phe_label(low, high, 1).tolist() == vector["expected"]["significance"]


def test_reference_proportions_by_inverted_wilson_interval():
    vector = load("funnel_phe_proportion")
    r, n = np.array(vector["inputs"]["numerator"]), np.array(vector["inputs"]["denominator"])
    low, high = {}, {}
    for name, level in LEVELS.items():
        low[name], high[name] = wilson(r, n, level)
    assert phe_label(low, high, r.sum() / n.sum()).tolist() == vector["expected"]["significance"]
    limits = {name: np.array(values) for name, values in vector["expected"]["limits"].items()}
    p0 = r.sum() / n.sum()
    assert 100 * p0 == pytest.approx(limits["Baseline"], abs=vector["tolerance"])
    for column, level in (("2s0025", 0.95), ("3s0001", 0.998)):
        half = two_sided_z(level) * np.sqrt(p0 * (1 - p0) / limits["Population"])
        for end, found in (("Lower", p0 - half), ("Upper", p0 + half)):
            assert 100 * np.clip(found, 0, 1) == pytest.approx(limits[f"{end}{column}limit"], abs=vector["tolerance"])


# --- what holds for any data ---
@given(st.floats(0, 1e4), st.floats(0, 1) | st.just(0.0), st.sampled_from(list(LEVELS.values())))
def test_limits_of_a_count_hold_what_is_expected_and_widen_with_the_variance_between(expected, tau2, level):
    low, high = count_limits(expected, tau2, level)
    assert 0 <= low <= expected <= high
    if tau2:
        wider_low, wider_high = count_limits(expected, 2 * tau2, level)
        assert wider_low <= low and high <= wider_high


@given(st.floats(1e-4, 1e3), st.floats(1.001, 2), st.floats(0, 0.5) | st.just(0.0), st.sampled_from([0.95, 0.998]))
def test_limits_of_a_count_rise_with_what_is_expected(expected, factor, tau2, level):
    low, high = count_limits([expected, factor * expected], tau2, level)
    assert low[0] <= low[1] and high[0] < high[1] + 1e-9


@given(
    st.integers(1, 3000),
    st.sampled_from([0, 1]) | st.floats(1e-6, 1 - 1e-6),
    st.floats(0, 0.3) | st.just(0.0),
    st.sampled_from([0.95, 0.998]),
)
def test_limits_of_a_share_hold_the_target_within_zero_and_one(n, p0, tau2, level):
    low, high = share_limits(n, p0, tau2, level)
    assert 0 <= low <= p0 + 1e-12 and p0 - 1e-12 <= high <= 1
    if tau2:
        wider_low, wider_high = share_limits(n, p0, 2 * tau2, level)
        assert wider_low <= low and high <= wider_high


@pytest.mark.parametrize("tau2", [1e-9, 0.01, 0.2])
def test_limits_of_a_share_close_in_steadily_as_the_denominator_grows(tau2):
    low, high = share_limits(np.arange(1, 500), 0.07, tau2, 0.998)
    assert (np.diff(low) >= 0).all() and (np.diff(high) <= 0).all()


def passed(value: float, *limits: float) -> int:
    return int(np.sum(value > np.array(limits)))


def rare(probability: float) -> int:
    """How many of the levels' tails the probability does not exceed."""
    return int(np.sum(probability <= np.array((0.025, 0.001)) * (1 + 1e-12)))


@given(COUNTS)
def test_the_flag_of_a_count_is_the_drawn_limit_strictly_passed(rows):
    observed, exposure = map(np.array, zip(*rows))
    funnel = count_funnel(observed, exposure)
    for place, (count, expected) in enumerate(zip(observed, funnel.expected)):
        found = SIDES[funnel.flag[place]]
        drawn = passed(count, funnel.high_95[place], funnel.high_998[place])
        drawn -= passed(-count, -funnel.low_95[place], -funnel.low_998[place])
        if expected >= SMALL:
            assert found == drawn
        else:
            assert found == max(0, min(drawn, rare(poisson.sf(count - 1, expected))))
    assert funnel.expected.sum() == pytest.approx(observed.sum())


@given(SHARES)
def test_the_flag_of_a_share_is_the_drawn_limit_strictly_passed(rows):
    r, n = map(np.array, zip(*rows))
    funnel = share_funnel(r, n)
    for place, share in enumerate(r / n):
        found = SIDES[funnel.flag[place]]
        high = passed(share, funnel.high_95[place], funnel.high_998[place])
        low = passed(-share, -funnel.low_95[place], -funnel.low_998[place])
        if n[place] * min(funnel.target, 1 - funnel.target) < SMALL:
            high = min(high, rare(binom.sf(r[place] - 1, n[place], funnel.target)))
            low = min(low, rare(binom.cdf(r[place], n[place], funnel.target)))
        assert found == high - low


@given(COUNTS, st.floats(0.01, 100))
def test_the_unit_of_exposure_does_not_matter(rows, unit):
    observed, exposure = map(np.array, zip(*rows))
    one, other = count_funnel(observed, exposure), count_funnel(observed, exposure * unit)
    assert other.z == pytest.approx(one.z, abs=1e-6)
    assert other.tau2 == pytest.approx(one.tau2, abs=1e-6)


# --- edges ---
def test_a_department_without_exposure_takes_no_part():
    whole = count_funnel([10, 30, 12, 0], [100, 110, 90, 120])
    parted = count_funnel([10, 5, 30, 12, 7, 0], [100, np.nan, 110, 90, 0, 120])
    assert parted.flag[[1, 4]].tolist() == ["", ""]
    for name in ("expected", "z", "z_adjusted", "low_95", "high_998", "p_high", "p_low"):
        values = getattr(parted, name)
        assert np.isnan(values[[1, 4]]).all()
        assert values[[0, 2, 3, 5]] == pytest.approx(getattr(whole, name))
    assert (parted.phi, parted.tau2, parted.target) == (whole.phi, whole.tau2, whole.target)


def test_a_department_without_a_count_or_with_more_than_all_takes_no_part():
    assert count_funnel([np.nan, 3], [10, 10]).flag.tolist() == ["", "in"]
    assert share_funnel([5, np.nan, 0, 3], [4, 10, 0, 10]).flag.tolist() == ["", "", "", "in"]
    assert mean_funnel([80, np.nan, 82], [0, 1, 1], 81).flag.tolist() == ["", "", "in"]


def test_a_department_alone_is_as_expected():
    for funnel in (count_funnel([7], [100]), share_funnel([7], [100])):
        assert funnel.tau2 == 0 and funnel.z == pytest.approx(0) and funnel.flag.tolist() == ["in"]


@pytest.mark.parametrize("funnel", [count_funnel, share_funnel])
def test_nobody_is_judged_where_nobody_has_exposure(funnel):
    nobody = funnel([3, 4], [np.nan, 0])
    assert nobody.flag.tolist() == ["", ""] and np.isnan((nobody.phi, nobody.target)).all() and nobody.tau2 == 0


@pytest.mark.parametrize("funnel", [count_funnel, share_funnel])
def test_no_case_anywhere_is_no_finding(funnel):
    quiet = funnel([0, 0, 0], [10, 200, 3000])
    assert quiet.flag.tolist() == ["in"] * 3 and quiet.tau2 == 0
    assert (quiet.high_998 == 0).all()


def test_a_share_that_is_full_everywhere_is_no_finding():
    assert share_funnel([5, 80], [5, 80]).flag.tolist() == ["in", "in"]


def test_equal_rates_leave_only_chance():
    funnel = count_funnel([10, 20, 30], [100, 200, 300])
    assert funnel.z == pytest.approx(0) and funnel.tau2 == 0
    assert funnel.low_95 == pytest.approx(count_limits([10, 20, 30], 0, 0.95)[0])


def test_below_five_expected_no_low_flag_and_a_high_one_only_beyond_the_exact_tail():
    observed, exposure = [100] * 40 + [8, 9, 13, 0], [100] * 40 + [4] * 4
    funnel = count_funnel(observed, exposure)
    assert funnel.tau2 == 0
    # 8 and 0 pass their drawn lines, too
    assert funnel.high_95[40] < 8 and funnel.low_95[43] > 0
    assert funnel.flag[40:].tolist() == ["in", "high_95", "high_998", "in"]


def test_means_around_a_target_widen_by_the_variance_between():
    mean, error = np.array([70.0, 80, 81, 79, 90]), np.array([1.0, 1, 2, 1, 2])
    funnel = mean_funnel(mean, error, 80)
    half = two_sided_z(0.95) * np.sqrt(error**2 + funnel.tau2)
    assert funnel.tau2 > 0 and funnel.high_95 - 80 == pytest.approx(half)
    assert funnel.z_adjusted == pytest.approx((mean - 80) / np.sqrt(error**2 + funnel.tau2))
    assert mean_funnel([80] * 9 + [87], [2] * 10, 80).flag.tolist() == ["in"] * 9 + ["high_998"]
