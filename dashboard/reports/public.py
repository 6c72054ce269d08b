"""The public edition: what could tell a few people apart is taken out of the rows before anything is written of them.

So no sentence, table, chart, native chart or hidden property of a file can hold it. Complaints are published of one
quarter alone, by department, by category and as a whole: sums over several quarters, rates, limits and judgements by
them would, beside those of the neighbouring edition, give single quarters away. Flags, and what was recorded about
them, are the office's own affair.
"""

import datetime
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from dashboard.reports.facts import FEWEST_PEOPLE, PUBLIC, REGION, Choices, Facts
from dashboard.settings import Settings
from dashboard.statistics.suppression import Unprotectable, primary, suppress, table_sums
from dashboard.store import Book
from dashboard.warehouse import Snapshot

SECTIONS = ("basics", "progress", "problems", "annexes")
OTHER = "others"  # in place of a category: all that are not published one by one, together
OF_PEOPLE = {"complaints", "cases"}  # tables that count people's affairs
JUDGED = ("value", "numerator", "denominator", "low", "high", "outcome")  # with the limits, of a complaint rate


@dataclass(frozen=True)
class Withheld:
    """What an edition does not publish of the complaints of its quarter: departments, categories, the whole."""

    departments: frozenset[str]
    categories: frozenset[str]
    whole: bool


class PublicFacts(Facts):
    """Facts whose rows hold nothing that is withheld."""

    is_public = True
    window = 1

    def is_withheld(self, department: str) -> bool:
        return department in self.withheld.departments

    @cached_property
    def withheld(self) -> Withheld:
        rows = super()._asked("complaint_categories")
        table = rows.pivot_table(index="department_id", columns="category", values="received", aggfunc="sum")
        return decided(table.reindex(index=self.departments["department_id"]).fillna(0))

    def _asked(self, query: str) -> pd.DataFrame:
        rows = super()._asked(query)
        match query:
            case "complaint_rates":
                hidden = rows["department_id"].isin(self.withheld.departments)
                of_rates = [name for name in rows if name in JUDGED or name.startswith("limit_")]
                rows = rows.assign(**{name: rows[name].mask(rows.index >= 0) for name in of_rates})
                return rows.assign(received=rows["received"].mask(hidden))
            case "complaint_categories":
                return self._by_category(rows)
            case "chart":
                return rows.iloc[:0] if primary(rows["value"].fillna(0), FEWEST_PEOPLE).any() else rows
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
        of_people = rows["indicator"].map(lambda name: bool(OF_PEOPLE & set(header[name]["tables"]))).astype(bool)
        rest = rows["denominator"] - rows["numerator"]
        small = primary(rows["numerator"].fillna(0), FEWEST_PEOPLE) | primary(rest.fillna(0), FEWEST_PEOPLE)
        small |= primary(rows["total"].fillna(0), FEWEST_PEOPLE)
        counts = ["total", "mean", "numerator", "denominator", "percent"]
        return rows.assign(**{name: rows[name].mask(of_people & small) for name in counts})

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


def decided(received: pd.DataFrame) -> Withheld:
    """What the edition of a quarter withholds of its complaints, given as department × category.

    The sums of departments and of categories, and the whole where it is small itself: where it is not, hiding
    everything else protects every count behind it, so that the whole, which other pages and editions show, can stay.
    """
    counts = received.to_numpy(float)
    rows, columns = counts.shape
    of_rows, of_columns = np.kron(np.eye(rows), np.ones(columns)), np.kron(np.ones(rows), np.eye(columns))
    sums = np.vstack([of_rows, of_columns, np.ones(counts.size)]).astype(bool)
    kept = np.arange(len(sums)) == rows + columns
    is_small = bool(primary(counts.sum(), FEWEST_PEOPLE))
    hidden = suppress(counts, sums, FEWEST_PEOPLE, kept & (not is_small))
    return Withheld(
        frozenset(received.index[hidden[:rows]]),
        frozenset(received.columns[hidden[rows : rows + columns]]),
        bool(hidden[-1]),
    )
