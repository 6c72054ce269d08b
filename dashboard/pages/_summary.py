"""What the summary matrix shows of a view: departments and indicators in their order, and what each cell says."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
import scipy

from dashboard.catalog import RATIOS
from dashboard.components.explain import indicator_address, indicator_addresses
from dashboard.components.links import department_address
from dashboard.components.summary_matrix import Cell, DepartmentRow, IndicatorColumn
from dashboard.filters import Filters
from dashboard.findings import FALSE_ALARMS, by_chance
from dashboard.i18n.text import known, number
from dashboard.pages._ranking import SCORES, Measure, caveat, found, measures, reason
from dashboard.pages._scene import Scene
from dashboard.rows import rows_of

FEWEST_FOR_PERCENT = 50  # cases; a share of fewer is written as what it is, x of n
PATH = "/summary"
SIGNALS = ("concern", "improvement", "high", "low")  # of a control chart
# What a cell can be looked for by. `moved`: a real change that is neither good nor bad.
STATES = (
    "concern",
    "improvement",
    "moved",
    "common",
    "fail",
    "hit_or_miss",
    "pass",
    "behind",
    "ahead",
    "few",
    "no_data",
)
COUNTED = ("concern", "improvement", "behind", "fail")  # at the end of each row; the rows can be sorted by them
DEFAULT_SORT = COUNTED[0]
UP, DOWN = ("above", "high_95", "high_998"), ("below", "low_95", "low_998")  # outcomes by the side of the others
SELDOM = 0.001  # how often chance may make so many signals that the page calls them more than chance would make
# from the most pressing to the least; what cannot be judged stands last, whichever way the column is turned
PRESSING = {
    "state": ("concern", "high", "low", "common", "improvement", "few", "no_data"),
    "standing": ("behind", "", "ahead"),
    "assurance": ("fail", "hit_or_miss", "", "pass"),
}


@dataclass(frozen=True)
class View:
    """The scene with what the summary shows of it, each computed once."""

    now: Scene

    @cached_property
    def measures(self) -> dict[str, Measure]:
        return measures(self.now)

    @cached_property
    def groups(self) -> list[str]:
        """The groups of indicators, in the catalogue's order."""
        return list(dict.fromkeys(one.header["group"] for one in self.measures.values()))

    @property
    def group(self) -> str | None:
        return self.now.filters.group if self.now.filters.group in self.groups else None

    @property
    def status(self) -> str | None:
        return self.now.filters.status if self.now.filters.status in STATES else None

    @cached_property
    def listed(self) -> dict[str, Measure]:
        """The indicators of the chosen group, in the catalogue's order."""
        return {key: one for key, one in self.measures.items() if self.group in (None, one.header["group"])}

    def window(self, measure: Measure) -> int:
        """Quarters over which departments are compared: one where adding up means nothing."""
        return 1 if measure.header["kind"] == "mean" or measure.header.get("stock") else self.now.window()

    @cached_property
    def _judged(self) -> dict[tuple[str, str, str], dict[int, Any]]:
        """(indicator, variant, department) → window → what is stored of it."""
        rows: dict[tuple[str, str, str], dict[int, Any]] = {}
        for row in rows_of(self.now.run("summary", window=self.now.window())):
            rows.setdefault((row.indicator, row.variant, row.department_id), {})[row.window_quarters] = row
        return rows

    @cached_property
    def whole(self) -> "View":
        """The same view of all its departments: a few that were picked by their looks are no sample of chance."""
        return View(self.now.whole) if self.now.is_chosen else self

    @cached_property
    def rows(self) -> pd.DataFrame:
        """One row a department of the view and an indicator of the group, whether or not there is a value.

        Columns: department_id, key, value, n, numerator, denominator, note of the quarter; assurance; outcome and
        standing ('behind', 'ahead', '', or 'up' and 'down' where neither is better) over the window;
        state of the chart (a variation, 'few' or 'no_data'); is_hit: it is what the reader looks for.
        """
        lines = [
            self._line(department, measure)
            for department in self.now.departments["department_id"]
            for measure in self.listed.values()
        ]
        rows = pd.DataFrame(lines, columns=LINE)
        return rows.assign(is_hit=hits(rows, self.status) if self.status else True)

    def _line(self, department: str, measure: Measure) -> tuple[Any, ...]:
        windows = self._judged.get((measure.indicator, measure.variant, department), {})
        quarter, compared = windows.get(1), windows.get(self.window(measure))
        value = quarter.value if quarter is not None else float("nan")
        variation = quarter.variation if quarter is not None and known(quarter.variation) else ""
        outcome = compared.outcome if compared is not None and known(compared.outcome) else ""
        numbers = (
            (value, quarter.n, quarter.numerator, quarter.denominator, quarter.note)
            if quarter is not None
            else (value, float("nan"), float("nan"), float("nan"), None)
        )
        return (
            department,
            measure.key,
            *numbers,
            quarter.assurance if quarter is not None and known(quarter.assurance) else "",
            outcome,
            standing(outcome, measure.header["better"]),
            variation or ("few" if known(value) else "no_data"),
        )

    @cached_property
    def searched(self) -> pd.DataFrame:
        """The rows of the departments that the search finds; where it finds none, of the indicators of that name."""
        words = self.now.filters.q
        if not words:
            return self.rows
        departments = found(self.now.departments, words)["department_id"]
        if len(departments):
            return self.rows[self.rows["department_id"].isin(departments)]
        names = [key for key, one in self.listed.items() if words.casefold() in one.title.casefold()]
        return self.rows[self.rows["key"].isin(names)]

    @cached_property
    def shown(self) -> pd.DataFrame:
        """Of these the departments and indicators that have what is looked for: whole rows and columns."""
        if self.status is None:
            return self.searched
        hits = self.searched[self.searched["is_hit"]]
        rows = self.searched
        return rows[rows["key"].isin(hits["key"]) & rows["department_id"].isin(hits["department_id"])]

    @cached_property
    def keys(self) -> list[str]:
        there = set(self.shown["key"])
        return [key for key in self.listed if key in there]

    @property
    def sort(self) -> str:
        asked = self.now.filters.sort
        return asked if asked in (*COUNTED, "name", *self.keys) else DEFAULT_SORT

    @property
    def order(self) -> str:
        is_refused = self.now.filters.sort not in (None, self.sort)
        return natural_order(self.sort) if is_refused else self.now.filters.order or natural_order(self.sort)

    def sorted_by(self, column: str) -> Filters:
        """The first click sorts a column by what is most pressing, the next one turns it round."""
        now = self.order if self.sort == column else None
        return self.now.filters.sorted_by(column, natural_order(column), now, DEFAULT_SORT)

    @cached_property
    def departments(self) -> pd.DataFrame:
        """The departments shown with how often each state occurs among the indicators shown, in the order asked for."""
        counts = pd.DataFrame({"department_id": self.shown["department_id"]})
        for state in COUNTED:
            counts[state] = hits(self.shown, state)
        counts = counts.groupby("department_id", sort=False).sum().reset_index()
        rows = counts.merge(self.now.departments, on="department_id")
        ascending = self.order == "asc"
        if self.sort == "name":
            return rows.sort_values("name_order", ascending=ascending)
        if self.sort in COUNTED:
            return rows.sort_values([self.sort, "name_order"], ascending=[ascending, True])
        column = self.shown[self.shown["key"] == self.sort]
        places = {row.department_id: pressing(row) for row in rows_of(column)}
        keys = rows["department_id"].map(places)
        rows = rows.assign(is_unknown=keys.map(lambda key: key[0]), place=keys.map(lambda key: key[1]))
        return rows.sort_values(["is_unknown", "place", "name_order"], ascending=[True, ascending, True])

    def count(self, state: str) -> int:
        """In how many cells it occurs, whatever else is looked for."""
        return int(hits(self.searched, state).sum())

    @cached_property
    def columns(self) -> list[IndicatorColumn]:
        t, now, columns = self.now.t, self.now, []
        cells = self.searched
        states = cells.groupby(["key", "state"]).size().to_dict()
        aimed = set(cells.loc[cells["assurance"] != "", "key"])
        compared = set(cells.loc[cells["outcome"] != "", "key"])
        for key in self.keys:
            measure = self.measures[key]
            counts = {name: states.get((key, name), 0) for name in ("concern", "improvement", "common")}
            counts["moved"] = states.get((key, "high"), 0) + states.get((key, "low"), 0)
            judged = sum(counts.values())
            if measure.header["better"] == "neither":
                drawn, about = (("brand", counts["moved"]),), "summary.counts.moved"
            else:
                drawn = (("worse", counts["concern"]), ("better", counts["improvement"]))
                about = "summary.counts"
            if not judged:
                drawn, about = (), "summary.counts.none"
            columns.append(
                IndicatorColumn(
                    key,
                    short_name(now, measure),
                    measure.title,
                    t(f"indicator.group.{measure.header['group']}"),
                    drawn,
                    t(about, title=measure.title, judged=judged, **counts),
                    indicator_address(key, now.filters),
                    PATH + self.sorted_by(key).to_search(),
                    self.order if self.sort == key else "",
                    key in aimed,
                    key in compared,
                )
            )
        return columns

    @cached_property
    def lines(self) -> list[DepartmentRow]:
        return [
            DepartmentRow(
                row.department_id,
                row.label,
                row.full_name,
                tuple(int(getattr(row, name)) for name in COUNTED),
                department_address(self.now.filters, row.department_id),
            )
            for row in rows_of(self.departments)
        ]

    @cached_property
    def cells(self) -> dict[tuple[str, str], Cell]:
        """(key, department) → what is drawn and said there."""
        t = self.now.t
        labels = dict(zip(self.now.departments["department_id"], self.now.departments["label"]))
        return {
            (row.key, row.department_id): Cell(
                row.state,
                rises(row.state, self.measures[row.key].header["better"]),
                row.assurance,
                row.outcome,
                row.standing,
                t("summary.cell", name=labels[row.department_id], said=self.said(row)),
                row.is_hit,
            )
            for row in rows_of(self.shown)
        }

    def said(self, row: Any) -> str:
        """A cell in words: the value and what it is counted from, its chart, its target, its place among the others."""
        t, measure = self.now.t, self.measures[row.key]
        parts = [self._value_words(row, measure)]
        if row.state != "no_data":
            parts.append(t(f"summary.state.{row.state}"))
        if row.assurance:
            parts.append(t(f"summary.state.{row.assurance}"))
        if row.outcome:
            window = self.window(measure)
            parts.append(t(f"summary.among.{window}", outcome=t(f"outcome.{row.outcome}")))
        if known(row.value) and (words := caveat(self.now, row.note)):
            parts.append(words)
        return t("summary.separator").join(parts)

    def _value_words(self, row: Any, measure: Measure) -> str:
        t = self.now.t
        if not known(row.value):
            return t("summary.missing", title=measure.title, why=self.reason(row, measure))
        words = {"title": measure.title, "unit": measure.unit, "value": number(row.value, measure.header["decimals"])}
        if measure.header["kind"] not in RATIOS or not (known(row.numerator) and known(row.denominator)):
            return t("summary.value", **words)
        words["base"] = f"{number(row.numerator, 0)}/{number(row.denominator, 0)}"
        is_small = measure.header["kind"] == "share" and row.denominator < FEWEST_FOR_PERCENT
        return t("summary.value.small" if is_small else "summary.value.base", **words)

    def reason(self, row: Any, measure: Measure) -> str:
        """Why there is no value: a denominator of zero is another thing than no figure."""
        is_zero = known(row.denominator) and row.denominator == 0
        return self.now.t("indicator.missing.zero") if is_zero else reason(self.now, measure, row.note)

    @property
    def cell_address(self) -> Callable[[str, str], str]:
        """(key, department) → the indicator's page with this department's own chart."""
        return indicator_addresses(self.now.filters)

    @cached_property
    def signals(self) -> dict[str, int]:
        """How many control charts of the rows found signal what, how many can, and how many lie behind the others."""
        state, rows = self.searched["state"], self.searched
        counts = {name: int((state == name).sum()) for name in SIGNALS}
        counts["moved"] = counts.pop("high") + counts.pop("low")
        of_scores = [key for key in self.listed if self.measures[key].indicator in SCORES]
        of_neither = [key for key in self.listed if self.measures[key].header["better"] == "neither"]
        is_score, is_neither = rows["key"].isin(of_scores), rows["key"].isin(of_neither)
        return counts | {
            "signals": sum(counts.values()),
            "judged": int(state.isin((*SIGNALS, "common")).sum()),
            # bands hold for all departments at once; a funnel's 95 % limit lets one in twenty out on this side
            "behind": int(((rows["standing"] == "behind") & ~is_score).sum()),
            "compared": int(((rows["outcome"] != "") & ~is_score & ~is_neither).sum()),
        }

    @property
    def is_more_than_chance(self) -> bool:
        expected = FALSE_ALARMS * self.signals["judged"]
        return bool(expected and scipy.stats.poisson.sf(self.signals["signals"] - 1, expected) < SELDOM)

    @property
    def finding(self) -> str:
        """What the matrix shows in one clause, with what chance alone would show; of all, whoever was chosen."""
        if self.now.is_chosen:
            return self.whole.finding
        t, counts = self.now.t, self.signals
        size = {"departments": self.searched["department_id"].nunique(), "indicators": self.searched["key"].nunique()}
        if not counts["judged"]:
            return t("summary.finding.unjudged", **size)
        if not counts["signals"]:
            return t("summary.finding.none", **size, judged=number(counts["judged"], 0))
        key = "summary.finding.more" if self.is_more_than_chance else "summary.finding.chance"
        chance = by_chance(t, counts["judged"], FALSE_ALARMS)
        return t(key, chance=chance, **size, **{name: number(n, 0) for name, n in counts.items()})

    @property
    def notices(self) -> tuple[str, ...]:
        t, asked, found = self.now.t, self.now.filters, []
        if asked.group and not self.group:
            found.append(t("summary.notice.group", asked=asked.group))
        if asked.sort and asked.sort != self.sort:
            found.append(t("notice.sort", asked=asked.sort))
        return tuple(found)


LINE = (
    *("department_id", "key", "value", "n", "numerator", "denominator", "note"),
    *("assurance", "outcome", "standing", "state"),
)
COLUMN_OF = {
    **dict.fromkeys(("behind", "ahead"), "standing"),
    **dict.fromkeys(("fail", "hit_or_miss", "pass"), "assurance"),
}


def hits(rows: pd.DataFrame, state: str) -> pd.Series:
    """Which of View.rows are in one of STATES."""
    return rows[COLUMN_OF.get(state, "state")].isin(("high", "low") if state == "moved" else (state,))


def standing(outcome: str, better: str) -> str:
    """Whether a place among the others is the better one; 'up' or 'down' where neither is, '' where it is no other."""
    side = "up" if outcome in UP else "down" if outcome in DOWN else ""
    if not side or better == "neither":
        return side
    return "ahead" if (side == "up") == (better == "higher") else "behind"


def rises(state: str, better: str) -> bool:
    """On which side of its mean a signalling point lies."""
    return state == "high" or (state != "low" and (state == "improvement") == (better == "higher"))


def pressing(row: Any) -> tuple[bool, int]:
    """Of a cell: whether nothing can be said of it, and how pressing it is, the more the higher."""
    is_unknown = row.state in ("few", "no_data") and not row.outcome and not row.assurance
    rank = 0
    for name, order in PRESSING.items():
        code = getattr(row, name)
        rank = rank * 10 - (order.index(code) if code in order else order.index(""))
    return is_unknown, rank


def natural_order(sort: str) -> str:
    """Names from the first, counts and columns from the most pressing."""
    return "asc" if sort == "name" else "desc"


def short_name(now: Scene, measure: Measure) -> str:
    """For a narrow head: the catalogue's label; of a variant its own word."""
    return measure.label if "." in measure.key else measure.header["label"][now.lang]
