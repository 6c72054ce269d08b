"""The balance of supervision: what is stressed and what neglected, in the region and in each department."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

import dash
import pandas as pd
from dash import Input, Output, State, callback, no_update

from dashboard.charts.bars import bar_words, bars
from dashboard.charts.diverging import diverging, diverging_words
from dashboard.charts.strips import strips
from dashboard.components import html
from dashboard.components.chart_card import ChartTable, chart_card
from dashboard.components.controls import search_box, select
from dashboard.components.gap_signs import sign
from dashboard.components.light import light
from dashboard.components.links import rule_address, view_link
from dashboard.components.pictured import picture_menu
from dashboard.components.sheet import Sheet
from dashboard.components.states import indicator_without_data, nothing_matches
from dashboard.filters import Filters
from dashboard.gaps import FLAGS
from dashboard.i18n.text import MISSING, known, number, quarter_name
from dashboard.pages._balance import (
    ARRANGEMENTS,
    DIRECTIONS,
    FEWEST_FOR_PERCENT,
    FORMS,
    NO_DATA,
    PATH,
    SCOPES,
    STAGES,
    Balance,
    direction_title,
    heading,
    heavy_text,
    inspection_title,
    interval_words,
    portion,
    share_text,
    sheet_of,
    stage_title,
    strips_title,
    under_the_chart,
)
from dashboard.pages._gaps import gap_address
from dashboard.pages._scene import EVERY, page, scene, title
from dashboard.rows import Row, rows_of

MOST_HITS = 12
CHARTS = ("axes", "strips")


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """What each axis says of the region and of each department, as a file; None before the first import."""
    now = scene(filters, pin)
    return None if now.snapshot is None else sheet_of(Balance(now))


dash.register_page(
    __name__,
    path=PATH,
    name="nav.balance",
    title=lambda: title("nav.balance"),
    icon="balance",
    order=5,
    sheet=sheet,
    action="desk",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot)
    if now.snapshot is None:
        return page(now, PATH, "nav.balance", (), None)
    view, t = Balance(now), now.t
    axes = [(EVERY, t("balance.filter.rule.all")), *((rule, view.side(rule, "light")) for rule in view.axes)]
    controls = [
        select(t("balance.filter.rule"), "rule", view.rule or EVERY, axes, default=EVERY),
        search_box(t("filter.search"), now.filters.q),
    ]
    body = html.Div(body_of(view), id="balance-body", className="balance")
    return page(now, PATH, "nav.balance", controls, body)


@callback(
    Output("balance-body", "children"),
    Input("url", "search"),
    State("snapshot", "data"),
    prevent_initial_call=True,
)
def update(search: str, snapshot: str) -> Any:
    now = scene(Filters.from_search(search), snapshot)
    return light(body_of(Balance(now))) if now.snapshot else no_update


def body_of(view: Balance) -> list[Any]:
    """Everything on the page that depends on the filters."""
    now, t = view.now, view.t
    head = [html.P(sentence, className="notice") for sentence in view.notices] + chips(view)
    if now.departments.empty and view.every.empty:
        return [nothing_matches(t, PATH)]
    if view.is_without_supervision:
        quarter = quarter_name(t, now.quarter)
        return [*head, indicator_without_data(t, t("nav.balance"), t("table.supervision"), quarter)]
    return [
        *head,
        html.Div([axes_card(view), strips_card(view)], className="balance-axes"),
        html.Div(
            [html.Div([stage_card(view), direction_card(view)], className="balance-stack"), inspection_card(view)],
            className="balance-mix",
        ),
        list_card(view),
    ]


def chips(view: Balance) -> list[Any]:
    """What the page is narrowed to, each with the way back; and the departments that the typed words find."""
    now, t, found = view.now, view.t, []
    if now.filters.department:
        name = view.selected.full_name if view.selected is not None else now.filters.department
        found.append(_chip(t("balance.chip.department", name=name), view, department=None))
    if view.rule:
        found.append(_chip(t("balance.chip.rule", name=view.side(view.rule, "light")), view, rule=None))
    if now.filters.q:
        hits = [
            view_link(row.label, PATH, replace(now.filters, department=row.department_id, q=None), className="chip hit")
            for row in rows_of(view.hits.head(MOST_HITS))
        ]
        heading_key = "balance.hits" if hits else "balance.hits.none"
        found += [html.Span(t(heading_key, asked=now.filters.q), className="quiet"), *hits]
        if len(view.hits) > MOST_HITS:
            found.append(html.Span(t("balance.hits.more", n=len(view.hits) - MOST_HITS), className="quiet"))
    return [html.Div(found, className="chips")] if found else []


def _chip(words: str, view: Balance, **change: Any) -> html.A:
    link = replace(view.now.filters, **change)
    return view_link(
        [words, html.Span("×", className="out")], PATH, link, className="chip", title=view.t("balance.leave")
    )


# --- the axes --------------------------------------------------------------------------------------------------
def axes_card(view: Balance) -> html.Section:
    """What is stressed to the left, what is neglected to the right, with the lines at which the rules flag."""
    t, own = view.t, view.own
    rows = pd.DataFrame([_axis(view, rule, row) for rule, row in own.iterrows()])
    n = own["n"].dropna()
    return chart_card(
        t,
        "balance-axes",
        diverging(rows, diverging_words(t)),
        heading(view),
        t("balance.axes.what", place=view.place, n=number(n.max(), 0) if len(n) else MISSING),
        [t("balance.axes.rule"), *under_the_chart(view), t("balance.axes.source")],
        ChartTable(
            [
                *(t(f"balance.sheet.{name}") for name in ("axis", "light", "x", "n", "share", "low", "high")),
                t("balance.sheet.previous"),
                *(t(f"balance.sheet.{name}") for name in ("watch", "alert")),
                t("sheet.outcome"),
            ],
            [_table_row(view, rule, row) for rule, row in own.iterrows()],
            [_way(view, rule=rule) for rule in own.index],
        ),
        how=t("balance.axes.how"),
        fills=True,
    )


def _way(view: Balance, **change: Any) -> str:
    """The page narrowed otherwise."""
    return PATH + replace(view.now.filters, q=None, **change).to_search()


def _axis(view: Balance, rule: str, row: pd.Series) -> dict[str, Any]:
    t, is_judged = view.t, row["status"] in (*FLAGS, "ok")
    words = {"heavy_name": view.side(rule, "heavy"), "light_name": view.side(rule, "light")}
    always = {"key": rule, "is_chosen": rule == view.rule, **words}
    if not is_judged:
        # a share of too few is not drawn: the eye would judge it all the same
        beside = t("balance.axes.unjudged", reason=view.reason(rule, row))
        nothing = dict.fromkeys(("share", "low", "high", "previous", "watch", "alert", "heavy_share"), float("nan"))
        return {
            **always,
            **nothing,
            "heavy_text": "",
            "light_text": "",
            "beside": beside,
            "status": NO_DATA,
            "hover": "",
        }
    numbers = {name: float(row[name]) for name in ("share", "low", "high", "previous", "watch", "alert")}
    counts = f"{number(row['light'], 0)}/{number(row['n'], 0)}"
    rest = row["n"] - row["heavy"] - row["light"]
    beside = t("balance.axes.rest", counts=counts, rest=number(rest, 0)) if rest > 0 else counts
    hover = interval_words(view, rule, row)
    if known(row["previous"]):
        hover += "\n" + t("balance.axes.previous", share=number(row["previous"]))
    return {
        **always,
        **numbers,
        "heavy_share": float(100 * row["heavy"] / row["n"]),
        "heavy_text": heavy_text(row),
        "light_text": share_text(t, row),
        "beside": beside if row["n"] >= FEWEST_FOR_PERCENT else "",
        "status": row["status"],
        "hover": hover,
    }


def _table_row(view: Balance, rule: str, row: pd.Series) -> list[str]:
    t, is_judged = view.t, row["status"] in (*FLAGS, "ok")
    return [
        view.axes[rule].header["title"][view.now.lang],
        view.side(rule, "light"),
        *(number(row[name], 0) for name in ("light", "n")),
        *(number(row[name]) for name in ("share", "low", "high", "previous")),
        *(number(row[name], 0) for name in ("watch", "alert")),
        t(f"gaps.status.{row['status']}") if is_judged else view.reason(rule, row),
    ]


def strips_card(view: Balance) -> html.Section:
    """Where each department stands on each axis."""
    t = view.t
    tallies = {rule: view.tally(rule) for rule in view.axes}
    rows = pd.DataFrame(
        [
            {
                "key": rule,
                "name": view.side(rule, "light"),
                "watch": view.own.at[rule, "watch"],
                "tally": t("balance.strips.tally", flagged=flagged, judged=judged),
                "is_loud": view.gaps.is_too_often(rule),
                "is_chosen": rule == view.rule,
            }
            for rule, (flagged, judged, _) in tallies.items()
        ]
    )
    shown = view.departments[view.departments["status"] != NO_DATA]
    dots = shown.assign(
        key=shown["rule"],
        hover=[f"{row['label']}\n{interval_words(view, row['rule'], row)}" for row in rows_of(shown)],
        is_selected=shown["department_id"] == view.whose,
    )
    by_name: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows_of(view.departments.sort_values("name_order")):
        by_name[row.department_id][row.rule] = row
    too_few = max((few for _, _, few in tallies.values()), default=0)
    foot = [t("balance.strips.few", n=too_few)] if too_few else []
    if rows["is_loud"].any():
        foot.append(t("balance.strips.often"))
    return chart_card(
        t,
        "balance-strips",
        strips(rows, dots, t("chart.no_data")),
        strips_title(view),
        t("balance.strips.what", place=_whose_departments(view)),
        foot,
        ChartTable(
            [t("sheet.name"), *(view.side(rule, "light") for rule in view.axes)],
            [
                [next(iter(own.values())).label, *(_cell_text(view, own.get(rule)) for rule in view.axes)]
                for own in by_name.values()
            ],
            [_way(view, department=department) for department in by_name],
        ),
        fills=True,
    )


def _whose_departments(view: Balance) -> str:
    now = view.now
    n = number(len(now.departments), 0)
    group = dict(now.groups)[now.category] if now.category else view.t("balance.everybody")
    return view.t("balance.departments", group=group, n=n)


def _cell_text(view: Balance, row: Any) -> str:
    return MISSING if row is None or row["status"] == NO_DATA else share_text(view.t, row)


# --- the make-up -----------------------------------------------------------------------------------------------
def stage_card(view: Balance) -> html.Section:
    """Before, during and after the power is used."""
    return _bars_card(view, "stage", view.part("stage", STAGES), stage_title(view), "D1 §1.4, §3.2.3")


def direction_card(view: Balance) -> html.Section:
    """From inside (above, beside, below) and from outside."""
    return _bars_card(view, "direction", view.part("direction", DIRECTIONS), direction_title(view), "D6 §3, D1 §1.2")


def _bars_card(view: Balance, name: str, counts: pd.Series, heading: str, source: str) -> html.Section:
    t, total = view.t, int(counts.sum())
    rows = pd.DataFrame({"label": [view.word(name, code) for code in counts.index], "value": counts.to_numpy(float)})
    if total >= FEWEST_FOR_PERCENT:
        rows["share"] = rows["value"] / total
    if not total:
        rows = rows.head(0)
    table = [[str(row.label), number(row.value, 0), portion(row.value, total)] for row in rows_of(rows)]
    return chart_card(
        t,
        f"balance-{name}",
        bars(rows, bar_words(t, t("balance.mix.value", value="{value}"))),
        heading,
        t(f"balance.{name}.what", place=view.place, n=number(total, 0)),
        [t("balance.mix.source", source=source)],
        ChartTable([t(f"balance.{name}.head"), t("balance.sheet.n"), t("balance.sheet.share")], table),
    )


def inspection_card(view: Balance) -> html.Section:
    """Open and covert inspections of a single matter, a topic or everything; below them how they were arranged."""
    t, rows = view.t, view.inspections
    total = int(rows["activities"].sum())
    by_kind = rows.groupby(["code", "scope"])["activities"].sum()
    by_arrangement = rows.groupby("arrangement")["activities"].sum()
    kinds = [(form, scope) for form in FORMS for scope in SCOPES]
    kinds += [kind for kind in by_kind.index if kind not in kinds]
    arrangements = [*ARRANGEMENTS, *(one for one in by_arrangement.index if one not in ARRANGEMENTS)]
    lines = [
        (t("balance.inspections.kind", form=view.word("form", form), scope=view.word("scope", scope)), 4, n)
        for (form, scope), n in ((kind, by_kind.get(kind, 0)) for kind in kinds)
    ]
    lines += [(view.word("arrangement", one), 3, by_arrangement.get(one, 0)) for one in arrangements]
    drawn = pd.DataFrame(lines, columns=["label", "tone", "value"]).astype({"value": float})
    if total >= FEWEST_FOR_PERCENT:
        drawn["share"] = drawn["value"] / total
    if not total:
        drawn = drawn.head(0)
    return chart_card(
        t,
        "balance-inspections",
        bars(drawn, bar_words(t, t("balance.mix.value", value="{value}"))),
        inspection_title(view),
        t("balance.inspections.what", place=view.place, n=number(total, 0)),
        [t("balance.mix.source", source="D6 §1.3")],
        ChartTable(
            [t("balance.inspections.head"), t("balance.sheet.n"), t("balance.sheet.share")],
            [[str(row.label), number(row.value, 0), portion(row.value, total)] for row in rows_of(drawn)],
        ),
    )


# --- the list --------------------------------------------------------------------------------------------------
def list_card(view: Balance) -> html.Section:
    """Of the region: the departments with a flag; of a department: what each axis says of it, in sentences."""
    t = view.t
    menu = []
    if view.selected is not None:
        heading_, drawn = t("balance.list.one", name=view.selected.full_name), _sentences(view)
    else:
        rule = view.rule
        words = {"side": view.side(rule, "light")} if rule else {"n": len(view.leaning)}
        heading_ = t("balance.list.rule" if rule else "balance.list.all", **words)
        drawn = html.P(t("balance.list.none"), className="body-text")
        if len(view.leaning):
            table, topic = _table(view), view.now.topic(t("nav.balance"))
            menu.append(picture_menu(t, "balance-list", heading_, topic, (), table))
            about = {"tabIndex": 0, "role": "region", "aria-label": t("balance.list")}
            drawn = html.Div(table, className="balance-rows", **about)
    head = html.Div([html.H2(heading_), *menu], className="card-head")
    return html.Section([head, drawn], className="card-box balance-list")


def _sentences(view: Balance) -> html.Ul:
    t, now = view.t, view.now
    rows = view.every[view.every["department_id"] == view.whose].set_index("rule", drop=False)
    items = []
    for rule in view.axes:
        if rule not in rows.index:
            continue
        row = rows.loc[rule].to_dict()
        words = view.sentence(row, view.selected.full_name)
        if row["status"] == "ok":
            words = t(
                "balance.list.ok",
                rule=view.gaps.rules[rule].header["title"][now.lang],
                words=interval_words(view, rule, row),
            )
        links = [html.Link(t("balance.list.about"), href=rule_address(now.filters, rule))]
        if row["status"] in FLAGS:
            links.append(html.Link(t("balance.list.evidence"), href=gap_address(now.filters, rule, view.whose)))
        items.append(html.Li([sign(t, row["status"]), html.Span(words), html.Span(links, className="doors")]))
    return html.Ul(items, className="balance-sentences")


def _table(view: Balance) -> html.Table:
    """Departments by axes, each share with its sign; a name leads to the department, a sign to its evidence."""
    t, now = view.t, view.now
    rules = [view.rule] if view.rule else list(view.axes)
    cells = {(row.department_id, row.rule): row for row in rows_of(view.departments)}
    head = [
        html.Th(t("sheet.name"), scope="col"),
        *(
            html.Th(
                html.Link(
                    view.side(rule, "light"), href=rule_address(now.filters, rule), title=t("balance.list.about")
                ),
                scope="col",
            )
            for rule in rules
        ),
    ]
    body = [
        html.Tr(
            [
                html.Th(
                    view_link(
                        row.label,
                        PATH,
                        replace(now.filters, department=row.department_id, q=None),
                        title=row.full_name,
                    ),
                    scope="row",
                ),
                *(_cell(view, cells.get((row.department_id, rule))) for rule in rules),
            ]
        )
        for row in rows_of(view.leaning)
    ]
    css = "balance-table one" if view.rule else "balance-table"
    return html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className=css)


def _cell(view: Balance, row: Any) -> html.Td:
    t = view.t
    if row is None or row["status"] == NO_DATA:
        reason = view.reason(row["rule"], row) if row else t("chart.no_data")
        return html.Td([sign(t, NO_DATA), html.Span(reason, className="visually-hidden")], title=reason)
    about = interval_words(view, row["rule"], row)
    if row["status"] not in FLAGS:
        return html.Td(share_text(t, row), title=about)
    words = [sign(t, row["status"]), share_text(t, row)]
    door = html.Link(words, href=gap_address(view.now.filters, row["rule"], row["department_id"]), title=about)
    return html.Td(door, className="leans")
