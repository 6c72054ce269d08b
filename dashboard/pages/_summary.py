"""What the summary matrix shows of a view: departments and indicators in their order, and what each cell says."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

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
from dashboard.rows import Row, rows_of, tuples_of

FEWEST_FOR_PERCENT = 50  # cases; a share of fewer is written as what it is, x of n
PATH = "/summary"
MOVED = ("high", "low")  # what a control chart signals where neither is better
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


class Stored(NamedTuple):
    """Of queries/pages/summary.sql what is told of one department, indicator and window."""

    value: float
    n: float
    numerator: float
    denominator: float
    note: str | None
    outcome: str | None
    variation: str | None
    assurance: str | None


class Line(NamedTuple):
    """What is said of one department by one indicator: its figures of the quarter, and each judgement's code."""

    department_id: str
    key: str
    value: float = math.nan
    n: float = math.nan
    numerator: float = math.nan
    denominator: float = math.nan
    note: str | None = None
    assurance: str = ""
    outcome: str = ""  # among the others, over the window
    standing: str = ""  # 'behind', 'ahead', or 'up' and 'down' where neither is better
    state: str = "no_data"  # of the chart: a variation, 'few' or 'no_data'


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
    def _judged(self) -> dict[tuple[str, str, str, int], Stored]:
        """(indicator, variant, department, window) → what is stored of it."""
        found = self.now.run("summary", window=self.now.window())
        places = tuples_of(found, "indicator", "variant", "department_id", "window_quarters")
        return dict(zip(places, map(Stored._make, tuples_of(found, *Stored._fields))))

    @cached_property
    def whole(self) -> "View":
        """The same view of all its departments: a few that were picked by their looks are no sample of chance."""
        return View(self.now.whole) if self.now.is_chosen else self

    @cached_property
    def rows(self) -> list[Line]:
        """A line a department of the view and an indicator of the group, whether or not there is a value."""
        return [
            self._line(department, measure)
            for department in self.now.departments["department_id"]
            for measure in self.listed.values()
        ]

    def _line(self, department: str, measure: Measure) -> Line:
        of = (measure.indicator, measure.variant, department)
        quarter, compared = self._judged.get((*of, 1)), self._judged.get((*of, self.window(measure)))
        outcome = compared.outcome if compared is not None and known(compared.outcome) else ""
        place = standing(outcome, measure.header["better"])
        if quarter is None:
            return Line(department, measure.key, outcome=outcome, standing=place)
        *figures, _, variation, assurance = quarter
        state = variation if known(variation) else "few" if known(quarter.value) else "no_data"
        return Line(department, measure.key, *figures, assurance if known(assurance) else "", outcome, place, state)

    @cached_property
    def searched(self) -> list[Line]:
        """The lines of the departments that the search finds; where it finds none, of the indicators of that name."""
        words = self.now.filters.q
        if not words:
            return self.rows
        departments = set(found(self.now.departments, words)["department_id"])
        if departments:
            return [line for line in self.rows if line.department_id in departments]
        names = {key for key, one in self.listed.items() if words.casefold() in one.title.casefold()}
        return [line for line in self.rows if line.key in names]

    @cached_property
    def shown(self) -> list[Line]:
        """Of these the departments and indicators that have what is looked for: whole rows and columns."""
        if self.status is None:
            return self.searched
        hits = [line for line in self.searched if self.is_hit(line)]
        keys, departments = {line.key for line in hits}, {line.department_id for line in hits}
        return [line for line in self.searched if line.key in keys and line.department_id in departments]

    def is_hit(self, line: Line) -> bool:
        """Whether it is what the reader looks for."""
        return self.status is None or is_in(line, self.status)

    @cached_property
    def keys(self) -> list[str]:
        there = {line.key for line in self.shown}
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
    def totals(self) -> dict[str, dict[str, int]]:
        """Department shown → state of COUNTED → how often it occurs among the indicators shown."""
        found = {line.department_id: dict.fromkeys(COUNTED, 0) for line in self.shown}
        for line in self.shown:
            for state in COUNTED:
                if is_in(line, state):
                    found[line.department_id][state] += 1
        return found

    @cached_property
    def departments(self) -> list[Row]:
        """The departments shown, in the order asked for; of those that are equal, by name."""
        rows = [row for row in rows_of(self.now.departments) if row.department_id in self.totals]
        sort, sign = self.sort, 1 if self.order == "asc" else -1
        if sort == "name":
            return sorted(rows, key=lambda row: sign * row.name_order)
        if sort in COUNTED:
            return sorted(rows, key=lambda row: (sign * self.totals[row.department_id][sort], row.name_order))
        places = {line.department_id: pressing(line) for line in self.shown if line.key == sort}

        def place(row: Row) -> tuple[bool, int, float]:
            is_unknown, rank = places[row.department_id]
            return is_unknown, sign * rank, row.name_order

        return sorted(rows, key=place)

    def count(self, state: str) -> int:
        """In how many cells it occurs, whatever else is looked for."""
        return self._counts[state]

    @cached_property
    def _counts(self) -> Counter[str]:
        """State → cells, of the three things that are said of a cell, in which no state is of two."""
        found = Counter(code for line in self.searched for code in (line.state, line.standing, line.assurance))
        found["moved"] = sum(found[side] for side in MOVED)
        return found

    @cached_property
    def columns(self) -> list[IndicatorColumn]:
        t, now, columns = self.now.t, self.now, []
        states = Counter((line.key, line.state) for line in self.searched)
        aimed = {line.key for line in self.searched if line.assurance}
        compared = {line.key for line in self.searched if line.outcome}
        for key in self.keys:
            measure = self.measures[key]
            counts = {name: states[key, name] for name in ("concern", "improvement", "common")}
            counts["moved"] = sum(states[key, side] for side in MOVED)
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
                tuple(self.totals[row.department_id].values()),
                department_address(self.now.filters, row.department_id),
            )
            for row in self.departments
        ]

    @cached_property
    def cells(self) -> dict[tuple[str, str], Cell]:
        """(key, department) → what is drawn and said there."""
        t = self.now.t
        labels = dict(zip(self.now.departments["department_id"], self.now.departments["label"]))
        return {
            (line.key, line.department_id): Cell(
                line.state,
                rises(line.state, self.measures[line.key].header["better"]),
                line.assurance,
                line.outcome,
                line.standing,
                t("summary.cell", name=labels[line.department_id], said=self.said(line)),
                self.is_hit(line),
            )
            for line in self.shown
        }

    def said(self, row: Line) -> str:
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

    def _value_words(self, row: Line, measure: Measure) -> str:
        t = self.now.t
        if not known(row.value):
            return t("summary.missing", title=measure.title, why=self.reason(row, measure))
        words = {"title": measure.title, "unit": measure.unit, "value": number(row.value, measure.header["decimals"])}
        if measure.header["kind"] not in RATIOS or not (known(row.numerator) and known(row.denominator)):
            return t("summary.value", **words)
        words["base"] = f"{number(row.numerator, 0)}/{number(row.denominator, 0)}"
        is_small = measure.header["kind"] == "share" and row.denominator < FEWEST_FOR_PERCENT
        return t("summary.value.small" if is_small else "summary.value.base", **words)

    def reason(self, row: Line, measure: Measure) -> str:
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
        counts = {name: self.count(name) for name in ("concern", "improvement", "moved")}
        signals = sum(counts.values())
        # bands hold for all departments at once; a funnel's 95 % limit lets one in twenty out on this side
        by_limits = {key for key in self.listed if self.measures[key].indicator not in SCORES}
        one_sided = {key for key in by_limits if self.measures[key].header["better"] != "neither"}
        return counts | {
            "signals": signals,
            "judged": signals + self.count("common"),
            "behind": sum(line.standing == "behind" and line.key in by_limits for line in self.searched),
            "compared": sum(line.outcome != "" and line.key in one_sided for line in self.searched),
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
        size = {
            "departments": len({line.department_id for line in self.searched}),
            "indicators": len({line.key for line in self.searched}),
        }
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


def is_in(line: Line, state: str) -> bool:
    """Whether it is in one of STATES, none of which is of two of the things that are said of a cell."""
    if state == "moved":
        return line.state in MOVED
    return state in (line.state, line.standing, line.assurance)


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
