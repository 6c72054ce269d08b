"""The rules on powers: each on hand-made rows, on both sides of every boundary."""

import datetime

import pytest

from tests.support import Given, departments

Q = "2026Q3"
DAY = datetime.date


def power(department: str, number: int = 1, **more: object) -> dict:
    """A power that no rule finds anything in."""
    return {
        "power_id": f"{department}-{number}",
        "department_id": department,
        "name": "资金分配",
        "domain": "money",
        "link": "decision",
        "basis": "预算法",
        "holder": "局长",
        "risk_level": "C",
        "managed_by": "局长",
        "managed_by_level": "top",
        "measure": "公示",
        "has_check_step": True,
        "has_complaint_route": True,
        "published": True,
        "valid_from": DAY(2020, 1, 1),
        **more,
    }


def catalogue(department: str, size: int, *odd: dict) -> list[dict]:
    """`size` powers, of which the first ones differ as `odd` says."""
    return [power(department, n, **(odd[n] if n < len(odd) else {})) for n in range(size)]


def office(
    rule: str, *powers: list[dict], absent: tuple[str, ...] = (), quarter: str = Q, **tables: list[dict]
) -> Given:
    """Departments d01, d02, … with these catalogues, and one, 'none', without any."""
    ids = [f"d{number:02}" for number in range(1, len(powers) + 1)]
    facts = [{"quarter": quarter, "department_id": one, "staff": 10} for one in [*ids, "none"]]
    rows = [
        {**row, "department_id": one, "power_id": f"{one}-{row['power_id']}"}
        for one, own in zip(ids, powers)
        for row in own
    ]
    given = {"departments": departments(*ids, "none"), "department_facts": facts, "powers": rows} | tables
    return Given(rules=(rule,), absent=absent, **given)


# --- 22 power_without_basis ------------------------------------------------------------------------------------
def test_any_power_without_a_basis_is_watched_and_many_or_a_graded_ones_alert():
    bare, graded = {"basis": None}, {"basis": "", "risk_level": "A"}
    given = office(
        "power_without_basis",
        catalogue("d", 10),
        catalogue("d", 10, bare),  # 10 % is not more than 10 %
        catalogue("d", 9, bare),
        catalogue("d", 30, graded),
    )
    assert given.levels("power_without_basis") == {
        "d01": "ok",
        "d02": "watch",
        "d03": "alert",
        "d04": "alert",
        "none": "no_data: no_row",
    }
    assert given.gap("power_without_basis", "d04")["ids"] == ["d04-d-0"]
    assert given.sentences("power_without_basis", "d04") == (
        "d04：30 项职权中 1 项没有法定依据，其中 A 级 1 项。明显异常，建议核查。",
        "d04: powers without a legal basis 1 of 30, of grade A 1. Clearly unusual; please check.",
    )


# --- 26 powers_not_separated -----------------------------------------------------------------------------------
def test_a_post_with_two_links_of_a_domain_is_watched_with_all_three_an_alert():
    links = [{"link": link} for link in ("decision", "execution", "supervision")]
    given = office(
        "powers_not_separated",
        catalogue("d", 3, links[0], links[1] | {"holder": "科长"}, links[2] | {"holder": "组长"}),
        catalogue("d", 3, links[0], links[1] | {"domain": "people"}, links[2] | {"domain": "assets"}),
        catalogue("d", 3, links[0], links[1], links[2] | {"holder": "组长"}),
        catalogue("d", 3, *links),
    )
    assert given.levels("powers_not_separated") == {
        "d01": "ok",
        "d02": "ok",  # domains are not added up
        "d03": "watch",
        "d04": "alert",
        "none": "no_data: no_row",
    }
    assert given.sentences("powers_not_separated", "d03") == (
        "d03：在同一领域（财）兼有决策、执行、监督多个环节的岗位 1 个（局长），最多兼 2 个环节。建议关注。",
        "d03: posts that hold several of the links decision, execution and supervision of one domain (money): 1 (局长);"
        " the most links in one hand: 2. Please keep an eye on it.",
    )


# --- 28, 29, 30: graded risks ----------------------------------------------------------------------------------
def test_a_b_graded_risk_without_a_measure_is_watched_an_a_graded_one_an_alert():
    given = office(
        "a_risk_without_measure",
        catalogue("d", 4, {"measure": None}),
        catalogue("d", 4, {"measure": None, "risk_level": "B"}),
        catalogue("d", 4, {"measure": "", "risk_level": "A"}, {"measure": None, "risk_level": "B"}),
    )
    assert given.levels("a_risk_without_measure") == {
        "d01": "ok",
        "d02": "watch",
        "d03": "alert",
        "none": "no_data: no_row",
    }
    assert given.gap("a_risk_without_measure", "d03")["ids"] == ["d03-d-0", "d03-d-1"]
    zh, en = given.sentences("a_risk_without_measure", "d03")
    assert zh == "d03：2 项 A、B 级职权没有防范措施，其中 A 级 1 项（目录共 4 项）。明显异常，建议核查。"
    assert en == (
        "d03: powers of grade A or B without a measure 2, of grade A 1 (4 in the catalogue)."
        " Clearly unusual; please check."
    )


def test_one_a_graded_risk_below_the_head_is_watched_two_are_an_alert():
    high = {"risk_level": "A", "managed_by_level": "deputy"}
    given = office(
        "a_risk_not_led_from_top",
        catalogue("d", 4, {"risk_level": "A"}, {"risk_level": "B", "managed_by_level": "division"}),
        catalogue("d", 4, high),
        catalogue("d", 4, high, high | {"managed_by_level": "division"}),
    )
    assert given.levels("a_risk_not_led_from_top") == {
        "d01": "ok",
        "d02": "watch",
        "d03": "alert",
        "none": "no_data: no_row",
    }
    assert given.sentences("a_risk_not_led_from_top", "d02") == (
        "d02：1 个 A 级风险点中 1 个不由主要领导管理。建议关注。",
        "d02: A-grade risk points not managed by the head 1 of 1. Please keep an eye on it.",
    )


def test_a_flow_without_check_or_route_is_watched_at_grade_b_and_an_alert_at_a():
    given = office(
        "flow_without_check",
        catalogue("d", 4, {"has_check_step": False, "has_complaint_route": False}),
        catalogue("d", 4, {"risk_level": "B", "has_complaint_route": False}),
        catalogue("d", 4, {"risk_level": "A", "has_check_step": False}),
    )
    assert given.levels("flow_without_check") == {
        "d01": "ok",
        "d02": "watch",
        "d03": "alert",
        "none": "no_data: no_row",
    }
    assert given.sentences("flow_without_check", "d03") == (
        "d03：1 项 A、B 级职权流程有缺（A 级 1 项）：缺制约环节 1，缺投诉渠道 0。明显异常，建议核查。",
        "d03: powers of grade A or B with a gap in their flow 1 (grade A 1): no checking step 1, no complaint route 0."
        " Clearly unusual; please check.",
    )


# --- 31 rotation_overdue ---------------------------------------------------------------------------------------
def test_a_rotation_is_late_from_the_day_after_and_a_year_or_grade_a_is_an_alert():
    end = DAY(2026, 9, 30)
    due = lambda days, **more: {"rotation_due": end - datetime.timedelta(days), **more}  # noqa: E731
    given = office(
        "rotation_overdue",
        catalogue("d", 3, due(0)),
        catalogue("d", 3, due(1)),
        catalogue("d", 3, due(365)),
        catalogue("d", 3, due(366)),
        catalogue("d", 3, due(1, risk_level="A")),
        catalogue("d", 3),
    )
    assert given.levels("rotation_overdue") == {
        "d01": "ok",
        "d02": "watch",
        "d03": "watch",
        "d04": "alert",
        "d05": "alert",
        "d06": "no_data: no_date",
        "none": "no_data: no_row",
    }
    assert given.sentences("rotation_overdue", "d04") == (
        "d04：1 项职权的岗位轮岗逾期，最长 366 天，其中 A 级 0 项。明显异常，建议核查。",
        "d04: powers whose post is overdue for rotation 1, the longest by 366 days, of grade A 0."
        " Clearly unusual; please check.",
    )
    assert given.sentences("rotation_overdue", "d06")[0] == "d06：无数据（没有登记轮岗日期）。"


# --- 32 no_power_catalogue -------------------------------------------------------------------------------------
def test_fewer_than_three_powers_are_watched_and_none_is_an_alert():
    given = office("no_power_catalogue", catalogue("d", 3), catalogue("d", 2))
    assert given.levels("no_power_catalogue") == {"d01": "ok", "d02": "watch", "none": "alert"}
    assert given.sentences("no_power_catalogue", "d02") == (
        "d02：职权目录列出 2 项（至少应有 3 项）。建议关注。",
        "d02: powers listed in the catalogue 2 (at least 3 would be expected). Please keep an eye on it.",
    )


def test_without_any_catalogue_in_the_region_nobody_is_said_to_lack_one():
    assert office("no_power_catalogue").levels("no_power_catalogue") == {"none": "no_data: powers"}


def test_a_catalogue_without_dates_tells_of_the_last_quarter_only():
    facts = [
        {"quarter": quarter, "department_id": one, "staff": 9} for quarter in ("2026Q2", Q) for one in ("d01", "d02")
    ]
    given = Given(
        rules=("no_power_catalogue",),
        departments=departments("d01", "d02"),
        department_facts=facts,
        powers=[power("d01", n, valid_from=None) for n in range(3)],
    )
    assert given.levels("no_power_catalogue", "2026Q2") == {"d01": "no_data: no_row", "d02": "no_data: no_row"}
    assert given.levels("no_power_catalogue") == {"d01": "ok", "d02": "alert"}


# --- 17 powers_not_published -----------------------------------------------------------------------------------
def test_published_shares_at_the_lines_are_not_below_them():
    hidden = {"published": False}
    given = office(
        "powers_not_published",
        catalogue("d", 20, hidden),  # 95 %
        catalogue("d", 19, hidden),
        catalogue("d", 5, hidden),  # 80 %
        catalogue("d", 4, hidden),
    )
    assert given.levels("powers_not_published") == {
        "d01": "ok",
        "d02": "watch",
        "d03": "watch",
        "d04": "alert",
        "none": "no_data: no_row",
    }
    assert given.sentences("powers_not_published", "d04") == (
        "d04：4 项职权公开 3 项（75%，预警线 80%）。明显异常，建议核查。",
        "d04: powers published 3 of 4 (75 %, alert line 80 %). Clearly unusual; please check.",
    )


# --- 20 power_without_responsibility ---------------------------------------------------------------------------
def test_much_power_and_little_supervision_is_told_by_the_distance_of_two_indexes():
    """Six departments in order of power; supervision, cases and publication in the same order but for the last ones."""
    ids = [f"d{number:02}" for number in range(1, 7)]
    activities = {"d01": 1, "d02": 2, "d03": 3, "d04": 4, "d05": 6, "d06": 5}
    given = Given(
        rules=("power_without_responsibility",),
        departments=departments(*ids, "none"),
        department_facts=[{"quarter": Q, "department_id": one, "staff": 10} for one in [*ids, "none"]],
        powers=[
            power(one, n, annual_uses=place, annual_amount_10k=place, published=one != "d06")
            for place, one in enumerate(ids)
            for n in range(place + 1)
        ],
        supervision=[
            {"activity_id": f"{one}-{n}", "date": DAY(2026, 8, 1), "department_id": one, "findings": 0, "notices": 0}
            for one, number in (activities | {"d06": 0}).items()
            for n in range(number)
        ],
        cases=[
            {"quarter": Q, "department_id": one, "source": "a", "domain": "money", "found_at": "after", "leads": 1}
            for one in ids
        ],
    )
    row = given.gap("power_without_responsibility", "d06")
    assert row["power_index"] == pytest.approx(100)
    # last in supervision and publication, level with all others in findings; who does not say how many were sanctioned
    # has no such part
    assert row["answerability_index"] == pytest.approx((100 / 6 * 0.5 + 50 + 0) / 3, abs=0.01)
    assert (row["status"], row["value"]) == ("alert", pytest.approx(100 - row["answerability_index"]))
    assert given.levels("power_without_responsibility")["d01"] == "ok"
    assert given.levels("power_without_responsibility")["none"] == "no_data: no_catalogue"
    zh, en = given.sentences("power_without_responsibility", "d06")
    assert zh.startswith("d06：权力指数 100，责任指数 ") and "（预警线 60）" in zh
    assert en.startswith("d06: power index 100, answerability index ") and "(alert line 60)" in en


@pytest.mark.parametrize("blank", ["leaders_accountable", "cases_sanctioned"])
def test_a_blank_in_the_cases_of_who_is_held_to_account_most_makes_no_flag(blank):
    ids = [f"d{number:02}" for number in range(1, 7)]
    cases = [
        {"quarter": Q, "department_id": one, "source": "a", "domain": "money", "found_at": "after", "leads": 9}
        | {"filed": 9, "closed": 9, "cases_sanctioned": place, "people_sanctioned": place, "leaders_accountable": place}
        for place, one in enumerate(ids)
    ]
    cases[-1][blank] = None
    given = Given(
        rules=("power_without_responsibility",),
        departments=departments(*ids),
        department_facts=[{"quarter": Q, "department_id": one, "staff": 10} for one in ids],
        powers=[
            power(one, n, annual_uses=place, annual_amount_10k=place, published=one != "d06")
            for place, one in enumerate(ids)
            for n in range(place + 1)
        ],
        supervision=[
            {"activity_id": one, "date": DAY(2026, 8, 1), "department_id": one, "findings": 0} for one in ids[:-1]
        ],
        cases=cases,
    )
    levels = given.levels("power_without_responsibility")
    assert levels.pop("d06") == "no_data: answerability_incomplete"
    assert "no_data: answerability_incomplete" not in levels.values()
    assert given.sentences("power_without_responsibility", "d06")[0] == (
        "d06：无数据（案件表中处分、问责有空缺，或案件没有报满，责任指数会算低）。"
    )


@pytest.mark.parametrize(
    ("rule", "absent", "missing"),
    [
        ("a_risk_without_measure", "measure", "powers.measure"),
        ("power_without_basis", "basis", "powers.basis"),
        ("rotation_overdue", "rotation_due", "powers.rotation_due"),
    ],
)
def test_a_column_that_the_office_does_not_keep_is_no_data(rule, absent, missing):
    given = office(rule, catalogue("d", 4, {"risk_level": "A"}), absent=(absent,))
    assert given.levels(rule)["d01"] == f"no_data: {missing}"


@pytest.mark.parametrize(
    "rule", ["power_without_basis", "powers_not_separated", "powers_not_published", "flow_without_check"]
)
def test_without_the_catalogue_nothing_is_said(rule):
    given = office(rule)
    assert given.levels(rule) == {"none": "no_data: powers"}
    assert given.sentences(rule, "none") == ("none：无数据（缺职权与风险点）。", "none: no data (without powers).")


@pytest.mark.parametrize("column", ["annual_amount_10k", "annual_uses"])
def test_amounts_of_a_part_of_the_powers_make_no_power_index(column):
    """d06 holds the most; with one of its cells empty its sum would look small, and nobody is told so."""
    ids = [f"d{number:02}" for number in range(1, 7)]
    rows = [
        power(one, n, annual_uses=place, annual_amount_10k=place)
        for place, one in enumerate(ids)
        for n in range(place + 1)
    ]
    rows[-1][column] = None
    given = Given(
        rules=("power_without_responsibility", "silent_power"),
        departments=departments(*ids),
        department_facts=[{"quarter": Q, "department_id": one, "staff": 10} for one in ids],
        powers=rows,
        supervision=[{"activity_id": one, "date": DAY(2026, 8, 1), "department_id": one, "findings": 0} for one in ids],
        complaints=[
            {"quarter": Q, "department_id": one, "channel": "letter", "category": "delay", "received": 9} for one in ids
        ],
        cases=[
            {"quarter": Q, "department_id": one, "source": "a", "domain": "money", "found_at": "after", "leads": 1}
            for one in ids
        ],
    )
    for rule in ("power_without_responsibility", "silent_power"):
        levels = given.levels(rule)
        assert levels.pop("d06") == "no_data: power_incomplete"
        assert "no_data: power_incomplete" not in levels.values()


def test_powers_that_nobody_dated_of_who_is_gone_or_not_there_yet_are_held_by_nobody():
    ids = ("here", "gone", "coming")
    given = Given(
        departments=[
            *departments("here"),
            *departments("gone", valid_to=DAY(2025, 12, 31)),
            *departments("coming", valid_from=DAY(2027, 1, 1)),
        ],
        department_facts=[{"quarter": Q, "department_id": "here", "staff": 10}],
        powers=[power(one, number, valid_from=None) for one in ids for number in range(3)],
    )
    assert {row[0] for row in given.rows("powers_in_force", "department_id")} == {"here"}
    assert {row[0] for row in given.rows("power_indexes", "department_id")} == {"here"}


def test_a_renamed_department_keeps_the_catalogue_that_nobody_dated():
    given = Given(
        rules=("no_power_catalogue",),
        departments=[
            *departments("new", valid_from=DAY(2026, 1, 1)),
            *departments("old", valid_to=DAY(2025, 12, 31), successor="new"),
        ],
        department_facts=[{"quarter": Q, "department_id": "new", "staff": 10}],
        powers=[power("old", number, name=f"power {number}") for number in range(3)],
    )
    assert given.levels("no_power_catalogue") == {"new": "ok"}
