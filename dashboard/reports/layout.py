"""What files have in common: the layout of GB/T 9704-2012 in Word and PDF, the properties of Word and slides."""

import datetime
from dataclasses import dataclass
from typing import Any

from dashboard.charts import theme
from dashboard.i18n.text import translator
from dashboard.reports import fonts
from dashboard.reports.model import Block, Document, Heading, Paragraph, Table

TEXT_WIDTH, TEXT_HEIGHT = 442.2, 637.8  # points: 156 × 225 mm
TITLE_PITCH = 33.0
ROOM = 0.93 * TEXT_HEIGHT  # other faces than those that are reckoned with run on a little
TABLE_SIZE, CAPTION_SIZE = 10.5, 12.0
CELL_MARGIN = 5.0  # at either side
SINGLE = 1.45  # a line of a face, where the pitch is left to it, for one point of its size: the most of those in use
GAP = "　　"  # a blank that nobody has filled in
LARGEST_MASTHEAD, WIDEST_SPREAD = 56, 24.0  # points


def masthead(words: str) -> tuple[int, float]:
    """Its size, and what is added after each of its characters, in points: as striking as the line has room for."""
    width = theme.text_width(words, 1.0)
    size = round(min(LARGEST_MASTHEAD, 0.95 * TEXT_WIDTH / width))
    return size, min(WIDEST_SPREAD, max(0.0, (0.75 * TEXT_WIDTH - size * width) / max(1, len(words))))


@dataclass(frozen=True)
class Type:
    """In points: size and pitch of the text, size of what stands in tables and below them."""

    size: float
    pitch: float
    small: float


LETTERS = tuple(Type(half / 2, round(0.71 * half, 1), min(TABLE_SIZE, half / 2 - 1)) for half in range(28, 17, -1))


def text_of(document: Document, pitch: float) -> Type:
    """3号 in a bulletin; a letter to a department is set as large as one page has room for."""
    if document.kind != "letter":
        return Type(16.0, pitch, TABLE_SIZE)
    return next((one for one in LETTERS if fits(document, one)), LETTERS[-1])


def fits(document: Document, type_: Type = LETTERS[-1]) -> bool:
    """Whether one page has room for the letter."""
    return height(document, type_) <= ROOM


def height(document: Document, type_: Type) -> float:
    """How much of a page a document without head and annexes takes, in points, a little more rather than less."""
    around = TITLE_PITCH * len(document.title) + (2 + 3 * (document.close is not None)) * type_.pitch
    return around + sum(_height(block, type_) for block in document.blocks)


def _height(block: Block, type_: Type) -> float:
    match block:
        case Heading():
            return type_.pitch
        case Paragraph():
            indented = f"　　{block.text}"
            return type_.pitch * fonts.lines(indented, type_.size, TEXT_WIDTH)
        case Table():
            line = SINGLE * type_.small
            lines = _lines(block, widths(block, type_.small, TEXT_WIDTH), type_.small)
            note = line * fonts.lines(block.note, type_.small, TEXT_WIDTH)
            return SINGLE * CAPTION_SIZE + 16 + sum(one * line + 6 for one in lines) + note
    raise TypeError(block)


def widths(table: Table, size: float, room: float) -> list[float]:
    """Of the columns, in points, together `room`: each as wide as what stands in it, where there is room for that.

    A heading may stand in two lines where it must, and no word is broken where that can be helped.
    """
    columns = [[str(row[at]) for row in table.rows] for at in range(len(table.columns))]
    margins = 2 * CELL_MARGIN + 1
    least, whole, flat = [], [], []
    for column, own in zip(table.columns, columns):
        pieces = [piece.rstrip() for words in (column.words, *own) for piece in theme.PIECE.findall(words)]
        cells, head = max([0.0, *(fonts.width(words, size) for words in own)]), fonts.width(column.words, size)
        least.append(margins + max(fonts.width(piece, size) for piece in pieces))
        whole.append(max(least[-1], margins + max(cells, head / 2 + size)))
        flat.append(max(least[-1], margins + max(cells, head)))
    if fitting := [given for given in (flat, whole) if sum(given) <= room] or ([least] if sum(least) >= room else []):
        return [one * room / sum(fitting[0]) for one in fitting[0]]
    tried = [_shared(whole, least, room, power) for power in (0.0, 0.25, 0.5, 0.75)]
    return min(tried, key=lambda given: sum(_lines(table, given, size)))


def _shared(whole: list[float], least: list[float], room: float, power: float) -> list[float]:
    """What is wider than it can be gets its part of the room: at power 0 all the same, above it the wider the more."""
    low, high = 0.0, room
    for _ in range(40):
        unit = (low + high) / 2
        given = [max(b, min(a, unit * a**power)) for a, b in zip(whole, least)]
        low, high = (unit, high) if sum(given) <= room else (low, unit)
    return [one * room / sum(given) for one in given]


def _lines(table: Table, given: list[float], size: float) -> list[int]:
    """How many lines each row takes, the head first."""
    rows = [[column.words for column in table.columns], *([str(cell) for cell in row] for row in table.rows)]
    return [max(fonts.lines(words, size, width - 2 * CELL_MARGIN) for words, width in zip(row, given)) for row in rows]


def sign(properties: Any, document: Document) -> None:
    """The core properties of an office file: the office's, as of now, and nothing of the template's."""
    office = document.close.office if document.close else ""
    properties.title = translator(document.origin.lang)("bulletin.sep").join(document.title)
    properties.author = properties.last_modified_by = office
    properties.created = properties.modified = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    properties.language = document.origin.lang
    properties.comments = properties.keywords = ""
    properties.revision = 1
