"""A drawn page as the text of HTML: what a browser shows before any script has run.

It is the same tree that Dash draws a moment later in its place. What only scripts can do has its room and no content,
and what one can type into or press waits until somebody listens.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dash import dcc
from dash.development.base_component import Component

from dashboard.components.field import Field
from dashboard.components.html import TAGS, Link
from dashboard.components.light import NOT_DRAWN, Light

VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
NAMED = {"className": "class", "htmlFor": "for", "viewBox": "viewBox", "defaultValue": "value"}
PRESSED = frozenset({"button", "input", "select", "textarea"})
UNITLESS = frozenset({"flex", "flexGrow", "flexShrink", "fontWeight", "lineHeight", "opacity", "order", "zIndex"})
NOT_IN_HTML = NOT_DRAWN | {"children", "key", "loading_state"}
_LOWER = re.compile("[A-Z]")


def first_view(drawn: Any) -> str:
    """The HTML of what a page's layout returned; every text of the data is escaped."""
    return "".join(_parts(drawn))


def _parts(drawn: Any) -> Iterator[str]:
    if drawn is None or isinstance(drawn, bool):
        return
    if isinstance(drawn, list | tuple):
        for one in drawn:
            yield from _parts(one)
    elif isinstance(drawn, Light):
        yield from _nodes(drawn.tree)
    elif isinstance(drawn, Component):
        yield from _component(drawn)
    else:
        yield html.escape(str(drawn), quote=False)


def _nodes(nodes: Iterable[Any]) -> Iterator[str]:
    """Texts and [tag, attributes, children], as components/light.py has them."""
    for node in nodes:
        if isinstance(node, list | tuple):
            yield from _element(node[0], node[1], _nodes(node[2])) if len(node) == 3 else _nodes(node)
        elif node is not None and not isinstance(node, bool):
            yield html.escape(str(node), quote=False)


def _component(part: Component) -> Iterator[str]:
    props = part.to_plotly_json()["props"]
    children, about = props.get("children"), {k: v for k, v in props.items() if k not in NOT_IN_HTML}
    match part:
        case dcc.Store() | dcc.Interval() | dcc.Location() | dcc.Download():
            return
        case dcc.Graph():
            yield from _element("div", _kept(about, "id", "className", "style"), ())
        case Link():
            yield from _element("a", _kept(about, "id", "className", "style", "href", "title"), _parts(children))
        case Field():
            yield from _field(part)
        case _ if type(part) in TAGS:
            yield from _element(TAGS[type(part)], about, _parts(children))
        case _:  # what is more than an element keeps its place where it has one
            yield from _element("div", _kept(about, "id", "className", "style"), _parts(children))


def _kept(about: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: about[name] for name in names if name in about}


def _field(field: Field) -> Iterator[str]:
    about = {"id": field.id, **field.about}
    match field.kind:
        case "select":
            yield from _element("select", about, _options(field))
        case "textarea":
            yield from _element("textarea", about, _parts(field.value))
        case "input":
            yield from _element("input", {**about, "value": field.value}, ())
        case _:
            yield from _element("div", about, ())


def _options(field: Field) -> Iterator[str]:
    for option in field.options:
        chosen = {"selected": True} if option["value"] == field.value else {}
        yield from _element("option", {**_kept(option, "value", "disabled"), **chosen}, _parts(option["label"]))


def _element(tag: str, attributes: Mapping[str, Any], inside: Iterable[str]) -> Iterator[str]:
    waits = " inert" if tag in PRESSED else ""
    yield f"<{tag}{''.join(map(_attribute, attributes.items()))}{waits}>"
    if tag not in VOID:
        yield from inside
        yield f"</{tag}>"


def _attribute(item: tuple[str, Any]) -> str:
    name, value = item
    if name == "style":
        value = ";".join(f"{_property(key)}:{_length(key, one)}" for key, one in value.items()) if value else None
    elif name == "id" and isinstance(value, Mapping):
        value = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if value is None or value is False and not name.startswith(("aria-", "data-")):
        return ""
    named = NAMED.get(name) or name.lower()
    if isinstance(value, bool):
        value = str(value).lower() if "-" in name else ""
    return f' {named}="{html.escape(str(value))}"'


def _property(name: str) -> str:
    return name if name.startswith("--") else _LOWER.sub(lambda found: f"-{found[0].lower()}", name)


def _length(name: str, value: Any) -> str:
    """A bare number is pixels, as in the browser's own drawing."""
    is_bare = isinstance(value, int | float) and value and not name.startswith("--") and name not in UNITLESS
    return f"{value}px" if is_bare else str(value)
