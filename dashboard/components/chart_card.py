"""A chart with everything it needs to be read: its finding, what is drawn, how to read it, the same rows as a table.

The server writes a figure into a Store and never into the Graph: the browser puts in the colours of the theme shown
(assets/script/charts.js), and puts in others when the theme changes. The graph itself is never rebuilt.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from dash import MATCH, ClientsideFunction, Dash, Input, Output, dcc

from dashboard.charts import theme
from dashboard.charts.figure import Figure
from dashboard.charts.icons import mask
from dashboard.components import html
from dashboard.components.exported import ChartTable, Exported, as_text, export_menu
from dashboard.i18n.text import Text

PLAIN_HEIGHT = 300
DIGEST = 16  # hexadecimal digits


@dataclass(frozen=True)
class CardIcon:
    """A computed icon beside the title: its SVG, its tone ('better', 'worse', 'brand', 'quiet') and its words."""

    svg: str
    tone: str
    words: str


@dataclass(frozen=True)
class Drawn:
    """What a chart's card shows, as it is first drawn and as an update writes it; `height` in pixels."""

    figure: Figure
    title: str
    subtitle: str
    foot: Sequence[Any]
    table: ChartTable
    height: float

    @property
    def style(self) -> dict[str, str]:
        return {"--height": f"{self.height:g}px"}

    def written(self) -> list[Any]:
        """In the order of `outputs_of`."""
        foot = [html.Span(text) for text in self.foot]
        return [drawing(self.figure), self.title, self.subtitle, foot, data_table(self.title, self.table), self.style]


NOTHING = Drawn(theme.empty(""), "", "", (), ChartTable(("",), ()), PLAIN_HEIGHT)  # before anything is chosen


def outputs_of(chart_id: str) -> list[Output]:
    """All that an update writes into the card of `sized_card`."""
    written = {"drawing": "data", "title": "children", "subtitle": "children", "foot": "children", "table": "children"}
    return [
        *(Output(part(chart_id, name), prop) for name, prop in written.items()),
        Output(f"{chart_id}-frame", "style"),
    ]


def sized_card(t: Text, chart_id: str, drawn: Drawn, how: str = "", fills: bool = False) -> html.Div:
    """The card in a frame that carries the chart's height, which changes with what is drawn."""
    words = drawn.title, drawn.subtitle, drawn.foot, drawn.table, how
    card = chart_card(t, chart_id, drawn.figure, *words, height=drawn.height, fills=fills, is_framed=True)
    return html.Div(card, id=f"{chart_id}-frame", className="sized", style=drawn.style)


def part(chart_id: str, name: str) -> dict[str, str]:
    """The id of a part: 'drawing' (the Store to write into), 'graph', 'title', 'subtitle', 'table', 'foot'."""
    return {"chart": chart_id, "part": name}


def register_charts(app: Dash) -> None:
    """Once for the app: whatever is written into a drawing is painted into its graph, in the browser."""
    app.clientside_callback(
        ClientsideFunction("mingjing", "paint"),
        Output({"chart": MATCH, "part": "graph"}, "figure"),
        Input({"chart": MATCH, "part": "drawing"}, "data"),
    )


def chart_card(
    t: Text,
    chart_id: str,
    figure: Figure,
    title: str,
    subtitle: str,
    foot: Sequence[str],
    table: ChartTable,
    how: str = "",
    icons: Iterable[CardIcon] = (),
    tone: str = "",
    height: float | None = None,
    fills: bool = False,
    is_framed: bool = False,
) -> html.Section:
    """`title`: the finding; `subtitle`: its topic, above it: what, unit, period, method; `foot`: source, n, method
    (left, then right).

    `how`: how to read the chart. `tone`: 'better' or 'worse' where the finding is a judgement. The graph is as high as
    `height`, else as the figure says; `fills`: it takes the height that its card is given, and that at least;
    `is_framed`: the frame around the card gives its height.
    """
    pixels = height or figure.height or PLAIN_HEIGHT
    texts = tuple(filter(None, map(as_text, foot)))
    exported = Exported(chart_id, title, subtitle, texts, lambda: table, figure, pixels, tone)
    return html.Section(
        [
            html.Div(
                [
                    html.P(subtitle, id=part(chart_id, "subtitle"), className="chart-what"),
                    html.H2(title, id=part(chart_id, "title"), className=tone or None),
                    html.Div([*map(card_icon, icons), *_how(t, how)], className="chart-tools"),
                ],
                className="chart-head",
            ),
            graph(chart_id, figure, title, 1 if is_framed else pixels, fills),
            html.Div(
                [
                    html.P([html.Span(text) for text in foot], id=part(chart_id, "foot"), className="chart-source"),
                    html.Details(
                        [
                            html.Summary(t("chart.table")),
                            html.Div(
                                data_table(title, table),
                                id=part(chart_id, "table"),
                                className="chart-rows",
                                tabIndex=0,
                                role="region",
                                **{"aria-label": t("chart.table.of", title=title)},
                            ),
                        ],
                        className="chart-data",
                    ),
                    export_menu(t, exported),
                ],
                className="chart-foot",
            ),
        ],
        className="card-box chart-card fills" if fills else "card-box chart-card",
    )


def graph(chart_id: str, figure: Figure, about: str, height: float, fills: bool = False) -> html.Div:
    """The drawing alone; its place has its height from the first moment, so nothing below it moves."""
    return html.Div(
        [
            dcc.Store(id=part(chart_id, "drawing"), data=drawing(figure)),
            dcc.Graph(
                id=part(chart_id, "graph"),
                figure=theme.BLANK,
                config=theme.CONFIG,
                responsive=True,
                className="chart-graph",
                style={"height": "100%"},
            ),
        ],
        className="chart-place",
        role="img",
        style={"minHeight" if fills else "height": f"{height:g}px"},
        **{"aria-label": about},
    )


def drawing(figure: Figure) -> orjson.Fragment:
    """What goes into the Store, as JSON; its height is the place's, which also follows the window."""
    layout = {**_without_height(theme.dressed(figure)), "meta": stamp(figure)}
    return orjson.Fragment(_json({"data": figure.data, "layout": layout}))


def stamp(figure: Figure) -> str:
    """A digest, which a drawing carries as `meta`: a file is made only where the drawing that is sent is the one that
    the address asks for."""
    return hashlib.sha256(_json([figure.data, _without_height(figure)])).hexdigest()[:DIGEST]


def _without_height(figure: Figure) -> dict[str, Any]:
    return {key: value for key, value in figure.layout.items() if key != "height"}


def _json(part: Any) -> bytes:
    return orjson.dumps(part, option=orjson.OPT_SERIALIZE_NUMPY)


def data_table(caption: str, table: ChartTable) -> html.Table:
    """Exactly the drawn rows, for those who cannot see the drawing or do not trust it."""
    head = [html.Th(column, scope="col") for column in table.columns]
    names = [row[0] for row in table.rows]
    if table.ways:
        names = [html.Link(name, href=way) if way else name for name, way in zip(names, table.ways, strict=True)]
    body = [
        html.Tr([html.Th(name, scope="row"), *(html.Td(text) for text in row[1:])])
        for name, row in zip(names, table.rows)
    ]
    return html.Table(
        [html.Caption(caption, className="visually-hidden"), html.Thead(html.Tr(head)), html.Tbody(body)],
        className="chart-table",
    )


def card_icon(icon: CardIcon) -> html.Span:
    return html.Span(
        className=f"chart-icon {icon.tone}",
        role="img",
        title=icon.words,
        style={"--icon": mask(icon.svg)},
        **{"aria-label": icon.words},
    )


def _how(t: Text, how: str) -> list[html.Details]:
    """Opens over the drawing, as the menus do: the chart keeps its place."""
    if not how:
        return []
    return [html.Details([html.Summary(t("chart.how")), html.Div(how)], className="menu chart-how")]
