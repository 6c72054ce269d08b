"""Files to take away: harmless, readable without the page, and exactly the rows given."""

import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from dashboard.components.sheet import Sheet, to_csv, to_xlsx
from dashboard.i18n.text import translator
from dashboard.spreadsheet import safe_cell

SHEET = Sheet(
    name="排名",
    columns=("部门", "得分"),
    rows=(("=1+1", 83.1), ("税务局", float("nan")), ("-部", None)),
    notes=(("数据性质", "演示数据"), ("来源", "=cmd|' /C calc'!A0")),
)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "－部"])
def test_a_cell_that_would_run_as_a_formula_is_text(cell):
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["税务局", 83.1, -4, 0, None, ""])
def test_every_other_cell_stays_as_it_is(cell):
    assert safe_cell(cell) == cell


def test_a_csv_opens_in_excel_with_its_chinese_whole():
    content = to_csv(SHEET)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines() == ["部门,得分", "'=1+1,83.1", "税务局,", "'-部,"]


def test_a_workbook_has_the_rows_and_a_sheet_that_explains_them():
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(SHEET, translator("zh"))))
    assert book.sheet_names == ["排名", "说明"]
    rows = book.get_sheet_by_name("排名").to_python()
    assert rows == [["部门", "得分"], ["=1+1", 83.1], ["税务局", ""], ["-部", ""]]
    notes = dict(book.get_sheet_by_name("说明").to_python()[1:])
    assert notes == {"数据性质": "演示数据", "来源": "=cmd|' /C calc'!A0"}


def test_nothing_in_a_workbook_is_a_formula():
    with zipfile.ZipFile(io.BytesIO(to_xlsx(SHEET, translator("zh")))) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist())
