"""Hidden small counts, against published rules and an attack by linear programming written for the test."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from dashboard.statistics import suppression
from dashboard.statistics.suppression import Unprotectable, primary, rate_mark, table_sums
from tests.statistics.vectors import load

AUDIT = load("suppression_secondary_audit")
TABLE, K = np.array(AUDIT["inputs"]["table"]), AUDIT["inputs"]["k"]
SPARSE = st.integers(0, 9) | st.just(0) | st.integers(0, 60)


def suppress(table, k: int = 5) -> np.ndarray:
    """Which cells of a table to hide whose totals are published in any case."""
    table = np.asarray(table)
    sums = table_sums(table.shape)
    hidden = suppression.suppress(table, sums, k, kept=np.arange(len(sums)) >= table.size)
    return hidden[: table.size].reshape(table.shape)


def exposed(table, hidden, k: int = 5) -> np.ndarray:
    table, hidden = np.asarray(table), np.asarray(hidden)
    sums = table_sums(table.shape)
    found, _ = suppression.exposed(table, sums, np.append(hidden, np.zeros(len(sums) - table.size, bool)), k)
    return found[: table.size].reshape(table.shape)


def feasible_intervals(table, hidden) -> tuple[np.ndarray, np.ndarray]:
    table, hidden = np.asarray(table), np.asarray(hidden)
    sums = table_sums(table.shape)
    ends = suppression.feasible_intervals(table, sums, np.append(hidden, np.zeros(len(sums) - table.size, bool)))
    low, high = (one[: table.size].reshape(table.shape) for one in ends)
    return low, high


def mask(cells: list[list[int]]) -> np.ndarray:
    hidden = np.zeros(TABLE.shape, bool)
    hidden[tuple(np.transpose(cells))] = True
    return hidden


def attacked(table: np.ndarray, hidden: np.ndarray) -> dict[tuple[int, ...], tuple[float, float]]:
    """What totals and published cells tell of each hidden one; every cell is a variable, published ones are fixed."""
    rows, columns = table.shape
    sums = np.vstack([np.kron(np.eye(rows), np.ones(columns)), np.kron(np.ones(rows), np.eye(columns))])
    totals = np.concatenate([table.sum(1), table.sum(0)])
    known = [(0, None) if secret else (count, count) for secret, count in zip(hidden.flat, table.flat)]
    found = {}
    for place in np.flatnonzero(hidden):
        goal = np.zeros(table.size)
        goal[place] = 1
        ends = [sign * linprog(sign * goal, A_eq=sums, b_eq=totals, bounds=known).fun for sign in (1, -1)]
        found[tuple(int(i) for i in np.unravel_index(place, table.shape))] = ends[0], ends[1]
    return found


def test_small_counts_are_primary():
    assert np.argwhere(primary(TABLE, K)).tolist() == AUDIT["expected"]["primary"]
    assert primary([0, 1, 4, 5]).tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    "cells, intervals", [("primary", "intervals_primary_only"), ("one_valid_pattern", "intervals_valid_pattern")]
)
def test_the_audit_finds_the_published_intervals(cells, intervals):
    hidden = mask(AUDIT["expected"][cells])
    low, high = feasible_intervals(TABLE, hidden)
    for place, (least, greatest) in AUDIT["expected"][intervals].items():
        cell = tuple(map(int, place.split(",")))
        assert (low[cell], high[cell]) == pytest.approx((least, greatest), abs=AUDIT["tolerance"])
    assert (low[~hidden] == TABLE[~hidden]).all() and (high[~hidden] == TABLE[~hidden]).all()
    assert exposed(TABLE, hidden, K).any() == (cells == "primary")


def test_secondary_suppression_hides_no_more_than_the_published_pattern():
    hidden = suppress(TABLE, K)
    assert hidden[primary(TABLE, K)].all() and not exposed(TABLE, hidden, K).any()
    assert hidden.sum() == len(AUDIT["expected"]["one_valid_pattern"])


def test_a_hidden_count_that_can_only_be_small_is_exposed():
    table, hidden = [[2, 2], [2, 1]], np.ones((2, 2), bool)
    low, high = feasible_intervals(table, hidden)
    assert (low[0, 0], high[0, 0]) == (1, 4) and (low[0, 1], high[0, 1]) == (0, 3)
    assert exposed(table, hidden).tolist() == [[True, False], [False, False]]
    with pytest.raises(Unprotectable):
        suppress(table)


@settings(max_examples=60)
@given(arrays(np.int64, st.tuples(st.integers(2, 5), st.integers(2, 5)), elements=SPARSE), st.sampled_from([3, 5]))
def test_no_attack_on_totals_finds_a_hidden_count(table, k):
    try:
        hidden = suppress(table, k)
    except Unprotectable:
        everything = table.sum(1, keepdims=True) * table.sum(0) > 0
        assert exposed(table, everything | primary(table, k), k).any()
        return
    assert hidden[primary(table, k)].all()
    for low, high in attacked(table, hidden).values():
        assert high - low > 1e-6 and not (low >= 1 - 1e-6 and high <= k - 1 + 1e-6)


@given(arrays(np.int64, (4, 4), elements=st.integers(0, 12)), arrays(bool, (4, 4)))
@settings(max_examples=30)
def test_the_quick_audit_agrees_with_the_intervals(table, hidden):
    low, high = feasible_intervals(table, hidden)
    unsafe = hidden & ((high - low < 1e-6) | ((low >= 1) & (high <= 4)))
    assert (exposed(table, hidden) == unsafe).all()


@pytest.mark.parametrize("table", [[[20, 5], [0, 9]], [[0, 0], [0, 0]], [7, 8], np.zeros((0, 3))])
def test_a_table_without_small_counts_is_shown_whole(table):
    assert not suppress(table).any()


def test_one_row_with_its_sum():
    assert suppress([3, 20, 7]).tolist() == [True, False, True]
    assert suppress([2, 3, 20]).tolist() == [True, True, False]
    # zeros are hidden only for want of others
    assert suppress([3, 0, 9]).tolist() == [True, False, True]
    assert suppress([3, 0, 0]).sum() == 2


def test_where_a_whole_line_is_hidden_others_help():
    table = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    hidden = suppress(table)
    assert not exposed(table, hidden).any() and hidden[primary(table)].all()


def test_three_axes():
    table = np.random.default_rng(5).poisson(6, (3, 4, 3))
    hidden = suppress(table)
    low, high = feasible_intervals(table, hidden)
    assert hidden[primary(table)].all() and (low[hidden] < high[hidden]).all()


@pytest.mark.parametrize("table", [[3], [[3], [2]], [[1, 0], [0, 0]]])
def test_totals_that_are_the_secret_must_go(table):
    with pytest.raises(Unprotectable):
        suppress(table)


@pytest.mark.parametrize("table", [[[3, np.nan], [1, 2]], [-1, 5]])
def test_a_missing_or_negative_count_is_refused(table):
    with pytest.raises(ValueError, match="negative or missing"):
        suppress(table)


def test_marks_of_rates():
    vector = load("suppression_ons_rates_rule")  # ONS, User guide to mortality statistics s. 15
    events = vector["inputs"]["events"]
    assert rate_mark(events).tolist() == vector["expected"]["crude"]
    assert rate_mark(events, least=10).tolist() == vector["expected"]["age_standardised"]
    assert rate_mark([np.nan]).tolist() == [":"]


def test_reference_rules_on_contributors():
    vector = load("suppression_acro_rules")  # ACRO default.yaml
    for name, values in vector["inputs"]["cells"].items():
        largest, second = sorted(values, reverse=True)[:2]
        failed = {
            "threshold": len(values) < 10,
            "nk": largest + second > 0.9 * sum(values),
            "p_ratio": (sum(values) - largest - second) / largest < 0.1,
        }
        for rule, fails in failed.items():
            assert vector["expected"][rule][name] == ("fail" if fails else "ok"), (rule, name)


# --- releases whose tables overlap, and whose totals may be hidden too ----------------------------------------------
def release(table: np.ndarray) -> np.ndarray:
    """What a bulletin publishes of departments × categories: both totals and the whole, not the cells."""
    rows, columns = table.shape
    of_rows = np.kron(np.eye(rows), np.ones(columns))
    of_columns = np.kron(np.ones(rows), np.eye(columns))
    return np.vstack([of_rows, of_columns, np.ones(table.size)]).astype(bool)


def worked_out(counts: np.ndarray, sums: np.ndarray, hidden: np.ndarray, k: int) -> list[int]:
    """An attack written for the test: small sums, hidden ones and small counts that are certain to be small."""
    published = sums[~hidden].astype(float)
    goals = np.vstack([sums[hidden], np.eye(counts.size, dtype=bool)[(counts.ravel() > 0) & (counts.ravel() < k)]])
    found = []
    for at, goal in enumerate(goals.astype(float)):
        ends = []
        for sign in (1, -1):
            solved = linprog(sign * goal, A_eq=published, b_eq=published @ counts.ravel())
            ends.append(np.inf if solved.status == 3 else sign * solved.fun)
        if ends[1] - ends[0] < 1e-6 or (ends[0] >= 1 - 1e-6 and ends[1] <= k - 1 + 1e-6):
            found.append(at)
    return found


@settings(max_examples=60)
@given(arrays(np.int64, st.tuples(st.integers(2, 5), st.integers(2, 4)), elements=SPARSE), st.sampled_from([3, 5]))
def test_no_attack_finds_a_secret_where_totals_are_hidden_too(table, k):
    sums = release(table)
    hidden = suppression.suppress(table, sums, k)
    assert hidden[primary(sums @ table.ravel(), k)].all()
    assert worked_out(table, sums, hidden, k) == []


def test_a_total_that_gives_its_only_part_away_is_hidden_with_it():
    table = np.array([[0, 3], [40, 30]])  # 3 of the first department
    hidden = suppression.suppress(table, release(table))
    assert hidden[:2].tolist() == [True, True]  # the second would be told from the whole
    assert not suppression.suppress(np.array([[20, 30], [40, 30]]), release(table)).any()


def test_two_windows_that_differ_by_one_quarter_do_not_tell_it():
    """A year's sum now and a quarter ago, and a quarter of the year before: their difference is the newest quarter."""
    quarters = np.array([20, 9, 12, 15, 2])
    sums = np.array([[1, 1, 1, 1, 0], [0, 1, 1, 1, 1], [1, 0, 0, 0, 0]], bool)
    kept = np.array([True, False, False])  # the earlier edition is out
    hidden = suppression.suppress(quarters, sums, kept=kept)
    of_sums, of_quarters = suppression.exposed(quarters, sums, np.zeros(3, bool))
    assert not of_sums.any() and of_quarters.tolist() == [False, False, False, False, True]
    assert hidden.any() and not hidden[0] and worked_out(quarters, sums, hidden, 5) == []


def test_a_small_count_that_an_earlier_edition_published_is_no_secret():
    assert not suppression.suppress([3, 20], np.eye(2, dtype=bool), kept=np.array([True, True])).any()
