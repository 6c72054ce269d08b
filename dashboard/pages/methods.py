"""The methods in plain words, with pictures of how to read them, and the settings in force: made to be printed, too."""

from collections.abc import Sequence
from typing import Any

import dash
import flask
import numpy as np
import pandas as pd

from dashboard import methods
from dashboard.access.gate import passing
from dashboard.catalog import load_catalog
from dashboard.charts.control import control_chart, control_words
from dashboard.charts.funnel import funnel, funnel_words
from dashboard.components import html
from dashboard.components.chart_card import ChartTable, chart_card
from dashboard.components.explain import PATH as INDICATORS
from dashboard.components.explain import indicator_address
from dashboard.components.frame import frame
from dashboard.components.links import rule_address
from dashboard.filters import Filters
from dashboard.i18n.text import number
from dashboard.mechanisms import Mechanism, mechanisms
from dashboard.methods import Method
from dashboard.pages._form import kept
from dashboard.pages._scene import Scene, scene, title
from dashboard.rows import rows_of, tuples_of
from dashboard.statistics import control_chart as limits_of
from dashboard.statistics.funnel import LEVELS, count_funnel, count_limits
from dashboard.store import StoreError, complaint, with_baselines

PATH = "/methods"
FUNNEL, CONTROL = "methods-funnel", "methods-control"
EXAMPLE_HEIGHT = 300
AREAS = ((520, 230), (760, 230), (1100, 230))

# Invented once and for all, so that the pictures stay the same: staff and complaints of thirteen offices, and the
# complaints of sixteen quarters, of which the last is a signal.
STAFF = (12, 18, 24, 30, 38, 46, 58, 70, 90, 110, 140, 180, 230)
COMPLAINTS = (0, 2, 1, 2, 8, 3, 2, 5, 4, 7, 6, 10, 4)
QUARTERS = (21, 24, 19, 23, 20, 25, 22, 18, 23, 21, 24, 20, 22, 19, 23, 42)


dash.register_page(
    __name__,
    path=PATH,
    name="nav.methods",
    title=lambda: title("nav.methods"),
    icon="methods",
    order=90,
    action="words",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    """Nothing here follows a filter, so nothing is ever updated; it can be read before the first import, too."""
    now = scene(Filters.from_query(query), snapshot)
    t = now.t
    return frame(t, now.lang, PATH, t("nav.methods"), now.filters, now.facts, (), body(now))


def body(now: Scene) -> html.Article:
    t, rules = now.t, rules_in_force(now)
    groups = [(group, [method for method in methods.METHODS if method.group == group]) for group in methods.GROUPS]
    return html.Article(
        [
            html.Section(
                [
                    html.H2(t("methods.heading")),
                    html.P(t("methods.lead"), className="lead-text"),
                    contents(now, groups),
                ],
                className="card-box methods-head",
            ),
            *(_group(now, group, found, rules) for group, found in groups),
            html.Section(answered(now), id="mechanisms", className="card-box"),
            html.Section(settings(now, rules), id="settings", className="card-box"),
        ],
        className="methods",
    )


def rules_in_force(now: Scene) -> dict[str, str]:
    """Those that the snapshot was built by; before the first import those of the settings."""
    if now.snapshot is not None:
        return methods.rules_of(now.run("rules").iloc[0])
    return methods.rules_of(vars(flask.current_app.config["SETTINGS"]))


def contents(now: Scene, groups: Sequence[tuple[str, list[Method]]]) -> html.Nav:
    """Links within the page, by group."""
    t = now.t
    lists = [
        html.Div(
            [
                html.H3(t(f"methods.group.{group}")),
                html.Ul([html.Li(html.A(method.title(now.lang), href=f"#{method.code}")) for method in found]),
            ]
        )
        for group, found in groups
    ]
    more = [
        html.Li(html.A(t("mechanisms.heading"), href="#mechanisms")),
        html.Li(html.A(t("methods.settings"), href="#settings")),
        html.Li(html.Link(t("methods.indicators"), href=INDICATORS + now.filters.without_row().to_search())),
    ]
    lists.append(html.Div([html.H3(t("methods.more")), html.Ul(more)]))
    return html.Nav(lists, className="methods-contents", **{"aria-label": t("methods.contents")})


def _group(now: Scene, group: str, found: Sequence[Method], rules: dict[str, str]) -> html.Section:
    heading = html.H2(now.t(f"methods.group.{group}"))
    parts = [part for method in found for part in (_method(now, method, rules), *_picture(now, method))]
    return html.Section([heading, *parts], className="card-box methods-group")


def _method(now: Scene, method: Method, rules: dict[str, str]) -> html.Section:
    """Plain words first; what a statistician wants to know is folded, and comes from the code itself."""
    t = now.t
    works = methods.sources(method)
    source = t("methods.source", works="; ".join(works)) if works else t("methods.source.own")
    notes = [
        html.Div([html.Code(f"{function.__module__.removeprefix('dashboard.')}.{function.__name__}"), *_doc(function)])
        for function in method.functions
    ]
    return html.Section(
        [
            html.H3(method.title(now.lang)),
            html.P(method.plain(now.lang, rules), className="plain"),
            html.P(source, className="quiet"),
            html.Details([html.Summary(t("methods.code")), *notes], lang="en", className="from-code"),
        ],
        id=method.code,
        className="method",
    )


def _doc(function: Any) -> list[html.P]:
    return [html.P(paragraph) for paragraph in methods.summary(function).split("\n")]


# --- how to read -----------------------------------------------------------------------------------------------
def _picture(now: Scene, method: Method) -> list[Any]:
    drawings = {"funnel": example_funnel, "control": example_control}
    return [drawings[method.code](now)] if method.code in drawings else []


def example_funnel(now: Scene) -> html.Section:
    """Thirteen invented offices, judged by the functions that judge the real ones."""
    t = now.t
    staff, counts = np.array(STAFF, float), np.array(COMPLAINTS, float)
    found = count_funnel(counts, staff)
    names = [t("methods.example.office", n=i) for i, _ in enumerate(STAFF, start=1)]
    rows = pd.DataFrame(
        {
            "label": names,
            "department_id": names,
            "exposure": staff,
            "numerator": counts,
            "value": 100 * counts / staff,
            "outcome": found.flag,
        }
    )
    rows["hover"] = [f"{row.label}<br>{number(row.numerator, 0)}/{number(row.exposure, 0)}" for row in rows_of(rows)]
    grid = np.linspace(staff.min() ** 0.5, staff.max() ** 0.5, 40) ** 2
    lines = {"exposure": grid}
    for name, level in LEVELS.items():
        low, high = count_limits(grid * found.target, found.tau2, level)
        lines |= {f"low_{name}": 100 * low / grid, f"high_{name}": 100 * high / grid}
    benchmark = t("methods.example.benchmark", value=number(100 * found.target))
    words = funnel_words(t, t("methods.example.staff"), "{numerator}/{exposure}", benchmark)
    figure = funnel(rows, pd.DataFrame(lines), 100 * found.target, words, areas=AREAS)
    heads = ("office", "complaints", "staff", "rate", "outcome")
    table = ChartTable(
        [t(f"methods.example.column.{name}") for name in heads],
        [
            (
                row.label,
                number(row.numerator, 0),
                number(row.exposure, 0),
                number(row.value),
                t(f"outcome.{row.outcome}"),
            )
            for row in rows_of(rows)
        ],
    )
    return chart_card(
        t,
        FUNNEL,
        figure,
        t("methods.example.funnel"),
        t("methods.example.funnel.what"),
        (t("methods.example.foot"),),
        table,
        height=EXAMPLE_HEIGHT,
    )


def example_control(now: Scene) -> html.Section:
    """Sixteen invented quarters; the last one lies outside what the others make of themselves."""
    t = now.t
    values = np.array(QUARTERS, float)
    chart = limits_of.xmr(values)
    kinds, sides = limits_of.point_types(
        chart.values, chart.mean, chart.lower, chart.upper, chart.near_lower, chart.near_upper
    )
    names = [t("methods.example.quarter", n=i) for i, _ in enumerate(QUARTERS, start=1)]
    points = pd.DataFrame(
        {
            "period": names,
            "value": values,
            "mean": chart.mean,
            "lower": chart.lower,
            "upper": chart.upper,
            "point_type": kinds,
            "direction": limits_of.variation(kinds, sides, "neither"),
            "segment": 0,
            "target": np.nan,
            "note": None,
        }
    )
    figure = control_chart(points, control_words(t, "", 0))
    table = ChartTable(
        [t(f"methods.example.column.{name}") for name in ("quarter", "complaints")],
        [(row.period, number(row.value, 0)) for row in rows_of(points)],
    )
    return chart_card(
        t,
        CONTROL,
        figure,
        t("methods.example.control"),
        t("methods.example.control.what"),
        (t("methods.example.foot"),),
        table,
        height=EXAMPLE_HEIGHT - 60,
    )


# --- what the documents ask for -------------------------------------------------------------------------------
def answered(now: Scene) -> list[Any]:
    """Every mechanism of the documents with links to the page, the rules and the indicators that answer it."""
    t, queries = now.t, load_catalog()
    titles = {name: query.header["title"][now.lang] for name, query in queries.items() if "title" in query.header}
    names = {page["path"]: t(page["name"]) for page in dash.page_registry.values() if page["path"] != "/404"}
    inherited = now.filters.without_row()

    def links(mechanism: Mechanism) -> list[Any]:
        found = [html.Link(names.get(mechanism.page, mechanism.page), href=mechanism.page + inherited.to_search())]
        for rule in mechanism.named("gaps"):
            found.append(html.Link(titles.get(f"gaps/{rule}", rule), href=rule_address(now.filters, rule)))
        for name in mechanism.named("indicators"):
            found.append(html.Link(titles.get(f"indicators/{name}", name), href=indicator_address(name, now.filters)))
        found += [html.A(t("mechanisms.method"), href=f"#{code}") for code in mechanism.named("methods")]
        return [part for link in found for part in (link, t("mechanisms.separator"))][:-1]

    heads = ("id", "what", "cited", "answers")
    head = html.Tr([html.Th(t(f"mechanisms.column.{name}"), scope="col") for name in heads])
    body = [
        html.Tr([html.Th(one.id, scope="row"), html.Td(one.said(now.lang)), html.Td(one.cited), html.Td(links(one))])
        for one in mechanisms()
    ]
    return [
        html.H2(t("mechanisms.heading")),
        html.P(t("mechanisms.about"), className="quiet"),
        html.Table([html.Thead(head), html.Tbody(body)], className="indicator-list mechanisms"),
    ]


# --- settings --------------------------------------------------------------------------------------------------
def settings(now: Scene, rules: dict[str, str]) -> list[Any]:
    """What the office decided, and so could decide otherwise."""
    t, own = now.t, flask.current_app.config["SETTINGS"]
    lines = [
        (t("methods.settings.weights"), _weights(now, own)),
        (t("methods.settings.coverage"), t("methods.settings.coverage.value", **_only(rules, "dimensions", "ballots"))),
        (t("methods.settings.red_line"), t("methods.settings.red_line.value", red_line=rules["red_line"])),
        (t("methods.settings.peers"), t("methods.settings.peers.value", n=rules["fewest_peers"])),
        (t("methods.settings.targets"), _targets(now, own)),
        (t("methods.settings.baselines"), _baselines(now, own)),
        *([(t("methods.settings.thresholds"), _thresholds(own))] if own.thresholds else []),
    ]
    is_past = now.snapshot is not None and (now.filters.known or now.snapshot.fell_back)
    about = [t("methods.settings.about"), *([t("methods.settings.past")] if is_past else [])]
    body = [html.Tr([html.Th(name, scope="row"), html.Td(words)]) for name, words in lines]
    return [
        html.H2(t("methods.settings")),
        html.P(t("sentence.space").join(about), className="quiet"),
        html.Table(html.Tbody(body), className="indicator-list settings"),
    ]


def _only(rules: dict[str, str], *names: str) -> dict[str, str]:
    return {name: rules[f"fewest_{name}"] for name in names}


def _weights(now: Scene, own: Any) -> str:
    """As the snapshot has them, by the names of the dimensions; before the first import as the settings name them."""
    t = now.t
    if now.snapshot is None:
        pairs = list(own.weights.items())
    else:
        pairs = list(tuples_of(now.run("dimensions"), now.lang, "weight"))
    if not pairs:
        return t("methods.settings.none")
    return t("list.separator").join(f"{name} {weight:g}" for name, weight in pairs)


def _targets(now: Scene, own: Any) -> Any:
    """Each with a link to its indicator."""
    t = now.t
    if not own.targets:
        return t("methods.settings.none")
    headers = {} if now.snapshot is None else {name: q.header for name, q in now.snapshot.indicators.items()}
    said: list[Any] = []
    for name, target in own.targets.items():
        if name in headers:
            link = html.Link(headers[name]["title"][now.lang], href=indicator_address(name, now.filters))
            unit = headers[name]["unit"][now.lang]
            said.append(html.Div([link, f" {target:g}{unit}" if unit == "%" else f" {target:g} {unit}"]))
        else:
            said.append(html.Div(f"{name} {target:g}"))
    return said


def _baselines(now: Scene, own: Any) -> Any:
    """The settings' own and those among the notes, as the next build will have them."""
    t = now.t
    try:
        own = with_baselines(own, kept().path.parent)
    except StoreError as error:
        passing()
        return complaint(t, error)
    if not own.baselines:
        return t("methods.settings.baselines.none")
    return [
        html.Div(
            t(
                "methods.settings.baseline",
                indicator=given["indicator"] or t("notes.every_indicator"),
                **{name: given[name] for name in ("start", "on", "by", "reason")},
                whom=given["department"] or t("methods.settings.baseline.all"),
            )
        )
        for given in own.baselines
    ]


def _thresholds(own: Any) -> list[html.Div]:
    return [
        html.Div(f"{rule}: " + ", ".join(f"{name} {value:g}" for name, value in named.items()))
        for rule, named in own.thresholds.items()
    ]
