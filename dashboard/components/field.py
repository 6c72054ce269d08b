"""What one types into or chooses from: the browser's own elements, of which Dash hears the value."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash.development.base_component import Component

RADIOS = "radios"


class Field(Component):
    """One of them; assets/script/field.js draws it. Callbacks read and write `value`."""

    _namespace, _type = "mingjing", "Field"
    _children_props: list[str] = []
    _base_nodes: list[str] = []

    def __init__(
        self,
        kind: str,
        id: Any,
        value: Any = None,
        options: Sequence[Mapping[str, Any]] = (),
        pause: int = 0,
        **about: Any,
    ):
        """`kind`: input, textarea, select or radios; `options` of the last two: value and label of each, and whether it
        is disabled; `pause`: milliseconds of rest before what was typed counts; `about`: attributes of the element as
        React names them. The value of a field for numbers is None while none stands in it."""
        self._prop_names = self.available_properties = ["id", "kind", "value", "options", "pause", "about"]
        self._valid_wildcard_attributes = self.available_wildcard_properties = []
        if kind != RADIOS:
            about = {"className": "form-select" if kind == "select" else "form-control", **about}
        # Dash's own constructor would look for a package of our namespace's name, for each of these
        self.id, self.kind, self.value = id, kind, value
        self.options, self.pause, self.about = list(options), pause, about
