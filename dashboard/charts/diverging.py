"""Two sides of one thing: the stressed one to the left, the neglected to the right, with interval, lines, last year."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts import theme
from dashboard.charts.figure import Figure, Trace, bar, scatter
from dashboard.i18n.text import Text, known, number
from dashboard.rows import rows_of

ROW_HEIGHT = 62
TOP, BOTTOM = 26, 8  # pixels
BAR, LINE = 0.34, 0.25  # of a row: the bar's height, and how far a line reaches above and below its middle
MIDDLE, ABOVE, BELOW = 0.04, -0.29, 0.37  # of a row: where bar, names and numbers of the lines stand
GHOST = 0.2  # of a row below its middle: last year's dot hangs on the bar's lower edge
HEAVY_TONE, LIGHT_TONE = 2, 4  # of the neutral scale
DASH = "4px,3px"  # short enough to be seen as dashes across a bar
SIGNS = {"alert": "◆", "watch": "◇"}


@dataclass(frozen=True)
class DivergingWords:
    """The words on the drawing, in the viewer's language."""

    lines: str  # '实线：预警线 {alert}%，虚线：关注线 {watch}%'
    no_data: str


def diverging_words(t: Text) -> DivergingWords:
    return DivergingWords(
        lines=t("chart.diverging.lines", alert="{alert}", watch="{watch}"),
        no_data=t("chart.no_data"),
    )


def diverging(rows: pd.DataFrame, words: DivergingWords) -> Figure:
    """Rows from top to bottom as given, all shares in percent.

    key, heavy_name, light_name; heavy_share, share, low, high (of the light side), previous (its share a year ago),
    watch, alert (the lines); heavy_text, light_text (the shares in words), beside (at the right end), status, hover,
    is_chosen. A row without `share` keeps its place; `beside` says why. A click on a bar gives ["rule", key].
    """
    if rows.empty:
        return theme.empty(words.no_data)
    rows = rows.reset_index(drop=True)
    drawn = rows[rows["share"].notna()]
    traces = [_bars(drawn, "heavy"), _bars(drawn, "light"), _whiskers(drawn), _ghosts(drawn)]
    ticks = (-100, -75, -50, -25, 0, 25, 50, 75, 100)
    layout = {
        "height": ROW_HEIGHT * len(rows) + TOP + BOTTOM,
        "barmode": "overlay",
        "bargap": 0,
        "xaxis": {
            "range": [-101, 101],
            "side": "top",
            "tickvals": ticks,
            "ticktext": [f"{abs(tick)}%" for tick in ticks],
            "showgrid": True,
            "gridcolor": theme.LINE,
        },
        "yaxis": {"range": [len(rows) - 0.5, -0.5], "visible": False},
        "margin": {"l": 14, "r": 14, "t": TOP, "b": BOTTOM},
        "shapes": [*_bands(rows), _zero(len(rows)), *_lines(rows)],
        "annotations": [*_names(rows), *_numbers(rows, words)],
    }
    return Figure(traces, layout)


def _bars(rows: pd.DataFrame, side: str) -> Trace:
    is_heavy = side == "heavy"
    tones = [
        theme.NEUTRAL[HEAVY_TONE - 1]
        if is_heavy
        else theme.WORSE_MID
        if status in SIGNS
        else theme.NEUTRAL[LIGHT_TONE - 1]
        for status in rows["status"]
    ]
    return bar(
        name=side,
        orientation="h",
        x=(-rows["heavy_share"] if is_heavy else rows["share"]).tolist(),
        y=[i + MIDDLE for i in rows.index],
        width=BAR,
        marker={"color": tones, "line": {"width": 0}},
        customdata=[["rule", key] for key in rows["key"]],
        hovertext=[theme.plain(text).replace("\n", "<br>") for text in rows["hover"]],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _whiskers(rows: pd.DataFrame) -> Trace:
    rows = rows.dropna(subset=["low", "high"])
    return scatter(
        name="interval",
        mode="markers",
        x=rows["share"].tolist(),
        y=[i + MIDDLE for i in rows.index],
        marker={"size": 1, "color": theme.INK},
        hoverinfo="skip",
        error_x={
            "array": (rows["high"] - rows["share"]).tolist(),
            "arrayminus": (rows["share"] - rows["low"]).tolist(),
            "color": theme.INK,
            "thickness": 1.6,
            "width": 4,
        },
    )


def _ghosts(rows: pd.DataFrame) -> Trace:
    rows = rows.dropna(subset="previous")
    return scatter(
        name="previous",
        mode="markers",
        x=rows["previous"].tolist(),
        y=[i + MIDDLE + GHOST for i in rows.index],
        marker={"size": 8, "color": theme.SURFACE, "line": {"color": theme.INK2, "width": 1.4}},
        hoverinfo="skip",
    )


def _bands(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """A ground under the row that the page is about."""
    chosen = [i for i, is_chosen in enumerate(rows["is_chosen"]) if is_chosen]
    place = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "layer": "below", "line": {"width": 0}}
    return [{**place, "y0": i - 0.47, "y1": i + 0.5, "fillcolor": theme.BAND} for i in chosen]


def _zero(count: int) -> dict[str, Any]:
    line = {"color": theme.INK2, "width": 1.4}
    return {"type": "line", "x0": 0, "x1": 0, "y0": -0.5, "y1": count - 0.5, "line": line}


def _lines(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Watch dashed, alert solid, across the bar."""
    found = []
    for row in rows_of(rows[rows["share"].notna()]):
        for name, dash in (("watch", DASH), ("alert", "solid")):
            if known(x := getattr(row, name)):
                y, line = row.Index + MIDDLE, {"color": theme.WORSE, "width": 1.8, "dash": dash}
                found.append({"type": "line", "x0": x, "x1": x, "y0": y - LINE, "y1": y + LINE, "line": line})
    return found


def _names(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Both sides by name and share, above their bars; at the right end what else must be known."""
    notes = []
    for row in rows_of(rows):
        y, heavy, light = row.Index + ABOVE, theme.plain(row.heavy_name), theme.plain(row.light_name)
        is_drawn, sign = known(row.share), SIGNS.get(row.status)
        if is_drawn:
            heavy = f"{heavy} <b>{theme.plain(row.heavy_text)}</b>"
            light = f"{f'{sign} ' if sign else ''}{light} <b>{theme.plain(row.light_text)}</b>"
        ink = theme.INK if is_drawn else theme.INK3
        size = theme.NAME
        notes.append(theme.note(heavy, 0, y, size=size, color=ink, anchor="right", xshift=-6))
        notes.append(theme.note(light, 0, y, size=size, color=theme.WORSE if sign else ink, xshift=6))
        if row.beside:
            words = theme.plain(row.beside)
            place = y if is_drawn else row.Index + MIDDLE
            notes.append(theme.note(words, 100, place, color=theme.INK3, anchor="right"))
    return notes


def _numbers(rows: pd.DataFrame, words: DivergingWords) -> list[dict[str, Any]]:
    """The lines' numbers under them; the first row says which line is which."""
    notes, is_first = [], True
    for row in rows_of(rows[rows["share"].notna()]):
        y, lines = row.Index + BELOW, {name: getattr(row, name) for name in ("alert", "watch")}
        written = {name: number(value, 0) for name, value in lines.items()}
        if is_first and all(map(known, lines.values())):
            text, is_first = theme.plain(words.lines.format(**written)), False
            notes.append(theme.note(text, lines["watch"], y, color=theme.WORSE, xshift=-2))
            continue
        notes += [
            theme.note(f"{written[name]}%", value, y, color=theme.WORSE, anchor="center")
            for name, value in lines.items()
            if known(value)
        ]
    return notes
