"""The gaps page: which rows and columns stand where, what the drawer says of a cell, and the rows behind it."""

import csv
import io
import json
import re
from collections.abc import Callable

import pandas as pd
import pytest

from dashboard import warehouse
from dashboard.filters import Filters
from dashboard.i18n.text import translator
from dashboard.pages._matrix import is_concentrated

FLAGS = ["alert", "watch"]


@pytest.fixture
def said(drawn) -> Callable[..., list[str]]:
    """Every text of the page."""

    def read(app, **query) -> list[str]:
        found = re.findall(r'"((?:[^"\\]|\\.)*)"', drawn(app, "/gaps", **query))
        return [json.loads(f'"{text}"') for text in found]

    return read


@pytest.fixture(scope="module")
def gaps(demo_folder) -> pd.DataFrame:
    """What the rules say of the last quarter."""
    snapshot = warehouse.Warehouse(demo_folder).current()
    asked = dict.fromkeys(("region", "department", "rule", "statuses"))
    return snapshot.run("pages/gaps", **asked, quarter="2026Q3")


def departments(page: list[str]) -> list[str]:
    """Of the rows, from the top."""
    return [page[i + 1] for i, text in enumerate(page) if text == "data-department"]


def rules(page: list[str]) -> list[str]:
    return [page[i + 1] for i, text in enumerate(page) if text == "data-rule"]


def sheet(app, search: str = "", ending: str = "csv") -> list[dict[str, str]]:
    answer = app.server.test_client().get(f"/download/gaps.{ending}?lang=zh&{search}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


# --- the matrix ------------------------------------------------------------------------------------------------
def test_every_department_and_every_rule_stand_once_with_the_worst_first(demo_app, said, gaps):
    page = said(demo_app)
    shown = departments(page)
    assert sorted(shown) == sorted(gaps["department_id"].unique())
    assert sorted(rules(page)) == sorted(gaps["rule"].unique())
    counts = {
        department: ((part["status"] == "alert").sum(), (part["status"] == "watch").sum())
        for department, part in gaps.groupby("department_id")
    }
    assert [counts[name] for name in shown] == sorted(counts.values(), reverse=True)


def test_the_legend_and_the_changes_count_every_cell_and_are_filters(demo_app, said, gaps):
    page = said(demo_app)
    for status, words in (("alert", "预警"), ("watch", "关注"), ("no_data", "无数据")):
        at = page.index(f"/gaps?status={status}")
        assert f"{(gaps['status'] == status).sum():,}" in page[at : at + 40], words
    is_new = gaps["status"].isin(FLAGS) & ~gaps["previous"].isin(FLAGS)
    at = page.index("/gaps?status=new")
    assert str(is_new.sum()) in page[at : at + 20]


@pytest.mark.parametrize("status", ["flagged", "alert", "watch", "no_data", "new", "persisting", "closed"])
def test_a_state_leaves_the_rows_and_columns_that_have_it(demo_app, said, gaps, status):
    was, is_flag = gaps["previous"].isin(FLAGS), gaps["status"].isin(FLAGS)
    has = {
        "flagged": is_flag,
        "new": is_flag & ~was,
        "persisting": is_flag & (gaps["status"] == gaps["previous"]),
        "closed": was & (gaps["status"] == "ok"),
    }.get(status, gaps["status"] == status)
    page = said(demo_app, status=status)
    assert set(departments(page)) == set(gaps.loc[has, "department_id"])
    assert set(rules(page)) == set(gaps.loc[has, "rule"])
    if not has.any():
        assert "没有符合条件的部门" in page


def test_a_group_of_rules_a_department_or_a_rule_can_be_looked_for(demo_app, said):
    assert "supervision_vacuum" not in rules(said(demo_app, group="powers"))
    assert "a_risk_without_measure" in rules(said(demo_app, group="powers"))
    assert departments(said(demo_app, q="档案局")) == ["D09"]
    found = said(demo_app, q="督办逾期")
    assert rules(found) == ["tasks_overdue"]
    assert len(departments(found)) == 64
    nothing = said(demo_app, q="没有这样的名字")
    assert "没有符合条件的部门" in nothing
    assert departments(nothing) == []


def test_title_legend_and_changes_speak_of_what_was_searched_for(demo_app, said, gaps):
    own = gaps[gaps["department_id"] == "D09"]
    alerts = int((own["status"] == "alert").sum())
    page = said(demo_app, q="档案局")
    assert any(text.startswith("1 个部门中 1 个有预警，共 ") and f"共 {alerts} 项" in text for text in page)
    rest = "q=%E6%A1%A3%E6%A1%88%E5%B1%80"
    at = next(i for i, text in enumerate(page) if text.startswith("/gaps?") and rest in text and "status=alert" in text)
    assert str(alerts) in page[at : at + 40]
    assert f"{(gaps['status'] == 'alert').sum():,}" not in page[at : at + 40]
    is_persisting = own["status"].isin(FLAGS) & (own["status"] == own["previous"])
    at = next(i for i, text in enumerate(page) if rest in text and "status=persisting" in text)
    assert str(is_persisting.sum()) in page[at : at + 20]


def test_the_wall_says_in_words_what_its_hidden_controls_hold(demo_app, said):
    page = said(demo_app, view="icons", quarter="2026Q2", category="party", group="coverage", status="alert", q="局")
    assert "2026年第二季度、党群、A 监督缺位、预警、找“局”" in page
    assert "全部规则" in page  # the one way back
    assert "2026年第三季度" in said(demo_app, view="icons")


def test_within_a_group_the_rules_that_fire_more_come_first(demo_app, said, gaps):
    fires = gaps[gaps["status"].isin(FLAGS)]["rule"].value_counts()
    for group in ("coverage", "powers", "appraisal"):
        shown = [int(fires.get(rule, 0)) for rule in rules(said(demo_app, group=group))]
        assert shown == sorted(shown, reverse=True)


def test_the_first_quarter_has_nothing_to_be_compared_with(demo_app, said):
    assert "没有上一季的判断，说不出变化。" in said(demo_app, quarter="2023Q4")


def test_a_stale_link_is_told_what_is_not_there(demo_app, said):
    page = said(demo_app, rule="gone", department="gone", group="gone")
    assert "没有“gone”这条规则。" in page
    assert "现在的季度和同类组里没有部门“gone”。" in page
    assert "没有“gone”这个规则组。" in page
    assert len(departments(page)) == 64


def test_an_office_of_few_tables_is_told_what_is_flagged_and_what_nobody_can_judge(
    office_without_ballots, make_app, said
):
    page = said(make_app(office_without_ballots))
    assert "没有预警；3 个部门中 2 个有关注，共 2 项" in page
    assert "无数据" in page
    assert len(departments(page)) == 3


@pytest.mark.parametrize(("per_department", "is_so"), [([1] * 40, False), ([8] * 5 + [0] * 35, True), ([2] * 5, False)])
def test_few_departments_are_named_only_where_chance_would_rarely_do_it(per_department, is_so):
    rows = [
        {"department_id": f"d{number}", "rule": f"r{rule}", "status": "alert" if rule < alerts else "ok"}
        for number, alerts in enumerate(per_department)
        for rule in range(41)
    ]
    assert is_concentrated(pd.DataFrame(rows)) is is_so


# --- from five metres ------------------------------------------------------------------------------------------
def test_the_view_for_the_wall_has_no_drawer_and_only_departments_with_flags(demo_app, said, gaps):
    page = said(demo_app, view="icons", rule="supervision_vacuum", department="D09")
    assert "data-close" not in page
    assert "data-matrix" not in page
    named = [text for text in page if re.fullmatch(r"/gaps\?department=D\d+", text)]
    flagged = set(gaps.loc[gaps["status"].isin(FLAGS), "department_id"])
    assert 0 < len(named) <= 8
    assert {text[-3:] for text in named} <= flagged
    assert f"另有 {len(flagged) - len(named)} 个部门有提示。" in page


# --- the drawer ------------------------------------------------------------------------------------------------
def test_a_cell_opens_its_evidence(demo_app, said):
    page = said(demo_app, rule="supervision_vacuum", department="D09")
    assert "规则 1 · D1 §1.3 · 统计型（漏斗控制图）" in page
    (sentence,) = {text for text in page if text.startswith("汀澜县档案局：近四季投诉 14 件")}
    assert sentence.endswith("建议核查。")
    assert page[page.index("投诉（件）") : page.index("投诉（件）") + 12].count("14") == 1
    assert "监督活动（次）" in page
    assert any(text.startswith("2026年第") and "起连续" in text for text in page)
    assert sum(bool(re.fullmatch(r"20\d\d年第.季度：.+", text)) for text in page) == 2 * 12  # title and label
    assert any(text.startswith("能判断的 ") and "本规则触发" in text for text in page)
    assert "/rule?rule=supervision_vacuum" in page
    assert "/gaps?department=D09" in page
    assert "/ranking?department=D09" in page


def test_a_share_shows_its_interval_and_names_its_cause(demo_app, said):
    page = said(demo_app, rule="top_down_only", department="D20")
    at = page.index("95% 区间（件数有限）")
    assert any(re.fullmatch(r"\d+–\d+ %", text) for text in page[at : at + 12])


def test_a_deterministic_rule_has_no_interval(demo_app, said):
    page = said(demo_app, rule="tasks_overdue", department="D58")
    assert translator("zh")("matrix.interval.share") not in page


def test_one_steps_from_flag_to_flag_as_one_reads(demo_app, said):
    first = said(demo_app, status="alert")
    cells = [text for text in first if re.fullmatch(r"/gaps\?status=alert&rule=\w+&department=\w+", text)]
    assert cells
    query = dict(part.split("=") for part in cells[0].split("?")[1].split("&"))
    seen = []
    for _ in range(3):
        seen.append((query["rule"], query["department"]))
        page = said(demo_app, **query)
        at = [i for i, text in enumerate(page) if text == "data-step" and page[i + 1] == "next"]
        if not at:
            break
        link = next(text for text in reversed(page[: at[0]]) if text.startswith("/gaps?"))
        query = dict(part.split("=") for part in link.split("?")[1].split("&"))
        assert query["status"] == "alert", "the filter stays"
    assert len(set(seen)) == len(seen) > 1


def test_a_department_lists_every_flag_with_its_sentence(demo_app, said, gaps):
    own = gaps[(gaps["department_id"] == "D32") & gaps["status"].isin(FLAGS)]
    page = said(demo_app, department="D32")
    links = [text for text in page if re.fullmatch(r"/gaps\?rule=\w+&department=D32", text)]
    assert {re.search(r"rule=(\w+)", link)[1] for link in links} >= set(own["rule"])
    assert len(own) >= 3
    assert any(f"预警 {(own['status'] == 'alert').sum()} 项" in text for text in page)


def test_a_rule_lists_every_department_that_it_flags(demo_app, said, gaps):
    own = gaps[(gaps["rule"] == "tasks_overdue") & gaps["status"].isin(FLAGS)]
    page = said(demo_app, rule="tasks_overdue")
    assert sum("未结督办" in text and text.endswith("。") for text in page) >= len(own) > 0


def test_what_cannot_be_judged_says_why_in_the_drawer(office_without_ballots, make_app, said):
    page = said(make_app(office_without_ballots), rule="tasks_overdue", department="A")
    assert "甲局：无数据（缺督办事项）。" in page
    assert "本季无数据，不等于没有问题" in page


# --- the rows behind it ----------------------------------------------------------------------------------------
def test_the_rows_that_a_rule_points_at_are_marked_and_first(demo_app, demo_folder, said):
    snapshot = warehouse.Warehouse(demo_folder).current()
    asked = {"region": "tinglan", "quarter": "2026Q3", "department": "D58"}
    (gap,) = snapshot.run("pages/gaps", **asked, rule="tasks_overdue", statuses=None).to_dict("records")
    overdue = json.loads(gap["evidence"])["ids"]
    every = snapshot.run("rows/tasks", **asked, window=1)
    page = said(demo_app, rule="tasks_overdue", department="D58")
    assert f"督办事项：共 {len(every)} 行" in page
    assert f"● 规则所指 {len(overdue)} 行" in page
    lines = sheet(demo_app, "rule=tasks_overdue&department=D58")
    assert [line["事项编号"] for line in lines if line["标记"] == "规则所指"] == [
        line["事项编号"] for line in lines[: len(overdue)]
    ]
    assert {line["事项编号"] for line in lines[: len(overdue)]} == set(overdue)
    assert len(lines) == len(every)


def test_codes_stand_in_words_and_columns_in_the_office_s_own(demo_app):
    lines = sheet(demo_app, "rule=top_down_only&department=D20")
    assert {line["表"] for line in lines} == {"监督活动"}
    assert {line["方向"] for line in lines} <= {"自上而下", "自下而上", "同级", "外部"}
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\d", line["日期"]) for line in lines)


def test_ballots_are_never_listed(demo_app, said):
    page = said(demo_app, rule="low_and_not_improving", department="D32")
    assert "民主测评的选票从不逐张列出。" in page
    assert sheet(demo_app, "rule=low_and_not_improving&department=D32") == []


def test_the_file_without_a_cell_is_the_matrix_with_its_sentences(demo_app, gaps):
    lines = sheet(demo_app)
    assert len(lines) == len(gaps)
    alerts = [line for line in lines if line["状态"] == "预警"]
    assert len(alerts) == (gaps["status"] == "alert").sum()
    assert all(line["判断"].endswith("建议核查。") for line in alerts)
    assert len(sheet(demo_app, "status=alert")) == len(alerts)


def test_the_rows_of_a_department_that_took_over_another_are_of_both(demo_folder):
    snapshot = warehouse.Warehouse(demo_folder).current()
    every = snapshot.run("pages/known_departments")
    merged = every[every["successor"].notna()].iloc[0]
    asked = {"region": merged["region_id"], "department": merged["successor"], "window": 8}
    found = set()
    for quarter in snapshot.quarters:
        found |= set(snapshot.run("rows/supervision", **asked, quarter=quarter)["department_id"])
    assert {merged["department_id"], merged["successor"]} <= found


def test_every_filter_of_the_page_survives_the_address():
    for state in ("flagged", "new", "worse", "persisting", "eased", "closed", "lost"):
        assert Filters.from_search(f"?status={state}").status == state
