"""Tables and lists of light elements as files: the elements themselves are read, so that a picture and its rows hold
exactly what stands on the page, and no page says anything twice.

A row is what the page has as one: a table's, or an item of a list with its parts as cells. What stands at a place given
in per cent (dots, intervals, lines of a rule, ticks) is drawn there, and pictures that CSS masks are drawn in its tone.
"""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby
from typing import Any
from urllib.parse import unquote

from dashboard.charts import heat, theme
from dashboard.charts.drawing import Drawing
from dashboard.components import html
from dashboard.components.exported import ChartTable, Exported, export_menu
from dashboard.i18n.text import Text

AIR, LINE, GAP, LEAST = 7, 17, 5, 44  # pixels: beside a cell, of a line, between two texts, of a column that is wrapped
NARROWEST = 720  # of a drawing: its title has room
ACROSS = 150  # of a column of marks, at least
BETWEEN, MANY = 32, 30  # pixels between two lists, and the rows from which on there are two
SIGNS, SIGN = "◆◇·⁄", 13  # signs that stand in a row, and the pixels of each
SORTED = "▾"  # in a head, of the column by which the rows are sorted on the page
LETTER = 16  # before a mark, of what names it
SHORT = 7  # characters of a cell that stands in the middle of its column

TONES = {
    "noise": theme.DOT,
    "better": theme.BETTER,
    "signal": theme.BRAND,
    "brand": theme.BRAND,
    "low": theme.BRAND,
    "mark": theme.BRAND,
}
TONES |= dict.fromkeys(("worse", "alert", "watch"), theme.WORSE) | dict.fromkeys(("over", "follow-late"), theme.OVER)
QUIET = {"quiet", "none", "untested", "unkept", "unborn"}
STRONG = {"real", "flagged", "total", "agenda-name", "agenda-who", "idle", "name"}
FILLS = {f"{name}{step}": step for name in ("t", "tone-") for step in range(len(heat.TONES))}
BLOCKS = {"small", "p", "div", "li"}
LEFT_OUT = {"caption", "button", "details", "colgroup", "visually-hidden", "explain"}  # elements and classes
# What holds marks at places of its own → its height.
PLACES = {"axis": 16, "share-line": 14, "strip": 52, "compare-ticks": 16, "sparkline": 24, "chart-icon": 15}


@dataclass(frozen=True)
class _Look:
    color: str = theme.INK
    bold: bool = False
    size: float = theme.LABEL
    tone: str = ""  # of the row, for its marks and for what is quiet in it

    def within(self, part: Any) -> "_Look":
        css, tag = _classes(part), part._type.lower()
        look = replace(self, size=theme.CAPTION) if tag == "small" else self
        if css & QUIET or tag == "small":
            look = replace(look, color=theme.INK3 if self.tone in ("", theme.DOT) else self.tone)
        if tone := next((TONES[name] for name in css if name in TONES), ""):
            look = replace(look, color=tone)
        if tag == "b" or css & STRONG:
            look = replace(look, bold=True)
        return look


@dataclass
class _Cell:
    """Texts in lines, below them marks; `span`: columns, `deep`: rows."""

    lines: list[list[tuple[str, _Look]]] = field(default_factory=lambda: [[]])
    marks: list[tuple[Any, str, _Look]] = field(default_factory=list)  # with what names each
    said: list[str] = field(default_factory=list)
    fill: int | None = None
    frame: bool = False
    span: int = 1
    deep: int = 1

    def read(self, part: Any, look: _Look) -> None:
        if part is None or isinstance(part, list | tuple):
            for one in part or ():
                self.read(one, look)
        elif not hasattr(part, "_type"):
            if text := " ".join(str(part).replace(SORTED, "").split()):
                self.lines[-1].append((text, look))
                self.said.append(text)
        elif not LEFT_OUT & {part._type.lower(), *_classes(part)}:
            self._element(part, look)

    def _element(self, part: Any, look: _Look) -> None:
        css, look, said = _classes(part), look.within(part), len(self.said)
        if css & PLACES.keys():
            self.marks.append((part, "", look))
            if "chart-icon" not in css:
                return
        elif "lane" in css:
            letter, marks = part.children
            self.marks.append((marks, letter.children, look))
        else:
            if part._type.lower() in BLOCKS and self.lines[-1]:
                self.lines.append([])
            step = next((FILLS[name] for name in css if name in FILLS), None)
            if step is not None:
                self.fill, look = step, replace(look, color=heat.TEXTS[step])
                look = replace(look, tone=look.color)  # what is quiet elsewhere is read on this ground
            self.frame = self.frame or bool(css & {"blank", "marked"})
            self.read(getattr(part, "children", None), look)
        is_sign = getattr(part, "role", "") == "img" or part._type == "Th"
        words = getattr(part, "aria-label", "") if is_sign else ""
        if words:  # a sign is its words in a table
            self.said[said:] = [words]

    def width(self) -> float:
        """What it takes without being wrapped; a column of marks takes more where there is more."""
        marks = (ACROSS if _is_broad(part) else 60 if "sparkline" in _classes(part) else 15 for part, *_ in self.marks)
        return max((*(_width(line) for line in self.lines), *marks)) + 2 * AIR

    def wrapped(self, room: float) -> list[list[tuple[str, _Look]]]:
        """Its lines, none of them wider than `room` where it can be broken."""
        lines: list[list[tuple[str, _Look]]] = []
        for line in self.lines:
            lines.append([])
            for text, look in line:
                if lines[-1] and _width([*lines[-1], (text, look)]) > room + 1:
                    lines.append([])
                first, *rest = theme.wrapped(text, room, look.size, look.bold)
                lines[-1].append((first, look))
                lines += [[(one, look)] for one in rest]
        return [line for line in lines if line]

    def height(self, room: float) -> float:
        beside = max((PLACES[name] for part, *_ in self.marks for name in _names(part)), default=0)
        if self.marks and not _is_broad(self.marks[0][0]):  # an icon stands beside its text
            return max(LINE * len(self.wrapped(room)), beside)
        return LINE * len(self.wrapped(room)) + beside * len(self.marks)


Row = list[_Cell]


def picture_menu(
    t: Text,
    name: str,
    title: str,
    topic: str,
    foot: Sequence[str],
    drawn: Any,
    columns: Sequence[str] = (),
    table: Callable[[], ChartTable] | None = None,
) -> html.Details | html.Span:
    """The menu of what is drawn as `drawn`: a table, or a list whose `columns` are named here.

    `table`: its rows, where the picture holds more than its words say.
    """
    rows = table or (lambda: rows_of(drawn, columns))
    return export_menu(t, Exported(name, title, topic, tuple(foot), rows, lambda: picture_of(drawn, columns)))


def rows_of(drawn: Any, columns: Sequence[str] = ()) -> ChartTable:
    """The words of the rows; a column that has none is left out."""
    head, body = _parts(drawn, columns)
    heads, rows = ([_words(row) for row in _grid(part)] for part in (head, body))
    kept = sorted({at for row in rows for at, words in row.items() if words})
    # of a head in several lines all that stands above the column
    names = [" ".join(dict.fromkeys(row[at] for row in heads if row.get(at))) for at in kept]
    return ChartTable(names, [[row.get(at, "") for at in kept] for row in rows])


def picture_of(drawn: Any, columns: Sequence[str] = ()) -> str:
    """The rows as SVG, with their marks where they stand on the page; many narrow ones in two lists."""
    head, body = _parts(drawn, columns)
    widths, in_the_middle = _widths([*head, *body]), _short(body)
    half = (theme.EXPORT_WIDTH - BETWEEN) / 2
    lists = 2 if len(body) > MANY and sum(widths) <= half else 1
    least = half if lists == 2 else theme.EXPORT_WIDTH if any(map(_has_broad, body)) else NARROWEST
    edges = [*accumulate(_stretched(widths, body, least), initial=0.0)]
    drawing = Drawing(edges[-1] if lists == 1 else theme.EXPORT_WIDTH)
    per_list = -(-len(body) // lists)
    parts = [body[at * per_list : (at + 1) * per_list] for at in range(lists)]
    ends = [
        _draw_list(drawing, head, part, [at * (half + BETWEEN) + edge for edge in edges], in_the_middle)
        for at, part in enumerate(parts)
    ]
    return drawing.svg(max(ends) + 4)


# --- reading -----------------------------------------------------------------------------------------------------
def _parts(drawn: Any, columns: Sequence[str]) -> tuple[list[Row], list[Row]]:
    """The head's rows and the body's."""
    head, body = [], []
    for part in _flat(drawn):
        if part._type == "Table":
            for section in (one for one in _flat(part.children) if one._type in ("Thead", "Tbody")):
                rows = [[*map(_cell, _flat(row.children))] for row in _flat(section.children)]
                (head if section._type == "Thead" else body).extend(rows)
        else:
            body += map(_item, _flat(part.children))
    if columns:
        head = [[_cell(html.Th(words)) for words in columns]]
    return head, body


def _item(part: Any) -> Row:
    """An item of a list; one that is a link as a whole has that link's parts."""
    tone = next((TONES[name] for name in _classes(part) if name in TONES), "")
    inside = _flat(part.children)
    if len(inside) == 1 and isinstance(getattr(inside[0], "children", None), list):
        inside = inside[0].children
    parts = [one for cell in inside for one in (cell.children if "number-line" in _classes(cell) else [cell])]
    return [_cell(one, _Look(tone=tone)) for one in parts]


def _cell(part: Any, look: _Look = _Look()) -> _Cell:
    cell = _Cell(span=int(getattr(part, "colSpan", 1)), deep=int(getattr(part, "rowSpan", 1)))
    cell.read(part, look)
    return cell


def _flat(part: Any) -> list[Any]:
    return [one for one in (part if isinstance(part, list | tuple) else [part]) if one is not None]


def _grid(rows: Sequence[Row]) -> list[list[tuple[int, _Cell]]]:
    """Each row's cells with the first column of each: a deep cell of an earlier row takes its place in later ones."""
    placed, taken = [], set()
    for number, row in enumerate(rows):
        line, at = [], 0
        for cell in row:
            while (number, at) in taken:
                at += 1
            line.append((at, cell))
            taken |= {(number + down, at + i) for down in range(cell.deep) for i in range(cell.span)}
            at += cell.span
        placed.append(line)
    return placed


def _words(row: Sequence[tuple[int, _Cell]]) -> dict[int, str]:
    """Column → what is said there; what spans several is said in each."""
    return {at + i: _said(cell) for at, cell in row for i in range(cell.span)}


def _said(cell: _Cell) -> str:
    return " ".join(words for words, _ in groupby(cell.said))  # a sign and its word say the same


def _classes(part: Any) -> set[str]:
    return set((getattr(part, "className", None) or "").split())


def _names(part: Any) -> set[str]:
    return _classes(part) & PLACES.keys()


def _is_broad(part: Any) -> bool:
    return bool(_classes(part) & {"axis", "share-line", "strip", "compare-ticks"})


# --- room --------------------------------------------------------------------------------------------------------
def _width(line: Sequence[tuple[str, _Look]]) -> float:
    return sum(_advance(text, look) for text, look in line) - (GAP if line else 0)


def _advance(text: str, look: _Look) -> float:
    """To the next text; signs that stand in a row have each the same room."""
    return SIGN if _is_sign(text) else theme.text_width(text, look.size, look.bold) + GAP


def _is_sign(text: str) -> bool:
    return len(text) == 1 and text in SIGNS


def _widths(rows: Sequence[Row]) -> list[float]:
    """Of every column; the widest are wrapped where all have no room."""
    placed = [one for row in _grid(rows) for one in row]
    n = max((at + cell.span for at, cell in placed), default=0)
    columns = [[cell for at, cell in placed if at == column and cell.span == 1] for column in range(n)]
    natural = [max((cell.width() for cell in column), default=LEAST) for column in columns]
    most = max(natural, default=0.0)
    while sum(min(one, most) for one in natural) > theme.EXPORT_WIDTH and most > LEAST:
        most -= 4
    return [min(one, most) for one in natural]


def _short(rows: Sequence[Row]) -> set[int]:
    """The columns whose texts are short, or stand on a ground of their own: in the middle."""
    placed = [one for row in _grid(rows) for one in row]
    every = {at for at, _ in placed} - {0}
    long = {at for at, cell in placed if len(_said(cell)) > SHORT}
    return every - long | {at for at, cell in placed if cell.fill is not None}


def _has_broad(row: Row) -> bool:
    return any(_is_broad(part) for cell in row for part, *_ in cell.marks)


def _stretched(widths: Sequence[float], rows: Sequence[Row], least: float) -> list[float]:
    """At least so wide together: columns of marks are given what is left over, where there are none all are."""
    every = range(len(widths))
    broad = {at for row in _grid(rows) for at, cell in row if cell.span == 1 and _has_broad([cell])} or set(every)
    more = max(least - sum(widths), 0) / max(len(broad), 1)
    return [widths[at] + (more if at in broad else 0) for at in every]


# --- drawing -----------------------------------------------------------------------------------------------------
def _draw_list(
    drawing: Drawing, head: Sequence[Row], body: Sequence[Row], edges: Sequence[float], in_the_middle: Container[int]
) -> float:
    """The height of what was drawn. `edges`: of the columns, from the left."""
    y = 2.0
    for number, row in enumerate(_grid([*head, *body])):
        is_head = number < len(head)
        placed = [(at, cell, edges[at + cell.span] - edges[at] - 2 * AIR) for at, cell in row]
        high = max((cell.height(room) for _, cell, room in placed if cell.deep == 1), default=LINE) + 6
        for at, cell, room in placed:
            is_middle = at in in_the_middle or cell.fill is not None
            _draw(drawing, cell, edges[at], y, room, high * cell.deep, is_middle, is_head)
        y += high
        drawing.line(edges[0], y, edges[-1], y, theme.LINE2 if number == len(head) - 1 else theme.LINE)
    return y


def _draw(
    drawing: Drawing, cell: _Cell, x: float, y: float, room: float, high: float, middle: bool, is_head: bool
) -> None:
    if cell.fill is not None:
        drawing.box(x + 1.5, y + 1.5, room + 2 * AIR - 3, high - 3, heat.TONES[cell.fill], 3)
    elif cell.frame:
        drawing.frame(x + 2, y + 2, room + 2 * AIR - 4, high - 4, theme.INK2)
    lines = cell.wrapped(room)
    top = y + (high - cell.height(room)) / 2
    if is_head:
        top = y + high - cell.height(room) - 3
    right = x + AIR
    for line in lines:
        left = x + AIR + (max(room - _width(line), 0) / 2 if middle else 0)
        for is_sign, run in groupby(line, lambda part: _is_sign(part[0])):
            parts = [(text, replace(look, bold=look.bold and not is_head)) for text, look in run]
            for text, look in parts if is_sign else ():
                drawing.sign(text, left + SIGN / 2 - 1, top + LINE / 2, look.color, 12)
                left += SIGN
            if not is_sign:
                colors = [theme.INK3 if is_head and look.color == theme.INK else look.color for _, look in parts]
                drawing.line_of(
                    [(text, look.size, color, look.bold) for (text, look), color in zip(parts, colors)],
                    left,
                    top + LINE / 2,
                    GAP,
                )
                left += sum(_advance(text, look) for text, look in parts)
        right, top = left, top + LINE
    for part, letter, look in cell.marks:
        [name] = _names(part) or {""}
        if name in ("chart-icon", "sparkline"):
            wide = PLACES[name] if name == "chart-icon" else room
            at = (right, top - LINE + 1) if lines else (x + AIR, top)
            _masked(drawing, part, *at, wide, PLACES[name], look)
            continue
        start = x + AIR
        if letter:
            drawing.text(letter, start, top + PLACES["axis"] / 2, 11, theme.BRAND, bold=True)
        start += LETTER if letter or name == "compare-ticks" else 6
        if name:
            _placed(drawing, part, start, top, x + AIR + room - 6 - start, PLACES[name], look)
        else:
            drawing.stroke(start + 4, top + PLACES["axis"] / 2)
        top += PLACES[name or "axis"]


def _placed(drawing: Drawing, part: Any, x: float, y: float, wide: float, high: float, look: _Look) -> None:
    """What stands on a line: intervals below, then lines and dots."""
    middle, tone = y + high / 2, look.tone or theme.INK2
    if "compare-ticks" not in _classes(part):
        drawing.line(x, middle, x + wide, middle, theme.LINE2)
    for child, css, left in _children(part, x, wide):
        if css & {"interval", "weights"}:
            length = _share(child, "width") * wide
            drawing.box(left, middle - 1.5, max(length, 2), 3, tone if "interval" in css else theme.NEUTRAL[3], 1.5)
        elif css & {"line-watch", "line-alert"}:
            drawing.line(left, y, left, y + high, theme.WORSE, 1 if "line-watch" in css else 2)
        elif "mean-tick" in css:
            drawing.line(left, y + 2, left, y + high - 2, theme.INK3)
        elif "mean" in css:
            drawing.line(left, middle - 12, left, middle + 12, theme.BRAND, 1.5)
            drawing.text(child.children.children, left, middle - 20, theme.CAPTION, theme.BRAND, "middle")
        elif css & {"dot", "one"}:
            drawing.dot(left, middle, 4, tone)
        elif child._type == "I":
            at = middle if "compare-ticks" in _classes(part) else middle + 17
            drawing.text(child.children, left, at, 11.5, theme.INK3, "middle")
    own = getattr(part, "style", None) or {}
    if "--before" in own:
        drawing.dot(x + _percent(own["--before"]) * wide, middle, 3.4, theme.INK3, hollow=True)
    if "--now" in own:
        drawing.dot(x + _percent(own["--now"]) * wide, middle, 4, tone)


def _children(part: Any, x: float, wide: float) -> Iterator[tuple[Any, set[str], float]]:
    for child in _flat(getattr(part, "children", None)):
        yield child, _classes(child), x + _share(child, "left") * wide


def _masked(drawing: Drawing, part: Any, x: float, y: float, wide: float, high: float, look: _Look) -> None:
    """A picture that CSS uses as a mask, in the tone of what it stands in; the last point of a line as a dot."""
    color = look.tone or (look.color if look.color in TONES.values() else theme.NEUTRAL[4])
    for one in (part, *_flat(getattr(part, "children", None))):
        for value in (getattr(one, "style", None) or {}).values():
            if str(value).startswith('url("data:image/svg+xml,'):
                inside = unquote(value.split(",", 1)[1].removesuffix('")')).replace("black", color)
                place = f'<svg x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}"'
                drawing.parts.append(inside.replace("<svg", place, 1))
        if "end" in _classes(one):
            drawing.dot(x + _share(one, "left") * wide, y + _share(one, "top") * high, 2.6, color)


def _share(part: Any, side: str) -> float:
    return _percent((getattr(part, "style", None) or {}).get(side, "0%"))


def _percent(text: str) -> float:
    return float(text.removesuffix("%")) / 100
