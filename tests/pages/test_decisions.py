"""Decisions and tasks: shares with their intervals, what is not reported, and what is past its date when."""

import csv
import json
import re
from collections.abc import Callable

import pytest

from dashboard.pages._decisions import line_of
from dashboard.statistics.intervals import wilson
from tests.pages.test_cases import imported

HEAD = (
    *("quarter", "department_id", "kind", "total", "collective", "voted", "single_signature", "attended"),
    *("asked_in_writing", "open_tender", "risk_assessed", "published"),
)
ROWS = [
    ("2024Q3", "A", "major_decision", 10, 10, 9, 0, 10, "", "", 10, 10),
    ("2024Q4", "A", "major_decision", 20, 18, 18, 1, 19, "", "", 20, 19),
    ("2024Q4", "A", "appointment", 5, 5, 5, 0, 5, 4, "", 5, 5),
    ("2024Q4", "A", "purchase", 10, 10, 10, 0, 10, "", 9, 10, 10),
    ("2024Q3", "B", "major_decision", 20, 8, 8, 12, 10, "", "", 20, 20),
    ("2024Q4", "B", "major_decision", 20, 8, 8, 12, 10, "", "", 20, 20),
]
TASK_HEAD = ("task_id", "department_id", "kind", "title", "phase", "issued_on", "due_on", "closed_on", "published")
TASKS = [
    ("t1", "A", "task", "修路", "", "2024-01-10", "2024-09-20", "2024-10-05", "true"),  # closed late, in Q4
    ("t2", "A", "task", "清账", "", "2024-05-10", "2024-12-20", "2024-12-01", "true"),
    ("t3", "B", "task", "整改", "", "2024-05-10", "2024-09-01", "", "false"),
    ("t4", "B", "task", "建章", "", "2024-11-10", "2024-12-11", "", "true"),
    ("t5", "B", "task", "验收", "", "2024-11-10", "2025-06-30", "", "true"),
    ("t6", "C", "plan", "排查", "1", "2024-05-10", "2024-10-30", "2024-10-30", "true"),
    ("t7", "C", "plan", "定措施", "2", "2024-05-10", "2024-11-30", "", "true"),
    ("t8", "C", "plan", "检查", "3", "2024-05-10", "2025-03-31", "", "true"),
]
FACTS = (("quarter", "department_id", "staff"), [(q, d, 20) for q in ("2024Q3", "2024Q4") for d in "ABC"])
FILES = {"decisions": (HEAD, ROWS), "tasks": (TASK_HEAD, TASKS), "department_facts": FACTS}


@pytest.fixture(scope="module")
def office(tmp_path_factory, make_app):
    return make_app(imported(tmp_path_factory.mktemp("decisions"), **FILES))


@pytest.fixture
def said(drawn) -> Callable[..., list[str]]:
    """Every text of the page, its drawings included, without marks."""

    def read(app, **query) -> list[str]:
        found = re.findall(r'"((?:[^"\\]|\\.)*)"', drawn(app, "/decisions", **query))
        return [re.sub(r"<[^>]*>", "", json.loads(f'"{text}"')) for text in found]

    return read


def sheet(app, search: str = "") -> list[dict[str, str]]:
    answer = app.server.test_client().get(f"/download/decisions.csv?lang=zh{search}")
    assert answer.status_code == 200
    return list(csv.DictReader(answer.data.decode("utf-8-sig").splitlines()))


def interval(x: float, n: float) -> str:
    low, high = (100 * float(end) for end in wilson(x, n))
    return f"95% 区间 {low:.1f}–{high:.1f}%"


# --- decisions -------------------------------------------------------------------------------------------------
def test_the_title_says_how_matters_were_decided_over_the_window(office, said):
    page = said(office)
    # 85 matters of two departments: 59 collective, 58 voted on, 64 attended, 25 signed by one
    assert "county“三重一大”85 项：集体决策 69.4%，票决 68.2%，派员列席 75.3%，一支笔 29.4%" in page
    assert f"集体决策：59/85（69.4%，{interval(59, 85)}）" in page


def test_one_quarter_alone_counts_its_own_matters(office, said):
    assert f"集体决策：41/55（74.5%，{interval(41, 55)}）" in said(office, window="1")


def test_a_small_number_of_matters_is_written_as_counts(office, said):
    page = said(office, department="A")
    assert "甲局“三重一大”45 项：集体决策 43/45，票决 42/45，派员列席 44/45，一支笔 1/45" in page


def test_asked_in_writing_is_of_appointments_and_open_tender_of_purchases_only(office, said):
    page = said(office)
    assert f"书面征求意见：4/5（80.0%，{interval(4, 5)}）" in page
    assert f"公开招标：9/10（90.0%，{interval(9, 10)}）" in page
    assert page.count("不适用") == 4  # of three kinds two ask not in writing, two for no tender


def test_a_kind_narrows_the_counts(office, said):
    assert "county“三重一大”5 项：集体决策 5/5，票决 5/5，派员列席 5/5，一支笔 0/5" in said(office, kind="appointment")
    assert "没有“gone”这一类事项，显示全部。" in said(office, kind="gone")


def test_the_worst_comes_first_and_who_did_not_report_says_so(office, drawn, said):
    page = drawn(office, "/decisions")
    rows = page[page.index("of-departments") - 20_000 :]
    assert rows.index('"title": "乙局"') < rows.index('"title": "甲局"')
    assert "无数据：窗口内没有报送“三重一大”报表" in said(office)
    assert "窗口应有 4 个季度，只有 2 个季度的数据。" in said(office)


def test_the_rules_statuses_stand_beside_the_shares(office, said):
    page = said(office)
    assert any(text.startswith("乙局：") and "签" in text for text in page)
    assert any(re.fullmatch("一支笔：预警 乙局", text) for text in page)


def test_a_column_that_the_files_lack_is_no_data(tmp_path, make_app, said):
    kept = [i for i, name in enumerate(HEAD) if name not in ("open_tender", "asked_in_writing")]
    head, rows = tuple(HEAD[i] for i in kept), [tuple(row[i] for i in kept) for row in ROWS]
    app = make_app(imported(tmp_path, decisions=(head, rows), department_facts=FACTS))
    assert "无数据（缺列）" in said(app)
    assert not any(text.startswith("公开招标：") for text in said(app))


def test_a_line_is_the_threshold_of_the_measure_or_the_only_one_of_the_rule():
    both = {"collective_watch": 95, "collective_alert": 80, "voted_watch": 70, "voted_alert": 50}
    assert line_of(both, "voted", "watch") == 70
    assert line_of({"watch": 10, "alert": 25}, "single_signature", "alert") == 25
    assert line_of({}, "attended", "watch") is None


def test_the_file_has_each_department_and_kind_with_interval(office):
    rows = {(row["部门编码"], row["事项"]): row for row in sheet(office)}
    one = rows["A", "全部"]
    low, high = (100 * float(end) for end in wilson(43, 45))
    assert (one["集体决策·分子"], one["集体决策·分母"], one["集体决策（%）"]) == ("43", "45", "95.6")
    assert (one["集体决策·95% 区间下端"], one["集体决策·95% 区间上端"]) == (f"{low:.1f}", f"{high:.1f}")
    assert rows["A", "重大决策"]["书面征求意见（%）"] == ""
    assert rows["C", "全部"]["集体决策（%）"] == ""
    assert rows["C", "全部"]["备注"] == "窗口内没有报送“三重一大”报表"


# --- tasks -----------------------------------------------------------------------------------------------------
def test_overdue_is_what_was_open_past_its_date_at_the_quarter_s_end(office, said):
    page = said(office, view="tasks")
    # t3 since 1 September, t7 since 30 November, t4 since 11 December
    assert "3 件督办事项逾期，涉及 2 个部门；最长 121 天（乙局）" in page
    assert {"逾期 121 天", "逾期 31 天", "逾期 20 天"} <= set(page)
    earlier = said(office, view="tasks", quarter="2024Q3")
    assert "2 件督办事项逾期，涉及 2 个部门；最长 29 天（乙局）" in earlier  # t1 was closed a week later
    assert "逾期 10 天" in earlier


def test_overdue_tasks_are_sorted_by_how_long(office, said):
    page = said(office, view="tasks")
    for bucket, count in (("逾期 1–30 天", "1"), ("逾期 31–90 天", "1"), ("逾期 90 天以上", "1")):
        assert page[page.index(bucket) : page.index(bucket) + 12].count(count) == 1


def test_closed_in_time_is_of_all_that_were_due_also_of_those_still_open(office, said):
    page = said(office, view="tasks")
    assert "2/6" in page  # t2 and t6, of t1 t2 t3 t4 t6 t7
    assert page[page.index("逾期后办结（件）") :][:12].count("1") == 1


def test_a_plan_s_phases_say_what_is_done_open_and_overdue(office, said):
    page = said(office, view="tasks")
    assert "三步走方案：3 件任务办结 1 件，逾期 1 件" in page
    assert {"第 1 阶段", "按时办结 1 件", "逾期 1 件", "未到期 1 件"} <= set(page)


def test_the_rule_s_status_stands_beside_the_department(office, said):
    assert any(
        text.startswith("乙局：未结督办 3 件，逾期 2 件，最长逾期 121 天。") for text in said(office, view="tasks")
    )


def test_a_department_and_a_kind_narrow_the_tasks_and_the_file(office, said):
    assert "1 件督办事项逾期，涉及 1 个部门；最长 31 天（丙局）" in said(office, view="tasks", department="C")
    rows = sheet(office, "&view=tasks&kind=plan")
    assert [(row["事项编号"], row["状态"]) for row in rows] == [("t7", "逾期"), ("t6", "按时办结"), ("t8", "未到期")]
    assert [row["逾期（天）"] for row in sheet(office, "&view=tasks&department=B")] == ["121", "20", "0"]


def test_without_a_day_of_closing_nothing_is_called_overdue(tmp_path, make_app, said):
    kept = [i for i, name in enumerate(TASK_HEAD) if name != "closed_on"]
    tasks = tuple(TASK_HEAD[i] for i in kept), [tuple(row[i] for i in kept) for row in TASKS]
    app = make_app(imported(tmp_path, tasks=tasks, department_facts=FACTS))
    page = said(app, view="tasks")
    assert any(text.startswith("报表缺“办结日期”一列，看不出哪些事项逾期") for text in page)
    assert not any(re.search(r"逾期 \d+ 天|件督办事项逾期", text) for text in page)
    assert {row["状态"] for row in sheet(app, "&view=tasks")} == {""}


def test_an_office_without_either_table_says_what_is_missing(office_without_ballots, make_app, said):
    app = make_app(office_without_ballots)
    assert "没有“三重一大决策”的数据" in " ".join(said(app))
    assert "没有“督办事项”的数据" in " ".join(said(app, view="tasks"))


# --- the demonstration county ----------------------------------------------------------------------------------
def test_the_county_s_planted_departments_are_found(demo_app, said):
    page = said(demo_app)
    assert {"一支笔：预警 机关事务中心，关注 龙湾镇", "事前介入不足：预警 住建局，关注 水利局"} <= set(page)
    assert "6 件督办事项逾期，涉及 3 个部门；最长 143 天（住建局）" in said(demo_app, view="tasks")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "query",
    [{"category": "township"}, {"quarter": "2023Q4"}, {"department": "D06"}, {"view": "tasks", "quarter": "2023Q4"}],
    ids=str,
)
def test_the_page_opens_in_every_view(demo_app, said, lang, query):
    page = said(demo_app, lang=lang, **query)
    assert "decisions-body" in page
    assert not any("nan" in text.lower().split() for text in page)
