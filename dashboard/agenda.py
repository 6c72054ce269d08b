"""What most deserves a meeting's time, and every point of why; what became of a flag; how often a rule was right.

Pure functions of rows of the gaps, of what was recorded about them, and of the day.
"""

import datetime
import math
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dashboard.catalog import Query
from dashboard.gaps import FLAGS
from dashboard.statistics.intervals import wilson
from dashboard.store import (
    ACTIVE,
    ADDRESSED,
    CLOSED,
    COMPLETED,
    CONFIRMED,
    DRAFT,
    Book,
    Flag,
    FollowUp,
    continues,
    later,
)

MOST = 10  # an agenda is as long as its decisions
MOST_ALIKE = 2  # of one department, and of one rule, while there is something else
DESERVES = 50  # points; an alert deserves its place in any case
FEWEST_FOR_SHARE = 5  # resolved flags below which a rule's hit rate is two counts and no share

SEVERITY = {"alert": 40, "watch": 20}
A_QUARTER, MOST_FOR_QUARTERS = 5, 20
MOST_FOR_MARGIN, MOST_FOR_SIZE = 5, 5
# a small office with many alerts is what nobody has on a list: the alerts weigh more than the staff
ANOTHER_ALERT, MOST_FOR_ALERTS = 2, 10
CHANGED = 10
# how far somebody has taken it up → points
TAKEN_UP = {"untouched": 10, "outgrown": 10, "overdue": 10, "proposed": 5, "loose": 5}
HANDLED, SETTLED = "handled", "settled"
FATES = ("worse", "persisting", "again", "eased", "closed", "lost", "gone", "rule_gone")
# kinds of rules whose value and threshold are in one unit; of the others the threshold may be one of several lines
COMPARABLE = ("share", "funnel", "chart")


@dataclass(frozen=True)
class Part:
    """One reason for a place on the agenda: `name` and `values` are worded by i18n (`agenda.part.<name>`)."""

    name: str
    points: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Item:
    """A flag with the reasons for its place; `is_alike`: there was nothing else, so its like already stands there."""

    row: Mapping[str, Any]
    flag: Flag
    follow_up: FollowUp | None
    stage: str  # a key of TAKEN_UP, 'handled' or 'settled'
    parts: tuple[Part, ...]
    is_alike: bool = False

    @property
    def score(self) -> int:
        return sum(part.points for part in self.parts)


@dataclass(frozen=True)
class Agenda:
    items: tuple[Item, ...]  # at most MOST, the highest score first
    passed_over: int  # deserving flags that gave way to others: too many alike, or no place left
    aside: tuple[Item, ...]  # being handled, or settled in this spell: they take no place


def flag_of(row: Mapping[str, Any]) -> Flag:
    """The spell of a flagged row of pages/gaps, as far as the row's quarter."""
    place = (row["rule"], row["region_id"], row["department_id"])
    clear = row["clear"] if isinstance(row["clear"], str) else ""
    return Flag(*place, row["since"], row["quarter"], row["status"], clear)


def kinds_of(rules: Mapping[str, Query]) -> dict[str, str]:
    """Rule → kind; "" of one whose value may be a count that not everybody sees: on every screen the order is one."""
    return {name: "" if "value" in rule.header.get("fine", ()) else rule.header["kind"] for name, rule in rules.items()}


def agenda(rows: pd.DataFrame, kinds: Mapping[str, str], staff: pd.Series, book: Book, day: datetime.date) -> Agenda:
    """The agenda of a quarter.

    `rows`: of pages/gaps, one quarter, all states; `kinds`: of `kinds_of`; `staff`: by department_id, NaN
    where unknown; `day`: against which due dates are read.
    """
    flagged = rows[rows["status"].isin(FLAGS)].to_dict("records")
    sizes = staff.rank(pct=True)
    alerts = Counter(row["department_id"] for row in flagged if row["status"] == "alert")
    items = [_item(row, kinds[row["rule"]], staff, sizes, alerts, book, day) for row in flagged]
    items.sort(key=lambda one: (-one.score, one.flag.rule, one.flag.department_id))
    aside = tuple(one for one in items if one.stage in (HANDLED, SETTLED))
    deserving = [one for one in items if one.stage in TAKEN_UP and _deserves(one)]
    chosen = _diverse(deserving)
    return Agenda(chosen, len(deserving) - len(chosen), aside)


def _deserves(item: Item) -> bool:
    return item.row["status"] == "alert" or item.score >= DESERVES


def _diverse(items: Iterable[Item]) -> tuple[Item, ...]:
    """The first MOST of them, of each department and rule at most MOST_ALIKE; then others, if places are left."""
    departments, rules = Counter(), Counter()
    chosen, others = [], []
    for item in items:
        alike = max(departments[item.flag.department_id], rules[item.flag.rule])
        if alike >= MOST_ALIKE:
            others.append(item)
        elif len(chosen) < MOST:
            chosen.append(item)
            departments[item.flag.department_id] += 1
            rules[item.flag.rule] += 1
    more = [replace(one, is_alike=True) for one in others[: MOST - len(chosen)]]
    return tuple(sorted([*chosen, *more], key=lambda one: -one.score))


def _item(
    row: Mapping[str, Any],
    kind: str,
    staff: pd.Series,
    sizes: pd.Series,
    alerts: Mapping[str, int],
    book: Book,
    day: datetime.date,
) -> Item:
    flag = flag_of(row)
    follow_up = book.of(flag)
    reached = stage(follow_up, flag, day)
    others = alerts.get(row["department_id"], 0) - (row["status"] == "alert")
    return Item(row, flag, follow_up, reached, scored(row, kind, reached, follow_up, staff, sizes, others, day))


def scored(
    row: Mapping[str, Any],
    kind: str,
    reached: str,
    follow_up: FollowUp | None,
    staff: pd.Series,
    sizes: pd.Series,
    others: int,
    day: datetime.date,
) -> tuple[Part, ...]:
    """The points of a flag, in the order in which they are read; parts that give nothing and say nothing are left out.

    40 for an alert, 20 for a watch; 5 a quarter of the spell, at most 20; up to 5 for how far past its line it is;
    up to 5 for the size of the department, by its place among the others; 2 for each of the `others`, the further
    alerts of the same department, at most 10; 10 if it is new or has got worse; 10 while nobody has taken it up, or
    what was decided is overdue or no longer holds, 5 while it is proposed or lacks an owner or a date.
    """
    quarters = int(row["spell_quarters"])
    parts = [
        Part(row["status"], SEVERITY[row["status"]], {}),
        Part("quarters", min(A_QUARTER * quarters, MOST_FOR_QUARTERS), {"n": quarters}),
    ]
    beyond = margin(row, kind)
    if beyond is not None:
        parts.append(Part("margin", round(MOST_FOR_MARGIN * min(beyond, 1)), {"percent": round(100 * beyond)}))
    size = sizes.get(row["department_id"], math.nan)
    if pd.notna(size):
        people = int(staff[row["department_id"]])
        parts.append(Part("size", round(MOST_FOR_SIZE * size), {"staff": people}))
    if others:
        parts.append(Part("company", min(ANOTHER_ALERT * others, MOST_FOR_ALERTS), {"n": others}))
    change = _change(row)
    if change in ("new", "worse"):
        parts.append(Part(change, CHANGED, {}))
    if reached in TAKEN_UP:
        days = follow_up.days_overdue(day) if follow_up else 0
        parts.append(Part(reached, TAKEN_UP[reached], {"days": days}))
    return tuple(parts)


def margin(row: Mapping[str, Any], kind: str) -> float | None:
    """How far past its line the value lies, as a share of the line; None where that cannot be said."""
    value, line = row["value"], row["threshold"]
    if kind not in COMPARABLE or pd.isna(value) or pd.isna(line) or line == 0:
        return None
    return abs(value - line) / abs(line)


def stage(follow_up: FollowUp | None, flag: Flag, day: datetime.date) -> str:
    """How far somebody has taken a flag up: a key of TAKEN_UP, 'handled' or 'settled'.

    'outgrown': it was settled, but goes on in later quarters or has got worse: what was decided no longer holds.
    """
    if follow_up is None:
        return "untouched"
    if follow_up.days_overdue(day):
        return "overdue"
    if follow_up.state == DRAFT:
        return "proposed"
    if follow_up.state == ACTIVE:
        return HANDLED if follow_up.owner and follow_up.due else "loose"
    if follow_up.state in (ADDRESSED, COMPLETED):
        return HANDLED
    return SETTLED if follow_up.covers(flag) else "outgrown"


def fate(flag: Flag, row: Mapping[str, Any] | None) -> str:
    """What became of a flag by the quarter of `row`, the same rule and department there; None: it stands no more.

    'persisting', 'worse' or 'eased' (against the quarter before), 'again' (closed meanwhile, and back), 'closed',
    'lost' (can no longer be judged) or 'gone' (the department is not among those shown).
    """
    if row is None:
        return "gone"
    if row["status"] not in FLAGS:
        return "lost" if row["status"] == "no_data" else "closed"
    if not continues(flag_of(row), flag):
        return "again"
    return "persisting" if _change(row) == "new" else _change(row)


def became(flag: Flag, rows: Mapping[tuple[str, str], Mapping[str, Any]], rules: Container[str]) -> str:
    """`fate` by the rows of a quarter, (rule, department) → row; 'rule_gone' where nobody asks for it any more."""
    if flag.rule not in rules:
        return "rule_gone"
    return fate(flag, rows.get((flag.rule, flag.department_id)))


@dataclass(frozen=True)
class Past:
    """A flag that was followed up, or stood on the agenda, last quarter; and what became of it."""

    flag: Flag
    follow_up: FollowUp | None
    fate: str  # one of FATES
    status: str | None  # in the quarter asked for


def looked_back(
    then: Agenda,
    book: Book,
    quarter: str,
    rows: Mapping[tuple[str, str], Mapping[str, Any]],
    rules: Container[str],
    is_listed: Callable[[Flag], bool],
) -> list[Past]:
    """What had a follow-up or stood on the agenda of the quarter before `quarter`, the worst first.

    `then`: that agenda, as `book` was; `rows`: (rule, department) → row of `quarter`.
    """
    before = later(quarter, -1)
    flags = {one.flag.place: one.flag for one in then.items}
    for one in book.before(quarter).follow_ups:
        ended_before = not one.is_open and one.last.basis.quarter < before
        if is_listed(one.flag) and not ended_before:
            flags.setdefault(one.flag.place, one.flag)
    found = []
    for (rule, _, department), flag in flags.items():
        row = rows.get((rule, department))
        found.append(Past(flag, book.of(flag), became(flag, rows, rules), row["status"] if row else None))
    return sorted(found, key=lambda one: (FATES.index(one.fate), one.flag.department_id, one.flag.rule))


def last_day(quarter: str) -> datetime.date:
    year, month = int(quarter[:4]), 3 * int(quarter[-1])
    return datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(1)


def _change(row: Mapping[str, Any]) -> str:
    """Of a flagged row against the quarter before: 'new', 'worse', 'eased' or 'persisting'."""
    if row["previous"] not in FLAGS:
        return "new"
    if row["status"] == row["previous"]:
        return "persisting"
    return "worse" if row["status"] == "alert" else "eased"


@dataclass(frozen=True)
class HitRate:
    """Of the flags of a rule that were looked into to the end, how many proved right; `low`, `high` in 0..1, 95 %."""

    rule: str
    confirmed: int
    resolved: int
    low: float
    high: float

    @property
    def is_share(self) -> bool:
        return self.resolved >= FEWEST_FOR_SHARE


def hit_rates(book: Book) -> dict[str, HitRate]:
    """By rule, of those that have any resolved flag; what was stopped or is still open counts nowhere."""
    closed = [one for one in book.follow_ups if one.state == CLOSED]
    resolved, confirmed = Counter(), Counter()
    for one in closed:
        resolved[one.flag.rule] += 1
        confirmed[one.flag.rule] += one.outcome == CONFIRMED
    found = {}
    for rule, n in resolved.items():
        low, high = wilson(confirmed[rule], n)
        found[rule] = HitRate(rule, confirmed[rule], n, float(low), float(high))
    return found
