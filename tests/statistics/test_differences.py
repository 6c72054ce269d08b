"""Differences of two departments against published numbers; swapping turns them round, the same never differ."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.statistics.differences import holm, of_rates, of_scores, of_shares
from dashboard.statistics.raters import resampled

# Newcombe 1998, Stat. Med. 17:873, table II, method 10.
NEWCOMBE = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]
COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
EVENTS = st.tuples(st.integers(0, 300), st.floats(1, 5000))
NUMBERS = st.floats(0, 100)
DRAWS = np.random.default_rng(5).normal(size=(2, 500))
MANY = {"raters": 300, "groups": 3}


@pytest.mark.parametrize(("x", "n", "y", "m", "low", "high"), NEWCOMBE)
def test_the_interval_of_a_difference_of_shares_is_newcombes(x, n, y, m, low, high):
    found = of_shares(x, n, y, m)
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize(
    ("table", "p"),
    [((3, 4, 1, 4), 0.4857), ((2, 17, 10, 13), 0.0005367)],  # R, ?fisher.test: the tea taster, convictions of twins
)
def test_two_shares_are_tested_as_fisher_did(table, p):
    assert of_shares(*table).p == pytest.approx(p, rel=1e-3)


def test_two_rates_are_tested_as_in_r():
    """R, ?poisson.test: eleven cases in 800 person-years against the 21 of the others."""
    found = of_rates(11, 800, 6 + 8 + 7, 1083 + 1050 + 878)
    assert found.p == pytest.approx(0.07967, abs=5e-6)
    assert found[:3] == pytest.approx((1.971488, 0.8584264, 4.2772659), rel=1e-6)


def test_many_pairs_are_corrected_as_in_r():
    assert holm([0.03, 0.01, 0.05, 0.02, 0.04]).tolist() == pytest.approx([0.09, 0.05, 0.09, 0.08, 0.09])
    assert holm([0.01, np.nan, 0.04]).tolist() == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)


def test_what_raters_have_in_common_leaves_no_doubt_in_a_difference():
    mood = np.random.default_rng(1).normal(0, 5, 2000)
    noise = np.random.default_rng(2).normal(0, 0.5, (2, 2000))
    paired = of_scores(80, 78, 80 + mood + noise[0], 78 + mood + noise[1], **MANY)
    apart = of_scores(80, 78, 80 + mood, 78 + mood[::-1], **MANY)
    assert paired.p < 0.01 < 0.5 < apart.p
    assert paired.high - paired.low == pytest.approx(2 * 1.96 * 0.5 * 2**0.5, rel=0.05)


def test_what_is_missing_or_impossible_is_not_compared():
    for found in (
        of_scores(80, np.nan, DRAWS[0], DRAWS[1], **MANY),
        of_scores(80, 70, DRAWS[0][:20], DRAWS[1][:20], **MANY),
        of_scores(80, 70, *DRAWS, raters=9, groups=1),
        of_scores(80, 70, *DRAWS, raters=12, groups=12),
        of_scores(80, 70, DRAWS[0], DRAWS[0], **MANY),  # no error at all is no certainty
        of_shares(3, 0, 1, 4),
        of_shares(5, 4, 1, 4),
        of_shares(np.nan, 4, 1, 4),
        of_rates(3, 0, 1, 10),
        of_rates(0, 10, 0, 10),
        of_rates(3, np.nan, 1, 10),
    ):
        assert np.isnan(found).all()


def test_no_event_at_all_in_one_department_is_no_error():
    found = of_rates(9, 100, 0, 100)
    assert (found.value, found.high) == (np.inf, np.inf)
    assert found.p == pytest.approx(2 / 2**9)
    assert of_rates(0, 100, 9, 100).value == 0


@given(COUNTS, COUNTS)
def test_exchanging_two_departments_turns_shares_round(one, other):
    there, back = of_shares(*one, *other), of_shares(*other, *one)
    assert (back.value, back.low, back.high) == pytest.approx((-there.value, -there.high, -there.low))
    assert back.p == pytest.approx(there.p)
    assert 0 <= there.p <= 1
    assert there.low <= there.value <= there.high


@given(EVENTS, EVENTS)
def test_exchanging_two_departments_turns_rates_round(one, other):
    there, back = of_rates(*one, *other), of_rates(*other, *one)
    if one[0] and other[0]:
        assert back.value == pytest.approx(1 / there.value)
        assert (back.low, back.high) == pytest.approx((1 / there.high, 1 / there.low))
    assert back.p == pytest.approx(there.p, nan_ok=True)


@given(NUMBERS, NUMBERS)
def test_exchanging_two_departments_turns_scores_round(one, other):
    there, back = of_scores(one, other, *DRAWS, **MANY), of_scores(other, one, *DRAWS[::-1], **MANY)
    assert (back.value, back.low, back.high) == pytest.approx((-there.value, -there.high, -there.low))
    assert back.p == there.p


@given(COUNTS, EVENTS, NUMBERS)
def test_a_department_never_differs_from_its_like(counts, events, score):
    assert of_shares(*counts, *counts).p == pytest.approx(1)
    assert of_scores(score, score, *DRAWS, **MANY).p == 1
    if events[0]:
        assert of_rates(*events, *events).p == pytest.approx(1)


@given(st.lists(st.floats(0, 1) | st.just(np.nan), min_size=1, max_size=30))
def test_correction_never_makes_a_difference_surer_and_keeps_the_order(p):
    adjusted, p = holm(p), np.array(p)
    compared = ~np.isnan(p)
    assert (np.isnan(adjusted) == ~compared).all()
    assert (adjusted[compared] >= p[compared]).all() and (adjusted[compared] <= 1).all()
    assert (np.diff(adjusted[compared][np.argsort(p[compared])]) >= 0).all()


def test_among_departments_that_are_alike_hardly_any_page_shows_a_difference():
    """A thousand pages of 15 pairs of shares without any true difference: no more than 5 % show one."""
    drawn = np.random.default_rng(3).binomial(60, 0.4, (1000, 6))
    seen: dict[tuple[int, int], float] = {}
    shown = 0
    for page in drawn:
        pairs = [tuple(sorted((int(page[i]), int(page[j])))) for i in range(6) for j in range(i)]
        for pair in pairs:
            if pair not in seen:
                seen[pair] = of_shares(pair[0], 60, pair[1], 60).p
        shown += bool((holm([seen[pair] for pair in pairs]) < 0.05).any())
    assert shown <= 50


def test_twenty_raters_of_two_departments_that_are_alike_hardly_ever_show_a_difference():
    """Two thousand pages of six dimensions by twenty raters in two groups: about 5 % show one, as is said."""
    groups = np.repeat([0, 1], 10)
    weights = resampled(groups, 1000, seed=1) / 20
    generator = np.random.default_rng(4)
    shown = 0
    for _ in range(2000):
        scores = generator.normal(80, 8, (2, 20, 6)) + generator.normal(0, 5, (1, 20, 1))
        means, draws = scores.mean(axis=1), np.einsum("br,srd->sdb", weights, scores, optimize=True)
        tested = [of_scores(*means[:, d], *draws[:, d], raters=20, groups=2) for d in range(6)]
        shown += bool((holm([one.p for one in tested]) < 0.05).any())
    assert 60 <= shown <= 120
