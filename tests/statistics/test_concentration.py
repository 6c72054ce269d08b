"""Concentration, against published numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.statistics.concentration import effective_number, gini, gini_by_chance, hhi, top_share, upper_fence
from tests.statistics.vectors import load

COUNTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=40).filter(any)


def test_gini_and_herfindahl():
    vector = load("concentration_gini_hhi")  # R package ineq; DOJ & FTC merger guidelines
    inputs, published, close = vector["inputs"], vector["expected"], vector["tolerance"]
    assert gini(inputs["gini_x"]) == pytest.approx(published["gini"], abs=close)
    assert gini(inputs["gini_x"], corrected=True) == pytest.approx(published["gini_corrected"], abs=close)
    shares = inputs["hhi_shares_percent"]
    assert 10_000 * hhi(shares) == pytest.approx(published["hhi"], abs=close)
    assert hhi(shares) == pytest.approx(published["hhi_01"], abs=close)
    assert hhi(shares, normalised=True) == pytest.approx(published["hhi_normalised"], abs=close)
    assert effective_number(shares) == pytest.approx(published["effective_n"], abs=close)
    complaints, published = inputs["complaints"], published["complaints"]
    assert gini(complaints) == pytest.approx(published["gini"], abs=close)
    assert hhi(complaints) == pytest.approx(published["hhi"], abs=close)
    assert top_share(complaints, 3) == pytest.approx(published["top3_share"], abs=close)


def test_upper_fence():
    vector = load("flag_iqr_fence")  # Cardinal R038
    ratios = np.array(vector["inputs"]["ratio"])
    fence = upper_fence(ratios)
    assert fence == pytest.approx(vector["expected"]["upper_fence"], abs=vector["tolerance"])
    assert np.flatnonzero(ratios >= fence).tolist() == [vector["expected"]["flagged_index0"]]


@given(COUNTS)
def test_bounds(counts):
    assert -1e-12 <= gini(counts) < 1
    assert 1 / len(counts) <= hhi(counts) + 1e-12 <= 1 + 2e-12
    assert 1 - 1e-9 <= effective_number(counts) <= len(counts) + 1e-9
    assert top_share(counts, len(counts)) == pytest.approx(1)


@given(COUNTS, st.integers(2, 9))
def test_neither_order_nor_scale_matters(counts, factor):
    other = [factor * count for count in reversed(counts)]
    assert gini(other) == pytest.approx(gini(counts), abs=1e-12)
    assert hhi(other) == pytest.approx(hhi(counts))


@given(st.integers(1, 1000), st.integers(1, 20))
def test_equal_counts_are_not_concentrated(count, n):
    assert gini([count] * n) == pytest.approx(0, abs=1e-12)
    assert effective_number([count] * n) == pytest.approx(n)


def test_one_that_has_all():
    counts = [0, 0, 0, 9]
    assert gini(counts) == 0.75 and gini(counts, corrected=True) == 1
    assert hhi(counts) == hhi(counts, normalised=True) == top_share(counts, 1) == 1


def test_nothing_to_share_out_is_no_number():
    for counts in ([], [0, 0], [np.nan]):
        assert np.isnan([gini(counts), hhi(counts), effective_number(counts), top_share(counts, 2)]).all()
    assert np.isnan([gini([5], corrected=True), hhi([5], normalised=True), upper_fence([])]).all()
    assert np.isnan([*gini_by_chance(0, [1, 1]), *gini_by_chance(5, [0, 0])]).all()


def test_an_unknown_count_is_left_out():
    assert gini([1, np.nan, 3]) == gini([1, 3]) and upper_fence([1, np.nan, 3]) == upper_fence([1, 3])


def test_one_case_always_looks_concentrated():
    # whoever has it has all: (n − 1)/n
    assert gini_by_chance(1, [1, 1, 1, 1]) == pytest.approx((0.75, 0.75))


def test_two_cases_among_two():
    # half of the time they fall on one department, 0.5, else they are even
    mean, upper = gini_by_chance(2, [3, 3], draws=20_000, seed=3)
    assert mean == pytest.approx(0.25, abs=0.01) and upper == 0.5


def test_chance_fades_as_cases_grow_and_repeats_for_a_seed():
    few, many = gini_by_chance(20, np.ones(10), seed=1), gini_by_chance(20_000, np.ones(10), seed=1)
    assert many[0] < 0.02 < 0.2 < few[0] < few[1]
    assert gini_by_chance(20, np.ones(10), seed=1) == few


def test_unequal_expectations_are_the_measure():
    mean, _ = gini_by_chance(100_000, [1, 3])
    assert mean == pytest.approx(gini([1, 3]), abs=0.005)
