"""What a browser gets of a page: the same elements, as few components."""

import json

import dash
import pytest
from dash import dcc

from dashboard.access import gate
from dashboard.access.actors import Actor
from dashboard.components import html
from dashboard.components.light import Light, light
from tests import support


def sent(drawn) -> object:
    return json.loads(support.sent(light(drawn)))


def test_elements_that_no_callback_knows_are_one_component_with_their_attributes():
    rows = [html.Tr([html.Td("甲局", className="name"), html.Td(["3", html.B(2)])], **{"data-row": "D01"})]
    tree = [
        [
            "table",
            {},
            [["tr", {"data-row": "D01"}, [["td", {"className": "name"}, ["甲局"]], ["td", {}, ["3", ["b", {}, [2]]]]]]],
        ]
    ]
    assert sent(html.Table(rows)) == {"namespace": "mingjing", "type": "Light", "props": {"tree": tree}}


@pytest.mark.parametrize("known", [html.Div("x", id="here"), html.Div("x", id={"chart": "a"}), dcc.Store(id="kept")])
def test_what_a_callback_may_know_stays_a_component_wherever_it_stands(known):
    page = html.Main([html.P("before"), html.Section([html.H2("title"), known]), html.P("after"), html.P("more")])
    light(page)
    first, section, last = page.children
    assert [type(part) for part in (first, last)] == [Light, Light]
    assert len(last.tree) == 2
    assert section.children[1] is known


def test_a_link_to_another_page_stays_one():
    assert light(html.Link("方法", href="/methods")).tree == [["a", {"href": "/methods", "data-page": ""}, ["方法"]]]


def test_a_link_to_a_page_that_is_closed_to_whoever_asks_is_its_text(monkeypatch):
    monkeypatch.setattr(gate, "outside_a_request", lambda: Actor("x", "department", (), "D09"))
    monkeypatch.setitem(dash.page_registry, "one", {"path": "/ranking", "action": "desk"})
    link = html.Link("甲局", href="/ranking?department=D01#row", className="name")
    assert light(link).tree == [["span", {"className": "name shut"}, ["甲局"]]]
    for href in ("/methods", "#main", "/download/ranking.csv", "https://"):
        assert light(html.A("x", href=href)).tree == [["a", {"href": href}, ["x"]]]


def test_texts_and_figures_are_left_alone():
    assert light("3.5") == "3.5"
    assert light(None) is None
    assert light({"data": [1, None]}) == {"data": [1, None]}
    assert light([]) == []
