"""Small counts of people are hidden, with as many others as it takes that totals do not give them away.

A table has one axis or more; the totals over each single axis are taken as published (of two axes: those of rows and
columns; of one axis: the sum). Zeros are no one's secret. A table must be safe in every edition: what a filter leaves
out or the next quarter adds is a table of its own.

Sources: Hundepool et al. 2012, Statistical Disclosure Control (secondary suppression, audit); sdcTable.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog

from dashboard.statistics.intervals import Ends

Mask = NDArray[np.bool_]
Cell = tuple[int, ...]
Line = tuple[int | slice, ...]

UNRELIABLE_BELOW = 20
SOLVED_DECIMALS = 6


class Unprotectable(ValueError):
    """Whatever is hidden, the totals give a small count away: publish the table without them."""


def primary(table: ArrayLike, threshold: int = 5) -> Mask:
    """Which counts are small, 1..threshold−1; of the shape of the table."""
    table = np.asarray(table)
    return (table >= 1) & (table < threshold)


def suppress(table: ArrayLike, threshold: int = 5) -> Mask:
    """Which counts to hide so that the audit finds none `exposed`; of the shape of the table.

    ValueError where a count is negative or missing; `Unprotectable` where the totals must go, too.
    """
    counts = _checked(table)
    hidden = primary(counts, threshold)
    # what is possible stays possible when more is hidden, so the ends found so far are kept
    low, high = counts.copy(), counts.copy()
    while True:
        while (line := _lonely_line(hidden)) is not None:
            _hide_smallest(counts, hidden, [line])
        found = np.argwhere(_exposed(counts, hidden, low, high, threshold))
        if not len(found):
            return hidden
        _hide_smallest(counts, hidden, _lines_through(tuple(found[0])))


def exposed(table: ArrayLike, hidden: Mask, threshold: int = 5) -> Mask:
    """The audit: which hidden counts can be worked out, exactly or to be within 1..threshold−1."""
    counts = _checked(table)
    return _exposed(counts, hidden, counts.copy(), counts.copy(), threshold)


def feasible_intervals(table: ArrayLike, hidden: Mask) -> Ends:
    """Least and greatest value of every count that the published ones and the totals allow, shape of the table."""
    counts = _checked(table)
    low, high = counts.copy(), counts.copy()
    for cell in map(tuple, np.argwhere(hidden)):
        least, greatest = _extremes(counts, hidden, cell)
        low[cell], high[cell] = least[cell], greatest[cell]
    return low, high


def rate_mark(events: ArrayLike, least: int = 3) -> NDArray[np.str_]:
    """How far a rate on so many events can be relied on: ":" none is given, "u" unreliable, "ok".

    `least`: 3 for crude rates, 10 for standardised ones. Source: ONS FOI/2021/3301, User guide to mortality s. 15.
    """
    events = np.asarray(events, float)
    return np.select([~(events >= least), events < UNRELIABLE_BELOW], [":", "u"], "ok")


def _checked(table: ArrayLike) -> NDArray[np.float64]:
    counts = np.array(table, float)
    if not (counts >= 0).all():
        raise ValueError("a table of counts has a negative or missing one")
    return counts


def _exposed(counts: NDArray[np.float64], hidden: Mask, low: NDArray, high: NDArray, threshold: int) -> Mask:
    """Widens `low` and `high` in place by every solution found, which spares most cells a search of their own."""

    def unsafe() -> Mask:
        return hidden & ((low == high) | ((low >= 1) & (high <= threshold - 1)))

    for cell in map(tuple, np.argwhere(hidden)):
        if unsafe()[cell]:
            least, greatest = _extremes(counts, hidden, cell)
            np.minimum(low, np.minimum(least, greatest), out=low)
            np.maximum(high, np.maximum(least, greatest), out=high)
    return unsafe()


def _extremes(counts: NDArray[np.float64], hidden: Mask, cell: Cell) -> Ends:
    """Two whole tables that agree with all that is published: `cell` is least in one, greatest in the other."""
    number = np.full(counts.shape, -1)
    number[hidden] = np.arange(hidden.sum())
    lines = [line for line in _lines(counts.shape) if hidden[line].any()]
    sums = np.zeros((len(lines), int(hidden.sum())))
    for row, line in zip(sums, lines):
        row[number[line][hidden[line]]] = 1
    goal = np.zeros(sums.shape[1])
    goal[number[cell]] = 1
    solutions = []
    for sign in (1, -1):
        solution = counts.copy()
        solution[hidden] = linprog(sign * goal, A_eq=sums, b_eq=sums @ counts[hidden]).x.round(SOLVED_DECIMALS)
        solutions.append(solution)
    return solutions[0], solutions[1]


def _lonely_line(hidden: Mask) -> Line | None:
    """A line with one hidden cell, which a subtraction reveals."""
    return next((line for line in _lines(hidden.shape) if hidden[line].sum() == 1), None)


def _hide_smallest(counts: NDArray[np.float64], hidden: Mask, lines: list[Line]) -> None:
    """Hides in place the smallest published count of these lines; a zero only where nothing else is left to hide."""
    # a zero that a total of zero proves hides nothing
    free = ~hidden
    for axis in range(counts.ndim):
        free &= counts.sum(axis, keepdims=True) > 0
    near = np.zeros_like(hidden)
    for line in lines:
        near[line] = True
    if not free.any():
        raise Unprotectable("the totals give a small count away")
    candidates = free & near if (free & near).any() else free
    order = np.where(candidates, np.where(counts == 0, counts.max() + 1, counts), np.inf)
    hidden[np.unravel_index(order.argmin(), order.shape)] = True


def _lines(shape: tuple[int, ...]) -> Iterator[Line]:
    """An index for every line of cells that one published total sums up."""
    for axis, _ in enumerate(shape):
        for others in np.ndindex(*shape[:axis], *shape[axis + 1 :]):
            yield (*others[:axis], slice(None), *others[axis:])


def _lines_through(cell: Cell) -> list[Line]:
    return [(*cell[:axis], slice(None), *cell[axis + 1 :]) for axis, _ in enumerate(cell)]
