"""The rules on rectification and accountability: each on hand-made rows, on both sides of every boundary."""

import datetime

import pytest

from tests.support import Given, departments

DAY = datetime.date
Q = "2024Q3"  # in the past whenever these tests run: what is overdue depends on the day
YEARS = [f"{year}Q{quarter}" for year in (2022, 2023, 2024) for quarter in range(1, 5)][:11]
YEAR = YEARS[-4:]


def staffed(*ids: str, quarters: list[str] = YEARS, staff: int = 50) -> list[dict]:
    return [{"quarter": quarter, "department_id": one, "staff": staff} for quarter in quarters for one in ids]


def handled(department: str, quarter: str = Q, **more: object) -> dict:
    """A row of cases; what is not said is not known."""
    kind = {"source": "petitions_reports", "domain": "people", "found_at": "after"}
    return {"quarter": quarter, "department_id": department, **kind, **more}


# --- 13 tasks_overdue ------------------------------------------------------------------------------------------
END = DAY(2024, 9, 30)


def task(department: str, number: int, late: int, closed: DAY | None = None) -> dict:
    """A task that is `late` days past its date at the end of the quarter."""
    due = END - datetime.timedelta(days=late)
    dates = {"issued_on": due - datetime.timedelta(days=100), "due_on": due, "closed_on": closed}
    return {"task_id": f"{department}-{number}", "department_id": department, "kind": "task", "title": "t", **dates}


def tasks(department: str, *late: int) -> list[dict]:
    return [task(department, number, days) for number, days in enumerate(late)]


@pytest.fixture(scope="module")
def tracked() -> Given:
    ids = ("one_late", "days_90", "days_91", "third", "due_that_day", "closed", "closed_after", "none")
    return Given(
        rules=("tasks_overdue",),
        departments=departments(*ids),
        department_facts=staffed(*ids, quarters=[Q]),
        tasks=[
            *tasks("one_late", 12, -1, -30, -60),
            *tasks("days_90", 90, -1, -30, -60),
            *tasks("days_91", 91, -1, -30, -60),
            *tasks("third", 5, 9, -30, -60, -90, -90),
            *tasks("due_that_day", 0, -1),
            task("closed", 1, 40, closed=DAY(2024, 9, 1)),
            task("closed_after", 1, 40, closed=DAY(2024, 10, 1)),
        ],
    )


def test_any_task_overdue_is_watched_and_one_very_late_or_many_alert(tracked):
    assert tracked.levels("tasks_overdue", Q) == {
        "one_late": "watch",  # one of four is 25 %, not more
        "days_90": "watch",
        "days_91": "alert",
        "third": "alert",
        "due_that_day": "ok",
        "closed": "ok",
        "closed_after": "alert",  # at the end of the quarter it was the only one open
        "none": "no_data: no_row",
    }
    assert tracked.gap("tasks_overdue", "third", Q)["ids"] == ["third-1", "third-0"]


def test_overdue_tasks_are_said_with_their_number_and_the_longest_delay(tracked):
    assert tracked.sentences("tasks_overdue", "one_late", Q) == (
        "one_late：未结督办 4 件，逾期 1 件，最长逾期 12 天。建议关注。",
        "one_late: 1 of 4 open tasks overdue, the longest by 12 days. Please keep an eye on it.",
    )


# --- 14 findings_not_rectified ---------------------------------------------------------------------------------
IN_MAY = DAY(2024, 5, 20)


def notice(
    department: str,
    number: int,
    due: DAY = IN_MAY,
    late: int | None = 0,
    kind: str | None = None,
    issued: DAY | None = None,
) -> dict:
    """A notice that was rectified `late` days after its date; None: not at all. Each finds something of its own."""
    return {
        "notice_id": f"{department}-{number}",
        "department_id": department,
        "domain": "people",
        "finding_type": kind or f"kind-{number}",
        "issued_on": issued or due - datetime.timedelta(days=25),
        "due_on": due,
        "rectified_on": None if late is None else due + datetime.timedelta(days=late),
    }


def notices(department: str, on_time: int, late: int) -> list[dict]:
    return [notice(department, number, late=0 if number < on_time else 9) for number in range(on_time + late)]


def again(department: str, rectified: DAY | None, issued: DAY) -> list[dict]:
    """Two notices about the same finding; the first was rectified on a day, the second on time."""
    first = notice(department, 1, due=DAY(2023, 9, 30), kind="late_handling", issued=DAY(2023, 8, 1))
    second = notice(department, 2, due=issued + datetime.timedelta(days=20), kind="late_handling", issued=issued)
    return [first | {"rectified_on": rectified}, second]


@pytest.fixture(scope="module")
def noticed() -> Given:
    old = departments("old", valid_to=DAY(2024, 3, 31), successor="heir")
    ids = ("all_on_time", "four_of_five", "three", "two_of_five", "one_of_five", "never", "too_few", "few_on_time")
    returned = ("year_to_the_day", "day_over", "same_day", "not_mended", "both_reasons", "fresh")
    rest = ("before_window", "first_day", "heir", "none", "old_open", "mended_later", "mended_since")
    return Given(
        rules=("findings_not_rectified",),
        departments=[*departments(*ids, *returned, *rest), *old],
        department_facts=staffed(*ids, *returned, *rest),
        notices=[
            *notices("all_on_time", 5, 0),
            *notices("four_of_five", 4, 1),
            *notices("three", 3, 2),
            *notices("two_of_five", 2, 3),
            *notices("one_of_five", 1, 4),
            *(notice("never", number, late=None) for number in range(5)),
            *notices("too_few", 0, 4),
            *notices("few_on_time", 4, 0),
            *again("year_to_the_day", DAY(2023, 8, 20), DAY(2024, 8, 20)),
            *again("day_over", DAY(2023, 8, 20), DAY(2024, 8, 21)),
            *again("same_day", DAY(2024, 8, 20), DAY(2024, 8, 20)),
            *again("not_mended", None, DAY(2024, 8, 20)),
            *notices("both_reasons", 0, 5),
            *(
                one | {"notice_id": f"{one['notice_id']}-again"}
                for one in again("both_reasons", DAY(2024, 1, 5), DAY(2024, 6, 1))
            ),
            *again("fresh", DAY(2024, 1, 5), DAY(2024, 9, 20)),
            *(notice("before_window", number, due=DAY(2023, 9, 30), late=9) for number in range(5)),
            *(notice("first_day", number, due=DAY(2023, 10, 1), late=9) for number in range(5)),
            *(notice("old", number, late=9) for number in range(5)),
            *notices("old_open", 5, 0),
            notice("old_open", 9, due=DAY(2021, 3, 31), late=None),
            *notices("mended_later", 5, 0),
            notice("mended_later", 9, due=DAY(2021, 3, 31), late=1300),
            *notices("mended_since", 5, 0),
            notice("mended_since", 9, due=DAY(2021, 3, 31), late=30),
        ],
    )


def test_late_rectification_is_watched_or_alerted_by_its_interval_and_a_finding_that_returns_is_watched(noticed):
    assert noticed.levels("findings_not_rectified", Q) == {
        "all_on_time": "ok",
        "four_of_five": "ok",  # 80 %, but the 80 % interval reaches 94 %
        "three": "watch",  # 60 %, up to 82 %
        "two_of_five": "watch",  # the 95 % interval reaches 77 %
        "one_of_five": "alert",  # … and here 62 %
        "never": "alert",
        "too_few": "no_data: few",  # four late ones are no reason to clear anybody
        "few_on_time": "no_data: few",  # the share alone clears, and four are too few for it
        "year_to_the_day": "watch",
        "day_over": "no_data: few",
        "same_day": "no_data: few",
        "not_mended": "no_data: still_open",
        "both_reasons": "alert",
        "fresh": "watch",
        "before_window": "no_data: no_row",
        "first_day": "alert",
        "heir": "alert",  # answers for the notices of the department that it follows
        "none": "no_data: no_row",
        "old_open": "no_data: still_open",  # all of the year on time, and one of years ago not mended to this day
        "mended_later": "no_data: still_open",  # … in October: at the end of the quarter it was open
        "mended_since": "ok",
    }
    assert noticed.gap("findings_not_rectified", "old_open", Q)["ids"] == ["old_open-9"]


def test_the_reason_and_the_notices_behind_it_are_named(noticed):
    def shown(department: str) -> tuple:
        row = noticed.gap("findings_not_rectified", department, Q)
        return row["reason"], row["value"], row["threshold"], row["n"], row["ids"]

    assert shown("one_of_five") == ("late", 20, 70, 5, [f"one_of_five-{number}" for number in (1, 2, 3, 4)])
    assert shown("year_to_the_day") == ("again", 100, 90, 1, ["year_to_the_day-2"])
    reason, *_, ids = shown("both_reasons")
    assert (reason, len(ids)) == ("late_and_again", 6)


def test_late_and_returning_findings_are_said_in_both_languages(noticed):
    assert noticed.sentences("findings_not_rectified", "one_of_five", Q) == (
        "one_of_five：近四季到期的督查通知书 5 件，按期整改 1 件（20%，区间 4–62%；预警线 70%）。明显异常，建议核查。",
        "one_of_five: 1 of 5 notices due in four quarters rectified on time (20 %, interval 4–62 %; alert line "
        "70 %). Clearly unusual; please check.",
    )
    assert noticed.sentences("findings_not_rectified", "fresh", Q)[0] == (
        "fresh：“办理超时”整改后 12 个月内再次出现（近四季共 1 件）。建议关注。"
    )
    zh, en = noticed.sentences("findings_not_rectified", "both_reasons", Q)
    assert "“办理超时”整改后再次出现" in zh and "found again after being rectified" in en


def test_what_is_not_due_yet_is_neither_on_time_nor_late():
    today = datetime.date.today()
    soon, past = today + datetime.timedelta(days=1), today - datetime.timedelta(days=1)
    quarters = sorted({f"{day.year}Q{(day.month + 2) // 3}" for day in (past, today)})
    given = Given(
        rules=("findings_not_rectified",),
        departments=departments("d"),
        department_facts=staffed("d", quarters=quarters),
        notices=[
            *(notice("d", number, due=past) for number in range(5)),
            *(notice("d", number, due=soon, late=None) for number in range(5, 10)),
        ],
    )
    assert given.gap("findings_not_rectified", "d", quarters[-1])["n"] == 5
    assert given.levels("findings_not_rectified", quarters[-1]) == {"d": "ok"}


# --- 16 leaders_not_accountable --------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def sanctioned() -> Given:
    def cases(department: str, number: int, leaders: int | None = 0, quarter: str = Q) -> dict:
        known = {"cases_sanctioned": number, "people_sanctioned": number + 1, "leaders_accountable": leaders}
        return handled(department, quarter, **known)

    ids = (
        "two",
        "three",
        "five",
        "six",
        "one_leader",
        "silent",
        "half_silent",
        "eight_quarters",
        "ninth",
        "sent",
        "out",
    )
    return Given(
        rules=("leaders_not_accountable",),
        departments=departments(*ids),
        department_facts=staffed(*ids),
        cases=[
            cases("two", 2),
            cases("three", 3),
            cases("five", 5),
            cases("six", 6),
            cases("one_leader", 6),
            cases("one_leader", 0, leaders=1, quarter=YEARS[-8]),
            cases("silent", 9, leaders=None),
            cases("half_silent", 9, leaders=None),
            cases("half_silent", 2, quarter=YEARS[-2]),
            *(cases("eight_quarters", 1, quarter=quarter) for quarter in YEARS[-8:]),
            cases("ninth", 2),
            cases("ninth", 4, quarter=YEARS[-9]),
            {**cases("out", 9), "basis": "ytd"},
        ],
        # who did not report a quarter cannot be said to have had nobody held to account in it
        submissions=[
            {"quarter": quarter, "table": "cases", "department_id": one, "received_on": DAY(2024, 10, 8)}
            for one in ids
            for quarter in YEARS[-9:]
        ],
    )


def test_sanctions_without_any_leader_held_to_account_are_watched_from_three_and_alert_from_six(sanctioned):
    assert sanctioned.levels("leaders_not_accountable", Q) == {
        "two": "ok",
        "three": "watch",
        "five": "watch",
        "six": "alert",
        "one_leader": "ok",
        "silent": "no_data: leaders_unknown",
        "half_silent": "no_data: leaders_unknown",  # of nine cases nobody knows whether a leader answered for them
        "eight_quarters": "alert",
        "ninth": "ok",
        "sent": "ok",
        "out": "no_data: not_reported",  # year to date: what of it is of the quarter, nobody knows
    }


def test_a_window_shorter_than_eight_quarters_judges_what_there_is_and_says_so():
    facts = {"cases_sanctioned": 3, "people_sanctioned": 4, "leaders_accountable": 0}
    given = Given(
        rules=("leaders_not_accountable",),
        departments=departments("d"),
        cases=[handled("d", quarter, **facts) for quarter in YEARS[-2:]],
    )
    assert given.sentences("leaders_not_accountable", "d", Q) == (
        "d：近 8 季（只有 2 季的数据）处分案件 6 件（8 人），没有一位领导被追究责任（预警线 6 件）。"
        "明显异常，建议核查。",
        "d: cases sanctioned in 8 quarters (data for 2 only): 6, people: 8; leaders held to account: none "
        "(alert line 6 cases). Clearly unusual; please check.",
    )


# --- 23 weak_deterrence ----------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def deterred() -> Given:
    """Thirty peers that file 16 of 40 and deal with 16 of 20 lightly, and some that differ."""
    usual = {"leads": 40, "filed": 16, "first_form": 8, "second_form": 8, "third_form": 3, "fourth_form": 1}
    peers = [f"p{number}" for number in range(30)]
    odd = {
        "seldom": {"filed": 2},
        "rather_seldom": {"filed": 9},
        "lightly": {"first_form": 100, "second_form": 80, "third_form": 2, "fourth_form": 0},
        "few": {"leads": 3, "filed": 0, "first_form": 1, "second_form": 0, "third_form": 0, "fourth_form": 0},
        "no_forms": {"filed": 2, "first_form": None, "second_form": None, "third_form": None, "fourth_form": None},
        "much": {"filed": 35},
        "half": {"first_form": None, "second_form": None, "third_form": None, "fourth_form": None},
    }
    ids = [*peers, *odd, "none"]
    return Given(
        rules=("weak_deterrence",),
        departments=departments(*ids),
        department_facts=staffed(*ids, quarters=[Q]),
        cases=[*(handled(one, **usual) for one in peers), *(handled(one, **usual | own) for one, own in odd.items())],
    )


def test_few_cases_out_of_leads_and_light_sanctions_are_judged_by_the_peers_funnel(deterred):
    levels = deterred.levels("weak_deterrence", Q)
    assert {one: level for one, level in levels.items() if not one.startswith("p")} == {
        "seldom": "alert",
        "rather_seldom": "watch",
        "lightly": "alert",
        "few": "no_data: few",
        "no_forms": "alert",
        "much": "ok",  # above the upper limit is no gap
        "half": "no_data: partial",  # files as others do; nobody knows how its cases ended
        "none": "no_data: no_row",
    }
    assert {level for one, level in levels.items() if one.startswith("p")} == {"ok"}


def test_the_line_is_the_stored_limit(deterred):
    for department, reason in (("seldom", "filing"), ("rather_seldom", "filing"), ("lightly", "light")):
        row = deterred.gap("weak_deterrence", department, Q)
        stored = deterred.judgement(f"{reason}_share", department, period=Q, scope="peers", window_quarters=4)
        side, level = ("low", row["status"]) if reason == "filing" else ("high", row["status"])
        assert row["reason"] == reason
        assert row["value"] == stored["value"]
        assert row["threshold"] == stored[f"limit_{side}_{'998' if level == 'alert' else '95'}"]


# --- 25 single_source_of_leads ---------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def sourced() -> Given:
    def leads(department: str, quarter: str = Q, **by_source: int | None) -> list[dict]:
        return [handled(department, quarter, source=source, leads=number) for source, number in by_source.items()]

    rows = {
        "nine": leads("nine", petitions_reports=9),
        "ten": leads("ten", petitions_reports=10),
        "ten_of_eleven": leads("ten_of_eleven", petitions_reports=10, media=1),
        "most": leads("most", petitions_reports=72),
        "all": leads("all", petitions_reports=73),
        "untold": leads("untold", all=40),
        "some_untold": leads("some_untold", petitions_reports=10, not_stated=1),
        "little_untold": leads("little_untold", petitions_reports=30, not_stated=1),
        "mixed_untold": leads("mixed_untold", petitions_reports=10, media=10, not_stated=2),
        "year": [row for quarter in YEAR for row in leads("year", quarter, media=3)],
        "before": leads("before", YEARS[-5], media=12),
        "unknown": leads("unknown", petitions_reports=None),
    }
    return Given(
        rules=("single_source_of_leads",),
        departments=departments(*rows, "none"),
        department_facts=staffed(*rows, "none"),
        cases=[row for own in rows.values() for row in own],
    )


def test_leads_from_one_source_are_judged_by_the_interval_and_unknown_sources_only_where_they_do_not_matter(sourced):
    assert sourced.levels("single_source_of_leads", Q) == {
        "nine": "no_data: few",
        "ten": "watch",  # 100 %, the 80 % interval from 86 %
        "ten_of_eleven": "ok",  # 91 %, the 80 % interval from 74 %
        "most": "watch",  # the 95 % interval from 94.9 %
        "all": "alert",  # … and here from 95.004 %
        "untold": "no_data: not_told_apart",
        "some_untold": "no_data: not_told_apart",
        "little_untold": "watch",
        "mixed_untold": "ok",
        "year": "watch",
        "before": "no_data: no_row",
        "unknown": "no_data: few",
        "none": "no_data: no_row",
    }
    row = sourced.gap("single_source_of_leads", "ten_of_eleven", Q)
    assert (row["value"], row["n"], row["of_largest"], row["n_sources"]) == (pytest.approx(1000 / 11), 11, 10, 2)


def test_the_source_is_named_in_both_languages(sourced):
    assert sourced.sentences("single_source_of_leads", "ten", Q) == (
        "ten：近 4 季（只有 1 季的数据）线索 10 件，10 件来自“信访举报”（100%，区间 72–100%；关注线 80%）。建议关注。",
        "ten: 10 of 10 leads in 4 quarters (data for 1 only) came from one source, petitions and reports (100 %, "
        "interval 72–100 %; watch line 80 %). Please keep an eye on it.",
    )


# --- 33 no_return_visit ----------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def visited() -> Given:
    def closed(department: str, due: int | None, revisited: int | None, **more: object) -> dict:
        return handled(department, closed=20, revisit_due=due, revisited=revisited, **more)

    rows = [
        closed("four_due", 4, 0),
        closed("none_of_five", 5, 0),
        closed("one_of_five", 5, 1),
        closed("two_of_five", 5, 2),
        closed("three_of_five", 5, 3),
        closed("caught_up", 5, 8),
        closed("by_closed", None, 2),
        closed("not_kept", 5, None),
        closed("cumulative", 5, 0, basis="ytd"),
    ]
    ids = [row["department_id"] for row in rows]
    return Given(
        rules=("no_return_visit",),
        departments=departments(*ids, "none"),
        department_facts=staffed(*ids, "none", quarters=[Q]),
        cases=rows,
    )


def test_cases_without_a_return_visit_are_judged_by_the_interval(visited):
    assert visited.levels("no_return_visit", Q) == {
        "four_due": "no_data: few",
        "none_of_five": "alert",  # the 95 % interval ends at 43 %
        "one_of_five": "watch",  # … and here at 62 %; the 80 % interval at 49 %
        "two_of_five": "watch",
        "three_of_five": "ok",  # 60 %, the 80 % interval to 82 %
        "caught_up": "ok",
        "by_closed": "alert",
        "not_kept": "no_data: few",
        "cumulative": "no_data: no_row",
        "none": "no_data: no_row",
    }
    assert visited.gap("no_return_visit", "caught_up", Q)["value"] == 160
    assert visited.gap("no_return_visit", "by_closed", Q)["n"] == 20


def test_missing_visits_are_said_with_their_share_and_interval(visited):
    assert visited.sentences("no_return_visit", "by_closed", Q) == (
        "by_closed：近 4 季（只有 1 季的数据）应回访案件 20 件，已回访 2 件（10%，区间 3–30%；预警线 50%）。"
        "明显异常，建议核查。",
        "by_closed: 2 of 20 cases due a return visit in 4 quarters (data for 1 only) had one (10 %, "
        "interval 3–30 %; alert line 50 %). Clearly unusual; please check.",
    )


# --- 34 early_signs_without_talk -------------------------------------------------------------------------------
QUARTERS = YEARS[-8:]


def complained(department: str, numbers: list[int], true: list[int | None], category: str = "delay") -> list[dict]:
    """Complaints of the eight quarters, and how many of them were found to be true."""
    return [
        {
            "quarter": quarter,
            "department_id": department,
            "channel": "letter",
            "category": category,
            "received": number,
            "closed": number,
            "substantiated": found,
        }
        for quarter, number, found in zip(QUARTERS, numbers, true)
    ]


def activity(department: str, day: DAY, method: str = "inspection") -> dict:
    return {"activity_id": f"{department}-{day}", "department_id": department, "date": day, "method": method}


CALM, RISING, SCARCE = [5, 4] * 4, [5, 4, 5, 4, 5, 4, 5, 30], [0, 1] * 4
NOBODY, THREE = [0] * 8, [0] * 6 + [1, 2]
TWO_DAYS = (DAY(2024, 5, 10), DAY(2024, 8, 10))  # one in each of the last two quarters


@pytest.fixture(scope="module")
def signs() -> Given:
    rows = {
        "both": complained("both", RISING, THREE),
        "rising": complained("rising", RISING, NOBODY),
        "rising_before": complained("rising_before", [5, 4, 5, 4, 5, 4, 30, 4], NOBODY),
        "rising_long_ago": complained("rising_long_ago", [5, 4, 5, 4, 5, 30, 4, 5], NOBODY),
        "conduct": [*complained("conduct", [50, 60] * 4, NOBODY), *complained("conduct", RISING, NOBODY, "shirking")],
        "falling": complained("falling", [30] * 7 + [3], NOBODY),
        "true": complained("true", CALM, THREE),
        "two_true": complained("two_true", CALM, [0] * 6 + [1, 1]),
        "earlier_true": complained("earlier_true", CALM, [0] * 5 + [3, 1, 1]),
        "talked": complained("talked", RISING, THREE),
        "talked_before": complained("talked_before", RISING, THREE),
        "talked_long_ago": complained("talked_long_ago", RISING, THREE),
        "scarce": complained("scarce", SCARCE, NOBODY),
        "scarce_true": complained("scarce_true", [0, 1] * 3 + [2, 2], THREE),
        "truth_unknown": complained("truth_unknown", CALM, [None] * 8),
        "truth_unknown_rising": complained("truth_unknown_rising", RISING, [None] * 8),
    }
    return Given(
        rules=("early_signs_without_talk",),
        departments=departments(*rows, "silent"),
        department_facts=staffed(*rows, "silent", quarters=QUARTERS),
        complaints=[row for own in rows.values() for row in own],
        supervision=[
            *(activity("calm", day) for day in TWO_DAYS),
            activity("both", DAY(2024, 8, 20)),
            activity("talked", DAY(2024, 9, 30), "warning_talk"),
            activity("talked_before", DAY(2024, 4, 1), "admonition_talk"),
            activity("talked_long_ago", DAY(2024, 3, 31), "reminder_talk"),
        ],
    )


def test_a_rise_and_true_complaints_are_signs_that_call_for_a_talk(signs):
    assert signs.levels("early_signs_without_talk", Q) == {
        "both": "alert",
        "rising": "watch",
        "rising_before": "watch",  # a sign of the quarter before, and no talk since
        "rising_long_ago": "ok",
        "conduct": "watch",
        "falling": "ok",
        "true": "watch",
        "two_true": "ok",
        "earlier_true": "ok",
        "talked": "ok",
        "talked_before": "ok",
        "talked_long_ago": "alert",
        "scarce": "no_data: few",
        "scarce_true": "watch",
        "truth_unknown": "no_data: truth_unknown",
        "truth_unknown_rising": "watch",
        "silent": "no_data: not_reported",
    }


def test_the_sign_is_said_in_both_languages(signs):
    assert signs.sentences("early_signs_without_talk", "both", Q) == (
        "both：近两季投诉 35 件，控制图显示上升，查实 3 件，没有一次谈话（监督 1 次）。明显异常，建议核查。",
        "both: complaints in two quarters: 35, rising by the control chart; found true: 3; talks: none (supervision "
        "activities: 1). Clearly unusual; please check.",
    )
    assert signs.sentences("early_signs_without_talk", "rising", Q)[0] == (
        "rising：近两季投诉 35 件，控制图显示上升，没有一次谈话（监督 0 次）。建议关注。"
    )
    assert signs.sentences("early_signs_without_talk", "conduct", Q) == (
        "conduct：近两季作风投诉 35 件（投诉共 145 件），作风投诉的控制图显示上升，"
        "没有一次谈话（监督 0 次）。建议关注。",
        "conduct: complaints about conduct in two quarters: 35 of 145, these rising by their control chart; talks: "
        "none (supervision activities: 0). Please keep an eye on it.",
    )
    assert signs.sentences("early_signs_without_talk", "true", Q)[0] == (
        "true：近两季投诉查实 3 件（关注线 3 件），没有一次谈话（监督 0 次）。建议关注。"
    )


def test_without_a_register_of_both_quarters_nobody_knows_whether_there_was_a_talk():
    given = Given(
        rules=("early_signs_without_talk",),
        departments=departments("true"),
        complaints=complained("true", CALM, THREE),
        supervision=[activity("true", TWO_DAYS[1])],
    )
    assert given.levels("early_signs_without_talk", Q) == {"true": "no_data: register_not_kept"}


def test_complaints_of_one_quarter_are_not_set_beside_the_talks_of_two():
    given = Given(
        rules=("early_signs_without_talk",),
        departments=departments("true", "other"),
        complaints=[*complained("true", CALM, [3] * 8)[-1:], *complained("other", CALM, NOBODY)],
        supervision=[activity("true", day) for day in TWO_DAYS],
    )
    assert given.levels("early_signs_without_talk", Q)["true"] == "no_data: not_reported"


def test_a_chart_without_limits_says_that_points_are_too_few():
    given = Given(
        rules=("early_signs_without_talk",),
        departments=departments("new"),
        complaints=complained("new", CALM, NOBODY)[-3:],
        supervision=[activity("new", day) for day in TWO_DAYS],
    )
    assert given.levels("early_signs_without_talk", Q) == {"new": "no_data: short"}


# --- tables that are not there ---------------------------------------------------------------------------------
NEEDED = {
    "tasks_overdue": ("tasks", "tasks.closed_on"),
    "findings_not_rectified": ("notices", "notices.rectified_on"),
    "leaders_not_accountable": ("cases", None),
    "weak_deterrence": ("cases", None),
    "single_source_of_leads": ("cases", None),
    "no_return_visit": ("cases", None),
    "early_signs_without_talk": ("complaints,supervision", None),
}


def test_a_rule_whose_table_is_not_there_says_which_one_is_missing():
    given = Given(rules=tuple(NEEDED), departments=departments("d"), department_facts=staffed("d", quarters=[Q]))
    for rule, (table, _) in NEEDED.items():
        assert given.levels(rule, Q) == {"d": f"no_data: {table}"}
    assert given.sentences("no_return_visit", "d", Q) == ("d：无数据（缺案件）。", "d: no data (without cases).")


def test_a_rule_whose_column_no_file_has_says_which_one_is_missing():
    given = Given(
        rules=("tasks_overdue", "findings_not_rectified"),
        absent=("closed_on", "rectified_on"),
        departments=departments("d"),
        department_facts=staffed("d", quarters=[Q]),
        tasks=tasks("d", 12),
        notices=notices("d", 0, 5),
    )
    for rule in ("tasks_overdue", "findings_not_rectified"):
        assert given.levels(rule, Q) == {"d": f"no_data: {NEEDED[rule][1]}"}


def test_a_column_that_only_the_other_region_reports_is_missing_here():
    given = Given(
        rules=("findings_not_rectified",),
        absent=("rectified_on",),
        absent_in=("east", ""),
        departments=[*departments("d"), *departments("e", region_id="east")],
        department_facts=[*staffed("d"), *({**row, "region_id": "east"} for row in staffed("e"))],
        notices=[*notices("d", 5, 0), *({**one, "region_id": "east"} for one in notices("e", 5, 0))],
    )
    missing = "no_data: notices.rectified_on"
    assert given.levels("findings_not_rectified", Q) == {"d": "ok", "e": missing}
