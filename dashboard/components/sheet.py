"""A table as a file: CSV for programs, Excel with a sheet that says what it is. Exactly the rows shown."""

import csv
import io
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from dashboard.i18n.text import Text

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
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


def harmless(cell: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return None if cell != cell else cell


def to_csv(sheet: Sheet) -> bytes:
    """With a byte order mark: without it Excel takes Chinese for something else."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(map(harmless, sheet.columns))
    writer.writerows([harmless(cell) for cell in row] for row in sheet.rows)
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
        page.write_row(number, 0, [harmless(cell) for cell in row])
    page.freeze_panes(1, 0)
    page.autofit(max_width=WIDEST * 7)
    about = book.add_worksheet(t("sheet.about"))
    about.write_row(0, 0, (t("sheet.item"), t("sheet.content")), bold)
    for number, (item, content) in enumerate(sheet.notes, start=1):
        about.write_row(number, 0, (harmless(item), harmless(content)), wrapped)
    about.set_column(0, 0, 18)
    about.set_column(1, 1, WIDEST)
    book.close()
    return out.getvalue()


def _tab(name: str) -> str:
    """A sheet's name may have 31 characters and none of these."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in name)[:31]
