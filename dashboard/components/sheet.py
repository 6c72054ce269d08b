"""A table as a file: CSV for programs, Excel with a sheet that says what it is. Exactly the rows shown."""

import csv
import io
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from dashboard.i18n.text import Text
from dashboard.spreadsheet import safe_cell

WIDEST = 60
TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Sheet:
    """Columns and rows as they go into the file, and the notes that make it readable without the page."""

    name: str  # of the file, without its ending
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[tuple[str, str], ...]

    def written(self, ending: str, t: Text) -> bytes:
        return to_csv(self) if ending == "csv" else to_xlsx(self, t)


def to_csv(sheet: Sheet) -> bytes:
    """With a byte order mark: without it Excel takes Chinese for something else."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(map(safe_cell, sheet.columns))
    writer.writerows([safe_cell(_or_empty(cell)) for cell in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(sheet: Sheet, t: Text) -> bytes:
    out = io.BytesIO()
    # Text stays text, whatever it begins with.
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page = book.add_worksheet(_tab(sheet.name))
    page.write_row(0, 0, sheet.columns, bold)
    for number, row in enumerate(sheet.rows, start=1):
        page.write_row(number, 0, [_or_empty(cell) for cell in row])
    page.freeze_panes(1, 0)
    page.autofit(max_width=WIDEST * 7)
    about = book.add_worksheet(t("sheet.about"))
    about.write_row(0, 0, (t("sheet.item"), t("sheet.content")), bold)
    for number, (item, content) in enumerate(sheet.notes, start=1):
        about.write_row(number, 0, (item, content), wrapped)
    about.set_column(0, 0, 18)
    about.set_column(1, 1, WIDEST)
    book.close()
    return out.getvalue()


def _or_empty(cell: Any) -> Any:
    return None if cell != cell else cell


def _tab(name: str) -> str:
    """A sheet's name may have 31 characters and none of these."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in name)[:31]
