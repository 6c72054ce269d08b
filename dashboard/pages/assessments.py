"""The assessments of a year: which kinds reached whom, scores, self-assessments, window stars and declarations."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import dash
import numpy as np
import pandas as pd
from dash import Input, Output, State, callback, no_update

from dashboard.charts.bars import bar_words, bars
from dashboard.components import html
from dashboard.components.chart_card import ChartTable, chart_card
from dashboard.components.gap_signs import sign
from dashboard.components.light import light
from dashboard.components.links import department_link, joined, rule_address
from dashboard.components.sheet import Sheet
from dashboard.components.states import indicator_without_data, nothing_matches
from dashboard.filters import Filters
from dashboard.i18n.text import MISSING, known, number, quarter_name, signed
from dashboard.pages._rule import closing
from dashboard.pages._scene import Scene, page, scene, title
from dashboard.rows import Row, rows_of

PATH = "/assessments"
COMPREHENSIVE, WINDOW, DECLARATION = "comprehensive", "window", "declaration"
A_STAR, MOST_STARS = 20, 5  # points that one star stands for
RULES = ("below_standard_two_years", "weak_self_awareness")
SCORED = ("focused", "spot")  # kinds whose score is shown as it is


@dataclass(frozen=True)
class View:
    """The scene with the assessments of its year."""

    now: Scene

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The assessments of the view's departments, with their `label`; in the order of the names."""
        names = self.now.departments[["department_id", "label", "full_name", "name_order"]]
        return self.now.run("assessments").merge(names, on="department_id").sort_values("name_order")

    @property
    def year(self) -> int:
        return int(self.rows["year"].iloc[0])

    @cached_property
    def words(self) -> dict[tuple[str, str], str]:
        found = self.now.run("words")
        return dict(zip(zip(found["vocabulary"], found["code"]), found[self.now.lang]))

    def word(self, vocabulary: str, code: str) -> str:
        return self.words.get((vocabulary, code), code)

    @property
    def kinds(self) -> list[str]:
        """Every kind of the vocabulary, also those that reached nobody."""
        return [code for vocabulary, code in self.words if vocabulary == "assessment_kind"]

    @cached_property
    def _of(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in rows_of(self.rows):
            found[row.kind].append(row)
        return found

    def of(self, kind: str) -> list[Row]:
        return self._of[kind]

    def means(self, kind: str, column: str = "score") -> dict[str, float]:
        """department → the mean over its dimensions, where there is one."""
        found: dict[str, list[float]] = defaultdict(list)
        for row in self.of(kind):
            if known(row[column]):
                found[row.department_id].append(row[column])
        return {department: _mean(values) for department, values in found.items()}


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """Every assessment of the year as it was reported; None before the first import."""
    now = scene(filters, pin)
    if now.snapshot is None:
        return None
    view, t = View(now), now.t
    names = ("year", "kind", "dimension", "score", "self_score", "pass_mark")
    columns = (t("sheet.id"), t("sheet.name"), *(t(f"assessments.column.{name}") for name in names))
    lines = tuple(
        (
            row.department_id,
            row.full_name,
            row.year,
            view.word("assessment_kind", row.kind),
            view.word("assessment_dimension", row.dimension),
            *(round(float(v), 2) if known(v) else None for v in (row.score, row.self_score, row.pass_mark)),
        )
        for row in rows_of(view.rows)
    )
    name = "_".join([t("app.name"), t("nav.assessments"), quarter_name(t, now.quarter)])
    return Sheet(name, columns, lines, ((t("sheet.title"), t("nav.assessments")), *closing(now, PATH)))


dash.register_page(
    __name__,
    path=PATH,
    name="nav.assessments",
    title=lambda: title("nav.assessments"),
    icon="assessments",
    order=45,
    sheet=sheet,
    action="desk",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot)
    body = None if now.snapshot is None else html.Div(body_of(View(now)), id="assessments-body", className="rule-part")
    return page(now, PATH, "nav.assessments", (), body)


@callback(
    Output("assessments-body", "children"),
    Input("url", "search"),
    State("snapshot", "data"),
    prevent_initial_call=True,
)
def update(search: str, snapshot: str) -> Any:
    now = scene(Filters.from_search(search), snapshot)
    return light(body_of(View(now))) if now.snapshot else no_update


def body_of(view: View) -> list[Any]:
    now, t = view.now, view.now.t
    if now.departments.empty:
        return [nothing_matches(t, PATH + replace(now.filters, category=None).to_search())]
    if view.rows.empty:
        quarter = quarter_name(t, now.quarter)
        return [indicator_without_data(t, t("nav.assessments"), t("table.assessments"), quarter)]
    cards = [coverage_card(view), dimensions_card(view)]
    return [html.Div(cards, className="rule-two even"), departments_card(view)]


def _source(view: View) -> str:
    return view.now.t("assessments.source")


def coverage_card(view: View) -> html.Section:
    """How many departments each kind of assessment reached."""
    t, listed = view.now.t, len(view.now.departments)
    reached = [len({row.department_id for row in view.of(kind)}) for kind in view.kinds]
    labels = [view.word("assessment_kind", kind) for kind in view.kinds]
    rows = pd.DataFrame({"label": labels, "value": [float(n) for n in reached]})
    columns = [t("assessments.column.kind"), t("assessments.column.reached"), t("assessments.column.not")]
    return chart_card(
        t,
        "assessments-coverage",
        bars(rows, bar_words(t, t("assessments.departments", value="{value}"))),
        t("assessments.coverage.title", year=view.year, n=sum(n > 0 for n in reached), kinds=len(view.kinds)),
        t("assessments.coverage.what", listed=listed),
        [_source(view)],
        ChartTable(columns, [(label, str(n), str(listed - n)) for label, n in zip(labels, reached)]),
    )


def dimensions_card(view: View) -> html.Section:
    """The comprehensive assessment by dimension: score, self-assessment, and who lies below the pass mark."""
    t = view.now.t
    heads = ("dimension", "score", "self_score", "difference", "below")
    dimensions: dict[str, list[Row]] = defaultdict(list)
    for row in view.of(COMPREHENSIVE):
        if known(row.dimension):
            dimensions[row.dimension].append(row)
    lines = []
    for dimension, part in dimensions.items():
        scores = [row.score for row in part if known(row.score)]
        own = [row.self_score for row in part if known(row.self_score)]
        both = [row.self_score - row.score for row in part if known(row.score) and known(row.self_score)]
        marked = [row.score < row.pass_mark for row in part if known(row.score) and known(row.pass_mark)]
        lines.append(
            (
                view.word("assessment_dimension", dimension),
                number(_mean(scores)),
                number(_mean(own)),
                signed(_mean(both)),
                t("assessments.of", n=sum(marked), of=len(marked)) if marked else MISSING,
            )
        )
    inherited = view.now.filters
    rules = view.now.snapshot.queries
    links = [
        html.Link(rules[f"gaps/{rule}"].header["title"][view.now.lang], href=rule_address(inherited, rule))
        for rule in RULES
        if f"gaps/{rule}" in rules
    ]
    return html.Section(
        [
            html.H2(t("assessments.dimensions.title", year=view.year)),
            html.P(t("assessments.dimensions.what"), className="chart-what"),
            _table(view, heads, lines),
            *(
                [html.P([t("assessments.rules"), *joined(links, t("list.separator"))], className="quiet")]
                if links
                else []
            ),
        ],
        className="card-box",
    )


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")


def _table(view: View, heads: Sequence[str], lines: Sequence[Sequence[Any]]) -> html.Table:
    head = html.Tr([html.Th(view.now.t(f"assessments.column.{name}"), scope="col") for name in heads])
    body = [html.Tr([html.Th(row[0], scope="row"), *(html.Td(cell) for cell in row[1:])]) for row in lines]
    return html.Table([html.Thead(head), html.Tbody(body)], className="indicator-list assessments")


def departments_card(view: View) -> html.Section:
    """Each department with what every kind of assessment says of it; what did not reach it is a stroke."""
    t = view.now.t
    scores, own = view.means(COMPREHENSIVE), view.means(COMPREHENSIVE, "self_score")
    kinds = {kind: view.means(kind) for kind in (*SCORED, WINDOW, DECLARATION)}
    below = _below(view)
    # those below the mark come first; all others are in no order of merit
    departments = view.now.departments.assign(
        is_rest=[below.get(key) in (None, t("assessments.below.none")) for key in view.now.departments["department_id"]]
    )
    heads = ("department", "score", "self_score", *SCORED, "window", "declaration", "below_in")
    lines = []
    for department in rows_of(departments.sort_values(["is_rest", "name_order"])):
        key = department.department_id
        stars = kinds[WINDOW].get(key)
        declared = kinds[DECLARATION].get(key)
        lines.append(
            (
                department_link(view.now.filters, key, department.label, title=department.full_name),
                _figure(view, scores.get(key)),
                _figure(view, own.get(key)),
                *(_figure(view, kinds[kind].get(key)) for kind in SCORED),
                _stars(t, stars) if known(stars) else sign(t, "no_data"),
                f"{number(declared)}%" if known(declared) else sign(t, "no_data"),
                below.get(key, sign(t, "no_data")),
            )
        )
    return html.Section(
        [
            html.H2(t("assessments.list.title", year=view.year)),
            html.P(t("assessments.list.what"), className="chart-what"),
            _table(view, heads, lines),
        ],
        className="card-box",
    )


def _figure(view: View, value: float | None) -> Any:
    return number(value) if known(value) else sign(view.now.t, "no_data")


def _below(view: View) -> dict[str, str]:
    """department → the dimensions of its comprehensive assessment below the pass mark, of those that have a mark."""
    t = view.now.t
    marked = (row for row in view.of(COMPREHENSIVE) if known(row.score) and known(row.pass_mark))
    found: dict[str, list[str]] = defaultdict(list)
    for row in sorted(marked, key=lambda row: row.dimension):
        found[row.department_id] += [view.word("assessment_dimension", row.dimension)] * (row.score < row.pass_mark)
    none = t("assessments.below.none")
    return {department: t("list.separator").join(named) or none for department, named in found.items()}


def _stars(t: Any, score: float) -> html.Span:
    """Whole stars as signs; the number stands beside them."""
    stars = score / A_STAR
    whole = min(MOST_STARS, int(stars))
    words = t("assessments.stars", n=number(stars), of=MOST_STARS)
    signs = html.Span("★" * whole + "☆" * (MOST_STARS - whole), **{"aria-hidden": "true"})
    return html.Span([signs, " ", number(stars)], title=words)
