"""Adjusted means, resampling of raters and rater diagnostics, against lm, lme4 and plain least squares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.statistics import raters
from dashboard.statistics.raters import adjusted_means, components, resampled, resampled_means
from tests.statistics.vectors import load


def arrays(rater, department, y):
    """count, total, squares of the rows."""
    shape = max(rater) + 1, max(department) + 1
    found = np.zeros((3, *shape))
    for power in range(3):
        np.add.at(found[power], (rater, department), np.asarray(y, dtype=float) ** power)
    return found


def codes(labels):
    names = sorted(set(labels))
    return names, [names.index(label) for label in labels]


def panel(seed, n_raters=9, n_departments=5, answered=0.6, repeats=1):
    """Random scores about 80 with severe and lenient raters; a few gaps."""
    generator = np.random.default_rng(seed)
    count = generator.binomial(repeats, answered, (n_raters, n_departments))
    expected = 80 + generator.normal(0, 3, n_departments) + generator.normal(0, 6, (n_raters, 1))
    rater, department = np.repeat(np.argwhere(count), count[count > 0], axis=0).T
    y = expected[rater, department] + generator.normal(0, 4, rater.size)
    rows = arrays([*rater, n_raters - 1], [*department, n_departments - 1], [*y, 0])
    rows[:, -1, -1] -= [1, 0, 0]
    return rows


def dummies(count, total, squares, weight=None):
    """Department effects by numpy.linalg.lstsq on one row a cell, for the cells with weight: minimum norm."""
    weight = np.ones(len(count)) if weight is None else weight
    rater, department = np.nonzero(count * weight[:, None])
    design = np.zeros((rater.size, sum(count.shape)))
    design[np.arange(rater.size), department] = design[np.arange(rater.size), count.shape[1] + rater] = 1
    root = np.sqrt((count * weight[:, None])[rater, department])
    mean = total[rater, department] / count[rater, department]
    return np.linalg.lstsq(design * root[:, None], mean * root, rcond=None)[0][: count.shape[1]], design, root


SEEDS = st.integers(0, 10_000)


def test_misleading_raw_means():
    vector = load("rater_missing_misrank_demo")  # lm of R
    inputs, published, close = vector["inputs"], vector["expected"], vector["tolerance"]
    departments, department = codes(inputs["dept"])
    names, rater = codes(inputs["rater"])
    fit = adjusted_means(*arrays(rater, department, inputs["y"]))
    assert fit.raw == pytest.approx(list(published["raw_mean"].values()))
    # there severity sums to zero over raters, here over scores
    shift = fit.severity.mean()
    assert fit.adjusted + shift == pytest.approx(list(published["adjusted"].values()), abs=close)
    assert fit.severity - shift == pytest.approx(list(published["rater_effect"].values()), abs=close)
    for means, key in ((fit.raw, "raw_rank_order"), (fit.adjusted, "adjusted_rank_order")):
        assert [departments[j] for j in np.argsort(-means.round(9), kind="stable")] == published[key]
    assert fit.variance == pytest.approx(0, abs=close)
    assert fit.df == 9 - 4 - 4 + 1


def test_disconnected_design_is_refused():
    vector = load("rater_disconnected_design")  # Searle 1987
    names, department = codes([pair[1] for pair in vector["inputs"]["pairs"]])
    rater = codes([pair[0] for pair in vector["inputs"]["pairs"]])[1]
    fit = adjusted_means(*arrays(rater, department, range(len(rater))))
    parts = [[names[j] for j in np.flatnonzero(fit.component == c)] for c in range(fit.component.max() + 1)]
    assert parts == vector["expected"]["components"]
    assert np.isnan(fit.adjusted).all() and np.isnan(fit.covariance).all() and np.isnan(fit.severity).all()
    assert not np.isnan(fit.raw).any()


def test_crossed_random_effects():
    vector = load("rater_crossed_penicillin_lmer")  # lme4 1.1-31
    published, close = vector["expected"], vector["tolerance"]
    rater, unit = (codes(vector["inputs"][key])[1] for key in ("rater", "unit"))
    fit = raters.mixed_model(*arrays(rater, unit, vector["inputs"]["y"]))
    assert fit.mean == pytest.approx(published["mu"], abs=close)
    assert fit.sd_rater == pytest.approx(published["sd_rater"], abs=close)
    assert fit.sd_department == pytest.approx(published["sd_unit"], abs=close)
    assert fit.sd_residual == pytest.approx(published["sd_resid"], abs=close)
    assert fit.department == pytest.approx(list(published["blup_unit"].values()), abs=close)
    assert fit.rater == pytest.approx(list(published["blup_rater"].values()), abs=close)


@given(SEEDS)
def test_complete_data_need_no_adjustment(seed):
    count, total, squares = panel(seed, answered=1)
    fit = adjusted_means(count, total, squares)
    assert fit.adjusted == pytest.approx(fit.raw)
    # every department has the same panel: the severity of raters is no source of error
    assert fit.covariance == pytest.approx(fit.variance / 9 * np.eye(5), abs=1e-9)
    raw, adjusted = resampled_means(count, total, resampled(np.zeros(9), 20, seed))
    assert adjusted == pytest.approx(raw)


@given(SEEDS, st.integers(0, 8), st.floats(-20, 20))
def test_a_severer_rater_changes_no_difference(seed, rater, constant):
    count, total, squares = panel(seed)
    before = adjusted_means(count, total, squares)
    squares[rater] += 2 * constant * total[rater] + constant**2 * count[rater]
    total[rater] += constant * count[rater]
    after = adjusted_means(count, total, squares)
    assert np.ptp(after.adjusted - before.adjusted) == pytest.approx(0, abs=1e-8) or np.isnan(before.adjusted).any()
    assert after.variance == pytest.approx(before.variance, nan_ok=True)


@given(SEEDS)
def test_order_of_departments_and_raters_does_not_matter(seed):
    rows = panel(seed)
    generator = np.random.default_rng(seed)
    rater, department = generator.permutation(9), generator.permutation(5)
    fit, moved = adjusted_means(*rows), adjusted_means(*rows[:, rater][:, :, department])
    assert moved.adjusted == pytest.approx(fit.adjusted[department], nan_ok=True)
    assert moved.severity == pytest.approx(fit.severity[rater], nan_ok=True)
    assert moved.covariance == pytest.approx(fit.covariance[np.ix_(department, department)], nan_ok=True)


@given(SEEDS, st.integers(1, 3))
def test_means_and_errors_are_those_of_dummy_variables(seed, repeats):
    count, total, squares = panel(seed, 14, answered=0.7, repeats=repeats)
    fit = adjusted_means(count, total, squares)
    effect, design, root = dummies(count, total, squares)
    if fit.component.tolist() != [0] * 5:
        return
    n = count.sum(axis=0)
    assert fit.adjusted == pytest.approx(total.sum() / n.sum() + effect - n @ effect / n.sum())
    assert n @ fit.adjusted == pytest.approx(total.sum())
    assert np.nansum(count.sum(axis=1) * fit.severity) == pytest.approx(0, abs=1e-8)

    weighted = design * root[:, None]
    rank = np.linalg.matrix_rank(weighted)
    cell = total[count > 0] / count[count > 0] * root
    residual = cell - weighted @ np.linalg.lstsq(weighted, cell, rcond=None)[0]
    rss = squares.sum() - (cell**2).sum() + (residual**2).sum()
    assert fit.df == count.sum() - rank
    if fit.df == 0:
        return
    assert fit.variance == pytest.approx(rss / fit.df, rel=1e-6)
    inverse = np.linalg.pinv(weighted.T @ weighted, rcond=1e-10)
    for j, k in ((0, 1), (2, 4)):
        contrast = np.zeros(len(inverse))
        contrast[[j, k]] = 1, -1
        found = fit.covariance[j, j] + fit.covariance[k, k] - 2 * fit.covariance[j, k]
        assert found == pytest.approx(fit.variance * contrast @ inverse @ contrast)


@given(SEEDS, st.sampled_from([0.25, 0.5, 0.9]), st.integers(1, 3))
def test_draws_are_each_solved_as_by_least_squares(seed, answered, repeats):
    count, total, squares = panel(seed, 12, 6, answered, repeats)
    weights = resampled(np.arange(12) % 2, 15, seed)
    raw, adjusted = resampled_means(count, total, weights)
    for b, weight in enumerate(weights):
        n = weight @ count
        expected = np.full(6, np.nan)
        expected[n > 0] = (weight @ total)[n > 0] / n[n > 0]
        assert raw[b] == pytest.approx(expected, nan_ok=True)
        effect = dummies(count, total, squares, weight)[0]
        expected = np.where(n > 0, (weight @ total).sum() / n.sum(), np.nan)
        expected += effect - n @ effect / n.sum()
        if components(count * weight[:, None]).max() > 0:
            expected[:] = np.nan
        assert adjusted[b] == pytest.approx(expected, abs=1e-6, nan_ok=True)


def test_a_long_chain_of_raters_is_solved_as_well():
    """Each rater knows two neighbours only, weights differ a thousandfold: the worst case of the iteration."""
    generator = np.random.default_rng(3)
    count = np.zeros((80, 41))
    for i in range(80):
        count[i, [i // 2, i // 2 + 1]] = 1
    total = count * generator.normal(80, 5, count.shape)
    weights = generator.choice([1, 1000], size=(6, 80))
    _, adjusted = resampled_means(count, total, weights)
    for found, weight in zip(adjusted, weights):
        effect = dummies(count, total, None, weight)[0]
        assert found - found.mean() == pytest.approx(effect - effect.mean(), abs=1e-6)


def test_resampling_stays_within_groups_and_follows_the_seed():
    groups = np.array([3, 1, 1, 3, 1])
    weights = resampled(groups, 50, 7)
    assert (weights[:, groups == 1].sum(axis=1) == 3).all()
    assert (weights[:, groups == 3].sum(axis=1) == 2).all()
    assert (resampled(groups, 50, 7) == weights).all()
    one = np.random.default_rng(7).multinomial(5, [1 / 5] * 5, size=50)
    assert (resampled(np.zeros(5), 50, 7) == one).all()


def test_a_department_without_scores_is_left_out():
    count, total, squares = panel(1)
    count[:, 2] = total[:, 2] = squares[:, 2] = 0
    fit = adjusted_means(count, total, squares)
    assert np.flatnonzero(np.isnan(fit.adjusted)).tolist() == [2] == np.flatnonzero(fit.component < 0).tolist()
    assert np.isnan(fit.covariance[2]).all() and not np.isnan(np.delete(np.delete(fit.covariance, 2, 0), 2, 1)).any()
    raw, adjusted = resampled_means(count, total, np.ones((1, 9)))
    assert raw[0] == pytest.approx(fit.raw, nan_ok=True)
    assert adjusted[0] == pytest.approx(fit.adjusted, nan_ok=True)


def test_without_any_score_or_draw_everything_is_missing():
    nothing = np.zeros((3, 4, 2))
    fit = adjusted_means(*nothing)
    assert np.isnan(fit.adjusted).all() and np.isnan(fit.variance)
    assert np.isnan(resampled_means(*nothing[:2], np.ones((2, 4)))).all()
    assert np.isnan(resampled_means(*panel(1)[:2], np.zeros((2, 9)))).all()


def test_too_few_scores_for_a_variance():
    fit = adjusted_means([[1, 1], [0, 1]], [[80, 70], [0, 90]], [[6400, 4900], [0, 8100]])
    assert fit.df == 0
    assert np.isnan(fit.variance) and np.isnan(fit.covariance).all()
    assert fit.adjusted[0] - fit.adjusted[1] == pytest.approx(10)


def test_a_composite_of_one_dimension_has_the_covariance_of_that_dimension():
    count, total, squares = panel(4)
    covariance, df = raters.composite_covariance([count], [total], np.ones((5, 1)))
    fit = adjusted_means(count, total, squares)
    assert df == fit.df
    assert covariance == pytest.approx(fit.covariance)


def test_dimensions_that_say_the_same_do_not_lessen_the_error():
    count, total, squares = panel(4)
    once = adjusted_means(count, total, squares).covariance
    thrice, _ = raters.composite_covariance([count] * 3, [total] * 3, np.full((5, 3), 1 / 3))
    assert thrice == pytest.approx(once)


def test_composite_covariance_is_that_of_simulated_panels():
    """Halo of 0.7 between two dimensions with different gaps and a department that only one dimension has."""
    generator = np.random.default_rng(5)
    count = generator.binomial(2, 0.8, (2, 25, 4)).astype(float)
    count[1, :, 3] = 0
    weights = np.array([[0.6, 0.4]] * 3 + [[1, 0]])
    spread = np.linalg.cholesky([[9, 0.7 * 15], [0.7 * 15, 25]])
    index, found = [], []
    for draw in range(1500):
        # the k-th ballot of a cell holds both dimensions
        error = np.einsum("de,erjk->drjk", spread, generator.normal(size=(2, 25, 4, 2)))
        total = (error * (np.arange(2) < count[..., None])).sum(axis=-1)
        means = [np.nan_to_num(adjusted_means(c, t, t**2).adjusted) for c, t in zip(count, total)]
        index.append((weights.T * means).sum(axis=0))
        if draw % 15 == 0:
            found.append(raters.composite_covariance(count, total, weights)[0])
    simulated = np.cov(np.transpose(index))
    assert np.mean(found, axis=0) == pytest.approx(simulated, abs=0.1 * simulated.max())


def test_a_composite_without_weight_or_with_a_refused_dimension_is_missing():
    count, total, _ = panel(4)
    weights = np.array([[1.0]] * 4 + [[0.0]])
    covariance, _ = raters.composite_covariance([count], [total], weights)
    assert np.isnan(covariance[4]).all() and not np.isnan(covariance[:4, :4]).any()
    assert np.isnan(raters.composite_covariance(np.zeros((1, 3, 2)), np.zeros((1, 3, 2)), np.ones((2, 1)))[0]).all()


def test_halo():
    generator = np.random.default_rng(1)
    impression = generator.normal(size=(500, 1))
    assert raters.halo(np.repeat(impression, 6, axis=1)) == pytest.approx((1, 1))
    share, alpha = raters.halo(generator.normal(size=(5000, 6)))
    assert share == pytest.approx(1 / 6, abs=0.02) and alpha == pytest.approx(0, abs=0.1)
    # Spearman–Brown: α of k parallel items with correlation r is k r / (1 + (k − 1) r)
    _, alpha = raters.halo(impression + generator.normal(size=(500, 4)))
    assert alpha == pytest.approx(0.8, abs=0.03)
    assert np.isnan(raters.halo(np.ones((5, 3)))).all()


def test_rater_diagnostics():
    generator = np.random.default_rng(2)
    count = np.ones((40, 20))
    severity = generator.normal(0, 5, 40)
    noise = generator.normal(0, 4, (40, 20))
    noise[0] *= 4
    y = 80 + severity[:, None] + noise
    y[1] = 75
    y[2, 1:], count[2, 1:] = 0, 0
    fit = adjusted_means(count, y, y**2)
    found = raters.rater_fit(count, y, y**2, fit)
    assert found.sd[1] == 0
    assert found.sd[3] == pytest.approx(y[3].std(ddof=1))
    assert np.isnan(found.sd[2]) and np.isnan(found.infit[2])
    assert np.nanargmax(found.infit) == 0 and found.infit[0] > 2
    assert found.standard_error[3] < found.standard_error[2]


def test_infit_and_the_error_of_severity_are_right_on_average():
    generator = np.random.default_rng(6)
    count = generator.binomial(1, 0.7, (10, 6)).astype(float)
    infit, severity, error = [], [], []
    for _ in range(1500):
        y = count * generator.normal(80, 4, count.shape)
        found = raters.rater_fit(count, y, y**2, adjusted_means(count, y, y**2))
        infit.append(found.infit)
        severity.append(found.severity)
        error.append(found.standard_error)
    assert np.mean(infit, axis=0) == pytest.approx(np.ones(10), abs=0.05)
    assert np.sqrt(np.mean(np.square(error), axis=0)) == pytest.approx(np.std(severity, axis=0), rel=0.07)
