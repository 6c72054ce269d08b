"""The quadrant chart: how much power each department holds against how far it answers for it, both as 0–100.

A stored judgement gives a mark its shape. Names stand on what is flagged, or where nothing is on the outermost few, so
that the drawing does not invite to rank the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts import theme
from dashboard.charts.doors import doors
from dashboard.charts.figure import Figure
from dashboard.charts.labels import Field, Spot, beside, leader, written
from dashboard.rows import rows_of

# Status → (marker, fill, outline, size, width of the outline).
MARKS = {
    "ok": ("circle", theme.NEUTRAL[4], theme.SURFACE, 8, 0.8),
    "no_data": ("circle-open", theme.INK3, theme.INK3, 8, 1.2),
    "watch": ("diamond", theme.WORSE_WEAK, theme.WORSE, 12, 1.4),
    "alert": ("diamond", theme.WORSE, theme.WORSE, 13, 0),
}
FLAGGED = ("alert", "watch")
DASHES = {"alert": "solid", "watch": "5px,4px"}
MOST_OUTER = 3  # that are named where nobody is flagged
MIDDLE, EDGE = 50.0, 3.0  # where the quadrants part; air around 0–100, so that marks on the border stay whole
# Plot areas in pixels for which names are placed, the smallest first: the figure is drawn once for all screens.
AREAS = ((560, 380), (620, 420), (780, 480), (900, 560))


@dataclass(frozen=True)
class Line:
    """Where a judgement begins: power exceeds answerability by `difference`."""

    difference: float
    level: str  # 'watch' or 'alert'
    words: str


@dataclass(frozen=True)
class QuadrantWords:
    """The words on the drawing, in the viewer's language."""

    power: str  # under the axis
    answer: str  # above the axis
    corners: tuple[str, str, str, str]  # top left, top right, bottom left, bottom right
    no_data: str


def quadrant(
    rows: pd.DataFrame,
    lines: Sequence[Line],
    words: QuadrantWords,
    selected: str | None = None,
    areas: Sequence[tuple[float, float]] = AREAS,
) -> Figure:
    """Each department a point at its two indexes (0–100); below a line its power exceeds the other by too much.

    `rows`: label, department_id, power, answer, status ('alert', 'watch', 'ok', 'no_data'), hover (the first line names
    the department). `selected` gets a ring and its name wherever it lies.
    """
    rows = rows[rows["power"].notna() & rows["answer"].notna()]
    if rows.empty:
        return theme.empty(words.no_data)
    traces = [*map(_line_trace, lines), *_cross()]
    for status in MARKS:
        if len(group := rows[rows["status"] == status]):
            traces.append(_points(status, group))
    chosen = rows[rows["department_id"] == selected]
    if len(chosen):
        traces.append(_ring(chosen))
    field = Field(areas, _obstacles(rows, lines))
    texts = [*_line_names(lines, field), *_corners(words, field)]
    texts += _names(rows, field, selected)
    axis = {"range": [-EDGE, 100 + EDGE], "tickvals": [0, 25, 50, 75, 100], "showgrid": False}
    paper = {"xref": "paper", "yref": "paper"}
    layout = {
        "height": 470,
        "annotations": [
            *texts,
            theme.note(theme.plain(words.power), 1, 0, color=theme.INK3, anchor="right", yshift=-32, **paper),
            theme.note(theme.plain(words.answer), 0, 1, color=theme.INK3, yshift=12, **paper),
        ],
        "xaxis": {**axis, "showline": True, "linecolor": theme.LINE2},
        "yaxis": {**axis, "showline": True, "linecolor": theme.LINE2, "ticksuffix": " "},
        "margin": {"l": 36, "r": 8, "t": 24, "b": 46},
    }
    return Figure(traces, layout)


def named(rows: pd.DataFrame) -> pd.DataFrame:
    """Those who get a name: whoever is flagged; where nobody is, the few whose power exceeds the other the most."""
    excess = rows.assign(excess=rows["power"] - rows["answer"])
    ordered = excess.sort_values(["excess", "department_id"], ascending=[False, True])
    flagged = ordered[ordered["status"].isin(FLAGGED)]
    return flagged if len(flagged) else ordered[ordered["excess"] > 0].head(MOST_OUTER)


def _share(value: float) -> float:
    """Of the axis, which has some air at both ends."""
    return (value + EDGE) / (100 + 2 * EDGE)


_SILENT = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}


def _line_trace(line: Line) -> dict[str, Any]:
    style = {"color": theme.WORSE, "width": 1.2, "dash": DASHES[line.level]}
    x, y = [line.difference - EDGE, 100 + EDGE], [-EDGE, 100 + EDGE - line.difference]
    return {**_SILENT, "name": f"line_{line.level}", "x": x, "y": y, "line": style}


def _cross() -> list[dict[str, Any]]:
    ends, middle = [-EDGE, 100 + EDGE], [MIDDLE, MIDDLE]
    style = {"color": theme.LINE2, "width": 1}
    return [
        {**_SILENT, "name": "middle", "x": middle, "y": ends, "line": style},
        {**_SILENT, "name": "middle", "x": ends, "y": middle, "line": style},
    ]


def _points(status: str, rows: pd.DataFrame) -> dict[str, Any]:
    symbol, fill, outline, size, width = MARKS[status]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": status,
        "x": rows["power"].tolist(),
        "y": rows["answer"].tolist(),
        "customdata": doors(rows, "department_id"),
        "hovertext": [_hover(str(text)) for text in rows["hover"]],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
        "marker": {
            "symbol": symbol,
            "color": fill,
            "size": size,
            "line": {"color": outline, "width": width},
            "opacity": 1,
        },
    }


def _hover(text: str) -> str:
    name, *lines = theme.plain(text).split("\n")
    return "<br>".join([f"<b>{name}</b>", *lines])


def _ring(rows: pd.DataFrame) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "selected",
        "hoverinfo": "skip",
        "cliponaxis": False,
        "x": rows["power"].tolist(),
        "y": rows["answer"].tolist(),
        "marker": {"symbol": "circle-open", "size": 22, "color": theme.INK, "line": {"width": 2, "color": theme.INK}},
    }


def _obstacles(rows: pd.DataFrame, lines: Sequence[Line]) -> list[tuple[float, float, float]]:
    """Marks that a text should not cover: flagged ones least of all, then the others, then the lines."""
    points = [(_share(row.power), _share(row.answer), 8.0 if row.status in FLAGGED else 3.0) for row in rows_of(rows)]
    on_lines = [
        (_share(line.difference + step), _share(step), 0.4)
        for line in lines
        for step in range(0, 101 - int(line.difference), 3)
    ]
    return points + on_lines


def _line_names(lines: Sequence[Line], field: Field) -> list[dict[str, Any]]:
    """Each line's name at its right end: of the uppermost above it, of the others below, where no other line is."""
    found = []
    uppermost = min((line.difference for line in lines), default=0)
    for line in lines:
        width, height = theme.text_width(line.words) + 4, theme.CAPTION * theme.LINE_HEIGHT + 1
        end = 100 + EDGE - line.difference
        if line.difference == uppermost:
            spots = [Spot(1.0, _share(end + up), -width - 2, -height - 2, width, height) for up in (0, 5, 10)]
        else:
            # the line rises to the right, so its name keeps below the point above the text's left end
            end -= (width + 6) / field.areas[0][0] * (100 + 2 * EDGE)
            steps = [max(end - down, 0.0) for down in (0, 6, 12, 20)]
            spots = [Spot(1.0, _share(step), -width - 2, 2, width, height) for step in steps]
        spot = field.place(spots)
        y = spot.y * (100 + 2 * EDGE) - EDGE
        found.append(written(theme.plain(line.words), spot, 100 + EDGE, y, theme.CAPTION, theme.WORSE))
    return found


def _corners(words: QuadrantWords, field: Field) -> list[dict[str, Any]]:
    found = []
    for i, text in enumerate(words.corners):
        width, height = theme.text_width(text) + 4, theme.CAPTION * theme.LINE_HEIGHT + 1
        x, y = (0.0 if i % 2 == 0 else 1.0), (1.0 if i < 2 else 0.0)
        left, top = (4 if x == 0 else -width - 4), (3 if y == 1 else -height - 3)
        spot = field.place([Spot(x, y, left, top, width, height)])
        at = [x * (100 + 2 * EDGE) - EDGE, y * (100 + 2 * EDGE) - EDGE]
        found.append(written(theme.plain(text), spot, *at, theme.CAPTION, theme.INK3))
    return found


def _names(rows: pd.DataFrame, field: Field, selected: str | None) -> list[dict[str, Any]]:
    told = named(rows)
    chosen = rows[(rows["department_id"] == selected) & ~rows["department_id"].isin(told["department_id"])]
    told = pd.concat([chosen, told])
    spots = []
    for row in rows_of(told):
        width, height = theme.text_width(row.label, theme.NAME, bold=True) + 2, theme.NAME * theme.LINE_HEIGHT
        spots.append(beside(_share(row.power), _share(row.answer), width, height, _reach(row, selected)))
    return [
        written(
            f"<b>{theme.plain(row.label)}</b>",
            spot,
            row.power,
            row.answer,
            theme.NAME,
            theme.WORSE if row.status in FLAGGED else theme.INK,
        )
        | leader(spot, _reach(row, selected))
        for row, spot in zip(rows_of(told), field.arrange(spots))
    ]


def _reach(row: Any, selected: str | None) -> float:
    """From the middle of a mark to its name."""
    return 15 if row.department_id == selected else 10
