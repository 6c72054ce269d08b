"""What files have in common: the layout of GB/T 9704-2012 in Word and PDF, the properties of Word and slides."""

import datetime
from typing import Any

from dashboard.charts import theme
from dashboard.i18n.text import translator
from dashboard.reports.model import Document

TEXT_WIDTH = 442.2  # points: 156 mm
GAP = "　　"  # a blank that nobody has filled in
LARGEST_MASTHEAD, WIDEST_SPREAD = 56, 24.0  # points


def masthead(words: str) -> tuple[int, float]:
    """Its size, and what is added after each of its characters, in points: as striking as the line has room for."""
    width = theme.text_width(words, 1.0)
    size = round(min(LARGEST_MASTHEAD, 0.95 * TEXT_WIDTH / width))
    return size, min(WIDEST_SPREAD, max(0.0, (0.75 * TEXT_WIDTH - size * width) / max(1, len(words))))


def text_of(kind: str, pitch: float) -> tuple[float, float]:
    """Size and pitch of the text in points: 3号 in a bulletin; a letter to a department must fit on one page."""
    return (14.0, 20.0) if kind == "letter" else (16.0, pitch)


def sign(properties: Any, document: Document) -> None:
    """The core properties of an office file: the office's, as of now, and nothing of the template's."""
    office = document.close.office if document.close else ""
    properties.title = translator(document.origin.lang)("bulletin.sep").join(document.title)
    properties.author = properties.last_modified_by = office
    properties.created = properties.modified = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    properties.language = document.origin.lang
    properties.comments = properties.keywords = ""
    properties.revision = 1
