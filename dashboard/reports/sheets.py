"""All tables of a document as a workbook: first what it is, then one sheet a table; text is never run as a formula."""

import io

import xlsxwriter

from dashboard.i18n.text import Text, translator
from dashboard.reports.model import Document, Number, Paragraph, Run

WIDEST = 60  # characters of a column


def to_workbook(document: Document) -> bytes:
    """Figures are numbers as the snapshot has them; what a sentence or a table writes of them is their format."""
    t = translator(document.origin.lang)
    out = io.BytesIO()
    # Text stays text, whatever it begins with.
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    formats = {n: book.add_format({"num_format": "#,##0" + ("." + "0" * n if n else "")}) for n in range(4)}
    _about(book, document, t, bold, wrapped)
    for table in document.tables:
        page = book.add_worksheet(_tab(f"{table.number} {table.title}"))
        page.write_row(0, 0, [column.words for column in table.columns], bold)
        for r, row in enumerate(table.rows, start=1):
            for c, cell in enumerate(row):
                _write(page, r, c, cell, formats)
        page.freeze_panes(1, 0)
        page.autofit(max_width=WIDEST * 7)
        if table.note:
            page.write_string(len(table.rows) + 2, 0, t("bulletin.note", note=table.note))
    book.close()
    return out.getvalue()


def _write(page: xlsxwriter.worksheet.Worksheet, r: int, c: int, cell: Run, formats: dict) -> None:
    if isinstance(cell, Number) and cell.value is not None:
        decimals = len(cell.written.rstrip("%").partition(".")[2])
        page.write_number(r, c, cell.value, formats[min(decimals, 3)])
    else:
        page.write_string(r, c, str(cell))


def _about(book: xlsxwriter.Workbook, document: Document, t: Text, bold: object, wrapped: object) -> None:
    page = book.add_worksheet(t("sheet.about"))
    page.write_row(0, 0, (t("sheet.item"), t("sheet.content")), bold)
    listed = [(f"{table.number}", table.title) for table in document.tables]
    methods = [("", block.text) for annex in document.annexes for block in annex.blocks if isinstance(block, Paragraph)]
    for r, (item, content) in enumerate([*document.facts, *listed, *methods], start=1):
        page.write_string(r, 0, item, wrapped)
        page.write_string(r, 1, content, wrapped)
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 100)


def _tab(name: str) -> str:
    """A sheet's name may have 31 characters and none of these."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in name)[:31].rstrip()
