"""Ranks, their intervals and sets, and bands, against csranks and a plain implementation of its algorithm."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.statistics import ranks as module
from dashboard.statistics.ranks import (
    bands,
    bottom_set,
    chance_of_bottom,
    chance_of_top,
    confidence_sets,
    evidence_needed,
    expected_rank,
    marginal_sets,
    multinomial_sets,
    rank_interval,
    ranks,
    top_set,
)
from tests.statistics.vectors import load

SEEDS = st.integers(0, 10_000)
FEW = 2_000


@pytest.fixture(scope="module")
def pisa():
    """Mogstad et al. 2024, run with csranks."""
    vector = load("rank_csranks_pisa2018_math")
    mean, error = np.array(vector["inputs"]["score"]), np.array(vector["inputs"]["se"])
    return vector, mean, np.diag(error**2)


def problem(seed, n=7):
    """Estimates with correlated errors of different size, some of them far apart."""
    generator = np.random.default_rng(seed)
    factor = generator.normal(size=(n, n)) * generator.lognormal(0, 0.7, (n, 1))
    return generator.normal(0, 4, n), factor @ factor.T


def plain_sets(mean, covariance, level, noise):
    """statistics.md 3c word for word."""
    n = mean.size
    variance = np.diag(covariance)
    error = np.sqrt(variance[:, None] + variance - 2 * covariance)
    left = {(j, k) for j in range(n) for k in range(n) if j != k}
    rejected = set()
    while left:
        largest = np.max([(noise[j] - noise[k]) / error[j, k] for j, k in left], axis=0)
        critical = np.quantile(largest, level)
        beyond = {(j, k) for j, k in left if (mean[j] - mean[k]) / error[j, k] > critical}
        if not beyond:
            break
        rejected |= beyond
        left -= beyond
    low = [1 + sum(k == j for _, k in rejected) for j in range(n)]
    high = [n - sum(k == j for k, _ in rejected) for j in range(n)]
    return low, high


@pytest.mark.parametrize("key, omega", [("omega0", 0), ("omega05", 0.5), ("omega1", 1)])
def test_ranks_of_ties(key, omega):
    vector = load("rank_ties_irank")  # csranks R/rank_utils.R
    assert ranks(vector["inputs"]["x"], omega).tolist() == vector["expected"][key]


def test_simultaneous_sets(pisa):
    vector, mean, covariance = pisa
    published = vector["expected"]["simultaneous"]
    for end, values in zip(confidence_sets(mean, covariance), (published["L"], published["U"])):
        assert np.abs(end - values).max() <= vector["tolerance"]


def test_marginal_sets(pisa):
    vector, mean, covariance = pisa
    published = vector["expected"]["marginal"]
    for end, values in zip(marginal_sets(mean, covariance), (published["L"], published["U"])):
        assert np.abs(end - values).max() <= vector["tolerance"]


def test_top_and_bottom_sets(pisa):
    vector, mean, covariance = pisa
    sets = confidence_sets(mean, covariance)
    names = np.array(vector["inputs"]["jurisdiction"])
    # its lower rank is 5 with the one seed of the vector and 6 with the other
    assert set(names[top_set(sets, 5)]) - {"United Kingdom"} == set(vector["expected"]["top5_confidence_set"])
    assert set(names[bottom_set(sets, 5)]) == set(vector["expected"]["worst5_confidence_set"])


@pytest.mark.parametrize("case", ["a", "b", "c"])
def test_sets_of_counts(case):
    vector = load("rank_csranks_multinomial_counts")  # csranks R/ranks_multinom.R
    counts, published = vector["inputs"]["counts"][case], vector["expected"][case]["Holm_simul"]
    low, high = multinomial_sets(counts)
    assert (low.tolist(), high.tolist()) == (published["L"], published["U"])
    assert ranks(counts).tolist() == published["rank"]


@given(SEEDS, st.integers(2, 9), st.sampled_from([0.5, 0.9, 0.95]), st.sampled_from([None, 4]))
def test_the_fast_sets_are_the_plain_ones(seed, n, level, df):
    mean, covariance = problem(seed, n)
    found = confidence_sets(mean, covariance, level, FEW, seed, df)
    noise = module.joint_errors(covariance, FEW, seed, df)
    assert tuple(end.tolist() for end in found) == plain_sets(mean, covariance, level, noise)


def test_the_fast_sets_are_the_plain_ones_for_many_departments(pisa):
    _, mean, covariance = pisa
    noise = module.joint_errors(covariance, FEW, 1, None)
    found = confidence_sets(mean, covariance, draws=FEW, seed=1)
    assert tuple(end.tolist() for end in found) == plain_sets(mean, covariance, 0.95, noise)


@given(SEEDS)
def test_sets_contain_the_rank_and_grow_with_the_level(seed):
    mean, covariance = problem(seed)
    point = ranks(mean)
    for sets in (confidence_sets, marginal_sets):
        low, high = sets(mean, covariance, 0.9, FEW)
        assert (low <= point).all() and (point <= high).all()
        wider_low, wider_high = sets(mean, covariance, 0.99, FEW)
        assert (wider_low <= low).all() and (high <= wider_high).all()
    one = marginal_sets(mean, covariance, 0.9, FEW)
    assert (low <= one.low).all() and (one.high <= high).all()


@given(SEEDS)
def test_little_evidence_makes_wider_sets(seed):
    mean, covariance = problem(seed)
    normal = confidence_sets(mean, covariance, draws=FEW)
    student = confidence_sets(mean, covariance, draws=FEW, df=2)
    assert (np.subtract(*student) <= np.subtract(*normal)).all()


def test_simultaneous_sets_hold_all_true_ranks_as_often_as_they_say():
    generator = np.random.default_rng(8)
    true, covariance = np.array([0, 0, 0.2, 0.2, 3, 5.0]), np.eye(6)
    best, worst = ranks(true), ranks(true, omega=1)
    hits = 0
    for draw in range(400):
        low, high = confidence_sets(generator.normal(true), covariance, draws=FEW, seed=draw)
        hits += (low <= best).all() and (worst <= high).all()
    assert hits / 400 >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 400)


def test_departments_without_value_are_left_out():
    mean, covariance = problem(3)
    gap = mean.copy()
    gap[2] = np.nan
    keep = np.arange(7) != 2
    without = covariance[np.ix_(keep, keep)]
    for sets in (confidence_sets, marginal_sets):
        found, expected = sets(gap, covariance, draws=FEW), sets(mean[keep], without, draws=FEW)
        for end, shorter in zip(found, expected):
            assert end[2] == -1 and (end[keep] == shorter).all()
    assert top_set(found, 7).tolist() == keep.tolist() == bottom_set(found, 7).tolist()
    assert np.isnan(ranks(gap)[2]) and ranks(gap)[keep].tolist() == ranks(mean[keep]).tolist()
    assert expected_rank(gap, covariance)[keep] == pytest.approx(expected_rank(mean[keep], without))
    found = bands(gap, covariance, np.ones((7, 7)), draws=FEW)
    expected = bands(mean[keep], without, np.ones((6, 6)), draws=FEW)
    assert found.code[2] == "" and found.code[keep].tolist() == expected.code.tolist()
    assert found.difference[keep] == pytest.approx(expected.difference)
    low, _ = multinomial_sets([9, np.nan, 1])
    assert low.tolist() == [1, -1, 2]


@pytest.mark.parametrize("sets", [confidence_sets, marginal_sets])
def test_sets_of_nobody_of_one_and_of_certain_values(sets):
    assert sets([np.nan], [[np.nan]]).low.tolist() == [-1]
    assert np.ravel(sets([80], [[1]])).tolist() == [1, 1]
    low, high = sets([80, 70, 70], np.zeros((3, 3)))
    assert (low.tolist(), high.tolist()) == ([1, 2, 2], [1, 3, 3])


@given(SEEDS)
def test_ranks_follow_the_definition(seed):
    generator = np.random.default_rng(seed)
    values = generator.integers(0, 4, (5, 8)).astype(float)
    values[generator.random(values.shape) < 0.2] = np.nan
    for omega in (0, 0.3, 1):
        as_high = np.sum(values[:, None] >= values[..., None], axis=-1)
        higher = np.sum(values[:, None] > values[..., None], axis=-1)
        expected = omega * as_high + (1 - omega) * higher + 1 - omega
        assert ranks(values, omega) == pytest.approx(np.where(np.isnan(values), np.nan, expected), nan_ok=True)


def test_what_only_arithmetic_parts_is_a_tie():
    assert ranks([0.1 + 0.2, 0.3, 0.2]).tolist() == [1, 1, 3]
    assert ranks([]).tolist() == []


@given(SEEDS)
def test_rank_interval_is_the_inverted_cdf_of_the_ranks(seed):
    draws = np.random.default_rng(seed).normal(np.arange(6), 2, (200, 6))
    found = rank_interval(draws)
    expected = np.quantile(ranks(draws), [0.025, 0.975], axis=0, method="inverted_cdf")
    assert np.array_equal(found, expected)
    wider = rank_interval(draws, 0.99)
    assert (wider.low <= found.low).all() and (found.high <= wider.high).all()


def test_rank_interval_with_departments_missing_in_some_or_all_draws():
    low, high = rank_interval([[3, 2, np.nan], [1, 2, np.nan], [np.nan, 2, np.nan]])
    assert (low.tolist(), high.tolist()) == ([1, 1, -1], [2, 2, -1])


def test_chances():
    draws = [[4, 3, 2, 1, np.nan], [3, 4, 2, 1, np.nan], [np.nan, 4, 3, 1, np.nan], [4, 3, 1, 2, np.nan]]
    assert chance_of_top(draws, 1) == pytest.approx([2 / 3, 0.5, 0, 0, np.nan], nan_ok=True)
    assert chance_of_bottom(draws, 1) == pytest.approx([0, 0, 0.25, 0.75, np.nan], nan_ok=True)
    assert chance_of_bottom(draws, 2) == pytest.approx([0, 0, 1, 1, np.nan], nan_ok=True)


@given(SEEDS)
def test_expected_rank_is_the_mean_of_simulated_ranks(seed):
    mean, covariance = problem(seed, 5)
    found = expected_rank(mean, covariance)
    assert found.sum() == pytest.approx(15)
    draws = np.random.default_rng(seed).multivariate_normal(mean, covariance, 4000)
    assert ranks(draws).mean(axis=0) == pytest.approx(found, abs=0.12)
    assert expected_rank([2, 1, 1], np.zeros((3, 3))).tolist() == [1, 2.5, 2.5]


def test_bands_are_simultaneous():
    """Peer groups of 5, 6 and 1, the last compared with all; without differences few sets have any band."""
    generator = np.random.default_rng(4)
    group = np.repeat([0, 1, 2], [5, 6, 1])
    peers = group[:, None] == group
    peers[11] = True
    root = generator.normal(size=(12, 12))
    covariance = root @ root.T
    any_band = 0
    for draw in range(400):
        found = bands(root @ generator.normal(size=12), covariance, peers, draws=FEW, seed=draw)
        any_band += (found.code != "none").any()
    assert any_band / 400 == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / 400))


def test_bands_say_who_is_above_and_below():
    mean = np.array([90, 80, 80, 80, 70, 50.0])
    peers = np.zeros((6, 6), dtype=bool)
    peers[:5, :5] = peers[5, 5] = True
    found = bands(mean, np.eye(6), peers)
    assert found.code.tolist() == ["above", "none", "none", "none", "below", ""]
    assert found.difference[:5] == pytest.approx([10, 0, 0, 0, -10])
    # Dunnett-like analysis of means: of five, the variance of a difference from the mean is 4/5
    assert found.high - found.difference == pytest.approx([found.critical * np.sqrt(0.8)] * 5 + [np.nan], nan_ok=True)
    assert 2.4 < found.critical < 2.576
    assert bands(mean, np.eye(6), peers, df=5).critical > found.critical
    alone = bands([80.0], [[1.0]], [[True]])
    assert alone.code.tolist() == [""] and np.isnan(alone.critical)


@given(SEEDS)
def test_order_of_departments_does_not_matter_to_bands(seed):
    mean, covariance = problem(seed)
    order = np.random.default_rng(seed).permutation(7)
    found = bands(mean, covariance, np.ones((7, 7)))
    moved = bands(mean[order], covariance[np.ix_(order, order)], np.ones((7, 7)))
    assert moved.difference == pytest.approx(found.difference[order])
    assert moved.critical == pytest.approx(found.critical, abs=0.06)


def test_evidence_needed():
    ballots, quarters = evidence_needed([2, 1, 0, 8], [1, 1, 1, 1], 100, critical=2)
    assert ballots.tolist() == [100, 400, np.inf, 7]
    assert quarters.tolist() == [1, 4, np.inf, 1]
    assert np.isnan(evidence_needed(np.nan, 1, 100)).all()
