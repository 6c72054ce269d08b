"""The summary matrix: departments × indicators as the NHS icons of variation and assurance, each cell a link.

Drawn as nodes, not as components, for the reason that the gap matrix is; assets/script/matrix.js makes it one tab stop.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Any, NamedTuple

from dashboard.charts import theme
from dashboard.charts.drawing import Drawing, fitted
from dashboard.charts.icons import ASSURANCE, assurance_icon, mask, tone, variation_icon, variation_picture
from dashboard.components.light import Light
from dashboard.components.picks import pick_attributes
from dashboard.components.ranking_rows import SIGNS
from dashboard.i18n.text import Text

Node = list[Any]  # [tag, attributes, children], as light.py has it

FEW, NO_DATA = "few", "no_data"
STROKE = "⁄"
SHAPES = {"common": "wave", FEW: "ring"}  # of a state, where its side does not matter
SIDES = ("concern", "worse"), ("improvement", "better")  # what is counted of a column, and its tone
STANDING_TONES = {"behind": "worse", "ahead": "better", "up": "brand", "down": "brand", "": "quiet"}
# Pictures by the class that shows them; the style sheet only knows their names.
PICTURES = {
    "--wave": mask(variation_icon("common")),
    "--ring": mask(variation_icon("")),
    "--rise": mask(variation_icon("high")),
    "--fall": mask(variation_icon("low")),
    **{f"--{code}": mask(assurance_icon(code)) for code in ASSURANCE if code},
}


@dataclass(frozen=True)
class IndicatorColumn:
    """A column: what is measured, how many departments signal, where its page is and how to sort by it."""

    key: str
    label: str
    title: str
    group: str  # its name, for the head
    counts: tuple[tuple[str, int], ...]  # (tone, how many departments signal so); () where nobody can be judged
    about: str  # the counts in words
    href: str
    sort_href: str
    order: str  # 'asc' or 'desc' where the rows are sorted by it, else ''
    has_target: bool  # a second icon stands beside the first
    is_compared: bool  # a sign may stand at the end


@dataclass(frozen=True)
class DepartmentRow:
    """A row: the department, its totals in the order of the heads, and where its page is."""

    department: str
    label: str
    name: str
    totals: tuple[int, ...]
    href: str


@dataclass(frozen=True)
class TotalHead:
    """The head of a total: its word, what it counts, the tone of its numbers and how to sort by it."""

    label: str
    title: str
    tone: str
    sort_href: str
    order: str


class Cell(NamedTuple):
    """What is said of a department by an indicator; `words`: all of it, shown when the mouse rests on it."""

    state: str  # a variation ('concern', 'common' …), 'few' or 'no_data'
    rises: bool  # on which side of its mean the last point lies, where it signals
    assurance: str  # 'pass', 'hit_or_miss', 'fail' or ''
    outcome: str  # among the others, as ranking_rows.SIGNS has it; '' where it is not judged
    standing: str  # 'behind', 'ahead', 'up', 'down' or ''
    words: str
    is_hit: bool = True  # passes the filter of states; others stay, faint


def summary_matrix(
    t: Text,
    columns: Sequence[IndicatorColumn],
    totals: Sequence[TotalHead],
    rows: Sequence[DepartmentRow],
    cells: Mapping[tuple[str, str], Cell],
    href: Callable[[str, str], str],
    name_href: str,
    name_order: str,
) -> Light:
    """`columns` group by group; `cells` by (key, department), one for each; `href`: where a cell leads.

    `name_href`: sorts by name, `name_order`: 'asc' or 'desc' where it does.
    """
    starts = {next(part).key for _, part in groupby(columns, key=lambda column: column.group)}
    css = {column.key: _classes(column, column.key in starts) for column in columns}
    sort_name = _sort_link(
        t("summary.sort.name"), t("summary.sort", column=t("summary.sort.name")), name_href, name_order
    )
    head = [_groups(columns, len(totals)), _labels(columns, totals), _counts(t, columns, sort_name, len(totals))]
    stop = _first_stop(columns, rows, cells)
    body = [_row(t, row, columns, totals, cells, href, stop, css) for row in rows]
    widths: list[Node] = [["col", {"className": "name"}, []]]
    widths += [["col", {"className": "wide"} if column.has_target else {}, []] for column in columns]
    widths += [["col", {"className": "total"}, []] for _ in totals]
    wide = sum(column.has_target for column in columns)
    style = {**PICTURES, "--columns": len(columns) - wide, "--wide": wide, "--totals": len(totals)}
    about = {"role": "grid", "aria-label": t("summary.grid"), "data-matrix": ""}
    table = [["colgroup", {}, widths], ["thead", {}, head], ["tbody", {}, body]]
    return Light([["table", {"className": "summary-matrix", "style": style, **about}, table]])


LINE, TOTAL, ICON, STEP, AIR = 18, 34, 13, 15, 12  # pixels of the exported matrix: an icon's place, and a column's air
_COLORS = {"better": theme.BETTER, "worse": theme.WORSE, "brand": theme.BRAND, "quiet": theme.DOT}
_CODES = {FEW: "", "moved": "high"}  # of a state, as icons.variation_picture has it


def summary_picture(
    t: Text,
    columns: Sequence[IndicatorColumn],
    totals: Sequence[TotalHead],
    rows: Sequence[DepartmentRow],
    cells: Mapping[tuple[str, str], Cell],
) -> str:
    """The same matrix as SVG, for a file, with what its icons mean below."""
    name = min(max(theme.text_width(row.label) for row in rows) + 10, 220)
    edges = list(accumulate((_parts(column) * STEP + AIR for column in columns), initial=name))
    total = edges[-1]
    drawing = Drawing(max(theme.EXPORT_WIDTH, total + len(totals) * TOTAL))
    head = 22 + max(theme.text_width(head.label) for head in (*columns, *totals)) + 8
    starts = {next(part).key for _, part in groupby(columns, key=lambda column: column.group)}
    for at, column in enumerate(columns):
        middle = (edges[at] + edges[at + 1]) / 2
        if column.key in starts:
            width = edges[at + sum(other.group == column.group for other in columns)] - edges[at]
            drawing.box(edges[at] + 1, 0, width - 2, 18, theme.BRAND_WEAK, 3)
            words = fitted(column.group, width - 6, 11.5)
            drawing.text(words, edges[at] + 4, 9, 11.5, theme.BRAND, bold=True)
        drawing.text(column.label, middle, head - 4, color=theme.INK2, turned=-90)
        for side, (css, n) in enumerate(column.counts):
            x = middle + (side - (len(column.counts) - 1) / 2) * 16
            drawing.text(n, x, head + LINE / 2, 11, _COLORS[css] if n else theme.INK3, "middle")
        if not column.counts:
            drawing.stroke(middle, head + LINE / 2)
    for at, one in enumerate(totals):
        drawing.text(one.label, total + (at + 0.5) * TOTAL, head - 4, color=theme.INK2, turned=-90)
    y = head + LINE
    drawing.line(0, y, total + len(totals) * TOTAL, y, theme.LINE)
    for line, row in enumerate(rows):
        middle = y + LINE / 2
        if line % 2:
            drawing.box(0, y, total + len(totals) * TOTAL, LINE, theme.BACKGROUND)
        drawing.text(fitted(row.label, name - 8, theme.CAPTION), name - 6, middle, anchor="end")
        for at, column in enumerate(columns):
            if cells[column.key, row.department].is_hit:
                x = (edges[at] + edges[at + 1]) / 2
                _draw_cell(drawing, cells[column.key, row.department], column, x, middle)
        for at, (one, count) in enumerate(zip(totals, row.totals)):
            color = _COLORS.get(one.tone, theme.INK2) if count else theme.INK3
            drawing.text(count or "·", total + (at + 0.5) * TOTAL, middle, 11.5, color, "middle")
        y += LINE
    return drawing.svg(_draw_legend(drawing, t, y + 16) + 12)


def _parts(column: IndicatorColumn) -> int:
    return 1 + column.has_target + column.is_compared


def _draw_cell(drawing: Drawing, cell: Cell, column: IndicatorColumn, x: float, y: float) -> None:
    """Side by side around the middle: the change, the target, the place among the others."""
    parts = _parts(column)
    places = [x + (at - (parts - 1) / 2) * STEP for at in range(parts)]
    if cell.state == NO_DATA:
        drawing.stroke(places[0], y)
    else:
        picture = variation_picture(_CODES.get(cell.state, cell.state), cell.rises)
        drawing.picture(picture, places[0], y, ICON, _COLORS[tone(cell.state)])
        if column.has_target:
            drawing.picture(ASSURANCE[cell.assurance], places[1], y, ICON, _COLORS[tone(cell.assurance)])
    if cell.outcome:
        mark = SIGNS[cell.outcome][1]
        drawing.sign(mark, places[-1], y, _COLORS[STANDING_TONES[cell.standing]], 6 if mark == "●" else 10)


def _draw_legend(drawing: Drawing, t: Text, y: float) -> float:
    """What each icon means, in lines; the height of the last."""
    pictures = [
        *((state, variation_picture(state, True), tone(state)) for state in ("concern", "improvement")),
        ("moved", variation_picture("high"), tone("high")),
        ("common", variation_picture("common"), "quiet"),
        (FEW, variation_picture(""), "quiet"),
        *((code, ASSURANCE[code], tone(code)) for code in ("fail", "hit_or_miss", "pass")),
    ]
    signs = [("behind", "▼", "worse"), ("ahead", "▲", "better")]
    x = 4.0
    for state, look, css in (*pictures, *signs):
        words = t(f"summary.state.{state}")
        if x + 40 + theme.text_width(words) > drawing.width:
            x, y = 4.0, y + 18
        if isinstance(look, str):
            drawing.sign(look, x + 7, y, _COLORS[css])
        else:
            drawing.picture(look, x + 7, y, ICON, _COLORS[css])
        drawing.text(words, x + 18, y, color=theme.INK2)
        x += 40 + theme.text_width(words)
    return y


def variation_node(state: str, rises: bool) -> Node:
    """The icon of a state without words, which whoever draws it gives."""
    if state == NO_DATA:
        return ["b", {"className": "none", "aria-hidden": "true"}, [STROKE]]
    shape = SHAPES.get(state) or ("rise" if rises else "fall")
    return ["i", {"className": f"{shape} {tone(state)}"}, []]


def assurance_node(code: str) -> Node:
    return ["i", {"className": f"{code or 'ring'} {tone(code)}"}, []]


def standing_node(outcome: str, standing: str) -> Node:
    """The sign of the place among the others, coloured by whether it is the better side."""
    return ["b", {"className": f"sign {STANDING_TONES[standing]}", "aria-hidden": "true"}, [SIGNS[outcome][1]]]


def _groups(columns: Sequence[IndicatorColumn], totals: int) -> Node:
    heads: list[Node] = [["td", {"className": "corner"}, []]]
    for group, part in groupby(columns, key=lambda column: column.group):
        name = ["span", {"title": group}, [group]]
        heads.append(["th", {"scope": "colgroup", "colSpan": sum(1 for _ in part), "className": "group"}, [name]])
    return ["tr", {"className": "groups"}, [*heads, ["td", {"colSpan": totals}, []]]]


def _labels(columns: Sequence[IndicatorColumn], totals: Sequence[TotalHead]) -> Node:
    heads: list[Node] = [["td", {"className": "corner"}, []]]
    for column in columns:
        link = {"href": column.href, "data-page": "", "data-cell": "", "tabIndex": -1, "title": column.title}
        name = ["a", {**link, "aria-label": column.title}, [["span", {}, [column.label]]]]
        heads.append(["th", {"scope": "col", "className": "label"}, [name]])
    for total in totals:
        link = _sort_link(total.label, total.title, total.sort_href, total.order)
        heads.append(["th", {"scope": "col", "className": "label total", **_sorted(total.order)}, [link]])
    return ["tr", {"className": "labels"}, heads]


def _counts(t: Text, columns: Sequence[IndicatorColumn], sort_name: Node, totals: int) -> Node:
    sides = [["span", {"className": css}, [t(f"summary.total.{state}")]] for state, css in SIDES]
    heads: list[Node] = [["th", {"scope": "col", "className": "name"}, [sort_name, ["small", {}, sides]]]]
    for column in columns:
        counted: list[Node] = [["span", {"className": css if n else "zero"}, [str(n)]] for css, n in column.counts] or [
            ["span", {"className": "zero"}, [STROKE]]
        ]
        link = _sort_link(counted, column.about, column.sort_href, column.order)
        heads.append(["td", _sorted(column.order), [link]])
    return ["tr", {"className": "counts"}, [*heads, ["td", {"colSpan": totals}, []]]]


def _sort_link(words: str | list[Node], title: str, href: str, order: str) -> Node:
    attributes = {"href": href, "data-view": "", "data-cell": "", "tabIndex": -1, "title": title, "aria-label": title}
    inside = [["span", {}, [words]]] if isinstance(words, str) else words
    return ["a", attributes | ({"className": f"sorted {order}"} if order else {}), inside]


def _sorted(order: str) -> dict[str, str]:
    return {"aria-sort": {"asc": "ascending", "desc": "descending"}[order]} if order else {}


def _classes(column: IndicatorColumn, is_first: bool) -> str:
    """Of the column's cells: what stands in them has its place also where one lacks it."""
    parts = ("first", is_first), ("wide", column.has_target), ("compared", column.is_compared)
    return " ".join(name for name, is_so in parts if is_so)


def _row(
    t: Text,
    row: DepartmentRow,
    columns: Sequence[IndicatorColumn],
    totals: Sequence[TotalHead],
    cells: Mapping[tuple[str, str], Cell],
    href: Callable[[str, str], str],
    stop: tuple[str, str] | None,
    css: Mapping[str, str],
) -> Node:
    name = {"href": row.href, "data-page": "", "data-cell": "", "tabIndex": -1, "title": row.name}
    toggle = ["button", {"className": "pick", **pick_attributes(t, row.department, row.label)}, []]
    drawn: list[Node] = [["th", {"scope": "row", "className": "name"}, [["a", name, [row.label]], toggle]]]
    for column in columns:
        place = (column.key, row.department)
        link = _cell(cells[place], column.has_target, href(*place), place == stop)
        drawn.append(["td", {"className": css[column.key]}, [link]])
    for head, count in zip(totals, row.totals):
        drawn.append(["td", {"className": f"total {head.tone}" if count else "total"}, [str(count) if count else "·"]])
    return ["tr", {"data-department": row.department}, drawn]


def _cell(cell: Cell, has_target: bool, href: str, is_stop: bool) -> Node:
    inside = [variation_node(cell.state, cell.rises)]
    if has_target and cell.state != NO_DATA:
        inside.append(assurance_node(cell.assurance))
    if cell.outcome:
        inside.append(standing_node(cell.outcome, cell.standing))
    attributes = {
        "href": href,
        "data-page": "",
        "data-cell": "",
        "title": cell.words,
        "tabIndex": 0 if is_stop else -1,
    }
    return ["a", attributes if cell.is_hit else {**attributes, "className": "off"}, inside]


def _first_stop(
    columns: Sequence[IndicatorColumn], rows: Sequence[DepartmentRow], cells: Mapping[tuple[str, str], Cell]
) -> tuple[str, str] | None:
    """The one cell that the tab key reaches: the first that signals, else the first."""
    places = [(column.key, row.department) for row in rows for column in columns]
    signals = (place for place in places if cells[place].is_hit and cells[place].state not in ("common", FEW, NO_DATA))
    return next(signals, next(iter(places), None))
