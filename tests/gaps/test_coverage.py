"""Rules of coverage on hand-made registers: both sides of each line, too few, what is missing, and what is said."""

import datetime

import pytest

from tests.gaps.register import EIGHT, FOUR, activities, facts, first_day, powers
from tests.support import Given, departments

SINCE_2026 = {"valid_from": datetime.date(2026, 1, 1)}  # stood in three of the four quarters
BUSY = activities("busy", 1, EIGHT, domain="all")  # keeps the register going
WATCH, ALERT = "Please keep an eye on it.", "Clearly unusual; please check."


def standing(*names: str) -> list[dict]:
    """Departments, of which those whose name begins with `new` have stood since January."""
    return [row for name in names for row in departments(name, **(SINCE_2026 if name.startswith("new") else {}))]


# --- 1 supervision vacuum --------------------------------------------------------------------------------------
def complaints(department: str, received: int, quarters: tuple[str, ...] = FOUR) -> list[dict]:
    row = {"channel": "letter", "category": "delay", "received": received, "department_id": department}
    return [{**row, "quarter": quarter} for quarter in quarters]


def peers(number: int) -> tuple[list[dict], list[dict], list[dict], list[dict]]:
    """Departments of 100 staff with 16 to 24 complaints and 4 activities in four quarters, not listed."""
    names = [f"p{i:02}" for i in range(number)]
    return (
        departments(*names),
        facts(*names, quarters=FOUR, staff=100, key_supervision=False),
        [row for i, name in enumerate(names) for row in complaints(name, 4 + i % 3)],
        [row for name in names for row in activities(name, 1, FOUR)],
    )


@pytest.mark.parametrize(("received", "level"), [(7, "ok"), (8, "watch"), (9, "watch"), (10, "alert")])
def test_an_unlisted_unseen_department_is_flagged_above_the_funnel_limits_of_its_peers(received, level):
    stand, known, complained, seen = peers(12)
    given = Given(
        rules=("supervision_vacuum",),
        departments=[*stand, *departments("unseen")],
        department_facts=[*known, *facts("unseen", quarters=FOUR, staff=100, key_supervision=False)],
        complaints=[*complained, *complaints("unseen", received)],
        supervision=seen,
    )
    assert {**dict.fromkeys(given.levels("supervision_vacuum"), "ok"), "unseen": level} == given.levels(
        "supervision_vacuum"
    )
    row = given.gap("supervision_vacuum", "unseen")
    assert row["value"] == 4 * received
    assert (row["value"] > row["limit_high_95"], row["value"] > row["limit_high_998"]) == (
        level != "ok",
        level == "alert",
    )
    if received == 10:
        assert given.sentences("supervision_vacuum", "unseen") == (
            "unseen：近四季投诉 40 件，每百名工作人员 40.0 件（同类上限 36.8）；监督 0 次（同类下四分位 4.0），"
            "不在重点监督名单。明显异常，建议核查。",
            "unseen: 40 complaints in four quarters, 40.0 per 100 staff (peers' upper limit 36.8); "
            f"0 supervision activities (peers' lower quartile 4.0), not on the key list. {ALERT}",
        )


def test_a_vacuum_needs_all_of_its_parts():
    stand, known, complained, seen = peers(40)
    own = {"listed": True, "seen": False, "once": False, "unknown": None, "staffless": False, "silent": False}
    own |= {"small": False, "both": False}
    staff = {"staffless": None, "small": 3}
    given = Given(
        rules=("supervision_vacuum",),
        departments=[*stand, *departments(*own)],
        department_facts=known
        + [
            row
            for name, listed in own.items()
            for row in facts(name, quarters=FOUR, staff=staff.get(name, 100), key_supervision=listed)
        ],
        complaints=complained
        + [row for name in ("listed", "seen", "unknown", "staffless") for row in complaints(name, 30)]
        + complaints("once", 120, FOUR[:1])
        + complaints("once", 0, FOUR[1:])
        + complaints("small", 1, FOUR[:2])
        + complaints("both", 60, FOUR[:2])
        + complaints("both", 0, FOUR[2:]),
        supervision=[*seen, *activities("seen", 1, FOUR), *activities("listed", 1)],
    )
    levels = given.levels("supervision_vacuum")
    assert {name: levels[name] for name in own} == {
        "listed": "ok",
        "seen": "ok",
        "once": "ok",  # complaints in one quarter only
        "both": "alert",  # in two
        "unknown": "no_data: not_listed_or_not",
        "staffless": "no_data: no_staff",
        "silent": "no_data: not_reported",
        "small": "no_data: short_year",
    }


def test_where_a_quarter_of_the_peers_have_no_supervision_none_at_all_is_a_vacuum():
    stand, known, complained, seen = peers(12)
    given = Given(
        rules=("supervision_vacuum",),
        departments=[*stand, *departments("unseen", "once")],
        department_facts=[*known, *facts("unseen", "once", quarters=FOUR, staff=100, key_supervision=False)],
        complaints=[*complained, *complaints("unseen", 14), *complaints("once", 14)],
        supervision=[*(one for one in seen if one["department_id"] > "p04"), *activities("once")],
    )
    levels = given.levels("supervision_vacuum")
    assert given.gap("supervision_vacuum", "unseen")["peer_activities"] == 0
    assert (levels.pop("unseen"), levels.pop("once")) == ("watch", "ok")
    assert set(levels.values()) == {"ok"}, "none of the peers, with or without supervision, has many complaints"


def test_a_register_of_one_quarter_does_not_tell_who_was_never_supervised():
    stand, known, complained, seen = peers(12)
    given = Given(
        rules=("supervision_vacuum",),
        departments=[*stand, *departments("unseen")],
        department_facts=[*known, *facts("unseen", quarters=FOUR, staff=100, key_supervision=False)],
        complaints=[*complained, *complaints("unseen", 14)],
        supervision=[one for one in seen if one["department_id"] > "p04" and one["date"] >= first_day(FOUR[-1])],
    )
    levels = given.levels("supervision_vacuum")
    assert given.gap("supervision_vacuum", "unseen")["peer_activities"] == 0
    assert levels.pop("unseen") == "no_data: short_register"
    assert set(levels.values()) == {"ok"}, "not many complaints, however little was registered"


def test_complaints_of_fewer_quarters_than_the_register_make_no_vacuum():
    stand, known, complained, seen = peers(12)
    given = Given(
        rules=("supervision_vacuum",),
        departments=[*stand, *departments("unseen")],
        department_facts=[*known, *facts("unseen", quarters=FOUR, staff=100, key_supervision=False)],
        complaints=[one for one in [*complained, *complaints("unseen", 40)] if one["quarter"] in FOUR[2:]],
        supervision=seen,
    )
    assert given.levels("supervision_vacuum")["unseen"] == "no_data: short_year"


def test_an_office_without_a_key_list_has_no_data_of_a_vacuum():
    given = Given(
        rules=("supervision_vacuum",),
        absent=("key_supervision",),
        departments=departments("d01"),
        department_facts=facts("d01", staff=10),
        complaints=complaints("d01", 5),
        supervision=activities("d01"),
    )
    assert given.levels("supervision_vacuum") == {"d01": "no_data: department_facts.key_supervision"}


# --- 10 key domain unwatched -----------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def domains() -> Given:
    held = {
        "two": powers("two", "people", "money", "authority"),
        "one": powers("one", "people", "money", "authority"),
        "none": powers("none", "people", "authority"),
        "all": powers("all", "people", "money"),
        "unstated": powers("unstated", "people", "money"),
        "unstated_ok": powers("unstated_ok", "authority"),
        "lower": powers("lower", "people", "money", risk_level="B"),
        "other": powers("other", "not_stated", "all"),
        "quiet": powers("quiet", "money"),
        "catalogue_less": [],
        "new": powers("new", "people"),
        "new_ok": powers("new_ok", "authority"),
    }
    seen = {
        "two": activities("two", 3, FOUR),
        "one": [*activities("one", 3), *activities("one", domain="money", quarters=FOUR[:1])],
        "none": [*activities("none"), *activities("none", domain="people"), *activities("none", domain="assets")],
        "all": activities("all", domain="all"),
        "unstated": [*activities("unstated"), *activities("unstated", domain="not_stated")],
        "unstated_ok": [*activities("unstated_ok"), *activities("unstated_ok", domain="not_stated")],
        "new": activities("new"),
        "new_ok": activities("new_ok"),
    }
    return Given(
        rules=("key_domain_unwatched",),
        departments=standing("busy", *held),
        department_facts=facts("busy"),
        powers=sum(held.values(), []),
        # outside the window
        supervision=[*BUSY, *activities("two", 1, EIGHT[:4], domain="money"), *sum(seen.values(), [])],
    )


def test_one_key_domain_unwatched_is_a_watch_and_two_an_alert(domains):
    assert domains.levels("key_domain_unwatched") == {
        "two": "alert",
        "one": "watch",
        "none": "ok",
        "all": "ok",  # looked at every domain
        "unstated": "no_data: domain_unknown",  # what is not stated may be the domain that seems unwatched
        "unstated_ok": "ok",
        "lower": "ok",  # no power of grade A
        "other": "ok",
        "quiet": "watch",
        "catalogue_less": "no_data: no_catalogue",
        "busy": "no_data: no_catalogue",
        "new": "no_data: short_register",
        "new_ok": "ok",
    }


def test_the_sentence_names_the_unwatched_domains_in_their_usual_order(domains):
    row = domains.gap("key_domain_unwatched", "two")
    assert (row["value"], row["threshold"], row["n"]) == (2, 2, 3)
    assert row["unwatched_domains"] == ["people", "money"]
    assert row["ids"] == ["two-people", "two-money"]
    assert domains.sentences("key_domain_unwatched", "two") == (
        "two：A 级职权所在的“人、财”领域近四季没有一次监督"
        "（缺 2 个领域，预警线 2 个；同期监督共 12 次）。明显异常，建议核查。",
        "two: holds A-grade powers in domains without any supervision in four quarters: people, money "
        f"(domains missing: 2, alert line 2; activities elsewhere: 12). {ALERT}",
    )


def test_what_the_former_department_was_supervised_for_counts_for_its_successor():
    given = Given(
        rules=("key_domain_unwatched",),
        departments=[
            *departments("old", valid_to=datetime.date(2025, 12, 31), successor="new"),
            *departments("new", **SINCE_2026),
        ],
        department_facts=facts("old"),
        powers=powers("new", "money", "people"),
        supervision=[*activities("old", 1, FOUR[:1], domain="money"), *activities("new", 1, FOUR[1:])],
    )
    assert given.levels("key_domain_unwatched") == {"new": "watch"}
    assert given.gap("key_domain_unwatched", "new")["unwatched_domains"] == ["people"]


# --- 19 money unaudited ----------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def audits() -> Given:
    """Departments named after how many quarters ago they were last audited."""
    ago = {f"ago{n}": activities(f"ago{n}", 1, (EIGHT[7 - n],), method="audit") for n in (0, 3, 4, 7)}
    names = [*ago, "never", "poor", "catalogue_less", "new", "new_audited", "newer"]
    return Given(
        rules=("money_unaudited",),
        departments=[*standing(*names[:-1], "busy"), *departments("newer", valid_from=datetime.date(2025, 7, 1))],
        department_facts=facts("busy"),
        powers=[row for name in names if name not in ("poor", "catalogue_less") for row in powers(name, "money")]
        + powers("poor", "people"),
        supervision=[
            *BUSY,
            *sum(ago.values(), []),
            *activities("new_audited", method="audit"),
            *activities("never", 2),
        ],
    )


def test_four_quarters_without_an_audit_are_a_watch_and_eight_an_alert(audits):
    assert audits.levels("money_unaudited") == {
        "ago0": "ok",
        "ago3": "ok",
        "ago4": "watch",
        "ago7": "watch",
        "never": "alert",
        "poor": "ok",  # holds no power over money
        "catalogue_less": "no_data: no_catalogue",
        "busy": "no_data: no_catalogue",
        "new": "no_data: short_register",  # has stood for three quarters
        "new_audited": "ok",
        "newer": "watch",  # for five: eight cannot be said
    }
    assert audits.gap("money_unaudited", "ago7")["last_audited"] == "2024Q4"


def test_the_sentence_says_for_how_many_quarters_there_was_no_audit(audits):
    assert audits.gap("money_unaudited", "newer")["value"] == 5
    assert audits.gap("money_unaudited", "never")["ids"] == ["never-money"]
    assert audits.sentences("money_unaudited", "never") == (
        "never：有财务职权 1 项，近 8 季没有审计（预警线 8 季）。明显异常，建议核查。",
        "never: holds powers over money (1 in the catalogue) and had no audit in the last 8 quarters (alert line 8). "
        f"{ALERT}",
    )
    assert audits.sentences("money_unaudited", "ago4") == (
        "ago4：有财务职权 1 项，近 4 季没有审计（关注线 4 季）。建议关注。",
        "ago4: holds powers over money (1 in the catalogue) and had no audit in the last 4 quarters (watch line 4). "
        f"{WATCH}",
    )
    assert audits.sentences("money_unaudited", "new") == (
        "new：无数据（监督登记的季度不够）。",
        "new: no data (the supervision register does not cover enough quarters).",
    )


def test_a_power_over_all_domains_is_one_over_money_and_an_unstated_domain_clears_nobody():
    given = Given(
        rules=("money_unaudited",),
        departments=departments("over_all", "untold", "untold_audited", "busy"),
        department_facts=facts("busy"),
        powers=[*powers("over_all", "all"), *powers("untold", "not_stated"), *powers("untold_audited", "not_stated")],
        supervision=[*BUSY, *activities("untold_audited", method="audit")],
    )
    levels = given.levels("money_unaudited")
    assert (levels["over_all"], levels["untold"]) == ("alert", "no_data: domain_unknown")
    assert levels["untold_audited"] == "ok"
    assert given.gap("money_unaudited", "over_all")["ids"] == ["over_all-all"]


def test_a_quarter_in_which_nobody_kept_the_register_is_not_a_quarter_without_audit():
    kept = tuple(quarter for quarter in EIGHT if quarter != "2026Q1")
    given = Given(
        rules=("money_unaudited", "listed_but_unsupervised"),
        departments=departments("d01", "d02", "busy"),
        department_facts=facts("d01", "d02", key_supervision=True) + facts("busy"),
        powers=[*powers("d01", "money"), *powers("d02", "money")],
        supervision=[*activities("busy", 1, kept), *activities("d02", 1, ("2025Q4",), method="audit")],
    )
    levels = given.levels("money_unaudited")
    assert (levels["d01"], levels["d02"]) == ("no_data: short_register", "ok")  # d02 was audited three quarters ago
    levels = given.levels("listed_but_unsupervised")
    assert (levels["d01"], levels["d02"]) == ("watch", "watch")  # two quarters are known, four are not


# --- 24 a stage of power, 37 point, line and area --------------------------------------------------------------
COLUMNS = {
    "stage_unwatched": ("power_stage", ("grant", "exercise", "result")),
    "point_line_area": ("sphere", ("individual", "process", "society")),
}


def looked_at(rule: str) -> Given:
    column, (first, second, third) = COLUMNS[rule]

    def rows(name: str, *seen: str | None) -> list[dict]:
        return [row for one in seen for row in activities(name, **{column: one})]

    seen = {
        "three": rows("three", first, second, third),
        "two": rows("two", second, second, third),
        "one": rows("one", second, second, second),
        "few": rows("few", second, third, None, None),  # two that state it
        "unstated": rows("unstated", None, None, None, None, None),
        "quiet": [],
        "new": rows("new", second, second, second),
        "new_three": rows("new_three", first, second, third),
        "new_quiet": [],
    }
    return Given(
        rules=(rule,),
        departments=standing("busy", *seen),
        department_facts=facts("busy"),
        supervision=[*activities("busy", 1, EIGHT, **{column: first}), *sum(seen.values(), [])],
    )


@pytest.fixture(scope="module", params=COLUMNS)
def parts(request: pytest.FixtureRequest) -> tuple[str, Given]:
    return request.param, looked_at(request.param)


def test_one_part_unwatched_is_a_watch_two_or_no_activity_at_all_an_alert(parts):
    rule, given = parts
    assert given.levels(rule) == {
        "three": "ok",
        "two": "watch",
        "one": "alert",
        "busy": "alert",
        "few": "no_data: few",
        "unstated": "no_data: few",
        "quiet": "alert",
        "new": "no_data: short_register",
        "new_three": "ok",
        "new_quiet": "no_data: short_register",
    }


def test_the_sentence_names_the_unwatched_stages():
    given = looked_at("stage_unwatched")
    row = given.gap("stage_unwatched", "one")
    assert (row["value"], row["threshold"], row["n"], row["unwatched"]) == (2, 2, 3, ["grant", "result"])
    assert given.sentences("stage_unwatched", "one") == (
        "one：近四季注明权力阶段的监督 3 次，“授权、结果”阶段一次也没有"
        "（缺 2 个阶段，预警线 2 个）。明显异常，建议核查。",
        "one: 3 activities in four quarters state the stage of power; none looked at: grant, result "
        f"(stages missing: 2, alert line 2). {ALERT}",
    )
    assert given.sentences("stage_unwatched", "quiet") == (
        "quiet：近四季没有任何监督活动，授权、用权、结果三个阶段都没有监督。明显异常，建议核查。",
        "quiet: no supervision activity at all in four quarters; "
        f"neither the grant nor the exercise nor the result of power was looked at. {ALERT}",
    )


def test_the_sentence_names_the_unwatched_spheres():
    given = looked_at("point_line_area")
    assert given.sentences("point_line_area", "two") == (
        "two：近四季注明点线面的监督 3 次，“点（个人）”一次也没有（缺 1 个层面，关注线 1 个）。建议关注。",
        "two: 3 activities in four quarters state their sphere; none looked at: individual (point) "
        f"(spheres missing: 1, watch line 1). {WATCH}",
    )
    assert given.sentences("point_line_area", "quiet") == (
        "quiet：近四季没有任何监督活动，点、线、面都没有监督。明显异常，建议核查。",
        "quiet: no supervision activity at all in four quarters; "
        f"neither individuals nor processes nor society were covered. {ALERT}",
    )


@pytest.mark.parametrize("rule", COLUMNS)
def test_an_office_that_does_not_keep_the_column_has_no_data(rule):
    column, _ = COLUMNS[rule]
    given = Given(
        rules=(rule,),
        absent=(column,),
        departments=departments("d01", "quiet"),
        department_facts=facts("d01"),
        supervision=activities("d01", 1, EIGHT),
    )
    assert given.levels(rule) == dict.fromkeys(("d01", "quiet"), f"no_data: supervision.{column}")


# --- 35 no outside eyes ----------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def outside() -> Given:
    def rows(name: str, external: int, n: int) -> list[dict]:
        return [*activities(name, external, direction="external"), *activities(name, n - external)]

    seen = {
        "none": rows("none", 0, 20),
        "none_of_two": rows("none_of_two", 0, 2),
        "quiet": [],
        "below": rows("below", 1, 32),
        "touching": rows("touching", 1, 31),
        "few": rows("few", 1, 4),
        "enough": rows("enough", 1, 5),
        "new": rows("new", 0, 15),
        "new_fewer": rows("new_fewer", 0, 14),
        "new_few": rows("new_few", 0, 4),
        "new_quiet": [],
    }
    return Given(
        rules=("no_outside_eyes",),
        departments=standing("busy", *seen),
        department_facts=facts("busy"),
        supervision=[*activities("busy", 1, EIGHT, direction="external"), *sum(seen.values(), [])],
    )


def test_nothing_from_outside_in_a_year_is_an_alert_and_a_low_share_a_watch(outside):
    assert outside.levels("no_outside_eyes") == {
        "none": "alert",
        "none_of_two": "alert",
        "quiet": "alert",
        "below": "watch",  # the 80 % interval reaches to 9.9 %
        "touching": "ok",  # to 10.2 %
        "few": "no_data: few",
        "enough": "ok",
        "busy": "no_data: few",
        # stood for three quarters: “none in four quarters” cannot be said, a share below the line can
        "new": "watch",
        "new_fewer": "no_data: short_register",
        "new_few": "no_data: short_register",
        "new_quiet": "no_data: short_register",
    }


def test_the_sentence_tells_a_low_share_from_none_and_none_from_no_activity(outside):
    assert outside.sentences("no_outside_eyes", "below") == (
        "below：近四季监督活动 32 次，来自外部的 1 次（3%，95% 区间 1–16%；关注线 10%）。建议关注。",
        "below: 1 of 32 supervision activities in four quarters came from outside "
        f"(3 %, 95 % interval 1–16 %; watch line 10 %). {WATCH}",
    )
    assert outside.sentences("no_outside_eyes", "none") == (
        "none：近四季监督活动 20 次，没有一次来自外部。明显异常，建议核查。",
        f"none: none of the supervision activities in four quarters came from outside (activities: 20). {ALERT}",
    )
    assert outside.sentences("no_outside_eyes", "quiet") == (
        "quiet：近四季没有任何监督活动，外部监督也没有。明显异常，建议核查。",
        f"quiet: no supervision activity at all in four quarters, so none from outside. {ALERT}",
    )


# --- 40 listed but unsupervised --------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def listed() -> Given:
    """Departments named after how many quarters ago they were last supervised."""
    ago = {f"ago{n}": activities(f"ago{n}", 1, (EIGHT[7 - n],)) for n in (0, 1, 2, 3, 4)}
    own = {"unlisted": False, "unknown": None, "new": True, "newest": True, "newest_seen": True}
    return Given(
        rules=("listed_but_unsupervised",),
        departments=[
            *standing("busy", *ago, "unlisted", "unknown", "new"),
            *departments("newest", "newest_seen", valid_from=datetime.date(2026, 7, 1)),
        ],
        department_facts=facts("busy", key_supervision=False)
        + facts(*ago, key_supervision=True)
        + [row for name, is_listed in own.items() for row in facts(name, key_supervision=is_listed)],
        supervision=[*BUSY, *sum(ago.values(), []), *activities("newest_seen")],
    )


def test_a_listed_department_is_flagged_after_two_and_after_four_quarters_without_supervision(listed):
    assert listed.levels("listed_but_unsupervised") == {
        "busy": "ok",
        "ago0": "ok",
        "ago1": "ok",
        "ago2": "watch",
        "ago3": "watch",
        "ago4": "alert",
        "unlisted": "ok",
        "unknown": "no_data: not_listed_or_not",  # not known is not “no”
        "new": "watch",  # has stood for three quarters
        "newest": "no_data: short_register",
        "newest_seen": "ok",
    }


def test_the_sentence_says_for_how_many_quarters_nobody_came(listed):
    assert listed.gap("listed_but_unsupervised", "ago3")["last_supervised"] == "2025Q4"
    assert listed.sentences("listed_but_unsupervised", "ago3") == (
        "ago3：列入重点监督名单，近 3 季没有任何监督活动（关注线 2 季）。建议关注。",
        "ago3: on the key list, but without any supervision activity in the last 3 quarters (watch line 2). " + WATCH,
    )
    assert listed.sentences("listed_but_unsupervised", "ago4") == (
        "ago4：列入重点监督名单，近 4 季没有任何监督活动（预警线 4 季）。明显异常，建议核查。",
        "ago4: on the key list, but without any supervision activity in the last 4 quarters (alert line 4). " + ALERT,
    )


# --- what is missing -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "missing"),
    [
        ("supervision_vacuum", "complaints,supervision"),
        ("key_domain_unwatched", "powers,supervision"),
        ("money_unaudited", "powers,supervision"),
        ("stage_unwatched", "supervision"),
        ("no_outside_eyes", "supervision"),
        ("point_line_area", "supervision"),
        ("listed_but_unsupervised", "supervision"),
        ("one_form_of_inspection", "supervision"),
    ],
)
def test_without_its_tables_a_rule_has_no_data(rule, missing):
    given = Given(
        rules=(rule,), departments=departments("d01"), department_facts=facts("d01", staff=9, key_supervision=True)
    )
    assert given.levels(rule) == {"d01": f"no_data: {missing}"}


def test_a_catalogue_without_dates_tells_of_the_last_quarter_only():
    undated = [{**row, "valid_from": None} for row in powers("d01", "money")]
    given = Given(
        rules=("money_unaudited",),
        departments=departments("d01", "busy"),
        department_facts=facts("d01"),
        powers=undated,
        supervision=BUSY,
    )
    assert given.levels("money_unaudited")["d01"] == "alert"
    assert given.levels("money_unaudited", "2026Q2")["d01"] == "no_data: no_catalogue"


def test_a_sentence_counts_the_quarters_of_the_register_and_not_those_of_the_region():
    given = Given(
        rules=("top_down_only",),
        departments=departments("d01"),
        department_facts=facts("d01"),
        supervision=activities("d01", 20, FOUR[1:2]),
    )
    zh, en = given.sentences("top_down_only", "d01")
    assert zh.startswith("d01：近 4 季（只有 1 季的数据）监督活动 20 次")
    assert "in 4 quarters (data for 1 only)" in en
