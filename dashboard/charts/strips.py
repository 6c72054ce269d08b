"""One strip of dots a measure: where each department stands, who is flagged, and how many could be judged."""

from typing import Any

import pandas as pd

from dashboard.charts import theme
from dashboard.charts.doors import doors
from dashboard.charts.figure import Figure, Trace, scatter
from dashboard.i18n.text import known
from dashboard.rows import rows_of

ROW_HEIGHT = 62
TOP, BOTTOM = 26, 8  # pixels, as beside the bars
MIDDLE, ABOVE = 0.14, -0.34  # of a row: where the strip and its name stand
DOT, FLAG = 6, 10  # pixels
APART = 2.4  # percent: dots nearer than that stand above each other; as wide as a dot on the narrowest drawing
LEVEL, LEVELS = 0.08, (0, -1, 1, -2, 2, -3, 3)  # of a row
WIDE_LEVELS = (0, -2, 2)  # of the larger marks of flagged departments
FAR = 1000  # percent: nothing stands there
STATUS = {"alert": ("diamond", theme.WORSE), "watch": ("diamond", theme.WORSE_WEAK)}


def strips(rows: pd.DataFrame, dots: pd.DataFrame, no_data: str) -> Figure:
    """Rows from top to bottom as given: key, name, watch (the line), tally ('3/57'), is_loud, is_chosen.

    Dots: key, department_id, label, share (percent), status, hover, is_selected. Flagged ones are drawn last, as
    diamonds; the selected one has a ring and its name. A click on a dot gives its department. `no_data`: what is said
    where there are no rows.
    """
    if rows.empty:
        return theme.empty(no_data)
    rows = rows.reset_index(drop=True)
    placed = _placed(rows, dots.dropna(subset="share"))
    traces = [
        _dots(placed[~placed["status"].isin(STATUS)], "plain"),
        *(_dots(placed[placed["status"] == status], status) for status in ("watch", "alert")),
        _rings(placed[placed["is_selected"]]),
    ]
    ticks = (0, 25, 50, 75, 100)
    layout = {
        "height": ROW_HEIGHT * len(rows) + TOP + BOTTOM,
        "xaxis": {
            "range": [-2, 102],
            "side": "top",
            "tickvals": ticks,
            "ticktext": [f"{tick}%" for tick in ticks],
            "showgrid": True,
            "gridcolor": theme.LINE,
        },
        "yaxis": {"range": [len(rows) - 0.5, -0.5], "visible": False},
        "margin": {"l": 6, "r": 58, "t": TOP, "b": BOTTOM},
        "shapes": [shape for row in rows_of(rows) for shape in _lines(row)],
        "annotations": [note for row in rows_of(rows) for note in _names(row)]
        # one name is enough: every ring is of the same department
        + [_name_of(dot) for dot in rows_of(placed[placed["is_selected"]].sort_values("y").head(1))],
    }
    return Figure(traces, layout)


def _placed(rows: pd.DataFrame, dots: pd.DataFrame) -> pd.DataFrame:
    """Dots with `y`: as near to their strip as dots beside them leave room for, always the same way."""
    at = dict(zip(rows["key"], rows.index))
    dots = dots[dots["key"].isin(at)].sort_values(["key", "share", "department_id"])
    levels: list[float] = []
    for _, strip in dots.groupby("key", sort=False):
        ends: dict[int, float] = {}  # level → share of the last dot on it
        for share, is_flag in zip(strip["share"], strip["status"].isin(STATUS)):
            choice = WIDE_LEVELS if is_flag else LEVELS
            level = next((one for one in choice if share - ends.get(one, -FAR) >= APART), None)
            if level is None:  # a crowd: over the one that stands farthest back
                level = min(choice, key=lambda one: ends[one])
            ends |= dict.fromkeys((level - 1, level, level + 1) if is_flag else (level,), share)
            levels.append(level)
    return dots.assign(y=[at[key] + MIDDLE + LEVEL * level for key, level in zip(dots["key"], levels)])


def _dots(dots: pd.DataFrame, name: str) -> Trace:
    symbol, fill = STATUS.get(name, ("circle", theme.NEUTRAL[3]))
    is_flag = name in STATUS
    return scatter(
        name=name,
        mode="markers",
        x=dots["share"].tolist(),
        y=dots["y"].tolist(),
        marker={
            "symbol": symbol,
            "size": FLAG if is_flag else DOT,
            "color": fill,
            "line": {"color": theme.WORSE if is_flag else theme.SURFACE, "width": 1.4 if is_flag else 0.5},
        },
        customdata=doors(dots, "department_id"),
        hovertext=[theme.plain(text).replace("\n", "<br>") for text in dots["hover"]],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _rings(dots: pd.DataFrame) -> Trace:
    return scatter(
        name="selected",
        mode="markers",
        x=dots["share"].tolist(),
        y=dots["y"].tolist(),
        marker={"symbol": "circle-open", "size": 15, "color": theme.INK, "line": {"width": 2}},
        hoverinfo="skip",
    )


def _lines(row: Any) -> list[dict[str, Any]]:
    y = row.Index + MIDDLE
    found = [_line(0, 100, y, y, {"color": theme.LINE2, "width": 1})]
    if known(row.watch):
        worse = {"color": theme.WORSE, "width": 1.4, "dash": "4px,3px"}
        found.append(_line(row.watch, row.watch, y - 0.3, y + 0.3, worse))
    if row.is_chosen:
        ground = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "line": {"width": 0}, "fillcolor": theme.BAND}
        found.append({**ground, "y0": row.Index - 0.47, "y1": row.Index + 0.5, "layer": "below"})
    return found


def _line(x0: float, x1: float, y0: float, y1: float, line: dict[str, Any]) -> dict[str, Any]:
    return {"type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "layer": "between", "line": line}


def _names(row: Any) -> list[dict[str, Any]]:
    tally, color = theme.plain(row.tally), theme.WORSE if row.is_loud else theme.INK
    return [
        theme.note(theme.plain(row.name), 0, row.Index + ABOVE, size=theme.LABEL, color=theme.INK),
        theme.note(f"<b>{tally}</b>", 1, row.Index + MIDDLE, size=theme.NAME, color=color, xref="paper", xshift=6),
    ]


def _name_of(dot: Any) -> dict[str, Any]:
    is_right = dot.share > 60
    return theme.note(
        theme.plain(dot.label),
        dot.share,
        dot.y,
        color=theme.INK,
        anchor="right" if is_right else "left",
        xshift=-11 if is_right else 11,
    )
