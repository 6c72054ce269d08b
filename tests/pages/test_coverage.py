"""The coverage calendar: a blank cell is one only where somebody kept the register and the department stood."""

import csv

import pytest

from tests.pages import supervised


@pytest.fixture(scope="module")
def office(tmp_path_factory, make_app):
    folders = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("office")
    return make_app(supervised.imported(*folders))


def sheet(app, search: str = "") -> dict[str, dict[str, str]]:
    answer = app.server.test_client().get(f"/download/coverage.csv?lang=zh{search}")
    assert answer.status_code == 200
    return {row["部门编码"]: row for row in csv.DictReader(answer.data.decode("utf-8-sig").splitlines())}


def cells(row: dict[str, str]) -> list[str]:
    return [row[quarter] for quarter in supervised.QUARTERS]


def test_who_had_none_in_four_quarters_is_named_in_the_title(office, drawn):
    page = drawn(office, "/coverage")
    assert "一个部门近四季没有任何监督活动：甲局" in page
    assert "其中不在重点监督名单、四季仍有投诉的：甲局（14 件）" in page
    assert "One without any supervision in four quarters: 甲局" in drawn(office, "/coverage", lang="en")


def test_a_quarter_in_which_nobody_kept_the_register_is_no_blank(office, drawn):
    rows = sheet(office)
    assert cells(rows["A"]) == ["未登记", "20", "0", "0", "0", "0"]
    assert cells(rows["B"]) == ["未登记", "10", "10", "10", "10", "10"]
    assert "2025年第二季度全地区没有登记监督活动：不是没有监督，不计入空白。" in drawn(office, "/coverage")
    assert rows["A"]["已空白季数"] == "4"


def test_a_department_that_did_not_stand_has_no_blank_and_one_that_follows_another_has_its_records(office):
    rows = sheet(office)
    assert cells(rows["E"]) == ["未设立", "未设立", "未设立", "未设立", "0", "3"]
    assert cells(rows["C"]) == ["未登记", "1", "1", "1", "1", "1"]
    assert "D" not in rows
    assert (rows["C"]["已空白季数"], rows["E"]["近四季次数"]) == ("0", "3")


def test_the_longest_without_stand_at_the_top_and_a_column_sorts_otherwise(office):
    assert list(sheet(office)) == ["A", "B", "C", "E"]  # B draws complaints
    assert list(sheet(office, "&sort=key")) == ["B", "A", "C", "E"]
    assert list(sheet(office, "&q=戊")) == ["E"]


def test_one_method_has_its_own_blanks(office, drawn):
    rows = sheet(office, "&method=audits")
    assert cells(rows["A"])[1:] == ["10", "0", "0", "0", "0"]
    assert rows == sheet(office, "&method=audit")
    page = drawn(office, "/coverage", method="talks")
    assert "四个部门近四季没有谈话：" in page
    assert rows["B"]["近四季次数"] == "20"


def test_months_show_the_same_activities(office):
    rows = sheet(office, "&view=months")
    months = [value for name, value in rows["B"].items() if len(name) == 7 and name[4] == "-"]
    assert months == ["10", "0", "0"] * 4
    assert (
        len([name for name in sheet(office, "&view=two_years")["B"] if name[4:5] == "-"]) == 18
    )  # since the figures begin


def test_a_cell_opens_its_activities_as_rows(office, drawn):
    page = drawn(office, "/coverage", department="B", period="2026Q3")
    assert "乙局 2026年第三季度：监督活动 10 次" in page
    assert page.count("活动编号 B-2026Q3-") == 10
    assert "活动编号 B-2026Q2-" not in page
    assert drawn(office, "/coverage", department="C", period="2025Q4").count("活动编号 D-2025Q4-0") == 1


@pytest.mark.parametrize(
    ("department", "period", "why"),
    [
        ("A", "2026Q1", "所以空白是真的空白"),
        ("A", "2025Q2", "不知道有没有监督"),
        ("E", "2025Q4", "这一时期部门尚未设立"),
    ],
)
def test_a_cell_without_rows_says_why(office, drawn, department, period, why):
    assert why in drawn(office, "/coverage", department=department, period=period)


def test_methods_that_nobody_used_are_named(office, drawn):
    page = drawn(office, "/coverage")
    assert "近 6 季从未使用的监督方式：" in page
    assert "家访" in page


def test_without_a_register_nothing_is_called_a_blank(tmp_path, make_app, drawn):
    source, folder = tmp_path / "files", tmp_path / "office"
    source.mkdir()
    page = drawn(make_app(supervised.imported(source, folder, rows=[])), "/coverage")
    assert "没有“日历”的数据" in page
    assert "没有数据不等于没有问题" in page
    assert "没有任何监督活动：" not in page


def test_the_county_s_planted_blanks_stand_at_the_top(demo_app, drawn):
    page = drawn(demo_app, "/coverage")
    assert "两个部门近四季没有任何监督活动：档案局、燃气公司" in page
    named = [who for name in ("档案局", "燃气公司") for who in sheet(demo_app, f"&q={name}")]
    assert list(sheet(demo_app))[:2] == named


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "query",
    [{}, {"view": "months"}, {"view": "two_years", "method": "external"}, {"quarter": "2023Q4"}, {"method": "gold"}],
    ids=str,
)
def test_the_page_opens_in_every_view(demo_app, drawn, lang, query):
    page = drawn(demo_app, "/coverage", lang=lang, department="D14", period="2026Q2", **query)
    assert "coverage-body" in page
    assert "nan" not in page.lower().replace("finance", "").split('"')
