"""The plain parts of a page as a few components instead of thousands.

Dash's renderer wraps every component and, when some are drawn anew, tells all of them of each one: with the ranking's
rows as components a click took nine seconds to be seen, with one component for all of them a fifth of a second.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import dash
import orjson
from dash.development.base_component import Component

from dashboard.access.gate import can
from dashboard.components import html

NOT_DRAWN = {"n_clicks", "n_clicks_timestamp", "disable_n_clicks"}


class Light(Component):
    """Elements that no callback reads or writes; assets/script/light.js draws them."""

    _namespace, _type = "mingjing", "Light"
    _children_props: list[str] = []
    _base_nodes: list[str] = []

    def __init__(self, tree: list[Any]):
        """`tree`: texts and [tag, attributes, children]."""
        self._prop_names = self.available_properties = ["tree"]
        self._valid_wildcard_attributes = self.available_wildcard_properties = []
        self.tree = tree  # Dash's own constructor would look for a package of our namespace's name

    def to_plotly_json(self) -> dict[str, Any]:
        """Its tree is JSON already: Plotly looks through every list for what JSON does not know."""
        tree = orjson.Fragment(orjson.dumps(self.tree, option=orjson.OPT_SERIALIZE_NUMPY))
        return {"props": {"tree": tree}, "type": self._type, "namespace": self._namespace}


def light(drawn: Any) -> Any:
    """The same page or part of one, with each run of plain elements as one component.

    What has an id stays as it is, because callbacks may know it, and so does everything that is more than an element;
    the plain elements inside are drawn together all the same.
    """
    if isinstance(drawn, list | tuple):
        return list(_grouped(drawn))
    if _is_plain(drawn):
        return Light([_node(drawn, {})]) if isinstance(drawn, Component) else drawn
    children = getattr(drawn, "children", None)
    if children is not None:
        drawn.children = light(children)
    return drawn


def _grouped(parts: Sequence[Any]) -> Iterator[Any]:
    for plain, run in groupby(parts, _is_plain):
        run = [part for part in run if part is not None]
        if plain and any(isinstance(part, Component) for part in run):
            shut: dict[str, bool] = {}
            yield Light([_node(part, shut) for part in run])
        else:
            yield from run if plain else map(light, run)


def _is_plain(part: Any) -> bool:
    kind = type(part)
    if kind in html.TAGS:
        return "id" not in part.__dict__ and _is_plain(part.children)
    if kind is list or kind is tuple:
        return all(map(_is_plain, part))
    return not isinstance(part, Component)


def _node(part: Any, shut: dict[str, bool]) -> Any:
    """`shut`: what is known of paths by now: who may open a page is not asked again for each link to it."""
    kind = type(part)
    if kind not in html.TAGS:
        return part
    tag, attributes = html.TAGS[kind], part.__dict__.copy()
    children = attributes.pop("children")
    for name in NOT_DRAWN & attributes.keys():
        del attributes[name]
    if tag == "a":
        if kind is html.Link:
            attributes["data-page"] = ""
        if _is_shut(attributes.get("href", ""), shut):
            tag, attributes = "span", {"className": f"{attributes.get('className', '')} shut".strip()}
    inside = children if isinstance(children, list | tuple) else [children]
    return [tag, attributes, [_node(child, shut) for child in inside if child is not None]]


def _is_shut(href: str, shut: dict[str, bool]) -> bool:
    """Whether it leads to a page that whoever asks may not open: a name is then a name, not a way to a closed door."""
    path = href.partition("?")[0].partition("#")[0]
    if path not in shut:
        page = next((one for one in dash.page_registry.values() if one["path"] == path), None)
        shut[path] = page is not None and not can(page.get("action", ""))
    return shut[path]
