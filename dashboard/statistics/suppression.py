"""Small counts of people are hidden, with as many other figures as it takes that none can be worked out.

What is published is a list of sums over counts that need not be published themselves: the complaints of a department
are a sum over its categories, those of a category a sum over the departments. So one release holds all tables of an
edition, and those of its neighbours, however they overlap. Zeros are no one's secret.

Sources: Hundepool et al. 2012, Statistical Disclosure Control (secondary suppression, audit); sdcTable.
"""

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from dashboard.statistics.intervals import Ends

Mask = NDArray[np.bool_]

UNRELIABLE_BELOW = 20


class Unprotectable(ValueError):
    """Whatever is hidden, the figures that are published in any case give a small count away."""


def primary(counts: ArrayLike, threshold: int = 5) -> Mask:
    """Which counts are small, 1..threshold−1; of the shape of the counts."""
    counts = np.asarray(counts)
    return (counts >= 1) & (counts < threshold)


def table_sums(shape: tuple[int, ...]) -> Mask:
    """The sums of a table with totals over each single axis: every cell by itself, then every line of cells.

    (cells + lines, cells); of two axes the lines are rows and columns, of one axis the whole.
    """
    cells = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    lines = [
        line
        for axis, size in enumerate(shape)
        for line in np.moveaxis(cells, axis, -1).reshape(cells.size // max(size, 1), size)
    ]
    totals = np.zeros((len(lines), cells.size), bool)
    for total, line in zip(totals, lines):
        total[line] = True
    return np.vstack([np.eye(cells.size, dtype=bool), totals])


def suppress(
    counts: ArrayLike, sums: Mask, threshold: int = 5, kept: Mask | None = None, withheld: Mask | None = None
) -> Mask:
    """Which of the sums to hide so that the audit finds nothing `exposed`, (sums,).

    `counts`, (counts,); `sums`, (sums, counts): which counts each adds up; `kept`, (sums,): published in any case;
    `withheld`, (sums,): hidden in any case. ValueError where a count is negative or missing; `Unprotectable` where
    what is kept gives a secret away.
    """
    release = _Release(counts, sums, threshold)
    kept = np.zeros(len(release.values), bool) if kept is None else kept
    hidden = primary(release.values, threshold) & ~kept
    if withheld is not None:
        hidden |= withheld
    # what is possible stays possible when more is hidden, so the ends found so far are kept
    ends = release.ends()
    while len(found := np.flatnonzero(release.exposed(hidden, ends))):
        hidden[release.next_to_hide(found[0], hidden, kept)] = True
    return hidden


def exposed(counts: ArrayLike, sums: Mask, hidden: Mask, threshold: int = 5) -> tuple[Mask, Mask]:
    """The audit: which hidden sums, and which small counts, can be worked out, exactly or to be within 1..threshold−1.

    (sums,) and (counts,). A count that is published by itself is no secret any more.
    """
    release = _Release(counts, sums, threshold)
    found = release.exposed(hidden, release.ends())
    return found[: len(release.values)], found[len(release.values) :]


def feasible_intervals(counts: ArrayLike, sums: Mask, hidden: Mask) -> Ends:
    """Least and greatest value of every sum that the published ones allow, (sums,) each."""
    release = _Release(counts, sums, threshold=1)
    low, high = release.values.copy(), release.values.copy()
    for place in np.flatnonzero(hidden):
        least, greatest = release.extremes(place, hidden)
        low[place], high[place] = least[place], greatest[place]
    return low, high


def rate_mark(events: ArrayLike, least: int = 3) -> NDArray[np.str_]:
    """How far a rate on so many events can be relied on: ":" none is given, "u" unreliable, "ok".

    `least`: 3 for crude rates, 10 for standardised ones. Source: ONS FOI/2021/3301, User guide to mortality s. 15.
    """
    events = np.asarray(events, float)
    return np.select([~(events >= least), events < UNRELIABLE_BELOW], [":", "u"], "ok")


class _Release:
    """All that could be known: the sums, then the single counts behind them."""

    def __init__(self, counts: ArrayLike, sums: Mask, threshold: int):
        self.counts = np.array(counts, float).ravel()
        if not (self.counts >= 0).all():
            raise ValueError("a table of counts has a negative or missing one")
        self.sums = np.asarray(sums, bool)
        self.values = self.sums @ self.counts
        self.threshold = threshold
        self.known = np.concatenate([self.values, self.counts])
        self.of = scipy.sparse.vstack(
            [scipy.sparse.csr_array(self.sums.astype(float)), scipy.sparse.eye_array(len(self.counts))]
        ).tocsr()

    def ends(self) -> Ends:
        return self.known.copy(), self.known.copy()

    def exposed(self, hidden: Mask, ends: Ends) -> Mask:
        """Widens the ends in place by every solution found, which spares most secrets a search of their own."""
        low, high = ends
        published = _singles(self.sums[~hidden])
        secret = np.concatenate([hidden, primary(self.counts, self.threshold) & ~published])

        def unsafe() -> Mask:
            return secret & ((low == high) | ((low >= 1) & (high <= self.threshold - 1)))

        for place in np.flatnonzero(secret):
            if unsafe()[place]:
                for solution in self.extremes(place, hidden):
                    np.minimum(low, solution, out=low)
                    np.maximum(high, solution, out=high)
        return unsafe()

    def extremes(self, place: int, hidden: Mask) -> Ends:
        """Two states of all that agree with what is published: `place` is least in one, greatest in the other."""
        shown = self.sums[~hidden]
        # what a published zero or a single count tells needs no search
        nothing = shown[self.values[~hidden] == 0].any(0)
        free = ~(nothing | _singles(shown))
        rows = shown[:, free]
        rows = rows[rows.any(1)]
        goal = self.of[[place]].toarray()[0][free]
        beyond = self.counts.sum() + self.threshold  # of a count that no published sum holds; no secret any more
        states = []
        for sign in (1, -1):
            state = self.counts.copy()
            if goal.any():
                known = {"A_eq": scipy.sparse.csr_array(rows.astype(float)), "b_eq": rows @ self.counts[free]}
                # counts are whole: fractions would reach further than any table that could be
                solved = scipy.optimize.linprog(sign * goal, **known, bounds=(0, beyond), integrality=1)
                if not solved.success:
                    raise RuntimeError(f"the audit of hidden counts did not end: {solved.message}")
                state[free] = solved.x
            states.append((self.of @ state).round())
        return states[0], states[1]

    def next_to_hide(self, place: int, hidden: Mask, kept: Mask) -> int:
        """The smallest published sum that is tied to the secret; a zero only where nothing else is left to hide."""
        free = ~hidden & ~kept
        # a zero that is proven by a published zero hides nothing
        nothing = self.sums[kept & (self.values == 0)].any(0)
        free &= (self.sums & ~nothing).any(1)
        if not free.any():
            raise Unprotectable("the totals give a small count away")
        own = self.of[[place]].toarray()[0] > 0
        around = self.sums[~hidden][(self.sums[~hidden] & own).any(1)].any(0) | own
        near = free & (self.sums & around).any(1)
        candidates = near if near.any() else free
        order = np.where(self.values == 0, self.values.max() + 1, self.values)
        return int(np.where(candidates, order, np.inf).argmin())


def _singles(sums: Mask) -> Mask:
    """The counts that one of the sums is by itself, (counts,)."""
    return sums[sums.sum(1) == 1].any(0)
