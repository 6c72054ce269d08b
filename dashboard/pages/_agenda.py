"""What a meeting has before it: last quarter's flags and what became of them, its agenda, all that is open."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard.agenda import Agenda, Item, Past, last_day, looked_back
from dashboard.components import html
from dashboard.components.links import view_link
from dashboard.pages._follow_up import Records, agenda_of
from dashboard.pages._gaps import Gaps
from dashboard.store import Book, Flag, FollowUp

PATH = "/agenda"


@dataclass(frozen=True)
class Meeting:
    """The gaps of a view with what was recorded of them, each asked for once."""

    view: Gaps
    recorded: Mapping[str, str] = field(default_factory=dict)  # what the viewer recorded last on the open page

    @property
    def now(self) -> Any:
        return self.view.now

    @property
    def t(self) -> Any:
        return self.view.now.t

    @cached_property
    def records(self) -> Records:
        return Records(self.view)

    @cached_property
    def last(self) -> Gaps | None:
        """The quarter before, where the region has figures of it."""
        before = self.now.previous
        return Gaps(replace(self.now, quarter=before)) if before in self.now.quarters else None

    @cached_property
    def agenda(self) -> Agenda:
        return agenda_of(self.view, self.records.book, self.records.day)

    @cached_property
    def past(self) -> list[Past]:
        return self.past_by(self.records.book)

    def past_by(self, book: Book) -> list[Past]:
        """What had a follow-up or stood on the agenda last quarter, the worst first, as `book` has it."""
        if self.last is None:
            return []
        before = self.last.now.quarter
        then = agenda_of(self.last, book.before(before), last_day(before))
        return looked_back(then, book, self.now.quarter, self.records.rows, self.view.rules, self._is_listed)

    @cached_property
    def open(self) -> list[FollowUp]:
        """Every follow-up of the view that is not finished, the earliest date first."""
        named = [one for one in self.records.book.follow_ups if one.is_open and self._is_listed(one.flag)]
        return sorted(named, key=lambda one: (one.due or datetime.date.max, one.last.number))

    def _is_listed(self, flag: Flag) -> bool:
        """Whether a flag is of this view: of its departments, or of one that no group lists any more, so that what
        was begun about it can be ended."""
        if flag.region_id != self.now.region:
            return False
        return flag.department_id in self.names or flag.department_id not in self._standing

    @cached_property
    def _standing(self) -> set[str]:
        """The region's departments of this quarter, of all peer groups."""
        return set(self.now.run("departments", category=None)["department_id"])

    @cached_property
    def names(self) -> dict[str, str]:
        """department_id → label, of the view's departments, also of those that stood last quarter only."""
        both = [self.last.now.departments] if self.last else []
        rows = pd.concat([*both, self.now.departments])
        return dict(zip(rows["department_id"], rows["label"]))

    @cached_property
    def _former(self) -> dict[str, str]:
        """department_id → name, of every department that the region ever had."""
        rows = self.now.run("known_departments")
        rows = rows[rows["region_id"] == self.now.region]
        name = rows["name_en"] if self.now.lang == "en" else rows["short_name"]
        return dict(zip(rows["department_id"], name.where(name.fillna("") != "", rows["name"])))

    def title_of(self, rule: str) -> str:
        return self.view.rules[rule].header["title"][self.now.lang] if rule in self.view.rules else rule

    def label_of(self, rule: str) -> str:
        return self.view.rules[rule].header["label"][self.now.lang] if rule in self.view.rules else rule

    def name_of(self, flag: Flag) -> str:
        return self.department_name(flag.department_id)

    def department_name(self, department: str) -> str:
        """As the view calls it; of one that is gone what it was called, and its id where nobody knows."""
        return self.names.get(department) or self._former.get(department) or department

    @cached_property
    def chosen(self) -> tuple[str, str] | None:
        """(rule, department) whose card is shown: the one asked for, else the one just recorded, else the first of
        the agenda."""
        asked, last = self.now.filters, self.recorded
        for rule, department in ((asked.rule, asked.department), (last.get("rule"), last.get("department"))):
            is_there = rule in self.view.rules and department in self.names
            if is_there or self.records.book.at((rule, self.now.region, department)):
                return rule, department
        first = next(iter(self.agenda.items), None)
        return (first.flag.rule, first.flag.department_id) if first else None

    def link(self, flag: Flag, children: Any, **props: Any) -> html.A:
        """Opens the card of a gap on this page."""
        here = replace(self.now.filters, rule=flag.rule, department=flag.department_id)
        is_here = self.chosen == (flag.rule, flag.department_id)
        return view_link(children, PATH, here, **props, **({"aria-current": "true"} if is_here else {}))


def part_words(meeting: Meeting, item: Item) -> str:
    """Each reason with its points: “预警 40 + 已触发 3 季 15 + … = 74”."""
    t = meeting.t
    each = [
        t("agenda.part", reason=t(f"agenda.part.{one.name}", **one.values), points=one.points) for one in item.parts
    ]
    return t("agenda.sum", parts=t("agenda.plus").join(each), score=item.score)
