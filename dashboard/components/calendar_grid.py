"""A calendar of counts: a row each, a column a quarter or month, every number printed, and what is absent drawn.

Light HTML: a calendar has hundreds of cells. It is one tab stop; assets/script/calendar.js walks with the arrow keys.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from dashboard.charts.heat import tone_of
from dashboard.components import html
from dashboard.components.links import view_link
from dashboard.filters import Filters
from dashboard.i18n.text import MISSING, Text, number

# What a cell is: a count; no count because the register was not kept; or because there was no such department.
COUNT, UNKEPT, UNBORN = "count", "unkept", "unborn"


@dataclass(frozen=True)
class Column:
    year: str
    label: str  # below the year: '三季', '7'
    about: str  # in full
    is_kept: bool = True


@dataclass(frozen=True)
class Cell:
    state: str
    count: int | None
    about: str  # in words
    door: Filters | None = None  # the view of the same page that a click leads to
    is_selected: bool = False


@dataclass(frozen=True)
class Line:
    head: Any
    cells: Sequence[Cell]  # one a column
    facts: Sequence[Any] = ()  # behind the columns
    is_selected: bool = False


def calendar_grid(
    t: Text,
    path: str,
    caption: str,
    corner: Any,
    columns: Sequence[Column],
    lines: Sequence[Line],
    facts: Sequence[Any] = (),
) -> html.Table:
    """`path`: of the page; `corner`: the head of the first column; `facts`: the heads of what stands behind."""
    highest = max((cell.count or 0 for line in lines for cell in line.cells), default=0)
    years = [(year, len(list(of))) for year, of in groupby(columns, lambda column: column.year)]
    labels = [
        html.Th(
            column.label,
            scope="col",
            title=column.about if column.is_kept else t("calendar.unkept.column", period=column.about),
            className="unkept" if not column.is_kept else None,
        )
        for column in columns
    ]
    tab_stop = _tab_stop(lines)
    return html.Table(
        [
            html.Caption(caption, className="visually-hidden"),
            html.Thead(
                [
                    html.Tr(
                        [
                            html.Th(corner, rowSpan=2, scope="col", className="calendar-corner"),
                            *(html.Th(year, colSpan=n, scope="colgroup", className="year") for year, n in years),
                            *(html.Th(fact, rowSpan=2, scope="col", className="fact") for fact in facts),
                        ]
                    ),
                    html.Tr(labels),
                ]
            ),
            html.Tbody(
                [
                    html.Tr(
                        [
                            html.Th(line.head, scope="row"),
                            *_cells(t, path, line.cells, highest, tab_stop),
                            *(html.Td(fact, className="fact") for fact in line.facts),
                        ],
                        className="selected" if line.is_selected else None,
                    )
                    for line in lines
                ]
            ),
        ],
        className="calendar-grid",
        **{"data-grid": ""},
    )


def _tab_stop(lines: Sequence[Line]) -> Cell | None:
    """The selected cell, else the first that leads somewhere."""
    doors = [cell for line in lines for cell in line.cells if cell.door]
    return next((cell for cell in doors if cell.is_selected), doors[0] if doors else None)


def _cells(t: Text, path: str, cells: Sequence[Cell], highest: int, tab_stop: Cell | None) -> Iterator[html.Td]:
    """Quarters in which there was no such department are one cell that says so."""
    at = 0
    for state, run in groupby(cells, lambda cell: cell.state):
        run = list(run)
        if state == UNBORN:
            words = t("calendar.unborn") if len(run) > 1 else MISSING
            yield html.Td(words, colSpan=len(run), className="unborn", title=run[0].about)
        else:
            yield from (html.Td(_mark(path, cell, at + i, highest, cell is tab_stop)) for i, cell in enumerate(run))
        at += len(run)


def _mark(path: str, cell: Cell, at: int, highest: int, is_tab_stop: bool) -> Any:
    if cell.state == UNKEPT:
        return html.Span("⁄", className="cell unkept", title=cell.about, role="img", **{"aria-label": cell.about})
    tone = "blank" if not cell.count else f"t{tone_of(cell.count, highest)}"
    css = f"cell {tone} selected" if cell.is_selected else f"cell {tone}"
    words = number(cell.count, 0)
    if cell.door is None:
        return html.Span(words, className=css, title=cell.about)
    focus = {"tabIndex": 0 if is_tab_stop else -1, "data-cell": str(at)}
    return view_link(words, path, cell.door, title=cell.about, className=css, **focus)
