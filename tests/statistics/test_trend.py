"""The recent trend against Fingertips' own examples, and at the edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dashboard.statistics.trend import recent_trend
from tests.statistics.vectors import load

VECTOR = load("trend_fingertips_recent5")
MARKERS = {
    "increasing": "increasing",
    "decreasing": "decreasing",
    "no_change_or_cannot": "",  # the example has no intervals, which the source makes from the counts before
    "cannot_be_calculated": "",
}
panels = arrays.arrays(float, (3, 7), elements=st.one_of(*[st.integers(-9, 9).map(float)] * 5, st.just(np.nan)))
widths = arrays.arrays(float, (3, 7), elements=st.integers(1, 8).map(float))


@pytest.mark.parametrize("series", VECTOR["inputs"])
def test_trends_of_fingertips(series):
    points, expected = VECTOR["inputs"][series], VECTOR["expected"][series]
    found = recent_trend(*(np.array([point[key] for point in points], float) for key in ("value", "lower", "upper")))
    assert found.code == MARKERS[expected["marker"]]
    if "slope" in expected:
        assert found.slope == pytest.approx(expected["slope"], rel=VECTOR["tolerance"])
        assert found.chi2 == pytest.approx(expected["chi2"], rel=VECTOR["tolerance"])
    else:
        assert np.isnan(found.slope) and np.isnan(found.chi2)


@given(panels, widths)
def test_many_series_at_once_equal_one_at_a_time(values, width):
    together = recent_trend(values, values - width, values + width)
    for i in range(3):
        alone = recent_trend(values[i], values[i] - width[i], values[i] + width[i])
        np.testing.assert_allclose(
            (together.slope[i], together.chi2[i]), (alone.slope, alone.chi2), rtol=1e-12, atol=1e-12
        )
        assert together.code[i] == alone.code
        assert (alone.code == "") == np.isnan(values[i, 2:]).any()


@given(panels, widths, st.integers(-1000, 1000))
def test_a_constant_changes_nothing_and_a_mirror_the_sign(values, width, constant):
    width = width / 4
    found = recent_trend(values, values - width, values + width)
    moved = recent_trend(values + constant, values - width + constant, values + width + constant)
    mirrored = recent_trend(-values, -values - width, -values + width)
    np.testing.assert_allclose(moved.slope, found.slope, atol=1e-9)
    np.testing.assert_allclose(mirrored.slope, -found.slope, atol=1e-9)
    np.testing.assert_allclose(mirrored.chi2, found.chi2, rtol=1e-9)
    assert list(moved.code) == list(found.code)


@given(panels, widths)
def test_the_slope_is_that_of_weighted_least_squares(values, width):
    values = np.nan_to_num(values)
    found = recent_trend(values, values - width, values + width)
    for i in range(3):
        # polyfit multiplies residuals by its weights: 1 / standard error
        fitted = np.polyfit(np.arange(5), values[i, 2:], 1, w=3.92 / (2 * width[i, 2:]))[0]
        assert found.slope[i] == pytest.approx(fitted, abs=1e-9)


def test_only_the_last_five_points_count():
    values = np.array([900.0, -900, 1, 2, 3, 4, 5])
    found = recent_trend(values, values - 0.1, values + 0.1)
    assert found.slope == pytest.approx(1) and found.code == "increasing"


def test_a_trend_that_hangs_on_one_point_is_none():
    values = np.array([5.0, 4, 3, 2, 50])
    found = recent_trend(values, values - 1, values + 1)
    assert found.chi2 > 9.55 and found.slope > 0 and found.code == "none"


def test_a_slope_of_zero_counts_as_positive_when_a_point_is_left_out():
    values = np.array([[5.1, 5.1, 5.1, 5.1, 9], [5.1, 5.1, 5.1, 5.1, 1]])
    found = recent_trend(values, values - 0.1, values + 0.1)
    assert (found.chi2 > 9.55).all() and list(found.code) == ["increasing", "none"]


@pytest.mark.parametrize("value", [0.0, 0.1, 92.3, 1e9 / 3])
def test_equal_values_have_no_trend(value):
    found = recent_trend(np.full(5, value), np.full(5, value) - 1e-3, np.full(5, value) + 1e-3)
    assert found.slope == 0 and found.chi2 == 0 and found.code == "none"


def test_what_cannot_be_computed_is_empty_and_touches_no_other():
    values = np.tile([1.0, 2, 3, 4, 5], (5, 1))
    low, high = values - 0.1, values + 0.1
    values[0, 2] = low[1, 0] = high[2, 4] = np.nan
    low[3, 1] = high[3, 1] = 2
    found = recent_trend(values, low, high)
    assert list(found.code) == ["", "", "", "", "increasing"]
    assert list(np.isnan(found.slope)) == list(np.isnan(found.chi2)) == [True] * 4 + [False]


@pytest.mark.parametrize("points", [0, 1, 4])
def test_fewer_than_five_points_have_no_trend(points):
    values = np.ones((2, points))
    found = recent_trend(values, values - 1, values + 1)
    assert list(found.code) == ["", ""] and np.isnan(found.slope).all()
