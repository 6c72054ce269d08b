"""The control chart (XmR): a series on its own natural range. Only signals get a shape.

A period without a value is a gap, and where the counting changed the line and its range break: neither is bridged.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from dashboard.charts import icons, theme
from dashboard.charts.axis import axis_for
from dashboard.charts.figure import Figure
from dashboard.i18n.text import Text, known, number
from dashboard.rows import tuples_of

SIGNALS = ("astronomical", "trend", "two_of_three", "shift")
COLORS = {"improvement": theme.BETTER, "concern": theme.WORSE, "high": theme.BRAND, "low": theme.BRAND}
BREAK = 0.08  # of a period: what is left open on each side where line and range break
PERIODS_A_YEAR = 4
# of one of several small charts, in pixels; the width is that on a desk screen
PANEL_HEIGHT, PANEL_WIDTH, PANEL_HEAD, PANEL_FOOT, ICON = 164, 270, 30, 24, 22


@dataclass(frozen=True)
class ControlWords:
    """The words on the drawing, in the viewer's language."""

    unit: str  # after the last value: ' 件', '%'
    natural: str  # '自然波动范围 {low}–{high}', or the same as trial limits
    target: str  # '目标 {value}'
    signals: dict[str, str]  # point type → what it says
    missing: str  # of a period without a value
    no_data: str
    decimals: int = 1


@dataclass(frozen=True)
class ControlPanel:
    """One of several series on one scale: its finding, its points, and what its two icons say."""

    title: str
    points: pd.DataFrame  # as of `control_chart`
    variation: str = ""  # as of `icons.variation_picture`
    assurance: str | None = None  # None: nothing was to be reached, so there is no icon


def control_words(t: Text, unit: str, decimals: int = 1, is_trial: bool = False) -> ControlWords:
    """The usual words; `is_trial`: so few points that the limits may still move, which the range's name then says."""
    return ControlWords(
        unit=unit,
        natural=t("chart.control.trial" if is_trial else "chart.control.natural", low="{low}", high="{high}"),
        target=t("chart.control.target", value="{value}"),
        signals={kind: t(f"chart.control.{kind}") for kind in SIGNALS},
        missing=t("chart.no_data"),
        no_data=t("chart.no_data"),
        decimals=decimals,
    )


class _Period(NamedTuple):
    """One point of a series, or the place of one that is missing."""

    at: int  # on the axis
    period: str
    value: float
    mean: float
    lower: float
    upper: float
    point_type: str | None
    direction: str | None
    segment: Any
    target: float
    note: str | None
    mark: str | None = None  # what stands on the flag of its note
    door: Any = None


def control_chart(
    points: pd.DataFrame,
    words: ControlWords,
    small: bool = False,
    y_range: tuple[float, float] | None = None,
    every: int = PERIODS_A_YEAR,
    names_range: bool | None = None,
) -> Figure:
    """A series of periods, every one of the calendar, a missing one with an empty value.

    `points`: period, value, mean, lower, upper, point_type, direction, segment, target, note, and perhaps mark: what
    stands on the flag of a note ('3'), and door. `small`: one of several
    on the same `y_range` (see `shared_range`), its range named only if `names_range`. `every`: periods between two
    ticks of the axis.
    """
    series = _periods(points)
    if not _known(series, "value"):
        return theme.empty(words.no_data)
    low, high = y_range or shared_range([points])
    names_range = not small if names_range is None else names_range
    traces = [*_range_traces(series), *_target_trace(series), *_line_traces(series, words, low)]
    texts = [*_last_value(series, words, small)]
    if names_range:
        texts += _range_name(series, words)
    texts += [*_target_name(series, words, names_range), *_flags(series, low)]
    layout = {
        "annotations": texts,
        "xaxis": _x_axis(series, every),
        "yaxis": _y_axis(low, high, words.decimals),
        "margin": {"l": _tick_room(low, high, words.decimals), "r": _end_room(series, words, high), "t": 8, "b": 24},
    }
    return Figure(traces, layout)


def control_panels(panels: Sequence[ControlPanel], words: ControlWords, columns: int = 3) -> Figure:
    """Several series as small charts on one scale, each under its finding with the icons of variation and assurance.

    The natural range is named once, in the first.
    """
    series = [_periods(panel.points) for panel in panels]
    there = [panel.points for panel, own in zip(panels, series) if _known(own, "value")]
    if not there:
        return theme.empty(words.no_data)
    low, high = shared_range(there)
    lines = -(-len(panels) // columns)
    gap, head, foot = 0.028, PANEL_HEAD / (lines * PANEL_HEIGHT), PANEL_FOOT / (lines * PANEL_HEIGHT)
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    texts: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    for i, (panel, own) in enumerate(zip(panels, series)):
        line, column = divmod(i, columns)
        suffix = "" if i == 0 else str(i + 1)
        x, y = f"x{suffix}", f"y{suffix}"
        left, right = (column + gap * (column > 0)) / columns, (column + 1 - gap) / columns
        top, bottom = 1 - line / lines - head, 1 - (line + 1) / lines + foot
        place = {"xref": "paper", "yref": "paper", "yanchor": "middle", "yshift": PANEL_HEAD / 2 - 2}
        color = COLORS.get(panel.variation, theme.INK)
        texts.append(
            theme.note(f"<b>{theme.plain(panel.title)}</b>", left, top, size=theme.LABEL, color=color, **place)
        )
        shapes += _panel_icons(panel, own, right, top)
        x_axis = {"domain": [left, right], "anchor": y}
        y_axis = {"domain": [bottom, top], "anchor": x, "showticklabels": column == 0}
        if not _known(own, "value"):
            axes |= {f"xaxis{suffix}": {**x_axis, "visible": False}, f"yaxis{suffix}": y_axis}
            middle = {"xref": "paper", "yref": "paper", "anchor": "center", "color": theme.INK3}
            texts.append(theme.note(words.no_data, (left + right) / 2, (top + bottom) / 2, **middle))
            continue
        marks = [*_range_traces(own), *_target_trace(own), *_line_traces(own, words, low)]
        traces += [{**mark, "xaxis": x, "yaxis": y} for mark in marks]
        room = 0.5 + _end_room(own, words, high) / PANEL_WIDTH * len(own)
        x_axis |= _x_axis(own, PERIODS_A_YEAR) | {"range": [-0.6, len(own) - 1 + room]}
        axes |= {f"xaxis{suffix}": x_axis, f"yaxis{suffix}": {**_y_axis(low, high, words.decimals), **y_axis}}
        inside = [*_last_value(own, words, small=True), *_target_name(own, words, named=i == 0)]
        inside += [*(_range_name(own, words) if i == 0 else []), *_flags(own, low)]
        texts += [{**text, "xref": x, "yref": f"{y} domain" if text.get("yref") == "paper" else y} for text in inside]
    layout = {
        **axes,
        "annotations": texts,
        "shapes": shapes,
        "height": lines * PANEL_HEIGHT,
        "margin": {"l": _tick_room(low, high, words.decimals), "r": 4, "t": 0, "b": 0},
    }
    return Figure(traces, layout)


def _panel_icons(panel: ControlPanel, series: Sequence[_Period], right: float, top: float) -> list[dict[str, Any]]:
    """At the right end of the heading: variation, then assurance."""
    there = _known(series, "value")
    is_above = bool(there) and there[-1].value > there[-1].mean
    pictures = [(icons.variation_picture(panel.variation, is_above), panel.variation)]
    if panel.assurance is not None:
        pictures.append((icons.ASSURANCE[panel.assurance], panel.assurance))
    tones = {"better": theme.BETTER, "worse": theme.WORSE, "brand": theme.BRAND, "quiet": theme.DOT}
    step = ICON + 4
    return [
        shape
        for i, (picture, code) in enumerate(pictures)
        for shape in icons.shapes(picture, right, top, (i - len(pictures)) * step, tones[icons.tone(code)], ICON)
    ]


def shared_range(series: Sequence[pd.DataFrame]) -> tuple[float, float]:
    """The y axis of several charts that are to be compared: it holds all values, limits and targets, with some air."""
    columns = ["value", "lower", "upper", "target"]
    found = np.concatenate([points[columns].to_numpy(float, na_value=np.nan).ravel() for points in series])
    if np.isnan(found).all():
        return 0.0, 1.0
    low, high = float(np.nanmin(found)), float(np.nanmax(found))
    air = (high - low) * 0.14 or max(abs(high) * 0.1, 1.0)
    return low - air, high + air


def _periods(points: pd.DataFrame) -> list[_Period]:
    """Of the columns that may be lacking nothing is known."""
    there = [name for name in _Period._fields if name in points]
    return [_Period(at=at, **dict(zip(there, row))) for at, row in enumerate(tuples_of(points, *there))]


def _known(series: Sequence[_Period], name: str) -> list[_Period]:
    return [period for period in series if known(getattr(period, name))]


def _runs(series: Sequence[_Period], *names: str) -> Iterator[list[_Period]]:
    """Stretches of one segment in which all of these are known: what may be drawn without a break."""
    run: list[_Period] = []
    for period in series:
        is_known = all(known(getattr(period, name)) for name in names)
        if run and not (is_known and period.segment == run[-1].segment):
            yield run
            run = []
        if is_known:
            run.append(period)
    if run:
        yield run


def _steps(run: Sequence[_Period], name: str) -> tuple[list[float], list[float]]:
    """A limit as it holds for each period, from the middle between two periods to the next."""
    half = 0.5
    x = [edge for period in run for edge in (period.at - half, period.at + half)]
    x[0] += BREAK
    x[-1] -= BREAK
    return x, [getattr(period, name) for period in run for _ in range(2)]


def _range_traces(series: Sequence[_Period]) -> list[dict[str, Any]]:
    """The grey band of ordinary variation and the thin mean in it, one of each for every stretch."""
    traces = []
    for run in _runs(series, "lower", "upper"):
        x, upper = _steps(run, "upper")
        lower = _steps(run, "lower")[1]
        band = {"x": x + x[::-1], "y": upper + lower[::-1], "fill": "toself", "fillcolor": theme.BAND}
        traces.append({**_SILENT, "name": "range", **band})
    for run in _runs(series, "mean"):
        x, mean = _steps(run, "mean")
        traces.append({**_SILENT, "name": "mean", "x": x, "y": mean, "line": {"color": theme.DOT, "width": 1}})
    return traces


_SILENT = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "line": {"width": 0, "color": theme.CLEAR}}


def _target_trace(series: Sequence[_Period]) -> list[dict[str, Any]]:
    style = {"color": theme.BRAND, "width": 1.2, "dash": "4px,3px"}
    steps = [_steps(run, "target") for run in _runs(series, "target")]
    return [{**_SILENT, "name": "target", "x": x, "y": y, "line": style} for x, y in steps]


def _line_traces(series: Sequence[_Period], words: ControlWords, low: float) -> list[dict[str, Any]]:
    there = _known(series, "value")
    traces: list[dict[str, Any]] = [
        {
            **_SILENT,
            "name": "line",
            "x": [period.at for period in run],
            "y": [period.value for period in run],
            "line": {"color": theme.DOT, "width": 1.3},
        }
        for run in _runs(series, "value")
    ]
    dots = [period for period in there if period.point_type not in SIGNALS]
    signals = [period for period in there if period.point_type in SIGNALS]
    size = [8.5 if period is there[-1] else 6 for period in dots]
    color = [theme.INK2 if period is there[-1] else theme.DOT for period in dots]
    traces.append(_marks("common", dots, words, {"symbol": "circle", "size": size, "color": color}))
    if signals:
        symbol = ["triangle-up" if _points_up(series, period) else "triangle-down" for period in signals]
        color = [COLORS.get(period.direction, theme.BRAND) for period in signals]
        traces.append(_marks("signal", signals, words, {"symbol": symbol, "size": 11, "color": color}))
    if noted := _known(series, "note"):
        traces.append(_notes(noted, low))
    return traces


def _points_up(series: Sequence[_Period], period: _Period) -> bool:
    """Whether its signal is one upwards: above the mean, or of a trend that rises."""
    if period.direction in ("high", "low"):
        return period.direction == "high"
    if period.point_type == "trend":
        around = _known(series[max(period.at - 1, 0) : period.at + 2], "value")
        return around[-1].value > around[0].value
    return period.value > period.mean


def _marks(name: str, periods: Sequence[_Period], words: ControlWords, marker: dict[str, Any]) -> dict[str, Any]:
    ways = [period.door for period in periods]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [period.at for period in periods],
        "y": [period.value for period in periods],
        "customdata": ways if any(ways) else None,
        "hovertext": [_hover(period, words) for period in periods],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
        "marker": {**marker, "opacity": 1, "line": {"width": 0}},
    }


def _flags(series: Sequence[_Period], low: float) -> list[dict[str, Any]]:
    """A framed mark at the foot of each period with a note, to be read without a mouse: its text stands below."""
    frame = {"bgcolor": theme.SURFACE, "bordercolor": theme.INK2, "borderwidth": 1, "borderpad": 2}
    place = {"yanchor": "bottom", "yshift": 2, "anchor": "center"}
    return [
        theme.note(f"<b>{theme.plain(one.mark)}</b>", one.at, low, size=theme.CAPTION, color=theme.INK, **place) | frame
        for one in _known(series, "mark")
    ]


def _notes(periods: Sequence[_Period], low: float) -> dict[str, Any]:
    """A small square at the foot of a period about which something must be known, such as another way of counting."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "note",
        "x": [period.at for period in periods],
        "y": [low] * len(periods),
        "hovertext": [f"{theme.plain(one.period)}<br>{theme.plain(one.note)}" for one in periods],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
        # where a flag stands, the square under it is there for the mouse alone
        "marker": {
            "symbol": "square-open",
            "size": 7,
            "color": theme.INK3,
            "line": {"width": 1.2},
            "opacity": [0 if known(period.mark) else 1 for period in periods],
        },
    }


def _hover(row: _Period, words: ControlWords) -> str:
    lines = [f"<b>{theme.plain(row.period)}</b>  {number(row.value, words.decimals)}{theme.plain(words.unit)}"]
    if known(row.lower) and known(row.upper):
        lines.append(theme.plain(_natural(row, words)))
    if known(row.target):
        lines.append(theme.plain(words.target.format(value=_short(row.target, words.decimals))))
    if row.point_type in words.signals:
        lines.append(theme.plain(words.signals[row.point_type]))
    return "<br>".join(lines)


def _natural(row: _Period, words: ControlWords) -> str:
    return words.natural.format(low=number(row.lower, words.decimals), high=number(row.upper, words.decimals))


def _short(value: float, decimals: int) -> str:
    """A target of 80 is not written 80.0."""
    return number(value, 0 if float(value).is_integer() else decimals)


def _end_text(period: _Period, words: ControlWords) -> str:
    return f"{number(period.value, words.decimals)}{words.unit}"


def _end_room(series: Sequence[_Period], words: ControlWords, high: float) -> float:
    """The same for all charts on one y axis, so that they have one size."""
    texts = (_end_text(_known(series, "value")[-1], words), f"{number(high, words.decimals)}{words.unit}")
    return 14 + max(theme.text_width(text, theme.NAME, bold=True) for text in texts)


def _last_value(series: Sequence[_Period], words: ControlWords, small: bool) -> list[dict[str, Any]]:
    """The last value in bold; where the last period has none, that is said at its place."""
    last = _known(series, "value")[-1]
    color = COLORS.get(last.direction, theme.INK) if last.point_type in SIGNALS else theme.INK
    size = theme.LABEL if small else theme.NAME
    is_at_end = last is series[-1]
    place = {"xshift": 9} if is_at_end else {"yanchor": "bottom", "yshift": 7}
    bold = f"<b>{theme.plain(_end_text(last, words))}</b>"
    anchor = "left" if is_at_end else "center"
    texts = [theme.note(bold, last.at, float(last.value), size=size, color=color, anchor=anchor, **place)]
    if not is_at_end:
        place = {"yref": "paper", "xshift": -4}
        texts.append(theme.note(words.missing, len(series) - 1, 0.5, color=theme.INK3, **place))
    return texts


def _range_name(series: Sequence[_Period], words: ControlWords) -> list[dict[str, Any]]:
    """Above the band of the newest stretch, at its left end."""
    stretches = list(_runs(_known(_known(series, "lower"), "upper"), "upper"))
    if not stretches:
        return []
    first, last = stretches[-1][0], stretches[-1][-1]
    place = {"yanchor": "bottom", "yshift": 1}
    left, top = first.at - 0.5 + BREAK, float(first.upper)
    anchor = "left"
    if left > len(series) * 0.6:  # a short newest stretch: the words would run past the drawing's end
        left, anchor, top = last.at + 0.5, "right", float(last.upper)
    # not where a point above the band would lie under the words
    near = _known(series[first.at : first.at + len(series) // 3 + 1], "value")
    if anchor == "left" and any(period.value > top for period in near):
        low = float(first.lower)
        return [theme.note(_natural(last, words), left, low, color=theme.INK3, yanchor="top", yshift=-1)]
    return [theme.note(_natural(last, words), left, top, color=theme.INK3, anchor=anchor, **place)]


def _target_name(series: Sequence[_Period], words: ControlWords, named: bool) -> list[dict[str, Any]]:
    """Under the dashed line, at its right end."""
    aimed = _known(series, "target")
    if not (aimed and named):
        return []
    value = float(aimed[-1].target)
    text = words.target.format(value=_short(value, words.decimals))
    values = [period.value for period in _known(series, "value")]
    near = [period.value for period in _known(series[-max(len(series) // 4, 2) :], "value")]
    is_below_free = not any(value - (max(values) - min(values)) * 0.3 < one < value for one in near)
    place = {"yanchor": "top", "yshift": -1} if is_below_free else {"yanchor": "bottom", "yshift": 1}
    return [theme.note(text, aimed[-1].at + 0.4, value, color=theme.BRAND, anchor="right", **place)]


def _x_axis(series: Sequence[_Period], every: int) -> dict[str, Any]:
    last = len(series) - 1
    ticks = [i for i in range(0, last, every) if last - i > every // 2] + [last]
    return {
        "range": [-0.6, last + 0.5],
        "tickvals": ticks,
        "ticktext": [theme.plain(series[i].period) for i in ticks],
    }


def _y_axis(low: float, high: float, decimals: int) -> dict[str, Any]:
    ticks = _y_ticks(low, high)
    return {"range": [low, high], "tickvals": ticks, "ticktext": [f"{_tick(tick)} " for tick in ticks]}


def _y_ticks(low: float, high: float) -> list[float]:
    """Three to five: fewer than an axis of its own has, the band takes the eye."""
    ticks = [tick for tick in axis_for([low, high]).ticks if low <= tick <= high]
    return ticks[::2] if len(ticks) > 5 else ticks


def _tick(tick: float) -> str:
    return number(tick, 0 if float(tick).is_integer() else 1 if float(tick * 10).is_integer() else 2)


def _tick_room(low: float, high: float, decimals: int) -> float:
    return 8 + max((theme.text_width(_tick(tick) + " ") for tick in _y_ticks(low, high)), default=0)
