"""Headline figures: one number with its unit, its last quarter in words, and the quarters behind it as a line."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.charts.axis import Axis
from dashboard.charts.sparkline import last_point, sparkline
from dashboard.components import html
from dashboard.i18n.text import known, number


def figure_card(
    label: Any,
    value: str,
    unit: str,
    change: tuple[str, str] | None,
    base: str,
    quarters: Sequence[float],
    about_line: str,
) -> html.Section:
    """`change`: the difference and what it does not say yet; `about_line` says which quarters the line covers."""
    return html.Section(
        [
            html.H3(label),
            html.Div(
                [html.Div([html.B(value), html.Span(unit)], className="number"), *_line(quarters, about_line)],
                className="number-line",
            ),
            html.Div([html.Span(change[0], className="badge-quiet", title=change[1])] if change else []),
            html.P(base, className="quiet"),
        ],
        className="card-box figure",
    )


def dot_on_axis(
    axis: Axis, value: float, previous: float, interval: tuple[float, float] | None = None, **props: Any
) -> html.Span:
    """This quarter's dot, last quarter's as a hollow one, and the stored interval; what is not known is not drawn."""
    marks = []
    if interval and all(map(known, interval)):
        left, right = map(axis.position, interval)
        marks.append(html.Span(className="interval", style={"left": f"{left}%", "width": f"{right - left:.2f}%"}))
    places = {name: f"{axis.position(v)}%" for name, v in (("--now", value), ("--before", previous)) if known(v)}
    return html.Span(marks, className="axis dot ghost" if "--before" in places else "axis dot", style=places, **props)


def strip(axis: Axis, values: Mapping[str, float], mean: float, mean_label: str, about: str) -> html.Div:
    """All values as dots on one axis, with their mean: how far apart they are, before anybody is named. `values`: by
    the address to which the dot leads."""
    ticks = [html.I(number(tick, 0 if tick.is_integer() else 1), style=_at(axis, tick)) for tick in axis.ticks]
    dots = [
        html.A(
            href=way, className="one", style=_at(axis, value), tabIndex=-1, **{"data-page": "", "aria-hidden": "true"}
        )
        for way, value in values.items()
    ]
    middle = html.Span(html.B(mean_label), className="mean", style=_at(axis, mean))
    return html.Div([middle, *dots, *ticks], className="strip", role="group", **{"aria-label": about})


def _at(axis: Axis, value: float) -> dict[str, str]:
    return {"left": f"{axis.position(value)}%"}


def _line(quarters: Sequence[float], about: str) -> list[html.Div]:
    if sum(map(known, quarters)) < 2:
        return []
    marks = [html.Span(className="stroke", style={"--line": sparkline(quarters)})]
    if end := last_point(quarters):
        marks.append(html.Span(className="end", style={"left": f"{end[0]}%", "top": f"{end[1]}%"}))
    return [html.Div(marks, className="sparkline", role="img", **{"aria-label": about})]
