"""A callback is run only for a body that one of our pages could have sent."""

import copy

import pytest
from dash import ALL, Output

from dashboard.access.body import is_sound

KEY = '{"filter":["ALL"],"part":"x"}'
REGISTERED = {
    "output": [Output("url", "search"), Output({"filter": ALL, "part": "x"}, "value")],
    "inputs": [{"id": "url", "property": "search"}, {"id": KEY, "property": "value"}],
    "state": [{"id": KEY, "property": "id"}],
}
ONE = {"filter": "quarter", "part": "x"}
BODY = {
    "output": f"..url.search...{KEY}.value..",
    "outputs": [{"id": "url", "property": "search"}, [{"id": ONE, "property": "value"}]],
    "inputs": [
        {"id": "url", "property": "search", "value": "?quarter=2026Q3"},
        [{"id": ONE, "property": "value", "value": 5}],
    ],
    "state": [[{"id": ONE, "property": "id", "value": ONE}]],
    "changedPropIds": ['{"filter":"quarter","part":"x"}.value'],
}


def changed(path: tuple, value: object) -> dict:
    body = copy.deepcopy(BODY)
    place = body
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return body


def test_an_address_that_is_none_of_a_page_is_not_looked_up():
    registered = {"output": Output("a", "b"), "inputs": [{"id": "url", "property": "pathname"}], "state": []}
    for path, is_sound_ in (
        ("/ranking", True),
        ("/", True),
        ("ranking", False),
        ("-1", False),
        ("", False),
        (5, False),
    ):
        inputs = [{"id": "url", "property": "pathname", "value": path}]
        assert is_sound(registered, {"outputs": {"id": "a", "property": "b"}, "inputs": inputs}) == is_sound_


def test_what_a_page_sends_is_sound():
    assert is_sound(REGISTERED, BODY)
    assert is_sound(REGISTERED, changed(("changedPropIds",), []))
    assert is_sound(REGISTERED, changed(("inputs", 0, "value"), None))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("inputs",), []),
        (("inputs",), None),
        (("inputs",), {}),
        (("inputs", 0), []),
        (("inputs", 0, "id"), "other"),
        (("inputs", 0, "property"), "href"),
        (("inputs", 0, "value"), {"a": 1}),
        (("inputs", 1), {"id": ONE, "property": "value"}),
        (("inputs", 1, 0, "id"), "url"),
        (("inputs", 1, 0, "id"), {"filter": "quarter"}),
        (("inputs", 1, 0, "id"), {"filter": ["quarter"], "part": "x"}),
        (("inputs", 1, 0, "id"), {"filter": "quarter", "part": "y"}),
        (("outputs", 1), []),
        (("state", 0), []),
        (("outputs",), None),
        (("outputs",), []),
        (("outputs", 0, "id"), "elsewhere"),
        (("state",), []),
        (("state", 0, 0, "value"), {"filter": "other", "part": "x"}),
        (("changedPropIds",), "url.search"),
        (("changedPropIds",), None),
        (("changedPropIds",), [5]),
        (("changedPropIds",), ["elsewhere.value"]),
        (("changedPropIds",), ["{broken.value"]),
    ],
)
def test_anything_else_is_not(path, value):
    assert not is_sound(REGISTERED, changed(path, value))
