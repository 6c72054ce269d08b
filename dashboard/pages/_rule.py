"""One gap rule as rows, numbers and words: what its page shows, what other thresholds would do, and its files."""

import datetime
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard.catalog import Query, QueryFileError
from dashboard.components.links import RULE_PATH
from dashboard.components.sheet import Sheet
from dashboard.gaps import FLAGS, Contradiction, contradiction
from dashboard.gaps.sentences import needed_name, no_data_reason
from dashboard.i18n.text import MISSING, known, number, quarter_name
from dashboard.pages._follow_up import Records, hit_words
from dashboard.pages._gaps import TOO_OFTEN, Gaps
from dashboard.pages._scene import Scene
from dashboard.rows import rows_of

EVERY = "*"  # the control at its default: the list of all rules
FEWEST = "fewest"  # how thresholds begin that say how many events there must be
WATCH, ALERT = "watch", "alert"
FEWEST_FOR_PERCENT = 50  # cases; a share of fewer is written with what it is, x of n
OUTSIDE_95, OUTSIDE_998 = 0.05, 0.002  # of departments that do not differ, beyond the limits of both sides
STATISTICAL = ("share", "funnel", "chart", "composite")


@dataclass(frozen=True)
class View:
    """The scene with what this page needs of it, each asked for once."""

    now: Scene

    @cached_property
    def gaps(self) -> Gaps:
        return Gaps(self.now)

    @property
    def name(self) -> str | None:
        """The rule that the address names; None: the list of all."""
        return self.now.filters.rule if self.now.filters.rule in self.gaps.rules else None

    @property
    def rule(self) -> Query:
        return self.gaps.rules[self.name]

    @property
    def header(self) -> dict[str, Any]:
        return self.rule.header

    def said(self, key: str) -> str:
        """A text of the header in the viewer's language."""
        return self.header[key][self.now.lang]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """What the rule says of each department of the view, the most urgent first."""
        rows = self.gaps.rows[self.gaps.rows["rule"] == self.name]
        urgency = rows["status"].map({ALERT: 0, WATCH: 1, "ok": 2, "no_data": 3})
        far = (rows["value"] - rows["threshold"]).abs()
        ordered = rows.assign(urgency=urgency, far=-far).sort_values(["urgency", "far", "name_order"])
        return ordered.drop(columns=["urgency", "far"])

    @cached_property
    def series(self) -> pd.DataFrame:
        """Every quarter up to the one shown, of the peer group where the view is narrowed to one."""
        return self._of_view(self.gaps.series(self.name))

    def _of_view(self, rows: pd.DataFrame) -> pd.DataFrame:
        category = self.now.category
        return rows[rows["category"] == category] if category else rows

    @cached_property
    def every_threshold(self) -> pd.DataFrame:
        return self.now.run("thresholds")

    def thresholds_of(self, rule: str) -> pd.DataFrame:
        """name, value in force, default_value, is_own; in the header's order."""
        order = list(self.gaps.rules[rule].header.get("thresholds", {}))
        rows = self.every_threshold[self.every_threshold["rule"] == rule].set_index("name")
        return rows.reindex([name for name in order if name in rows.index])

    @cached_property
    def thresholds(self) -> pd.DataFrame:
        return self.thresholds_of(self.name)

    @property
    def in_force(self) -> dict[str, float]:
        return self.thresholds["value"].to_dict()

    @cached_property
    def trial(self) -> "Trial | None":
        """What the thresholds of the address would do; None where none are tried."""
        return Trial.of(self) if self.now.filters.trial else None

    def written(self, value: Any) -> str:
        """A value of the rule with its unit."""
        return with_unit(number(value, self.header["decimals"]), self.said("unit")) if known(value) else MISSING

    @property
    def unit(self) -> str:
        return self.said("unit")


def with_unit(text: str, unit: str) -> str:
    return f"{text}%" if unit == "%" else f"{text} {unit}"


def plain_number(value: float) -> str:
    """'15', '12.5': a threshold as a person would write it."""
    return f"{value:,.10g}"


# --- what the rule is ------------------------------------------------------------------------------------------
def method_words(view: View) -> str:
    return view.now.t(f"rulepage.method.{view.header['kind']}")


def kind_words(t: Any, header: dict[str, Any]) -> str:
    return t("rulepage.kind.statistical" if header["kind"] in STATISTICAL else "rulepage.kind.deterministic")


def threshold_lines(view: View) -> list[str]:
    """Each threshold in force; where it is the office's own, the default beside it."""
    t, lang = view.now.t, view.now.lang
    return [
        t(
            "rulepage.threshold.own" if row.is_own else "rulepage.threshold",
            what=view.header["thresholds"][row.Index][lang],
            value=plain_number(row.value),
            default=plain_number(row.default_value),
        )
        for row in rows_of(view.thresholds)
    ] or [t("rulepage.thresholds.none")]


def fewest_words(view: View) -> str:
    """The smallest number that is judged."""
    t, lang = view.now.t, view.now.lang
    found = [
        t("rulepage.threshold", what=view.header["thresholds"][name][lang], value=plain_number(value))
        for name, value in view.in_force.items()
        if name.startswith(FEWEST)
    ]
    if found:
        return t("list.separator").join(found)
    return t("rulepage.fewest.none" if view.header["kind"] == "deterministic" else "rulepage.fewest.excluded")


def table_lines(view: View) -> list[str]:
    """Each table or column that the rule needs, and whether the office has it."""
    t = view.now.t
    lacks = view.rows["missing"].dropna()
    missing = set(lacks.iloc[0].split(",")) if len(lacks) else set()
    found = view.now.run("indicator_tables", tables=[need for need in view.header["tables"] if "." not in need])
    there = {row.needed: row for row in rows_of(found)}
    said = []
    for need in view.header["tables"]:
        words = {"table": needed_name(t, view.now.lang, need)}
        row = there.get(need)
        if need in missing or need.partition(".")[0] in missing:
            said.append(t("rulepage.table.absent", **words))
        elif row is not None and row.n_rows and known(row.first_quarter):
            ends = {"first": _period(t, row.first_quarter), "last": _period(t, row.last_quarter)}
            said.append(t("rulepage.table.dated", **words, n=number(row.n_rows, 0), **ends))
        else:
            said.append(t("rulepage.table.there", **words))
    return said


def _period(t: Any, period: str) -> str:
    return quarter_name(t, period) if "Q" in period else t("indicator.year", year=period)


def chance_words(view: View) -> str:
    """How many flags chance alone would raise; '' of rules that count single facts."""
    t, kind = view.now.t, view.header["kind"]
    judged = view.gaps.prevalence(view.name)[1]
    if kind == "deterministic":
        return t("rulepage.chance.deterministic")
    if kind == "share":
        return t("rulepage.chance.share")
    if not judged:
        return t("rulepage.chance.nobody")
    return t(
        "rulepage.chance.limits",
        n=judged,
        per_quarter=number(judged * OUTSIDE_95, 1),
        quarters=number(1 / (judged * OUTSIDE_998), 0),
    )


def hit_rate_words(view: View) -> str:
    """How many of its flags were confirmed, of those followed up."""
    return hit_words(view.now.t, Records(view.gaps).hits.get(view.name))


def fires_words(view: View, rule: str) -> str:
    flagged, judged = view.gaps.prevalence(rule)
    listed = len(view.now.departments)
    if not judged:
        return view.now.t("rulepage.fires.nobody", listed=listed)
    return view.now.t("rulepage.fires", flagged=flagged, judged=judged, listed=listed)


def too_often_words(view: View, rule: str) -> str:
    """The warning that a threshold may be too loose; '' where it is not."""
    if not view.gaps.is_too_often(rule):
        return ""
    flagged, judged = view.gaps.prevalence(rule)
    share = number(100 * flagged / judged, 0)
    return view.now.t("rulepage.often", share=share, limit=number(100 * TOO_OFTEN, 0))


# --- whom it concerns ------------------------------------------------------------------------------------------
def figure_words(view: View, row: Any) -> str:
    """The value and the line it met; a share of few with its counts."""
    t = view.now.t
    value = view.written(row.value)
    if view.header["kind"] == "share" and view.unit == "%" and known(row.n) and known(row.value):
        cases = row.value * row.n / 100
        if row.n < FEWEST_FOR_PERCENT and abs(cases - round(cases)) < 1e-6:
            value = t("rulepage.share", value=value, x=number(round(cases), 0), n=number(row.n, 0))
    if not known(row.threshold):
        return t("rulepage.value", value=value)
    return t("rulepage.value.line", value=value, line=view.written(row.threshold))


def since_words(view: View, row: Any) -> str:
    t = view.now.t
    if row.change == "new":
        return t("rulepage.since.new")
    return t("rulepage.since", quarter=quarter_name(t, row.since), n=int(row.spell_quarters))


def reasons(view: View) -> list[tuple[str, list[dict[str, Any]]]]:
    """Why departments cannot be judged, each reason with their rows, the most frequent first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in view.rows[view.rows["status"] == "no_data"].sort_values("name_order").to_dict("records"):
        why = no_data_reason(view.now.t, view.now.lang, view.rule, row)
        found.setdefault(why, []).append(row)
    return sorted(found.items(), key=lambda item: -len(item[1]))


def lines_of(view: View) -> list[tuple[float, str]]:
    """The lines that hold for every department, with their names; none where each has its own."""
    t = view.now.t
    rows = view.rows[view.rows["status"] != "no_data"]
    met = set(rows["threshold"].dropna().round(9))
    own = {name: value for name, value in view.in_force.items() if name in (WATCH, ALERT)}
    if own and met and met <= {round(value, 9) for value in own.values()}:
        return [(value, t(f"rulepage.line.{name}", value=view.written(value))) for name, value in own.items()]
    if len(met) == 1 and len(rows) > 1 and rows["threshold"].notna().all():
        [line] = met
        return [(line, t("rulepage.line", value=view.written(line)))]
    return []


def counts(rows: pd.DataFrame, quarters: tuple[str, ...], number_of: int = 0) -> pd.DataFrame:
    """quarter, series, alert, watch, judged: how many departments stand where in each of the quarters."""
    table = rows.groupby(["quarter", "status"]).size().unstack(fill_value=0)
    table = table.reindex(index=list(quarters), columns=[ALERT, WATCH, "ok"], fill_value=0)
    return table.assign(judged=table.sum(axis=1), series=number_of).rename_axis("quarter").reset_index()


def shown_quarters(view: View) -> tuple[str, ...]:
    return tuple(quarter for quarter in view.now.quarters if quarter <= view.now.quarter)


# --- other thresholds ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Trial:
    """What the rule would say by thresholds that are being tried; `problem`: why it cannot be told."""

    thresholds: dict[str, float]
    problem: str = ""
    rows: pd.DataFrame | None = None  # of the view, every quarter up to the one shown

    @classmethod
    def of(cls, view: View) -> "Trial":
        t, header, tried = view.now.t, view.header, dict(view.now.filters.trial)
        own = header.get("thresholds", {})
        values = {name: tried.get(name, value) for name, value in view.in_force.items()}
        if strange := [name for name in tried if name not in own]:
            known_names = t("list.separator").join(own) or MISSING
            return cls(values, t("rulepage.trial.strange", name=strange[0], known=known_names))
        if wrong := contradiction(view.rule, values, tried):
            return cls(values, _refusal(view, wrong))
        try:
            found = view.now.snapshot.tried(view.name, values, view.now.region)
        except QueryFileError:
            return cls(values, t("rulepage.trial.refused"))
        names = view.gaps.series(view.name)[["department_id", "category"]].drop_duplicates("department_id")
        found = found[found["quarter"] <= view.now.quarter]
        return cls(values, rows=view._of_view(found.merge(names, on="department_id")))

    def is_in_force(self, view: View) -> bool:
        return self.thresholds == view.in_force

    def moved(self, view: View) -> pd.DataFrame:
        """The departments of the quarter of which it would say something else: `was` and `becomes`."""
        was = view.rows[["department_id", "label", "full_name", "name_order", "status"]].rename(
            columns={"status": "was"}
        )
        now = self.rows[self.rows["quarter"] == view.now.quarter]
        found = was.merge(now, on="department_id")
        found = found[found["was"] != found["status"]]
        kinds = [moved_kind(was, status) for was, status in zip(found["was"], found["status"])]
        order = [MOVES.index(kind) for kind in kinds]
        return found.assign(kind=kinds, urgency=order).sort_values(["urgency", "name_order"])

    def settings_lines(self, view: View) -> list[str]:
        """What stands in settings.toml for these thresholds; nothing where they are the defaults."""
        default = view.thresholds["default_value"].to_dict()
        own = [(name, value) for name, value in self.thresholds.items() if value != default[name]]
        return [f"[thresholds.{view.name}]", *(f"{name} = {value:.10g}" for name, value in own)] if own else []


MOVES = ("newly", "no_longer", "level", "other")


def moved_kind(was: str, becomes: str) -> str:
    if becomes in FLAGS:
        return "level" if was in FLAGS else "newly"
    return "no_longer" if was in FLAGS else "other"


def _refusal(view: View, wrong: Contradiction) -> str:
    """Which of the tried thresholds contradicts, its value, and what would make sense."""
    bound = "least" if math.isinf(wrong.most) else "most" if wrong.against else "both"
    key = f"rulepage.trial.{'turned' if wrong.against else 'beyond'}.{bound}"
    own = view.header["thresholds"]
    return view.now.t(
        key,
        what=own[wrong.name][view.now.lang],
        against=own[wrong.against][view.now.lang] if wrong.against else "",
        value=plain_number(wrong.value),
        least=plain_number(wrong.least),
        most=plain_number(wrong.most),
    )


# --- files -----------------------------------------------------------------------------------------------------
def rows_sheet(view: View) -> Sheet:
    """What the rule says of every department of the view, and what a reader needs who has only the file."""
    now, t = view.now, view.now.t
    keys = ("sheet.quarter", "sheet.id", "sheet.name", "sheet.category")
    own = ("status", "value", "threshold", "n", "since", "sentence")
    columns = (*map(t, keys), *(t(f"rulepage.sheet.{name}") for name in own), t("sheet.snapshot"), t("sheet.kind"))
    kind = t("sheet.kind.demonstration" if now.snapshot.demonstration else "sheet.kind.office")
    decimals = view.header["decimals"] + 2
    lines = tuple(
        (
            now.quarter,
            row["department_id"],
            row["full_name"],
            row["category"],
            t(f"gaps.status.{row['status']}"),
            round(float(row["value"]), decimals) if known(row["value"]) else None,
            round(float(row["threshold"]), decimals) if known(row["threshold"]) else None,
            int(row["n"]) if known(row["n"]) else None,
            row["since"] if known(row["since"]) else "",
            view.gaps.sentence(row),
            now.snapshot.id,
            kind,
        )
        for row in view.rows.to_dict("records")
    )
    notes = (
        (view.said("title"), view.said("why")),
        *((t(f"rulepage.{name}"), view.said(name)) for name in ("formula", "exclusions", "assumptions", "remedy")),
        (t("rulepage.thresholds"), t("list.separator").join(threshold_lines(view))),
        (t("rulepage.unit"), view.unit),
        (t("sheet.source"), view.header["source"]),
        (t("rulepage.fires.title"), fires_words(view, view.name)),
    )
    name = "_".join([t("app.name"), view.said("title"), quarter_name(t, now.quarter), *_demonstration(now)])
    return Sheet(name, columns, lines, (*notes, *closing(now, RULE_PATH)))


def catalogue_sheet(view: View) -> Sheet:
    """The list of all rules as it stands on the page, with their texts in full."""
    now, t, lang = view.now, view.now.t, view.now.lang
    texts = ("why", "formula", "example", "exclusions", "assumptions", "remedy")
    columns = (
        *(t(f"rulepage.column.{name}") for name in ("order", "group", "title", "code", "kind", "source")),
        *(t(f"rulepage.{name}") for name in texts),
        *(t(f"rulepage.column.{name}") for name in ("thresholds", "flagged", "judged", "warning")),
    )
    lines = tuple(
        (
            rule.header["order"],
            t(f"gaps.group.{rule.header['group']}"),
            rule.header["title"][lang],
            name,
            kind_words(t, rule.header),
            rule.header["source"],
            *(rule.header[text][lang] for text in texts),
            ", ".join(f"{key} = {plain_number(value)}" for key, value in view.gaps.thresholds.get(name, {}).items()),
            *view.gaps.prevalence(name),
            too_often_words(view, name),
        )
        for name, rule in view.gaps.rules.items()
    )
    name = "_".join([t("app.name"), t("rulepage.catalogue"), quarter_name(t, now.quarter), *_demonstration(now)])
    return Sheet(name, columns, lines, ((t("sheet.title"), t("rulepage.catalogue")), *closing(now, RULE_PATH)))


def closing(now: Scene, path: str) -> tuple[tuple[str, str], ...]:
    """What every file ends with: whose data, of when, seen where."""
    t = now.t
    return (
        (t("sheet.kind"), t("sheet.kind.demonstration" if now.snapshot.demonstration else "sheet.kind.office")),
        (t("sheet.region"), dict(now.regions)[now.region]),
        (t("sheet.category"), dict(now.groups)[now.category] if now.category else t("sheet.all")),
        (t("sheet.snapshot"), f"{now.snapshot.number} · {now.snapshot.id}"),
        *([(t("sheet.known"), f"{now.filters.known}")] if now.filters.known else []),
        *(
            [(t("sheet.fell_back"), t("notice.fell_back", number=now.snapshot.number))]
            if now.snapshot.fell_back
            else []
        ),
        (t("sheet.time"), f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M %z}"),
        (t("sheet.page"), f"{path}{now.filters.to_search()}"),
        (t("sheet.principle"), t("foot.principle")),
    )


def _demonstration(now: Scene) -> list[str]:
    return [now.t("app.demonstration")] if now.snapshot.demonstration else []
