"""Control charts against published ones, against a plain reading of the rules, and at the edges."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from dashboard.statistics import control_chart
from dashboard.statistics.control_chart import (
    Chart,
    assurance,
    chance_limits,
    p_chart,
    point_types,
    run_rules,
    t_chart,
    u_chart,
    variation,
    xmr,
)
from tests.statistics.vectors import load

LINES = ("mean", "lower", "upper", "near_lower", "near_upper")
# small whole numbers bring ties, runs and trends, and are exact under a shift and a mirror
whole = st.integers(-9, 9).map(float)
gappy = st.one_of(whole, whole, whole, whole, st.just(np.nan))
PERIODS = 30
series = arrays.arrays(float, PERIODS, elements=gappy)
panels = arrays.arrays(float, (4, PERIODS), elements=gappy)
borders = st.sets(st.integers(1, PERIODS - 1), max_size=2)


def types_of(chart: Chart, segment=None):
    return point_types(chart.values, *(getattr(chart, line) for line in LINES), segment)


def segments(at: set[int]) -> np.ndarray:
    return np.isin(np.arange(PERIODS), list(at)).cumsum()


# --- published numbers ---
@pytest.mark.parametrize(
    "name",
    ["xmr_nhs_snapshot_r1", "xmr_nhs_snapshot_r2_outlier_screened", "xmr_nhs_two_of_three_opposite_sides"],
)
def test_xmr_of_nhs_plots(name):
    vector = load(name)
    expected, near = vector["expected"], {"abs": vector["tolerance"], "rel": vector["tolerance"]}
    chart = xmr(vector["inputs"]["y"])
    got = {
        "mean": chart.mean,
        "lpl": chart.lower,
        "upl": chart.upper,
        "nlpl": chart.near_lower,
        "nupl": chart.near_upper,
        "amr": chart.mean_range,
        "amr_raw": xmr(vector["inputs"]["y"], screen=False).mean_range,
    }
    for key, line in got.items():
        assert line == pytest.approx(np.full(line.shape, expected[key]), **near), key
    point_type, side = types_of(chart)
    above = {"Above UCL": ("astronomical", 1), "Common Cause": ("common", 0)}
    assert list(zip(point_type, side)) == [above[cause] for cause in expected["special_cause_type"]]
    icons = {"special_cause_improvement": "improvement", "common_cause": "common"}
    assert list(variation(point_type, side, "higher")) == [icons[icon] for icon in expected["point_type"]]


@pytest.mark.parametrize("name", ["xmr_nhs_deviations_vignette"])
@pytest.mark.parametrize("screening", ["screened", "unscreened"])
def test_screening_of_the_nhs_vignette(name, screening):
    vector = load(name)
    chart = xmr(vector["inputs"]["y"], screen=screening == "screened")
    for kind, tolerance in (("published", vector["tolerance"]), ("full", 1e-9)):
        expected = vector["expected"][kind][screening]
        got = (chart.mean[0], chart.lower[0], chart.upper[0])
        assert got == pytest.approx((expected["mean"], expected["lpl"], expected["upl"]), abs=tolerance)


@pytest.mark.parametrize("name", ["xmr_nhs_rule_helpers"])
def test_rules_of_nhs_plots(name):
    expected = load(name)["expected"]
    for case in expected["seven_one_side"]:
        side = np.array(case["v"])
        assert list(control_chart._closes_shift(side, unbroken(side))) == case["out"]
    for case in expected["part_of_seven"]:
        assert list(control_chart._filled(np.array(case["v"]) != 0, 7)) == case["out"]
    for case in expected["seven_trend"]:
        # the source marks the last of the seven; the note of the vector: all seven are flagged
        flagged = control_chart._filled(np.array(case["out"]) != 0, 7) * np.sum(case["out"])
        values = np.array(case["y"], dtype=float)
        assert list(control_chart._trend(values, unbroken(values))) == list(flagged)
    for case in expected["two_in_three"]:
        near, side = np.array(case["close"]) == 1, np.array(case["rtm"])
        closes = control_chart._closes_two_of_three(near, side, unbroken(side))
        assert list(control_chart._filled(closes, 3)) == case["out"]


def unbroken(x: np.ndarray) -> np.ndarray:
    return np.arange(x.size) > 0


@pytest.mark.parametrize("name", ["xmr_nhs_assurance"])
def test_assurance_of_nhs_plots(name):
    vector = load(name)
    inputs, expected = vector["inputs"], vector["expected"]
    icons = {"consistent_fail": "fail", "consistent_pass": "pass", "inconsistent": "hit_or_miss", None: ""}
    for theirs, better in (("increase", "higher"), ("decrease", "lower"), ("neutral", "neither")):
        got = assurance(inputs["lpl"], inputs["upl"], inputs["target"], better)
        assert list(got) == [icons[icon] for icon in expected[theirs]]
    assert list(assurance(inputs["lpl"], inputs["upl"], np.nan, "higher")) == [icons[expected["no_target"]]] * 3


@pytest.mark.parametrize(
    ("name", "chart_of"), [("uchart_montgomery_7_4", u_chart), ("pchart_montgomery_tbl7_4", p_chart)]
)
def test_charts_of_montgomery(name, chart_of):
    vector = load(name)
    chart = chart_of(vector["inputs"]["count"], vector["inputs"]["size"])
    for key, line in (("cl", chart.mean), ("lcl", chart.lower), ("ucl", chart.upper)):
        assert line == pytest.approx(np.array(vector["expected"][key]), abs=vector["tolerance"]), key


@pytest.mark.parametrize("name", ["run_rules_anhoej_cdi"])
@pytest.mark.parametrize(("months", "key"), [("first24", "y"), ("all", "y_all")])
def test_run_rules_of_anhoej(name, months, key):
    vector = load(name)
    found = run_rules(vector["inputs"][key])
    ours = ("median", "n_useful", "longest_run", "longest_run_max", "crossings", "crossings_min", "signal")
    theirs = ("median", "n_useful", "longest_run", "longest_run_max", "n_crossings", "n_crossings_min", "signal")
    expected = vector["expected"][months]
    assert [getattr(found, name) for name in ours] == [expected[name] for name in theirs]


# --- a plain reading of the rules, one point at a time ---
def plain_types(values, lines, segment):
    """The text of 3b.3 as loops: slow, and written without a look at the arrays."""
    mean, lower, upper, near_lower, near_upper = lines
    periods = len(values)

    def within(window):
        return window[0] >= 0 and window[-1] < periods and len({segment[i] for i in window}) == 1

    def windows(i, length):
        return [w for w in (range(s, s + length) for s in range(i - length + 1, i + 1)) if within(w)]

    def outside(i):
        return values[i] > upper[i] or values[i] < lower[i]

    def near(i):
        return not outside(i) and (values[i] > near_upper[i] or values[i] < near_lower[i])

    def one_side(window):
        return all(values[j] > mean[j] for j in window) or all(values[j] < mean[j] for j in window)

    found = []
    for i in range(periods):
        above = 1 if values[i] > mean[i] else -1
        directions = [
            sign
            for w in windows(i, 7)
            for sign in (1, -1)
            if all(sign * (values[j + 1] - values[j]) > 0 for j in w[:-1])
        ]
        if np.isnan(values[i]):
            found.append(("", 0))
        elif outside(i):
            found.append(("astronomical", above))
        elif directions:
            found.append(("trend", directions[-1]))
        elif near(i) and any(one_side(w) and sum(near(j) for j in w) >= 2 for w in windows(i, 3)):
            found.append(("two_of_three", above))
        elif any(one_side(w) for w in windows(i, 7)):
            found.append(("shift", above))
        else:
            found.append(("", 0) if np.isnan(upper[i]) else ("common", 0))
    return found


@given(series, st.lists(st.integers(-4, 4), min_size=5, max_size=5).map(sorted), borders)
def test_types_are_those_of_a_plain_reading(values, lines, at):
    lower, near_lower, mean, near_upper, upper = (np.full(PERIODS, float(line)) for line in lines)
    lines = (mean, lower, upper, near_lower, near_upper)
    point_type, side = point_types(values, *lines, segments(at))
    assert list(zip(point_type, side)) == plain_types(values, lines, segments(at))


@pytest.mark.parametrize("repeat", range(60))
def test_types_of_wandering_series_are_those_of_a_plain_reading(repeat):
    random = np.random.default_rng(repeat)
    values = random.normal(size=PERIODS).cumsum() + random.normal(size=PERIODS) * (repeat % 4)
    values[random.random(PERIODS) < 0.03] = np.nan
    segment = (np.arange(PERIODS) >= random.integers(0, 2 * PERIODS)).astype(int)
    chart = xmr(values, segment)
    point_type, side = types_of(chart, segment)
    assert list(zip(point_type, side)) == plain_types(values, [getattr(chart, line) for line in LINES], segment)


def test_each_rule_by_hand():
    mean, lower, upper, near_lower, near_upper = 0, -3, 3, -2, 2
    values = [4.0, -1, 0.5, 2.5, 2.2, -1, 1, 1, 1, 1, 2, 1, 1, 0, -2, -1.5, -1, -0.5, 0.5, 1, 1.5, 1, np.nan]
    point_type, side = point_types(values, mean, lower, upper, near_lower, near_upper)
    expected = (
        [("astronomical", 1), ("common", 0), ("common", 0), ("two_of_three", 1), ("two_of_three", 1), ("common", 0)]
        + [("shift", 1)] * 7
        + [("common", 0)]
        + [("trend", 1)] * 7
        + [("common", 0), ("", 0)]
    )
    assert list(zip(point_type, side)) == expected


def test_a_point_where_a_rise_turns_into_a_fall_belongs_to_the_fall():
    values = [1.0, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1]
    point_type, side = point_types(values, 4, -99, 99, -66, 66)
    assert set(point_type) == {"trend"} and list(side) == [1] * 6 + [-1] * 7
    assert list(point_types(-np.array(values), -4, -99, 99, -66, 66)[1]) == [-1] * 6 + [1] * 7


# --- many series, shifts, mirrors, borders, gaps ---
@given(panels, st.booleans())
def test_many_series_at_once_equal_one_at_a_time(panel, screen):
    together = xmr(panel.reshape(2, 2, PERIODS), screen=screen)
    types, sides = types_of(together)
    rules = run_rules(panel)
    for i, values in enumerate(panel):
        alone = xmr(values, screen=screen)
        for field in dataclasses.fields(alone):
            got = getattr(together, field.name).reshape(4, PERIODS)[i]
            np.testing.assert_array_equal(got, getattr(alone, field.name), err_msg=field.name)
        alone_types, alone_sides = types_of(alone)
        assert list(types.reshape(4, -1)[i]) == list(alone_types) and list(sides.reshape(4, -1)[i]) == list(alone_sides)
        np.testing.assert_equal(
            {key: value[i] for key, value in dataclasses.asdict(rules).items()}, dataclasses.asdict(run_rules(values))
        )


@given(panels, arrays.arrays(float, (4, PERIODS), elements=st.integers(0, 30).map(float)), st.booleans())
def test_many_count_charts_at_once_equal_one_at_a_time(counts, sizes, laney):
    counts = np.abs(counts)
    for chart_of, count in ((u_chart, counts), (p_chart, np.minimum(counts, sizes))):
        together = chart_of(count, sizes, laney=laney)
        for i in range(4):
            alone = chart_of(count[i], sizes[i], laney=laney)
            for field in dataclasses.fields(alone):
                np.testing.assert_array_equal(getattr(together, field.name)[i], getattr(alone, field.name))


@given(series, borders, st.integers(-1000, 1000))
def test_a_constant_shifts_the_lines_and_changes_no_type(values, at, constant):
    segment = segments(at)
    chart, shifted = xmr(values, segment), xmr(values + constant, segment)
    for line in LINES:
        np.testing.assert_allclose(getattr(shifted, line), getattr(chart, line) + constant, atol=1e-9)
    np.testing.assert_array_equal(shifted.n, chart.n)
    np.testing.assert_allclose(shifted.range_limit, chart.range_limit, atol=1e-9)
    for one, other in zip(types_of(chart, segment), types_of(shifted, segment)):
        assert list(one) == list(other)


@given(series, borders)
def test_a_mirror_mirrors_the_sides(values, at):
    segment = segments(at)
    (types, sides), (mirrored_types, mirrored_sides) = (types_of(xmr(x, segment), segment) for x in (values, -values))
    assert list(types) == list(mirrored_types) and list(sides) == list(-mirrored_sides)
    assert list(variation(types, sides, "higher")) == list(variation(types, -sides, "lower"))


@given(series, st.integers(1, PERIODS - 1))
def test_what_is_beyond_a_border_counts_for_nothing(values, border):
    segment = segments({border})
    chart = xmr(values, segment)
    types, sides = types_of(chart, segment)
    for part in (slice(None, border), slice(border, None)):
        alone = xmr(values[part])
        for field in dataclasses.fields(alone):
            np.testing.assert_array_equal(getattr(chart, field.name)[part], getattr(alone, field.name))
        for got, expected in zip((types[part], sides[part]), types_of(alone)):
            assert list(got) == list(expected)


@given(panels)
def test_a_missing_series_touches_no_other(panel):
    gone = panel.copy()
    gone[1] = np.nan
    whole_chart, chart = xmr(panel), xmr(gone)
    others = [0, 2, 3]
    for field in dataclasses.fields(chart):
        np.testing.assert_array_equal(getattr(chart, field.name)[others], getattr(whole_chart, field.name)[others])
    assert np.isnan(chart.mean[1]).all() and (types_of(chart)[0][1] == "").all() and (chart.n[1] == 0).all()


def test_a_segment_number_that_returns_is_a_new_segment():
    chart = xmr(np.arange(18.0), np.repeat([0, 1, 0], 6))
    assert list(chart.mean[[0, 6, 12]]) == [2.5, 8.5, 14.5]


@pytest.mark.parametrize(
    ("values", "after", "rule"),
    [(np.arange(8.0), 4, "trend"), (np.full(8, 1.0), 4, "shift"), (np.array([-1.0, 7, 7, -1]), 2, "two_of_three")],
)
def test_no_run_crosses_a_gap(values, after, rule):
    lines = (0.5, -9, 9, -6, 6) if rule != "two_of_three" else (-2, -9, 9, -6, 6)
    assert rule in point_types(values, *lines)[0]
    assert set(point_types(values, *lines, np.arange(values.size) >= after)[0]) == {"common"}
    assert set(point_types(np.insert(values, after, np.nan), *lines)[0]) == {"common", ""}


def test_no_moving_range_across_a_gap():
    chart = xmr([1.0, 2, np.nan, 4, 6, 16, 17, 18], [0, 0, 0, 0, 0, 1, 1, 1])
    np.testing.assert_array_equal(chart.moving_range, [np.nan, 1, np.nan, np.nan, 2, np.nan, 1, 1])
    assert list(chart.n) == [4] * 5 + [3] * 3


# --- edges ---
@pytest.mark.parametrize(
    ("points", "limits", "trial"), [(5, False, False), (6, True, True), (11, True, True), (12, True, False)]
)
def test_few_points_have_no_limits_and_some_more_have_trial_limits(points, limits, trial):
    values = np.resize([3.0, 5.0, 4.0], points)
    chart = xmr(values)
    assert (~np.isnan(chart.upper)).all() == limits and (~np.isnan(chart.range_limit)).all() == limits
    assert chart.mean[0] == pytest.approx(values.mean())
    assert (chart.trial == trial).all()
    assert set(types_of(chart)[0]) == ({"common"} if limits else {""})


@pytest.mark.parametrize("value", [0.0, 0.1, 92.3, -1e9 / 3, 1e-9])
def test_equal_values_are_common(value):
    chart = xmr(np.full(13, value))
    assert chart.upper == pytest.approx(np.full(13, value)) and chart.lower == pytest.approx(chart.upper)
    assert set(types_of(chart)[0]) == {"common"}


def test_a_value_on_the_mean_breaks_a_run_though_the_mean_is_rounded():
    values = np.tile([0.1, 0.2, 0.3, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2], 3)
    assert xmr(values).mean[0] != 0.2
    assert set(types_of(xmr(values))[0]) == {"common"}


def test_one_spike_among_equal_values_does_not_make_the_others_signals():
    values = np.zeros(20)
    values[9] = 5
    chart = xmr(values)
    assert chart.mean_range[0] == pytest.approx(10 / 19)
    assert list(types_of(chart)[0]) == ["shift"] * 9 + ["astronomical"] + ["shift"] * 10


@pytest.mark.parametrize("values", [[3.0], [np.nan] * 9, [np.nan, 3.0, np.nan]])
def test_nothing_is_said_of_one_point_or_none(values):
    chart = xmr(values)
    assert np.isnan(chart.upper).all() and (types_of(chart)[0] == "").all()
    assert (variation(*types_of(chart), "higher") == "").all()
    assert list(assurance(chart.lower, chart.upper, 1.0, "higher")) == [""] * len(values)
    rules = run_rules(values)
    assert not rules.signal and rules.n_useful == 0 and rules.longest_run == 0 and rules.crossings == 0
    for laney in (True, False):
        assert np.isnan(u_chart(values, 10, laney=laney).upper).all()
        assert np.isnan(p_chart(values, 10, laney=laney).upper).all()


def test_limits_are_drawn_through_a_missing_period():
    values = np.resize([3.0, 5.0, 4.0], 20)
    values[4] = np.nan
    chart = xmr(values)
    assert len(set(chart.upper)) == 1 and chart.n[4] == 19


def test_variation_turns_sides_into_what_they_mean():
    types = np.array(["astronomical", "trend", "common", "", "shift"])
    sides = np.array([1, -1, 0, 0, -1])
    assert list(variation(types, sides, "higher")) == ["improvement", "concern", "common", "", "concern"]
    assert list(variation(types, sides, "lower")) == ["concern", "improvement", "common", "", "improvement"]
    assert list(variation(types, sides, "neither")) == ["high", "low", "common", "", "low"]
    assert variation(types[None, :], sides[None, :], np.array([["higher"], ["neither"]])).tolist() == [
        ["improvement", "concern", "common", "", "concern"],
        ["high", "low", "common", "", "low"],
    ]
    with pytest.raises(ValueError):
        variation(types, sides, "up")


def test_a_target_on_a_limit_is_hit_or_missed():
    assert list(assurance([1.0, 1, np.nan], [3.0, 3, 3], [3.0, 1, 1], ["higher", "lower", "lower"])) == [
        "hit_or_miss",
        "hit_or_miss",
        "",
    ]


# --- counts, shares and rare events ---
def test_laney_limits_by_hand():
    count, size = np.array([10.0, 30, 12, 28, 11, 29]), np.full(6, 1000.0)
    chart = u_chart(count, size, laney=True)
    sd = np.sqrt(0.02 / 1000)
    sigma_z = np.mean(np.abs(np.diff(count / 1000))) / sd / 1.128
    assert chart.sigma_z == pytest.approx(np.full(6, sigma_z))
    assert chart.upper == pytest.approx(np.full(6, 0.02 + 3 * sd * sigma_z))
    assert chart.near_upper == pytest.approx(np.full(6, 0.02 + 2 * sd * sigma_z))
    assert (chart.lower == 0).all() and chart.trial.all()
    shares = p_chart(count, size, laney=True)
    assert shares.upper == pytest.approx(chart.upper)  # √(c(1 − c)) cancels where all sizes are equal
    assert shares.sigma_z == pytest.approx(chart.sigma_z / np.sqrt(0.98))


def test_laney_takes_no_step_across_a_gap_or_a_border():
    count = [1.0, 2, 1, 2, 1, 2, np.nan, 9, 8, 9, 8, 9, 8]
    size = np.full(13, 100.0)
    segment = np.arange(13) >= 7
    chart = u_chart(count, size, segment, laney=True)
    sd = np.sqrt(np.array([0.015, 0.085]) / 100)
    assert chart.sigma_z[[0, 7]] == pytest.approx(0.01 / sd / 1.128)
    assert chart.mean[[0, 7]] == pytest.approx([0.015, 0.085])
    assert np.isnan(chart.upper[6]) and types_of(chart, segment)[0][6] == ""


def test_limits_of_counts_follow_the_size_and_types_are_judged_by_them():
    count, size = np.array([2.0, 2, 2, 2, 2, 2, 2, 40, 40]), np.array([10.0] * 7 + [1000, 100])
    chart = u_chart(count, size)
    assert chart.upper[7] < chart.upper[8] < chart.upper[0]
    assert list(types_of(chart)[0][-2:]) == ["astronomical", "astronomical"]
    assert list(types_of(chart)[1][-2:]) == [-1, 1]


def test_values_that_differ_without_a_range_have_no_limits():
    gaps = [1.0, np.nan, 5, np.nan, 2, np.nan, 7, np.nan, 3, np.nan, 9, np.nan, 4, 4]
    assert np.isnan(xmr(gaps).upper).all() and set(types_of(xmr(gaps))[0]) == {""}
    few_ranges = [1.0, 2, np.nan, 5, 4, np.nan, 2, 3, np.nan, 9]
    assert np.isnan(xmr(few_ranges).upper).all(), "three ranges carry no limits"
    assert xmr([4.0] * 8).upper[-1] == 4


@pytest.mark.parametrize(("mean", "size", "is_share"), [(4.0, 1.0, False), (0.5, 30.0, False), (0.9, 20.0, True)])
def test_limits_of_chance_are_those_of_its_law(mean, size, is_share):
    low, high = chance_limits(mean, size, is_share)
    law = stats.binom(size, mean) if is_share else stats.poisson(mean * size)
    low, high = round(float(low) * size), round(float(high) * size)
    assert law.cdf(low - 1) < 0.00135 <= law.cdf(low), "one event fewer is rarer than a limit allows"
    assert law.sf(high) <= 0.00135 < law.sf(high - 1)


def test_there_are_no_limits_of_chance_without_a_size_or_above_the_whole():
    for mean, size, is_share in ((np.nan, 5, True), (0.5, np.nan, True), (0.5, 0, False), (1.2, 5, True)):
        assert np.isnan(chance_limits(mean, size, is_share)).all()
    assert np.array(chance_limits(1.0, 5, True)).tolist() == [1, 1]


@pytest.mark.parametrize("laney", [True, False])
@pytest.mark.parametrize("count", [0.0, 10.0])
def test_shares_of_none_and_of_all_are_common(count, laney):
    chart = p_chart(np.full(12, count), np.full(12, 10.0), laney=laney)
    assert list(chart.lower) == list(chart.upper) == [count / 10] * 12
    assert set(types_of(chart)[0]) == {"common"}


def test_a_period_without_size_is_missing():
    count, size = np.full((2, 8), 2.0), np.full((2, 8), 50.0)
    size[0, 3], size[1, 3], count[1, 5] = 0, np.nan, np.nan
    chart = u_chart(count, size)
    assert np.isnan(chart.values[[0, 1, 1], [3, 3, 5]]).all() and list(chart.n[:, 0]) == [7, 6]
    assert chart.mean[:, 0] == pytest.approx([0.04, 0.04])


def test_t_chart_is_the_xmr_of_the_roots():
    gaps = np.random.default_rng(3).exponential(20, 24)
    chart, roots = t_chart(gaps), xmr(gaps ** (1 / 3.6), screen=False)
    assert chart.mean == pytest.approx(roots.mean**3.6) and chart.upper == pytest.approx(roots.upper**3.6)
    assert chart.lower == pytest.approx(np.maximum(roots.lower, 0) ** 3.6)
    assert list(types_of(chart)[0]) == list(types_of(roots)[0])
    low = t_chart([0.0, 40, 1, 30, 2, 50, 0])
    assert (low.lower == 0).all() and (low.upper > 50).all()
    with pytest.raises(ValueError):
        t_chart([1.0, -1])


@given(series)
def test_run_rules_are_those_of_a_plain_reading(values):
    known = values[~np.isnan(values)]
    useful = [int(np.sign(x - np.median(known))) for x in known if x != np.median(known)]
    runs = "".join("+" if x > 0 else "-" for x in useful).replace("+-", "+ -").replace("-+", "- +").split()
    found = run_rules(values)
    assert found.n_useful == len(useful)
    assert found.longest_run == max(map(len, runs), default=0)
    assert found.crossings == max(len(runs) - 1, 0)
