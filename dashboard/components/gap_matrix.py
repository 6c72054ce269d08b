"""The gap matrix: departments × rules as one light table, each cell a link to the evidence behind it.

It is drawn as nodes, not as components: some 2,600 cells as components would cost the server a second a click.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from dashboard.charts import theme
from dashboard.charts.drawing import Drawing, fitted
from dashboard.components.gap_signs import SIGNS
from dashboard.components.light import Light
from dashboard.components.picks import pick_attributes
from dashboard.gaps import FLAGS, STATUSES
from dashboard.i18n.text import Text

DECLINED = "declined", "⊖"  # a flag that was looked into and not upheld: class and sign

Node = list[Any]  # [tag, attributes, children], as light.py has it


@dataclass(frozen=True)
class RuleColumn:
    """A column: the rule, in how many departments it fires of how many it can judge, and where its page is."""

    rule: str
    label: str
    title: str
    group: str
    fires: int
    judged: int
    is_too_often: bool
    href: str


@dataclass(frozen=True)
class DepartmentRow:
    """A row: the department, how many of the rules shown flag it, and where all its flags are."""

    department: str
    label: str
    name: str
    alerts: int
    watches: int
    href: str


class Cell(NamedTuple):
    """What one rule says of one department; `words`: shown when the mouse rests on it, of a flag its evidence, of all
    else its state with both names."""

    status: str
    words: str
    is_hit: bool = True  # passes the filter of states; others stay, faint


def gap_matrix(
    t: Text,
    columns: Sequence[RuleColumn],
    rows: Sequence[DepartmentRow],
    cells: Mapping[tuple[str, str], Cell],
    href: Callable[[str, str], str],
    declined: Container[tuple[str, str]] = (),
    counts: str = "",
) -> Light:
    """`columns` group by group; `cells` and `declined` by (rule, department); `href` of a cell's evidence.

    `declined`: flags that follow-up found not upheld. They keep their place and are no longer drawn as flags. `counts`:
    what is counted under the heads. What the address names is marked by assets/script/matrix.js, so that a choice need
    not draw all of this anew.
    """
    head = [_group_heads(t, columns), _labels(columns), _counts(t, columns, counts or t("matrix.counts"))]
    stop = _first_stop(columns, rows, cells)
    starts = _group_starts(columns)
    body = [_row(t, row, columns, cells, href, declined, stop, starts) for row in rows]
    widths: list[Node] = [["col", {"className": "name"}, []], *[["col", {}, []] for _ in columns]]
    widths += [["col", {"className": "total"}, []]] * 2
    table = [["colgroup", {}, widths], ["thead", {}, head], ["tbody", {}, body]]
    about = {"role": "grid", "aria-label": t("matrix.grid"), "data-matrix": ""}
    return Light(
        [
            [
                "table",
                {"className": "gap-matrix", "style": {"--rows": len(rows), "--columns": len(columns)}, **about},
                table,
            ]
        ]
    )


LINE, TOTAL = 17, 34  # pixels of the exported matrix


def gap_matrix_picture(
    t: Text,
    columns: Sequence[RuleColumn],
    rows: Sequence[DepartmentRow],
    cells: Mapping[tuple[str, str], Cell],
    declined: Container[tuple[str, str]] = (),
    counts: str = "",
) -> str:
    """The same matrix as SVG, for a file, with what its signs mean below."""
    drawing = Drawing(theme.EXPORT_WIDTH)
    name = min(max(theme.text_width(row.label) for row in rows) + 10, 220)
    step = min((drawing.width - name - 2 * TOTAL) / len(columns), 40)
    high = max(theme.text_width(column.label) for column in columns) + 8
    head = 22 + high

    def middle(at: int) -> float:
        return name + (at + 0.5) * step

    starts, total = _group_starts(columns), name + len(columns) * step
    for at, column in enumerate(columns):
        if column.rule in starts:
            width = sum(other.group == column.group for other in columns) * step
            words = fitted(t(f"gaps.group.{column.group}"), width - 4, 11.5)
            drawing.box(name + at * step + 1, 0, width - 2, 18, theme.BRAND_WEAK, 3)
            drawing.text(words if width > 20 else words[:1], name + at * step + 4, 9, 11.5, theme.BRAND, bold=True)
        drawing.text(column.label, middle(at), head - 4, color=theme.INK2, turned=-90)
        color = theme.WORSE if column.is_too_often else theme.INK2
        if column.is_too_often:
            drawing.frame(middle(at) - 8, head + 1.5, 16, LINE - 4, color)
        drawing.text(column.fires, middle(at), head + LINE / 2, 11, color, "middle", bold=column.is_too_often)
    drawing.text(fitted(counts or t("matrix.counts"), name - 6, 11), name - 6, head + LINE / 2, 11, theme.INK3, "end")
    for at, status in enumerate(FLAGS):
        drawing.text(t(f"gaps.status.{status}"), total + (at + 0.5) * TOTAL, head + LINE / 2, 11, theme.INK3, "middle")
    y = head + LINE
    drawing.line(0, y, total + 2 * TOTAL, y, theme.LINE)
    for number_, row in enumerate(rows):
        if number_ % 2:
            drawing.box(0, y, total + 2 * TOTAL, LINE, theme.BACKGROUND)
        drawing.text(fitted(row.label, name - 8, theme.CAPTION), name - 6, y + LINE / 2, anchor="end")
        for at, column in enumerate(columns):
            place = column.rule, row.department
            if place in cells and cells[place].is_hit:
                status, is_declined = cells[place].status, place in declined
                mark = DECLINED[1] if is_declined else SIGNS[status][1]
                color = theme.WORSE if status in FLAGS and not is_declined else theme.INK3
                drawing.sign(mark, middle(at), y + LINE / 2, color, 12)
        for at, count in enumerate((row.alerts, row.watches)):
            drawing.text(count or "·", total + (at + 0.5) * TOTAL, y + LINE / 2, 11.5, theme.INK2, "middle")
        y += LINE
    x = 4.0
    for status in STATUSES:
        drawing.sign(SIGNS[status][1], x + 4, y + 16, theme.WORSE if status in FLAGS else theme.INK3, 12)
        drawing.text(t(f"gaps.status.{status}"), x + 14, y + 16, color=theme.INK2)
        x += 34 + theme.text_width(t(f"gaps.status.{status}"))
    drawing.sign(DECLINED[1], x + 4, y + 16, theme.INK3, 12)
    drawing.text(t("matrix.declined"), x + 14, y + 16, color=theme.INK2)
    return drawing.svg(y + 28)


def _group_starts(columns: Sequence[RuleColumn]) -> set[str]:
    return {next(part).rule for _, part in groupby(columns, key=lambda column: column.group)}


def _group_heads(t: Text, columns: Sequence[RuleColumn]) -> Node:
    heads: list[Node] = [["td", {"className": "corner"}, []]]
    for group, part in groupby(columns, key=lambda column: column.group):
        width = sum(1 for _ in part)
        words = t(f"gaps.group.{group}")
        # one or two narrow columns hold the letter; the name is read out and shown when the mouse rests on it
        text = words if width > 2 else words[0]
        name = ["span", {"title": words, "aria-label": words, "role": "img"}, [text]]
        heads.append(["th", {"scope": "colgroup", "colSpan": width, "className": "group"}, [name]])
    return ["tr", {"className": "groups"}, [*heads, ["td", {"colSpan": 2}, []]]]


def _labels(columns: Sequence[RuleColumn]) -> Node:
    heads = [
        [
            "th",
            {"scope": "col", "className": "label", "data-rule": column.rule},
            [
                [
                    "a",
                    {
                        "href": column.href,
                        "data-page": "",
                        "data-cell": "",
                        "tabIndex": -1,
                        "title": column.title,
                        "aria-label": column.title,
                    },
                    [["span", {}, [column.label]]],
                ]
            ],
        ]
        for column in columns
    ]
    return ["tr", {"className": "labels"}, [["td", {"className": "corner"}, []], *heads, ["td", {"colSpan": 2}, []]]]


def _counts(t: Text, columns: Sequence[RuleColumn], heading: str) -> Node:
    counts = []
    for column in columns:
        words = t("matrix.fires", fires=column.fires, judged=column.judged)
        css = "too-often" if column.is_too_often else "often"
        title = t("matrix.too_often", words=words) if column.is_too_often else words
        counts.append(
            [
                "td",
                {},
                [["span", {"className": css, "title": title, "aria-label": title, "role": "img"}, [column.fires]]],
            ]
        )
    totals = [["th", {"scope": "col", "className": "total"}, [t(f"gaps.status.{status}")]] for status in FLAGS]
    first = ["th", {"scope": "row", "className": "name"}, [heading]]
    return ["tr", {"className": "counts"}, [first, *counts, *totals]]


def _row(
    t: Text,
    row: DepartmentRow,
    columns: Sequence[RuleColumn],
    cells: Mapping[tuple[str, str], Cell],
    href: Callable[[str, str], str],
    declined: Container[tuple[str, str]],
    stop: tuple[str, str] | None,
    starts: set[str],
) -> Node:
    name = [
        "a",
        {"href": row.href, "data-view": "", "data-cell": "", "tabIndex": -1, "title": row.name},
        [row.label],
    ]
    toggle = ["button", {"className": "pick", **pick_attributes(t, row.department, row.label)}, []]
    drawn: list[Node] = [["th", {"scope": "row", "className": "name"}, [name, toggle]]]
    for column in columns:
        place = (column.rule, row.department)
        drawn.append(
            [
                "td",
                {"className": "first"} if column.rule in starts else {},
                [_cell(t, cells[place], row, column, href(*place), place in declined, place == stop)]
                if place in cells
                else [],
            ]
        )
    totals = [
        ["td", {"className": css}, [str(count) if count else "·"]]
        for css, count in (("total some" if row.alerts else "total", row.alerts), ("total", row.watches))
    ]
    return ["tr", {"data-department": row.department}, [*drawn, *totals]]


def _cell(
    t: Text,
    cell: Cell,
    row: DepartmentRow,
    column: RuleColumn,
    href: str,
    is_declined: bool,
    is_stop: bool,
) -> Node:
    css, sign = DECLINED if is_declined else SIGNS[cell.status]
    label = cell.words
    if cell.status in FLAGS:  # whose words are the evidence, too long to be read out at each step
        state = t("matrix.declined" if is_declined else f"gaps.status.{cell.status}")
        label = t("matrix.cell", name=row.label, rule=column.title, state=state)
    attributes = {
        "href": href,
        "data-view": "",
        "data-cell": "",
        "className": css if cell.is_hit else f"{css} off",
        "title": cell.words,
        "aria-label": label,
        "tabIndex": 0 if is_stop else -1,
    }
    return ["a", attributes, [sign]]


def _first_stop(
    columns: Sequence[RuleColumn],
    rows: Sequence[DepartmentRow],
    cells: Mapping[tuple[str, str], Cell],
) -> tuple[str, str] | None:
    """The one cell that the tab key reaches: the first flag, else the first that there is."""
    places = [(column.rule, row.department) for row in rows for column in columns]
    there = [place for place in places if place in cells]
    flagged = (place for place in there if cells[place].status in FLAGS and cells[place].is_hit)
    return next(flagged, next(iter(there), None))
