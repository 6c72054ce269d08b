"""The elements of HTML as Dash's renderer draws them, for a tenth of what they cost.

Dash's own constructors look at every attribute of every element whenever it is drawn, which on a page of some thousand
elements took as long as all its queries. These know the names of an element from the start, and look at one only when
they have not met it yet.
"""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component


class Element(Component):
    """An element or a link of Dash's own, under its own names."""

    _known: set[str]
    _children_props: list[str] = []

    def __init__(self, children: Any = None, **attributes: Any):
        """`TypeError` where the element has no such attribute."""
        if not attributes.keys() <= self._known:
            self._require_known(attributes)
        self.children = children
        self.__dict__.update(attributes)

    def _require_known(self, attributes: dict[str, Any]) -> None:
        wild = tuple(self._valid_wildcard_attributes)
        if unknown := [name for name in attributes if name not in self._known and not name.startswith(wild)]:
            raise TypeError(f"{self._type} has no attribute {unknown[0]!r}; it has {', '.join(self._prop_names)}")
        self._known.update(attributes)

    def to_plotly_json(self) -> dict[str, Any]:
        return {"props": self.__dict__.copy(), "type": self._type, "namespace": self._namespace}


def _element(own: type[Component]) -> type[Element]:
    one = own(href="/") if own is dcc.Link else own()
    names = ("_prop_names", "available_properties", "_valid_wildcard_attributes", "available_wildcard_properties")
    about = {name: getattr(one, name) for name in names}
    known = {name for name in one._prop_names if not name.endswith("*")}
    return type(own.__name__, (Element, own), {**about, "_known": known, "_children_props": [], "__module__": __name__})


globals().update({name: _element(getattr(html, name)) for name in html.__all__})
Link = _element(dcc.Link)  # to another page of ours, not HTML's own, which no page has in its middle
TAGS = {globals()[name]: name.lower() for name in html.__all__} | {Link: "a"}  # of an element that stands in a page
