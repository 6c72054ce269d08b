"""Who lies apart from the average of its kind: a mark with its interval on each line, in no finer order than two sides.

The shape says the side, so that a grey copy reads as well: a triangle up, a triangle down.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts import theme
from dashboard.charts.axis import axis_for
from dashboard.charts.figure import Figure, Trace, scatter
from dashboard.i18n.text import signed

ROW_HEIGHT, TOP, BOTTOM = 19, 6, 40
MARKS = {"above": ("triangle-up", theme.BETTER), "below": ("triangle-down", theme.WORSE)}


@dataclass(frozen=True)
class ApartWords:
    """The words on the drawing, in the viewer's language."""

    average: str  # under the line at zero
    unit: str  # under the axis
    no_data: str


def apart(rows: pd.DataFrame, words: ApartWords) -> Figure:
    """Rows from top to bottom as given: label, band ('above', 'below'), difference, low, high: from the average."""
    if rows.empty:
        return theme.empty(words.no_data)
    rows = rows.reset_index(drop=True)
    axis = axis_for(pd.concat([rows["low"], rows["high"], pd.Series([0.0])]))
    traces = [_side(rows[rows["band"] == band], band) for band in MARKS]
    line = {"color": theme.INK, "width": 1.2, "dash": "4px,3px"}
    layout = {
        "height": ROW_HEIGHT * len(rows) + TOP + BOTTOM,
        "xaxis": {
            "range": [axis.low, axis.high],
            "tickvals": list(axis.ticks),
            "ticktext": [signed(tick, 0) for tick in axis.ticks],
            "showgrid": True,
            "gridcolor": theme.LINE,
            "tickfont": {"color": theme.INK, "size": theme.CAPTION},
        },
        "yaxis": {
            "range": [len(rows) - 0.4, -0.6],
            "tickvals": list(range(len(rows))),
            "ticktext": [f"{theme.plain(label)} " for label in rows["label"]],
            "tickfont": {"color": theme.INK, "size": theme.LABEL},
            "showgrid": False,
        },
        "margin": {
            "l": max(theme.text_width(str(label), theme.LABEL) for label in rows["label"]) + 12,
            "r": 14,
            "t": TOP,
            "b": BOTTOM,
        },
        "shapes": [{"type": "line", "x0": 0, "x1": 0, "y0": -0.6, "y1": len(rows) - 0.4, "line": line}],
        "annotations": _under_axis(words),
    }
    return Figure(traces, layout)


def _side(rows: pd.DataFrame, band: str) -> Trace:
    symbol, color = MARKS[band]
    return scatter(
        name=band,
        mode="markers",
        x=rows["difference"].tolist(),
        y=rows.index.tolist(),
        marker={"symbol": symbol, "size": 10, "color": color},
        error_x={
            "array": (rows["high"] - rows["difference"]).tolist(),
            "arrayminus": (rows["difference"] - rows["low"]).tolist(),
            "color": color,
            "thickness": 2.4,
            "width": 0,
        },
        hoverinfo="skip",
    )


def _under_axis(words: ApartWords) -> list[dict[str, Any]]:
    text = f"{theme.plain(words.average)} · {theme.plain(words.unit)}"
    place = {"xref": "paper", "yref": "paper", "yshift": -30}
    return [theme.note(text, 0.5, 0, color=theme.INK2, anchor="center", **place)]
