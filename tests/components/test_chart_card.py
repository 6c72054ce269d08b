"""A chart's card: its finding, its rows as a table, and a drawing that is written into a Store only."""

import json

import pytest
from dash import Dash, dcc

from dashboard.charts import theme
from dashboard.charts.figure import Figure, scatter
from dashboard.charts.icons import variation_icon
from dashboard.components import html
from dashboard.components.chart_card import CardIcon, ChartTable, chart_card, drawing, part, register_charts, stamp
from dashboard.i18n.text import translator
from tests.support import sent

TABLE = ChartTable(["部门", "件", "每百人"], [["档案局", "14", "37.8"], ["城管局", "29", "17.7"]])
FIGURE = Figure([scatter(x=[1, 2], y=[3, 4], marker={"color": theme.INK})], {"height": 240})
SAID = {"title": "档案局最高", "subtitle": "每百人", "foot": ["来源：投诉表", "2026-10-15"], "table": TABLE}


def card(**props) -> html.Section:
    return chart_card(translator("zh"), "funnel", FIGURE, **{**SAID, **props})


def found(piece, kind, **props) -> list:
    """Every component of the kind inside, with these properties."""
    inside = piece._traverse() if hasattr(piece, "_traverse") else []
    return [c for c in inside if isinstance(c, kind) and all(getattr(c, k, None) == v for k, v in props.items())]


def read(drawn: object) -> dict:
    return json.loads(sent(drawn))


def words(component) -> list[str]:
    """The texts inside, in order."""
    match component:
        case str():
            return [component]
        case list() | tuple():
            return [text for child in component for text in words(child)]
        case None:
            return []
    return words(getattr(component, "children", None))


def test_the_table_has_exactly_the_drawn_rows():
    [table] = found(card(), html.Table)
    assert [words(row) for row in found(table, html.Tr)] == [TABLE.columns, *TABLE.rows]


def test_the_table_says_what_heads_a_column_and_what_heads_a_row():
    [table] = found(card(), html.Table)
    assert [words(head) for head in found(table, html.Th, scope="col")] == [[name] for name in TABLE.columns]
    assert [words(head) for head in found(table, html.Th, scope="row")] == [["档案局"], ["城管局"]]
    assert words(found(table, html.Caption)[0]) == ["档案局最高"]


def test_the_drawing_has_the_finding_as_its_name_for_those_who_do_not_see_it():
    [place] = found(card(), html.Div, role="img")
    assert place.to_plotly_json()["props"]["aria-label"] == "档案局最高"


def test_the_figure_goes_into_the_store_and_the_graph_waits_for_its_colours():
    [store], [graph] = found(card(), dcc.Store), found(card(), dcc.Graph)
    assert (store.id, graph.id) == (part("funnel", "drawing"), part("funnel", "graph"))
    assert read(store.data)["data"][0]["marker"]["color"] == theme.INK
    assert graph.figure == theme.BLANK


def test_a_drawing_can_be_sent_and_leaves_its_height_to_its_place():
    drawn = read(drawing(FIGURE))
    assert "height" not in drawn["layout"]
    assert drawn["data"][0]["type"] == "scatter"


def test_a_drawing_says_which_figure_it_is_whatever_its_height():
    [own] = {stamp(figure) for figure in (FIGURE, Figure(FIGURE.data, {"height": 300}))}
    assert read(drawing(FIGURE))["layout"]["meta"] == own
    assert stamp(Figure([scatter(x=[1, 2], y=[3, 5])])) != own


def test_the_place_has_its_height_before_the_drawing_is_there():
    assert found(card(), html.Div, className="chart-place")[0].style == {"height": "240px"}
    assert found(card(height=300), html.Div, className="chart-place")[0].style == {"height": "300px"}
    assert found(card(fills=True), html.Div, className="chart-place")[0].style == {"minHeight": "240px"}


def test_help_stands_there_only_if_there_is_some():
    def summaries(**props) -> list[str]:
        return [text for summary in found(card(**props), html.Summary) for text in words(summary)]

    assert summaries() == ["看数据", "导出"]
    assert summaries(how="灰带是自身的波动范围。") == ["怎么读这张图", "看数据", "导出"]


def test_an_icon_has_its_words():
    icon = CardIcon(variation_icon("concern", is_above=False), "worse", "真实变差")
    [shown] = found(card(icons=[icon]), html.Span, className="chart-icon worse")
    assert shown.title == "真实变差"
    assert shown.to_plotly_json()["props"]["aria-label"] == "真实变差"


def test_the_source_stands_under_the_chart():
    assert words(found(card(), html.P, className="chart-source")[0]) == ["来源：投诉表", "2026-10-15"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_card_speaks_both_languages(lang):
    assert chart_card(translator(lang), "a", FIGURE, **SAID)


def test_one_callback_of_the_browser_serves_all_charts():
    app = Dash("test")
    register_charts(app)
    [callback] = app._callback_list
    assert callback["clientside_function"] == {"namespace": "mingjing", "function_name": "paint"}
    assert '"part":"graph"' in callback["output"]
