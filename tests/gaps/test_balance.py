"""Rules of balance on hand-made registers: both sides of each line, too few, what is missing, and what is said."""

import datetime
import json

import pytest

from dashboard import catalog
from tests.gaps.register import EIGHT, FOUR, activities, facts
from tests.support import Given, departments

AXES = {
    # rule: (column of the register, the neglected side, the other)
    "top_down_only": ("direction", "bottom_up", "top_down"),
    "leaders_unsupervised": ("focus", "leader_conduct", "staff_enforcement"),
    "form_over_substance": ("findings", 1, 0),
    "micro_over_macro": ("level", "macro", "micro"),
    "individual_over_organisation": ("object", "organisation", "individual"),
    "reactive_over_proactive": ("trigger", "proactive", "reactive"),
    "after_the_fact": ("stage", "during", "after"),
}
# (activities of the neglected side, of all) and the level that comes of it, on both sides of each line
LEVELS = {
    "top_down_only": {(0, 9): "ok", (0, 10): "watch", (0, 72): "watch", (0, 73): "alert"},
    "leaders_unsupervised": {(0, 6): "ok", (0, 7): "watch", (0, 34): "watch", (0, 35): "alert"},
    "form_over_substance": {(0, 6): "ok", (0, 7): "watch", (0, 72): "watch", (0, 73): "alert"},
    "micro_over_macro": {(1, 20): "ok", (1, 21): "watch", (0, 72): "watch", (0, 73): "alert"},
    "individual_over_organisation": {(3, 20): "ok", (0, 5): "watch", (0, 34): "watch", (0, 35): "alert"},
    "reactive_over_proactive": {(15, 36): "ok", (14, 36): "watch", (0, 11): "watch", (0, 12): "alert"},
    "after_the_fact": {(15, 36): "ok", (14, 36): "watch", (0, 8): "watch", (0, 9): "alert"},
}
CASES = [(rule, light, n, level) for rule, cases in LEVELS.items() for (light, n), level in cases.items()]


def leaning(rule: str, department: str, light: int, n: int) -> list[dict]:
    column, neglected, other = AXES[rule]
    return [
        *activities(department, light, **{column: neglected}),
        *activities(department, n - light, **{column: other}),
    ]


def complaints(*names: str, quarters: tuple[str, ...] = FOUR, **columns: object) -> list[dict]:
    row = {"channel": "letter", "category": "delay", "received": 4, "closed": 4, **columns}
    return [{**row, "department_id": name, "quarter": quarter} for name in names for quarter in quarters]


@pytest.fixture(scope="module")
def axes() -> Given:
    """A department for each case of each rule, one too few, and one without any activity."""
    few = {f"{rule}-few": leaning(rule, f"{rule}-few", 0, 4) for rule in AXES}
    cases = {f"{rule}-{light}-{n}": leaning(rule, f"{rule}-{light}-{n}", light, n) for rule, light, n, _ in CASES}
    rows = few | cases | {"quiet": []}
    return Given(
        rules=tuple(AXES),
        departments=departments(*rows),
        department_facts=facts(*rows, quarters=FOUR),
        supervision=sum(rows.values(), []),
        complaints=complaints(*rows, quarters=FOUR[3:], substantiated=4),  # of the quarter of the activities
    )


@pytest.mark.parametrize(("rule", "light", "n", "level"), CASES)
def test_a_share_is_flagged_where_its_interval_lies_past_the_line(axes, rule, light, n, level):
    assert axes.levels(rule)[f"{rule}-{light}-{n}"] == level


@pytest.mark.parametrize("rule", AXES)
def test_four_activities_or_none_say_nothing_of_a_share(axes, rule):
    levels = axes.levels(rule)
    assert levels[f"{rule}-few"] == levels["quiet"] == "no_data: few"


def of_region(given: Given, rule: str) -> dict:
    found = given.connection.table("gaps").df().query("rule == @rule and department_id == '*' and quarter == '2026Q3'")
    [row] = found.to_dict("records")
    return row | json.loads(row["evidence"])


@pytest.mark.parametrize("rule", AXES)
def test_the_region_is_judged_on_all_activities_of_its_departments(axes, rule):
    region = of_region(axes, rule)
    column, _, other = AXES[rule]
    rows = axes.connection.table("supervision").df()[column]
    every, heavy = len(rows), int((rows == other).sum())
    assert (region["n"], region["light"], region["heavy"]) == (every, every - heavy, heavy)
    # in these rows usual activities are proactive, macro and so on, and come from above
    assert region["status"] == ("alert" if rule == "top_down_only" else "ok")


@pytest.mark.parametrize("rule", AXES)
def test_each_axis_gives_the_share_of_its_neglected_side_with_interval_and_lines(axes, rule):
    thresholds = catalog.gaps(axes.queries)[rule].header["thresholds"]
    light, n = max(LEVELS[rule])
    row = axes.gap(rule, f"{rule}-{light}-{n}")
    assert (row["light"], row["heavy"]) == (light, n - light)
    assert row["light_share"] == pytest.approx(100 * light / n)
    assert row["light_low"] <= row["light_share"] < row["light_high"]
    lines = [thresholds["watch"]["value"], thresholds["alert"]["value"]]
    if rule == "form_over_substance":
        assert row["value"] == pytest.approx(100 - row["light_share"])
        assert (row["low"], row["high"]) == pytest.approx((100 - row["light_high"], 100 - row["light_low"]))
        lines = [100 - line for line in lines]
    else:
        assert (row["value"], row["low"], row["high"]) == (row["light_share"], row["light_low"], row["light_high"])
    assert [row["light_watch"], row["light_alert"]] == lines


def test_the_seven_axes_stand_in_the_order_of_the_documents():
    rules = catalog.gaps(catalog.load_catalog())
    axes = {rule.header["axis"]["position"]: name for name, rule in rules.items() if "axis" in rule.header}
    assert [axes[position] for position in range(1, 8)] == list(AXES)


def test_an_interval_of_a_share_is_wilsons(axes):
    row = axes.gap("reactive_over_proactive", "reactive_over_proactive-14-36")
    assert (row["value"], row["low"], row["high"]) == pytest.approx((38.89, 24.78, 55.14), abs=0.01)


SAID = {
    "top_down_only-0-10": (
        "近 4 季（只有 1 季的数据）监督活动 10 次，自下而上的 0 次（0%，95% 区间 0–28%；关注线 15%）。建议关注。",
        "0 of 10 supervision activities in 4 quarters (data for 1 only) "
        "came from below (0 %, 95 % interval 0–28 %; watch line 15 %).",
    ),
    "leaders_unsupervised-0-7": (
        "近 4 季（只有 1 季的数据）监督活动 7 次，针对领导行为的 0 次（0%，95% 区间 0–35%；关注线 20%）。建议关注。",
        "0 of 7 supervision activities in 4 quarters (data for 1 only) looked at leaders' conduct "
        "(0 %, 95 % interval 0–35 %; watch line 20 %).",
    ),
    "form_over_substance-0-7": (
        "近 4 季（只有 1 季的数据）监督活动 7 次，没有发现的 7 次（100%，95% 区间 65–100%；"
        "关注线 80%），同期查实投诉 4 件。建议关注。",
        "7 of 7 supervision activities in 4 quarters (data for 1 only) found nothing "
        "(100 %, 95 % interval 65–100 %; watch line 80 %); complaints substantiated: 4.",
    ),
    "micro_over_macro-1-21": (
        "近 4 季（只有 1 季的数据）监督活动 21 次，宏观层次的 1 次（5%，95% 区间 1–23%；关注线 15%）。建议关注。",
        "1 of 21 supervision activities in 4 quarters (data for 1 only) looked at the macro level "
        "(5 %, 95 % interval 1–23 %; watch line 15 %).",
    ),
    "individual_over_organisation-0-5": (
        "近 4 季（只有 1 季的数据）监督活动 5 次，针对组织的 0 次（0%，95% 区间 0–43%；关注线 25%）。建议关注。",
        "0 of 5 supervision activities in 4 quarters (data for 1 only) looked at an organisation "
        "(0 %, 95 % interval 0–43 %; watch line 25 %).",
    ),
    "reactive_over_proactive-0-12": (
        "近 4 季（只有 1 季的数据）监督活动 12 次，主动开展的 0 次（0%，95% 区间 0–24%；"
        "预警线 25%）。明显异常，建议核查。",
        "0 of 12 supervision activities in 4 quarters (data for 1 only) began unprompted "
        "(0 %, 95 % interval 0–24 %; alert line 25 %).",
    ),
    "after_the_fact-0-9": (
        "近 4 季（只有 1 季的数据）监督活动 9 次，事前、事中的 0 次（0%，95% 区间 0–30%；"
        "预警线 30%）。明显异常，建议核查。",
        "0 of 9 supervision activities in 4 quarters (data for 1 only) took place before or during "
        "(0 %, 95 % interval 0–30 %; alert line 30 %).",
    ),
}


@pytest.mark.parametrize("department", SAID)
def test_the_sentence_of_an_axis_gives_counts_share_interval_and_line(axes, department):
    zh, en = axes.sentences(department.split("-")[0], department)
    said_zh, said_en = SAID[department]
    ask = "Clearly unusual; please check." if "alert" in said_en else "Please keep an eye on it."
    assert (zh, en) == (f"{department}：{said_zh}", f"{department}: {said_en} {ask}")


def test_what_cannot_be_judged_says_so(axes):
    assert axes.sentences("top_down_only", "quiet") == (
        "quiet：无数据（样本不足，不判断）。",
        "quiet: no data (too few to judge).",
    )


def test_before_and_during_both_count_as_not_after_the_fact():
    rows = [
        *activities("d01", 3, stage="before"),
        *activities("d01", 2, stage="during"),
        *activities("d01", stage="after"),
    ]
    given = Given(
        rules=("after_the_fact",), departments=departments("d01"), department_facts=facts("d01"), supervision=rows
    )
    assert given.gap("after_the_fact", "d01")["light"] == 5


@pytest.mark.parametrize("rule", AXES)
def test_without_a_register_there_is_no_data(rule):
    given = Given(rules=(rule,), departments=departments("d01"), department_facts=facts("d01"))
    assert given.levels(rule)["d01"].startswith("no_data: supervision")


def test_after_a_new_name_the_activities_of_the_old_one_count():
    end = datetime.date(2026, 6, 30)
    given = Given(
        rules=("top_down_only",),
        departments=[
            *departments("old", valid_to=end, successor="new"),
            *departments("new", valid_from=datetime.date(2026, 7, 1)),
        ],
        department_facts=facts("old", quarters=FOUR),
        supervision=[*activities("old", 8, ("2026Q1",)), *activities("new", 2, ("2026Q3",))],
    )
    assert given.levels("top_down_only") == {"new": "watch"}
    assert given.gap("top_down_only", "new")["n"] == 10


# --- form over substance ---------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def fruitless() -> Given:
    """Ten activities that found nothing in each department; what is known of its complaints differs."""
    names = ("one", "none", "sent", "unknown", "unreported", "partly")
    sent = [
        {"quarter": quarter, "table": "complaints", "department_id": "sent", "received_on": datetime.date(2026, 10, 5)}
        for quarter in FOUR
    ]
    return Given(
        rules=("form_over_substance",),
        departments=departments(*names),
        department_facts=facts(*names, quarters=FOUR),
        supervision=[row for name in names for row in activities(name, 4, FOUR, findings=0)],
        complaints=[
            *complaints("one", "none", substantiated=0, quarters=FOUR[:3]),
            *complaints("one", substantiated=1, quarters=FOUR[3:]),
            *complaints("none", substantiated=0, quarters=FOUR[3:]),
            *complaints("unknown"),
            *complaints("partly", substantiated=0, quarters=FOUR[:2]),
        ],
        submissions=sent,
    )


def test_finding_nothing_is_a_question_only_where_complaints_were_substantiated(fruitless):
    assert fruitless.levels("form_over_substance") == {
        "one": "watch",
        "none": "ok",
        "sent": "ok",  # reported that there were no complaints
        "unknown": "no_data: substantiated_unknown",
        "unreported": "no_data: not_reported",
        "partly": "no_data: not_reported",
    }
    assert fruitless.sentences("form_over_substance", "unknown") == (
        "unknown：无数据（投诉查实件数不明）。",
        "unknown: no data (unknown how many complaints were substantiated).",
    )


def test_activities_and_complaints_of_different_quarters_are_not_set_side_by_side():
    given = Given(
        rules=("form_over_substance",),
        departments=departments("one", "late", "both"),
        department_facts=facts("one", "late", "both", quarters=FOUR),
        supervision=[
            *activities("one", 4, FOUR, findings=0),
            *activities("late", 4, FOUR, findings=0),
            *activities("both", 4, FOUR, findings=0),
        ],
        complaints=[
            *complaints("one", substantiated=1, quarters=FOUR[2:]),
            *complaints("both", substantiated=1, quarters=FOUR),
        ],
    )
    assert given.levels("form_over_substance") == {
        "one": "no_data: short_year",
        "late": "no_data: not_reported",
        "both": "watch",
    }
    once = Given(
        rules=("form_over_substance",),
        departments=departments("one"),
        department_facts=facts("one", quarters=FOUR),
        supervision=activities("one", 16, FOUR[3:], findings=0),
        complaints=complaints("one", substantiated=1, quarters=FOUR),
    )
    assert once.levels("form_over_substance") == {"one": "no_data: short_register"}


def test_an_office_that_does_not_keep_what_was_substantiated_has_no_data():
    given = Given(
        rules=("form_over_substance",),
        absent=("substantiated",),
        departments=departments("d01"),
        department_facts=facts("d01"),
        supervision=activities("d01", 10, findings=0),
        complaints=complaints("d01"),
    )
    assert given.levels("form_over_substance") == {"d01": "no_data: complaints.substantiated"}


# --- one form of inspection ------------------------------------------------------------------------------------
def inspections(department: str, *kinds: tuple[str, str], times: int = 1) -> list[dict]:
    return [
        row
        for form, scope in kinds
        for row in activities(department, times, method="inspection", form=form, scope=scope)
    ]


@pytest.fixture(scope="module")
def forms() -> Given:
    rows = {
        "one": inspections("one", ("open", "single"), times=5),
        "few": [*inspections("few", ("open", "single"), times=4), *activities("few", 6, form="covert")],
        "two": inspections("two", ("open", "single"), ("open", "topic"), times=3),
        "three": inspections("three", ("open", "single"), ("open", "topic"), ("covert", "topic"), times=2),
        "quiet": [],
        "new": inspections("new", ("open", "single"), times=5),
        "new_three": inspections("new_three", ("open", "single"), ("open", "topic"), ("covert", "topic"), times=2),
        "busy": activities("busy", 1, FOUR),
    }
    since = {"new": {"valid_from": datetime.date(2026, 1, 1)}, "new_three": {"valid_from": datetime.date(2026, 1, 1)}}
    return Given(
        rules=("one_form_of_inspection",),
        departments=[row for name in rows for row in departments(name, **since.get(name, {}))],
        department_facts=facts("busy", quarters=EIGHT),
        supervision=sum(rows.values(), []),
    )


def test_five_inspections_of_one_kind_are_an_alert_of_two_a_watch(forms):
    assert forms.levels("one_form_of_inspection") == {
        "one": "alert",
        "two": "watch",
        "three": "ok",
        "few": "no_data: few",
        "quiet": "no_data: few",
        "busy": "no_data: few",
        "new": "no_data: short_register",  # it did not stand for four quarters
        "new_three": "ok",
    }


def test_the_sentence_names_the_forms_that_were_used(forms):
    assert forms.sentences("one_form_of_inspection", "two") == (
        "two：近四季督察 6 次，只用过 2 种方式（形式：明察；范围：单项、专题；关注线 2 种）。建议关注。",
        "two: 6 inspections in four quarters, forms used: 2 (form: open; scope: single matter, topic; watch line 2). "
        "Please keep an eye on it.",
    )
