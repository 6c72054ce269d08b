"""Department means freed of who rated: two-way least squares, resampling of raters, rater diagnostics.

A dimension of one quarter is two arrays (R raters, J departments): `count`, how many scores, and `total`, their sum;
`squares`, the sum of their squares, where a residual variance is wanted. The model is y = department + rater + error
(Linacre, Many-Facet Rasch Measurement, without the logit; Searle, Linear Models for Unbalanced Data, 1987, ch. 4).
"""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

RANK_TOLERANCE = 1e-10  # of an information matrix: far under the least link of a connected design, far over rounding
RESIDUAL_TOLERANCE = 1e-10
CHUNK_CELLS = 1 << 20  # draws × raters that are worked on at once: some 8 MB an array


@dataclass(frozen=True)
class Adjusted:
    """Means of one dimension. (J,) unless said otherwise, in score units; a department without scores has NaN.

    A score is expected at `adjusted[j] + severity[i]`; over all scores severity sums to zero, so complete data leave
    the raw means as they are. `covariance` is that of `adjusted` for this very panel of raters.
    """

    raw: Array
    adjusted: Array  # NaN throughout where the design is not connected
    severity: Array  # (R,) positive: lenient
    n: Whole
    n_raters: Whole
    component: Whole
    variance: float  # of the residuals; NaN without degrees of freedom
    df: int
    covariance: Array  # (J, J)


@dataclass(frozen=True)
class RaterFit:
    """How each rater scored, (R,): see `rater_fit`."""

    severity: Array
    standard_error: Array
    sd: Array
    infit: Array


@dataclass(frozen=True)
class Mixed:
    """Crossed random effects: see `mixed_model`. A department's predicted score is `mean + department[j]`."""

    mean: float
    sd_department: float
    sd_rater: float
    sd_residual: float
    department: Array  # (J,)
    rater: Array  # (R,)
    covariance: Array  # (J, J) of the errors of the predicted scores


def components(count: ArrayLike) -> Whole:
    """The connected part of the rater–department graph that each department is in, (J,); -1 without scores.

    Departments of different parts share no chain of raters, so they cannot be compared (Searle 1987).
    """
    count = np.asarray(count)
    n_raters, n_departments = count.shape
    rater, department = np.nonzero(count)
    nodes = n_raters + n_departments
    graph = scipy.sparse.coo_array((np.ones(rater.size), (rater, n_raters + department)), shape=(nodes, nodes))
    _, label = scipy.sparse.csgraph.connected_components(graph, directed=False)
    part = np.full(n_departments, -1, dtype=np.int64)
    scored = count.any(axis=0)
    part[scored] = np.unique(label[n_raters:][scored], return_inverse=True)[1]
    return part


def adjusted_means(count: ArrayLike, total: ArrayLike, squares: ArrayLike) -> Adjusted:
    """Least-squares means of departments: grand mean + β_j − Σ n_j β_j / Σ n_j, with their covariance.

    The residual variance is RSS / (N − J − R + C) with C connected parts. Raters are eliminated, so only a J × J
    system is solved. Covariance: σ² [(XᵀX)⁻]_αα, carried through the centring.
    """
    count, total, squares = (np.asarray(each, dtype=float) for each in (count, total, squares))
    part = components(count)
    scored, rating = part >= 0, count.any(axis=1)
    n, number = count.sum(axis=0), count.sum()
    if not number:
        nothing, nobody = np.full(n.size, np.nan), np.full(rating.size, np.nan)
        counts = n.astype(np.int64)
        return Adjusted(nothing, nothing, nobody, counts, counts, part, np.nan, 0, np.full((n.size, n.size), np.nan))
    grand = total.sum() / number
    deviation = total - count * grand
    share, inverse = _eliminated(count)
    effect = inverse @ (deviation.sum(axis=0) - share.T @ deviation.sum(axis=1))
    severity = _ratio(deviation.sum(axis=1), count.sum(axis=1)) - share @ effect

    fitted = effect + np.nan_to_num(severity)[:, None]
    spread = squares - 2 * grand * total + grand**2 * count
    rss = max(float((spread - 2 * fitted * deviation + count * fitted**2).sum()), 0.0)
    df = int(number - scored.sum() - rating.sum() + part.max() + 1)
    variance = rss / df if df > 0 else np.nan

    covariance = variance * (inverse + 1 / number)
    comparable = scored & (part.max() == 0)
    covariance[~comparable] = covariance[:, ~comparable] = np.nan
    return Adjusted(
        raw=_ratio(total.sum(axis=0), n),
        adjusted=np.where(comparable, grand + effect, np.nan),
        severity=severity if comparable.any() else np.full(rating.size, np.nan),
        n=n.astype(np.int64),
        n_raters=np.count_nonzero(count, axis=0),
        component=part,
        variance=variance,
        df=df,
        covariance=covariance,
    )


def resampled(groups: ArrayLike, draws: int, seed: int) -> Whole:
    """How often each rater is drawn when raters are resampled with replacement within their group, (draws, R)."""
    groups = np.asarray(groups)
    generator = np.random.default_rng(seed)
    weights = np.zeros((draws, groups.size), dtype=np.int64)
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        weights[:, members] = generator.multinomial(members.size, [1 / members.size] * members.size, size=draws)
    return weights


def resampled_means(count: ArrayLike, total: ArrayLike, weights: ArrayLike) -> tuple[Array, Array]:
    """Raw and adjusted means, each (B, J), where each rater's rows weigh `weights[b, i]`: a cluster bootstrap.

    Cameron, Gelbach & Miller 2008 (Rev. Econ. Stat. 90:414) on clusters as the unit that is drawn. Each draw is
    centred by its own counts. A department without weight is NaN in that draw; where the draw's design is not
    connected, so is every adjusted mean. Solved for all draws at once by preconditioned conjugate gradients, and
    directly where these do not converge.
    """
    count, total = np.asarray(count, dtype=float), np.asarray(total, dtype=float)
    weights = np.asarray(weights)
    raw = np.full((weights.shape[0], count.shape[1]), np.nan)
    adjusted = raw.copy()
    if not count.any():
        return raw, adjusted
    grand = total.sum() / count.sum()
    deviation = total - count * grand
    share, inverse = _eliminated(count)
    within = deviation - share * deviation.sum(axis=1, keepdims=True)
    root = np.sqrt(count.sum(axis=0))
    # the full sample's inverse stands in for that of a draw, once both are scaled to a unit diagonal
    standard = root[:, None] * (inverse + 1 / count.sum()) * root
    rates = (count > 0).astype(np.float32)

    rows = max(CHUNK_CELLS // count.shape[0], 32)
    for start in range(0, len(weights), rows):
        draw = slice(start, start + rows)
        weight = weights[draw].astype(float)
        n = weight @ count
        raw[draw] = grand + _ratio(weight @ deviation, n)
        connected = _connected(rates, weight, n)
        if not connected.all():
            weight, n = weight[connected], n[connected]
        effect = _effects(count, share, weight, n, weight @ within, standard)
        number = n.sum(axis=1, keepdims=True)
        shift = (weight @ deviation.sum(axis=1))[:, None] / number - (n * effect).sum(axis=1, keepdims=True) / number
        adjusted[draw][connected] = np.where(n > 0, grand + effect + shift, np.nan)
    return raw, adjusted


def composite_covariance(count: ArrayLike, total: ArrayLike, weights: ArrayLike) -> tuple[Array, int]:
    """Covariance (J, J) of Σ_d weights[j, d] · adjusted mean of dimension d, and its degrees of freedom.

    `count` and `total` are (D, R, J); each row of `weights` (J, D) sums to one over the dimensions that the department
    has (all zero: NaN). Residuals of one rater on one department may be correlated between dimensions (halo): with
    α_d = H_d y_d, Cov(α_d, α_e) = S_de H_d C_de H_eᵀ, where S is the pooled residual covariance of cell means and
    C pairs the scores that two dimensions of a cell have in common (seemingly unrelated regressions, Zellner 1962
    JASA 57:348). S_de is divided by common cells × the geometric mean of both dimensions' df per cell; df is the
    smallest of the dimensions.
    """
    count, total, weights = (np.asarray(each, dtype=float) for each in (count, total, weights))
    used = np.flatnonzero(weights.any(axis=0) & count.any(axis=(1, 2)))
    count, total = count[used], total[used]
    fits = [adjusted_means(count[d], total[d], _ratio(total[d] ** 2, count[d], empty=0)) for d in range(used.size)]
    cells = np.count_nonzero(count, axis=(1, 2))
    # one mean a cell: what repeated scores of a cell differ among themselves is in neither sum nor degrees of freedom
    df = np.array([fit.df for fit in fits]) - (count.sum(axis=(1, 2)) - cells)
    covariance = np.zeros((count.shape[2], count.shape[2]))
    if not used.size or (df <= 0).any():
        return np.full_like(covariance, np.nan), 0

    residual = np.stack([_cell_residuals(count[d], total[d], fits[d]) for d in range(used.size)])
    pooled = np.empty((used.size, used.size))
    for d in range(used.size):
        for e in range(d, used.size):
            # of cell means of c and c′ scores, min(c, c′) in common, the covariance is S_de / max(c, c′)
            most, both = np.maximum(count[d], count[e]), np.minimum(count[d], count[e]) > 0
            freedom = np.count_nonzero(both) * np.sqrt(df[d] / cells[d] * df[e] / cells[e])
            pooled[d, e] = pooled[e, d] = (most * residual[d] * residual[e])[both].sum() / max(freedom, 1)
    value, vector = np.linalg.eigh(pooled)  # sums over different cells need not fit together: take the nearest that do
    pooled = (vector * value.clip(min=0)) @ vector.T

    influence = [_influence(count[d]) for d in range(used.size)]
    weight = np.nan_to_num(weights[:, used])
    for d in range(used.size):
        for e in range(d, used.size):
            block = pooled[d, e] * _shared(np.minimum(count[d], count[e]), influence[d], influence[e])
            block *= np.outer(weight[:, d], weight[:, e])
            covariance += block if d == e else block + block.T
    refused = np.array([np.isnan(fit.adjusted) for fit in fits]).T & (weight != 0)
    left_out = refused.any(axis=1) | ~weight.any(axis=1)
    covariance[left_out] = covariance[:, left_out] = np.nan
    return covariance, int(df.min())


def halo(ballots: ArrayLike) -> tuple[float, float]:
    """Share of the first principal component of the correlation matrix, and Cronbach's α (1951 Psychometrika 16:297).

    `ballots` is (n, D) without gaps. NaN where a dimension does not vary or fewer than two dimensions or ballots exist.
    """
    ballots = np.asarray(ballots, dtype=float)
    n, dimensions = ballots.shape
    if min(n, dimensions) < 2 or (np.ptp(ballots, axis=0) == 0).any():
        return np.nan, np.nan
    share = np.linalg.eigvalsh(np.corrcoef(ballots.T))[-1] / dimensions
    of_sum = ballots.sum(axis=1).var(ddof=1)
    if of_sum == 0:
        return float(share), np.nan
    alpha = dimensions / (dimensions - 1) * (1 - ballots.var(axis=0, ddof=1).sum() / of_sum)
    return float(share), float(alpha)


def rater_fit(count: ArrayLike, total: ArrayLike, squares: ArrayLike, fit: Adjusted) -> RaterFit:
    """Severity with standard error, standard deviation of the own scores (0: all alike), infit mean square; each (R,).

    Infit is Σe² over what the model expects of it, σ² Σ(1 − leverage); 0.5 to 1.5 is usual (Linacre, rasch.org/rmt).
    NaN where a rater has too few scores to tell, severity also where the design is not connected.
    """
    count, total, squares = (np.asarray(each, dtype=float) for each in (count, total, squares))
    rated, covariance = count.sum(axis=1), np.nan_to_num(fit.covariance)
    share = _ratio(count, rated[:, None], empty=0)
    of_panel = np.einsum("ij,ij->i", share @ covariance, share)
    error = _ratio(fit.variance, rated) + of_panel - 2 * fit.variance / rated.sum()

    fitted = np.nan_to_num(fit.adjusted) + fit.severity[:, None]
    found = (squares - 2 * fitted * total + count * fitted**2).sum(axis=1)
    contrast = np.diag(covariance) - 2 * share @ covariance + of_panel[:, None]
    expected = fit.variance * (rated - 1) - (count * contrast).sum(axis=1)
    tellable = expected > RANK_TOLERANCE * fit.variance * rated

    about_mean = squares.sum(axis=1) - _ratio(total.sum(axis=1) ** 2, rated)
    about_mean[about_mean <= RANK_TOLERANCE * squares.sum(axis=1)] = 0
    return RaterFit(
        severity=fit.severity,
        standard_error=np.sqrt(error.clip(min=0)),
        sd=np.sqrt(_ratio(about_mean, (rated - 1).clip(min=0))),
        infit=_ratio(found.clip(min=0), np.where(tellable, expected, 0)),
    )


def mixed_model(count: ArrayLike, total: ArrayLike, squares: ArrayLike) -> Mixed:
    """y = mean + department + rater + error with both effects random and crossed, by REML: for when ratings are few.

    Bates, Mächler, Bolker & Walker 2015 (J. Stat. Softw. 67(1)): the profiled criterion over the two relative standard
    deviations θ, with Henderson's equations for the effects. The design need not be connected.
    """
    count, total = np.asarray(count, dtype=float), np.asarray(total, dtype=float)
    n_raters, n_departments = count.shape
    number, grand = count.sum(), total.sum() / count.sum()
    total = total - count * grand
    sum_of_squares = np.sum(np.asarray(squares, dtype=float)) - grand**2 * number
    n, rated = count.sum(axis=0), count.sum(axis=1)
    crossproduct = np.block(
        [
            [np.diag(n), count.T, n[:, None]],
            [count, np.diag(rated), rated[:, None]],
            [n, rated, number],
        ]
    )
    right = np.concatenate([total.sum(axis=0), total.sum(axis=1), [0.0]])

    def scaled(theta: Array) -> tuple[Array, Array]:
        scale = np.concatenate([np.full(n_departments, theta[0]), np.full(n_raters, theta[1]), [1.0]])
        matrix = scale[:, None] * crossproduct * scale
        matrix[np.arange(scale.size - 1), np.arange(scale.size - 1)] += 1
        return scale, matrix

    def deviance(theta: Array) -> float:
        scale, matrix = scaled(theta)
        penalised = sum_of_squares - (scale * right) @ np.linalg.solve(matrix, scale * right)
        return np.linalg.slogdet(matrix)[1] + (number - 1) * np.log(max(penalised, np.finfo(float).tiny))

    theta = scipy.optimize.minimize(
        deviance, [1.0, 1.0], method="Nelder-Mead", bounds=[(0, None)] * 2, options={"xatol": 1e-8, "fatol": 1e-10}
    ).x
    scale, matrix = scaled(theta)
    inverse = np.linalg.inv(matrix)
    solution = inverse @ (scale * right)
    variance = (sum_of_squares - (scale * right) @ solution) / (number - 1)
    effect = scale * solution
    predicted = np.hstack([np.eye(n_departments) * theta[0], np.zeros((n_departments, n_raters + 1))])
    predicted[:, -1] = 1
    residual = np.sqrt(variance)
    return Mixed(
        mean=float(grand + effect[-1]),
        sd_department=float(theta[0] * residual),
        sd_rater=float(theta[1] * residual),
        sd_residual=float(residual),
        department=effect[:n_departments],
        rater=effect[n_departments:-1],
        covariance=variance * predicted @ inverse @ predicted.T,
    )


def _ratio(numerator: ArrayLike, denominator: Array, empty: float = np.nan) -> Array:
    shape = np.broadcast_shapes(np.shape(numerator), denominator.shape)
    return np.divide(numerator, denominator, out=np.full(shape, float(empty)), where=denominator > 0)


def _eliminated(count: Array) -> tuple[Array, Array]:
    """How each rater's scores divide over departments, (R, J), and the inverse information on departments, (J, J).

    The inverse is the one that gives effects with Σ n_j β_j = 0.
    """
    share = _ratio(count, count.sum(axis=1, keepdims=True), empty=0)
    n = count.sum(axis=0)
    centring = np.eye(n.size) - n / n.sum()
    inverse = np.linalg.pinv(np.diag(n) - count.T @ share, rcond=RANK_TOLERANCE, hermitian=True)
    return share, centring @ inverse @ centring.T


def _connected(rates: NDArray[np.float32], weight: Array, n: Array) -> NDArray[np.bool_]:
    """Whether each draw hangs together, (B,): what can be reached from its most rated department, along raters."""
    drawn, present = weight > 0, n > 0
    reached = np.zeros_like(present)
    reached[np.arange(len(n)), n.argmax(axis=1)] = present.any(axis=1)
    connected = np.zeros(len(n), dtype=bool)
    open_draws = np.flatnonzero(present.any(axis=1))
    while open_draws.size:
        before = reached[open_draws]
        raters = (before.astype(np.float32) @ rates.T > 0) & drawn[open_draws]
        after = raters.astype(np.float32) @ rates > 0
        reached[open_draws] = after
        whole = (after == present[open_draws]).all(axis=1)
        connected[open_draws[whole]] = True
        open_draws = open_draws[~whole & (after != before).any(axis=1)]
    return connected


def _effects(count: Array, share: Array, weight: Array, n: Array, right: Array, standard: Array) -> Array:
    """Solve A_b x_b = right_b, (B, J), where A_b = Σ_i w_bi (diag(c_i) − c_i c_iᵀ / N_i), up to a constant a draw."""

    def product(x: Array) -> Array:
        return n * x - (x @ share.T * weight) @ count

    scale = _ratio(1, np.sqrt(n), empty=0)
    right = np.where(n > 0, right - right.sum(axis=1, keepdims=True) * n / n.sum(axis=1, keepdims=True), 0)
    goal = RESIDUAL_TOLERANCE * np.linalg.norm(right, axis=1) + 1e-14 * n.sum(axis=1)
    x = np.zeros_like(right)
    residual = right.copy()
    direction = scale * ((scale * residual) @ standard)
    slope = np.einsum("bj,bj->b", residual, direction)
    for _ in range(right.shape[1] + 10):
        active = np.linalg.norm(residual, axis=1) > goal
        if not active.any():
            break
        image = product(direction)
        curvature = np.einsum("bj,bj->b", direction, image)
        step = np.divide(slope, curvature, out=np.zeros_like(slope), where=active & (curvature > 0))[:, None]
        x += step * direction
        residual -= step * image
        steepest = scale * ((scale * residual) @ standard)
        before, slope = slope, np.einsum("bj,bj->b", residual, steepest)
        direction = steepest + np.divide(slope, before, out=np.zeros_like(slope), where=before > 0)[:, None] * direction

    for stuck in np.flatnonzero(np.linalg.norm(right - product(x), axis=1) > 10 * goal):
        information = np.diag(n[stuck]) - count.T @ (weight[stuck][:, None] * share)
        x[stuck] = np.linalg.pinv(information, rcond=RANK_TOLERANCE, hermitian=True) @ right[stuck]
    return x


def _cell_residuals(count: Array, total: Array, fit: Adjusted) -> Array:
    fitted = np.nan_to_num(fit.adjusted) + np.nan_to_num(fit.severity)[:, None]
    return np.where(count > 0, _ratio(total, count, empty=0) - fitted, 0)


def _influence(count: Array) -> tuple[Array, Array, float]:
    """A score of rater i on k moves the adjusted means by `gain` @ (e_k − share_i) + 1 / N: gain (J, J), share, N."""
    share, inverse = _eliminated(count)
    return inverse, share, count.sum()


def _shared(common: Array, first: tuple[Array, Array, float], second: tuple[Array, Array, float]) -> Array:
    """H_d C_de H_eᵀ, (J, J), where `common` (R, J) counts the scores that a cell has in both dimensions."""
    (gain, share, number), (other_gain, other_share, other_number) = first, second
    per_rater, per_department = common.sum(axis=1), common.sum(axis=0)
    middle = np.diag(per_department) - common.T @ other_share - share.T @ common
    middle += share.T @ (per_rater[:, None] * other_share)
    mean = gain @ (per_department - share.T @ per_rater) / other_number
    other_mean = other_gain @ (per_department - other_share.T @ per_rater) / number
    return gain @ middle @ other_gain.T + mean[:, None] + other_mean + common.sum() / (number * other_number)
