"""The ranking: order, groups, weights, what is left out, and the file of it."""

import io
import re

import pytest
from python_calamine import CalamineWorkbook

HOSTILE = {
    "A": ("<img src=x onerror=alert(1)>", 90, 25),
    "B": ('=HYPERLINK("http://x")', 80, 25),
    "C": ("税务局", 70, 25),
    "D": ("新设办", 60, 5),
}


@pytest.fixture(scope="module")
def small_app(make_office, make_app):
    return make_app(make_office(HOSTILE))


def csv_rows(app, search: str) -> list[list[str]]:
    answer = app.server.test_client().get(f"/download/ranking.csv{search}")
    assert answer.status_code == 200
    return [line.split(",") for line in answer.data.decode("utf-8-sig").splitlines()]


def test_departments_stand_in_the_order_of_their_scores(small_app, drawn, rows):
    assert rows(drawn(small_app, "/ranking")) == ["A", "B", "C"]


def test_who_has_too_few_ballots_is_listed_apart_with_the_reason(small_app, drawn):
    assert "新设办（测评维度或票数不足）" in drawn(small_app, "/ranking")


def test_a_name_from_the_data_is_text_and_nothing_else(small_app, drawn):
    page = drawn(small_app, "/ranking")
    assert "<img src=x onerror=alert(1)>" in page
    assert "dangerously_allow_html" not in page
    assert not re.findall(r'"(?:href|src)": "(?!/|#)', page)


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ({"sort": "value", "order": "asc"}, ["C", "B", "A"]),
        ({"order": "desc"}, ["C", "B", "A"]),
        ({"q": "税务"}, ["C"]),
        ({"q": "b"}, ["B"]),
    ],
)
def test_rows_follow_sort_and_search(small_app, drawn, rows, query, order):
    assert rows(drawn(small_app, "/ranking", **query)) == order


@pytest.mark.parametrize("sort", ["service", "gone"])
def test_a_column_that_is_not_there_falls_back_to_the_rank_with_a_notice(small_app, drawn, rows, sort):
    page = drawn(small_app, "/ranking", sort=sort, order="desc")
    assert f"这里不能按“{sort}”排序" in page
    assert rows(page) == ["A", "B", "C"]


def test_a_dimension_s_column_sorts_where_its_cells_are_drawn(demo_app, drawn, rows):
    page = drawn(demo_app, "/ranking", sort="service")
    scores = {row[2]: float(row[5]) for row in csv_rows(demo_app, "?indicator=dimension_score.service")[1:] if row[5]}
    assert "这里不能按" not in page
    assert [scores[key] for key in rows(page) if key in scores] == sorted(scores.values(), reverse=True)


def test_the_spread_of_a_few_departments_is_not_drawn(small_app, demo_app, drawn):
    assert "个标准差" not in drawn(small_app, "/ranking")
    assert "个标准差" in drawn(demo_app, "/ranking")


def test_those_with_the_same_score_share_a_place_and_say_so(make_office, make_app, drawn):
    app = make_app(make_office({"A": ("甲局", 90, 25), "B": ("乙局", 90, 25), "C": ("丙局", 80, 25)}))
    page = drawn(app, "/ranking", department="B")
    assert page.count("并列名次 1：") == 2 * 2  # two rows, each by its title and its label
    assert "并列名次 1（共 3 个）" in page


def test_only_places_of_scores_are_compared_with_last_quarter_s(demo_app):
    assert "名次变动" in csv_rows(demo_app, "?lang=zh")[0]
    assert "名次变动" not in csv_rows(demo_app, "?lang=zh&indicator=complaint_rate")[0]


def test_the_file_holds_the_values_behind_the_cells(demo_app):
    head, *lines = csv_rows(demo_app, "?lang=zh")
    column = head.index("服务质量")
    scores = {row[2]: row[5] for row in csv_rows(demo_app, "?indicator=dimension_score.service")[1:]}
    assert {row[2]: row[column] for row in lines if row[column]} == {k: v for k, v in scores.items() if v}


def test_a_file_by_own_weights_is_named_so(demo_app):
    weights = ",".join(f"{name}:{weight}" for name, weight in zip(DIMENSIONS, range(1, 7)))
    client = demo_app.server.test_client()
    own = client.get(f"/download/ranking.csv?lang=en&weights={weights}").headers["Content-Disposition"]
    assert "own weights" in own or "own%20weights" in own
    assert "own" not in client.get("/download/ranking.csv?lang=en").headers["Content-Disposition"]


def test_a_search_does_not_renumber_the_ranks(demo_app):
    everybody = {row[2]: row[1] for row in csv_rows(demo_app, "")}
    found = csv_rows(demo_app, "?q=%E9%95%87")
    assert 1 < len(found) < 20
    assert all(everybody[row[2]] == row[1] for row in found)


def test_ranks_restart_inside_a_peer_group(demo_app):
    assert [row[1] for row in csv_rows(demo_app, "?category=township")[1:4]] == ["1", "2", "3"]


def test_a_search_without_a_hit_says_so_and_offers_the_way_back(demo_app, drawn):
    page = drawn(demo_app, "/ranking", q="没有这样的部门")
    assert "没有符合条件的部门" in page
    assert "清除查找和同类组" in page


def test_an_indicator_without_data_names_the_missing_table(small_app, drawn):
    page = drawn(small_app, "/ranking", indicator="complaints_received")
    assert "没有“受理投诉举报”的数据" in page
    assert "投诉举报" in page
    assert "不等于零" in page


def test_lower_is_better_ranks_the_lowest_first(demo_app):
    listed = csv_rows(demo_app, "?indicator=complaint_rate&scope=region")[1:]
    values = [float(row[5]) for row in listed if row[1]]
    assert values == sorted(values)


def test_the_office_s_own_weights_typed_in_give_the_official_ranking(demo_app):
    equal = ",".join(f"{name}:10" for name in DIMENSIONS)
    official, typed = csv_rows(demo_app, ""), csv_rows(demo_app, f"?weights={equal}")
    assert [row[:7] for row in typed] == [row[:7] for row in official]


def test_other_weights_change_the_scores_and_say_so(demo_app, drawn):
    weights = "lawfulness:100," + ",".join(f"{name}:0" for name in DIMENSIONS[1:])
    dimension = csv_rows(demo_app, "?indicator=dimension_score.lawfulness")
    assert {row[2]: row[5] for row in csv_rows(demo_app, f"?weights={weights}")[1:]} == {
        row[2]: row[5] for row in dimension[1:]
    }
    assert "自定义权重，仅本页" in drawn(demo_app, "/ranking", weights=weights)
    assert "自定义权重，仅本页" not in drawn(demo_app, "/ranking")


def test_weights_for_dimensions_that_do_not_exist_are_refused_with_a_notice(demo_app, drawn):
    page = drawn(demo_app, "/ranking", weights="beauty:100")
    assert "网址里的权重与现有维度对不上" in page
    assert "自定义权重，仅本页" not in page


def test_weights_need_the_same_coverage_as_the_official_score(small_app):
    weights = ",".join(f"{name}:{weight}" for name, weight in zip(DIMENSIONS, range(1, 7)))
    row = next(row for row in csv_rows(small_app, f"?weights={weights}") if row[2] == "D")
    assert row[1] == row[5] == ""
    assert "测评维度或票数不足" in row


def test_the_file_holds_the_rows_shown_in_the_order_shown(demo_app, drawn, rows):
    query = {"q": "局", "sort": "name"}
    shown = rows(drawn(demo_app, "/ranking", **query))
    assert [row[2] for row in csv_rows(demo_app, "?q=%E5%B1%80&sort=name")[1:]] == shown


def test_the_file_is_marked_as_demonstration_in_its_name_and_in_each_row(demo_app):
    answer = demo_app.server.test_client().get("/download/ranking.csv?lang=zh")
    assert "%E6%BC%94%E7%A4%BA%E6%95%B0%E6%8D%AE.csv" in answer.headers["Content-Disposition"]  # 演示数据
    assert all(row[-1] == "演示数据" for row in csv_rows(demo_app, "")[1:])


def test_the_workbook_says_what_it_is(demo_app):
    weights = ",".join(f"{name}:{weight}" for name, weight in zip(DIMENSIONS, range(1, 7)))
    answer = demo_app.server.test_client().get(f"/download/ranking.xlsx?quarter=2026Q2&weights={weights}")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    notes = dict(book.get_sheet_by_name("说明").to_python()[1:])
    assert notes["数据性质"] == "演示数据"
    assert notes["季度"] == "2026年第二季度"
    assert notes["权重"].startswith("自定义，不是本单位权重：依法依规办事 1、服务质量 2")
    assert {"来源", "快照", "导出时间", "方法", "同类组"} <= notes.keys()


def test_a_department_s_name_cannot_run_in_a_spreadsheet(small_app):
    content = small_app.server.test_client().get("/download/ranking.csv").data.decode("utf-8-sig")
    assert "'=HYPERLINK" in content
    assert ',"=HYPERLINK' not in content


def test_there_is_nothing_to_download_before_the_first_import_or_for_another_page(empty_app, demo_app):
    assert empty_app.server.test_client().get("/download/ranking.csv").status_code == 404
    assert demo_app.server.test_client().get("/download/nothing.csv").status_code == 404
    assert demo_app.server.test_client().get("/download/ranking.exe").status_code == 404


DIMENSIONS = ("lawfulness", "service", "efficiency", "conduct", "policy_delivery", "integrity")
