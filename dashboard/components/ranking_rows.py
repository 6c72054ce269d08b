"""Departments as light rows: band, name, where it may stand, last quarter's ghost, value, cells.

Drawn as HTML because a click redraws all of them: text, a few classes and positions change, nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.charts import theme
from dashboard.charts.axis import Axis
from dashboard.charts.drawing import Drawing, fitted
from dashboard.components import html
from dashboard.components.figures import dot_on_axis
from dashboard.components.picks import pick
from dashboard.i18n.text import Text, known, number
from dashboard.rows import Row

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
    rows: Sequence[Row]


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
    departments = [row.department_id for group in groups for row in group.rows]
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
            for row in group.rows
        ]
    per_list = -(-len(drawn) // lists)
    if per_list - 1 in headings and lists > 1:
        # a heading stands above its departments, not alone at the foot of a list
        foot = per_list - 1
        while foot < per_list:
            drawn.insert(foot, html.Div(className="rank-row group", role="presentation"))
            foot, per_list = foot + 1, -(-len(drawn) // lists)
    last = _last(groups)
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


TONES = {"better": theme.BETTER, "worse": theme.WORSE, "watch": theme.WORSE, "alert": theme.WORSE, "low": theme.BRAND}
WEAK = {"better": theme.BETTER_WEAK, "worse": theme.WORSE_WEAK}
LINE, VALUE, BASE, CELL = 20, 64, 76, 20  # pixels of the exported rows


def ranking_picture(look: RankingLook, groups: Sequence[Group], cells: dict[str, dict[str, Any]]) -> str:
    """The same rows in one list as SVG, for a file."""
    drawing = Drawing(theme.EXPORT_WIDTH)
    right = drawing.width - (len(look.dimensions) * CELL + 8 if look.dimensions else BASE)
    end = right - VALUE - (BASE if look.is_of_places else 0)
    last = _last(groups)
    start = 40 + min(max(theme.text_width(row.label, theme.LABEL) for group in groups for row in group.rows), 220)

    def across(share: float) -> float:
        return start + (end - start) * share / 100

    if look.axis:
        ticks = [(_tick(tick), look.axis.position(tick)) for tick in look.axis.ticks]
    elif len(groups) == 1:
        ticks = [(str(place), at) for place, at in _place_ticks(last)]
    else:
        ticks = [(look.t("ranking.axis.first"), 0.0), (look.t("ranking.axis.last"), 100.0)]
    quiet = {"color": theme.INK3}
    for words, at in ticks:
        drawing.text(words, across(at), 10, anchor="middle", **quiet)
    drawing.text(look.t("ranking.name"), 22, 10, **quiet)
    if look.is_of_places:
        drawing.text(look.t("ranking.interval"), right - VALUE, 10, anchor="end", **quiet)
    drawing.text(look.value, right, 10, anchor="end", **quiet)
    for at, (_, name) in enumerate(look.dimensions):
        drawing.text(name[:1].upper(), right + 18 + at * CELL, 10, anchor="middle", **quiet)
    if not look.dimensions:
        drawing.text(look.t("ranking.base"), drawing.width, 10, anchor="end", **quiet)
    y = 22.0
    for group in groups:
        if group.title:
            drawing.text(group.title, 2, y + LINE / 2, bold=True)
            drawing.text(group.about, 10 + theme.text_width(group.title, bold=True), y + LINE / 2, **quiet)
            y += LINE
        for row in group.rows:
            _draw_row(drawing, look, row, cells.get(row.department_id, {}), y, across, right)
            y += LINE
    return drawing.svg(y + 4)


def _draw_row(
    drawing: Drawing,
    look: RankingLook,
    row: Any,
    cells: dict[str, Any],
    top: float,
    across: Callable[[float], float],
    right: float,
) -> None:
    css, sign = SIGNS.get(row.outcome, ("quiet", "○"))
    tone, middle = TONES.get(css, theme.DOT), top + LINE / 2
    drawing.box(0, top, drawing.width, LINE - 1, WEAK.get(css, theme.SURFACE), 3)
    drawing.sign(sign, 10, middle, tone, 8 if css == "quiet" else 11)
    drawing.text(fitted(row.label, 220, theme.LABEL), 22, middle, theme.LABEL)
    drawing.line(across(0), middle, across(100), middle, theme.LINE)
    if look.is_of_places:
        spots = {"low": row.rank_low, "high": row.rank_high, "own": row.place, "before": row.previous_place}
        at = {name: min(_place_at(place, row.n_ranked), 100) for name, place in spots.items() if known(place)}
        weights = [_place_at(place, row.n_ranked) for place in (row.weight_low, row.weight_high) if known(place)]
        if len(weights) == 2:
            drawing.box(across(weights[0]), middle + 4, across(weights[1]) - across(weights[0]), 1.6, theme.NEUTRAL[3])
        drawing.text(places(look.t, row.rank_low, row.rank_high), right - VALUE, middle, color=theme.INK2, anchor="end")
    else:
        spots = {"low": row.low, "high": row.high, "own": row.value, "before": row.previous_value}
        at = {name: look.axis.position(value) for name, value in spots.items() if known(value)}
    if {"low", "high"} <= set(at):
        drawing.box(across(at["low"]), middle - 1.5, max(across(at["high"]) - across(at["low"]), 2), 3, tone, 1.5)
    if "before" in at:
        drawing.dot(across(at["before"]), middle, 3.4, theme.INK3, hollow=True)
    if "own" in at:
        drawing.dot(across(at["own"]), middle, 4, tone if css != "quiet" else theme.INK2)
    mark = CAVEAT_MARK if look.caveat(row.note) else ""
    drawing.text(number(row.value, look.decimals) + mark, right, middle, theme.LABEL, anchor="end", bold=True)
    for at_cell, (code, _) in enumerate(look.dimensions):
        _draw_cell(drawing, cells.get(code), right + 18 + at_cell * CELL, middle)
    if not look.dimensions:
        drawing.text(_base_words(row), drawing.width, middle, color=theme.INK3, anchor="end")


def _draw_cell(drawing: Drawing, found: Any, x: float, y: float) -> None:
    if found is None or not known(found.z):
        drawing.stroke(x, y)
        return
    css = SIGNS.get(found.band, ("quiet", ""))[0]
    drawing.box(x - 8, y - 6, 16, 12, TONES.get(css, theme.BAND) if css != "quiet" else theme.BAND, 2)
    if abs(found.z) > STRONG:
        color = theme.ON_BRAND if css != "quiet" else theme.INK2
        drawing.text("+" if found.z > 0 else "−", x, y, 11, color, "middle", bold=True)


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


def _last(groups: Sequence[Group]) -> int:
    """The last place of all that are ranked among themselves."""
    return max((int(row.n_ranked) for group in groups for row in group.rows if known(row.n_ranked)), default=1)


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
    return html.Span(_base_words(row), className="base", role="cell")


def _base_words(row: Any) -> str:
    """Small counts are written as they are: 3/41 says more than 7.3 %."""
    if known(row.numerator) and known(row.denominator):
        return f"{number(row.numerator, 0)}/{number(row.denominator, 0)}"
    return number(row.n, 0)


def _tick(value: float) -> str:
    return number(value, 0 if float(value).is_integer() else 1)


def _classes(always: str, **sometimes: bool) -> str:
    return " ".join([always, *(name for name, is_so in sometimes.items() if is_so)])
