"""From ballots to standings: adjusted means, what they carry of a ranking, and what other rules would make of it.

Raters are a sample of those who might have been asked, so intervals come from resampling raters, all their ballots
together. What names winners and losers (sets of ranks, bands) is simultaneous over all departments of a quarter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.statistics import composite, ranks, raters, shrinkage

Array = NDArray[np.float64]

METHOD, METHOD_VERSION = "two_way_resampled", "1"
SEED = 20240101
LEVEL = 0.95
DRAWS = 2_000
SET_DRAWS = 20_000
WEIGHT_DRAWS = 1_500
WEIGHT_SPREAD = 0.25
ENDS = 10  # departments at either end of the list
FEWEST_IN_STRATUM = 5  # raters; a smaller group is resampled together with the other small ones
FEWEST_RATERS = 5  # of a department: fewer say more of themselves than of it
MOST_TORN = 0.01  # share of the draws in which the design may fall apart; beyond it a few raters hold it together
FEWEST_RANKED_PEERS = 5  # a set with fewer is compared with the whole region
FEWEST_FOR_HALO = 10  # complete ballots
POOLED, COMPOSITE = "pooled", "composite"
REGION, PEERS = "region", "peers"
WHOLE_REGION = "*"  # the peer set of departments whose own kind is too small
NOT_CONNECTED, COVERAGE = "not_connected", "coverage"
FEWER_DIMENSIONS, NOT_STANDING = "fewer_dimensions", "not_standing"


@dataclass(frozen=True)
class Rules:
    """What the office's settings say of scores."""

    weights: dict[str, float]  # of each dimension
    fewest_dimensions: float  # share of the dimensions that a composite needs
    fewest_ballots: int
    red_line: float  # a dimension below it is shown beside the index; NaN: none


@dataclass(frozen=True)
class Appraisal:
    """What one region's ballots of one quarter (or of all) say."""

    standings: pd.DataFrame
    alternatives: pd.DataFrame
    draws: pd.DataFrame
    appraisals: pd.DataFrame  # one row: the panel as a whole
    straight_lines: pd.DataFrame


TEXT, NUMBER = "str", "float64"
PLACE = {"region_id": TEXT, "quarter": TEXT}
# The tables that come of it, with the type of each column.
APPRAISED: dict[str, dict[str, str]] = {
    "standings": {
        **PLACE,
        "variant": TEXT,
        "department_id": TEXT,
        "scope": TEXT,
        "peer_set": TEXT,
        **dict.fromkeys(
            (
                *("raw_mean", "raw_se", "value", "se", "low", "high", "eb", "n_ranked", "place", "raw_place"),
                *("rank_low", "rank_high", "raw_rank_low", "raw_rank_high", "set_low", "set_high", "expected_rank"),
                *("chance_bottom", "weight_low", "weight_high", "benchmark", "difference", "difference_low"),
                *("difference_high", "critical", "needed_ballots", "needed_quarters", "next_ballots", "next_quarters"),
            ),
            NUMBER,
        ),
        **dict.fromkeys(("next_id", "band", "red_line", "note"), TEXT),
    },
    "alternatives": {
        **PLACE,
        "department_id": TEXT,
        "scope": TEXT,
        "alternative": TEXT,
        "value": NUMBER,
        "place": NUMBER,
    },
    "draws": {
        **PLACE,
        "department_id": TEXT,
        "dimension": TEXT,
        "raw_mean": NUMBER,
        "mean": NUMBER,
        "n": NUMBER,
        "drawn_from": NUMBER,
        "drawn_step": NUMBER,
        "draws": "object",
    },
    "appraisals": {
        **PLACE,
        **dict.fromkeys(("n_raters", "n_ballots", "n_straight", "n_uniform_raters", "n_unconnected"), "int64"),
        **dict.fromkeys(("first_component", "alpha", "severity_sd", "severity_range"), NUMBER),
        "covariance": TEXT,
    },
    "straight_lines": {**PLACE, "department_id": TEXT, "n_cast": "int64", "n_straight": "int64"},
}


@dataclass(frozen=True)
class Panel:
    """The ballots as dense arrays: D dimensions, R raters, J departments."""

    departments: NDArray
    dimensions: NDArray
    strata: NDArray[np.int64]  # (R,)
    count: Array  # (D, R, J)
    total: Array
    squares: Array
    straight: Array  # (3, D, R, J): count, total, squares of the ballots with one score for everything

    def without_straight_lines(self) -> "Panel":
        rest = np.stack([self.count, self.total, self.squares]) - self.straight
        return Panel(self.departments, self.dimensions, self.strata, *rest, np.zeros_like(self.straight))


@dataclass(frozen=True)
class Measured:
    """One ranking: a dimension, all scores pooled, or the composite. Unranked departments are NaN."""

    raw: Array  # (J,)
    adjusted: Array  # (J,)
    raw_draws: Array  # (B, J)
    draws: Array  # (B, J)
    covariance: Array  # (J, J)
    df: float | None  # of the covariance; None: it comes from resampling
    n: Array  # ballots behind each
    note: NDArray  # why a department is not ranked
    value: Array  # (J,) as shown: also of those that are not ranked because theirs is measured otherwise
    widened: Array  # (J,) the factor on the standard errors where raters disagree more than elsewhere

    @property
    def is_ranked(self) -> NDArray[np.bool_]:
        return ~np.isnan(self.adjusted)

    @cached_property
    def noise(self) -> NDArray[np.float32]:
        """(J, draws) joint errors of the adjusted means: every set and band of this ranking is judged by them."""
        errors = np.full((len(self.adjusted), SET_DRAWS), np.nan, dtype=np.float32)
        covariance = self.covariance[np.ix_(self.is_ranked, self.is_ranked)]
        if np.isfinite(covariance).all():
            errors[self.is_ranked] = ranks.joint_errors(covariance, SET_DRAWS, SEED, self.df)
        return errors


def panel(cells: pd.DataFrame) -> Panel:
    """`cells`: rows of queries/build/rater_scores.sql."""
    departments = np.unique(cells["department_id"].to_numpy(str))
    dimensions = np.unique(cells["dimension"].to_numpy(str))
    people = cells.groupby("rater_id", sort=True)["rater_group"].min()
    at = (
        np.searchsorted(dimensions, cells["dimension"].to_numpy(str)),
        people.index.get_indexer(cells["rater_id"]),
        np.searchsorted(departments, cells["department_id"].to_numpy(str)),
    )
    shape = (len(dimensions), len(people), len(departments))

    def spread(*columns: str) -> list[Array]:
        arrays = []
        for column in columns:
            dense = np.zeros(shape)
            dense[at] = cells[column]
            arrays.append(dense)
        return arrays

    sizes = people.map(people.value_counts())
    strata = pd.factorize(people.where(sizes >= FEWEST_IN_STRATUM, ""), sort=True)[0]
    straight = np.stack(spread("straight_n", "straight_total", "straight_squares"))
    return Panel(departments, dimensions, strata, *spread("n", "total", "squares"), straight)


def appraised(
    cells: pd.DataFrame,
    peer_sets: pd.Series,
    rules: Rules,
    is_quarter: bool = True,
    gone: frozenset[str] = frozenset(),
) -> Appraisal:
    """`peer_sets`: department_id → its peer set in this quarter. Those `gone` no longer stood: their ballots tell of
    the raters, but they are not ranked.

    Where the ballots are of several quarters, no draws are kept and nothing is said of the panel.
    """
    given = panel(cells)
    peers = _peers(given.departments, peer_sets)
    weights = raters.resampled(given.strata, DRAWS, SEED)
    has_left = np.isin(given.departments, list(gone))
    dimensions = [
        measured(given.count[d], given.total[d], given.squares[d], weights, rules, has_left)
        for d in range(len(given.dimensions))
    ]
    office = np.array([rules.weights.get(name, 1.0) for name in given.dimensions])
    whole = combined(dimensions, office, given, rules)
    summed = (given.count.sum(axis=0), given.total.sum(axis=0), given.squares.sum(axis=0))
    pooled = measured(*summed, weights, rules, has_left)
    rankings = [*zip(given.dimensions, dimensions), (POOLED, pooled), (COMPOSITE, whole)]
    values = np.stack([found.adjusted for found in dimensions], axis=1)  # (J, D)
    scopes = _scopes(peers)
    rows = _stacked([rows for name, found in rankings for rows in _standings(given, name, found, scopes)])
    by_weights = pd.concat(_weight_intervals(given.departments, values, office, scopes, rules))
    rows = rows.merge(by_weights, how="left", on=["variant", "department_id", "scope"])
    gated = [_below(values[j], given.dimensions, rules.red_line) for j in range(len(given.departments))]
    rows["red_line"] = (
        rows["department_id"].map(dict(zip(given.departments, gated))).where(rows["variant"] == COMPOSITE)
    )
    nothing = pd.DataFrame()
    return Appraisal(
        rows,
        _alternatives(given, values, office, whole, gated, rules, scopes),
        *(
            (_kept_draws(given, dimensions), _summary(given, pooled), straight_lines(given))
            if is_quarter
            else [nothing] * 3
        ),
    )


def measured(
    count: Array, total: Array, squares: Array, weights: Array, rules: Rules, has_left: NDArray[np.bool_]
) -> Measured:
    """One dimension's means, raw and adjusted for severity, with their draws; `weights` (B, R) of the raters."""
    n = count.sum(axis=0)
    note = np.full(len(n), None, dtype=object)
    in_main = _main_component(count)
    is_thin = (n < rules.fewest_ballots) | ((count > 0).sum(axis=0) < FEWEST_RATERS)
    raw, adjusted = np.full((2, len(n)), np.nan)
    widened = np.ones(len(n))
    raw_draws, draws = np.full((2, len(weights), len(n)), np.nan)
    covariance, df = np.full((len(n), len(n)), np.nan), None
    with np.errstate(invalid="ignore", divide="ignore"):
        raw[:] = np.where(n > 0, total.sum(axis=0) / n, np.nan)
    everyone_draws = raters.resampled_means(count, total, weights)[0] if (n > 0).any() and not in_main.any() else None
    if everyone_draws is not None:
        raw_draws[:] = everyone_draws
    if in_main.any():
        judges = count[:, in_main].sum(axis=1) > 0
        cut = np.ix_(judges, in_main)
        fit = raters.adjusted_means(count[cut], total[cut], squares[cut])
        drawn_raw, drawn = raters.resampled_means(count[cut], total[cut], weights[:, judges])
        adjusted[in_main], raw_draws[:, in_main], draws[:, in_main] = fit.adjusted, drawn_raw, drawn
        has_fit = in_main
        if len(drawn) > 1 and np.isnan(drawn).all(axis=1).mean() > MOST_TORN:
            in_main = np.zeros_like(in_main)
        widened[has_fit] = _unequal_spread(count[cut], total[cut], squares[cut], fit)
        residual = fit.covariance * np.outer(widened[has_fit], widened[has_fit])
        is_firm = _has_full_rank(residual)
        if in_main.any():
            covariance[np.ix_(in_main, in_main)] = residual if is_firm else _covariance(drawn)
            df = fit.df if is_firm else None
    note[(n > 0) & ~in_main] = NOT_CONNECTED
    note[(n > 0) & is_thin] = COVERAGE
    note[(n > 0) & has_left] = NOT_STANDING
    ranked = in_main & ~is_thin & ~has_left
    adjusted[~ranked] = np.nan
    draws[:, ~ranked] = np.nan
    return Measured(raw, adjusted, raw_draws, draws, covariance, df, n, note, adjusted, widened)


def combined(dimensions: list[Measured], weights: Array, given: Panel, rules: Rules) -> Measured:
    """The composite: the weighted mean of the dimensions that are ranked, where enough of them are."""
    values = np.stack([found.adjusted for found in dimensions], axis=1)
    raw = np.stack([np.where(found.n >= rules.fewest_ballots, found.raw, np.nan) for found in dimensions], axis=1)
    coverage = _coverage(given.dimensions, rules)
    shown = composite.arithmetic(values, weights, coverage)
    # a mean over other dimensions is measured by another yardstick: it is shown, and not ranked among the rest
    scored = ~np.isnan(values).all(axis=0) & (weights > 0)
    is_ranked = ~np.isnan(shown) & ~np.isnan(values[:, scored]).any(axis=1)
    adjusted = np.where(is_ranked, shown, np.nan)
    shares = np.where(np.isnan(values), 0.0, weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(is_ranked[:, None], shares / shares.sum(axis=1, keepdims=True), 0.0)  # (J, D)
    draws, raw_draws = (
        np.where(is_ranked, sum(np.nan_to_num(d, nan=0.0) * shares[:, i] for i, d in enumerate(all_draws)), np.nan)
        for all_draws in ([f.draws for f in dimensions], [f.raw_draws for f in dimensions])
    )
    # a draw without one of the dimensions has no composite; the shares of another draw would not be its own
    draws[_lacks([found.draws for found in dimensions], shares)] = np.nan
    raw_draws[_lacks([found.raw_draws for found in dimensions], shares)] = np.nan
    covariance, df = np.full((len(adjusted), len(adjusted)), np.nan), None
    if is_ranked.any():
        firm = all(found.df is not None for found, share in zip(dimensions, shares.T) if share.any())
        cut = np.ix_(is_ranked, is_ranked)
        found = None
        if firm:
            residual, residual_df = raters.composite_covariance(given.count, given.total, shares)
            residual = residual * _unequal_means(dimensions, shares)
            if _has_full_rank(residual[cut]):
                found, df = residual[cut], residual_df
        covariance[cut] = _covariance(draws[:, is_ranked]) if found is None else found
    n_ballots = given.count.max(axis=0).sum(axis=0)  # one ballot scores several dimensions
    reasons = np.array([found.note for found in dimensions], dtype=object)
    note = np.full(len(n_ballots), COVERAGE, dtype=object)
    note[~np.isnan(shown)] = FEWER_DIMENSIONS
    for reason in (NOT_CONNECTED, NOT_STANDING):
        note[(reasons == reason).any(axis=0)] = reason
    note[is_ranked | (n_ballots == 0)] = None
    raw_mean = composite.arithmetic(raw, weights, coverage)
    return Measured(
        raw_mean, adjusted, raw_draws, draws, covariance, df, n_ballots, note, shown, np.ones(len(n_ballots))
    )


def _coverage(dimensions: NDArray, rules: Rules) -> float:
    """The share of this quarter's dimensions that makes the share asked for of all that the office weighs."""
    office = {name for name, weight in rules.weights.items() if weight > 0} | {
        name for name in dimensions if name not in rules.weights
    }
    here = sum(name in office for name in dimensions)
    return rules.fewest_dimensions * len(office) / here if here else 1.0


def reweighted(draws: pd.DataFrame, peer_sets: pd.Series, rules: Rules, scope: str) -> pd.DataFrame:
    """The composite standings of a quarter in one scope by the rules' weights, from the draws that the snapshot keeps.

    `draws`: department_id, dimension, raw_mean, mean, n, draws (a list of `DRAWS` resampled means).
    Columns as in the stored standings; bands and sets come from the covariance of the draws.
    """
    departments, dimensions = (np.unique(draws[name].to_numpy(str)) for name in ("department_id", "dimension"))
    at = (
        np.searchsorted(departments, draws["department_id"].to_numpy(str)),
        np.searchsorted(dimensions, draws["dimension"].to_numpy(str)),
    )
    values, raw = np.full((2, len(departments), len(dimensions)), np.nan)
    drawn = np.full((DRAWS, len(departments), len(dimensions)), np.nan)
    values[at], raw[at] = draws["mean"], draws["raw_mean"]
    if len(draws):
        drawn[:, at[0], at[1]] = np.stack(draws["draws"].to_numpy()).T
    own = np.array([rules.weights.get(name, 0.0) for name in dimensions])
    coverage = _coverage(dimensions, rules)
    shown = composite.arithmetic(values, own, coverage)
    is_ranked = ~np.isnan(shown) & ~np.isnan(values[:, own > 0]).any(axis=1)
    adjusted = np.where(is_ranked, shown, np.nan)
    resampled = composite.arithmetic(drawn, own, 1.0)
    resampled[:, ~is_ranked] = np.nan
    n = draws.groupby("department_id")["n"].max().reindex(departments).to_numpy(float)
    note = np.where(is_ranked, None, np.where(np.isnan(shown), COVERAGE, FEWER_DIMENSIONS))
    raw_mean = composite.arithmetic(raw, own, coverage)
    found = Measured(
        raw_mean, adjusted, resampled, resampled, _covariance(resampled), None, n, note, shown, np.ones(len(n))
    )
    empty = np.zeros((0, 0, len(departments)))
    given = Panel(departments, dimensions, np.zeros(0, int), empty, empty, empty, empty)
    peers = _peers(departments, peer_sets)
    scopes = {scope: _scopes(peers)[scope]}
    rows = _stacked(list(_standings(given, COMPOSITE, found, scopes)))
    rows[list(OF_RAW_DRAWS)] = np.nan  # no draws of raw means are kept
    by_weights = pd.concat(_weight_intervals(departments, values, own, scopes, rules))
    return rows.merge(by_weights, how="left", on=["variant", "department_id", "scope"])


OF_RAW_DRAWS = ("raw_se", "raw_rank_low", "raw_rank_high", "eb")


def _peers(departments: NDArray, peer_sets: pd.Series) -> NDArray:
    """Whom each is compared with; who is in no list of departments, with the whole region."""
    return peer_sets.astype(object).reindex(departments).fillna(WHOLE_REGION).to_numpy(str)


# --- one ranking -----------------------------------------------------------------------------------------------
def _scopes(peers: NDArray) -> dict[str, NDArray]:
    """By scope, the name of the set that each department is ranked in."""
    return {REGION: np.full(len(peers), WHOLE_REGION), PEERS: peers}


# (J,) each, by name: a frame of its own for each ranking would take longer than the figures.
Columns = dict[str, NDArray]


def _stacked(parts: list[Columns]) -> pd.DataFrame:
    """The rows of all parts, which have the same columns."""
    return pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def _standings(given: Panel, variant: str, found: Measured, scopes: dict[str, NDArray]) -> Iterator[Columns]:
    """The rows of one ranking, for each scope."""
    is_ranked = found.is_ranked
    with_raw = np.where(is_ranked, found.raw, np.nan)
    raw_variances = _variances(found.raw_draws)
    eb = (
        shrinkage.normal_normal(with_raw, raw_variances).estimate
        if is_ranked.sum() > 1
        else np.full(len(is_ranked), np.nan)
    )
    whole = {
        "variant": np.full(len(is_ranked), variant),
        "department_id": given.departments,
        "raw_mean": found.raw,
        "value": found.value,
        "low": _quantile(found.draws, 0.025),
        "high": _quantile(found.draws, 0.975),
        "se": np.sqrt(_variances(found.draws)),
        "raw_se": np.sqrt(raw_variances),
        "eb": eb,
        "note": found.note,
    }
    region = _ranked_among(found, is_ranked)
    for scope, named in scopes.items():
        sets = _with_enough(named, is_ranked)
        places = region
        for name in np.unique(sets[is_ranked]):
            if name != WHOLE_REGION:
                among = is_ranked & (sets == name)
                own = _ranked_among(found, among)
                places = {column: np.where(among, own[column], before) for column, before in places.items()}
        if scope == PEERS:  # ten of a kind may be all of it
            places = places | {"chance_bottom": np.full(len(is_ranked), np.nan)}
        next_id = [given.departments[int(at)] if at == at else None for at in places["next_at"]]
        # cells of several dimensions are read together: a county without differences shows any in 5 % of quarters
        several = len(given.dimensions) if variant not in (COMPOSITE, POOLED) else 1
        yield {
            **{column: values for column, values in places.items() if column != "next_at"},
            **_compared(found, sets, is_ranked, 1 - (1 - LEVEL) / several),
            **whole,
            "scope": np.full(len(is_ranked), scope),
            "peer_set": sets,
            "next_id": np.array(next_id, dtype=object),
        }


def _ranked_among(found: Measured, among: NDArray[np.bool_]) -> Columns:
    """Places, their intervals and simultaneous sets, counted among the departments that are True in `among`."""
    columns = {name: np.full(len(among), np.nan) for name in RANK_COLUMNS}
    if among.any():
        value, draws = found.adjusted[among], found.draws[:, among]
        cut = np.ix_(among, among)
        columns["n_ranked"][among] = among.sum()
        columns["place"][among] = ranks.ranks(np.round(value, 9), 0.0)
        columns["raw_place"][among] = ranks.ranks(np.round(found.raw[among], 9), 0.0)
        columns["rank_low"][among], columns["rank_high"][among] = ranks.rank_interval(draws)
        raw_low, raw_high = ranks.rank_interval(found.raw_draws[:, among])
        columns["raw_rank_low"][among], columns["raw_rank_high"][among] = raw_low, raw_high
        columns["chance_bottom"][among] = ranks.chance_of_bottom(draws, ENDS) if among.sum() > ENDS else np.nan
        columns["expected_rank"][among] = ranks.expected_rank(value, found.covariance[cut])
        sets = ranks.confidence_sets(value, found.covariance[cut], noise=found.noise[among])
        for name, ends in zip(("set_low", "set_high"), sets):
            columns[name][among] = np.where(ends == ranks.LEFT_OUT, np.nan, ends)
        columns.update(_next_below(found, among))
    return columns


RANK_COLUMNS = (
    "n_ranked",
    "place",
    "raw_place",
    "rank_low",
    "rank_high",
    "raw_rank_low",
    "raw_rank_high",
    "chance_bottom",
    "expected_rank",
    "set_low",
    "set_high",
    "next_at",
    "next_ballots",
    "next_quarters",
)


def _next_below(found: Measured, among: NDArray[np.bool_]) -> dict[str, Array]:
    """Which department comes next, and the ballots and quarters that would tell the two apart at the spread seen."""
    at, ballots, quarters = np.full((3, len(among)), np.nan)
    order = np.flatnonzero(among)[np.argsort(-found.adjusted[among], kind="stable")]
    first, second = order[:-1], order[1:]
    if len(first):
        c = found.covariance
        se = np.sqrt(np.maximum(c[first, first] + c[second, second] - 2 * c[first, second], 0))
        difference = found.adjusted[first] - found.adjusted[second]
        needed = ranks.evidence_needed(difference, se, found.n[first])
        at[first], (ballots[first], quarters[first]) = second, needed
    return {"next_at": at, "next_ballots": ballots, "next_quarters": quarters}


def _with_enough(sets: NDArray, is_ranked: NDArray[np.bool_]) -> NDArray:
    """The sets, where those that hardly anybody is ranked in give way to the whole region."""
    names, at = np.unique(sets, return_inverse=True)
    ranked = np.bincount(at, is_ranked, minlength=len(names))
    return np.where(ranked[at] >= FEWEST_RANKED_PEERS, sets, WHOLE_REGION)


def _compared(found: Measured, sets: NDArray, is_ranked: NDArray[np.bool_], level: float) -> Columns:
    """Each department against the mean of its peers, simultaneously over all departments of the region."""
    columns = {name: np.full(len(sets), np.nan) for name in BAND_COLUMNS} | {"band": np.full(len(sets), None, object)}
    if is_ranked.sum() > 1:
        cut = np.ix_(is_ranked, is_ranked)
        own = sets[is_ranked]
        peers = (own[:, None] == own[None, :]) | (own[:, None] == WHOLE_REGION)
        bands = ranks.bands(
            found.adjusted[is_ranked], found.covariance[cut], peers, level, noise=found.noise[is_ranked]
        )
        columns["difference"][is_ranked] = bands.difference
        columns["difference_low"][is_ranked], columns["difference_high"][is_ranked] = bands.low, bands.high
        columns["critical"][is_ranked] = bands.critical
        columns["band"][is_ranked] = np.where(bands.code == "", None, bands.code)
        half = (bands.high - bands.low) / 2
        needed = ranks.evidence_needed(bands.difference, half / bands.critical, found.n[is_ranked], bands.critical)
        columns["needed_ballots"][is_ranked], columns["needed_quarters"][is_ranked] = needed
        columns["benchmark"][is_ranked] = found.adjusted[is_ranked] - bands.difference
    return columns


BAND_COLUMNS = (
    "critical",
    "difference",
    "difference_low",
    "difference_high",
    "benchmark",
    "needed_ballots",
    "needed_quarters",
)


# --- other rules -----------------------------------------------------------------------------------------------
def _weight_intervals(
    departments: NDArray, values: Array, weights: Array, scopes: dict[str, NDArray], rules: Rules
) -> Iterator[pd.DataFrame]:
    """Between which places each department moves while every weight moves by a quarter either way."""
    scored = ~np.isnan(values).all(axis=0) & (weights > 0)
    is_ranked = ~np.isnan(values[:, scored]).any(axis=1) & scored.any()
    for scope, named in scopes.items():
        sets = _with_enough(named, is_ranked)
        low, high = np.full((2, len(departments)), np.nan)
        for name in np.unique(sets[is_ranked]):
            own = is_ranked & (sets == name)
            among = is_ranked if name == WHOLE_REGION else own
            found = composite.weight_interval(values[among], weights, WEIGHT_SPREAD, WEIGHT_DRAWS, SEED)
            low[own], high[own] = (end[own[among]] for end in found)
        yield pd.DataFrame(
            {"variant": COMPOSITE, "department_id": departments, "scope": scope, "weight_low": low, "weight_high": high}
        )


def _alternatives(
    given: Panel,
    values: Array,
    office: Array,
    whole: Measured,
    gated: list[str],
    rules: Rules,
    scopes: dict[str, NDArray],
) -> pd.DataFrame:
    """The composite by other rules: equal weights, geometric, each dimension left out, raw, without straight lines."""
    coverage, is_ranked = _coverage(given.dimensions, rules), whole.is_ranked
    n_ranked = np.count_nonzero(is_ranked)
    unresampled = np.ones((1, len(given.strata)))
    rest = given.without_straight_lines()
    kept = [
        measured(rest.count[d], rest.total[d], rest.squares[d], unresampled, rules, ~whole.is_ranked).adjusted
        for d in range(len(given.dimensions))
    ]
    found = {
        "equal": composite.arithmetic(values, np.ones(len(office)), coverage),
        "geometric": composite.geometric(values, office, coverage),
        "raw": whole.raw,
        "red_line": np.where([bool(names) for names in gated], np.nan, whole.adjusted),
        "no_straight_lines": composite.arithmetic(np.stack(kept, axis=1), office, coverage),
    }
    if len(office) > 1:
        for d, name in enumerate(given.dimensions):
            rest_weights = np.where(np.arange(len(office)) == d, 0.0, office)
            if rest_weights.any():
                left = np.where(np.arange(len(office)) == d, np.nan, values)
                found[f"without.{name}"] = composite.arithmetic(left, rest_weights, 0.0)
    rows = []
    for scope, named in scopes.items():
        sets = _with_enough(named, is_ranked)
        for alternative, value in found.items():
            value = np.where(is_ranked, value, np.nan)
            place = ranks.ranks(np.round(value, 9), 0.0)
            for name in np.unique(sets[is_ranked]):
                if name != WHOLE_REGION:
                    own = sets == name
                    place[own] = ranks.ranks(np.round(value[own], 9), 0.0)
            texts = {"scope": np.full(n_ranked, scope), "alternative": np.full(n_ranked, alternative)}
            columns = {"department_id": given.departments, "value": value, "place": place}
            rows.append(texts | {column: values[is_ranked] for column, values in columns.items()})
    return _stacked(rows)


def _below(values: Array, dimensions: NDArray, red_line: float) -> str:
    return ",".join(name for name, value in zip(dimensions, values) if value < red_line)


# --- the panel -------------------------------------------------------------------------------------------------
def _summary(given: Panel, pooled: Measured) -> pd.DataFrame:
    """One row: who rated, how uniformly, and how far the six dimensions are one impression."""
    cast = given.count.max(axis=0) > 0  # (R, J)
    lines = given.straight[0].max(axis=0) > 0
    complete = (given.count > 0).all(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = given.total / given.count
    ballots = means[:, complete].T
    is_enough = len(given.dimensions) > 1 and len(ballots) >= FEWEST_FOR_HALO
    first_component, alpha = raters.halo(ballots) if is_enough else (np.nan, np.nan)
    own_count, own_total = given.count.sum(axis=(0, 2)), given.total.sum(axis=(0, 2))
    own_squares = given.squares.sum(axis=(0, 2))
    variance = own_squares / own_count - (own_total / own_count) ** 2
    fit = None if np.isnan(pooled.adjusted).all() else _severity(given)
    return pd.DataFrame(
        {
            "n_raters": [len(given.strata)],
            "n_ballots": [int(cast.sum())],
            "n_straight": [int(lines.sum())],
            "n_uniform_raters": [int(((variance < 1e-9) & (own_count >= 3)).sum())],
            "first_component": [first_component],
            "alpha": [alpha],
            "severity_sd": [np.nan if fit is None else float(np.std(fit, ddof=1))],
            "severity_range": [np.nan if fit is None else float(np.ptp(fit))],
            "n_unconnected": [int((pooled.note == NOT_CONNECTED).sum())],
            "covariance": ["resampled" if pooled.df is None else "residual"],
        }
    )


def straight_lines(given: Panel) -> pd.DataFrame:
    """For each department: how many ballots it got, and how many of them have one score for everything."""
    cast, lines = given.count.max(axis=0) > 0, given.straight[0].max(axis=0) > 0
    return pd.DataFrame(
        {"department_id": given.departments, "n_cast": cast.sum(axis=0), "n_straight": lines.sum(axis=0)}
    )


def _severity(given: Panel) -> Array | None:
    """How far each rater lies above the others, in points, over all dimensions together."""
    count, total, squares = (a.sum(axis=0) for a in (given.count, given.total, given.squares))
    in_main = _main_component(count)
    judges = count[:, in_main].sum(axis=1) > 0
    if judges.sum() < 2:
        return None
    cut = np.ix_(judges, in_main)
    return raters.adjusted_means(count[cut], total[cut], squares[cut]).severity


def _kept_draws(given: Panel, dimensions: list[Measured]) -> pd.DataFrame:
    parts = []
    for name, found in zip(given.dimensions, dimensions):
        is_ranked = found.is_ranked
        low, step, places = _in_bytes(found.draws[:, is_ranked].T)
        parts.append(
            pd.DataFrame(
                {
                    "department_id": given.departments[is_ranked],
                    "dimension": name,
                    "raw_mean": found.raw[is_ranked],
                    "mean": found.adjusted[is_ranked],
                    "n": found.n[is_ranked],
                    "drawn_from": low,
                    "drawn_step": step,
                    "draws": list(places),
                }
            )
        )
    return pd.concat(parts)


UNDRAWN = 255  # in place of a draw that lacks the department


def _in_bytes(draws: Array) -> tuple[Array, Array, NDArray[np.uint8]]:
    """Each row as its least value, a step, and how many steps every draw lies above it: a quarter of the room.

    The step is a 254th of the row's range, a hundredth of what the draws' own chance moves an interval's ends by.
    """
    known = ~np.isnan(draws)
    low = np.where(known, draws, np.inf).min(axis=1, initial=np.inf)
    step = (np.where(known, draws, -np.inf).max(axis=1, initial=-np.inf) - low) / (UNDRAWN - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        places = np.rint((draws - low[:, None]) / step[:, None])
    places = np.where(known, np.nan_to_num(places), UNDRAWN).astype(np.uint8)
    return low, step, places


# --- arrays ----------------------------------------------------------------------------------------------------
def _main_component(count: Array) -> NDArray[np.bool_]:
    """The departments that raters link to one another; nobody, where the largest such part is not most of them."""
    of = raters.components(count)
    scored = of >= 0
    if not scored.any():
        return scored
    sizes = np.bincount(of[scored])
    largest = int(np.argmax(sizes))
    return (of == largest) if sizes[largest] > scored.sum() / 2 else np.zeros_like(scored)


def _has_full_rank(covariance: Array) -> bool:
    """Whether every difference between two departments has a variance above zero."""
    if not np.isfinite(covariance).all():
        return False
    eigenvalues = np.linalg.eigvalsh(covariance)
    return len(eigenvalues) < 2 or bool(eigenvalues[1] > 1e-9 * max(eigenvalues[-1], 1e-300))


def _covariance(draws: Array) -> Array:
    """Of the columns of (B, J) draws; a draw that lacks a department is left out where there are enough others."""
    whole = draws[~np.isnan(draws[:, ~np.isnan(draws).all(axis=0)]).any(axis=1)]
    if len(whole) < 2:
        return np.full((draws.shape[1],) * 2, np.nan)
    return np.atleast_2d(np.cov(whole.T))


def _lacks(draws: list[Array], shares: Array) -> NDArray[np.bool_]:
    return np.any([np.isnan(drawn) & (share > 0) for drawn, share in zip(draws, shares.T)], axis=0)


def _unequal_spread(count: Array, total: Array, squares: Array, fit: raters.Adjusted) -> Array:
    """(J,) by how much to widen the pooled standard error where raters disagree more on a department than elsewhere."""
    fitted = np.nan_to_num(fit.adjusted) + fit.severity[:, None]
    left = (squares - 2 * fitted * total + count * fitted**2).sum(axis=0)
    number = count.sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        own = left / (count.sum(axis=0) * (fit.df / number))
        wider = np.sqrt(np.maximum(own / fit.variance, 1))
    return np.where(np.isfinite(wider), wider, 1.0)


def _unequal_means(dimensions: list[Measured], shares: Array) -> Array:
    """As `_unequal_spread`, for a composite: the mean of its dimensions' widening."""
    wider = np.stack([found.widened for found in dimensions], axis=1)
    mean = np.where(shares.sum(axis=1) > 0, (wider * shares).sum(axis=1), 1.0)
    return np.outer(mean, mean)


def _variances(draws: Array) -> Array:
    """Of each column; NaN where it has fewer than two draws."""
    known = (~np.isnan(draws)).sum(axis=0)
    result = np.full(draws.shape[1], np.nan)
    if len(draws) > 1 and (known > 1).any():
        result[known > 1] = np.nanvar(draws[:, known > 1], axis=0, ddof=1)
    return result


def _quantile(draws: Array, share: float) -> Array:
    result = np.full(draws.shape[1], np.nan)
    known = ~np.isnan(draws).all(axis=0)
    if known.any():
        has_gap = np.isnan(draws[:, known]).any()
        result[known] = (np.nanquantile if has_gap else np.quantile)(draws[:, known], share, axis=0)
    return result
