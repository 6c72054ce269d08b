"""Two to six departments side by side over everything; a difference is marked only where it is more than chance."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import dash
from dash import Input, Output, State, callback, no_update

from dashboard.charts.axis import Axis, axis_for
from dashboard.charts.control import PANEL_HEIGHT, SIGNALS, control_panels, control_words
from dashboard.charts.icons import tone, variation_icon
from dashboard.components import html
from dashboard.components.chart_card import (
    NOTHING,
    CardIcon,
    ChartTable,
    Drawn,
    card_icon,
    outputs_of,
    sized_card,
)
from dashboard.components.controls import control_id, select
from dashboard.components.explain import indicator_address
from dashboard.components.figures import dot_on_axis
from dashboard.components.gap_signs import sign
from dashboard.components.light import light
from dashboard.components.links import department_address, rule_address, view_link
from dashboard.components.pictured import picture_menu
from dashboard.components.ranking_rows import SIGNS, band_words
from dashboard.components.sheet import Sheet
from dashboard.filters import Filters
from dashboard.gaps import FLAGS
from dashboard.i18n.text import known, number
from dashboard.pages._compare import MOST, PATH, PLACE, TESTED, Figures, Line, Pair, View, sheet_of
from dashboard.pages._complaints import upper_first
from dashboard.pages._gaps import gap_address
from dashboard.pages._scene import page, scene, scope_control, title, window_control
from dashboard.rows import rows_of

CHART = "compare-chart"
CARDS = {"powers": ("tasks",)}  # parts that stand in a card beside the one that it is named by
PANELS_IN_A_ROW = 3
TICKS = 4  # at most, on the axis of the scores


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """The tables of the page; None where fewer than two departments are chosen."""
    now = scene(filters, pin)
    if now.snapshot is None:
        return None
    view = View(now)
    return sheet_of(view) if view.is_enough else None


dash.register_page(
    __name__,
    path=PATH,
    name="nav.compare",
    title=lambda: title("nav.compare"),
    icon="compare",
    order=21,
    sheet=sheet,
    action="desk",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot)
    if now.snapshot is None:
        return page(now, PATH, "nav.compare", (), None)
    view, t = View(now), now.t
    chosen = ",".join(now.filters.compared)
    add = [(option["value"], option["label"]) for option in options(view)]
    controls = [scope_control(now), window_control(now), select(t("compare.add"), "compared", chosen, add)]
    parts = {
        name: html.Section(drawn, id=f"compare-{name}", className=f"card-box compare-{name}")
        for name, drawn in cards(view).items()
    }
    chart = sized_card(t, CHART, charts(view), t("compare.charts.how"))
    body = html.Div(
        [
            html.Div(head(view), id="compare-head", className="compare-head"),
            html.Div(
                [
                    parts["finding"],
                    parts["scores"],
                    chart,
                    parts["indicators"],
                    parts["complaints"],
                    parts["gaps"],
                    parts["powers"],
                ],
                id="compare-content",
                className="compare-content",
                hidden=not view.is_enough,
            ),
        ],
        className="compare",
    )
    return page(now, PATH, "nav.compare", controls, body)


@callback(
    Output(control_id("compared"), "options"),
    Output("compare-head", "children"),
    Output("compare-content", "hidden"),
    *(
        Output(f"compare-{name}", "children")
        for name in ("finding", "scores", "indicators", "complaints", "gaps", "powers")
    ),
    *outputs_of(CHART),
    Input("url", "search"),
    State("snapshot", "data"),
    prevent_initial_call=True,
)
def update(search: str, snapshot: str) -> list[Any]:
    now = scene(Filters.from_search(search), snapshot)
    if now.snapshot is None:
        return [no_update] * (9 + len(outputs_of(CHART)))
    view = View(now)
    written = (light(part) for part in charts(view).written())
    return [
        options(view),
        light(head(view)),
        not view.is_enough,
        *(light(drawn) for drawn in cards(view).values()),
        *written,
    ]


def options(view: View) -> list[dict[str, str]]:
    """Of the control that adds: each value is the whole choice as it would be with that department."""
    t, chosen = view.now.t, ",".join(view.now.filters.compared)
    if len(view.found) >= MOST:
        return [{"value": chosen, "label": t("compare.full", most=MOST)}]
    rows = view.whole.departments
    rows = rows[~rows["department_id"].isin(view.ids) & ~rows["department_id"].str.contains(",")]
    more = [
        {"value": ",".join([*view.ids, row.department_id]), "label": row.label}
        for row in rows_of(rows.sort_values("name_order"))
    ]
    return [{"value": chosen, "label": t("compare.choose")}, *more]


def cards(view: View) -> dict[str, list[Any]]:
    """The cards below the chosen departments, empty while there are too few of these."""
    drawn = {
        "finding": finding_card,
        "scores": scores_card,
        "indicators": indicators_card,
        "complaints": complaints_card,
        "gaps": gaps_card,
        "powers": powers_card,
    }
    return {name: card(view) if view.is_enough else [] for name, card in drawn.items()}


# --- who ---------------------------------------------------------------------------------------------------------
def head(view: View) -> list[Any]:
    """The departments as chips, what must be said of the choice, and, while it is too small, all to choose from."""
    said = [html.P(sentence, className="notice") for sentence in view.notices]
    chips = [_chip(view, at, row) for at, row in enumerate(view.departments)]
    bar = [html.Div(chips, className="compare-chips")] if chips else []
    return [*bar, *said] if view.is_enough else [*bar, *said, _chooser(view)]


def _chip(view: View, at: int, row: Any) -> html.Span:
    t, filters = view.now.t, view.now.filters
    rest = replace(filters, compared=tuple(name for name in filters.compared if name != row.department_id))
    about = t("compare.remove", name=row.label)
    return html.Span(
        [
            html.B(view.letter(at)),
            html.Link(row.label, href=department_address(filters, row.department_id), title=row.full_name),
            html.Small(row.group if known(row.group) else ""),
            view_link("×", PATH, rest, className="close", title=about, **{"aria-label": about}),
        ],
        className="compare-chip",
    )


def _chooser(view: View) -> html.Section:
    """Every department by its kind; a click adds it."""
    now, t = view.now, view.now.t
    rows = view.whole.departments
    rows = rows[~rows["department_id"].isin(view.ids) & ~rows["department_id"].str.contains(",")]
    groups = [(name, rows[rows["category"] == code]) for code, name in now.groups]
    groups.append((t("department.index.rest"), rows[~rows["category"].isin([code for code, _ in now.groups])]))

    def entry(row: Any) -> html.Li:
        way = replace(now.filters, compared=(*view.ids, row.department_id))
        return html.Li(view_link(row.label, PATH, way, title=row.full_name))

    return html.Section(
        [
            html.H2(t("compare.start.more" if view.ids else "compare.start", most=MOST)),
            html.P(t("compare.start.what"), className="body-text"),
            *(
                html.Section([html.H3(name), html.Ul([entry(row) for row in rows_of(part)])])
                for name, part in groups
                if len(part)
            ),
        ],
        className="card-box compare-index",
    )


# --- the finding ---------------------------------------------------------------------------------------------------
def finding_card(view: View) -> list[Any]:
    """Which differences are real, how sure that is, and each of them with its size."""
    t = view.now.t
    return [
        html.H2(view.finding),
        html.P(view.sureness, className="quiet"),
        *_real(view),
        html.P(t("compare.how"), className="quiet"),
    ]


def _real(view: View) -> list[Any]:
    t = view.now.t
    if not view.real:
        return []
    heads = [html.Th(t(f"compare.real.{name}"), scope="col") for name in ("item", "pair", "size", "interval", "p")]
    lines = [html.Tr(_real_row(view, pair)) for pair in view.real]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(lines)], className="compare-pairs")
    return [html.Details([html.Summary(t("compare.real", n=len(lines))), html.Div(table, className="scroll")])]


def _real_row(view: View, pair: Pair) -> list[Any]:
    t = view.now.t
    p = t("compare.real.tiny") if pair.adjusted < 0.001 else number(pair.adjusted, 3)
    names = [view.departments[at].label for at in (pair.first, pair.second)]
    words = t("compare.above", first=names[0], second=names[1])
    return [
        html.Th(upper_first(pair.line.name), scope="row"),
        html.Td(words),
        html.Td(view.size_words(pair)),
        html.Td(view.pair_interval(pair)),
        html.Td(p),
    ]


# --- tables --------------------------------------------------------------------------------------------------------
def scores_card(view: View) -> list[Any]:
    """Composite and dimensions: all departments on one axis, then each with its value, interval and band."""
    t, lines = view.now.t, view.part("scores")
    shown = [row for line in lines if line.kind != PLACE for row in line.rows if known(row.value)]
    if not shown:
        return [html.H2(t("compare.part.scores")), html.P(t("department.dimensions.none"), className="body-text")]
    axis = axis_for([end for row in shown for end in (row.value, row.low, row.high)])
    table = _table(view, lines, lambda line: _lanes(view, axis, line), [_ticks(axis)])
    return _card(view, "scores", t("compare.part.scores"), t("compare.scores.what"), table)


def _ticks(axis: Axis) -> html.Span:
    step = -(-len(axis.ticks) // TICKS)
    marks = [
        html.I(number(tick, 0 if tick.is_integer() else 1), style={"left": f"{axis.position(tick)}%"})
        for tick in axis.ticks[::step]
    ]
    return html.Span(marks, className="compare-ticks")


def _lanes(view: View, axis: Axis, line: Line) -> Any:
    """One lane a department, on the axis that all rows share."""
    if line.kind == PLACE:
        return ""
    lanes = []
    for at, row in enumerate(line.rows):
        letter = html.I(view.letter(at), **{"aria-hidden": "true"})
        drawn = (
            dot_on_axis(axis, row.value, float("nan"), (row.low, row.high))
            if known(row.value)
            else html.Span("⁄", className="none")
        )
        lanes.append(html.Span([letter, drawn], className="lane"))
    return html.Span(lanes, className="lanes", **{"aria-hidden": "true"})


def indicators_card(view: View) -> list[Any]:
    t, lines = view.now.t, view.part("indicators")
    about = t("compare.indicators.what", window=t(f"complaints.window.{view.window}"))
    return _card(view, "indicators", t("compare.part.indicators"), about, _table(view, lines))


def complaints_card(view: View) -> list[Any]:
    t, lines = view.now.t, view.part("complaints")
    if not lines:
        return [html.H2(t("compare.part.complaints")), html.P(t("compare.complaints.none"), className="body-text")]
    about = t("compare.complaints.what", window=t(f"complaints.window.{view.window}"))
    return _card(view, "complaints", t("compare.part.complaints"), about, _table(view, lines))


def powers_card(view: View) -> list[Any]:
    """Powers by grade of risk and tracked tasks: listed as they are, for nothing about them is a matter of chance."""
    t, lines = view.now.t, [*view.part("powers"), *view.part("tasks")]
    if not lines:
        return [html.H2(t("compare.powers")), html.P(t("compare.powers.none"), className="body-text")]
    return _card(view, "powers", t("compare.powers"), t("compare.powers.what"), _table(view, lines))


def _card(view: View, name: str, heading: str, about: str, table: html.Table) -> list[Any]:
    """A table under its heading, with the menu of its files."""
    t, foot = view.now.t, (about, *view.notices)

    def rows() -> ChartTable:
        """The numbers behind every cell."""
        sheet_, parts = sheet_of(view), {t(f"compare.part.{part}") for part in (name, *CARDS.get(name, ()))}
        return ChartTable(sheet_.columns[1:], [row[1:] for row in sheet_.rows if row[0] in parts])

    menu = picture_menu(t, f"compare-{name}", heading, view.now.topic(view.whom), foot, table, table=rows)
    return [
        html.Div([html.H2(heading), menu], className="card-head"),
        html.P(about, className="chart-what"),
        html.Div(table, className="table-scroll", style={"--departments": len(view.ids)}),
    ]


def _table(view: View, lines: Sequence[Line], middle: Any = None, middle_head: Sequence[Any] = ()) -> html.Table:
    """`middle`: what stands between a line's name and the departments; then what its differences are."""
    t = view.now.t
    heads = [html.Th(t("compare.column.item"), scope="col", className="item")]
    heads += [html.Th(middle_head, scope="col", className="axis-column")] if middle else []
    heads += _names(view)
    heads.append(html.Th(t("compare.column.difference"), scope="col", className="difference"))
    body = []
    for line in lines:
        cells = [html.Th(_title(view, line), scope="row")]
        cells += [html.Td(middle(line), className="axis-column")] if middle else []
        cells += [html.Td(_cell(view, line, at, row)) for at, row in enumerate(line.rows)]
        body.append(html.Tr([*cells, _difference_cell(view, line)]))
    return html.Table([html.Thead(html.Tr(heads)), html.Tbody(body)], className="compare-table")


def _names(view: View) -> list[html.Th]:
    return [
        html.Th([html.B(view.letter(at)), html.Span(row.label)], scope="col", title=row.full_name, className="who")
        for at, row in enumerate(view.departments)
    ]


def _title(view: View, line: Line) -> Any:
    if line.measure is None:
        return upper_first(line.title)
    way = indicator_address(line.measure.key, view.now.filters)
    unit = [] if line.unit == "%" else [" ", html.Small(line.unit)]
    return [html.Link(upper_first(line.title), href=way, title=line.measure.title), *unit]


def _cell(view: View, line: Line, at: int, figures: Figures) -> list[Any]:
    """The mark of a real difference, the value, the sign of its place among its own kind, and its change."""
    t = view.now.t
    side = view.side(line, at)
    value = view.value_text(line, figures)
    words = [html.B(value, className="real" if side else None)]
    if side:
        about = t(f"compare.side.{side}")
        words.append(html.Span(t(f"compare.mark.{side}"), className="mark", title=about))
    if figures.outcome:
        css, mark = SIGNS.get(figures.outcome, ("quiet", "○"))
        about = t("compare.sign", said=band_words(t, figures.outcome))
        words.append(html.Span(mark, className=f"place-sign {css}", role="img", title=about, **{"aria-label": about}))
    if figures.variation and line.measure is not None:
        better = line.measure.header["better"]
        is_above = (figures.variation == "improvement") == (better != "lower")
        about = t(f"verdict.{figures.variation}")
        words.append(card_icon(CardIcon(variation_icon(figures.variation, is_above), tone(figures.variation), about)))
    below = view.below_text(line, figures)
    return [html.Span(words, className="top-line"), *([html.Small(below)] if below else [])]


def _difference_cell(view: View, line: Line) -> html.Td:
    pairs = view.real_of(line)
    if not pairs:
        return html.Td(view.said(line), className="difference quiet" if line.kind in TESTED else "difference untested")
    about = view.now.t("compare.list").join(view.pair_words(pair) for pair in pairs)
    return html.Td(view.said(line), className="difference real", title=about)


# --- gaps ----------------------------------------------------------------------------------------------------------
def gaps_card(view: View) -> list[Any]:
    """The rules that flag at least one of them; the others are counted."""
    t, lang, rules = view.now.t, view.now.lang, view.flagged_rules
    others = len(view.gaps.rules) - len(rules)
    heading = t("compare.gaps.title", n=len(rules)) if rules else t("compare.gaps.none", n=others)
    if not rules:
        return [html.H2(heading)]
    heads = [html.Th(t("compare.column.rule"), scope="col", className="item"), *_names(view)]
    lines = []
    for rule in rules:
        header = view.gaps.rules[rule].header
        name = html.Link(header["title"][lang], href=rule_address(view.now.filters, rule))
        lines.append(html.Tr([html.Th(name, scope="row"), *(html.Td(_state(view, rule, one)) for one in view.ids)]))
    counts = [sum(view.states.get((rule, department)) in FLAGS for rule in rules) for department in view.ids]
    total = [html.Th(t("compare.gaps.total"), scope="row"), *(html.Td(html.B(number(n, 0))) for n in counts)]
    lines.append(html.Tr(total, className="total"))
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(lines)], className="compare-table of-rules")
    return _card(view, "gaps", heading, t("compare.gaps.what", others=others), table)


def _state(view: View, rule: str, department: str) -> Any:
    t, status = view.now.t, view.states.get((rule, department))
    if status is None:
        return html.Span(t("matrix.not_standing"), className="quiet")
    words = [sign(t, status), html.Span(t(f"gaps.status.{status}"))]
    if status not in FLAGS:
        return html.Span(words, className="state")
    return html.Link(words, href=gap_address(view.now.filters, rule, department), className="state")


# --- charts --------------------------------------------------------------------------------------------------------
def charts(view: View) -> Drawn:
    """The composite of each over the quarters, on one scale."""
    if not view.is_enough:
        return NOTHING
    t, panels = view.now.t, view.panels
    columns = min(len(panels), PANELS_IN_A_ROW)
    figure = control_panels(panels, control_words(t, "", 1), columns)
    changed = sum(panel.variation in ("concern", "improvement", "high", "low") for panel in panels)
    judged = sum(1 for panel in panels if panel.variation)
    key = "some" if changed else "none" if judged else "unjudged"
    heading = t(f"compare.charts.title.{key}", n=changed, judged=judged)
    rows = [
        (
            row_of.label,
            row.period,
            *(number(value) for value in (row.value, row.lower, row.upper)),
            t(f"rule.{row.point_type}") if row.point_type in SIGNALS else "",
        )
        for panel, row_of in zip(panels, view.departments)
        for row in rows_of(panel.points)
    ]
    names = ("quarter", "value", "lower", "upper", "signal")
    ways = [way for panel in panels for _, way in panel.points["door"]]
    table = ChartTable([t("sheet.name"), *(t(f"department.charts.{name}") for name in names)], rows, ways)
    lines = -(-len(panels) // columns)
    foot = [t("department.charts.foot")]
    return Drawn(figure, heading, t("compare.charts.what"), foot, table, lines * PANEL_HEIGHT)
