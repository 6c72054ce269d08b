"""The first page: what to know about the quarter in three sentences, four figures and the two ends of the ranking."""

from typing import Any

import dash
import pandas as pd
from dash import Input, Output, State, callback, html, no_update

from dashboard.charts.axis import Axis, axis_for
from dashboard.components.explain import explained
from dashboard.components.figures import dot_on_axis, figure_card, strip
from dashboard.components.gap_signs import sign
from dashboard.components.light import light
from dashboard.components.links import address
from dashboard.components.states import nothing_matches
from dashboard.filters import COMPOSITE, Filters
from dashboard.findings import Figure, Finding, base_words, change_words, end_sentence, figure, findings
from dashboard.i18n.text import known, number, quarter_name
from dashboard.pages._gaps import Gaps, change
from dashboard.pages._ranking import compared_with, ranking_of
from dashboard.pages._scene import YEAR, Scene, before, page, scene, scope_control, title

PATH = "/"
HEADLINES = (COMPOSITE, "complaints_received", "rectification_on_time", "cases_filed")
QUARTERS_OF_LINE = 12
ENDS = 5

dash.register_page(
    __name__, path=PATH, name="nav.overview", title=lambda: title("nav.overview"), icon="overview", order=1
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
    ranking = ranking_of(now, COMPOSITE)
    rates = ranking_of(now, "complaint_rate", "", True, window=int(YEAR))
    figures = headline_figures(now)
    complaints = next((shown for shown in figures if shown.indicator == "complaints_received"), None)
    return [
        html.H2(now.t("findings.heading"), className="visually-hidden"),
        html.Div(
            [
                _finding(now, finding)
                for finding in findings(
                    now.t, now.quarter, compared_with(now, ranking), ranking, complaints, rates, gaps_of(now)
                )
            ],
            className="findings",
        ),
        html.H2(now.t("headlines.heading"), className="visually-hidden"),
        html.Div([_figure(now, shown) for shown in figures], className="figures"),
        *_spread(now, ranking),
        html.Div(_ends(now, ranking), className="ends"),
    ]


def gaps_of(now: Scene) -> pd.DataFrame:
    """What the gap rules say of the departments of the view, and of the region as a whole."""
    view, rows = Gaps(now), now.run("gap_changes")
    names = now.departments.set_index("department_id")["label"]
    rows = rows[rows["department_id"].isin(names.index) | (rows["department_id"] == "*")]
    headers = {name: rule.header for name, rule in view.rules.items()}
    return rows.assign(
        label=rows["department_id"].map(names),
        change=[change(status, previous) for status, previous in zip(rows["status"], rows["previous"])],
        rule_order=rows["rule"].map({name: header["order"] for name, header in headers.items()}),
        rule=rows["rule"].map({name: header["title"][now.lang] for name, header in headers.items()}),
    )


def headline_figures(now: Scene) -> list[Figure]:
    there = [name for name in HEADLINES if name in now.snapshot.indicators]
    rows, verdicts = now.run("headlines", indicators=there), now.run("verdicts")
    until = quarters_until(now)
    return [figure(name, now.snapshot.indicators[name].header, rows, until, verdicts) for name in there]


def quarters_until(now: Scene) -> list[str]:
    """The calendar's quarters that a figure's line covers, up to the one shown; one without data is a gap in it."""
    until = [now.quarter]
    while len(until) < QUARTERS_OF_LINE and until[0] > now.quarters[0]:
        until.insert(0, before(until[0]))
    return until


def _finding(now: Scene, finding: Finding) -> html.Section:
    mark = sign(now.t, finding.status) if finding.status else html.Span(className="finding-dot")
    link = address(f"page:{finding.page}", PATH, now.filters, now.quarter) if finding.page else ""
    return html.Section(
        [
            html.Div([mark, html.H3(finding.title)], className="finding-head"),
            html.P(finding.body, className="body-text"),
            *([html.P(dash.dcc.Link(now.t("findings.evidence"), href=link), className="finding-way")] if link else []),
        ],
        className="card-box finding",
    )


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


def _spread(now: Scene, ranking: pd.DataFrame) -> list[html.Section]:
    """All departments' scores on one line; nothing where nobody has one."""
    t, scored = now.t, ranking["value"].dropna()
    if scored.empty:
        return []
    mean = number(scored.mean())
    words = {"n": len(scored), "low": number(scored.min()), "high": number(scored.max()), "mean": mean}
    label = t("spread.mean", mean=mean)
    return [
        html.Section(
            [
                html.H2(t("spread.title", **words)),
                strip(axis_for(scored), scored, scored.mean(), label, t("spread.about", **words)),
            ],
            className="card-box spread",
        )
    ]


def _ends(now: Scene, ranking: pd.DataFrame) -> list[html.Section]:
    """Who lies clearly above the average and who clearly below: only these are named, and in no finer order."""
    banded = ranking.dropna(subset="value")
    axis = axis_for(pd.concat([banded["difference_low"], banded["difference_high"]]).dropna())
    ends = (
        ("ends.above", banded[banded["outcome"] == "above"].sort_values("difference", ascending=False)),
        ("ends.below", banded[banded["outcome"] == "below"].sort_values("difference")),
    )
    return [_end(now, heading, rows, axis) for heading, rows in ends]


def _end(now: Scene, heading: str, rows: pd.DataFrame, axis: Axis) -> html.Section:
    t = now.t
    ranking_link = address("page:/ranking", PATH, now.filters, now.quarter)
    items = [
        html.Li(
            [
                html.B(row.label, title=row.full_name),
                dot_on_axis(axis, row.difference, float("nan"), (row.difference_low, row.difference_high)),
                html.Span(number(row.value), className="value"),
                html.Span(end_sentence(t, row.difference, row.difference_low, row.difference_high), className="quiet"),
            ]
        )
        for row in rows.head(ENDS).itertuples()
    ]
    head = [
        html.H2(
            t(heading if items else f"{heading}.none", n=len(rows), whom=t(f"ranking.whom.{compared_with(now, rows)}"))
        ),
        dash.dcc.Link(t("findings.more"), href=ranking_link),
    ]
    return html.Section(
        [
            html.Div(head, className="card-head"),
            html.P(t("ends.caution"), className="quiet"),
            html.Ol(items, className="end-list") if items else html.P(t("ends.nobody"), className="body-text"),
            *([html.P(t("ends.others", n=len(rows) - ENDS), className="quiet")] if len(rows) > ENDS else []),
        ],
        className="card-box",
    )
