"""Files as offices have them: encodings, titles, workbooks, folders and archives, recognised by what is in them."""

import datetime
import io
import tempfile
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from dashboard.importing import reading

CHINESE = "季度,部门,渠道,类别,受理,办结\n2026年第三季度,财政局,来信,办理超时,5,3\n2026Q3,县公安局,来访,办理超时,7,7\n"
ENGLISH = (
    "quarter,department_id,channel,category,received,closed\n"
    "2026Q3,d01,letter,delay,5,3\n2026-08-01,d02,visit,delay,7,7\n"
)


def figures(office) -> list[tuple]:
    return [
        (row["quarter"], row["department_id"], row["received"], row["closed"]) for row in office.stored("complaints")
    ]


EXPECTED = [("2026Q3", "d01", 5, 3), ("2026Q3", "d02", 7, 7)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("text", [CHINESE, ENGLISH], ids=["chinese", "english"])
def test_both_languages_load_in_every_encoding_of_an_office(office, text, encoding):
    office.load(office.write("数据.csv", text.encode(encoding)))
    assert figures(office) == EXPECTED


def test_the_first_chinese_word_may_stand_far_below_the_head(office):
    header, *rows = CHINESE.replace("季度,部门,渠道,类别,受理,办结", ENGLISH.splitlines()[0]).splitlines(keepends=True)
    far = header + ",,,,,\n" * 20_000 + "".join(rows)
    assert far.encode("gb18030")[: reading.HEAD_BYTES].isascii()
    office.load(office.write("late.csv", far.encode("gb18030")))
    assert figures(office) == EXPECTED


def test_ascii_blocks_before_the_first_chinese_word_are_read_once(office, monkeypatch):
    """Another encoding found late once began the file anew, and its first rows came twice."""
    monkeypatch.setattr(reading, "BLOCK_BYTES", 4_096)
    rows = "".join(f"2026Q1,d01,r{i},service,80\n" for i in range(5_000))
    text = "quarter,department_id,rater_id,dimension,score\n" + rows + "2026Q1,财政局,末,服务质量,80\n"
    mapping = office.mapping(
        '[[tables]]\nfile = "e.csv"\nto = "evaluations"\nrepeated = "keep"\n[tables.columns]\n'
        + "".join(f'{c} = "{c}"\n' for c in ("quarter", "department_id", "rater_id", "dimension", "score"))
    )
    result = office.load(office.write("e.csv", text.encode("gb18030")), **mapping)
    assert (result.tables["evaluations"].added, result.tables["evaluations"].repeated) == (5_001, 0)


def test_damaged_utf8_is_not_read_as_gb18030(office):
    data = ENGLISH.replace("d01", "财政局").encode()
    broken = data.replace("财".encode(), "财".encode()[:2])
    assert [(p.code, p.row) for p in office.refused(office.write("a.csv", broken))] == [("undecodable", 2)]


def test_two_bytes_that_are_text_in_both_encodings_are_not_guessed(office):
    data = ENGLISH.encode().replace(b"d01", b"\xc2\xb2")  # ² in UTF-8, 虏 in GB18030
    assert [p.code for p in office.refused(office.write("a.csv", data))] == ["ambiguous_encoding"]


@pytest.mark.parametrize("title", ["2026年第三季度投诉汇总表\n", "汇总表\n\n单位：件\n", '"汇总\n（二）",,,,,\n'])
def test_a_header_is_found_below_its_titles_and_rows_keep_their_numbers(office, title):
    path = office.write("a.csv", title + CHINESE)
    office.load(path)
    assert figures(office) == EXPECTED
    bad = office.write("b.csv", title + CHINESE.replace(",7,7", ",七,7"))
    assert [p.row for p in office.refused(bad)] == [{0: 4, 1: 6}.get(title.count("\n\n"), 4)]


def test_a_header_cell_may_hold_a_line_break(office):
    bad = CHINESE.replace("受理,", '"受理\n（件）",').replace(",7,7", ",七,7")
    assert [(p.row, p.found) for p in office.refused(office.write("a.csv", bad))] == [(3, "七")]


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_other_delimiters_are_seen_even_below_a_title_with_commas(office, delimiter):
    office.load(office.write("a.txt", "汇总，全县,2026\n" + CHINESE.replace(",", delimiter)))
    assert figures(office) == EXPECTED


def workbook(*sheets: tuple[str, list[list]]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if isinstance(cell, datetime.date):
                    sheet.write_datetime(i, j, cell, date)
                else:
                    sheet.write(i, j, cell)
    book.close()
    return file.getvalue()


def test_a_workbook_loads_several_sheets_with_real_dates_and_floats(office):
    complaints = [["汇总"], [], CHINESE.split("\n")[0].split(",")]
    complaints += [[datetime.date(2026, 9, 30), "财政局", "来信", "办理超时", 5.0, 3.0]]
    complaints += [["2026Q3", "d02", "来访", "办理超时", 7, 7]]
    facts = [["季度", "部门", "人数", "预算（万元）"], ["2026Q3", "财政局", 41.0, 1234.5]]
    office.load(office.write("季报.xlsx", workbook(("投诉", complaints), ("概况", facts), ("空", []))))
    assert figures(office) == EXPECTED
    assert [(row["staff"], row["budget_10k"]) for row in office.stored("department_facts")] == [(41, 1234.5)]


def test_what_a_workbook_shows_and_what_it_holds_must_agree(office):
    """A percentage is stored as a fraction; a formula that failed or was never calculated as nothing."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet, percent = book.add_worksheet("测评"), book.add_format({"num_format": "0.0%"})
    for i, row in enumerate(
        [["quarter", "department_id", "rater_id", "dimension", "score"]]
        + [["2026Q3", "d01", f"r{n}", "service"] for n in range(4)]
    ):
        sheet.write_row(i, 0, row)
    sheet.write_number(1, 4, 0.95, percent)
    sheet.write_formula(2, 4, "=1/0", None, "#DIV/0!")
    sheet.write_formula(3, 4, "=A1", None, "")
    sheet.write_formula(4, 4, "=40+41", None, 81)
    book.close()
    problems = office.refused(office.write("a.xlsx", file.getvalue()))
    assert [(p.row, p.found) for p in problems] == [(2, "0.95 × 100%"), (3, "#DIV/0!"), (4, "#CALC!")]


def test_macros_and_merged_cells_and_cells_beyond_the_table_are_refused(office):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("a")
    for i, line in enumerate(CHINESE.splitlines()):
        sheet.write_row(i, 0, line.split(","))
    sheet.merge_range(1, 1, 2, 1, "财政局")
    sheet.write(2, 8, "注")
    book.close()
    path = office.write("a.xlsx", file.getvalue())
    assert {(p.code, p.row) for p in office.refused(path)} >= {("merged_cells", 2), ("shifted_row", 3)}
    assert [p.code for p in office.refused(path.rename(path.with_suffix(".xlsm")))] == ["macros"]


def archive(*entries: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries:
            packed.writestr(name, data)
    return file.getvalue()


def test_folders_and_archives_load_and_what_is_no_table_is_named(office):
    office.write("q3/投诉/a.csv", CHINESE)
    office.write("q3/说明.docx", b"PK")
    office.write("q3/~$a.xlsx", b"lock")
    assert office.load(office.files / "q3").skipped == ["说明.docx"]
    assert figures(office) == EXPECTED
    packed = office.write("q4.zip", archive(("a/投诉.csv", CHINESE.replace("2026年第三季度", "2026Q4").encode())))
    office.load(packed)
    assert ("2026Q4", "d01", 5, 3) in figures(office)


def test_an_archive_with_gbk_names_says_them_in_chinese(office):
    """As Chinese Windows packs it: GBK bytes, and no flag that says what they are."""
    data = archive(("AAAAAAAA.csv", CHINESE.replace("财政局", "财证局").encode())).replace(
        b"AAAAAAAA", "投诉汇总".encode("gbk")
    )
    (problem,) = office.refused(office.write("q.zip", data))
    assert (problem.file, problem.nearest) == ("q.zip/投诉汇总.csv", "财政局")


def test_two_archives_of_one_name_do_not_write_over_each_other(office):
    third = CHINESE.replace("2026年第三季度", "2026Q3")
    office.write("a/报表.zip", archive(("1.csv", third.encode())))
    office.write("b/报表.zip", archive(("1.csv", third.replace("2026Q3", "2026Q4").replace(",5,", ",9,").encode())))
    office.load(office.files)
    assert [row[2] for row in figures(office)] == [5, 7, 9, 7]


def test_an_archive_cannot_choose_where_its_files_land(office):
    office.load(office.write("a.zip", archive(("../../../escaped.csv", CHINESE.encode()))))
    assert figures(office) == EXPECTED
    assert not list(office.folder.parent.parent.rglob("escaped*"))


def test_bombs_are_refused_before_they_are_unpacked(office, monkeypatch):
    bomb = office.write("bomb.zip", archive(("a.csv", bytes(64 << 20))))
    assert [p.code for p in office.refused(bomb)] == ["unpacks_too_large"]
    monkeypatch.setattr(reading, "MOST_ENTRIES", 3)
    many = office.write("many.zip", archive(*((f"{i}.csv", b"x") for i in range(4))))
    assert [p.code for p in office.refused(many)] == ["too_many_entries"]
    nested = office.write("nested.zip", archive(("b.zip", b"PK")))
    assert [p.code for p in office.refused(nested)] == ["nested_archive"]
    book = office.write("bomb.xlsx", archive(("xl/workbook.xml", bytes(64 << 20))))
    assert [p.code for p in office.refused(book)] == ["unpacks_too_large"]
    macros = office.write("macros.zip", archive(("a/b.XLSM", b"PK")))
    assert [p.code for p in office.refused(macros)] == ["macros"]
    monkeypatch.setattr(reading, "LARGEST_UNPACKED_ARCHIVE", 1000)
    large = office.write("large.zip", archive(("a.csv", b"x" * 1001)))
    assert [p.code for p in office.refused(large)] == ["unpacks_too_large"]


def test_an_archive_that_unpacks_to_more_than_it_says_is_stopped_there(office):
    data = archive(("a.csv", b"x" * 5000))
    lying = data.replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    assert lying != data
    assert [p.code for p in office.refused(office.write("a.zip", lying))] == ["broken_archive"]


def test_an_archive_does_not_fill_the_disk(office, monkeypatch):
    monkeypatch.setattr(reading.shutil, "disk_usage", lambda _path: type("Disk", (), {"free": 3000}))
    with tempfile.TemporaryDirectory() as scratch:
        packed = office.write("a.zip", archive(("a.csv", b"x" * 2000)))
        (problem,) = reading.open_sources([packed], Path(scratch)).problems
        assert (problem.code, list(Path(scratch).iterdir())) == ("unpacks_too_large", [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_that_declares_entities_is_not_read(office, encoding):
    """Ten of them inside each other ten times make gigabytes of a few lines; others read a file of the server."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.add_worksheet("a").write_row(0, 0, CHINESE.splitlines()[0].split(","))
    book.close()
    declared = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    with zipfile.ZipFile(file) as whole:
        parts = [(name, whole.read(name)) for name in whole.namelist()]
    forged = [
        (name, (declared + data.decode().partition("?>")[2]).encode(encoding) if "sharedStrings" in name else data)
        for name, data in parts
    ]
    (problem,) = office.refused(office.write("a.xlsx", archive(*forged)))
    assert (problem.code, problem.found) == ("broken_workbook", "<!DOCTYPE> in xl/sharedStrings.xml")


def test_what_is_missing_or_no_table_is_said(office):
    assert [p.code for p in office.refused(office.files / "none.csv")] == ["no_such_file"]
    assert [p.code for p in office.refused(office.write("a.pdf", b"%PDF"))] == ["nothing_to_import"]
    assert [p.code for p in office.refused(office.write("a.csv", b"%PDF-1.7"))] == ["not_a_csv"]
    assert [p.code for p in office.refused(office.write("b.csv", "甲,乙\n1,2\n"))] == ["unknown_table"]


def test_a_file_that_ends_inside_a_row_is_not_believed(office):
    """12 may have been 123. (Cut between two rows it is a whole, shorter file: that nobody can see.)"""
    (problem,) = office.refused(office.write("a.csv", CHINESE.rstrip("\n")))
    assert (problem.code, problem.row, problem.found) == ("cut_row", 3, "7")
    result = office.load(office.files / "a.csv", accept_valid=True)
    assert figures(office) == EXPECTED[:1]
    assert result.set_aside[0][2][0][0] == 3


TASKS = "task_id,department_id,kind,issued_on,due_on,published,title\n"


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ('"整治\n收费"\n', ""),
        ('"整治收费\n"\n', ""),
        ('"整治收费\n', "open_quote"),
        ('"整治收费""\n', "open_quote"),
        ('"整治收费', "cut_row"),
        ('"整治\nT2,d01,task,2026-01-01,2026-02-01,是,清理"\n', "open_quote"),
    ],
)
def test_a_cell_may_hold_line_breaks_but_no_other_row(office, title, code):
    path = office.write("a.csv", f"{TASKS}T1,d01,task,2026-01-01,2026-02-01,是,{title}")
    if code:
        assert [problem.code for problem in office.refused(path)] == [code]
    else:
        office.load(path)
        assert office.column("tasks", "title") == [title.strip().strip('"').strip()]
