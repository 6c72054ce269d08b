"""Departments as light rows: band, name, where it may stand, last quarter's ghost, value, cells.

Drawn as HTML because a click redraws all of them: text, a few classes and positions change, nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import html

from dashboard.charts.axis import Axis
from dashboard.components.figures import dot_on_axis
from dashboard.components.picks import pick
from dashboard.i18n.text import Text, known, number

STRONG = 1.6  # standard deviations beyond which a sign is printed
FEWEST_FOR_TWO_LISTS = 25
FEWEST_FOR_CELLS = 8  # departments; the spread of fewer says nothing
CAVEAT_MARK = "*"
# What is said of a row: its class and its sign. A count is not good or bad by being high; a score is.
SIGNS = {
    "above": ("better", "▲"),
    "below": ("worse", "▼"),
    "none": ("quiet", "●"),
    "in": ("quiet", "●"),
    "high_95": ("watch", "◇"),
    "high_998": ("alert", "◆"),
    "low_95": ("low", "▽"),
    "low_998": ("low", "▼"),
}


@dataclass(frozen=True)
class Group:
    """Departments ranked among themselves, in the order to show."""

    title: str  # '': no heading
    about: str
    rows: pd.DataFrame


@dataclass(frozen=True)
class RankingLook:
    """How the rows of one ranking are drawn; the links say where a click leads."""

    t: Text
    axis: Axis | None  # of the values; None: places are drawn, from first to last of each group
    value: str  # head of the value column
    decimals: int
    dimensions: tuple[tuple[str, str], ...]  # (code, name) of the cells; empty: the base of the figure instead
    caveat: Callable[[str | None], str]  # a row's note in words; '' where there is nothing to say
    row_link: Callable[..., Any]  # (label, department_id, **props)
    sort_link: Callable[[str, str], Any]  # (label, column)
    cell_href: Callable[[str, str], str]  # (dimension, department_id)

    @property
    def is_of_places(self) -> bool:
        return self.axis is None


def ranking_rows(
    look: RankingLook, groups: Sequence[Group], cells: dict[str, dict[str, Any]], selected: str | None
) -> html.Div:
    """`cells`: department → dimension → row with z (distance from the mean in SD) and band."""
    departments = [department for group in groups for department in group.rows["department_id"]]
    lists = 2 if len(departments) >= FEWEST_FOR_TWO_LISTS else 1
    tab_stop = selected if selected in departments else departments[0]
    drawn, headings = [], set()
    for group in groups:
        if group.title:
            headings.add(len(drawn))
            drawn.append(_heading(group))
        drawn += [
            _row(
                look,
                row,
                cells.get(row.department_id, {}),
                row.department_id == tab_stop,
                row.department_id == selected,
            )
            for row in group.rows.itertuples()
        ]
    per_list = -(-len(drawn) // lists)
    if per_list - 1 in headings and lists > 1:
        # a heading stands above its departments, not alone at the foot of a list
        foot = per_list - 1
        while foot < per_list:
            drawn.insert(foot, html.Div(className="rank-row group", role="presentation"))
            foot, per_list = foot + 1, -(-len(drawn) // lists)
    last = max((int(group.rows["n_ranked"].max()) for group in groups if len(group.rows)), default=1)
    return html.Div(
        [
            html.Div(
                [_head(look, last if len(groups) == 1 else None, is_first=i == 0) for i in range(lists)],
                className="rank-heads",
                role="rowgroup",
            ),
            html.Div(drawn, className="rank-rows", role="rowgroup", **{"data-rows": str(per_list)}),
        ],
        className=_classes("rank-table", plain=not look.dimensions, places=look.is_of_places, one=lists == 1),
        role="table",
        style={"--lists": lists, "--rows": per_list, "--cells": max(len(look.dimensions), 1)},
        **{"aria-label": look.t("ranking.list")},
    )


def places(t: Text, low: float, high: float) -> str:
    """'1–8', or '1' where there is no doubt; a stroke where nothing is known."""
    if not (known(low) and known(high)):
        return number(float("nan"), 0)
    return number(low, 0) if low == high else t("ranking.range", low=number(low, 0), high=number(high, 0))


def band_words(t: Text, outcome: str | None) -> str:
    return t(f"outcome.{outcome}") if known(outcome) and outcome in SIGNS else t("outcome.unjudged")


def _head(look: RankingLook, last: int | None, is_first: bool) -> html.Div:
    """The heads of one list; those above the second list are for the eye only."""
    t = look.t

    def head(words: Any, column: str, css: str) -> html.Span:
        return html.Span(look.sort_link(words, column) if is_first else words, className=css, role="columnheader")

    if look.axis:
        marks = [html.I(_tick(tick), style={"left": f"{look.axis.position(tick)}%"}) for tick in look.axis.ticks]
    elif last:
        marks = [html.I(str(place), style={"left": f"{at:.2f}%"}) for place, at in _place_ticks(last)]
    else:
        marks = [
            html.I(t("ranking.axis.first"), style={"left": "0%"}),
            html.I(t("ranking.axis.last"), className="end", style={"left": "100%"}),
        ]
    return html.Div(
        [
            html.Span(className="sign", role="columnheader"),
            head(t("ranking.name"), "name", "name"),
            html.Span(marks, className="axis", role="columnheader", **{"aria-label": t("ranking.axis")}),
            *([head(t("ranking.interval"), "place", "range")] if look.is_of_places else []),
            head(look.value, "value", "value"),
            _cells_head(look, is_first),
        ],
        className="rank-row head",
        role="row",
        **({} if is_first else {"aria-hidden": "true"}),
    )


def _place_ticks(last: int) -> list[tuple[int, float]]:
    ticks = sorted({1, *(round(last * share / 4) for share in (1, 2, 3)), last} - {0})
    return [(place, _place_at(place, last)) for place in ticks]


def _place_at(place: float, last: float) -> float:
    """Where a place stands between the first (0 %) and the last (100 %)."""
    return 100 * (place - 1) / max(last - 1, 1)


def _cells_head(look: RankingLook, is_first: bool) -> html.Span:
    if not look.dimensions:
        return html.Span(look.t("ranking.base"), className="base", role="columnheader")
    initials = [
        look.sort_link(name[:1].upper(), code) if is_first else html.I(name[:1].upper())
        for code, name in look.dimensions
    ]
    return html.Span(initials, className="cells", role="columnheader")


def _heading(group: Group) -> html.Div:
    words = [html.B(group.title), html.Span(group.about)]
    return html.Div(html.Span(words, role="cell"), className="rank-row group", role="row")


def _row(look: RankingLook, row: Any, cells: dict[str, Any], is_tab_stop: bool, is_selected: bool) -> html.Div:
    t = look.t
    css, sign = SIGNS.get(row.outcome, ("quiet", "○"))
    words = band_words(t, row.outcome)
    about = t("ranking.sign.tied" if row.is_tied else "ranking.sign", place=number(row.place, 0), band=words)
    focus = {"data-row": row.department_id, "tabIndex": 0 if is_tab_stop else -1}
    value = number(row.value, look.decimals)
    return html.Div(
        [
            html.Span(sign, className="sign", role="cell", title=about, **{"aria-label": about}),
            html.Span(
                [
                    look.row_link(row.label, row.department_id, title=row.full_name, **focus),
                    pick(t, row.department_id, row.label),
                ],
                className="name",
                role="cell",
            ),
            *(_places(t, row) if look.is_of_places else [_on_axis(look, row)]),
            html.Span([value, *_mark(look.caveat(row.note))], className="value", role="cell"),
            _cells(look, cells, row.department_id) if look.dimensions else _base(row),
        ],
        className=_classes(f"rank-row {css}", selected=is_selected),
        role="row",
        **{"data-department": row.department_id},
    )


def _places(t: Text, row: Any) -> list[html.Span]:
    """Between which places others would have put it (thick) and other weights (thin), its own, and last quarter's."""
    last = row.n_ranked
    marks = []
    for css, low, high in (("interval", row.rank_low, row.rank_high), ("weights", row.weight_low, row.weight_high)):
        if known(low) and known(high):
            left, right = _place_at(low, last), _place_at(high, last)
            marks.append(html.Span(className=css, style={"left": f"{left:.2f}%", "width": f"{right - left:.2f}%"}))
    at = {"--now": row.place, "--before": row.previous_place}
    style = {name: f"{min(_place_at(place, last), 100):.2f}%" for name, place in at.items() if known(place)}
    span = places(t, row.rank_low, row.rank_high)
    about = t(
        "ranking.places.cell",
        place=number(row.place, 0),
        voters=span,
        weights=places(t, row.weight_low, row.weight_high),
        previous=number(row.previous_place, 0),
    )
    css = _classes("axis dot", ghost="--before" in style)
    return [
        html.Span(marks, className=css, style=style, role="cell", title=about, **{"aria-label": about}),
        html.Span(span, className="range", role="cell"),
    ]


def _on_axis(look: RankingLook, row: Any) -> html.Span:
    value, previous = number(row.value, look.decimals), number(row.previous_value, look.decimals)
    about = look.t("ranking.axis.cell", value=value, previous=previous)
    return dot_on_axis(
        look.axis, row.value, row.previous_value, (row.low, row.high), role="cell", **{"aria-label": about}
    )


def _mark(words: str) -> list[html.Span]:
    return (
        [html.Span(CAVEAT_MARK, className="caveat", role="img", title=words, **{"aria-label": words})] if words else []
    )


def _cells(look: RankingLook, cells: dict[str, Any], department: str) -> html.Span:
    t = look.t
    words = [
        t(f"ranking.cells.{band}", names=t("list.separator").join(names))
        for band in ("above", "below")
        if (names := [name for code, name in look.dimensions if code in cells and cells[code].band == band])
    ]
    return html.Span(
        [_cell(look, code, name, cells.get(code), department) for code, name in look.dimensions],
        className="cells",
        role="cell",
        **{"aria-label": t("sentence.space").join(words) or t("ranking.cells.none")},
    )


def _cell(look: RankingLook, code: str, name: str, found: Any, department: str) -> html.A:
    """A colour where the band says so, a sign beyond 1.6 SD, a stroke where there is no score."""
    sign, css = "", "none"
    if found is not None and known(found.z):
        sign = ("+" if found.z > 0 else "−") if abs(found.z) > STRONG else ""
        css = SIGNS.get(found.band, ("quiet", ""))[0]
    way = look.cell_href(code, department)
    return html.A(sign, href=way, className=css, title=name, tabIndex=-1, **{"data-page": "", "aria-label": name})


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
