"""How much more counts change than chance: Pearson's estimate by hand, and what cannot tell."""

import math

import numpy as np
import pytest

from dashboard.statistics.dispersion import of_counts, of_shares


def test_of_two_rows_by_hand():
    # the first has a rate of 10 a quarter: (10² + 10²) / 10 = 20, one degree of freedom; the second nothing unusual
    assert of_counts([[0, 20], [5, 5]], [[1, 1], [1, 1]]) == pytest.approx(20 / 2)


def test_a_larger_quarter_expects_more():
    assert of_counts([[10, 30]], [[1, 3]]) == 1.0


def test_chance_alone_is_one():
    rng = np.random.default_rng(7)
    assert of_counts(rng.poisson(30, (400, 4)), np.ones((400, 4))) == pytest.approx(1.0, abs=0.1)
    drawn = rng.binomial(50, 0.3, (400, 4))
    assert of_shares(drawn, np.full((400, 4), 50)) == pytest.approx(1.0, abs=0.1)


def test_it_is_never_below_one():
    assert of_counts([[10, 10]], [[1, 1]]) == 1.0


@pytest.mark.parametrize(
    "count, base",
    [
        ([[3.0]], [[1.0]]),  # one quarter
        ([[0, 0]], [[1, 1]]),  # nothing ever happened
        ([[3, math.nan]], [[1, 1]]),  # the other was not reported
        (np.empty((0, 4)), np.empty((0, 4))),
    ],
)
def test_what_cannot_tell_says_nothing(count, base):
    assert math.isnan(of_counts(count, base))


def test_a_share_of_everything_cannot_tell():
    assert math.isnan(of_shares([[5, 5]], [[5, 5]]))
