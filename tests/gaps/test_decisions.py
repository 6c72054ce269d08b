"""The rules on major matters: each on hand-made rows, on both sides of every boundary."""

import pytest

from tests.support import Given, departments

Q = "2026Q3"
RULES = ("decisions_unattended", "one_pen", "decisions_not_collective")


def office(rule: str, **counts: dict[str, int]) -> Given:
    """Departments by id, each with the counts of one quarter's matters; what is not given is as it should be."""
    rows = []
    for name, own in counts.items():
        total = own.get("total", 100)
        usual = {"collective": total, "voted": total, "attended": total, "single_signature": 0}
        rest = {"risk_assessed": total, "published": total}
        rows.append({"quarter": Q, "department_id": name, "kind": "project", "total": total} | usual | rest | own)
    facts = [{"quarter": Q, "department_id": name, "staff": 10} for name in [*counts, "silent"]]
    return Given(rules=(rule,), departments=departments(*counts, "silent"), department_facts=facts, decisions=rows)


def test_attendance_is_judged_by_its_interval_and_not_by_the_share_alone():
    given = office(
        "decisions_unattended",
        fine={"attended": 90},
        near={"attended": 88},  # below 90, but the 80 % interval reaches beyond it
        watch={"attended": 83},
        low={"attended": 55},  # below 60, but the 95 % interval reaches beyond it
        alert={"attended": 49},
        few={"total": 7, "attended": 0},
        least={"total": 8, "attended": 0},
    )
    assert given.levels("decisions_unattended") == {
        "fine": "ok",
        "near": "ok",
        "watch": "watch",
        "low": "watch",
        "alert": "alert",
        "few": "no_data: few",
        "least": "alert",
        "silent": "no_data: no_row",
    }
    row = given.gap("decisions_unattended", "alert")
    assert (row["value"], row["threshold"], row["n"]) == (49, 60, 100)
    assert (row["low"], row["high"]) == (pytest.approx(39.42, abs=0.01), pytest.approx(58.65, abs=0.01))  # Wilson
    assert given.sentences("decisions_unattended", "alert") == (
        "alert：近 4 季（只有 1 季的数据）“三重一大”事项 100 项，纪检人员列席 49 项（49%，区间 39–59%；"
        "预警线 60%）。明显异常，建议核查。",
        "alert: discipline staff sat in on 49 of 100 major matters in 4 quarters (data for 1 only)"
        " (49 %, interval 39–59 %; alert line 60 %). Clearly unusual; please check.",
    )
    assert given.sentences("decisions_unattended", "few")[0] == "few：无数据（样本不足，不判断）。"


def test_one_pen_is_judged_by_its_interval_and_not_by_the_share_alone():
    given = office(
        "one_pen",
        fine={"single_signature": 10},
        near={"single_signature": 13},
        watch={"single_signature": 15},
        high={"single_signature": 33},
        alert={"single_signature": 35},
        few={"total": 7, "single_signature": 7},
    )
    assert given.levels("one_pen") == {
        "fine": "ok",
        "near": "ok",
        "watch": "watch",
        "high": "watch",
        "alert": "alert",
        "few": "no_data: few",
        "silent": "no_data: no_row",
    }
    assert given.sentences("one_pen", "alert")[1] == (
        "alert: one signature settled 35 of 100 major matters in 4 quarters (data for 1 only)"
        " (35 %, interval 26–45 %; alert line 25 %). Clearly unusual; please check."
    )


def test_deciding_together_and_voting_each_have_their_lines_and_the_worse_one_is_told():
    given = office(
        "decisions_not_collective",
        fine={"collective": 95, "voted": 80},
        collective={"collective": 90},
        voted={"voted": 30},
        voted_more={"collective": 90, "voted": 30},
        both={"collective": 50, "voted": 30},
        few={"total": 7, "collective": 0, "voted": 0},
    )
    assert given.levels("decisions_not_collective") == {
        "fine": "ok",
        "collective": "watch",
        "voted": "alert",
        "voted_more": "alert",
        "both": "alert",
        "few": "no_data: few",
        "silent": "no_data: no_row",
    }
    told = {name: given.gap("decisions_not_collective", name) for name in ("collective", "voted", "voted_more", "both")}
    assert {name: row["reason"] for name, row in told.items()} == {
        "collective": "collective",
        "voted": "voted",
        "voted_more": "voted",
        "both": "both",
    }
    assert (told["voted_more"]["value"], told["voted_more"]["threshold"]) == (30, 50)
    zh, en = given.sentences("decisions_not_collective", "both")
    assert "集体决策 50 项（50%，预警线 80%），票决 30 项（30%）" in zh
    assert "50 were decided together (50 %, alert line 80 %) and 30 voted on (30 %)" in en


def test_four_quarters_are_added_up_and_a_fifth_is_not():
    quarters = ("2025Q3", "2025Q4", "2026Q1", "2026Q2", Q)
    rows = [
        {"quarter": quarter, "department_id": "d01", "kind": "project", "total": 5, "attended": 5}
        | {"collective": 5, "voted": 5, "single_signature": 5 if quarter == "2025Q3" else 0}
        for quarter in quarters
    ]
    given = Given(rules=("one_pen",), departments=departments("d01"), decisions=rows)
    row = given.gap("one_pen", "d01")
    assert (row["n"], row["single_signature"], row["status"]) == (20, 0, "ok")
    assert given.gap("one_pen", "d01", "2026Q2")["single_signature"] == 5


@pytest.mark.parametrize("rule", RULES)
def test_without_the_table_nothing_is_said(rule):
    given = office(rule)
    assert given.levels(rule) == {"silent": "no_data: decisions"}
    assert given.sentences(rule, "silent")[0] == "silent：无数据（缺三重一大）。"
