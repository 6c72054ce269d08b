"""Departments as light rows: place, name, a dot on the axis with last quarter's ghost, value, cells, change.

Drawn as HTML because a click redraws all of them: text, a few classes and positions change, nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import html

from dashboard.charts.axis import Axis
from dashboard.components.figures import dot_on_axis
from dashboard.i18n.text import MISSING, Text, known, number

STRONG, WEAK = 1.6, 0.8  # standard deviations: a sign is printed beyond the first, a tone begins at the second
FEWEST_FOR_TWO_LISTS = 25
FEWEST_FOR_CELLS = 8  # departments; the spread of fewer says nothing
CAVEAT_MARK = "*"


@dataclass(frozen=True)
class RankingLook:
    """How the rows of one ranking are drawn; `row_link` and `sort_link` say where a click leads."""

    t: Text
    axis: Axis
    value: str  # head of the value column
    decimals: int
    dimensions: tuple[tuple[str, str], ...]  # (code, name) of the cells; empty: the base of the figure instead
    has_moves: bool  # whether the change in place is shown
    caveat: Callable[[str | None], str]  # a row's note in words; '' where there is nothing to say
    row_link: Callable[..., Any]  # (label, department_id, **props)
    sort_link: Callable[[str, str], Any]  # (label, column)


def ranking_rows(
    look: RankingLook, rows: pd.DataFrame, cells: dict[str, dict[str, float]], selected: str | None
) -> html.Div:
    """`rows` in the order to show; `cells`: department → dimension → distance from the mean in SD."""
    lists = 2 if len(rows) >= FEWEST_FOR_TWO_LISTS else 1
    per_list = -(-len(rows) // lists)
    departments = rows["department_id"].tolist()
    tab_stop = selected if selected in departments else departments[0]
    drawn = [
        _row(look, row, cells.get(row.department_id, {}), row.department_id == tab_stop, row.department_id == selected)
        for row in rows.itertuples()
    ]
    return html.Div(
        [
            html.Div([_head(look, is_first=i == 0) for i in range(lists)], className="rank-heads", role="rowgroup"),
            html.Div(drawn, className="rank-rows", role="rowgroup", **{"data-rows": str(per_list)}),
        ],
        className=_classes("rank-table", plain=not look.dimensions, still=not look.has_moves, one=lists == 1),
        role="table",
        style={"--lists": lists, "--rows": per_list, "--cells": max(len(look.dimensions), 1)},
        **{"aria-label": look.t("ranking.list")},
    )


def change_in_place(t: Text, change: float) -> str:
    """'升3' in plain words: an arrow would claim a change that may be noise."""
    if not known(change):
        return MISSING
    climbed = int(change)
    if climbed == 0:
        return t("ranking.change.same")
    return t("ranking.change.up" if climbed > 0 else "ranking.change.down", n=abs(climbed))


def _head(look: RankingLook, is_first: bool) -> html.Div:
    """The heads of one list; those above the second list are for the eye only."""
    t = look.t

    def head(words: str, column: str, css: str) -> html.Span:
        return html.Span(look.sort_link(words, column) if is_first else words, className=css, role="columnheader")

    ticks = [html.I(_tick(tick), style={"left": f"{look.axis.position(tick)}%"}) for tick in look.axis.ticks]
    return html.Div(
        [
            head(t("ranking.place"), "place", "place"),
            head(t("ranking.name"), "name", "name"),
            html.Span(ticks, className="axis", role="columnheader", **{"aria-label": t("ranking.axis")}),
            head(look.value, "value", "value"),
            _cells_head(look, is_first),
            *([head(t("ranking.change"), "change", "change")] if look.has_moves else []),
        ],
        className="rank-row head",
        role="row",
        **({} if is_first else {"aria-hidden": "true"}),
    )


def _cells_head(look: RankingLook, is_first: bool) -> html.Span:
    if not look.dimensions:
        return html.Span(look.t("ranking.base"), className="base", role="columnheader")
    initials = [
        look.sort_link(name[:1].upper(), code) if is_first else html.I(name[:1].upper())
        for code, name in look.dimensions
    ]
    return html.Span(initials, className="cells", role="columnheader")


def _row(look: RankingLook, row: Any, cells: dict[str, float], is_tab_stop: bool, is_selected: bool) -> html.Div:
    t = look.t
    value, previous = number(row.value, look.decimals), number(row.previous_value, look.decimals)
    focus = {"data-row": row.department_id, "tabIndex": 0 if is_tab_stop else -1}
    in_words = {"aria-label": t("ranking.axis.cell", value=value, previous=previous)}
    return html.Div(
        [
            _place(t, row),
            html.Span(
                look.row_link(row.label, row.department_id, title=row.full_name, **focus), className="name", role="cell"
            ),
            dot_on_axis(look.axis, row.value, row.previous_value, (row.low, row.high), role="cell", **in_words),
            html.Span([value, *_mark(look.caveat(row.note))], className="value", role="cell"),
            _cells(look, cells) if look.dimensions else _base(row),
            *([html.Span(change_in_place(t, row.change), className="change", role="cell")] if look.has_moves else []),
        ],
        className=_classes("rank-row", selected=is_selected),
        role="row",
    )


def _place(t: Text, row: Any) -> html.Span:
    place = number(row.place, 0)
    if not row.is_tied:
        return html.Span(place, className="place", role="cell")
    words = t("ranking.tied", place=place)
    return html.Span(f"={place}", className="place", role="cell", title=words, **{"aria-label": words})


def _mark(words: str) -> list[html.Span]:
    return (
        [html.Span(CAVEAT_MARK, className="caveat", role="img", title=words, **{"aria-label": words})] if words else []
    )


def _cells(look: RankingLook, cells: dict[str, float]) -> html.Span:
    t = look.t
    high = [name for code, name in look.dimensions if cells.get(code, 0) > STRONG]
    low = [name for code, name in look.dimensions if cells.get(code, 0) < -STRONG]
    words = [
        t(key, names=t("list.separator").join(names))
        for key, names in (("ranking.cells.high", high), ("ranking.cells.low", low))
        if names
    ]
    return html.Span(
        [_cell(cells.get(code)) for code, _ in look.dimensions],
        className="cells",
        role="cell",
        **{"aria-label": t("sentence.space").join(words) or t("ranking.cells.none")},
    )


def _cell(z: float | None) -> html.I:
    """A neutral tone for the distance (nobody judged it), a sign beyond 1.6 SD, a stroke where there is no score."""
    if z is None:
        return html.I(className="none")
    side = "hi" if z > 0 else "lo"
    if abs(z) > STRONG:
        return html.I("+" if z > 0 else "−", className=f"{side} strong")
    return html.I(className=side if abs(z) > WEAK else "")


def _base(row: Any) -> html.Span:
    """Small counts are written as they are: 3/41 says more than 7.3 %."""
    if known(row.numerator) and known(row.denominator):
        words = f"{number(row.numerator, 0)}/{number(row.denominator, 0)}"
    else:
        words = number(row.n, 0)
    return html.Span(words, className="base", role="cell")


def _tick(value: float) -> str:
    return number(value, 0 if float(value).is_integer() else 1)


def _classes(always: str, **sometimes: bool) -> str:
    return " ".join([always, *(name for name, is_so in sometimes.items() if is_so)])
