"""The first page: the quarter in three sentences, four figures, both ends of the ranking, alerts and the agenda."""

from collections.abc import Sequence
from typing import Any

import dash
import pandas as pd
from dash import Input, Output, State, callback, no_update

from dashboard.catalog import GAP_GROUPS
from dashboard.charts.axis import Axis, axis_for
from dashboard.components import html
from dashboard.components.explain import explained
from dashboard.components.exported import ChartTable
from dashboard.components.figures import dot_on_axis, figure_card, strip
from dashboard.components.gap_signs import SIGNS, sign
from dashboard.components.light import light
from dashboard.components.links import address, department_address
from dashboard.components.pictured import picture_menu
from dashboard.components.ranking_rows import band_words
from dashboard.components.states import nothing_matches
from dashboard.filters import COMPOSITE, Filters
from dashboard.findings import Figure, Finding, base_words, change_words, end_sentence
from dashboard.gaps import FLAGS
from dashboard.i18n.text import Text, known, number, quarter_name
from dashboard.pages._follow_up import Records, agenda_of, state_words
from dashboard.pages._gaps import Gaps, gap_address
from dashboard.pages._overview import Quarter, quarters_until
from dashboard.pages._ranking import compared_with
from dashboard.pages._scene import Scene, page, scene, scope_control, title
from dashboard.rows import rows_of

PATH = "/"
HEADLINES = (COMPOSITE, "complaints_received", "rectification_on_time", "cases_filed")
QUARTERS_OF_LINE = 12
ENDS = 3
WORST = 10
DECISIONS = 5

dash.register_page(
    __name__,
    path=PATH,
    name="nav.overview",
    title=lambda: title("nav.overview"),
    icon="overview",
    order=1,
    action="agenda",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot)
    body = html.Div(view(now) if now.snapshot else None, id="overview-body", className="overview")
    return page(now, PATH, "nav.overview", [scope_control(now)] if now.snapshot else (), body)


@callback(
    Output("overview-body", "children"),
    Input("url", "search"),
    State("snapshot", "data"),
    prevent_initial_call=True,
)
def update(search: str, snapshot: str) -> Any:
    now = scene(Filters.from_search(search), snapshot)
    return light(view(now)) if now.snapshot else no_update


def view(now: Scene) -> list[Any]:
    """Everything on the page that depends on the filters."""
    if now.departments.empty:
        return [nothing_matches(now.t, PATH)]
    quarter = Quarter(Gaps(now))
    return [
        html.H2(now.t("findings.heading"), className="visually-hidden"),
        html.Div(
            [_finding(now, finding) for finding in quarter.findings],
            className="findings",
        ),
        html.H2(now.t("headlines.heading"), className="visually-hidden"),
        _figures(now, quarter.figures),
        html.Div([_ends(now, quarter.ranking), _worst(now, quarter), _agenda(now, quarter.gaps)], className="ends"),
    ]


def _finding(now: Scene, finding: Finding) -> html.Section:
    mark = sign(now.t, finding.status) if finding.status else html.Span(className="finding-dot")
    way = [" ", _way(now, now.t("findings.evidence"), finding.page)] if finding.page else []
    return html.Section(
        [
            html.Div([mark, html.H3(finding.title)], className="finding-head"),
            html.P([finding.body, *way], className="body-text"),
        ],
        className="card-box finding",
    )


def _figures(now: Scene, figures: Sequence[Figure]) -> html.Div:
    t, cards = now.t, [_figure(now, shown) for shown in figures]
    columns = tuple(t(f"picture.{name}") for name in ("figure", "value", "line", "change", "base"))
    title_ = t("headlines.heading")
    quarters = quarters_until(now)

    def table() -> ChartTable:
        names = [
            t("headlines.mean") if one.indicator == COMPOSITE else one.header["title"][now.lang] for one in figures
        ]
        rows = [
            [name, *(number(value, one.header["decimals"]) for value in one.values)]
            for name, one in zip(names, figures)
        ]
        return ChartTable([t("picture.figure"), *quarters], rows)

    topic = now.topic(t("nav.overview"))
    menu = picture_menu(t, "overview-figures", title_, topic, (), html.Div(cards), columns, table)
    return html.Div([*cards, menu], className="figures")


def _figure(now: Scene, shown: Figure) -> html.Section:
    t, header = now.t, shown.header
    until = quarters_until(now)
    change = change_words(t, shown)
    return figure_card(
        [
            t("headlines.mean") if shown.indicator == COMPOSITE else header["title"][now.lang],
            explained(t, now.lang, header, shown.indicator, now.filters),
        ],
        number(shown.value, header["decimals"]),
        header["unit"][now.lang] if known(shown.value) else "",
        (change, t("headlines.change.trial" if shown.is_trial else "headlines.change.help")) if change else None,
        base_words(t, shown),
        shown.values,
        t("headlines.sparkline", first=quarter_name(t, until[0]), last=quarter_name(t, until[-1])),
    )


def _way(now: Scene, words: str, path: str) -> dash.html.Link:
    return html.Link(words, href=address(f"page:{path}", PATH, now.filters, now.quarter))


def _ends(now: Scene, ranking: pd.DataFrame) -> html.Section:
    """All scores on one line; then who lies clearly above the average and who clearly below: only these are named,
    and in no finer order."""
    t, banded = now.t, ranking.dropna(subset="value")
    axis = axis_for(pd.concat([banded["difference_low"], banded["difference_high"]]).dropna())
    ends = (
        ("ends.above", banded[banded["outcome"] == "above"].sort_values("difference", ascending=False)),
        ("ends.below", banded[banded["outcome"] == "below"].sort_values("difference")),
    )
    heading = t("ends.title", n=len(banded)) if len(banded) else t("ends.without_scores")
    strip_, named = _spread(now, ranking), [_end(now, name, rows, axis) for name, rows in ends]
    return html.Section(
        [
            html.Div(
                [
                    html.H2(heading),
                    _way(now, t("findings.more"), "/ranking"),
                    _ends_menu(now, heading, banded, strip_, named),
                ],
                className="card-head",
            ),
            *strip_,
            *(
                part
                for head, items in named
                for part in (head, *([html.Ol(items, className="end-list")] if items else []))
            ),
            *([html.P(t("ends.caution"), className="quiet")] if len(banded) else []),
        ],
        className="card-box",
    )


def _ends_menu(now: Scene, heading: str, banded: pd.DataFrame, strip_: list[Any], named: list[Any]) -> Any:
    """Of a picture in three columns, and of all the scores that stand on its line."""
    t = now.t
    if banded.empty:
        return None
    wide = [html.Tr(html.Th(one, colSpan=3)) for one in strip_]
    for head, items in named:
        wide += [html.Tr(html.Th(head, colSpan=3)), *(html.Tr(item.children) for item in items)]

    def table() -> ChartTable:
        heads = (t(f"sheet.{name}") for name in ("difference", "difference_low", "difference_high", "outcome"))
        figures = banded[["value", "difference", "difference_low", "difference_high"]]
        rows = [
            [name, *(number(value, 2) for value in values), band_words(t, outcome)]
            for name, values, outcome in zip(banded["full_name"], figures.to_numpy(), banded["outcome"])
        ]
        return ChartTable([t("sheet.name"), t("headlines.mean"), *heads], rows)

    topic = now.topic(t("headlines.mean"))
    drawn = html.Table(html.Tbody(wide))
    return picture_menu(t, "overview-ends", heading, topic, (t("ends.caution"),), drawn, table=table)


def _spread(now: Scene, ranking: pd.DataFrame) -> list[html.Div]:
    """All departments' scores on one line; nothing where nobody has one."""
    t, scored = now.t, ranking.set_index("department_id")["value"].dropna()
    if scored.empty:
        return []
    ways = {department_address(now.filters, one): value for one, value in scored.items()}
    mean = number(scored.mean())
    words = {"n": len(scored), "low": number(scored.min()), "high": number(scored.max()), "mean": mean}
    label = t("spread.mean", mean=mean)
    return [strip(axis_for(scored), ways, scored.mean(), label, t("spread.about", **words))]


def _end(now: Scene, heading: str, rows: pd.DataFrame, axis: Axis) -> tuple[html.H3, list[html.Li]]:
    t = now.t
    words = {"n": len(rows), "whom": t(f"ranking.whom.{compared_with(now, rows)}")}
    items = [
        html.Li(
            [
                html.B(row.label, title=row.full_name),
                dot_on_axis(axis, row.difference, float("nan"), (row.difference_low, row.difference_high)),
                html.Span(number(row.value), className="value"),
            ],
            title=end_sentence(t, row.difference, row.difference_low, row.difference_high),
        )
        for row in rows_of(rows.head(ENDS))
    ]
    return html.H3(t(heading if items else f"{heading}.none", **words)), items


def _worst(now: Scene, quarter: Quarter) -> html.Section:
    """The departments with the most alerts, each with a mark a rule, group by group."""
    t, gaps = now.t, quarter.gaps
    rows, worst = gaps.rows, quarter.worst.head(WORST)
    status = rows.set_index(["department_id", "rule"])["status"].to_dict()
    groups = {group: [n for n, rule in gaps.rules.items() if rule.header["group"] == group] for group in GAP_GROUPS}
    groups = {group: names for group, names in groups.items() if names}
    # the columns are as narrow as their marks: the letter stands above, the names below the table
    named = [t(f"gaps.group.{group}") for group in groups]
    heads = [html.Th(words[0], scope="col", title=words, **{"aria-label": words}) for words in named]
    totals = [html.Th(t(f"gaps.status.{one}"), scope="col", className="total") for one in FLAGS]
    body = [
        html.Tr(
            [
                html.Th(
                    html.Link(row.label, href=department_address(now.filters, row.department_id)),
                    scope="row",
                    title=row.full_name,
                ),
                *(html.Td([_mark(t, status.get((row.department_id, n))) for n in names]) for names in groups.values()),
                html.Td(number(row.alert, 0) if row.alert else "·", className="total alerts"),
                html.Td(number(row.watch, 0) if row.watch else "·", className="total"),
            ]
        )
        for row in rows_of(worst)
    ]
    found = rows["status"].value_counts()
    words = {"alerts": int(found.get("alert", 0)), "watches": int(found.get("watch", 0)), "rules": len(gaps.rules)}
    names = t("list.separator").join(worst["label"].head(2))
    heading, what = (
        t("worst.title", names=names) if len(worst) else t("worst.none"),
        t("worst.what", n=len(worst), **words),
    )
    head = html.Thead(html.Tr([html.Th("", scope="col"), *heads, *totals]))
    table = html.Table([head, html.Tbody(body)], className="worst")
    columns = [name for names in groups.values() for name in names]

    def states() -> ChartTable:
        titles = [gaps.rules[name].header["title"][now.lang] for name in columns]
        return ChartTable(
            [t("sheet.name"), *titles, *(t(f"gaps.status.{one}") for one in FLAGS)],
            [
                [
                    row.full_name,
                    *(t(f"gaps.status.{status.get((row.department_id, name), 'no_data')}") for name in columns),
                    number(row.alert, 0),
                    number(row.watch, 0),
                ]
                for row in rows_of(worst)
            ],
        )

    groups_named = t("rulepage.separator").join(named)
    menu = picture_menu(
        t, "overview-worst", heading, now.topic(t("nav.gaps")), (what, groups_named), table, table=states
    )
    return html.Section(
        [
            html.Div(
                [
                    html.H2(heading),
                    _way(now, t("worst.more", n=len(now.departments)), "/gaps"),
                    *([menu] if len(worst) else []),
                ],
                className="card-head",
            ),
            html.P(what, className="quiet"),
            table,
            html.P(groups_named, className="quiet"),
        ],
        className="card-box",
    )


def _mark(t: Text, status: str | None) -> html.Span:
    """A flag says its state to those who cannot see it; what is not met or not known is there for the eye."""
    if status in FLAGS:
        return sign(t, status)
    css, mark = SIGNS[status or "no_data"]
    return html.Span(mark, className=f"gap-sign {css}", **{"aria-hidden": "true"})


def _agenda(now: Scene, gaps: Gaps) -> html.Section:
    """What deserves the meeting's time, the first of it; the page of the agenda says why."""
    t, records = now.t, Records(gaps)
    found = agenda_of(gaps, records.book, records.day)
    names = dict(zip(now.departments["department_id"], now.departments["label"]))
    items = [
        html.Li(
            [
                sign(t, item.row["status"]),
                html.Link(
                    names[item.flag.department_id],
                    href=gap_address(now.filters, item.flag.rule, item.flag.department_id),
                ),
                html.Span(gaps.rules[item.flag.rule].header["title"][now.lang]),
                html.Span(state_words(t, item.follow_up), className="quiet"),
            ]
        )
        for item in found.items[:DECISIONS]
    ]
    left = len(found.items) - len(items)
    heading = t("decide.title", n=len(found.items)) if found.items else t("decide.none")
    what = t("decide.what", handled=len(found.aside))
    columns = tuple(t(f"agenda.sheet.{name}") for name in ("status", "name", "rule", "state"))
    topic = now.topic(t("nav.agenda"))
    menu = picture_menu(t, "overview-agenda", heading, topic, (what,), html.Ol(items), columns) if items else None
    return html.Section(
        [
            html.Div([html.H2(heading), _way(now, t("decide.more"), "/agenda"), menu], className="card-head"),
            html.P(what, className="quiet"),
            *([html.Ol(items, className="decide")] if items else []),
            *([html.P(t("decide.left", n=left), className="quiet")] if left else []),
        ],
        className="card-box",
    )
