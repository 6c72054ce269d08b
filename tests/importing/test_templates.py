"""Templates: what is filled in is imported without an edit, the example is not, and every list offers what is read."""

import datetime
import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from dashboard.importing import ImportRefused
from dashboard.importing.mapping import recognise
from dashboard.importing.reading import open_sources
from dashboard.importing.templates import (
    Choices,
    choices,
    choices_of,
    columns_of,
    example,
    file_words,
    header_words,
    last_quarter,
    needed,
    notes,
    workbook,
)
from dashboard.schema import TABLES, Kind
from dashboard.warehouse import Warehouse, default_vocabulary
from tests.importing.test_reading import workbook as plain_workbook

NAMED = [
    {"department_id": "d01", "name": "县财政局", "name_en": "Finance"},
    *({"department_id": code, "name": "同名局", "name_en": ""} for code in ("d02", "d03")),
]


@pytest.fixture(params=["zh", "en"])
def lang(request) -> str:
    return request.param


@pytest.fixture
def given(lang) -> Choices:
    return choices(lang, default_vocabulary(), NAMED, quarter="2026Q3")


def cells(content: bytes, sheet: str) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python()


def test_every_sheet_of_every_template_is_recognised_as_its_table(lang, given, tmp_path):
    (tmp_path / "all.xlsx").write_bytes(workbook(list(TABLES), lang, given))
    sources = open_sources([tmp_path / "all.xlsx"], tmp_path)
    assert not sources.problems
    assert [recognise(sheet).table.name for sheet in sources.sheets] == list(TABLES)
    for sheet in sources.sheets:
        found = recognise(sheet)
        assert {source.header for source in found.columns.values()} == set(sheet.header)
    assert len(sources.skipped) == 2  # the two sheets that are no tables are named, not read


def test_a_template_with_nothing_but_its_example_is_refused_with_a_reason(office, lang, given):
    path = office.write("empty.xlsx", workbook(["complaints", "cases"], lang, given))
    assert [problem.code for problem in office.refused(path)] == ["only_examples"]


def test_what_is_filled_in_below_the_example_is_loaded_exactly(office, lang):
    """The rows that the examples themselves would be, without their mark, in every table."""
    mine = choices(
        lang, default_vocabulary(), [{"department_id": "d01", "name": "县财政局", "name_en": ""}], quarter="2026Q3"
    )
    rows = {}
    for name in TABLES:
        if name in ("vocabulary", "submissions", "stated_figures"):
            continue  # their texts are words of other tables
        columns = columns_of(TABLES[name], mine)
        head = [header_words(column, lang) for column in columns]
        values = [example(column, lang, mine) for column in columns]
        rows[name] = [head, ["示例：" + str(values[0]), *values[1:]], values]
    result = office.load(*(office.write(f"{name}.xlsx", plain_workbook((name, sheet))) for name, sheet in rows.items()))
    assert result.examples == len(rows)
    assert {name: table.loaded for name, table in result.tables.items()} == dict.fromkeys(rows, 1)
    (row,) = office.stored("complaints")
    assert (row["quarter"], row["department_id"], row["received"], row["closed"]) == ("2026Q3", "d01", 10, 10)
    assert office.stored("notices")[0]["issued_on"].isoformat() == "2026-07-10"


def test_the_example_is_known_by_the_beginning_of_its_first_filled_cell(office):
    table = "地区,季度,部门,渠道,类别,受理\n,示例：2026Q3,x,x,x,x\n"
    table += ",Example : 2026Q3,x,x,x,x\ncounty,2026Q3,d01,来信,办理超时,4\n"
    result = office.load(office.write("a.csv", table))
    assert (result.examples, result.tables["complaints"].rows) == (2, 1)
    # a word in another cell is no mark
    with pytest.raises(ImportRefused):
        office.load(office.write("b.csv", "季度,部门,渠道,类别,受理\n2026Q3,示例：甲,来信,办理超时,4\n"))


def test_a_list_offers_only_what_an_import_reads_and_totals_last(lang, given):
    assert given.departments == ["县财政局" if lang == "zh" else "Finance", "d02", "d03"]
    assert given.words["channel"][-1] in ("合计", "all")
    for words in given.words.values():
        assert len(set(words)) == len(words)


def test_a_template_has_a_note_and_a_list_or_a_limit_on_each_column(lang, given):
    content = workbook(["complaints"], lang, given)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        comments = archive.read("xl/comments1.xml").decode()
        book = archive.read("xl/workbook.xml").decode()
    columns = columns_of(TABLES["complaints"], given)
    assert comments.count("<comment ref") == len(columns)
    assert sheet.count("<dataValidation ") == sum(
        column.kind in (Kind.CODE, Kind.DEPARTMENT, Kind.COUNT) for column in columns
    )
    assert 'state="hidden"' in book
    assert cells(content, "投诉举报" if lang == "zh" else "complaints")[1][0] in ("示例：2026Q3", "Example: 2026Q3")


def test_a_note_says_type_unit_words_and_whether_it_must_be_filled(lang):
    given = choices("zh", default_vocabulary())
    table = TABLES["complaints"]
    said = "\n".join(notes(table, table.column("substantiated"), "zh", given))
    for words in ("substantiated", "整数", "单位：件", "不大于（不晚于）“办结”", "选填"):
        assert words in said
    assert "来信" in "\n".join(notes(table, table.column("channel"), "zh", given))
    assert needed(TABLES["powers"], TABLES["powers"].column("measure")) == "empty_is_none"
    assert needed(TABLES["cases"], TABLES["cases"].column("leads")) == "empty_allowed"


def test_every_number_has_a_unit():
    numbers = (Kind.COUNT, Kind.SCORE)
    assert not [c.name for table in TABLES.values() for c in table.columns if c.kind in numbers and not c.unit]


def test_the_region_is_asked_for_only_where_it_must_be_named(demo_folder):
    table = TABLES["complaints"]
    assert "region_id" not in [column.name for column in columns_of(table, choices("zh", default_vocabulary()))]
    demo = choices_of(Warehouse(demo_folder).current(), "zh")
    assert columns_of(table, demo)[0].name == "region_id"
    assert len(demo.departments) >= 60


def test_a_template_is_named_by_its_table():
    assert file_words(["complaints"], "zh") == "模板_投诉举报"
    assert file_words(list(TABLES), "en") == "template_every table"


def test_the_example_s_quarter_is_the_last_that_is_over():
    assert last_quarter(datetime.date(2026, 11, 28)) == "2026Q3"
    assert last_quarter(datetime.date(2026, 2, 1)) == "2025Q4"
