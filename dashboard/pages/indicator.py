"""One indicator explained: what it is, what it stands on, what it says of the region and of the departments, by which
method. Without a named indicator, the list of all of them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import dash
import pandas as pd
from dash import Input, Output, State, callback, no_update

from dashboard import methods
from dashboard.charts import theme
from dashboard.charts.axis import axis_for
from dashboard.charts.bars import bar_words, bars
from dashboard.charts.control import control_chart, control_words
from dashboard.charts.funnel import Panel, funnel, funnel_words, funnels
from dashboard.components import html
from dashboard.components.chart_card import NOTHING, ChartTable, Drawn, outputs_of, sized_card
from dashboard.components.controls import select
from dashboard.components.explain import OWN_NAME, PATH, definition, indicator_address, page_key
from dashboard.components.figures import strip
from dashboard.components.light import light
from dashboard.components.links import department_link, door, view_link, ways_back
from dashboard.components.pictured import picture_menu
from dashboard.components.ranking_rows import SIGNS
from dashboard.components.sheet import Sheet
from dashboard.components.states import indicator_without_data, nothing_matches
from dashboard.filters import COMPOSITE, Filters
from dashboard.findings import FALSE_ALARMS, FALSE_OUTSIDE, by_chance, needed, trend_words
from dashboard.i18n.text import known, number, quarter_name, signed
from dashboard.pages._indicator import (
    SIGNALS,
    View,
    catalogue_sheet,
    departments_words,
    formula,
    in_order,
    interval_words,
    judged_by,
    judged_words,
    method_words,
    n_words,
    names,
    notes_words,
    outcome_words,
    outside_words,
    region_value,
    region_values,
    rows_sheet,
    short_definition,
    tables,
    target_words,
    why_missing,
    window_words,
)
from dashboard.pages._notes import Pinned, flagged, note_foot
from dashboard.pages._ranking import WHOLE_REGION, Measure, caveat
from dashboard.pages._scene import Scene, page, scene, scope_control, title, window_control
from dashboard.rows import rows_of

TIME, SPREAD = "indicator-time", "indicator-spread"
CHARTS = (TIME, SPREAD)
LARGE_HEIGHT, PANEL_HEIGHT, MOST_COLUMNS, TIME_HEIGHT = 400, 210, 3, 280
NARROWEST_PANEL = 205  # pixels, on a desk screen
AREAS = ((560, 330), (640, 330), (760, 340), (960, 350))  # the funnel's plot area on common screens
MOST_ROWS = 12
FEWEST_FOR_PERCENT = 50  # cases; a share of fewer is written as what it is, x of n
WORSE_FIRST = {
    "higher": ("low_998", "low_95", "high_998", "high_95"),
    "lower": ("high_998", "high_95", "low_998", "low_95"),
    "neither": ("high_998", "low_998", "high_95", "low_95"),
}


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """The departments behind the page, or the list of all indicators; None before the first import."""
    now = scene(filters, pin, path=PATH)
    if now.snapshot is None:
        return None
    view = View(now)
    return catalogue_sheet(view) if view.measure is None else rows_sheet(view)


dash.register_page(
    __name__,
    path=PATH,
    name="nav.indicator",
    title=lambda: title("nav.indicator"),
    icon="indicator",
    order=50,
    sheet=sheet,
    action="desk",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    filters = Filters.from_query(query)
    if query.get("indicator") == COMPOSITE:
        filters = replace(filters, indicator=OWN_NAME)
    now = scene(filters, snapshot, path=PATH)
    if now.snapshot is None:
        return page(now, PATH, "nav.indicator", (), None)
    t, view = now.t, View.of(now)
    options = [(COMPOSITE, t("indicator.all"))]
    options += [(page_key(measure.key), measure.title) for measure in view.measures.values()]
    shown = page_key(view.measure.key) if view.measure else COMPOSITE
    controls = [
        scope_control(now),
        window_control(now),
        select(t("filter.indicator"), "indicator", shown, options, default=COMPOSITE),
    ]
    return page(now, PATH, "nav.indicator", controls, body(view))


def body(view: View) -> html.Div:
    """Everything has its place from the first moment; what does not apply is hidden."""
    t, drawn = view.now.t, charts(view)
    is_strip = _is_strip(view)
    return html.Div(
        [
            html.Div(state(view), id="indicator-state"),
            html.Div(catalogue(view), id="indicator-catalogue"),
            html.Div(
                [
                    html.Div(
                        [
                            html.Section(definition_card(view), id="indicator-definition", className="card-box"),
                            html.Section(base_card(view), id="indicator-base", className="card-box"),
                        ],
                        className="indicator-two",
                    ),
                    html.Div(
                        [
                            sized_card(t, TIME, drawn[TIME], t("indicator.time.how"), fills=True),
                            html.Div(
                                [
                                    html.Div(
                                        sized_card(t, SPREAD, drawn[SPREAD], t("indicator.spread.how"), fills=True),
                                        id="indicator-drawn",
                                        className="indicator-slot",
                                        hidden=is_strip,
                                    ),
                                    html.Section(
                                        strip_card(view),
                                        id="indicator-strip",
                                        className="card-box indicator-strip",
                                        hidden=not is_strip,
                                    ),
                                ],
                                className="indicator-slot",
                            ),
                        ],
                        id="indicator-charts",
                        className="indicator-two indicator-charts",
                        hidden=not _is_drawn(view),
                    ),
                    html.Div(
                        [
                            html.Section(outside_card(view), id="indicator-outside", className="card-box"),
                            html.Section(methods_card(view), id="indicator-methods", className="card-box"),
                        ],
                        className="indicator-two",
                    ),
                ],
                id="indicator-content",
                className="indicator-content",
                hidden=view.measure is None,
            ),
        ],
        className="indicator",
    )


OUTPUTS = [
    Output("indicator-state", "children"),
    Output("indicator-catalogue", "children"),
    Output("indicator-definition", "children"),
    Output("indicator-base", "children"),
    Output("indicator-outside", "children"),
    Output("indicator-methods", "children"),
    Output("indicator-strip", "children"),
    Output("indicator-strip", "hidden"),
    Output("indicator-drawn", "hidden"),
    Output("indicator-charts", "hidden"),
    Output("indicator-content", "hidden"),
    *(one for chart in CHARTS for one in outputs_of(chart)),
]


@callback(*OUTPUTS, Input("url", "search"), State("snapshot", "data"), prevent_initial_call=True)
def update(search: str, snapshot: str) -> list[Any]:
    filters = Filters.from_search(search)
    if f"indicator={COMPOSITE}" in re.split("[?&]", search or ""):
        filters = replace(filters, indicator=OWN_NAME)
    now = scene(filters, snapshot, path=PATH)
    if now.snapshot is None:
        return [no_update] * len(OUTPUTS)
    view = View.of(now)
    drawn = charts(view)
    cards = (state, catalogue, definition_card, base_card, outside_card, methods_card, strip_card)
    is_strip = _is_strip(view)
    hidden = (not is_strip, is_strip, not _is_drawn(view), view.measure is None)
    written = (light(p) for name in CHARTS for p in drawn[name].written())
    return [*(light(card(view)) for card in cards), *hidden, *written]


def _has_departments(view: View) -> bool:
    return view.measure is not None and not view.now.departments.empty


def _is_drawn(view: View) -> bool:
    return _has_departments(view) and not (view.is_empty and view.drawn.points.empty)


def _is_strip(view: View) -> bool:
    """Values that nobody is judged by: how far apart they are, and no more."""
    return _is_drawn(view) and view.header["kind"] in ("count", "mean") and not _has_bands(view)


def _has_bands(view: View) -> bool:
    return view.is_score and view.rows["outcome"].notna().any()


def state(view: View) -> list[Any]:
    """Where the address names something that is not there, or where there is nothing to show."""
    now, t = view.now, view.now.t
    if view.measure is None:
        asked = view.asked
        return [] if asked == COMPOSITE else [html.P(t("indicator.unknown", asked=asked), className="notice")]
    if now.departments.empty:
        return [nothing_matches(t, PATH + replace(now.filters, q=None, category=None).to_search())]
    if view.is_empty and view.drawn.points.empty:
        tables = t("list.separator").join(t(f"table.{table}") for table in view.header["tables"])
        return [indicator_without_data(t, view.measure.title, tables, quarter_name(t, now.quarter))]
    return _whose_chart(view)


def _whose_chart(view: View) -> list[Any]:
    """Where one department's own chart is drawn, that it is, and the way back to the chart of all."""
    t, asked = view.now.t, view.now.filters.department
    if asked is None:
        return []
    if view.department is None:
        return [html.P(t("indicator.department.unknown", asked=asked), className="notice")]
    back = view_link(t("indicator.department.all", who=view.who), PATH, replace(view.now.filters, department=None))
    return [
        html.P(
            [html.Span(t("indicator.department", name=view.department.full_name)), back],
            className="notice one-department",
        )
    ]


# --- the list of all -------------------------------------------------------------------------------------------
def catalogue(view: View) -> list[Any]:
    """Every indicator by group: its definition in one line, and the region's value with what the chart says of it."""
    if view.measure is not None:
        return []
    t = view.now.t
    found = region_values(view)
    groups: dict[str, list[Measure]] = {}
    for measure in view.measures.values():
        groups.setdefault(measure.header["group"], []).append(measure)
    about = t(
        "indicator.catalogue.about", n=len(view.measures), who=view.who, quarter=quarter_name(t, view.now.quarter)
    )
    link = html.Link(t("indicator.methods.all"), href=_methods_address(view.now))
    return [
        html.Section([html.Div([html.H2(t("indicator.catalogue")), link], className="card-head"), html.P(about)]),
        *(_group(view, group, listed, found) for group, listed in groups.items()),
    ]


def _group(view: View, group: str, listed: Sequence[Measure], found: dict[tuple[str, str], Any]) -> html.Section:
    t = view.now.t
    heads = (
        "indicator.column.name",
        "indicator.column.definition",
        "indicator.column.better",
        "indicator.column.value",
    )
    head = html.Tr([html.Th(t(key), scope="col") for key in heads])
    lines = [_line(view, measure, found.get((measure.indicator, measure.variant))) for measure in listed]
    table = html.Table([html.Thead(head), html.Tbody(lines)], className="indicator-list")
    return html.Section([html.H3(t(f"indicator.group.{group}")), table], className="card-box")


def _line(view: View, measure: Measure, row: Any) -> html.Tr:
    now, t, header = view.now, view.now.t, measure.header
    value = f"{number(row.value, header['decimals'])} {measure.unit}" if row is not None else t("indicator.none")
    return html.Tr(
        [
            html.Th(html.Link(measure.title, href=indicator_address(measure.key, now.filters)), scope="row"),
            html.Td(definition(t, now.lang, header)),
            html.Td(t(f"indicator.better.{header['better']}")),
            html.Td(value, className="quiet" if row is None else "value"),
        ]
    )


# --- what it is ------------------------------------------------------------------------------------------------
def definition_card(view: View) -> list[Any]:
    if view.measure is None:
        return []
    now, t, header = view.now, view.now.t, view.header
    lang, kind = now.lang, header["kind"]
    lines = [(t(f"indicator.numerator.{kind}"), header["numerator"][lang])]
    if "denominator" in header:
        lines.append((t("indicator.denominator"), header["denominator"][lang]))
    lines += [
        *([(t("indicator.formula"), words)] if (words := formula(view)) else []),
        (t("indicator.unit"), t("indicator.unit.decimals", unit=view.measure.unit, n=header["decimals"])),
        (t("indicator.better"), t(f"indicator.better.{header['better']}.about")),
        (t("indicator.caveats"), header["caveats"][lang]),
        (t("indicator.asked"), header["source"]),
        (t("indicator.tables"), [html.Div(sentence) for sentence in tables(view)]),
    ]
    return [
        html.H2(view.measure.title),
        html.P(header["why"][lang], className="lead-text"),
        _facts(lines),
    ]


def _facts(lines: Sequence[tuple[str, Any]]) -> html.Dl:
    return html.Dl([part for name, words in lines for part in (html.Dt(name), html.Dd(words))], className="facts")


# --- what it stands on -----------------------------------------------------------------------------------------
def base_card(view: View) -> list[Any]:
    """The region's value with its interval, its verdict, and everything behind it."""
    if not _has_departments(view):
        return []
    now, t = view.now, view.now.t
    value = region_value(view)
    figure = (
        [html.B(number(value, view.decimals)), html.Span(view.measure.unit)]
        if known(value)
        else [html.B(t("indicator.none"), className="none")]
    )
    said = t(f"indicator.verdict.{view.line.verdict}")
    css = "badge-quiet" + (" real" if view.line.verdict in SIGNALS else "")
    lines = [
        (t("indicator.base.period"), quarter_name(t, now.quarter)),
        (t("indicator.base.departments"), departments_words(view, view.base)),
        (t("indicator.base.n"), n_words(view, view.base)),
        (t("indicator.base.interval"), interval_words(view)),
        *([(t("indicator.base.target"), target_words(view))] if view.target is not None else []),
        (t("indicator.base.window"), window_words(view)),
        (t("indicator.base.judged"), judged_words(view)),
        (t("indicator.base.method"), method_words(view)),
        *([(t("indicator.base.notes"), notes)] if (notes := notes_words(view)) else []),
    ]
    return [
        html.Div(
            [html.H2(view.who), html.Link(t("indicator.ranking"), href=_ranking_address(view))],
            className="card-head",
        ),
        html.Div([html.Div(figure, className="number"), html.Span(said, className=css)], className="indicator-value"),
        _facts(lines),
    ]


def _ranking_address(view: View) -> str:
    return "/ranking" + replace(view.now.filters.without_row(), indicator=view.measure.key).to_search()


# --- over time -------------------------------------------------------------------------------------------------
def charts(view: View) -> dict[str, Drawn]:
    if not _is_drawn(view):
        return dict.fromkeys(CHARTS, NOTHING)
    return {TIME: time_chart(view), SPREAD: NOTHING if _is_strip(view) else spread_chart(view)}


def time_chart(view: View) -> Drawn:
    t = view.now.t
    points = view.drawn.points.reset_index(drop=True)
    pinned, quarters = Pinned(view.now), points["period"].tolist()
    notes = pinned.on(view.drawn.series, view.measure.indicator)
    ways = ways_back(PATH, view.now.filters, quarters)
    drawn = flagged(points, quarters, notes).assign(
        period=[quarter_name(t, period) for period in quarters], door=list(map(door, ways))
    )
    last = points.iloc[-1] if len(points) else None
    is_trial = last is not None and bool(last["is_trial"])
    figure = control_chart(drawn, control_words(t, view.mark, view.decimals, is_trial))
    words = {"who": view.drawn.who, "value": view.written(last["value"]) if last is not None else ""}
    heading = t(f"indicator.time.{view.drawn.verdict}", **words)
    if view.drawn.verdict in SIGNALS:
        heading = t("indicator.time.rule", said=heading, rule=t(f"rule.{last['point_type']}"))
    about = [t("indicator.time.what", unit=view.measure.unit, n=int(points["value"].notna().sum()))]
    if last is not None:
        about.append(t(f"indicator.chart.{last['method']}"))
    if is_trial:
        about.append(t("indicator.time.trial"))
    if last is not None:
        about += trend_words(t, last["trend"])
    if view.is_score and view.drawn.is_total:
        about.append(t("indicator.time.scores"))
    columns = ("period", "value", "mean", "lower", "upper", "signal")
    lines = [
        (
            row.period,
            *(number(getattr(row, name), view.decimals) for name in columns[1:5]),
            t(f"rule.{row.point_type}") if row.point_type in RULES else "",
        )
        for row in rows_of(drawn)
    ]
    table = ChartTable([t(f"indicator.table.{name}") for name in columns], lines, ways)
    foot = [*view.foot[:1], *note_foot(pinned, notes, quarters)]
    return Drawn(figure, heading, t("indicator.separator").join(about), foot, table, TIME_HEIGHT)


RULES = ("astronomical", "trend", "two_of_three", "shift")


# --- between departments ---------------------------------------------------------------------------------------
def spread_chart(view: View) -> Drawn:
    return bands_chart(view) if view.is_score else funnel_chart(view)


def bands_chart(view: View) -> Drawn:
    """How many departments differ from the average; the middle is one bar, because it has no order."""
    t, rows = view.now.t, view.rows
    counts = rows["outcome"].value_counts()
    judged = int(counts.sum())
    names = ("above", "none", "below")
    drawn = pd.DataFrame(
        {
            "label": [t(f"indicator.band.{name}") for name in names],
            "value": [float(counts.get(name, 0)) for name in names],
            "share": [counts.get(name, 0) / judged if judged else float("nan") for name in names],
            "tone": [5, 2, 5],
        }
    )
    way = _ranking_address(view)
    figure = bars(
        drawn.assign(door=[door(way)] * len(drawn)), bar_words(t, t("indicator.bands.value", value="{value}"))
    )
    words = {"whom": view.whom, **{name: int(counts.get(name, 0)) for name in names}}
    heading = t("indicator.bands.title", **words)
    about = t("indicator.separator").join([t("indicator.bands.what", whom=view.whom, n=judged), *needed(t, rows)])
    table = ChartTable(
        [t("indicator.table.band"), t("indicator.table.departments")],
        [(label, number(value, 0)) for label, value in zip(drawn["label"], drawn["value"])],
        [way] * len(drawn),
    )
    return Drawn(figure, heading, about, view.foot, table, 132)


def funnel_chart(view: View) -> Drawn:
    now, t = view.now, view.now.t
    rows = view.rows.assign(exposure=view.rows["denominator"], hover=[_hover(view, row) for row in rows_of(view.rows)])
    asked = {"indicator": view.measure.indicator, "variant": view.measure.variant, "window": view.window}
    limits = now.run("limits", **asked)
    panels = [_panel(view, rows, limits, code, name) for code, name in view.sets]
    single = len(panels) == 1
    benchmark = ""
    if single and known(panels[0].benchmark):
        whom = view.who if view.sets[0][0] == WHOLE_REGION else panels[0].title
        benchmark = t("indicator.funnel.benchmark", whom=whom, value=view.written(panels[0].benchmark))
    words = funnel_words(t, short_definition(view.header["denominator"][now.lang]), "{numerator}/{exposure}", benchmark)
    if single:
        figure = funnel(
            panels[0].rows,
            panels[0].limits,
            panels[0].benchmark,
            words,
            view.now.filters.department,
            AREAS,
            view.picked,
        )
        height = LARGE_HEIGHT
    else:
        columns = min(MOST_COLUMNS, len(panels))
        if any(
            theme.text_width(f"{panel.title}  {panel.benchmark_words}", theme.NAME) > NARROWEST_PANEL
            for panel in panels
        ):
            panels = [replace(panel, benchmark_words="") for panel in panels]
        figure = funnels(panels, words, columns, view.now.filters.department, view.picked)
        height = PANEL_HEIGHT * -(-len(panels) // columns)
    about = t("indicator.funnel.what", unit=view.measure.unit, whom=view.whom, period=view.period)
    columns = ("name", "value", "numerator", "denominator", "limits", "outcome")
    lines = [
        (
            row.label,
            number(row.value, view.decimals),
            number(row.numerator, 0),
            number(row.denominator, 0),
            t(
                "ranking.range",
                low=number(row.limit_low_95, view.decimals),
                high=number(row.limit_high_95, view.decimals),
            ),
            outcome_words(view, row),
        )
        for row in rows_of(rows)
    ]
    ways = [_own_chart(view, one) for one in rows["department_id"]]
    table = ChartTable([t(f"indicator.table.{name}") for name in columns], lines, ways)
    return Drawn(figure, outside_words(view), about, view.foot, table, height)


def _own_chart(view: View, department: str) -> str:
    return PATH + replace(view.now.filters, department=department).to_search()


def _panel(view: View, rows: pd.DataFrame, limits: pd.DataFrame, code: str, name: str) -> Panel:
    t, own = view.now.t, rows[rows["peer_set"] == code]
    lines = limits[limits["peer_set"] == code]
    benchmark = float(lines["benchmark"].iloc[0]) if len(lines) else float("nan")
    words = t("indicator.funnel.mean", value=view.written(benchmark)) if known(benchmark) else ""
    return Panel(name, own, lines, benchmark, words)


def _hover(view: View, row: Any) -> str:
    t = view.now.t
    if not known(row.value):
        return ""
    lines = [f"<b>{theme.plain(row.full_name)}</b>", theme.plain(view.written(row.value))]
    lines.append(f"{number(row.numerator, 0)}/{number(row.denominator, 0)}")
    lines.append(theme.plain(outcome_words(view, row)))
    if words := caveat(view.now, row.note):
        lines.append(theme.plain(words))
    if known(row.limit_low_95):
        low, high = (number(end, view.decimals) for end in (row.limit_low_95, row.limit_high_95))
        lines.insert(3, theme.plain(t("indicator.funnel.limits", low=low, high=high)))
    return "<br>".join(lines)


def strip_card(view: View) -> list[Any]:
    """All values on one line: how far apart they are, before anybody is named."""
    if not _is_strip(view):
        return []
    t, values = view.now.t, view.rows.set_index("department_id")["value"].dropna()
    if values.empty:
        return [html.H2(t("indicator.strip.none"))]
    ends = {"low": number(values.min(), view.decimals), "high": view.written(values.max())}
    words = {"n": len(values), "mean": view.written(values.mean(), max(view.decimals, 1)), **ends}
    axis = axis_for(values, from_zero=view.header["kind"] == "count")
    label = t("spread.mean", mean=number(values.mean(), max(view.decimals, 1)))
    kind = "count" if view.header["kind"] == "count" else "mean"
    title_, about = t("indicator.strip.title", **words), t(f"indicator.strip.{kind}")
    dots = {_own_chart(view, one): value for one, value in values.items()}
    drawn = strip(axis, dots, values.mean(), label, title_)
    listed = view.rows.dropna(subset="value").sort_values("name_order")

    def table() -> ChartTable:
        rows = [(row.full_name, number(row.value, view.decimals)) for row in rows_of(listed)]
        return ChartTable((t("indicator.table.name"), t("indicator.table.value")), rows)

    one_line, topic = html.Table(html.Tbody(html.Tr(html.Td(drawn)))), view.now.topic(view.measure.title)
    menu = picture_menu(t, "indicator-strip", title_, topic, (about, *view.foot), one_line, table=table)
    return [
        html.Div([html.H2(title_), menu], className="card-head"),
        html.P(about, className="chart-what"),
        drawn,
        html.P([html.Span(text) for text in view.foot], className="chart-source"),
    ]


# --- who ------------------------------------------------------------------------------------------------------
def outside_card(view: View) -> list[Any]:
    """Who lies outside, with the numbers; then whose own chart signals a change."""
    if not _has_departments(view) or view.is_empty:
        return []
    t = view.now.t
    return [html.H2(t(f"indicator.outside.{judged_by(view)}")), *_outside(view), *_changed(view), *_missing(view)]


def _outside(view: View) -> list[Any]:
    t, kind = view.now.t, judged_by(view)
    if kind == "nobody":
        return [html.P(judged_words(view), className="body-text")]
    order = ("below", "above") if kind == "bands" else WORSE_FIRST[view.header["better"]]
    found, said = in_order(view, order), []
    if view.picked:
        found = found[found["department_id"].isin(view.picked)]
        said.append(html.P(t("chosen.listed", n=len(view.picked)), className="quiet"))
    if found.empty:
        none = t("indicator.outside.picked" if view.picked else f"indicator.outside.{kind}.none", whom=view.whom)
        return [*said, html.P(none, className="body-text")]
    listed = found.head(MOST_ROWS)
    fourth = "difference" if kind == "bands" else "limits"
    columns = ("name", "outcome", "value", "base" if kind == "limits" else "n", fourth)
    heads = html.Tr([html.Th(t(f"indicator.table.{name}"), scope="col") for name in columns])
    lines = [_outsider(view, row, kind) for row in rows_of(listed)]
    said.append(html.Table([html.Thead(heads), html.Tbody(lines)], className="indicator-list outside"))
    if len(found) > len(listed):
        said.append(html.P(t("indicator.outside.more", n=len(found) - len(listed)), className="quiet"))
    if kind == "limits":
        judged = int(view.rows["outcome"].notna().sum())
        chance = number(2 * FALSE_OUTSIDE * judged, 1)
        said.append(html.P(t("indicator.outside.chance", n=judged, chance=chance), className="quiet"))
    return said


def _outsider(view: View, row: Any, kind: str) -> html.Tr:
    t = view.now.t
    css, sign = SIGNS[row.outcome]
    small = kind == "limits" and view.header["kind"] == "share" and row.denominator < FEWEST_FOR_PERCENT
    counts = f"{number(row.numerator, 0)}/{number(row.denominator, 0)}"
    if kind == "bands":
        low, high = signed(row.difference_low), signed(row.difference_high)
        last = t("ends.sentence", difference=signed(row.difference), low=low, high=high)
    else:
        low, high = (number(end, view.decimals) for end in (row.limit_low_95, row.limit_high_95))
        last = t("ranking.range", low=low, high=high)
    return html.Tr(
        [
            html.Th(
                [
                    html.Span(sign, className=f"sign sign-{css}"),
                    department_link(view.now.filters, row.department_id, row.label),
                ],
                scope="row",
                title=row.full_name,
            ),
            html.Td(t(f"outcome.{row.outcome}")),
            html.Td(counts if small else number(row.value, view.decimals), className="value"),
            html.Td(counts if kind == "limits" else number(row.n, 0)),
            html.Td(last),
        ]
    )


def _changed(view: View) -> list[Any]:
    """Whose own control chart signals, and how many would by chance."""
    t = view.now.t
    points = view.now.run("control_points", indicator=view.measure.indicator, variant=view.measure.variant)
    last = points[points["period"] == view.now.quarter].merge(view.rows[["department_id", "label", "name_order"]])
    judged = last[last["direction"] != ""].sort_values("name_order")
    if judged.empty:
        return [html.H3(t("indicator.changed")), html.P(t("indicator.changed.few"), className="body-text")]
    said = []
    for direction in SIGNALS:
        labels = judged.loc[judged["direction"] == direction, "label"].tolist()
        if labels:
            words = {"verdict": t(f"verdict.{direction}"), "n": len(labels), "names": names(t, labels)}
            said.append(t("indicator.changed.item", **words))
    calm = int((judged["direction"] == "common").sum())
    said.append(t("indicator.changed.calm" if said else "indicator.changed.none", n=calm))
    said.append(t("indicator.changed.chance", n=len(judged), chance=by_chance(t, len(judged), FALSE_ALARMS)))
    return [html.H3(t("indicator.changed")), html.P(t("sentence.space").join(said), className="body-text")]


def _missing(view: View) -> list[Any]:
    """Who has no value, and why: absence must not look like a good score."""
    t, rows = view.now.t, view.rows[view.rows["value"].isna()]
    if rows.empty:
        return []
    whom: dict[str, list[str]] = {}
    for row in rows_of(rows):
        whom.setdefault(why_missing(view, row), []).append(row.label)
    said = [html.P(t("indicator.missing.why", why=why, names=names(t, labels))) for why, labels in whom.items()]
    return [html.H3(t("indicator.missing", n=len(rows))), html.Div(said, className="body-text")]


# --- how it is made --------------------------------------------------------------------------------------------
def methods_card(view: View) -> list[Any]:
    """The methods used, each folded with its plain words; the methods page has all of them."""
    if view.measure is None:
        return []
    now, t = view.now, view.now.t
    rules = methods.rules_of(now.run("rules").iloc[0])
    codes = [view.compared.method] if known(view.compared.method) else []
    chart = view.drawn.points["method"].iloc[-1] if len(view.drawn.points) else ""
    used = methods.methods_for(view.kind, *codes, chart)
    address = _methods_address(now)
    lines = [
        html.Details(
            [
                html.Summary(method.title(now.lang)),
                html.P(method.plain(now.lang, rules), className="body-text"),
                html.A(t("indicator.methods.one"), href=f"{address}#{method.code}"),
            ]
        )
        for method in used
        if not (method.code == "large" and chart == "xmr") and not (method.code == "target" and view.target is None)
    ]
    link = html.Link(t("indicator.methods.all"), href=address)
    return [
        html.Div([html.H2(t("indicator.methods")), link], className="card-head"),
        html.Div(lines, className="method-list"),
    ]


def _methods_address(now: Scene) -> str:
    return "/methods" + now.filters.without_row().to_search()


# --- files -----------------------------------------------------------------------------------------------------
