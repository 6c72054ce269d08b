"""A chart as the browser's Plotly reads it: plain lists and dicts.

Plotly's own objects look at every property whenever a chart is drawn, which took longer than all queries of a page.
Their look is in the tests, once for each kind of chart (tests/charts).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Trace = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """`data`: its traces, the later above the earlier; `layout`: as Plotly has it, `height` in pixels."""

    data: Sequence[Trace] = ()
    layout: dict[str, Any] = field(default_factory=dict)

    @property
    def height(self) -> float | None:
        return self.layout.get("height")


def scatter(**properties: Any) -> Trace:
    return {"type": "scatter", **properties}


def bar(**properties: Any) -> Trace:
    return {"type": "bar", **properties}
