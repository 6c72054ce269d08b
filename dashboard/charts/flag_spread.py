"""The values of all departments that a rule judges, each as one mark on one axis, with the lines that decide."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts import theme
from dashboard.charts.axis import axis_for
from dashboard.charts.doors import doors
from dashboard.charts.figure import Figure, scatter
from dashboard.i18n.text import number

HEIGHT = 220
BINS = 64  # marks nearer than this part of the axis stand on each other
LOWEST_TOP = 9  # marks that a stack has room for at least
CROWD = 12  # a higher stack has its number above it, …
APART = 5  # … where none of as many places beside it is higher: the numbers would lie on each other
NEAR = 0.16  # of the axis: lines nearer than that are named one above the other
# status → what the mark looks like; those of which most is said are drawn last
MARKS: dict[str, dict[str, Any]] = {
    "ok": {"symbol": "circle", "size": 7, "color": theme.DOT, "opacity": 0.7},
    "watch": {"symbol": "diamond", "size": 10, "color": theme.SURFACE, "line": {"color": theme.WORSE, "width": 1.8}},
    "alert": {"symbol": "diamond", "size": 10, "color": theme.WORSE},
}


@dataclass(frozen=True)
class SpreadWords:
    """The words on the drawing, in the viewer's language."""

    unit: str
    stack: str  # '{n} 个'
    no_data: str
    decimals: int = 1


def flag_spread(rows: pd.DataFrame, lines: Sequence[tuple[float, str]], words: SpreadWords) -> Figure:
    """Rows: value, status ('alert', 'watch', 'ok'), hover, perhaps door. `lines`: where they stand, and their names."""
    rows = rows.dropna(subset="value")
    if rows.empty:
        return theme.empty(words.no_data)
    values = rows["value"].astype(float)
    ends = [float(at) for at, _ in lines]
    axis = axis_for([*values, *ends], from_zero=bool((values >= 0).all()))
    span = axis.high - axis.low
    bins = ((values - axis.low) / span * BINS).round().astype(int)
    order = rows.assign(bin=bins, rank=rows["status"].map(list(MARKS).index)).sort_values(["bin", "rank", "value"])
    order["height"] = order.groupby("bin").cumcount() + 1
    top = max(LOWEST_TOP, int(order["height"].max()))
    traces = []
    for status, mark in MARKS.items():
        part = order[order["status"] == status]
        own = scatter(
            x=part["value"].tolist(),
            y=part["height"].tolist(),
            mode="markers",
            marker=mark,
            cliponaxis=False,
            customdata=doors(part),
            hovertext=[theme.plain(text) for text in part["hover"]],
            hovertemplate="%{hovertext}<extra></extra>",
        )
        traces.append(own)
    stacks = Counter(order["bin"])
    middle = order.groupby("bin")["value"].median()
    crowds = [
        theme.note(
            theme.plain(words.stack.format(n=n)), middle[at], n, color=theme.INK3, xshift=8, yshift=2, size=theme.LABEL
        )
        for at, n in stacks.items()
        if n > CROWD
        and all(n > m or (n == m and at >= other) for other, m in stacks.items() if abs(other - at) <= APART)
    ]
    air = span * 0.02
    whole = [tick for tick in axis.ticks if tick.is_integer()]
    ticks = whole if words.decimals == 0 and len(whole) > 1 else axis.ticks
    layout = {
        "height": HEIGHT,
        "margin": {"l": 12, "r": 12, "t": 38, "b": 40},
        "xaxis": {
            "range": [axis.low - air, axis.high + air],
            "tickvals": list(ticks),
            "ticktext": [number(tick, 0 if tick.is_integer() else 1) for tick in ticks],
            "title": {"text": theme.plain(words.unit)},
        },
        "yaxis": {"visible": False, "range": [0, top * 1.1]},
        "shapes": [
            {
                "type": "line",
                "x0": at,
                "x1": at,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "line": {"color": theme.INK2, "width": 1.2, "dash": "dot"},
            }
            for at in ends
        ],
        "annotations": [*crowds, *_names(lines, axis.low, span)],
    }
    return Figure(traces, layout)


def _names(lines: Sequence[tuple[float, str]], low: float, span: float) -> list[dict[str, Any]]:
    """Above the area, beside their lines, inside the border; two that are near stand one above the other."""
    placed, last = [], None
    for at, name in sorted(lines):
        share = (at - low) / span
        level = 1 if last is not None and share - last < NEAR else 0
        last = share if level == 0 else None
        anchor = "right" if share > 0.6 else "left"
        shift = -4 if anchor == "right" else 4
        placed.append(
            theme.note(
                theme.plain(name),
                at,
                1,
                color=theme.INK2,
                anchor=anchor,
                yref="paper",
                xshift=shift,
                yshift=10 + 15 * level,
            )
        )
    return placed
