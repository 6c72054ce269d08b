"""Between two snapshots: which flags differ, and whether data, a threshold or the method made it so."""

from dataclasses import replace
from typing import Any

import dash
from dash import Input, Output, State, callback, no_update

from dashboard.components import html
from dashboard.components.controls import select
from dashboard.components.gap_signs import badge
from dashboard.components.light import light
from dashboard.components.links import department_link, rule_address, view_link
from dashboard.components.sheet import Sheet
from dashboard.filters import Filters
from dashboard.i18n.text import quarter_name
from dashboard.pages._changes import (
    EVERY,
    PATH,
    View,
    cause_counts,
    cause_name,
    partition_words,
    sheet_of,
)
from dashboard.pages._gaps import gap_address
from dashboard.pages._scene import page, scene, title
from dashboard.rows import rows_of

MOST_LISTED = 40  # flags on the page; the file has all


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """The flags behind the page; None before the second snapshot."""
    now = scene(filters, pin)
    if now.snapshot is None:
        return None
    view = View(now)
    return sheet_of(view) if view.other is not None else None


dash.register_page(
    __name__,
    path=PATH,
    name="nav.changes",
    title=lambda: title("nav.changes"),
    icon="changes",
    order=81,
    sheet=sheet,
    action="desk",
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot)
    if now.snapshot is None:
        return page(now, PATH, "nav.changes", (), None)
    view, t = View(now), now.t
    controls = []
    if view.previous is not None:
        options = [
            (str(number), t("changes.snapshot", number=number, created=f"{manifest.created.astimezone():%m-%d %H:%M}"))
            for number, manifest in view.manifests.items()
        ]
        shown = str(view.asked if view.asked in view.manifests else view.previous)
        controls.append(select(t("changes.against"), "against", shown, options, default=str(view.previous)))
        rules = [(EVERY, t("rulepage.all"))]
        rules += [(name, f"{r.header['order']} {r.header['title'][now.lang]}") for name, r in view.gaps.rules.items()]
        chosen = now.filters.rule if now.filters.rule in view.gaps.rules else EVERY
        controls.append(select(t("rulepage.rule"), "rule", chosen, rules, default=EVERY))
    return page(now, PATH, "nav.changes", controls, html.Div(body_of(view), id="changes-body", className="rule-part"))


@callback(
    Output("changes-body", "children"),
    Input("url", "search"),
    State("snapshot", "data"),
    prevent_initial_call=True,
)
def update(search: str, snapshot: str) -> Any:
    now = scene(Filters.from_search(search), snapshot)
    return light(body_of(View(now))) if now.snapshot else no_update


def body_of(view: View) -> list[Any]:
    t = view.now.t
    if view.previous is None:
        return [_alone(t("changes.only"), t("changes.only.body"))]
    if view.other is None:
        return [_alone(t("changes.damaged"), t("changes.damaged.body"))]
    stale = []
    if view.asked is not None and view.asked not in view.manifests:
        words = {"asked": view.asked, "shown": view.other.number}
        stale = [html.P(t("changes.unknown", **words), className="notice")]
    return [*stale, basis_card(view), list_card(view)]


def _alone(heading: str, words: str) -> html.Section:
    return html.Section([html.H2(heading), html.P(words, className="body-text")], className="card-box")


def basis_card(view: View) -> html.Section:
    """What differs between the two, before any flag is looked at."""
    now, t = view.now, view.now.t
    tables = [html.Div(partition_words(t, table, periods)) for table, periods in view.compared.partitions.items()]
    rules = [name for name in view.gaps.rules if name in set(view.compared.thresholds["rule"])]
    thresholds = [html.Div([_rule_link(view, rule), t("changes.colon"), view.threshold_words(rule)]) for rule in rules]
    settings = [t("changes.settings")] if view.compared.settings_differ else []
    if names := view.baseline_words():
        settings.append(t("changes.baselines", names=t("list.separator").join(names)))
    lines = [
        (t("changes.newer"), _snapshot_words(view, now.snapshot.manifest)),
        (t("changes.older"), _snapshot_words(view, view.other.manifest)),
        (t("changes.cause.data"), tables or t("changes.same")),
        (t("changes.cause.threshold"), thresholds or t("changes.same")),
        (t("changes.cause.method"), t("sentence.space").join([t(f"changes.method.{view.compared.method}"), *settings])),
    ]
    if view.compared.new_quarters:
        named = t("list.separator").join(quarter_name(t, quarter) for quarter in view.compared.new_quarters)
        lines.append((t("changes.new_quarters"), t("changes.new_quarters.body", quarters=named)))
    facts = [part for name, words in lines for part in (html.Dt(name), html.Dd(words))]
    heading = t("changes.title", against=view.other.number, n=len(view.listed))
    chips = [
        html.Span(t("changes.count", cause=cause_name(t, found), n=n), className="badge-quiet")
        for found, n in cause_counts(view.listed)
    ]
    about = t("changes.about", quarter=quarter_name(t, now.quarter))
    return html.Section(
        [
            html.Div([html.H2(heading), *chips], className="rule-title"),
            html.P(about, className="chart-what"),
            html.Dl(facts, className="facts"),
        ],
        className="card-box",
    )


def _snapshot_words(view: View, manifest: Any) -> str:
    t = view.now.t
    last = manifest.imports[-1] if manifest.imports else {}
    words = {"number": manifest.number, "created": f"{manifest.created.astimezone():%Y-%m-%d %H:%M}"}
    said = [t("changes.snapshot", **words), *(str(last[key]) for key in ("who", "note") if last.get(key))]
    return t("rulepage.separator").join(said)


def _rule_link(view: View, rule: str) -> html.Link:
    return html.Link(view.gaps.rules[rule].header["title"][view.now.lang], href=rule_address(view.now.filters, rule))


def list_card(view: View) -> html.Section:
    t, listed = view.now.t, view.listed.head(MOST_LISTED)
    if listed.empty:
        return _alone(t("changes.none"), t("changes.none.body"))
    more = []
    if len(view.listed) > len(listed):
        more = [html.P(t("changes.more", n=len(view.listed) - len(listed)), className="quiet")]
    items = [_item(view, flag) for flag in rows_of(listed)]
    return html.Section(
        [html.H2(t("changes.list")), html.Ul(items, className="rule-who changes-list"), *more], className="card-box"
    )


def _item(view: View, flag: Any) -> html.Li:
    """One flag: both states, both sentences, the causes, and the restated cells."""
    now, t = view.now, view.now.t
    name = view.names.get(flag.department_id, flag.department_id)
    then = replace(now.filters, quarter=flag.quarter)
    states = [
        badge(t, state) if state else html.Span(t("changes.absent"), className="quiet")
        for state in (flag.was, flag.becomes)
    ]
    only = view_link(t("changes.only_rule"), PATH, replace(now.filters, rule=flag.rule), className="quiet")
    line = html.Div(
        [
            department_link(then, flag.department_id, name),
            _rule_link(view, flag.rule),
            html.Span(quarter_name(t, flag.quarter)),
            html.Link(
                [states[0], html.Span("→", **{"aria-hidden": "true"}), states[1]],
                href=gap_address(then, flag.rule, flag.department_id),
                title=t("agenda.evidence"),
            ),
            html.B(cause_name(t, flag.causes), className="change-cause"),
            only,
        ],
        className="rule-one",
    )
    old, new = view.sentences(flag)
    cells = view.cells(flag) if view.tells_data(flag) else []
    words = {"number": view.other.number, "sentence": old}, {"number": now.snapshot.number, "sentence": new}
    return html.Li(
        [
            line,
            *(html.P(t("changes.said", **said), className="body-text") for said in words),
            html.P(view.because(flag), className="change-because"),
            *([html.Ul([html.Li(cell) for cell in cells], className="change-cells")] if cells else []),
        ]
    )
