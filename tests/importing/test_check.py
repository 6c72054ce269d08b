"""A sheet against its table: every problem at once, with its place; and no personal data, not even in a message."""

import pytest

from dashboard.i18n.text import texts, translator
from dashboard.importing import ImportRefused
from dashboard.importing.run import ROW_CODES

HEADER = "quarter,month,department_id,channel,category,received,closed,rated,dissatisfied\n"


def problems(office, *rows: str, header: str = HEADER) -> list[tuple]:
    found = office.refused(office.write("a.csv", header + "".join(f"{row}\n" for row in rows)))
    return [(problem.code, problem.row, problem.column) for problem in found]


def test_all_problems_are_reported_at_once_with_their_places(office):
    rows = [
        "2026Q5,,d01,letter,delay,1,1,,",
        "2026Q3,,d09,lettre,delay,-1,x,,",
        "2026Q3,,d01,letter,delay,,1,,",
        "2026Q3,2026-01,d01,letter,delay,1,1,,",
        "2026Q3,,d01,letter,delay,1,1,2,3",
    ]
    assert sorted(problems(office, *rows), key=lambda p: (p[1], p[0])) == [
        ("not_a_quarter", 2, "quarter"),
        ("negative_count", 3, "received"),
        ("not_a_count", 3, "closed"),
        ("unknown_department", 3, "department_id"),
        ("unknown_value", 3, "channel"),
        ("empty", 4, "received"),
        ("month_outside_quarter", 5, "month"),
        ("more_than_whole", 6, "dissatisfied"),
    ]


def test_every_problem_is_counted_and_many_are_kept(office):
    rows = "".join("2026Q3,d01,来信,办理超时,x\n" for _ in range(12_000))
    path = office.write("a.csv", "季度,部门,渠道,类别,受理\n" + rows)
    with pytest.raises(ImportRefused) as refusal:
        office.load(path)
    assert (refusal.value.problems.total, len(refusal.value.problems.kept)) == (12_000, 10_000)


def test_months_and_a_whole_quarter_of_one_department_are_refused(office):
    rows = ["2026Q3,2026-07,d01,letter,delay,1,1,,", "2026Q3,,d01,visit,delay,1,1,,", "2026Q3,,d02,visit,delay,1,1,,"]
    assert problems(office, *rows) == [("mixed_grain", None, "month")]
    office.load(office.write("a.csv", HEADER + rows[0] + "\n"))
    assert problems(office, rows[1]) == [("mixed_grain", None, "month")]


def test_a_monthly_file_needs_no_quarter(office):
    text = "月份,部门,渠道,类别,受理\n2026年7月,d01,来信,办理超时,3\n202610,d01,来信,办理超时,4\n"
    office.load(office.write("a.csv", text))
    assert [(row["quarter"], row["month"]) for row in office.stored("complaints")] == [
        ("2026Q3", "2026-07"),
        ("2026Q4", "2026-10"),
    ]


def test_personal_columns_are_refused_by_name_also_in_files_of_no_table(office):
    found = problems(office, "2026Q3,d01,来信,办理超时,1,张三", header="季度,部门,渠道,类别,受理,投诉人姓名\n")
    assert found == [("personal_header", 1, "投诉人姓名")]
    found = office.refused(office.write("b.csv", "甲,联系电话\n1,2\n"))
    assert [p.code for p in found] == ["personal_header", "unknown_table"]


def test_a_personal_column_hides_no_other_fault_neither_of_its_file_nor_of_another(office):
    first = office.write("a.csv", "季度,部门,渠道,类别,受理,投诉人姓名\n2026Q3,d01,来信,办理超时,许多,张三\n")
    second = office.write("b.csv", HEADER + "2026Q9,2026-07,d01,letter,delay,5,4,3,2\n")
    found = [(p.code, p.file, p.row, p.found) for p in office.refused(first, second)]
    assert ("personal_header", "a.csv", 1, "") in found
    assert any((file, row, value) == ("a.csv", 2, "许多") for _, file, row, value in found)
    assert any((file, row, value) == ("b.csv", 2, "2026Q9") for _, file, row, value in found)
    assert not any("张三" in value for *_, value in found)


def test_personal_numbers_are_refused_in_any_column_and_never_repeated(office):
    numbers = ("13800138000", "11010519491231002X")
    for place in range(9):
        for number in numbers:
            row = ["2026Q3", "2026-07", "d01", "letter", "delay", "5", "4", "3", "2"]
            row[place] = number
            found = office.refused(office.write("a.csv", HEADER + ",".join(row) + "\n"))
            assert found[0].code == "personal_value"
            assert number not in repr(found)


def test_nothing_is_empty_and_do_not_know_is_no_ballot(office):
    rows = ["r1,80", "r2,不了解", "r3,", "r4,—", "r5,0"]
    text = "季度,部门,测评人,维度,得分\n" + "".join(f"2026Q3,d01,{row.replace(',', ',服务质量,')}\n" for row in rows)
    result = office.load(office.write("a.csv", text))
    assert [(row["rater_id"], row["score"]) for row in office.stored("evaluations")] == [("r1", 80), ("r5", 0)]
    assert result.tables["evaluations"].not_cast == 3


def test_departments_of_two_regions_are_told_apart(office):
    text = "region_id,department_id,name,category\nnorth,d01,北财政局,政府\nsouth,d01,南财政局,政府\n"
    office.load(office.write("d.csv", text))
    header = "region_id,quarter,department_id,channel,category,received\n"
    office.load(
        office.write("a.csv", header + "north,2026Q3,北财政局,来信,办理超时,1\nsouth,2026Q3,d01,来信,办理超时,2\n")
    )
    assert [(row["region_id"], row["department_id"], row["received"]) for row in office.stored("complaints")] == [
        ("north", "d01", 1),
        ("south", "d01", 2),
    ]
    (problem,) = office.refused(office.write("b.csv", header + "south,2026Q3,北财政局,来信,办理超时,1\n"))
    assert (problem.code, problem.nearest) == ("unknown_department", "南财政局")


def test_every_problem_has_its_words_in_both_languages(office):
    found = office.refused(office.write("a.csv", HEADER + "2026Q3,,财证局,letter,delay,x,1,,\n"))
    said = [f"{p.place(translator('en'))}: {p.sentence(translator('en'))}" for p in found]
    where, whom = "a.csv, row 2, column 'department_id'", "the table of departments of region 'county'"
    assert f"{where}: '财证局' is not in {whom}. Nearest: 财政局." in said
    for lang in ("zh", "en"):
        for code in ROW_CODES:
            assert f"problem.{code}" in texts(lang) and f"problem.short.{code}" in texts(lang)
