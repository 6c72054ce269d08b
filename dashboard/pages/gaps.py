"""The supervision gaps: departments × rules, the evidence behind each cell, and a view to be read from five metres."""

from dataclasses import replace
from typing import Any

import dash
from dash import Input, Output, State, callback, dcc, no_update

from dashboard.catalog import GAP_GROUPS
from dashboard.components import html
from dashboard.components.controls import search_box, select
from dashboard.components.exported import ChartTable, Exported, export_menu
from dashboard.components.gap_matrix import gap_matrix, gap_matrix_picture
from dashboard.components.gap_signs import sign
from dashboard.components.light import light
from dashboard.components.links import view_link
from dashboard.components.sheet import Sheet
from dashboard.components.states import nothing_matches
from dashboard.filters import Filters
from dashboard.gaps import FLAGS, STATUSES
from dashboard.i18n.text import known, number, quarter_name
from dashboard.pages._drawer import cell_of, drawer
from dashboard.pages._evidence import common_notes, evidence_sheet, file_name
from dashboard.pages._follow_up import RECORDED
from dashboard.pages._gaps import PATH, TOO_OFTEN
from dashboard.pages._glance import glance
from dashboard.pages._matrix import CHANGES, STATES, View
from dashboard.pages._scene import EVERY, page, scene, title

ICONS = "icons"


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """The rows behind the chosen cell; without one the matrix as it is shown, a row a cell. None before any import."""
    now = scene(filters, pin, path=PATH)
    if now.snapshot is None:
        return None
    view = View(now)
    cell = cell_of(view)
    return evidence_sheet(view.gaps, view.gaps.rules[cell["rule"]], cell) if cell else _matrix_sheet(view)


dash.register_page(
    __name__,
    path=PATH,
    name="nav.gaps",
    title=lambda: title("nav.gaps"),
    icon="gaps",
    order=4,
    sheet=sheet,
    action="desk",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot, path=PATH)
    if now.snapshot is None:
        return page(now, PATH, "nav.gaps", (), None)
    view, t = View(now), now.t
    groups = [(EVERY, t("matrix.filter.all")), *((group, t(f"gaps.group.{group}")) for group in GAP_GROUPS)]
    states = [(EVERY, t("matrix.filter.all")), *((state, view.state_words(state)) for state in STATES)]
    controls = [
        select(t("matrix.filter.group"), "group", view.group or EVERY, groups, default=EVERY),
        select(t("matrix.filter.status"), "status", view.status or EVERY, states, default=EVERY),
        search_box(t("matrix.filter.search"), now.filters.q),
    ]
    body = html.Div(
        [
            dcc.Store(id="gaps-shown", data=matrix_address(view)),
            html.Section(main_card(view), id="gaps-main", className="card-box gaps-card"),
            html.Aside(side(view), id="gaps-drawer", className="drawer", **{"aria-label": t("matrix.drawer")}),
        ],
        className="gaps",
    )
    return page(now, PATH, "nav.gaps", controls, body)


@callback(
    Output("gaps-main", "children"),
    Output("gaps-drawer", "children"),
    Output("gaps-shown", "data"),
    Input("url", "search"),
    Input(RECORDED, "data"),
    State("snapshot", "data"),
    State("gaps-shown", "data"),
    prevent_initial_call=True,
)
def update(search: str, _recorded: Any, snapshot: str, shown: str) -> tuple[Any, Any, Any]:
    """A choice of a cell draws the drawer alone: the matrix is the same, and large."""
    view = View(scene(Filters.from_search(search), snapshot, path=PATH))
    if view.now.snapshot is None:
        return no_update, no_update, no_update
    matrix = matrix_address(view)
    main = no_update if matrix == shown else light(main_card(view))
    return main, light(side(view)), matrix


def matrix_address(view: View) -> str:
    """All that the matrix depends on: the address without the cell, notices about the cell, what was set aside."""
    set_aside = [f"{rule}:{department}" for rule, department in sorted(view.records.marked)]
    return "|".join([replace(view.now.filters, rule=None, department=None).to_search(), *view.notices, *set_aside])


def is_glance(view: View) -> bool:
    return view.now.filters.view == ICONS


def side(view: View) -> list[Any]:
    """The view from five metres has no drawer: nobody reads small print there."""
    return [] if is_glance(view) else drawer(view)


def main_card(view: View) -> list[Any]:
    """The finding, what changed since last quarter, and the matrix."""
    now, t = view.now, view.now.t
    said = [html.P(sentence, className="notice") for sentence in view.notices]
    if view.shown.empty:
        every = replace(now.filters, q=None, category=None, departments=(), group=None, status=None)
        return [*said, nothing_matches(t, PATH + every.to_search())]
    if is_glance(view):
        return [*said, *glance(view, _changes(view), _other_view(view))]
    reading = _reading(view)
    and_click = t("sentence.space").join([reading, t("matrix.click")])
    matrix = t, view.columns, view.lines, view.cells
    marked, counts = view.records.marked, t("matrix.counts.chosen" if now.is_chosen else "matrix.counts")

    def table() -> ChartTable:
        rows = _matrix_sheet(view)
        return ChartTable(rows.columns, rows.rows)

    topic = now.topic(t("nav.gaps"))
    exported = Exported(
        "gaps", view.finding, topic, (reading,), table, lambda: gap_matrix_picture(*matrix, marked, counts)
    )
    return [
        *said,
        html.Div(
            [
                html.H2(view.finding),
                html.Div([*_legend(view), _other_view(view), export_menu(t, exported)], className="legend"),
            ],
            className="card-head",
        ),
        html.Div([_changes(view), html.P(and_click, className="quiet", title=and_click)], className="about"),
        html.Div(
            gap_matrix(*matrix, view.cell_address, marked, counts),
            className="matrix-scroll",
        ),
    ]


def _reading(view: View) -> str:
    words = {"n": len(view.departments), "rules": len(view.rules), "often": number(100 * TOO_OFTEN, 0)}
    return view.now.t("matrix.reading.chosen" if view.now.is_chosen else "matrix.reading", **words)


def _legend(view: View) -> list[Any]:
    """Each state with its sign and its count; a click leaves only what has it, a second click everything."""
    t = view.now.t
    return [
        _filter_link(view, status, [sign(t, status), t(f"gaps.status.{status}"), html.B(number(view.count(status), 0))])
        for status in STATUSES
    ]


def _changes(view: View) -> html.P:
    """What became of last quarter's flags, and which are new."""
    t = view.now.t
    if not view.has_previous:
        return html.P(t("matrix.changes.first"), className="changes")
    links = [
        _filter_link(view, change, [t(f"gaps.change.{change}"), html.B(number(view.count(change), 0))], change)
        for change in CHANGES
    ]
    since = t("matrix.changes", quarter=quarter_name(t, view.now.previous))
    return html.P([html.Span(since), *links], className="changes")


def _filter_link(view: View, state: str, words: list[Any], css: str = "") -> html.A:
    """Another choice of cells closes the drawer, whose cell may not be among them."""
    chosen = state == view.status
    wanted = replace(view.now.filters, status=None if chosen else state, rule=None, department=None)
    current = {"aria-current": "true"} if chosen else {}
    return view_link(words, PATH, wanted, className=f"chosen {css}".strip() if chosen else css, **current)


def _other_view(view: View) -> html.A:
    t, filters = view.now.t, view.now.filters
    other = None if is_glance(view) else ICONS
    wanted = replace(filters, view=other, rule=None, department=None)
    return view_link(
        t("matrix.view.full" if is_glance(view) else "matrix.view.icons"), PATH, wanted, className="button"
    )


def _matrix_sheet(view: View) -> Sheet:
    """The cells shown, a row each, departments and rules in the order of the page."""
    now, t, lang = view.now, view.now.t, view.now.lang
    departments = {name: at for at, name in enumerate(view.departments)}
    rules = {name: at for at, name in enumerate(view.rules)}
    found = view.shown[view.shown["is_hit"]]
    found = found.assign(row=found["department_id"].map(departments), column=found["rule"].map(rules))
    columns = (
        *(t(f"sheet.{name}") for name in ("quarter", "id", "name")),
        *(t(f"matrix.sheet.{name}") for name in ("number", "rule", "group", "status", "change", "since")),
        *(t(f"matrix.column.{name}") for name in ("value", "threshold")),
        t("matrix.sheet.unit"),
        t("sheet.n"),
        t("matrix.sheet.sentence"),
    )
    lines = []
    for row in found.sort_values(["row", "column"]).to_dict("records"):
        header = view.gaps.rules[row["rule"]].header
        lines.append(
            (
                now.quarter,
                row["department_id"],
                row["full_name"],
                header["order"],
                header["title"][lang],
                t(f"gaps.group.{header['group']}"),
                t(f"gaps.status.{row['status']}"),
                t(f"gaps.change.{row['change']}") if row["change"] else "",
                row["since"] if row["status"] in FLAGS else "",
                _rounded(row["value"], header["decimals"]),
                _rounded(row["threshold"], header["decimals"]),
                header["unit"][lang],
                int(row["n"]) if known(row["n"]) else None,
                view.gaps.sentence(row, row["full_name"]),
            )
        )
    chosen = [
        (t("sheet.category"), dict(now.groups)[now.category] if now.category else t("sheet.all")),
        *now.chosen_notes,
        (t("matrix.filter.group"), t(f"gaps.group.{view.group}") if view.group else t("sheet.all")),
        (t("matrix.filter.status"), view.state_words(view.status) if view.status else t("sheet.all")),
        (t("sheet.search"), now.filters.q or "—"),
    ]
    name = file_name(now, t("nav.gaps"))
    return Sheet(name, columns, tuple(lines), (*chosen, *common_notes(now, len(lines))))


def _rounded(value: float, decimals: int) -> float | None:
    return round(float(value), max(decimals, 1) + 1) if known(value) else None
