"""One department whole: what can be said of it, how sure that is, and the rows behind every figure."""

from dataclasses import replace
from typing import Any

import dash
from dash import Input, Output, State, callback, no_update

from dashboard.access.gate import actor
from dashboard.charts.control import PANEL_HEIGHT, SIGNALS, control_panels, control_words
from dashboard.charts.funnel import funnel, funnel_words
from dashboard.components import html
from dashboard.components.chart_card import NOTHING, ChartTable, Drawn, outputs_of, sized_card
from dashboard.components.controls import control_id, select
from dashboard.components.light import light
from dashboard.components.links import department_address, door
from dashboard.components.sheet import Sheet
from dashboard.filters import Filters
from dashboard.findings import FALSE_ALARMS, by_chance
from dashboard.i18n.text import known, number
from dashboard.pages._complaints import YEARS, hover, staff
from dashboard.pages._department import DIMENSION, PATH, View, sheet_of
from dashboard.pages._department_cards import (
    cases_card,
    complaints_card,
    decisions_card,
    dimensions_card,
    gaps_card,
    index,
    indicators_card,
    kind_card,
    notes_card,
    powers_card,
    rows_card,
    timeline_card,
    verdict_card,
)
from dashboard.pages._notes import NOTED, note_foot
from dashboard.pages._scene import page, scene, scope_control, title, window_control
from dashboard.rows import rows_of, tuples_of

DIMENSIONS, FUNNEL = "department-dimensions-chart", "department-funnel"
FUNNEL_HEIGHT = 330
AREAS = ((430, 270), (480, 270), (620, 270), (700, 270))  # the funnel's plot area on common screens
PANELS_IN_A_ROW = 3
CARDS = {
    "verdict": verdict_card,
    "dimensions": dimensions_card,
    "timeline": timeline_card,
    "complaints": complaints_card,
    "gaps": gaps_card,
    "cases": cases_card,
    "decisions": decisions_card,
    "powers": powers_card,
    "notes": notes_card,
    "kind": kind_card,
    "indicators": indicators_card,
    "rows": rows_card,
}


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """All that is said of the department, or the rows of one table; None where there is no department."""
    now = scene(filters, pin)
    if now.snapshot is None:
        return None
    view = View(now)
    return None if view.department is None else sheet_of(view)


dash.register_page(
    __name__,
    path=PATH,
    name="nav.department",
    title=lambda: title("nav.department"),
    icon="department",
    order=3.8,
    sheet=sheet,
    action="department",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot)
    if now.snapshot is None:
        return page(now, PATH, "nav.department", (), None)
    t, view = now.t, View(now)
    names = [(option["value"], option["label"]) for option in options(view)]
    shown = view.id if view.department is not None else ""
    controls = [
        scope_control(now),
        window_control(now),
        select(t("sheet.name"), "department", shown, names),
    ]
    drawn = charts(view)
    parts = {name: _card(view, name) for name in CARDS}
    body = html.Div(
        [
            html.Div(state(view), id="department-state"),
            html.Div(
                [
                    parts["verdict"],
                    html.Div(
                        [parts["dimensions"], sized_card(t, DIMENSIONS, drawn[DIMENSIONS], t("department.charts.how"))],
                        className="department-wide",
                    ),
                    parts["gaps"],
                    html.Div(
                        [
                            sized_card(t, FUNNEL, drawn[FUNNEL], t("complaints.funnel.how")),
                            html.Div([parts["timeline"], parts["complaints"]], className="department-stack"),
                        ],
                        className="department-two",
                    ),
                    html.Div(
                        [html.Div([parts["cases"], parts["powers"]], className="department-stack"), parts["decisions"]],
                        className="department-two even",
                    ),
                    parts["notes"],
                    parts["kind"],
                    parts["indicators"],
                    parts["rows"],
                ],
                id="department-content",
                className="department-content",
                hidden=view.department is None,
            ),
        ],
        className="department",
    )
    return page(now, PATH, "nav.department", controls, body)


def _card(view: View, name: str) -> html.Section:
    drawn = CARDS[name](view) if view.department is not None else []
    return html.Section(drawn, id=f"department-{name}", className=f"card-box department-{name}")


def options(view: View) -> list[dict[str, str]]:
    """Of the control that chooses: the departments of the region and quarter."""
    rows = view.whole.departments[["department_id", "label"]]
    if actor().department:
        rows = rows[rows["department_id"] == actor().department]
    named = [{"value": code, "label": label} for code, label in tuples_of(rows)]
    return [{"value": "", "label": view.now.t("department.choose")}, *named]


OUTPUTS = [
    Output(control_id("department"), "options"),
    Output("department-state", "children"),
    Output("department-content", "hidden"),
    *(Output(f"department-{name}", "children") for name in CARDS),
    *outputs_of(DIMENSIONS),
    *outputs_of(FUNNEL),
]


@callback(*OUTPUTS, Input("url", "search"), Input(NOTED, "data"), State("snapshot", "data"), prevent_initial_call=True)
def update(search: str, _noted: str, snapshot: str) -> list[Any]:
    now = scene(Filters.from_search(search), snapshot)
    if now.snapshot is None:
        return [no_update] * len(OUTPUTS)
    view = View(now)
    if view.department is None:
        return [options(view), light(state(view)), True, *[no_update] * (len(OUTPUTS) - 3)]
    drawn = charts(view)
    cards = (light(card(view)) for card in CARDS.values())
    written = (light(part) for name in (DIMENSIONS, FUNNEL) for part in drawn[name].written())
    return [options(view), [], False, *cards, *written]


def state(view: View) -> list[Any]:
    """Without a department the list of all; a department that is not there is said to be so."""
    if view.department is not None:
        return []
    t, asked = view.now.t, view.now.filters.department
    known_ = [html.P(t("department.unknown", asked=asked), className="notice")] if asked else []
    return [*known_, html.Section(index(view), className="card-box department-index")]


# --- charts ----------------------------------------------------------------------------------------------------
def charts(view: View) -> dict[str, Drawn]:
    if view.department is None:
        return {DIMENSIONS: NOTHING, FUNNEL: NOTHING}
    return {DIMENSIONS: dimension_charts(view), FUNNEL: funnel_chart(view)}


def dimension_charts(view: View) -> Drawn:
    t, panels = view.now.t, view.panels
    figure = control_panels(panels, control_words(t, "", 1, is_trial=view.is_trial), PANELS_IN_A_ROW)
    changed = [panel for panel in panels if panel.variation in ("concern", "improvement", "high", "low")]
    judged = sum(1 for panel in panels if panel.variation)
    key = "some" if changed else "none" if judged else "unjudged"
    heading = t(f"department.charts.title.{key}", n=len(changed), judged=judged)
    about = [
        t("department.charts.what"),
        *([t("department.charts.chance", chance=by_chance(t, judged, FALSE_ALARMS))] if changed else []),
    ]
    rows = [
        (
            panel_name,
            row.period,
            number(row.value),
            number(row.lower),
            number(row.upper),
            t(f"rule.{row.point_type}") if row.point_type in SIGNALS else "",
        )
        for panel, (_, panel_name) in zip(panels, view.dimensions)
        for row in rows_of(panel.points)
    ]
    heads = ("dimension", "quarter", "value", "lower", "upper", "signal")
    ways = [way for panel in panels for _, way in panel.points["door"]]
    table = ChartTable([t(f"department.charts.{name}") for name in heads], rows, ways)
    lines = max(1, -(-len(panels) // PANELS_IN_A_ROW))
    quarters = [quarter for quarter in view.now.quarters if quarter <= view.now.quarter]
    foot = [t("department.charts.foot"), *note_foot(view.pinned, view.pinned.on(view.id, DIMENSION), quarters)]
    return Drawn(figure, heading, " · ".join(about), foot, table, lines * PANEL_HEIGHT)


def funnel_chart(view: View) -> Drawn:
    t, now, rows = view.now.t, view.whole, view.rates
    rows = rows.assign(exposure=rows["denominator"], hover=[hover(t, row, view.window_words) for row in rows_of(rows)])
    limits = view.limits
    benchmark = float(limits["benchmark"].iloc[0]) if len(limits) else float("nan")
    unit = rows["unit"].iloc[0] if len(rows) else "staff"
    size = t(f"complaints.staff.{unit}", n="{exposure}")
    whom = dict(now.groups).get(view.peer_set, dict(now.regions)[now.region])
    words = replace(
        funnel_words(
            t,
            t(f"complaints.funnel.exposure.{unit}"),
            t("complaints.funnel.point", numerator="{numerator}", staff=size),
            t("complaints.funnel.benchmark", whom=whom, value=number(benchmark)) if known(benchmark) else "",
        ),
        no_data=t("complaints.no_staff"),
    )
    own = limits.drop(columns=["peer_set", "benchmark", "tau2"])
    ways = {one: department_address(now.filters, one) for one in rows["department_id"]}
    rows = rows.assign(door=[None if one == view.id else door(ways[one]) for one in rows["department_id"]])
    figure = funnel(rows, own, benchmark, words, view.id, AREAS)
    row = view.rate
    outcome = row.outcome if row is not None and known(row.outcome) else "unjudged"
    heading = t(f"department.funnel.title.{outcome}", name=view.department.label)
    what = t("department.funnel.what", window=view.window_words, whom=whom)
    heads = ("name", "received", "staff", "rate", "limits", "judgement")
    ordered = rows.sort_values("value", ascending=False)
    lines = [
        (
            one.label,
            number(one.numerator, 0),
            number(one.denominator, int(one.unit == YEARS)),
            number(one.value),
            t("ranking.range", low=number(one.limit_low_95), high=number(one.limit_high_95))
            if known(one.limit_low_95)
            else number(float("nan")),
            t(f"outcome.{one.outcome}") if known(one.outcome) else t("complaints.unjudged"),
        )
        for one in rows_of(ordered)
    ]
    table = ChartTable(
        [t(f"department.funnel.{name}") for name in heads], lines, [ways[one] for one in ordered["department_id"]]
    )
    foot = [t("complaints.source"), t("department.funnel.foot", n=int(rows["outcome"].notna().sum()))]
    if row is not None and known(row.value):
        foot.append(
            t("department.funnel.own", n=number(row.numerator, 0), staff=staff(t, row), value=number(row.value))
        )
    return Drawn(figure, heading, what, foot, table, FUNNEL_HEIGHT)
