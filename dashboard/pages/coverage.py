"""The coverage calendar: who was supervised when, by which method; the blank cells are the message."""

from dataclasses import replace
from typing import Any

import dash
from dash import Input, Output, State, callback, no_update

from dashboard.components import html
from dashboard.components.calendar_grid import COUNT, UNBORN, UNKEPT, Cell, Column, Line, calendar_grid
from dashboard.components.controls import search_box, select
from dashboard.components.light import light
from dashboard.components.links import view_link
from dashboard.components.pictured import picture_menu
from dashboard.components.sheet import Sheet
from dashboard.components.states import indicator_without_data, nothing_matches
from dashboard.filters import Filters
from dashboard.i18n.text import known, number, quarter_name
from dashboard.pages._coverage import (
    OTHER,
    PATH,
    VIEWS,
    Coverage,
    heading,
    idle_words,
    named,
    period_name,
    sheet_of,
    vacuum,
)
from dashboard.pages._scene import EVERY, page, scene, title
from dashboard.rows import rows_of

BALANCE_PATH = "/balance"


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """The calendar as it is shown, as a file; None before the first import."""
    now = scene(filters, pin)
    return None if now.snapshot is None else sheet_of(Coverage(now))


dash.register_page(
    __name__,
    path=PATH,
    name="nav.coverage",
    title=lambda: title("nav.coverage"),
    icon="coverage",
    order=20,
    sheet=sheet,
    action="desk",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot)
    if now.snapshot is None:
        return page(now, PATH, "nav.coverage", (), None)
    view, t = Coverage(now), now.t
    views = [(name, t(f"coverage.view.{name}")) for name in VIEWS]
    methods = [(EVERY, t("coverage.method.all")), *view.choices]
    controls = [
        select(t("coverage.view"), "view", view.kind, views, default=next(iter(VIEWS))),
        select(t("coverage.method"), "method", view.method or EVERY, methods, default=EVERY),
        search_box(t("filter.search"), now.filters.q),
    ]
    body = html.Div(body_of(view), id="coverage-body", className="coverage")
    return page(now, PATH, "nav.coverage", controls, body)


@callback(
    Output("coverage-body", "children"),
    Input("url", "search"),
    State("snapshot", "data"),
    prevent_initial_call=True,
)
def update(search: str, snapshot: str) -> Any:
    now = scene(Filters.from_search(search), snapshot)
    return light(body_of(Coverage(now))) if now.snapshot else no_update


def body_of(view: Coverage) -> list[Any]:
    """Everything on the page that depends on the filters."""
    now, t = view.now, view.t
    head = [html.P(sentence, className="notice") for sentence in view.notices]
    if now.departments.empty or view.listed.empty:
        return [*head, nothing_matches(t, PATH)]
    if not view.has_register:
        quarter = quarter_name(t, now.quarter)
        return [*head, indicator_without_data(t, t("nav.coverage"), t("table.supervision"), quarter)]
    beside = [*([rows_card(view)] if view.selected is not None else []), methods_card(view)]
    return [
        *head,
        html.Div([calendar_card(view), html.Div(beside, className="coverage-beside")], className="coverage-two"),
    ]


# --- the calendar ----------------------------------------------------------------------------------------------
def calendar_card(view: Coverage) -> html.Section:
    """Departments by quarters or months."""
    t, listed = view.t, view.listed
    cells = {(cell.department_id, cell.period): cell for cell in rows_of(view.cells)}
    columns = view.columns
    lines = [
        Line(
            view_link(
                row.label,
                PATH,
                replace(view.now.filters, department=row.department_id, period=None),
                title=row.full_name,
            ),
            [_cell(view, row, cells[row.department_id, one]) for one in columns["period"]],
            _facts(view, row),
            is_selected=view.selected is not None and row.department_id == view.selected.department_id,
        )
        for row in rows_of(listed)
    ]
    drawn = calendar_grid(
        t,
        PATH,
        t("nav.coverage"),
        _sort_link(view, "name", t("sheet.name")),
        [_column(view, column) for column in rows_of(columns)],
        lines,
        [
            _sort_link(view, None, t("coverage.fact.idle")),
            _sort_link(view, "year", t("coverage.fact.year")),
            _sort_link(view, "key", t("coverage.fact.key")),
            _sort_link(view, "complaints", t("coverage.fact.complaints")),
        ],
    )
    said = [vacuum(view)] if vacuum(view) else []
    unkept = columns.loc[~columns["is_kept"], "quarter"].drop_duplicates()
    if len(unkept):
        said.append(t("coverage.unkept", names=named(t, (quarter_name(t, one) for one in unkept))))
    words = t(f"coverage.what.{view.kind}", n=number(len(listed), 0), what=view.what)
    foot = (*said, words, t("picture.calendar"), t("coverage.source"))
    topic = view.now.topic(t("nav.coverage"))
    return html.Section(
        [
            _head(heading(view), picture_menu(t, "coverage-calendar", heading(view), topic, foot, drawn)),
            *(html.P(sentence, className="body-text") for sentence in said),
            html.P(
                [
                    words,
                    html.Span("0", className="cell blank"),
                    t("coverage.key.blank"),
                    html.Span("⁄", className="cell unkept"),
                    t("coverage.key.unkept"),
                ],
                className="chart-what",
            ),
            html.Div(
                drawn,
                className=f"coverage-rows {view.kind}",
                tabIndex=0,
                role="region",
                **{"aria-label": t("nav.coverage")},
            ),
            html.P(t("coverage.source"), className="quiet"),
        ],
        className="card-box coverage-card",
    )


def _head(heading_: str, menu: html.Details) -> html.Div:
    return html.Div([html.H2(heading_), menu], className="card-head")


def _column(view: Coverage, column: Any) -> Column:
    t, one = view.t, column.period
    label = t("coverage.quarter", n=one[5]) if "Q" in one else str(int(one[5:]))
    return Column(one[:4], label, period_name(t, one), bool(column.is_kept))


def _cell(view: Coverage, row: Any, cell: Any) -> Cell:
    t, when = view.t, period_name(view.t, cell.period)
    if known(cell.activities):
        count = int(cell.activities)
        key = "coverage.cell" if count else "coverage.cell.blank"
        about = t(key, name=row.label, period=when, n=number(count, 0), what=view.what)
        door = replace(view.now.filters, department=row.department_id, period=cell.period)
        is_selected = view.period == cell.period and view.selected.department_id == row.department_id
        return Cell(COUNT, count, about, door, is_selected)
    if not cell.is_standing:
        return Cell(UNBORN, None, t("coverage.cell.unborn", name=row.label))
    return Cell(UNKEPT, None, t("calendar.unkept.column", period=when))


def _facts(view: Coverage, row: Any) -> list[Any]:
    t = view.t
    key = row.key_supervision
    last = t("coverage.last", date=row.last_date.date().isoformat()) if known(row.last_date) else t("coverage.never")
    return [
        html.Span(idle_words(view, row), title=last, className="idle" if row.idle_quarters else None),
        number(row.year_activities, 0) if known(row.year_activities) else t("chart.no_data"),
        _stroke(t) if not known(key) else html.Span("●" if key else "", title=t(f"coverage.key.{key}".lower())),
        number(row.complaints, 0) if known(row.complaints) else _stroke(t),
    ]


def _stroke(t: Any) -> html.Span:
    words = t("chart.no_data")
    return html.Span("⁄", title=words, role="img", **{"aria-label": words})


def _sort_link(view: Coverage, column: str | None, words: str) -> html.A:
    here = "\u00a0▾" if view.sort == column else ""
    return view_link(words + here, PATH, replace(view.now.filters, sort=column), title=view.t("coverage.sort"))


# --- the rows behind a cell ------------------------------------------------------------------------------------
def rows_card(view: Coverage) -> html.Section:
    """The activities of the chosen department and quarter; none is said in words."""
    t, rows, name = view.t, view.activities, view.selected.full_name
    when = period_name(t, view.period) if view.period else view.year
    n = len(rows)
    heading_ = t("coverage.rows", name=name, period=when, n=number(n, 0), what=view.what)
    if not n:
        heading_ = t("coverage.rows.none", name=name, period=when, what=view.what)
    close = view_link(
        "×",
        PATH,
        replace(view.now.filters, department=None, period=None),
        className="coverage-close",
        title=t("coverage.leave"),
        **{"aria-label": t("coverage.leave")},
    )
    elsewhere = replace(view.now.filters.without_row(), department=view.selected.department_id)
    doors = html.P(
        html.Link(t("coverage.rows.balance"), href=f"{BALANCE_PATH}{elsewhere.to_search()}"), className="quiet"
    )
    body = _table(view) if n else html.P(t(_why_empty(view)), className="body-text")
    return html.Section(
        [html.Div([html.H2(heading_), close], className="card-head"), body, doors], className="card-box coverage-panel"
    )


def _why_empty(view: Coverage) -> str:
    """A cell without rows: nothing was registered, nobody kept the register, or there was no such department."""
    own = view.cells[view.cells["department_id"] == view.selected.department_id]
    cell = own[own["period"] == view.period]
    if len(cell) and not known(cell["activities"].iloc[0]):
        return "coverage.rows.unborn" if not cell["is_standing"].iloc[0] else "coverage.rows.unkept"
    return "coverage.rows.blank"


def _table(view: Coverage) -> html.Div:
    t = view.t
    words = ("method", "stage", "direction", "domain")
    heads = ["date", *words, "findings", "notices"]
    day = "%m-%d" if view.period else "%Y-%m-%d"  # of a chosen quarter the heading says the year
    body = [
        html.Tr(
            [
                html.Th(f"{row.date:{day}}", scope="row"),
                *(html.Td(view.word(name, getattr(row, name)), className="word") for name in words),
                *(html.Td(number(getattr(row, name), 0)) for name in ("findings", "notices")),
            ],
            title=t("coverage.rows.id", id=row.activity_id),
        )
        for row in rows_of(view.activities)
    ]
    return html.Div(
        html.Table(
            [
                html.Thead(html.Tr([html.Th(t(f"coverage.rows.{name}"), scope="col") for name in heads])),
                html.Tbody(body),
            ],
            className="coverage-table",
        ),
        className="coverage-list",
        tabIndex=0,
        role="region",
        **{"aria-label": t("coverage.rows.label")},
    )


# --- methods ---------------------------------------------------------------------------------------------------
def methods_card(view: Coverage) -> html.Section:
    """Methods of the whole region by quarter; those that nobody used are named."""
    t, used, lang = view.t, view.used, view.now.lang
    columns = used.drop_duplicates("period").sort_values("period")
    kept = used.groupby("period")["activities"].count() > 0
    lines = [
        Line(
            view_link(
                rows[lang].iloc[0],
                PATH,
                replace(view.now.filters, method=None if view.methods == [method] else method),
                title=t("coverage.methods.choose"),
            ),
            [_method_cell(view, cell) for cell in rows_of(rows.sort_values("period"))],
            is_selected=method in (view.methods or ()),
        )
        for method, rows in used.groupby("method", sort=False)
        if method != OTHER or rows["activities"].sum()
    ]
    drawn = calendar_grid(
        t,
        PATH,
        t("coverage.methods"),
        t("coverage.method"),
        [
            Column(one[:4], t("coverage.quarter", n=one[5]), period_name(t, one), bool(kept[one]))
            for one in columns["period"]
        ],
        lines,
    )
    names, n = named(t, view.never), len(columns)
    title_ = t("coverage.methods.never", names=names, n=n) if view.never else t("coverage.methods.all", n=n)
    what = t("coverage.methods.what", place=dict(view.now.regions)[view.now.region], n=n)
    foot = (what, t("coverage.methods.source"))
    menu = picture_menu(t, "coverage-methods", title_, view.now.topic(t("coverage.methods")), foot, drawn)
    return html.Section(
        [
            _head(title_, menu),
            html.P(what, className="chart-what"),
            html.Div(
                drawn, className="coverage-methods", tabIndex=0, role="region", **{"aria-label": t("coverage.methods")}
            ),
            html.P(t("coverage.methods.source"), className="quiet"),
        ],
        className="card-box",
    )


def _method_cell(view: Coverage, row: Any) -> Cell:
    t, when = view.t, period_name(view.t, row.period)
    if not known(row.activities):
        return Cell(UNKEPT, None, t("calendar.unkept.column", period=when))
    words = {"name": getattr(row, view.now.lang), "period": when, "n": number(row.activities, 0)}
    return Cell(COUNT, int(row.activities), t("coverage.methods.cell", **words))
