"""Counts of departments by category: neutral tones, every number printed, because a count is no judgement."""

import math
from dataclasses import dataclass

import pandas as pd

from dashboard.charts import theme
from dashboard.charts.doors import doors
from dashboard.charts.figure import Figure, Trace, bar
from dashboard.i18n.text import Text, number
from dashboard.rows import rows_of

# The fourth tone is left out: in the dark theme no text colour reads on it.
TONES = tuple(theme.NEUTRAL[i] for i in (0, 1, 2, 4, 5))
TEXTS = (theme.INK, theme.INK, theme.INK, theme.ON_BRAND, theme.ON_BRAND)
NONE, FAINT = theme.BAND, 0.45  # an empty cell: nothing was counted
ROW_HEIGHT = 26
NARROWEST = 500  # pixels of the narrowest drawing on which the heads of the columns must fit


@dataclass(frozen=True)
class HeatWords:
    """The words on the drawing, in the viewer's language."""

    total: str
    hover: str  # '{row} · {column}：{count} 件'
    missing: str  # of a cell without data
    no_data: str


def heat_words(t: Text, hover: str) -> HeatWords:
    """`hover`: one cell in words, with {row}, {column} and {count}."""
    return HeatWords(total=t("chart.total"), hover=hover, missing=t("chart.no_data"), no_data=t("chart.no_data"))


def count_heat(cells: pd.DataFrame, words: HeatWords, bold_rows: frozenset[str] = frozenset()) -> Figure:
    """Rows and columns in the order in which `cells` (row, column, count) first names them; totals at the right.

    An empty cell counts none; a cell that `cells` gives without a count is no data, and drawn as a stroke. A
    cell leads where its `door` says.
    """
    if cells.empty:
        return theme.empty(words.no_data)
    rows, columns = cells["row"].unique().tolist(), cells["column"].unique().tolist()
    counts = {(cell.row, cell.column): cell.count for cell in rows_of(cells)}
    highest = max((count for count in counts.values() if pd.notna(count)), default=0)
    drawn = [(i, j, counts.get((row, column), 0)) for i, row in enumerate(rows) for j, column in enumerate(columns)]
    ways = dict(zip(zip(cells["row"], cells["column"]), doors(cells) or []))
    cell_doors = [ways.get((rows[i], columns[j])) for i, j, _ in drawn] if ways else None
    traces = [{**_cells(drawn, rows, columns, highest, words), "customdata": cell_doors}]
    totals = cells.groupby("row", sort=False)["count"].sum(min_count=1)
    label_room = max(theme.text_width(str(row), theme.LABEL, bold=True) for row in rows) + 12
    room = (NARROWEST - label_room) / (len(columns) + 0.8) - 3
    heads = [
        theme.wrapped(str(column), room) if theme.text_width(str(column)) > room else [column] for column in columns
    ]
    lines = max(map(len, heads))
    layout = {
        "height": ROW_HEIGHT * len(rows) + 18 + 16 * lines,
        "bargap": 0,
        "xaxis": {
            "side": "top",
            "range": [-0.5, len(columns) + 0.3],
            "tickvals": [*range(len(columns)), len(columns)],
            "ticktext": [*("<br>".join(map(theme.plain, head)) for head in heads), theme.plain(words.total)],
            "tickangle": 0,
        },
        "yaxis": {
            "range": [len(rows) - 0.5, -0.5],
            "tickvals": list(range(len(rows))),
            "ticktext": [f"<b>{theme.plain(row)}</b> " if row in bold_rows else f"{theme.plain(row)} " for row in rows],
            "tickfont": {"color": theme.INK, "size": theme.LABEL},
            "showgrid": False,
        },
        "margin": {"l": label_room, "r": 8, "t": 10 + 16 * lines, "b": 6},
        "annotations": [
            theme.note(
                f"<b>{number(totals[row], 0)}</b>", len(columns), i, size=theme.LABEL, color=theme.INK, anchor="center"
            )
            for i, row in enumerate(rows)
        ],
    }
    return Figure(traces, layout)


def tone_of(count: float, highest: float) -> int:
    """0–4 for a count of at least one. A lone 1 stays pale even where it is the highest."""
    return math.ceil(len(TONES) * count / max(highest, len(TONES))) - 1


def _cells(
    drawn: list[tuple[int, int, float]], rows: list[str], columns: list[str], highest: float, words: HeatWords
) -> Trace:
    """Each cell a bar of its own: crisp at any size, and printed as vectors."""
    tones = [tone_of(count, highest) if count > 0 else None for _, _, count in drawn]  # NaN is not above 0
    return bar(
        orientation="h",
        x=[0.95] * len(drawn),
        base=[j - 0.475 for _, j, _ in drawn],
        y=[i for i, _, _ in drawn],
        width=0.9,
        marker={
            "color": [NONE if tone is None else TONES[tone] for tone in tones],
            "opacity": [FAINT if tone is None else 1 for tone in tones],
            "cornerradius": 3,
            "line": {"width": 0},
        },
        text=[_written(count, tone) for (_, _, count), tone in zip(drawn, tones)],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        insidetextfont={
            "size": theme.LABEL,
            "color": [theme.INK3 if tone is None else TEXTS[tone] for tone in tones],
        },
        hovertext=[
            theme.plain(
                words.hover.format(
                    row=rows[i], column=columns[j], count=words.missing if pd.isna(count) else number(count, 0)
                )
            )
            for i, j, count in drawn
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _written(count: float, tone: int | None) -> str:
    if pd.isna(count):
        return "⁄"
    if tone is None:
        return ""
    return f"<b>{number(count, 0)}</b>" if tone >= 3 else number(count, 0)
