"""What a report is written from: the rows of one snapshot, each asked for once, and figures that know their row."""

import datetime
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard.agenda import Agenda, agenda, kinds_of, last_day, looked_back
from dashboard.answers import FEWEST_RATERS, labelled
from dashboard.catalog import GAP_GROUPS, Query, gaps
from dashboard.findings import Figure, figure
from dashboard.gaps import FLAGS, without_small
from dashboard.gaps.sentences import sentence
from dashboard.i18n.text import known, number, quarter_name, translator
from dashboard.reports.model import Number, Origin, Run, Sentence, Source
from dashboard.settings import Settings
from dashboard.store import Book, Flag, later
from dashboard.warehouse import Snapshot

WINDOW = 4  # one quarter of a department has too few complaints to judge
EDITIONS = INTERNAL, PUBLIC = ("internal", "public")
SECTIONS = ("basics", "progress", "problems", "followed", "requests", "annexes")
FEWEST_PEOPLE = 5  # fewer are not published
REGION = "*"  # in place of a department
# a space between Chinese and a figure is for screens: official papers close it up
_SPACE = re.compile(r"(?<=[\u2e80-\uffef\x00]) +(?=[\w\x00])|(?<=[\w%\x00]) +(?=[\u2e80-\uffef\x00])")
_RANGE = re.compile(r"(?<=[\d%\x00])–(?=[\d\x00])")  # of quantities: a wave in Chinese
_MARK = re.compile("\x00(\\d+)\x00")


@dataclass(frozen=True)
class Choices:
    """What a person chose: no departments are all of them, and judgements are of all in any case."""

    quarter: str | None = None  # None: the last
    lang: str = "zh"
    departments: tuple[str, ...] = ()
    sections: tuple[str, ...] = SECTIONS
    region: str | None = None
    edition: str = INTERNAL


class ChoiceError(Exception):
    """Something was asked for that the snapshot does not have; `code` and `values` are worded by i18n."""

    def __init__(self, code: str, **values: Any):
        super().__init__(f"{code}: {values}")
        self.code, self.values = code, values


class Facts:
    """One quarter of one snapshot as a report sees it."""

    is_public = False
    edition, replaces = 1, ""  # of a public one: which of its quarter, and when that was issued which it replaces
    window = WINDOW  # quarters that complaints are added up over

    def __init__(
        self,
        snapshot: Snapshot,
        settings: Settings,
        book: Book,
        choices: Choices,
        today: datetime.date | None = None,
    ):
        self.snapshot, self.settings, self.book, self.choices = snapshot, settings, book, choices
        self.today = today or datetime.date.today()
        self.lang, self.t = choices.lang, translator(choices.lang)
        self.region = choices.region or snapshot.regions[0]
        quarters = snapshot.quarters_of(self.region)
        self.quarter = choices.quarter or (quarters[-1] if quarters else "")
        if self.quarter not in quarters:
            raise ChoiceError("quarter", given=self.quarter, known=", ".join(quarters))
        self.quarters = tuple(one for one in quarters if one <= self.quarter)
        self.previous = later(self.quarter, -1)
        self._rows: dict[str, pd.DataFrame] = {}
        unknown = sorted(set(choices.departments) - set(self.departments["department_id"]))
        if unknown:
            raise ChoiceError("department", given=", ".join(unknown), quarter=self.quarter)

    # --- rows --------------------------------------------------------------------------------------------------
    def run(self, query: str, **values: Any) -> pd.DataFrame:
        own = {"region": self.region, "quarter": self.quarter, "previous": self.previous, "category": None}
        return self.snapshot.run(f"pages/{query}", **(own | {"scope": "peers", "window": self.window} | values))

    def rows(self, query: str) -> pd.DataFrame:
        """The rows of a query with the report's own values; asked for once."""
        if query not in self._rows:
            self._rows[query] = self._asked(query)
        return self._rows[query]

    def _asked(self, query: str) -> pd.DataFrame:
        match query:
            case "standings":
                rows = self.snapshot.standings(self.region, self.quarter, "composite", "peers")
                rows = rows[rows["department_id"].isin(self.departments["department_id"])]
                shown = ["value", "low", "high", "raw_mean"]
                return rows.assign(**{one: rows[one].mask(rows["n_raters"] < FEWEST_RATERS) for one in shown})
            case "headlines":
                return self.run(query, indicators=list(self.snapshot.indicators))
            case "gaps":
                found = self.run(query, department=None, rule=None, statuses=None)
                return without_small(found[found["department_id"].isin(self.departments["department_id"])], self.rules)
            case "moves":
                return self.run(query, indicator="composite_score", variant="composite")
            case "complaint_categories":
                return self.run(query, departments=self.departments["department_id"].tolist())
            case "chart":
                return self.run(query, indicator="complaints_received", variant="", department=REGION)
            case "past":
                return self._past
            case "agenda":
                return self._proposed
            case _:
                return self.run(query)

    @cached_property
    def departments(self) -> pd.DataFrame:
        """Those that stood in the quarter, by their peer group and the order of their names."""
        return labelled(self.run("departments"), self.lang)

    @cached_property
    def shown(self) -> pd.DataFrame:
        """Those that the report names and lists."""
        asked = self.choices.departments
        return self.departments[self.departments["department_id"].isin(asked)] if asked else self.departments

    @cached_property
    def labels(self) -> dict[str, str]:
        return dict(zip(self.departments["department_id"], self.departments["label"]))

    @cached_property
    def full_names(self) -> dict[str, str]:
        return dict(zip(self.departments["department_id"], self.departments["full_name"]))

    @property
    def period(self) -> str:
        """The quarters that complaints are added up over, in words."""
        return self.t(f"bulletin.period.{self.window}")

    def is_withheld(self, department: str) -> bool:
        """Whether the department's complaints are not to be published."""
        return False

    def is_shown(self, department: str) -> bool:
        return not self.choices.departments or department in self.choices.departments

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Peer groups in the vocabulary's order: category, zh, en, departments."""
        return self.run("peer_groups")

    @cached_property
    def region_name(self) -> str:
        rows = self.run("regions")
        return str(rows.loc[rows["region_id"] == self.region, self.lang].iloc[0])

    @cached_property
    def office(self) -> str:
        return self.settings.name[self.lang]

    @cached_property
    def ranking(self) -> pd.DataFrame:
        """Standings with label, group and what the control chart of each says, in the order of the names."""
        moves = self.rows("moves").set_index("department_id")["variation"]
        kept = self.departments[["department_id", "label", "full_name", "group", "name_order"]]
        rows = kept.merge(self.rows("standings").drop(columns="name"), on="department_id", how="left")
        return rows.assign(outcome=rows["band"], variation=rows["department_id"].map(moves))

    def headline(self, indicator: str) -> Figure:
        header = self.snapshot.indicators[indicator].header
        before = [self.previous] if self.previous in self.quarters else []
        return figure(indicator, header, self.rows("headlines"), [*before, self.quarter], self.rows("verdicts"))

    # --- gaps and what was recorded ----------------------------------------------------------------------------
    @cached_property
    def rules(self) -> dict[str, Query]:
        order = {group: at for at, group in enumerate(GAP_GROUPS)}
        found = gaps(self.snapshot.queries)
        return dict(sorted(found.items(), key=lambda item: (order[item[1].header["group"]], item[1].header["order"])))

    @cached_property
    def flags(self) -> pd.DataFrame:
        """The flagged rows of the quarter that the report shows, by rule and department, with label and group."""
        rows = self.rows("gaps")
        rows = rows[rows["status"].isin(FLAGS) & rows["department_id"].map(self.is_shown).astype(bool)]
        order = {rule: at for at, rule in enumerate(self.rules)}
        rows = rows.assign(
            label=rows["department_id"].map(self.labels),
            rule_order=rows["rule"].map(order),
            group=[self.rules[rule].header["group"] for rule in rows["rule"]],
            is_new=~rows["previous"].isin(FLAGS) | ((rows["status"] == "alert") & (rows["previous"] == "watch")),
        )
        return rows.sort_values(["rule_order", "status", "department_id"])

    def rule_title(self, rule: str) -> str:
        return self.rules[rule].header["title"][self.lang] if rule in self.rules else rule

    @cached_property
    def _words(self) -> dict[tuple[str, str], str]:
        found = self.run("words")
        return dict(zip(zip(found["vocabulary"], found["code"]), found[self.lang]))

    def gap_sentence(self, row: dict[str, Any], key: str) -> Sentence:
        """What a rule says of a row of the gaps, each figure with the evidence that it is."""
        numbers: list[Number] = []
        where = (("rule", row["rule"]), ("department_id", row["department_id"]))

        def marked(column: str, value: Any, written: str) -> str:
            numbers.append(Number(float(value), written, Source("gaps", where, column)))
            return f"\x00{len(numbers) - 1}\x00"

        name = self.full_names.get(row["department_id"], row["department_id"])
        said = sentence(self.t, self.lang, self.rules[row["rule"]], row, name, self._words, marked)
        return Sentence(key, self._runs(said, numbers))

    @cached_property
    def gaps_by_place(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {(row["rule"], row["department_id"]): row for row in self.rows("gaps").to_dict("records")}

    @cached_property
    def agenda(self) -> Agenda:
        return self._agenda_of(self.quarter, self.rows("gaps"), self.book, self.today)

    def _agenda_of(self, quarter: str, rows: pd.DataFrame, book: Book, day: datetime.date) -> Agenda:
        staff = self.run("staff", quarter=quarter).set_index("department_id")["staff"].astype(float)
        return agenda(rows, kinds_of(self.rules), staff, book, day)

    @property
    def _proposed(self) -> pd.DataFrame:
        rows = [
            (
                *(one.flag.rule, one.flag.department_id, one.row["status"], int(one.row["spell_quarters"])),
                *self._standing(one.follow_up),
            )
            for one in self.agenda.items
            if self.is_shown(one.flag.department_id)
        ]
        columns = ["rule", "department_id", "status", "quarters", "state", "owner", "due", "days_overdue"]
        return pd.DataFrame(rows, columns=columns)

    def _standing(self, follow_up: Any) -> tuple[str, str, datetime.date | None, int]:
        if follow_up is None:
            return "none", "", None, 0
        return follow_up.state, follow_up.owner, follow_up.due, follow_up.days_overdue(self.today)

    @property
    def _past(self) -> pd.DataFrame:
        """What was on the agenda or followed up last quarter, and what became of it."""
        columns = ["rule", "department_id", "fate", "state", "outcome", "owner", "due", "days_overdue"]
        if self.previous not in self.quarters:
            return pd.DataFrame(columns=columns)
        before = self.run("gaps", quarter=self.previous, department=None, rule=None, statuses=None)
        then = self._agenda_of(self.previous, before, self.book.before(self.previous), last_day(self.previous))
        then = replace(then, items=tuple(one for one in then.items if self.is_shown(one.flag.department_id)))
        found = looked_back(then, self.book, self.quarter, self.gaps_by_place, self.rules, self.is_listed)
        rows = []
        for one in found:
            state, owner, due, late = self._standing(one.follow_up)
            outcome = one.follow_up.outcome if one.follow_up else ""
            rows.append((one.flag.rule, one.flag.department_id, one.fate, state, outcome, owner, due, late))
        return pd.DataFrame(rows, columns=columns)

    def is_listed(self, flag: Flag) -> bool:
        return flag.region_id == self.region and flag.department_id in self.labels and self.is_shown(flag.department_id)

    # --- words with figures in them ----------------------------------------------------------------------------
    def number(
        self,
        query: str,
        column: str = "",
        decimals: int = 0,
        how: str = "value",
        write: Callable[[float], str] | None = None,
        **where: str,
    ) -> Number:
        """The figure that stands in these rows; 'how' as in `Source`. `write`: another form than the usual one."""
        source = Source(query, tuple(sorted(where.items())), column, "count" if not column else how)
        value = self.value(source)
        return Number(value, write(value) if write and known(value) else number(value, decimals), source)

    def value(self, source: Source) -> float | None:
        """What the snapshot says of a source now; None where it says nothing."""
        rows = self.rows(source.query)
        for column, wanted in source.where:
            rows = rows[rows[column].astype(str) == wanted]
        if source.how == "count":
            return float(len(rows))
        if rows.empty:
            return None
        if source.column in rows:
            values = rows[source.column]
        else:  # the evidence of a gap stands in one column
            values = pd.Series([json.loads(one).get(source.column) for one in rows["evidence"]])
        value = {"sum": values.sum, "mean": values.mean}.get(source.how, lambda: values.iloc[0])()
        return float(value) if known(value) else None

    def sentence(self, key: str, place: str = "", /, **values: Any) -> Sentence:
        """The sentence of an i18n key with its figures inside; `place`: what tells it from others of the same key."""
        numbers = [value for value in values.values() if isinstance(value, Number)]
        at = iter(range(len(numbers)))
        plain = {name: f"\x00{next(at)}\x00" if isinstance(one, Number) else one for name, one in values.items()}
        said = self.t(key, **plain)
        return Sentence(f"{key}.{place}" if place else key, self._runs(said, numbers))

    def _runs(self, said: str, numbers: list[Number]) -> tuple[Run, ...]:
        parts = _MARK.split(self.closed_up(said))
        runs = [part if i % 2 == 0 else numbers[int(part)] for i, part in enumerate(parts)]
        return tuple(run for run in runs if run != "")

    def closed_up(self, words: str) -> str:
        """Chinese as official papers write it, no spaces around figures, a wave for ranges; others as they are."""
        return _RANGE.sub("～", _SPACE.sub("", words)) if self.lang == "zh" else words

    def joined(self, names: list[str], most: int | None = None) -> str:
        words = self.t("list.separator").join(names[:most])
        return self.t("findings.coverage.more", names=words) if most and len(names) > most else words

    def name_of_quarter(self, quarter: str) -> str:
        return quarter_name(self.t, quarter)

    def name_of_day(self, day: datetime.date) -> str:
        """As papers write it: in Chinese without leading zeros."""
        least = 1 if self.lang == "zh" else 2
        return self.t("bulletin.date", year=day.year, month=f"{day.month:0{least}}", day=f"{day.day:0{least}}")

    @property
    def origin(self) -> Origin:
        snapshot = self.snapshot
        return Origin(
            snapshot.id,
            snapshot.number,
            f"{snapshot.created.astimezone():%Y-%m-%d %H:%M}",
            snapshot.demonstration,
            self.region,
            self.quarter,
            self.today.isoformat(),
            self.lang,
            self.choices.departments,
            self.choices.sections,
            self.choices.edition,
        )
