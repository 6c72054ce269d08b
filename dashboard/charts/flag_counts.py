"""How many departments a rule flags, quarter by quarter: alerts below, watches above; one count or two side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts import theme
from dashboard.charts.doors import doors
from dashboard.charts.figure import Figure, bar
from dashboard.rows import rows_of

HEIGHT = 220
ROOM = 0.76  # of a quarter, for its bars
FAINT = 0.45  # opacity of what is in force beside what is tried


@dataclass(frozen=True)
class CountWords:
    """The words on the drawing, in the viewer's language."""

    alert: str
    watch: str
    hover: str  # '{quarter}：预警 {alert}，关注 {watch}，能判断的 {judged} 个'
    missing: str  # of a quarter in which nobody could be judged
    no_data: str
    series: Sequence[str] = ()  # what each of several series is


def flag_counts(rows: pd.DataFrame, words: CountWords) -> Figure:
    """Rows: quarter (as shown), series (0, 1 …), alert, watch, judged, perhaps door; each quarter once a series.

    Every quarter of the calendar is given; one in which nobody could be judged has a stroke in place of a bar. The last
    series is drawn in full strength.
    """
    if rows.empty or not rows["judged"].any():
        return theme.empty(words.no_data)
    quarters = list(dict.fromkeys(rows["quarter"]))
    series = sorted(rows["series"].unique())
    width = ROOM / len(series)
    place = {quarter: at for at, quarter in enumerate(quarters)}
    traces = []
    for number in series:
        part = rows[(rows["series"] == number) & (rows["judged"] > 0)]
        shift = (number - (len(series) - 1) / 2) * width
        opacity = 1 if number == series[-1] else FAINT
        name = f"{words.series[number]} · " if words.series else ""
        hover = [
            theme.plain(name + words.hover.format(quarter=r.quarter, alert=r.alert, watch=r.watch, judged=r.judged))
            for r in rows_of(part)
        ]
        x = [place[quarter] + shift for quarter in part["quarter"]]
        said = {"hovertext": hover, "hovertemplate": "%{hovertext}<extra></extra>", "customdata": doors(part)}
        own = {"x": x, "width": width * 0.9, **said}
        solid = {"color": theme.WORSE, "line": {"width": 0}}
        light = {"color": theme.WORSE_WEAK, "line": {"color": theme.WORSE, "width": 1}}
        alerts, watches = part["alert"].tolist(), part["watch"].tolist()
        traces.append(bar(**own, y=[n or None for n in alerts], marker={**solid, "opacity": opacity}))
        traces.append(bar(**own, y=[n or None for n in watches], base=alerts, marker={**light, "opacity": opacity}))
    highest = max(1, int((rows["alert"] + rows["watch"]).max()))
    layout = {
        "barmode": "overlay",
        "height": HEIGHT,
        "margin": {"l": 30, "r": 8, "t": 26, "b": 26},
        "xaxis": {
            "range": [-0.6, len(quarters) - 0.4],
            "tickvals": list(place.values()),
            "ticktext": quarters,
            "showgrid": False,
        },
        "yaxis": {
            "range": [0, highest * 1.18],
            "nticks": 4,
            "tickformat": "d",
            **({"dtick": 1} if highest <= 4 else {}),
        },
        "annotations": [*_totals(rows, place, width, len(series), words), *_legend(words)],
    }
    return Figure(traces, layout)


def _totals(
    rows: pd.DataFrame, place: dict[str, int], width: float, many: int, words: CountWords
) -> list[dict[str, Any]]:
    notes = []
    for row in rows_of(rows):
        x = place[row.quarter] + (row.series - (many - 1) / 2) * width
        total = row.alert + row.watch
        if row.judged:
            color = theme.INK if total else theme.INK3
            notes.append(theme.note(f"<b>{total}</b>", x, total, color=color, anchor="center", yshift=9))
        elif row.series == 0:
            notes.append(theme.note("⁄", place[row.quarter], 0, color=theme.INK3, anchor="center", yshift=9))
    return notes


def _legend(words: CountWords) -> list[dict[str, Any]]:
    """Above the bars: which part is which, and which bar is which."""
    texts = [f"■ {words.alert}", f"□ {words.watch}", f"⁄ {words.missing}", *words.series]
    if words.series:
        texts[3:] = [theme.plain(" │ ".join(words.series))]
    placed, x = [], 0.0
    for text in texts:
        color = theme.WORSE if text[0] in "■□" else theme.INK3
        placed.append(theme.note(text, 0, 1, color=color, xref="paper", yref="paper", xshift=x, yshift=14))
        x += theme.text_width(text) + 16
    return placed
