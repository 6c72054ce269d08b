"""One gap rule explained: what asks for it, how it is decided, whom it concerns, and what other thresholds would do.
Without a named rule, the list of all of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import dash
import pandas as pd
from dash import ALL, Input, Output, State, callback, dcc, no_update

from dashboard.catalog import GAP_GROUPS
from dashboard.charts.flag_counts import CountWords, flag_counts
from dashboard.charts.flag_spread import SpreadWords, flag_spread
from dashboard.components import html
from dashboard.components.chart_card import ChartTable, chart_card
from dashboard.components.controls import refused, select, trial_field
from dashboard.components.gap_signs import badge, sign
from dashboard.components.light import light
from dashboard.components.links import RULE_PATH as PATH
from dashboard.components.links import department_link, door, joined, view_link, ways_back
from dashboard.components.sheet import Sheet
from dashboard.components.states import nothing_matches
from dashboard.filters import Filters
from dashboard.gaps import FLAGS
from dashboard.i18n.text import number, quarter_name
from dashboard.pages._gaps import PATH as GAPS_PATH
from dashboard.pages._gaps import gap_address
from dashboard.pages._rule import (
    EVERY,
    Trial,
    View,
    catalogue_sheet,
    chance_words,
    counts,
    fewest_words,
    figure_words,
    fires_words,
    hit_rate_words,
    kind_words,
    lines_of,
    method_words,
    plain_number,
    reasons,
    rows_sheet,
    shown_quarters,
    since_words,
    table_lines,
    threshold_lines,
    too_often_words,
)
from dashboard.pages._scene import page, scene, title
from dashboard.rows import rows_of

MOST_LISTED = 20  # flagged departments on the page; the file has all
MOST_NAMES = 12  # departments that a sentence names
ANCHORS = {"share": "intervals", "funnel": "funnel", "chart": "control", "composite": "intervals"}


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """The departments behind the page, or the list of all rules; None before the first import."""
    now = scene(filters, pin)
    if now.snapshot is None:
        return None
    view = View(now)
    return rows_sheet(view) if view.name else catalogue_sheet(view)


dash.register_page(
    __name__,
    path=PATH,
    name="nav.rule",
    title=lambda: title("nav.rule"),
    icon="rule",
    order=80,
    sheet=sheet,
    action="desk",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot)
    if now.snapshot is None:
        return page(now, PATH, "nav.rule", (), None)
    view, t = View(now), now.t
    options = [(EVERY, t("rulepage.all"))]
    options += [(name, f"{r.header['order']} {r.header['title'][now.lang]}") for name, r in view.gaps.rules.items()]
    controls = [select(t("rulepage.rule"), "rule", view.name or EVERY, options, default=EVERY)]
    body = html.Div(
        [
            html.Div(body_of(view), id="rule-body", className="rule-part"),
            html.Section(form(view), id="rule-form", className="card-box rule-form"),
            html.Div(trial_of(view), id="rule-trial", className="rule-part"),
            dcc.Store(id="rule-shown", data=_form_of(view)),
        ],
        className="rule",
    )
    return page(now, PATH, "nav.rule", controls, body)


@callback(
    Output("rule-body", "children"),
    Output("rule-form", "children"),
    Output("rule-trial", "children"),
    Output("rule-shown", "data"),
    Input("url", "search"),
    State("rule-shown", "data"),
    State("snapshot", "data"),
    prevent_initial_call=True,
)
def update(search: str, shown: str, snapshot: str) -> tuple[Any, ...]:
    now = scene(Filters.from_search(search), snapshot)
    if now.snapshot is None:
        return (no_update,) * 4
    view = View(now)
    # whoever is typing a threshold keeps the field
    fields = no_update if shown == _form_of(view) else light(form(view))
    return light(body_of(view)), fields, light(trial_of(view)), _form_of(view)


@callback(
    Output("rule-refused", "children"),
    Input({"filter": ALL, "default": ALL}, "value"),
    State({"filter": ALL, "default": ALL}, "id"),
    State("url", "search"),
    prevent_initial_call=True,
)
def say_refused(values: list[Any], ids: list[dict[str, str]], search: str) -> str:
    t = scene(Filters.from_search(search)).t
    return t("rulepage.trial.number") if refused(ids, values) else ""


def _form_of(view: View) -> str:
    """What the fields on the page belong to: other fields only where this changes."""
    return f"{view.name}|{view.in_force}" if view.name else ""


def body_of(view: View) -> list[Any]:
    """Everything but the trial that depends on the filters."""
    now, t = view.now, view.now.t
    if now.departments.empty:
        return [nothing_matches(t, PATH + replace(now.filters, category=None).to_search())]
    if view.name is None:
        asked = now.filters.rule
        stale = [html.P(t("rulepage.unknown", asked=asked), className="notice")] if asked else []
        return [*stale, *catalogue(view)]
    return [
        head(view),
        html.Div(
            [
                html.Div([definition_card(view), missing_card(view)], className="rule-stack"),
                html.Div([who_card(view), spread_card(view), trend_card(view)], className="rule-stack"),
            ],
            className="rule-two",
        ),
    ]


# --- the list of all -------------------------------------------------------------------------------------------
def catalogue(view: View) -> list[Any]:
    t, now = view.now.t, view.now
    gaps_page = html.Link(t("rulepage.to_gaps"), href=GAPS_PATH + now.filters.without_row().to_search())
    about = t("rulepage.catalogue.about", n=len(view.gaps.rules), quarter=quarter_name(t, now.quarter))
    groups: dict[str, list[str]] = {group: [] for group in GAP_GROUPS}
    for name, rule in view.gaps.rules.items():
        groups[rule.header["group"]].append(name)
    return [
        html.Section(
            [
                html.Div([html.H2(t("rulepage.catalogue")), gaps_page], className="card-head"),
                html.P(about, className="body-text"),
            ],
            className="card-box",
        ),
        *(_group(view, group, names) for group, names in groups.items() if names),
    ]


def _group(view: View, group: str, names: Sequence[str]) -> html.Section:
    t = view.now.t
    heads = ("title", "formula", "kind", "source", "thresholds", "fires")
    head = html.Tr([html.Th(t(f"rulepage.column.{name}"), scope="col") for name in heads])
    table = html.Table([html.Thead(head), html.Tbody([_line(view, name) for name in names])], className="rule-list")
    return html.Section([html.H3(t(f"gaps.group.{group}")), table], className="card-box")


def _line(view: View, name: str) -> html.Tr:
    now, t, header = view.now, view.now.t, view.gaps.rules[name].header
    thresholds = [
        html.Div(
            [
                t("rulepage.threshold", what=header["thresholds"][row.Index][now.lang], value=plain_number(row.value)),
                *([html.B(t("rulepage.own"))] if row.is_own else []),
            ]
        )
        for row in rows_of(view.thresholds_of(name))
    ]
    flagged, judged = view.gaps.prevalence(name)
    fires = t("rulepage.column.of", flagged=flagged, judged=judged) if judged else t("gaps.status.no_data")
    often = too_often_words(view, name)
    link = view_link(header["title"][now.lang], PATH, replace(now.filters, rule=name, trial=()))
    return html.Tr(
        [
            html.Th([html.Span(str(header["order"]), className="rule-number"), link], scope="row"),
            html.Td(header["formula"][now.lang]),
            html.Td(kind_words(t, header)),
            html.Td(header["source"]),
            html.Td(thresholds or t("rulepage.thresholds.none")),
            html.Td(
                [
                    html.B(fires) if judged else html.Span(fires, className="quiet"),
                    *([html.Div(often, className="rule-often")] if often else []),
                ]
            ),
        ]
    )


# --- what it is ------------------------------------------------------------------------------------------------
def head(view: View) -> html.Section:
    t, header = view.now.t, view.header
    facts = (
        t(f"gaps.group.{header['group']}"),
        t("rulepage.order", n=header["order"]),
        kind_words(t, header),
        header["source"],
    )
    often = too_often_words(view, view.name)
    every = view_link(t("rulepage.all.link"), PATH, replace(view.now.filters, rule=None, trial=()))
    return html.Section(
        [
            html.Div([html.P(t("rulepage.separator").join(facts), className="quiet"), every], className="card-head"),
            html.Div(
                [
                    html.H2(view.said("title")),
                    html.Span(fires_words(view, view.name), className="badge-quiet"),
                    *([html.Span(often, className="rule-often")] if often else []),
                ],
                className="rule-title",
            ),
            html.P(view.said("why"), className="lead-text"),
        ],
        className="card-box rule-head",
    )


def definition_card(view: View) -> html.Section:
    """The rule as it is decided, and what is taken for granted."""
    t, header = view.now.t, view.header
    method: list[Any] = [method_words(view)]
    if anchor := ANCHORS.get(header["kind"]):
        method += [t("sentence.space"), html.A(t("rulepage.method.link"), href=_methods(view, anchor))]
    lines = [
        (t("rulepage.formula"), view.said("formula")),
        (t("rulepage.example"), view.said("example")),
        (t("rulepage.thresholds"), [html.Div(line) for line in threshold_lines(view)]),
        (t("rulepage.fewest"), fewest_words(view)),
        (t("rulepage.exclusions"), view.said("exclusions")),
        (t("rulepage.assumptions"), view.said("assumptions")),
        (t("rulepage.method"), method),
        (t("rulepage.window"), t(f"rulepage.window.{header['window']}")),
        (t("rulepage.unit"), view.unit),
        (t("rulepage.tables"), [html.Div(line) for line in table_lines(view)]),
        (t("rulepage.remedy"), view.said("remedy")),
        (t("rulepage.chance"), chance_words(view)),
        (t("rulepage.hit"), hit_rate_words(view)),
        (t("rulepage.asked"), t("rulepage.asked.value", source=header["source"])),
    ]
    facts = [part for name, words in lines for part in (html.Dt(name), html.Dd(words))]
    return html.Section([html.H2(t("rulepage.decided")), html.Dl(facts, className="facts")], className="card-box")


def _methods(view: View, anchor: str) -> str:
    return f"/methods{view.now.filters.without_row().to_search()}#{anchor}"


# --- whom it concerns ------------------------------------------------------------------------------------------
def who_card(view: View) -> html.Section:
    now, t = view.now, view.now.t
    flagged = view.rows[view.rows["status"].isin(FLAGS)]
    heading = t("rulepage.who", n=len(flagged), quarter=quarter_name(t, now.quarter))
    if flagged.empty:
        judged = view.gaps.prevalence(view.name)[1]
        words = t("rulepage.who.none", n=judged) if judged else t("rulepage.who.nobody")
        return html.Section([html.H2(heading), html.P(words, className="body-text")], className="card-box")
    listed = flagged.head(MOST_LISTED)
    more = []
    if len(flagged) > len(listed):
        link = html.Link(t("rulepage.who.more", n=len(flagged) - len(listed)), href=_all_flagged(view))
        more = [html.P(link, className="quiet")]
    items = [_flagged(view, row) for row in rows_of(listed)]
    return html.Section([html.H2(heading), html.Ul(items, className="rule-who"), *more], className="card-box")


def _flagged(view: View, row: Any) -> html.Li:
    now = view.now
    return html.Li(
        [
            html.Div(
                [
                    _evidence(view, row.department_id, badge(now.t, row.status)),
                    department_link(now.filters, row.department_id, row.label, title=row.full_name),
                    html.Span(figure_words(view, row)),
                    html.Span(since_words(view, row), className="quiet"),
                ],
                className="rule-one",
            ),
            html.P(view.gaps.sentence(row), className="body-text"),
        ]
    )


def _evidence(view: View, department: str, signs: Any) -> html.Link:
    """A name leads to the department, a sign to the evidence."""
    href = gap_address(view.now.filters, view.name, department)
    return html.Link(signs, href=href, title=view.now.t("agenda.evidence"))


def _all_flagged(view: View) -> str:
    own = view.now.filters.without_row().changed({"rule": view.name, "status": "flagged"})
    return GAPS_PATH + own.to_search()


def missing_card(view: View) -> html.Section | None:
    """Who cannot be judged, and why: absence must not look like a good sign."""
    t, found = view.now.t, reasons(view)
    if not found:
        return None
    lines = [
        html.P([t("rulepage.missing.why", why=why, n=len(rows)), *_names(view, rows)], className="body-text")
        for why, rows in found
    ]
    total = sum(len(rows) for _, rows in found)
    return html.Section(
        [
            html.H2([sign(t, "no_data"), " ", t("rulepage.missing", n=total)]),
            *lines,
            html.P(t("rulepage.missing.remedy"), className="quiet"),
        ],
        className="card-box",
    )


def _names(view: View, rows: list[dict[str, Any]]) -> list[Any]:
    t, filters = view.now.t, view.now.filters
    links = [department_link(filters, row["department_id"], row["label"]) for row in rows[:MOST_NAMES]]
    return joined([*links, *(["…"] if len(rows) > MOST_NAMES else [])], t("list.separator"))


# --- drawings --------------------------------------------------------------------------------------------------
def spread_card(view: View) -> html.Section:
    """Every department that is judged, on the axis of its value, with the lines where all have the same."""
    now, t = view.now, view.now.t
    rows = view.rows[view.rows["status"] != "no_data"].copy()
    ways = [gap_address(now.filters, view.name, one) for one in rows["department_id"]]
    rows["door"] = list(map(door, ways))
    rows["hover"] = [
        t(
            "rulepage.spread.hover",
            name=row.full_name,
            figure=figure_words(view, row),
            status=t(f"gaps.status.{row.status}"),
        )
        for row in rows_of(rows)
    ]
    lines = lines_of(view)
    figure = flag_spread(
        rows,
        lines,
        SpreadWords(view.unit, t("rulepage.spread.stack", n="{n}"), t("rulepage.who.nobody"), view.header["decimals"]),
    )
    values = rows["value"].dropna()
    heading = t("rulepage.who.nobody")
    if len(values):
        ends = {"low": number(values.min(), view.header["decimals"]), "high": view.written(values.max())}
        heading = t("rulepage.spread.title", middle=view.written(values.median()), **ends)
    about = t("rulepage.spread.what", unit=view.unit, n=len(values), quarter=quarter_name(t, now.quarter))
    foot = [t("rulepage.source", tables=_tables(view), source=view.header["source"])]
    if not lines:
        foot.append(t("rulepage.spread.own_lines"))
    columns = ("department", "value", "threshold", "n", "status")
    table = ChartTable(
        [t(f"rulepage.table.{name}") for name in columns],
        [
            (
                row.label,
                view.written(row.value),
                view.written(row.threshold),
                number(row.n, 0),
                t(f"gaps.status.{row.status}"),
            )
            for row in rows_of(rows)
        ],
        ways,
    )
    return chart_card(t, "rule-spread", figure, heading, about, foot, table, t("rulepage.spread.how"))


def trend_card(view: View) -> html.Section:
    t = view.now.t
    rows = counts(view.series, shown_quarters(view))
    rows = named(view, rows)
    judged = rows[rows["judged"] > 0]
    heading = t("rulepage.trend.none")
    if len(judged):
        first, last = judged.iloc[0], judged.iloc[-1]
        heading = t(
            "rulepage.trend.title",
            first=quarter_name(t, first["name"]),
            before=int(first["alert"] + first["watch"]),
            last=quarter_name(t, last["name"]),
            now=int(last["alert"] + last["watch"]),
        )
    foot = [t("rulepage.source", tables=_tables(view), source=view.header["source"]), method_name(view)]
    return chart_card(
        t,
        "rule-trend",
        flag_counts(rows, count_words(view)),
        heading,
        t("rulepage.trend.what", window=t(f"rulepage.window.{view.header['window']}")),
        foot,
        counts_table(view, [rows]),
        t("rulepage.trend.how"),
    )


def method_name(view: View) -> str:
    return view.now.t(f"rulepage.kind.{view.header['kind']}")


def _tables(view: View) -> str:
    t = view.now.t
    names = dict.fromkeys(need.partition(".")[0] for need in view.header["tables"])
    return t("list.separator").join(t(f"table.{table}") for table in names)


def named(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """Counts by quarter with its name as it stands on an axis ('26Q3'), and the way to the page as it was then."""
    quarters = rows["quarter"].tolist()
    ways = ways_back(PATH, view.now.filters, quarters)
    return rows.assign(name=quarters, quarter=[quarter[2:] for quarter in quarters], door=list(map(door, ways)))


def count_words(view: View, series: Sequence[str] = ()) -> CountWords:
    t = view.now.t
    hover = t("rulepage.trend.hover", quarter="{quarter}", alert="{alert}", watch="{watch}", judged="{judged}")
    none = t("rulepage.trend.none")
    return CountWords(t("gaps.status.alert"), t("gaps.status.watch"), hover, t("gaps.status.no_data"), none, series)


def counts_table(view: View, parts: Sequence[pd.DataFrame], series: Sequence[str] = ("",)) -> ChartTable:
    """A row a quarter; alert, watch and judged of each series."""
    t = view.now.t
    heads = ("alert", "watch", "judged")
    columns = [t("sheet.quarter")]
    columns += [f"{name} {t(f'rulepage.table.{head}')}".strip() for name in series for head in heads]
    none = t("gaps.status.no_data")
    lines = [
        (
            quarter_name(t, rows[0].name),
            *(number(getattr(row, head), 0) if row.judged else none for row in rows for head in heads),
        )
        for rows in zip(*(rows_of(part) for part in parts))
    ]
    return ChartTable(columns, lines, [way for _, way in parts[0]["door"]])


# --- other thresholds ------------------------------------------------------------------------------------------
def form(view: View) -> list[Any]:
    """A field for each threshold; what stands in them is in the address."""
    if view.name is None or view.now.departments.empty:
        return []
    now, t = view.now, view.now.t
    heading = html.H2(t("rulepage.trial"))
    if view.thresholds.empty:
        return [heading, html.P(t("rulepage.trial.fixed"), className="body-text")]
    tried = dict(now.filters.trial)
    fields = [
        trial_field(
            t("rulepage.trial.field", what=view.header["thresholds"][row.Index][now.lang], now=plain_number(row.value)),
            row.Index,
            tried.get(row.Index, row.value),
            row.value,
        )
        for row in rows_of(view.thresholds)
    ]
    return [
        html.Div([heading, html.P(t("rulepage.trial.about"), className="quiet")]),
        html.Div(fields, className="trial-fields"),
        html.P(id="rule-refused", className="rule-problem", role="alert"),
    ]


def trial_of(view: View) -> list[Any]:
    """What the thresholds of the address would change; nothing is computed where none are tried."""
    if view.name is None or view.now.departments.empty or view.trial is None:
        return []
    t, tried = view.now.t, view.trial
    back = view_link(t("rulepage.trial.back"), PATH, replace(view.now.filters, trial=()), className="button")
    if tried.problem:
        return [
            html.Section(
                [html.P(tried.problem, className="rule-problem", role="alert"), back], className="card-box trial-line"
            )
        ]
    if tried.is_in_force(view):
        words = html.P(t("rulepage.trial.same"), className="body-text")
        return [html.Section([words, back], className="card-box trial-line")]
    return [
        html.Div([moved_card(view, tried, back), trial_chart(view, tried)], className="rule-two even"),
        apply_card(view, tried),
    ]


def moved_card(view: View, tried: Trial, back: Any) -> html.Section:
    now, t = view.now, view.now.t
    moved = tried.moved(view)
    kinds = moved["kind"].value_counts()
    flagged = int(tried.rows.loc[tried.rows["quarter"] == now.quarter, "status"].isin(FLAGS).sum())
    heading = t("rulepage.trial.title", flagged=flagged, before=view.gaps.prevalence(view.name)[0])
    about = t(
        "rulepage.trial.moved",
        newly=int(kinds.get("newly", 0)),
        no_longer=int(kinds.get("no_longer", 0)),
        level=int(kinds.get("level", 0)),
    )
    items = []
    for row in moved.to_dict("records"):
        link = department_link(now.filters, row["department_id"], row["label"], title=row["full_name"])
        signs = [badge(t, row["was"]), html.Span("→", **{"aria-hidden": "true"}), badge(t, row["status"])]
        line = html.Div(
            [
                link,
                _evidence(view, row["department_id"], signs),
                html.Span(t(f"rulepage.trial.kind.{row['kind']}"), className="quiet"),
            ],
            className="rule-one",
        )
        items.append(html.Li([line, html.P(view.gaps.sentence(row), className="body-text")]))
    listed = (
        html.Ul(items, className="rule-who trial-moved")
        if items
        else html.P(t("rulepage.trial.nobody"), className="body-text")
    )
    return html.Section(
        [html.Div([html.H2(heading), back], className="card-head"), html.P(about, className="chart-what"), listed],
        className="card-box",
    )


def trial_chart(view: View, tried: Trial) -> html.Section:
    """Quarter by quarter: how many are flagged by the thresholds in force, and by those that are tried."""
    t, quarters = view.now.t, shown_quarters(view)
    parts = [counts(view.series, quarters), counts(tried.rows, quarters, 1)]
    parts = [named(view, part) for part in parts]
    was, becomes = (int((p["alert"] + p["watch"]).sum()) for p in parts)
    series = (t("rulepage.trial.now"), t("rulepage.trial.tried"))
    return chart_card(
        t,
        "rule-trial-chart",
        flag_counts(pd.concat(parts, ignore_index=True), count_words(view, series)),
        t("rulepage.trial.chart", was=was, becomes=becomes),
        t("rulepage.trial.chart.what"),
        [t("rulepage.source", tables=_tables(view), source=view.header["source"]), method_name(view)],
        counts_table(view, parts, series),
    )


def apply_card(view: View, tried: Trial) -> html.Section:
    """The lines that an office would write, and what else it takes: the pages themselves write no settings."""
    t, lines = view.now.t, tried.settings_lines(view)
    body = (
        [html.P(t("rulepage.trial.write")), html.Pre("\n".join(lines))]
        if lines
        else [html.P(t("rulepage.trial.default", rule=view.name))]
    )
    return html.Section(
        [
            html.H2(t("rulepage.trial.apply")),
            *body,
            html.P(t("rulepage.trial.rebuild")),
            html.Pre("python -m dashboard --data DIR snapshots rebuild"),
            html.P(t("rulepage.trial.history"), className="quiet"),
        ],
        className="card-box trial-apply",
    )
