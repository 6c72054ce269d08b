"""How a spreadsheet or a script reads the same figures by itself: the addresses, their filters, and two recipes."""

from typing import Any
from urllib.parse import urlsplit

import dash
import flask

from dashboard import api
from dashboard.api import Route
from dashboard.catalog import load_catalog
from dashboard.components import html
from dashboard.components.frame import frame
from dashboard.filters import Filters
from dashboard.i18n.text import Text, number
from dashboard.pages._scene import Scene, scene, title

PATH = "/api"
OF_A_QUERY = "query/"

dash.register_page(
    __name__, path=PATH, name="nav.api", title=lambda: title("nav.api"), icon="api", order=95, action="export"
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    """Nothing here follows the data, so that it can be read before the first import, too."""
    now = scene(Filters.from_query(query), snapshot)
    return frame(now.t, now.lang, PATH, now.t("nav.api"), now.filters, now.facts, (), body(now))


def body(now: Scene) -> html.Article:
    """Lead, the two recipes, the addresses, the parameters, and what an error says."""
    t, host = now.t, flask.request.host_url.rstrip("/")
    found = api.routes(load_catalog())
    return html.Article(
        [
            html.Section(
                [
                    html.H2(t("api.heading")),
                    html.P(t("api.about", most=number(api.MOST_ROWS, 0)), className="lead-text"),
                    html.P(
                        [
                            html.A(f"{host}{api.ROOT}/", href=f"{api.ROOT}/"),
                            " · ",
                            html.A("OpenAPI 3.1", href=f"{api.ROOT}/openapi.json"),
                        ]
                    ),
                    html.Ul([html.Li(t(f"api.rule.{rule}")) for rule in ("same", "total", "withheld", "changed")]),
                ],
                className="card-box",
            ),
            html.Div([_excel(t, host), _script(t, host)], className="api-recipes"),
            html.P(t("api.token"), className="quiet"),
            html.Section(
                [
                    html.H2(t("api.addresses")),
                    _addresses([route for route in found if not route.path.startswith(OF_A_QUERY)], t),
                    html.Details(
                        [
                            html.Summary(t("api.queries")),
                            _addresses([route for route in found if route.path.startswith(OF_A_QUERY)], t),
                        ],
                    ),
                ],
                className="card-box",
            ),
            html.Section([html.H2(t("api.parameters")), _parameters(found, t)], className="card-box"),
            html.Section([html.H2(t("api.problems")), *_problems(t)], className="card-box"),
        ],
        className="api",
    )


def _excel(t: Text, host: str) -> html.Section:
    """Power Query keeps the address and asks again whenever somebody refreshes."""
    address = urlsplit(host)
    steps = [
        t("api.excel.open"),
        [t("api.excel.paste"), html.Code(f"{host}{api.ROOT}/ranking?scope=region&format=csv")],
        t("api.excel.origin"),
        t("api.excel.refresh"),
    ]
    formula = (
        "let\n"
        f'  Answer = Json.Document(Web.Contents("{address.scheme}://{address.netloc}",\n'
        f'    [RelativePath = "{api.ROOT.strip("/")}/gaps", Query = [status = "alert"]])),\n'
        "  Rows = Table.FromRecords(Answer[rows])\n"
        "in\n"
        "  Rows"
    )
    return html.Section(
        [
            html.H2(t("api.excel")),
            html.Ol([html.Li(step) for step in steps]),
            html.P(t("api.excel.formula"), className="quiet"),
            html.Pre(formula, tabIndex=0),
        ],
        className="card-box",
    )


def _script(t: Text, host: str) -> html.Section:
    program = (
        "import json\n"
        "from urllib.request import urlopen\n\n"
        f'host = "{host}"\n'
        f'address = "{api.ROOT}/gaps?status=alert"\n'
        "while address:\n"
        "    with urlopen(host + address) as answer:\n"
        "        part = json.load(answer)\n"
        '    for row in part["rows"]:\n'
        f'        print(row["department_id"], row["{t("api.script.sentence")}"])\n'
        '    address = part["next"]'
    )
    return html.Section(
        [
            html.H2(t("api.script")),
            html.P(t("api.script.about")),
            html.Pre(program, tabIndex=0),
            html.P(t("api.script.csv"), className="quiet"),
        ],
        className="card-box",
    )


def _addresses(found: list[Route], t: Text) -> html.Table:
    head = html.Thead(
        html.Tr([html.Th(t(f"api.column.{name}"), scope="col") for name in ("path", "answers", "filters")])
    )
    lines = [
        html.Tr([html.Th(_linked(route), scope="row"), _answers(route, t), html.Td(_filters(route))]) for route in found
    ]
    return html.Table([head, html.Tbody(lines)], className="indicator-list api-list")


def _answers(route: Route, t: Text) -> html.Td:
    """The fixed addresses in the reader's language; a query's own question stands in its file, in English."""
    if route.path.startswith(OF_A_QUERY):
        return html.Td(route.answers, lang="en")
    return html.Td(t(f"api.route.{route.path.partition('/')[0] or 'index'}{'.one' if route.names else ''}"))


def _linked(route: Route) -> Any:
    path = f"{api.ROOT}/{route.path}"
    return html.Code(path) if route.names else html.A(html.Code(path), href=path)


def _filters(route: Route) -> list[Any]:
    return [part for name in route.filters for part in (html.Code(name), " ")]


def _parameters(found: list[Route], t: Text) -> html.Table:
    names = dict.fromkeys(name for route in found for name in route.allowed)
    lines = [
        html.Tr(
            [html.Th(html.Code(name), scope="row"), html.Td(t(f"api.parameter.{name}", most=number(api.MOST_ROWS, 0)))]
        )
        for name in names
    ]
    return html.Table(html.Tbody(lines), className="indicator-list api-list")


def _problems(t: Text) -> list[Any]:
    """What the `type` of an error leads to."""
    blank = {"parameter": "…", "value": "…", "expected": "…", "total": "…"}
    blank |= {"most": number(api.MOST_ROWS, 0), "pairs": api.MOST_PAIRS}
    lines = [
        html.Tr(
            [
                html.Th(html.Code(code), scope="row"),
                html.Td(t(f"api.problem.{code}", **blank)),
                html.Td(t(f"api.remedy.{code}", **blank)),
            ],
            id=code,
        )
        for code in api.PROBLEMS
    ]
    table = html.Table(html.Tbody(lines), className="indicator-list api-list")
    return [html.P(t("api.problems.about")), table, html.P(html.Link(t("api.data"), href="/data"))]
