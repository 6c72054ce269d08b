"""Cases: from the lead to the return visit, where they come from, what is done with them, and who differs from whom."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import dash
import pandas as pd
from dash import Input, Output, State, callback, no_update

from dashboard.access.gate import can
from dashboard.charts.bars import BarWords, bars
from dashboard.charts.control import control_chart, control_words, shared_range
from dashboard.charts.flow import FlowWords, flow
from dashboard.charts.funnel import Panel, funnel, funnel_words, funnels
from dashboard.charts.heat import count_heat, heat_words
from dashboard.charts.icons import tone, variation_icon
from dashboard.components import html
from dashboard.components.chart_card import CardIcon, ChartTable, chart_card, data_table
from dashboard.components.controls import search_box, select
from dashboard.components.explain import indicator_address
from dashboard.components.light import light
from dashboard.components.links import door, view_link, ways_back
from dashboard.components.sheet import Sheet
from dashboard.components.states import indicator_without_data, nothing_matches
from dashboard.filters import Filters
from dashboard.i18n.text import MISSING, known, number, quarter_name
from dashboard.pages._cases import (
    ACCOUNT_CASES,
    ACCOUNT_QUARTERS,
    CONCERN,
    EVERY,
    FEWEST_FOR_PERCENT,
    FORMS,
    LOSSES,
    MOST_NAMED,
    OVERDUE,
    PATH,
    PEOPLE,
    SIGNS,
    STEPS,
    WHOLE_REGION,
    Cases,
    Part,
    Said,
    Share,
    change_body,
    change_title,
    findings,
    flow_title,
    interval_text,
    is_among_peers,
    people_lines,
    share_text,
    sheet_of,
    short_share,
    source_share,
)
from dashboard.pages._notes import Pinned, flagged, note_foot
from dashboard.pages._scene import page, scene, scope_control, title, window_control
from dashboard.rows import rows_of

MOST_SOURCES = 8
MOST_HITS = 12
FORM_TONES = (3, 4, 5, 6)
# Plot areas of a single funnel: half of a desk screen, and half of a large one.
HALVES = ((520, 340), (560, 340), (640, 340), (820, 340))
# Step of the flow → the indicator that says most of it.
MEASURED = {
    "leads": "leads_received",
    "filed": "cases_filed",
    "closed": "closure_share",
    "cases_sanctioned": "people_sanctioned",
    "revisited": "return_visit_share",
}
CUMULATIVE = ("leads", "filed", "people_sanctioned")
FUNNELS = ("filing_share", "light_share")
FUNNEL_HEIGHT, EMPTY_HEIGHT = 400, 120


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """The counts and shares of each department that the page is about, as a file; None before the first import."""
    now = scene(filters, pin, path=PATH)
    return None if now.snapshot is None else sheet_of(Cases(now))


dash.register_page(
    __name__,
    path=PATH,
    name="nav.cases",
    title=lambda: title("nav.cases"),
    icon="cases",
    order=8,
    sheet=sheet,
    action="desk",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot, path=PATH)
    if now.snapshot is None:
        return page(now, PATH, "nav.cases", (), None)
    view, t = Cases(now), now.t
    controls = [scope_control(now), window_control(now)]
    for name in ("domain", "rank_band"):
        if choices := view.choices(name):
            options = [
                (EVERY, t("cases.filter.all")),
                *((code, word) for code, word in choices.items() if code != EVERY),
            ]
            controls.append(
                select(t(f"cases.filter.{name}"), name, getattr(view, name) or EVERY, options, default=EVERY)
            )
    controls.append(search_box(t("filter.search"), now.filters.q))
    body = html.Div(body_of(view), id="cases-body", className="cases")
    return page(now, PATH, "nav.cases", controls, body)


@callback(
    Output("cases-body", "children"),
    Input("url", "search"),
    State("snapshot", "data"),
    prevent_initial_call=True,
)
def update(search: str, snapshot: str) -> Any:
    now = scene(Filters.from_search(search), snapshot, path=PATH)
    return light(body_of(Cases(now))) if now.snapshot else no_update


def body_of(view: Cases) -> list[Any]:
    """Everything on the page that depends on the filters."""
    now, t = view.now, view.t
    if not can("small_counts"):  # a file that may not hold them: what is judged is of departments' quarters
        return [html.P(t("access.finer.cases"), className="body-text"), _funnels(view), change_card(view.whole)]
    head = [html.P(sentence, className="notice") for sentence in view.notices] + chips(view)
    if now.departments.empty and view.whole.every.empty:
        return [nothing_matches(t, PATH)]
    if view.whole.every.empty:
        return [*head, *without_cases(view.whole)]
    if now.is_chosen and view.selected is None:
        head.append(html.P(t("cases.chosen", n=len(now.chosen), all=len(now.listed)), className="quiet"))
    return [
        *head,
        html.H2(t("findings.heading"), className="visually-hidden"),
        html.Div([_finding(view, said) for said in findings(view)], className="findings"),
        flow_card(view),
        html.Div([sources_card(view), forms_card(view), change_card(view.whole)], className="cases-three"),
        _funnels(view),
        html.Div([visits_card(view), leaders_card(view)], className="cases-two"),
        html.Div([stages_card(view), bands_card(view), follow_card(view)], className="cases-three"),
    ]


def _funnels(view: Cases) -> html.Div:
    chosen = view.now.chosen["department_id"].tolist()
    return html.Div([funnel_card(view.whole, name, chosen) for name in FUNNELS], className=_columns(view))


def _columns(view: Cases) -> str:
    return "cases-one" if is_among_peers(view) and len(view.now.groups) > 1 else "cases-two"


def _finding(view: Cases, said: Said) -> html.Section:
    css, sign = SIGNS[said.sign]
    mark = html.Span(sign, className=f"finding-mark {css}", title=view.t(f"cases.sign.{said.sign}"))
    return html.Section(
        [html.Div([mark, html.H3(said.title)], className="finding-head"), html.P(said.body, className="quiet")],
        className="card-box finding",
    )


def chips(view: Cases) -> list[Any]:
    """What the page is narrowed to, each with the way back; and the departments that the typed words find."""
    now, t, found = view.now, view.t, []
    if now.filters.department:
        name = view.selected.full_name if view.selected is not None else now.filters.department
        found.append(_chip(t("cases.chip.department", name=name), view, department=None))
    for key in ("domain", "rank_band"):
        if code := getattr(view, key):
            found.append(_chip(t(f"cases.chip.{key}", name=view.words[key][code]), view, **{key: None}))
    if view.is_narrowed:
        found.append(html.Span(t("cases.chip.note"), className="quiet"))
    if now.filters.q:
        hits = [
            view_link(row.label, PATH, replace(now.filters, department=row.department_id, q=None), className="chip hit")
            for row in rows_of(view.hits.head(MOST_HITS))
        ]
        if len(view.hits) > MOST_HITS:
            hits.append(html.Span(t("cases.hits.more", n=len(view.hits) - MOST_HITS), className="quiet"))
        heading = t("cases.hits") if hits else t("cases.hits.none", asked=now.filters.q)
        found += [html.Span(heading, className="quiet"), *hits]
    return [html.Div(found, className="chips")] if found else []


def _chip(words: str, view: Cases, **change: Any) -> html.A:
    link = replace(view.now.filters, **change)
    return view_link(
        [words, html.Span("×", className="out")], PATH, link, className="chip", title=view.t("cases.leave")
    )


def without_cases(view: Cases) -> list[Any]:
    """No usable row in the window: what is missing; cumulative figures without a predecessor are shown as such."""
    now, t = view.now, view.t
    rows = now.run("year_to_date")
    rows = rows[rows["region_id"] == now.region].dropna(how="all", subset=list(CUMULATIVE))
    if rows.empty:
        return [indicator_without_data(t, t("nav.cases"), t("table.cases"), quarter_name(t, now.quarter))]
    names = now.departments.set_index("department_id")["label"]
    table = ChartTable(
        [t("sheet.quarter"), t("cases.table.part"), *(_figure_head(view, figure) for figure in CUMULATIVE)],
        [
            [
                quarter_name(t, row.quarter),
                str(names.get(row.department_id, view.place)),
                *(number(getattr(row, figure), 0) for figure in CUMULATIVE),
            ]
            for row in rows_of(rows)
        ],
    )
    heading = t("cases.ytd.title")
    return [
        html.Section(
            [html.H2(heading), html.P(t("cases.ytd.body"), className="chart-what"), data_table(heading, table)],
            className="card-box",
        )
    ]


def _figure_head(view: Cases, figure: str) -> str:
    return view.t("cases.sheet.figure", figure=view.label(figure), unit=view.t(f"cases.unit.{figure}"))


# --- the flow --------------------------------------------------------------------------------------------------
def flow_card(view: Cases) -> html.Section:
    """Five steps in one unit with what was said of the rest; people stand beside, outside the flow."""
    t = view.t
    steps = pd.DataFrame(
        {
            "step": STEPS,
            "label": [view.label(step) for step in STEPS],
            "value": [view.total(step) for step in STEPS],
            "beside": [people_lines(view) if step == "cases_sanctioned" else None for step in STEPS],
            "door": [
                door(indicator_address(MEASURED[step], view.now.filters, view.now.filters.department)) for step in STEPS
            ],
        }
    )
    losses = pd.DataFrame(
        [(step, view.label(f), view.total(f), f in OVERDUE) for step, figures in LOSSES.items() for f in figures],
        columns=["step", "label", "value", "is_overdue"],
    )
    words = FlowWords(
        unit=t("cases.unit"),
        lost=t("cases.flow.told", n="{n}", unit=t("cases.unit")),
        overdue=t("chart.flow.overdue"),
        more=t("cases.flow.more"),
        no_data=t("chart.no_data"),
    )
    figures = [f for step in STEPS for f in (step, *LOSSES.get(step, ()))]
    rows = [[view.label(f), view.count(f), t(f"cases.unit.{f}")] for f in (*figures, *PEOPLE, "transferred")]
    return chart_card(
        t,
        "cases-flow",
        flow(steps, losses, words),
        flow_title(view),
        t("cases.flow.what", window=view.window_words, period=view.period, place=view.place),
        [*(view.absent((*figures, *PEOPLE)) or [_source(view)]), t("cases.principle")],
        ChartTable([t("cases.table.figure"), t("cases.table.count"), t("cases.table.unit")], rows),
        how=t("cases.flow.how"),
    )


def _source(view: Cases) -> str:
    return view.t("cases.source")


def about(view: Cases, indicator: str) -> html.A:
    """The page that explains an indicator."""
    return html.A(view.t("cases.about"), href=indicator_address(indicator, view.now.filters))


# --- composition -----------------------------------------------------------------------------------------------
def sources_card(view: Cases) -> html.Section:
    t = view.t
    leads = view.by("source", "leads").sort_values(ascending=False, kind="stable")
    total = view.total("leads")
    if len(view.choices("source")) == 0:
        leads = leads.head(0)
    rest = leads[MOST_SOURCES - 1 :] if len(leads) > MOST_SOURCES else leads.head(0)
    shown = leads.head(len(leads) - len(rest))
    if len(rest):
        shown = pd.concat([shown, pd.Series({t("cases.sources.rest", n=len(rest)): rest.sum()})])
    largest = source_share(view)
    heading, interval = t("cases.sources.none" if total else "cases.zero"), ""
    if largest:
        words = {"source": largest[0][0], "n": len(largest[0]), "share": short_share(t, largest[1])}
        heading = t("cases.sources.title" if words["n"] == 1 else "cases.sources.tied", **words)
        heading = heading[:1].upper() + heading[1:]
        interval = t("cases.sources.interval", interval=interval_text(t, largest[1]))
    return chart_card(
        t,
        "cases-sources",
        bars(_bar_rows(shown, total), _bar_words(view, "leads", t("cases.sources.none"))),
        heading,
        t("cases.sources.what", n=view.count("leads"), interval=interval),
        [_source(view)],
        _bar_table(view, "cases.table.source", shown, total, "leads"),
        how=t("cases.sources.how"),
    )


def forms_card(view: Cases) -> html.Section:
    t = view.t
    values = pd.Series({view.label(form): view.total(form) for form in FORMS}, dtype=float)
    total = values.sum() if values.notna().all() else float("nan")
    light = Share(float(values.iloc[:2].sum()), total)
    heading = t("cases.forms.none")
    if known(light.value):
        heading = t("cases.forms.title", share=short_share(t, light))
    elif known(total):
        heading = t("cases.forms.zero")
    rows = _bar_rows(values, total).assign(tone=FORM_TONES)
    words = _bar_words(view, "first_form", t("chart.no_data"))
    if view.absent(FORMS):
        words = replace(words, missing=t("cases.absent.short"))
    return chart_card(
        t,
        "cases-forms",
        bars(rows, words),
        heading,
        t(
            "cases.forms.what",
            n=number(total, 0) if known(total) else t("chart.no_data"),
            interval=t("cases.forms.interval", interval=interval_text(t, light)) if known(light.value) else "",
        ),
        [_source(view), about(view, "light_share")],
        _bar_table(view, "cases.table.form", values, total, "first_form"),
        how=t("cases.forms.how"),
    )


def _bar_rows(values: pd.Series, total: float) -> pd.DataFrame:
    """Shares of the total where that is large enough for a percentage."""
    rows = pd.DataFrame({"label": values.index.astype(str), "value": values.to_numpy(float)})
    return rows.assign(share=rows["value"] / total) if known(total) and total >= FEWEST_FOR_PERCENT else rows


def _bar_words(view: Cases, figure: str, no_data: str) -> BarWords:
    t = view.t
    value = t("cases.bar", value="{value}", unit=t(f"cases.unit.{figure}"))
    return BarWords(value, t("chart.bars.share", share="{share}"), t("chart.no_data"), no_data)


def _bar_table(view: Cases, heading: str, values: pd.Series, total: float, figure: str) -> ChartTable:
    t = view.t
    head = [t(heading), t("cases.sheet.figure", figure=t("cases.table.count"), unit=t(f"cases.unit.{figure}")), "%"]
    shares = [Share(value, total).value for value in values]
    return ChartTable(
        head, [[str(label), number(value, 0), number(share)] for (label, value), share in zip(values.items(), shares)]
    )


def stages_card(view: Cases) -> html.Section:
    """Leads by domain and by the stage in which they were found: counts, and no judgement."""
    t = view.t
    rows = view.rows.dropna(subset="leads")
    sums = rows.groupby(["domain", "found_at"])["leads"].sum()
    domains, stages = view.words.get("domain", {}), view.words.get("found_at", {})
    domains = {code: word for code, word in domains.items() if view.domain in (None, code)}
    cells = pd.DataFrame(
        [
            (d, s, float(sums.get((code, stage), 0.0)), ["domain", code])
            for code, d in domains.items()
            for stage, s in stages.items()
        ],
        columns=["row", "column", "count", "door"],
    )
    total = view.total("leads")
    if len(view.choices("domain")) + len(view.choices("found_at")) == 0 or not known(total):
        cells = cells.head(0)
    share = Share(float(sums.groupby("found_at").sum().get("after", 0.0)), total)
    is_told = "after" in stages and known(share.value) and len(cells)
    heading = t("cases.stages.title", share=short_share(t, share)) if is_told else t("cases.stages.none")
    if total == 0:
        heading = t("cases.zero")
    hover = t("cases.stages.hover", row="{row}", column="{column}", count="{count}")
    words = replace(heat_words(t, hover), no_data=t("cases.stages.none"))
    table = [[d, *(number(sums.get((code, s), 0.0), 0) for s in stages)] for code, d in domains.items()]
    return chart_card(
        t,
        "cases-stages",
        count_heat(cells, words),
        heading,
        t(
            "cases.stages.what",
            interval=t("cases.stages.interval", interval=interval_text(t, share)) if is_told else "",
        ),
        [_source(view)],
        ChartTable(
            [t("cases.filter.domain"), *stages.values()],
            table if len(cells) else [],
            [_way(view, domain=code) for code in domains] if len(cells) else [],
        ),
        how=t("cases.stages.how"),
    )


def bands_card(view: Cases) -> html.Section:
    """People sanctioned by rank, where the files tell ranks apart."""
    t = view.t
    people = view.by("rank_band", "people_sanctioned")
    if len(view.choices("rank_band")) == 0:
        people = people.head(0)
    codes = {word: code for code, word in view.words.get("rank_band", {}).items()}
    total = view.total("people_sanctioned")
    heading = t("cases.bands.none")
    if len(people):
        heading = t("cases.bands.title", n=number(total, 0))
    return chart_card(
        t,
        "cases-bands",
        bars(
            _bar_rows(people, total).assign(door=[["rank_band", codes[word]] for word in people.index]),
            _bar_words(view, "people_sanctioned", t("cases.bands.empty")),
        ),
        heading,
        t("cases.bands.what", window=view.window_words),
        [_source(view), about(view, "people_sanctioned")],
        _bar_table(view, "cases.filter.rank_band", people, total, "people_sanctioned"),
        how=t("cases.bands.how"),
        height=None if len(people) else EMPTY_HEIGHT,
    )


def follow_card(view: Cases) -> html.Section:
    """How often a case was followed from filing to end: activities, beside the cases filed meanwhile."""
    t, rows = view.t, view.followed
    words = {"n": number(rows["activities"].sum(), 0), "departments": rows["department_id"].nunique()}
    if not view.has_supervision:
        heading, body = t("cases.follow.none"), t("cases.follow.none.body")
    else:
        heading = t("cases.follow.title", **words)
        body = t("cases.follow.body", filed=view.count("filed"))
    return html.Section(
        [
            html.H2(heading),
            html.P(t("cases.follow.what", window=view.window_words), className="chart-what"),
            html.P(body, className="body-text"),
            html.P(t("cases.follow.source"), className="quiet"),
        ],
        className="card-box cases-words",
    )


# --- change ----------------------------------------------------------------------------------------------------
def change_card(view: Cases) -> html.Section:
    """The filing share by quarter on its own natural range."""
    t, points = view.t, view.chart
    is_trial = bool(len(points) and points["is_trial"].astype("boolean").fillna(False).iloc[-1])
    direction = "" if view.last_point is None else str(view.last_point["direction"])
    icons = []
    if direction:
        is_above = bool(view.last_point["value"] > view.last_point["mean"])
        icons = [CardIcon(variation_icon(direction, is_above), tone(direction), t(f"variation.{direction}"))]
    pinned, quarters = Pinned(view.now), points["period"].tolist()
    notes = pinned.on(view.series, "filing_share")
    ways = ways_back(PATH, view.now.filters, quarters)
    shown = points
    if len(points):
        shown = flagged(points, quarters, notes).assign(period=points["period"].str[2:], door=list(map(door, ways)))
    low, high = shared_range([points])
    return chart_card(
        t,
        "cases-change",
        # a little more below: the name of the range may stand there
        control_chart(shown, control_words(t, "%", 1, is_trial), y_range=(low - 0.1 * (high - low), high)),
        change_title(view),
        t("cases.change.what", n=len(points), place=view.place),
        [
            change_body(view) if view.last_point is not None else t("cases.source"),
            _source(view),
            about(view, "filing_share"),
            *note_foot(pinned, notes, quarters),
        ],
        ChartTable(
            [t("sheet.quarter"), t("cases.table.percent"), t("cases.table.lower"), t("cases.table.upper")],
            [[row.period, *(number(value) for value in (row.value, row.lower, row.upper))] for row in rows_of(points)],
            ways,
        ),
        how=t("cases.change.how"),
        icons=icons,
        height=150,
        fills=True,
    )


# --- departments compared --------------------------------------------------------------------------------------
def funnel_card(view: Cases, indicator: str, picked: Sequence[str]) -> html.Section:
    """Each department's share against the limits of its peers: one drawing a group, or one large. Those beside the
    departments `picked` are faint."""
    now, t = view.now, view.t
    rows = view.shares[indicator]
    rows = rows.assign(exposure=rows["denominator"], hover=[_hover(view, row) for row in rows_of(rows)])
    limits = now.run("limits", indicator=indicator, variant="", window=view.window)
    chosen = None if view.selected is None else view.selected.department_id
    sets = [name for name in (*dict(now.groups), WHOLE_REGION) if name in set(rows["peer_set"])]
    point = t(f"cases.{indicator}.point", numerator="{numerator}", exposure="{exposure}")
    words = funnel_words(t, t(f"cases.{indicator}.exposure"), point, "")
    judged = int(rows["outcome"].notna().sum())
    if not judged:  # nobody to compare with: a lone point would only look like a finding
        words = replace(words, no_data=t("cases.visits.unjudged"))
        figure, height = funnel(rows.head(0), limits, 0.0, words), EMPTY_HEIGHT
    elif len(sets) > 1 and is_among_peers(view):
        panels = [_panel(view, name, rows, limits) for name in sets]
        figure, height = funnels(panels, words, selected=chosen, chosen=picked), None
    else:
        own = limits[limits["peer_set"] == (sets[0] if sets else WHOLE_REGION)]
        benchmark = float(own["benchmark"].iloc[0]) if len(own) else float("nan")
        words = replace(words, benchmark=_benchmark(view, benchmark))
        figure, height = funnel(rows, own, benchmark, words, chosen, HALVES, picked), FUNNEL_HEIGHT
    return chart_card(
        t,
        f"cases-{indicator}",
        figure,
        _funnel_title(view, indicator),
        t(f"cases.{indicator}.what", window=view.window_words),
        [
            t("cases.funnel.foot.all" if judged == len(rows) else "cases.funnel.foot", n=judged, of=len(rows)),
            _source(view),
            about(view, indicator),
        ],
        _funnel_table(view, rows),
        how=t(f"cases.{indicator}.how"),
        height=height,
    )


def _panel(view: Cases, name: str, rows: pd.DataFrame, limits: pd.DataFrame) -> Panel:
    own = limits[limits["peer_set"] == name]
    benchmark = float(own["benchmark"].iloc[0]) if len(own) else float("nan")
    heading = dict(view.now.groups).get(name, view.t("ranking.group.region"))
    return Panel(heading, rows[rows["peer_set"] == name], own, benchmark, _benchmark(view, benchmark))


def _benchmark(view: Cases, value: float) -> str:
    return view.t("cases.funnel.benchmark", value=number(value)) if known(value) else ""


def _funnel_title(view: Cases, indicator: str) -> str:
    """How many lie beyond which limit; the rest differs by no more than chance explains."""
    t = view.t
    outcomes = view.shares[indicator]["outcome"].value_counts()
    side = CONCERN[indicator]
    other = {"low": "high", "high": "low"}[side]
    parts = [
        t(f"cases.funnel.{code}", n=int(outcomes[code]))
        for code in (f"{side}_998", f"{side}_95", f"{other}_998", f"{other}_95")
        if outcomes.get(code, 0)
    ]
    words = {"indicator": view.title_of(indicator), "n": int(outcomes.get("in", 0))}
    if not outcomes.sum():
        return t("cases.funnel.title.none", **words)
    if not parts:
        return t("cases.funnel.title.in", **words)
    return t("cases.funnel.title", parts=t("cases.comma").join(parts), **words)


def _hover(view: Cases, row: Any) -> str:
    t = view.t
    if not known(row.value):
        return str(row.label)
    lines = [
        str(row.label),
        t("cases.funnel.hover", value=number(row.value), counts=Share(row.numerator, row.denominator).counts),
    ]
    if known(row.low) and known(row.high):
        lines.append(t("cases.funnel.hover.interval", low=number(row.low), high=number(row.high)))
    if known(row.limit_low_95) and known(row.limit_high_95):
        lines.append(t("cases.funnel.hover.limits", low=number(row.limit_low_95), high=number(row.limit_high_95)))
    lines.append(t(f"cases.outcome.{row.outcome if known(row.outcome) else 'unjudged'}"))
    return "\n".join(lines)


def _funnel_table(view: Cases, rows: pd.DataFrame) -> ChartTable:
    t = view.t
    drawn = rows[rows["value"].notna()]
    heads = ("name", "group", "counts", "percent", "interval", "limits", "outcome")
    return ChartTable(
        [t(f"cases.table.{head}") for head in heads],
        [
            [
                str(row.label),
                str(row.group) if known(row.group) else "",
                Share(row.numerator, row.denominator).counts,
                number(row.value),
                _range(row.low, row.high),
                _range(row.limit_low_95, row.limit_high_95),
                t(f"cases.outcome.{row.outcome if known(row.outcome) else 'unjudged'}"),
            ]
            for row in rows_of(drawn)
        ],
        [_way(view, department=one) for one in drawn["department_id"]],
    )


def _way(view: Cases, **change: Any) -> str:
    """The page narrowed otherwise."""
    return PATH + replace(view.now.filters, q=None, **change).to_search()


def _range(low: float, high: float) -> str:
    return f"{number(low)}–{number(high)}" if known(low) and known(high) else MISSING


def visits_card(view: Cases) -> html.Section:
    """The share of visits due that were made: x of n with its interval, by group or by department."""
    t = view.t
    shares = [(one, view.visits(one)) for one in view.parts]
    rows = pd.DataFrame(
        {
            "label": [_counted(view, one, share) for one, share in shares],
            "value": [share.value for _, share in shares],
            "low": [share.interval[0] for _, share in shares],
            "high": [share.interval[1] for _, share in shares],
            "door": [one.choice for one, _ in shares],
        }
    )
    whole = view.visits()
    far, near = (view.beyond("return_visit_share", f"low_{level}") for level in ("998", "95"))
    heading = t("cases.visits.none")
    if known(whole.value):
        heading = t("cases.visits.title", share=share_text(t, whole))
    said = [
        t(key, names=view.named(found), whom=view.whom)
        for key, found in (("cases.visits.far", far), ("cases.visits.near", near))
        if len(found)
    ]
    said = [t("cases.visits.narrowed")] if view.is_narrowed else said or [_none_beyond(view)]
    words = BarWords(t("cases.percent", value="{value}"), "", t("chart.no_data"), t("chart.no_data"), decimals=1)
    return chart_card(
        t,
        "cases-visits",
        bars(rows, words),
        heading,
        t("cases.visits.what", window=view.window_words),
        [*said, _source(view), about(view, "return_visit_share")],
        ChartTable(
            [t("cases.table.part"), t("cases.table.counts"), t("cases.table.percent"), t("cases.table.interval")],
            [[one.label, share.counts, number(share.value), _range(*share.interval)] for one, share in shares],
            [_way(view, **dict([one.choice])) if one.choice else "" for one, _ in shares],
        ),
        how=t("cases.visits.how"),
    )


def _none_beyond(view: Cases) -> str:
    is_judged = view.shares["return_visit_share"]["outcome"].notna().any()
    key = "cases.visits.in.chosen" if view.now.is_chosen else "cases.visits.in"
    return view.t(key, whom=view.whom) if is_judged else view.t("cases.visits.unjudged")


def _counted(view: Cases, one: Part, share: Share) -> str:
    return view.t("cases.named", name=one.label, counts=share.counts) if known(share.value) else one.label


def leaders_card(view: Cases) -> html.Section:
    """Cases with sanctions and leaders held to account: two units side by side, and where the second is none."""
    t = view.t
    figures, lines, rows = ["cases_sanctioned", "leaders_accountable"], [], view.narrowed(view.every)
    for one in view.parts:
        sums = one.of(rows)[figures].sum(min_count=1)
        lines.append([one.label, *(number(n, 0) if known(n) else t("chart.no_data") for n in sums)])
    leaders, sanctioned = view.total("leaders_accountable"), view.total("cases_sanctioned")
    heading = t("cases.leaders.none")
    if known(leaders) and known(sanctioned):
        heading = t("cases.leaders.title", leaders=number(leaders, 0), cases=number(sanctioned, 0))
    table = ChartTable(
        [t("cases.table.part"), t("cases.leaders.cases"), t("cases.leaders.leaders")],
        lines,
    )
    return html.Section(
        [
            html.H2(heading),
            html.P(t("cases.leaders.what", window=view.window_words), className="chart-what"),
            html.Div(
                data_table(heading, table),
                className="cases-table",
                tabIndex=0,
                role="region",
                **{"aria-label": heading},
            ),
            *(
                [html.P(view.now.t("chosen.listed", n=len(view.now.chosen)), className="quiet")]
                if view.now.is_chosen
                else []
            ),
            html.P(_without_leader(view), className="body-text"),
            html.P(t("cases.leaders.source"), className="quiet"),
        ],
        className="card-box cases-words",
    )


def _without_leader(view: Cases) -> str:
    """A statement of counts, and no more: whether a leader should have been held to account, no table says."""
    t, rows = view.t, view.accountable
    words = {"period": view.span(ACCOUNT_QUARTERS), "least": ACCOUNT_CASES}
    if view.accounts.empty:
        return t("cases.leaders.unknown", **words)
    if view.selected is not None:
        cases, leaders = view.accounts[["cases_sanctioned", "leaders_accountable"]].iloc[0]
        return t("cases.leaders.one", cases=number(cases, 0), leaders=number(leaders, 0), **words)
    without = rows[rows["leaders_accountable"] == 0]
    if rows.empty:
        return t("cases.leaders.nowhere", **words)
    if without.empty:
        return t("cases.leaders.nobody", n=len(rows), **words)
    names = [
        t("cases.leaders.item", name=row.label, n=number(row.cases_sanctioned, 0))
        for row in rows_of(without.head(2 * MOST_NAMED))
    ]
    if len(without) > len(names):
        names.append("…")
    return t("cases.leaders.listed", n=len(without), names=t("list.separator").join(names), **words)
