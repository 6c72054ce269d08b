"""Counts of two ways to sort the same things, as a table: neutral tones, every number printed, each cell a way in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.charts.heat import tone_of
from dashboard.components import html
from dashboard.components.links import view_link
from dashboard.filters import Filters
from dashboard.i18n.text import number


@dataclass(frozen=True)
class Cell:
    """A count, what it is made of in a few signs, and what a click on it chooses."""

    count: int
    about: str  # the cell in words
    within: str = ""  # 'A 3 · B 2'
    choice: Filters | None = None
    is_chosen: bool = False
    is_marked: bool = False  # what should not be there, such as a high risk that nobody at the top answers for


def count_matrix(
    caption: str,
    corner: str,
    rows: Sequence[tuple[str, str]],
    columns: Sequence[tuple[str, str]],
    cells: Mapping[tuple[str, str], Cell],
    path: str,
) -> html.Table:
    """`rows`, `columns`: (code, word); `cells`: (row, column) → cell, one that is absent counts none.

    The tones are of the highest count in this table; they only help to find it again.
    """
    highest = max((cell.count for cell in cells.values()), default=0)
    head = html.Tr([html.Th(corner), *(html.Th(word, scope="col") for _, word in columns)])
    body = [
        html.Tr(
            [
                html.Th(word, scope="row"),
                *(_drawn(cells.get((code, column)), highest, path) for column, _ in columns),
            ]
        )
        for code, word in rows
    ]
    return html.Table(
        [html.Caption(caption, className="visually-hidden"), html.Thead(head), html.Tbody(body)],
        className="count-matrix",
    )


def _drawn(cell: Cell | None, highest: int, path: str) -> html.Td:
    if cell is None or cell.count == 0:
        return html.Td("0", className="none", title=cell.about if cell else None)
    css = f"tone-{tone_of(cell.count, highest)}"
    css += (" chosen" if cell.is_chosen else "") + (" marked" if cell.is_marked else "")
    inside: list[Any] = [html.B(number(cell.count, 0)), *([html.Small(cell.within)] if cell.within else [])]
    if cell.choice is None:
        return html.Td(inside, className=css, title=cell.about)
    link = view_link(inside, path, cell.choice, title=cell.about, **{"aria-label": cell.about})
    return html.Td(link, className=css)
