"""One indicator as rows, numbers and words: what a page shows of it, and what its files hold."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import flask
import pandas as pd

from dashboard import methods
from dashboard.catalog import RATIOS
from dashboard.charts import theme
from dashboard.components.explain import PATH, definition, page_key
from dashboard.components.sheet import Sheet
from dashboard.filters import COMPOSITE
from dashboard.findings import is_rare
from dashboard.i18n.text import known, number, quarter_name
from dashboard.pages._ranking import SCORES, WHOLE_REGION, Measure, caveat, measures, ranking_of, reason
from dashboard.pages._scene import Scene, before
from dashboard.rows import rows_of
from dashboard.statistics import control_chart as limits_of
from dashboard.statistics.intervals import poisson_interval, wilson

SIGNALS = ("concern", "improvement", "high", "low")
MOST_NAMES = 12  # departments that a sentence names
WIDEST_UNIT = 40  # pixels of a unit that may stand behind the last value


@dataclass(frozen=True)
class View:
    """The scene with what this page needs of it, each asked for once."""

    now: Scene
    picked: tuple[str, ...] = ()  # departments looked at apart; every judgement stays one among all

    @classmethod
    def of(cls, now: Scene) -> "View":
        return cls(now.whole, tuple(now.chosen["department_id"]))

    @cached_property
    def measures(self) -> dict[str, Measure]:
        return measures(self.now)

    @property
    def asked(self) -> str:
        return self.now.filters.indicator

    @cached_property
    def measure(self) -> Measure | None:
        """What the address names; None: the list of all."""
        if self.asked == COMPOSITE:
            return None
        named = {page_key(key): measure for key, measure in self.measures.items()}
        first = next((found for found in named.values() if found.indicator == self.asked), None)
        return named.get(self.asked, first)

    @property
    def header(self) -> dict[str, Any]:
        return self.measure.header

    @property
    def decimals(self) -> int:
        return self.header["decimals"]

    @property
    def kind(self) -> str:
        """As the registry of methods calls it."""
        if self.measure.is_composite:
            return methods.COMPOSITE
        return methods.DIMENSION if self.measure.indicator in SCORES else self.header["kind"]

    @property
    def is_score(self) -> bool:
        return self.measure.indicator in SCORES

    @property
    def window(self) -> int:
        """Quarters that are added up: one where adding up means nothing."""
        return 1 if self.header["kind"] == "mean" or self.header.get("stock") else self.now.window()

    @cached_property
    def rows(self) -> pd.DataFrame:
        measure = self.measure
        ascending, window = measure.is_ascending, self.window
        rows = ranking_of(self.now, measure.indicator, measure.variant, ascending, window=window)
        return rows.sort_values("name_order")

    @cached_property
    def base(self) -> Any:
        """What stands behind the quarter's value, which is also the last point of the chart."""
        return self._stands_on(1)

    @cached_property
    def compared(self) -> Any:
        """What stands behind the comparison of departments, over the window."""
        return self.base if self.window == 1 else self._stands_on(self.window)

    def _stands_on(self, window: int) -> Any:
        asked = {"indicator": self.measure.indicator, "variant": self.measure.variant, "window": window}
        return next(rows_of(self.now.run("indicator_base", **asked)))

    @cached_property
    def department(self) -> Any:
        """The department whose own chart the address asks for; None: the region's, or the peer group's."""
        rows = self.now.departments
        return next(rows_of(rows[rows["department_id"] == self.now.filters.department]), None)

    @cached_property
    def line(self) -> "Line":
        return Line(self, WHOLE_REGION + (self.now.category or ""), self.who)

    @cached_property
    def drawn(self) -> "Line":
        """The series on the chart over time."""
        one = self.department
        return self.line if one is None else Line(self, one.department_id, one.full_name)

    @cached_property
    def target(self) -> float | None:
        """The office's own; of a state of the past nobody knows here which target held."""
        if self.now.filters.known or self.now.snapshot.fell_back:
            return None
        return flask.current_app.config["SETTINGS"].targets.get(self.measure.indicator)

    @cached_property
    def sets(self) -> list[tuple[str, str]]:
        """(code, name) of the sets of departments that are compared, in the vocabulary's order."""
        there = set(self.rows["peer_set"].dropna())
        named = [(code, name) for code, name in self.now.groups if code in there]
        rest = "ranking.group.region" if named else "filter.scope.region"
        return [*named, *([(WHOLE_REGION, self.now.t(rest))] if WHOLE_REGION in there else [])]

    @property
    def who(self) -> str:
        now = self.now
        return dict(now.groups)[now.category] if now.category else dict(now.regions)[now.region]

    @property
    def whom(self) -> str:
        return self.now.t(f"ranking.whom.{self.now.scope}")

    @cached_property
    def period(self) -> str:
        """The quarters that are added up, in words."""
        now, first = self.now, self.now.quarter
        for _ in range(self.window - 1):
            if first > now.quarters[0]:
                first = before(first)
        last = quarter_name(now.t, now.quarter)
        return last if first == now.quarter else now.t("indicator.period", first=quarter_name(now.t, first), last=last)

    @cached_property
    def is_empty(self) -> bool:
        return self.rows["value"].isna().all() and not known(self.base.total) and not known(self.compared.total)

    @property
    def foot(self) -> tuple[str, str]:
        t = self.now.t
        tables = t("list.separator").join(t(f"table.{table}") for table in self.header["tables"])
        return (t("indicator.source", tables=tables, source=self.header["source"]), method_words(self))

    @property
    def mark(self) -> str:
        """The unit as it may stand behind a value on a drawing; a long one stands in the subtitle."""
        unit = self.measure.unit
        if unit == "%":
            return unit
        return f" {unit}" if theme.text_width(unit) <= WIDEST_UNIT else ""

    def written(self, value: float, decimals: int | None = None) -> str:
        """A value with its unit."""
        text = number(value, self.decimals if decimals is None else decimals)
        unit = self.measure.unit
        return text if not known(value) else f"{text}%" if unit == "%" else f"{text} {unit}"


@dataclass(frozen=True)
class Line:
    """A series on its control chart: a department's ('D09'), a peer group's ('*party') or the region's ('*')."""

    view: View
    series: str
    who: str

    @cached_property
    def _charted(self) -> pd.DataFrame:
        asked = {"indicator": self.view.measure.indicator, "variant": self.view.measure.variant}
        return self.view.now.run("chart", department=self.series, **asked)

    @property
    def is_total(self) -> bool:
        return self.series.startswith(WHOLE_REGION)

    @cached_property
    def is_rare(self) -> bool:
        """Too few events to judge; of a department not where its last point signals all the same."""
        signals = not self.is_total and self._charted["direction"].tail(1).isin(SIGNALS).any()
        return is_rare(self._charted) and not signals

    @cached_property
    def points(self) -> pd.DataFrame:
        """Clipped to what can occur; of the mean of all scores nobody is judged by it."""
        points, kind, target = self._charted, self.view.header["kind"], self.view.target
        if points.empty:
            return points.assign(target=None)
        if kind != "mean":
            points["lower"] = points["lower"].clip(lower=0)
        if kind == "share" and not (points["value"] > 100).any():
            points["upper"] = points["upper"].clip(upper=100)
        if kind == "mean" and self.is_total:
            is_judged = points["direction"].isin(("improvement", "concern"))
            side = (points["value"] > points["mean"]).map({True: "high", False: "low"})
            points["direction"] = points["direction"].mask(is_judged, side)
        if self.is_rare:
            points = points.assign(lower=float("nan"), upper=float("nan"), point_type="", direction="")
        return points.assign(target=target if target is not None else float("nan"))

    @cached_property
    def verdict(self) -> str:
        """Of the last point: 'common', 'high' …, 'few', 'sparse' or 'none' (no value this quarter)."""
        points = self.points
        if points.empty or points["period"].iloc[-1] != self.view.now.quarter or not known(points["value"].iloc[-1]):
            return "none"
        if self.is_rare:
            return "sparse"
        return points["direction"].iloc[-1] or ("sparse" if known(points["lower"].iloc[-1]) else "few")


def short_definition(words: str) -> str:
    """A definition without its brackets and side remarks, for an axis."""
    return re.split(r"[（(；;,]", words)[0].strip()


def formula(view: View) -> str:
    """How the value comes of numerator and denominator, by these names, which stand above it; '' where it is plain."""
    t, header = view.now.t, view.header
    if "formula" in header:
        return header["formula"][view.now.lang]
    if header["kind"] not in RATIOS:
        return ""
    names = {"numerator": t(f"indicator.numerator.{header['kind']}"), "denominator": t("indicator.denominator")}
    return t(f"indicator.formula.{header['kind']}", **names)


def tables(view: View) -> list[str]:
    """Each table that it needs: whether it is there, and of which quarters."""
    t, found = view.now.t, view.now.run("indicator_tables", tables=view.header["tables"])
    said = []
    for row in rows_of(found):
        words = {"table": t(f"table.{row.needed}"), "n": number(row.n_rows, 0)}
        if not row.n_rows:
            said.append(t("indicator.tables.absent", **words))
        elif not known(row.first_quarter):
            said.append(t("indicator.tables.there", **words))
        else:
            ends = {"first": _period(t, row.first_quarter), "last": _period(t, row.last_quarter)}
            said.append(t("indicator.tables.dated", **words, **ends))
    return said


def _period(t: Any, period: str) -> str:
    return quarter_name(t, period) if "Q" in period else t("indicator.year", year=period)


def region_value(view: View) -> float:
    """Counts add up, shares and rates divide their sums, means are averaged."""
    column = {"count": "total", "mean": "mean"}.get(view.header["kind"], "percent")
    value = getattr(view.base, column)
    return float(value) if known(value) else float("nan")


def interval(view: View) -> tuple[float, float] | None:
    """95 %, of the region's value; None where there is none to give."""
    base, kind = view.base, view.header["kind"]
    if kind == "mean" or not known(region_value(view)):
        return None
    if kind == "share":
        low, high = (100 * float(end) for end in wilson(base.numerator, base.denominator))
    else:
        scale = base.denominator / 100 if kind == "rate" else 1.0
        low, high = (float(end) / scale for end in poisson_interval(base.numerator if kind == "rate" else base.total))
    return (low, high) if known(low) else None


def interval_words(view: View) -> str:
    t, found = view.now.t, interval(view)
    if found is None:
        if view.is_score:
            return t("indicator.interval.scores")
        return t("indicator.interval.mean" if view.header["kind"] == "mean" else "indicator.interval.none")
    low, high = (number(end, max(view.decimals, 0)) for end in found)
    level = methods.numbers()["interval_level"]
    return t("indicator.interval", level=level, low=low, high=high, unit=view.measure.unit)


def window_words(view: View) -> str:
    """Over how many quarters departments are compared, and on how much."""
    t = view.now.t
    if view.header.get("stock"):
        return t("indicator.window.stock")
    if view.header["kind"] == "mean":
        return t("indicator.window.mean")
    if view.window == 1:
        return t("indicator.window.one")
    said = t("indicator.window", n=view.window, period=view.period)
    return t("indicator.window.on", window=said, base=n_words(view, view.compared))


def departments_words(view: View, base: Any) -> str:
    return view.now.t("indicator.departments", n=int(base.departments), listed=len(view.now.departments))


def n_words(view: View, base: Any) -> str:
    """What was counted, by name: the numbers that the value is divided from, or the ballots behind it."""
    t, kind = view.now.t, view.header["kind"]
    if not known(base.n) and not known(base.numerator):
        return t("indicator.none")
    if kind in RATIOS:
        counts = {"numerator": number(base.numerator, 0), "denominator": number(base.denominator, 0)}
        return t("indicator.n.ratio", **counts)
    if view.is_score:
        return t("indicator.n.ballots", n=number(base.n, 0))
    if kind == "mean":
        return t("indicator.n.scores", n=number(base.n, 0))
    return t("indicator.n.count", n=number(base.total, 0), unit=view.measure.unit)


def target_words(view: View) -> str:
    t, points = view.now.t, view.line.points
    words = {"target": view.written(view.target, 0 if float(view.target).is_integer() else view.decimals)}
    code = ""
    if len(points):
        last = points.iloc[-1]
        code = str(limits_of.assurance(last["lower"], last["upper"], view.target, view.header["better"]))
    return t(f"indicator.target.{code or 'none'}", **words)


def notes_words(view: View) -> str:
    """Of how many departments something must be known, over the window that they are compared over."""
    t, found = view.now.t, view.compared
    names = ("partial_quarter", "staff_carried", "short_window", "few")
    noted = [(name, int(getattr(found, name))) for name in names]
    return t("indicator.separator").join(t("indicator.note", note=t(f"note.{name}"), n=n) for name, n in noted if n)


def judged_words(view: View) -> str:
    """When a department is called anything: the definition of the judgement."""
    return view.now.t(f"indicator.judged.{view.kind}", whom=view.whom, **_levels("band_level", "level_95", "level_998"))


def _levels(*names: str) -> dict[str, str]:
    return {name: methods.numbers()[name] for name in names}


def method_words(view: View) -> str:
    """The method of the judgement and its version, as the snapshot's rows name them."""
    t, base = view.now.t, view.compared
    if not known(base.total):
        return t("indicator.none")
    if not known(base.method) or not base.method:
        return t("indicator.method.none")
    return t("indicator.method.version", method=t(f"indicator.method.{base.method}"), version=base.method_version)


def outcome_words(view: View, row: Any) -> str:
    t = view.now.t
    if known(row.outcome):
        return t(f"outcome.{row.outcome}")
    return t("outcome.unjudged") if known(row.value) else why_missing(view, row)


def outside_words(view: View) -> str:
    """The finding of a funnel: who chance would hardly make."""
    t, counts = view.now.t, view.rows["outcome"].value_counts()
    n = int(counts.sum())
    found = {name: int(counts.get(name, 0)) for name in ("high_998", "high_95", "low_998", "low_95", "in")}
    beyond = {"high": found["high_998"] + found["high_95"], "low": found["low_998"] + found["low_95"]}
    if not n:
        return t("indicator.funnel.none")
    key = "indicator.funnel.title" if any(beyond.values()) else "indicator.funnel.calm"
    return t(key, n=n, whom=view.whom, inside=found["in"], far=found["high_998"] + found["low_998"], **beyond)


def judged_by(view: View) -> str:
    if view.is_score:
        return "bands"
    return "limits" if view.header["kind"] in RATIOS else "nobody"


def in_order(view: View, order: Sequence[str]) -> pd.DataFrame:
    """Those with one of these outcomes, in the order of the outcomes; within one, farthest from the others first."""
    found = view.rows[view.rows["outcome"].isin(order)]
    urgency = found["outcome"].map(order.index)
    far = found["difference"].abs() if judged_by(view) == "bands" else (found["value"] - found["benchmark"]).abs()
    return (
        found.assign(urgency=urgency, nearness=-far)
        .sort_values(["urgency", "nearness", "department_id"])
        .drop(columns=["urgency", "nearness"])
    )


def why_missing(view: View, row: Any) -> str:
    """A denominator of zero is another thing than no figure."""
    if known(row.denominator) and row.denominator == 0:
        return view.now.t("indicator.missing.zero")
    if known(row.note) or view.window == 1:
        return reason(view.now, view.measure, row.note)
    return view.now.t("indicator.missing.window")


def names(t: Any, labels: list[str]) -> str:
    shown = t("list.separator").join(labels[:MOST_NAMES])
    return t("indicator.names.more", names=shown) if len(labels) > MOST_NAMES else shown


def region_values(view: View) -> dict[tuple[str, str], Any]:
    return {(row.indicator, row.variant): row for row in rows_of(view.now.run("verdicts"))}


OF_SCORES = ("low", "high", "benchmark", "difference", "difference_low", "difference_high", "set_low", "set_high")
OF_OTHERS = (
    *("numerator", "denominator", "low", "high", "benchmark"),
    *("limit_low_998", "limit_low_95", "limit_high_95", "limit_high_998"),
)


def rows_sheet(view: View) -> Sheet:
    """Every department with all that is said of it, and what a reader needs who has only the file."""
    now, t, measure = view.now, view.now.t, view.measure
    kind = t("sheet.kind.demonstration" if now.snapshot.demonstration else "sheet.kind.office")
    numbers = OF_SCORES if view.is_score else OF_OTHERS
    columns = (
        *(t(f"sheet.{name}") for name in ("quarter", "id", "name", "category")),
        t("filter.window"),
        t("sheet.value", indicator=measure.title, unit=measure.unit),
        t("sheet.n"),
        *(t(f"indicator.sheet.{name}") for name in (*numbers, "outcome", "variation")),
        *(t(f"sheet.{name}") for name in ("note", "snapshot", "kind")),
    )
    lines = tuple(
        (
            now.quarter,
            row.department_id,
            row.full_name,
            row.group if known(row.group) else "",
            view.window,
            _rounded(row.value, view.decimals),
            _rounded(row.n, 0),
            *(_rounded(getattr(row, name), 0 if name.startswith("set_") else 2) for name in numbers),
            outcome_words(view, row) if judged_by(view) != "nobody" else t("outcome.unjudged"),
            t(f"verdict.{row.variation if known(row.variation) and row.variation else 'unknown'}"),
            caveat(now, row.note) if known(row.value) else why_missing(view, row),
            now.snapshot.id,
            kind,
        )
        for row in rows_of(view.rows)
    )
    notes = [
        (measure.title, view.header["why"][now.lang]),
        (t("indicator.formula"), definition(t, now.lang, view.header)),
        (t("indicator.caveats"), view.header["caveats"][now.lang]),
        (t("sheet.quarter"), view.period),
        (t("filter.scope"), t(f"filter.scope.{now.scope}")),
        (t("sheet.content"), t("sheet.listed", n=len(lines))),
        (t("sheet.method"), method_words(view)),
        (t("indicator.base.judged"), judged_words(view)),
        (t("sheet.source"), f"{', '.join(view.header['tables'])} · {view.header['source']}"),
    ]
    name = "_".join([t("app.name"), measure.label, quarter_name(t, now.quarter), *_demonstration(now)])
    return Sheet(name, columns, lines, (*notes, *now.chosen_notes, *_closing(now, kind)))


def catalogue_sheet(view: View) -> Sheet:
    """The list of all indicators as it stands on the page, with the definitions in full."""
    now, t = view.now, view.now.t
    kind = t("sheet.kind.demonstration" if now.snapshot.demonstration else "sheet.kind.office")
    found = region_values(view)
    names = ("indicator.column.group", "indicator.column.name", "indicator.column.code", "indicator.unit")
    parts = ("indicator.column.numerator", "indicator.denominator", "indicator.formula", "indicator.better")
    rest = ("indicator.caveats", "indicator.asked", "indicator.tables", "indicator.column.value", "sheet.quarter")
    lines = []
    for measure in view.measures.values():
        header, row = measure.header, found.get((measure.indicator, measure.variant))
        words = {name: header[name][now.lang] if name in header else "" for name in ("numerator", "denominator")}
        lines.append(
            (
                t(f"indicator.group.{header['group']}"),
                measure.title,
                measure.key,
                measure.unit,
                words["numerator"],
                words["denominator"],
                definition(t, now.lang, header),
                t(f"indicator.better.{header['better']}"),
                header["caveats"][now.lang],
                header["source"],
                t("list.separator").join(t(f"table.{table}") for table in header["tables"]),
                None if row is None else _rounded(row.value, header["decimals"]),
                now.quarter,
            )
        )
    name = "_".join([t("app.name"), t("indicator.catalogue"), quarter_name(t, now.quarter), *_demonstration(now)])
    notes = ((t("sheet.title"), t("indicator.catalogue")), *_closing(now, kind))
    return Sheet(name, tuple(t(key) for key in (*names, *parts, *rest)), tuple(lines), notes)


def _closing(now: Scene, kind: str) -> tuple[tuple[str, str], ...]:
    """What every file ends with: whose data, of when, seen where."""
    t = now.t
    return (
        (t("sheet.kind"), kind),
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
        (t("sheet.page"), f"{PATH}{now.filters.to_search()}"),
        (t("sheet.principle"), t("foot.principle")),
    )


def _demonstration(now: Scene) -> list[str]:
    return [now.t("app.demonstration")] if now.snapshot.demonstration else []


def _rounded(value: Any, decimals: int) -> float | int | None:
    if not known(value):
        return None
    return int(round(float(value))) if decimals == 0 else round(float(value), decimals)
