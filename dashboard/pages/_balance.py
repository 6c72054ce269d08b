"""The balance page's view of the data: the axes of the region or a department, where departments stand, the make-up.

An axis is a gap rule whose header says so; nothing here names one. What is judged was judged when the snapshot was
built; shares of the make-up are counts and nobody judges them.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard.catalog import Query
from dashboard.components.sheet import Sheet
from dashboard.gaps import FLAGS
from dashboard.gaps.sentences import no_data_reason, period
from dashboard.i18n.text import MISSING, Text, known, number, quarter_name
from dashboard.pages._gaps import Gaps
from dashboard.pages._ranking import found
from dashboard.pages._scene import Scene
from dashboard.pages._supervision import count_words, notes_of, whole
from dashboard.rows import rows_of
from dashboard.statistics import intervals

PATH = "/balance"
WHOLE_REGION = "*"
YEAR = 4  # quarters
FEWEST_FOR_PERCENT = 50  # below it a share is written as x/n
NO_DATA, NOT_STATED = "no_data", "not_stated"
WEIGHT = {"alert": 2, "watch": 1}
STAGES = ("before", "during", "after")
DIRECTIONS = ("top_down", "peer", "bottom_up", "external")
FORMS, SCOPES, ARRANGEMENTS = ("open", "covert"), ("single", "topic", "general"), ("regular", "joint", "surprise")


@dataclass(frozen=True)
class Balance:
    """The scene with what this page needs of it, each asked for once."""

    now: Scene

    @property
    def t(self) -> Text:
        return self.now.t

    @cached_property
    def gaps(self) -> Gaps:
        return Gaps(self.now)

    @cached_property
    def axes(self) -> dict[str, Query]:
        """The rules that have a place on this page, in the order of their places."""
        own = {name: rule for name, rule in self.gaps.rules.items() if "axis" in rule.header}
        return dict(sorted(own.items(), key=lambda item: (item[1].header["axis"]["position"], item[0])))

    def side(self, rule: str, which: str) -> str:
        """The name of an axis's 'heavy' or 'light' side."""
        return self.axes[rule].header["axis"][which][self.now.lang]

    @cached_property
    def rule(self) -> str | None:
        """The axis that the list of departments is narrowed to; None for all."""
        asked = self.now.filters.rule
        return asked if asked in self.axes else None

    @cached_property
    def selected(self) -> Any:
        """The row of the department whose axes are drawn; None: the region's."""
        rows = self.now.departments
        return next(rows_of(rows[rows["department_id"] == self.now.filters.department]), None)

    @property
    def whose(self) -> str:
        return WHOLE_REGION if self.selected is None else str(self.selected.department_id)

    @property
    def place(self) -> str:
        """Whose axes are drawn, in words."""
        return dict(self.now.regions)[self.now.region] if self.selected is None else self.selected.full_name

    @cached_property
    def hits(self) -> pd.DataFrame:
        """The departments that the typed words find."""
        return found(self.now.departments, self.now.filters.q) if self.now.filters.q else self.now.departments.head(0)

    @cached_property
    def notices(self) -> list[str]:
        """What was asked for and is not there."""
        said, filters = [], self.now.filters
        if filters.department and self.selected is None:
            said.append(self.t("balance.notice.department"))
        if filters.rule and self.rule is None:
            said.append(self.t("balance.notice.rule", asked=filters.rule))
        return said

    # --- the axes ----------------------------------------------------------------------------------------------
    @cached_property
    def every(self) -> pd.DataFrame:
        """What each axis says of the region and of every department, in this quarter."""
        return self.now.run("axes", rules=list(self.axes))

    @cached_property
    def own(self) -> pd.DataFrame:
        """Axis → its row of the region or of the selected department, with `previous`, the share a year before."""
        rows = self.every[self.every["department_id"] == self.whose]
        before = self.now.run("axes", rules=list(self.axes), quarter=_year_before(self.now.quarter))
        # a share that nobody judged then is nothing to compare with
        before = before[(before["department_id"] == self.whose) & (before["status"] != NO_DATA)]
        previous = before.set_index("rule")["share"]
        return rows.assign(previous=rows["rule"].map(previous)).set_index("rule").reindex(list(self.axes))

    @cached_property
    def departments(self) -> pd.DataFrame:
        """What each axis says of each department of the view, with `label`, `full_name` and `name_order`."""
        names = self.now.departments[["department_id", "label", "full_name", "name_order"]]
        return self.every.merge(names, on="department_id")

    @cached_property
    def flagged(self) -> list[str]:
        """The axes that are out of balance."""
        return [rule for rule, row in self.own.iterrows() if row["status"] in FLAGS]

    @cached_property
    def unjudged(self) -> list[str]:
        return [rule for rule, row in self.own.iterrows() if row["status"] not in (*FLAGS, "ok")]

    def tally(self, rule: str) -> tuple[int, int, int]:
        """Of the departments of the view: flagged, judged, and with too little to judge."""
        counts = self._counts[rule]
        return sum(counts[status] for status in FLAGS), counts.total() - counts[NO_DATA], counts[NO_DATA]

    @cached_property
    def _counts(self) -> dict[str, Counter[str]]:
        """Axis → state → departments of the view."""
        found: dict[str, Counter[str]] = {rule: Counter() for rule in self.axes}
        for rule, status in zip(self.departments["rule"], self.departments["status"]):
            found[rule][status] += 1
        return found

    def sentence(self, row: Mapping[str, Any], name: str) -> str:
        """What the rule says of a row of `every`."""
        return self.gaps.sentence(row, name)

    def reason(self, rule: str, row: Mapping[str, Any]) -> str:
        """Why there is no judgement."""
        return no_data_reason(self.t, self.now.lang, self.axes[rule], row)

    def window_words(self, rule: str, row: Mapping[str, Any]) -> str:
        covered = row["covered_quarters"]
        return period(self.t, self.axes[rule].header["window"], int(covered) if known(covered) else 0)

    @property
    def n_leaning(self) -> int:
        """How many departments of the view have a flag on any axis."""
        return int(self.departments.loc[self.departments["status"].isin(FLAGS), "department_id"].nunique())

    @cached_property
    def leaning(self) -> pd.DataFrame:
        """The departments with a flag on an axis (on the chosen one: all that it judges), the most serious first."""
        rows = self.departments
        if self.rule:
            rows = rows[(rows["rule"] == self.rule) & (rows["status"] != NO_DATA)]
            weight = rows["status"].map(WEIGHT).fillna(0)
            return rows.assign(weight=weight).sort_values(
                ["weight", "share", "department_id"], ascending=[False, True, True]
            )
        weights, alerts = Counter(), Counter()
        for department, status in zip(rows["department_id"], rows["status"]):
            weights[department] += WEIGHT.get(status, 0)
            alerts[department] += status == "alert"
        named = rows.drop_duplicates("department_id")[["department_id", "label", "full_name", "name_order"]]
        named = named[[weights[department] > 0 for department in named["department_id"]]]
        counted = [(alerts[department], weights[department]) for department in named["department_id"]]
        named = named.assign(alerts=[n for n, _ in counted], weight=[n for _, n in counted])
        return named.sort_values(["alerts", "weight", "name_order"], ascending=[False, False, True])

    # --- the make-up -------------------------------------------------------------------------------------------
    @cached_property
    def mix(self) -> pd.DataFrame:
        """Activities of the window by stage, by direction, and inspections by form, scope and arrangement."""
        department = None if self.selected is None else self.whose
        return self.now.run("supervision_mix", window=YEAR, department=department)

    def part(self, name: str, codes: tuple[str, ...]) -> pd.Series:
        """Code → activities, every code of `codes` first; what was registered as none of them last."""
        mix, sums = self.mix, dict.fromkeys(codes, 0)
        others: dict[str, int] = {}
        for part, code, activities in zip(mix["part"], mix["code"], mix["activities"]):
            if part == name:
                code = code if known(code) else NOT_STATED
                into = sums if code in sums else others
                into[code] = into.get(code, 0) + activities
        return pd.Series(sums | dict(sorted(others.items())))

    @cached_property
    def inspections(self) -> pd.DataFrame:
        rows = self.mix[self.mix["part"] == "inspection"].fillna({"code": NOT_STATED})
        return rows.fillna({"scope": NOT_STATED, "arrangement": NOT_STATED})

    def word(self, vocabulary: str, code: str) -> str:
        return self.t("balance.not_stated") if code == NOT_STATED else self.gaps.words.get((vocabulary, code), code)

    @property
    def is_without_supervision(self) -> bool:
        """Whether nobody keeps the register from which every axis is counted."""
        rows = self.every[self.every["department_id"] == WHOLE_REGION]
        return rows.empty or bool(rows["missing"].notna().all())


def _year_before(quarter: str) -> str:
    return f"{int(quarter[:4]) - 1}{quarter[4:]}"


# --- sentences -------------------------------------------------------------------------------------------------
def heading(view: Balance) -> str:
    """How many axes are out of balance and which, with their numbers."""
    t, n = view.t, len(view.axes)
    judged = n - len(view.unjudged)
    words = {"place": view.place, "judged": count_words(t, judged), "flagged": count_words(t, len(view.flagged))}
    if judged == 0:
        return t("balance.title.none", place=view.place)
    if view.flagged:
        names = [
            t("balance.title.axis", side=view.side(rule, "light"), share=share_text(t, view.own.loc[rule]))
            for rule in view.flagged
        ]
        said = t("balance.title.flagged", names=t("list.separator").join(names), **words)
    elif view.selected is None and view.n_leaning:
        said = t("balance.title.departments", n=view.n_leaning, **words)
    else:
        said = t("balance.title.ok", **words)
    rest = t("balance.title.unjudged", n=count_words(t, len(view.unjudged))) if view.unjudged else ""
    return said + rest


def share_text(t: Text, row: Mapping[str, Any]) -> str:
    """'9%', of fewer than 50 '2/26'."""
    if not known(row["share"]):
        return MISSING
    if row["n"] < FEWEST_FOR_PERCENT:
        return f"{number(row['light'], 0)}/{number(row['n'], 0)}"
    return f"{number(row['share'], 0)}%"


def heavy_text(row: Mapping[str, Any]) -> str:
    if row["n"] < FEWEST_FOR_PERCENT:
        return f"{number(row['heavy'], 0)}/{number(row['n'], 0)}"
    return f"{number(100 * row['heavy'] / row['n'], 0)}%"


def interval_words(view: Balance, rule: str, row: Mapping[str, Any]) -> str:
    """'自下而上 364/1,611（22.6%，95% 区间 20.6–24.7%），近四季；关注线 15%，预警线 5%；未触发'."""
    t = view.t
    return t(
        "balance.hover",
        side=view.side(rule, "light"),
        x=number(row["light"], 0),
        n=number(row["n"], 0),
        share=number(row["share"]),
        low=number(row["low"]),
        high=number(row["high"]),
        period=view.window_words(rule, row),
        watch=number(row["watch"], 0),
        alert=number(row["alert"], 0),
        status=t(f"gaps.status.{row['status']}"),
    )


def under_the_chart(view: Balance) -> list[str]:
    """Which interval lies past which line, of each axis that is flagged."""
    t = view.t
    return [
        t(
            f"balance.past.{row['status']}",
            side=view.side(rule, "light"),
            share=share_text(t, row),
            low=number(row["low"], 0),
            high=number(row["high"], 0),
            line=number(row[row["status"]], 0),
        )
        for rule, row in view.own.loc[view.flagged].iterrows()
    ]


def strips_title(view: Balance) -> str:
    """On which axis most departments lean, where there is one."""
    flagged = {rule: view.tally(rule)[0] for rule in view.axes}
    most = max(flagged.values(), default=0)
    if not most:
        return view.t("balance.strips.none")
    rules = [rule for rule, n in flagged.items() if n == most]
    if len(rules) > 1:
        return view.t("balance.strips.tied", n=most)
    return view.t("balance.strips.title", side=view.side(rules[0], "light"), n=most)


def stage_title(view: Balance) -> str:
    counts = view.part("stage", STAGES)
    if not counts.sum():
        return view.t("balance.mix.none")
    shares = [
        view.t("balance.mix.share", name=view.word("stage", code), share=portion(counts[code], counts.sum()))
        for code in STAGES
    ]
    return _opened(view.t("list.separator").join(shares))


def direction_title(view: Balance) -> str:
    counts = view.part("direction", DIRECTIONS)
    total, outside = counts.sum(), counts["external"]
    if not total:
        return view.t("balance.mix.none")
    if not outside:
        return view.t("balance.outside.zero", n=number(total, 0))
    low, high = (100 * float(end) for end in intervals.wilson(float(outside), float(total)))
    words = {"low": number(low, 0), "high": number(high, 0)}
    return view.t("balance.outside.title", share=portion(outside, total), n=number(total, 0), **words)


def inspection_title(view: Balance) -> str:
    rows, t = view.inspections, view.t
    total = int(rows["activities"].sum())
    if not total:
        return t("balance.inspections.zero")
    there = set(zip(rows["code"], rows["scope"]))
    missing = [
        t("balance.inspections.kind", form=view.word("form", form), scope=view.word("scope", scope))
        for form in FORMS
        for scope in SCOPES
        if (form, scope) not in there
    ]
    words = {"n": number(total, 0), "used": len(FORMS) * len(SCOPES) - len(missing)}
    if not missing:
        return t("balance.inspections.all", **words)
    return t("balance.inspections.title", names=t("list.separator").join(missing), **words)


def _opened(sentence: str) -> str:
    """With a capital letter, as a heading begins."""
    return sentence[:1].upper() + sentence[1:]


def portion(x: float, n: float) -> str:
    """'17%', of fewer than 50 '4/26'."""
    return f"{number(x, 0)}/{number(n, 0)}" if n < FEWEST_FOR_PERCENT else f"{number(100 * x / n, 0)}%"


# --- the file --------------------------------------------------------------------------------------------------
def sheet_of(view: Balance) -> Sheet:
    """One row an axis of the region and of each department: its share, interval, lines and what is said of it."""
    now, t = view.now, view.t
    kind = t("sheet.kind.demonstration" if now.snapshot.demonstration else "sheet.kind.office")
    of_region = view.every[view.every["department_id"] == WHOLE_REGION].assign(full_name=dict(now.regions)[now.region])
    rows = pd.concat([of_region, view.departments.sort_values("name_order")], ignore_index=True)
    if view.selected is not None:
        rows = rows[rows["department_id"] == view.whose]
    if view.rule:
        rows = rows[rows["rule"] == view.rule]
    order = {rule: at for at, rule in enumerate(view.axes)}
    rows = rows.assign(at=rows["rule"].map(order)).sort_values("at", kind="stable")
    columns = (
        *(t(key) for key in ("sheet.quarter", "sheet.id", "sheet.name")),
        *(t(f"balance.sheet.{name}") for name in ("axis", "light", "x", "n", "share", "low", "high", "watch", "alert")),
        *(t(key) for key in ("sheet.outcome", "sheet.note", "sheet.snapshot", "sheet.kind")),
    )
    lines = tuple(
        (
            now.quarter,
            row["department_id"],
            row["full_name"],
            view.axes[row["rule"]].header["title"][now.lang],
            view.side(row["rule"], "light"),
            *(whole(row[name]) for name in ("light", "n")),
            *(_rounded(row[name]) for name in ("share", "low", "high", "watch", "alert")),
            t(f"gaps.status.{row['status']}"),
            view.reason(row["rule"], row) if row["status"] == NO_DATA else "",
            now.snapshot.id,
            kind,
        )
        for row in rows.to_dict("records")
    )
    name = "_".join(
        [t("app.name"), t("nav.balance"), quarter_name(t, now.quarter)]
        + ([t("app.demonstration")] if now.snapshot.demonstration else [])
    )
    return Sheet(name, columns, lines, notes_of(now, t("nav.balance"), PATH, kind, "supervision · D1 §1.2, §1.4"))


def _rounded(value: float) -> float | None:
    return round(float(value), 1) if known(value) else None
