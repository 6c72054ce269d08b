"""A page as HTML says what Dash draws a moment later, and holds nothing that could be pressed in vain."""

import pytest
from dash import dcc

from dashboard.components import html
from dashboard.components.field import Field
from dashboard.components.first_view import first_view
from dashboard.components.light import light


@pytest.mark.parametrize(
    ("drawn", "served"),
    [
        (html.P("<b>甲 & 乙</b>", title='"'), '<p title="&quot;">&lt;b&gt;甲 &amp; 乙&lt;/b&gt;</p>'),
        (html.Div([None, 0, False, ["一", html.Br()]], hidden=True), '<div hidden="">0一<br></div>'),
        (
            html.Td(colSpan=2, id={"b": "2", "a": "1"}),
            '<td colspan="2" id="{&quot;a&quot;:&quot;1&quot;,&quot;b&quot;:&quot;2&quot;}"></td>',
        ),
        (
            html.I(style={"--rows": 3, "minHeight": 20, "opacity": 0.5}),
            '<i style="--rows:3;min-height:20px;opacity:0.5"></i>',
        ),
        (html.I(**{"aria-hidden": "true"}), '<i aria-hidden="true"></i>'),
        (html.I(**{"data-x": ""}), '<i data-x=""></i>'),
        (html.Link("排名", href="/ranking?a=1&b=2"), '<a href="/ranking?a=1&amp;b=2">排名</a>'),
        (dcc.Store(id="s", data={"secret": 1}), ""),
        (dcc.Graph(id="g", style={"height": "100%"}), '<div id="g" style="height:100%"></div>'),
        (html.Button("导出", n_clicks=0), "<button inert>导出</button>"),
    ],
)
def test_each_part_is_served_as_it_will_be_drawn(drawn, served):
    assert first_view(drawn) == served


def test_plain_elements_are_served_alike_before_and_after_they_are_drawn_as_one():
    def page() -> html.Div:
        return html.Div([html.H2("一", className="a"), html.Ul([html.Li(n) for n in (1, 2)])], id="x")

    assert first_view(light(page())) == first_view(page())


def test_a_control_shows_what_is_chosen_and_waits_until_somebody_listens():
    options = [{"value": "2026Q3", "label": "三季度"}, {"value": "2026Q2", "label": "二季度"}]
    served = first_view([Field("select", "q", "2026Q2", options), Field("input", "n", "镇<", type="search")])
    assert '<select id="q" class="form-select" inert>' in served
    assert '<option value="2026Q2" selected="">二季度</option>' in served
    assert '<option value="2026Q3">三季度</option>' in served
    assert '<input id="n" class="form-control" type="search" value="镇&lt;" inert>' in served
