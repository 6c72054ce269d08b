"""Province → city → county: what a place has as a whole, and whether the regions in it differ by more than chance."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import dash
from dash import Input, Output, State, callback, no_update

from dashboard.access.gate import actor
from dashboard.catalog import RATIOS
from dashboard.charts.funnel import funnel, funnel_words
from dashboard.components import html
from dashboard.components.chart_card import ChartTable, Drawn, outputs_of, sized_card
from dashboard.components.controls import search_box, select
from dashboard.components.light import light
from dashboard.components.links import door, view_link
from dashboard.components.ranking_rows import SIGNS, places
from dashboard.components.sheet import Sheet
from dashboard.components.summary_matrix import STANDING_TONES
from dashboard.filters import COMPOSITE, Filters
from dashboard.i18n.text import MISSING, known, number
from dashboard.pages._indicator import short_definition
from dashboard.pages._regions import (
    ALERT,
    COUNTED,
    COUNTIES,
    DEPARTMENTS,
    FILED,
    MOST_ROWS,
    NAME,
    PATH,
    WATCH,
    View,
    about,
    finding,
    missing,
    newer_words,
    overview,
    reported,
    sheet_of,
    sureness,
    to_indicator,
    way,
    written,
)
from dashboard.pages._scene import EVERY, page, scene, title, window_control
from dashboard.pages._summary import standing
from dashboard.rows import rows_of

CHART = "regions-funnel"
REPORTED, PLACE = "reported", "place"  # columns that are no figure
CHART_HEIGHT = 330
AREAS = ((620, 250), (700, 260), (820, 260), (1100, 260))  # the plot area on common screens


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """Every figure of every region compared; None before the first import."""
    now = scene(filters, pin, path=PATH)
    return None if now.snapshot is None else sheet_of(View(now, has_every=True))


dash.register_page(
    __name__,
    path=PATH,
    name="nav.regions",
    title=lambda: title("nav.regions"),
    icon="regions",
    order=94,
    sheet=sheet,
    action="desk",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot, path=PATH)
    if now.snapshot is None:
        return page(now, PATH, "nav.regions", (), None)
    t, view = now.t, View(now)
    if view.is_alone:
        what = "regions.alone.own" if actor().regions else "regions.alone.what"
        alone = [html.H2(t("regions.alone")), html.P(t(what), className="body-text")]
        return page(now, PATH, "nav.regions", (), html.Section(alone, className="card-box"))
    chosen = [(name, query.header["title"][now.lang]) for name, query in view.indicators.items()]
    levels = [(EVERY, t("regions.view.below")), (COUNTIES, t("regions.view.counties"))]
    controls = [
        window_control(now),
        select(t("filter.indicator"), "indicator", view.indicator, chosen, default=COMPOSITE),
        select(t("regions.view"), "view", now.filters.view or EVERY, levels, default=EVERY),
        search_box(t("regions.search"), now.filters.q),
    ]
    body = html.Div(
        [
            html.Div(head(view), id="regions-head", className="regions-head"),
            html.Div(
                [
                    sized_card(t, CHART, chart(view), t("regions.how")),
                    html.Section(whole(view), id="regions-whole", className="card-box regions-whole"),
                ],
                className="regions-two",
            ),
            html.Section(table(view), id="regions-list", className="card-box regions-list"),
        ],
        className="regions",
    )
    return page(now, PATH, "nav.regions", controls, body)


OUTPUTS = [
    Output("regions-head", "children"),
    Output("regions-whole", "children"),
    Output("regions-list", "children"),
    *outputs_of(CHART),
]


@callback(*OUTPUTS, Input("url", "search"), State("snapshot", "data"), prevent_initial_call=True)
def update(search: str, snapshot: str) -> list[Any]:
    now = scene(Filters.from_search(search), snapshot, path=PATH)
    if now.snapshot is None:
        return [no_update] * len(OUTPUTS)
    view = View(now)
    parts = (light(part) for part in (whole(view), table(view), *chart(view).written()))
    return [light(head(view)), *parts]


def head(view: View) -> list[Any]:
    """Where one is, each place above a way up; and what is never compared."""
    t, now = view.now.t, view.now
    steps: list[Any] = []
    for place, label in view.path:
        is_here = place == (view.within or "")
        steps.append(
            html.B(label)
            if is_here
            else view_link(label, PATH, replace(now.filters, within=place or None, view=None, q=None))
        )
        steps.append(html.Span("›", **{"aria-hidden": "true"}))
    notices = []
    if now.filters.within and now.filters.within not in view.tree.index:
        notices.append(html.P(t("regions.unknown", asked=now.filters.within, shown=view.place), className="notice"))
    if view.newer:
        notices.append(html.P(newer_words(view), className="notice"))
    way_down = html.Nav(steps[:-1], className="regions-path", **{"aria-label": t("regions.path")})
    return [
        *notices,
        html.Div([way_down, html.P(t("regions.no_scores"), className="quiet")], className="regions-where"),
    ]


# --- the funnel ------------------------------------------------------------------------------------------------
def chart(view: View) -> Drawn:
    """The chosen indicator of every region against the size behind it; of counts, which judge nobody, no funnel."""
    t, lang = view.now.t, view.now.lang
    rows = view.rows
    drawn = rows.assign(
        department_id=rows["region_id"],
        exposure=rows["denominator"],
        outcome=rows["outcome"].where(rows["value"].notna()),
        hover=["\n".join(_hover(view, row)) for row in rows_of(rows)],
        door=[door(href) if (href := way(view, place)[0]) else None for place in rows["region_id"]],
    )
    benchmark = float(view.limits["benchmark"].iloc[0]) if len(view.limits) else float("nan")
    whole_words = written(view, view.indicator, benchmark)
    words = funnel_words(
        t,
        short_definition(view.header["denominator"][lang]) if view.is_ratio else "",
        "{numerator} / {exposure}",
        t("regions.benchmark", value=whole_words) if known(benchmark) else "",
    )
    words = replace(words, no_data=t("regions.no_funnel") if not view.is_ratio else words.no_data)
    figure = funnel(drawn, view.limits, benchmark, words, areas=AREAS)
    what = t("regions.what", unit=view.header["unit"][lang], window=view.window_words, place=view.place)
    foot = [*sureness(view), *_to_counties(view), t("regions.foot")]
    return Drawn(figure, finding(view), what, foot, _table_of(view), CHART_HEIGHT)


def _to_counties(view: View) -> list[Any]:
    """Where too few regions are one step below to be compared: the way to the counties in them."""
    is_judged = not view.is_ratio or sum(view.outcomes.values())
    if is_judged or view.is_of_counties or len(view.counties) <= len(view.compared):
        return []
    counties = replace(view.now.filters, view=COUNTIES)
    return [view_link(view.now.t("regions.to_counties", n=len(view.counties)), PATH, counties)]


def _hover(view: View, row: Any) -> list[str]:
    if not known(row.value):
        return [str(row.label)]
    return [str(row.label), written(view, row.indicator, row.value), *about(view, row)]


def _table_of(view: View) -> ChartTable:
    t = view.now.t
    heads = ("name", "value", "numerator", "denominator", "interval", "limits", "outcome")
    lines, ways = [], []
    for row in rows_of(view.rows):
        ways.append(way(view, row.region_id)[0])
        if not known(row.value):
            lines.append((str(row.label), MISSING, "", "", "", "", missing(view, row.region_id, view.indicator)))
            continue
        said = t(f"outcome.{row.outcome if known(row.outcome) else 'unjudged'}")
        ends = ((row.low, row.high), (row.limit_low_95, row.limit_high_95))
        ranges = [t("ranking.range", low=number(a, 1), high=number(b, 1)) if known(a) else MISSING for a, b in ends]
        counts = (number(row.numerator, 0), number(row.denominator, 0) if known(row.denominator) else MISSING)
        lines.append((str(row.label), written(view, view.indicator, row.value), *counts, *ranges, said))
    return ChartTable([t(f"regions.table.{name}") for name in heads], lines, ways)


# --- the place as a whole --------------------------------------------------------------------------------------
def whole(view: View) -> list[Any]:
    """The sums over all that lies in the place, each with how many counties stand behind it."""
    t = view.now.t
    lines = []
    for name in (DEPARTMENTS, ALERT, WATCH, *view.shown_columns, FILED):
        cell = view.cells.get(("all", view.within, name))
        words = t("regions.reported", n=reported(view, name), of=len(view.counties) or 1)  # a county is one itself
        value = written(view, name, cell.value) if cell is not None else MISSING
        interval = ""
        if cell is not None and cell.kind in RATIOS and known(cell.low):
            decimals = view.indicators[name].header["decimals"]
            interval = t("ranking.range", low=number(cell.low, decimals), high=number(cell.high, decimals))
        lines.append(
            html.Tr(
                [
                    html.Th(_named(view, name), scope="row"),
                    html.Td(html.B(value)),
                    html.Td(interval, className="quiet"),
                    html.Td(words, className="quiet"),
                ]
            )
        )
    heads = [html.Th(t(f"regions.whole.{name}"), scope="col") for name in ("figure", "value", "interval", "reported")]
    is_whole = view.within is None or view.is_whole(view.within)
    hidden = [] if is_whole else [html.P(t("regions.missing.hidden"), className="quiet")]
    return [
        html.H2(t("regions.whole", place=view.place)),
        *hidden,
        html.Table([html.Thead(html.Tr(heads)), html.Tbody(lines)], className="regions-table"),
    ]


def _named(view: View, column: str) -> Any:
    if column in view.indicators:
        return html.Link(view.label(column), href=to_indicator(view, column))
    return view.now.t(f"regions.column.{column}")


# --- the list --------------------------------------------------------------------------------------------------
def table(view: View) -> list[Any]:
    """A row a region, each a door; a sign where a figure lies outside the limits of those compared."""
    t, listed = view.now.t, view.listed
    shown = listed[:MOST_ROWS]
    own = [html.Tr(list(_own(view)), className="own")] if _has_own(view) else []
    body = [html.Tr(list(_row(view, place))) for place in shown]
    said = [t("regions.list.how", n=len(view.compared))]
    if len(shown) < len(listed):
        said.append(t("regions.list.more", shown=len(shown), n=len(listed)))
    if view.now.filters.q and not listed:
        said.append(t("regions.list.none", asked=view.now.filters.q))
    key = "counties" if view.is_of_counties else "below"
    return [
        html.H2(t(f"regions.list.{key}", place=view.place, n=len(view.compared))),
        html.P([html.Span(sentence) for sentence in said], className="quiet"),
        html.Div(
            html.Table([html.Thead(html.Tr(list(_heads(view)))), html.Tbody([*own, *body])], className="regions-table"),
            className="regions-scroll",
            tabIndex=0,
            role="region",
            **{"aria-label": t(f"regions.list.{key}", place=view.place, n=len(view.compared))},
        ),
    ]


def _columns(view: View) -> list[str]:
    """Of the list after the name; the places stand beside the indicator that they are by."""
    found = [REPORTED] if len(view.counties) and not view.is_of_counties else []
    for column in (*COUNTED[:3], *view.shown_columns, FILED):
        found += [column, PLACE] if column == view.indicator and view.places else [column]
    return found


def _heads(view: View) -> Iterator[html.Th]:
    t = view.now.t
    for column in (NAME, *_columns(view)):
        if column in (REPORTED, PLACE):
            yield html.Th(t(f"regions.column.{column}"), scope="col", title=t(f"regions.column.{column}.help"))
            continue
        words = view.label(column) if column in view.indicators else t(f"regions.column.{column}")
        is_here = view.sort == column
        arrow = {"asc": " ↑", "desc": " ↓"}[view.order] if is_here else ""
        yield html.Th(
            view_link([words, arrow], PATH, view.sorted_by(column), title=t("regions.sort", column=words)),
            scope="col",
            className="asked" if column == view.indicator else None,
            **({"aria-sort": {"asc": "ascending", "desc": "descending"}[view.order]} if is_here else {}),
        )


def _row(view: View, place: str) -> Iterator[Any]:
    t, row = view.now.t, view.tree.loc[place]
    href, is_here = way(view, place)
    words = t("regions.open.below" if is_here else "regions.open.county", name=row["label"])
    mark = {"data-view" if is_here else "data-page": ""}
    yield html.Th(html.A(row["label"], href=href, title=words, **mark) if href else row["label"], scope="row")
    for column in _columns(view):
        if column == REPORTED:
            yield html.Td(t("regions.of", n=int(row["n_with_figures"]), of=int(row["n_counties"])), className="quiet")
        elif column == PLACE:
            ends = view.places.get(place)
            yield html.Td(places(t, *ends) if ends else MISSING, className="asked")
        else:
            yield _cell(view, "part", place, column)


def _has_own(view: View) -> bool:
    is_below = view.within is not None and not view.is_of_counties or not view.has_levels
    return is_below and ("own", view.within, DEPARTMENTS) in view.cells


def _own(view: View) -> Iterator[Any]:
    """The departments of the place itself, which no region in it has: shown, and compared with nobody."""
    t, href = view.now.t, overview(view, view.within)
    words = t("regions.own", place=view.place)
    name = html.A(words, href=href, **{"data-page": ""}) if href else words
    yield html.Th(name, scope="row", title=t("regions.own.help"))
    for column in _columns(view):
        if column in (REPORTED, PLACE):
            yield html.Td("", className="asked" if column == PLACE else None)
        else:
            yield _cell(view, "own", view.within, column)


def _cell(view: View, role: str, place: str, column: str) -> html.Td:
    cell = view.cells.get((role, place, column))
    css = "asked" if column == view.indicator else None
    if cell is None or not known(cell.value):
        words = missing(view, place, column)
        return html.Td(html.Span(MISSING, className="none", title=words, **{"aria-label": words}), className=css)
    words = view.now.t("list.separator").join(about(view, cell))
    signs = []
    if known(cell.outcome) and cell.outcome in SIGNS and cell.outcome != "in":
        side = standing(cell.outcome, view.indicators[column].header["better"])
        said = view.now.t(f"outcome.{cell.outcome}")
        mark = SIGNS[cell.outcome][1]
        signs = [html.B(mark, className=f"sign {STANDING_TONES[side]}", role="img", **{"aria-label": said})]
    return html.Td([written(view, column, cell.value), *signs], title=words or None, className=css)
