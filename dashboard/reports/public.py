"""The public edition: what could tell a few people apart is taken out of the rows before anything is written of them.

So no sentence, table, chart, native chart or hidden property of a file can hold it. Complaints are published by
department, by category and as a whole, added up over a year, and of the whole region by quarter; control limits tell
the sum of the peers that they are made from. Each edition is decided together with those before it whose years overlap
with its own, from the first quarter on: what one edition withholds, the next cannot give away. Flags, and what was
recorded about them, are the office's own affair.
"""

import datetime
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product

import numpy as np
import pandas as pd

from dashboard.reports.facts import FEWEST_PEOPLE, PUBLIC, REGION, WINDOW, ChoiceError, Choices, Facts
from dashboard.settings import Settings
from dashboard.statistics.suppression import Mask, Unprotectable, primary, suppress, table_sums
from dashboard.store import Book
from dashboard.warehouse import Snapshot

SECTIONS = ("basics", "progress", "problems", "annexes")
OTHER = "others"  # in place of a category: all that are not published one by one, together
OF_PEOPLE = {"complaints", "cases"}  # tables that count people's affairs

# edition (−1: every one), 'department' | 'peers' | 'category' | 'whole' | 'quarter', which of them
Sum = tuple[int, str, str]
Peers = dict[str, str]  # department → those that it is compared with; '*' are all


@dataclass(frozen=True)
class Withheld:
    """What an edition does not publish of the complaints: sums of departments, of peers, of categories, the whole, and
    quarters of the whole."""

    departments: frozenset[str]
    peers: frozenset[str]
    categories: frozenset[str]
    whole: bool
    quarters: frozenset[str]


class PublicFacts(Facts):
    """Facts whose rows hold nothing that is withheld."""

    is_public = True

    def is_withheld(self, department: str) -> bool:
        return department in self.withheld.departments

    @cached_property
    def withheld(self) -> Withheld:
        try:
            return _editions(self.snapshot, self.region)[self.quarter]
        except Unprotectable:
            raise ChoiceError("unprotectable", quarter=self.quarter) from None

    def _asked(self, query: str) -> pd.DataFrame:
        rows = super()._asked(query)
        match query:
            case "complaint_rates":
                counts = ["value", "numerator", "low", "high", "outcome", "received"]
                hidden = rows["department_id"].isin(self.withheld.departments)
                rows = rows.assign(**{name: rows[name].mask(hidden) for name in counts})
                limits = [name for name in rows if name.startswith("limit_")]
                of_peers = rows["peer_set"].isin(self.withheld.peers)
                return rows.assign(**{name: rows[name].mask(of_peers) for name in limits})
            case "complaint_categories":
                return self._by_category(rows)
            case "chart":
                return rows.iloc[:0] if self.withheld.quarters else rows
            case "headlines":
                return self._headlines(rows)
            case "standings":
                return self._standings(rows)
        return rows

    def _by_category(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Of the region as a whole; the categories that are withheld, together, where the whole is published."""
        sums = rows.groupby(["category", "zh", "en"], sort=False, as_index=False)["received"].sum()
        sums = sums.assign(department_id=REGION)
        is_hidden = sums["category"].isin(self.withheld.categories)
        shown = sums[~is_hidden]
        if self.withheld.whole or not is_hidden.any():
            return shown
        words = {lang: self.t("bulletin.category.others") for lang in ("zh", "en")}
        rest = {"category": OTHER, "received": sums.loc[is_hidden, "received"].sum(), "department_id": REGION}
        return pd.concat([shown, pd.DataFrame([{**rest, **words}])], ignore_index=True)

    def _headlines(self, rows: pd.DataFrame) -> pd.DataFrame:
        header = {name: query.header for name, query in self.snapshot.indicators.items()}
        of_people = rows["indicator"].map(lambda name: bool(OF_PEOPLE & set(header[name]["tables"])))
        rest = rows["denominator"] - rows["numerator"]
        small = primary(rows["numerator"].fillna(0), FEWEST_PEOPLE) | primary(rest.fillna(0), FEWEST_PEOPLE)
        small |= primary(rows["total"].fillna(0), FEWEST_PEOPLE)
        received = (rows["indicator"] == "complaints_received") & rows["quarter"].isin(self.withheld.quarters)
        hidden = (of_people & small) | received
        counts = ["total", "mean", "numerator", "denominator", "percent"]
        return rows.assign(**{name: rows[name].mask(hidden) for name in counts})

    def _standings(self, rows: pd.DataFrame) -> pd.DataFrame:
        """How many ballots a department got; the whole is published as well."""
        counts = rows["n_ballots"].fillna(0).to_numpy(float)
        sums = table_sums(counts.shape)
        kept = np.arange(len(sums)) == len(counts)
        try:
            hidden = suppress(counts, sums, FEWEST_PEOPLE, kept)[: len(counts)]
        except Unprotectable:
            hidden = np.ones(len(counts), bool)
        return rows.assign(**{name: rows[name].mask(hidden) for name in ("n_ballots", "n_raters")})


def facts_of(
    snapshot: Snapshot, settings: Settings, book: Book, choices: Choices, today: datetime.date | None = None
) -> Facts:
    """The facts of the edition that was chosen."""
    if choices.edition != PUBLIC:
        return Facts(snapshot, settings, book, choices, today)
    sections = tuple(one for one in choices.sections if one in SECTIONS)
    return PublicFacts(snapshot, settings, book, replace(choices, sections=sections), today)


@lru_cache(maxsize=2)
def _editions(snapshot: Snapshot, region: str) -> dict[str, Withheld]:
    """Of every quarter; kept, since a preview and four files of several quarters all ask for it."""

    def compared(quarter: str) -> Peers:
        rows = snapshot.run("pages/complaint_rates", region=region, quarter=quarter, scope="peers", window=WINDOW)
        return dict(zip(rows["department_id"], rows["peer_set"]))

    def received(quarter: str, there: Peers) -> pd.DataFrame:
        own = {"region": region, "quarter": quarter, "window": 1}
        rows = snapshot.run("pages/complaint_categories", departments=list(there), **own)
        table = rows.pivot_table(index="department_id", columns="category", values="received", aggfunc="sum")
        return table.reindex(index=list(there)).fillna(0)

    peers = {quarter: compared(quarter) for quarter in snapshot.quarters_of(region)}
    return decided({quarter: received(quarter, there) for quarter, there in peers.items()}, peers, WINDOW)


def decided(received: dict[str, pd.DataFrame], peers: dict[str, Peers], window: int) -> dict[str, Withheld]:
    """What each quarter's edition withholds.

    By quarter, in their order: `received`, department × category of complaints; `peers`, with whom each is compared.
    `Unprotectable` where an earlier edition, as the figures are now, already gives a secret away.
    """
    release = _Releases(received, peers, window)
    return {quarter: release.edition(at) for at, quarter in enumerate(received)}


class _Releases:
    """Editions one after the other, each of the sums that it would publish either shown or not."""

    def __init__(self, received: dict[str, pd.DataFrame], peers: dict[str, Peers], window: int):
        self.quarters, self.window = tuple(received), window
        self.listed = [tuple(table.index) for table in received.values()]
        self.peers = [peers[quarter] for quarter in received]
        self.departments = sorted({name for names in self.listed for name in names})
        self.categories = sorted({name for table in received.values() for name in table.columns})
        self.counts = np.array(
            [
                table.reindex(index=self.departments, columns=self.categories).fillna(0).to_numpy(float)
                for table in received.values()
            ]
        )
        self.shown: dict[Sum, bool] = {}

    def edition(self, at: int) -> Withheld:
        """Decides what the edition of this quarter shows; those before it are decided."""
        editions = range(max(0, at - self.window + 1), at + 1)
        start = max(0, editions[0] - self.window + 1)
        names = [name for one in editions for name in self._names(one)]
        names += [(-1, "quarter", quarter) for quarter in self.quarters[start : at + 1]]
        sums = np.array([self._sum(name, start, at) for name in names])
        kept, withheld = (np.array([self.shown.get(name) is state for name in names]) for state in (True, False))
        hidden = suppress(self.counts[start : at + 1].ravel(), sums, FEWEST_PEOPLE, kept, withheld)
        self.shown |= {name: not is_hidden for name, is_hidden in zip(names, hidden)}
        return self._withheld(at)

    def _names(self, edition: int) -> list[Sum]:
        parts = [("department", name) for name in self.listed[edition]]
        parts += [("peers", name) for name in sorted(set(self.peers[edition].values()) - {REGION})]
        parts += [("category", name) for name in self.categories]
        return [(edition, *part) for part in (*parts, ("whole", ""))]

    def _sum(self, name: Sum, start: int, at: int) -> Mask:
        """Which counts of the quarters from `start` to `at` it adds up."""
        edition, kind, which = name
        mask = np.zeros((at + 1 - start, len(self.departments), len(self.categories)), bool)
        if kind == "quarter":
            mask[self.quarters.index(which) - start] = True
            return mask.ravel()
        own = {"department": lambda name: name == which, "peers": lambda name: self.peers[edition].get(name) == which}
        is_part = own.get(kind, lambda name: True)
        rows = [self.departments.index(one) for one in self.listed[edition] if is_part(one)]
        columns = [self.categories.index(which)] if kind == "category" else range(len(self.categories))
        first = max(0, edition - self.window + 1)
        for quarter, row in product(range(first, edition + 1), rows):
            mask[quarter - start, row, list(columns)] = True
        return mask.ravel()

    def _withheld(self, at: int) -> Withheld:
        hidden = {name for name, is_shown in self.shown.items() if name[0] in (at, -1) and not is_shown}
        of = {
            kind: frozenset(which for _, one, which in hidden if one == kind)
            for kind in ("department", "peers", "category", "quarter")
        }
        return Withheld(of["department"], of["peers"], of["category"], (at, "whole", "") in hidden, of["quarter"])
