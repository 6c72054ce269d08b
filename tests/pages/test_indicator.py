"""The page of one indicator: its definition, what it stands on, who lies outside; and the list of all."""

import csv
import json
import re
import shutil
from collections.abc import Callable

import pytest

from dashboard import catalog, methods
from dashboard.statistics.intervals import poisson_interval, wilson
from tests.pages.office import CLOSED, LAST, QUARTERS, STAFF, received

INDICATORS = catalog.indicators(catalog.load_catalog())


@pytest.fixture(scope="module")
def office(nine_departments, tmp_path_factory, make_app):
    return make_app(shutil.copytree(nine_departments, tmp_path_factory.mktemp("indicator") / "office"))


@pytest.fixture
def said(drawn) -> Callable[..., list[str]]:
    """Every text of the page, its drawings included, without marks."""

    def read(app, path: str = "/indicator", **query) -> list[str]:
        found = re.findall(r'"((?:[^"\\]|\\.)*)"', drawn(app, path, **query))
        return [re.sub(r"<[^>]*>", "", json.loads(f'"{text}"')) for text in found]

    return read


def total(quarter: str) -> int:
    return sum(received(key, quarter) for key in STAFF)


def sheet(app, search: str) -> list[dict[str, str]]:
    answer = app.server.test_client().get(f"/download/indicator.csv?lang=zh{search}")
    assert answer.status_code == 200
    return list(csv.DictReader(answer.data.decode("utf-8-sig").splitlines()))


# --- the list of all -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_a_name_the_page_lists_every_indicator_with_its_definition(office, said, lang):
    page = said(office, lang=lang)
    for query in INDICATORS.values():
        header = query.header
        assert header["title"][lang] in page
        definition = header.get("formula", header["numerator"])[lang]
        assert any(definition in text for text in page), query.short_name


def test_the_list_shows_the_region_s_value_and_no_data_where_there_is_none(office, said):
    page = said(office)
    page = page[page.index("怎么算") :]
    assert f"{total(LAST)} 件" in page[page.index("受理投诉举报") : page.index("查实率")]
    assert "无数据" in page[page.index("综合得分") : page.index("年度考核得分")]


def test_an_indicator_that_does_not_exist_is_named_and_the_list_is_shown(office, said):
    page = said(office, indicator="nonsense")
    assert "没有“nonsense”这个指标。下面是全部指标。" in page
    assert "查实率" in page


def test_the_list_as_a_file_is_a_dictionary_of_all_indicators(office):
    rows = {row["代码"]: row for row in sheet(office, "")}
    assert set(INDICATORS) <= {code.split(".")[0] for code in rows}
    assert rows["complaint_rate"]["分母"] == INDICATORS["complaint_rate"].header["denominator"]["zh"]
    assert rows["complaints_received"]["本季"] == str(total(LAST))


# --- what it is ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", [name for name in INDICATORS if name not in ("composite_score", "dimension_score")])
def test_a_page_carries_what_the_header_says(office, said, name, lang):
    header = INDICATORS[name].header
    page = said(office, indicator=name, lang=lang)
    for key in ("title", "why", "numerator", "caveats"):
        assert header[key][lang] in page
    assert ("denominator" in header) == (header.get("denominator", {}).get(lang) in page)
    assert header["source"] in page


def test_the_composite_has_its_page_under_its_plain_name_too(office, said):
    for name in ("composite_score", "composite_score.composite"):
        page = said(office, indicator=name)
        assert INDICATORS["composite_score"].header["caveats"]["zh"] in page
        assert "2026年第三季度没有“综合得分”的数据" in page


def test_tables_say_whether_they_are_there_and_of_when(office, said):
    assert "投诉举报：有，2025年第一季度至2026年第三季度" in said(office, indicator="complaint_rate")
    assert "监督活动：没有。缺表是无数据，不是没有问题" in said(office, indicator="supervision_activities")


# --- what it stands on -----------------------------------------------------------------------------------------
def test_the_region_s_rate_is_the_sum_of_the_counts_over_the_sum_of_the_staff(office, said):
    staff = sum(STAFF.values())
    low, high = (float(end) * 100 / staff for end in poisson_interval(total(LAST)))
    page = said(office, indicator="complaint_rate")
    assert f"{100 * total(LAST) / staff:.1f}" in page
    assert f"{total(LAST)} / {staff:,}" in page
    assert f"95% 区间 {low:.1f}–{high:.1f} 件/百人" in page
    assert "9 个，共 9 个" in page


def test_departments_are_compared_over_the_window_that_is_named(office, said):
    year = sum(total(quarter) for quarter in QUARTERS[-4:])
    page = said(office, indicator="complaint_rate")
    assert f"近 4 个季度合计（2025年第四季度至2026年第三季度）：{year} / {sum(STAFF.values()):,}" in page
    assert "只用本季" in said(office, indicator="complaint_rate", window="1")


def test_a_share_has_wilson_s_interval_and_counts_only_those_with_a_base(office, said):
    closed, in_time = (sum(pair[i] for pair in CLOSED.values()) for i in (0, 1))
    low, high = (100 * float(end) for end in wilson(in_time, closed))
    page = said(office, indicator="on_time_share", window="1")
    assert f"{in_time} / {closed}" in page
    assert f"95% 区间 {low:.1f}–{high:.1f} %" in page
    assert "3 个，共 9 个" in page
    assert any(text.startswith("没有数的部门（6）") for text in page)


def test_the_target_of_the_settings_is_named_and_not_judged_on_too_few_quarters(office, said):
    assert "90%：季度不足，不判断" in said(office, indicator="on_time_share")


def test_the_region_s_chart_calls_ordinary_movement_noise(office, said):
    page = said(office, indicator="complaints_received")
    assert any(text.endswith(f"{total(LAST)} 件：正常波动，没有真实变化") for text in page)
    assert "暂定控制限" in " ".join(page)  # seven quarters


def test_a_stock_is_never_added_up_over_quarters(office, said):
    page = said(office, indicator="overdue_tasks", window="4")
    assert "季末的存量，只用本季，不跨季相加" in page
    assert "1 项" in page
    assert {row["窗口"] for row in sheet(office, "&indicator=overdue_tasks")} == {"1"}


def test_what_nobody_is_judged_by_names_nobody(office, said):
    page = said(office, indicator="complaints_received")
    assert "不判断部门高低" in page
    assert "每点一个部门。未按业务量或人员折算，不能拿来比较部门" in page


# --- who ------------------------------------------------------------------------------------------------------
def test_who_lies_outside_is_named_with_its_counts_and_nobody_else(office, said):
    year = sum(received("A", quarter) for quarter in QUARTERS[-4:])
    page = said(office, indicator="complaint_rate", scope="region")
    table = page[page.index("在控制限之外的部门") : page.index("各部门自己的变化")]
    assert "甲局" in table
    assert f"{year}/{STAFF['A']}" in table
    assert "高于 99.8% 上限，建议核查" in table
    assert "丁局" not in table
    assert any("也会有至多约 0.9 个" in text for text in table)  # 5 % of nine on either side


def test_the_file_has_every_department_with_its_limits(office):
    rows = {row["部门"]: row for row in sheet(office, "&indicator=complaint_rate&scope=region&window=4")}
    assert len(rows) == 9
    high = rows["甲局"]
    assert float(high["分子"]) == sum(received("A", quarter) for quarter in QUARTERS[-4:])
    assert float(high["投诉率（每百名工作人员）（件/百人）"]) > float(high["99.8% 上限"])
    assert high["判断"] == "高于 99.8% 上限，建议核查"
    assert rows["戊局"]["分子"] in ("0", "0.0")


# --- how ------------------------------------------------------------------------------------------------------
def test_the_methods_used_are_explained_and_linked(office, said):
    page = said(office, indicator="complaint_rate")
    rules = methods.rules_of({"fewest_peers": 8, "fewest_dimensions": 0.66, "fewest_ballots": 20, "red_line": 60.0})
    funnel = next(method for method in methods.METHODS if method.code == "funnel")
    assert funnel.plain("zh", rules) in page
    assert "/methods#funnel" in page
    assert "件数的漏斗控制图，泊松区间 · 第 1 版" in page
    assert "/ranking?indicator=complaint_rate" in page


def test_an_empty_office_says_so(empty_app, said):
    assert "还没有导入数据" in said(empty_app, indicator="complaint_rate")


def test_the_overview_s_figures_lead_to_their_definitions(office, said):
    page = said(office, path="/")
    assert "/indicator?indicator=complaints_received" in page
    numerator = INDICATORS["complaints_received"].header["numerator"]["zh"]
    assert f"受理投诉举报是什么：{numerator}，相加" in page
    assert "/indicator?indicator=composite_score.composite" in page


def test_the_ranking_s_side_card_leads_to_the_definition(office, said):
    page = said(office, path="/ranking", indicator="complaint_rate", department="A")
    assert "/indicator?indicator=complaint_rate" in page


# --- one department --------------------------------------------------------------------------------------------
def test_the_chart_over_time_is_of_the_department_that_the_address_names(demo_app, drawn):
    page = drawn(demo_app, "/indicator", indicator="complaint_rate", department="D09")
    assert "汀澜县档案局 66.7 件/百人：真实变差（超出自然波动范围）" in page
    assert "改看汀澜县的走势" in page
    assert "档案局 66.7" not in drawn(demo_app, "/indicator", indicator="complaint_rate")


def test_a_department_that_does_not_exist_leaves_the_chart_of_all(demo_app, drawn):
    page = drawn(demo_app, "/indicator", indicator="complaint_rate", department="gone")
    assert "这里没有编码为“gone”的部门" in page
    assert "汀澜县 3.6 件/百人" in page


def test_a_count_that_signals_is_not_called_too_few_on_the_departments_own_chart(demo_app, drawn):
    page = drawn(demo_app, "/indicator", indicator="overdue_tasks", department="D58")
    assert "4 项：真实变差" in page
