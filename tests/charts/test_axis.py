"""Axes and sparklines."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts.axis import axis_for
from dashboard.charts.sparkline import last_point, sparkline

VALUES = st.lists(st.floats(-1e6, 1e6).map(lambda value: round(value, 3)), min_size=1, max_size=30)


@given(VALUES)
def test_every_value_lies_on_its_axis(values):
    axis = axis_for(values)
    assert all(0 <= axis.position(value) <= 100 for value in values)
    assert all(0 <= axis.position(tick) <= 100 for tick in axis.ticks)


@pytest.mark.parametrize("values", [[73.4, 84.3], [0, 55.6], [0, 3], [99.1, 99.4]])
def test_an_axis_has_a_few_round_ticks(values):
    assert 3 <= len(axis_for(values).ticks) <= 6


def test_an_axis_of_counts_starts_at_zero():
    axis = axis_for([5, 9], from_zero=True)
    assert axis.low == 0
    assert axis.ticks[0] == 0


@pytest.mark.parametrize("values", [[], [math.nan], [7.0]])
def test_no_value_or_a_single_one_still_gives_an_axis(values):
    axis = axis_for(values)
    assert axis.high > axis.low


def test_a_missing_quarter_is_a_gap_in_the_line():
    assert sparkline([1, 2, 3, 4]).count("polyline") == 1
    assert sparkline([1, 2, math.nan, 3, 4]).count("polyline") == 2


def test_a_line_without_its_last_value_has_no_last_point():
    assert last_point([1.0, math.nan]) is None
    assert last_point([1.0, 2.0]) is not None
