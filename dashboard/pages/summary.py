"""Departments × indicators as icons: whose figures really change, who misses a target, who stands apart."""

from dataclasses import replace
from typing import Any

import dash
from dash import Input, Output, State, callback, no_update

from dashboard.components import html
from dashboard.components.controls import search_box, select
from dashboard.components.exported import ChartTable, Exported, export_menu
from dashboard.components.light import light
from dashboard.components.links import view_link
from dashboard.components.sheet import Sheet
from dashboard.components.states import nothing_matches
from dashboard.components.summary_matrix import (
    PICTURES,
    TotalHead,
    assurance_node,
    standing_node,
    summary_matrix,
    summary_picture,
    variation_node,
)
from dashboard.filters import Filters
from dashboard.findings import FALSE_OUTSIDE
from dashboard.i18n.text import known, number, quarter_name
from dashboard.pages._evidence import common_notes, file_name
from dashboard.pages._ranking import caveat
from dashboard.pages._scene import EVERY, page, scene, scope_control, title
from dashboard.pages._summary import COUNTED, PATH, STATES, View

TONES = {"concern": "worse", "improvement": "better", "behind": "worse", "fail": "worse"}  # of the totals
# One line each in the legend: what a cell's first icon says, what the second, what the sign.
CHANGE = ("concern", "improvement", "moved", "common", "few", "no_data")
TARGET = ("fail", "hit_or_miss", "pass")
AMONG = ("behind", "ahead")


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """The cells shown, a row each; None before the first import."""
    now = scene(filters, pin, path=PATH)
    return None if now.snapshot is None else summary_sheet(View(now))


dash.register_page(
    __name__,
    path=PATH,
    name="nav.summary",
    title=lambda: title("nav.summary"),
    icon="summary",
    order=3.5,
    sheet=sheet,
    action="desk",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot, path=PATH)
    if now.snapshot is None:
        return page(now, PATH, "nav.summary", (), None)
    view, t = View(now), now.t
    groups = [(EVERY, t("summary.filter.all")), *((group, t(f"indicator.group.{group}")) for group in view.groups)]
    states = [(EVERY, t("summary.filter.all")), *((state, t(f"summary.state.{state}")) for state in STATES)]
    controls = [
        scope_control(now),
        select(t("summary.filter.group"), "group", view.group or EVERY, groups, default=EVERY),
        select(t("summary.filter.status"), "status", view.status or EVERY, states, default=EVERY),
        search_box(t("summary.filter.search"), now.filters.q),
    ]
    main = html.Section(main_card(view), id="summary-main", className="card-box summary-card")
    body = html.Div(main, className="summary", style=PICTURES)
    return page(now, PATH, "nav.summary", controls, body)


@callback(
    Output("summary-main", "children"),
    Input("url", "search"),
    State("snapshot", "data"),
    prevent_initial_call=True,
)
def update(search: str, snapshot: str) -> Any:
    now = scene(Filters.from_search(search), snapshot, path=PATH)
    return no_update if now.snapshot is None else light(main_card(View(now)))


def main_card(view: View) -> list[Any]:
    """The finding, how sure it is, what each icon means, and the matrix."""
    now, t = view.now, view.now.t
    said = [html.P(sentence, className="notice") for sentence in view.notices]
    if not view.shown:
        every = replace(now.filters, q=None, category=None, departments=(), group=None, status=None)
        return [*said, nothing_matches(t, PATH + every.to_search())]
    parts = t, view.columns, _total_heads(view), view.lines, view.cells

    def table() -> ChartTable:
        rows = summary_sheet(view)
        return ChartTable(rows.columns, rows.rows)

    topic = now.topic(t("nav.summary"))
    exported = Exported("summary", view.finding, topic, (sureness(view),), table, lambda: summary_picture(*parts))
    matrix = summary_matrix(
        *parts,
        view.cell_address,
        PATH + view.sorted_by("name").to_search(),
        view.order if view.sort == "name" else "",
    )
    return [
        *said,
        html.Div(
            [html.H2(view.finding), html.Div([_how(view), export_menu(t, exported)], className="chart-tools")],
            className="card-head",
        ),
        html.P(sureness(view), className="quiet"),
        *([html.P(t("chosen.whole", n=len(now.listed)), className="body-text")] if now.is_chosen else []),
        html.Div(
            [_legend(view, "change", CHANGE), _legend(view, "target", TARGET), _legend(view, "among", AMONG)],
            className="legend",
        ),
        html.Div(matrix, className="matrix-scroll"),
    ]


def sureness(view: View) -> str:
    """What chance has to do with the signals and with who stands behind, and over how long the others are compared."""
    t, counts = view.now.t, view.whole.signals
    said = []
    if counts["signals"]:
        said.append(t("summary.sure.signals"))
    if counts["compared"]:
        chance = number(FALSE_OUTSIDE * counts["compared"], 0)
        words = {"behind": number(counts["behind"], 0), "judged": number(counts["compared"], 0), "chance": chance}
        whom, window = t(f"summary.whom.{view.now.scope}"), t(f"summary.window.{view.now.window()}")
        said.append(t("summary.sure.behind", whom=whom, window=window, **words))
    return t("sentence.space").join(said)


def _total_heads(view: View) -> list[TotalHead]:
    t = view.now.t
    return [
        TotalHead(
            t(f"summary.total.{state}"),
            t("summary.sort", column=t(f"summary.state.{state}")),
            TONES[state],
            PATH + view.sorted_by(state).to_search(),
            view.order if view.sort == state else "",
        )
        for state in COUNTED
    ]


def _legend(view: View, about: str, states: tuple[str, ...]) -> html.P:
    """Each state with its icon and its count; a click leaves only what has it, a second click everything."""
    t = view.now.t
    quarter = quarter_name(t, view.now.quarter)
    return html.P(
        [html.Span(t(f"summary.legend.{about}", quarter=quarter)), *(_state_link(view, state) for state in states)]
    )


def _state_link(view: View, state: str) -> html.A:
    t = view.now.t
    is_chosen = state == view.status
    wanted = replace(view.now.filters, status=None if is_chosen else state)
    current = {"aria-current": "true", "className": "chosen"} if is_chosen else {}
    words = [_icons(state), t(f"summary.state.{state}"), html.B(number(view.count(state), 0))]
    return view_link(words, PATH, wanted, title=t(f"summary.about.{state}"), **current)


def _icons(state: str) -> html.Span:
    """As they stand in the cells; of a change for the better or worse both, since either side may be the better one."""
    match state:
        case "concern" | "improvement":
            nodes = [variation_node(state, rises) for rises in (True, False)]
        case "moved":
            nodes = [variation_node(side, side == "high") for side in ("high", "low")]
        case "fail" | "hit_or_miss" | "pass":
            nodes = [assurance_node(state)]
        case "behind" | "ahead":
            nodes = [standing_node(outcome, state) for outcome in ("high_998", "low_998", "high_95", "low_95")]
        case _:
            nodes = [variation_node(state, False)]
    drawn = [getattr(html, tag.upper())(inside, className=about["className"]) for tag, about, inside in nodes]
    return html.Span(drawn, className="icons", **{"aria-hidden": "true"})


def _how(view: View) -> html.Details:
    """One line an icon, over the matrix."""
    t = view.now.t
    lines = [
        html.P([_icons(state), html.B(t(f"summary.state.{state}")), html.Span(t(f"summary.about.{state}"))])
        for state in (*CHANGE, *TARGET, *AMONG)
    ]
    about = html.P(t("summary.how"))
    return html.Details([html.Summary(t("chart.how")), html.Div([*lines, about])], className="menu chart-how")


def summary_sheet(view: View) -> Sheet:
    """The cells shown, a row each, in the order of the page; codes in words, the value and what it stands on."""
    now, t = view.now, view.now.t
    named = {row.department_id: (at, row) for at, row in enumerate(view.departments)}
    column_of = {key: at for at, key in enumerate(view.keys)}
    cells = sorted(
        filter(view.is_hit, view.shown), key=lambda line: (named[line.department_id][0], column_of[line.key])
    )
    columns = (
        *(t(f"sheet.{name}") for name in ("quarter", "id", "name", "category")),
        *(t(f"summary.sheet.{name}") for name in ("group", "indicator", "value", "unit")),
        *(t(f"sheet.{name}") for name in ("numerator", "denominator", "n")),
        *(t(f"summary.sheet.{name}") for name in ("change", "target", "among", "window", "standing")),
        t("summary.sheet.reason"),
        t("sheet.note"),
    )
    lines = []
    for row in cells:
        measure, (_, department) = view.measures[row.key], named[row.department_id]
        decimals = max(measure.header["decimals"], 1) + 1
        is_there = known(row.value)
        lines.append(
            (
                now.quarter,
                row.department_id,
                department.full_name,
                department.group if known(department.group) else "",
                t(f"indicator.group.{measure.header['group']}"),
                measure.title,
                round(float(row.value), decimals) if is_there else None,
                measure.unit,
                *(round(float(number), 2) if known(number) else None for number in (row.numerator, row.denominator)),
                int(row.n) if known(row.n) else None,
                t(f"summary.state.{row.state}"),
                t(f"summary.state.{row.assurance}") if row.assurance else "",
                t(f"outcome.{row.outcome}") if row.outcome else t("outcome.unjudged"),
                view.window(measure),
                t(f"summary.state.{row.standing}") if row.standing in AMONG else "",
                "" if is_there else view.reason(row, measure),
                caveat(now, row.note),
            )
        )
    chosen = [
        (t("sheet.category"), dict(now.groups)[now.category] if now.category else t("sheet.all")),
        *now.chosen_notes,
        (t("filter.scope"), t(f"filter.scope.{now.scope}")),
        (t("summary.filter.group"), t(f"indicator.group.{view.group}") if view.group else t("sheet.all")),
        (t("summary.filter.status"), t(f"summary.state.{view.status}") if view.status else t("sheet.all")),
        (t("sheet.search"), now.filters.q or "—"),
        (t("summary.sheet.finding"), view.finding),
        (t("summary.sheet.sure"), sureness(view)),
    ]
    return Sheet(
        file_name(now, t("nav.summary")), columns, tuple(lines), (*chosen, *common_notes(now, len(lines), PATH))
    )
