"""The public edition: what could tell a few people apart is taken out of the rows before anything is written of them.

So no sentence, table, chart, native chart or hidden property of a file can hold it. Complaints are published of one
quarter alone, by department, by category and as a whole: sums over several quarters, rates, limits and judgements by
them would, beside those of the neighbouring edition, give single quarters away. Flags, and what was recorded about
them, are the office's own affair.

What was issued before stays known. So a later issue is held against every earlier one as if both were one release:
what was withheld stays withheld; a figure that differs from the one published by fewer than five is not published; and
more is withheld until nobody who has all of them, and knows which counts were corrected, can work a small count out,
nor a small correction. Where that cannot be, there is no issue (`ChoiceError`). A score that changes while the ballots
stay the same tells nobody's ballot: scores are means of at least five raters.
"""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from dashboard.i18n.text import known
from dashboard.reports.facts import FEWEST_PEOPLE, PUBLIC, REGION, ChoiceError, Choices, Facts
from dashboard.reports.issues import Issue
from dashboard.settings import Settings
from dashboard.statistics.suppression import Mask, Unprotectable, primary, suppress
from dashboard.store import Book
from dashboard.warehouse import Snapshot

SECTIONS = ("basics", "progress", "problems", "annexes")
OTHER = "others"  # in place of a category: all that are not published one by one, together
OF_PEOPLE = {"complaints", "cases"}  # tables that count people's affairs
COUNTED = ("total", "numerator", "denominator", "rest")
JUDGED = ("value", "numerator", "denominator", "low", "high", "outcome")  # with the limits, of a complaint rate


@dataclass(frozen=True)
class Withheld:
    """What an edition does not publish of the complaints of its quarter: departments, categories, the whole."""

    departments: frozenset[str]
    categories: frozenset[str]
    whole: bool


Told = tuple[pd.DataFrame, Withheld]  # the complaints of a quarter as they were, and what was not published of them


class PublicFacts(Facts):
    """Facts whose rows hold nothing that is withheld. `issues`: all earlier ones of the region, in their order."""

    is_public = True
    window = 1

    def __init__(
        self,
        snapshot: Snapshot,
        settings: Settings,
        book: Book,
        choices: Choices,
        today: datetime.date | None = None,
        issues: Sequence[Issue] = (),
    ):
        super().__init__(snapshot, settings, book, choices, today)
        self.issues = tuple(issues)
        self.earlier = tuple(one for one in self.issues if one.quarter == self.quarter)

    def is_withheld(self, department: str) -> bool:
        return department in self.withheld.departments

    @cached_property
    def withheld(self) -> Withheld:
        different = {(str(one.complaints), str(one.withheld)): one for one in self.earlier}.values()
        told = [(_table(one.complaints), _withheld(one)) for one in different]
        whole = self._is_close(_cell("complaints_received", self.quarter, "total"), self._complaints.to_numpy().sum())
        with self._refusing():
            return decided(self._complaints, told, whole)

    @cached_property
    def _complaints(self) -> pd.DataFrame:
        """Of the quarter, department × category, none left out."""
        rows = super()._asked("complaint_categories")
        table = rows.pivot_table(index="department_id", columns="category", values="received", aggfunc="sum")
        return table.reindex(index=self.departments["department_id"]).fillna(0)

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """What cannot be issued beside what was issued is refused, in words."""
        try:
            yield
        except Unprotectable:
            raise ChoiceError("corrected", quarter=self.name_of_quarter(self.quarter)) from None

    # --- what was issued before ----------------------------------------------------------------------------------
    @cached_property
    def _published(self) -> dict[str, set[float]]:
        """Cell → every value that any issue published of it, those of other quarters' editions too."""
        found: dict[str, set[float]] = {}
        for issue in self.issues:
            for cell, value in issue.released.items():
                found.setdefault(cell, set()).add(value)
        return found

    def _is_close(self, cell: str, value: float) -> bool:
        """Whether the difference to what was published would tell a few people's affairs."""
        return bool(primary(np.abs([value - one for one in self._published.get(cell, ())]), FEWEST_PEOPLE).any())

    @cached_property
    def edition(self) -> int:
        last = self.earlier[-1] if self.earlier else None
        return 1 if last is None else last.edition + (last.released != self.released)

    @property
    def replaces(self) -> str:
        """The day on which the edition was issued that this one replaces; '' where there is none."""
        last = self.earlier[-1] if self.earlier else None
        if last is None:
            return ""
        return last.replaces if last.edition == self.edition else last.day

    @cached_property
    def released(self) -> dict[str, float]:
        """Every count that the edition publishes, whatever is chosen of it, and the scores: cell → value."""
        headlines = self.rows("headlines")
        headlines = headlines[self._of_people(headlines) & headlines["quarter"].isin((self.previous, self.quarter))]
        found = {
            _cell(row.indicator, row.quarter, name): getattr(row, name)
            for row in headlines.itertuples()
            for name in COUNTED
        }
        for row in self.rows("chart").itertuples():
            found[_cell("complaints_received", row.period, "total")] = row.value
        for name, query, column in (
            ("complaints", "complaint_rates", "received"),
            ("ballots", "standings", "n_ballots"),
            ("score", "standings", "value"),
        ):
            rows = self.rows(query)
            for department, value in zip(rows["department_id"], rows[column]):
                found[_cell(name, self.quarter, department)] = round(value, 1) if known(value) else value
        for row in self.rows("complaint_categories").itertuples():
            found[_cell("categories", self.quarter, row.category)] = row.received
        for name in ("n_raters", "n_ballots"):
            for value in self.rows("appraisal")[name]:
                found[_cell("appraisal", self.quarter, name)] = value
        return {cell: float(value) for cell, value in found.items() if known(value)}

    def issue(self) -> Issue:
        """What is to be recorded before a file of it leaves."""
        ballots = super()._asked("standings").set_index("department_id")["n_ballots"].fillna(0)
        shown = self.rows("standings").set_index("department_id")["n_ballots"]
        hidden = {
            "departments": self.withheld.departments,
            "categories": self.withheld.categories,
            "whole": {REGION} if self.withheld.whole else (),
            "ballots": set(shown.index[shown.isna()]),
        }
        return Issue(
            self.region,
            self.quarter,
            self.edition,
            self.replaces,
            self.snapshot.id,
            self.snapshot.number,
            self.released,
            {str(name): dict(row) for name, row in self._complaints.astype(float).iterrows()},
            ballots.astype(float).to_dict(),
            {name: tuple(sorted(map(str, names))) for name, names in hidden.items()},
        )

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
                return rows.iloc[:0] if self._gives_away(rows) else rows
            case "appraisal":
                self._check_appraisal(rows)
            case "headlines":
                return self._headlines(rows)
            case "standings":
                return self._standings(rows)
        return rows

    def _gives_away(self, points: pd.DataFrame) -> bool:
        """Of a chart: its limits tell of every point, so none can be left out alone."""
        if primary(points["value"].fillna(0), FEWEST_PEOPLE).any():
            return True
        periods = points.dropna(subset="value").set_index("period")["value"]
        is_close = [self._is_close(_cell("complaints_received", at, "total"), value) for at, value in periods.items()]
        return any(is_close) or (self.withheld.whole and self.quarter in periods.index)

    def _by_category(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Of the region as a whole; the categories that are withheld, together. Nothing where the whole is withheld."""
        if self.withheld.whole:
            return rows.iloc[:0]
        sums = rows.groupby(["category", "zh", "en"], sort=False, as_index=False)["received"].sum()
        sums = sums.assign(department_id=REGION)
        is_hidden = sums["category"].isin(self.withheld.categories)
        shown = sums[~is_hidden]
        if not is_hidden.any():
            return shown
        words = {lang: self.t("bulletin.category.others") for lang in ("zh", "en")}
        rest = {"category": OTHER, "received": sums.loc[is_hidden, "received"].sum(), "department_id": REGION}
        return pd.concat([shown, pd.DataFrame([{**rest, **words}])], ignore_index=True)

    def _of_people(self, rows: pd.DataFrame) -> pd.Series:
        header = {name: query.header for name, query in self.snapshot.indicators.items()}
        return rows["indicator"].map(lambda name: bool(OF_PEOPLE & set(header[name]["tables"]))).astype(bool)

    def _headlines(self, rows: pd.DataFrame) -> pd.DataFrame:
        rows = rows.assign(rest=rows["denominator"] - rows["numerator"])
        hidden = (rows["indicator"] == "complaints_received") & (rows["quarter"] == self.quarter) & self.withheld.whole
        for name in COUNTED:
            cells = [_cell(*place, name) for place in zip(rows["indicator"], rows["quarter"])]
            is_close = [known(value) and self._is_close(cell, value) for cell, value in zip(cells, rows[name])]
            hidden |= primary(rows[name].fillna(0), FEWEST_PEOPLE) | np.array(is_close, bool)
        hidden &= self._of_people(rows)
        return rows.assign(**{name: rows[name].mask(hidden) for name in (*COUNTED, "mean", "percent")})

    def _standings(self, rows: pd.DataFrame) -> pd.DataFrame:
        """How many ballots a department got; the whole is published as well."""
        now = rows.set_index("department_id")["n_ballots"].fillna(0).astype(float)
        if any(self._is_close(_cell("ballots", self.quarter, name), value) for name, value in now.items()):
            self._refuse_appraisal()
        counts = pd.DataFrame([*(one.ballots for one in self.earlier), now.to_dict()]).fillna(0)
        lines = np.vstack([np.eye(counts.shape[1], dtype=bool), np.ones((1, counts.shape[1]), bool)])
        before = [np.append(counts.columns.isin(one.withheld["ballots"]), False) for one in self.earlier]
        always = np.arange(len(lines)) == counts.shape[1]
        try:
            hidden = dict(zip(counts.columns, hidden_beside(counts.to_numpy(), lines, before, always)))
        except Unprotectable:
            if self.earlier:
                self._refuse_appraisal()
            hidden = dict.fromkeys(counts.columns, True)
        is_hidden = rows["department_id"].map(hidden).astype(bool)
        return rows.assign(**{name: rows[name].mask(is_hidden) for name in ("n_ballots", "n_raters")})

    def _check_appraisal(self, rows: pd.DataFrame) -> None:
        cells = ((_cell("appraisal", self.quarter, name), rows[name]) for name in ("n_raters", "n_ballots"))
        if any(self._is_close(cell, value) for cell, values in cells for value in values):
            self._refuse_appraisal()

    def _refuse_appraisal(self) -> None:
        raise ChoiceError("appraisal_corrected", quarter=self.name_of_quarter(self.quarter), fewest=FEWEST_PEOPLE)


def facts_of(
    snapshot: Snapshot,
    settings: Settings,
    book: Book,
    choices: Choices,
    today: datetime.date | None = None,
    issues: Sequence[Issue] = (),
) -> Facts:
    """The facts of the edition that was chosen; `issues`: what was issued before, of any region."""
    if choices.edition != PUBLIC:
        return Facts(snapshot, settings, book, choices, today)
    sections = tuple(one for one in choices.sections if one in SECTIONS)
    own = [one for one in issues if one.region == (choices.region or snapshot.regions[0])]
    return PublicFacts(snapshot, settings, book, replace(choices, sections=sections), today, own)


def decided(received: pd.DataFrame, earlier: Sequence[Told] = (), is_whole_close: bool = False) -> Withheld:
    """What the edition of a quarter withholds of its complaints, given as department × category.

    The sums of departments and of categories, and the whole where it is small itself, or close to one that was
    published: where it is not, hiding everything else protects every count behind it, so that the whole, which other
    pages and editions show, can stay. `earlier`: what was issued of the quarter before, and withheld. `Unprotectable`
    where what was issued and this cannot both be known.
    """
    tables = [*(table for table, _ in earlier), received]
    rows = list(dict.fromkeys(name for table in reversed(tables) for name in table.index))
    columns = list(dict.fromkeys(name for table in reversed(tables) for name in table.columns))
    tables = [table.reindex(index=rows, columns=columns).fillna(0) for table in tables]
    of_rows = np.kron(np.eye(len(rows)), np.ones(len(columns)))
    of_columns = np.kron(np.ones(len(rows)), np.eye(len(columns)))
    lines = np.vstack([of_rows, of_columns, np.ones(len(rows) * len(columns))]).astype(bool)
    before = [
        np.concatenate([np.isin(rows, list(one.departments)), np.isin(columns, list(one.categories)), [one.whole]])
        for _, one in earlier
    ]
    versions = np.array([table.to_numpy(float).ravel() for table in tables])
    *wholes, whole = versions.sum(1)
    apart = [whole, *(abs(whole - was) for was, (_, one) in zip(wholes, earlier) if not one.whole)]
    is_out = is_whole_close or bool(primary(apart, FEWEST_PEOPLE).any())
    is_whole = np.arange(len(lines)) == len(lines) - 1
    hidden = hidden_beside(versions, lines, before, is_whole & (not is_out), is_whole & is_out)
    of_departments, of_categories = hidden[: len(rows)], hidden[len(rows) : -1]
    return Withheld(
        frozenset(name for name, is_hidden in zip(rows, of_departments) if is_hidden),
        frozenset(name for name, is_hidden in zip(columns, of_categories) if is_hidden),
        bool(hidden[-1]),
    )


def hidden_beside(
    versions: np.ndarray, lines: Mask, before: Sequence[Mask], always: Mask, never: Mask | bool = False
) -> Mask:
    """Which lines of the last version to hide, where those of the earlier ones were published but for `before`.

    `versions`, (versions, cells): counts, the same cells as they stood at each issue. `lines`, (lines, cells): which
    cells each adds up. `always`, `never`: lines that are published, or not, in any case. A cell that was corrected is
    the least that it ever was and what it rose by from one value to the next: counts all of them, which none may learn
    where they are small, even if they know which cells were corrected and which way. `Unprotectable` where there is no
    way.
    """
    levels = np.sort(versions, axis=0)
    rises = np.diff(levels, axis=0, prepend=0)
    is_count = rises > 0
    is_count[0] = True
    step, cell = np.nonzero(is_count)
    holds = levels[step, cell] <= versions[:, cell]  # (versions, counts): which version has which count in it
    sums = [lines[:, cell] & held for held in holds]
    values = versions @ lines.T
    *old, now = values
    # what was withheld stays withheld, and nobody subtracts a few people
    hidden = np.array([*before, primary(now, FEWEST_PEOPLE)]).any(0) | never
    for was, withheld in zip(old, before):
        hidden |= ~withheld & primary(np.abs(now - was), FEWEST_PEOPLE)
    hidden &= ~always
    small, corrected = primary(versions, FEWEST_PEOPLE), is_count[1:].any(0)
    own = [(at == cell) & held for held, row in zip(holds, small) for at in np.flatnonzero(row & corrected)]
    kept = np.concatenate([*(~one for one in before), always, np.zeros(len(own), bool)])
    withheld = np.concatenate([*before, hidden, np.ones(len(own), bool)])
    whole = np.vstack([*sums, *own])
    found = suppress(rises[step, cell], whole, FEWEST_PEOPLE, kept, withheld)
    return found[len(lines) * len(before) :][: len(lines)]


def _cell(*parts: object) -> str:
    return "|".join(map(str, parts))


def _table(counts: dict[str, dict[str, float]]) -> pd.DataFrame:
    return pd.DataFrame.from_dict(counts, orient="index").fillna(0)


def _withheld(issue: Issue) -> Withheld:
    own = issue.withheld
    return Withheld(frozenset(own["departments"]), frozenset(own["categories"]), bool(own["whole"]))
