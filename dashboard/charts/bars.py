"""Bars of counts or shares, from zero, each with its number, unit and share at the end. Neutral: nobody judges them."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts import theme
from dashboard.charts.doors import doors
from dashboard.charts.figure import Figure, Trace, bar, scatter
from dashboard.i18n.text import Text, known, number
from dashboard.rows import rows_of

ROW_HEIGHT = 26
PLAIN_TONE = 4  # of the neutral scale


@dataclass(frozen=True)
class BarWords:
    """The words on the drawing, in the viewer's language."""

    value: str  # '{value} 件', the number in bold
    share: str  # '，{share}%'
    missing: str
    no_data: str
    decimals: int = 0


def bar_words(t: Text, value: str, decimals: int = 0) -> BarWords:
    """`value`: the number with its unit, such as '{value} 件'."""
    return BarWords(value, t("chart.bars.share", share="{share}"), t("chart.no_data"), t("chart.no_data"), decimals)


def bars(rows: pd.DataFrame, words: BarWords) -> Figure:
    """Rows from top to bottom as given: label, value; optional share (0–1), low and high, hover, tone (1–6), door.

    Zero is written as 0; a row without a value says so and has no bar. `low` and `high` draw a whisker.
    """
    if rows.empty:
        return theme.empty(words.no_data)
    rows = rows.reset_index(drop=True).reindex(columns=dict.fromkeys([*rows.columns, *OPTIONAL]))
    written = [_written(row, words) for row in rows_of(rows)]
    ends = [_end(row) for row in rows_of(rows)]
    longest = max([end for end in ends if end > 0], default=1.0)
    traces = [_bars(rows, words, written)]
    if rows["low"].notna().any():
        traces += _whiskers(rows)
    layout = {
        "height": ROW_HEIGHT * len(rows) + 12,
        "xaxis": {"range": [0, longest], "visible": False},
        "yaxis": {
            "range": [len(rows) - 0.5, -0.5],
            "tickvals": list(range(len(rows))),
            "ticktext": [f"{theme.plain(label)} " for label in rows["label"]],
            "tickfont": {"color": theme.INK, "size": theme.LABEL},
            "showgrid": False,
        },
        "margin": {
            "l": max(theme.text_width(str(label), theme.LABEL) for label in rows["label"]) + 12,
            "r": max(theme.text_width(_without_marks(text), theme.LABEL, bold=True) for text in written) + 14,
            "t": 6,
            "b": 6,
        },
        "annotations": [
            theme.note(text, end, i, size=theme.LABEL, color=theme.INK if known(value) else theme.INK3, xshift=6)
            for i, (text, end, value) in enumerate(zip(written, ends, rows["value"]))
        ],
    }
    return Figure(traces, layout)


OPTIONAL = ("share", "low", "high", "hover", "tone")


def _bars(rows: pd.DataFrame, words: BarWords, written: list[str]) -> Trace:
    hover = [
        theme.plain(row.hover) if known(row.hover) else f"{theme.plain(row.label)}: {text}"
        for row, text in zip(rows_of(rows), written)
    ]
    tones = [int(tone) if known(tone) else PLAIN_TONE for tone in rows["tone"]]
    return bar(
        orientation="h",
        x=[value if known(value) else None for value in rows["value"].tolist()],
        y=list(range(len(rows))),
        width=0.64,
        marker={"color": [theme.NEUTRAL[tone - 1] for tone in tones], "cornerradius": 2, "line": {"width": 0}},
        customdata=doors(rows),
        hovertext=hover,
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _whiskers(rows: pd.DataFrame) -> list[Trace]:
    return [
        scatter(
            mode="lines",
            name="interval",
            x=[row.low, row.high],
            y=[row.Index, row.Index],
            hoverinfo="skip",
            line={"color": theme.INK, "width": 1.6},
        )
        for row in rows_of(rows.dropna(subset=["low", "high"]))
    ]


def _end(row: Any) -> float:
    """Where the row's text may begin: behind the bar and its whisker."""
    return max([float(value) for value in (row.value, row.high) if known(value)], default=0.0)


def _written(row: Any, words: BarWords) -> str:
    if not known(row.value):
        return words.missing
    value = theme.plain(words.value).format(value=f"<b>{number(row.value, words.decimals)}</b>")
    return value + (theme.plain(words.share.format(share=number(100 * row.share, 0))) if known(row.share) else "")


def _without_marks(text: str) -> str:
    return text.replace("<b>", "").replace("</b>", "")
