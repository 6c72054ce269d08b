"""Each indicator on given rows: its value, and the cases in which it has none."""

import datetime

import pytest

from dashboard.catalog import indicators, load_catalog
from tests.support import Given, departments

DAY = datetime.date
Q = "2026Q3"

# indicator → given tables → (department, quarter) → (value, numerator, denominator, n, note)
CASES: dict[str, tuple[dict[str, list[dict]], dict]] = {}


def case(indicator: str, given: dict[str, list[dict]], **expected: tuple) -> None:
    CASES[indicator] = (given, {(name, Q): row for name, row in expected.items()})


def complaint(department: str, **more: object) -> dict:
    return {"quarter": Q, "department_id": department, "channel": "hotline", "category": "attitude", **more}


def handled(department: str, **more: object) -> dict:
    return {
        "quarter": Q,
        "department_id": department,
        "source": "petition",
        "domain": "people",
        "found_at": "after",
        **more,
    }


def decided(department: str, total: int, **more: object) -> dict:
    return {"quarter": Q, "department_id": department, "kind": "projects", "total": total, **more}


# Rows beside the one looked at: cumulative ones are left out, and a region as a whole is a row of its own.
YTD = {"basis": "ytd"}

case(
    "complaint_rate",
    {
        "departments": departments("d01", "d02", "d03"),
        "department_facts": [
            {"quarter": Q, "department_id": name, "staff": staff}
            for name, staff in (("d01", 50), ("d02", 0), ("d03", 10))
        ],
        "complaints": [
            complaint("d01", received=2),
            complaint("d01", received=3, channel="visit"),
            complaint("d02", received=1),
            complaint("d03", received=9, **YTD),
        ],
    },
    d01=(10, 5, 50, 5, None),
    d02=(None, 1, 0, 1, None),
)
case(
    "complaints_received",
    {
        "complaints": [
            complaint("d01", received=2, month="2026-07"),
            complaint("d02", received=3, month="2026-08"),
            complaint("d03", received=9, **YTD),
            complaint("*", received=40, month="2026-07"),
        ]
    },
    d01=(2, 2, None, 2, "partial_quarter"),
    d02=(3, 3, None, 3, "partial_quarter"),
    **{"*": (40, 40, None, 40, "partial_quarter")},
)
case(
    "conduct_complaints",
    {
        "complaints": [
            complaint("d01", received=2, category="shirking"),
            complaint("d01", received=3, category="arbitrary_fines"),  # bears another mark, too
            complaint("d01", received=7, category="delay"),
            complaint("d02", received=3, category="delay"),
            complaint("d03", received=4, category="all"),  # not told apart
            complaint("d04", received=0, category="all"),
            complaint("d05", received=4, category="not_stated"),
            complaint("d05", received=1, category="hard_face"),
            complaint("d06", received=9, category="shirking", **YTD),
            complaint("*", received=40, category="shirking"),
        ]
    },
    d01=(5, 5, None, 5, None),
    d02=(0, 0, None, 0, None),
    d04=(0, 0, None, 0, None),
    d05=(1, 1, None, 1, None),
    **{"*": (40, 40, None, 40, None)},
)
case(
    "substantiated_share",
    {
        "complaints": [
            complaint("d01", received=9, closed=8, substantiated=2),
            complaint("d01", received=9, closed=100, channel="visit"),  # says nothing of what was true
            complaint("d02", received=9, closed=0, substantiated=0),
            complaint("d03", received=9),
            complaint("d04", received=9, closed=5, substantiated=5, **YTD),
            complaint("*", received=90, closed=10, substantiated=1),
        ]
    },
    **{"d01": (25, 2, 8, 8, None), "d02": (None, 0, 0, 0, None), "*": (10, 1, 10, 10, None)},
)
case(
    "on_time_share",
    {
        "complaints": [
            complaint("d01", received=9, closed=4, handled_on_time=3),
            complaint("d01", received=9, closed=6, channel="visit"),
            complaint("d02", received=9, closed=0, handled_on_time=0),
            complaint("d03", received=9, closed=5, handled_on_time=5, **YTD),
        ]
    },
    d01=(75, 3, 4, 4, None),
    d02=(None, 0, 0, 0, None),
)
case(
    "closure_share",
    {
        "complaints": [
            complaint("d01", received=4, closed=0),
            complaint("d01", received=0, closed=5, channel="visit"),  # a backlog may lift it above 100 %
            complaint("d02", received=0, closed=2),
            complaint("d03", received=9),
            complaint("d04", received=9, closed=9, **YTD),
        ]
    },
    d01=(125, 5, 4, 4, None),
    d02=(None, 2, 0, 0, None),
)
case(
    "dissatisfied_share",
    {
        "complaints": [
            complaint("d01", received=90, rated=8, dissatisfied=2),
            complaint("d01", received=90, rated=50, channel="visit"),
            complaint("d02", received=9, rated=0, dissatisfied=0),
            complaint("d03", received=9, rated=5, dissatisfied=5, **YTD),
        ]
    },
    d01=(25, 2, 8, 8, None),
    d02=(None, 0, 0, 0, None),
)
LEADS_AND_FILED = {
    "cases": [
        handled("d01", leads=8, filed=2, people_sanctioned=3, first_form=3, second_form=1, third_form=1, fourth_form=0),
        handled("d01", leads=2, filed=1, people_sanctioned=1, domain="money", first_form=7, second_form=2),
        handled("d02", leads=0, filed=0, first_form=0, second_form=0, third_form=0, fourth_form=0),
        handled("d03"),
        handled(
            "d04",
            leads=9,
            filed=9,
            people_sanctioned=9,
            first_form=9,
            second_form=0,
            third_form=0,
            fourth_form=0,
            **YTD,
        ),
        handled("*", leads=50, filed=10, people_sanctioned=5, first_form=1, second_form=1, third_form=1, fourth_form=1),
    ]
}
case(
    "leads_received",
    LEADS_AND_FILED,
    **{"d01": (10, 10, None, 10, None), "d02": (0, 0, None, 0, None), "*": (50, 50, None, 50, None)},
)
case(
    "cases_filed",
    LEADS_AND_FILED,
    **{"d01": (3, 3, None, 3, None), "d02": (0, 0, None, 0, None), "*": (10, 10, None, 10, None)},
)
case("people_sanctioned", LEADS_AND_FILED, **{"d01": (4, 4, None, 4, None), "*": (5, 5, None, 5, None)})
case(
    "filing_share",
    LEADS_AND_FILED,
    **{"d01": (30, 3, 10, 10, None), "d02": (None, 0, 0, 0, None), "*": (20, 10, 50, 50, None)},
)
case(
    "light_share",
    LEADS_AND_FILED,
    **{"d01": (80, 4, 5, 5, None), "d02": (None, 0, 0, 0, None), "*": (50, 2, 4, 4, None)},
)
case(
    "return_visit_share",
    {
        "cases": [
            handled("d01", revisited=3, revisit_due=4, closed=9),
            handled("d01", closed=5, domain="money"),
            handled("d02", revisited=1, closed=5),
            handled("d03", revisited=0, revisit_due=0, closed=9),
            handled("d04", revisited=1),
            handled("d05", revisited=1, revisit_due=1, **YTD),
        ]
    },
    d01=(75, 3, 4, 4, None),
    d02=(20, 1, 5, 5, None),
    d03=(None, 0, 0, 0, None),
)
DECISIONS = {
    "decisions": [
        decided("d01", 8, collective=6, voted=4, single_signature=2, attended=0),
        decided("d01", 2, collective=2, voted=1, single_signature=1, attended=1, kind="funds"),
        decided("d02", 0, collective=0, voted=0, single_signature=0, attended=0),
    ]
}
EMPTY = (None, 0, 0, 0, None)
case("collective_share", DECISIONS, d01=(80, 8, 10, 10, None), d02=EMPTY)
case("voted_share", DECISIONS, d01=(50, 5, 10, 10, None), d02=EMPTY)
case("single_signature_share", DECISIONS, d01=(30, 3, 10, 10, None), d02=EMPTY)
case("attended_share", DECISIONS, d01=(10, 1, 10, 10, None), d02=EMPTY)


def activity(number: int, department: str, date: DAY, stage: str, direction: str, trigger: str) -> dict:
    return {
        "activity_id": str(number),
        "department_id": department,
        "date": date,
        "stage": stage,
        "direction": direction,
        "trigger": trigger,
    }


SUPERVISION = {
    "departments": departments("d01", "d02"),
    "decisions": [decided("d01", 1), decided("d01", 1) | {"quarter": "2026Q2"}],
    "supervision": [
        activity(1, "d01", DAY(2026, 7, 1), "before", "internal", "proactive"),
        activity(2, "d01", DAY(2026, 8, 1), "during", "external", "prompted"),
        activity(3, "d01", DAY(2026, 9, 1), "after", "internal", "prompted"),
        activity(4, "d01", DAY(2026, 9, 30), "after", "internal", "prompted"),
        activity(5, "d01", DAY(2026, 10, 1), "before", "external", "proactive"),  # in no quarter that has figures
    ],
}
# In 2026Q2 nobody wrote down any activity: a register not kept, and no zeros.
case("supervision_activities", SUPERVISION, d01=(4, 4, None, 4, None), d02=(0, 0, None, 0, None))
case("before_during_share", SUPERVISION, d01=(50, 2, 4, 4, None))
case("external_share", SUPERVISION, d01=(25, 1, 4, 4, None))
case("proactive_share", SUPERVISION, d01=(25, 1, 4, 4, None))


def notice(number: int, due: DAY, rectified: DAY | None) -> dict:
    return {
        "notice_id": str(number),
        "department_id": "d01",
        "issued_on": DAY(2026, 6, 1),
        "due_on": due,
        "rectified_on": rectified,
    }


case(
    "rectification_on_time",
    {
        "decisions": [decided("d01", 1)],
        "notices": [
            notice(1, DAY(2026, 7, 31), DAY(2026, 7, 31)),
            notice(2, DAY(2026, 7, 31), DAY(2026, 8, 1)),
            notice(3, DAY(2026, 9, 30), None),
            notice(4, DAY(2026, 8, 1), DAY(2026, 7, 1)),
            notice(5, DAY(2026, 10, 1), DAY(2026, 9, 1)),  # due in the next quarter
        ],
    },
    d01=(50, 2, 4, 4, None),
)


def task(number: int, due: DAY, closed: DAY | None) -> dict:
    return {
        "task_id": str(number),
        "department_id": "d01",
        "issued_on": DAY(2026, 7, 1),
        "due_on": due,
        "closed_on": closed,
    }


case(
    "overdue_tasks",
    {
        "departments": departments("d01", "d02", "d03"),
        "decisions": [decided("d01", 1)],
        "tasks": [
            task(6, DAY(2026, 8, 1), DAY(2026, 8, 1)) | {"department_id": "d02"},  # nothing open: nothing overdue
            task(1, DAY(2026, 8, 1), None),
            task(2, DAY(2026, 8, 1), DAY(2026, 10, 2)),  # closed late, after the quarter
            task(3, DAY(2026, 9, 30), None),  # due on the last day: not overdue yet
            task(4, DAY(2026, 8, 1), DAY(2026, 9, 30)),
            task(5, DAY(2026, 8, 1), None) | {"issued_on": DAY(2026, 10, 1)},
        ],
    },
    d01=(2, 2, 3, 3, None),
    d02=(0, 0, 0, 0, None),
)


def power(number: int, published: bool, valid_from: DAY | None = None, valid_to: DAY | None = None) -> dict:
    return {
        "power_id": str(number),
        "department_id": "d01",
        "published": published,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }


case(
    "published_share",
    {
        "decisions": [decided("d01", 1)],
        "powers": [
            power(1, True),
            power(2, False),
            power(3, True, valid_from=DAY(2026, 9, 30)),
            power(4, False, valid_to=DAY(2026, 9, 30)),
            power(5, False, valid_from=DAY(2026, 10, 1)),
            power(6, False, valid_to=DAY(2026, 9, 29)),
        ],
    },
    d01=(50, 2, 4, 4, None),
)


def test_every_indicator_has_a_case():
    """Composite and dimension scores are in test_scores_and_composites.py and below."""
    elsewhere = {"composite_score", "dimension_score", "assessment_score"}
    assert CASES.keys() | elsewhere == indicators(load_catalog()).keys()


@pytest.mark.parametrize("name", CASES)
def test_an_indicator_of_given_rows(name):
    given, expected = CASES[name]
    assert Given(**given).indicator(name) == expected


def test_dimension_scores_are_a_row_a_dimension_and_none_shows_what_a_handful_said():
    def cast(dimension: str, raters: int, score: float) -> list[dict]:
        shared = {"quarter": Q, "department_id": "d01", "dimension": dimension, "score": score}
        return [shared | {"rater_id": f"r{i}"} for i in range(raters)]

    rows = Given(evaluations=[*cast("service", 20, 50), *cast("conduct", 19, 90)]).run("indicators/dimension_score")
    columns = ["quarter", "variant", "value", "numerator", "denominator", "n", "note"]
    found = rows.sort_values("variant")[columns].astype(object).where(rows.notna(), None)
    assert found.values.tolist() == [
        [Q, "conduct", None, None, None, 19, "coverage"],
        [Q, "service", 50, None, None, 20, None],  # an adjusted mean is no quotient of two sums
    ]


def test_a_column_that_no_file_has_is_no_data_and_an_empty_cell_is_none():
    noticed = [notice(1, DAY(2026, 8, 1), None)]
    given = Given(decisions=[decided("d01", 1)], notices=noticed)
    assert given.indicator("rectification_on_time") == {("d01", Q): (0, 0, 1, 1, None)}
    given = Given(decisions=[decided("d01", 1)], notices=noticed, absent=("rectified_on",))
    assert given.indicator("rectification_on_time") == {}


def test_what_was_closed_is_set_against_what_was_received_by_the_same_rows():
    lacking = [complaint("d01", received=3, closed=1), complaint("d01", received=9, closed=None)]
    assert Given(complaints=lacking).indicator("closure_share")["d01", Q][:3] == pytest.approx((100 / 3, 1, 3))
    apart = [complaint("d01", received=3, closed=None), complaint("d01", received=0, closed=2)]
    assert Given(complaints=apart).indicator("closure_share")["d01", Q][:3] == pytest.approx((200 / 3, 2, 3))


def test_the_annual_assessment_stands_in_the_last_quarter_of_its_year_and_counts_no_special_one():
    def assessed(kind: str, dimension: str, score: float | None) -> dict:
        return {"year": 2025, "department_id": "d01", "kind": kind, "dimension": dimension, "score": score}

    given = Given(
        assessments=[
            assessed("comprehensive", "morals", 80),
            assessed("comprehensive", "ability", 90),
            assessed("comprehensive", "diligence", None),
            assessed("special", "morals", 10),
        ]
    )
    assert given.indicator("assessment_score") == {("d01", "2025Q4"): (85, 170, 2, 2, None)}
    quarterly = {"department_id": "d01", "quarter": "2025Q3", "staff": 9}
    given = Given(assessments=[assessed("comprehensive", "morals", 80)], department_facts=[quarterly])
    assert given.indicator("assessment_score") == {("d01", "2025Q3"): (80, 80, 1, 1, None)}


def test_a_whole_quarter_of_months_is_not_partial():
    given = Given(complaints=[complaint("d01", received=1, month=f"2026-0{month}") for month in (7, 8, 9)])
    assert given.indicator("complaints_received") == {("d01", Q): (3, 3, None, 3, None)}
