"""A share in a table: its number, how many of how many, and its interval on an axis from 0 to 100 %."""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.components import html
from dashboard.i18n.text import known


@dataclass(frozen=True)
class Mark:
    """A line of a rule on the axis: 'watch' is drawn dashed, 'alert' solid."""

    at: float
    level: str


def share_axis(
    text: str, counts: str, value: float, interval: tuple[float, float], marks: Iterable[Mark] = (), about: str = ""
) -> html.Div:
    """`value`, `interval`: in per cent, NaN where there is none; `about`: the same in words."""
    drawn = [html.I(className=f"line-{mark.level}", style=_at(mark.at)) for mark in marks]
    low, high = interval
    if known(low) and known(high):
        drawn.append(html.Span(className="interval", style={"left": f"{low:.1f}%", "width": f"{high - low:.1f}%"}))
    if known(value):
        drawn.append(html.Span(className="dot", style=_at(min(value, 100))))
    words = [html.B(text), *([html.Small(counts)] if counts else [])]
    return html.Div(
        [html.Div(words), html.Div(drawn, className="share-line", **{"aria-hidden": "true"})],
        className="share-cell",
        title=about or None,
    )


def _at(value: float) -> dict[str, str]:
    return {"left": f"{value:.1f}%"}
