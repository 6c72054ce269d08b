"""Departments ranked by the composite score or by any other indicator, with the viewer's own weights if wanted."""

from collections import Counter
from dataclasses import replace
from typing import Any

import dash
import pandas as pd
from dash import ALL, Input, Output, State, callback, no_update

from dashboard.charts.axis import axis_for
from dashboard.components import html
from dashboard.components.controls import search_box, select, weight_slider
from dashboard.components.explain import explained, indicator_addresses
from dashboard.components.exported import ChartTable, Exported, export_menu
from dashboard.components.light import light
from dashboard.components.links import DEPARTMENT_PATH, compare_link, view_link
from dashboard.components.ranking_rows import (
    Group,
    RankingLook,
    band_words,
    places,
    ranking_picture,
    ranking_rows,
)
from dashboard.components.sheet import Sheet
from dashboard.components.states import indicator_without_data, nothing_matches
from dashboard.filters import COMPOSITE, Filters
from dashboard.findings import needed
from dashboard.i18n.text import known, number, quarter_name
from dashboard.pages._movement import movement
from dashboard.pages._ranking import (
    WHOLE_REGION,
    Ranking,
    caveat,
    compared_with,
    method,
    natural_order,
    reason,
    sheet_of,
)
from dashboard.pages._scene import PEERS, Scene, page, scene, scope_control, title
from dashboard.pages._selected import caution, other_rules, sentences, separation
from dashboard.rows import Row, rows_of

PATH = "/ranking"
BANDS = {"above", "none", "below"}
HALO = 0.85  # share of the first component beyond which the dimensions are one impression
SEVERAL = 0.6  # … and below which they tell different things
ENDS = 10  # departments at either end
MOST_MOVED = 4  # departments whose place hangs most on the weights


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """The rows that the page shows for these filters, as a file; None before the first import."""
    now = scene(filters, pin, path=PATH)
    if now.snapshot is None:
        return None
    view = Ranking(now)
    return sheet_of(now, view.measure, view.shown, view.weights)


dash.register_page(
    __name__,
    path=PATH,
    name="nav.ranking",
    title=lambda: title("nav.ranking"),
    icon="ranking",
    order=3,
    sheet=sheet,
    action="desk",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot, path=PATH)
    if now.snapshot is None:
        return page(now, PATH, "nav.ranking", (), None)
    view = Ranking(now)
    t = now.t
    options = [(measure.key, measure.title) for measure in view.measures.values()]
    controls = [
        scope_control(now),
        select(t("filter.indicator"), "indicator", view.measure.key, options, default=COMPOSITE),
        search_box(t("filter.search"), now.filters.q),
    ]
    body = html.Div(
        [
            html.Section(main_card(view), id="ranking-main", className="card-box ranking-card"),
            html.Aside(
                [
                    html.Section(weights_card(view), id="ranking-weights", hidden=not view.has_weights),
                    html.Section(selected_card(view), id="ranking-selected"),
                    html.P(footnote(view), id="ranking-footnote", className="quiet"),
                ],
                className="card-box side",
            ),
            html.Section(movement_card(view), id="ranking-movement", className="card-box movement"),
        ],
        className="ranking",
    )
    return page(now, PATH, "nav.ranking", controls, body)


@callback(
    Output("ranking-main", "children"),
    Output("ranking-selected", "children"),
    Output("ranking-footnote", "children"),
    Output("ranking-movement", "children"),
    Output("ranking-weights", "hidden"),
    Output("ranking-weights-sum", "children"),
    Output("ranking-weights-links", "children"),
    Output({"weight": ALL}, "children"),
    Input("url", "search"),
    State({"weight": ALL}, "id"),
    State("snapshot", "data"),
    prevent_initial_call=True,
)
def update(search: str, ids: list[dict[str, str]], snapshot: str) -> tuple[Any, ...]:
    view = Ranking(scene(Filters.from_search(search), snapshot, path=PATH))
    if view.now.snapshot is None:
        return (*[no_update] * 7, [no_update] * len(ids))
    values = slider_values(view)
    return (
        *(light(card(view)) for card in (main_card, selected_card, footnote, movement_card)),
        not view.has_weights,
        weights_sum(view),
        light(weights_links(view)),
        [str(values.get(i["weight"], "")) for i in ids],
    )


def main_card(view: Ranking) -> list[Any]:
    """The finding, how to read the rows, and the rows."""
    now, t, measure = view.now, view.now.t, view.measure
    said = [html.P(sentence, className="notice") for sentence in view.notices]
    if view.rows["value"].isna().all():
        tables = t("list.separator").join(t(f"table.{table}") for table in measure.header["tables"])
        return [*said, indicator_without_data(t, measure.title, tables, quarter_name(t, now.quarter))]
    if not view.shown:
        return [
            *said,
            nothing_matches(t, PATH + replace(now.filters, q=None, category=None, departments=()).to_search()),
        ]
    ranked = [row for row in view.shown if known(row.value)]
    unranked = [row for row in view.shown if not known(row.value)]
    return [
        *said,
        html.Div([html.H2(_finding(view)), *_banner(view), *_menu(view, ranked)], className="card-head"),
        *(html.P(words, className="quiet") for words in _evidence(view)),
        *(html.P(words, className="body-text") for words in _chosen(view)),
        html.P(_reading(view), className="quiet"),
        *([_table(view, ranked)] if ranked else []),
        *([_unranked(view, unranked)] if unranked else []),
    ]


def _finding(view: Ranking) -> str:
    """What the ranking carries: who truly differs, never who comes first."""
    t, measure, rows = view.now.t, view.measure, view.rows.dropna(subset="value")
    outcomes = rows["outcome"].value_counts()
    whom = t(f"ranking.whom.{compared_with(view.now, rows)}")
    if view.is_of_scores and outcomes.sum():
        above, below = int(outcomes.get("above", 0)), int(outcomes.get("below", 0))
        words = {"n": above + below, "above": above, "below": below, "none": int(outcomes.sum()) - above - below}
        return t("ranking.finding.bands" if above + below else "ranking.finding.bands.none", whom=whom, **words)
    if not view.is_of_scores and outcomes.sum():
        high = int(outcomes.reindex(["high_95", "high_998"]).sum())
        low = int(outcomes.reindex(["low_95", "low_998"]).sum())
        words = {"indicator": measure.title, "high": high, "low": low, "n": int(outcomes.get("in", 0)), "whom": whom}
        return t("ranking.finding.limits" if high + low else "ranking.finding.limits.none", **words)
    low, high = (number(value, measure.header["decimals"]) for value in (rows["value"].min(), rows["value"].max()))
    quarter = quarter_name(t, view.now.quarter)
    words = {"quarter": quarter, "indicator": measure.title, "low": low, "high": high, "unit": measure.unit}
    return t("ranking.finding", n=len(rows), **words)


def _chosen(view: Ranking) -> list[str]:
    """Where a few were chosen: the finding is of all, the rows are theirs; what is said of each is as before."""
    now, t = view.now, view.now.t
    if not now.is_chosen:
        return []
    outcomes = view.own["outcome"].value_counts()
    words = {"n": len(view.own), "all": len(view.rows)}
    if view.is_of_scores:
        counts = {name: int(outcomes.get(name, 0)) for name in ("above", "below", "none")}
        return [t("ranking.chosen.bands", **counts, **words)]
    high, low = (int(outcomes.reindex([f"{side}_95", f"{side}_998"]).sum()) for side in ("high", "low"))
    return [t("ranking.chosen.limits", high=high, low=low, none=int(outcomes.get("in", 0)), **words)]


def _evidence(view: Ranking) -> list[str]:
    """Beside “in no order”: what it would take to be sure."""
    said = needed(view.now.t, view.rows) if view.is_of_scores else []
    return [view.now.t("sentence.space").join(said)] if said else []


def _reading(view: Ranking) -> str:
    t = view.now.t
    parts = (
        [t("ranking.reading.places")]
        if view.is_of_scores
        else [t("ranking.reading"), t(f"ranking.reading.better.{view.measure.header['better']}")]
    )
    if view.cell_dimensions:
        parts.append(t("ranking.reading.cells"))
    if view.caveats:
        parts.append(t("ranking.reading.caveat", notes=t("list.separator").join(view.caveats)))
    return t("sentence.space").join(parts)


def _banner(view: Ranking) -> list[Any]:
    return [html.Strong(view.now.t("weights.banner"), className="banner")] if view.weights else []


def _menu(view: Ranking, ranked: list[Row]) -> list[html.Details]:
    now, t, measure = view.now, view.now.t, view.measure
    if not ranked:
        return []
    banner = [t("weights.banner")] if view.weights else []
    foot = (*banner, *_chosen(view), _reading(view), method(t, measure))

    def table() -> ChartTable:
        rows = sheet_of(now, measure, ranked, view.weights)
        return ChartTable(rows.columns, rows.rows)

    def drawing() -> str:
        return ranking_picture(_look(view), _groups(view, ranked), view.cells if view.cell_dimensions else {})

    return [export_menu(t, Exported("ranking", _finding(view), now.topic(measure.title), foot, table, drawing))]


def _table(view: Ranking, ranked: list[Row]) -> html.Div:
    cells = view.cells if view.cell_dimensions else {}
    return ranking_rows(_look(view), _groups(view, ranked), cells, view.now.filters.department)


def _look(view: Ranking) -> RankingLook:
    now, t, measure = view.now, view.now.t, view.measure
    filters = now.filters
    every = view.rows
    values = pd.concat([every[name] for name in ("value", "previous_value", "low", "high")]).dropna()
    named, cell_address = view.cell_dimensions, indicator_addresses(filters)

    def row_link(label: str, department: str, **props: Any) -> html.A:
        chosen = None if department == filters.department else department
        return view_link(label, PATH, replace(filters, department=chosen), **props)

    def sort_link(label: str, column: str) -> html.A:
        """The first click sorts by the column's natural order, the next one turns it round."""
        is_sorted = view.sort == column
        now_order = view.order
        wanted = filters.sorted_by(column, natural_order(column), now_order if is_sorted else None, "place")
        css = f"sorted {now_order}" if is_sorted else ""
        name = dict(named).get(column, label)
        return view_link(label, PATH, wanted, className=css, title=t("ranking.sort", column=name))

    return RankingLook(
        t=t,
        axis=None if view.is_of_scores else axis_for(values, from_zero=measure.header["kind"] != "mean"),
        value=t("ranking.value" if measure.header["kind"] == "mean" else "ranking.value.other"),
        decimals=measure.header["decimals"],
        dimensions=named,
        caveat=lambda note: caveat(now, note),
        row_link=row_link,
        sort_link=sort_link,
        cell_href=lambda code, one: cell_address(f"dimension_score.{code}", one),
    )


def _groups(view: Ranking, ranked: list[Row]) -> list[Group]:
    """One list a set of departments that are ranked among themselves; one for all where a column is sorted by."""
    now = view.now
    sets: dict[str, list[Row]] = {}
    for row in ranked:
        sets.setdefault(row.peer_set, []).append(row)
    if now.scope != PEERS or view.sort != "place" or len(sets) < 2:
        return [Group("", "", ranked)]
    named = dict(now.groups)
    return [_group(now, named.get(name), sets[name]) for name in (*named, WHOLE_REGION) if name in sets]


def _group(now: Scene, name: str | None, rows: list[Row]) -> Group:
    t = now.t
    outcomes = Counter(row.outcome for row in rows if known(row.outcome))
    counts = {"above": outcomes["above"], "below": outcomes["below"]}
    title = name or t("ranking.group.region")
    is_banded = outcomes and outcomes.keys() <= BANDS
    about = t("ranking.group.bands", n=len(rows), **counts) if is_banded else t("ranking.group.count", n=len(rows))
    return Group(title, t("chosen.of_group", n=len(rows)) if now.is_chosen else about, rows)


def _unranked(view: Ranking, rows: list[Row]) -> html.P:
    t = view.now.t
    names = [
        t("ranking.unranked.item", name=row.label, reason=reason(view.now, view.measure, row.note)) for row in rows
    ]
    return html.P([html.B(t("ranking.unranked", n=len(rows))), t("list.separator").join(names)], className="unranked")


def movement_card(view: Ranking) -> list[Any]:
    """Every department over the quarters; what is no signal of its control chart stays grey."""
    points = view.now.run("control_points", indicator=view.measure.indicator, variant=view.measure.variant)
    return movement(view.now, view.measure, view.rows, points, PATH)


def footnote(view: Ranking) -> str:
    """How the figures were made, and how far the dimensions are one impression."""
    t = view.now.t
    parts = [method(t, view.measure)]
    found = view.now.run("appraisal")
    if view.is_of_scores and len(found):
        panel = found.iloc[0]
        n, straight = int(panel["n_ballots"]), int(panel["n_straight"])
        parts.append(t("ranking.footnote.panel", raters=int(panel["n_raters"]), straight=straight, n=n))
        if known(panel["first_component"]):
            share = panel["first_component"]
            key = "halo" if share > HALO else "no_halo" if share < SEVERAL else "some_halo"
            parts.append(t(f"ranking.footnote.{key}", share=number(100 * share, 0), alpha=number(panel["alpha"], 2)))
    return t("sentence.space").join(parts)


def office_shares(view: Ranking) -> dict[str, int]:
    """The office's weights in whole percent of their sum; what the sliders show until somebody moves one."""
    weights = view.dimensions.set_index("dimension")["weight"]
    return {name: round(100 * weight / (weights.sum() or 1)) for name, weight in weights.items()}


def slider_values(view: Ranking) -> dict[str, int]:
    return office_shares(view) | dict(view.weights)


def weights_card(view: Ranking) -> list[Any]:
    t, office, values = view.now.t, office_shares(view), slider_values(view)
    sliders = [
        weight_slider(getattr(row, view.now.lang), row.dimension, values[row.dimension], office[row.dimension])
        for row in rows_of(view.dimensions)
    ]
    return [
        html.H2(t("weights.heading")),
        html.P(weights_sum(view), id="ranking-weights-sum", className="quiet"),
        *sliders,
        html.Div(weights_links(view), id="ranking-weights-links", className="buttons"),
    ]


def weights_sum(view: Ranking) -> str:
    if not view.weights:
        return view.now.t("weights.sum")
    total = sum(slider_values(view).values())
    return view.now.t("weights.sum.exact" if total == 100 else "weights.sum.own", sum=total)


def weights_links(view: Ranking) -> list[html.A]:
    t, filters = view.now.t, view.now.filters
    if view.dimensions.empty:
        return []
    share = round(100 / len(view.dimensions))
    equal = dict.fromkeys(view.dimensions["dimension"], share)
    weights = () if equal == office_shares(view) else tuple(equal.items())
    return [
        view_link(t("weights.reset"), PATH, replace(filters, weights=()), className="button"),
        view_link(t("weights.equal"), PATH, replace(filters, weights=weights), className="button"),
    ]


def selected_card(view: Ranking) -> list[Any]:
    """The selected department in words; without one, whose place hangs most on the weights."""
    now, t, measure = view.now, view.now.t, view.measure
    department = now.filters.department
    rows = view.rows[view.rows["department_id"] == department]
    if department is None:
        return _most_moved(view) or [html.H2(t("panel.heading")), html.P(t("panel.hint"), className="body-text")]
    if rows.empty:
        return [html.H2(t("panel.heading")), html.P(t("panel.missing"), className="body-text"), _close(view)]
    row = next(rows_of(rows))
    said = sentences(now, measure, row, view.rows, view.straight) if view.is_of_scores else _counted(view, row)
    weights = dict(view.weights) or view.dimensions.set_index("dimension")["weight"].to_dict()
    return [
        html.Div([html.H2(row.full_name), _close(view)], className="card-head"),
        html.P(
            [
                t("sentence.space").join([*said, *caution(now, row)]),
                explained(t, now.lang, measure.header, measure.key, now.filters),
            ],
            className="body-text",
        ),
        html.P(
            [
                # with the order of this page, in which one steps on from there
                html.Link(t("department.door"), href=DEPARTMENT_PATH + now.filters.to_search()),
                compare_link(t, now.filters, row.department_id),
            ],
            className="quiet to-compare",
        ),
        *(separation(now, row.department_id, view.distances, weights) if measure.is_composite else [_about(view)]),
        *(other_rules(now, row.department_id, row.place) if measure.is_composite and not view.weights else []),
    ]


def _most_moved(view: Ranking) -> list[Any]:
    if not view.measure.is_composite:
        return []
    rows = [row for row in rows_of(view.own) if known(row.weight_low) and row.weight_high > row.weight_low]
    if not rows:
        return []
    rows.sort(key=lambda row: (row.weight_low - row.weight_high, row.department_id))
    t = view.now.t
    lines = [
        html.Tr([html.Th(row.label, scope="row"), html.Td(places(t, row.weight_low, row.weight_high))])
        for row in rows[:MOST_MOVED]
    ]
    return [
        *_ends(view),
        html.H2(t("panel.moved")),
        html.Table(html.Tbody(lines), className="dimensions"),
        html.P(t("panel.hint"), className="quiet"),
    ]


def _ends(view: Ranking) -> list[Any]:
    """Who is, and who may be, among the first and the last ten: by the sets that hold for all departments at once."""
    if view.now.scope == PEERS:
        return []
    t, rows = view.now.t, view.rows.dropna(subset=["set_low", "set_high"])
    if len(rows) <= 2 * ENDS:
        return []
    n = int(rows["n_ranked"].max())
    counts = {
        "first": (int((rows["set_high"] <= ENDS).sum()), int((rows["set_low"] <= ENDS).sum())),
        "last": (int((rows["set_low"] > n - ENDS).sum()), int((rows["set_high"] > n - ENDS).sum())),
    }
    said = [t(f"panel.ends.{end}", k=ENDS, sure=sure, may=may) for end, (sure, may) in counts.items()]
    return [html.H2(t("panel.ends")), html.P(t("sentence.space").join(said), className="body-text")]


def _counted(view: Ranking, row: Any) -> list[str]:
    """A department by a count, share or rate: its value, what it was counted from, and what the limits say."""
    now, t, measure = view.now, view.now.t, view.measure
    decimals = measure.header["decimals"]
    if not known(row.value):
        return [t("panel.unranked", reason=reason(now, measure, row.note))]
    previous = number(row.previous_value, decimals)
    said = [t("panel.value", value=number(row.value, decimals), unit=measure.unit, previous=previous)]
    if known(row.low) and known(row.high):
        said.append(t("panel.interval", low=number(row.low, decimals), high=number(row.high, decimals)))
    if known(row.denominator):
        counts = {"numerator": number(row.numerator, 0), "denominator": number(row.denominator, 0)}
        said.append(t("panel.counts", **counts))
    if known(row.outcome):
        limits = {"low": number(row.limit_low_95, decimals), "high": number(row.limit_high_95, decimals)}
        said.append(t("panel.limits", band=band_words(t, row.outcome), **limits))
    if known(row.eb):
        said.append(t("panel.eb", value=number(row.eb, decimals)))
    if known(row.variation):
        said.append(t(f"variation.{row.variation}"))
    return said


def _close(view: Ranking) -> html.A:
    label = {"aria-label": view.now.t("panel.close")}
    return view_link("×", PATH, replace(view.now.filters, department=None), className="close", **label)


def _about(view: Ranking) -> html.P:
    return html.P(view.measure.header["why"][view.now.lang], className="quiet")
