"""The funnel control chart: a rate against the size behind it, with the limits that chance alone would keep.

Small offices have wide limits. Names stand on what lies outside the limits and on nobody else, so that the drawing
does not invite to rank the rest.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from dashboard.charts import theme
from dashboard.charts.axis import axis_for
from dashboard.charts.doors import doors
from dashboard.charts.figure import Figure
from dashboard.charts.labels import Field, Spot, beside, leader, written
from dashboard.i18n.text import Text, known, number
from dashboard.rows import tuples_of

# Outcome → (marker, fill, outline, size, width of the outline). High is a judgement to look into, low is not a merit.
MARKS = {
    "in": ("circle", theme.NEUTRAL[4], theme.SURFACE, 7, 0.8),
    "": ("circle-open", theme.INK3, theme.INK3, 7, 1.2),
    "low_95": ("triangle-down", theme.SURFACE, theme.BRAND, 11, 1.4),
    "low_998": ("triangle-down", theme.BRAND, theme.BRAND, 12, 0),
    "high_95": ("diamond", theme.WORSE_WEAK, theme.WORSE, 11, 1.4),
    "high_998": ("diamond", theme.WORSE, theme.WORSE, 12, 0),
}
PRIORITY = ("high_998", "low_998", "high_95", "low_95", "in", "")  # who chooses first where to write a name
OUTLIERS = frozenset(("high_998", "high_95", "low_95", "low_998"))

# Plot areas in pixels for which names are placed. The same offsets must hold on all of them: a card is narrower on
# one screen than on another, and the figure is drawn once.
DESK = ((600, 400), (650, 470), (740, 540), (860, 560), (980, 680), (1100, 800))
ROUND = (
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    400,
    600,
    1000,
    2000,
    4000,
    6000,
    10_000,
    20_000,
    50_000,
    100_000,
    200_000,
    500_000,
)
ROUND += (1_000_000, 2_000_000, 5_000_000, 10_000_000)  # staff of a province, cases of a country
CLOSEST_TICKS = 0.08  # of the axis
FROM_RIGHT = (0.0, 0.14, 0.28, 0.42)  # of the axis: where a line's name may stand
MOST_HEADROOM = 1.45  # how far above the highest value the limits of the smallest office may still be seen


@dataclass(frozen=True)
class FunnelWords:
    """The words on the drawing, in the viewer's language."""

    exposure: str  # under the axis: what the size is, in which unit
    limit_998: str
    limit_95: str
    benchmark: str  # with its number: '全县 6.1'
    point: str  # under a name: '{numerator} 件 / {exposure} 人'
    no_data: str


@dataclass(frozen=True)
class Panel:
    """One of several funnels: a peer group with limits of its own."""

    title: str
    rows: pd.DataFrame
    limits: pd.DataFrame
    benchmark: float
    benchmark_words: str = ""


class Point(NamedTuple):
    """A department that can be drawn."""

    label: str
    department_id: str
    exposure: float
    value: float
    numerator: float
    outcome: str  # '' where it was not judged
    hover: str
    way: Any  # where a click on it leads


class Limit(NamedTuple):
    """What chance alone would keep to at one size."""

    exposure: float
    low_95: float
    high_95: float
    low_998: float
    high_998: float


@dataclass(frozen=True)
class Scale:
    """From exposure and value to shares of the plot area; the exposure on a square-root scale."""

    low: float
    high: float
    top: float
    start: float = 0.0  # where the smallest office stands

    def x(self, exposure: float) -> float:
        return (math.sqrt(exposure) - self.low) / (self.high - self.low)

    def y(self, value: float) -> float:
        return value / self.top


def funnel_words(t: Text, exposure: str, point: str, benchmark: str) -> FunnelWords:
    """The usual words around those that only the page knows."""
    return FunnelWords(
        exposure=t("chart.funnel.exposure", exposure=exposure),
        limit_998=t("chart.funnel.limit_998"),
        limit_95=t("chart.funnel.limit_95"),
        benchmark=benchmark,
        point=point,
        no_data=t("chart.no_data"),
    )


def funnel(
    rows: pd.DataFrame,
    limits: pd.DataFrame,
    benchmark: float,
    words: FunnelWords,
    selected: str | None = None,
    areas: Sequence[tuple[float, float]] = DESK,
    chosen: Collection[str] | None = None,
) -> Figure:
    """Each department a point at its size and rate, between the stored limits around `benchmark`.

    `rows`: label, department_id, exposure, value, numerator, outcome ('high_998', 'high_95', 'in', 'low_95',
    'low_998' or null: not judged), hover. `limits`: exposure, low_95, high_95, low_998, high_998. `selected` gets a
    ring and its name wherever it lies. `areas`: the plot areas that the names must fit, the smallest first. `chosen`:
    the departments looked at apart, beside which all others are faint, () for none; a box around points chooses them.
    None: the page knows no such set.
    """
    points, lines = _drawable(rows), _limits(limits)
    if not points:
        return theme.empty(words.no_data)
    scale = _scale([points], [lines])
    traces, texts = _draw(points, lines, benchmark, words, scale, selected, areas, chosen=chosen)
    layout = {
        **_box(chosen),
        "annotations": [*texts, _under_axis(words)],
        "xaxis": _x_axis(scale),
        "yaxis": _y_axis(scale),
        "margin": {"l": _tick_room(scale), "r": 10, "t": 10, "b": 44},
    }
    return Figure(traces, layout)


def funnels(
    panels: Sequence[Panel],
    words: FunnelWords,
    columns: int | None = None,
    selected: str | None = None,
    chosen: Collection[str] | None = None,
) -> Figure:
    """Up to eight peer groups, each against its own limits, all on the same axes; limits are named once.

    `selected` and `chosen` as in `funnel`.
    """
    drawn = [_drawable(panel.rows) for panel in panels]
    limits = [_limits(panel.limits) for panel in panels]
    if not any(drawn):
        return theme.empty(words.no_data)
    columns = columns or (3 if len(panels) <= 6 else 4)
    lines = -(-len(panels) // columns)
    scale = _scale(drawn, limits)
    traces: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    gap, head = 0.03, 30 / (lines * PANEL_HEIGHT)
    areas = tuple((width / columns * 0.94 - 10, PANEL_HEIGHT - 56) for width in (740, 1000, 1240, 1760))
    for i, (panel, points) in enumerate(zip(panels, drawn)):
        line, column = divmod(i, columns)
        suffix = "" if i == 0 else str(i + 1)
        left, right = (column + gap * (column > 0)) / columns, (column + 1 - gap * (column < columns - 1)) / columns
        top, bottom = 1 - line / lines - head, 1 - (line + 1) / lines + (22 / (lines * PANEL_HEIGHT))
        has_none_below = i + columns >= len(panels) or not drawn[i + columns]
        x = {"domain": [left, right], "anchor": f"y{suffix}", "showticklabels": has_none_below}
        y = {"domain": [bottom, top], "anchor": f"x{suffix}", "showticklabels": column == 0}
        axes |= {f"xaxis{suffix}": {**_x_axis(scale), **x}, f"yaxis{suffix}": {**_y_axis(scale), **y}}
        place = {"xref": "paper", "yref": "paper", "yanchor": "bottom", "yshift": 6}
        heading = f"<b>{theme.plain(panel.title)}</b>"
        if panel.benchmark_words and points:
            heading += f'<span style="font-size:{theme.CAPTION}px">  {theme.plain(panel.benchmark_words)}</span>'
        texts.append(theme.note(heading, left, top, size=theme.NAME, color=theme.INK, **place))
        if not points:
            about = theme.note(words.no_data, (left + right) / 2, (top + bottom) / 2, color=theme.INK3, anchor="center")
            texts.append({**about, "xref": "paper", "yref": "paper"})
            continue
        own = _panel_words(words, names_limits=i == 0)
        marks, names = _draw(
            *(points, limits[i], panel.benchmark, own, scale, selected, areas),
            suffix=suffix,
            is_small=True,
            chosen=chosen,
        )
        traces += marks
        texts += names
    layout = {
        **_box(chosen),
        **axes,
        "annotations": [*texts, {**_under_axis(words), "yshift": -18}],
        "height": lines * PANEL_HEIGHT + 34,
        "margin": {"l": _tick_room(scale), "r": 10, "t": 0, "b": 34},
    }
    return Figure(traces, layout)


PANEL_HEIGHT = 230


def _under_axis(words: FunnelWords) -> dict[str, Any]:
    """A text and not the axis's own title, which Plotly sets wrongly on a page that is zoomed for print."""
    place = {"xref": "paper", "yref": "paper", "yshift": -32}
    return theme.note(theme.plain(words.exposure), 0.5, 0, color=theme.INK3, anchor="center", **place)


def _panel_words(words: FunnelWords, names_limits: bool) -> FunnelWords:
    limits = (words.limit_998, words.limit_95) if names_limits else ("", "")
    return FunnelWords(words.exposure, *limits, "", "", words.no_data)


def _draw(
    points: Sequence[Point],
    limits: Sequence[Limit],
    benchmark: float,
    words: FunnelWords,
    scale: Scale,
    selected: str | None,
    areas: Sequence[tuple[float, float]],
    suffix: str = "",
    is_small: bool = False,
    chosen: Collection[str] | None = None,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Its marks, the later above the earlier, and its texts."""
    axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
    limits = [limit for limit in limits if all(map(known, limit))]
    traces = [*_limit_traces(limits), _benchmark_trace(limits, points, benchmark)]
    outcomes: dict[str, list[Point]] = {}
    for point in points:
        outcomes.setdefault(point.outcome, []).append(point)
    traces += [_points(outcome, group, is_small, chosen) for outcome, group in outcomes.items()]
    if ringed := [point for point in points if point.department_id == selected]:
        traces.append(_ring(ringed))

    room = Field(areas, _obstacles(points, limits, scale))
    texts = _line_names(limits, benchmark, words, scale, room, is_small)
    named = [point for point in points if point.department_id in {selected, *chosen}] if chosen else points
    texts += _names(named, words, scale, room, selected, is_small)
    texts = [{**text, "xref": f"x{suffix}", "yref": f"y{suffix}"} for text in texts]
    return [{**trace, **axes} for trace in traces], texts


def _drawable(rows: pd.DataFrame) -> list[Point]:
    """Rows with a value and a size; those that were not judged have the outcome ''."""
    *fields, _ = Point._fields
    ways = doors(rows, "department_id") or []
    points = [Point(*row, way) for row, way in zip(tuples_of(rows, *fields), ways)]
    return [
        point if known(point.outcome) else point._replace(outcome="")
        for point in points
        if known(point.value) and point.exposure > 0
    ]


def _limits(rows: pd.DataFrame) -> list[Limit]:
    return sorted(map(Limit._make, tuples_of(rows, *Limit._fields)))


def _scale(points: Sequence[Sequence[Point]], limits: Sequence[Sequence[Limit]]) -> Scale:
    exposures = [point.exposure for group in points for point in group]
    exposures += [limit.exposure for lines in limits for limit in lines]
    smallest, high = math.sqrt(min(exposures)), math.sqrt(max(exposures))
    low = 0.0 if smallest < 0.35 * high else smallest - 0.06 * (high - smallest)
    highest = max((point.value for group in points for point in group), default=0)
    ends = [[limit.high_998 for limit in lines if known(limit.high_998)] for lines in limits]
    widest = max((end for line in ends for end in line), default=0)
    # Where the last limit stands must be seen even if every value is far below it.
    flattest = max((line[-1] for line in ends if line), default=0)
    top = max(highest * 1.12, min(widest, highest * MOST_HEADROOM), flattest * 1.15) or 1.0
    end = low + (high - low) * 1.012 if high > low else low + 1
    return Scale(low, end, top, start=(0.9 * smallest - low) / (end - low))


def _x_axis(scale: Scale) -> dict[str, Any]:
    first, last = ((scale.low + share * (scale.high - scale.low)) ** 2 for share in (max(scale.start, 0), 1))
    there = [tick for tick in ROUND if first <= tick <= last]
    if len(there) < 2:  # places of nearly one size
        there = [tick for tick in axis_for([first, last]).ticks if first <= tick <= last]
    ticks: list[float] = []
    for tick in there:
        if not ticks or scale.x(tick) - scale.x(ticks[-1]) >= CLOSEST_TICKS:
            ticks.append(tick)
    return {
        "range": [scale.low, scale.high],
        "tickvals": [math.sqrt(tick) for tick in ticks],
        "ticktext": [number(tick, next((d for d in (0, 1) if round(tick, d) == tick), 2)) for tick in ticks],
        "showline": True,
        "linecolor": theme.LINE2,
    }


def _y_axis(scale: Scale) -> dict[str, Any]:
    ticks = _y_ticks(scale)
    return {"range": [0, scale.top], "tickvals": ticks, "ticktext": [_tick_text(tick) for tick in ticks]}


def _y_ticks(scale: Scale) -> list[float]:
    return [tick for tick in axis_for([0, scale.top * 0.97], from_zero=True).ticks if tick <= scale.top]


def _tick_text(tick: float) -> str:
    return f"{number(tick, 0 if float(tick).is_integer() else 1)} "


def _tick_room(scale: Scale) -> float:
    return 8 + max(theme.text_width(_tick_text(tick)) for tick in _y_ticks(scale))


def _limit_traces(limits: Sequence[Limit]) -> list[dict[str, Any]]:
    """Both regions lightly, 99.8 % as a line, 95 % dashed, at the stored numbers."""
    x = [math.sqrt(limit.exposure) for limit in limits]
    around = x + x[::-1]

    def ends(column: str) -> list[float]:
        return [getattr(limit, column) for limit in limits]

    def region(outer: str, color: str) -> dict[str, Any]:
        y = ends(f"high_{outer}") + ends(f"low_{outer}")[::-1]
        return {"name": f"region_{outer}", "x": around, "y": y, "fill": "toself", "fillcolor": color, **_SILENT}

    def line(column: str, dash: str, width: float) -> dict[str, Any]:
        style = {"color": theme.INK2, "width": width, "dash": dash}
        y = [end if end > 0 else None for end in ends(column)]  # at zero it would only thicken the axis
        return {"name": f"limit_{column}", "x": x, "y": y, **_SILENT, "line": style}

    lower = [
        line(column, dash, width)
        for column, dash, width in (("low_998", "solid", 1), ("low_95", "3px,3px", 0.8))
        if any(end > 0 for end in ends(column))
    ]
    return [
        region("998", theme.BAND),
        region("95", theme.BRAND_WEAK),
        *lower,
        line("high_95", "4px,3px", 1),
        line("high_998", "solid", 1.3),
    ]


_SILENT = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "line": {"width": 0, "color": theme.CLEAR}}


def _benchmark_trace(limits: Sequence[Limit], points: Sequence[Point], benchmark: float) -> dict[str, Any]:
    exposures = [one.exposure for one in limits or points]
    ends = [math.sqrt(min(exposures)), math.sqrt(max(exposures))]
    style = {"color": theme.INK2, "width": 1}
    return {"name": "benchmark", "x": ends, "y": [benchmark, benchmark], **_SILENT, "line": style}


FAINT = {"unselected": {"marker": {"opacity": 0.22}}}
BOX_LINE = {"color": theme.INK2, "width": 1, "dash": "dot"}


def _box(chosen: Collection[str] | None) -> dict[str, Any]:
    """A box is drawn with the mouse where it means something; afterwards the points show what it held."""
    return {} if chosen is None else {"dragmode": "select", "newselection": {"line": BOX_LINE}}


def _points(outcome: str, points: Sequence[Point], is_small: bool, chosen: Collection[str] | None) -> dict[str, Any]:
    symbol, fill, outline, size, width = MARKS[outcome]
    picked = [i for i, point in enumerate(points) if point.department_id in chosen] if chosen else []
    found = {"selectedpoints": picked} if chosen else {}
    return {
        "type": "scatter",
        "mode": "markers",
        "name": outcome or "not_judged",
        **_places(points),
        "customdata": [point.way for point in points],
        "hovertext": [_hover(str(point.hover)) for point in points],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,  # a department without a complaint stands on the axis, whole
        "marker": {
            "symbol": symbol,
            "color": fill,
            "size": size * (0.85 if is_small else 1),
            "line": {"color": outline, "width": width},
            "opacity": 1,
        },
        **(FAINT if chosen is not None else {}),
        **found,
    }


def _hover(text: str) -> str:
    """The first line names the department."""
    name, *lines = theme.plain(text).split("\n")
    return "<br>".join([f"<b>{name}</b>", *lines])


def _places(points: Sequence[Point]) -> dict[str, list[float]]:
    return {"x": [math.sqrt(point.exposure) for point in points], "y": [point.value for point in points]}


def _ring(points: Sequence[Point]) -> dict[str, Any]:
    marker = {"symbol": "circle-open", "size": 20, "color": theme.INK, "line": {"width": 2, "color": theme.INK}}
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "selected",
        "hoverinfo": "skip",
        "cliponaxis": False,
        "marker": marker,
        **_places(points),
    }


def _obstacles(points: Sequence[Point], limits: Sequence[Limit], scale: Scale) -> list[tuple[float, float, float]]:
    """Marks that a text should not cover: outliers least of all, then points, then the lines."""
    marks = [
        (scale.x(point.exposure), scale.y(point.value), 8.0 if point.outcome in OUTLIERS else 3.0) for point in points
    ]
    return marks + [
        (scale.x(limit.exposure), scale.y(value), 0.4)
        for limit in limits[:: max(len(limits) // 30, 1)]
        for value in (limit.high_998, limit.high_95)
        if 0 <= value <= scale.top
    ]


def _line_names(
    limits: Sequence[Limit], benchmark: float, words: FunnelWords, scale: Scale, room: Field, is_small: bool
) -> list[dict[str, Any]]:
    """Each line's name on the line, at its right end or as near to it as there is room, above it or below."""
    if not limits:
        return []
    size = theme.CAPTION - (0.5 if is_small else 0)
    x = [scale.x(limit.exposure) for limit in limits]
    lines = (
        ([limit.high_998 for limit in limits], words.limit_998, True),
        ([limit.high_95 for limit in limits], words.limit_95, False),
        ([benchmark] * len(x), words.benchmark, True),
    )
    found = []
    for values, text, above_first in lines:
        if text:
            y = [scale.y(value) for value in values]
            spot = room.place(_beside_line(x, y, text, size, room.areas[0][0], above_first))
            found.append(_text(text, spot, scale, size, theme.INK2))
    return found


def _beside_line(
    x: list[float], y: list[float], text: str, size: float, width_of_area: float, above_first: bool
) -> list[Spot]:
    """Places on a line that falls towards the right: the name keeps clear of its whole stretch of the line. Behind the
    end of one that is shorter than its name."""
    width, height = theme.text_width(text, size) + 4, size * theme.LINE_HEIGHT + 1
    spots = []
    for share in FROM_RIGHT:
        right = x[-1] - share
        left = right - (width + 2) / width_of_area
        above = Spot(left, float(np.interp(left, x, y)), 0, -height - 1, width, height)
        below = Spot(right, float(np.interp(right, x, y)), -width - 8, 2, width, height)
        spots += [above, below] if above_first else [below, above]
    return [*spots, Spot(x[-1], y[-1], 4, -height / 2, width, height)]


def _names(
    points: Sequence[Point], words: FunnelWords, scale: Scale, room: Field, selected: str | None, is_small: bool
) -> list[dict[str, Any]]:
    def urgency(point: Point) -> tuple[bool, int, float, str]:
        return point.department_id != selected, PRIORITY.index(point.outcome), -point.value, point.department_id

    named = [point for point in points if point.outcome in OUTLIERS or point.department_id == selected]
    names = [
        _name(point, words, scale, point.department_id == selected, is_small) for point in sorted(named, key=urgency)
    ]
    spots = room.arrange([name.spots for name in names])
    return [
        _text(name.text, spot, scale, name.size, name.color) | leader(spot, name.reach)
        for name, spot in zip(names, spots)
    ]


@dataclass(frozen=True)
class _Name:
    """A name with what is under it, and where it may stand."""

    text: str
    size: float
    color: str
    reach: float  # from the middle of its mark
    spots: list[Spot]


def _name(row: Point, words: FunnelWords, scale: Scale, is_selected: bool, is_small: bool) -> _Name:
    size = theme.LABEL if is_small else theme.NAME
    name, color = str(row.label), MARKS[row.outcome][2] if row.outcome in OUTLIERS else theme.INK
    text = f"<b>{theme.plain(name)}</b>"
    width, height = theme.text_width(name, size, bold=True), size * theme.LINE_HEIGHT
    if words.point and known(row.numerator):
        below = words.point.format(numerator=number(row.numerator, 0), exposure=number(row.exposure, 0))
        text += f'<br><span style="font-size:{theme.CAPTION}px;color:{theme.INK2}">{theme.plain(below)}</span>'
        width, height = max(width, theme.text_width(below)), 2 * height
    reach = 14 if is_selected else 9
    spots = beside(scale.x(row.exposure), scale.y(row.value), width + 2, height, reach)
    return _Name(text, size, color, reach, spots)


def _text(text: str, spot: Spot, scale: Scale, size: float, color: str) -> dict[str, Any]:
    x, y = scale.low + spot.x * (scale.high - scale.low), spot.y * scale.top
    return written(text, spot, x, y, size, color)
