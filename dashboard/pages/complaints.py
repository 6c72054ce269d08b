"""Complaints: who has unusually many or few for its size, about what, by which channel, since when, and what became."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import dash
import pandas as pd
from dash import Input, Output, State, callback, no_update

from dashboard import methods
from dashboard.access.gate import can
from dashboard.charts import theme
from dashboard.charts.bars import bar_words, bars
from dashboard.charts.control import control_chart, control_words
from dashboard.charts.funnel import Panel, funnel, funnel_words, funnels
from dashboard.charts.heat import count_heat, heat_words
from dashboard.charts.icons import tone, variation_icon
from dashboard.components import html
from dashboard.components.chart_card import (
    NOTHING,
    PLAIN_HEIGHT,
    CardIcon,
    ChartTable,
    Drawn,
    card_icon,
    data_table,
    outputs_of,
    sized_card,
)
from dashboard.components.controls import search_box
from dashboard.components.explain import definition, indicator_address
from dashboard.components.light import light
from dashboard.components.links import department_address, door, view_link, ways_back
from dashboard.components.picks import pick
from dashboard.components.ranking_rows import SIGNS
from dashboard.components.sheet import Sheet
from dashboard.components.states import indicator_without_data, nothing_matches
from dashboard.filters import Filters
from dashboard.findings import trend_words
from dashboard.i18n.text import MISSING, known, number, quarter_name
from dashboard.pages._complaints import (
    ALERT,
    LOW,
    MOST_ROWS,
    OUTSIDE,
    RATE,
    RECEIVED,
    SHARES,
    STAFF,
    WATCH,
    WHOLE_REGION,
    YEARS,
    Said,
    Series,
    Share,
    by_rate,
    categories,
    caveats,
    columns_of,
    drawable,
    findings,
    heat_cells,
    hover,
    names,
    outside,
    received,
    series,
    share,
    share_value,
    sheet_of,
    signal_sentences,
    told_apart,
    unjudged,
    upper_first,
    why_unjudged,
)
from dashboard.pages._notes import Pinned, flagged, note_foot, quarter_of
from dashboard.pages._ranking import found
from dashboard.pages._scene import Scene, before, page, scene, scope_control, title, window_control
from dashboard.rows import rows_of, tuples_of

PATH = "/complaints"
FUNNEL, TIME, CHANNELS, HEAT = (f"complaints-{name}" for name in ("funnel", "time", "channels", "heat"))
CHARTS = (FUNNEL, TIME, CHANNELS, HEAT)
PANEL_HEIGHT, MOST_COLUMNS = 216, 3
LARGE_HEIGHT = 420
NARROWEST_PANEL = 225  # pixels, on a desk screen
# The large funnel's plot areas in pixels on screens of 1366 × 768, 1536 × 864 and 1920 × 1080.
AREAS = ((680, 350), (690, 385), (795, 470), (1030, 680))
MONTHS_APART, QUARTERS_APART = 6, 4  # ticks of the time axis
MOST_MATCHES = 8


@dataclass(frozen=True)
class View:
    """The scene with what this page needs of it, each asked for once."""

    now: Scene

    @property
    def window(self) -> int:
        return self.now.window()

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Every department of the view with its rate, limits and outcome among those it is compared with."""
        rates = self.now.run("complaint_rates", window=self.window)
        rows = rates.merge(self.now.listed, on="department_id").sort_values("name_order", ignore_index=True)
        is_short = len(self.quarters) < self.window or (rows["note"] == "short_window").any()
        shown = rows[rows["department_id"].isin(self.now.departments["department_id"])].reset_index(drop=True)
        return shown.assign(unit=YEARS if is_short else STAFF)

    @cached_property
    def whole(self) -> "View":
        """The same view of all its departments: what the findings and the funnel are of."""
        return View(self.now.whole) if self.now.is_chosen else self

    @cached_property
    def judged(self) -> pd.DataFrame:
        return self.rows[self.rows["outcome"].notna()]

    @cached_property
    def has_data(self) -> bool:
        return bool(self.whole.rows[["value", "received"]].notna().any(axis=None))

    @cached_property
    def limits(self) -> pd.DataFrame:
        return self.now.run("limits", indicator=RATE, variant="", window=self.window)

    @cached_property
    def sets(self) -> list[tuple[str, str]]:
        """(code, name) of the sets of departments that are compared, in the vocabulary's order."""
        there = set(self.rows["peer_set"])
        named = [(code, name) for code, name in self.now.groups if code in there]
        rest = "ranking.group.region" if named else "filter.scope.region"
        return [*named, *([(WHOLE_REGION, self.now.t(rest))] if WHOLE_REGION in there else [])]

    @cached_property
    def matches(self) -> pd.DataFrame:
        """What the search words find; nothing where none are typed."""
        return found(self.rows, self.now.filters.q) if self.now.filters.q else self.rows.head(0)

    @cached_property
    def selected(self) -> str | None:
        """The department that was clicked, or the only one that the search words find."""
        asked = self.now.filters.department
        if asked in set(self.rows["department_id"]):
            return asked
        return self.matches["department_id"].iloc[0] if len(self.matches) == 1 else None

    @cached_property
    def chosen(self) -> Any:
        """The selected department's row."""
        return next(rows_of(self.rows[self.rows["department_id"] == self.selected]), None)

    @property
    def whose(self) -> tuple[str, str]:
        """Whose series is shown: (its key among the control charts, its name)."""
        now = self.now
        if self.chosen is not None:
            return self.chosen.department_id, self.chosen.label
        if now.category:
            return f"{WHOLE_REGION}{now.category}", upper_first(dict(now.groups)[now.category])
        return WHOLE_REGION, dict(now.regions)[now.region]

    @property
    def is_sum_of_chosen(self) -> bool:
        """Whether counts and shares are of a few departments together, of which there is no control chart."""
        return self.now.is_chosen and self.chosen is None

    @property
    def of_whom(self) -> str:
        """Whose shares are shown."""
        return self.now.chosen_words if self.is_sum_of_chosen else self.whose[1]

    @cached_property
    def points(self) -> pd.DataFrame:
        return self.now.run("complaint_points", department=self.whose[0], indicators=[RECEIVED, *SHARES])

    @cached_property
    def series(self) -> Series:
        return series(self.whose[1], self.points)

    @cached_property
    def shares(self) -> list[Share]:
        now = self.now
        there = {name: now.snapshot.indicators[name].header for name in SHARES if name in now.snapshot.indicators}
        rows = self._of_departments("complaint_shares", indicators=list(there))
        rows = rows.merge(self.rows[["department_id", "label"]], on="department_id")
        points = self.points.head(0) if self.is_sum_of_chosen else self.points
        return [
            share(name, header["title"][now.lang], header, rows, points, self.selected)
            for name, header in there.items()
        ]

    @cached_property
    def by_category(self) -> pd.DataFrame:
        return self._of_departments("complaint_categories")

    @cached_property
    def by_channel(self) -> pd.DataFrame:
        return self._of_departments("complaint_channels")

    def _of_departments(self, query: str, **values: Any) -> pd.DataFrame:
        departments = self.rows["department_id"].tolist()
        return self.now.run(query, departments=departments, window=self.window, **values)

    @cached_property
    def period(self) -> str:
        """The quarters that are added up, in words; fewer where the region's figures begin later."""
        t, n = self.now.t, len(self.quarters)
        words = {"first": quarter_name(t, self.quarters[0]), "last": quarter_name(t, self.quarters[-1])}
        if self.window == 1:
            return words["last"]
        if n < self.window:
            return t("complaints.period.first" if n == 1 else "complaints.period.short", **words)
        return t("complaints.period", **words)

    @cached_property
    def quarters(self) -> list[str]:
        """The calendar's quarters of the window, as far as the region has figures."""
        found = [self.now.quarter]
        while len(found) < self.window and found[0] > self.now.quarters[0]:
            found.insert(0, before(found[0]))
        return found

    @property
    def unit(self) -> str:
        return self.rows["unit"].iloc[0]

    @property
    def window_words(self) -> str:
        return self.now.t(f"complaints.window.{self.window}")


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """The departments of the funnel for these filters, as a file; None before the first import."""
    now = scene(filters, pin, path=PATH)
    if now.snapshot is None:
        return None
    view = View(now)
    return sheet_of(now, view.rows, view.window, view.period)


dash.register_page(
    __name__,
    path=PATH,
    name="nav.complaints",
    title=lambda: title("nav.complaints"),
    icon="complaints",
    order=7,
    sheet=sheet,
    action="desk",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot, path=PATH)
    if now.snapshot is None:
        return page(now, PATH, "nav.complaints", (), None)
    t, view = now.t, View(now)
    controls = [scope_control(now), window_control(now), search_box(t("filter.search"), now.filters.q)]
    drawn = charts(view)
    body = [
        html.Div(state(view), id="complaints-state"),
        html.Div(
            [
                html.Div(finding_cards(view), id="complaints-findings", className="findings"),
                html.Div(
                    [
                        sized_card(t, FUNNEL, drawn[FUNNEL], t("complaints.funnel.how"), fills=True),
                        html.Section(outliers(view), id="complaints-outliers", className="card-box"),
                    ],
                    className="complaints-top",
                ),
                html.Div(share_cards(view), id="complaints-shares", className="findings"),
                html.Div(
                    [
                        html.Div(
                            [
                                sized_card(t, TIME, drawn[TIME], t("complaints.time.how")),
                                html.Ul(signal_list(view), id="complaints-signals", className="signals"),
                            ],
                            className="under-chart",
                        ),
                        _finer(view, CHANNELS, drawn),
                    ],
                    className="complaints-middle",
                ),
                html.Div(
                    [
                        _finer(view, HEAT, drawn),
                        html.Div(every_category(view) if HEAT in drawn else [], id="complaints-every"),
                    ],
                    className="under-chart",
                ),
            ],
            id="complaints-content",
            className="complaints",
            hidden=not _is_drawn(view),
        ),
    ]
    return page(now, PATH, "nav.complaints", controls, html.Div(body, className="complaints-body"))


OUTPUTS = [
    Output("complaints-state", "children"),
    Output("complaints-content", "hidden"),
    Output("complaints-findings", "children"),
    Output("complaints-outliers", "children"),
    Output("complaints-shares", "children"),
    Output("complaints-signals", "children"),
    Output("complaints-every", "children"),
    *(one for chart in CHARTS for one in outputs_of(chart)),
]


@callback(*OUTPUTS, Input("url", "search"), State("snapshot", "data"), prevent_initial_call=True)
def update(search: str, snapshot: str) -> list[Any]:
    now = scene(Filters.from_search(search), snapshot, path=PATH)
    if now.snapshot is None:
        return [no_update] * len(OUTPUTS)
    view = View(now)
    if not _is_drawn(view):
        return [light(state(view)), True, *[no_update] * (len(OUTPUTS) - 2)]
    cards = (finding_cards, outliers, share_cards, signal_list, every_category)
    drawn = charts(view)
    written = (light(p) for name in CHARTS for p in drawn.get(name, NOTHING).written())
    return [light(state(view)), False, *(light(card(view)) for card in cards), *written]


def _is_drawn(view: View) -> bool:
    return not view.now.departments.empty and view.has_data


def state(view: View) -> list[Any]:
    """What stands in the page's place where there is nothing to show, and why; above it, what is of whom."""
    now, t = view.now, view.now.t
    if now.departments.empty:
        return [nothing_matches(t, PATH + replace(now.filters, q=None, category=None).to_search())]
    if view.has_data and now.is_chosen:
        return [html.P(t("complaints.chosen", n=len(now.chosen), all=len(now.listed)), className="quiet")]
    if not view.has_data:
        header = now.snapshot.indicators[RECEIVED].header
        tables = t("list.separator").join(t(f"table.{table}") for table in header["tables"])
        return [indicator_without_data(t, header["title"][now.lang], tables, quarter_name(t, now.quarter))]
    return []


# --- findings --------------------------------------------------------------------------------------------------
def finding_cards(view: View) -> list[Any]:
    if not _is_drawn(view):
        return []
    t, of = view.now.t, view if view.chosen is not None else view.whole
    said = findings(t, view.whole.rows, of.series, of.shares, view.window_words)
    return [html.H2(t("complaints.findings"), className="visually-hidden"), *map(_finding, said)]


def _finding(said: Said) -> html.Section:
    css, sign = SIGNS.get(said.sign, ("", ""))
    mark = html.Span(sign, className=f"flag-sign flag-{css}") if sign else html.Span(className="finding-dot")
    return html.Section(
        [
            html.Div([mark, html.H3(said.title)], className="finding-head"),
            html.P(said.body, className="body-text"),
        ],
        className="card-box finding",
    )


# --- the funnel and who is outside it ------------------------------------------------------------------------------
def charts(view: View) -> dict[str, Drawn]:
    if not _is_drawn(view):
        return dict.fromkeys(CHARTS, NOTHING)
    drawn = {
        FUNNEL: funnel_chart(view.whole, view.now.chosen["department_id"].tolist()),
        TIME: time_chart(view),
        **{name: draw(view) for name, draw in FINER.items() if can("small_counts")},
    }
    source = view.now.t("complaints.source")
    return {name: replace(chart, foot=[source, *chart.foot]) for name, chart in drawn.items()}


def _finer(view: View, name: str, drawn: Mapping[str, Drawn]) -> Any:
    """The card of a chart of small counts; in a file that may not hold them it is not there."""
    t = view.now.t
    return sized_card(t, name, drawn[name]) if name in drawn else html.P(t("access.finer"), className="body-text")


def funnel_chart(view: View, chosen: Sequence[str]) -> Drawn:
    """Every department between its limits; those that were not chosen are faint."""
    now, t = view.now, view.now.t
    rows = view.rows.assign(
        exposure=view.rows["denominator"], hover=[hover(t, row, view.window_words) for row in rows_of(view.rows)]
    )
    panels = [_panel(view, rows, code, name) for code, name in view.sets]
    size = t(f"complaints.staff.{view.unit}", n="{exposure}")
    point = t("complaints.funnel.point", numerator="{numerator}", staff=size)
    benchmark = ""
    if len(panels) == 1 and known(panels[0].benchmark):
        is_region = view.sets[0][0] == WHOLE_REGION
        whom = dict(now.regions)[now.region] if is_region else panels[0].title
        benchmark = t("complaints.funnel.benchmark", whom=whom, value=number(panels[0].benchmark))
    words = replace(
        funnel_words(t, t(f"complaints.funnel.exposure.{view.unit}"), point, benchmark),
        no_data=t("complaints.no_staff"),
    )
    if len(panels) == 1:
        figure = funnel(panels[0].rows, panels[0].limits, panels[0].benchmark, words, view.selected, AREAS, chosen)
        height = LARGE_HEIGHT
    else:
        columns = min(MOST_COLUMNS, len(panels))
        if any(_is_wide(panel) for panel in panels):
            panels = [replace(panel, benchmark_words="") for panel in panels]
        figure = funnels(panels, words, columns, view.selected, chosen)
        height = PANEL_HEIGHT * -(-len(panels) // columns)
    judged = view.judged
    counts = {
        "received": number(judged["numerator"].sum(), 0),
        "staff": t(f"complaints.staff.{view.unit}", n=number(judged["denominator"].sum(), 0)),
        "n": len(judged),
    }
    used = view.limits[view.limits["peer_set"].isin([code for code, _ in view.sets])]
    limits = t("complaints.funnel.overdispersed" if (used["tau2"] > 0).any() else "complaints.funnel.chance")
    foot = [t("complaints.funnel.foot", limits=limits, **counts), about_link(view, RATE)]
    return Drawn(figure, _funnel_title(view), _funnel_subtitle(view), foot, _funnel_table(view), height)


def _panel(view: View, rows: pd.DataFrame, code: str, name: str) -> Panel:
    limits = view.limits[view.limits["peer_set"] == code]
    benchmark = float(limits["benchmark"].iloc[0]) if len(limits) else float("nan")
    words = view.now.t("complaints.funnel.mean", value=number(benchmark)) if known(benchmark) else ""
    return Panel(upper_first(name), rows[rows["peer_set"] == code], limits, benchmark, words)


def _is_wide(panel: Panel) -> bool:
    """Its title with its mean would run into the next panel's."""
    title_width = theme.text_width(panel.title, theme.NAME, bold=True)
    return title_width + theme.text_width(panel.benchmark_words) + theme.CAPTION > NARROWEST_PANEL


def _funnel_title(view: View) -> str:
    t, outcomes = view.now.t, view.judged["outcome"].value_counts()
    if view.judged.empty:
        has_rates = view.rows["value"].notna().any()
        return t("complaints.funnel.title.few" if has_rates else "complaints.funnel.title.unjudged")
    counts = {"alert": int(outcomes.get(ALERT, 0)), "watch": int(outcomes.get(WATCH, 0))}
    which = "_".join(name for name, n in counts.items() if n) or "none"
    return t(f"complaints.funnel.title.{which}", **counts)


def _funnel_subtitle(view: View) -> str:
    t = view.now.t
    if len(view.sets) > 1:
        whom = t("complaints.funnel.whom.own")
    elif view.sets[0][0] == WHOLE_REGION:
        whom = t("complaints.funnel.whom.region")
    else:
        whom = t("complaints.funnel.whom.peers", name=view.sets[0][1])
    notes = ["partial_quarter"] if (view.judged["note"] == "partial_quarter").any() else []
    what = t(f"complaints.funnel.what.{view.unit}", period=view.period)
    return " · ".join([what, whom, *(caveats(t, note) for note in notes)])


def _funnel_table(view: View) -> ChartTable:
    t = view.now.t
    heads = ("group", "received", view.unit, "rate", "interval", "limits_95", "limits_998", "outcome")
    rows = by_rate(view.rows)
    lines = [
        (
            label,
            row.group if known(row.group) else "",
            received(row),
            number(row.denominator, int(row.unit == YEARS)),
            number(row.value),
            _range(view, row.low, row.high),
            _range(view, row.limit_low_95, row.limit_high_95),
            _range(view, row.limit_low_998, row.limit_high_998),
            t(f"outcome.{row.outcome}") if known(row.outcome) else why_unjudged(t, row),
        )
        for row, label in zip(rows_of(rows), told_apart(rows))
    ]
    ways = [PATH + replace(view.now.filters, department=one, q=None).to_search() for one in rows["department_id"]]
    return ChartTable((t("ranking.name"), *(t(f"complaints.column.{name}") for name in heads)), lines, ways)


def _range(view: View, low: float, high: float) -> str:
    return view.now.t("ranking.range", low=number(low), high=number(high)) if known(low) else number(low)


def outliers(view: View) -> list[Any]:
    """Those above the limits, those below them apart, what was searched or clicked, and who could not be judged."""
    if not _is_drawn(view):
        return []
    t, now = view.now.t, view.now
    high, low = outside(view.judged, (ALERT, WATCH)), outside(view.judged, LOW)
    own = view.rows[view.rows["department_id"] == view.selected] if view.selected else view.matches.head(MOST_MATCHES)
    if now.is_chosen and own.empty:
        own = by_rate(view.rows)
    own = own[~own["department_id"].isin([*high["department_id"], *low["department_id"]])]
    lists = [_rows(view, high, "high")]
    if len(low):
        lists.append(_rows(view, low, "low", t("complaints.table.low")))
    if len(own):
        key = "selected" if view.selected else "found" if now.filters.q else "chosen"
        lists.append(_rows(view, own, "high", t(f"complaints.table.{key}", n=len(view.matches))))
    head = html.Thead(
        html.Tr([_head(view, name) for name in ("name", "received", "rate", "limits", "activities", "sign")])
    )
    return [
        html.Div([html.H2(t("complaints.table.title")), *_deselect(view)], className="card-head"),
        *([html.P(t("chosen.listed", n=len(now.chosen)), className="quiet")] if now.is_chosen else []),
        *_search_notes(view),
        *([] if len(high) else [html.P(_nobody(view), className="body-text")]),
        html.Div(
            html.Table([head, *lists], className="outliers") if len(high) + len(low) + len(own) else None,
            className="table-scroll",
        ),
        *([] if len(low) or view.judged.empty else [html.P(t("complaints.table.low.none"), className="quiet")]),
        *_not_judged(view),
        html.P(t(f"complaints.table.note.{now.scope}"), className="quiet"),
    ]


def _nobody(view: View) -> str:
    t, judged = view.now.t, len(view.judged)
    if view.now.is_chosen and judged:
        return t("complaints.table.none.chosen", n=judged)
    return t("complaints.table.none", n=judged) if judged else t("complaints.table.unjudged")


def _head(view: View, name: str) -> html.Th:
    t = view.now.t
    words = t("ranking.name") if name == "name" else t(f"complaints.table.{name}", window=view.window_words)
    return html.Th(words, scope="col", title=t(f"complaints.table.{name}.help", period=view.period), className=name)


def _rows(view: View, rows: pd.DataFrame, side: str, heading: str = "") -> html.Tbody:
    first = [html.Tr(html.Th(heading, colSpan=6, scope="colgroup"), className="heading")] if heading else []
    return html.Tbody([*first, *(_row(view, row, side) for row in rows_of(rows))])


def _row(view: View, row: Any, side: str) -> html.Tr:
    t, filters = view.now.t, view.now.filters
    is_selected = row.department_id == view.selected
    chosen = replace(filters, department=None if is_selected else row.department_id, q=None)
    group = [html.Span(row.group, className="quiet")] if known(row.group) and len(view.sets) > 1 else []
    side = "low" if row.outcome in LOW else side
    limits = [number(getattr(row, f"limit_{side}_{level}")) for level in ("95", "998")]
    note = caveats(t, row.note if known(row.outcome) else None)
    rate = [number(row.value), *([html.Span("*", className="caveat", title=note)] if note else [])]
    activities = number(row.activities, 0)
    return html.Tr(
        [
            html.Th(
                [
                    view_link(row.label, PATH, chosen, title=row.full_name),
                    pick(t, row.department_id, row.label),
                    *group,
                ],
                scope="row",
            ),
            html.Td(received(row)),
            html.Td(html.B(rate)),
            html.Td(" / ".join(limits) if known(row.outcome) else number(float("nan"))),
            html.Td(activities, className="none" if row.activities == 0 else None),
            html.Td(_badge(view, row)),
        ],
        className="selected" if is_selected else None,
        **{"data-department": row.department_id},
    )


def _badge(view: View, row: Any) -> html.Span:
    t = view.now.t
    if not known(row.outcome):
        return html.Span(t("complaints.unjudged"), className="flag", title=why_unjudged(t, row))
    css, sign = SIGNS[row.outcome]
    words = f"{sign} {t(f'complaints.badge.{row.outcome}')}"
    return html.Span(words, className=f"flag flag-{css}", title=t(f"outcome.{row.outcome}"))


def _deselect(view: View) -> list[Any]:
    filters = view.now.filters
    if not (filters.department or filters.q):
        return []
    label = view.now.t("panel.close" if view.selected else "complaints.search.clear")
    return [view_link(label, PATH, replace(filters, department=None, q=None))]


def _search_notes(view: View) -> list[Any]:
    t, filters = view.now.t, view.now.filters
    if filters.q and view.matches.empty:
        return [html.P(t("complaints.search.none", words=filters.q), className="notice")]
    if filters.department and view.selected is None:
        return [html.P(t("panel.missing"), className="notice")]
    return []


def _not_judged(view: View) -> list[Any]:
    t, said = view.now.t, []
    for reason, whom in unjudged(t, view.rows):
        listed = [
            t("complaints.unjudged.item", name=row.label, received=received(row))
            if received(row) != MISSING
            else row.label
            for row in rows_of(whom)
        ]
        head = html.B(t("complaints.unjudged.head", reason=reason, n=len(whom)))
        said.append(html.P([head, names(t, listed, most=MOST_MATCHES)], className="unranked"))
    return said


# --- time, channels, categories --------------------------------------------------------------------------------
def time_chart(view: View) -> Drawn:
    t, of = view.now.t, view.series
    unit = view.now.snapshot.indicators[RECEIVED].header["unit"][view.now.lang]
    who = of.who
    heads = ("period", "received", "mean", "natural", "signal")
    columns = tuple(t(f"complaints.column.{name}") for name in heads)
    if of.change == "none":
        subtitle = t("complaints.time.none")
        return Drawn(
            theme.empty(subtitle),
            t("complaints.time.title.none", who=who),
            subtitle,
            (),
            ChartTable(columns, ()),
            PLAIN_HEIGHT,
        )
    points, last = drawable(t, of), of.last
    pinned, quarters = Pinned(view.now), [quarter_of(period) for period in of.points["period"]]
    notes = pinned.on(view.whose[0], RECEIVED)
    ways = ways_back(PATH, view.now.filters, quarters)
    points = flagged(points, quarters, notes).assign(door=list(map(door, ways)))
    words = control_words(t, t("complaints.time.unit", unit=unit), 0, bool(last["is_trial"]))
    apart = MONTHS_APART if of.grain == "month" else QUARTERS_APART
    figure = control_chart(points, words, every=max(1, min(apart, len(points) // 3)))
    fewest = methods.numbers()["few"]
    last_words = {"period": points["period"].iloc[-1], "value": number(last["value"], 0), "who": who, "fewest": fewest}
    heading = t(f"complaints.time.title.{of.change}", **last_words)
    parts = [
        t(
            f"complaints.time.what.{of.grain}",
            first=points["period"].iloc[0],
            last=points["period"].iloc[-1],
            n=int(points["value"].notna().sum()),
            fewest=fewest,
        ),
        *([t("complaints.time.method")] if of.is_charted else []),
        *([t("complaints.trial")] if of.is_charted and last["is_trial"] else []),
        *([] if of.is_sparse else trend_words(t, last["trend"])),
    ]
    lines = [
        (
            point.period,
            number(point.value, 0),
            number(point.mean),
            t("ranking.range", low=number(point.lower, 0), high=number(point.upper, 0)) if known(point.lower) else "—",
            words.signals.get(point.point_type, ""),
        )
        for point in rows_of(points)
    ]
    foot = [t("complaints.more_is_not_worse"), about_link(view, RECEIVED), *note_foot(pinned, notes, quarters)]
    return Drawn(
        figure,
        heading,
        " · ".join(parts),
        foot,
        ChartTable(columns, lines, ways),
        PLAIN_HEIGHT - 40,
    )


def signal_list(view: View) -> list[html.Li]:
    """Why the chart's shapes are signals, rule by rule; or that there are none."""
    t, of = view.now.t, view.series
    if not _is_drawn(view) or not of.is_charted:
        return []
    said = signal_sentences(t, of.signals)
    return [html.Li(words) for words in said or [t("complaints.signal.none")]]


def channel_chart(view: View) -> Drawn:
    now, t = view.now, view.now.t
    rows = view.by_channel
    total = rows["received"].sum()
    rows = pd.DataFrame(
        {
            "label": rows[now.lang],
            "value": rows["received"],
            "share": rows["received"] / total if total else float("nan"),
        }
    )
    figure = bars(rows, replace(bar_words(t, t("complaints.count", value="{value}")), no_data=t("chart.no_data")))
    heading = _largest(view, list(tuples_of(rows, "label", "value")), "channels")
    columns = tuple(t(f"complaints.column.{name}") for name in ("channel", "received", "share"))
    lines = [(row.label, number(row.value, 0), f"{number(100 * row.share, 1)}%") for row in rows_of(rows)]
    height = figure.height or PLAIN_HEIGHT / 2
    subtitle = _of_chosen(view, t("complaints.channels.what", period=view.period))
    foot = [t("complaints.total", n=number(total, 0))]
    return Drawn(figure, heading, subtitle, foot, ChartTable(columns, lines), height)


def _largest(view: View, parts: list[tuple[str, float]], key: str) -> str:
    """The largest part with its share; where two are equally large, nobody is named."""
    t, total = view.now.t, sum(value for _, value in parts)
    ordered = sorted(parts, key=lambda one: -one[1])
    if not total or (len(ordered) > 1 and ordered[0][1] == ordered[1][1]):
        return t(f"complaints.{key}.title", n=number(total, 0))
    name, value = ordered[0]
    words = {"name": upper_first(name), "n": number(value, 0), "share": number(100 * value / total, 0)}
    return t("complaints.largest.only" if len(ordered) == 1 else "complaints.largest", **words)


def heat_chart(view: View) -> Drawn:
    now, t = view.now, view.now.t
    found_categories = categories(view.by_category, now.lang)
    ordered = by_rate(view.rows)
    asked = {view.selected, *view.matches["department_id"].head(MOST_MATCHES)}
    others = ordered.iloc[MOST_ROWS:]
    shown = pd.concat([ordered.head(MOST_ROWS), others[others["department_id"].isin(asked)]])
    cells = heat_cells(shown, view.by_category, columns_of(t, found_categories), now.lang)
    words = heat_words(t, t("complaints.heat.hover", row="{row}", column="{column}", count="{count}"))
    outliers_too = outside(shown, (ALERT, WATCH))["department_id"]
    bold = {label for label, d in zip(told_apart(shown), shown["department_id"]) if d in {*outliers_too, view.selected}}
    ways = _heat_ways(view, shown)
    figure = count_heat(cells.assign(door=[door(ways[row]) for row in cells["row"]]), words, frozenset(bold))
    heading = _largest(view, found_categories, "heat")
    subtitle = _of_chosen(view, t("complaints.heat.what", period=view.period, n=min(len(ordered), MOST_ROWS)))
    return Drawn(
        figure,
        heading,
        subtitle,
        [*_concentration(view), t("complaints.heat.foot")],
        _cell_table(view, cells, ways),
        figure.height or PLAIN_HEIGHT,
    )


FINER = {CHANNELS: channel_chart, HEAT: heat_chart}  # drawn from counts finer than a department's quarter


def _heat_ways(view: View, rows: pd.DataFrame) -> dict[str, str]:
    """Row of the heat map → the department's own page, where its complaints stand by category."""
    addresses = [department_address(view.now.filters, one) for one in rows["department_id"]]
    return {name: f"{way}#department-complaints" for name, way in zip(told_apart(rows), addresses)}


def _of_chosen(view: View, words: str) -> str:
    """Counts of a few departments say so first."""
    return " · ".join([view.now.chosen_words, words]) if view.now.is_chosen else words


def _concentration(view: View) -> list[str]:
    """How far the complaints pile up in few departments, beside what their sizes alone would make."""
    now, t = view.now, view.now.t
    if now.is_chosen:  # it is a figure of all
        return []
    found = now.run("concentration", indicator=RATE, window=view.window)
    if found.empty:
        return []
    row = found.iloc[0]
    words = {
        "top": number(100 * row["top_share"], 0),
        "expected": number(100 * row["top_expected"], 0),
        "gini": number(row["gini"], 2),
        "chance": number(row["gini_by_chance"], 2),
        "high": number(row["gini_chance_high"], 2),
    }
    key = "piled" if row["gini"] > row["gini_chance_high"] else "chance"
    return [t(f"complaints.concentration.{key}", **words)]


def _cell_table(view: View, cells: pd.DataFrame, ways: dict[str, str]) -> ChartTable:
    t = view.now.t
    if cells.empty:
        return ChartTable((t("ranking.name"),), ())
    columns, counts = list(dict.fromkeys(cells["column"])), defaultdict(list)
    for row, count in zip(cells["row"], cells["count"]):  # each row's cells in the order of the columns
        counts[row].append(count)
    lines = []
    for row, own in counts.items():
        told = [count for count in own if known(count)]
        total = number(sum(told), 0) if told else MISSING
        lines.append((row, *(number(count, 0) for count in own), total))
    heads = (t("ranking.name"), *columns, t("chart.total"))
    return ChartTable(heads, lines, [ways[row] for row in counts])


def every_category(view: View) -> list[Any]:
    """All departments and all categories as a table, for who is not among the rows above."""
    if not _is_drawn(view) or view.by_category.empty:
        return []
    t = view.now.t
    every = {name: [name] for name, _ in categories(view.by_category, view.now.lang)}
    rows = by_rate(view.rows)
    cells = heat_cells(rows, view.by_category, every, view.now.lang)
    key = "complaints.heat.every.chosen" if view.now.is_chosen else "complaints.heat.every"
    about = t(key, n=len(rows), k=len(every))
    return [
        html.Details(
            [
                html.Summary(about),
                html.Div(
                    data_table(about, _cell_table(view, cells, _heat_ways(view, rows))),
                    className="chart-rows",
                    tabIndex=0,
                    role="region",
                    **{"aria-label": about},
                ),
            ],
            className="every",
        )
    ]


# --- shares ----------------------------------------------------------------------------------------------------
def share_cards(view: View) -> list[Any]:
    if not _is_drawn(view):
        return []
    heading = html.H2(view.now.t("complaints.shares"), className="visually-hidden")
    return [heading, *(_share_card(view, shown) for shown in view.shares)]


def _share_card(view: View, shown: Share) -> html.Section:
    t = view.now.t
    value, unit = share_value(shown)
    base = {"numerator": number(shown.numerator, 0), "denominator": number(shown.denominator, 0)}
    lines = []
    if shown.denominator:
        lines.append(t(f"complaints.share.base.{shown.indicator}", **base))
        interval = {"low": number(shown.low), "high": number(shown.high)}
        lines.append(t("complaints.share.interval", **interval) if known(shown.low) else t("complaints.share.improper"))
    else:
        lines.append(t("complaints.share.none"))
    words = t(f"complaints.change.{'chosen' if view.is_sum_of_chosen else shown.change or 'few'}")
    icon = CardIcon(variation_icon(shown.change, shown.is_above), tone(shown.change), words)
    return html.Section(
        [
            html.Div([html.H3(shown.label), about_link(view, shown.indicator)], className="card-head"),
            html.Div(
                [
                    html.Div([html.B(value), html.Span(unit)], className="number"),
                    html.Div(
                        [card_icon(icon), html.Span(words)], className="change", title=t("complaints.change.help")
                    ),
                ],
                className="number-line",
            ),
            html.P([view.of_whom, " · ", view.period], className="quiet"),
            html.P(t("sentence.space").join(lines), className="body-text"),
            html.P(_share_outside(view, shown), className="body-text"),
        ],
        className="card-box figure share",
        title=shown.header["why"][view.now.lang],
    )


def _share_outside(view: View, shown: Share) -> list[Any]:
    """Who is outside this share's own limits; the worse side with its sign, the other one in plain words."""
    t = view.now.t
    if not shown.judged:
        return [t("complaints.share.unjudged")]
    if shown.outside.empty:
        return [t("complaints.share.inside", n=shown.judged)]
    said: list[Any] = []
    for outcome in OUTSIDE:
        rows = shown.outside[shown.outside["outcome"] == outcome]
        if rows.empty:
            continue
        listed = [
            t(
                "complaints.named.share",
                name=row.label,
                numerator=number(row.numerator, 0),
                denominator=number(row.denominator, 0),
            )
            for row in rows_of(rows)
        ]
        sign = ("◆ " if outcome.endswith("998") else "◇ ") if shown.is_worse(outcome) else ""
        css = "flag-sign flag-watch" if sign else None
        said += [html.Span(f"{sign}{t(f'complaints.limit.{outcome}')}", className=css), names(t, listed, 4), html.Br()]
    return said[:-1]


def about_link(view: View, indicator: str) -> html.Link:
    """Definition, sources and method of an indicator; the definition also where the mouse rests."""
    now, header = view.now, view.now.snapshot.indicators[indicator].header
    words = definition(now.t, now.lang, header)
    href = indicator_address(indicator, now.filters)
    return html.Link(now.t("complaints.about"), href=href, title=words, className="about")
