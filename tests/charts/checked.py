"""Plotly's own look at every property of a chart, which the pages do without."""

import functools
import json
from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
from plotly.io.json import to_json_plotly

from dashboard.charts.figure import Figure


def checked(draw: Callable[..., Figure]) -> Callable[..., go.Figure]:
    """The same chart as Plotly's object; it fails where Plotly would refuse a property or write it another way."""

    @functools.wraps(draw)
    def drawn(*given: Any, **named: Any) -> go.Figure:
        figure = draw(*given, **named)
        found = go.Figure(figure.data, figure.layout)
        found.layout.template = None
        assert _told(found.to_plotly_json()) == _told({"data": figure.data, "layout": figure.layout})
        return found

    return drawn


def _told(part: Any) -> Any:
    """As JSON has it, without what says nothing."""
    return _full(json.loads(to_json_plotly(part)))


def _full(part: Any) -> Any:
    if isinstance(part, list):
        return [_full(one) for one in part]
    if isinstance(part, dict):
        return {key: _full(one) for key, one in part.items() if one is not None and one != []}
    return part
